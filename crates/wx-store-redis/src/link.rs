//! The one connection that all callers share: made when it is needed, replaced when it fails.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{ErrorKind, RedisError, ServerErrorKind, Value};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::error::Failure;
use crate::script::Call;
use crate::server::Server;

/// A store is asked a few times in two hours: longer than this no connection is worth being kept, and load balancers
/// and NATs forget it without a word, so that the next who uses it would wait for nothing.
const IDLE: Duration = Duration::from_secs(30);

/// What a step answered, and whether it may have been run before.
pub(crate) struct Answer {
    pub(crate) value: Value,
    /// The first try failed after it was sent: what it found the second time it may have done itself.
    pub(crate) repeated: bool,
}

/// The connection to one server.
pub(crate) struct Links {
    timeout: Duration,
    shared: Arc<Shared>,
}

/// What the task that opens a connection has of it.
struct Shared {
    server: Server,
    idle: Duration,
    kept: Mutex<Option<Arc<Link>>>,
}

/// An open connection. It closes itself when nobody uses it, and when it is dropped.
struct Link {
    connection: MultiplexedConnection,
    used: Arc<Notify>,
    task: JoinHandle<()>,
    /// Nobody takes it any more; who is using it goes on.
    is_forgotten: AtomicBool,
}

impl Links {
    /// Opens nothing yet.
    pub(crate) fn new(server: Server, timeout: Duration) -> Self {
        Self::with_idle(server, timeout, IDLE.max(timeout.saturating_mul(2)))
    }

    /// Closes the connection when nobody has used it for `idle`, which is longer than any call takes.
    fn with_idle(server: Server, timeout: Duration, idle: Duration) -> Self {
        let kept = Mutex::new(None);
        Self {
            timeout,
            shared: Arc::new(Shared { server, idle, kept }),
        }
    }

    /// Runs a step, within the time that everything together may take.
    pub(crate) async fn run(&self, call: &Call<'_>) -> Result<Answer, Failure> {
        // Sockets and timers of tokio panic outside of it.
        Handle::try_current().map_err(|_| Failure::new("Redis is reached from within a tokio runtime only"))?;
        let mut last = None;
        match timeout(self.timeout, self.attempts(call, &mut last)).await {
            Ok(outcome) => outcome,
            Err(_) => {
                // It hangs, or what comes next would hang behind it.
                if let Some(link) = last {
                    link.forget();
                }
                Err(Failure::timeout(self.timeout))
            }
        }
    }

    /// Runs a step over the kept connection, and once more over a new one if that failed: Redis may have been restarted,
    /// or another may be the master now. Any failure ends a connection; a new one costs a millisecond.
    async fn attempts(&self, call: &Call<'_>, last: &mut Option<Arc<Link>>) -> Result<Answer, Failure> {
        let mut repeated = false;
        loop {
            let (link, is_new) = self.link().await?;
            *last = Some(Arc::clone(&link));
            let error = match link.run(call).await {
                Ok(value) => return Ok(Answer { value, repeated }),
                Err(error) => error,
            };
            link.forget();
            if is_new {
                return Err(Failure::redis(&error));
            }
            repeated = true;
        }
    }

    /// The kept connection, or a new one and `true`.
    async fn link(&self) -> Result<(Arc<Link>, bool), Failure> {
        if let Ok(kept) = self.shared.kept.try_lock()
            && let Some(link) = kept.as_ref().filter(|link| link.is_good())
        {
            return Ok((Arc::clone(link), false));
        }
        // In a task of its own: a caller may leave in the middle without being dropped, and would keep all others from
        // the connection.
        let (shared, limit) = (Arc::clone(&self.shared), self.timeout);
        match tokio::spawn(async move { timeout(limit, shared.link()).await }).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(Failure::timeout(limit)),
            Err(_) => Err(Failure::new("the runtime has ended")),
        }
    }
}

impl Shared {
    async fn link(&self) -> Result<(Arc<Link>, bool), Failure> {
        let mut kept = self.kept.lock().await;
        if let Some(link) = kept.as_ref().filter(|link| link.is_good()) {
            return Ok((Arc::clone(link), false));
        }
        *kept = None;
        let link = Arc::new(Link::open(&self.server, self.idle).await?);
        *kept = Some(Arc::clone(&link));
        Ok((link, true))
    }
}

impl Link {
    async fn open(server: &Server, idle: Duration) -> Result<Self, Failure> {
        let (connection, mut driver) = server.connect().await?;
        let used = Arc::new(Notify::new());
        let uses = Arc::clone(&used);
        let task = tokio::spawn(async move {
            let unused = async move { while timeout(idle, uses.notified()).await.is_ok() {} };
            let mut unused = pin!(unused);
            poll_fn(|context| {
                if driver.as_mut().poll(context).is_ready() || unused.as_mut().poll(context).is_ready() {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
            })
            .await;
        });
        Ok(Self {
            connection,
            used,
            task,
            is_forgotten: AtomicBool::new(false),
        })
    }

    fn is_good(&self) -> bool {
        !self.task.is_finished() && !self.is_forgotten.load(Ordering::Relaxed)
    }

    fn forget(&self) {
        self.is_forgotten.store(true, Ordering::Relaxed);
    }

    async fn run(&self, call: &Call<'_>) -> Result<Value, RedisError> {
        self.used.notify_one();
        let mut connection = self.connection.clone();
        match call.step.by_hash(call).query_async(&mut connection).await {
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                call.step.by_code(call).query_async(&mut connection).await
            }
            outcome => outcome,
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[cfg(test)]
mod tests;
