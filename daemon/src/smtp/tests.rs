//! Faults of servers, one scripted server each.

use super::{SmtpAccount, SmtpConnection, SmtpError, SmtpLogin};
use crate::net::Timeouts;
use crate::net::testing::{Act, Authority, PATIENCE, Scripted, address, connectors, hear, say, short_timeouts};
use maildesk_core::diagnosis::{FaultKind, Step};
use maildesk_core::secret::SecretText;
use maildesk_core::settings::Mechanism;
use maildesk_core::settings::connection::{Encryption, ServerAddress};
use std::time::Duration;
use tokio::time::timeout;

const MAIL: &[u8] = b"Subject: x\r\n\r\n.dot\r\nbye\r\n";

fn account(server: ServerAddress) -> SmtpAccount {
    let login = SmtpLogin { username: "desk".into(), password: SecretText::new("hunter2"), mechanism: Mechanism::Auto };
    SmtpAccount { server, login: Some(login), ehlo_name: "desk.example".into() }
}

async fn connect(server: ServerAddress) -> Result<SmtpConnection, SmtpError> {
    SmtpConnection::connect(&account(server), &connectors(), &short_timeouts()).await
}

/// A plain server that takes the login and then follows the script.
async fn ready(acts: Vec<Act>) -> (SmtpConnection, Scripted) {
    let mut script = vec![
        say("220 mail.example\r\n"),
        hear("EHLO desk.example"),
        say("250-mail.example\r\n250-SIZE 1000\r\n250-8BITMIME\r\n250 AUTH LOGIN PLAIN\r\n"),
        hear("AUTH PLAIN AGRlc2sAaHVudGVyMg=="),
        say("235 ok\r\n"),
    ];
    script.extend(acts);
    let server = Scripted::start(script).await;
    let connection = connect(address(server.port, Encryption::Plain, None)).await.unwrap();
    (connection, server)
}

fn to(addresses: &[&str]) -> Vec<String> {
    addresses.iter().map(|address| (*address).to_owned()).collect()
}

#[tokio::test]
async fn a_refused_recipient_stops_no_other() {
    let (mut connection, server) = ready(vec![
        hear("MAIL FROM:<desk@example.org> SIZE=25"),
        say("250 ok\r\n"),
        hear("RCPT TO:<good@example.org>"),
        say("250 ok\r\n"),
        hear("RCPT TO:<bad@example.org>"),
        say("550-5.1.1 no such\r\n550 5.1.1 user\r\n"),
        hear("RCPT TO:<slow@example.org>"),
        say("450 4.2.0 greylisted\r\n"),
        hear("DATA"),
        say("354 go\r\n"),
        hear("Subject: x"),
        hear(""),
        hear("..dot"),
        hear("bye"),
        hear(""),
        hear("."),
        Act::SayBytes(b"250 2.0.0 queued as 4711 gr\xfc\xdfe\r\n".to_vec()),
        hear("NOOP"),
        say("250 ok\r\n"),
        hear("QUIT"),
        say("221 bye\r\n"),
    ])
    .await;
    assert_eq!(connection.max_message_size(), Some(1000));
    let all = to(&["good@example.org", "bad@example.org", "nonsense", "slow@example.org"]);
    let accepted = connection.send("desk@example.org", &all, MAIL).await.unwrap();
    assert_eq!(accepted.server_said, "2.0.0 queued as 4711 gr??e");
    let outcomes: Vec<_> = accepted.recipients.iter().map(|r| r.outcome.as_ref().map_err(|e| e.code)).collect();
    assert_eq!(outcomes, [Ok(&()), Err(550), Err(553), Err(450)]);
    let refusal = accepted.recipients[1].outcome.clone().unwrap_err();
    assert_eq!((refusal.enhanced.as_deref(), refusal.text.as_str()), (Some("5.1.1"), "5.1.1 no such user"));
    assert!(connection.is_alive().await);
    connection.quit().await;
    server.heard().await;
}

#[tokio::test]
async fn a_long_mail_arrives_whole_however_it_is_cut() {
    let lines: Vec<String> = (0..20_000).map(|n| format!(".{n} of many")).collect();
    let mut script = vec![say("220 mail.example\r\n"), hear("EHLO"), say("250-mail.example\r\n250 AUTH PLAIN\r\n")];
    script.extend([hear("AUTH"), say("235 ok\r\n"), hear("MAIL"), say("250 ok\r\n"), hear("RCPT"), say("250 ok\r\n")]);
    script.extend([hear("DATA"), say("354 go\r\n")]);
    script.extend(lines.iter().map(|_| hear("of many")));
    script.extend([hear(""), hear("."), say("250 2.0.0 queued\r\n")]);
    let server = Scripted::start(script).await;
    let mut connection = connect(address(server.port, Encryption::Plain, None)).await.unwrap();
    let mail = lines.iter().map(|line| format!("{line}\r\n")).collect::<String>();
    let accepted = connection.send("desk@example.org", &to(&["ann@example.org"]), mail.as_bytes()).await.unwrap();
    assert_eq!(accepted.server_said, "2.0.0 queued");
    let heard = server.heard().await;
    let (_, content) = heard.split_at(5);
    let want = lines.iter().map(|line| format!(".{line}")).chain([String::new(), ".".into()]);
    assert!(content.iter().eq(want.collect::<Vec<_>>().iter()), "something is lost or doubled");
}

