//! The settings of a client, with their defaults and the reasons for them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::sync::Semaphore;

use crate::client::{HyperClient, Shared};
use crate::connect::{Bounded, Connector};
use crate::error::BuildError;
use crate::proxy::{Proxy, ProxyChoice};
use crate::target::Known;
use crate::tls::{self, Roots};

/// Below the call's deadline, so that a call whose way is blocked still ends as "certainly not sent".
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A healthy call takes well under a second; a caller at a till does not wait much longer than this.
const TIMEOUT: Duration = Duration::from_secs(15);
/// A hundred times the longest answer of the card API.
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;
/// A burst's connections are kept for the next one: a new connection costs three round trips.
const POOL_MAX_IDLE_PER_HOST: usize = 64;
/// With HTTP/1.1 each has a connection and so a file descriptor, of which a process may commonly open 1,024.
const MAX_IN_FLIGHT: usize = 512;
/// Short of the 60 seconds after which load balancers and NATs commonly forget a connection:
/// a request sent into a forgotten connection may or may not have arrived, which is the worst answer.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(50);

/// A peer that is gone is noticed within the default deadline, before every call has run into it.
#[cfg(feature = "http2")]
const HTTP2_PING_INTERVAL: Duration = Duration::from_secs(10);
#[cfg(feature = "http2")]
const HTTP2_PING_TIMEOUT: Duration = Duration::from_secs(5);

/// Settings of a [`HyperClient`].
///
/// | setting | default |
/// | --- | --- |
/// | [`roots`](Self::roots) | `Roots::Webpki` |
/// | [`connect_timeout`](Self::connect_timeout) | 5 s |
/// | [`timeout`](Self::timeout) | 15 s |
/// | [`max_body_bytes`](Self::max_body_bytes) | 8 MiB |
/// | [`max_in_flight`](Self::max_in_flight) | 512 |
/// | [`pool_max_idle_per_host`](Self::pool_max_idle_per_host) | 64 |
/// | [`pool_idle_timeout`](Self::pool_idle_timeout) | 50 s |
/// | `http2` | off |
/// | proxy | [from the environment](Self::proxy_from_env) |
///
/// Not settings, but always so: certificates are verified, redirects are not followed,
/// TCP sends without delay (`TCP_NODELAY`) and probes idle connections after 30 s.
#[derive(Clone)]
#[must_use]
pub struct HyperClientBuilder {
    roots: Option<Roots>,
    pems: Vec<Vec<u8>>,
    connect_timeout: Duration,
    timeout: Duration,
    max_body_bytes: usize,
    max_in_flight: usize,
    pool_max_idle_per_host: usize,
    pool_idle_timeout: Duration,
    #[cfg(feature = "http2")]
    http2: bool,
    proxy: ProxyChoice,
}

