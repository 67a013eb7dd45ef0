//! One database's measurements, in the order of a school year: the roster comes in, everybody is asked, students answer, a director
//! looks. All of it through the product's verbs and pages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assent::acknowledgments;
use assent::acknowledgments::log::use_key;
use assent::adoption::{self, Adoption};
use assent::db::{Store, Tx};
use assent::identity::accounts::{self, NewAccount};
use assent::identity::sessions;
use assent::kernel::{AccountId, Actor, Clock, Day, Locale, ObligationId, Page, Problem, RequirementId, Result, Role};
use assent::notices::{Post, Postman};
use assent::obligations::figures::{self, By};
use assent::obligations::people::{self, Filter};
use assent::obligations::requirements::{self, AnswersAs, NewRequirement, Subject, Window};
use assent::obligations::{self, Cause, CauseKind, verify};
use assent::on;
use assent::policies::{self, Reading};
use assent::queue;
use assent::roster::audience::Rule;
use assent::roster::oneroster::{self, Wish};
use assent::roster::{Calendar, District, district};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::answers::{self, Question, Student};
use crate::clocking::{median, median_ms, rate, seconds, share};
use crate::engine;
use crate::fresh::Site;
use crate::mailbox::Mailbox;
use crate::pages;
use crate::records;
use crate::served::Served;

/// Above so many people the import is measured once.
const REPEATED_UP_TO: u64 = 20_000;
/// So many students go the whole way from the sign-in page to the receipt, at most.
const WHOLE_WAYS: usize = 500;
/// Their password. All accounts here share one hash, which is as slow to check as any.
const PASSWORD: &str = "quiet-harbor-lantern-47";
/// How many people have changed schools in one night.
pub const NIGHT: u64 = 2_000;
const POLICY: &str = "responsible-use-9-12";

/// What the started program is to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    pub site: Site,
    pub zip: PathBuf,
    /// Changes of one night.
    pub night: PathBuf,
    pub people: u64,
    pub enrollments: u64,
    pub runs: u64,
    pub roster_only: bool,
    /// The file of the log's signing key.
    pub log_key: PathBuf,
    /// So many students answer as fast as they can, at most.
    pub answers: usize,
    /// So many students come on the first school morning, over so many minutes; 0: it is left out.
    pub morning: usize,
    pub morning_minutes: u64,
    /// So often the server is killed while students answer; 0: never.
    pub kills: u64,
    pub records: usize,
    /// Whether everybody who is asked is told by mail.
    pub mails: bool,
}

