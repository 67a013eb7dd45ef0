//! The life of an import: handed in, waiting, running, held for a person, released or let go; the watched folder; a machine that died.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use assent::kernel::{Page, Problem, Role};
use assent::on;
use assent::roster::generate::{self, Plan};
use assent::roster::imports::{self, Import, Origin, State, Submission};
use assent::roster::oneroster::packing::Folder;
use assent::roster::oneroster::{self, Alarm, Source, Standing, Wish};
use uuid::Uuid;

use crate::roster::{Set, all, import, import_with, number, text};
use crate::world::World;
use crate::world::client::Client;

/// A generated district as a zip.
fn zip_of(folder: &Path, people: u64, seed: u64) -> PathBuf {
    let path = folder.join(format!("district-{people}-{seed}.zip"));
    generate::write(Plan { people, seed, ..Plan::default() }, fs::File::create(&path).unwrap()).unwrap();
    path
}

/// Hands a set in as the upload page does.
async fn submit(world: &World, path: &Path, look: bool) -> Uuid {
    let folder = Folder::new().unwrap();
    let set = folder.pack(&Source::at(path)).await.unwrap();
    let mut tx = world.write().await;
    let submission = Submission { set: &set, origin: Origin::Upload, fingerprint: "", look };
    let uid = imports::submit(&mut tx, &world.operator(), submission).await.unwrap();
    tx.commit().await.unwrap();
    uid
}

async fn find(world: &World, uid: Uuid) -> Import {
    imports::find(&mut world.read().await, &world.operator(), uid).await.unwrap()
}

async fn every(world: &World) -> Vec<Import> {
    imports::list(&mut world.read().await, &world.operator(), Page::number(None)).await.unwrap().rows
}

async fn release(world: &World, uid: Uuid) -> Result<(), Problem> {
    let mut tx = world.write().await;
    imports::release(&mut tx, &world.operator(), uid).await?;
    tx.commit().await
}

async fn let_go(world: &World, uid: Uuid) -> Result<(), Problem> {
    let mut tx = world.write().await;
    imports::let_go(&mut tx, &world.operator(), uid).await?;
    tx.commit().await
}

async fn director(world: &World) -> Client {
    let account = world.granted("Dora Director", Role::Director).await;
    let client = world.client().await;
    client.sign_in_as(world, account).await;
    client
}

story!(what_is_handed_in_waits_runs_and_is_in_with_its_report, |world| {
    let set = Set::small();
    let uid = submit(world, set.path(), false).await;
    let waiting = find(world, uid).await;
    assert_eq!((waiting.state, waiting.kept, waiting.origin), (State::Waiting, true, Origin::Upload));
    assert_eq!(all(world).await[1], 0, "nothing comes in before its turn");

    world.round().await;
    let done = find(world, uid).await;
    assert_eq!((done.state, done.kept, done.report.of("users").added), (State::Applied, false, 4));
    assert_eq!(done.report.source, set.path().file_name().unwrap().to_str().unwrap());
    assert_eq!(all(world).await[..7], [3, 4, 4, 2, 3, 2, 5]);
    let mut tx = world.read().await;
    let deeds = "SELECT COUNT(*) FROM audit_entry WHERE action IN ('roster.handed_in', 'roster.imported')";
    assert_eq!(number(&mut tx, deeds).await, 2);
});

