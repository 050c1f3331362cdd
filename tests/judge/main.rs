//! Says what the product makes of mails, one line of JSON each: `maildesk-judge [--base DIR] [--list FILE] PATH...`.
//!
//! A folder stands for all files below it. Mails are named by their path below `--base`, or below the folder given;
//! `--list` names mails below `--base`, one a line.

mod line;

use anyhow::{Context, Result};
use clap::Parser;
use std::fs;
use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};

/// Judges mails with maildesk's own code and prints one line of JSON for each.
#[derive(Parser)]
struct Arguments {
    /// Mails are named by their path below this directory.
    #[arg(long)]
    base: Option<PathBuf>,
    /// A file that names mails below --base, one a line.
    #[arg(long, requires = "base")]
    list: Option<PathBuf>,
    /// Mails, or folders of mails.
    #[arg(required_unless_present = "list")]
    paths: Vec<PathBuf>,
}

fn main() -> Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    for (name, path) in mails(&Arguments::parse())? {
        let raw = fs::read(&path).with_context(|| path.display().to_string())?;
        writeln!(out, "{}", line::judged(&name, &raw))?;
    }
    Ok(out.flush()?)
}

/// Names and paths of all mails that were asked for.
fn mails(arguments: &Arguments) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    if let (Some(list), Some(base)) = (&arguments.list, &arguments.base) {
        let names = fs::read_to_string(list).with_context(|| list.display().to_string())?;
        found.extend(names.lines().filter(|name| !name.is_empty()).map(|name| (name.to_owned(), base.join(name))));
    }
    for path in &arguments.paths {
        let mut files = Vec::new();
        below(path, &mut files).with_context(|| path.display().to_string())?;
        let above = arguments.base.as_deref().unwrap_or(if path.is_dir() { path } else { Path::new("") });
        for file in files {
            let name = file.strip_prefix(above).unwrap_or(&file).to_string_lossy().into_owned();
            found.push((name, file));
        }
    }
    Ok(found)
}

/// All files below `path`, in the order of their names; `path` itself if it is a file.
fn below(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
    entries.sort();
    entries.iter().try_for_each(|entry| below(entry, files))
}
