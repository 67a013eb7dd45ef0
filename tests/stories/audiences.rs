//! Audiences: each kind of condition, what a saved one brings with it, and two records of one person.

use assent::kernel::{Day, PersonId, Problem, Role};
use assent::obligations::requirements::{self, AnswersAs, Change};
use assent::obligations::{NewRequirement, State};
use assent::on;
use assent::roster::audience::{self, Rule, saved};
use rocket::http::Status;
use uuid::Uuid;

use crate::audit::Browser;
use crate::obligations::{agrees, assert_ledger_agrees, for_guardians, for_students, issued};
use crate::world::people::{Person, School};
use crate::world::{World, day};

fn role(name: &str) -> Rule {
    Rule::Role(vec![name.into()])
}

fn all<const N: usize>(rules: [Rule; N]) -> Rule {
    Rule::All(rules.into())
}

fn not(rule: Rule) -> Rule {
    Rule::Not(Box::new(rule))
}

/// The names of whom the rule names today, in alphabetical order; each once.
async fn who(world: &World, rule: &Rule) -> Vec<String> {
    let mut tx = world.read().await;
    let today = world.district.today(tx.now());
    let places = audience::named(&mut tx, rule, today, None).await.unwrap();
    let keys: Vec<PersonId> = places.iter().map(|p| p.person).collect();
    assert!(keys.is_sorted() && keys.windows(2).all(|pair| pair[0] != pair[1]), "in the order of their keys, each once: {keys:?}");
    // Asked for by name, the same people are found.
    let some = audience::named(&mut tx, rule, today, Some(&everybody(world).await)).await.unwrap();
    assert_eq!(some.iter().map(|p| p.person).collect::<Vec<_>>(), keys);
    let mut names = Vec::new();
    for key in keys {
        names.push(
            on!(tx, |c| sqlx::query_scalar::<_, String>("SELECT given || ' ' || family FROM person WHERE id = $1")
                .bind(key)
                .fetch_one(c)
                .await)
            .unwrap(),
        );
    }
    names.sort();
    names
}

async fn everybody(world: &World) -> Vec<PersonId> {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_scalar("SELECT id FROM person ORDER BY id DESC").fetch_all(c).await).unwrap()
}

/// Sets one column of a person or of all the person's positions.
async fn set(world: &World, statement: &'static str, person: &Person, value: &str) {
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query(statement).bind(person.id).bind(value).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
}

const LANGUAGE: &str = "UPDATE person SET language = $2 WHERE id = $1";
const TITLE: &str = "UPDATE position SET title = $2 WHERE person_id = $1";

/// Another position of the person, besides the first.
async fn also(world: &World, person: &Person, school: &School, role: &str) {
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("INSERT INTO position (person_id, org_id, role, is_primary, began) VALUES ($1, $2, $3, FALSE, $4)")
        .bind(person.id)
        .bind(school.id)
        .bind(role)
        .bind(day("2025-08-01"))
        .execute(c)
        .await
        .map(drop))
    .unwrap();
    tx.commit().await.unwrap();
}

/// The other record stands for the person who is kept.
async fn merge(world: &World, other: &Person, kept: &Person) {
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE person SET same_as = $2 WHERE id = $1").bind(other.id).bind(kept.id).execute(c).await.map(drop))
        .unwrap();
    tx.commit().await.unwrap();
    world.follow(&[other, kept]).await;
}

async fn gone_since(world: &World, person: &Person, date: &str) {
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE person SET left_day = $2 WHERE id = $1").bind(person.id).bind(day(date)).execute(c).await.map(drop))
        .unwrap();
    tx.commit().await.unwrap();
}

async fn uid_of_section(world: &World, title: &str) -> Uuid {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_scalar("SELECT uid FROM section WHERE title = $1").bind(title).fetch_one(c).await).unwrap()
}

/// The live duties of a requirement: whose, by name, with last day and state.
pub async fn duties(world: &World, requirement: Uuid) -> Vec<(String, Day, State)> {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_as(
        "SELECT p.given || ' ' || p.family, o.due, o.state FROM obligation o JOIN requirement r ON r.id = o.requirement_id
         JOIN person p ON p.id = o.person_id WHERE r.uid = $1 AND o.ended IS NULL ORDER BY 1"
    )
    .bind(requirement)
    .fetch_all(c)
    .await)
    .unwrap()
}

