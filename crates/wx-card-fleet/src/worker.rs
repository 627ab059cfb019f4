//! The worker: a client and those who call through it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use wx_card::CardClient;
use wx_card::types::GetColors;
use wx_card::types::sign::ChooseCard;
use wx_core::system::SystemClock;
use wx_core::{Clock, Error, TicketKind};

use crate::clock::MovedClock;
use crate::order::{Order, What};
use crate::tally::Tally;

/// How long a caller of the load rests after each call: the fleet shares the machine with what it tests against.
const REST: Duration = Duration::from_millis(10);

/// A client that does what it is told.
#[derive(Debug)]
pub(crate) struct Worker {
    client: CardClient,
    clock: MovedClock,
    load: Load,
}

/// Callers that call again and again.
#[derive(Debug, Default)]
struct Load {
    callers: JoinSet<()>,
    is_over: Arc<AtomicBool>,
    tally: Arc<Mutex<Tally>>,
}

impl Worker {
    pub(crate) fn new(client: CardClient, clock: MovedClock) -> Self {
        Self {
            client,
            clock,
            load: Load::default(),
        }
    }

    /// Does it, and says what came of it.
    pub(crate) async fn obey(&mut self, order: Order) -> Value {
        match order {
            Order::Burst { callers, what } => json!(self.burst(callers, what).await),
            Order::Clock { forward } => json!({"offset": self.clock.forward(forward)}),
            Order::Forget => {
                self.client.core().forget_tokens();
                json!({})
            }
            Order::Load { callers, what } => {
                self.begin(callers, what);
                json!({})
            }
            Order::Report => {
                let dropped = self.client.invalidate_ticket(TicketKind::Card, self.clock.now());
                json!({"dropped": dropped})
            }
            Order::Sign => self.sign().await,
            Order::Stop => json!(self.stop().await),
            Order::Tally => json!(*lock(&self.load.tally)),
        }
    }

    async fn burst(&self, callers: usize, what: What) -> Tally {
        let tally = Arc::new(Mutex::new(Tally::default()));
        let mut tasks = JoinSet::new();
        for caller in 0..callers {
            let (client, tally) = (self.client.clone(), Arc::clone(&tally));
            tasks.spawn(async move { call(&client, what.is_ticket(caller), &tally).await });
        }
        tasks.join_all().await;
        lock(&tally).clone()
    }

    fn begin(&mut self, callers: usize, what: What) {
        for caller in 0..callers {
            let (client, tally) = (self.client.clone(), Arc::clone(&self.load.tally));
            let is_over = Arc::clone(&self.load.is_over);
            self.load.callers.spawn(async move {
                while !is_over.load(Ordering::Relaxed) {
                    call(&client, what.is_ticket(caller), &tally).await;
                    SystemClock::new().sleep(REST).await;
                }
            });
        }
    }

    async fn stop(&mut self) -> Tally {
        let load = std::mem::take(&mut self.load);
        load.is_over.store(true, Ordering::Relaxed);
        load.callers.join_all().await;
        lock(&load.tally).clone()
    }

    async fn sign(&self) -> Value {
        let choice = ChooseCard::new(self.client.app_id());
        match self.client.sign_choose_card(&choice).await {
            Ok(payload) => json!(payload),
            Err(error) => json!({"error": error.to_string()}),
        }
    }
}

/// One call, and how long it took by the machine's clock, which nobody moves.
async fn call(client: &CardClient, is_ticket: bool, tally: &Mutex<Tally>) {
    let clock = SystemClock::new();
    let started = clock.now();
    let result: Result<(), Error> = if is_ticket {
        client.card_ticket().await.map(drop)
    } else {
        client.get_colors(&GetColors::new()).await.map(drop)
    };
    let elapsed = clock.now().duration_since(started).unwrap_or_default();
    lock(tally).add(&result, elapsed);
}

fn lock(tally: &Mutex<Tally>) -> std::sync::MutexGuard<'_, Tally> {
    tally.lock().unwrap_or_else(PoisonError::into_inner)
}
