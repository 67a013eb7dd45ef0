//! The filter's register and the requests to open what it blocks: who asks, who decides, by when, what is told, and what nobody learns.

use assent::filtering::requests::{self, NewDecision, NewRequest};
use assent::filtering::rules::{self, Rule, Wanted};
use assent::filtering::{Action, Audience, Basis, RuleChange, Scope, State, TargetKind, Urgency};
use assent::kernel::{Page, Problem, Role};
use assent::on;

use crate::world::{World, day};

fn games() -> Rule {
    Rule {
        audience: Audience::Students,
        basis: Some(Basis::Local),
        rationale: "Games take the lesson’s time.".into(),
        ..Rule::new("games", TargetKind::Category, "Games", Action::Block)
    }
}

fn wants(address: &str, urgency: Urgency) -> NewRequest {
    NewRequest {
        address: address.into(),
        category: "Games".into(),
        purpose: "Chess club".into(),
        urgency,
        scope: Scope::Class,
        until: None,
    }
}

fn says(granted: bool, reason: &str) -> NewDecision {
    NewDecision { granted, reason: reason.into(), until: None, change: RuleChange::None, bands: Vec::new() }
}

pub async fn with_games(world: &World) {
    let mut tx = world.write().await;
    rules::add(&mut tx, &world.operator(), &games(), "As the board decided").await.unwrap();
    tx.commit().await.unwrap();
}

/// The kinds of notices that wait for an account's person or itself.
async fn told(world: &World, kind: &str) -> i64 {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM notification WHERE kind = $1").bind(kind).fetch_one(c).await).unwrap()
}

story!(a_rule_says_what_is_missing_and_each_change_says_why, |world| {
    let mut tx = world.write().await;
    let operator = world.operator();
    rules::add(&mut tx, &operator, &games(), "").await.unwrap();
    assert!(matches!(rules::add(&mut tx, &operator, &games(), "").await, Err(Problem::Conflict(_))));
    let rule = rules::get(&mut tx, "games").await.unwrap();
    assert_eq!(rule, games());
    assert!(rule.is_broad() && rule.missing().contains(&"alternatives") && !rule.missing().contains(&"rationale"));

    let decided = day("2026-08-03");
    let full = Rule {
        citation: "Board policy 6.12".into(),
        evidence: "Incidents of spring 2026".into(),
        alternatives: [("warn_page".to_owned(), "Tried in May: passed by in nine of ten cases.".to_owned())].into(),
        neutrality: "Tried with both sides of six topics".into(),
        access: "No course needs it".into(),
        owner: "Network office".into(),
        approver: "Superintendent".into(),
        decided_on: Some(decided),
        effective_on: Some(decided),
        review_on: Some(day("2027-08-03")),
        vendor_version: "2026.2".into(),
        hours: Some((8 * 60, 15 * 60)),
        ..rule
    };
    assert!(matches!(rules::change(&mut tx, &operator, &full, " ").await, Err(Problem::Invalid(_))));
    let late = Rule { review_on: Some(day("2027-09-03")), ..full.clone() };
    assert!(matches!(rules::change(&mut tx, &operator, &late, "x").await, Err(Problem::Invalid(_))));
    rules::change(&mut tx, &operator, &full, "In lessons only").await.unwrap();
    // The same again is no change.
    rules::change(&mut tx, &operator, &full, "Again").await.unwrap();
    let rule = rules::get(&mut tx, "games").await.unwrap();
    assert!(rule.missing().is_empty() && !rule.is_broad(), "{rule:?}");
    // Words can't be blocked in CIPA's name: it speaks of visual depictions.
    let words = Rule { basis: Some(Basis::Cipa), ..Rule::new("words", TargetKind::Keyword, "sex", Action::Block) };
    assert!(words.is_broad() && !words.missing().contains(&"evidence"));

    let changes = rules::changes(&mut tx, Some("games"), 10).await.unwrap();
    assert_eq!(
        changes.iter().map(|c| (c.what.as_str(), c.why.as_str())).collect::<Vec<_>>(),
        [("changed", "In lessons only"), ("added", "")]
    );
    assert!(changes[0].differences.iter().any(|d| d.field == "hours"));
    tx.commit().await.unwrap();
    for sql in ["UPDATE filter_rule_change SET why = 'x'", "DELETE FROM filter_rule_change"] {
        let mut tx = world.write().await;
        assert!(on!(tx, |c| sqlx::query(sql).execute(c).await.map(drop)).is_err(), "{sql}");
    }
    let teacher = crate::policies::actor(9, "Tom Teacher", &[Role::Teacher]);
    let mut tx = world.write().await;
    assert!(matches!(rules::add(&mut tx, &teacher, &words, "").await, Err(Problem::NotFound)));
});

