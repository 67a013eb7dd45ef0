//! Requirements, duties and the ledger of counts.

use std::collections::BTreeMap;

use assent::kernel::{Day, ObligationId, Page, Problem, Role};
use assent::obligations::figures::{self, By, Counts};
use assent::obligations::requirements::{self, Preview, Window};
use assent::obligations::{
    self, AnswersAs, Closing, NewRequirement, RequirementState, State, Subject, dispensations, duties, people, tasks, verify,
};
use assent::on;
use assent::roster::audience::Rule;
use uuid::Uuid;

use crate::world::people::Person;
use crate::world::{World, day};

pub const POLICY: Subject = Subject::Policy { version: 1, root: 1 };

/// "Read the agreement" for all students, due on 1 September, newcomers have 14 days.
pub fn for_students() -> NewRequirement {
    NewRequirement {
        title: "Read the agreement".into(),
        subject: POLICY,
        answers_as: AnswersAs::Oneself,
        audience: Rule::Role(vec!["student".into()]),
        due: Some(day("2026-09-01")),
        join_days: 14,
        goal: 95,
        minutes: 5,
        window: Window::default(),
    }
}

pub fn for_guardians() -> NewRequirement {
    NewRequirement { title: "Family agreement".into(), answers_as: AnswersAs::Guardian, ..for_students() }
}

/// Saves and issues; the uid.
pub async fn issued(world: &World, new: NewRequirement) -> Uuid {
    let mut tx = world.write().await;
    let requirement = requirements::save(&mut tx, &world.operator(), &world.district, new).await.unwrap();
    requirements::issue(&mut tx, &world.operator(), &world.district, requirement.uid).await.unwrap();
    tx.commit().await.unwrap();
    requirement.uid
}

/// The person's live duty under a requirement: key, state, last day, role in which it counts.
pub async fn duty(world: &World, requirement: Uuid, person: &Person, about: &Person) -> Option<(ObligationId, State, Day)> {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_as(
        "SELECT o.id, o.state, o.due FROM obligation o JOIN requirement r ON r.id = o.requirement_id
         WHERE r.uid = $1 AND o.person_id = $2 AND o.about_id = $3 AND o.ended IS NULL"
    )
    .bind(requirement)
    .bind(person.id)
    .bind(about.id)
    .fetch_optional(c)
    .await)
    .unwrap()
}

