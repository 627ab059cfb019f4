//! The colors of a card's face.

use crate::card::checked::Checked;
use crate::open_enum::open_enum;

open_enum! {
    /// The color of a card's face (券颜色).
    ///
    /// A card is created with a name such as `Color010`; answers give the color itself, such as `#63b359`.
    /// That text is kept as an unknown word: old samples give other shades under the same names, so it says more
    /// than the name would. [`from_hex`](Self::from_hex) finds the name.
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

impl Checked for Color {}

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
    /// The color as `#rrggbb`: that of the name, or the text itself where an answer gave the color.
    #[must_use]
    pub fn hex(&self) -> Option<&str> {
        let shade = SHADES.iter().find(|(color, _)| color == self).map(|(_, hex)| *hex);
        shade.or_else(|| is_hex(self.as_str()).then(|| self.as_str()))
    }

    /// The name of a color, such as `Color010` for `#63b359`; upper and lower case are one.
    #[must_use]
    pub fn from_hex(hex: &str) -> Option<Self> {
        let shade = SHADES.iter().find(|(_, shade)| shade.eq_ignore_ascii_case(hex))?;
        Some(shade.0.clone())
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
        let color = assert_round_trip::<Color>(r##""#63b359""##);
        assert!(!color.is_known());
        assert_eq!(color.hex(), Some("#63b359"));
        assert_eq!(Color::from("#3373bb").hex(), Some("#3373bb"));
        assert_eq!(Color::from_hex("#3373bb"), None);
        assert_eq!(Color::from("Color999").hex(), None);
        assert_eq!(Color::from("#３３bb").hex(), None);
    }
}
