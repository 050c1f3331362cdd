//! One question, one line of answer.

use crate::output::Page;
use maildesk_core::text::clean_block;
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use std::io::{BufRead, Write};

/// The person at the other end. `None` as an answer: they left (Ctrl-C, Ctrl-D, a line that went dead).
pub(super) struct Talk(());

impl Talk {
    pub(super) fn new() -> Self {
        Self(())
    }

    /// Says a line or several; control characters of foreign text do not get through.
    pub(super) fn say(&mut self, text: &str) {
        let mut to = std::io::stdout().lock();
        // Nobody is left to tell when the line is closed; the next question ends it all.
        drop(writeln!(to, "{}", clean_block(text)));
    }

    pub(super) fn show(&mut self, page: &Page) {
        self.say(page.to_text(false).trim_end());
    }

    /// Asks for a line.
    pub(super) async fn ask(&mut self, question: &str) -> Option<String> {
        self.read(question, true).await
    }

    /// Asks for a secret: what is typed is not shown.
    pub(super) async fn ask_secret(&mut self, question: &str) -> Option<String> {
        self.read(question, false).await
    }

    /// Asks for one of a few things by number; 0 and an empty line lead back.
    pub(super) async fn choose(&mut self, question: &str, choices: &[&str]) -> Option<usize> {
        loop {
            choices.iter().enumerate().for_each(|(at, words)| self.say(&format!("{:>2}  {words}", at + 1)));
            let line = self.ask(question).await?;
            match line.parse::<usize>() {
                Ok(number) if (1..=choices.len()).contains(&number) => return Some(number - 1),
                Ok(0) => return None,
                _ if line.is_empty() => return None,
                _ => self.say(&format!("Type a number from 1 to {}, or 0 to go back.", choices.len())),
            }
        }
    }

    /// Asks before something is done; only yes does it.
    pub(super) async fn confirm(&mut self, question: &str) -> bool {
        let answer = self.ask(&format!("{question} (y or n)")).await;
        answer.is_some_and(|answer| matches!(answer.to_lowercase().as_str(), "y" | "yes"))
    }

    /// Asks for a text of several lines, ended by a dot alone.
    pub(super) async fn ask_text(&mut self, question: &str) -> Option<String> {
        self.say(&format!("{question} A line with only a dot ends it; a dot at once leads back."));
        let mut text = String::new();
        loop {
            match self.ask("").await?.as_str() {
                "." => return Some(text).filter(|text| !text.trim().is_empty()),
                line => text.push_str(&format!("{line}\n")),
            }
        }
    }

    async fn read(&mut self, question: &str, shown: bool) -> Option<String> {
        let mark = if question.is_empty() { String::new() } else { format!("{}: ", clean_block(question)) };
        // Held here and not by the thread that reads: who leaves with Ctrl-C never ends that.
        let hidden = (!shown).then(Hidden::begin);
        let read = tokio::task::spawn_blocking(move || {
            let mut to = std::io::stdout().lock();
            write!(to, "{mark}").and_then(|()| to.flush()).ok()?;
            drop(to);
            let mut line = String::new();
            let count = std::io::stdin().lock().read_line(&mut line).ok()?;
            (count > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
        });
        let line = tokio::select! {
            read = read => read.ok().flatten().map(|line| if shown { line.trim_end().to_owned() } else { line }),
            _ = tokio::signal::ctrl_c() => None,
        };
        if hidden.is_some() {
            drop(writeln!(std::io::stdout().lock()));
        }
        line
    }
}

/// While it lives, what is typed is not shown.
struct Hidden(Option<rustix::termios::Termios>);

impl Hidden {
    fn begin() -> Self {
        let stdin = std::io::stdin();
        let before = tcgetattr(&stdin).ok();
        if let Some(before) = &before {
            let mut hidden = before.clone();
            hidden.local_modes.remove(LocalModes::ECHO);
            // A terminal that cannot hide it shows it: that is no reason not to ask.
            tcsetattr(&stdin, OptionalActions::Flush, &hidden).unwrap_or_default();
        }
        Self(before)
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            tcsetattr(std::io::stdin(), OptionalActions::Flush, before).unwrap_or_default();
        }
    }
}
