//! The pictures of the documents: what a terminal shows, as SVG.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::cargo::{cargo, output, root};

/// The size of a cell of the terminal, in pixels.
const CELL: (usize, usize) = (8, 18);

/// Space around the text, in pixels.
const MARGIN: usize = 16;

/// Longer lines are cut off.
const COLUMNS: usize = 104;

/// Half blocks, of which a QR code is drawn: whether the upper and the lower half is light.
const BLOCKS: [(char, bool, bool); 4] = [
    ('█', true, true),
    ('▀', true, false),
    ('▄', false, true),
    (' ', false, false),
];

/// Plays the demo and writes what the terminal shows of it.
pub(crate) fn write() -> Result<PathBuf, Box<dyn Error>> {
    let demo = [
        "run",
        "--locked",
        "--quiet",
        "--release",
        "-p",
        "wx-card-cli",
        "--",
        "demo",
    ];
    let shown = output(cargo().args(demo).env("NO_COLOR", "1"))?;
    let path = root().join("docs/pictures/demo.svg");
    fs::create_dir_all(path.parent().unwrap_or(&path))?;
    fs::write(&path, terminal("wx-card demo", &shown)?)?;
    Ok(path)
}

/// A terminal in which `command` was typed and showed `text`.
fn terminal(command: &str, text: &str) -> Result<String, Box<dyn Error>> {
    let prompt = format!("$ {command}");
    let lines: Vec<&str> = std::iter::once(prompt.as_str()).chain(text.lines()).collect();
    let width = COLUMNS * CELL.0 + 2 * MARGIN;
    let height = lines.len() * CELL.1 + 2 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-label=\"The output of {command}\">\n\
         <style>text {{ white-space: pre }}</style>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#1e1e2e\"/>\n\
         <g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'Noto Sans Mono CJK SC', monospace\" \
         font-size=\"13\" xml:space=\"preserve\">\n"
    );
    for (row, line) in lines.iter().enumerate() {
        let top = MARGIN + row * CELL.1;
        if line.contains('▄') || line.contains('█') || line.contains('▀') {
            blocks(&mut svg, line, top)?;
        } else {
            let (color, baseline) = (color(line), top + CELL.1 - 5);
            let line = escaped(&cut(line));
            writeln!(
                svg,
                "<text x=\"{MARGIN}\" y=\"{baseline}\" fill=\"{color}\">{line}</text>"
            )?;
        }
    }
    svg.push_str("</g>\n</svg>\n");
    Ok(svg)
}

/// A line of half blocks as rectangles: as letters they would leave gaps.
fn blocks(svg: &mut String, line: &str, top: usize) -> Result<(), Box<dyn Error>> {
    let half = CELL.1 / 2;
    for lower in [false, true] {
        let is_light = |c: char| {
            BLOCKS
                .iter()
                .any(|(block, upper_half, lower_half)| *block == c && if lower { *lower_half } else { *upper_half })
        };
        let cells: Vec<bool> = line.chars().map(is_light).collect();
        let mut column = 0;
        for run in cells.chunk_by(|one, next| one == next) {
            if run.first() == Some(&true) {
                let (x, y) = (MARGIN + column * CELL.0, top + if lower { half } else { 0 });
                let width = run.len() * CELL.0;
                writeln!(
                    svg,
                    "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{half}\" fill=\"#eff1f5\" shape-rendering=\"crispEdges\"/>"
                )?;
            }
            column += run.len();
        }
    }
    Ok(())
}

/// What was typed stands out, and so do outcomes.
fn color(line: &str) -> &'static str {
    match line.trim_start() {
        typed if typed.starts_with('$') => "#f9e2af",
        refused if refused.starts_with("→ refused") => "#fab387",
        outcome if outcome.starts_with('→') => "#a6e3a1",
        _ => "#cdd6f4",
    }
}

/// As much of `line` as fits in.
fn cut(line: &str) -> String {
    if line.chars().count() <= COLUMNS {
        return line.to_owned();
    }
    line.chars().take(COLUMNS - 1).chain(['…']).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_text_that_breaks_nothing() {
        let svg = terminal("a", "1 < 2 & \"3\"\n→ refused").unwrap();
        assert!(svg.contains(">1 &lt; 2 &amp; \"3\"</text>"));
        assert!(svg.contains("fill=\"#fab387\">→ refused</text>"));
        assert!(svg.contains(">$ a</text>"));
    }

    #[test]
    fn columns_stay_below_each_other() {
        let svg = terminal("a", "  1  two").unwrap();
        assert!(svg.contains(">  1  two</text>"));
        // Browsers go by the one, other programs by the other.
        assert!(svg.contains("<style>text { white-space: pre }</style>") && svg.contains("xml:space=\"preserve\""));
    }

    #[test]
    fn half_blocks_are_rectangles() {
        let svg = terminal("a", "█▀▄ ").unwrap();
        let (upper, lower) = (MARGIN + CELL.1, MARGIN + CELL.1 + CELL.1 / 2);
        assert!(svg.contains(&format!("<rect x=\"16\" y=\"{upper}\" width=\"16\"")));
        assert!(svg.contains(&format!("<rect x=\"16\" y=\"{lower}\" width=\"8\"")));
        assert!(svg.contains(&format!("<rect x=\"32\" y=\"{lower}\" width=\"8\"")));
        assert!(!svg.contains('█'));
    }

    #[test]
    fn a_long_line_is_cut_off() {
        assert_eq!(cut(&"好".repeat(200)).chars().count(), COLUMNS);
        assert_eq!(cut("short"), "short");
    }
}
