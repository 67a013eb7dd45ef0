//! Two records of one person: they count as one wherever people are read, and can be parted again.

use assent::acknowledgments;
use assent::identity::{self, accounts};
use assent::kernel::{Page, PersonId, Problem, Reach, Role};
use assent::obligations::people as behind;
use assent::obligations::{self, Cause, CauseKind, tasks};
use assent::on;
use assent::policies;
use assent::roster::generate;
use assent::roster::households::{self, ConsentRule};
use assent::roster::oneroster::{self, Wish};
use assent::roster::people::{self, AccountFate, ByHand, Filter, Newcomer, Obstacle};
use assent::training;

use crate::obligations::{for_students, issued};
use crate::policies::{agreement, published};
use crate::world::World;
use crate::world::people::{Person, School};

async fn merge_if(world: &World, keep: &Person, other: &Person, sure: bool) -> Result<Vec<PersonId>, Problem> {
    let mut tx = world.write().await;
    let changes = people::merge(&mut tx, &world.operator(), &world.district, keep.uid, other.uid, sure).await?;
    let people = changes.people.clone();
    obligations::follow(&mut tx, &world.operator(), &world.district, changes, Cause::of(CauseKind::Merge, "")).await.unwrap();
    tx.commit().await.unwrap();
    Ok(people)
}

async fn merge(world: &World, keep: &Person, other: &Person) {
    assert_eq!(merge_if(world, keep, other, false).await.unwrap(), [keep.id, other.id]);
}

async fn part(world: &World, other: &Person) {
    let mut tx = world.write().await;
    let changes = people::part(&mut tx, &world.operator(), &world.district, other.uid).await.unwrap();
    obligations::follow(&mut tx, &world.operator(), &world.district, changes, Cause::of(CauseKind::Merge, "")).await.unwrap();
    tx.commit().await.unwrap();
}

async fn obstacles(world: &World, keep: &Person, other: &Person) -> Vec<Obstacle> {
    let mut tx = world.read().await;
    people::preview(&mut tx, &world.operator(), keep.uid, other.uid).await.unwrap().obstacles
}

async fn set_username(world: &World, person: &Person, username: &str) {
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE person SET username = $2 WHERE id = $1").bind(person.id).bind(username).execute(c).await.map(drop))
        .unwrap();
    tx.commit().await.unwrap();
}

async fn listed(world: &World, filter: Filter) -> Vec<PersonId> {
    let mut tx = world.read().await;
    let found = people::list(&mut tx, &world.operator(), &filter, Page::number(None)).await.unwrap();
    assert_eq!(usize::try_from(found.total).unwrap(), found.rows.len());
    found.rows.into_iter().map(|p| p.id).collect()
}

/// Tina teaches at Harbor under one record and is Mary's mother under another.
struct Tina {
    harbor: School,
    mary: Person,
    teacher: Person,
    mother: Person,
}

async fn tina(world: &World) -> Tina {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Teal", "06").await;
    let max = world.student(&harbor, "Max Moss", "06").await;
    let teacher = world.teacher(&harbor, "Tina Teal").await;
    world.section(&harbor, "Science", &teacher, &[&max]).await;
    let mother = world.guardian("Christina Teal", &[&mary]).await;
    set_username(world, &teacher, "tteal").await;
    set_username(world, &mother, "p.tteal").await;
    Tina { harbor, mary, teacher, mother }
}

