//! Answers on paper: forms with codes, entered when they come back, with a picture of what was signed.

use std::path::PathBuf;
use std::process::Command;

use assent::acknowledgments::paper::{self, Filled, Outcome, Printed, Wanted, scans};
use assent::acknowledgments::{self, Record, verify};
use assent::kernel::{AccountId, Actor, Chance, Locale, Problem, Role};
use assent::obligations::{self, Cause, CauseKind, State};
use assent::roster::households::{self, ConsentRule};
use assent::{on, policies, reports};
use uuid::Uuid;

use crate::forms::family_form;
use crate::obligations::{duty, for_guardians, issued};
use crate::world::client::{Client, Reply};
use crate::world::people::{Person, School};
use crate::world::{World, day};

/// Mary and Noah of Harbor's Science 6, Olga of Cedar; the families of Mary and Olga read Spanish; everybody is asked for the family form.
pub struct Town {
    pub harbor: School,
    pub section: Uuid,
    pub mary: Person,
    pub noah: Person,
    pub olga: Person,
    pub gia: Person,
    pub ben: Person,
    pub teacher: AccountId,
    pub leader: AccountId,
    pub other_leader: AccountId,
    pub requirement: Uuid,
    pub reading: policies::Reading,
}

async fn reads_spanish(world: &World, person: &Person) {
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE person SET language = 'es' WHERE id = $1").bind(person.id).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
}

async fn section_uid(world: &World, id: assent::kernel::SectionId) -> Uuid {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_scalar("SELECT uid FROM section WHERE id = $1").bind(id).fetch_one(c).await).unwrap()
}

async fn town(world: &World) -> Town {
    let (harbor, cedar) = (world.school("Harbor Middle").await, world.school("Cedar Ridge").await);
    let mary = world.student(&harbor, "Mary Archer", "06").await;
    let noah = world.student(&harbor, "Noah Baker", "06").await;
    let olga = world.student(&cedar, "Olga Cole", "09").await;
    let gia = world.guardian("Gia Archer", &[&mary]).await;
    let ben = world.guardian("Ben Baker", &[&noah]).await;
    let gil = world.guardian("Gil Cole", &[&olga]).await;
    for person in [&gia, &gil] {
        reads_spanish(world, person).await;
    }
    let teacher = world.teacher(&harbor, "Tilda Teach").await;
    let section = world.section(&harbor, "Science 6", &teacher, &[&mary, &noah]).await;
    let leader = world.account(&world.school_leader(&harbor, "Lea Leader").await).await;
    let other_leader = world.account(&world.school_leader(&cedar, "Lou Lead").await).await;
    let (requirement, reading) = family_form(world).await;
    Town {
        section: section_uid(world, section).await,
        teacher: world.account(&teacher).await,
        harbor,
        mary,
        noah,
        olga,
        gia,
        ben,
        leader,
        other_leader,
        requirement,
        reading,
    }
}

async fn prints(world: &World, by: &Actor, requirement: Uuid, wanted: Wanted) -> Result<Printed, Problem> {
    let mut tx = world.write().await;
    let printed = paper::print(&mut tx, by, requirement, wanted).await?;
    tx.commit().await.unwrap();
    Ok(printed)
}

/// The code of the form for that child.
fn code_for(printed: &Printed, child: &Person) -> String {
    printed.forms.iter().find(|form| form.about_name == child.name).unwrap().code.clone()
}

/// A form that says yes to these and no to the others, signed today.
fn says(world: &World, town: &Town, code: &str, name: &str, yes: &[&str]) -> Filled {
    Filled {
        code: code.to_owned(),
        agrees: None,
        choices: town.reading.consents.iter().map(|c| (c.id.clone(), yes.contains(&c.id.as_str()))).collect(),
        reason: String::new(),
        signed_name: name.to_owned(),
        signed_day: world.district.zone.day(world.clock.now()),
    }
}

const ALL: [&str; 4] = ["account", "tools", "image", "ai"];

async fn enters(world: &World, by: &Actor, filled: &[Filled], scan: Option<&[u8]>) -> Result<Vec<Record>, Problem> {
    let mut tx = world.write().await;
    let records = paper::enter(&mut tx, by, &world.district, filled, scan).await?;
    tx.commit().await.unwrap();
    Ok(records)
}

async fn nothing_is_broken(world: &World) {
    let mut tx = world.read().await;
    assert_eq!(verify::records(&mut tx).await.unwrap().broken, []);
}

/// A file for other programs; it stays to be looked at.
fn filed(name: &str, bytes: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.pdf", Chance::system().token()));
    std::fs::write(&path, bytes).unwrap();
    std::fs::copy(&path, path.with_file_name(format!("{name}.pdf"))).unwrap();
    path
}