#[tokio::test]
async fn where_all_recipients_are_refused_nothing_is_sent() {
    let (mut connection, server) = ready(vec![
        hear("MAIL FROM:<>"),
        say("250 ok\r\n"),
        hear("RCPT"),
        say("550 5.1.1 no\r\n"),
        hear("RSET"),
        say("250 ok\r\n"),
    ])
    .await;
    let accepted = connection.send("", &to(&["a@example.org"]), MAIL).await.unwrap();
    assert!(!accepted.by_any() && connection.is_usable());
    server.heard().await;
}

#[derive(Debug, PartialEq)]
enum Want {
    Connection,
    Deferred,
    Refused,
    Unknown,
}

#[tokio::test]
async fn failures_are_told_apart_by_what_the_outbox_must_do() {
    let envelope = || vec![hear("MAIL"), say("250 ok\r\n"), hear("RCPT"), say("250 ok\r\n"), hear("DATA")];
    let body = || {
        let mut acts = envelope();
        acts.extend([say("354 go\r\n"), hear("Subject"), hear(""), hear("..dot"), hear("bye"), hear(""), hear(".")]);
        acts
    };
    let then = |mut acts: Vec<Act>, more: Vec<Act>| {
        acts.extend(more);
        acts
    };
    let reset = || vec![hear("RSET"), say("250 ok\r\n"), Act::Wait];
    for (name, script, want, kind, usable) in [
        ("lost before the reply", body(), Want::Unknown, FaultKind::ConnectionLost, false),
        ("silent after the dot", then(body(), vec![Act::Wait]), Want::Unknown, FaultKind::TimedOut, false),
        (
            "content refused",
            then(body(), then(vec![say("554 5.7.1 spam\r\n")], reset())),
            Want::Refused,
            FaultKind::PolicyRefused,
            true,
        ),
        (
            "content deferred",
            then(body(), then(vec![say("451 4.3.0 later\r\n")], reset())),
            Want::Deferred,
            FaultKind::ServerUnavailable,
            true,
        ),
        ("lost at DATA", envelope(), Want::Connection, FaultKind::ConnectionLost, false),
        (
            "421 at MAIL",
            vec![hear("MAIL"), say("421 4.3.2 going down\r\n")],
            Want::Connection,
            FaultKind::ServerBye,
            false,
        ),
        (
            "sender refused",
            then(vec![hear("MAIL"), say("550 5.1.7 no\r\n")], reset()),
            Want::Refused,
            FaultKind::SenderRefused,
            true,
        ),
        (
            "login wanted",
            vec![hear("MAIL"), say("530 5.7.0 Authentication required\r\n"), Act::Wait],
            Want::Connection,
            FaultKind::AuthenticationRequired,
            false,
        ),
        (
            "garbage",
            vec![hear("MAIL"), say("what?\r\n"), Act::Wait],
            Want::Connection,
            FaultKind::AnswerUnreadable,
            false,
        ),
    ] {
        let (mut connection, _server) = ready(script).await;
        let error = connection.send("desk@example.org", &to(&["a@example.org"]), MAIL).await.unwrap_err();
        let got = match &error {
            SmtpError::Connection(_) => Want::Connection,
            SmtpError::Deferred { .. } => Want::Deferred,
            SmtpError::Refused { .. } => Want::Refused,
            SmtpError::Unknown(_) => Want::Unknown,
        };
        assert_eq!((got, &error.fault().kind), (want, &kind), "{name}");
        assert_eq!(connection.is_usable(), usable, "{name}");
        assert_eq!(error.is_transient(), kind.is_transient() || matches!(error, SmtpError::Deferred { .. }), "{name}");
        if !usable {
            let again = connection.send("desk@example.org", &to(&["a@example.org"]), MAIL).await;
            assert!(matches!(again, Err(SmtpError::Connection(_))), "{name}");
        }
    }
}

#[tokio::test]
async fn a_mail_over_the_size_limit_is_refused_without_a_word() {
    let (mut connection, _server) = ready(vec![Act::Wait]).await;
    let error = connection.send("desk@example.org", &to(&["a@example.org"]), &[b'x'; 1001]).await.unwrap_err();
    assert!(matches!(&error, SmtpError::Refused { refusal, .. } if refusal.code == 552));
    assert!(connection.is_usable());
}

