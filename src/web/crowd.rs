//! The first school morning: thousands at the same moment. Who somebody is, and what somebody answers, is asked of the database for all
//! requests of a moment together (see [`Together`]); each of them gets a reply of its own, as if it had come alone.

use rocket::fairing::AdHoc;
use rocket_db_pools::Database;
use uuid::Uuid;

use crate::acknowledgments::{self, Record, Sent};
use crate::db::{Db, Store, Together, Tx};
use crate::identity::{SignedIn, Token, sessions};
use crate::kernel::{Actor, Clock, Problem, Result};
use crate::policies::Shelf;
use crate::roster::{District, district};

/// Where requests gather.
#[derive(Debug)]
pub struct Crowd {
    visits: Together<Option<Token>, Result<Visit>>,
    answers: Together<Sending, Result<Answered>>,
}

/// Whose request it is, in which district.
#[derive(Debug, Clone)]
pub struct Visit {
    pub district: District,
    pub signed_in: Option<SignedIn>,
}

impl Visit {
    /// Who acts, where it isn't a device in children's hands.
    fn actor(&self) -> Option<&Actor> {
        self.signed_in.as_ref().filter(|s| s.class.is_none()).map(|s| &s.actor)
    }
}

/// An answer on its way in; who sends it is looked up together with the others, too.
#[derive(Debug, Clone)]
pub struct Sending {
    pub token: Option<Token>,
    pub requirement: Uuid,
    pub about: Uuid,
    /// In which the text was read.
    pub language: String,
    pub given: acknowledgments::Answer,
}

/// What came of it.
#[derive(Debug)]
pub struct Answered {
    pub visit: Visit,
    /// `NotFound` also for whoever isn't signed in.
    pub outcome: Result<Record>,
}

impl Crowd {
    fn new(store: Store, clock: Clock, shelf: std::sync::Arc<Shelf>) -> Self {
        // One batch is read while another is written and synced.
        let lanes = 2;
        let (seen, at) = (store.clone(), clock.clone());
        Self {
            visits: Together::new(lanes, move |tokens| {
                let (store, clock) = (seen.clone(), at.clone());
                async move { visits(&store, &clock, tokens).await }
            }),
            answers: Together::new(lanes, move |sending| {
                let (store, clock, shelf) = (store.clone(), clock.clone(), shelf.clone());
                async move { answers(&store, &clock, &shelf, sending).await }
            }),
        }
    }

    /// Who holds that token, in the district of today.
    pub async fn visit(&self, token: Option<Token>) -> Result<Visit> {
        self.visits.ask(token).await?
    }

    /// Keeps an answer to a task of one's own; synced to disk when it returns.
    ///
    /// # Errors
    /// `Internal` where the database isn't ready; the answer's own outcome is as of [`acknowledgments::answer`].
    pub async fn answer(&self, sending: Sending) -> Result<Answered> {
        self.answers.ask(sending).await?
    }
}

async fn visits(store: &Store, clock: &Clock, tokens: Vec<Option<Token>>) -> Vec<Result<Visit>> {
    let number = tokens.len();
    let found = async {
        let mut tx = store.read(clock).await?;
        look_up(&mut tx, tokens.iter().map(Option::as_ref)).await
    };
    match found.await {
        Ok(found) => found.into_iter().map(Ok).collect(),
        Err(problem) => {
            let what = problem.to_string();
            (0..number).map(|_| Err(Problem::internal("the database isn't ready", what.clone()))).collect()
        }
    }
}

async fn look_up(tx: &mut Tx, tokens: impl Iterator<Item = Option<&Token>> + Clone) -> Result<Vec<Visit>> {
    let district = district::get(tx).await?;
    let known: Vec<Token> = tokens.clone().flatten().cloned().collect();
    let mut found = if known.is_empty() { Vec::new() } else { sessions::find(tx, &known, &district.zone).await? }.into_iter();
    let visit = |token: Option<&Token>| Visit { district: district.clone(), signed_in: token.and_then(|_| found.next().flatten()) };
    Ok(tokens.map(visit).collect())
}

/// Should the database refuse a batch, each answer is tried alone, so that none stands in another's way.
async fn answers(store: &Store, clock: &Clock, shelf: &Shelf, sending: Vec<Sending>) -> Vec<Result<Answered>> {
    match together(store, clock, shelf, &sending).await {
        Ok(answered) => answered.into_iter().map(Ok).collect(),
        Err(problem) if sending.len() == 1 => vec![Err(problem)],
        Err(problem) => {
            tracing::warn!(%problem, answers = sending.len(), "answers could not be kept together; each is tried alone");
            let mut answered = Vec::with_capacity(sending.len());
            for one in &sending {
                let alone = together(store, clock, shelf, std::slice::from_ref(one)).await;
                answered.push(alone.and_then(|mut alone| alone.pop().ok_or(Problem::NotFound)));
            }
            answered
        }
    }
}

/// Where there is one writer, who sends and what they answer is read beside other batches, and only what is written waits for its turn.
async fn together(store: &Store, clock: &Clock, shelf: &Shelf, sending: &[Sending]) -> Result<Vec<Answered>> {
    let one_writer = store.engine() == "sqlite";
    let mut tx = if one_writer { store.read(clock).await? } else { store.write(clock).await? };
    let visits = look_up(&mut tx, sending.iter().map(|s| s.token.as_ref())).await?;
    let mut sent = Vec::with_capacity(sending.len());
    for (sending, visit) in sending.iter().zip(&visits) {
        if let Some(actor) = visit.actor() {
            let (language, given) = (sending.language.clone(), sending.given.clone());
            sent.push(Sent { actor: actor.clone(), requirement: sending.requirement, about: sending.about, language, given });
        }
    }
    let ready = acknowledgments::look_up(&mut tx, shelf, &sent).await?;

    let mut outcomes = Vec::new().into_iter();
    if let Some(visit) = visits.first().filter(|_| !sent.is_empty()) {
        if one_writer {
            // The reader goes back before a writer is waited for.
            drop(tx);
            tx = store.write(clock).await?;
        }
        outcomes = acknowledgments::answer_all(&mut tx, &visit.district, &sent, &ready).await?.into_iter();
        for (sending, visit) in sending.iter().zip(&visits) {
            if let (Some(token), Some(true)) = (&sending.token, visit.signed_in.as_ref().map(|s| s.stale)) {
                sessions::seen(&mut tx, token).await?;
            }
        }
        tx.commit().await?;
    }
    let mut outcome = |visit: &Visit| visit.actor().and_then(|_| outcomes.next()).unwrap_or(Err(Problem::NotFound));
    Ok(visits.into_iter().map(|visit| Answered { outcome: outcome(&visit), visit }).collect())
}

pub fn stage() -> AdHoc {
    AdHoc::try_on_ignite("the crowd", |rocket| async {
        let Some(store) = Db::fetch(&rocket).map(|db| Store::clone(db)) else { return Err(rocket) };
        let clock = rocket.state::<Clock>().cloned().unwrap_or_default();
        let shelf = std::sync::Arc::new(Shelf::default());
        Ok(rocket.manage(Crowd::new(store, clock, shelf.clone())).manage(shelf))
    })
}
