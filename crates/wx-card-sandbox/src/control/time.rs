//! Time and its victims: `advance-clock`, `expire-token`.

use serde_json::{Value, json};

use super::{Failure, named_account};
use crate::fields::integer;
use crate::sandbox::Inner;
use crate::state::State;

/// The clock of a sandbox stays before 2038, as every time stamp of the service must.
const LAST: i64 = i32::MAX as i64;

/// Moves the sandbox's clock forward, for every account.
pub(super) fn advance(inner: &Inner, state: &mut State, body: &Value) -> Result<Value, Failure> {
    let seconds = integer(body, "seconds").and_then(|seconds| u64::try_from(seconds).ok());
    let seconds = seconds.ok_or_else(|| Failure::member("seconds", "must be a number of seconds, not negative"))?;
    let before = state.advanced;
    state.advanced = before.saturating_add(seconds);
    if LAST < inner.now(state) {
        state.advanced = before;
        return Err(Failure::member("seconds", "would move the clock beyond 2038-01-19"));
    }
    Ok(json!({"now": inner.now(state)}))
}

/// Ends every token and ticket: of the account that is named, else of all.
pub(super) fn expire_token(inner: &Inner, state: &mut State, body: &Value) -> Result<Value, Failure> {
    let named = named_account(inner, body)?;
    let accounts = state.accounts.iter_mut();
    for (_, account) in accounts.filter(|(app_id, _)| named.is_none_or(|named| named == app_id.as_str())) {
        account.credentials.expire();
    }
    Ok(json!({}))
}
