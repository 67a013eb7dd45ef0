//! Households: guardians, siblings, and who may consent, as the school has set it and never guessed.

use assent::acknowledgments;
use assent::kernel::{AccountId, Problem, Role};
use assent::obligations::{self, Cause, CauseKind, tasks};
use assent::on;
use assent::policies;
use assent::roster::households::{self, ConsentRule, Say};
use uuid::Uuid;

use crate::obligations::{for_guardians, issued};
use crate::policies::{agreement, published};
use crate::world::World;
use crate::world::people::{Person, School};

/// Mary and Max of Harbor, and Nina of Cedar; Gia is guardian of all three, Gil of Mary.
struct Family {
    harbor: School,
    mary: Person,
    max: Person,
    nina: Person,
    gia: Person,
    gil: Person,
    leader: AccountId,
    other_leader: AccountId,
}

async fn family(world: &World) -> Family {
    let (harbor, cedar) = (world.school("Harbor Middle").await, world.school("Cedar Ridge").await);
    let mary = world.student(&harbor, "Mary Archer", "06").await;
    let max = world.student(&harbor, "Max Archer", "07").await;
    let nina = world.student(&cedar, "Nina Cole", "09").await;
    let gia = world.guardian("Gia Archer", &[&mary, &max, &nina]).await;
    let gil = world.guardian("Gil Cole", &[&mary]).await;
    let leader = world.account(&world.school_leader(&harbor, "Lea Leader").await).await;
    let other_leader = world.account(&world.school_leader(&cedar, "Lou Lead").await).await;
    Family { harbor, mary, max, nina, gia, gil, leader, other_leader }
}

async fn set(world: &World, by: AccountId, child: &Person, rule: ConsentRule, reason: &str) -> Result<usize, Problem> {
    let actor = world.actor(by).await;
    let mut tx = world.write().await;
    let changes = households::set_consent(&mut tx, &actor, &world.district, child.uid, rule, reason).await?;
    let number = changes.people.len();
    obligations::follow(&mut tx, &world.operator(), &world.district, changes, Cause::of(CauseKind::Consent, "")).await.unwrap();
    tx.commit().await.unwrap();
    Ok(number)
}

async fn says(world: &World, by: AccountId, child: Uuid) -> Vec<(String, Say)> {
    let actor = world.actor(by).await;
    let mut tx = world.read().await;
    let found = households::household(&mut tx, &actor, &world.district, child).await.unwrap();
    found.guardians.into_iter().map(|m| (m.person.given, m.say)).collect()
}

story!(who_may_consent_is_set_by_the_school_and_never_guessed, |world| {
    let f = family(world).await;
    let client = world.client().await;
    client.sign_in_as(world, f.leader).await;
    let address = format!("/roster/people/{}/household", f.mary.uid);
    let page = client.get(&address).await;
    for words in ["The school has not said: every guardian is asked, one answer is enough.", "Gia Archer", "Gil Cole", "One is enough"] {
        assert!(page.body.contains(words), "{words} is missing: {}", page.body);
    }
    assert!(!page.body.contains(" checked"), "something is chosen beforehand: {}", page.body);

    let consent = format!("/roster/people/{}/consent", f.mary.uid);
    let page = client.post(&consent, &[("act", "set")]).await;
    assert!(page.status == 422 && page.body.contains("Choose who may consent."), "{}", page.body);
    let gil = f.gil.uid.to_string();
    let page = client.post(&consent, &[("rule", gil.as_str()), ("reason", " "), ("act", "set")]).await;
    assert!(page.status == 422 && page.body.contains("such as an order of a court"), "{}", page.body);
    assert!(page.body.contains(&format!("value=\"{gil}\" checked")), "what was chosen is kept: {}", page.body);
    let reply = client.post(&consent, &[("rule", gil.as_str()), ("reason", "Order 7 of the county court"), ("act", "set")]).await;
    assert_eq!(reply.location(), address, "{}", reply.body);
    let page = client.get(&address).await;
    for words in ["Gil Cole alone may consent.", "Order 7 of the county court", "Set by Lea Leader on August 17, 2026", "Not asked"] {
        assert!(page.body.contains(words), "{words} is missing: {}", page.body);
    }
    assert_eq!(says(world, f.leader, f.mary.uid).await, [("Gia".to_owned(), Say::NotAsked), ("Gil".to_owned(), Say::Alone)]);

    // The same again changes nothing; any needs no reason; taken back is unset.
    assert_eq!(set(world, f.leader, &f.mary, ConsentRule::One(f.gil.id), "Order 7 of the county court").await.unwrap(), 0);
    assert_eq!(set(world, f.leader, &f.mary, ConsentRule::All, "Both hold custody").await.unwrap(), 1);
    assert_eq!(says(world, f.leader, f.mary.uid).await[0].1, Say::Needed);
    assert_eq!(set(world, f.leader, &f.mary, ConsentRule::Any, "").await.unwrap(), 1);
    client.post(&consent, &[("act", "unset")]).await;
    assert!(client.get(&address).await.body.contains("The school has not said"));
    let mut tx = world.read().await;
    let entries: Vec<String> =
        on!(tx, |c| sqlx::query_scalar("SELECT action FROM audit_entry WHERE action LIKE 'consent.%' ORDER BY id").fetch_all(c).await)
            .unwrap();
    assert_eq!(entries, ["consent.set", "consent.set", "consent.set", "consent.unset"]);
});

