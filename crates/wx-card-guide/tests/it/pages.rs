//! Every page is listed everywhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use wx_card_guide::PAGES;

fn folder(language: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "..", "docs", "guide", language]
        .iter()
        .collect()
}

/// The pages in the folder, without the summary.
fn written(language: &str) -> BTreeSet<String> {
    let files = fs::read_dir(folder(language)).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names
        .filter_map(|name| name.strip_suffix(".md").map(ToOwned::to_owned))
        .filter(|name| name != "SUMMARY")
        .collect()
}

#[test]
fn every_page_is_among_those_whose_blocks_are_compiled() {
    let listed: BTreeSet<String> = PAGES.iter().map(|page| (*page).to_owned()).collect();
    for language in ["en", "zh"] {
        assert_eq!(
            written(language),
            listed,
            "list the pages of docs/guide/{language} in crates/wx-card-guide/src/lib.rs"
        );
    }
}

#[test]
fn a_page_is_called_what_the_summary_calls_it() {
    for language in ["en", "zh"] {
        let summary = fs::read_to_string(folder(language).join("SUMMARY.md")).unwrap();
        for page in PAGES {
            let text = fs::read_to_string(folder(language).join(format!("{page}.md"))).unwrap();
            let title = text.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap();
            let entry = format!("[{title}]({page}.md)");
            assert!(
                summary.contains(&entry),
                "docs/guide/{language}/SUMMARY.md has no {entry}"
            );
        }
    }
}

#[test]
fn the_summaries_have_the_pages_in_the_same_order() {
    for language in ["en", "zh"] {
        let summary = fs::read_to_string(folder(language).join("SUMMARY.md")).unwrap();
        let listed: Vec<&str> = summary
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split_once(".md)"))
            .map(|(page, _)| page)
            .collect();
        assert_eq!(listed, PAGES, "docs/guide/{language}/SUMMARY.md");
    }
}