async fn names_of_duties(world: &World, requirement: Uuid) -> Vec<String> {
    duties(world, requirement).await.into_iter().map(|(name, ..)| name).collect()
}

async fn save(world: &World, name: &str, rule: &Rule) -> Uuid {
    let mut tx = world.write().await;
    let saved = saved::create(&mut tx, &world.operator(), name, rule).await.unwrap();
    tx.commit().await.unwrap();
    saved.uid
}

story!(each_condition_names_whom_it_says_and_and_or_and_not_combine_them, |world| {
    let harbor = world.school("Harbor Middle").await;
    let cedar = world.school("Cedar Ridge").await;
    let mary = world.student(&harbor, "Mary Archer", "06").await;
    let noah = world.student(&cedar, "Noah Baker", "07").await;
    let tom = world.teacher(&harbor, "Tom Lee").await;
    let nina = world.teacher(&cedar, "Nina Nurse").await;
    world.school_leader(&harbor, "Lena Leader").await;
    world.section(&harbor, "Science 6", &tom, &[&mary]).await;
    set(world, LANGUAGE, &noah, "es").await;
    set(world, TITLE, &nina, "ext:nurse").await;
    world.joined(&nina, "2026-08-10").await;
    let science = uid_of_section(world, "Science 6").await;

    let grade = |g: &str| Rule::Grade(vec![g.into()]);
    let at_harbor = Rule::Org(vec![harbor.uid]);
    for (rule, expected) in [
        (Rule::Everybody, vec!["Lena Leader", "Mary Archer", "Nina Nurse", "Noah Baker", "Tom Lee"]),
        (Rule::AllStaff, vec!["Lena Leader", "Nina Nurse", "Tom Lee"]),
        (role("teacher"), vec!["Nina Nurse", "Tom Lee"]),
        (grade("07"), vec!["Noah Baker"]),
        (at_harbor.clone(), vec!["Lena Leader", "Mary Archer", "Tom Lee"]),
        (Rule::Section(vec![science]), vec!["Mary Archer", "Tom Lee"]),
        (Rule::Position(vec!["ext:nurse".into(), "counselor".into()]), vec!["Nina Nurse"]),
        (Rule::Language(vec!["es".into()]), vec!["Noah Baker"]),
        (Rule::People(vec![tom.uid, mary.uid]), vec!["Mary Archer", "Tom Lee"]),
        (Rule::JoinedSince(day("2026-08-10")), vec!["Nina Nurse"]),
        (Rule::JoinedBefore(day("2026-08-10")), vec!["Lena Leader", "Mary Archer", "Noah Baker", "Tom Lee"]),
        (all([role("student"), at_harbor.clone()]), vec!["Mary Archer"]),
        (Rule::Any(vec![grade("06"), Rule::Position(vec!["ext:nurse".into()])]), vec!["Mary Archer", "Nina Nurse"]),
        (all([Rule::AllStaff, not(at_harbor.clone())]), vec!["Nina Nurse"]),
        (
            all([Rule::Any(vec![role("teacher"), at_harbor.clone()]), not(role("school_leader"))]),
            vec!["Mary Archer", "Nina Nurse", "Tom Lee"],
        ),
    ] {
        assert_eq!(who(world, &rule).await, expected, "{rule:?}");
    }

    // Whoever holds two positions is found by either.
    also(world, &tom, &cedar, "staff").await;
    assert_eq!(who(world, &all([role("staff"), Rule::Org(vec![cedar.uid])])).await, ["Tom Lee"]);

    // The district itself is above its schools.
    let root: Uuid = {
        let mut tx = world.read().await;
        on!(tx, |c| sqlx::query_scalar("SELECT uid FROM org WHERE parent_id IS NULL").fetch_one(c).await).unwrap()
    };
    assert_eq!(who(world, &all([role("teacher"), Rule::Org(vec![root])])).await, ["Nina Nurse", "Tom Lee"]);

    // A guest's last day lies ahead: still there, and the day after no more.
    gone_since(world, &nina, "2026-08-18").await;
    assert_eq!(who(world, &role("teacher")).await, ["Nina Nurse", "Tom Lee"]);
    world.go_to("2026-08-18");
    assert_eq!(who(world, &role("teacher")).await, ["Tom Lee"]);

    // All are counted in one reading of the roster.
    let mut tx = world.read().await;
    let counted = audience::count(&mut tx, &[&role("student"), &Rule::AllStaff], day("2026-08-18")).await.unwrap();
    assert_eq!(counted, [2, 2]);
});

