//! Searching the verdict log: conditions of the command line, and going on call by call.

use super::Session;
use super::listing::Listing;
use super::moment::{Direction, moment};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::output::progress::Progress;
use crate::output::time::exact;
use clap::Args;
use maildesk_core::route::Outcome;
use maildesk_core::rpc::{FoundMails, MAX_ROWS, MailQuery, Window};
use maildesk_core::settings::{FilterName, MailboxName};

/// Conditions that must all hold.
#[derive(Debug, Clone, Default, Args)]
pub struct Conditions {
    /// Only mails whose sender's address holds this: ann@example.org, @example.org
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// Only mails whose subject holds all of these words
    #[arg(long, value_name = "WORDS")]
    subject: Option<String>,
    /// Only mails with this Message-ID
    #[arg(long, value_name = "ID")]
    message_id: Option<String>,
    /// Only mails of this mailbox
    #[arg(long, value_name = "NAME", value_parser = super::mailbox::mailbox_name)]
    mailbox: Option<MailboxName>,
    /// Only mails that this filter matched
    #[arg(long, value_name = "NAME", value_parser = super::filter_name)]
    filter: Option<FilterName>,
    /// Only mails judged then or later: 2026-11-22, 2026-11-22T08:00, or 90m, 12h, 3d, 2w ago
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only mails judged then or before; a day counts whole
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

/// Conditions on the whole log, and how far to look.
#[derive(Debug, Clone, Default, Args)]
pub struct Search {
    #[command(flatten)]
    conditions: Conditions,
    /// Only mails that ended so
    #[arg(long, value_name = "OUTCOME", value_parser = Outcome::WORDS)]
    outcome: Option<String>,
    /// Mails to look at before the search stops and says how to go on
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(1..), value_name = "N")]
    scan: u64,
}

impl Conditions {
    pub(super) fn query(&self, clock: &Clock) -> Result<MailQuery, Failure> {
        let at = |text: &Option<String>, to| text.as_deref().map(|text| moment(text, to, clock)).transpose();
        let words = self.subject.as_deref().unwrap_or_default();
        Ok(MailQuery {
            quarantined_only: false,
            from: self.from.clone(),
            subject: words.split_whitespace().map(str::to_owned).collect(),
            message_id: self.message_id.clone(),
            mailbox: self.mailbox.clone(),
            outcome: None,
            filter: self.filter.clone(),
            since: at(&self.since, Direction::Back)?,
            until: at(&self.until, Direction::BackToItsEnd)?,
        })
    }
}

/// What a search came to. `stopped`: where it stopped before it had what was wanted.
pub(super) struct Searched {
    pub(super) found: FoundMails,
    pub(super) stopped: Option<String>,
}

pub(super) async fn search(search: &Search, listing: &Listing, session: &mut Session<'_>) -> Result<Searched, Failure> {
    let query = search.conditions.query(session.output.clock())?;
    let query = MailQuery { outcome: search.outcome.clone(), ..query };
    let most = if listing.all { u64::MAX } else { search.scan };
    let found = collect(query, listing, most, session).await?;
    let wanted = if listing.all { usize::MAX } else { usize::try_from(listing.limit).unwrap_or(usize::MAX) };
    let short = found.rows.len() < wanted;
    let stopped = found.next.filter(|_| short).map(|cursor| {
        let back_to = found.back_to.map(|at| format!(", back to {}", exact(at, session.output.clock())));
        let looked_at = found.looked_at;
        format!("looked at {looked_at} mails{}; --after {cursor} goes on", back_to.unwrap_or_default())
    });
    Ok(Searched { found, stopped })
}

/// Goes on call by call until there are rows enough, the log ends, or `most` mails were looked at.
pub(super) async fn collect(
    query: MailQuery,
    listing: &Listing,
    most: u64,
    session: &mut Session<'_>,
) -> Result<FoundMails, Failure> {
    let client = session.client().await?;
    let wanted = if listing.all { usize::MAX } else { usize::try_from(listing.limit).unwrap_or(usize::MAX) };
    let mut progress = Progress::start();
    let mut all = FoundMails { next: listing.after, ..FoundMails::default() };
    loop {
        let missing = u32::try_from(wanted - all.rows.len()).unwrap_or(u32::MAX);
        let window = Window { after: all.next, limit: missing.min(MAX_ROWS) };
        let part = client.mails(query.clone(), window).await?;
        // A log that hands out the cursor that it was given must not keep us here.
        let ended = part.next.is_none() || part.next == all.next;
        all.rows.extend(part.rows);
        all.looked_at = all.looked_at.saturating_add(part.looked_at);
        (all.next, all.back_to) = (part.next, part.back_to.or(all.back_to));
        if ended || all.rows.len() >= wanted || u64::from(all.looked_at) >= most {
            return Ok(all);
        }
        progress.say(&format!("{} found among {} mails", all.rows.len(), all.looked_at));
    }
}
