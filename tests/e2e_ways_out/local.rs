//! Senders without an SMTP server: a program, Postfix's own sendmail, a folder.

use anyhow::{Context, Result};
use maildesk_tests::cli::Cli;
use maildesk_tests::daemon::Daemon;
use maildesk_tests::settings::{DeskSettings, Mailbox};
use maildesk_tests::{Letter, Testbed, eventually};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(30);

/// A desk whose one sender has these lines.
fn settings(bed: &Testbed, lines: &str) -> String {
    let sender =
        format!("[desk]\nundo_seconds = 0\n\n[[sender]]\nname = \"desk\"\nfrom = \"desk@desk.test\"\n{lines}\n");
    DeskSettings::empty().lines(&sender).mailbox(&Mailbox::tls(bed, "desk")).text().to_owned()
}

async fn desk(bed: &Testbed, lines: &str) -> Result<(Daemon, Cli)> {
    let (daemon, cli) = bed.daemon_with(&settings(bed, lines)).await?;
    eventually(SOON, "the first poll", async || {
        anyhow::Ok(cli.json(&["status"]).await?["data"]["mailboxes"][0]["state"] == "working")
    })
    .await?;
    Ok((daemon, cli))
}

async fn letter(bed: &Testbed, subject: &str) -> Result<()> {
    let letter = Letter::from("alice@desk.test").to("desk@desk.test").subject(subject);
    bed.post(&letter, "alice@desk.test", "desk@desk.test").await
}

/// The first mail of the outbox, once it is in this state.
async fn mail_in(cli: &Cli, state: &str) -> Result<Value> {
    eventually(SOON, &format!("a mail that is {state}"), async || {
        let list = cli.json(&["outbox", "list", "--all"]).await?;
        let first = list["data"].as_array().and_then(|mails| mails.first()).context("no mail")?.clone();
        anyhow::ensure!(first["state"] == state, "it is {first}");
        let id = first["id"].to_string();
        anyhow::Ok(Some(cli.json(&["outbox", "show", &id]).await?["data"].clone()))
    })
    .await
}

fn script(bed: &Testbed, name: &str, text: &str) -> Result<PathBuf> {
    let file = bed.scratch.dir("programs")?.join(name);
    std::fs::write(&file, format!("#!/bin/sh\n{text}\n"))?;
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755))?;
    Ok(file)
}

fn by_program(program: &Path) -> String {
    format!("transport = \"sendmail\"\ncommand = [\"{}\", \"-i\"]", program.display())
}

async fn checked(cli: &Cli, more: &[&str]) -> Result<(i32, Value)> {
    let printed = cli.run(&[&["sender", "test", "desk", "--json"], more].concat()).await?;
    let answer: Value = serde_json::from_str(&printed.stdout).context(printed.stdout)?;
    Ok((printed.code, answer["data"].clone()))
}

#[tokio::test]
async fn the_sendmail_of_postfix_takes_mail() -> Result<()> {
    let bed = Testbed::start().await?;
    let config = bed.scratch.path().join("postfix/etc");
    let program = script(&bed, "sendmail", &format!("exec /usr/sbin/sendmail -C {} \"$@\"", config.display()))?;
    let (_daemon, cli) = desk(&bed, &by_program(&program)).await?;
    let (code, report) = checked(&cli, &["--to", "bob@desk.test"]).await?;
    assert_eq!(
        (code, &report["sentence"]),
        (0, &Value::from("the program took a test mail to bob@desk.test")),
        "{report}"
    );
    bed.mailbox("bob").wait_for(SOON, "the test mail", |mail| mail.text().contains("maildesk test mail")).await?;

    letter(&bed, "By sendmail").await?;
    let taken = |mail: &maildesk_tests::mailbox::StoredMail| mail.text().contains("By sendmail");
    let mail = bed.mailbox("alice").wait_for(SOON, "the acknowledgement", taken).await?;
    assert!(mail.header("message-id").is_some_and(|id| id.starts_with("<md.")), "{}", mail.text());
    mail_in(&cli, "sent").await?;
    let list = cli.json(&["sender", "list"]).await?["data"][0].clone();
    assert_eq!((&list["transport"], &list["place"]), (&"sendmail".into(), &program.to_string_lossy().into()), "{list}");
    Ok(())
}

