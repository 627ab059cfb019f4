//! Answers that nobody should send: none stops the client, and none passes for a success that is not one.

use std::thread;

use bytes::Bytes;
use wx_core::test_util::Reply;
use wx_core::{Answer, Call, Error, ErrorKind};

use crate::core_over;

/// What becomes of a redeem that is answered with `body`.
fn answered(body: impl Into<Bytes>) -> Result<Answer, Error> {
    answered_with(Reply::json(body))
}

/// What becomes of a redeem, on a stack that leaves no room for recursion.
fn answered_with(reply: Reply) -> Result<Answer, Error> {
    let thread = thread::Builder::new().stack_size(256 * 1024).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (core, _, _) = core_over([Reply::token("A"), reply]);
        runtime.block_on(core.call(&Call::post("/card/code/consume", r#"{"code":"1"}"#)))
    });
    thread.unwrap().join().unwrap()
}

/// The answer is not one of the service, so that nobody knows whether the code is redeemed.
fn assert_is_none(body: &[u8]) {
    let shown = body.get(..80).unwrap_or(body).escape_ascii();
    let kind = answered(body.to_vec()).map_err(|error| (error.kind(), error.may_have_run()));
    assert_eq!(kind.err(), Some((ErrorKind::Protocol, true)), "{shown}");
}

/// `depth` lists or objects, each in the one before.
fn nested(depth: usize, open: &str, close: &str) -> String {
    format!("{}1{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn depth_in_a_member_that_nobody_reads_does_no_harm() {
    for deep in [nested(100_000, "[", "]"), nested(100_000, "{\"a\":", "}")] {
        let body = format!(r#"{{"x":{deep},"errcode":0}}"#);
        assert_eq!(answered(body.clone()).unwrap().body(), body.as_bytes());
        // Damage further on has the whole body read and mended.
        let damaged = format!("{{\"x\":{deep},\"errcode\":0,\"y\":\"\u{1}\"}}");
        assert_eq!(
            answered(damaged.clone()).unwrap().body(),
            damaged.replace('\u{1}', "\\u0001").as_bytes()
        );
        let refused = format!(r#"{{"x":{deep},"errcode":40056}}"#);
        assert_eq!(answered(refused).unwrap_err().errcode().unwrap(), 40056);
    }
}

#[test]
fn depth_where_the_envelope_is_read_is_no_answer() {
    for deep in [nested(100_000, "[", "]"), nested(100_000, "{\"errcode\":", "}")] {
        assert_is_none(deep.as_bytes());
        assert_is_none(format!(r#"{{"errcode":{deep}}}"#).as_bytes());
        assert_is_none(&deep.as_bytes()[..100_000]);
        assert_is_none(format!(r#"{{"errcode":0,"x":{}"#, &deep[..100_000]).as_bytes());
    }
}

#[test]
fn an_errcode_is_a_whole_number_of_64_bits_or_no_errcode() {
    let long = "9".repeat(400);
    for done in ["0", "-0", "0.0", "-0.0", "0e0", "0e400", "\"0\"", "\" -0 \"", "null"] {
        let outcome = answered(format!(r#"{{"errcode":{done}}}"#));
        assert!(outcome.is_ok(), "{done}: {outcome:?}");
    }
    for (refused, errcode) in [
        ("4e4", 40_000),
        ("40056.0", 40_056),
        ("\"40056\"", 40_056),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
    ] {
        let error = answered(format!(r#"{{"errcode":{refused}}}"#)).unwrap_err();
        assert_eq!(error.errcode().unwrap(), errcode, "{refused}");
    }
    for odd in [
        "1e400",
        "0.5",
        "1e-400x",
        "18446744073709551616",
        "9223372036854775808",
        &long,
        "\"\"",
        "\"x\"",
        "true",
        "[]",
        "{}",
        "00",
        "+0",
        "NaN",
        "0x0",
    ] {
        assert_is_none(format!(r#"{{"errcode":{odd}}}"#).as_bytes());
    }
}

#[test]
fn of_two_errcodes_the_refusal_counts() {
    for body in [
        r#"{"errcode":0,"errcode":40056}"#,
        r#"{"errcode":40056,"errcode":0}"#,
        r#"{"errcode":40056,"errcode":null}"#,
        r#"{"err\u0063ode":40056,"errcode":0}"#,
    ] {
        assert_eq!(answered(body).unwrap_err().errcode().unwrap(), 40056, "{body}");
    }
}

#[test]
fn damaged_texts_are_no_failure() {
    for odd in [
        &b"\"raw \x01\x08\x1f\n\r\t\""[..],
        b"\"nul \x00 and \\u0000\"",
        br#""half \ud83d""#,
        br#""the other half \ude00 and \ud83d\ud83d""#,
        b"\"another encoding \xc4\xe3\xff\xc0\x80\"",
        b"\"\xed\xa0\xbd\"",
        b"\"cut \xf0\x9f\x98\"",
        br#""escapes \x \' \u12 \uzzzz \u+fff""#,
        br#""cut \ud8""#,
        b"1e400",
        b"-0",
        b"123456789012345678901234567890",
    ] {
        let body = [b"{\"errcode\":0,\"nickname\":", odd, b",\"openid\":\"o1\"}"].concat();
        let shown = odd.escape_ascii();
        let answer = answered(body).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let text = str::from_utf8(answer.body()).unwrap();
        assert!(text.ends_with(r#","openid":"o1"}"#), "{shown}: {text}");
    }
}

#[test]
fn what_is_no_object_alone_is_no_answer() {
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56\x4a\x2d\x2a\x4a\xce\x4f\x49\x55\xb2\x32\xa8\x05\x00";
    for body in [
        &b""[..],
        b" \t\r\n ",
        b"\0",
        b"\0\0\0\0{\"errcode\":0}",
        b"{\"errcode\":0}\0",
        b"{\"errcode\":0}}",
        b"{\"errcode\":0}{\"errcode\":0}",
        b"{\"errcode\":0}\n{\"errcode\":40056}",
        b"{\"errcode\":0} ok",
        b"{\"errcode\":0,}",
        b"{errcode:0}",
        b"{'errcode':0}",
        b"{\"errcode\":0",
        b"[]",
        b"[{\"errcode\":0}]",
        b"0",
        b"null",
        b"true",
        b"\"{\\\"errcode\\\":0}\"",
        b"<!DOCTYPE html><title>{\"errcode\":0}</title>",
        b"callback({\"errcode\":0})",
        b"\xff\xfe{\0}\0",
        b"\xef\xbb\xbf",
        gzip,
    ] {
        assert_is_none(body);
    }
}

#[test]
fn an_error_is_one_line_whatever_the_service_wrote() {
    let error = answered_with(Reply::http(200, "text/html\t\tx", "")).unwrap_err();
    assert!(!error.to_string().contains(char::is_control), "{error}");
    let error = answered(r#"{"errcode":40056,"errmsg":"a\nredeemed\u0007"}"#).unwrap_err();
    assert!(!error.to_string().contains(char::is_control), "{error}");
    assert_eq!(error.errmsg(), Some("a\nredeemed\u{7}"));
}

#[test]
fn a_mark_and_blanks_around_an_object_do_no_harm() {
    for body in [&b"\xef\xbb\xbf{\"errcode\":0}"[..], b" \r\n\t{ \"errcode\" : 0 }\n"] {
        assert!(answered(body.to_vec()).is_ok(), "{}", body.escape_ascii());
    }
}

#[test]
fn a_huge_answer_is_read_where_it_lies() {
    let text = "x".repeat(100 << 20);
    let body = Bytes::from(format!(r#"{{"errcode":0,"text":"{text}"}}"#));
    let answer = answered(body.clone()).unwrap();
    assert_eq!(
        (answer.body().as_ptr(), answer.body().len()),
        (body.as_ptr(), body.len())
    );
}
