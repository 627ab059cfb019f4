//! What a store keeps under one key, for stores that keep it as one value.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize, Serializer};

use crate::{Secret, StoreLease, StoredToken};

/// The format that [`TokenRecord::to_text`] writes. A text of another format is not read.
const FORMAT: u32 = 1;

/// All that a store keeps under one key, and what each step of a [`TokenStore`](crate::TokenStore) makes of it.
///
/// A store over anything that swaps one value for another in one step (a file, a row, a compare-and-swap) reads the
/// text, lets one of the methods below decide, and writes the text that comes of it. The moment is that of the store's
/// one clock. What is no text of ours is [no record](Self::read), so that the caller begins with an empty one.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use wx_core::{StoredToken, TokenRecord};
///
/// let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
/// let hour = Duration::from_secs(3600);
/// let mut record = TokenRecord::default();
/// let lease = record.lease_at(now, Duration::from_secs(10)).expect("nobody else has it");
/// assert!(record.save_at(now, &StoredToken::new("token".into(), lease.version(), hour, 2 * hour)));
/// record.release(&lease);
///
/// let again = TokenRecord::read(record.to_text().expose().as_bytes()).expect("our own text");
/// let token = again.load_at(now + hour).expect("it serves for another hour");
/// assert_eq!((token.refresh_in, token.expires_in), (Duration::ZERO, hour));
/// ```
///
/// # Format
///
/// JSON that ends with its brace, so that a text that is cut off cannot be read:
/// `{"format":1,"version":…,"lease":{"version":…,"from":…,"until":…},"token":{"secret":"…","version":…,"from":…,"refresh_at":…,"expires_at":…}}`.
/// Times are milliseconds since the Unix epoch; `version` is the highest so far; `lease` and `token` may be `null`.
#[derive(Clone, Default)]
pub struct TokenRecord {
    version: u64,
    lease: Option<Lease>,
    token: Option<Token>,
}

/// A record as it is written.
#[derive(Deserialize, Serialize)]
struct Text<'a> {
    format: u32,
    version: u64,
    lease: Option<Lease>,
    token: Option<Cow<'a, Token>>,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
struct Lease {
    version: u64,
    from: u64,
    until: u64,
}

#[derive(Clone, Deserialize, Serialize)]
struct Token {
    #[serde(serialize_with = "exposed")]
    secret: Secret,
    version: u64,
    from: u64,
    refresh_at: u64,
    expires_at: u64,
}

impl TokenRecord {
    /// The record that was written as `text`; `None` if it is cut off, damaged, or of another format.
    #[must_use]
    pub fn read(text: &[u8]) -> Option<Self> {
        let text: Text<'_> = serde_json::from_slice(text).ok()?;
        (text.format == FORMAT).then(|| Self {
            version: text.version,
            lease: text.lease,
            token: text.token.map(Cow::into_owned),
        })
    }

    /// The record as text, which holds the token.
    #[must_use]
    pub fn to_text(&self) -> Secret {
        let text = serde_json::to_string(&Text {
            format: FORMAT,
            version: self.version,
            lease: self.lease,
            token: self.token.as_ref().map(Cow::Borrowed),
        });
        // Numbers and texts can always be written.
        Secret::new(text.unwrap_or_default())
    }

    /// What is stored, with what is left of its life; `None` if there is nothing, or its life is over.
    ///
    /// After the clock was set back nobody knows how old a token is: it is then due for a new one.
    #[must_use]
    pub fn load_at(&self, now: SystemTime) -> Option<StoredToken> {
        let (token, now) = (self.token_at(now)?, millis(now));
        let left = |until: u64| Duration::from_millis(until.saturating_sub(now.max(token.from)));
        let refresh_in = if now < token.from {
            Duration::ZERO
        } else {
            left(token.refresh_at)
        };
        Some(StoredToken::new(
            token.secret.clone(),
            token.version,
            refresh_in,
            left(token.expires_at),
        ))
    }

    /// Takes `token`, unless the one that is there has a version as high or higher; says whether it did.
    pub fn save_at(&mut self, now: SystemTime, token: &StoredToken) -> bool {
        if self.token_at(now).is_some_and(|known| token.version <= known.version) {
            return false;
        }
        self.version = self.version.max(token.version);
        self.token = Some(Token {
            secret: token.secret.clone(),
            version: token.version,
            from: millis(now),
            refresh_at: after(now, token.refresh_in.min(token.expires_in)),
            expires_at: after(now, token.expires_in),
        });
        true
    }

