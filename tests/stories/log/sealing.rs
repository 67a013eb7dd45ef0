//! What sealing does, and what it does not do; the key and its file.

use assent::acknowledgments::log::{self, Checkpoint, PublicKey, SecretKey, key};
use assent::acknowledgments::verify;
use assent::kernel::Problem;
use assent::on;

use super::{Given, given, many};
use crate::world::World;

async fn counts(world: &World) -> (i64, i64) {
    let mut tx = world.read().await;
    let count = "SELECT COUNT(*) FROM log_checkpoint";
    let checkpoints: i64 = on!(tx, |c| sqlx::query_scalar(count).fetch_one(c).await).unwrap();
    let tiles: i64 = on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM log_tile").fetch_one(c).await).unwrap();
    (checkpoints, tiles)
}

fn told<T: std::fmt::Debug>(done: assent::kernel::Result<T>) -> String {
    match done {
        Err(Problem::Conflict(text)) => text,
        other => panic!("not refused: {other:?}"),
    }
}

/// Seals once with that key, and keeps it.
async fn sealed(world: &World, key: &SecretKey) -> assent::kernel::Result<Option<log::Sealed>> {
    let mut tx = world.write().await;
    let done = log::seal(&mut tx, key).await?;
    tx.commit().await?;
    Ok(done)
}

story!(answers_are_sealed_by_the_worker_and_nothing_new_is_nothing_done, |world| {
    world.seal().await;
    assert_eq!(counts(world).await, (0, 0), "nothing was answered yet");
    let mut given = given(world).await;
    world.seal().await;
    assert_eq!(counts(world).await, (1, 1));
    world.seal().await;
    assert_eq!(counts(world).await, (1, 1), "nothing new");
    many(world, &mut given, 600).await;
    world.seal().await;
    // 604: two full tiles and one that isn't, and one above.
    assert_eq!(counts(world).await, (2, 4));
    let mut tx = world.read().await;
    let note = log::checkpoint(&mut tx).await.unwrap().unwrap();
    let keys = log::keys(&mut tx).await.unwrap();
    let checkpoint = Checkpoint::open(&note, &keys).unwrap();
    assert_eq!((checkpoint.size, checkpoint.origin.as_str()), (604, keys[0].name.as_str()));
    assert!(checkpoint.origin.starts_with("test-district-") && checkpoint.origin.ends_with("/acknowledgments"), "{}", checkpoint.origin);
    for (at, record) in given.records.iter().enumerate() {
        let proof = log::prove(&mut tx, record.position, &record.hash).await.unwrap().unwrap();
        assert_eq!((proof.position, proof.size), (at as u64, 604));
    }
    // Another record's hash has no proof there.
    told(log::prove(&mut tx, 3, &given.records[4].hash).await);
    let checked = verify::records(&mut tx).await.unwrap();
    assert_eq!((checked.records, checked.sealed, checked.checkpoints, checked.broken), (604, 604, 2, Vec::new()));
});

story!(an_answer_that_is_not_sealed_yet_has_no_proof, |world| {
    let Given { agreed, .. } = given(world).await;
    let mut tx = world.read().await;
    assert!(log::prove(&mut tx, agreed.position, &agreed.hash).await.unwrap().is_none());
    assert_eq!(log::unsealed(&mut tx).await.unwrap(), 4);
    assert_eq!(verify::records(&mut tx).await.unwrap().broken, []);
});

story!(a_log_that_is_broken_is_never_carried_on, |world| {
    let mut given = given(world).await;
    let key = world.log_key().await;
    sealed(world, &key).await.unwrap().unwrap();
    many(world, &mut given, 10).await;
    let drop_guards = async |tx: &mut assent::db::Tx| {
        for table in ["log_tile", "acknowledgment"] {
            crate::log::tampering::unguard(tx, table).await;
        }
    };
    // A record that is missing before it was sealed.
    let mut tx = world.write().await;
    drop_guards(&mut tx).await;
    on!(tx, |c| sqlx::query("DELETE FROM acknowledgment WHERE position = 7").execute(c).await.map(drop)).unwrap();
    assert!(told(log::seal(&mut tx, &key).await).contains("answer number 7 is missing"));
    drop(tx);
    // A tile that isn't as it was signed.
    let mut tx = world.write().await;
    drop_guards(&mut tx).await;
    on!(tx, |c| sqlx::query("UPDATE log_tile SET hashes = $1").bind(vec![7_u8; 128]).execute(c).await.map(drop)).unwrap();
    assert!(told(log::seal(&mut tx, &key).await).contains("isn't as it was signed"));
    drop(tx);
    // As it is, it goes on.
    assert_eq!(sealed(world, &key).await.unwrap(), Some(log::Sealed { added: 10, size: 14 }));
});

story!(tiles_grow_and_checkpoints_stay, |world| {
    given(world).await;
    world.seal().await;
    for statement in [
        "UPDATE log_checkpoint SET size = size + 1",
        "DELETE FROM log_checkpoint",
        "DELETE FROM log_tile",
        "DELETE FROM log_key",
        "UPDATE log_key SET since_size = 1",
    ] {
        let mut tx = world.write().await;
        on!(tx, |c| sqlx::query(statement).execute(c).await.map(drop)).unwrap_err();
    }
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE log_tile SET hashes = $1").bind(vec![7_u8; 160]).execute(c).await.map(drop)).unwrap_err();
});

