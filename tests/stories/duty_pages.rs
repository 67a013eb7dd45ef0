//! The pages of one person's duty and of what changed who is asked.

use assent::kernel::Role;
use assent::obligations::{self, Cause, CauseKind};
use assent::on;
use assent::roster::Changes;
use rocket::http::Status;

use crate::audit::Browser;
use crate::obligations::{for_guardians, for_students, issued};

story!(a_school_leader_gives_more_time_and_sees_what_happened, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let leader = world.school_leader(&harbor, "Lee Principal").await;
    let account = world.account(&leader).await;
    let uid = issued(world, for_students()).await;
    world.go_to("2026-09-03");
    let browser = Browser::of(world, account).await;
    let here = format!("/audit/{uid}/people/{}/{}", mary.uid, mary.uid);
    browser.get(&format!("/audit/{uid}/people")).await.says(&format!("<a href=\"{here}\">Mary Archer</a>"));
    let page = browser.get(&here).await;
    page.says("<span class=\"state late\">Late</span>");
    page.says("Last day September 1, 2026.");

    // Each mistake is said beside its field, and nothing is kept of it.
    let again = browser.post(&here, &[("act", "extend"), ("until", "2026-08-20"), ("reason", "was ill")]).await;
    assert_eq!(again.status, Status::UnprocessableEntity);
    again.says("id=\"until-error\"");
    again.says("was ill");
    let again = browser.post(&here, &[("act", "extend"), ("until", "2026-09-20"), ("reason", " ")]).await;
    again.says("id=\"extend-reason-error\"");
    let again = browser.post(&here, &[("act", "exempt"), ("reason", "")]).await;
    again.says("id=\"exempt-reason-error\"");

    let done = browser.post(&here, &[("act", "extend"), ("until", "2026-09-20"), ("reason", "was ill")]).await;
    assert_eq!((done.status, done.to.as_deref()), (Status::SeeOther, Some(here.as_str())));
    let page = browser.get(&here).await;
    page.says("Last day September 20, 2026. Before it was extended: September 1, 2026.");
    page.says("was ill (granted by Lee Principal)");
    page.says("more time was given");
    let done = browser.post(&here, &[("act", "exempt"), ("reason", "moved abroad for the year")]).await;
    assert_eq!(done.status, Status::SeeOther);
    let page = browser.get(&here).await;
    page.says("moved abroad for the year (granted by Lee Principal)");
    page.says("Ask after all");
    assert_eq!(browser.post(&here, &[("act", "ask"), ("reason", "is back")]).await.status, Status::SeeOther);
    // An answer of another kind is nothing that there is.
    assert_eq!(browser.post(&here, &[("act", "delete"), ("reason", "x")]).await.status, Status::NotFound);
    let mut tx = world.read().await;
    let actions: Vec<String> = on!(tx, |c| sqlx::query_scalar(
        "SELECT action FROM audit_entry WHERE action LIKE 'obligation.%' AND actor_name = 'Lee Principal' ORDER BY id"
    )
    .fetch_all(c)
    .await)
    .unwrap();
    assert_eq!(actions, ["obligation.extended", "obligation.exempted", "obligation.asked_after_all"]);
    browser.close().await;
});

story!(a_teacher_sees_the_duty_of_a_student_and_grants_nothing, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let teacher = world.teacher(&harbor, "Tess Teacher").await;
    world.section(&harbor, "Math 7", &teacher, &[&mary]).await;
    let account = world.account(&teacher).await;
    let uid = issued(world, for_students()).await;
    let browser = Browser::of(world, account).await;
    let here = format!("/audit/{uid}/people/{}/{}", mary.uid, mary.uid);
    let page = browser.get(&here).await;
    page.says("What happened");
    page.says_nothing_of("<form class=\"sheet stack\" method=\"post\"");
    assert_eq!(browser.post(&here, &[("act", "exempt"), ("reason", "my own idea")]).await.status, Status::NotFound);
    browser.close().await;
});

story!(the_director_reads_what_a_change_did_and_why, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "12").await;
    world.guardian("Gail Archer", &[&mary]).await;
    issued(world, for_guardians()).await;
    let director = world.granted("Kelley Christian", Role::Director).await;
    let browser = Browser::of(world, director).await;
    browser.get("/requirements/changes").await.says("Nothing has changed who is asked yet.");
    browser.close().await;
    world.turns_18(&mary, "2026-08-20").await;
    world.go_to("2026-08-20");
    let mut tx = world.write().await;
    let changes = Changes { people: vec![mary.id] };
    let cause = Cause::of(CauseKind::Person, mary.uid);
    let report = obligations::follow(&mut tx, &world.operator(), &world.district, changes, cause).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    // Sessions end overnight.
    let browser = Browser::of(world, director).await;
    let list = browser.get("/requirements/changes").await;
    list.says("A person was added or changed by hand");
    list.says("0 asked, 0 moved, 1 asked no more");
    let page = browser.get(&format!("/requirements/changes/{}", report.uid)).await;
    page.says("turned 18 and answers alone");
    page.says("scope=\"row\">Gail Archer</th>");
    page.says(">Mary Archer</td>");
    page.says(&format!("/roster/people/{}", mary.uid));
    let spanish = browser.post("/language", &[("language", "es"), ("next", "/")]).await;
    assert_eq!(spanish.status, Status::SeeOther);
    browser.get(&format!("/requirements/changes/{}", report.uid)).await.says("cumplió 18 años y responde por sí misma");
    browser.close().await;
});
