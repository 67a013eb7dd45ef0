//! A director says who must do something, in a real browser, without help; the pages have no script.

use assent::kernel::Role;
use assent::obligations::State;
use assent::on;

use crate::audiences::duties;
use crate::policies::{agreement, published};
use crate::world::client::PASSWORD;
use crate::world::people::Person;
use crate::world::{World, day};

/// Two middle schools, a high school and a grade school, with staff who have been there and teachers who are new.
async fn town(world: &World) {
    let middle = [world.school("Harbor Middle").await, world.school("Cedar Ridge Middle").await];
    let high = world.school("Bayview High").await;
    let grade = world.school("Oak Street Elementary").await;
    for (school, name) in middle.iter().zip(["Harbor", "Cedar"]) {
        world.teacher(school, &format!("Tom {name}")).await;
        world.school_leader(school, &format!("Lena {name}")).await;
        world.person(Some(school), &format!("Sam {name}"), "staff", None).await;
        world.student(school, &format!("Mary {name}"), "07").await;
    }
    world.teacher(&high, "Hugo Longtime").await;
    let new: Vec<Person> = vec![world.teacher(&high, "Nina New").await, world.teacher(&grade, "Otto New").await];
    world.joined(&new[0], "2026-08-17").await;
    world.joined(&new[1], "2026-08-12").await;
    let aide = world.person(Some(&grade), "Ada Aide", "staff", None).await;
    world.joined(&aide, "2026-08-17").await;
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    published(&mut tx, world, &version, "2026-08-17").await;
    tx.commit().await.unwrap();
}

browser_story!(a_director_asks_all_staff_of_two_schools_and_new_teachers_without_help, on_both, |world, browser| {
    let look = world.url.starts_with("sqlite:");
    let see = async |name: &str| {
        if look {
            browser.check_page(&format!("audience-{name}")).await;
            browser.resize(1280, 900).await;
        }
    };
    town(world).await;
    world.account_named("director", "Kelley Christian", &[Role::Director]).await;
    browser.sign_in("director", PASSWORD).await;
    browser.follow("Requirements").await;
    browser.follow("Ask people for something").await;
    see("new").await;

    // What is asked, and the first group: all staff of the two middle schools.
    browser.click("#subject option:last-child").await;
    browser.select("[name=\"groups[0].role\"]", "all_staff").await;
    browser.click("[id=\"groups[0].schools\"] summary").await;
    browser.choose("Harbor Middle").await;
    browser.choose("Cedar Ridge Middle").await;
    browser.press("Add another group").await;
    browser.shows("School: Cedar Ridge Middle, Harbor Middle").await;

    // The second: teachers who joined on or after the first school day.
    browser.select("[name=\"groups[1].role\"]", "teacher").await;
    browser.click("[id=\"groups[1]\"] details.pick:last-of-type summary").await;
    browser.set_day("[name=\"groups[1].joined\"]", "2026-08-17").await;
    see("second-group").await;
    browser.click("aside button[value=preview]").await;
    browser
        .shows("All staff at Cedar Ridge Middle and Harbor Middle, or teachers who joined on or after August 17, 2026, must agree to")
        .await;
    browser.shows("within 30 days of being asked or of joining").await;
    browser.shows("Joined: on or after August 17, 2026").await;
    assert_eq!(browser.words("aside .figure").await, ["7"]);
    assert_eq!(browser.evaluate("document.scripts.length").await, 0, "no script is needed");
    see("counted").await;
    browser.click("aside details summary").await;
    browser.shows("Nina New · teacher · Bayview High").await;
    see("counted-examples").await;
    browser.press("Ask these 7 people").await;
    browser.shows("7 answers are asked for.").await;
    see("asked").await;

    // Exactly these people, each with 30 days from joining or from today, whichever is later.
    let uid = {
        let mut tx = world.read().await;
        on!(tx, |c| sqlx::query_scalar("SELECT uid FROM requirement").fetch_one(c).await).unwrap()
    };
    let asked = duties(world, uid).await;
    let thirty = day("2026-09-16");
    let expected = ["Lena Cedar", "Lena Harbor", "Nina New", "Sam Cedar", "Sam Harbor", "Tom Cedar", "Tom Harbor"];
    assert_eq!(asked, expected.map(|name| (name.to_owned(), thirty, State::Open)));

    // Another audience for it: who comes and goes is shown before it is done.
    browser.follow("Change who must do this").await;
    browser.click("[id=\"groups[0].schools\"] summary").await;
    browser.choose("Cedar Ridge Middle").await;
    browser.choose("Bayview High").await;
    browser.click("aside button[value=preview]").await;
    browser.shows("1 will be asked. 3 will no longer be asked.").await;
    see("change").await;
    assert_eq!(duties(world, uid).await.len(), 7, "nothing is done yet");
    browser.press("Make this change").await;
    browser.shows("It is changed. 1 more answer is asked for.").await;
    let now: Vec<String> = duties(world, uid).await.into_iter().map(|(name, ..)| name).collect();
    assert_eq!(now, ["Hugo Longtime", "Lena Harbor", "Nina New", "Sam Harbor", "Tom Harbor"]);
    browser.follow("Change who must do this").await;
    browser.click("[id=\"groups[0].schools\"] summary").await;
    browser.choose("Cedar Ridge Middle").await;
    browser.choose("Bayview High").await;
    browser.click("aside button[value=preview]").await;
    browser.shows("3 will be asked. 1 will no longer be asked.").await;
    browser.press("Make this change").await;
    browser.shows("It is changed. 3 more answers are asked for.").await;

    // Somebody who joins next week has 30 days from then; an aide who joins at the high school isn't asked.
    world.go_to("2026-08-24");
    let high = {
        let mut tx = world.read().await;
        let (id, uid) = on!(tx, |c| sqlx::query_as("SELECT id, uid FROM org WHERE name = 'Bayview High'").fetch_one(c).await).unwrap();
        crate::world::people::School { id, uid, name: "Bayview High".into() }
    };
    let late = world.teacher(&high, "Wes Later").await;
    let aide = world.person(Some(&high), "Abe Aide", "staff", None).await;
    for person in [&late, &aide] {
        world.joined(person, "2026-08-24").await;
    }
    world.follow(&[&late, &aide]).await;
    let asked = duties(world, uid).await;
    assert_eq!(asked.len(), 8);
    assert!(asked.contains(&("Wes Later".to_owned(), day("2026-09-23"), State::Open)), "{asked:?}");
});