story!(the_key_lies_in_a_file_of_its_owner_and_a_wrong_one_is_refused, |world| {
    given(world).await;
    let first = world.log_key().await;
    let file = world.key_file();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(world.log_key().await.public(), first.public(), "the same the next time");
    // Nothing of the secret is in the database, nor in what is printed of it.
    assert!(!format!("{first:?}").contains(first.spelled().rsplit('+').next().unwrap()));
    sealed(world, &first).await.unwrap();

    let use_key = async || {
        let mut tx = world.write().await;
        log::use_key(&mut tx, &world.operator(), &world.district, &file).await
    };
    let aside = file.with_extension("aside");
    std::fs::rename(&file, &aside).unwrap();
    let said = told(use_key().await);
    assert!(said.contains("isn't there") && said.contains("assent log new-key") && said.contains(&first.public().to_string()), "{said}");
    key::write(&file, &SecretKey::new("elsewhere", [7; 32])).unwrap();
    let said = told(use_key().await);
    assert!(said.contains("goes on with") && said.contains("--log-key"), "{said}");
    std::fs::write(&file, "no key\n").unwrap();
    assert!(matches!(use_key().await, Err(Problem::Invalid(_))));
    std::fs::rename(&aside, &file).unwrap();
    use_key().await.unwrap();
});

story!(a_new_key_goes_on_where_the_old_one_ended, |world| {
    let mut given = given(world).await;
    let old = world.log_key().await;
    sealed(world, &old).await.unwrap();
    let mut tx = world.write().await;
    let refused = log::new_key(&mut tx, &world.operator(), &world.district, &world.key_file(), Some("another.example/log")).await;
    assert!(told(refused).contains(&old.public().name));
    drop(tx);
    let mut tx = world.write().await;
    let new = log::new_key(&mut tx, &world.operator(), &world.district, &world.key_file(), None).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(new.public().name, old.public().name);
    assert!(world.key_file().with_file_name("assent.log-key.until-1").exists(), "the old one is kept");
    many(world, &mut given, 3).await;
    assert!(told(sealed(world, &old).await).contains("another key"));
    world.seal().await;
    let mut tx = world.read().await;
    let checked = verify::records(&mut tx).await.unwrap();
    assert_eq!((checked.checkpoints, checked.broken), (2, Vec::new()));
    // Whoever trusts one key alone learns that the other signed too.
    let trust = |keys: Vec<PublicKey>| verify::Trust { keys, kept: Vec::new() };
    let found = verify::against(&mut tx, &trust(vec![old.public()])).await.unwrap().broken;
    assert!(found.len() == 1 && found[0].subject == "checkpoint of 7" && found[0].what.contains("no known key"), "{found:?}");
    assert_eq!(verify::against(&mut tx, &trust(vec![old.public(), new.public()])).await.unwrap().broken, []);
});

story!(a_checkpoint_kept_elsewhere_shows_a_log_that_was_made_anew, |world| {
    let mut given = given(world).await;
    world.seal().await;
    let mut tx = world.read().await;
    let kept = log::checkpoint(&mut tx).await.unwrap().unwrap();
    drop(tx);
    many(world, &mut given, 5).await;
    world.seal().await;
    let trust = verify::Trust { keys: Vec::new(), kept: vec![("kept.txt".into(), kept.clone())] };
    let mut tx = world.read().await;
    assert_eq!(verify::against(&mut tx, &trust).await.unwrap().broken, []);
    drop(tx);

    // Whoever has the database and the key makes another past, and signs it: inside all is well.
    let key = world.log_key().await;
    let mut tx = world.write().await;
    for table in ["log_tile", "log_checkpoint", "acknowledgment"] {
        crate::log::tampering::unguard(&mut tx, table).await;
    }
    let forged = assent::acknowledgments::Record { at: assent::kernel::Moment(given.agreed.at.0 - 1), ..given.agreed.clone() };
    for statement in ["DELETE FROM log_tile", "DELETE FROM log_checkpoint"] {
        on!(tx, |c| sqlx::query(statement).execute(c).await.map(drop)).unwrap();
    }
    on!(tx, |c| sqlx::query("UPDATE acknowledgment SET at = $1, hash = $2 WHERE position = 0")
        .bind(forged.at)
        .bind(forged.computed_hash().unwrap())
        .execute(c)
        .await
        .map(drop))
    .unwrap();
    log::seal(&mut tx, &key).await.unwrap();
    assert_eq!(verify::records(&mut tx).await.unwrap().broken, []);
    // The kept checkpoint tells.
    let found = verify::against(&mut tx, &trust).await.unwrap().broken;
    assert!(found.len() == 1 && found[0].subject == "kept.txt", "{found:?}");
    drop(tx);
    let foreign = verify::Trust { keys: Vec::new(), kept: vec![("x".into(), kept.replace("test-district", "best-district"))] };
    let mut tx = world.read().await;
    assert!(verify::against(&mut tx, &foreign).await.unwrap_err().to_string().contains("x can't be held against this log"));
});
