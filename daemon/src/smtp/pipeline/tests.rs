//! Groups of commands at scripted servers: what is sent, what is made of the answers, and the same to the eye.

use crate::net::testing::{Act, Scripted, address, connectors, hear, say, short_timeouts};
use crate::net::{Observer, Onlooker, Seen};
use crate::smtp::{Accepted, SmtpAccount, SmtpConnection, SmtpError};
use maildesk_core::diagnosis::FaultKind;
use maildesk_core::settings::connection::Encryption;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const MAIL: &[u8] = b"Subject: x\r\n\r\nhello";
const FROM: &str = "desk@example.org";

#[derive(Default)]
struct Transcript(Mutex<Vec<String>>);

impl Onlooker for Transcript {
    fn see(&self, seen: Seen<'_>) {
        let line = match seen {
            Seen::Said(line) => format!("C: {}", line.trim_end()),
            Seen::Heard(line) => format!("S: {line}"),
            Seen::Accepted(step, words) => format!("accepted {step:?}: {words}"),
            _ => return,
        };
        self.0.lock().unwrap().push(line);
    }
}

impl Transcript {
    /// Without the lines before the first MAIL.
    fn of_mails(&self) -> Vec<String> {
        let lines = self.0.lock().unwrap().clone();
        lines.into_iter().skip_while(|line| !line.starts_with("C: MAIL")).collect()
    }
}

async fn connect(offers: &str, acts: Vec<Act>) -> (SmtpConnection, Scripted, Arc<Transcript>) {
    let mut script = vec![say("220 mail.example\r\n"), hear("EHLO"), say(&format!("250-x\r\n250 {offers}\r\n"))];
    script.extend(acts);
    let server = Scripted::start(script).await;
    let to = address(server.port, Encryption::Plain, None);
    let account = SmtpAccount { server: to, login: None, ehlo_name: "desk.example".into() };
    let transcript = Arc::new(Transcript::default());
    let observer = Observer::new(Arc::clone(&transcript) as _);
    let connection = SmtpConnection::connect_watched(&account, &connectors(), &short_timeouts(), observer).await;
    (connection.unwrap(), server, transcript)
}

/// A server that answers only once it has heard all of this.
fn group(heard: &[&'static str], answers: &str) -> Vec<Act> {
    heard.iter().map(|line| hear(line)).chain([say(answers)]).collect()
}

fn taken() -> Vec<Act> {
    let mut acts: Vec<Act> = ["Subject: x", "", "hello", "."].into_iter().map(hear).collect();
    acts.push(say("250 2.0.0 queued as 4711\r\n"));
    acts
}

fn script(parts: Vec<Vec<Act>>) -> Vec<Act> {
    parts.into_iter().flatten().collect()
}

fn to(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("{name}@example.org")).collect()
}

fn codes(accepted: &Accepted) -> Vec<u16> {
    accepted.recipients.iter().map(|one| one.outcome.as_ref().map_or_else(|refusal| refusal.code, |()| 250)).collect()
}

#[tokio::test]
async fn the_envelope_goes_in_one_write_and_looks_the_same() {
    let recipients = [to(&["good", "bad"]), vec!["nonsense".to_owned()], to(&["slow"])].concat();
    let mut seen = Vec::new();
    let answers = ["250 ok\r\n", "250 ok\r\n", "550 5.1.1 no such user\r\n", "450 4.2.0 greylisted\r\n", "354 go\r\n"];
    let commands = ["MAIL FROM:<desk@example.org>", "RCPT TO:<good", "RCPT TO:<bad", "RCPT TO:<slow", "DATA"];
    let one_by_one = commands.into_iter().zip(answers).flat_map(|(line, answer)| [hear(line), say(answer)]).collect();
    for (offers, envelope) in [("PIPELINING", group(&commands, &answers.concat())), ("SIZE", one_by_one)] {
        let (mut connection, server, transcript) = connect(offers, script(vec![envelope, taken()])).await;
        let accepted = connection.send(FROM, &recipients, MAIL).await.unwrap();
        assert_eq!(accepted.server_said, "2.0.0 queued as 4711");
        assert_eq!(codes(&accepted), [250, 550, 553, 450], "{offers}");
        assert!(connection.is_usable());
        server.heard().await;
        let mut lines = transcript.of_mails();
        lines.iter_mut().for_each(|line| *line = line.replace(" SIZE=19", ""));
        seen.push(lines);
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].contains(&"S: 550 5.1.1 no such user".to_owned()), "{:?}", seen[0]);
}

