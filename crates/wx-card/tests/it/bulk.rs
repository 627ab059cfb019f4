//! Many codes at once, whatever goes wrong.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::stream::{self, Stream};
use serde_json::json;
use wx_card::bulk::{Bulk, BulkKind, BulkLine, BulkStop, LocalRateLimit, MemoryJournal};
use wx_card::types::{
    Cash, CheckCodes, CreateCard, DepositCodes, Endpoint as _, Fen, GetCard, GetDepositCount, MakeCodeUnavailable,
    ModifyStock,
};
use wx_card::{CardClient, Deposit, DepositReport, StockRaise};
use wx_core::RetryPolicy;

use crate::base_info;
use crate::disturbed::{Answers, Disturbed, Fault, Fine, Garbled, Late, Lost, Swallowed, Unsent};

const DEPOSIT: &str = DepositCodes::PATH;
const CHECK: &str = CheckCodes::PATH;
const COUNT: &str = GetDepositCount::PATH;
const MODIFY: &str = ModifyStock::PATH;
const VOID: &str = MakeCodeUnavailable::PATH;

const BUSY: &str = r#"{"errcode":-1,"errmsg":"system error"}"#;
const MINUTE: &str = r#"{"errcode":45011,"errmsg":"api minute-quota reach limit"}"#;
const DAY: &str = r#"{"errcode":45009,"errmsg":"reach max api daily quota limit"}"#;

/// Lines of an input, numbered from 1 on.
pub(crate) fn lines<T: Into<String>>(
    codes: impl IntoIterator<Item = T, IntoIter: Send>,
) -> impl Stream<Item = io::Result<BulkLine>> + Send {
    let lines = codes
        .into_iter()
        .zip(1..)
        .map(|(text, number)| Ok(BulkLine::new(number, text)));
    stream::iter(lines.collect::<Vec<_>>())
}

pub(crate) fn codes(count: u32) -> Vec<String> {
    (0..count).map(|code| format!("C{code:08}")).collect()
}

/// What was told of each line.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<(u64, &'static str)>>>);

impl Told {
    fn listen<T>(&self, bulk: Bulk<T>, kind: BulkKind) -> Bulk<T> {
        let told = self.clone();
        bulk.on_line(move |line| {
            let word = kind.word(&line.outcome);
            told.0.lock().unwrap().push((line.line, word));
        })
    }

    /// The words in the order of the lines, each line once.
    fn words(&self) -> Vec<&'static str> {
        let told = self.0.lock().unwrap();
        let by_line: BTreeMap<u64, &'static str> = told.iter().copied().collect();
        assert_eq!(by_line.len(), told.len(), "a line was told twice");
        by_line.into_values().collect()
    }
}

/// A world with a card whose codes are deposited.
async fn world() -> (Disturbed, String) {
    let world = Disturbed::new();
    let mut base_info = base_info(0);
    base_info.use_custom_code = Some(true);
    base_info.get_custom_code_mode = Some("GET_CUSTOM_CODE_MODE_DEPOSIT".into());
    let request = CreateCard::new(Cash::new(base_info, Fen::from_yuan(10)));
    let card_id = world.client().create_card(&request).await.unwrap().card_id;
    world.forget();
    (world, card_id.into_string())
}

fn deposit(world: &Disturbed, card_id: &str) -> Bulk<Deposit> {
    world.client().deposit(card_id)
}

/// What the service has of the card: deposited codes, and coupons to take.
async fn state(world: &Disturbed, card_id: &str) -> (u64, i64) {
    let client = world.client();
    let count = client
        .get_deposit_count(&GetDepositCount::new(card_id))
        .await
        .unwrap()
        .count;
    let card = client.get_card(&GetCard::new(card_id)).await.unwrap().card;
    (count, card.base_info().unwrap().sku.clone().unwrap().quantity.unwrap())
}

fn counts(report: &DepositReport) -> [u64; 4] {
    let counts = &report.bulk.counts;
    [counts.done, counts.before, counts.present, counts.failed]
}

#[tokio::test]
async fn every_line_has_its_outcome() {
    let (world, card_id) = world().await;
    let before = deposit(&world, &card_id).run(lines(["B1", "B2"])).await;
    assert!(before.is_complete());
    let told = Told::default();
    let input = [
        "A1",
        " B1 ",
        "",
        "A2",
        "A1",
        "123456789012345678901",
        "a\u{7}b",
        "B2",
        "\t",
    ];
    let bulk = told.listen(deposit(&world, &card_id), BulkKind::Deposit);
    let report = bulk.run(lines(input)).await;
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(
        told.words(),
        [
            "accepted",
            "duplicate",
            "empty",
            "accepted",
            "repeated",
            "refused",
            "refused",
            "duplicate",
            "empty"
        ]
    );
    let counts = report.bulk.counts;
    assert_eq!((counts.lines, counts.done, counts.before, counts.good()), (9, 2, 2, 4));
    assert_eq!((counts.refused, counts.empty, counts.repeated), (2, 2, 1));
    assert_eq!((report.deposited_before, report.deposited_after), (Some(2), Some(4)));
    assert!(report.stock.is_none());
}

