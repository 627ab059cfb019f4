//! What a soak is worth: it finds the lies of transports that break their contract.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use wx_card::core::{HttpSend, SendError, SendErrorKind};
use wx_card_soak::{Pace, Report, Round};

use crate::world::{Crossroads, soak, soak_over};

const CONSUME: &str = "/card/code/consume";
const CREATE: &str = "/card/create";
const MODIFY_STOCK: &str = "/card/modifystock";

/// How it lies about a request.
#[derive(Clone, Copy, Debug)]
enum Lie {
    /// It delivers it and says that it cannot have sent it.
    Deny,
    /// It does not deliver it and answers by itself that it is done.
    MakeUp,
    /// It delivers it twice.
    Repeat,
}

/// A transport that lies about every third request of the tills for one path.
#[derive(Debug)]
struct Liar {
    crossroads: Crossroads,
    lie: Lie,
    path: &'static str,
    /// How many such requests there were, of all clients.
    seen: Arc<AtomicU64>,
}

#[async_trait]
impl HttpSend for Liar {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        let is_of_a_till = request.headers().contains_key("x-request-id") && request.uri().path() == self.path;
        if !is_of_a_till || self.seen.fetch_add(1, Ordering::Relaxed) % 3 != 2 {
            return self.crossroads.send(request).await;
        }
        match self.lie {
            Lie::Deny => {
                self.crossroads.send(request).await?;
                Err(SendError::new(SendErrorKind::Connect))
            }
            Lie::MakeUp => {
                let answer = r#"{"errcode":0,"errmsg":"ok","card":{"card_id":"p"},"openid":"o","card_id":"p"}"#;
                Ok(Response::new(Bytes::from_static(answer.as_bytes())))
            }
            Lie::Repeat => {
                self.crossroads.send(request.clone()).await?;
                self.crossroads.send(request).await
            }
        }
    }
}

fn round() -> Round {
    Round::new(400, 0.0, Pace::new(0, 0))
}

fn soak_with(lie: Lie, path: &'static str) -> Report {
    let seen = Arc::new(AtomicU64::new(0));
    soak_over(11, 8, round(), |crossroads| Liar {
        crossroads,
        lie,
        path,
        seen: Arc::clone(&seen),
    })
}

#[track_caller]
fn is_found(lie: Lie, path: &'static str, rule: &str) {
    let found = soak_with(lie, path).contradictions;
    assert!(found.iter().any(|found| found.contains(rule)), "{path}: {found:?}");
}

#[test]
fn without_a_lie_nothing_is_found() {
    assert_eq!(soak(11, 8, round()).contradictions, [""; 0]);
}

#[test]
fn a_request_that_ran_and_was_called_not_sent_is_found() {
    // The client sends it again, as it may, and hears that the code is redeemed, or does it twice.
    is_found(Lie::Deny, CONSUME, "it ran, and `may_have_run` is false");
    is_found(Lie::Deny, CREATE, "it ran more than once");
    is_found(Lie::Deny, MODIFY_STOCK, "it ran more than once");
}

#[test]
fn an_answer_that_was_made_up_is_found() {
    for path in [CONSUME, CREATE, MODIFY_STOCK] {
        is_found(Lie::MakeUp, path, "its caller was told that it ran, and it did not");
    }
}

#[test]
fn a_request_that_was_delivered_twice_is_found() {
    for path in [CREATE, MODIFY_STOCK] {
        is_found(Lie::Repeat, path, "it ran more than once");
    }
    // The second answer of the two is the refusal of a redeemed code.
    is_found(Lie::Repeat, CONSUME, "it ran, and `may_have_run` is false");
}
