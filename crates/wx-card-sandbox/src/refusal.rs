//! A refusal, as the service words it.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::{Map, Value};

use crate::reason::Reason;

/// Why a request is refused: what becomes `errcode`, `errmsg` and whatever rides along.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) errcode: i32,
    pub(crate) errmsg: Cow<'static, str>,
    pub(crate) extra: Map<String, Value>,
    pub(crate) status: StatusCode,
}

impl Refusal {
    /// A refusal with nothing beside it.
    pub(crate) fn new(errcode: i32, errmsg: impl Into<Cow<'static, str>>) -> Self {
        Self {
            errcode,
            errmsg: errmsg.into(),
            extra: Map::new(),
            status: StatusCode::OK,
        }
    }

    /// Adds the path of the member at fault, as the service does with 41011.
    pub(crate) fn at(mut self, path: &str) -> Self {
        self.errmsg = format!("{} {path}", self.errmsg).into();
        self
    }

    /// Adds a member to the answer.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    /// Answers with another HTTP status than the 200 that refusals have.
    pub(crate) const fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self::new(reason.errcode, reason.errmsg)
    }
}

impl Reason {
    /// The refusal for this reason.
    pub(crate) fn refusal(self) -> Refusal {
        self.into()
    }
}
