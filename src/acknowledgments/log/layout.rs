//! The log as files, in the layout of C2SP tlog-tiles: what an address below `/log/` names, and the whole of it in a folder that any
//! witness can keep.

use std::path::Path;

use super::store;
use super::tree::{Edge, Hash, Place, WIDTH};
use crate::db::Tx;
use crate::kernel::{Problem, Result};

/// A file of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resource {
    /// Which tile, or which bundle of entries (without a level).
    level: Option<u32>,
    number: u64,
    /// So many of its hashes; `None`: the full tile.
    width: Option<u64>,
}

impl Resource {
    /// Reads `tile/0/x001/234`, `tile/1/000.p/7`, `tile/entries/000`.
    pub fn parse(asked: &str) -> Option<Self> {
        let (path, width) = match asked.split_once(".p/") {
            Some((path, width)) => (path, Some(width.parse().ok()?)),
            None => (asked, None),
        };
        let mut parts = path.split('/');
        let ("tile", of) = (parts.next()?, parts.next()?) else { return None };
        let mut number: u64 = 0;
        for part in parts {
            let digits = part.trim_start_matches('x');
            number = number.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
        }
        let level = if of == "entries" { None } else { Some(of.parse().ok()?) };
        let read = Self { level, number, width };
        // One address for each: no other spelling of the same number.
        (read.path() == asked && width.is_none_or(|width| (1..WIDTH).contains(&width)) && level.is_none_or(|level| level < 8))
            .then_some(read)
    }

    pub fn path(self) -> String {
        let mut groups = vec![format!("{:03}", self.number % 1000)];
        let mut rest = self.number / 1000;
        while rest > 0 {
            groups.push(format!("x{:03}", rest % 1000));
            rest /= 1000;
        }
        groups.reverse();
        let of = self.level.map_or_else(|| "entries".to_owned(), |level| level.to_string());
        let partial = self.width.map(|width| format!(".p/{width}")).unwrap_or_default();
        format!("tile/{of}/{}{partial}", groups.join("/"))
    }

    fn count(self) -> u64 {
        self.width.unwrap_or(WIDTH)
    }

    /// Its bytes; `None` where the log isn't that long yet.
    pub async fn bytes(self, tx: &mut Tx) -> Result<Option<Vec<u8>>> {
        let Some((size, _)) = store::newest(tx).await? else { return Ok(None) };
        let end = self.number.checked_mul(WIDTH).and_then(|start| start.checked_add(self.count()));
        if end.is_none_or(|end| end > size >> (8 * self.level.unwrap_or(0))) {
            return Ok(None);
        }
        let Some(level) = self.level else { return entries(tx, self.number * WIDTH, self.count()).await.map(Some) };
        let place = (level, self.number);
        let tiles = store::tiles(tx, &[place]).await?;
        let hashes = tiles.0.get(&place).and_then(|hashes| hashes.get(..usize::try_from(self.count()).unwrap_or(0)));
        Ok(hashes.map(|hashes| hashes.as_flattened().to_vec()))
    }
}

/// Entries as bundles hold them: the length in two bytes, then the record's hash.
async fn entries(tx: &mut Tx, from: u64, count: u64) -> Result<Vec<u8>> {
    let mut bundle = Vec::new();
    for (position, hash) in store::leaves(tx, from, count).await? {
        bundle.extend([0, 32]);
        bundle.extend(super::record_hash(position, &hash)?);
    }
    Ok(bundle)
}

/// Every file of a tree of that size, but the checkpoint.
fn files(size: u64) -> Vec<Resource> {
    let edges: Vec<(Place, usize)> = Edge::places(size);
    let mut files = Vec::new();
    for level in (0..8).take_while(|level| size >> (8 * level) > 0) {
        let full = (size >> (8 * level)) / WIDTH;
        let edge = edges.iter().find(|((of, _), _)| *of == level);
        let mut of_level: Vec<Resource> = (0..full).map(|number| Resource { level: Some(level), number, width: None }).collect();
        of_level.extend(edge.map(|((_, number), width)| Resource { level: Some(level), number: *number, width: Some(*width as u64) }));
        if level == 0 {
            files.extend(of_level.iter().map(|file| Resource { level: None, ..*file }));
        }
        files.append(&mut of_level);
    }
    files
}

/// Writes the newest checkpoint, and every tile and bundle that it covers, into a folder; how many files. What is there is written again,
/// the checkpoint last.
///
/// # Errors
/// `Conflict` where nothing is sealed yet; `Invalid` for a folder that can't be written.
pub async fn export(tx: &mut Tx, folder: &Path) -> Result<usize> {
    let (size, note) = store::newest(tx).await?.ok_or_else(|| Problem::conflict("nothing is sealed yet: the log is empty"))?;
    let refused = |path: &Path, e: std::io::Error| Problem::invalid("dir", format!("{} can't be written: {e}", path.display()));
    let files = files(size);
    for file in &files {
        let path = folder.join(file.path());
        let bytes = file.bytes(tx).await?.ok_or_else(|| Problem::conflict(format!("{} is missing: run `assent verify`", file.path())))?;
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|e| refused(parent, e))?;
        }
        std::fs::write(&path, bytes).map_err(|e| refused(&path, e))?;
    }
    let path = folder.join("checkpoint");
    std::fs::write(&path, note).map_err(|e| refused(&path, e))?;
    Ok(files.len() + 1)
}

/// Hashes as a proof writes them, a line each.
pub(super) fn lines(hashes: &[Hash]) -> String {
    hashes.iter().fold(String::new(), |text, hash| text + super::note::base64(hash).as_str() + "\n")
}

#[cfg(test)]
mod tests {
    use super::Resource;

    #[test]
    fn each_file_has_one_address() {
        for path in ["tile/0/000", "tile/0/x001/x234/067", "tile/1/002.p/7", "tile/entries/000", "tile/entries/x001/000.p/255"] {
            assert_eq!(Resource::parse(path).map(Resource::path).as_deref(), Some(path));
        }
        for path in ["", "tile", "tile/0", "tile/0/1", "tile/0/x000/001", "tile/0/1000", "tile/00/001", "tile/9/001", "tile/0/000.p/0"] {
            assert_eq!(Resource::parse(path), None, "{path}");
        }
        for path in ["tile/0/000.p/256", "tile/0/000.p/07", "tile/0/x001x/001", "tile/x/001", "tile/0/+01", "tile/entries/000/"] {
            assert_eq!(Resource::parse(path), None, "{path}");
        }
    }
}
