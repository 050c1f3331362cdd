//! Invitations and agents for scripts.

use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::ids::{CustomerId, InvitationId, OutboxId};
use maildesk_core::invitation::{InvitationEnd, InvitedAs};
use maildesk_core::language::Language;
use maildesk_core::settings::{AgentNotice, SenderName};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct Invitation {
    pub id: InvitationId,
    pub to: Address,
    pub name: Option<String>,
    /// `agent` or `contact`.
    pub invited_as: &'static str,
    /// User name of an agent.
    pub account: Option<String>,
    pub notify: Vec<AgentNotice>,
    pub customer: Option<CustomerId>,
    pub language: Option<Language>,
    /// `waiting`, `expired`, `accepted` or `revoked`.
    pub state: &'static str,
    pub by: String,
    pub sender: SenderName,
    pub created: Timestamp,
    pub sendings: u32,
    pub sent: Timestamp,
    pub expires: Timestamp,
    pub accepted: Option<Timestamp>,
    pub revoked: Option<Timestamp>,
    pub revoked_by: Option<String>,
    /// The newest mail in the outbox.
    pub outbox: OutboxId,
}

impl Invitation {
    /// As it stands at a time.
    pub fn at(invitation: maildesk_core::invitation::Invitation, now: Timestamp) -> Self {
        let state = invitation.state(now).word();
        let maildesk_core::invitation::Invitation { id, to, name, role, language, sender, by, created, .. } =
            invitation;
        let (invited_as, account, notify, customer) = match role {
            InvitedAs::Agent { name, notify } => ("agent", Some(name), notify, None),
            InvitedAs::Contact { customer } => ("contact", None, Vec::new(), customer),
        };
        let (accepted, revoked, revoked_by) = match invitation.end {
            Some(InvitationEnd::Accepted { at }) => (Some(at), None, None),
            Some(InvitationEnd::Revoked { at, by }) => (None, Some(at), Some(by)),
            None => (None, None, None),
        };
        Self {
            id,
            to,
            name,
            invited_as,
            account,
            notify,
            customer,
            language,
            state,
            by,
            sender,
            created,
            sendings: invitation.sendings,
            sent: invitation.sent,
            expires: invitation.expires,
            accepted,
            revoked,
            revoked_by,
            outbox: invitation.outbox,
        }
    }
}