    /// The right to fetch for `ttl`, unless another has it.
    ///
    /// Its version is no lower than the time in milliseconds, so that versions rise even after a record was lost.
    /// A lease that begins later than now is from before the clock was set back, and over.
    pub fn lease_at(&mut self, now: SystemTime, ttl: Duration) -> Option<StoreLease> {
        let moment = millis(now);
        if self
            .lease
            .is_some_and(|lease| lease.from <= moment && moment < lease.until)
        {
            return None;
        }
        self.version = self.version.saturating_add(1).max(moment);
        self.lease = Some(Lease {
            version: self.version,
            from: moment,
            until: after(now, ttl),
        });
        Some(StoreLease::new(self.version))
    }

    /// Ends `lease`, unless another has been given since; says whether it did.
    pub fn release(&mut self, lease: &StoreLease) -> bool {
        self.lease.take_if(|held| held.version == lease.version()).is_some()
    }

    fn token_at(&self, now: SystemTime) -> Option<&Token> {
        self.token.as_ref().filter(|token| millis(now) < token.expires_at)
    }
}

impl fmt::Debug for TokenRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRecord")
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// Milliseconds since the Unix epoch; before it they are none.
fn millis(moment: SystemTime) -> u64 {
    let since = moment.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn after(now: SystemTime, span: Duration) -> u64 {
    millis(now).saturating_add(u64::try_from(span.as_millis()).unwrap_or(u64::MAX))
}

fn exposed<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: SystemTime = SystemTime::UNIX_EPOCH;

    fn at(seconds: u64) -> SystemTime {
        START + Duration::from_secs(1_700_000_000 + seconds)
    }

    fn token(version: u64) -> StoredToken {
        StoredToken::new(
            Secret::new("canary"),
            version,
            Duration::from_secs(6900),
            Duration::from_secs(7200),
        )
    }

    fn text(record: &TokenRecord) -> String {
        record.to_text().expose().to_owned()
    }

    #[test]
    fn the_format_is_what_the_page_says() {
        let mut record = TokenRecord::default();
        record.lease_at(at(0), Duration::from_secs(10)).unwrap();
        record.save_at(at(1), &token(7));
        insta::assert_snapshot!(text(&record), @r#"{"format":1,"version":1700000000000,"lease":{"version":1700000000000,"from":1700000000000,"until":1700000010000},"token":{"secret":"canary","version":7,"from":1700000001000,"refresh_at":1700006901000,"expires_at":1700007201000}}"#);
        insta::assert_snapshot!(text(&TokenRecord::default()), @r#"{"format":1,"version":0,"lease":null,"token":null}"#);
    }

    #[test]
    fn a_text_that_is_not_whole_is_no_record() {
        let mut record = TokenRecord::default();
        record.lease_at(at(0), Duration::from_secs(10)).unwrap();
        record.save_at(at(0), &token(7));
        let text = text(&record);
        assert!(TokenRecord::read(text.as_bytes()).is_some());
        for length in 0..text.len() {
            assert!(TokenRecord::read(&text.as_bytes()[..length]).is_none(), "{length}");
        }
        for other in [text.replace("\"format\":1", "\"format\":2"), format!("{text}x")] {
            assert!(TokenRecord::read(other.as_bytes()).is_none());
        }
    }

    #[test]
    fn a_clock_that_was_set_back_makes_a_token_due_and_no_older() {
        let mut record = TokenRecord::default();
        assert!(record.save_at(at(1000), &token(1)));
        let token = record.load_at(at(0)).unwrap();
        assert_eq!(
            (token.refresh_in, token.expires_in),
            (Duration::ZERO, Duration::from_secs(7200))
        );
    }

    #[test]
    fn a_clock_that_was_set_back_ends_a_lease() {
        let mut record = TokenRecord::default();
        let ttl = Duration::from_secs(10);
        let first = record.lease_at(at(1000), ttl).unwrap();
        assert_eq!(record.lease_at(at(1009), ttl), None);
        let second = record.lease_at(at(0), ttl).unwrap();
        assert!(first.version() < second.version());
    }

    #[test]
    fn versions_go_on_rising_after_a_record_was_lost() {
        let ttl = Duration::from_secs(10);
        let before = TokenRecord::default().lease_at(at(0), ttl).unwrap();
        let after = TokenRecord::default().lease_at(at(1), ttl).unwrap();
        assert!(before.version() < after.version());
    }

    #[test]
    fn endless_spans_are_taken() {
        let mut record = TokenRecord::default();
        let endless = StoredToken::new(Secret::new("t"), 1, Duration::MAX, Duration::MAX);
        assert!(record.save_at(at(0), &endless));
        assert!(record.load_at(at(1)).is_some());
        assert!(record.lease_at(at(0), Duration::MAX).is_some());
        assert_eq!(record.lease_at(at(1), Duration::MAX), None);
    }

    #[test]
    fn nothing_of_the_token_is_shown() {
        let mut record = TokenRecord::default();
        record.save_at(at(0), &token(1));
        assert!(!format!("{record:?} {:?}", record.to_text()).contains("canary"));
    }
}
