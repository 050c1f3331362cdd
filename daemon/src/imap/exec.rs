//! The one way commands are run: written in one piece, read to their own tagged end, every other end an error.
//!
//! async-imap's own methods take a tagged NO, BAD and end of file for success (its issue #95).

use super::{ImapError, ImapSession};
use crate::net::Seen;
use async_imap::imap_proto::{Outcome, Response, Status};
use maildesk_core::diagnosis::{FaultKind, Step, server_words};
use std::borrow::Cow;
use tokio::io::AsyncWriteExt;

/// The tag of a command whose answer is awaited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag(String);

impl ImapSession {
    /// Runs a command. `on` sees each untagged answer and the tagged OK.
    ///
    /// # Errors
    /// NO and BAD (the session stays usable), BYE, a closed connection, a silent server, an unreadable answer.
    pub(super) async fn exec(
        &mut self,
        step: Step,
        command: &str,
        on: impl FnMut(&Response<'_>),
    ) -> Result<(), ImapError> {
        let tag = self.write_command(step, command).await?;
        self.read_to_end(step, &tag, on).await?;
        self.in_step = true;
        Ok(())
    }

    /// Writes a command in one piece, past async-imap: its `encode` makes four writes of it (four TLS records) and
    /// copies it to the log, passwords too.
    pub(super) async fn write_command(&mut self, step: Step, command: &str) -> Result<Tag, ImapError> {
        if !self.in_step {
            return Err(self.error(step, FaultKind::ConnectionLost, Some("the session was left in mid-answer")));
        }
        self.write_overlapping(step, command).await
    }

    /// As [`write_command`](Self::write_command), while answers to earlier commands are still to come.
    pub(super) async fn write_overlapping(&mut self, step: Step, command: &str) -> Result<Tag, ImapError> {
        self.in_step = false;
        self.commands_sent += 1;
        let tag = format!("m{}", self.commands_sent);
        if self.observer.is_there() {
            self.observer.see(Seen::Said(&format!("{tag} {}", shown(step, command))));
        }
        self.write_line(step, &format!("{tag} {command}\r\n")).await?;
        Ok(Tag(tag))
    }

    pub(super) async fn write_line(&mut self, step: Step, line: &str) -> Result<(), ImapError> {
        self.write_bytes(step, line.as_bytes()).await
    }

    pub(super) async fn write_bytes(&mut self, step: Step, bytes: &[u8]) -> Result<(), ImapError> {
        let stream = self.client.get_mut();
        let written = match stream.write_all(bytes).await {
            Ok(()) => stream.flush().await,
            Err(error) => Err(error),
        };
        written.map_err(|error| ImapError::from_io(&self.server, step, &error))
    }

    /// Reads to the tagged answer of this command. The caller sets `in_step` where no other command is under way.
    pub(super) async fn read_to_end(
        &mut self,
        step: Step,
        tag: &Tag,
        mut on: impl FnMut(&Response<'_>),
    ) -> Result<(), ImapError> {
        let stopped = self
            .read_until(step, tag, |answer| {
                on(answer);
                false
            })
            .await?;
        debug_assert!(!stopped, "the closure never stops");
        Ok(())
    }

    /// Reads until `stop` says so (true) or the command has ended with OK (false). `stop` sees the tagged OK, too.
    pub(super) async fn read_until(
        &mut self,
        step: Step,
        tag: &Tag,
        mut stop: impl FnMut(&Response<'_>) -> bool,
    ) -> Result<bool, ImapError> {
        loop {
            let answer = match self.client.read_response().await {
                Ok(Some(answer)) => answer,
                Ok(None) => return Err(self.error(step, FaultKind::ConnectionLost, None)),
                Err(error) => return Err(ImapError::from_io(&self.server, step, &error)),
            };
            match answer.parsed() {
                Response::Done { tag: seen, status, outcome } if seen.0 == tag.0 => {
                    if *status == Status::Ok {
                        return Ok(stop(answer.parsed()));
                    }
                    // A refusal ends the command in good order.
                    self.in_step = true;
                    return Err(self.refusal(step, outcome));
                }
                Response::Done { .. } => return Err(self.error(step, FaultKind::AnswerUnreadable, None)),
                Response::Data { status: Status::Bye, outcome } if step != Step::Upkeep => {
                    return Err(self.good_bye(step, outcome));
                }
                untagged => {
                    if stop(untagged) {
                        return Ok(true);
                    }
                }
            }
        }
    }

    /// BYE: the server closes, and sometimes says why.
    pub(super) fn good_bye(&self, step: Step, outcome: &Outcome<'_>) -> ImapError {
        let words = words_of(outcome);
        let kind = match server_words::imap_refusal(step, &words) {
            FaultKind::Throttled => FaultKind::Throttled,
            _ => FaultKind::ServerBye,
        };
        self.error(step, kind, Some(&words))
    }

    fn refusal(&self, step: Step, outcome: &Outcome<'_>) -> ImapError {
        let words = words_of(outcome);
        self.error(step, server_words::imap_refusal(step, &words), Some(&words))
    }
}

/// A command as others may see it: at the login, its name alone and the name of a mechanism.
fn shown(step: Step, command: &str) -> Cow<'_, str> {
    if step != Step::Login {
        return Cow::Borrowed(command);
    }
    let mut words = command.split(' ');
    match (words.next(), words.next(), words.next()) {
        (Some("AUTHENTICATE"), Some(mechanism), None) => Cow::Owned(format!("AUTHENTICATE {mechanism}")),
        (Some("AUTHENTICATE"), Some(mechanism), Some(_)) => Cow::Owned(format!("AUTHENTICATE {mechanism} [redacted]")),
        (Some(name), Some(_), _) => Cow::Owned(format!("{name} [redacted]")),
        _ => Cow::Borrowed(command),
    }
}

/// The words of an answer. Codes that imap-proto does not know (`[AUTHENTICATIONFAILED]`) stand at their head.
pub(super) fn words_of<'a>(outcome: &'a Outcome<'_>) -> Cow<'a, str> {
    outcome.information.as_deref().map_or(Cow::Borrowed(""), Cow::Borrowed)
}
