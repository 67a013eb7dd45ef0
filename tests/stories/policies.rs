//! Policies: from the library to publication, what may change when, and what readers see.

use std::collections::BTreeMap;

use assent::db::Tx;
use assent::feedback;
use assent::kernel::{AccountId, Actor, Problem, Reach, Role};
use assent::on;
use assent::policies::compare::{Mark, Status};
use assent::policies::{self, Clause, Revision, State, Version, reading};

use crate::world::{World, day};

pub fn actor(id: i64, name: &str, roles: &[Role]) -> Actor {
    Actor { account: AccountId(id), person: None, name: name.into(), roles: roles.to_vec(), reach: Reach::Own, by_link: false }
}

pub fn author() -> Actor {
    actor(7, "Ada Author", &[Role::Author])
}

pub fn conflict<T: std::fmt::Debug>(result: Result<T, Problem>) -> String {
    match result {
        Err(Problem::Conflict(text)) => text,
        other => panic!("not a conflict: {other:?}"),
    }
}

/// The agreement for grades 6 to 8, taken, its blank filled.
pub async fn agreement(tx: &mut Tx, world: &World) -> Version {
    let version = policies::take(tx, &world.operator(), "responsible-use-6-8").await.unwrap();
    fill(tx, world, &version).await;
    version
}

pub async fn fill(tx: &mut Tx, world: &World, version: &Version) {
    let blanks: BTreeMap<String, String> =
        reading::open_blanks(tx, version.id).await.unwrap().into_iter().map(|b| (b, "555-0100".to_owned())).collect();
    policies::fill_blanks(tx, &world.operator(), version.id, None, &blanks).await.unwrap();
}

/// Adopted without feedback and in force from that day.
pub async fn published(tx: &mut Tx, world: &World, version: &Version, effective: &str) -> Version {
    let operator = world.operator();
    let vote = assent::adoption::Adoption {
        votes_for: 5,
        against: 0,
        abstained: 0,
        resolution: "R-1".into(),
        day: world.district.today(tx.now()),
    };
    assent::adoption::adopt(tx, &operator, version.id, vote).await.unwrap();
    policies::publish(tx, &operator, version.id, day(effective)).await.unwrap()
}

story!(a_policy_from_the_library_knows_the_district_and_its_open_blanks, |world| {
    let mut tx = world.write().await;
    let version = policies::take(&mut tx, &world.operator(), "internet-safety").await.unwrap();
    let first = reading::text(&mut tx, version.id, "en").await.unwrap().sections[0].clauses[0].clone();
    let words = Clause { body: "The schools of [[district name]] agree.".into(), ..first.clone() };
    let text = policies::set_clause(&mut tx, &author(), version.id, "en", &first.hash(), words).await.unwrap();
    assert_eq!(text.clause(&first.id).unwrap().body, "The schools of Test District agree.");
    assert_eq!(reading::text(&mut tx, version.id, "en").await.unwrap(), text);
    let blanks = reading::open_blanks(&mut tx, version.id).await.unwrap();
    assert!(blanks.contains(&"reporting link or phone number".to_owned()), "{blanks:?}");
    let coverage = reading::coverage(&mut tx, &version).await.unwrap();
    assert!(coverage.iter().filter(|c| c.required).all(|c| !c.clauses.is_empty()));
    assert!(conflict(policies::take(&mut tx, &world.operator(), "internet-safety").await).contains("already"));
    let unknown = policies::take(&mut tx, &world.operator(), "nothing").await.unwrap_err().to_string();
    assert!(unknown.contains("it has accessibility") && unknown.contains("family-agreement"), "{unknown}");
});

story!(a_reader_gets_numbers_and_the_own_language_or_hears_that_there_is_none, |world| {
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let spanish = policies::read(&mut tx, &version, Some("es-MX")).await.unwrap();
    assert_eq!((spanish.language.as_str(), spanish.instead_of.as_deref()), ("es", None));
    let english = policies::read(&mut tx, &version, Some("vi")).await.unwrap();
    assert_eq!((english.language.as_str(), english.instead_of.as_deref()), ("en", Some("vi")));
    assert_eq!(english.sections[1].clauses[0].number, "2.1");
    assert_eq!(english.minutes, reading::text(&mut tx, version.id, "en").await.unwrap().minutes());
    assert!(english.sections[0].clauses[0].html().starts_with("<p>"));
    assert_ne!(english.hash, spanish.hash);
});

story!(only_authors_find_a_draft_to_change, |world| {
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let teacher = actor(9, "Tom", &[Role::Teacher]);
    assert!(matches!(policies::take(&mut tx, &teacher, "internet-safety").await, Err(Problem::NotFound)));
    assert!(matches!(policies::new_version(&mut tx, &teacher, "responsible-use-6-8", true, "r", "").await, Err(Problem::NotFound)));
    assert!(matches!(policies::withdraw(&mut tx, &teacher, version.id, "r").await, Err(Problem::NotFound)));
    assert!(matches!(policies::publish(&mut tx, &author(), version.id, day("2026-09-01")).await, Err(Problem::NotFound)));
    assert!(!policies::may_read(Some(&teacher), &version) && !policies::may_read(None, &version));
    assert!(policies::may_read(Some(&author()), &version));
});

