//! Programs of the person's choice: their editor and their pager.

use crate::failure::Failure;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Opens the person's editor on `text` by way of a new file, and reads what was saved; `None` where it was left as it
/// is. The file stays where there is something new in it.
pub fn edit(file: &Path, text: &str) -> Result<Option<String>, Failure> {
    let unwritable = |source| Failure::Unwritable { path: PathBuf::from(file), source };
    let mut begun = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map_err(unwritable)?;
    begun.write_all(text.as_bytes()).map_err(unwritable)?;
    drop(begun);
    let editor = named("VISUAL").or_else(|| named("EDITOR")).unwrap_or_else(|| "vi".into());
    let status = by_shell(editor, file).status().map_err(unreadable)?;
    let edited = fs::read_to_string(file).map_err(unreadable)?;
    if !status.success() || edited == text {
        drop(fs::remove_file(file));
        let failed = io::Error::other(format!("the editor ended by {status}"));
        return if status.success() { Ok(None) } else { Err(unreadable(failed)) };
    }
    Ok(Some(edited))
}

pub(crate) fn unreadable(source: io::Error) -> Failure {
    Failure::Unreadable { what: "the edited text".into(), source }
}

/// Shows a text in the person's pager.
pub fn page(text: &str) -> io::Result<()> {
    let pager = named("PAGER").unwrap_or_else(|| "less".into());
    let file = std::env::temp_dir().join(format!("maildesk-page-{}.txt", std::process::id()));
    let mut begun = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file)?;
    let shown = begun.write_all(text.as_bytes()).and_then(|()| by_shell(pager, &file).status());
    fs::remove_file(&file)?;
    shown.map(drop)
}

fn named(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// As git and crontab do it: the program's name may hold arguments.
fn by_shell(program: OsString, file: &Path) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg("exec $MAILDESK_PROGRAM \"$0\"").arg(file).env("MAILDESK_PROGRAM", program);
    command
}
