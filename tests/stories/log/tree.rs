//! The tree against RFC 9162 as its recursive definitions have it, written out here once more.

use assent::acknowledgments::log::tree::{self, Edge, Hash, Tiles};
use sha2::{Digest, Sha256};

/// Trees of up to so many leaves: two full tiles and a part of a third.
const SIZES: usize = 600;

fn sha256(parts: &[&[u8]]) -> Hash {
    Sha256::digest(parts.concat()).into()
}

fn split(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// MTH(D[n]), 2.1.1.
fn mth(data: &[Hash]) -> Hash {
    match data {
        [] => sha256(&[]),
        [one] => sha256(&[&[0], one]),
        _ => {
            let (left, right) = data.split_at(split(data.len()));
            sha256(&[&[1], &mth(left), &mth(right)])
        }
    }
}

/// SUBPROOF(m, D[n], b), 2.1.4.1.
fn subproof(m: usize, data: &[Hash], whole: bool) -> Vec<Hash> {
    if m == data.len() {
        return if whole { Vec::new() } else { vec![mth(data)] };
    }
    let (left, right) = data.split_at(split(data.len()));
    let (mut proof, other) =
        if m <= left.len() { (subproof(m, left, whole), mth(right)) } else { (subproof(m - left.len(), right, false), mth(left)) };
    proof.push(other);
    proof
}

/// PATH(m, D[n]), 2.1.3.1.
fn path(m: usize, data: &[Hash]) -> Vec<Hash> {
    if data.len() < 2 {
        return Vec::new();
    }
    let (left, right) = data.split_at(split(data.len()));
    let (mut proof, other) = if m < left.len() { (path(m, left), mth(right)) } else { (path(m - left.len(), right), mth(left)) };
    proof.push(other);
    proof
}

fn data() -> Vec<Hash> {
    (0..SIZES).map(|n| sha256(&[format!("answer {n}").as_bytes()])).collect()
}

/// The tiles of a tree, as sealing stores them, and its edge.
fn grown(data: &[Hash]) -> (Tiles, Edge) {
    let (mut tiles, mut edge) = (Tiles::default(), Edge::default());
    for entry in data {
        edge.push(tree::leaf(entry), |place, hashes| drop(tiles.0.insert(place, hashes)));
    }
    tiles.0.extend(edge.partial().map(|(place, hashes)| (place, hashes.to_vec())));
    (tiles, edge)
}

/// Only what a proof is said to need.
fn needed(tiles: &Tiles, index: u64, size: u64) -> Tiles {
    Tiles(tree::tiles_for(index, size).into_iter().filter_map(|place| Some((place, tiles.0.get(&place)?.clone()))).collect())
}

#[test]
fn roots_and_inclusion_of_every_leaf_are_those_of_the_rfc() {
    let data = data();
    // Every leaf of small trees and around each bend; of the others some. (Unoptimised, all 180,000 would take minutes.)
    let bends = [1, 2, 3, 4, 7, 8, 9, 255, 256, 257, 258, 511, 512, 513, 600];
    for size in 1..=SIZES {
        let (tiles, edge) = grown(&data[..size]);
        let root = mth(&data[..size]);
        assert_eq!(edge.root(), root, "{size}");
        assert_eq!(Edge::load(size as u64, &tiles).unwrap().root(), root, "{size}");
        let every = if size <= 130 || bends.contains(&size) { 1 } else { 29 };
        for index in (0..size).filter(|index| index % every == 0 || index + 1 == size) {
            let proof = needed(&tiles, index as u64, size as u64).inclusion(index as u64, size as u64).unwrap();
            assert_eq!(tree::root_by(&tree::leaf(&data[index]), index as u64, size as u64, &proof), Some(root), "{index} in {size}");
            if bends.contains(&size) && (size < 20 || index % 37 == 0 || index + 2 > size) {
                assert_eq!(proof, path(index, &data[..size]), "{index} in {size}");
            }
            // No other place, no other leaf, no other length.
            if index % 50 == 0 && size > 1 {
                let elsewhere = (index as u64 + 1) % size as u64;
                assert_ne!(tree::root_by(&tree::leaf(&data[index]), elsewhere, size as u64, &proof), Some(root));
                assert_ne!(tree::root_by(&tree::leaf(&[7; 32]), index as u64, size as u64, &proof), Some(root));
                assert_ne!(tree::root_by(&tree::leaf(&data[index]), index as u64, size as u64, &proof[1..]), Some(root));
            }
        }
    }
}

#[test]
fn consistency_between_sizes_is_that_of_the_rfc() {
    let data = data();
    for new in (1..=SIZES).filter(|new| *new < 40 || new % 29 == 0 || [255, 256, 257, 511, 512, 513, 600].contains(new)) {
        let (tiles, _) = grown(&data[..new]);
        for old in (1..=new).filter(|old| *old < 20 || old % 23 == 0 || [255, 256, 257, 511, 512, 513].contains(old)) {
            let proof = needed(&tiles, old as u64 - 1, new as u64).consistency(old as u64, new as u64).unwrap();
            assert_eq!(proof, if old == new { Vec::new() } else { subproof(old, &data[..new], true) }, "{old} in {new}");
        }
    }
}

#[test]
fn an_edge_taken_up_again_grows_into_the_same_tiles() {
    let data = data();
    let (whole, _) = grown(&data);
    for stop in [0, 1, 255, 256, 257, 300, 512, 599] {
        let (mut tiles, _) = grown(&data[..stop]);
        let mut edge = Edge::load(stop as u64, &tiles).unwrap();
        for entry in &data[stop..] {
            edge.push(tree::leaf(entry), |place, hashes| drop(tiles.0.insert(place, hashes)));
        }
        tiles.0.extend(edge.partial().map(|(place, hashes)| (place, hashes.to_vec())));
        assert_eq!(tiles.0, whole.0, "stopped at {stop}");
    }
}
