//! What stands above a screen and takes all keys: help, palette, a question, a prompt.

use super::cursor::{Cursor, Move, Scroll};
use super::key::{Code, Key};
use super::palette::Palette;
use super::text::EditedText;
use crate::action::{Action, Context};
use crate::output::Page;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlay {
    Help(Help),
    Palette(Palette),
    Question(Question),
    Prompt(Prompt),
}

/// What a question or prompt is for; its answer goes to the screen that asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Filter,
    SendReply,
    KeepNote,
    ReplyAnyway,
    AttachFile,
    DetachFile,
    ResolveTicket,
    AssignTicket,
    PrioritiseTicket,
    MergeInto,
    SplitOff,
    ChooseMacro,
    DoTried,
    CancelMails,
    RedirectMail,
    ReleaseMail,
    ReplayMail,
    DiscardMail,
    SaveSettings,
    RemoveItem,
    LeaveForm,
    TestMailTo,
    NameNew,
    AddAddress,
    RemoveAddress,
    ContactLanguage,
    MergeContact,
    DoMergeContact,
    RenameCustomer,
    AddDomain,
    RemoveDomain,
    RevokeInvitation,
    BlockWho,
    UnblockWho,
    RotateKeys,
    SuppressAddress,
    UnsuppressAddress,
    ForgetDraft,
    DryRunOver,
    SaveTemplate,
    ResetTemplate,
    RevertTemplate,
    SendTemplate,
    TemplateData,
    EditAgain,
}

/// What a person must do to say yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consent {
    /// Press y. Enter never does.
    Key,
    /// Type this number, then Enter: it cannot be undone, or concerns very many.
    Count(String),
}

/// Something is shown, and done only after a yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub purpose: Purpose,
    pub title: String,
    pub page: Page,
    /// What y does, in a word or two.
    pub yes: &'static str,
    pub consent: Consent,
    pub typed: String,
    pub scroll: Scroll,
}

impl Question {
    pub fn new(purpose: Purpose, title: impl Into<String>, page: Page, yes: &'static str) -> Self {
        let (title, scroll) = (title.into(), Scroll::default());
        Self { purpose, title, page, yes, consent: Consent::Key, typed: String::new(), scroll }
    }

    /// Wants the number of things typed.
    #[must_use]
    pub fn with_count(self, count: usize) -> Self {
        Self { consent: Consent::Count(count.to_string()), ..self }
    }
}

/// One line is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    pub purpose: Purpose,
    pub label: String,
    pub help: String,
    pub input: EditedText,
}

impl Prompt {
    pub fn new(purpose: Purpose, label: impl Into<String>, help: impl Into<String>, text: &str) -> Self {
        Self { purpose, label: label.into(), help: help.into(), input: EditedText::line(text) }
    }
}

/// Every key of a place, with a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    pub context: Context,
    pub search: EditedText,
    pub cursor: Cursor,
}

/// What became of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It stays open.
    Stays,
    Closes,
    /// It closes and this is done, as if its key was pressed.
    Does(Action, Context),
    /// It closes and leads there.
    Goes(super::desk::Goal),
    /// It closes; the person said yes, or entered this line.
    Says(Purpose, String),
}

impl Help {
    pub fn new(context: Context) -> Self {
        Self { context, search: EditedText::line(""), cursor: Cursor::default() }
    }

    /// Lines that hold the words of the search.
    pub fn found(&self) -> Vec<&'static crate::action::Entry> {
        let wanted = self.search.text().to_lowercase();
        let holds = |text: &str| wanted.split_whitespace().all(|word| text.to_lowercase().contains(word));
        let entries = crate::action::within(self.context);
        entries.into_iter().filter(|entry| holds(&format!("{} {}", entry.title, entry.at.name()))).collect()
    }

    fn press(&mut self, key: Key) -> Outcome {
        let found = self.found();
        match step(key) {
            Some(way) => self.cursor.go(way, found.len()),
            None if key == Key::of(Code::Enter) => {
                return found.get(self.cursor.at).map_or(Outcome::Stays, |entry| Outcome::Does(entry.action, entry.at));
            }
            None => {
                self.search.press(key);
                self.cursor.at = 0;
            }
        }
        Outcome::Stays
    }
}

