//! Each rule on calls and ledgers by hand: what fits is no contradiction, and every lie is found.

use serde_json::{Value, json};

use super::*;

const UNCLEAR: (Claim, bool) = (Claim::Unclear, true);

fn redeem(code: &str) -> Deed {
    Deed::Redeem { code: code.to_owned() }
}

fn set(target: i64) -> Deed {
    let card_id = "own".to_owned();
    Deed::SetStock { card_id, target }
}

fn told((claim, may_have_run): (Claim, bool)) -> Told {
    Told::new(claim, may_have_run)
}

fn told_stock(claim: Claim, from: i64, now: Option<i64>) -> Told {
    let stock = Some(Stock { from, now });
    Told {
        stock,
        ..Told::new(claim, claim != Claim::NotRun)
    }
}

/// Calls one after another.
fn book(calls: Vec<(Deed, Told)>) -> Book {
    let mut book = Book::default();
    book.note_prepared("own");
    for (deed, told) in calls {
        let number = book.begin(deed);
        book.end(number, told);
    }
    book
}

fn ledger(codes: Value, stock: Value) -> Effects {
    let ledger = [("codes".to_owned(), codes), ("stock".to_owned(), stock)];
    Effects::of_ledger(&ledger.into_iter().collect()).unwrap()
}

fn of_codes(accepted_by: &[&str]) -> Effects {
    let accepted = accepted_by.len();
    let accepted_by = json!(accepted_by);
    ledger(
        json!([{"code": "1", "accepted": accepted, "refused": 0, "accepted_by": accepted_by}]),
        json!([]),
    )
}

/// The stock of the card that one till sets, created with five.
fn of_stock(movements: &[(&str, i64, i64, &str)]) -> Effects {
    let created = json!({"card_id": "own", "reason": "create", "change": 5, "quantity": 5});
    let moved = movements.iter().map(|(reason, change, quantity, request_id)| {
        json!({"card_id": "own", "reason": reason, "change": change, "quantity": quantity, "request_id": request_id})
    });
    ledger(json!([]), std::iter::once(created).chain(moved).collect())
}

fn found(book: &Book, effects: &Effects) -> Vec<String> {
    Reckoning::new(book, effects).contradictions()
}

#[track_caller]
fn fits(book: &Book, effects: &Effects) {
    assert_eq!(found(book, effects), [""; 0]);
}

#[track_caller]
fn breaks(rule: &str, book: &Book, effects: &Effects) {
    let found = found(book, effects);
    assert!(found.iter().any(|found| found.contains(rule)), "{rule}: {found:?}");
}

/// One call for code 1 that was told this.
fn one(claim: Claim, may_have_run: bool) -> Book {
    book(vec![(redeem("1"), told((claim, may_have_run)))])
}

/// Two such calls, of which the first was over when the second began.
fn two(first: (Claim, bool), second: (Claim, bool)) -> Book {
    book(vec![(redeem("1"), told(first)), (redeem("1"), told(second))])
}

#[test]
fn what_a_till_was_told_of_its_own_redeem_fits() {
    for claim in [Claim::Done, Claim::Likely, Claim::PerhapsMine, Claim::Unclear] {
        fits(&one(claim, true), &of_codes(&["0.1"]));
    }
    for (claim, may_have_run) in [UNCLEAR, (Claim::NotRun, false)] {
        fits(&one(claim, may_have_run), &of_codes(&[]));
    }
    fits(&two((Claim::Done, true), (Claim::NotMine, false)), &of_codes(&["0.1"]));
    fits(&two(UNCLEAR, (Claim::NotMine, false)), &of_codes(&["0.3"]));
}

#[test]
fn a_code_that_is_redeemed_twice_is_found() {
    breaks("redeemed 2 times", &two(UNCLEAR, UNCLEAR), &of_codes(&["0.1", "1.1"]));
    breaks(
        "ran more than once",
        &one(Claim::Unclear, true),
        &of_codes(&["0.1", "0.2"]),
    );
}

#[test]
fn of_two_who_were_told_that_they_redeemed_a_code_one_is_wrong() {
    let book = two((Claim::Done, true), (Claim::Done, true));
    breaks("was told that it ran, and it did not", &book, &of_codes(&["1.1"]));
}

#[test]
fn a_redeem_that_another_call_did_is_not_ones_own() {
    let book = two(UNCLEAR, (Claim::Done, true));
    breaks("call 1: its caller was told that it ran", &book, &of_codes(&["0.1"]));
}

