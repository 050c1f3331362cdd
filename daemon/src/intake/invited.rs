//! An answer to an invitation that came by mail.

use crate::active::Active;
use crate::invitation::{AcceptError, accept, tell_outcome};
use crate::outbox::{AnswerError, EnqueueError};
use crate::store::error::StoreError;
use crate::store::kv::Transaction;
use jiff::Timestamp;
use maildesk_core::route::{InvitationReply, Outcome, Plan, TraceStep};

/// Accepts the invitation, or says why not to whom it was made for.
pub(super) fn answer_invitation(
    tx: &mut Transaction<'_>,
    active: &Active,
    plan: &mut Plan,
    thread: &[String],
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(InvitationReply { invitation, refused }) = plan.invitation.take() else { return Ok(()) };
    let trace = &mut plan.judged.trace;
    let mut say = |said: String| trace.push(TraceStep { step: "invitation".into(), said });
    if refused.is_none() {
        match accept(tx, invitation.clone(), invitation.to.as_str(), now) {
            Ok(_) => say(format!("invitation {} is accepted", invitation.id)),
            Err(AcceptError::Store(error)) => return Err(error),
            // The plan was made with what this transaction sees, so that this does not happen; a person looks then.
            Err(error) => {
                plan.judged.outcome = Outcome::Quarantined { reason: format!("invitation {}: {error}", invitation.id) };
                return Ok(());
            }
        }
    }
    match tell_outcome(tx, active, &invitation, refused.as_ref(), thread, now) {
        Ok(id) => say(format!("{} is told by mail {id}", invitation.to)),
        Err(AnswerError::Enqueue(EnqueueError::Store(error))) => return Err(error),
        Err(error) => say(format!("{} is not told: {error}", invitation.to)),
    }
    Ok(())
}