story!(the_register_is_listed_by_words_basis_action_and_grades, |world| {
    let mut tx = world.write().await;
    let operator = world.operator();
    for n in 0..120 {
        let basis = if n % 3 == 0 { Basis::Cipa } else { Basis::Local };
        let bands = if n % 2 == 0 { vec!["K-2".to_owned()] } else { vec!["9-12".to_owned()] };
        let rule = Rule {
            basis: Some(basis),
            bands,
            ..Rule::new(format!("rule-{n:03}"), TargetKind::Category, format!("Topic {n}"), Action::Block)
        };
        rules::add(&mut tx, &operator, &rule, "").await.unwrap();
    }
    let today = day("2026-08-17");
    let ended = Rule { ended_on: Some(today), ..rules::get(&mut tx, "rule-000").await.unwrap() };
    rules::change(&mut tx, &operator, &ended, "Not needed").await.unwrap();
    let mut total = async |wanted: Wanted| {
        let found = rules::list(&mut tx, &wanted, today, Page::number(None)).await.unwrap();
        (found.total, found.rows.len())
    };
    assert_eq!(total(Wanted::default()).await, (119, 50));
    assert_eq!(total(Wanted { ended: true, ..Wanted::default() }).await, (120, 50));
    assert_eq!(total(Wanted { basis: Some(Basis::Cipa), ..Wanted::default() }).await, (39, 39));
    assert_eq!(total(Wanted { band: "K-2".into(), ..Wanted::default() }).await.0, 59);
    assert_eq!(total(Wanted { words: "TOPIC 11".into(), ..Wanted::default() }).await.0, 11);
    assert_eq!(total(Wanted { words: "%".into(), action: Some(Action::Warn), ..Wanted::default() }).await.0, 0);
});

story!(a_student_is_refused_with_a_reason_appeals_and_the_rule_changes, |world| {
    with_games(world).await;
    let school = world.school("Harbor Middle").await;
    let sam = world.student(&school, "Sam Student", "07").await;
    let leader = world.school_leader(&school, "Lea Leader").await;
    let sam = world.account(&sam).await;
    let (lea, dora) = (world.account(&leader).await, world.granted("Dora Director", Role::Director).await);
    let (sam, lea, dora) = (world.actor(sam).await, world.actor(lea).await, world.actor(dora).await);

    let mut tx = world.write().await;
    let wrong = requests::ask(&mut tx, &sam, &wants("no address", Urgency::Normal)).await;
    assert!(matches!(wrong, Err(Problem::Invalid(_))));
    let uid = requests::ask(&mut tx, &sam, &wants("https://chess.example.org/play#top", Urgency::Normal)).await.unwrap();
    let listed = requests::list(&mut tx, &lea, false, Page::number(None)).await.unwrap();
    let request = &listed.rows[0];
    assert_eq!(
        (request.address.as_str(), request.band.as_str(), request.school.as_str()),
        ("chess.example.org/play", "6-8", "Harbor Middle")
    );
    assert_eq!(request.rule.as_deref(), Some("games"));
    // Asked on Monday at 8:00: two days of business end on Tuesday at 16:00.
    assert_eq!(request.due_at, world.district.zone.at(day("2026-08-18"), 16, 0));

    assert!(matches!(requests::decide(&mut tx, &lea, uid, &says(false, " ")).await, Err(Problem::Invalid(_))));
    assert!(matches!(requests::decide(&mut tx, &sam, uid, &says(true, "Mine")).await, Err(Problem::NotFound)));
    requests::decide(&mut tx, &lea, uid, &says(false, "Games are blocked in lessons.")).await.unwrap();
    assert!(matches!(requests::decide(&mut tx, &dora, uid, &says(true, "x")).await, Err(Problem::Conflict(_))));
    let own = requests::own(&mut tx, &sam).await.unwrap();
    assert_eq!((own[0].state, own[0].decisions[0].reason.as_str()), (State::Refused, "Games are blocked in lessons."));

    assert!(matches!(requests::appeal(&mut tx, &lea, uid, "x").await, Err(Problem::NotFound)));
    requests::appeal(&mut tx, &sam, uid, "It is a school club.").await.unwrap();
    assert!(matches!(requests::appeal(&mut tx, &sam, uid, "Again").await, Err(Problem::Conflict(_))));
    // Somebody else decides.
    assert!(matches!(requests::decide(&mut tx, &lea, uid, &says(false, "Still")).await, Err(Problem::Conflict(_))));
    assert!(!requests::may_decide(&mut tx, &lea, uid).await.unwrap() && requests::may_decide(&mut tx, &dora, uid).await.unwrap());
    let narrower =
        NewDecision { change: RuleChange::Bands, bands: vec!["K-2".into(), "3-5".into()], ..says(true, "Older students may play chess.") };
    requests::decide(&mut tx, &dora, uid, &narrower).await.unwrap();
    assert_eq!(rules::get(&mut tx, "games").await.unwrap().bands, ["K-2", "3-5"]);
    let changes = rules::changes(&mut tx, None, 10).await.unwrap();
    assert!(changes[0].on_request && changes[0].why == "Older students may play chess.");
    assert!(matches!(requests::appeal(&mut tx, &sam, uid, "x").await, Err(Problem::Conflict(_))));

    let (from, before) = (world.district.zone.start_of(day("2026-07-01")), world.district.zone.start_of(day("2026-08-18")));
    let figures = requests::figures(&mut tx, from, before).await.unwrap();
    assert_eq!((figures.counted, figures.in_time, figures.granted, figures.appealed, figures.overturned), (1, 1, 1, 1, 1));
    assert_eq!(requests::by_rule(&mut tx).await.unwrap(), [("games".to_owned(), 1, 1)]);
    tx.commit().await.unwrap();
    assert_eq!(told(world, "request.decided").await, 2);
    // The names of students stand nowhere.
    let mut tx = world.read().await;
    let named: i64 = on!(tx, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM audit_entry WHERE action LIKE 'filter%' AND (actor_name LIKE '%Sam%' OR detail LIKE '%Sam%')"
    )
    .fetch_one(c)
    .await)
    .unwrap();
    assert_eq!(named, 0);
});

