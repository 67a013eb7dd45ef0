//! Sign-in links: a mail brings somebody to the own tasks without a password. A link is a random token of 128 bits, works once, for an hour,
//! for the person to whom it was sent; the database holds its SHA-256. What it begins is a session that opens only what is needed to
//! answer ([`Actor::only_to_answer`]; which pages that are, `web/desk.rs` says), for an hour at most. Looking at a link uses nothing up: mail
//! programs open links before people do. Knows no mails.

use std::collections::HashMap;

use super::sessions::Token;
use super::store::{self, links as rows};
use super::{accounts, actor};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{AccountId, Actor, Day, Locale, PersonId, Problem, Reach, Result, Zone, digest};
use crate::queue::{self, Kind, To};

/// For how long a link works, in seconds.
const WORKS: i64 = 3600;
/// How long what it begins lasts, in all, in seconds.
const LONGEST: i64 = 3600;
/// Between two askings of one person for another link, in seconds.
const BETWEEN: i64 = 3600;
/// For how long an ended link still knows whose it was, so that another can be asked for, in seconds.
const KNOWN: i64 = 90 * 86_400;

/// Whom a link is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Greeting {
    /// Under the record that was kept.
    pub person: PersonId,
    pub given: String,
    /// Chosen on a page before; else the roster's, where it isn't the district's own.
    pub language: Option<Locale>,
}

/// A fresh link for each of these people, by its token: the address is `/link/` and the token. Whoever mails them checks who gets mail.
pub async fn make(tx: &mut Tx, people: &[PersonId]) -> Result<HashMap<PersonId, String>> {
    let mut tokens = HashMap::with_capacity(people.len());
    for person in people {
        let token = tx.chance().token();
        tokens.insert(*person, token);
    }
    let hashes = tokens.iter().map(|(person, token)| (*person, hash(token))).collect();
    let now = tx.now();
    rows::insert(tx, &hashes, now.plus_seconds(WORKS)).await?;
    rows::forget(tx, now.plus_seconds(-KNOWN)).await?;
    Ok(tokens)
}

/// Whom the link greets, without using it up; `None` where it is unknown, used or has ended, or where the person can't come in any more.
pub async fn look(tx: &mut Tx, zone: &Zone, token: &str) -> Result<Option<Greeting>> {
    let Some(found) = find(tx, zone, token).await?.filter(|found| found.works) else { return Ok(None) };
    Ok(Some(Greeting { language: found.language(), person: found.link.person, given: found.link.given }))
}

/// The language of whoever it was made for, also once it works no more, so that they can be told so.
pub async fn language(tx: &mut Tx, zone: &Zone, token: &str) -> Result<Option<Locale>> {
    Ok(find(tx, zone, token).await?.and_then(|found| found.language()))
}

/// Uses the link up, and begins a session for its person that opens only what is needed to answer. Whoever has no account yet gets one
/// without a password.
///
/// # Errors
/// `NotFound` where [`look`] finds nobody, and for all but one of those who follow it at the same moment.
pub async fn follow(tx: &mut Tx, zone: &Zone, token: &str) -> Result<Token> {
    let found = find(tx, zone, token).await?.filter(|found| found.works).ok_or(Problem::NotFound)?;
    if !rows::use_up(tx, &hash(token)).await? {
        return Err(Problem::NotFound);
    }
    let account = match found.account {
        Some((account, _)) => account,
        None => accounts::add_by_link(tx, &found.link).await?,
    };
    let session = Token::new(tx);
    let now = tx.now();
    store::insert_session(tx, &session.hash(), account, now.plus_seconds(LONGEST), store::ANSWER).await?;
    let actor = actor(tx, account, zone.day(now)).await?.ok_or(Problem::NotFound)?.only_to_answer();
    audit::record(tx, &actor, "link.followed", &found.link.uid.to_string(), serde_json::json!({})).await?;
    Ok(session)
}

/// Asks for another link in the place of this one, whether or not this one still works: at most once an hour for a person. Whoever holds a
/// token that nobody knows hears the same.
pub async fn ask_again(tx: &mut Tx, zone: &Zone, token: &str) -> Result<()> {
    let Some(found) = find(tx, zone, token).await?.filter(|found| found.may_come_in) else { return Ok(()) };
    let not_since = tx.now().plus_seconds(-BETWEEN);
    if rows::want(tx, found.link.person, not_since).await? {
        // Nobody has proved anything yet: what is known is that somebody has that mail.
        let holder = Actor { name: "holder of a sign-in link".into(), roles: Vec::new(), reach: Reach::Own, ..Actor::operator(Vec::new()) };
        queue::put(tx, Kind::LinkWanted, &[To::Person(found.link.person)], &serde_json::json!({}), queue::AT_ONCE).await?;
        audit::record(tx, &holder, "link.asked_again", &found.link.uid.to_string(), serde_json::json!({})).await?;
    }
    Ok(())
}

/// Only this is stored of a token.
fn hash(token: &str) -> String {
    digest::sha256_hex(token)
}

/// A link that was made, and how it stands.
struct Found {
    link: rows::LinkRow,
    /// With the language that was chosen on a page.
    account: Option<(AccountId, Option<String>)>,
    /// The person is on the roster, and any account of theirs works.
    may_come_in: bool,
    /// The same, and the link is neither used nor over.
    works: bool,
}

impl Found {
    fn language(&self) -> Option<Locale> {
        let chosen = self.account.as_ref().and_then(|(_, language)| language.as_deref());
        chosen.or(self.link.language.as_deref()).and_then(Locale::from_tag)
    }
}

async fn find(tx: &mut Tx, zone: &Zone, token: &str) -> Result<Option<Found>> {
    let now = tx.now();
    let today: Day = zone.day(now);
    let Some(link) = rows::by_hash(tx, &hash(token), today).await? else { return Ok(None) };
    let own = rows::account_of(tx, link.person).await?;
    let may_come_in = link.here && own.as_ref().is_none_or(|own| own.account.works_on(today));
    let works = may_come_in && link.used_at.is_none() && now < link.ends_at;
    Ok(Some(Found { account: own.map(|own| (own.account.id, own.language)), link, may_come_in, works }))
}