pub async fn closes(world: &World, requirement: Uuid, person: &Person, about: &Person, how: Closing) {
    let (id, ..) = duty(world, requirement, person, about).await.unwrap();
    let mut tx = world.write().await;
    duties::close(&mut tx, &world.district, id, how.clone()).await.unwrap();
    if how == Closing::Fulfilled {
        duties::one_guardian_is_enough(&mut tx, &world.district, &[id]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

pub async fn agrees(world: &World, requirement: Uuid, person: &Person) {
    closes(world, requirement, person, person, Closing::Fulfilled).await;
}

pub async fn total(world: &World, requirement: Uuid, date: &str) -> Counts {
    figures::total(&mut world.read().await, &world.operator(), requirement, day(date)).await.unwrap()
}

/// School and counts as of a day.
pub async fn by_school(world: &World, requirement: Uuid, date: &str) -> BTreeMap<String, Counts> {
    let lines = figures::lines(&mut world.read().await, &world.operator(), requirement, day(date), By::School).await.unwrap();
    lines.into_iter().map(|line| (line.label, line.counts)).collect()
}

/// Ledger and obligations agree in every cell of every day; and each day's figure is what a recount by hand gives.
pub async fn assert_ledger_agrees(world: &World, requirement: Uuid, until: &str) {
    #[derive(sqlx::FromRow)]
    struct Row {
        school: String,
        due: Day,
        opened: Day,
        state: State,
        closed: Option<Day>,
        ended: Option<Day>,
    }
    let mut tx = world.read().await;
    assert_eq!(verify::ledger(&mut tx).await.unwrap(), []);
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT s.name AS school, o.due, o.opened, o.state, o.closed, o.ended FROM obligation o
         JOIN org s ON s.id = o.school_id JOIN requirement r ON r.id = o.requirement_id WHERE r.uid = $1"
    )
    .bind(requirement)
    .fetch_all(c)
    .await)
    .unwrap();
    drop(tx);
    let mut on_day = day("2026-08-15");
    while on_day <= day(until) {
        let mut counted = BTreeMap::<String, Counts>::new();
        for row in rows.iter().filter(|r| r.opened <= on_day && r.ended.is_none_or(|ended| ended > on_day)) {
            let counts = counted.entry(row.school.clone()).or_default();
            match row.closed.filter(|closed| *closed <= on_day).map_or(State::Open, |_| row.state) {
                State::Open => {
                    counts.open += 1;
                    counts.late += i64::from(row.due < on_day);
                }
                State::Fulfilled => counts.fulfilled += 1,
                State::Declined => counts.declined += 1,
                State::Exempt => counts.exempt += 1,
            }
        }
        assert_eq!(by_school(world, requirement, &on_day.iso()).await, counted, "on {on_day}");
        on_day = on_day.plus(1);
    }
}

story!(a_preview_says_whom_a_requirement_would_reach_and_changes_nothing, |world| {
    let harbor = world.school("Harbor Middle").await;
    let cedar = world.school("Cedar Ridge").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let noah = world.student(&harbor, "Noah Baker", "07").await;
    let grown = world.student(&cedar, "Olga Cole", "12").await;
    world.turns_18(&grown, "2026-08-01").await;
    world.teacher(&cedar, "Tom Teacher").await;
    world.guardian("Gail Archer", &[&mary]).await;
    let mut tx = world.read().await;
    let all = Rule::Role(vec!["student".into()]);
    let seen = requirements::preview(&mut tx, &world.operator(), &world.district, &all, AnswersAs::Oneself).await.unwrap();
    assert_eq!((seen.total, seen.people, seen.without_guardian), (3, 3, 0));
    assert_eq!(seen.by_school, [("Harbor Middle".to_owned(), 2), ("Cedar Ridge".to_owned(), 1)]);
    let Preview { total, without_guardian, .. } =
        requirements::preview(&mut tx, &world.operator(), &world.district, &Rule::Everybody, AnswersAs::Guardian).await.unwrap();
    assert_eq!((total, without_guardian), (1, 1), "Noah alone lacks a guardian: Olga is of age, Tom no student");
    let _ = noah;
    let made: i64 = on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM obligation").fetch_one(c).await).unwrap();
    assert_eq!(made, 0);
});

story!(issuing_asks_everybody_once_and_only_a_director_may, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let uid = issued(world, for_students()).await;
    assert_eq!(total(world, uid, "2026-08-17").await, Counts { open: 1, ..Counts::default() });
    assert_eq!(total(world, uid, "2026-09-01").await.late, 0);
    assert_eq!(total(world, uid, "2026-09-02").await.late, 1);
    let mut tx = world.write().await;
    assert!(matches!(requirements::issue(&mut tx, &world.operator(), &world.district, uid).await, Err(Problem::Conflict(_))));
    let account = world_actor_of(world, &mary, tx).await;
    let mut tx = world.write().await;
    assert!(matches!(requirements::save(&mut tx, &account, &world.district, for_students()).await, Err(Problem::NotFound)));
    let own = tasks::of(&mut tx, &account).await.unwrap();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].title, "Read the agreement");
});

async fn world_actor_of(world: &World, person: &Person, tx: assent::db::Tx) -> assent::kernel::Actor {
    drop(tx);
    let account = world.account(person).await;
    world.actor(account).await
}

