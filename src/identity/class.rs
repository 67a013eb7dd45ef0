//! Sessions for a device in children's hands. Class mode puts a restricted session in the place of the teacher's own, which ends at once:
//! what the browser then holds opens the pages of that one class and nothing else of the account. Only the account's own password brings
//! a full session back, under a new token (OWASP ASVS 7.2.4). Which class may be taken is not for this room to know.

use uuid::Uuid;

use super::sessions::{self, Token};
use super::{password, store, throttle};
use crate::audit;
use crate::db::{Store, Tx};
use crate::kernel::{Actor, Clock, Problem, Result};

/// A class has its lesson: in all, in seconds.
const LONGEST: i64 = 2 * 3600;

/// What a restricted session is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// The section's uid.
    pub section: Uuid,
    /// The requirement's uid.
    pub requirement: Uuid,
    /// Tag of the language in which the text is read, and in which the pages speak.
    pub language: String,
}

impl Class {
    /// What the row says; `None`: the device is in nobody else's hands.
    pub(super) fn of(row: &store::SessionRow) -> Result<Option<Self>> {
        match (row.scope.as_str(), row.class_section, row.class_requirement) {
            ("all" | "answer", _, _) => Ok(None),
            ("class", Some(section), Some(requirement)) => {
                Ok(Some(Self { section, requirement, language: row.class_language.clone().unwrap_or_default() }))
            }
            (scope, _, _) => Err(Problem::internal("table session, column scope: not a scope with all that it needs", scope.to_owned())),
        }
    }
}

/// Ends the session of that token and begins a restricted one. Whether the actor may take this class is the caller's to know.
pub async fn begin(tx: &mut Tx, actor: &Actor, token: &Token, class: &Class) -> Result<Token> {
    sessions::sign_out(tx, token).await?;
    let restricted = Token::new(tx);
    let ends = tx.now().plus_seconds(LONGEST);
    store::insert_class_session(tx, &restricted.hash(), actor.account, ends, class).await?;
    let detail = serde_json::json!({ "requirement": class.requirement, "language": class.language });
    audit::record(tx, actor, "class.begun", &class.section.to_string(), detail).await?;
    Ok(restricted)
}

/// Gives a full session back for the account's own password, and ends the restricted one. Opens its own transactions, as
/// [`sessions::sign_in`]: a failed try is counted although it changes nothing else.
///
/// # Errors
/// `Invalid` (field `password`) for a wrong one; `Conflict` after too many tries.
pub async fn leave(store: &Store, clock: &Clock, actor: &Actor, token: &Token, class: &Class, given: &str, address: &str) -> Result<Token> {
    let mut tx = store.write(clock).await?;
    let (login, hash) = store::own_credentials(&mut tx, actor.account).await?.ok_or(Problem::NotFound)?;
    throttle::count(&mut tx, &login, address).await?;
    tx.commit().await?;
    // No transaction is held while the hash is computed.
    if !password::verify(given, hash.as_deref()).await? {
        return Err(Problem::invalid("password", "This is not your password. Capital letters count."));
    }
    let mut tx = store.write(clock).await?;
    sessions::sign_out(&mut tx, token).await?;
    let full = sessions::begin(&mut tx, actor.account).await?;
    audit::record(&mut tx, actor, "class.left", &class.section.to_string(), serde_json::json!({ "requirement": class.requirement }))
        .await?;
    tx.commit().await?;
    Ok(full)
}
