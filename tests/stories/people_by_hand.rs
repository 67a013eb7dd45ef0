//! People whom no source system knows: added, changed and ended by hand or by a file; and the day from which a student answers alone.

use assent::kernel::{Actor, Page, PersonId, Problem, Role};
use assent::obligations::{self, Cause, CauseKind, NewRequirement};
use assent::on;
use assent::roster::audience::Rule;
use assent::roster::people::sheet::{self, Outcome, Sheet, Wrong};
use assent::roster::people::{self, ByHand, Filter, Newcomer};
use uuid::Uuid;

use crate::obligations::{for_guardians, for_students, issued};
use crate::world::people::Person;
use crate::world::{World, day};

fn bo(kind: ByHand) -> Newcomer {
    Newcomer { given: "Bo".into(), family: "Beck".into(), email: Some("bo@example.org".into()), kind, ..Newcomer::default() }
}

async fn add(world: &World, newcomer: Newcomer) -> Person {
    let mut tx = world.write().await;
    let (person, changes) = people::add(&mut tx, &world.operator(), &world.district, newcomer).await.unwrap();
    obligations::follow(&mut tx, &world.operator(), &world.district, changes, Cause::of(CauseKind::Person, "")).await.unwrap();
    tx.commit().await.unwrap();
    Person { id: person.id, uid: person.uid, name: person.name() }
}

async fn listed(world: &World, actor: &Actor, filter: Filter) -> Vec<String> {
    let mut tx = world.read().await;
    let found = people::list(&mut tx, actor, &filter, Page::number(None)).await.unwrap();
    assert_eq!(usize::try_from(found.total).unwrap(), found.rows.len());
    found.rows.iter().map(|p| format!("{} {}", p.given, p.family)).collect()
}

async fn by_hand(world: &World) -> Vec<String> {
    listed(world, &world.operator(), Filter { by_hand: true, ..Filter::default() }).await
}

/// How many duties of the person are live.
async fn live(world: &World, person: PersonId) -> i64 {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM obligation WHERE person_id = $1 AND ended IS NULL")
        .bind(person)
        .fetch_one(c)
        .await)
    .unwrap()
}

async fn entries(world: &World, action: &str) -> i64 {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM audit_entry WHERE action = $1").bind(action).fetch_one(c).await).unwrap()
}

async fn bring_in(world: &World, text: &str, dry_run: bool) -> Sheet {
    let mut tx = world.write().await;
    let (sheet, changes) = sheet::bring_in(&mut tx, &world.operator(), &world.district, text.as_bytes(), dry_run).await.unwrap();
    assert_eq!(changes.people.len(), if dry_run || !sheet.is_good() { 0 } else { sheet.added + sheet.changed });
    obligations::follow(&mut tx, &world.operator(), &world.district, changes, Cause::of(CauseKind::Person, "")).await.unwrap();
    tx.commit().await.unwrap();
    sheet
}

fn for_teachers() -> NewRequirement {
    NewRequirement { audience: Rule::Role(vec!["teacher".into()]), ..for_students() }
}

story!(a_substitute_belongs_here_until_the_last_day, |world| {
    let harbor = world.school("Harbor Middle").await;
    issued(world, for_teachers()).await;
    let sub = add(world, Newcomer { school: Some(harbor.uid), last_day: Some(day("2026-08-21")), ..bo(ByHand::Substitute) }).await;
    let account = world.account(&sub).await;
    let leader = world.school_leader(&harbor, "Lea Leader").await;
    let leader = world.actor(world.account(&leader).await).await;

    for date in ["2026-08-17", "2026-08-21"] {
        world.go_to(date);
        assert_eq!(live(world, sub.id).await, 1, "{date}");
        assert_eq!(by_hand(world).await, ["Bo Beck"], "{date}");
        assert_eq!(listed(world, &leader, Filter { role: Some("teacher".into()), ..Filter::default() }).await, ["Bo Beck"]);
        assert!(world.actor(account).await.has(Role::Teacher), "{date}");
    }
    world.go_to("2026-08-22");
    let mut tx = world.write().await;
    obligations::day_begins(&mut tx, &world.district).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(live(world, sub.id).await, 0);
    assert!(by_hand(world).await.is_empty());
    assert!(!world.actor(account).await.has(Role::Teacher));
    let left = Filter { by_hand: true, with_left: true, ..Filter::default() };
    assert_eq!(listed(world, &world.operator(), left).await, ["Bo Beck"]);

    // Back in winter: another stay, and asked again.
    world.go_to("2027-01-11");
    let mut tx = world.write().await;
    let again = Newcomer { school: Some(harbor.uid), last_day: Some(day("2027-02-26")), ..bo(ByHand::Substitute) };
    let changes = people::change(&mut tx, &world.operator(), &world.district, sub.uid, again).await.unwrap();
    obligations::follow(&mut tx, &world.operator(), &world.district, changes, Cause::of(CauseKind::Person, "")).await.unwrap();
    let found = people::find(&mut tx, &world.operator(), sub.uid).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((found.joined, found.left_day), (day("2027-01-11"), Some(day("2027-02-27"))));
    assert_eq!(live(world, sub.id).await, 1);
});

