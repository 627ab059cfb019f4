//! Raising the stock after a deposit: once, whatever happens in between.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use wx_card_types::{CardId, ModifyStock};
use wx_core::Error;

use crate::bulk::{Raise, Record, Session};
use crate::stock::Stock;

/// What became of the stock after a deposit.
#[derive(Debug)]
#[non_exhaustive]
pub enum StockRaise {
    /// It is raised by this run, or was by the one that this run goes on with.
    #[non_exhaustive]
    Raised {
        /// By how many coupons.
        by: u64,
    },
    /// The service refused it, and it is not raised. The next run with the journal tries again.
    #[non_exhaustive]
    Refused {
        /// By how many coupons it was to be raised.
        by: u64,
        /// Why; 40136 if there were more coupons than deposited codes.
        error: Error,
    },
    /// No code is new, so there is nothing to raise it by.
    Unneeded,
    /// It may be raised: the answer was lost, and the stock does not show it, or shows something else too. It is not
    /// raised again for that. The next run with the journal looks again.
    #[non_exhaustive]
    Unknown {
        /// By how many coupons it was to be raised.
        by: u64,
        /// How many were left to take before.
        from: i64,
        /// How many were left by the last reading, if there was any.
        last_read: Option<i64>,
    },
}

/// After this long a request that has not run by then does not run any more.
const SETTLES_WITHIN: Duration = Duration::from_secs(30);

/// How long it is asked for at once whether the stock is raised.
const PATIENCE: Duration = Duration::from_secs(5);

const PAUSE: Duration = Duration::from_millis(500);

/// What the stock says of a raise.
enum Shown {
    Raised,
    /// It is as it was.
    Unchanged,
    /// Somebody else has changed it, or it does not tell enough.
    Unclear,
}

/// Raises the stock by `by`, unless the journal knows of a raise; none if the run is to stop before it is known what
/// became of it.
pub(super) async fn raise(session: &Session<'_>, card_id: &CardId, by: u64) -> Option<StockRaise> {
    if let Some((begun, is_done)) = session.raise {
        if is_done {
            return Some(StockRaise::Raised { by: begun.by });
        }
        match find_out(session, card_id, &begun).await? {
            (Shown::Raised, _) => {
                return done(session, begun.by).await;
            }
            (Shown::Unchanged, _) if SETTLES_WITHIN <= age(session, &begun) => {}
            (_, last_read) => return Some(unknown(&begun, last_read)),
        }
    }
    if by == 0 {
        return Some(StockRaise::Unneeded);
    }
    let before = session.steadily(|| session.client.stock(card_id)).await?;
    let begun = Raise {
        by,
        quantity: before.quantity,
        total: before.total,
        at: seconds(session.client.core().now()),
    };
    if !session.save(vec![Record::RaiseIntent(begun)]).await {
        return None;
    }
    send(session, card_id, &begun).await
}

/// Sends the raise that the journal knows of.
async fn send(session: &Session<'_>, card_id: &CardId, begun: &Raise) -> Option<StockRaise> {
    let by = i64::try_from(begun.by).unwrap_or(i64::MAX);
    // Only what certainly did not run is sent again.
    let sent = session
        .steadily(|| async {
            match session.client.modify_stock(&ModifyStock::new(card_id, by)).await {
                Ok(_) => Ok(Ok(())),
                Err(error) if error.may_have_run() || !error.is_retryable() => Ok(Err(error)),
                Err(error) => Err(error),
            }
        })
        .await;
    match sent {
        Some(Ok(())) => done(session, begun.by).await,
        Some(Err(error)) if error.may_have_run() => {
            let (shown, last_read) = look_for(session, card_id, begun, PATIENCE).await?;
            match shown {
                Shown::Raised => done(session, begun.by).await,
                Shown::Unchanged | Shown::Unclear => Some(unknown(begun, last_read)),
            }
        }
        Some(Err(error)) => {
            session.save(vec![Record::RaiseNotDone]).await;
            let by = begun.by;
            Some(StockRaise::Refused { by, error })
        }
        None => {
            session.save(vec![Record::RaiseNotDone]).await;
            None
        }
    }
}

/// Finds out what became of a raise that an earlier run began.
async fn find_out(session: &Session<'_>, card_id: &CardId, begun: &Raise) -> Option<(Shown, Option<i64>)> {
    let left = SETTLES_WITHIN.saturating_sub(age(session, begun));
    look_for(session, card_id, begun, left).await
}

/// Looks at the stock until it shows the raise, for as long as `patience`.
async fn look_for(
    session: &Session<'_>,
    card_id: &CardId,
    begun: &Raise,
    patience: Duration,
) -> Option<(Shown, Option<i64>)> {
    let mut waited = Duration::ZERO;
    loop {
        let now = session.steadily(|| session.client.stock(card_id)).await?;
        let shown = begun.shown_by(now);
        if !matches!(shown, Shown::Unchanged) || patience <= waited {
            return Some((shown, Some(now.quantity)));
        }
        session.pause(PAUSE).await;
        waited += PAUSE;
    }
}

async fn done(session: &Session<'_>, by: u64) -> Option<StockRaise> {
    // Where that cannot be written, the next run finds the stock raised.
    session.save(vec![Record::RaiseDone]).await;
    Some(StockRaise::Raised { by })
}

fn unknown(begun: &Raise, last_read: Option<i64>) -> StockRaise {
    StockRaise::Unknown {
        by: begun.by,
        from: begun.quantity,
        last_read,
    }
}

impl Raise {
    fn shown_by(&self, now: Stock) -> Shown {
        let before = Stock {
            quantity: self.quantity,
            total: self.total,
        };
        if now.shows(before, i64::try_from(self.by).unwrap_or(i64::MAX)) {
            Shown::Raised
        } else if self.total.is_some() && self.total == now.total {
            Shown::Unchanged
        } else {
            // Without the total, users who took coupons could have hidden it.
            Shown::Unclear
        }
    }
}

fn age(session: &Session<'_>, begun: &Raise) -> Duration {
    let now = seconds(session.client.core().now());
    Duration::from_secs(now.saturating_sub(begun.at))
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_total_that_stands_still_says_that_it_is_not_raised() {
        let raise = |total| Raise {
            by: 5,
            quantity: 10,
            total,
            at: 0,
        };
        let stock = |quantity, total| Stock { quantity, total };
        for (total, now, expected) in [
            (Some(10), stock(15, Some(15)), "raised"),
            (Some(10), stock(12, Some(15)), "raised"),
            (Some(10), stock(7, Some(10)), "unchanged"),
            (Some(10), stock(9, Some(12)), "unclear"),
            (Some(10), stock(15, None), "raised"),
            (Some(10), stock(10, None), "unclear"),
            (None, stock(10, None), "unclear"),
        ] {
            let shown = match raise(total).shown_by(now) {
                Shown::Raised => "raised",
                Shown::Unchanged => "unchanged",
                Shown::Unclear => "unclear",
            };
            assert_eq!(shown, expected);
        }
    }
}
