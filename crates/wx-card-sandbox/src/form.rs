//! Forms with a file, `multipart/form-data`, as strict as a server has to be that cannot guess.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

use crate::reason::MEDIA_MISSING;
use crate::refusal::Refusal;

/// What the part with the file may be called: the pages have either name.
const NAMES: [&str; 2] = ["media", "buffer"];

/// Longest boundary that RFC 2046 allows.
const BOUNDARY_BYTES: usize = 70;

/// The file in the form; without one, or with a form that is none, there is no file for the service.
pub(crate) fn file<'a>(headers: &HeaderMap, body: &'a [u8]) -> Result<&'a [u8], Refusal> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type
        .and_then(boundary)
        .and_then(|boundary| file_between(boundary, body))
        .filter(|file| !file.is_empty())
        .ok_or_else(|| MEDIA_MISSING.into())
}

/// The boundary that a content type names.
fn boundary(content_type: &str) -> Option<&str> {
    let (media_type, parameters) = content_type.split_once(';')?;
    if !media_type.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameter(parameters, "boundary")?;
    let is_boundary = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&byte);
    let fits = (1..=BOUNDARY_BYTES).contains(&boundary.len()) && !boundary.ends_with(' ');
    (fits && boundary.bytes().all(is_boundary)).then_some(boundary)
}

/// The value of a parameter behind a header's first word, without its quotes.
///
/// A semicolon within quotes is not looked for: neither names of files nor boundaries that clients make have one, and
/// such a name is not what is asked for here.
fn parameter<'a>(parameters: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = parameters.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(key, _)| key.trim().eq_ignore_ascii_case(name))?;
    let value = value.trim();
    match value.strip_prefix('"') {
        Some(quoted) => quoted.strip_suffix('"'),
        None => Some(value),
    }
}

/// The first file among the parts, all of which must be whole.
fn file_between<'a>(boundary: &str, body: &'a [u8]) -> Option<&'a [u8]> {
    let delimiter = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(delimiter.trim_start().as_bytes())?;
    let mut found = None;
    loop {
        if let Some(end) = rest.strip_prefix(b"--") {
            return found.filter(|_| matches!(end, b"" | b"\r\n"));
        }
        let (part, next) = split(rest.strip_prefix(b"\r\n")?, delimiter.as_bytes())?;
        let (head, content) = split(part, b"\r\n\r\n")?;
        if found.is_none() && is_file(head)? {
            found = Some(content);
        }
        rest = next;
    }
}

/// Whether the head of a part is that of the file; `None` if it is no head.
fn is_file(head: &[u8]) -> Option<bool> {
    let lines = str::from_utf8(head).ok()?.split("\r\n");
    let mut headers = lines.map(|line| line.split_once(':'));
    let disposition = headers.find_map(|header| {
        header.and_then(|(name, value)| name.eq_ignore_ascii_case("content-disposition").then_some(value))
    })?;
    let (kind, parameters) = disposition.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("form-data") {
        return None;
    }
    let name = parameter(parameters, "name")?;
    // Without the name of a file a part is a field, as the service has it too.
    Some(NAMES.contains(&name) && parameter(parameters, "filename").is_some())
}

/// What stands before and after the first `separator`.
fn split<'a>(bytes: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = bytes.windows(separator.len()).position(|window| window == separator)?;
    Some((bytes.get(..at)?, bytes.get(at + separator.len()..)?))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(content_type: &'static str, body: &[u8]) -> Option<Vec<u8>> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        file(&headers, body).ok().map(<[u8]>::to_vec)
    }

    const HEAD: &str = "Content-Disposition: form-data; name=\"media\"; filename=\"a.png\"\r\n\r\n";

    #[test]
    fn forms_of_other_clients_are_read() {
        for (content_type, body) in [
            ("multipart/form-data; boundary=b", format!("--b\r\n{HEAD}x\r\n--b--\r\n")),
            ("Multipart/Form-Data; charset=utf-8; BOUNDARY=\"b\"", format!("--b\r\n{HEAD}x\r\n--b--")),
            // The field's other name, a head in small letters and in another order, a file without quotes.
            (
                "multipart/form-data;boundary=b",
                "--b\r\ncontent-type: image/png\r\ncontent-disposition: form-data; filename=a.png; name=buffer\r\n\r\nx\
                 \r\n--b--\r\n"
                    .to_owned(),
            ),
            // A field before the file, another file after it.
            (
                "multipart/form-data; boundary=b",
                format!("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--b\r\n{HEAD}x\r\n--b\r\n{HEAD}y\r\n--b--\r\n"),
            ),
        ] {
            assert_eq!(read(content_type, body.as_bytes()).as_deref(), Some(&b"x"[..]), "{body}");
        }
    }

    #[test]
    fn the_file_is_every_byte_between_the_boundaries() {
        let file = b"\r\n--c--\r\n\0\xff--b\r\n\r\n".as_slice();
        let body = [b"--b\r\n", HEAD.as_bytes(), file, b"\r\n--b--\r\n"].concat();
        assert_eq!(read("multipart/form-data; boundary=b", &body).as_deref(), Some(file));
    }

    #[test]
    fn what_is_no_form_with_a_file_has_none() {
        let whole = format!("--b\r\n{HEAD}x\r\n--b--\r\n");
        for content_type in [
            "application/json",
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=c",
            "multipart/form-data; boundary=\"b",
            "multipart/mixed; boundary=b",
        ] {
            assert_eq!(read(content_type, whole.as_bytes()), None, "{content_type}");
        }
        for body in [
            String::new(),
            format!("\r\n{whole}"),
            whole.replace("\r\n", "\n"),
            whole.replace("--b--\r\n", ""),
            whole.replace("--b--", "--b"),
            format!("{whole}more"),
            whole.replace("; filename=\"a.png\"", ""),
            whole.replace("\"media\"", "\"file\""),
            whole.replace("form-data; ", "attachment; "),
            whole.replace("Content-Disposition: ", ""),
            whole.replace("x\r\n", "\r\n"),
            format!("--b\r\n{HEAD}x\r\n--b\r\n\r\n--b--\r\n"),
        ] {
            assert_eq!(read("multipart/form-data; boundary=b", body.as_bytes()), None, "{body}");
        }
        assert!(file(&HeaderMap::new(), whole.as_bytes()).is_err());
    }
}