#[tokio::test]
async fn codes_go_out_a_hundred_at_a_time_and_each_batch_is_looked_up() {
    let (world, card_id) = world().await;
    let report = deposit(&world, &card_id).in_flight(3).run(lines(codes(1050))).await;
    assert_eq!(counts(&report), [1050, 0, 0, 0]);
    assert_eq!(
        (world.count(DEPOSIT), world.count(CHECK), world.count(COUNT)),
        (11, 11, 2)
    );
    assert_eq!(state(&world, &card_id).await, (1050, 0));
    world.forget();
    let report = deposit(&world, &card_id).verify(false).run(lines(codes(1050))).await;
    assert_eq!(counts(&report), [0, 1050, 0, 0]);
    assert_eq!((world.count(DEPOSIT), world.count(CHECK)), (11, 0));
}

#[tokio::test]
async fn the_stock_is_raised_last_and_by_what_is_new() {
    let (world, card_id) = world().await;
    let report = deposit(&world, &card_id).raise_stock(true).run(lines(codes(250))).await;
    assert!(
        matches!(report.stock, Some(StockRaise::Raised { by: 250, .. })),
        "{report:?}"
    );
    assert_eq!(world.paths().last().map(String::as_str), Some(MODIFY));
    let report = deposit(&world, &card_id).raise_stock(true).run(lines(codes(300))).await;
    assert!(
        matches!(report.stock, Some(StockRaise::Raised { by: 50, .. })),
        "{report:?}"
    );
    assert_eq!(state(&world, &card_id).await, (300, 300));
    let report = deposit(&world, &card_id).raise_stock(true).run(lines(codes(300))).await;
    assert!(matches!(report.stock, Some(StockRaise::Unneeded)), "{report:?}");
    assert!(report.is_complete());
}

