//! Reads one answer from a connection.

use std::io::{self, ErrorKind, Read as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Response;
use http::response::Parts;
use wx_core::{SendError, SendErrorKind};

use super::client::Fault;

/// More than any answer's head has.
const MAX_HEAD: usize = 256 * 1024;

/// When a call must be over.
pub(super) struct Deadline {
    began: Instant,
    limit: Duration,
    fault: Fault,
}

impl Deadline {
    #[expect(
        clippy::disallowed_methods,
        reason = "the client under test is one over real sockets"
    )]
    pub(super) fn new(limit: Duration, fault: Fault) -> Self {
        Self {
            began: Instant::now(),
            limit,
            fault,
        }
    }

    pub(super) fn left(&self) -> Result<Duration, SendError> {
        match self.fault {
            Fault::KeepsNoTime => Ok(Duration::from_secs(60)),
            Fault::TimesEachByte => Ok(self.limit),
            _ => {
                let left = self.limit.checked_sub(self.began.elapsed());
                let left = left.filter(|left| !left.is_zero());
                left.ok_or_else(|| SendError::new(SendErrorKind::Timeout))
            }
        }
    }
}

/// What a failure of a connection means once it stands.
pub(super) fn broken(error: io::Error) -> SendError {
    let kind = match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => SendErrorKind::Timeout,
        _ => SendErrorKind::Interrupted,
    };
    SendError::new(kind).with_source(error)
}

fn useless(reason: &'static str) -> SendError {
    SendError::new(SendErrorKind::Response).with_source(reason)
}

pub(super) struct Reader<'a> {
    stream: &'a TcpStream,
    deadline: &'a Deadline,
    fault: Fault,
    max_body_bytes: usize,
    /// What was read and not used yet.
    spare: Vec<u8>,
    ended: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(stream: &'a TcpStream, deadline: &'a Deadline, fault: Fault, max_body_bytes: usize) -> Self {
        Self {
            stream,
            deadline,
            fault,
            max_body_bytes,
            spare: Vec::new(),
            ended: false,
        }
    }

    pub(super) fn may_be_kept(&self) -> bool {
        !self.ended && self.spare.is_empty()
    }

    pub(super) fn answer(&mut self) -> Result<Response<Bytes>, SendError> {
        loop {
            let parts = self.head()?;
            if !parts.status.is_informational() || self.fault == Fault::TakesInterimAnswers {
                let body = self.body(&parts)?;
                return Ok(Response::from_parts(parts, body.into()));
            }
        }
    }

    /// Reads more; `false` at the connection's end.
    fn more(&mut self) -> Result<bool, SendError> {
        let mut piece = [0; 16 * 1024];
        self.stream.set_read_timeout(Some(self.deadline.left()?)).unwrap();
        let read = (&mut &*self.stream).read(&mut piece).map_err(broken)?;
        self.spare.extend_from_slice(&piece[..read]);
        self.ended |= read == 0;
        Ok(read > 0)
    }

    /// Takes everything before `end`, and `end` too.
    fn until(&mut self, end: &[u8]) -> Result<String, SendError> {
        let mut from = 0;
        loop {
            if let Some(found) = self.spare[from..].windows(end.len()).position(|window| window == end) {
                let rest = self.spare.split_off(from + found + end.len());
                let mut taken = std::mem::replace(&mut self.spare, rest);
                taken.truncate(from + found);
                return Ok(String::from_utf8_lossy(&taken).into_owned());
            }
            from = self.spare.len().saturating_sub(end.len());
            if self.spare.len() > MAX_HEAD {
                return Err(useless("the head is too long"));
            }
            if !self.more()? {
                return Err(SendError::new(SendErrorKind::Interrupted));
            }
        }
    }

    fn head(&mut self) -> Result<Parts, SendError> {
        let head = self.until(b"\r\n\r\n")?;
        match parse(&head) {
            Some(parts) => Ok(parts),
            None if self.fault == Fault::TakesAnything => Ok(Response::new(()).into_parts().0),
            None => Err(useless("the answer is not HTTP")),
        }
    }

    fn body(&mut self, parts: &Parts) -> Result<Vec<u8>, SendError> {
        if matches!(parts.status.as_u16(), 100..=199 | 204 | 304) {
            return Ok(Vec::new());
        }
        if parts.headers.contains_key("transfer-encoding") {
            return self.chunks();
        }
        let lengths: Vec<_> = parts.headers.get_all("content-length").iter().collect();
        match lengths[..] {
            [] => {
                while self.more()? {
                    self.bound(self.spare.len())?;
                }
                let body = std::mem::take(&mut self.spare);
                Ok(self.cut(body))
            }
            [length] => {
                let length = length.to_str().ok().and_then(|length| length.parse().ok());
                let length = length.ok_or_else(|| useless("the length is no number"))?;
                self.bound(length)?;
                let body = self.take(length)?;
                Ok(self.cut(body))
            }
            _ => Err(useless("there are two lengths")),
        }
    }

    fn chunks(&mut self) -> Result<Vec<u8>, SendError> {
        let mut body = Vec::new();
        let mut number = 0;
        loop {
            let line = match self.until(b"\r\n") {
                Err(_) if self.fault == Fault::TakesHalfABody => return Ok(body),
                line => line?,
            };
            let size = line.split(';').next().unwrap();
            let size = usize::from_str_radix(size, 16).map_err(|_| useless("the size is no number"))?;
            self.bound(body.len().saturating_add(size))?;
            if size == 0 {
                // An empty line ends the trailers.
                while !self.until(b"\r\n")?.is_empty() {}
                return Ok(self.cut(body));
            }
            let chunk = self.take(size)?;
            number += 1;
            if number == 1 || self.fault != Fault::KeepsTheFirstChunk {
                body.extend_from_slice(&chunk);
            }
            match self.take(2) {
                Err(_) if self.fault == Fault::TakesHalfABody => return Ok(body),
                end => end?,
            };
        }
    }

    fn take(&mut self, length: usize) -> Result<Vec<u8>, SendError> {
        while self.spare.len() < length {
            match self.more() {
                Ok(true) => {}
                Err(error) if error.kind() == SendErrorKind::Timeout => return Err(error),
                _ if self.fault == Fault::TakesHalfABody => return Ok(std::mem::take(&mut self.spare)),
                _ => return Err(useless("the body is cut")),
            }
        }
        let rest = self.spare.split_off(length);
        Ok(std::mem::replace(&mut self.spare, rest))
    }

    fn bound(&self, length: usize) -> Result<(), SendError> {
        if length > self.max_body_bytes && self.fault != Fault::CutsAtTheLimit {
            return Err(useless("the body is too long"));
        }
        Ok(())
    }

    fn cut(&self, mut body: Vec<u8>) -> Vec<u8> {
        body.truncate(self.max_body_bytes);
        body
    }
}

fn parse(head: &str) -> Option<Parts> {
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.1 ")?.get(..3)?;
    let mut answer = Response::builder().status(status);
    for line in lines {
        let (name, value) = line.split_once(':')?;
        answer = answer.header(name, value.trim());
    }
    Some(answer.body(()).ok()?.into_parts().0)
}
