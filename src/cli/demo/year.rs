//! The demo's school year up to today: drafts, feedback, answers, votes, publication, requirements, and everybody's answers: some late,
//! some no, some missing.

use std::collections::{BTreeMap, HashMap};

use super::{comments, people, withdrawals};
use crate::acknowledgments::{self, Answer};
use crate::adoption::{self, Adoption, MeetingKind};
use crate::db::Tx;
use crate::feedback::{self, NewComment, Stakeholder};
use crate::identity::accounts::{self, NewAccount};
use crate::kernel::{AccountId, Actor, Day, Moment, Reach, Result, Role, VersionId};
use crate::obligations::requirements::{AnswersAs, NewRequirement, Subject, Window, issue, save};
use crate::obligations::{State, tasks};
use crate::policies::{self, Reading, Version};
use crate::roster::District;
use crate::roster::audience::Rule;

/// The year begins so many days before today.
const DAYS: i64 = 110;

const POLICIES: [&str; 7] = [
    "internet-safety",
    "responsible-use-staff",
    "responsible-use-k-2",
    "responsible-use-3-5",
    "responsible-use-6-8",
    "responsible-use-9-12",
    "family-agreement",
];

/// What stands in the blanks of Grand Bend's documents.
const BLANKS: [(&str, &str); 9] = [
    ("reporting link or phone number", "the Report It button on every school page, or 555-0142"),
    ("state internet safety laws or none", "none"),
    ("title of the technology director", "technology director"),
    ("last day to opt out of directory information", "September 15"),
    ("office phone number", "555-0100"),
    ("title of the person who hears appeals", "assistant superintendent"),
    ("help desk contact", "the help desk (555-0199, help@grandbend.example)"),
    ("title of the human resources leader", "director of human resources"),
    ("title of the records officer", "records officer"),
];

struct Year<'a> {
    tx: &'a mut Tx,
    district: &'a District,
    operator: Actor,
    start: Day,
}

impl Year<'_> {
    /// Goes to that many days after the beginning, at that hour of the district's clock.
    fn at(&mut self, days: i64, hour: i8) {
        let moment = self.district.zone.at(self.start.plus(days), hour, 0);
        self.tx.happen_at(moment);
    }

    fn moment(&self, days: i64, hour: i8) -> Moment {
        self.district.zone.at(self.start.plus(days), hour, 0)
    }

    fn day(&self, days: i64) -> Day {
        self.start.plus(days)
    }
}

pub async fn play(tx: &mut Tx, district: &District, now: Moment, number: u64) -> Result<()> {
    let today = district.today(now);
    let operator = Actor::operator(vec![district.root]);
    let mut year = Year { start: today.plus(-DAYS), tx, district, operator };
    year.at(0, 8);
    people::bring_in(year.tx, &year.operator, district, number).await?;
    let drafts = drafts(&mut year).await?;
    feedback_and_adoption(&mut year, &drafts).await?;
    require(&mut year, &drafts).await?;
    let due = year.day(60);
    super::courses::require(year.tx, &year.operator, district, due).await?;
    answers(&mut year, now).await?;
    let (lately, last_week) = (year.moment(DAYS - 2, 18), year.moment(DAYS - 7, 0));
    year.at(DAYS - 3, 15);
    withdrawals::see_to(year.tx, &year.operator, last_week).await?;
    withdrawals::take_back(year.tx, &year.operator, district, lately).await?;
    super::courses::take(year.tx, &year.operator, district, year.start, now).await?;
    revise(&mut year).await?;
    tx.happen_at(now);
    people::accounts(tx, &Actor::operator(vec![district.root]), district).await
}

async fn drafts(year: &mut Year<'_>) -> Result<Vec<Version>> {
    let mut drafts = Vec::new();
    for slug in POLICIES {
        let version = policies::take(year.tx, &year.operator, slug).await?;
        let open = policies::reading::open_blanks(year.tx, version.id).await?;
        let values: BTreeMap<String, String> = BLANKS
            .iter()
            .filter(|(blank, _)| open.iter().any(|o| o == blank))
            .map(|(blank, value)| ((*blank).to_owned(), (*value).to_owned()))
            .collect();
        if !values.is_empty() {
            policies::fill_blanks(year.tx, &year.operator, version.id, None, &values).await?;
        }
        drafts.push(version);
    }
    Ok(drafts)
}

/// Who comments: one account for each group, which nobody can sign in to. The community speaks from the public page.
#[derive(Default)]
struct Voices(BTreeMap<Stakeholder, Actor>);

impl Voices {
    async fn of(&mut self, year: &mut Year<'_>, group: Stakeholder, name: &str) -> Result<Option<Actor>> {
        let role = match group {
            Stakeholder::Community => return Ok(None),
            Stakeholder::Students => Role::Student,
            Stakeholder::Families => Role::Guardian,
            Stakeholder::Teachers => Role::Teacher,
            Stakeholder::OtherStaff => Role::Staff,
            Stakeholder::SchoolLeaders => Role::SchoolLeader,
            Stakeholder::Board => Role::BoardMember,
        };
        let voice = if let Some(voice) = self.0.get(&group) {
            voice.clone()
        } else {
            let login = format!("{}-{}", group.name(), year.tx.uid());
            let new = NewAccount { login, name: group.name().replace('_', " "), ..NewAccount::default() };
            let account = accounts::add(year.tx, &year.operator, new).await?;
            Actor { account, person: None, name: String::new(), roles: vec![role], reach: Reach::Own, by_link: false }
        };
        self.0.insert(group, voice.clone());
        Ok(Some(Actor { name: name.to_owned(), ..voice }))
    }
}

