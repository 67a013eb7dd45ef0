//! What stands in a packet. Every file follows from the question and from what is kept of its period; the files' times are all the same, their
//! order is fixed, and each stands with its SHA-256 in `SHA256SUMS`, so that `sha256sum -c` checks them.

use std::io::{Cursor, Write};

use uuid::Uuid;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Question, Sampling, eyes};
use crate::acknowledgments::log::{self, Checkpoint};
use crate::acknowledgments::{self, Record};
use crate::db::Tx;
use crate::kernel::words::{self, Value};
use crate::kernel::{Actor, Day, Locale, Moment, Problem, Result, digest};
use crate::obligations::people::Row;
use crate::obligations::requirements::{self, Requirement};
use crate::obligations::sample::{self, Drawn, Member, Plan};
use crate::policies;
use crate::queue;
use crate::reports::audit::{self, Figures};
use crate::reports::csv::{Start, Writer};
use crate::reports::document::{Block, Cell, Column, Document, Table};
use crate::reports::{pdf, xlsx};
use crate::roster::District;
use crate::training::evidence as training;

/// A packet as it is handed out.
#[derive(Debug, Clone)]
pub struct Packed {
    pub bytes: Vec<u8>,
    pub sha256: String,
    /// Whose records are in it.
    pub students: Vec<Uuid>,
}

/// All that a packet is written from.
pub struct Made {
    question: Question,
    district: String,
    zone: String,
    /// The end of the period.
    end: Moment,
    report: Document,
    before: Vec<Figures>,
    figures: Vec<Figures>,
    policies: Vec<InForce>,
    log: Log,
    samples: Vec<Drawing>,
    records: Vec<Vec<String>>,
    students: Vec<Uuid>,
}

/// One text of a version that was in force.
struct InForce {
    slug: String,
    title: String,
    number: i64,
    language: String,
    since: Day,
    hash: String,
}

/// The log at both ends of the period.
struct Log {
    /// Answers kept before the period, and until its end.
    before: u64,
    until: u64,
    /// The first checkpoints that cover these.
    first: Option<(u64, String)>,
    last: Option<(u64, String)>,
    keys: Vec<String>,
}

/// One requirement's sample.
struct Drawing {
    title: String,
    requirement: Uuid,
    drawn: Drawn,
    members: Vec<Member>,
}

/// Gathers a packet. `None`: the answers of the period aren't sealed yet, so that no checkpoint covers them.
///
/// # Errors
/// `Internal` where what is kept can't be read.
pub async fn make(tx: &mut Tx, district: &District, question: &Question) -> Result<Option<Made>> {
    let locale = question.language;
    let (start, end) = (district.zone.start_of(question.from), district.zone.start_of(question.until.plus(1)));
    let Some(log) = log_of(tx, start, end).await? else { return Ok(None) };
    let shown = eyes(question, question.records);
    let figures = audit::gather(tx, &shown, district, question.until, locale).await?;
    let before = audit::gather(tx, &shown, district, question.from.plus(-1), locale).await?;
    let policies = policies_of(tx, question).await?;
    let mut samples = Vec::new();
    if let Some(sampling) = &question.sample {
        for requirement in requirements::in_force(tx, &eyes(question, true), question.until).await? {
            samples.extend(drawing(tx, question, sampling, &requirement).await?);
        }
    }
    let (mut records, mut students) = (Vec::new(), Vec::new());
    if question.records {
        let seer = eyes(question, true);
        for one in &samples {
            for member in &one.members {
                students.extend([member.row.person_uid, member.row.about_uid]);
                records.push(record(tx, &seer, one, member, end).await?);
            }
        }
        students.sort_unstable();
        students.dedup();
    }
    let mut report = audit::audit(tx, &shown, district, question.until, locale).await?;
    report.made_on = String::new();
    report.made_at = end;
    let mut made = Made {
        question: question.clone(),
        district: district.name.clone(),
        zone: district.zone.name().to_owned(),
        end,
        report,
        before,
        figures,
        policies,
        log,
        samples,
        records,
        students,
    };
    made.complete_report();
    Ok(Some(made))
}

