//! Everything that can happen to the console: the closed list of what wakes it.

use super::attached::AttachedFile;
use super::key::Key;
use super::place::Place;
use super::request::{Answer, Problem, Request};
use jiff::Timestamp;
use maildesk_core::ids::EventSeq;
use maildesk_core::rpc::{EventBatch, Welcome};

#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    Key(Key),
    /// Pasted text; it is never taken for keys.
    Paste(String),
    /// Columns and rows of the terminal.
    Size(u16, u16),
    /// Once a second.
    Tick,
    /// The daemon answered; events are told from behind this one.
    Linked(Box<Welcome>, EventSeq),
    /// There is no connection; the next try is at that time.
    Unlinked {
        problem: Problem,
        attempt: u32,
        next_try: Timestamp,
    },
    Happened(EventBatch),
    Answered {
        from: Place,
        request: Request,
        result: Box<Result<Answer, Problem>>,
    },
    /// A text came back from $EDITOR, or why it did not.
    Edited {
        from: Place,
        result: Result<String, String>,
    },
    /// A draft that an earlier console kept.
    Draft {
        name: String,
        text: String,
    },
    /// A file that is to go along with what this draft's name stands for was looked at.
    FileSeen {
        draft: String,
        result: Result<AttachedFile, String>,
    },
    /// Something outside the model went wrong that a person should know.
    Trouble(String),
}

/// What the world is to do; carried out by the terminal's loop, which sends what comes of it as [`Msg`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    Ask {
        from: Place,
        request: Request,
    },
    /// Do not wait for the next try.
    ConnectNow,
    Suspend,
    Redraw,
    Quit,
    /// To the terminal's clipboard.
    Copy(String),
    Pager(String),
    /// To $EDITOR, as a file with this ending.
    Editor {
        from: Place,
        text: String,
        ending: &'static str,
    },
    /// Keep a text that is being written; an empty one is forgotten.
    KeepDraft {
        name: String,
        text: String,
    },
    LoadDraft(String),
    /// Look whether this path is a file that can go along.
    LookAtFile {
        draft: String,
        path: String,
    },
}
