//! Who is not written to, whose mail is not taken, and the keys: each added or removed with one line or one yes.

use super::state::State;
use super::tab::Tab;
use crate::action::Action;
use crate::app::desk::Desk;
use crate::app::overlay::{Prompt, Purpose, Question};
use crate::app::place::Place;
use crate::app::request::Request;
use crate::output::{Page, Span};

/// The selected suppressed address.
pub(super) fn suppressed(state: &State) -> Option<String> {
    let rows = state.suppressed.value.as_ref().filter(|_| state.tab == Tab::Suppressed)?;
    rows.get(state.cursor.at).map(|row| row.address.to_string())
}

/// The selected line of the block list.
pub(super) fn blocked(state: &State) -> Option<String> {
    let rows = state.blocked.value.as_ref().filter(|_| state.tab == Tab::Blocked)?;
    rows.get(state.cursor.at).map(|row| row.who.to_string())
}

/// Asks for what the action needs; false where it is none of these.
pub(super) fn begin(state: &State, action: Action, desk: &mut Desk) -> bool {
    match action {
        Action::Suppress => {
            let help = "the address that gets no more mail until somebody removes it here";
            desk.prompt(Prompt::new(Purpose::SuppressAddress, "Suppress an address", help, ""));
        }
        Action::Block => {
            let help = "an address, a domain, or *.domain for all below it too";
            desk.prompt(Prompt::new(Purpose::BlockWho, "Drop the mail of", help, ""));
        }
        Action::Remove => {
            if let Some(address) = suppressed(state) {
                let said = "It is written to again; mail that waited for this is not sent by itself.";
                ask(Purpose::UnsuppressAddress, format!("Write to {address} again?"), said, "write to it", desk);
            }
            if let Some(who) = blocked(state) {
                let said = "What comes from now on is judged as any other mail; what was dropped stays dropped.";
                ask(Purpose::UnblockWho, format!("Take mail of {who} again?"), said, "take it", desk);
            }
        }
        Action::RotateKeys => {
            let said = "It signs the reply tokens of new mails. Answers to earlier mails are still known by the keys \
                        before it.";
            ask(Purpose::RotateKeys, "Make a new key?".into(), said, "make it", desk);
        }
        _ => return false,
    }
    true
}

fn ask(purpose: Purpose, title: String, said: &str, yes: &'static str, desk: &mut Desk) {
    let mut page = Page::default();
    page.line([Span::plain(said)]);
    desk.question(Question::new(purpose, title, page, yes));
}

/// The person entered this line, or said yes.
pub(super) fn told(state: &State, purpose: Purpose, line: String, desk: &mut Desk) {
    let user = desk.welcome.as_ref().map(|welcome| welcome.user.clone()).unwrap_or_default();
    let reason = format!("entered by {user}");
    let request = match purpose {
        Purpose::SuppressAddress if !line.is_empty() => Some(Request::Suppress { address: line, reason }),
        Purpose::BlockWho if !line.is_empty() => Some(Request::Block { who: line, reason }),
        Purpose::UnsuppressAddress => suppressed(state).map(Request::Unsuppress),
        Purpose::UnblockWho => blocked(state).map(Request::Unblock),
        Purpose::RotateKeys => Some(Request::RotateKeys),
        _ => None,
    };
    if let Some(request) = request {
        desk.ask(Place::More, request);
    }
}
