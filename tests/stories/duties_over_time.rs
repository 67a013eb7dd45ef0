//! Duties as time goes by: first days and grace, more time for one, school years, refreshers, who may consent, two records of one
//! person, and the report of what each change did and why.

use assent::kernel::{Page, Problem, Role};
use assent::obligations::causes::{self, Outcome};
use assent::obligations::figures::Counts;
use assent::obligations::requirements::{self, Requirement, Window};
use assent::obligations::{
    self, Cause, CauseKind, Closing, DutyReport, NewRequirement, RequirementState, State, Subject, dispensations, tasks,
};
use assent::on;
use assent::roster::Changes;
use uuid::Uuid;

use crate::obligations::{agrees, assert_ledger_agrees, closes, duty, for_guardians, for_students, issued, total};
use crate::world::people::Person;
use crate::world::{World, day};

const COURSE: Subject = Subject::Course { version: 11, root: 5 };
const REFRESHER: (i64, i64) = (21, 8);

async fn new_day(world: &World) -> obligations::NewDay {
    let mut tx = world.write().await;
    let brought = obligations::day_begins(&mut tx, &world.district).await.unwrap();
    tx.commit().await.unwrap();
    brought
}

async fn follow(world: &World, people: &[&Person], kind: CauseKind) -> Option<DutyReport> {
    let mut tx = world.write().await;
    let changes = Changes { people: people.iter().map(|p| p.id).collect() };
    let report = obligations::follow(&mut tx, &world.operator(), &world.district, changes, Cause::of(kind, "x")).await.unwrap();
    tx.commit().await.unwrap();
    report
}

/// The school says who may consent for the child; duties follow.
async fn consent(world: &World, child: &Person, rule: &str, named: Option<&Person>) -> Option<DutyReport> {
    let mut tx = world.write().await;
    let now = tx.now();
    on!(tx, |c| sqlx::query("DELETE FROM consent_rule WHERE child_id = $1").bind(child.id).execute(c).await.map(drop)).unwrap();
    on!(tx, |c| sqlx::query(
        "INSERT INTO consent_rule (child_id, rule, guardian_id, reason, by_name, at) VALUES ($1, $2, $3, 'court order', 'Ann Office', $4)"
    )
    .bind(child.id)
    .bind(rule)
    .bind(named.map(|p| p.id))
    .bind(now)
    .execute(c)
    .await
    .map(drop))
    .unwrap();
    tx.commit().await.unwrap();
    follow(world, &[child], CauseKind::Consent).await
}

async fn same_as(world: &World, other: &Person, kept: Option<&Person>) {
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE person SET same_as = $2 WHERE id = $1")
        .bind(other.id)
        .bind(kept.map(|p| p.id))
        .execute(c)
        .await
        .map(drop))
    .unwrap();
    tx.commit().await.unwrap();
}

fn outcome(report: Option<&DutyReport>) -> Outcome {
    report.map(|r| r.lines[0].outcome.clone()).unwrap_or_default()
}

fn ended(reasons: &[(&str, i64)]) -> Outcome {
    Outcome { ended: reasons.iter().map(|(why, n)| ((*why).to_owned(), *n)).collect(), ..Outcome::default() }
}

async fn state(world: &World, requirement: Uuid, person: &Person, about: &Person) -> Option<State> {
    duty(world, requirement, person, about).await.map(|(_, state, _)| state)
}

async fn in_force(world: &World) -> Vec<Requirement> {
    let all = requirements::all(&mut world.read().await, &world.operator()).await.unwrap();
    all.into_iter().filter(|r| r.state == RequirementState::Issued).collect()
}

story!(what_opens_later_is_shown_but_not_answered_before_its_first_day, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let account = world.account(&mary).await;
    let window = Window { opens: Some(day("2026-08-24")), ..Window::default() };
    issued(world, NewRequirement { window, ..for_students() }).await;
    let actor = world.actor(account).await;
    let task = tasks::of(&mut world.read().await, &actor).await.unwrap().remove(0);
    assert!(task.is_ahead(day("2026-08-23")));
    assert!(!task.is_ahead(day("2026-08-24")));
    // Who joins has the days of a newcomer from the first day on which it can be answered.
    let rolling = issued(world, NewRequirement { due: None, subject: COURSE, window, ..for_students() }).await;
    assert_eq!(duty(world, rolling, &mary, &mary).await.unwrap().2, day("2026-09-07"));
});