story!(a_change_by_hand_moves_duties_and_the_same_again_changes_nothing, |world| {
    let (harbor, cedar) = (world.school("Harbor Middle").await, world.school("Cedar Ridge").await);
    issued(world, for_teachers()).await;
    let person = add(world, Newcomer { school: Some(harbor.uid), ..bo(ByHand::Staff) }).await;
    assert_eq!(live(world, person.id).await, 0);
    let operator = world.operator();
    let teaches = Newcomer { school: Some(cedar.uid), ..bo(ByHand::Teacher) };
    let mut tx = world.write().await;
    let changes = people::change(&mut tx, &operator, &world.district, person.uid, teaches.clone()).await.unwrap();
    obligations::follow(&mut tx, &world.operator(), &world.district, changes, Cause::of(CauseKind::Person, "")).await.unwrap();
    assert!(people::change(&mut tx, &operator, &world.district, person.uid, teaches).await.unwrap().people.is_empty());
    tx.commit().await.unwrap();
    assert_eq!(live(world, person.id).await, 1);
    assert_eq!(entries(world, "person.changed").await, 1);
    let mut tx = world.read().await;
    let held: Vec<(String, i64)> = on!(tx, |c| sqlx::query_as(
        "SELECT role, CAST(CASE WHEN ended IS NULL THEN 0 ELSE 1 END AS BIGINT) FROM position WHERE person_id = $1 ORDER BY id"
    )
    .bind(person.id)
    .fetch_all(c)
    .await)
    .unwrap();
    assert_eq!(held, [("staff".to_owned(), 1), ("teacher".to_owned(), 0)]);
    drop(tx);

    // Ended at once: the last day was yesterday.
    let mut tx = world.write().await;
    let changes = people::end(&mut tx, &operator, &world.district, person.uid, day("2026-08-16")).await.unwrap();
    obligations::follow(&mut tx, &world.operator(), &world.district, changes, Cause::of(CauseKind::Person, "")).await.unwrap();
    let too_soon = people::end(&mut tx, &operator, &world.district, person.uid, day("2026-08-01")).await.unwrap_err();
    assert!(matches!(too_soon, Problem::Invalid(errors) if errors[0].field == "last_day"));
    tx.commit().await.unwrap();
    assert_eq!(live(world, person.id).await, 0);
});

story!(people_of_the_roster_are_not_changed_by_hand_and_kindly_told_so, |world| {
    let harbor = world.school("Harbor Middle").await;
    let teacher = world.teacher(&harbor, "Tilda Teach").await;
    let director = world.granted("Dora Director", Role::Director).await;
    let mut tx = world.write().await;
    let refused = people::change(&mut tx, &world.operator(), &world.district, teacher.uid, bo(ByHand::Teacher)).await.unwrap_err();
    assert!(refused.to_string().contains("student information system"), "{refused}");
    drop(tx);
    let others = [world.actor(world.account(&teacher).await).await, world.actor(world.granted("Aud Itor", Role::Auditor).await).await];
    let mut tx = world.write().await;
    for actor in others {
        assert!(matches!(people::add(&mut tx, &actor, &world.district, bo(ByHand::Guest)).await, Err(Problem::NotFound)));
    }
    drop(tx);
    let client = world.client().await;
    client.sign_in_as(world, director).await;
    let page = client.get(&format!("/roster/people/{}", teacher.uid)).await;
    assert!(page.body.contains("This record comes from the roster.") && !page.body.contains("/change\""), "{}", page.body);
    let page = client.get(&format!("/roster/people/{}/change", teacher.uid)).await;
    assert!(page.status == 200 && page.body.contains("the next import would undo it") && !page.body.contains("<form class=\"stack\""));
    let fields = [("given", "X"), ("family", "Y"), ("kind", "guest")];
    let page = client.post(&format!("/roster/people/{}/change", teacher.uid), &fields).await;
    assert!(page.status == 422 && page.body.contains("the next import would undo it"));
});

