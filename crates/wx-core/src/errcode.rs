//! The service's error codes, what they mean, and what they ask of the caller.
//!
//! Each code is declared once, in the tables of the modules below: number, constant, class, gloss and advice.
//! `docs/errors.md` is made from them.

use std::fmt;

mod account;
mod card;
mod code;
mod load;
mod member;
mod request;
#[cfg(test)]
mod tests;

/// An error code of the service (`errcode`), as it came.
///
/// [`class`](Self::class) says what to do about it, [`explain`](Self::explain) says it in words.
/// A code that has no name here keeps its number.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ErrCode(i64);

/// What an error code asks of the caller.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrClass {
    /// The service is busy and does not say whether the call ran.
    Busy,
    /// App id, secret, the account itself or the caller's address is not accepted: a person has to mend the
    /// configuration, and until then no call of the account will do better.
    Credential,
    /// The account or the card may not use this API or feature, or the service has switched it off: neither this nor a
    /// changed request helps until a person has got the permission or the block is over. Other APIs may work.
    Permission,
    /// A quota of the day or the month is used up.
    Quota,
    /// The request itself, or the state of the card or code, is refused: sending it again does not help.
    Refused,
    /// Too many calls in this minute.
    Throttle,
    /// The access token is not accepted; the call did not run.
    Token,
}

impl ErrClass {
    /// The name of the class in lower case, such as `token`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Credential => "credential",
            Self::Permission => "permission",
            Self::Quota => "quota",
            Self::Refused => "refused",
            Self::Throttle => "throttle",
            Self::Token => "token",
        }
    }
}

/// What an error code means and what to do about it, each in a phrase without a final stop.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// What it means, in English; at most 80 characters.
    pub gloss: &'static str,
    /// What it means, in Chinese; at most 80 characters.
    pub gloss_zh: &'static str,
    /// What to do, in English; at most 120 characters.
    pub advice: &'static str,
    /// What to do, in Chinese; at most 120 characters.
    pub advice_zh: &'static str,
}

/// All that is known of a code.
#[derive(Debug)]
struct Row {
    code: ErrCode,
    name: &'static str,
    class: ErrClass,
    explanation: Explanation,
    /// What it means when the token call answers with it, where that is something else.
    of_token_call: Option<Explanation>,
}

/// The tables; within each the numbers ascend.
const TABLES: &[&[Row]] = &[
    account::ROWS,
    load::ROWS,
    request::ROWS,
    card::ROWS,
    code::ROWS,
    member::ROWS,
];

impl ErrCode {
    /// 0: done.
    pub const OK: Self = Self(0);

    /// The code with this number.
    #[must_use]
    pub const fn new(code: i64) -> Self {
        Self(code)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The codes that have a name here, in the order of their numbers.
    pub fn known() -> impl Iterator<Item = Self> {
        let mut codes: Vec<Self> = TABLES.iter().flat_map(|rows| rows.iter().map(|row| row.code)).collect();
        codes.sort_unstable();
        codes.into_iter()
    }

    /// The name of the constant for the code, such as `CODE_CONSUMED`; `None` for a code that has none here.
    ///
    /// ```
    /// assert_eq!(wx_core::ErrCode::new(40099).name(), Some("CODE_CONSUMED"));
    /// ```
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self.row() {
            Some(row) => Some(row.name),
            None => None,
        }
    }

    /// What the code asks of the caller when a call other than the token call answers with it.
    ///
    /// A code that has no name here is [`Refused`](ErrClass::Refused).
    #[must_use]
    pub const fn class(self) -> ErrClass {
        match self.row() {
            Some(row) => row.class,
            None => ErrClass::Refused,
        }
    }

    /// What the code asks of the caller when the *token* call answers with it:
    /// there is no token yet that could be stale, so 40001 means a wrong secret.
    #[must_use]
    pub const fn class_of_token_call(self) -> ErrClass {
        match self.class() {
            ErrClass::Token | ErrClass::Permission | ErrClass::Refused => ErrClass::Credential,
            class => class,
        }
    }

    /// What the code means and what to do, when a call other than the token call answers with it;
    /// `None` for a code that has no name here, and for 0.
    ///
    /// ```
    /// use wx_core::ErrCode;
    ///
    /// let explanation = ErrCode::new(45031).explain().unwrap();
    /// assert_eq!(explanation.gloss, "there is no stock left");
    /// assert_eq!(explanation.advice_zh, "用 /card/modifystock 增加库存");
    /// ```
    #[must_use]
    pub const fn explain(self) -> Option<&'static Explanation> {
        match self.row() {
            Some(row) => Some(&row.explanation),
            None => None,
        }
    }

    /// What the code means and what to do, when the *token* call answers with it.
    #[must_use]
    pub const fn explain_of_token_call(self) -> Option<&'static Explanation> {
        match self.row() {
            Some(Row {
                of_token_call: Some(explanation),
                ..
            }) => Some(explanation),
            _ => self.explain(),
        }
    }

    const fn row(self) -> Option<&'static Row> {
        let mut tables = TABLES;
        while let [table, others @ ..] = tables {
            let mut rows = *table;
            while let [row, rest @ ..] = rows {
                if row.code.0 == self.0 {
                    return Some(row);
                }
                rows = rest;
            }
            tables = others;
        }
        None
    }
}

/// Declares a table: number, constant, class, then gloss and advice in English and in Chinese;
/// `token call` parts what the code means there.
macro_rules! codes {
    (@explanation) => { None };
    (@explanation $gloss:literal $gloss_zh:literal $advice:literal $advice_zh:literal) => {
        Some($crate::Explanation {
            gloss: $gloss,
            gloss_zh: $gloss_zh,
            advice: $advice,
            advice_zh: $advice_zh,
        })
    };
    ($($code:literal $name:ident $class:ident
        $gloss:literal => $advice:literal, $gloss_zh:literal => $advice_zh:literal;
        $(token call
        $token_gloss:literal => $token_advice:literal, $token_gloss_zh:literal => $token_advice_zh:literal;)?
    )*) => {
        impl $crate::ErrCode {
            $(
                #[doc = concat!($code, ": ", $gloss, $("; on the token call: ", $token_gloss,)? ".")]
                #[doc = concat!("（", $gloss_zh, $("；获取 token 时：", $token_gloss_zh,)? "）")]
                pub const $name: Self = Self::new($code);
            )*
        }

        pub(super) const ROWS: &[super::Row] = &[$(
            super::Row {
                code: $crate::ErrCode::$name,
                name: stringify!($name),
                class: $crate::ErrClass::$class,
                explanation: $crate::Explanation {
                    gloss: $gloss,
                    gloss_zh: $gloss_zh,
                    advice: $advice,
                    advice_zh: $advice_zh,
                },
                of_token_call: super::codes!(
                    @explanation $($token_gloss $token_gloss_zh $token_advice $token_advice_zh)?
                ),
            },
        )*];
    };
}
use codes;

impl fmt::Display for ErrCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<i64> for ErrCode {
    fn from(code: i64) -> Self {
        Self(code)
    }
}

impl PartialEq<i64> for ErrCode {
    fn eq(&self, other: &i64) -> bool {
        self.0 == *other
    }
}
