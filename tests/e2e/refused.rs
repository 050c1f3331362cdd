//! Documents and files that are refused whole, and starts that fail with a clear word.

use crate::desk::Desk;
use anyhow::Result;
use maildesk_tests::daemon::binary;
use maildesk_tests::settings::desk_settings;
use maildesk_tests::{Testbed, wait};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

#[tokio::test]
async fn invalid_settings_are_refused_whole_with_every_problem() -> Result<()> {
    let desk = Desk::open().await?;
    let before = desk.cli.ok(&["settings", "export"]).await?;
    let wrong = desk_settings(&desk.bed)
        .text()
        .replace("poll_seconds = 1", "poll_seconds = 0")
        .replace("folder = \"INBOX\"", "folder = \" \"")
        .replace("sender = \"desk\"", "sender = \"nobody\"");
    let file = desk.file("wrong.toml", &wrong)?;
    let refused = desk.cli.run(&["settings", "apply", &file.to_string_lossy(), "--json"]).await?;
    assert_eq!(refused.code, 5, "{refused:?}");
    let error: serde_json::Value = serde_json::from_str(&refused.stderr)?;
    let fields: Vec<&str> = error["error"]["fields"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|problem| problem["field"].as_str())
        .collect();
    for field in ["poll_seconds", "folder", "sender"] {
        assert!(fields.iter().any(|found| found.ends_with(field)), "{field} in {fields:?}");
    }
    let for_people = desk.cli.run(&["settings", "apply", &file.to_string_lossy()]).await?;
    assert_eq!(for_people.code, 5);
    assert!(for_people.stderr.contains("poll_seconds") && for_people.stderr.contains("86400"), "{for_people:?}");

    for broken in ["[[mailbox]]\nname = \"x\"\nfolder = 7\n", "not toml at all", "[desk]\nnmae = \"x\"\n"] {
        let file = desk.file("broken.toml", broken)?;
        let refused = desk.cli.run(&["settings", "apply", &file.to_string_lossy()]).await?;
        assert_eq!(refused.code, 5, "{broken}: {refused:?}");
        assert!(!refused.stderr.is_empty());
    }
    assert_eq!(desk.cli.ok(&["settings", "export"]).await?, before, "nothing has changed");
    let stale = desk.file("same.toml", desk_settings(&desk.bed).text())?;
    let conflict = desk.cli.run(&["settings", "apply", &stale.to_string_lossy(), "--revision", "0"]).await?;
    assert_eq!(conflict.code, 4, "{conflict:?}");
    Ok(())
}

/// Runs maildeskd until it ends by itself.
async fn maildeskd(config: &Path) -> Result<Output> {
    let mut child = Command::new(binary("maildeskd")?)
        .arg("--config")
        .arg(config)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let ended = wait::eventually(Duration::from_secs(20), "maildeskd ends", || {
        let ended = child.try_wait().map(|status| status.is_some());
        async { ended }
    })
    .await;
    if ended.is_err() {
        child.kill()?;
    }
    ended?;
    Ok(child.wait_with_output()?)
}

/// It ended with a failure, and said these words without a backtrace.
fn says(output: &Output, words: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    println!("{said}");
    assert!(!output.status.success());
    for word in words {
        assert!(said.contains(word), "{word} in {said}");
    }
    assert!(!said.contains("panicked"), "{said}");
}

#[tokio::test]
async fn a_wrong_bootstrap_file_is_told() -> Result<()> {
    let desk = Desk::open().await?;
    let right = std::fs::read_to_string(desk.daemon.config_file())?;
    says(&maildeskd(Path::new("/no/such/maildeskd.toml")).await?, &["/no/such/maildeskd.toml", "--config"]);
    let elsewhere = right.replace("/maildeskd/", "/elsewhere/");
    for (wrong, words) in [
        (elsewhere.replace("level = \"info\"", "level = \"lo=u=d\""), ["lo=u=d", "debug"]),
        (elsewhere.replace("[log]", "[lgo]"), ["lgo", "unknown field"]),
        (elsewhere.replace("state_dir = \"/", "state_dir = \""), ["state_dir", "absolute"]),
        (elsewhere.replace("tls/ca.pem", "tls/nothing.pem"), ["nothing.pem", "certificate"]),
        (format!("{elsewhere}\n[[["), ["maildeskd-wrong.toml", "line"]),
    ] {
        says(&maildeskd(&desk.file("maildeskd-wrong.toml", &wrong)?).await?, &words);
    }
    Ok(())
}

#[tokio::test]
async fn a_second_maildeskd_is_turned_away() -> Result<()> {
    let desk = Desk::open().await?;
    let config = std::fs::read_to_string(desk.daemon.config_file())?;
    let state = desk.daemon.state_dir().to_string_lossy().into_owned();
    says(&maildeskd(desk.daemon.config_file()).await?, &[&state]);
    // Another socket makes it no better: the store is what there can be one of.
    let other = desk.file("second.toml", &config.replace("maildesk.sock", "second.sock"))?;
    says(&maildeskd(&other).await?, &[&state]);
    desk.cli.ok(&["status"]).await?;
    Ok(())
}

#[tokio::test]
async fn without_a_daemon_the_cli_says_so() -> Result<()> {
    let bed = Testbed::start().await?;
    let mut daemon = bed.daemon().await?;
    daemon.terminate()?;
    let printed = daemon.cli().run(&["status"]).await?;
    assert_eq!(printed.code, 69, "{printed:?}");
    assert!(printed.stderr.contains("maildesk.sock"), "{printed:?}");
    Ok(())
}