/// The log at both ends; `None` where what was answered until the end isn't sealed yet.
async fn log_of(tx: &mut Tx, start: Moment, end: Moment) -> Result<Option<Log>> {
    let (before, until) = (log::kept_before(tx, start).await?, log::kept_before(tx, end).await?);
    let covering =
        async |tx: &mut Tx, size: u64| if size == 0 { Ok(Some(None)) } else { log::covering(tx, size).await.map(|found| found.map(Some)) };
    let (Some(first), Some(last)) = (covering(tx, before).await?, covering(tx, until).await?) else { return Ok(None) };
    let size = last.as_ref().map_or(0, |(size, _)| *size);
    let keys = log::keys_until(tx, size).await?;
    Ok(Some(Log { before, until, first, last, keys }))
}

async fn policies_of(tx: &mut Tx, question: &Question) -> Result<Vec<InForce>> {
    let mut found = Vec::new();
    for (version, since) in policies::reading::in_force_during(tx, question.from, question.until).await? {
        let languages = policies::read(tx, &version, None).await?.languages;
        for language in languages {
            let reading = policies::read(tx, &version, Some(&language)).await?;
            found.push(InForce {
                slug: version.slug.clone(),
                title: reading.title,
                number: version.number,
                language,
                since,
                hash: reading.hash,
            });
        }
    }
    Ok(found)
}

async fn drawing(tx: &mut Tx, question: &Question, sampling: &Sampling, requirement: &Requirement) -> Result<Option<Drawing>> {
    let seer = eyes(question, true);
    let plan = Plan { day: question.until, by: sampling.by, each: sampling.each, seed: sampling.seed.clone() };
    let drawn = sample::draw(tx, &seer, requirement.uid, plan).await?;
    if drawn.people.is_empty() {
        return Ok(None);
    }
    let members = sample::people(tx, &seer, &drawn).await?;
    Ok(Some(Drawing { title: requirement.title.clone(), requirement: requirement.uid, drawn, members }))
}

const RECORD_HEADER: [&str; 23] = [
    "requirement",
    "title",
    "number",
    "stratum",
    "rank",
    "person",
    "about",
    "name",
    "child",
    "school",
    "role",
    "grade",
    "state",
    "last_day",
    "answered",
    "reason",
    "receipt",
    "text_sha256",
    "record_sha256",
    "log_position",
    "notices",
    "courses_passed",
    "courses_tried",
];

/// One person drawn, with the evidence as it was at the end.
async fn record(tx: &mut Tx, seer: &Actor, drawing: &Drawing, member: &Member, end: Moment) -> Result<Vec<String>> {
    let row: &Row = &member.row;
    let answers = acknowledgments::of_duty(tx, seer, drawing.requirement, row.person_uid, row.about_uid).await?;
    let answer: Option<&Record> = answers.iter().find(|record| record.at < end);
    let notices = queue::put_down(tx, member.draw.duty, end).await?;
    let taken = training::of_person(tx, row.person_uid).await?;
    let finished: Vec<_> = taken.iter().filter(|one| one.finished_at.is_some_and(|at| at < end)).collect();
    let alone = finished.iter().filter(|one| one.passed == Some(true)).map(|one| format!("{} {}", one.slug, one.number));
    let taught = training::taught(tx, row.person_uid, "en").await?;
    let until = drawing.drawn.plan.day;
    let in_class = taught.iter().filter(|one| one.presence == "here" && one.held <= until);
    let passed: Vec<String> = alone.chain(in_class.map(|one| format!("{} {} (class)", one.slug, one.number))).collect();
    let of = |read: fn(&Record) -> String| answer.map(read).unwrap_or_default();
    Ok(vec![
        drawing.requirement.to_string(),
        drawing.title.clone(),
        member.draw.number.to_string(),
        member.draw.stratum.clone(),
        member.draw.rank.clone(),
        row.person_uid.to_string(),
        row.about_uid.to_string(),
        row.name.clone(),
        if row.about_uid == row.person_uid { String::new() } else { row.about_name.clone() },
        row.school.clone(),
        row.role.clone(),
        row.grade.clone(),
        if row.state == "open" && row.late_after < drawing.drawn.plan.day { "late".into() } else { row.state.clone() },
        row.due.iso(),
        row.closed.map(Day::iso).unwrap_or_default(),
        row.reason.clone().unwrap_or_default(),
        of(|r| r.uid.to_string()),
        of(|r| r.text_hash.clone()),
        of(|r| r.hash.clone()),
        of(|r| r.position.to_string()),
        notices.to_string(),
        passed.join("; "),
        finished.len().to_string(),
    ])
}

