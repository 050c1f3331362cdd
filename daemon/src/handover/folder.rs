//! A folder that takes one file for each mail: there whole or not at all, and once however often it is written.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A folder that exists.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("the folder {} cannot be written: {source}", path.display())]
    Unwritable { path: PathBuf, source: io::Error },
    #[error("writing was broken off")]
    Interrupted,
}

impl FolderError {
    /// What to try, one sentence.
    pub fn remedy(&self) -> &'static str {
        "Create the folder and give it to the daemon's user; under systemd name it by ReadWritePaths= in the unit."
    }
}

impl Folder {
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Writes the mail durably as NAME.eml, in place of one that is there, and gives its path.
    ///
    /// # Errors
    /// The folder is not there, may not be written, or the disk is full.
    pub async fn put(&self, name: &str, mime: Vec<u8>) -> Result<PathBuf, FolderError> {
        let name = name.to_owned();
        self.blocking(move |folder| write(folder, &name, &mime)).await
    }

    /// Whether files can be written there; leaves nothing behind.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub async fn probe(&self) -> Result<(), FolderError> {
        self.blocking(|folder| fs::remove_file(write(folder, ".maildesk-check", b"")?)).await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
    ) -> Result<T, FolderError> {
        let path = self.path.clone();
        let worked =
            tokio::task::spawn_blocking(move || work(&path).map_err(|source| FolderError::Unwritable { path, source }));
        worked.await.map_err(|_| FolderError::Interrupted)?
    }
}

fn write(folder: &Path, name: &str, mime: &[u8]) -> io::Result<PathBuf> {
    // Whoever collects *.eml does not see it before it is whole.
    let (aside, place) = (folder.join(format!(".{name}.new")), folder.join(format!("{name}.eml")));
    let mut file = File::create(&aside)?;
    file.write_all(mime)?;
    file.sync_all()?;
    fs::rename(&aside, &place)?;
    File::open(folder)?.sync_all()?;
    Ok(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_mail_that_is_written_twice_is_there_once() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path());
        folder.probe().await.unwrap();
        for text in ["first", "second"] {
            let written = folder.put("outbox-7", text.as_bytes().to_vec()).await.unwrap();
            assert_eq!(written, place.path().join("outbox-7.eml"));
        }
        let files: Vec<_> = fs::read_dir(place.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert_eq!(files, ["outbox-7.eml"]);
        assert_eq!(fs::read(place.path().join("outbox-7.eml")).unwrap(), b"second");
    }

    #[tokio::test]
    async fn a_folder_that_is_not_there_is_named() {
        let error = Folder::new(Path::new("/no/such/folder")).probe().await.unwrap_err();
        assert!(error.to_string().starts_with("the folder /no/such/folder cannot be written"), "{error}");
    }
}
