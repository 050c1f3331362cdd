//! IDLE (RFC 2177), by hand: async-imap reports a closed connection as an interruption by ourselves, and hangs where
//! IDLE is answered with NO.

use super::exec::Tag;
use super::{ImapError, ImapSession};
use async_imap::imap_proto::{MailboxDatum, Response, Status};
use maildesk_core::diagnosis::{FaultKind, Step};
use std::future::Future;
use std::pin::pin;
use std::time::Duration;
use tokio::time::sleep;

/// How much longer than IDLE itself the stream may be silent.
const GRACE: Duration = Duration::from_secs(60);

/// Why IDLE came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdleEnd {
    /// The server says that something has arrived.
    NewMail,
    /// `stop` was ready.
    Stopped,
    /// `max` has passed.
    Timeout,
}

impl ImapSession {
    /// Waits in the open folder until a mail arrives, `stop` is ready, or `max` has passed. Servers may close after
    /// 30 minutes: choose less, and few minutes where dead connections have to be noticed.
    ///
    /// # Errors
    /// The server refuses IDLE, closes the connection, or does not end IDLE in time. The session is gone then.
    pub async fn idle(mut self, stop: impl Future, max: Duration) -> Result<(Self, IdleEnd), ImapError> {
        let tag = self.write_command(Step::Idle, "IDLE").await?;
        if !self.read_to_continue(Step::Idle, &tag).await? {
            return Err(self.error(Step::Idle, FaultKind::AnswerUnreadable, None));
        }
        self.deadline.set(max.saturating_add(GRACE));
        let end = self.wait(stop, max).await;
        self.deadline.set(self.timeouts.answer);
        let mut end = end?;
        self.write_line(Step::Idle, "DONE\r\n").await?;
        self.read_to_end(Step::Idle, &tag, |answer| {
            if is_new_mail(answer) {
                end = IdleEnd::NewMail;
            }
        })
        .await?;
        self.in_step = true;
        Ok((self, end))
    }

    async fn wait(&mut self, stop: impl Future, max: Duration) -> Result<IdleEnd, ImapError> {
        let mut stop = pin!(stop);
        let mut timeout = pin!(sleep(max));
        loop {
            // Reading may be given up and taken up again: what has come so far stays in the parser's buffer.
            let answer = tokio::select! {
                biased;
                answer = self.client.read_response() => answer,
                _ = &mut stop => return Ok(IdleEnd::Stopped),
                () = &mut timeout => return Ok(IdleEnd::Timeout),
            };
            match answer {
                Ok(Some(answer)) => match answer.parsed() {
                    Response::Data { status: Status::Bye, outcome } => {
                        return Err(self.good_bye(Step::Idle, outcome));
                    }
                    Response::Done { .. } => return Err(self.error(Step::Idle, FaultKind::AnswerUnreadable, None)),
                    untagged if is_new_mail(untagged) => return Ok(IdleEnd::NewMail),
                    _ => {}
                },
                Ok(None) => return Err(self.error(Step::Idle, FaultKind::ConnectionLost, None)),
                Err(error) => return Err(ImapError::from_io(&self.server, Step::Idle, &error)),
            }
        }
    }

    /// Reads to the server's "go on"; false where the command ended with OK instead, which nobody can make sense of.
    pub(super) async fn read_to_continue(&mut self, step: Step, tag: &Tag) -> Result<bool, ImapError> {
        self.read_until(step, tag, |answer| matches!(answer, Response::Continue(_))).await
    }
}

fn is_new_mail(answer: &Response<'_>) -> bool {
    match answer {
        Response::MailboxData(MailboxDatum::Exists(_)) => true,
        Response::MailboxData(MailboxDatum::Recent(count)) => *count > 0,
        _ => false,
    }
}
