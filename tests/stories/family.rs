//! What families do with an answer: a form with several consents for several children, the list of all answers, and the text as it was.

use assent::acknowledgments::{self, Answer, Record, standing, verify};
use assent::kernel::{AccountId, Actor, Role};
use assent::obligations::{self, Cause, CauseKind, NewRequirement, Subject, tasks};
use assent::on;
use assent::policies::{self, Version};
use assent::roster::people;
use uuid::Uuid;

use crate::obligations::{for_guardians, issued};
use crate::policies::{fill, published};
use crate::world::World;
use crate::world::client::Client;
use crate::world::people::{Person, School};

/// Mary and Max of Harbor, Nina of Cedar; Gia is guardian of all three, Gil of Mary. The family form with its four consents (account, the
/// principal one, tools, image, ai) is asked of the guardians of all students.
pub struct Family {
    pub harbor: School,
    pub cedar: School,
    pub mary: Person,
    pub max: Person,
    pub nina: Person,
    pub gia: Person,
    pub gil: Person,
    pub as_gia: AccountId,
    pub as_gil: AccountId,
    pub leader: AccountId,
    pub other_leader: AccountId,
    pub version: Version,
    pub form: Uuid,
}

pub async fn family(world: &World) -> Family {
    let (harbor, cedar) = (world.school("Harbor Middle").await, world.school("Cedar Ridge").await);
    let mary = world.student(&harbor, "Mary Archer", "06").await;
    let max = world.student(&harbor, "Max Archer", "07").await;
    let nina = world.student(&cedar, "Nina Archer", "09").await;
    let gia = world.guardian("Gia Archer", &[&mary, &max, &nina]).await;
    let gil = world.guardian("Gil Cole", &[&mary]).await;
    let leader = world.account(&world.school_leader(&harbor, "Lea Leader").await).await;
    let other_leader = world.account(&world.school_leader(&cedar, "Lou Lead").await).await;
    let (version, form) = family_form(world).await;
    Family {
        as_gia: world.account(&gia).await,
        as_gil: world.account(&gil).await,
        harbor,
        cedar,
        mary,
        max,
        nina,
        gia,
        gil,
        leader,
        other_leader,
        version,
        form,
    }
}

/// The shipped family form, adopted and asked of all guardians: its version and the requirement.
pub async fn family_form(world: &World) -> (Version, Uuid) {
    let mut tx = world.write().await;
    let version = policies::take(&mut tx, &world.operator(), "family-agreement").await.unwrap();
    fill(&mut tx, world, &version).await;
    let version = published(&mut tx, world, &version, "2026-08-17").await;
    tx.commit().await.unwrap();
    let subject = Subject::Policy { version: version.id.0, root: version.policy_id.0 };
    let form = issued(world, NewRequirement { subject, title: "Family form".into(), ..for_guardians() }).await;
    (version, form)
}

/// Answers the form: yes to everything but these.
pub async fn answers(world: &World, account: AccountId, f: &Family, child: &Person, no: &[&str], reason: &str) -> Record {
    let actor = world.actor(account).await;
    let mut tx = world.write().await;
    let task = tasks::one(&mut tx, &actor, f.form, child.uid).await.unwrap();
    let reading = policies::read(&mut tx, &f.version, Some("en")).await.unwrap();
    let given = Answer {
        text_hash: reading.hash.clone(),
        agrees: None,
        choices: reading.consents.iter().map(|c| (c.id.clone(), !no.contains(&c.id.as_str()))).collect(),
        reason: reason.into(),
        signed_name: actor.name.clone(),
    };
    let record = acknowledgments::answer(&mut tx, &actor, &world.district, &task, &reading, given).await.unwrap();
    tx.commit().await.unwrap();
    record
}

