//! mbsync (isync) fetching the same mailbox into a Maildir, as a peer that people know.

use anyhow::{Context, Result};
use maildesk_tests::certificates::Certificates;
use maildesk_tests::process::run;
use maildesk_tests::scratch::Scratch;
use maildesk_tests::{DOMAIN, PASSWORD};
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

/// Fetches all mails into a fresh Maildir. `None` where mbsync is not installed. It runs without fsync, which is its
/// fastest, and sets no flag on the server: less than maildeskd does.
pub fn fetch_all(scratch: &Scratch, port: u16, certificates: &Certificates, mails: usize) -> Result<Option<Duration>> {
    if Command::new("mbsync").arg("--version").output().is_err() {
        return Ok(None);
    }
    let home = scratch.dir("mbsync")?;
    let (folder, config) = (home.join("mail"), home.join("mbsyncrc"));
    fs::create_dir_all(&folder)?;
    // It compares host names only, so the certificate must be asked for by name.
    let text = format!(
        "FSync no\n\nIMAPAccount desk\nHost localhost\nPort {port}\nUser desk@{DOMAIN}\nPass {PASSWORD}\n\
         SSLType IMAPS\nCertificateFile {}\n\nIMAPStore far\nAccount desk\n\nMaildirStore near\nPath {}/\n\
         Inbox {}\n\nChannel desk\nFar :far:\nNear :near:\nPatterns INBOX\nCreate Near\nSync Pull\nSyncState *\n",
        certificates.authority().display(),
        folder.display(),
        folder.join("INBOX").display(),
    );
    fs::write(&config, text)?;
    let start = Instant::now();
    run(Command::new("mbsync").arg("-q").arg("-c").arg(&config).arg("desk"))?;
    let time = start.elapsed();
    let count = |part: &str| fs::read_dir(folder.join("INBOX").join(part)).map(Iterator::count);
    let fetched = count("new").context("mbsync made no Maildir")? + count("cur")?;
    anyhow::ensure!(fetched == mails, "mbsync fetched {fetched} of {mails} mails");
    Ok(Some(time))
}
