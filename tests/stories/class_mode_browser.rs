//! Class mode in a real browser: a first grade of 24 on a tablet, and a small one on a telephone without scripts.

use std::collections::BTreeSet;

use assent::kernel::Role;
use assent::on;

use crate::browser::Browser;
use crate::class_mode::{TASK, may_sign_in, of_all, promise};
use crate::obligations::issued;
use crate::world::World;
use crate::world::client::PASSWORD;
use crate::world::people::Person;

const CHILDREN: [&str; 24] = [
    "Ana Diaz",
    "Ana Frost",
    "Ben Cole",
    "Carlos Vega",
    "Daisy Moore",
    "Eli Grant",
    "Fatima Noor",
    "Gus Hill",
    "Hana Sato",
    "Ivan Petrov",
    "Jada Brown",
    "Ken Park",
    "Lucia Reyes",
    "Maximiliano Castillo",
    "Mia Hall",
    "Noah King",
    "Olga Stone",
    "Priya Shah",
    "Quinn Fox",
    "Rosie Lane",
    "Sam Reed",
    "Tomas Ruiz",
    "Uma Rao",
    "Zoe Wolf",
];

/// Rosa Diaz with that many first-graders, who are asked.
async fn first_grade(world: &World, number: usize) -> Vec<Person> {
    let pine = world.school("Pine Elementary").await;
    let rosa = world.teacher(&pine, "Rosa Diaz").await;
    let mut children = Vec::new();
    for name in &CHILDREN[..number] {
        children.push(world.student(&pine, name, "01").await);
    }
    world.section(&pine, "Homeroom 1A", &rosa, &children.iter().collect::<Vec<_>>()).await;
    may_sign_in(world, &rosa, "rosa").await;
    let version = promise(world).await;
    issued(world, of_all(&version)).await;
    children
}

/// As [`Browser::check_page`], and on a tablet held upright, where class mode is at home.
async fn look(browser: &Browser, name: &str) {
    browser.check_page(&format!("class-{name}")).await;
    browser.resize(768, 1024).await;
    for (dark, scheme) in [(true, "dark"), (false, "light")] {
        browser.dark(dark).await;
        browser.screenshot(&format!("class-{name}-768-{scheme}")).await;
        browser.no_overflow().await;
        let found = browser.axe().await;
        assert!(found.is_empty(), "axe on {name}: {found:?}");
    }
}

async fn tap(browser: &Browser, child: &Person) {
    browser.click(&format!(".child[href=\"/class/children/{}\"]", child.uid)).await;
}

/// From the own tile back to the class.
async fn answers(browser: &Browser, child: &Person, says: &str) {
    tap(browser, child).await;
    browser.click(&format!(".say a[href*=\"says={says}\"]")).await;
    browser.click("form button.big").await;
    browser.comes_to("/class").await;
}

async fn given(world: &World, answer: &'static str) -> i64 {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM acknowledgment WHERE authenticated = 'witnessed' AND answer = $1")
        .bind(answer)
        .fetch_one(c)
        .await)
    .unwrap()
}

