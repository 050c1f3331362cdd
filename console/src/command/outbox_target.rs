//! Which mails of the outbox a verb means: one by its number, or all that match a filter.

use crate::failure::Failure;
use clap::Args;
use maildesk_core::ids::{OutboxId, TicketNumber};
use maildesk_core::rpc::{BulkConsent, OutboxQuery};
use maildesk_core::settings::SenderName;

/// Conditions that must all hold.
#[derive(Debug, Args)]
pub struct Filter {
    /// Only mails in this state; deferred: due after a temporary refusal
    #[arg(long, value_parser = ["held", "due", "deferred", "sent", "failed", "cancelled"])]
    state: Option<String>,
    /// Only mails held for this reason: the undo window, a person, silent mode
    #[arg(long, value_parser = ["undo", "person", "silent"])]
    held: Option<String>,
    /// Only mails of this sender
    #[arg(long, value_name = "NAME", value_parser = sender)]
    sender: Option<SenderName>,
    /// Only mails to this domain
    #[arg(long, value_name = "DOMAIN")]
    to_domain: Option<String>,
    /// Only mails of this ticket
    #[arg(long, value_name = "NUMBER")]
    ticket: Option<u64>,
}

fn sender(text: &str) -> Result<SenderName, String> {
    SenderName::parse(text).map_err(|problem| format!("a sender's name {problem}"))
}

impl Filter {
    pub fn query(&self) -> OutboxQuery {
        OutboxQuery {
            state: self.state.clone(),
            held: self.held.clone(),
            sender: self.sender.clone(),
            to_domain: self.to_domain.as_ref().map(|domain| domain.trim_start_matches('@').to_ascii_lowercase()),
            ticket: self.ticket.map(TicketNumber),
        }
    }

    pub fn is_given(&self) -> bool {
        self.query() != OutboxQuery::default()
    }
}

/// One mail, or with `--all` every mail that matches.
#[derive(Debug, Args)]
pub struct Target {
    /// Number of the mail, as `outbox list` says
    id: Option<u64>,
    /// Every mail that the conditions below match
    #[arg(long, conflicts_with = "id")]
    all: bool,
    #[command(flatten)]
    pub filter: Filter,
    /// Change nothing, say what would be
    #[arg(long)]
    dry_run: bool,
    /// Do it if exactly N mails match
    #[arg(long, requires = "all", value_name = "N", conflicts_with = "dry_run")]
    confirm: Option<u64>,
}

impl Target {
    /// The one mail that is meant; nothing with `--all`.
    ///
    /// # Errors
    /// Neither a number nor `--all`, or a number with conditions.
    pub fn one(&self) -> Result<Option<OutboxId>, Failure> {
        match self.id {
            Some(_) if self.filter.is_given() => {
                Err(Failure::Usage("conditions go with --all, not with the number of one mail".into()))
            }
            // clap lets a number pass with what wants --all, since the two exclude each other.
            Some(_) if self.confirm.is_some() => {
                Err(Failure::Usage("--confirm goes with --all, not with the number of one mail".into()))
            }
            Some(id) => Ok(Some(OutboxId(id))),
            None if self.all => Ok(None),
            None => Err(Failure::Usage("give the number of a mail, or --all with conditions".into())),
        }
    }

    pub fn is_rehearsal(&self) -> bool {
        self.dry_run
    }

    /// What was agreed to; nothing where neither `--dry-run` nor `--confirm` is given.
    pub fn consent(&self) -> Option<BulkConsent> {
        if self.dry_run { Some(BulkConsent::DryRun) } else { self.confirm.map(BulkConsent::Confirmed) }
    }
}
