//! A rule in a person's editor, by way of a file of their own.

use crate::external;
use crate::failure::Failure;
use maildesk_core::filter::Filter;
use maildesk_core::settings::{FieldProblem, FilterName};
use std::fs;
use std::io;

/// Opens the editor on `text` and reads what was saved; `None` where it was left as it is. What does not check stays
/// in its file, which the error names.
pub(super) async fn edit(
    name: &FilterName,
    text: String,
    check: fn(&str) -> Result<Vec<Filter>, Vec<FieldProblem>>,
) -> Result<Option<Vec<Filter>>, Failure> {
    let file = std::env::temp_dir().join(format!("maildesk-{name}-{}.toml", std::process::id()));
    let place = file.clone();
    let work = tokio::task::spawn_blocking(move || external::edit(&place, &text));
    let edited = work.await.unwrap_or_else(|error| Err(external::unreadable(io::Error::other(error))))?;
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