fn asked(program: &str, arguments: &[&str]) -> Option<Vec<u8>> {
    let Ok(done) = Command::new(program).args(arguments).output() else {
        eprintln!("left out: {program} is not installed");
        return None;
    };
    assert!(done.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    Some(done.stdout)
}

/// What a scanner reads from the first page on which there is a code, of those from that page on.
fn scanned(path: &str, page: usize) -> Option<String> {
    let number = page.to_string();
    let picture = asked("pdftoppm", &["-f", &number, "-l", &number, "-r", "150", "-gray", path])?;
    // A grey picture as PGM: "P5", width, height, 255, then a byte a point.
    let words: Vec<&[u8]> = picture.splitn(4, u8::is_ascii_whitespace).collect();
    let number = |bytes: &[u8]| std::str::from_utf8(bytes).unwrap().parse::<usize>().unwrap();
    assert_eq!(words[0], b"P5");
    let (width, height) = (number(words[1]), number(words[2]));
    let points = &words[3][4..];
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| points[y * width + x]);
    prepared.detect_grids().first().map(|grid| grid.decode().unwrap().1)
}

story!(a_class_prints_in_two_languages_and_its_codes_read_back, |world| {
    let town = town(world).await;
    let teacher = world.actor(town.teacher).await;
    let printed = prints(world, &teacher, town.requirement, Wanted { section: Some(town.section), ..Wanted::default() }).await.unwrap();
    let names: Vec<_> = printed.forms.iter().map(|f| (f.about_name.as_str(), f.language.as_str(), f.class.as_str())).collect();
    assert_eq!(names, [("Mary Archer", "es", "Science 6"), ("Noah Baker", "en", "Science 6")]);
    let tx = world.read().await;
    let document = reports::paper::forms(&world.district, &printed, tx.now(), Locale::En, true);
    drop(tx);
    let bytes = reports::pdf::render(&document).unwrap();
    let path = filed("paper-forms", &bytes);
    let path = path.to_str().unwrap();
    asked("qpdf", &["--check", path]);
    if let Ok(program) = std::env::var("ASSENT_TEST_VERAPDF") {
        asked(&program, &[path]);
    }
    let Some(text) = asked("pdftotext", &["-raw", path, "-"]) else { return };
    let text = String::from_utf8(text).unwrap();
    let pages: Vec<&str> = text.split('\u{c}').collect();
    let words = |page: usize| pages[page - 1].split_whitespace().collect::<Vec<_>>().join(" ");
    let (mary, noah) = (code_for(&printed, &town.mary), code_for(&printed, &town.noah));
    // In front the list for whoever hands them out; each form on a sheet of its own.
    assert!(words(1).contains(&mary) && words(1).contains(&noah) && words(1).contains("Noah Baker Ben Baker English"), "{}", words(1));
    let spanish = words(3);
    for part in [
        mary.as_str(),
        "Para Gia Archer, como madre, padre o tutor legal de Mary Archer (grado 6, Science 6, Harbor Middle).",
        "Firma de Gia Archer",
        "Página 1 de",
        "a más tardar el 1 de septiembre de 2026",
        "Si dice que no:",
    ] {
        assert!(spanish.contains(part), "{part} is missing: {spanish}");
    }
    let first_english = (4..pages.len()).find(|page| words(*page).contains("Signature of Ben Baker")).unwrap();
    assert_eq!(first_english % 2, 1, "each form begins on the front of a sheet");
    assert!(words(first_english).contains(&noah) && words(first_english).contains("Page 1 of"), "{}", words(first_english));
    for consent in &town.reading.consents {
        assert!(words(first_english).contains(&consent.ask), "{} is missing", consent.ask);
    }
    // The whole text follows: every clause in the language of whoever signs.
    let all = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (language, text) in &printed.texts {
        for clause in text.sections.iter().flat_map(|s| &s.clauses) {
            // A page may end within a clause: its first words and its last ones are looked for.
            let plain = clause.body.replace("**", "");
            let words: Vec<&str> = plain.split_whitespace().collect();
            for part in [&words[..4], &words[words.len() - 2..]] {
                assert!(all.contains(&part.join(" ")), "{language} {}: {part:?}", clause.number);
            }
        }
    }
    for (page, code) in [(3, &mary), (first_english, &noah)] {
        if let Some(read) = scanned(path, page) {
            assert_eq!(&read, code, "what a scanner reads on page {page}");
        }
    }
    if let Some(structure) = asked("pdfinfo", &["-struct", path]) {
        let structure = String::from_utf8_lossy(&structure).into_owned();
        assert_eq!(structure.matches("Part").count(), 2, "{structure}");
    }
    let entries: Vec<String> = {
        let mut tx = world.read().await;
        on!(tx, |c| sqlx::query_scalar("SELECT detail FROM audit_entry WHERE action = 'paper.printed'").fetch_all(c).await).unwrap()
    };
    assert!(entries.len() == 1 && entries[0].contains("\"forms\":2,\"new\":2"), "{entries:?}");
});

