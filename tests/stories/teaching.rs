//! Lessons that are given to a class: who may, who was there, what follows for each child, and what a correction does.

use std::collections::BTreeMap;

use assent::kernel::{AccountId, Actor, Problem, Role};
use assent::obligations::requirements::NewRequirement;
use assent::obligations::{Subject, verify};
use assent::on;
use assent::training::attestations::{self, NewAttestation, Presence, Stand};
use assent::training::{self, Version, attempts, figures};
use uuid::Uuid;

use crate::browser::Browser;
use crate::class_mode::{may_sign_in, uid_of};
use crate::obligations::{by_school, for_students, issued, total};
use crate::world::client::PASSWORD;
use crate::world::people::{Person, School};
use crate::world::{World, day};

const COURSE: &str = "netiquette-6-8";

async fn course(world: &World) -> Version {
    let mut tx = world.write().await;
    training::take_from_library(&mut tx, &world.operator(), COURSE).await.unwrap();
    let version = training::publish(&mut tx, &world.operator(), COURSE).await.unwrap().version;
    tx.commit().await.unwrap();
    version
}

/// Harbor Middle: Tilda Teach has two sections, and all students are asked to take a course by the end of September.
struct Harbor {
    school: School,
    teacher: Person,
    account: AccountId,
    children: Vec<Person>,
    section: Uuid,
    version: Version,
    requirement: Uuid,
}

async fn harbor(world: &World, number: usize) -> Harbor {
    let school = world.school("Harbor Middle").await;
    let teacher = world.teacher(&school, "Tilda Teach").await;
    let mut children = Vec::new();
    for n in 1..=number {
        children.push(world.student(&school, &format!("Kid{n:02} Young"), "07").await);
    }
    let all: Vec<&Person> = children.iter().collect();
    let section = uid_of(world, world.section(&school, "Homeroom 7A", &teacher, &all).await).await;
    let version = course(world).await;
    let subject = Subject::Course { version: version.id.0, root: version.course_id.0 };
    let requirement =
        issued(world, NewRequirement { title: "Group chats".into(), subject, due: Some(day("2026-09-30")), ..for_students() }).await;
    Harbor { account: may_sign_in(world, &teacher, "tilda").await, school, teacher, children, section, version, requirement }
}

impl Harbor {
    fn lesson(&self, held: &str, here: &[usize], excused: &[usize]) -> NewAttestation {
        let uids = |places: &[usize]| places.iter().map(|place| self.children[*place].uid).collect();
        NewAttestation {
            section: self.section,
            version: self.version.uid,
            held: day(held),
            here: uids(here),
            excused: uids(excused),
            note: String::new(),
        }
    }
}

async fn attest(world: &World, actor: &Actor, new: NewAttestation) -> Result<Uuid, Problem> {
    let mut tx = world.write().await;
    let uid = attestations::attest(&mut tx, actor, &world.district, new).await?;
    tx.commit().await.unwrap();
    Ok(uid)
}

/// How each child stands, by given name.
async fn stands(world: &World, actor: &Actor, h: &Harbor, held: &str) -> BTreeMap<String, Stand> {
    let mut tx = world.read().await;
    let room = attestations::room(&mut tx, actor, &world.district, (h.section, h.version.uid), day(held)).await.unwrap();
    room.seats.into_iter().map(|seat| (seat.pupil.given, seat.stand)).collect()
}

