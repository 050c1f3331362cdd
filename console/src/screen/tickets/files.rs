//! Files that go along with the answer that is being written: chosen, listed, taken off, kept in the draft.

use super::compose::{Compose, Writing};
use super::state::State;
use crate::action::Action;
use crate::app::attached::AttachedFile;
use crate::app::desk::Desk;
use crate::app::message::Effect;
use crate::app::overlay::{Prompt, Purpose};
use crate::output::{Page, Span, Style, size};
use maildesk_core::rpc::{MOST_FILE_BYTES, MOST_FILES};

impl Compose {
    /// The name of the draft that lists its files.
    pub(super) fn files_draft(&self) -> String {
        format!("{}-files", self.draft())
    }

    /// Keeps which files go along, or forgets it where none does.
    pub(super) fn keep_files(&self, desk: &mut Desk) {
        let paths: Vec<String> = self.files.iter().map(|file| file.path.display().to_string()).collect();
        desk.effect(Effect::KeepDraft { name: self.files_draft(), text: paths.join("\n") });
    }

    /// Why a file cannot go along, if so.
    fn refuses(&self, file: &AttachedFile) -> Option<String> {
        let together = self.files.iter().map(|file| file.size).sum::<u64>() + file.size;
        if self.files.iter().any(|other| other.path == file.path) {
            return Some(format!("{} goes along already", file.name));
        }
        if self.files.len() >= MOST_FILES {
            return Some(format!("{MOST_FILES} files go along with an answer at the most"));
        }
        let most = MOST_FILE_BYTES >> 20;
        (together > MOST_FILE_BYTES)
            .then(|| format!("with {} the files are larger than {most} MiB together: leave some out", file.name))
    }

    /// The files with their numbers, by which they are taken off.
    pub(super) fn files_page(&self) -> Page {
        let mut page = Page::default();
        if self.files.is_empty() {
            return page;
        }
        let file = |(at, file): (usize, &AttachedFile)| {
            let size = size::bytes(file.size);
            Span::plain(format!("[{}] {} {size} ", at + 1, file.name))
        };
        page.line(std::iter::once(Span::dim("files")).chain(self.files.iter().enumerate().map(file)));
        page
    }

    /// The files in one line, for the review.
    pub(super) fn files_line(&self) -> Option<String> {
        let file = |file: &AttachedFile| format!("{} {}", file.name, size::bytes(file.size));
        let all: Vec<String> = self.files.iter().map(file).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }
}

impl State {
    /// Asks for the file that goes along, or for the one that no longer does.
    pub(super) fn ask_for_file(&mut self, action: Action, desk: &mut Desk) {
        let Some(compose) = &mut self.compose else { return };
        match (action, compose.files.as_slice()) {
            (Action::Attach, _) => {
                let help = "path of a file on this machine; ~/ is your home";
                desk.prompt(Prompt::new(Purpose::AttachFile, "Attach a file", help, ""));
            }
            (_, []) => {}
            (_, [_]) => compose.detach("1", desk),
            (_, files) => {
                let numbered = files.iter().enumerate().map(|(at, file)| format!("{} {}", at + 1, file.name));
                let help = numbered.collect::<Vec<_>>().join(", ");
                desk.prompt(Prompt::new(Purpose::DetachFile, "Take off the file with number", help, ""));
            }
        }
    }

    /// The person entered a path or a number.
    pub(super) fn told_of_file(&mut self, purpose: Purpose, line: String, desk: &mut Desk) {
        let Some(compose) = &mut self.compose else { return };
        match purpose {
            _ if line.is_empty() => {}
            Purpose::AttachFile => desk.effect(Effect::LookAtFile { draft: compose.files_draft(), path: line }),
            _ => compose.detach(&line, desk),
        }
    }

    /// A file was looked at: it goes along, or why it cannot.
    pub(super) fn attach(&mut self, draft: &str, seen: Result<AttachedFile, String>, desk: &mut Desk) {
        let Some(compose) = self.compose.as_mut().filter(|compose| compose.files_draft() == draft) else { return };
        let seen = seen.and_then(|file| match compose.refuses(&file) {
            Some(reason) => Err(reason),
            None => Ok(file),
        });
        match seen {
            Ok(file) => {
                desk.say(Style::Good, format!("{} goes along, {}", file.name, size::bytes(file.size)));
                compose.files.push(file);
                compose.keep_files(desk);
            }
            Err(reason) => desk.say(Style::Bad, reason),
        }
    }

    /// The files of an earlier console are looked at once more: they may be gone.
    pub(super) fn files_of_draft(&mut self, name: &str, paths: &str, desk: &mut Desk) {
        if let (None, Some(thread)) = (&self.compose, &self.thread) {
            let compose = Compose::new(thread.number, Writing::Reply, "");
            self.compose = Some(compose).filter(|compose| compose.files_draft() == name);
        }
        let is_meant = |compose: &&Compose| compose.files_draft() == name && compose.files.is_empty();
        if self.compose.as_ref().filter(is_meant).is_some() {
            for path in paths.lines() {
                desk.effect(Effect::LookAtFile { draft: name.to_owned(), path: path.to_owned() });
            }
        }
    }
}

impl Compose {
    fn detach(&mut self, number: &str, desk: &mut Desk) {
        let at = number.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        match at.filter(|at| *at < self.files.len()) {
            Some(at) => {
                let gone = self.files.remove(at);
                desk.say(Style::Good, format!("{} does not go along", gone.name));
                self.keep_files(desk);
            }
            None => desk.say(Style::Bad, format!("no file has the number '{}'", number.trim())),
        }
    }
}
