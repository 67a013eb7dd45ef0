//! The mail's pages in a real browser: a director, small and large, by mouse and by keys; a family in Spanish.

use assent::kernel::Role;
use assent::obligations::requirements::AnswersAs;
use assent::on;

use crate::browser::Browser;
use crate::notices::{asked, reachable};
use crate::world::client::PASSWORD;
use crate::world::mail::MailServer;

async fn look(browser: &Browser, name: &str, faults: &mut Vec<String>) {
    faults.extend(browser.faults(name).await);
    browser.resize(1280, 900).await;
}

browser_story!(a_director_looks_after_the_mail_and_a_family_reads_its_own, |world, browser| {
    let Some(server) = MailServer::start() else { return };
    let (harbor, hill) = (world.school("Harbor Elementary").await, world.school("Hill Elementary").await);
    let mut guardians = Vec::new();
    for (at, (name, address, language)) in [
        ("Archer", "", "en"),
        ("Lopez", "luz@families.example", "es"),
        ("Gonzalez-Montenegro", "gone-away-and-a-very-long-address-of-somebody@families.example", "es"),
        ("Young", "never@families.example", "en"),
    ]
    .into_iter()
    .enumerate()
    {
        let child = world.student(if at == 3 { &hill } else { &harbor }, &format!("Kim {name}"), "05").await;
        let guardian = world.guardian(&format!("Luz {name}"), &[&child]).await;
        reachable(world, &guardian, address, language).await;
        guardians.push(guardian);
    }
    asked(world, "Family agreement on devices and online tools", AnswersAs::Guardian, "2026-09-18").await;
    world.postman(server.port).round().await.unwrap();
    world.account_named("dora", "Dora Director", &[Role::Director]).await;
    let mut faults = Vec::new();

    browser.sign_in("dora", PASSWORD).await;
    browser.shows("Some people were told nothing").await;
    look(browser, "mail-today", &mut faults).await;
    browser.follow("Mail").await;
    browser.shows("gone-away-and-a-very-long-address").await;
    look(browser, "mail", &mut faults).await;
    browser.follow("When mails go out, and of what").await;
    look(browser, "mail-settings", &mut faults).await;
    browser.fill("So many days before the last day", "soon").await;
    browser.press("Keep these reminders").await;
    browser.shows("There is a problem").await;
    look(browser, "mail-settings-wrong", &mut faults).await;
    browser.fill("So many days before the last day", "10, 2").await;
    browser.press("Keep these reminders").await;
    browser.shows("This holds from the next mail on.").await;
    browser.fill("Holidays", "2026-11-26 Thanksgiving").await;
    browser.press("Keep these days").await;
    browser.shows("This holds from the next mail on.").await;
    browser.choose("A last day has passed").await;
    browser.press("Keep these kinds").await;
    browser.shows("This holds from the next mail on.").await;
    browser.open_path("/mail/preview").await;
    browser.click("details summary").await;
    look(browser, "mail-preview", &mut faults).await;
    browser.open_path("/mail/preview/duty.late/es").await;
    browser.screenshot("mail-as-sent").await;

    // By keys alone: tick the first name, and on to the letters.
    browser.open_path("/mail/never-told").await;
    look(browser, "mail-never-told", &mut faults).await;
    browser.type_in("[name=chosen]", " ").await;
    browser.type_in("form[action='/mail/letters'] > .row > button", "\u{e007}").await;
    browser.shows("1 letter, one page").await;
    browser.open_path("/mail/never-told").await;
    browser.press("Letters for all: Harbor Elementary").await;
    browser.shows("2 letters").await;
    look(browser, "mail-letters", &mut faults).await;
    browser.press("I have printed these and will hand them out").await;
    browser.shows("2 people count as told by letter.").await;
    look(browser, "mail-never-told-after", &mut faults).await;
    browser.open_path("/mail").await;
    browser.press("Send again: gone-away-and-a-very-long-address-of-somebody@families.example").await;
    browser.shows("A new mail goes out with what is still open.").await;
    browser.press("Sign out").await;

    // Luz López has got one, and reads in Spanish.
    let mut tx = world.write().await;
    let new = assent::identity::accounts::NewAccount {
        login: "luz".into(),
        name: "Luz Lopez".into(),
        person: Some(guardians[1].id),
        password: Some(PASSWORD.into()),
        ..Default::default()
    };
    let account = assent::identity::accounts::add(&mut tx, &world.operator(), new).await.unwrap();
    on!(tx, |c| sqlx::query("UPDATE account SET language = 'es' WHERE id = $1").bind(account).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
    browser.sign_in("luz", PASSWORD).await;
    browser.follow("Mi correo").await;
    browser.shows("luz@families.example").await;
    browser.shows("Por favor, responda").await;
    look(browser, "mail-mine-es", &mut faults).await;
    browser.choose("Respondieron a su comentario").await;
    browser.press("Guardar mi elección").await;
    browser.shows("Su elección está guardada.").await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
});