story!(two_records_of_one_person_count_as_one_wherever_people_are_read, |world| {
    let t = tina(world).await;
    let account = world.account(&t.teacher).await;
    assert!(!world.actor(account).await.has(Role::Guardian));
    merge(world, &t.teacher, &t.mother).await;

    // Lists and searches show the record that was kept, found by either.
    assert_eq!(listed(world, Filter { role: Some("teacher".into()), ..Filter::default() }).await, [t.teacher.id]);
    for text in ["tteal", "P.TTEAL", "christina"] {
        assert_eq!(listed(world, Filter { text: Some(text.into()), ..Filter::default() }).await, [t.teacher.id], "{text}");
    }
    assert_eq!(listed(world, Filter { role: Some("guardian".into()), ..Filter::default() }).await, [t.teacher.id]);
    // Roles, classes and children are those of both.
    let actor = world.actor(account).await;
    assert_eq!(actor.person, Some(t.teacher.id));
    assert!(actor.has(Role::Teacher) && actor.has(Role::Guardian));
    assert!(matches!(&actor.reach, Reach::Sections(sections) if sections.len() == 1));
    let mut tx = world.read().await;
    let today = world.district.today(tx.now());
    assert_eq!(people::children_of(&mut tx, t.teacher.id).await.unwrap()[0].id, t.mary.id);
    assert_eq!(people::guardians_of(&mut tx, t.mary.id).await.unwrap()[0].id, t.teacher.id);
    assert_eq!(people::find(&mut tx, &actor, t.mary.uid).await.unwrap().id, t.mary.id, "one's own child, through the other record");
    assert_eq!(people::find(&mut tx, &world.operator(), t.mother.uid).await.unwrap().id, t.teacher.id);
    assert_eq!(accounts::person_named(&mut tx, "p.tteal", today).await.unwrap().unwrap().0, t.teacher.id);
    drop(tx);

    let client = world.client().await;
    let leader = world.account(&world.school_leader(&t.harbor, "Lea Leader").await).await;
    client.sign_in_as(world, leader).await;
    let reply = client.get(&format!("/roster/people/{}", t.mother.uid)).await;
    assert_eq!((reply.status, reply.location()), (303, format!("/roster/people/{}", t.teacher.uid).as_str()));
    let page = client.get(reply.location()).await;
    for words in ["Also in the source as", "Christina Teal, Guardians", "(p.tteal)", "Mary Teal"] {
        assert!(page.body.contains(words), "{words} is missing: {}", page.body);
    }
    assert!(!page.body.contains("Part this record"), "only a director parts records");
    let page = client.get(&format!("/roster/people/{}/household", t.mary.uid)).await;
    assert!(page.body.contains("The roster, by another record: Christina Teal, Guardians"), "{}", page.body);

    part(world, &t.mother).await;
    assert!(!world.actor(account).await.has(Role::Guardian));
    assert_eq!(listed(world, Filter { text: Some("p.tteal".into()), ..Filter::default() }).await, [t.mother.id]);
    let mut tx = world.read().await;
    let said: Vec<String> = on!(tx, |c| sqlx::query_scalar("SELECT action FROM audit_entry WHERE subject = $1 ORDER BY id")
        .bind(t.mother.uid.to_string())
        .fetch_all(c)
        .await)
    .unwrap();
    assert_eq!(said, ["person.merged", "person.parted"]);
});

story!(an_account_of_the_other_record_can_still_be_used_or_is_ended_as_was_said, |world| {
    let t = tina(world).await;
    let mothers = world.account(&t.mother).await;
    let mut tx = world.read().await;
    let preview = people::preview(&mut tx, &world.operator(), t.teacher.uid, t.mother.uid).await.unwrap();
    assert_eq!((preview.account, preview.sections, preview.children), (AccountFate::Moves, 0, 1));
    drop(tx);
    merge(world, &t.teacher, &t.mother).await;
    let actor = world.actor(mothers).await;
    assert_eq!(actor.person, Some(t.teacher.id));
    assert!(actor.has(Role::Teacher));

    // Each has one: the other's ends, with its sessions; parted, it works again.
    let (max, lena) = (world.teacher(&t.harbor, "Max Mole").await, world.guardian("Max Mole", &[&t.mary]).await);
    let (first, second) = (world.account(&max).await, world.account_named("max.m", "Max Mole", &[]).await);
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE account SET person_id = $2 WHERE id = $1").bind(second).bind(lena.id).execute(c).await.map(drop))
        .unwrap();
    tx.commit().await.unwrap();
    let client = world.client().await;
    client.sign_in_as(world, second).await;
    assert_eq!(client.get("/tasks").await.status, 200);
    let mut tx = world.read().await;
    assert_eq!(people::preview(&mut tx, &world.operator(), max.uid, lena.uid).await.unwrap().account, AccountFate::Ends);
    drop(tx);
    merge(world, &max, &lena).await;
    assert_eq!(client.get("/tasks").await.status, 303);
    let of = async |account| {
        let mut tx = world.read().await;
        let today = world.district.today(tx.now());
        identity::actor(&mut tx, account, today).await.unwrap()
    };
    assert!(of(second).await.is_none());
    assert!(of(first).await.unwrap().has(Role::Guardian));
    part(world, &lena).await;
    assert_eq!(of(second).await.unwrap().person, Some(lena.id));
    assert_eq!(of(first).await.unwrap().person, Some(max.id));
});

