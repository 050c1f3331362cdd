//! One mail under the rules, and the last mails under other rules; nothing is written.

use super::{Session, filter_name, input, not_there, read};
use crate::client::Client;
use crate::clock::Clock;
use crate::command::{mail_trace, mailbox::mailbox_name};
use crate::failure::Failure;
use crate::json::filter::{ChangedMailJson, DryRunJson};
use crate::json::mail::Judged;
use crate::output::progress::Progress;
use crate::output::time::relative;
use crate::output::{Page, Span, Style};
use clap::Args;
use maildesk_core::filter::Filter;
use maildesk_core::route::JudgedMail;
use maildesk_core::rpc::{ChangedMail, DryRunPart, MAX_TRIAL, Window};
use maildesk_core::settings::{FilterName, MailboxName};
use maildesk_core::text::counted;
use std::path::PathBuf;

/// What a dry run cannot know.
const OF_NOW: &str = "contacts, tickets and reply tokens are looked up as they are now";

#[derive(Debug, Args)]
pub struct Try {
    /// A mail as a file (.eml), or - for standard input
    file: PathBuf,
    /// As one that came in by this mailbox; without it by the first
    #[arg(long, value_name = "NAME", value_parser = mailbox_name)]
    mailbox: Option<MailboxName>,
    /// With the rules of this document in place of the saved ones
    #[arg(long, value_name = "FILE")]
    filters: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct DryRun {
    /// With the rules of this document in place of the saved ones
    #[arg(long, value_name = "FILE", conflicts_with = "rule")]
    filters: Option<PathBuf>,
    /// With these saved rules alone, also where they are off; can be repeated
    #[arg(long, value_name = "NAME", value_parser = filter_name)]
    rule: Vec<FilterName>,
    /// How many mails, the newest first
    #[arg(long, default_value_t = 200, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    last: u32,
}

pub(super) async fn try_one(one: Try, session: &mut Session<'_>) -> Result<(), Failure> {
    let raw = input::read_bytes(&one.file, MAX_TRIAL).await?;
    let filters = match &one.filters {
        Some(file) => Some(read(file).await?),
        None => None,
    };
    let judged = session.client().await?.filter_try(raw, one.mailbox, filters).await?;
    if session.output.json() {
        return session.output.answer("maildesk.filter.try/1", &Judged::from(judged), None);
    }
    let page = tried_page(&judged, &input::name(&one.file));
    session.output.page(&page)
}

pub(crate) fn tried_page(judged: &JudgedMail, file: &str) -> Page {
    let mut page = Page::default();
    page.line([Span::strong(format!("{file}: {}", crate::command::ticket::subject(&judged.subject)))]);
    let acknowledge = if judged.effect.acknowledge { "would be sent" } else { "none" };
    page.fields([
        ("verdict", Some(judged.outcome.sentence())),
        ("from", Some(judged.from.clone())),
        ("mailbox", Some(judged.mailbox.to_string())),
        ("filters", mail_trace::effect(&judged.effect)),
        ("acknowledgement", Some(acknowledge.to_owned())),
    ]);
    page.empty_line();
    mail_trace::add_judging(&mut page, judged);
    page.line([Span::dim("a trial: nothing was written")]);
    page
}

pub(super) async fn dry_run(run: DryRun, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let filters = match &run.filters {
        Some(file) => Some(read(file).await?),
        None if run.rule.is_empty() => None,
        None => Some(named(&client, &run.rule).await?),
    };
    let all = collect(&client, filters, run.last, Progress::start()).await?;
    if session.output.json() {
        let counts = DryRunJson::counts(&all);
        let changed = all.changed.into_iter().map(ChangedMailJson::from).collect();
        let (looked_at, without_bytes) = (all.looked_at, all.without_bytes);
        let answer = DryRunJson { looked_at, without_bytes, counts, changed };
        return session.output.answer_with("maildesk.filter.dry_run/1", &answer, None, &[OF_NOW.to_owned()]);
    }
    let mut page = dry_run_page(&all, session.output.clock());
    page.line([Span::dim(format!("a dry run: nothing was written; {OF_NOW}"))]);
    session.output.page(&page)
}

/// What would change, mail by mail, and in all.
pub(crate) fn dry_run_page(all: &DryRunPart, clock: &Clock) -> Page {
    let mut page = Page::default();
    for changed in &all.changed {
        let mail = &changed.mail;
        page.line([
            Span::strong(format!("mail {} {}", mail.id, crate::command::ticket::subject(&mail.subject))),
            Span::dim(format!("from {}, {}", mail.from, relative(mail.at, clock))),
        ]);
        for one in &changed.differences {
            let not_rules = if one.by_rules { "" } else { "(not by a rule: something else has changed since)" };
            let what = format!("{}: {} -> {}", one.aspect.word(), one.old, one.new);
            page.indented(2, [Span::new(Style::Attention, what), Span::dim(not_rules)]);
        }
        page.indented(2, [Span::dim(rule_words(changed))]);
    }
    let counts = DryRunJson::counts(all);
    let parts: Vec<String> = counts.iter().map(|(aspect, count)| format!("{count} {aspect}")).collect();
    let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
    let changed = all.changed.len();
    let judged = counted(all.looked_at.into(), "mail");
    page.line([Span::strong(format!("{judged} judged anew: {changed} would change{parts}"))]);
    if !all.without_bytes.is_empty() {
        let ids: Vec<String> = all.without_bytes.iter().take(10).map(ToString::to_string).collect();
        let more = if all.without_bytes.len() > 10 { ", ..." } else { "" };
        let count = all.without_bytes.len();
        page.line([Span::new(
            Style::Attention,
            format!("{count} mails are not kept and were left out: {}{more}", ids.join(", ")),
        )]);
    }
    page
}

/// Saved rules by their names, in their order; they act here, also where they are off.
async fn named(client: &Client, names: &[FilterName]) -> Result<Vec<Filter>, Failure> {
    let saved = client.settings().await?.settings.filter;
    if let Some(unknown) = names.iter().find(|name| saved.iter().all(|rule| rule.name != **name)) {
        return Err(not_there(unknown));
    }
    let wanted = saved.into_iter().filter(|rule| names.contains(&rule.name));
    Ok(wanted.map(|rule| Filter { enabled: true, ..rule }).collect())
}

/// The last mails, part by part.
pub(crate) async fn collect(
    client: &Client,
    filters: Option<Vec<Filter>>,
    last: u32,
    mut progress: Progress,
) -> Result<DryRunPart, Failure> {
    let mut all = DryRunPart::default();
    loop {
        let seen = all.looked_at + u32::try_from(all.without_bytes.len()).unwrap_or(u32::MAX);
        if seen >= last {
            return Ok(all);
        }
        let window = Window { after: all.next, limit: last - seen };
        let part = client.filter_dry_run(filters.clone(), window).await?;
        let ended = part.next.is_none() || part.next == all.next;
        all.changed.extend(part.changed);
        all.looked_at += part.looked_at;
        all.without_bytes.extend(part.without_bytes);
        all.next = part.next;
        if ended {
            return Ok(all);
        }
        progress.say(&format!("{} of {last} mails, {} would change", all.looked_at, all.changed.len()));
    }
}

fn rule_words(changed: &ChangedMail) -> String {
    let joined = |names: &[FilterName]| names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    let mut words = Vec::new();
    if !changed.rules_new.is_empty() {
        words.push(format!("matches now: {}", joined(&changed.rules_new)));
    }
    if !changed.rules_gone.is_empty() {
        words.push(format!("matches no more: {}", joined(&changed.rules_gone)));
    }
    if !changed.rules_same.is_empty() {
        words.push(format!("matches as before: {}", joined(&changed.rules_same)));
    }
    if words.is_empty() { "no rule matches it, then or now".into() } else { words.join("; ") }
}