/// One database's figures. Seconds, milliseconds, numbers each second and MiB, as the names say.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Measured {
    pub database: String,
    pub people: u64,
    pub enrollments: u64,
    pub runs: u64,
    pub import_s: f64,
    /// The same file again: nothing changes.
    pub import_again_s: f64,
    /// The same numbers of rows into plain tables, by the engine itself.
    pub engine_insert_s: f64,
    pub import_peak_rss_mib: f64,
    /// People asked by one issue.
    pub obligations: u64,
    pub obligations_per_s: f64,
    /// The same issue, with what tells of its duties, beside the time that it would take without.
    pub told_ratio: f64,
    /// Mails handed to a mail server on this machine, and how much memory that took beyond what was held before.
    pub mails: u64,
    pub mails_per_s: f64,
    pub mails_rss_mib: f64,
    /// One night's changes, with the duties that follow.
    pub night_s: f64,
    pub night_changes: u64,
    /// Recounting the whole ledger from the duties.
    pub ledger_recount_s: f64,
    pub acknowledgments: u64,
    pub acknowledgments_per_s: f64,
    pub acknowledgment_median_ms: f64,
    pub acknowledgment_p99_ms: f64,
    pub acknowledgment_errors: u64,
    pub engine_commits_per_s: f64,
    /// From the sign-in page to the receipt: people, and the time of each page but the sign-in.
    pub whole_way_per_s: f64,
    pub whole_way_median_ms: f64,
    pub whole_way_p99_ms: f64,
    /// The first school morning: students, minutes, the time of each page, of the pages that others had open beside them, and errors.
    pub morning_students: u64,
    pub morning_minutes: f64,
    pub morning_median_ms: f64,
    pub morning_p99_ms: f64,
    pub morning_others_p99_ms: f64,
    pub morning_errors: u64,
    /// How often the server was killed under load, and how many answers were confirmed; each was there once, and `verify` agreed.
    pub kills: u64,
    pub kills_confirmed: u64,
    pub server_peak_rss_mib: f64,
    /// The verb.
    pub audit_by_school_ms: f64,
    /// The page.
    pub audit_page_ms: f64,
    /// The verb: the first 50 people behind a figure.
    pub people_page_ms: f64,
    /// A policy of 400 clauses and 12 versions: its draft opened, a clause saved, the first and the last version compared.
    pub policy_open_ms: f64,
    pub policy_edit_ms: f64,
    pub policy_compare_ms: f64,
    pub csv_rows: u64,
    pub csv_rows_per_s: f64,
    /// Answers in the log, most of them copies.
    pub records: u64,
    /// Sealing all of them.
    pub seal_s: f64,
    /// Checking each one, the log, its checkpoints and the duties.
    pub verify_s: f64,
    pub verify_records_per_s: f64,
    pub peak_rss_mib: f64,
}

impl Measured {
    /// How long one issue takes.
    #[allow(clippy::cast_precision_loss)]
    fn obligations_s(&self) -> f64 {
        self.obligations as f64 / self.obligations_per_s
    }
}

/// The district in its database, as the operator works with it.
struct Office {
    store: Store,
    clock: Clock,
    district: District,
    operator: Actor,
}

impl Office {
    async fn open(url: &str) -> Result<Self> {
        let (store, clock) = (Store::open(url).await?, Clock::system());
        let mut tx = store.write(&clock).await?;
        let district = district::init(&mut tx, "Made-up School District", "America/Chicago", Locale::En).await?;
        tx.commit().await?;
        let operator = Actor::operator(vec![district.root]);
        Ok(Self { store, clock, district, operator })
    }

    async fn read(&self) -> Result<Tx> {
        self.store.read(&self.clock).await
    }

    async fn write(&self) -> Result<Tx> {
        self.store.write(&self.clock).await
    }

    /// Seconds, and how many people came, changed or left.
    async fn import(&self, set: &Path) -> Result<(f64, u64)> {
        let work = async {
            let mut tx = self.write().await?;
            let (report, changes) = oneroster::import(&mut tx, &self.operator, &self.district, set, Wish::default()).await?;
            let cause = Cause::of(CauseKind::Import, report.uid.unwrap_or_default());
            obligations::follow(&mut tx, &self.operator, &self.district, changes, cause).await?;
            tx.commit().await?;
            let moved = report.of("users").moved();
            if report.errors == 0 { Ok(moved) } else { Err(Problem::internal("the made-up roster has errors", report.errors.to_string())) }
        };
        seconds(work).await
    }
}