story!(a_director_adds_a_guest_on_the_page_and_hears_what_is_wrong_in_either_language, |world| {
    let director = world.granted("Dora Director", Role::Director).await;
    let client = world.client().await;
    client.sign_in_as(world, director).await;
    let wrong = [("given", "Gus"), ("family", ""), ("kind", ""), ("email", "gus"), ("last_day", "soon")];
    let page = client.post("/roster/people", &wrong).await;
    assert_eq!(page.status, 422);
    for words in [
        "Choose what this person is.",
        "Give the last name",
        "Write the e-mail address as",
        "Write the last day as year-month-day",
        "value=\"Gus\"",
        "value=\"soon\"",
    ] {
        assert!(page.body.contains(words), "{words} is missing: {}", page.body);
    }
    client.post("/language", &[("language", "es"), ("next", "/")]).await;
    let page = client.post("/roster/people", &[("given", "Gus"), ("family", " "), ("kind", "guest"), ("email", "gus")]).await;
    for words in ["Escriba el apellido", "Escriba el correo como"] {
        assert!(page.body.contains(words), "{words} is missing: {}", page.body);
    }
    assert!(by_hand(world).await.is_empty());
    client.post("/language", &[("language", "en"), ("next", "/")]).await;
    let right = [("given", "Gus"), ("family", "Guest"), ("kind", "guest"), ("last_day", "2026-12-18")];
    let reply = client.post("/roster/people", &right).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let page = client.get(reply.location()).await;
    for words in ["Gus Guest", "December 18, 2026", "added by hand", "Change</a>"] {
        assert!(page.body.contains(words), "{words} is missing: {}", page.body);
    }
    assert_eq!(by_hand(world).await, ["Gus Guest"]);
    // The same address a second time would make the next file ambiguous.
    let twin = [("given", "Gil"), ("family", "Guest"), ("kind", "guest"), ("email", "GUS@example.org")];
    client.post("/roster/people", &[("given", "Gus"), ("family", "Two"), ("kind", "guest"), ("email", "gus@example.org")]).await;
    let page = client.post("/roster/people", &twin).await;
    assert!(page.status == 422 && page.body.contains("Nobody else who was added by hand may have it."));
});

const SHEET: &str = "given_name,family_name,email,kind,school,language,first_day,last_day\n\
    # a remark,,,,,,,\n\
    Bo,Beck,bo@example.org,substitute,Harbor Middle,Spanish,8/17/2026,2026-12-18\n\
    Ruth,Rao,,board,,,,\n\
    Gus,Guest,,guest,harbor middle,,,2026-09-30\n";

