//! QR codes: drawn in the terminal, and as pictures in files.

use std::io::{self, Write as _};
use std::path::PathBuf;

use anstyle::{AnsiColor, Color, Style};
use qrcode::render::svg;
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};
use tempfile::NamedTempFile;

/// Modules of light around a QR code, which readers need to find it.
const QUIET_ZONE: usize = 4;

/// Light modules before dark ones, whatever colors the terminal has.
const LIGHT: Style = Style::new()
    .fg_color(Some(Color::Ansi(AnsiColor::BrightWhite)))
    .bg_color(Some(Color::Ansi(AnsiColor::Black)));

/// Pixels of a module, enough for a poster of a hand's breadth.
const PIXELS: usize = 16;

/// Draws `text` with half blocks, two rows of the QR code in a line; nothing if it does not fit into one.
///
/// What is light in the QR code is drawn, as most terminals are dark; with `colors` it is right on all of them.
pub(crate) fn draw(text: &str, colors: bool) -> Option<String> {
    // A screen has no stains to make up for, so that the smallest drawing will do.
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let (dark, light) = (Dense1x2::Light, Dense1x2::Dark);
    let drawing = code.render::<Dense1x2>().dark_color(dark).light_color(light).build();
    if !colors {
        return Some(drawing);
    }
    let painted = drawing.lines().map(|line| format!("{LIGHT}{line}{LIGHT:#}"));
    Some(painted.collect::<Vec<_>>().join("\n"))
}

/// A file that a QR code is written to, in the format that its name asks for.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    path: PathBuf,
    form: Form,
}

#[derive(Clone, Copy, Debug)]
enum Form {
    Png,
    Svg,
}

impl Picture {
    /// A file whose name ends in `.png` or `.svg`.
    pub(crate) fn new(path: &str) -> Result<Self, &'static str> {
        let path = PathBuf::from(path);
        let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
        let form = match extension.as_ref().and_then(|extension| extension.to_str()) {
            Some("png") => Form::Png,
            Some("svg") => Form::Svg,
            _ => return Err("give a file whose name ends in .png or .svg"),
        };
        Ok(Self { path, form })
    }

    /// Makes room for it, before there is a QR code that nobody would have.
    pub(crate) fn prepare(&self) -> io::Result<NamedTempFile> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(".".as_ref());
        if !folder.is_dir() {
            let message = format!("{}: there is no such folder", folder.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, message));
        }
        NamedTempFile::new_in(folder).map_err(|error| self.named(&error))
    }

    fn named(&self, error: &io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("{}: {error}", self.path.display()))
    }

    /// Writes the QR code of `text` by way of the file that was prepared; one that is there is replaced as a whole.
    pub(crate) fn write(&self, mut file: NamedTempFile, text: &str) -> io::Result<()> {
        // What is printed gets stained, so a part of it may be lost.
        let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(io::Error::other)?;
        let bytes = match self.form {
            Form::Png => png(&code).map_err(io::Error::other)?,
            Form::Svg => code.render::<svg::Color<'_>>().build().into_bytes(),
        };
        file.write_all(&bytes).map_err(|error| self.named(&error))?;
        readable(&file).map_err(|error| self.named(&error))?;
        file.persist(&self.path)
            .map(drop)
            .map_err(|error| self.named(&error.error))
    }
}

/// Lets others read what is no secret; a temporary file is its owner's alone.
fn readable(file: &NamedTempFile) -> io::Result<()> {
    #[cfg(unix)]
    file.as_file()
        .set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    Ok(())
}

/// Black and white, a bit a pixel.
fn png(code: &QrCode) -> Result<Vec<u8>, png::EncodingError> {
    let side = (code.width() + 2 * QUIET_ZONE) * PIXELS;
    let is_dark = |x: usize, y: usize| {
        let module = |at: usize| (at / PIXELS).checked_sub(QUIET_ZONE).filter(|at| *at < code.width());
        matches!((module(x), module(y)), (Some(x), Some(y)) if code[(x, y)] == qrcode::Color::Dark)
    };
    let rows = (0..side).flat_map(|y| (0..side.div_ceil(8)).map(move |byte| (byte * 8, y)));
    let pixels: Vec<u8> = rows
        .map(|(x, y)| (x..x + 8).fold(0, |byte, x| byte << 1 | u8::from(!is_dark(x, y))))
        .collect();

    let pixels_a_side = u32::try_from(side).unwrap_or(u32::MAX);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, pixels_a_side, pixels_a_side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "http://weixin.qq.com/q/BHWya_zlfioH6fXeL16o";

    #[test]
    fn a_drawing_is_a_square_with_a_quiet_zone() {
        let drawing = draw(TEXT, false).unwrap();
        let lines: Vec<&str> = drawing.lines().collect();
        // Version 3 has 29 modules a side, and 4 around it on each side.
        assert_eq!(lines.len(), 37_usize.div_ceil(2));
        assert!(lines.iter().all(|line| line.chars().count() == 37));
        assert!(lines[0].chars().all(|c| c == '█'));
        assert!(lines[3].contains('▄') || lines[3].contains('▀'));
        let painted = draw(TEXT, true).unwrap();
        for (plain, painted) in drawing.lines().zip(painted.lines()) {
            assert_eq!(painted, format!("\u{1b}[97m\u{1b}[40m{plain}\u{1b}[0m"));
        }
    }

    #[test]
    fn what_does_not_fit_is_not_drawn() {
        assert_eq!(draw(&"a".repeat(4000), false), None);
    }

    #[test]
    fn a_picture_has_the_modules_of_the_code() {
        let code = QrCode::with_error_correction_level(TEXT, EcLevel::M).unwrap();
        let file = png(&code).unwrap();
        let mut reader = png::Decoder::new(io::Cursor::new(file)).read_info().unwrap();
        let side = u32::try_from((code.width() + 8) * PIXELS).unwrap();
        assert_eq!((reader.info().width, reader.info().height), (side, side));
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        let bytes_a_row = usize::try_from(side).unwrap().div_ceil(8);
        let middle = |module: usize| (module + QUIET_ZONE) * PIXELS + PIXELS / 2;
        for y in 0..code.width() {
            for x in 0..code.width() {
                let byte = pixels[middle(y) * bytes_a_row + middle(x) / 8];
                let is_light = byte >> (7 - middle(x) % 8) & 1 == 1;
                assert_eq!(is_light, code[(x, y)] == qrcode::Color::Light, "module {x}, {y}");
            }
        }
        assert!(
            pixels[..bytes_a_row * QUIET_ZONE * PIXELS]
                .iter()
                .all(|byte| *byte == 0xff)
        );
    }

    #[test]
    fn the_name_of_a_file_says_its_format() {
        for name in ["a.png", "b/a.PNG", "a.svg"] {
            assert!(Picture::new(name).is_ok(), "{name}");
        }
        for name in ["", "png", "a.jpg", "a.png/b"] {
            assert!(Picture::new(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_file_is_replaced_as_a_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("code.svg");
        std::fs::write(&path, "before").unwrap();
        let picture = Picture::new(path.to_str().unwrap()).unwrap();
        assert!(picture.write(picture.prepare().unwrap(), &"a".repeat(4000)).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "before");
        picture.write(picture.prepare().unwrap(), TEXT).unwrap();
        assert!(std::fs::read_to_string(&path).unwrap().contains("<svg"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
