//! More of a figure: divided twice, with what is withheld so that it can't be worked out; beside last year's and between schools; where its
//! numbers come from.

use assent::kernel::{Page, Role};
use assent::obligations::crossing;
use assent::obligations::denominators;
use assent::obligations::dispensations;
use assent::obligations::figures::{self, By};
use assent::obligations::people::{self, Filter};
use assent::obligations::requirements::{self, NewRequirement};

use crate::obligations::{agrees, for_students, issued};
use crate::world::client::Client;
use crate::world::{World, day};

story!(a_figure_divided_twice_shows_the_board_no_small_group_nor_what_would_tell_it, |world| {
    let (harbor, cedar) = (world.school("Harbor Middle").await, world.school("Cedar Ridge").await);
    for (school, grade, number) in
        [(&harbor, "06", 20), (&harbor, "07", 15), (&cedar, "06", 14), (&cedar, "07", 4), (&harbor, "08", 30), (&cedar, "08", 33)]
    {
        for n in 0..number {
            world.student(school, &format!("{} G{grade}N{n:02}", &school.name[..3]), grade).await;
        }
    }
    let uid = issued(world, for_students()).await;
    let director = Client::of(world, world.granted("Kelley Christian", Role::Director).await).await;
    let page = director.get(&format!("/audit/{uid}/crossed?as_of=2026-08-17&rows=school&columns=grade")).await;
    for text in ["0 of 4<", "0 of 33<", "0 of 116<", "0 of 51<", "Grade 7"] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    let link = format!("/audit/{uid}/people?as_of=2026-08-17&school={}&grade=07", cedar.uid);
    assert!(page.body.replace("&#38;", "&").contains(&link), "{}", page.body);
    assert!(director.get(&link).await.body.contains("4 people"));
    assert_eq!(director.get(&format!("/audit/{uid}/crossed?rows=grade&columns=grade")).await.status, 404);

    let board = Client::of(world, world.granted("Bea Board", Role::BoardMember).await).await;
    let page = board.get(&format!("/audit/{uid}/crossed?as_of=2026-08-17&rows=school&columns=grade")).await;
    assert!(page.body.contains("fewer than 10 people") && page.body.contains("worked out from the rest of the table"), "{}", page.body);
    for text in ["0 of 4<", "/people"] {
        assert!(!page.body.contains(text), "{text}: {}", page.body);
    }
    // Two of each row and column that withholds something.
    assert!(page.body.matches("fewer than 10 people").count() >= 4, "{}", page.body);
    let file = board.get(&format!("/audit/{uid}/crossed.csv?as_of=2026-08-17&rows=school&columns=grade")).await;
    assert!(file.body.contains("Cedar Ridge,Grade 7,,,,,"), "{}", file.body);

    // The same sums as the tables that divide once.
    let operator = world.operator();
    let mut tx = world.read().await;
    for (rows, columns) in crossing::PAIRS {
        let crossed = crossing::crossed(&mut tx, &operator, uid, day("2026-08-17"), rows, columns).await.unwrap();
        let lines = figures::lines(&mut tx, &operator, uid, day("2026-08-17"), rows).await.unwrap();
        for (at, head) in crossed.rows.iter().enumerate() {
            assert_eq!(crossed.row_sum(at), lines.iter().find(|line| line.key == head.key).unwrap().counts);
        }
        assert_eq!(crossed.total().asked(), 116);
    }
});

