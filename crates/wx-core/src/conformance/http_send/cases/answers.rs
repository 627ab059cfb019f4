//! What comes back.

use std::io;

use http::header::{CONTENT_ENCODING, LOCATION};

use super::Case;
use crate::SendErrorKind::{Interrupted, Response};
use crate::conformance::http_send::bench::{Bench, GENEROUS, Outcome, answer, fine};
use crate::conformance::http_send::canary;
use crate::conformance::http_send::report::Broken;
use crate::conformance::http_send::rules;
use crate::conformance::http_send::server::Connection;

/// Longer than any buffer on the way.
const LARGE: usize = 1024 * 1024;

/// `{"errcode":0}`, compressed by gzip.
const GZIP: &[u8] = &[
    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1, 13, 0, 0xf2, 0xff, b'{', b'"', b'e', b'r', b'r', b'c', b'o', b'd', b'e',
    b'"', b':', b'0', b'}', 0x37, 0x2e, 0x69, 0x19, 13, 0, 0, 0,
];
const GUNZIPPED: &[u8] = b"{\"errcode\":0}";

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(&rules::EVERY_STATUS, "statuses from 200 to 599", |bench| {
            Box::pin(statuses(bench))
        }),
        Case::new(&rules::EVERY_STATUS, "statuses that have no body", |bench| {
            Box::pin(statuses_without_a_body(bench))
        }),
        Case::new(
            &rules::NO_REDIRECT,
            "redirects to another server and to the same",
            |bench| Box::pin(redirects(bench)),
        ),
        Case::new(&rules::WHOLE_BODY, "bodies whose end is marked in each way", |bench| {
            Box::pin(bodies(bench))
        }),
        Case::new(&rules::WHOLE_BODY, "an answer that comes byte by byte", |bench| {
            Box::pin(byte_by_byte(bench))
        }),
        Case::new(&rules::INTERIM, "answers of 100 and 103 before the answer", |bench| {
            Box::pin(interim(bench))
        })
        .http1_only("an interim answer ends at whatever turns HTTP/2 into HTTP/1.1"),
        Case::new(&rules::CONTENT_CODING, "an answer in gzip", |bench| {
            Box::pin(gzip(bench))
        }),
    ]
}

/// Answers every request with these bytes.
fn always(bytes: Vec<u8>) -> impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static {
    move |connection| {
        loop {
            connection.request()?;
            connection.write(&bytes)?;
        }
    }
}

async fn statuses(bench: &Bench) -> io::Result<()> {
    let transport = bench.transport(GENEROUS);
    for status in [
        200, 201, 202, 206, 299, 300, 400, 401, 403, 404, 409, 410, 412, 418, 422, 451, 499, 500, 501, 502, 503, 504,
        505, 599,
    ] {
        let situation = format!("an answer of {status}");
        let served = bench.serve(always(answer(status, fine())))?;
        let outcome = bench.call(&situation, &transport, &served, served.post()).await;
        let expected = format!("Ok, status {status}, with its headers and its body");
        bench.must_answer(&rules::EVERY_STATUS, &situation, &outcome, &expected, |answer| {
            answer.status() == status
                && answer
                    .headers()
                    .get("x-answer")
                    .is_some_and(|value| value == canary::ANSWER)
                && answer.body() == fine().as_bytes()
        });
    }
    Ok(())
}

async fn statuses_without_a_body(bench: &Bench) -> io::Result<()> {
    let transport = bench.transport(GENEROUS);
    for status in [204, 304] {
        let situation = format!("an answer of {status}, which has no body");
        let bytes = format!("HTTP/1.1 {status} Nothing\r\n\r\n");
        let served = bench.serve(always(bytes.into_bytes()))?;
        let outcome = bench.call(&situation, &transport, &served, served.post()).await;
        let expected = format!("Ok, status {status}, without a body");
        bench.must_answer(&rules::EVERY_STATUS, &situation, &outcome, &expected, |answer| {
            answer.status() == status && answer.body().is_empty()
        });
    }
    Ok(())
}

async fn redirects(bench: &Bench) -> io::Result<()> {
    let transport = bench.transport(GENEROUS);
    let elsewhere = bench.serve(always(answer(200, fine())))?;
    for status in [301, 302, 303, 307, 308] {
        for location in [format!("{}/elsewhere", elsewhere.base), "/elsewhere".to_owned()] {
            let situation = format!("a redirect of {status} to {location}");
            let head = format!("HTTP/1.1 {status} Moved\r\nlocation: {location}\r\ncontent-length: 4\r\n\r\nbody");
            let served = bench.serve(always(head.into_bytes()))?;
            // Not by `call`: a redirect that is followed is one fault and not two.
            let outcome = bench.send(&situation, &transport, served.post()).await;
            let expected = format!("Ok, status {status}, with its location and its body");
            bench.must_answer(&rules::NO_REDIRECT, &situation, &outcome, &expected, |answer| {
                answer.status() == status
                    && answer.headers().get(LOCATION).is_some_and(|value| *value == location)
                    && answer.body() == "body"
            });
            let calls = served.server.arrived() + elsewhere.server.connections();
            if calls > 1 {
                let seen = format!("{calls} requests");
                bench.report(Broken::new(&rules::NO_REDIRECT, &situation, "one request", seen));
            }
        }
    }
    Ok(())
}

