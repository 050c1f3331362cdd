//! Tables: words to kinds, kinds to sentences.

use super::server_words::{enhanced_code, imap_refusal, smtp_refusal};
use super::*;

fn fault(protocol: Protocol, step: Step, kind: FaultKind) -> Fault {
    let server = ServerAddress {
        host: "mail.example.org".into(),
        port: 993,
        encryption: Encryption::Tls,
        ca_file: None,
        pin_sha256: None,
    };
    Fault { protocol, server, step, kind, server_said: server_said("no\r\n\u{1b}[31m way") }
}

#[test]
fn imap_words_become_kinds() {
    use FaultKind::*;
    for (step, words, want) in [
        (Step::Login, "[AUTHENTICATIONFAILED] Authentication failed.", AuthenticationRejected),
        (Step::Login, "[AUTHENTICATIONFAILED] Invalid credentials (Failure)", AuthenticationRejected),
        (
            Step::Login,
            "[ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)",
            AppPasswordNeeded,
        ),
        (
            Step::Login,
            "[PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure connections.",
            LoginDisabled,
        ),
        (Step::Login, "LOGIN failed. BasicAuthBlocked", BasicAuthenticationOff),
        (Step::Login, "[ALERT] Your account is not enabled for IMAP use.", ProtocolSwitchedOff),
        (Step::Login, "[UNAVAILABLE] Temporary authentication failure.", ServerUnavailable),
        (Step::Login, "[LIMIT] Too many simultaneous connections. (Failure)", Throttled),
        (Step::Login, "[ALERT] Too many simultaneous connections. (Failure)", Throttled),
        (Step::Folder, "Mailbox doesn't exist: Support", FolderNotFound),
        (Step::Folder, "[NONEXISTENT] Unknown Mailbox", FolderNotFound),
        (Step::Search, "[SERVERBUG] Internal error occurred.", ServerUnavailable),
        (Step::Search, "that is not allowed", CommandRefused),
        (Step::Flag, "[NOPERM] Permission denied", FolderReadOnly),
        (Step::Flag, "[OVERQUOTA] Quota exceeded", OverQuota),
    ] {
        assert_eq!(imap_refusal(step, words), want, "{words}");
    }
}

#[test]
fn smtp_words_become_kinds() {
    use FaultKind::*;
    for (step, code, words, want) in [
        (Step::Login, 535, "5.7.8 Error: authentication failed: (reason unavailable)", AuthenticationRejected),
        (
            Step::Login,
            535,
            "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
            BasicAuthenticationOff,
        ),
        (
            Step::Login,
            550,
            "5.7.30 Basic authentication is not supported for Client Submission",
            BasicAuthenticationOff,
        ),
        (Step::Login, 534, "5.7.9 Application-specific password required.", AppPasswordNeeded),
        (Step::Login, 535, "5.7.8 Username and Password not accepted.", AuthenticationRejected),
        (Step::Login, 454, "4.7.0 Temporary authentication failure", ServerUnavailable),
        (Step::Login, 454, "4.7.0 Too many login attempts, please try again later.", Throttled),
        (Step::Login, 503, "5.5.1 Error: authentication not enabled", AuthenticationNotOffered),
        (Step::Sender, 530, "5.7.0 Must issue a STARTTLS command first", TlsNotOffered),
        (Step::Sender, 530, "5.7.0 Authentication Required.", AuthenticationRequired),
        (Step::Recipient, 553, "5.7.1 <a@b>: Sender address rejected: not owned by user desk", SenderRefused),
        (
            Step::Sender,
            554,
            "5.2.252 SendAsDenied; desk@example.org not allowed to send as x@example.org",
            SenderRefused,
        ),
        (Step::Sender, 550, "no", SenderRefused),
        (Step::Recipient, 554, "5.7.1 <a@b>: Relay access denied", RelayDenied),
        (
            Step::Recipient,
            554,
            "5.7.1 <unknown[127.0.0.1]>: Client host rejected: Access denied",
            AuthenticationRequired,
        ),
        (Step::Recipient, 550, "5.1.1 <a@b>: Recipient address rejected: User unknown", RecipientRefused),
        (Step::Recipient, 450, "4.2.0 <a@b>: Recipient address rejected: Greylisted, see http://x", Greylisted),
        (Step::Recipient, 451, "4.7.1 Please try again later", Greylisted),
        (Step::Recipient, 451, "4.3.0 local error in processing", ServerUnavailable),
        (Step::Sender, 552, "5.3.4 Message size exceeds fixed limit", TooLarge),
        (Step::Recipient, 552, "5.2.2 Mailbox full", OverQuota),
        (Step::Content, 550, "5.7.26 Unauthenticated email is not accepted due to DMARC policy.", PolicyRefused),
        (Step::Content, 554, "5.3.4 Error: message file too big", TooLarge),
        (Step::Sender, 421, "4.7.0 Too many connections", Throttled),
        (Step::Greeting, 421, "4.3.0 closing", ServerBye),
    ] {
        assert_eq!(smtp_refusal(step, code, words), want, "{code} {words}");
    }
}

