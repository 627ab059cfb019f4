//! Signatures of pages: for taking a card, for choosing one, and for the JS-SDK itself.
//!
//! | a page calls | build | with the ticket of type |
//! | --- | --- | --- |
//! | `wx.addCard` | [`AddCard`] | `wx_card` |
//! | `wx.chooseCard` | [`ChooseCard`] | `wx_card` |
//! | `wx.config` | [`JsConfig`] | `jsapi` |
//!
//! Each builder has a result of its own, which holds all that the page must pass on: the moment and the nonce that were
//! signed stand inside, so that no other ones are passed by mistake. [`signature`] is what the first two have in common.
//!
//! A wrong signature is refused in the user's hands, out of the server's sight. So what would make one is an error here:
//! an empty ticket, an empty id, a moment in milliseconds.
//!
//! The ticket is a secret, and so is the text that is signed, as it contains the ticket. The text goes into the hash
//! piece by piece and exists nowhere else; neither stands in a result, an error or a `Debug`.
//!
//! Nothing here reads a clock or makes randomness: take the nonce from a source that cannot be guessed, for each
//! signature anew, and the moment in Unix seconds.

mod add_card;
mod choose_card;
mod digest;
mod js_config;

use std::fmt;
use std::str::FromStr;

use serde_core::{Deserialize, Deserializer, Serialize, Serializer};

pub use add_card::{AddCard, AddCardPayload, CardExt};
pub use choose_card::{ChooseCard, ChooseCardPayload};
pub use js_config::{JsConfig, JsConfigPayload};

use crate::wire::{Read, Reading, Wire};
use crate::{Check, Invalid, Rule};

/// Signs any values in the way of cards: sorted by their bytes, joined without a separator, SHA-1.
///
/// `timestamp` is in Unix seconds. Which values belong in depends on what is signed: [`AddCard`] and [`ChooseCard`]
/// know, this function takes them as they are. Their order does not matter; an empty one, the nonce included, is as
/// good as none.
///
/// ```
/// let signature = wx_card_types::sign::signature(
///     &["pjZ8Yt1XGILfi-FUsewpnnolGgZk", "1434008071"],
///     1_404_896_688,
///     "123",
///     "ojZ8YtyVyr30HheH3CM73y7h4jJE",
/// )?;
/// assert_eq!(signature.as_str(), "f137ab68b7f8112d20ee528ab6074564e2796250");
/// # Ok::<(), wx_card_types::Invalid>(())
/// ```
///
/// # Errors
///
/// [`Invalid`] when `ticket` is empty or has white space around it. The hash would not mind, every page would:
/// the signature looks like any other and is refused by all of them.
#[doc(alias = "createCardApiSignature")]
#[doc(alias = "卡券签名")]
pub fn signature(values: &[&str], timestamp: i64, nonce: &str, ticket: &str) -> Result<Signature, Invalid> {
    let mut check = Check::new();
    check_ticket(&mut check, ticket);
    check.finish()?;
    let mut digits = [0; DIGITS];
    let last = [decimal(timestamp, &mut digits), nonce, ticket];
    Ok(Signature::of_sorted(values.iter().copied().chain(last)))
}

/// A signature: 40 lower-case hexadecimal digits.
///
/// It is no secret; pages carry it. It reads and writes itself as text.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Signature([u8; 40]);