#[tokio::test]
async fn what_a_program_says_decides_about_the_mail() -> Result<()> {
    let bed = Testbed::start().await?;
    let status = bed.scratch.dir("programs")?.join("status");
    std::fs::write(&status, "75")?;
    let text = format!("cat >/dev/null; echo 'the queue says no' >&2; exit $(cat {})", status.display());
    let (_daemon, cli) = desk(&bed, &by_program(&script(&bed, "fake", &text)?)).await?;
    letter(&bed, "Later").await?;
    let deferred = eventually(SOON, "a deferral", async || {
        let list = cli.json(&["outbox", "list", "--all"]).await?;
        let id = list["data"][0]["id"].as_u64().context("no mail")?.to_string();
        let mail = cli.json(&["outbox", "show", &id]).await?["data"].clone();
        anyhow::ensure!(mail["deferrals"].as_u64() >= Some(1), "it is {mail}");
        anyhow::Ok(Some(mail))
    })
    .await?;
    assert!(deferred.to_string().contains("exit status: 75: the queue says no"), "{deferred}");

    // A program that is not in order is the sender's trouble, and costs the mail no attempt.
    std::fs::write(&status, "78")?;
    let id = deferred["id"].to_string();
    cli.ok(&["outbox", "retry", &id]).await?;
    let faulty = eventually(SOON, "the sender's trouble", async || {
        let sender = cli.json(&["status"]).await?["data"]["senders"][0].clone();
        anyhow::ensure!(sender["state"] == "faulty", "it is {sender}");
        anyhow::Ok(Some(sender))
    })
    .await?;
    assert!(faulty.to_string().contains("not set up rightly (EX_CONFIG)"), "{faulty}");
    std::fs::write(&status, "67")?;
    let failed = mail_in(&cli, "failed").await?;
    assert!(failed.to_string().contains("the queue says no"), "{failed}");
    Ok(())
}

#[tokio::test]
async fn a_folder_gets_each_mail_once() -> Result<()> {
    let bed = Testbed::start().await?;
    let folder = bed.scratch.path().join("eml");
    let (_daemon, cli) = desk(&bed, &format!("transport = \"folder\"\npath = \"{}\"", folder.display())).await?;
    let (code, report) = checked(&cli, &[]).await?;
    assert_eq!((code, &report["steps"][0]["outcome"]), (6, &"failed".into()), "{report}");
    assert!(report.to_string().contains("ReadWritePaths="), "{report}");

    letter(&bed, "Into a folder").await?;
    eventually(SOON, "the sender's trouble", async || {
        let sender = cli.json(&["status"]).await?["data"]["senders"][0].clone();
        anyhow::ensure!(sender["state"] == "faulty", "it is {sender}");
        anyhow::Ok(Some(sender))
    })
    .await?;
    std::fs::create_dir(&folder)?;
    let sent = mail_in(&cli, "sent").await?;
    let file = folder.join(format!("outbox-{}.eml", sent["id"]));
    assert!(sent.to_string().contains(&*file.to_string_lossy()), "{sent}");
    let text = std::fs::read_to_string(&file)?;
    assert!(text.contains("Into a folder") && text.contains("\r\n"), "{text}");

    let (code, report) = checked(&cli, &["--to", "bob@desk.test"]).await?;
    assert_eq!(code, 0, "{report}");
    let mut names: Vec<String> =
        std::fs::read_dir(&folder)?.flatten().map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    assert!(names.len() == 2 && names[0].starts_with("check-") && names[1].starts_with("outbox-"), "{names:?}");
    assert_eq!(bed.mailbox("alice").mails()?.len(), 0, "nothing else was sent");
    Ok(())
}
