//! Who may ask and who may steer: Unix users and groups.

use crate::desk::Desk;
use anyhow::{Context, Result};
use maildesk_core::rpc::PREFACE;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// Runs `maildesk` as `nobody` with this group and no other.
fn as_nobody(desk: &Desk, program: &PathBuf, group: &str, arguments: &[&str]) -> Result<Output> {
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", &format!("--regid={group}"), "--clear-groups"]);
    command.arg(program).arg("--socket").arg(desk.daemon.socket()).args(arguments);
    Ok(command.output()?)
}

#[tokio::test]
async fn groups_decide_who_reads_and_who_writes() -> Result<()> {
    let mut desk = Desk::open().await?;
    let bootstrap = std::fs::read_to_string(desk.daemon.config_file())?;
    // Groups that every Debian has, so that no account of this machine is touched.
    let access = "\n[access]\nread_group = \"mail\"\nwrite_group = \"operator\"\n";
    std::fs::write(desk.daemon.config_file(), bootstrap + access)?;
    desk.daemon.restart().await?;
    desk.polls().await?;
    // Cargo's folder may be closed to others.
    let program = desk.bed.scratch.path().join("maildesk");
    std::fs::copy(maildesk_tests::daemon::binary("maildesk")?, &program)?;
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
    let document = desk.cli.ok(&["settings", "export"]).await?;
    let document = desk.file("given.toml", &document.replace("poll_seconds = 1", "poll_seconds = 3"))?;
    std::fs::set_permissions(&document, std::fs::Permissions::from_mode(0o644))?;
    let document = document.to_string_lossy().into_owned();
    let apply = ["settings", "apply", document.as_str()];
    let run = |group: &str, arguments: &[&str]| -> Result<(Option<i32>, String)> {
        let output = as_nobody(&desk, &program, group, arguments)?;
        Ok((output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned()))
    };

    let (code, said) = run("nogroup", &["status"])?;
    assert_eq!(code, Some(77), "{said}");
    assert!(said.contains("mail"), "{said}");
    for read in [&["status"][..], &["ticket", "list"], &["settings", "export"], &["events"]] {
        let (code, said) = run("mail", read)?;
        assert_eq!(code, Some(0), "{read:?}: {said}");
    }
    let macro_of = ["macro", "set", "urgent", "--priority", "urgent"];
    desk.cli.ok(&macro_of).await?;
    let letter = maildesk_tests::Letter::from("alice@desk.test").to("desk@desk.test").subject("For all to see");
    desk.receives("alice@desk.test", &letter).await?;
    desk.judged("For all to see").await?;
    // What a macro would do is for readers, too; doing it is not.
    let (code, said) = run("mail", &["macro", "preview", "urgent", "1"])?;
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(desk.ticket(1).await?["ticket"]["priority"], "normal");
    let (code, said) = run("mail", &["macro", "apply", "urgent", "1", "--yes"])?;
    assert_eq!(code, Some(77), "{said}");
    for write in [&apply[..], &["mailbox", "poll", "desk"], &["ticket", "resolve", "1"], &["outbox", "cancel", "1"]] {
        let (code, said) = run("mail", write)?;
        assert_eq!(code, Some(77), "{write:?}: {said}");
        assert!(said.contains("operator"), "{write:?}: {said}");
    }
    // Whoever has its code accepts an invitation.
    desk.cli.ok(&["invitation", "send", "zoe@desk.test", "--agent", "zoe"]).await?;
    let mails = desk.outbox().await?;
    let invitation = mails.iter().find(|mail| mail["kind"] == "invitation").context("its mail")?["id"].to_string();
    let whole =
        String::from_utf8(desk.cli.command(&["outbox", "show", &invitation, "--message"]).output().await?.stdout)?;
    let ours = desk.ask(&["outbox", "show", &invitation]).await?["message_id"].to_string();
    let code_of = ours.trim_matches('"').split('@').next().unwrap_or_default().to_owned();
    assert!(code_of.len() > 10 && whole.contains(&code_of), "{whole}");
    let (code, said) = run("mail", &["outbox", "show", &invitation, "--message"])?;
    assert!(code == Some(77) && said.contains("operator"), "{said}");
    for read in [&["outbox", "show", &invitation, "--json"][..], &["outbox", "list", "--all", "--json"]] {
        let seen = as_nobody(&desk, &program, "mail", read)?;
        assert_eq!(seen.status.code(), Some(0));
        assert!(!String::from_utf8_lossy(&seen.stdout).contains(&code_of), "{read:?} shows the code");
    }
    assert!(desk.cli.ok(&["settings", "export"]).await?.contains("poll_seconds = 1"));
    let (code, said) = run("operator", &apply)?;
    assert_eq!(code, Some(0), "{said}");
    assert!(desk.cli.ok(&["settings", "export"]).await?.contains("poll_seconds = 3"));
    let events = desk.events().await?;
    let applied = events.iter().rev().find(|event| event["event"] == "settings_applied");
    assert_eq!(applied.map(|event| event["by"].clone()), Some("nobody".into()));
    Ok(())
}

/// Opens eighty connections and keeps them; on the first it announces a call of a megabyte.
const CROWD: &str = r#"
use IO::Socket::UNIX;
$SIG{PIPE} = 'IGNORE';
$| = 1;
alarm 60;
my ($path, $preface) = ($ARGV[0], pack('H*', $ARGV[1]));
my @held = map { my $one = IO::Socket::UNIX->new(Peer => $path) or die $!; $one->syswrite($preface); $one } 1 .. 80;
$held[0]->sysread(my $theirs, 8);
$held[0]->syswrite(pack('N', 1 << 20));
my $read = $held[0]->sysread(my $answer, 1);
print $read ? "answered\n" : "closed\n";
sleep 60;
"#;

#[tokio::test]
async fn who_may_nothing_takes_no_place_and_no_memory_from_those_who_may() -> Result<()> {
    let desk = Desk::open().await?;
    let preface: String = PREFACE.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut crowd = Command::new("setpriv")
        .args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "perl", "-e", CROWD])
        .arg(desk.daemon.socket())
        .arg(preface)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut said = String::new();
    BufReader::new(crowd.stdout.take().context("its output")?).read_line(&mut said)?;
    let answer = desk.cli.ok(&["status"]).await;
    crowd.kill()?;
    crowd.wait()?;
    assert_eq!(said, "closed\n", "a call that large is not waited for");
    assert!(answer.is_ok(), "{answer:?}");
    Ok(())
}
