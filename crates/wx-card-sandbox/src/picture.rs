//! Pictures that were uploaded, and the addresses at which anybody gets them.

use std::collections::VecDeque;
use std::fmt;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::uri::Authority;
use http::{HeaderValue, Method, Response, StatusCode, request};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::json;

use crate::sandbox::Inner;
use crate::service::json as respond_json;

/// Most bytes of a picture.
pub(crate) const PICTURE_BYTES: usize = 1024 * 1024;

/// Most bytes of the pictures that an account keeps; the oldest go first.
const KEPT_BYTES: usize = 8 * PICTURE_BYTES;

/// Most pictures that an account keeps; the oldest go first.
const KEPT: usize = 256;

/// Where pictures live, below the sandbox's address.
const PREFIX: &str = "/mmbiz/";

/// What follows the name of a picture, as in the addresses of the service.
const SUFFIX: &str = "/0";

/// Where pictures live for who has the sandbox in process: nowhere on the net, and nobody takes it for WeChat's.
const NOWHERE: &str = "https://wx-card-sandbox.invalid";

/// Longest name of a host that is repeated in an address, in bytes: cards take addresses of 128 bytes.
const HOST_BYTES: usize = 64;

/// How a server is spoken to: `http` or `https`. Requests that come by a server have it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scheme(pub(crate) &'static str);

/// The address of the server that a request came to, as its client knows it; none in process.
pub(crate) fn origin(head: &request::Parts) -> Option<String> {
    let Scheme(scheme) = head.extensions.get::<Scheme>()?;
    let host = head.headers.get(HOST)?.to_str().ok()?;
    let is_sound = host.len() <= HOST_BYTES && !host.contains('@') && host.parse::<Authority>().is_ok();
    is_sound.then(|| format!("{scheme}://{host}"))
}

/// The address of the picture called `name`.
pub(crate) fn url(origin: Option<&str>, name: &str) -> String {
    format!("{}{PREFIX}{name}{SUFFIX}", origin.unwrap_or(NOWHERE))
}

/// The name of the picture at `path`, if pictures live there.
pub(crate) fn name_in(path: &str) -> Option<&str> {
    let name = path.strip_prefix(PREFIX)?;
    Some(name.strip_suffix(SUFFIX).unwrap_or(name))
}

/// Shows the picture called `name`, for which nobody needs a token.
pub(crate) fn show(inner: &Inner, name: &str, method: &Method) -> Response<Bytes> {
    let error = |status, message: &str| respond_json(status, &json!({"error": message}));
    if method != Method::GET {
        return error(StatusCode::METHOD_NOT_ALLOWED, "pictures are shown by GET");
    }
    let state = inner.state();
    let mut accounts = state.accounts.values();
    let Some(picture) = accounts.find_map(|account| account.pictures.get(name)) else {
        return error(StatusCode::NOT_FOUND, "no such picture, or no longer");
    };
    let mut response = Response::new(picture.content.clone());
    let content_type = HeaderValue::from_static(picture.kind.media_type());
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

/// The kinds that cards take.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum Kind {
    #[serde(rename = "jpg")]
    Jpeg,
    #[serde(rename = "png")]
    Png,
}

impl Kind {
    /// The kind by the signature that its files begin with.
    pub(crate) fn of(file: &[u8]) -> Option<Self> {
        match file {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            _ => None,
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// One picture.
#[derive(Deserialize, Serialize)]
pub(crate) struct Picture {
    name: String,
    kind: Kind,
    #[serde(serialize_with = "write", deserialize_with = "read")]
    content: Bytes,
}

impl Picture {
    pub(crate) fn new(name: String, kind: Kind, content: &[u8]) -> Self {
        let content = Bytes::copy_from_slice(content);
        Self { name, kind, content }
    }
}

/// The pictures of an account, the oldest first.
#[derive(Default, Deserialize, Serialize)]
#[serde(transparent)]
pub(crate) struct Pictures(VecDeque<Picture>);

impl Pictures {
    /// Keeps one more, and forgets the oldest where there are too many.
    pub(crate) fn keep(&mut self, picture: Picture) {
        self.0.push_back(picture);
        let mut bytes: usize = self.0.iter().map(|picture| picture.content.len()).sum();
        while KEPT < self.0.len() || KEPT_BYTES < bytes {
            let Some(oldest) = self.0.pop_front() else {
                return;
            };
            bytes -= oldest.content.len();
        }
    }

    fn get(&self, name: &str) -> Option<&Picture> {
        self.0.iter().find(|picture| picture.name == name)
    }
}

/// Two hexadecimal digits a byte: the state is JSON.
fn write<S: Serializer>(content: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Hex(content))
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    let text = String::deserialize(deserializer)?;
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
    let bytes = bytes.filter(|_| rest.is_empty());
    bytes
        .map(Bytes::from)
        .ok_or_else(|| D::Error::custom("no hexadecimal digits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(name: usize, bytes: usize) -> Picture {
        Picture::new(name.to_string(), Kind::Png, &vec![0xa7; bytes])
    }

    #[test]
    fn the_oldest_pictures_are_forgotten() {
        let mut many = Pictures::default();
        (0..=KEPT).for_each(|name| many.keep(picture(name, 1)));
        assert!(many.get("0").is_none() && many.get("1").is_some());

        let mut large = Pictures::default();
        (0..9).for_each(|name| large.keep(picture(name, PICTURE_BYTES)));
        assert!(large.get("0").is_none() && large.get("1").is_some());
        assert_eq!(large.0.len(), 8);
    }

    #[test]
    fn a_picture_outlives_the_file() {
        let mut pictures = Pictures::default();
        pictures.keep(Picture::new("a".to_owned(), Kind::Jpeg, b"\xff\xd8\xff\0"));
        let json = serde_json::to_string(&pictures).unwrap();
        assert_eq!(json, r#"[{"name":"a","kind":"jpg","content":"ffd8ff00"}]"#);
        let again: Pictures = serde_json::from_str(&json).unwrap();
        assert_eq!(again.get("a").unwrap().content, &b"\xff\xd8\xff\0"[..]);
        for damaged in ["f", "zz", "中"] {
            let json = json.replace("ffd8ff00", damaged);
            assert!(serde_json::from_str::<Pictures>(&json).is_err(), "{damaged}");
        }
    }

    #[test]
    fn the_address_is_that_of_the_server_or_nowhere() {
        let origin = |host: &str, scheme: Option<Scheme>| {
            let mut request = http::Request::post("/").header(HOST, host);
            if let (Some(scheme), Some(extensions)) = (scheme, request.extensions_mut()) {
                extensions.insert(scheme);
            }
            origin(&request.body(()).unwrap().into_parts().0)
        };
        let (http, https) = (Some(Scheme("http")), Some(Scheme("https")));
        assert_eq!(origin("127.0.0.1:80", http).as_deref(), Some("http://127.0.0.1:80"));
        assert_eq!(origin("[::1]:443", https).as_deref(), Some("https://[::1]:443"));
        assert_eq!(origin("127.0.0.1:80", None), None);
        for host in ["a b", "a/b", "user@a", "", &"a".repeat(65)] {
            assert_eq!(origin(host, http), None, "{host}");
        }
        assert_eq!(url(None, "n"), "https://wx-card-sandbox.invalid/mmbiz/n/0");
        assert_eq!(name_in("/mmbiz/n/0"), Some("n"));
        assert_eq!((name_in("/mmbiz/n"), name_in("/card/get")), (Some("n"), None));
    }
}
