//! Rosters from elsewhere go through a school year: `ASSENT_TEST_ROSTERS` names a folder of OneRoster sets, folders or zips, which the project
//! doesn't hold itself. After each step the figures are held against a count over the set's own files.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use assent::kernel::Problem;
use assent::obligations::figures::{self, By};
use assent::obligations::{self, Cause, CauseKind, Closing};
use assent::on;
use assent::roster::oneroster::{self, ImportReport, Wish};
use uuid::Uuid;

use crate::obligations::{assert_ledger_agrees, for_students, issued};
use crate::world::{World, day};

/// A OneRoster set as its files say it: by file name, the header and the rows.
#[derive(Clone)]
struct Set(BTreeMap<String, Vec<Vec<String>>>);

impl Set {
    fn read(path: &Path) -> Self {
        let mut files = BTreeMap::new();
        let mut keep = |name: &str, text: Vec<u8>| {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_slice());
            files.insert(name.to_owned(), reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect());
        };
        if path.is_dir() {
            for entry in std::fs::read_dir(path).unwrap() {
                let path = entry.unwrap().path();
                keep(path.file_name().unwrap().to_str().unwrap(), std::fs::read(&path).unwrap());
            }
        } else {
            let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
            for number in 0..zip.len() {
                let mut file = zip.by_index(number).unwrap();
                let (name, mut text) = (file.name().unwrap().rsplit('/').next().unwrap().to_owned(), Vec::new());
                file.read_to_end(&mut text).unwrap();
                keep(&name, text);
            }
        }
        Self(files)
    }

    fn write(&self, path: &Path) {
        let mut zip = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
        for (name, rows) in &self.0 {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in rows {
                writer.write_record(row).unwrap();
            }
            zip.write_all(&writer.into_inner().unwrap()).unwrap();
        }
        zip.finish().unwrap();
    }

    fn column(&self, file: &str, name: &str) -> Option<usize> {
        self.0.get(file)?.first()?.iter().position(|own| own.eq_ignore_ascii_case(name))
    }

    /// The file that says who has which role where, with its columns of person, role and org.
    fn roles(&self) -> (&'static str, usize, usize, usize) {
        let at = |file, name| self.column(file, name).unwrap();
        if self.0.contains_key("roles.csv") {
            ("roles.csv", at("roles.csv", "userSourcedId"), at("roles.csv", "role"), at("roles.csv", "orgSourcedId"))
        } else {
            ("users.csv", at("users.csv", "sourcedId"), at("users.csv", "role"), at("users.csv", "orgSourcedIds"))
        }
    }

    fn is_delta(&self) -> bool {
        self.0["manifest.csv"].iter().any(|row| row[0] == "file.users" && row[1] == "delta")
    }

    /// Students by school, by id: those who haven't left.
    fn students(&self) -> BTreeMap<String, Vec<String>> {
        let (file, user, role, org) = self.roles();
        let status = self.column(file, "status").unwrap();
        let names: BTreeMap<&str, &str> = {
            let name = self.column("orgs.csv", "name").unwrap();
            self.0["orgs.csv"].iter().skip(1).map(|row| (row[0].as_str(), row[name].as_str())).collect()
        };
        let mut found = BTreeMap::<String, Vec<String>>::new();
        for row in self.0[file].iter().skip(1).filter(|row| row[role] == "student" && row[status] != "tobedeleted") {
            found.entry(names[row[org].as_str()].to_owned()).or_default().push(row[user].clone());
        }
        found
    }

    /// These people are gone, as such a set says it.
    fn without(&self, gone: &[String]) -> Self {
        let mut set = self.clone();
        let delta = set.is_delta();
        for (file, column) in [("users.csv", "sourcedId"), ("roles.csv", "userSourcedId"), ("enrollments.csv", "userSourcedId")] {
            let Some(user) = set.column(file, column) else { continue };
            let status = set.column(file, "status").unwrap();
            let rows = set.0.get_mut(file).unwrap();
            if delta {
                for row in rows.iter_mut().skip(1).filter(|row| gone.contains(&row[user])) {
                    row[status] = "tobedeleted".into();
                }
            } else {
                let mut first = true;
                rows.retain(|row| std::mem::take(&mut first) || !gone.contains(&row[user]));
            }
        }
        set
    }

    /// A second school, to which that student goes.
    fn with_transfer(&self, student: &str) -> Self {
        let mut set = self.clone();
        let name = set.column("orgs.csv", "name").unwrap();
        let orgs = set.0.get_mut("orgs.csv").unwrap();
        let mut other = orgs.last().unwrap().clone();
        (other[0], other[name]) = ("another-school".into(), "Another School".into());
        orgs.push(other);
        let (file, user, _, org) = set.roles();
        for row in set.0.get_mut(file).unwrap().iter_mut().skip(1).filter(|row| row[user] == student) {
            row[org] = "another-school".into();
        }
        set
    }

    /// A copy of somebody under another id, with that role.
    fn with_newcomer(&self, like: &str, id: &str, role: &str) -> Self {
        let mut set = self.clone();
        let (file, user, column, _) = set.roles();
        let named: Vec<(&str, usize)> = if file == "users.csv" { vec![("users.csv", user)] } else { vec![("users.csv", 0), (file, user)] };
        let username = set.column("users.csv", "username");
        for (file_, at) in named {
            let Some(mut row) = set.0[file_].iter().find(|row| row[at] == like).cloned() else { continue };
            row[at] = id.into();
            if file_ == file {
                row[column] = role.into();
            }
            if file_ == "users.csv" {
                for at in username.iter().copied() {
                    row[at] = id.into();
                }
            } else {
                row[0] = format!("role-of-{id}");
            }
            set.0.get_mut(file_).unwrap().push(row);
        }
        set
    }
}

