//! `maildesk attachment`: saving what came with a mail.

use super::saving::{NewFile, file_name, numbered};
use super::{Session, pieces};
use crate::client::Client;
use crate::failure::Failure;
use crate::output::progress::Progress;
use crate::output::{Page, Span, size};
use clap::{Args, Subcommand};
use maildesk_core::ids::{BlobHash, EntryNumber, TicketNumber};
use maildesk_core::rpc::{EntryView, Window};
use maildesk_core::ticket::AttachmentRef;
use serde::Serialize;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Save attachments of an entry, some or all of them
    Save(Save),
}

#[derive(Debug, Args)]
pub struct Save {
    /// Number of the ticket
    ticket: u64,
    /// Number of the entry, as `maildesk ticket show` says
    entry: u32,
    /// Names of the attachments
    #[arg(required_unless_present = "all", conflicts_with = "all", value_name = "NAME")]
    names: Vec<String>,
    /// Every attachment of the entry
    #[arg(long)]
    all: bool,
    /// Folder to save into; for one attachment also the name of the file, or - for standard output
    #[arg(short, long, value_name = "PLACE")]
    output: PathBuf,
    /// Replace files that are there
    #[arg(long)]
    force: bool,
}

#[derive(Serialize)]
struct Saved {
    name: String,
    path: PathBuf,
    size: u64,
    sha256: BlobHash,
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    let Verb::Save(save) = verb;
    let client = session.client().await?;
    let entry = entry(&client, TicketNumber(save.ticket), EntryNumber(save.entry)).await?;
    let mut failed: Vec<String> = Vec::new();
    let wanted = wanted(&save, &entry, &mut failed)?;
    if save.output == Path::new("-") {
        return print(&client, &wanted, session).await;
    }
    let mut saved = Vec::new();
    for (attachment, place) in places(&save, &wanted)? {
        match fetch(&client, attachment, &place, save.force).await {
            Ok(file) => saved.push(file),
            Err(failure) if wanted.len() + failed.len() == 1 => return Err(failure),
            // One that cannot be had is no reason to leave the others.
            Err(failure) => failed.push(failure.message()),
        }
    }
    if session.output.json() {
        session.output.answer_with("maildesk.attachment.save/1", &saved, None, &failed)?;
    } else {
        let mut page = Page::default();
        if saved.is_empty() && failed.is_empty() {
            page.line([Span::dim(format!("Entry {} of #{} has no attachments.", save.entry, save.ticket))]);
        }
        for file in &saved {
            page.line([Span::strong(file.path.to_string_lossy()), Span::dim(size::bytes(file.size))]);
        }
        session.output.page(&page)?;
    }
    let of = saved.len() + failed.len();
    if failed.is_empty() { Ok(()) } else { Err(Failure::Partly { what: "attachments", failed, of }) }
}

/// What is asked for, in the entry's order. Names that are not there go to `failed`, unless there is but one.
fn wanted<'a>(save: &Save, entry: &'a EntryView, failed: &mut Vec<String>) -> Result<Vec<&'a AttachmentRef>, Failure> {
    if save.all {
        return Ok(entry.attachments.iter().collect());
    }
    for name in &save.names {
        if !entry.attachments.iter().any(|attachment| attachment.name == *name) {
            let missing = no_such_attachment(name, entry);
            if save.names.len() == 1 {
                return Err(missing);
            }
            failed.push(missing.message());
        }
    }
    Ok(entry.attachments.iter().filter(|attachment| save.names.contains(&attachment.name)).collect())
}

/// Where each goes. Attachments of one name are numbered, so that none takes the place of another.
fn places<'a>(save: &Save, wanted: &[&'a AttachmentRef]) -> Result<Vec<(&'a AttachmentRef, PathBuf)>, Failure> {
    // Whoever asks for all does not know how many there are: that is a folder, be it one attachment.
    if let ([one], false, false) = (wanted, save.all, save.output.is_dir()) {
        return Ok(vec![(*one, save.output.clone())]);
    }
    if !save.output.is_dir() && !wanted.is_empty() {
        let place = save.output.display();
        return Err(Failure::Usage(format!(
            "{place} is no folder; several attachments and --all need one: mkdir -p {place}"
        )));
    }
    let mut taken = HashSet::new();
    let place = |attachment: &&'a AttachmentRef| {
        let name = file_name(&attachment.name);
        let free = (1..).map(|copy| numbered(&name, copy)).find(|name| taken.insert(name.clone()));
        (*attachment, save.output.join(free.unwrap_or(name)))
    };
    Ok(wanted.iter().map(place).collect())
}

/// The bytes of one attachment on standard output.
async fn print(client: &Client, wanted: &[&AttachmentRef], session: &mut Session<'_>) -> Result<(), Failure> {
    let [attachment] = wanted else {
        return Err(Failure::Usage(format!("{} attachments do not fit on standard output: name one", wanted.len())));
    };
    if session.output.json() {
        return Err(Failure::Usage("-o - gives the bytes of the attachment: leave out --json".into()));
    }
    let take = |piece: &[u8]| session.output.bytes(piece);
    pieces::fetch(client, attachment.blob, &attachment.name, take).await.map(drop)
}

async fn entry(client: &Client, ticket: TicketNumber, number: EntryNumber) -> Result<EntryView, Failure> {
    let before = number.0.checked_sub(1).filter(|before| *before > 0).map(u64::from);
    let rows = client.ticket_entries(ticket, Window { after: before, limit: 1 }).await?.rows;
    rows.into_iter().find(|entry| entry.number == number).ok_or_else(|| Failure::NotFound {
        what: "entry",
        name: format!("{number} of ticket {ticket}"),
        remedy: format!("maildesk ticket show {ticket}"),
    })
}

fn no_such_attachment(name: &str, entry: &EntryView) -> Failure {
    let names: Vec<String> =
        entry.attachments.iter().map(|attachment| format!("'{}'", file_name(&attachment.name))).collect();
    let remedy = match names.is_empty() {
        true => format!("entry {} has no attachments", entry.number),
        false => format!("entry {} has {}", entry.number, names.join(", ")),
    };
    Failure::NotFound { what: "attachment", name: name.to_owned(), remedy }
}

async fn fetch(client: &Client, attachment: &AttachmentRef, place: &Path, force: bool) -> Result<Saved, Failure> {
    let mut file = NewFile::begin(place, force)?;
    let mut progress = Progress::start();
    let mut done = 0;
    let take = |piece: &[u8]| {
        done += piece.len() as u64;
        progress.say(&format!("{} {} of {}", attachment.name, size::bytes(done), size::bytes(attachment.size)));
        file.write(piece)
    };
    let size = pieces::fetch(client, attachment.blob, &attachment.name, take).await?;
    file.keep()?;
    Ok(Saved { name: attachment.name.clone(), path: place.to_owned(), size, sha256: attachment.blob })
}
