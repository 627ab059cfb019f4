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
use crate::{Book, Claim, Deed, Effects, Reckoning, Seeded, Tally, Told};

/// What stands in the way of a soak; what it finds is in the [`Report`].
pub type Problem = Box<dyn Error + Send + Sync>;

/// Tills of one merchant, who redeem codes while everything breaks.
#[derive(Debug)]
pub struct Soak {
    clients: Vec<CardClient>,
    pub(crate) random: Seeded,
    pub(crate) sandbox: Sandbox,
    /// The card whose stock all tills raise.
    pub(crate) stock_card: CardId,
    card: CardId,
    book: Mutex<Book>,
    jobs: Mutex<Vec<Job>>,
    /// By till: the card whose stock it alone sets.
    own_cards: Vec<CardId>,
    users: Mutex<u64>,
}

/// How many codes are redeemed, and how bad the weather is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Round {
    /// Codes that are taken and redeemed.
    pub codes: u64,
    /// Share of requests that go wrong, from 0 to 1.
    pub faults: f64,
    /// How slow what is slow is.
    pub pace: Pace,
}

impl Round {
    /// A round in which `faults` of the requests (0 to 1) go wrong.
    #[must_use]
    pub const fn new(codes: u64, faults: f64, pace: Pace) -> Self {
        Self { codes, faults, pace }
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
    /// What the tills were told, by what they were to do, and how often it ran.
    pub told: BTreeMap<&'static str, BTreeMap<Claim, Tally>>,
    /// How many requests had which fault.
    pub faults: BTreeMap<String, u64>,
    /// How many access tokens were given out.
    pub tokens: u64,
}

impl Soak {
    /// Prepares a soak of `sandbox` by so many tills, who share `clients`, of which the first makes the cards while the
    /// weather is fair.
    ///
    /// The transport of each client must be a [`tap`](crate::tap).
    ///
    /// # Errors
    ///
    /// When the cards cannot be made.
    pub async fn prepare(sandbox: Sandbox, clients: Vec<CardClient>, tills: u64, seed: u64) -> Result<Self, Problem> {
        sandbox.control("faults", &weather::fair())?;
        let client = clients.first().ok_or("a soak needs a client")?;
        let card = client.create_card(&offer("咖啡券", 100_000_000)).await?.card_id;
        let stock_card = client.create_card(&offer("咖啡券", 1)).await?.card_id;
        let mut own_cards = Vec::new();
        for _ in 0..tills {
            own_cards.push(client.create_card(&offer("茶券", 5)).await?.card_id);
        }
        let mut book = Book::default();
        for card_id in [&card, &stock_card].into_iter().chain(&own_cards) {
            book.note_prepared(card_id.as_str());
        }
        Ok(Self {
            card,
            stock_card,
            clients,
            random: Seeded::new(seed),
            sandbox,
            book: Mutex::new(book),
            jobs: Mutex::default(),
            own_cards,
            users: Mutex::default(),
        })
    }

    /// Lets the tills do what there is to do while everything breaks, and waits until they are done: redeem what users
    /// have taken, each code at up to three tills, change stocks, create cards.
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
        let tills: Vec<_> = (0..self.own_cards.len())
            .map(|number| tokio::spawn(till::work(Arc::clone(self), number)))
            .collect();
        for till in tills {
            till.await?;
        }
        self.sandbox.control("faults", &weather::fair())?;
        Ok(())
    }

    fn jobs_of(&self, codes: u64) -> Result<Vec<Job>, Problem> {
        let mut groups = Vec::new();
        for _ in 0..codes {
            let code = self.take(&self.card)?;
            // Some codes are shown at two tills or at three, and half of those at the same time.
            let tills = match self.random.below(12) {
                0 => 3,
                1..=3 => 2,
                _ => 1,
            };
            let shown = vec![Job::Redeem(code); tills];
            match self.random.below(2) {
                0 => groups.push(shown),
                _ => groups.extend(shown.into_iter().map(|job| vec![job])),
            }
            match self.random.below(40) {
                0 | 1 => groups.push(vec![Job::RaiseStock]),
                2 | 3 => groups.push(vec![Job::ExpireTokens]),
                4 | 5 => groups.push(vec![Job::SetStock(self.random.below(8))]),
                6 => groups.push(vec![Job::TakeOwnCard(self.random.next())]),
                7..=9 => groups.push(vec![Job::CreateCard]),
                _ => {}
            }
        }
        self.random.shuffle(&mut groups);
        Ok(groups.concat())
    }

    /// Lets a new user take the card; the code.
    pub(crate) fn take(&self, card_id: &CardId) -> Result<String, Problem> {
        let user = {
            let mut users = lock(&self.users);
            *users += 1;
            *users
        };
        let taken = json!({"card_id": card_id, "openid": format!("oUser{user}")});
        let answer = self.sandbox.control("take", &taken)?;
        let code = answer["code"].as_str().ok_or("no code was taken")?;
        Ok(code.to_owned())
    }

    pub(crate) fn next_job(&self) -> Option<Job> {
        lock(&self.jobs).pop()
    }

    /// The client that the till of this number uses, and the card whose stock it sets.
    pub(crate) fn till(&self, number: usize) -> Option<(&CardClient, &CardId)> {
        let index = number.checked_rem(self.clients.len())?;
        Some((self.clients.get(index)?, self.own_cards.get(number)?))
    }

    /// The card that a till of this or, counted round, a smaller number sets the stock of.
    pub(crate) fn own_card(&self, number: u64) -> Option<&CardId> {
        let index = number.checked_rem(self.own_cards.len() as u64)?;
        self.own_cards.get(usize::try_from(index).ok()?)
    }

    pub(crate) fn begin(&self, deed: Deed) -> u64 {
        lock(&self.book).begin(deed)
    }

    pub(crate) fn end(&self, call: u64, told: Told) {
        lock(&self.book).end(call, told);
    }

    /// Holds what the tills were told against the ledger.
    ///
    /// # Errors
    ///
    /// When the ledger cannot be read.
    pub fn reckon(&self) -> Result<Report, Problem> {
        let ledger = self.sandbox.control("ledger", &json!({}))?;
        let effects = Effects::of_ledger(&ledger)?;
        let book = lock(&self.book);
        let reckoning = Reckoning::new(&book, &effects);
        Ok(Report {
            contradictions: reckoning.contradictions(),
            codes: book.codes(),
            redeemed: effects.redeems.len(),
            told: reckoning.told(),
            faults: sums(&ledger["faults"]),
            tokens: sums(&ledger["tokens"]).values().sum(),
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

/// A coupon that nothing but its title tells from others.
pub(crate) fn offer(title: &str, quantity: i64) -> CreateCard {
    let base_info = BaseInfo::new(
        "http://mmbiz.qpic.cn/logo",
        "微信餐厅",
        CodeType::Qrcode,
        title,
        Color::Color010,
        "使用时出示此券",
        "每桌限用一张",
        Sku::new(quantity),
        // From 2020 to 2035: the clock of a soak may run far.
        DateInfo::range(1_577_836_800, 2_051_222_400),
    );
    CreateCard::new(Gift::new(base_info, "一杯咖啡"))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
