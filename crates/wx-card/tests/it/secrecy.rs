//! No secret in anything that can be printed, whatever is called and whatever goes wrong.
//!
//! The secrets are those of the sandbox: the app secret, and every token and ticket that it issued. They are looked for
//! in what clients, requests, answers, outcomes, errors, events, panics and logs at TRACE show.

use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::fmt;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::TryStreamExt as _;
use serde_json::{Value, json};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use wx_card::core::{ClassicToken, Error, Event, Observer, RetryPolicy, StableToken, TokenSource};
use wx_card::types::sign::{AddCard, ChooseCard};
use wx_card::types::{Cash, ConsumeCode, CreateCard, Fen, GetCode};
use wx_card::{CardClient, CreateOutcome, Redemption, StockOutcome};

use crate::base_info;
use crate::matrix::CASES;
use crate::matrix_world::{APP_SECRET, Held, OPERATIONS, World, debug};

/// As much of a secret as nobody writes by chance.
const PIECE: usize = 16;

/// The log, and what was told to the observer. Clones share it.
#[derive(Clone, Default)]
struct Log {
    bytes: Arc<Mutex<Vec<u8>>>,
    unwrapped: Arc<Mutex<BTreeSet<String>>>,
}

impl Log {
    /// What was logged since the last time.
    fn taken(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.bytes.lock().unwrap())).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.bytes.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Log")
    }
}

impl Observer for Log {
    fn observe(&self, event: &Event<'_>) {
        let shown = debug(event);
        self.bytes.lock().unwrap().extend_from_slice(shown.as_bytes());
    }
}

/// All that can be printed of a run, piece by piece with what it is.
#[derive(Default)]
struct Shown {
    pieces: Vec<(&'static str, String)>,
    /// The sorts of errors that were unwrapped; more than one panic for each would only flood the output.
    unwrapped: Arc<Mutex<BTreeSet<String>>>,
}

impl Shown {
    fn add(&mut self, what: &'static str, text: impl Into<String>) {
        self.pieces.push((what, text.into()));
    }

    /// Every link of the chain, and what a panic over it says.
    fn add_error(&mut self, error: &Error) {
        let mut link: Option<&dyn StdError> = Some(error);
        while let Some(shown) = link {
            self.add("an error", format!("{shown} {shown:#} {shown:?} {shown:#?}"));
            link = shown.source();
        }
        let sort = format!("{:?} {:?}", error.kind(), error.errcode());
        if !self.unwrapped.lock().unwrap().insert(sort) {
            return;
        }
        self.add("a panic", panic_over(Err(error.clone())));
    }

    fn add_outcome<T: fmt::Debug>(&mut self, what: &'static str, result: &Result<T, Error>) {
        match result {
            Ok(outcome) => self.add(what, debug(outcome)),
            Err(error) => self.add_error(error),
        }
    }

    /// Looks for `secrets`, whole and in part.
    fn assert_silent(&self, secrets: &BTreeSet<String>, rules: &[Value]) {
        for secret in secrets {
            let half = secret.len() / 2;
            let pieces = [
                &secret[..PIECE],
                &secret[half..half + PIECE],
                &secret[secret.len() - PIECE..],
            ];
            for (what, text) in &self.pieces {
                for piece in pieces {
                    assert!(
                        !text.contains(piece),
                        "{what} shows {piece} of {secret} under {rules:?}: {text}"
                    );
                }
            }
        }
    }
}

/// What the message of a panic says when somebody unwraps.
fn panic_over(result: Result<(), Error>) -> String {
    let payload = catch_unwind(AssertUnwindSafe(|| result.unwrap())).unwrap_err();
    payload.downcast_ref::<String>().unwrap().clone()
}

/// One run: a world of its own in which things go wrong, and whatever can be printed of it.
struct Scene {
    world: World,
    client: CardClient,
    log: Log,
    shown: Shown,
    rules: Vec<Value>,
}

impl Scene {
    async fn new(log: &Log, source: Arc<dyn TokenSource>, rules: Vec<Value>) -> Self {
        let mut world = World::new(7).await;
        world.wire.repeats_secrets = true;
        let builder = world
            .client_from(source)
            .retry(RetryPolicy::default())
            .observer(log.clone());
        let mut shown = Shown {
            unwrapped: Arc::clone(&log.unwrapped),
            ..Shown::default()
        };
        shown.add("a builder", debug(&builder));
        let client = builder.build();
        world.go_wrong(7, &rules);
        Self {
            world,
            client,
            log: log.clone(),
            shown,
            rules,
        }
    }

