//! Mails leave here. Whoever sends (a [`Postman`]) takes some whose time has come, writes them down as under way, and only then hands them to
//! the mail server; what the server says is written down after. So a mail goes out at most once, whatever falls over in between. A server
//! that can't be reached is tried again, less and less often, and nothing else waits for it.

use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::{self, PoolConfig};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::task::JoinSet;

use super::saying::{self, Pages};
use super::store::mails::{self, EndRow, MailRow, Written};
use super::wording::Worded;
use super::{gathering, morning, store};
use crate::db::Store;
use crate::kernel::{Clock, Moment, Problem, Result};
use crate::roster::district;

/// Mails that are taken at once.
const BATCH: i64 = 128;
/// Conversations with the mail server at the same time.
const AT_ONCE: u32 = 8;
/// The server's answer is waited for so long.
const PATIENCE: Duration = Duration::from_secs(30);
/// A mail that the server puts off is tried so often in all.
const TRIES: i64 = 8;
/// Mails that were taken so many seconds ago, and of which nobody spoke again, count as unsure.
const SILENCE: i64 = 900;
/// The server's words are kept so far, in characters.
const LONGEST_SAID: usize = 500;

/// The mail server, and in whose name mails go out.
#[derive(Clone)]
pub struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    pages: Pages,
}

impl std::fmt::Debug for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Post").field("from", &self.from).field("pages", &self.pages).finish_non_exhaustive()
    }
}

impl Post {
    /// `url`: `smtps://name:password@mail.example.org`, `smtp://…?tls=required`, or `smtp://127.0.0.1:25` for a server on this machine.
    /// `from`: `Grand Bend ISD <assent@example.org>`. `pages`: where browsers reach the pages, `https://assent.example.org`.
    ///
    /// # Errors
    /// `Invalid` (`smtp`, `mail-from`, `url`) for what can't be used; a password is never in the message.
    pub fn new(url: &str, from: &str, pages: &str) -> Result<Self> {
        let unusable = |e: smtp::Error| {
            Problem::invalid(
                "smtp",
                format!("this mail server's address can't be used: {e}. Write smtps://name:password@host, or smtp://host?tls=required"),
            )
        };
        let local = url.strip_prefix("smtp://").is_some_and(|rest| {
            let host = rest.rsplit('@').next().unwrap_or(rest);
            ["127.0.0.1", "localhost", "[::1]"].iter().any(|own| host == *own || host.starts_with(&format!("{own}:")))
        });
        if url.starts_with("smtp://") && !local && !url.contains("tls=required") {
            let text = "mails and the server's password must not cross a network in the clear: write smtps://…, or smtp://…?tls=required";
            return Err(Problem::invalid("smtp", text));
        }
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(unusable)?
            .timeout(Some(PATIENCE))
            .pool_config(PoolConfig::new().max_size(AT_ONCE))
            .build();
        let from = from
            .parse()
            .map_err(|e| Problem::invalid("mail-from", format!("“{from}” can't send mails: {e}. Write Name <name@example.org>")))?;
        let pages = pages.trim_end_matches('/');
        if !pages.starts_with("https://") && !pages.starts_with("http://127.0.0.1") && !pages.starts_with("http://localhost") {
            return Err(Problem::invalid(
                "url",
                format!("“{pages}” is no address that browsers reach safely: write https://assent.example.org"),
            ));
        }
        Ok(Self { transport, from, pages: Pages(pages.to_owned()) })
    }

    /// Whether the server answers; what it says where it doesn't.
    async fn answers(&self) -> std::result::Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("it takes no mail now".to_owned()),
            Err(e) => Err(told(&e)),
        }
    }

    fn message(&self, mail: &MailRow, worded: Worded, now: Moment) -> Result<Message> {
        let address: Address = mail
            .address
            .parse()
            .map_err(|e| Problem::internal(format!("table mail, column address, mail {}: not an address", mail.uid), e))?;
        let date = std::time::UNIX_EPOCH + Duration::from_micros(u64::try_from(now.0).unwrap_or(0));
        // No out-of-office answers, please (RFC 3834).
        let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into());
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(worded.subject)
            .date(date)
            .message_id(Some(format!("<{}@{}>", mail.uid, self.from.email.domain())))
            .multipart(MultiPart::alternative_plain_html(worded.text, worded.html))
            .map_err(|e| Problem::internal("a mail could not be put together", e))?;
        message.headers_mut().insert_raw(automatic);
        Ok(message)
    }
}