#[test]
fn an_enhanced_code_is_three_numbers_at_the_head() {
    for (text, want) in [
        ("5.7.139 Authentication unsuccessful", Some("5.7.139")),
        ("4.2.0 x", Some("4.2.0")),
        ("5.7 x", None),
        ("5.7.1.2 x", None),
        ("3.1.1 x", None),
        ("5.a.1 x", None),
        ("", None),
    ] {
        assert_eq!(enhanced_code(text), want, "{text}");
    }
}

#[test]
fn every_kind_has_a_meaning_of_its_own_and_a_remedy() {
    use FaultKind::*;
    let kinds = [
        DnsNotFound,
        DnsUnavailable,
        Refused,
        TimedOut,
        Unreachable,
        TlsNotOffered,
        TlsOnPlainPort,
        PlainOnTlsPort,
        TlsHandshake,
        UnknownIssuer { sha256: Some("ab".repeat(32)) },
        SelfSigned { sha256: "ab".repeat(32) },
        OtherCertificate { sha256: "ab".repeat(32) },
        CertificateExpired,
        CertificateNotYetValid,
        CertificateEndsSoon { days: 3 },
        WrongName { expected: "a.example".into(), presented: vec!["b.example".into()] },
        CaUsedAsEndEntity { sha256: None },
        CertificateInvalid { reason: "x".into() },
        CaFileUnusable { path: "/x".into(), reason: "y".into() },
        HostInvalid,
        AuthenticationRejected,
        AppPasswordNeeded,
        BasicAuthenticationOff,
        ProtocolSwitchedOff,
        AuthenticationRequired,
        AuthenticationNotOffered,
        LoginDisabled,
        CredentialsUnsendable,
        FolderNotFound,
        FolderReadOnly,
        PlainNotLoopback,
        NotThisProtocol,
        ServerBye,
        ConnectionLost,
        Throttled,
        ServerUnavailable,
        OverQuota,
        RecipientRefused,
        RelayDenied,
        SenderRefused,
        TooLarge,
        Greylisted,
        PolicyRefused,
        CommandRefused,
        AnswerTooLarge,
        AnswerUnreadable,
        AddressUnsendable,
        Other { reason: "odd".into() },
        TokenRejected { status: Some("401".into()), scope: None },
        TokensNotOffered,
    ];
    let mut seen = std::collections::BTreeMap::new();
    for kind in kinds {
        let diagnosis = fault(Protocol::Imap, Step::Login, kind.clone()).diagnosis();
        assert!(diagnosis.meaning.len() > 10 && diagnosis.remedy.len() > 10, "{kind:?}");
        let twin = seen.insert(diagnosis.meaning, kind.clone());
        assert_eq!(twin, None, "{kind:?} says the same as another");
    }
}

#[test]
fn a_wrong_name_shows_both_names() {
    let kind = FaultKind::WrongName { expected: "imap.example.org".into(), presented: vec!["*.hoster.example".into()] };
    let meaning = fault(Protocol::Imap, Step::Tls, kind).diagnosis().meaning;
    assert_eq!(meaning, "the certificate is for *.hoster.example, not for imap.example.org");
}

#[test]
fn silence_in_place_of_a_greeting_hints_at_tls() {
    let mut silent = fault(Protocol::Imap, Step::Greeting, FaultKind::TimedOut);
    assert!(!silent.diagnosis().remedy.contains("\"tls\""));
    silent.server.encryption = Encryption::Starttls;
    assert!(silent.diagnosis().remedy.contains("set encryption to \"tls\""));
}

#[test]
fn server_words_are_one_clean_short_line() {
    assert_eq!(server_said("a\r\nb\u{1b}[2J"), Some("a b [2J".into()));
    assert_eq!(server_said(" \r\n"), None);
    assert_eq!(server_said(&"x".repeat(5000)).map(|s| s.chars().count()), Some(SERVER_WORDS_MAX));
}

#[test]
fn a_diagnosis_travels_over_postcard() {
    let kind = FaultKind::WrongName { expected: "a".into(), presented: vec!["b".into()] };
    let diagnosis = fault(Protocol::Smtp, Step::Tls, kind).diagnosis();
    let bytes = postcard::to_allocvec(&diagnosis).unwrap();
    assert_eq!(postcard::from_bytes::<Diagnosis>(&bytes).unwrap(), diagnosis);
}

#[test]
fn what_heals_by_itself_is_transient() {
    assert!(FaultKind::TimedOut.is_transient() && FaultKind::Greylisted.is_transient());
    assert!(
        !FaultKind::AuthenticationRejected.is_transient() && !FaultKind::UnknownIssuer { sha256: None }.is_transient()
    );
    assert_eq!(
        fault(Protocol::Imap, Step::Connect, FaultKind::Refused).to_string(),
        "IMAP mail.example.org:993: nothing listens on mail.example.org port 993 (the server said: no [31m way)"
    );
}