#[test]
fn what_is_said_to_be_redeemed_and_is_not_is_found() {
    for claim in [Claim::Done, Claim::Likely, Claim::PerhapsMine] {
        breaks("and", &one(claim, true), &of_codes(&[]));
    }
    let too_early = two((Claim::NotMine, false), (Claim::Done, true));
    for effects in [of_codes(&[]), of_codes(&["1.1"])] {
        breaks("call 0: it was said to be redeemed, and was not", &too_early, &effects);
    }
}

#[test]
fn a_call_that_ran_and_denies_it_is_found() {
    for claim in [Claim::NotRun, Claim::NotMine, Claim::Unclear] {
        breaks("`may_have_run` is false", &one(claim, false), &of_codes(&["0.1"]));
    }
    for claim in [Claim::NotRun, Claim::NotMine] {
        breaks("told that it did not", &one(claim, true), &of_codes(&["0.1"]));
    }
}

#[test]
fn likely_its_own_is_wrong_if_it_was_redeemed_before() {
    let likely = (Claim::Likely, true);
    for claim in [Claim::Done, Claim::Likely, Claim::PerhapsMine] {
        let book = two((claim, true), likely);
        breaks("call 1: it was called likely its own", &book, &of_codes(&["0.1"]));
    }
    // What was unclear may have come late.
    fits(&two(UNCLEAR, likely), &of_codes(&["0.1"]));
    // Of two at the same time nobody can tell.
    let mut book = Book::default();
    let calls = [book.begin(redeem("1")), book.begin(redeem("1"))];
    for call in calls {
        book.end(call, told(likely));
    }
    fits(&book, &of_codes(&["0.1"]));
}

#[test]
fn a_redeem_by_nobody_or_for_another_code_is_found() {
    let book = one(Claim::Unclear, true);
    for stranger in ["7.1", "who?"] {
        breaks("nobody is known", &book, &of_codes(&[stranger]));
    }
    let unnamed = ledger(json!([{"code": "1", "accepted": 1, "refused": 0}]), json!([]));
    breaks("nobody is known", &book, &unnamed);
    let other = ledger(json!([{"code": "2", "accepted": 1, "accepted_by": ["0.1"]}]), json!([]));
    breaks("something else was done", &book, &other);
}

#[test]
fn a_flow_that_fails_and_leaves_open_whether_it_ran_breaks_its_promise() {
    breaks("promises not to", &one(Claim::Broken, true), &of_codes(&[]));
}

#[test]
fn a_call_that_never_ends_is_found() {
    let mut book = Book::default();
    book.begin(redeem("1"));
    breaks("never ended", &book, &of_codes(&[]));
}

#[test]
fn the_stock_that_was_set_fits_what_was_told() {
    let done = |from, to| (set(to), told_stock(Claim::Done, from, Some(to)));
    let unchanged = (set(3), told_stock(Claim::NotRun, 3, Some(3)));
    // A user takes one between two changes.
    let effects = of_stock(&[("modify", 2, 7, "0.2"), ("take", -1, 6, ""), ("modify", -3, 3, "1.2")]);
    fits(&book(vec![done(5, 7), done(6, 3), unchanged]), &effects);
    // Another after the stock was read.
    let effects = of_stock(&[("take", -1, 4, ""), ("modify", 2, 6, "0.2")]);
    fits(&book(vec![done(5, 7)]), &effects);
    let likely = (set(7), told_stock(Claim::Likely, 5, Some(7)));
    fits(&book(vec![likely]), &of_stock(&[("modify", 2, 7, "0.2")]));
    let unknown = (set(7), told_stock(Claim::Unclear, 5, Some(5)));
    for effects in [of_stock(&[]), of_stock(&[("modify", 2, 7, "0.2")])] {
        fits(&book(vec![unknown.clone()]), &effects);
    }
}

#[test]
fn a_change_that_came_late_is_laid_to_no_later_call() {
    let calls = [
        (set(7), told_stock(Claim::Unclear, 5, Some(5))),
        (set(7), told_stock(Claim::Likely, 5, Some(7))),
    ];
    fits(&book(calls.to_vec()), &of_stock(&[("modify", 2, 7, "0.2")]));
}

