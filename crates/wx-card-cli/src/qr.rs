//! QR codes drawn in the terminal.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// Draws `text` with half blocks, two rows of the QR code in a line; nothing if it does not fit into one.
///
/// What is light in the QR code is drawn, as most terminals are dark.
pub(crate) fn draw(text: &str) -> Option<String> {
    // A screen has no stains to make up for, so that the smallest drawing will do.
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let (dark, light) = (Dense1x2::Light, Dense1x2::Dark);
    Some(code.render::<Dense1x2>().dark_color(dark).light_color(light).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_a_square_with_a_quiet_zone() {
        let drawing = draw("http://weixin.qq.com/q/BHWya_zlfioH6fXeL16o").unwrap();
        let lines: Vec<&str> = drawing.lines().collect();
        // Version 3 has 29 modules a side, and 4 around it on each side.
        assert_eq!(lines.len(), 37_usize.div_ceil(2));
        assert!(lines.iter().all(|line| line.chars().count() == 37));
        assert!(lines[0].chars().all(|c| c == '█'));
        assert!(lines[3].contains('▄') || lines[3].contains('▀'));
    }

    #[test]
    fn what_does_not_fit_is_not_drawn() {
        assert_eq!(draw(&"a".repeat(4000)), None);
    }
}
