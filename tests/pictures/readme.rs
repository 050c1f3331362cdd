//! The frames that the README shows.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// What a frame begins with; its name follows.
const BEGIN: &str = "```console ";

/// Writes every frame of the README anew.
pub fn renew(readme: &Path, folder: &Path) -> Result<()> {
    let text = fs::read_to_string(readme)?;
    let mut new = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (name, after) = after.split_once('\n').context("a frame without a name")?;
        let (_, after) = after.split_once("\n```").context("a frame without an end")?;
        let picture = fs::read_to_string(folder.join(format!("{name}.txt"))).with_context(|| name.to_owned())?;
        new.push_str(&format!("{before}{BEGIN}{name}\n{}\n```", picture.trim_end()));
        rest = after;
    }
    new.push_str(rest);
    Ok(fs::write(readme, new)?)
}
