//! Looks at a file that is to go along with an answer, so that a wrong path is told at once.

use crate::app::attached::AttachedFile;
use crate::output::size;
use maildesk_core::rpc::MOST_FILE_BYTES;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The file of this path as a person writes it: `~/` is their home, and quotes around it are the shell's.
pub(super) fn look(typed: &str) -> Result<AttachedFile, String> {
    let path = place(typed)?;
    let said = path.display();
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => format!("there is no file {said}"),
        io::ErrorKind::PermissionDenied => format!("you may not read {said}"),
        _ => format!("{said} cannot be read: {error}"),
    };
    let seen = fs::metadata(&path).map_err(failed)?;
    if seen.is_dir() {
        return Err(format!("{said} is a folder: name a file in it"));
    }
    if !seen.is_file() {
        return Err(format!("{said} is no ordinary file"));
    }
    if seen.len() > MOST_FILE_BYTES {
        let (is, most) = (size::bytes(seen.len()), MOST_FILE_BYTES >> 20);
        return Err(format!("{said} is {is} large: {most} MiB go along with an answer at the most"));
    }
    File::open(&path).map_err(failed)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(AttachedFile { path, name, size: seen.len() })
}

fn place(typed: &str) -> Result<PathBuf, String> {
    let typed = typed.trim();
    let within = |quote: char| typed.strip_prefix(quote)?.strip_suffix(quote);
    let path = within('\'').or_else(|| within('"')).unwrap_or(typed);
    let path = match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(path),
    };
    std::path::absolute(path).map_err(|error| format!("this is no path: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_path_is_told_with_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().display();
        fs::write(folder.path().join("two words.txt"), "hello").unwrap();
        let seen = look(&format!(" '{place}/two words.txt' ")).unwrap();
        assert_eq!((seen.name.as_str(), seen.size), ("two words.txt", 5));
        let refused = |path: &str| look(path).unwrap_err();
        assert_eq!(refused(&format!("{place}/none")), format!("there is no file {place}/none"));
        assert_eq!(refused(&place.to_string()), format!("{place} is a folder: name a file in it"));
        assert_eq!(refused("/dev/null"), "/dev/null is no ordinary file");
        let large = File::create(folder.path().join("large")).unwrap();
        large.set_len(MOST_FILE_BYTES + 1).unwrap();
        assert!(refused(&format!("{place}/large")).contains("25 MiB go along"));
        assert!(refused("").contains("no path"));
    }
}
