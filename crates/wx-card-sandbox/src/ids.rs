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
        *self.serial += 1;
        let mut rest = usize::try_from(*self.serial).unwrap_or(usize::MAX);
        let mut end = String::new();
        for _ in 0..5 {
            end.extend(alphabet.get(rest % alphabet.len()).copied().map(char::from));
            rest /= alphabet.len();
        }
        self.random(alphabet, length.saturating_sub(5)) + &end
    }
}