/// Measures everything. The last run's database, with its roster, is the one on which all else is measured.
pub async fn measure(job: &Job) -> Result<Measured> {
    let mut measured = Measured {
        database: job.site.name().into(),
        people: job.people,
        enrollments: job.enrollments,
        runs: job.runs,
        ..Measured::default()
    };
    let office = roster(job, &mut measured).await?;
    let question = ask(&office, job, &mut measured).await?;
    tell(&office, &question, job, &mut measured).await?;
    night(&office, job, &mut measured).await?;
    if job.roster_only {
        job.site.drop("district", &office.store).await?;
        measured.peak_rss_mib = measured.peak_rss_mib.max(peak_mib()?);
        return Ok(measured);
    }
    say(job, "commits by the engine");
    let mut all = Vec::new();
    for _ in 0..job.runs {
        all.push(engine::commits(&office.store).await?);
    }
    measured.engine_commits_per_s = median(&mut all);
    let url = job.site.url("district");
    let mut students = everybody(&office, job).await?;
    let served = Served::start(&url, &job.log_key).await?;
    answering(&office, &served, &question, &mut students, job, &mut measured).await?;
    look(&office, &served, question.requirement, job, &mut measured).await?;
    first_morning(&office, &served, &question, &mut students, job, &mut measured).await?;
    measured.server_peak_rss_mib = served.peak_mib()?;
    drop(served);
    kills(&office, &url, &question, &mut students, job, &mut measured).await?;
    log(&office, job, &mut measured).await?;
    job.site.drop("district", &office.store).await?;
    measured.peak_rss_mib = measured.peak_rss_mib.max(peak_mib()?);
    Ok(measured)
}

/// What it costs to put down that everybody is told, beside the issue itself; and everybody is told.
async fn tell(office: &Office, question: &Question, job: &Job, measured: &mut Measured) -> Result<()> {
    let mut tx = office.write().await?;
    let requirement: RequirementId =
        on!(tx, |c| sqlx::query_scalar("SELECT id FROM requirement WHERE uid = $1").bind(question.requirement).fetch_one(c).await)?;
    let first: ObligationId =
        on!(tx, |c| sqlx::query_scalar("SELECT MIN(id) FROM obligation WHERE requirement_id = $1").bind(requirement).fetch_one(c).await)?;
    // The same again, and taken back.
    let (time, ()) = seconds(queue::duties_made(&mut tx, requirement, ObligationId(first.0 - 1), Day(0))).await?;
    drop(tx);
    let whole = measured.obligations_s();
    measured.told_ratio = whole / (whole - time);
    if !job.mails {
        return Ok(());
    }
    say(job, "mails");
    let mailbox = Mailbox::open().await?;
    let post =
        Post::new(&format!("smtp://127.0.0.1:{}", mailbox.port), "Made-up <assent@district.example>", "https://assent.district.example")?;
    // A school morning, whatever day it is today.
    let mut morning = office.district.today(office.clock.now()).plus(1);
    while Calendar::default().is_quiet(morning) {
        morning = morning.plus(1);
    }
    let clock = Clock::standing(office.district.zone.at(morning, 8, 0));
    measured.peak_rss_mib = measured.peak_rss_mib.max(peak_mib()?);
    forget_peak()?;
    let before = peak_mib()?;
    let (time, round) = seconds(Postman::new(office.store.clone(), clock, post).round()).await?;
    if round.failed + round.put_off > 0 || round.sent != mailbox.taken() {
        return Err(Problem::internal("not every mail arrived", format!("{round:?}, {} taken", mailbox.taken())));
    }
    measured.mails = round.sent;
    measured.mails_per_s = rate(round.sent, time);
    measured.mails_rss_mib = peak_mib()? - before;
    Ok(())
}

/// One night's changes come in and duties follow, in one transaction; then the ledger is held against the duties.
async fn night(office: &Office, job: &Job, measured: &mut Measured) -> Result<()> {
    say(job, "a night's changes");
    let (time, moved) = office.import(&job.night).await?;
    measured.night_s = time;
    measured.night_changes = moved;
    let mut tx = office.read().await?;
    let (time, differences) = seconds(verify::ledger(&mut tx)).await?;
    measured.ledger_recount_s = time;
    match differences.first() {
        None => Ok(()),
        Some(one) => Err(Problem::internal("the ledger doesn't agree with the duties", format!("{one:?}"))),
    }
}

fn say(job: &Job, what: &str) {
    eprintln!("{}: {what} …", job.site.name());
}