story!(what_was_saved_with_a_last_day_that_has_passed_is_not_issued, |world| {
    let mut tx = world.write().await;
    let saved = requirements::save(&mut tx, &world.operator(), &world.district, for_students()).await.unwrap();
    tx.commit().await.unwrap();
    world.go_to("2026-09-02");
    let mut tx = world.write().await;
    let refused = requirements::issue(&mut tx, &world.operator(), &world.district, saved.uid).await.unwrap_err();
    assert!(refused.to_string().contains("2026-09-01"), "{refused}");
});

story!(a_newcomer_has_days_of_their_own, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let fixed = issued(world, for_students()).await;
    let rolling = issued(world, NewRequirement { due: None, subject: Subject::Course { version: 9, root: 9 }, ..for_students() }).await;
    assert_eq!(duty(world, fixed, &mary, &mary).await.unwrap().2, day("2026-09-01"));
    assert_eq!(duty(world, rolling, &mary, &mary).await.unwrap().2, day("2026-08-31"));
    world.go_to("2026-08-25");
    let noah = world.student(&harbor, "Noah Baker", "08").await;
    world.joined(&noah, "2026-08-25").await;
    world.follow(&[&noah]).await;
    assert_eq!(duty(world, fixed, &noah, &noah).await.unwrap().2, day("2026-09-08"));
    assert_eq!(duty(world, rolling, &noah, &noah).await.unwrap().2, day("2026-09-08"));
    assert_ledger_agrees(world, fixed, "2026-09-10").await;
});

story!(who_moves_counts_at_the_new_school_and_past_days_keep_their_figures, |world| {
    let harbor = world.school("Harbor Middle").await;
    let cedar = world.school("Cedar Ridge").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    world.student(&harbor, "Noah Baker", "07").await;
    let uid = issued(world, for_students()).await;
    world.go_to("2026-08-20");
    agrees(world, uid, &mary).await;
    world.go_to("2026-08-24");
    world.moves(&mary, &cedar).await;
    let before = by_school(world, uid, "2026-08-23").await;
    assert_eq!(before["Harbor Middle"], Counts { open: 1, fulfilled: 1, ..Counts::default() });
    assert!(!before.contains_key("Cedar Ridge"));
    let after = by_school(world, uid, "2026-08-24").await;
    assert_eq!(after["Harbor Middle"], Counts { open: 1, ..Counts::default() });
    assert_eq!(after["Cedar Ridge"], Counts { fulfilled: 1, ..Counts::default() });
    assert_ledger_agrees(world, uid, "2026-09-05").await;
});

story!(who_leaves_counts_no_more_from_that_day_and_who_returns_keeps_the_answer, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let noah = world.student(&harbor, "Noah Baker", "07").await;
    let uid = issued(world, for_students()).await;
    agrees(world, uid, &mary).await;
    world.go_to("2026-08-24");
    world.leaves(&mary).await;
    world.leaves(&noah).await;
    assert_eq!(total(world, uid, "2026-08-23").await, Counts { open: 1, fulfilled: 1, ..Counts::default() });
    assert_eq!(total(world, uid, "2026-08-24").await, Counts::default());
    world.go_to("2026-10-05");
    world.returns(&mary).await;
    world.returns(&noah).await;
    assert_eq!(duty(world, uid, &mary, &mary).await.unwrap().1, State::Fulfilled);
    let (_, state, due) = duty(world, uid, &noah, &noah).await.unwrap();
    assert_eq!((state, due), (State::Open, day("2026-10-19")));
    assert_ledger_agrees(world, uid, "2026-10-20").await;
});

story!(a_no_may_become_a_yes_and_both_days_stay_true, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let uid = issued(world, for_students()).await;
    world.go_to("2026-08-20");
    closes(world, uid, &mary, &mary, Closing::Declined).await;
    world.go_to("2026-08-22");
    agrees(world, uid, &mary).await;
    assert_eq!(total(world, uid, "2026-08-21").await, Counts { declined: 1, ..Counts::default() });
    assert_eq!(total(world, uid, "2026-08-22").await, Counts { fulfilled: 1, ..Counts::default() });
    assert_ledger_agrees(world, uid, "2026-09-05").await;
});

