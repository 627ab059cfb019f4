//! The kinds of faults as plans name them.

use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::Value;

use super::super::Failure;
use super::super::members::Members;
use crate::fault::Kind;
use crate::reason::{SYSTEM_BUSY, errmsg_of};

/// Longest pause in milliseconds: an hour.
const MILLIS: RangeInclusive<u64> = 0..=60 * 60 * 1000;

/// Longest body in bytes: many times what any client of the service should read.
const BYTES: RangeInclusive<u64> = 1..=128 * 1024 * 1024;

/// One kind, and how it is made of the members of a rule.
pub(super) struct Kinds {
    pub(super) name: &'static str,
    pub(super) applied: Applied,
    /// Members of a rule beside those that each may have.
    pub(super) members: &'static [&'static str],
    pub(super) make: fn(&Members<'_>) -> Result<Kind, Failure>,
}

/// Whether a request with the fault is carried out.
#[derive(Clone, Copy)]
pub(super) enum Applied {
    /// Always, or never: that is what the kind is about.
    Fixed(bool),
    /// Unless the rule says otherwise.
    Usually(bool),
}

use Applied::{Fixed, Usually};

pub(super) const KINDS: [Kinds; 13] = [
    kind("busy", Usually(false), &["errmsg"], |body| {
        refusal(body, SYSTEM_BUSY.errcode)
    }),
    kind("content-type", Usually(true), &[], |_| Ok(Kind::ContentType)),
    kind("delay", Usually(true), &["millis"], |body| {
        Ok(Kind::Delay(pause(body, 1000)?))
    }),
    kind("errcode", Usually(false), &["errcode", "errmsg"], |body| {
        refusal(body, errcode(body)?)
    }),
    kind("html-502", Usually(false), &[], |_| Ok(Kind::Html502)),
    kind("oversized", Usually(true), &["bytes"], |body| {
        Ok(Kind::Oversized(bytes(body)?.unwrap_or(9 * 1024 * 1024)))
    }),
    kind("reset-after", Fixed(true), &[], |_| Ok(Kind::ResetAfter)),
    kind("reset-before", Fixed(false), &[], |_| Ok(Kind::ResetBefore)),
    kind("reset-mid-answer", Usually(true), &["bytes"], |body| {
        Ok(Kind::ResetMidAnswer(bytes(body)?))
    }),
    kind("silent", Usually(false), &[], |_| Ok(Kind::Silent)),
    kind("slow-drip", Usually(true), &["millis"], |body| {
        Ok(Kind::SlowDrip(pause(body, 100)?))
    }),
    kind("token-expired", Fixed(false), &[], |_| Ok(Kind::TokenExpired)),
    kind("truncated", Usually(true), &[], |_| Ok(Kind::Truncated)),
];

const fn kind(
    name: &'static str,
    applied: Applied,
    members: &'static [&'static str],
    make: fn(&Members<'_>) -> Result<Kind, Failure>,
) -> Kinds {
    Kinds {
        name,
        applied,
        members,
        make,
    }
}

/// A pause; `usual` milliseconds unless the rule says another.
fn pause(body: &Members<'_>, usual: u64) -> Result<Duration, Failure> {
    Ok(Duration::from_millis(body.number("millis", MILLIS)?.unwrap_or(usual)))
}

fn bytes(body: &Members<'_>) -> Result<Option<usize>, Failure> {
    let bytes = body.number("bytes", BYTES)?;
    Ok(bytes.map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX)))
}

/// The number of an `errcode` fault, which has no usual one.
fn errcode(body: &Members<'_>) -> Result<i32, Failure> {
    let errcode = body.get("errcode").and_then(Value::as_i64);
    let errcode = errcode.and_then(|errcode| i32::try_from(errcode).ok());
    // 0 would tell that something was done that was not.
    let errcode = errcode.filter(|errcode| *errcode != 0);
    errcode.ok_or_else(|| body.wrong("errcode", "must be given: a 32-bit number other than 0"))
}

fn refusal(body: &Members<'_>, errcode: i32) -> Result<Kind, Failure> {
    let errmsg = body.text("errmsg")?.map(|errmsg| Cow::Owned(errmsg.to_owned()));
    Ok(Kind::Errcode {
        errcode,
        errmsg: errmsg.unwrap_or(Cow::Borrowed(errmsg_of(errcode))),
    })
}
