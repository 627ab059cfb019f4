//! The sandbox on a port: HTTP/1.1, with TLS or without.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use crate::picture::Scheme;
use crate::sandbox::Sandbox;
use crate::service::{PATIENCE, Peer};
use crate::tls::Tls;

mod answer;
mod line;

use answer::answer;
use line::{Line, Orders, Socket};

/// How long a server that shuts down waits for requests under way.
const FAREWELL: Duration = Duration::from_secs(3);

/// A sandbox on a port; it serves until it is shut down or dropped.
#[must_use = "a server that is dropped stops serving"]
pub struct Server {
    address: SocketAddr,
    ca_pem: Option<String>,
    sandbox: Sandbox,
    serving: JoinHandle<()>,
    /// What the tasks wait for; they also stop when it is dropped.
    stop: watch::Sender<bool>,
}

impl Sandbox {
    /// Serves plain HTTP on `address`; port 0 takes a free one.
    ///
    /// Must be called in a Tokio runtime, which then does the serving.
    ///
    /// # Errors
    ///
    /// When the port cannot be had.
    pub async fn serve(&self, address: SocketAddr) -> io::Result<Server> {
        self.listen(address, None).await
    }

    /// Serves HTTPS on `address` with a certificate by an authority of the sandbox's own: see [`Server::ca_pem`].
    ///
    /// The authority is made by the first call and signs for all servers of this sandbox, so that clients trust one that
    /// is started after another one stopped. The certificate is for `localhost`, `127.0.0.1`, `::1` and the address itself.
    ///
    /// # Errors
    ///
    /// When the port cannot be had or no key can be made.
    pub async fn serve_tls(&self, address: SocketAddr) -> io::Result<Server> {
        self.listen(address, Some(self.tls(address.ip())?)).await
    }

    async fn listen(&self, address: SocketAddr, tls: Option<Tls>) -> io::Result<Server> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (acceptor, ca_pem) = tls.map(|tls| (tls.acceptor, tls.ca_pem)).unzip();
        let (stop, stopped) = watch::channel(false);
        let serving = tokio::spawn(accept(self.clone(), listener, acceptor, stopped));
        Ok(Server {
            address,
            ca_pem,
            sandbox: self.clone(),
            serving,
            stop,
        })
    }
}

impl Server {
    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a client has as its base URL, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        let scheme = if self.ca_pem.is_some() { "https" } else { "http" };
        let mut address = self.address;
        // Whoever listens everywhere is reached here.
        match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(IpAddr::from([127, 0, 0, 1])),
            IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])),
            _ => {}
        }
        format!("{scheme}://{address}")
    }

    /// What control calls begin with, without a slash at the end.
    #[must_use]
    pub fn control_url(&self) -> String {
        self.base_url() + "/_sandbox"
    }

    /// The certificate of the authority that clients must trust, as PEM; none without TLS.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Stops accepting, finishes the requests under way, and writes the state file if there is one.
    ///
    /// # Errors
    ///
    /// When the state file cannot be written.
    pub async fn shutdown(self) -> io::Result<()> {
        self.stop.send_replace(true);
        self.serving.await.map_err(io::Error::other)?;
        self.sandbox.save()
    }

    /// Stops as a crash does: connections are cut off, and requests under way get no answer, though what was done for
    /// them stays done. The state file is not written.
    ///
    /// When it returns, the port is free: [`Sandbox::serve`] on [`address`](Self::address) starts the next server over
    /// the same service.
    pub async fn kill(self) {
        self.serving.abort();
        // It says that it was aborted, which is what was wanted.
        drop(self.serving.await);
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("base_url", &self.base_url())
            .finish_non_exhaustive()
    }
}

