//! What needs a terminal or a shell: completions, interruption, fitting to the width.

use crate::desk::{FakeDesk, Script, maildesk, ran};
use std::process::{Command, Stdio};

#[test]
fn completions_are_scripts_for_their_shells() {
    for (shell, sign) in
        [("bash", "complete -F _maildesk"), ("zsh", "#compdef maildesk"), ("fish", "complete -c maildesk")]
    {
        let mut command = maildesk();
        command.args(["completions", shell]);
        let made = ran(command, "");
        assert_eq!((made.code, made.stdout.contains(sign)), (Some(0), true), "{shell}");
        if shell == "bash" {
            let mut parse = Command::new("bash");
            parse.arg("-n");
            let parsed = ran(parse, &made.stdout);
            assert_eq!((parsed.code, parsed.stderr.as_str()), (Some(0), ""));
        }
    }
}

#[test]
fn an_interrupt_ends_a_wait_with_130() {
    let desk = FakeDesk::start(Script { silent: true, ..Script::default() });
    let mut command = maildesk();
    command.arg("--socket").arg(desk.socket()).args(["--timeout", "60s", "ticket", "resolve", "2"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It is connected, and so waits for an answer, once the daemon was asked.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !desk.was_called() {
        assert!(std::time::Instant::now() < deadline, "it never called");
        std::thread::yield_now();
    }
    let killed = Command::new("kill").arg("-INT").arg(child.id().to_string()).status().unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(killed.success());
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(130), b"maildesk: interrupted\n".as_slice()));
}

#[test]
fn a_table_fits_the_terminal() {
    let desk = FakeDesk::start(Script::default());
    let program = env!("CARGO_BIN_EXE_maildesk");
    // script(1) of bsdutils gives the command a terminal.
    let inner = format!("stty cols 60; {program} --socket {} ticket list", desk.socket().display());
    let mut command = Command::new("script");
    command.args(["-qec", &inner, "/dev/null"]).env("NO_COLOR", "1").env("TZ", "UTC").env("TERM", "xterm");
    let shown = ran(command, "");
    let lines: Vec<&str> = shown.stdout.lines().map(|line| line.trim_end_matches('\r')).collect();
    assert_eq!((shown.code, lines.len()), (Some(0), 4), "{lines:#?}");
    assert!(lines.iter().all(|line| line.chars().count() <= 60), "{lines:#?}");
    assert!(lines[1].contains('…') && lines[2].contains("3 min ago"), "{lines:#?}");
}
