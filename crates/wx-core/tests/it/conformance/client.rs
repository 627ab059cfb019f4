//! A small client for HTTP/1.1 that keeps the contract, unless it is told to break it in one way.

use std::fmt;
use std::io::{ErrorKind, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::thread;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use tokio::sync::oneshot;
use wx_core::conformance::http_send::Limits;
use wx_core::{HttpSend, SendError, SendErrorKind};

use super::reader::{Deadline, Reader};

/// The one way in which a client is wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fault {
    None,
    RepeatsBusy,
    RepeatsBroken,
    FollowsRedirects,
    CutsAtTheLimit,
    TakesHalfABody,
    KeepsNoTime,
    TimesEachByte,
    ShowsTheUriInErrors,
    ShowsTheBodyInDebug,
    SaysConnectAfterWriting,
    SaysInterruptedWithoutConnection,
    SendsHalfOfALongBody,
    DropsTheQuery,
    FailsOnServerErrors,
    TakesInterimAnswers,
    LeavesWhatItAskedForCoded,
    KeepsTheFirstChunk,
    TakesAnything,
    Panics,
    IsBrokenByADrop,
    ReusesAfterTimeouts,
    KeepsDeadConnections,
}

/// The client. Each call runs in a thread of its own.
#[derive(Clone)]
pub(super) struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    limits: Limits,
    fault: Fault,
    idle: Mutex<Vec<(String, TcpStream)>>,
    /// What a wrong client shows.
    last: Mutex<String>,
    broken: Mutex<bool>,
}

impl Client {
    pub(super) fn new(limits: Limits, fault: Fault) -> Self {
        Self {
            shared: Arc::new(Shared {
                limits,
                fault,
                idle: Mutex::default(),
                last: Mutex::default(),
                broken: Mutex::default(),
            }),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Client");
        if self.shared.fault == Fault::ShowsTheBodyInDebug {
            shown.field("last", &self.shared.last.lock().unwrap().as_bytes());
        }
        shown.finish_non_exhaustive()
    }
}

/// Breaks a client for good when a call is dropped, if that is the client's fault.
struct Fuse<'a>(Option<&'a Shared>);

impl Drop for Fuse<'_> {
    fn drop(&mut self) {
        if let Some(shared) = self.0.filter(|shared| shared.fault == Fault::IsBrokenByADrop) {
            *shared.broken.lock().unwrap() = true;
        }
    }
}

#[async_trait]
impl HttpSend for Client {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        if *self.shared.broken.lock().unwrap() {
            return Err(SendError::new(SendErrorKind::Request));
        }
        let (done, result) = oneshot::channel();
        let shared = Arc::clone(&self.shared);
        let mut fuse = Fuse(Some(&self.shared));
        thread::spawn(move || done.send(shared.call(&request)).ok());
        let result = result.await.unwrap();
        fuse.0 = None;
        if let (Fault::Panics, Ok(answer)) = (self.shared.fault, &result) {
            assert!(answer.status().as_u16() < 599, "what a strange status");
        }
        result
    }
}

impl Shared {
    fn call(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        if self.fault == Fault::ShowsTheBodyInDebug {
            *self.last.lock().unwrap() = String::from_utf8_lossy(request.body()).into_owned();
        }
        let result = self.once(request);
        let again = match (&result, self.fault) {
            (Ok(answer), Fault::RepeatsBusy) => answer.status() == 503,
            (Err(error), Fault::RepeatsBroken) => error.kind() == SendErrorKind::Interrupted,
            _ => false,
        };
        if again {
            return self.once(request);
        }
        match (result, self.fault) {
            (Ok(answer), Fault::FailsOnServerErrors) if answer.status().is_server_error() => {
                Err(SendError::new(SendErrorKind::Response).with_source(answer.status().to_string()))
            }
            (Ok(answer), Fault::FollowsRedirects) if answer.headers().contains_key("location") => {
                let location = answer.headers()["location"].to_str().unwrap().to_owned();
                if !location.starts_with("http") {
                    return Ok(answer);
                }
                let mut next = request.clone();
                *next.uri_mut() = location.parse().unwrap();
                self.once(&next)
            }
            (Err(error), Fault::ShowsTheUriInErrors) => {
                Err(SendError::new(error.kind()).with_source(format!("no answer from {}", request.uri())))
            }
            (Err(error), Fault::SaysConnectAfterWriting) if error.kind() == SendErrorKind::Interrupted => {
                Err(SendError::new(SendErrorKind::Connect))
            }
            (result, _) => result,
        }
    }