#[tokio::test]
async fn plain_text_after_starttls_breaks_the_handshake() {
    let authority = Authority::new();
    let server = Scripted::start(vec![
        say("220 hi\r\n"),
        hear("EHLO"),
        say("250-x\r\n250 STARTTLS\r\n"),
        hear("STARTTLS"),
        say("220 go\r\n250-INJECTED\r\n250 AUTH LOGIN\r\n"),
        Act::Tls(authority.acceptor.clone()),
        Act::Wait,
    ])
    .await;
    let error = connect(address(server.port, Encryption::Starttls, Some(&authority))).await.unwrap_err();
    assert_eq!((error.fault().step, &error.fault().kind), (Step::Tls, &FaultKind::TlsOnPlainPort));
}

#[tokio::test]
async fn starttls_forgets_what_was_offered_in_plain_text() {
    let authority = Authority::new();
    let server = Scripted::start(vec![
        say("220 hi\r\n"),
        hear("EHLO"),
        say("250-x\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n"),
        hear("STARTTLS"),
        say("220 go\r\n"),
        Act::Tls(authority.acceptor.clone()),
        hear("EHLO"),
        say("250-x\r\n250 AUTH LOGIN\r\n"),
        hear("AUTH LOGIN"),
        say("334 VXNlcm5hbWU6\r\n"),
        hear("ZGVzaw=="),
        say("334 UGFzc3dvcmQ6\r\n"),
        hear("aHVudGVyMg=="),
        say("535 5.7.139 Authentication unsuccessful, basic authentication is disabled.\r\n"),
    ])
    .await;
    let error = connect(address(server.port, Encryption::Starttls, Some(&authority))).await.unwrap_err();
    assert_eq!(error.fault().kind, FaultKind::BasicAuthenticationOff);
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    server.heard().await;
}

#[tokio::test]
async fn each_bad_beginning_has_its_kind() {
    let ehlo = |offers: &str| vec![say("220 hi\r\n"), hear("EHLO"), say(offers), Act::Wait];
    for (encryption, script, want) in [
        (Encryption::Plain, vec![Act::Wait], FaultKind::TimedOut),
        (Encryption::Plain, vec![], FaultKind::ConnectionLost),
        (Encryption::Plain, vec![say("* OK IMAP4rev1\r\n"), Act::Wait], FaultKind::NotThisProtocol),
        (Encryption::Plain, vec![say("421 4.7.0 Too many connections\r\n")], FaultKind::Throttled),
        (Encryption::Starttls, vec![Act::SayBytes(vec![0x15, 3, 1, 0, 2, 2, 10])], FaultKind::PlainOnTlsPort),
        (Encryption::Starttls, ehlo("250 x\r\n"), FaultKind::TlsNotOffered),
        (Encryption::Plain, ehlo("250 x\r\n"), FaultKind::AuthenticationNotOffered),
        (Encryption::Plain, ehlo("250-x\r\n250 AUTH GSSAPI\r\n"), FaultKind::AuthenticationNotOffered),
    ] {
        let server = Scripted::start(script).await;
        let error = connect(address(server.port, encryption, None)).await.unwrap_err();
        assert_eq!(error.fault().kind, want);
    }
}

#[tokio::test]
async fn no_login_goes_out_in_plain_text_to_strangers() {
    let mut away = address(25, Encryption::Plain, None);
    away.host = "192.0.2.1".into();
    let error = connect(away).await.unwrap_err();
    assert_eq!((error.fault().step, &error.fault().kind), (Step::Connect, &FaultKind::PlainNotLoopback));
}

#[tokio::test]
async fn silence_in_place_of_a_greeting_is_not_borne_as_long_as_a_slow_answer() {
    let authority = Authority::new();
    // Waits for a TLS handshake, as the port of implicit TLS does.
    let server = Scripted::start(vec![Act::Tls(authority.acceptor.clone())]).await;
    let timeouts =
        Timeouts { greeting: Duration::from_millis(100), answer: Duration::from_secs(60), ..short_timeouts() };
    let to = account(address(server.port, Encryption::Starttls, Some(&authority)));
    let connected = timeout(PATIENCE, SmtpConnection::connect(&to, &connectors(), &timeouts)).await;
    let error = connected.expect("before a slow answer would be given up").unwrap_err();
    assert_eq!((error.fault().step, &error.fault().kind), (Step::Greeting, &FaultKind::TimedOut));
    assert!(error.diagnosis().remedy.contains("set encryption to \"tls\""), "{:?}", error.diagnosis());
}