/// One file of a packet, with what it is.
struct File {
    name: &'static str,
    about: &'static str,
    bytes: Vec<u8>,
}

impl Made {
    fn t(&self, key: &str) -> String {
        words::say(self.question.language, key)
    }

    fn tv(&self, key: &str, values: &[(&str, Value)]) -> String {
        words::say_with(self.question.language, key, values)
    }

    /// The audit report, with what a packet says beside the figures.
    fn complete_report(&mut self) {
        let locale = self.question.language;
        let period =
            self.tv("packet-period", &[("from", locale.day(self.question.from).into()), ("until", locale.day(self.question.until).into())]);
        let mut front = vec![Block::summary(self.facts(&period))];
        front.push(Block::text(self.t(if self.question.records { "packet-with-records" } else { "packet-without-records" })));
        let mut back = vec![Block::heading(2, self.t("packet-policies"))];
        back.push(if self.policies.is_empty() { Block::text(self.t("packet-no-policy")) } else { Block::Table(self.policy_table(locale)) });
        back.push(Block::heading(2, self.t("packet-log")));
        back.push(Block::text(self.log_sentence()));
        if let Some(sampling) = &self.question.sample {
            back.push(Block::heading(2, self.t("packet-sample")));
            back.push(Block::text(self.sample_sentence(sampling)));
            if !self.samples.is_empty() {
                back.push(Block::Table(self.sample_table()));
            }
        }
        self.report.title = self.t("packet-title");
        self.report.subject = period;
        self.report.blocks.splice(0..0, front);
        self.report.blocks.extend(back);
    }

    fn facts(&self, period: &str) -> Vec<(String, String)> {
        vec![
            (self.t("packet-period-name"), period.to_owned()),
            (self.t("packet-party"), self.question.to.party.clone()),
            (self.t("packet-interest"), self.question.to.interest.clone()),
        ]
    }

    fn policy_table(&self, locale: Locale) -> Table {
        let rows = self.policies.iter().map(|one| {
            vec![
                Cell::text(format!("{} ({})", one.title, one.language)),
                Cell::text(one.number.to_string()),
                Cell::text(locale.day(one.since)),
                Cell::text(spaced(&one.hash)),
            ]
        });
        Table {
            caption: self.t("packet-policies"),
            columns: vec![
                Column::text(self.t("packet-policy"), 2.0),
                Column::number(self.t("packet-version"), 0.8),
                Column::text(self.t("packet-since"), 1.3),
                Column::text("SHA-256", 2.4),
            ],
            row_headers: true,
            rows: rows.collect(),
        }
    }

    fn log_sentence(&self) -> String {
        let number = |n: u64| Value::from(self.question.language.number(i64::try_from(n).unwrap_or(i64::MAX)));
        let kept = self.tv("packet-log-text", &[("before", number(self.log.before)), ("until", number(self.log.until))]);
        match self.log.last.as_ref().and_then(|(_, note)| Checkpoint::parse(note).ok()) {
            Some(checkpoint) => {
                let root = log::note::base64(&checkpoint.root);
                format!("{kept} {}", self.tv("packet-log-root", &[("size", number(checkpoint.size)), ("root", root.into())]))
            }
            None => kept,
        }
    }

