//! The log of answers: sealing, keys, proofs, what others make of it, and that each change is found and named.

mod browser;
mod independent;
mod receipts;
mod sealing;
mod tampering;
mod tree;

use assent::acknowledgments::{self, Answer, Manner, OnPaper, Record};
use assent::db::Tx;
use assent::kernel::Moment;
use assent::obligations::{NewRequirement, Subject, tasks};
use assent::policies::Reading;
use assent::{on, policies};
use uuid::Uuid;

use crate::obligations::{for_guardians, for_students, issued};
use crate::policies::{agreement, fill, published};
use crate::world::World;
use crate::world::people::Person;

/// The answers of a small school: each with other facts.
pub struct Given {
    pub mary: Person,
    /// Mary's, by herself.
    pub agreed: Record,
    /// All, in the order of the log.
    pub records: Vec<Record>,
}

fn answer(reading: &Reading, yes: bool, signed: &str) -> Answer {
    Answer {
        text_hash: reading.hash.clone(),
        agrees: Some(yes),
        choices: reading.consents.iter().enumerate().map(|(n, c)| (c.id.clone(), n % 2 == 0)).collect(),
        reason: if yes { String::new() } else { "I want to read it with my mother first — “later”.".into() },
        signed_name: signed.into(),
    }
}

/// Mary agrees, Noah says no while a teacher stands by, Olga's paper is entered, and Mary's mother answers a form of several consents.
pub async fn given(world: &World) -> Given {
    let school = world.school("Harbor Middle").await;
    let mut pupils = Vec::new();
    for name in ["Mary Archer", "Noah Baker", "Olga Cole"] {
        pupils.push(world.student(&school, name, "07").await);
    }
    let teacher = world.teacher(&school, "Tilda Teach").await;
    let mother = world.guardian("Gül Archer", &[&pupils[0]]).await;
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let version = published(&mut tx, world, &version, "2026-08-17").await;
    let form = policies::take(&mut tx, &world.operator(), "family-agreement").await.unwrap();
    fill(&mut tx, world, &form).await;
    let form = published(&mut tx, world, &form, "2026-08-17").await;
    tx.commit().await.unwrap();
    let subject = |version: &policies::Version| Subject::Policy { version: version.id.0, root: version.policy_id.0 };
    let ours = issued(world, NewRequirement { subject: subject(&version), ..for_students() }).await;
    let family = issued(world, NewRequirement { subject: subject(&form), ..for_guardians() }).await;
    let teacher = world.account(&teacher).await;
    let mut records = Vec::new();
    for (person, about, requirement, of, manner, yes, signed) in [
        (&pupils[0], &pupils[0], ours, &version, Manner::SignedIn, true, ""),
        (&pupils[1], &pupils[1], ours, &version, Manner::Witnessed, false, ""),
        (
            &pupils[2],
            &pupils[2],
            ours,
            &version,
            Manner::Paper(OnPaper { code: "H7-0042", signed_day: None, scan_sha256: None }),
            true,
            "Olga Cole",
        ),
        (&mother, &pupils[0], family, &form, Manner::SignedIn, true, "Gül Archer"),
    ] {
        let account = world.account(person).await;
        let (own, actor) = (world.actor(account).await, world.actor(if manner == Manner::SignedIn { account } else { teacher }).await);
        let mut tx = world.write().await;
        let task = tasks::one(&mut tx, &own, requirement, about.uid).await.unwrap();
        let reading = policies::read(&mut tx, of, Some("en")).await.unwrap();
        let given = answer(&reading, yes, signed);
        records.push(acknowledgments::take_down(&mut tx, &actor, &world.district, &task, &reading, given, manner).await.unwrap());
        tx.commit().await.unwrap();
    }
    Given { mary: pupils[0].clone(), agreed: records[0].clone(), records }
}

/// So many answers more, each its own record, given for the same duties as these: as many as a log needs to have several tiles.
pub async fn many(world: &World, given: &mut Given, count: usize) {
    let mut tx = world.write().await;
    let first = given.records.len();
    for n in first..first + count {
        let model = given.records[n % first].clone();
        let record = Record { uid: tx.uid(), at: Moment(model.at.0 + 1_000_003 * i64::try_from(n).unwrap()), ..model };
        given.records.push(insert(&mut tx, record, i64::try_from(n).unwrap()).await);
    }
    on!(tx, |c| sqlx::query("UPDATE log_head SET size = $1").bind(i64::try_from(given.records.len()).unwrap()).execute(c).await.map(drop))
        .unwrap();
    tx.commit().await.unwrap();
}

/// Puts a record into the table at that position, with the hash that belongs to it, beside whatever duty its likeness answered.
pub async fn insert(tx: &mut Tx, mut record: Record, position: i64) -> Record {
    record.position = position;
    record.hash = record.computed_hash().unwrap();
    let like: Uuid = record.person;
    on!(tx, |c| sqlx::query(
        "INSERT INTO acknowledgment (uid, obligation_id, person_id, about_id, capacity, authenticated, recorded_by, paper, version_id, language, text_hash,
                                     statement, answer, choices, reason, signed_name, at, hash, position)
         SELECT $1, k.obligation_id, k.person_id, k.about_id, k.capacity, k.authenticated, k.recorded_by, k.paper, k.version_id, k.language,
                k.text_hash, k.statement, k.answer, k.choices, k.reason, k.signed_name, $2, $3, $4
         FROM acknowledgment k WHERE k.id = (SELECT MIN(m.id) FROM acknowledgment m JOIN person p ON p.id = m.person_id
                                             WHERE p.uid = $5 AND m.version_id = $6)"
    )
    .bind(record.uid)
    .bind(record.at)
    .bind(&record.hash)
    .bind(position)
    .bind(like)
    .bind(record.version)
    .execute(c)
    .await
    .map(drop))
    .unwrap();
    record
}
