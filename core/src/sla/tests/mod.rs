//! Tables, properties and a simulated year.

mod clocks;
mod outlook;
mod settings;
mod working_hours;
mod year;

use super::{BusinessCalendar, History, Kept, Moment, Outlook, Plan, Plans, Sla, Subject, Target, What, WorkingHours};
use crate::settings::{MailboxName, Settings, from_toml};
use crate::ticket::Priority;
use jiff::Timestamp;

/// A time as people write it: `2026-11-23 10:00 Europe/Berlin`, or in UTC without a zone.
fn at(text: &str) -> Timestamp {
    let (time, zone) = match text.split_once(|c: char| c.is_ascii_alphabetic()) {
        Some((time, _)) => (time.trim(), text.get(time.len()..).unwrap()),
        None => (text.trim(), "UTC"),
    };
    let time: jiff::civil::DateTime = time.replace(' ', "T").parse().unwrap();
    time.in_tz(zone).unwrap().timestamp()
}

fn calendar(zone: &str, hours: &[&str], holidays: &[&str]) -> WorkingHours {
    let list = |texts: &[&str]| texts.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", ");
    let text = format!(
        "name = \"office\"\ntime_zone = \"{zone}\"\nhours = [{}]\nholidays = [{}]\n",
        list(hours),
        list(holidays)
    );
    toml::from_str::<BusinessCalendar>(&text).unwrap().compile().unwrap()
}

/// The `[[sla...]]` sections of a document with one sender and one mailbox.
fn settings(sla: &str) -> Result<Settings, Vec<String>> {
    let desk = "[[sender]]\nname = \"main\"\nfrom = \"desk@example.org\"\ntransport = \"folder\"\npath = \"/eml\"\n\n\
        [[mailbox]]\nname = \"support\"\naddress = \"desk@example.org\"\n\
        server = { host = \"imap.example.org\", port = 993, encryption = \"tls\" }\n\
        login = { username = \"desk\", password = { credential = \"imap\" } }\n\n";
    from_toml(&format!("{desk}{sla}")).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn plans(sla: &str) -> Plans {
    let sla: Sla = settings(sla).unwrap().sla;
    Plans::new(&sla)
}

fn choose<'a>(plans: &'a Plans, priority: Priority, customer: Option<&str>, tags: &[&str]) -> Option<&'a Plan> {
    let mailbox = MailboxName::parse("support").unwrap();
    let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
    plans.choose(Subject { priority, customer, mailbox: &mailbox, tags: &tags })
}

fn only(plans: &Plans) -> &Plan {
    choose(plans, Priority::Normal, None, &[]).unwrap()
}

fn history(moments: &[(&str, What)]) -> History {
    moments.iter().map(|(time, what)| Moment { at: at(time), what: *what }).collect()
}

fn kept(moments: &[(&str, What)]) -> Kept {
    Kept { history: history(moments), ..Kept::default() }
}

/// What is told, in words: `first response warning 80% mail`.
fn said(outlook: &Outlook) -> Vec<String> {
    let words = |telling: &super::Telling| {
        let clock = telling.mark.clock;
        let round = if clock.target == Target::NextResponse { format!(" {}", clock.round) } else { String::new() };
        let sign = match telling.mark.sign {
            super::Sign::Warning(lead) => format!("warning {lead}"),
            super::Sign::Breach => "breach".into(),
        };
        format!("{}{round} {sign}{}", clock.target.words(), if telling.mail { " mail" } else { "" })
    };
    outlook.tellings.iter().map(words).collect()
}
