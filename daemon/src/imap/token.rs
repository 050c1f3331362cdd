//! AUTHENTICATE XOAUTH2: an access token in place of a password, as Google and Microsoft take it.

use super::exec::words_of;
use super::login::{announced, note_words};
use super::{ImapError, ImapSession};
use crate::net::{Seen, bearer};
use async_imap::imap_proto::Response;
use maildesk_core::diagnosis::{FaultKind, Protocol, Step, token};
use zeroize::Zeroizing;

impl ImapSession {
    pub(super) async fn authenticate_token(&mut self, username: &str, token: &str) -> Result<(), ImapError> {
        if !self.has("AUTH=XOAUTH2") {
            let offered: Vec<&str> = self.capabilities().filter(|name| name.starts_with("AUTH=")).collect();
            return Err(self.error(Step::Login, FaultKind::TokensNotOffered, Some(&offered.join(" "))));
        }
        let answer = bearer::response(username, token);
        let tag = if self.has("SASL-IR") {
            let command = Zeroizing::new(format!("AUTHENTICATE XOAUTH2 {}", answer.as_str()));
            self.write_command(Step::Login, &command).await?
        } else {
            let tag = self.write_command(Step::Login, "AUTHENTICATE XOAUTH2").await?;
            if !self.read_to_continue(Step::Login, &tag).await? {
                return Err(self.error(Step::Login, FaultKind::AnswerUnreadable, None));
            }
            self.observer.see(Seen::Said("[redacted]"));
            self.write_line(Step::Login, &Zeroizing::new(format!("{}\r\n", answer.as_str()))).await?;
            tag
        };
        let (mut offered, mut words, mut challenge) = (None, String::new(), None);
        let mut read = |answer: &Response<'_>| {
            offered = announced(answer).or(offered.take());
            note_words(answer, &mut words);
            let Response::Continue(outcome) = answer else { return false };
            challenge = Some(words_of(outcome).into_owned());
            true
        };
        let mut ended = self.read_until(Step::Login, &tag, &mut read).await;
        if let Ok(true) = ended {
            // The refusal, explained. Only an empty answer lets the server say its last words.
            self.observer.see(Seen::Said(""));
            self.write_line(Step::Login, "\r\n").await?;
            ended = self.read_until(Step::Login, &tag, &mut read).await;
        }
        match ended {
            Ok(false) => {
                self.in_step = true;
                self.observer.see(Seen::LoggedIn { mechanism: "XOAUTH2", words: &words });
                self.take_capabilities(offered).await
            }
            Ok(true) => Err(self.error(Step::Login, FaultKind::AnswerUnreadable, None)),
            Err(refused) if self.is_usable() => {
                let words = refused.diagnosis().server_said.unwrap_or_default();
                let kind = token::refusal(Protocol::Imap, 0, challenge.as_deref(), &words);
                let explained = challenge.as_deref().and_then(token::shown);
                let words = explained.map_or(words.clone(), |explained| format!("{words} {explained}"));
                Err(self.error(Step::Login, kind, Some(&words)))
            }
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::ImapAccount;
    use crate::net::testing::{Act, Scripted, address, connectors, hear, say, short_timeouts};
    use maildesk_core::secret::SecretText;
    use maildesk_core::settings::Mechanism;
    use maildesk_core::settings::connection::Encryption;

    /// `user=desk@x.example^Aauth=Bearer ya29^A^A`
    const YA29: &str = "dXNlcj1kZXNrQHguZXhhbXBsZQFhdXRoPUJlYXJlciB5YTI5AQE=";

    async fn with_token(offers: &str, acts: Vec<Act>) -> (Result<ImapSession, ImapError>, Scripted) {
        let mut script = vec![say(&format!("* OK [CAPABILITY IMAP4rev1 {offers}] hi\r\n"))];
        script.extend(acts);
        let server = Scripted::start(script).await;
        let account = ImapAccount {
            server: address(server.port, Encryption::Plain, None),
            username: "desk@x.example".into(),
            password: SecretText::new("ya29"),
            mechanism: Mechanism::Xoauth2,
        };
        (ImapSession::connect(&account, &connectors(), &short_timeouts()).await, server)
    }

    #[tokio::test]
    async fn a_token_logs_in_with_and_without_an_initial_response() {
        let welcome = || say("m1 OK [CAPABILITY IMAP4rev1 MOVE] in\r\n");
        let at_once = vec![hear("m1 AUTHENTICATE XOAUTH2 dXNlcj1k"), welcome()];
        let in_two = vec![hear("m1 AUTHENTICATE XOAUTH2"), say("+ \r\n"), hear(YA29), welcome()];
        for (offers, acts) in [("AUTH=XOAUTH2 SASL-IR LOGINDISABLED", at_once), ("AUTH=xoauth2", in_two)] {
            let (connected, server) = with_token(offers, acts).await;
            assert!(connected.unwrap().has("MOVE"));
            server.heard().await;
        }
    }

    #[tokio::test]
    async fn a_refused_token_is_heard_out_and_explained() {
        // {"status":"401","schemes":"bearer","scope":"mail"}
        let challenge = "+ eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIiwic2NvcGUiOiJtYWlsIn0=\r\n";
        let no = "m1 NO [AUTHENTICATIONFAILED] Authentication failed.\r\n";
        let acts = vec![hear("AUTHENTICATE XOAUTH2"), say(challenge), hear(""), say(no)];
        let (connected, server) = with_token("AUTH=XOAUTH2 SASL-IR", acts).await;
        let error = connected.unwrap_err();
        assert_eq!(error.kind(), &FaultKind::TokenRejected { status: Some("401".into()), scope: Some("mail".into()) });
        assert!(error.to_string().contains("Authentication failed. {\"status\":\"401\""), "{error}");
        assert!(!format!("{error} {error:?}").contains("ya29"));
        server.heard().await;
    }

    #[tokio::test]
    async fn trouble_is_told_from_refusal() {
        for (offers, acts, kind) in [
            ("AUTH=PLAIN SASL-IR", vec![Act::Wait], FaultKind::TokensNotOffered),
            ("AUTH=XOAUTH2 SASL-IR", vec![hear("AUTH")], FaultKind::ConnectionLost),
            (
                "AUTH=XOAUTH2 SASL-IR",
                vec![hear("AUTH"), say("+ x\r\n"), hear(""), say("+ y\r\n"), Act::Wait],
                FaultKind::AnswerUnreadable,
            ),
            (
                "AUTH=XOAUTH2 SASL-IR",
                vec![hear("AUTH"), say("m1 NO [UNAVAILABLE] Temporary failure\r\n")],
                FaultKind::ServerUnavailable,
            ),
        ] {
            let (connected, _server) = with_token(offers, acts).await;
            assert_eq!(connected.unwrap_err().kind(), &kind);
        }
    }
}
