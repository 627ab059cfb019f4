//! The text of the workspace, and which part of it is code.

use std::error::Error;
use std::fs;
use std::ops::Range;
use std::process::Command;

use crate::cargo::{output, root};

/// Every text file that is part of the workspace.
#[derive(Debug)]
pub(crate) struct Tree {
    sources: Vec<Source>,
}

impl Tree {
    /// Reads what git tracks and what it would track.
    pub(crate) fn read() -> Result<Self, Box<dyn Error>> {
        let root = root();
        let mut git = Command::new("git");
        git.current_dir(&root)
            .args(["ls-files", "-z", "-co", "--exclude-standard"]);
        let mut sources = Vec::new();
        for path in output(&mut git)?.split_terminator('\0') {
            // What is no text, or tracked and deleted, has no text to look at.
            if let Ok(text) = fs::read_to_string(root.join(path)) {
                sources.push(Source::new(path, text));
            }
        }
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { sources })
    }

    /// A tree of these files.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let sources = files.iter().map(|(path, text)| Source::new(*path, *text)).collect();
        Self { sources }
    }

    /// Every file, by path.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter()
    }

    /// The Rust files below `folder`.
    pub(crate) fn rust(&self, folder: &str) -> impl Iterator<Item = &Source> {
        self.all()
            .filter(move |source| source.is_rust() && source.path.starts_with(folder))
    }

    /// The file at `path`.
    pub(crate) fn get(&self, path: &str) -> Option<&Source> {
        self.all().find(|source| source.path == path)
    }
}

/// One file.
#[derive(Debug)]
pub(crate) struct Source {
    /// Its path in the workspace, with slashes.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
    /// Its text with comments, strings and characters blanked; the same bytes at the same places.
    code: String,
    /// Where its own tests begin.
    tests_at: usize,
}

impl Source {
    fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let (path, text) = (path.into(), text.into());
        let code = if path.ends_with(".rs") {
            mask(&text)
        } else {
            String::new()
        };
        let tests_at = if path.contains("/tests/") || path.ends_with("/tests.rs") {
            0
        } else {
            code.find("\n#[cfg(test)]\nmod tests {").unwrap_or(code.len())
        };
        Self {
            path,
            text,
            code,
            tests_at,
        }
    }

    /// Whether it is Rust.
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The code, tests included.
    pub(crate) fn code(&self) -> &str {
        &self.code
    }

    /// The code without its tests.
    pub(crate) fn shipped(&self) -> &str {
        self.code.get(..self.tests_at).unwrap_or("")
    }

    /// The tests: the trailing module, or the whole file if it is one of tests.
    pub(crate) fn tests(&self) -> Range<usize> {
        self.tests_at..self.code.len()
    }

    /// `path:line` of the byte at `offset`.
    pub(crate) fn place(&self, offset: usize) -> String {
        let before = self.text.as_bytes().get(..offset).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("{}:{line}", self.path)
    }
}

/// Where `word` stands in `text` as a word of its own.
///
/// A side of `word` that is no letter, digit or underscore may touch anything.
pub(crate) fn words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = text.get(..*at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        let touches =
            |edge: Option<char>, neighbour: Option<char>| edge.is_some_and(is_word) && neighbour.is_some_and(is_word);
        !touches(word.chars().next(), before) && !touches(word.chars().next_back(), after)
    })
}

/// Whether `character` can be part of a name.
pub(crate) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Blanks comments, strings and characters of Rust, byte by byte; line ends stay.
fn mask(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let blank = comment(rest)
            .or_else(|| string(rest, &code))
            .or_else(|| character(rest));
        let length = blank.unwrap_or(first.len_utf8());
        let (piece, after) = rest.split_at(length.min(rest.len()));
        match blank {
            None => code.push_str(piece),
            Some(_) => code.extend(piece.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' })),
        }
        rest = after;
    }
    code
}

/// The length of the comment that `text` begins with.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    text.starts_with("/*").then(|| {
        let mut depth = 0_usize;
        for (at, pair) in text.as_bytes().windows(2).enumerate() {
            match pair {
                b"/*" => depth += 1,
                b"*/" if depth == 1 => return at + 2,
                b"*/" => depth -= 1,
                _ => {}
            }
        }
        text.len()
    })
}

/// The length of the string that `text` begins with, raw or not; `before` is the code before it.
fn string(text: &str, before: &str) -> Option<usize> {
    let plain = text.strip_prefix('"');
    if let Some(inside) = plain {
        let mut escaped = false;
        let end = inside.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        return Some(end.map_or(text.len(), |end| end + 2));
    }
    let prefix = if text.starts_with("br") { 2 } else { 1 };
    if !text.starts_with(['r', 'b']) || before.chars().next_back().is_some_and(is_word) {
        return None;
    }
    let after = text.get(prefix..)?;
    let opening = after.find(|c| c != '#')?;
    // `r#name` and names that begin with these letters are no strings; `b"…"` is found from its quote on.
    if !text.get(..prefix)?.ends_with('r') || !after.get(opening..)?.starts_with('"') {
        return None;
    }
    let closing = format!("\"{}", "#".repeat(opening));
    let inside = after.get(opening + 1..)?;
    let end = inside.find(&closing).map_or(inside.len(), |end| end + closing.len());
    Some(prefix + opening + 1 + end)
}

/// The length of the character that `text` begins with; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    let first = inside.chars().next()?;
    if first == '\\' {
        let end = inside.get(2..)?.find('\'')?;
        return Some(end + 4);
    }
    let after = inside.get(first.len_utf8()..)?;
    after.starts_with('\'').then(|| first.len_utf8() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let code = mask(text);
        assert_eq!(code.len(), text.len(), "{text}");
        code.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_and_strings_are_no_code() {
        assert_eq!(masked("a // b\nc /* d /* e */ f */ g"), "a c g");
        assert_eq!(masked(r#"a("b \" // c", d)"#), "a( , d)");
        assert_eq!(masked("a(r#\"b \" c\"#, br\"d\", b\"e\", r#fn)"), "a( , , b , r#fn)");
        assert_eq!(masked("a(\"券\") // 卡\nb"), "a( ) b");
    }

    #[test]
    fn characters_are_no_code_and_lifetimes_are() {
        assert_eq!(masked("a('\"', '\\'', '券', b'x') + b"), "a( , , , b ) + b");
        assert_eq!(
            masked("fn a<'b>(c: &'b str) -> &'static str"),
            "fn a<'b>(c: &'b str) -> &'static str"
        );
    }

    #[test]
    fn the_trailing_tests_are_known() {
        let source = Source::new(
            "a/src/b.rs",
            "//! B.\nfn b() {}\n\n#[cfg(test)]\nmod tests {\n    fn c() {}\n}\n",
        );
        assert!(source.shipped().contains("fn b") && !source.shipped().contains("fn c"));
        assert!(source.code()[source.tests()].contains("fn c"));
        assert_eq!(source.place(source.code().find("fn c").unwrap()), "a/src/b.rs:6");
        assert_eq!(Source::new("a/tests/it/b.rs", "fn b() {}").shipped(), "");
    }

    #[test]
    fn words_have_ends() {
        assert_eq!(words("a ab a_b (a) a", "a").collect::<Vec<_>>(), [0, 10, 13]);
        assert_eq!(words("x.expose() y", ".expose()").collect::<Vec<_>>(), [1]);
    }
}
