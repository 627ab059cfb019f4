//! Mending what the service writes into texts and no reader of JSON takes.

/// Whether `body` has damage that goes unseen as long as a text is skipped and not read.
pub(super) fn is_hidden_in(body: &[u8]) -> bool {
    sound(body).is_none()
}

/// `body` as text, if it has no such damage.
pub(super) fn sound(body: &[u8]) -> Option<&str> {
    let text = str::from_utf8(body).ok()?;
    // Most answers have no escape at all. Going on after the first lets many bytes be looked at in one step.
    let has_escapes = body.iter().fold(false, |found, byte| found | (*byte == b'\\'));
    // Escaped surrogates are rare enough to look at each of them.
    let is_doubtful = has_escapes && (text.contains("\\ud") || text.contains("\\uD"));
    (!is_doubtful).then_some(text)
}

/// Mends the texts in `body`; `None` if there is nothing to mend.
///
/// Raw control characters are escaped, as are backslashes that escape nothing; broken UTF-8 and halves of surrogate
/// pairs, which names cut in the middle of a character end in, become U+FFFD. A mark in front of the body is left out.
pub(super) fn repair(body: &[u8]) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(body);
    let mut rest = text.trim_start_matches('\u{feff}');
    let mut repaired = String::with_capacity(text.len());
    let mut in_text = false;
    while let Some(character) = rest.chars().next() {
        let length = match character {
            '\\' if in_text => escape(rest, &mut repaired),
            control if in_text && control.is_ascii_control() && control != '\u{7f}' => {
                repaired.push_str(&format!("\\u{:04x}", u32::from(control)));
                control.len_utf8()
            }
            other => {
                in_text ^= other == '"';
                repaired.push(other);
                other.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    (repaired.as_bytes() != body).then(|| repaired.into_bytes())
}

/// Appends the escape sequence with which `text` begins, mended; says how many bytes of `text` that was.
fn escape(text: &str, repaired: &mut String) -> usize {
    let length = match (surrogate(text), text.get(6..).and_then(surrogate)) {
        (Some(Surrogate::Leading), Some(Surrogate::Trailing)) => 12,
        (Some(_), _) => {
            repaired.push_str("\\ufffd");
            return 6;
        }
        (None, _) => 2,
    };
    match text.get(..length) {
        Some(sequence) if is_whole(text.as_bytes()) => {
            repaired.push_str(sequence);
            length
        }
        _ => {
            repaired.push_str("\\\\");
            1
        }
    }
}

/// Whether what follows the backslash is something that can be escaped.
fn is_whole(text: &[u8]) -> bool {
    match text.get(1) {
        Some(b'u') => text
            .get(2..6)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
        Some(byte) => b"\"\\/bfnrt".contains(byte),
        None => false,
    }
}

/// Half of a pair of UTF-16 units.
enum Surrogate {
    Leading,
    Trailing,
}

/// The half that `text` begins with, escaped.
fn surrogate(text: &str) -> Option<Surrogate> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xd800..=0xdbff => Some(Surrogate::Leading),
        0xdc00..=0xdfff => Some(Surrogate::Trailing),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(body: &[u8]) -> Option<String> {
        repair(body).map(|repaired| String::from_utf8(repaired).unwrap())
    }

    #[test]
    fn texts_are_mended_and_nothing_else() {
        for (body, expected) in [
            (&b"\xef\xbb\xbf{\"a\":1}"[..], r#"{"a":1}"#),
            (b"{\"a\":\"x\x01\ty\"}", r#"{"a":"x\u0001\u0009y"}"#),
            (
                b"{\"a\":\"\xc4\xe3\",\"b\":\"\xe5\xa5\"}",
                "{\"a\":\"\u{fffd}\u{fffd}\",\"b\":\"\u{fffd}\"}",
            ),
            (br#"{"a":"x\ud83d"}"#, r#"{"a":"x\ufffd"}"#),
            (br#"{"a":"\ude00\uD83Dx\ud83d\n"}"#, r#"{"a":"\ufffd\ufffdx\ufffd\n"}"#),
            (
                br#"{"a":"x\ud8","b":"\u12 \u+fff"}"#,
                r#"{"a":"x\\ud8","b":"\\u12 \\u+fff"}"#,
            ),
            (b"{\"a\":\"it\\'s \\\n\"}", r#"{"a":"it\\'s \\\u000a"}"#),
        ] {
            assert_eq!(mended(body).as_deref(), Some(expected), "{}", body.escape_ascii());
        }
        for sound in [
            "{\n\t\"a\" : [\"\u{7f}\", \"\\\\\", \"\\\"\\u000a\\/\"]\r\n}",
            r#"{"a":"\ud83d\ude00","b":"\\ud83d","c":"破"}"#,
            "",
        ] {
            assert_eq!(mended(sound.as_bytes()), None, "{sound}");
        }
    }

    #[test]
    fn what_is_cut_anywhere_ends_the_same() {
        let body = "{\"a\":\"\\ud83d\\ude00\\\"破\x01\"}".as_bytes();
        for end in 0..body.len() {
            let cut = body.get(..end).unwrap();
            let repaired = repair(cut).unwrap_or_else(|| cut.to_vec());
            assert!(serde_json::from_slice::<serde_json::Value>(&repaired).is_err(), "{end}");
        }
    }
}
