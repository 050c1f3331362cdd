//! Copies of sent mail in a folder of the account: once each, whatever stops in between, and never in the way.

use anyhow::{Context, Result};
use maildesk_tests::cli::Cli;
use maildesk_tests::daemon::Daemon;
use maildesk_tests::imap::Imap;
use maildesk_tests::settings::{DeskSettings, Mailbox, Sender};
use maildesk_tests::{Letter, Testbed, eventually};
use serde_json::Value;
use std::time::Duration;

/// Longer than the first three pauses after failures.
const SOON: Duration = Duration::from_secs(70);
const RUSSIAN: (&str, &str) = ("Отправленные", "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-");
const GERMAN: (&str, &str) = ("Gesendete Objekte", "Gesendete Objekte");

/// A desk that keeps copies in this folder. It sends without a login: Postfix asks Dovecot about passwords, and
/// Dovecot is away at times.
async fn desk(bed: &Testbed, folder: &str) -> Result<(Daemon, Cli)> {
    desk_of(bed, "desk", folder).await
}

/// As [`desk`], with the copies at another account.
async fn desk_of(bed: &Testbed, account: &str, folder: &str) -> Result<(Daemon, Cli)> {
    let mut sender = Sender::tls(bed, "desk");
    (sender.port, sender.encryption, sender.user) = (bed.postfix.relay_port(), "plain".into(), None);
    let settings = DeskSettings::empty().undo_seconds(0).sender(&sender).mailbox(&Mailbox::tls(bed, "desk"));
    let mut other = Mailbox::tls(bed, account);
    other.sender = "desk".into();
    let settings = if account == "desk" { settings } else { settings.mailbox(&other) };
    let copy = format!("sent_copy = {{ mailbox = \"{account}\", folder = \"{folder}\" }}\ndisplay_name");
    bed.daemon_with(&settings.text().replacen("display_name", &copy, 1)).await
}

async fn letter(bed: &Testbed, subject: &str) -> Result<()> {
    let letter = Letter::from("alice@desk.test").to("desk@desk.test").subject(subject);
    bed.post(&letter, "alice@desk.test", "desk@desk.test").await
}

async fn imap(bed: &Testbed) -> Result<Imap> {
    bed.mailbox("desk").imap().await
}

async fn make(bed: &Testbed, folder: &str) -> Result<()> {
    imap(bed).await?.command(&format!("CREATE \"{folder}\"")).await.map(drop)
}

/// What lies in the folder: flags and Message-ID of each mail, as the server tells them.
async fn copies(bed: &Testbed, folder: &str) -> Result<Vec<String>> {
    copies_of(bed, "desk", folder).await
}

async fn copies_of(bed: &Testbed, account: &str, folder: &str) -> Result<Vec<String>> {
    let mut imap = bed.mailbox(account).imap().await?;
    imap.command(&format!("EXAMINE \"{folder}\"")).await?;
    let lines = imap.command("UID FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])").await?;
    Ok(lines.into_iter().filter(|line| line.contains(" FETCH ")).collect())
}

/// How copying fares, once it does as wanted.
async fn copying(cli: &Cli, what: &str, wanted: impl Fn(&Value) -> bool) -> Result<Value> {
    eventually(SOON, what, async || {
        let copying = cli.json(&["status"]).await?["data"]["sent_copies"][0].clone();
        anyhow::ensure!(wanted(&copying), "it is {copying}");
        anyhow::Ok(Some(copying))
    })
    .await
}

fn done(copying: &Value) -> bool {
    copying["state"] == "working" && copying["waiting"] == 0
}

/// The Message-IDs of so many sent mails, the oldest first.
async fn sent(cli: &Cli, count: usize) -> Result<Vec<String>> {
    let list = eventually(SOON, "the mails to be sent", async || {
        let list = cli.json(&["outbox", "list", "--all"]).await?["data"].clone();
        let sent = list.as_array().context("a list")?.iter().filter(|mail| mail["state"] == "sent").count();
        anyhow::ensure!(sent == count, "{sent} of {count} are sent: {list}");
        anyhow::Ok(Some(list))
    })
    .await?;
    let mut ids = Vec::new();
    for mail in list.as_array().into_iter().flatten().rev() {
        let shown = cli.json(&["outbox", "show", &mail["id"].to_string()]).await?;
        ids.push(shown["data"]["message_id"].as_str().context("a Message-ID")?.to_owned());
    }
    Ok(ids)
}

