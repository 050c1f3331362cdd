//! What is there after the last life: tickets, verdicts, acknowledgements in the writers' mailboxes.

use crate::letters::{LETTERS, Letters, WRITERS};
use anyhow::{Context, Result, ensure};
use maildesk_tests::Testbed;
use maildesk_tests::cli::Cli;
use maildesk_tests::daemon::Daemon;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;

pub struct Aftermath {
    /// Subjects of all tickets.
    subjects: Vec<String>,
    /// Message-IDs of the acknowledgements by the subject they carry, each with how often it arrived.
    acknowledgements: BTreeMap<String, BTreeMap<String, usize>>,
    /// Files that sled keeps outside its log. They would not be durable.
    engine_blobs: Vec<String>,
    unread: u32,
    in_mailbox: u32,
}

impl Aftermath {
    pub async fn of(bed: &Testbed, daemon: &Daemon, cli: &Cli, letters: &Letters) -> Result<Self> {
        let tickets = cli.json(&["ticket", "list", "--all"]).await?;
        let tickets = tickets["data"].as_array().context("a list of tickets")?;
        let subjects = tickets.iter().filter_map(|ticket| ticket["subject"].as_str()).map(str::to_owned).collect();
        let mut acknowledgements: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for writer in WRITERS {
            for mail in bed.mailbox(writer).mails()? {
                let header =
                    |name: &str| mail.header(name).with_context(|| format!("{name} is missing:\n{}", mail.text()));
                *acknowledgements.entry(header("Subject")?).or_default().entry(header("Message-ID")?).or_default() += 1;
                let answered = header("In-Reply-To")?;
                let known = (0..LETTERS).any(|number| letters.message_id(number) == answered);
                ensure!(known, "{answered} was never sent");
            }
        }
        // sled makes this folder and must not use it (store rule: no value so large).
        let folder = daemon.state_dir().join("store/blobs");
        let files = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
        let engine_blobs = files.flatten().map(|file| file.file_name().to_string_lossy().into_owned()).collect();
        let counts = bed.mailbox("desk").counts().await?;
        let (unread, in_mailbox) = (counts.unseen, counts.messages);
        Ok(Self { subjects, acknowledgements, engine_blobs, unread, in_mailbox })
    }

    fn arrived(&self) -> usize {
        self.acknowledgements.values().flat_map(BTreeMap::values).sum()
    }

    pub fn check(&self, counts: &Value) -> Result<()> {
        for (name, want) in [("mails", LETTERS), ("tickets", LETTERS), ("outbox_sent", LETTERS)] {
            ensure!(counts[name] == want, "{name} is not {want}: {counts}");
        }
        for name in ["quarantined", "outbox_due", "outbox_failed", "outbox_cancelled"] {
            ensure!(counts[name] == 0, "{name} is not 0: {counts}");
        }
        ensure!(counts["contacts"] == WRITERS.len(), "one contact for each writer: {counts}");
        ensure!(self.unread == 0 && self.in_mailbox as usize == LETTERS, "{} unread", self.unread);
        ensure!(self.engine_blobs.is_empty(), "sled made files of values: {:?}", self.engine_blobs);

        let distinct: BTreeSet<&String> = self.subjects.iter().collect();
        let wanted: Vec<String> = (0..LETTERS).map(Letters::subject).collect();
        ensure!(self.subjects.len() == LETTERS, "{} tickets", self.subjects.len());
        ensure!(distinct == wanted.iter().collect(), "each letter is one ticket: {:?}", self.subjects);

        let mut message_ids = BTreeSet::new();
        for subject in &wanted {
            let of_letter = self.acknowledgements.iter().filter(|(carried, _)| carried.ends_with(subject.as_str()));
            let ids: Vec<&String> = of_letter.flat_map(|(_, ids)| ids.keys()).collect();
            ensure!(ids.len() == 1, "{subject} has acknowledgements under these Message-IDs: {ids:?}");
            message_ids.extend(ids);
        }
        ensure!(message_ids.len() == LETTERS, "{} Message-IDs for {LETTERS} letters", message_ids.len());
        Ok(())
    }
}

impl fmt::Display for Aftermath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tickets, arrived) = (self.subjects.len(), self.arrived());
        write!(
            f,
            "{tickets} tickets, {arrived} acknowledgements arrived, {} of them again",
            arrived.saturating_sub(LETTERS)
        )
    }
}
