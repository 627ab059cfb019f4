//! The guides of `docs/guide`: their Rust examples are the doc tests of this crate, and the web page that they show.
//!
#![doc = include_str!("../README.md")]

pub mod page;

/// Declares the pages: `module: "file name without .md"`, each in both languages.
macro_rules! pages {
    ($($module:ident: $page:literal,)*) => {
        /// The pages of the guides, by file name without `.md`, in the order of `SUMMARY.md`.
        pub const PAGES: &[&str] = &[$($page),*];

        $(
            #[cfg(doctest)]
            mod $module {
                #[doc = include_str!(concat!("../../../docs/guide/en/", $page, ".md"))]
                mod en {}

                #[doc = include_str!(concat!("../../../docs/guide/zh/", $page, ".md"))]
                mod zh {}
            }
        )*
    };
}

pages! {
    index: "index",
    issue_a_card: "issue-a-card",
    deposit_codes: "deposit-codes",
    distribute: "distribute",
    redeem_safely: "redeem-safely",
    tokens_across_replicas: "tokens-across-replicas",
    http_backend: "http-backend",
    test_with_the_sandbox: "test-with-the-sandbox",
    observe: "observe",
    errors: "errors",
    words: "words",
    coming_from_wxjava: "coming-from-wxjava",
    coming_from_easywechat: "coming-from-easywechat",
}
