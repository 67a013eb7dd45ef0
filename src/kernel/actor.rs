//! Who acts, in which role, and how far that reaches. `identity` makes an [`Actor`] from a session; every verb is handed one.

use super::ids::{AccountId, OrgId, PersonId, SectionId};

/// What somebody may do. One account can hold several; each grant has its own org.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The technology director: everything, in the whole district.
    Director,
    /// Writes drafts and answers comments.
    Author,
    /// Sees the figures of the whole district and adopts nothing by machine; comments as the board.
    BoardMember,
    /// Principals: the figures and people of their schools.
    SchoolLeader,
    /// Staff who teach: the students of their sections.
    Teacher,
    /// Other staff: themselves.
    Staff,
    Student,
    Guardian,
    /// Reads everything within reach until the account's last day, changes nothing.
    Auditor,
    /// A member of the community: comments.
    Community,
}

impl Role {
    pub const ALL: [Self; 10] = [
        Self::Director,
        Self::Author,
        Self::BoardMember,
        Self::SchoolLeader,
        Self::Teacher,
        Self::Staff,
        Self::Student,
        Self::Guardian,
        Self::Auditor,
        Self::Community,
    ];

    /// The name under which it is stored and written in commands: `school_leader`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Director => "director",
            Self::Author => "author",
            Self::BoardMember => "board_member",
            Self::SchoolLeader => "school_leader",
            Self::Teacher => "teacher",
            Self::Staff => "staff",
            Self::Student => "student",
            Self::Guardian => "guardian",
            Self::Auditor => "auditor",
            Self::Community => "community",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.name() == name)
    }
}

/// How far an actor sees into other people's records. Applied in SQL, never after the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// These orgs and all below them.
    Orgs(Vec<OrgId>),
    /// The students of these sections.
    Sections(Vec<SectionId>),
    /// Oneself, and one's children.
    Own,
}

/// The person who acts.
#[derive(Debug, Clone)]
pub struct Actor {
    pub account: AccountId,
    /// The roster's record of the person; an outside auditor or a member of the community has none.
    pub person: Option<PersonId>,
    pub name: String,
    /// All roles of the account.
    pub roles: Vec<Role>,
    pub reach: Reach,
    /// Came by a link in a mail, without a password: only to answer.
    pub by_link: bool,
}

impl Actor {
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    pub fn is_director(&self) -> bool {
        self.has(Role::Director)
    }

    /// What is left of somebody who came by a link in a mail: the person, and what is theirs as a student or a guardian.
    #[must_use]
    pub fn only_to_answer(mut self) -> Self {
        self.roles.retain(|role| matches!(role, Role::Student | Role::Guardian));
        Self { reach: Reach::Own, by_link: true, ..self }
    }

    /// May write drafts and answer comments.
    pub fn may_author(&self) -> bool {
        self.is_director() || self.has(Role::Author)
    }

    /// May see the records of the people behind a figure. The board sees figures alone: it has no educational interest in one
    /// child's record (FERPA, 20 USC 1232g(b)(1)(A)).
    pub fn may_see_people(&self) -> bool {
        match self.reach {
            // A board member who teaches still has the board's reach: teaching opens sections only.
            Reach::Orgs(_) => [Role::Director, Role::SchoolLeader, Role::Auditor].iter().any(|r| self.has(*r)),
            Reach::Sections(_) => self.has(Role::Teacher),
            Reach::Own => false,
        }
    }

    /// Reads as an auditor alone: a party from outside the school, of whose looking at student records the school keeps a record (34 CFR
    /// 99.32). Directors and school leaders are school officials, whatever else they are.
    pub fn is_outside(&self) -> bool {
        self.has(Role::Auditor) && !self.is_director() && !self.has(Role::SchoolLeader)
    }

    /// The same reach, over figures alone.
    #[must_use]
    pub fn figures_alone(&self) -> Self {
        Self { roles: vec![Role::BoardMember], ..self.clone() }
    }

    /// May see figures beyond oneself.
    pub fn may_audit(&self) -> bool {
        !matches!(self.reach, Reach::Own)
    }

    /// Whoever runs a command on the server's own machine: the operator, with a director's rights. Never made from a request.
    pub fn operator(orgs: Vec<OrgId>) -> Self {
        Self {
            account: AccountId(0),
            person: None,
            name: "operator".into(),
            roles: vec![Role::Director],
            reach: Reach::Orgs(orgs),
            by_link: false,
        }
    }
}
