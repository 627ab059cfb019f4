//! The service's error codes and what they mean for the caller.

use std::fmt;

/// An error code of the service (`errcode`), as it came.
///
/// [`class`](Self::class) says what to do about it. A code that has no name here keeps its number.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ErrCode(i64);

/// What an error code asks of the caller.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrClass {
    /// The service is busy and does not say whether the call ran.
    Busy,
    /// App id, secret or the caller's address is not accepted: a person has to mend the configuration.
    Credential,
    /// A quota of the day or the month is used up.
    Quota,
    /// The request itself, or the state of the card or code, is refused: sending it again does not help.
    Refused,
    /// Too many calls in this minute.
    Throttle,
    /// The access token is not accepted; the call did not run.
    Token,
}

impl ErrCode {
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

    /// What the code asks of the caller when a call other than the token call answers with it.
    #[must_use]
    pub const fn class(self) -> ErrClass {
        match self {
            Self::BUSY => ErrClass::Busy,
            Self::INVALID_CREDENTIAL | Self::INVALID_TOKEN | Self::EXPIRED_TOKEN | Self::REJECTED_TOKEN => {
                ErrClass::Token
            }
            Self::MINUTE_QUOTA => ErrClass::Throttle,
            Self::DAY_QUOTA | Self::MONTH_QUOTA | Self::DOMAIN_QUOTA => ErrClass::Quota,
            Self::INVALID_APP_ID
            | Self::INVALID_APP_SECRET
            | Self::FROZEN_APP_SECRET
            | Self::IP_NOT_ALLOWED
            | Self::IP_NOT_REGISTERED
            | Self::IP_NOT_LISTED
            | Self::IP_WAITS_FOR_ADMIN
            | Self::IP_NEEDS_ADMIN
            | Self::IP_REFUSED_FOR_A_DAY
            | Self::IP_REFUSED_FOR_AN_HOUR
            | Self::TOKEN_FORBIDDEN
            | Self::ACCOUNT_FROZEN => ErrClass::Credential,
            _ => ErrClass::Refused,
        }
    }