story!(what_cannot_be_one_person_is_not_merged, |world| {
    let t = tina(world).await;
    assert_eq!(obstacles(world, &t.teacher, &t.teacher).await, [Obstacle::SameRecord]);
    assert_eq!(obstacles(world, &t.mary, &t.mother).await, [Obstacle::Family]);
    // Two students of different names: only if somebody is sure.
    let (ann, anna) = (world.student(&t.harbor, "Ann Núñez", "06").await, world.student(&t.harbor, "Anna Núñez", "06").await);
    let twin = world.student(&t.harbor, "ann núñez", "06").await;
    assert_eq!(obstacles(world, &ann, &anna).await, [Obstacle::Names]);
    assert!(obstacles(world, &ann, &twin).await.is_empty());
    let refused = merge_if(world, &ann, &anna, false).await.unwrap_err();
    assert!(matches!(&refused, Problem::Conflict(text) if text.contains("different names")), "{refused}");
    merge_if(world, &ann, &anna, true).await.unwrap();
    // No chains.
    assert_eq!(obstacles(world, &anna, &twin).await, [Obstacle::KeptIsMerged, Obstacle::Names]);
    assert_eq!(obstacles(world, &twin, &anna).await, [Obstacle::OtherIsMerged, Obstacle::Names]);
    assert_eq!(obstacles(world, &twin, &ann).await, [Obstacle::OtherHasRecords]);
    // A third record of the same person is no chain.
    merge(world, &ann, &twin).await;
    // For directors alone.
    let leader = world.actor(world.account(&world.school_leader(&t.harbor, "Lea Leader").await).await).await;
    let mut tx = world.write().await;
    let refused = people::merge(&mut tx, &leader, &world.district, t.teacher.uid, t.mother.uid, true).await;
    assert!(matches!(refused, Err(Problem::NotFound)));
    assert!(matches!(people::part(&mut tx, &leader, &world.district, anna.uid).await, Err(Problem::NotFound)));
    let by_itself = people::part(&mut tx, &world.operator(), &world.district, t.mother.uid).await;
    assert!(matches!(by_itself, Err(Problem::Conflict(_))));
});

story!(records_that_may_be_one_person_are_suggested_with_why, |world| {
    let t = tina(world).await;
    set_username(world, &t.mother, "tteal").await;
    let same_name = world.person(Some(&t.harbor), "Tina Teal", "staff", None).await;
    let mut tx = world.read().await;
    let found = people::alike(&mut tx, &world.operator(), t.teacher.uid).await.unwrap();
    let said: Vec<_> = found.iter().map(|a| (a.uid, a.why.as_str())).collect();
    // The builders make e-mail addresses of names.
    assert_eq!(said, [(t.mother.uid, "username"), (same_name.uid, "email")]);
    // A parent isn't suggested as their child.
    assert!(people::alike(&mut tx, &world.operator(), t.mary.uid).await.unwrap().is_empty());
});

