//! Attachments come whole and right, or not at all.

use crate::desk::{FakeDesk, Script, answers};
use std::fs;

fn saved_into(desk: &FakeDesk, more: &[&str]) -> crate::desk::Ran {
    fs::create_dir_all(desk.folder()).unwrap();
    let folder = desk.folder().display().to_string();
    desk.run(&[&["attachment", "save", "2", "1", "-o", &folder], more].concat())
}

fn files(desk: &FakeDesk) -> Vec<String> {
    fs::read_dir(desk.folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn an_attachment_is_saved_byte_by_byte() {
    let desk = FakeDesk::start(Script::default());
    let ran = saved_into(&desk, &["report.pdf"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.ends_with("report.pdf 2.5 MB\n"), "{}", ran.stdout);
    assert_eq!(files(&desk), ["report.pdf"]);
    assert!(fs::read(desk.folder().join("report.pdf")).unwrap() == answers::attachment_bytes());
    let again = saved_into(&desk, &["--all"]);
    assert_eq!(again.code, Some(1));
    assert!(again.stderr.contains("is there already\n  try: give --force"), "{}", again.stderr);
    let forced = saved_into(&desk, &["--all", "--force", "--json"]);
    assert_eq!(forced.json()["data"][0]["size"], 2_500_000);
}

#[test]
fn a_damaged_attachment_leaves_no_file() {
    let desk = FakeDesk::start(Script { damaged: true, ..Script::default() });
    let ran = saved_into(&desk, &["report.pdf"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("report.pdf came damaged: SHA-256 is"), "{}", ran.stderr);
    assert_eq!(files(&desk), [""; 0]);
}

#[test]
fn what_is_not_there_is_said_with_what_is() {
    let desk = FakeDesk::start(Script::default());
    let ran = saved_into(&desk, &["other.pdf"]);
    assert_eq!(ran.code, Some(3));
    assert_eq!(ran.stderr, "maildesk: there is no attachment other.pdf\n  try: entry 1 has 'report.pdf'\n");
    let ran = desk.run(&["attachment", "save", "2", "8", "--all", "-o", "/tmp"]);
    assert_eq!((ran.code, ran.stderr.contains("there is no entry 8 of ticket 2")), (Some(3), true), "{}", ran.stderr);
    assert_eq!(desk.run(&["attachment", "save", "2", "1", "-o", "/tmp"]).code, Some(2));
}

#[test]
fn several_are_saved_and_what_fails_stops_no_other() {
    let desk = FakeDesk::start(Script::default());
    let some = saved_into(&desk, &["report.pdf", "other.pdf"]);
    assert_eq!(some.code, Some(1));
    assert_eq!(some.stderr, "maildesk: 1 of 2 attachments failed:\n  there is no attachment other.pdf\n");
    assert_eq!(files(&desk), ["report.pdf"]);
    // Three of them: two of one name, and one that is called as the second of these would be.
    let all = {
        let folder = desk.folder().join("all");
        fs::create_dir(&folder).unwrap();
        desk.run(&["attachment", "save", "2", "4", "--all", "-o", &folder.display().to_string()])
    };
    assert_eq!(all.code, Some(0), "{}", all.stderr);
    let mut names: Vec<String> =
        all.stdout.lines().filter_map(|line| line.split("/all/").nth(1)).map(str::to_owned).collect();
    names.sort();
    assert_eq!(names, ["a (2) (2).txt 2.5 MB", "a (2).txt 2.5 MB", "a.txt 2.5 MB"]);
    // One file is in the way: the others are saved all the same.
    fs::remove_file(desk.folder().join("all/a.txt")).unwrap();
    let rest = {
        let folder = desk.folder().join("all").display().to_string();
        desk.run(&["attachment", "save", "2", "4", "--all", "-o", &folder])
    };
    assert!(rest.code == Some(1) && rest.stderr.starts_with("maildesk: 2 of 3 attachments failed:"), "{}", rest.stderr);
    assert!(desk.folder().join("all/a.txt").exists());
}

#[test]
fn one_goes_to_a_file_or_to_standard_output() {
    let desk = FakeDesk::start(Script::default());
    fs::create_dir_all(desk.folder()).unwrap();
    let place = desk.folder().join("renamed.pdf").display().to_string();
    let ran = desk.run(&["attachment", "save", "2", "1", "report.pdf", "-o", &place]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(fs::read(&place).unwrap() == answers::attachment_bytes());
    let mut printed = crate::desk::maildesk();
    printed.arg("--socket").arg(desk.socket()).args(["attachment", "save", "2", "1", "report.pdf", "-o", "-"]);
    let printed = printed.output().unwrap();
    assert!(printed.status.success() && printed.stdout == answers::attachment_bytes());
    let several = desk.run(&["attachment", "save", "2", "4", "--all", "-o", "-"]);
    assert_eq!(several.stderr, "maildesk: 3 attachments do not fit on standard output: name one\n");
    // Of entry 1 there is but one.
    let missing = desk.folder().join("missing").display().to_string();
    for entry in ["4", "1"] {
        let nowhere = desk.run(&["attachment", "save", "2", entry, "--all", "-o", &missing]);
        assert!(nowhere.code == Some(2) && nowhere.stderr.contains("is no folder"), "{}", nowhere.stderr);
    }
}
