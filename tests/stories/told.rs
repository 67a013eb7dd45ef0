//! Somebody is told: a no, and a yes that was taken back, wait on the pages of the school until somebody has seen to them.

use assent::acknowledgments::told;
use assent::kernel::{Page, Role};
use assent::on;

use crate::family::{answers, family, signed_in};
use crate::world::World;

async fn waiting(world: &World, account: assent::kernel::AccountId) -> i64 {
    let actor = world.actor(account).await;
    told::number(&mut world.read().await, &actor, told::Wanted::Waiting).await.unwrap()
}

story!(a_no_waits_with_its_reason_and_what_follows_until_somebody_has_seen_to_it, |world| {
    let f = family(world).await;
    answers(world, f.as_gia, &f, &f.max, &[], "").await;
    assert_eq!(waiting(world, f.leader).await, 0, "a yes to everything is nothing to tell");
    answers(world, f.as_gia, &f, &f.mary, &["image", "ai"], "Please ask us first").await;
    let leader = signed_in(world, f.leader).await;
    assert!(leader.get("/").await.body.contains("1 answer said no or took something back: see to it"));
    let page = leader.get("/said-no").await;
    for words in [
        "Gia Archer, for Mary Archer",
        "Harbor Middle",
        "May we show your child",
        "we will leave your child",
        "May your child use AI tools",
        "Please ask us first",
        "Said no",
    ] {
        assert!(page.body.contains(words), "{words} is missing: {}", page.body);
    }
    assert!(!page.body.contains("online learning tools"), "what was answered yes is nothing to tell: {}", page.body);

    // The same again is no news; another reason is, and one consent taken back is that one alone.
    answers(world, f.as_gia, &f, &f.mary, &["image", "ai"], "Please ask us first").await;
    assert_eq!(waiting(world, f.leader).await, 1);
    let given = answers(world, f.as_gia, &f, &f.mary, &["image", "ai", "tools"], "Please ask us first").await;
    assert_eq!(waiting(world, f.leader).await, 2);
    let client = signed_in(world, f.as_gia).await;
    client.post(&format!("/receipts/{}/take-back", given.uid), &[("consent", "account"), ("reason", "")]).await;
    let actor = world.actor(f.leader).await;
    let found = told::list(&mut world.read().await, &actor, told::Wanted::Waiting, None, Page::number(None)).await.unwrap();
    let said: Vec<Vec<(&str, bool)>> =
        found.rows.iter().map(|row| row.matters.iter().map(|m| (m.id.as_str(), m.withdrawn)).collect()).collect();
    assert_eq!(said, [vec![("account", true)], vec![("tools", false)], vec![("image", false), ("ai", false)]]);
    assert_eq!(found.rows.iter().map(|row| row.answered_since).collect::<Vec<_>>(), [false, true, true]);

    let path = format!("/said-no/{}", found.rows[0].uid);
    let page = leader.post(&path, &[("note", " ")]).await;
    assert!(page.status == 422 && page.body.contains("Say in at most 500 characters what was done"), "{}", page.body);
    assert_eq!(leader.post(&path, &[("note", "Called at noon; works on paper")]).await.location(), "/said-no");
    assert_eq!(waiting(world, f.leader).await, 2);
    assert_eq!(leader.post(&path, &[("note", "Again")]).await.status, 409, "it was seen to");
    assert!(!leader.get("/said-no").await.body.contains("Called at noon"));
    let page = leader.get("/said-no?all=true").await;
    assert!(page.body.contains("Seen by Lea Leader on August 17, 2026") && page.body.contains("Called at noon"), "{}", page.body);
    let file = leader.get("/said-no/said-no.csv").await;
    assert!(file.header("content-disposition").unwrap().contains("said-no.csv"));
    assert_eq!(file.body.lines().count(), 5, "a line for each thing: {}", file.body);
    assert!(file.body.contains("Called at noon; works on paper") && file.body.contains("Took it back"), "{}", file.body);
});

