//! What the refusal of an access token means (XOAUTH2, as Google and Microsoft speak it).

use super::{FaultKind, Protocol, Step, server_said, server_words};
use serde::Deserialize;

/// Longest challenge that is looked at, in bytes.
const CHALLENGE_MAX: usize = 4096;

/// The challenge that precedes a refusal: base64 of a JSON object. Other fields are passed over.
#[derive(Debug, Default, Deserialize)]
struct Challenge {
    #[serde(default)]
    status: Option<serde_json::Value>,
    #[serde(default)]
    scope: Option<String>,
}

/// What it means that a token was refused, read from the challenge (base64, where there was one), the reply code
/// (SMTP) and the server's last words.
pub fn refusal(protocol: Protocol, code: u16, challenge: Option<&str>, words: &str) -> FaultKind {
    let by_words = match protocol {
        Protocol::Imap => server_words::imap_refusal(Step::Login, words),
        Protocol::Smtp => server_words::smtp_refusal(Step::Login, code, words),
    };
    match by_words {
        // Microsoft's words for SMTP AUTH that is switched off for the mailbox or the whole organisation: with a token
        // as without.
        FaultKind::BasicAuthenticationOff => FaultKind::ProtocolSwitchedOff,
        FaultKind::AuthenticationRejected | FaultKind::AppPasswordNeeded | FaultKind::CommandRefused => {
            let Challenge { status, scope } = challenge.map(read).unwrap_or_default();
            let status = status.map(|status| status.as_str().map_or_else(|| status.to_string(), str::to_owned));
            FaultKind::TokenRejected {
                status: status.as_deref().and_then(server_said),
                scope: scope.as_deref().and_then(server_said),
            }
        }
        other => other,
    }
}

/// The challenge as a person reads it, where it is one.
pub fn shown(challenge: &str) -> Option<String> {
    server_said(std::str::from_utf8(&decoded(challenge)?).ok()?)
}

fn read(challenge: &str) -> Challenge {
    decoded(challenge).and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default()
}

fn decoded(challenge: &str) -> Option<Vec<u8>> {
    let challenge = challenge.trim();
    (challenge.len() <= CHALLENGE_MAX).then(|| data_encoding::BASE64.decode(challenge.as_bytes()).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;

    fn rejected(status: Option<&str>, scope: Option<&str>) -> FaultKind {
        FaultKind::TokenRejected { status: status.map(str::to_owned), scope: scope.map(str::to_owned) }
    }

    #[test]
    fn a_refused_token_is_told_from_a_mailbox_that_may_not_send() {
        let google = r#"{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}"#;
        let dovecot = r#"{"status":"401","schemes":"bearer","scope":"mail"}"#;
        let number = r#"{"status":401}"#;
        for (protocol, code, challenge, words, want) in [
            (
                Protocol::Smtp,
                535,
                Some(google),
                "5.7.8 Username and Password not accepted.",
                rejected(Some("400"), Some("https://mail.google.com/")),
            ),
            (
                Protocol::Imap,
                0,
                Some(dovecot),
                "[AUTHENTICATIONFAILED] Authentication failed.",
                rejected(Some("401"), Some("mail")),
            ),
            (Protocol::Imap, 0, Some(number), "AUTHENTICATE failed.", rejected(Some("401"), None)),
            (Protocol::Smtp, 535, None, "5.7.3 Authentication unsuccessful", rejected(None, None)),
            (
                Protocol::Smtp,
                535,
                None,
                "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.",
                FaultKind::ProtocolSwitchedOff,
            ),
            (Protocol::Smtp, 454, None, "4.7.0 Temporary authentication failure", FaultKind::ServerUnavailable),
            (Protocol::Imap, 0, None, "[UNAVAILABLE] Temporary failure", FaultKind::ServerUnavailable),
        ] {
            let challenge = challenge.map(|json| BASE64.encode(json.as_bytes()));
            assert_eq!(refusal(protocol, code, challenge.as_deref(), words), want, "{words}");
        }
    }

    #[test]
    fn a_challenge_that_is_none_does_no_harm() {
        let long = BASE64.encode(&[b'['; 9000]);
        for challenge in ["", "%%%", "bm90IGpzb24=", &BASE64.encode(b"[[[["), &BASE64.encode(b"\xff\xff"), &long] {
            assert_eq!(refusal(Protocol::Imap, 0, Some(challenge), "no"), rejected(None, None), "{challenge}");
        }
        assert_eq!(shown("%%%"), None);
        assert_eq!(shown(&BASE64.encode(b"{\"a\":\x1b1}")).as_deref(), Some("{\"a\": 1}"));
    }
}
