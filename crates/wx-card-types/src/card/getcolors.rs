//! `GET /card/getcolors`: the colors that a card can have.

use crate::endpoint::Method;
use crate::wire::wire;
use crate::{Color, ColorValue, Endpoint};

wire! {
    /// Asks for the colors that a card can have (获取颜色列表), which change with time.
    ///
    /// `GET /card/getcolors`: [official page](https://developers.weixin.qq.com/doc/offiaccount/Cards_and_Offer/Create_a_Coupon_Voucher_or_Card.html).
    #[doc(alias = "card/getcolors")]
    #[doc(alias = "getColors")]
    #[doc(alias = "获取颜色列表")]
    #[derive(Default)]
    pub struct GetColors {}
}

impl Endpoint for GetColors {
    const METHOD: Method = Method::Get;
    const PATH: &'static str = "/card/getcolors";
    const IDEMPOTENT: bool = true;
    type Response = GetColorsResponse;
}

wire! {
    /// The colors that a card can have.
    #[derive(Default)]
    pub answer GetColorsResponse {} lists {
        /// Names and shades.
        colors: NamedColor,
    }
}

wire! {
    /// A color with its name.
    pub struct NamedColor {
        /// The name, with which cards are created.
        name: Color,
        /// The shade that users see.
        value: ColorValue,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_util::assert_round_trip;

    const RESPONSE: &str = include_str!("../../tests/samples/card-getcolors.response.json");

    #[test]
    fn request_on_the_wire() {
        insta::assert_json_snapshot!(GetColors::new(), @"{}");
        assert!(GetColors::new().validate().is_ok());
    }

    #[test]
    fn the_official_answer_decodes() {
        let answer: GetColorsResponse = serde_json::from_str(RESPONSE).unwrap();
        // The shades are not those that the page lists for the names: both stay as they are.
        let expected = [
            (Color::Color010, "#61ad40"),
            (Color::Color020, "#169d5c"),
            (Color::Color030, "#239cda"),
        ];
        assert_eq!(
            answer.colors,
            expected.map(|(name, value)| NamedColor::new(name, value))
        );
        assert!(answer.extra.is_empty());
    }

    #[test]
    fn colors_that_came_later_are_kept() {
        let answer = assert_round_trip::<GetColorsResponse>(
            r##"{"colors":[{"name":"Color999","value":"#123456","later":1}],"later":2}"##,
        );
        assert_eq!(answer.colors[0].name, Color::from("Color999"));
    }
}
