//! What to do next, by what went wrong: the words for each error code are those of the core; here stands what only the
//! command knows, such as the names of its options.

use std::borrow::Cow;
use std::error::Error as StdError;

use wx_card::core::{ErrClass, ErrCode, Error, ErrorKind};
use wx_http_hyper::{TlsError, TlsErrorKind};

/// What to do next, whatever the command was.
pub(super) fn general(error: &Error) -> Option<Cow<'static, str>> {
    match error.errcode() {
        Some(errcode) => by_code(error, errcode),
        None => by_kind(error).map(Cow::from),
    }
}

fn by_code(error: &Error, errcode: ErrCode) -> Option<Cow<'static, str>> {
    let advice = match errcode {
        ErrCode::IP_NOT_ALLOWED | ErrCode::IP_NOT_LISTED | ErrCode::IP_NOT_REGISTERED => {
            return error
                .ip()
                .map(|ip| {
                    format!(
                        "put {ip}, the address that this machine calls from, on the account's IP list (IP 白名单), \
                         which is in its console (基本配置)"
                    )
                    .into()
                })
                .or(error.advice().map(Cow::from));
        }
        ErrCode::INVALID_APP_ID | ErrCode::INVALID_APP_SECRET => CREDENTIALS,
        // The same number is a stale token on any other call.
        ErrCode::INVALID_CREDENTIAL if error.kind() == ErrorKind::Credential => CREDENTIALS,
        ErrCode::INVALID_CARD_ID => {
            "check the card's id and the account (--app-id); `wx-card card list --all` has the ids"
        }
        ErrCode::INVALID_SERIAL_CODE | ErrCode::INVALID_CODE => {
            "check the code; where the merchant chose the codes, --card-id is needed too"
        }
        ErrCode::STOCK_OVER_DEPOSIT => {
            "in deposit mode the stock cannot exceed the deposited codes: `wx-card code count ID`"
        }
        _ => error.advice().or_else(|| by_class(error.class()?))?,
    };
    Some(advice.into())
}

const CREDENTIALS: &str = "check the app id and the app secret: --app-id, --app-secret-file, WX_APP_SECRET";

/// What to do about a code that the core does not know.
fn by_class(class: ErrClass) -> Option<&'static str> {
    (class == ErrClass::Credential).then_some(CREDENTIALS)
}

/// What to do when nobody answered as the service does, and nothing has run.
fn by_kind(error: &Error) -> Option<&'static str> {
    if let Some(advice) = tls_advice(error) {
        return Some(advice);
    }
    match error.kind() {
        ErrorKind::Deadline => Some("the time was over before it was done; nothing has run, so try again"),
        ErrorKind::Protocol => Some("what answers there is not the service: check --base-url and the proxy"),
        ErrorKind::Transport => Some("there is no way to the service: check --base-url, the proxy and --ca-file"),
        _ => None,
    }
}

/// What to do where TLS is among the causes.
pub(crate) fn tls_advice(error: &(dyn StdError + 'static)) -> Option<&'static str> {
    let mut link = error.source();
    while let Some(cause) = link {
        if let Some(tls) = cause.downcast_ref::<TlsError>() {
            return Some(by_tls(tls.kind()));
        }
        link = cause.source();
    }
    None
}

fn by_tls(kind: TlsErrorKind) -> &'static str {
    match kind {
        TlsErrorKind::Expired | TlsErrorKind::NotYetValid => {
            "check this machine's clock; if it is right, the server needs another certificate"
        }
        TlsErrorKind::BadSignature | TlsErrorKind::UnknownAuthority => {
            "if the server is the right one, name its authority with --ca-file; mind a proxy that reads along"
        }
        TlsErrorKind::NotTls => "no TLS is spoken there: check the port of --base-url, and the proxy",
        TlsErrorKind::WrongHost => "another server answers there: check the host of --base-url, and the proxy",
        TlsErrorKind::Authority | TlsErrorKind::Certificate => {
            "the server needs another certificate; trusting this one does not help"
        }
        _ => "check --base-url and the proxy: whoever answers there does not do TLS with this machine",
    }
}
