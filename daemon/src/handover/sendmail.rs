//! A program that takes a mail on its standard input, as sendmail does.

use crate::program;
use crate::smtp::wire_address;
use maildesk_core::diagnosis::server_said;
use maildesk_core::outbox::sysexits::{self, ProgramEnd};
use std::time::Duration;

/// How long the program may take for one mail.
const LIMIT: Duration = Duration::from_secs(120);

/// The program and its first arguments.
#[derive(Debug, Clone)]
pub struct Sendmail {
    command: Vec<String>,
}

/// What the program made of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub end: ProgramEnd,
    /// The program's words, or how it ended; one clean line.
    pub said: String,
    /// What that means.
    pub meaning: String,
}

impl Sendmail {
    /// What to try where the program does not take mail.
    pub const REMEDY: &str = "Run the command as the daemon's user and look at what it says; under systemd the unit's \
                              hardening may forbid what it needs (README, Other ways out).";

    pub fn new(command: &[String]) -> Self {
        Self { command: command.to_vec() }
    }

    /// Gives a mail to the program, with lines ended as programs on this system end them.
    pub async fn give(&self, from: &str, to: &str, mime: &[u8]) -> Given {
        let program = self.command.first().map(String::as_str).unwrap_or_default();
        let (Some(from), Some(to)) = (wire_address(from), wire_address(to)) else {
            let said = "an address cannot stand on a command line".to_owned();
            return Given { end: ProgramEnd::Never, meaning: said.clone(), said };
        };
        let more = ["-f".to_owned(), from, "--".to_owned(), to];
        let argv: Vec<String> = self.command.iter().cloned().chain(more).collect();
        match program::run(&argv, &without_carriage_returns(mime), LIMIT).await {
            Ok(finished) => {
                let (end, meaning) = sysexits::read(finished.status.code());
                let words = [finished.errors.as_slice(), finished.output.as_slice()].concat();
                let words = server_said(&String::from_utf8_lossy(&words));
                let said = match (end, words) {
                    (ProgramEnd::Taken, words) => words.unwrap_or_else(|| format!("handed to {program}")),
                    (_, Some(words)) => format!("{}: {words}", finished.status),
                    (_, None) => finished.status.to_string(),
                };
                Given { end, said, meaning: format!("{program}: {meaning}") }
            }
            Err(error) => {
                let said = error.to_string();
                Given { end: ProgramEnd::OutOfOrder, meaning: format!("{program}: {said}"), said }
            }
        }
    }
}

/// CR LF becomes LF; a CR by itself stays.
fn without_carriage_returns(mime: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(mime.len());
    let mut bytes = mime.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'\r' || bytes.peek() != Some(&b'\n') {
            out.push(byte);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn give(script: &str, to: &str) -> Given {
        let command = ["/bin/sh", "-c", script, "sendmail"].map(str::to_owned);
        Sendmail::new(&command).give("desk@example.org", to, b"Subject: x\r\n\r\na\rb\r\n").await
    }

    #[tokio::test]
    async fn the_program_gets_envelope_and_mail_and_its_status_is_read() {
        let given = give("echo \"$@\"; od -An -c | tr -d '\n '", "ann@example.org").await;
        assert_eq!(given.end, ProgramEnd::Taken);
        assert_eq!(given.said, r"-f desk@example.org -- ann@example.org Subject:x\n\na\rb\n");
        let refused = give("echo 'sendmail: no such user' >&2; exit 67", "ann@example.org").await;
        let want = (ProgramEnd::Never, "exit status: 67: sendmail: no such user");
        assert_eq!((refused.end, refused.said.as_str()), want);
        assert_eq!(refused.meaning, "/bin/sh: there is no such recipient (EX_NOUSER)");
        assert_eq!(give("exit 75", "a@b.example").await.end, ProgramEnd::Later);
        assert_eq!(give("exit 0", "no address").await.end, ProgramEnd::Never);
        let idn = give("echo \"$@\"", "ann@пример.рф").await;
        assert!(idn.said.ends_with("ann@xn--e1afmkfd.xn--p1ai"), "{}", idn.said);
        let missing = Sendmail::new(&["/no/such/sendmail".to_owned()]).give("a@b.example", "c@d.example", b"").await;
        assert!(missing.end == ProgramEnd::OutOfOrder && missing.said.contains("cannot be started"), "{missing:?}");
    }
}
