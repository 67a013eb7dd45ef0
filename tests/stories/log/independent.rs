//! The log as another's program sees it: `aics-tlog` (`PyPI`), which knows the forms of C2SP and nothing of us. `ASSENT_TEST_PYTHON` names a Python
//! that has it; `tests/run` makes one.

use std::process::Command;

use assent::acknowledgments::log;

use super::{given, many};

story!(another_s_program_finds_the_exported_log_sound, |world| {
    let Ok(python) = std::env::var("ASSENT_TEST_PYTHON") else {
        eprintln!("left out: ASSENT_TEST_PYTHON names no Python with aics-tlog (tests/run makes one)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (old, dir) = (folder.path().join("old"), folder.path().join("log"));
    let mut given = given(world).await;
    many(world, &mut given, 280).await;
    world.seal().await;
    let mut tx = world.read().await;
    std::fs::write(&old, log::checkpoint(&mut tx).await.unwrap().unwrap()).unwrap();
    drop(tx);
    many(world, &mut given, 716).await;
    world.seal().await;
    let mut tx = world.read().await;
    log::export(&mut tx, &dir).await.unwrap();
    let key = log::keys(&mut tx).await.unwrap().pop().unwrap().to_string();
    drop(tx);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/independent/verify_log.py");
    let run = || Command::new(&python).args([script, dir.to_str().unwrap(), &key, old.to_str().unwrap()]).output().unwrap();
    let done = run();
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(
        done.status.success() && said.contains("1000 entries, 5 tiles and 4 bundles hold") && said.contains("the 284 of before"),
        "{said}"
    );
    // It would say otherwise.
    let tile = dir.join("tile/0/002");
    let mut bytes = std::fs::read(&tile).unwrap();
    bytes[77] ^= 1;
    std::fs::write(&tile, bytes).unwrap();
    assert!(!run().status.success());
});