story!(the_same_file_twice_changes_nothing, |world| {
    let harbor = world.school("Harbor Middle").await;
    world.person(Some(&harbor), "Ruth Rao", "teacher", None).await;
    issued(world, for_teachers()).await;
    let look = bring_in(world, SHEET, true).await;
    assert!(look.is_good(), "{:?}", look.errors);
    assert_eq!((look.added, look.changed, look.unchanged), (3, 0, 0));
    assert!(by_hand(world).await.is_empty());

    let first = bring_in(world, SHEET, false).await;
    assert_eq!((first.added, first.changed, first.unchanged), (3, 0, 0));
    assert_eq!(by_hand(world).await, ["Bo Beck", "Gus Guest", "Ruth Rao"]);
    let mut tx = world.read().await;
    let bo: (PersonId, String, String, assent::kernel::Day, Option<assent::kernel::Day>) =
        on!(tx, |c| sqlx::query_as("SELECT id, language, role, joined, left_day FROM person WHERE given = 'Bo'").fetch_one(c).await)
            .unwrap();
    drop(tx);
    assert_eq!((bo.1.as_str(), bo.2.as_str(), bo.3, bo.4), ("es", "teacher", day("2026-08-17"), Some(day("2026-12-19"))));
    assert_eq!(live(world, bo.0).await, 1);
    assert_eq!((entries(world, "person.added").await, entries(world, "people.brought_in").await), (3, 1));

    for dry_run in [true, false] {
        let again = bring_in(world, SHEET, dry_run).await;
        assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 3), "{:?}", again.rows);
    }
    assert_eq!((entries(world, "person.changed").await, entries(world, "people.brought_in").await), (0, 1));

    // A change says what it was; nobody leaves because a row is missing.
    let changed = bring_in(world, "Given name;Family name;E-mail;Kind;School\nRobert;Beck;BO@example.org;staff;\n", false).await;
    assert_eq!((changed.added, changed.changed, changed.unchanged), (0, 1, 0), "{:?} {:?}", changed.rows, changed.errors);
    let said: Vec<(&str, &str, &str)> =
        changed.rows[0].differences.iter().map(|d| (d.field, d.before.as_str(), d.after.as_str())).collect();
    assert_eq!(
        said,
        [
            ("given", "Bo", "Robert"),
            ("email", "bo@example.org", "BO@example.org"),
            ("kind", "substitute", "staff"),
            ("school", "Harbor Middle", "Test District")
        ]
    );
    assert_eq!(by_hand(world).await, ["Robert Beck", "Gus Guest", "Ruth Rao"]);
});

story!(a_row_finds_its_person_by_address_else_by_name_kind_and_school, |world| {
    let harbor = world.school("Harbor Middle").await;
    world.person(Some(&harbor), "Ann Archer", "guardian", None).await;
    add(world, Newcomer { email: None, school: Some(harbor.uid), ..bo(ByHand::Guest) }).await;
    add(world, Newcomer { given: "Cy".into(), email: Some("cy@example.org".into()), ..bo(ByHand::Guest) }).await;
    // The first has no address yet and gets one; the second has another address, so that it is another person.
    let sheet = bring_in(
        world,
        "given_name,family_name,email,kind,school\n\
         Bo,Beck,bo@example.org,guest,Harbor Middle\n\
         Cy,Beck,cy.beck@example.org,guest,\n\
         Ann,Archer,ann.archer@example.org,board,\n",
        false,
    )
    .await;
    let told: Vec<(Outcome, Option<&str>, bool)> = sheet.rows.iter().map(|r| (r.outcome, r.found_by, r.also_on_roster)).collect();
    assert_eq!(
        told,
        [(Outcome::Changed, Some("name"), false), (Outcome::Added, None, false), (Outcome::Added, None, true)],
        "{:?}",
        sheet.errors
    );
    assert_eq!(by_hand(world).await, ["Ann Archer", "Bo Beck", "Cy Beck", "Cy Beck"]);
    // Two of one name: a row without an address can't say which.
    let sheet = bring_in(world, "given_name,family_name,kind\nCy,Beck,guest\n", false).await;
    assert_eq!((sheet.errors[0].row, sheet.errors[0].wrong), (2, Wrong::SeveralFit));
});