/// Whether a consent holds for a child today, as somebody sees it on the own list; none where it isn't there.
pub async fn holds(world: &World, account: AccountId, child: &Person, consent: &str) -> Option<bool> {
    let actor: Actor = world.actor(account).await;
    let mut tx = world.read().await;
    let sheets = standing::sheets(&mut tx, &actor, &world.district).await.unwrap();
    let sheet = sheets.iter().find(|sheet| sheet.about == child.id)?;
    sheet.papers.iter().find(|paper| !paper.own).map(|paper| paper.holds(consent))
}

pub async fn records(world: &World) -> i64 {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM acknowledgment").fetch_one(c).await).unwrap()
}

/// Every record is as it was, and every answered duty has its record.
pub async fn assert_evidence_is_whole(world: &World) {
    let mut tx = world.read().await;
    assert_eq!(verify::records(&mut tx).await.unwrap().broken, []);
}

pub async fn signed_in(world: &World, account: AccountId) -> Client {
    let client = world.client().await;
    client.sign_in_as(world, account).await;
    client
}

story!(the_same_answers_are_shown_again_for_each_child_and_kept_as_a_record_each, |world| {
    let f = family(world).await;
    let first = answers(world, f.as_gia, &f, &f.mary, &["image"], "Not on the internet").await;
    let client = signed_in(world, f.as_gia).await;
    let same = format!("/receipts/{}/same", first.uid);
    let page = client.get(&format!("/receipts/{}", first.uid)).await;
    assert!(page.body.contains(&same) && page.body.contains("Give the same answers for Max Archer, Nina Archer"), "{}", page.body);
    let page = client.get(&same).await;
    // Nothing is hidden: each question with its answer, and what follows, stands there for each child.
    for words in
        ["May we show your child", "No, you may not", "we will leave your child", "Not on the internet", "May your child use AI tools"]
    {
        assert_eq!(page.body.matches(words).count(), 2, "{words}: {}", page.body);
    }
    assert!(page.body.contains("Max Archer, Harbor Middle") && page.body.contains("Nina Archer, Cedar Ridge"), "{}", page.body);
    assert!(!page.body.contains(" checked"), "somebody is chosen beforehand: {}", page.body);

    let page = client.post(&same, &[("signed_name", " ")]).await;
    assert!(page.status == 422 && page.body.contains("Choose at least one child") && page.body.contains("Type your name"), "{}", page.body);
    assert_eq!(records(world).await, 1);
    let (max, nina) = (f.max.uid.to_string(), f.nina.uid.to_string());
    let reply = client.post(&same, &[("child", &max), ("child", &nina), ("signed_name", "Gia Archer")]).await;
    assert_eq!(reply.location(), "/answers", "{}", reply.body);
    assert_eq!(records(world).await, 3);
    for child in [&f.max, &f.nina] {
        assert_eq!(holds(world, f.as_gia, child, "image").await, Some(false));
        assert_eq!(holds(world, f.as_gia, child, "account").await, Some(true));
    }
    // Whoever is answered for is not offered again, and nobody else's child ever.
    assert_eq!(client.get(&same).await.status, 404);
    assert_eq!(signed_in(world, f.as_gil).await.get(&same).await.status, 404);
    let of_gia: Vec<(String, String)> = on!(world.read().await, |c| sqlx::query_as(
        "SELECT a.given, k.signed_name FROM acknowledgment k JOIN person a ON a.id = k.about_id ORDER BY k.id"
    )
    .fetch_all(c)
    .await)
    .unwrap();
    let signed = |name: &str| (name.to_owned(), "Gia Archer".to_owned());
    assert_eq!(of_gia, [signed("Mary"), signed("Max"), signed("Nina")]);
    assert_evidence_is_whole(world).await;
});

