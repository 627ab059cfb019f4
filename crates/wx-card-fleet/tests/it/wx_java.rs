//! Beside WxJava, over the Redis that it keeps its tokens in.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET, Sandbox};
use wx_core::system::SystemClock;
use wx_core::{Clock, HttpSend};
use wx_redis_fixture::Redis;

use crate::fleet::Fleet;
use crate::redis::Connection;
use crate::world::{World, until};

/// Does what WxJava does with `WxMpRedisConfigImpl`: the same keys, the same questions in the same order.
struct Peer {
    sandbox: Sandbox,
    redis: Connection,
    is_classic: bool,
}

impl Peer {
    const KEY: &str = "wx:access_token:wx5a4dbc0fe1d2c3b4";

    async fn send(&self, request: http::request::Builder, body: &Value) -> Value {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let response = self
            .sandbox
            .send(request.body(Bytes::from(body)).unwrap())
            .await
            .unwrap();
        serde_json::from_slice(response.body()).unwrap()
    }

    /// The token, from Redis or from the service. One with less than two seconds left is none.
    async fn token(&mut self) -> String {
        let ttl: i64 = self.redis.ask(&["TTL", Self::KEY]).await.unwrap().parse().unwrap();
        if 2 <= ttl
            && let Some(token) = self.redis.ask(&["GET", Self::KEY]).await
        {
            return token;
        }
        let credentials =
            json!({"grant_type": "client_credential", "appid": DEFAULT_APP_ID, "secret": DEFAULT_APP_SECRET});
        let granted = if self.is_classic {
            let query = format!("grant_type=client_credential&appid={DEFAULT_APP_ID}&secret={DEFAULT_APP_SECRET}");
            let request = Request::get(format!("https://api.weixin.qq.com/cgi-bin/token?{query}"));
            self.send(request, &Value::Null).await
        } else {
            let request = Request::post("https://api.weixin.qq.com/cgi-bin/stable_token");
            self.send(request, &credentials).await
        };
        let token = granted["access_token"].as_str().unwrap().to_owned();
        let life = granted["expires_in"].to_string();
        self.redis.ask(&["SETEX", Self::KEY, &life, &token]).await;
        token
    }

    /// A call, repeated once where its token is refused; says whether it succeeded.
    async fn call(&mut self) -> bool {
        for _ in 0..2 {
            let token = self.token().await;
            let target = format!("https://api.weixin.qq.com/card/getcolors?access_token={token}");
            let answer = self.send(Request::get(target), &Value::Null).await;
            match answer["errcode"].as_i64() {
                Some(0) => return true,
                Some(40001 | 40014 | 42001) => {
                    if self.redis.ask(&["GET", Self::KEY]).await == Some(token) {
                        self.redis.ask(&["EXPIRE", Self::KEY, "0"]).await;
                    }
                }
                _ => panic!("{answer}"),
            }
        }
        false
    }
}

/// A process of WxJava that calls again and again.
struct WxJava {
    calls: Arc<AtomicU64>,
    is_over: Arc<AtomicBool>,
    failed: JoinHandle<u64>,
}

impl WxJava {
    async fn start(world: &World, redis: &Redis, is_classic: bool) -> Self {
        let mut peer = Peer {
            sandbox: world.sandbox.clone(),
            redis: Connection::open(redis).await,
            is_classic,
        };
        let (calls, is_over) = (Arc::<AtomicU64>::default(), Arc::<AtomicBool>::default());
        let (counted, told) = (Arc::clone(&calls), Arc::clone(&is_over));
        let failed = tokio::spawn(async move {
            let (mut failed, clock) = (0, SystemClock::new());
            while !told.load(Ordering::Relaxed) {
                failed += u64::from(!peer.call().await);
                counted.fetch_add(1, Ordering::Relaxed);
                clock.sleep(Duration::from_millis(5)).await;
            }
            failed
        });
        Self { calls, is_over, failed }
    }

    async fn goes_on(&self, calls: u64) {
        let before = self.calls.load(Ordering::Relaxed);
        until("WxJava goes on", || {
            before + calls <= self.calls.load(Ordering::Relaxed)
        })
        .await;
    }

    /// How many of its calls failed.
    async fn stop(self) -> u64 {
        self.is_over.store(true, Ordering::Relaxed);
        self.failed.await.unwrap()
    }
}

async fn fleet(size: usize, world: &World, redis: &Redis, source: &str) -> Fleet {
    let options = format!("--store {} --layout wx-java --prefix wx --source {source}", redis.url());
    Fleet::start(size, world, &options).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_wx_javas_keys_a_fleet_shares_as_over_its_own() {
    let (world, redis) = (World::open().await, Redis::start().unwrap());
    let mut fleet = fleet(8, &world, &redis, "stable").await;
    fleet.burst(100, "both").await.assert_well();
    for storms in 1..=3 {
        fleet.storm(&world).await.assert_well();
        assert_eq!(world.ledger().token_fetches(), storms + 1);
    }
    let ledger = world.ledger();
    assert_eq!((ledger.token_fetches(), ledger.ticket_fetches()), (4, 1), "{ledger:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_wx_java_each_end_of_a_token_costs_two_fetches_at_most_and_no_call() {
    let (world, redis) = (World::open().await, Redis::start().unwrap());
    let mut fleet = fleet(4, &world, &redis, "stable").await;
    let wx_java = WxJava::start(&world, &redis, false).await;
    for storms in 1..=10 {
        fleet.storm(&world).await.assert_well();
        wx_java.goes_on(3).await;
        let ledger = world.ledger();
        assert_eq!(ledger.new_tokens(), storms + 1, "{ledger:?}");
        assert!(ledger.token_fetches() <= 2 * (storms + 1), "{ledger:?}");
    }
    assert_eq!(wx_java.stop().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_classic_token_that_one_side_has_fetched_serves_the_other() {
    for wx_java_is_first in [true, false] {
        let (world, redis) = (World::open().await, Redis::start().unwrap());
        let mut fleet = fleet(4, &world, &redis, "classic").await;
        if !wx_java_is_first {
            fleet.burst(50, "query").await.assert_well();
        }
        let wx_java = WxJava::start(&world, &redis, true).await;
        wx_java.goes_on(10).await;
        fleet.burst(50, "query").await.assert_well();
        wx_java.goes_on(10).await;
        assert_eq!(wx_java.stop().await, 0);
        let ledger = world.ledger();
        assert_eq!((ledger.token_fetches(), ledger.refused()), (1, 0), "{ledger:?}");
    }
}

/// Here a classic token kills the one before at once, where the service leaves it some minutes: so calls may be refused
/// twice and fail while both sides fetch. But it comes to an end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fleet_and_wx_java_agree_on_a_classic_token_in_the_end() {
    let (world, redis) = (World::open().await, Redis::start().unwrap());
    let mut fleet = fleet(4, &world, &redis, "classic").await;
    fleet.load(4, "query").await;
    let wx_java = WxJava::start(&world, &redis, true).await;
    for _ in 0..5 {
        let mut rounds = 0;
        loop {
            let before = world.ledger();
            fleet.goes_on(20).await;
            wx_java.goes_on(10).await;
            let now = world.ledger();
            if (before.token_fetches(), before.refused()) == (now.token_fetches(), now.refused()) {
                break;
            }
            rounds += 1;
            assert!(rounds < 10, "a token war: {now:?}");
        }
        world.expire();
    }
    fleet.stop().await;
    wx_java.stop().await;
}
