//! Signing in and out. A session is a random token of 128 bits in the browser's cookie; the database holds its SHA-256. It ends after 2
//! hours without use, 12 hours after it began, at sign-out, and whenever the account is disabled or its password set. One that a mail's link
//! began is shorter and opens less: see [`super::links`].

use std::collections::HashMap;

use super::class::Class;
use super::{password, store, throttle};
use crate::db::{Store, Tx};
use crate::kernel::{AccountId, Actor, Clock, Locale, Problem, Result, Zone, digest};

/// Without use, in seconds.
const IDLE: i64 = 2 * 3600;
/// In all, in seconds.
const LONGEST: i64 = 12 * 3600;
/// How stale `seen_at` may be, in seconds, before a visit is written down.
const SEEN: i64 = 600;

/// What the browser keeps. Its `Debug` shows nothing: a token never reaches a log.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    pub fn from_cookie(value: &str) -> Self {
        Self(value.to_owned())
    }

    pub fn for_cookie(&self) -> &str {
        &self.0
    }

    pub(super) fn new(tx: &mut Tx) -> Self {
        Self(tx.chance().token())
    }

    pub(super) fn hash(&self) -> String {
        digest::sha256_hex(&self.0)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Whoever holds a valid token.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub actor: Actor,
    /// Chosen on a page before; else the roster's, where it isn't the district's own.
    pub language: Option<Locale>,
    /// The session wants its last use written down.
    pub stale: bool,
    /// The device is in children's hands: this session opens the pages of class mode alone.
    pub class: Option<Class>,
}

/// Signs somebody in. It opens its own transactions: a failed try is counted although it changes nothing else.
///
/// # Errors
/// `Invalid` (field `password`), in the same words whether account or password is wrong; `Conflict` after too many tries.
pub async fn sign_in(store: &Store, clock: &Clock, login: &str, given: &str, address: &str) -> Result<Token> {
    let login = login.trim().to_lowercase();
    let mut tx = store.write(clock).await?;
    throttle::count(&mut tx, &login, address).await?;
    let found = store::credentials(&mut tx, &login).await?;
    tx.commit().await?;
    // No transaction is held while the hash is computed.
    let right = password::verify(given, found.as_ref().and_then(|(_, hash)| hash.as_deref())).await?;
    let Some((account, _)) = found.filter(|_| right) else {
        return Err(Problem::invalid(
            "password",
            "This name and password don't go together. Check both; capital letters count in the password.",
        ));
    };
    let mut tx = store.write(clock).await?;
    let token = begin(&mut tx, account).await?;
    tx.commit().await?;
    Ok(token)
}

/// Begins a session for an account whose identity has been proved.
pub async fn begin(tx: &mut Tx, account: AccountId) -> Result<Token> {
    let token = Token::new(tx);
    let ends = tx.now().plus_seconds(LONGEST);
    store::insert_session(tx, &token.hash(), account, ends, store::ALL).await?;
    Ok(token)
}

/// Whoever each token belongs to; `None` when it is unknown or has ended. Many at once: requests of the same moment are looked up together.
pub async fn find(tx: &mut Tx, tokens: &[Token], zone: &Zone) -> Result<Vec<Option<SignedIn>>> {
    let hashes: Vec<String> = tokens.iter().map(Token::hash).collect();
    let now = tx.now();
    let mut sessions: HashMap<String, store::SessionRow> = HashMap::new();
    for session in store::sessions(tx, &hashes).await? {
        if now < session.ends_at && now.seconds_since(session.seen_at) < IDLE {
            sessions.insert(session.token_hash.clone(), session);
        }
    }
    if sessions.is_empty() {
        return Ok(vec![None; tokens.len()]);
    }
    let accounts: HashMap<AccountId, store::AccountRow> = sessions.values().map(|s| (s.account.id, s.account.clone())).collect();
    let actors = super::standing_for(tx, accounts.into_values().collect(), zone.day(now)).await?;
    let mut found = Vec::with_capacity(tokens.len());
    for hash in &hashes {
        let known = sessions.get(hash).and_then(|session| Some((session, actors.get(&session.account.id)?)));
        let Some((session, actor)) = known else {
            found.push(None);
            continue;
        };
        let class = Class::of(session)?;
        let language = class.as_ref().map(|c| c.language.as_str()).or(session.language.as_deref()).and_then(Locale::from_tag);
        let actor = if session.scope == store::ANSWER { actor.clone().only_to_answer() } else { actor.clone() };
        found.push(Some(SignedIn { actor, language, stale: now.seconds_since(session.seen_at) >= SEEN, class }));
    }
    Ok(found)
}

/// Writes down that the session is in use.
pub async fn seen(tx: &mut Tx, token: &Token) -> Result<()> {
    store::session_seen(tx, &token.hash()).await
}

/// Ends the session at once.
pub async fn sign_out(tx: &mut Tx, token: &Token) -> Result<()> {
    store::end_session(tx, &token.hash()).await
}
