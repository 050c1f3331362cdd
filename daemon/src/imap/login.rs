//! LOGIN, or AUTHENTICATE PLAIN where LOGIN cannot carry the credentials.
//!
//! Secrets are written straight to the stream: async-imap's `encode` copies its input to the log.

use super::connect::names;
use super::exec::words_of;
use super::{ImapAccount, ImapError, ImapSession};
use crate::net::Seen;
use async_imap::imap_proto::{Response, ResponseCode};
use data_encoding::BASE64;
use maildesk_core::diagnosis::{FaultKind, Step};
use maildesk_core::settings::Mechanism;
use zeroize::Zeroizing;

impl ImapSession {
    pub(super) async fn login(&mut self, account: &ImapAccount) -> Result<(), ImapError> {
        let (username, password) = (account.username.as_str(), account.password.expose());
        let refuse = |kind| self.error(Step::Login, kind, None);
        if !self.client.get_ref().get_ref().is_encrypted() && !self.peer_is_loopback() {
            return Err(refuse(FaultKind::PlainNotLoopback));
        }
        let plain_offered = self.has("AUTH=PLAIN");
        let login_offered = !self.has("LOGINDISABLED");
        if [username, password].iter().any(|text| text.contains(['\r', '\n', '\0'])) {
            return Err(refuse(FaultKind::CredentialsUnsendable));
        }
        if account.mechanism == Mechanism::Xoauth2 {
            return self.authenticate_token(username, password).await;
        }
        // RFC 3501 allows ASCII alone in quoted strings; servers without AUTH=PLAIN may still take UTF-8 there.
        let ascii = username.is_ascii() && password.is_ascii();
        let command = match (login_offered, plain_offered) {
            (true, offered) if ascii || !offered => {
                Zeroizing::new(format!("LOGIN {} {}", quoted(username), quoted(password)))
            }
            (_, true) => return self.authenticate_plain(username, password).await,
            (_, false) => return Err(refuse(FaultKind::LoginDisabled)),
        };
        let (mut offered, mut words) = (None, String::new());
        self.exec(Step::Login, &command, |answer| {
            offered = announced(answer).or(offered.take());
            note_words(answer, &mut words);
        })
        .await?;
        self.observer.see(Seen::LoggedIn { mechanism: "LOGIN", words: &words });
        self.take_capabilities(offered).await
    }

    async fn authenticate_plain(&mut self, username: &str, password: &str) -> Result<(), ImapError> {
        let token = Zeroizing::new(format!("\0{username}\0{password}"));
        let token = Zeroizing::new(BASE64.encode(token.as_bytes()));
        let tag = if self.has("SASL-IR") {
            let command = Zeroizing::new(format!("AUTHENTICATE PLAIN {}", token.as_str()));
            self.write_command(Step::Login, &command).await?
        } else {
            let tag = self.write_command(Step::Login, "AUTHENTICATE PLAIN").await?;
            if self.read_to_continue(Step::Login, &tag).await? {
                let line = Zeroizing::new(format!("{}\r\n", token.as_str()));
                self.observer.see(Seen::Said("[redacted]"));
                self.write_line(Step::Login, &line).await?;
            } else {
                return Err(self.error(Step::Login, FaultKind::AnswerUnreadable, None));
            }
            tag
        };
        let (mut offered, mut words) = (None, String::new());
        self.read_to_end(Step::Login, &tag, |answer| {
            offered = announced(answer).or(offered.take());
            note_words(answer, &mut words);
        })
        .await?;
        self.in_step = true;
        self.observer.see(Seen::LoggedIn { mechanism: "PLAIN", words: &words });
        self.take_capabilities(offered).await
    }

    /// What the server offers after the login often differs from before: asked for where it did not say so itself.
    pub(super) async fn take_capabilities(
        &mut self,
        offered: Option<std::collections::BTreeSet<String>>,
    ) -> Result<(), ImapError> {
        match offered {
            Some(offered) => {
                self.capabilities = offered;
                Ok(())
            }
            None => self.ask_capabilities(Step::Login).await,
        }
    }

    fn peer_is_loopback(&self) -> bool {
        self.client.get_ref().get_ref().peer().ip().to_canonical().is_loopback()
    }
}

/// The server's words on the end of a command.
pub(super) fn note_words(answer: &Response<'_>, words: &mut String) {
    if let Response::Done { outcome, .. } = answer {
        *words = words_of(outcome).into_owned();
    }
}

/// Capabilities in the tagged OK of a login, or in an untagged answer before it.
pub(super) fn announced(answer: &Response<'_>) -> Option<std::collections::BTreeSet<String>> {
    match answer {
        Response::Capabilities(list) => Some(names(list)),
        Response::Done { outcome, .. } | Response::Data { outcome, .. } => match &outcome.code {
            Some(ResponseCode::Capabilities(list)) => Some(names(list)),
            _ => None,
        },
        _ => None,
    }
}

/// A quoted string (RFC 3501 §9, quoted). CR, LF and NUL were refused before.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}
