//! A year of 10,000 tickets on a real store, with kill -9 at random moments: every warning and every breach stands in
//! the outbox once, and none is missing.
//!
//! `MAILDESK_SEED` repeats a year, `MAILDESK_KILLS` sets how often it is killed (default 40).

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "all of this file is a test")]

#[path = "clock_year/desk.rs"]
mod desk;
#[path = "clock_year/life.rs"]
mod life;
#[path = "clock_year/minutes.rs"]
mod minutes;
#[path = "clock_year/promise.rs"]
mod promise;
#[path = "clock_year/story.rs"]
mod story;

use desk::number;
use life::Life;
use maildesk_core::ids::OutboxId;
use maildesk_core::notification::Kind;
use maildesk_core::ticket::EntryKind;
use maildesk_daemon::store::{Store, clocks, entries, outbox};
use promise::{Promise, promises};
use std::collections::{BTreeMap, BTreeSet};
use story::{Dice, TICKETS, Year, begins};

/// The desk's side; does nothing as a test of its own.
#[test]
fn child() {
    life::live_until_killed();
}

#[test]
fn each_warning_and_breach_of_a_year_is_in_the_outbox_once() {
    let from_environment = |name: &str| std::env::var(name).ok().map(|number| number.parse::<u64>().unwrap());
    let seed = from_environment("MAILDESK_SEED").unwrap_or_else(another);
    let kills = from_environment("MAILDESK_KILLS").unwrap_or(40);
    println!("MAILDESK_SEED={seed}");
    // Killed is not without power: what was written stays also where it is kept in memory only.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let year = Year::of(seed);
    let acts = year.acts.len() as u64;
    let mut dice = Dice::of(seed.wrapping_add(1));
    let mut moments: Vec<u64> = (0..kills).map(|_| dice.below(acts)).collect();
    moments.sort_unstable();
    let mut early = 0;
    for (kill, moment) in moments.into_iter().enumerate() {
        let mut life = Life::begin(folder.path(), seed);
        // Some die while their store opens, the others at a moment of the year, somewhere within a commit or a look.
        if kill % 6 == 5 {
            early += u32::from(life.die_within(dice.below(80)) == 0);
        } else {
            life.wait_for(moment);
            life.die_within(dice.below(12));
        }
    }
    Life::begin(folder.path(), seed).end();
    println!("killed {kills} times, {early} of them before the store was open");
    assert!(kills < 10 || early > 0, "no kill met the start");
    check(&desk::open(&folder.path().join("store")), promises(&year));
}

/// Another year each time; a failure prints which.
fn another() -> u64 {
    u64::from(std::process::id())
}

fn check(store: &Store, promises: Vec<Promise>) {
    let (mut want_thread, mut want_mails) = (Vec::new(), Vec::new());
    let mut want_marks = vec![0; TICKETS + 1];
    let (mut warnings, mut breaches) = (0, 0);
    for promise in promises {
        let Promise { ticket, said, told } = promise;
        want_marks[ticket.0 as usize] += 1;
        let Some(said) = said else { continue };
        let breach = said.contains(" was due ");
        *(if breach { &mut breaches } else { &mut warnings }) += 1;
        want_mails.extend(told.map(|to| (ticket, said.clone(), breach, to.to_owned())));
        want_thread.push((ticket, said, told.unwrap_or_default().to_owned()));
    }
    let mut thread = Vec::new();
    let mut texts = BTreeMap::new();
    for ticket in (0..TICKETS).map(number) {
        for entry in entries::list(store, ticket, None, 10_000).unwrap() {
            if entry.kind == EntryKind::Sla {
                let (said, told) = entry.text.split_once("; told ").unwrap_or((&entry.text, ""));
                texts.insert((ticket, entry.number), said.to_owned());
                thread.push((ticket, said.to_owned(), told.to_owned()));
            }
        }
        let told = clocks::get(store, ticket).unwrap().unwrap().told;
        let marks: BTreeSet<_> = told.iter().map(|told| told.mark).collect();
        assert_eq!(marks.len(), told.len(), "#{ticket} was told one thing twice: {told:?}");
        assert_eq!(marks.len(), want_marks[ticket.0 as usize], "#{ticket} was told {told:?}");
    }
    let mut mails = Vec::new();
    let mut before: Option<OutboxId> = None;
    loop {
        let window = outbox::list(store, &Default::default(), before, 500, begins()).unwrap();
        let Some(last) = window.last() else { break };
        before = Some(last.id);
        for mail in &window {
            let (ticket, entry) = (mail.ticket.unwrap(), mail.entry.unwrap());
            let said = texts.get(&(ticket, entry)).unwrap_or_else(|| panic!("mail {} is about nothing", mail.id));
            let name = mail.to.to_string().split('@').next().unwrap().to_owned();
            assert!(outbox::message(store, mail.id).unwrap().is_some(), "mail {} has no bytes", mail.id);
            mails.push((ticket, said.clone(), mail.kind == Kind::SlaBreached, name));
        }
    }
    same("in the threads", thread, want_thread);
    println!("{warnings} warnings, {breaches} breaches, {} mails", mails.len());
    assert!(warnings > 5_000 && breaches > 3_000 && mails.len() > 10_000, "the year was too quiet");
    same("in the outbox", mails, want_mails);
}

/// Compares, and names the first that is missing or too many.
fn same<T: Ord + std::fmt::Debug>(place: &str, mut found: Vec<T>, mut want: Vec<T>) {
    found.sort_unstable();
    want.sort_unstable();
    let differs = found.iter().zip(&want).position(|(found, want)| found != want);
    let first = differs.unwrap_or(found.len().min(want.len()));
    let show = |list: &[T]| {
        let around = list.iter().skip(first.saturating_sub(2)).take(5);
        around.map(|item| format!("  {item:?}\n")).collect::<String>()
    };
    assert!(found == want, "{place}, around number {first}:\n{}wanted:\n{}", show(&found), show(&want));
}
