//! One's own mail: which one gets, what can be turned off, what came lately.

use askama::Template;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post};

use super::super::answer::{Answer, Html, done, page};
use super::super::desk::Member;
use super::super::shell::Shell;
use super::MailSetUp;
use crate::notices::{Rule, rules, status};
use crate::queue::Kind;

struct KindView {
    name: &'static str,
    text: String,
    on: bool,
    /// The reader may turn it off.
    oneself: bool,
    /// Why it can't be turned off, or that the district has turned it off.
    note: String,
}

#[derive(Template)]
#[template(path = "mail_mine.html")]
struct MinePage {
    shell: Shell,
    set_up: bool,
    address: Option<String>,
    kinds: Vec<KindView>,
    /// There is something that can be turned off.
    choice: bool,
    /// Day, subject and its language.
    mails: Vec<(String, String, String)>,
}

#[get("/mail/mine")]
pub(super) async fn mine(member: Member<'_>, set_up: MailSetUp) -> Answer<Html> {
    let mut tx = member.read().await?;
    let (district_off, own_off) = (rules::off(&mut tx).await?, rules::off_for(&mut tx, member.actor).await?);
    let mails = status::own(&mut tx, member.actor).await?;
    let address = status::own_address(&mut tx, member.actor).await?;
    drop(tx);
    let shell = member.shell(member.t("mail-mine"));
    let kinds: Vec<KindView> = status::own_kinds(member.actor)
        .into_iter()
        .map(|rule: Rule| {
            let off_everywhere = district_off.contains(&rule.kind);
            let note = if off_everywhere {
                shell.t("mail-mine-off")
            } else if rule.oneself {
                String::new()
            } else {
                shell.t(always(rule.kind))
            };
            KindView {
                name: rule.kind.name(),
                text: super::kind_name(&shell, rule.kind),
                on: !off_everywhere && !own_off.contains(&rule.kind),
                oneself: rule.oneself && !off_everywhere,
                note,
            }
        })
        .collect();
    page(&MinePage {
        set_up: set_up.0 || !mails.is_empty(),
        address,
        choice: kinds.iter().any(|kind| kind.oneself),
        kinds,
        mails: mails
            .into_iter()
            .map(|mail| {
                let language = mail.language.unwrap_or_else(|| shell.locale.tag().to_owned());
                (shell.day(&member.district.zone.day(mail.at)), mail.subject, language)
            })
            .collect(),
        shell,
    })
}

/// Why somebody can't turn it off for themselves.
fn always(kind: Kind) -> &'static str {
    match kind {
        Kind::DutyNew | Kind::DutyDue | Kind::DutyLate => "mail-mine-always-duty",
        Kind::LinkWanted => "mail-always-link-wanted",
        Kind::AnswerNo => "mail-always-answer-no",
        Kind::RequestDecided => "mail-always-request-decided",
        Kind::RequestWaiting => "mail-always-request-waiting",
        _ => "mail-mine-always",
    }
}

#[derive(FromForm)]
pub(super) struct KindsForm {
    /// The kinds that stay on, by name.
    on: Vec<String>,
}

#[post("/mail/mine", data = "<form>")]
pub(super) async fn turn_off(member: Member<'_>, form: Form<KindsForm>) -> Answer<Flash<Redirect>> {
    let mut tx = member.write().await?;
    let (district_off, own_off) = (rules::off(&mut tx).await?, rules::off_for(&mut tx, member.actor).await?);
    let chosen = |rule: &Rule| !form.on.iter().any(|name| name == rule.kind.name());
    let shown: Vec<Rule> =
        status::own_kinds(member.actor).into_iter().filter(|rule| rule.oneself && !district_off.contains(&rule.kind)).collect();
    // What the page didn't show stays as it is.
    let mut off: Vec<Kind> = own_off.into_iter().filter(|kind| shown.iter().all(|rule| rule.kind != *kind)).collect();
    off.extend(shown.iter().filter(|rule| chosen(rule)).map(|rule| rule.kind));
    rules::turn_off_for_oneself(&mut tx, member.actor, &off).await?;
    tx.commit().await?;
    Ok(done("/mail/mine", member.t("mail-mine-kept")))
}