story!(one_cell_that_cannot_be_used_leaves_all_of_it_undone, |world| {
    world.school("Harbor Middle").await;
    let sheet = bring_in(
        world,
        "given_name,family_name,email,kind,school,language,first_day,last_day,shoes\n\
         Good,Guest,,guest,Harbor Middle,,,,44\n\
         ,Guest,,guest,,,,,\n\
         A,Guest,a at home,guest,,,,,\n\
         B,Guest,,student,,,,,\n\
         C,Guest,,guest,Harbour Middle,,,,\n\
         D,Guest,,guest,,Klingon?!,,,\n\
         E,Guest,,guest,,,someday,,\n\
         F,Guest,,guest,,,2026-10-01,2026-09-01,\n\
         Good,Guest,,guest,Harbor Middle,,,,\n",
        false,
    )
    .await;
    let said: Vec<(i64, &str, &str, Wrong)> = sheet.errors.iter().map(|e| (e.row, e.column.as_str(), e.value.as_str(), e.wrong)).collect();
    assert_eq!(
        said,
        [
            (3, "given_name", "", Wrong::Empty),
            (4, "email", "a at home", Wrong::NotAnAddress),
            (5, "kind", "student", Wrong::NoSuchKind),
            (6, "school", "Harbour Middle", Wrong::NoSuchSchool),
            (7, "language", "Klingon?!", Wrong::NotALanguage),
            (8, "first_day", "someday", Wrong::NotADate),
            (9, "last_day", "2026-09-01", Wrong::EndsTooSoon),
            (10, "email", "Good Guest", Wrong::Twice),
        ]
    );
    assert_eq!(sheet.ignored, ["shoes"]);
    assert!(by_hand(world).await.is_empty());
    assert_eq!(entries(world, "person.added").await, 0);

    // On the page: what is wrong and how to mend it, in the reader's language.
    let director = world.granted("Dora Director", Role::Director).await;
    let client = world.client().await;
    client.sign_in_as(world, director).await;
    let text = "given_name,family_name,kind\nBo,Beck,student\n";
    let page = client.post("/roster/people/csv/import", &[("text", text)]).await;
    assert_eq!(page.status, 422);
    for words in ["1 cell can&#39;t be used", "row 2, kind", "“student”", "This is none of the kinds.", "Write staff, teacher,"] {
        assert!(page.body.contains(words), "{words} is missing: {}", page.body);
    }
    let template = client.get("/roster/people/template.csv").await;
    assert!(template.body.starts_with("\u{feff}given_name,family_name,email,kind,"), "{}", template.body);
    // The template itself holds nobody.
    let sheet = bring_in(world, &template.body, false).await;
    assert_eq!(sheet.errors.iter().map(|e| e.wrong).collect::<Vec<_>>(), [Wrong::NoRows]);
    let reply = client.post("/roster/people/csv/import", &[("text", "given_name,family_name,kind\r\nBo,Beck,Board member\r\n")]).await;
    assert_eq!((reply.status, reply.location()), (303, "/roster/people?by_hand=true"), "{}", reply.body);
    assert_eq!(by_hand(world).await, ["Bo Beck"]);
});

story!(from_the_day_a_student_is_18_guardians_are_not_asked, |world| {
    let harbor = world.school("Harbor High").await;
    let cedar = world.school("Cedar Ridge").await;
    let mary = world.student(&harbor, "Mary Archer", "12").await;
    let gus = world.guardian("Gus Archer", &[&mary]).await;
    let teacher = world.teacher(&harbor, "Tilda Teach").await;
    world.section(&harbor, "Civics", &teacher, &[&mary]).await;
    let leader = world.school_leader(&harbor, "Lea Leader").await;
    let other = world.school_leader(&cedar, "Lou Lead").await;
    issued(world, for_guardians()).await;
    assert_eq!(live(world, gus.id).await, 1);

    let district = &world.district;
    for reader in [&teacher, &other, &gus] {
        let actor = world.actor(world.account(reader).await).await;
        let mut tx = world.write().await;
        let refused = people::answers_alone_since(&mut tx, &actor, district, mary.uid, Some(day("2026-08-01"))).await;
        assert!(matches!(refused, Err(Problem::NotFound)), "{}", reader.name);
    }
    let client = world.client().await;
    let account = world.account(&leader).await;
    client.sign_in_as(world, account).await;
    let address = format!("/roster/people/{}/answers-alone", mary.uid);
    let page = client.post(&address, &[("since", "1826-01-01"), ("act", "set")]).await;
    assert!(page.status == 422 && page.body.contains("This can&#39;t be the 18th birthday"), "{}", page.body);
    let reply = client.post(&address, &[("since", ""), ("act", "today")]).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    assert_eq!(live(world, gus.id).await, 0);
    assert_eq!(entries(world, "person.answers_alone").await, 1);
    let page = client.get(&format!("/roster/people/{}", mary.uid)).await;
    assert!(page.body.contains("This student is 18") && page.body.contains("August 17, 2026"), "{}", page.body);

    // A day ahead: the guardian is asked until then.
    client.post(&address, &[("since", "2026-09-10"), ("act", "set")]).await;
    assert_eq!(live(world, gus.id).await, 1);
    client.post(&address, &[("since", ""), ("act", "clear")]).await;
    assert_eq!((live(world, gus.id).await, entries(world, "person.answers_alone").await), (1, 3));
    // A guardian is no student.
    let actor = world.actor(account).await;
    let mut tx = world.write().await;
    assert!(matches!(people::answers_alone_since(&mut tx, &actor, district, gus.uid, None).await, Err(Problem::NotFound)));
});

