//! The proxy: its address, its credentials, and which targets go through it.

use std::ffi::OsString;
use std::fmt;

use http::uri::Scheme;
use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;

use crate::BuildError;
use crate::target::{is_loopback, plain_host};

/// An HTTP proxy with or without credentials.
///
/// Requests go through it in a tunnel (`CONNECT`), so that it sees the target's host and port and nothing else.
/// Its credentials are sent on the `CONNECT` alone, never to the target, and `Debug` does not show them.
#[derive(Clone)]
pub struct Proxy {
    uri: Uri,
    authorization: Option<HeaderValue>,
}

impl Proxy {
    /// Reads `http://host:port` or `http://user:password@host:port`.
    ///
    /// User and password are percent-decoded and sent in the Basic scheme.
    /// The scheme may be left out, and the port is then 80 where it is left out too; a path is ignored.
    ///
    /// # Errors
    ///
    /// [`BuildErrorKind::Proxy`](crate::BuildErrorKind::Proxy) when `address` is not of this form,
    /// or names another scheme: a proxy that itself speaks TLS or SOCKS is not supported.
    pub fn parse(address: &str) -> Result<Self, BuildError> {
        let address = address.trim();
        // Told apart first, because the parser below refuses these without a reason.
        if let Some((scheme, _)) = address.split_once("://")
            && !scheme.eq_ignore_ascii_case("http")
        {
            return Err(BuildError::proxy(
                "only proxies with an address of the form `http://host:port` are supported",
            ));
        }
        let anywhere = Uri::from_static("https://target.invalid/");
        let found = Matcher::builder().https(address).build().intercept(&anywhere);
        match found {
            Some(found) if found.uri().authority().and_then(plain_host).is_some() => Ok(Self {
                uri: found.uri().clone(),
                authorization: found.basic_auth().cloned().map(|mut value| {
                    value.set_sensitive(true);
                    value
                }),
            }),
            _ => Err(BuildError::proxy(
                "the proxy's address is not of the form `http://user:password@host:port` \
                 (are user and password percent-encoded?)",
            )),
        }
    }

    /// Where the proxy is, without credentials.
    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// What the proxy wants to see, if anything.
    pub(crate) fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("address", &self.uri.authority().map(|a| a.as_str()))
            .field("has_credentials", &self.authorization.is_some())
            .finish()
    }
}

/// Where the builder takes the proxy from.
#[derive(Clone, Debug)]
pub(crate) enum ProxyChoice {
    Environment,
    Never,
    Always(Proxy),
}

impl ProxyChoice {
    pub(crate) fn resolve(&self) -> Result<Option<Route>, BuildError> {
        match self {
            Self::Environment => Route::from_variables(|name| std::env::var_os(name)),
            Self::Never => Ok(None),
            Self::Always(proxy) => Ok(Some(Route {
                proxy: proxy.clone(),
                except: None,
            })),
        }
    }
}

/// A proxy and the targets that do not go through it.
#[derive(Debug)]
pub(crate) struct Route {
    proxy: Proxy,
    /// A matcher that intercepts everything but the exceptions; it knows no real proxy.
    except: Option<Matcher>,
}

impl Route {
    /// Reads the usual variables, in curl's order; an empty one counts as absent.
    ///
    /// `HTTP_PROXY` has no say: plain http goes to loopback alone, and loopback never goes through a proxy.
    fn from_variables(lookup: impl Fn(&str) -> Option<OsString>) -> Result<Option<Self>, BuildError> {
        let names = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
        let Some((name, address)) = first_set(&lookup, &names)? else {
            return Ok(None);
        };
        let proxy =
            Proxy::parse(&address).map_err(|error| BuildError::proxy(format!("{error}, in the variable {name}")))?;
        let except = first_set(&lookup, &["no_proxy", "NO_PROXY"])?
            .map(|(_, hosts)| Matcher::builder().https("http://proxy.invalid").no(hosts).build());
        Ok(Some(Self { proxy, except }))
    }

    /// The proxy for `target`, if it goes through one.
    pub(crate) fn proxy_for(&self, target: &Uri) -> Option<&Proxy> {
        let host = target.host()?;
        if target.scheme() != Some(&Scheme::HTTPS) || is_loopback(host) {
            return None;
        }
        let carried = match &self.except {
            Some(except) => except.intercept(target).is_some(),
            None => true,
        };
        carried.then_some(&self.proxy)
    }
}

fn first_set(
    lookup: impl Fn(&str) -> Option<OsString>,
    names: &[&'static str],
) -> Result<Option<(&'static str, String)>, BuildError> {
    let found = names.iter().find_map(|name| {
        let value = lookup(name)?;
        (!value.is_empty()).then_some((*name, value))
    });
    let Some((name, value)) = found else {
        return Ok(None);
    };
    match value.into_string() {
        Ok(text) => Ok(Some((name, text))),
        Err(_) => Err(BuildError::proxy(format!("the variable {name} is not text in UTF-8"))),
    }
}

#[cfg(test)]
mod tests;
