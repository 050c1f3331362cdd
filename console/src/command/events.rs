//! `maildesk events`: what happened, and what happens.

use super::Session;
use crate::client::Client;
use crate::failure::Failure;
use crate::json::event as json;
use crate::output::time::short;
use crate::output::{Page, Span, Style};
use clap::Args;
use maildesk_core::event::{DomainEvent, Event};
use maildesk_core::ids::EventSeq;
use maildesk_core::rpc::{BEFORE_ALL_EVENTS, EventBatch};
use std::time::Duration;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Go on as things happen; begins with now unless --since says otherwise
    #[arg(long, short)]
    follow: bool,
    /// Begin behind this event
    #[arg(long, value_name = "SEQ")]
    since: Option<u64>,
}

/// How long one call waits for the first event.
const WAIT: Duration = Duration::from_secs(20);

pub(super) async fn run(arguments: Arguments, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    match (arguments.follow, arguments.since) {
        (true, None) => follow(&client, client.newest_event().await?, session).await,
        (true, Some(since)) => follow(&client, EventSeq(since), session).await,
        (false, since) => past(&client, since.map_or(BEFORE_ALL_EVENTS, EventSeq), session).await,
    }
}

async fn follow(client: &Client, mut seen: EventSeq, session: &mut Session<'_>) -> Result<(), Failure> {
    loop {
        let batch = client.events_after(seen, WAIT).await?;
        show(&batch, seen, session)?;
        seen = batch.next;
    }
}

/// Everything up to what was the newest when we began.
async fn past(client: &Client, mut seen: EventSeq, session: &mut Session<'_>) -> Result<(), Failure> {
    let newest = client.newest_event().await?;
    while seen < newest {
        let batch = client.events_after(seen, Duration::ZERO).await?;
        show(&batch, seen, session)?;
        if batch.next <= seen {
            break;
        }
        seen = batch.next;
    }
    Ok(())
}

fn show(batch: &EventBatch, seen: EventSeq, session: &mut Session<'_>) -> Result<(), Failure> {
    let output = &mut session.output;
    // Whoever has seen nothing misses nothing.
    let gap = batch.gap && seen != BEFORE_ALL_EVENTS;
    if output.json() {
        if gap {
            output.json_line(&json::gap(seen))?;
        }
        return batch.events.iter().try_for_each(|event| output.json_line(&json::event(event)));
    }
    let mut page = Page::default();
    if gap {
        page.line([Span::new(Style::Attention, format!("events behind {seen} are no longer kept"))]);
    }
    for event in &batch.events {
        page.line([
            Span::dim(event.seq.to_string()),
            Span::dim(short(event.at, output.clock())),
            Span::new(style(event), event.what.sentence()),
        ]);
    }
    output.page(&page)?;
    output.flush().map_err(Failure::Output)
}

fn style(event: &Event) -> Style {
    match event.what {
        DomainEvent::MailFailed { .. }
        | DomainEvent::MailboxFault { .. }
        | DomainEvent::SenderFault { .. }
        | DomainEvent::StorageFault { .. } => Style::Bad,
        DomainEvent::MailDeferred { .. } => Style::Attention,
        DomainEvent::MailboxRecovered { .. } | DomainEvent::SenderRecovered { .. } | DomainEvent::StorageRecovered => {
            Style::Good
        }
        _ => Style::Plain,
    }
}
