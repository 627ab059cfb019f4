//! What to do next, by what went wrong.

use wx_card::core::{ErrClass, ErrCode, Error, ErrorKind};

/// What to do next, whatever the command was.
pub(super) fn general(error: &Error) -> Option<&'static str> {
    let Some(errcode) = error.errcode() else {
        return by_kind(error.kind());
    };
    let by_code = match errcode {
        ErrCode::IP_NOT_ALLOWED => "put this machine's address, which the message has, on the account's IP list",
        ErrCode::INVALID_CARD_ID => "this account has no such card; mind the account (--app-id) and the card's id",
        ErrCode::INVALID_ENCRYPT_CODE => "percent-decode the encrypted code exactly once, and keep every +",
        ErrCode::INVALID_SERIAL_CODE => {
            "no user holds this code; where the merchant chose the codes, --card-id is needed too"
        }
        ErrCode::MISSING_FIELD => "the message ends with the path of the missing member",
        ErrCode::STOCK_OVER_DEPOSIT => {
            "in deposit mode the stock cannot exceed the deposited codes: `wx-card code count ID`"
        }
        _ => return by_class(error.class()?),
    };
    Some(by_code)
}

fn by_class(class: ErrClass) -> Option<&'static str> {
    match class {
        ErrClass::Credential => Some("check the app id and the app secret: --app-id, --app-secret-file, WX_APP_SECRET"),
        ErrClass::Quota => Some("a quota is used up; that of a day comes back at midnight, UTC+8"),
        ErrClass::Throttle => Some("too many calls in this minute; wait one and try again"),
        _ => None,
    }
}

/// What to do when nobody answered as the service does, and nothing has run.
fn by_kind(kind: ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::Protocol => Some("what answers there is not the service: check --base-url and the proxy"),
        ErrorKind::Transport => Some("there is no way to the service: check --base-url, the proxy and --ca-file"),
        _ => None,
    }
}