    fn sample_sentence(&self, sampling: &Sampling) -> String {
        let by = self.t(&format!("sample-by-{}", sampling.by.name()));
        self.tv("packet-sample-text", &[("each", sampling.each.into()), ("by", by.into()), ("seed", sampling.seed.as_str().into())])
    }

    /// Of each requirement how many were drawn, and how they stood: together, for a stratum alone could tell of single people.
    fn sample_table(&self) -> Table {
        let names = ["packet-drawn", "state-fulfilled", "state-late", "state-open", "state-declined", "state-exempt"];
        let mut columns = vec![Column::text(self.t("packet-requirement"), 2.4)];
        columns.extend(names.map(|key| Column::number(self.t(key), 0.9)));
        let rows = self.samples.iter().map(|one| {
            let few = !self.question.records && one.members.len() < 10;
            let cell = |n: i64| Cell::text(if few { "–".into() } else { self.question.language.number(n) });
            std::iter::once(Cell::text(one.title.clone())).chain(standing(one).map(cell)).collect()
        });
        Table { caption: self.t("packet-sample"), columns, row_headers: true, rows: rows.collect() }
    }

    /// Whom it is about, and its files.
    ///
    /// # Errors
    /// `Internal` where a file can't be written.
    pub fn pack(self) -> Result<Packed> {
        let mut files = vec![
            File { name: "report.pdf", about: "packet-file-report", bytes: pdf::render(&self.report)? },
            File { name: "figures.csv", about: "packet-file-csv", bytes: self.figures_csv()? },
            File {
                name: "figures.xlsx",
                about: "packet-file-xlsx",
                bytes: xlsx::write(&audit::sheets(&self.figures, self.question.language), self.end)?,
            },
            File { name: "policies.csv", about: "packet-file-policies", bytes: self.policies_csv()? },
        ];
        if let Some((_, note)) = &self.log.first {
            files.push(File { name: "log/checkpoint-before.txt", about: "packet-file-before", bytes: note.clone().into_bytes() });
        }
        if let Some((_, note)) = &self.log.last {
            files.push(File { name: "log/checkpoint-after.txt", about: "packet-file-after", bytes: note.clone().into_bytes() });
            let keys = self.log.keys.iter().fold(String::new(), |all, key| all + key + "\n");
            files.push(File { name: "log/keys.txt", about: "packet-file-keys", bytes: keys.into_bytes() });
        }
        if self.question.sample.is_some() {
            files.push(File { name: "sample.csv", about: "packet-file-sample", bytes: self.sample_csv()? });
        }
        if self.question.records {
            files.push(File { name: "records/sample-people.csv", about: "packet-file-records", bytes: self.records_csv()? });
        }
        let index = self.index(&files);
        files.insert(0, File { name: "index.txt", about: "packet-file-index", bytes: index.into_bytes() });
        let sums = files.iter().fold(String::new(), |all, file| format!("{all}{}  {}\n", digest::sha256_hex(&file.bytes), file.name));
        files.push(File { name: "SHA256SUMS", about: "packet-file-sums", bytes: sums.into_bytes() });
        let bytes = zipped(&files)?;
        Ok(Packed { sha256: digest::sha256_hex(&bytes), bytes, students: self.students })
    }

    /// What was asked, and what each file is, for people.
    fn index(&self, files: &[File]) -> String {
        let mut lines = vec![self.t("packet-title"), self.district.clone(), self.report.subject.clone(), String::new()];
        lines.extend(self.facts(&self.report.subject).into_iter().map(|(name, text)| format!("{name}: {text}")));
        lines.push(format!("{}: {}", self.t("packet-zone"), self.zone));
        if let Some(sampling) = &self.question.sample {
            lines.push(format!("{}: {}", self.t("packet-sample"), self.sample_sentence(sampling)));
        }
        lines.push(self.t(if self.question.records { "packet-with-records" } else { "packet-without-records" }));
        lines.push(self.log_sentence());
        lines.extend([String::new(), self.t("packet-files"), String::new()]);
        for file in files {
            lines.push(format!("{} ({}): {}", file.name, file.bytes.len(), self.t(file.about)));
            lines.push(format!("    SHA-256 {}", digest::sha256_hex(&file.bytes)));
        }
        lines.extend([String::new(), self.t("packet-check"), String::new()]);
        lines.join("\r\n")
    }