    /// What the code asks of the caller when the *token* call answers with it:
    /// there is no token yet that could be stale, so 40001 means a wrong secret.
    #[must_use]
    pub const fn class_of_token_call(self) -> ErrClass {
        match self.class() {
            ErrClass::Token | ErrClass::Refused => ErrClass::Credential,
            class => class,
        }
    }
}

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $code:literal;)*) => {
        impl ErrCode {
            $($(#[$meta])* pub const $name: Self = Self($code);)*
        }
    };
}

codes! {
    /// -1: the system is busy.
    BUSY = -1;
    /// 0: done.
    OK = 0;
    /// 40001: the token is not valid or not the latest; on the token call, the secret is wrong.
    INVALID_CREDENTIAL = 40001;
    /// 40003: the openid is not one of this account.
    INVALID_OPENID = 40003;
    /// 40013: the app id is not valid.
    INVALID_APP_ID = 40013;
    /// 40014: the token is not valid.
    INVALID_TOKEN = 40014;
    /// 40053: the QR code's `action_info` is not valid.
    INVALID_ACTION_INFO = 40053;
    /// 40056: the code was never issued, or no user has it.
    INVALID_SERIAL_CODE = 40056;
    /// 40071: the card type is not valid.
    INVALID_CARD_TYPE = 40071;
    /// 40073: this account has no such card.
    INVALID_CARD_ID = 40073;
    /// 40075: the encrypted code cannot be decrypted.
    INVALID_ENCRYPT_CODE = 40075;
    /// 40078: the state of the card does not allow this.
    INVALID_CARD_STATUS = 40078;
    /// 40099: the code is redeemed already.
    CODE_CONSUMED = 40099;
    /// 40109: more than 100 codes.
    TOO_MANY_CODES = 40109;
    /// 40110: an empty code.
    EMPTY_CODE = 40110;
    /// 40111: the same code twice.
    SAME_CODE = 40111;
    /// 40116: the code is not valid.
    INVALID_CODE = 40116;
    /// 40122: the stock is not valid.
    INVALID_QUANTITY = 40122;
    /// 40125: the app secret is not valid.
    INVALID_APP_SECRET = 40125;
    /// 40127: the user's card is deleted, expired, on its way to a friend, or void.
    CODE_NOT_USABLE = 40127;
    /// 40136: more stock than deposited codes.
    STOCK_OVER_DEPOSIT = 40136;
    /// 40146: the code is marked for another user.
    MARKED_BY_ANOTHER = 40146;
    /// 40147: outside the times at which the card may be redeemed.
    OUTSIDE_CONSUME_TIME = 40147;
    /// 40164: the caller's address is not on the account's list; the message has the address.
    IP_NOT_ALLOWED = 40164;
    /// 40243: the app secret is frozen.
    FROZEN_APP_SECRET = 40243;
    /// 41001: there is no access token in the request.
    MISSING_TOKEN = 41001;
    /// 41011: a required member is missing; the message ends with its path.
    MISSING_FIELD = 41011;
    /// 41012: `card_id` is missing.
    MISSING_CARD_ID = 41012;
    /// 42001: the token is past its time.
    EXPIRED_TOKEN = 42001;
    /// 43018: the code is not marked.
    CODE_NOT_MARKED = 43018;
    /// 45009: the quota of the day is used up.
    DAY_QUOTA = 45009;
    /// 45011: too many calls in this minute.
    MINUTE_QUOTA = 45011;
    /// 45021: a field is too long.
    FIELD_TOO_LONG = 45021;
    /// 45031: no stock.
    NO_STOCK = 45031;
    /// 45033: the user has as many of this card as `get_limit` allows.
    GET_LIMIT = 45033;
    /// 45035: the caller's address is not on the account's list.
    IP_NOT_LISTED = 45035;
    /// 45040: the quota of the month is used up.
    MONTH_QUOTA = 45040;
    /// 45104: the quota of the domain is used up.
    DOMAIN_QUOTA = 45104;
    /// 47001: the request's JSON cannot be read.
    UNREADABLE_REQUEST = 47001;
    /// 48001: the account may not use this API.
    API_UNAUTHORIZED = 48001;
    /// 48012: the token is not valid.
    REJECTED_TOKEN = 48012;
    /// 50004: the account may not fetch tokens.
    TOKEN_FORBIDDEN = 50004;
    /// 50007: the account is frozen.
    ACCOUNT_FROZEN = 50007;
    /// 61004: the caller's address is not registered.
    IP_NOT_REGISTERED = 61004;
    /// 72020: the user has redeemed as many of this card as `use_limit` allows.
    USE_LIMIT = 72020;
    /// 89501: the caller's address waits for an administrator.
    IP_WAITS_FOR_ADMIN = 89501;
    /// 89503: the caller's address needs an administrator's word.
    IP_NEEDS_ADMIN = 89503;
    /// 89506: an administrator refused the caller's address for 24 hours.
    IP_REFUSED_FOR_A_DAY = 89506;
    /// 89507: an administrator refused the caller's address for one hour.
    IP_REFUSED_FOR_AN_HOUR = 89507;
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_means_two_things() {
        assert_eq!(ErrCode::new(40001).class(), ErrClass::Token);
        assert_eq!(ErrCode::new(40001).class_of_token_call(), ErrClass::Credential);
    }

    #[test]
    fn classes() {
        for (code, class, of_token_call) in [
            (-1, ErrClass::Busy, ErrClass::Busy),
            (40014, ErrClass::Token, ErrClass::Credential),
            (42001, ErrClass::Token, ErrClass::Credential),
            (48012, ErrClass::Token, ErrClass::Credential),
            (45009, ErrClass::Quota, ErrClass::Quota),
            (45011, ErrClass::Throttle, ErrClass::Throttle),
            (40013, ErrClass::Credential, ErrClass::Credential),
            (40164, ErrClass::Credential, ErrClass::Credential),
            (40099, ErrClass::Refused, ErrClass::Credential),
            (99999, ErrClass::Refused, ErrClass::Credential),
        ] {
            assert_eq!(ErrCode::new(code).class(), class, "{code}");
            assert_eq!(ErrCode::new(code).class_of_token_call(), of_token_call, "{code}");
        }
    }
}