story!(a_kept_set_holds_no_password_and_nothing_of_files_that_are_never_read, |world| {
    let set = Set::small();
    set.put("demographics", "sourcedId,birthDate\na,2015-01-01\n");
    let uid = submit(world, set.path(), false).await;
    let mut tx = world.read().await;
    let bytes: Vec<u8> = on!(tx, |c| sqlx::query_scalar("SELECT bytes FROM roster_set").fetch_one(c).await).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut content = |name: &str| {
        let mut text = String::new();
        zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let users = content("users.csv");
    assert!(users.contains("Teal") && !users.contains("hunter2"), "{users}");
    assert_eq!(content("demographics.csv"), "");
    drop(tx);
    world.round().await;
    let report = find(world, uid).await.report;
    assert_eq!((report.of("users").added, report.skipped), (4, vec!["demographics.csv".to_owned()]));
});

story!(a_set_that_is_held_shows_who_would_leave_and_a_person_releases_it, |world| {
    let folder = tempfile::tempdir().unwrap();
    let _ = import(world, &zip_of(folder.path(), 300, 5)).await;
    let before = all(world).await;
    world.go_to("2026-09-01");
    let uid = submit(world, &zip_of(folder.path(), 200, 5), false).await;
    world.round().await;

    let held = find(world, uid).await;
    assert_eq!((held.state, held.kept), (State::Held, true));
    let people = held.report.holds.iter().find(|h| h.kind == "users").unwrap();
    assert_eq!((people.alarm, people.of), (Alarm::Leaving, 300));
    assert_eq!(held.report.of("users").left, people.number);
    assert!(held.said.contains("of 300 people would leave the roster"), "{}", held.said);
    assert!(!held.report.schools.is_empty());
    let after = all(world).await;
    assert_eq!(before[..7], after[..7], "nothing came in");
    // The list names everybody, with their school.
    let mut tx = world.read().await;
    let list = imports::leavers(&mut tx, &world.operator(), uid, Page { number: 1, size: 5_000 }).await.unwrap();
    let people_listed = list.rows.iter().filter(|l| l.kind == "users").count();
    assert_eq!(u64::try_from(people_listed).unwrap(), people.number);
    let one = list.rows.iter().find(|l| l.kind == "users" && !l.school.is_empty()).unwrap();
    let there = format!("SELECT COUNT(*) FROM person WHERE given || ' ' || family = '{}'", one.name.replace('\'', "''"));
    assert!(on!(tx, |c| sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(there)).fetch_one(c).await).unwrap() > 0);
    assert_eq!(imports::held(&mut tx, &world.operator()).await.unwrap().len(), 1);
    drop(tx);

    release(world, uid).await.unwrap();
    assert!(matches!(release(world, uid).await, Err(Problem::Conflict(_))), "once is enough");
    world.round().await;
    let done = find(world, uid).await;
    assert_eq!((done.state, done.kept, done.released_by.as_deref()), (State::Applied, false, Some("operator")));
    assert_eq!(all(world).await[2], 200);
    let mut tx = world.read().await;
    assert!(imports::held(&mut tx, &world.operator()).await.unwrap().is_empty());
    let detail = text(&mut tx, "SELECT detail FROM audit_entry WHERE action = 'roster.imported' ORDER BY id DESC LIMIT 1").await.unwrap();
    assert!(detail.contains("\"released_by\":\"operator\""), "{detail}");
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM audit_entry WHERE action = 'roster.released'").await, 1);
});

story!(a_set_that_is_held_can_be_let_go, |world| {
    let folder = tempfile::tempdir().unwrap();
    let _ = import(world, &zip_of(folder.path(), 300, 5)).await;
    let uid = submit(world, &zip_of(folder.path(), 200, 5), false).await;
    world.round().await;
    let_go(world, uid).await.unwrap();
    let gone = find(world, uid).await;
    assert_eq!((gone.state, gone.kept), (State::Dropped, false));
    assert!(gone.leavers > 0, "the record stays");
    assert!(matches!(release(world, uid).await, Err(Problem::Conflict(_))));
    assert!(matches!(let_go(world, uid).await, Err(Problem::Conflict(_))));
    world.round().await;
    assert_eq!(all(world).await[2], 300);
});