story!(two_authors_of_one_clause_don_t_overwrite_each_other, |world| {
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let read = policies::read(&mut tx, &version, Some("en")).await.unwrap();
    let clause = read.sections[0].clauses[0].clone();
    let words = |body: &str| Clause { id: clause.id.clone(), elements: vec![], body: body.into() };
    policies::set_clause(&mut tx, &author(), version.id, "en", &clause.hash, words("Mine.")).await.unwrap();
    let late = policies::set_clause(&mut tx, &world.operator(), version.id, "en", &clause.hash, words("Theirs.")).await;
    assert!(conflict(late).contains("changed by somebody else"));
    let text = reading::text(&mut tx, version.id, "en").await.unwrap();
    assert_eq!(text.clause(&clause.id).unwrap().body, "Mine.");
    let late = policies::remove_clause(&mut tx, &author(), version.id, ("en", &read.hash), &clause.id).await;
    assert!(conflict(late).contains("changed by somebody else"));
    let heading = policies::set_clause(&mut tx, &author(), version.id, "en", "", words("## No")).await;
    assert!(heading.unwrap_err().to_string().contains("holds no heading"));
});

story!(clauses_come_move_and_go_in_every_language_alike, |world| {
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let english = reading::text(&mut tx, version.id, "en").await.unwrap();
    let (first, second) = (english.sections[0].clone(), english.sections[1].clone());
    let moved = first.clauses[0].id.clone();
    let seen = english.hash().unwrap();
    policies::move_clause(&mut tx, &author(), version.id, ("en", &seen), &moved, &second.id, Some(&second.clauses[0].id)).await.unwrap();
    for language in ["en", "es"] {
        let text = reading::text(&mut tx, version.id, language).await.unwrap();
        assert_eq!(text.sections.iter().find(|s| s.id == second.id).unwrap().clauses[1].id, moved, "{language}");
    }
    let seen = reading::text(&mut tx, version.id, "en").await.unwrap().hash().unwrap();
    policies::remove_clause(&mut tx, &author(), version.id, ("en", &seen), &moved).await.unwrap();
    assert!(policies::gaps(&mut tx, version.id).await.unwrap().is_empty());
    let seen = reading::text(&mut tx, version.id, "en").await.unwrap().hash().unwrap();
    let new = Clause { id: "brand-new".into(), elements: vec![], body: "New words.".into() };
    policies::add_clause(&mut tx, &author(), version.id, ("en", &seen), ("extras", "Extras"), None, new).await.unwrap();
    let gaps = policies::gaps(&mut tx, version.id).await.unwrap();
    assert_eq!(gaps, ["the texts in en and es differ in their clauses, their order or their consents"]);
});

story!(after_feedback_begins_a_clause_changes_only_with_its_reason, |world| {
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    feedback::open_round(&mut tx, &author(), version.id, day("2026-09-01"), true).await.unwrap();
    let clause = policies::read(&mut tx, &version, Some("en")).await.unwrap().sections[0].clauses[0].clone();
    let plain = Clause { id: clause.id.clone(), elements: vec![], body: "Other.".into() };
    let told = conflict(policies::set_clause(&mut tx, &author(), version.id, "en", &clause.hash, plain).await);
    assert!(told.contains("people have read it"), "{told}");
    let teacher = actor(9, "Tom", &[Role::Teacher]);
    let new = feedback::NewComment {
        language: "en".into(),
        clause: Some(clause.id.clone()),
        body: "Plainer, please.".into(),
        ..Default::default()
    };
    let comment = feedback::comment(&mut tx, Some(&teacher), version.id, new).await.unwrap();
    assert_eq!(comment.quote, clause.body);
    let revision = Revision {
        language: "en".into(),
        clause: clause.id.clone(),
        body: "Plainer words.".into(),
        expected: clause.hash.clone(),
        comment: Some(comment.uid),
        reason: "asked for by a teacher".into(),
    };
    feedback::revise(&mut tx, &author(), version.id, revision.clone()).await.unwrap();
    assert!(conflict(feedback::revise(&mut tx, &author(), version.id, revision.clone()).await).contains("changed by somebody else"));
    let stray = Revision { comment: Some(version.uid), ..revision };
    assert!(matches!(feedback::revise(&mut tx, &author(), version.id, stray).await, Err(Problem::Invalid(_))));
    let kept = policies::revisions(&mut tx, version.id).await.unwrap();
    assert_eq!((kept.len(), kept[0].before_body.as_str(), kept[0].after_body.as_str()), (1, clause.body.as_str(), "Plainer words."));
    assert_eq!(kept[0].comment_uid, Some(comment.uid));
});