story!(where_the_numbers_come_from_adds_up_on_every_day, |world| {
    let (harbor, cedar) = (world.school("Harbor Middle").await, world.school("Cedar Ridge").await);
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let noah = world.student(&harbor, "Noah Baker", "07").await;
    let olga = world.student(&harbor, "Olga Cole", "07").await;
    let pia = world.student(&harbor, "Pia Dunn", "07").await;
    let uid = issued(world, for_students()).await;
    let operator = world.operator();
    world.go_to("2026-08-19");
    agrees(world, uid, &mary).await;
    world.go_to("2026-08-20");
    world.leaves(&noah).await;
    world.moves(&olga, &cedar).await;
    let nell = world.student(&harbor, "Nell New", "07").await;
    world.joined(&nell, "2026-08-20").await;
    world.follow(&[&nell]).await;
    let mut tx = world.write().await;
    let duty = dispensations::standing(&mut tx, &operator, uid, pia.uid, pia.uid).await.unwrap();
    dispensations::exempt(&mut tx, &operator, &world.district, &duty, "Taught at home").await.unwrap();
    tx.commit().await.unwrap();
    world.go_to("2026-09-03");

    let mut tx = world.read().await;
    let explain = async |tx: &mut assent::db::Tx, date: &str, school| {
        let end = world.district.zone.start_of(day(date).plus(1));
        denominators::explain(tx, &operator, uid, day(date), end, school).await.unwrap()
    };
    let at_first = explain(&mut tx, "2026-08-17", Some(harbor.uid)).await;
    assert_eq!((at_first.began, at_first.joined, at_first.gone.len(), at_first.listed()), (4, 0, 0, 4));
    let now = explain(&mut tx, "2026-09-03", Some(harbor.uid)).await;
    assert_eq!((now.began, now.joined, now.listed()), (4, 1, 3));
    assert_eq!(now.gone.iter().map(|(why, n)| (why.as_str(), *n)).collect::<Vec<_>>(), [("left", 1), ("moved", 1)]);
    assert_eq!(now.exempt.get("Taught at home"), Some(&1));
    assert_eq!((now.counts.asked(), now.counts.fulfilled, now.never_told), (2, 1, 1));
    for date in ["2026-08-17", "2026-08-19", "2026-08-20", "2026-09-03"] {
        let found = explain(&mut tx, date, None).await;
        assert_eq!(found.began + found.joined - found.gone.values().sum::<i64>(), found.listed(), "{date}");
        assert_eq!(found.counts, figures::total(&mut tx, &operator, uid, day(date)).await.unwrap(), "{date}");
    }
    drop(tx);

    let director = Client::of(world, world.granted("Kelley Christian", Role::Director).await).await;
    let page = director.get(&format!("/audit/{uid}/counted?as_of=2026-09-03&school={}", harbor.uid)).await;
    for text in ["Taught at home: 1", "no longer on the roster: 1", "Asked when it was issued", "never told of it by mail or letter"] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    let untold = director.get(&format!("/audit/{uid}/people?as_of=2026-09-03&school={}&state=untold", harbor.uid)).await;
    assert!(
        untold.body.contains("Not answered, and never told on September 3, 2026 at Harbor Middle: 1 person")
            && untold.body.contains("Nell New"),
        "{}",
        untold.body
    );
    let file = director.get(&format!("/audit/{uid}/people.csv?as_of=2026-09-03&state=untold")).await;
    assert_eq!(file.body.lines().count(), 3, "{}", file.body);
    // Once a mail has told her she isn't among them any more.
    told(world, &nell).await;
    let mut tx = world.read().await;
    let filter = Filter { untold_before: Some(world.clock.now().plus_seconds(60)), ..Filter::default() };
    let left = people::behind(&mut tx, &operator, uid, day("2026-09-03"), &filter, Page::number(None)).await.unwrap();
    assert!(left.rows.iter().all(|row| row.name != "Nell New"));
});

/// A mail to her goes out, with all that waits for her.
async fn told(world: &World, person: &crate::world::people::Person) {
    let mut tx = world.write().await;
    let (uid, now) = (tx.uid(), tx.now());
    let mail: i64 = assent::on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO mail (uid, person_id, address, state, next_at, made_at, ended_at) VALUES ($1, $2, 'nell@example.org', 'sent', $3, $3, $3) RETURNING id"
    )
    .bind(uid)
    .bind(person.id)
    .bind(now)
    .fetch_one(c)
    .await)
    .unwrap();
    assent::on!(tx, |c| sqlx::query("UPDATE notification SET state = 'mailed', mail_id = $2 WHERE person_id = $1")
        .bind(person.id)
        .bind(mail)
        .execute(c)
        .await
        .map(drop))
    .unwrap();
    tx.commit().await.unwrap();
}

story!(this_year_stands_beside_last_year_and_each_school_beside_all, |world| {
    let (harbor, cedar) = (world.school("Harbor Middle").await, world.school("Cedar Ridge").await);
    let mut students = Vec::new();
    for number in 0..4 {
        students.push(world.student(&harbor, &format!("Harbor N{number}"), "07").await);
        students.push(world.student(&cedar, &format!("Cedar N{number}"), "07").await);
    }
    let last_year = issued(world, NewRequirement { title: "Agreement of 2026".into(), ..for_students() }).await;
    for student in &students[..4] {
        agrees(world, last_year, student).await;
    }
    world.go_to("2027-08-16");
    let operator = world.operator();
    let mut tx = world.write().await;
    requirements::withdraw(&mut tx, &operator, &world.district, last_year, "A new year").await.unwrap();
    tx.commit().await.unwrap();
    let due = Some(day("2027-09-01"));
    let this_year = issued(world, NewRequirement { title: "Agreement of 2027".into(), due, ..for_students() }).await;
    for student in students.iter().step_by(2) {
        agrees(world, this_year, student).await;
    }
    world.go_to("2027-08-20");
    let director = Client::of(world, world.granted("Kelley Christian", Role::Director).await).await;
    let page = director.get(&format!("/audit/{this_year}/compared?as_of=2027-08-20")).await;
    for text in ["“Agreement of 2026”", "August 20, 2026", "100.0%", "+50.0", "−50.0"] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    // Before there was anything, that is said.
    let first = director.get(&format!("/audit/{last_year}/compared?as_of=2026-08-20")).await;
    assert!(first.body.contains("Nothing was asked in its place on August 20, 2025"), "{}", first.body);
    let board = Client::of(world, world.granted("Bea Board", Role::BoardMember).await).await;
    let page = board.get(&format!("/audit/{this_year}/compared?as_of=2027-08-20")).await;
    assert!(page.body.contains("fewer than 10 people") && !page.body.contains("100.0%"), "{}", page.body);
    assert_eq!(figures::lines(&mut world.read().await, &operator, this_year, day("2027-08-20"), By::School).await.unwrap().len(), 2);
});
