//! Servers on loopback that do on each connection exactly what a case says.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Poll, Waker};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::received::Received;

/// How long a server stays silent, drips or waits for the rest of a request before it ends the connection.
///
/// It is far more than any transport is given in a case where this matters.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// Long enough for any connection on loopback.
const WAKING: Duration = Duration::from_millis(100);
/// Longer than any real request's head.
const MAX_HEAD: usize = 64 * 1024;

/// What a server does with each connection; returning ends it.
pub(super) type Handler = dyn Fn(&mut Connection) -> io::Result<()> + Send + Sync;

/// A server. When it is dropped, its connections are cut and its threads have ended.
pub(super) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    stopped: bool,
    live: Vec<Weak<TcpStream>>,
    connections: usize,
    /// Requests of which at least one byte arrived.
    arrived: usize,
    received: Vec<Received>,
    /// The case lets the server go on.
    released: bool,
    wakers: Vec<Waker>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state();
        change(&mut state);
        self.changed.notify_all();
        state.wakers.drain(..).for_each(Waker::wake);
    }

    /// Waits until `wanted` holds, the server stops, or `limit` is over.
    fn wait(&self, limit: Duration, mut wanted: impl FnMut(&State) -> bool) {
        let waiting = |state: &mut State| !state.stopped && !wanted(state);
        drop(self.changed.wait_timeout_while(self.state(), limit, waiting));
    }
}

