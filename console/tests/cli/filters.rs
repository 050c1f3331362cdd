//! Filters: the list with counts and shadows, trials, presets, changes through the settings.

use crate::desk::{FakeDesk, Ran, Script};
use serde_json::json;
use std::path::PathBuf;
use std::process::Command;

fn file(folder: &tempfile::TempDir, name: &str, text: &[u8]) -> String {
    let place: PathBuf = folder.path().join(name);
    std::fs::write(&place, text).unwrap();
    place.to_string_lossy().into_owned()
}

fn ran(desk: &FakeDesk, arguments: &[&str]) -> Ran {
    let ran = desk.run(arguments);
    assert_eq!(ran.code, Some(0), "{arguments:?}: {}{}", ran.stdout, ran.stderr);
    ran
}

#[test]
fn the_list_tells_order_state_hits_words_and_shadows() {
    let desk = FakeDesk::start(Script::default());
    let shown = ran(&desk, &["filter", "list"]).stdout;
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[1].contains("1  noise") && lines[1].contains(" on ") && lines[1].ends_with("drop"), "{shown}");
    assert!(lines[1].contains("7  3 min ago  from_domain equals \"noise.example\""), "{shown}");
    assert!(lines[2].contains("shadowed") && lines[2].contains("\" and subject contains \"x\""), "{shown}");
    assert!(lines[3].contains("off") && lines[3].contains("every mail"), "{shown}");
    assert_eq!(lines[4], "! filter late can never act: noise always ends the run before it");
    let data = ran(&desk, &["filter", "list", "--json"]).json();
    assert_eq!((&data["data"][0]["hits"], &data["data"][0]["name"]), (&json!(7), &json!("noise")));
    assert_eq!(data["warnings"].as_array().map(Vec::len), Some(1));
    let one = ran(&desk, &["filter", "show", "rest"]).stdout;
    assert!(one.contains("enabled = false\nthen = { no_acknowledgement = true }\n"), "{one}");
    assert_eq!(desk.run(&["filter", "show", "nobody"]).code, Some(3));
}

#[test]
fn a_trial_sends_the_bytes_and_the_unsaved_rules() {
    let desk = FakeDesk::start(Script::default());
    let folder = tempfile::tempdir().unwrap();
    let mail = file(&folder, "mail.eml", b"Subject: x\r\n\r\n\xff");
    let rules = file(&folder, "rules.toml", b"[[filter]]\nname = \"a\"\nthen = { drop = true }\n");
    let shown = ran(&desk, &["filter", "try", &mail, "--mailbox", "support", "--filters", &rules]).stdout;
    assert_eq!(desk.asked(), ["try 15 bytes Some(MailboxName(\"support\")) Some(1)"]);
    assert!(shown.contains("verdict ") && shown.contains("quarantined, nesting too deep"), "{shown}");
    assert!(shown.ends_with("a trial: nothing was written\n") && !shown.contains("UID"), "{shown}");

    let wrong = file(&folder, "wrong.toml", b"[[filter]]\nname = \"a\"\nthen = {}\n");
    let refused = desk.run(&["filter", "try", &mail, "--filters", &wrong]);
    assert_eq!(refused.code, Some(5), "{}", refused.stderr);
    assert!(refused.stderr.contains("then: does nothing"), "{}", refused.stderr);
}

#[test]
fn a_dry_run_goes_on_part_by_part_and_counts() {
    let desk = FakeDesk::start(Script::default());
    let shown = ran(&desk, &["filter", "dry-run", "--last", "20"]).stdout;
    assert!(shown.contains("  outcome: new ticket -> dropped, filter noise\n  matches now: noise\n"), "{shown}");
    assert!(shown.contains("4 mails judged anew: 1 would change (1 outcome)"), "{shown}");
    assert!(shown.contains("1 mails are not kept and were left out: 3"), "{shown}");
    assert!(shown.contains("nothing was written") && shown.contains("as they are now"), "{shown}");
    let asked = desk.asked();
    assert!(asked[0].contains("None Window { after: None, limit: 20 }"), "{asked:?}");
    assert!(asked[1].contains("Window { after: Some(5), limit: 16 }"), "{asked:?}");
    let data = ran(&desk, &["filter", "dry-run", "--json"]).json();
    assert_eq!(data["data"]["counts"], json!({ "outcome": 1 }));
    assert_eq!(data["data"]["changed"][0]["differences"][0]["by_rules"], true);
    assert_eq!(desk.run(&["filter", "dry-run", "--rule", "nobody"]).code, Some(3));
}

#[test]
fn presets_are_shown_and_added_through_the_settings() {
    let desk = FakeDesk::start(Script::default());
    let listed = ran(&desk, &["filter", "preset", "list"]).stdout;
    assert!(listed.contains("newsletters\n  Mail of lists and newsletters"), "{listed}");
    let shown = ran(&desk, &["filter", "preset", "show", "spam-flagged"]).stdout;
    assert!(shown.contains("header = \"X-Spam-Flag\""), "{shown}");
    let added = ran(&desk, &["filter", "preset", "add", "newsletters"]).stdout;
    assert_eq!(added, "added newsletters; the settings now are revision 5\n");
    assert_eq!(desk.asked(), ["settings_apply"]);
    assert_eq!(desk.run(&["filter", "preset", "add", "nothing"]).code, Some(3));
    assert_eq!(desk.run(&["filter", "enable", "nobody"]).code, Some(3));
    assert_eq!(desk.run(&["filter", "move", "nobody"]).code, Some(2));
}

#[test]
fn settings_warn_of_rules_that_can_never_act() {
    let desk = FakeDesk::start(Script::default());
    let folder = tempfile::tempdir().unwrap();
    let rules =
        "[[filter]]\nname = \"all\"\nthen = { drop = true }\n[[filter]]\nname = \"b\"\nthen = { tags = [\"b\"] }\n";
    let document = file(&folder, "desk.toml", rules.as_bytes());
    for verb in ["diff", "apply"] {
        let shown = desk.run(&["settings", verb, &document]).stdout;
        assert!(shown.ends_with("! filter b can never act: all always ends the run before it\n"), "{shown}");
    }
}

#[test]
fn the_editor_of_the_environment_edits_a_rule() {
    let folder = tempfile::tempdir().unwrap();
    let editor = file(&folder, "editor.sh", b"#!/bin/sh\nsed -i 's/drop = true/quarantine = true/' \"$1\"\n");
    let desk = FakeDesk::start(Script { with_filters: true, ..Script::default() });
    let edit = |editor: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_maildesk"));
        command.env_remove("VISUAL").env("EDITOR", editor).env("TMPDIR", folder.path());
        let output = command.arg("--socket").arg(desk.socket()).args(["filter", "edit", "noise"]).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(edit("true").1, "nothing was changed\n");
    let (code, stdout, stderr) = edit(&format!("sh {editor}"));
    assert_eq!(
        (code, stdout.lines().next()),
        (Some(0), Some("changed noise; the settings now are revision 5")),
        "{stderr}"
    );
    let left = |ending: &str| {
        let names = std::fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap().file_name());
        names.filter(|name| name.to_string_lossy().ends_with(ending)).count()
    };
    assert_eq!(left(".toml"), 0);
    let broken = file(&folder, "break.sh", b"#!/bin/sh\nsed -i 's/drop = true/dorp = true/' \"$1\"\n");
    let (code, _, stderr) = edit(&format!("sh {broken}"));
    assert_eq!(code, Some(5), "{stderr}");
    assert!(stderr.contains("was kept as"), "{stderr}");
    assert_eq!(left(".toml"), 1, "what was typed is not lost");
}