story!(who_was_there_has_done_it_and_who_was_absent_keeps_the_task, |world| {
    let h = harbor(world, 4).await;
    let actor = world.actor(h.account).await;
    let mut tx = world.read().await;
    let lessons = attestations::waiting(&mut tx, &actor, &world.district).await.unwrap();
    assert_eq!((lessons.len(), lessons[0].title.as_str(), lessons[0].open, lessons[0].asked), (1, "Group chats", 4, 4));
    drop(tx);
    world.go_to("2026-08-20");
    let uid = attest(world, &actor, h.lesson("2026-08-19", &[0, 1], &[3])).await.unwrap();
    let counts = total(world, h.requirement, "2026-08-20").await;
    assert_eq!((counts.fulfilled, counts.open), (2, 2));
    assert_eq!(verify::ledger(&mut world.read().await).await.unwrap(), []);
    let mut tx = world.read().await;
    let read = attestations::read(&mut tx, &actor, &world.district, uid).await.unwrap();
    let presences: Vec<(&str, Presence)> = read.students.iter().map(|s| (s.given.as_str(), s.presence)).collect();
    let wanted = [("Kid01", Presence::Here), ("Kid02", Presence::Here), ("Kid03", Presence::Absent), ("Kid04", Presence::Excused)];
    assert_eq!(presences, wanted);
    assert_eq!((read.teacher_name.as_str(), read.held), ("Tilda Teach", day("2026-08-19")));
    // It counts as if they had taken it alone.
    let done = attempts::progress(&mut tx, h.children[0].id, h.version.id).await.unwrap();
    assert_eq!(done.passed_on, Some(day("2026-08-19")));
    let versions = [h.version.id];
    for (from, to, number) in [("2026-08-19", "2026-08-19", 2), ("2026-08-20", "2026-08-30", 0)] {
        assert_eq!(figures::completers(&mut tx, &versions, day(from), day(to), None).await.unwrap(), number, "{from}");
    }
    drop(tx);

    // Two days later, for those who were absent: "everybody" leaves the excused child alone.
    world.go_to("2026-08-21");
    let seen = stands(world, &actor, &h, "2026-08-21").await;
    let wanted = [("Kid01", Stand::Done), ("Kid02", Stand::Done), ("Kid03", Stand::Open), ("Kid04", Stand::Excused)];
    assert_eq!(seen, wanted.map(|(name, stand)| (name.to_owned(), stand)).into());
    let again = attest(world, &actor, h.lesson("2026-08-21", &[0, 1], &[])).await;
    assert!(matches!(again, Err(Problem::Conflict(_))), "they have it: {again:?}");
    let make_up = attest(world, &actor, h.lesson("2026-08-21", &[2], &[])).await.unwrap();
    let mut tx = world.read().await;
    let read = attestations::read(&mut tx, &actor, &world.district, make_up).await.unwrap();
    let presences: Vec<(&str, Presence)> = read.students.iter().map(|s| (s.given.as_str(), s.presence)).collect();
    assert_eq!(presences, [("Kid03", Presence::Here), ("Kid04", Presence::Excused)]);
    drop(tx);
    let counts = total(world, h.requirement, "2026-08-21").await;
    assert_eq!((counts.fulfilled, counts.open), (3, 1));
    assert_eq!(total(world, h.requirement, "2026-08-20").await.fulfilled, 2, "earlier days stay as they were");
});