story!(a_rule_that_names_what_is_not_there_is_refused_before_anything_is_kept, |world| {
    let stranger = Uuid::from_u128(7);
    let mut tx = world.write().await;
    for (rule, said) in [
        (Rule::Org(vec![stranger]), "school or office"),
        (Rule::Section(vec![stranger]), "class"),
        (Rule::People(vec![stranger]), "person"),
        (Rule::Saved(stranger), "saved audience"),
        (role("king"), "role"),
        (Rule::Any(Vec::new()), "empty"),
    ] {
        let new = NewRequirement { audience: not(rule.clone()), ..for_students() };
        let refused = requirements::save(&mut tx, &world.operator(), &world.district, new).await.unwrap_err();
        assert!(refused.to_string().contains(said), "{rule:?}: {refused}");
    }
    let saved: i64 = on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM requirement").fetch_one(c).await).unwrap();
    assert_eq!(saved, 0);
});

story!(two_records_of_one_person_are_one_person, |world| {
    let harbor = world.school("Harbor Middle").await;
    let cedar = world.school("Cedar Ridge").await;
    let zoe = world.teacher(&harbor, "Zoe First").await;
    let tom = world.teacher(&harbor, "Tom Lee").await;
    let again = world.school_leader(&cedar, "Thomas Lee").await;
    let mary = world.student(&cedar, "Mary Archer", "06").await;
    world.section(&cedar, "Advisory", &again, &[&mary]).await;
    world.joined(&again, "2024-01-10").await;
    let uid = issued(world, NewRequirement { audience: Rule::AllStaff, due: None, ..for_students() }).await;
    assert_eq!(names_of_duties(world, uid).await, ["Thomas Lee", "Tom Lee", "Zoe First"]);

    merge(world, &again, &tom).await;
    assert_eq!(who(world, &Rule::AllStaff).await, ["Tom Lee", "Zoe First"]);
    // Found by what either record says, by the class of the other, by either uid; joined on the earlier day.
    assert_eq!(who(world, &role("school_leader")).await, ["Tom Lee"]);
    assert_eq!(who(world, &Rule::Org(vec![cedar.uid])).await, ["Mary Archer", "Tom Lee"]);
    assert_eq!(who(world, &Rule::Section(vec![uid_of_section(world, "Advisory").await])).await, ["Mary Archer", "Tom Lee"]);
    assert_eq!(who(world, &Rule::People(vec![again.uid])).await, ["Tom Lee"]);
    assert_eq!(who(world, &Rule::JoinedBefore(day("2024-02-01"))).await, ["Tom Lee"]);
    let mut tx = world.read().await;
    for only in [[again.id], [tom.id]] {
        let places = audience::named(&mut tx, &Rule::AllStaff, day("2026-08-17"), Some(&only)).await.unwrap();
        assert_eq!(
            places.iter().map(|p| (p.person, p.org)).collect::<Vec<_>>(),
            [(tom.id, harbor.id)],
            "the kept record's own position first"
        );
    }
    // Looked for by the name of either record, found once, as the kept one.
    for letters in ["thomas", "lee"] {
        let found = audience::find_people(&mut tx, &world.operator(), letters, day("2026-08-17")).await.unwrap();
        assert_eq!(found.rows.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["Tom Lee"], "by “{letters}”");
    }
    drop(tx);
    // Duties followed the merge, and follow a change of either record.
    assert_eq!(names_of_duties(world, uid).await, ["Tom Lee", "Zoe First"]);
    world.leaves(&tom).await;
    assert_eq!(who(world, &Rule::AllStaff).await, ["Tom Lee", "Zoe First"], "the other record is still on the roster");
    assert_eq!(names_of_duties(world, uid).await, ["Tom Lee", "Zoe First"]);
    world.leaves(&again).await;
    assert_eq!(names_of_duties(world, uid).await, ["Zoe First"]);
    world.leaves(&zoe).await;
    assert_eq!(who(world, &Rule::AllStaff).await, [""; 0]);
    assert_ledger_agrees(world, uid, "2026-08-18").await;
});

