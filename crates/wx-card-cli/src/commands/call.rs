//! `wx-card call`.

use serde_json::Value;
use wx_card::core::Call;

use crate::args::CallArgs;
use crate::failure::Failure;
use crate::input::Source;
use crate::output::{Format, print};
use crate::settings::Settings;

pub(super) async fn run(args: CallArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    check(&args.path)?;
    let body = Source::new(&args.file).bytes()?;
    let answer = settings.client()?.core().call(&Call::post(args.path, body)).await?;
    print(&shown(answer.body(), format))
}

/// Finds what is wrong with the path before a token is spent on it.
fn check(path: &str) -> Result<(), Failure> {
    if !path.starts_with('/') {
        return Err(Failure::invalid("path", "must begin with a slash, such as /card/get"));
    }
    if path.contains(|c: char| c.is_whitespace() || c.is_control() || c == '#') {
        return Err(Failure::invalid("path", "must have no blank and no #"));
    }
    if path.contains("access_token=") {
        return Err(Failure::invalid(
            "path",
            "leave the access_token out: it comes by itself",
        ));
    }
    Ok(())
}

/// The answer: as it came for programs, on several lines for people.
fn shown(body: &[u8], format: Format) -> String {
    let as_it_came = || String::from_utf8_lossy(body).trim().to_owned();
    match format {
        Format::Json => as_it_came(),
        _ => serde_json::from_slice::<Value>(body)
            .and_then(|answer| serde_json::to_string_pretty(&answer))
            .unwrap_or_else(|_| as_it_came()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_cannot_be_sent_is_refused() {
        for path in ["/card/get", "/card/invoice/setbizattr?action=set_contact"] {
            assert!(check(path).is_ok(), "{path}");
        }
        for path in [
            "",
            "card/get",
            "https://api.weixin.qq.com/card/get",
            "/card /get",
            "/a#b",
            "/a?access_token=b",
        ] {
            assert!(check(path).is_err(), "{path}");
        }
    }

    #[test]
    fn an_answer_keeps_its_numbers_for_programs() {
        let body = b"\n{\"b\": 12345678901234567890123, \"a\":1.0}\n";
        assert_eq!(shown(body, Format::Json), "{\"b\": 12345678901234567890123, \"a\":1.0}");
    }
}
