//! A mail in words: as text and as HTML, in the reader's language, from one [`Said`]. Names and titles come from people; none of them can break
//! out of a header or of the page. Links carry no personal data.

use askama::Template;

use crate::kernel::words::{self, Value};
use crate::kernel::{Day, Locale, Problem, Result};
use crate::queue::Kind;

/// A duty that a mail speaks of, as it is asked now.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The last notice about it: `DutyNew`, `DutyDue` or `DutyLate`.
    pub kind: Kind,
    pub title: String,
    /// The given name of the child for whom it is asked.
    pub child: Option<String>,
    /// The last day, grace not included.
    pub last: Day,
    /// Past it, grace included.
    pub late: bool,
    pub minutes: i64,
}

/// Something else that a mail tells.
#[derive(Debug, Clone)]
pub struct Line {
    pub text: String,
    pub detail: Option<String>,
    pub href: Option<String>,
}

/// All that one mail says.
#[derive(Debug, Clone)]
pub struct Said {
    pub district: String,
    pub name: String,
    pub locale: Locale,
    pub duties: Vec<Asked>,
    pub others: Vec<Line>,
    /// A link that signs its reader in, to answer.
    pub way: Option<String>,
}

/// A mail as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worded {
    pub subject: String,
    pub text: String,
    pub html: String,
}

struct Section {
    heading: String,
    lines: Vec<Line>,
}

struct Link {
    label: String,
    href: String,
    note: String,
}

#[derive(Template)]
#[template(path = "mail.txt", escape = "none")]
struct Text<'a> {
    greeting: &'a str,
    intro: &'a str,
    sections: &'a [Section],
    link: Option<&'a Link>,
    why: &'a str,
    closing: &'a str,
    district: &'a str,
    no_reply: &'a str,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    language: &'a str,
    subject: &'a str,
    greeting: &'a str,
    intro: &'a str,
    sections: &'a [Section],
    link: Option<&'a Link>,
    why: &'a str,
    closing: &'a str,
    district: &'a str,
    no_reply: &'a str,
}

/// One line of plain text: no control characters, no line breaks, no double spaces. What a name or title may be in a header.
pub fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Said {
    /// In words.
    ///
    /// # Errors
    /// `Internal` where a template fails.
    pub fn worded(&self) -> Result<Worded> {
        let t = |key: &str, values: &[(&str, Value)]| words::say_with(self.locale, key, values);
        let district = one_line(&self.district);
        let subject = self.subject();
        let greeting = t("mail-hello", &[("name", one_line(&self.name).into())]);
        let (intro, why) = match (self.duties.is_empty(), self.others.is_empty()) {
            (false, _) => ("mail-intro-duties", "mail-why-duties"),
            (true, false) => ("mail-intro-others", "mail-why-others"),
            (true, true) => ("mail-intro-link", "mail-why-link"),
        };
        let intro = t(intro, &[("district", district.as_str().into())]);
        let link = self.way.as_ref().map(|way| Link { label: t("mail-link", &[]), href: way.clone(), note: t("mail-link-note", &[]) });
        let sections = self.sections();
        let (why, closing, no_reply) = (t(why, &[]), t("mail-closing", &[]), t("mail-no-reply", &[]));
        let text = Text {
            greeting: &greeting,
            intro: &intro,
            sections: &sections,
            link: link.as_ref(),
            why: &why,
            closing: &closing,
            district: &district,
            no_reply: &no_reply,
        };
        let html = Html {
            language: self.locale.tag(),
            subject: &subject,
            greeting: &greeting,
            intro: &intro,
            sections: &sections,
            link: link.as_ref(),
            why: &why,
            closing: &closing,
            district: &district,
            no_reply: &no_reply,
        };
        let failed = |e: askama::Error| Problem::internal("a mail could not be written", e);
        Ok(Worded { text: text.render().map_err(failed)?, html: html.render().map_err(failed)?, subject })
    }

    fn subject(&self) -> String {
        let t = |key: &str, values: &[(&str, Value)]| words::say_with(self.locale, key, values);
        let late = self.duties.iter().filter(|duty| duty.late).count();
        match (self.duties.as_slice(), self.others.as_slice()) {
            ([one], _) => {
                let key = match one.kind {
                    _ if one.late => "mail-subject-late",
                    Kind::DutyDue => "mail-subject-due",
                    _ => "mail-subject-new",
                };
                t(key, &[("title", one_line(&one.title).into())])
            }
            ([], [one]) => one_line(&one.text),
            ([], []) => t("mail-subject-link", &[]),
            ([], _) => t("mail-intro-others", &[("district", one_line(&self.district).into())]),
            (all, _) if late == all.len() => t("mail-subject-late-several", &[("n", all.len().into())]),
            (all, _) => t("mail-subject-several", &[("n", all.len().into())]),
        }
    }

    fn sections(&self) -> Vec<Section> {
        let t = |key: &str, values: &[(&str, Value)]| words::say_with(self.locale, key, values);
        let line = |duty: &Asked| {
            let title = one_line(&duty.title);
            let text = match &duty.child {
                Some(child) => t("mail-duty-for", &[("title", title.into()), ("child", one_line(child).into())]),
                None => t("mail-duty", &[("title", title.into())]),
            };
            let day = self.locale.weekday_and_day(duty.last);
            let detail = if duty.late {
                t("mail-duty-late", &[("day", day.into())])
            } else {
                t("mail-duty-until", &[("day", day.into()), ("n", duty.minutes.max(1).into())])
            };
            Line { text, detail: Some(detail), href: None }
        };
        let mut sections = Vec::new();
        for (late, heading) in [(true, "mail-section-late"), (false, "mail-section-open")] {
            let lines: Vec<Line> = self.duties.iter().filter(|duty| duty.late == late).map(line).collect();
            if !lines.is_empty() {
                sections.push(Section { heading: t(heading, &[]), lines });
            }
        }
        if !self.others.is_empty() {
            sections.push(Section { heading: t("mail-section-others", &[]), lines: self.others.clone() });
        }
        sections
    }
}

#[cfg(test)]
mod tests;
