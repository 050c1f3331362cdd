//! Large blobs as files: written aside, fsynced, renamed, and their folder fsynced, so that a name that is there is
//! whole. Names are hashes, so writing twice is harmless.

use super::error::BlobError;
use maildesk_core::ids::BlobHash;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The folder of large blobs.
#[derive(Debug, Clone)]
pub struct BlobFiles {
    dir: PathBuf,
    claims: Claims,
    /// Files begun so far: each is written under a name of its own, since two mails may bring the same bytes at once.
    begun: Arc<AtomicU64>,
}

/// Files that were written for mails that are not committed yet, and by how many.
type Claims = Arc<Mutex<BTreeMap<BlobHash, usize>>>;

/// Keeps a file from being swept up as long as it is held.
#[derive(Debug)]
pub struct FileClaim {
    hash: BlobHash,
    claims: Claims,
}

impl Drop for FileClaim {
    fn drop(&mut self) {
        let mut claims = lock(&self.claims);
        if let Some(count) = claims.get_mut(&self.hash) {
            *count -= 1;
            if *count == 0 {
                claims.remove(&self.hash);
            }
        }
    }
}

fn write_aside(aside: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(aside)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// What was begun must not stay, on a full disk least of all; where it cannot be removed, the next start does.
fn remove_begun(aside: &Path) {
    drop(fs::remove_file(aside));
}

fn lock(claims: &Claims) -> MutexGuard<'_, BTreeMap<BlobHash, usize>> {
    claims.lock().unwrap_or_else(PoisonError::into_inner)
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
        Ok(Self { dir: dir.to_path_buf(), claims: Claims::default(), begun: Arc::default() })
    }

    /// Makes the bytes durable under their name. Blocks. The claim is held until what refers to them is durable, too.
    pub fn write(&self, hash: &BlobHash, bytes: &[u8]) -> Result<FileClaim, BlobError> {
        let claim = self.claim(hash);
        let aside = self.aside(&hash.to_string());
        let missing = !self.location(hash).exists();
        let written = if missing { write_aside(&aside, bytes) } else { Ok(()) };
        if let Err(source) = written {
            remove_begun(&aside);
            return Err(BlobError::File { step: "writing", path: aside, source });
        }
        self.settle(&aside, hash)?;
        Ok(claim)
    }

    /// Gives a durable file its name, where the bytes have not got it yet; the other file goes. Blocks.
    pub(super) fn settle(&self, aside: &Path, hash: &BlobHash) -> Result<FileClaim, BlobError> {
        let claim = self.claim(hash);
        let (folder, path) = self.path(hash);
        let settle = || -> io::Result<()> {
            if !folder.exists() {
                fs::create_dir(&folder).or_else(|error| if folder.exists() { Ok(()) } else { Err(error) })?;
                File::open(&self.dir)?.sync_all()?;
            }
            if !path.exists() {
                fs::rename(aside, &path)?;
            }
            // Also where somebody else has put it there: its name may not be durable yet.
            File::open(&folder)?.sync_all()
        };
        let settled = settle();
        remove_begun(aside);
        settled.map_err(|source| BlobError::File { step: "writing", path: path.clone(), source })?;
        Ok(claim)
    }

    /// Where a file is written that is not whole yet; what a crash leaves there is removed.
    pub(super) fn aside(&self, name: &str) -> PathBuf {
        self.dir.join(format!("{name}.{}.new", self.begun.fetch_add(1, Ordering::Relaxed)))
    }

    /// Keeps a file that is there, or about to be, from being swept up.
    pub(super) fn claim(&self, hash: &BlobHash) -> FileClaim {
        *lock(&self.claims).entry(*hash).or_default() += 1;
        FileClaim { hash: *hash, claims: Arc::clone(&self.claims) }
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

    /// Removes files that nothing refers to and nobody is about to: what a crash or a mail that expired left. Blocks.
    /// Gives how many.
    pub fn sweep(&self, is_known: impl Fn(&BlobHash) -> Result<bool, BlobError>) -> Result<u64, BlobError> {
        let failed = |path: &Path| {
            let path = path.to_path_buf();
            move |source| BlobError::File { step: "listing", path, source }
        };
        let mut removed = 0;
        for folder in fs::read_dir(&self.dir).map_err(failed(&self.dir))?.flatten().map(|entry| entry.path()) {
            if !folder.is_dir() {
                continue;
            }
            for entry in fs::read_dir(&folder).map_err(failed(&folder))?.flatten() {
                let Some(hash) = entry.file_name().to_str().and_then(BlobHash::parse) else { continue };
                // Held over both questions, so that nobody claims the file in between.
                let claims = lock(&self.claims);
                if !claims.contains_key(&hash) && !is_known(&hash)? {
                    self.remove(&hash)?;
                    removed += 1;
                }
            }
        }
        Ok(removed)
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
        drop(files.write(&hash, b"0123456789").unwrap());
        drop(files.write(&hash, b"0123456789").unwrap());
        assert_eq!(files.read(&hash, 0, 4).unwrap().unwrap(), b"0123");
        assert_eq!(files.read(&hash, 8, 4).unwrap().unwrap(), b"89");
        assert_eq!(files.read(&hash, 10, 4).unwrap().unwrap(), b"");
        files.remove(&hash).unwrap();
        files.remove(&hash).unwrap();
        assert_eq!(files.read(&hash, 0, 4).unwrap(), None);
    }

    #[test]
    fn two_mails_may_bring_the_same_file_at_the_same_time() {
        let dir = tempfile::tempdir().unwrap();
        let files = BlobFiles::open(dir.path()).unwrap();
        for round in 0..8_u8 {
            let bytes = vec![round; 4 << 20];
            let hash = BlobHash::of(&bytes);
            let begin = std::sync::Barrier::new(4);
            let whole = std::thread::scope(|scope| {
                let write = || {
                    begin.wait();
                    let _claim = files.write(&hash, &bytes)?;
                    // What has a claim is whole: its mail may be committed now.
                    Ok(std::fs::read(files.location(&hash)).is_ok_and(|found| found == bytes))
                };
                let writers: Vec<_> = (0..4).map(|_| scope.spawn(write)).collect();
                let outcomes: Result<Vec<bool>, BlobError> =
                    writers.into_iter().map(|writer| writer.join().unwrap()).collect();
                outcomes
            });
            assert_eq!(whole.unwrap(), [true; 4], "round {round}");
        }
        let left = std::fs::read_dir(dir.path()).unwrap().flatten().filter(|entry| entry.path().is_file()).count();
        assert_eq!(left, 0);
    }

    #[test]
    fn what_nothing_refers_to_is_swept_up_unless_it_is_claimed() {
        let dir = tempfile::tempdir().unwrap();
        let files = BlobFiles::open(dir.path()).unwrap();
        let [known, claimed, forgotten] = [b"known", b"claim", b"gone!"].map(|bytes| {
            let hash = BlobHash::of(bytes);
            (hash, files.write(&hash, bytes).unwrap())
        });
        drop((known.1, forgotten.1));
        let is_known = |hash: &BlobHash| Ok(*hash == known.0);
        assert_eq!(files.sweep(is_known).unwrap(), 1);
        let there = [known.0, claimed.0, forgotten.0].map(|hash| files.location(&hash).exists());
        assert_eq!(there, [true, true, false]);
        // Claimed twice, let go once.
        drop(files.write(&claimed.0, b"claim").unwrap());
        assert_eq!(files.sweep(is_known).unwrap(), 0);
        drop(claimed.1);
        assert_eq!(files.sweep(is_known).unwrap(), 1);
    }

    #[test]
    fn what_a_crash_left_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("abc.new"), "half").unwrap();
        BlobFiles::open(dir.path()).unwrap();
        assert!(!dir.path().join("abc.new").exists());
    }
}
