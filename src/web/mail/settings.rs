//! When mails go out and of what: the schedule, the days without mail, the kinds that are on. Three forms on one page, each sent by itself.

use askama::Template;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post};

use super::super::answer::{Answer, Html, done, form_again, page};
use super::super::desk::Director;
use super::super::shell::Shell;
use crate::kernel::{FieldError, Locale, Problem, Result};
use crate::notices::{Rule, Schedule, rules, schedule};
use crate::queue::Kind;
use crate::roster::{Calendar, calendar};

struct KindView {
    name: &'static str,
    text: String,
    on: bool,
    /// Why it can't be turned off; empty where it can.
    why_not: String,
}

/// What stands in the fields: as it is kept, or as it was sent.
struct Fields {
    hour: i64,
    before: String,
    late_every: String,
    leaders_after: String,
    week: Vec<i64>,
    days: String,
    off: Vec<Kind>,
}

#[derive(Template)]
#[template(path = "mail_settings.html")]
struct SettingsPage {
    shell: Shell,
    hours: Vec<(i64, String, bool)>,
    fields: Fields,
    week: Vec<(i64, String, bool)>,
    kinds: Vec<KindView>,
}

async fn fields(desk: Director<'_>) -> Result<Fields> {
    let mut tx = desk.read().await?;
    let (schedule, calendar, off) = (schedule::get(&mut tx).await?, calendar::get(&mut tx).await?, rules::off(&mut tx).await?);
    let before: Vec<String> = schedule.before.iter().map(ToString::to_string).collect();
    Ok(Fields {
        hour: schedule.hour,
        before: before.join(", "),
        late_every: schedule.late_every.to_string(),
        leaders_after: schedule.leaders_after.to_string(),
        days: calendar.write_days(),
        week: calendar.week,
        off,
    })
}

fn settings_page(desk: Director<'_>, fields: Fields, problems: Vec<FieldError>) -> SettingsPage {
    let shell = desk.shell(desk.t("mail-settings")).with_problems(worded(desk, problems));
    let hour = |hour: i64| shell.locale.time((i8::try_from(hour).unwrap_or(0), 0));
    let kind = |rule: Rule| {
        let key = rule.kind.name().replace('.', "-");
        KindView {
            name: rule.kind.name(),
            text: super::kind_name(&shell, rule.kind),
            on: !fields.off.contains(&rule.kind),
            why_not: if rule.district { String::new() } else { shell.t(&format!("mail-always-{key}")) },
        }
    };
    SettingsPage {
        hours: (0..=20).map(|h| (h, hour(h), h == fields.hour)).collect(),
        week: (1..=7).map(|d| (d, shell.t(&format!("mail-weekday-{d}")), fields.week.contains(&d))).collect(),
        kinds: Rule::all().into_iter().map(kind).collect(),
        fields,
        shell,
    }
}

/// What a verb says of a field is English: readers of another language get the page's own words.
fn worded(desk: Director<'_>, problems: Vec<FieldError>) -> Vec<FieldError> {
    if desk.locale == Locale::En {
        return problems;
    }
    let mut worded: Vec<FieldError> = Vec::new();
    for problem in problems {
        if worded.iter().all(|known| known.field != problem.field) {
            worded.push(FieldError { text: desk.t(&format!("mail-wrong-{}", problem.field.replace('_', "-"))), field: problem.field });
        }
    }
    worded
}

#[get("/mail/settings")]
pub(super) async fn settings(desk: Director<'_>) -> Answer<Html> {
    page(&settings_page(desk, fields(desk).await?, Vec::new()))
}

/// A number as it was typed; what is none is no number that a schedule takes.
fn number(text: &str) -> i64 {
    text.trim().parse().unwrap_or(-1)
}

type Kept = Answer<std::result::Result<Flash<Redirect>, Html>>;

fn kept(desk: Director<'_>) -> Flash<Redirect> {
    done("/mail/settings", desk.t("mail-kept"))
}

#[derive(FromForm)]
pub(super) struct ScheduleForm {
    #[field(default = -1)]
    hour: i64,
    #[field(default = String::new())]
    before: String,
    #[field(default = String::new())]
    late_every: String,
    #[field(default = String::new())]
    leaders_after: String,
}

#[post("/mail/schedule", data = "<form>")]
pub(super) async fn keep_schedule(desk: Director<'_>, form: Form<ScheduleForm>) -> Kept {
    let before = form.before.split([',', ' ', ';']).filter(|part| !part.trim().is_empty()).map(number).collect();
    let wanted = Schedule { hour: form.hour, before, late_every: number(&form.late_every), leaders_after: number(&form.leaders_after) };
    let mut tx = desk.write().await?;
    match schedule::set(&mut tx, desk.actor(), wanted).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Ok(kept(desk)))
        }
        Err(Problem::Invalid(problems)) => {
            drop(tx);
            let form = form.into_inner();
            let kept = fields(desk).await?;
            let fields =
                Fields { hour: form.hour, before: form.before, late_every: form.late_every, leaders_after: form.leaders_after, ..kept };
            Ok(Err(form_again(&settings_page(desk, fields, problems))?))
        }
        Err(problem) => Err(problem.into()),
    }
}

#[derive(FromForm)]
pub(super) struct CalendarForm {
    week: Vec<i64>,
    #[field(default = String::new())]
    days: String,
}

#[post("/mail/calendar", data = "<form>")]
pub(super) async fn keep_calendar(desk: Director<'_>, form: Form<CalendarForm>) -> Kept {
    let mut tx = desk.write().await?;
    let set = match Calendar::read_days(&form.days) {
        Ok(days) => calendar::set(&mut tx, desk.actor(), Calendar { week: form.week.clone(), days, ..Calendar::default() }).await,
        Err(problem) => Err(problem),
    };
    match set {
        Ok(()) => {
            tx.commit().await?;
            Ok(Ok(kept(desk)))
        }
        Err(Problem::Invalid(problems)) => {
            drop(tx);
            let form = form.into_inner();
            let fields = Fields { week: form.week, days: form.days, ..fields(desk).await? };
            Ok(Err(form_again(&settings_page(desk, fields, problems))?))
        }
        Err(problem) => Err(problem.into()),
    }
}

#[derive(FromForm)]
pub(super) struct KindsForm {
    /// The kinds that stay on, by name.
    on: Vec<String>,
}

#[post("/mail/kinds", data = "<form>")]
pub(super) async fn keep_kinds(desk: Director<'_>, form: Form<KindsForm>) -> Answer<Flash<Redirect>> {
    let off: Vec<Kind> = Rule::all()
        .into_iter()
        .filter(|rule| rule.district && !form.on.iter().any(|name| name == rule.kind.name()))
        .map(|rule| rule.kind)
        .collect();
    let mut tx = desk.write().await?;
    rules::turn_off(&mut tx, desk.actor(), &off).await?;
    tx.commit().await?;
    Ok(kept(desk))
}
