//! Templates: versions, drafts, saving under a check.

use super::fault::{Fault, read};
use super::once::once;
use super::parts::RpcParts;
use crate::store::kv::{Read, Transaction};
use crate::store::{audit, events, templates};
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::Revision;
use maildesk_core::language::Language;
use maildesk_core::notification::{
    CompiledTemplate, Kind, SavedTemplate, TemplateDraft, TemplateSource, builtin, builtin_mark, check,
};
use maildesk_core::rpc::{RequestKey, RpcError, TemplateId, TemplateRow, TemplateStamp, TemplateVersion, TemplateView};
use maildesk_core::settings::FieldProblem;
use std::sync::Arc;

/// Versions of the history that are shown.
const SHOWN: usize = 50;
/// Bytes of a draft at the most; a template that can be saved is smaller.
const LARGEST_DRAFT: usize = 1 << 20;

pub(super) async fn list(parts: &RpcParts) -> Result<Vec<TemplateRow>, Fault> {
    read(&parts.store, |store| {
        let all = Kind::ALL.into_iter().flat_map(|kind| Language::ALL.map(|language| TemplateId { kind, language }));
        all.map(|which| row(store, which)).collect()
    })
    .await
}

pub(super) async fn show(parts: &RpcParts, which: TemplateId) -> Result<TemplateView, Fault> {
    read(&parts.store, move |store| {
        let TemplateId { kind, language } = which;
        let history = templates::history(store, kind, language, SHOWN)?;
        Ok(TemplateView {
            row: row(store, which)?,
            builtin: builtin(kind, language),
            saved: history.first().and_then(|newest| newest.source.clone()),
            draft: templates::draft(store, kind, language)?.map(|draft| draft.source),
            history: history.iter().map(stamp).collect(),
        })
    })
    .await
}

/// The template of a version.
pub(super) fn source(store: &impl Read, which: TemplateId, version: TemplateVersion) -> Result<TemplateSource, Fault> {
    let TemplateId { kind, language } = which;
    let missing = |what: &str| Fault::not_found(what, format!("{kind} {language}"));
    match version {
        TemplateVersion::Given(source) => Ok(source),
        TemplateVersion::Builtin => Ok(builtin(kind, language)),
        TemplateVersion::Draft => {
            Ok(templates::draft(store, kind, language)?.ok_or_else(|| missing("draft of the template"))?.source)
        }
        TemplateVersion::Saved(revision) => {
            let found = templates::version(store, kind, language, revision)?;
            let found = found.ok_or_else(|| missing(&format!("revision {revision} of the template")))?;
            Ok(found.source.unwrap_or_else(|| builtin(kind, language)))
        }
        TemplateVersion::Current => {
            let newest = templates::history(store, kind, language, 1)?.into_iter().next();
            Ok(newest.and_then(|newest| newest.source).unwrap_or_else(|| builtin(kind, language)))
        }
    }
}

pub(super) async fn get(
    parts: &RpcParts,
    which: TemplateId,
    version: TemplateVersion,
) -> Result<TemplateSource, Fault> {
    read(&parts.store, move |store| source(store, which, version)).await
}

pub(super) async fn put_draft(
    parts: &RpcParts,
    user: String,
    which: TemplateId,
    source: Option<TemplateSource>,
    key: RequestKey,
) -> Result<TemplateRow, Fault> {
    let size = source.as_ref().map_or(0, |source| source.to_document().len());
    if size > LARGEST_DRAFT {
        return Err(RpcError::Rejected(format!("a draft has at most {LARGEST_DRAFT} bytes")).into());
    }
    let now = parts.clock.now();
    let work = move |tx: &mut Transaction<'_>| {
        let draft = source.map(|source| TemplateDraft { at: now, by: user, source });
        templates::put_draft(tx, which.kind, which.language, draft.as_ref())?;
        row(tx, which)
    };
    parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await
}