impl Server {
    pub(super) fn start(
        handler: impl Fn(&mut Connection) -> io::Result<()> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let acceptor = thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared, &(Arc::new(handler) as Arc<Handler>))
        });
        Ok(Self {
            address,
            shared,
            acceptor: Some(acceptor),
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections were made.
    pub(super) fn connections(&self) -> usize {
        self.shared.state().connections
    }

    /// Of how many requests at least one byte arrived.
    pub(super) fn arrived(&self) -> usize {
        self.shared.state().arrived
    }

    /// What was read of each request.
    pub(super) fn received(&self) -> Vec<Received> {
        self.shared.state().received.clone()
    }

    /// Lets the handlers go on that wait for it.
    pub(super) fn release(&self) {
        self.shared.change(|state| state.released = true);
    }

    /// Waits until a request was read.
    pub(super) async fn until_received(&self) {
        std::future::poll_fn(|context| {
            let mut state = self.shared.state();
            if state.received.is_empty() {
                state.wakers.push(context.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(())
        })
        .await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.change(|state| {
            state.stopped = true;
            for stream in state.live.drain(..).filter_map(|stream| stream.upgrade()) {
                // One that has ended already is as good.
                stream.shutdown(Shutdown::Both).ok();
            }
        });
        let Some(acceptor) = self.acceptor.take() else { return };
        while !acceptor.is_finished() {
            // Wakes the thread that accepts; should one connection be lost, the next one does.
            TcpStream::connect_timeout(&self.address, WAKING).ok();
        }
        acceptor.join().ok();
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>, handler: &Arc<Handler>) {
    let mut threads = Vec::new();
    for stream in listener.incoming() {
        let stream = stream.map(Arc::new);
        let mut state = shared.state();
        if state.stopped {
            break;
        }
        let Ok(stream) = stream else { continue };
        state.connections += 1;
        state.live.push(Arc::downgrade(&stream));
        let number = state.connections;
        drop(state);
        let (shared, handler) = (Arc::clone(shared), Arc::clone(handler));
        threads.push(thread::spawn(move || {
            let mut connection = Connection { stream, number, shared };
            let ready = connection.stream.set_read_timeout(Some(PATIENCE));
            let ready = ready.and_then(|()| connection.stream.set_nodelay(true));
            // What fails here is the other side's doing, and seen there.
            ready.and_then(|()| handler(&mut connection)).ok();
        }));
    }
    for thread in threads {
        thread.join().ok();
    }
}

/// One connection to a server.
pub(super) struct Connection {
    stream: Arc<TcpStream>,
    number: usize,
    shared: Arc<Shared>,
}

impl Connection {
    /// Which connection of the server this is, from 1.
    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// Waits until `requests` of them have arrived, or `limit` is over.
    pub(super) fn wait_for(&self, requests: usize, limit: Duration) {
        self.shared.wait(limit, |state| state.arrived >= requests);
    }

    /// Waits until the case lets it go on, as long as patience lasts.
    pub(super) fn wait_for_release(&self) {
        self.shared.wait(PATIENCE, |state| state.released);
    }

    /// Does nothing for a while.
    pub(super) fn hold(&self, duration: Duration) {
        self.shared.wait(duration, |_| false);
    }

    pub(super) fn write(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        (&*self.stream).write_all(bytes.as_ref())
    }

    /// Writes a byte every `pause`, as long as patience lasts.
    pub(super) fn drip(&mut self, bytes: &[u8], pause: Duration) -> io::Result<()> {
        let began = super::time::now();
        for byte in bytes {
            if began.elapsed() > PATIENCE {
                break;
            }
            self.write([*byte])?;
            self.hold(pause);
        }
        Ok(())
    }

    /// Waits until a byte of a request is here, and leaves it there.
    ///
    /// A connection that is dropped with something unread is reset.
    pub(super) fn peek(&mut self) -> io::Result<()> {
        if self.stream.peek(&mut [0])? > 0 {
            self.shared.change(|state| state.arrived += 1);
        }
        Ok(())
    }

    /// Reads a whole request; an error where none comes any more.
    pub(super) fn request(&mut self) -> io::Result<Received> {
        let mut received = self.head()?;
        let read = self.body(&mut received, 0);
        self.finish(received, read)
    }

    /// Reads a request up to its last byte, which is here too but stays unread: what follows is a reset.
    pub(super) fn request_but_its_last_byte(&mut self) -> io::Result<Received> {
        let mut received = self.head()?;
        let read = self.body(&mut received, 1);
        let read = read.and_then(|()| self.stream.peek(&mut [0]).map(|_| ()));
        self.finish(received, read)
    }

    /// Reads a request's head and the first `length` bytes of its body, as they come.
    pub(super) fn beginning(&mut self, length: usize) -> io::Result<()> {
        let received = self.head()?;
        let read = self.bytes(length);
        self.finish(received, read.map(drop)).map(drop)
    }

    fn finish(&self, received: Received, read: io::Result<()>) -> io::Result<Received> {
        let received = received.whole(read.is_ok());
        self.shared.change(|state| state.received.push(received.clone()));
        read.map(|()| received)
    }

    fn head(&mut self) -> io::Result<Received> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.extend(self.bytes(1)?);
            if head.len() == 1 {
                self.shared.change(|state| state.arrived += 1);
            }
            if head.len() > MAX_HEAD {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        let received = Received::new(&head);
        if received.waits_for_leave() {
            self.write("HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        Ok(received)
    }

    /// Reads the body into `received`, but not its last `spare` bytes on the wire.
    fn body(&mut self, received: &mut Received, spare: usize) -> io::Result<()> {
        if !received.is_chunked() {
            let length = received.length().saturating_sub(spare);
            return self.bytes_into(length, &mut received.body);
        }
        loop {
            let size = self.line()?;
            let size = size.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16).map_err(|_| io::ErrorKind::InvalidData)?;
            if size == 0 {
                // The last line is empty: no case sends trailers.
                return self.bytes(2_usize.saturating_sub(spare)).map(drop);
            }
            self.bytes_into(size, &mut received.body)?;
            self.bytes(2)?;
        }
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") && line.len() < MAX_HEAD {
            line.extend(self.bytes(1)?);
        }
        Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
    }

    fn bytes(&mut self, count: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.bytes_into(count, &mut bytes)?;
        Ok(bytes)
    }

    /// Appends `count` bytes, or as many as there are before the connection ends.
    fn bytes_into(&mut self, count: usize, into: &mut Vec<u8>) -> io::Result<()> {
        let limit = u64::try_from(count).unwrap_or(u64::MAX);
        let read = (&*self.stream).take(limit).read_to_end(into)?;
        if read < count {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }
}

/// A port of this machine that nobody listens on, as long as the value lives.
///
/// It belongs to the calling side of a connection, so no other test can be given it meanwhile.
pub(super) struct ClosedPort {
    stream: TcpStream,
    _listener: TcpListener,
}

impl ClosedPort {
    pub(super) fn new() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let stream = TcpStream::connect(listener.local_addr()?)?;
        Ok(Self {
            stream,
            _listener: listener,
        })
    }

    pub(super) fn address(&self) -> io::Result<SocketAddr> {
        self.stream.local_addr()
    }
}