story!(a_teacher_reaches_a_student_who_sits_in_class_under_the_other_record, |world| {
    let harbor = world.school("Harbor Middle").await;
    let kept = world.student(&harbor, "Ann Núñez", "06").await;
    let other = world.student(&harbor, "Ann Núñez", "06").await;
    let teacher = world.teacher(&harbor, "Tilda Teach").await;
    world.section(&harbor, "Science", &teacher, &[&other]).await;
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let version = published(&mut tx, world, &version, "2026-08-17").await;
    tx.commit().await.unwrap();
    merge(world, &kept, &other).await;
    let policy = obligations::Subject::Policy { version: version.id.0, root: version.policy_id.0 };
    let requirement = issued(world, obligations::NewRequirement { subject: policy, ..for_students() }).await;
    let ann = world.actor(world.account(&kept).await).await;
    let tilda = world.actor(world.account(&teacher).await).await;
    let mut tx = world.write().await;
    let task = tasks::one(&mut tx, &ann, requirement, kept.uid).await.unwrap();
    let reading = policies::read(&mut tx, &version, Some("en")).await.unwrap();
    let given = acknowledgments::Answer { text_hash: reading.hash.clone(), agrees: Some(true), ..acknowledgments::Answer::default() };
    let record = acknowledgments::answer(&mut tx, &ann, &world.district, &task, &reading, given).await.unwrap();
    let today = world.district.today(tx.now());
    let seen = behind::behind(&mut tx, &tilda, requirement, today, &behind::Filter::default(), Page::number(None)).await.unwrap();
    assert!(seen.rows.iter().any(|row| row.person_uid == kept.uid), "{:?}", seen.rows);
    assert_eq!(people::find(&mut tx, &tilda, kept.uid).await.unwrap().id, kept.id);
    assert_eq!(acknowledgments::receipt(&mut tx, &tilda, record.uid).await.unwrap().uid, record.uid);
});

story!(answers_given_under_the_other_record_stay_with_the_person, |world| {
    let harbor = world.school("Harbor Middle").await;
    let (kept, other) = (world.student(&harbor, "Ann Núñez", "06").await, world.student(&harbor, "Ann Núñez", "06").await);
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let version = published(&mut tx, world, &version, "2026-08-17").await;
    tx.commit().await.unwrap();
    let policy = obligations::Subject::Policy { version: version.id.0, root: version.policy_id.0 };
    let requirement = issued(world, obligations::NewRequirement { subject: policy, ..for_students() }).await;
    let account = world.account(&other).await;
    let ann = world.actor(account).await;
    let mut tx = world.write().await;
    let task = tasks::one(&mut tx, &ann, requirement, other.uid).await.unwrap();
    let reading = policies::read(&mut tx, &version, Some("en")).await.unwrap();
    let given = acknowledgments::Answer { text_hash: reading.hash.clone(), agrees: Some(true), ..acknowledgments::Answer::default() };
    let record = acknowledgments::answer(&mut tx, &ann, &world.district, &task, &reading, given).await.unwrap();
    tx.commit().await.unwrap();
    merge(world, &kept, &other).await;

    // The account went with the person: one's own receipt opens, and the person's page shows it.
    let client = world.client().await;
    client.sign_in_as(world, account).await;
    assert_eq!(client.get(&format!("/receipts/{}", record.uid)).await.status, 200);
    let leader = world.account(&world.school_leader(&harbor, "Lea Leader").await).await;
    client.sign_in_as(world, leader).await;
    let page = client.get(&format!("/roster/people/{}", kept.uid)).await;
    assert!(page.body.contains(&format!("/receipts/{}", record.uid)), "{}", page.body);
    assert!(page.body.contains("given under the other record"), "{}", page.body);
});

story!(a_course_begun_under_the_other_record_goes_on, |world| {
    let harbor = world.school("Harbor Middle").await;
    let (kept, other) = (world.student(&harbor, "Ann Núñez", "06").await, world.student(&harbor, "Ann Núñez", "06").await);
    let account = world.account(&other).await;
    let before = world.actor(account).await;
    let mut tx = world.write().await;
    training::take_from_library(&mut tx, &world.operator(), "netiquette-6-8").await.unwrap();
    let version = training::publish(&mut tx, &world.operator(), "netiquette-6-8").await.unwrap().version;
    let begun = training::start_or_resume(&mut tx, &before, other.id, version.id, "en").await.unwrap();
    tx.commit().await.unwrap();
    merge(world, &kept, &other).await;
    let ann = world.actor(account).await;
    let mut tx = world.write().await;
    let resumed = training::start_or_resume(&mut tx, &ann, kept.id, version.id, "en").await.unwrap();
    assert_eq!((resumed.uid, resumed.person_id), (begun.uid, kept.id));
    drop(tx);
    let client = world.client().await;
    client.sign_in_as(world, account).await;
    let reply = client.get(&format!("/attempts/{}", begun.uid)).await;
    assert_eq!(reply.location(), format!("/attempts/{}/lessons/1", begun.uid));
    assert_eq!(client.get(reply.location()).await.status, 200);
});