impl Signature {
    /// The 40 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // The digits come from the table below or were checked to be such, so the default is never taken.
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The signature of `pieces` in the order of their bytes; empty ones add nothing.
    fn of_sorted<'a>(pieces: impl Iterator<Item = &'a str>) -> Self {
        let mut given = pieces
            .filter(|piece| !piece.is_empty())
            .map(|piece| (beginning(piece), piece));
        // As a rule there are few, and they need no allocation.
        let (mut few, mut count, mut many) = ([(0, ""); FEW], 0, Vec::new());
        for (slot, piece) in few.iter_mut().zip(given.by_ref()) {
            *slot = piece;
            count += 1;
        }
        let mut sorted = few.get_mut(..count).unwrap_or_default();
        if let Some(next) = given.next() {
            many.extend(sorted.iter().copied().chain([next]).chain(given));
            sorted = &mut many;
        }
        sorted.sort_unstable();
        Self::of(sorted.iter().map(|(_, piece)| *piece))
    }

    /// The signature of `pieces` as they stand.
    fn of<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Self {
        // Reckoned and not looked up, for all digits at once.
        let digit = |nibble: u8| nibble + b'0' + u8::from(nibble > 9) * (b'a' - b'9' - 1);
        let mut digits = [0; 40];
        let (pairs, _) = digits.as_chunks_mut();
        for (pair, byte) in pairs.iter_mut().zip(digest::sha1(pieces)) {
            *pair = [digit(byte >> 4), digit(byte & 15)];
        }
        Self(digits)
    }
}

/// The first eight bytes as a number, which orders nearly all pieces without a look at the rest.
fn beginning(piece: &str) -> u64 {
    let bytes = piece.as_bytes();
    let first = bytes.first_chunk().copied().unwrap_or_else(|| {
        let mut first = [0; 8];
        first.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = *byte);
        first
    });
    u64::from_be_bytes(first)
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signature").field(&self.as_str()).finish()
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl AsRef<str> for Signature {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for Signature {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Signature {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl FromStr for Signature {
    type Err = Invalid;

    /// Takes 40 lower-case hexadecimal digits.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let is_digit = |digit: &u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
        match <[u8; 40]>::try_from(text.as_bytes()) {
            Ok(digits) if digits.iter().all(is_digit) => Ok(Self(digits)),
            _ => Err(Invalid::new(
                "signature",
                Rule::Form {
                    expected: Self::EXPECTED,
                },
            )),
        }
    }
}

impl Serialize for Signature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Wire for Signature {
    const EXPECTED: &'static str = "40 lower-case hexadecimal digits";

    fn from_str(value: &str) -> Reading<Self> {
        value
            .parse()
            .map_or_else(|_| Reading::Misfit(value.into()), Reading::Value)
    }
}

impl<'de> Deserialize<'de> for Signature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Read::<Self>::required(deserializer)
    }
}

/// So many values are usual; the documentation signs seven at most.
const FEW: usize = 12;

/// Most bytes of a nonce.
const MAX_NONCE: usize = 32;

/// Greatest moment: the last second of ten digits, in the year 2286. One in milliseconds lies beyond it.
const MAX_TIMESTAMP: i64 = 9_999_999_999;

/// What the three builders ask of the rest that they sign.
fn check_seal(check: &mut Check, timestamp: i64, nonce: &str, ticket: &str) {
    check.range("timestamp", timestamp, 0, MAX_TIMESTAMP);
    check.filled("nonce", nonce);
    check.max_bytes("nonce", nonce, MAX_NONCE);
    check_ticket(check, ticket);
}

fn check_ticket(check: &mut Check, ticket: &str) {
    let trimmed = ticket.trim();
    if trimmed.is_empty() {
        check.violation("ticket", Rule::Empty);
    } else if trimmed.len() < ticket.len() {
        let expected = "as the service gave it, without white space around it";
        check.violation("ticket", Rule::Form { expected });
    }
}

/// Room for the digits of any `i64` and its sign.
const DIGITS: usize = 20;

/// `value` in decimal, without an allocation.
fn decimal(value: i64, digits: &mut [u8; DIGITS]) -> &str {
    let mut rest = value.unsigned_abs();
    let mut start = DIGITS;
    let mut slots = digits.iter_mut().rev();
    for slot in slots.by_ref() {
        start -= 1;
        *slot = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0
        && let Some(slot) = slots.next()
    {
        start -= 1;
        *slot = b'-';
    }
    str::from_utf8(digits.get(start..).unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