story!(requirements_follow_a_saved_audience_and_the_numbers_shown_before_are_what_happens, |world| {
    let harbor = world.school("Harbor Middle").await;
    let cedar = world.school("Cedar Ridge").await;
    let tom = world.teacher(&harbor, "Tom Lee").await;
    world.teacher(&harbor, "Una Underwood").await;
    world.teacher(&cedar, "Vic Vale").await;
    world.school_leader(&cedar, "Lena Leader").await;
    let operator = world.operator();
    let audience = save(world, "Middle school staff", &all([role("teacher"), Rule::Org(vec![harbor.uid])])).await;
    let new = |rule: Rule| NewRequirement { audience: rule, ..for_students() };
    let by_name = issued(world, new(Rule::Saved(audience))).await;
    let without = issued(world, new(all([Rule::AllStaff, not(Rule::Saved(audience))]))).await;
    let apart = issued(world, new(role("teacher"))).await;
    assert_eq!(names_of_duties(world, by_name).await, ["Tom Lee", "Una Underwood"]);
    assert_eq!(names_of_duties(world, without).await, ["Lena Leader", "Vic Vale"]);
    agrees(world, by_name, &tom).await;

    // Its sentence has its name; what that means is said beside it.
    let mut tx = world.read().await;
    let rule = all([Rule::AllStaff, not(Rule::Saved(audience))]);
    let names = audience::names(&mut tx, &rule).await.unwrap();
    assert_eq!(rule.sentence(&names, assent::kernel::Locale::En), "all staff not in “Middle school staff”");
    assert_eq!(
        audience::meanings(&mut tx, &rule, assent::kernel::Locale::En).await.unwrap(),
        [("Middle school staff".to_owned(), "teachers at Harbor Middle".to_owned())]
    );

    // Shown before, done after.
    let changed = all([Rule::AllStaff, Rule::Org(vec![cedar.uid])]);
    let shown = requirements::preview_audience_change(&mut tx, &operator, &world.district, audience, &changed).await.unwrap();
    drop(tx);
    let shown: Vec<(Uuid, Change)> = shown.into_iter().map(|(r, change)| (r.uid, change)).collect();
    assert_eq!(
        shown,
        [(by_name, Change { come: 2, answered: 0, go: 2, stay: 0 }), (without, Change { come: 2, answered: 0, go: 2, stay: 0 })]
    );
    assert_eq!(names_of_duties(world, by_name).await, ["Tom Lee", "Una Underwood"], "looking changed nothing");
    world.go_to("2026-08-18");
    let mut tx = world.write().await;
    let told = saved::change(&mut tx, &operator, audience, "Middle school staff", &changed).await.unwrap();
    let made = requirements::audience_changed(&mut tx, &operator, &world.district, told.uid).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(made, 4);
    assert_eq!(names_of_duties(world, by_name).await, ["Lena Leader", "Vic Vale"]);
    assert_eq!(names_of_duties(world, without).await, ["Tom Lee", "Una Underwood"]);
    assert_eq!(names_of_duties(world, apart).await, ["Tom Lee", "Una Underwood", "Vic Vale"]);

    // Back again: who has answered isn't asked twice, and the preview says so.
    let mut tx = world.write().await;
    let back = all([role("teacher"), Rule::Org(vec![harbor.uid, cedar.uid])]);
    let shown = requirements::preview_audience_change(&mut tx, &operator, &world.district, audience, &back).await.unwrap();
    assert_eq!(shown[0].1, Change { come: 2, answered: 1, go: 1, stay: 1 });
    let told = saved::change(&mut tx, &operator, audience, "Teachers of both", &back).await.unwrap();
    let made = requirements::audience_changed(&mut tx, &operator, &world.district, told.uid).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(made, shown.iter().map(|(_, change)| change.come).sum::<i64>());
    let states: Vec<State> = duties(world, by_name).await.into_iter().map(|(.., state)| state).collect();
    assert_eq!(states, [State::Fulfilled, State::Open, State::Open]);

    // A newcomer comes in by the saved audience too.
    let wilma = world.teacher(&cedar, "Wilma West").await;
    world.follow(&[&wilma]).await;
    assert!(names_of_duties(world, by_name).await.contains(&"Wilma West".to_owned()));
    for requirement in [by_name, without, apart] {
        assert_ledger_agrees(world, requirement, "2026-08-19").await;
    }
});

