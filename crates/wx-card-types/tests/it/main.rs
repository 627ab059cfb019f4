//! What holds for all operations together.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use wx_card_types::{
    BatchGetCards, CheckCodes, ConsumeCode, CreateCard, CreateLandingPage, CreateQrCode, DecryptCode, DeleteCard,
    DepositCodes, Endpoint, GetCard, GetCode, GetColors, GetDepositCount, GetMpnewsHtml, GetUserCardList,
    MakeCodeUnavailable, MarkCode, ModifyStock, SetPayCell, SetSelfConsumeCell, SetTestWhitelist, UpdateCard,
    UpdateCode, Upload, UploadImage,
};

mod card_rules;
mod clients;
mod corpus;
#[path = "../../../../fuzz/decoders.rs"]
mod decoders;
mod examples;
mod hostile;
mod kinds;
mod lossless;
#[path = "../../../../fuzz/texts.rs"]
mod texts;

/// Whether each operation may be repeated, by its path.
fn operations() -> Vec<(&'static str, bool)> {
    fn operation<E: Endpoint>() -> (&'static str, bool) {
        (E::PATH, E::IDEMPOTENT)
    }
    vec![
        operation::<BatchGetCards>(),
        operation::<CheckCodes>(),
        operation::<ConsumeCode>(),
        operation::<CreateCard>(),
        operation::<CreateLandingPage>(),
        operation::<CreateQrCode>(),
        operation::<DecryptCode>(),
        operation::<DeleteCard>(),
        operation::<DepositCodes>(),
        operation::<GetCard>(),
        operation::<GetCode>(),
        operation::<GetColors>(),
        operation::<GetDepositCount>(),
        operation::<GetMpnewsHtml>(),
        operation::<GetUserCardList>(),
        operation::<MakeCodeUnavailable>(),
        operation::<MarkCode>(),
        operation::<ModifyStock>(),
        operation::<SetPayCell>(),
        operation::<SetSelfConsumeCell>(),
        operation::<SetTestWhitelist>(),
        operation::<UpdateCard>(),
        operation::<UpdateCode>(),
        (UploadImage::PATH, UploadImage::IDEMPOTENT),
    ]
}

#[test]
fn every_operation_has_a_path_of_its_own() {
    let operations = operations();
    let by_path: BTreeMap<_, _> = operations.iter().copied().collect();
    assert_eq!(by_path.len(), operations.len());
    let stands = |path: &&str| path.starts_with("/card/") || path.starts_with("/cgi-bin/media/");
    assert!(by_path.keys().all(stands), "{by_path:?}");
}

#[test]
fn what_may_be_repeated_is_decided() {
    let by_path: BTreeMap<_, _> = operations().into_iter().collect();
    let table = by_path
        .into_iter()
        .fold(String::new(), |mut table, (path, idempotent)| {
            let word = if idempotent { "repeat" } else { "once" };
            writeln!(table, "{word:7}{path}").unwrap();
            table
        });
    insta::assert_snapshot!(table, @r"
    repeat /card/batchget
    repeat /card/code/checkcode
    once   /card/code/consume
    repeat /card/code/decrypt
    repeat /card/code/deposit
    repeat /card/code/get
    repeat /card/code/getdepositcount
    repeat /card/code/mark
    once   /card/code/unavailable
    once   /card/code/update
    once   /card/create
    once   /card/delete
    repeat /card/get
    repeat /card/getcolors
    once   /card/landingpage/create
    once   /card/modifystock
    repeat /card/mpnews/gethtml
    repeat /card/paycell/set
    once   /card/qrcode/create
    repeat /card/selfconsumecell/set
    repeat /card/testwhitelist/set
    repeat /card/update
    repeat /card/user/getcardlist
    repeat /cgi-bin/media/uploadimg
    ");
}

#[test]
fn the_list_is_complete_and_each_file_stands_where_its_path_says() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files).unwrap();
    let mut found = Vec::new();
    for (file, text) in &files {
        for path in text
            .lines()
            .filter_map(|line| line.strip_prefix("    const PATH: &'static str = \""))
        {
            let path = path.trim_end_matches("\";");
            let place = path.replacen("/card/", if path.matches('/').count() == 2 { "card/" } else { "" }, 1);
            let place = place.trim_start_matches("/cgi-bin/");
            assert_eq!(file.strip_prefix(&source).unwrap(), Path::new(&format!("{place}.rs")));
            let method = if text.contains("Method::Get;") { "GET" } else { "POST" };
            assert!(text.starts_with(&format!("//! `{method} {path}`")), "{path}");
            found.push(path);
        }
    }
    found.sort_unstable();
    let mut listed: Vec<_> = operations().into_iter().map(|(path, _)| path).collect();
    listed.sort_unstable();
    assert_eq!(found, listed);
}

fn rust_files(directory: &Path, files: &mut Vec<(std::path::PathBuf, String)>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            rust_files(&path, files)?;
        } else {
            let text = fs::read_to_string(&path)?;
            files.push((path, text));
        }
    }
    Ok(())
}