/// What an error says, without line breaks and not too long.
fn told(error: &smtp::Error) -> String {
    super::wording::one_line(&error.to_string()).chars().take(LONGEST_SAID).collect()
}

/// What came of handing a mail over.
enum Came {
    Sent,
    /// Not now: a mail box that is full, a server that greylists.
    PutOff(String),
    Refused(String),
    /// The server could not be reached: it has seen nothing of it.
    Unreached(String),
    /// The connection broke in the middle.
    Unsure(String),
}

impl Came {
    fn of(sent: std::result::Result<smtp::response::Response, smtp::Error>) -> Self {
        match sent {
            Ok(_) => Self::Sent,
            Err(e) if e.is_permanent() => Self::Refused(told(&e)),
            Err(e) if e.is_transient() => Self::PutOff(told(&e)),
            // lettre tells this kind apart in its words alone: no connection was made.
            Err(e) if e.is_client() || e.to_string().starts_with("Connection error") => Self::Unreached(told(&e)),
            Err(e) => Self::Unsure(told(&e)),
        }
    }
}

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    pub sent: u64,
    pub failed: u64,
    pub put_off: u64,
    pub dropped: u64,
}

/// Makes the morning's reminders, gathers, and sends.
#[derive(Debug)]
pub struct Postman {
    store: Store,
    clock: Clock,
    post: Post,
    /// Before the first round, whatever SQLite says is under way was left behind by a process that is gone.
    fresh: bool,
    /// The server could not be reached: it is left alone until then.
    rests_until: Option<Moment>,
    rests: u32,
}

impl Postman {
    pub fn new(store: Store, clock: Clock, post: Post) -> Self {
        Self { store, clock, post, fresh: true, rests_until: None, rests: 0 }
    }

    /// One round: everything whose time has come goes out.
    ///
    /// # Errors
    /// `Internal` where the database can't be used; the next round tries again. What a mail server does is no error of a round.
    pub async fn round(&mut self) -> Result<Round> {
        let mut done = Round::default();
        let mut tx = self.store.read(&self.clock).await?;
        let Some(district) = district::find(&mut tx).await? else { return Ok(done) };
        let due = morning::is_due(&mut tx, &district).await?;
        drop(tx);
        if due {
            let mut tx = self.store.write(&self.clock).await?;
            morning::begin(&mut tx, &district).await?;
            tx.commit().await?;
        }
        self.give_up().await?;
        loop {
            self.gather(&district).await?;
            let before = done;
            while self.some(&district, &mut done).await? {}
            // Somebody whose mail has gone may have more waiting.
            if done.sent + done.failed + done.dropped == before.sent + before.failed + before.dropped {
                return Ok(done);
            }
        }
    }

    /// What a machine took and never spoke of again.
    async fn give_up(&mut self) -> Result<()> {
        let alone = std::mem::replace(&mut self.fresh, false) && matches!(self.store, Store::Sqlite { .. });
        let mut tx = self.store.read(&self.clock).await?;
        let before = if alone { tx.now().plus_seconds(1) } else { tx.now().plus_seconds(-SILENCE) };
        if !mails::any_left_behind(&mut tx, before).await? {
            return Ok(());
        }
        drop(tx);
        let mut tx = self.store.write(&self.clock).await?;
        let number = mails::give_up(&mut tx, before, "the machine stopped while it was being handed over").await?;
        tx.commit().await?;
        if number > 0 {
            tracing::warn!(number, "mails were under way when a machine stopped: whether they went out isn't known");
        }
        Ok(())
    }

