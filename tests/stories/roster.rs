//! The roster: OneRoster sets come in, leave, return; what is wrong is said; people are seen within reach.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use assent::db::Tx;
use assent::kernel::{Actor, Page, PersonId, Problem, Reach, Role, SectionId};
use assent::roster::generate::{self, Plan};
use assent::roster::oneroster::{self, Counts, ImportReport, Severity, Wish};
use assent::roster::people::{self, ByHand, Filter, Newcomer};
use assent::roster::{Changes, imports};

use crate::world::World;

pub const ORGS: &str = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n\
    d,,,Anything ISD,district,,\n\
    s1,,,First School,school,1,d\n\
    s2,,,Second School,school,2,d\n";
pub const COURSES: &str = "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes\n\
    c1,,,,Mathematics,M,,d,,\n";
pub const CLASSES: &str = "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\n\
    k1,,,Maths 5,05,c1,M5,scheduled,,s1,t,,,\n\
    k2,,,Maths 9,09,c1,M9,scheduled,,s2,t,,,\n";
pub const USERS_HEAD: &str = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n";
pub const USERS: &str = "t1,,,true,s1,teacher,tina,,Tina,Teal,,,tina@x.org,,,,,hunter2\n\
    a,,,true,s1,student,ana,,Ana,Núñez,,,,,,g1,05,\n\
    b,,,true,\"s2,s1\",student,ben,,Ben,Núñez,,,,,,,09,\n\
    g1,,,true,d,parent,gia,,Gia,Núñez,,,gia@x.org,,,b,,\n";
pub const ENROLLMENTS_HEAD: &str =
    "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n";
pub const ENROLLMENTS: &str = "e1,,,k1,s1,a,student,,2026-08-17,2027-05-29\n\
    e2,,,k2,s2,b,student,,,\n\
    e3,,,k1,s1,t1,teacher,true,,\n";

/// A set of files in a folder of its own.
pub struct Set(tempfile::TempDir);

impl Set {
    pub fn empty(version: &str, mode: &str, files: &[&str]) -> Self {
        let set = Self(tempfile::tempdir().unwrap());
        let mut manifest = format!("propertyName,value\nmanifest.version,1.0\noneroster.version,{version}\n");
        for file in files {
            writeln!(manifest, "file.{file},{mode}").unwrap();
        }
        set.put("manifest", &manifest);
        set
    }

    pub fn small() -> Self {
        let set = Self::empty("1.1", "bulk", &["orgs", "courses", "classes", "users", "enrollments"]);
        set.put("orgs", ORGS);
        set.put("courses", COURSES);
        set.put("classes", CLASSES);
        set.put("users", &format!("{USERS_HEAD}{USERS}"));
        set.put("enrollments", &format!("{ENROLLMENTS_HEAD}{ENROLLMENTS}"));
        set
    }

    pub fn put(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(format!("{name}.csv")), text).unwrap();
    }

    pub fn change(&self, name: &str, from: &str, to: &str) {
        let path = self.0.path().join(format!("{name}.csv"));
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from} is not in {name}");
        fs::write(path, text.replace(from, to)).unwrap();
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

pub async fn import_with(world: &World, path: &Path, wish: Wish) -> Result<(ImportReport, Changes), Problem> {
    let mut tx = world.write().await;
    let done = oneroster::import(&mut tx, &world.operator(), &world.district, path, wish).await?;
    tx.commit().await.unwrap();
    Ok(done)
}

pub async fn import(world: &World, path: &Path) -> (ImportReport, Changes) {
    import_with(world, path, Wish::default()).await.unwrap()
}

pub fn made(folder: &Path, people: u64, guardians: u64) -> (std::path::PathBuf, generate::Made) {
    let path = folder.join("district.zip");
    let made = generate::write(Plan { people, seed: 5, guardians, ..Plan::default() }, fs::File::create(&path).unwrap()).unwrap();
    (path, made)
}

