//! What the tests of the types share.

use std::fmt::Debug;

use serde_core::Serialize;
use serde_core::de::DeserializeOwned;
use serde_json::Value;

use crate::Endpoint;

/// Reads `json` and writes it again: nothing may be lost or added.
pub(crate) fn assert_round_trip<T: DeserializeOwned + Serialize>(json: &str) -> T {
    let value: Value = serde_json::from_str(json).unwrap();
    let read: T = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), value);
    read
}

/// What validation says of a request that must not pass.
pub(crate) fn invalid(request: &(impl Endpoint + Debug)) -> String {
    match request.validate() {
        Ok(()) => panic!("{request:?} passes"),
        Err(invalid) => invalid.to_string(),
    }
}