story!(the_turn_of_a_term_is_held_though_nobody_leaves, |world| {
    let folder = tempfile::tempdir().unwrap();
    let path = zip_of(folder.path(), 300, 5);
    let _ = import(world, &path).await;
    // The same people; every class and enrollment has another id in the new term.
    let unpacked = tempfile::tempdir().unwrap();
    zip::ZipArchive::new(fs::File::open(&path).unwrap()).unwrap().extract(unpacked.path()).unwrap();
    for file in ["classes", "enrollments"] {
        let path = unpacked.path().join(format!("{file}.csv"));
        let text = fs::read_to_string(&path).unwrap();
        let (head, rows) = text.split_once('\n').unwrap();
        let head_at = |name: &str| head.trim().split(',').position(|h| h.eq_ignore_ascii_case(name)).unwrap();
        let class = if file == "enrollments" { Some(head_at("classSourcedId")) } else { None };
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(rows.as_bytes());
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in reader.records() {
            let cells = row.unwrap();
            let renamed = cells
                .iter()
                .enumerate()
                .map(|(at, cell)| if at == 0 || Some(at) == class { format!("spring-{cell}") } else { cell.to_owned() });
            writer.write_record(renamed).unwrap();
        }
        let rows = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        fs::write(&path, format!("{head}\n{rows}")).unwrap();
    }
    let problem = import_with(world, unpacked.path(), Wish::default()).await.unwrap_err().to_string();
    assert!(problem.contains("classes would leave") && problem.contains("enrollments would leave"), "{problem}");
    assert!(!problem.contains("people would leave"), "{problem}");
    let uid = submit(world, unpacked.path(), false).await;
    world.round().await;
    let held = find(world, uid).await;
    assert_eq!((held.state, held.report.of("users").left), (State::Held, 0));
    release(world, uid).await.unwrap();
    world.round().await;
    assert_eq!(find(world, uid).await.state, State::Applied);
    let mut tx = world.read().await;
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM person WHERE left_day IS NULL").await, 300);
    let old = "SELECT COUNT(*) FROM section s JOIN roster_source r ON r.row_id = s.id AND r.kind = 'class'
               WHERE s.left_day IS NULL AND r.source_id NOT LIKE 'spring-%'";
    assert_eq!(number(&mut tx, old).await, 0);
});

story!(a_set_that_would_change_three_quarters_is_held_and_newcomers_don_t_count, |world| {
    let people = |from: usize, to: usize, name: &str| -> String {
        let rows: Vec<String> = (from..to).map(|n| format!("p{n},,,true,s1,student,u{n},,{name},Fam{n},,,,,,,05,\n")).collect();
        rows.concat()
    };
    let set = Set::empty("1.1", "bulk", &["orgs", "users"]);
    set.put("orgs", crate::roster::ORGS);
    set.put("users", &format!("{}{}", crate::roster::USERS_HEAD, people(0, 40, "Ann")));
    let _ = import(world, set.path()).await;
    // Thirty of forty is three quarters, and not more; forty come besides.
    set.put("users", &format!("{}{}{}", crate::roster::USERS_HEAD, people(0, 30, "Bea"), people(30, 80, "Ann")));
    let (report, _) = import(world, set.path()).await;
    assert_eq!((report.of("users").changed, report.of("users").added), (30, 40));
    // Sixty-one of eighty is more.
    set.put("users", &format!("{}{}{}", crate::roster::USERS_HEAD, people(0, 61, "Cleo"), people(61, 80, "Ann")));
    let problem = import_with(world, set.path(), Wish::default()).await.unwrap_err().to_string();
    assert!(problem.contains("61 of 80 people would change"), "{problem}");
    let (released, _) = import_with(world, set.path(), Wish { dry_run: false, allow_leaving: true }).await.unwrap();
    assert_eq!(released.of("users").changed, 61);
});

story!(a_look_changes_nothing_and_can_be_brought_in_without_another_upload, |world| {
    let set = Set::small();
    let uid = submit(world, set.path(), true).await;
    world.round().await;
    let looked = find(world, uid).await;
    assert_eq!((looked.state, looked.kept, looked.report.of("users").added), (State::Looked, true, 4));
    assert_eq!(all(world).await[1], 0);
    let mut tx = world.write().await;
    imports::run_again(&mut tx, &world.operator(), uid).await.unwrap();
    tx.commit().await.unwrap();
    world.round().await;
    let done = find(world, uid).await;
    assert_eq!((done.state, done.kept, done.report.dry_run), (State::Applied, false, false));
    assert_eq!(all(world).await[1], 4);
    // What an earlier look showed isn't what would happen after another import.
    let old = submit(world, set.path(), true).await;
    world.round().await;
    let _ = submit(world, set.path(), false).await;
    world.round().await;
    assert!(!find(world, old).await.kept);
    let mut tx = world.write().await;
    let again = imports::run_again(&mut tx, &world.operator(), old).await.unwrap_err().to_string();
    assert!(again.contains("aren't kept any more"), "{again}");
});

