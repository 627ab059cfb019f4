//! Many calls through one transport: one after another, at once, and after calls that went wrong.

use std::io;
use std::time::Duration;

use http::Method;

use super::Case;
use crate::conformance::http_send::Limits;
use crate::conformance::http_send::bench::{Bench, GENEROUS, Outcome, Served, Subject, answer, target};
use crate::conformance::http_send::canary;
use crate::conformance::http_send::report::Broken;
use crate::conformance::http_send::rules;
use crate::conformance::http_send::server::Connection;
use crate::conformance::http_send::time::{Guarded, Running, guarded, join_all, unless};

const AT_ONCE: usize = 32;
/// Until all calls that are made at once are there, if the transport lets them.
const GATHERING: Duration = Duration::from_millis(500);
/// How long an answer is held back when its call is over, so that the next call is made before it comes.
const LATE: Duration = Duration::from_millis(200);
const TIGHT: Limits = Limits {
    timeout: Duration::from_secs(2),
    max_body_bytes: 256 * 1024,
};
const OWN: &str = "whatever turns HTTP/2 into HTTP/1.1 has connections of its own";

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(&rules::LOST_CONNECTION, "a kept connection that was closed", |bench| {
            Box::pin(lost(
                bench,
                "a kept connection that is closed between two calls",
                |_| Ok(()),
            ))
        })
        .http1_only(OWN),
        Case::new(
            &rules::LOST_CONNECTION,
            "a kept connection that swallows a request",
            |bench| {
                Box::pin(lost(
                    bench,
                    "a kept connection that is closed after the second request",
                    |connection| connection.request().map(drop),
                ))
            },
        )
        .http1_only(OWN),
        Case::new(&rules::LOST_CONNECTION, "a kept connection that is reset", |bench| {
            Box::pin(lost(
                bench,
                "a kept connection that is reset when the second request comes",
                Connection::peek,
            ))
        })
        .http1_only(OWN),
        Case::new(&rules::OWN_ANSWER, "many calls at once", |bench| {
            Box::pin(at_once(bench))
        }),
        Case::new(&rules::OWN_ANSWER, "a call after one that ran out of time", |bench| {
            Box::pin(after_a_timeout(bench))
        }),
        Case::new(
            &rules::OWN_ANSWER,
            "a call after an answer that was too long",
            |bench| Box::pin(after_too_much(bench)),
        ),
        Case::new(&rules::DROPPED, "a call that is dropped half way", |bench| {
            Box::pin(dropped(bench))
        }),
    ]
}

/// What is planted into every answer, and then what was asked.
fn own(question: &[u8]) -> Vec<u8> {
    answer(200, [canary::ANSWER.as_bytes(), question].concat())
}

/// Answers every request with its own body.
fn echo(connection: &mut Connection) -> io::Result<()> {
    loop {
        let question = connection.request()?.body;
        connection.write(own(&question))?;
    }
}

async fn ask(bench: &Bench, situation: &str, subject: &Subject, served: &Served, question: &str) -> Outcome {
    let question = format!("{question}{}", canary::BODY);
    let request = served.request(Method::POST, &target(), question);
    bench.call(situation, subject, served, request).await
}

fn is_own(outcome: &Outcome, question: &str) -> bool {
    let expected = [canary::ANSWER, question, canary::BODY].concat();
    matches!(outcome, Outcome::Answered(answer) if *answer.body() == expected)
}

/// The first connection answers once and then ends as `end` says; all others are fine.
async fn lost(
    bench: &Bench,
    situation: &str,
    end: impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static,
) -> io::Result<()> {
    let served = bench.serve(move |connection| {
        if connection.number() > 1 {
            return echo(connection);
        }
        let question = connection.request()?.body;
        connection.write(own(&question))?;
        end(connection)
    })?;
    let transport = bench.transport(GENEROUS);
    let rule = &rules::LOST_CONNECTION;
    for (number, may_fail) in [("first", false), ("second", true), ("third", false)] {
        let outcome = ask(bench, situation, &transport, &served, number).await;
        let lost = matches!(outcome, Outcome::Lost) || (may_fail && !outcome.is_answered());
        if !lost && !is_own(&outcome, number) {
            let expected = format!("Ok for the {number} call");
            bench.report(Broken::new(rule, situation, &expected, outcome.describe()));
        }
    }
    Ok(())
}