story!(a_window_that_closes_before_it_opens_is_refused, |world| {
    let mut tx = world.write().await;
    let window = Window { opens: Some(day("2026-10-01")), grace_days: 400, refresher: Some(REFRESHER), ..Window::default() };
    let wrong = requirements::save(&mut tx, &world.operator(), &world.district, NewRequirement { window, ..for_students() }).await;
    let Err(Problem::Invalid(errors)) = wrong else { panic!("it was saved") };
    let fields: Vec<&str> = errors.iter().map(|e| e.field.as_str()).collect();
    assert_eq!(fields, ["grace_days", "opens", "refresher"]);
});

story!(within_the_days_of_grace_nobody_counts_as_late, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let account = world.account(&mary).await;
    let window = Window { grace_days: 3, ..Window::default() };
    let uid = issued(world, NewRequirement { window, ..for_students() }).await;
    let actor = world.actor(account).await;
    let task = tasks::of(&mut world.read().await, &actor).await.unwrap().remove(0);
    assert_eq!((task.due, task.is_late(day("2026-09-04")), task.is_late(day("2026-09-05"))), (day("2026-09-01"), false, true));
    assert_eq!(total(world, uid, "2026-09-04").await.late, 0);
    assert_eq!(total(world, uid, "2026-09-05").await.late, 1);
    assert_ledger_agrees(world, uid, "2026-09-08").await;
});

story!(one_person_is_given_more_time_and_the_past_stays_as_it_was, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    world.student(&harbor, "Noah Baker", "07").await;
    let leader = world.school_leader(&harbor, "Lee Principal").await;
    let leader = world.account(&leader).await;
    let uid = issued(world, for_students()).await;
    world.go_to("2026-09-03");
    let leader = world.actor(leader).await;
    let mut tx = world.write().await;
    let standing = dispensations::standing(&mut tx, &leader, uid, mary.uid, mary.uid).await.unwrap();
    assert!(standing.is_late(day("2026-09-03")));
    for (until, reason) in [("2026-09-02", "was ill"), ("2026-09-20", " ")] {
        let refused = dispensations::extend(&mut tx, &leader, &world.district, &standing, day(until), reason).await;
        assert!(matches!(refused, Err(Problem::Invalid(_))), "{until} {reason}");
    }
    dispensations::extend(&mut tx, &leader, &world.district, &standing, day("2026-09-20"), "was ill").await.unwrap();
    let standing = dispensations::standing(&mut tx, &leader, uid, mary.uid, mary.uid).await.unwrap();
    assert_eq!(
        (standing.due, standing.extended_from, standing.granted_by.as_deref()),
        (day("2026-09-20"), Some(day("2026-09-01")), Some("Lee Principal"))
    );
    let steps = dispensations::history(&mut tx, &standing).await.unwrap();
    assert_eq!(steps.iter().map(|s| s.end_reason.as_deref()).collect::<Vec<_>>(), [None, Some("extended")]);
    tx.commit().await.unwrap();
    assert_eq!(total(world, uid, "2026-09-02").await.late, 2);
    assert_eq!(total(world, uid, "2026-09-03").await.late, 1);
    assert_eq!(total(world, uid, "2026-09-21").await.late, 2);
    // An answer in time ends it well; what was granted stays beside it.
    world.go_to("2026-09-10");
    agrees(world, uid, &mary).await;
    let mut tx = world.read().await;
    let standing = dispensations::standing(&mut tx, &world.operator(), uid, mary.uid, mary.uid).await.unwrap();
    assert_eq!((standing.state, standing.reason.as_deref()), (State::Fulfilled, Some("was ill")));
    drop(tx);
    assert_ledger_agrees(world, uid, "2026-09-25").await;
});

