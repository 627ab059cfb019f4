//! What a row says about the value of a member, beside the type.

use std::fmt;

/// A limit; the type of the member says to what it applies.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    /// Nothing.
    Any,
    /// At most so many bytes of UTF-8.
    Bytes(usize),
    /// The address of a picture, from the upload of images.
    Image,
    /// At most so many addresses of pictures, from the upload of images.
    Images(usize),
    /// At most so many items.
    Items(usize),
    /// Between these two, both included.
    Range(i64, i64),
    /// A limit that is not certain.
    Unconfirmed(&'static Self),
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("anything"),
            Self::Bytes(max) => write!(f, "at most {max} bytes"),
            Self::Image => write!(f, "at most 128 bytes, {}", crate::check::UPLOADED),
            Self::Images(max) => write!(f, "at most {max} items; each {}", Self::Image),
            Self::Items(max) => write!(f, "at most {max} items"),
            Self::Range(min, i64::MAX) => write!(f, "at least {min}"),
            Self::Range(min, max) => write!(f, "{min} to {max}"),
            Self::Unconfirmed(limit) => limit.fmt(f),
        }
    }
}

macro_rules! limit {
    () => {
        $crate::card::limit::Limit::Any
    };
    ($max:literal bytes $(, $characters:literal characters)?) => {
        $crate::card::limit::Limit::Bytes($max)
    };
    ($min:literal to $max:literal) => {
        $crate::card::limit::Limit::Range($min, $max)
    };
    (at least $min:literal) => {
        $crate::card::limit::Limit::Range($min, i64::MAX)
    };
    (at most $max:literal items) => {
        $crate::card::limit::Limit::Items($max)
    };
    (image) => {
        $crate::card::limit::Limit::Image
    };
    (at most $max:literal images) => {
        $crate::card::limit::Limit::Images($max)
    };
    (unconfirmed $($limit:tt)*) => {
        $crate::card::limit::Limit::Unconfirmed(&$crate::card::limit::limit!($($limit)*))
    };
}

macro_rules! limit_doc {
    ($max:literal bytes) => {
        concat!("\n\nAt most ", $max, " bytes.")
    };
    ($max:literal bytes, $characters:literal characters) => {
        concat!(
            "\n\nAt most ",
            $max,
            " bytes, that is ",
            $characters,
            " Chinese characters."
        )
    };
    ($min:literal to $max:literal) => {
        concat!("\n\nFrom ", $min, " to ", $max, ".")
    };
    (at least $min:literal) => {
        concat!("\n\nAt least ", $min, ".")
    };
    (at most $max:literal items) => {
        concat!("\n\nItems: at most ", $max, ".")
    };
    (at most $max:literal images) => {
        concat!("\n\nItems: at most ", $max, ".", $crate::card::limit::limit_doc!(image))
    };
    (image) => {
        "\n\nThe page allows 128 bytes, but the upload itself answers longer ones; both that and an address from \
         elsewhere are warnings."
    };
    (unconfirmed $($limit:tt)*) => {
        concat!($crate::card::limit::limit_doc!($($limit)*), " Unconfirmed, so more is a warning.")
    };
}

pub(crate) use {limit, limit_doc};
