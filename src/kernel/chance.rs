//! Randomness, handed in like the clock: a test that seeds it gets the same uids again.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

/// A cryptographically strong source of chance (ChaCha, seeded by the operating system unless a test says otherwise).
#[derive(Debug)]
pub struct Chance(StdRng);

impl Chance {
    pub fn system() -> Self {
        Self(rand::make_rng())
    }

    pub fn seeded(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// A random UUID (version 4): tells nothing, not even when it was made.
    pub fn uid(&mut self) -> Uuid {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// 32 hexadecimal digits, 128 bits of chance: session tokens, one-time links.
    pub fn token(&mut self) -> String {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        hex::encode(bytes)
    }

    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// A number from 0 up to, not including, `below`; 0 when `below` is 0.
    pub fn below(&mut self, below: u64) -> u64 {
        // The remainder's bias is below one in 2^32 for every size used here.
        if below == 0 { 0 } else { self.0.next_u64() % below }
    }
}
