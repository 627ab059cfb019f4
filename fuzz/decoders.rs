//! What the fuzz targets over `wx-card-types` do with their bytes; the tests of that crate do the same with the corpus
//! and with changed samples.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wx_card_types::{
    BatchGetCards, Card, CardDetail, CheckCodes, ConsumeCode, CreateCard, CreateLandingPage, CreateQrCode, DecryptCode,
    DeleteCard, DepositCodes, Endpoint, GetCard, GetCode, GetColors, GetDepositCount, GetMpnewsHtml, GetUserCardList,
    Level, MakeCodeUnavailable, MarkCode, ModifyStock, SetPayCell, SetSelfConsumeCell, SetTestWhitelist, UpdateCard,
    UpdateCode, Upload, UploadImage,
};

/// One operation: its path, and what reads it.
pub(crate) struct Operation {
    pub(crate) path: &'static str,
    request: fn(&[u8]) -> bool,
    answer: fn(&[u8]) -> bool,
}

const fn operation_of<E: Endpoint>() -> Operation {
    Operation {
        path: E::PATH,
        request: request::<E>,
        answer: |bytes| settles::<E::Response>(bytes).is_some(),
    }
}

/// Every operation. A test of `wx-card-types` fails when one is missing.
pub(crate) const OPERATIONS: &[Operation] = &[
    operation_of::<BatchGetCards>(),
    operation_of::<CheckCodes>(),
    operation_of::<ConsumeCode>(),
    operation_of::<CreateCard>(),
    operation_of::<CreateLandingPage>(),
    operation_of::<CreateQrCode>(),
    operation_of::<DecryptCode>(),
    operation_of::<DeleteCard>(),
    operation_of::<DepositCodes>(),
    operation_of::<GetCard>(),
    operation_of::<GetCode>(),
    operation_of::<GetColors>(),
    operation_of::<GetDepositCount>(),
    operation_of::<GetMpnewsHtml>(),
    operation_of::<GetUserCardList>(),
    operation_of::<MakeCodeUnavailable>(),
    operation_of::<MarkCode>(),
    operation_of::<ModifyStock>(),
    operation_of::<SetPayCell>(),
    operation_of::<SetSelfConsumeCell>(),
    operation_of::<SetTestWhitelist>(),
    operation_of::<UpdateCard>(),
    operation_of::<UpdateCode>(),
    Operation {
        path: UploadImage::PATH,
        request: picture,
        answer: |bytes| settles::<<UploadImage as Upload>::Response>(bytes).is_some(),
    },
];

/// Reads `bytes` as a request or an answer of some operation, and holds what is read to what holds for all of them.
///
/// The first line names the operation, `request /card/get` or `answer /card/get`, so that a new operation does not turn
/// the corpus into one of others. A line that names none still chooses one, or most of a fuzzer's work would be lost.
///
/// Says whether the bytes could be read.
pub(crate) fn operation(bytes: &[u8]) -> bool {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (line, json) = bytes.split_at(end);
    let json = json.get(1..).unwrap_or_default();
    let sum: usize = line.iter().map(|byte| usize::from(*byte)).sum();
    let line = str::from_utf8(line).unwrap_or_default();
    let (side, path) = line.split_once(' ').unwrap_or_default();
    let named = OPERATIONS.iter().find(|operation| operation.path == path);
    let operation = named.unwrap_or(&OPERATIONS[sum % OPERATIONS.len()]);
    if side == "answer" {
        (operation.answer)(json)
    } else {
        (operation.request)(json)
    }
}

/// Reads `bytes` as what a card is created from and as what is answered about one.
///
/// Says whether the bytes are a card to be created.
pub(crate) fn card(bytes: &[u8]) -> bool {
    settles::<CardDetail>(bytes);
    settles::<<GetCard as Endpoint>::Response>(bytes);
    request::<UpdateCard>(bytes);
    let whole = request::<CreateCard>(bytes);
    let Some(card) = settles::<Card>(bytes) else {
        return whole;
    };
    hold(&CreateCard::new(card));
    true
}

/// Reads `bytes` as a request that some user of the library might put together.
fn request<E: Endpoint>(bytes: &[u8]) -> bool {
    let Some(request) = settles::<E>(bytes) else {
        return false;
    };
    hold(&request);
    true
}

/// Holds a request to what its rules promise: they come to the same before and after the wire.
fn hold<E: Endpoint>(request: &E) {
    let findings = request.findings();
    let is_refused = findings.iter().any(|finding| finding.level == Level::Error);
    assert_eq!(request.validate().is_err(), is_refused, "{findings:?}");
    let again: E = serde_json::from_value(serde_json::to_value(request).unwrap()).unwrap();
    assert_eq!(again.findings(), findings);
}

/// Takes `bytes` for a picture: in its form they stand as they are, between boundaries that they do not have.
fn picture(bytes: &[u8]) -> bool {
    let request = UploadImage::new(bytes);
    let form = request.form();
    let (_, boundary) = form.content_type().split_once("; boundary=").unwrap();
    let has = |text: &[u8]| text.windows(boundary.len()).any(|window| window == boundary.as_bytes());
    assert!(!has(bytes));
    let tail = format!("\r\n--{boundary}--\r\n");
    assert!(form.body().ends_with(&[bytes, tail.as_bytes()].concat()));
    request.validate().is_ok()
}

/// Reads a `T`: what was read is written, read and written as the same, in which no member is `null`.
pub(crate) fn settles<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Option<T> {
    let read: T = serde_json::from_slice(bytes).ok()?;
    let once = serde_json::to_value(&read).unwrap();
    assert!(!has_null(&once), "{once}");
    let again: T = serde_json::from_value(once.clone()).unwrap();
    assert_eq!(serde_json::to_value(&again).unwrap(), once);
    Some(read)
}

fn has_null(json: &Value) -> bool {
    match json {
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(members) => members.values().any(|value| value.is_null() || has_null(value)),
        _ => false,
    }
}
