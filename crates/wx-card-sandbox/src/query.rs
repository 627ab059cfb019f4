//! The query of a request.

use http::Uri;

/// The value of the parameter `name`, decoded; empty values count as absent.
pub(crate) fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let pairs = uri.query()?.split('&');
    pairs
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| decode(key) == name)
        .map(|(_, value)| decode(value))
        .filter(|value| !value.is_empty())
}

/// Undoes percent-encoding; what is not an encoding stays as it is.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let (byte, tail) = match (first, tail) {
            (b'%', [high, low, tail @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high * 16 + low, tail),
                _ => (b'%', rest.get(1..).unwrap_or_default()),
            },
            (b'+', _) => (b' ', tail),
            _ => (*first, tail),
        };
        bytes.push(byte);
        rest = tail;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_in_any_order_and_decoded() {
        let uri: Uri = "/p?type=wx_card&access_token=a%2Bb%zz+c&empty=&x".parse().unwrap();
        assert_eq!(parameter(&uri, "type").as_deref(), Some("wx_card"));
        assert_eq!(parameter(&uri, "access_token").as_deref(), Some("a+b%zz c"));
        assert_eq!(parameter(&uri, "empty"), None);
        assert_eq!(parameter(&uri, "x"), None);
    }
}