async fn roster(job: &Job, measured: &mut Measured) -> Result<Office> {
    let runs = if job.people <= REPEATED_UP_TO { job.runs } else { 1 };
    let (mut first, mut again, mut plain) = (Vec::new(), Vec::new(), Vec::new());
    for run in 1..=runs {
        say(job, &format!("import, {run} of {runs}"));
        let name = if run == runs { "district".to_owned() } else { format!("district_{run}") };
        let office = Office::open(&job.site.make(&name).await?).await?;
        first.push(office.import(&job.zip).await?.0);
        if run == 1 {
            measured.import_peak_rss_mib = peak_mib()?;
        }
        again.push(office.import(&job.zip).await?.0);
        let plain_name = format!("plain_{run}");
        let store = Store::connect(&job.site.make(&plain_name).await?).await?;
        plain.push(engine::insert(&store, job.people, job.enrollments).await?);
        job.site.drop(&plain_name, &store).await?;
        if run == runs {
            measured.import_s = median(&mut first);
            measured.import_again_s = median(&mut again);
            measured.engine_insert_s = median(&mut plain);
            return Ok(office);
        }
        job.site.drop(&name, &office.store).await?;
    }
    Err(Problem::invalid("runs", "at least one is needed"))
}

/// The policy is taken from the library, filled, adopted and published; then everybody is asked, once a run.
async fn ask(office: &Office, job: &Job, measured: &mut Measured) -> Result<Question> {
    say(job, "obligations");
    let mut tx = office.write().await?;
    let (reading, subject) = publish(office, &mut tx).await?;
    tx.commit().await?;
    let mut rates = Vec::new();
    let mut requirement = Uuid::nil();
    for run in 1..=job.runs {
        let mut tx = office.write().await?;
        let roles = ["student", "teacher", "staff"].map(str::to_owned).to_vec();
        let new = NewRequirement {
            title: format!("Responsible Use Agreement, round {run}"),
            subject,
            answers_as: AnswersAs::Oneself,
            audience: Rule::Role(roles),
            due: Some(office.district.today(tx.now()).plus(30)),
            join_days: 30,
            goal: 95,
            minutes: reading.minutes.max(1),
            window: Window::default(),
        };
        requirement = requirements::save(&mut tx, &office.operator, &office.district, new).await?.uid;
        tx.commit().await?;
        let work = async {
            let mut tx = office.write().await?;
            let asked = requirements::issue(&mut tx, &office.operator, &office.district, requirement).await?;
            tx.commit().await?;
            Ok(asked.unsigned_abs())
        };
        let (time, asked) = seconds(work).await?;
        measured.obligations = asked;
        rates.push(rate(asked, time));
    }
    measured.obligations_per_s = median(&mut rates);
    Ok(Question {
        requirement,
        language: reading.language,
        text_hash: reading.hash,
        consents: reading.consents.into_iter().map(|c| c.id).collect(),
        password: PASSWORD.into(),
    })
}

async fn publish(office: &Office, tx: &mut Tx) -> Result<(Reading, Subject)> {
    let (operator, today) = (&office.operator, office.district.today(tx.now()));
    let version = policies::take(tx, operator, POLICY).await?;
    let open = policies::reading::open_blanks(tx, version.id).await?;
    let values: BTreeMap<String, String> = open.into_iter().map(|blank| (blank, "the help desk (555-0199)".to_owned())).collect();
    if !values.is_empty() {
        policies::fill_blanks(tx, operator, version.id, None, &values).await?;
    }
    let vote = Adoption { votes_for: 6, against: 1, abstained: 0, resolution: "2027-01".into(), day: today };
    adoption::adopt(tx, operator, version.id, vote).await?;
    let version = policies::publish(tx, operator, version.id, today).await?;
    let reading = policies::read(tx, &version, Some("en")).await?;
    Ok((reading, Subject::Policy { version: version.id.0, root: version.policy_id.0 }))
}

/// The next so many of the students.
fn take(students: &mut Vec<Student>, wanted: usize) -> Vec<Student> {
    let rest = students.split_off(wanted.min(students.len()));
    std::mem::replace(students, rest)
}

