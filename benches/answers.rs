//! Students who answer over HTTP: as many as can, each a person of their own who is signed in; the whole way from the sign-in page to the
//! receipt; the first school morning; and the server killed while they do.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use assent::kernel::{Chance, Problem, Result};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::clocking::rate;
use crate::line::{Line, Reply};
use crate::served::Served;

/// So many students answer at the same time.
pub const CONNECTIONS: usize = 64;

/// Somebody who has one task.
#[derive(Debug, Clone)]
pub struct Student {
    pub about: Uuid,
    pub login: String,
    /// Of the session, for those who are signed in.
    pub token: String,
}

/// What all of them answer.
#[derive(Debug, Clone)]
pub struct Question {
    pub requirement: Uuid,
    pub language: String,
    pub text_hash: String,
    /// The consents of a form, each to be answered with yes; an agreement has none.
    pub consents: Vec<String>,
    /// Of all made-up accounts.
    pub password: String,
}

impl Question {
    fn page(&self, student: &Student) -> String {
        format!("/tasks/{}/{}", self.requirement, student.about)
    }

    fn form(&self) -> String {
        let mut form = format!("text_hash={}&language={}&agrees=yes", self.text_hash, self.language);
        for id in &self.consents {
            form.push_str("&choice.");
            form.push_str(id);
            form.push_str("=yes");
        }
        form
    }
}

/// A round of answers.
#[derive(Debug, Default)]
pub struct Round {
    /// Whose answers were confirmed.
    pub confirmed: Vec<Uuid>,
    pub per_second: f64,
    /// How long each request took, in milliseconds.
    pub times: Vec<f64>,
    /// What went wrong, where something did.
    pub errors: Vec<String>,
}

/// Sends work to the server over so many connections until it is done.
async fn over_connections<Doing>(
    students: Arc<Vec<Student>>,
    connections: usize,
    each: impl Fn(Arc<Vec<Student>>, usize, Line) -> Doing + Clone + Send + 'static,
    address: SocketAddr,
) -> Result<Round>
where
    Doing: Future<Output = (Line, Result<Vec<f64>>)> + Send,
{
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let mut all = JoinSet::new();
    for school in 0..connections {
        let (students, next, each) = (Arc::clone(&students), Arc::clone(&next), each.clone());
        let mut line = Line::open(address, school).await?;
        all.spawn(async move {
            let mut round = Round::default();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(student) = students.get(number) else { return round };
                let done;
                (line, done) = each(Arc::clone(&students), number, line).await;
                match done {
                    Ok(times) => {
                        round.times.extend(times);
                        round.confirmed.push(student.about);
                    }
                    Err(problem) => {
                        round.errors.push(problem.to_string());
                        let Ok(again) = Line::open(address, school).await else { return round };
                        line = again;
                    }
                }
            }
        });
    }
    let mut whole = Round::default();
    while let Some(one) = all.join_next().await {
        let one = one.map_err(|e| Problem::internal("a student broke off", e))?;
        whole.confirmed.extend(one.confirmed);
        whole.times.extend(one.times);
        whole.errors.extend(one.errors);
    }
    whole.per_second = rate(u64::try_from(whole.confirmed.len()).unwrap_or_default(), began.elapsed().as_secs_f64());
    Ok(whole)
}

/// Whether the page on which that student answers carries the hash that the answers will name.
pub async fn shows(address: SocketAddr, question: &Question, student: &Student) -> Result<()> {
    let path = format!("{}/answer?language={}", question.page(student), question.language);
    let reply = Line::open(address, 0).await?.get(&path, &student.token).await?;
    if reply.body.contains(&question.text_hash) {
        Ok(())
    } else {
        Err(Problem::internal("the answer page shows another text", format!("{} {}", reply.status, question.text_hash)))
    }
}

/// All of these students answer, 64 at a time, each on the page's own form.
pub async fn answer_all(address: SocketAddr, question: &Question, students: Vec<Student>) -> Result<Round> {
    let (question, form) = (question.clone(), question.form());
    let each = move |students: Arc<Vec<Student>>, number: usize, mut line: Line| {
        let (question, form) = (question.clone(), form.clone());
        async move {
            let done = answer(&mut line, &question, &form, &students[number], &students[number].token).await;
            (line, done.map(|time| vec![time]))
        }
    };
    over_connections(Arc::new(students), CONNECTIONS, each, address).await
}

/// One student's yes, as a browser sends it, answered with the way to the receipt. Milliseconds.
async fn answer(line: &mut Line, question: &Question, form: &str, student: &Student, token: &str) -> Result<f64> {
    let began = Instant::now();
    let reply = line.post(&format!("{}/answer", question.page(student)), token, form).await?;
    let took = millis(began);
    expect(&reply, 303, "an answer")?;
    if reply.location.starts_with("/receipts/") { Ok(took) } else { Err(Problem::internal("an answer led elsewhere", reply.location)) }
}

fn millis(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1000.0
}

fn expect(reply: &Reply, status: u16, what: &str) -> Result<()> {
    if reply.status == status {
        return Ok(());
    }
    let said: String = reply.body.chars().take(400).collect();
    Err(Problem::internal(format!("{what} was answered with {} instead of {status}", reply.status), said))
}