story!(a_person_whose_kept_record_left_is_there_by_the_other, |world| {
    let t = tina(world).await;
    merge(world, &t.teacher, &t.mother).await;
    world.leaves(&t.teacher).await;
    assert_eq!(
        listed(world, Filter { text: Some("teal".into()), role: Some("guardian".into()), ..Filter::default() }).await,
        [t.teacher.id]
    );
    assert!(listed(world, Filter { role: Some("teacher".into()), ..Filter::default() }).await.is_empty());
    let client = world.client().await;
    let leader = world.account(&world.school_leader(&t.harbor, "Lea Leader").await).await;
    client.sign_in_as(world, leader).await;
    let page = client.get(&format!("/roster/people/{}", t.teacher.uid)).await;
    assert!(page.status == 200 && !page.body.contains("Has left"), "{}", page.body);
    world.leaves(&t.mother).await;
    let page = client.get(&format!("/roster/people/{}", t.teacher.uid)).await;
    assert!(page.status == 200 && page.body.contains("Has left"), "{}", page.body);
});

story!(imports_go_on_bringing_both_records_and_part_nothing, |world| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster.zip");
    generate::write(
        generate::Plan { people: 120, seed: 3, guardians: 30, ..generate::Plan::default() },
        std::fs::File::create(&path).unwrap(),
    )
    .unwrap();
    let import = async || {
        let mut tx = world.write().await;
        let (report, changes) = oneroster::import(&mut tx, &world.operator(), &world.district, &path, Wish::default()).await.unwrap();
        obligations::follow(&mut tx, &world.operator(), &world.district, changes, Cause::of(CauseKind::Merge, "")).await.unwrap();
        tx.commit().await.unwrap();
        report.of("users")
    };
    assert_eq!(import().await.added, 120);
    let first = async |role: &str| {
        let mut tx = world.read().await;
        let filter = Filter { role: Some(role.into()), ..Filter::default() };
        let found = people::list(&mut tx, &world.operator(), &filter, Page::number(None)).await.unwrap().rows.remove(0);
        Person { id: found.id, uid: found.uid, name: format!("{} {}", found.given, found.family) }
    };
    let (teacher, guardian) = (first("teacher").await, first("guardian").await);
    merge(world, &teacher, &guardian).await;
    let again = import().await;
    assert_eq!((again.unchanged, again.changed, again.left), (120, 0, 0));
    let mut tx = world.read().await;
    let records = people::records_of(&mut tx, teacher.id).await.unwrap();
    assert_eq!(records.iter().map(|r| (r.id, r.left_day)).collect::<Vec<_>>(), [(guardian.id, None)]);
    assert!(!people::children_of(&mut tx, teacher.id).await.unwrap().is_empty());
});