/// Keys that move a cursor while a line is typed.
pub(super) fn step(key: Key) -> Option<Move> {
    match key.code {
        Code::Up => Some(Move::Up),
        Code::Down => Some(Move::Down),
        Code::PageUp => Some(Move::PageUp),
        Code::PageDown => Some(Move::PageDown),
        _ => None,
    }
}

impl Question {
    fn press(&mut self, key: Key) -> Outcome {
        let yes = Outcome::Says(self.purpose, String::new());
        if let Some(way) = step(key) {
            self.scroll.go(way);
            return Outcome::Stays;
        }
        match (&self.consent, key.code) {
            (Consent::Key, Code::Char('y')) if !key.ctrl => yes,
            (Consent::Key, Code::Char('n')) => Outcome::Closes,
            // Enter stands on Cancel.
            (Consent::Key, Code::Enter) => Outcome::Closes,
            (Consent::Count(count), Code::Enter) => match self.typed == *count {
                true => yes,
                false => Outcome::Closes,
            },
            (Consent::Count(_), Code::Char(digit)) if digit.is_ascii_digit() && self.typed.len() < 10 => {
                self.typed.push(digit);
                Outcome::Stays
            }
            (Consent::Count(_), Code::Backspace) => {
                self.typed.pop();
                Outcome::Stays
            }
            _ => Outcome::Stays,
        }
    }
}

impl Overlay {
    /// Does what a key says.
    pub fn press(&mut self, key: Key) -> Outcome {
        if key.code == Code::Esc {
            return Outcome::Closes;
        }
        match self {
            Self::Help(help) => help.press(key),
            Self::Palette(palette) => palette.press(key),
            Self::Question(question) => question.press(key),
            Self::Prompt(prompt) => match key.code {
                Code::Enter => Outcome::Says(prompt.purpose, prompt.input.text().trim().to_owned()),
                _ => {
                    prompt.input.press(key);
                    Outcome::Stays
                }
            },
        }
    }

    /// Pasted text goes into what is typed, never to a question.
    pub fn paste(&mut self, text: &str) {
        match self {
            Self::Help(help) => help.search.insert(text),
            Self::Palette(palette) => palette.input.insert(text),
            Self::Prompt(prompt) => prompt.input.insert(text),
            Self::Question(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question() -> Question {
        Question::new(Purpose::CancelMails, "Cancel?", Page::default(), "cancel them")
    }

    #[test]
    fn enter_never_confirms() {
        let press = |key| Overlay::Question(question()).press(key);
        assert_eq!(press(Key::of(Code::Enter)), Outcome::Closes);
        assert_eq!(press(Key::char('y')), Outcome::Says(Purpose::CancelMails, String::new()));
        assert_eq!(press(Key::of(Code::Esc)), Outcome::Closes);
        assert_eq!(press(Key::char('x')), Outcome::Stays);
    }

    #[test]
    fn very_many_want_their_number() {
        let mut asked = Overlay::Question(question().with_count(31));
        let keys = [Key::char('y'), Key::char('3'), Key::char('2'), Key::of(Code::Backspace), Key::char('1')];
        assert!(keys.into_iter().all(|key| asked.press(key) == Outcome::Stays));
        asked.paste("9");
        assert_eq!(asked.press(Key::of(Code::Enter)), Outcome::Says(Purpose::CancelMails, String::new()));
        let mut wrong = Overlay::Question(question().with_count(31));
        wrong.press(Key::char('3'));
        assert_eq!(wrong.press(Key::of(Code::Enter)), Outcome::Closes);
    }

    #[test]
    fn help_finds_and_runs() {
        let mut help = Overlay::Help(Help::new(Context::Live));
        help.paste("pause");
        assert_eq!(help.press(Key::of(Code::Enter)), Outcome::Does(Action::Pause, Context::Live));
    }
}
