//! The journal of a run as a file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use wx_card::bulk::{BulkJournal, JournalError};

use crate::failure::Failure;

/// A file that one process at a time writes to.
#[derive(Debug)]
pub(super) struct FileJournal(Arc<Mutex<File>>);

impl FileJournal {
    /// Opens or makes the file, and keeps other processes from it.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let cannot = |error: io::Error| Failure::local(format!("the journal {}: {error}", path.display()));
        // A device or a pipe keeps nothing, and may be read without end.
        if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            let message = format!("--journal: {}: is no regular file", path.display());
            return Err(Failure::usage(message));
        }
        let mut options = OpenOptions::new();
        let file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::local(format!(
                    "the journal {}: another process is at it",
                    path.display()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(cannot(error)),
        }
        make_name_durable(path).map_err(cannot)?;
        Ok(Self(Arc::new(Mutex::new(file))))
    }

    async fn with_file<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut File) -> io::Result<T> + Send + 'static,
    ) -> Result<T, JournalError> {
        let file = Arc::clone(&self.0);
        // On a thread for what blocks: requests go on while the disk works.
        let done = tokio::task::spawn_blocking(move || work(&mut file.lock().unwrap_or_else(PoisonError::into_inner)));
        done.await.map_err(JournalError::new)?.map_err(JournalError::new)
    }
}

#[async_trait]
impl BulkJournal for FileJournal {
    async fn read(&self) -> Result<Vec<u8>, JournalError> {
        self.with_file(|file| {
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(0))?;
            file.read_to_end(&mut bytes)?;
            Ok(bytes)
        })
        .await
    }

    async fn append(&self, at: u64, bytes: Bytes) -> Result<(), JournalError> {
        self.with_file(move |file| {
            file.set_len(at)?;
            file.seek(SeekFrom::Start(at))?;
            file.write_all(&bytes)?;
            file.sync_data()
        })
        .await
    }
}

/// A file whose name is not on the disk is lost with the machine's power, whatever is in it.
#[cfg(unix)]
fn make_name_durable(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn make_name_durable(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// The journal that belongs to `file`, unless another is named; none for stdin.
pub(super) fn path(file: &Path, named: Option<PathBuf>) -> Option<PathBuf> {
    named.or_else(|| {
        let mut name = file.as_os_str().to_owned();
        name.push(".wx-journal");
        (file.as_os_str() != "-").then(|| PathBuf::from(name))
    })
}
