//! Files that appear whole or not at all.

use crate::failure::Failure;
use maildesk_core::text::clean_line;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Bytes of a name and of an extension at the most.
const LONGEST_NAME: usize = 240;
const LONGEST_EXTENSION: usize = 20;

/// A file beside its final place; gone again unless it was kept.
pub(super) struct NewFile {
    file: File,
    temporary: PathBuf,
    place: PathBuf,
    kept: bool,
}

impl NewFile {
    /// Begins a file that will stand at `place`. An existing file there is refused unless `replace`.
    pub(super) fn begin(place: &Path, replace: bool) -> Result<Self, Failure> {
        if !replace && fs::symlink_metadata(place).is_ok() {
            return Err(Failure::Exists { path: place.to_owned() });
        }
        let name = place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let short: String = name.chars().take(40).collect();
        let temporary = place.with_file_name(format!(".{short}.{}.part", std::process::id()));
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&temporary)
            .map_err(|source| Failure::Unwritable { path: temporary.clone(), source })?;
        Ok(Self { file, temporary, place: place.to_owned(), kept: false })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.file.write_all(bytes).map_err(|source| self.fault(source))
    }

    /// Puts the file in its place.
    pub(super) fn keep(mut self) -> Result<(), Failure> {
        self.file.sync_all().map_err(|source| self.fault(source))?;
        fs::rename(&self.temporary, &self.place).map_err(|source| self.fault(source))?;
        self.kept = true;
        Ok(())
    }

    fn fault(&self, source: io::Error) -> Failure {
        Failure::Unwritable { path: self.place.clone(), source }
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.kept {
            // Whatever stopped us is being told already.
            drop(fs::remove_file(&self.temporary));
        }
    }
}

/// A name that stays in its folder and shows: no separators, no leading dot, no control characters. The daemon gives
/// safe names; a console that writes files does not rely on it.
pub(super) fn file_name(given: &str) -> String {
    let name = clean_line(given).replace(['/', '\\'], "_");
    let name = name.trim_start_matches('.').trim();
    if name.is_empty() { "attachment".into() } else { fitting(name) }
}

/// A name that a file system takes: 255 bytes at the most, less what [`numbered`] adds. The extension stays.
fn fitting(name: &str) -> String {
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= LONGEST_EXTENSION => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let mut kept = String::new();
    for c in stem.chars() {
        if kept.len() + c.len_utf8() + extension.len() > LONGEST_NAME {
            break;
        }
        kept.push(c);
    }
    kept + &extension
}

/// `report.pdf`, then `report (2).pdf`: the `copy`th file of this name.
pub(super) fn numbered(name: &str, copy: usize) -> String {
    match name.rsplit_once('.') {
        _ if copy < 2 => name.to_owned(),
        Some((stem, extension)) if !stem.is_empty() => format!("{stem} ({copy}).{extension}"),
        _ => format!("{name} ({copy})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_folder() {
        let safe = ["../../etc/passwd", "..", ".bashrc", "a\u{202e}fdp.exe", "", "Bericht März.pdf"].map(file_name);
        assert_eq!(safe, ["_.._etc_passwd", "attachment", "bashrc", "a fdp.exe", "attachment", "Bericht März.pdf"]);
        let long = file_name(&format!("{}.pdf", "ü".repeat(300)));
        assert!(long.len() <= 240 && long.ends_with("ü.pdf"), "{long}");
        assert_eq!(file_name(&"x".repeat(300)).len(), 240);
        assert_eq!([numbered("a.tar.gz", 2), numbered("a", 3), numbered("a.b", 1)], ["a.tar (2).gz", "a (3)", "a.b"]);
    }

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a.txt");
        let mut begun = NewFile::begin(&place, false).unwrap();
        begun.write(b"half").unwrap();
        drop(begun);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let mut begun = NewFile::begin(&place, false).unwrap();
        begun.write(b"whole").unwrap();
        begun.keep().unwrap();
        assert_eq!(fs::read(&place).unwrap(), b"whole");
        assert!(matches!(NewFile::begin(&place, false), Err(Failure::Exists { .. })));
    }
}
