//! Files that agents send along: by mail and by command, through kills, to the last byte.

use crate::desk::{Desk, SOON, kinds, noise};
use anyhow::{Context, Result, ensure};
use maildesk_tests::mailbox::StoredMail;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, Testbed, eventually};

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\nlogo of the desk";

/// A desk with agent Bob and ticket 1 of Alice's, and the Message-ID of the notice that Bob got.
async fn with_notice(more: &str) -> Result<(Desk, String)> {
    let bed = Testbed::start().await?;
    let agents = "[[agents]]\nname = \"bob\"\naddresses = [\"bob@desk.test\"]\nnotify = [\"new_ticket\"]\n";
    let settings = desk_settings(&bed).lines(agents).lines(more);
    let desk = Desk::open_with(bed, &settings).await?;
    desk.polls().await?;
    let first = Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject("Printer").text("It burns.\r\n");
    desk.receives("alice@desk.test", &first).await?;
    let told = desk.bed.mailbox("bob").wait_for(SOON, "the notice", |_| true).await?;
    let id = told.header("Message-ID").context("an id")?;
    Ok((desk, id))
}

fn from_bob(subject: &str, text: &str, answers: &str) -> Letter {
    Letter::from("Bob <bob@desk.test>").to("desk@desk.test").subject(subject).text(text).in_reply_to(answers)
}

/// The mail to Alice with these words in it.
async fn at_alice(desk: &Desk, words: &str) -> Result<StoredMail> {
    desk.bed.mailbox("alice").wait_for(SOON, words, |mail| mail.text().contains(words)).await
}

#[tokio::test]
async fn what_an_agent_attaches_to_a_mail_goes_on_with_it() -> Result<()> {
    let (desk, notice) = with_notice("[judging]\nblocked_attachments = {}\n").await?;
    let large = noise(700_000);
    let answer = from_bob("Re: Printer", "Pull the plug.\r\n", &notice)
        .attach("\u{dc}bersicht.pdf", "application/pdf", large.clone())
        .attach("plan.txt", "text/plain", "turn left")
        .inline("logo.png", "image/png", "logo@bob", PICTURE);
    desk.receives("bob@desk.test", &answer).await?;
    let got = at_alice(&desk, "Pull the plug.").await?;
    let files = got.attachments()?;
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    ensure!(names == ["\u{dc}bersicht.pdf", "plan.txt", "logo.png"], "{names:?}");
    ensure!(files[0].1 == large && files[1].1 == b"turn left" && files[2].1 == PICTURE);
    ensure!(got.text().contains("Attached:"), "the mail names them");
    let ticket = desk.ticket(1).await?;
    ensure!(ticket["entries"][1]["attachments"].as_array().map(Vec::len) == Some(3), "{ticket}");
    ensure!(kinds(&ticket) == ["comment", "comment"], "nothing is left to note: {ticket}");

    // The picture of his signature went once; what is blocked holds the whole answer back, and he is told.
    let again = from_bob("Once more", "And put it in again.\r\n", &notice);
    desk.receives("bob@desk.test", &again.inline("logo.png", "image/png", "logo@bob", PICTURE)).await?;
    ensure!(at_alice(&desk, "put it in again").await?.attachments()?.is_empty());
    let program = from_bob("A program", "#resolve\r\n\r\nRun this.\r\n", &notice);
    desk.receives("bob@desk.test", &program.attach("fix.exe", "application/octet-stream", "MZ")).await?;
    let told = desk.bed.mailbox("bob").wait_for(SOON, "why not", |mail| mail.text().contains("fix.exe")).await?;
    ensure!(told.text().contains("your text cannot be sent"), "{}", told.text());
    let ticket = desk.ticket(1).await?;
    ensure!(ticket["ticket"]["status"] == "open", "its command is not done either: {ticket}");
    ensure!(!desk.bed.mailbox("alice").mails()?.iter().any(|mail| mail.text().contains("Run this")));
    Ok(())
}

