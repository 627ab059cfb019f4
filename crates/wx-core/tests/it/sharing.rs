//! Several processes, one token: each core here is a process of its own.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::oneshot;
use wx_core::test_util::{FixedEntropy, ManualClock, Reply, Script};
use wx_core::{
    Call, Clock as _, Core, CoreBuilder, Error, ErrorKind, Event, Grant, MemoryTokenStore, Observer, Secret,
    SharingPolicy, StoreError, StoreLease, StoredToken, TokenKey, TokenKind, TokenStore, WithoutStore, http_send_fn,
    token_source_fn,
};

const APP_ID: &str = "wx0000000000000001";
const OK: &str = r#"{"errcode":0,"errmsg":"ok"}"#;
const REFUSED: &str = r#"{"errcode":40001,"errmsg":"invalid credential, access_token is invalid or not latest"}"#;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A store that can be switched off, and counts what it is asked.
#[derive(Clone, Debug)]
struct Shelf {
    inner: MemoryTokenStore,
    is_down: Arc<AtomicBool>,
    /// Only saving fails.
    is_full: Arc<AtomicBool>,
    asked: Arc<Mutex<Vec<&'static str>>>,
}

impl Shelf {
    fn new(clock: &ManualClock) -> Self {
        Self {
            inner: MemoryTokenStore::new(Arc::new(clock.clone())),
            is_down: Arc::default(),
            is_full: Arc::default(),
            asked: Arc::default(),
        }
    }

    fn go_down(&self, is_down: bool) {
        self.is_down.store(is_down, Ordering::Relaxed);
    }

    fn take_asked(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    fn ask(&self, what: &'static str) -> Result<(), StoreError> {
        self.asked.lock().unwrap().push(what);
        let fails = self.is_down.load(Ordering::Relaxed) || (what == "save" && self.is_full.load(Ordering::Relaxed));
        if fails {
            Err(StoreError::new("no connection"))
        } else {
            Ok(())
        }
    }
}

#[async_trait]
impl TokenStore for Shelf {
    async fn load(&self, key: &TokenKey) -> Result<Option<StoredToken>, StoreError> {
        self.ask("load")?;
        self.inner.load(key).await
    }

    async fn save_if_newer(&self, key: &TokenKey, token: &StoredToken) -> Result<bool, StoreError> {
        self.ask("save")?;
        self.inner.save_if_newer(key, token).await
    }

    async fn lease(&self, key: &TokenKey, ttl: Duration) -> Result<Option<StoreLease>, StoreError> {
        self.ask("lease")?;
        self.inner.lease(key, ttl).await
    }

    async fn release(&self, key: &TokenKey, lease: &StoreLease) -> Result<(), StoreError> {
        self.ask("release")?;
        self.inner.release(key, lease).await
    }
}

/// A fleet: processes that share a service, a clock and a store.
struct Fleet {
    script: Script,
    clock: ManualClock,
    shelf: Shelf,
}

impl Fleet {
    fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        let clock = ManualClock::at(1_700_000_000);
        Self {
            script: Script::new(replies),
            shelf: Shelf::new(&clock),
            clock,
        }
    }

    fn builder(&self) -> CoreBuilder {
        self.builder_at(&self.clock)
    }

    fn builder_at(&self, clock: &ManualClock) -> CoreBuilder {
        Core::builder(
            APP_ID,
            "the-app-secret",
            Arc::new(self.script.clone()),
            Arc::new(clock.clone()),
            Arc::new(FixedEntropy::new()),
        )
        .token_store(Arc::new(self.shelf.clone()))
    }

    fn process(&self) -> Core {
        self.builder().build()
    }

    /// What was sent, one word a request.
    fn sent(&self) -> Vec<String> {
        let word = |target: String| {
            let token = target.split("access_token=").nth(1).unwrap_or("-").to_owned();
            let path = target.split('?').next().unwrap_or_default();
            format!("{} {token}", path.rsplit('/').next().unwrap_or_default())
        };
        self.script.sent().into_iter().map(|sent| word(sent.target)).collect()
    }
}

