//! The verbs: opening and closing a round, commenting, showing or hiding, answering, and changing a clause because of a comment.

use uuid::Uuid;

use super::{Comment, NewComment, Outcome, PUBLIC_GROUPS, Round, Showing, Stakeholder, store};
use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{Actor, Day, Problem, Result, Role, VersionId};
use crate::policies::{self, Revision, State, Text, publishing};
use crate::queue;
use crate::roster::district;

/// Longest comment, in characters.
pub const LONGEST_COMMENT: usize = 4_000;

fn author(actor: &Actor) -> Result<()> {
    if actor.may_author() { Ok(()) } else { Err(Problem::NotFound) }
}

/// Opens a draft for comments up to and with the day `closes`. `public`: people without an account may comment as well.
///
/// # Errors
/// `Invalid` for a day before today; `Conflict` for a version that is open already or adopted.
pub async fn open_round(tx: &mut Tx, actor: &Actor, version: VersionId, closes: Day, public: bool) -> Result<Round> {
    author(actor)?;
    let today = district::get(tx).await?.today(tx.now());
    if closes < today {
        return Err(Problem::invalid("closes", format!("{closes} is past: choose today ({today}) or a later day")));
    }
    publishing::open_feedback(tx, actor, version).await?;
    store::insert_round(tx, actor, version, closes, public).await?;
    let rounds = store::rounds(tx, version).await?;
    rounds.into_iter().last().ok_or(Problem::NotFound)
}

/// Ends the round; its comments are answered next. Also for a round whose last day has passed.
pub async fn close_round(tx: &mut Tx, actor: &Actor, version: VersionId) -> Result<()> {
    author(actor)?;
    publishing::close_feedback(tx, actor, version).await?;
    store::close_rounds(tx, version).await
}

/// The groups for which somebody may speak, by roles; a student speaks as a student, whatever else.
pub fn groups_of(actor: &Actor) -> Vec<Stakeholder> {
    if actor.has(Role::Student) {
        return vec![Stakeholder::Students];
    }
    let mut groups = Vec::new();
    let of_roles = [
        (Role::BoardMember, Stakeholder::Board),
        (Role::SchoolLeader, Stakeholder::SchoolLeaders),
        (Role::Teacher, Stakeholder::Teachers),
        (Role::Director, Stakeholder::OtherStaff),
        (Role::Author, Stakeholder::OtherStaff),
        (Role::Staff, Stakeholder::OtherStaff),
        (Role::Guardian, Stakeholder::Families),
        (Role::Community, Stakeholder::Community),
    ];
    for (role, group) in of_roles {
        if actor.has(role) && !groups.contains(&group) {
            groups.push(group);
        }
    }
    groups
}

/// Hands in a comment: signed in, or from the public page (`actor` is `None`). What a student says is shown by group, never by
/// name. Comments of students and from the public page are held until an author has looked at them.
///
/// # Errors
/// `Conflict` outside an open round; `NotFound` for the public where the round isn't public, and for auditors;
/// `Invalid` for an empty or overlong comment, an unknown clause, a group that isn't one's own.
pub async fn comment(tx: &mut Tx, actor: Option<&Actor>, version: VersionId, new: NewComment) -> Result<Comment> {
    // Waits for an adoption that is under way, so that no comment slips in behind its count.
    publishing::hold(tx, version).await?;
    let found = policies::reading::version_by_id(tx, version).await?;
    let Some(round) = super::open_now(tx, &found).await? else {
        return Err(Problem::conflict(format!(
            "version {} of “{}” takes no comments now: its feedback isn't open",
            found.number, found.slug
        )));
    };
    if actor.is_none() && !round.public {
        return Err(Problem::NotFound);
    }
    let body = new.body.replace("\r\n", "\n").trim().to_owned();
    let mut checks = Checks::default();
    checks.require(!body.is_empty(), "body", "write your comment");
    let length = body.chars().count();
    checks.require(
        length <= LONGEST_COMMENT,
        "body",
        &format!("your comment has {length} characters: shorten it to {LONGEST_COMMENT}, or send two"),
    );
    checks.require(!body.contains('\0') && !new.name.contains(char::is_control), "body", "take out characters that can't be shown");
    let name = new.name.trim().to_owned();
    checks.require(name.chars().count() <= 100, "name", "write at most 100 characters");
    let group = match actor {
        None => new.group.filter(|group| PUBLIC_GROUPS.contains(group)),
        Some(actor) => {
            let own = groups_of(actor);
            if own.is_empty() {
                return Err(Problem::NotFound);
            }
            match new.group {
                Some(group) => own.into_iter().find(|g| *g == group),
                None => own.into_iter().next(),
            }
        }
    };
    checks.require(group.is_some(), "group", "choose the group for which you speak");
    let text = policies::read(tx, &found, Some(&new.language)).await?;
    let clause = new.clause.filter(|c| !c.is_empty());
    let quote = match &clause {
        None => String::new(),
        Some(id) => text.clause(id).map_or_else(
            || {
                checks.say("clause", format!("there is no clause “{id}” in this version"));
                String::new()
            },
            |c| c.body.clone(),
        ),
    };
    checks.done()?;
    let group = group.ok_or(Problem::NotFound)?;
    let from_minor = group == Stakeholder::Students;
    let comment = Comment {
        uid: tx.uid(),
        language: text.language,
        clause_id: clause,
        quote,
        body,
        display_name: if from_minor { String::new() } else { actor.map_or(name, |a| a.name.clone()) },
        stakeholder: group,
        signed_in: actor.is_some(),
        from_minor,
        state: if from_minor || actor.is_none() { Showing::Held } else { Showing::Shown },
        at: tx.now(),
        answer: None,
    };
    store::insert_comment(tx, actor, &round, &comment).await?;
    let detail = serde_json::json!({ "version": found.number, "comment": comment.uid, "group": group, "clause": comment.clause_id });
    // A student's name doesn't go into the audit trail's open column either.
    let shown = match actor {
        Some(actor) if !from_minor => actor.clone(),
        Some(actor) => Actor { name: "a student".into(), ..actor.clone() },
        None => Actor { name: "the public".into(), roles: vec![], reach: crate::kernel::Reach::Own, ..Actor::operator(vec![]) },
    };
    audit::record(tx, &shown, "feedback.commented", &found.slug, detail).await?;
    Ok(comment)
}

