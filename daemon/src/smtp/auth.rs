//! AUTH PLAIN (RFC 4616), else AUTH LOGIN, or XOAUTH2 with an access token, on the bare stream.

use super::connect::Talk;
use super::connection::Offers;
use super::{SmtpError, SmtpLogin};
use crate::net::{Seen, bearer};
use data_encoding::BASE64;
use maildesk_core::diagnosis::{FaultKind, Protocol, Step, token};
use maildesk_core::settings::Mechanism;
use zeroize::Zeroizing;

/// Longest command line in bytes (RFC 5321 §4.5.3.1.4): a longer token is sent as an answer (RFC 4954 §4).
const COMMAND_MAX: usize = 512;

pub(super) async fn log_in(talk: &mut Talk, offers: &Offers, login: &SmtpLogin) -> Result<(), SmtpError> {
    let loopback = talk.stream.peer().ip().to_canonical().is_loopback();
    if !talk.stream.is_encrypted() && !loopback {
        return Err(talk.faults.connection(Step::Login, FaultKind::PlainNotLoopback, None));
    }
    let (username, password) = (login.username.as_str(), login.password.expose());
    if username.contains('\0') || password.contains('\0') {
        return Err(talk.faults.connection(Step::Login, FaultKind::CredentialsUnsendable, None));
    }
    if login.mechanism == Mechanism::Xoauth2 {
        return bring_token(talk, offers, username, password).await;
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

/// XOAUTH2. A refusal comes in two parts: a challenge that explains it, and after an empty answer the last words.
async fn bring_token(talk: &mut Talk, offers: &Offers, username: &str, token: &str) -> Result<(), SmtpError> {
    if !offers.auth.iter().any(|name| name == "XOAUTH2") {
        let words = (!offers.auth.is_empty()).then(|| format!("AUTH {}", offers.auth.join(" ")));
        return Err(talk.faults.connection(Step::Login, FaultKind::TokensNotOffered, words.as_deref()));
    }
    let answer = bearer::response(username, token);
    let line = Zeroizing::new(format!("AUTH XOAUTH2 {}\r\n", answer.as_str()));
    let mut reply = if line.len() <= COMMAND_MAX {
        talk.ask_shown(Step::Login, &line, "AUTH XOAUTH2 [redacted]").await?
    } else {
        talk.expect(Step::Login, "AUTH XOAUTH2\r\n", 334).await?;
        let line = Zeroizing::new(format!("{}\r\n", answer.as_str()));
        talk.ask_shown(Step::Login, &line, "[redacted]").await?
    };
    let mut challenge = None;
    if reply.code == 334 {
        challenge = Some(reply.words());
        reply = talk.ask_shown(Step::Login, "\r\n", "").await?;
    }
    match reply.code {
        235 => {
            talk.observer.see(Seen::LoggedIn { mechanism: "XOAUTH2", words: &reply.words() });
            Ok(())
        }
        400.. => {
            let kind = token::refusal(Protocol::Smtp, reply.code, challenge.as_deref(), &reply.words());
            let explained = challenge.as_deref().and_then(token::shown).unwrap_or_default();
            let words = format!("{} {explained}", reply.words());
            Err(talk.faults.connection(Step::Login, kind, Some(&words)))
        }
        _ => Err(talk.faults.connection(Step::Login, FaultKind::AnswerUnreadable, Some(&reply.words()))),
    }
}

fn answer_line(text: &str) -> Zeroizing<String> {
    let encoded = Zeroizing::new(BASE64.encode(text.as_bytes()));
    Zeroizing::new(format!("{}\r\n", encoded.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::testing::{Act, Scripted, address, connectors, hear, say, short_timeouts};
    use crate::smtp::{SmtpAccount, SmtpConnection};
    use maildesk_core::secret::SecretText;
    use maildesk_core::settings::connection::Encryption;

    async fn with_token(token: &str, offers: &str, acts: Vec<Act>) -> (Result<SmtpConnection, SmtpError>, Scripted) {
        let mut script = vec![say("220 x\r\n"), hear("EHLO"), say(&format!("250-x\r\n250 {offers}\r\n"))];
        script.extend(acts);
        let server = Scripted::start(script).await;
        let password = SecretText::new(token);
        let login = SmtpLogin { username: "desk@x.example".into(), password, mechanism: Mechanism::Xoauth2 };
        let to = address(server.port, Encryption::Plain, None);
        let account = SmtpAccount { server: to, login: Some(login), ehlo_name: "x".into() };
        (SmtpConnection::connect(&account, &connectors(), &short_timeouts()).await, server)
    }

    /// `user=desk@x.example^Aauth=Bearer ya29^A^A`
    const YA29: &str = "AUTH XOAUTH2 dXNlcj1kZXNrQHguZXhhbXBsZQFhdXRoPUJlYXJlciB5YTI5AQE=";

    #[tokio::test]
    async fn a_token_goes_with_the_command_and_a_long_one_behind_it() {
        let (connected, server) = with_token("ya29", "AUTH PLAIN XOAUTH2", vec![hear(YA29), say("235 ok\r\n")]).await;
        assert!(connected.is_ok(), "{connected:?}");
        server.heard().await;
        let acts = vec![hear("AUTH XOAUTH2"), say("334 \r\n"), hear("eHh4eHh4"), say("235 ok\r\n")];
        let (connected, server) = with_token(&"x".repeat(2000), "AUTH XOAUTH2", acts).await;
        assert!(connected.is_ok(), "{connected:?}");
        assert_eq!(server.heard().await[1], "AUTH XOAUTH2");
    }

    #[tokio::test]
    async fn a_refused_token_is_heard_out_and_explained() {
        // {"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}
        let google =
            "334 eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ==";
        let challenged = |words: &str| vec![hear(YA29), say(&format!("{google}\r\n")), hear(""), say(words)];
        for (acts, kind, said) in [
            (
                challenged("535 5.7.8 Username and Password not accepted.\r\n"),
                FaultKind::TokenRejected { status: Some("400".into()), scope: Some("https://mail.google.com/".into()) },
                "5.7.8 Username and Password not accepted. {\"status\":\"400\"",
            ),
            (
                vec![
                    hear(YA29),
                    say("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled\r\n"),
                ],
                FaultKind::ProtocolSwitchedOff,
                "5.7.139",
            ),
            (vec![hear(YA29), say("421 4.7.0 too many\r\n")], FaultKind::Throttled, "4.7.0"),
        ] {
            let (connected, server) = with_token("ya29", "AUTH XOAUTH2", acts).await;
            let error = connected.unwrap_err();
            assert_eq!((error.fault().step, &error.fault().kind), (Step::Login, &kind));
            assert!(error.fault().server_said.as_deref().unwrap_or_default().starts_with(said), "{error}");
            assert!(!format!("{error} {error:?}").contains("ya29"));
            server.heard().await;
        }
    }

    #[tokio::test]
    async fn a_server_without_tokens_is_told_nothing() {
        let (connected, server) = with_token("ya29", "AUTH PLAIN LOGIN", vec![]).await;
        let error = connected.unwrap_err();
        assert_eq!(error.fault().kind, FaultKind::TokensNotOffered);
        assert_eq!(error.fault().server_said.as_deref(), Some("AUTH PLAIN LOGIN"));
        assert_eq!(server.heard().await.len(), 1);
    }
}