/// A body of `length` bytes that is no text.
fn binary(length: usize) -> Vec<u8> {
    (0..=u8::MAX).rev().cycle().take(length).collect()
}

async fn bodies(bench: &Bench) -> io::Result<()> {
    for length in [0, 1, LARGE] {
        let body = binary(length);
        let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        let chunks: Vec<u8> = body
            .chunks(LARGE / 3)
            .flat_map(|chunk| {
                let size = format!("{:x}\r\n", chunk.len());
                [size.as_bytes(), chunk, b"\r\n"].concat()
            })
            .collect();
        let one_chunk = format!("{length:X};extension=\"1\"\r\n");
        let trailers = b"0\r\nx-trailer: 1\r\n\r\n";
        let mut ways = vec![
            ("a content-length", answer(200, &body)),
            ("a last chunk", [chunked.as_bytes(), &chunks, b"0\r\n\r\n"].concat()),
            (
                "the end of the connection",
                [b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".as_slice(), &body].concat(),
            ),
        ];
        if length > 0 {
            ways.push((
                "a last chunk with trailers",
                [chunked.as_bytes(), one_chunk.as_bytes(), &body, b"\r\n", trailers].concat(),
            ));
        }
        for (mark, bytes) in ways {
            let situation = format!("a body of {length} bytes that ends with {mark}");
            let handler = move |connection: &mut Connection| {
                connection.request()?;
                connection.write(&bytes)
            };
            let outcome = bench.exchange(&situation, GENEROUS, handler).await?;
            let expected = format!("Ok with the {length} bytes");
            bench.must_answer(&rules::WHOLE_BODY, &situation, &outcome, &expected, |answer| {
                *answer.body() == body
            });
        }
    }
    Ok(())
}

async fn byte_by_byte(bench: &Bench) -> io::Result<()> {
    let situation = "an answer that comes byte by byte";
    let handler = |connection: &mut Connection| {
        connection.request()?;
        connection.drip(&answer(200, fine()), std::time::Duration::from_millis(1))
    };
    let outcome = bench.exchange(situation, GENEROUS, handler).await?;
    bench.must_answer(&rules::WHOLE_BODY, situation, &outcome, "Ok with the body", |answer| {
        answer.body() == fine().as_bytes()
    });
    Ok(())
}

async fn interim(bench: &Bench) -> io::Result<()> {
    let situation = "answers of 100 and 103 before the answer";
    let early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
    let handler = always([early.as_slice(), &answer(201, fine())].concat());
    let outcome = bench.exchange(situation, GENEROUS, handler).await?;
    bench.must_answer(&rules::INTERIM, situation, &outcome, "Ok, status 201", |answer| {
        answer.status() == 201 && answer.body() == fine().as_bytes()
    });
    let situation = "an answer of 100, and then the end of the connection";
    let handler = |connection: &mut Connection| {
        connection.request()?;
        connection.write("HTTP/1.1 100 Continue\r\n\r\n")
    };
    let outcome = bench.exchange(situation, GENEROUS, handler).await?;
    bench.must_fail(&rules::INTERIM, situation, &outcome, &[Interrupted, Response]);
    Ok(())
}

async fn gzip(bench: &Bench) -> io::Result<()> {
    let situation = "an answer in gzip";
    let length = GZIP.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\n\r\n");
    let served = bench.serve(always([head.as_bytes(), GZIP].concat()))?;
    let transport = bench.transport(GENEROUS);
    let outcome = bench.call(situation, &transport, &served, served.post()).await;
    let asked = served
        .server
        .received()
        .first()
        .is_some_and(|request| request.accepts("gzip"));
    let expected = if asked {
        "the decoded body without `content-encoding`, as gzip was asked for"
    } else {
        "the body as it is with its `content-encoding`, or decoded without, as gzip was not asked for"
    };
    bench.must_answer(&rules::CONTENT_CODING, situation, &outcome, expected, |answer| {
        let coded = answer.headers().contains_key(CONTENT_ENCODING);
        match answer.body() {
            body if body == GUNZIPPED => !coded,
            body if body == GZIP => coded && !asked,
            _ => false,
        }
    });
    if let (Outcome::Answered(_), Some(request)) = (&outcome, served.server.received().first())
        && ["br", "zstd"].iter().any(|coding| request.accepts(coding))
        && !asked
    {
        bench.report(Broken::new(
            &rules::CONTENT_CODING,
            situation,
            "a request for gzip, or for no coding",
            "a request for a coding that the suite cannot try",
        ));
    }
    Ok(())
}
