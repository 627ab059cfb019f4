//! What an operation is.

use serde_core::Serialize;
use serde_core::de::DeserializeOwned;

use crate::{Check, Finding, Invalid};

/// How a request is sent.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Method {
    /// A `GET` without a body: what the request type holds is not sent.
    Get,
    /// A `POST` of the request as JSON.
    #[default]
    Post,
}

/// One operation of the card API, declared on the body of its request.
///
/// The client sends it, the sandbox serves it, and the documentation lists it, all from this declaration.
/// Implement it to add an operation that this crate lacks; the client then gives it token, retry and errors.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use wx_card_types::{Endpoint, Method};
///
/// #[derive(Deserialize, Serialize)]
/// struct GetProtocol {}
///
/// #[derive(Deserialize, Serialize)]
/// struct GetProtocolResponse {
///     category: Vec<serde_json::Value>,
/// }
///
/// impl Endpoint for GetProtocol {
///     const METHOD: Method = Method::Get;
///     const PATH: &'static str = "/card/getapplyprotocol";
///     const IDEMPOTENT: bool = true;
///     type Response = GetProtocolResponse;
/// }
/// ```
pub trait Endpoint: Serialize + DeserializeOwned + Send + Sync {
    /// How the request is sent: a `POST` of its JSON, save for the few that only read and have no body.
    const METHOD: Method = Method::Post;

    /// Path below the API host, with its leading slash.
    const PATH: &'static str;

    /// Whether delivering the request twice leaves what delivering it once leaves.
    ///
    /// There is no default: whoever adds an operation decides.
    const IDEMPOTENT: bool;

    /// Body of a successful answer.
    type Response: Serialize + DeserializeOwned + Send;

    /// Notes in `check` what is wrong with the request; nothing unless an operation says otherwise.
    ///
    /// An operation writes down its rules here, once; [`findings`](Self::findings) and [`validate`](Self::validate)
    /// follow from it.
    fn check(&self, _check: &mut Check) {}

    /// Finds what the service would refuse, for certain or perhaps: errors and warnings.
    fn findings(&self) -> Vec<Finding> {
        let mut check = Check::of(Self::PATH);
        self.check(&mut check);
        check.into_findings()
    }

    /// Finds what the service would certainly refuse.
    ///
    /// The client calls it before it spends a token; whoever needs to can switch that off per client.
    ///
    /// # Errors
    ///
    /// [`Invalid`] with every error of the request, each with its field and its rule.
    fn validate(&self) -> Result<(), Invalid> {
        let mut check = Check::of(Self::PATH);
        self.check(&mut check);
        check.finish()
    }
}