story!(the_database_itself_keeps_an_adopted_text, |world| {
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    published(&mut tx, world, &version, "2026-08-20").await;
    tx.commit().await.unwrap();
    for sql in [
        "UPDATE clause SET body = 'x'",
        "DELETE FROM clause",
        "UPDATE version_text SET title = 'x'",
        "DELETE FROM version_text",
        "INSERT INTO version_text (version_id, language, title, summary, statement, if_declined, hash)
         SELECT id, 'fr', '', '', '', '', '' FROM policy_version",
        "UPDATE policy_version SET state = 'draft'",
        "UPDATE policy_version SET material = NOT material",
        "UPDATE policy_version SET effective = 1",
        "DELETE FROM policy_version",
        "UPDATE adoption SET votes_for = 9",
    ] {
        let mut tx = world.write().await;
        let refused = on!(tx, |c| sqlx::query(sql).execute(c).await.map(drop)).unwrap_err().to_string();
        let named = ["never changed", "never deleted", "append-only"].iter().any(|w| refused.contains(w));
        assert!(named, "{sql}: {refused}");
    }
    let mut tx = world.write().await;
    let blank = BTreeMap::from([("x".to_owned(), "y".to_owned())]);
    let told = conflict(policies::fill_blanks(&mut tx, &world.operator(), version.id, None, &blank).await);
    assert!(told.contains("begin a new version"), "{told}");
});

story!(a_later_version_takes_over_on_its_day_and_the_earlier_stays_to_be_read, |world| {
    let mut tx = world.write().await;
    let operator = world.operator();
    let first = agreement(&mut tx, world).await;
    let first = published(&mut tx, world, &first, "2026-08-20").await;
    let listed = policies::list_public(&mut tx, day("2026-08-17"), Some("es")).await.unwrap();
    assert!(listed[0].current.is_none() && listed[0].coming.is_some() && listed[0].language == "es");
    assert_eq!(policies::find(&mut tx, &first.slug).await.unwrap().next_review, Some(day("2027-08-20")));

    let second =
        policies::new_version(&mut tx, &operator, &first.slug, true, "a new rule on AI", "Says when AI may be used.").await.unwrap();
    assert_eq!((second.number, second.state), (2, State::Draft));
    assert!(conflict(policies::new_version(&mut tx, &operator, &first.slug, true, "r", "").await).contains("version 2"));
    let clause = policies::read(&mut tx, &second, Some("en")).await.unwrap().sections[0].clauses[0].clone();
    let body = format!("{} Ask when in doubt.", clause.body);
    let changed = Clause { id: clause.id.clone(), elements: clause.elements.clone(), body };
    policies::set_clause(&mut tx, &operator, second.id, "en", &clause.hash, changed).await.unwrap();
    let early = policies::publish(&mut tx, &operator, second.id, day("2026-09-01")).await;
    assert!(conflict(early).contains("adopt it first"));
    let second = published(&mut tx, world, &second, "2026-09-01").await;

    let at = |date: &'static str| day(date);
    let number = |v: Option<Version>| v.map(|v| v.number);
    assert_eq!(number(policies::current(&mut tx, first.policy_id, at("2026-08-19")).await.unwrap()), None);
    assert_eq!(number(policies::current(&mut tx, first.policy_id, at("2026-08-31")).await.unwrap()), Some(1));
    assert_eq!(number(policies::current(&mut tx, first.policy_id, at("2026-09-01")).await.unwrap()), Some(2));
    assert_eq!(policies::settle(&mut tx, at("2026-08-31")).await.unwrap(), []);
    assert_eq!(policies::settle(&mut tx, at("2026-09-01")).await.unwrap(), [first.id]);
    assert_eq!(policies::version(&mut tx, &first.slug, Some(1)).await.unwrap().state, State::Superseded);

    let comparison = reading::changes(&mut tx, first.id, second.id, "en").await.unwrap();
    assert_eq!(comparison.changes(), 1);
    let change = comparison.clauses.iter().find(|c| c.status == Status::Changed).unwrap();
    let inserted: String = change.segments.iter().filter(|s| s.mark == Mark::Insert).map(|s| s.text.as_str()).collect();
    assert_eq!((change.id.as_str(), inserted.trim()), (clause.id.as_str(), "Ask when in doubt."));

    world.go_to("2026-09-10");
    tx.commit().await.unwrap();
    let mut tx = world.write().await;
    policies::withdraw(&mut tx, &operator, second.id, "the board took it back").await.unwrap();
    assert_eq!(number(policies::current(&mut tx, first.policy_id, at("2026-09-09")).await.unwrap()), Some(2));
    assert_eq!(number(policies::current(&mut tx, first.policy_id, at("2026-09-10")).await.unwrap()), None);
    let told = conflict(policies::withdraw(&mut tx, &operator, first.id, "r").await);
    assert!(told.contains("in force no more"), "{told}");
});

story!(a_stored_text_comes_back_as_it_was_written, |world| {
    let mut tx = world.write().await;
    for shipped in policies::library::shipped() {
        let version = policies::take(&mut tx, &world.operator(), &shipped.slug).await.unwrap();
        for (language, document) in shipped.documents {
            let mut text = document.text;
            text.fill("district name", "Test District");
            assert_eq!(reading::text(&mut tx, version.id, &language).await.unwrap(), text, "{} {language}", shipped.slug);
        }
    }
});
