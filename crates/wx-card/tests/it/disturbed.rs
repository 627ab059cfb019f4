//! The sandbox behind a connection on which things go wrong where a test wants them to.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use wx_card::CardClient;
use wx_card::core::{HttpSend, RetryPolicy, SendError, SendErrorKind};
use wx_card::types::{CardId, Cash, CreateCard, Fen};
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};
use wx_core::test_util::{FixedEntropy, ManualClock};

use crate::base_info;

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// It gets lost on its way, and somebody on the way answers this.
    Answers(&'static str),
    /// It is carried out, and this is the answer in the place of the true one.
    Garbled(&'static str),
    /// It is carried out, and the answer is lost.
    Lost,
    /// It gets lost on its way.
    Swallowed,
    /// It is carried out only after so many more requests; the answer is lost.
    Late(usize),
    /// It could not be sent.
    Unsent,
    /// It is delivered twice, so that what it asked for was done just before; as if somebody else had been quicker.
    Overtaken,
    /// It never ends.
    Hangs,
    /// Nothing goes wrong; it keeps the faults behind it for later requests.
    None,
}

pub(crate) use Fault::{Answers, Garbled, Hangs, Late, Lost, None as Fine, Overtaken, Swallowed, Unsent};

/// The connection. Clones share it.
#[derive(Clone)]
pub(crate) struct Disturbed {
    pub(crate) sandbox: Sandbox,
    pub(crate) clock: ManualClock,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    faults: BTreeMap<&'static str, VecDeque<Fault>>,
    /// Requests on their way, and after how many others they arrive.
    late: Vec<(usize, Request<Bytes>)>,
    sent: Vec<(String, String)>,
}

impl fmt::Debug for Disturbed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Disturbed(..)")
    }
}

impl Disturbed {
    /// A sandbox of its own, and a clock that both sides go by.
    pub(crate) fn new() -> Self {
        let clock = ManualClock::at(1_700_000_000);
        let sandbox = Sandbox::builder()
            .clock(clock.clone())
            .entropy(FixedEntropy::new())
            .build()
            .unwrap();
        Self {
            sandbox,
            clock,
            state: Arc::default(),
        }
    }

    /// A client over the connection that sends everything once, so that each fault is one outcome.
    pub(crate) fn client(&self) -> CardClient {
        self.client_with(RetryPolicy::off())
    }

    pub(crate) fn client_with(&self, retry: RetryPolicy) -> CardClient {
        CardClient::builder(DEFAULT_APP_ID, DEFAULT_APP_SECRET, self.clone())
            .clock(self.clock.clone())
            .entropy(FixedEntropy::new())
            .retry(retry)
            .build()
    }

    /// Disturbs the next requests for `path`, one by each fault.
    pub(crate) fn disturb(&self, path: &'static str, faults: &[Fault]) {
        let mut state = self.state.lock().unwrap();
        state.faults.entry(path).or_default().extend(faults);
    }

    /// Path and body of every card call so far.
    pub(crate) fn sent(&self) -> Vec<(String, String)> {
        self.state.lock().unwrap().sent.clone()
    }

    /// The paths of all card calls so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.sent().into_iter().map(|(path, _)| path).collect()
    }

    /// How many requests for `path` were sent.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.sent().iter().filter(|(sent, _)| sent == path).count()
    }

    /// Forgets what was sent.
    pub(crate) fn forget(&self) {
        self.state.lock().unwrap().sent.clear();
    }

    /// A card with `quantity` coupons.
    pub(crate) async fn card(&self, quantity: i64) -> CardId {
        let request = CreateCard::new(Cash::new(base_info(quantity), Fen::from_yuan(10)));
        let card_id = self.client().create_card(&request).await.unwrap().card_id;
        self.forget();
        card_id
    }

    /// A coupon that `openid` has taken: its card and its code.
    pub(crate) async fn coupon(&self, openid: &str) -> (CardId, String) {
        let card_id = self.card(10).await;
        let code = self.take(&card_id, openid);
        (card_id, code)
    }

    pub(crate) fn take(&self, card_id: &CardId, openid: &str) -> String {
        let taken = self.control("take", &json!({"card_id": card_id, "openid": openid}));
        taken["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn control(&self, name: &str, body: &Value) -> Value {
        self.sandbox.control(name, body).unwrap()
    }

    /// How many redeem calls for `code` the service has accepted.
    pub(crate) fn accepted(&self, code: &str) -> u64 {
        let ledger = self.control("ledger", &json!({}));
        let codes = ledger["codes"].as_array().unwrap();
        let of_code = codes.iter().filter(|entry| entry["code"] == code);
        of_code.map(|entry| entry["accepted"].as_u64().unwrap()).sum()
    }

    /// Carries a request out now.
    fn arrive(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        let answer = self.sandbox.send(request);
        // The sandbox in process never waits.
        futures_util::FutureExt::now_or_never(answer).unwrap()
    }

    /// What goes wrong with `request`, after the late ones whose time has come have arrived.
    fn next_fault(&self, path: &str, request: &Request<Bytes>) -> Fault {
        let mut state = self.state.lock().unwrap();
        let mut due = Vec::new();
        for (left, late) in std::mem::take(&mut state.late) {
            match left.checked_sub(1) {
                None | Some(0) => due.push(late),
                Some(left) => state.late.push((left, late)),
            }
        }
        if path.starts_with("/card/") {
            let body = String::from_utf8(request.body().to_vec()).unwrap();
            state.sent.push((path.to_owned(), body));
        }
        let fault = state.faults.get_mut(path).and_then(VecDeque::pop_front);
        drop(state);
        for late in due {
            self.arrive(late).unwrap();
        }
        fault.unwrap_or(Fine)
    }
}

#[async_trait]
impl HttpSend for Disturbed {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        let path = request.uri().path().to_owned();
        let answer = |body: &'static str| Ok(Response::new(Bytes::from_static(body.as_bytes())));
        match self.next_fault(&path, &request) {
            Fine => self.arrive(request),
            Answers(body) => answer(body),
            Garbled(body) => {
                self.arrive(request)?;
                answer(body)
            }
            Lost => {
                self.arrive(request)?;
                Err(SendError::new(SendErrorKind::Interrupted))
            }
            Swallowed => Err(SendError::new(SendErrorKind::Timeout)),
            Late(others) => {
                self.state.lock().unwrap().late.push((others, request));
                Err(SendError::new(SendErrorKind::Timeout))
            }
            Unsent => Err(SendError::new(SendErrorKind::Connect)),
            Overtaken => {
                self.arrive(request.clone())?;
                self.arrive(request)
            }
            Hangs => std::future::pending().await,
        }
    }
}
