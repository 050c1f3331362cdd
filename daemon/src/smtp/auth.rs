//! AUTH PLAIN (RFC 4616), else AUTH LOGIN, on the bare stream.

use super::connect::Talk;
use super::connection::Offers;
use super::{SmtpError, SmtpLogin};
use crate::net::Seen;
use data_encoding::BASE64;
use maildesk_core::diagnosis::{FaultKind, Step};
use zeroize::Zeroizing;

pub(super) async fn log_in(talk: &mut Talk, offers: &Offers, login: &SmtpLogin) -> Result<(), SmtpError> {
    let loopback = talk.stream.peer().ip().to_canonical().is_loopback();
    if !talk.stream.is_encrypted() && !loopback {
        return Err(talk.faults.connection(Step::Login, FaultKind::PlainNotLoopback, None));
    }
    let (username, password) = (login.username.as_str(), login.password.expose());
    if username.contains('\0') || password.contains('\0') {
        return Err(talk.faults.connection(Step::Login, FaultKind::CredentialsUnsendable, None));
    }
    let offered = |mechanism: &str| offers.auth.iter().any(|name| name == mechanism);
    if offered("PLAIN") {
        let token = Zeroizing::new(format!("\0{username}\0{password}"));
        let token = Zeroizing::new(BASE64.encode(token.as_bytes()));
        let line = Zeroizing::new(format!("AUTH PLAIN {}\r\n", token.as_str()));
        let reply = talk.expect_shown(Step::Login, &line, "AUTH PLAIN [redacted]", 235).await?;
        talk.observer.see(Seen::LoggedIn { mechanism: "PLAIN", words: &reply.words() });
        Ok(())
    } else if offered("LOGIN") {
        talk.expect(Step::Login, "AUTH LOGIN\r\n", 334).await?;
        talk.expect_shown(Step::Login, &answer_line(username), "[redacted]", 334).await?;
        let reply = talk.expect_shown(Step::Login, &answer_line(password), "[redacted]", 235).await?;
        talk.observer.see(Seen::LoggedIn { mechanism: "LOGIN", words: &reply.words() });
        Ok(())
    } else {
        let words = (!offers.auth.is_empty()).then(|| format!("AUTH {}", offers.auth.join(" ")));
        Err(talk.faults.connection(Step::Login, FaultKind::AuthenticationNotOffered, words.as_deref()))
    }
}

fn answer_line(text: &str) -> Zeroizing<String> {
    let encoded = Zeroizing::new(BASE64.encode(text.as_bytes()));
    Zeroizing::new(format!("{}\r\n", encoded.as_str()))
}
