//! Access tokens and tickets of one account.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::Ids;
use crate::ledger::{Ledger, count};
use crate::reason::{QUOTA_OF_DAY, TOKEN_EXPIRED, TOKEN_STALE};
use crate::refusal::Refusal;
use crate::state::DAY;

/// Life of a token or ticket, in seconds, unless the sandbox was told otherwise.
pub(crate) const LIFE: i64 = 7200;

/// A stable token is replaced from this many seconds before its end, or in the last tenth of a life that is shorter.
const RENEWAL: i64 = 300;

/// Forced refreshes of the stable token: at least this many seconds apart …
const FORCED_SPACING: i64 = 30;

/// … and at most this many a day of Beijing.
const FORCED_A_DAY: u32 = 20;

/// Dead tokens that are remembered, so that an expired one is told from one that never was.
const REMEMBERED: usize = 1000;

/// Tokens and tickets that an account has been given.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Credentials {
    classic: Option<String>,
    forced: Forced,
    stable: Option<String>,
    tickets: BTreeMap<String, Ticket>,
    tokens: BTreeMap<String, Token>,
}

#[derive(Clone, Deserialize, Serialize)]
struct Token {
    end: i64,
    /// Which token of the account this is, for forgetting the oldest.
    number: u64,
    state: TokenState,
}

#[derive(Clone, Copy, Deserialize, Eq, PartialEq, Serialize)]
enum TokenState {
    Alive,
    /// Ended by a control call.
    Expired,
    /// Killed by a newer one.
    Replaced,
}

#[derive(Clone, Deserialize, Serialize)]
struct Ticket {
    end: i64,
    value: String,
}

#[derive(Default, Deserialize, Serialize)]
struct Forced {
    /// Day of Beijing that `count` counts.
    day: i64,
    count: u32,
    last: Option<i64>,
}

/// When a token or ticket is asked for, in Unix seconds, and how many seconds a new one lives.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) now: i64,
    pub(crate) life: i64,
}

impl Asked {
    /// From how many seconds before its end a stable token is replaced.
    fn renewal(self) -> i64 {
        // Rounded up, so that no client that renews in the last tenth is early.
        RENEWAL.min((self.life + 9) / 10)
    }
}

/// A token or ticket with its remaining life in seconds.
pub(crate) struct Granted {
    pub(crate) value: String,
    pub(crate) expires_in: i64,
}

impl Credentials {
    /// Whether `token` is one of this account's, and good at `now`.
    pub(crate) fn check_at(&self, token: &str, now: i64) -> Option<Result<(), Refusal>> {
        let token = self.tokens.get(token)?;
        Some(match token.state {
            TokenState::Replaced => Err(TOKEN_STALE.into()),
            TokenState::Expired => Err(TOKEN_EXPIRED.into()),
            TokenState::Alive if token.end <= now => Err(TOKEN_EXPIRED.into()),
            TokenState::Alive => Ok(()),
        })
    }

    /// A new token from the classic endpoint, which kills the one before.
    pub(crate) fn classic_at(&mut self, asked: Asked, ids: &mut Ids<'_>, ledger: &mut Ledger) -> Granted {
        if let Some(token) = self.classic.take().and_then(|old| self.tokens.get_mut(&old)) {
            token.state = TokenState::Replaced;
        }
        count(&mut ledger.tokens, "classic");
        let granted = self.issue_at(asked, ids);
        self.classic = Some(granted.value.clone());
        granted
    }

    /// The stable token: the same one with its remaining life until shortly before its end.
    pub(crate) fn stable_at(
        &mut self,
        asked: Asked,
        force: bool,
        ids: &mut Ids<'_>,
        ledger: &mut Ledger,
    ) -> Result<Granted, Refusal> {
        let now = asked.now;
        let current = self.stable.as_ref().and_then(|value| {
            let token = self.tokens.get(value)?;
            let is_good = token.state == TokenState::Alive && now + asked.renewal() < token.end;
            is_good.then(|| (value.clone(), token.end - now))
        });
        if let Some((value, expires_in)) = current {
            if !force || !self.forced.may_force_at(now)? {
                return Ok(Granted { value, expires_in });
            }
            // Forcing is for leaked tokens, so the old one dies at once.
            if let Some(token) = self.tokens.get_mut(&value) {
                token.state = TokenState::Replaced;
            }
        }
        count(&mut ledger.tokens, "stable");
        let granted = self.issue_at(asked, ids);
        self.stable = Some(granted.value.clone());
        Ok(granted)
    }

    /// The ticket of this kind: the same one throughout its life.
    pub(crate) fn ticket_at(&mut self, kind: &str, asked: Asked, ids: &mut Ids<'_>, ledger: &mut Ledger) -> Granted {
        let Asked { now, life } = asked;
        if let Some(ticket) = self.tickets.get(kind).filter(|ticket| now < ticket.end) {
            return Granted {
                value: ticket.value.clone(),
                expires_in: ticket.end - now,
            };
        }
        count(&mut ledger.tickets, kind);
        let ticket = Ticket {
            end: now + life,
            value: ids.ticket(),
        };
        let value = ticket.value.clone();
        self.tickets.insert(kind.to_owned(), ticket);
        Granted {
            value,
            expires_in: life,
        }
    }

    /// The ticket that signatures are checked against at `now`.
    pub(crate) fn living_ticket_at(&self, kind: &str, now: i64) -> Option<&str> {
        let ticket = self.tickets.get(kind).filter(|ticket| now < ticket.end)?;
        Some(&ticket.value)
    }

    /// Whether `token` is one of this account's, good or not.
    pub(crate) fn has_issued(&self, token: &str) -> bool {
        self.tokens.contains_key(token)
    }

    /// Ends every token and ticket.
    pub(crate) fn expire(&mut self) {
        self.expire_tokens();
        self.tickets.clear();
    }

    /// Ends every token.
    pub(crate) fn expire_tokens(&mut self) {
        for token in self
            .tokens
            .values_mut()
            .filter(|token| token.state == TokenState::Alive)
        {
            token.state = TokenState::Expired;
        }
    }

    fn issue_at(&mut self, asked: Asked, ids: &mut Ids<'_>) -> Granted {
        let Asked { now, life } = asked;
        let value = ids.token();
        let number = self.tokens.values().map(|token| token.number).max().unwrap_or(0) + 1;
        let token = Token {
            end: now + life,
            number,
            state: TokenState::Alive,
        };
        self.tokens.insert(value.clone(), token);
        if REMEMBERED < self.tokens.len() {
            self.tokens
                .retain(|_, token| token.state == TokenState::Alive && now < token.end || number < token.number + 100);
        }
        Granted {
            value,
            expires_in: life,
        }
    }
}

impl Forced {
    /// Whether the stable token may be replaced by force at `now`; too soon after the last time, nothing happens.
    fn may_force_at(&mut self, now: i64) -> Result<bool, Refusal> {
        if self.last.is_some_and(|last| now < last + FORCED_SPACING) {
            return Ok(false);
        }
        let day = (now + 8 * 3600).div_euclid(DAY);
        if self.day != day {
            (self.day, self.count) = (day, 0);
        }
        if FORCED_A_DAY <= self.count {
            return Err(QUOTA_OF_DAY.into());
        }
        self.count += 1;
        self.last = Some(now);
        Ok(true)
    }
}