story!(a_lesson_is_attested_by_who_stands_before_the_class_and_for_a_day_that_can_have_been, |world| {
    let h = harbor(world, 2).await;
    let other = world.teacher(&h.school, "Tom Tutor").await;
    let leader = world.school_leader(&h.school, "Lea Leader").await;
    let cedar = world.school("Cedar Middle").await;
    let stranger = world.school_leader(&cedar, "Lou Lead").await;
    world.go_to("2026-08-20");
    for (person, may) in [(&other, false), (&stranger, false), (&h.children[0], false), (&leader, true)] {
        let actor = world.actor(world.account(person).await).await;
        let said = attest(world, &actor, h.lesson("2026-08-20", &[0], &[])).await;
        assert_eq!(said.is_ok(), may, "{}: {said:?}", person.name);
        assert!(may || matches!(said, Err(Problem::NotFound)), "{said:?}");
    }
    let director = world.actor(world.granted("Dora Director", Role::Director).await).await;
    assert!(matches!(attest(world, &director, h.lesson("2026-08-20", &[1], &[])).await, Err(Problem::NotFound)));

    let actor = world.actor(h.account).await;
    let field = |said: Result<Uuid, Problem>| match said {
        Err(Problem::Invalid(errors)) => errors[0].field.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(field(attest(world, &actor, h.lesson("2026-08-21", &[1], &[])).await), "held", "tomorrow");
    assert_eq!(field(attest(world, &actor, h.lesson("2026-08-16", &[1], &[])).await), "held", "before the course was there");
    assert_eq!(field(attest(world, &actor, h.lesson("2026-08-20", &[], &[1])).await), "here", "nobody");
    let mut of_another_class = h.lesson("2026-08-20", &[1], &[]);
    of_another_class.here.push(Uuid::from_u128(7));
    assert_eq!(field(attest(world, &actor, of_another_class).await), "here");
    let counts = total(world, h.requirement, "2026-08-20").await;
    assert_eq!((counts.fulfilled, counts.open), (1, 1), "what was refused changed nothing");

    world.leaves(&h.teacher).await;
    let said = attest(world, &world.actor(h.account).await, h.lesson("2026-08-20", &[1], &[])).await;
    assert!(said.is_err(), "who has left attests nothing");
});

story!(a_correction_asks_again_or_completes_and_stays_in_the_log, |world| {
    let h = harbor(world, 3).await;
    let actor = world.actor(h.account).await;
    let uid = attest(world, &actor, h.lesson("2026-08-17", &[0, 1], &[])).await.unwrap();
    let mut tx = world.write().await;
    let wanted = [(h.children[1].uid, Presence::Absent), (h.children[2].uid, Presence::Here), (h.children[0].uid, Presence::Here)];
    let changed = attestations::correct(&mut tx, &actor, &world.district, uid, &wanted.into()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(changed, 2, "the first stands as it stood");
    let counts = total(world, h.requirement, "2026-08-17").await;
    assert_eq!((counts.fulfilled, counts.open), (2, 1));
    assert_eq!(by_school(world, h.requirement, "2026-08-17").await["Harbor Middle"].fulfilled, 2);
    assert_eq!(verify::ledger(&mut world.read().await).await.unwrap(), []);
    let seen = stands(world, &actor, &h, "2026-08-17").await;
    assert_eq!((seen["Kid02"], seen["Kid03"]), (Stand::Open, Stand::Done));
    let mut tx = world.read().await;
    let kept: Vec<String> =
        on!(tx, |c| sqlx::query_scalar("SELECT detail FROM audit_entry WHERE action = 'training.attestation_corrected' ORDER BY id")
            .fetch_all(c)
            .await)
        .unwrap();
    assert!(kept.len() == 2 && kept.iter().any(|k| k.contains("\"before\":\"here\"") && k.contains("\"after\":\"absent\"")), "{kept:?}");
    drop(tx);

    let mut tx = world.write().await;
    let stranger = [(Uuid::from_u128(7), Presence::Here)].into();
    assert!(matches!(attestations::correct(&mut tx, &actor, &world.district, uid, &stranger).await, Err(Problem::Invalid(_))));
});

story!(a_teacher_puts_a_lesson_down_on_the_pages, |world| {
    let h = harbor(world, 3).await;
    let client = world.client().await;
    client.sign_in_as(world, h.account).await;
    let first = client.get("/").await.body;
    assert!(first.contains("For your classes") && first.contains("3 students have it to do"), "{first}");
    let path = format!("/teaching/{}/{}", h.section, h.version.uid);
    let list = client.get("/teaching").await.body;
    assert!(list.contains(&path), "{list}");
    let page = client.get(&path).await.body;
    assert!(page.contains("Kid02 Young") && page.contains("Everybody is marked as here"), "{page}");
    let presence = |n: usize| format!("presence[{}]", h.children[n].uid);
    let (one, two, three) = (presence(0), presence(1), presence(2));
    let none = client.post(&path, &[("held", "2026-08-17"), (&one, "absent"), (&two, "absent"), (&three, "absent")]).await;
    assert!(none.body.contains("Mark at least one student as here."), "{}", none.body);
    let later = client.post(&path, &[("held", "2027-01-01"), (&one, "here"), (&two, "absent")]).await;
    assert!(later.body.contains("Choose a day on which the lesson can have been"), "{}", later.body);
    let kept = client
        .post(&path, &[("held", "2026-08-17"), (&one, "here"), (&two, "absent"), (&three, "excused"), ("note", "In the library")])
        .await;
    let address = kept.location().to_owned();
    let page = client.get(&address).await.body;
    assert!(page.contains("1 student was there") && page.contains("1 student keeps the task") && page.contains("In the library"), "{page}");
    client.post(&address, &[(&two, "here")]).await;
    let page = client.get(&address).await.body;
    assert!(page.contains("2 students were there"), "{page}");
    let counts = total(world, h.requirement, "2026-08-17").await;
    assert_eq!((counts.fulfilled, counts.open), (2, 1));
});

async fn look(browser: &Browser, name: &str, faults: &mut Vec<String>) {
    faults.extend(browser.faults(&format!("teaching-{name}")).await);
    browser.resize(1280, 900).await;
}

browser_story!(a_teacher_attests_a_lesson_for_twenty_eight_children_with_three_absent, |world, browser| {
    let h = harbor(world, 28).await;
    let more = [world.student(&h.school, "Zoe Second", "07").await, world.student(&h.school, "Yan Second", "07").await];
    world.section(&h.school, "Homeroom 7B", &h.teacher, &[&more[0], &more[1]]).await;
    world.follow(&[&more[0], &more[1]]).await;
    let mut faults = Vec::new();
    browser.sign_in("tilda", PASSWORD).await;
    browser.shows("For your classes").await;
    look(browser, "first-page", &mut faults).await;
    browser.open_path("/teaching").await;
    look(browser, "list", &mut faults).await;
    browser.open_path(&format!("/teaching/{}/{}", h.section, h.version.uid)).await;
    for absent in [3, 11, 27] {
        browser.click(&format!("input[name='presence[{}]'][value=absent]", h.children[absent].uid)).await;
    }
    browser.press("Put it down").await;
    browser.shows("The lesson is on record.").await;
    browser.shows("25 students were there").await;
    browser.shows("3 students keep the task").await;
    look(browser, "record", &mut faults).await;
    // The second class from the first.
    browser.shows("The same lesson for your next class").await;
    browser.click("main ul.tasks a.act").await;
    browser.shows("Zoe Second").await;
    look(browser, "class", &mut faults).await;
    browser.press("Put it down").await;
    browser.shows("2 students were there").await;
    assert_eq!(faults, [""; 0]);
});
