//! A real `redis-server` for one test, on loopback, that can be killed, restarted and made to hang.
//!
//! ```
//! use wx_redis_fixture::Redis;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut redis = Redis::start()?;
//! assert!(redis.url().starts_with("redis://127.0.0.1:"));
//! redis.restart()?; // On the same port, and empty.
//! # Ok(())
//! # }
//! ```
//!
//! The server is a child process with a folder of its own; both are gone when the [`Redis`] is dropped.
//! Nothing here is skipped where there is no Redis: starting fails, and says what to install.

mod port;
mod process;
mod settings;
mod tls;

use std::fmt;
use std::io;
use std::path::PathBuf;

use tempfile::TempDir;

use port::Port;
use process::Process;
pub use settings::RedisBuilder;
use settings::{SOCKET, Settings};
use tls::Pki;

/// How often a port is picked anew because another process took it before the server did.
const PORT_ATTEMPTS: usize = 20;

/// A running `redis-server`; killed on drop.
pub struct Redis {
    settings: Settings,
    folder: TempDir,
    pki: Option<Pki>,
    port: Port,
    process: Option<Process>,
}

impl Redis {
    /// A server without a password, without TLS, which forgets everything when it ends.
    ///
    /// # Errors
    ///
    /// There is no `redis-server`, or it does not start.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// A server of other settings.
    pub fn builder() -> RedisBuilder {
        RedisBuilder::default()
    }

    fn launch(settings: Settings) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("redis-fixture-").tempdir()?;
        let pki = settings.tls.then(|| Pki::write(folder.path())).transpose()?;
        let mut redis = Self {
            settings,
            folder,
            pki,
            port: Port::find()?,
            process: None,
        };
        for _ in 0..PORT_ATTEMPTS {
            match redis.run() {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => redis.port = Port::find()?,
                outcome => return outcome.map(|()| redis),
            }
        }
        Err(io::Error::new(
            io::ErrorKind::AddrInUse,
            "one port after the other was taken",
        ))
    }

    /// Starts the process on the port, and waits until it takes connections.
    fn run(&mut self) -> io::Result<()> {
        let config = self.settings.write(self.folder.path(), self.port.number())?;
        self.process = Some(Process::start(&config)?);
        Ok(())
    }

    /// Where it listens, with its password if it has one.
    #[must_use]
    pub fn url(&self) -> String {
        let credentials = match (&self.settings.user, &self.settings.password) {
            (user, Some(password)) => format!("{}:{password}@", user.as_deref().unwrap_or_default()),
            (_, None) => String::new(),
        };
        // The certificate is for the name, and a name is looked up.
        let (scheme, host) = if self.settings.tls {
            ("rediss", "localhost")
        } else {
            ("redis", "127.0.0.1")
        };
        format!("{scheme}://{credentials}{host}:{}", self.port.number())
    }

    /// The Unix socket on which it listens too, unless the folder for temporary files has a very long name.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join(SOCKET)
    }

    /// The port on `127.0.0.1`; it stays the same over restarts.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// The certificate of the authority to trust, as PEM, if the server speaks TLS.
    #[must_use]
    pub fn root_pem(&self) -> Option<&str> {
        self.pki.as_ref().map(Pki::root_pem)
    }

    /// Kills it at once (`SIGKILL`), as a crash does; connections break.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Kills it if it runs, and starts it again on the same port: empty, or with its data if it was told to keep them.
    ///
    /// # Errors
    ///
    /// It does not start; for one thing, another process may have taken the port in the meantime.
    pub fn restart(&mut self) -> io::Result<()> {
        self.kill();
        self.run()
    }

    /// Stops it in the middle of whatever it does (`SIGSTOP`): connections stay open, new ones are taken by the kernel,
    /// and no answer comes until [`resume`](Self::resume).
    ///
    /// # Errors
    ///
    /// It does not run, or cannot be signalled.
    pub fn pause(&self) -> io::Result<()> {
        self.running()?.pause()
    }

    /// Lets a paused server go on.
    ///
    /// # Errors
    ///
    /// It does not run, or cannot be signalled.
    pub fn resume(&self) -> io::Result<()> {
        self.running()?.resume()
    }

    fn running(&self) -> io::Result<&Process> {
        let gone = || io::Error::new(io::ErrorKind::NotConnected, "the server was killed");
        self.process.as_ref().ok_or_else(gone)
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis")
            .field("port", &self.port())
            .field("runs", &self.process.is_some())
            .finish_non_exhaustive()
    }
}
