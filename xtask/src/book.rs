//! `cargo xtask book`: the guides as two books, one a language, by mdBook.
//!
//! The pages read well where the repository is shown, so their links lead into it; in the book they lead to its address.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::root;
use crate::tidy::{links, plain};

const LANGUAGES: &[&str] = &["en", "zh"];

/// How the lines of Chinese prose end.
const FULL_STOPS: [char; 5] = ['。', '；', '：', '？', '！'];

const HOW_TO_GET: &str = "`mdbook` is not here; `cargo install mdbook --locked` brings it, and so does \
                          https://github.com/rust-lang/mdBook/releases. Without it: the pages are plain Markdown in \
                          docs/guide/en and docs/guide/zh";

/// Builds the books; where they are.
pub(crate) fn build() -> Result<Vec<PathBuf>, Box<dyn Error>> {
    build_with("mdbook")
}

fn build_with(mdbook: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    if Command::new(mdbook).arg("--version").output().is_err() {
        return Err(HOW_TO_GET.into());
    }
    let (target, address) = (root().join("target").join("book"), address()?);
    let mut books = Vec::new();
    for language in LANGUAGES {
        let pages = target.join("pages").join(language);
        copy(language, &pages, &address)?;
        draw_diagrams(&pages)?;
        // Beside each other, so that a page finds itself in the other language.
        let book = target.join(language);
        let status = Command::new(mdbook)
            .args([
                "build".as_ref(),
                pages.as_os_str(),
                "--dest-dir".as_ref(),
                book.as_os_str(),
            ])
            .status()?;
        if !status.success() {
            return Err(format!("`mdbook build` ended with {status}").into());
        }
        books.push(book.join("index.html"));
    }
    Ok(books)
}

/// Has the diagrams drawn where mdbook-mermaid is installed; without it they are shown as they are written.
fn draw_diagrams(pages: &Path) -> Result<(), Box<dyn Error>> {
    let mermaid = |words: &[&str]| Command::new("mdbook-mermaid").args(words).arg(pages).output();
    match mermaid(&["install"]) {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("`mdbook-mermaid install` ended with {}", output.status).into()),
        Err(_) => {
            println!("diagrams stay text: `cargo install mdbook-mermaid --locked` brings what draws them");
            Ok(())
        }
    }
}

/// Where the repository is shown.
fn address() -> Result<String, Box<dyn Error>> {
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    let repository = manifest.lines().find_map(|line| line.strip_prefix("repository = "));
    let repository = repository.ok_or("Cargo.toml names no repository")?;
    Ok(format!("{}/blob/main/", repository.trim_matches('"')))
}

/// Copies the pages of a language and its `book.toml` to `to`.
fn copy(language: &str, to: &Path, address: &str) -> Result<(), Box<dyn Error>> {
    let folder = Path::new("docs").join("guide").join(language);
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to)?;
    for file in fs::read_dir(root().join(&folder))? {
        let path = file?.path();
        let name = path.file_name().unwrap_or_default();
        let text = fs::read_to_string(&path)?;
        fs::write(to.join(name), joined(&outward(&text, &folder, address)))?;
    }
    Ok(())
}

/// A page of `folder` whose links to what is no page lead to `address`.
fn outward(page: &str, folder: &Path, address: &str) -> String {
    let mut text = page.to_owned();
    // From the end on, so that the places before stay where they are.
    let mut found = links(page);
    found.sort_unstable();
    for (at, target) in found.into_iter().rev() {
        let (file, anchor) = target
            .split_once('#')
            .map_or((target, String::new()), |(file, anchor)| (file, format!("#{anchor}")));
        let path = plain(&folder.join(file));
        if file.is_empty() || target.contains("://") || path.starts_with("docs/guide/") {
            continue;
        }
        let (before, after) = text.split_at(at);
        text = format!(
            "{before}{}",
            after.replacen(target, &format!("{address}{path}{anchor}"), 1)
        );
    }
    text
}

/// A page in which a sentence follows a Chinese one on the same line: a line break would show as a blank between them.
fn joined(page: &str) -> String {
    let (mut text, mut in_block) = (String::with_capacity(page.len()), false);
    for line in page.split_inclusive('\n') {
        let inner = line.trim_start();
        let is_fence = inner.starts_with("```");
        let goes_on = inner.starts_with(|c: char| c.is_alphabetic() || "`[“「".contains(c)) || inner.starts_with("**");
        let follows = text
            .strip_suffix('\n')
            .is_some_and(|before| before.ends_with(FULL_STOPS));
        if goes_on && follows && !in_block && !is_fence {
            text.pop();
            text.push_str(inner);
        } else {
            text.push_str(line);
        }
        in_block ^= is_fence;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_out_of_the_book_lead_into_the_repository() {
        let folder = Path::new("docs/guide/en");
        let page = "# A\n[a](b.md#c) [d](../zh/e.md) [f](../../errors.md#g) [h](https://i) [j](#k) \
                    [l](../../../crates/m/src/n.rs)\n```text\n[o](../../p)\n```\n";
        let expected = page
            .replace("../../errors.md#g", "https://r/docs/errors.md#g")
            .replace("../../../crates", "https://r/crates");
        assert_eq!(outward(page, folder, "https://r/"), expected);
    }

    #[test]
    fn no_blank_stands_between_chinese_sentences() {
        let page = "# 一。\n\n二。\n三；\n`四`：\n\n- 五。\n  六。\n- 七\n八。\n| 九。\n\n```text\n十。\n一。\n```\nA. B.\nC.\n";
        let expected = page
            .replace("二。\n三；\n`四`", "二。三；`四`")
            .replace("五。\n  六", "五。六");
        assert_eq!(joined(page), expected);
    }

    #[test]
    fn without_mdbook_it_is_told_how_to_get_it() {
        let error = build_with("no-such-program").unwrap_err().to_string();
        assert!(
            error.contains("cargo install mdbook") && error.contains("docs/guide/zh"),
            "{error}"
        );
        assert!(address().unwrap().starts_with("https://"));
    }
}
