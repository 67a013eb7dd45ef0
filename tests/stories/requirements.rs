//! The director's pages of requirements.

use assent::kernel::Role;
use assent::obligations::requirements;
use assent::on;
use rocket::http::Status;

use crate::audit::Browser;
use crate::obligations::{agrees, for_students, issued};

story!(the_form_counts_whom_it_reaches_without_a_script, |world| {
    let harbor = world.school("Harbor Middle").await;
    let cedar = world.school("Cedar Ridge").await;
    for number in 0..3 {
        world.student(&harbor, &format!("Harbor N{number}"), "06").await;
    }
    world.student(&harbor, "Mary Archer", "07").await;
    world.student(&cedar, "Olga Cole", "06").await;
    world.teacher(&cedar, "Tom Teacher").await;
    let director = world.granted("Kelley Christian", Role::Director).await;
    let browser = Browser::of(world, director).await;
    let empty = browser.get("/requirements").await;
    empty.says("Nobody has been asked for anything yet");
    let new = browser.get("/requirements/new").await;
    new.says("There is nothing to ask for yet");
    new.says("Count whom this reaches");

    let harbor_uid = harbor.uid.to_string();
    let mut form = vec![
        ("groups[0].role", "student"),
        ("groups[0].schools", harbor_uid.as_str()),
        ("groups[0].grades", "06"),
        ("groups[0].grades", "07"),
        ("due", "2026-10-01"),
        ("join_days", "30"),
        ("goal", "95"),
        ("answers_as", "oneself"),
        ("act", "add-group"),
    ];
    let more = browser.post("/requirements/preview", &form).await;
    assert_eq!(more.status, Status::Ok);
    more.says("name=\"groups[1].role\"");
    form.pop();
    form.extend([("groups[1].role", "teacher"), ("excepts[0].role", "school_leader"), ("act", "preview")]);
    let counted = browser.post("/requirements/preview", &form).await;
    counted.says("Students in grades 6 and 7 at Harbor Middle, or teachers, but in no case school leaders, must do this by October 1, 2026; whoever joins later has 30 days.");
    counted.says("<p class=\"figure\">5</p>");
    counted.says("<th scope=\"row\">Harbor Middle</th><td class=\"n\">4</td>");
    // A condition can be turned around.
    form.insert(0, ("groups[0].schools_not", "true"));
    let turned = browser.post("/requirements/preview", &form).await;
    turned.says("Students in grades 6 and 7 not at Harbor Middle, or teachers, but in no case school leaders, must do this");
    turned.says("<b>all but Harbor Middle</b>");
    turned.says("<p class=\"figure\">2</p>");
    form.remove(0);
    form.pop();
    form.push(("act", "remove-group-0"));
    let fewer = browser.post("/requirements/preview", &form).await;
    fewer.says("Teachers, but not school leaders, must do this");
    fewer.says_nothing_of("name=\"groups[1].role\"");
    browser.close().await;
});

story!(what_is_wrong_with_the_form_stands_beside_its_field_and_nothing_is_saved, |world| {
    world.school("Harbor Middle").await;
    let director = world.granted("Kelley Christian", Role::Director).await;
    let browser = Browser::of(world, director).await;
    let form =
        [("groups[0].role", "student"), ("groups[0].joined", "soon"), ("title", "Staff agreement"), ("goal", "many"), ("act", "issue")];
    let again = browser.post("/requirements", &form).await;
    assert_eq!(again.status, Status::UnprocessableEntity);
    again.says("There is a problem");
    again.says("href=\"#groups[0].joined\"");
    again.says("id=\"groups[0].joined-error\"");
    again.says("value=\"Staff agreement\"");
    let form = [("groups[0].role", "student"), ("goal", "many"), ("subject", "policy-9"), ("act", "save")];
    let again = browser.post("/requirements", &form).await;
    again.says("Choose the policy or course that people are asked for.");
    again.says("Write a whole number, such as 30.");
    let mut tx = world.read().await;
    let saved: i64 = on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM requirement").fetch_one(c).await).unwrap();
    assert_eq!(saved, 0);
    browser.close().await;
});

story!(a_saved_requirement_is_issued_from_its_page_and_taken_back_with_a_reason, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    world.student(&harbor, "Noah Baker", "07").await;
    let mut tx = world.write().await;
    let saved = requirements::save(&mut tx, &world.operator(), &world.district, for_students()).await.unwrap();
    tx.commit().await.unwrap();
    let director = world.granted("Kelley Christian", Role::Director).await;
    let browser = Browser::of(world, director).await;
    browser.get("/requirements").await.says("Saved, nobody asked yet");
    let address = format!("/requirements/{}", saved.uid);
    let page = browser.get(&address).await;
    page.says("Students must agree to “Read the agreement” by September 1, 2026; whoever joins later has 14 days.");
    page.says("Ask these 2 people");
    let asked = browser.post(&format!("{address}/issue"), &[]).await;
    assert_eq!((asked.status, asked.to.as_deref()), (Status::SeeOther, Some(address.as_str())));
    browser.get(&address).await.says("2 answers are asked for. They stand on people&#39;s task lists now.");
    assert_eq!(browser.post(&format!("{address}/issue"), &[]).await.status, Status::Conflict);
    agrees(world, saved.uid, &mary).await;
    let list = browser.get("/requirements").await;
    list.says("In force");
    list.says("1 of 2");

    let refused = browser.post(&format!("{address}/withdrawal"), &[("reason", " ")]).await;
    assert_eq!(refused.status, Status::UnprocessableEntity);
    refused.says("Say why, in a sentence");
    world.go_to("2026-08-18");
    let director = world.granted("Another Director", Role::Director).await;
    let later = Browser::of(world, director).await;
    let taken = later.post(&format!("{address}/withdrawal"), &[("reason", "Issued by mistake")]).await;
    assert_eq!(taken.status, Status::SeeOther);
    let page = later.get(&address).await;
    page.says("Taken back on August 18, 2026: Issued by mistake");
    page.says("1 of 2");
    later.get("/requirements").await.says("Past");
    browser.close().await;
    later.close().await;
});

story!(only_a_director_opens_requirements, |world| {
    let harbor = world.school("Harbor Middle").await;
    let leader = world.school_leader(&harbor, "Lena Leader").await;
    let uid = issued(world, for_students()).await;
    let account = world.account(&leader).await;
    let browser = Browser::of(world, account).await;
    for path in ["/requirements", "/requirements/new"] {
        assert_eq!(browser.get(path).await.status, Status::NotFound);
    }
    let refused = browser.post(&format!("/requirements/{uid}/withdrawal"), &[("reason", "x")]).await;
    assert_eq!(refused.status, Status::NotFound);
    browser.close().await;
});