impl HyperClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            roots: None,
            pems: Vec::new(),
            connect_timeout: CONNECT_TIMEOUT,
            timeout: TIMEOUT,
            max_body_bytes: MAX_BODY_BYTES,
            max_in_flight: MAX_IN_FLIGHT,
            pool_max_idle_per_host: POOL_MAX_IDLE_PER_HOST,
            pool_idle_timeout: POOL_IDLE_TIMEOUT,
            #[cfg(feature = "http2")]
            http2: false,
            proxy: ProxyChoice::Environment,
        }
    }

    /// Chooses the set of trusted roots.
    ///
    /// The default is `Roots::Webpki`. Without the feature `webpki-roots` there is no default,
    /// and [`build`](Self::build) fails until a set is chosen here.
    pub fn roots(mut self, roots: Roots) -> Self {
        self.roots = Some(roots);
        self
    }

    /// Also trusts the certificates in `pem`, which may be several, one after another.
    pub fn add_root_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.pems.push(pem.as_ref().to_vec());
        self
    }

    /// Bounds the time to a usable connection: name, TCP, the proxy's answer and TLS together.
    ///
    /// Running out is `SendErrorKind::Connect`: the request was certainly not sent.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Bounds the time of a whole call, from [`send`](wx_core::HttpSend::send) to the body's last byte.
    ///
    /// Running out is `SendErrorKind::Timeout`, or `Connect` if there was no connection yet.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Bounds the size of an answer's body, in bytes; a longer one is `SendErrorKind::Response`.
    pub fn max_body_bytes(mut self, limit: usize) -> Self {
        self.max_body_bytes = limit;
        self
    }

    /// Bounds how many requests are under way at a time, whatever the host; at least one is.
    ///
    /// More wait for their turn, first come, first served, and within the time of [`timeout`](Self::timeout):
    /// one whose time is over by then is `SendErrorKind::Connect`, certainly not sent.
    /// With HTTP/1.1 each request under way has a connection, which takes a file descriptor and some 40 KB.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.max_in_flight = requests;
        self
    }

    /// How many idle connections are kept for a host; 0 keeps none.
    ///
    /// It does not bound how many are in use: with HTTP/1.1 that is one for each request under way.
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.pool_max_idle_per_host = connections;
        self
    }

    /// How long an idle connection is kept.
    ///
    /// Keep it shorter than the server, and whatever stands between, keeps it:
    /// a request that meets the server's closing ends as `SendErrorKind::Interrupted`.
    pub fn pool_idle_timeout(mut self, limit: Duration) -> Self {
        self.pool_idle_timeout = limit;
        self
    }

    /// Offers HTTP/2 to the server, besides HTTP/1.1; only over TLS, by ALPN.
    ///
    /// It is off by default, because it puts all calls to a host on one connection:
    /// when that breaks, every call in flight is interrupted at once, and of a call that must not run twice
    /// nobody knows whether it ran. HTTP/1.1 loses one call with a connection. It needs the feature `http2`.
    #[cfg(feature = "http2")]
    pub fn http2(mut self, offered: bool) -> Self {
        self.http2 = offered;
        self
    }

    /// Goes through `proxy`, whatever the environment says, except to loopback.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = ProxyChoice::Always(proxy);
        self
    }

    /// Goes through the proxy that the environment names, if it names one; this is the default.
    ///
    /// [`build`](Self::build) reads, in this order, `https_proxy`, `HTTPS_PROXY`, `all_proxy` and `ALL_PROXY`,
    /// of which the first that is not empty counts; [`Proxy::parse`] says what it may be.
    /// `no_proxy` or `NO_PROXY` lists, with commas, what is reached directly: domains (with all below them),
    /// addresses, networks (`10.0.0.0/8`) or `*`.
    /// `HTTP_PROXY` has no say, because plain http goes to loopback alone, which never goes through a proxy.
    pub fn proxy_from_env(mut self) -> Self {
        self.proxy = ProxyChoice::Environment;
        self
    }

    /// Goes through no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = ProxyChoice::Never;
        self
    }

    /// Makes the client. It opens no connection yet, and needs no runtime yet.
    ///
    /// # Errors
    ///
    /// [`BuildError`] when there is no root certificate to trust, a PEM text has none or is damaged,
    /// or the environment names a proxy that cannot be used.
    pub fn build(self) -> Result<HyperClient, BuildError> {
        let route = self.proxy.resolve()?.map(Arc::new);
        let connector = Connector::new(route.clone(), self.connect_timeout);
        let connector = Bounded::new(self.with_tls(connector)?, self.connect_timeout);
        let mut client = Client::builder(TokioExecutor::new());
        client
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(self.pool_idle_timeout)
            .pool_max_idle_per_host(self.pool_max_idle_per_host)
            // Head and body of a small request are sooner copied into one piece than handed over as two.
            .http1_writev(false);
        #[cfg(feature = "http2")]
        client
            .timer(TokioTimer::new())
            .http2_keep_alive_interval(HTTP2_PING_INTERVAL)
            .http2_keep_alive_timeout(HTTP2_PING_TIMEOUT);
        #[cfg(feature = "http2")]
        let names_host = !self.http2;
        #[cfg(not(feature = "http2"))]
        let names_host = true;
        Ok(HyperClient::from_shared(Shared {
            client: client.build(connector),
            timeout: self.timeout,
            turns: Semaphore::new(self.max_in_flight.clamp(1, Semaphore::MAX_PERMITS)),
            max_body_bytes: self.max_body_bytes,
            route,
            known: Known::new(names_host),
        }))
    }

    fn with_tls(&self, connector: Connector) -> Result<HttpsConnector<Connector>, BuildError> {
        let tls = tls::config(self.roots, &self.pems)?;
        // Plain http stays possible for loopback; what else it may be for is checked on each request.
        let builder = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http();
        #[cfg(feature = "http2")]
        if self.http2 {
            return Ok(builder.enable_all_versions().wrap_connector(connector));
        }
        Ok(builder.enable_http1().wrap_connector(connector))
    }
}

impl Default for HyperClientBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for HyperClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperClientBuilder")
            .field("roots", &self.roots)
            .field("added_roots", &self.pems.len())
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .field("max_body_bytes", &self.max_body_bytes)
            .field("max_in_flight", &self.max_in_flight)
            .field("pool_max_idle_per_host", &self.pool_max_idle_per_host)
            .field("pool_idle_timeout", &self.pool_idle_timeout)
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}
