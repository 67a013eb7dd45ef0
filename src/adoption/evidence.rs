//! Files that prove what the records say: the page on which a notice stood, signed minutes, an invoice. What a file is, its bytes say and
//! nothing else. It is kept with its hash, leaves as a file to be kept, never as a page, and stays for as long as its retention says.

use serde::Serialize;
use uuid::Uuid;

use super::store::evidence as store;
use super::{author, dossier};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Day, Moment, PolicyId, Problem, Result, Role, digest};
use crate::policies::docx;
use crate::roster::district;

/// 10 MiB.
pub const LARGEST: usize = 10 << 20;

/// Years after a funding year's last day for which its records are kept (47 CFR 54.516(a)(1)).
pub const YEARS_KEPT: i16 = 10;

/// An E-rate funding year, from 1 July to 30 June, named by the year in which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FundingYear(i16);

impl FundingYear {
    /// The funding year of that name; `None` before 1998, when the first one began, and beyond what a calendar needs.
    pub fn named(year: i64) -> Option<Self> {
        i16::try_from(year).ok().filter(|year| (1998..=2200).contains(year)).map(Self)
    }

    /// The one in which the day lies.
    pub fn of(day: Day) -> Self {
        Self(day.school_year() - 1)
    }

    pub fn year(self) -> i64 {
        i64::from(self.0)
    }

    pub fn first(self) -> Day {
        Day::school_year_start(self.0 + 1)
    }

    pub fn last(self) -> Day {
        Day::school_year_start(self.0 + 2).plus(-1)
    }

    /// The last day on which its records must still be there.
    pub fn kept_until(self) -> Day {
        Self(self.0 + YEARS_KEPT).last()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Pdf,
    Png,
    Jpeg,
    Docx,
}

impl Kind {
    /// The ending of a file of this kind.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Docx => "docx",
        }
    }
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    Empty,
    TooLarge,
    /// None of the kinds that are taken, whatever it is called.
    Other,
    /// It begins as one of them and breaks off.
    Broken,
}

impl Refused {
    /// In English; pages have words of their own.
    pub fn text(self) -> &'static str {
        match self {
            Self::Empty => "This file is empty: choose it again.",
            Self::TooLarge => "This file is larger than 10 MB: scan in black and white, or hand it in in parts.",
            Self::Other => "This is no PDF, PNG, JPEG or Word file, whatever its name says: save it as one of these.",
            Self::Broken => "This file breaks off before its end: save it again.",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "large",
            Self::Other => "other",
            Self::Broken => "broken",
        }
    }
}

/// What a file is, by its bytes.
pub fn kind(bytes: &[u8]) -> std::result::Result<Kind, Refused> {
    let tail = &bytes[bytes.len().saturating_sub(1024)..];
    let ends = |mark: &[u8]| tail.windows(mark.len()).any(|window| window == mark);
    let (kind, whole) = match bytes {
        [] => return Err(Refused::Empty),
        _ if bytes.len() > LARGEST => return Err(Refused::TooLarge),
        [b'%', b'P', b'D', b'F', b'-', b'1' | b'2', b'.', ..] => (Kind::Pdf, ends(b"%%EOF")),
        [0xff, 0xd8, 0xff, ..] => (Kind::Jpeg, ends(&[0xff, 0xd9])),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', rest @ ..] => (Kind::Png, rest.get(4..8) == Some(b"IHDR") && ends(b"IEND")),
        [b'P', b'K', 3, 4, ..] if docx::is_document(bytes) => (Kind::Docx, true),
        _ => return Err(Refused::Other),
    };
    if whole { Ok(kind) } else { Err(Refused::Broken) }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum AboutKind {
    Notice,
    Meeting,
    Vote,
    Review,
    Year,
}

impl AboutKind {
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "notice" => Some(Self::Notice),
            "meeting" => Some(Self::Meeting),
            "vote" => Some(Self::Vote),
            "review" => Some(Self::Review),
            _ => None,
        }
    }
}

/// What a file proves.
#[derive(Debug, Clone)]
pub enum About {
    /// A notice, a meeting or a review by its uid, a vote by its version's.
    Record(AboutKind, Uuid),
    /// An entry of the list of a funding year, such as `AUD-4`.
    Year(FundingYear, String),
}

