//! Ports that stay a server's own while it is down.

use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::process;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below those that the kernel hands out: a port from there could be given away while its server is down, and a client
/// that looks for the server could be connected with itself.
const FIRST: u16 = 15_000;
const COUNT: u16 = 15_000;

/// Where the next search begins, so that one process does not ask for the same ports again and again.
static NEXT: AtomicU16 = AtomicU16::new(0);

/// A port of loopback that no other fixture on this machine takes as long as this lives.
pub(crate) struct Port {
    number: u16,
    /// Locked; the lock ends with the file, and with the process however it ends.
    _lock: Option<File>,
}

impl Port {
    /// A port that nobody has.
    pub(crate) fn find() -> io::Result<Self> {
        let folder = std::env::temp_dir().join("wx-redis-fixture-ports");
        // Where another user of the machine has made the folder, ports are merely looked at and not locked.
        let _exists = fs::create_dir_all(&folder);
        // Processes begin far apart, so that they seldom try the same.
        let begin = u64::from(process::id()) * 37;
        for _ in 0..COUNT {
            let offset = (begin + u64::from(NEXT.fetch_add(1, Ordering::Relaxed))) % u64::from(COUNT);
            let number = FIRST + u16::try_from(offset).unwrap_or(0);
            let lock = File::create(folder.join(number.to_string())).ok();
            let is_ours = lock.as_ref().is_none_or(|lock| lock.try_lock().is_ok());
            if is_ours && TcpListener::bind((Ipv4Addr::LOCALHOST, number)).is_ok() {
                return Ok(Self { number, _lock: lock });
            }
        }
        Err(io::Error::new(io::ErrorKind::AddrInUse, "every port is taken"))
    }

    pub(crate) fn number(&self) -> u16 {
        self.number
    }
}
