//! A yes is taken back: one consent by itself, the main one, a whole agreement; by whom, and what counts then.

use assent::acknowledgments::{self, standing};
use assent::kernel::AccountId;
use assent::obligations::{self, Cause, CauseKind, NewRequirement, State, Subject, tasks};
use assent::on;
use assent::policies;
use assent::roster::households::{self, ConsentRule};

use crate::family::{Family, answers, assert_evidence_is_whole, family, holds, records, signed_in};
use crate::obligations::{assert_ledger_agrees, duty, for_students, issued};
use crate::policies::{agreement, published};
use crate::world::World;
use crate::world::client::Reply;
use crate::world::people::Person;

async fn takes_back(world: &World, account: AccountId, receipt: uuid::Uuid, consent: &str) -> Reply {
    signed_in(world, account).await.post(&format!("/receipts/{receipt}/take-back"), &[("consent", consent)]).await
}

/// The newest record: answer, choices, reason, capacity.
async fn newest(world: &World) -> (String, String, String, String) {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_as("SELECT answer, choices, reason, capacity FROM acknowledgment ORDER BY id DESC LIMIT 1").fetch_one(c).await)
        .unwrap()
}

async fn state(world: &World, f: &Family, guardian: &Person, child: &Person) -> State {
    duty(world, f.form, guardian, child).await.unwrap().1
}

async fn set(world: &World, f: &Family, rule: ConsentRule) {
    let leader = world.actor(f.leader).await;
    let mut tx = world.write().await;
    let changes = households::set_consent(&mut tx, &leader, &world.district, f.mary.uid, rule, "An order of a court").await.unwrap();
    obligations::follow(&mut tx, &leader, &world.district, changes, Cause::of(CauseKind::Consent, "")).await.unwrap();
    tx.commit().await.unwrap();
}

story!(one_consent_is_taken_back_by_itself_and_given_again, |world| {
    let f = family(world).await;
    let given = answers(world, f.as_gia, &f, &f.mary, &[], "").await;
    let client = signed_in(world, f.as_gia).await;
    let path = format!("/receipts/{}/take-back", given.uid);
    assert!(client.get(&format!("/receipts/{}", given.uid)).await.body.contains(&format!("{path}?consent=image")));
    let page = client.get(&format!("{path}?consent=image")).await;
    for words in [
        "What happens then",
        "we will leave your child&#39;s picture",
        "Your other answers on this form stay as they are.",
        "(You needn&#39;t say.)",
    ] {
        assert!(page.body.contains(words), "{words} is missing: {}", page.body);
    }
    assert_eq!(client.get(&format!("{path}?consent=nothing")).await.status, 404);
    let long = "x".repeat(2_001);
    let page = client.post(&path, &[("consent", "image"), ("reason", &long)]).await;
    assert!(page.status == 422 && page.body.contains("longer than 2,000 characters") && page.body.contains(&long), "{}", page.status);
    assert_eq!(records(world).await, 1);

    let fields = [("consent", "image"), ("reason", "Grandma saw it")];
    let (one, two) = tokio::join!(client.post(&path, &fields), client.post(&path, &fields));
    assert_eq!(one.location(), two.location(), "sent twice it is one record: {} {}", one.body, two.body);
    assert_eq!(records(world).await, 2);
    let (answer, choices, reason, capacity) = newest(world).await;
    assert_eq!((answer.as_str(), reason.as_str(), capacity.as_str()), ("agreed", "Grandma saw it", "guardian"));
    assert_eq!(
        choices,
        r#"[{"id":"account","yes":true},{"id":"tools","yes":true},{"id":"image","withdrawn":true,"yes":false},{"id":"ai","yes":true}]"#
    );
    let page = client.get(one.location()).await;
    assert!(page.body.contains("Answered: 3 yes, 1 no (1 taken back)") && page.body.contains("(taken back)"), "{}", page.body);
    assert_eq!(holds(world, f.as_gia, &f.mary, "image").await, Some(false));
    assert_eq!(holds(world, f.as_gia, &f.mary, "account").await, Some(true));
    assert_eq!(state(world, &f, &f.gia, &f.mary).await, State::Fulfilled, "the form stays answered");
    // The old receipt says what it said, and leads nowhere any more; what is no more can't be taken back.
    let old = client.get(&format!("/receipts/{}", given.uid)).await;
    assert!(old.body.contains("Answered: 4 yes, 0 no") && !old.body.contains("take-back"), "{}", old.body);
    assert_eq!(client.get(&format!("{path}?consent=image")).await.status, 409);

    answers(world, f.as_gia, &f, &f.mary, &[], "").await;
    assert_eq!(holds(world, f.as_gia, &f.mary, "image").await, Some(true));
    assert_eq!(records(world).await, 3);
    assert_evidence_is_whole(world).await;
    assert_ledger_agrees(world, f.form, "2026-08-20").await;
});

