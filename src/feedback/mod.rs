//! What people say about a draft and what they are answered: rounds, comments by clause, dispositions with reasons. No version
//! is adopted with a comment unanswered; `adoption`, above, asks [`unanswered`]. Knows nothing of votes.

mod asking;
mod store;

pub use asking::{close_round, comment, dispose, groups_of, moderate, open_round, revise};

use serde::Serialize;
use uuid::Uuid;

use crate::db::Tx;
use crate::kernel::{Actor, Day, Moment, Result, Role, VersionId};
use crate::policies::{self, State, Version};
use crate::roster::district;

/// The seven groups of people whom digital-citizenship policies concern, as indicator 5a counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, serde::Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Stakeholder {
    Students,
    Families,
    Teachers,
    OtherStaff,
    SchoolLeaders,
    Board,
    Community,
}

impl Stakeholder {
    pub const ALL: [Self; 7] =
        [Self::Students, Self::Families, Self::Teachers, Self::OtherStaff, Self::SchoolLeaders, Self::Board, Self::Community];

    pub fn name(self) -> &'static str {
        match self {
            Self::Students => "students",
            Self::Families => "families",
            Self::Teachers => "teachers",
            Self::OtherStaff => "other_staff",
            Self::SchoolLeaders => "school_leaders",
            Self::Board => "board",
            Self::Community => "community",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.name() == name)
    }
}

/// For whom somebody may speak who hasn't signed in.
pub const PUBLIC_GROUPS: [Stakeholder; 2] = [Stakeholder::Families, Stakeholder::Community];

/// How a comment was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Accepted,
    Partly,
    Declined,
    OutOfScope,
}

impl Outcome {
    pub const ALL: [Self; 4] = [Self::Accepted, Self::Partly, Self::Declined, Self::OutOfScope];

    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Partly => "partly",
            Self::Declined => "declined",
            Self::OutOfScope => "out_of_scope",
        }
    }

    /// Also reads `out-of-scope`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.name() == name.replace('-', "_"))
    }
}

/// Whether a comment is on the page. What students and people without an account write waits for an author's look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Showing {
    Held,
    Shown,
    Hidden,
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Round {
    #[serde(skip)]
    pub id: i64,
    pub uid: Uuid,
    #[serde(skip)]
    pub version_id: VersionId,
    /// Whether people without an account may read and comment.
    pub public: bool,
    /// The last day on which comments are taken; it ends at local midnight.
    pub closes: Day,
    pub opened_at: Moment,
    pub closed_at: Option<Moment>,
}

impl Round {
    pub fn is_open(&self, today: Day) -> bool {
        self.closed_at.is_none() && today <= self.closes
    }
}

/// A comment with its last answer.
#[derive(Debug, Clone, Serialize)]
pub struct Comment {
    pub uid: Uuid,
    /// In which the draft was read.
    pub language: String,
    /// `None`: about the whole.
    pub clause_id: Option<String>,
    /// The clause's words as they stood then.
    pub quote: String,
    pub body: String,
    /// Empty for students and for whoever gave none.
    pub display_name: String,
    pub stakeholder: Stakeholder,
    /// Whoever wrote it had signed in; otherwise the group is their own word.
    pub signed_in: bool,
    pub from_minor: bool,
    pub state: Showing,
    pub at: Moment,
    pub answer: Option<Answer>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    pub outcome: Outcome,
    pub reason: String,
    pub by_name: String,
    pub at: Moment,
}

/// What somebody hands in.
#[derive(Debug, Clone, Default)]
pub struct NewComment {
    pub language: String,
    /// `None`: about the whole.
    pub clause: Option<String>,
    /// 1 to 4,000 characters.
    pub body: String,
    /// As which group one speaks: on the public page required, families or the community ([`PUBLIC_GROUPS`]); signed in, one of one's own ([`groups_of`]), the first if `None`.
    pub group: Option<Stakeholder>,
    /// On the public page, where given.
    pub name: String,
}

/// The comments on a version, oldest first, with their answers. Authors, the board, directors and auditors see all of them;
/// everybody else those that are shown.
pub async fn list(tx: &mut Tx, actor: Option<&Actor>, version: VersionId) -> Result<Vec<Comment>> {
    let insider = actor.is_some_and(|a| a.may_author() || a.has(Role::BoardMember) || a.has(Role::Auditor));
    let mut comments = store::comments(tx, version).await?;
    comments.retain(|c| insider || c.state == Showing::Shown);
    Ok(comments)
}

/// How many comments on the version have no answer yet, hidden ones included: hiding answers nobody.
pub async fn unanswered(tx: &mut Tx, version: VersionId) -> Result<i64> {
    store::unanswered(tx, version).await
}

/// How many comments on the version wait for a look before they are shown.
pub async fn held(tx: &mut Tx, version: VersionId) -> Result<i64> {
    store::held(tx, version).await
}

/// The groups for which somebody spoke without signing in. Of these the community counts as heard: it is whoever lives here.
pub async fn heard_unsigned(tx: &mut Tx, version: VersionId) -> Result<Vec<Stakeholder>> {
    store::heard_unsigned(tx, version).await
}

/// The groups that were heard on a version, and how many comments each gave. Groups that said nothing are left out, and so is what was said
/// without signing in, but for the community: nobody's word alone makes them a family of the district.
pub async fn heard_groups(tx: &mut Tx, version: VersionId) -> Result<Vec<(Stakeholder, i64)>> {
    store::heard(tx, version).await
}

/// The rounds of a version, oldest first.
pub async fn rounds(tx: &mut Tx, version: VersionId) -> Result<Vec<Round>> {
    store::rounds(tx, version).await
}

/// The round that takes comments now.
pub async fn open_now(tx: &mut Tx, version: &Version) -> Result<Option<Round>> {
    let today = district::get(tx).await?.today(tx.now());
    let rounds = store::rounds(tx, version.id).await?;
    Ok(rounds.into_iter().find(|r| version.state == State::Open && r.is_open(today)))
}

/// Versions on which comments are taken now, with their rounds; without an actor the public ones.
pub async fn open_for(tx: &mut Tx, actor: Option<&Actor>) -> Result<Vec<(Version, Round)>> {
    let today = district::get(tx).await?.today(tx.now());
    let mut open = Vec::new();
    for round in store::unclosed(tx).await? {
        let version = policies::reading::version_by_id(tx, round.version_id).await?;
        if version.state == State::Open && round.is_open(today) && (round.public || actor.is_some()) {
            open.push((version, round));
        }
    }
    Ok(open)
}