story!(printed_again_a_form_has_the_same_code_and_another_version_has_another, |world| {
    let town = town(world).await;
    let leader = world.actor(town.leader).await;
    let first = prints(world, &leader, town.requirement, Wanted::default()).await.unwrap();
    let again = prints(world, &leader, town.requirement, Wanted { school: Some(town.harbor.uid), ..Wanted::default() }).await.unwrap();
    let codes = |printed: &Printed| printed.forms.iter().map(|f| f.code.clone()).collect::<Vec<_>>();
    assert_eq!((codes(&first), first.fresh), (codes(&again), 2));
    assert_eq!(again.fresh, 0);
    let one = Wanted { one: Some((town.gia.uid, town.mary.uid)), ..Wanted::default() };
    let alone = prints(world, &leader, town.requirement, one).await.unwrap();
    assert_eq!(codes(&alone), [code_for(&first, &town.mary)]);

    // A material revision asks anew: a form of the version before says what to do, and can't be entered.
    let mut tx = world.write().await;
    let operator = world.operator();
    let version = policies::new_version(&mut tx, &operator, "family-agreement", true, "It says more", "More").await.unwrap();
    let version = crate::policies::published(&mut tx, world, &version, "2026-08-17").await;
    tx.commit().await.unwrap();
    let subject = obligations::Subject::Policy { version: version.id.0, root: version.policy_id.0 };
    let revised = issued(world, obligations::NewRequirement { subject, ..for_guardians() }).await;
    assert!(matches!(prints(world, &leader, town.requirement, Wanted::default()).await, Err(Problem::NotFound)));
    let anew = prints(world, &leader, revised, Wanted::default()).await.unwrap();
    assert!(anew.fresh == 2 && codes(&anew).iter().all(|code| !codes(&first).contains(code)));
    let old = code_for(&first, &town.mary);
    let client = world.client().await;
    client.sign_in_as(world, town.leader).await;
    let reply = client.post("/paper/batch", &[("codes", old.as_str()), ("act", "look")]).await;
    for words in ["a newer form has taken the place of this one", "Print the new form, and ask the family to read and sign that."] {
        assert!(reply.body.contains(words), "{words} is missing: {}", reply.body);
    }
    assert!(matches!(enters(world, &leader, &[says(world, &town, &old, "Gia Archer", &ALL)], None).await, Err(Problem::Invalid(_))));
    assert!(client.get(&format!("/paper/forms/{old}")).await.body.contains("A newer form has taken its place"));
});

story!(only_whoever_reaches_a_school_prints_and_enters_its_forms, |world| {
    let town = town(world).await;
    let leader = world.actor(town.leader).await;
    let printed = prints(world, &leader, town.requirement, Wanted::default()).await.unwrap();
    assert_eq!(printed.forms.len(), 2, "those of one's own school");
    let code = code_for(&printed, &town.mary);
    let filled = says(world, &town, &code, "Gia Archer", &ALL);

    let auditor = world.actor(world.granted("Aud Itor", Role::Auditor).await).await;
    let board = world.actor(world.granted("Bo Board", Role::BoardMember).await).await;
    let gia = world.actor(world.account(&town.gia).await).await;
    for (who, actor) in [("auditor", auditor), ("board", board), ("guardian", gia)] {
        assert!(matches!(prints(world, &actor, town.requirement, Wanted::default()).await, Err(Problem::NotFound)), "{who} prints");
        assert!(matches!(enters(world, &actor, std::slice::from_ref(&filled), None).await, Err(Problem::NotFound)), "{who} enters");
    }
    // Another school's leader finds no such form, as if there were none; prints none of it.
    let other = world.actor(town.other_leader).await;
    let elsewhere = prints(world, &other, town.requirement, Wanted { school: Some(town.harbor.uid), ..Wanted::default() }).await.unwrap();
    assert!(elsewhere.forms.is_empty());
    assert!(matches!(enters(world, &other, std::slice::from_ref(&filled), None).await, Err(Problem::Invalid(_))));
    let mut tx = world.read().await;
    let found = paper::look(&mut tx, &other, &world.district, "en", &[code.clone(), "BCDF-2345".into()]).await.unwrap();
    assert!(found.iter().all(|f| matches!(f.outcome, Outcome::Unknown | Outcome::Slip)), "{found:?}");
    assert!(matches!(found[0].outcome, Outcome::Unknown));
    drop(tx);
    // A teacher enters what came back to her class.
    let teacher = world.actor(town.teacher).await;
    let records = enters(world, &teacher, &[filled], None).await.unwrap();
    let record = &records[0];
    assert_eq!((record.authenticated.as_str(), record.paper.as_deref(), record.language.as_str()), ("paper", Some(code.as_str()), "es"));
    assert_eq!((record.recorded_by_name.as_deref(), record.signed_day), (Some("Tilda Teach"), Some(day("2026-08-17"))));
    assert!(record.statement.contains("¿"), "the words are those that were read: {}", record.statement);
    assert_eq!(duty(world, town.requirement, &town.gia, &town.mary).await.unwrap().1, State::Fulfilled);
    nothing_is_broken(world).await;
});

