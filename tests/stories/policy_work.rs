//! Working on policies: two authors, translations, files from elsewhere, reviews, plain words, comparison, the whole at once.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use assent::kernel::{Problem, Role};
use assent::policies::reviewing::{self, Outcome};
use assent::policies::translating::{self, Standing, State as Standing2};
use assent::policies::{self, Clause, NewPolicy, State, Version, docx, importing, reading};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::policies::{agreement, author, conflict, published};
use crate::world::client::Client;
use crate::world::{World, day};

async fn as_author(world: &World, login: &str, name: &str) -> Client {
    let account = world.account_named(login, name, &[Role::Author]).await;
    let client = world.client().await;
    client.sign_in_as(world, account).await;
    client
}

async fn drafted(world: &World) -> Version {
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    tx.commit().await.unwrap();
    version
}

/// The value of the hidden field of that name.
fn hidden(body: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    body.split(&mark).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

fn word(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A Word document with that body.
pub fn document(body: &str) -> Vec<u8> {
    let xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    let styles = "<w:styles xmlns:w=\"w\"><w:style w:styleId=\"Ttulo1\"><w:name w:val=\"heading 1\"/></w:style></w:styles>";
    word(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", &xml), ("word/styles.xml", styles)])
}

story!(two_authors_change_one_clause_at_once_and_no_word_is_lost, |world| {
    let version = drafted(world).await;
    let (ada, bea) = (as_author(world, "ada", "Ada Author").await, as_author(world, "bea", "Bea Author").await);
    let id = {
        let mut tx = world.read().await;
        policies::read(&mut tx, &version, Some("en")).await.unwrap().sections[0].clauses[0].id.clone()
    };
    let path = format!("/policies/{}/versions/1/clauses/{id}", version.slug);
    let (seen_by_ada, seen_by_bea) = (ada.get(&path).await.body, bea.get(&path).await.body);
    let first = hidden(&seen_by_ada, "expected");
    assert_eq!(first, hidden(&seen_by_bea, "expected"));
    let saved = ada.post(&path, &[("language", "en"), ("expected", &first), ("body", "Words of Ada.")]).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let refused = bea.post(&path, &[("language", "en"), ("expected", &first), ("body", "Words of Bea.")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("Words of Ada.") && refused.body.contains("Words of Bea."), "both texts are shown: {}", refused.body);
    // Bea is told whose they are, and replaces them knowingly: they are still there.
    let told = bea.get(&path).await.body;
    assert!(told.contains("Ada Author") && told.contains("last half hour"), "{told}");
    let saved = bea.post(&path, &[("language", "en"), ("expected", &hidden(&refused.body, "expected")), ("body", "Words of Bea.")]).await;
    assert_eq!(saved.status, 303);
    let after = ada.get(&path).await.body;
    assert!(after.contains("Words of Bea.") && after.contains("Earlier words") && after.contains("Words of Ada."), "{after}");
    // Taking out what somebody has written since is refused as well.
    let gone = ada.post(&format!("{path}/removal"), &[("language", "en"), ("expected", &hidden(&seen_by_ada, "expected"))]).await;
    assert_eq!(gone.status, 409);
    let gone = ada
        .post(
            &format!("{path}/removal"),
            &[
                ("language", "en"),
                ("expected", &{
                    let mut tx = world.read().await;
                    reading::text(&mut tx, version.id, "en").await.unwrap().hash().unwrap()
                }),
            ],
        )
        .await;
    assert_eq!(gone.status, 303, "{}", gone.body);
    let mut tx = world.read().await;
    let kept = policies::earlier_words(&mut tx, &author(), version.id, "en", &id).await.unwrap();
    let words: Vec<&str> = kept.iter().map(|w| w.body.as_str()).collect();
    assert_eq!(&words[..2], ["Words of Bea.", "Words of Ada."]);
});

story!(title_and_whole_text_show_both_where_two_saved_at_once, |world| {
    let version = drafted(world).await;
    let (ada, bea) = (as_author(world, "ada", "Ada Author").await, as_author(world, "bea", "Bea Author").await);
    let head = format!("/policies/{}/versions/1/head", version.slug);
    let whole = format!("/policies/{}/versions/1/whole", version.slug);
    let opened = bea.get(&whole).await.body;
    let expected = hidden(&ada.get(&head).await.body, "expected");
    let fields = |title| {
        [
            ("language", "en"),
            ("expected", expected.as_str()),
            ("title", title),
            ("summary", "S."),
            ("statement", "I agree."),
            ("if_declined", "We talk."),
        ]
    };
    assert_eq!(ada.post(&head, &fields("Ada's title")).await.status, 303);
    let refused = bea.post(&head, &fields("Bea's title")).await;
    assert!(
        refused.status == 422 && refused.body.contains("Ada&#39;s title") && refused.body.contains("Bea&#39;s title"),
        "{}",
        refused.body
    );
    let mut source = String::new();
    let client = as_author(world, "cleo", "Cleo Author").await;
    let file = client.get(&format!("/policies/{}/versions/1/policy.md?language=en", version.slug)).await;
    assert!(file.status == 200 && file.header("content-disposition").unwrap().contains("attachment"));
    write!(source, "{}", file.body.replace("Ada's title", "Title of the file")).unwrap();
    let late = hidden(&opened, "expected");
    let refused = bea.post(&whole, &[("language", "en"), ("expected", &late), ("source", &source)]).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.body.contains("Ada&#39;s title") && refused.body.contains("Title of the file"), "{}", refused.body);
    let again = hidden(&refused.body, "expected");
    let saved = bea.post(&whole, &[("language", "en"), ("expected", &again), ("source", &source)]).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let now = hidden(&bea.get(&whole).await.body, "expected");
    let broken = bea.post(&whole, &[("language", "en"), ("expected", &now), ("source", "no head")]).await;
    assert!(broken.status == 422 && broken.body.contains("Line 1:"), "{}", broken.body);
    let mut tx = world.read().await;
    assert_eq!(reading::text(&mut tx, version.id, "en").await.unwrap().title, "Title of the file");
});

story!(a_translation_is_behind_as_soon_as_its_original_moves, |world| {
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let all = translating::translations(&mut tx, &version).await.unwrap();
    assert_eq!((all.len(), all[0].language.as_str(), all[0].behind, all[0].state), (1, "es", 0, Standing2::Unread), "blanks filled alike");
    translating::mark_read(&mut tx, &author(), &version, "es").await.unwrap();
    assert_eq!(translating::one(&mut tx, &version, "es").await.unwrap().state, Standing2::Read);
    let version = published(&mut tx, world, &version, "2026-08-20").await;
    let second = policies::new_version(&mut tx, &author(), &version.slug, false, "plainer", "Plainer.").await.unwrap();
    assert_eq!(translating::behind(&mut tx, &second, "es").await.unwrap(), 0);
    let clause = policies::read(&mut tx, &second, Some("en")).await.unwrap().sections[0].clauses[0].clone();
    let words = |body: &str| Clause { id: clause.id.clone(), elements: clause.elements.clone(), body: body.into() };
    policies::set_clause(&mut tx, &author(), second.id, "en", &clause.hash, words("Other words.")).await.unwrap();
    let found = translating::one(&mut tx, &second, "es").await.unwrap();
    assert_eq!((found.behind, found.state, found.follows), (1, Standing2::Behind, Some(1)));
    let pair = &found.pairs[0];
    assert_eq!((pair.standing, pair.followed.as_deref(), pair.followed_number), (Standing::Behind, Some(clause.body.as_str()), Some(1)));
    assert!(conflict(translating::mark_read(&mut tx, &author(), &second, "es").await).contains("behind"));
    let spanish = reading::text(&mut tx, second.id, "es").await.unwrap().clause(&clause.id).unwrap().clone();
    policies::set_clause(&mut tx, &author(), second.id, "es", &spanish.hash(), words("Otras palabras.")).await.unwrap();
    let found = translating::one(&mut tx, &second, "es").await.unwrap();
    assert_eq!((found.behind, found.pairs[0].followed_number), (0, Some(2)));
    // A clause that is new is missing, and finds its place once it is translated.
    let seen = reading::text(&mut tx, second.id, "en").await.unwrap().hash().unwrap();
    let section = policies::read(&mut tx, &second, Some("en")).await.unwrap().sections[1].clone();
    let new = Clause { id: "brand-new".into(), elements: vec![], body: "New words.".into() };
    let place = (section.id.as_str(), section.title.as_str());
    policies::add_clause(&mut tx, &author(), second.id, ("en", &seen), place, Some(&section.clauses[0].id), new).await.unwrap();
    let found = translating::one(&mut tx, &second, "es").await.unwrap();
    assert_eq!((found.behind, found.pairs.iter().find(|p| p.clause == "brand-new").unwrap().standing), (1, Standing::Missing));
    assert!(!policies::gaps(&mut tx, second.id).await.unwrap().is_empty());
    translating::write(&mut tx, &author(), &second, ("es", "brand-new"), "", "Palabras nuevas.").await.unwrap();
    assert_eq!(policies::gaps(&mut tx, second.id).await.unwrap(), Vec::<String>::new());
    assert!(conflict(translating::write(&mut tx, &author(), &second, ("es", "brand-new"), "", "x").await).contains("somebody else"));
    translating::begin(&mut tx, &author(), &second, "vi").await.unwrap();
    let begun = translating::one(&mut tx, &second, "vi").await.unwrap();
    assert!(begun.behind == begun.pairs.len() && begun.pairs.iter().all(|p| p.standing == Standing::Missing));
});

story!(readers_are_told_of_a_translation_that_is_behind, |world| {
    let version = drafted(world).await;
    let ada = as_author(world, "ada", "Ada Author").await;
    let page = format!("/policies/{}/versions/1", version.slug);
    let id = {
        let mut tx = world.read().await;
        policies::read(&mut tx, &version, Some("en")).await.unwrap().sections[0].clauses[0].id.clone()
    };
    let clause = format!("{page}/clauses/{id}");
    let expected = hidden(&ada.get(&clause).await.body, "expected");
    assert_eq!(ada.post(&clause, &[("language", "en"), ("expected", &expected), ("body", "Moved on.")]).await.status, 303);
    let text = ada.get(&format!("{page}?language=es")).await.body;
    assert!(text.contains("follow the latest words of the original"), "{text}");
    let list = ada.get(&format!("{page}/translations")).await.body;
    assert!(list.contains("Behind the original") && list.contains("1 clause to bring up to date"), "{list}");
    let pairs = ada.get(&format!("{page}/translations/es")).await.body;
    assert!(pairs.contains("The original has changed") && pairs.contains("</span>Moved<span"), "{pairs}");
    let edit = ada.get(&format!("{clause}?language=es")).await.body;
    assert!(edit.contains("What the original changed since") && edit.contains("<ins>"), "{edit}");
    let expected = hidden(&edit, "expected");
    assert_eq!(ada.post(&clause, &[("language", "es"), ("expected", &expected), ("body", "Sigue.")]).await.status, 303);
    let read = ada.post(&format!("{page}/translations/es/reading"), &[]).await;
    assert_eq!(read.status, 303);
    assert!(ada.get(&format!("{page}/translations")).await.body.contains("Read against the original by Ada Author"));
    assert!(!ada.get(&format!("{page}?language=es")).await.body.contains("latest words of the original"));
});

story!(a_review_ends_as_no_change_or_as_a_draft_and_the_next_one_is_due, |world| {
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let early = reviewing::review(&mut tx, &author(), &version.slug, day("2026-08-17"), "Looked.", Outcome::NoChange).await;
    assert!(conflict(early).contains("never been published"));
    published(&mut tx, world, &version, "2026-08-17").await;
    tx.commit().await.unwrap();
    world.go_to("2027-08-10");
    let mut tx = world.write().await;
    let slug = version.slug.as_str();
    let future = reviewing::review(&mut tx, &author(), slug, day("2027-08-11"), "Looked.", Outcome::NoChange).await;
    assert!(matches!(future, Err(Problem::Invalid(_))));
    let empty = reviewing::review(&mut tx, &author(), slug, day("2027-08-10"), " ", Outcome::NoChange).await;
    assert!(matches!(empty, Err(Problem::Invalid(_))));
    let note = "Read with two teachers.\nIt stands.";
    assert!(reviewing::review(&mut tx, &author(), slug, day("2027-08-10"), note, Outcome::NoChange).await.unwrap().is_none());
    let policy = policies::find(&mut tx, slug).await.unwrap();
    assert_eq!((policy.last_review, policy.next_review), (Some(day("2027-08-10")), Some(day("2028-08-10"))));
    reviewing::set_owner(&mut tx, &author(), slug, "Technology director", 6).await.unwrap();
    let policy = policies::find(&mut tx, slug).await.unwrap();
    assert_eq!((policy.owner.as_str(), policy.next_review), ("Technology director", Some(day("2028-02-10"))));
    let draft = Outcome::Draft { material: true, reason: "a new law".into(), summary: "Says more.".into() };
    let begun = reviewing::review(&mut tx, &author(), slug, day("2027-08-10"), "A law has changed.", draft.clone()).await.unwrap().unwrap();
    assert_eq!((begun.number, begun.state, begun.material), (2, State::Draft, true));
    assert!(conflict(reviewing::review(&mut tx, &author(), slug, day("2027-08-10"), "Again.", draft).await).contains("in the making"));
    let kept = reviewing::reviews(&mut tx, &policy).await.unwrap();
    assert_eq!(kept.iter().map(|r| r.version).collect::<Vec<_>>(), [Some(2), None]);
    tx.commit().await.unwrap();
    let ada = as_author(world, "ada", "Ada Author").await;
    let page = ada.get(&format!("/policies/{slug}/review")).await.body;
    assert!(page.contains("A law has changed.") && page.contains("Looked after by Technology director"), "{page}");
    let unchosen = ada.post(&format!("/policies/{slug}/review"), &[("day", "2027-08-10"), ("note", "N")]).await;
    assert!(unchosen.status == 422 && unchosen.body.contains("nothing is chosen for you"));
    let uid = kept[1].uid.to_string();
    let fields = [("kind", "review"), ("about", uid.as_str()), ("back", "/policies"), ("note", "Minutes of the talk")];
    let attached = ada.upload("/evidence", &fields, "file", "talk.pdf", b"%PDF-1.7\n%%EOF\n").await;
    assert_eq!(attached.status, 303, "{}", attached.body);
    assert!(ada.get(&format!("/policies/{slug}/review")).await.body.contains("Minutes of the talk"));
});

story!(a_word_file_becomes_a_draft_and_a_hostile_one_is_refused, |world| {
    let ada = as_author(world, "ada", "Ada Author").await;
    let p = |style: &str, words: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{words}</w:t></w:r></w:p>")
    };
    let item = "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>in class</w:t></w:r></w:p>";
    let bold =
        "<w:p><w:r><w:t xml:space=\"preserve\">Never &lt;script&gt; </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>ever</w:t></w:r></w:p>";
    let body = [p("Title", "Phones"), p("Ttulo1", "Where"), p("", "Not here:"), item.into(), p("Heading1", "Why"), bold.into()].concat();
    let fields = |slug| [("slug", slug), ("kind", "board_policy"), ("audience", "all")];
    let made = ada.upload("/policies/import", &fields("phones"), "file", "phones.docx", &document(&body)).await;
    assert_eq!(made.status, 303, "{}", made.body);
    let mut tx = world.read().await;
    let version = policies::version(&mut tx, "phones", None).await.unwrap();
    let text = reading::text(&mut tx, version.id, "en").await.unwrap();
    drop(tx);
    assert_eq!(text.title, "Phones");
    let bodies: Vec<&str> = text.clauses().map(|c| c.body.as_str()).collect();
    assert_eq!(bodies, ["Not here:\n\n- in class", "Never \\<script>\\ **ever**".replace("\\ **", " **").as_str()]);
    let page = ada.get("/policies/phones/versions/1").await.body;
    assert!(!page.contains("<script>") && page.contains("&lt;script&gt;"), "{page}");

    let bomb = "<!DOCTYPE x [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;\">]>\
                <w:document><w:body><w:p><w:r><w:t>&c;</w:t></w:r></w:p></w:body></w:document>";
    let with = |xml: &str| word(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", xml)]);
    let huge = format!("<w:document><w:body>{}</w:body></w:document>", " ".repeat(17 << 20));
    let deep = format!("<w:document>{}</w:document>", "<a>".repeat(100_000));
    let stray = "<w:document><w:body><w:p><w:r><w:t>&outside;</w:t></w:r></w:p></w:body></w:document>";
    let climbing = word(&[("[Content_Types].xml", ""), ("word/document.xml", ""), ("../../evil", "x")]);
    for (n, bytes) in
        [with(bomb), with(&huge), with(&deep), with(stray), with("<w:document>"), climbing, b"PK\x03\x04".to_vec()].iter().enumerate()
    {
        let refused = ada.upload("/policies/import", &fields("bomb"), "file", "bomb.docx", bytes).await;
        assert_eq!(refused.status, 422, "file {n}: {}", refused.body);
    }
    assert_eq!(docx::read(&with(bomb)), Err("The document defines entities of its own, which no Word document does: it isn't read."));
    let markdown = "# Rules\n\n## One\n\nBe kind <script>alert(1)</script>.\n\n[x](javascript:alert(1))\n";
    assert_eq!(ada.upload("/policies/import", &fields("rules"), "file", "rules.md", markdown.as_bytes()).await.status, 303);
    let page = ada.get("/policies/rules/versions/1").await.body;
    assert!(!page.contains("<script>alert") && !page.contains("href=\"javascript"), "{page}");
});

story!(a_body_of_50_megabytes_is_refused_and_a_script_in_a_clause_is_harmless, |world| {
    let version = drafted(world).await;
    let ada = as_author(world, "ada", "Ada Author").await;
    let id = {
        let mut tx = world.read().await;
        policies::read(&mut tx, &version, Some("en")).await.unwrap().sections[0].clauses[0].id.clone()
    };
    let path = format!("/policies/{}/versions/1/clauses/{id}", version.slug);
    let expected = hidden(&ada.get(&path).await.body, "expected");
    let large = "x".repeat(50 << 20);
    let refused = ada.post(&path, &[("language", "en"), ("expected", &expected), ("body", &large)]).await;
    assert!(refused.status == 413 || refused.status == 422, "{}", refused.status);
    let refused = ada
        .upload("/policies/import", &[("slug", "large"), ("kind", "notice"), ("audience", "all")], "file", "a.md", large.as_bytes())
        .await;
    assert_eq!(refused.status, 422);
    let hostile = "Hello <script>alert(1)</script> <img src=x onerror=alert(1)> [a](javascript:alert(1))";
    assert_eq!(ada.post(&path, &[("language", "en"), ("expected", &expected), ("body", hostile)]).await.status, 303);
    for page in ["", "/policy.html?language=en", "/plain-words", "/translations/es", "/whole"] {
        let reply = ada.get(&format!("/policies/{}/versions/1{page}", version.slug)).await;
        assert_eq!(reply.status, 200, "{page}");
        for bad in ["<script>alert", "<img src=x", "href=\"javascript"] {
            assert!(!reply.body.contains(bad), "{page} has {bad}");
        }
    }
});

story!(hard_sentences_are_shown_and_any_two_versions_compared_on_paper_too, |world| {
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let first = published(&mut tx, world, &version, "2026-08-17").await;
    let second = policies::new_version(&mut tx, &author(), &version.slug, true, "r", "Says when. Nothing else.").await.unwrap();
    let clause = policies::read(&mut tx, &second, Some("en")).await.unwrap().sections[0].clauses[0].clone();
    let heavy = "Notwithstanding institutional responsibilities, administrators periodically communicate comprehensive requirements.";
    let words = Clause { id: clause.id.clone(), elements: vec![], body: heavy.into() };
    policies::set_clause(&mut tx, &author(), second.id, "en", &clause.hash, words).await.unwrap();
    published(&mut tx, world, &second, "2026-08-17").await;
    tx.commit().await.unwrap();
    let ada = as_author(world, "ada", "Ada Author").await;
    let page = ada.get(&format!("/policies/{}/versions/2/plain-words?language=en", first.slug)).await.body;
    assert!(page.contains("Notwithstanding institutional") && page.contains("Sentences to look at first"), "{page}");
    let visitor = world.client().await;
    let chosen = visitor.get(&format!("/policies/{}/changes?before=1&after=2", first.slug)).await;
    assert_eq!(chosen.location(), format!("/policies/{}/changes/1/2", first.slug));
    let pdf = visitor.get(&format!("/policies/{}/changes/1/2/changes.pdf", first.slug)).await;
    assert!(pdf.status == 200 && pdf.body.starts_with("%PDF-"), "{}", pdf.status);
    let html = visitor.get(&format!("/policies/{}/versions/2/policy.html?language=en", first.slug)).await;
    assert!(html.status == 200 && html.header("content-disposition").unwrap().contains("attachment") && html.body.contains(heavy));
});

story!(a_director_sees_whom_a_material_version_asks_again_before_publishing, |world| {
    use assent::adoption::{self, Adoption};
    use assent::obligations::requirements::{self, AnswersAs, NewRequirement, Subject, Window};
    use assent::roster::audience::Rule;
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let first = published(&mut tx, world, &version, "2026-08-17").await;
    let new = NewRequirement {
        title: "Agree to the rules".into(),
        subject: Subject::Policy { version: first.id.0, root: first.policy_id.0 },
        answers_as: AnswersAs::Oneself,
        audience: Rule::Role(vec!["student".into()]),
        due: Some(day("2026-09-30")),
        join_days: 14,
        goal: 95,
        minutes: 5,
        window: Window::default(),
    };
    let requirement = requirements::save(&mut tx, &world.operator(), &world.district, new).await.unwrap();
    requirements::issue(&mut tx, &world.operator(), &world.district, requirement.uid).await.unwrap();
    let second = policies::new_version(&mut tx, &world.operator(), &first.slug, true, "r", "Says more.").await.unwrap();
    let vote = Adoption { votes_for: 5, against: 0, abstained: 0, resolution: "R-2".into(), day: day("2026-08-17") };
    adoption::adopt(&mut tx, &world.operator(), second.id, vote).await.unwrap();
    let again = requirements::would_ask_again(
        &mut tx,
        &world.operator(),
        &world.district,
        Subject::Policy { version: second.id.0, root: second.policy_id.0 },
    )
    .await
    .unwrap();
    assert_eq!((again.len(), again[0].requirement.title.as_str()), (1, "Agree to the rules"));
    tx.commit().await.unwrap();
    let account = world.account_named("dora", "Dora Director", &[Role::Director]).await;
    let client = world.client().await;
    client.sign_in_as(world, account).await;
    let page = client.get(&format!("/policies/{}/versions/2", first.slug)).await.body;
    assert!(page.contains("Agree to the rules") && page.contains("would ask for 0 answers again"), "{page}");
});

/// A policy of so many clauses.
fn large(clauses: usize) -> NewPolicy {
    let mut source = String::from("# Everything\n");
    for n in 0..clauses {
        if n % 20 == 0 {
            write!(source, "\n## Part {}\n", n / 20 + 1).unwrap();
        }
        write!(source, "\nRule {n}: students ask an adult before they share a picture, and say so when something is wrong.\n").unwrap();
    }
    NewPolicy {
        slug: "everything".into(),
        kind: policies::Kind::BoardPolicy,
        audience: policies::Audience::All,
        owner: String::new(),
        reading_ceiling: Some(8.0),
        review_months: 12,
        texts: vec![importing::read(source.as_bytes(), "en", "x").unwrap()],
    }
}

story!(a_policy_of_400_clauses_and_12_versions_opens_edits_and_compares, |world| {
    let mut tx = world.write().await;
    let mut version = policies::create(&mut tx, &world.operator(), large(400)).await.unwrap();
    for number in 2..=12 {
        published(&mut tx, world, &version, "2026-08-17").await;
        version = policies::new_version(&mut tx, &world.operator(), "everything", false, "r", "").await.unwrap();
        assert_eq!(version.number, number);
        let clause = policies::read(&mut tx, &version, None).await.unwrap().sections[3].clauses[4].clone();
        let words = Clause { id: clause.id, elements: vec![], body: format!("{} Version {number}.", clause.body) };
        policies::set_clause(&mut tx, &world.operator(), version.id, "en", &clause.hash, words).await.unwrap();
    }
    assert_eq!(reading::text(&mut tx, version.id, "en").await.unwrap().clauses().count(), 400);
    tx.commit().await.unwrap();
    let ada = as_author(world, "ada", "Ada Author").await;
    let page = ada.get("/policies/everything/versions/12").await;
    assert!(page.status == 200 && page.body.contains("Rule 399"));
    let changes = ada.get("/policies/everything/changes/1/12").await;
    assert!(changes.status == 200 && changes.body.contains("Version 12."));
});
