//! People: who is on the roster, within the reader's reach; one person with everything that may be seen; and those whom a director adds by
//! hand. Many at a time in [`sheet`], households in [`household`], two records of one person in [`merging`].

mod household;
mod merging;
mod sheet;

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};
use uuid::Uuid;

pub use sheet::template;

use super::answer::{Answer, Html, done, form_again, page};
use super::desk::{Auditing, Desk, Director};
use super::disclosing::disclose;
use super::shell::Shell;
use crate::acknowledgments::history;
use crate::audit::disclosures::{self, Kind};
use crate::kernel::{Day, FieldError, Page, PageOf, Problem};
use crate::obligations::{self, Cause, CauseKind};
use crate::roster::households;
use crate::roster::people::{self, ByHand, Filter, Newcomer, Person, PersonRow, Record, School, SectionOf};

#[derive(Template)]
#[template(path = "roster_people.html")]
struct PeoplePage {
    shell: Shell,
    schools: Vec<School>,
    people: PageOf<PersonRow>,
    school: String,
    role: String,
    text: String,
    by_hand: bool,
    director: bool,
    /// Something narrows the list.
    filtered: bool,
}

#[get("/roster/people?<school>&<role>&<text>&<by_hand>&<page>")]
async fn list(
    auditing: Auditing<'_>,
    school: Option<String>,
    role: Option<String>,
    text: Option<String>,
    by_hand: Option<bool>,
    page: Option<i64>,
) -> Answer<Html> {
    if !auditing.actor().may_see_people() {
        return Err(Problem::NotFound.into());
    }
    let some = |value: &Option<String>| value.clone().filter(|v| !v.trim().is_empty());
    let by_hand = by_hand.unwrap_or(false);
    let filter =
        Filter { school: some(&school).and_then(|s| s.parse().ok()), role: some(&role), text: some(&text), by_hand, ..Filter::default() };
    let mut tx = auditing.read().await?;
    let schools = people::schools(&mut tx, auditing.actor()).await?;
    let found = people::list(&mut tx, auditing.actor(), &filter, Page::number(page)).await?;
    drop(tx);
    let shown: Vec<Uuid> = found.rows.iter().map(|row| row.uid).collect();
    disclose(&auditing, auditing.actor(), Kind::List, "", &shown).await?;
    super::answer::page(&PeoplePage {
        shell: auditing.shell(auditing.t("roster-people")),
        schools,
        people: found,
        filtered: by_hand || filter.school.is_some() || filter.role.is_some() || filter.text.is_some(),
        school: school.unwrap_or_default(),
        role: role.unwrap_or_default(),
        text: text.unwrap_or_default(),
        by_hand,
        director: auditing.actor().is_director(),
    })
}

/// Somebody in a list on a person's page; with a link where the reader reaches that page.
struct Linked {
    row: PersonRow,
    open: bool,
}

struct AnswerRow {
    uid: Uuid,
    what: String,
    /// For whom, or by whom, where it isn't the person's own.
    who: String,
    agreed: bool,
    day: String,
    by_other_record: bool,
}

#[derive(Template)]
#[template(path = "roster_person.html")]
#[allow(clippy::struct_excessive_bools)] // what the page shows and what not
struct PersonPage {
    shell: Shell,
    person: Person,
    /// What somebody is who was added by hand.
    kind: Option<String>,
    last_day: Option<Day>,
    has_left: bool,
    of_age: bool,
    sections: Vec<SectionOf>,
    children: Vec<Linked>,
    guardians: Vec<Linked>,
    records: Vec<Record>,
    answers: Vec<AnswerRow>,
    household: bool,
    /// Who outside the school saw the student's record.
    disclosures: bool,
    /// Whether days are shown: they aren't for a teacher.
    days: bool,
    director: bool,
    /// Whether the reader may say since when the student answers alone.
    may_settle: bool,
    since: String,
}