async fn at_once(bench: &Bench) -> io::Result<()> {
    let situation = "32 calls at once through one transport";
    let served = bench.serve(|connection| {
        loop {
            let question = connection.request()?.body;
            connection.wait_for(AT_ONCE, GATHERING);
            connection.write(own(&question))?;
        }
    })?;
    let transport = bench.transport(GENEROUS);
    let questions: Vec<String> = (0..AT_ONCE).map(|number| format!("question {number} ")).collect();
    let outcomes = join_all(questions.iter().map(|question| -> Running<'_, _> {
        let request = served.request(Method::POST, &target(), format!("{question}{}", canary::BODY));
        Box::pin(bench.send(situation, &transport, request))
    }))
    .await;
    for (question, outcome) in questions.iter().zip(&outcomes) {
        if !is_own(outcome, question) && !matches!(outcome, Outcome::Lost) {
            let expected = format!("the answer to {question:?}");
            bench.report(Broken::new(
                &rules::OWN_ANSWER,
                situation,
                &expected,
                outcome.describe(),
            ));
        }
    }
    let arrived = served.server.arrived();
    if arrived > AT_ONCE {
        let seen = format!("{AT_ONCE} calls, {arrived} requests");
        let expected = "at most one request for each call";
        bench.report(Broken::new(&rules::SENDS_ONCE, situation, expected, seen));
    }
    Ok(())
}

/// The first answer goes wrong as `first` says; the answer to the second must be its own.
async fn after(
    bench: &Bench,
    situation: &str,
    first: impl Fn(&mut Connection, &[u8]) -> io::Result<()> + Send + Sync + 'static,
) -> io::Result<()> {
    let served = bench.serve(move |connection| {
        if connection.number() == 1 {
            let question = connection.request()?.body;
            first(connection, &question)?;
        }
        echo(connection)
    })?;
    let transport = bench.transport(TIGHT);
    ask(bench, situation, &transport, &served, "first").await;
    served.server.release();
    for number in ["second", "third"] {
        let outcome = ask(bench, situation, &transport, &served, number).await;
        if !is_own(&outcome, number) && !matches!(outcome, Outcome::Lost) {
            let expected = format!("the answer to the {number} call");
            bench.report(Broken::new(
                &rules::OWN_ANSWER,
                situation,
                &expected,
                outcome.describe(),
            ));
        }
    }
    Ok(())
}

async fn after_a_timeout(bench: &Bench) -> io::Result<()> {
    let situation = "an answer that comes when the next call is made already";
    after(bench, situation, |connection, question| {
        connection.wait_for_release();
        connection.hold(LATE);
        connection.write(own(question))
    })
    .await
}

async fn after_too_much(bench: &Bench) -> io::Result<()> {
    let situation = "a call after an answer that was too long";
    after(bench, situation, |connection, _| {
        connection.write(answer(200, vec![b'x'; 2 * TIGHT.max_body_bytes]))
    })
    .await
}

async fn dropped(bench: &Bench) -> io::Result<()> {
    for half in [false, true] {
        let how = if half { "within the answer" } else { "before the answer" };
        let situation = format!("a call that is dropped {how}");
        let served = bench.serve(move |connection| {
            if connection.number() == 1 {
                let bytes = own(&connection.request()?.body);
                let (start, rest) = bytes.split_at(if half { bytes.len() / 2 } else { 0 });
                connection.write(start)?;
                connection.wait_for_release();
                connection.hold(LATE);
                connection.write(rest)?;
            }
            echo(connection)
        })?;
        let transport = bench.transport(GENEROUS);
        drop_half_way(bench, &situation, &transport, &served).await;
        served.server.release();
        for number in ["second", "third"] {
            let outcome = ask(bench, &situation, &transport, &served, number).await;
            if !is_own(&outcome, number) && !matches!(outcome, Outcome::Lost) {
                let expected = format!("the answer to the {number} call");
                bench.report(Broken::new(&rules::DROPPED, &situation, &expected, outcome.describe()));
            }
        }
    }
    Ok(())
}

/// Begins a call, looks at the transport when the request has arrived, and drops the call.
async fn drop_half_way(bench: &Bench, situation: &str, subject: &Subject, served: &Served) {
    let request = served.post();
    served.count();
    let mut call = subject.transport.send(request);
    let started = guarded(GENEROUS.timeout, async {
        unless(Box::pin(&mut call), served.server.until_received()).await
    })
    .await;
    if !matches!(started, Guarded::Done(None)) {
        let seen = "an end of the call, or no request";
        let expected = "a request, and a call that waits for its answer";
        bench.report(Broken::new(&rules::DROPPED, situation, expected, seen));
    }
    bench.shows_nothing(&format!("{situation}, while it is in flight"), subject);
    drop(call);
}