story!(a_request_in_a_crisis_is_seen_by_few_and_says_nothing_of_whom, |world| {
    let (school, other) = (world.school("Harbor High").await, world.school("Hill High").await);
    let sam = world.student(&school, "Sam Student", "10").await;
    let tom = world.teacher(&school, "Tom Teacher").await;
    let lea = world.school_leader(&school, "Lea Leader").await;
    let hal = world.school_leader(&other, "Hal Hill").await;
    let (sam, tom, lea, hal) = (world.account(&sam).await, world.account(&tom).await, world.account(&lea).await, world.account(&hal).await);
    let cora = world.granted("Cora Counselor", Role::Staff).await;
    let dora = world.granted("Dora Director", Role::Director).await;
    let ([sam, tom, lea, hal], [cora, dora]) = (
        [world.actor(sam).await, world.actor(tom).await, world.actor(lea).await, world.actor(hal).await],
        [world.actor(cora).await, world.actor(dora).await],
    );

    // At ten in the evening: the four hours begin when the offices open.
    world.clock.set(world.district.zone.at(day("2026-08-17"), 22, 0));
    let mut tx = world.write().await;
    let crisis = requests::ask(&mut tx, &sam, &wants("https://help.example.org/chat?who=sam", Urgency::CrisisHealth)).await.unwrap();
    let lesson = requests::ask(&mut tx, &tom, &wants("https://video.example.org/a?v=1", Urgency::Normal)).await.unwrap();
    // Nobody is named: the director sees it.
    let seen = requests::get(&mut tx, &dora, crisis).await.unwrap();
    assert_eq!((seen.school.as_str(), seen.address.as_str()), ("", "help.example.org/chat"));
    assert_eq!(seen.due_at, world.district.zone.at(day("2026-08-18"), 12, 0));
    assert!(matches!(requests::set_confidants(&mut tx, &lea, &[lea.account]).await, Err(Problem::NotFound)));
    requests::set_confidants(&mut tx, &dora, &[cora.account]).await.unwrap();
    for (reader, sees) in [(&cora, vec![crisis]), (&dora, vec![lesson]), (&lea, vec![lesson]), (&hal, vec![])] {
        let listed = requests::list(&mut tx, reader, true, Page::number(None)).await.unwrap();
        assert_eq!(listed.rows.iter().map(|r| r.uid).collect::<Vec<_>>(), sees, "{}", reader.name);
        assert_eq!(requests::get(&mut tx, reader, crisis).await.is_ok(), sees.contains(&crisis), "{}", reader.name);
    }
    assert!(matches!(requests::list(&mut tx, &sam, true, Page::number(None)).await, Err(Problem::NotFound)));
    assert!(matches!(requests::get(&mut tx, &tom, crisis).await, Err(Problem::NotFound)));
    let guardian = crate::policies::actor(77, "Gus Guardian", &[Role::Guardian]);
    assert!(matches!(requests::ask(&mut tx, &guardian, &wants("a.org", Urgency::Normal)).await, Err(Problem::NotFound)));
    requests::decide(&mut tx, &cora, crisis, &says(true, "This is help.")).await.unwrap();
    // The register is the director's: whoever is asked in confidence opens the address, and no rule.
    let opens = NewDecision { change: RuleChange::Allow, ..says(true, "For the lesson") };
    assert!(matches!(requests::decide(&mut tx, &lea, lesson, &opens).await, Err(Problem::Invalid(_))));
    requests::decide(&mut tx, &dora, lesson, &opens).await.unwrap();
    let allowed = requests::get(&mut tx, &tom, lesson).await.unwrap().decisions[0].rule.clone().unwrap();
    let rule = rules::get(&mut tx, &allowed).await.unwrap();
    assert_eq!((rule.target.as_str(), rule.action, rule.audience), ("video.example.org", Action::Allow, Audience::Staff));
    tx.commit().await.unwrap();

    let mut tx = world.read().await;
    let known: i64 =
        on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM audit_entry WHERE action = 'filter_request.made' AND account_id IS NOT NULL")
            .fetch_one(c)
            .await)
        .unwrap();
    assert_eq!(known, 1, "who asked in a crisis isn't in the audit trail");
});