story!(an_exemption_has_a_reason_and_counts_in_no_share, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let uid = issued(world, for_students()).await;
    let mut tx = world.write().await;
    let standing = dispensations::standing(&mut tx, &world.operator(), uid, mary.uid, mary.uid).await.unwrap();
    assert!(matches!(dispensations::exempt(&mut tx, &world.operator(), &world.district, &standing, "  ").await, Err(Problem::Invalid(_))));
    dispensations::exempt(&mut tx, &world.operator(), &world.district, &standing, "uses no device").await.unwrap();
    tx.commit().await.unwrap();
    let counts = total(world, uid, "2026-08-17").await;
    assert_eq!((counts.exempt, counts.asked(), counts.per_mille()), (1, 0, None));
    let listed =
        people::behind(&mut world.read().await, &world.operator(), uid, day("2026-08-17"), &people::Filter::default(), Page::number(None))
            .await
            .unwrap();
    assert_eq!(listed.rows[0].reason.as_deref(), Some("uses no device"));
    assert_ledger_agrees(world, uid, "2026-08-20").await;
});

story!(each_guardian_is_asked_for_each_child_and_one_answer_is_enough, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let max = world.student(&harbor, "Max Archer", "06").await;
    let gail = world.guardian("Gail Archer", &[&mary, &max]).await;
    let ben = world.guardian("Ben Archer", &[&mary]).await;
    let uid = issued(world, for_guardians()).await;
    assert_eq!(total(world, uid, "2026-08-17").await.open, 3);
    world.go_to("2026-08-19");
    closes(world, uid, &gail, &mary, Closing::Fulfilled).await;
    assert_eq!(duty(world, uid, &ben, &mary).await.unwrap().1, State::Exempt);
    assert_eq!(duty(world, uid, &gail, &max).await.unwrap().1, State::Open);
    // A guardian who comes later isn't asked for what another has answered.
    world.go_to("2026-08-21");
    let late = world.guardian("Lee Later", &[&mary, &max]).await;
    world.follow(&[&late]).await;
    assert_eq!(duty(world, uid, &late, &mary).await.unwrap().1, State::Exempt);
    assert_eq!(duty(world, uid, &late, &max).await.unwrap().1, State::Open);
    assert_ledger_agrees(world, uid, "2026-08-25").await;
});

story!(guardians_are_not_asked_for_students_who_are_18, |world| {
    let harbor = world.school("Harbor High").await;
    let mary = world.student(&harbor, "Mary Archer", "12").await;
    let max = world.student(&harbor, "Max Archer", "12").await;
    world.turns_18(&mary, "2026-08-17").await;
    world.turns_18(&max, "2026-08-20").await;
    let gail = world.guardian("Gail Archer", &[&mary, &max]).await;
    let uid = issued(world, for_guardians()).await;
    assert!(duty(world, uid, &gail, &mary).await.is_none());
    assert!(duty(world, uid, &gail, &max).await.is_some());
    world.go_to("2026-08-20");
    let mut tx = world.write().await;
    obligations::day_begins(&mut tx, &world.district).await.unwrap();
    tx.commit().await.unwrap();
    assert!(duty(world, uid, &gail, &max).await.is_none());
    assert_eq!(total(world, uid, "2026-08-19").await.open, 1);
    assert_eq!(total(world, uid, "2026-08-20").await.open, 0);
    assert_ledger_agrees(world, uid, "2026-08-22").await;
});

