//! Mails that came back: delivery reports (RFC 3464) that a mail server sends to the address in whose name mails go out. A report names the mail
//! by its Message-ID, which nobody can guess who hasn't had the mail.

use mailparse::{MailHeaderMap, ParsedMail};
use uuid::Uuid;

use super::store::mails;
use super::wording::one_line;
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Problem, Result};

/// The server's words are kept so far, in characters.
const LONGEST_SAID: usize = 500;
/// Parts within parts: no report needs more.
const DEEPEST: usize = 6;

/// What a report says of one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The mail's uid.
    pub mail: Uuid,
    /// It will never arrive; otherwise it is only delayed, or arrived.
    pub failed: bool,
    pub said: String,
}

/// Reads a report.
///
/// # Errors
/// `Invalid` (`report`) for a mail that is no delivery report, or none of ours.
pub fn read(bytes: &[u8]) -> Result<Report> {
    let no = |what: &str| {
        Problem::invalid("report", format!("{what}. Give a delivery report as the mail server sent it (RFC 3464), head included"))
    };
    let parsed = mailparse::parse_mail(bytes).map_err(|e| no(&format!("this can't be read as a mail: {e}")))?;
    let mut parts = Vec::new();
    flatten(&parsed, 0, &mut parts);
    let status = parts
        .iter()
        .find(|part| part.ctype.mimetype.eq_ignore_ascii_case("message/delivery-status"))
        .ok_or_else(|| no("this mail is no delivery report"))?
        .get_body()
        .map_err(|e| no(&format!("its status can't be read: {e}")))?;
    let field = |name: &str| {
        let line = status.lines().find(|line| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))?;
        line.get(name.len()..)?.trim_start().strip_prefix(':').map(one_line)
    };
    let action = field("Action").ok_or_else(|| no("it doesn't say what became of the mail"))?;
    let said = [field("Status"), field("Diagnostic-Code")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    // The mail itself, or its head, comes with the report.
    let original = parts
        .iter()
        .filter(|part| {
            part.ctype.mimetype.eq_ignore_ascii_case("text/rfc822-headers") || part.ctype.mimetype.eq_ignore_ascii_case("message/rfc822")
        })
        .find_map(|part| {
            let body = part.get_body_raw().ok()?;
            let (headers, _) = mailparse::parse_headers(&body).ok()?;
            headers.get_first_value("Message-ID")
        })
        .ok_or_else(|| no("it doesn't say which mail came back"))?;
    let mail = original.trim().trim_start_matches('<').split('@').next().and_then(|id| Uuid::parse_str(id).ok());
    let mail = mail.ok_or_else(|| no("the mail that came back is none of ours"))?;
    Ok(Report { mail, failed: action.eq_ignore_ascii_case("failed"), said: said.chars().take(LONGEST_SAID).collect() })
}

fn flatten<'a>(part: &'a ParsedMail<'a>, depth: usize, into: &mut Vec<&'a ParsedMail<'a>>) {
    into.push(part);
    if depth < DEEPEST {
        part.subparts.iter().for_each(|sub| flatten(sub, depth + 1, into));
    }
}

/// Writes down that a mail came back. For directors and the operator. Whether it was one that had gone out: a report of a mail that is only
/// delayed changes nothing.
///
/// # Errors
/// `NotFound` for others, and for a mail that isn't there.
pub async fn keep(tx: &mut Tx, actor: &Actor, report: &Report) -> Result<bool> {
    if !actor.is_director() || !mails::exists(tx, report.mail).await? {
        return Err(Problem::NotFound);
    }
    if !report.failed || !mails::bounced(tx, report.mail, &report.said).await? {
        return Ok(false);
    }
    audit::record(tx, actor, "mail.bounced", &report.mail.to_string(), serde_json::json!({ "said": report.said })).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "From: MAILER-DAEMON@mail.example\r\nTo: assent@test.example\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\n\
        Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\nFinal-Recipient: rfc822; max@students.example\r\n\
        Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
        From: assent@test.example\r\nMessage-ID: <0198f3a2-0000-7000-8000-000000000001@test.example>\r\nSubject: x\r\n--b--\r\n";

    #[test]
    fn a_report_names_the_mail_and_why_it_came_back() {
        let report = read(REPORT.as_bytes()).unwrap();
        assert_eq!(report.mail.to_string(), "0198f3a2-0000-7000-8000-000000000001");
        assert!(report.failed && report.said == "5.1.1 smtp; 550 no such user", "{report:?}");
        assert!(!read(REPORT.replace("Action: failed", "action: DELAYED").as_bytes()).unwrap().failed);
    }

    #[test]
    fn what_is_no_report_of_ours_is_refused_in_words() {
        for (text, word) in [
            ("Subject: hello\r\n\r\nHello".to_owned(), "no delivery report"),
            (REPORT.replace("0198f3a2-0000-7000-8000-000000000001", "somebody"), "none of ours"),
            (REPORT.replace("Message-ID", "X-ID"), "which mail came back"),
            (REPORT.replace("Action: failed\r\n", ""), "what became"),
            (String::new(), "no delivery report"),
        ] {
            let problem = read(text.as_bytes()).unwrap_err().to_string();
            assert!(problem.contains(word), "{word}: {problem}");
        }
    }
}
