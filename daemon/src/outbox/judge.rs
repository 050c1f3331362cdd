//! From what the server answered to a verdict on the mail, or on the account.

use crate::smtp::{Accepted, Refusal, SmtpError};
use maildesk_core::diagnosis::{Diagnosis, Fault, Protocol, Step};
use maildesk_core::outbox::blame::{Blame, blame};
use maildesk_core::settings::connection::ServerAddress;

/// How a try ended for the mail itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    Accepted {
        said: String,
    },
    /// Not now.
    Deferred(Words),
    /// Never.
    Refused(Words),
}

/// A refusal in the server's words and in ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) said: String,
    pub(super) meaning: Option<String>,
    pub(super) remedy: Option<String>,
}

/// Whom a try's end speaks about.
#[derive(Debug)]
pub(super) enum Judgement {
    Mail(Verdict),
    /// The account, unless other mails pass; then this is the mail's verdict.
    Suspect {
        verdict: Verdict,
        transient: bool,
        diagnosis: Box<Diagnosis>,
    },
    /// The account or the connection: no attempt of the mail.
    Account(Box<Diagnosis>),
}

/// Judges a try to send one mail to one recipient.
pub(super) fn judge(outcome: Result<Accepted, SmtpError>, server: &ServerAddress) -> Judgement {
    match outcome {
        Ok(accepted) => match accepted.recipients.into_iter().find_map(|recipient| recipient.outcome.err()) {
            None => Judgement::Mail(Verdict::Accepted { said: accepted.server_said }),
            Some(refusal) => {
                let fault = Fault {
                    protocol: Protocol::Smtp,
                    server: server.clone(),
                    step: Step::Recipient,
                    kind: refusal.kind.clone(),
                    server_said: Some(refusal.text.clone()),
                };
                refused(&refusal, &fault)
            }
        },
        Err(SmtpError::Deferred { refusal, fault } | SmtpError::Refused { refusal, fault }) => {
            refused(&refusal, &fault)
        }
        // Whether the server took it is not known. It goes out again under the same Message-ID: rather twice than
        // never.
        Err(SmtpError::Unknown(fault)) => {
            let Diagnosis { meaning, remedy, .. } = fault.diagnosis();
            let said = format!("{meaning}; whether the server took the mail is not known");
            Judgement::Mail(Verdict::Deferred(Words { said, meaning: None, remedy: Some(remedy) }))
        }
        Err(error @ SmtpError::Connection(_)) => Judgement::Account(Box::new(error.diagnosis())),
    }
}

fn refused(refusal: &Refusal, fault: &Fault) -> Judgement {
    let diagnosis = Box::new(fault.diagnosis());
    let transient = refusal.is_transient();
    let words = Words {
        said: format!("{} {}", refusal.code, refusal.text),
        meaning: Some(diagnosis.meaning.clone()),
        remedy: Some(diagnosis.remedy.clone()),
    };
    let verdict = if transient { Verdict::Deferred(words) } else { Verdict::Refused(words) };
    match blame(fault.step, &fault.kind) {
        Blame::Mail => Judgement::Mail(verdict),
        Blame::AccountUnlessOthersPass => Judgement::Suspect { verdict, transient, diagnosis },
        Blame::Account => Judgement::Account(diagnosis),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::smtp::RecipientOutcome;
    use maildesk_core::diagnosis::FaultKind;
    use maildesk_core::settings::connection::Encryption;

    fn word(outcome: Result<(), (u16, FaultKind)>) -> &'static str {
        let outcome = outcome.map_err(|(code, kind)| Refusal { code, enhanced: None, text: "no".into(), kind });
        let recipients = vec![RecipientOutcome { address: "a@b.example".into(), outcome }];
        let server = ServerAddress {
            host: "mx.example".into(),
            port: 25,
            encryption: Encryption::Starttls,
            ca_file: None,
            pin_sha256: None,
        };
        match judge(Ok(Accepted { server_said: "queued as 1".into(), recipients }), &server) {
            Judgement::Mail(Verdict::Accepted { .. }) => "accepted",
            Judgement::Mail(Verdict::Deferred(words)) => {
                assert!(words.said.ends_with(" no") && words.meaning.is_some());
                "deferred"
            }
            Judgement::Mail(Verdict::Refused(_)) => "refused",
            Judgement::Suspect { .. } => "suspect",
            Judgement::Account(_) => "account",
        }
    }

    #[test]
    fn the_recipients_answer_is_the_mails_verdict_unless_the_account_is_meant() {
        assert_eq!(word(Ok(())), "accepted");
        assert_eq!(word(Err((451, FaultKind::Greylisted))), "deferred");
        assert_eq!(word(Err((550, FaultKind::RecipientRefused))), "refused");
        assert_eq!(word(Err((554, FaultKind::RelayDenied))), "suspect");
        assert_eq!(word(Err((530, FaultKind::AuthenticationRequired))), "account");
    }
}
