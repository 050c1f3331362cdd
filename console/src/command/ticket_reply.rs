//! `maildesk ticket reply`: an answer by mail, with files.

use super::ticket::GivenText;
use super::{Session, input};
use crate::client::Client;
use crate::failure::Failure;
use crate::json::ticket::Reply;
use crate::output::progress::Progress;
use crate::output::time::relative;
use crate::output::{Page, Span, size};
use clap::Args;
use maildesk_core::ids::TicketNumber;
use maildesk_core::rpc::{GivenFile, MOST_FILE_BYTES, TicketReply};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct ReplyArgs {
    /// Number of the ticket
    number: u64,
    #[command(flatten)]
    text: GivenText,
    /// A file that goes along; several times for several
    #[arg(long, value_name = "FILE")]
    attach: Vec<PathBuf>,
    /// Also to an address that is suppressed
    #[arg(long)]
    even_if_suppressed: bool,
}

pub(super) async fn reply(given: ReplyArgs, session: &mut Session<'_>) -> Result<(), Failure> {
    let ReplyArgs { number, text, attach, even_if_suppressed } = given;
    let text = text.read().await?;
    let client = session.client().await?;
    let files = give(&client, &attach, Progress::start()).await?;
    let count = files.len();
    let reply = TicketReply { number: TicketNumber(number), text, files, even_if_suppressed };
    let view = client.ticket_reply(reply).await?;
    if session.output.json() {
        return session.output.answer("maildesk.ticket.reply/1", &Reply::from(view), None);
    }
    let with = match count {
        0 => String::new(),
        1 => ", with 1 file".into(),
        count => format!(", with {count} files"),
    };
    let mut page = Page::default();
    page.line([
        Span::strong(format!("#{}", view.ticket.number)),
        Span::plain(format!("the answer to {} is queued as mail {}{with}", view.ticket.contact, view.outbox)),
    ]);
    if let Some(until) = view.held_until {
        let goes = relative(until, session.output.clock());
        page.line([Span::dim(format!("it goes {goes}; take it back: maildesk outbox cancel {}", view.outbox))]);
    }
    page.line([Span::dim(format!("watch: maildesk outbox show {}", view.outbox))]);
    session.output.page(&page)
}

/// Gives these files to the daemon, each piece by piece.
pub(crate) async fn give(
    client: &Client,
    paths: &[PathBuf],
    mut progress: Progress,
) -> Result<Vec<GivenFile>, Failure> {
    let (mut files, mut together) = (Vec::with_capacity(paths.len()), 0);
    for path in paths {
        let bytes = input::read_bytes(path, MOST_FILE_BYTES).await?;
        together += bytes.len() as u64;
        if together > MOST_FILE_BYTES {
            let most = MOST_FILE_BYTES >> 20;
            return Err(Failure::Usage(format!("the files are larger than {most} MiB together: leave some out")));
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        progress.say(&format!("{name}, {}", size::bytes(bytes.len() as u64)));
        files.push(client.give_file(name, &bytes).await?);
    }
    Ok(files)
}