async fn reply(cli: &Cli, text: &str) -> Result<()> {
    cli.ok(&["ticket", "reply", "1", "--text", text]).await.map(drop)
}

fn count_of(copies: &[String], id: &str) -> usize {
    copies.iter().filter(|copy| copy.contains(id)).count()
}

#[tokio::test]
async fn what_is_sent_lies_once_in_the_folder_and_is_read() -> Result<()> {
    let bed = Testbed::start().await?;
    make(&bed, RUSSIAN.1).await?;
    let (_daemon, cli) = desk(&bed, RUSSIAN.0).await?;
    letter(&bed, "Copied").await?;
    assert_eq!(sent(&cli, 1).await?.len(), 1);
    reply(&cli, "An answer").await?;
    let ids = sent(&cli, 2).await?;
    copying(&cli, "the copies", done).await?;
    let found = copies(&bed, RUSSIAN.1).await?;
    assert_eq!(found.len(), 2, "{found:?}");
    for id in &ids {
        assert_eq!(count_of(&found, id), 1, "{id} in {found:?}");
    }
    assert!(found.iter().all(|copy| copy.contains("\\Seen")), "{found:?}");
    cli.ok(&["mailbox", "poll", "desk"]).await?;
    let counts = cli.json(&["status"]).await?["data"]["counts"].clone();
    assert_eq!((&counts["mails"], &counts["tickets"]), (&1.into(), &1.into()), "copies are no inbound mail");
    let exported = cli.ok(&["settings", "export"]).await?;
    assert!(exported.contains("[sender.sent_copy]") && exported.contains(RUSSIAN.0), "{exported}");
    Ok(())
}

