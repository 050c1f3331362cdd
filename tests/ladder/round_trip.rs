//! A test mail to a mailbox of our own: recognised, dropped by its rule, timed; a forged one is ordinary mail.

use crate::bench::no_secret_in;
use anyhow::Result;
use maildesk_tests::letter::Letter;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::wait::eventually;
use maildesk_tests::{DOMAIN, Testbed};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_test_mail_comes_back_and_makes_no_ticket() -> Result<()> {
    let bed = Testbed::start().await?;
    let (_daemon, cli) = bed.daemon_with(desk_settings(&bed).text()).await?;
    eventually(SOON, "the first poll", async || {
        anyhow::Ok(cli.json(&["status"]).await?["data"]["mailboxes"][0]["state"] == "working")
    })
    .await?;

    let text = cli.ok(&["sender", "test", "desk", "--round-trip", "--transcript"]).await?;
    println!("{text}");
    no_secret_in(&text)?;
    assert!(text.contains("dropped, round trip of a check"), "{text}");
    assert!(text.contains("the test mail came back to mailbox desk in "), "{text}");
    let status = cli.json(&["status"]).await?;
    assert_eq!(status["data"]["counts"]["tickets"], 0, "{status}");
    assert_eq!(status["data"]["counts"]["mails"], 1, "{status}");

    // A saved sender and mailbox are checked with the secrets that are sealed.
    for noun in ["sender", "mailbox"] {
        let checked = cli.json(&[noun, "test", "desk"]).await?;
        assert_eq!(checked["data"]["outcome"], "passed", "{checked}");
    }

    // The mark of a mail that was read by somebody else's eyes, changed: the mail is a ticket like any other.
    let mail = bed.mailbox("desk").mails()?;
    let mark = mail[0].text();
    let mark = mark.lines().find_map(|line| line.strip_prefix("X-Maildesk-Check: ")).unwrap_or_default();
    let (at, rest) = mark.split_once('.').unwrap_or_default();
    let forged = format!("{}.{rest}", at.parse::<i64>()? + 1);
    let letter =
        Letter::from("alice@desk.test").to("desk@desk.test").subject("forged").header("X-Maildesk-Check", &forged);
    bed.post(&letter, "alice@desk.test", &format!("desk@{DOMAIN}")).await?;
    eventually(SOON, "the ticket of the forged mark", async || {
        anyhow::Ok(cli.json(&["status"]).await?["data"]["counts"]["tickets"] == 1)
    })
    .await
}