story!(everybody_s_list_shows_what_counts_now_and_nobody_else_s, |world| {
    let f = family(world).await;
    let given = answers(world, f.as_gia, &f, &f.mary, &["image"], "A private reason").await;
    let client = signed_in(world, f.as_gia).await;
    let page = client.get("/answers").await;
    for words in
        ["Mary Archer", "No, you may not", "we will leave your child", "Yes, my child may", &format!("/receipts/{}/text", given.uid)]
    {
        assert!(page.body.contains(words), "{words} is missing: {}", page.body);
    }
    assert!(page.body.contains(&format!("/tasks/{}/{}/answer", f.form, f.mary.uid)), "it can be changed: {}", page.body);
    assert!(!page.body.contains("Max Archer"), "nothing was answered for Max: {}", page.body);
    // The other guardian, whose word counts too, sees what was said and by whom, not the reason and not the receipt.
    let page = signed_in(world, f.as_gil).await.get("/answers").await;
    assert!(page.body.contains("Gia Archer: no,") && page.body.contains("Gia Archer: yes,"), "{}", page.body);
    assert!(!page.body.contains("A private reason") && !page.body.contains(&format!("href=\"/receipts/{}\"", given.uid)), "{}", page.body);
    // A guardian of nobody here has answered nothing; in Spanish too.
    let stranger = world.account(&world.guardian("Sia Strange", &[]).await).await;
    let client = signed_in(world, stranger).await;
    client.set_cookie("assent-language", "es");
    let page = client.get("/answers").await;
    assert!(page.body.contains("Todavía no ha respondido a nada") && !page.body.contains("Mary"), "{}", page.body);
});

story!(what_was_agreed_to_can_be_read_again_for_ever, |world| {
    let f = family(world).await;
    let given = answers(world, f.as_gia, &f, &f.mary, &[], "").await;
    let text = format!("/receipts/{}/text", given.uid);
    let client = signed_in(world, f.as_gia).await;
    let article = |body: &str| {
        let from = body.find("<article").unwrap();
        body[from..from + body[from..].find("</article>").unwrap()].to_owned()
    };
    let as_it_was = article(&client.get(&text).await.body);
    assert!(as_it_was.contains("lang=\"en\"") && as_it_was.contains("This form tells you how your child uses computers"), "{as_it_was}");
    let still_there = async |what: &str| {
        let page = client.get(&text).await;
        assert_eq!(page.status, 200, "{what}");
        assert_eq!(article(&page.body), as_it_was, "{what}");
        let receipt = client.get(&format!("/receipts/{}", given.uid)).await;
        assert!(receipt.body.contains(&given.hash) && receipt.body.contains(&given.text_hash), "{what}: {}", receipt.body);
    };

    // A newer version that says something else.
    let operator = world.operator();
    let mut tx = world.write().await;
    let newer = policies::new_version(&mut tx, &operator, "family-agreement", true, "It says more", "More").await.unwrap();
    let reading = policies::read(&mut tx, &newer, Some("en")).await.unwrap();
    let clause = reading.sections[0].clauses[0].clone();
    let words = policies::Clause { id: clause.id.clone(), elements: clause.elements.clone(), body: "Something else.".into() };
    policies::set_clause(&mut tx, &operator, newer.id, "en", &clause.hash, words).await.unwrap();
    let newer = published(&mut tx, world, &newer, "2026-08-18").await;
    tx.commit().await.unwrap();
    world.go_to("2026-08-20");
    client.sign_in_as(world, f.as_gia).await;
    still_there("after a newer version").await;
    // The policy is withdrawn.
    let mut tx = world.write().await;
    policies::withdraw(&mut tx, &operator, newer.id, "No more").await.unwrap();
    tx.commit().await.unwrap();
    still_there("after the policy was withdrawn").await;
    // The reader's language is another.
    client.post("/language", &[("language", "es"), ("next", "/")]).await;
    assert!(client.get("/answers").await.body.contains("Mis respuestas"));
    let page = client.get(&text).await;
    assert_eq!(article(&page.body).replace("Contenido", "Contents"), as_it_was.replace("Contenido", "Contents"));
    client.post("/language", &[("language", "en"), ("next", "/")]).await;
    still_there("after the language went to and fro").await;
    // The guardian is merged into another record of hers, and the child leaves.
    let other = world.teacher(&f.harbor, "Gia Archer-Reed").await;
    let director = world.actor(world.granted("Dora Director", Role::Director).await).await;
    let mut tx = world.write().await;
    let changes = people::merge(&mut tx, &director, &world.district, other.uid, f.gia.uid, true).await.unwrap();
    obligations::follow(&mut tx, &operator, &world.district, changes, Cause::of(CauseKind::Merge, other.uid)).await.unwrap();
    tx.commit().await.unwrap();
    still_there("after the guardian was merged").await;
    world.leaves(&f.mary).await;
    still_there("after the child left").await;
    let page = client.get("/answers").await;
    assert!(page.body.contains("Mary Archer") && page.body.contains(&text), "{}", page.body);
    assert_evidence_is_whole(world).await;
});

