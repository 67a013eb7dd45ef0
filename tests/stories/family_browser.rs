//! Families on a small telephone, in a real browser: three children at two schools in Spanish, a household in which both must agree, a
//! consent that is taken back and somebody who is told, a student who turns 18.

use assent::identity::accounts;
use assent::obligations::{self, Cause, CauseKind};
use assent::on;
use assent::roster::households::{self, ConsentRule};
use assent::roster::people;

use crate::browser::Browser;
use crate::family::{Family, answers, family, holds, records};
use crate::world::client::PASSWORD;
use crate::world::people::Person;
use crate::world::{World, day};

/// The login of somebody's account, with a password from now on.
async fn may_sign_in(world: &World, person: &Person) -> String {
    let login = person.name.to_lowercase().replace(' ', ".");
    let mut tx = world.write().await;
    accounts::set_password(&mut tx, &world.operator(), &login, PASSWORD).await.unwrap();
    tx.commit().await.unwrap();
    login
}

async fn go_on_as(browser: &Browser, login: &str) {
    browser.open_path("/policies").await;
    if browser.evaluate("document.querySelectorAll('header form').length > 1").await == true {
        browser.click("header form:last-of-type button").await;
    }
    browser.sign_in(login, PASSWORD).await;
}

/// Counts what a hand does: taps, fields that are written, pages that are seen.
struct Hand<'a> {
    browser: &'a Browser,
    taps: u32,
    written: u32,
    pages: Vec<String>,
}

impl Hand<'_> {
    async fn sees(&mut self) {
        self.pages.push(self.browser.title().await);
    }

    async fn taps(&mut self, css: &str) {
        self.browser.click(css).await;
        self.taps += 1;
    }

    async fn follows(&mut self, text: &str) {
        self.browser.follow(text).await;
        self.taps += 1;
        self.sees().await;
    }

    async fn presses(&mut self, text: &str) {
        self.browser.press(text).await;
        self.taps += 1;
        self.sees().await;
    }

    async fn writes(&mut self, css: &str, text: &str) {
        self.browser.type_in(css, text).await;
        self.written += 1;
    }
}

/// A page small and large, light and dark, and small again.
async fn look(browser: &Browser, name: &str, faults: &mut Vec<String>) {
    faults.extend(browser.faults(&format!("family-{name}")).await);
    browser.resize(320, 640).await;
}

async fn in_spanish(world: &World, f: &Family) {
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE person SET language = 'es' WHERE id = $1").bind(f.gia.id).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
}

browser_story!(a_guardian_of_three_at_two_schools_is_done_in_three_minutes_in_spanish, |world, browser| {
    let f = family(world).await;
    in_spanish(world, &f).await;
    let gia = may_sign_in(world, &f.gia).await;
    let mut faults = Vec::new();
    browser.resize(320, 640).await;
    browser.sign_in(&gia, PASSWORD).await;
    let mut hand = Hand { browser, taps: 0, written: 0, pages: Vec::new() };
    browser.shows("tiene 3 cosas por hacer").await;
    hand.sees().await;
    look(browser, "tasks-es", &mut faults).await;
    hand.taps("ul.tasks li h3 a").await;
    browser.shows("Dar su respuesta").await;
    hand.sees().await;
    hand.follows("Dar su respuesta").await;
    look(browser, "answer-es", &mut faults).await;
    for consent in ["account", "tools", "ai"] {
        hand.taps(&format!("input[name=\"choice[{consent}]\"][value=yes]")).await;
    }
    hand.taps("input[name=\"choice[image]\"][value=no]").await;
    hand.writes("#signed_name", "Gia Archer").await;
    hand.presses("Dar estas 4 respuestas").await;
    browser.shows("Dar las mismas respuestas por").await;
    look(browser, "receipt-es", &mut faults).await;
    hand.taps("a[href$='/same']").await;
    browser.shows("Las mismas respuestas por sus otros hijos").await;
    hand.sees().await;
    look(browser, "same-es", &mut faults).await;
    for place in [1, 2] {
        hand.taps(&format!("#child section:nth-of-type({place}) input[type=checkbox]")).await;
    }
    hand.writes("#signed_name", "Gia Archer").await;
    hand.presses("Firmar y dar estas respuestas").await;
    browser.shows("quedaron guardadas").await;
    look(browser, "answers-es", &mut faults).await;
    for child in [&f.mary, &f.max, &f.nina] {
        browser.shows(&child.name).await;
    }
    assert_eq!(records(world).await, 3, "one record each child");
    // Eleven taps, two names written, six pages for three children with four questions each.
    assert_eq!((hand.taps, hand.written, hand.pages.len()), (11, 2, 6), "{:?}", hand.pages);
    browser.open_path("/tasks").await;
    browser.shows("no tiene nada pendiente").await;
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
});

