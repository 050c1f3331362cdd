//! From an account to a connection that takes mail: greeting, EHLO, STARTTLS, AUTH.

use super::connection::Offers;
use super::error::Faults;
use super::reply::{Reply, ReplyError, looks_like_tls, read_reply};
use super::transport::{ContentSwitch, Transport};
use super::{SmtpAccount, SmtpConnection, SmtpError, auth};
use crate::net::{MailStream, Observer, Seen, Timeouts, TlsConnectors, dial_watched};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use maildesk_core::diagnosis::{FaultKind, Step};
use maildesk_core::settings::connection::Encryption;
use tokio::io::AsyncWriteExt;

impl SmtpConnection {
    /// Connects, encrypts as the settings say, and logs in where the account has a login.
    ///
    /// # Errors
    /// Always [`SmtpError::Connection`]; the kind of its fault tells the step of the way.
    pub async fn connect(account: &SmtpAccount, tls: &TlsConnectors, timeouts: &Timeouts) -> Result<Self, SmtpError> {
        Self::connect_watched(account, tls, timeouts, Observer::default()).await
    }

    /// As [`connect`](Self::connect), before the eyes of an observer, who sees the whole conversation.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub async fn connect_watched(
        account: &SmtpAccount,
        tls: &TlsConnectors,
        timeouts: &Timeouts,
        observer: Observer,
    ) -> Result<Self, SmtpError> {
        let faults = Faults { server: account.server.clone() };
        let server = &account.server;
        let dialled = dial_watched(server, tls, timeouts, &observer).await;
        let stream = dialled.map_err(|error| faults.net_error(error))?;
        let deadline = stream.deadline();
        let mut talk = Talk { stream, faults, observer };
        talk.read_greeting().await?;
        deadline.set(timeouts.answer);
        let ehlo = format!("EHLO {}\r\n", ehlo_name(&account.ehlo_name));
        let mut offers = talk.say_ehlo(Step::Greeting, &ehlo).await?;
        if server.encryption == Encryption::Starttls {
            if !offers.starttls {
                return Err(talk.faults.connection(Step::Starttls, FaultKind::TlsNotOffered, None));
            }
            talk.expect(Step::Starttls, "STARTTLS\r\n", 220).await?;
            let connector = tls.connector_watched(server, &talk.observer);
            let connector = connector.map_err(|error| talk.faults.net_error(error))?;
            let encrypted = talk.stream.start_tls(&connector, &server.host, timeouts.connect).await;
            talk.stream = encrypted.map_err(|error| talk.faults.net_error(error))?;
            talk.stream.show(&talk.observer);
            // What was offered in plain text counts for nothing now.
            offers = talk.say_ehlo(Step::Starttls, &ehlo).await?;
        }
        if let Some(login) = &account.login {
            auth::log_in(&mut talk, &offers, login).await?;
        }
        let Talk { stream, faults, observer } = talk;
        // lettre's EHLO goes nowhere, see `transport`.
        let content = ContentSwitch::default();
        let connected = AsyncSmtpConnection::connect_with_transport(
            Box::new(Transport::new(stream, content.clone())),
            &ClientId::Domain("localhost".to_owned()),
        )
        .await;
        let inner = connected.map_err(|error| faults.trouble(Step::Greeting, &error))?;
        Ok(Self { inner, faults, offers, observer, deadline, content, timeouts: *timeouts, in_step: true })
    }
}

/// The conversation before lettre takes over.
pub(super) struct Talk {
    pub(super) stream: MailStream,
    pub(super) faults: Faults,
    pub(super) observer: Observer,
}

impl Talk {
    async fn read_greeting(&mut self) -> Result<(), SmtpError> {
        let server = self.faults.server.clone();
        let is_tls_port = server.encryption != Encryption::Tls && server.port == 465;
        match self.hear().await {
            Ok(reply) if reply.code == 220 => {
                self.observer.see(Seen::Greeted(&reply.words()));
                Ok(())
            }
            Ok(reply) => Err(self.faults.reply_error(Step::Greeting, &reply)),
            Err(ReplyError::NotAReply(head)) if looks_like_tls(&head) => {
                Err(self.faults.connection(Step::Greeting, FaultKind::PlainOnTlsPort, None))
            }
            Err(ReplyError::NotAReply(head)) => {
                let words = String::from_utf8_lossy(&head);
                Err(self.faults.connection(Step::Greeting, FaultKind::NotThisProtocol, Some(&words)))
            }
            Err(ReplyError::Io(_)) if is_tls_port => {
                Err(self.faults.connection(Step::Greeting, FaultKind::PlainOnTlsPort, None))
            }
            Err(ReplyError::Io(error)) => Err(self.faults.io_error(Step::Greeting, &error)),
        }
    }

