//! Chance that repeats itself.

/// Numbers that follow from a seed alone (SplitMix64): not for secrets.
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Whether something of this probability happens; at 1 always, at 0 never.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        const OUTCOMES: f64 = 4_294_967_296.0;
        f64::from(self.draw()) < probability * OUTCOMES
    }

    /// The next of 2^32 equally likely outcomes.
    fn draw(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        u32::try_from(mixed >> 32).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_published_numbers_of_the_generator() {
        let mut random = Random::new(1_234_567);
        let drawn = [random.draw(), random.draw(), random.draw()];
        // The upper halves of 6457827717110365317, 3203168211198807973 and 9817491932198370423.
        assert_eq!(drawn, [1_503_580_183, 745_795_716, 2_285_812_965]);
    }

    #[test]
    fn what_is_certain_happens_and_what_is_impossible_does_not() {
        let mut random = Random::new(0);
        assert!((0..1000).all(|_| random.happens(1.0)));
        assert!(!(0..1000).any(|_| random.happens(0.0)));
        let happened = (0..10_000).filter(|_| random.happens(0.2)).count();
        assert!((1900..2100).contains(&happened), "{happened}");
    }
}