/// A form's fields as the pages send them.
type Fields = Vec<(String, String)>;

async fn sends(client: &Client, path: &str, fields: &Fields) -> Reply {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    client.post(path, &fields).await
}

/// What stands in a hidden field.
fn hidden(reply: &Reply, name: &str) -> String {
    let start = reply.body.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name}: {}", reply.body));
    let raw = start.split('"').next().unwrap();
    raw.replace("&#34;", "\"").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

story!(a_batch_names_each_code_that_it_can_t_take_and_keeps_the_others_in_one_go, |world| {
    let town = town(world).await;
    let director = world.actor(world.granted("Dora Director", Role::Director).await).await;
    let printed = prints(world, &director, town.requirement, Wanted::default()).await.unwrap();
    assert_eq!(printed.forms.len(), 3);
    let [mary, noah, olga] = [&town.mary, &town.noah, &town.olga].map(|child| code_for(&printed, child));
    let lou = world.actor(town.other_leader).await;
    enters(world, &lou, &[says(world, &town, &olga, "Gil Cole", &ALL)], None).await.unwrap();

    let client = world.client().await;
    client.sign_in_as(world, town.leader).await;
    let page = client.get("/paper").await;
    assert!(page.body.contains("2 forms of “Family agreement”"), "{}", page.body);
    let reply = client.post("/paper/batch", &[("codes", "\n \n"), ("act", "look")]).await;
    assert!(reply.status == 422 && reply.body.contains("Type or scan the code of at least one form."), "{}", reply.body);

    // A slip, a code of nobody, one of another school, one typed twice; Noah's is fine.
    let mut slip = mary.clone();
    let last = slip.pop().unwrap();
    slip.push(if last == 'Z' { 'Y' } else { 'Z' });
    let nobody = assent::kernel::code::fresh(&mut Chance::seeded(99));
    let codes = format!("{slip}\r\n{nobody}\r\n{olga}\r\n{}\r\n{noah}\r\n", noah.to_lowercase());
    let reply = client.post("/paper/batch", &[("codes", codes.as_str()), ("act", "look")]).await;
    assert_eq!(reply.status, 422);
    for words in [
        "1 form was found. Nothing is kept yet.",
        "3 codes could not be taken",
        "This is no code.",
        "No form within your reach has this code.",
        "Noah Baker",
        "Ben Baker answers",
    ] {
        assert!(reply.body.contains(words), "{words} is missing: {}", reply.body);
    }
    assert!(!reply.body.contains("Olga") && !reply.body.contains("Cole"), "a form of another school tells nothing: {}", reply.body);
    assert!(reply.body.contains(&format!("{slip}\n{nobody}\n{olga}</textarea>")), "what was typed is kept: {}", reply.body);
    assert!(!reply.body.contains(" checked"), "nothing is ticked beforehand: {}", reply.body);

    // Mended; how they are entered must be said, and what is ticked is kept.
    let mut fields: Fields = vec![
        ("order".into(), noah.clone()),
        ("codes".into(), mary.clone()),
        ("signed_day".into(), "2026-08-16".into()),
        (format!("rows[{mary}].choice[image]"), "no".into()),
        (format!("rows[{mary}].reason"), "No pictures, please".into()),
        ("act".into(), "preview".into()),
    ];
    let reply = sends(&client, "/paper/batch", &fields).await;
    assert_eq!(reply.status, 422);
    for words in ["Say how you enter them", "This form was printed on August 17, 2026: it can’t be signed before.", "No pictures, please"]
    {
        assert!(reply.body.contains(words), "{words} is missing: {}", reply.body);
    }
    assert!(reply.body.contains(&format!("name=\"rows[{mary}].choice[image]\" value=\"no\" checked")), "{}", reply.body);
    fields.retain(|(name, _)| name != "signed_day");
    fields.push(("signed_day".into(), "2026-08-18".into()));
    fields.push(("all".into(), "yes".into()));
    let reply = sends(&client, "/paper/batch", &fields).await;
    assert!(reply.status == 422 && reply.body.contains("has not come yet"), "{}", reply.body);
    fields.retain(|(name, _)| name != "signed_day");
    let reply = sends(&client, "/paper/batch", &fields).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    for words in [
        "2 answers, 1 of them with a no.",
        "Nothing is kept yet.",
        "1 Yes · 2 Yes · 3 No · 4 Yes",
        "Yes to everything",
        "“No pictures, please”",
    ] {
        assert!(reply.body.contains(words), "{words} is missing: {}", reply.body);
    }
    let carried = hidden(&reply, "carried");

    // Back to change something: all of it is there.
    let again = client.post("/paper/batch", &[("carried", carried.as_str()), ("act", "look")]).await;
    assert!(again.body.contains(&format!("name=\"rows[{mary}].choice[image]\" value=\"no\" checked")), "{}", again.body);

    // Nobody has looked at the signatures: nothing is kept.
    let reply = client.upload("/paper/entries", &[("carried", &carried)], "scan", "", b"").await;
    assert!(reply.status == 422 && reply.body.contains("Look at the signature on each form"), "{}", reply.body);
    assert_eq!(duty(world, town.requirement, &town.ben, &town.noah).await.unwrap().1, State::Open);
    let reply = client.upload("/paper/entries", &[("carried", &carried), ("signed", "true")], "scan", "", b"").await;
    assert_eq!((reply.status, reply.location()), (303, "/paper"), "{}", reply.body);
    let page = client.get("/paper").await;
    assert!(page.body.contains("2 answers are kept.") && page.body.contains("Gia Archer, for Mary Archer"), "{}", page.body);
    assert_eq!(duty(world, town.requirement, &town.ben, &town.noah).await.unwrap().1, State::Fulfilled);
    assert_eq!(duty(world, town.requirement, &town.gia, &town.mary).await.unwrap().1, State::Fulfilled);

    // Sent once more: both are named as entered, and no record is added.
    let reply = client.upload("/paper/entries", &[("carried", &carried), ("signed", "true")], "scan", "", b"").await;
    assert!(reply.status == 422 && reply.body.contains("entered already, on August 17, 2026"), "{}", reply.body);
    let mut tx = world.read().await;
    let records: i64 = on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM acknowledgment").fetch_one(c).await).unwrap();
    assert_eq!(records, 3);
    drop(tx);
    nothing_is_broken(world).await;
});