async fn accept(
    sandbox: Sandbox,
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    stopped: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    let mut told = stopped.clone();
    loop {
        tokio::select! {
            () = stop(&mut told) => break,
            accepted = listener.accept() => {
                match accepted {
                    Ok((stream, peer)) => {
                        let (sandbox, acceptor, stopped) = (sandbox.clone(), acceptor.clone(), stopped.clone());
                        connections.spawn(connect(sandbox, acceptor, stream, peer_of(peer.ip()), stopped));
                    }
                    // A client that left is no matter; where the machine has no sockets left, one must end first.
                    Err(_) => drop(connections.join_next().await),
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    // Whoever does not finish their request by then is cut off: that is what dropping the set does.
    let farewell = async { while connections.join_next().await.is_some() {} };
    drop(tokio::time::timeout(FAREWELL, farewell).await);
}

/// Returns when the server is told to stop, or is dropped.
async fn stop(stopped: &mut watch::Receiver<bool>) {
    // An error says that the server is no more.
    drop(stopped.wait_for(|stopped| *stopped).await);
}

fn peer_of(address: IpAddr) -> Peer {
    if address.to_canonical().is_loopback() {
        Peer::Loopback
    } else {
        Peer::Remote
    }
}

async fn connect(
    sandbox: Sandbox,
    acceptor: Option<TlsAcceptor>,
    stream: TcpStream,
    peer: Peer,
    stopped: watch::Receiver<bool>,
) {
    // Answers are small and clients wait for them. A socket that cannot be told so serves as well.
    drop(stream.set_nodelay(true));
    let Some(acceptor) = acceptor else {
        return serve(sandbox, stream, peer, stopped).await;
    };
    let handshake = tokio::time::timeout(PATIENCE, acceptor.accept(stream));
    let mut told = stopped.clone();
    tokio::select! {
        () = stop(&mut told) => {}
        shaken = handshake => if let Ok(Ok(stream)) = shaken {
            serve(sandbox, stream, peer, stopped).await;
        }
    }
}

async fn serve<S: Socket>(sandbox: Sandbox, stream: S, peer: Peer, mut stopped: watch::Receiver<bool>) {
    let orders = Orders::default();
    let stream = Line::new(stream, orders.clone());
    let told = stopped.clone();
    let service = service_fn(|mut request| {
        request.extensions_mut().insert(Scheme(S::SCHEME));
        answer(&sandbox, request, peer, &orders, told.clone())
    });
    // Without a timer, so that idle connections stay: closing one races with the next request on it, and a client
    // that redeems a code could not tell whether that request arrived.
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    // How a connection ends is the client's business: there is nobody to tell.
    tokio::select! {
        ended = connection.as_mut() => drop(ended),
        () = stop(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            drop(connection.await);
        }
    }
}

#[cfg(test)]
mod tests {
    use http::{Method, Request, StatusCode};

    use super::*;
    use crate::service;

    #[test]
    fn this_machine_is_known_by_each_of_its_addresses() {
        for address in ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(peer_of(address.parse().unwrap()), Peer::Loopback, "{address}");
        }
        for address in ["10.0.0.1", "0.0.0.0", "::", "::ffff:10.0.0.1", "2001:db8::1"] {
            assert_eq!(peer_of(address.parse().unwrap()), Peer::Remote, "{address}");
        }
    }

    #[test]
    fn another_machine_has_the_api_but_no_control_calls() {
        let sandbox = Sandbox::new();
        let status = |method: Method, path: &str| {
            let (head, ()) = Request::builder()
                .method(method)
                .uri(path)
                .body(())
                .unwrap()
                .into_parts();
            service::respond(sandbox.inner(), &head, b"{}", Peer::Remote, None).status()
        };
        assert_eq!(status(Method::GET, "/_sandbox/ledger"), StatusCode::FORBIDDEN);
        assert_eq!(status(Method::POST, "/_sandbox/expire-token"), StatusCode::FORBIDDEN);
        assert_eq!(status(Method::POST, "/cgi-bin/stable_token"), StatusCode::OK);
    }

    #[test]
    fn a_server_that_listens_everywhere_is_reached_on_this_machine() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let server = Sandbox::new().serve(SocketAddr::from(([0, 0, 0, 0], 0))).await.unwrap();
            let expected = format!("http://127.0.0.1:{}", server.address().port());
            assert_eq!(server.base_url(), expected);
        });
    }
}
