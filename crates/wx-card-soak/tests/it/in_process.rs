//! Thousands of calls in a second or two, with faults and in a hurry.

use wx_card_soak::{Claim, Pace, Round, Tally};

use crate::world::soak;

#[test]
fn what_the_tills_were_told_fits_the_ledger() {
    let mut told = std::collections::BTreeSet::new();
    for seed in [1, 2, 3] {
        let report = soak(seed, 32, Round::new(1_500, 0.2, Pace::new(50, 1)));
        assert_eq!(report.contradictions, [""; 0], "seed {seed}");
        assert_eq!(report.codes, 1_500);
        assert!(report.redeemed > 1_000, "{report:?}");
        assert!(report.faults.len() >= 13, "{:?}", report.faults);
        assert!(report.tokens > 50, "{report:?}");
        for (deed, claims) in report.told {
            told.extend(claims.into_keys().map(|claim| (deed, claim)));
        }
    }
    // Nothing was proven unless everything happened.
    for (deed, claims) in [
        (
            "create card",
            &[Claim::Done, Claim::Likely, Claim::NotRun, Claim::Unclear][..],
        ),
        ("raise stock", &[Claim::Done, Claim::NotRun, Claim::Unclear]),
        (
            "redeem",
            &[
                Claim::Done,
                Claim::Likely,
                Claim::PerhapsMine,
                Claim::NotMine,
                Claim::NotRun,
                Claim::Unclear,
            ],
        ),
        (
            "set stock",
            &[Claim::Done, Claim::Likely, Claim::NotRun, Claim::Unclear],
        ),
    ] {
        for claim in claims {
            assert!(told.contains(&(deed, *claim)), "{deed} {claim:?}: {told:?}");
        }
    }
}

#[test]
fn the_same_seed_plays_the_same_soak() {
    let small = Round::new(200, 0.3, Pace::new(50, 1));
    let (one, again, other) = (soak(5, 8, small), soak(5, 8, small), soak(6, 8, small));
    assert_eq!((&one.told, &one.faults), (&again.told, &again.faults));
    assert_ne!((&one.told, &one.faults), (&other.told, &other.faults));
}

#[test]
fn in_fair_weather_most_codes_are_redeemed_though_tokens_die() {
    let report = soak(3, 16, Round::new(300, 0.0, Pace::new(0, 0)));
    assert_eq!(report.contradictions, [""; 0]);
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    assert!(report.redeemed >= 240, "{report:?}");
    let done = report.told["create card"][&Claim::Done];
    assert!(done.ran > 0 && done.did_not == 0, "{done:?}");
    assert_ne!(report.told["redeem"][&Claim::Done], Tally::default());
}
