//! Misfortunes that come in numbers: callers in a hurry, pages that lie, stores and services that fail for a while.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use tokio::sync::oneshot;
use wx_core::test_util::{FixedEntropy, ManualClock, Reply};
use wx_core::{
    AuthorizerToken, Call, ClassicToken, Clock, Core, CoreBuilder, Error, ErrorKind, HttpSend, IntoTokenSource,
    MemoryTokenStore, Platform, Secret, SendError, SendErrorKind, SharingPolicy, StoreError, StoreLease, StoredToken,
    TicketKind, TokenKey, TokenKind, TokenStore, WithoutStore, http_send_fn,
};

use crate::{builder_from, builder_over, core_over};

const APP_ID: &str = "wx0000000000000001";
const OK: &str = r#"{"errcode":0,"errmsg":"ok"}"#;
const REFUSED: &str = r#"{"errcode":40001,"errmsg":"invalid credential, access_token is invalid or not latest"}"#;
const QUOTA: &str = r#"{"errcode":45009,"errmsg":"reach max api daily quota limit"}"#;
const MOMENT: Duration = Duration::from_millis(50);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn consume(core: &Core) -> Result<(), Error> {
    let call = Call::post("/card/code/consume", r#"{"code":"1"}"#);
    core.call(&call).await.map(|_| ())
}

async fn card_ticket(core: &Core) -> Result<String, Error> {
    let ticket = core.card_ticket().await?;
    Ok(ticket.secret().expose().to_owned())
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn ends<F: Future>(future: Pin<&mut F>) -> F::Output {
    match poll(future) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("still waiting"),
    }
}

/// A request's target, and whom to answer.
type Waiting = (String, oneshot::Sender<String>);

/// Requests that wait for their answers, and the targets of all.
#[derive(Clone, Default)]
struct Wire {
    waiting: Arc<Mutex<Vec<Waiting>>>,
    sent: Arc<Mutex<Vec<String>>>,
}

impl Wire {
    fn builder(&self, source: impl IntoTokenSource, clock: &ManualClock) -> CoreBuilder {
        let wire = self.clone();
        let http = http_send_fn(move |request: Request<Bytes>| {
            let target = request.uri().path_and_query().unwrap().to_string();
            let (sender, answer) = oneshot::channel();
            wire.sent.lock().unwrap().push(target.clone());
            wire.waiting.lock().unwrap().push((target, sender));
            async move { Ok(Response::new(Bytes::from(answer.await.unwrap()))) }
        });
        core_on(source, Arc::new(http), Arc::new(clock.clone()))
    }

    /// Answers all that wait for `path`, and says how many these were.
    fn answer(&self, path: &str, body: &str) -> usize {
        let mut waiting = self.waiting.lock().unwrap();
        let due = waiting.extract_if(.., |(target, to)| target.contains(path) && !to.is_closed());
        due.map(|(_, to)| to.send(body.to_owned()).unwrap()).count()
    }

    fn sent(&self, path: &str) -> usize {
        let sent = self.sent.lock().unwrap();
        sent.iter().filter(|target| target.contains(path)).count()
    }
}

fn core_on(source: impl IntoTokenSource, http: Arc<dyn HttpSend>, clock: Arc<dyn Clock>) -> CoreBuilder {
    Core::builder(APP_ID, source, http, clock, Arc::new(FixedEntropy::new()))
}

fn clock() -> ManualClock {
    ManualClock::at(1_700_000_000)
}

const TOKEN: &str = r#"{"access_token":"A","expires_in":7200}"#;
const TICKET: &str = r#"{"errcode":0,"errmsg":"ok","ticket":"T","expires_in":7200}"#;

/// `callers` in a hurry end one after the other before the answer of `path` is here; after that one is served.
fn hurry(wire: &Wire, core: &Core, path: &str, callers: usize) {
    let short = core.with_deadline(MOMENT);
    for _ in 0..callers {
        // The clock moves by itself, so that the time of each is over at once.
        assert_eq!(ends(pin!(consume(&short))).unwrap_err().kind(), ErrorKind::Deadline);
    }
    assert_eq!((wire.sent(path), wire.answer(path, TOKEN)), (1, 1), "one fetch for all");
    let mut call = pin!(consume(core));
    assert!(poll(call.as_mut()).is_pending());
    assert_eq!((wire.sent(path), wire.answer("access_token=A", OK)), (1, 1));
    ends(call).unwrap();
}

#[test]
fn callers_whose_time_is_shorter_than_a_fetch_are_served_by_one_fetch_at_last() {
    let (wire, clock) = (Wire::default(), clock());
    let core = wire.builder("secret", &clock).build();
    hurry(&wire, &core, "/stable_token", 500);
}

#[test]
fn callers_in_a_hurry_do_not_kill_each_others_classic_token() {
    let (wire, clock) = (Wire::default(), clock());
    let store = MemoryTokenStore::new(Arc::new(clock.clone()));
    let builder = wire.builder(ClassicToken::new("secret"), &clock);
    let core = builder.token_store(Arc::new(store)).build();
    hurry(&wire, &core, "/cgi-bin/token", 500);
}

#[test]
fn callers_who_come_and_go_all_the_time_leave_one_fetch_to_each_other() {
    let (wire, clock) = (Wire::default(), clock());
    let core = wire.builder("secret", &clock).build();
    let mut present = std::collections::VecDeque::new();
    for _ in 0..300 {
        present.push_back(Box::pin(consume(&core)));
        if present.len() > 10 {
            present.pop_front();
        }
        assert!(present.iter_mut().all(|call| poll(call.as_mut()).is_pending()));
        clock.advance(MOMENT);
    }
    assert_eq!(
        (wire.sent("/stable_token"), wire.answer("/stable_token", TOKEN)),
        (1, 1)
    );
    assert!(present.iter_mut().all(|call| poll(call.as_mut()).is_pending()));
    assert_eq!(wire.answer("access_token=A", OK), 10);
    for mut call in present {
        ends(call.as_mut()).unwrap();
    }
}

/// An account with a ticket that was fetched ten minutes ago.
fn holding_a_ticket() -> (Wire, ManualClock, Core) {
    let (wire, clock) = (Wire::default(), clock());
    let core = wire.builder("secret", &clock).build();
    {
        let mut first = pin!(card_ticket(&core));
        assert!(poll(first.as_mut()).is_pending());
        wire.answer("/stable_token", TOKEN);
        assert!(poll(first.as_mut()).is_pending());
        wire.answer("/getticket", TICKET);
        assert_eq!(ends(first).unwrap(), "T");
    }
    clock.advance(seconds(600));
    (wire, clock, core)
}

#[test]
fn refreshes_in_a_hurry_are_one_fetch_that_is_taken_at_last() {
    let (wire, _, core) = holding_a_ticket();
    let short = core.with_deadline(MOMENT);
    for _ in 0..100 {
        assert!(ends(pin!(short.refresh_card_ticket())).is_err());
    }
    assert_eq!(wire.sent("/getticket"), 2);
    assert_eq!(wire.answer("/getticket", &TICKET.replace("\"T\"", "\"U\"")), 1);
    assert_eq!(ends(pin!(short.refresh_card_ticket())).unwrap().secret().expose(), "U");
    assert_eq!(wire.sent("/getticket"), 2);
}

#[test]
fn callers_in_a_hurry_get_a_token_that_was_refused_and_is_given_again() {
    let (wire, clock) = (Wire::default(), clock());
    let core = wire.builder("secret", &clock).build();
    {
        let mut call = pin!(consume(&core));
        assert!(poll(call.as_mut()).is_pending());
        wire.answer("/stable_token", TOKEN);
        assert!(poll(call.as_mut()).is_pending());
        // For a moment the service refuses what it goes on giving.
        wire.answer("access_token=A", REFUSED);
        assert!(poll(call.as_mut()).is_pending());
    }
    let short = core.with_deadline(MOMENT);
    for _ in 0..100 {
        assert!(ends(pin!(consume(&short))).is_err());
    }
    assert_eq!(
        (wire.sent("/stable_token"), wire.answer("/stable_token", TOKEN)),
        (2, 1)
    );
    let mut call = pin!(consume(&core));
    assert!(poll(call.as_mut()).is_pending());
    assert_eq!(wire.sent("/stable_token"), 2, "it was fetched after the refusal");
    assert_eq!(wire.answer("access_token=A", OK), 1);
    ends(call).unwrap();
}

#[test]
fn callers_in_a_hurry_do_not_try_wrong_credentials_again_and_again() {
    let (wire, clock) = (Wire::default(), clock());
    let core = wire.builder("secret", &clock).build();
    let short = core.with_deadline(Duration::from_millis(1));
    assert!(ends(pin!(consume(&short))).is_err());
    wire.answer("/stable_token", r#"{"errcode":40125,"errmsg":"invalid appsecret"}"#);
    for _ in 0..100 {
        assert_eq!(ends(pin!(consume(&short))).unwrap_err().kind(), ErrorKind::Credential);
    }
    assert_eq!(wire.sent("/stable_token"), 1);
    clock.advance(seconds(60));
    assert_eq!(ends(pin!(consume(&short))).unwrap_err().kind(), ErrorKind::Deadline);
    assert_eq!(wire.sent("/stable_token"), 2, "after a minute they are");
}

#[test]
fn a_ticket_that_nobody_waits_for_any_longer_does_not_keep_calls_from_the_token() {
    let (wire, clock) = (Wire::default(), clock());
    let core = wire.builder("secret", &clock).build();
    assert!(poll(pin!(card_ticket(&core))).is_pending());
    let mut call = pin!(consume(&core));
    assert!(poll(call.as_mut()).is_pending());
    assert_eq!(
        (wire.sent("/stable_token"), wire.answer("/stable_token", TOKEN)),
        (1, 1)
    );
    assert!(poll(call.as_mut()).is_pending());
    assert_eq!(wire.answer("access_token=A", OK), 1);
    ends(call).unwrap();
}

#[test]
fn a_ticket_that_is_given_up_while_the_refused_token_is_replaced_keeps_calls_from_nothing() {
    let (wire, clock) = (Wire::default(), clock());
    let core = wire.builder("secret", &clock).build();
    {
        let mut ticket = pin!(card_ticket(&core));
        assert!(poll(ticket.as_mut()).is_pending());
        wire.answer("/stable_token", TOKEN);
        assert!(poll(ticket.as_mut()).is_pending());
        wire.answer("/getticket", REFUSED);
        assert!(poll(ticket.as_mut()).is_pending());
    }
    assert_eq!(wire.sent("/stable_token"), 2);
    let mut call = pin!(consume(&core));
    assert!(poll(call.as_mut()).is_pending());
    wire.answer("/stable_token", &TOKEN.replace("\"A\"", "\"B\""));
    assert!(poll(call.as_mut()).is_pending());
    assert_eq!(wire.answer("consume?access_token=B", OK), 1);
    ends(call).unwrap();
}

/// A platform that is slow to keep a refresh token.
#[derive(Debug)]
struct SlowPlatform {
    refresh_token: Mutex<String>,
    gate: Mutex<Option<oneshot::Receiver<()>>>,
}

#[async_trait]
impl Platform for SlowPlatform {
    fn app_id(&self) -> &str {
        "wx-platform"
    }

    async fn component_access_token(&self) -> Result<Secret, Error> {
        Ok(Secret::new("C"))
    }

    async fn refresh_token(&self, _: &str) -> Result<Secret, Error> {
        Ok(Secret::new(self.refresh_token.lock().unwrap().clone()))
    }

    async fn save_refresh_token(&self, _: &str, refresh_token: &Secret) -> Result<(), Error> {
        let gate = self.gate.lock().unwrap().take().unwrap();
        gate.await.unwrap();
        refresh_token
            .expose()
            .clone_into(&mut self.refresh_token.lock().unwrap());
        Ok(())
    }
}

#[test]
fn a_callers_deadline_does_not_lose_the_refresh_token_that_has_come() {
    let (opens, gate) = oneshot::channel();
    let platform = Arc::new(SlowPlatform {
        refresh_token: Mutex::new("old".to_owned()),
        gate: Mutex::new(Some(gate)),
    });
    let given = r#"{"authorizer_access_token":"A","expires_in":7200,"authorizer_refresh_token":"new"}"#;
    let source = AuthorizerToken::new(Arc::<SlowPlatform>::clone(&platform));
    let (builder, script, _) = builder_from(source, [given, OK].map(Reply::json));
    let core = builder.build();
    let error = ends(pin!(consume(&core.with_deadline(MOMENT)))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline);
    opens.send(()).unwrap();
    ends(pin!(consume(&core))).unwrap();
    assert_eq!(*platform.refresh_token.lock().unwrap(), "new");
    assert_eq!(script.sent().len(), 2);
}

/// A store whose leases can be slow or fail, and which counts how often it is looked into.
#[derive(Clone, Debug)]
struct Shelf {
    inner: MemoryTokenStore,
    gate: Arc<Mutex<Option<oneshot::Receiver<()>>>>,
    lease_fails: bool,
    loads: Arc<AtomicUsize>,
}

impl Shelf {
    fn new(clock: &ManualClock) -> Self {
        Self {
            inner: MemoryTokenStore::new(Arc::new(clock.clone())),
            gate: Arc::default(),
            lease_fails: false,
            loads: Arc::default(),
        }
    }

    /// Another process stores `B`.
    async fn put_b(&self, expires_in: Duration) {
        let lease = self.inner.lease(&key(), seconds(10)).await.unwrap().unwrap();
        let margin = seconds(300);
        let stored = StoredToken::new(
            "B".into(),
            lease.version(),
            expires_in.saturating_sub(margin),
            expires_in,
        );
        assert!(self.inner.save_if_newer(&key(), &stored).await.unwrap());
        self.inner.release(&key(), &lease).await.unwrap();
    }
}

fn key() -> TokenKey {
    TokenKey::new(APP_ID, TokenKind::AccessToken)
}

#[async_trait]
impl TokenStore for Shelf {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, StoreError> {
        self.loads.fetch_add(1, Ordering::Relaxed);
        self.inner.load(key).await
    }

    async fn save_if_newer(&self, key: &TokenKey, token: &StoredToken) -> Result<bool, StoreError> {
        self.inner.save_if_newer(key, token).await
    }

    async fn lease(&self, key: &TokenKey, ttl: Duration) -> Result<Option<StoreLease>, StoreError> {
        if self.lease_fails {
            return Err(StoreError::new("read only"));
        }
        let lease = self.inner.lease(key, ttl).await;
        let gate = self.gate.lock().unwrap().take();
        if let Some(gate) = gate {
            gate.await.unwrap();
        }
        lease
    }

    async fn release(&self, key: &TokenKey, lease: &StoreLease) -> Result<(), StoreError> {
        self.inner.release(key, lease).await
    }
}

#[test]
fn who_is_dropped_while_it_asks_for_the_lease_does_not_keep_its_own_process_waiting() {
    let (builder, _, clock) = builder_over([Reply::token("A"), Reply::json(OK)]);
    let shelf = Shelf::new(&clock);
    let (opens, gate) = oneshot::channel();
    *shelf.gate.lock().unwrap() = Some(gate);
    let core = builder.token_store(Arc::new(shelf)).build();
    assert!(poll(pin!(consume(&core))).is_pending());
    opens.send(()).unwrap();
    ends(pin!(consume(&core))).unwrap();
    assert!(clock.slept().is_empty(), "nobody has waited for a lease to end");
}

#[tokio::test]
async fn what_is_usable_in_the_store_serves_though_no_lease_is_to_be_had() {
    for policy in [WithoutStore::Fetch, WithoutStore::Fail] {
        let (builder, script, clock) = builder_over([Reply::json(OK), Reply::json(OK)]);
        let mut shelf = Shelf::new(&clock);
        shelf.put_b(seconds(200)).await;
        shelf.lease_fails = true;
        let sharing = SharingPolicy::default().without_store(policy);
        let core = builder.token_store(Arc::new(shelf.clone())).sharing(sharing).build();
        consume(&core).await.unwrap();
        consume(&core).await.unwrap();
        assert!(script.sent().iter().all(|sent| sent.target.ends_with("access_token=B")));
        assert_eq!(
            shelf.loads.load(Ordering::Relaxed),
            1,
            "it is left in peace for a while"
        );
    }
}

#[tokio::test]
async fn another_processs_token_is_taken_while_the_own_credentials_rest() {
    let wrong = || Reply::json(r#"{"errcode":40125,"errmsg":"invalid appsecret"}"#);
    let (builder, script, clock) = builder_over([wrong(), Reply::json(OK)]);
    let shelf = Shelf::new(&clock);
    let core = builder.token_store(Arc::new(shelf.clone())).build();
    for _ in 0..3 {
        assert_eq!(consume(&core).await.unwrap_err().kind(), ErrorKind::Credential);
    }
    assert_eq!(script.sent().len(), 1);
    shelf.put_b(seconds(7200)).await;
    consume(&core).await.unwrap();
    assert_eq!(script.left(), 0);
}

#[tokio::test]
async fn a_days_quota_that_is_used_up_rests_a_minute() {
    let (core, script, clock) = core_over([QUOTA, QUOTA].map(Reply::json));
    for _ in 0..100 {
        assert!(consume(&core).await.is_err());
        clock.advance(Duration::from_millis(590));
    }
    assert_eq!(script.sent().len(), 1);
    clock.advance(seconds(1));
    assert!(consume(&core).await.is_err());
    assert_eq!(script.sent().len(), 2);
}

#[tokio::test]
async fn no_policy_makes_a_process_panic_or_look_without_a_pause() {
    for policy in [
        SharingPolicy::default().lease(Duration::MAX).poll(Duration::MAX),
        SharingPolicy::default().lease(Duration::ZERO).poll(Duration::ZERO),
        SharingPolicy::default().lease(Duration::MAX).poll(Duration::ZERO),
    ] {
        let (builder, _, clock) = builder_over([Reply::token("A"), Reply::json(OK)]);
        let shelf = Shelf::new(&clock);
        assert!(shelf.inner.lease(&key(), seconds(1)).await.unwrap().is_some());
        let core = builder.token_store(Arc::new(shelf)).sharing(policy).build();
        consume(&core).await.unwrap();
        let slept = clock.slept();
        assert!(!slept.is_empty() && slept.iter().all(|wait| !wait.is_zero() && *wait <= seconds(15)));
    }
}

#[tokio::test]
async fn a_ticket_that_comes_again_right_after_its_end_serves_half_a_minute_once() {
    let (core, script, clock) = core_over([
        Reply::token("A"),
        Reply::ticket("T"),
        Reply::token("B"),
        Reply::ticket("T"),
        Reply::ticket("T"),
    ]);
    card_ticket(&core).await.unwrap();
    // The service counts from its answer, a moment later than the question.
    clock.advance(seconds(7200) + MOMENT);
    assert_eq!(
        core.card_ticket().await.unwrap().expires_at(),
        clock.now() + seconds(30)
    );
    clock.advance(seconds(30));
    assert_eq!(
        core.card_ticket().await.unwrap().expires_at(),
        clock.now() + seconds(7200)
    );
    assert_eq!(script.left(), 0);
}

#[tokio::test]
async fn pages_that_report_all_day_cost_one_more_fetch_of_a_good_ticket() {
    let mut replies = vec![Reply::token("A"), Reply::ticket("T")];
    replies.extend((0..100).map(|_| Reply::ticket("T")));
    let (core, script, clock) = core_over(replies);
    let is_fetch = |target: &str| target.contains("/getticket");
    card_ticket(&core).await.unwrap();
    for _ in 0..100 {
        clock.advance(seconds(61));
        core.invalidate_ticket(TicketKind::Card, SystemTime::UNIX_EPOCH + seconds(u32::MAX.into()));
        assert_eq!(card_ticket(&core).await.unwrap(), "T");
    }
    let fetches = script.sent().iter().filter(|sent| is_fetch(&sent.target)).count();
    assert!(fetches <= 3, "{fetches}");
}

#[tokio::test]
async fn a_report_never_stops_the_signing() {
    let (core, _, clock) = core_over([Reply::token("A"), Reply::ticket("T"), Reply::json(QUOTA)]);
    card_ticket(&core).await.unwrap();
    clock.advance(seconds(600));
    assert!(core.invalidate_ticket(TicketKind::Card, clock.now()));
    for _ in 0..3 {
        assert_eq!(card_ticket(&core).await.unwrap(), "T");
    }
}

#[tokio::test]
async fn a_ticket_that_dies_while_its_refresh_fails_is_not_given() {
    let clock = clock();
    let (moving, is_first) = (clock.clone(), AtomicBool::new(true));
    let http = http_send_fn(move |request: Request<Bytes>| {
        let answer = if !request.uri().path().ends_with("/getticket") {
            Ok(TOKEN)
        } else if is_first.swap(false, Ordering::Relaxed) {
            Ok(TICKET)
        } else {
            moving.advance(seconds(10));
            Err(SendError::new(SendErrorKind::Timeout))
        };
        async move { answer.map(|body| Response::new(Bytes::from(body))) }
    });
    let core = core_on("secret", Arc::new(http), Arc::new(clock.clone())).build();
    card_ticket(&core).await.unwrap();
    clock.advance(seconds(7195));
    assert_eq!(card_ticket(&core).await.unwrap_err().kind(), ErrorKind::Transport);
}

/// A clock that can be set back.
#[derive(Clone, Debug)]
struct Settable(Arc<Mutex<SystemTime>>);

#[async_trait]
impl Clock for Settable {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }

    async fn sleep(&self, duration: Duration) {
        *self.0.lock().unwrap() += duration;
    }
}

#[tokio::test]
async fn after_the_clock_was_set_back_not_every_call_tries_an_endpoint_that_fails() {
    let settable = Settable(Arc::new(Mutex::new(clock().now())));
    let fetches = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&fetches);
    let http = http_send_fn(move |request: Request<Bytes>| {
        let is_fetch = request.uri().path().ends_with("/stable_token");
        let body = match is_fetch.then(|| counter.fetch_add(1, Ordering::Relaxed)) {
            Some(0) => TOKEN,
            Some(_) => QUOTA,
            None => OK,
        };
        async move { Ok(Response::new(Bytes::from(body))) }
    });
    let core = core_on("secret", Arc::new(http), Arc::new(settable.clone())).build();
    consume(&core).await.unwrap();
    *settable.0.lock().unwrap() -= seconds(3600);
    for _ in 0..100 {
        consume(&core).await.unwrap();
    }
    assert_eq!(fetches.load(Ordering::Relaxed), 2);
}

#[test]
fn an_account_whose_last_handle_is_dropped_in_mid_fetch_leaves_nothing_behind() {
    let (wire, clock) = (Wire::default(), clock());
    let store = MemoryTokenStore::new(Arc::new(clock.clone()));
    for with_store in [false, true] {
        let mut builder = wire.builder("secret", &clock);
        if with_store {
            builder = builder.token_store(Arc::new(store.clone()));
        }
        let core = builder.build();
        let other = core.with_deadline(MOMENT);
        assert!(poll(pin!(consume(&core))).is_pending());
        assert!(poll(pin!(card_ticket(&core))).is_pending());
        let is_gone = || wire.waiting.lock().unwrap().last().unwrap().1.is_closed();
        drop(core);
        assert!(!is_gone(), "the other handle may want it");
        drop(other);
        assert!(is_gone(), "the transport's future was dropped");
    }
}