/// Students answer over HTTP: as many as can, each once; the students are dealt out to the runs. Then some go the whole way.
async fn answering(
    office: &Office,
    served: &Served,
    question: &Question,
    students: &mut Vec<Student>,
    job: &Job,
    measured: &mut Measured,
) -> Result<()> {
    say(job, "answers");
    let way = take(students, WHOLE_WAYS.min(students.len() / 4));
    let answering = take(students, job.answers);
    let Some(one) = answering.first() else { return Err(Problem::invalid("people", "this district has no student")) };
    answers::shows(served.address, question, one).await?;
    let size = answering.len().div_ceil(usize::try_from(job.runs).unwrap_or(1));
    let (mut rates, mut times) = (Vec::new(), Vec::new());
    let mut confirmed = 0;
    for some in answering.chunks(size.max(1)) {
        let round = answers::answer_all(served.address, question, some.to_vec()).await?;
        confirmed += round.confirmed.len();
        rates.push(round.per_second);
        times.extend(round.times);
        complain(job, &round.errors);
        measured.acknowledgment_errors += count(round.errors.len());
    }
    measured.acknowledgments = count(confirmed);
    measured.acknowledgments_per_s = median(&mut rates);
    measured.acknowledgment_median_ms = median(&mut times);
    measured.acknowledgment_p99_ms = share(&mut times, 99);

    say(job, "from the sign-in page to the receipt");
    let mut round = answers::whole_ways(served.address, question, way, 8).await?;
    complain(job, &round.errors);
    confirmed += round.confirmed.len();
    measured.whole_way_per_s = round.per_second;
    measured.whole_way_median_ms = median(&mut round.times);
    measured.whole_way_p99_ms = share(&mut round.times, 99);
    all_counted(office, question, confirmed).await
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// The first errors, for whoever watches.
fn complain(job: &Job, errors: &[String]) {
    for error in errors.iter().take(3) {
        eprintln!("{}: {error}", job.site.name());
    }
}

/// Every answer that was confirmed is a closed duty now.
async fn all_counted(office: &Office, question: &Question, confirmed: usize) -> Result<()> {
    let mut tx = office.read().await?;
    let today = office.district.today(tx.now());
    let counts = figures::total(&mut tx, &office.operator, question.requirement, today).await?;
    if counts.fulfilled.unsigned_abs() >= count(confirmed) {
        Ok(())
    } else {
        let found = format!("{} of {confirmed}", counts.fulfilled);
        Err(Problem::internal("the audit doesn't count every answer that was confirmed", found))
    }
}

/// The first school morning.
async fn first_morning(
    office: &Office,
    served: &Served,
    question: &Question,
    students: &mut Vec<Student>,
    job: &Job,
    measured: &mut Measured,
) -> Result<()> {
    if job.morning == 0 {
        return Ok(());
    }
    say(job, "the first school morning");
    let coming = take(students, job.morning);
    let director = director(office, "morning-director").await?;
    let beside = ["/audit", "/requirements", "/", "/roster"].map(|path| (director.clone(), path.to_owned()));
    let lasts = std::time::Duration::from_mins(job.morning_minutes);
    measured.morning_students = count(coming.len());
    let began = std::time::Instant::now();
    let (mut round, mut others) = answers::morning(served.address, question, coming, lasts, beside.to_vec()).await?;
    measured.morning_minutes = began.elapsed().as_secs_f64() / 60.0;
    complain(job, &round.errors);
    complain(job, &others.errors);
    measured.morning_errors = count(round.errors.len() + others.errors.len());
    measured.morning_median_ms = median(&mut round.times);
    measured.morning_p99_ms = share(&mut round.times, 99);
    measured.morning_others_p99_ms = share(&mut others.times, 99);
    Ok(())
}

/// The server is killed under load, again and again; then every answer that was confirmed is held against what the database holds.
async fn kills(
    office: &Office,
    url: &str,
    question: &Question,
    students: &mut Vec<Student>,
    job: &Job,
    measured: &mut Measured,
) -> Result<()> {
    if job.kills == 0 {
        return Ok(());
    }
    say(job, "kills");
    let all = std::mem::take(students);
    let confirmed = answers::killed(url, &job.log_key, question, all, job.kills).await?;
    let mut tx = office.read().await?;
    let kept: Vec<(Uuid, i64)> =
        on!(tx, |c| sqlx::query_as("SELECT p.uid, COUNT(*) FROM acknowledgment k JOIN person p ON p.id = k.person_id GROUP BY p.uid")
            .fetch_all(c)
            .await)?;
    let kept: std::collections::HashMap<Uuid, i64> = kept.into_iter().collect();
    for person in confirmed.keys() {
        if kept.get(person) != Some(&1) {
            let found = format!("{person}: {:?}", kept.get(person));
            return Err(Problem::internal("an answer that was confirmed isn't there exactly once", found));
        }
    }
    if let Some((person, number)) = kept.iter().find(|(_, number)| **number != 1) {
        return Err(Problem::internal("somebody has answered more than once", format!("{person}: {number}")));
    }
    let checked = acknowledgments::verify::records(&mut tx).await?;
    if let Some(broken) = checked.broken.first() {
        return Err(Problem::internal("verify found a broken record", format!("{broken:?}")));
    }
    if let Some(one) = verify::ledger(&mut tx).await?.first() {
        return Err(Problem::internal("the ledger doesn't agree with the duties", format!("{one:?}")));
    }
    measured.kills = job.kills;
    measured.kills_confirmed = count(confirmed.len());
    Ok(())
}

/// All students, with an account and a session each, in the order of their keys.
async fn everybody(office: &Office, job: &Job) -> Result<Vec<Student>> {
    say(job, "accounts");
    let mut tx = office.write().await?;
    let now = tx.now();
    let pattern = NewAccount { login: "pattern".into(), name: "Pattern".into(), password: Some(PASSWORD.into()), ..NewAccount::default() };
    accounts::add(&mut tx, &office.operator, pattern).await?;
    on!(tx,
        sqlite "INSERT INTO account (uid, login, name, person_id, password_hash, created_at)
                SELECT randomblob(16), 'bench-' || p.id, p.given || ' ' || p.family, p.id,
                       (SELECT password_hash FROM account WHERE login = 'pattern'), $1
                FROM person p WHERE p.role = 'student' AND p.left_day IS NULL ORDER BY p.id",
        postgres "INSERT INTO account (uid, login, name, person_id, password_hash, created_at)
                  SELECT gen_random_uuid(), 'bench-' || p.id, p.given || ' ' || p.family, p.id,
                         (SELECT password_hash FROM account WHERE login = 'pattern'), $1
                  FROM person p WHERE p.role = 'student' AND p.left_day IS NULL ORDER BY p.id",
        |c, sql| sqlx::query(sql).bind(now).execute(c).await.map(drop))?;
    let all: Vec<(AccountId, String, Uuid)> = on!(tx, |c| sqlx::query_as(
        "SELECT a.id, a.login, p.uid FROM account a JOIN person p ON p.id = a.person_id WHERE a.login LIKE 'bench-%' ORDER BY a.id"
    )
    .fetch_all(c)
    .await)?;
    let mut students = Vec::with_capacity(all.len());
    for (account, login, about) in all {
        let token = sessions::begin(&mut tx, account).await?.for_cookie().to_owned();
        students.push(Student { about, login, token });
    }
    tx.commit().await?;
    Ok(students)
}

/// A director's session.
async fn director(office: &Office, login: &str) -> Result<String> {
    let mut tx = office.write().await?;
    let new = NewAccount {
        login: login.into(),
        name: "Kelley Christian".into(),
        roles: vec![(Role::Director, office.district.root)],
        ..NewAccount::default()
    };
    let account = accounts::add(&mut tx, &office.operator, new).await?;
    let token = sessions::begin(&mut tx, account).await?.for_cookie().to_owned();
    tx.commit().await?;
    Ok(token)
}

/// What a director looks at.
async fn look(office: &Office, served: &Served, requirement: Uuid, job: &Job, measured: &mut Measured) -> Result<()> {
    say(job, "audit");
    let token = director(office, "director").await?;
    let today = office.district.today(office.read().await?.now());
    measured.audit_by_school_ms = median_ms(async || {
        let mut tx = office.read().await?;
        figures::lines(&mut tx, &office.operator, requirement, today, By::School).await.map(drop)
    })
    .await?;
    measured.people_page_ms = median_ms(async || {
        let mut tx = office.read().await?;
        people::behind(&mut tx, &office.operator, requirement, today, &Filter::default(), Page::number(None)).await.map(drop)
    })
    .await?;
    measured.audit_page_ms = pages::page_ms(served.address, &token, "/audit").await?;
    let mut tx = office.write().await?;
    crate::policies::write(&mut tx, &office.operator, &office.district).await?;
    tx.commit().await?;
    let policy = crate::policies::measure(served.address, &token).await?;
    (measured.policy_open_ms, measured.policy_edit_ms, measured.policy_compare_ms) = (policy.open, policy.edit, policy.compare);
    let mut rates = Vec::new();
    for _ in 0..job.runs {
        let (time, rows) = pages::lines(served.address, &token, &format!("/audit/{requirement}/people.csv")).await?;
        measured.csv_rows = rows;
        rates.push(rate(rows, time));
    }
    measured.csv_rows_per_s = median(&mut rates);
    if measured.csv_rows == measured.obligations {
        Ok(())
    } else {
        let found = format!("{} of {}", measured.csv_rows, measured.obligations);
        Err(Problem::internal("the CSV doesn't list everybody who is asked", found))
    }
}

/// The log is filled, sealed and checked.
async fn log(office: &Office, job: &Job, measured: &mut Measured) -> Result<()> {
    say(job, "the log");
    let mut tx = office.write().await?;
    records::fill(&mut tx, &office.operator, job.records).await?;
    let key = use_key(&mut tx, &office.operator, &office.district, &job.log_key).await?;
    tx.commit().await?;
    let work = async {
        let mut tx = office.write().await?;
        let sealed = records::seal(&mut tx, &key).await?;
        tx.commit().await?;
        Ok(sealed)
    };
    // Some were sealed while they came in.
    (measured.seal_s, _) = seconds(work).await?;
    let mut times = Vec::new();
    for _ in 0..job.runs {
        let mut tx = office.read().await?;
        let (time, checked) = seconds(records::check(&mut tx)).await?;
        measured.records = checked;
        times.push(time);
    }
    if measured.records < count(job.records) {
        return Err(Problem::internal("not every record was checked", format!("{} of {}", measured.records, job.records)));
    }
    measured.verify_s = median(&mut times);
    measured.verify_records_per_s = rate(measured.records, measured.verify_s);
    Ok(())
}

/// The most memory that this process has held, in MiB; 0 where the system doesn't say (Linux does).
fn peak_mib() -> Result<f64> {
    peak_mib_of("self")
}

/// From now on the peak counts anew (Linux: `clear_refs`), so that what grows below an earlier peak shows.
fn forget_peak() -> Result<()> {
    match std::fs::write("/proc/self/clear_refs", "5") {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
        _ => Ok(()),
    }
}

/// As [`peak_mib`], of a process.
pub fn peak_mib_of(process: &str) -> Result<f64> {
    let status = match std::fs::read_to_string(format!("/proc/{process}/status")) {
        Ok(status) => status,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(0.0),
        Err(e) => return Err(e.into()),
    };
    let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    Ok(kib.unwrap_or(0.0) / 1024.0)
}