story!(the_commands_add_change_end_and_set, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "06").await;
    let gus = world.guardian("Gus Archer", &[&mary]).await;
    let run = |words: &[&str]| {
        let ran = std::process::Command::new(env!("CARGO_BIN_EXE_assent"))
            .args(["--database", world.url.as_str(), "--json", "roster"])
            .args(words)
            .env_remove("ASSENT_DATABASE")
            .output()
            .unwrap();
        let (out, err) = (String::from_utf8(ran.stdout).unwrap(), String::from_utf8(ran.stderr).unwrap());
        (ran.status.code(), serde_json::from_str::<serde_json::Value>(&out).unwrap_or(serde_json::Value::Null), err)
    };
    let ok = |words: &[&str]| {
        let (status, value, err) = run(words);
        assert_eq!(status, Some(0), "{words:?}: {err}");
        value
    };
    let added =
        ok(&["add", "--given", "Bo", "--family", "Beck", "--kind", "substitute", "--school", "harbor middle", "--email", "bo@x.org"]);
    assert_eq!((added["role"].as_str(), added["by_hand"].as_str()), (Some("teacher"), Some("substitute")));
    let changed = ok(&["change", "bo@x.org", "--given", "Robert"]);
    assert_eq!((changed["given"].as_str(), changed["school"].as_str()), (Some("Robert"), Some("Harbor Middle")));
    let ended = ok(&["end", "bo@x.org", "--last-day", "2099-12-18"]);
    assert_eq!(ended["left_day"], day("2099-12-19").0);
    let (status, _, err) = run(&["end", "mary.archer@example.org", "--last-day", "2099-12-18"]);
    assert!(status == Some(1) && err.contains("student information system"), "{err}");

    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "given_name,family_name,kind\nRuth,Rao,board\nX,Y,wizard\n").unwrap();
    let path = file.path().to_str().unwrap();
    let (status, value, err) = run(&["people-csv", path]);
    assert!(status == Some(1) && err.contains("nothing was changed"), "{err}");
    assert_eq!(value["errors"][0]["wrong"], "no_such_kind");
    std::fs::write(file.path(), "given_name,family_name,kind\nRuth,Rao,board\n").unwrap();
    assert_eq!(ok(&["people-csv", path, "--dry-run"])["added"], 1);
    assert_eq!(by_hand(world).await, ["Robert Beck"]);
    assert_eq!(ok(&["people-csv", path])["added"], 1);
    assert_eq!(ok(&["people-csv", path])["unchanged"], 1);

    let (status, _, err) = run(&["consent", "mary.archer@example.org", "none"]);
    assert!(status == Some(1) && err.contains("reason"), "{err}");
    let set = ok(&["consent", "mary.archer@example.org", "one", "--guardian", &gus.uid.to_string(), "--reason", "Order 7"]);
    assert_eq!(set["consent"]["guardian"]["name"], "Gus Archer");
    let seen = ok(&["household", "mary.archer@example.org"]);
    assert_eq!((&seen["consent"]["rule"], &seen["guardians"][0]["say"]), (&"one".into(), &"alone".into()));
    assert_eq!(ok(&["consent", "mary.archer@example.org", "unset"])["consent"], serde_json::Value::Null);
    assert_eq!(ok(&["adult", "mary.archer@example.org", "--since", "2030-05-05"])["answers_alone_since"], "2030-05-05");

    let (keep, other) = (gus.uid.to_string(), added["uid"].as_str().unwrap().to_owned());
    assert_eq!(ok(&["merge", &keep, &other, "--dry-run"])["preview"]["account"], "none");
    ok(&["merge", &keep, &other]);
    assert_eq!(by_hand(world).await.len(), 2, "Gus counts as added by hand through the other record");
    ok(&["part", &other]);
    let (status, _, err) = run(&["part", &Uuid::nil().to_string()]);
    assert!(status == Some(1) && err.contains("no such record"), "{err}");
});
