//! The rules, each with the clause of the contract that it stands for.

pub(super) use crate::conformance::rule::Rule;
use crate::conformance::rule::rules;

rules! {
    NEWER_WINS, "newer-wins", 1,
        "a newer version takes the place of an older one, even if its life ends sooner";
    OLDER_LOSES, "older-loses", 1,
        "an older version, or the same again, is not stored, even if its life ends later";
    WRITERS, "writers-at-once", 1,
        "of versions that are saved at the same time the newest stands";
    ONE_LEASE, "one-lease", 1,
        "of those who ask for the lease at the same time one gets it, and nobody else while it lasts";
    LIFE_ENDS, "life-ends", 2,
        "what is stored is there until its life is over, and not afterwards";
    TIME_LEFT, "time-left", 2,
        "what is left of a life is what was saved less the time that has passed";
    REFRESH_LEFT, "refresh-left", 2,
        "what is left until the next refresh is what was saved less the time that has passed, and never below nothing";
    LEASE_ENDS, "lease-ends", 2,
        "a lease is over after its time, without a word of its owner";
    DAMAGED, "damage-is-nothing", 3,
        "what is damaged or cut off is not there, is leased, and is overwritten";
    TIME, "bounds-its-time", 4,
        "every call ends";
    SHOWS_NOTHING, "shows-nothing", 5,
        "no token stands in the store's `Debug` or in any link of an error's chain";
    NOTHING, "nothing-is-none", 6,
        "where nothing was saved, there is nothing, and no error";
    WHOLE, "kept-whole", 6,
        "what was saved is loaded, to the last character";
    APART, "keys-apart", 6,
        "each account and each kind has a token and a lease of its own";
    SHARED, "handles-share", 6,
        "what one handle of a store did, each other handle sees";
    RELEASE, "release-frees", 6,
        "a lease that was given back can be had at once";
    OWN_LEASE, "release-own", 6,
        "giving back a lease that is over, or another's, changes nothing";
    RISING, "versions-rise", 6,
        "each lease has a version above those before, and above anything saved";
    LATE, "late-save", 6,
        "whoever saves after the lease was over is stored, unless the next owner has saved";
    NO_PANIC, "no-panic", 6,
        "a call ends with a result, not with a panic";
}
