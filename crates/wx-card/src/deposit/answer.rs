//! What the answer to a deposit says of each code.

use std::collections::BTreeMap;

use wx_card_types::{DepositCodesResponse, Deposited};

use crate::bulk::{BulkOutcome, FailReason};

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
    if let (Some(Deposited::Codes(accepted)), Some(0) | None, Some(0) | None) = (
        &response.succ_code,
        count(&response.duplicate_code),
        count(&response.fail_code),
    ) && accepted.iter().map(AsRef::<str>::as_ref).eq(codes.iter().copied())
    {
        return vec![Some(BulkOutcome::Done); codes.len()];
    }
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

fn count(lot: &Option<Deposited>) -> Option<u64> {
    lot.as_ref().map(Deposited::count)
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
            (r#"{"succ_code":[1],"duplicate_code":"2","fail_code":["3"]}"#, "dbf"),
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
    fn a_duplicate_of_what_may_be_our_own_sending_is_present() {
        assert_eq!(told(r#"{"succ_code":["1"],"duplicate_code":["2","3"]}"#, true), "dpp");
        assert_eq!(told(r#"{"succ_code":0,"duplicate_code":3}"#, true), "ppp");
    }
}
