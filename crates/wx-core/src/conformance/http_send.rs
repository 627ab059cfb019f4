//! Proves that an [`HttpSend`] keeps its contract.
//!
//! ```
//! use wx_core::conformance::http_send::{Limits, Suite};
//! # use wx_core::test_util::{Reply, Script};
//! # struct MyTransport;
//! # impl MyTransport { fn new(_: std::time::Duration, _: usize) -> Script { Script::new([Reply::json("{}")]) } }
//!
//! // #[tokio::test], or within whatever runtime the transport needs: the suite itself needs none.
//! async fn my_transport_keeps_the_contract() {
//!     let make = |limits: Limits| MyTransport::new(limits.timeout, limits.max_body_bytes);
//!     let report = Suite::new(make).run().await;
//!     report.assert(); // Panics with every broken rule: what the server did, what was expected, what was seen.
//! }
//! # let _ = my_transport_keeps_the_contract();
//! ```
//!
//! Servers on loopback answer, break, dawdle and babble; the transport's `Debug` and every link of an error are searched
//! for texts that were planted into requests and answers. A run takes a few seconds, and ends even if a call never does.
//! All cases run in one task at the same time: a transport that blocks its thread must do so in one of its own.
//! [`Suite::through`] puts TLS or HTTP/2 before the servers; what cannot be tried there is [listed](Report::left_out).
//!
//! # Rules
//!
//! Clauses 1 to 5 are those of the contract, 6 is [`SendErrorKind`](crate::SendErrorKind), and 7 what goes without saying.
//!
//! | rule | clause | what is tried |
//! | --- | --- | --- |
//! | `request-as-given` | 1 | GET and POST; an odd query and header; bodies of 0 bytes, 1 byte and 1 MiB |
//! | `sends-once` | 1 | every case counts; answers that ask for another try, and breaks at every point |
//! | `lost-connection` | 1 | a kept connection that is closed between calls, or swallows or resets the second call |
//! | `every-status-is-an-answer` | 2 | two dozen statuses of 2xx to 5xx, and those without a body |
//! | `no-redirect-is-followed` | 2 | five statuses, to another server and to the same |
//! | `whole-body` | 3 | no text, empty to 1 MiB, ended by length, last chunk, trailers or close; byte by byte |
//! | `interim-answers-are-passed-over` | 3 | 100 and 103 before the answer, and 100 alone |
//! | `content-coding` | 3 | an answer in gzip, asked for or not |
//! | `cut-is-a-failure` | 3 | closed or reset before, within and after the request, within the head and the body |
//! | `not-http-is-a-failure` | 3 | another protocol, a bad status, length or chunk, two lengths, an endless head |
//! | `bounds-its-time` | 4 | silence and dripping at every point; three times the limit is allowed |
//! | `bounds-the-body` | 4 | the limit, a byte more, 32 times as much, an absurd announcement |
//! | `shows-nothing` | 5 | every call, and the transport while a call is in flight |
//! | `reached-is-honest` | 6 | every call whose request began to arrive |
//! | `kinds-are-told` | 6 | a closed port; silence |
//! | `own-answer` | 7 | 32 calls at once; calls after a late and after a too long answer |
//! | `dropped-call` | 7 | dropped before and within the answer |
//! | `no-panic` | 7 | every call |
//!
//! A connection that ends before anything of the request was read may be a failure of either sort:
//! whether a byte was written by then, only the transport knows.
//! Names that do not resolve are not tried, because asking for them leaves the machine.

mod bench;
mod canary;
mod cases;
mod received;
mod rules;
mod server;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use self::bench::Bench;
pub use super::report::{Broken, LeftOut, Report};
pub use super::rule::Rule;
use super::{report, time};
use crate::HttpSend;

/// What a transport is to be configured with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// How long a whole call may take, and so how long connecting may take too.
    pub timeout: Duration,
    /// How many bytes an answer's body may have.
    pub max_body_bytes: usize,
}

type Make = dyn Fn(Limits) -> Arc<dyn HttpSend> + Send + Sync;
type Front = dyn Fn(SocketAddr) -> String + Send + Sync;

/// How the transports under test are made and how they reach the servers.
struct Setup {
    make: Box<Make>,
    front: Option<Box<Front>>,
    http2: bool,
}

/// The suite for one kind of transport; the module's page shows its use.
#[must_use = "it does nothing until it is run"]
pub struct Suite {
    setup: Setup,
}

impl Suite {
    /// A suite for the transports that `make` makes, one for each case.
    ///
    /// `make` must put the limits that it is given into the transport, which differ from case to case.
    /// It is called while [`run`](Self::run) is polled, within whatever runtime that is.
    pub fn new<T: HttpSend>(make: impl Fn(Limits) -> T + Send + Sync + 'static) -> Self {
        Self {
            setup: Setup {
                make: Box::new(move |limits| Arc::new(make(limits))),
                front: None,
                http2: false,
            },
        }
    }

    /// Every rule that it tries, in the order of the contract.
    #[must_use]
    pub fn rules() -> &'static [&'static Rule] {
        rules::ALL
    }

    /// Lets the transports reach the servers through something of your own, such as a relay that adds TLS.
    ///
    /// `front` is given the address of a server that speaks HTTP/1.1 without TLS, starts whatever stands in front of
    /// it, and returns the base URL by which that is reached, such as `https://localhost:4433`.
    /// It is called once for each server, while [`run`](Self::run) is polled.
    /// A front must hand on every byte, every end and every reset of a connection as it is, and repeat nothing:
    /// the suite cannot tell its faults from the transport's.
    pub fn through(mut self, front: impl Fn(SocketAddr) -> String + Send + Sync + 'static) -> Self {
        self.setup.front = Some(Box::new(front));
        self
    }

    /// Says that the front speaks HTTP/2 to the transports, with one connection to the server for each request.
    ///
    /// What exists in HTTP/1.1 only is then [left out](Report::left_out).
    pub fn http2(mut self) -> Self {
        self.setup.http2 = true;
        self
    }

    /// Tries everything, which takes a few seconds: some of it waits for time-outs.
    ///
    /// It needs no runtime itself; run it within the one that the transport needs.
    pub async fn run(self) -> Report {
        let setup = Arc::new(self.setup);
        let mut left_out = Vec::new();
        let mut running = Vec::new();
        for case in cases::all() {
            match case.http1_only {
                Some(why) if setup.http2 => left_out.push(case.left_out(why)),
                _ => running.push(case.run(Bench::new(Arc::clone(&setup)))),
            }
        }
        let broken = time::join_all(running).await.into_iter().flatten().collect();
        Report {
            rules: rules::ALL,
            broken,
            left_out,
        }
    }
}

impl fmt::Debug for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Suite")
            .field("http2", &self.setup.http2)
            .finish_non_exhaustive()
    }
}