story!(one_form_that_can_t_be_kept_keeps_the_whole_batch_out, |world| {
    let town = town(world).await;
    let leader = world.actor(town.leader).await;
    let printed = prints(world, &leader, town.requirement, Wanted::default()).await.unwrap();
    let [mary, noah] = [&town.mary, &town.noah].map(|child| code_for(&printed, child));
    let good = says(world, &town, &mary, "Gia Archer", &ALL);
    let mut short = says(world, &town, &noah, "Ben Baker", &ALL);
    short.choices.pop();
    for bad in [short, Filled { signed_name: " ".into(), ..says(world, &town, &noah, "", &ALL) }, good.clone()] {
        let code = bad.code.clone();
        match enters(world, &leader, &[good.clone(), bad], None).await {
            Err(Problem::Invalid(errors)) => assert!(errors.iter().all(|e| e.field == code), "{errors:?}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(duty(world, town.requirement, &town.gia, &town.mary).await.unwrap().1, State::Open);
});

story!(where_both_parents_are_needed_each_has_a_form_and_one_is_not_enough, |world| {
    let town = town(world).await;
    let dan = world.guardian("Dan Archer", &[&town.mary]).await;
    world.follow(&[&town.mary]).await;
    let leader = world.actor(town.leader).await;
    let both = |printed: &Printed| -> Vec<(String, String)> {
        let mary = printed.forms.iter().filter(|f| f.about_name == "Mary Archer");
        mary.map(|f| (f.name.clone(), f.code.clone())).collect()
    };
    let mut tx = world.write().await;
    let changes =
        households::set_consent(&mut tx, &leader, &world.district, town.mary.uid, ConsentRule::All, "Both hold custody").await.unwrap();
    obligations::follow(&mut tx, &world.operator(), &world.district, changes, Cause::of(CauseKind::Consent, "")).await.unwrap();
    tx.commit().await.unwrap();
    let printed = prints(world, &leader, town.requirement, Wanted::default()).await.unwrap();
    let forms = both(&printed);
    assert_eq!(forms.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["Gia Archer", "Dan Archer"]);
    enters(world, &leader, &[says(world, &town, &forms[0].1, "Gia Archer", &ALL)], None).await.unwrap();
    assert_eq!(duty(world, town.requirement, &dan, &town.mary).await.unwrap().1, State::Open, "the father is still asked");
    enters(world, &leader, &[says(world, &town, &forms[1].1, "Dan Archer", &["tools"])], None).await.unwrap();
    assert_eq!(duty(world, town.requirement, &dan, &town.mary).await.unwrap().1, State::Declined);
    assert_eq!(duty(world, town.requirement, &town.gia, &town.mary).await.unwrap().1, State::Fulfilled);

    // Where one is enough, the second form is needed no more, and both in one batch are both kept.
    let eve = world.guardian("Eve Baker", &[&town.noah]).await;
    world.follow(&[&town.noah]).await;
    let printed = prints(world, &leader, town.requirement, Wanted::default()).await.unwrap();
    let code = |name: &str| printed.forms.iter().find(|f| f.name == name).unwrap().code.clone();
    let (bens, eves) = (code("Ben Baker"), code("Eve Baker"));
    enters(world, &leader, &[says(world, &town, &bens, "Ben Baker", &ALL)], None).await.unwrap();
    let client = world.client().await;
    client.sign_in_as(world, town.leader).await;
    let reply = client.post("/paper/batch", &[("codes", eves.as_str()), ("act", "look")]).await;
    assert!(reply.status == 422 && reply.body.contains("not needed any more (Another guardian has answered)"), "{}", reply.body);
    // Her no is something that the school must know: it is entered from the form's page, with a reason.
    let path = format!("/paper/forms/{eves}");
    assert!(client.get(&path).await.body.contains("Not needed any more"));
    let fields =
        [("choice[account]", "no"), ("choice[tools]", "no"), ("choice[image]", "no"), ("choice[ai]", "no"), ("why", "The mother says no")];
    let reply = client.post(&path, &fields[..4]).await;
    assert!(reply.status == 422 && reply.body.contains("Say why it is entered again"), "{}", reply.body);
    let reply = client.post(&path, &fields).await;
    assert!(reply.status == 303 && reply.location().starts_with("/receipts/"), "{}", reply.body);
    assert_eq!(duty(world, town.requirement, &eve, &town.noah).await.unwrap().1, State::Declined);
    nothing_is_broken(world).await;
});

/// The smallest files that are what they say.
fn png() -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[0; 60], b"\0\0\0\0IEND\xaeB`\x82"].concat()
}

story!(a_scan_is_what_its_bytes_are_and_its_hash_is_in_the_record, |world| {
    let town = town(world).await;
    let leader = world.actor(town.leader).await;
    let printed = prints(world, &leader, town.requirement, Wanted::default()).await.unwrap();
    let [mary, noah] = [&town.mary, &town.noah].map(|child| code_for(&printed, child));
    let client = world.client().await;
    client.sign_in_as(world, town.leader).await;
    let codes = format!("{mary}\n{noah}");
    let page = client.post("/paper/batch", &[("codes", codes.as_str()), ("all", "yes"), ("act", "preview")]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let carried = hidden(&page, "carried");
    let fields = [("carried", carried.as_str()), ("signed", "true")];
    // A program that is called a PDF, a picture that breaks off, one that is too large.
    for (name, bytes, words) in [
        ("forms.pdf", b"MZ\x90\0\x03\0\0\0 This program cannot be run in DOS mode".to_vec(), "This is no PDF, JPEG or PNG"),
        ("forms.png", png()[..40].to_vec(), "breaks off before its end"),
        ("forms.png", Vec::new(), "This file is empty"),
        ("forms.pdf", [b"%PDF-1.7".as_slice(), &vec![b' '; scans::LARGEST], b"%%EOF"].concat(), "larger than 10 MB"),
    ] {
        let reply = client.upload("/paper/entries", &fields, "scan", name, &bytes).await;
        assert!(reply.status == 422 && reply.body.contains(words), "{words}: {} {}", reply.status, reply.body);
    }
    assert_eq!(duty(world, town.requirement, &town.gia, &town.mary).await.unwrap().1, State::Open, "nothing was kept");
    // More than one part of a megabyte.
    let scan = [b"%PDF-1.7\n".as_slice(), &vec![b'x'; 2_500_000], b"\n%%EOF\n"].concat();
    let reply = client.upload("/paper/entries", &fields, "scan", "a\"b.exe", &scan).await;
    assert_eq!(reply.status, 303, "{}", reply.body);

    let sha256 = assent::kernel::digest::sha256_hex(&scan);
    let mut tx = world.read().await;
    let rows: Vec<(Uuid, String, String)> =
        on!(tx, |c| sqlx::query_as("SELECT uid, paper, scan_sha256 FROM acknowledgment ORDER BY id").fetch_all(c).await).unwrap();
    assert!(rows.len() == 2 && rows.iter().all(|(_, _, hash)| *hash == sha256), "{rows:?}");
    let record = acknowledgments::receipt(&mut tx, &leader, rows[0].0).await.unwrap();
    assert!(record.canonical().unwrap().contains(&sha256) && record.canonical().unwrap().contains("\"signed_day\":\"2026-08-17\""));
    let listed = scans::of(&mut tx, &leader, rows[0].0).await.unwrap();
    assert_eq!((listed.len(), listed[0].with_entry, listed[0].sha256.as_str()), (1, true, sha256.as_str()));
    assert_eq!(scans::read(&mut tx, &leader, rows[0].0, listed[0].uid).await.unwrap().1, scan);
    let document = reports::receipt::receipt(&mut tx, &world.district, &record, &listed, Locale::En).await.unwrap();
    let told = format!("{:?}", document.blocks);
    assert!(told.contains(&format!("Answered on paper, entered by Lea Leader, form {mary}")) && told.contains(&sha256), "{told}");
    drop(tx);

    // On the receipt, as a file to be kept.
    let receipt = format!("/receipts/{}", rows[0].0);
    let page = client.get(&receipt).await;
    let address = format!("{receipt}/scans/{}", listed[0].uid);
    for words in [format!("Answered on paper, entered by Lea Leader, form {mary}"), address.clone(), "Scan (PDF, 2,441 KB)".into()] {
        assert!(page.body.contains(&words), "{words} is missing: {}", page.body);
    }
    let reply = client.get(&address).await;
    assert_eq!(reply.header("content-type"), Some("application/pdf"));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(reply.header("content-disposition"), Some(format!("attachment; filename=\"scan-{}.pdf\"", listed[0].uid).as_str()));
    // The batch shows Noah's form too: Mary's mother sees her receipt, and not the scan; another school's leader neither.
    let gia = world.account(&town.gia).await;
    client.sign_in_as(world, gia).await;
    let page = client.get(&receipt).await;
    assert!(page.status == 200 && page.body.contains("Respondido en papel") && !page.body.contains("/scans/"), "{}", page.body);
    assert_eq!(client.get(&address).await.status, 404);
    client.sign_in_as(world, town.other_leader).await;
    assert_eq!(client.get(&address).await.status, 404);

    // One of her form alone, attached later, she may have; the record stays as it was.
    client.sign_in_as(world, town.teacher).await;
    let attach = format!("/paper/forms/{mary}/scans");
    let reply = client.upload(&attach, &[], "scan", "x.png", b"GIF89a").await;
    assert!(reply.status == 422 && reply.body.contains("This is no PDF, JPEG or PNG"), "{}", reply.body);
    assert_eq!(client.upload(&attach, &[], "scan", "x.png", &png()).await.status, 303);
    let reply = client.upload(&attach, &[], "scan", "x.png", &png()).await;
    assert!(reply.status == 422 && reply.body.contains("attached already"), "{}", reply.body);
    client.sign_in_as(world, gia).await;
    let page = client.get(&receipt).await;
    let later = page.body.split("/scans/").nth(1).map(|rest| rest[..36].to_owned()).unwrap();
    let reply = client.get(&format!("{receipt}/scans/{later}")).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("image/png")));
    nothing_is_broken(world).await;
});

