//! Reports as their readers get them: from the pages, from commands' verbs, on paper; and what verification and a backup promise.

use std::process::Command;

use assent::acknowledgments::{self, Answer, Record};
use assent::db::{Store, backup};
use assent::kernel::{Actor, Locale, Problem, Reach, Role};
use assent::obligations::figures::{self, By};
use assent::obligations::{NewRequirement, Subject, tasks, verify};
use assent::reports::document::{Block, Document};
use assent::reports::{audit, board, pdf, policy, receipt};
use assent::{on, policies};
use rocket::http::{Cookie, Status};
use rocket::local::asynchronous::Client;
use uuid::Uuid;

use crate::obligations::{agrees, for_students, issued};
use crate::world::people::Person;
use crate::world::{World, day};

/// What stands on the pages of a PDF, on one line; `None` without poppler. The file stays to be looked at.
fn words(name: &str, bytes: &[u8]) -> Option<String> {
    assert!(bytes.starts_with(b"%PDF"), "{name} is no PDF");
    let path =
        std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.pdf", assent::kernel::Chance::system().token()));
    std::fs::write(&path, bytes).unwrap();
    let done = Command::new("pdftotext").args(["-raw", path.to_str().unwrap(), "-"]).output();
    std::fs::rename(&path, path.with_file_name(format!("{name}.pdf"))).unwrap();
    let Ok(done) = done else {
        eprintln!("left out: pdftotext is not installed");
        return None;
    };
    Some(String::from_utf8(done.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" "))
}

#[track_caller]
fn shows(name: &str, document: &Document, expected: &[&str]) {
    let Some(text) = words(name, &pdf::render(document).unwrap()) else { return };
    for part in expected {
        assert!(text.contains(part), "{name} doesn't say “{part}”:\n{text}");
    }
}

/// A file from the pages: its status, type, name and bytes.
async fn fetched(world: &World, actor: Option<assent::kernel::AccountId>, path: &str) -> (Status, String, String, Vec<u8>) {
    let listen = assent::web::Listen::locally(world.url.clone(), 0);
    let client = Client::tracked(assent::web::rocket(&listen, world.clock.clone())).await.unwrap();
    let mut request = client.get(path.to_owned());
    if let Some(account) = actor {
        let mut tx = world.write().await;
        let token = assent::identity::sessions::begin(&mut tx, account).await.unwrap();
        tx.commit().await.unwrap();
        request = request.cookie(Cookie::new("assent", token.for_cookie().to_owned()));
    }
    let response = request.dispatch().await;
    let header = |name: &str| response.headers().get_one(name).unwrap_or_default().to_owned();
    let (status, kind, file) = (response.status(), header("Content-Type"), header("Content-Disposition"));
    let bytes = response.into_bytes().await.unwrap_or_default();
    client.terminate().await;
    (status, kind, file, bytes)
}

struct Given {
    pupil: Person,
    slug: String,
    requirement: Uuid,
    record: Record,
}

/// Mary has agreed to the published agreement.
async fn given(world: &World) -> Given {
    let school = world.school("Harbor Middle").await;
    let pupil = world.student(&school, "Mary Archer", "07").await;
    world.student(&school, "Noah Baker", "08").await;
    let mut tx = world.write().await;
    let version = crate::policies::agreement(&mut tx, world).await;
    let version = crate::policies::published(&mut tx, world, &version, "2026-08-17").await;
    tx.commit().await.unwrap();
    let subject = Subject::Policy { version: version.id.0, root: version.policy_id.0 };
    let requirement = issued(world, NewRequirement { subject, ..for_students() }).await;
    let account = world.account(&pupil).await;
    let actor = world.actor(account).await;
    world.go_to("2026-08-20");
    let mut tx = world.write().await;
    let task = tasks::one(&mut tx, &actor, requirement, pupil.uid).await.unwrap();
    let reading = policies::read(&mut tx, &version, Some("en")).await.unwrap();
    let answer = Answer {
        text_hash: reading.hash.clone(),
        agrees: Some(true),
        choices: reading.consents.iter().map(|c| (c.id.clone(), true)).collect(),
        reason: String::new(),
        signed_name: "Mary Archer".into(),
    };
    let record = acknowledgments::answer(&mut tx, &actor, &world.district, &task, &reading, answer).await.unwrap();
    tx.commit().await.unwrap();
    Given { pupil, slug: version.slug, requirement, record }
}

