//! The audit's pages, as their readers see them.

use assent::kernel::{AccountId, Role};
use assent::obligations::{Closing, NewRequirement};
use assent::roster::audience::Rule;
use assent::web::{self, Listen};
use rocket::http::{ContentType, Cookie, Header, Status};
use rocket::local::asynchronous::Client;

use crate::obligations::{agrees, closes, for_guardians, for_students, issued};
use crate::world::World;

/// A browser in which somebody is signed in.
pub struct Browser {
    client: Client,
    session: String,
}

/// A page as it came.
pub struct Seen {
    pub status: Status,
    pub text: String,
    pub to: Option<String>,
    pub kind: Option<ContentType>,
}

impl Browser {
    pub async fn of(world: &World, account: AccountId) -> Self {
        let mut tx = world.write().await;
        let token = assent::identity::sessions::begin(&mut tx, account).await.unwrap();
        tx.commit().await.unwrap();
        let listen = Listen::locally(world.url.clone(), 0);
        let client = Client::tracked(web::rocket(&listen, world.clock.clone())).await.unwrap();
        Self { client, session: token.for_cookie().to_owned() }
    }

    fn cookie(&self) -> Cookie<'static> {
        Cookie::new("assent", self.session.clone())
    }

    pub async fn get(&self, path: &str) -> Seen {
        seen(self.client.get(path.to_owned()).cookie(self.cookie()).dispatch().await).await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Seen {
        let encode = |t: &str| rocket::http::RawStr::new(t).percent_encode().to_string();
        let body = form.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect::<Vec<_>>().join("&");
        let request = self
            .client
            .post(path.to_owned())
            .cookie(self.cookie())
            .header(ContentType::Form)
            .header(Header::new("Sec-Fetch-Site", "same-origin"))
            .body(body);
        seen(request.dispatch().await).await
    }

    pub async fn close(self) {
        self.client.terminate().await;
    }
}

async fn seen(response: rocket::local::asynchronous::LocalResponse<'_>) -> Seen {
    let (status, kind) = (response.status(), response.content_type());
    let to = response.headers().get_one("Location").map(str::to_owned);
    Seen { status, to, kind, text: response.into_string().await.unwrap_or_default() }
}

impl Seen {
    #[track_caller]
    pub fn says(&self, text: &str) {
        assert!(self.text.contains(text), "the page ({}) doesn't say {text:?}:\n{}", self.status, self.text);
    }

    #[track_caller]
    pub fn says_nothing_of(&self, text: &str) {
        assert!(!self.text.contains(text), "the page says {text:?}:\n{}", self.text);
    }
}

story!(the_director_sees_each_school_s_share_worst_first_and_the_people_behind_it, |world| {
    let harbor = world.school("Harbor Middle").await;
    let cedar = world.school("Cedar Ridge").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    world.student(&harbor, "Noah Baker", "07").await;
    let olga = world.student(&cedar, "Olga Cole", "08").await;
    let uid = issued(world, for_students()).await;
    world.go_to("2026-08-20");
    agrees(world, uid, &olga).await;
    agrees(world, uid, &mary).await;
    world.go_to("2026-09-03");
    let director = world.granted("Kelley Christian", Role::Director).await;
    let browser = Browser::of(world, director).await;
    let page = browser.get("/audit").await;
    assert_eq!(page.status, Status::Ok);
    page.says("66.6%");
    page.says("2 of 3 · <a href=");
    page.says("&#38;state=late\">1 late<");
    page.says(" · goal 95%");
    page.says("As of Thursday, September 3, 2026, at the end of the day");
    page.says("Share done, from 0.0% on August 17, 2026 to 66.6% on September 3, 2026; goal 95%");
    assert!(page.text.find("Harbor Middle").unwrap() < page.text.find("Cedar Ridge").unwrap(), "worst first");
    page.says("<span class=\"state late\">Behind</span>");
    page.says("<span class=\"state done\">At goal</span>");
    let link = format!("/audit/{uid}/people?as_of=2026-09-03&#38;school={}", harbor.uid);
    page.says(&link);

    let people = browser.get(&link.replace("&#38;", "&")).await;
    people.says("Everybody who was asked or is exempt on September 3, 2026 at Harbor Middle: 2 people");
    people.says("Mary Archer");
    people.says("August 20, 2026");
    people.says_nothing_of("Olga Cole");
    let late = browser.get(&format!("/audit/{uid}/people?as_of=2026-09-03&state=late&school={}&role=&grade=", harbor.uid)).await;
    late.says("Late on September 3, 2026 at Harbor Middle: 1 person");
    late.says("Noah Baker");
    late.says_nothing_of("Mary Archer");

    let earlier = browser.get("/audit?as_of=2026-08-19&by=grade").await;
    earlier.says("0.0%");
    earlier.says("Grade 7");
    earlier.says("Due in 13 days");
    let before = browser.get("/audit?as_of=2026-08-01").await;
    before.says("Nothing was asked of anybody on this day");
    browser.close().await;
});

