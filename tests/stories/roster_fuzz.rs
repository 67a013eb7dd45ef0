//! A small set, broken in many ways by a seeded source of chance. Whatever comes of it: either a report of a set that came in whole, or a
//! clear word about what is wrong, where, and how to mend it, and then nothing has changed. Never an internal error, never a panic.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use assent::db::Tx;
use assent::kernel::{Chance, Problem};
use assent::on;
use assent::roster::generate::{self, Plan};
use assent::roster::oneroster::packing::Folder;
use assent::roster::oneroster::{self, Source, Wish};

use crate::world::World;

/// What the roster's tables hold, as text, but for reports.
async fn contents(tx: &mut Tx) -> Vec<String> {
    let mut all = Vec::new();
    for query in [
        "SELECT CAST(id AS TEXT) || kind || name || COALESCE(identifier, '') || CAST(COALESCE(parent_id, 0) AS TEXT)
             || CAST(COALESCE(left_day, 0) AS TEXT) FROM org ORDER BY id",
        "SELECT CAST(id AS TEXT) || title || kind || CAST(starts AS TEXT) || CAST(COALESCE(left_day, 0) AS TEXT) FROM academic_session ORDER BY id",
        "SELECT CAST(id AS TEXT) || given || family || COALESCE(email, '') || COALESCE(username, '') || language || role || COALESCE(grade, '')
             || CAST(COALESCE(school_id, 0) AS TEXT) || CAST(joined AS TEXT) || CAST(COALESCE(left_day, 0) AS TEXT) FROM person ORDER BY id",
        "SELECT CAST(person_id AS TEXT) || CAST(org_id AS TEXT) || role || title || CAST(COALESCE(ended, 0) AS TEXT) FROM position
             ORDER BY person_id, org_id, role",
        "SELECT CAST(guardian_id AS TEXT) || CAST(child_id AS TEXT) || CAST(COALESCE(ended, 0) AS TEXT) FROM guardianship
             ORDER BY guardian_id, child_id",
        "SELECT CAST(id AS TEXT) || title || COALESCE(code, '') || CAST(COALESCE(left_day, 0) AS TEXT) FROM roster_course ORDER BY id",
        "SELECT CAST(id AS TEXT) || title || kind || CAST(school_id AS TEXT) || CAST(COALESCE(left_day, 0) AS TEXT) FROM section ORDER BY id",
        "SELECT CAST(id AS TEXT) || CAST(section_id AS TEXT) || CAST(person_id AS TEXT) || role || CAST(COALESCE(left_day, 0) AS TEXT)
             FROM enrollment ORDER BY id",
        "SELECT kind || source_id || CAST(row_id AS TEXT) || CAST(content_hash AS TEXT) || CAST(COALESCE(left_day, 0) AS TEXT)
             FROM roster_source ORDER BY kind, source_id",
        "SELECT CAST(id AS TEXT) || state FROM roster_import ORDER BY id",
        "SELECT CAST(import_id AS TEXT) FROM roster_import_finding ORDER BY import_id, number",
    ] {
        let rows: Vec<String> = on!(tx, |c| sqlx::query_scalar(query).fetch_all(c).await).unwrap();
        all.extend(rows);
    }
    all
}

type Files = BTreeMap<String, Vec<u8>>;

