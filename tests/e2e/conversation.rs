//! A whole conversation: mail, ticket, acknowledgement, comment, answer, resolved, reopened.

use crate::desk::{Desk, SOON, kinds, noise, sha256};
use anyhow::{Context, Result};
use maildesk_tests::mailbox::StoredMail;
use maildesk_tests::{Letter, eventually};

const SMALL: usize = 40_000;
/// Above what the store keeps: it becomes a file.
const LARGE: usize = 3 << 20;

#[tokio::test]
async fn from_first_mail_to_reopened() -> Result<()> {
    let desk = Desk::open().await?;
    let (small, large) = (noise(SMALL), noise(LARGE));
    let first = Letter::from("Alice <alice@desk.test>")
        .to("desk@desk.test")
        .subject("The printer is on fire")
        .text("Please help.\r\n")
        .attach("photo.jpg", "image/jpeg", small.clone())
        .attach("film.bin", "application/octet-stream", large.clone());
    desk.receives("alice@desk.test", &first).await?;

    let acknowledgement = arrives(&desk, |mail| mail.header("Auto-Submitted").is_some()).await?;
    let header = |name: &str| acknowledgement.header(name).with_context(|| format!("no {name}"));
    assert_eq!(header("From")?, "\"The desk team\" <desk@desk.test>");
    assert!(header("To")?.contains("alice@desk.test"));
    assert_eq!(header("In-Reply-To")?, first.id());
    assert_eq!(header("References")?, first.id());
    assert_eq!(header("Auto-Submitted")?, "auto-replied");
    assert!(!header("X-Maildesk-Loop")?.is_empty());
    assert!(acknowledgement.text().contains("printer is on fire"));
    let acknowledged_as = header("Message-ID")?;

    let ticket = desk.ticket(1).await?;
    assert_eq!(ticket["ticket"]["status"], "new");
    assert_eq!(ticket["requester"]["addresses"][0], "alice@desk.test");
    assert_eq!(sha256(&desk.save_attachment(1, 1, "photo.jpg").await?), sha256(&small));
    assert_eq!(sha256(&desk.save_attachment(1, 1, "film.bin").await?), sha256(&large));

    // Answering the acknowledgement leads to the same ticket, and is not acknowledged once more.
    desk.receives("alice@desk.test", &alices(&acknowledged_as, "Re: on fire", "Now it smokes.\r\n")).await?;
    let verdict = desk.judged("Re: on fire").await?;
    assert_eq!((verdict["outcome"].as_str(), verdict["ticket"].as_u64()), (Some("comment"), Some(1)), "{verdict}");

    desk.cli.ok(&["ticket", "reply", "1", "--text", "Pull the plug."]).await?;
    let answer = arrives(&desk, |mail| mail.text().contains("Pull the plug.")).await?;
    let header = |name: &str| answer.header(name).with_context(|| format!("no {name}"));
    let second = desk.ticket(1).await?["entries"][1]["message_id"].as_str().map(|id| format!("<{id}>"));
    assert_eq!(header("From")?, "\"The desk team\" <desk@desk.test>");
    assert_eq!(Some(header("In-Reply-To")?), second);
    assert_eq!(header("References")?, format!("{} {}", first.id(), second.unwrap_or_default()));
    assert_eq!(answer.header("Auto-Submitted"), None);

    desk.receives("alice@desk.test", &alices(&header("Message-ID")?, "Re: plug", "It is out.\r\n")).await?;
    assert_eq!(desk.judged("Re: plug").await?["outcome"], "comment");
    assert_eq!(desk.ticket(1).await?["ticket"]["status"], "open");
    desk.cli.ok(&["ticket", "resolve", "1"]).await?;
    assert_eq!(desk.ticket(1).await?["ticket"]["status"], "resolved");
    desk.receives("alice@desk.test", &alices(&header("Message-ID")?, "Re: again", "It burns again.\r\n")).await?;
    assert_eq!(desk.judged("Re: again").await?["outcome"], "comment");

    let ticket = desk.ticket(1).await?;
    assert_eq!(ticket["ticket"]["status"], "open");
    let comment = "comment";
    let thread = [comment, comment, comment, comment, "status_change", comment, "status_change"];
    assert_eq!(kinds(&ticket), thread);
    desk.outbox_is_done().await?;
    let mails = desk.bed.mailbox("alice").mails()?;
    let automatic: Vec<&StoredMail> = mails.iter().filter(|mail| mail.header("Auto-Submitted").is_some()).collect();
    assert_eq!((mails.len(), automatic.len()), (3, 2), "the acknowledgement, the answer, and that it is resolved");
    let resolved = automatic.iter().filter(|mail| mail.text().contains("Subject: [#1] Resolved: The printer"));
    assert_eq!(resolved.count(), 1);
    told_by_events(&desk).await
}

/// Everything above, in its order.
async fn told_by_events(desk: &Desk) -> Result<()> {
    let events = desk.events().await?;
    let names: Vec<&str> = events.iter().filter_map(|event| event["event"].as_str()).collect();
    for (name, count) in [("mail_judged", 4), ("mail_sent", 3), ("agent_replied", 1), ("settings_applied", 1)] {
        assert_eq!(names.iter().filter(|found| **found == name).count(), count, "{name} in {names:?}");
    }
    let resolved = events.iter().find(|event| event["event"] == "status_changed").context("no status change")?;
    assert_eq!((resolved["from"].as_str(), resolved["to"].as_str()), (Some("open"), Some("resolved")));
    let numbers: Vec<u64> = events.iter().filter_map(|event| event["seq"].as_u64()).collect();
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
    Ok(())
}

#[tokio::test]
async fn events_come_as_they_happen() -> Result<()> {
    use tokio::io::{AsyncBufReadExt, BufReader};
    let desk = Desk::open().await?;
    let mut follower = desk.cli.command(&["events", "--follow", "--since", "0", "--json"]).spawn()?;
    let mut lines = BufReader::new(follower.stdout.take().context("piped")?).lines();
    desk.receives("bob@desk.test", &Letter::from("bob@desk.test").to("desk@desk.test").subject("Hello")).await?;
    let told = async {
        while let Some(line) = lines.next_line().await? {
            let event: serde_json::Value = serde_json::from_str(&line)?;
            if event["event"] == "mail_sent" {
                return Ok(event);
            }
        }
        anyhow::bail!("the list of events ended")
    };
    let sent = tokio::time::timeout(SOON, told).await??;
    assert_eq!(sent["to"], "bob@desk.test");
    follower.kill().await?;
    Ok(())
}

/// A mail of Alice's that answers this Message-ID.
fn alices(answers: &str, subject: &str, text: &str) -> Letter {
    Letter::from("Alice <alice@desk.test>").to("desk@desk.test").subject(subject).text(text).in_reply_to(answers)
}

async fn arrives(desk: &Desk, wanted: impl Fn(&StoredMail) -> bool) -> Result<StoredMail> {
    let mailbox = desk.bed.mailbox("alice");
    eventually(SOON, "mail for Alice", || {
        let found = mailbox.mails().map(|mails| mails.into_iter().find(&wanted));
        async { found }
    })
    .await
}
