//! Tickets whose moment comes, on a real store: told once, also across a restart.

use super::sweep::sweep;
use super::tick::tick;
use super::*;
use crate::active::{Active, Identity};
use crate::store::kv::{Options, Transaction};
use crate::store::{Store, contacts, events, outbox, tickets};
use crate::template_book::TemplateBook;
use jiff::{SignedDuration, Timestamp};
use maildesk_core::address::Address;
use maildesk_core::directory::Contact;
use maildesk_core::ids::{ContactId, EventSeq, OutboxId, Revision, TicketNumber};
use maildesk_core::notification::{CompiledTemplates, Kind};
use maildesk_core::outbox::OutboxQuery;
use maildesk_core::route::token::TokenKeys;
use maildesk_core::settings::{MailboxName, from_toml};
use maildesk_core::sla::TicketClocks;
use maildesk_core::ticket::{Priority, Status, Ticket};
use std::path::Path;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

const DESK: &str = r#"
[desk]
close_days = 1
[[sender]]
name = "main"
from = "desk@example.org"
server = { host = "127.0.0.1", port = 25, encryption = "plain" }
[[agents]]
name = "ann"
addresses = ["ann@staff.example"]
notify = ["sla_warning", "sla_breached"]
language = "de"
time_zone = "Europe/Berlin"
[[sla]]
name = "gold"
first_response_minutes = 60
"#;

const BEGAN: Timestamp = Timestamp::UNIX_EPOCH;

fn minute(minute: i64) -> Timestamp {
    BEGAN + SignedDuration::from_mins(minute)
}

fn open(folder: &Path) -> Store {
    let options = Options { min_free_bytes: 1 << 20, ..Options::new(&folder.join("store")) };
    Store::open(&options).unwrap()
}

fn active(settings: &str) -> Arc<Active> {
    let identity = Identity { install: "x".into(), keys: TokenKeys::new([7; 32]) };
    let templates = TemplateBook::new(CompiledTemplates::builtin().unwrap());
    Arc::new(Active::new(Revision(1), from_toml(settings).unwrap(), identity, Arc::new(templates)))
}

fn ticket(number: u64, status: Status) -> Ticket {
    Ticket {
        number: TicketNumber(number),
        subject: "Drucker".into(),
        status,
        priority: Priority::Normal,
        contact: ContactId(1),
        customer: None,
        assignee: None,
        tags: Vec::new(),
        related: Vec::new(),
        mailbox: MailboxName::parse("gone").unwrap(),
        created: BEGAN,
        updated: BEGAN,
        entries: 1,
        revision: Revision(1),
        clocks: TicketClocks::default(),
    }
}

async fn begin(store: &Store, active: &Arc<Active>) {
    let active = Arc::clone(active);
    let job = move |tx: &mut Transaction<'_>| {
        let contact = Contact {
            id: ContactId(1),
            name: Some("Ada".into()),
            addresses: vec![Address::parse("ada@acme.example").unwrap()],
            customer: None,
            language: None,
            created: BEGAN,
        };
        contacts::put(tx, &contact).unwrap();
        let waits = Status::Pending { until: Some(minute(90)) };
        for (number, status) in [(1, Status::New), (2, waits), (3, Status::Resolved { at: BEGAN })] {
            put_following(tx, &active, &ticket(number, status), BEGAN)?;
        }
        Ok::<_, crate::store::StoreError>(())
    };
    store.write(job).await.unwrap();
}

/// Does all that is due then.
async fn pass(store: &Store, active: &Arc<Active>, now: Timestamp) -> Vec<u64> {
    let due = tickets::waking(store, now, 10).unwrap();
    let (active, numbers) = (Arc::clone(active), due.clone());
    let job = move |tx: &mut Transaction<'_>| numbers.iter().try_for_each(|number| tick(tx, &active, *number, now));
    store.write::<_, crate::store::StoreError>(job).await.unwrap();
    due.into_iter().map(|number| number.0).collect()
}

fn mails(store: &Store) -> Vec<(Kind, String)> {
    let all = outbox::list(store, &OutboxQuery::default(), None, 50, BEGAN).unwrap();
    all.into_iter().rev().map(|mail| (mail.kind, mail.subject)).collect()
}

#[tokio::test]
async fn each_moment_is_told_once_also_across_restarts() {
    let (folder, desk) = (tempfile::tempdir().unwrap(), active(DESK));
    let store = open(folder.path());
    begin(&store, &desk).await;
    assert_eq!(tickets::next_wake(&store).unwrap(), Some(minute(30)));
    assert_eq!(pass(&store, &desk, minute(29)).await, [] as [u64; 0]);
    assert_eq!(pass(&store, &desk, minute(30)).await, [1]);
    assert_eq!(mails(&store), [(Kind::SlaWarning, "Bald fällig: [#1] Drucker".to_owned())]);
    let text = outbox::message(&store, OutboxId(1)).unwrap().unwrap();
    let mail = String::from_utf8(text).unwrap();
    assert!(mail.contains("<ann@staff.example>") && mail.contains("Message-ID: <md.1.1.1."), "{mail}");
    assert!(mail.contains("1. Januar 1970 um 02:00 Uhr (CET)"), "{mail}");
    store.close();
    drop(store);

    let store = open(folder.path());
    assert_eq!(sweep(&store, &desk, minute(31), &CancellationToken::new()).await.unwrap(), 0, "all is as it was");
    assert_eq!(pass(&store, &desk, minute(59)).await, [] as [u64; 0]);
    // A standstill over the breach and the reminder.
    assert_eq!(pass(&store, &desk, minute(200)).await, [1, 2]);
    assert_eq!(mails(&store).last().unwrap(), &(Kind::SlaBreached, "Überfällig: [#1] Drucker".to_owned()));
    assert_eq!(tickets::get(&store, TicketNumber(2)).unwrap().unwrap().status, Status::Open);
    assert_eq!(pass(&store, &desk, minute(24 * 60)).await, [2, 3]);
    assert_eq!(tickets::get(&store, TicketNumber(3)).unwrap().unwrap().status.word(), "closed");
    let (events, _) = events::after(&store, EventSeq(0), 50).unwrap();
    let names: Vec<&str> = events.iter().map(|event| event.what.name()).collect();
    let want = ["sla_warned", "sla_breached", "status_changed", "sla_breached", "status_changed"];
    assert_eq!(names, want);
    assert_eq!(mails(&store).len(), 3);
    let due: Vec<u64> = tickets::by_due(&store, None, 9).unwrap().iter().map(|ticket| ticket.number.0).collect();
    assert_eq!(due, [1, 2]);
    assert_eq!(tickets::by_due(&store, Some(TicketNumber(1)), 9).unwrap().len(), 1);
}

#[tokio::test]
async fn other_settings_reach_every_ticket() {
    let (folder, desk) = (tempfile::tempdir().unwrap(), active(DESK));
    let store = open(folder.path());
    begin(&store, &desk).await;
    let other = active(&DESK.replace("first_response_minutes = 60", "first_response_minutes = 90\nwarn_minutes = 0"));
    let stop = CancellationToken::new();
    assert_eq!(sweep(&store, &other, minute(1), &stop).await.unwrap(), 1);
    assert_eq!(tickets::next_wake(&store).unwrap(), Some(minute(90)));
    let none = active(&DESK.replace("[[sla]]\nname = \"gold\"\nfirst_response_minutes = 60\n", ""));
    assert!(sweep(&store, &none, minute(2), &stop).await.unwrap() >= 1);
    assert_eq!(tickets::by_due(&store, None, 9).unwrap(), []);
}
