//! A household: from the child's side guardians, siblings, who may consent and what is asked; from the guardian's side the children.

use askama::Template;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post};
use uuid::Uuid;

use super::super::answer::{Answer, Html, done, form_again, page};
use super::super::desk::Auditing;
use super::super::disclosing::disclose;
use super::super::shell::Shell;
use crate::acknowledgments::history;
use crate::audit::disclosures::Kind;
use crate::kernel::{Day, FieldError, Problem};
use crate::obligations::duties::ANOTHER_GUARDIAN;
use crate::obligations::{self, Cause, CauseKind};
use crate::roster::households::{self, ConsentRule, Household, Member, Sibling};
use crate::roster::people::{self, Person, PersonRow};

struct MemberView {
    person: PersonRow,
    say: String,
    from: Vec<String>,
}

struct AskedView {
    title: String,
    who: String,
    state: &'static str,
    state_text: String,
    reason: String,
    day: String,
    receipt: Option<Uuid>,
}

/// One answer to "who may consent?".
struct Choice {
    value: String,
    text: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "household.html")]
#[allow(clippy::struct_excessive_bools)] // what the page shows and what not
struct HouseholdPage {
    shell: Shell,
    person: Person,
    is_child: bool,
    guardians: Vec<MemberView>,
    children: Vec<MemberView>,
    siblings: Vec<Sibling>,
    /// Who may consent, as a sentence.
    rule: String,
    is_set: bool,
    reason: String,
    set_by: String,
    named_is_gone: bool,
    of_age: bool,
    asked: Vec<AskedView>,
    may_set: bool,
    choices: Vec<Choice>,
    filled_reason: String,
}

fn member(shell: &Shell, member: Member) -> MemberView {
    let from = member
        .relations
        .iter()
        .map(|r| match (r.guardian_merged, r.child_merged) {
            (false, false) => shell.t("household-from-roster"),
            (true, false) => shell.tvv("household-from-record", "name", &r.guardian_record, "role", shell.role(&r.guardian_role)),
            (_, true) => shell.tvv("household-from-record", "name", &r.child_record, "role", shell.role("student")),
        })
        .collect();
    MemberView { say: shell.t(&format!("household-say-{}", member.say.name())), person: member.person, from }
}

/// What was sent before and is to be shown again.
struct Again {
    rule: String,
    reason: String,
    problems: Vec<FieldError>,
}

async fn household_page(auditing: Auditing<'_>, uid: Uuid, again: Option<Again>) -> Answer<HouseholdPage> {
    let actor = auditing.actor();
    let mut tx = auditing.read().await?;
    let found: Household = households::household(&mut tx, actor, &auditing.district, uid).await?;
    let today = auditing.today();
    let is_child = found.person.role == "student";
    let title = auditing.shell("").tv("household-title", "name", found.person.name());
    let (filled, problems) = match again {
        Some(Again { rule, reason, problems }) => (Some((rule, reason)), problems),
        None => (None, Vec::new()),
    };
    let shell = auditing.shell(title).with_problems(problems);
    let asked = if is_child { history::asked_about(&mut tx, actor, found.person.id).await? } else { Vec::new() };
    let asked = asked.into_iter().map(|a| asked_view(&shell, a, today)).collect();
    drop(tx);
    let kin = found.children.iter().map(|member| member.person.uid).chain(found.siblings.iter().map(|sibling| sibling.person.uid));
    let shown: Vec<Uuid> = kin.chain([found.person.uid]).collect();
    disclose(&auditing, actor, Kind::Record, "", &shown).await?;
    let set = found.consent.as_ref();
    let rule = match set {
        _ if found.of_age => {
            shell.tvv("household-of-age", "name", &found.person.given, "day", shell.day(&found.person.turns_18.unwrap_or(today)))
        }
        None => shell.t("household-unset"),
        Some(c) => {
            let name = c.guardian.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
            shell.tv(&format!("household-rule-{}", c.rule.name()), "name", name)
        }
    };
    let chosen = match (&filled, set.map(|c| (c.rule, &c.guardian))) {
        (Some((rule, _)), _) => rule.clone(),
        (None, Some((ConsentRule::One(_), Some((uid, _))))) => uid.to_string(),
        (None, Some((rule, _))) => rule.name().to_owned(),
        (None, None) => String::new(),
    };
    let mut choices = vec![("any".to_owned(), shell.t("household-choice-any")), ("all".to_owned(), shell.t("household-choice-all"))];
    for guardian in &found.guardians {
        let name = format!("{} {}", guardian.person.given, guardian.person.family);
        choices.push((guardian.person.uid.to_string(), shell.tv("household-choice-one", "name", name)));
    }
    choices.push(("none".to_owned(), shell.t("household-choice-none")));
    Ok(HouseholdPage {
        is_child,
        rule,
        is_set: set.is_some(),
        reason: set.map(|c| c.reason.clone()).unwrap_or_default(),
        set_by: set
            .map(|c| shell.tvv("household-set-by", "name", &c.by_name, "day", shell.day(&auditing.district.zone.day(c.at))))
            .unwrap_or_default(),
        named_is_gone: found.named_is_gone,
        of_age: found.of_age,
        asked,
        may_set: is_child && households::may_set(actor),
        choices: choices.into_iter().map(|(value, text)| Choice { chosen: value == chosen, value, text }).collect(),
        filled_reason: filled.map(|(_, reason)| reason).or_else(|| set.map(|c| c.reason.clone())).unwrap_or_default(),
        guardians: found.guardians.into_iter().map(|m| member(&shell, m)).collect(),
        children: found.children.into_iter().map(|m| member(&shell, m)).collect(),
        siblings: found.siblings,
        person: found.person,
        shell,
    })
}

