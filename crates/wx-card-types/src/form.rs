//! Forms with a file: `multipart/form-data`, as RFC 7578 has it.

use std::collections::BTreeSet;
use std::fmt;

/// What every boundary begins with; eight hexadecimal digits follow.
const PREFIX: &str = "----wx-card-";

/// How many digits follow. There are always as many, so that no boundary is the beginning of another.
const DIGITS: usize = 8;

/// The body of a request that hands over one file, as `multipart/form-data`.
///
/// It needs no randomness: the boundary is the first one that does not stand in the file, so the same file is always
/// the same body.
#[derive(Clone, Eq, PartialEq)]
pub struct Form {
    content_type: String,
    body: Vec<u8>,
}

impl Form {
    /// A form with the one field `name`, which is a file called `file_name` of the type `media_type`.
    ///
    /// The three stand in the head of the part as they are, so they must have neither quotes nor line breaks.
    #[must_use]
    pub fn of_file(
        name: &'static str,
        file_name: &'static str,
        media_type: &'static str,
        content: impl AsRef<[u8]>,
    ) -> Self {
        let content = content.as_ref();
        let boundary = boundary(content);
        let head = format!(
            "--{boundary}\r\n\
             Content-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
             Content-Type: {media_type}\r\n\
             \r\n"
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        Self {
            content_type: format!("multipart/form-data; boundary={boundary}"),
            body: [head.as_bytes(), content, tail.as_bytes()].concat(),
        }
    }

    /// What the header `content-type` says, the boundary included.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// The bytes of the body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The bytes of the body, owned.
    #[must_use]
    pub fn into_body(self) -> Vec<u8> {
        self.body
    }
}

impl fmt::Debug for Form {
    // A picture is of no use to whoever reads a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Form")
            .field("content_type", &self.content_type)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The first boundary that does not stand in `content`.
///
/// One pass notes all that do: content that was made to have many of them costs no more than any other.
fn boundary(content: &[u8]) -> String {
    let (prefix, length) = (PREFIX.as_bytes(), PREFIX.len() + DIGITS);
    let taken: BTreeSet<&[u8]> = content
        .windows(length)
        .filter(|window| window.starts_with(prefix))
        .collect();
    (0..=u32::MAX)
        .map(|number| format!("{PREFIX}{number:0DIGITS$x}"))
        .find(|boundary| !taken.contains(boundary.as_bytes()))
        // No content in memory has all four thousand million of them.
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(content: impl AsRef<[u8]>) -> Form {
        Form::of_file("media", "image.png", "image/png", content)
    }

    #[test]
    fn the_body_on_the_wire() {
        let form = form("content");
        assert_eq!(
            form.content_type(),
            "multipart/form-data; boundary=----wx-card-00000000"
        );
        insta::assert_snapshot!(str::from_utf8(form.body()).unwrap().replace('\r', "␍"), @r#"
        ------wx-card-00000000␍
        Content-Disposition: form-data; name="media"; filename="image.png"␍
        Content-Type: image/png␍
        ␍
        content␍
        ------wx-card-00000000--␍
        "#);
        assert_eq!(form.clone().into_body(), form.body());
    }

    #[test]
    fn a_boundary_that_stands_in_the_content_is_not_taken() {
        for (content, expected) in [
            ("----wx-card-", "----wx-card-00000000"),
            ("----wx-card-0000000", "----wx-card-00000000"),
            ("----wx-card-00000000", "----wx-card-00000001"),
            ("a\r\n------wx-card-00000000--\r\n", "----wx-card-00000001"),
            ("----wx-card-00000001----wx-card-00000000", "----wx-card-00000002"),
            ("----wx-card-00000001", "----wx-card-00000000"),
        ] {
            assert_eq!(boundary(content.as_bytes()), expected, "{content}");
        }
        let hostile: String = (0..1000).map(|number| format!("{PREFIX}{number:08x}")).collect();
        assert_eq!(boundary(hostile.as_bytes()), "----wx-card-000003e8");
    }

    #[test]
    fn the_content_stands_in_the_body_byte_for_byte() {
        let content: Vec<u8> = (0..=255)
            .chain(*b"\r\n--")
            .chain(*b"\r\n------wx-card-00000000--")
            .collect();
        let form = form(&content);
        let boundary = form.content_type().rsplit_once('=').unwrap().1;
        let start = form.body().windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
        let tail = format!("\r\n--{boundary}--\r\n");
        assert_eq!(form.body()[start..], [content.as_slice(), tail.as_bytes()].concat());
        let ends = form
            .body()
            .windows(boundary.len())
            .filter(|window| *window == boundary.as_bytes());
        assert_eq!(ends.count(), 2);
    }

    #[test]
    fn debug_shows_no_content() {
        assert_eq!(
            format!("{:?}", form("canary")),
            "Form { content_type: \"multipart/form-data; boundary=----wx-card-00000000\", bytes: 153, .. }",
        );
    }
}
