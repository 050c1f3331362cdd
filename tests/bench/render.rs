//! How long one acknowledgement takes from values to subject, HTML and text, with templates compiled once; beside it
//! the same text put together by `str::replace`, which escapes nothing and knows no languages.

use crate::table::{Table, verdict};
use anyhow::Result;
use maildesk_core::language::Language;
use maildesk_core::notification::{CompiledTemplates, Kind, Values, builtin, render, variables};
use std::hint::black_box;
use std::time::Instant;

/// What a rendered acknowledgement may take.
const MOST_MICROSECONDS: f64 = 100.0;

pub fn run(mails: usize) -> Result<()> {
    let kind = Kind::TicketAcknowledgement;
    let began = Instant::now();
    let templates = CompiledTemplates::builtin();
    let compiled = began.elapsed();
    let source = builtin(kind, Language::En);
    let text = source.text.clone().unwrap_or_default();
    let known: Vec<(String, &str)> =
        variables(kind).iter().map(|variable| (format!("${}", variable.name), variable.example)).collect();
    let (mut ours, mut peer) = (Vec::with_capacity(mails), Vec::with_capacity(mails));
    // In turns, so that a busy moment of the machine hits both.
    for round in 0..mails {
        let began = Instant::now();
        let values = Values::examples(variables(kind)).with("ticket.number", round.to_string());
        black_box(render(kind, Language::En, &templates, &values)?);
        ours.push(began.elapsed());
        let began = Instant::now();
        for part in [&source.subject, &source.html, &text] {
            black_box(known.iter().fold(part.clone(), |part, (name, value)| part.replace(name, value)));
        }
        peer.push(began.elapsed());
    }
    let all = Kind::ALL.len() * Language::ALL.len();
    println!("{mails} acknowledgements; {all} templates were compiled once, in {:.1} ms", compiled.as_secs_f64() * 1e3);
    let mut table = Table::default();
    table.row(&["microseconds", "median", "99 %", "mean", "median under 100"].map(str::to_owned));
    for (name, times) in [("maildesk", &mut ours), ("str::replace", &mut peer)] {
        times.sort_unstable();
        let at = |share: usize| times.get(times.len() * share / 100).map_or(0.0, |time| time.as_secs_f64() * 1e6);
        let mean = times.iter().sum::<std::time::Duration>().as_secs_f64() * 1e6 / times.len().max(1) as f64;
        let figures = [at(50), at(99), mean].map(|time| format!("{time:.1}"));
        let held = if name == "maildesk" { verdict(at(50) < MOST_MICROSECONDS) } else { String::new() };
        table.row(&std::iter::once(name.to_owned()).chain(figures).chain([held]).collect::<Vec<_>>());
    }
    table.print();
    Ok(())
}
