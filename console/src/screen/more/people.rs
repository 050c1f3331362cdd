//! What is changed about contacts and invitations: a line is asked for, or a yes.

use super::state::State;
use crate::action::Action;
use crate::app::desk::Desk;
use crate::app::overlay::{Prompt, Purpose, Question};
use crate::app::place::Place;
use crate::app::request::Request;
use crate::output::{Page, Span, Style};
use maildesk_core::ids::ContactId;
use maildesk_core::invitation::InvitationAction;
use maildesk_core::language::Language;
use maildesk_core::rpc::{ContactAction, ContactRow};

/// Asks for what the action needs; false where it is none of these.
pub(super) fn begin(state: &mut State, action: Action, desk: &mut Desk) -> bool {
    if matches!(action, Action::Resend | Action::Revoke) {
        invitation(state, action, desk);
        return true;
    }
    let Some(contact) = state.contacts.selected() else { return false };
    let who = called(contact);
    let prompt = match action {
        Action::AddAddress => {
            let help = "mail from it belongs to this contact from then on";
            Prompt::new(Purpose::AddAddress, format!("One more address of {who}"), help, "")
        }
        Action::RemoveAddress => {
            let help = format!("one of: {}", contact.addresses.join(", "));
            let last = contact.addresses.last().cloned().unwrap_or_default();
            Prompt::new(Purpose::RemoveAddress, format!("Take an address from {who}"), help, &last)
        }
        Action::ContactLanguage => {
            let now = contact.language.map_or("none", Language::tag);
            let help = "en, de, fr, es; none: that of the mailbox, or else the desk's";
            Prompt::new(Purpose::ContactLanguage, format!("Language of mails to {who}"), help, now)
        }
        Action::MergeContact => {
            let help = "number of the contact that becomes part of this one, as the list says";
            Prompt::new(Purpose::MergeContact, format!("Merge into {who}"), help, "")
        }
        _ => return false,
    };
    desk.prompt(prompt);
    true
}

/// The person entered this line, or said yes.
pub(super) fn told(state: &mut State, purpose: Purpose, line: &str, desk: &mut Desk) {
    if purpose == Purpose::RevokeInvitation {
        if let Some(id) = state.invitations.selected().map(|row| row.id) {
            desk.ask(Place::More, Request::InvitationAct(InvitationAction::Revoke(id)));
        }
        return;
    }
    let Some(contact) = state.contacts.selected() else { return };
    let (id, line) = (contact.id, line.trim());
    let action = match purpose {
        Purpose::DoMergeContact => match state.gone.take() {
            Some(gone) => ContactAction::Merge { gone: ContactId(gone), dry_run: false },
            None => return,
        },
        _ if line.is_empty() => return,
        Purpose::AddAddress => ContactAction::AddAddress { address: line.to_owned() },
        Purpose::RemoveAddress => ContactAction::RemoveAddress { address: line.to_owned() },
        Purpose::ContactLanguage => {
            let known = Language::ALL.into_iter().find(|language| language.tag() == line);
            if known.is_none() && line != "none" {
                return desk.say(Style::Bad, "the language must be en, de, fr, es or none");
            }
            ContactAction::Language { language: known }
        }
        Purpose::MergeContact => match line.parse::<u64>() {
            Ok(gone) => {
                let question = merging(contact, gone, state);
                state.gone = Some(gone);
                return desk.question(question);
            }
            Err(_) => return desk.say(Style::Bad, format!("'{line}' is no number of a contact")),
        },
        _ => return,
    };
    desk.ask(Place::More, Request::ContactAct(id, action));
}

fn merging(kept: &ContactRow, gone: u64, state: &State) -> Question {
    let mut page = Page::default();
    let other = state.contacts.rows.iter().find(|row| row.id.0 == gone);
    let whose = other.map_or_else(|| format!("contact {gone}"), called);
    page.line([Span::plain(format!("{} has the addresses and tickets of {whose} then.", called(kept)))]);
    if let Some(other) = other {
        page.indented(2, [Span::plain(other.addresses.join(" "))]);
    }
    page.line([Span::new(Style::Attention, "This cannot be undone.")]);
    let title = format!("Make contact {gone} part of contact {}?", kept.id);
    Question::new(Purpose::DoMergeContact, title, page, "merge them")
}

fn invitation(state: &State, action: Action, desk: &mut Desk) {
    let Some(invitation) = state.invitations.selected() else { return };
    if action == Action::Resend {
        return desk.ask(Place::More, Request::InvitationAct(InvitationAction::Resend(invitation.id)));
    }
    let mut page = Page::default();
    page.line([Span::plain("Its code counts no more. Another invitation can be sent at any time.")]);
    let title = format!("Take back the invitation to {}?", invitation.to);
    desk.question(Question::new(Purpose::RevokeInvitation, title, page, "take it back"));
}

/// A contact's name, or else an address.
pub(super) fn called(contact: &ContactRow) -> String {
    contact.name.clone().or_else(|| contact.addresses.first().cloned()).unwrap_or_else(|| "this contact".into())
}