story!(a_date_that_cannot_be_is_refused_with_its_remedy, |world| {
    let director = world.granted("Kelley Christian", Role::Director).await;
    let browser = Browser::of(world, director).await;
    let future = browser.get("/audit?as_of=2026-12-24").await;
    assert_eq!(future.status, Status::UnprocessableEntity);
    future.says("There is a problem");
    future.says("This day has not come yet. Choose today or an earlier day.");
    future.says("value=\"2026-12-24\"");
    let nonsense = browser.get("/audit?as_of=yesterday").await;
    assert_eq!(nonsense.status, Status::UnprocessableEntity);
    nonsense.says("This is not a date.");
    assert_eq!(browser.get("/audit?requirement=x").await.status, Status::NotFound);
    browser.close().await;
});

story!(the_board_sees_figures_alone_and_no_small_group, |world| {
    let harbor = world.school("Harbor Middle").await;
    let cedar = world.school("Cedar Ridge").await;
    let lake = world.school("Lakeview").await;
    for number in 0..12 {
        world.student(&harbor, &format!("Harbor N{number}"), "07").await;
        world.student(&lake, &format!("Lake N{number}"), "07").await;
        world.student(&lake, &format!("More N{number}"), "07").await;
    }
    world.student(&cedar, "Olga Cole", "08").await;
    let uid = issued(world, for_students()).await;
    let board = world.granted("Bea Board", Role::BoardMember).await;
    let browser = Browser::of(world, board).await;
    let page = browser.get("/audit").await;
    page.says("0 of 37");
    page.says("0 of 24");
    page.says("fewer than 10 people");
    page.says_nothing_of("0 of 12");
    page.says_nothing_of("0 of 1<");
    page.says_nothing_of("/people");
    assert_eq!(browser.get(&format!("/audit/{uid}/people")).await.status, Status::NotFound);
    assert_eq!(browser.get(&format!("/audit/{uid}/people.csv")).await.status, Status::NotFound);
    browser.close().await;
});

story!(a_school_leader_sees_the_own_school_and_a_teacher_the_own_classes, |world| {
    let harbor = world.school("Harbor Middle").await;
    let cedar = world.school("Cedar Ridge").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let noah = world.student(&harbor, "Noah Baker", "07").await;
    let olga = world.student(&cedar, "Olga Cole", "08").await;
    let leader = world.school_leader(&harbor, "Lena Leader").await;
    let teacher = world.teacher(&harbor, "Tom Teacher").await;
    world.section(&harbor, "Science 7", &teacher, &[&mary, &noah]).await;
    let uid = issued(world, for_students()).await;
    agrees(world, uid, &noah).await;
    let account = world.account(&leader).await;
    let browser = Browser::of(world, account).await;
    let page = browser.get("/audit").await;
    page.says("1 of 2");
    page.says_nothing_of("Cedar Ridge");
    let other = browser.get(&format!("/audit/{uid}/people?school={}", cedar.uid)).await;
    other.says("at another school: 0 people");
    other.says_nothing_of(&olga.name);
    browser.close().await;

    let account = world.account(&teacher).await;
    let browser = Browser::of(world, account).await;
    let page = browser.get("/audit").await;
    page.says("Your classes");
    page.says("1 of 2 still to answer.");
    page.says("Mary Archer");
    page.says_nothing_of("Noah Baker");
    let all = browser.get(&format!("/audit/{uid}/people")).await;
    all.says("Noah Baker");
    all.says_nothing_of("Olga Cole");
    browser.close().await;

    let pupil = world.account(&olga).await;
    let browser = Browser::of(world, pupil).await;
    assert_eq!(browser.get("/audit").await.status, Status::NotFound);
    browser.close().await;
});

