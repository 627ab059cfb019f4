//! The soak itself: codes, tills, and the reckoning.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use wx_card::CardClient;
use wx_card::types::{BaseInfo, CardId, CodeType, Color, CreateCard, DateInfo, Gift, Sku};
use wx_card_sandbox::Sandbox;

use crate::till::{self, Job};
use crate::weather::{self, Pace};
use crate::{Book, Claim, Seeded};

/// What stands in the way of a soak; what it finds is in the [`Report`].
pub type Problem = Box<dyn Error + Send + Sync>;

/// Tills of one merchant, who redeem codes while everything breaks.
#[derive(Debug)]
pub struct Soak {
    pub(crate) clients: Vec<CardClient>,
    pub(crate) random: Seeded,
    pub(crate) sandbox: Sandbox,
    pub(crate) stock_card: CardId,
    card: CardId,
    book: Mutex<Book>,
    jobs: Mutex<Vec<Job>>,
    taken: Mutex<u64>,
}

/// How many codes are redeemed by how many tills, and how bad the weather is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Round {
    /// Codes that are taken and redeemed.
    pub codes: u64,
    /// Tills that work at the same time.
    pub tills: u64,
    /// Share of requests that go wrong, from 0 to 1.
    pub faults: f64,
    /// How slow what is slow is.
    pub pace: Pace,
}

impl Round {
    /// A round in which `faults` of the requests (0 to 1) go wrong.
    #[must_use]
    pub const fn new(codes: u64, tills: u64, faults: f64, pace: Pace) -> Self {
        Self {
            codes,
            tills,
            faults,
            pace,
        }
    }
}

/// What came of a soak.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// Where the tills and the ledger disagree; empty if all is well.
    pub contradictions: Vec<String>,
    /// How many codes somebody tried to redeem.
    pub codes: usize,
    /// How many codes the service redeemed.
    pub redeemed: usize,
    /// What the tills were told, by how often.
    pub claims: BTreeMap<Claim, u64>,
    /// How many requests had which fault.
    pub faults: BTreeMap<String, u64>,
    /// How many access tokens were given out.
    pub tokens: u64,
}

impl Soak {
    /// Prepares a soak of `sandbox` by `clients`, of which the first makes the cards while the weather is fair.
    ///
    /// # Errors
    ///
    /// When the cards cannot be made.
    pub async fn prepare(sandbox: Sandbox, clients: Vec<CardClient>, seed: u64) -> Result<Self, Problem> {
        sandbox.control("faults", &weather::fair())?;
        let client = clients.first().ok_or("a soak needs a client")?;
        Ok(Self {
            card: create(client, 100_000_000).await?,
            stock_card: create(client, 1).await?,
            clients,
            random: Seeded::new(seed),
            sandbox,
            book: Mutex::default(),
            jobs: Mutex::default(),
            taken: Mutex::default(),
        })
    }

    /// Lets the tills redeem what users have taken, each code once or twice, and waits until they are done.
    ///
    /// Must be called in a Tokio runtime, in which the tills are tasks.
    ///
    /// # Errors
    ///
    /// When no codes can be taken or a till panics.
    pub async fn play(self: &Arc<Self>, round: Round) -> Result<(), Problem> {
        let jobs = self.jobs_of(round.codes)?;
        *lock(&self.jobs) = jobs;
        let plan = weather::plan(self.random.next(), round.faults, round.pace);
        self.sandbox.control("faults", &plan)?;
        let tills: Vec<_> = (0..round.tills)
            .map(|number| tokio::spawn(till::work(Arc::clone(self), number)))
            .collect();
        for till in tills {
            till.await?;
        }
        self.sandbox.control("faults", &weather::fair())?;
        Ok(())
    }

    fn jobs_of(&self, codes: u64) -> Result<Vec<Job>, Problem> {
        let mut jobs = Vec::new();
        for _ in 0..codes {
            let user = {
                let mut taken = lock(&self.taken);
                *taken += 1;
                *taken
            };
            let taken = json!({"card_id": self.card, "openid": format!("oUser{user}")});
            let answer = self.sandbox.control("take", &taken)?;
            let code = answer["code"].as_str().ok_or("no code was taken")?;
            // Some codes are shown at two tills.
            for _ in 0..=u64::from(self.random.below(3) == 0) {
                jobs.push(Job::Redeem(code.to_owned()));
            }
            match self.random.below(20) {
                0 => jobs.push(Job::RaiseStock),
                1 => jobs.push(Job::ExpireTokens),
                _ => {}
            }
        }
        self.random.shuffle(&mut jobs);
        Ok(jobs)
    }

    pub(crate) fn next_job(&self) -> Option<Job> {
        lock(&self.jobs).pop()
    }

    pub(crate) fn note(&self, code: &str, claim: Claim) {
        lock(&self.book).note(code, claim);
    }

    pub(crate) fn note_stock(&self, claim: Claim) {
        lock(&self.book).note_stock(claim);
    }

    /// Holds what the tills were told against the ledger.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn reckon(&self) -> Result<Report, Problem> {
        let ledger = self.sandbox.control("ledger", &json!({}))?;
        let list = |name: &str| ledger[name].as_array().cloned().unwrap_or_default();
        let mut accepted = BTreeMap::new();
        for entry in list("codes") {
            let code = entry["code"].as_str().ok_or("an entry of the ledger has no code")?;
            let times = entry["accepted"]
                .as_u64()
                .ok_or("an entry of the ledger has no count")?;
            accepted.insert(code.to_owned(), times);
        }
        let is_raise = |entry: &&Value| entry["card_id"] == self.stock_card.as_str() && entry["reason"] == "modify";
        let raised = list("stock").iter().filter(is_raise).count() as u64;
        let book = lock(&self.book);
        Ok(Report {
            contradictions: book.contradictions(&accepted, raised),
            codes: book.codes(),
            redeemed: accepted.values().filter(|times| **times > 0).count(),
            claims: book.tally(),
            faults: sums(&ledger["faults"]),
            tokens: ledger["tokens"]
                .as_object()
                .into_iter()
                .flat_map(|tokens| tokens.values())
                .filter_map(Value::as_u64)
                .sum(),
        })
    }
}

/// The counts of an object of counts, or of an object of such objects, by their innermost names.
fn sums(counts: &Value) -> BTreeMap<String, u64> {
    let mut sums = BTreeMap::new();
    for (name, value) in counts.as_object().into_iter().flatten() {
        match value.as_u64() {
            Some(count) => *sums.entry(name.clone()).or_default() += count,
            None => {
                for (name, count) in self::sums(value) {
                    *sums.entry(name).or_default() += count;
                }
            }
        }
    }
    sums
}

async fn create(client: &CardClient, quantity: i64) -> Result<CardId, Problem> {
    let base_info = BaseInfo::new(
        "http://mmbiz.qpic.cn/logo",
        "微信餐厅",
        CodeType::Qrcode,
        "咖啡券",
        Color::Color010,
        "使用时出示此券",
        "每桌限用一张",
        Sku::new(quantity),
        // From 2020 to 2035: the clock of a soak may run far.
        DateInfo::range(1_577_836_800, 2_051_222_400),
    );
    let card = CreateCard::new(Gift::new(base_info, "一杯咖啡"));
    Ok(client.create_card(&card).await?.card_id)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
