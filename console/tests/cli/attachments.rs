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