story!(imports_run_one_after_another_and_each_is_taken_once, |world| {
    let mut handed_in = Vec::new();
    for _ in 0..3 {
        handed_in.push(submit(world, Set::small().path(), false).await);
    }
    let dead = world.clock.now().plus_seconds(-90);
    let take = async || {
        let mut tx = world.write().await;
        let job = imports::take(&mut tx, dead).await.unwrap();
        tx.commit().await.unwrap();
        job
    };
    let (one, other) = tokio::join!(take(), take());
    let taken: Vec<_> = [one, other].into_iter().flatten().collect();
    assert_eq!(taken.iter().map(|job| job.uid).collect::<Vec<_>>(), [handed_in[0]], "the second waits for the first");
    assert!(take().await.is_none());
    let states: Vec<State> = every(world).await.into_iter().map(|i| i.state).collect();
    assert_eq!(states, [State::Waiting, State::Waiting, State::Running]);
});

story!(an_import_whose_machine_died_waits_again_and_the_dead_one_can_t_finish_it, |world| {
    let uid = submit(world, Set::small().path(), false).await;
    let mut tx = world.write().await;
    let lost = imports::take(&mut tx, world.clock.now().plus_seconds(-90)).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    // The machine was heard of a moment ago: another leaves it alone. (On SQLite there is no other, so its worker has begun before.)
    let mut worker = world.worker();
    if world.store.engine() == "sqlite" {
        let mut tx = world.write().await;
        assert!(imports::take(&mut tx, world.clock.now().plus_seconds(-90)).await.unwrap().is_none());
    } else {
        worker.round().await.unwrap();
    }
    assert_eq!(find(world, uid).await.state, State::Running);

    world.clock.set(world.clock.now().plus_seconds(120));
    worker.round().await.unwrap();
    let done = find(world, uid).await;
    assert_eq!((done.state, done.report.of("users").added), (State::Applied, 4));
    // Should the dead machine wake up, its run counts no more.
    let mut tx = world.write().await;
    assert!(!imports::is_ours(&mut tx, &lost).await.unwrap());
    let late = imports::finish(&mut tx, &world.operator(), &lost, imports::Ending::Failed("late".into())).await;
    assert!(matches!(late, Err(Problem::Conflict(_))));
});

story!(what_cannot_be_trusted_is_refused_with_its_reason_and_its_files_go, |world| {
    let set = Set::small();
    set.change("users", "familyName", "surname");
    let uid = submit(world, set.path(), false).await;
    world.round().await;
    let refused = find(world, uid).await;
    assert_eq!((refused.state, refused.kept), (State::Refused, false));
    assert!(refused.said.contains("users.csv lacks familyName"), "{}", refused.said);
    assert_eq!(all(world).await[1], 0);
});

story!(an_import_says_which_file_it_reads_and_how_many_rows_to_whoever_waits_in_the_same_process, |world| {
    let set = Set::small();
    let uid = submit(world, set.path(), false).await;
    let board = imports::Board::default();
    let waiting = find(world, uid).await;
    assert_eq!(board.standing(&waiting), None);
    let running = board.begins(uid);
    assert_eq!(board.standing(&waiting), Some(Standing { file: String::new(), rows: 0 }));
    let mut tx = world.read().await;
    let dry = Wish { dry_run: true, allow_leaving: false };
    let source = Source::at(set.path());
    let _ = oneroster::read(&mut tx, &world.operator(), &world.district, &source, dry, &running.progress).await.unwrap();
    assert_eq!(board.standing(&waiting), Some(Standing { file: "enrollments.csv".into(), rows: 3 }));
    drop(running);
    assert_eq!(board.standing(&waiting), None);
});

