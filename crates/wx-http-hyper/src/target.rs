//! Where a request may go.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::OnceLock;

use http::header::HeaderValue;
use http::uri::{Authority, Scheme};
use http::{Method, Request};
use wx_core::{SendError, SendErrorKind};

use crate::error::failure;

/// Whether `host`, as a URI writes it, is this machine by its form alone, without asking any resolver.
pub(crate) fn is_loopback(host: &str) -> bool {
    let v6 = || host.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    host.eq_ignore_ascii_case("localhost")
        || host.parse().is_ok_and(|ip: Ipv4Addr| ip.is_loopback())
        || v6().is_some_and(|ip: Ipv6Addr| ip.is_loopback())
}

/// The host of `authority`, if that is a host with or without a port, and nothing that would be passed over in silence.
///
/// `http` takes any text for a port, and hyper takes the scheme's own port where it cannot read that text.
pub(crate) fn plain_host(authority: &Authority) -> Option<&str> {
    let text = authority.as_str();
    let end_of_host = if text.starts_with('[') {
        text.find(']')? + 1
    } else {
        text.find(':').unwrap_or(text.len())
    };
    let (host, port) = text.split_at_checked(end_of_host)?;
    let is_plain = match port.strip_prefix(':') {
        None => port.is_empty(),
        Some(port) => port.bytes().all(|digit| digit.is_ascii_digit()) && port.parse::<u16>().is_ok(),
    };
    (is_plain && !host.is_empty()).then_some(host)
}

/// The first address that was found to be good. As a rule there is no other, and all requests share its text.
pub(crate) struct Known {
    first: OnceLock<(Scheme, Authority, HeaderValue)>,
    /// Whether requests name their host in a header, as they do in HTTP/1.1 alone.
    names_host: bool,
}

impl Known {
    pub(crate) fn new(names_host: bool) -> Self {
        Self {
            first: OnceLock::new(),
            names_host,
        }
    }

    /// Refuses what must not be sent, before any connection; the header `host` for what may be, where it is known:
    /// hyper would write it anew for each request.
    pub(crate) fn check<B>(&self, request: &Request<B>) -> Result<Option<HeaderValue>, SendError> {
        let refusal = |text| failure(SendErrorKind::Request, text);
        if request.method() == Method::CONNECT {
            return Err(refusal("CONNECT is no request for an answer"));
        }
        let uri = request.uri();
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(refusal("the URI is not absolute"));
        };
        // One text in one place, which is kept, cannot be another by now.
        if let Some((known_scheme, known, host)) = self.first.get()
            && known_scheme == scheme
            && std::ptr::eq(known.as_str(), authority.as_str())
        {
            return Ok(self.names_host.then(|| host.clone()));
        }
        check_address(scheme, authority).map_err(refusal)?;
        if let Ok(host) = HeaderValue::from_str(without_usual_port(scheme, authority)) {
            self.first.get_or_init(|| (scheme.clone(), authority.clone(), host));
        }
        Ok(None)
    }
}

/// `authority` without the port that `scheme` has anyway.
fn without_usual_port<'a>(scheme: &Scheme, authority: &'a Authority) -> &'a str {
    let usual = if *scheme == Scheme::HTTPS { 443 } else { 80 };
    match authority.port_u16() {
        Some(port) if port == usual => authority.host(),
        _ => authority.as_str(),
    }
}

