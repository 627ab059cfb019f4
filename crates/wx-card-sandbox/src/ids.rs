//! Ids, codes, tokens and tickets that look like the service's.

use wx_core::Entropy;

const DIGITS: &[u8] = b"0123456789";
const HEX: &[u8] = b"0123456789abcdef";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const URL_SAFE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Makes ids from randomness and a number that counts up, so that none comes twice whatever the randomness.
pub(crate) struct Ids<'a> {
    entropy: &'a dyn Entropy,
    serial: &'a mut u64,
}

impl<'a> Ids<'a> {
    pub(crate) fn new(entropy: &'a dyn Entropy, serial: &'a mut u64) -> Self {
        Self { entropy, serial }
    }

    /// An access token.
    pub(crate) fn token(&mut self) -> String {
        format!("60_{}", self.unique(URL_SAFE, 134))
    }

    /// A ticket of the JS-SDK.
    pub(crate) fn ticket(&mut self) -> String {
        self.unique(URL_SAFE, 86)
    }

    /// A card id: the cards of an account begin alike.
    pub(crate) fn card_id(&mut self, app_id: &str) -> String {
        let account = sha1_smol::Sha1::from(app_id).digest().to_string();
        let account = account.get(..5).unwrap_or_default();
        format!("p{account}{}", self.unique(URL_SAFE, 22))
    }

    /// Twelve digits; two draws may be the same, as with a real lot.
    pub(crate) fn code(&mut self) -> String {
        self.unique(DIGITS, 12)
    }

    /// An encrypted code, with each of the three characters that careless URL handling damages.
    pub(crate) fn encrypted_code(&mut self) -> String {
        let (head, middle) = (self.random(BASE64, 21), self.random(BASE64, 19));
        format!("{head}+{middle}/{}==", self.unique(LETTERS, 20))
    }

    /// The ticket of a QR code.
    pub(crate) fn qr_ticket(&mut self) -> String {
        format!("gQ{}==", self.unique(URL_SAFE, 92))
    }

    /// The short name in a QR code's URL.
    pub(crate) fn qr_name(&mut self) -> String {
        self.unique(URL_SAFE, 20)
    }

    /// The name in a picture's URL.
    pub(crate) fn picture_name(&mut self) -> String {
        self.unique(LETTERS, 32)
    }

    /// The id of a request, by which the operators of the service find it.
    pub(crate) fn rid(&mut self, now: i64) -> String {
        format!("{now:08x}-{}-{}", self.random(HEX, 8), self.unique(HEX, 8))
    }

    fn random(&self, alphabet: &[u8], length: usize) -> String {
        let mut bytes = vec![0; length];
        self.entropy.fill(&mut bytes);
        let character = |byte: &u8| {
            alphabet
                .get(usize::from(*byte) % alphabet.len())
                .copied()
                .map(char::from)
        };
        bytes.iter().filter_map(character).collect()
    }

    /// Random characters that end with the next number.
    fn unique(&mut self, alphabet: &[u8], length: usize) -> String {
        /// How many characters hold the number.
        const PLACES: u32 = 5;
        /// Shares no factor with the length of any alphabet here, so that multiplying only shuffles the numbers.
        const SHUFFLE: u64 = 2_654_435_761;

        *self.serial += 1;
        let base = alphabet.len() as u64;
        let numbers = base.pow(PLACES);
        let mut rest = *self.serial % numbers * SHUFFLE % numbers;
        let mut text = self.random(alphabet, length.saturating_sub(PLACES as usize));
        for _ in 0..PLACES {
            let place = usize::try_from(rest % base).unwrap_or_default();
            text.extend(alphabet.get(place).copied().map(char::from));
            rest /= base;
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Randomness that has none.
    #[derive(Debug)]
    struct Zeros;

    impl Entropy for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    #[test]
    fn ids_differ_whatever_the_randomness() {
        let mut serial = 0;
        let mut ids = Ids::new(&Zeros, &mut serial);
        let mut seen = BTreeSet::new();
        for _ in 0..2000 {
            let made = [
                ids.token(),
                ids.ticket(),
                ids.card_id("wx1"),
                ids.code(),
                ids.encrypted_code(),
                ids.qr_ticket(),
                ids.picture_name(),
                ids.rid(0),
            ];
            for id in made {
                assert!(seen.insert(id));
            }
        }
    }

    #[test]
    fn ids_have_the_lengths_of_the_real_ones() {
        let mut serial = 0;
        let mut ids = Ids::new(&Zeros, &mut serial);
        assert_eq!(ids.card_id("wx1").len(), 28);
        assert_eq!(ids.code().len(), 12);
        assert_eq!(ids.encrypted_code().len(), 64);
        assert_eq!(ids.rid(1_619_596_870).len(), 26);
        assert!(ids.rid(1_619_596_870).starts_with("60891646-"));
    }
}
