//! Each kind of notice as it reads in a mail, in both languages, with made-up people.

use askama::Template;
use rocket::get;
use rocket::response::content::RawHtml;

use super::super::answer::{Answer, Html, page};
use super::super::desk::Director;
use super::super::shell::Shell;
use crate::kernel::{Locale, Problem};
use crate::notices::samples;
use crate::queue::Kind;

struct SampleView {
    kind: String,
    subject: String,
    text: String,
    href: String,
}

#[derive(Template)]
#[template(path = "mail_preview.html")]
struct PreviewPage {
    shell: Shell,
    /// The language of the samples.
    language: Locale,
    samples: Vec<SampleView>,
}

#[get("/mail/preview?<language>")]
pub(super) fn preview(desk: Director<'_>, language: Option<&str>) -> Answer<Html> {
    let language = language.and_then(Locale::from_tag).unwrap_or(desk.locale);
    let shell = desk.shell(desk.t("mail-preview"));
    let mut views = Vec::new();
    for kind in Kind::ALL {
        let worded = samples::of(kind, &desk.district.name, language, desk.today()).worded()?;
        views.push(SampleView {
            kind: super::kind_name(&shell, kind),
            subject: worded.subject,
            text: worded.text,
            href: format!("{}{}/{}", super::AS_SENT, kind.name(), language.tag()),
        });
    }
    page(&PreviewPage { shell, language, samples: views })
}

/// The mail itself, as mail programs show it.
#[get("/mail/preview/<kind>/<language>")]
pub(super) fn as_sent(desk: Director<'_>, kind: &str, language: &str) -> Answer<RawHtml<String>> {
    let kind = Kind::named(kind).ok_or(Problem::NotFound)?;
    let language = Locale::ALL.into_iter().find(|l| l.tag() == language).ok_or(Problem::NotFound)?;
    let worded = samples::of(kind, &desk.district.name, language, desk.today()).worded()?;
    Ok(RawHtml(worded.html))
}
