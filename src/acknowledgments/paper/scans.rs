//! Scans of signed forms: of one form, or of a whole batch. What one is, its bytes say and nothing else; it leaves again as a file to be
//! kept, never as a page. Whoever may see every record that a scan shows may have it: a batch shows other families too.

use serde::Serialize;
use uuid::Uuid;

use super::{clerk, store};
use crate::acknowledgments;
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Moment, Problem, Result, digest};

/// 10 MiB.
pub const LARGEST: usize = 10 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Pdf,
    Jpeg,
    Png,
}

impl Kind {
    /// The ending of a file of this kind.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
}

/// Why a file is no scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    Empty,
    TooLarge,
    /// Neither PDF nor JPEG nor PNG, whatever it is called.
    Other,
    /// It begins as one of them and breaks off.
    Broken,
}

impl Refused {
    /// In English; pages have words of their own.
    pub fn text(self) -> &'static str {
        match self {
            Self::Empty => "This file is empty: choose the scan again.",
            Self::TooLarge => "This file is larger than 10 MB: scan in black and white, or at 200 dots an inch.",
            Self::Other => "This is no PDF, JPEG or PNG, whatever its name says: scan the form as one of these.",
            Self::Broken => "This file breaks off before its end: scan the form again.",
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

/// What a file is, by its first and last bytes.
pub fn kind(bytes: &[u8]) -> std::result::Result<Kind, Refused> {
    let tail = &bytes[bytes.len().saturating_sub(1024)..];
    let ends = |mark: &[u8]| tail.windows(mark.len()).any(|window| window == mark);
    let (kind, whole) = match bytes {
        [] => return Err(Refused::Empty),
        _ if bytes.len() > LARGEST => return Err(Refused::TooLarge),
        [b'%', b'P', b'D', b'F', b'-', b'1' | b'2', b'.', ..] => (Kind::Pdf, ends(b"%%EOF")),
        [0xff, 0xd8, 0xff, ..] => (Kind::Jpeg, ends(&[0xff, 0xd9])),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', rest @ ..] => (Kind::Png, rest.get(4..8) == Some(b"IHDR") && ends(b"IEND")),
        _ => return Err(Refused::Other),
    };
    if whole { Ok(kind) } else { Err(Refused::Broken) }
}

/// A scan that was kept a moment ago.
#[derive(Debug, Clone)]
pub struct Kept {
    pub(super) id: i64,
    pub sha256: String,
}

pub(super) async fn keep(tx: &mut Tx, actor: &Actor, bytes: &[u8]) -> Result<Kept> {
    let kind = kind(bytes).map_err(|refused| Problem::invalid("scan", refused.text()))?;
    let sha256 = digest::sha256_hex(bytes);
    let id = store::keep_scan(tx, actor, kind, &sha256, bytes).await?;
    Ok(Kept { id, sha256 })
}

/// A scan of a record.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Scan {
    #[serde(skip)]
    pub id: i64,
    pub uid: Uuid,
    pub kind: Kind,
    pub size: i64,
    pub sha256: String,
    pub at: Moment,
    pub by_name: String,
    /// It came with the record, which has its hash; otherwise it was attached later.
    pub with_entry: bool,
}

/// Attaches a scan to a record that was entered from paper. The record stays as it is.
///
/// # Errors
/// `NotFound` for whoever may not handle paper or see the record, and for a record that isn't from paper; `Invalid` for what is no scan;
/// `Conflict` where the same scan is there.
pub async fn attach(tx: &mut Tx, actor: &Actor, record: Uuid, bytes: &[u8]) -> Result<()> {
    clerk(actor)?;
    let found = acknowledgments::receipt(tx, actor, record).await?;
    // One's own answer can be seen by whoever handles paper, and is not theirs to hang something on.
    if found.paper.is_none() || actor.person == Some(found.person_id) {
        return Err(Problem::NotFound);
    }
    let sha256 = digest::sha256_hex(bytes);
    if store::scans_of(tx, record).await?.iter().any(|scan| scan.sha256 == sha256) {
        return Err(Problem::conflict("This scan is attached already."));
    }
    let kept = keep(tx, actor, bytes).await?;
    let id = store::record_id(tx, record).await?.ok_or(Problem::NotFound)?;
    store::link_scan(tx, id, kept.id, false).await?;
    audit::record(tx, actor, "paper.scan_attached", &record.to_string(), serde_json::json!({ "sha256": kept.sha256 })).await
}

/// The scans of a record that the actor may have.
///
/// # Errors
/// `NotFound` for a record out of reach.
pub async fn of(tx: &mut Tx, actor: &Actor, record: Uuid) -> Result<Vec<Scan>> {
    acknowledgments::receipt(tx, actor, record).await?;
    let mut seen = Vec::new();
    for scan in store::scans_of(tx, record).await? {
        if sees_all(tx, actor, scan.id).await? {
            seen.push(scan);
        }
    }
    Ok(seen)
}

async fn sees_all(tx: &mut Tx, actor: &Actor, scan: i64) -> Result<bool> {
    for record in store::records_on(tx, scan).await? {
        match acknowledgments::receipt(tx, actor, record).await {
            Ok(_) => {}
            Err(Problem::NotFound) => return Ok(false),
            Err(problem) => return Err(problem),
        }
    }
    Ok(true)
}

/// One scan of a record, with its bytes.
///
/// # Errors
/// `NotFound` where record or scan is out of reach, or isn't there.
pub async fn read(tx: &mut Tx, actor: &Actor, record: Uuid, scan: Uuid) -> Result<(Kind, Vec<u8>)> {
    let scan = of(tx, actor, record).await?.into_iter().find(|s| s.uid == scan).ok_or(Problem::NotFound)?;
    Ok((scan.kind, store::scan_bytes(tx, scan.id).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_is_what_its_bytes_are() {
        let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[0; 40], b"\0\0\0\0IEND\xaeB`\x82"].concat();
        assert_eq!(kind(&png), Ok(Kind::Png));
        assert_eq!(kind(&png[..40]), Err(Refused::Broken));
        assert_eq!(kind(b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"), Ok(Kind::Pdf));
        assert_eq!(kind(b"%PDF-1.7\n1 0 obj\n"), Err(Refused::Broken));
        assert_eq!(kind(b"\xff\xd8\xff\xe0\0\x10JFIF\0 ... \xff\xd9"), Ok(Kind::Jpeg));
        for other in [b"MZ\x90\0 this program cannot be run".as_slice(), b"<html><script>", b"PK\x03\x04", b"GIF89a", b" %PDF-1.7 %%EOF"] {
            assert_eq!(kind(other), Err(Refused::Other));
        }
        assert_eq!(kind(b""), Err(Refused::Empty));
        assert_eq!(kind(&[b"%PDF-1.7".as_slice(), &vec![0; LARGEST], b"%%EOF"].concat()), Err(Refused::TooLarge));
    }
}