    /// Fills every cache of the client, then looks at all that was shown.
    async fn end(mut self) {
        self.shown.add("a client", debug(&self.client));
        self.world.go_wrong(0, &[]);
        // Credentials that were wrong are not tried again for a minute.
        self.world.clock.advance(Duration::from_secs(61));
        let ticket = self.client.card_ticket().await.unwrap();
        self.shown.add("a ticket", debug(&ticket));
        let refreshed = self.client.refresh_card_ticket().await.unwrap();
        self.shown.add("a ticket", debug(&refreshed));
        let of_page = self.client.jsapi_ticket().await.unwrap();
        self.shown.add("a ticket", debug(&of_page));
        self.shown.add("a full client", debug(&self.client));
        self.shown.add("a full core", debug(self.client.core()));
        let bounded = self.client.with_deadline(Duration::from_secs(3));
        self.shown.add("a bounded client", debug(&bounded));
        self.shown.add("the sandbox", debug(&self.world.sandbox));
        let log = self.log.taken();
        assert!(log.contains("wx_call{operation="), "the log was captured: {log}");
        self.shown.add("the log", log);
        let secrets = self.world.wire.secrets();
        // They are those that the client has; the fourth at least is a token.
        let has = |secret| secrets.contains(secret);
        assert!(has(APP_SECRET) && has(ticket.secret().expose()) && has(of_page.secret().expose()));
        assert!(secrets.iter().any(|secret| secret.starts_with("60_")), "{secrets:?}");
        self.shown.assert_silent(&secrets, &self.rules);
    }
}

/// A log of everything, for as long as what is returned lives.
fn log_all() -> (Log, impl Sized) {
    // With one subscriber alone, threads without it would switch log lines off for this one too.
    let another = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(log.clone())
        .finish();
    (log, (tracing::subscriber::set_default(subscriber), another))
}

fn stable() -> Arc<dyn TokenSource> {
    Arc::new(StableToken::new(APP_SECRET))
}

fn classic() -> Arc<dyn TokenSource> {
    Arc::new(ClassicToken::new(APP_SECRET))
}

#[tokio::test]
async fn no_operation_shows_a_secret_under_any_fault() {
    let (log, _guard) = log_all();
    for operation in OPERATIONS {
        for case in CASES {
            let rules = vec![case.rule(operation.path, &json!({"times": 2}))];
            let mut scene = Scene::new(&log, stable(), rules).await;
            let called = operation.call(&scene.client, &scene.world.held).await;
            scene.shown.add("a request", called.request);
            scene.shown.add_outcome("an answer", &called.result);
            scene.end().await;
        }
    }
}

#[tokio::test]
async fn no_flow_shows_a_secret_wherever_a_fault_meets_it() {
    let (log, _guard) = log_all();
    for case in CASES {
        for skip in 0..4 {
            let rules = vec![case.rule("*", &json!({"skip": skip, "times": 3}))];
            for flow in 0..7 {
                let source = if skip % 2 == 0 { stable() } else { classic() };
                let mut scene = Scene::new(&log, source, rules.clone()).await;
                let Scene {
                    client, world, shown, ..
                } = &mut scene;
                play(flow, client, &world.held, shown).await;
                scene.end().await;
            }
        }
    }
}

/// Plays one of the flows, and shows what came of it.
async fn play(flow: usize, client: &CardClient, held: &Held, shown: &mut Shown) {
    match flow {
        0 => redeem(client, held, true, shown).await,
        1 => redeem(client, held, false, shown).await,
        2 => set_stock(client, held, shown).await,
        3 => create_once(client, shown).await,
        4 => look(client, held, shown).await,
        5 => sign(client, held, shown).await,
        _ => {
            let hasty = client.with_deadline(Duration::from_millis(50));
            let result = hasty.call("/card/get", &json!({"card_id": held.card_id})).await;
            shown.add_outcome("a raw answer", &result);
            let result = hasty.call("/card/none?a=b c", &json!({})).await;
            shown.add_outcome("a raw answer", &result);
        }
    }
}

async fn redeem(client: &CardClient, held: &Held, query_first: bool, shown: &mut Shown) {
    let flow = client.redeem(&ConsumeCode::new(&held.code)).query_first(query_first);
    shown.add("a redeem", debug(&flow));
    let result = flow.await;
    shown.add_outcome("a redemption", &result);
    match &result {
        Ok(Redemption::Unknown { error, .. }) => shown.add_error(error),
        Ok(Redemption::AlreadyRedeemed { error, .. } | Redemption::Refused { error, .. }) => {
            error.iter().for_each(|error| shown.add_error(error));
        }
        _ => {}
    }
}

async fn set_stock(client: &CardClient, held: &Held, shown: &mut Shown) {
    let result = client.modify_stock_to(&held.card_id, 77).await;
    shown.add_outcome("a stock", &result);
    if let Ok(StockOutcome::Unknown { error, .. }) = &result {
        shown.add_error(error);
    }
}

async fn create_once(client: &CardClient, shown: &mut Shown) {
    let request = CreateCard::new(Cash::new(base_info(3), Fen::from_yuan(3)));
    let flow = client.create_card_once(&request).list_first(true);
    shown.add("a creation", debug(&flow));
    let result = flow.await;
    shown.add_outcome("a created card", &result);
    if let Ok(CreateOutcome::FoundLikely { error, .. } | CreateOutcome::Unknown { error, .. }) = &result {
        shown.add_error(error);
    }
}

async fn look(client: &CardClient, held: &Held, shown: &mut Shown) {
    let state = client.code_state(&GetCode::new(&held.code)).await;
    shown.add_outcome("the state of a code", &state);
    let listed: Result<Vec<_>, Error> = client.list_cards(&[]).try_collect().await;
    shown.add_outcome("a list", &listed);
}

async fn sign(client: &CardClient, held: &Held, shown: &mut Shown) {
    let (card, choice) = (AddCard::new(&held.card_id), ChooseCard::new(client.app_id()));
    shown.add("what to sign", debug(&(&card, &choice)));
    shown.add_outcome("a signed card", &client.sign_add_card(&card).await);
    shown.add_outcome("a signed choice", &client.sign_choose_card(&choice).await);
    shown.add_outcome(
        "a signed page",
        &client.sign_js_config("https://shop.example/card").await,
    );
    shown.add_outcome("signed values", &client.sign_values(&["a", "b"]).await);
    // Whoever signs nothing gets an error, which must not show the text with the ticket in it.
    shown.add_outcome("a signed card", &client.sign_add_card(&AddCard::new("")).await);
    shown.add_outcome("a signed choice", &client.sign_choose_card(&ChooseCard::new("")).await);
    shown.add_outcome("a signed page", &client.sign_js_config("no page").await);
    shown.add_outcome("a ticket", &client.card_ticket().await);
    shown.add_outcome("a ticket", &client.jsapi_ticket().await);
}