pub async fn number(tx: &mut Tx, sql: &'static str) -> i64 {
    assent::on!(tx, |c| sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

pub async fn text(tx: &mut Tx, sql: &'static str) -> Option<String> {
    assent::on!(tx, |c| sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

/// Everything that the roster holds, as numbers.
pub async fn all(world: &World) -> [i64; 8] {
    let mut tx = world.read().await;
    [
        number(&mut tx, "SELECT COUNT(*) FROM org").await,
        number(&mut tx, "SELECT COUNT(*) FROM person").await,
        number(&mut tx, "SELECT COUNT(*) FROM person WHERE left_day IS NULL").await,
        number(&mut tx, "SELECT COUNT(*) FROM section").await,
        number(&mut tx, "SELECT COUNT(*) FROM enrollment WHERE left_day IS NULL").await,
        number(&mut tx, "SELECT COUNT(*) FROM guardianship WHERE ended IS NULL").await,
        number(&mut tx, "SELECT COUNT(*) FROM position WHERE ended IS NULL").await,
        number(&mut tx, "SELECT COUNT(*) FROM roster_import").await,
    ]
}

story!(a_small_set_comes_in_as_it_stands, |world| {
    let set = Set::small();
    let (report, changes) = import(world, set.path()).await;
    assert_eq!((report.errors, report.warnings), (0, 0), "{:?}", report.findings);
    assert_eq!(report.of("users"), Counts { read: 4, added: 4, ..Counts::default() });
    assert_eq!(report.of("guardianships").added, 2);
    assert_eq!(changes.people.len(), 4);
    assert_eq!(all(world).await, [3, 4, 4, 2, 3, 2, 5, 1]);

    let mut tx = world.read().await;
    assert_eq!(text(&mut tx, "SELECT name FROM org WHERE parent_id IS NULL").await.unwrap(), "Test District");
    let ben = "SELECT o.name FROM person p JOIN org o ON o.id = p.school_id WHERE p.given = 'Ben'";
    assert_eq!(text(&mut tx, ben).await.unwrap(), "Second School");
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM org_above").await, 5);
    assert_eq!(text(&mut tx, "SELECT grade FROM person WHERE given = 'Ana'").await.unwrap(), "05");
    assert_eq!(text(&mut tx, "SELECT action FROM audit_entry").await.unwrap(), "roster.imported");
    let secret = "SELECT COUNT(*) FROM person WHERE given || family || COALESCE(email, '') || COALESCE(username, '') LIKE '%hunter2%'";
    assert_eq!(number(&mut tx, secret).await, 0);
});

story!(the_same_set_twice_changes_nothing, |world| {
    let folder = tempfile::tempdir().unwrap();
    let (path, made) = made(folder.path(), 700, 42);
    let (first, _) = import(world, &path).await;
    assert_eq!((first.errors, first.warnings), (0, 0), "{:?}", first.findings);
    assert_eq!(first.of("users").added, 700);
    assert_eq!(first.of("enrollments").added, made.enrollments);
    assert_eq!(first.of("classes").added, made.classes);
    assert_eq!(first.of("orgs").added, made.schools + 1);
    let before = all(world).await;
    assert_eq!(before[2], 700);
    assert_eq!(before[4], i64::try_from(made.enrollments).unwrap());

    world.go_to("2026-09-01");
    let (second, changes) = import(world, &path).await;
    assert_eq!(changes.people, vec![]);
    for (kind, counts) in &second.counts {
        assert_eq!(counts.moved(), 0, "{kind}");
        assert_eq!(counts.unchanged, counts.read, "{kind}");
    }
    let after = all(world).await;
    assert_eq!(before[..7], after[..7]);
});

story!(a_made_up_district_has_the_people_it_says, |world| {
    let folder = tempfile::tempdir().unwrap();
    let (path, made) = made(folder.path(), 600, 42);
    let _ = import(world, &path).await;
    let mut tx = world.read().await;
    let of = async |tx: &mut Tx, role: &str| -> u64 {
        let filter = Filter { role: Some(role.into()), ..Filter::default() };
        let found = people::list(tx, &world.operator(), &filter, Page::number(None)).await.unwrap();
        u64::try_from(found.total).unwrap()
    };
    assert_eq!(of(&mut tx, "student").await, made.students);
    assert_eq!(of(&mut tx, "guardian").await, made.guardians);
    assert_eq!(of(&mut tx, "teacher").await + of(&mut tx, "staff").await, made.staff);
    let with = "SELECT COUNT(DISTINCT child_id) FROM guardianship";
    assert_eq!(number(&mut tx, with).await, i64::try_from(made.students).unwrap());
    let spanish = number(&mut tx, "SELECT COUNT(*) FROM person WHERE language = 'es'").await;
    assert!((40..160).contains(&spanish), "{spanish}");
});

story!(who_is_no_longer_there_leaves_and_returns_with_the_same_history, |world| {
    let set = Set::small();
    let _ = import(world, set.path()).await;
    let mut tx = world.read().await;
    let uid = text(&mut tx, "SELECT CAST(id AS TEXT) FROM person WHERE given = 'Ana'").await;
    drop(tx);

    world.go_to("2026-10-01");
    set.change("users", "a,,,true,s1,student,ana,,Ana,Núñez,,,,,,g1,05,\n", "");
    set.change("enrollments", "e1,,,k1,s1,a,student,,2026-08-17,2027-05-29\n", "");
    let (report, changes) = import(world, set.path()).await;
    assert_eq!((report.of("users").left, report.of("enrollments").left, report.of("guardianships").left), (1, 1, 0));
    assert_eq!(changes.people.len(), 1);
    let mut tx = world.read().await;
    let day = number(&mut tx, "SELECT left_day FROM person WHERE given = 'Ana'").await;
    assert_eq!(day, crate::world::day("2026-10-01").0);
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM guardianship WHERE ended IS NULL").await, 1);
    drop(tx);

    world.go_to("2026-11-02");
    let (report, _) = import(world, Set::small().path()).await;
    assert_eq!((report.of("users").returned, report.of("enrollments").returned), (1, 1));
    let mut tx = world.read().await;
    assert_eq!(text(&mut tx, "SELECT CAST(id AS TEXT) FROM person WHERE given = 'Ana' AND left_day IS NULL").await, uid);
    let joined = number(&mut tx, "SELECT joined FROM person WHERE given = 'Ana'").await;
    assert_eq!(joined, crate::world::day("2026-11-02").0);
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM guardianship WHERE ended IS NULL").await, 2);
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM person").await, 4);
});

story!(a_user_who_is_not_enabled_is_away_until_enabled_again, |world| {
    let set = Set::small();
    let _ = import(world, set.path()).await;
    set.change("users", "b,,,true", "b,,,FALSE");
    let (report, _) = import(world, set.path()).await;
    assert_eq!((report.of("users").left, report.of("users").unchanged), (1, 3));
    assert_eq!(report.of("enrollments").unchanged, 3);
    let (again, _) = import(world, set.path()).await;
    assert_eq!(again.of("users").unchanged, 4);
    let (back, _) = import(world, Set::small().path()).await;
    assert_eq!(back.of("users").returned, 1);
});

story!(a_bad_row_is_said_in_full_while_the_rest_comes_in, |world| {
    let set = Set::small();
    set.change("users", "b,,,true,\"s2,s1\",student", "b,,,true,\"s2,s1\",wizard");
    let (report, _) = import(world, set.path()).await;
    assert_eq!(report.of("users"), Counts { read: 4, added: 3, rejected: 1, ..Counts::default() });
    assert_eq!(report.of("enrollments").rejected, 1);
    assert_eq!(report.errors, 1, "{:?}", report.findings);
    let f = &report.findings[0];
    assert_eq!((f.severity, f.file.as_str(), f.row, f.source_id.as_str()), (Severity::Error, "users.csv", 4, "b"));
    assert_eq!((f.field.as_str(), f.value.as_str()), ("role", "wizard"));
    assert_eq!(f.wrong, "is no role; rows left out because of it: 1 of enrollments.csv");
    assert!(f.remedy.starts_with("write student, teacher"));

    // It can be read again, exactly so.
    let mut tx = world.read().await;
    let listed = imports::list(&mut tx, &world.operator(), Page::number(None)).await.unwrap();
    assert_eq!(listed.total, 1);
    let read = imports::find(&mut tx, &world.operator(), listed.rows[0].uid).await.unwrap();
    assert_eq!(read.report, report);
    assert_eq!((read.state, read.kept), (imports::State::Applied, false));
});

story!(a_bad_row_leaves_what_was_known_as_it_was, |world| {
    let set = Set::small();
    let _ = import(world, set.path()).await;
    set.change("users", "b,,,true,\"s2,s1\",student,ben,,Ben", "b,,,true,\"s2,s1\",student,ben,,");
    let (report, changes) = import(world, set.path()).await;
    assert_eq!((report.of("users").rejected, report.of("users").left, report.of("enrollments").unchanged), (1, 0, 3));
    assert_eq!(changes.people, vec![]);
});

story!(a_bad_org_is_said_once_with_all_that_hangs_on_it, |world| {
    let set = Set::small();
    set.change("orgs", "Second School,school", ",school");
    set.change("users", "\"s2,s1\"", "s2");
    let (report, _) = import(world, set.path()).await;
    assert_eq!(report.errors, 1, "{:?}", report.findings);
    let f = &report.findings[0];
    assert_eq!((f.file.as_str(), f.row, f.source_id.as_str(), f.field.as_str()), ("orgs.csv", 4, "s2", "name"));
    assert_eq!(f.wrong, "is empty; rows left out because of it: 1 of classes.csv, 1 of enrollments.csv, 1 of users.csv");
    assert_eq!(report.of("users").added, 3);
});

story!(a_set_that_can_t_be_trusted_is_refused_and_changes_nothing, |world| {
    let _ = import(world, Set::small().path()).await;
    let before = all(world).await;
    let refused = async |set: &Set, said: &str| {
        let problem = import_with(world, set.path(), Wish::default()).await.unwrap_err();
        assert!(matches!(problem, Problem::Invalid(_)));
        assert!(problem.to_string().contains(said), "{problem}");
    };
    let set = Set::small();
    fs::remove_file(set.path().join("manifest.csv")).unwrap();
    refused(&set, "no manifest.csv").await;
    let set = Set::small();
    fs::remove_file(set.path().join("enrollments.csv")).unwrap();
    refused(&set, "promises enrollments.csv").await;
    let set = Set::small();
    set.change("manifest", "oneroster.version,1.1", "oneroster.version,2.0");
    refused(&set, "OneRoster 2.0").await;
    let set = Set::small();
    set.change("users", "givenName", "first");
    refused(&set, "users.csv lacks givenName").await;
    let set = Set::small();
    set.put("users", "");
    refused(&set, "users.csv is empty").await;
    let set = Set::small();
    set.put("users", &format!("{USERS_HEAD}x,,,true,s1,student,u,,\"{}", "never closed,".repeat(500_000)));
    refused(&set, "never closed").await;
    assert_eq!(all(world).await, before);
});

story!(a_zip_that_leads_out_or_explodes_is_refused, |world| {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("set.zip");
    let pack = |name: &str, bytes: &[u8]| {
        let mut zip = zip::ZipWriter::new(fs::File::create(&path).unwrap());
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
        zip.finish().unwrap();
    };
    for (name, bytes, said) in [
        ("../manifest.csv", vec![b'a'; 10], "leads out"),
        ("users.csv", vec![b'a'; 40 << 20], "would unpack to"),
        ("readme.txt", vec![b'a'; 10], "no manifest.csv"),
    ] {
        pack(name, &bytes);
        let problem = import_with(world, &path, Wish::default()).await.unwrap_err();
        assert!(problem.to_string().contains(said), "{problem}");
    }
    fs::write(&path, "not a zip").unwrap();
    assert!(matches!(import_with(world, &path, Wish::default()).await, Err(Problem::Invalid(_))));
});

story!(a_dry_run_says_the_same_and_changes_nothing, |world| {
    let set = Set::small();
    let before = all(world).await;
    let mut tx = world.read().await;
    let wish = Wish { dry_run: true, allow_leaving: false };
    let (dry, changes) = oneroster::import(&mut tx, &world.operator(), &world.district, set.path(), wish).await.unwrap();
    drop(tx);
    assert_eq!(changes.people, vec![]);
    assert_eq!(all(world).await, before);
    let (real, _) = import(world, set.path()).await;
    assert_eq!(dry.counts, real.counts);
});

story!(a_mass_of_leavers_is_held_until_somebody_says_it_is_meant, |world| {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = made(folder.path(), 300, 8);
    let _ = import(world, &path).await;
    let before = all(world).await;
    let (path, _) = made(folder.path(), 200, 8);
    let problem = import_with(world, &path, Wish::default()).await.unwrap_err();
    let said = problem.to_string();
    assert!(matches!(problem, Problem::Conflict(_)));
    assert!(said.contains("of 300 people would leave") && said.contains("release the import if it is meant"), "{said}");
    assert_eq!(all(world).await, before);

    let mut tx = world.read().await;
    let dry = Wish { dry_run: true, allow_leaving: false };
    let (report, _) = oneroster::import(&mut tx, &world.operator(), &world.district, &path, dry).await.unwrap();
    assert!(report.held.unwrap().contains("of 300 people"));
    drop(tx);

    let _ = import_with(world, &path, Wish { dry_run: false, allow_leaving: true }).await.unwrap();
    assert_eq!(all(world).await[2], 200);
});

story!(the_habits_of_real_exports_are_understood_and_named_once, |world| {
    let set = Set::small();
    let users = format!("\u{feff}{USERS_HEAD}{USERS}")
        .replace("enabledUser", "EnabledUser")
        .replace(",true,", ",TRUE,")
        .replace(",password\n", ",password,shoeSize,metadata.language,metadata.turns18\n")
        .replace("g1,05,\n", "g1,5,,38,Spanish,3/4/2033\n");
    set.put("users", &users);
    set.change("enrollments", "2026-08-17,2027-05-29", "8/17/2026,5/29/2027");
    let (report, _) = import(world, set.path()).await;
    assert_eq!(report.errors, 0, "{:?}", report.findings);
    assert_eq!(report.of("users").added, 4);
    let said: Vec<(&str, &str)> = report.findings.iter().map(|f| (f.file.as_str(), f.field.as_str())).collect();
    for habit in [
        ("users.csv", ""),
        ("users.csv", "header"),
        ("users.csv", "shoeSize"),
        ("users.csv", "enabledUser"),
        ("users.csv", "grades"),
        ("users.csv", "row"),
        ("users.csv", "metadata.language"),
        ("users.csv", "metadata.turns18"),
        ("enrollments.csv", "beginDate"),
    ] {
        assert_eq!(said.iter().filter(|s| **s == habit).count(), 1, "{habit:?} in {said:?}");
    }
    let mut tx = world.read().await;
    assert_eq!(text(&mut tx, "SELECT language FROM person WHERE given = 'Ana'").await.unwrap(), "es");
    assert_eq!(text(&mut tx, "SELECT grade FROM person WHERE given = 'Ana'").await.unwrap(), "05");
    let minor = number(&mut tx, "SELECT turns_17 FROM person WHERE given = 'Ana'").await;
    assert_eq!(minor, crate::world::day("2032-03-04").0);
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM person WHERE left_day IS NULL").await, 4);
});

pub const USERS_1_2: &str = "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns\n";
pub const ROLES_1_2: &str =
    "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\n";

pub fn set_1_2() -> Set {
    let set = Set::empty("1.2", "bulk", &["orgs", "users", "roles"]);
    set.put("orgs", ORGS);
    let users = "p,,,true,pat,,Patricia,Poe,,,,,,,,,,Pat,,,,\n\
                 k,,,,kim,,Kim,Kay,,,,,,p,03,,,,,,,\n";
    set.put("users", &format!("{USERS_1_2}{users}"));
    let roles = "r1,,,p,secondary,parent,,,d,\n\
                 r2,,,p,primary,principal,2020-08-01,,s1,\n\
                 r3,,,k,primary,student,,,s2,\n";
    set.put("roles", &format!("{ROLES_1_2}{roles}"));
    set
}

story!(roles_of_1_2_come_from_their_own_file_the_primary_one_first, |world| {
    let set = set_1_2();
    let (report, _) = import(world, set.path()).await;
    assert_eq!(report.errors, 0, "{:?}", report.findings);
    assert_eq!((report.of("roles").added, report.of("guardianships").added), (3, 1));
    let mut tx = world.read().await;
    assert_eq!(text(&mut tx, "SELECT role FROM person WHERE given = 'Pat'").await.unwrap(), "school_leader");
    assert_eq!(number(&mut tx, "SELECT joined FROM person WHERE given = 'Pat'").await, crate::world::day("2020-08-01").0);
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM position").await, 3);
    drop(tx);
    let (again, changes) = import(world, set.path()).await;
    assert_eq!((again.of("users").unchanged, again.of("roles").unchanged), (2, 3));
    assert_eq!(changes.people, vec![]);
});

story!(a_delta_set_changes_only_what_it_names, |world| {
    let _ = import(world, set_1_2().path()).await;
    let delta = Set::empty("1.2", "delta", &["roles"]);
    let moved = "r3,tobedeleted,2026-09-01T00:00:00Z,k,primary,student,,,s2,\n\
                 r4,active,2026-09-01T00:00:00Z,k,primary,student,,,s1,\n";
    delta.put("roles", &format!("{ROLES_1_2}{moved}"));
    let (report, changes) = import(world, delta.path()).await;
    assert_eq!((report.errors, changes.people.len()), (0, 1), "{:?}", report.findings);
    let mut tx = world.read().await;
    let school = "SELECT o.name FROM person p JOIN org o ON o.id = p.school_id WHERE p.given = 'Kim' AND p.left_day IS NULL";
    assert_eq!(text(&mut tx, school).await.unwrap(), "First School");
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM position WHERE ended IS NULL").await, 3);
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM person WHERE left_day IS NULL").await, 2);
    drop(tx);

    let delta = Set::empty("1.2", "delta", &["users"]);
    delta.put("users", &format!("{USERS_1_2}k,tobedeleted,2026-09-02T00:00:00Z,,kim,,Kim,Kay,,,,,,,,,,,,,,\n"));
    let (report, _) = import(world, delta.path()).await;
    assert_eq!(report.of("users"), Counts { read: 1, left: 1, ..Counts::default() });
    assert_eq!(all(world).await[2], 1);
});

story!(an_org_that_moves_takes_its_people_along, |world| {
    let set = Set::small();
    let _ = import(world, set.path()).await;
    set.change("orgs", "s1,,,First School,school,1,d", "s1,,,First School,school,1,s2");
    let (report, changes) = import(world, set.path()).await;
    assert_eq!(report.of("orgs").changed, 1);
    assert_eq!(changes.people.len(), 3);
    let mut tx = world.read().await;
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM org_above").await, 6);
    drop(tx);
    // A circle is never built.
    set.change("orgs", "s2,,,Second School,school,2,d", "s2,,,Second School,school,2,s1");
    let (report, _) = import(world, set.path()).await;
    assert_eq!(report.warnings, 1, "{:?}", report.findings);
    let mut tx = world.read().await;
    assert_eq!(number(&mut tx, "SELECT COUNT(*) FROM org WHERE parent_id IS NULL").await, 1);
});

story!(files_that_are_not_needed_are_named_and_never_read, |world| {
    let set = Set::small();
    set.put("demographics", "this is \"not even CSV");
    let (report, _) = import(world, set.path()).await;
    assert_eq!(report.skipped, ["demographics.csv"]);
});

story!(nobody_sees_beyond_their_reach, |world| {
    let _ = import(world, Set::small().path()).await;
    let mut tx = world.read().await;
    let id = async |tx: &mut Tx, sql: &'static str| number(tx, sql).await;
    let first = id(&mut tx, "SELECT id FROM org WHERE name = 'First School'").await;
    let section = id(&mut tx, "SELECT id FROM section WHERE title = 'Maths 9'").await;
    let gia = id(&mut tx, "SELECT id FROM person WHERE given = 'Gia'").await;
    let tina = id(&mut tx, "SELECT id FROM person WHERE given = 'Tina'").await;
    let seen = async |tx: &mut Tx, actor: &Actor| -> Vec<String> {
        let found = people::list(tx, actor, &Filter::default(), Page::number(None)).await.unwrap();
        found.rows.into_iter().map(|p| p.given).collect()
    };
    let actor = |role, reach, person: Option<i64>| Actor { roles: vec![role], reach, person: person.map(PersonId), ..world.operator() };
    assert_eq!(seen(&mut tx, &world.operator()).await, ["Ana", "Ben", "Gia", "Tina"]);
    let leader = actor(Role::SchoolLeader, Reach::Orgs(vec![assent::kernel::OrgId(first)]), None);
    assert_eq!(seen(&mut tx, &leader).await, ["Ana", "Gia", "Tina"]);
    let teacher = actor(Role::Teacher, Reach::Sections(vec![SectionId(section)]), Some(tina));
    assert_eq!(seen(&mut tx, &teacher).await, ["Ben", "Tina"]);
    let guardian = actor(Role::Guardian, Reach::Own, Some(gia));
    assert_eq!(seen(&mut tx, &guardian).await, ["Ana", "Ben", "Gia"]);
    assert_eq!(people::schools(&mut tx, &leader).await.unwrap().len(), 1);
    assert_eq!(people::schools(&mut tx, &guardian).await.unwrap().len(), 2);

    let everybody = people::list(&mut tx, &world.operator(), &Filter::default(), Page::number(None)).await.unwrap();
    let ben = everybody.rows.iter().find(|p| p.given == "Ben").unwrap();
    assert!(matches!(people::find(&mut tx, &leader, ben.uid).await, Err(Problem::NotFound)));
    assert_eq!(people::find(&mut tx, &teacher, ben.uid).await.unwrap().name(), "Ben Núñez");
    assert_eq!(people::children_of(&mut tx, PersonId(gia)).await.unwrap().len(), 2);
    assert_eq!(people::guardians_of(&mut tx, ben.id).await.unwrap()[0].given, "Gia");
    assert_eq!(people::sections_of(&mut tx, ben.id).await.unwrap()[0].title, "Maths 9");
    let wanted = Filter { text: Some("núñ".into()), grade: Some("05".into()), ..Filter::default() };
    assert_eq!(people::list(&mut tx, &world.operator(), &wanted, Page::number(None)).await.unwrap().total, 1);
    assert!(matches!(imports::list(&mut tx, &guardian, Page::number(None)).await, Err(Problem::NotFound)));
});

story!(somebody_added_by_hand_stays_when_the_next_set_comes_in, |world| {
    let _ = import(world, Set::small().path()).await;
    let mut tx = world.write().await;
    let newcomer = Newcomer {
        given: " Bo ".into(),
        family: "Board".into(),
        email: Some("bo@x.org".into()),
        kind: ByHand::Board,
        ..Newcomer::default()
    };
    let (bo, changes) = people::add(&mut tx, &world.operator(), &world.district, newcomer.clone()).await.unwrap();
    assert_eq!((bo.given.as_str(), bo.role.as_str(), changes.people), ("Bo", "board_member", vec![bo.id]));
    let wrong = Newcomer { given: String::new(), email: Some("bo".into()), language: Some("?".into()), ..newcomer };
    let problem = people::add(&mut tx, &world.operator(), &world.district, wrong).await.unwrap_err();
    assert!(matches!(problem, Problem::Invalid(errors) if errors.len() == 3));
    tx.commit().await.unwrap();
    let (report, _) = import(world, Set::small().path()).await;
    assert_eq!(report.of("users").left, 0);
    assert_eq!(all(world).await[2], 5);
});
