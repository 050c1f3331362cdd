//! `maildesk quarantine`: mails that need a person.

use super::held::{Target, Words, act};
use super::listing::Listing;
use super::mail_search::{Conditions, collect};
use super::{Session, mail, pieces};
use crate::failure::Failure;
use clap::Subcommand;
use maildesk_core::ids::MailId;
use maildesk_core::route::{MailAction, Outcome};
use maildesk_core::rpc::MailQuery;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Mails in quarantine, the newest first
    List {
        #[command(flatten)]
        conditions: Box<Conditions>,
        #[command(flatten)]
        listing: Listing,
    },
    /// One mail and why it is here
    Show {
        /// Number of the mail, as `quarantine list` says
        id: u64,
        /// The raw mail, byte by byte
        #[arg(long)]
        raw: bool,
    },
    /// Let mails through, whatever held them back; what is too large is fetched, what cannot be read is attached whole
    Release {
        #[command(flatten)]
        target: Box<Target>,
        /// Change nothing, say what would be
        #[arg(long, conflicts_with = "confirm")]
        dry_run: bool,
    },
    /// Judge mails anew by today's settings; without --yes or --confirm only the new verdict is shown
    Replay {
        #[command(flatten)]
        target: Box<Target>,
        /// Let the new verdict count
        #[arg(long, conflicts_with = "all")]
        yes: bool,
    },
    /// Drop mails, with a reason that stays in their verdicts
    Discard {
        #[command(flatten)]
        target: Box<Target>,
        /// Why, for those who wonder later
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Change nothing, say what would be
        #[arg(long, conflicts_with = "confirm")]
        dry_run: bool,
    },
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    match verb {
        Verb::List { conditions, listing } => {
            let query = conditions.query(session.output.clock())?;
            let query = MailQuery { quarantined_only: true, ..query };
            let found = collect(query, &listing, u64::MAX, session).await?;
            mail::list(found, None, "maildesk.quarantine.list/1", "Nothing is in quarantine.", session)
        }
        Verb::Show { id, raw } => show(MailId(id), raw, session).await,
        Verb::Release { target, dry_run } => {
            let words = Words { schema: "maildesk.quarantine.release/1", done: "released" };
            act(MailAction::Release, *target, dry_run, &words, session).await
        }
        Verb::Replay { target, yes } => {
            let words = Words { schema: "maildesk.quarantine.replay/1", done: "judged anew" };
            let dry_run = !yes && !target.is_confirmed();
            act(MailAction::Replay, *target, dry_run, &words, session).await
        }
        Verb::Discard { target, reason, dry_run } => {
            let words = Words { schema: "maildesk.quarantine.discard/1", done: "discarded" };
            act(MailAction::Discard { reason }, *target, dry_run, &words, session).await
        }
    }
}

async fn show(id: MailId, raw: bool, session: &mut Session<'_>) -> Result<(), Failure> {
    if raw && session.output.json() {
        return Err(Failure::Usage("--raw gives the bytes of the mail: leave out --json".into()));
    }
    let client = session.client().await?;
    let judged = client.mail(id).await?;
    if !matches!(judged.outcome, Outcome::Quarantined { .. }) {
        let remedy = format!("it is no longer or was never there: maildesk mail show {id}");
        return Err(Failure::NotFound { what: "mail in quarantine with number", name: id.to_string(), remedy });
    }
    if !raw {
        return mail::show(judged, "maildesk.quarantine.show/1", session);
    }
    pieces::raw_mail(&client, &judged, session).await
}
