//! One misfortune after another, in an order that nobody has thought of.

use std::time::Duration;

use serde_json::{Value, json};
use wx_redis_fixture::Redis;

use crate::fleet::{Fleet, Tally, Worker};
use crate::world::World;

/// Numbers that look random, the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// A fleet, what it stands on, and how often its tokens have died.
struct Stage {
    world: World,
    redis: Redis,
    fleet: Fleet,
    deaths: u64,
}

impl Stage {
    /// Does something bad to somebody; says whether it was the death of all tokens, if that may be.
    async fn misfortune(&mut self, numbers: &mut Numbers, may_die: bool) -> bool {
        match numbers.below(4) {
            0 if may_die => {
                self.world.expire();
                self.deaths += 1;
                return true;
            }
            1 => self.redis.restart().unwrap(),
            2 => {
                let who = numbers.below(self.fleet.0.len());
                self.fleet.0.remove(who).kill().await;
                let mut worker = self.worker().await;
                worker
                    .ask::<Value>(&json!({"do": "load", "callers": 4, "what": "both"}))
                    .await;
                self.fleet.0.push(worker);
            }
            _ => self.world.delay_a_token(Duration::from_millis(300)),
        }
        false
    }

    async fn worker(&self) -> Worker {
        Worker::start(&self.world, &format!("--store {} --lease 1000", self.redis.url())).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_fails_whatever_happens_to_the_others() {
    for seed in [1, 2] {
        let (world, redis) = (World::open().await, Redis::start().unwrap());
        let fleet = Fleet::start(4, &world, &format!("--store {} --lease 1000", redis.url())).await;
        let mut stage = Stage {
            world,
            redis,
            fleet,
            deaths: 0,
        };
        let mut numbers = Numbers(seed);
        for _ in 0..6 {
            stage.fleet.load(4, "both").await;
            stage.fleet.goes_on(5).await;
            // A call that meets two deaths is refused twice, which is its error; so there is one at most.
            let mut may_die = true;
            for _ in 0..3 {
                may_die &= !stage.misfortune(&mut numbers, may_die).await;
            }
            stage.fleet.goes_on(5).await;
            let tally: Tally = stage.fleet.stop().await;
            assert_eq!(tally.failed, 0, "seed {seed}: {tally:?} {:?}", stage.world.ledger());
        }
        let ledger = stage.world.ledger();
        assert_eq!(ledger.new_tokens(), stage.deaths + 1, "seed {seed}: {ledger:?}");
        assert!(0 < stage.deaths, "seed {seed}");
    }
}
