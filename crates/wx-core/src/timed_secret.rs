//! A token or ticket with the spans of its life.

use std::time::{Duration, SystemTime};

use crate::call::percent_encoded;
use crate::targets::Targets;
use crate::{Entropy, Secret, StoredToken};

/// Longest life that is believed. Asking again after a day does no harm, an endless token would.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Longest margin before the end of life in which a new one is fetched: the service, too, gives a new stable token
/// only in the last five minutes.
const LONGEST_MARGIN: Duration = Duration::from_secs(5 * 60);

/// How long nothing new is asked for after asking has brought nothing new: tickets may be fetched a few times a day
/// only, while every page view needs one.
const PAUSE: Duration = Duration::from_secs(30);

/// A token or ticket, and until when it serves.
#[derive(Clone, Debug)]
pub(crate) struct TimedSecret {
    secret: Secret,
    /// The secret as it stands in a query, if it stands there otherwise.
    encoded: Option<Secret>,
    /// The lease of the store under which it was fetched; 0 without a store.
    version: u64,
    begins_at: SystemTime,
    refresh_at: SystemTime,
    expires_at: SystemTime,
    /// Whether it came again right after its end, which was put off.
    was_over: bool,
    /// Where calls with it go.
    targets: Targets,
}

/// Where in its life a token or ticket is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Span {
    /// It serves, and needs nothing.
    Fresh,
    /// It serves, and it is time for a new one.
    Usable,
    /// It no longer serves.
    Dead,
}

impl TimedSecret {
    /// `secret`, which serves for `life` from `now` on.
    ///
    /// It is refreshed a tenth of its life before its end, at most five minutes; jitter takes up to half of that off,
    /// so that processes do not all refresh at once.
    pub(crate) fn starting_at(now: SystemTime, secret: Secret, life: Duration, entropy: &dyn Entropy) -> Self {
        let life = life.min(LONGEST);
        let margin = (life / 10).min(LONGEST_MARGIN);
        let mut random = [0];
        entropy.fill(&mut random);
        let margin = margin - margin / 2 * u32::from(random[0]) / 255;
        Self {
            encoded: encoded(&secret),
            secret,
            version: 0,
            begins_at: now,
            refresh_at: now + (life - margin),
            expires_at: now + life,
            was_over: false,
            targets: Targets::default(),
        }
    }

    /// What a store has, as long as it still lives there.
    pub(crate) fn from_stored(now: SystemTime, stored: StoredToken) -> Self {
        let life = stored.expires_in.min(LONGEST);
        Self {
            encoded: encoded(&stored.secret),
            secret: stored.secret,
            version: stored.version,
            begins_at: now,
            refresh_at: now + stored.refresh_in.min(life),
            expires_at: now + life,
            was_over: false,
            targets: Targets::default(),
        }
    }

    /// What a store is given.
    pub(crate) fn to_stored(&self, now: SystemTime) -> StoredToken {
        let until = |moment: SystemTime| moment.duration_since(now).unwrap_or_default();
        StoredToken::new(
            self.secret.clone(),
            self.version,
            until(self.refresh_at),
            until(self.expires_at),
        )
    }

    /// The same, fetched under the lease of this version.
    pub(crate) fn with_version(mut self, version: u64) -> Self {
        self.version = version;
        self
    }

    /// Whether this is what `refused` was, and not fetched later.
    ///
    /// Without a version nobody knows which was fetched later.
    pub(crate) fn is_still(&self, refused: &Self) -> bool {
        self.secret == refused.secret && (refused.version == 0 || self.version <= refused.version)
    }

    /// The same, but never longer than `known` when that holds the same secret:
    /// fetching a ticket again gives the old one, with a life counted from the wrong start.
    pub(crate) fn not_beyond(mut self, known: Option<&Self>, now: SystemTime) -> Self {
        if let Some(known) = known
            && known.secret == self.secret
            && known.span_at(now) != Span::Dead
            && known.expires_at < self.expires_at
        {
            self.refresh_at = known.refresh_at;
            self.expires_at = known.expires_at;
            return self.paused_at(now);
        }
        // Its life at the service began a little later than ours: it is at its end there too, and a new one is near.
        if let Some(known) = known
            && known.secret == self.secret
            && !known.was_over
            && known.expires_at <= now
            && now < known.expires_at + PAUSE
        {
            self.was_over = true;
            self.expires_at = self.expires_at.min(now + PAUSE);
            self.refresh_at = self.expires_at;
        }
        self
    }