async fn feedback_and_adoption(year: &mut Year<'_>, drafts: &[Version]) -> Result<()> {
    year.at(1, 9);
    for version in drafts {
        let closes = year.day(15);
        feedback::open_round(year.tx, &year.operator, version.id, closes, true).await?;
        let words = "The board will hear everybody on the district's technology policies. The drafts are on the district's pages; comments are taken there, on paper, and at the hearing.";
        let from = year.day(1);
        adoption::give_notice(
            year.tx,
            &year.operator,
            version.id,
            "the district's website and the notice boards of all schools",
            from,
            words,
        )
        .await?;
    }
    let mut kept = Vec::new();
    let mut voices = Voices::default();
    for (n, said) in (0..).zip(comments::SAID) {
        year.at(2 + n % 12, 16);
        let Some(version) = drafts.iter().find(|v| v.slug == said.policy) else { continue };
        let new = NewComment {
            language: "en".into(),
            clause: (!said.clause.is_empty()).then(|| said.clause.to_owned()),
            body: said.body.into(),
            group: Some(said.group),
            name: said.name.into(),
        };
        let speaker = voices.of(year, said.group, said.name).await?;
        kept.push((feedback::comment(year.tx, speaker.as_ref(), version.id, new).await?, said));
    }
    year.at(16, 10);
    for version in drafts {
        feedback::close_round(year.tx, &year.operator, version.id).await?;
    }
    for (comment, said) in &kept {
        feedback::moderate(year.tx, &year.operator, comment.uid, true, "").await?;
        feedback::dispose(year.tx, &year.operator, comment.uid, said.outcome, said.reason).await?;
    }
    year.at(20, 19);
    let board_day = year.day(20);
    for (n, version) in (1..).zip(drafts) {
        adoption::hold_meeting(
            year.tx,
            &year.operator,
            version.id,
            (MeetingKind::Hearing, board_day),
            "District office, board room",
            "Technology policies for the school year",
            "Eleven people were heard. The drafts and the answers to all comments lay before the board.",
        )
        .await?;
        let vote = Adoption {
            votes_for: 6,
            against: i64::from(n == 1),
            abstained: 0,
            resolution: format!("{}-{:02}", board_day.year(), 40 + n),
            day: board_day,
        };
        adoption::adopt(year.tx, &year.operator, version.id, vote).await?;
        let effective = year.day(21);
        policies::publish(year.tx, &year.operator, version.id, effective).await?;
    }
    Ok(())
}

async fn require(year: &mut Year<'_>, drafts: &[Version]) -> Result<()> {
    year.at(22, 8);
    let due = year.day(45);
    let grades =
        |from: &[&str]| Rule::All(vec![Rule::Role(vec!["student".into()]), Rule::Grade(from.iter().map(|g| (*g).to_owned()).collect())]);
    let wanted: [(&str, &str, AnswersAs, Rule, i64); 6] = [
        ("responsible-use-staff", "Staff agreement", AnswersAs::Oneself, Rule::AllStaff, 98),
        ("responsible-use-k-2", "My technology promise, K–2", AnswersAs::Oneself, grades(&["KG", "01", "02"]), 95),
        ("responsible-use-3-5", "My technology promise, grades 3–5", AnswersAs::Oneself, grades(&["03", "04", "05"]), 95),
        ("responsible-use-6-8", "Responsible Use Agreement, grades 6–8", AnswersAs::Oneself, grades(&["06", "07", "08"]), 95),
        ("responsible-use-9-12", "Responsible Use Agreement, grades 9–12", AnswersAs::Oneself, grades(&["09", "10", "11", "12"]), 95),
        ("family-agreement", "Family form: consents and choices", AnswersAs::Guardian, Rule::Role(vec!["student".into()]), 90),
    ];
    for (slug, title, answers_as, audience, goal) in wanted {
        let Some(version) = drafts.iter().find(|v| v.slug == slug) else { continue };
        let reading = policies::read(year.tx, version, None).await?;
        let new = NewRequirement {
            title: title.into(),
            subject: Subject::Policy { version: version.id.0, root: version.policy_id.0 },
            answers_as,
            audience,
            due: Some(due),
            join_days: 30,
            goal,
            minutes: reading.minutes.max(1),
            window: Window { yearly: true, ..Window::default() },
        };
        let requirement = save(year.tx, &year.operator, year.district, new).await?;
        issue(year.tx, &year.operator, year.district, requirement.uid).await?;
    }
    Ok(())
}

