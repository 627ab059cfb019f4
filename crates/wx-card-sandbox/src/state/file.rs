//! The state, kept in a file.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::State;

/// Form of the file; a file of another form is refused, not guessed at.
const VERSION: u32 = 1;

/// The file is written when this many of its bytes have been "paid for" by a request, so that writing a large state
/// does not make every request as slow as the state is large.
const BYTES_A_REQUEST: usize = 64 * 1024;

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    #[serde(flatten)]
    state: &'a State,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// A file that holds the state.
#[derive(Debug)]
pub(crate) struct StateFile {
    path: PathBuf,
    /// Held while writing, so that an older state never overwrites a newer one.
    written: Mutex<Progress>,
}

#[derive(Debug, Default)]
struct Progress {
    requests: usize,
    size: usize,
}

impl StateFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            written: Mutex::default(),
        }
    }

    /// What the file holds; a new state if there is no file.
    pub(crate) fn load(&self) -> io::Result<State> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::default()),
            Err(error) => return Err(error),
        };
        let Version { version } = serde_json::from_slice(&bytes).map_err(|_| not_a_state())?;
        if version != VERSION {
            return Err(not_a_state());
        }
        serde_json::from_slice(&bytes).map_err(|_| not_a_state())
    }

    /// The bytes of the file for `state`.
    pub(crate) fn encode(&self, state: &State) -> io::Result<Vec<u8>> {
        let version = VERSION;
        serde_json::to_vec(&Written { version, state }).map_err(io::Error::from)
    }

    /// Notes a request, and writes the file if it is time.
    pub(crate) fn note_request(&self, encode: impl FnOnce() -> io::Result<Vec<u8>>) -> io::Result<()> {
        let mut progress = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        progress.requests += 1;
        if progress.requests.saturating_mul(BYTES_A_REQUEST) < progress.size {
            return Ok(());
        }
        self.write(&mut progress, encode)
    }

    /// Writes the file.
    pub(crate) fn save(&self, encode: impl FnOnce() -> io::Result<Vec<u8>>) -> io::Result<()> {
        let mut progress = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        self.write(&mut progress, encode)
    }

    fn write(&self, progress: &mut Progress, encode: impl FnOnce() -> io::Result<Vec<u8>>) -> io::Result<()> {
        let bytes = encode()?;
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let new = self.path.with_file_name(name);
        create_private(&new)?.write_all(&bytes)?;
        fs::rename(&new, &self.path)?;
        *progress = Progress {
            requests: 0,
            size: bytes.len(),
        };
        Ok(())
    }
}

/// A new file that only its owner may read, since it holds tokens.
fn create_private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn not_a_state() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "not a state file of this version of the sandbox",
    )
}
