//! Where to start: the fields of the choice, and how many mails each choice takes.

use crate::screen::channels::{Field, Kind, Sheet};
use maildesk_core::check::{CheckReport, CheckStep, Stage};
use maildesk_core::settings::{FirstImport, Mailbox};
use std::collections::BTreeMap;

/// Mails that a choice would take, as tests have counted them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    pub in_folder: Option<u64>,
    pub unread: Option<u64>,
    /// By what stands in `first_import`.
    by_choice: BTreeMap<String, u64>,
}

impl Counts {
    /// Learns from the test of a mailbox that takes this.
    pub fn learn(&mut self, first_import: &str, report: &CheckReport) {
        let value = |stage: Stage, label: &str| {
            let step = report.steps.iter().find(|step: &&CheckStep| step.step == stage)?;
            let (_, value) = step.found.iter().find(|(known, _)| known == label)?;
            value.parse().ok()
        };
        self.in_folder = value(Stage::Folder, "mails").or(self.in_folder);
        self.unread = value(Stage::Folder, "unread").or(self.unread);
        if let Some(mails) = value(Stage::NextPoll, "mails") {
            self.by_choice.insert(first_import.to_owned(), mails);
        }
    }

    /// Mails that this choice takes, where it is known.
    pub fn of(&self, first_import: &str) -> Option<u64> {
        match first_import {
            "from_now" => Some(0),
            other => self.by_choice.get(other).copied().or(if other == "unread" { self.unread } else { None }),
        }
    }
}

/// The choice and its day.
pub(super) fn sheet(known: Option<&Mailbox>) -> Sheet {
    let choices = ["from_now", "unread", "since"].map(str::to_owned).to_vec();
    let help = "from_now: only mail that arrives from now on. unread: all unread mail. since: unread mail since a day. \
                Old mail is never acknowledged, and stays where it is. Enter: next.";
    let day = "The day from which unread mail is taken, such as 2026-03-01, by the clock of the mail server.";
    let mut sheet = Sheet::new(vec![
        Field::new("choice", "Take", Kind::Choice(choices), help).required(),
        Field::new("day", "Since", Kind::Text, day),
    ]);
    let (choice, day) = match known.map(|mailbox| mailbox.first_import).unwrap_or_default() {
        FirstImport::FromNow => ("from_now", String::new()),
        FirstImport::Unread => ("unread", String::new()),
        FirstImport::Since(day) => ("since", day.to_string()),
    };
    sheet.set("choice", choice);
    sheet.set("day", &day);
    sheet
}

/// What stands in `first_import`; the day has a problem otherwise.
pub(super) fn first_import(sheet: &mut Sheet) -> Option<String> {
    match sheet.text("choice").as_str() {
        "since" => {
            let day = sheet.text("day").trim().to_owned();
            if day.parse::<jiff::civil::Date>().is_err() {
                sheet.note("day", "must be a day such as 2026-03-01".into());
                return None;
            }
            sheet.fields.iter_mut().for_each(|field| field.problem = None);
            Some(day)
        }
        choice => Some(choice.to_owned()),
    }
}