story!(an_auditor_takes_the_audit_along_in_words_and_numbers, |world| {
    let harbor = world.school("Harbor Middle").await;
    let cedar = world.school("Cedar Ridge").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    world.student(&harbor, "Noah Baker", "07").await;
    let olga = world.student(&cedar, "Olga Cole", "08").await;
    let uid = issued(world, for_students()).await;
    world.go_to("2026-08-20");
    agrees(world, uid, &olga).await;
    agrees(world, uid, &mary).await;
    world.go_to("2026-09-03");
    let mut tx = world.read().await;
    let operator = world.operator();
    let english = audit::audit(&mut tx, &operator, &world.district, day("2026-09-03"), Locale::En).await.unwrap();
    shows(
        "audit-report",
        &english,
        &[
            "2 of 3 agreed (66.6%), 1 late; goal 95%. For the goal 1 more is needed.",
            "All schools of the district",
            "America/Chicago",
            "As of the end of September 3, 2026",
            "100% means everybody",
            "Grade 7",
        ],
    );
    let schools =
        english.blocks.iter().find_map(|b| if let Block::Table(t) = b { (t.caption.starts_with("By school")).then_some(t) } else { None });
    let first: Vec<String> = schools.unwrap().rows.iter().map(|r| format!("{:?}", r[0].text)).collect();
    assert!(first[0].contains("Harbor Middle") && first[1].contains("Cedar Ridge"), "worst first: {first:?}");
    let trend = english.blocks.iter().find_map(|b| if let Block::Figure(f) = b { Some(f.alt.clone()) } else { None });
    assert_eq!(trend.unwrap(), "Share done, from 0.0% on August 17, 2026 to 66.6% on September 3, 2026; goal 95%");
    let spanish = audit::audit(&mut tx, &operator, &world.district, day("2026-09-03"), Locale::Es).await.unwrap();
    shows("audit-report-es", &spanish, &["2 de 3 aceptaron (66.6%), 1 con retraso; meta 95%. Para la meta falta 1 más."]);
    // As of an earlier day it says what was true then; a day to come has no figures.
    let earlier = audit::audit(&mut tx, &operator, &world.district, day("2026-08-19"), Locale::En).await.unwrap();
    shows("audit-report-earlier", &earlier, &["0 of 3 agreed (0.0%); goal 95%."]);
    let future = audit::audit(&mut tx, &operator, &world.district, day("2026-09-04"), Locale::En).await;
    assert!(matches!(future, Err(Problem::Invalid(_))));
    let pupil = Actor { person: Some(mary.id), reach: Reach::Own, roles: vec![Role::Student], ..world.operator() };
    assert!(matches!(audit::gather(&mut tx, &pupil, &world.district, day("2026-09-03"), Locale::En).await, Err(Problem::NotFound)));
    let all = audit::gather(&mut tx, &operator, &world.district, day("2026-09-03"), Locale::En).await.unwrap();
    let rows = audit::rows(&all, day("2026-09-03"));
    let said = rows[1].join("|");
    assert_eq!(said, format!("2026-09-03|{uid}|Read the agreement|all||2|3|66.6|1|0|0|95"));
    drop(tx);

    // The board sees figures alone: three people are too few to be shown.
    let member = world.granted("Bo Board", Role::BoardMember).await;
    let mut tx = world.read().await;
    let identity = assent::identity::actor(&mut tx, member, day("2026-09-03")).await.unwrap().unwrap();
    let few = audit::gather(&mut tx, &identity, &world.district, day("2026-09-03"), Locale::En).await.unwrap();
    assert!(few[0].total.is_none() && few[0].groups.iter().all(|(_, groups)| groups.iter().all(|g| g.counts.is_none())));
    let document = audit::audit(&mut tx, &identity, &world.district, day("2026-09-03"), Locale::En).await.unwrap();
    shows("audit-report-board", &document, &["Groups of fewer than 10 are not shown"]);
    assert!(!format!("{:?}", document.blocks).contains("66.6"), "the total is too small for the board");
    drop(tx);

    let director = world.granted("Kelley Christian", Role::Director).await;
    let (status, kind, file, bytes) = fetched(world, Some(director), "/audit/report.pdf?as_of=2026-09-03").await;
    assert_eq!((status, kind.as_str()), (Status::Ok, "application/pdf"));
    assert_eq!(file, "attachment; filename=\"audit-2026-09-03.pdf\"");
    assert!(bytes.starts_with(b"%PDF"));
    let (status, kind, _, bytes) = fetched(world, Some(director), "/audit/report.xlsx").await;
    assert_eq!(status, Status::Ok);
    assert!(kind.contains("spreadsheetml") && bytes.starts_with(b"PK"), "{kind}");
    assert_eq!(fetched(world, Some(director), "/audit/report.pdf?as_of=2030-01-01").await.0, Status::UnprocessableEntity);
    let account = world.account(&mary).await;
    assert_eq!(fetched(world, Some(account), "/audit/report.pdf").await.0, Status::NotFound);
});