fn asked_view(shell: &Shell, asked: history::Asked, today: Day) -> AskedView {
    let standing = asked.standing(today);
    AskedView {
        state: match standing {
            "late" => "late",
            "open" => "open",
            "declined" => "wait",
            _ => "done",
        },
        state_text: shell.t(&format!("state-{standing}")),
        reason: match asked.reason.as_deref() {
            Some(ANOTHER_GUARDIAN) => shell.t("audit-another-guardian"),
            Some(reason) => reason.to_owned(),
            None => String::new(),
        },
        day: match asked.closed {
            Some(day) => shell.day(&day),
            None => shell.tv("household-due", "day", shell.day(&asked.due)),
        },
        who: asked.person_name,
        title: asked.title,
        receipt: asked.receipt,
    }
}

#[get("/roster/people/<uid>/household")]
pub(super) async fn show(auditing: Auditing<'_>, uid: Uuid) -> Answer<Html> {
    page(&household_page(auditing, uid, None).await?)
}

#[derive(FromForm)]
pub(super) struct Said<'r> {
    /// `any`, `all`, `none`, or the uid of the one guardian.
    #[field(default = "")]
    rule: &'r str,
    #[field(default = "")]
    reason: &'r str,
    /// `set` or `unset`.
    act: &'r str,
}

#[post("/roster/people/<uid>/consent", data = "<form>")]
pub(super) async fn consent(auditing: Auditing<'_>, uid: Uuid, form: Form<Said<'_>>) -> Answer<Result<Flash<Redirect>, Html>> {
    let actor = auditing.actor();
    if !households::may_set(actor) {
        return Err(Problem::NotFound.into());
    }
    let mut tx = auditing.write().await?;
    let child = people::find(&mut tx, actor, uid).await?;
    let changes = if form.act == "unset" {
        households::unset_consent(&mut tx, actor, &auditing.district, uid).await
    } else {
        let rule = match form.rule {
            "any" => Some(ConsentRule::Any),
            "all" => Some(ConsentRule::All),
            "none" => Some(ConsentRule::None),
            text => {
                let guardians = people::guardians_of(&mut tx, child.id).await?;
                guardians.iter().find(|g| g.uid.to_string() == text).map(|g| ConsentRule::One(g.id))
            }
        };
        match rule {
            Some(rule) => households::set_consent(&mut tx, actor, &auditing.district, uid, rule, form.reason).await,
            None => Err(Problem::invalid("rule", "")),
        }
    };
    match changes {
        Ok(changes) => {
            obligations::follow(&mut tx, auditing.actor(), &auditing.district, changes, Cause::of(CauseKind::Consent, uid)).await?;
            tx.commit().await?;
            let said = if form.act == "unset" { "household-was-unset" } else { "household-was-set" };
            Ok(Ok(done(format!("/roster/people/{}/household", child.uid), auditing.t(said))))
        }
        Err(Problem::Invalid(errors)) => {
            drop(tx);
            let problems = super::worded(&auditing, errors.into_iter().map(|e| e.field));
            let again = Again { rule: form.rule.to_owned(), reason: form.reason.to_owned(), problems };
            Ok(Err(form_again(&household_page(auditing, uid, Some(again)).await?)?))
        }
        Err(problem) => Err(problem.into()),
    }
}
