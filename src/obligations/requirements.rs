//! Requirements: saved, previewed, issued, superseded by a material revision, withdrawn. For directors; anybody else learns nothing.

use serde::Serialize;
use uuid::Uuid;

pub use super::audiences::{Change, audience_changed, change_audience, preview_audience_change, preview_change};
use super::{asked, duties, store, years};
use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{Actor, Day, Moment, Problem, RequirementId, Result};
use crate::roster::District;
use crate::roster::audience::{self, Rule};

/// What is asked for: a version of a policy or of a course, known only by its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Subject {
    /// To read and answer: policy version, policy.
    Policy { version: i64, root: i64 },
    /// To take: course version, course.
    Course { version: i64, root: i64 },
}

impl Subject {
    pub fn kind(self) -> &'static str {
        match self {
            Self::Policy { .. } => "policy",
            Self::Course { .. } => "course",
        }
    }

    pub fn version(self) -> i64 {
        match self {
            Self::Policy { version, .. } | Self::Course { version, .. } => version,
        }
    }

    pub fn root(self) -> i64 {
        match self {
            Self::Policy { root, .. } | Self::Course { root, .. } => root,
        }
    }

    pub(super) fn from_row(kind: &str, version: i64, root: i64) -> Result<Self> {
        match kind {
            "policy" => Ok(Self::Policy { version, root }),
            "course" => Ok(Self::Course { version, root }),
            other => Err(Problem::internal("table requirement, column subject_kind: unknown kind", other.to_owned())),
        }
    }
}

/// Who answers for the people whom the audience names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum AnswersAs {
    /// They themselves.
    Oneself,
    /// Their guardians, one duty a child.
    Guardian,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum RequirementState {
    Saved,
    Issued,
    /// A material revision asks again in its place.
    Superseded,
    /// Asked anew for the next school year.
    Renewed,
    Withdrawn,
}

/// When it can be answered beside its last day, how often it is asked, and what is given to whoever did it before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Window {
    /// First day on which it can be answered; `None`: at once.
    pub opens: Option<Day>,
    /// So many days after the last day nobody counts as late.
    pub grace_days: i64,
    /// Asked anew each school year, whenever it was answered before.
    pub yearly: bool,
    /// Course version and course for whoever completed the requirement's course, or this one, in an earlier school year.
    pub refresher: Option<(i64, i64)>,
}

/// A requirement as the director fills it in.
#[derive(Debug, Clone)]
pub struct NewRequirement {
    /// What people are asked to do, as their task is called.
    pub title: String,
    pub subject: Subject,
    pub answers_as: AnswersAs,
    pub audience: Rule,
    /// Last day for those who are there at issue; `None`: so many days after joining for everybody.
    pub due: Option<Day>,
    /// Days that somebody has who comes later.
    pub join_days: i64,
    /// Percent that the district wants.
    pub goal: i64,
    /// How long it takes, about.
    pub minutes: i64,
    pub window: Window,
}

#[derive(Debug, Clone, Serialize)]
pub struct Requirement {
    #[serde(skip)]
    pub id: RequirementId,
    pub uid: Uuid,
    pub title: String,
    pub subject: Subject,
    pub answers_as: AnswersAs,
    pub audience: Rule,
    pub due: Option<Day>,
    pub join_days: i64,
    pub goal: i64,
    pub minutes: i64,
    pub window: Window,
    /// Of one that is asked anew each school year: the year in which its school year ends.
    pub school_year: Option<i64>,
    pub state: RequirementState,
    pub issued_at: Option<Moment>,
    pub issued_day: Option<Day>,
    /// The first day on which it was in force no more.
    pub ended_day: Option<Day>,
    /// Why it was taken back.
    pub end_reason: Option<String>,
}

impl Requirement {
    /// The last day of somebody who joined on `joined`, grace not included. Days after joining count from the first day on which it can
    /// be answered.
    pub(super) fn due_for(&self, joined: Day) -> Day {
        let issued = self.issued_day.unwrap_or(joined);
        let can_answer = self.window.opens.map_or(issued, |opens| opens.max(issued));
        let from_joining = joined.max(can_answer).plus(self.join_days);
        match self.due {
            Some(due) if joined <= issued => due,
            Some(due) => due.max(from_joining),
            None => from_joining,
        }
    }
}

