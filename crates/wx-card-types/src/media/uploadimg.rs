//! `POST /cgi-bin/media/uploadimg`: upload a picture, and get the address that cards take.

use std::fmt;

use crate::wire::wire;
use crate::{Check, Form, Rule, Upload, WebUrl};

/// Uploads a picture for cards (上传图片): a logo, the pictures of a text, the banner of a landing page.
///
/// `POST /cgi-bin/media/uploadimg`: [official page](https://developers.weixin.qq.com/doc/service/en/api/material/permanent/api_uploadimage.html).
///
/// Cards take pictures by the address that this answers, and no other: `logo_url`, `image_url`, `icon_url_list`,
/// `background_pic_url`, `banner`, `thumb_url`. For a logo 300 by 300 pixels are suggested.
///
/// What counts is what the bytes say, not what the file is called: JPG or PNG, at most
/// [`MAX_BYTES`](Self::MAX_BYTES).
/// The service keeps no name of the file, so none is sent: Chinese ones are a known source of trouble.
///
/// Refused with 40005 or 40137 when it is neither JPG nor PNG, 40009 when it is too large, 41005 when there is no file,
/// 45009 when an account uploads more than its quota of the day.
///
/// ```
/// use wx_card_types::{Upload, UploadImage};
///
/// let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR and so on";
/// let request = UploadImage::new(picture);
/// request.validate()?;
/// let form = request.form();
/// assert_eq!(form.content_type(), "multipart/form-data; boundary=----wx-card-00000000");
///
/// let error = UploadImage::new("GIF89a").validate().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "media: must be a JPG or PNG by its first bytes, whatever the file is called; convert other pictures",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
#[doc(alias = "cgi-bin/media/uploadimg")]
#[doc(alias = "uploadimg")]
#[doc(alias = "uploadImage")]
#[doc(alias = "mediaImgUpload")]
#[doc(alias = "上传图片")]
pub struct UploadImage {
    /// The bytes of the picture, at most [`MAX_BYTES`](Self::MAX_BYTES).
    pub media: Vec<u8>,
}

impl UploadImage {
    /// Most bytes of a picture: 1 MB, which are 1,048,576 bytes.
    pub const MAX_BYTES: usize = 1024 * 1024;

    /// The picture with these bytes.
    #[must_use]
    pub fn new(media: impl Into<Vec<u8>>) -> Self {
        Self { media: media.into() }
    }
}

impl fmt::Debug for UploadImage {
    // A picture is of no use to whoever reads a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadImage")
            .field("bytes", &self.media.len())
            .finish_non_exhaustive()
    }
}

impl Upload for UploadImage {
    const PATH: &'static str = "/cgi-bin/media/uploadimg";
    // A repeat makes another address of the same picture. Nobody ever sees the first one, so all that it costs is one
    // upload of some thousands a day.
    const IDEMPOTENT: bool = true;
    type Response = UploadImageResponse;

    fn check(&self, check: &mut Check) {
        if self.media.is_empty() {
            return check.violation("media", Rule::Empty);
        }
        if Kind::of(&self.media).is_none() {
            let expected = "a JPG or PNG by its first bytes, whatever the file is called; convert other pictures";
            check.violation("media", Rule::Form { expected });
        }
        let (bytes, max) = (self.media.len(), Self::MAX_BYTES);
        if max < bytes {
            check.violation("media", Rule::TooLarge { bytes, max });
        }
    }

    fn form(&self) -> Form {
        let (file_name, media_type) = match Kind::of(&self.media) {
            Some(Kind::Jpeg) => ("image.jpg", "image/jpeg"),
            Some(Kind::Png) => ("image.png", "image/png"),
            // Whoever switched the check off leaves it to the service.
            None => ("image", "application/octet-stream"),
        };
        Form::of_file("media", file_name, media_type, &self.media)
    }
}

/// The kinds of pictures that the service takes.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Jpeg,
    Png,
}

