//! What maildesk makes of mails that nobody here wrote: public test suites' mails, with what those suites expect.
//!
//! The mails are not part of the project. They are looked for beside it, in `../shared/corpora`, or where
//! `MAILDESK_CORPORA` says; where there are none, this says so and passes.

mod asked;

use anyhow::{Context, Result, ensure};
use asked::{ASKED, ASKED_OF_SOURCES};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Right answers and all answers of each field.
type Score = BTreeMap<String, (f64, f64)>;

fn corpora() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora");
    let place = std::env::var_os("MAILDESK_CORPORA").map_or(beside, PathBuf::from);
    place.join("score.py").is_file().then_some(place)
}

/// Runs the scorer, prints its table, and returns what it counted.
fn score(corpora: &Path, lines: &Path, origin: &str) -> Result<Score> {
    let counted = lines.with_extension("json");
    let output = Command::new("python3")
        .arg(corpora.join("score.py"))
        .args([lines.as_os_str(), "--cases".as_ref(), corpora.join("cases.jsonl").as_os_str(), "--quiet".as_ref()])
        .args(["--origin", origin, "--json"])
        .arg(&counted)
        .output()
        .context("python3 runs the scorer")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    println!("expectations of origin {origin}\n{}", String::from_utf8_lossy(&output.stdout));
    let counted: serde_json::Value = serde_json::from_slice(&fs::read(counted)?)?;
    let fields = counted["total"].as_object().context("the scorer counts by field")?;
    let pair = |value: &serde_json::Value| Some((value[0].as_f64()?, value[1].as_f64()?));
    Ok(fields.iter().filter_map(|(field, value)| Some((field.clone(), pair(value)?))).collect())
}

/// Fields that stand below what is asked of them, and fields that were not counted at all.
fn missed(score: &Score, asked: &[(&str, f64)]) -> Vec<String> {
    let check = |(field, least): &(&str, f64)| match score.get(*field) {
        Some((right, all)) if 100.0 * right / all >= *least => None,
        Some((right, all)) => Some(format!("{field}: {right} of {all}, asked for {least} %")),
        None => Some(format!("{field}: nothing was counted")),
    };
    asked.iter().filter_map(check).collect()
}

#[test]
fn mails_of_strangers_are_read_as_they_expect() -> Result<()> {
    let Some(corpora) = corpora() else {
        println!("skipped: no corpora in ../shared/corpora, and MAILDESK_CORPORA names none");
        return Ok(());
    };
    let scratch = tempfile::tempdir()?;
    let lines = scratch.path().join("lines.jsonl");
    let judged = Command::new(env!("CARGO_BIN_EXE_maildesk-judge"))
        .arg("--base")
        .arg(corpora.join("mails"))
        .arg("--list")
        .arg(corpora.join("list.txt"))
        .stdout(File::create(&lines)?)
        .status()?;
    ensure!(judged.success(), "maildesk-judge: {judged}");
    let mut low = missed(&score(&corpora, &lines, "all")?, &ASKED);
    low.extend(missed(&score(&corpora, &lines, "source")?, &ASKED_OF_SOURCES).iter().map(|m| format!("sources' {m}")));
    ensure!(low.is_empty(), "below what is asked:\n  {}", low.join("\n  "));
    Ok(())
}

#[test]
fn a_low_score_and_a_field_that_is_missing_are_named() {
    let score = Score::from([("text".to_owned(), (98.0, 100.0))]);
    assert!(missed(&score, &[("text", 98.0)]).is_empty());
    assert_eq!(missed(&score, &[("text", 98.1), ("from", 1.0)]).len(), 2);
}
