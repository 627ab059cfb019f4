//! What an operation is.

use serde_core::Serialize;
use serde_core::de::DeserializeOwned;

use crate::Invalid;

/// One operation of the card API, declared on the body of its request.
///
/// The client sends it, the sandbox serves it, and the documentation lists it, all from this declaration.
/// Implement it to add an operation that this crate lacks; the client then gives it token, retry and errors.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use wx_card_types::Endpoint;
///
/// #[derive(Deserialize, Serialize)]
/// struct GetColors {}
///
/// #[derive(Deserialize, Serialize)]
/// struct GetColorsResponse {
///     colors: Vec<serde_json::Value>,
/// }
///
/// impl Endpoint for GetColors {
///     const PATH: &'static str = "/card/getcolors";
///     const IDEMPOTENT: bool = true;
///     type Response = GetColorsResponse;
/// }
/// ```
pub trait Endpoint: Serialize + DeserializeOwned + Send + Sync {
    /// Path below the API host, with its leading slash.
    const PATH: &'static str;

    /// Whether delivering the request twice leaves what delivering it once leaves.
    ///
    /// There is no default: whoever adds an operation decides.
    const IDEMPOTENT: bool;

    /// Body of a successful answer.
    type Response: Serialize + DeserializeOwned + Send;

    /// Finds what the service would certainly refuse.
    ///
    /// The client calls it before it spends a token; whoever needs to can switch that off per client.
    ///
    /// # Errors
    ///
    /// [`Invalid`] with every violation of the request, each with its field and its rule.
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}
