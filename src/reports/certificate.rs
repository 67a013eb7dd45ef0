//! A certificate on one page: who completed which course when, and how it can be checked.

use super::document::{Block, Document, Run};
use super::words::{self, Key, fill, say};
use crate::kernel::{Locale, Moment};
use crate::roster::District;
use crate::training::certificates::Certificate;

/// The certificate; `site` is where the pages are found, where that is known. In the language in which the course was taken.
pub fn certificate(district: &District, certificate: &Certificate, site: Option<&str>, now: Moment) -> Document {
    let locale = Locale::from_tag(&certificate.language).unwrap_or_else(|| district.locale());
    let (day, version) = (locale.day(district.zone.day(certificate.passed_at)), certificate.version.to_string());
    let (minutes, score) = (certificate.minutes.to_string(), format!("{}%", certificate.score));
    let how = match site {
        Some(site) => fill(locale, Key::CertificateCheckAt, &[("site", &format!("{site}/certificates"))]),
        None => say(locale, Key::CertificateCheck).to_owned(),
    };
    Document {
        title: say(locale, Key::CertificateTitle).to_owned(),
        lang: locale.tag().to_owned(),
        subject: certificate.course.clone(),
        author: district.name.clone(),
        made_on: words::made_on(locale, district, now),
        made_at: now,
        footer: certificate.code.clone(),
        blocks: vec![
            Block::text(fill(locale, Key::CertificateSays, &[("district", &district.name)])),
            Block::heading(2, &certificate.name),
            Block::text(say(locale, Key::CertificateCompleted)),
            Block::heading(2, &certificate.course),
            Block::Summary(vec![
                (say(locale, Key::CertificateDay).to_owned(), vec![Run::plain(day)]),
                (say(locale, Key::CertificateScore).to_owned(), vec![Run::plain(score)]),
                (
                    say(locale, Key::CertificateLength).to_owned(),
                    vec![Run::plain(fill(locale, Key::CertificateMinutes, &[("minutes", &minutes)]))],
                ),
                (say(locale, Key::CertificateVersion).to_owned(), vec![Run::plain(version)]),
                (say(locale, Key::CertificateCode).to_owned(), vec![Run::bold(&certificate.code)]),
            ]),
            Block::text(how),
            Block::text(say(locale, Key::CertificateLimit)),
        ],
    }
}