story!(a_form_that_was_entered_wrongly_is_entered_again_and_the_old_record_stays, |world| {
    let town = town(world).await;
    let teacher = world.actor(town.teacher).await;
    let printed = prints(world, &teacher, town.requirement, Wanted::default()).await.unwrap();
    let code = code_for(&printed, &town.noah);
    world.go_to("2026-08-20");
    let first = enters(world, &teacher, &[says(world, &town, &code, "Ben Baker", &[])], None).await.unwrap().remove(0);
    assert_eq!(first.answer, "declined");
    world.go_to("2026-08-21");
    let client = world.client().await;
    client.sign_in_as(world, town.teacher).await;
    let path = format!("/paper/forms/{code}");
    let page = client.get(&path).await;
    assert!(page.body.contains("Entered on August 20, 2026") && !page.body.contains(" checked"), "{}", page.body);
    let all = |said: &'static str| ALL.map(|id| (format!("choice[{id}]"), said.to_owned()));
    let mut same: Fields = all("no").into();
    same.push(("why".into(), "Looked again".into()));
    let reply = sends(&client, &path, &same).await;
    assert!(reply.status == 422 && reply.body.contains("This is what is on record already"), "{}", reply.body);
    let mut right: Fields = all("yes").into();
    right.push(("why".into(), "The boxes were misread".into()));
    right.push(("signed_day".into(), "2026-08-18".into()));
    let reply = sends(&client, &path, &right).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    assert_eq!(duty(world, town.requirement, &town.ben, &town.noah).await.unwrap().1, State::Fulfilled);
    let page = client.get(&path).await;
    for words in [
        "Entered again: The boxes were misread",
        "August 20, 2026, by Tilda Teach: Answered: 0 yes, 4 no",
        "August 21, 2026, by Tilda Teach: Answered: 4 yes, 0 no",
    ] {
        assert!(page.body.contains(words), "{words} is missing: {}", page.body);
    }
    let mut tx = world.read().await;
    assert_eq!(acknowledgments::receipt(&mut tx, &teacher, first.uid).await.unwrap().hash, first.hash);
    drop(tx);
    nothing_is_broken(world).await;
});

