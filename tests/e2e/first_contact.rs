//! A mailbox that already holds mail, and one whose UIDs begin anew.

use crate::desk::Desk;
use anyhow::Result;
use maildesk_tests::settings::{DeskSettings, Mailbox, Sender};
use maildesk_tests::{Letter, Testbed};

fn letter(subject: &str) -> Letter {
    Letter::from("alice@desk.test").to("desk@desk.test").subject(subject)
}

/// A bed whose desk mailbox already holds three mails.
async fn bed_with_old_mail() -> Result<Testbed> {
    let bed = Testbed::start().await?;
    for subject in ["Old 1", "Old 2", "Old 3"] {
        bed.mailbox("desk").deliver("alice@desk.test", &letter(subject).bytes()).await?;
    }
    Ok(bed)
}

/// A desk that takes this from its mailbox at first, and the mail that comes afterwards.
async fn desk_that_takes(bed: Testbed, first_import: &str) -> Result<Desk> {
    let mailbox = Mailbox { first_import: first_import.into(), ..Mailbox::tls(&bed, "desk") };
    let settings = DeskSettings::empty().sender(&Sender::tls(&bed, "desk")).mailbox(&mailbox);
    let desk = Desk::open_with(bed, &settings).await?;
    desk.polls().await?;
    desk.receives("alice@desk.test", &letter("New")).await?;
    desk.judged("New").await?;
    Ok(desk)
}

/// Subjects of all tickets, oldest first.
async fn subjects(desk: &Desk) -> Result<Vec<String>> {
    let tickets = desk.tickets().await?;
    Ok(tickets.iter().rev().filter_map(|ticket| ticket["subject"].as_str().map(str::to_owned)).collect())
}

/// The new mail is acknowledged, and only that.
async fn only_the_new_one_is_acknowledged(desk: &Desk) -> Result<()> {
    let sent = desk.outbox_is_done().await?;
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0]["subject"].as_str().is_some_and(|subject| subject.contains("New")), "{sent:?}");
    Ok(())
}

#[tokio::test]
async fn from_now_on_leaves_old_mail_alone() -> Result<()> {
    let desk = desk_that_takes(bed_with_old_mail().await?, "\"from_now\"").await?;
    assert_eq!(subjects(&desk).await?, ["New"]);
    only_the_new_one_is_acknowledged(&desk).await?;
    assert_eq!(desk.bed.mailbox("desk").counts().await?.unseen, 3, "old mail stays unread");
    Ok(())
}

#[tokio::test]
async fn unread_mail_is_taken_and_not_acknowledged() -> Result<()> {
    let desk = desk_that_takes(bed_with_old_mail().await?, "\"unread\"").await?;
    assert_eq!(subjects(&desk).await?, ["Old 1", "Old 2", "Old 3", "New"]);
    only_the_new_one_is_acknowledged(&desk).await?;
    assert_eq!(desk.bed.mailbox("desk").counts().await?.unseen, 0);
    Ok(())
}

#[tokio::test]
async fn mail_since_a_day_is_taken_and_not_acknowledged() -> Result<()> {
    let bed = bed_with_old_mail().await?;
    // INTERNALDATE counts, not the Date of the mail; APPEND can set it.
    let mut imap = bed.mailbox("desk").imap().await?;
    let ancient = "From: bob@desk.test\r\nSubject: Ancient\r\nMessage-ID: <a@world.test>\r\n\r\nOld\r\n";
    let append = format!("APPEND INBOX \"05-Jan-2020 10:00:00 +0000\" {{{}+}}\r\n{ancient}", ancient.len());
    imap.command(&append).await?;
    drop(imap);
    let desk = desk_that_takes(bed, "{ since = \"2020-02-01\" }").await?;
    assert_eq!(subjects(&desk).await?, ["Old 1", "Old 2", "Old 3", "New"]);
    only_the_new_one_is_acknowledged(&desk).await?;
    assert_eq!(desk.bed.mailbox("desk").counts().await?.unseen, 1, "the ancient mail stays unread");
    Ok(())
}

#[tokio::test]
async fn new_uids_double_nothing() -> Result<()> {
    let desk = desk_that_takes(bed_with_old_mail().await?, "\"unread\"").await?;
    desk.bed.dovecot.doveadm(&["mailbox", "update", "-u", "desk@desk.test", "--uid-validity", "7", "INBOX"])?;
    // Worse: everything is unread once more, as after a move to another server.
    desk.bed.mailbox("desk").forget_flags().await?;
    desk.receives("alice@desk.test", &letter("After the move")).await?;
    desk.judged("After the move").await?;
    let mails = desk.judged_in_all(9).await?;
    let mut outcomes: Vec<&str> = mails.iter().filter_map(|mail| mail["outcome"].as_str()).collect();
    outcomes.sort_unstable();
    assert_eq!(outcomes, [["dropped"; 4].as_slice(), ["new_ticket"; 5].as_slice()].concat());
    assert_eq!(subjects(&desk).await?, ["Old 1", "Old 2", "Old 3", "New", "After the move"]);
    assert_eq!(desk.outbox_is_done().await?.len(), 2);
    assert_eq!(desk.bed.mailbox("desk").counts().await?.unseen, 0);
    Ok(())
}