story!(the_list_comes_as_a_csv_file_in_which_no_name_is_a_formula, |world| {
    let harbor = world.school("Harbor Middle").await;
    for number in 0..1_010 {
        world.student(&harbor, &format!("Student N{number:04}"), "06").await;
    }
    world.student(&harbor, "=HYPERLINK(1) Baker", "07").await;
    let uid = issued(world, for_students()).await;
    let director = world.granted("Kelley Christian", Role::Director).await;
    let browser = Browser::of(world, director).await;
    let list = browser.get(&format!("/audit/{uid}/people.csv?as_of=2026-08-17")).await;
    assert_eq!(list.kind, Some(ContentType::CSV));
    let lines: Vec<&str> = list.text.lines().collect();
    assert_eq!(lines[0], "Name,Child,School,Role,Grade,State,Due,Answered on,Reason");
    assert_eq!(lines.len(), 1_012);
    list.says("'=HYPERLINK(1) Baker,,Harbor Middle,Student,07,To do,2026-09-01,,");
    let some = browser.get(&format!("/audit/{uid}/people.csv?grade=07")).await;
    assert_eq!(some.text.lines().count(), 2);
    let page = browser.get(&format!("/audit/{uid}/people?page=2")).await;
    page.says("Page 2 of 21");
    browser.close().await;
});

story!(a_family_s_answers_name_guardian_and_child, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let gail = world.guardian("Gail Archer", &[&mary]).await;
    world.guardian("Ben Archer", &[&mary]).await;
    let uid = issued(world, for_guardians()).await;
    closes(world, uid, &gail, &mary, Closing::Fulfilled).await;
    let director = world.granted("Kelley Christian", Role::Director).await;
    let browser = Browser::of(world, director).await;
    let page = browser.get(&format!("/audit/{uid}/people")).await;
    page.says("2 answers of families");
    page.says("Not needed: another guardian answered");
    page.says("data-label=\"Child\">Mary Archer</td>");
    browser.close().await;
});

/// What the command prints; it must succeed or fail as said.
fn command(world: &World, args: &[&str], succeeds: bool) -> String {
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_assent")).args(["--database", &world.url]).args(args).output().unwrap();
    assert_eq!(out.status.success(), succeeds, "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(if succeeds { out.stdout } else { out.stderr }).unwrap()
}

story!(the_command_line_tells_the_same_figures, |world| {
    // A command reads the system's clock; so does this story.
    world.clock.set(assent::kernel::Clock::system().now());
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    world.student(&harbor, "Noah Baker", "07").await;
    let uid = issued(world, NewRequirement { due: None, ..for_students() }).await;
    agrees(world, uid, &mary).await;
    let said = command(world, &["audit", "--by", "school"], true);
    assert!(said.contains("Harbor Middle  50.0%     1      2"), "{said}");
    let json: serde_json::Value = serde_json::from_str(&command(world, &["audit", "--json"], true)).unwrap();
    assert_eq!((&json["figures"][0]["done"], &json["figures"][0]["asked"]), (&1.into(), &2.into()));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("figures.csv");
    command(world, &["audit", "--by", "grade", "--csv", path.to_str().unwrap()], true);
    let file = std::fs::read_to_string(&path).unwrap();
    assert!(file.contains("Read the agreement,07,50.0%,1,2,0,0,0,95%"), "{file}");
    let listed = command(world, &["require", "list"], true);
    assert!(listed.contains("in force") && listed.contains("1 of 2") && listed.contains("students"), "{listed}");
    let refused = command(world, &["require", "add", "--policy", "x", "--title", "T", "--role", "student"], false);
    assert!(refused.contains("no policy in force has the slug “x”"), "{refused}");
    command(world, &["require", "withdraw", &uid.to_string(), "--reason", "Issued by mistake"], true);
    assert!(command(world, &["require", "list"], true).contains("withdrawn"));
});

story!(who_said_no_keeps_a_school_behind_when_the_day_is_over, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let uid = issued(world, for_students()).await;
    closes(world, uid, &mary, &mary, Closing::Declined).await;
    world.go_to("2026-09-02");
    let director = world.granted("Kelley Christian", Role::Director).await;
    let browser = Browser::of(world, director).await;
    let page = browser.get("/audit").await;
    page.says("0 of 1 · 1 said no");
    page.says("<span class=\"state late\">Behind</span>");
    page.says_nothing_of("Not due yet");
    browser.close().await;
});

