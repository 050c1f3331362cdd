//! The one place that decides what becomes of a readable mail: look-ups, filters, routing. Live intake, the trial of a
//! file and the dry run over kept mails all come through here; they differ only in what they do with the plan.

use super::lookups::look_up;
use super::prepare::microseconds;
use crate::active::Active;
use crate::store::counters::{self, Counter};
use crate::store::error::StoreError;
use crate::store::kv::Read;
use jiff::Timestamp;
use maildesk_core::filter::{CompiledFilters, Filtering, RunAhead};
use maildesk_core::ids::{ContactId, MailId, TicketNumber};
use maildesk_core::mail::InboundMail;
use maildesk_core::route::{DeskRules, Fresh, Kept, Origin, Plan, Timing, Wanted, plan};
use maildesk_core::verdict::Facts;
use std::time::Instant;

/// A mail to decide about.
pub(super) struct Matter<'a> {
    pub(super) mail: &'a InboundMail,
    pub(super) facts: &'a Facts,
    pub(super) wanted: &'a Wanted,
    pub(super) origin: &'a Origin,
    pub(super) kept: &'a Kept,
    /// What the rules of the chain came to, where they ran before.
    pub(super) filtered: Option<&'a RunAhead>,
    /// What its stages took so far.
    pub(super) timing: Timing,
}

/// What it is decided by.
pub(super) struct Chain<'a> {
    pub(super) filters: &'a CompiledFilters,
    pub(super) desk: DeskRules<'a>,
    pub(super) repeats: Repeats,
}

/// Where it is known from whether a mail repeats an earlier one.
#[derive(Debug, Clone, Copy)]
pub(super) enum Repeats {
    /// From the store.
    Stored,
    /// From the verdict of that time: in the store a kept mail would find itself.
    Known(Option<MailId>),
    /// From the store, where what is found as this mail is no repeat of it.
    Besides(MailId),
}

impl<'a> Chain<'a> {
    /// The chain that is in force.
    pub(super) fn live(active: &'a Active) -> Self {
        Self { filters: &active.filters, desk: active.rules(), repeats: Repeats::Stored }
    }
}

/// Decides; writes nothing. Also gives the identities that a commit now would use for what is new.
pub(super) fn decide(
    read: &impl Read,
    chain: &Chain<'_>,
    matter: &Matter<'_>,
    mail_id: MailId,
    now: Timestamp,
) -> Result<(Plan, Fresh), StoreError> {
    let began = Instant::now();
    let Matter { mail, facts, wanted, origin, kept, filtered, timing } = matter;
    let through = origin.released.then(|| Wanted::clone(wanted).let_through(mail));
    let wanted = through.as_ref().unwrap_or(wanted);
    let mut found = look_up(read, origin, mail, wanted)?;
    match chain.repeats {
        Repeats::Stored => {}
        Repeats::Known(earlier) => found.duplicate_of = earlier,
        Repeats::Besides(itself) => found.duplicate_of = found.duplicate_of.filter(|found| *found != itself),
    }
    // Identities are counted up only by what uses them; a dropped mail burns none.
    let fresh = Fresh {
        mail: mail_id,
        contact: ContactId(counters::last(read, Counter::Contact)? + 1),
        ticket: TicketNumber(counters::last(read, Counter::Ticket)? + 1),
    };
    let filtering = match filtered {
        Some(ahead) if !origin.released => Filtering::Ahead(ahead),
        _ => Filtering::Rules(chain.filters),
    };
    let mut plan = plan(mail, facts, origin, wanted, &found, kept, filtering, &chain.desk, fresh, now);
    // What was done of it ahead is in there already.
    let ahead = timing.plan.unwrap_or_default();
    plan.judged.timing = Timing { plan: Some(microseconds(began).saturating_add(ahead)), ..*timing };
    Ok((plan, fresh))
}
