//! Calls at the same time, over a transport that answers each request when the test says so.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use tokio::sync::oneshot;
use wx_core::test_util::{FixedEntropy, ManualClock};
use wx_core::{Call, Core, CoreBuilder, HttpSend, MemoryTokenStore, http_send_fn};

const TOKEN: &str = "/cgi-bin/stable_token";
const REFUSED: &str = r#"{"errcode":42001,"errmsg":"access_token expired"}"#;
const OK: &str = r#"{"errcode":0,"errmsg":"ok"}"#;

/// A request's target, and whom to answer.
type Sent = (String, Option<oneshot::Sender<String>>);

/// Requests, in the order in which they were sent.
#[derive(Clone, Default)]
struct Wire(Arc<Mutex<Vec<Sent>>>);

impl Wire {
    fn transport(&self) -> impl HttpSend {
        let wire = self.clone();
        http_send_fn(move |request: Request<Bytes>| {
            let target = request.uri().path_and_query().unwrap().to_string();
            let (sender, answer) = oneshot::channel::<String>();
            wire.0.lock().unwrap().push((target, Some(sender)));
            async move { Ok(Response::new(Bytes::from(answer.await.unwrap()))) }
        })
    }

    fn core(&self, clock: &ManualClock, app_id: &str) -> CoreBuilder {
        Core::builder(
            app_id,
            "the-app-secret",
            Arc::new(self.transport()),
            Arc::new(clock.clone()),
            Arc::new(FixedEntropy::new()),
        )
    }

    /// Answers the oldest request to `target` that waits.
    fn answer(&self, target: &str, body: impl Into<String>) {
        let mut requests = self.0.lock().unwrap();
        let waits = |to: &Option<oneshot::Sender<String>>| to.as_ref().is_some_and(|to| !to.is_closed());
        let waiting = requests.iter_mut().find(|(sent, to)| sent == target && waits(to));
        let (_, to) = waiting.unwrap_or_else(|| panic!("nothing waits for an answer of {target}"));
        to.take().unwrap().send(body.into()).unwrap();
    }