    async fn say_ehlo(&mut self, step: Step, ehlo: &str) -> Result<Offers, SmtpError> {
        let reply = self.expect(step, ehlo, 250).await?;
        self.observer.see(Seen::Offered(reply.lines.get(1..).unwrap_or_default()));
        Ok(offers(&reply))
    }

    async fn hear(&mut self) -> Result<Reply, ReplyError> {
        let reply = read_reply(&mut self.stream).await;
        if self.observer.is_there()
            && let Ok(reply) = &reply
        {
            reply.lines.iter().for_each(|line| self.observer.see(Seen::Heard(&format!("{} {line}", reply.code))));
        }
        reply
    }

    /// Says a line and reads the reply; any code but the wanted one is an error.
    pub(super) async fn expect(&mut self, step: Step, line: &str, code: u16) -> Result<Reply, SmtpError> {
        self.expect_shown(step, line, line, code).await
    }

    /// As [`expect`](Self::expect), for a line that an observer must not see: `shown` stands in its place.
    pub(super) async fn expect_shown(
        &mut self,
        step: Step,
        line: &str,
        shown: &str,
        code: u16,
    ) -> Result<Reply, SmtpError> {
        match self.ask_shown(step, line, shown).await? {
            reply if reply.code == code => Ok(reply),
            reply if reply.code < 400 => {
                Err(self.faults.connection(step, FaultKind::AnswerUnreadable, Some(&reply.words())))
            }
            reply => Err(self.faults.reply_error(step, &reply)),
        }
    }

    /// Says a line, of which an observer sees `shown`, and reads whatever reply comes.
    pub(super) async fn ask_shown(&mut self, step: Step, line: &str, shown: &str) -> Result<Reply, SmtpError> {
        self.observer.see(Seen::Said(shown));
        let written = match self.stream.write_all(line.as_bytes()).await {
            Ok(()) => self.stream.flush().await,
            Err(error) => Err(error),
        };
        written.map_err(|error| self.faults.io_error(step, &error))?;
        match self.hear().await {
            Ok(reply) => Ok(reply),
            Err(ReplyError::Io(error)) => Err(self.faults.io_error(step, &error)),
            Err(ReplyError::NotAReply(_)) => Err(self.faults.connection(step, FaultKind::AnswerUnreadable, None)),
        }
    }
}

/// One word without control characters, whatever the settings hold.
fn ehlo_name(name: &str) -> String {
    let clean: String = name.chars().filter(|c| c.is_ascii_graphic()).collect();
    if clean.is_empty() { "localhost".to_owned() } else { clean }
}

fn offers(reply: &Reply) -> Offers {
    let mut offers = Offers::default();
    for line in reply.lines.iter().skip(1) {
        let line = line.to_ascii_uppercase();
        // Some old servers write AUTH=LOGIN beside AUTH LOGIN.
        let mut words = line.split([' ', '=', '\t']).filter(|word| !word.is_empty());
        match words.next() {
            Some("STARTTLS") => offers.starttls = true,
            Some("8BITMIME") => offers.eight_bit_mime = true,
            Some("SMTPUTF8") => offers.smtp_utf8 = true,
            Some("PIPELINING") => offers.pipelining = true,
            Some("AUTH") => offers.auth.extend(words.map(str::to_owned)),
            Some("SIZE") => {
                offers.size = true;
                // Zero means that there is no fixed limit.
                offers.size_max = words.next().and_then(|number| number.parse().ok()).filter(|size| *size > 0);
            }
            _ => {}
        }
    }
    offers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_are_read_in_any_case_of_letters() {
        let lines = ["mail.example", "size 1000", "AUTH=LOGIN", "auth plain", "StartTLS", "8BITMIME", "PIPELINING"];
        let reply = Reply { code: 250, lines: lines.map(str::to_owned).to_vec() };
        let want = Offers {
            starttls: true,
            eight_bit_mime: true,
            smtp_utf8: false,
            pipelining: true,
            auth: vec!["LOGIN".into(), "PLAIN".into()],
            size: true,
            size_max: Some(1000),
        };
        assert_eq!(offers(&reply), want);
    }

    #[test]
    fn the_ehlo_name_cannot_carry_a_second_command() {
        assert_eq!(ehlo_name("desk.example\r\nMAIL FROM:<>"), "desk.exampleMAILFROM:<>");
        assert_eq!(ehlo_name(" \r\n"), "localhost");
    }
}
