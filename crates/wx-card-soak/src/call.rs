//! Whose request is whose.
//!
//! Tills share clients, and a client sends what it needs for a call when it needs it: the request itself, once more where
//! that is safe, questions afterwards. The [`tap`] sits where the client hands its requests out and gives each the name
//! of the call that it is sent for, by which the sandbox's ledger tells what came of it.

use std::cell::Cell;
use std::future::Future;
use std::sync::Arc;

use wx_card::core::{HttpSend, http_send_fn};

/// The header in which the sandbox looks for the name of a request.
const REQUEST_ID: &str = "x-request-id";

tokio::task_local! {
    static CALL: Call;
}

/// The call that the task is in.
struct Call {
    number: u64,
    sent: Cell<u64>,
}

impl Call {
    /// The name of the next request for this call.
    fn name(&self) -> String {
        self.sent.set(self.sent.get() + 1);
        format!("{}.{}", self.number, self.sent.get())
    }
}

/// Drives `future` as the call of this number: the tap names what is sent meanwhile after it.
pub(crate) async fn named<T>(number: u64, future: impl Future<Output = T>) -> T {
    let sent = Cell::new(0);
    CALL.scope(Call { number, sent }, future).await
}

/// The number of the call that a request of this name was sent for.
pub(crate) fn number(name: &str) -> Option<u64> {
    name.split_once('.')?.0.parse().ok()
}

/// `transport`, with every request named after the call of the soak that it is sent for.
///
/// What is sent outside of such a call has no name, and the ledger cannot tell whose it was.
pub fn tap(transport: impl HttpSend) -> impl HttpSend {
    let transport = Arc::new(transport);
    http_send_fn(move |mut request| {
        let name = CALL.try_with(Call::name).ok().and_then(|name| name.parse().ok());
        if let Some(name) = name {
            request.headers_mut().insert(REQUEST_ID, name);
        }
        let transport = Arc::clone(&transport);
        async move { transport.send(request).await }
    })
}