    fn answer_token(&self, token: &str) {
        self.answer(TOKEN, format!(r#"{{"access_token":"{token}","expires_in":7200}}"#));
    }

    fn answer_ticket(&self, kind: &str, ticket: &str) {
        let body = format!(r#"{{"errcode":0,"errmsg":"ok","ticket":"{ticket}","expires_in":7200}}"#);
        self.answer(&ticket_target(kind), body);
    }

    fn sent(&self, target: &str) -> usize {
        let requests = self.0.lock().unwrap();
        requests.iter().filter(|(sent, _)| sent == target).count()
    }
}

fn ticket_target(kind: &str) -> String {
    format!("/cgi-bin/ticket/getticket?type={kind}&access_token=A")
}

fn with(token: &str) -> String {
    format!("/card/code/consume?access_token={token}")
}

async fn consume(core: &Core) {
    core.call(&Call::post("/card/code/consume", r#"{"code":"1"}"#))
        .await
        .unwrap();
}

async fn card_ticket(core: &Core) -> String {
    core.card_ticket().await.unwrap().secret().expose().to_owned()
}

fn poll<F: Future>(future: &mut Pin<&mut F>) -> Poll<F::Output> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

fn ends<F: Future>(mut future: Pin<&mut F>) -> F::Output {
    match poll(&mut future) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("still waiting"),
    }
}

fn all_wait<F: Future>(futures: &mut [Pin<Box<F>>]) {
    assert!(futures.iter_mut().all(|future| poll(&mut future.as_mut()).is_pending()));
}

/// An account that holds the token `A`, over a wire on which nothing is under way.
fn holding_a() -> (Wire, ManualClock, Core) {
    let (wire, clock) = (Wire::default(), ManualClock::at(1_700_000_000));
    let core = wire.core(&clock, "wx0000000000000001").build();
    {
        let mut first = pin!(consume(&core));
        assert!(poll(&mut first).is_pending());
        wire.answer_token("A");
        assert!(poll(&mut first).is_pending());
        wire.answer(&with("A"), OK);
        ends(first);
    }
    (wire, clock, core)
}

#[test]
fn fifty_cold_calls_and_tickets_make_one_fetch_of_each() {
    let (wire, clock) = (Wire::default(), ManualClock::at(1_700_000_000));
    let core = wire.core(&clock, "wx0000000000000001").build();
    let mut calls: Vec<_> = (0..50).map(|_| Box::pin(consume(&core))).collect();
    let mut tickets: Vec<_> = (0..50).map(|_| Box::pin(card_ticket(&core))).collect();
    all_wait(&mut calls);
    all_wait(&mut tickets);
    wire.answer_token("A");
    all_wait(&mut calls);
    all_wait(&mut tickets);
    assert_eq!((wire.sent(TOKEN), wire.sent(&with("A"))), (1, 50));
    wire.answer_ticket("wx_card", "T");
    for _ in 0..50 {
        wire.answer(&with("A"), OK);
    }
    calls.iter_mut().for_each(|call| ends(call.as_mut()));
    assert!(tickets.iter_mut().all(|ticket| ends(ticket.as_mut()) == "T"));
    assert_eq!((wire.sent(TOKEN), wire.sent(&ticket_target("wx_card"))), (1, 1));
}

#[test]
fn a_call_that_is_refused_with_the_old_token_takes_the_new_one_that_is_there() {
    let (wire, _, core) = holding_a();
    let (mut early, mut late) = (pin!(consume(&core)), pin!(consume(&core)));
    assert!(poll(&mut early).is_pending());
    assert!(poll(&mut late).is_pending());
    wire.answer(&with("A"), REFUSED);
    assert!(poll(&mut early).is_pending());
    wire.answer_token("B");
    assert!(poll(&mut early).is_pending());
    // `B` is there by the time that the other call learns that `A` is refused.
    wire.answer(&with("A"), REFUSED);
    assert!(poll(&mut late).is_pending());
    assert_eq!((wire.sent(TOKEN), wire.sent(&with("B"))), (2, 2));
    wire.answer(&with("B"), OK);
    wire.answer(&with("B"), OK);
    ends(early);
    ends(late);
    let mut next = pin!(consume(&core));
    assert!(poll(&mut next).is_pending());
    assert_eq!((wire.sent(TOKEN), wire.sent(&with("B"))), (2, 3));
}

#[test]
fn fifty_calls_that_are_refused_together_fetch_one_token() {
    let (wire, _, core) = holding_a();
    let mut calls: Vec<_> = (0..50).map(|_| Box::pin(consume(&core))).collect();
    all_wait(&mut calls);
    (0..50).for_each(|_| wire.answer(&with("A"), REFUSED));
    all_wait(&mut calls);
    assert_eq!(wire.sent(TOKEN), 2);
    wire.answer_token("B");
    all_wait(&mut calls);
    (0..50).for_each(|_| wire.answer(&with("B"), OK));
    calls.iter_mut().for_each(|call| ends(call.as_mut()));
    assert_eq!((wire.sent(TOKEN), wire.sent(&with("A"))), (2, 51));
}

#[test]
fn a_token_that_dies_on_the_way_does_not_matter_to_a_call_that_is_done() {
    let (wire, clock, core) = holding_a();
    let mut call = pin!(consume(&core));
    assert!(poll(&mut call).is_pending());
    clock.advance(Duration::from_secs(7200));
    wire.answer(&with("A"), OK);
    ends(call);
    assert_eq!(wire.sent(TOKEN), 1, "nobody has needed another");
}

#[test]
fn a_call_whose_token_dies_on_the_way_takes_the_one_that_others_have_fetched() {
    let (wire, clock, core) = holding_a();
    let mut call = pin!(consume(&core));
    assert!(poll(&mut call).is_pending());
    clock.advance(Duration::from_secs(7200));
    let mut other = pin!(consume(&core));
    assert!(poll(&mut other).is_pending());
    wire.answer(&with("A"), REFUSED);
    assert!(poll(&mut call).is_pending(), "it waits for the one fetch");
    wire.answer_token("B");
    assert!(poll(&mut other).is_pending());
    assert!(poll(&mut call).is_pending());
    wire.answer(&with("B"), OK);
    wire.answer(&with("B"), OK);
    ends(other);
    ends(call);
    assert_eq!(wire.sent(TOKEN), 2);
}

#[test]
fn an_account_does_not_wait_for_another() {
    let (wire, clock, core) = holding_a();
    let another = wire.core(&clock, "wx0000000000000002").build();
    let mut hangs = pin!(consume(&another));
    assert!(poll(&mut hangs).is_pending());
    let mut call = pin!(consume(&core));
    assert!(poll(&mut call).is_pending());
    wire.answer(&with("A"), OK);
    ends(call);
    wire.answer_token("other");
    assert!(poll(&mut hangs).is_pending());
    assert_eq!((wire.sent(&with("other")), wire.sent(&with("A"))), (1, 2));
}

#[test]
fn tickets_of_two_kinds_and_calls_do_not_wait_for_each_other() {
    let (wire, _, core) = holding_a();
    let mut hangs = pin!(core.card_ticket());
    assert!(poll(&mut hangs).is_pending());
    let mut page = pin!(core.jsapi_ticket());
    assert!(poll(&mut page).is_pending());
    wire.answer_ticket("jsapi", "P");
    assert_eq!(ends(page).unwrap().secret().expose(), "P");
    let mut call = pin!(consume(&core));
    assert!(poll(&mut call).is_pending());
    wire.answer(&with("A"), OK);
    ends(call);
    assert!(poll(&mut hangs).is_pending());
    wire.answer_ticket("wx_card", "T");
    assert_eq!(ends(hangs).unwrap().secret().expose(), "T");
}

#[test]
fn who_can_be_served_does_not_wait_for_a_refresh() {
    let (wire, clock, core) = holding_a();
    let mut ticket = pin!(card_ticket(&core));
    assert!(poll(&mut ticket).is_pending());
    wire.answer_ticket("wx_card", "T");
    assert_eq!(ends(ticket), "T");
    let mut refresh = pin!(core.refresh_card_ticket());
    assert!(poll(&mut refresh).is_pending());
    assert_eq!(ends(pin!(card_ticket(&core))), "T");
    // The token is due, and one call is about to refresh it; the next is sent with what there is.
    clock.advance(Duration::from_secs(7100));
    let (mut leader, mut next) = (pin!(consume(&core)), pin!(consume(&core)));
    assert!(poll(&mut leader).is_pending());
    assert!(poll(&mut next).is_pending());
    assert_eq!((wire.sent(TOKEN), wire.sent(&with("A"))), (2, 3), "one from before");
    wire.answer(&with("A"), OK);
    ends(leader);
    wire.answer_token("B");
    let mut later = pin!(consume(&core));
    assert!(poll(&mut later).is_pending());
    assert_eq!(wire.sent(&with("B")), 1);
}

#[test]
fn with_a_store_leaders_that_are_dropped_leave_the_fetch_to_those_who_wait_already() {
    let (wire, clock) = (Wire::default(), ManualClock::at(1_700_000_000));
    let store = MemoryTokenStore::new(Arc::new(clock.clone()));
    let process = || {
        wire.core(&clock, "wx0000000000000001")
            .token_store(Arc::new(store.clone()))
            .build()
    };
    let (core, elsewhere) = (process(), process());
    let ticket = ticket_target("wx_card");
    let (mut first, mut second) = (Box::pin(card_ticket(&core)), Box::pin(card_ticket(&core)));
    let mut third = pin!(card_ticket(&core));
    assert!(poll(&mut first.as_mut()).is_pending());
    assert!(poll(&mut second.as_mut()).is_pending());
    assert!(poll(&mut third).is_pending());
    assert_eq!(wire.sent(TOKEN), 1);
    drop(first);
    assert!(poll(&mut second.as_mut()).is_pending());
    assert_eq!(wire.sent(TOKEN), 1, "driven on");
    wire.answer_token("A");
    assert!(poll(&mut second.as_mut()).is_pending());
    assert_eq!(wire.sent(&ticket), 1);
    drop(second);
    assert!(poll(&mut third).is_pending());
    assert_eq!(wire.sent(&ticket), 1, "driven on");
    wire.answer_ticket("wx_card", "T");
    assert_eq!(ends(third), "T");
    assert_eq!(ends(pin!(card_ticket(&elsewhere))), "T");
    assert_eq!((wire.sent(TOKEN), wire.sent(&ticket)), (1, 1));
    assert!(clock.slept().is_empty(), "nobody has waited for a lease to end");
}