story!(the_main_consent_taken_back_declines_the_form_and_asks_the_other_guardian_again, |world| {
    let f = family(world).await;
    let given = answers(world, f.as_gia, &f, &f.mary, &[], "").await;
    assert_eq!(state(world, &f, &f.gil, &f.mary).await, State::Exempt);
    let client = signed_in(world, f.as_gia).await;
    let page = client.get(&format!("/receipts/{}/take-back?consent=account", given.uid)).await;
    assert!(page.body.contains("This is the main question of the form.") && page.body.contains("will work on paper"), "{}", page.body);
    takes_back(world, f.as_gia, given.uid, "account").await;
    assert_eq!(newest(world).await.0, "withdrawn");
    assert_eq!(state(world, &f, &f.gia, &f.mary).await, State::Declined);
    assert_eq!(state(world, &f, &f.gil, &f.mary).await, State::Open);
    assert!(client.get("/tasks").await.body.contains("You took this back"));
    let leader = signed_in(world, f.leader).await;
    let page = leader.get(&format!("/audit/{}/people/{}/{}", f.form, f.gia.uid, f.mary.uid)).await;
    assert!(page.body.contains("The yes was taken back"), "{}", page.body);

    // His yes is the newest word now.
    answers(world, f.as_gil, &f, &f.mary, &[], "").await;
    assert_eq!(holds(world, f.as_gia, &f.mary, "account").await, Some(true));
    assert_evidence_is_whole(world).await;
    assert_ledger_agrees(world, f.form, "2026-08-20").await;
});