story!(a_policy_goes_on_paper_with_its_record_and_its_hash, |world| {
    let given = given(world).await;
    let mut tx = world.read().await;
    let version = policies::version(&mut tx, &given.slug, None).await.unwrap();
    let document = policy::policy(&mut tx, &world.district, &version, Some("en")).await.unwrap();
    let reading = policies::read(&mut tx, &version, Some("en")).await.unwrap();
    let subject = "Version 1, in force from August 17, 2026";
    assert_eq!((document.subject.as_str(), document.lang.as_str()), (subject, "en"));
    let clauses = document.blocks.iter().filter(|b| matches!(b, Block::Clause { .. })).count();
    assert_eq!(clauses, reading.sections.iter().map(|s| s.clauses.len()).sum::<usize>());
    shows("policy-report", &document, &[subject, "5 for, 0 against, 0 abstained; resolution R-1"]);
    assert!(format!("{:?}", document.blocks).contains(&reading.hash));
    let spanish = policy::policy(&mut tx, &world.district, &version, Some("es-MX")).await.unwrap();
    assert_eq!((spanish.lang.as_str(), spanish.subject.as_str()), ("es", "Versión 1, en vigor desde el 17 de agosto de 2026"));
    shows("policy-report-es", &spanish, &["La junta la adoptó el 17 de agosto de 2026"]);
    drop(tx);
    // What is published is for everybody, a draft isn't.
    let path = format!("/policies/{}/versions/1/policy.pdf?language=es", given.slug);
    let (status, kind, file, bytes) = fetched(world, None, &path).await;
    assert_eq!((status, kind.as_str()), (Status::Ok, "application/pdf"));
    assert_eq!(file, format!("attachment; filename=\"{}-1-es.pdf\"", given.slug));
    assert!(bytes.starts_with(b"%PDF"));
    let mut tx = world.write().await;
    let draft = policies::take(&mut tx, &world.operator(), "internet-safety").await.unwrap();
    let on_paper = policy::policy(&mut tx, &world.district, &draft, None).await.unwrap();
    shows("policy-report-draft", &on_paper, &["The board has not adopted this text", "Version 1, not in force"]);
    tx.commit().await.unwrap();
    assert_eq!(fetched(world, None, "/policies/internet-safety/versions/1/policy.pdf").await.0, Status::NotFound);
});

story!(a_receipt_names_the_answer_and_its_hashes_and_is_for_whoever_may_see_it, |world| {
    let given = given(world).await;
    let mut tx = world.read().await;
    let document = receipt::receipt(&mut tx, &world.district, &given.record, &[], Locale::En).await.unwrap();
    let uid = given.record.uid.to_string();
    let all = format!("{:?}", document.blocks);
    for part in [&uid, &given.record.hash, &given.record.text_hash, &given.record.statement.lines().next().unwrap().to_owned()] {
        assert!(all.contains(part.as_str()), "{part}: {all}");
    }
    for private in [&given.pupil.uid.to_string(), "mary.archer@example.org"] {
        assert!(!all.contains(private), "{private}");
    }
    shows("receipt", &document, &["Mary Archer", "August 20, 2026, 8:00 a.m.", "2026-08-20T13:00:00.000000Z", "America/Chicago"]);
    drop(tx);
    let path = format!("/receipts/{uid}/receipt.pdf");
    let mine = world.granted("Kelley Christian", Role::Director).await;
    let (status, kind, file, _) = fetched(world, Some(mine), &path).await;
    assert_eq!((status, kind.as_str()), (Status::Ok, "application/pdf"));
    assert_eq!(file, format!("attachment; filename=\"receipt-{uid}.pdf\""));
    let other = world.granted("Bo Board", Role::BoardMember).await;
    assert_eq!(fetched(world, Some(other), &path).await.0, Status::NotFound);
    assert_eq!(fetched(world, None, &path).await.0, Status::SeeOther, "a visitor is asked to sign in");
});

story!(the_board_s_report_says_level_and_evidence_and_leaves_out_what_has_no_data, |world| {
    given(world).await;
    let mut tx = world.read().await;
    let document = board::board(&mut tx, &world.operator(), &world.district, day("2026-08-20"), Locale::En).await.unwrap();
    shows(
        "standard5",
        &document,
        &["A level is a fact about the evidence, not a verdict on the law", "5b Policies, made together", "No data"],
    );
    let spanish = board::board(&mut tx, &world.operator(), &world.district, day("2026-08-20"), Locale::Es).await.unwrap();
    shows("standard5-es", &spanish, &["Los cuatro indicadores", "Sin nivel"]);
    drop(tx);
    let member = world.granted("Bo Board", Role::BoardMember).await;
    let (status, kind, file, _) = fetched(world, Some(member), "/standard-5/report.pdf").await;
    assert_eq!((status, kind.as_str()), (Status::Ok, "application/pdf"));
    assert_eq!(file, "attachment; filename=\"standard-5-2026-08-20.pdf\"");
});

