//! Faults of servers, one scripted server each.

use super::{IdleEnd, ImapAccount, ImapError, ImapSession};
use crate::net::Timeouts;
use crate::net::testing::{Act, Authority, PATIENCE, Scripted, address, connectors, hear, say, short_timeouts};
use maildesk_core::diagnosis::{FaultKind, Step};
use maildesk_core::ids::Uid;
use maildesk_core::secret::SecretText;
use maildesk_core::settings::Mechanism;
use maildesk_core::settings::connection::{Encryption, ServerAddress};
use std::future::pending;
use std::time::Duration;

const PASSWORD: &str = "hunter2\\\"secret";

fn account(server: ServerAddress) -> ImapAccount {
    ImapAccount { server, username: "desk".into(), password: SecretText::new(PASSWORD), mechanism: Mechanism::Auto }
}

async fn connect(server: ServerAddress) -> Result<ImapSession, ImapError> {
    ImapSession::connect(&account(server), &connectors(), &short_timeouts()).await
}

/// A plain server that logs in and then follows the script.
async fn logged_in(acts: Vec<Act>) -> (ImapSession, Scripted) {
    let mut script = vec![
        say("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n"),
        hear(r#"LOGIN "desk" "hunter2\\\"secret""#),
        say("$T OK [CAPABILITY IMAP4rev1 IDLE Move] in\r\n"),
    ];
    script.extend(acts);
    let server = Scripted::start(script).await;
    let session = connect(address(server.port, Encryption::Plain, None)).await.unwrap();
    (session, server)
}

#[derive(Debug, Clone, Copy)]
enum Command {
    Select,
    Search,
    Fetch,
    Store,
    Holds,
    Append,
}

async fn run(session: &mut ImapSession, command: Command) -> Result<(), ImapError> {
    match command {
        Command::Select => session.select("INBOX").await.map(drop),
        Command::Search => session.search_unseen(None, None).await.map(drop),
        Command::Fetch => session.fetch(&[Uid(1)], |_| ()).await.map(drop),
        Command::Store => session.mark_seen(&[Uid(1)]).await,
        Command::Holds => session.holds("a@b", jiff::civil::date(2026, 11, 1)).await.map(drop),
        Command::Append => session.append_seen("Ä", jiff::Timestamp::UNIX_EPOCH, b"hello").await,
    }
}

#[tokio::test]
async fn refusals_and_lost_connections_are_errors_for_every_command() {
    for (command, word, partial) in [
        (Command::Select, "SELECT \"INBOX\"", "* 5 EXISTS\r\n"),
        (Command::Search, "UID SEARCH UNSEEN", "* SEARCH 1\r\n"),
        (Command::Fetch, "UID FETCH 1 (UID BODY.PEEK[])", "* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n"),
        (Command::Store, "UID STORE 1 +FLAGS.SILENT (\\Seen)", ""),
        (Command::Holds, "UID SEARCH SINCE 1-Nov-2026 HEADER Message-ID \"<a@b>\"", "* SEARCH 1\r\n"),
        (Command::Append, r#"APPEND "&AMQ-" (\Seen) "01-Jan-1970 00:00:00 +0000" {5}"#, ""),
    ] {
        for refusal in ["NO [SERVERBUG] internal", "BAD what"] {
            let answer = format!("{partial}$T {refusal}\r\n");
            let (mut session, _server) = logged_in(vec![hear(word), say(&answer), Act::Wait]).await;
            let error = run(&mut session, command).await.unwrap_err();
            assert!(error.diagnosis().server_said.unwrap().contains("wh") || error.is_transient(), "{command:?}");
            assert!(session.is_usable(), "a refusal ends a command in good order");
        }
        let (mut session, _server) = logged_in(vec![hear(word), say(partial)]).await;
        let error = run(&mut session, command).await.unwrap_err();
        assert_eq!(error.kind(), &FaultKind::ConnectionLost, "{command:?}");
        assert!(!session.is_usable() && error.is_transient());
        let (mut session, _server) = logged_in(vec![hear(word), say(partial), say("* BYE shutting down\r\n")]).await;
        assert_eq!(run(&mut session, command).await.unwrap_err().kind(), &FaultKind::ServerBye, "{command:?}");
        let (mut session, _server) = logged_in(vec![hear(word), say(partial), Act::Wait]).await;
        assert_eq!(run(&mut session, command).await.unwrap_err().kind(), &FaultKind::TimedOut, "{command:?}");
    }
}

#[tokio::test]
async fn a_literal_bomb_is_refused_before_memory_is_taken() {
    let (mut session, _server) =
        logged_in(vec![hear("UID FETCH"), say("* 1 FETCH (UID 1 BODY[] {500000000}\r\nabc"), Act::Wait]).await;
    let error = session.fetch(&[Uid(1)], |_| ()).await.unwrap_err();
    assert_eq!(error.kind(), &FaultKind::AnswerTooLarge);
}

#[tokio::test]
async fn what_a_server_says_wrongly_is_never_quoted() {
    let (mut session, _server) = logged_in(vec![hear("SEARCH"), say("* XFOO dear customer\r\n$T OK\r\n")]).await;
    let error = session.search_unseen(None, None).await.unwrap_err();
    assert_eq!(error.kind(), &FaultKind::AnswerUnreadable);
    assert!(!format!("{error} {error:?}").contains("dear customer"));
}

#[tokio::test]
async fn only_wanted_mails_are_delivered_and_each_once() {
    let (mut session, _server) = logged_in(vec![
        hear("UID FETCH 1:3,9 "),
        say("* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n* 2 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (UID 2 BODY[] NIL)\r\n"),
        say("* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n* 7 FETCH (UID 7 BODY[] {1}\r\nx)\r\n"),
        say("* 8 FETCH (BODY[] {2}\r\nhi UID 9)\r\n$T OK done\r\n"),
        Act::Wait,
    ])
    .await;
    let mut got = Vec::new();
    let refused = session.fetch(&[Uid(3), Uid(1), Uid(9), Uid(2)], |mail| got.push((mail.uid.0, mail.raw))).await;
    assert_eq!(got, [(1, b"abc".to_vec()), (9, b"hi".to_vec())]);
    // NIL is no mail that has vanished: 3 has.
    let refused: Vec<_> = refused.unwrap().into_iter().map(|(uid, error)| (uid.0, error.to_string())).collect();
    assert!(matches!(&refused[..], [(2, said)] if said.contains("hands out nothing of it")), "{refused:?}");
}

#[tokio::test]
async fn a_mail_that_the_server_cannot_read_keeps_no_other_back() {
    let (mut session, server) = logged_in(vec![
        hear("UID FETCH 1:3 "),
        say("* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n$T NO [SERVERBUG] internal error\r\n"),
        hear("UID FETCH 1 "),
        say("* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n$T OK\r\n"),
        hear("UID FETCH 2 "),
        say("$T NO [SERVERBUG] internal error\r\n"),
        hear("UID FETCH 3 "),
        say("* 3 FETCH (UID 3 BODY[] {2}\r\nhi)\r\n$T OK\r\n"),
        Act::Wait,
    ])
    .await;
    let mut got = Vec::new();
    let refused = session.fetch(&[Uid(1), Uid(2), Uid(3)], |mail| got.push(mail.uid.0)).await.unwrap();
    assert_eq!(got, [1, 3]);
    assert_eq!(refused.iter().map(|(uid, _)| uid.0).collect::<Vec<_>>(), [2]);
    assert!(session.is_usable());
    drop(session);
    server.heard().await;
}

#[tokio::test]
async fn a_server_that_hands_out_nothing_is_to_blame_itself() {
    let no = || say("$T NO [UNAVAILABLE] later\r\n");
    let acts = vec![hear("FETCH 1:2 "), no(), hear("FETCH 1 "), no(), hear("FETCH 2 "), no(), Act::Wait];
    let (mut session, _server) = logged_in(acts).await;
    session.fetch(&[Uid(1), Uid(2)], |_| ()).await.unwrap_err();
    assert!(session.is_usable());
}

#[tokio::test]
async fn the_next_fetch_stands_at_the_server_before_the_first_is_read() {
    let uids: Vec<Uid> = (1..=120).map(Uid).collect();
    let (mut session, server) = logged_in(vec![
        hear("m2 UID FETCH 1:50 "),
        hear("m3 UID FETCH 51:100 "),
        say("* 1 FETCH (UID 1 BODY[] {1}\r\na)\r\nm2 OK\r\n"),
        hear("m4 UID FETCH 101:120 "),
        say("* 60 FETCH (UID 60 BODY[] {1}\r\nb)\r\nm3 OK\r\nm4 OK\r\n"),
        hear("m5 UID SEARCH"),
        say("* SEARCH\r\n$T OK\r\n"),
    ])
    .await;
    let mut got = Vec::new();
    session.fetch(&uids, |mail| got.push(mail.uid.0)).await.unwrap();
    assert_eq!(got, [1, 60]);
    assert!(session.search_unseen(None, None).await.unwrap().is_empty());
    server.heard().await;
}

#[tokio::test]
async fn a_dropped_future_ends_the_session() {
    let (mut session, _server) =
        logged_in(vec![hear("UID FETCH"), say("* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n"), Act::Wait]).await;
    let fetch = session.fetch(&[Uid(1), Uid(2)], |_| ());
    assert!(tokio::time::timeout(Duration::from_millis(50), fetch).await.is_err());
    assert!(!session.is_usable());
    assert_eq!(session.search_unseen(None, None).await.unwrap_err().kind(), &FaultKind::ConnectionLost);
}

#[tokio::test]
async fn searching_from_a_uid_on_leaves_out_what_lies_below() {
    let (mut session, _server) = logged_in(vec![
        hear("UID SEARCH UNSEEN UID 8:* SINCE 1-Nov-2026"),
        say("* SEARCH 9 7\r\n* SEARCH 8\r\n$T OK\r\n"),
    ])
    .await;
    let found = session.search_unseen(Some(Uid(8)), Some(jiff::civil::date(2026, 11, 1))).await.unwrap();
    assert_eq!(found, [Uid(8), Uid(9)]);
}

#[tokio::test]
async fn folders_are_told_by_their_readable_names() {
    let (mut session, _server) = logged_in(vec![
        hear("LIST"),
        say("* LIST () \"/\" INBOX\r\n* LIST (\\Noselect) \"/\" x\r\n* LIST () \"/\" \"R&-D &AOQ-\"\r\n$T OK\r\n"),
        hear("SELECT \"R&-D &AOQ-\""),
        say("* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 12] x\r\n$T OK [READ-ONLY] x\r\n"),
        hear("SELECT"),
        say("* 3 EXISTS\r\n$T OK [READ-WRITE] no UIDVALIDITY\r\n"),
    ])
    .await;
    assert!(session.has("move") && session.has("IDLE"));
    assert_eq!(session.list_folders().await.unwrap(), ["INBOX", "R&D ä"]);
    let status = session.select("R&D ä").await.unwrap();
    assert_eq!((status.exists, status.uid_validity.0, status.uid_next, status.writable), (3, 7, Some(Uid(12)), false));
    assert_eq!(session.select("x").await.unwrap_err().kind(), &FaultKind::AnswerUnreadable);
}

#[tokio::test]
async fn idle_ends_with_its_reason_and_a_lost_connection_is_an_error() {
    let done = [hear("DONE"), say("m2 OK\r\n")];
    let mut script = vec![hear("IDLE"), say("+ idling\r\n* OK Still here\r\n* 4 EXISTS\r\n")];
    script.extend(done);
    let (session, _server) = logged_in(script).await;
    let (session, end) = session.idle(pending::<()>(), Duration::from_secs(5)).await.unwrap();
    assert!(end == IdleEnd::NewMail && session.is_usable());

    for (stop_now, max, want) in [(true, 5000, IdleEnd::Stopped), (false, 20, IdleEnd::Timeout)] {
        let script = vec![hear("IDLE"), say("+ idling\r\n"), hear("DONE"), say("m2 OK\r\n"), Act::Wait];
        let (session, _server) = logged_in(script).await;
        let stop = async move {
            if !stop_now {
                pending::<()>().await
            }
        };
        let (session, end) = session.idle(stop, Duration::from_millis(max)).await.unwrap();
        assert!(end == want && session.is_usable());
    }

    for (answer, want) in [
        ("+ idling\r\n", FaultKind::ConnectionLost),
        ("+ idling\r\n* BYE gone\r\n", FaultKind::ServerBye),
        ("$T NO not now\r\n", FaultKind::CommandRefused),
    ] {
        let (session, _server) = logged_in(vec![hear("IDLE"), say(answer)]).await;
        let error = session.idle(pending::<()>(), Duration::from_secs(5)).await.unwrap_err();
        assert_eq!(error.kind(), &want, "{answer}");
    }
}

#[tokio::test]
async fn plain_text_before_starttls_counts_for_nothing() {
    let authority = Authority::new();
    let server = Scripted::start(vec![
        say("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\r\n"),
        hear("STARTTLS"),
        say("$T OK go\r\n* CAPABILITY IMAP4rev1 EVIL\r\nm2 OK injected\r\nm3 OK injected\r\n"),
        Act::Tls(authority.acceptor.clone()),
        hear("CAPABILITY"),
        say("* CAPABILITY IMAP4rev1\r\n$T OK\r\n"),
        hear("LOGIN"),
        say("$T NO [AUTHENTICATIONFAILED] no\r\n"),
    ])
    .await;
    // Depending on where the segments are cut the handshake breaks or the injected lines are dropped.
    let error = connect(address(server.port, Encryption::Starttls, Some(&authority))).await.unwrap_err();
    assert!(matches!(error.step(), Step::Tls | Step::Login), "{error:?}");
    if error.step() == Step::Login {
        assert_eq!(error.kind(), &FaultKind::AuthenticationRejected);
    }
}

#[tokio::test]
async fn each_bad_beginning_has_its_kind() {
    for (encryption, script, want) in [
        (Encryption::Plain, vec![Act::Wait], FaultKind::TimedOut),
        (Encryption::Plain, vec![], FaultKind::ConnectionLost),
        (Encryption::Plain, vec![say("* BYE [LIMIT] Too many connections\r\n")], FaultKind::Throttled),
        (Encryption::Plain, vec![say("* BYE later\r\n")], FaultKind::ServerBye),
        (Encryption::Plain, vec![say("220 mail ESMTP\r\n"), Act::Wait], FaultKind::NotThisProtocol),
        (Encryption::Plain, vec![say("+OK POP3\r\n"), Act::Wait], FaultKind::NotThisProtocol),
        (
            Encryption::Starttls,
            vec![Act::SayBytes(vec![0x15, 3, 1, 0, 2, 2, 10]), Act::Wait],
            FaultKind::PlainOnTlsPort,
        ),
        (Encryption::Starttls, vec![say("* OK [CAPABILITY IMAP4rev1] hi\r\n"), Act::Wait], FaultKind::TlsNotOffered),
        (Encryption::Plain, vec![say("* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\r\n")], FaultKind::LoginDisabled),
    ] {
        let server = Scripted::start(script).await;
        let error = connect(address(server.port, encryption, None)).await.unwrap_err();
        assert_eq!(error.kind(), &want);
    }
}

#[tokio::test]
async fn a_plain_client_on_a_tls_port_does_not_hang() {
    let authority = Authority::new();
    let server = Scripted::start(vec![Act::Tls(authority.acceptor.clone()), Act::Wait]).await;
    let error = connect(address(server.port, Encryption::Starttls, Some(&authority))).await.unwrap_err();
    assert_eq!((error.step(), error.kind()), (Step::Greeting, &FaultKind::TimedOut));
}

#[tokio::test]
async fn a_greeting_that_claims_the_login_is_not_believed_in_plain_text() {
    let authority = Authority::new();
    let server = Scripted::start(vec![
        say("* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n"),
        hear("STARTTLS"),
        say("$T OK go\r\n"),
        Act::Tls(authority.acceptor.clone()),
        hear("CAPABILITY"),
        say("* CAPABILITY IMAP4rev1\r\n$T OK\r\n"),
        Act::Wait,
    ])
    .await;
    let error = connect(address(server.port, Encryption::Starttls, Some(&authority))).await.unwrap_err();
    assert_eq!(error.step(), Step::Starttls);
}

#[tokio::test]
async fn passwords_outside_ascii_go_by_authenticate_plain() {
    for (offers, dialogue) in [
        ("SASL-IR", vec![hear("AUTHENTICATE PLAIN AGRlc2sAcMOkc3M=")]),
        ("X", vec![hear("AUTHENTICATE PLAIN"), say("+ \r\n"), hear("AGRlc2sAcMOkc3M=")]),
    ] {
        let mut script = vec![say(&format!("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN {offers}] hi\r\n"))];
        script.extend(dialogue);
        script.extend([say("m1 OK [CAPABILITY IMAP4rev1] in\r\n"), Act::Wait]);
        let server = Scripted::start(script).await;
        let mut account = account(address(server.port, Encryption::Plain, None));
        account.password = SecretText::new("päss");
        assert!(ImapSession::connect(&account, &connectors(), &short_timeouts()).await.is_ok());
        account.password = SecretText::new("a\r\nb");
        let server = Scripted::start(vec![say("* OK [CAPABILITY IMAP4rev1] hi\r\n"), Act::Wait]).await;
        account.server.port = server.port;
        let error = ImapSession::connect(&account, &connectors(), &short_timeouts()).await.unwrap_err();
        assert_eq!(error.kind(), &FaultKind::CredentialsUnsendable);
    }
}

/// Collects what goes through `log`, where async-imap writes.
struct Collector(std::sync::Mutex<String>);
static COLLECTOR: Collector = Collector(std::sync::Mutex::new(String::new()));
impl log::Log for Collector {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &log::Record<'_>) {
        self.0.lock().unwrap().push_str(&format!("{} {}\n", record.target(), record.args()));
    }
    fn flush(&self) {}
}

#[tokio::test]
async fn no_log_and_no_error_shows_the_password() {
    log::set_logger(&COLLECTOR).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let server = Scripted::start(vec![
        say("* OK [CAPABILITY IMAP4rev1] hi\r\n"),
        hear("LOGIN"),
        say("$T NO [AUTHENTICATIONFAILED] wrong\r\n"),
    ])
    .await;
    let account = account(address(server.port, Encryption::Plain, None));
    let error = ImapSession::connect(&account, &connectors(), &short_timeouts()).await.unwrap_err();
    assert_eq!(error.kind(), &FaultKind::AuthenticationRejected);
    let shown = format!("{error} {error:?} {account:?}");
    let logged = COLLECTOR.0.lock().unwrap().clone();
    assert!(logged.contains("async_imap"), "the library's log was not seen");
    assert!(!shown.contains("hunter2") && !logged.contains("hunter2"), "{shown}\n{logged}");
}

#[tokio::test]
async fn silence_in_place_of_a_greeting_is_not_borne_as_long_as_a_slow_answer() {
    let server = Scripted::start(vec![Act::Wait]).await;
    let timeouts =
        Timeouts { greeting: Duration::from_millis(100), answer: Duration::from_secs(60), ..short_timeouts() };
    let to = account(address(server.port, Encryption::Plain, None));
    let connected = tokio::time::timeout(PATIENCE, ImapSession::connect(&to, &connectors(), &timeouts)).await;
    let error = connected.expect("before a slow answer would be given up").unwrap_err();
    assert_eq!((error.step(), error.kind()), (Step::Greeting, &FaultKind::TimedOut));
}
