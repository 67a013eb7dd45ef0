//! "My answers": everything that the reader answered, and what was answered for the reader's children, as it counts now.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::{State as Managed, get, routes};

use super::answer::{Answer, Html, page};

use super::desk::Member;
use super::shell::Shell;
use crate::acknowledgments::standing::{self, Paper, Sheet, WHOLE, Word};
use crate::db::Tx;
use crate::kernel::{PersonId, Result};
use crate::obligations::State;
use crate::obligations::tasks::{self, Task};
use crate::policies::{Consent, Reading};

/// One question of a document, or the document itself.
struct Line {
    ask: String,
    state: &'static str,
    said: String,
    /// What happens after a no, in the document's own words.
    after: String,
    /// Who said what, and when, where it isn't the reader alone.
    by: Vec<String>,
    /// Pages on which it can be taken back, or given.
    take_back: Option<String>,
    give: Option<String>,
}

struct PaperView {
    title: String,
    /// Version and day of the reader's own answer.
    facts: String,
    /// The language of the lines.
    language: String,
    lines: Vec<Line>,
    /// What stands in the way of a change, and why.
    note: String,
    receipt: Option<String>,
    /// Its exact text, where it opens to the reader.
    text: Option<String>,
    change: Option<String>,
    earlier: Vec<(String, String)>,
}

struct SectionView {
    id: String,
    heading: String,
    papers: Vec<PaperView>,
}

#[derive(Template)]
#[template(path = "family.html")]
struct FamilyPage {
    shell: Shell,
    sections: Vec<SectionView>,
}

#[get("/answers")]
async fn answers(member: Member<'_>, texts: &Managed<std::sync::Arc<crate::policies::Shelf>>) -> Answer<Html> {
    let mut tx = member.read().await?;
    let sheets = standing::sheets(&mut tx, member.actor, &member.district).await?;
    let tasks = tasks::of(&mut tx, member.actor).await?;
    let shell = member.shell(member.t("family-title"));
    let mut sections = Vec::new();
    for sheet in sheets {
        let mut papers = Vec::new();
        for paper in &sheet.papers {
            papers.push(paper_view(&mut tx, texts, member, &shell, &sheet, paper, &tasks).await?);
        }
        let heading = if sheet.oneself { shell.t("family-oneself") } else { sheet.about_name.clone() };
        sections.push(SectionView { id: format!("of-{}", sheet.about_uid), heading, papers });
    }
    page(&FamilyPage { shell, sections })
}

async fn paper_view(
    tx: &mut Tx,
    texts: &crate::policies::Shelf,
    member: Member<'_>,
    shell: &Shell,
    sheet: &Sheet,
    paper: &Paper,
    tasks: &[Task],
) -> Result<PaperView> {
    let newest = &paper.words[0];
    let reader = member.actor.person.unwrap_or(sheet.about);
    let reading = texts.read(tx, newest.version, shell.locale.tag()).await?;
    let mine = paper.words.iter().find(|word| word.person == reader);
    let day = |word: &Word| shell.day(&member.district.zone.day(word.at));
    // A student of 18 may open what was answered for them.
    let handle = mine.or((sheet.oneself && sheet.of_age).then_some(newest));
    let lines = if reading.consents.is_empty() {
        vec![line(member, shell, paper, reader, &whole(&reading))]
    } else {
        reading.consents.iter().filter(|c| !paper.words_on(&c.id).is_empty()).map(|c| line(member, shell, paper, reader, c)).collect()
    };
    let task = tasks.iter().find(|task| {
        task.subject_kind == "policy"
            && task.subject_id == newest.version.0
            && task.about == sheet.about
            && task.is_for_a_child() != paper.own
            && task.state != State::Open
    });
    let number = newest.number;
    Ok(PaperView {
        title: reading.title.clone(),
        facts: match mine {
            Some(word) => shell.tvv("family-facts", "number", number, "day", day(word)),
            None => shell.tv("family-facts-version", "number", number),
        },
        language: reading.language.clone(),
        lines,
        note: note(shell, sheet, paper),
        receipt: handle.map(|word| format!("/receipts/{}", word.uid)),
        text: match handle {
            Some(word) => Some(format!("/receipts/{}/text", word.uid)),
            None => (!member.actor.by_link).then(|| format!("/policies/{}/versions/{number}", newest.slug)),
        },
        change: task.filter(|_| paper.is_heard).map(|task| format!("/tasks/{}/{}/answer", task.requirement, task.about_uid)),
        earlier: paper.earlier.iter().map(|w| (format!("/receipts/{}", w.uid), earlier(shell, w, day(w)))).collect(),
    })
}

