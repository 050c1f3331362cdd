//! Texts being written, kept where only their writer reads them: a lost connection loses nothing.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The folder of drafts for one daemon.
#[derive(Debug, Clone)]
pub(crate) struct Drafts {
    folder: PathBuf,
}

/// Bytes of a draft at the most.
const MOST: u64 = 4 << 20;

impl Drafts {
    /// In `$XDG_STATE_HOME/maildesk`, or where that is not set in `~/.local/state/maildesk`.
    pub(crate) fn of_process(socket: &Path) -> Option<Self> {
        let path = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let state = path("XDG_STATE_HOME").or_else(|| Some(path("HOME")?.join(".local/state")))?;
        let desk = socket.to_string_lossy().trim_start_matches('/').replace('/', "_");
        Some(Self { folder: state.join("maildesk/drafts").join(desk) })
    }

    /// Keeps a text; an empty one is forgotten.
    pub(crate) fn keep(&self, name: &str, text: &str) -> io::Result<()> {
        let place = self.folder.join(name);
        if text.trim().is_empty() {
            return match fs::remove_file(&place) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        }
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let new = self.folder.join(format!(".{name}.{}", std::process::id()));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, &place)
    }

    /// The text of this name, if one is kept.
    pub(crate) fn load(&self, name: &str) -> Option<String> {
        let place = self.folder.join(name);
        let fits = fs::metadata(&place).is_ok_and(|data| data.is_file() && data.len() <= MOST);
        fits.then(|| fs::read_to_string(&place).ok())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn drafts_are_kept_for_their_writer_and_forgotten() {
        let home = tempfile::tempdir().unwrap();
        let drafts = Drafts { folder: home.path().join("a/b") };
        assert_eq!(drafts.load("reply-1"), None);
        drafts.keep("reply-1", "Hello").unwrap();
        drafts.keep("reply-1", "Hello, Ann").unwrap();
        assert_eq!(drafts.load("reply-1").as_deref(), Some("Hello, Ann"));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&drafts.folder), mode(&drafts.folder.join("reply-1"))), (0o700, 0o600));
        drafts.keep("reply-1", " \n").unwrap();
        drafts.keep("reply-1", "").unwrap();
        assert_eq!((drafts.load("reply-1"), fs::read_dir(&drafts.folder).unwrap().count()), (None, 0));
    }
}