story!(rules_on_consent_follow_the_records, |world| {
    let t = tina(world).await;
    let operator = world.operator();
    let set = async |child: &Person, rule, reason: &str| {
        let mut tx = world.write().await;
        let done = households::set_consent(&mut tx, &operator, &world.district, child.uid, rule, reason).await;
        tx.commit().await.unwrap();
        done.map(|changes| changes.people.len())
    };
    let rule_of = async |child: PersonId| {
        let mut tx = world.read().await;
        households::consent_of(&mut tx, child).await.unwrap().map(|c| c.rule)
    };
    // Who is named as the one guardian is the person, whichever record.
    set(&t.mary, ConsentRule::One(t.mother.id), "Order 7").await.unwrap();
    merge(world, &t.teacher, &t.mother).await;
    assert_eq!(rule_of(t.mary.id).await, Some(ConsentRule::One(t.teacher.id)));
    let mut tx = world.read().await;
    let found = households::household(&mut tx, &operator, &world.district, t.mary.uid).await.unwrap();
    assert!(!found.named_is_gone && found.guardians[0].say == households::Say::Alone);
    drop(tx);
    assert_eq!(set(&t.mary, ConsentRule::One(t.mother.id), "Order 7").await.unwrap(), 0, "the same person by the other record");
    part(world, &t.mother).await;
    assert_eq!(rule_of(t.mary.id).await, Some(ConsentRule::One(t.mother.id)));

    // A rule about the other record of a child isn't lost, and two different ones are not guessed between.
    let other = world.student(&t.harbor, "Mary Teal", "06").await;
    set(&other, ConsentRule::None, "Order 8").await.unwrap();
    assert_eq!(obstacles(world, &t.mary, &other).await, [Obstacle::Consent]);
    set(&t.mary, ConsentRule::None, "Order 8").await.unwrap();
    merge(world, &t.mary, &other).await;
    part(world, &other).await;
    assert_eq!((rule_of(t.mary.id).await, rule_of(other.id).await), (Some(ConsentRule::None), Some(ConsentRule::None)));
    let third = world.student(&t.harbor, "Mary Teal", "06").await;
    merge(world, &third, &other).await;
    assert_eq!(rule_of(third.id).await, Some(ConsentRule::None));
});

story!(a_director_merges_and_parts_on_the_pages, |world| {
    let t = tina(world).await;
    let director = world.granted("Dora Director", Role::Director).await;
    let mut tx = world.write().await;
    let by_hand = Newcomer { given: "Tina".into(), family: "Teal".into(), kind: ByHand::Board, ..Newcomer::default() };
    let (board, changes) = people::add(&mut tx, &world.operator(), &world.district, by_hand).await.unwrap();
    obligations::follow(&mut tx, &world.operator(), &world.district, changes, Cause::of(CauseKind::Merge, "")).await.unwrap();
    tx.commit().await.unwrap();
    let client = world.client().await;
    client.sign_in_as(world, director).await;
    let merge = format!("/roster/people/{}/merge", t.teacher.uid);
    let page = client.get(&format!("{merge}?text=christina")).await;
    assert!(page.body.contains(&format!("?other={}", t.mother.uid)), "{}", page.body);
    let other = t.mother.uid.to_string();
    let page = client.get(&format!("{merge}?other={other}")).await;
    for words in
        ["This record is kept", "Christina Teal", "The other record brings 1 child.", "The other record has no account.", "Merge them"]
    {
        assert!(page.body.contains(words), "{words} is missing: {}", page.body);
    }
    assert_eq!(
        listed(world, Filter { text: Some("christina".into()), ..Filter::default() }).await,
        [t.mother.id],
        "looking changes nothing"
    );
    let reply = client.post(&merge, &[("other", other.as_str())]).await;
    assert_eq!(reply.location(), format!("/roster/people/{}", t.teacher.uid), "{}", reply.body);
    client.post(&merge, &[("other", board.uid.to_string().as_str())]).await;
    let page = client.get(reply.location()).await;
    assert!(page.body.contains("Christina Teal, Guardians") && page.body.contains("Tina Teal, Board members"), "{}", page.body);
    // What stands against it is said, and nothing is done.
    let page = client.post(&format!("/roster/people/{}/merge", t.mary.uid), &[("other", t.teacher.uid.to_string().as_str())]).await;
    assert!(page.status == 422 && page.body.contains("One is the other&#39;s guardian"), "{}", page.body);
    let reply = client.post(&format!("/roster/people/{}/part", t.teacher.uid), &[("other", other.as_str())]).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    assert_eq!(listed(world, Filter { text: Some("christina".into()), ..Filter::default() }).await, [t.mother.id]);
});