story!(spanish_readers_get_the_audit_in_spanish, |world| {
    let harbor = world.school("Harbor Middle").await;
    world.student(&harbor, "Mary Archer", "07").await;
    let uid = issued(world, for_students()).await;
    world.go_to("2026-08-19");
    let director = world.granted("Kelley Christian", Role::Director).await;
    let browser = Browser::of(world, director).await;
    browser.post("/language", &[("language", "es"), ("next", "/")]).await;
    let page = browser.get("/audit?as_of=2026-08-18").await;
    page.says("Situación al final del martes 18 de agosto de 2026");
    page.says("Vence en 14 días");
    browser
        .get(&format!("/audit/{uid}/people?grade=07"))
        .await
        .says("Todas las personas, también las que no tienen obligación, 19 de agosto de 2026, grado 7: 1 persona");
    browser
        .get(&format!("/requirements/{uid}"))
        .await
        .says("Estudiantes deben aceptar «Read the agreement» hasta el 1 de septiembre de 2026; quien entre después tiene 14 días.");
    browser.close().await;
});

story!(what_asks_nobody_here_is_no_tile_and_the_lowest_share_stands_first, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    world.student(&harbor, "Noah Baker", "08").await;
    let leader = world.school_leader(&harbor, "Lena Leader").await;
    let cedar = world.school("Cedar Ridge").await;
    world.teacher(&cedar, "Tom Teacher").await;
    let done = issued(world, NewRequirement { title: "Half done".into(), ..for_students() }).await;
    let elsewhere = Rule::Role(vec!["teacher".into()]);
    issued(world, NewRequirement { title: "Asked elsewhere".into(), audience: elsewhere, ..for_students() }).await;
    let behind = issued(world, NewRequirement { title: "Nothing done".into(), ..for_students() }).await;
    agrees(world, done, &mary).await;
    world.go_to("2026-09-03");
    let browser = Browser::of(world, world.account(&leader).await).await;
    let page = browser.get("/audit").await;
    page.says_nothing_of("Asked elsewhere");
    assert!(page.text.find("Nothing done").unwrap() < page.text.find("Half done").unwrap(), "the lowest share first: {}", page.text);
    // A leader of one school begins with its grades.
    page.says("aria-current=\"true\">By grade</a>");
    page.says("Grade 8");
    // A number opens what it counts.
    let late = format!("/audit/{behind}/people?as_of=2026-09-03&#38;state=late");
    page.says(&format!("<a href=\"{late}\">2 late"));
    browser.get(&late.replace("&#38;", "&")).await.says("Late on September 3, 2026: 2 people");
    page.says(&format!("/audit/{behind}/people?as_of=2026-09-03&#38;grade=08&#38;state=late"));

    // Today: first what waits, then figures, worst first; answers are late, not people.
    let today = browser.get("/").await;
    today.says("2 answers late");
    today.says("1 answer late");
    today.says(&format!("href=\"{late}\""));
    assert!(today.text.find("Nothing done").unwrap() < today.text.find("Half done").unwrap());
    browser.close().await;

    let mut tx = world.write().await;
    let draft = crate::policies::agreement(&mut tx, world).await;
    assent::feedback::open_round(&mut tx, &world.operator(), draft.id, crate::world::day("2026-12-08"), true).await.unwrap();
    tx.commit().await.unwrap();
    let board = world.granted("Bea Board", Role::BoardMember).await;
    let browser = Browser::of(world, board).await;
    let today = browser.get("/").await;
    today.says("until Tuesday, December 8");
    assert!(today.text.find("Waiting for you").unwrap() < today.text.find("How the requirements stand").unwrap());
    today.says_nothing_of("/people");
    browser.close().await;
});