story!(verification_names_a_record_and_a_count_that_somebody_changed, |world| {
    let given = given(world).await;
    let mut tx = world.write().await;
    let sound = acknowledgments::verify::records(&mut tx).await.unwrap();
    assert_eq!((sound.records, sound.broken.len()), (1, 0));
    assert_eq!(verify::ledger(&mut tx).await.unwrap(), []);
    // The database itself refuses; whoever owns it can take its guard away.
    on!(tx, sqlite "DROP TRIGGER acknowledgment_stays", postgres "ALTER TABLE acknowledgment DISABLE TRIGGER ALL", |c, sql| {
        sqlx::query(sql).execute(c).await.map(drop)
    })
    .unwrap();
    let changed = "UPDATE acknowledgment SET signed_name = 'Somebody Else' WHERE uid = $1";
    on!(tx, |c| sqlx::query(changed).bind(given.record.uid).execute(c).await.map(drop)).unwrap();
    let changed = "UPDATE tally SET change = change + 1 WHERE state = 'fulfilled'
                   AND requirement_id = (SELECT id FROM requirement WHERE uid = $1)";
    on!(tx, |c| sqlx::query(changed).bind(given.requirement).execute(c).await.map(drop)).unwrap();
    let found = acknowledgments::verify::records(&mut tx).await.unwrap();
    assert_eq!(found.broken.iter().map(|b| b.subject.as_str()).collect::<Vec<_>>(), [given.record.uid.to_string()]);
    let cells = verify::ledger(&mut tx).await.unwrap();
    assert_eq!(cells.len(), 1, "{cells:?}");
    let cell = &cells[0];
    assert_eq!((cell.school.as_str(), cell.state.as_str(), cell.in_ledger, cell.in_obligations), ("Harbor Middle", "fulfilled", 2, 1));
    tx.commit().await.unwrap();
    if world.url.starts_with("sqlite:") {
        // The command says the same, and leaves with 1.
        let done = Command::new(env!("CARGO_BIN_EXE_assent")).args(["--database", &world.url, "verify"]).output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert_eq!(done.status.code(), Some(1), "{said}");
        assert!(said.contains(&given.record.uid.to_string()) && said.contains("the ledger has 2, the duties 1"), "{said}");
        assert!(String::from_utf8_lossy(&done.stderr).contains("2 differences were found"));
    }
});

story!(a_backup_opens_again_with_the_same_figures, |world| {
    let given = given(world).await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let today = day("2026-08-20");
    let done = backup::backup(&world.store, &copy).await;
    if !world.url.starts_with("sqlite:") {
        let told = done.unwrap_err().to_string();
        assert!(told.contains("pg_dump"), "{told}");
        return;
    }
    done.unwrap();
    assert!(matches!(backup::backup(&world.store, &copy).await, Err(Problem::Invalid(_))), "it never overwrites");
    let mut tx = world.read().await;
    let before = figures::lines(&mut tx, &world.operator(), given.requirement, today, By::School).await.unwrap();
    drop(tx);
    let store = Store::open(&format!("sqlite:{}", copy.display())).await.unwrap();
    let mut tx = store.read(&world.clock).await.unwrap();
    let after = figures::lines(&mut tx, &world.operator(), given.requirement, today, By::School).await.unwrap();
    assert_eq!((after.len(), &after), (1, &before));
    assert_eq!(acknowledgments::verify::records(&mut tx).await.unwrap().records, 1);
    drop(tx);
    store.close().await;
});

#[test]
fn a_command_writes_reports_by_the_file_s_ending() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_assent")).arg("--data").arg(&data).args(arguments).current_dir(folder.path()).output().unwrap()
    };
    assert!(run(&["init", "--name", "Grand Bend ISD", "--zone", "America/Chicago"]).status.success());
    assert!(run(&["policy", "take", "internet-safety"]).status.success());
    for (arguments, start) in [
        (&["report", "audit", "--out", "a.pdf", "--language", "es"][..], &b"%PDF"[..]),
        (&["report", "audit", "--out", "a.xlsx"], b"PK"),
        (&["report", "audit", "--out", "a.csv"], "\u{feff}as_of".as_bytes()),
        (&["report", "policy", "internet-safety", "--out", "p.pdf"], b"%PDF"),
        (&["report", "indicators", "--out", "i.pdf"], b"%PDF"),
        (&["backup", "b.db"], b"SQLite"),
    ] {
        let done = run(arguments);
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        let name = arguments.iter().find(|a| a.contains('.')).unwrap();
        assert!(std::fs::read(folder.path().join(name)).unwrap().starts_with(start), "{arguments:?}");
    }
    let done = run(&["report", "policy", "internet-safety", "--out", "p.docx"]);
    assert!(!done.status.success() && String::from_utf8_lossy(&done.stderr).contains("ends in .pdf"));
    assert!(run(&["verify"]).status.success());
}
