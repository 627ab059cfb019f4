//! Thousands of redeems in a second or two, with faults and in a hurry, the same for the same seed.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use tokio::time::Instant;
use wx_card::CardClient;
use wx_card::core::{Clock, HttpSend, RetryPolicy, SendError};
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};
use wx_card_soak::{Claim, Pace, Report, Round, Seeded, Soak};

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
struct Crossroads {
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

fn soak(seed: u64, round: Round) -> Report {
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
            let transport = Crossroads {
                random: random.clone(),
                sandbox: sandbox.clone(),
            };
            CardClient::builder(DEFAULT_APP_ID, DEFAULT_APP_SECRET, transport)
                .clock(clock.clone())
                .entropy(random.clone())
                .retry(RetryPolicy::default().budget(1_000))
                .build()
        });
        let soak = Arc::new(Soak::prepare(sandbox.clone(), clients.collect(), seed).await.unwrap());
        soak.play(round).await.unwrap();
        soak.reckon().unwrap()
    })
}

fn round() -> Round {
    Round::new(1_500, 32, 0.2, Pace::new(50, 1))
}

#[test]
fn what_the_tills_were_told_fits_the_ledger() {
    for seed in [1, 2] {
        let report = soak(seed, round());
        assert_eq!(report.contradictions, [""; 0], "seed {seed}");
        assert_eq!(report.codes, 1_500);
        // Nothing was proven unless everything happened.
        assert!(report.redeemed > 1_000, "{report:?}");
        for claim in [
            Claim::Redeemed,
            Claim::Likely,
            Claim::PerhapsMine,
            Claim::NotMine,
            Claim::NotRun,
            Claim::Unclear,
        ] {
            assert!(report.claims.contains_key(&claim), "{claim:?} {report:?}");
        }
        assert!(report.faults.len() >= 13, "{:?}", report.faults);
        assert!(report.tokens > 50, "{report:?}");
    }
}

#[test]
fn the_same_seed_plays_the_same_soak() {
    let small = Round::new(200, 8, 0.3, Pace::new(50, 1));
    let (one, again, other) = (soak(5, small), soak(5, small), soak(6, small));
    assert_eq!((&one.claims, &one.faults), (&again.claims, &again.faults));
    assert_ne!((&one.claims, &one.faults), (&other.claims, &other.faults));
}

#[test]
fn in_fair_weather_every_code_is_redeemed_once() {
    let report = soak(3, Round::new(300, 16, 0.0, Pace::new(0, 0)));
    assert_eq!(report.contradictions, [""; 0]);
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    assert!(report.redeemed >= 270, "{report:?}");
}
