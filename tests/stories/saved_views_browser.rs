//! A director saves a view of the audit, in a real browser, large and small.

use assent::kernel::Role;

use crate::browser::Browser;
use crate::obligations::{agrees, for_students, issued};

async fn look(browser: &Browser, name: &str, faults: &mut Vec<String>) {
    faults.extend(browser.faults(&format!("views-{name}")).await);
}

browser_story!(a_director_saves_a_view_and_removes_it_again, |world, browser| {
    let (harbor, hill) = (world.school("Harbor Elementary").await, world.school("Hill Elementary").await);
    let mut first = None;
    for (school, name) in [(&harbor, "Max Young"), (&harbor, "Mia Early"), (&hill, "Nina Far")] {
        first.get_or_insert(world.student(school, name, "05").await);
    }
    let requirement = issued(world, for_students()).await;
    agrees(world, requirement, first.as_ref().unwrap()).await;
    world.account_named("dora", "Dora Director", &[Role::Director]).await;
    let mut faults = Vec::new();
    browser.sign_in("dora", crate::world::client::PASSWORD).await;
    browser.open_path("/audit").await;
    browser.shows("Your views").await;
    look(browser, "none", &mut faults).await;
    browser.press("Save this view").await;
    browser.shows("Give the view a name of 1 to 80 characters.").await;
    look(browser, "no-name", &mut faults).await;
    browser.fill("Name of this view", "Schools, each Monday morning before the meeting").await;
    browser.choose("Mail me its figures each week").await;
    browser.press("Save this view").await;
    browser.shows("its figures come by mail on the first school day of each week").await;
    look(browser, "saved", &mut faults).await;
    browser.press("Español").await;
    browser.shows("por correo cada semana").await;
    look(browser, "saved-es", &mut faults).await;
    browser.press("Quitar: Schools, each Monday morning before the meeting").await;
    browser.shows("La vista ya no está.").await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
});
