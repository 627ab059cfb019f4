//! One request of a connection and what becomes of it.

use std::io;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use serde_json::json;
use tokio::sync::watch;
use wx_core::Clock as _;
use wx_core::system::SystemClock;

use super::line::Orders;
use super::stop;
use crate::fault::{Fault, Kind};
use crate::sandbox::Sandbox;
use crate::service::{self, BODY_BYTES, Peer};

/// Of a body that is too large, this many bytes are read and thrown away before the client is cut off.
const DRAINED_BYTES: usize = 64 * BODY_BYTES;

/// Answers a request; an error ends the connection without an answer.
pub(super) async fn answer(
    sandbox: &Sandbox,
    request: Request<Incoming>,
    peer: Peer,
    orders: &Orders,
    stopped: watch::Receiver<bool>,
) -> io::Result<Response<Full<Bytes>>> {
    // What was told for the answer before does not hold for this one.
    orders.carry();
    let inner = sandbox.inner();
    let (head, body) = request.into_parts();
    let fault = service::fault(inner, &head);
    if fault.as_ref().is_some_and(|fault| fault.kind == Kind::ResetBefore) {
        return Err(orders.reset());
    }
    let response = match read(body, service::body_bytes(inner, &head)).await {
        Read::Whole(body) => service::respond(inner, &head, &body, peer, fault.as_ref()),
        Read::TooLarge => service::too_large(inner, &head, fault.as_ref()),
        // The client went away in the middle of its request, so this answer goes nowhere.
        Read::CutOff => service::json(
            StatusCode::BAD_REQUEST,
            &json!({"error": "the request ended too early"}),
        ),
    };
    let response = match fault {
        Some(fault) => go_wrong(&fault, response, orders, stopped).await?,
        None => response,
    };
    Ok(response.map(Full::new))
}

/// Does to the answer what the fault is about.
async fn go_wrong(
    fault: &Fault,
    response: Response<Bytes>,
    orders: &Orders,
    mut stopped: watch::Receiver<bool>,
) -> io::Result<Response<Bytes>> {
    match fault.kind {
        // A socket knows real time only, whatever the sandbox's clock says.
        Kind::Delay(pause) => SystemClock::new().sleep(pause).await,
        Kind::ResetAfter => return Err(orders.reset()),
        Kind::ResetMidAnswer(bytes) => orders.cut(bytes),
        Kind::Silent => {
            // A client that goes ends this by the end of its connection.
            stop(&mut stopped).await;
            return Err(orders.reset());
        }
        Kind::SlowDrip(pause) => orders.drip(pause),
        _ => {}
    }
    Ok(fault.spoil(response))
}

/// What became of a request's body.
enum Read {
    CutOff,
    TooLarge,
    Whole(Vec<u8>),
}

/// Reads a body to its end, but keeps `most` bytes of it at most.
///
/// Were a connection closed on a client that is still writing, the client would see that and not the refusal.
async fn read(mut body: Incoming, most: usize) -> Read {
    let (mut kept, mut length) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return Read::CutOff;
        };
        let data = frame.data_ref().map(AsRef::as_ref).unwrap_or_default();
        length = length.saturating_add(data.len());
        if length <= most {
            kept.extend_from_slice(data);
        } else if length <= DRAINED_BYTES {
            kept = Vec::new();
        } else {
            break;
        }
    }
    if length <= most {
        Read::Whole(kept)
    } else {
        Read::TooLarge
    }
}
