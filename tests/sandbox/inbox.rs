//! A look into a mailbox, and a mail by hand, while a trial runs.

use crate::letters;
use crate::paper::Paper;
use crate::place::Running;
use anyhow::{Context, Result, ensure};
use maildesk_core::mail::{InboundMail, Limits, Parsed, parse};
use maildesk_tests::mailbox::{Mailbox, StoredMail};
use maildesk_tests::smtp::{self, Protocol};
use maildesk_tests::{Letter, dovecot};
use std::path::PathBuf;
use std::time::Instant;

/// The header fields that say what kind of mail it is and where it belongs.
const FIELDS: [&str; 10] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Precedence",
];

/// Shows every mail of a mailbox, the newest last.
pub fn show(running: &Running, user: &str, paper: &Paper) -> Result<()> {
    let user = user.split('@').next().unwrap_or_default();
    ensure!(dovecot::USERS.contains(&user), "nobody is called {user} here: {}", dovecot::USERS.join(", "));
    let folder = running.dir.join("mail").join(user).join("maildir");
    let mails = Mailbox::new(user, folder, running.port("imap")?, running.port("lmtp")?).mails()?;
    for mail in &mails {
        paper.empty_line();
        print(mail, paper)?;
    }
    let count = if mails.len() == 1 { "One mail".to_owned() } else { format!("{} mails", mails.len()) };
    paper.closing(&format!("{count} in the mailbox of {user}."));
    Ok(())
}

/// Prints one mail as its reader sees it, with the headers that matter.
pub fn print(mail: &StoredMail, paper: &Paper) -> Result<()> {
    let decoded = decode(mail)?;
    for name in FIELDS {
        if let Some(value) = decoded.header(name) {
            paper.field(name, value);
        }
    }
    paper.empty_line();
    paper.text(&decoded.text);
    Ok(())
}

/// A stored mail, decoded and cleaned for a terminal.
pub fn decode(mail: &StoredMail) -> Result<Box<InboundMail>> {
    match parse(&mail.bytes, &Limits::default()) {
        Parsed::Mail(mail) => Ok(mail),
        Parsed::Refused(reason) => anyhow::bail!("{}: {reason:?}", mail.file.display()),
    }
}

/// Hands a mail to the desk through port 25, as another mail server would.
pub async fn send(
    running: &Running,
    from: &str,
    subject: &str,
    text: &str,
    files: &[PathBuf],
    paper: &Paper,
) -> Result<()> {
    let mut letter = Letter::from(from).to(letters::DESK).subject(subject).date(&letters::now()).text(text);
    for file in files {
        let name = file.file_name().context("a file to attach has a name")?.to_string_lossy().into_owned();
        let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
        letter = letter.attach(&name, "application/octet-stream", bytes);
    }
    let address = from.rsplit_once('<').map_or(from, |(_, rest)| rest.trim_end_matches('>')).trim();
    let start = Instant::now();
    smtp::hand_over(Protocol::Smtp, running.port("smtp")?, address, &[letters::DESK], &letter.bytes()).await?;
    paper.step(start.elapsed(), &format!("handed to Postfix for {}; it is polled every second", letters::DESK));
    Ok(())
}
