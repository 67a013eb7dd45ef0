//! The link in a mail, in a real browser: a guardian on a small telephone, in Spanish, by the keyboard alone.

use assent::kernel::Role;
use assent::on;

use crate::browser::Browser;
use crate::family::{family, records};
use crate::sign_in_link::link;

/// A page small and large, light and dark, and small again.
async fn look(browser: &Browser, name: &str, faults: &mut Vec<String>) {
    faults.extend(browser.faults(&format!("link-{name}")).await);
    browser.resize(320, 640).await;
}

browser_story!(a_guardian_answers_in_spanish_by_a_mail_s_link_and_the_keyboard, |world, browser| {
    let f = family(world).await;
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE person SET language = 'es' WHERE id = $1").bind(f.gil.id).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
    let path = link(world, &f.gil).await;
    let mut faults = Vec::new();
    browser.resize(320, 640).await;

    browser.open_path(&path).await;
    browser.shows("Hola, Gil").await;
    look(browser, "hello-es", &mut faults).await;
    browser.key_on("Ir a mis tareas", "Enter").await;
    browser.comes_to("/tasks").await;
    browser.shows("tiene 1 cosa por hacer").await;
    assert_eq!(browser.words(".bar nav a").await, ["Sus tareas", "Mis respuestas"]);
    look(browser, "tasks-es", &mut faults).await;

    browser.key_on("Leer y responder", "Enter").await;
    browser.shows("Dar su respuesta").await;
    look(browser, "read-es", &mut faults).await;
    browser.key_on("Dar su respuesta", "Enter").await;
    browser.shows("Su nombre, como firma").await;
    for consent in ["account", "tools", "image", "ai"] {
        browser.key_on(&format!("choice[{consent}]"), " ").await;
    }
    browser.type_in("#signed_name", "Gil Cole").await;
    browser.key_on("Dar estas 4 respuestas", "Enter").await;
    browser.shows("Entró con un enlace enviado al correo").await;
    look(browser, "receipt-es", &mut faults).await;
    assert_eq!(records(world).await, 1);
    browser.key_on("Mis respuestas", "Enter").await;
    browser.comes_to("/answers").await;
    look(browser, "answers-es", &mut faults).await;

    // What else there is says kindly that the link is for answering.
    browser.open_path("/policies").await;
    browser.shows("Este enlace es solo para responder").await;
    look(browser, "only-answers-es", &mut faults).await;
    browser.key_on("Volver a sus tareas", "Enter").await;
    browser.comes_to("/").await;
    browser.shows("no tiene nada pendiente").await;

    // The mail again: it has been used; once signed out, another can be asked for.
    browser.open_path(&path).await;
    browser.shows("Aquí entró como Gil Cole.").await;
    look(browser, "ended-in-es", &mut faults).await;
    browser.key_on("Ir a mis tareas", "Enter").await;
    browser.comes_to("/tasks").await;
    browser.press("Salir").await;
    browser.comes_to("/sign-in").await;
    browser.open_path(&path).await;
    browser.shows("Este enlace ya no sirve").await;
    look(browser, "ended-es", &mut faults).await;
    browser.follow("English").await;
    browser.shows("This link has ended").await;
    look(browser, "ended-en", &mut faults).await;
    browser.follow("Español").await;
    browser.shows("Este enlace ya no sirve").await;
    browser.key_on("Enviarme un enlace nuevo", "Enter").await;
    browser.shows("Revise su correo").await;
    look(browser, "sent-es", &mut faults).await;
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
});

browser_story!(a_director_comes_by_a_link_and_signs_in_fully_without_javascript, without_javascript, |world, browser| {
    let f = family(world).await;
    world.account_with(&f.mary, Role::Director).await;
    let mut tx = world.write().await;
    assent::identity::accounts::set_password(&mut tx, &world.operator(), "mary.archer", crate::world::client::PASSWORD).await.unwrap();
    tx.commit().await.unwrap();
    let path = link(world, &f.mary).await;
    browser.open_path(&format!("{path}?language=es")).await;
    browser.press("Ir a mis tareas").await;
    browser.comes_to("/tasks").await;
    browser.shows("Hola, Mary").await;
    browser.open_path("/roster").await;
    browser.shows("Este enlace es solo para responder").await;
    browser.follow("Entrar").await;
    browser.fill("Su nombre de usuario o correo electrónico", "mary.archer").await;
    browser.fill("Su contraseña", crate::world::client::PASSWORD).await;
    browser.press("Entrar").await;
    browser.comes_to("/roster").await;
});
