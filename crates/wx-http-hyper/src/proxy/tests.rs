//! Which proxy is found in the environment, and what goes through it.

use std::ffi::OsString;

use http::Uri;

use super::{Proxy, Route};
use crate::{BuildError, BuildErrorKind};

fn route(variables: &[(&str, &str)]) -> Result<Option<Route>, BuildError> {
    Route::from_variables(|wanted| {
        variables
            .iter()
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| OsString::from(value))
    })
}

/// The proxy's host and port for `target`, or none for a direct connection.
fn way(variables: &[(&str, &str)], target: &str) -> Option<String> {
    let target: Uri = target.parse().unwrap();
    let route = route(variables).unwrap()?;
    let proxy = route.proxy_for(&target)?;
    Some(proxy.uri().authority().unwrap().to_string())
}

const TARGET: &str = "https://api.weixin.qq.com/";

#[test]
fn an_empty_environment_means_no_proxy() {
    assert_eq!(way(&[], TARGET), None);
    assert_eq!(way(&[("HTTPS_PROXY", "")], TARGET), None);
    assert_eq!(way(&[("NO_PROXY", "*")], TARGET), None);
}

#[test]
fn each_usual_variable_names_the_proxy() {
    for name in ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        let found = way(&[(name, "http://proxy.test:3128")], TARGET);
        assert_eq!(found.as_deref(), Some("proxy.test:3128"), "{name}");
    }
}

#[test]
fn the_variable_for_https_goes_before_the_one_for_all_and_an_empty_one_is_passed_over() {
    let both = [("ALL_PROXY", "all.test:1"), ("HTTPS_PROXY", "https.test:2")];
    assert_eq!(way(&both, TARGET).as_deref(), Some("https.test:2"));
    let empty = [("ALL_PROXY", "all.test:1"), ("HTTPS_PROXY", "")];
    assert_eq!(way(&empty, TARGET).as_deref(), Some("all.test:1"));
}

#[test]
fn the_variable_for_plain_http_has_no_say() {
    assert_eq!(way(&[("HTTP_PROXY", "proxy.test:3128")], TARGET), None);
    assert_eq!(way(&[("http_proxy", "proxy.test:3128")], TARGET), None);
}

#[test]
fn loopback_never_goes_through_a_proxy() {
    let all = [("ALL_PROXY", "proxy.test:3128")];
    for target in [
        "https://localhost:8443/",
        "https://LOCALHOST/",
        "https://127.0.0.1/",
        "https://127.8.9.10:1/",
        "https://[::1]:8443/",
        "http://localhost:8080/",
    ] {
        assert_eq!(way(&all, target), None, "{target}");
    }
}

#[test]
fn listed_hosts_are_reached_directly() {
    let some = [
        ("ALL_PROXY", "proxy.test:3128"),
        ("NO_PROXY", "weixin.qq.com, 10.0.0.0/8"),
    ];
    assert_eq!(way(&some, TARGET), None);
    assert_eq!(way(&some, "https://10.1.2.3/"), None);
    assert!(way(&some, "https://notweixin.qq.com/").is_some());
    assert!(way(&some, "https://11.1.2.3/").is_some());
    let every = [("ALL_PROXY", "proxy.test:3128"), ("no_proxy", "*")];
    assert_eq!(way(&every, TARGET), None);
}

#[test]
fn an_unusable_variable_is_an_error_that_names_it_and_hides_its_value() {
    for value in [
        "socks5://user:canary@proxy.test:1080",
        "https://user:canary@proxy.test",
        "http://user:canary@",
        "http://us er:canary@proxy.test:1",
        "http://user:canary@proxy.test:notaport",
    ] {
        let error = route(&[("ALL_PROXY", value)]).unwrap_err();
        assert_eq!(error.kind(), BuildErrorKind::Proxy);
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("ALL_PROXY"), "{shown}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_text_is_an_error() {
    use std::os::unix::ffi::OsStringExt;

    let broken = Route::from_variables(|_| Some(OsString::from_vec(vec![0xff])));
    assert!(broken.unwrap_err().to_string().contains("https_proxy"));
}

#[test]
fn credentials_are_decoded_and_never_shown() {
    let proxy = Proxy::parse("http://user:can%40ary@proxy.test:3128/path").unwrap();
    assert_eq!(proxy.uri(), "http://proxy.test:3128/");
    // "user:can@ary" in Base64.
    assert_eq!(proxy.authorization().unwrap(), "Basic dXNlcjpjYW5AYXJ5");
    let shown = format!("{proxy:?} {:?}", proxy.authorization());
    assert!(shown.contains("proxy.test:3128"));
    for secret in ["can", "user:", "dXNlcj"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_proxy_without_credentials_has_no_authorization() {
    for address in ["http://proxy.test:3128", "proxy.test:3128", " proxy.test:3128\n"] {
        let proxy = Proxy::parse(address).unwrap();
        assert_eq!(proxy.uri(), "http://proxy.test:3128/", "{address:?}");
        assert!(proxy.authorization().is_none());
    }
}

#[test]
fn an_address_that_is_none_is_refused() {
    for address in ["", " ", "http://", "http://:3128", "://proxy.test", "a b", "/path"] {
        let error = Proxy::parse(address).unwrap_err();
        assert_eq!(error.kind(), BuildErrorKind::Proxy, "{address:?}");
    }
}