/// Whom a requirement would reach, before anybody is asked.
#[derive(Debug, Clone, Serialize)]
pub struct Preview {
    /// Answers that would be asked for: one a person, or one a guardian and child.
    pub total: i64,
    /// People who would give them.
    pub people: i64,
    /// School and number, most first.
    pub by_school: Vec<(String, i64)>,
    /// How many of them have no e-mail address.
    pub without_email: i64,
    /// Minor students whom the audience names and who have no guardian on the roster; only where guardians answer.
    pub without_guardian: i64,
    /// A few of them, drawn evenly, so that a reader can see whether the right people are meant.
    pub examples: Vec<Example>,
}

/// One of those whom a requirement would reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Example {
    pub name: String,
    /// Where guardians answer: for which child.
    pub child: Option<String>,
    pub role: String,
    pub school: String,
}

/// How many examples a preview names.
const EXAMPLES: usize = 10;

/// Counts whom a rule reaches today. Changes nothing.
pub async fn preview(tx: &mut Tx, actor: &Actor, district: &District, rule: &Rule, answers_as: AnswersAs) -> Result<Preview> {
    director(actor)?;
    let today = district.today(tx.now());
    let places = audience::named(tx, rule, today, None).await?;
    let students: Vec<_> = places.iter().filter(|p| p.role == "student").map(|p| p.person).collect();
    let wanted = asked::wanted(tx, answers_as, places, today).await?.duties;
    let mut schools = std::collections::HashMap::<_, i64>::new();
    for duty in &wanted {
        *schools.entry(duty.school).or_default() += 1;
    }
    let mut by_school = store::org_names(tx, &schools.keys().copied().collect::<Vec<_>>())
        .await?
        .into_iter()
        .map(|(id, name)| (name, schools[&id]))
        .collect::<Vec<_>>();
    by_school.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut people: Vec<_> = wanted.iter().map(|d| d.person).collect();
    people.sort_unstable();
    people.dedup();
    let without_guardian = match answers_as {
        AnswersAs::Oneself => 0,
        AnswersAs::Guardian => {
            let cared_for: std::collections::HashSet<_> = wanted.iter().map(|d| d.about).collect();
            let alone: Vec<_> = students.into_iter().filter(|child| !cared_for.contains(child)).collect();
            i64::try_from(store::not_yet_18(tx, &alone, today).await?.len()).unwrap_or(i64::MAX)
        }
    };
    // Everybody when they are few; otherwise every n-th, from the middle of each part.
    let drawn: Vec<_> = if wanted.len() <= EXAMPLES {
        wanted.iter().collect()
    } else {
        (0..EXAMPLES).map(|n| &wanted[(2 * n + 1) * wanted.len() / (2 * EXAMPLES)]).collect()
    };
    let examples = store::examples(tx, &drawn).await?;
    Ok(Preview {
        total: i64::try_from(wanted.len()).unwrap_or(i64::MAX),
        people: i64::try_from(people.len()).unwrap_or(i64::MAX),
        by_school,
        without_email: store::without_email(tx, &people).await?,
        without_guardian,
        examples,
    })
}

/// Saves a requirement; nobody is asked yet.
///
/// # Errors
/// `Invalid` with each field that is wrong.
pub async fn save(tx: &mut Tx, actor: &Actor, district: &District, new: NewRequirement) -> Result<Requirement> {
    director(actor)?;
    let today = district.today(tx.now());
    let mut checks = Checks::default();
    checks.require(!new.title.trim().is_empty(), "title", "Say what people are asked to do, for example “Staff agreement, 2026–27”.");
    checks.require(new.due.is_none_or(|due| due >= today), "due", "The last day is past: choose today or later.");
    checks.require((1..=365).contains(&new.join_days), "join_days", "Give newcomers from 1 to 365 days.");
    checks.require((1..=100).contains(&new.goal), "goal", "The goal is a percentage from 1 to 100.");
    let window = new.window;
    checks.require((0..=90).contains(&window.grace_days), "grace_days", "Grace is from 0 to 90 days.");
    let opens_in_time = window.opens.is_none_or(|opens| new.due.is_none_or(|due| opens <= due));
    checks.require(opens_in_time, "opens", "It opens after its last day: choose an earlier first day, or a later last day.");
    let is_course = matches!(new.subject, Subject::Course { .. });
    checks.require(window.refresher.is_none() || is_course, "refresher", "Only a course has a refresher: a policy is read anew each time.");
    let another = window.refresher.is_none_or(|(_, root)| root != new.subject.root());
    checks.require(another, "refresher", "The refresher is the same course: choose another, or none.");
    checks.done()?;
    audience::check(tx, &new.audience).await?;
    let school_year = if new.window.yearly { Some(years::school_year(tx, new.window.opens.unwrap_or(today)).await?) } else { None };
    let requirement = store::insert_requirement(tx, &new, school_year).await?;
    audit::record(tx, actor, "requirement.saved", &requirement.uid.to_string(), serde_json::json!({ "title": requirement.title })).await?;
    Ok(requirement)
}