story!(a_student_who_is_18_decides_what_was_consented_for_them, |world| {
    let f = family(world).await;
    let given = answers(world, f.as_gia, &f, &f.mary, &["ai"], "").await;
    let as_mary = world.account(&f.mary).await;
    let client = signed_in(world, as_mary).await;
    let (receipt, page) = (format!("/receipts/{}", given.uid), client.get("/answers").await);
    assert!(!page.body.contains("Family Agreement"), "what guardians answered is theirs until then: {}", page.body);
    assert_eq!(client.get(&receipt).await.status, 404);
    assert_eq!(client.get(&format!("{receipt}/take-back?consent=image")).await.status, 404);

    let mut tx = world.write().await;
    let leader = world.actor(f.leader).await;
    let today = Some(crate::world::day("2026-08-17"));
    let changes = people::answers_alone_since(&mut tx, &leader, &world.district, f.mary.uid, today).await.unwrap();
    obligations::follow(&mut tx, &leader, &world.district, changes, Cause::of(CauseKind::Person, f.mary.uid)).await.unwrap();
    tx.commit().await.unwrap();

    // What was given stays, and is the student's own to see and to change.
    assert_eq!(holds(world, as_mary, &f.mary, "image").await, Some(true));
    let page = client.get("/answers").await;
    assert!(page.body.contains("You are 18: this is yours to decide now.") && page.body.contains("Gia Archer: yes,"), "{}", page.body);
    assert_eq!(client.get(&receipt).await.status, 200);
    assert_eq!(client.get(&format!("{receipt}/text")).await.status, 200);
    let reply = client.post(&format!("{receipt}/take-back"), &[("consent", "image"), ("reason", "I would rather not")]).await;
    assert!(reply.location().starts_with("/receipts/"), "{} {}", reply.status, reply.body);
    let mine = client.get(reply.location()).await;
    assert!(mine.body.contains("taken back") && mine.body.contains("This speaks of one question alone"), "{}", mine.body);
    assert_eq!(holds(world, as_mary, &f.mary, "image").await, Some(false));
    assert_eq!(holds(world, as_mary, &f.mary, "tools").await, Some(true), "the rest stays as it was");
    let reply = client.post(&format!("{receipt}/give"), &[("consent", "ai")]).await;
    assert!(reply.location().starts_with("/receipts/"), "{} {}", reply.status, reply.body);
    assert_eq!(holds(world, as_mary, &f.mary, "ai").await, Some(true));
    let again = client.post(&format!("{receipt}/give"), &[("consent", "ai")]).await;
    assert_eq!(again.location(), reply.location(), "the same again is one record");

    // The guardian can't change it any more, and still reads what she answered.
    let client = signed_in(world, f.as_gia).await;
    let page = client.get("/answers").await;
    assert!(page.body.contains("Mary Archer is 18 now and answers alone.") && page.body.contains(&receipt), "{}", page.body);
    assert!(!page.body.contains("I would rather not") && !page.body.contains("take-back"), "{}", page.body);
    assert_eq!(client.post(&format!("{receipt}/take-back"), &[("consent", "tools")]).await.status, 404);
    assert_evidence_is_whole(world).await;
});
