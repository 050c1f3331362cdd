//! Invitations: sent, listed, sent again, taken back, accepted by their code.

use super::fault::{Fault, found, read};
use super::once::once;
use super::parts::RpcParts;
use super::views::{rows, to_read};
use crate::active::{Active, follow_stored};
use crate::invitation::{self, AcceptError};
use crate::outbox::{ActError, Actor, Sending, act as cancel};
use crate::store::counters::{self, Counter};
use crate::store::kv::Transaction;
use crate::store::{audit, customers, events, invitations, outbox};
use jiff::{SignedDuration, Timestamp};
use maildesk_core::address::Address;
use maildesk_core::event::DomainEvent;
use maildesk_core::ids::{InvitationId, OutboxId};
use maildesk_core::invitation::{
    Invitation, InvitationAction, InvitationEnd, InvitationState, InvitedAs, NewInvitation, examine, read_token,
};
use maildesk_core::outbox::OutboxAction;
use maildesk_core::rpc::{RequestKey, Rows, RpcError, Window};
use maildesk_core::settings::{FieldProblem, Settings};
use maildesk_core::text::clean_line;
use std::sync::Arc;

/// Characters of a name at the most.
const LONGEST_NAME: usize = 100;
/// Invitations that are read at once.
const AT_ONCE: usize = 200;

pub(super) async fn list(parts: &RpcParts, window: Window) -> Result<Rows<Invitation>, Fault> {
    read(&parts.store, move |store| {
        let read = invitations::list(store, window.after.map(InvitationId), to_read(window))?;
        Ok(rows(read, window, |row| row.id.0))
    })
    .await
}

pub(super) async fn show(parts: &RpcParts, id: InvitationId) -> Result<Invitation, Fault> {
    read(&parts.store, move |store| found(invitations::get(store, id)?, "invitation", id)).await
}

pub(super) async fn act(
    parts: Arc<RpcParts>,
    user: String,
    action: InvitationAction,
    key: RequestKey,
) -> Result<Invitation, Fault> {
    // A task of its own: once committed, settings must also come into force, whether or not the caller waits.
    tokio::spawn(async move {
        let (active, now) = (Arc::clone(&parts.active.borrow()), parts.clock.now());
        let act = Act { active, user, now, sending: parts.boards.sending.clone() };
        let accepts = matches!(action, InvitationAction::Accept { .. });
        let work = move |tx: &mut Transaction<'_>| match action {
            InvitationAction::Send(new) => act.send(tx, new),
            InvitationAction::Resend(id) => act.resend(tx, id),
            InvitationAction::Revoke(id) => act.revoke(tx, id),
            InvitationAction::Accept { code } => act.accept(tx, &code),
        };
        let answer = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
        if accepts {
            follow_stored(&parts.store, &parts.active)?;
        }
        parts.hub.publish(events::newest(&parts.store)?);
        parts.nudges.outbox.notify_waiters();
        Ok(answer)
    })
    .await
    .map_err(Fault::inner)?
}

/// Who acts, when, and under which settings.
struct Act {
    active: Arc<Active>,
    user: String,
    now: Timestamp,
    sending: Sending,
}

impl Act {
    fn send(self, tx: &mut Transaction<'_>, new: NewInvitation) -> Result<Invitation, Fault> {
        let drafted = drafted(&self.active.settings, new, self.user.clone(), self.now)?;
        refuse_second(tx, &drafted.to, self.now)?;
        if let InvitedAs::Contact { customer: Some(id) } = drafted.role {
            found(customers::get(tx, id)?, "customer", id)?;
        }
        let drafted = Invitation { id: InvitationId(counters::next(tx, Counter::Invitation)?), ..drafted };
        let what = format!("invited {}", drafted.to);
        self.sent(tx, drafted, what)
    }

    fn resend(self, tx: &mut Transaction<'_>, id: InvitationId) -> Result<Invitation, Fault> {
        let known = open(tx, id, self.now)?;
        // It counts no more once a newer one is sent.
        self.withdraw(tx, known.outbox)?;
        let expires = self.now.checked_add(known.expires.duration_since(known.sent)).map_err(Fault::inner)?;
        let (sendings, by) = (known.sendings + 1, self.user.clone());
        let again = Invitation { sendings, sent: self.now, expires, by, ..known };
        let what = format!("sent invitation {id} to {} again", again.to);
        self.sent(tx, again, what)
    }

    fn revoke(self, tx: &mut Transaction<'_>, id: InvitationId) -> Result<Invitation, Fault> {
        let known = open(tx, id, self.now)?;
        let end = Some(InvitationEnd::Revoked { at: self.now, by: self.user.clone() });
        let mail = match self.withdraw(tx, known.outbox)? {
            true => format!(", and its mail {} is not sent", known.outbox),
            false => String::new(),
        };
        let revoked = Invitation { end, ..known };
        self.keep(tx, revoked, |one| format!("revoked invitation {id} of {}{mail}", one.to))
    }

    /// Cancels a mail that has not left yet; gives whether it did.
    fn withdraw(&self, tx: &mut Transaction<'_>, mail: OutboxId) -> Result<bool, Fault> {
        let silent = self.active.settings.desk.silent.as_ref();
        let actor = Actor { by: &self.user, now: self.now, silent, sending: &self.sending };
        if outbox::get(tx, mail)?.is_none_or(|mail| !mail.state.is_waiting()) {
            return Ok(false);
        }
        match cancel(tx, mail, &OutboxAction::Cancel, &actor) {
            Ok((_, event)) => {
                events::append(tx, self.now, event)?;
                Ok(true)
            }
            Err(ActError::Store(error)) => Err(Fault::Store(error)),
            // It is on its way at this moment, or has gone: then it stays the token that is refused.
            Err(_) => Ok(false),
        }
    }

