//! Verdicts on their way to the disk. A connection does not wait for each: it goes on with the next mail meanwhile, so
//! that many verdicts share one flush. What is on its way when the machine stops is sent once more under its old
//! Message-ID, hence the small number.

use super::judge::Verdict;
use super::sending::Mark;
use super::settle::write_verdict;
use super::worker::OutboxParts;
use crate::clock::jitter;
use crate::store::error::StoreError;
use crate::store::kv::{Pending, Transaction};
use maildesk_core::ids::{EventSeq, OutboxId};
use std::collections::VecDeque;

/// Verdicts of one connection that may be on their way.
const AT_MOST: usize = 8;

/// The verdicts of one connection, in the order of its mails.
pub(super) struct Unsettled<'a> {
    parts: &'a OutboxParts,
    /// Each with the mark that keeps people's hands off the mail until it is settled.
    waiting: VecDeque<(Mark, Pending<Option<EventSeq>, StoreError>)>,
}

impl<'a> Unsettled<'a> {
    pub(super) fn new(parts: &'a OutboxParts) -> Self {
        Self { parts, waiting: VecDeque::with_capacity(AT_MOST) }
    }

    /// Sets a verdict on its way; waits only where too many are.
    pub(super) async fn add(&mut self, mark: Mark, id: OutboxId, verdict: Verdict) -> Result<(), StoreError> {
        while self.waiting.len() >= AT_MOST {
            self.first_is_durable().await?;
        }
        let (now, jitter) = (self.parts.clock.now(), jitter());
        let job = move |tx: &mut Transaction<'_>| write_verdict(tx, id, verdict, now, jitter);
        self.waiting.push_back((mark, self.parts.store.submit(job).await?));
        Ok(())
    }

    /// Waits until all are durable.
    pub(super) async fn all_durable(&mut self) -> Result<(), StoreError> {
        while !self.waiting.is_empty() {
            self.first_is_durable().await?;
        }
        Ok(())
    }

    async fn first_is_durable(&mut self) -> Result<(), StoreError> {
        if let Some((mark, pending)) = self.waiting.pop_front() {
            if let Some(newest) = pending.outcome().await? {
                self.parts.hub.publish(newest);
            }
            drop(mark);
        }
        Ok(())
    }
}
