//! A large blob whose bytes come piece by piece: written aside, named when all of it is there.

use super::error::BlobError;
use super::files::BlobFiles;
use super::prepare::PreparedBlob;
use maildesk_core::ids::BlobHash;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;

/// A blob on its way. Dropped before its end, it leaves nothing.
#[derive(Debug)]
pub struct IncomingBlob {
    files: BlobFiles,
    aside: PathBuf,
    file: File,
    hash: Sha256,
    size: u64,
}

impl IncomingBlob {
    /// Blocks.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn begin(files: &BlobFiles) -> Result<Self, BlobError> {
        let aside = files.aside("incoming");
        let file = File::create(&aside).map_err(failed(&aside, "making"))?;
        Ok(Self { files: files.clone(), aside, file, hash: Sha256::new(), size: 0 })
    }

    /// Bytes so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Blocks.
    ///
    /// # Errors
    /// The bytes cannot be written.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), BlobError> {
        self.file.write_all(piece).map_err(failed(&self.aside, "writing"))?;
        self.hash.update(piece);
        self.size += piece.len() as u64;
        Ok(())
    }

    /// Makes it durable under its name. Blocks.
    ///
    /// # Errors
    /// The file cannot be made durable.
    pub fn finish(self) -> Result<PreparedBlob, BlobError> {
        self.file.sync_all().map_err(failed(&self.aside, "writing"))?;
        let hash = BlobHash(self.hash.clone().finalize().into());
        let claim = self.files.settle(&self.aside, &hash)?;
        Ok(PreparedBlob::of_file(hash, self.size, claim))
    }
}

impl Drop for IncomingBlob {
    fn drop(&mut self) {
        match fs::remove_file(&self.aside) {
            // It has its name by now.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(%error, file = %self.aside.display(), "half a file is left until a restart"),
            Ok(()) => {}
        }
    }
}

fn failed(path: &std::path::Path, step: &'static str) -> impl FnOnce(io::Error) -> BlobError {
    let path = path.to_path_buf();
    move |source| BlobError::File { step, path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_one_blob_and_half_of_them_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let files = BlobFiles::open(dir.path()).unwrap();
        let mut incoming = IncomingBlob::begin(&files).unwrap();
        incoming.push(b"01234").unwrap();
        let mut other = IncomingBlob::begin(&files).unwrap();
        other.push(b"half").unwrap();
        incoming.push(b"56789").unwrap();
        drop(other);
        let blob = incoming.finish().unwrap();
        assert_eq!((blob.hash, blob.size), (BlobHash::of(b"0123456789"), 10));
        assert_eq!(files.read(&blob.hash, 3, 4).unwrap().unwrap(), b"3456");
        assert_eq!(files.sweep(|_| Ok(false)).unwrap(), 0, "it is claimed");
        let aside = fs::read_dir(dir.path()).unwrap().flatten();
        assert!(aside.into_iter().all(|entry| entry.path().is_dir()));
        // Once more what is there already.
        let mut again = IncomingBlob::begin(&files).unwrap();
        again.push(b"0123456789").unwrap();
        assert_eq!(again.finish().unwrap().hash, blob.hash);
    }
}
