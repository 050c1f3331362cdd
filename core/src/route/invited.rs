//! A mail that names an invitation.

use super::lookups::{DeskRules, FoundInvitation, Wanted};
use super::outcome::TraceStep;
use super::plan::step;
use crate::address::Address;
use crate::invitation::{Invitation, InvitedAs, Refusal, examine_mail};
use crate::verdict::{Facts, Finding};
use jiff::Timestamp;

/// An answer to an invitation from whom it was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationReply {
    pub invitation: Invitation,
    /// Why it is not accepted; the mail is then treated as any other, but answered with this.
    pub refused: Option<Refusal>,
}

/// What a mail's token of an invitation comes to. What somebody else or a machine sends is told by the trace alone.
pub(super) fn invited(
    wanted: &Wanted,
    found: Option<&FoundInvitation>,
    (facts, sender): (&Facts, &Address),
    desk: &DeskRules<'_>,
    trace: &mut Vec<TraceStep>,
    now: Timestamp,
) -> Option<InvitationReply> {
    let token = wanted.invitation.as_ref()?;
    let Some(FoundInvitation { invitation, problem }) = found else {
        trace.push(step("invitation", format!("invitation {} is not known here", token.id)));
        return None;
    };
    let automatic = facts.automatic.is_some() || facts.vacation || facts.bounce.is_some();
    let examined = examine_mail(invitation, token, desk.keys, (sender, automatic), now);
    let examined = match (examined, problem) {
        (Ok(()), _) if is_doubted(invitation, facts, sender) => Err(Refusal::NotGenuine),
        (Ok(()), Some(problem)) => Err(Refusal::Impossible(problem.clone())),
        (examined, _) => examined,
    };
    let said = match &examined {
        Ok(()) => format!("invitation {}: answered by {sender}, whom it was made for", invitation.id),
        Err(refusal) => format!("invitation {} is not accepted: {refusal}", invitation.id),
    };
    trace.push(step("invitation", said));
    let refused = examined.err();
    let is_told = refused.as_ref().is_none_or(Refusal::is_told);
    is_told.then(|| InvitationReply { invitation: invitation.clone(), refused })
}

/// A contact's server may vouch in ways that are not seen here; who becomes an agent has to be proven where it is looked
/// into.
fn is_doubted(invitation: &Invitation, facts: &Facts, sender: &Address) -> bool {
    match invitation.role {
        InvitedAs::Agent { .. } => facts.authentication.is_genuine(sender) == Some(false),
        InvitedAs::Contact { .. } => facts.authentication.dmarc() == Some(Finding::Fail),
    }
}
