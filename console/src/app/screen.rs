//! What every screen can be asked, without knowing how it is drawn.

use super::attached::AttachedFile;
use super::desk::Desk;
use super::key::Key;
use super::overlay::Purpose;
use super::request::{Answer, Problem, Request};
use crate::action::{Action, Context};
use maildesk_core::event::Event;

/// Something typed where a text is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    Key(Key),
    Paste(String),
}

/// The state of one screen and how it changes. Drawing is `screen::<name>::view`.
pub trait Screen {
    /// What has the focus: where keys are looked up.
    fn context(&self) -> Context;

    /// It is shown from now on: what it shows is to be asked for.
    fn entered(&mut self, desk: &mut Desk);

    /// Asks for what is due. Called after every message while the screen is shown and the daemon is there.
    fn refresh(&mut self, desk: &mut Desk);

    /// Does it, or says false where it is nothing of this screen's.
    fn act(&mut self, action: Action, desk: &mut Desk) -> bool;

    /// Why an action cannot be done now; it stays listed with the reason.
    fn unavailable(&self, _action: Action, _desk: &Desk) -> Option<String> {
        None
    }

    /// An answer to a question of this screen.
    fn answered(&mut self, _request: Request, _result: Result<Answer, Problem>, _desk: &mut Desk) {}

    /// The person said yes, or entered this line.
    fn told(&mut self, _purpose: Purpose, _line: String, _desk: &mut Desk) {}

    /// Into the text that is written.
    fn typed(&mut self, _typed: Typed, _desk: &mut Desk) {}

    /// A text came back from $EDITOR.
    fn edited(&mut self, _text: String, _desk: &mut Desk) {}

    /// A draft of an earlier console was found.
    fn draft(&mut self, _name: &str, _text: String, _desk: &mut Desk) {}

    /// A file was looked at that is to go along with what is written.
    fn file_seen(&mut self, _draft: &str, _seen: Result<AttachedFile, String>, _desk: &mut Desk) {}

    /// Told to every screen, shown or not. `missed`: events before these are no longer kept.
    fn happened(&mut self, _events: &[Event], _missed: bool, _desk: &mut Desk) {}

    /// Once a second while it is shown.
    fn tick(&mut self, _desk: &mut Desk) {}

    /// What is selected, as plain text for the clipboard and the pager.
    fn plain(&self, _desk: &Desk) -> Option<String> {
        None
    }
}