story!(what_broke_off_says_so_and_can_be_tried_again, |world| {
    let uid = submit(world, Set::small().path(), false).await;
    let mut tx = world.write().await;
    let job = imports::take(&mut tx, world.clock.now().plus_seconds(-90)).await.unwrap().unwrap();
    imports::finish(&mut tx, &world.operator(), &job, imports::Ending::Failed("It broke off".into())).await.unwrap();
    tx.commit().await.unwrap();
    let failed = find(world, uid).await;
    assert_eq!((failed.state, failed.kept, failed.said.as_str()), (State::Failed, true, "It broke off"));
    world.round().await;
    assert_eq!(find(world, uid).await.state, State::Failed, "a person decides");
    let mut tx = world.write().await;
    imports::run_again(&mut tx, &world.operator(), uid).await.unwrap();
    tx.commit().await.unwrap();
    world.round().await;
    let done = find(world, uid).await;
    assert_eq!((done.state, done.said.as_str(), done.report.of("users").added), (State::Applied, "", 4));
});

story!(a_server_that_starts_again_takes_up_what_a_killed_one_left, |world| {
    let uid = submit(world, Set::small().path(), false).await;
    let mut tx = world.write().await;
    assert!(imports::take(&mut tx, world.clock.now().plus_seconds(-90)).await.unwrap().is_some());
    tx.commit().await.unwrap();
    // Nobody else can be at it on an embedded database: it runs at once. Elsewhere another machine may be, until it has been silent.
    world.round().await;
    let at_once = find(world, uid).await.state;
    assert_eq!(at_once, if world.store.engine() == "sqlite" { State::Applied } else { State::Running });
    world.clock.set(world.clock.now().plus_seconds(120));
    world.round().await;
    assert_eq!(find(world, uid).await.state, State::Applied);
    assert_eq!(all(world).await[7], 1);
});

/// Sets the time at which a file was last changed.
fn touch(path: &Path, seconds: u64) {
    fs::File::options().append(true).open(path).unwrap().set_modified(UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
}

story!(a_set_in_the_watched_folder_is_taken_when_it_stands_still_and_once, |world| {
    let folder = tempfile::tempdir().unwrap();
    let mut worker = world.worker().watching(folder.path().to_owned());
    worker.round().await.unwrap();
    let path = zip_of(folder.path(), 100, 5);
    touch(&path, 1_000);
    worker.round().await.unwrap();
    assert_eq!(every(world).await.len(), 0, "it may still be being written");
    touch(&path, 2_000);
    worker.round().await.unwrap();
    assert_eq!(every(world).await.len(), 0, "it was written to since the last look");
    worker.round().await.unwrap();
    let list = every(world).await;
    assert_eq!(list.len(), 1);
    assert_eq!((list[0].state, list[0].origin, list[0].by_name.as_str()), (State::Applied, Origin::Folder, "watched folder"));
    assert_eq!(all(world).await[2], 100);
    for _ in 0..3 {
        worker.round().await.unwrap();
    }
    // Nor does a server that has just started take it again.
    let mut another = world.worker().watching(folder.path().to_owned());
    another.round().await.unwrap();
    another.round().await.unwrap();
    assert_eq!(every(world).await.len(), 1);
    assert!(path.is_file(), "the source's files are never moved or deleted");

    // The next night's export, in its place.
    touch(&path, 90_000);
    worker.round().await.unwrap();
    worker.round().await.unwrap();
    let list = every(world).await;
    assert_eq!((list.len(), list[0].state, list[0].report.moved()), (2, State::Applied, 0));
});

story!(the_watched_folder_may_hold_folders_be_one_or_hold_what_cannot_be_read, |world| {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("nightly");
    fs::create_dir(&inner).unwrap();
    for entry in fs::read_dir(Set::small().path()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), inner.join(entry.file_name())).unwrap();
    }
    fs::write(folder.path().join("broken.zip"), "not a zip").unwrap();
    fs::write(folder.path().join("notes.txt"), "not looked at").unwrap();
    let mut worker = world.worker().watching(folder.path().to_owned());
    for _ in 0..3 {
        worker.round().await.unwrap();
    }
    let mut list = every(world).await;
    list.sort_by(|a, b| a.report.source.cmp(&b.report.source));
    let seen: Vec<(&str, State)> = list.iter().map(|i| (i.report.source.as_str(), i.state)).collect();
    assert_eq!(seen, [("broken.zip", State::Refused), ("nightly", State::Applied)]);
    assert!(list[0].said.contains("no zip that can be read"), "{}", list[0].said);
    assert_eq!(all(world).await[1], 4);

    let mut itself = world.worker().watching(inner.clone());
    touch(&inner.join("users.csv"), 5_000);
    itself.round().await.unwrap();
    itself.round().await.unwrap();
    assert_eq!(every(world).await.len(), 3, "the folder is a set itself");
});