    /// The figures before the period and at its end.
    fn figures_csv(&self) -> Result<Vec<u8>> {
        let mut rows = Writer::new(Vec::new(), Start::Plain)?;
        let before = audit::rows(&self.before, self.question.from.plus(-1));
        for row in before.into_iter().chain(audit::rows(&self.figures, self.question.until).into_iter().skip(1)) {
            rows.row(row)?;
        }
        rows.finish()
    }

    fn policies_csv(&self) -> Result<Vec<u8>> {
        let mut rows = Writer::new(Vec::new(), Start::Plain)?;
        rows.row(["policy", "version", "language", "title", "in_force_since", "sha256"])?;
        for one in &self.policies {
            rows.row([&one.slug, &one.number.to_string(), &one.language, &one.title, &one.since.iso(), &one.hash])?;
        }
        rows.finish()
    }

    /// Each stratum with how many it holds and how many were drawn; without student data the small ones have no number.
    fn sample_csv(&self) -> Result<Vec<u8>> {
        let mut rows = Writer::new(Vec::new(), Start::Plain)?;
        rows.row(["requirement", "title", "seed", "stratum_by", "stratum", "holds", "drawn"])?;
        for one in &self.samples {
            let sizes: Vec<i64> = one.drawn.parts.iter().map(|part| part.holds).collect();
            let hide = if self.question.records { vec![false; sizes.len()] } else { crate::obligations::figures::too_small(&sizes) };
            for (part, hidden) in one.drawn.parts.iter().zip(hide) {
                let number = |n: i64| if hidden { String::new() } else { n.to_string() };
                let plan = &one.drawn.plan;
                rows.row([
                    one.requirement.to_string(),
                    one.title.clone(),
                    plan.seed.clone(),
                    plan.by.name().to_owned(),
                    part.stratum.clone(),
                    number(part.holds),
                    number(part.drawn),
                ])?;
            }
        }
        rows.finish()
    }

    fn records_csv(&self) -> Result<Vec<u8>> {
        let mut rows = Writer::new(Vec::new(), Start::Plain)?;
        rows.row(RECORD_HEADER)?;
        for record in &self.records {
            rows.row(record)?;
        }
        rows.finish()
    }
}

/// Drawn, done, late, open, said no, exempt.
fn standing(one: &Drawing) -> [i64; 6] {
    let mut counts = [i64::try_from(one.members.len()).unwrap_or(i64::MAX), 0, 0, 0, 0, 0];
    for member in &one.members {
        let at = match member.row.state.as_str() {
            "fulfilled" => 1,
            "open" if member.row.late_after < one.drawn.plan.day => 2,
            "open" => 3,
            "declined" => 4,
            _ => 5,
        };
        counts[at] += 1;
    }
    counts
}

/// A hash in groups of 16, so that it breaks within a cell.
fn spaced(hash: &str) -> String {
    hash.as_bytes().chunks(16).map(|part| String::from_utf8_lossy(part).into_owned()).collect::<Vec<_>>().join(" ")
}

fn zipped(files: &[File]) -> Result<Vec<u8>> {
    let broken = |e: zip::result::ZipError| Problem::internal("a packet could not be zipped", e);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // Zip's own first day, and the same rights everywhere: nothing tells when and where it was made.
    let plain = SimpleFileOptions::default().last_modified_time(zip::DateTime::default()).unix_permissions(0o644);
    for file in files {
        zip.start_file(file.name, plain).map_err(broken)?;
        zip.write_all(&file.bytes)?;
    }
    Ok(zip.finish().map_err(broken)?.into_inner())
}
