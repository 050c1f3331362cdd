//! Settings as a document: out, compared, in.

use crate::desk::{FakeDesk, Script, answers};

#[test]
fn an_exported_document_can_be_applied_and_changes_nothing() {
    let desk = FakeDesk::start(Script::default());
    let exported = desk.run(&["settings", "export"]).stdout;
    assert!(exported.starts_with("# maildesk settings, revision 4\n"), "{exported}");
    assert!(exported.contains("credential = \"imap\""), "{exported}");
    let same = desk.run_with_input(&["settings", "diff", "-"], &exported);
    assert_eq!((same.code, same.stdout.as_str()), (Some(0), "nothing changes; the settings are revision 4\n"));
}

#[test]
fn differences_end_with_findings_and_apply_says_what_changed() {
    let desk = FakeDesk::start(Script::default());
    let file = desk.file("desk.toml", &answers::SETTINGS.replace("587", "2525"));
    let diff = desk.run(&["settings", "diff", &file]);
    let line = "~ sender.main.server.port: 587 -> 2525\n";
    assert_eq!(diff.code, Some(6));
    assert_eq!(diff.stdout, format!("{line}one field would change; the settings are revision 4\n"));
    assert_eq!(desk.run(&["settings", "apply", &file, "--dry-run"]).stdout, diff.stdout);
    assert_eq!(desk.asked(), [""; 0], "a dry run applies nothing");
    let applied = desk.run(&["settings", "apply", &file]);
    assert_eq!(applied.stdout, format!("{line}one field applied; the settings now are revision 5\n"));
    assert_eq!(desk.asked(), ["settings_apply"]);
    let json = desk.run(&["settings", "diff", &file, "--json"]);
    assert_eq!((json.code, &json.json()["data"]["changes"][0]["new"]), (Some(6), &"2525".into()));
}

#[test]
fn every_problem_is_listed_and_nothing_is_asked_of_the_daemon() {
    let desk = FakeDesk::start(Script::default());
    let bad = answers::SETTINGS.replace("587", "0").replace("\"imap.example.org\"", "\"not a host\"");
    let file = desk.file("bad.toml", &bad);
    let ran = desk.run(&["settings", "apply", &file]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(5), ""));
    assert!(ran.stderr.contains("bad.toml was refused: 2 problems\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains("\n  sender \"main\": server.port: is 0"), "{}", ran.stderr);
    assert!(ran.stderr.contains("\n  mailbox \"support\": server.host: is not a host name"), "{}", ran.stderr);
    let json = desk.run(&["settings", "diff", &file, "--json"]).error();
    assert_eq!(
        (&json["error"]["kind"], json["error"]["fields"].as_array().map(Vec::len)),
        (&"invalid".into(), Some(2))
    );
    assert_eq!(desk.asked(), [""; 0]);
}

#[test]
fn an_outdated_revision_is_a_conflict() {
    let desk = FakeDesk::start(Script::default());
    let file = desk.file("desk.toml", answers::SETTINGS);
    for more in [&["--revision", "3"][..], &["--revision", "3", "--dry-run"]] {
        let ran = desk.run(&[&["settings", "apply", &file], more].concat());
        assert_eq!(ran.code, Some(4), "{}", ran.stderr);
        assert!(ran.stderr.contains("you saw revision 3, now it is 4"), "{}", ran.stderr);
    }
}
