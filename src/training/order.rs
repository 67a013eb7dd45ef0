//! The order in which one attempt shows its questions and choices. It follows from the attempt's seed alone, so that it is the
//! same on every device and after every upgrade: the generator is written out here (`SplitMix64`, Steele and others, 2014) and
//! never changes.

struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// A permutation of `0..count`: at place n stands the item that was written at `result[n]`. `salt` gives each list of an
/// attempt an order of its own: empty for the questions, the question's id for its choices.
pub fn shuffled(seed: i64, salt: &str, count: usize) -> Vec<usize> {
    // FNV-1a over the salt, mixed into the seed.
    let salt = salt.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let mut chance = SplitMix(seed.cast_unsigned() ^ salt);
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        // Lists are short: the remainder's bias is below one in 2^60.
        let other = chance.next() % (last as u64 + 1);
        order.swap(last, usize::try_from(other).unwrap_or(0));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::shuffled;

    #[test]
    fn an_order_is_a_permutation_and_stays_the_same() {
        let order = shuffled(7, "", 8);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..8).collect::<Vec<_>>());
        assert_eq!(order, shuffled(7, "", 8));
        assert_ne!(order, shuffled(8, "", 8));
        assert_ne!(order, shuffled(7, "stop-signs", 8));
        // Attempts that are open somewhere depend on exactly this.
        assert_eq!(order, [7, 4, 0, 5, 2, 1, 3, 6]);
        assert_eq!(shuffled(7, "", 0), Vec::<usize>::new());
    }

    #[test]
    fn each_choice_comes_first_about_as_often() {
        let first = (0..4_000).filter(|seed| shuffled(*seed, "q", 4)[0] == 0).count();
        assert!((900..1_100).contains(&first), "{first}");
    }
}
