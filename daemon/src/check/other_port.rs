//! After a port did not answer as it should: what its neighbour says, and whether it wants TLS at once.

use super::TIMEOUTS;
use super::recorder::Recorder;
use crate::imap::ImapSession;
use crate::net::TlsConnectors;
use crate::smtp::{SmtpAccount, SmtpConnection};
use maildesk_core::check::port::{encryption_word, other_usual};
use maildesk_core::check::{Outcome, Stage};
use maildesk_core::diagnosis::{Diagnosis, Fault, FaultKind, Protocol, Step};
use maildesk_core::settings::connection::{Encryption, ServerAddress};

/// Looks at the neighbour of a port that refuses or drops connections, and writes down what answers there.
pub(super) async fn look_beside(
    recorder: &Recorder,
    protocol: Protocol,
    server: &ServerAddress,
    failed: &Diagnosis,
    tls: &TlsConnectors,
) {
    if failed.step != Step::Connect || !matches!(failed.kind, FaultKind::Refused | FaultKind::TimedOut) {
        return;
    }
    let other = other_usual(protocol, server);
    let shown = format!("port {} with encryption \"{}\"", other.port, encryption_word(other.encryption));
    let found = vec![("tried", shown.clone())];
    match knock(protocol, &other, tls).await {
        Ok(()) => {
            let remedy = format!("Set port {} and encryption \"{}\".", other.port, encryption_word(other.encryption));
            let meaning = format!("{} answers on {shown}", other.host);
            recorder.with_advice(
                Stage::OtherPort,
                Outcome::Passed,
                Diagnosis::of_our_own(Step::Connect, meaning, &remedy),
                found,
            );
        }
        Err(fault) => {
            let meaning = format!("port {} is no way either: {}", other.port, fault.meaning);
            let remedy = "Check that the server runs and that no firewall on the way stops this machine.";
            recorder.with_advice(
                Stage::OtherPort,
                Outcome::Failed,
                Diagnosis::of_our_own(Step::Connect, meaning, remedy),
                found,
            );
        }
    }
}

/// A port that takes connections and says nothing may wait for TLS: asked, it says so. Gives the better diagnosis.
pub(super) async fn explain_silence(
    protocol: Protocol,
    server: &ServerAddress,
    failed: Diagnosis,
    tls: &TlsConnectors,
) -> Diagnosis {
    let silent = failed.step == Step::Greeting && failed.kind == FaultKind::TimedOut;
    if !silent || server.encryption == Encryption::Tls {
        return failed;
    }
    let with_tls = ServerAddress { encryption: Encryption::Tls, ..server.clone() };
    // A certificate that is refused is one that was shown: TLS is spoken.
    let speaks_tls = match knock(protocol, &with_tls, tls).await {
        Ok(()) => true,
        Err(fault) => is_about_certificate(&fault.kind),
    };
    if !speaks_tls {
        return failed;
    }
    let kind = FaultKind::PlainOnTlsPort;
    Fault { protocol, server: server.clone(), step: Step::Greeting, kind, server_said: None }.diagnosis()
}

fn is_about_certificate(kind: &FaultKind) -> bool {
    matches!(
        kind,
        FaultKind::UnknownIssuer { .. }
            | FaultKind::SelfSigned { .. }
            | FaultKind::CertificateExpired
            | FaultKind::CertificateNotYetValid
            | FaultKind::WrongName { .. }
            | FaultKind::CaUsedAsEndEntity { .. }
            | FaultKind::CertificateInvalid { .. }
    )
}

/// As far as the login, which is not tried.
async fn knock(protocol: Protocol, server: &ServerAddress, tls: &TlsConnectors) -> Result<(), Diagnosis> {
    match protocol {
        Protocol::Imap => ImapSession::knock(server, tls, &TIMEOUTS).await.map_err(|error| error.diagnosis()),
        Protocol::Smtp => {
            let account = SmtpAccount { server: server.clone(), login: None, ehlo_name: "localhost".into() };
            let connection = SmtpConnection::connect(&account, tls, &TIMEOUTS).await;
            connection.map_err(|error| error.diagnosis())?.quit().await;
            Ok(())
        }
    }
}