story!(an_exemption_can_be_taken_back_and_both_days_stay_true, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let uid = issued(world, for_students()).await;
    let standing = async |tx: &mut assent::db::Tx| dispensations::standing(tx, &world.operator(), uid, mary.uid, mary.uid).await.unwrap();
    let mut tx = world.write().await;
    let before = standing(&mut tx).await;
    dispensations::exempt(&mut tx, &world.operator(), &world.district, &before, "abroad this year").await.unwrap();
    assert_eq!(standing(&mut tx).await.granted_by.as_deref(), Some("operator"));
    tx.commit().await.unwrap();
    world.go_to("2026-08-30");
    let mut tx = world.write().await;
    let exempt = standing(&mut tx).await;
    dispensations::ask_after_all(&mut tx, &world.operator(), &world.district, &exempt, "is back").await.unwrap();
    let asked = standing(&mut tx).await;
    assert_eq!((asked.state, asked.due), (State::Open, day("2026-09-13")));
    tx.commit().await.unwrap();
    assert_eq!(total(world, uid, "2026-08-29").await, Counts { exempt: 1, ..Counts::default() });
    assert_eq!(total(world, uid, "2026-08-30").await, Counts { open: 1, ..Counts::default() });
    assert_ledger_agrees(world, uid, "2026-09-15").await;
});

story!(only_who_reaches_a_person_sees_the_duty_and_only_leaders_grant, |world| {
    let (harbor, cedar) = (world.school("Harbor Middle").await, world.school("Cedar Ridge").await);
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let teacher = world.teacher(&harbor, "Tess Teacher").await;
    world.section(&harbor, "Math 7", &teacher, &[&mary]).await;
    let stranger = world.school_leader(&cedar, "Sam Stranger").await;
    let (teacher, stranger) = (world.account(&teacher).await, world.account(&stranger).await);
    let board = world.granted("Bea Board", Role::BoardMember).await;
    let uid = issued(world, for_students()).await;
    for nobody in [stranger, board] {
        let actor = world.actor(nobody).await;
        let found = dispensations::standing(&mut world.read().await, &actor, uid, mary.uid, mary.uid).await;
        assert!(matches!(found, Err(Problem::NotFound)), "{}", actor.name);
    }
    let teacher = world.actor(teacher).await;
    let mut tx = world.write().await;
    let standing = dispensations::standing(&mut tx, &teacher, uid, mary.uid, mary.uid).await.unwrap();
    let refused = dispensations::exempt(&mut tx, &teacher, &world.district, &standing, "my own idea").await;
    assert!(matches!(refused, Err(Problem::NotFound)));
});

story!(a_school_year_that_begins_asks_everybody_anew_whenever_they_answered, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let noah = world.student(&harbor, "Noah Baker", "07").await;
    let window = Window { yearly: true, ..Window::default() };
    let first = issued(world, NewRequirement { title: "Agreement, 2026–27".into(), window, ..for_students() }).await;
    new_day(world).await;
    // Mary answers three weeks before the year ends; Noah never.
    world.go_to("2027-06-10");
    agrees(world, first, &mary).await;
    world.go_to("2027-06-30");
    assert!(new_day(world).await.renewed.is_empty());
    world.go_to("2027-07-01");
    let brought = new_day(world).await;
    let [(second, asked)] = brought.renewed.as_slice() else { panic!("one requirement is yearly") };
    assert_eq!(
        (second.title.as_str(), *asked, second.due, second.school_year),
        ("Agreement, 2027–28", 2, Some(day("2027-09-01")), Some(2028))
    );
    assert_eq!(state(world, second.uid, &mary, &mary).await, Some(State::Open));
    assert_eq!(state(world, first, &mary, &mary).await, Some(State::Fulfilled));
    assert_eq!(state(world, first, &noah, &noah).await, None);
    // The same day a second time does nothing, and the old year's last figure stays.
    assert!(new_day(world).await.renewed.is_empty());
    assert_eq!(in_force(world).await.len(), 1);
    assert_eq!(total(world, first, "2027-06-30").await, Counts { open: 1, late: 1, fulfilled: 1, ..Counts::default() });
    let reports = causes::list(&mut world.read().await, &world.operator(), Page::number(None)).await.unwrap();
    let year = reports.rows.iter().find(|r| r.cause == CauseKind::Year).expect("a report of the new year");
    assert_eq!(year.lines.len(), 2);
    assert_eq!(year.lines[0].outcome, ended(&[("year", 1)]));
    assert_eq!(year.lines[1].outcome, Outcome { made: 2, ..Outcome::default() });
    assert_ledger_agrees(world, first, "2027-07-02").await;
    assert_ledger_agrees(world, second.uid, "2027-07-02").await;
});