#[tokio::test]
async fn files_of_a_command_survive_kills_and_arrive_whole() -> Result<()> {
    let (mut desk, _) = with_notice("").await?;
    let (small, large) = (b"one\r\ntwo\n.\n".to_vec(), noise(3_000_000));
    let (small_file, large_file) = (desk.bed.scratch.path().join("a log.txt"), desk.bed.scratch.path().join("b.zip"));
    std::fs::write(&small_file, &small)?;
    std::fs::write(&large_file, &large)?;
    at_alice(&desk, "Printer").await?;
    desk.bed.postfix.stop();
    let (small_file, large_file) = (small_file.to_string_lossy(), large_file.to_string_lossy());
    let given = ["ticket", "reply", "1", "--text", "See these.", "--attach", &small_file, "--attach", &large_file];
    let said = desk.cli.ok(&given).await?;
    ensure!(said.contains("with 2 files"), "{said}");
    let ticket = desk.ticket(1).await?;
    ensure!(ticket["entries"][1]["attachments"][1]["size"] == large.len(), "{ticket}");
    desk.daemon.kill_hard()?;
    desk.daemon.start_again().await?;
    ensure!(desk.save_attachment(1, 2, "b.zip").await? == large, "it is durable with the answer");
    desk.bed.postfix.start_again().await?;
    let files = at_alice(&desk, "See these.").await?.attachments()?;
    ensure!(files == [("a log.txt".to_owned(), small), ("b.zip".to_owned(), large)]);
    let listed = desk.outbox_is_done().await?;
    let size = listed.iter().find(|mail| mail["kind"] == "agent_reply").map(|mail| mail["size"].as_u64());
    ensure!(size.flatten().is_some_and(|size| size > 4_000_000), "its size counts the files: {listed:?}");
    Ok(())
}

#[tokio::test]
async fn files_come_from_s3_once_they_lie_there_and_bad_ones_are_refused() -> Result<()> {
    let bed = Testbed::start().await?;
    let store = bed.object_store().await?;
    let settings = desk_settings(&bed).storage(&store).lines("[judging]\nblocked_attachments = {}");
    let mut desk = Desk::open_with(bed, &settings).await?;
    desk.polls().await?;
    let first = Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject("Printer").text("It burns.\r\n");
    desk.receives("alice@desk.test", &first).await?;
    at_alice(&desk, "Printer").await?;
    let large = noise(2_000_000);
    let folder = desk.bed.scratch.path().to_owned();
    let file = |name: &str, bytes: &[u8]| -> Result<String> {
        std::fs::write(folder.join(name), bytes)?;
        Ok(folder.join(name).to_string_lossy().into_owned())
    };
    let (data, program, huge) =
        (file("data.bin", &large)?, file("fix.exe", b"MZ")?, file("huge.bin", &vec![0; (25 << 20) + 1])?);
    for (path, said) in [
        (program.as_str(), "fix.exe: files that end in .exe are blocked"),
        (huge.as_str(), "larger than 25 MiB"),
        ("/nowhere/at.all", "cannot read /nowhere/at.all"),
    ] {
        let refused = desk.cli.run(&["ticket", "reply", "1", "--text", "x", "--attach", path]).await?;
        ensure!(refused.code != 0 && refused.stderr.contains(said), "{path}: {refused:?}");
    }
    ensure!(kinds(&desk.ticket(1).await?) == ["comment"], "nothing was written");

    desk.bed.postfix.stop();
    desk.cli.ok(&["ticket", "reply", "1", "--text", "See this.", "--attach", &data]).await?;
    eventually(SOON, "the file lies in S3", async || {
        anyhow::Ok(desk.status().await?["counts"]["uploads_waiting"] == 0 && !store.keys().is_empty())
    })
    .await?;
    desk.bed.postfix.start_again().await?;
    let files = at_alice(&desk, "See this.").await?.attachments()?;
    ensure!(files == [("data.bin".to_owned(), large)]);
    Ok(())
}