struct Year<'a> {
    world: &'a World,
    folder: tempfile::TempDir,
    requirement: Uuid,
    seen: Vec<(String, BTreeMap<String, i64>)>,
}

async fn comes_in(world: &World, folder: &Path, set: &Set, wish: Wish) -> Result<ImportReport, Problem> {
    let path = folder.join("set.zip");
    set.write(&path);
    let mut tx = world.write().await;
    let (report, changes) = oneroster::import(&mut tx, &world.operator(), &world.district, &path, wish).await?;
    let cause = Cause::of(CauseKind::Import, report.uid.unwrap_or_default());
    obligations::follow(&mut tx, &world.operator(), &world.district, changes, cause).await?;
    tx.commit().await.unwrap();
    assert_eq!(report.errors, 0, "{:?}", report.findings.first());
    Ok(report)
}

impl Year<'_> {
    async fn asked(&self, date: &str) -> BTreeMap<String, i64> {
        let mut tx = self.world.read().await;
        let lines = figures::lines(&mut tx, &self.world.operator(), self.requirement, day(date), By::School).await.unwrap();
        lines.into_iter().map(|line| (line.label, line.counts.asked())).filter(|(_, number)| *number > 0).collect()
    }

    /// What stands in the set is what the figures say, and all that was seen before is as it was.
    async fn agrees(&mut self, date: &str, set: &Set) {
        let counted: BTreeMap<String, i64> =
            set.students().into_iter().map(|(school, people)| (school, i64::try_from(people.len()).unwrap())).collect();
        assert_eq!(self.asked(date).await, counted, "{date}");
        assert_ledger_agrees(self.world, self.requirement, date).await;
        self.seen.retain(|(seen, _)| seen != date);
        self.seen.push((date.to_owned(), counted));
        for (seen, counted) in &self.seen {
            assert_eq!(self.asked(seen).await, *counted, "{seen} seen from {date}");
        }
    }
}