fn unpacked(zip: &Path) -> Files {
    let mut archive = zip::ZipArchive::new(fs::File::open(zip).unwrap()).unwrap();
    (0..archive.len())
        .map(|n| {
            let mut file = archive.by_index(n).unwrap();
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn packed(files: &Files) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A number below `n`, which isn't 0.
fn below(chance: &mut Chance, n: usize) -> usize {
    usize::try_from(chance.below(u64::try_from(n.max(1)).unwrap())).unwrap()
}

/// One file of the set, by name.
fn any_file(chance: &mut Chance, files: &Files) -> String {
    files.keys().nth(below(chance, files.len())).unwrap().clone()
}

/// The rows of a file, split at commas: enough to break them.
fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    String::from_utf8_lossy(bytes).lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn joined(rows: &[Vec<String>]) -> Vec<u8> {
    rows.iter().map(|row| row.join(",") + "\n").collect::<String>().into_bytes()
}

/// Cells that have troubled one program or another.
const BAD_CELLS: [&str; 24] = [
    "",
    "\0",
    "a\0b",
    "\"",
    "\"\"\"",
    "'; DROP TABLE person; --",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "../../etc/passwd",
    "\u{202e}gnp.exe",
    "𝒜𝓃𝓃 🦦",
    "\r",
    "\t",
    "-1",
    "99999999999999999999999999",
    "9999-12-31",
    "0000-00-00",
    "2026-02-30",
    "TRUE",
    "null",
    "ext:",
    "ext:nurse",
    "tobedeleted",
    "d",
];

/// Breaks the set in one of many ways; says how.
#[allow(clippy::too_many_lines)] // one way a branch: it is read as a list
fn break_it(chance: &mut Chance, files: &mut Files) -> String {
    let name = any_file(chance, files);
    let bytes = files.get_mut(&name).unwrap();
    let how = below(chance, 22);
    match how {
        0 => bytes.truncate(below(chance, bytes.len())),
        1 => {
            for _ in 0..=below(chance, 20) {
                let at = below(chance, bytes.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = chance.bytes::<1>()[0];
                }
            }
        }
        2 => {
            let at = below(chance, bytes.len() + 1);
            bytes.insert(at, b'"');
        }
        3 => {
            let mut all = rows(bytes);
            let width = all.first().map_or(1, Vec::len);
            let (a, b) = (below(chance, width), below(chance, width));
            for row in &mut all {
                if a < row.len() && b < row.len() {
                    row.swap(a, b);
                }
            }
            *bytes = joined(&all);
        }
        4 => {
            let mut all = rows(bytes);
            let at = below(chance, all.first().map_or(1, Vec::len));
            for row in &mut all {
                if at < row.len() {
                    row.remove(at);
                }
            }
            *bytes = joined(&all);
        }
        5 => {
            let mut all = rows(bytes);
            if let Some(header) = all.first_mut() {
                let at = below(chance, header.len());
                let letter = below(chance, header[at].len());
                if header[at].is_char_boundary(letter) {
                    header[at].insert(letter, 'x');
                }
            }
            *bytes = joined(&all);
        }
        6 => {
            let mut all = rows(bytes);
            for _ in 0..=below(chance, 30) {
                let row = all[below(chance, all.len())].clone();
                let at = below(chance, all.len());
                all.insert(at, row);
            }
            *bytes = joined(&all);
        }
        7 | 8 => {
            let mut all = rows(bytes);
            for _ in 0..=below(chance, 12) {
                let at = below(chance, all.len());
                let cell = below(chance, all[at].len());
                if let Some(cell) = all[at].get_mut(cell) {
                    BAD_CELLS[below(chance, BAD_CELLS.len())].clone_into(cell);
                }
            }
            *bytes = joined(&all);
        }
        9 => {
            files.remove(&name);
        }
        10 => bytes.clear(),
        11 => *bytes = String::from_utf8_lossy(bytes).encode_utf16().flat_map(u16::to_le_bytes).collect(),
        12 => {
            *bytes =
                String::from_utf8_lossy(bytes).replace('a', "\u{e9}").chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
        }
        13 => *bytes = String::from_utf8_lossy(bytes).replace(',', ";").into_bytes(),
        14 => *bytes = String::from_utf8_lossy(bytes).replace('\n', "\r").into_bytes(),
        15 => {
            let mut all = rows(bytes);
            let keep = below(chance, all.len());
            all.truncate(keep.max(1));
            *bytes = joined(&all);
        }
        16 => {
            let manifest = files.get_mut("manifest.csv");
            if let Some(manifest) = manifest {
                let said = ["bulk", "delta", "absent", "BULK", "maybe", ""][below(chance, 6)];
                *manifest = String::from_utf8_lossy(manifest).replacen("bulk", said, 1 + below(chance, 7)).into_bytes();
            }
        }
        17 => {
            if let Some(manifest) = files.get_mut("manifest.csv") {
                let said = ["1.2", "v1.1", "2.0", "", "1.10"][below(chance, 5)];
                *manifest = String::from_utf8_lossy(manifest).replace("1.1", said).into_bytes();
            }
        }
        18 => {
            let long = "x".repeat(1 + below(chance, 20_000));
            let mut all = rows(bytes);
            let at = below(chance, all.len());
            let cell = below(chance, all[at].len());
            if let Some(cell) = all[at].get_mut(cell) {
                *cell = long;
            }
            *bytes = joined(&all);
        }
        19 => {
            let moved = bytes.clone();
            files.insert(format!("export/{name}"), moved);
        }
        20 => {
            let moved = std::mem::take(bytes);
            files.remove(&name);
            files.insert(["../users.csv", "/orgs.csv", "a\\b.csv", "notes.txt", "Users.CSV"][below(chance, 5)].to_owned(), moved);
        }
        _ => {
            let other = any_file(chance, files);
            let bytes = files[&other].clone();
            files.insert(name.clone(), bytes);
        }
    }
    format!("{name}, way {how}")
}

/// Says what, where and how to mend it.
fn is_clear(text: &str) -> bool {
    let remedies = ["export", "Export", "write ", "name a", "Name a", "pack ", "Mend", "needs", "release", "choose"];
    text.len() > 30 && remedies.iter().any(|r| text.contains(r)) && !text.contains("panicked")
}

async fn try_it(world: &World, path: &Path, what: &str) -> bool {
    let mut tx = world.write().await;
    let before = contents(&mut tx).await;
    let outcome = oneroster::import(&mut tx, &world.operator(), &world.district, path, Wish::default()).await;
    match outcome {
        Ok((report, _)) => {
            // It came in whole: each row is accounted for, everybody is at a place, and the same set again changes nothing.
            for (kind, counts) in &report.counts {
                let accounted = counts.added + counts.changed + counts.returned + counts.unchanged + counts.rejected + counts.left;
                assert!(kind == "guardianships" || counts.read <= accounted, "{what}: {kind} {counts:?}");
            }
            for finding in &report.findings {
                assert!(!finding.wrong.is_empty() && !finding.remedy.is_empty(), "{what}: {finding:?}");
            }
            let adrift = "SELECT COUNT(*) FROM person p WHERE p.left_day IS NULL AND p.role <> 'guardian' AND p.school_id IS NULL";
            let adrift: i64 = on!(tx, |c| sqlx::query_scalar(adrift).fetch_one(c).await).unwrap();
            assert_eq!(adrift, 0, "{what}");
            let (again, changes) = oneroster::import(&mut tx, &world.operator(), &world.district, path, Wish::default()).await.unwrap();
            let moved: BTreeMap<_, _> = again.counts.iter().filter(|(_, c)| c.moved() > 0).collect();
            assert!(moved.is_empty(), "{what}: the same set again moved {moved:?}");
            assert!(changes.people.is_empty(), "{what}");
            // The next way to break it begins from the whole set again.
            drop(tx);
            true
        }
        Err(Problem::Invalid(errors)) => {
            let text = errors.into_iter().map(|e| e.text).collect::<Vec<_>>().join(" ");
            assert!(is_clear(&text), "{what}: {text}");
            drop(tx);
            assert_eq!(contents(&mut world.read().await).await, before, "{what} was refused and changed something");
            false
        }
        Err(Problem::Conflict(text)) => {
            assert!(is_clear(&text) && text.contains("would"), "{what}: {text}");
            drop(tx);
            assert_eq!(contents(&mut world.read().await).await, before, "{what} was held and changed something");
            false
        }
        Err(problem) => panic!("{what}: {problem}"),
    }
}

story!(whatever_is_broken_in_a_set_it_comes_in_whole_or_not_at_all, |world| {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole.zip");
    generate::write(Plan { people: 60, seed: 3, guardians: 30, ..Plan::default() }, fs::File::create(&whole).unwrap()).unwrap();
    let _ = crate::roster::import(world, &whole).await;
    let files = unpacked(&whole);
    let mut chance = Chance::seeded(20_261_124);
    let broken = folder.path().join("broken.zip");
    let (mut came_in, mut kept_out) = (0, 0);
    for round in 0..170 {
        let mut set = files.clone();
        let mut what = Vec::new();
        for _ in 0..=chance.below(3) {
            what.push(break_it(&mut chance, &mut set));
        }
        let what = format!("round {round}: {}", what.join("; "));
        let mut bytes = packed(&set);
        // The zip itself breaks too.
        if round % 6 == 5 {
            for _ in 0..=chance.below(6) {
                let at = below(&mut chance, bytes.len());
                bytes[at] = chance.bytes::<1>()[0];
            }
            bytes.truncate(bytes.len() - below(&mut chance, 2) * below(&mut chance, bytes.len()));
        }
        fs::write(&broken, &bytes).unwrap();
        if try_it(world, &broken, &what).await {
            came_in += 1;
        } else {
            kept_out += 1;
        }
        // What is packed to be kept is refused with a word too, or says the same.
        if round % 4 == 0 {
            match Folder::new().unwrap().pack(&Source::at(&broken)).await {
                Ok(_) => {}
                Err(Problem::Invalid(errors)) => assert!(errors.iter().all(|e| is_clear(&e.text)), "{what}: {errors:?}"),
                Err(problem) => panic!("{what}: packing: {problem}"),
            }
        }
    }
    // Ways that only break, or only tickle, would prove nothing.
    assert!(came_in > 30 && kept_out > 30, "{came_in} came in, {kept_out} were kept out");
});