    fn accept(self, tx: &mut Transaction<'_>, code: &str) -> Result<Invitation, Fault> {
        let wrong =
            || refused("code", "is no code of an invitation", "copy it whole from the mail; it begins with mdi.");
        let token = read_token(code).ok_or_else(wrong)?;
        let known = found(invitations::get(tx, token.id)?, "invitation", token.id)?;
        examine(&known, &token, &self.active.identity.keys, self.now)
            .map_err(|refusal| RpcError::Rejected(format!("invitation {}: {refusal}", known.id)))?;
        invitation::accept(tx, known, &self.user, self.now).map_err(|error| match error {
            AcceptError::Invalid(problems) => RpcError::Invalid(problems).into(),
            AcceptError::Store(error) => Fault::Store(error),
            AcceptError::Directory(error) => error.into(),
        })
    }

    /// Keeps the invitation with its newest mail queued.
    fn sent(self, tx: &mut Transaction<'_>, invitation: Invitation, what: String) -> Result<Invitation, Fault> {
        let outbox = invitation::send(tx, &self.active, &invitation, self.now)?;
        self.keep(tx, Invitation { outbox, ..invitation }, |_| what)
    }

    fn keep(
        self,
        tx: &mut Transaction<'_>,
        invitation: Invitation,
        what: impl FnOnce(&Invitation) -> String,
    ) -> Result<Invitation, Fault> {
        let (what, by) = (what(&invitation), self.user);
        invitations::put(tx, &invitation)?;
        audit::append(tx, self.now, &by, &what)?;
        events::append(tx, self.now, DomainEvent::InvitationChanged { invitation: invitation.id, what, by })?;
        Ok(invitation)
    }
}

/// An invitation to which something can still be done.
fn open(tx: &Transaction<'_>, id: InvitationId, now: Timestamp) -> Result<Invitation, Fault> {
    let known = found(invitations::get(tx, id)?, "invitation", id)?;
    match known.state(now) {
        InvitationState::Waiting | InvitationState::Expired => Ok(known),
        state => {
            let said = format!("invitation {id} is {} already: send a new one instead", state.word());
            Err(RpcError::Rejected(said).into())
        }
    }
}

/// Checks what a person gave; number and mail are not known yet.
fn drafted(settings: &Settings, new: NewInvitation, by: String, now: Timestamp) -> Result<Invitation, Fault> {
    let NewInvitation { to, name, role, language, sender, days } = new;
    let to =
        Address::parse(&to).map_err(|problem| refused("address", &format!("{to} {problem}"), "write name@domain"))?;
    if settings.own_addresses().contains(&to.key()) {
        return Err(refused("address", &format!("{to} is the desk's own"), "give the address of a person"));
    }
    let name = name.map(|name| clean_line(&name)).filter(|name| !name.is_empty());
    if name.as_ref().is_some_and(|name| name.chars().count() > LONGEST_NAME) {
        return Err(refused("name", "is too long", &format!("use {LONGEST_NAME} characters at the most")));
    }
    let sender = match sender {
        Some(name) if settings.sender(&name).is_none() => return Err(Fault::not_found("sender", name)),
        Some(name) => name,
        None => match settings.sender.first() {
            Some(sender) => sender.name.clone(),
            None => return Err(refused("sender", "there is none to invite with", "add a [[sender]]")),
        },
    };
    let days = days.unwrap_or(settings.desk.invitation_days);
    if !(1..=365).contains(&days) {
        return Err(refused("days", "is out of range", "use 1 to 365"));
    }
    let expires = now.checked_add(SignedDuration::from_hours(24 * i64::from(days))).map_err(Fault::inner)?;
    let drafted = Invitation {
        id: InvitationId(0),
        to,
        name,
        role,
        language,
        sender,
        by,
        created: now,
        sendings: 1,
        sent: now,
        expires,
        outbox: OutboxId(0),
        end: None,
    };
    drafted.accepted_in(settings).map_err(RpcError::Invalid)?;
    Ok(drafted)
}

/// A person is invited once at a time.
fn refuse_second(tx: &Transaction<'_>, to: &Address, now: Timestamp) -> Result<(), Fault> {
    let mut before = None;
    loop {
        let some = invitations::list(tx, before, AT_ONCE)?;
        let waits = |one: &&Invitation| one.state(now) == InvitationState::Waiting && one.to.key() == to.key();
        if let Some(known) = some.iter().find(waits) {
            let remedy = format!("maildesk invitation resend {} or revoke {}", known.id, known.id);
            return Err(refused("address", &format!("{to} is invited already"), &remedy));
        }
        match some.last() {
            Some(last) if some.len() == AT_ONCE => before = Some(last.id),
            _ => return Ok(()),
        }
    }
}

fn refused(field: &str, problem: &str, remedy: &str) -> Fault {
    let problem = FieldProblem { field: field.into(), problem: problem.into(), remedy: remedy.into() };
    RpcError::Invalid(vec![problem]).into()
}
