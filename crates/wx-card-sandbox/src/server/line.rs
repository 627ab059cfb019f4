//! A connection that does as it is told: carries an answer, cuts it, drips it, or ends in a reset.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
use wx_core::Clock as _;
use wx_core::system::SystemClock;

/// What is told to a connection, by whoever answers the requests on it.
#[derive(Clone, Debug, Default)]
pub(super) struct Orders(Arc<Mutex<Order>>);

#[derive(Clone, Copy, Debug, Default)]
enum Order {
    /// Pass on what is written.
    #[default]
    Carry,
    /// Cut the answer that comes now: after this many bytes, or in its middle.
    Cut(Option<usize>),
    /// This many more bytes pass, then the connection is reset.
    CutAfter(usize),
    /// Pass one byte, then wait.
    Drip(Duration),
    /// Nothing passes any more, and the end is a reset.
    Reset,
}

impl Orders {
    /// Answers pass as they are.
    pub(super) fn carry(&self) {
        self.give(Order::Carry);
    }

    /// The next answer is cut, after `bytes` or in its middle, but never after its last byte.
    pub(super) fn cut(&self, bytes: Option<usize>) {
        self.give(Order::Cut(bytes));
    }

    /// The next answer comes byte by byte, with a pause after each.
    pub(super) fn drip(&self, pause: Duration) {
        self.give(Order::Drip(pause));
    }

    /// The connection ends in a reset; what is returned is for the server, so that it ends now.
    pub(super) fn reset(&self) -> io::Error {
        self.give(Order::Reset);
        io::ErrorKind::ConnectionReset.into()
    }

    fn give(&self, order: Order) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = order;
    }

    fn get(&self) -> Order {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream over a socket.
pub(super) trait Socket: AsyncRead + AsyncWrite + Send + Unpin {
    /// What addresses begin with that lead here.
    const SCHEME: &'static str;

    /// The socket below.
    fn tcp(&self) -> &TcpStream;
}

impl Socket for TcpStream {
    const SCHEME: &'static str = "http";

    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Socket for TlsStream<TcpStream> {
    const SCHEME: &'static str = "https";

    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// A stream that follows its orders. They stand above TLS, so that they are about bytes of HTTP.
///
/// It does not offer to write several buffers at once: so an answer of usual size comes in one piece, head and body,
/// and its middle is known.
pub(super) struct Line<S: Socket> {
    orders: Orders,
    pause: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    stream: S,
}

impl<S: Socket> Line<S> {
    pub(super) fn new(stream: S, orders: Orders) -> Self {
        Self {
            orders,
            pause: None,
            stream,
        }
    }

    fn write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn write_until_cut(&mut self, cx: &mut Context<'_>, bytes: &[u8], left: usize) -> Poll<io::Result<usize>> {
        let Some(passing) = bytes.get(..left.min(bytes.len())).filter(|passing| !passing.is_empty()) else {
            // What passed must be out before the reset, which discards what waits.
            ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
            return Poll::Ready(Err(self.orders.reset()));
        };
        let written = ready!(self.write(cx, passing))?;
        self.orders.give(Order::CutAfter(left.saturating_sub(written)));
        Poll::Ready(Ok(written))
    }

    fn write_a_byte(&mut self, cx: &mut Context<'_>, bytes: &[u8], pause: Duration) -> Poll<io::Result<usize>> {
        if let Some(waiting) = &mut self.pause {
            ready!(waiting.as_mut().poll(cx));
            self.pause = None;
        }
        let written = ready!(self.write(cx, bytes.get(..1).unwrap_or_default()))?;
        // Sockets know real time only, whatever the sandbox's clock says.
        self.pause = Some(Box::pin(async move { SystemClock::new().sleep(pause).await }));
        Poll::Ready(Ok(written))
    }
}

impl<S: Socket> AsyncRead for Line<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(cx, buffer)
    }
}

impl<S: Socket> AsyncWrite for Line<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let line = self.get_mut();
        match line.orders.get() {
            Order::Carry => line.write(cx, bytes),
            Order::Cut(after) => {
                let last = bytes.len().saturating_sub(1);
                line.write_until_cut(cx, bytes, after.unwrap_or(bytes.len() / 2).min(last))
            }
            Order::CutAfter(left) => line.write_until_cut(cx, bytes, left),
            Order::Drip(pause) => line.write_a_byte(cx, bytes, pause),
            Order::Reset => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let line = self.get_mut();
        match line.orders.get() {
            // No farewell, neither of TLS nor of TCP.
            Order::Reset => Poll::Ready(Ok(())),
            _ => Pin::new(&mut line.stream).poll_shutdown(cx),
        }
    }
}

impl<S: Socket> Drop for Line<S> {
    fn drop(&mut self) {
        if matches!(self.orders.get(), Order::Reset) {
            // A socket that cannot be told so is closed: abrupt enough.
            drop(self.stream.tcp().set_zero_linger());
        }
    }
}

impl<S: Socket> fmt::Debug for Line<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line")
            .field("orders", &self.orders)
            .finish_non_exhaustive()
    }
}
