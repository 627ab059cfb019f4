//! A soak without sockets and without waiting: the same for the same seed, to the last request.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use tokio::time::Instant;
use wx_card::CardClient;
use wx_card::core::{Clock, HttpSend, RetryPolicy, SendError};
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};
use wx_card_soak::{Report, Round, Seeded, Soak, tap};

/// Tokio's own clock, paused: time moves on when everybody waits for it.
#[derive(Clone, Debug)]
struct IdleClock(Instant);

#[async_trait]
impl Clock for IdleClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_772_416_800) + self.0.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep_until(Instant::now() + duration).await;
    }
}

/// A connection on which requests and answers overtake each other.
#[derive(Debug)]
pub(crate) struct Crossroads {
    random: Seeded,
    sandbox: Sandbox,
}

impl Crossroads {
    async fn wait(&self) {
        for _ in 0..self.random.below(4) {
            tokio::task::yield_now().await;
        }
    }
}

#[async_trait]
impl HttpSend for Crossroads {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        self.wait().await;
        let answer = self.sandbox.send(request).await;
        self.wait().await;
        answer
    }
}

/// Plays a soak over the transport that `make` makes of each client's way to the service.
pub(crate) fn soak_over<S: HttpSend>(seed: u64, tills: u64, round: Round, make: impl Fn(Crossroads) -> S) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let clock = IdleClock(Instant::now());
        let random = Seeded::new(seed);
        let sandbox = Sandbox::builder()
            .clock(clock.clone())
            .entropy(random.clone())
            .build()
            .unwrap();
        let clients = (0..4).map(|_| {
            let transport = make(Crossroads {
                random: random.clone(),
                sandbox: sandbox.clone(),
            });
            CardClient::builder(DEFAULT_APP_ID, DEFAULT_APP_SECRET, tap(transport))
                .clock(clock.clone())
                .entropy(random.clone())
                .retry(RetryPolicy::default().budget(1_000))
                .build()
        });
        let soak = Soak::prepare(sandbox.clone(), clients.collect(), tills, seed)
            .await
            .unwrap();
        let soak = Arc::new(soak);
        soak.play(round).await.unwrap();
        soak.reckon().unwrap()
    })
}

/// Plays a soak over a transport that does what a transport must.
pub(crate) fn soak(seed: u64, tills: u64, round: Round) -> Report {
    soak_over(seed, tills, round, |crossroads| crossroads)
}
