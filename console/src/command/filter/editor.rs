//! A rule in a person's editor, by way of a file of their own.

use crate::failure::Failure;
use maildesk_core::filter::Filter;
use maildesk_core::settings::{FieldProblem, FilterName};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Opens the editor on `text` and reads what was saved; `None` where it was left as it is. What does not check stays
/// in its file, which the error names.
pub(super) async fn edit(
    name: &FilterName,
    text: String,
    check: fn(&str) -> Result<Vec<Filter>, Vec<FieldProblem>>,
) -> Result<Option<Vec<Filter>>, Failure> {
    let file = std::env::temp_dir().join(format!("maildesk-{name}-{}.toml", std::process::id()));
    let place = file.clone();
    let work = tokio::task::spawn_blocking(move || through_editor(&place, &text));
    let edited = work.await.unwrap_or_else(|error| Err(unreadable(io::Error::other(error))))?;
    let Some(edited) = edited else { return Ok(None) };
    let rules = check(&edited).map_err(|mut problems| {
        let problem = format!("was kept as {}", file.display());
        let remedy = format!("set it right: maildesk filter edit {name} --file {}", file.display());
        problems.push(FieldProblem { field: "the text".into(), problem, remedy });
        Failure::Invalid { what: "the rule".into(), problems }
    })?;
    // The rule is on its way; a file that stays behind is no loss.
    drop(fs::remove_file(&file));
    Ok(Some(rules))
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
    Failure::Unreadable { what: "the edited rule".into(), source }
}