/// Shows a comment on the page, or hides it, with a reason. It still needs its answer.
pub async fn moderate(tx: &mut Tx, actor: &Actor, uid: Uuid, show: bool, reason: &str) -> Result<()> {
    author(actor)?;
    let reason = reason.trim();
    if !show && reason.is_empty() {
        return Err(Problem::invalid("reason", "say why the comment isn't shown"));
    }
    let held = store::comment_at(tx, uid).await?.ok_or(Problem::NotFound)?;
    store::show(tx, held.id, if show { Showing::Shown } else { Showing::Hidden }).await?;
    let found = policies::reading::version_by_id(tx, held.version_id).await?;
    let action = if show { "feedback.shown" } else { "feedback.hidden" };
    audit::record(tx, actor, action, &found.slug, serde_json::json!({ "comment": uid, "reason": reason })).await
}

/// Answers a comment, with a reason that its author and the public can read. May be answered again until adoption; the last
/// answer counts, the others are kept.
///
/// # Errors
/// `Invalid` without a reason; `Conflict` once the version is adopted.
pub async fn dispose(tx: &mut Tx, actor: &Actor, uid: Uuid, outcome: Outcome, reason: &str) -> Result<()> {
    author(actor)?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_COMMENT || reason.contains('\0') {
        return Err(Problem::invalid(
            "reason",
            format!("say why, in at most {LONGEST_COMMENT} characters: whoever wrote the comment reads it"),
        ));
    }
    let held = store::comment_at(tx, uid).await?.ok_or(Problem::NotFound)?;
    let found = policies::reading::version_by_id(tx, held.version_id).await?;
    if !matches!(found.state, State::Open | State::Closed) || !publishing::hold(tx, found.id).await? {
        return Err(Problem::conflict(format!(
            "version {} of “{}” is {}: its record stands",
            found.number,
            found.slug,
            found.state.name()
        )));
    }
    store::insert_disposition(tx, actor, held.id, outcome, reason).await?;
    if let Some(account) = held.account_id {
        queue::put_to_account(
            tx,
            queue::Kind::CommentAnswered,
            account,
            &serde_json::json!({ "version": held.version_id }),
            queue::AT_ONCE,
        )
        .await?;
    }
    audit::record(tx, actor, "feedback.answered", &found.slug, serde_json::json!({ "comment": uid, "outcome": outcome })).await
}

/// Changes a clause because of a comment on the same version.
///
/// # Errors
/// `Invalid` when the comment is none of this version's; otherwise as [`policies::revise_clause`].
pub async fn revise(tx: &mut Tx, actor: &Actor, version: VersionId, revision: Revision) -> Result<Text> {
    author(actor)?;
    if let Some(uid) = revision.comment {
        let held = store::comment_at(tx, uid).await?;
        if held.is_none_or(|c| c.version_id != version) {
            return Err(Problem::invalid("comment", "this version has no such comment"));
        }
    }
    policies::revise_clause(tx, actor, version, revision).await
}