fn check_address(scheme: &Scheme, authority: &Authority) -> Result<(), &'static str> {
    if authority.as_str().bytes().any(|byte| byte == b'@') {
        return Err("credentials in the URI are not supported");
    }
    let host = plain_host(authority).ok_or("the URI's host or port cannot be read")?;
    if *scheme == Scheme::HTTPS || *scheme == Scheme::HTTP && is_loopback(host) {
        return Ok(());
    }
    if *scheme == Scheme::HTTP {
        return Err("plain http is only for loopback, use https");
    }
    Err("the URI's scheme is not https")
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use http::{Method, Request};
    use wx_core::SendErrorKind;

    use super::Known;

    fn refusal(method: Method, uri: &str) -> Option<String> {
        let request = Request::builder().method(method).uri(uri).body(()).unwrap();
        let error = known_to_some().check(&request).err()?;
        assert_eq!(error.kind(), SendErrorKind::Request, "{uri}");
        Some(error.source().unwrap().to_string())
    }

    /// As it is after requests to good addresses, the first of which is kept.
    fn known_to_some() -> Known {
        let known = Known::new(true);
        for uri in ["https://example.com/", "http://127.0.0.1:8080/"] {
            known.check(&Request::builder().uri(uri).body(()).unwrap()).unwrap();
        }
        known
    }

    #[test]
    fn an_address_that_is_known_is_good_again_and_its_text_in_another_scheme_is_not() {
        let known = Known::new(true);
        let good = Request::builder().uri("https://example.com/").body(()).unwrap();
        for _ in 0..2 {
            known.check(&good).unwrap();
        }
        let mut parts = good.uri().clone().into_parts();
        parts.scheme = Some(http::uri::Scheme::HTTP);
        let plain = Request::builder()
            .uri(http::Uri::from_parts(parts).unwrap())
            .body(())
            .unwrap();
        assert_eq!(known.check(&plain).unwrap_err().kind(), SendErrorKind::Request);
    }

    #[test]
    fn the_host_of_the_address_that_is_known_is_named_without_its_usual_port() {
        for (uri, host) in [
            ("https://api.weixin.qq.com/card/get", "api.weixin.qq.com"),
            ("https://api.weixin.qq.com:443/", "api.weixin.qq.com"),
            ("https://api.weixin.qq.com:80/", "api.weixin.qq.com:80"),
            ("https://[::1]:8443/", "[::1]:8443"),
            ("http://[::1]:80/", "[::1]"),
            ("http://127.0.0.1:8080/", "127.0.0.1:8080"),
        ] {
            let request = Request::builder().uri(uri).body(()).unwrap();
            let known = Known::new(true);
            // hyper finds out the first time, and for every other address.
            assert_eq!(known.check(&request).unwrap(), None, "{uri}");
            assert_eq!(known.check(&request).unwrap().unwrap(), host, "{uri}");
            let other = Request::builder().uri("https://example.com/").body(()).unwrap();
            assert_eq!(known.check(&other).unwrap(), None, "{uri}");
            let unnamed = Known::new(false);
            assert_eq!(
                [unnamed.check(&request).unwrap(), unnamed.check(&request).unwrap()],
                [None, None]
            );
        }
    }

    #[test]
    fn https_goes_anywhere_and_plain_http_to_loopback() {
        for uri in [
            "https://api.weixin.qq.com/cgi-bin/token",
            "https://localhost/",
            "http://localhost/",
            "http://LocalHost:8080/",
            "http://127.0.0.1:8080/",
            "http://127.255.255.254/",
            "http://[::1]:8080/",
        ] {
            assert_eq!(refusal(Method::POST, uri), None, "{uri}");
        }
    }

    #[test]
    fn plain_http_to_anything_that_only_looks_like_loopback_is_refused() {
        for uri in [
            "http://api.weixin.qq.com/",
            "http://localhost.example.com/",
            "http://localhost./",
            "http://127.0.0.1.example.com/",
            "http://127.1/",
            "http://128.0.0.1/",
            "http://0.0.0.0/",
            "http://10.0.0.1/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[fe80::1]/",
            "HTTP://example.com/",
        ] {
            let text = refusal(Method::POST, uri);
            assert!(text.unwrap().contains("plain http"), "{uri}");
        }
    }

    #[test]
    fn credentials_in_the_uri_are_refused() {
        for uri in ["https://user:pass@example.com/", "http://localhost@example.com/"] {
            assert!(refusal(Method::POST, uri).unwrap().contains("credentials"));
        }
    }

    #[test]
    fn a_port_that_is_no_number_is_refused() {
        for uri in [
            "https://example.com:port/",
            "https://example.com:65536/",
            "https://example.com:/",
            "https://[::1]:x/",
        ] {
            assert!(refusal(Method::POST, uri).unwrap().contains("port"), "{uri}");
        }
    }

    #[test]
    fn other_schemes_relative_uris_and_connect_are_refused() {
        assert!(refusal(Method::POST, "ftp://localhost/").unwrap().contains("scheme"));
        assert!(refusal(Method::POST, "/card/get").unwrap().contains("absolute"));
        assert!(refusal(Method::POST, "localhost:80").unwrap().contains("absolute"));
        assert!(
            refusal(Method::CONNECT, "https://localhost/")
                .unwrap()
                .contains("CONNECT")
        );
    }
}
