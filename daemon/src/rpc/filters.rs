//! Filters: the list with its counts, the trial of one mail, and dry runs over kept mails. Nothing here writes.

use super::fault::{Fault, read};
use super::parts::RpcParts;
use super::views::mail_row;
use crate::active::Active;
use crate::blob::BlobReader;
use crate::intake::{Trial, rejudge, try_mail};
use crate::store::{Store, filter_hits, mails};
use maildesk_core::filter::{CompiledFilters, Filter, compile, shadowed};
use maildesk_core::ids::MailId;
use maildesk_core::route::{JudgedMail, differences, rules_apart};
use maildesk_core::rpc::{ChangedMail, DryRunPart, FilterRow, FiltersView, MAX_TRIAL, RpcError, Window};
use maildesk_core::settings::{Mailbox, MailboxName, Settings};
use serde_bytes::ByteBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Mails of one part of a dry run at the most, their bytes, and how long it may take: the next call goes on.
const MAILS_AT_ONCE: usize = 50;
const BYTES_AT_ONCE: u64 = 32 << 20;
const TIME_AT_ONCE: Duration = Duration::from_secs(2);
/// A kept mail larger than this, in bytes, is not judged anew.
const LARGEST_REJUDGED: u64 = 64 << 20;

pub(super) async fn list(parts: &RpcParts) -> Result<FiltersView, Fault> {
    let active = parts.active.borrow().clone();
    read(&parts.store, move |store| {
        let filters = &active.settings.filter;
        let row = |filter: &Filter| -> Result<FilterRow, Fault> {
            Ok(FilterRow { filter: filter.clone(), hits: filter_hits::get(store, &filter.name)? })
        };
        let rows = filters.iter().map(row).collect::<Result<_, _>>()?;
        Ok(FiltersView { revision: active.revision, rows, shadowed: shadowed(filters) })
    })
    .await
}

pub(super) async fn try_one(
    parts: &RpcParts,
    raw: ByteBuf,
    mailbox: Option<MailboxName>,
    filters: Option<Vec<Filter>>,
) -> Result<JudgedMail, Fault> {
    if raw.len() as u64 > MAX_TRIAL {
        return Err(RpcError::Rejected(format!("the mail is larger than {MAX_TRIAL} bytes")).into());
    }
    let active = parts.active.borrow().clone();
    let tried = tried(filters)?;
    let now = parts.clock.now();
    let mailbox = mailbox_of(&active.settings, mailbox)?.clone();
    let raw = raw.into_vec();
    let (raw, checked) = match mailbox.check_senders {
        true => parts.senders.check_one(raw).await.map(|(raw, check)| (raw, Some(check))).map_err(Fault::inner)?,
        false => (raw, None),
    };
    read(&parts.store, move |store| {
        let trial = Trial { store, active: &active, filters: tried.as_ref().unwrap_or(&active.filters) };
        Ok(try_mail(&trial, &mailbox, (&raw, checked), now)?)
    })
    .await
}

fn mailbox_of(settings: &Settings, name: Option<MailboxName>) -> Result<&Mailbox, Fault> {
    match name {
        Some(name) => settings.mailbox(&name).ok_or_else(|| Fault::not_found("mailbox", name)),
        None => settings.mailbox.first().ok_or_else(|| {
            RpcError::Rejected("there is no mailbox yet; a mail is judged as one that came in by a mailbox".into())
                .into()
        }),
    }
}

/// Rules that somebody gives; `None`: those in force.
fn tried(filters: Option<Vec<Filter>>) -> Result<Option<CompiledFilters>, Fault> {
    let compiled = filters.map(|filters| compile(&filters)).transpose();
    compiled.map_err(|problems| RpcError::Invalid(problems).into())
}

pub(super) async fn dry_run(
    parts: &RpcParts,
    filters: Option<Vec<Filter>>,
    window: Window,
) -> Result<DryRunPart, Fault> {
    let active = parts.active.borrow().clone();
    let tried = tried(filters)?;
    let blobs = parts.blobs.clone();
    read(&parts.store, move |store| part(store, &blobs, &active, tried.as_ref(), window)).await
}

/// Judges a part anew, one mail in memory at a time.
fn part(
    store: &Store,
    blobs: &BlobReader,
    active: &Arc<Active>,
    tried: Option<&CompiledFilters>,
    window: Window,
) -> Result<DryRunPart, Fault> {
    let trial = Trial { store, active, filters: tried.unwrap_or(&active.filters) };
    let wanted = MAILS_AT_ONCE.min(window.limit.max(1) as usize);
    let kept = mails::list(store, false, window.after.map(MailId), wanted)?;
    let mut part = DryRunPart::default();
    if kept.len() == wanted {
        part.next = kept.last().map(|mail| mail.id.0);
    }
    let (began, mut bytes) = (Instant::now(), 0);
    for judged in kept {
        let id = judged.id;
        let raw = judged.raw.map(|hash| blobs.whole(hash, LARGEST_REJUDGED)).transpose().map_err(Fault::inner)?;
        match raw.flatten() {
            Some(raw) => {
                part.looked_at += 1;
                bytes += raw.len() as u64;
                part.changed.extend(changed(&trial, tried.is_some(), judged, &raw)?);
            }
            None => part.without_bytes.push(id),
        }
        if bytes > BYTES_AT_ONCE || began.elapsed() > TIME_AT_ONCE {
            part.next = (id.0 > 1).then_some(id.0);
            break;
        }
    }
    Ok(part)
}

/// What differs; nothing where the verdict stays.
fn changed(trial: &Trial<'_>, others: bool, judged: JudgedMail, raw: &[u8]) -> Result<Option<ChangedMail>, Fault> {
    let (new, saved) = rejudge(trial, &judged, raw)?;
    let differences = differences(&judged, &new, others.then_some(&saved));
    if differences.is_empty() {
        return Ok(None);
    }
    let (rules_new, rules_gone) = (rules_apart(&new, &judged), rules_apart(&judged, &new));
    let rules_same = new.effect.rules.iter().filter(|rule| !rules_new.contains(rule)).cloned().collect();
    Ok(Some(ChangedMail { mail: mail_row(judged), differences, rules_new, rules_gone, rules_same }))
}
