//! Tokens that are no use to whoever reads them in Redis.

use std::fmt;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use wx_core::{Entropy, Secret};
use zeroize::Zeroizing;

use crate::value::Place;

const NONCE: usize = 24;

/// The key with which tokens are sealed: 32 bytes that are random and the same in every process of the fleet.
///
/// `openssl rand -hex 32` makes one. It is never shown, and zeroed when it is dropped.
#[derive(Clone)]
pub struct SealKey(Zeroizing<[u8; 32]>);

impl SealKey {
    /// The key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key of 64 hexadecimal digits; `None` if that is not what they are.
    #[must_use]
    pub fn from_hex(digits: &Secret) -> Option<Self> {
        let digits = digits.expose().as_bytes();
        let mut key = Zeroizing::new([0; 32]);
        if digits.len() != 2 * key.len() {
            return None;
        }
        for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair.iter().try_fold(0, |byte, digit| {
                Some(byte << 4 | u8::try_from(char::from(*digit).to_digit(16)?).ok()?)
            })?;
        }
        Some(Self(key))
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(..)")
    }
}

/// Seals and opens, with one key.
pub(crate) struct Sealer {
    cipher: XChaCha20Poly1305,
    entropy: Arc<dyn Entropy>,
    /// The format of what is sealed, which names the key: what another key has sealed is of another format.
    format: String,
}

impl Sealer {
    pub(crate) fn new(key: &SealKey, entropy: Arc<dyn Entropy>) -> Self {
        let cipher = XChaCha20Poly1305::new((&*key.0).into());
        // The tag of an empty text under a nonce that no token gets, since theirs are random: it tells nothing of the key.
        let name = Payload {
            msg: b"",
            aad: b"wx-store-redis: name of the key",
        };
        let name = cipher.encrypt(&XNonce::default(), name).unwrap_or_default();
        let name: String = name.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        Self {
            cipher,
            entropy,
            format: format!("1.{name}"),
        }
    }

    pub(crate) fn format(&self) -> &str {
        &self.format
    }

    /// A nonce and the sealed text; it opens at this place only.
    pub(crate) fn seal(&self, text: &[u8], place: &Place<'_>) -> Option<Vec<u8>> {
        let mut nonce = XNonce::default();
        self.entropy.fill(&mut nonce);
        let aad = place.to_bytes();
        let sealed = self.cipher.encrypt(&nonce, Payload { msg: text, aad: &aad }).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// The text, unless it was sealed with another key, at another place, or changed since.
    pub(crate) fn open(&self, sealed: &[u8], place: &Place<'_>) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, msg) = sealed.split_first_chunk::<NONCE>()?;
        let aad = place.to_bytes();
        let text = self.cipher.decrypt(nonce.into(), Payload { msg, aad: &aad }).ok()?;
        Some(Zeroizing::new(text))
    }
}

#[cfg(test)]
mod tests {
    use wx_core::test_util::FixedEntropy;

    use super::*;

    const PLACE: Place<'static> = Place {
        key: "{wx-card:wx1}:access_token",
        version: 7,
        refresh_in: 6_900_000,
        expires_in: 7_200_000,
    };

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(&SealKey::new([byte; 32]), Arc::new(FixedEntropy::new()))
    }

    #[test]
    fn what_is_sealed_is_opened_and_shows_nothing() {
        let sealed = sealer(1).seal(b"canary", &PLACE).unwrap();
        assert_eq!(sealed.len(), NONCE + 6 + 16);
        assert!(!sealed.windows(6).any(|window| window == b"canary"));
        assert_eq!(sealer(1).open(&sealed, &PLACE).unwrap().as_slice(), b"canary");
    }

    #[test]
    fn what_is_sealed_opens_at_its_place_only() {
        let sealed = sealer(1).seal(b"canary", &PLACE).unwrap();
        let elsewhere = [
            Place {
                key: "{wx-card:wx2}:access_token",
                ..PLACE
            },
            Place { version: 8, ..PLACE },
            Place { refresh_in: 1, ..PLACE },
            Place { expires_in: 1, ..PLACE },
        ];
        for place in elsewhere {
            assert!(sealer(1).open(&sealed, &place).is_none());
        }
    }

    #[test]
    fn whatever_is_changed_does_not_open() {
        let sealed = sealer(1).seal(b"canary", &PLACE).unwrap();
        assert!(sealer(2).open(&sealed, &PLACE).is_none());
        for at in 0..sealed.len() {
            assert!(sealer(1).open(&sealed[..at], &PLACE).is_none());
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(sealer(1).open(&changed, &PLACE).is_none());
        }
    }

    #[test]
    fn the_format_names_the_key() {
        assert_eq!(sealer(1).format(), sealer(1).format());
        assert_ne!(sealer(1).format(), sealer(2).format());
        assert_eq!(sealer(1).format().len(), "1.00000000".len());
    }

    #[test]
    fn a_key_is_read_from_digits() {
        let key = SealKey::from_hex(&Secret::new("0aF".repeat(21) + "0")).unwrap();
        assert_eq!(key.0[..4], [0x0a, 0xf0, 0xaf, 0x0a]);
        for refused in ["", "00", &"g".repeat(64), &"0".repeat(63), &"é".repeat(32)] {
            assert!(SealKey::from_hex(&Secret::new(refused)).is_none(), "{refused}");
        }
        assert_eq!(format!("{key:?}"), "SealKey(..)");
    }
}
