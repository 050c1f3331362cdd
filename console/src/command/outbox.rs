//! `maildesk outbox`: mails to send and what became of them.

use super::Session;
use super::listing::{Listing, collect, mention_rest};
use super::outbox_page::{page, table};
use super::outbox_target::{Filter, Target};
use crate::failure::Failure;
use crate::json::outbox::{Bulk, Changed, Entry, Row};
use crate::output::{Page, Span};
use clap::Subcommand;
use maildesk_core::address::Address;
use maildesk_core::ids::OutboxId;
use maildesk_core::outbox::OutboxAction;
use maildesk_core::rpc::{BulkConsent, OutboxBulk};

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Mails of the outbox
    List {
        #[command(flatten)]
        filter: Filter,
        #[command(flatten)]
        listing: Listing,
    },
    /// One mail with every attempt, what it means and what to try
    Show {
        /// Number of the mail, as `outbox list` says
        id: u64,
        /// The MIME message exactly as it is or will be sent
        #[arg(long)]
        message: bool,
    },
    /// Try it now
    Retry {
        #[command(flatten)]
        target: Target,
        /// Also to an address that is suppressed
        #[arg(long)]
        even_if_suppressed: bool,
    },
    /// Never send it
    Cancel {
        #[command(flatten)]
        target: Target,
    },
    /// Keep it back until it is released
    Hold {
        #[command(flatten)]
        target: Target,
    },
    /// Send what is held
    Release {
        #[command(flatten)]
        target: Target,
    },
    /// Send it to another address
    Redirect {
        /// Number of the mail, as `outbox list` says
        id: u64,
        /// The address to send it to
        #[arg(value_parser = address)]
        address: Address,
        /// Change nothing, say what would be
        #[arg(long)]
        dry_run: bool,
    },
}

fn address(text: &str) -> Result<Address, String> {
    Address::parse(text).map_err(|problem| format!("the address {problem}"))
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    match verb {
        Verb::List { filter, listing } => list(filter, &listing, session).await,
        Verb::Show { id, message: true } if session.output.json() => {
            Err(Failure::Usage(format!("--message gives the bytes of mail {id}: leave out --json")))
        }
        Verb::Show { id, message: true } => {
            let message = session.client().await?.outbox_message(OutboxId(id)).await?;
            session.output.bytes(&message)
        }
        Verb::Show { id, message: false } => {
            let view = session.client().await?.outbox_entry(OutboxId(id)).await?;
            if session.output.json() {
                return session.output.answer("maildesk.outbox.show/1", &Entry::from(view), None);
            }
            let page = page(&view, session.output.clock());
            session.output.page(&page)
        }
        Verb::Retry { target, even_if_suppressed } => {
            let words = Words { schema: "maildesk.outbox.retry/1", one: "is tried now", many: "tried now" };
            act(OutboxAction::Retry { even_if_suppressed }, target, &words, session).await
        }
        Verb::Cancel { target } => {
            let words = Words { schema: "maildesk.outbox.cancel/1", one: "will not be sent", many: "cancelled" };
            act(OutboxAction::Cancel, target, &words, session).await
        }
        Verb::Hold { target } => {
            let words = Words { schema: "maildesk.outbox.hold/1", one: "is held until released", many: "held" };
            act(OutboxAction::Hold, target, &words, session).await
        }
        Verb::Release { target } => {
            let words = Words { schema: "maildesk.outbox.release/1", one: "is sent now", many: "released" };
            act(OutboxAction::Release, target, &words, session).await
        }
        Verb::Redirect { id, address, dry_run } => {
            let words = Words { schema: "maildesk.outbox.redirect/1", one: "from now on", many: "redirected" };
            one(OutboxId(id), OutboxAction::Redirect { to: address }, dry_run, &words, session).await
        }
    }
}

async fn list(filter: Filter, listing: &Listing, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let (query, narrowed) = (filter.query(), filter.is_given());
    let rows = collect(listing, async |window| client.outbox(query.clone(), window).await).await?;
    if session.output.json() {
        let mails: Vec<Row> = rows.rows.into_iter().map(Row::from).collect();
        return session.output.answer("maildesk.outbox.list/1", &mails, rows.next);
    }
    let clock = session.output.clock().clone();
    let empty = match (&query.state, narrowed) {
        (Some(state), _) => format!("No mail of the outbox is {state}; maildesk outbox list shows all."),
        (None, true) => "No mail of the outbox matches; maildesk outbox list shows all.".into(),
        (None, false) => "The outbox is empty: nothing was sent yet.".into(),
    };
    session.output.table(&table(&rows.rows, &clock), &empty)?;
    mention_rest(&rows);
    Ok(())
}

/// How an action is told.
struct Words {
    schema: &'static str,
    one: &'static str,
    many: &'static str,
}

async fn act(action: OutboxAction, target: Target, words: &Words, session: &mut Session<'_>) -> Result<(), Failure> {
    if let Some(id) = target.one()? {
        return one(id, action, target.is_rehearsal(), words, session).await;
    }
    let client = session.client().await?;
    let (query, consent) = (target.filter.query(), target.consent());
    let Some(consent) = consent else {
        let would = client.outbox_bulk(action.clone(), query, BulkConsent::DryRun).await?;
        let (verb, matched) = (action.word(), would.matched);
        return Err(Failure::Usage(match matched {
            0 => "no mail of the outbox matches".into(),
            _ => format!("{verb} --all would change {} of {matched} mails: add --confirm {matched}", would.changed),
        }));
    };
    let done = client.outbox_bulk(action, query, consent).await?;
    show_bulk(done, consent == BulkConsent::DryRun, words, session)
}

fn show_bulk(done: OutboxBulk, dry_run: bool, words: &Words, session: &mut Session<'_>) -> Result<(), Failure> {
    if session.output.json() {
        return session.output.answer(words.schema, &Bulk::of(done, dry_run), None);
    }
    let mut page = Page::default();
    let would = if dry_run { " would be" } else { "" };
    page.line([Span::strong(format!("{} of {} mails{would} {}", done.changed, done.matched, words.many))]);
    for refusal in &done.refused {
        page.indented(2, [Span::plain(refusal)]);
    }
    if dry_run && done.matched > 0 {
        page.line([Span::dim(format!("nothing was changed; do it with --confirm {}", done.matched))]);
    }
    session.output.page(&page)
}

async fn one(
    id: OutboxId,
    action: OutboxAction,
    dry_run: bool,
    words: &Words,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    let client = session.client().await?;
    let row = match dry_run {
        true => client.outbox_rehearse(id, action).await?,
        false => client.outbox_act(id, action).await?,
    };
    if session.output.json() {
        return session.output.answer(words.schema, &Changed { dry_run, mail: Row::from(row) }, None);
    }
    let mut page = Page::default();
    page.line([Span::strong(format!("mail {}", row.id)), Span::plain(format!("to {} {}", row.to, words.one))]);
    if dry_run {
        page.line([Span::dim("nothing was changed; do it without --dry-run")]);
    }
    session.output.page(&page)
}
