//! Where Redis is and how to get in: the URL, and a new connection.

use std::io;
#[cfg(unix)]
use std::path::PathBuf;
use std::pin::Pin;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisConnectionInfo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
use wx_core::Secret;

use crate::BuildError;
use crate::error::Failure;
#[cfg(feature = "tls")]
use crate::tls::Tls;

/// The server, with its password. It has no `Debug`.
pub(crate) struct Server {
    place: Place,
    login: RedisConnectionInfo,
}

enum Place {
    Tcp(String, u16),
    #[cfg(feature = "tls")]
    Tls(String, u16, Tls),
    #[cfg(unix)]
    Unix(PathBuf),
}

/// What moves the bytes of a connection, as long as it lasts.
pub(crate) type Driver = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A connection's bytes, whatever carries them.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Server {
    /// Reads a URL; does no I/O. `root_pem` is what to trust where the URL asks for TLS.
    pub(crate) fn read(url: &Secret, root_pem: Option<&[u8]>) -> Result<Self, BuildError> {
        let url = url.expose();
        // TLS is ours, so that the process-wide choices of other crates do not matter; `redis` reads the rest.
        let encrypted = ["rediss", "valkeys"]
            .iter()
            .find_map(|scheme| url.strip_prefix(scheme)?.strip_prefix(':'));
        let info = match encrypted {
            Some(rest) => connection_info(Secret::new(format!("redis:{rest}")).expose()),
            None => connection_info(url),
        }?;
        let login = info.redis_settings().clone();
        let place = match info.addr() {
            ConnectionAddr::Tcp(host, port) if encrypted.is_some() => encrypted_place(host, *port, root_pem)?,
            ConnectionAddr::Tcp(host, port) => Place::Tcp(host.clone(), *port),
            #[cfg(unix)]
            ConnectionAddr::Unix(path) if encrypted.is_none() => Place::Unix(path.clone()),
            _ => return Err(BuildError::url("the URL names no place that can be reached")),
        };
        Ok(Self { place, login })
    }

    /// A new connection, logged in, and the future that moves its bytes.
    pub(crate) async fn connect(&self) -> Result<(MultiplexedConnection, Driver), Failure> {
        let stream = self.place.open().await.map_err(|error| Failure::connect(&error))?;
        // The caller bounds the time of everything together.
        let config = AsyncConnectionConfig::new().set_response_timeout(None);
        match MultiplexedConnection::new_with_config(&self.login, stream, config).await {
            Ok((connection, driver)) => Ok((connection, Box::pin(driver))),
            Err(error) => Err(Failure::redis(&error)),
        }
    }
}

fn connection_info(url: &str) -> Result<ConnectionInfo, BuildError> {
    if url.contains('#') {
        return Err(BuildError::url(
            "the URL has a `#`: verification cannot be switched off, and in a password it is spelt `%23`",
        ));
    }
    // The reader's own error may quote the URL.
    url.into_connection_info()
        .map_err(|_| BuildError::url("the URL cannot be read; it looks like `rediss://user:password@host:6379/0`"))
}

#[cfg(feature = "tls")]
fn encrypted_place(host: &str, port: u16, root_pem: Option<&[u8]>) -> Result<Place, BuildError> {
    Ok(Place::Tls(host.to_owned(), port, Tls::new(host, root_pem)?))
}

#[cfg(not(feature = "tls"))]
fn encrypted_place(_host: &str, _port: u16, _root_pem: Option<&[u8]>) -> Result<Place, BuildError> {
    Err(BuildError::tls("the URL asks for TLS, which needs the feature `tls`"))
}

impl Place {
    async fn open(&self) -> io::Result<Box<dyn Stream>> {
        Ok(match self {
            Self::Tcp(host, port) => Box::new(tcp(host, *port).await?),
            #[cfg(feature = "tls")]
            Self::Tls(host, port, tls) => Box::new(tls.connect(tcp(host, *port).await?).await?),
            #[cfg(unix)]
            Self::Unix(path) => Box::new(UnixStream::connect(path).await?),
        })
    }
}

async fn tcp(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BuildErrorKind;

    fn kind(url: &str) -> Option<BuildErrorKind> {
        Server::read(&Secret::new(url), None).err().map(|error| error.kind())
    }

    #[test]
    fn urls_of_every_kind_are_read() {
        for url in [
            "redis://127.0.0.1",
            "redis://127.0.0.1:6380/3",
            "redis://user:pass%23word@redis.example:6379/0",
            "redis://:password@[::1]:6379",
            "valkey://127.0.0.1",
            "redis://127.0.0.1?protocol=resp3",
            #[cfg(unix)]
            "redis+unix:///run/redis.sock?db=1&pass=word",
        ] {
            assert_eq!(kind(url), None, "{url}");
        }
    }

    #[test]
    fn a_url_that_cannot_be_used_is_refused_without_a_word_of_it() {
        for url in [
            "",
            "canary",
            "http://user:canary@127.0.0.1",
            "redis://user:canary@0.0.0.0",
            "redis://user:canary@127.0.0.1:port",
            "redis://user:canary@127.0.0.1/canary",
            "rediss://user:canary@127.0.0.1#insecure",
            "redis://user:can#ary@127.0.0.1",
            "rediss+unix:///canary",
        ] {
            let error = Server::read(&Secret::new(url), None).err().unwrap();
            assert_eq!(error.kind(), BuildErrorKind::Url, "{url}");
            assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
        }
    }

    #[test]
    #[cfg(feature = "tls")]
    fn tls_is_spelt_in_the_scheme() {
        for url in ["rediss://redis.example:6380/1", "valkeys://user:word@10.0.0.1"] {
            let server = Server::read(&Secret::new(url), None).unwrap();
            assert!(matches!(server.place, Place::Tls(..)), "{url}");
        }
    }

    #[test]
    #[cfg(not(feature = "tls"))]
    fn tls_needs_its_feature() {
        assert_eq!(kind("rediss://redis.example"), Some(BuildErrorKind::Tls));
    }
}
