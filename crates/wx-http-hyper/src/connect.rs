//! Connections: name, TCP, proxy and TLS, all within one time limit.

use std::array;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::{GaiAddrs, GaiFuture, GaiResolver, Name};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use tokio::time::timeout;
use tower_service::Service;

use crate::error::BoxError;
use crate::proxy::Route;
use crate::stream::Stream;

type BoxFuture<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// The first probe of an idle connection, and the pause between probes: a dead peer is noticed
/// within a minute, and a NAT that forgets after a minute does not forget a connection in use.
const KEEPALIVE_TIME: Duration = Duration::from_secs(30);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(10);
const KEEPALIVE_RETRIES: u32 = 3;

/// Connects to the target itself or, through the proxy, to a tunnel's end.
#[derive(Clone)]
pub(crate) struct Connector {
    tcp: HttpConnector<Resolver>,
    route: Option<Arc<Route>>,
}

impl Connector {
    pub(crate) fn new(route: Option<Arc<Route>>, connect_timeout: Duration) -> Self {
        let mut tcp = HttpConnector::new_with_resolver(Resolver);
        tcp.enforce_http(false);
        // A request is one small write after another's answer: waiting to fill a segment only delays it.
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(KEEPALIVE_TIME));
        tcp.set_keepalive_interval(Some(KEEPALIVE_INTERVAL));
        tcp.set_keepalive_retries(Some(KEEPALIVE_RETRIES));
        // Shared out among a name's addresses, so that one dead address leaves time for the next.
        tcp.set_connect_timeout(Some(connect_timeout));
        Self { tcp, route }
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = BoxError;
    type Future = BoxFuture<Stream>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let proxy = self.route.as_deref().and_then(|route| route.proxy_for(&target));
        let Some(proxy) = proxy else {
            let connecting = self.tcp.call(target);
            return Box::pin(async move { Ok(Stream(connecting.await?)) });
        };
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.tcp.clone());
        if let Some(authorization) = proxy.authorization() {
            tunnel = tunnel.with_auth(authorization.clone());
        }
        let tunneling = tunnel.call(target);
        Box::pin(async move {
            let tunneled = tunneling.await.map_err(|error| ProxyError(error.into()))?;
            Ok(Stream(tunneled))
        })
    }
}

/// Bounds the time of the whole way: name, TCP, the proxy's answer and the TLS handshake.
#[derive(Clone)]
pub(crate) struct Bounded<S> {
    inner: S,
    limit: Duration,
}

impl<S> Bounded<S> {
    pub(crate) fn new(inner: S, limit: Duration) -> Self {
        Self { inner, limit }
    }
}

impl<S> Service<Uri> for Bounded<S>
where
    S: Service<Uri, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = BoxFuture<S::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let limit = self.limit;
        let connecting = self.inner.call(target);
        Box::pin(async move {
            match timeout(limit, connecting).await {
                Ok(connected) => connected,
                Err(_) => Err(ConnectTimeout(limit).into()),
            }
        })
    }
}

#[derive(Debug)]
struct ConnectTimeout(Duration);

impl fmt::Display for ConnectTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no connection within the connect timeout of {:?}", self.0)
    }
}

impl std::error::Error for ConnectTimeout {}

#[derive(Debug)]
struct ProxyError(BoxError);

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the proxy opened no tunnel to the target")
    }
}

impl std::error::Error for ProxyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}

/// The system's resolver, except that `localhost` is this machine whatever the system says:
/// plain http is allowed there, and must not leave it.
#[derive(Clone)]
pub(crate) struct Resolver;

impl Service<Name> for Resolver {
    type Response = Addresses;
    type Error = io::Error;
    type Future = Resolving;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Resolving {
        if name.as_str().eq_ignore_ascii_case("localhost") {
            Resolving::Loopback
        } else {
            Resolving::System(GaiResolver::new().call(name))
        }
    }
}

pub(crate) enum Resolving {
    Loopback,
    System(GaiFuture),
}

impl Future for Resolving {
    type Output = io::Result<Addresses>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::Loopback => {
                // The caller puts the port in the place of 0.
                let addresses = [
                    SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
                    SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
                ];
                Poll::Ready(Ok(Addresses::Loopback(addresses.into_iter())))
            }
            Self::System(resolving) => Pin::new(resolving).poll(context).map_ok(Addresses::System),
        }
    }
}

pub(crate) enum Addresses {
    Loopback(array::IntoIter<SocketAddr, 2>),
    System(GaiAddrs),
}

impl Iterator for Addresses {
    type Item = SocketAddr;

    fn next(&mut self) -> Option<SocketAddr> {
        match self {
            Self::Loopback(addresses) => addresses.next(),
            Self::System(addresses) => addresses.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use tower_service::Service;

    use super::Resolver;

    #[test]
    fn localhost_is_this_machine_without_asking_the_system() {
        for name in ["localhost", "LocalHost"] {
            // The system's resolver would need a runtime, and there is none here.
            let resolving = pin!(Resolver.call(name.parse().unwrap()));
            let mut context = Context::from_waker(Waker::noop());
            let Poll::Ready(Ok(addresses)) = resolving.poll(&mut context) else {
                panic!("no address for {name}");
            };
            let addresses: Vec<_> = addresses.collect();
            assert_eq!(addresses.len(), 2);
            assert!(addresses.iter().all(|address| address.ip().is_loopback()));
        }
    }
}
