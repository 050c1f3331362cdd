//! The console line by line (`--plain`): numbered choices and prompts, nothing is drawn over. For screen readers,
//! serial lines, and whoever likes it so.
//!
//! What it does are the commands, run in this process; each is shown before it runs, and any other can be typed.

mod ask;
mod menu;
mod queues;
mod setup;
mod tickets;

use crate::app::place::Place;
use crate::args::{Arguments, Colour, Global};
use crate::clock::Clock;
use crate::command;
use crate::failure::{Failure, report};
use crate::output::Output;
use ask::Talk;
use clap::Parser;

/// Asks and answers until the person leaves.
pub async fn run(global: &Global, place: Place) -> Result<(), Failure> {
    let global = Global { color: Colour::Never, ..global.clone() };
    let mut plain = Plain { talk: Talk::new(), global };
    match place {
        Place::Setup => setup::run(&mut plain).await,
        _ => menu::run(&mut plain).await,
    }
}

/// What every page works with.
struct Plain {
    talk: Talk,
    global: Global,
}

impl Plain {
    /// Runs a command whose outcome changes nothing of what comes next.
    async fn shows(&mut self, words: &[&str]) {
        self.does(words).await;
    }

    /// Runs a command as if it was typed in a shell; what fails is said and is no reason to end.
    async fn does(&mut self, words: &[&str]) -> bool {
        self.talk.say(&format!("$ maildesk {}", shell(words)));
        let parsed = match Arguments::try_parse_from(std::iter::once("maildesk").chain(words.iter().copied())) {
            Ok(Arguments { noun: Some(noun), .. }) => noun,
            Ok(_) => return false,
            Err(refusal) => {
                self.talk.say(refusal.render().to_string().trim_end());
                return false;
            }
        };
        let mut output = Output::of_process(&self.global, Clock::system());
        let ran = tokio::select! {
            ran = Box::pin(command::run(self.global.clone(), parsed, &mut output)) => ran.map(drop),
            // It ends what is under way, such as following events, and leads back.
            _ = tokio::signal::ctrl_c() => Ok(()),
        };
        let ran = ran.and_then(|()| output.flush().map_err(Failure::Output));
        if let Err(failure) = &ran {
            report(failure, false, &mut std::io::stderr().lock());
        }
        ran.is_ok()
    }
}

/// Words as a shell would take them.
fn shell(words: &[&str]) -> String {
    let simple =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:@".contains(c));
    let quoted =
        |word: &&str| if simple(word) { (*word).to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_command_is_shown_as_a_shell_takes_it() {
        assert_eq!(
            super::shell(&["ticket", "reply", "7", "--text", "It's done"]),
            "ticket reply 7 --text 'It'\\''s done'"
        );
        assert_eq!(super::shell(&["mailbox", "list", ""]), "mailbox list ''");
    }
}
