//! Keyed fingerprints of codes: SipHash-2-4 with 128 bits.
//!
//! Keyed, so that nobody can make a file whose codes have the same fingerprints.

/// A key: two words of randomness.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) struct Key(u64, u64);

/// The four words that are stirred.
struct State(u64, u64, u64, u64);

impl Key {
    pub(super) const BYTES: usize = 16;

    pub(super) fn new(bytes: [u8; Self::BYTES]) -> Self {
        let both = u128::from_le_bytes(bytes);
        let high = u64::try_from(both >> 64).unwrap_or_default();
        Self(low_half(both), high)
    }

    pub(super) fn to_bytes(self) -> [u8; Self::BYTES] {
        (u128::from(self.0) | (u128::from(self.1) << 64)).to_le_bytes()
    }

    /// The fingerprint of `text`.
    pub(super) fn fingerprint(self, text: &[u8]) -> u128 {
        let mut state = State(
            self.0 ^ 0x736f_6d65_7073_6575,
            self.1 ^ 0x646f_7261_6e64_6f6d ^ 0xee,
            self.0 ^ 0x6c79_6765_6e65_7261,
            self.1 ^ 0x7465_6462_7974_6573,
        );
        let mut words = text.chunks_exact(8);
        for word in &mut words {
            state.take_in(word.iter().rev().fold(0, |word, byte| (word << 8) | u64::from(*byte)));
        }
        let rest = words.remainder().iter().rev();
        let rest = rest.fold(0, |word, byte| (word << 8) | u64::from(*byte));
        // The last byte is the length, modulo 256.
        state.take_in(rest | ((text.len() as u64) << 56));
        state.2 ^= 0xee;
        let low = state.finish();
        state.1 ^= 0xdd;
        let high = state.finish();
        u128::from(low) | (u128::from(high) << 64)
    }
}

/// The lower 64 bits.
pub(super) fn low_half(value: u128) -> u64 {
    u64::try_from(value & u128::from(u64::MAX)).unwrap_or_default()
}

impl State {
    fn take_in(&mut self, word: u64) {
        self.3 ^= word;
        self.round();
        self.round();
        self.0 ^= word;
    }

    fn finish(&mut self) -> u64 {
        for _ in 0..4 {
            self.round();
        }
        self.0 ^ self.1 ^ self.2 ^ self.3
    }

    fn round(&mut self) {
        self.0 = self.0.wrapping_add(self.1);
        self.1 = self.1.rotate_left(13) ^ self.0;
        self.0 = self.0.rotate_left(32);
        self.2 = self.2.wrapping_add(self.3);
        self.3 = self.3.rotate_left(16) ^ self.2;
        self.0 = self.0.wrapping_add(self.3);
        self.3 = self.3.rotate_left(21) ^ self.0;
        self.2 = self.2.wrapping_add(self.1);
        self.1 = self.1.rotate_left(17) ^ self.2;
        self.2 = self.2.rotate_left(32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_reference_hold() {
        let key = Key::new(std::array::from_fn(|byte| byte as u8));
        for (length, expected) in [
            (0, "a3817f04ba25a8e66df67214c7550293"),
            (1, "da87c1d86b99af44347659119b22fc45"),
            (2, "8177228da4a45dc7fca38bdef60affe4"),
            (8, "3b62a9ba6258f5610f83e264f31497b4"),
            (15, "5493e99933b0a8117e08ec0f97cfc3d9"),
        ] {
            let text: Vec<u8> = (0..length).collect();
            let fingerprint = key.fingerprint(&text).to_be_bytes();
            let digits: String = fingerprint.iter().rev().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(digits, expected);
        }
        assert!(Key::new(key.to_bytes()) == key);
    }
}