story!(a_server_that_slept_over_the_new_year_makes_up_for_it, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "12").await;
    let gail = world.guardian("Gail Archer", &[&mary]).await;
    world.turns_18(&mary, "2026-12-24").await;
    issued(world, NewRequirement { window: Window { yearly: true, ..Window::default() }, ..for_students() }).await;
    let families = issued(world, for_guardians()).await;
    new_day(world).await;
    assert_eq!(state(world, families, &gail, &mary).await, Some(State::Open));
    world.go_to("2028-08-15");
    let brought = new_day(world).await;
    assert_eq!(brought.renewed[0].0.school_year, Some(2029));
    assert_eq!(brought.renewed[0].0.due, Some(day("2028-09-01")));
    assert_eq!(state(world, families, &gail, &mary).await, None);
    let turned = brought.followed.expect("a birthday came");
    let line = turned.lines.iter().find(|l| l.requirement == families).unwrap();
    assert_eq!(line.outcome, ended(&[("turned_18", 1)]));
});

story!(the_roster_s_own_school_year_counts_before_the_calendar_s, |world| {
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query(
        "INSERT INTO academic_session (title, kind, starts, ends, school_year) VALUES ('2026-2027', 'schoolYear', $1, $2, 2027)"
    )
    .bind(day("2026-08-10"))
    .bind(day("2027-08-09"))
    .execute(c)
    .await
    .map(drop))
    .unwrap();
    for (date, year) in [("2026-08-10", 2027), ("2027-08-08", 2027), ("2027-08-09", 2028), ("2026-06-30", 2026), ("2026-07-01", 2027)] {
        assert_eq!(assent::roster::school_year(&mut tx, day(date)).await.unwrap(), year, "{date}");
    }
});

story!(who_did_the_course_before_is_given_the_refresher, |world| {
    let harbor = world.school("Harbor Middle").await;
    let (mary, noah) = (world.student(&harbor, "Mary Archer", "07").await, world.student(&harbor, "Noah Baker", "07").await);
    let window = Window { yearly: true, refresher: Some(REFRESHER), ..Window::default() };
    let first = issued(world, NewRequirement { subject: COURSE, window, ..for_students() }).await;
    new_day(world).await;
    let mut tx = world.write().await;
    obligations::complete(&mut tx, &world.district, mary.id, 11).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(state(world, first, &mary, &mary).await, Some(State::Fulfilled));
    world.go_to("2027-07-01");
    let brought = new_day(world).await;
    let second = brought.renewed[0].0.uid;
    let account = (world.account(&mary).await, world.account(&noah).await);
    let (as_mary, as_noah) = (world.actor(account.0).await, world.actor(account.1).await);
    let given = async |actor| {
        let all = tasks::of(&mut world.read().await, actor).await.unwrap();
        let task = all.into_iter().find(|t| t.requirement == second).unwrap();
        (task.subject_id, task.root_id, task.variant)
    };
    assert_eq!(given(&as_mary).await, (21, 8, "refresher".to_owned()));
    assert_eq!(given(&as_noah).await, (11, 5, "first".to_owned()));
    // The refresher fulfils the duty of whoever was given it, and of nobody else.
    let mut tx = world.write().await;
    for person in [&mary, &noah] {
        obligations::complete(&mut tx, &world.district, person.id, 21).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(state(world, second, &mary, &mary).await, Some(State::Fulfilled));
    assert_eq!(state(world, second, &noah, &noah).await, Some(State::Open));
    assert_ledger_agrees(world, second, "2027-07-03").await;
});

story!(who_is_asked_later_is_not_late_on_the_first_day, |world| {
    let harbor = world.school("Harbor Middle").await;
    let teacher = world.teacher(&harbor, "Tess Teacher").await;
    let uid = issued(world, for_students()).await;
    world.go_to("2026-11-02");
    let mut tx = world.write().await;
    for sql in ["UPDATE person SET role = 'student' WHERE id = $1", "UPDATE position SET role = 'student' WHERE person_id = $1"] {
        on!(tx, |c| sqlx::query(sql).bind(teacher.id).execute(c).await.map(drop)).unwrap();
    }
    tx.commit().await.unwrap();
    follow(world, &[&teacher], CauseKind::Import).await;
    assert_eq!(duty(world, uid, &teacher, &teacher).await.unwrap().2, day("2026-11-16"));
});

story!(every_guardian_answers_where_the_school_says_so_and_one_is_enough_again_later, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let (gail, ben) = (world.guardian("Gail Archer", &[&mary]).await, world.guardian("Ben Archer", &[&mary]).await);
    let uid = issued(world, for_guardians()).await;
    world.go_to("2026-08-19");
    closes(world, uid, &gail, &mary, Closing::Fulfilled).await;
    assert_eq!(state(world, uid, &ben, &mary).await, Some(State::Exempt));
    world.go_to("2026-08-25");
    let report = consent(world, &mary, "all", None).await;
    assert_eq!(outcome(report.as_ref()), Outcome { reopened: 1, ..Outcome::default() });
    assert_eq!(duty(world, uid, &ben, &mary).await.map(|(_, state, due)| (state, due)), Some((State::Open, day("2026-09-08"))));
    assert_eq!(state(world, uid, &gail, &mary).await, Some(State::Fulfilled));
    // While both are wanted, one answer releases nobody; a guardian who comes later is asked too.
    world.go_to("2026-08-26");
    let late = world.guardian("Lee Later", &[&mary]).await;
    follow(world, &[&late], CauseKind::Import).await;
    assert_eq!(state(world, uid, &late, &mary).await, Some(State::Open));
    world.go_to("2026-08-27");
    let report = consent(world, &mary, "any", None).await;
    assert_eq!(outcome(report.as_ref()), Outcome { released: 2, ..Outcome::default() });
    assert_eq!(total(world, uid, "2026-08-27").await, Counts { fulfilled: 1, exempt: 2, ..Counts::default() });
    assert_ledger_agrees(world, uid, "2026-09-10").await;
});

