//! What the notices of a mail say, looked up when the mail is written: a duty as it stands then, a figure as of then. What has closed or moved on
//! meanwhile is left out; a mail that would say nothing is dropped.

use std::collections::HashMap;

use serde::Deserialize;
use uuid::Uuid;

use super::store::mails::{self, MailRow, ReaderRow, SaidRow};
use super::store::reaching;
use super::wording::{Asked, Line, Said};
use super::{schedule, wording};
use crate::db::Tx;
use crate::identity::{self, links};
use crate::kernel::words::{self, Value};
use crate::kernel::{Day, Locale, PersonId, Problem, Result, VersionId};
use crate::obligations::views;
use crate::policies;
use crate::queue::Kind;
use crate::roster::District;

/// Where the pages are, as browsers reach them: `https://assent.example.org`, without a slash at the end.
#[derive(Debug, Clone)]
pub struct Pages(pub String);

impl Pages {
    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

/// What each of these mails says; `None`: nothing any more.
pub async fn all(tx: &mut Tx, district: &District, pages: &Pages, mails: &[MailRow]) -> Result<Vec<Option<Said>>> {
    let ids: Vec<i64> = mails.iter().map(|mail| mail.id).collect();
    let mut rows: HashMap<i64, Vec<SaidRow>> = HashMap::new();
    for row in mails::said(tx, &ids).await? {
        rows.entry(row.mail_id).or_default().push(row);
    }
    let readers: HashMap<i64, ReaderRow> = mails::readers(tx, &ids).await?.into_iter().map(|reader| (reader.mail_id, reader)).collect();
    let mut all = Vec::with_capacity(mails.len());
    // Whoever is on the roster comes in by a link of their own.
    let mut links: Vec<(usize, PersonId)> = Vec::new();
    for mail in mails {
        let (Some(rows), Some(reader)) = (rows.get(&mail.id), readers.get(&mail.id)) else {
            all.push(None);
            continue;
        };
        let locale = reader.language.as_deref().and_then(Locale::from_tag).unwrap_or_else(|| district.locale());
        let duties = duties(district.today(tx.now()), rows);
        let wants_link = rows.iter().any(|row| row.kind == Kind::LinkWanted);
        let others = others(tx, district, pages, mail, rows, locale).await?;
        if duties.is_empty() && others.is_empty() && !wants_link {
            all.push(None);
            continue;
        }
        if let Some(person) = mail.person_id.filter(|_| wants_link || !duties.is_empty()) {
            links.push((all.len(), person));
        }
        all.push(Some(Said { district: district.name.clone(), name: reader.name.clone(), locale, duties, others, way: None }));
    }
    let people: Vec<PersonId> = links.iter().map(|(_, person)| *person).collect();
    let tokens = if people.is_empty() { HashMap::new() } else { links::make(tx, &people).await? };
    for (place, person) in links {
        if let (Some(Some(said)), Some(token)) = (all.get_mut(place), tokens.get(&person)) {
            said.way = Some(pages.at(&format!("/link/{token}")));
        }
    }
    Ok(all)
}

/// Each duty once, by what was said of it last; late ones by the day of today.
fn duties(today: Day, rows: &[SaidRow]) -> Vec<Asked> {
    let mut keys: Vec<(Option<Uuid>, Option<Uuid>)> = Vec::new();
    let mut duties: Vec<Asked> = Vec::new();
    for row in rows.iter().filter(|row| row.is_duty && row.open) {
        let (Some(title), Some(due)) = (&row.title, row.due) else { continue };
        let asked = Asked {
            kind: row.kind,
            title: title.clone(),
            child: row.child.clone(),
            last: due.plus(-row.grace_days.unwrap_or(0)),
            late: due < today,
            minutes: row.minutes.unwrap_or(1),
        };
        let key = (row.requirement, row.about);
        if let Some(known) = keys.iter().position(|known| *known == key) {
            duties[known] = asked;
        } else {
            keys.push(key);
            duties.push(asked);
        }
    }
    duties
}

#[derive(Deserialize)]
struct OfComment {
    version: i64,
}

#[derive(Deserialize)]
struct OfReview {
    policy: String,
    day: Day,
}

#[derive(Deserialize)]
struct OfView {
    view: Uuid,
}

#[derive(Deserialize)]
struct OfImport {
    import: Uuid,
}

#[derive(Deserialize)]
struct OfRequest {
    request: Uuid,
}

#[derive(Deserialize)]
struct OfPacket {
    packet: Uuid,
}

fn read<'a, T: Deserialize<'a>>(row: &'a SaidRow) -> Result<T> {
    serde_json::from_str(&row.subject)
        .map_err(|e| Problem::internal(format!("table notification, column subject, kind {}: not what its kind says", row.kind.name()), e))
}

async fn others(tx: &mut Tx, district: &District, pages: &Pages, mail: &MailRow, rows: &[SaidRow], locale: Locale) -> Result<Vec<Line>> {
    let t = |key: &str, values: &[(&str, Value)]| words::say_with(locale, key, values);
    let mut lines = Vec::new();
    let mut told: Vec<(Kind, &str)> = Vec::new();
    for row in rows.iter().filter(|row| !row.is_duty) {
        if told.contains(&(row.kind, row.subject.as_str())) {
            continue;
        }
        told.push((row.kind, &row.subject));
        match row.kind {
            Kind::CommentAnswered => {
                let version = policies::reading::version_by_id(tx, VersionId(read::<OfComment>(row)?.version)).await?;
                let title = policies::read(tx, &version, Some(locale.tag())).await?.title;
                lines.push(Line {
                    text: t("mail-comment", &[("policy", wording::one_line(&title).into())]),
                    detail: Some(t("mail-comment-detail", &[])),
                    href: Some(pages.at(&format!("/policies/{}/versions/{}", version.slug, version.number))),
                });
            }
            Kind::AnswerNo => {
                let number = reaching::unseen_no(tx, mail).await?;
                if number > 0 {
                    lines.push(Line {
                        text: t("mail-no", &[("n", number.into())]),
                        detail: Some(t("mail-no-detail", &[])),
                        href: Some(pages.at("/said-no")),
                    });
                }
            }
            Kind::ReviewDue => {
                let OfReview { policy, day } = read(row)?;
                let version = policies::version(tx, &policy, None).await?;
                let title = policies::read(tx, &version, Some(locale.tag())).await?.title;
                lines.push(Line {
                    text: t("mail-review", &[("policy", wording::one_line(&title).into()), ("day", locale.day(day).into())]),
                    detail: Some(t("mail-review-detail", &[])),
                    href: Some(pages.at(&format!("/policies/{policy}"))),
                });
            }
            Kind::ImportHeld => {
                let import = read::<OfImport>(row)?.import;
                if reaching::is_held(tx, import).await? {
                    lines.push(Line {
                        text: t("mail-import", &[]),
                        detail: Some(t("mail-import-detail", &[])),
                        href: Some(pages.at(&format!("/roster/imports/{import}"))),
                    });
                }
            }
            // Neither says what was asked: others may read a mail over one's shoulder.
            Kind::RequestDecided => lines.push(Line {
                text: t("mail-request-decided", &[]),
                detail: Some(t("mail-request-decided-detail", &[])),
                href: Some(pages.at(&format!("/filter/requests/{}", read::<OfRequest>(row)?.request))),
            }),
            Kind::RequestWaiting => lines.push(Line {
                text: t("mail-request-waiting", &[]),
                detail: Some(t("mail-request-waiting-detail", &[])),
                href: Some(pages.at("/filter/requests")),
            }),
            Kind::ExportReady => {
                let packet = read::<OfPacket>(row)?.packet;
                let (text, detail) = match reaching::packet(tx, packet).await?.as_deref() {
                    Some("ready") => ("mail-packet", "mail-packet-detail"),
                    Some("failed") => ("mail-packet-failed", "mail-packet-failed-detail"),
                    _ => continue,
                };
                let href = Some(pages.at(&format!("/packets/{packet}")));
                lines.push(Line { text: t(text, &[]), detail: Some(t(detail, &[])), href });
            }
            Kind::DutyLeaders => lines.extend(leaders(tx, district, pages, mail, locale).await?),
            Kind::ViewWeekly => lines.extend(view(tx, district, pages, read::<OfView>(row)?.view, locale).await?),
            Kind::DutyNew | Kind::DutyDue | Kind::DutyLate | Kind::LinkWanted => {}
        }
    }
    Ok(lines)
}

/// By school and requirement, how many are late for long; each with the list of who it is, which only those within reach can open.
async fn leaders(tx: &mut Tx, district: &District, pages: &Pages, mail: &MailRow, locale: Locale) -> Result<Vec<Line>> {
    let days = schedule::get(tx).await?.leaders_after;
    let since = district.today(tx.now()).plus(-days);
    let mut lines = Vec::new();
    for late in reaching::late(tx, mail, since).await? {
        let values: [(&str, Value); 4] = [
            ("title", wording::one_line(&late.title).into()),
            ("n", late.number.into()),
            ("school", wording::one_line(&late.school).into()),
            ("days", days.into()),
        ];
        lines.push(Line {
            text: words::say_with(locale, "mail-leaders", &values),
            detail: Some(words::say(locale, "mail-leaders-detail")),
            href: Some(pages.at(&format!("/audit/{}/people?school={}&state=late", late.requirement, late.school_uid))),
        });
    }
    Ok(lines)
}

/// The figures of a saved view, as its owner may see them today.
async fn view(tx: &mut Tx, district: &District, pages: &Pages, uid: Uuid, locale: Locale) -> Result<Option<Line>> {
    let today = district.today(tx.now());
    let Some((view, account)) = views::owned(tx, uid).await? else { return Ok(None) };
    let Some(actor) = identity::actor(tx, account, today).await? else { return Ok(None) };
    let Some(counts) = views::total(tx, &actor, &view, today).await? else { return Ok(None) };
    let number = |number: i64| Value::from(locale.number(number));
    let values = [
        ("done", number(counts.fulfilled)),
        ("asked", number(counts.asked())),
        ("late", number(counts.late)),
        ("day", locale.day(today).into()),
    ];
    Ok(Some(Line {
        text: words::say_with(locale, "mail-view", &[("name", wording::one_line(&view.name).into())]),
        detail: Some(words::say_with(locale, "mail-view-detail", &values)),
        href: Some(pages.at(&view.path())),
    }))
}
