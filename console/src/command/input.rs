//! Texts that a person gives: in the command, in a file, or on standard input.

use crate::failure::Failure;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Bytes of a given text at the most; a larger one would not fit into a call.
const LARGEST: u64 = 4 << 20;

/// Reads a file, or standard input where it is `-`.
pub(super) async fn read_text(source: &Path) -> Result<String, Failure> {
    let what = name(source);
    let path = source.to_owned();
    // A blocking read on a thread of its own: standard input may be a terminal that waits for Ctrl-D or Ctrl-C.
    let reading = tokio::task::spawn_blocking(move || {
        if path.as_os_str() == "-" { bounded(io::stdin().lock()) } else { bounded(File::open(&path)?) }
    });
    let read = reading.await.unwrap_or_else(|error| Err(io::Error::other(error)));
    read.map_err(|source| Failure::Unreadable { what, source })
}

/// What to call the source in messages.
pub(super) fn name(source: &Path) -> String {
    if source.as_os_str() == "-" { "standard input".into() } else { source.display().to_string() }
}

/// Reads the bytes of a file, or of standard input where it is `-`: `most` of them at the most.
pub(super) async fn read_bytes(source: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let what = name(source);
    let path = source.to_owned();
    let reading = tokio::task::spawn_blocking(move || {
        if path.as_os_str() == "-" { all(io::stdin().lock(), most) } else { all(File::open(&path)?, most) }
    });
    let read = reading.await.unwrap_or_else(|error| Err(io::Error::other(error)));
    read.map_err(|source| Failure::Unreadable { what, source })
}

fn all(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let too_large = format!("it is larger than {} MiB", most >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, too_large));
    }
    Ok(bytes)
}

fn bounded(from: impl Read) -> io::Result<String> {
    let bytes = all(from, LARGEST)?;
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text"))
}