    fn once(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        let deadline = Deadline::new(self.limits.timeout, self.fault);
        let authority = request.uri().authority().unwrap().to_string();
        let mut stream = self.connection(&authority, &deadline)?;
        let bytes = self.bytes(request);
        let written = write(&mut stream, &bytes, &deadline);
        let mut reader = Reader::new(&stream, &deadline, self.fault, self.limits.max_body_bytes);
        let result = written.and_then(|()| reader.answer());
        let keep = match &result {
            Ok(_) => reader.may_be_kept(),
            Err(error) => match self.fault {
                Fault::ReusesAfterTimeouts => error.kind() == SendErrorKind::Timeout,
                Fault::KeepsDeadConnections => error.kind() == SendErrorKind::Interrupted,
                _ => false,
            },
        };
        if keep {
            self.idle.lock().unwrap().push((authority, stream));
        }
        result
    }

    /// A kept connection that is still open, or a new one.
    fn connection(&self, authority: &str, deadline: &Deadline) -> Result<TcpStream, SendError> {
        loop {
            let kept = {
                let mut idle = self.idle.lock().unwrap();
                let found = idle.iter().position(|(kept, _)| kept == authority);
                found.map(|found| idle.remove(found).1)
            };
            let Some(stream) = kept else { break };
            if self.fault == Fault::KeepsDeadConnections || is_open(&stream) {
                return Ok(stream);
            }
        }
        TcpStream::connect_timeout(&authority.parse().unwrap(), deadline.left()?).map_err(|error| {
            let kind = match self.fault {
                Fault::SaysInterruptedWithoutConnection => SendErrorKind::Interrupted,
                _ => SendErrorKind::Connect,
            };
            SendError::new(kind).with_source(error)
        })
    }

    fn bytes(&self, request: &Request<Bytes>) -> Vec<u8> {
        let uri = request.uri();
        let target = match self.fault {
            Fault::DropsTheQuery => uri.path(),
            _ => uri.path_and_query().unwrap().as_str(),
        };
        let body = match self.fault {
            Fault::SendsHalfOfALongBody if request.body().len() > 100_000 => {
                &request.body()[..request.body().len() / 2]
            }
            _ => request.body(),
        };
        let mut head = format!(
            "{} {target} HTTP/1.1\r\nhost: {}\r\n",
            request.method(),
            uri.authority().unwrap()
        );
        head += &format!("content-length: {}\r\n", body.len());
        if self.fault == Fault::LeavesWhatItAskedForCoded {
            head += "accept-encoding: br, gzip;q=0.5\r\n";
        }
        for (name, value) in request.headers() {
            head += &format!("{name}: {}\r\n", value.to_str().unwrap());
        }
        [head.as_bytes(), b"\r\n", body].concat()
    }
}

fn is_open(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let peeked = stream.peek(&mut [0]);
    stream.set_nonblocking(false).unwrap();
    peeked.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

fn write(stream: &mut TcpStream, mut bytes: &[u8], deadline: &Deadline) -> Result<(), SendError> {
    while !bytes.is_empty() {
        stream.set_write_timeout(Some(deadline.left()?)).unwrap();
        let written = stream.write(bytes).map_err(super::reader::broken)?;
        bytes = &bytes[written..];
    }
    Ok(())
}
