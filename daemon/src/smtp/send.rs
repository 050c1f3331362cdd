//! One mail to one server: MAIL, RCPT with a result for each, DATA.

use super::address::WireAddress;
use super::error::refusal_of;
use super::{Refusal, SmtpConnection, SmtpError};
use crate::net::Seen;
use maildesk_core::diagnosis::{Diagnosis, FaultKind, Step, server_said};
use std::sync::atomic::{AtomicBool, Ordering};

/// A mail that the server has dealt with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The server's words on taking the mail, often with its queue id; empty where it took it for nobody.
    pub server_said: String,
    /// One for each recipient, in the order asked. Where all are refused, the mail was not sent.
    pub recipients: Vec<RecipientOutcome>,
}

impl Accepted {
    /// True where the server took the mail for at least one recipient.
    pub fn by_any(&self) -> bool {
        self.recipients.iter().any(|recipient| recipient.outcome.is_ok())
    }
}

/// What the server said about one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientOutcome {
    /// As it was given to us.
    pub address: String,
    pub outcome: Result<(), Refusal>,
}

impl SmtpConnection {
    /// Sends a mail. `from` may be empty (the null sender of automatic mail, RFC 5321 §4.5.5). One refused recipient
    /// stops no other.
    ///
    /// # Errors
    /// The mail as a whole did not go, see [`SmtpError`]; refused recipients are no error but in the result.
    pub async fn send(&mut self, from: &str, recipients: &[String], mime: &[u8]) -> Result<Accepted, SmtpError> {
        if !self.in_step {
            let words = Some("the connection was left in mid-answer");
            return Err(self.faults.connection(Step::Sender, FaultKind::ConnectionLost, words));
        }
        let mail_command = self.mail_command(from, recipients, mime)?;
        // A future that is dropped from here on leaves answers unread.
        self.in_step = false;
        let outcome = if self.offers.pipelining {
            self.converse_in_groups(&mail_command, recipients, mime).await
        } else {
            self.converse(&mail_command, recipients, mime).await
        };
        if let Err(SmtpError::Deferred { .. } | SmtpError::Refused { .. }) = &outcome {
            self.reset().await;
        }
        outcome
    }

    /// MAIL and RCPT as for a mail, then RSET: nothing is sent.
    ///
    /// # Errors
    /// As [`send`](Self::send); a refused recipient is no error but the result.
    pub async fn rehearse(&mut self, from: &str, recipient: &str) -> Result<RecipientOutcome, SmtpError> {
        let mail_command = self.mail_command(from, &[recipient.to_owned()], &[])?;
        self.in_step = false;
        self.command(Step::Sender, &mail_command).await?;
        let outcome = self.name_recipient(recipient).await?;
        self.reset().await;
        Ok(RecipientOutcome { address: recipient.to_owned(), outcome })
    }

    /// What a refusal of a recipient means, for an administrator.
    pub fn explain(&self, refusal: &Refusal) -> Diagnosis {
        self.faults.fault(Step::Recipient, refusal.kind.clone(), Some(&refusal.text)).diagnosis()
    }

    async fn converse(&mut self, mail_command: &str, to: &[String], mime: &[u8]) -> Result<Accepted, SmtpError> {
        self.command(Step::Sender, mail_command).await?;
        let mut recipients = Vec::with_capacity(to.len());
        for address in to {
            let outcome = self.name_recipient(address).await?;
            recipients.push(RecipientOutcome { address: address.clone(), outcome });
        }
        let mut accepted = Accepted { server_said: String::new(), recipients };
        if !accepted.by_any() {
            self.reset().await;
            return Ok(accepted);
        }
        self.command(Step::Content, "DATA\r\n").await?;
        accepted.server_said = self.content(mime).await?;
        self.in_step = true;
        Ok(accepted)
    }

