//! The stream of events; the newest are kept.

use jiff::Timestamp;
use maildesk_core::event::{DomainEvent, Event};
use maildesk_core::ids::EventSeq;

use super::counters::{self, Counter};
use super::prefix::EVENTS;
use super::rows;
use crate::store::error::StoreError;
use crate::store::kv::{Read, Transaction};
use crate::store::record::v1::EventRecord;

/// How many events are kept.
pub const EVENTS_KEPT: u64 = 50_000;

/// Adds an event and forgets the one that falls out of what is kept.
pub fn append(tx: &mut Transaction<'_>, at: Timestamp, what: DomainEvent) -> Result<EventSeq, StoreError> {
    let seq = EventSeq(counters::next(tx, Counter::Event)?);
    let record = EventRecord::from(Event { seq, at, what });
    rows::add(tx, EVENTS, &EVENTS.number(seq.0), &record)?;
    if let Some(old) = seq.0.checked_sub(EVENTS_KEPT) {
        tx.delete(&EVENTS.number(old))?;
    }
    Ok(seq)
}

/// Events after `seen` in their order, and whether there is a gap: events after `seen` are no longer kept, or `seen`
/// was never given (the store was set back). After a gap without events, go on from [`newest`].
pub fn after(read: &(impl Read + ?Sized), seen: EventSeq, limit: usize) -> Result<(Vec<Event>, bool), StoreError> {
    let events = rows::oldest::<EventRecord, Event>(read, EVENTS, Some(seen.0), limit)?;
    let gap = match events.first() {
        Some(first) => first.seq.0 > seen.0.saturating_add(1),
        None => seen > newest(read)?,
    };
    Ok((events, gap))
}

/// When the newest event was written; `None` before the first.
pub fn newest_time(read: &(impl Read + ?Sized)) -> Result<Option<Timestamp>, StoreError> {
    let Some(before) = newest(read)?.0.checked_sub(1) else { return Ok(None) };
    let events = rows::oldest::<EventRecord, Event>(read, EVENTS, Some(before), 1)?;
    Ok(events.first().map(|event| event.at))
}

/// The newest event; 0 before the first.
pub fn newest(read: &(impl Read + ?Sized)) -> Result<EventSeq, StoreError> {
    counters::last(read, Counter::Event).map(EventSeq)
}
