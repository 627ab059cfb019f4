//! Processes of the worker, started and told what to do.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use wx_card_sandbox::{DEFAULT_APP_ID, DEFAULT_APP_SECRET};
use wx_core::Clock;
use wx_core::system::SystemClock;

use crate::world::World;

/// How long an answer may take before something is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// One process. It ends with its stdin, hence with this, and is killed if it does not.
pub(crate) struct Worker {
    child: Child,
    stdin: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

/// Some processes.
pub(crate) struct Fleet(pub(crate) Vec<Worker>);

/// What came of calls, of one worker or of several together.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Tally {
    pub(crate) done: u64,
    pub(crate) failed: u64,
    pub(crate) errors: BTreeMap<String, u64>,
    pub(crate) longest_ms: u64,
}

impl Worker {
    /// Starts one with these options besides that of the service.
    pub(crate) async fn start(world: &World, options: &str) -> Self {
        Self::start_with(world, options, &[]).await
    }

    pub(crate) async fn start_with(world: &World, options: &str, variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_fleet-worker"))
            .args(["--base-url", &world.base_url()])
            .args(options.split_whitespace())
            .env("WX_APP_ID", DEFAULT_APP_ID)
            .env("WX_APP_SECRET", DEFAULT_APP_SECRET)
            .env_remove("WX_SEAL_KEY")
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let answers = BufReader::new(stdout).lines();
        let mut worker = Self { child, stdin, answers };
        assert_eq!(worker.answer::<Value>().await, json!({"ready": true}));
        worker
    }

    /// Gives an order, and leaves the answer for [`answer`](Self::answer).
    pub(crate) async fn order(&mut self, order: &Value) {
        self.stdin.write_all(format!("{order}\n").as_bytes()).await.unwrap();
    }

    pub(crate) async fn answer<A: DeserializeOwned>(&mut self) -> A {
        let line = tokio::time::timeout(PATIENCE, self.answers.next_line()).await;
        let line = line.expect("a worker does not answer").unwrap();
        let line = line.expect("a worker has ended");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    pub(crate) async fn ask<A: DeserializeOwned>(&mut self, order: &Value) -> A {
        self.order(order).await;
        self.answer().await
    }

    /// Kills it (`SIGKILL`), and returns when it is dead.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

impl Fleet {
    /// So many processes with the same options.
    pub(crate) async fn start(size: usize, world: &World, options: &str) -> Self {
        let mut workers = Vec::new();
        for _ in 0..size {
            workers.push(Worker::start(world, options).await);
        }
        Self(workers)
    }

    /// Gives all of them an order at once, and waits for their answers.
    pub(crate) async fn ask<A: DeserializeOwned>(&mut self, order: &Value) -> Vec<A> {
        for worker in &mut self.0 {
            worker.order(order).await;
        }
        let mut answers = Vec::new();
        for worker in &mut self.0 {
            answers.push(worker.answer().await);
        }
        answers
    }

    /// What came of a burst or a load of all.
    pub(crate) async fn tally(&mut self, order: &Value) -> Tally {
        Tally::sum(self.ask(order).await)
    }

    /// Every worker calls once with so many callers.
    pub(crate) async fn burst(&mut self, callers: usize, what: &str) -> Tally {
        self.tally(&json!({"do": "burst", "callers": callers, "what": what}))
            .await
    }

    /// Callers of every worker begin to call, and go on until [`stop`](Self::stop).
    pub(crate) async fn load(&mut self, callers: usize, what: &str) {
        let order = json!({"do": "load", "callers": callers, "what": what});
        self.ask::<Value>(&order).await;
    }

    pub(crate) async fn stop(&mut self) -> Tally {
        self.tally(&json!({"do": "stop"})).await
    }

    /// Every token and ticket dies while four callers of each worker call. Returns when all calls that have seen it are
    /// over, so that none sees two such storms.
    pub(crate) async fn storm(&mut self, world: &World) -> Tally {
        self.load(4, "query").await;
        self.goes_on(10).await;
        world.expire();
        self.goes_on(10).await;
        self.stop().await
    }

    /// Waits until every worker has made so many calls more, and has answers to them.
    pub(crate) async fn goes_on(&mut self, calls: u64) {
        let tally = json!({"do": "tally"});
        let before: Vec<Tally> = self.ask(&tally).await;
        let clock = SystemClock::new();
        let started = clock.now();
        loop {
            let now: Vec<Tally> = self.ask(&tally).await;
            let mut both = before.iter().zip(&now);
            if both.all(|(before, now)| before.calls() + calls <= now.calls()) {
                return;
            }
            let waited = clock.now().duration_since(started).unwrap_or_default();
            assert!(waited < PATIENCE, "the load stands still: {now:?}");
            clock.sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Tally {
    pub(crate) fn sum(tallies: Vec<Self>) -> Self {
        let mut sum = Self::default();
        for tally in tallies {
            sum.done += tally.done;
            sum.failed += tally.failed;
            sum.longest_ms = sum.longest_ms.max(tally.longest_ms);
            for (error, count) in tally.errors {
                *sum.errors.entry(error).or_default() += count;
            }
        }
        sum
    }

    fn calls(&self) -> u64 {
        self.done + self.failed
    }

    /// Panics unless every call succeeded, and some were made.
    #[track_caller]
    pub(crate) fn assert_well(&self) {
        assert_eq!(self.failed, 0, "{self:?}");
        assert!(0 < self.done, "{self:?}");
    }
}
