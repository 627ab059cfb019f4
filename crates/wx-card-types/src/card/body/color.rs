//! The colors of a card's face.

use std::fmt;

use serde_core::de::{Deserialize, Deserializer};
use serde_core::ser::{Serialize, Serializer};

use crate::open_enum::open_enum;
use crate::wire::{Read, Reading, Wire};

open_enum! {
    /// The color of a card's face (券颜色), by its name: what a card is created with.
    ///
    /// Answers give the shade itself, a [`ColorValue`].
    pub enum Color {
        /// Green.
        Color010 = "Color010",
        /// Dark green.
        Color020 = "Color020",
        /// Light blue.
        Color030 = "Color030",
        /// Blue.
        Color040 = "Color040",
        /// Purple.
        Color050 = "Color050",
        /// Brown.
        Color060 = "Color060",
        /// Yellow.
        Color070 = "Color070",
        /// Light orange.
        Color080 = "Color080",
        /// Orange.
        Color081 = "Color081",
        /// Lime.
        Color082 = "Color082",
        /// Light red.
        Color090 = "Color090",
        /// Red.
        Color100 = "Color100",
        /// Dark red.
        Color101 = "Color101",
        /// Slate.
        Color102 = "Color102",
    }
}

const SHADES: [(Color, &str); 14] = [
    (Color::Color010, "#63b359"),
    (Color::Color020, "#2c9f67"),
    (Color::Color030, "#509fc9"),
    (Color::Color040, "#5885cf"),
    (Color::Color050, "#9062c0"),
    (Color::Color060, "#d09a45"),
    (Color::Color070, "#e4b138"),
    (Color::Color080, "#ee903c"),
    (Color::Color081, "#f08500"),
    (Color::Color082, "#a9d92d"),
    (Color::Color090, "#dd6549"),
    (Color::Color100, "#cc463d"),
    (Color::Color101, "#cf3e36"),
    (Color::Color102, "#5E6671"),
];

impl Color {
    /// The shade as `#rrggbb`; nothing for a name that has no shade here.
    #[must_use]
    pub fn hex(&self) -> Option<&'static str> {
        SHADES.iter().find(|(color, _)| color == self).map(|(_, hex)| *hex)
    }

    /// The name of a color, such as `Color010` for `#63b359`; upper and lower case are one.
    #[must_use]
    pub fn from_hex(hex: &str) -> Option<Self> {
        let shade = SHADES.iter().find(|(_, shade)| shade.eq_ignore_ascii_case(hex))?;
        Some(shade.0.clone())
    }
}

/// The color of a card's face (券颜色) as answers give it: a shade such as `#63b359`.
///
/// It is kept as it stands, even where it is no shade: old answers give other shades under the same names, so the text
/// says more than a name would.
///
/// ```
/// use wx_card_types::{Color, ColorValue};
///
/// let value = ColorValue::from("#63B359");
/// assert_eq!(value.name(), Some(Color::Color010));
/// assert_eq!(ColorValue::from(Color::Color010).as_str(), "#63b359");
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ColorValue(String);

impl ColorValue {
    /// The text of the answer.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The shade as `#rrggbb`; the one of the name where the answer gave a name.
    #[must_use]
    pub fn hex(&self) -> Option<&str> {
        if is_hex(&self.0) {
            Some(&self.0)
        } else {
            Color::from(self.as_str()).hex()
        }
    }

    /// The name of the color, to create a card of the same color; nothing for a shade that no name has today.
    #[must_use]
    pub fn name(&self) -> Option<Color> {
        let named = Color::from(self.as_str());
        if named.is_known() {
            Some(named)
        } else {
            Color::from_hex(&self.0)
        }
    }
}

impl From<&str> for ColorValue {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl From<String> for ColorValue {
    fn from(value: String) -> Self {
        Self(value)
    }
}

/// The shade of the color; its name where it has no shade here.
impl From<Color> for ColorValue {
    fn from(color: Color) -> Self {
        Self(color.hex().unwrap_or(color.as_str()).to_owned())
    }
}

impl fmt::Display for ColorValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for ColorValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Wire for ColorValue {
    const EXPECTED: &'static str = "a color";

    fn from_str(value: &str) -> Reading<Self> {
        if value.is_empty() {
            Reading::Absent
        } else {
            Reading::Value(value.into())
        }
    }
}

impl<'de> Deserialize<'de> for ColorValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Read::<Self>::required(deserializer)
    }
}

fn is_hex(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::assert_round_trip;

    #[test]
    fn every_name_has_a_shade_and_back() {
        for name in Color::KNOWN {
            let color = Color::from(*name);
            let hex = color.hex().unwrap();
            assert_eq!(Color::from_hex(hex), Some(color.clone()), "{name}");
            assert_eq!(Color::from_hex(&hex.to_uppercase()), Some(color), "{name}");
        }
    }

    #[test]
    fn the_color_of_an_answer_stays_as_it_is() {
        let color = assert_round_trip::<ColorValue>(r##""#63B359""##);
        assert_eq!((color.hex(), color.name()), (Some("#63B359"), Some(Color::Color010)));
        let of_old = ColorValue::from("#3373bb");
        assert_eq!((of_old.hex(), of_old.name()), (Some("#3373bb"), None));
        let name = ColorValue::from("Color102");
        assert_eq!((name.hex(), name.name()), (Some("#5E6671"), Some(Color::Color102)));
        for strange in ["Color999", "#３３bb", "red"] {
            let strange = ColorValue::from(strange);
            assert_eq!((strange.hex(), strange.name()), (None, None), "{strange}");
        }
        assert_eq!(ColorValue::from(Color::from("Color999")).as_str(), "Color999");
    }
}
