//! The log's own side of the check: the tree is built again from the leaves, and each tile above and each signed root is held against it.

use std::collections::VecDeque;

use super::Checked;
use crate::acknowledgments::log::note::Checkpoint;
use crate::acknowledgments::log::tree::{Edge, Hash, Place, Tiles};

/// A root that was signed, and what it is called where it doesn't fit.
#[derive(Debug)]
pub struct Signed {
    pub size: u64,
    root: Hash,
    name: String,
    /// Handed in from outside; it says nothing of how long the log is now.
    kept: bool,
}

impl Signed {
    pub fn stored(name: String, checkpoint: &Checkpoint) -> Self {
        Self { size: checkpoint.size, root: checkpoint.root, name, kept: false }
    }

    pub fn kept(name: String, checkpoint: &Checkpoint) -> Self {
        Self { size: checkpoint.size, root: checkpoint.root, name, kept: true }
    }
}

/// The tree as it is built again.
pub struct Rebuilt {
    edge: Edge,
    upper: Tiles,
    signed: VecDeque<Signed>,
    /// How many answers the newest checkpoint covers, and the root over them.
    newest: Option<(u64, Hash)>,
}

impl Rebuilt {
    pub fn new(signed: Vec<Signed>, upper: Tiles) -> Self {
        let newest = signed.iter().rfind(|signed| !signed.kept).map(|signed| (signed.size, signed.root));
        Self { edge: Edge::default(), upper, signed: signed.into(), newest }
    }

    pub fn sealed(&self) -> u64 {
        self.newest.map_or(0, |(size, _)| size)
    }

    /// Whether what was kept above a tile of leaves says that these are its hashes: the entry of the tile above, or for the last tile the
    /// newest signed root.
    pub fn fits(&self, number: u64, leaves: &[Hash]) -> bool {
        if leaves.len() == 256 {
            let entry = usize::try_from(number % 256).unwrap_or(0);
            let above = self.upper.0.get(&(1, number / 256)).and_then(|tile| tile.get(entry));
            return above == Some(&crate::acknowledgments::log::tree::perfect_root(leaves));
        }
        let mut edge = self.edge.clone();
        for leaf in leaves {
            edge.push(*leaf, |_, _| ());
        }
        self.newest == Some((edge.size(), edge.root()))
    }

    /// Takes the next leaf; tiles above that become full, and checkpoints of this size, are compared.
    pub fn push(&mut self, leaf: Hash, checked: &mut Checked) {
        let Self { edge, upper, .. } = self;
        edge.push(leaf, |place, hashes| {
            if place.0 > 0 {
                compare(place, &hashes, upper, checked);
            }
        });
        while self.signed.front().is_some_and(|signed| signed.size <= self.edge.size()) {
            let Some(signed) = self.signed.pop_front() else { return };
            if signed.size != self.edge.size() || signed.root != self.edge.root() {
                checked.say(&signed.name, None, format!("the log doesn't begin with the {} answers that were signed here", signed.size));
            }
        }
    }

    /// What is left when the last leaf is there.
    pub fn finish(mut self, checked: &mut Checked) {
        let partial: Vec<(Place, Vec<Hash>)> = self.edge.partial().map(|(place, hashes)| (place, hashes.to_vec())).collect();
        for (place, hashes) in partial.into_iter().filter(|((level, _), _)| *level > 0) {
            compare(place, &hashes, &mut self.upper, checked);
        }
        for (level, number) in self.upper.0.keys() {
            checked.say(tile_name(*level, *number), None, "this tile stands where the log has none");
        }
        for signed in self.signed {
            let here = self.edge.size();
            checked.say(&signed.name, None, format!("{} answers were signed here, but the log holds only {here}", signed.size));
        }
    }
}

pub fn tile_name(level: u32, number: u64) -> String {
    format!("tile {level}/{number}")
}

/// Holds a stored tile against what it must be, entry by entry.
fn compare((level, number): Place, must: &[Hash], upper: &mut Tiles, checked: &mut Checked) {
    let name = tile_name(level, number);
    let Some(is) = upper.0.remove(&(level, number)) else { return checked.say(name, None, "this tile is missing") };
    for (at, must) in must.iter().enumerate() {
        if is.get(at) != Some(must) {
            checked.say(&name, None, format!("entry {at} isn't the root of the tile below it: the tile was changed"));
        }
    }
    if is.len() > must.len() {
        checked.say(name, None, "it holds more than was sealed");
    }
}