#[tokio::test]
async fn nothing_is_copied_twice_when_the_server_or_the_daemon_dies() -> Result<()> {
    let mut bed = Testbed::start().await?;
    make(&bed, GERMAN.1).await?;
    let (mut daemon, cli) = desk(&bed, GERMAN.0).await?;
    letter(&bed, "While it is away").await?;
    sent(&cli, 1).await?;
    copying(&cli, "the first copy", done).await?;

    // The server is away: mail leaves all the same.
    bed.dovecot.stop();
    reply(&cli, "First answer").await?;
    reply(&cli, "Second answer").await?;
    let ids = sent(&cli, 3).await?;
    let faulty = copying(&cli, "the fault", |copying| copying["state"] == "faulty").await?;
    assert_eq!(faulty["waiting"], 2, "{faulty}");
    let printed = cli.ok(&["status"]).await?;
    assert!(printed.contains("sent copies of desk, to \"Gesendete Objekte\" of mailbox desk (2 waiting)"), "{printed}");

    // As after a death between APPEND and the commit: one is there already, and its row as well.
    daemon.kill_hard()?;
    let maildir = bed.mailbox("desk").folder().join(format!(".{}", GERMAN.1));
    let ports = (bed.dovecot.imap_port(), bed.dovecot.lmtp_port());
    let there = maildesk_tests::Mailbox::new("desk", maildir, ports.0, ports.1);
    there.seed([format!("Message-ID: <{}>\r\nSubject: There\r\n\r\nthere\r\n", ids[1]).into_bytes()])?;
    bed.dovecot.start_again().await?;
    daemon.start_again().await?;
    copying(&cli, "the copies to come", done).await?;
    let found = copies(&bed, GERMAN.1).await?;
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(ids.iter().all(|id| count_of(&found, id) == 1), "{ids:?} in {found:?}");

    // Killed as soon as a copy is seen, whether its row is gone by then or not.
    for round in 4..=6 {
        reply(&cli, &format!("Answer {round}")).await?;
        eventually(SOON, "the copy", async || anyhow::Ok(copies(&bed, GERMAN.1).await?.len() == round)).await?;
        daemon.kill_hard()?;
        daemon.start_again().await?;
        let ids = sent(&cli, round).await?;
        copying(&cli, "no copy to wait", done).await?;
        let found = copies(&bed, GERMAN.1).await?;
        assert!(found.len() == round && ids.iter().all(|id| count_of(&found, id) == 1), "{ids:?} in {found:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_told_and_waited_for() -> Result<()> {
    let bed = Testbed::start().await?;
    let (_daemon, cli) = desk(&bed, GERMAN.0).await?;
    letter(&bed, "Where to").await?;
    let faulty = copying(&cli, "the fault", |copying| copying["state"] == "faulty").await?;
    let said = faulty.to_string();
    assert!(said.contains("does not open the folder") && said.contains("sent_copy.folder: "), "{said}");
    assert!(said.contains("INBOX") && said.contains("Archive"), "the server's folders are named: {said}");
    let printed = cli.run(&["status", "--check"]).await?;
    assert!(printed.code == 6 && printed.stdout.contains("Make the folder on the server"), "{}", printed.stdout);

    reply(&cli, "It goes on").await?;
    let ids = sent(&cli, 2).await?;
    bed.mailbox("alice").wait_for(SOON, "the answer", |mail| mail.text().contains("It goes on")).await?;
    assert!(copies(&bed, GERMAN.1).await.is_err(), "no folder is made");
    make(&bed, GERMAN.1).await?;
    copying(&cli, "the copies to come", done).await?;
    let found = copies(&bed, GERMAN.1).await?;
    assert!(found.len() == 2 && ids.iter().all(|id| count_of(&found, id) == 1), "{ids:?} in {found:?}");

    // Who keeps no copies any more has none waiting: they are not made later, either.
    imap(&bed).await?.command(&format!("DELETE \"{}\"", GERMAN.1)).await?;
    reply(&cli, "Not copied").await?;
    copying(&cli, "the fault", |copying| copying["state"] == "faulty" && copying["waiting"] == 1).await?;
    let kept = cli.ok(&["settings", "export"]).await?;
    let (before, rest) = kept.split_once("[sender.sent_copy]").context("it is exported")?;
    let (_, after) = rest.split_once("\n[").context("sections follow")?;
    cli.apply(&format!("{before}\n[{after}")).await?;
    let status = cli.json(&["status"]).await?["data"]["sent_copies"].clone();
    assert_eq!(status, serde_json::json!([]));
    make(&bed, GERMAN.1).await?;
    cli.apply(&kept).await?;
    copying(&cli, "nothing to wait", done).await?;
    assert_eq!(copies(&bed, GERMAN.1).await?, [""; 0]);
    Ok(())
}

#[tokio::test]
async fn a_mail_that_the_folder_does_not_take_keeps_no_other_waiting() -> Result<()> {
    let bed = Testbed::start().await?;
    bed.mailbox("tiny").imap().await?.command("CREATE Sent").await?;
    let (_daemon, cli) = desk_of(&bed, "tiny", "Sent").await?;
    letter(&bed, "Much").await?;
    sent(&cli, 1).await?;
    copying(&cli, "the first copy", done).await?;
    // More than the account holds.
    reply(&cli, &"All there is to say. ".repeat(5000)).await?;
    sent(&cli, 2).await?;
    let faulty = copying(&cli, "the fault", |copying| copying["state"] == "faulty").await?;
    assert!(faulty.to_string().contains("mail 2 is not taken into the folder"), "{faulty}");
    reply(&cli, "A word").await?;
    let ids = sent(&cli, 3).await?;
    eventually(SOON, "the copy behind it", async || {
        let found = copies_of(&bed, "tiny", "Sent").await?;
        anyhow::Ok(count_of(&found, &ids[2]) == 1 && count_of(&found, &ids[1]) == 0)
    })
    .await?;
    copying(&cli, "one to wait", |copying| copying["state"] == "faulty" && copying["waiting"] == 1).await?;
    Ok(())
}
