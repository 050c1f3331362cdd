//! A text in a person's editor, by way of a file of their own.

use crate::external;
use crate::failure::Failure;
use std::fs;
use std::io;
use std::path::PathBuf;

/// What came out of the editor, and the file that it lies in until [`Edited::done`].
pub(super) struct Edited {
    pub(super) text: String,
    pub(super) file: PathBuf,
}

impl Edited {
    /// The text is on its way; a file that stays behind is no loss.
    pub(super) fn done(self) {
        drop(fs::remove_file(self.file));
    }
}

/// Opens the editor on `text` and reads what was saved; `None` where it was left as it is. `name` and `suffix` make
/// the name of the file, which only this person can read.
pub(super) async fn edit(name: &str, suffix: &str, text: String) -> Result<Option<Edited>, Failure> {
    let file = std::env::temp_dir().join(format!("maildesk-{name}-{}.{suffix}", std::process::id()));
    let place = file.clone();
    let work = tokio::task::spawn_blocking(move || external::edit(&place, &text));
    let edited = work.await.unwrap_or_else(|error| Err(external::unreadable(io::Error::other(error))))?;
    Ok(edited.map(|text| Edited { text, file }))
}