impl Kind {
    /// The kind by the signature that its files begin with.
    fn of(media: &[u8]) -> Option<Self> {
        if media.starts_with(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if media.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else {
            None
        }
    }
}

wire! {
    /// Where the picture is.
    pub answer UploadImageResponse {
        /// The address by which cards take the picture, such as `http://mmbiz.qpic.cn/…`.
        url: WebUrl,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF";
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    /// A picture of `kind` with so many bytes in all.
    fn picture(kind: &[u8], bytes: usize) -> UploadImage {
        let mut media = kind.to_vec();
        media.resize(bytes, 0);
        UploadImage::new(media)
    }

    fn invalid(media: impl Into<Vec<u8>>) -> String {
        UploadImage::new(media).validate().unwrap_err().to_string()
    }

    #[test]
    fn request_on_the_wire() {
        let form = UploadImage::new(JPEG).form();
        assert_eq!(
            form.content_type(),
            "multipart/form-data; boundary=----wx-card-00000000"
        );
        insta::assert_snapshot!(form.body().escape_ascii().to_string().replace(r"\r\n", "␍\n"), @r#"
        ------wx-card-00000000␍
        Content-Disposition: form-data; name=\"media\"; filename=\"image.jpg\"␍
        Content-Type: image/jpeg␍
        ␍
        \xff\xd8\xff\xe0\x00\x10JFIF␍
        ------wx-card-00000000--␍
        "#);
    }

    #[test]
    fn the_part_says_what_the_bytes_are() {
        for (media, expected) in [
            (JPEG, "filename=\"image.jpg\"\r\nContent-Type: image/jpeg\r\n"),
            (PNG, "filename=\"image.png\"\r\nContent-Type: image/png\r\n"),
            (
                b"GIF89a",
                "filename=\"image\"\r\nContent-Type: application/octet-stream\r\n",
            ),
        ] {
            let body = UploadImage::new(media).form().into_body();
            assert!(String::from_utf8_lossy(&body).contains(expected), "{expected}");
        }
    }

    #[test]
    fn a_megabyte_passes_and_a_byte_more_does_not() {
        for kind in [JPEG, PNG] {
            for bytes in [kind.len(), UploadImage::MAX_BYTES - 1, UploadImage::MAX_BYTES] {
                assert_eq!(picture(kind, bytes).validate(), Ok(()), "{bytes}");
            }
            let error = picture(kind, UploadImage::MAX_BYTES + 1).validate().unwrap_err();
            assert_eq!(
                error.to_string(),
                "media: has 1048577 bytes, must have at most 1048576; make it smaller"
            );
            let source = error.findings().next().unwrap().source;
            assert_eq!(source, Some("Upload Graphic Message Picture"));
        }
    }

    #[test]
    fn what_is_neither_jpg_nor_png_is_refused_here() {
        assert_eq!(invalid(""), "media: must not be empty");
        let others: [&[u8]; 7] = [
            b"GIF89a",
            b"RIFF\0\0\0\0WEBPVP8 ",
            b"BM",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            b"\xff\xd8",
            b"\x89PNG\n\x1a\n",
            b" \xff\xd8\xff",
        ];
        for other in others {
            let said = invalid(other);
            assert!(
                said.starts_with("media: must be a JPG or PNG by its first bytes"),
                "{said}"
            );
        }
        let both = invalid(vec![b'G'; UploadImage::MAX_BYTES + 1]);
        assert!(
            both.ends_with("; media: has 1048577 bytes, must have at most 1048576; make it smaller"),
            "{both}"
        );
    }

    #[test]
    fn the_official_answer_decodes() {
        let url = "http://mmbiz.qpic.cn/mmbiz/iaL1LJM1mF9aRKPZJkmG8xXhiaHqkKSVMMWeN3hLut7X7hicFNjakmxibMLGWpXrEXB33367o7zHN0CwngnQY7zb7g/0";
        let json = format!(r#"{{"url":"{url}","errcode":0,"errmsg":"ok","later":1}}"#);
        let answer: UploadImageResponse = serde_json::from_str(&json).unwrap();
        assert_eq!(answer.url, url);
        assert_eq!(answer.extra["later"], 1);
        let bare: UploadImageResponse = serde_json::from_str(&format!(r#"{{"url":"{url}"}}"#)).unwrap();
        assert_eq!(bare, UploadImageResponse::new(url));
    }

    #[test]
    fn an_answer_without_an_address_is_no_success() {
        for answer in [
            "{}",
            r#"{"errcode":0,"errmsg":"ok"}"#,
            r#"{"url":""}"#,
            r#"{"url":null}"#,
        ] {
            serde_json::from_str::<UploadImageResponse>(answer).unwrap_err();
        }
    }

    #[test]
    fn debug_shows_no_picture() {
        assert_eq!(format!("{:?}", UploadImage::new(PNG)), "UploadImage { bytes: 16, .. }");
    }
}