story!(a_new_version_asks_everyone_again_and_the_old_figures_stay, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    world.student(&harbor, "Noah Baker", "07").await;
    let first = issued(world, for_students()).await;
    agrees(world, first, &mary).await;
    world.go_to("2026-08-24");
    let mut tx = world.write().await;
    let again = requirements::ask_again(
        &mut tx,
        &world.operator(),
        &world.district,
        Subject::Policy { version: 2, root: 1 },
        Some(day("2026-09-30")),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let [(second, asked)] = again.as_slice() else { panic!("one requirement was in force") };
    assert_eq!(*asked, 2);
    assert_eq!(duty(world, second.uid, &mary, &mary).await.unwrap().1, State::Open);
    assert_eq!(duty(world, first, &mary, &mary).await.unwrap().1, State::Fulfilled);
    let mut tx = world.read().await;
    let old = requirements::get(&mut tx, &world.operator(), first).await.unwrap();
    assert_eq!((old.state, old.ended_day), (RequirementState::Superseded, Some(day("2026-08-24"))));
    let uids = |all: Vec<assent::obligations::Requirement>| all.into_iter().map(|r| r.uid).collect::<Vec<_>>();
    assert_eq!(uids(requirements::in_force(&mut tx, &world.operator(), day("2026-08-23")).await.unwrap()), [first]);
    assert_eq!(uids(requirements::in_force(&mut tx, &world.operator(), day("2026-08-24")).await.unwrap()), [second.uid]);
    drop(tx);
    assert_eq!(total(world, first, "2026-08-23").await, Counts { open: 1, fulfilled: 1, ..Counts::default() });
    assert_eq!(total(world, second.uid, "2026-08-24").await.open, 2);
    assert_ledger_agrees(world, first, "2026-08-30").await;
});

story!(what_is_taken_back_ends_open_duties_and_keeps_answers_and_reason, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let noah = world.student(&harbor, "Noah Baker", "07").await;
    let uid = issued(world, for_students()).await;
    agrees(world, uid, &mary).await;
    world.go_to("2026-08-20");
    let mut tx = world.write().await;
    assert!(matches!(requirements::withdraw(&mut tx, &world.operator(), &world.district, uid, "").await, Err(Problem::Invalid(_))));
    requirements::withdraw(&mut tx, &world.operator(), &world.district, uid, "Issued by mistake").await.unwrap();
    tx.commit().await.unwrap();
    assert!(duty(world, uid, &noah, &noah).await.is_none());
    assert_eq!(duty(world, uid, &mary, &mary).await.unwrap().1, State::Fulfilled);
    let kept = requirements::get(&mut world.read().await, &world.operator(), uid).await.unwrap();
    assert_eq!((kept.state, kept.end_reason.as_deref()), (RequirementState::Withdrawn, Some("Issued by mistake")));
    assert_ledger_agrees(world, uid, "2026-08-22").await;
});

story!(an_ended_duty_cannot_be_answered, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let uid = issued(world, for_students()).await;
    let (id, ..) = duty(world, uid, &mary, &mary).await.unwrap();
    world.leaves(&mary).await;
    let mut tx = world.write().await;
    assert!(matches!(duties::close(&mut tx, &world.district, id, Closing::Fulfilled).await, Err(Problem::Conflict(_))));
});

story!(verify_names_the_cell_that_was_tampered_with, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let uid = issued(world, for_students()).await;
    agrees(world, uid, &mary).await;
    let mut tx = world.write().await;
    assert_eq!(verify::ledger(&mut tx).await.unwrap(), []);
    on!(tx, |c| sqlx::query("UPDATE tally SET change = change + 5 WHERE state = 'fulfilled'").execute(c).await.map(drop)).unwrap();
    let found = verify::ledger(&mut tx).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].school.as_str(), found[0].state.as_str(), found[0].grade.as_str()), ("Harbor Middle", "fulfilled", "07"));
    assert_eq!((found[0].in_ledger, found[0].in_obligations, found[0].day), (6, 1, day("2026-08-17").0));
});