browser_story!(a_household_needs_both_a_consent_is_taken_back_and_somebody_is_told, |world, browser| {
    let f = family(world).await;
    let (gia, gil) = (may_sign_in(world, &f.gia).await, may_sign_in(world, &f.gil).await);
    let second = world.school_leader(&f.harbor, "Lea Second").await;
    world.account(&second).await;
    let lea = may_sign_in(world, &second).await;
    let mut faults = Vec::new();
    let leader = world.actor(f.leader).await;
    let mut tx = world.write().await;
    let changes = households::set_consent(&mut tx, &leader, &world.district, f.mary.uid, ConsentRule::All, "Joint custody").await.unwrap();
    obligations::follow(&mut tx, &leader, &world.district, changes, Cause::of(CauseKind::Consent, f.mary.uid)).await.unwrap();
    tx.commit().await.unwrap();
    answers(world, f.as_gia, &f, &f.mary, &[], "").await;

    // One yes isn't enough, and the page says so.
    browser.resize(320, 640).await;
    browser.sign_in(&gia, PASSWORD).await;
    browser.open_path("/answers").await;
    browser.shows("Not yet: every guardian must say yes").await;
    look(browser, "answers-waiting", &mut faults).await;
    assert_eq!(holds(world, f.as_gia, &f.mary, "image").await, Some(false));
    go_on_as(browser, &gil).await;
    browser.shows("1 thing to do").await;
    browser.click("ul.tasks li h3 a").await;
    browser.follow("Give your answer").await;
    for consent in ["account", "tools", "image", "ai"] {
        browser.click(&format!("input[name=\"choice[{consent}]\"][value=yes]")).await;
    }
    browser.type_in("#signed_name", "Gil Cole").await;
    browser.press("Give these 4 answers").await;
    browser.shows("Answered: 4 yes, 0 no").await;
    look(browser, "receipt-all-yes", &mut faults).await;
    assert_eq!(holds(world, f.as_gia, &f.mary, "image").await, Some(true));

    // Gil takes the picture back: what happens then, a button, a receipt.
    browser.click("a[href$='consent=image']").await;
    browser.shows("What happens then").await;
    look(browser, "take-back", &mut faults).await;
    browser.type_in("#reason", "Somebody wrote to her").await;
    browser.press("Take it back").await;
    browser.shows("It is taken back, and your school is told.").await;
    look(browser, "receipt-taken-back", &mut faults).await;
    browser.follow("All my answers").await;
    browser.shows("You took it back").await;
    browser.shows("Gia Archer: yes").await;
    look(browser, "answers-taken-back", &mut faults).await;
    assert_eq!(holds(world, f.as_gia, &f.mary, "image").await, Some(false));
    assert_eq!(holds(world, f.as_gia, &f.mary, "tools").await, Some(true));

    // The school's leader hears of it, and sees to it.
    go_on_as(browser, &lea).await;
    browser.shows("1 answer said no or took something back: see to it").await;
    look(browser, "today-told", &mut faults).await;
    browser.follow("1 answer said no or took something back: see to it").await;
    browser.shows("Somebody wrote to her").await;
    look(browser, "told", &mut faults).await;
    browser.press("Seen to: Gil Cole, for Mary Archer").await;
    browser.shows("There is a problem").await;
    look(browser, "told-wrong", &mut faults).await;
    browser.type_in("article input", "Called him; the yearbook leaves her out").await;
    browser.press("Seen to: Gil Cole, for Mary Archer").await;
    browser.shows("It is written down, and waits no more.").await;
    browser.shows("Nothing waits").await;
    look(browser, "told-none", &mut faults).await;
    browser.follow("Show all, also those seen to").await;
    browser.shows("Called him; the yearbook leaves her out").await;
    look(browser, "told-all", &mut faults).await;

    // Two who said the same are seen to together.
    for name in ["Ada Ames", "Ben Boyle"] {
        let child = world.student(&f.harbor, name, "08").await;
        let guardian = world.account(&world.guardian(&format!("{name}-Guardian"), &[&child]).await).await;
        world.follow(&[&child]).await;
        answers(world, guardian, &f, &child, &["image"], "").await;
    }
    answers(world, f.as_gia, &f, &f.max, &["account"], "").await;
    browser.open_path("/said-no").await;
    browser.shows("3 answers wait").await;
    look(browser, "told-kinds", &mut faults).await;
    browser.click("nav.sheet li:first-child a").await;
    browser.shows("Write down the same for all 2 on this page").await;
    browser.click("main details summary").await;
    look(browser, "told-kind", &mut faults).await;
    browser.type_in("#note", "On the list of no pictures").await;
    browser.press("Seen to, for 2 answers").await;
    browser.shows("It is written down for 2 answers, which wait no more.").await;
    browser.shows("1 answer waits").await;
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
});

browser_story!(a_student_turns_18_and_answers_alone, |world, browser| {
    let f = family(world).await;
    world.account(&f.mary).await;
    let (mary, gia) = (may_sign_in(world, &f.mary).await, may_sign_in(world, &f.gia).await);
    let mut faults = Vec::new();
    answers(world, f.as_gia, &f, &f.mary, &["ai"], "").await;
    browser.resize(320, 640).await;
    browser.sign_in(&mary, PASSWORD).await;
    browser.open_path("/answers").await;
    browser.shows("You have answered nothing yet.").await;
    look(browser, "answers-none", &mut faults).await;

    let mut tx = world.write().await;
    let leader = world.actor(f.leader).await;
    let today = Some(day("2026-08-17"));
    let changes = people::answers_alone_since(&mut tx, &leader, &world.district, f.mary.uid, today).await.unwrap();
    obligations::follow(&mut tx, &leader, &world.district, changes, Cause::of(CauseKind::Person, f.mary.uid)).await.unwrap();
    tx.commit().await.unwrap();
    browser.open_path("/answers").await;
    browser.shows("You are 18: this is yours to decide now.").await;
    look(browser, "answers-18", &mut faults).await;
    browser.click("a[href*='/take-back?consent=image']").await;
    browser.shows("What happens then").await;
    browser.press("Take it back").await;
    browser.shows("This speaks of one question alone").await;
    look(browser, "receipt-18", &mut faults).await;
    browser.open_path("/answers").await;
    browser.click("a[href*='/give?consent=ai']").await;
    browser.shows("From now on").await;
    look(browser, "give", &mut faults).await;
    browser.press("Say yes from now on").await;
    browser.shows("Your yes is kept.").await;
    assert_eq!(records(world).await, 3);

    go_on_as(browser, &gia).await;
    browser.open_path("/answers").await;
    browser.shows("Mary Archer is 18 now and answers alone.").await;
    look(browser, "answers-of-guardian-18", &mut faults).await;
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
});