story!(only_the_guardian_named_by_the_school_is_asked, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let (gail, ben) = (world.guardian("Gail Archer", &[&mary]).await, world.guardian("Ben Archer", &[&mary]).await);
    let uid = issued(world, for_guardians()).await;
    world.go_to("2026-08-18");
    let report = consent(world, &mary, "one", Some(&ben)).await;
    assert_eq!(outcome(report.as_ref()), ended(&[("consent", 1)]));
    assert_eq!((state(world, uid, &gail, &mary).await, state(world, uid, &ben, &mary).await), (None, Some(State::Open)));
    // Named anew: the earlier one's answer doesn't stand for the other's.
    closes(world, uid, &ben, &mary, Closing::Fulfilled).await;
    consent(world, &mary, "one", Some(&gail)).await;
    assert_eq!((state(world, uid, &gail, &mary).await, state(world, uid, &ben, &mary).await), (Some(State::Open), None));
    world.go_to("2026-08-20");
    let report = consent(world, &mary, "none", None).await;
    assert_eq!(outcome(report.as_ref()), ended(&[("consent", 1)]));
    assert_eq!(total(world, uid, "2026-08-20").await, Counts::default());
    // Asked again, Ben's own answer of before is found again.
    world.go_to("2026-08-21");
    let report = consent(world, &mary, "any", None).await;
    assert_eq!(outcome(report.as_ref()), Outcome { made: 2, returned: 1, ..Outcome::default() });
    assert_eq!(state(world, uid, &ben, &mary).await, Some(State::Fulfilled));
    assert_ledger_agrees(world, uid, "2026-08-25").await;
});

