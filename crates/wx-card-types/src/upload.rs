//! What an operation is that sends a file.

use serde_core::Serialize;
use serde_core::de::DeserializeOwned;

use crate::{Check, Form, Invalid};

/// One operation of the API whose request is a file in a form, not JSON; otherwise it is what an
/// [`Endpoint`](crate::Endpoint) is.
pub trait Upload: Send + Sync {
    /// Path below the API host, with its leading slash.
    const PATH: &'static str;

    /// Whether a request that may have arrived may be sent again.
    ///
    /// There is no default: whoever adds an operation decides.
    const IDEMPOTENT: bool;

    /// Body of a successful answer.
    type Response: Serialize + DeserializeOwned + Send;

    /// Notes in `check` what is wrong with the file; nothing unless an operation says otherwise.
    fn check(&self, _check: &mut Check) {}

    /// Finds what the service would certainly refuse.
    ///
    /// # Errors
    ///
    /// [`Invalid`] with every error of the file, each with its field and its rule.
    fn validate(&self) -> Result<(), Invalid> {
        let mut check = Check::of(Self::PATH);
        self.check(&mut check);
        check.finish()
    }

    /// The body of the request, and its content type.
    fn form(&self) -> Form;
}
