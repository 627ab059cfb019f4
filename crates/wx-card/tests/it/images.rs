//! Pictures: what is sent of them, what is not, and what is sent again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use wx_card::CardClient;
use wx_card::types::UploadImage;
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};
use wx_core::test_util::{FixedEntropy, ManualClock, Reply};
use wx_core::{ErrCode, ErrorKind, HttpSend as _, SendError, SendErrorKind, http_send_fn};

use crate::client_over;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";
const URL: &str = "http://mmbiz.qpic.cn/mmbiz/a/0";
const ANSWER: &str = r#"{"url":"http://mmbiz.qpic.cn/mmbiz/a/0"}"#;

#[tokio::test]
async fn a_picture_goes_out_as_a_form_and_its_address_comes_back() {
    let (client, script) = client_over([Reply::token("T"), Reply::json(ANSWER)]);
    let answer = client.upload_image(&UploadImage::new(PNG)).await.unwrap();
    assert_eq!(answer.url, URL);
    let sent = script.sent();
    assert_eq!(sent[1].method, "POST");
    assert_eq!(sent[1].target, "/cgi-bin/media/uploadimg?access_token=T");
    assert_eq!(
        sent[1].content_type.as_deref(),
        Some("multipart/form-data; boundary=----wx-card-00000000")
    );
}

#[tokio::test]
async fn what_is_no_picture_for_cards_is_refused_and_nothing_is_sent() {
    let too_large = [PNG, &vec![0; UploadImage::MAX_BYTES]].concat();
    for media in [b"".as_slice(), b"GIF89a", b"RIFF\0\0\0\0WEBP", &too_large] {
        let (client, script) = client_over([]);
        let error = client.upload_image(&UploadImage::new(media)).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Invalid, Some("media")));
        assert!(!error.may_have_run());
        assert!(script.sent().is_empty());
    }
}

#[tokio::test]
async fn without_validation_the_service_decides() {
    let sandbox = Sandbox::new();
    let client = CardClient::builder(DEFAULT_APP_ID, DEFAULT_APP_SECRET, sandbox)
        .validation(false)
        .build();
    let too_large = [PNG, &vec![0; UploadImage::MAX_BYTES]].concat();
    for (media, errcode) in [
        (b"".as_slice(), ErrCode::MISSING_MEDIA),
        (b"GIF89a", ErrCode::INVALID_FILE_TYPE),
        (&too_large, ErrCode::IMAGE_TOO_LARGE),
    ] {
        let error = client.upload_image(&UploadImage::new(media)).await.unwrap_err();
        assert_eq!((error.kind(), error.errcode()), (ErrorKind::Refused, Some(errcode)));
    }
}

#[tokio::test]
async fn an_answer_without_an_address_is_no_success() {
    let (client, _) = client_over([Reply::token("T"), Reply::json(r#"{"errcode":0,"errmsg":"ok"}"#)]);
    let error = client.upload_image(&UploadImage::new(PNG)).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Protocol, Some("url")));
}

/// What a transport answers to an upload.
enum Outcome {
    Answer(&'static str),
    Lost,
}

#[tokio::test]
async fn after_a_refused_token_and_a_lost_answer_the_same_bytes_go_out_again() {
    let outcomes = VecDeque::from([
        Outcome::Answer(r#"{"errcode":42001,"errmsg":"access_token expired"}"#),
        Outcome::Lost,
        Outcome::Answer(ANSWER),
    ]);
    let (outcomes, uploads) = (Mutex::new(outcomes), Arc::new(Mutex::new(Vec::new())));
    let seen = Arc::clone(&uploads);
    let transport = http_send_fn(move |request: Request<Bytes>| {
        let answer = if request.uri().path() == "/cgi-bin/stable_token" {
            Ok(r#"{"access_token":"T","expires_in":7200}"#)
        } else {
            let content_type = request.headers()["content-type"].clone();
            seen.lock().unwrap().push((content_type, request.into_body()));
            match outcomes.lock().unwrap().pop_front().unwrap() {
                Outcome::Answer(answer) => Ok(answer),
                Outcome::Lost => Err(SendError::new(SendErrorKind::Interrupted)),
            }
        };
        async move { answer.map(|answer| Response::new(Bytes::from(answer))) }
    });
    let client = CardClient::builder("wx1", "the-app-secret", transport)
        .clock(ManualClock::at(1_700_000_000))
        .entropy(FixedEntropy::new())
        .build();
    let picture = [PNG, &[0, 0xff, b'\r', b'\n'], b"------wx-card-00000000--\r\n"].concat();
    assert_eq!(
        client
            .upload_image(&UploadImage::new(picture.clone()))
            .await
            .unwrap()
            .url,
        URL
    );

    let uploads = uploads.lock().unwrap();
    assert_eq!(uploads.len(), 3);
    let (content_type, body) = &uploads[0];
    assert_eq!(content_type, "multipart/form-data; boundary=----wx-card-00000001");
    assert!(body.windows(picture.len()).any(|window| window == picture));
    for again in &uploads[1..] {
        assert_eq!((&again.0, &again.1), (content_type, body));
        // Not a copy of it either.
        assert_eq!(again.1.as_ptr(), body.as_ptr());
    }
}

#[tokio::test]
async fn the_sandbox_shows_what_was_uploaded() {
    let sandbox = Sandbox::new();
    let client = CardClient::new(DEFAULT_APP_ID, DEFAULT_APP_SECRET, sandbox.clone());
    let largest = [b"\xff\xd8\xff".as_slice(), &vec![0; UploadImage::MAX_BYTES - 3]].concat();
    for picture in [PNG, &largest] {
        let url = client.upload_image(&UploadImage::new(picture)).await.unwrap().url;
        let shown = sandbox
            .send(Request::get(url.as_str()).body(Bytes::new()).unwrap())
            .await
            .unwrap();
        assert_eq!(&shown.body()[..], picture);
    }
}
