//! The envelope in one go where the server offers PIPELINING (RFC 2920): MAIL, every RCPT and DATA are written
//! together, their answers read in order. A mail then takes two round trips in place of four.

use super::connection::Answer;
use super::error::refusal_of;
use super::send::refusal_is_result;
use super::{Accepted, RecipientOutcome, Refusal, SmtpConnection, SmtpError};
use maildesk_core::diagnosis::Step;

/// Recipients named in one write. We do not read while we write, so commands and answers of a group must fit into
/// what the sockets of both sides hold (RFC 2920 §3.1); more recipients take further groups.
const GROUP_RECIPIENTS: usize = 50;
const DATA: &str = "DATA\r\n";
/// An empty mail.
const LONE_DOT: &str = ".\r\n";

impl SmtpConnection {
    /// As `converse`, in groups of commands.
    pub(super) async fn converse_in_groups(
        &mut self,
        mail_command: &str,
        to: &[String],
        mime: &[u8],
    ) -> Result<Accepted, SmtpError> {
        let mut accepted = Accepted { server_said: String::new(), recipients: Vec::with_capacity(to.len()) };
        let mut mail_command = Some(mail_command);
        let mut data = None;
        let mut groups = to.chunks(GROUP_RECIPIENTS).peekable();
        while let Some(group) = groups.next() {
            let commands: Vec<_> = group.iter().map(|address| self.recipient_command(address)).collect();
            // Asked for before it is known whether anybody is accepted: the server has to refuse it then.
            let any = accepted.by_any() || commands.iter().any(Result::is_ok);
            let asks_data = any && groups.peek().is_none();
            let mut first = self.write(mail_command, &commands, asks_data).await;
            let mut refused = None;
            if let Some(line) = mail_command.take() {
                refused = match self.next_answer(&mut first, Step::Sender, line).await {
                    Err(error @ SmtpError::Connection(_)) => return Err(error),
                    answer => answer.err(),
                };
            }
            for (address, command) in group.iter().zip(commands) {
                let outcome = match command {
                    Ok(line) => refusal_is_result(self.next_answer(&mut first, Step::Recipient, &line).await)?,
                    Err(refusal) => Err(refusal),
                };
                accepted.recipients.push(RecipientOutcome { address: address.clone(), outcome });
            }
            if asks_data {
                data = Some(self.next_answer(&mut first, Step::Content, DATA).await);
            }
            if let Some(refused) = refused {
                if let Some(Ok(())) = data {
                    self.send_nothing().await;
                }
                return Err(refused);
            }
        }
        match data {
            Some(answer) if accepted.by_any() => answer?,
            // The trap of RFC 2920 §3.1: the server waits for a mail although nobody is left to receive it.
            Some(Ok(())) => {
                self.send_nothing().await;
                return Ok(accepted);
            }
            _ => {
                self.reset().await;
                return Ok(accepted);
            }
        }
        accepted.server_said = self.content(mime).await?;
        self.in_step = true;
        Ok(accepted)
    }

    /// Writes a group at once. lettre writes only together with reading an answer, the first one.
    async fn write(
        &mut self,
        mail_command: Option<&str>,
        recipients: &[Result<String, Refusal>],
        asks_data: bool,
    ) -> Option<Answer> {
        let mut group = mail_command.unwrap_or_default().to_owned();
        group.extend(recipients.iter().flatten().map(String::as_str));
        group.push_str(if asks_data { DATA } else { "" });
        if group.is_empty() { None } else { Some(self.inner.command(group).await) }
    }

    /// The answer to the next command of a group that was written.
    async fn next_answer(&mut self, first: &mut Option<Answer>, step: Step, line: &str) -> Result<(), SmtpError> {
        let answer = match first.take() {
            Some(first) => first,
            None => self.inner.read_response().await,
        };
        self.answered(step, line, answer)
    }

    /// Ends a DATA that should not have been accepted with an empty mail to nobody. Whatever the server says to it,
    /// nothing was sent; it only matters whether it answers.
    async fn send_nothing(&mut self) {
        let answer = self.inner.command(LONE_DOT).await;
        self.show(LONE_DOT, &answer);
        self.in_step = match &answer {
            Ok(_) => true,
            Err(error) => refusal_of(error).is_some_and(|(code, _)| code != 421),
        };
    }
}

#[cfg(test)]
mod tests;