/// Asks everybody whom the audience names. Returns how many duties were made.
///
/// An earlier requirement for the same policy or course, the same audience and the same answerers, on another version, is
/// superseded: its open duties end, its answers stay.
///
/// # Errors
/// `Conflict` when it was issued already, or when its last day has passed since it was saved.
pub async fn issue(tx: &mut Tx, actor: &Actor, district: &District, uid: Uuid) -> Result<i64> {
    director(actor)?;
    let today = district.today(tx.now());
    let Some(requirement) = store::requirement(tx, uid).await? else { return Err(Problem::NotFound) };
    if let (RequirementState::Saved, Some(due)) = (requirement.state, requirement.due.filter(|due| *due < today)) {
        return Err(Problem::conflict(format!("its last day, {due}, has passed since it was saved: save it anew with a later day")));
    }
    let requirement = put_in_force(tx, requirement, today).await?;
    for earlier in store::issued_on_root(tx, requirement.subject).await? {
        if earlier.subject != requirement.subject
            && earlier.answers_as == requirement.answers_as
            && earlier.audience == requirement.audience
        {
            duties::end_all(tx, &earlier, today, "superseded", true, None).await?;
            store::mark_ended(tx, earlier.id, RequirementState::Superseded, today, None).await?;
        }
    }
    // The requirement itself is the cause of the duties that it makes: they name no report.
    let asked = duties::settle(tx, &requirement, today, None, None).await?.made;
    audit::record(tx, actor, "requirement.issued", &uid.to_string(), serde_json::json!({ "asked": asked })).await?;
    Ok(asked)
}

/// Marks a saved requirement as issued today; its duties are not made yet.
///
/// # Errors
/// `Conflict` when it was issued already.
pub(super) async fn put_in_force(tx: &mut Tx, mut requirement: Requirement, today: Day) -> Result<Requirement> {
    if !store::mark_issued(tx, requirement.id, today).await? {
        return Err(Problem::conflict("this requirement was issued before: its people have been asked already"));
    }
    requirement.state = RequirementState::Issued;
    requirement.issued_day = Some(today);
    Ok(requirement)
}

/// A material revision was published: every issued requirement on the policy or course is asked again for the new version, with
/// the same audience, answerers, goal and days. Returns the new requirements with the numbers asked.
///
/// The new last day is `due`; where there is none, everybody has the requirement's days from today.
pub async fn ask_again(
    tx: &mut Tx,
    actor: &Actor,
    district: &District,
    subject: Subject,
    due: Option<Day>,
) -> Result<Vec<(Requirement, i64)>> {
    director(actor)?;
    let mut asked = Vec::new();
    for earlier in store::issued_on_root(tx, subject).await? {
        if earlier.subject == subject {
            continue;
        }
        let today = district.today(tx.now());
        let new = NewRequirement {
            title: earlier.title.clone(),
            subject,
            answers_as: earlier.answers_as,
            audience: earlier.audience.clone(),
            due: due.or_else(|| earlier.due.map(|_| today.plus(earlier.join_days))),
            join_days: earlier.join_days,
            goal: earlier.goal,
            minutes: earlier.minutes,
            window: Window { opens: None, ..earlier.window },
        };
        let requirement = save(tx, actor, district, new).await?;
        let number = issue(tx, actor, district, requirement.uid).await?;
        asked.push((requirement, number));
    }
    Ok(asked)
}