    /// RCPT. A refusal is a result; trouble with the connection or the account is an error.
    async fn name_recipient(&mut self, address: &str) -> Result<Result<(), Refusal>, SmtpError> {
        match self.recipient_command(address) {
            Ok(command) => refusal_is_result(self.command(Step::Recipient, &command).await),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// RCPT for this address, or why the server need not be asked.
    pub(super) fn recipient_command(&self, address: &str) -> Result<String, Refusal> {
        let unsendable = |words: &str| Err(Refusal::new(553, words, FaultKind::AddressUnsendable));
        match WireAddress::parse(address) {
            None => unsendable("5.1.3 this is not a mail address"),
            Some(wire) if wire.needs_smtp_utf8 && !self.offers.smtp_utf8 => {
                unsendable("5.6.7 the server does not take addresses outside ASCII (SMTPUTF8)")
            }
            Some(wire) => Ok(format!("RCPT TO:<{}>\r\n", wire.text)),
        }
    }

    /// The mail itself, and the server's words on taking it.
    pub(super) async fn content(&mut self, mime: &[u8]) -> Result<String, SmtpError> {
        /// Written at a time: the deadline counts for each.
        const PIECE: usize = 64 * 1024;
        let body_written = AtomicBool::new(false);
        // lettre asks for the next piece once the one before is written; after the last it writes the final dot.
        let mut pieces = mime.chunks(PIECE);
        let pieces = std::iter::from_fn(|| {
            let piece = pieces.next();
            if piece.is_none() {
                body_written.store(true, Ordering::Relaxed);
            }
            piece
        });
        let normal = self.timeouts.answer;
        self.deadline.set(self.timeouts.content_answer.max(normal));
        self.content.set(true);
        let outcome = self.inner.message_iter(pieces).await;
        self.content.set(false);
        self.deadline.set(normal);
        let error = match outcome {
            Ok(reply) => {
                let words = server_said(&reply.message().collect::<Vec<_>>().join(" ")).unwrap_or_default();
                self.observer.see(Seen::Heard(&format!("{} {words}", reply.code())));
                self.observer.see(Seen::Accepted(Step::Content, &words));
                return Ok(words);
            }
            Err(error) => error,
        };
        if let Some((code, words)) = refusal_of(&error) {
            self.observer.see(Seen::Heard(&format!("{code} {words}")));
            return Err(self.faults.lettre_error(Step::Content, &error));
        }
        match self.faults.trouble(Step::Content, &error) {
            SmtpError::Connection(fault) if body_written.load(Ordering::Relaxed) => Err(SmtpError::Unknown(fault)),
            error => Err(error),
        }
    }

    /// RSET after a refusal: the connection is usable again if the server says so.
    pub(super) async fn reset(&mut self) {
        self.in_step = self.inner.command("RSET\r\n").await.is_ok();
    }

    /// MAIL with the parameters that this mail needs and the server offers.
    fn mail_command(&self, from: &str, recipients: &[String], mime: &[u8]) -> Result<String, SmtpError> {
        let refused = |kind: FaultKind, code, words: &str| {
            let fault = self.faults.fault(Step::Sender, kind.clone(), Some(words));
            Err(SmtpError::Refused { refusal: Refusal::new(code, words, kind), fault })
        };
        let size = mime.len() as u64;
        if let Some(max) = self.offers.size_max.filter(|max| size > *max) {
            let words = format!("5.3.4 the mail has {size} bytes, the server takes {max} at the most (SIZE)");
            return refused(FaultKind::TooLarge, 552, &words);
        }
        let sender = match from {
            "" => None,
            address => match WireAddress::parse(address) {
                Some(wire) if !wire.needs_smtp_utf8 || self.offers.smtp_utf8 => Some(wire),
                _ => return refused(FaultKind::AddressUnsendable, 553, "5.1.7 the sender's address cannot be sent"),
            },
        };
        let mut command = format!("MAIL FROM:<{}>", sender.as_ref().map_or("", |wire| wire.text.as_str()));
        if self.offers.size {
            command.push_str(&format!(" SIZE={size}"));
        }
        if !mime.is_ascii() {
            if !self.offers.eight_bit_mime {
                return refused(FaultKind::CommandRefused, 554, "5.6.3 the mail is not ASCII, 8BITMIME is not offered");
            }
            command.push_str(" BODY=8BITMIME");
        }
        let mut addresses = recipients.iter().filter_map(|address| WireAddress::parse(address)).chain(sender);
        if self.offers.smtp_utf8 && addresses.any(|wire| wire.needs_smtp_utf8) {
            command.push_str(" SMTPUTF8");
        }
        command.push_str("\r\n");
        Ok(command)
    }
}

/// The answer to RCPT: a refusal concerns this recipient only.
pub(super) fn refusal_is_result(answer: Result<(), SmtpError>) -> Result<Result<(), Refusal>, SmtpError> {
    match answer {
        Ok(()) => Ok(Ok(())),
        Err(SmtpError::Deferred { refusal, .. } | SmtpError::Refused { refusal, .. }) => Ok(Err(refusal)),
        Err(error) => Err(error),
    }
}
