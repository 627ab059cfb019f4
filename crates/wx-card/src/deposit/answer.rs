//! What the answer to a deposit says of each code.

use std::collections::BTreeMap;

use serde::Deserialize;
use wx_card_types::{DepositCodesResponse, Deposited};

use crate::bulk::{BulkOutcome, FailReason};

/// An answer as it mostly is, without a copy of its codes.
#[derive(Deserialize)]
struct Lists<'a> {
    #[serde(borrow)]
    succ_code: Vec<&'a str>,
    #[serde(default)]
    duplicate_code: [(); 0],
    #[serde(default)]
    fail_code: [(); 0],
}

/// Whether the answer lists all of `codes` as imported, in their order, and no other: as it mostly is, and read at once.
pub(super) fn accepts_all(body: &[u8], codes: &[&str]) -> bool {
    serde_json::from_slice(body).is_ok_and(|lists: Lists<'_>| {
        let ([], []) = (lists.duplicate_code, lists.fail_code);
        lists.succ_code == codes
    })
}

/// The outcome of each of `codes`; none where the answer leaves it open.
///
/// The service lists the codes, its documentation has their numbers, and one of its samples has neither.
pub(super) fn sort(response: &DepositCodesResponse, codes: &[&str], was_sent: bool) -> Vec<Option<BulkOutcome>> {
    let found = if was_sent {
        BulkOutcome::Present
    } else {
        BulkOutcome::Before
    };
    let lots = [
        (&response.succ_code, BulkOutcome::Done),
        (&response.duplicate_code, found),
        (&response.fail_code, BulkOutcome::Failed(FailReason::Listed)),
    ];
    let mut listed: BTreeMap<&str, Option<BulkOutcome>> = BTreeMap::new();
    for (lot, outcome) in &lots {
        for code in lot.iter().flat_map(|lot| lot.codes()) {
            // What stands in two lists is open.
            let entry = listed.entry(code.as_str());
            entry
                .and_modify(|known| *known = known.filter(|known| known == outcome))
                .or_insert(Some(*outcome));
        }
    }
    let is_unlisted = |code: &&&str| !listed.contains_key(**code);
    let left = codes.iter().filter(is_unlisted).count() as u64;
    let rest = of_the_rest(&lots, left);
    codes
        .iter()
        .map(|code| listed.get(code).copied().unwrap_or(rest))
        .collect()
}

/// The outcome of the codes that no list names: that of the only number beside the lists, if it is theirs.
fn of_the_rest(lots: &[(&Option<Deposited>, BulkOutcome)], left: u64) -> Option<BulkOutcome> {
    let mut numbers = lots.iter().filter_map(|(lot, outcome)| match lot {
        Some(Deposited::Count(number)) if 0 < *number => Some((*number, *outcome)),
        _ => None,
    });
    match (numbers.next(), numbers.next()) {
        (Some((number, outcome)), None) if number == left => Some(outcome),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(answer: &str, was_sent: bool) -> String {
        let response: DepositCodesResponse = serde_json::from_str(answer).unwrap();
        let outcomes = sort(&response, &["1", "2", "3"], was_sent);
        let letter = |outcome: Option<BulkOutcome>| match outcome {
            Some(BulkOutcome::Done) => 'd',
            Some(BulkOutcome::Before) => 'b',
            Some(BulkOutcome::Present) => 'p',
            Some(_) => 'f',
            None => '?',
        };
        outcomes.into_iter().map(letter).collect()
    }

    #[test]
    fn every_form_of_the_answer_is_read() {
        for (answer, outcomes) in [
            (
                r#"{"succ_code":["1","2","3"],"duplicate_code":[],"fail_code":[]}"#,
                "ddd",
            ),
            (r#"{"succ_code":["3","1"],"duplicate_code":["2"]}"#, "dbd"),
            (r#"{"succ_code":[1],"duplicate_code":"A","fail_code":["3"]}"#, "d?f"),
            (r#"{"succ_code":3,"duplicate_code":0,"fail_code":0}"#, "ddd"),
            (r#"{"duplicate_code":"3"}"#, "bbb"),
            (r#"{"succ_code":2,"duplicate_code":["1"],"fail_code":[]}"#, "bdd"),
            // What cannot be told apart is open.
            (r#"{"succ_code":2,"duplicate_code":1,"fail_code":0}"#, "???"),
            (r#"{"succ_code":2}"#, "???"),
            (r#"{"errcode":0,"errmsg":"ok"}"#, "???"),
            (r#"{"succ_code":["1"],"fail_code":["1","2"]}"#, "?f?"),
            (r#"{"succ_code":["1","9"]}"#, "d??"),
            (r#"{"succ_code":["1","1","2"]}"#, "dd?"),
        ] {
            assert_eq!(told(answer, false), outcomes, "{answer}");
        }
    }

    #[test]
    fn only_the_list_of_all_codes_says_at_once_that_all_are_imported() {
        for (answer, expected) in [
            (
                r#"{"errcode":0,"succ_code":["1","2"],"duplicate_code":[],"fail_code":[]}"#,
                true,
            ),
            (r#"{"succ_code":["1","2"]}"#, true),
            (r#"{"succ_code":["2","1"]}"#, false),
            (r#"{"succ_code":["1"]}"#, false),
            (r#"{"succ_code":["1","2"],"duplicate_code":["2"]}"#, false),
            (r#"{"succ_code":["1","2"],"fail_code":1}"#, false),
            (r#"{"succ_code":2}"#, false),
        ] {
            assert_eq!(accepts_all(answer.as_bytes(), &["1", "2"]), expected, "{answer}");
        }
    }

    #[test]
    fn a_duplicate_of_what_may_be_our_own_sending_is_present() {
        assert_eq!(told(r#"{"succ_code":["1"],"duplicate_code":["2","3"]}"#, true), "dpp");
        assert_eq!(told(r#"{"succ_code":0,"duplicate_code":3}"#, true), "ppp");
    }
}
