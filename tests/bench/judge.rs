//! How fast a mail becomes a plan, on one core and without any I/O, beside bare mail-parser on the same mails.
//!
//! Both take turns on a few mails at a time, and of each few the best round counts: a moment in which the machine does
//! something else hits neither for good.

use crate::corpus;
use crate::table::{Table, verdict};
use jiff::Timestamp;
use mail_parser::MessageParser;
use maildesk_core::filter::{
    CompiledFilters, Condition, Field, Filter, FilterName, Filtering, Matching, Then, compile,
};
use maildesk_core::ids::{ContactId, MailId, TicketNumber, Uid, UidValidity};
use maildesk_core::mail::{Limits, Parsed, parse};
use maildesk_core::route::token::TokenKeys;
use maildesk_core::route::{DeskRules, Fresh, Kept, Lookups, Origin, plan, wanted};
use maildesk_core::settings::{MailboxName, ZoneName};
use maildesk_core::verdict::{OwnIdentity, facts};
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const ROUNDS: usize = 7;
/// Mails between two turns: under a millisecond, much shorter than what a busy machine gives a program at once.
const TURN: usize = 4;
/// Judging does all that the parser does and then reads what it found.
const LEAST_RATIO: f64 = 0.25;

/// Measures made mails and, where they are beside the project, those of strangers.
pub fn run(mails: usize, seed: u64) {
    let mut table = Table::default();
    table.row(&["mails", "count", "MB", "maildesk", "", "mail-parser", "", "ratio", ""].map(str::to_owned));
    compare("made, 4 kB each", &corpus::small_mails(mails, seed).collect::<Vec<_>>(), &mut table);
    if let Some(strangers) = strangers() {
        compare("of strangers", &strangers, &mut table);
    }
    table.print();
}

fn strangers() -> Option<Vec<Vec<u8>>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora");
    let place = std::env::var_os("MAILDESK_CORPORA").map_or(beside, PathBuf::from);
    let list = fs::read_to_string(place.join("list.txt")).ok()?;
    let read = |name: &str| fs::read(place.join("mails").join(name)).ok();
    Some(list.lines().filter_map(read).collect())
}

fn compare(what: &str, mails: &[Vec<u8>], table: &mut Table) {
    let desk = Desk::new();
    let parser = MessageParser::default();
    let (mut ours, mut theirs) = (Duration::ZERO, Duration::ZERO);
    for few in mails.chunks(TURN) {
        let (mut our_best, mut their_best) = (Duration::MAX, Duration::MAX);
        for _ in 0..ROUNDS {
            our_best = our_best.min(time(few, |raw| desk.judge(raw)));
            their_best = their_best.min(time(few, |raw| drop(black_box(parser.parse(raw)))));
        }
        ours += our_best;
        theirs += their_best;
    }
    let bytes: usize = mails.iter().map(Vec::len).sum();
    let megabytes = bytes as f64 / 1e6;
    let speed = |time: Duration| {
        let seconds = time.as_secs_f64();
        [format!("{:.0} mails/s", mails.len() as f64 / seconds), format!("{:.0} MB/s", megabytes / seconds)]
    };
    let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
    let [ours, our_bytes] = speed(ours);
    let [theirs, their_bytes] = speed(theirs);
    let figures =
        [what.into(), mails.len().to_string(), format!("{megabytes:.1}"), ours, our_bytes, theirs, their_bytes];
    let held = [format!("{ratio:.2}"), verdict(ratio >= LEAST_RATIO)];
    table.row(&figures.into_iter().chain(held).collect::<Vec<_>>());
}

fn time(mails: &[Vec<u8>], mut judge: impl FnMut(&[u8])) -> Duration {
    let start = Instant::now();
    mails.iter().for_each(|raw| judge(raw));
    start.elapsed()
}

/// A desk with a handful of rules.
struct Desk {
    limits: Limits,
    own: OwnIdentity,
    filters: CompiledFilters,
    key: TokenKeys,
    mailbox: MailboxName,
}

impl Desk {
    fn new() -> Self {
        let own = OwnIdentity {
            addresses: vec!["desk@desk.test".into()],
            message_id_domains: vec!["desk.test".into()],
            loop_header_value: "bench".into(),
            authserv_ids: vec!["mx.bench.test".into()],
        };
        let mailbox = MailboxName::parse("support").expect("a name");
        Self { limits: Limits::default(), own, filters: filters(), key: TokenKeys::new([7; 32]), mailbox }
    }

    fn judge(&self, raw: &[u8]) {
        let Parsed::Mail(mail) = parse(raw, &self.limits) else { return };
        let facts = facts(&mail, &self.own);
        let origin = Origin {
            mailbox: self.mailbox.clone(),
            uid_validity: UidValidity(1),
            uid: Uid(1),
            received: None,
            old: false,
            acknowledge: true,
            released: false,
            size: raw.len() as u64,
            raw: None,
        };
        let fresh = Fresh { mail: MailId(1), contact: ContactId(1), ticket: TicketNumber(1) };
        let zone = ZoneName::default();
        let own = &self.own.addresses;
        let desk = DeskRules { keys: &self.key, own, agents: &[], reopen_days: 14, zone: &zone };
        let (wanted, found) = (wanted(&mail, &facts, &desk, None), Lookups::default());
        let (kept, now) = (Kept::default(), Timestamp::UNIX_EPOCH);
        black_box(plan(
            &mail,
            &facts,
            &origin,
            &wanted,
            &found,
            &kept,
            Filtering::Rules(&self.filters),
            &desk,
            fresh,
            now,
        ));
    }
}

fn filters() -> CompiledFilters {
    let rule = |name: &str, condition: Condition| Filter {
        name: FilterName::parse(name).expect("a name"),
        enabled: true,
        matching: Matching::All,
        when: vec![condition],
        then: Then { tags: vec![name.into()], ..Then::default() },
    };
    let contains = |field, text: &str| Condition { contains: Some(text.into()), ..Condition::on(field) };
    let backups = Condition { regex: Some("^\\[backup\\] .* (ok|done)$".into()), ..Condition::on(Field::Subject) };
    let report = Condition { header: Some("X-Report".into()), ..contains(Field::Header, "nightly") };
    compile(&[
        rule("invoices", contains(Field::Subject, "invoice")),
        rule("backups", backups),
        rule("reports", report),
        rule("partners", Condition { equals: Some("partner.test".into()), ..Condition::on(Field::FromDomain) }),
        rule("urgent", contains(Field::Body, "as soon as possible")),
    ])
    .expect("rules that hold")
}