async fn year(world: &World, path: &Path) {
    let whole = Set::read(path);
    let folder = tempfile::tempdir().unwrap();
    let meant = Wish { allow_leaving: true, ..Wish::default() };
    comes_in(world, folder.path(), &whole, Wish::default()).await.unwrap();
    let again = comes_in(world, folder.path(), &whole, Wish::default()).await.unwrap();
    assert_eq!(again.of("users").moved(), 0, "the same set again changes nobody");
    let requirement = issued(world, for_students()).await;
    let mut year = Year { world, folder, requirement, seen: Vec::new() };
    year.agrees("2026-08-17", &whole).await;
    let students: Vec<String> = whole.students().into_values().flatten().collect();
    let first = students[0].clone();

    // The first student answers, and goes to another school: the answer goes along.
    let id = {
        let mut tx = world.read().await;
        on!(tx, |c| sqlx::query_scalar("SELECT row_id FROM roster_source WHERE kind = 'user' AND source_id = $1")
            .bind(&first)
            .fetch_one(c)
            .await)
        .unwrap()
    };
    let mut tx = world.write().await;
    let duty = on!(tx, |c| sqlx::query_scalar("SELECT id FROM obligation WHERE person_id = $1 AND ended IS NULL")
        .bind::<i64>(id)
        .fetch_one(c)
        .await)
    .unwrap();
    obligations::duties::close(&mut tx, &world.district, duty, Closing::Fulfilled).await.unwrap();
    tx.commit().await.unwrap();
    world.go_to("2026-09-02");
    let moved = whole.with_transfer(&first);
    comes_in(world, year.folder.path(), &moved, meant).await.unwrap();
    year.agrees("2026-09-02", &moved).await;

    // New staff are nobody's students; new students are asked. So many that half of them are no small change.
    world.go_to("2026-09-10");
    let newcomers: Vec<String> = (1..=50).map(|number| format!("new-student-{number}")).collect();
    let grown = newcomers
        .iter()
        .fold(moved.with_newcomer(&first, "new-teacher", "teacher"), |set, newcomer| set.with_newcomer(&first, newcomer, "student"));
    comes_in(world, year.folder.path(), &grown, meant).await.unwrap();
    year.agrees("2026-09-10", &grown).await;

    // Half of the students are missing in an export that broke off: nothing comes in.
    world.go_to("2026-10-01");
    let half: Vec<String> = students.iter().chain(&newcomers).step_by(2).cloned().collect();
    let held = comes_in(world, year.folder.path(), &grown.without(&half), Wish::default()).await;
    assert!(matches!(held, Err(Problem::Conflict(_))), "{held:?}");
    year.agrees("2026-10-01", &grown).await;

    // The first student leaves, and comes back with the answer given before.
    world.go_to("2026-11-02");
    let gone = grown.without(std::slice::from_ref(&first));
    comes_in(world, year.folder.path(), &gone, meant).await.unwrap();
    year.agrees("2026-11-02", &gone).await;
    world.go_to("2027-01-11");
    comes_in(world, year.folder.path(), &grown, meant).await.unwrap();
    year.agrees("2027-01-11", &grown).await;
    let mut tx = world.read().await;
    let counts = figures::total(&mut tx, &world.operator(), requirement, day("2027-01-11")).await.unwrap();
    assert_eq!(counts.fulfilled, 1, "the answer came back too");
    drop(tx);

    // A term rolls over, the year ends.
    world.go_to("2027-06-30");
    comes_in(world, year.folder.path(), &grown, Wish::default()).await.unwrap();
    year.agrees("2027-06-30", &grown).await;
}

story!(real_sets_go_through_a_year, |world| {
    let Ok(folder) = std::env::var("ASSENT_TEST_ROSTERS") else {
        eprintln!("left out: ASSENT_TEST_ROSTERS names no folder of OneRoster sets");
        return;
    };
    let mut sets: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    sets.sort();
    assert!(!sets.is_empty());
    for path in sets {
        let own = if world.store.engine() == "sqlite" { World::on_sqlite().await } else { World::on_postgres().await.unwrap() };
        year(&own, &path).await;
        own.close().await;
    }
});
