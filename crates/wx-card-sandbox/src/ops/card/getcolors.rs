//! `/card/getcolors`: the colors that a card can have.

use wx_card_types::{Color, ColorValue, GetColors, GetColorsResponse, NamedColor};

use crate::refusal::Refusal;
use crate::state::Ctx;

/// Every color with the shade that a card of it has.
pub(crate) fn get_colors(_: &mut Ctx<'_>, _: &GetColors) -> Result<GetColorsResponse, Refusal> {
    let named = |name: &&str| {
        let color = Color::from(*name);
        NamedColor::new(color.clone(), ColorValue::from(color))
    };
    let colors: Vec<_> = Color::KNOWN.iter().map(named).collect();
    Ok(GetColorsResponse::new().colors(colors))
}
