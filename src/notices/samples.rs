//! Each kind of notice as it reads in a mail, for whoever decides about mails: made-up people, the product's own words.

use super::wording::{Asked, Line, Said};
use crate::kernel::words::{self, Value};
use crate::kernel::{Day, Locale};
use crate::queue::Kind;

/// Where a sample's links lead: nowhere.
const PAGES: &str = "https://assent.example.org";

/// A mail that says one thing of that kind. `title`s in it are made up; names of people too.
pub fn of(kind: Kind, district: &str, locale: Locale, today: Day) -> Said {
    let t = |key: &str, values: &[(&str, Value)]| words::say_with(locale, key, values);
    let title = t("mail-sample-title", &[]);
    let duty = |last: Day, late: bool| Asked { kind, title: title.clone(), child: Some("Mia".to_owned()), last, late, minutes: 4 };
    let line = |text: String, detail: &str, path: &str| Line { text, detail: Some(t(detail, &[])), href: Some(format!("{PAGES}{path}")) };
    let mut said =
        Said { district: district.to_owned(), name: "Ana".to_owned(), locale, duties: Vec::new(), others: Vec::new(), way: None };
    match kind {
        Kind::DutyNew => said.duties.push(duty(today.plus(30), false)),
        Kind::DutyDue => said.duties.push(duty(today.plus(1), false)),
        Kind::DutyLate => said.duties.push(duty(today.plus(-1), true)),
        Kind::LinkWanted => {}
        Kind::DutyLeaders => {
            let values =
                [("title", title.as_str().into()), ("n", 12_i64.into()), ("school", "Harbor Elementary".into()), ("days", 7_i64.into())];
            said.others.push(line(t("mail-leaders", &values), "mail-leaders-detail", "/audit"));
        }
        Kind::CommentAnswered => {
            said.others.push(line(t("mail-comment", &[("policy", title.as_str().into())]), "mail-comment-detail", "/policies"));
        }
        Kind::AnswerNo => said.others.push(line(t("mail-no", &[("n", 2_i64.into())]), "mail-no-detail", "/said-no")),
        Kind::ReviewDue => {
            let values = [("policy", title.as_str().into()), ("day", locale.day(today.plus(30)).into())];
            said.others.push(line(t("mail-review", &values), "mail-review-detail", "/policies"));
        }
        Kind::RequestDecided => said.others.push(line(t("mail-request-decided", &[]), "mail-request-decided-detail", "/filter/mine")),
        Kind::RequestWaiting => said.others.push(line(t("mail-request-waiting", &[]), "mail-request-waiting-detail", "/filter/requests")),
        Kind::ImportHeld => said.others.push(line(t("mail-import", &[]), "mail-import-detail", "/roster")),
        Kind::ExportReady => said.others.push(line(t("mail-packet", &[]), "mail-packet-detail", "/packets")),
        Kind::ViewWeekly => {
            let values = [("done", 412_i64.into()), ("asked", 530_i64.into()), ("late", 18_i64.into()), ("day", locale.day(today).into())];
            said.others.push(Line {
                text: t("mail-view", &[("name", title.as_str().into())]),
                detail: Some(t("mail-view-detail", &values)),
                href: Some(format!("{PAGES}/audit")),
            });
        }
    }
    if kind == Kind::LinkWanted || !said.duties.is_empty() {
        said.way = Some(format!("{PAGES}/link/0123456789abcdef"));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_reads_in_both_languages_and_names_no_key() {
        let today = Day::parse_iso("2026-09-18").unwrap();
        for kind in Kind::ALL {
            let [en, es] = [Locale::En, Locale::Es].map(|locale| of(kind, "Test District", locale, today).worded().unwrap());
            assert!(en.subject != es.subject && en.text != es.text, "{kind:?} reads the same in both languages:\n{}", en.text);
            for (worded, greeting) in [(&en, "Hello Ana"), (&es, "Hola, Ana")] {
                assert!(worded.text.contains(greeting) && worded.html.contains(greeting), "{kind:?}:\n{}", worded.text);
                assert!(!worded.subject.is_empty() && worded.text.lines().count() > 5, "{kind:?}:\n{}", worded.text);
                for part in [&worded.subject, &worded.text, &worded.html] {
                    assert!(!part.contains("mail-") && !part.contains("{ "), "{kind:?} shows a key or a blank:\n{part}");
                }
            }
        }
    }
}