browser_story!(the_builder_is_usable_with_many_schools_classes_and_conditions, |world, browser| {
    let mut schools = Vec::new();
    for number in 1..=70 {
        schools.push(world.school(&format!("School Number {number:02}")).await);
    }
    for (number, school) in schools.iter().enumerate() {
        let teacher = world.teacher(school, &format!("Teacher N{number:02}")).await;
        let student = world.student(school, &format!("Student N{number:02}"), ["KG", "03", "07", "12"][number % 4]).await;
        world.section(school, &format!("Science {number}"), &teacher, &[&student]).await;
    }
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    published(&mut tx, world, &version, "2026-08-17").await;
    for statement in [
        "UPDATE person SET language = 'es' WHERE role = 'student' AND grade = 'KG'",
        "UPDATE person SET language = 'so' WHERE role = 'student' AND grade = '12'",
        "UPDATE position SET title = 'counselor' WHERE role = 'teacher' AND person_id % 7 = 0",
        "UPDATE position SET title = 'ext:reading_coach' WHERE role = 'teacher' AND person_id % 7 = 1",
    ] {
        on!(tx, |c| sqlx::query(statement).execute(c).await.map(drop)).unwrap();
    }
    tx.commit().await.unwrap();
    world.account_named("director", "Kelley Christian", &[Role::Director]).await;
    browser.sign_in("director", PASSWORD).await;
    browser.open_path("/audiences").await;
    browser.check_page("audiences-empty").await;
    browser.resize(1280, 900).await;
    browser.follow("New audience").await;
    browser.select("[name=\"groups[0].role\"]", "student").await;
    browser.click("[id=\"groups[0]\"] details.pick:last-of-type summary").await;
    browser.type_in("[name=\"groups[0].classes_search\"]", "science 1").await;
    browser.click("[id=\"groups[0].classes\"] button").await;
    browser.shows("Science 10 · N10 · School Number 11").await;
    browser.click("[id=\"groups[0].classes\"] .checks .check:nth-child(2) input").await;
    browser.click("[id=\"groups[0].schools\"] summary").await;
    browser.check_page("audiences-found-classes").await;
    browser.resize(1280, 900).await;
    browser.press("Leave somebody out").await;
    browser.select("[name=\"excepts[0].role\"]", "named").await;
    browser.click("[id=\"excepts[0]\"] details.pick:last-of-type summary").await;
    browser.type_in("[name=\"excepts[0].people_search\"]", "n10").await;
    // Enter looks for the person, too.
    browser.type_in("[name=\"excepts[0].people_search\"]", "\n").await;
    browser.shows("Student N10 · student · School Number 11").await;
    browser.check_page("audiences-found-people").await;
    browser.resize(1280, 900).await;
    browser.click("aside button[value=preview]").await;
    browser.shows("There is a problem").await;
    browser.check_page("audiences-wrong").await;
    browser.resize(1280, 900).await;

    // Everybody but a few, in many schools.
    browser.open_path("/audiences/new").await;
    browser.select("[name=\"groups[0].role\"]", "everybody").await;
    browser.click("aside button[value=preview]").await;
    browser.shows("62 other schools").await;
    browser.fill("Name", "Everybody").await;
    browser.press("Save this audience").await;
    browser.shows("“Everybody” is saved.").await;
    browser.check_page("audiences-list").await;
    browser.resize(1280, 900).await;
    // A requirement that names it, and a change of it.
    browser.open_path("/requirements/new").await;
    browser.click("#subject option:last-child").await;
    browser.click("[name=\"groups[0].role\"] optgroup option").await;
    browser.fill("What the task is called", "Agreement for everybody").await;
    browser.click("aside button[value=preview]").await;
    browser.shows("Everybody in “Everybody” must agree to").await;
    browser.check_page("audiences-by-name").await;
    browser.resize(1280, 900).await;
    browser.press("Ask these 140 people").await;
    browser.shows("140 answers are asked for.").await;
    browser.open_path("/audiences").await;
    browser.follow("Everybody").await;
    browser.select("[name=\"groups[0].role\"]", "student").await;
    browser.click("aside button[value=preview]").await;
    browser.shows("Nobody new will be asked. 70 will no longer be asked.").await;
    browser.check_page("audiences-one").await;
    browser.open_path("/audiences").await;
    browser.press("Español").await;
    browser.follow("Everybody").await;
    browser.shows("Todos los destinatarios guardados").await;
    browser.check_page("audiences-one-es").await;
    browser.open_path("/requirements/new").await;
    browser.check_page("audiences-requirement-es").await;
});
