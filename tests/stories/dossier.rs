//! The dossier of a funding year: what is on file and what isn't, files by their content, retention.

use assent::adoption::dossier;
use assent::adoption::evidence::{self, About, AboutKind, FundingYear};
use assent::adoption::{self, Adoption, MeetingKind};
use assent::kernel::{Problem, Role};
use assent::{on, policies};

use crate::policies::{actor, author, conflict, fill};
use crate::world::{World, day};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n";

/// The Internet Safety Policy adopted on 25 August 2026 with notice and hearing, in force from 1 September.
async fn adopted(world: &World) -> policies::Version {
    let operator = world.operator();
    let mut tx = world.write().await;
    let version = policies::take(&mut tx, &operator, "internet-safety").await.unwrap();
    fill(&mut tx, world, &version).await;
    let notice = adoption::give_notice(&mut tx, &author(), version.id, "District website", day("2026-08-10"), "Come.").await.unwrap();
    let hearing = (MeetingKind::Hearing, day("2026-08-16"));
    adoption::hold_meeting(&mut tx, &author(), version.id, hearing, "Board room", "Item 4", ("", "Seven members")).await.unwrap();
    let vote = Adoption { votes_for: 6, against: 1, abstained: 0, resolution: "2026-41".into(), day: day("2026-08-17") };
    adoption::adopt(&mut tx, &operator, version.id, vote).await.unwrap();
    let version = policies::publish(&mut tx, &operator, version.id, day("2026-09-01")).await.unwrap();
    let about = About::Record(AboutKind::Notice, notice.uid);
    evidence::keep(&mut tx, &author(), about, "C:\\scans\\web page.pdf", "The page as it stood", PDF).await.unwrap();
    tx.commit().await.unwrap();
    version
}

async fn as_role(world: &World, login: &str, role: Role) -> crate::world::client::Client {
    let account = world.account_named(login, login, &[role]).await;
    let client = world.client().await;
    client.sign_in_as(world, account).await;
    client
}

story!(the_dossier_says_what_is_on_file_and_what_is_not_and_never_judges, |world| {
    adopted(world).await;
    let director = as_role(world, "director", Role::Director).await;
    let page = director.get("/dossier/2026").await.body;
    for there in [
        "District website",
        "Board room",
        "Seven members",
        "Minutes: none on file",
        "2026-41",
        "CIPA-ISP-1",
        "web page.pdf",
        "June 30, 2037",
    ] {
        assert!(page.contains(there), "{there} is missing: {page}");
    }
    assert_eq!(page.matches("No evidence on file").count(), 4, "AUD-4, 5, 7 and 8: {page}");
    assert!(!page.to_lowercase().contains("compliant"));
    let kept = director.upload("/dossier/2026/files", &[("item", "AUD-4"), ("note", "Invoice")], "file", "inv.pdf", PDF).await;
    assert_eq!(kept.status, 303, "{}", kept.body);
    let again = director.upload("/dossier/2026/files", &[("item", "AUD-4")], "file", "other.pdf", PDF).await;
    assert!(again.status == 422 && again.body.contains("here already"));
    let named = director.upload("/dossier/2026/files", &[("item", "AUD-5")], "file", "log.pdf", b"PK\x03\x04 a zip named .pdf").await;
    assert!(named.status == 422 && named.body.contains("whatever its name says"), "{}", named.body);
    let nowhere = director.upload("/dossier/2026/files", &[("item", "AUD-99")], "file", "log.pdf", b"%PDF-1.4 %%EOF").await;
    assert_eq!(nowhere.status, 404);
    let page = director.get("/dossier/2026").await.body;
    assert_eq!(page.matches("No evidence on file").count(), 3);
    // The year before: nothing was adopted or in force.
    let before = director.get("/dossier/2025").await.body;
    assert_eq!(before.matches("No evidence on file").count(), 8, "{before}");
    assert_eq!(director.get("/dossier/1900").await.status, 404);
    let pdf = director.get("/dossier/2026/dossier.pdf").await;
    assert!(pdf.status == 200 && pdf.body.starts_with("%PDF-"));
    let teacher = as_role(world, "teacher", Role::Teacher).await;
    for path in ["/dossier/2026", "/dossier/2026/dossier.pdf", "/dossier/2026/dossier.zip"] {
        assert_eq!(teacher.get(path).await.status, 404, "{path}");
    }
    let auditor = as_role(world, "auditor", Role::Auditor).await;
    assert_eq!(auditor.get("/dossier/2026").await.status, 200);
    assert_eq!(auditor.upload("/dossier/2026/files", &[("item", "AUD-5")], "file", "a.pdf", PDF).await.status, 404);
});

