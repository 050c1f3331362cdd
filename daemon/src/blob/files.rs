//! Large blobs as files: written aside, fsynced, renamed, and their folder fsynced, so that a name that is there is
//! whole. Names are hashes, so writing twice is harmless.

use super::error::BlobError;
use maildesk_core::ids::BlobHash;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The folder of large blobs.
#[derive(Debug, Clone)]
pub struct BlobFiles {
    dir: PathBuf,
}

impl BlobFiles {
    /// Opens or makes the folder. Files that a crash left half written are removed.
    pub fn open(dir: &Path) -> Result<Self, BlobError> {
        let failed = |step| move |source| BlobError::File { step, path: dir.to_path_buf(), source };
        fs::create_dir_all(dir).map_err(failed("making the folder"))?;
        for entry in fs::read_dir(dir).map_err(failed("listing"))?.flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "new") {
                fs::remove_file(entry.path()).map_err(failed("cleaning"))?;
            }
        }
        Ok(Self { dir: dir.to_path_buf() })
    }

    /// Makes the bytes durable under their name. Blocks.
    pub fn write(&self, hash: &BlobHash, bytes: &[u8]) -> Result<(), BlobError> {
        let (folder, path) = self.path(hash);
        if path.exists() {
            return Ok(());
        }
        let aside = self.dir.join(format!("{hash}.new"));
        let write = || -> io::Result<()> {
            if !folder.exists() {
                fs::create_dir(&folder).or_else(|error| if folder.exists() { Ok(()) } else { Err(error) })?;
                File::open(&self.dir)?.sync_all()?;
            }
            let mut file = File::create(&aside)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&aside, &path)?;
            File::open(&folder)?.sync_all()
        };
        write().map_err(|source| BlobError::File { step: "writing", path: path.clone(), source })
    }

    /// Up to `limit` bytes from `offset`; empty at the end, `None` where there is no such blob. Blocks.
    pub fn read(&self, hash: &BlobHash, offset: u64, limit: usize) -> Result<Option<Vec<u8>>, BlobError> {
        let (_, path) = self.path(hash);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(BlobError::File { step: "opening", path, source }),
        };
        let mut piece = Vec::new();
        file.seek(SeekFrom::Start(offset))
            .and_then(|_| file.take(limit as u64).read_to_end(&mut piece))
            .map_err(|source| BlobError::File { step: "reading", path, source })?;
        Ok(Some(piece))
    }

    /// Where the blob lies, for streaming it elsewhere.
    pub fn location(&self, hash: &BlobHash) -> PathBuf {
        self.path(hash).1
    }

    /// Removes the blob; one that is not there is fine. Blocks.
    pub fn remove(&self, hash: &BlobHash) -> Result<(), BlobError> {
        let (_, path) = self.path(hash);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(BlobError::File { step: "removing", path, source: error })
            }
            _ => Ok(()),
        }
    }

    fn path(&self, hash: &BlobHash) -> (PathBuf, PathBuf) {
        let name = hash.to_string();
        // Two digits spread the files over 256 folders.
        let folder = self.dir.join(name.chars().take(2).collect::<String>());
        let path = folder.join(name);
        (folder, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_is_read_back_in_pieces() {
        let dir = tempfile::tempdir().unwrap();
        let files = BlobFiles::open(dir.path()).unwrap();
        let hash = BlobHash::of(b"0123456789");
        assert_eq!(files.read(&hash, 0, 4).unwrap(), None);
        files.write(&hash, b"0123456789").unwrap();
        files.write(&hash, b"0123456789").unwrap();
        assert_eq!(files.read(&hash, 0, 4).unwrap().unwrap(), b"0123");
        assert_eq!(files.read(&hash, 8, 4).unwrap().unwrap(), b"89");
        assert_eq!(files.read(&hash, 10, 4).unwrap().unwrap(), b"");
        files.remove(&hash).unwrap();
        files.remove(&hash).unwrap();
        assert_eq!(files.read(&hash, 0, 4).unwrap(), None);
    }

    #[test]
    fn what_a_crash_left_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("abc.new"), "half").unwrap();
        BlobFiles::open(dir.path()).unwrap();
        assert!(!dir.path().join("abc.new").exists());
    }
}