browser_story!(a_teacher_takes_twenty_four_first_graders_through_class_mode, |world, browser| {
    let children = first_grade(world, 24).await;
    browser.sign_in("rosa", PASSWORD).await;
    browser.shows("Read it with your class").await;
    browser.shows("24 children still to answer").await;
    look(browser, "first-page").await;
    browser.open_path("/classes").await;
    browser.shows("Homeroom 1A").await;
    look(browser, "list").await;
    browser.click("ul.tasks h3 a").await;
    browser.shows("Hand the device to your class").await;
    look(browser, "start").await;

    browser.press("Begin reading").await;
    browser.comes_to("/class/read/1").await;
    look(browser, "read-first").await;
    for part in 2..=17 {
        browser.follow("Next").await;
        browser.comes_to(&format!("/class/read/{part}")).await;
        if part == 9 {
            look(browser, "read").await;
        }
    }
    browser.shows("I promise to do my best.").await;
    look(browser, "read-last").await;
    // The browser speaks what stands there, part by part; the second press stops it.
    browser.evaluate("window.spoken = []; speechSynthesis.speak = words => window.spoken.push(words.text + ' ' + words.lang); 0").await;
    browser.press_here("Listen").await;
    let spoken = browser.evaluate("window.spoken").await;
    assert_eq!(spoken[1], "I heard the rules. I promise to do my best. en", "{spoken}");
    browser.press_here("Stop").await;
    browser.shows("Listen").await;
    browser.follow("Now you answer").await;

    // Twenty-four tiles, each with another picture.
    browser.shows("Find your picture").await;
    let tiles: Vec<String> = browser.words(".child").await;
    let pictures = browser.evaluate("[...document.querySelectorAll('.child .visually-hidden')].map(e => e.textContent)").await;
    let pictures: BTreeSet<String> = pictures.as_array().unwrap().iter().map(|p| p.as_str().unwrap().to_owned()).collect();
    assert_eq!((tiles.len(), pictures.len()), (24, 24), "{pictures:?}");
    look(browser, "tiles").await;
    tap(browser, &children[0]).await;
    browser.shows("Hello Ana D.").await;
    look(browser, "child").await;
    browser.click(".say a[href*=\"says=no\"]").await;
    browser.shows("Ana D., you say no.").await;
    look(browser, "no").await;
    browser.follow("Go back").await;
    browser.click(".say a[href*=\"says=yes\"]").await;
    browser.shows("Ana D., you say yes.").await;
    look(browser, "yes").await;
    browser.press("That's right").await;
    browser.shows("Thank you. Who is next?").await;
    for (number, child) in children.iter().enumerate().skip(1) {
        // One isn't there, one says no.
        if number != 5 {
            answers(browser, child, if number == 14 { "no" } else { "yes" }).await;
        }
        if number == 12 {
            look(browser, "half").await;
        }
    }
    browser.shows("23 of 24 have answered").await;
    look(browser, "nearly").await;
    tap(browser, &children[3]).await;
    browser.shows("You have answered.").await;
    look(browser, "answered").await;
    browser.open_path("/").await;
    browser.comes_to("/class").await;
    answers(browser, &children[5], "yes").await;
    browser.shows("Everybody has answered.").await;

    browser.follow("I'm the teacher").await;
    look(browser, "teacher").await;
    browser.fill("Your password", "not the right one").await;
    browser.press("Take the device back").await;
    browser.shows("This is not your password.").await;
    look(browser, "teacher-wrong").await;
    browser.fill("Your password", PASSWORD).await;
    browser.press("Take the device back").await;
    browser.shows("Mia said no. That is a real answer").await;
    browser.shows("24 of 24 have answered").await;
    look(browser, "result").await;
    browser.click("tbody tr:nth-child(3) a").await;
    browser.shows("Answered in class, with Rosa Diaz present").await;
    look(browser, "receipt").await;
    assert_eq!((given(world, "agreed").await, given(world, "declined").await), (23, 1));
    browser.open_path("/").await;
    assert!(!browser.text().await.contains(TASK), "nothing waits any more");
});

browser_story!(a_class_answers_on_a_telephone_without_javascript, without_javascript, |world, browser| {
    let children = first_grade(world, 3).await;
    browser.resize(320, 640).await;
    browser.sign_in("rosa", PASSWORD).await;
    browser.click("ul.tasks h3 a").await;
    browser.select("#language", "es").await;
    browser.press("They have heard it: go to the answers").await;
    browser.shows("Busca tu dibujo").await;
    assert!(!browser.text().await.contains("Escuchar"), "a button that could do nothing");
    for (child, says) in children.iter().zip(["yes", "no", "yes"]) {
        answers(browser, child, says).await;
        browser.no_overflow().await;
    }
    browser.shows("Ya respondieron todos.").await;
    assert_eq!((given(world, "agreed").await, given(world, "declined").await), (2, 1));
    browser.follow("Soy el docente").await;
    browser.press("Cerrar la sesión en este dispositivo").await;
    browser.comes_to("/sign-in").await;
});

browser_story!(the_director_s_page_of_class_mode, |world, browser| {
    world.account_named("director", "Dora Director", &[Role::Director]).await;
    browser.sign_in("director", PASSWORD).await;
    browser.open_path("/classes/grades").await;
    browser.check_page("class-grades").await;
    browser.select("#grade", "").await;
    browser.press("Keep this").await;
    browser.shows("This is kept, and holds from now on.").await;
});
