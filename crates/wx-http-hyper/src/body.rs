//! Reading an answer's body, whole and bounded.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use wx_core::{SendError, SendErrorKind};

use crate::error::{failure, within_body};

/// The most that is set aside before it has arrived, whatever the answer announces.
const MAX_RESERVE: usize = 64 * 1024;

/// Reads `body` to its end, and fails as soon as it is known to be longer than `limit` bytes.
pub(crate) async fn read(mut body: Incoming, limit: usize) -> Result<Bytes, SendError> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limit {
        return Err(too_large(limit));
    }
    // An answer of one piece, which most are, is handed on without a copy.
    let mut only = Bytes::new();
    let mut pieces = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|error| within_body(&error))?.into_data() else {
            continue; // Trailers say nothing that a caller could see.
        };
        if data.len() > limit - only.len() - pieces.len() {
            return Err(too_large(limit));
        }
        if only.is_empty() && pieces.is_empty() {
            only = data;
            continue;
        }
        if pieces.is_empty() {
            pieces.reserve(announced.min(MAX_RESERVE));
            pieces.extend_from_slice(&std::mem::take(&mut only));
        }
        pieces.extend_from_slice(&data);
    }
    Ok(if pieces.is_empty() { only } else { pieces.freeze() })
}

fn too_large(limit: usize) -> SendError {
    failure(
        SendErrorKind::Response,
        format!("the body is larger than the limit of {limit} bytes"),
    )
}