/// One requirement that a material revision would ask again, and how many it reaches today.
#[derive(Debug, Clone, Serialize)]
pub struct Again {
    pub requirement: Requirement,
    /// Answers that would be asked for.
    pub total: i64,
    pub people: i64,
}

/// Whom a material revision of that policy or course would ask again if it were published now. Changes nothing.
pub async fn would_ask_again(tx: &mut Tx, actor: &Actor, district: &District, subject: Subject) -> Result<Vec<Again>> {
    director(actor)?;
    let mut again = Vec::new();
    for requirement in store::issued_on_root(tx, subject).await? {
        if requirement.subject != subject {
            let found = preview(tx, actor, district, &requirement.audience, requirement.answers_as).await?;
            again.push(Again { requirement, total: found.total, people: found.people });
        }
    }
    Ok(again)
}

/// Takes a requirement back: its open duties end, its answers stay.
pub async fn withdraw(tx: &mut Tx, actor: &Actor, district: &District, uid: Uuid, reason: &str) -> Result<()> {
    director(actor)?;
    if reason.trim().is_empty() {
        return Err(Problem::invalid("reason", "Say why, in a sentence: it is kept with the requirement."));
    }
    let Some(requirement) = store::requirement(tx, uid).await? else { return Err(Problem::NotFound) };
    if requirement.state != RequirementState::Issued {
        return Err(Problem::conflict("only a requirement that is in force can be taken back"));
    }
    let today = district.today(tx.now());
    duties::end_all(tx, &requirement, today, "withdrawn", true, None).await?;
    if !store::mark_ended(tx, requirement.id, RequirementState::Withdrawn, today, Some(reason.trim())).await? {
        return Err(Problem::conflict("this was taken back a moment ago: load the page again to see it"));
    }
    audit::record(tx, actor, "requirement.withdrawn", &uid.to_string(), serde_json::json!({ "reason": reason.trim() })).await
}

/// All requirements, those in force first, newest first.
pub async fn all(tx: &mut Tx, actor: &Actor) -> Result<Vec<Requirement>> {
    if !actor.may_audit() {
        return Err(Problem::NotFound);
    }
    store::requirements(tx).await
}

/// The requirements in force at the end of `day`, newest first, also those superseded or taken back since.
pub async fn in_force(tx: &mut Tx, actor: &Actor, day: Day) -> Result<Vec<Requirement>> {
    if !actor.may_audit() {
        return Err(Problem::NotFound);
    }
    store::in_force(tx, day).await
}

/// One requirement, for whoever may see figures.
pub async fn get(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Requirement> {
    if !actor.may_audit() {
        return Err(Problem::NotFound);
    }
    store::requirement(tx, uid).await?.ok_or(Problem::NotFound)
}

fn director(actor: &Actor) -> Result<()> {
    if actor.is_director() { Ok(()) } else { Err(Problem::NotFound) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requirement(due: Option<Day>) -> Requirement {
        Requirement {
            id: RequirementId(1),
            uid: Uuid::nil(),
            title: String::new(),
            subject: Subject::Policy { version: 1, root: 1 },
            answers_as: AnswersAs::Oneself,
            audience: Rule::Everybody,
            due,
            join_days: 30,
            goal: 95,
            minutes: 5,
            window: Window::default(),
            school_year: None,
            state: RequirementState::Issued,
            issued_at: None,
            issued_day: Some(Day(100)),
            ended_day: None,
            end_reason: None,
        }
    }

    #[test]
    fn who_was_there_has_the_fixed_day_and_who_comes_later_has_thirty_days_at_least() {
        let fixed = requirement(Some(Day(120)));
        assert_eq!(fixed.due_for(Day(50)), Day(120));
        assert_eq!(fixed.due_for(Day(101)), Day(131));
        assert_eq!(requirement(Some(Day(200))).due_for(Day(110)), Day(200));
    }

    #[test]
    fn without_a_fixed_day_everybody_has_thirty_days_from_joining_or_issue() {
        assert_eq!(requirement(None).due_for(Day(50)), Day(130));
        assert_eq!(requirement(None).due_for(Day(150)), Day(180));
    }
}