/// The whole way: sign in, see what is to do, read, open the answer page, answer, see the receipt. The time of each request but the sign-in's,
/// which is slow by design (argon2id).
async fn whole_way(line: &mut Line, question: &Question, form: &str, student: &Student) -> Result<Vec<f64>> {
    let sign_in = format!("login={}&password={}&next=/", student.login, question.password);
    let reply = line.post("/sign-in", "", &sign_in).await?;
    expect(&reply, 303, "a sign-in")?;
    let token = reply.token.ok_or_else(|| Problem::internal("a sign-in set no session", reply.location))?;
    let mut times = Vec::with_capacity(5);
    let page = question.page(student);
    for (path, what) in [("/".to_owned(), "the task list"), (page.clone(), "the text"), (format!("{page}/answer"), "the answer page")] {
        let began = Instant::now();
        let reply = line.get(&path, &token).await?;
        times.push(millis(began));
        // A student's first page leads to the task list.
        if reply.status == 303 && path == "/" {
            let began = Instant::now();
            let reply = line.get(&reply.location, &token).await?;
            times.push(millis(began));
            expect(&reply, 200, what)?;
            continue;
        }
        expect(&reply, 200, what)?;
    }
    times.push(answer(line, question, form, student, &token).await?);
    Ok(times)
}

/// As many as can go the whole way, so many at a time.
pub async fn whole_ways(address: SocketAddr, question: &Question, students: Vec<Student>, connections: usize) -> Result<Round> {
    let (question, form) = (question.clone(), question.form());
    let each = move |students: Arc<Vec<Student>>, number: usize, mut line: Line| {
        let (question, form) = (question.clone(), form.clone());
        async move {
            let done = whole_way(&mut line, &question, &form, &students[number]).await;
            (line, done)
        }
    };
    over_connections(Arc::new(students), connections, each, address).await
}

/// The first school morning: students come evenly over that time, each with a connection of their own for the whole way, whether or not the
/// server keeps up; beside them `others` open pages (each `(token, path)` again and again).
pub async fn morning(
    address: SocketAddr,
    question: &Question,
    students: Vec<Student>,
    lasts: Duration,
    others: Vec<(String, String)>,
) -> Result<(Round, Round)> {
    let stop = Arc::new(AtomicUsize::new(0));
    let mut beside = JoinSet::new();
    for (token, path) in others {
        let stop = Arc::clone(&stop);
        beside.spawn(async move {
            let mut round = Round::default();
            while stop.load(Ordering::Relaxed) == 0 {
                let done = async {
                    let began = Instant::now();
                    let reply = Line::open(address, 1).await?.get(&path, &token).await?;
                    expect(&reply, 200, &path)?;
                    Ok::<_, Problem>(millis(began))
                };
                match done.await {
                    Ok(time) => round.times.push(time),
                    Err(problem) => round.errors.push(problem.to_string()),
                }
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            round
        });
    }
    let number = u32::try_from(students.len()).unwrap_or(u32::MAX).max(1);
    let (pause, began) = (lasts / number, Instant::now());
    let form = question.form();
    let mut all = JoinSet::new();
    for (place, student) in (0_u32..).zip(students) {
        tokio::time::sleep_until((began + pause * place).into()).await;
        let (question, form) = (question.clone(), form.clone());
        all.spawn(async move {
            let mut line = Line::open(address, usize::try_from(place).unwrap_or_default()).await?;
            Ok::<_, Problem>((student.about, whole_way(&mut line, &question, &form, &student).await?))
        });
    }
    let mut round = Round::default();
    while let Some(one) = all.join_next().await {
        match one.map_err(|e| Problem::internal("a student broke off", e))? {
            Ok((about, times)) => {
                round.confirmed.push(about);
                round.times.extend(times);
            }
            Err(problem) => round.errors.push(problem.to_string()),
        }
    }
    round.per_second = rate(u64::try_from(round.confirmed.len()).unwrap_or_default(), began.elapsed().as_secs_f64());
    stop.store(1, Ordering::Relaxed);
    let mut pages = Round::default();
    while let Some(one) = beside.join_next().await {
        let one = one.map_err(|e| Problem::internal("a reader broke off", e))?;
        pages.times.extend(one.times);
        pages.errors.extend(one.errors);
    }
    Ok((round, pages))
}

/// The server is killed at a random moment under load, and started again, so many times. Whose answers were confirmed, and how often each
/// was asked for: students who had no answer ask again after the restart.
pub async fn killed(url: &str, log_key: &Path, question: &Question, students: Vec<Student>, times: u64) -> Result<HashMap<Uuid, u64>> {
    let mut chance = Chance::seeded(times);
    let mut confirmed: HashMap<Uuid, u64> = HashMap::new();
    let share = students.len() / usize::try_from(times).unwrap_or(1).max(1);
    let mut waiting: Vec<Student> = Vec::new();
    for (time, some) in (0..times).zip(students.chunks(share.max(1))) {
        // Those who heard nothing when the server went try again, as people do.
        let again = std::mem::take(&mut waiting);
        let all: Vec<Student> = again.into_iter().chain(some.iter().cloned()).collect();
        let mut served = Served::start(url, log_key).await?;
        let after = Duration::from_millis(20 + chance.below(600));
        let round = {
            let load = answer_all(served.address, question, all.clone());
            tokio::pin!(load);
            tokio::select! {
                round = &mut load => round?,
                () = tokio::time::sleep(after) => {
                    served.kill()?;
                    load.await?
                }
            }
        };
        for about in &round.confirmed {
            *confirmed.entry(*about).or_default() += 1;
        }
        waiting = all.into_iter().filter(|s| !confirmed.contains_key(&s.about)).collect();
        eprintln!("killed {} of {times}: {} answers confirmed so far", time + 1, confirmed.len());
    }
    Ok(confirmed)
}
