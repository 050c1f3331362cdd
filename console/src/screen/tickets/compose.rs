//! An answer or note that is being written, its draft, and its review.

use crate::app::attached::AttachedFile;
use crate::app::desk::Desk;
use crate::app::message::Effect;
use crate::app::overlay::{Purpose, Question};
use crate::app::text::EditedText;
use crate::output::{Page, Span, Style};
use jiff::{SignedDuration, Timestamp};
use maildesk_core::ids::TicketNumber;
use maildesk_core::rpc::TicketView;

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    Reply,
    Note,
}

#[derive(Debug)]
pub struct Compose {
    pub ticket: TicketNumber,
    pub writing: Writing,
    pub text: EditedText,
    pub files: Vec<AttachedFile>,
    /// Since when there is something that is not kept yet.
    changed: Option<Timestamp>,
    pub kept: Option<Timestamp>,
    /// It was sent and no answer came yet.
    pub under_way: bool,
    pub problem: Option<String>,
}

/// A draft is kept so long after the last key.
const QUIET: SignedDuration = SignedDuration::from_secs(1);

impl Compose {
    pub fn new(ticket: TicketNumber, writing: Writing, text: &str) -> Self {
        let text = EditedText::area(text);
        Self { ticket, writing, text, files: Vec::new(), changed: None, kept: None, under_way: false, problem: None }
    }

    /// The name of its draft.
    pub fn draft(&self) -> String {
        let what = match self.writing {
            Writing::Reply => "reply",
            Writing::Note => "note",
        };
        format!("{what}-{}", self.ticket)
    }

    pub fn changed(&mut self, now: Timestamp) {
        (self.changed, self.problem) = (Some(now), None);
    }

    /// Keeps the draft once the keys rest, or at once.
    pub fn keep(&mut self, at_once: bool, desk: &mut Desk) {
        let now = desk.now();
        if self.changed.is_some_and(|at| at_once || now.duration_since(at) >= QUIET) {
            (self.changed, self.kept) = (None, Some(now));
            desk.effect(Effect::KeepDraft { name: self.draft(), text: self.text.text() });
        }
    }

    /// Shows what would go out, and to whom.
    pub fn review(&mut self, view: &TicketView, undo_seconds: Option<u32>, desk: &mut Desk) {
        if self.text.is_blank() {
            self.problem = Some("there is no text yet".into());
            return;
        }
        let mut page = Page::default();
        let (purpose, title, yes) = match self.writing {
            Writing::Reply => {
                let to = view.contact.addresses.first().cloned().unwrap_or_default();
                page.fields([
                    ("to", Some(format!("{} <{to}>", view.contact.name.clone().unwrap_or_default()))),
                    ("subject", Some(format!("Re: {}", view.row.subject))),
                    ("files", self.files_line()),
                    ("by", Some(format!("mailbox {} and its sender", view.row.mailbox))),
                    ("then", Some(after(undo_seconds))),
                ]);
                (Purpose::SendReply, format!("Send this answer to #{}?", self.ticket), "send it")
            }
            Writing::Note => {
                page.line([Span::plain("Customers do not see notes.")]);
                (Purpose::KeepNote, format!("Keep this note on #{}?", self.ticket), "keep it")
            }
        };
        page.empty_line();
        for line in self.text.lines() {
            page.line([Span::exact(Style::Plain, &line)]);
        }
        desk.question(Question::new(purpose, title, page, yes));
    }
}

fn after(undo_seconds: Option<u32>) -> String {
    match undo_seconds {
        None => "held for as long as the settings say: u takes it back".into(),
        Some(0) => "it is sent at once".into(),
        Some(seconds) => format!("held {seconds} s: u takes it back"),
    }
}
