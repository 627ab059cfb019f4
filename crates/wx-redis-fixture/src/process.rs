//! The child process: it is ready when it says so, and ends with its owner.

use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::{fs, thread};

/// What the server prints once it takes connections.
const READY: &str = "Ready to accept connections";
/// What it prints when another process has its port.
const TAKEN: &str = "Address already in use";

/// A running server; killed on drop.
pub(crate) struct Process {
    child: Child,
}

impl Process {
    /// Starts a server with the settings of `config`, and returns when it takes connections.
    pub(crate) fn start(config: &Path) -> io::Result<Self> {
        let child = Command::new("redis-server")
            .arg(config)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(explain)?;
        let mut process = Self { child };
        let stdout = process.child.stdout.take();
        let mut said = BufReader::new(stdout.ok_or_else(|| io::Error::other("the server has no output"))?);
        wait_until_ready(&mut said)?;
        // Whatever else it prints is taken from it, or it would stand still once the pipe is full.
        thread::spawn(move || io::copy(&mut said, &mut io::sink()));
        Ok(process)
    }

    pub(crate) fn pause(&self) -> io::Result<()> {
        self.signal("STOP")?;
        // The signal is on its way when `kill` returns; the kernel says when it has arrived.
        while !self.is_stopped()? {
            thread::yield_now();
        }
        Ok(())
    }

    pub(crate) fn resume(&self) -> io::Result<()> {
        self.signal("CONT")
    }

    fn signal(&self, name: &str) -> io::Result<()> {
        // The shell has `kill` built in, so that no package is needed for it.
        let script = format!("kill -{name} {}", self.child.id());
        let status = Command::new("sh").args(["-c", &script]).status()?;
        let failed = || io::Error::other(format!("`{script}` ended with {status}"));
        status.success().then_some(()).ok_or_else(failed)
    }

    /// Whether the kernel has stopped it.
    fn is_stopped(&self) -> io::Result<bool> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The state follows the name, which is in parentheses and may hold anything.
        let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
        Ok(state == Some('T'))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// Reads what the server prints until it is ready.
fn wait_until_ready(said: &mut BufReader<ChildStdout>) -> io::Result<()> {
    let mut all = String::new();
    loop {
        let begin = all.len();
        if said.read_line(&mut all)? == 0 {
            let kind = if all.contains(TAKEN) {
                io::ErrorKind::AddrInUse
            } else {
                io::ErrorKind::Other
            };
            return Err(io::Error::new(kind, format!("redis-server ended at its start:\n{all}")));
        }
        if all.get(begin..).is_some_and(|line| line.contains(READY)) {
            return Ok(());
        }
    }
}

fn explain(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::NotFound {
        let text = "there is no `redis-server` here: run `apt-get install redis-server` (Debian, Ubuntu), or install \
                    Redis or Valkey under that name in another way";
        return io::Error::new(io::ErrorKind::NotFound, text);
    }
    error
}
