//! Whole mails, many per command, two commands in flight.
//!
//! While the answers to one command are read, the next one already stands at the server: its first bytes follow
//! without a round trip between. Where one is refused, its mails are asked for one by one, so that a mail that a server
//! cannot read keeps no other back.

use super::{ImapError, ImapSession, uid_set::uid_sets};
use async_imap::imap_proto::{AttributeValue, Response};
use maildesk_core::diagnosis::{FaultKind, Step};
use maildesk_core::ids::Uid;
use std::collections::{HashSet, VecDeque};

/// Mails per command: large enough that round trips do not matter, small enough that a refused command is small.
const MAILS_PER_COMMAND: usize = 50;
/// Commands whose answers are awaited at a time.
const IN_FLIGHT: usize = 2;

/// A mail that the server refuses to hand out, with what it says.
pub type RefusedMail = (Uid, ImapError);

/// One mail as the server holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedMail {
    pub uid: Uid,
    pub raw: Vec<u8>,
}

impl ImapSession {
    /// Fetches whole mails without marking them as read (BODY.PEEK), in the server's order, and hands each to
    /// `deliver` as it arrives. A mail that has vanished is not delivered, and none is delivered twice. Gives the mails
    /// that the server refuses while it hands out others, and those of which it says that they are NIL.
    ///
    /// # Errors
    /// As for every command; a refusal only where it hands out none. What was delivered before an error is whole.
    pub async fn fetch(
        &mut self,
        uids: &[Uid],
        mut deliver: impl FnMut(FetchedMail),
    ) -> Result<Vec<RefusedMail>, ImapError> {
        let mut wanted: HashSet<Uid> = uids.iter().copied().collect();
        let mut empty = Vec::new();
        let mut take = |answer: &Response<'_>| {
            if let Response::Fetch(_, attributes) = answer
                && let Some((uid, body)) = mail_of(attributes)
                && wanted.remove(&uid)
            {
                match body {
                    Some(body) => deliver(FetchedMail { uid, raw: body.to_vec() }),
                    None => empty.push(uid),
                }
            }
        };
        let Some(refusal) = self.fetch_many(uids, &mut take).await? else {
            return Ok(empty.into_iter().map(|uid| (uid, self.nothing_there())).collect());
        };
        if uids.len() == 1 {
            return Err(refusal);
        }
        // Those that came already do not come again.
        let (mut refused, mut answered) = (Vec::new(), 0);
        for uid in uids {
            match self.exec(Step::Fetch, &format!("UID FETCH {uid} (UID BODY.PEEK[])"), &mut take).await {
                Ok(()) => answered += 1,
                Err(error) if self.is_usable() => refused.push((*uid, error)),
                Err(error) => return Err(error),
            }
        }
        refused.extend(empty.into_iter().map(|uid| (uid, self.nothing_there())));
        if answered == 0 { Err(refusal) } else { Ok(refused) }
    }

    /// The error of a mail that the server lists and answers with NIL, or not at all.
    pub fn nothing_there(&self) -> ImapError {
        let reason = "the server lists this mail and hands out nothing of it".to_owned();
        self.error(Step::Fetch, FaultKind::Other { reason }, None)
    }

    /// Gives the first refusal of a command; the others went on.
    async fn fetch_many(
        &mut self,
        uids: &[Uid],
        mut take: impl FnMut(&Response<'_>),
    ) -> Result<Option<ImapError>, ImapError> {
        let mut refusal = None;
        let mut waiting = VecDeque::with_capacity(IN_FLIGHT);
        let mut sets = uid_sets(uids, MAILS_PER_COMMAND).into_iter();
        loop {
            while waiting.len() < IN_FLIGHT
                && let Some(set) = sets.next()
            {
                let command = format!("UID FETCH {set} (UID BODY.PEEK[])");
                let tag = if waiting.is_empty() {
                    self.in_step_or_pipelined(&command, false).await?
                } else {
                    self.in_step_or_pipelined(&command, true).await?
                };
                waiting.push_back(tag);
            }
            let Some(tag) = waiting.pop_front() else {
                return Ok(refusal);
            };
            let outcome = self.read_to_end(Step::Fetch, &tag, &mut take).await;
            let ended = outcome.is_ok() || self.in_step;
            // With another command still in flight even a plain refusal leaves the session out of step.
            self.in_step = waiting.is_empty() && ended;
            match outcome {
                Err(error) if ended => refusal = refusal.or(Some(error)),
                outcome => outcome?,
            }
        }
    }

    /// At most `length` bytes of a mail from `offset` on, without marking it as read; empty at its end, `None` where
    /// it is not there.
    ///
    /// # Errors
    /// As for every command.
    pub async fn fetch_piece(&mut self, uid: Uid, offset: u32, length: u32) -> Result<Option<Vec<u8>>, ImapError> {
        let mut found = None;
        self.exec(Step::Fetch, &format!("UID FETCH {uid} (UID BODY.PEEK[]<{offset}.{length}>)"), |answer| {
            if let Response::Fetch(_, attributes) = answer
                && attributes.iter().any(|attribute| matches!(attribute, AttributeValue::Uid(found) if *found == uid.0))
                && let Some(piece) = attributes.iter().find_map(|attribute| piece_of(attribute, offset))
            {
                found = Some(piece);
            }
        })
        .await?;
        Ok(found)
    }

    async fn in_step_or_pipelined(&mut self, command: &str, overlapping: bool) -> Result<super::exec::Tag, ImapError> {
        if overlapping {
            self.write_overlapping(Step::Fetch, command).await
        } else {
            self.write_command(Step::Fetch, command).await
        }
    }
}

/// The piece that begins at this offset; a server that has nothing there may say NIL.
fn piece_of(attribute: &AttributeValue<'_>, offset: u32) -> Option<Vec<u8>> {
    match attribute {
        AttributeValue::BodySection { section: None, index, data } if index.unwrap_or_default() == offset => {
            Some(data.as_deref().unwrap_or_default().to_vec())
        }
        _ => None,
    }
}

/// A mail, or `None` in its place where the server says NIL.
fn mail_of<'a>(attributes: &'a [AttributeValue<'_>]) -> Option<(Uid, Option<&'a [u8]>)> {
    let (mut uid, mut body) = (None, None);
    for attribute in attributes {
        match attribute {
            AttributeValue::Uid(number) => uid = Some(Uid(*number)),
            AttributeValue::BodySection { section: None, index: None, data } => body = Some(data.as_deref()),
            _ => {}
        }
    }
    Some((uid?, body?))
}