story!(the_page_answers_an_upload_at_once_and_shows_how_far_it_has_come, |world| {
    let client = director(world).await;
    let folder = tempfile::tempdir().unwrap();
    let bytes = fs::read(zip_of(folder.path(), 60, 5)).unwrap();
    let reply = client.upload("/roster/imports", &[("act", "import")], "file", "nightly.zip", &bytes).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let place = reply.location().to_owned();
    let page = client.get(&place).await.body;
    assert!(page.contains("Waiting") && page.contains("nightly.zip") && page.contains("http-equiv=\"refresh\""), "{page}");
    // Another machine has it in hand.
    let mut tx = world.write().await;
    let job = imports::take(&mut tx, world.clock.now().plus_seconds(-90)).await.unwrap().unwrap();
    let standing = Standing { file: "users.csv".into(), rows: 12_000 };
    imports::heard(&mut tx, &job, &standing).await.unwrap();
    tx.commit().await.unwrap();
    let page = client.get(&place).await.body;
    assert!(page.contains("Running") && page.contains("Reading users.csv: 12,000 rows so far."), "{page}");
    world.clock.set(world.clock.now().plus_seconds(120));
    world.round().await;
    let page = client.get(&place).await.body;
    assert!(page.contains("Brought in") && page.contains("The roster is in"), "{page}");
    assert!(!page.contains("http-equiv=\"refresh\""), "a page that is done stands still");
    assert!(page.contains("by Dora Director"), "{page}");

    let reply = client.upload("/roster/imports", &[("act", "import")], "file", "x.zip", b"not a zip").await;
    assert_eq!(reply.status, 422);
    assert!(reply.body.contains("no zip that can be read"), "{}", reply.body);
    let reply = client.upload("/roster/imports", &[("act", "import")], "file", "", b"").await;
    assert!(reply.status == 422 && reply.body.contains("Choose a OneRoster zip first."), "{}", reply.body);
});

story!(a_director_sees_the_list_on_the_page_and_decides_there, |world| {
    let client = director(world).await;
    let folder = tempfile::tempdir().unwrap();
    let _ = import(world, &zip_of(folder.path(), 300, 5)).await;
    let uid = submit(world, &zip_of(folder.path(), 200, 5), false).await;
    world.round().await;
    let roster = client.get("/roster").await.body;
    assert!(roster.contains("For you to decide") && roster.contains(">Held</span>"), "{roster}");
    let place = format!("/roster/imports/{uid}");
    let page = client.get(&place).await.body;
    for words in [
        "This import is held",
        "People: ",
        " of 300 would leave.",
        "Who and what would leave",
        "Release it: this is meant",
        "The difference, by school",
    ] {
        assert!(page.contains(words), "{words} isn't on {page}");
    }
    let list = client.get(&format!("{place}/leaving.csv")).await;
    let held = find(world, uid).await;
    assert_eq!(i64::try_from(list.body.lines().count()).unwrap(), held.leavers + 1);
    assert!(list.header("content-disposition").unwrap().starts_with("attachment"), "{:?}", list.headers);
    let counts = client.get(&format!("{place}/counts.csv")).await.body;
    assert!(counts.contains("All schools,People,"), "{counts}");
    assert!(counts.lines().any(|l| l.contains(&held.report.schools[1].school)), "{counts}");

    let reply = client.post(&format!("{place}/release"), &[]).await;
    assert_eq!((reply.status, reply.location()), (303, place.as_str()));
    world.round().await;
    let page = client.get(&place).await.body;
    assert!(page.contains("released by Dora Director"), "{page}");
    assert_eq!(all(world).await[2], 200);
    assert_eq!(client.post(&format!("{place}/release"), &[]).await.status, 409);
});