/// The actor that a person without an account would be.
fn as_person(person: &crate::roster::people::PersonRow) -> Actor {
    Actor {
        account: AccountId(0),
        person: Some(person.id),
        name: format!("{} {}", person.given, person.family),
        roles: Vec::new(),
        reach: Reach::Own,
        by_link: false,
    }
}

async fn answers(year: &mut Year<'_>, now: Moment) -> Result<()> {
    let mut texts: HashMap<(i64, String), Reading> = HashMap::new();
    let mut planned = Vec::new();
    for role in ["student", "guardian", "teacher", "staff", "school_leader"] {
        for person in people::all(year.tx, &year.operator, role).await? {
            let actor = as_person(&person);
            // What somebody does: most answer in the first weeks, some late, a few say no, some never answer.
            let mood = year.tx.chance().below(100);
            let prompt = if role == "student" { 90 } else { 80 };
            if mood >= prompt + 4 {
                continue;
            }
            for task in tasks::of(year.tx, &actor).await? {
                let day = if mood < prompt {
                    22 + i64::try_from(year.tx.chance().below(24)).unwrap_or(0)
                } else {
                    47 + i64::try_from(year.tx.chance().below(40)).unwrap_or(0)
                };
                let minute = i8::try_from(year.tx.chance().below(60)).unwrap_or(0);
                let hour = 8 + i8::try_from(year.tx.chance().below(11)).unwrap_or(0);
                let at = year.district.zone.at(year.day(day), hour, minute);
                if task.subject_kind == "policy" && at < now {
                    planned.push((at, actor.clone(), person.language.clone(), task));
                }
            }
        }
    }
    planned.sort_by_key(|(at, actor, _, _)| (*at, actor.person));
    for (at, actor, language, task) in planned {
        year.tx.happen_at(at);
        let task = tasks::one(year.tx, &actor, task.requirement, task.about_uid).await?;
        if task.state != State::Open {
            continue;
        }
        let key = (task.subject_id, language);
        if !texts.contains_key(&key) {
            let version = policies::reading::version_by_id(year.tx, VersionId(task.subject_id)).await?;
            texts.insert(key.clone(), policies::read(year.tx, &version, Some(&key.1)).await?);
        }
        let reading = &texts[&key];
        let no = year.tx.chance().below(100) < 2;
        let picture = year.tx.chance().below(100) < 85;
        let answer = Answer {
            text_hash: reading.hash.clone(),
            agrees: Some(!no),
            choices: reading.consents.iter().map(|c| (c.id.clone(), if c.principal { !no } else { picture })).collect(),
            reason: if no { "I would like to talk about it first.".into() } else { String::new() },
            signed_name: if task.is_for_a_child() { actor.name.clone() } else { String::new() },
        };
        acknowledgments::answer(year.tx, &actor, year.district, &task, reading, answer).await?;
    }
    Ok(())
}

/// One agreement is being revised: its draft is open for feedback now, with comments that wait for an answer.
async fn revise(year: &mut Year<'_>) -> Result<()> {
    year.at(DAYS - 4, 9);
    let slug = "responsible-use-9-12";
    let reason = "Students asked for it in the yearly review: messages between classmates and AI companions are named.";
    let summary = "The agreement now says that students may message classmates on school accounts. It also says what to do when an AI companion asks for private facts.";
    let version = policies::new_version(year.tx, &year.operator, slug, true, reason, summary).await?;
    for (language, words) in [
        (
            "en",
            "You may message classmates on your school account. A teacher may pause messages for a class; nobody reads private messages without a written reason.",
        ),
        (
            "es",
            "Puedes escribir a tus compañeros desde tu cuenta escolar. Un docente puede pausar los mensajes de una clase; nadie lee mensajes privados sin un motivo por escrito.",
        ),
    ] {
        let reading = policies::read(year.tx, &version, Some(language)).await?;
        if let Some(clause) = reading.clause("communication-respect") {
            let body = format!("{}\n\n{words}", clause.body);
            let changed = policies::Clause { id: clause.id.clone(), elements: clause.elements.clone(), body };
            policies::set_clause(year.tx, &year.operator, version.id, language, &clause.hash, changed).await?;
        }
    }
    let closes = year.day(DAYS + 14);
    feedback::open_round(year.tx, &year.operator, version.id, closes, true).await?;
    let mut voices = Voices::default();
    for (n, group, clause, body) in [
        (0, Stakeholder::Families, "communication-respect", "Who decides what a written reason is? Please name the role."),
        (1, Stakeholder::Teachers, "ai-companions", "Please add where a student can go when a companion app frightens them."),
        (2, Stakeholder::Students, "communication-respect", "Don't switch messages off for the whole grade when one class misbehaves."),
    ] {
        year.at(DAYS - 3 + n, 17);
        let new =
            NewComment { language: "en".into(), clause: Some(clause.into()), body: body.into(), group: Some(group), name: String::new() };
        // The families' one comes from the public page.
        let speaker = if group == Stakeholder::Families { None } else { voices.of(year, group, "").await? };
        feedback::comment(year.tx, speaker.as_ref(), version.id, new).await?;
    }
    Ok(())
}