fn earlier(shell: &Shell, word: &Word, day: String) -> String {
    shell.tvv("family-facts", "number", word.number, "day", day)
}

/// A document without consents, as its one question.
fn whole(reading: &Reading) -> Consent {
    Consent {
        id: WHOLE.into(),
        ask: reading.statement.clone(),
        yes: String::new(),
        no: String::new(),
        after_no: reading.if_declined.clone(),
        principal: true,
    }
}

fn line(member: Member<'_>, shell: &Shell, paper: &Paper, reader: PersonId, consent: &Consent) -> Line {
    let words = paper.words_on(&consent.id);
    let own = paper.word_of(reader, &consent.id).map(|(_, choice)| choice);
    let mine_alone = words.iter().all(|(word, _)| word.person == reader);
    // Answers of former times say what they said.
    let holds = if paper.is_heard || own.is_none() { paper.holds(&consent.id) } else { own.as_ref().is_some_and(|choice| choice.yes) };
    let newest = words.first().map(|(_, choice)| choice.clone());
    let withdrawn = newest.as_ref().is_some_and(|choice| choice.withdrawn);
    let whole = consent.id == WHOLE;
    // Every guardian's yes is needed, and not all have given it.
    let missing = !holds && newest.as_ref().is_some_and(|choice| choice.yes);
    let said = match (holds, whole) {
        _ if missing => shell.t("family-not-enough"),
        (true, true) => shell.t("receipt-agreed"),
        (true, false) => consent.yes.clone(),
        (false, true) => shell.t(if withdrawn { "receipt-withdrawn" } else { "receipt-declined" }),
        (false, false) => consent.no.clone(),
    };
    let by = words.iter().map(|(word, choice)| {
        let key = match (choice.yes, choice.withdrawn) {
            (true, _) => "family-by-yes",
            (false, true) => "family-by-taken-back",
            (false, false) => "family-by-no",
        };
        let name = if word.person == reader { shell.t("family-you") } else { word.person_name.clone() };
        shell.tvv(key, "name", name, "day", shell.day(&member.district.zone.day(word.at)))
    });
    let receipt = words.first().map(|(word, _)| word.uid).filter(|_| paper.is_heard);
    let href = |act: &str| receipt.map(|uid| format!("/receipts/{uid}/{act}?consent={}", consent.id));
    Line {
        ask: consent.ask.clone(),
        state: if holds { "done" } else { "wait" },
        said,
        after: if holds { String::new() } else { consent.after_no.clone() },
        by: if mine_alone && !withdrawn { Vec::new() } else { by.collect() },
        take_back: href("take-back").filter(|_| paper.can_be_taken_back_by(reader, &consent.id)),
        give: href("give").filter(|_| paper.is_for_the_student_at_18(Some(reader)) && !holds),
    }
}

/// Why the reader can change nothing here, or why the reader can.
fn note(shell: &Shell, sheet: &Sheet, paper: &Paper) -> String {
    if paper.own && !sheet.oneself {
        return shell.tv("family-own-of-child", "name", &sheet.about_name);
    }
    match (paper.is_heard, sheet.of_age) {
        (false, true) => shell.tv("family-note-18", "name", &sheet.about_name),
        (false, false) => shell.t("family-note-not-heard"),
        (true, true) if !paper.own => shell.t("family-note-own-18"),
        (true, _) => String::new(),
    }
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("family", |rocket| async { rocket.mount("/", routes![answers]) })
}
