//! Access tokens at a real Dovecot and Postfix, given at once or printed by a command.

use crate::bench::{Bench, Checked, no_secret_in};
use anyhow::{Result, ensure};
use maildesk_tests::settings::{DeskSettings, Mailbox, Sender};
use maildesk_tests::{PASSWORD, token};
use std::os::unix::fs::PermissionsExt;

/// A program that prints this line after some words of its own on the other channel.
fn program(bench: &Bench, name: &str, script: &str) -> Result<String> {
    let file = bench.bed.scratch.dir("programs")?.join(name);
    std::fs::write(&file, format!("#!/bin/sh\n{script}\n"))?;
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755))?;
    Ok(file.to_string_lossy().into_owned())
}

fn document(bench: &Bench, login: &str) -> DeskSettings {
    let bed = &bench.bed;
    let usual = DeskSettings::empty().sender(&Sender::tls(bed, "desk")).mailbox(&Mailbox::tls(bed, "desk"));
    let text = usual.text().replace(&format!("password = {{ value = \"{PASSWORD}\" }}"), login);
    DeskSettings::empty().lines(&text)
}

/// The ladders of the sender and of the mailbox with this in place of the password.
async fn both(bench: &Bench, login: &str) -> Result<[Checked; 2]> {
    let document = document(bench, login);
    Ok([bench.check("sender", "desk", &document, &[]).await?, bench.check("mailbox", "desk", &document, &[]).await?])
}

#[tokio::test]
async fn a_token_logs_in_wherever_it_comes_from() -> Result<()> {
    let bench = Bench::start().await?;
    let good = token::good("desk")?;
    let fetch = program(&bench, "fetch", &format!("echo fetching >&2\n[ \"$1\" = 'for desk' ] && echo {good}"))?;
    let command = format!("password = {{ command = [\"{fetch}\", \"for desk\"] }}, mechanism = \"xoauth2\"");
    let value = format!("password = {{ value = \"{good}\" }}, mechanism = \"xoauth2\"");
    for login in [command, value] {
        for checked in both(&bench, &login).await? {
            checked.passes()?;
            assert_eq!(checked.found("login", "mechanism"), "XOAUTH2", "{}", checked.text);
            let secret = data_encoding::BASE64.encode(format!("user=desk@desk.test\x01auth=Bearer {good}").as_bytes());
            let beginning: String = secret.chars().take(60).collect();
            ensure!(!checked.text.contains(&good) && !checked.text.contains(&beginning), "{}", checked.text);
            assert!(checked.transcript().iter().any(|line| line.contains("XOAUTH2 [redacted]")), "{}", checked.text);
        }
    }
    // A password from a command.
    let print = program(&bench, "print", &format!("echo {PASSWORD}"))?;
    for checked in both(&bench, &format!("password = {{ command = [\"{print}\"] }}")).await? {
        checked.passes()?;
        no_secret_in(&checked.text)?;
    }
    Ok(())
}

#[tokio::test]
async fn a_refused_token_is_explained() -> Result<()> {
    let bench = Bench::start().await?;
    let login = format!("password = {{ value = \"{}\" }}, mechanism = \"xoauth2\"", token::expired("desk")?);
    for checked in both(&bench, &login).await? {
        checked.fails("login", "does not accept this access token (status 401)", "may have expired")?;
        assert!(checked.said("login").contains("\"scope\":\"mail\""), "{}", checked.text);
        // The empty answer has brought the last words.
        let last = checked.transcript().last().cloned().unwrap_or_default();
        assert!(last.contains("535 5.7.8") || last.contains("AUTHENTICATIONFAILED"), "{}", checked.text);
    }
    let nothing =
        Sender { port: bench.bed.postfix.relay_port(), encryption: "plain".into(), ..Sender::tls(&bench.bed, "desk") };
    let text = DeskSettings::empty().sender(&nothing).text().replace("login = {", "login = { mechanism = \"xoauth2\",");
    let checked = bench.check("sender", "desk", &DeskSettings::empty().lines(&text), &[]).await?;
    checked.fails("login", "takes no access tokens", "allow XOAUTH2 on the server")
}

#[tokio::test]
async fn a_command_that_fails_is_quoted() -> Result<()> {
    let bench = Bench::start().await?;
    let fail =
        program(&bench, "fail", "echo half-a-secret\necho 'invalid_grant: the refresh token has expired' >&2\nexit 4")?;
    for checked in both(&bench, &format!("password = {{ command = [\"{fail}\"] }}, mechanism = \"xoauth2\"")).await? {
        let words = "exit status: 4: invalid_grant: the refresh token has expired";
        checked.fails("settings", words, "Run the command as the daemon's user")?;
        assert!(!checked.text.contains("half-a-secret"), "{}", checked.text);
    }
    let missing = both(&bench, "password = { command = [\"/no/such/program\"] }").await?;
    missing[0].fails("settings", "cannot be started", "Run the command")
}