story!(only_the_school_s_own_leader_and_the_director_say_who_may_consent, |world| {
    let f = family(world).await;
    let teacher = world.teacher(&f.harbor, "Tilda Teach").await;
    world.section(&f.harbor, "Science", &teacher, &[&f.mary]).await;
    let teacher = world.account(&teacher).await;
    let gia = world.account(&f.gia).await;
    let auditor = world.granted("Aud Itor", Role::Auditor).await;
    let director = world.granted("Dora Director", Role::Director).await;
    for (who, account) in [("teacher", teacher), ("guardian", gia), ("auditor", auditor), ("other leader", f.other_leader)] {
        let refused = set(world, account, &f.mary, ConsentRule::None, "Because").await;
        assert!(matches!(refused, Err(Problem::NotFound)), "{who}");
    }
    assert_eq!(set(world, director, &f.mary, ConsentRule::None, "Ward of the state").await.unwrap(), 1);
    // A guardian of somebody else isn't this child's; nobody consents for a guardian.
    assert!(matches!(set(world, f.other_leader, &f.nina, ConsentRule::One(f.gil.id), "x").await, Err(Problem::Invalid(_))));
    assert!(matches!(set(world, director, &f.gia, ConsentRule::Any, "").await, Err(Problem::NotFound)));

    // The reason stands on no page of a guardian, and a teacher sees no household.
    let client = world.client().await;
    for account in [teacher, gia] {
        client.sign_in_as(world, account).await;
        assert_eq!(client.get(&format!("/roster/people/{}/household", f.mary.uid)).await.status, 404);
        for path in ["/", "/tasks"] {
            assert!(!client.get(path).await.body.contains("Ward of the state"));
        }
    }
    client.sign_in_as(world, teacher).await;
    let page = client.get(&format!("/roster/people/{}", f.mary.uid)).await;
    assert!(page.status == 200 && page.body.contains("Gia Archer") && !page.body.contains("Ward of the state"), "{}", page.body);
    assert!(!page.body.contains("Here since"), "{}", page.body);
    assert!(!page.body.contains(&format!("/roster/people/{}", f.gia.uid)), "a teacher is led to a page that isn't there: {}", page.body);
});

