//! Mails that were held back: released, judged anew or discarded, by their numbers or as conditions say.

use super::Session;
use super::mail::page;
use super::mail_search::Conditions;
use crate::client::Client;
use crate::failure::Failure;
use crate::json::mail::Judged;
use crate::output::{Page, Span};
use clap::Args;
use maildesk_core::ids::MailId;
use maildesk_core::route::{JudgedMail, MailAction};
use maildesk_core::rpc::{BulkConsent, MailBulk, MailQuery};
use serde::Serialize;

/// Mails by their numbers, or with `--all` every mail of the quarantine that matches.
#[derive(Debug, Args)]
pub struct Target {
    /// Numbers of the mails, as `quarantine list` says
    #[arg(value_name = "ID")]
    ids: Vec<u64>,
    /// Every mail of the quarantine that the conditions below match
    #[arg(long, conflicts_with = "ids")]
    all: bool,
    #[command(flatten)]
    conditions: Conditions,
    /// Do it if exactly N mails match
    #[arg(long, requires = "all", value_name = "N")]
    confirm: Option<u64>,
}

impl Target {
    /// Whether it was said how many mails are meant.
    pub fn is_confirmed(&self) -> bool {
        self.confirm.is_some()
    }
}

/// How an action is told.
pub(super) struct Words {
    pub(super) schema: &'static str,
    /// Of several mails.
    pub(super) done: &'static str,
}

#[derive(Serialize)]
struct Decided {
    dry_run: bool,
    mails: Vec<Judged>,
    refused: Vec<String>,
}

#[derive(Serialize)]
struct Bulk {
    dry_run: bool,
    #[serde(flatten)]
    done: MailBulk,
}

/// Carries an action out; a dry run says what would be.
pub(super) async fn act(
    action: MailAction,
    target: Target,
    dry_run: bool,
    words: &Words,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    let query = target.conditions.query(session.output.clock())?;
    let given = query != MailQuery::default();
    match (target.ids.is_empty(), target.all) {
        (true, true) => {
            let query = MailQuery { quarantined_only: true, ..query };
            bulk(action, query, target.confirm.filter(|_| !dry_run), dry_run, words, session).await
        }
        (true, false) => Err(Failure::Usage("give numbers of mails, or --all with conditions".into())),
        // clap lets numbers pass with what wants --all, since the two exclude each other.
        (false, _) if given || target.confirm.is_some() => {
            Err(Failure::Usage("conditions and --confirm go with --all, not with numbers of mails".into()))
        }
        (false, _) => {
            let ids: Vec<MailId> = target.ids.into_iter().map(MailId).collect();
            each(action, &ids, dry_run, words, session).await
        }
    }
}

/// One by one: each is done or refused for itself.
pub(super) async fn each(
    action: MailAction,
    ids: &[MailId],
    dry_run: bool,
    words: &Words,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    let client = session.client().await?;
    let (mut mails, mut refused) = (Vec::new(), Vec::new());
    for id in ids {
        match client.mail_act(*id, action.clone(), dry_run).await {
            Ok(judged) => mails.push(judged),
            Err(error) if ids.len() == 1 => return Err(error.into()),
            Err(error) => refused.push(Failure::from(error).message()),
        }
    }
    tell(&mails, &refused, dry_run, words, session)?;
    match refused.is_empty() {
        true => Ok(()),
        false => Err(Failure::Partly { what: "mails", failed: refused, of: ids.len() }),
    }
}

fn tell(
    mails: &[JudgedMail],
    refused: &[String],
    dry_run: bool,
    words: &Words,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    if session.output.json() {
        let mails = mails.iter().cloned().map(Judged::from).collect();
        return session.output.answer(words.schema, &Decided { dry_run, mails, refused: refused.to_vec() }, None);
    }
    let mut shown = Page::default();
    match mails {
        [judged] if dry_run => shown = page(judged, session.output.clock()),
        _ => {
            for judged in mails {
                let would = if dry_run { "would be " } else { "" };
                let verdict = format!("{would}{}", judged.outcome.sentence());
                shown.line([Span::strong(format!("mail {}", judged.id)), Span::plain(verdict)]);
            }
        }
    }
    if dry_run && !mails.is_empty() {
        shown.line([Span::dim("nothing was changed")]);
    }
    session.output.page(&shown)
}

async fn bulk(
    action: MailAction,
    query: MailQuery,
    confirmed: Option<u64>,
    dry_run: bool,
    words: &Words,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    let client: Client = session.client().await?;
    let Some(confirmed) = confirmed else {
        let would = client.mail_bulk(action.clone(), query, BulkConsent::DryRun).await?;
        if dry_run {
            return tell_bulk(would, true, words, session);
        }
        let (verb, matched) = (action.word(), would.matched);
        return Err(Failure::Usage(match matched {
            0 => "no mail of the quarantine matches".into(),
            _ => format!("{verb} --all would change {} of {matched} mails: add --confirm {matched}", would.changed),
        }));
    };
    let done = client.mail_bulk(action, query, BulkConsent::Confirmed(confirmed)).await?;
    tell_bulk(done, false, words, session)
}

fn tell_bulk(done: MailBulk, dry_run: bool, words: &Words, session: &mut Session<'_>) -> Result<(), Failure> {
    if session.output.json() {
        return session.output.answer(words.schema, &Bulk { dry_run, done }, None);
    }
    let mut page = Page::default();
    let would = if dry_run { "would be " } else { "" };
    page.line([Span::strong(format!("{} of {} mails {would}{}", done.changed, done.matched, words.done))]);
    for (outcome, mails) in &done.outcomes {
        page.indented(2, [Span::plain(format!("{mails} {}", outcome.replace('_', " ")))]);
    }
    for refusal in &done.refused {
        page.indented(2, [Span::plain(refusal)]);
    }
    if dry_run && done.matched > 0 {
        page.line([Span::dim(format!("nothing was changed; do it with --confirm {}", done.matched))]);
    }
    session.output.page(&page)
}