story!(two_records_of_one_person_have_one_duty_and_the_answer_goes_along, |world| {
    let harbor = world.school("Harbor Middle").await;
    let first = world.student(&harbor, "Mary Archer", "07").await;
    let second = world.student(&harbor, "Mary Archer", "07").await;
    let uid = issued(world, for_students()).await;
    world.go_to("2026-08-18");
    agrees(world, uid, &second).await;
    assert_eq!(total(world, uid, "2026-08-18").await, Counts { open: 1, fulfilled: 1, ..Counts::default() });
    world.go_to("2026-08-19");
    same_as(world, &second, Some(&first)).await;
    let report = follow(world, &[&first, &second], CauseKind::Merge).await;
    assert_eq!(outcome(report.as_ref()), ended(&[("merged", 1)]));
    assert_eq!((state(world, uid, &first, &first).await, state(world, uid, &second, &second).await), (Some(State::Fulfilled), None));
    assert_eq!(total(world, uid, "2026-08-19").await, Counts { fulfilled: 1, ..Counts::default() });
    // Parted again: the other record is asked for itself, and finds its answer.
    world.go_to("2026-08-20");
    same_as(world, &second, None).await;
    follow(world, &[&first, &second], CauseKind::Merge).await;
    assert_eq!(state(world, uid, &second, &second).await, Some(State::Fulfilled));
    assert_eq!(state(world, uid, &first, &first).await, Some(State::Open));
    assert_ledger_agrees(world, uid, "2026-08-22").await;
});

story!(a_guardian_with_two_records_is_asked_once_for_each_child, |world| {
    let harbor = world.school("Harbor Middle").await;
    let (mary, max) = (world.student(&harbor, "Mary Archer", "07").await, world.student(&harbor, "Max Archer", "06").await);
    let gail = world.guardian("Gail Archer", &[&mary]).await;
    let again = world.guardian("Gail Archer", &[&mary, &max]).await;
    let uid = issued(world, for_guardians()).await;
    assert_eq!(total(world, uid, "2026-08-17").await.open, 3);
    same_as(world, &again, Some(&gail)).await;
    follow(world, &[&gail, &again], CauseKind::Merge).await;
    assert_eq!(total(world, uid, "2026-08-17").await.open, 2);
    assert_eq!((state(world, uid, &gail, &mary).await, state(world, uid, &gail, &max).await), (Some(State::Open), Some(State::Open)));
    assert_ledger_agrees(world, uid, "2026-08-18").await;
});

story!(each_change_tells_what_it_did_to_whom_and_why, |world| {
    let (harbor, cedar) = (world.school("Harbor Middle").await, world.school("Cedar Ridge").await);
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let noah = world.student(&harbor, "Noah Baker", "07").await;
    let uid = issued(world, for_students()).await;
    world.go_to("2026-08-20");
    let olga = world.student(&cedar, "Olga New", "06").await;
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE position SET org_id = $2 WHERE person_id = $1")
        .bind(mary.id)
        .bind(cedar.id)
        .execute(c)
        .await
        .map(drop))
    .unwrap();
    on!(tx, |c| sqlx::query("UPDATE person SET left_day = $2 WHERE id = $1")
        .bind(noah.id)
        .bind(day("2026-08-20"))
        .execute(c)
        .await
        .map(drop))
    .unwrap();
    tx.commit().await.unwrap();
    let report = follow(world, &[&mary, &noah, &olga], CauseKind::Import).await.unwrap();
    let expected = Outcome { made: 1, moved: 1, ended: [("left".to_owned(), 1)].into(), ..Outcome::default() };
    assert_eq!((report.lines.len(), &report.lines[0].outcome, report.by_name.as_str()), (1, &expected, "operator"));
    let told = causes::people(&mut world.read().await, &world.operator(), report.uid, Page::number(None)).await.unwrap();
    let told: Vec<(&str, &str)> = told.rows.iter().map(|p| (p.name.as_str(), p.what.as_str())).collect();
    assert_eq!(told, [("Mary Archer", "moved"), ("Noah Baker", "left"), ("Olga New", "asked")]);
    // What changes nothing leaves no report.
    assert!(follow(world, &[&mary, &olga], CauseKind::Import).await.is_none());
    let all = causes::about(&mut world.read().await, &world.operator(), "x").await.unwrap();
    assert_eq!(all.len(), 1);
    let stranger = world.granted("Bea Board", Role::BoardMember).await;
    let stranger = world.actor(stranger).await;
    assert!(matches!(causes::get(&mut world.read().await, &stranger, report.uid).await, Err(Problem::NotFound)));
    assert_ledger_agrees(world, uid, "2026-08-25").await;
});