story!(a_list_takes_what_is_ticked_and_leaves_what_is_not_back, |world| {
    let town = town(world).await;
    let teacher = world.actor(town.teacher).await;
    let printed = prints(world, &teacher, town.requirement, Wanted::default()).await.unwrap();
    let [mary, noah] = [&town.mary, &town.noah].map(|child| code_for(&printed, child));
    let client = world.client().await;
    client.sign_in_as(world, town.teacher).await;
    let page = client.get(&format!("/audit/{}/paper", town.requirement)).await;
    assert!(page.body.contains("2 forms to print") && page.body.contains("2 are printed and not back: enter them"), "{}", page.body);
    let page = client.get(&format!("/paper/list?requirement={}&section={}", town.requirement, town.section)).await;
    assert!(page.body.contains("2 forms are out.") && page.body.contains(&mary) && page.body.contains(&noah), "{}", page.body);
    let mut fields: Fields = vec![
        ("list".into(), "true".into()),
        ("order".into(), mary.clone()),
        ("order".into(), noah.clone()),
        ("all".into(), "each".into()),
        ("act".into(), "preview".into()),
    ];
    let reply = sends(&client, "/paper/batch", &fields).await;
    assert!(reply.status == 422 && reply.body.contains("Nothing is ticked"), "{}", reply.body);
    fields.extend(ALL.iter().take(3).map(|id| (format!("rows[{noah}].choice[{id}]"), "yes".to_owned())));
    let reply = sends(&client, "/paper/batch", &fields).await;
    assert!(reply.status == 422 && reply.body.contains("Noah Baker: Question 4 has no answer"), "{}", reply.body);
    fields.push((format!("rows[{noah}].choice[ai]"), "no".into()));
    let reply = sends(&client, "/paper/batch", &fields).await;
    assert!(reply.status == 200 && reply.body.contains("1 form is left out") && reply.body.contains("Mary Archer"), "{}", reply.body);
    let carried = hidden(&reply, "carried");
    client.upload("/paper/entries", &[("carried", &carried), ("signed", "true")], "scan", "", b"").await;
    assert_eq!(duty(world, town.requirement, &town.ben, &town.noah).await.unwrap().1, State::Fulfilled);
    assert_eq!(duty(world, town.requirement, &town.gia, &town.mary).await.unwrap().1, State::Open);
    // What was answered at home is no longer out, and its paper says so.
    let gia = world.actor(world.account(&town.gia).await).await;
    let mut tx = world.write().await;
    let task = obligations::tasks::one(&mut tx, &gia, town.requirement, town.mary.uid).await.unwrap();
    let version = policies::reading::version_by_id(&mut tx, town.reading.version.id).await.unwrap();
    let reading = policies::read(&mut tx, &version, Some("es")).await.unwrap();
    let given = acknowledgments::Answer {
        text_hash: reading.hash.clone(),
        choices: reading.consents.iter().map(|c| (c.id.clone(), true)).collect(),
        signed_name: "Gia Archer".into(),
        ..acknowledgments::Answer::default()
    };
    acknowledgments::answer(&mut tx, &gia, &world.district, &task, &reading, given).await.unwrap();
    tx.commit().await.unwrap();
    let page = client.get(&format!("/paper/list?requirement={}", town.requirement)).await;
    assert!(page.body.contains("None of these forms is still out.") && page.body.contains("All of them are back"), "{}", page.body);
    let reply = client.post("/paper/batch", &[("codes", mary.as_str()), ("act", "look")]).await;
    assert!(reply.body.contains("answered already on August 17, 2026, not on paper"), "{}", reply.body);
});