story!(a_saved_audience_has_a_name_of_its_own_no_circles_and_an_end, |world| {
    let harbor = world.school("Harbor Middle").await;
    world.teacher(&harbor, "Tom Lee").await;
    let leader = world.school_leader(&harbor, "Lena Leader").await;
    let operator = world.operator();
    let audience = save(world, " Teachers ", &role("teacher")).await;
    let uid = issued(world, NewRequirement { audience: Rule::Saved(audience), ..for_students() }).await;

    let refused = async |name: &str, rule: &Rule| {
        let mut tx = world.write().await;
        saved::create(&mut tx, &operator, name, rule).await.unwrap_err().to_string()
    };
    assert!(refused("TEACHERS", &Rule::AllStaff).await.contains("Another saved audience has this name"));
    assert!(refused(" ", &Rule::AllStaff).await.starts_with("name:"));
    assert!(refused("Two\nlines", &Rule::AllStaff).await.starts_with("name:"));
    assert!(refused("More", &Rule::Any(vec![Rule::Saved(audience), Rule::AllStaff])).await.contains("can't be made of another saved one"));
    assert!(refused("More", &Rule::Org(vec![Uuid::from_u128(7)])).await.contains("school or office"));
    let mut tx = world.write().await;
    let circle = saved::change(&mut tx, &operator, audience, "Teachers", &Rule::Saved(audience)).await;
    assert!(circle.unwrap_err().to_string().contains("can't be made of another saved one"));
    drop(tx);

    // Only a director may.
    let account = world.account(&leader).await;
    let actor = world.actor(account).await;
    let mut tx = world.write().await;
    assert!(matches!(saved::list(&mut tx, &actor).await, Err(Problem::NotFound)));
    assert!(matches!(saved::create(&mut tx, &actor, "Mine", &Rule::AllStaff).await, Err(Problem::NotFound)));
    assert!(matches!(saved::retire(&mut tx, &actor, audience).await, Err(Problem::NotFound)));
    let everybody = requirements::change_audience(&mut tx, &actor, &world.district, uid, &Rule::Everybody).await;
    assert!(matches!(everybody, Err(Problem::NotFound)));

    // Retired, it is offered no more, its requirement keeps it, and its name is free.
    saved::retire(&mut tx, &operator, audience).await.unwrap();
    assert!(matches!(saved::retire(&mut tx, &operator, audience).await, Err(Problem::Conflict(_))));
    assert!(matches!(saved::change(&mut tx, &operator, audience, "Teachers", &Rule::AllStaff).await, Err(Problem::Conflict(_))));
    assert_eq!(audience::choices(&mut tx).await.unwrap().saved, []);
    saved::create(&mut tx, &operator, "Teachers", &Rule::AllStaff).await.unwrap();
    tx.commit().await.unwrap();
    let uma = world.teacher(&harbor, "Uma New").await;
    world.follow(&[&uma]).await;
    assert_eq!(names_of_duties(world, uid).await, ["Tom Lee", "Uma New"]);

    let mut tx = world.read().await;
    let actions: Vec<String> = on!(tx, |c| sqlx::query_scalar("SELECT action FROM audit_entry WHERE subject = $1 ORDER BY id")
        .bind(audience.to_string())
        .fetch_all(c)
        .await)
    .unwrap();
    assert_eq!(actions, ["audience.saved", "audience.retired"]);
});

