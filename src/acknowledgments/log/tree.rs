//! The tree of RFC 9162 (2.1), kept as tiles of height 8 (C2SP tlog-tiles): appending, the root at any size, inclusion and consistency
//! proofs. Pure arithmetic on hashes: whoever calls brings the tiles that [`tiles_for`] names.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

pub type Hash = [u8; 32];

/// Hashes in a full tile.
pub const WIDTH: u64 = 256;
/// The bits of a position that one level of tiles takes.
const HEIGHT: u32 = 8;

/// A tile's level and number.
pub type Place = (u32, u64);

/// A leaf over the hash of a record (RFC 9162, 2.1.1).
pub fn leaf(record_hash: &Hash) -> Hash {
    let mut digest = Sha256::new();
    digest.update([0]);
    digest.update(record_hash);
    digest.finalize().into()
}

pub fn node(left: &Hash, right: &Hash) -> Hash {
    let mut digest = Sha256::new();
    digest.update([1]);
    digest.update(left);
    digest.update(right);
    digest.finalize().into()
}

/// The root of nothing.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The root over hashes that stand side by side at one height, a power of two of them.
pub fn perfect_root(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => empty_root(),
        [one] => *one,
        many => {
            let (left, right) = many.split_at(many.len() / 2);
            node(&perfect_root(left), &perfect_root(right))
        }
    }
}

/// The hashes of a stored tile; what is left of a broken one is left out.
pub fn hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.as_chunks().0.to_vec()
}

/// The growing side of the tree: the last, not yet full tile of each level. All that appending needs.
#[derive(Debug, Clone, Default)]
pub struct Edge {
    size: u64,
    levels: Vec<Vec<Hash>>,
}

impl Edge {
    /// The tiles that make up the edge of a tree of that size.
    pub fn places(size: u64) -> Vec<(Place, usize)> {
        levels(size).filter_map(|level| edge_tile(size, level)).collect()
    }

    /// The edge at that size, from the tiles that [`Edge::places`] names; `None` where one of them lacks a hash.
    pub fn load(size: u64, tiles: &Tiles) -> Option<Self> {
        let mut edge = Self { size, levels: Vec::new() };
        for level in levels(size) {
            let hashes = match edge_tile(size, level) {
                Some((place, width)) => tiles.0.get(&place)?.get(..width)?.to_vec(),
                None => Vec::new(),
            };
            edge.levels.push(hashes);
        }
        Some(edge)
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf; each tile that becomes full by it is handed over.
    pub fn push(&mut self, leaf: Hash, mut full: impl FnMut(Place, Vec<Hash>)) {
        self.size += 1;
        let mut rising = leaf;
        for level in 0.. {
            if self.levels.len() <= level {
                self.levels.push(Vec::new());
            }
            self.levels[level].push(rising);
            if self.levels[level].len() < 256 {
                return;
            }
            let tile = std::mem::take(&mut self.levels[level]);
            rising = perfect_root(&tile);
            let level = u32::try_from(level).unwrap_or(u32::MAX);
            full((level, (self.size >> (HEIGHT * (level + 1))) - 1), tile);
        }
    }

    /// The tiles that aren't full yet.
    pub fn partial(&self) -> impl Iterator<Item = (Place, &[Hash])> {
        (0..).zip(&self.levels).filter(|(_, hashes)| !hashes.is_empty()).map(|(level, hashes)| {
            let number = self.size >> (HEIGHT * (level + 1));
            ((level, number), hashes.as_slice())
        })
    }

    pub fn root(&self) -> Hash {
        let mut root: Option<Hash> = None;
        for hashes in &self.levels {
            // From the last, smallest perfect subtree to the first, largest one.
            let mut end = hashes.len();
            while end > 0 {
                let size = 1 << end.trailing_zeros();
                let perfect = perfect_root(&hashes[end - size..end]);
                root = Some(root.map_or(perfect, |right| node(&perfect, &right)));
                end -= size;
            }
        }
        root.unwrap_or_else(empty_root)
    }
}

fn levels(size: u64) -> impl Iterator<Item = u32> {
    (0..u64::BITS / HEIGHT).take_while(move |level| size >> (HEIGHT * level) > 0)
}

/// The last tile of a level, where it isn't full, and how many hashes of it belong to a tree of that size.
fn edge_tile(size: u64, level: u32) -> Option<(Place, usize)> {
    let entries = size >> (HEIGHT * level);
    let width = usize::try_from(entries % WIDTH).unwrap_or(0);
    (width > 0).then_some(((level, entries / WIDTH), width))
}

/// The tiles that tell everything about a leaf of a tree of that size: those above it, and the edge.
pub fn tiles_for(index: u64, size: u64) -> Vec<Place> {
    let mut places: Vec<Place> = levels(size).map(|level| (level, index >> (HEIGHT * (level + 1)))).collect();
    places.extend(Edge::places(size).into_iter().map(|(place, _)| place));
    places.sort_unstable();
    places.dedup();
    places
}

/// Tiles that were read.
#[derive(Debug, Clone, Default)]
pub struct Tiles(pub BTreeMap<Place, Vec<Hash>>);

impl Tiles {
    /// The root over the leaves from `from` to before `to`; `None` where a tile is missing.
    fn range(&self, from: u64, to: u64) -> Option<Hash> {
        let count = to - from;
        if count.is_power_of_two() && from.is_multiple_of(count) {
            let height = count.trailing_zeros();
            let level = height / HEIGHT;
            let first = from >> (HEIGHT * level);
            let start = usize::try_from(first % WIDTH).ok()?;
            let hashes = self.0.get(&(level, first / WIDTH))?.get(start..start + (1 << (height % HEIGHT)))?;
            return Some(perfect_root(hashes));
        }
        let middle = from + split(count);
        Some(node(&self.range(from, middle)?, &self.range(middle, to)?))
    }