#[tokio::test]
async fn a_data_accepted_for_nobody_ends_with_a_lone_dot_and_counts_as_not_sent() {
    let envelope = ["MAIL", "RCPT TO:<a", "RCPT TO:<b", "DATA"];
    let refused = "250 ok\r\n550 5.1.1 no\r\n451 4.3.0 later\r\n354 go\r\n";
    for answer in ["554 5.5.1 no valid recipients\r\n", "250 2.0.0 ok\r\n"] {
        let second = group(&["MAIL", "RCPT TO:<c", "DATA"], "250 ok\r\n250 ok\r\n354 go\r\n");
        let acts = script(vec![group(&envelope, refused), group(&["."], answer), second, taken()]);
        let (mut connection, server, transcript) = connect("PIPELINING", acts).await;
        let accepted = connection.send(FROM, &to(&["a", "b"]), MAIL).await.unwrap();
        assert_eq!((codes(&accepted), accepted.by_any()), (vec![550, 451], false));
        assert_eq!(accepted.server_said, "", "{answer}");
        assert!(!transcript.of_mails().iter().any(|line| line.starts_with("accepted Content")), "{answer}");
        assert!(connection.is_usable(), "{answer}");
        assert!(connection.send(FROM, &to(&["c"]), MAIL).await.unwrap().by_any());
        assert_eq!(server.heard().await.iter().filter(|line| line.as_str() == ".").count(), 2);
    }
}

#[tokio::test]
async fn a_refused_data_needs_no_dot() {
    let refused = "250 ok\r\n550 5.1.1 no\r\n554 5.5.1 no valid recipients\r\n";
    let acts = script(vec![group(&["MAIL", "RCPT", "DATA"], refused), group(&["RSET"], "250 ok\r\n")]);
    let (mut connection, server, _) = connect("PIPELINING", acts).await;
    assert!(!connection.send(FROM, &to(&["a"]), MAIL).await.unwrap().by_any());
    assert!(connection.is_usable());
    server.heard().await;
}

#[tokio::test]
async fn after_a_refused_sender_all_answers_are_read() {
    let refused = "550 5.1.7 not you\r\n503 5.5.1 MAIL first\r\n503 5.5.1 RCPT first\r\n";
    let careless = "550 5.1.7 not you\r\n503 5.5.1 MAIL first\r\n354 go\r\n";
    let envelope = ["MAIL", "RCPT", "DATA"];
    for acts in [
        vec![group(&envelope, refused), group(&["RSET"], "250 ok\r\n")],
        vec![group(&envelope, careless), group(&["."], "554 no\r\n"), group(&["RSET"], "250 ok\r\n")],
    ] {
        let (mut connection, server, _) = connect("PIPELINING", script(acts)).await;
        let error = connection.send(FROM, &to(&["a"]), MAIL).await.unwrap_err();
        assert!(matches!(&error, SmtpError::Refused { refusal, .. } if refusal.code == 550), "{error:?}");
        assert_eq!(error.fault().kind, FaultKind::SenderRefused);
        assert!(connection.is_usable());
        server.heard().await;
    }
}

#[tokio::test]
async fn trouble_within_a_group_ends_the_connection() {
    let group = |answers: &str| script(vec![group(&["MAIL", "RCPT", "DATA"], answers), vec![Act::Wait]]);
    for (answers, kind) in [
        ("250 ok\r\n421 4.3.2 going down\r\n", FaultKind::ServerBye),
        ("250 ok\r\n530 5.7.0 Authentication required\r\n", FaultKind::AuthenticationRequired),
        ("250 ok\r\n250 ok\r\n", FaultKind::TimedOut),
        ("250 ok\r\nwhat?\r\n", FaultKind::AnswerUnreadable),
        // Mail text would be read as commands.
        ("250 ok\r\n250 ok\r\n250 ok\r\n", FaultKind::AnswerUnreadable),
    ] {
        let (mut connection, _server, _) = connect("PIPELINING", group(answers)).await;
        let error = connection.send(FROM, &to(&["a"]), MAIL).await.unwrap_err();
        assert!(matches!(&error, SmtpError::Connection(fault) if fault.kind == kind), "{error:?}");
        assert!(!connection.is_usable(), "{answers}");
    }
}

#[tokio::test]
async fn a_dropped_send_leaves_the_connection_unusable() {
    let acts = script(vec![group(&["MAIL", "RCPT", "DATA"], "250 ok\r\n"), vec![Act::Wait]]);
    let (mut connection, _server, _) = connect("PIPELINING", acts).await;
    let sent = tokio::time::timeout(Duration::from_millis(100), connection.send(FROM, &to(&["a"]), MAIL)).await;
    assert!(sent.is_err(), "given up half-way");
    assert!(!connection.is_usable() && connection.send(FROM, &to(&["b"]), MAIL).await.is_err());
}

#[tokio::test]
async fn many_recipients_go_in_several_groups() {
    let mut acts = vec![hear("MAIL")];
    acts.extend((0..50).map(|_| hear("RCPT")));
    acts.push(say(&"250 ok\r\n".repeat(51)));
    acts.extend((0..50).map(|_| hear("RCPT")));
    acts.push(say(&"250 ok\r\n".repeat(50)));
    acts.extend(script(vec![group(&["RCPT", "DATA"], "550 5.1.1 no\r\n354 go\r\n"), taken()]));
    let (mut connection, server, _) = connect("PIPELINING", acts).await;
    let everybody: Vec<String> = (0..101).map(|number| format!("user{number}@example.org")).collect();
    let accepted = connection.send(FROM, &everybody, MAIL).await.unwrap();
    assert_eq!(codes(&accepted), [vec![250; 100], vec![550]].concat());
    assert_eq!(accepted.recipients[100].address, "user100@example.org");
    server.heard().await;
}