async fn person_page(auditing: Auditing<'_>, person: Person, problems: Vec<FieldError>, since: Option<String>) -> Answer<PersonPage> {
    let actor = auditing.actor();
    let today = auditing.today();
    let mut tx = auditing.read().await?;
    let sections = people::sections_of(&mut tx, person.id).await?;
    let guardians = people::guardians_of(&mut tx, person.id).await?;
    let reached: Vec<Uuid> =
        people::within_reach(&mut tx, actor, guardians.clone()).await?.into_iter().map(|guardian| guardian.uid).collect();
    let children = people::children_of(&mut tx, person.id).await?;
    let children = people::within_reach(&mut tx, actor, children).await?;
    let may_look = households::may_look(actor);
    let mut records = people::records_of(&mut tx, person.id).await?;
    let here = |left: Option<Day>| left.is_none_or(|left| left > today);
    let has_left = !here(person.left_day) && !records.iter().any(|record| here(record.left_day));
    let mut answers = Vec::new();
    let shell = auditing.shell(person.name()).with_problems(problems);
    if may_look {
        for given in history::given(&mut tx, actor, person.id).await? {
            let zone = &auditing.district.zone;
            let own = given.person_name == person.name();
            let who = match (given.oneself, own) {
                (true, _) => String::new(),
                (false, true) => shell.tv("person-answer-for", "name", &given.about_name),
                (false, false) => shell.tv("person-answer-by", "name", &given.person_name),
            };
            answers.push(AnswerRow {
                uid: given.uid,
                what: shell.tvv("person-answer", "title", &given.title, "version", given.version),
                who,
                agreed: given.answer == "agreed",
                day: shell.day(&zone.day(given.at)),
                by_other_record: given.by_other_record,
            });
        }
    } else {
        records.clear();
    }
    drop(tx);
    let shown: Vec<Uuid> = children.iter().map(|child| child.uid).chain([person.uid]).collect();
    disclose(&auditing, actor, Kind::Record, "", &shown).await?;
    Ok(PersonPage {
        kind: person.by_hand.as_deref().map(|kind| shell.t(&format!("person-kind-{kind}"))),
        last_day: person.left_day.filter(|left| has_left || *left > today).map(|left| left.plus(-1)),
        has_left,
        of_age: person.turns_18.is_some_and(|day| day <= today),
        disclosures: person.role == "student" && disclosures::may_read_about(actor),
        household: may_look && (person.role == "student" || !guardians.is_empty() || !children.is_empty()),
        guardians: guardians.into_iter().map(|row| Linked { open: reached.contains(&row.uid), row }).collect(),
        children: children.into_iter().map(|row| Linked { row, open: true }).collect(),
        sections,
        records,
        answers,
        days: may_look,
        director: actor.is_director(),
        may_settle: person.role == "student" && households::may_set(actor),
        since: since.unwrap_or_else(|| person.turns_18.map(Day::iso).unwrap_or_default()),
        person,
        shell,
    })
}

#[get("/roster/people/<uid>")]
async fn one_person(auditing: Auditing<'_>, uid: Uuid) -> Answer<Result<Html, Redirect>> {
    if !auditing.actor().may_see_people() {
        return Err(Problem::NotFound.into());
    }
    let mut tx = auditing.read().await?;
    let person = people::find(&mut tx, auditing.actor(), uid).await?;
    drop(tx);
    if person.uid != uid {
        // A record that counts as another: the person's page is that of the record that was kept.
        return Ok(Err(Redirect::to(format!("/roster/people/{}", person.uid))));
    }
    Ok(Ok(page(&person_page(auditing, person, Vec::new(), None).await?)?))
}

#[derive(FromForm)]
struct Since<'r> {
    since: &'r str,
    /// `set`, `today` or `clear`.
    act: &'r str,
}

