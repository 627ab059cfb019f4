//! Reading an answer into its type.

use serde::de::DeserializeOwned;
use wx_core::{Answer, Error};

/// Reads `answer` as a `T`; the error names the path of the member at fault.
pub(crate) fn decode<T: DeserializeOwned>(answer: &Answer) -> Result<T, Error> {
    serde_json::from_slice(answer.body()).map_err(|error| {
        let field = field_at_fault::<T>(answer.body()).unwrap_or_default();
        answer.unreadable(field, error)
    })
}

/// Finds the path by reading once more, slower; only a failure pays for it.
fn field_at_fault<T: DeserializeOwned>(body: &[u8]) -> Option<String> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let error = serde_path_to_error::deserialize::<_, T>(&mut reader).err()?;
    let path = error.path().to_string();
    let object = if path == "." { "" } else { &path };
    // A missing member is the fault of the object; its own name is in the message.
    let message = error.inner().to_string();
    let missing = message
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split('`').next());
    Some(match missing {
        None => object.to_owned(),
        Some(member) if object.is_empty() => member.to_owned(),
        Some(member) => format!("{object}.{member}"),
    })
}