    /// The same, to be refreshed a little later than now.
    pub(crate) fn paused_at(mut self, now: SystemTime) -> Self {
        if now + LONGEST_MARGIN < self.begins_at {
            // The clock has been set back, and what is left of the life cannot be known: it begins anew.
            let life = self.expires_at.duration_since(self.begins_at).unwrap_or_default();
            self.begins_at = now;
            self.refresh_at = now;
            self.expires_at = now + life;
        }
        self.refresh_at = self.refresh_at.max(now + PAUSE).min(self.expires_at);
        self
    }

    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn begins_at(&self) -> SystemTime {
        self.begins_at
    }

    /// Whether it was fetched later. What was loaded again was not: it has the same version.
    pub(crate) fn is_newer_than(&self, other: &Self) -> bool {
        if self.version == 0 || other.version == 0 {
            other.begins_at < self.begins_at
        } else {
            other.version < self.version
        }
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The secret as it stands in a query: encoded once, and not for each call.
    pub(crate) fn encoded(&self) -> &Secret {
        self.encoded.as_ref().unwrap_or(&self.secret)
    }

    pub(crate) fn targets(&self) -> &Targets {
        &self.targets
    }

    pub(crate) fn expires_at(&self) -> SystemTime {
        self.expires_at
    }

    pub(crate) fn span_at(&self, now: SystemTime) -> Span {
        if now + LONGEST_MARGIN < self.begins_at {
            // The clock has been set back, so that nobody knows how old it is.
            Span::Usable
        } else if now < self.refresh_at {
            Span::Fresh
        } else if now < self.expires_at {
            Span::Usable
        } else {
            Span::Dead
        }
    }
}

fn encoded(secret: &Secret) -> Option<Secret> {
    let encoded = Secret::new(percent_encoded(secret.expose()));
    (encoded != *secret).then_some(encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Always(u8);

    impl Entropy for Always {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    const START: SystemTime = SystemTime::UNIX_EPOCH;

    fn timed(life: u64, random: u8) -> TimedSecret {
        TimedSecret::starting_at(START, Secret::new("t"), Duration::from_secs(life), &Always(random))
    }

    fn refresh_after(life: u64, random: u8) -> u64 {
        timed(life, random).refresh_at.duration_since(START).unwrap().as_secs()
    }

    #[test]
    fn the_margin_is_in_proportion_and_jittered() {
        assert_eq!(refresh_after(7200, 0), 6900);
        assert_eq!(refresh_after(7200, 255), 7050);
        assert_eq!(refresh_after(345, 0), 310);
        assert_eq!(refresh_after(60, 0), 54);
    }

    #[test]
    fn an_endless_life_is_not_believed() {
        assert_eq!(refresh_after(u64::MAX, 0), 24 * 3600 - 300);
    }

    #[test]
    fn the_three_spans() {
        let timed = timed(7200, 0);
        for (second, span) in [
            (0, Span::Fresh),
            (6899, Span::Fresh),
            (6900, Span::Usable),
            (7199, Span::Usable),
            (7200, Span::Dead),
        ] {
            assert_eq!(timed.span_at(START + Duration::from_secs(second)), span, "{second}");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_makes_it_due() {
        let mut timed = timed(7200, 0);
        timed.begins_at = START + Duration::from_secs(1000);
        for (second, span) in [
            (0, Span::Usable),
            (699, Span::Usable),
            (700, Span::Fresh),
            (1000, Span::Fresh),
        ] {
            assert_eq!(timed.span_at(START + Duration::from_secs(second)), span, "{second}");
        }
    }

    #[test]
    fn a_pause_does_not_outlast_it() {
        for (second, fresh_until) in [(0, 6900), (6890, 6920), (7190, 7200)] {
            let timed = timed(7200, 0).paused_at(START + Duration::from_secs(second));
            assert_eq!(timed.refresh_at, START + Duration::from_secs(fresh_until), "{second}");
        }
    }

    #[test]
    fn the_same_secret_again_does_not_live_longer() {
        let known = timed(100, 0);
        assert_eq!(
            timed(7200, 0).not_beyond(Some(&known), START).expires_at,
            known.expires_at
        );
        let after = START + Duration::from_secs(100);
        assert_ne!(
            timed(7200, 0).not_beyond(Some(&known), after).expires_at,
            known.expires_at
        );
    }
}