#[post("/roster/people/<uid>/answers-alone", data = "<form>")]
async fn answers_alone(auditing: Auditing<'_>, uid: Uuid, form: Form<Since<'_>>) -> Answer<Result<Flash<Redirect>, Html>> {
    let mut tx = auditing.write().await?;
    let person = people::find(&mut tx, auditing.actor(), uid).await?;
    let since = match form.act {
        "clear" => None,
        "today" => Some(auditing.today()),
        // A day that can't be read is one that can't be meant.
        _ => Some(Day::parse_iso(form.since).unwrap_or(Day(i64::MIN / 4))),
    };
    match people::answers_alone_since(&mut tx, auditing.actor(), &auditing.district, uid, since).await {
        Ok(changes) => {
            obligations::follow(&mut tx, auditing.actor(), &auditing.district, changes, Cause::of(CauseKind::Person, uid)).await?;
            tx.commit().await?;
            let said = if since.is_some() { "person-alone-set" } else { "person-alone-cleared" };
            Ok(Ok(done(format!("/roster/people/{}", person.uid), auditing.t(said))))
        }
        Err(Problem::Invalid(_)) => {
            drop(tx);
            let problems = vec![FieldError { field: "since".into(), text: auditing.t("people-wrong-since") }];
            Ok(Err(form_again(&person_page(auditing, person, problems, Some(form.since.to_owned())).await?)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// The form of somebody added by hand, as it was filled in.
#[derive(FromForm, Default, Clone)]
struct Filled {
    #[field(default = "")]
    given: String,
    #[field(default = "")]
    family: String,
    #[field(default = "")]
    email: String,
    #[field(default = "")]
    kind: String,
    #[field(default = "")]
    school: String,
    #[field(default = "")]
    language: String,
    #[field(default = "")]
    first_day: String,
    #[field(default = "")]
    last_day: String,
}

impl Filled {
    fn of(person: &Person, desk: &Desk) -> Self {
        Self {
            given: person.given.clone(),
            family: person.family.clone(),
            email: person.email.clone().unwrap_or_default(),
            kind: person.by_hand.clone().unwrap_or_default(),
            school: person.school_uid.filter(|_| person.school_id != Some(desk.district.root)).map(|s| s.to_string()).unwrap_or_default(),
            language: person.language.clone(),
            first_day: person.joined.iso(),
            last_day: person.left_day.map(|left| left.plus(-1).iso()).unwrap_or_default(),
        }
    }

    /// What was meant; the fields that can't be read are named.
    fn newcomer(&self) -> Result<Newcomer, Vec<&'static str>> {
        let mut unread = Vec::new();
        let mut day = |text: &str, field| {
            let day = Day::parse_iso(text);
            if day.is_none() && !text.trim().is_empty() {
                unread.push(field);
            }
            day
        };
        let (first_day, last_day) = (day(&self.first_day, "first_day"), day(&self.last_day, "last_day"));
        let kind = ByHand::named(&self.kind);
        if kind.is_none() {
            unread.push("kind");
        }
        let school = match self.school.trim() {
            "" => None,
            text => Some(text.parse().unwrap_or(Uuid::nil())),
        };
        let some = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        let newcomer = Newcomer {
            given: self.given.clone(),
            family: self.family.clone(),
            email: some(&self.email),
            kind: kind.unwrap_or_default(),
            school,
            language: some(&self.language),
            first_day,
            last_day,
        };
        if unread.is_empty() {
            return Ok(newcomer);
        }
        unread.extend(people::faulty_fields(&newcomer));
        Err(unread)
    }
}

#[derive(Template)]
#[template(path = "people_form.html")]
struct FormPage {
    shell: Shell,
    /// Whose record is changed; none for a newcomer.
    uid: Option<Uuid>,
    /// The person comes from the roster, and isn't changed here.
    from_roster: bool,
    filled: Filled,
    kinds: Vec<&'static str>,
    schools: Vec<School>,
}

async fn form_page(desk: Director<'_>, person: Option<&Person>, filled: Filled, problems: Vec<FieldError>) -> Answer<FormPage> {
    let mut tx = desk.read().await?;
    let schools = people::schools(&mut tx, desk.actor()).await?;
    let title = match person {
        None => desk.t("person-add"),
        Some(person) => desk.shell("").tv("person-change", "name", person.name()),
    };
    Ok(FormPage {
        shell: desk.shell(title).with_problems(problems),
        uid: person.map(|p| p.uid),
        from_roster: person.is_some_and(|p| p.by_hand.is_none()),
        filled,
        kinds: ByHand::ALL.iter().map(|kind| kind.name()).collect(),
        schools,
    })
}

/// The problems of a form in the reader's language, each said once.
fn worded(desk: &Desk, fields: impl IntoIterator<Item = String>) -> Vec<FieldError> {
    let mut problems: Vec<FieldError> = Vec::new();
    for field in fields {
        if problems.iter().all(|p| p.field != field) {
            problems.push(FieldError { text: desk.t(&format!("people-wrong-{}", field.replace('_', "-"))), field });
        }
    }
    problems
}

#[get("/roster/people/new")]
async fn new_person(desk: Director<'_>) -> Answer<Html> {
    page(&form_page(desk, None, Filled::default(), Vec::new()).await?)
}

#[post("/roster/people", data = "<form>")]
async fn add_person(desk: Director<'_>, form: Form<Filled>) -> Answer<Result<Flash<Redirect>, Html>> {
    let again = async |fields: Vec<String>| -> Answer<Result<Flash<Redirect>, Html>> {
        let problems = worded(&desk, fields);
        Ok(Err(form_again(&form_page(desk, None, Filled::clone(&form), problems).await?)?))
    };
    let newcomer = match form.newcomer() {
        Ok(newcomer) => newcomer,
        Err(fields) => return again(fields.into_iter().map(str::to_owned).collect()).await,
    };
    let mut tx = desk.write().await?;
    match people::add(&mut tx, desk.actor(), &desk.district, newcomer).await {
        Ok((person, changes)) => {
            obligations::follow(&mut tx, desk.actor(), &desk.district, changes, Cause::of(CauseKind::Person, person.uid)).await?;
            tx.commit().await?;
            Ok(Ok(done(format!("/roster/people/{}", person.uid), desk.shell("").tv("person-added", "name", person.name()))))
        }
        Err(Problem::Invalid(errors)) => {
            drop(tx);
            again(errors.into_iter().map(|e| e.field).collect()).await
        }
        Err(problem) => Err(problem.into()),
    }
}

#[get("/roster/people/<uid>/change")]
async fn change_form(desk: Director<'_>, uid: Uuid) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let person = people::find(&mut tx, desk.actor(), uid).await?;
    drop(tx);
    let filled = Filled::of(&person, &desk);
    page(&form_page(desk, Some(&person), filled, Vec::new()).await?)
}

#[post("/roster/people/<uid>/change", data = "<form>")]
async fn change_person(desk: Director<'_>, uid: Uuid, form: Form<Filled>) -> Answer<Result<Flash<Redirect>, Html>> {
    let mut tx = desk.write().await?;
    let person = people::find(&mut tx, desk.actor(), uid).await?;
    let done_so = match form.newcomer() {
        Ok(newcomer) => people::change(&mut tx, desk.actor(), &desk.district, uid, newcomer).await,
        Err(fields) => Err(Problem::Invalid(fields.into_iter().map(|f| FieldError { field: f.into(), text: String::new() }).collect())),
    };
    match done_so {
        Ok(changes) => {
            let said = if changes.people.is_empty() { "person-unchanged" } else { "person-changed" };
            obligations::follow(&mut tx, desk.actor(), &desk.district, changes, Cause::of(CauseKind::Person, uid)).await?;
            tx.commit().await?;
            Ok(Ok(done(format!("/roster/people/{}", person.uid), desk.shell("").tv(said, "name", person.name()))))
        }
        Err(Problem::Invalid(errors)) => {
            drop(tx);
            let problems = worded(&desk, errors.into_iter().map(|e| e.field));
            Ok(Err(form_again(&form_page(desk, Some(&person), Filled::clone(&form), problems).await?)?))
        }
        Err(Problem::Conflict(_)) => {
            drop(tx);
            Ok(Err(form_again(&form_page(desk, Some(&person), Filled::of(&person, &desk), Vec::new()).await?)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("people", |rocket| async {
        rocket
            .mount("/", routes![list, one_person, answers_alone, new_person, add_person, change_form, change_person])
            .mount("/", routes![sheet::form, sheet::file, sheet::look, sheet::bring_in])
            .mount("/", routes![household::show, household::consent])
            .mount("/", routes![merging::show, merging::merge, merging::part])
    })
}
