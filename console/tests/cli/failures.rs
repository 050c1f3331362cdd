//! Every kind of failure has its code, says what, why and what to try, and is JSON when asked.

use crate::desk::{FakeDesk, Ran, Script, maildesk, ran};
use maildesk_core::ids::Revision;
use maildesk_core::rpc::{PREFACE, RpcError};
use maildesk_core::settings::FieldProblem;
use std::io::{Read, Write};
use std::os::unix::net::UnixListener;

fn check(refusal: RpcError, code: i32, kind: &str, said: &str) {
    let desk = FakeDesk::start(Script { refusal: Some(refusal.clone()), ..Script::default() });
    let people = desk.run(&["ticket", "resolve", "2"]);
    assert_eq!((people.code, people.stdout.as_str()), (Some(code), ""), "{refusal:?}");
    assert!(people.stderr.starts_with("maildesk: ") && people.stderr.contains(said), "{refusal:?}: {}", people.stderr);
    let scripts = desk.run(&["--json", "ticket", "resolve", "2"]);
    let error = &scripts.error();
    assert_eq!((scripts.code, &error["schema"]), (Some(code), &"maildesk.error/1".into()));
    assert_eq!((&error["error"]["kind"], &error["error"]["exit_code"]), (&kind.into(), &code.into()), "{error}");
}

#[test]
fn refusals_of_the_daemon() {
    let field = |field: &str| FieldProblem { field: field.into(), problem: "is bad".into(), remedy: "mend it".into() };
    check(RpcError::NotFound { what: "ticket".into(), name: "2".into() }, 3, "not_found", "try: maildesk ticket list");
    check(RpcError::Conflict { seen: Revision(1), now: Revision(2) }, 4, "conflict", "changed meanwhile");
    check(
        RpcError::Invalid(vec![field("a"), field("b")]),
        5,
        "invalid",
        "2 problems\n  a: is bad; mend it\n  b: is bad",
    );
    check(RpcError::Rejected("ticket 2 is resolved already".into()), 5, "rejected", "resolved already");
    let forbidden = RpcError::Forbidden { group: "maildesk-admin".into() };
    check(forbidden, 77, "no_permission", "try: sudo usermod -aG maildesk-admin ann; then log in again");
    check(RpcError::Stopping, 69, "unavailable", "is stopping");
    check(RpcError::Internal { mark: "e-4711".into() }, 1, "internal", "journalctl -u maildeskd | grep e-4711");
    check(RpcError::Rejected("no\x1b[2J\u{9b}".into()), 5, "rejected", "refused: no [2J");
}

#[test]
fn a_daemon_that_does_not_answer_in_time() {
    let desk = FakeDesk::start(Script { silent: true, ..Script::default() });
    let read = desk.run(&["status", "--timeout", "200ms"]);
    assert_eq!(read.code, Some(69));
    assert!(read.stderr.contains("did not answer within 0.2 s\n  try: wait longer"), "{}", read.stderr);
    let written = desk.run(&["ticket", "resolve", "2", "--timeout", "200ms"]);
    assert!(written.stderr.contains("the change may have been made"), "{}", written.stderr);
}

fn at_socket(path: &std::path::Path) -> Ran {
    let mut command = maildesk();
    command.arg("--socket").arg(path).arg("status");
    ran(command, "")
}

/// Runs `maildesk status` against a listener that answers the preface with `answer`.
fn against(answer: &'static [u8]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let listener = UnixListener::bind(&path).unwrap();
    let listening = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_exact(&mut [0; PREFACE.len()]).unwrap();
        stream.write_all(answer).unwrap();
    });
    let ran = at_socket(&path);
    listening.join().unwrap();
    ran
}

#[test]
fn nobody_at_the_socket() {
    let folder = tempfile::tempdir().unwrap();
    let missing = at_socket(&folder.path().join("no.sock"));
    assert_eq!(missing.code, Some(69));
    assert!(missing.stderr.contains("is maildeskd running? systemctl status maildeskd"), "{}", missing.stderr);
    let stale = folder.path().join("stale.sock");
    drop(UnixListener::bind(&stale).unwrap());
    assert_eq!(at_socket(&stale).code, Some(69));
}

#[test]
fn others_at_the_socket() {
    let newer = against(b"MDESK00\xff");
    assert_eq!(newer.code, Some(69));
    assert!(newer.stderr.contains("maildeskd speaks protocol 255"), "{}", newer.stderr);
    assert!(newer.stderr.contains("try: maildeskd is newer: update this maildesk"), "{}", newer.stderr);
    let older = against(b"MDESK00\0");
    assert!(older.stderr.contains("try: maildeskd is older: update it"), "{}", older.stderr);
    let foreign = against(b"SSH-2.0-OpenSSH");
    assert_eq!((foreign.code, foreign.stderr.contains("is not maildeskd")), (Some(69), true), "{}", foreign.stderr);
    let closed = against(b"");
    assert_eq!((closed.code, closed.stderr.contains("closed the connection at once")), (Some(69), true));
    let silent_then_gone = against(&maildesk_core::rpc::PREFACE);
    let lost = (silent_then_gone.code, silent_then_gone.stderr.contains("connection to maildeskd was lost"));
    assert_eq!(lost, (Some(69), true), "{}", silent_then_gone.stderr);
}

#[test]
fn wrong_usage_is_told_in_the_form_that_was_asked_for() {
    let desk = FakeDesk::start(Script::default());
    let people = desk.run(&["ticket", "list", "--status", "opne"]);
    assert_eq!((people.code, people.stdout.as_str()), (Some(2), ""));
    assert!(people.stderr.contains("'open'"), "{}", people.stderr);
    let scripts = desk.run(&["ticket", "show", "seven", "--json"]);
    assert_eq!((scripts.code, &scripts.error()["error"]["kind"]), (Some(2), &"usage".into()));
    let nothing = desk.run(&[]);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (Some(2), ""));
    assert!(
        nothing.stderr.starts_with("maildesk: ")
            && nothing.stderr.contains("Usage: maildesk")
            && nothing.stderr.contains("quarantine"),
        "{}",
        nothing.stderr
    );
    assert_eq!(desk.run(&["--help"]).code, Some(0));
    assert_eq!(desk.run(&["quarantine", "show", "9", "--raw", "--json"]).error()["error"]["kind"], "usage");
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let desk = FakeDesk::start(Script::default());
    let mut command = maildesk();
    command.arg("--socket").arg(desk.socket()).args(["outbox", "show", "5"]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output =
        command.stdout(writer).stderr(std::process::Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), b"".as_slice()));
}