story!(each_hears_of_those_within_reach_alone, |world| {
    let f = family(world).await;
    let teacher = world.teacher(&f.harbor, "Tilda Teach").await;
    world.section(&f.harbor, "Science", &teacher, &[&f.mary]).await;
    let as_teacher = world.account(&teacher).await;
    answers(world, f.as_gia, &f, &f.mary, &["ai"], "A reason of the family").await;
    answers(world, f.as_gia, &f, &f.nina, &["image"], "").await;
    let auditor = world.granted("Aud Itor", Role::Auditor).await;
    let board = world.granted("Bo Board", Role::BoardMember).await;
    let director = world.granted("Dora Director", Role::Director).await;
    for (account, mary, nina) in
        [(f.leader, true, false), (f.other_leader, false, true), (as_teacher, true, false), (auditor, true, true), (director, true, true)]
    {
        let page = signed_in(world, account).await.get("/said-no").await;
        assert_eq!((page.body.contains("for Mary Archer"), page.body.contains("for Nina Archer")), (mary, nina), "{}", page.body);
    }
    for account in [board, f.as_gia] {
        assert_eq!(signed_in(world, account).await.get("/said-no").await.status, 404);
    }
    // A teacher learns what the lesson needs, and sees to nothing; nor does an auditor.
    let actor = world.actor(f.leader).await;
    let uid = told::list(&mut world.read().await, &actor, told::Wanted::All, None, Page::number(None)).await.unwrap().rows[0].uid;
    for account in [as_teacher, auditor, f.other_leader] {
        let client = signed_in(world, account).await;
        assert!(!client.get("/said-no").await.body.contains(&format!("action=\"/said-no/{uid}\"")));
        assert_eq!(client.post(&format!("/said-no/{uid}"), &[("note", "Done")]).await.status, 404);
    }
    let page = signed_in(world, as_teacher).await.get("/audit").await;
    assert!(page.body.contains("For your students, 1 answer said no to something"), "{}", page.body);

    // Mary goes to Cedar Ridge: its leader hears of it; why, and the answer itself, stay with the school that got it.
    world.moves(&f.mary, &f.cedar).await;
    let page = signed_in(world, f.other_leader).await.get("/said-no").await;
    assert!(page.body.contains("for Mary Archer") && !page.body.contains("A reason of the family"), "{}", page.body);
    assert!(signed_in(world, f.leader).await.get("/said-no").await.body.contains("A reason of the family"));
});

story!(many_who_say_the_same_are_seen_to_together, |world| {
    let f = family(world).await;
    let mut children = Vec::new();
    for name in ["Ada Ames", "Ben Boyle", "Cid Cole"] {
        let child = world.student(&f.harbor, name, "08").await;
        let guardian = world.account(&world.guardian(&format!("{name}-Guardian"), &[&child]).await).await;
        children.push((child, guardian));
    }
    world.follow(&children.iter().map(|(child, _)| child).collect::<Vec<_>>()).await;
    for (child, guardian) in &children {
        answers(world, *guardian, &f, child, &["image"], "").await;
    }
    answers(world, f.as_gia, &f, &f.mary, &["account", "image"], "").await;
    answers(world, f.as_gia, &f, &f.nina, &["image"], "").await;
    let leader = signed_in(world, f.leader).await;
    let page = leader.get("/said-no").await;
    assert!(page.body.contains("4 answers wait") && !page.body.contains("Write down the same"), "different ones: {}", page.body);
    let actor = world.actor(f.leader).await;
    let kinds = told::kinds(&mut world.read().await, &actor, told::Wanted::Waiting).await.unwrap();
    let numbers: Vec<(i64, usize)> = kinds.iter().map(|kind| (kind.number, kind.matters.len())).collect();
    assert_eq!(numbers, [(3, 1), (1, 2)]);
    let like = kinds[0].example.to_string();
    let page = leader.get(&format!("/said-no?like={like}")).await;
    assert!(page.body.contains("Write down the same for all 3 on this page") && !page.body.contains("Mary"), "{}", page.body);
    let uids: Vec<&str> = page.body.split("name=\"notice\" value=\"").skip(1).map(|rest| &rest[..36]).collect();
    assert_eq!(uids.len(), 3);
    let mut fields: Vec<(&str, &str)> = uids.iter().map(|uid| ("notice", *uid)).collect();
    fields.extend([("like", like.as_str()), ("note", "")]);
    let again = leader.post("/said-no", &fields).await;
    assert!(again.status == 422 && again.body.contains("Write down the same for all 3"), "{}", again.body);
    fields.pop();
    fields.push(("note", "On the list of no pictures"));
    // One that is out of reach among them, and nothing is written.
    let other = world.actor(f.other_leader).await;
    let elsewhere = told::list(&mut world.read().await, &other, told::Wanted::All, None, Page::number(None)).await.unwrap().rows[0].uid;
    let elsewhere = elsewhere.to_string();
    let mut too_many = fields.clone();
    too_many.push(("notice", &elsewhere));
    assert_eq!(leader.post("/said-no", &too_many).await.status, 404);
    assert_eq!(waiting(world, f.leader).await, 4);
    assert_eq!(leader.post("/said-no", &fields).await.location(), "/said-no");
    assert_eq!(waiting(world, f.leader).await, 1);
    assert_eq!(waiting(world, f.other_leader).await, 1);
});

story!(nobody_changes_or_deletes_what_was_told, |world| {
    let f = family(world).await;
    answers(world, f.as_gia, &f, &f.mary, &["ai"], "").await;
    let actor = world.actor(f.leader).await;
    let mut tx = world.write().await;
    let uid = told::list(&mut tx, &actor, told::Wanted::All, None, Page::number(None)).await.unwrap().rows[0].uid;
    told::seen(&mut tx, &actor, uid, "Talked").await.unwrap();
    tx.commit().await.unwrap();
    for statement in [
        "UPDATE answer_notice SET matters = '[]'",
        "DELETE FROM answer_notice",
        "UPDATE answer_notice_seen SET note = 'nothing'",
        "DELETE FROM answer_notice_seen",
    ] {
        let mut tx = world.write().await;
        let refused = on!(tx, |c| sqlx::query(statement).execute(c).await.map(drop));
        assert!(refused.is_err(), "{statement}");
    }
});
