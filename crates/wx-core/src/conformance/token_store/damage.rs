//! What is done to stored values.

use std::fmt;

/// How a stored value is damaged; the store under test is shown what [`of`](Self::of) makes of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Damage(How);

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum How {
    Emptied,
    FirstByte,
    Half,
    AllButTheLast,
    Binary,
    OtherFormat,
}

impl Damage {
    pub(super) const ALL: [Self; 6] = [
        Self(How::AllButTheLast),
        Self(How::Half),
        Self(How::FirstByte),
        Self(How::Emptied),
        Self(How::Binary),
        Self(How::OtherFormat),
    ];

    /// What is left of `value`, the bytes that the store keeps.
    #[must_use]
    pub fn of(&self, value: &[u8]) -> Vec<u8> {
        let first = |length: usize| value.get(..length).unwrap_or(value).to_vec();
        match self.0 {
            How::Emptied => Vec::new(),
            How::FirstByte => first(1),
            How::Half => first(value.len() / 2),
            How::AllButTheLast => first(value.len().saturating_sub(1)),
            How::Binary => (0..=u8::MAX).rev().cycle().take(value.len().max(1)).collect(),
            How::OtherFormat => br#"{"errcode":0,"access_token":"canaryOther6d20be","expires_in":7200}"#.to_vec(),
        }
    }

    /// Whether a store may still know the whole value: what was lost is perhaps the end of a line.
    pub(super) fn may_be_mended(self) -> bool {
        self.0 == How::AllButTheLast
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            How::Emptied => "emptied",
            How::FirstByte => "cut off after the first byte",
            How::Half => "cut in half",
            How::AllButTheLast => "cut off before the last byte",
            How::Binary => "overwritten with bytes that are no text",
            How::OtherFormat => "overwritten in another format",
        })
    }
}