story!(each_reader_sees_as_far_as_their_reach, |world| {
    let harbor = world.school("Harbor Middle").await;
    let cedar = world.school("Cedar Ridge").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let noah = world.student(&harbor, "Noah Baker", "07").await;
    world.student(&cedar, "Olga Cole", "08").await;
    let leader = world.school_leader(&harbor, "Lena Leader").await;
    let teacher = world.teacher(&harbor, "Tom Teacher").await;
    world.section(&harbor, "Science 7", &teacher, &[&mary]).await;
    let on_board = world.teacher(&cedar, "Bea Board").await;
    let uid = issued(world, for_students()).await;
    let today = day("2026-08-17");
    let (lead, teach) = (world.account(&leader).await, world.account(&teacher).await);
    let (board, pupil) = (world.account_with(&on_board, Role::BoardMember).await, world.account(&noah).await);
    let (lead, teach, board, pupil) =
        (world.actor(lead).await, world.actor(teach).await, world.actor(board).await, world.actor(pupil).await);
    let mut tx = world.read().await;
    let all = people::Filter::default();
    let page = Page::number(None);

    let lines = figures::lines(&mut tx, &lead, uid, today, By::School).await.unwrap();
    assert_eq!(lines.iter().map(|l| (l.label.as_str(), l.counts.open)).collect::<Vec<_>>(), [(harbor.name.as_str(), 2)]);
    let seen = people::behind(&mut tx, &lead, uid, today, &all, page).await.unwrap();
    assert_eq!(seen.rows.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["Mary Archer", "Noah Baker"]);
    assert_eq!((seen.total, seen.rows[0].person_uid), (2, mary.uid));
    let elsewhere = people::Filter { school: Some(cedar.uid), ..people::Filter::default() };
    assert_eq!(people::behind(&mut tx, &lead, uid, today, &elsewhere, page).await.unwrap().total, 0);

    let seen = people::behind(&mut tx, &teach, uid, today, &all, page).await.unwrap();
    assert_eq!((seen.rows.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), seen.total), (vec!["Mary Archer"], 1));
    assert!(matches!(figures::total(&mut tx, &teach, uid, today).await, Err(Problem::NotFound)));

    assert_eq!(figures::total(&mut tx, &board, uid, today).await.unwrap().open, 3);
    assert!(
        matches!(people::behind(&mut tx, &board, uid, today, &all, page).await, Err(Problem::NotFound)),
        "a board member who teaches too"
    );

    assert!(matches!(requirements::get(&mut tx, &pupil, uid).await, Err(Problem::NotFound)));
    assert!(matches!(people::behind(&mut tx, &pupil, uid, today, &all, page).await, Err(Problem::NotFound)));
});

story!(the_people_behind_a_figure_are_as_many_as_the_figure_says, |world| {
    let harbor = world.school("Harbor Middle").await;
    for number in 0..120 {
        world.student(&harbor, &format!("Student N{number:03}"), if number % 2 == 0 { "06" } else { "07" }).await;
    }
    let uid = issued(world, for_students()).await;
    world.go_to("2026-09-02");
    let late = people::Filter { late: true, grade: Some("06".into()), school: Some(harbor.uid), ..people::Filter::default() };
    let mut tx = world.read().await;
    let today = day("2026-09-02");
    let second = people::behind(&mut tx, &world.operator(), uid, today, &late, Page::number(Some(2))).await.unwrap();
    assert_eq!((second.total, second.rows.len(), second.last()), (60, 10, 2));
    let mut all = 0;
    let mut last = ObligationId(0);
    loop {
        let part = people::after(&mut tx, &world.operator(), uid, today, &late, last, 25).await.unwrap();
        let Some((key, _)) = part.last() else { break };
        last = *key;
        all += part.len();
    }
    assert_eq!(all, 60);
    let on_time = people::behind(&mut tx, &world.operator(), uid, day("2026-09-01"), &late, Page::number(None)).await.unwrap();
    assert_eq!(on_time.total, 0);
});
