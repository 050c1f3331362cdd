//! Fields below one another, and which has the focus.

use super::field::{Field, Kind};
use crate::app::key::Key;
use crate::app::screen::Typed;
use crate::app::text::EditedText;

#[derive(Debug, Default)]
pub struct Sheet {
    pub fields: Vec<Field>,
    pub focus: usize,
}

impl Sheet {
    pub fn new(fields: Vec<Field>) -> Self {
        Self { fields, focus: 0 }
    }

    pub fn focused(&self) -> Option<&Field> {
        self.fields.get(self.focus)
    }

    pub fn focused_mut(&mut self) -> Option<&mut Field> {
        self.fields.get_mut(self.focus)
    }

    pub fn field(&self, path: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.path == path)
    }

    /// What is in a field; empty where there is none.
    pub fn text(&self, path: &str) -> String {
        self.field(path).map(Field::text).unwrap_or_default()
    }

    /// Sets the focused field back.
    pub fn revert(&mut self) {
        if let Some(field) = self.focused_mut() {
            field.revert();
        }
        self.follow_secret();
    }

    /// Fills a field in, as if it was typed.
    pub fn set(&mut self, path: &str, text: &str) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.path == path) {
            field.input = EditedText::line(text);
            field.problem = None;
        }
    }

    /// Shows only these fields; the others keep what is in them.
    pub fn show_only(&mut self, paths: &[&str]) {
        self.fields.iter_mut().for_each(|field| field.hidden = !paths.contains(&field.path));
        self.focus = self.fields.iter().position(|field| !field.hidden).unwrap_or(0);
    }

    /// Moves the focus. The field that is left is checked; nothing keeps a person in it.
    pub fn go(&mut self, forward: bool) {
        if let Some(field) = self.focused_mut() {
            field.check();
        }
        let count = self.fields.len().max(1);
        for _ in 0..count {
            self.focus = (self.focus + if forward { 1 } else { count - 1 }) % count;
            if self.focused().is_some_and(|field| !field.hidden) {
                break;
            }
        }
    }

    /// The next choice of a field that has some, else the next field.
    pub fn choose(&mut self) {
        if !self.focused_mut().is_some_and(Field::next_choice) {
            self.go(true);
        }
        self.follow_secret();
    }

    /// Takes a key or a paste into the field that has the focus.
    pub fn typed(&mut self, typed: Typed) {
        let Some(field) = self.focused_mut() else { return };
        match typed {
            Typed::Key(key) if key == Key::char(' ') && !field.is_typed() => drop(field.next_choice()),
            Typed::Key(key) if field.is_typed() => drop(field.input.press(key)),
            Typed::Paste(text) if field.is_typed() => {
                // A pasted password often brings its line end along.
                let text = if field.kind == Kind::Secret { text.trim_end_matches(['\r', '\n']) } else { text.trim() };
                field.input.insert(text);
            }
            Typed::Key(_) | Typed::Paste(_) => {}
        }
        // What was wrong is looked at again with every key; what is typed for the first time is left in peace.
        if field.problem.is_some() {
            field.check();
        }
        self.follow_secret();
    }

    /// Fields that a person changed.
    pub fn changed(&self) -> usize {
        self.fields.iter().filter(|field| field.is_changed() && !field.hidden).count()
    }

    pub fn errors(&self) -> usize {
        self.fields.iter().filter(|field| field.problem.is_some()).count()
    }

    /// Checks every field that is shown; true where nothing is wrong.
    pub fn check(&mut self) -> bool {
        for field in &mut self.fields {
            match field.hidden {
                true => field.problem = None,
                false => field.check(),
            }
        }
        self.errors() == 0
    }

    /// To the first field with a problem.
    pub fn to_problem(&mut self) {
        if let Some(at) = self.fields.iter().position(|field| field.problem.is_some() && !field.hidden) {
            self.focus = at;
        }
    }

    /// Nothing is wrong with it after all.
    pub fn clear(&mut self, path: &str) {
        self.fields.iter_mut().filter(|field| field.path == path).for_each(|field| field.problem = None);
    }

    pub fn note(&mut self, path: &str, problem: String) {
        if let Some(field) = self.fields.iter_mut().find(|field| field.path == path) {
            field.problem = Some(problem);
        }
    }
}
