//! The product's own server on a port of this machine, and those who ask it: students who answer, a director who looks.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use assent::kernel::{Clock, Problem, Result};
use assent::web::desk::SESSION_COOKIE;
use assent::web::{self, Listen};
use reqwest::{Client, RequestBuilder, Response, redirect};
use rocket::fairing::AdHoc;
use tokio::task::{JoinHandle, JoinSet};
use uuid::Uuid;

use crate::clocking::{median_ms, rate, seconds};

/// So many students answer at the same time.
const CONNECTIONS: usize = 8;
/// A round of answers ends after this long, also with students left.
const LONGEST: Duration = Duration::from_mins(1);

pub struct Server {
    address: String,
    client: Client,
    shutdown: rocket::Shutdown,
    running: JoinHandle<()>,
}

/// Somebody signed in who has one task.
#[derive(Debug, Clone)]
pub struct Student {
    pub about: Uuid,
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
}

/// A round of answers.
pub struct Round {
    pub answers: u64,
    pub per_second: f64,
    /// How long each took, in milliseconds.
    pub times: Vec<f64>,
}

fn http(error: reqwest::Error) -> Problem {
    Problem::internal("the server could not be asked", error)
}

impl Server {
    /// Serves that database on a free port.
    pub async fn start(url: String) -> Result<Self> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let port = AdHoc::on_liftoff("the port", move |rocket| {
            // Nobody waits any more only where starting failed.
            let _ = tell.send(rocket.config().port);
            Box::pin(async {})
        });
        let built = web::rocket(&Listen::locally(url, 0), Clock::system()).attach(port);
        let server = built.ignite().await.map_err(|e| Problem::internal("the server can't be made", e.to_string()))?;
        let shutdown = server.shutdown();
        let running = tokio::spawn(async move {
            if let Err(error) = server.launch().await {
                eprintln!("error: the server broke off: {error}");
            }
        });
        let port = told.await.map_err(|e| Problem::internal("the server did not start", e))?;
        let client = Client::builder().redirect(redirect::Policy::none()).build().map_err(http)?;
        Ok(Self { address: format!("http://127.0.0.1:{port}"), client, shutdown, running })
    }

    pub async fn stop(self) -> Result<()> {
        self.shutdown.notify();
        self.running.await.map_err(|e| Problem::internal("the server broke off", e))
    }

    fn get(&self, token: &str, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.address)).header("Cookie", format!("{SESSION_COOKIE}={token}"))
    }

    /// The median time of that page, in milliseconds, read to its end.
    pub async fn page_ms(&self, token: &str, path: &str) -> Result<f64> {
        median_ms(async || {
            let body = expect(self.get(token, path), 200).await?.text().await.map_err(http)?;
            if body.trim_end().ends_with("</html>") {
                Ok(())
            } else {
                Err(Problem::internal(format!("{path} is no whole page"), "no </html>"))
            }
        })
        .await
    }

    /// Reads a file line by line without holding it: seconds, and lines below the heading.
    pub async fn lines(&self, token: &str, path: &str) -> Result<(f64, u64)> {
        let reading = async {
            let mut response = expect(self.get(token, path), 200).await?;
            let mut lines = 0_u64;
            while let Some(part) = response.chunk().await.map_err(http)? {
                lines += part.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
            }
            Ok(lines.saturating_sub(1))
        };
        seconds(reading).await
    }

    /// Whether the page on which that student answers carries the hash that the answers will name.
    pub async fn shows(&self, question: &Question, student: &Student) -> Result<()> {
        let path = format!("/tasks/{}/{}/answer?language={}", question.requirement, student.about, question.language);
        let body = expect(self.get(&student.token, &path), 200).await?.text().await.map_err(http)?;
        if body.contains(&question.text_hash) {
            Ok(())
        } else {
            Err(Problem::internal("the answer page shows another text", question.text_hash.clone()))
        }
    }

    /// All of these students answer, eight at a time, each on the page's own form.
    pub async fn answers(&self, question: &Question, students: Vec<Student>) -> Result<Round> {
        let (students, next) = (Arc::new(students), Arc::new(AtomicUsize::new(0)));
        let began = Instant::now();
        let mut all = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (students, next, question) = (Arc::clone(&students), Arc::clone(&next), question.clone());
            let (client, address) = (self.client.clone(), self.address.clone());
            all.spawn(async move {
                let mut times = Vec::new();
                while began.elapsed() < LONGEST {
                    let Some(student) = students.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
                    times.push(seconds(answer(&client, &address, &question, student)).await?.0 * 1000.0);
                }
                Ok::<_, Problem>(times)
            });
        }
        let mut times = Vec::new();
        while let Some(done) = all.join_next().await {
            times.extend(done.map_err(|e| Problem::internal("a student broke off", e))??);
        }
        let answers = u64::try_from(times.len()).unwrap_or_default();
        Ok(Round { answers, per_second: rate(answers, began.elapsed().as_secs_f64()), times })
    }
}

/// One student's yes, as a browser sends it, answered with the way to the receipt.
async fn answer(client: &Client, address: &str, question: &Question, student: &Student) -> Result<()> {
    let mut form = vec![
        ("text_hash".to_owned(), question.text_hash.clone()),
        ("language".to_owned(), question.language.clone()),
        ("agrees".to_owned(), "yes".to_owned()),
    ];
    form.extend(question.consents.iter().map(|id| (format!("choice.{id}"), "yes".to_owned())));
    let request = client
        .post(format!("{address}/tasks/{}/{}/answer", question.requirement, student.about))
        .header("Origin", address)
        .header("Cookie", format!("{SESSION_COOKIE}={}", student.token))
        .form(&form);
    let response = expect(request, 303).await?;
    let location = response.headers().get("Location").and_then(|l| l.to_str().ok()).unwrap_or_default().to_owned();
    // The connection is free again once the answer is read.
    response.bytes().await.map_err(http)?;
    if location.starts_with("/receipts/") { Ok(()) } else { Err(Problem::internal("an answer led elsewhere", location)) }
}

async fn expect(request: RequestBuilder, status: u16) -> Result<Response> {
    let response = request.send().await.map_err(http)?;
    let (found, path) = (response.status().as_u16(), response.url().path().to_owned());
    if found == status {
        return Ok(response);
    }
    let body = response.text().await.unwrap_or_default();
    Err(Problem::internal(format!("{path} answered {found} instead of {status}"), body))
}