#[test]
fn every_lie_about_a_stock_is_found() {
    let moved = of_stock(&[("modify", 2, 7, "0.2")]);
    for (rule, target, told, effects) in [
        ("read a stock", 7, told_stock(Claim::Done, 4, Some(7)), &moved),
        ("by another number", 8, told_stock(Claim::Done, 5, Some(8)), &moved),
        ("than it was to set", 7, told_stock(Claim::Done, 5, Some(8)), &moved),
        (
            "`may_have_run` is false",
            7,
            told_stock(Claim::NotRun, 7, Some(7)),
            &moved,
        ),
        ("it did not", 7, told_stock(Claim::Done, 5, Some(7)), &of_stock(&[])),
        (
            "nobody changed it",
            7,
            told_stock(Claim::Likely, 5, Some(5)),
            &of_stock(&[]),
        ),
        ("told a stock", 7, told_stock(Claim::Unclear, 5, Some(6)), &moved),
        ("read a stock", 9, told_stock(Claim::NotRun, 9, Some(9)), &of_stock(&[])),
        (
            "a card that there is not",
            7,
            told_stock(Claim::Unclear, 5, None),
            &of_codes(&[]),
        ),
    ] {
        breaks(rule, &book(vec![(set(target), told)]), effects);
    }
}

#[test]
fn a_stock_is_not_read_as_it_was_before_a_change_that_was_confirmed() {
    let calls = vec![
        (set(7), told_stock(Claim::Done, 5, Some(7))),
        (set(5), told_stock(Claim::NotRun, 5, Some(5))),
    ];
    breaks(
        "call 1: it read a stock",
        &book(calls),
        &of_stock(&[("modify", 2, 7, "0.2")]),
    );
}

#[test]
fn raising_the_stock_is_laid_to_the_call_that_did_it() {
    let raise = |claim, may_have_run| {
        let card_id = "own".to_owned();
        (Deed::RaiseStock { card_id }, told((claim, may_have_run)))
    };
    let calls = vec![
        raise(Claim::Done, true),
        raise(Claim::Unclear, true),
        raise(Claim::NotRun, false),
    ];
    let book = book(calls);
    fits(&book, &of_stock(&[("modify", 1, 6, "0.1")]));
    fits(&book, &of_stock(&[("modify", 1, 6, "1.1"), ("modify", 1, 7, "0.1")]));
    // The sums would fit.
    breaks(
        "call 0: its caller was told that it ran",
        &book,
        &of_stock(&[("modify", 1, 6, "1.1")]),
    );
    breaks(
        "`may_have_run` is false",
        &book,
        &of_stock(&[("modify", 1, 6, "0.1"), ("modify", 1, 7, "2.1")]),
    );
    breaks("something else", &book, &of_stock(&[("modify", 2, 7, "0.1")]));
    breaks(
        "nobody is known",
        &book,
        &of_stock(&[("modify", 1, 6, "0.1"), ("modify", 1, 7, "")]),
    );
}

#[test]
fn a_card_that_is_called_new_is_the_calls_own() {
    let create = |claim, may_have_run, cards: &[&str]| {
        let title = "t".to_owned();
        let cards = cards.iter().map(ToString::to_string).collect();
        let told = Told {
            cards,
            ..Told::new(claim, may_have_run)
        };
        book(vec![(Deed::Create { title }, told)])
    };
    let created = |request_id: &str| {
        ledger(
            json!([]),
            json!([{"card_id": "p1", "reason": "create", "change": 1, "quantity": 1, "request_id": request_id}]),
        )
    };
    for claim in [Claim::Done, Claim::Likely] {
        fits(&create(claim, true, &["p1"]), &created("0.1"));
        breaks("another card", &create(claim, true, &["p2"]), &created("0.1"));
        breaks("another card", &create(claim, true, &["p1", "p2"]), &created("0.1"));
    }
    fits(&create(Claim::Unclear, true, &[]), &created("0.1"));
    fits(&create(Claim::NotRun, false, &[]), &of_stock(&[]));
    breaks("another card", &create(Claim::Likely, true, &["p1"]), &of_stock(&[]));
    breaks(
        "`may_have_run` is false",
        &create(Claim::NotRun, false, &[]),
        &created("0.1"),
    );
    breaks("nobody is known", &create(Claim::Unclear, true, &[]), &created(""));
}

#[test]
fn the_tally_tells_how_often_what_was_told_had_run() {
    let book = two(UNCLEAR, UNCLEAR);
    let effects = of_codes(&["1.1"]);
    let told = Reckoning::new(&book, &effects).told();
    assert_eq!(told["redeem"][&Claim::Unclear], Tally { ran: 1, did_not: 1 });
}