story!(the_audience_of_a_requirement_in_force_can_be_changed_and_families_are_counted_too, |world| {
    let harbor = world.school("Harbor Middle").await;
    let cedar = world.school("Cedar Ridge").await;
    let mary = world.student(&harbor, "Mary Archer", "06").await;
    let olga = world.student(&cedar, "Olga Cole", "06").await;
    let gail = world.guardian("Gail Archer", &[&mary, &olga]).await;
    world.guardian("Gus Archer", &[&mary]).await;
    let operator = world.operator();
    let uid = issued(world, NewRequirement { audience: all([role("student"), Rule::Org(vec![harbor.uid])]), ..for_guardians() }).await;
    crate::obligations::closes(world, uid, &gail, &mary, assent::obligations::Closing::Fulfilled).await;
    world.go_to("2026-08-18");

    let everywhere = role("student");
    let mut tx = world.write().await;
    let shown = requirements::preview_change(&mut tx, &operator, &world.district, uid, &everywhere).await.unwrap();
    assert_eq!(shown, Change { come: 1, answered: 0, go: 0, stay: 2 });
    assert_eq!(requirements::change_audience(&mut tx, &operator, &world.district, uid, &everywhere).await.unwrap(), 1);
    let nobody = requirements::preview_change(&mut tx, &operator, &world.district, uid, &Rule::Grade(vec!["12".into()])).await.unwrap();
    assert_eq!(nobody, Change { come: 0, answered: 0, go: 3, stay: 0 });
    tx.commit().await.unwrap();
    assert_eq!(names_of_duties(world, uid).await, ["Gail Archer", "Gail Archer", "Gus Archer"]);
    assert_eq!(requirements::get(&mut world.read().await, &operator, uid).await.unwrap().audience, everywhere);
    assert_ledger_agrees(world, uid, "2026-08-19").await;

    // A saved one only changes its rule; one that was taken back stays as it was.
    let mut tx = world.write().await;
    let saved = requirements::save(&mut tx, &operator, &world.district, for_students()).await.unwrap();
    assert_eq!(requirements::change_audience(&mut tx, &operator, &world.district, saved.uid, &Rule::AllStaff).await.unwrap(), 0);
    assert!(matches!(
        requirements::preview_change(&mut tx, &operator, &world.district, saved.uid, &Rule::AllStaff).await,
        Err(Problem::Conflict(_))
    ));
    requirements::withdraw(&mut tx, &operator, &world.district, uid, "A mistake").await.unwrap();
    let refused = requirements::change_audience(&mut tx, &operator, &world.district, uid, &Rule::AllStaff).await;
    assert!(matches!(refused, Err(Problem::Conflict(_))));
});

story!(a_preview_names_a_few_drawn_evenly, |world| {
    let harbor = world.school("Harbor Middle").await;
    for number in 0..30 {
        world.student(&harbor, &format!("Pupil N{number:02}"), "06").await;
    }
    let mut tx = world.read().await;
    let reach = requirements::preview(&mut tx, &world.operator(), &world.district, &role("student"), AnswersAs::Oneself).await.unwrap();
    let names: Vec<&str> = reach.examples.iter().map(|e| e.name.as_str()).collect();
    assert_eq!(
        names,
        ["Pupil N01", "Pupil N04", "Pupil N07", "Pupil N10", "Pupil N13", "Pupil N16", "Pupil N19", "Pupil N22", "Pupil N25", "Pupil N28"]
    );
    assert_eq!((reach.examples[0].role.as_str(), reach.examples[0].school.as_str()), ("student", "Harbor Middle"));
    let few = requirements::preview(&mut tx, &world.operator(), &world.district, &role("teacher"), AnswersAs::Oneself).await.unwrap();
    assert_eq!(few.examples, []);
});