/// Saves a version, or with nothing lets the built-in template count again. Mails are made by it from then on.
pub(super) async fn save(
    parts: Arc<RpcParts>,
    user: String,
    which: TemplateId,
    source: Option<TemplateSource>,
    seen: Revision,
    key: RequestKey,
) -> Result<TemplateRow, Fault> {
    let TemplateId { kind, language } = which;
    if let Some(source) = &source {
        refuse_broken(kind, source)?;
    }
    // A task of its own: once committed, it must also come into force, whether or not the caller waits.
    tokio::spawn(async move {
        let now = parts.clock.now();
        let work = move |tx: &mut Transaction<'_>| {
            let newest = templates::history(tx, kind, language, 1)?.into_iter().next();
            let now_at = newest.as_ref().map_or(Revision(0), |newest| newest.revision);
            if now_at != seen {
                return Err(RpcError::Conflict { seen, now: now_at }.into());
            }
            let revision = Revision(now_at.0 + 1);
            let what = if source.is_some() { "saved" } else { "reset" };
            let builtin = builtin_mark(kind, language);
            let saved = SavedTemplate { revision, at: now, by: user.clone(), source, builtin };
            templates::put(tx, kind, language, &saved)?;
            templates::put_draft(tx, kind, language, None)?;
            audit::append(tx, now, &user, &format!("{what} template {kind} {language}, revision {revision}"))?;
            let reset = saved.source.is_none();
            events::append(tx, now, DomainEvent::TemplateSaved { kind, language, revision, reset, by: user })?;
            row(tx, which)
        };
        let answer = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
        bring_into_force(&parts, which)?;
        parts.hub.publish(events::newest(&parts.store)?);
        Ok(answer)
    })
    .await
    .map_err(Fault::inner)?
}

/// Of two savers at once the later one's template counts, whoever comes here first.
fn bring_into_force(parts: &RpcParts, which: TemplateId) -> Result<(), Fault> {
    let TemplateId { kind, language } = which;
    let book = Arc::clone(&parts.active.borrow().templates);
    book.change(|templates| {
        let newest = templates::history(&parts.store, kind, language, 1)?.into_iter().next();
        match newest.and_then(|newest| newest.source).map(|source| CompiledTemplate::compile(kind, &source)) {
            Some(Ok(compiled)) => templates.set(kind, language, compiled),
            Some(Err(_)) | None => templates.unset(kind, language),
        }
        Ok(())
    })
}

fn refuse_broken(kind: Kind, source: &TemplateSource) -> Result<(), Fault> {
    let problems = check(kind, source).problems;
    if problems.is_empty() {
        return Ok(());
    }
    let field = |found: &maildesk_core::notification::PartProblem| FieldProblem {
        field: format!("{}, line {}, column {}", found.part.name(), found.problem.line, found.problem.column),
        problem: found.problem.message.clone(),
        remedy: format!("maildesk template variables {kind} lists what there is"),
    };
    Err(RpcError::Invalid(problems.iter().map(field).collect()).into())
}

fn stamp(saved: &SavedTemplate) -> TemplateStamp {
    let SavedTemplate { revision, at, by, source, .. } = saved;
    TemplateStamp { revision: *revision, at: *at, by: by.clone(), reset: source.is_none() }
}

fn row(store: &impl Read, which: TemplateId) -> Result<TemplateRow, Fault> {
    let TemplateId { kind, language } = which;
    let newest = templates::history(store, kind, language, 1)?.into_iter().next();
    let draft = templates::draft(store, kind, language)?;
    let problems = newest.as_ref().and_then(|newest| newest.source.as_ref());
    let problems = problems.map_or(0, |source| check(kind, source).problems.len());
    Ok(TemplateRow {
        kind,
        language,
        saved: newest.as_ref().map(stamp),
        draft: draft.map(|draft| TemplateStamp { revision: Revision(0), at: draft.at, by: draft.by, reset: false }),
        builtin_changed: newest.is_some_and(|newest| newest.is_behind(kind, language)),
        problems: u32::try_from(problems).unwrap_or(u32::MAX),
    })
}