story!(printing_from_the_page_gives_a_file_and_an_ended_duty_s_form_says_why, |world| {
    let town = town(world).await;
    let client = world.client().await;
    client.sign_in_as(world, town.leader).await;
    let path = format!("/audit/{}/paper", town.requirement);
    let reply = client.post(&path, &[("section", &town.section.to_string()), ("two_sided", "true")]).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/pdf")));
    assert_eq!(reply.header("content-disposition"), Some("attachment; filename=\"paper-forms-2026-08-17.pdf\""));
    assert_eq!(client.post(&path, &[("section", &Uuid::nil().to_string())]).await.status, 404);
    let leader = world.actor(town.leader).await;
    let printed = prints(world, &leader, town.requirement, Wanted::default()).await.unwrap();
    assert_eq!(printed.fresh, 0);
    let code = code_for(&printed, &town.noah);
    world.leaves(&town.noah).await;
    let reply = client.post("/paper/batch", &[("codes", code.as_str()), ("act", "look")]).await;
    for words in ["nobody asks for this answer any more (no longer on the roster)", "It can’t be entered."] {
        assert!(reply.body.contains(words), "{words} is missing: {}", reply.body);
    }
    assert!(matches!(enters(world, &leader, &[says(world, &town, &code, "Ben Baker", &ALL)], None).await, Err(Problem::Invalid(_))));
});