story!(the_zip_holds_every_file_with_its_hash_and_an_index, |world| {
    adopted(world).await;
    let mut tx = world.write().await;
    let year = FundingYear::named(2026).unwrap();
    let filter = About::Year(year, "AUD-4".into());
    evidence::keep(&mut tx, &author(), filter, "=cmd.docx", "Filter", &crate::policy_work::document("<w:p/>")).await.unwrap();
    let found = dossier::gather(&mut tx, &world.operator(), year).await.unwrap();
    let locale = world.district.locale();
    let bytes = assent::reports::dossier::bundle(&mut tx, &world.operator(), &world.district, &found, locale).await.unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut read = |name: &str| {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut bytes).unwrap();
        bytes
    };
    let index = String::from_utf8(read("index.csv")).unwrap();
    for (path, item) in
        [("dossier.pdf", ""), ("policies/internet-safety-1-en.pdf", "AUD-1"), ("AUD-2/001.pdf", "AUD-2"), ("AUD-4/001.docx", "AUD-4")]
    {
        let sha256 = assent::kernel::digest::sha256_hex(read(path));
        let line = index.lines().find(|line| line.starts_with(&format!("{path},{item},"))).unwrap_or_else(|| panic!("{path}: {index}"));
        assert!(line.contains(&sha256), "{line}");
    }
    assert!(index.contains("'=cmd.docx"), "no formula: {index}");
    assert_eq!(index.matches("No evidence on file").count(), 3, "{index}");
});

story!(what_is_under_retention_is_never_deleted, |world| {
    let version = adopted(world).await;
    let mut tx = world.write().await;
    let year = FundingYear::named(2026).unwrap();
    let file = evidence::keep(&mut tx, &author(), About::Year(year, "AUD-7".into()), "486.pdf", "", PDF).await.unwrap();
    assert_eq!(file.keep_until, Some(day("2037-06-30")));
    assert!(conflict(evidence::release(&mut tx, &world.operator(), file.uid).await).contains("until 2037-06-30"));
    assert!(matches!(evidence::release(&mut tx, &author(), file.uid).await, Err(Problem::NotFound)));
    let record = adoption::record_of(&mut tx, &version).await.unwrap();
    let proof = evidence::about(&mut tx, Some(&author()), record.notices[0].uid).await.unwrap().remove(0);
    assert_eq!((proof.name.as_str(), proof.keep_until), ("web page.pdf", None));
    assert!(conflict(evidence::release(&mut tx, &world.operator(), proof.uid).await).contains("as long as that record"));
    let guardian = actor(9, "G", &[Role::Guardian]);
    assert!(evidence::about(&mut tx, Some(&guardian), record.notices[0].uid).await.unwrap().is_empty());
    assert!(matches!(evidence::read(&mut tx, &guardian, proof.uid).await, Err(Problem::NotFound)));
    tx.commit().await.unwrap();
    for sql in [
        "DELETE FROM evidence_file",
        "DELETE FROM evidence_part",
        "UPDATE evidence_file SET sha256 = 'x'",
        "UPDATE evidence_file SET released_day = 1",
        "UPDATE evidence_part SET part = part + 100",
        "UPDATE meeting SET attendance = 'x'",
        "DELETE FROM notice",
    ] {
        let mut tx = world.write().await;
        on!(tx, |c| sqlx::query(sql).execute(c).await.map(drop)).expect_err(sql);
    }
    world.go_to("2037-06-30");
    let mut tx = world.write().await;
    conflict(evidence::release(&mut tx, &world.operator(), file.uid).await);
    tx.commit().await.unwrap();
    world.go_to("2037-07-01");
    let mut tx = world.write().await;
    evidence::release(&mut tx, &world.operator(), file.uid).await.unwrap();
    assert!(conflict(evidence::read(&mut tx, &author(), file.uid).await).contains("its hash alone is kept"));
    let left = evidence::of_year(&mut tx, &author(), year).await.unwrap();
    assert_eq!((left.len(), left[0].sha256.as_str()), (1, file.sha256.as_str()));
    assert_eq!(evidence::read(&mut tx, &author(), proof.uid).await.unwrap().1, PDF);
});