story!(where_one_answer_is_enough_the_newest_word_counts, |world| {
    let f = family(world).await;
    let given = answers(world, f.as_gia, &f, &f.mary, &[], "").await;
    // Gil, who never answered, takes back what Gia gave: of that consent alone.
    let reply = takes_back(world, f.as_gil, given.uid, "image").await;
    assert!(reply.location().starts_with("/receipts/"), "{} {}", reply.status, reply.body);
    let (answer, choices, ..) = newest(world).await;
    assert_eq!((answer.as_str(), choices.as_str()), ("withdrawn", r#"[{"id":"image","withdrawn":true,"yes":false}]"#));
    assert_eq!(holds(world, f.as_gia, &f.mary, "image").await, Some(false));
    assert_eq!(holds(world, f.as_gia, &f.mary, "tools").await, Some(true));
    assert_eq!(state(world, &f, &f.gia, &f.mary).await, State::Fulfilled, "a duty says how its own person answered");
    let page = signed_in(world, f.as_gia).await.get("/answers").await;
    assert!(page.body.contains("Gil Cole took it back,") && page.body.contains("You: yes,"), "{}", page.body);

    // Gia says the same as before: it is a new word.
    answers(world, f.as_gia, &f, &f.mary, &[], "").await;
    assert_eq!(records(world).await, 3);
    assert_eq!(holds(world, f.as_gil, &f.mary, "image").await, Some(true));
    answers(world, f.as_gia, &f, &f.mary, &[], "").await;
    assert_eq!(records(world).await, 3, "the same again, and nobody has spoken since");
    assert_evidence_is_whole(world).await;
});

story!(where_all_must_agree_one_who_takes_it_back_ends_it, |world| {
    let f = family(world).await;
    set(world, &f, ConsentRule::All).await;
    let given = answers(world, f.as_gia, &f, &f.mary, &[], "").await;
    assert_eq!(holds(world, f.as_gia, &f.mary, "account").await, Some(false));
    let page = signed_in(world, f.as_gia).await.get("/answers").await;
    assert!(page.body.contains("Not yet: every guardian must say yes"), "{}", page.body);
    answers(world, f.as_gil, &f, &f.mary, &[], "").await;
    assert_eq!(holds(world, f.as_gia, &f.mary, "account").await, Some(true));
    takes_back(world, f.as_gia, given.uid, "account").await;
    assert_eq!(holds(world, f.as_gil, &f.mary, "account").await, Some(false));
    assert_eq!(state(world, &f, &f.gia, &f.mary).await, State::Declined);
    assert_eq!(state(world, &f, &f.gil, &f.mary).await, State::Fulfilled, "he has not changed his answer");
    assert_evidence_is_whole(world).await;
    assert_ledger_agrees(world, f.form, "2026-08-20").await;
});

story!(whose_word_does_not_count_takes_nothing_back, |world| {
    let f = family(world).await;
    let given = answers(world, f.as_gia, &f, &f.mary, &[], "").await;
    let stranger = world.account(&world.guardian("Sia Strange", &[&f.nina]).await).await;
    let as_mary = world.account(&f.mary).await;
    let count = records(world).await;
    let refused = async |account: AccountId, who: &str| {
        let client = signed_in(world, account).await;
        let path = format!("/receipts/{}/take-back", given.uid);
        assert_eq!(client.get(&format!("{path}?consent=image")).await.status, 404, "{who}");
        assert_eq!(client.post(&path, &[("consent", "image")]).await.status, 404, "{who}");
    };
    for (account, who) in [(stranger, "a guardian of another child"), (as_mary, "the child"), (f.leader, "the school's leader")] {
        refused(account, who).await;
    }
    set(world, &f, ConsentRule::One(f.gil.id)).await;
    refused(f.as_gia, "a guardian who isn't the one").await;
    assert_eq!(holds(world, f.as_gil, &f.mary, "image").await, Some(false), "a yes of somebody else than the one");
    set(world, &f, ConsentRule::None).await;
    refused(f.as_gil, "a guardian where none may").await;
    assert_eq!(records(world).await, count);
    // She still reads what she answered, and why she can change nothing.
    let page = signed_in(world, f.as_gia).await.get("/answers").await;
    assert!(page.body.contains("The school has set who answers now") && !page.body.contains("take-back"), "{}", page.body);
});

story!(a_student_takes_back_an_agreement_of_their_own_and_gives_it_again, |world| {
    let f = family(world).await;
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let version = published(&mut tx, world, &version, "2026-08-17").await;
    tx.commit().await.unwrap();
    let subject = Subject::Policy { version: version.id.0, root: version.policy_id.0 };
    let own = issued(world, NewRequirement { subject, ..for_students() }).await;
    let as_mary = world.account(&f.mary).await;
    let agree = async || {
        let actor = world.actor(as_mary).await;
        let mut tx = world.write().await;
        let task = tasks::one(&mut tx, &actor, own, f.mary.uid).await.unwrap();
        let reading = policies::read(&mut tx, &version, Some("en")).await.unwrap();
        let given = acknowledgments::Answer { text_hash: reading.hash.clone(), agrees: Some(true), ..acknowledgments::Answer::default() };
        let record = acknowledgments::answer(&mut tx, &actor, &world.district, &task, &reading, given).await.unwrap();
        tx.commit().await.unwrap();
        record
    };
    let given = agree().await;
    let client = signed_in(world, as_mary).await;
    let path = format!("/receipts/{}/take-back", given.uid);
    let page = client.get(&path).await;
    assert!(page.status == 200 && page.body.contains("Taken back"), "{}", page.body);
    // Her guardians see her answer, and can't take it back for her.
    let guardian = signed_in(world, f.as_gia).await;
    let list = guardian.get("/answers").await;
    assert!(list.body.contains("Mary Archer answered this without you."), "{}", list.body);
    assert_eq!(guardian.post(&path, &[]).await.status, 404);

    let reply = client.post(&path, &[("reason", "I did not understand it")]).await;
    assert!(client.get(reply.location()).await.body.contains("Taken back"));
    assert_eq!(newest(world).await.0, "withdrawn");
    let page = guardian.get("/answers").await;
    assert!(!page.body.contains("I did not understand it"), "a child's reason is for the school: {}", page.body);
    assert_eq!(duty(world, own, &f.mary, &f.mary).await.unwrap().1, State::Declined);
    agree().await;
    assert_eq!(duty(world, own, &f.mary, &f.mary).await.unwrap().1, State::Fulfilled);
    let actor = world.actor(as_mary).await;
    let sheets = standing::sheets(&mut world.read().await, &actor, &world.district).await.unwrap();
    assert!(sheets[0].papers[0].holds(standing::WHOLE));
    assert_evidence_is_whole(world).await;
    assert_ledger_agrees(world, own, "2026-08-20").await;
});