#[tokio::test]
async fn a_count_that_lags_is_asked_for_again_and_one_that_does_not_fit_is_told() {
    const LAGS: Fault = Answers(r#"{"errcode":0,"count":240}"#);
    const OTHERS: Fault = Answers(r#"{"errcode":0,"count":257}"#);
    for (faults, after, unexplained) in [
        (&[Fine, LAGS, LAGS][..], 250, 0),
        (&[Fine, LAGS, LAGS, LAGS, LAGS], 240, -10),
        (&[Fine, OTHERS], 257, 7),
    ] {
        let (world, card_id) = world().await;
        world.disturb(COUNT, faults);
        let report = deposit(&world, &card_id).raise_stock(true).run(lines(codes(250))).await;
        assert_eq!(
            (report.deposited_after, report.unexplained()),
            (Some(after), Some(unexplained)),
            "{report:?}"
        );
        // Each code was found by checkcode.
        assert!(
            matches!(report.stock, Some(StockRaise::Raised { by: 250, .. })),
            "{report:?}"
        );
    }
    // What is present is new or not by the count, so that this must have settled.
    let (world, card_id) = world().await;
    world.disturb(DEPOSIT, &[Lost]);
    world.disturb(COUNT, &[Fine, LAGS, LAGS]);
    let report = deposit(&world, &card_id).raise_stock(true).run(lines(codes(250))).await;
    assert_eq!((counts(&report), report.unexplained()), ([150, 0, 100, 0], Some(0)));
    assert_eq!(state(&world, &card_id).await, (250, 250));
}

#[tokio::test]
async fn trouble_that_passes_costs_no_code() {
    let trouble: [&[Fault]; 7] = [
        &[Answers(BUSY), Answers(BUSY)],
        &[Answers(MINUTE), Answers(MINUTE), Answers(MINUTE)],
        &[Lost],
        &[Swallowed, Lost],
        &[Unsent],
        &[Garbled("<html>"), Fine, Garbled(r#"{"errcode":0,"succ_code":["C000"#)],
        &[Garbled(r#"{"errcode":0,"errmsg":"ok"}"#)],
    ];
    for (retry, faults) in trouble.iter().flat_map(|faults| [(0, *faults), (2, *faults)]) {
        let (world, card_id) = world().await;
        world.disturb(DEPOSIT, faults);
        world.disturb(CHECK, faults);
        world.disturb(COUNT, faults);
        let client = world.client_with(RetryPolicy::default().retries(retry));
        let told = Told::default();
        let bulk = told
            .listen(client.deposit(&*card_id), BulkKind::Deposit)
            .raise_stock(true);
        let report = bulk.run(lines(codes(450))).await;
        assert!(report.is_complete(), "{faults:?}: {report:?}");
        let [done, before, present, failed] = counts(&report);
        assert_eq!((done + present, before, failed), (450, 0, 0), "{faults:?}");
        assert_eq!(told.words().len(), 450);
        assert!(
            matches!(report.stock, Some(StockRaise::Raised { by: 450, .. })),
            "{faults:?}: {report:?}"
        );
        assert_eq!(state(&world, &card_id).await, (450, 450), "{faults:?}");
    }
}

#[tokio::test]
async fn bad_days_cost_no_code_and_raise_the_stock_once() {
    for seed in 0..12 {
        let (world, card_id) = world().await;
        let faults = [
            "busy",
            "reset-after",
            "reset-before",
            "truncated",
            "html-502",
            "token-expired",
            "reset-mid-answer",
        ];
        let mut rules: Vec<_> = faults
            .iter()
            .map(|fault| json!({"path": "/card/*", "fault": fault, "probability": 0.06}))
            .collect();
        rules.push(json!({"path": "/card/code/*", "fault": "errcode", "errcode": 45011, "probability": 0.1}));
        rules.push(json!({"path": "/card/code/*", "fault": "errcode", "errcode": 45009, "probability": 0.02}));
        world.control("faults", &json!({"seed": seed, "rules": rules}));
        let journal = MemoryJournal::default();
        let client = world.client_with(RetryPolicy::default());
        let mut runs = 0;
        let report = loop {
            let told = Told::default();
            let bulk = told.listen(client.deposit(&*card_id), BulkKind::Deposit);
            let bulk = bulk.journal(journal.clone()).raise_stock(true).in_flight(3);
            let report = bulk.run(lines(codes(1500))).await;
            runs += 1;
            if report.is_complete() {
                assert_eq!(told.words().len(), 1500);
                break report;
            }
            assert!(runs < 100, "{report:?}");
        };
        world.control("faults", &json!({"rules": []}));
        let [done, before, present, failed] = counts(&report);
        assert_eq!((done + present, before, failed), (1500, 0, 0), "{seed}");
        assert_eq!(state(&world, &card_id).await, (1500, 1500), "{seed}");
        let ledger = world.control("ledger", &json!({}));
        let movements = ledger["stock"].as_array().unwrap().iter();
        assert_eq!(
            movements.filter(|movement| movement["reason"] == "modify").count(),
            1,
            "{seed}"
        );
    }
}

#[tokio::test]
async fn a_duplicate_that_may_be_our_own_sending_is_not_called_one() {
    let (world, card_id) = world().await;
    deposit(&world, &card_id)
        .run(lines(["B1"]))
        .await
        .bulk
        .counts
        .done
        .checked_sub(1)
        .unwrap();
    world.disturb(DEPOSIT, &[Lost]);
    let told = Told::default();
    let report = told
        .listen(deposit(&world, &card_id), BulkKind::Deposit)
        .run(lines(["A1", "B1"]))
        .await;
    assert_eq!(told.words(), ["present", "present"]);
    // The service's own count tells how many of them are new.
    assert_eq!((report.deposited_before, report.deposited_after), (Some(1), Some(2)));
    world.disturb(DEPOSIT, &[Lost]);
    let report = deposit(&world, &card_id)
        .raise_stock(true)
        .run(lines(["A1", "A2"]))
        .await;
    assert!(
        matches!(report.stock, Some(StockRaise::Raised { by: 1, .. })),
        "{report:?}"
    );
}

#[tokio::test]
async fn a_code_that_checkcode_does_not_find_is_not_deposited_whatever_the_answer_said() {
    let (world, card_id) = world().await;
    let lie = r#"{"errcode":0,"succ_code":["A1","A2"],"duplicate_code":[],"fail_code":[]}"#;
    world.disturb(DEPOSIT, &[Answers(lie)]);
    let told = Told::default();
    let report = told
        .listen(deposit(&world, &card_id), BulkKind::Deposit)
        .raise_stock(true)
        .run(lines(["A1", "A2"]))
        .await;
    assert_eq!(told.words(), ["failed", "failed"]);
    assert!(matches!(report.stock, Some(StockRaise::Unneeded)));
    // Looked up again after pauses: the service may be slow to find what it took.
    assert_eq!(world.count(CHECK), 4);
    assert_eq!(world.clock.slept().iter().sum::<Duration>(), Duration::from_secs(7));
}

#[tokio::test]
async fn one_code_that_the_service_refuses_does_not_spoil_the_others() {
    let (world, card_id) = world().await;
    let refusal = r#"{"errcode":40111,"errmsg":"code repeated"}"#;
    // The whole, its first half, then the halves of that, and at last the one code.
    let faults: Vec<Fault> = [Answers(refusal); 3].into();
    world.disturb(DEPOSIT, &faults);
    let told = Told::default();
    let report = told
        .listen(deposit(&world, &card_id), BulkKind::Deposit)
        .run(lines(codes(4)))
        .await;
    assert_eq!(told.words(), ["failed", "accepted", "accepted", "accepted"]);
    assert!(report.is_complete());
    assert_eq!(state(&world, &card_id).await.0, 3);
}

#[tokio::test]
async fn a_refusal_of_every_code_stops_and_is_told() {
    for (answer, errcode) in [
        (r#"{"errcode":40073,"errmsg":"invalid card id"}"#, 40073),
        (r#"{"errcode":47001,"errmsg":"data format error"}"#, 47001),
        (DAY, 45009),
    ] {
        let (world, card_id) = world().await;
        world.disturb(DEPOSIT, &vec![Answers(answer); 10_000]);
        let told = Told::default();
        let bulk = told.listen(deposit(&world, &card_id), BulkKind::Deposit).in_flight(1);
        let report = bulk.run(lines(codes(500))).await;
        match &report.bulk.stop {
            Some(BulkStop::Failed(error)) => assert_eq!(error.errcode().unwrap().get(), errcode),
            other => panic!("{other:?}"),
        }
        assert_eq!((told.words().len(), counts(&report)), (0, [0; 4]));
        assert!(world.count(DEPOSIT) < 200);
        assert!(!report.is_complete() && report.deposited_after.is_none());
    }
}

#[tokio::test]
async fn the_quota_of_the_day_is_a_checkpoint() {
    let (world, card_id) = world().await;
    let journal = MemoryJournal::default();
    world.disturb(DEPOSIT, &[Fine, Fine, Answers(DAY)]);
    let run = || {
        deposit(&world, &card_id)
            .in_flight(1)
            .journal(journal.clone())
            .raise_stock(true)
    };
    let report = run().run(lines(codes(1000))).await;
    assert_eq!(counts(&report), [200, 0, 0, 0]);
    assert!(report.stock.is_none() && !report.bulk.resumed);
    world.forget();
    let told = Told::default();
    let report = told.listen(run(), BulkKind::Deposit).run(lines(codes(1000))).await;
    assert!(report.is_complete() && report.bulk.resumed);
    assert_eq!((counts(&report), told.words().len()), ([1000, 0, 0, 0], 1000));
    // What was done is not sent again.
    assert_eq!(world.count(DEPOSIT), 8);
    assert_eq!(state(&world, &card_id).await, (1000, 1000));
    world.forget();
    let report = run().run(lines(codes(1000))).await;
    assert_eq!(counts(&report), [1000, 0, 0, 0]);
    assert!(matches!(report.stock, Some(StockRaise::Raised { by: 1000, .. })));
    assert_eq!((world.count(DEPOSIT), world.count(MODIFY)), (0, 0));
    assert_eq!(state(&world, &card_id).await, (1000, 1000));
}

#[tokio::test]
async fn a_journal_belongs_to_one_input_one_account_one_card_and_one_task() {
    let (world, card_id) = world().await;
    let journal = MemoryJournal::default();
    let done = deposit(&world, &card_id)
        .journal(journal.clone())
        .run(lines(codes(250)))
        .await;
    assert!(done.is_complete());
    let kept = journal.bytes();
    let (mut changed, mut longer) = (codes(250), codes(250));
    changed[120] = "other".into();
    longer.push("more".into());
    for input in [changed, longer, codes(249), codes(100), codes(0), codes(251)] {
        let report = deposit(&world, &card_id)
            .journal(journal.clone())
            .run(lines(input))
            .await;
        assert!(
            matches!(report.bulk.stop, Some(BulkStop::OtherInput { line }) if (1..=251).contains(&line)),
            "{report:?}"
        );
    }
    let other_account = CardClient::new("wx0000000000000099", "secret", world.clone());
    for report in [
        deposit(&world, "pOther")
            .journal(journal.clone())
            .run(lines(codes(250)))
            .await
            .bulk,
        other_account
            .deposit(&*card_id)
            .journal(journal.clone())
            .run(lines(codes(250)))
            .await
            .bulk,
        deposit(&world, &card_id)
            .max_code_bytes(64)
            .journal(journal.clone())
            .run(lines(codes(250)))
            .await
            .bulk,
        world
            .client()
            .void_codes()
            .card_id(&*card_id)
            .journal(journal.clone())
            .run(lines(codes(250)))
            .await,
        deposit(&world, &card_id)
            .journal(MemoryJournal::new("A1\nA2\n"))
            .run(lines(codes(250)))
            .await
            .bulk,
    ] {
        match report.stop {
            Some(BulkStop::Journal(error)) => assert!(error.is_misfit(), "{error}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(journal.bytes(), kept);
    assert_eq!(state(&world, &card_id).await.0, 250);
}

#[tokio::test]
async fn a_torn_end_of_a_journal_costs_nothing_and_a_hole_in_it_is_found() {
    let (world, card_id) = world().await;
    let journal = MemoryJournal::default();
    let run = |journal: &MemoryJournal| deposit(&world, &card_id).in_flight(1).journal(journal.clone());
    assert!(run(&journal).run(lines(codes(300))).await.is_complete());
    let whole = journal.bytes();
    for length in (0..whole.len()).step_by(7) {
        let report = run(&MemoryJournal::new(&whole[..length])).run(lines(codes(300))).await;
        assert!(report.is_complete(), "{length}: {report:?}");
        assert_eq!(report.bulk.counts.good(), 300);
        // Padded with zeros, as a file is after the power was gone.
        let padded = [&whole[..length], &[0; 100]].concat();
        let report = run(&MemoryJournal::new(padded)).run(lines(codes(300))).await;
        let is_header_spoilt = length < 23;
        assert_eq!(report.is_complete(), !is_header_spoilt, "{length}: {report:?}");
    }
    // Whatever is spoilt before the last frame, be it a length, a checksum or what they belong to.
    let deposits = world.count(DEPOSIT);
    for place in 0..last_frame(&whole) {
        let mut hole = whole.clone();
        hole[place] ^= 1;
        let report = run(&MemoryJournal::new(hole)).run(lines(codes(300))).await;
        assert!(
            matches!(&report.bulk.stop, Some(BulkStop::Journal(error)) if error.is_misfit()),
            "{place}: {report:?}"
        );
    }
    assert_eq!(world.count(DEPOSIT), deposits);
}

#[tokio::test]
async fn what_stood_at_a_spoilt_end_of_a_journal_may_have_been_sent() {
    let (world, card_id) = world().await;
    let journal = MemoryJournal::default();
    let run = |journal: MemoryJournal| {
        deposit(&world, &card_id)
            .journal(journal)
            .raise_stock(true)
            .run(lines(codes(300)))
    };
    world.disturb(DEPOSIT, &[Fine, Fine, Answers(DAY)]);
    assert!(!run(journal.clone()).await.is_complete());
    // As if the disk had kept what was announced, and spoilt it later, and nothing of what came after it.
    let mut spoilt = journal.bytes();
    while 2 < frames(&spoilt).len() {
        spoilt.truncate(last_frame(&spoilt));
    }
    *spoilt.last_mut().unwrap() ^= 1;
    let report = run(MemoryJournal::new(spoilt)).await;
    assert_eq!(counts(&report), [100, 0, 200, 0]);
    assert!(
        matches!(report.stock, Some(StockRaise::Raised { by: 300, .. })),
        "{report:?}"
    );
}

/// Where the frames of a journal begin.
fn frames(journal: &[u8]) -> Vec<usize> {
    let mut begin = b"wx-card bulk journal 1\n".len();
    let mut frames = Vec::new();
    while begin < journal.len() {
        frames.push(begin);
        let length = u32::from_le_bytes(journal[begin..begin + 4].try_into().unwrap());
        begin += 12 + usize::try_from(length).unwrap();
    }
    frames
}

/// Where the last frame of a journal begins.
fn last_frame(journal: &[u8]) -> usize {
    *frames(journal).last().unwrap()
}

/// Runs with a journal and drops the run at its `point`th wait; the input once more after that.
async fn dropped_at(point: usize, faults: &[(&'static str, &[Fault])]) -> bool {
    let (world, card_id) = world().await;
    let journal = MemoryJournal::default();
    for (path, faults) in faults {
        world.disturb(path, faults);
    }
    let slow = Slow::new(journal.clone());
    let run = |journal: Slow| {
        deposit(&world, &card_id)
            .in_flight(2)
            .limit(Yielding)
            .journal(journal)
            .raise_stock(true)
    };
    let mut first = Box::pin(run(slow.clone()).run(lines(codes(550))));
    let mut waits = 0;
    let ended = std::future::poll_fn(|context| {
        let polled = first.poll_unpin(context);
        waits += 1;
        if polled.is_ready() || waits == point {
            return std::task::Poll::Ready(polled.is_ready());
        }
        std::task::Poll::Pending
    })
    .await;
    drop(first);
    let told = Told::default();
    let mut report = told
        .listen(run(slow.clone()), BulkKind::Deposit)
        .run(lines(codes(550)))
        .await;
    // The fault may have met the second run's raise; the third looks what became of it.
    if matches!(report.stock, Some(StockRaise::Unknown { .. })) {
        report = run(slow).run(lines(codes(550))).await;
    }
    assert!(report.is_complete(), "{point}: {report:?}");
    let [done, before, present, failed] = counts(&report);
    assert_eq!(
        (done + present, before, failed, told.words().len()),
        (550, 0, 0, 550),
        "{point}"
    );
    assert_eq!(state(&world, &card_id).await, (550, 550), "{point}");
    ended
}

/// A journal that lets others have their turn before and after it keeps something.
#[derive(Clone, Debug)]
struct Slow(MemoryJournal);

impl Slow {
    fn new(journal: MemoryJournal) -> Self {
        Self(journal)
    }
}

#[async_trait::async_trait]
impl wx_card::bulk::BulkJournal for Slow {
    async fn read(&self) -> Result<Vec<u8>, wx_card::bulk::JournalError> {
        self.0.read().await
    }

    async fn append(&self, at: u64, bytes: bytes::Bytes) -> Result<(), wx_card::bulk::JournalError> {
        tokio::task::yield_now().await;
        // Half of it first, so that a run that is dropped here leaves it torn.
        self.0.append(at, bytes.slice(..bytes.len() / 2)).await?;
        tokio::task::yield_now().await;
        self.0.append(at, bytes).await?;
        tokio::task::yield_now().await;
        Ok(())
    }
}

#[tokio::test]
async fn a_run_that_is_dropped_anywhere_is_gone_on_with() {
    for faults in [
        &[][..],
        &[(MODIFY, &[Lost][..])],
        &[(MODIFY, &[Swallowed]), (DEPOSIT, &[Lost, Answers(BUSY)])],
    ] {
        let mut point = 1;
        while !dropped_at(point, faults).await {
            point += 1;
        }
        assert!(10 < point, "{point}");
    }
}

#[tokio::test]
async fn the_stock_is_never_raised_twice() {
    for (faults, outcome, stock) in [
        (&[Lost][..], "raised", 120),
        (&[Garbled(BUSY)], "raised", 120),
        (&[Unsent, Answers(MINUTE)], "raised", 120),
        (&[Swallowed], "unknown", 0),
        (&[Late(3)], "raised", 120),
        (
            &[Answers(r#"{"errcode":40136,"errmsg":"stock over deposit"}"#)],
            "refused",
            0,
        ),
    ] {
        let (world, card_id) = world().await;
        let journal = MemoryJournal::default();
        world.disturb(MODIFY, faults);
        let run = || {
            deposit(&world, &card_id)
                .journal(journal.clone())
                .raise_stock(true)
                .run(lines(codes(120)))
        };
        let first = run().await;
        let told = match &first.stock {
            Some(StockRaise::Raised { by: 120, .. }) => "raised",
            Some(StockRaise::Unknown { by: 120, from: 0, .. }) => "unknown",
            Some(StockRaise::Refused { by: 120, error, .. }) if error.errcode().unwrap() == 40136 => "refused",
            other => panic!("{other:?}"),
        };
        assert_eq!(
            (told, state(&world, &card_id).await),
            (outcome, (120, stock)),
            "{faults:?}"
        );
        assert_eq!(first.is_complete(), told == "raised");
        // The next run looks first, and raises it only if it certainly is not.
        let second = run().await;
        assert!(
            matches!(second.stock, Some(StockRaise::Raised { by: 120, .. })),
            "{faults:?}: {second:?}"
        );
        assert_eq!(state(&world, &card_id).await, (120, 120), "{faults:?}");
    }
}

#[tokio::test]
async fn a_stock_that_somebody_else_changed_is_left_to_a_person() {
    let (world, card_id) = world().await;
    let journal = MemoryJournal::default();
    world.disturb(MODIFY, &[Swallowed]);
    let run = || {
        deposit(&world, &card_id)
            .journal(journal.clone())
            .raise_stock(true)
            .run(lines(codes(120)))
    };
    assert!(matches!(run().await.stock, Some(StockRaise::Unknown { .. })));
    let change = ModifyStock::new(&*card_id, 7);
    drop(world.client().modify_stock(&change).await.unwrap());
    assert!(matches!(
        run().await.stock,
        Some(StockRaise::Unknown { last_read: Some(7), .. })
    ));
    assert_eq!(state(&world, &card_id).await, (120, 7));
}

#[tokio::test]
async fn a_run_that_is_asked_to_stop_finishes_what_is_in_flight() {
    let (world, card_id) = world().await;
    let journal = MemoryJournal::default();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stop = Mutex::new(Some(stop));
    let bulk = deposit(&world, &card_id)
        .journal(journal.clone())
        .until(stopped.map(drop));
    // Time passes for each batch, so that the journal is written each time.
    let clock = world.clock.clone();
    let bulk = bulk
        .limit(LocalRateLimit::new(world.client().core()).per_second(1))
        .on_progress(move |counts| {
            clock.advance(Duration::from_secs(1));
            if 300 <= counts.done {
                drop(stop.lock().unwrap().take());
            }
        });
    let report = bulk.run(lines(codes(5000))).await;
    assert!(matches!(report.bulk.stop, Some(BulkStop::Asked)), "{report:?}");
    let done = report.bulk.counts.done;
    assert!((300..1000).contains(&done), "{done}");
    assert_eq!(state(&world, &card_id).await.0, done);
    let report = deposit(&world, &card_id).journal(journal).run(lines(codes(5000))).await;
    assert_eq!(counts(&report), [5000, 0, 0, 0]);
}

#[tokio::test]
async fn a_pipe_without_lines_does_not_keep_a_run_that_is_asked_to_stop() {
    let (world, card_id) = world().await;
    let input = stream::StreamExt::chain(lines(codes(150)), stream::pending());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let bulk = deposit(&world, &card_id).journal(MemoryJournal::default());
    let mut running = Box::pin(bulk.until(stopped.map(drop)).run(input));
    assert!((&mut running).now_or_never().is_none());
    drop(stop);
    let report = running.await;
    assert!(matches!(report.bulk.stop, Some(BulkStop::Asked)), "{report:?}");
}

#[tokio::test]
async fn calls_keep_to_the_second_and_to_the_day() {
    let (world, card_id) = world().await;
    let journal = MemoryJournal::default();
    let limit = || LocalRateLimit::new(world.client().core()).per_second(10).per_day(20);
    let run = || {
        deposit(&world, &card_id)
            .limit(limit())
            .journal(journal.clone())
            .verify(false)
    };
    let began = world.client().core().now();
    let report = run().run(lines(codes(5000))).await;
    assert!(matches!(report.bulk.stop, Some(BulkStop::Limit(_))), "{report:?}");
    assert_eq!(world.paths().len(), 20);
    let took = world.client().core().now().duration_since(began).unwrap();
    assert!(took >= Duration::from_millis(1900), "{took:?}");
    // On the same day the journal knows that the calls are used up.
    let report = run().run(lines(codes(5000))).await;
    assert!(matches!(report.bulk.stop, Some(BulkStop::Limit(_))), "{report:?}");
    assert_eq!(world.paths().len(), 20);
    world.clock.advance(Duration::from_secs(86_400));
    let report = run().run(lines(codes(5000))).await;
    assert_eq!((world.paths().len(), report.bulk.is_complete()), (40, false));
}

/// A limit that only counts.
#[derive(Clone, Debug, Default)]
struct Counting(Arc<Mutex<u64>>);

#[async_trait::async_trait]
impl wx_card::bulk::RateLimit for Counting {
    async fn acquire(&self) -> Result<(), wx_card::bulk::RateLimitError> {
        *self.0.lock().unwrap() += 1;
        Ok(())
    }

    fn spent(&self, calls: u64) {
        *self.0.lock().unwrap() += calls;
    }
}

#[tokio::test]
async fn every_request_counts_once_for_the_limit() {
    for (retries, faults) in [0, 2].into_iter().flat_map(|retries| {
        [
            &[Answers(BUSY)][..],
            &[Fine, Lost, Swallowed],
            &[Swallowed, Swallowed, Swallowed, Swallowed],
            &[Garbled("<html>"), Fine, Answers(MINUTE)],
        ]
        .map(|faults| (retries, faults))
    }) {
        let (world, card_id) = world().await;
        let coupons = world.card(20).await;
        let taken: Vec<String> = (0..6)
            .map(|user| world.take(&coupons, &format!("oUser{user}")))
            .collect();
        let client = world.client_with(RetryPolicy::default().retries(retries));
        let disturb = |paths: &[&'static str]| {
            world.forget();
            paths.iter().for_each(|path| world.disturb(path, faults));
        };
        let of_codes = || {
            world
                .paths()
                .iter()
                .filter(|path| path.starts_with("/card/code/"))
                .count() as u64
        };
        let counted = |limit: Counting| *limit.0.lock().unwrap();
        let limit = Counting::default();
        disturb(&[DEPOSIT, CHECK, COUNT]);
        let report = client
            .deposit(&*card_id)
            .limit(limit.clone())
            .run(lines(codes(250)))
            .await;
        assert!(report.is_complete(), "{report:?}");
        assert_eq!(counted(limit), of_codes(), "deposit, {retries} {faults:?}");
        let limit = Counting::default();
        disturb(&[CHECK]);
        let report = client
            .check_all_codes(&*card_id)
            .limit(limit.clone())
            .run(lines(codes(250)))
            .await;
        assert!(report.is_complete(), "{report:?}");
        assert_eq!(counted(limit), of_codes(), "check, {retries} {faults:?}");
        let limit = Counting::default();
        disturb(&[VOID]);
        let report = client
            .void_codes()
            .in_flight(1)
            .limit(limit.clone())
            .run(lines(taken))
            .await;
        assert!(report.is_complete(), "{report:?}");
        assert_eq!(counted(limit), of_codes(), "void, {retries} {faults:?}");
    }
}

#[tokio::test]
async fn an_input_that_breaks_off_is_gone_on_with() {
    let (world, card_id) = world().await;
    let journal = MemoryJournal::default();
    let broken = stream::iter(
        codes(350)
            .into_iter()
            .zip(1..)
            .map(|(code, number)| Ok(BulkLine::new(number, code)))
            .chain([Err(io::Error::other("the pipe broke"))])
            .collect::<Vec<_>>(),
    );
    let report = deposit(&world, &card_id).journal(journal.clone()).run(broken).await;
    assert!(matches!(&report.bulk.stop, Some(BulkStop::Input(error)) if error.to_string() == "the pipe broke"));
    let report = deposit(&world, &card_id).journal(journal).run(lines(codes(350))).await;
    assert_eq!(report.bulk.counts.good(), 350);
    assert_eq!(state(&world, &card_id).await.0, 350);
}

#[tokio::test]
async fn an_outage_ends_the_run_after_some_minutes() {
    let (world, card_id) = world().await;
    world.disturb(DEPOSIT, &vec![Unsent; 1000]);
    let began = world.client().core().now();
    let report = deposit(&world, &card_id).in_flight(1).run(lines(codes(1000))).await;
    assert!(matches!(report.bulk.stop, Some(BulkStop::Failed(_))));
    let minutes = world.client().core().now().duration_since(began).unwrap().as_secs() / 60;
    assert!((3..8).contains(&minutes), "{minutes}");
}

#[tokio::test]
async fn codes_are_made_void_once_and_what_cannot_be_is_told() {
    let world = Disturbed::new();
    let card_id = world.card(20).await;
    let taken: Vec<String> = (0..6)
        .map(|user| world.take(&card_id, &format!("oUser{user}")))
        .collect();
    world
        .client()
        .consume_code(&wx_card::types::ConsumeCode::new(&*taken[1]))
        .await
        .unwrap();
    world
        .client()
        .make_code_unavailable(&MakeCodeUnavailable::new(&*taken[2]))
        .await
        .unwrap();
    world.control("user-delete", &json!({"card_id": card_id, "code": taken[3]}));
    world.forget();
    // Lost: carried out. Swallowed: not, and sent again.
    world.disturb(VOID, &[Fine, Fine, Fine, Fine, Lost, Swallowed]);
    let told = Told::default();
    let input: Vec<&str> = taken.iter().map(String::as_str).chain(["nobodys"]).collect();
    let bulk = told.listen(world.client().void_codes().reason("退款").in_flight(1), BulkKind::Void);
    let report = bulk.run(lines(input)).await;
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(
        told.words(),
        ["void", "failed", "already_void", "failed", "is_void", "void", "failed"]
    );
    for (code, state) in [
        (0, "unavailable"),
        (1, "redeemed"),
        (3, "deleted"),
        (4, "unavailable"),
        (5, "unavailable"),
    ] {
        let request = wx_card::types::GetCode::new(&*taken[code]).check_consume(false);
        assert_eq!(world.client().code_state(&request).await.unwrap().name(), state);
    }
}

#[tokio::test]
async fn an_answer_that_says_nothing_makes_no_code_void() {
    let world = Disturbed::new();
    let card_id = world.card(20).await;
    let code = world.take(&card_id, "oUser");
    world.disturb(VOID, &[Answers("{}")]);
    let report = world.client().void_codes().run(lines([&*code])).await;
    assert!(report.is_complete(), "{report:?}");
    let request = wx_card::types::GetCode::new(&*code).check_consume(false);
    assert_eq!(world.client().code_state(&request).await.unwrap().name(), "unavailable");
}

#[tokio::test]
async fn codes_that_were_made_void_by_a_run_that_was_dropped_are_not_failed() {
    for point in (1..60).step_by(3) {
        let world = Disturbed::new();
        let card_id = world.card(50).await;
        let taken: Vec<String> = (0..45)
            .map(|user| world.take(&card_id, &format!("oUser{user}")))
            .collect();
        let journal = Slow::new(MemoryJournal::default());
        let run = |journal: Slow| world.client().void_codes().in_flight(2).journal(journal);
        world.disturb(VOID, &[Fine, Lost, Swallowed, Answers(BUSY)]);
        let limited = run(journal.clone()).limit(Yielding);
        let mut first = Box::pin(limited.run(lines(taken.clone())));
        let mut polls = 0;
        std::future::poll_fn(|context| {
            polls += 1;
            let is_over = first.poll_unpin(context).is_ready() || polls == point;
            if is_over {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
        drop(first);
        let told = Told::default();
        let report = told
            .listen(run(journal), BulkKind::Void)
            .run(lines(taken.clone()))
            .await;
        assert!(report.is_complete(), "{point}: {report:?}");
        assert!(
            told.words().iter().all(|word| ["void", "is_void"].contains(word)),
            "{point}: {report:?}"
        );
        assert_eq!(told.words().len(), 45);
        for code in &taken {
            let request = wx_card::types::GetCode::new(code).check_consume(false);
            assert_eq!(world.client().code_state(&request).await.unwrap().name(), "unavailable");
        }
    }
}

/// A limit that lets others have their turn before each call.
#[derive(Debug)]
struct Yielding;

#[async_trait::async_trait]
impl wx_card::bulk::RateLimit for Yielding {
    async fn acquire(&self) -> Result<(), wx_card::bulk::RateLimitError> {
        tokio::task::yield_now().await;
        Ok(())
    }
}

#[tokio::test]
async fn many_codes_are_asked_for() {
    let (world, card_id) = world().await;
    deposit(&world, &card_id)
        .run(lines(codes(250)))
        .await
        .bulk
        .stop
        .is_none()
        .then_some(())
        .unwrap();
    world.disturb(CHECK, &[Answers(BUSY), Lost]);
    let told = Told::default();
    let bulk = told.listen(world.client().check_all_codes(&*card_id), BulkKind::Check);
    let report = bulk.run(lines(codes(260))).await;
    assert_eq!((report.counts.done, report.counts.failed), (250, 10));
    assert_eq!(told.words()[249..251], ["deposited", "missing"]);
}