    /// The proof that the leaf stands at `index` in the tree of that size (RFC 9162, 2.1.3.1), from the leaf upwards.
    pub fn inclusion(&self, index: u64, size: u64) -> Option<Vec<Hash>> {
        let (mut from, mut to) = (0, size);
        let mut path = Vec::new();
        while to - from > 1 {
            let middle = from + split(to - from);
            if index < middle {
                path.push(self.range(middle, to)?);
                to = middle;
            } else {
                path.push(self.range(from, middle)?);
                from = middle;
            }
        }
        path.reverse();
        Some(path)
    }

    /// The proof that the tree of size `old` is the beginning of that of size `new` (RFC 9162, 2.1.4.1).
    pub fn consistency(&self, old: u64, new: u64) -> Option<Vec<Hash>> {
        if old == 0 || old >= new {
            return Some(Vec::new());
        }
        let (mut from, mut to, mut whole) = (0, new, true);
        let mut path = Vec::new();
        while old != to {
            let middle = from + split(to - from);
            if old <= middle {
                path.push(self.range(middle, to)?);
                to = middle;
            } else {
                path.push(self.range(from, middle)?);
                (from, whole) = (middle, false);
            }
        }
        if !whole {
            path.push(self.range(from, to)?);
        }
        path.reverse();
        Some(path)
    }
}

/// The largest power of two below.
fn split(count: u64) -> u64 {
    (count - 1).checked_ilog2().map_or(0, |bits| 1 << bits)
}

/// The root that a proof of inclusion leads to (RFC 9162, 2.1.3.2); `None` for a proof of another length.
pub fn root_by(leaf: &Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    let (mut at, mut last) = (index, size.checked_sub(1)?);
    let mut root = *leaf;
    for hash in path {
        if last == 0 {
            return None;
        }
        if at % 2 == 1 || at == last {
            root = node(hash, &root);
            while at != 0 && at % 2 == 0 {
                (at, last) = (at / 2, last / 2);
            }
        } else {
            root = node(&root, hash);
        }
        (at, last) = (at / 2, last / 2);
    }
    (last == 0).then_some(root)
}
