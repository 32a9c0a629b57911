//! The clock and the randomness: the only ones a provider has, as `SystemTime::now` panics in a component.

use crate::host;

/// Milliseconds since the Unix epoch.
pub fn now() -> u64 {
    host::system::now()
}

/// So many bytes from the operating system's generator.
pub fn random(length: usize) -> Vec<u8> {
    /// The contract's limit for one call, in bytes.
    const MOST_AT_ONCE: u32 = 4096;

    let mut bytes = Vec::with_capacity(length);
    while bytes.len() < length {
        let missing = u32::try_from(length - bytes.len()).unwrap_or(MOST_AT_ONCE).min(MOST_AT_ONCE);
        bytes.extend(host::system::random(missing));
    }
    bytes
}

/// A small, fast generator for choosing content, not for secrets. The same seed gives the same numbers in every
/// version of this crate, so that a seed may stand in a cursor.
///
/// It is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A generator seeded by the host.
    pub fn new() -> Random {
        let mut seed = [0; 8];
        for (to, from) in seed.iter_mut().zip(random(8)) {
            *to = from;
        }
        Random(u64::from_le_bytes(seed))
    }

    /// A generator that starts from `seed`.
    pub fn seeded(seed: u64) -> Random {
        Random(seed)
    }

    /// The next number.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `bound`; 0 where `bound` is 0.
    #[expect(clippy::cast_possible_truncation, reason = "the high half of the product is below `bound`, a usize")]
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next_u64()) * bound as u128) >> 64) as usize
    }

    /// One of `items`, or none where there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let at = self.below(items.len());
        items.get(at)
    }

    /// Puts `items` into a random order, each as likely as any other.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

impl Default for Random {
    fn default() -> Random {
        Random::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_published_numbers_of_splitmix64() {
        let mut random = Random::seeded(1_234_567);
        let numbers: Vec<u64> = (0..3).map(|_| random.next_u64()).collect();
        assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn shuffling_keeps_every_item_and_depends_on_the_seed() {
        let shuffled = |seed| {
            let mut items: Vec<u8> = (0..50).collect();
            Random::seeded(seed).shuffle(&mut items);
            items
        };
        let mut sorted = shuffled(1);
        assert_eq!(shuffled(1), sorted);
        assert_ne!(shuffled(2), sorted);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..50).collect::<Vec<u8>>());
    }

    #[test]
    fn picks_reach_every_item() {
        let mut random = Random::seeded(7);
        let mut counts = [0; 4];
        for _ in 0..4000 {
            counts[*random.pick(&[0, 1, 2, 3]).unwrap()] += 1;
        }
        assert!(counts.iter().all(|count| (900..1100).contains(count)), "{counts:?}");
        assert_eq!(random.pick::<u8>(&[]), None);
    }

    #[test]
    fn more_randomness_than_one_call_gives_is_fetched_in_parts() {
        assert_eq!(random(10_000).len(), 10_000);
    }
}
