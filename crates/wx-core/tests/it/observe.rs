//! What logs and observers are told.

use std::sync::{Arc, Mutex};

use wx_core::test_util::Reply;
use wx_core::{Call, Error, Event, Observer, SendErrorKind};

use crate::builder_over;

/// Keeps what it is told, a line an event.
#[derive(Debug, Default)]
struct Notes(Mutex<Vec<String>>);

impl Observer for Notes {
    fn observe(&self, event: &Event<'_>) {
        let line = match *event {
            Event::Attempt {
                operation,
                path,
                attempt,
                error,
                ..
            } => {
                let outcome = outcome(error);
                format!("attempt {attempt} of {operation} at {path}: {outcome}")
            }
            Event::Retry {
                operation,
                attempt,
                reason,
                wait,
                ..
            } => format!(
                "retry of {operation} after {attempt}: {} {}",
                reason.as_str(),
                if wait.is_zero() { "at once" } else { "later" }
            ),
            Event::Refresh { what, error, .. } => format!("refresh of {}: {}", what.as_str(), outcome(error)),
            Event::Call {
                operation,
                attempts,
                elapsed,
                error,
                ..
            } => {
                let outcome = outcome(error);
                let waited = if elapsed.is_zero() { "" } else { " after a wait" };
                format!("call of {operation} ended: {outcome}, {attempts} attempt(s){waited}")
            }
            _ => String::from("another event"),
        };
        self.0.lock().unwrap().push(line);
    }
}

fn outcome(error: Option<&Error>) -> &'static str {
    error.map_or("ok", |error| error.kind().as_str())
}

#[tokio::test]
async fn every_attempt_retry_refresh_and_call_is_told_in_order() {
    let notes = Arc::new(Notes::default());
    let (builder, _, _) = builder_over([
        Reply::failure(SendErrorKind::Timeout),
        Reply::token("A"),
        Reply::json(r#"{"errcode":42001,"errmsg":"expired"}"#),
        Reply::token("B"),
        Reply::failure(SendErrorKind::Connect),
        Reply::json(r#"{"errcode":40099,"errmsg":"consumed"}"#),
    ]);
    let core = builder.observer(Arc::clone(&notes) as Arc<dyn Observer>).build();
    let call = Call::post("/card/code/consume", "{}").operation("ConsumeCode");
    core.call(&call).await.unwrap_err();
    insta::assert_snapshot!(notes.0.lock().unwrap().join("\n"), @"
    attempt 1 of GetStableToken at /cgi-bin/stable_token: transport
    retry of GetStableToken after 1: unclear later
    attempt 2 of GetStableToken at /cgi-bin/stable_token: ok
    call of GetStableToken ended: ok, 2 attempt(s) after a wait
    refresh of access_token: ok
    attempt 1 of ConsumeCode at /card/code/consume: refused
    retry of ConsumeCode after 1: token_refused at once
    attempt 1 of GetStableToken at /cgi-bin/stable_token: ok
    call of GetStableToken ended: ok, 1 attempt(s)
    refresh of access_token: ok
    attempt 2 of ConsumeCode at /card/code/consume: transport
    retry of ConsumeCode after 2: not_sent later
    attempt 3 of ConsumeCode at /card/code/consume: refused
    call of ConsumeCode ended: refused, 3 attempt(s) after a wait
    ");
}

#[tokio::test]
async fn a_call_without_a_name_goes_by_its_path_and_tickets_are_refreshes() {
    let notes = Arc::new(Notes::default());
    let (builder, _, _) = builder_over([Reply::token("A"), Reply::json("{}"), Reply::ticket("T")]);
    let core = builder.observer(Arc::clone(&notes) as Arc<dyn Observer>).build();
    core.call(&Call::get("/card/getcolors")).await.unwrap();
    core.card_ticket().await.unwrap();
    insta::assert_snapshot!(notes.0.lock().unwrap().join("\n"), @"
    attempt 1 of GetStableToken at /cgi-bin/stable_token: ok
    call of GetStableToken ended: ok, 1 attempt(s)
    refresh of access_token: ok
    attempt 1 of /card/getcolors at /card/getcolors: ok
    call of /card/getcolors ended: ok, 1 attempt(s)
    attempt 1 of GetTicket at /cgi-bin/ticket/getticket: ok
    call of GetTicket ended: ok, 1 attempt(s)
    refresh of card_ticket: ok
    ");
}
