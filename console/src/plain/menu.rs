//! The first page: what can be done, by number; any command can be typed in its place.

use super::{Plain, queues, setup, tickets};
use crate::failure::Failure;

const CHOICES: [&str; 8] = [
    "What needs a person",
    "Tickets",
    "Mails to send, and quarantine",
    "Follow what happens (Ctrl-C ends it)",
    "Test mailboxes and senders",
    "Set up the desk, step by step",
    "Doctor: DNS, queue, disk, certificates",
    "Leave",
];

pub(super) async fn run(plain: &mut Plain) -> Result<(), Failure> {
    plain.talk.say("maildesk, line by line. Type a number, or a command such as: ticket list --status open");
    plain.does(&["status"]).await;
    loop {
        plain.talk.say("");
        CHOICES.iter().enumerate().for_each(|(at, words)| plain.talk.say(&format!("{:>2}  {words}", at + 1)));
        let Some(line) = plain.talk.ask("What next").await else { return Ok(()) };
        match line.trim() {
            "" => {}
            "1" => plain.shows(&["status"]).await,
            "2" => tickets::run(plain).await,
            "3" => queues::run(plain).await,
            "4" => plain.shows(&["events", "--follow"]).await,
            "5" => test(plain).await,
            "6" => setup::run(plain).await?,
            "7" => plain.shows(&["doctor"]).await,
            "0" | "8" | "q" | "quit" | "exit" => return Ok(()),
            typed => {
                let typed = typed.strip_prefix("maildesk ").unwrap_or(typed);
                let words: Vec<&str> = typed.split_whitespace().collect();
                plain.does(&words).await;
            }
        }
    }
}

async fn test(plain: &mut Plain) {
    plain.does(&["mailbox", "list"]).await;
    plain.does(&["sender", "list"]).await;
    let Some(what) = plain.talk.choose("Test which (0: back)", &["A mailbox", "A sender"]).await else { return };
    let Some(name) = plain.talk.ask("Its name").await.filter(|name| !name.is_empty()) else { return };
    let noun = if what == 0 { "mailbox" } else { "sender" };
    plain.does(&[noun, "test", &name]).await;
}
