//! What goes wrong, as the JSON that the callers of these programs get.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use wx_card::core::{ErrClass, Error, ErrorKind};

/// A call that failed, without anything that is secret.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    #[serde(skip)]
    status: StatusCode,
    /// One word for programs.
    error: &'static str,
    /// One line for people.
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    errcode: Option<i64>,
    /// Whether the same request may be tried again.
    retry: bool,
}

impl Failure {
    pub(crate) fn new(status: StatusCode, error: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            error,
            message: message.into(),
            errcode: None,
            retry: false,
        }
    }

    pub(crate) fn unknown_account() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "unknown_account",
            "this service does not serve that account",
        )
    }

    pub(crate) fn unknown_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "unknown_path", "there is nothing here")
    }

    pub(crate) fn wrong_method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "wrong_method",
            "everything here is asked by POST",
        )
    }
}

impl From<Error> for Failure {
    /// An error of the library shows no secret, so its text can be handed on as it is.
    fn from(error: Error) -> Self {
        Self {
            status: status_of(&error),
            error: error.kind().as_str(),
            message: error.to_string(),
            errcode: error.errcode().map(|errcode| errcode.get()),
            retry: error.is_retryable(),
        }
    }
}

impl From<JsonRejection> for Failure {
    fn from(rejection: JsonRejection) -> Self {
        Self::new(rejection.status(), "invalid", rejection.body_text())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, Json(self)).into_response()
    }
}

/// Whose fault it is, in the words of HTTP: the caller's, this service's configuration, or WeChat's.
fn status_of(error: &Error) -> StatusCode {
    match (error.kind(), error.class()) {
        (ErrorKind::Invalid, _) => StatusCode::UNPROCESSABLE_ENTITY,
        (ErrorKind::Deadline, _) => StatusCode::GATEWAY_TIMEOUT,
        (ErrorKind::Credential | ErrorKind::TokenSource | ErrorKind::TokenStore, _)
        | (_, Some(ErrClass::Busy | ErrClass::Throttle)) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_GATEWAY,
    }
}