story!(siblings_are_seen_within_reach_alone, |world| {
    let f = family(world).await;
    let client = world.client().await;
    client.sign_in_as(world, f.leader).await;
    let page = client.get(&format!("/roster/people/{}/household", f.mary.uid)).await;
    let max = format!("/roster/people/{}/household\">Max Archer", f.max.uid);
    assert!(page.body.contains(&max) && page.body.contains("Through Gia Archer"), "{}", page.body);
    assert!(!page.body.contains("Nina"), "Nina is of another school: {}", page.body);
    // From the guardian's side too.
    for path in ["", "/household"] {
        let page = client.get(&format!("/roster/people/{}{path}", f.gia.uid)).await;
        assert!(page.body.contains("Mary Archer") && page.body.contains("Max Archer") && !page.body.contains("Nina"), "{}", page.body);
    }
    client.sign_in_as(world, f.other_leader).await;
    let page = client.get(&format!("/roster/people/{}/household", f.nina.uid)).await;
    assert!(!page.body.contains("Mary") && !page.body.contains("Max"), "{}", page.body);
    let director = world.granted("Dora Director", Role::Director).await;
    client.sign_in_as(world, director).await;
    let page = client.get(&format!("/roster/people/{}/household", f.mary.uid)).await;
    assert!(page.body.contains("Nina Cole"), "{}", page.body);
});

story!(a_rule_that_names_somebody_who_is_guardian_no_more_says_so, |world| {
    let f = family(world).await;
    set(world, f.leader, &f.mary, ConsentRule::One(f.gil.id), "Order 7").await.unwrap();
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE guardianship SET ended = 1 WHERE guardian_id = $1").bind(f.gil.id).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
    let client = world.client().await;
    client.sign_in_as(world, f.leader).await;
    let page = client.get(&format!("/roster/people/{}/household", f.mary.uid)).await;
    assert!(page.body.contains("is no longer a guardian of this student"), "{}", page.body);
    assert_eq!(says(world, f.leader, f.mary.uid).await, [("Gia".to_owned(), Say::NotAsked)]);
});

story!(a_household_shows_who_answers_what_and_with_which_receipt, |world| {
    let f = family(world).await;
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let version = published(&mut tx, world, &version, "2026-08-17").await;
    tx.commit().await.unwrap();
    let policy = obligations::Subject::Policy { version: version.id.0, root: version.policy_id.0 };
    let requirement = issued(world, obligations::NewRequirement { subject: policy, ..for_guardians() }).await;
    let mut receipts = Vec::new();
    for (guardian, child) in [(&f.gil, &f.mary), (&f.gia, &f.nina)] {
        let actor = world.actor(world.account(guardian).await).await;
        let mut tx = world.write().await;
        let task = tasks::one(&mut tx, &actor, requirement, child.uid).await.unwrap();
        let reading = policies::read(&mut tx, &version, Some("en")).await.unwrap();
        let given = acknowledgments::Answer {
            text_hash: reading.hash.clone(),
            agrees: Some(true),
            signed_name: guardian.name.clone(),
            ..acknowledgments::Answer::default()
        };
        let record = acknowledgments::answer(&mut tx, &actor, &world.district, &task, &reading, given).await.unwrap();
        tx.commit().await.unwrap();
        receipts.push(format!("/receipts/{}", record.uid));
    }
    let [receipt, ninas] = receipts.try_into().unwrap();

    let client = world.client().await;
    client.sign_in_as(world, f.leader).await;
    let page = client.get(&format!("/roster/people/{}/household", f.mary.uid)).await;
    for words in ["Family agreement", receipt.as_str(), "Another guardian has answered"] {
        assert!(page.body.contains(words), "{words} is missing: {}", page.body);
    }
    assert_eq!(client.get(&receipt).await.status, 200);
    // The answer stands on both people's pages, with for whom and by whom it was given.
    let page = client.get(&format!("/roster/people/{}", f.mary.uid)).await;
    assert!(page.body.contains(&receipt) && page.body.contains("by Gil Cole"), "{}", page.body);
    let page = client.get(&format!("/roster/people/{}", f.gil.uid)).await;
    assert!(page.body.contains(&receipt) && page.body.contains("for Mary Archer"), "{}", page.body);
    // What she answered for the child of another school is for that school alone.
    let gia = format!("/roster/people/{}", f.gia.uid);
    let page = client.get(&gia).await;
    assert!(!page.body.contains(&ninas) && !page.body.contains("Nina"), "{}", page.body);
    client.sign_in_as(world, f.other_leader).await;
    let page = client.get(&gia).await;
    assert!(page.body.contains(&ninas) && page.body.contains("for Nina Cole") && !page.body.contains("Mary"), "{}", page.body);
});
