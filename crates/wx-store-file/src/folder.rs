//! The folder and its files.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wx_core::{Secret, TokenKey, TokenRecord};

/// Far beyond any record; whatever is longer is none of ours.
const MAX_BYTES: u64 = 64 * 1024;

/// The one lock of the folder. It is a file of its own because the others are replaced.
const LOCK: &str = "lock";

/// How the names of records end, and of those that are about to take their place.
const RECORD: &str = "json";
const NEW: &str = "new";

/// A folder that one user's processes share. Its errors name the file and hold nothing of its content.
#[derive(Clone)]
pub(crate) struct Folder(Arc<Path>);

impl Folder {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self(path.into())
    }

    pub(crate) fn as_path(&self) -> &Path {
        &self.0
    }

    /// The file of `key`: keys that differ have names that differ, also where case does not count.
    pub(crate) fn path(&self, key: &TokenKey) -> PathBuf {
        let mut name = String::new();
        for byte in key.app_id.bytes() {
            if byte.is_ascii_lowercase() || byte.is_ascii_digit() {
                name.push(char::from(byte));
            } else {
                // Writing to a `String` cannot fail.
                write!(name, "%{byte:02x}").ok();
            }
        }
        self.0.join(format!("{name}.{}.{RECORD}", key.kind.as_str()))
    }

    /// Creates the folder, and looks whether it and all its files are this user's alone.
    pub(crate) fn prepare(&self) -> Result<(), String> {
        self.lock_file()?;
        let entries = fs::read_dir(&self.0).map_err(|error| told(&self.0, "cannot be listed", &error))?;
        for entry in entries {
            let path = entry.map_err(|error| told(&self.0, "cannot be listed", &error))?.path();
            let is_record = path
                .extension()
                .is_some_and(|extension| extension == RECORD || extension == NEW);
            // Somebody may be replacing files while we look.
            if let (true, Ok(found)) = (is_record, fs::metadata(&path)) {
                private::check_file(&path, &found)?;
            }
        }
        Ok(())
    }

    /// The record of `key`; `None` if it is not there or cannot be understood.
    pub(crate) fn read(&self, key: &TokenKey) -> Result<Option<TokenRecord>, String> {
        let path = self.path(key);
        let read = || -> io::Result<(fs::Metadata, Vec<u8>)> {
            let file = File::open(&path)?;
            let found = file.metadata()?;
            let mut bytes = Vec::new();
            file.take(MAX_BYTES).read_to_end(&mut bytes)?;
            Ok((found, bytes))
        };
        match read() {
            Ok((found, bytes)) => {
                private::check_file(&path, &found)?;
                let text = String::from_utf8(bytes).ok().map(Secret::new);
                Ok(text.and_then(|text| TokenRecord::read(text.expose().as_bytes())))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(told(&path, "cannot be read", &error)),
        }
    }

    /// Puts `record` in the place of what is there; whoever reads meanwhile finds the one or the other, whole.
    ///
    /// The lock must be held.
    pub(crate) fn write(&self, key: &TokenKey, record: &TokenRecord) -> Result<(), String> {
        let path = self.path(key);
        let new = path.with_extension(NEW);
        let write = || -> io::Result<()> {
            // A process that was killed may have left one behind.
            match fs::remove_file(&new) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let mut file = private::open(OpenOptions::new().write(true).create_new(true), &new)?;
            file.write_all(record.to_text().expose().as_bytes())?;
            // Otherwise a machine that loses its power may keep the new name and not what it stands for.
            file.sync_all()?;
            fs::rename(&new, &path)
        };
        write().map_err(|error| told(&path, "cannot be written", &error))
    }

    /// The file that is locked, in the folder that is created where it is not there.
    pub(crate) fn lock_file(&self) -> Result<File, String> {
        private::create_folder(&self.0).map_err(|error| told(&self.0, "cannot be created", &error))?;
        let found = fs::metadata(&self.0).map_err(|error| told(&self.0, "cannot be read", &error))?;
        private::check_folder(&self.0, &found)?;
        let path = self.0.join(LOCK);
        // What is in it does not matter.
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        private::open(&mut options, &path).map_err(|error| told(&path, "cannot be opened", &error))
    }

    /// Whether `file` could be locked now.
    pub(crate) fn try_lock(&self, file: &File) -> Result<bool, String> {
        match file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(told(&self.0.join(LOCK), "cannot be locked", &error)),
        }
    }
}

fn told(path: &Path, what: &str, error: &io::Error) -> String {
    format!("{} {what}: {error}", path.display())
}

/// Files that nobody else may read, and a folder into which nobody else may put any.
#[cfg(unix)]
mod private {
    use std::fs::{DirBuilder, File, Metadata, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
    use std::path::Path;

    const OF_OTHERS: u32 = 0o077;
    const WRITABLE_BY_OTHERS: u32 = 0o022;

    pub(super) fn create_folder(path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    pub(super) fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
        options.mode(0o600).open(path)
    }

    pub(super) fn check_folder(path: &Path, found: &Metadata) -> Result<(), String> {
        let mode = found.permissions().mode();
        if mode & WRITABLE_BY_OTHERS == 0 {
            return Ok(());
        }
        let path = path.display();
        Err(format!(
            "{path}: others may write to it; `chmod go-w` would change that"
        ))
    }

    pub(super) fn check_file(path: &Path, found: &Metadata) -> Result<(), String> {
        if found.permissions().mode() & OF_OTHERS == 0 {
            return Ok(());
        }
        let path = path.display();
        Err(format!(
            "{path}: others may have read the secrets in it; remove the file, and see how it came to be open to them"
        ))
    }
}

/// Where there are no such bits, a new file has the rights of the folder it is in.
#[cfg(not(unix))]
mod private {
    use std::fs::{self, File, Metadata, OpenOptions};
    use std::io;
    use std::path::Path;

    pub(super) fn create_folder(path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    pub(super) fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
        options.open(path)
    }

    #[expect(clippy::unnecessary_wraps, reason = "the other one can fail")]
    pub(super) fn check_folder(_: &Path, _: &Metadata) -> Result<(), String> {
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "the other one can fail")]
    pub(super) fn check_file(_: &Path, _: &Metadata) -> Result<(), String> {
        Ok(())
    }
}
