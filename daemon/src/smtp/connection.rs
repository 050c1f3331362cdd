//! A connection that is ready to take mails.

use super::SmtpError;
use super::error::{Faults, refusal_of};
use super::transport::ContentSwitch;
use crate::net::{Deadline, Observer, Seen, Timeouts};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Noop, Quit};
use lettre::transport::smtp::response::Response;
use maildesk_core::diagnosis::{FaultKind, Step};
use std::fmt;
use std::time::Duration;

/// How long a good-bye may take.
const QUIT_ANSWER: Duration = Duration::from_secs(5);

/// A reply of the server as lettre reads it: an error where it is a refusal or none came.
pub(super) type Answer = Result<Response, lettre::transport::smtp::Error>;

/// What the server offers (RFC 5321 §4.1.1.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Offers {
    pub(super) starttls: bool,
    pub(super) eight_bit_mime: bool,
    pub(super) smtp_utf8: bool,
    /// Commands may be sent before the answers to earlier ones have come (RFC 2920).
    pub(super) pipelining: bool,
    /// In upper case.
    pub(super) auth: Vec<String>,
    /// SIZE is offered (RFC 1870).
    pub(super) size: bool,
    /// The largest mail in bytes, where the server names one.
    pub(super) size_max: Option<u64>,
}

/// A connection to an SMTP server, logged in where the account says so. It has one owner and takes one mail after
/// another; once broken it is dropped.
pub struct SmtpConnection {
    pub(super) inner: AsyncSmtpConnection,
    pub(super) faults: Faults,
    pub(super) offers: Offers,
    pub(super) observer: Observer,
    pub(super) deadline: Deadline,
    pub(super) content: ContentSwitch,
    pub(super) timeouts: Timeouts,
    /// False from the start of a conversation until its end was read.
    pub(super) in_step: bool,
}

impl fmt::Debug for SmtpConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpConnection({}:{})", self.faults.server.host, self.faults.server.port)
    }
}

impl SmtpConnection {
    /// The largest mail the server takes, in bytes, where it says so (RFC 1870).
    pub fn max_message_size(&self) -> Option<u64> {
        self.offers.size_max
    }

    /// False once an error or a dropped future has left answers of the server unread: drop the connection then.
    pub fn is_usable(&self) -> bool {
        self.in_step
    }

    /// Asks the server (NOOP) whether it is still there. One round trip.
    pub async fn is_alive(&mut self) -> bool {
        if !self.in_step {
            return false;
        }
        self.in_step = false;
        let answer = self.inner.command(Noop).await;
        self.in_step = answer.is_ok();
        self.in_step
    }

    /// Says good-bye. The answer does not matter any more, so there is no error.
    pub async fn quit(mut self) {
        if self.in_step {
            self.deadline.set(QUIT_ANSWER);
            if let Err(error) = self.inner.command(Quit).await {
                tracing::trace!(%error, "end of the SMTP connection");
            }
        }
    }

    /// Runs one command. A refusal leaves the connection usable, 421 and all else does not.
    pub(super) async fn command(&mut self, step: Step, line: &str) -> Result<(), SmtpError> {
        let answer = self.inner.command(line).await;
        self.answered(step, line, answer)
    }

    /// Shows a command and its answer to the observer and judges the answer.
    pub(super) fn answered(&mut self, step: Step, line: &str, answer: Answer) -> Result<(), SmtpError> {
        self.show(line, &answer);
        match answer {
            // What follows DATA would be taken for commands by a server that does not wait for a mail.
            Ok(positive) if step == Step::Content && !positive.has_code(354) => {
                self.in_step = false;
                Err(self.faults.connection(step, FaultKind::AnswerUnreadable, Some(&words(&positive))))
            }
            Ok(positive) => {
                // DATA itself is only the question; the answer to the mail counts.
                if step != Step::Content && self.observer.is_there() {
                    self.observer.see(Seen::Accepted(step, &words(&positive)));
                }
                Ok(())
            }
            Err(error) => {
                if refusal_of(&error).is_none_or(|(code, _)| code == 421) {
                    self.in_step = false;
                }
                Err(self.faults.lettre_error(step, &error))
            }
        }
    }

    /// What was said and what was answered, for the transcript.
    pub(super) fn show(&self, line: &str, answer: &Answer) {
        if !self.observer.is_there() {
            return;
        }
        self.observer.see(Seen::Said(line));
        match answer {
            Ok(positive) => self.observer.see(Seen::Heard(&format!("{} {}", positive.code(), words(positive)))),
            Err(error) => {
                if let Some((code, words)) = refusal_of(error) {
                    self.observer.see(Seen::Heard(&format!("{code} {words}")));
                }
            }
        }
    }
}

fn words(answer: &Response) -> String {
    answer.message().collect::<Vec<_>>().join(" ")
}
