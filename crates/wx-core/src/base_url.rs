//! Where the service is.

use std::error::Error as StdError;
use std::fmt;
use std::net::IpAddr;

use bytes::Bytes;
use http::Uri;
use http::uri::{Authority, Parts, PathAndQuery, Scheme};

/// Address of the service: scheme, host, and the path of a reverse proxy if there is one.
///
/// Plain `http` is taken for this machine only, because the token travels in the URL.
///
/// ```
/// use wx_core::BaseUrl;
///
/// assert!("https://api.weixin.qq.com".parse::<BaseUrl>().is_ok());
/// assert!("https://gateway.example.com/weixin/".parse::<BaseUrl>().is_ok());
/// assert!("http://127.0.0.1:8080".parse::<BaseUrl>().is_ok());
/// assert!("http://api.weixin.qq.com".parse::<BaseUrl>().is_err());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BaseUrl {
    scheme: Scheme,
    authority: Authority,
    prefix: String,
}

impl BaseUrl {
    /// `https://api.weixin.qq.com`, the service itself.
    #[must_use]
    pub fn official() -> Self {
        Self {
            scheme: Scheme::HTTPS,
            authority: Authority::from_static("api.weixin.qq.com"),
            prefix: String::new(),
        }
    }

    /// The path of a reverse proxy, which comes before every other; without a slash at its end.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The address of `target`: the prefix, a path that begins with a slash, and a query.
    pub(crate) fn join(&self, target: String) -> Result<Uri, http::Error> {
        let mut parts = Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(PathAndQuery::from_maybe_shared(Bytes::from(target))?);
        Ok(Uri::from_parts(parts)?)
    }
}

impl Default for BaseUrl {
    fn default() -> Self {
        Self::official()
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.prefix)
    }
}

/// An address that is no base URL, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InvalidBaseUrl(&'static str);

impl fmt::Display for InvalidBaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a base URL: {}", self.0)
    }
}

impl StdError for InvalidBaseUrl {}

impl std::str::FromStr for BaseUrl {
    type Err = InvalidBaseUrl;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        let parts = url
            .parse::<Uri>()
            .map_err(|_| InvalidBaseUrl("give it like https://api.weixin.qq.com"))?
            .into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(InvalidBaseUrl(
                "give it with its scheme, like https://api.weixin.qq.com",
            ));
        };
        if authority.as_str().contains('@') {
            return Err(InvalidBaseUrl("it must not carry a user or a password"));
        }
        if scheme == Scheme::HTTP && !is_loopback(authority.host()) {
            return Err(InvalidBaseUrl(
                "plain http is for this machine only, because the access token travels in the URL; use https",
            ));
        }
        if scheme != Scheme::HTTP && scheme != Scheme::HTTPS {
            return Err(InvalidBaseUrl("the scheme must be https"));
        }
        let path_and_query = parts.path_and_query;
        if path_and_query.as_ref().is_some_and(|path| path.query().is_some()) {
            return Err(InvalidBaseUrl("it must not carry a query"));
        }
        let prefix = path_and_query.map_or_else(String::new, |path| path.path().trim_end_matches('/').to_owned());
        Ok(Self {
            scheme,
            authority,
            prefix,
        })
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_paths() {
        for (base, uri) in [
            ("https://api.weixin.qq.com", "https://api.weixin.qq.com/card/get?a=b"),
            ("https://api.weixin.qq.com/", "https://api.weixin.qq.com/card/get?a=b"),
            ("https://gate.example/wx/", "https://gate.example/wx/card/get?a=b"),
            ("http://[::1]:80", "http://[::1]:80/card/get?a=b"),
            ("http://localhost:9/x", "http://localhost:9/x/card/get?a=b"),
        ] {
            let base: BaseUrl = base.parse().unwrap();
            assert_eq!(base.join(format!("{}/card/get?a=b", base.prefix())).unwrap(), uri);
        }
    }

    #[test]
    fn refuses_what_would_leak_or_miss() {
        for base in [
            "",
            "api.weixin.qq.com",
            "/card",
            "ftp://127.0.0.1",
            "http://api.weixin.qq.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "https://user:word@api.weixin.qq.com",
            "https://api.weixin.qq.com/?a=b",
        ] {
            assert!(base.parse::<BaseUrl>().is_err(), "{base}");
        }
    }
}
