//! A file that makes a bulk run resumable.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use wx_card::bulk::{BulkJournal, JournalError};

/// A file that one process at a time writes to.
#[derive(Debug)]
pub struct FileJournal(Arc<Mutex<File>>);

impl FileJournal {
    /// The journal of the codes in `file`, in a file beside it.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, or another process is at it.
    pub fn beside(file: &Path) -> io::Result<Self> {
        let mut path = file.as_os_str().to_owned();
        path.push(".journal");
        let mut options = File::options();
        let journal = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)?;
        // Two runs of one import would not know of each other.
        journal.try_lock()?;
        // A file whose name is not on the disk goes with the power, whatever is in it.
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(Self(Arc::new(Mutex::new(journal))))
    }

    /// Works on a thread for what blocks, so that requests go on while the disk is slow.
    async fn at_the_file<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut File) -> io::Result<T> + Send + 'static,
    ) -> Result<T, JournalError> {
        let file = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || work(&mut file.lock().unwrap_or_else(PoisonError::into_inner)));
        done.await.map_err(JournalError::new)?.map_err(JournalError::new)
    }
}

#[async_trait]
impl BulkJournal for FileJournal {
    async fn read(&self) -> Result<Vec<u8>, JournalError> {
        self.at_the_file(|file| {
            file.rewind()?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).map(|_| bytes)
        })
        .await
    }

    async fn append(&self, at: u64, bytes: Bytes) -> Result<(), JournalError> {
        self.at_the_file(move |file| {
            file.set_len(at)?;
            file.seek(SeekFrom::Start(at))?;
            file.write_all(&bytes)?;
            file.sync_data()
        })
        .await
    }
}
