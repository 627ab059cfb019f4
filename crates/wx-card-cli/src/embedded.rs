//! `--sandbox`: the service within this command, whose state stays in a file from one run to the next.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use wx_card_sandbox::Sandbox;

use crate::config::folder;
use crate::failure::Failure;

/// A sandbox, and the right to be the only run that uses it.
#[derive(Debug)]
pub(crate) struct Embedded {
    sandbox: Sandbox,
    /// Held to the end of the run: of two at once, each would write over what the other did.
    _lock: File,
}

impl Embedded {
    /// Opens the sandbox whose state is in the file that was named, or else in the home of whoever runs this.
    ///
    /// Where another run uses it, this waits for that one's end.
    pub(crate) fn open(named: &OsStr) -> Result<Self, Failure> {
        let file = file(named)?;
        let lock = lock(&file).map_err(|error| cannot(&file, &error))?;
        let sandbox = Sandbox::builder().state_file(&file).build().map_err(|error| {
            let file = file.display();
            Failure::usage(format!(
                "--sandbox: {file}: {error}; name another file, or forget this one by `wx-card sandbox reset --sandbox={file}`"
            ))
        })?;
        Ok(Self { sandbox, _lock: lock })
    }

    pub(crate) fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }
}

/// Takes the state away, whatever it is; says where it was.
pub(crate) fn reset(named: &OsStr) -> Result<PathBuf, Failure> {
    let file = file(named)?;
    if file.exists() && !file.is_file() {
        let file = file.display();
        return Err(Failure::usage(format!(
            "--sandbox: {file}: is no file; nothing is removed"
        )));
    }
    let removed = lock(&file).and_then(|_lock| fs::remove_file(&file));
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(cannot(&file, &error)),
        _ => Ok(file),
    }
}

fn cannot(file: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("--sandbox: {}: {error}", file.display()))
}

/// The file that was named, or the one in the home of whoever runs this.
fn file(named: &OsStr) -> Result<PathBuf, Failure> {
    if !named.is_empty() {
        return Ok(PathBuf::from(named));
    }
    let state = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else {
        folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")))
    };
    state
        .map(|state| state.join("wx-card").join("sandbox.json"))
        .ok_or_else(|| Failure::usage("--sandbox: you have no home here; name a file: --sandbox=FILE"))
}

/// Waits until nobody else uses `file`, which need not be there.
fn lock(file: &Path) -> io::Result<File> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    // Beside it, since the file itself is replaced each time that it is written.
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".lock");
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(file.with_file_name(name))?;
    lock.lock()?;
    Ok(lock)
}
