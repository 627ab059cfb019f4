//! Texts that are planted into requests and answers, and must not turn up anywhere else.

use crate::conformance::seen::shows;
pub(super) use crate::conformance::seen::{debug, everything};

/// Part of the path of every request.
pub(super) const PATH: &str = "canaryPath51c7e2";
/// Part of the query, where the access token stands.
pub(super) const QUERY: &str = "canaryQuery7f3a9c";
/// The value of a request's header.
pub(super) const HEADER: &str = "canaryHeader08d4b1";
/// Part of a request's body.
pub(super) const BODY: &str = "canaryBody2e96f0";
/// Part of an answer: of a header, of the body, and of what is not HTTP at all.
pub(super) const ANSWER: &str = "canaryAnswer5b18ad";

/// Each with what it was planted into. They are letters and digits alone, so that no percent-coding hides them.
const ALL: [(&str, &str); 5] = [
    (PATH, "the request's path"),
    (QUERY, "the request's query, where the access token stands"),
    (HEADER, "a header of the request"),
    (BODY, "the request's body"),
    (ANSWER, "the answer"),
];

/// What of the planted texts stands in `text`, in whichever form.
pub(super) fn found(text: &str) -> Vec<&'static str> {
    ALL.into_iter()
        .filter(|(canary, _)| shows(text, canary))
        .map(|(_, place)| place)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{ANSWER, BODY, QUERY, found};

    #[test]
    fn a_planted_text_is_found_in_every_form() {
        let bytes = QUERY.as_bytes();
        let hexadecimal: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        let forms = [
            format!("GET /?access_token={QUERY}%2B"),
            QUERY.to_uppercase(),
            format!("{bytes:?}"),
            format!("{bytes:#?}"),
            format!("0x{hexadecimal}"),
        ];
        for form in forms {
            assert_eq!(found(&form).len(), 1, "{form}");
        }
        assert_eq!(found(&format!("{BODY} {ANSWER}")), ["the request's body", "the answer"]);
        assert!(found("SendError { kind: Timeout, source: None }").is_empty());
    }
}
