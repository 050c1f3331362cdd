//! Facts in words, for traces and logs.

use super::{AutomaticReason, Facts, SuppressReason};
use std::fmt;

impl fmt::Display for SuppressReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OwnLoop => "we sent it ourselves",
            Self::OwnAddress => "it is from an address of ours",
            Self::Bounce => "it is a delivery report",
            Self::NullReturnPath => "its return path is empty",
            Self::Automatic => "it was written by a machine",
            Self::List => "it came through a list",
            Self::Bulk => "it is bulk mail",
            Self::AskedFor => "it asks for no automatic answer",
            Self::MachineSender => "its sender reads no answers",
            Self::NoSender => "it has no sender",
        })
    }
}

impl fmt::Display for AutomaticReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AutoSubmitted => "automatic by Auto-Submitted",
            Self::AutoReplyHeader => "automatic by an auto-reply header",
            Self::Precedence => "automatic by Precedence",
            Self::Report => "a receipt or report",
            Self::Subject => "automatic by its subject",
            Self::Bounce => "a delivery report",
        })
    }
}

impl Facts {
    /// One line that names every fact.
    pub fn sentence(&self) -> String {
        let mut words = Vec::new();
        words.extend(self.automatic.map(|reason| reason.to_string()));
        words.extend(self.vacation.then(|| "an absence notice".to_owned()));
        words.extend(self.list.then(|| "list mail".to_owned()));
        words.extend(self.own_loop.then(|| "our own mail".to_owned()));
        if words.is_empty() { "written by a person".into() } else { words.join(", ") }
    }
}
