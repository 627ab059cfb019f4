//! What becomes of a token on its way to Redis and back.

use std::time::Duration;

use redis::Value;
use wx_core::{Secret, StoredToken};
use zeroize::Zeroizing;

use crate::error::Failure;
#[cfg(feature = "seal")]
use crate::seal::Sealer;

/// Versions stay below this, so that the numbers of Lua hold them exactly.
const TOO_HIGH: u64 = 1_000_000_000_000_000;
/// Longer than any token lives, and short enough for any sum of times.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// The format of a token that is not sealed.
const PLAIN: &str = "1";

/// Where a token stands: under which key, of which version, and with which life, in milliseconds.
pub(crate) struct Place<'a> {
    #[cfg_attr(
        not(feature = "seal"),
        expect(dead_code, reason = "only a seal depends on the place")
    )]
    pub(crate) key: &'a str,
    pub(crate) version: u64,
    pub(crate) refresh_in: u64,
    pub(crate) expires_in: u64,
}

#[cfg(feature = "seal")]
impl Place<'_> {
    /// The numbers have no letters, so that the key ends where they begin.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let Self {
            key,
            version,
            refresh_in,
            expires_in,
        } = self;
        format!("wx-store-redis 1\n{key}\n{version} {refresh_in} {expires_in}").into_bytes()
    }
}

/// How a token is written.
pub(crate) enum Codec {
    Plain,
    #[cfg(feature = "seal")]
    Sealed(Sealer),
}

impl Codec {
    /// The word that a value of this kind begins with.
    pub(crate) fn format(&self) -> &str {
        match self {
            Self::Plain => PLAIN,
            #[cfg(feature = "seal")]
            Self::Sealed(sealer) => sealer.format(),
        }
    }

    #[cfg_attr(
        not(feature = "seal"),
        expect(unused_variables, reason = "only a seal depends on the place")
    )]
    pub(crate) fn encode(&self, secret: &Secret, place: &Place<'_>) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let text = secret.expose().as_bytes();
        match self {
            Self::Plain => Ok(Zeroizing::new(text.to_vec())),
            #[cfg(feature = "seal")]
            Self::Sealed(sealer) => sealer
                .seal(text, place)
                .map(Zeroizing::new)
                .ok_or(Failure::new("the token cannot be sealed")),
        }
    }

    /// The token; nothing if it cannot be read.
    #[cfg_attr(
        not(feature = "seal"),
        expect(unused_variables, reason = "only a seal depends on the place")
    )]
    fn decode(&self, bytes: Vec<u8>, place: &Place<'_>) -> Option<Secret> {
        let text = match self {
            Self::Plain => Zeroizing::new(bytes),
            #[cfg(feature = "seal")]
            Self::Sealed(sealer) => sealer.open(&bytes, place)?,
        };
        let text = std::str::from_utf8(&text).ok()?;
        (!text.is_empty()).then(|| Secret::new(text))
    }
}

/// A version that the scripts can hold.
pub(crate) fn checked_version(version: u64) -> Result<u64, Failure> {
    if version < TOO_HIGH {
        Ok(version)
    } else {
        Err(Failure::new("the version is higher than that of any lease"))
    }
}

/// A span in milliseconds; what is shorter than one counts as none.
pub(crate) fn millis(span: Duration) -> u64 {
    u64::try_from(span.min(LONGEST).as_millis()).unwrap_or(0)
}

/// What the step that loads has found.
pub(crate) enum Loaded {
    Nothing,
    /// There is something that is not ours to read.
    Unreadable,
    Token(StoredToken),
}

impl Loaded {
    /// Reads the answer of the step that loads what is under `key`.
    pub(crate) fn read(answer: Value, key: &str, codec: &Codec) -> Result<Self, Failure> {
        let Value::Array(parts) = answer else { return Err(odd()) };
        let mut parts = parts.into_iter();
        match bytes(parts.next())?.as_slice() {
            b"nothing" => Ok(Self::Nothing),
            b"unreadable" => Ok(Self::Unreadable),
            b"token" => {
                let place = Place {
                    key,
                    version: whole(parts.next().as_ref())?,
                    refresh_in: whole(parts.next().as_ref())?,
                    expires_in: whole(parts.next().as_ref())?,
                };
                let refresh_in = Duration::from_millis(whole(parts.next().as_ref())?);
                let expires_in = Duration::from_millis(whole(parts.next().as_ref())?);
                let secret = codec.decode(bytes(parts.next())?, &place);
                Ok(secret.map_or(Self::Unreadable, |secret| {
                    Self::Token(StoredToken::new(secret, place.version, refresh_in, expires_in))
                }))
            }
            _ => Err(odd()),
        }
    }
}

/// What the step that saves has done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Saved {
    Stored,
    /// The same version is there already.
    Same,
    Newer,
}

impl Saved {
    pub(crate) fn read(answer: Value) -> Result<Self, Failure> {
        match bytes(Some(answer))?.as_slice() {
            b"stored" => Ok(Self::Stored),
            b"same" => Ok(Self::Same),
            b"newer" => Ok(Self::Newer),
            _ => Err(odd()),
        }
    }
}

/// The version of a lease, or nothing.
pub(crate) fn leased(answer: Value) -> Result<Option<u64>, Failure> {
    match answer {
        Value::Nil => Ok(None),
        other => whole(Some(&other)).map(Some),
    }
}

/// How long to wait for a call; none when there is none left.
pub(crate) fn waited(answer: Value) -> Result<Option<Duration>, Failure> {
    match answer {
        Value::Nil => Ok(None),
        other => whole(Some(&other)).map(|hundredths| Some(Duration::from_micros(hundredths * 10))),
    }
}

fn bytes(part: Option<Value>) -> Result<Vec<u8>, Failure> {
    match part {
        Some(Value::BulkString(bytes)) => Ok(bytes),
        _ => Err(odd()),
    }
}

fn whole(part: Option<&Value>) -> Result<u64, Failure> {
    match part {
        Some(Value::Int(number)) => u64::try_from(*number).map_err(|_| odd()),
        _ => Err(odd()),
    }
}

const fn odd() -> Failure {
    Failure::new("Redis answered something that no step of ours answers")
}
