//! A text in a person's editor, by way of a file of their own.

use crate::failure::Failure;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

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
    let work = tokio::task::spawn_blocking(move || through_editor(&place, &text));
    let edited = work.await.unwrap_or_else(|error| Err(unreadable(io::Error::other(error))))?;
    Ok(edited.map(|text| Edited { text, file }))
}

fn through_editor(file: &Path, text: &str) -> Result<Option<String>, Failure> {
    let unwritable = |source| Failure::Unwritable { path: PathBuf::from(file), source };
    let mut begun = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map_err(unwritable)?;
    begun.write_all(text.as_bytes()).map_err(unwritable)?;
    drop(begun);
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let editor = named("VISUAL").or_else(|| named("EDITOR")).unwrap_or_else(|| "vi".into());
    // As git and crontab do it: the variable may hold arguments.
    let mut command = Command::new("sh");
    command.arg("-c").arg("exec $MAILDESK_EDITOR \"$0\"").arg(file).env("MAILDESK_EDITOR", editor);
    let status = command.status().map_err(unreadable)?;
    let edited = fs::read_to_string(file).map_err(unreadable)?;
    if !status.success() || edited == text {
        drop(fs::remove_file(file));
        let failed = io::Error::other(format!("the editor ended by {status}"));
        return if status.success() { Ok(None) } else { Err(unreadable(failed)) };
    }
    Ok(Some(edited))
}

fn unreadable(source: io::Error) -> Failure {
    Failure::Unreadable { what: "the edited text".into(), source }
}
