//! A desk that signs in with tokens which a command prints: mail comes in and goes out, and a stale token heals.

use anyhow::Result;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Letter, PASSWORD, Testbed, eventually, token};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_token_is_fetched_for_each_connection() -> Result<()> {
    let bed = Testbed::start().await?;
    let folder = bed.scratch.dir("programs")?;
    let (program, kept) = (folder.join("fetch"), folder.join("token"));
    std::fs::write(&program, format!("#!/bin/sh\ncat {}\n", kept.display()))?;
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
    std::fs::write(&kept, token::expired("desk")?)?;
    let by_token = format!("password = {{ command = [\"{}\"] }}, mechanism = \"xoauth2\"", program.display());
    let settings = desk_settings(&bed).text().replace(&format!("password = {{ value = \"{PASSWORD}\" }}"), &by_token);
    let (_daemon, cli) = bed.daemon_with(&settings).await?;

    let faulty = eventually(SOON, "the stale token to be noticed", async || {
        let mailbox = cli.json(&["status"]).await?["data"]["mailboxes"][0].clone();
        anyhow::ensure!(mailbox["state"] == "faulty", "it is {mailbox}");
        anyhow::Ok(Some(mailbox))
    })
    .await?;
    assert!(faulty.to_string().contains("does not accept this access token (status 401)"), "{faulty}");

    // Whoever keeps the token renews it; nobody touches maildesk.
    std::fs::write(&kept, token::good("desk")?)?;
    eventually(SOON, "the new token to be used", async || {
        cli.ok(&["mailbox", "poll", "desk"]).await?;
        anyhow::Ok(cli.json(&["status"]).await?["data"]["mailboxes"][0]["state"] == "working")
    })
    .await?;
    let letter = Letter::from("alice@desk.test").to("desk@desk.test").subject("By token");
    bed.post(&letter, "alice@desk.test", "desk@desk.test").await?;
    bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |mail| mail.text().contains("By token")).await?;
    let status = cli.json(&["status"]).await?["data"].clone();
    assert!(!status.to_string().contains("faulty"), "{status}");
    let exported = cli.ok(&["settings", "export"]).await?;
    assert!(exported.contains("mechanism = \"xoauth2\"") && exported.contains("programs/fetch"), "{exported}");
    Ok(())
}
