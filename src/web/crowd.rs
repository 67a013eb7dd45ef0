//! The first school morning: thousands at the same moment. Who somebody is, and what somebody answers, is asked of the database for all
//! requests of a moment together (see [`Together`]); each of them gets a reply of its own, as if it had come alone.

use rocket::fairing::AdHoc;
use rocket_db_pools::Database;

use crate::acknowledgments::{self, Record, Sent};
use crate::db::{Db, Store, Together};
use crate::identity::{SignedIn, Token, sessions};
use crate::kernel::{Clock, Problem, Result};
use crate::policies::Shelf;
use crate::roster::{District, district};

/// Where requests gather.
#[derive(Debug)]
pub struct Crowd {
    visits: Together<Option<Token>, Result<Visit>>,
    answers: Together<Sent, Result<Record>>,
}

/// Whose request it is, in which district.
#[derive(Debug, Clone)]
pub struct Visit {
    pub district: District,
    pub signed_in: Option<SignedIn>,
}

impl Crowd {
    fn new(store: Store, clock: Clock, shelf: std::sync::Arc<Shelf>) -> Self {
        // SQLite has one writer; on PostgreSQL one batch is made ready while the other is synced.
        let writers = if store.engine() == "sqlite" { 1 } else { 2 };
        let (seen, at) = (store.clone(), clock.clone());
        Self {
            visits: Together::new(2, move |tokens| {
                let (store, clock) = (seen.clone(), at.clone());
                async move { visits(&store, &clock, tokens).await }
            }),
            answers: Together::new(writers, move |sent| {
                let (store, clock, shelf) = (store.clone(), clock.clone(), shelf.clone());
                async move { answers(&store, &clock, &shelf, sent).await }
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
    /// As [`acknowledgments::answer`].
    pub async fn answer(&self, sent: Sent) -> Result<Record> {
        self.answers.ask(sent).await?
    }
}

async fn visits(store: &Store, clock: &Clock, tokens: Vec<Option<Token>>) -> Vec<Result<Visit>> {
    let number = tokens.len();
    match look_up(store, clock, tokens).await {
        Ok(found) => found.into_iter().map(Ok).collect(),
        Err(problem) => {
            let what = problem.to_string();
            (0..number).map(|_| Err(Problem::internal("the database isn't ready", what.clone()))).collect()
        }
    }
}

async fn look_up(store: &Store, clock: &Clock, tokens: Vec<Option<Token>>) -> Result<Vec<Visit>> {
    let mut tx = store.read(clock).await?;
    let district = district::get(&mut tx).await?;
    let known: Vec<Token> = tokens.iter().flatten().cloned().collect();
    let mut found = if known.is_empty() { Vec::new() } else { sessions::find(&mut tx, &known, &district.zone).await? }.into_iter();
    let visit = |token: Option<Token>| Visit { district: district.clone(), signed_in: token.and_then(|_| found.next().flatten()) };
    Ok(tokens.into_iter().map(visit).collect())
}

/// Should the database refuse a batch, each answer is tried alone, so that none stands in another's way.
async fn answers(store: &Store, clock: &Clock, shelf: &Shelf, sent: Vec<Sent>) -> Vec<Result<Record>> {
    match together(store, clock, shelf, &sent).await {
        Ok(outcomes) => outcomes,
        Err(problem) if sent.len() == 1 => vec![Err(problem)],
        Err(problem) => {
            tracing::warn!(%problem, answers = sent.len(), "answers could not be kept together; each is tried alone");
            let mut outcomes = Vec::with_capacity(sent.len());
            for one in &sent {
                let outcome = together(store, clock, shelf, std::slice::from_ref(one)).await;
                outcomes.push(outcome.and_then(|mut outcomes| outcomes.pop().unwrap_or(Err(Problem::NotFound))));
            }
            outcomes
        }
    }
}

async fn together(store: &Store, clock: &Clock, shelf: &Shelf, sent: &[Sent]) -> Result<Vec<Result<Record>>> {
    let mut tx = store.write(clock).await?;
    let district = district::get(&mut tx).await?;
    let outcomes = acknowledgments::answer_all(&mut tx, &district, shelf, sent).await?;
    tx.commit().await?;
    Ok(outcomes)
}

pub fn stage() -> AdHoc {
    AdHoc::try_on_ignite("the crowd", |rocket| async {
        let Some(store) = Db::fetch(&rocket).map(|db| Store::clone(db)) else { return Err(rocket) };
        let clock = rocket.state::<Clock>().cloned().unwrap_or_default();
        let shelf = std::sync::Arc::new(Shelf::default());
        Ok(rocket.manage(Crowd::new(store, clock, shelf.clone())).manage(shelf))
    })
}
