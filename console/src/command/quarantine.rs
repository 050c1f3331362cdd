//! `maildesk quarantine`: mails that need a person.

use super::listing::Listing;
use super::mail_search::collect;
use super::{Session, mail, pieces};
use crate::failure::Failure;
use clap::Subcommand;
use maildesk_core::ids::MailId;
use maildesk_core::route::Outcome;
use maildesk_core::rpc::MailQuery;

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Mails in quarantine, the newest first
    List {
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
}

pub(super) async fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    match verb {
        Verb::List { listing } => {
            let query = MailQuery { quarantined_only: true, ..MailQuery::default() };
            let found = collect(query, &listing, u64::MAX, session).await?;
            mail::list(found, None, "maildesk.quarantine.list/1", "Nothing is in quarantine.", session)
        }
        Verb::Show { id, raw } => show(MailId(id), raw, session).await,
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
