//! The command line: flags that every command takes, and the nouns.

use crate::command;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

/// Where maildeskd listens unless told otherwise.
pub const DEFAULT_SOCKET: &str = "/run/maildesk/maildesk.sock";

/// maildesk: ask and steer the mail engine of a support desk. Without a command, on a terminal: the console.
#[derive(Debug, Parser)]
#[command(name = "maildesk", version, after_help = EXIT_CODES)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    /// Without a command, the console: only ASCII signs (also without a UTF-8 locale)
    #[arg(long)]
    pub ascii: bool,
    /// The console and setup line by line: numbered choices, nothing drawn over (also ACCESSIBLE=1)
    #[arg(long)]
    pub plain: bool,
    #[command(subcommand)]
    pub noun: Option<Noun>,
}

const EXIT_CODES: &str = "Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 conflict, 5 refused by validation, \
6 findings, 69 daemon unavailable, 77 no permission, 130 interrupted.";

#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Socket of maildeskd [default: $MAILDESK_SOCKET or /run/maildesk/maildesk.sock]
    #[arg(long, global = true, value_name = "PATH")]
    pub socket: Option<PathBuf>,
    /// How long one call may take: 10s, 500ms, 2m; look-ups, tests of servers and the fetching of large mail take longer
    #[arg(long, global = true, default_value = "10s", value_parser = duration, value_name = "TIME")]
    pub timeout: Duration,
    /// Answer with JSON for scripts; errors are JSON on standard error
    #[arg(long, global = true)]
    pub json: bool,
    /// Colours; auto means on a terminal and without NO_COLOR
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub color: Colour,
}

impl Global {
    /// The socket to use: flag, then environment, then default.
    pub fn socket(&self) -> PathBuf {
        let from_environment = || std::env::var_os("MAILDESK_SOCKET").filter(|path| !path.is_empty());
        self.socket.clone().or_else(|| from_environment().map(PathBuf::from)).unwrap_or_else(|| DEFAULT_SOCKET.into())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Noun {
    /// First run: set up the desk step by step, in the console; goes on where it was left
    Setup,
    /// How the daemon, its mailboxes, senders and storage fare
    Status(command::status::Arguments),
    /// Why mail lands in spam or does not go out: SPF, DKIM, DMARC, MX, reverse DNS, queue, clock, disk, secrets
    Doctor(command::doctor::Arguments),
    /// Keys that sign mail
    #[command(subcommand)]
    Dkim(command::dkim::Verb),
    /// All settings as one TOML document: export, compare, apply
    #[command(subcommand)]
    Settings(command::settings::Verb),
    /// Mailboxes that are polled
    #[command(subcommand)]
    Mailbox(command::mailbox::Verb),
    /// Senders that mail goes out by
    #[command(subcommand)]
    Sender(command::sender::Verb),
    /// Tickets: list, read, answer, resolve
    #[command(subcommand)]
    Ticket(command::ticket::Verb),
    /// Due times of tickets, and holidays
    #[command(subcommand)]
    Sla(command::sla::Verb),
    /// Mails to send and what became of them
    #[command(subcommand)]
    Outbox(command::outbox::Verb),
    /// Addresses that are not written to, because mail to them came back
    #[command(subcommand)]
    Suppression(command::suppression::Verb),
    /// People whose mail is dropped
    #[command(subcommand)]
    Block(command::block::Verb),
    /// People who work tickets
    #[command(subcommand)]
    Agent(command::agent::Verb),
    /// People who are asked by mail to join: as agents, or as contacts with a confirmed address
    #[command(subcommand)]
    Invitation(command::invitation::Verb),
    /// Keys that sign reply tokens
    #[command(subcommand)]
    Token(command::token::Verb),
    /// Who changed what
    #[command(subcommand)]
    Audit(command::audit::Verb),
    /// Mails that need a person, with the raw mail kept
    #[command(subcommand)]
    Quarantine(command::quarantine::Verb),
    /// The verdict log: what became of each mail, and why
    #[command(subcommand)]
    Mail(command::mail::Verb),
    /// Rules over inbound mail: list, change, try on one mail or on the last ones, presets
    #[command(subcommand)]
    Filter(command::filter::Verb),
    /// The mails that maildesk writes by itself: read, change, try
    #[command(subcommand)]
    Template(command::template::Verb),
    /// Named answers with what is done beside them: keep them, try them, apply them to tickets
    #[command(subcommand)]
    Macro(command::macros::Verb),
    /// Attachments of a ticket's entries
    #[command(subcommand)]
    Attachment(command::attachment::Verb),
    /// What happens, as it happens
    Events(command::events::Arguments),
    /// The newest lines of the daemon's log, without the journal
    Logs(command::logs::Arguments),
    /// People who write
    #[command(subcommand)]
    Contact(command::contact::Verb),
    /// Organisations, known by their domains
    #[command(subcommand)]
    Customer(command::customer::Verb),
    /// Completions for a shell, to standard output
    Completions(command::completions::Arguments),
}

/// Reads `10`, `10s`, `500ms` or `2m`; more than an hour is a typing error.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.strip_prefix(digits).unwrap_or_default();
    let number: u64 = digits.parse().map_err(|_| "use a whole number with s, ms or m, such as 10s".to_owned())?;
    let milliseconds = match unit {
        "" | "s" => number.checked_mul(1000),
        "ms" => Some(number),
        "m" => number.checked_mul(60_000),
        _ => return Err("the unit is s, ms or m".into()),
    };
    match milliseconds {
        Some(fits @ 1..=3_600_000) => Ok(Duration::from_millis(fits)),
        _ => Err("must be between 1ms and 60m".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn durations() {
        let read = |text| duration(text).map(|d| d.as_millis());
        assert_eq!([read("10"), read("500ms"), read("2m")], [Ok(10_000), Ok(500), Ok(120_000)]);
        for bad in ["", "s", "0", "61m", "10h", "-1s", "1.5s", "99999999999999999999m"] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }
}