    async fn gather(&self, district: &crate::roster::District) -> Result<()> {
        let mut place = Some(gathering::Place::START);
        while let Some(from) = place {
            let mut tx = self.store.read(&self.clock).await?;
            if !gathering::any(&mut tx, district, from).await? {
                place = from.next();
                continue;
            }
            drop(tx);
            let mut tx = self.store.write(&self.clock).await?;
            place = gathering::some(&mut tx, district, from).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Sends some; whether there may be more.
    async fn some(&mut self, district: &crate::roster::District, done: &mut Round) -> Result<bool> {
        let mut tx = self.store.read(&self.clock).await?;
        let now = tx.now();
        if self.rests_until.is_some_and(|until| now < until) || !mails::any_due(&mut tx).await? {
            return Ok(false);
        }
        drop(tx);
        if let Err(said) = self.post.answers().await {
            self.rest(&said).await?;
            return Ok(false);
        }
        let messages = self.take(district, done).await?;
        let mut under_way = JoinSet::new();
        for (mail, message) in messages {
            let transport = self.post.transport.clone();
            under_way.spawn(async move { (mail, Came::of(transport.send(message).await)) });
        }
        let mut ends = Vec::new();
        let mut unreached = None;
        while let Some(one) = under_way.join_next().await {
            let (mail, came) = one.map_err(|e| Problem::internal("sending a mail broke off", e))?;
            let end = |state, said: String, next_at| EndRow { id: mail.id, state, said, next_at };
            ends.push(match came {
                Came::Sent => {
                    done.sent += 1;
                    end("sent", String::new(), now)
                }
                Came::PutOff(said) if mail.attempts < TRIES => {
                    done.put_off += 1;
                    end("waiting", said, now.plus_seconds(pause(mail.attempts)))
                }
                Came::PutOff(said) | Came::Refused(said) => {
                    done.failed += 1;
                    end("failed", said, now)
                }
                Came::Unreached(said) => {
                    unreached = Some(said.clone());
                    end("waiting", said, now)
                }
                Came::Unsure(said) => {
                    done.failed += 1;
                    end("unsure", said, now)
                }
            });
        }
        let mut tx = self.store.write(&self.clock).await?;
        mails::end(&mut tx, &ends).await?;
        if unreached.is_none() {
            store::server_up(&mut tx, ends.iter().any(|end| end.state == "sent")).await?;
        }
        tx.commit().await?;
        if let Some(said) = unreached {
            self.rest(&said).await?;
            return Ok(false);
        }
        (self.rests, self.rests_until) = (0, None);
        Ok(true)
    }

    /// Takes mails, words them, and writes down that they are under way. Those that say nothing any more are dropped.
    async fn take(&self, district: &crate::roster::District, done: &mut Round) -> Result<Vec<(MailRow, Message)>> {
        let mut tx = self.store.write(&self.clock).await?;
        let now = tx.now();
        let taken = mails::take(&mut tx, BATCH).await?;
        let said = saying::all(&mut tx, district, &self.post.pages, &taken).await?;
        let mut messages = Vec::with_capacity(taken.len());
        let (mut heads, mut empty) = (Vec::new(), Vec::new());
        for (mail, said) in taken.into_iter().zip(said) {
            match said {
                Some(said) => {
                    let worded = said.worded()?;
                    heads.push((mail.id, said.locale.tag(), worded.subject.clone()));
                    let message = self.post.message(&mail, worded, now)?;
                    messages.push((mail, message));
                }
                None => empty.push(mail.id),
            }
        }
        let written: Vec<Written<'_>> = heads.iter().map(|(id, language, subject)| Written { id: *id, language, subject }).collect();
        mails::written(&mut tx, &written).await?;
        mails::drop_notices(&mut tx, &empty).await?;
        let ends: Vec<EndRow> = empty.iter().map(|id| EndRow { id: *id, state: "dropped", said: String::new(), next_at: now }).collect();
        mails::end(&mut tx, &ends).await?;
        done.dropped += u64::try_from(empty.len()).unwrap_or(0);
        tx.commit().await?;
        Ok(messages)
    }

    /// Leaves a server alone that can't be reached: half a minute, then twice as long each time, up to half an hour.
    async fn rest(&mut self, said: &str) -> Result<()> {
        let seconds = (30_i64 << self.rests.min(6)).min(1_800);
        self.rests += 1;
        let mut tx = self.store.write(&self.clock).await?;
        self.rests_until = Some(tx.now().plus_seconds(seconds));
        store::server_down(&mut tx, said).await?;
        tx.commit().await
    }

    /// Makes rounds for ever.
    pub async fn run(mut self, pause: Duration) {
        let mut said: Option<String> = None;
        loop {
            match self.round().await {
                Ok(_) => said = None,
                Err(problem) => {
                    let problem = problem.to_string();
                    // The same trouble every few seconds is said once.
                    if said.as_deref() != Some(problem.as_str()) {
                        tracing::error!(problem, "a round of the mail failed; it is tried again");
                    }
                    said = Some(problem);
                }
            }
            tokio::time::sleep(pause).await;
        }
    }
}

/// Seconds until the next try: a minute, then four times as long each time, up to six hours.
fn pause(attempts: i64) -> i64 {
    let times = u32::try_from(attempts.clamp(1, 8) - 1).unwrap_or(0);
    (60 * 4_i64.pow(times)).min(6 * 3600)
}