async fn consume(core: &Core) -> Result<(), Error> {
    let call = Call::post("/card/code/consume", r#"{"code":"1"}"#);
    core.call(&call).await.map(|_| ())
}

fn key(kind: TokenKind) -> TokenKey {
    TokenKey::new(APP_ID, kind)
}

#[tokio::test]
async fn the_second_process_takes_what_the_first_has_fetched() {
    let fleet = Fleet::new([Reply::token("A"), Reply::json(OK), Reply::json(OK), Reply::json(OK)]);
    let (one, other) = (fleet.process(), fleet.process());
    consume(&one).await.unwrap();
    consume(&other).await.unwrap();
    assert_eq!(
        fleet.shelf.take_asked(),
        ["load", "lease", "load", "save", "release", "load"]
    );
    consume(&other).await.unwrap();
    assert!(fleet.shelf.take_asked().is_empty(), "what is fresh needs no store");
    assert_eq!(fleet.sent(), ["stable_token -", "consume A", "consume A", "consume A"]);
}

#[tokio::test]
async fn tickets_are_shared_too_and_apart() {
    let fleet = Fleet::new([Reply::token("A"), Reply::ticket("card"), Reply::ticket("page")]);
    for process in [fleet.process(), fleet.process()] {
        assert_eq!(process.card_ticket().await.unwrap().secret().expose(), "card");
        assert_eq!(process.jsapi_ticket().await.unwrap().secret().expose(), "page");
    }
    assert_eq!(fleet.script.left(), 0);
}

#[tokio::test]
async fn of_two_processes_that_were_refused_one_fetches() {
    let mut replies = vec![Reply::token("A"), Reply::json(OK), Reply::json(OK)];
    replies.extend([Reply::json(REFUSED), Reply::token("B"), Reply::json(OK)]);
    replies.extend([Reply::json(REFUSED), Reply::json(OK)]);
    let fleet = Fleet::new(replies);
    let (one, other) = (fleet.process(), fleet.process());
    for process in [&one, &other, &one, &other] {
        consume(process).await.unwrap();
    }
    assert_eq!(
        fleet.sent()[3..],
        ["consume A", "stable_token -", "consume B", "consume A", "consume B"]
    );
}

#[tokio::test]
async fn a_token_that_is_refused_is_not_tried_again_because_another_has_fetched_it_since() {
    // The store forgets, the other process is given A again under a later version, and only then A dies.
    let mut replies = vec![Reply::token("A"), Reply::json(OK)];
    replies.extend([Reply::json(REFUSED), Reply::token("B"), Reply::json(OK)]);
    let fleet = Fleet::new(replies);
    let process = fleet.process();
    consume(&process).await.unwrap();
    let key = key(TokenKind::AccessToken);
    let lease = fleet.shelf.inner.lease(&key, seconds(10)).await.unwrap().unwrap();
    let again = StoredToken::new("A".into(), lease.version(), seconds(6900), seconds(7200));
    assert!(fleet.shelf.inner.save_if_newer(&key, &again).await.unwrap());
    fleet.shelf.inner.release(&key, &lease).await.unwrap();
    consume(&process).await.unwrap();
    assert_eq!(fleet.sent()[2..], ["consume A", "stable_token -", "consume B"]);
}

#[tokio::test]
async fn while_another_refreshes_the_usable_one_goes_on_and_the_store_is_left_in_peace() {
    let fleet = Fleet::new([Reply::token("A"), Reply::json(OK), Reply::json(OK), Reply::json(OK)]);
    let process = fleet.process();
    consume(&process).await.unwrap();
    fleet.clock.advance(seconds(7100));
    let lease = fleet.shelf.inner.lease(&key(TokenKind::AccessToken), seconds(10)).await;
    assert!(lease.unwrap().is_some());
    fleet.shelf.take_asked();
    consume(&process).await.unwrap();
    consume(&process).await.unwrap();
    assert_eq!(fleet.shelf.take_asked(), ["load", "lease"]);
    assert!(fleet.clock.slept().is_empty());
    assert_eq!(fleet.script.left(), 0);
}

/// A clock on which another process, which holds the lease, is done after half a second.
#[derive(Debug)]
struct MeanwhileSaved {
    clock: ManualClock,
    shelf: Shelf,
    token: StoredToken,
}

#[async_trait]
impl wx_core::Clock for MeanwhileSaved {
    fn now(&self) -> std::time::SystemTime {
        self.clock.now()
    }

    async fn sleep(&self, duration: Duration) {
        self.clock.sleep(duration).await;
        if self.clock.slept().iter().sum::<Duration>() >= Duration::from_millis(500) {
            let key = key(TokenKind::AccessToken);
            self.shelf.inner.save_if_newer(&key, &self.token).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_process_without_any_waits_for_the_one_that_fetches() {
    let fleet = Fleet::new([Reply::json(OK)]);
    let lease = fleet.shelf.inner.lease(&key(TokenKind::AccessToken), seconds(10)).await;
    let clock = MeanwhileSaved {
        clock: fleet.clock.clone(),
        shelf: fleet.shelf.clone(),
        token: StoredToken::new(
            "A".into(),
            lease.unwrap().unwrap().version(),
            seconds(100),
            seconds(200),
        ),
    };
    let process = fleet.builder().clock(Arc::new(clock)).build();
    consume(&process).await.unwrap();
    assert_eq!(fleet.sent(), ["consume A"]);
    let waited: Duration = fleet.clock.slept().iter().sum();
    assert!(waited < Duration::from_millis(600), "{waited:?}");
}

#[tokio::test]
async fn a_token_that_is_given_again_to_the_one_who_fetches_is_taken_by_those_who_wait() {
    // The service refuses A for a moment, and gives A again.
    let mut replies = vec![Reply::token("A"), Reply::json(OK)];
    replies.extend([Reply::json(REFUSED), Reply::json(OK)]);
    let fleet = Fleet::new(replies);
    let clock = MeanwhileSaved {
        clock: fleet.clock.clone(),
        shelf: fleet.shelf.clone(),
        token: StoredToken::new("A".into(), u64::MAX, seconds(6900), seconds(7200)),
    };
    let process = fleet.builder().clock(Arc::new(clock)).build();
    consume(&process).await.unwrap();
    let lease = fleet.shelf.inner.lease(&key(TokenKind::AccessToken), seconds(10)).await;
    assert!(lease.unwrap().is_some());
    consume(&process).await.unwrap();
    assert_eq!(fleet.sent()[2..], ["consume A", "consume A"]);
}

#[tokio::test]
async fn a_lease_that_is_taken_again_and_again_without_a_token_ends_as_if_the_store_failed() {
    /// A store whose lease is never to be had.
    #[derive(Debug)]
    struct Stingy;

    #[async_trait]
    impl TokenStore for Stingy {
        async fn load(&self, _: &TokenKey) -> Result<Option<StoredToken>, StoreError> {
            Ok(None)
        }
        async fn save_if_newer(&self, _: &TokenKey, _: &StoredToken) -> Result<bool, StoreError> {
            Ok(false)
        }
        async fn lease(&self, _: &TokenKey, _: Duration) -> Result<Option<StoreLease>, StoreError> {
            Ok(None)
        }
        async fn release(&self, _: &TokenKey, _: &StoreLease) -> Result<(), StoreError> {
            Ok(())
        }
    }

    let fleet = Fleet::new([Reply::token("A"), Reply::json(OK)]);
    let process = fleet.builder().token_store(Arc::new(Stingy)).build();
    consume(&process).await.unwrap();
    let waited: Duration = fleet.clock.slept().iter().sum();
    assert!(seconds(20) <= waited && waited < seconds(21), "{waited:?}");
}

#[tokio::test]
async fn after_the_lease_of_a_dead_process_another_fetches() {
    let fleet = Fleet::new([Reply::token("A"), Reply::json(OK)]);
    let lease = fleet.shelf.inner.lease(&key(TokenKind::AccessToken), seconds(10)).await;
    assert!(lease.unwrap().is_some());
    let before = fleet.clock.now();
    consume(&fleet.process()).await.unwrap();
    let waited = fleet.clock.now().duration_since(before).unwrap();
    assert!(seconds(10) <= waited && waited < seconds(11), "{waited:?}");
    assert!(
        fleet
            .clock
            .slept()
            .iter()
            .all(|wait| *wait <= Duration::from_millis(75))
    );
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_leader_that_is_dropped_leaves_its_fetch_and_its_lease_to_the_next_of_its_process() {
    let fleet = Fleet::new([Reply::json(OK)]);
    let (sender, receiver) = oneshot::channel::<()>();
    let gate = Arc::new(Mutex::new(Some(receiver)));
    let source = token_source_fn(move |_| {
        let gate = gate.lock().unwrap().take();
        async move {
            if let Some(gate) = gate {
                gate.await.ok();
            }
            Ok(Grant::new("A", seconds(7200)))
        }
    });
    let process = Core::builder(
        APP_ID,
        source,
        Arc::new(fleet.script.clone()),
        Arc::new(fleet.clock.clone()),
        Arc::new(FixedEntropy::new()),
    )
    .token_store(Arc::new(fleet.shelf.clone()))
    .build();
    {
        let mut leader = pin!(consume(&process));
        assert!(poll(leader.as_mut()).is_pending());
    }
    sender.send(()).unwrap();
    assert!(poll(pin!(consume(&process))).is_ready());
    assert!(
        fleet.clock.slept().is_empty(),
        "it did not wait for the end of the lease"
    );
    assert_eq!(fleet.shelf.take_asked(), ["load", "lease", "load", "save", "release"]);
}

#[tokio::test]
async fn without_the_store_a_process_fetches_once_for_itself() {
    let fleet = Fleet::new([Reply::token("A"), Reply::json(OK), Reply::json(OK)]);
    fleet.shelf.go_down(true);
    let process = fleet.process();
    consume(&process).await.unwrap();
    consume(&process).await.unwrap();
    assert_eq!(fleet.sent(), ["stable_token -", "consume A", "consume A"]);
    assert_eq!(fleet.shelf.take_asked(), ["load"]);
}

#[tokio::test]
async fn without_the_store_a_process_fails_if_that_is_what_it_was_told() {
    let fleet = Fleet::new([Reply::token("A"), Reply::json(OK)]);
    fleet.shelf.go_down(true);
    let policy = SharingPolicy::default().without_store(WithoutStore::Fail);
    let process = fleet.builder().sharing(policy).build();
    let error = consume(&process).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::TokenStore, 0));
    assert!(!error.may_have_run() && error.is_retryable());
    assert_eq!(
        error.to_string(),
        "access_token: there is none, and the token store failed"
    );
    assert!(fleet.sent().is_empty());
    fleet.shelf.go_down(false);
    consume(&process).await.unwrap();
}

#[tokio::test]
async fn while_one_serves_nobody_fetches_behind_the_others_backs() {
    let fleet = Fleet::new([Reply::token("A"), Reply::json(OK), Reply::json(OK), Reply::json(OK)]);
    let process = fleet.process();
    consume(&process).await.unwrap();
    fleet.shelf.go_down(true);
    fleet.clock.advance(seconds(7100));
    fleet.shelf.take_asked();
    consume(&process).await.unwrap();
    consume(&process).await.unwrap();
    assert_eq!(
        fleet.shelf.take_asked(),
        ["load"],
        "the store is left in peace for a while"
    );
    assert_eq!(fleet.script.left(), 0);
}

#[tokio::test]
async fn a_store_that_comes_back_is_used_again() {
    let fleet = Fleet::new([Reply::token("A"), Reply::json(OK), Reply::token("B"), Reply::json(OK)]);
    fleet.shelf.go_down(true);
    let process = fleet.process();
    consume(&process).await.unwrap();
    fleet.shelf.go_down(false);
    fleet.clock.advance(seconds(7200));
    fleet.shelf.take_asked();
    consume(&process).await.unwrap();
    assert_eq!(fleet.shelf.take_asked(), ["load", "lease", "load", "save", "release"]);
}

#[tokio::test]
async fn what_cannot_be_saved_serves_its_own_process() {
    let fleet = Fleet::new([Reply::token("A"), Reply::json(OK), Reply::json(OK)]);
    fleet.shelf.is_full.store(true, Ordering::Relaxed);
    let process = fleet.process();
    consume(&process).await.unwrap();
    consume(&process).await.unwrap();
    assert_eq!(fleet.script.left(), 0);
}

#[tokio::test]
async fn who_was_slow_and_finds_a_newer_one_saved_takes_that() {
    let fleet = Fleet::new([Reply::json(OK)]);
    let shelf = fleet.shelf.clone();
    let source = token_source_fn(move |_| {
        let shelf = shelf.clone();
        async move {
            let newer = StoredToken::new("newer".into(), 1 << 52, seconds(100), seconds(200));
            let key = key(TokenKind::AccessToken);
            assert!(shelf.inner.save_if_newer(&key, &newer).await.unwrap());
            Ok(Grant::new("slow", seconds(7200)))
        }
    });
    let process = Core::builder(
        APP_ID,
        source,
        Arc::new(fleet.script.clone()),
        Arc::new(fleet.clock.clone()),
        Arc::new(FixedEntropy::new()),
    )
    .token_store(Arc::new(fleet.shelf.clone()))
    .build();
    consume(&process).await.unwrap();
    assert_eq!(fleet.sent(), ["consume newer"]);
}

#[tokio::test]
async fn a_ticket_that_is_given_again_keeps_the_end_that_the_fleet_knows() {
    let fleet = Fleet::new([Reply::token("A"), Reply::ticket("T"), Reply::ticket("T")]);
    let (one, other) = (fleet.process(), fleet.process());
    let end = one.card_ticket().await.unwrap().expires_at();
    fleet.clock.advance(seconds(3600));
    assert_eq!(other.refresh_card_ticket().await.unwrap().expires_at(), end);
    assert_eq!(
        one.refresh_card_ticket().await.unwrap().expires_at(),
        end,
        "from the store"
    );
    assert_eq!(fleet.script.left(), 0);
}

#[tokio::test]
async fn a_forced_refresh_looks_past_what_is_stored() {
    let fleet = Fleet::new([Reply::token("A"), Reply::ticket("one"), Reply::ticket("two")]);
    let process = fleet.process();
    assert_eq!(process.card_ticket().await.unwrap().secret().expose(), "one");
    assert_eq!(process.refresh_card_ticket().await.unwrap().secret().expose(), "two");
    assert_eq!(fleet.process().card_ticket().await.unwrap().secret().expose(), "two");
}

#[tokio::test]
async fn clocks_that_disagree_agree_on_the_end_of_a_token() {
    let fleet = Fleet::new([Reply::token("A"), Reply::json(OK), Reply::json(OK), Reply::json(OK)]);
    consume(&fleet.process()).await.unwrap();
    for moment in [1_700_000_000 - 86_400, 1_700_000_000 + 86_400] {
        let process = fleet.builder_at(&ManualClock::at(moment)).build();
        consume(&process).await.unwrap();
    }
    assert_eq!(fleet.script.left(), 0);
}

#[tokio::test]
async fn an_empty_value_in_the_store_is_none() {
    let fleet = Fleet::new([Reply::token("A"), Reply::json(OK)]);
    let empty = StoredToken::new(Secret::new(""), 0, seconds(100), seconds(200));
    let key = key(TokenKind::AccessToken);
    fleet.shelf.inner.save_if_newer(&key, &empty).await.unwrap();
    consume(&fleet.process()).await.unwrap();
    assert_eq!(fleet.sent(), ["stable_token -", "consume A"]);
}

#[tokio::test]
async fn a_failed_fetch_gives_the_lease_back() {
    let credential = Reply::json(r#"{"errcode":40013,"errmsg":"invalid appid"}"#);
    let fleet = Fleet::new([credential, Reply::token("A"), Reply::json(OK)]);
    let error = consume(&fleet.process()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credential);
    consume(&fleet.process()).await.unwrap();
    assert!(fleet.clock.slept().is_empty());
}

#[tokio::test]
async fn a_failed_fetch_leaves_the_usable_one_of_the_store() {
    let credential = Reply::json(r#"{"errcode":40013,"errmsg":"invalid appid"}"#);
    let fleet = Fleet::new([Reply::token("A"), Reply::json(OK), credential, Reply::json(OK)]);
    consume(&fleet.process()).await.unwrap();
    fleet.clock.advance(seconds(7100));
    consume(&fleet.process()).await.unwrap();
    assert_eq!(fleet.sent().last().unwrap(), "consume A");
}

/// A clock on which only the deadline comes.
#[derive(Debug)]
struct OnlyDeadlines(ManualClock);

const DEADLINE: Duration = Duration::from_secs(3);

#[async_trait]
impl wx_core::Clock for OnlyDeadlines {
    fn now(&self) -> std::time::SystemTime {
        self.0.now()
    }

    async fn sleep(&self, duration: Duration) {
        if duration != DEADLINE {
            std::future::pending::<()>().await;
        }
    }
}

#[tokio::test]
async fn waiting_for_another_process_ends_with_the_deadline() {
    let fleet = Fleet::new([]);
    let lease = fleet.shelf.inner.lease(&key(TokenKind::AccessToken), seconds(10)).await;
    assert!(lease.unwrap().is_some());
    let clock = Arc::new(OnlyDeadlines(fleet.clock.clone()));
    let process = fleet.builder().clock(clock).build().with_deadline(DEADLINE);
    let error = consume(&process).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Deadline, 0));
    assert!(!error.may_have_run());
}

/// Counts failures of the store.
#[derive(Clone, Debug, Default)]
struct Watch(Arc<Mutex<Vec<String>>>);

impl Observer for Watch {
    fn observe(&self, event: &Event<'_>) {
        if let Event::Store { what, error, .. } = event {
            self.0.lock().unwrap().push(format!("{}: {error}", what.as_str()));
        }
    }
}

#[tokio::test]
async fn failures_of_the_store_are_told() {
    let fleet = Fleet::new([Reply::token("A"), Reply::json(OK)]);
    fleet.shelf.go_down(true);
    let watch = Watch::default();
    let process = fleet.builder().observer(Arc::new(watch.clone())).build();
    consume(&process).await.unwrap();
    assert_eq!(*watch.0.lock().unwrap(), ["access_token: the token store failed"]);
}

#[tokio::test]
async fn a_refusal_of_long_ago_forces_nothing() {
    let mut replies = vec![Reply::token("A"), Reply::json(OK), Reply::json(OK)];
    // Each is refused, gets A again and is refused again; then one forces B, and the other takes it.
    for _ in 0..2 {
        replies.extend([Reply::json(REFUSED), Reply::token("A"), Reply::json(REFUSED)]);
    }
    replies.extend([Reply::token("B"), Reply::json(OK), Reply::json(OK)]);
    replies.extend([Reply::token("C"), Reply::json(OK)]);
    let fleet = Fleet::new(replies);
    let (one, other) = (fleet.process(), fleet.process());
    consume(&one).await.unwrap();
    consume(&other).await.unwrap();
    consume(&one).await.unwrap_err();
    consume(&other).await.unwrap_err();
    consume(&one).await.unwrap();
    consume(&other).await.unwrap();
    fleet.clock.advance(seconds(7200));
    consume(&other).await.unwrap();
    let is_forced = |body: &String| body.contains("force_refresh");
    let forced = fleet.script.sent().into_iter().map(|sent| sent.body).filter(is_forced);
    assert_eq!(forced.count(), 1);
}

#[tokio::test]
async fn a_token_that_was_loaded_again_while_a_call_was_under_way_is_dropped_when_that_is_refused() {
    let clock = ManualClock::at(1_700_000_000);
    // The store's clock does not jump with that of the process.
    let store = MemoryTokenStore::new(Arc::new(ManualClock::at(1_700_000_000)));
    let (end, held) = oneshot::channel::<()>();
    let held = Arc::new(Mutex::new(Some(held)));
    let tokens = Arc::new(Mutex::new(vec!["B", "A"]));
    let http = http_send_fn(move |request: http::Request<bytes::Bytes>| {
        let target = request.uri().to_string();
        let is_slow = target.contains("/slow") && target.contains("access_token=A");
        let held = held.lock().unwrap().take_if(|_| is_slow);
        let token = target
            .contains("stable_token")
            .then(|| tokens.lock().unwrap().pop().unwrap());
        async move {
            if let Some(held) = held {
                held.await.unwrap();
            }
            let body = match token {
                Some(token) => format!(r#"{{"access_token":"{token}","expires_in":7200}}"#),
                None if is_slow => REFUSED.to_owned(),
                None => OK.to_owned(),
            };
            Ok(http::Response::new(body.into()))
        }
    });
    let process = Core::builder(
        APP_ID,
        "the-app-secret",
        Arc::new(http),
        Arc::new(clock.clone()),
        Arc::new(FixedEntropy::new()),
    )
    .token_store(Arc::new(store))
    .build();
    let slow = Call::get("/slow");
    let mut slow = pin!(process.call(&slow));
    assert!(poll(slow.as_mut()).is_pending());
    clock.advance(seconds(7000));
    process.call(&Call::get("/quick")).await.unwrap();
    end.send(()).unwrap();
    slow.await.unwrap();
}
