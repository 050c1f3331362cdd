//! A password is given once and never seen again.

use crate::desk::{Desk, SOON};
use anyhow::Result;
use data_encoding::{BASE64, HEXLOWER};
use maildesk_tests::daemon::{Daemon, DaemonOptions};
use maildesk_tests::settings::{DeskSettings, Mailbox, desk_settings};
use maildesk_tests::{Letter, Testbed};
use std::fs;
use std::path::{Path, PathBuf};

const PASSWORD: &str = "Correct-Horse-9-Battery";
const WRONG: &str = "Wrong-Staple-7-Elephant";
const S3_SECRET: &str = maildesk_tests::object_store::SECRET_KEY;

/// Every form in which a secret could lie around.
fn forms() -> Vec<Vec<u8>> {
    let mut forms = Vec::new();
    for secret in [PASSWORD, WRONG, S3_SECRET] {
        forms.push(secret.as_bytes().to_vec());
        forms.push(BASE64.encode(secret.as_bytes()).into_bytes());
        forms.push(HEXLOWER.encode(secret.as_bytes()).into_bytes());
        // SASL PLAIN (RFC 4616) as it goes over the wire.
        forms.push(BASE64.encode(format!("\0desk@desk.test\0{secret}").as_bytes()).into_bytes());
    }
    forms
}

fn shows_none(place: &str, bytes: &[u8]) {
    for form in forms() {
        let found = bytes.windows(form.len()).any(|window| window == form);
        assert!(!found, "{place} shows {}", String::from_utf8_lossy(&form));
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}

#[tokio::test]
async fn no_secret_shows_anywhere() -> Result<()> {
    let bed = Testbed::start().await?;
    let users = bed.scratch.path().join("dovecot/users");
    let others = fs::read_to_string(&users)?;
    fs::write(&users, others.replace("desk@desk.test:{PLAIN}secret", &format!("desk@desk.test:{{PLAIN}}{PASSWORD}")))?;
    let store = bed.object_store().await?;
    let given = desk_settings(&bed)
        .mailbox(&Mailbox {
            name: "wrong".into(),
            password: WRONG.into(),
            sender: "desk".into(),
            ..Mailbox::tls(&bed, "sales")
        })
        .storage(&store)
        .text()
        .replace("\"secret\"", &format!("\"{PASSWORD}\""));
    let options = DaemonOptions {
        log_level: "trace".into(),
        ca_file: Some(bed.certificates.authority()),
        ..DaemonOptions::default()
    };
    let daemon = Daemon::start(&bed.scratch, options).await?;
    let cli = daemon.cli();
    let applied = cli.apply(&given).await?;
    shows_none("settings apply", applied.as_bytes());
    // The document that the test itself wrote.
    fs::remove_file(daemon.socket().with_file_name("desk.toml"))?;
    let mut desk = Desk { daemon, cli, bed };
    desk.polls().await?;
    let letter = |subject: &str| {
        let letter = Letter::from("alice@desk.test").to("desk@desk.test").subject(subject);
        letter.attach("a.bin", "application/octet-stream", subject)
    };
    desk.receives("alice@desk.test", &letter("First")).await?;
    desk.judged("First").await?;
    desk.bed.mailbox("alice").wait_for(SOON, "the acknowledgement", |_| true).await?;
    desk.fares("/mailboxes/1", "faulty").await?;

    let export = desk.cli.ok(&["settings", "export"]).await?;
    assert!(export.contains("sealed"), "{export}");
    let invalid = desk.file("invalid.toml", &given.replace("poll_seconds = 1", "poll_seconds = 0"))?;
    let refused = desk.cli.run(&["settings", "apply", &invalid.to_string_lossy()]).await?;
    shows_none("a refused document", refused.stderr.as_bytes());
    let torn = desk.file("invalid.toml", &given.replace("password = { value", "password = { valeu"))?;
    let refused = desk.cli.run(&["settings", "apply", &torn.to_string_lossy()]).await?;
    assert_eq!(refused.code, 5);
    shows_none("a document with a typing error", refused.stderr.as_bytes());
    let changed = desk.file("invalid.toml", &given)?;
    let diff = desk.cli.run(&["settings", "diff", &changed.to_string_lossy()]).await?;
    assert_eq!(diff.code, 6, "{diff:?}");
    shows_none("settings diff", diff.stdout.as_bytes());
    fs::remove_file(changed)?;

    // What was exported can be applied: sealed secrets stay. They also outlive a restart.
    let document = DeskSettings::empty().lines(&export.replace("poll_seconds = 1", "poll_seconds = 2"));
    desk.cli.apply(document.text()).await?;
    desk.receives("alice@desk.test", &letter("Second")).await?;
    assert_eq!(desk.judged("Second").await?["outcome"], "new_ticket");
    desk.daemon.restart().await?;
    desk.receives("alice@desk.test", &letter("Third")).await?;
    assert_eq!(desk.judged("Third").await?["outcome"], "new_ticket");
    desk.outbox_is_done().await?;

    let shown: [&[&str]; 8] = [
        &["settings", "export"],
        &["settings", "export", "--json"],
        &["status"],
        &["status", "--json"],
        &["events", "--json"],
        &["mailbox", "list", "--json"],
        &["mail", "list", "--json"],
        &["outbox", "list", "--json"],
    ];
    for command in shown {
        shows_none(&command.join(" "), desk.cli.ok(command).await?.as_bytes());
    }
    desk.daemon.terminate()?;
    let log = desk.bed.scratch.log_file("maildeskd");
    assert!(fs::read_to_string(&log)?.contains("DEBUG"), "the log says all it can");
    let home = desk.daemon.socket().parent().map(files_below).unwrap_or_default();
    assert!(home.iter().any(|file| file.starts_with(desk.daemon.state_dir().join("store"))));
    for file in home.into_iter().chain([log]) {
        shows_none(&file.to_string_lossy(), &fs::read(&file)?);
    }
    Ok(())
}