story!(the_pages_save_an_audience_use_it_change_it_and_retire_it, |world| {
    let harbor = world.school("Harbor Middle").await;
    let cedar = world.school("Cedar Ridge").await;
    world.teacher(&harbor, "Tom Lee").await;
    world.teacher(&cedar, "Vic Vale").await;
    let director = world.granted("Kelley Christian", Role::Director).await;
    let browser = Browser::of(world, director).await;
    browser.get("/audiences").await.says("No audience is saved yet");
    let (at_harbor, at_cedar) = (harbor.uid.to_string(), cedar.uid.to_string());
    let form = [("groups[0].role", "teacher"), ("groups[0].schools", at_harbor.as_str())];

    // Mistakes stand beside their fields, what was filled in stays.
    let again = browser.post("/audiences", &[&form[..], &[("name", " "), ("act", "save")]].concat()).await;
    assert_eq!(again.status, Status::UnprocessableEntity);
    again.says("id=\"name-error\"");
    again.says(&format!("value=\"{at_harbor}\" checked"));
    let nobody = browser.post("/audiences/preview", &[("groups[0].role", ""), ("act", "preview")]).await;
    nobody.says("id=\"groups[0].role-error\"");
    let round = browser.post("/audiences/preview", &[("groups[0].role", ""), ("act", "add-except")]).await;
    assert_eq!(round.status, Status::Ok, "whoever only adds a line isn't told what is missing");
    round.says("name=\"excepts[0].role\"");

    let made = browser.post("/audiences", &[&form[..], &[("name", "Harbor teachers"), ("act", "save")]].concat()).await;
    assert_eq!((made.status, made.to.as_deref()), (Status::SeeOther, Some("/audiences")));
    let list = browser.get("/audiences").await;
    list.says("Harbor teachers");
    list.says("Teachers at Harbor Middle");
    list.says("1 person today");
    let mut tx = world.read().await;
    let audience = saved::list(&mut tx, &world.operator()).await.unwrap().remove(0);
    drop(tx);
    let uid = issued(world, NewRequirement { audience: Rule::Saved(audience.uid), ..for_students() }).await;
    let address = format!("/audiences/{}", audience.uid);
    browser.get("/audiences").await.says("Read the agreement");
    browser.get(&format!("/requirements/{uid}")).await.says("“Harbor teachers”: teachers at Harbor Middle");
    let page = browser.get(&address).await;
    page.says(&format!("value=\"{at_harbor}\" checked"));
    page.says("Nothing is changed yet.");
    let renamed =
        [("name", "Teachers of Harbor"), ("groups[0].role", "teacher"), ("groups[0].schools", at_harbor.as_str()), ("act", "preview")];
    browser.post(&format!("{address}/preview"), &renamed).await.says("Nobody comes or goes: the same people are asked.");

    // A change is shown before it is kept.
    let change = [
        ("name", "Middle school teachers"),
        ("groups[0].role", "teacher"),
        ("groups[0].schools", at_harbor.as_str()),
        ("groups[0].schools", at_cedar.as_str()),
    ];
    let early = browser.post(&address, &[&change[..], &[("act", "save"), ("counted", "")]].concat()).await;
    assert_eq!(early.status, Status::UnprocessableEntity);
    early.says("You changed something after the count");
    early.says("1 will be asked. Nobody drops out.");
    assert_eq!(names_of_duties(world, uid).await, ["Tom Lee"]);
    let counted = early.text.split("name=\"counted\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let kept = browser.post(&address, &[&change[..], &[("act", "save"), ("counted", counted)]].concat()).await;
    assert_eq!(kept.status, Status::SeeOther, "{}", kept.text);
    browser.get("/audiences").await.says("“Middle school teachers” is changed. 1 more answer is asked for.");
    assert_eq!(names_of_duties(world, uid).await, ["Tom Lee", "Vic Vale"]);

    assert_eq!(browser.post(&format!("{address}/retirement"), &[]).await.status, Status::SeeOther);
    browser.get("/audiences").await.says("Retired (1)");
    browser.get(&address).await.says("Requirements that use it keep it.");
    browser.get("/requirements/new").await.says_nothing_of("Middle school teachers");
    // The requirement that names it can still be looked at and changed.
    let page = browser.get(&format!("/requirements/{uid}/audience")).await;
    page.says("Middle school teachers");
    let rule = [("groups[0].role", "teacher"), ("groups[0].schools", at_cedar.as_str())];
    let shown = browser.post(&format!("/requirements/{uid}/audience/preview"), &[&rule[..], &[("act", "preview")]].concat()).await;
    shown.says("Nobody new will be asked. 1 will no longer be asked.");
    let counted = shown.text.split("name=\"counted\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let done =
        browser.post(&format!("/requirements/{uid}/audience"), &[&rule[..], &[("act", "change"), ("counted", counted)]].concat()).await;
    assert_eq!(done.status, Status::SeeOther, "{}", done.text);
    assert_eq!(names_of_duties(world, uid).await, ["Vic Vale"]);

    // A rule of the command line with parts that the form doesn't have is shown as its sentence.
    let some = Rule::Any(vec![role("teacher"), role("staff")]);
    let nested = save(world, "Of the command line", &all([some.clone(), some, Rule::Org(vec![harbor.uid])])).await;
    let page = browser.get(&format!("/audiences/{nested}")).await;
    page.says("parts that this form doesn&#39;t have");
    page.says("(teachers or other staff) at Harbor Middle who are also (teachers or other staff)");
    browser.close().await;
});

story!(classes_and_people_are_found_by_a_few_letters_and_kept_over_every_round, |world| {
    let harbor = world.school("Harbor Middle").await;
    let cedar = world.school("Cedar Ridge").await;
    let tom = world.teacher(&harbor, "Tom Lee").await;
    let vic = world.teacher(&cedar, "Vic Vale").await;
    let mary = world.student(&harbor, "Mary Archer", "06").await;
    world.guardian("Gail Archer", &[&mary]).await;
    world.section(&harbor, "Science 6", &tom, &[&mary]).await;
    world.section(&cedar, "Science 7", &vic, &[]).await;
    let science = uid_of_section(world, "Science 6").await.to_string();
    let director = world.granted("Kelley Christian", Role::Director).await;
    let browser = Browser::of(world, director).await;
    let preview = "/requirements/preview";

    let found = browser.post(preview, &[("groups[0].role", "student"), ("groups[0].classes_search", "SCI"), ("act", "find")]).await;
    found.says("Science 6 · Lee · Harbor Middle");
    found.says("Science 7 · Vale · Cedar Ridge");
    found.says_nothing_of(&format!("value=\"{science}\" checked"));
    let here = harbor.uid.to_string();
    let at_harbor =
        [("groups[0].role", "student"), ("groups[0].schools", here.as_str()), ("groups[0].classes_search", "sci"), ("act", "find")];
    browser.post(preview, &at_harbor).await.says_nothing_of("Science 7");
    let ticked = [
        ("groups[0].role", "student"),
        ("groups[0].classes", science.as_str()),
        ("groups[0].classes_search", "sci"),
        ("groups[0].classes_shown", "sci"),
        ("act", "preview"),
    ];
    let counted = browser.post(preview, &ticked).await;
    counted.says("Students in the class Science 6 must do this");
    counted.says("<p class=\"figure\">1</p>");
    counted.says(&format!("value=\"{science}\" checked"));
    counted.says_nothing_of("Science 7");

    // People: guardians are reached through their children, so that they aren't offered.
    let found = browser.post(preview, &[("groups[0].role", "named"), ("groups[0].people_search", "archer"), ("act", "preview")]).await;
    found.says("Mary Archer · student · Harbor Middle");
    found.says_nothing_of("Gail Archer");
    found.says_nothing_of("There is a problem");
    let empty = browser.post(preview, &[("groups[0].role", "named"), ("act", "preview")]).await;
    empty.says("Look for at least one person and tick the name.");
    let (mary, tom) = (mary.uid.to_string(), tom.uid.to_string());
    let named = [
        ("groups[0].role", "named"),
        ("groups[0].people", mary.as_str()),
        ("groups[0].people", tom.as_str()),
        ("groups[0].people_search", "zzz"),
        ("act", "find"),
    ];
    let none = browser.post(preview, &named).await;
    none.says("Nothing found for “zzz”");
    none.says("Mary Archer and Tom Lee must do this");
    none.says(&format!("value=\"{mary}\" checked"));
    browser.close().await;
});

story!(the_requirement_form_saves_its_audience_under_a_name_and_goes_on_with_it, |world| {
    let harbor = world.school("Harbor Middle").await;
    world.teacher(&harbor, "Tom Lee").await;
    let director = world.granted("Kelley Christian", Role::Director).await;
    let browser = Browser::of(world, director).await;
    let form =
        |name: &'static str| [("groups[0].role", "teacher"), ("title", "Staff agreement"), ("save_name", name), ("act", "save-audience")];
    let again = browser.post("/requirements/audience", &form("")).await;
    assert_eq!(again.status, Status::UnprocessableEntity);
    again.says("id=\"save_name-error\"");
    let saved = browser.post("/requirements/audience", &form("Our teachers")).await;
    assert_eq!(saved.status, Status::Ok);
    saved.says("“Our teachers” is saved.");
    saved.says("Everybody in “Our teachers” must do this");
    saved.says("“Our teachers”: teachers");
    saved.says("value=\"Staff agreement\"");
    saved.says("<p class=\"figure\">1</p>");
    browser.post("/requirements/audience", &form("our teachers")).await.says("Another saved audience has this name");
    browser.close().await;
});
