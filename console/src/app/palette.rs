//! The command palette: every action of every screen, found by a few letters; `:484` goes to ticket #484.

use super::cursor::Cursor;
use super::desk::Goal;
use super::key::{Code, Key};
use super::overlay::{Outcome, step};
use super::text::EditedText;
use crate::action::{self, Context, Entry, SameAs};
use maildesk_core::ids::TicketNumber;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    /// Where it was opened: what can be done here comes first.
    pub context: Context,
    pub input: EditedText,
    pub cursor: Cursor,
}

/// A line of the palette.
#[derive(Debug, Clone, Copy)]
pub enum Line {
    Ticket(TicketNumber),
    Entry(&'static Entry),
}

impl Palette {
    pub fn new(context: Context) -> Self {
        Self { context, input: EditedText::line(""), cursor: Cursor::default() }
    }

    /// What fits the letters typed: what can be done here first, then by how early the letters stand.
    pub fn found(&self) -> Vec<Line> {
        let wanted = self.input.text().trim().to_lowercase();
        let number = wanted.trim_start_matches(['#', ':']).parse().ok().map(TicketNumber);
        let here = self.context.chain();
        let mut found: Vec<((usize, usize), &'static Entry)> = action::all()
            .filter_map(|entry| Some((fit(&searched(entry), &wanted)?, entry)))
            .map(|(fit, entry)| ((fit, here.iter().position(|at| *at == entry.at).unwrap_or(here.len())), entry))
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        number.map(Line::Ticket).into_iter().chain(found.into_iter().map(|(_, entry)| Line::Entry(entry))).collect()
    }

    pub(super) fn press(&mut self, key: Key) -> Outcome {
        let found = self.found();
        if let Some(way) = step(key) {
            self.cursor.go(way, found.len());
            return Outcome::Stays;
        }
        match (key.code, found.get(self.cursor.at)) {
            (Code::Enter, Some(Line::Ticket(number))) => Outcome::Goes(Goal::Ticket(*number)),
            (Code::Enter, Some(Line::Entry(entry))) => Outcome::Does(entry.action, entry.at),
            (Code::Enter, None) => Outcome::Stays,
            (Code::Tab, Some(Line::Entry(entry))) => {
                self.input = EditedText::line(entry.title);
                Outcome::Stays
            }
            _ => {
                self.input.press(key);
                self.cursor.at = 0;
                Outcome::Stays
            }
        }
    }
}

/// What the letters are looked for in: the sentence, the place, and the command that does the same.
fn searched(entry: &Entry) -> String {
    let command = match entry.same_as {
        SameAs::Command(command) => command.strip_prefix("maildesk ").unwrap_or(command),
        SameAs::Nothing(_) => "",
    };
    format!("{} {} {command}", entry.title, entry.at.name()).to_lowercase()
}

/// How well letters fit: 0 as words of the text, else the number of gaps between them; None where they do not.
fn fit(text: &str, wanted: &str) -> Option<usize> {
    if wanted.split_whitespace().all(|word| text.contains(word)) {
        return Some(0);
    }
    let mut gaps = 1;
    let mut rest = text.chars();
    for letter in wanted.chars().filter(|letter| !letter.is_whitespace()) {
        let skipped = rest.by_ref().position(|other| other == letter)?;
        gaps += usize::from(skipped > 0);
    }
    Some(gaps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Action;

    fn first(context: Context, typed: &str) -> Option<Action> {
        let mut palette = Palette::new(context);
        palette.input.insert(typed);
        palette.found().into_iter().find_map(|line| match line {
            Line::Entry(entry) => Some(entry.action),
            Line::Ticket(_) => None,
        })
    }

    #[test]
    fn a_few_letters_are_enough() {
        assert_eq!(first(Context::Live, "pause"), Some(Action::Pause));
        assert_eq!(first(Context::Home, "events follow"), Some(Action::Go(crate::app::place::Place::Live)));
        assert_eq!(first(Context::Home, "zzzz"), None);
        assert_eq!(fit("pause, or follow", "pfol"), Some(2));
    }

    #[test]
    fn a_number_leads_to_its_ticket() {
        let mut palette = Palette::new(Context::Home);
        palette.input.insert("#484");
        assert_eq!(palette.press(Key::of(Code::Enter)), Outcome::Goes(Goal::Ticket(TicketNumber(484))));
    }
}
