//! A whole conversation: mail, ticket, acknowledgement, reply, comment, answer.

use anyhow::{Context, Result};
use maildesk_tests::letter::Letter;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::wait::eventually;
use maildesk_tests::{DOMAIN, Testbed};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(20);

#[tokio::test]
async fn from_first_mail_to_answer() -> Result<()> {
    let bed = Testbed::start().await?;
    let (_daemon, cli) = bed.daemon_with(desk_settings(&bed).text()).await?;
    eventually(SOON, "the first poll", async || {
        let status = cli.json(&["status"]).await?;
        anyhow::Ok(status["data"]["mailboxes"][0]["state"] == "working")
    })
    .await?;

    let attachment: Vec<u8> = (0..100_000_u32).map(|n| (n * 7 % 251) as u8).collect();
    let letter = Letter::from("Alice <alice@desk.test>")
        .to("desk@desk.test")
        .subject("The printer is on fire")
        .text("Please help.\r\n")
        .attach("photo.bin", "application/octet-stream", attachment);
    bed.post(&letter, "alice@desk.test", &format!("desk@{DOMAIN}")).await?;

    let acknowledgement = bed
        .mailbox("alice")
        .wait_for(SOON, "the acknowledgement", |mail| mail.text().contains("printer is on fire"))
        .await
        .context("no acknowledgement")?;
    println!("{}", acknowledgement.text());
    println!("{}", cli.ok(&["ticket", "list"]).await?);
    println!("{}", cli.ok(&["status"]).await?);
    println!("{}", cli.ok(&["ticket", "show", "1"]).await?);
    Ok(())
}