/// A file as it is kept, without its bytes.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct File {
    #[serde(skip)]
    pub id: i64,
    pub uid: Uuid,
    pub about_kind: AboutKind,
    pub about: Option<Uuid>,
    #[serde(skip)]
    pub policy_id: Option<PolicyId>,
    pub funding_year: Option<i64>,
    /// The entry of a funding year's list; empty otherwise.
    pub item: String,
    /// As whoever handed it in called it: to be shown, never a path.
    pub name: String,
    pub note: String,
    pub kind: Kind,
    pub size: i64,
    /// Of its bytes.
    pub sha256: String,
    pub by_name: String,
    pub at: Moment,
    /// The last day on which it must be there; `None`: as long as the record that it belongs to.
    pub keep_until: Option<Day>,
    /// Since when its bytes are gone; its hash stays.
    pub released_day: Option<Day>,
}

/// Who sees evidence: whoever writes policies, decides on them or audits.
pub fn may_see(actor: &Actor) -> bool {
    actor.may_author() || actor.has(Role::Auditor) || actor.has(Role::BoardMember)
}

fn reader(actor: &Actor) -> Result<()> {
    if may_see(actor) { Ok(()) } else { Err(Problem::NotFound) }
}

/// Keeps a file. `name` is what it was called where it came from.
///
/// # Errors
/// `Invalid` for what is no PDF, PNG, JPEG or Word file by its content, is larger than [`LARGEST`] or breaks off; `NotFound` where
/// the record isn't there; `Conflict` where the same bytes are there already.
pub async fn keep(tx: &mut Tx, actor: &Actor, about: About, name: &str, note: &str, bytes: &[u8]) -> Result<File> {
    author(actor)?;
    let kind = kind(bytes).map_err(|refused| Problem::invalid("file", refused.text()))?;
    let note = note.trim();
    if note.chars().count() > 500 || note.contains('\0') {
        return Err(Problem::invalid("note", "write at most 500 characters"));
    }
    let sha256 = digest::sha256_hex(bytes);
    let (there, about_kind, record, policy, year, item) = match &about {
        About::Record(kind, uid) => {
            let (policy, _) = store::policy_of(tx, *kind, *uid).await?.ok_or(Problem::NotFound)?;
            (store::about(tx, *uid).await?, *kind, Some(*uid), Some(policy), None, "")
        }
        About::Year(year, item) => {
            if dossier::item(item).is_none() {
                return Err(Problem::NotFound);
            }
            let mut there = store::of_year(tx, year.year()).await?;
            there.retain(|file| file.item == *item);
            (there, AboutKind::Year, None, None, Some(*year), item.as_str())
        }
    };
    if there.iter().any(|file| file.sha256 == sha256 && file.released_day.is_none()) {
        return Err(Problem::conflict("This file is here already."));
    }
    let uid = tx.uid();
    let row = store::NewRow {
        uid,
        about_kind,
        about: record,
        policy,
        funding_year: year.map(FundingYear::year),
        item,
        name: &called(name, kind),
        note,
        kind,
        sha256: &sha256,
        keep_until: year.map(FundingYear::kept_until),
    };
    store::insert(tx, actor, &row, bytes).await?;
    let detail = serde_json::json!({ "sha256": sha256, "about": record, "year": year, "item": item });
    audit::record(tx, actor, "evidence.kept", &uid.to_string(), detail).await?;
    store::file(tx, uid).await?.ok_or(Problem::NotFound)
}

/// A name that can be shown: without folders, control characters and what turns the direction of reading, at most 100 characters.
fn called(name: &str, kind: Kind) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let turning = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean: String = last.chars().filter(|c| !c.is_control() && !turning(*c)).take(100).collect();
    let clean = clean.trim();
    if clean.is_empty() { format!("file.{}", kind.ending()) } else { clean.to_owned() }
}

/// The files of a notice, a meeting, a vote (by its version's uid) or a review, for whoever may see them; for others none.
pub async fn about(tx: &mut Tx, actor: Option<&Actor>, record: Uuid) -> Result<Vec<File>> {
    if actor.is_some_and(may_see) { store::about(tx, record).await } else { Ok(Vec::new()) }
}