story!(a_file_of_findings_says_each_with_row_and_remedy_and_runs_no_formula, |world| {
    let client = director(world).await;
    let set = Set::small();
    set.change("users", "b,,,true,\"s2,s1\",student", "b,,,true,\"s2,s1\",=HYPERLINK(1)");
    let uid = submit(world, set.path(), false).await;
    world.round().await;
    let file = client.get(&format!("/roster/imports/{uid}/findings.csv")).await;
    let rows: Vec<&str> = file.body.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(rows[0], "Kind,Where,Row,sourcedId,Field,Value,What is wrong,How to mend it");
    assert!(rows[1].starts_with("left out,users.csv,4,b,role,'=HYPERLINK(1),is no role; rows left out"), "{}", rows[1]);
});

browser_story!(a_held_roster_is_seen_and_released_in_the_browser, |world, browser| {
    world.account_named("director", "Dora Director", &[Role::Director]).await;
    let folder = tempfile::tempdir().unwrap();
    let _ = import(world, &zip_of(folder.path(), 300, 5)).await;
    browser.sign_in("director", crate::world::client::PASSWORD).await;
    browser.open_path("/roster").await;
    browser.type_in("#file", zip_of(folder.path(), 200, 5).to_str().unwrap()).await;
    browser.press("Bring it in").await;
    browser.shows("This import is held, and nothing of it came in").await;
    browser.check_page("import-held").await;
    browser.resize(1280, 900).await;
    browser.follow("Next page").await;
    browser.shows("Page 2 of").await;
    browser.open_path("/roster").await;
    browser.shows("For you to decide").await;
    browser.check_page("roster-held").await;
    browser.resize(1280, 900).await;
    browser.click("ul.tasks h3 a").await;
    browser.press("Release it: this is meant").await;
    browser.shows("The roster is in, and everybody's duties follow it.").await;
    browser.shows("released by Dora Director").await;
    assert_eq!(all(world).await[2], 200);
});

browser_story!(an_upload_without_javascript_comes_in_by_itself, without_javascript, |world, browser| {
    world.account_named("director", "Dora Director", &[Role::Director]).await;
    let folder = tempfile::tempdir().unwrap();
    browser.sign_in("director", crate::world::client::PASSWORD).await;
    browser.open_path("/roster").await;
    browser.type_in("#file", zip_of(folder.path(), 100, 5).to_str().unwrap()).await;
    browser.press("Bring it in").await;
    browser.shows("The roster is in, and everybody's duties follow it.").await;
    assert_eq!(all(world).await[2], 100);
});

browser_story!(an_import_on_its_way_and_what_went_wrong_can_be_read_by_everybody, |world, browser| {
    world.account_named("director", "Dora Director", &[Role::Director]).await;
    browser.sign_in("director", crate::world::client::PASSWORD).await;
    let set = Set::small();
    set.change("users", "b,,,true,\"s2,s1\",student", "b,,,true,\"s2,s1\",wizard");
    let (report, _) = import(world, set.path()).await;
    let place = format!("/roster/imports/{}", report.uid.unwrap());
    browser.open_path(&place).await;
    browser.shows("is no role").await;
    browser.check_page("import-findings").await;
    for state in ["running", "failed", "dropped", "refused"] {
        let mut tx = world.write().await;
        on!(tx, |c| sqlx::query("UPDATE roster_import SET state = $1, said = $2, seen_at = $3, progress = $4")
            .bind(state)
            .bind("users.csv can't be read at row 12: a quotation mark is opened and never closed. Export the set again")
            .bind(world.clock.now())
            .bind("{\"run\":\"x\",\"file\":\"users.csv\",\"rows\":12000}")
            .execute(c)
            .await
            .map(drop))
        .unwrap();
        tx.commit().await.unwrap();
        browser.open_path(&place).await;
        browser.check_page(&format!("import-{state}")).await;
    }
    browser.press("Español").await;
    browser.shows("Rechazada").await;
    browser.check_page("import-es").await;
});
