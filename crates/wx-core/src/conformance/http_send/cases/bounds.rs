//! Time and size.

use std::io;
use std::time::Duration;

use http::Method;

use super::Case;
use crate::SendErrorKind::{Interrupted, Response, Timeout};
use crate::conformance::http_send::Limits;
use crate::conformance::http_send::bench::{Bench, GENEROUS, answer, fine, target};
use crate::conformance::http_send::rules;
use crate::conformance::http_send::server::{Connection, PATIENCE};

/// For calls that are meant to run out of time.
const TIGHT: Limits = Limits {
    timeout: Duration::from_secs(1),
    ..GENEROUS
};
/// For answers that are meant to be too long.
const SMALL: Limits = Limits {
    max_body_bytes: 256 * 1024,
    ..GENEROUS
};
const PAUSE: Duration = Duration::from_millis(100);
/// More than fits between two sockets when nobody reads.
const LARGE: usize = 32 * 1024 * 1024;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(&rules::TIME, "a server that is silent from the start", |bench| {
            Box::pin(silence(bench, "silence without reading the request", |connection| {
                connection.peek()
            }))
        }),
        Case::new(
            &rules::TIME,
            "a server that does not read the request's body",
            |bench| Box::pin(unread(bench)),
        ),
        Case::new(&rules::TIME, "a server that is silent instead of an answer", |bench| {
            Box::pin(silence(bench, "silence after the request", |connection| {
                connection.request().map(drop)
            }))
        }),
        Case::new(&rules::TIME, "a server that falls silent within the head", |bench| {
            Box::pin(silence(bench, "silence within the head", |connection| {
                connection.request()?;
                connection.write("HTTP/1.1 200 OK\r\ncontent-le")
            }))
        }),
        Case::new(&rules::TIME, "a server that falls silent within the body", |bench| {
            Box::pin(silence(bench, "silence within the body", |connection| {
                connection.request()?;
                connection.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345")
            }))
        }),
        Case::new(&rules::TIME, "a server that drips the head", |bench| {
            Box::pin(silence(bench, "a head that comes a byte at a time", |connection| {
                connection.request()?;
                connection.drip(&slow_head(), PAUSE)
            }))
        }),
        Case::new(&rules::TIME, "a server that drips the body", |bench| {
            Box::pin(silence(bench, "a body that comes a byte at a time", |connection| {
                connection.request()?;
                connection.write("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")?;
                connection.drip(&[b'x'; 1000], PAUSE)
            }))
        }),
        Case::new(&rules::BODY_SIZE, "bodies of exactly the limit", |bench| {
            Box::pin(at_the_limit(bench))
        }),
        Case::new(&rules::BODY_SIZE, "bodies over the limit", |bench| {
            Box::pin(over_the_limit(bench))
        }),
    ]
}

fn slow_head() -> Vec<u8> {
    [b"HTTP/1.1 200 OK\r\nx-slow: ".as_slice(), &[b'x'; 1000]].concat()
}

async fn silence(
    bench: &Bench,
    situation: &str,
    start: impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static,
) -> io::Result<()> {
    let handler = move |connection: &mut Connection| {
        start(connection)?;
        connection.hold(PATIENCE);
        Ok(())
    };
    let outcome = bench.exchange(situation, TIGHT, handler).await?;
    bench.must_be_of_kind(&rules::KINDS, situation, &outcome, &[Timeout, Interrupted]);
    Ok(())
}

async fn unread(bench: &Bench) -> io::Result<()> {
    let situation = "silence in the middle of the request's body";
    let served = bench.serve(|connection| {
        connection.beginning(1000)?;
        connection.hold(PATIENCE);
        Ok(())
    })?;
    let transport = bench.transport(TIGHT);
    let request = served.request(Method::POST, &target(), vec![b'x'; LARGE]);
    let outcome = bench.call(situation, &transport, &served, request).await;
    bench.must_be_of_kind(&rules::KINDS, situation, &outcome, &[Timeout, Interrupted]);
    Ok(())
}

/// Answers with a body of `length` bytes, whose end is marked in each of the three ways.
fn ways(length: usize) -> [(&'static str, Vec<u8>); 3] {
    let body = vec![b'x'; length];
    let size = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n");
    let close = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".as_slice();
    [
        ("a content-length", answer(200, &body)),
        ("a last chunk", [size.as_bytes(), &body, b"\r\n0\r\n\r\n"].concat()),
        ("the end of the connection", [close, &body].concat()),
    ]
}

async fn at_the_limit(bench: &Bench) -> io::Result<()> {
    let limit = SMALL.max_body_bytes;
    for (mark, bytes) in ways(limit) {
        let situation = format!("a body of exactly the limit that ends with {mark}");
        let handler = move |connection: &mut Connection| {
            connection.request()?;
            connection.write(&bytes)
        };
        let outcome = bench.exchange(&situation, SMALL, handler).await?;
        let expected = format!("Ok with all {limit} bytes");
        bench.must_answer(&rules::BODY_SIZE, &situation, &outcome, &expected, |answer| {
            answer.body().len() == limit
        });
    }
    Ok(())
}

async fn over_the_limit(bench: &Bench) -> io::Result<()> {
    for (times, length) in [
        ("a byte more than", SMALL.max_body_bytes + 1),
        ("32 times", 8 * 1024 * 1024),
    ] {
        for (mark, bytes) in ways(length) {
            let situation = format!("a body of {times} the limit that ends with {mark}");
            let served = bench.serve(move |connection| {
                loop {
                    connection.request()?;
                    connection.write(&bytes)?;
                    if mark.ends_with("connection") {
                        return Ok(());
                    }
                }
            })?;
            let transport = bench.transport(SMALL);
            let outcome = bench.call(&situation, &transport, &served, served.post()).await;
            bench.must_be_of_kind(&rules::BODY_SIZE, &situation, &outcome, &[Response]);
        }
    }
    let situation = "a body whose announced length is far over the limit";
    let handler = |connection: &mut Connection| {
        connection.request()?;
        connection.write("HTTP/1.1 200 OK\r\ncontent-length: 9999999999999999\r\n\r\n")?;
        connection.write(fine())
    };
    let outcome = bench.exchange(situation, SMALL, handler).await?;
    bench.must_be_of_kind(&rules::BODY_SIZE, situation, &outcome, &[Response, Interrupted]);
    Ok(())
}