/// The files of a funding year's list.
pub async fn of_year(tx: &mut Tx, actor: &Actor, year: FundingYear) -> Result<Vec<File>> {
    reader(actor)?;
    store::of_year(tx, year.year()).await
}

/// One file with its bytes, which are held against its hash.
///
/// # Errors
/// `NotFound` for whoever may not see evidence; `Conflict` where its bytes were let go after its time.
pub async fn read(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<(File, Vec<u8>)> {
    reader(actor)?;
    let file = store::file(tx, uid).await?.ok_or(Problem::NotFound)?;
    if let Some(day) = file.released_day {
        return Err(Problem::conflict(format!("This file was let go on {day}, after its retention: its hash alone is kept.")));
    }
    let bytes = store::bytes(tx, file.id).await?;
    if digest::sha256_hex(&bytes) != file.sha256 {
        return Err(Problem::internal(format!("table evidence_part, file {uid}: not the bytes of its hash"), "the content was changed"));
    }
    Ok((file, bytes))
}

/// Lets a file's bytes go once its retention is over; its name and hash stay. Directors only.
///
/// # Errors
/// `Conflict` as long as it is under retention, with the day until which it is.
pub async fn release(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<()> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    let file = store::file(tx, uid).await?.ok_or(Problem::NotFound)?;
    let today = district::get(tx).await?.today(tx.now());
    match file.keep_until {
        None => return Err(Problem::conflict("This file belongs to a record of adoption or review, and is kept as long as that record.")),
        Some(until) if today <= until => {
            return Err(Problem::conflict(format!("This file is under retention until {until}: until then nothing deletes it.")));
        }
        Some(_) => {}
    }
    if !store::release(tx, file.id, today).await? {
        return Err(Problem::conflict("This file was let go before."));
    }
    audit::record(tx, actor, "evidence.released", &uid.to_string(), serde_json::json!({ "sha256": file.sha256 })).await
}

/// The funding years to choose from, newest first: those with files, those since the first adoption, and the present one.
pub async fn years(tx: &mut Tx, actor: &Actor, today: Day) -> Result<Vec<FundingYear>> {
    reader(actor)?;
    let present = FundingYear::of(today);
    let mut years: Vec<FundingYear> = store::years(tx).await?.into_iter().filter_map(FundingYear::named).collect();
    if let Some(first) = dossier::first_adoption(tx).await? {
        years.extend((FundingYear::of(first).0..=present.0).map(FundingYear));
    }
    years.push(present);
    years.sort_unstable();
    years.dedup();
    years.reverse();
    Ok(years)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_are() {
        let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[0; 40], b"\0\0\0\0IEND\xaeB`\x82"].concat();
        assert_eq!(kind(&png), Ok(Kind::Png));
        assert_eq!(kind(&png[..40]), Err(Refused::Broken));
        assert_eq!(kind(b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"), Ok(Kind::Pdf));
        for other in [b"MZ\x90\0".as_slice(), b"<html>", b"PK\x03\x04 called minutes.pdf", b"GIF89a", b" %PDF-1.7 %%EOF"] {
            assert_eq!(kind(other), Err(Refused::Other));
        }
        assert_eq!(kind(b""), Err(Refused::Empty));
        assert_eq!(kind(&[b"%PDF-1.7".as_slice(), &vec![0; LARGEST], b"%%EOF"].concat()), Err(Refused::TooLarge));
    }

    #[test]
    fn a_funding_year_runs_from_july_to_june_and_is_kept_ten_years() {
        let year = FundingYear::of(Day::parse_iso("2027-06-30").unwrap());
        assert_eq!(year, FundingYear::named(2026).unwrap());
        assert_eq!((year.first().iso(), year.last().iso()), ("2026-07-01".into(), "2027-06-30".into()));
        assert_eq!(year.kept_until().iso(), "2037-06-30");
        assert_eq!(FundingYear::of(Day::parse_iso("2026-07-01").unwrap()), year);
    }

    #[test]
    fn a_name_is_shown_without_folders_or_tricks() {
        assert_eq!(called("../../etc/passwd", Kind::Pdf), "passwd");
        assert_eq!(called("C:\\x\\min\u{202e}utes.pdf\n", Kind::Pdf), "minutes.pdf");
        assert_eq!(called("/", Kind::Docx), "file.docx");
    }
}
