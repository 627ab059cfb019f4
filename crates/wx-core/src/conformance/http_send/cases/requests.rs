//! The request as it arrives, and how often it does.

use std::io;

use http::Method;

use super::Case;
use crate::conformance::http_send::bench::{Bench, GENEROUS, Outcome, answer, body, fine, target};
use crate::conformance::http_send::canary;
use crate::conformance::http_send::received::Received;
use crate::conformance::http_send::report::Broken;
use crate::conformance::http_send::rules;

/// Far more than a socket takes at once.
const LARGE: usize = 1024 * 1024;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(&rules::REQUEST_AS_GIVEN, "a POST and a GET", |bench| {
            Box::pin(as_given(bench))
        }),
        Case::new(
            &rules::REQUEST_AS_GIVEN,
            "bodies of 0 bytes, 1 byte and 1 MiB",
            |bench| Box::pin(bodies(bench)),
        ),
        Case::new(&rules::SENDS_ONCE, "answers that ask for another try", |bench| {
            Box::pin(busy(bench))
        }),
    ]
}

async fn as_given(bench: &Bench) -> io::Result<()> {
    let transport = bench.transport(GENEROUS);
    for (method, target, sent) in [
        (Method::POST, target(), body()),
        (Method::GET, target(), String::new()),
        // Without an apostrophe: clients that keep to the URL standard encode it, and the core never sends a bare one.
        (Method::POST, "/?a=%E5%8D%A1&b=1+2&&c=/?:@!$()*,;~".to_owned(), body()),
    ] {
        let situation = format!("{method} of {} bytes", sent.len());
        let served = bench.serve(|connection| {
            loop {
                connection.request()?;
                connection.write(answer(200, fine()))?;
            }
        })?;
        let mut request = served.request(method.clone(), &target, sent.clone());
        request
            .headers_mut()
            .insert("x-odd", http::HeaderValue::from_static("a  b;\t\"c\", d=%20"));
        let outcome = bench.call(&situation, &transport, &served, request).await;
        bench.must_answer(&rules::REQUEST_AS_GIVEN, &situation, &outcome, "an answer", |_| true);
        let Some(received) = served.server.received().into_iter().next() else {
            continue;
        };
        let host = served.base.split_once("://").map_or("", |(_, host)| host);
        let checks = [
            ("the method", method.as_str(), Some(received.method().to_owned())),
            ("path and query", target.as_str(), Some(received.target().to_owned())),
            ("host", host, received.header("host")),
            ("content-type", "application/json", received.header("content-type")),
            ("a header", canary::HEADER, received.header("x-canary")),
            ("an odd header", "a  b;\t\"c\", d=%20", received.header("x-odd")),
        ];
        for (part, expected, seen) in checks {
            if seen.as_deref() != Some(expected) {
                let (expected, seen) = (format!("{part}: {expected}"), format!("{seen:?}"));
                bench.report(Broken::new(&rules::REQUEST_AS_GIVEN, &situation, &expected, seen));
            }
        }
        same_body(bench, &situation, &received, sent.as_bytes());
    }
    Ok(())
}

async fn bodies(bench: &Bench) -> io::Result<()> {
    let transport = bench.transport(GENEROUS);
    for length in [0, 1, LARGE] {
        let situation = format!("POST of {length} bytes");
        let served = bench.serve(|connection| {
            loop {
                connection.request()?;
                connection.write(answer(200, fine()))?;
            }
        })?;
        let sent: Vec<u8> = (0..=u8::MAX).rev().cycle().take(length).collect();
        let request = served.request(Method::POST, &target(), sent.clone());
        let outcome = bench.call(&situation, &transport, &served, request).await;
        bench.must_answer(&rules::REQUEST_AS_GIVEN, &situation, &outcome, "an answer", |_| true);
        if let (Outcome::Answered(_), Some(received)) = (&outcome, served.server.received().first()) {
            same_body(bench, &situation, received, &sent);
        }
    }
    Ok(())
}

fn same_body(bench: &Bench, situation: &str, received: &Received, sent: &[u8]) {
    if !received.is_whole() || received.body != sent {
        let expected = format!("the body of {} bytes that was given", sent.len());
        let seen = format!("another body, of {} bytes", received.body.len());
        bench.report(Broken::new(&rules::REQUEST_AS_GIVEN, situation, &expected, seen));
    }
}

async fn busy(bench: &Bench) -> io::Result<()> {
    let transport = bench.transport(GENEROUS);
    for status in [408, 421, 425, 429, 500, 502, 503, 504] {
        let situation = format!("an answer of {status} that asks for another try");
        let served = bench.serve(move |connection| {
            loop {
                connection.request()?;
                let head = format!("HTTP/1.1 {status} Again\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n");
                connection.write(head)?;
            }
        })?;
        bench.call(&situation, &transport, &served, served.post()).await;
        let get = served.request(Method::GET, &target(), String::new());
        bench.call(&situation, &transport, &served, get).await;
    }
    Ok(())
}
