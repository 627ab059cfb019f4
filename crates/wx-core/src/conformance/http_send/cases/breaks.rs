//! Connections that break, and answers that are none.

use std::io;

use http::Method;

use super::Case;
use crate::SendErrorKind::{self, Connect, Interrupted, Response};
use crate::conformance::http_send::bench::{Bench, GENEROUS, answer, fine, request, target};
use crate::conformance::http_send::canary;
use crate::conformance::http_send::rules::{self, Rule};
use crate::conformance::http_send::server::{ClosedPort, Connection};

/// So large that it cannot all be on its way when the server resets the connection.
const LARGE: usize = 16 * 1024 * 1024;
/// A length that the head announces and the body has not.
const ANNOUNCED: &str = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const RAW: &str = "what is cut or is not HTTP/1.1 ends at whatever turns HTTP/2 into HTTP/1.1";

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(&rules::KINDS, "a closed port", |bench| Box::pin(closed_port(bench))),
        Case::new(
            &rules::CUT,
            "a connection that ends before the request was read",
            |bench| Box::pin(before_the_request(bench)),
        ),
        Case::new(&rules::CUT, "a reset while the request is being written", |bench| {
            Box::pin(within_the_request(bench))
        }),
        Case::new(&rules::CUT, "a connection that ends before the answer", |bench| {
            Box::pin(before_the_answer(bench))
        }),
        Case::new(&rules::CUT, "an answer that is cut within its head", |bench| {
            Box::pin(within_the_head(bench))
        })
        .http1_only(RAW),
        Case::new(&rules::CUT, "an answer that is cut within its body", |bench| {
            Box::pin(within_the_body(bench))
        }),
        Case::new(&rules::NOT_HTTP, "what is not HTTP", |bench| Box::pin(not_http(bench))).http1_only(RAW),
    ]
}

async fn closed_port(bench: &Bench) -> io::Result<()> {
    let situation = "a port that nobody listens on";
    let port = ClosedPort::new()?;
    let scheme = bench.scheme()?;
    let uri = format!("{scheme}://{}{}", port.address()?, target());
    let transport = bench.transport(GENEROUS);
    let outcome = bench
        .send(situation, &transport, request(Method::POST, &uri, "{}"))
        .await;
    bench.must_be_of_kind(&rules::KINDS, situation, &outcome, &[Connect]);
    Ok(())
}

/// How the connection ends, and what a failure may then be.
async fn cut(
    bench: &Bench,
    rule: &'static Rule,
    situation: &str,
    handler: impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static,
    kinds: &[SendErrorKind],
) -> io::Result<()> {
    let outcome = bench.exchange(situation, GENEROUS, handler).await?;
    bench.must_fail(rule, situation, &outcome, kinds);
    Ok(())
}

async fn before_the_request(bench: &Bench) -> io::Result<()> {
    let kinds = &[Interrupted, Response];
    // Whether a byte of the request was written by then nobody knows, so either kind is honest.
    let situation = "a connection that is closed at once";
    cut(bench, &rules::CUT, situation, |_| Ok(()), kinds).await?;
    let situation = "a connection that is reset with the request on its way";
    cut(bench, &rules::CUT, situation, Connection::peek, kinds).await
}

async fn within_the_request(bench: &Bench) -> io::Result<()> {
    let situation = "a reset while the request's body is being written";
    let served = bench.serve(|connection| connection.beginning(1000))?;
    let transport = bench.transport(GENEROUS);
    let request = served.request(Method::POST, &target(), vec![b'x'; LARGE]);
    let outcome = bench.call(situation, &transport, &served, request).await;
    bench.must_fail(&rules::CUT, situation, &outcome, &[Interrupted, Response]);
    Ok(())
}

async fn before_the_answer(bench: &Bench) -> io::Result<()> {
    let situation = "a connection that is closed instead of an answer";
    let closed = |connection: &mut Connection| connection.request().map(drop);
    cut(bench, &rules::CUT, situation, closed, &[Interrupted, Response]).await?;
    let situation = "a connection that is reset instead of an answer";
    let reset = |connection: &mut Connection| connection.request_but_its_last_byte().map(drop);
    cut(bench, &rules::CUT, situation, reset, &[Interrupted, Response]).await
}

async fn within_the_head(bench: &Bench) -> io::Result<()> {
    for start in [
        "HTT",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 2",
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n",
    ] {
        for reset in [false, true] {
            let how = if reset { "reset" } else { "closed" };
            let situation = format!("a connection that is {how} after {start:?}");
            let handler = half(start.into(), reset);
            cut(bench, &rules::CUT, &situation, handler, &[Interrupted, Response]).await?;
        }
    }
    Ok(())
}

async fn within_the_body(bench: &Bench) -> io::Result<()> {
    let canary = canary::ANSWER;
    for start in [
        ANNOUNCED.to_owned(),
        format!("{ANNOUNCED}{canary}"),
        CHUNKED.to_owned(),
        format!("{CHUNKED}64\r\n{canary}"),
        format!("{CHUNKED}{:x}\r\n{canary}\r\n", canary.len()),
        format!("{CHUNKED}{:x}\r\n{canary}\r\n0", canary.len()),
    ] {
        for reset in [false, true] {
            let how = if reset { "reset" } else { "closed" };
            let situation = format!("a connection that is {how} after {start:?}");
            let handler = half(start.clone(), reset);
            cut(bench, &rules::CUT, &situation, handler, &[Interrupted, Response]).await?;
        }
    }
    Ok(())
}

/// Answers with a beginning and ends the connection, by a reset if so wanted.
fn half(start: String, reset: bool) -> impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static {
    move |connection| {
        if reset {
            connection.request_but_its_last_byte()?;
        } else {
            connection.request()?;
        }
        connection.write(&start)
    }
}

async fn not_http(bench: &Bench) -> io::Result<()> {
    let canary = canary::ANSWER;
    for start in [
        format!("SSH-2.0-{canary}\r\n\r\n"),
        format!("{canary}\r\n\r\n{canary}"),
        "\0\u{1}\u{2}\r\n\r\n".to_owned(),
        format!("HTTP/1.1 {canary} OK\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\ncontent-length: {canary}\r\n\r\n"),
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab".to_owned(),
        format!("{CHUNKED}{canary}\r\n"),
    ] {
        let situation = format!("a server that writes {start:?}");
        let handler = half(start, false);
        cut(bench, &rules::NOT_HTTP, &situation, handler, &[Interrupted, Response]).await?;
    }
    let situation = "a head of 2000 headers, which may be too many";
    let headers = "x-more: 0123456789abcdef\r\n".repeat(2000);
    let handler = move |connection: &mut Connection| {
        connection.request()?;
        connection.write(format!("HTTP/1.1 200 OK\r\n{headers}"))?;
        connection.write(answer(200, fine()).split_off("HTTP/1.1 200 Some Reason\r\n".len()))
    };
    // Either is fine; what holds for every call is checked in it.
    bench.exchange(situation, GENEROUS, handler).await?;
    let situation = "a head without an end";
    let handler = |connection: &mut Connection| {
        connection.request()?;
        connection.write("HTTP/1.1 200 OK\r\n")?;
        let headers = "x-more: 0123456789abcdef\r\n".repeat(1000);
        (0..400).try_for_each(|_| connection.write(&headers))
    };
    cut(bench, &rules::NOT_HTTP, situation, handler, &[Interrupted, Response]).await
}
