//! Faults without a socket: what a transport would have said.

use bytes::Bytes;
use http::{Response, request};
use wx_core::{SendError, SendErrorKind};

use super::{Fault, Kind};
use crate::sandbox::Inner;
use crate::service::{self, PATIENCE, Peer};

/// Answers a request that has a fault.
pub(crate) async fn send(
    inner: &Inner,
    head: &request::Parts,
    body: &[u8],
    fault: &Fault,
) -> Result<Response<Bytes>, SendError> {
    let fails = |kind| Err(SendError::new(kind).with_source(format!("the sandbox was told to: {}", fault.name)));
    if fault.kind == Kind::ResetBefore {
        return fails(SendErrorKind::Interrupted);
    }
    let response = service::respond(inner, head, body, Peer::Loopback, Some(fault));
    match fault.kind {
        Kind::Delay(pause) => {
            inner.clock.sleep(pause).await;
            Ok(response)
        }
        Kind::Oversized(_) | Kind::ResetMidAnswer(_) => fails(SendErrorKind::Response),
        Kind::ResetAfter => fails(SendErrorKind::Interrupted),
        Kind::Silent => fails(SendErrorKind::Timeout),
        Kind::SlowDrip(pause) => {
            let bytes = u32::try_from(response.body().len()).unwrap_or(u32::MAX);
            inner.clock.sleep(pause.saturating_mul(bytes).min(PATIENCE)).await;
            fails(SendErrorKind::Timeout)
        }
        _ => Ok(fault.spoil(response)),
    }
}
