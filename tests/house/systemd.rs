//! The unit: hardened to at most 1.5 of exposure, and without a word from systemd-analyze.

use crate::sources::root;
use std::process::{Command, Output};

/// Most exposure, in tenths.
const THRESHOLD: &str = "--threshold=15";

/// None where the tool is not installed, which the test says.
fn systemd_analyze(arguments: &[&str]) -> Option<Output> {
    match Command::new("systemd-analyze").args(arguments).current_dir(root()).output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("skipped: systemd-analyze is not installed");
            None
        }
        Err(error) => panic!("systemd-analyze: {error}"),
    }
}

fn all_it_said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}

#[test]
fn the_unit_is_exposed_to_at_most_one_and_a_half() {
    let unit = "systemd/maildeskd.service";
    let Some(output) = systemd_analyze(&["security", "--offline=true", THRESHOLD, "--no-pager", unit]) else { return };
    assert!(output.status.success(), "{}", all_it_said(&output));
}

#[test]
fn systemd_has_nothing_to_say_about_the_unit() {
    // The program must exist for verify: in the unit's copy another one stands for ours.
    let unit = std::fs::read_to_string(root().join("systemd/maildeskd.service")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("maildeskd.service");
    let complaints = |unit: &str| -> Option<Vec<String>> {
        std::fs::write(&copy, unit.replace("/usr/bin/maildeskd", "/bin/true")).unwrap();
        let output = systemd_analyze(&["verify", "--man=no", &copy.to_string_lossy()])?;
        let said = all_it_said(&output);
        // Units that are installed on this machine are not our concern.
        Some(said.lines().filter(|line| line.contains("maildesk")).map(str::to_owned).collect())
    };
    let Some(said) = complaints(&unit) else { return };
    assert!(said.is_empty(), "{}", said.join("\n"));
    let wrong = complaints(&unit.replace("[Service]", "[Service]\nNoSuchKey=yes")).unwrap();
    assert!(!wrong.is_empty(), "an unknown key goes unnoticed: this test proves nothing");
}
