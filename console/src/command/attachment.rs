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
use std::collections::HashMap;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Save one attachment of an entry, or all of them, into a folder
    Save(Save),
}

#[derive(Debug, Args)]
pub struct Save {
    /// Number of the ticket
    ticket: u64,
    /// Number of the entry, as `maildesk ticket show` says
    entry: u32,
    /// Name of the attachment
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    name: Option<String>,
    /// Every attachment of the entry
    #[arg(long)]
    all: bool,
    /// Folder to save into
    #[arg(short, long, value_name = "DIR")]
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
    let wanted: Vec<&AttachmentRef> = match &save.name {
        None => entry.attachments.iter().collect(),
        Some(name) => entry.attachments.iter().filter(|attachment| attachment.name == *name).collect(),
    };
    if let (true, Some(name)) = (wanted.is_empty(), &save.name) {
        return Err(no_such_attachment(name, &entry));
    }
    let mut saved = Vec::new();
    let mut seen = HashMap::new();
    for attachment in wanted {
        let name = file_name(&attachment.name);
        let copy = seen.entry(name.clone()).and_modify(|copies| *copies += 1).or_insert(1);
        let place = save.output.join(numbered(&name, *copy));
        saved.push(fetch(&client, attachment, &place, save.force).await?);
    }
    if session.output.json() {
        return session.output.answer("maildesk.attachment.save/1", &saved, None);
    }
    let mut page = Page::default();
    if saved.is_empty() {
        page.line([Span::dim(format!("Entry {} of #{} has no attachments.", save.entry, save.ticket))]);
    }
    for file in &saved {
        page.line([Span::strong(file.path.to_string_lossy()), Span::dim(size::bytes(file.size))]);
    }
    session.output.page(&page)
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
