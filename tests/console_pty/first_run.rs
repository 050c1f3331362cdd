//! From nothing to the first ticket: an empty daemon, real mail servers, and a person who types.

use crate::desk::{console, fills};
use anyhow::Result;
use maildesk_tests::dovecot::ALL_MODES;
use maildesk_tests::{Letter, PASSWORD, Testbed, eventually};
use std::time::Duration;

const NEXT: &str = "\x1bOQ";

#[tokio::test]
async fn a_new_desk_is_set_up_and_the_first_mail_becomes_its_ticket() -> Result<()> {
    let bed = Testbed::start().await?;
    for subject in ["Old 1", "Old 2"] {
        let letter = Letter::from("alice@desk.test").to("desk@desk.test").subject(subject);
        bed.mailbox("desk").deliver("alice@desk.test", &letter.bytes()).await?;
    }
    let daemon = bed.daemon().await?;
    let drafts = bed.scratch.dir("drafts")?;
    let mut terminal = console(&daemon, &drafts, &[], (100, 36))?;
    terminal.shows("step 1 of 6").await?;
    fills(&mut terminal, &["Example Support"])?;
    fills(&mut terminal, &["desk@desk.test"])?;
    terminal.types(NEXT)?;
    terminal.shows("step 2 of 6").await?;
    // The servers that were proposed are not those of this test.
    terminal.shows("imap.desk.test").await?;
    fills(&mut terminal, &[ALL_MODES, &bed.dovecot.imaps_port().to_string()])?;
    terminal.types("\t\t\t")?;
    fills(&mut terminal, &["wrong"])?;
    terminal.types(NEXT)?;
    terminal.shows("the server does not accept this user name and password").await?;
    terminal.types("\x1b")?;
    terminal.shows("your answers are kept").await?;
    terminal.types("q")?;
    assert!(terminal.ended().await?.success());

    // Another day: it goes on where it was left, without the password.
    let mut terminal = console(&daemon, &drafts, &["setup"], (100, 36))?;
    terminal.shows("step 2 of 6").await?;
    terminal.shows(&bed.dovecot.imaps_port().to_string()).await?;
    terminal.types("\t\t\t\t\t")?;
    fills(&mut terminal, &[PASSWORD])?;
    terminal.types(NEXT)?;
    terminal.shows("this mailbox can be polled").await?;
    terminal.types(NEXT)?;
    terminal.shows("The folder has 2 mails, 2 of them unread").await?;
    terminal.shows("unread takes 2 mails").await?;
    terminal.types(NEXT)?;

    terminal.shows("step 4 of 6").await?;
    terminal.types("\t")?;
    fills(&mut terminal, &[ALL_MODES, &bed.postfix.smtps_port().to_string()])?;
    // From starttls to tls in the circle of choices.
    terminal.types("  ")?;
    terminal.shows("< tls >").await?;
    terminal.types("\x1b[17~")?;
    terminal.shows("Send a test mail to").await?;
    terminal.types("alice@desk.test\r")?;
    terminal.shows("to alice@desk.test, queue").await?;
    eventually(Duration::from_secs(60), "the test mail reaches Alice", || {
        let found = bed.mailbox("alice").mails().map(|mails| mails.len() == 1);
        async { found }
    })
    .await?;
    terminal.types(NEXT)?;
    terminal.shows("Outbound: tested, it works").await?;
    terminal.shows("mailbox.desk.address").await?;
    terminal.types(NEXT)?;
    terminal.shows("Write a mail to desk@desk.test now").await?;
    terminal.shows("mailbox desk: working").await?;

    let letter = Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject("The very first");
    bed.post(&letter, "alice@desk.test", "desk@desk.test").await?;
    terminal.shows("Ticket #1 The very first").await?;
    terminal.types("\r")?;
    terminal.shows("Tickets › #1").await?;
    let kept = walk(&drafts)?;
    assert!(!kept.contains(PASSWORD), "{kept}");
    Ok(())
}

/// Everything in the files of a folder.
fn walk(folder: &std::path::Path) -> Result<String> {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => text.push_str(&walk(&entry.path())?),
            false => text.push_str(&std::fs::read_to_string(entry.path())?),
        }
    }
    Ok(text)
}
