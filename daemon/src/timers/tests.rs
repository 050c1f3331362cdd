//! Clocks on a real store: told once, in one commit with all that it is told by; nothing lost by a restart.

use super::clocks::{look, look_at_all};
use crate::active::{Active, Identity};
use crate::outbox::add_entry;
use crate::store::kv::{Options, Transaction};
use crate::store::{Store, StoreError, clocks, contacts, entries, events, outbox, tickets};
use crate::template_book::TemplateBook;
use jiff::{SignedDuration, Timestamp};
use maildesk_core::address::Address;
use maildesk_core::directory::Contact;
use maildesk_core::ids::{ContactId, EntryNumber, EventSeq, Revision, TicketNumber};
use maildesk_core::notification::{CompiledTemplates, Kind};
use maildesk_core::route::token::TokenKeys;
use maildesk_core::settings::{AgentNotice, MailboxName, from_toml};
use maildesk_core::ticket::{Author, Entry, EntryKind, Status, Ticket};
use std::sync::Arc;
use tempfile::TempDir;

const TICKET: TicketNumber = TicketNumber(1);
const POLICY: &str = "[[sla.policy]]\nname = \"all\"\nfirst_response = 60\nnext_response = 60\n";

fn minute(minutes: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1000) + SignedDuration::from_mins(minutes)
}

fn active(policies: &str) -> Arc<Active> {
    let desk = "[[sender]]\nname = \"main\"\nfrom = \"desk@example.org\"\ntransport = \"folder\"\npath = \"/eml\"\n\n\
        [[agents]]\nname = \"ann\"\naddresses = [\"ann@staff.example\"]\nnotify = [\"sla_warning\", \"sla_breached\"]\n\n\
        [[agents]]\nname = \"bob\"\naddresses = [\"bob@staff.example\"]\nnotify = [\"sla_breached\"]\n\n";
    let settings = from_toml(&format!("{desk}{policies}")).unwrap();
    let identity = Identity { install: "x".into(), keys: TokenKeys::new([7; 32]) };
    let templates = TemplateBook::new(CompiledTemplates::builtin());
    Arc::new(Active::new(Revision(1), settings, identity, Arc::new(templates)))
}

fn ticket() -> Ticket {
    Ticket::begun(TICKET, "Printer".into(), ContactId(1), MailboxName::parse("support").unwrap(), minute(0))
}

fn comment(author: Author, at: Timestamp) -> Entry {
    Entry { number: EntryNumber(2), ..Entry::new(author, EntryKind::Comment, "text".into(), at) }
}

fn agent() -> Author {
    Author::Agent { name: "ann".into() }
}

fn customer() -> Author {
    Author::Contact { id: ContactId(1), address: Address::parse("eve@acme.example").unwrap(), name: None }
}

fn open(folder: &TempDir) -> Store {
    Store::open(&Options { min_free_bytes: 1 << 20, ..Options::new(&folder.path().join("store")) }).unwrap()
}

async fn write<T: Send + 'static>(
    store: &Store,
    job: impl FnOnce(&mut Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
) -> T {
    store.write(job).await.unwrap()
}

async fn store_with_ticket() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    write(&store, |tx| {
        let addresses = vec![Address::parse("eve@acme.example").unwrap()];
        let id = ContactId(1);
        let (language, confirmed) = (None, None);
        let contact = Contact { id, name: None, addresses, customer: None, language, confirmed, created: minute(0) };
        contacts::put(tx, &contact).map_err(|error| match error {
            crate::store::DirectoryError::Store(error) => error,
            other => panic!("{other}"),
        })?;
        tickets::put(tx, &ticket())?;
        add_entry(tx, &ticket(), comment(customer(), minute(0)), minute(0))
    })
    .await;
    (folder, store)
}

async fn look_once(store: &Store, active: &Arc<Active>, now: Timestamp) -> usize {
    let active = Arc::clone(active);
    write(store, move |tx| look(tx, &active, now)).await
}

/// Kinds and recipients of all mails, oldest first.
fn mails(store: &Store) -> Vec<(Kind, String)> {
    let query = Default::default();
    let mut mails = outbox::list(store, &query, None, 99, minute(0)).unwrap();
    mails.reverse();
    mails.into_iter().map(|mail| (mail.kind, mail.to.to_string())).collect()
}

fn said(store: &Store) -> Vec<String> {
    let (events, _) = events::after(store, EventSeq(0), 99).unwrap();
    events.into_iter().map(|event| event.what.name().to_owned()).collect()
}

fn thread(store: &Store) -> Vec<String> {
    let entries = entries::list(store, TICKET, None, 99).unwrap();
    entries.into_iter().filter(|entry| entry.kind == EntryKind::Sla).map(|entry| entry.text).collect()
}

#[tokio::test]
async fn a_warning_and_a_breach_are_told_once_by_event_entry_and_mail() {
    let (folder, store) = store_with_ticket().await;
    let active = active(POLICY);
    assert_eq!(look_once(&store, &active, minute(0)).await, 0);
    assert_eq!(clocks::next_look(&store).unwrap(), Some(minute(48)));
    assert_eq!(clocks::by_due(&store, None, 9).unwrap(), [TICKET]);
    assert_eq!(look_once(&store, &active, minute(47)).await, 0);
    assert_eq!(look_once(&store, &active, minute(48)).await, 1);
    assert_eq!(mails(&store), [(Kind::SlaWarning, "ann@staff.example".into())]);
    drop(store);
    // Started anew: what was told stays told.
    let store = open(&folder);
    look_at_all(&store, &active).await.unwrap();
    assert_eq!(look_once(&store, &active, minute(50)).await, 0);
    assert_eq!(look_once(&store, &active, minute(61)).await, 1);
    assert_eq!(look_once(&store, &active, minute(62)).await, 0);
    let to = |name: &str| (Kind::SlaBreached, format!("{name}@staff.example"));
    assert_eq!(mails(&store)[1..], [to("ann"), to("bob")]);
    assert_eq!(said(&store), ["sla_warning", "sla_breached"]);
    assert_eq!(
        thread(&store),
        [
            "first response is due 1970-02-11 17:00 UTC (policy all, warning at 80%); told ann",
            "first response was due 1970-02-11 17:00 UTC (policy all); told ann, bob"
        ]
    );
    assert_eq!(clocks::next_look(&store).unwrap(), None);
}

#[tokio::test]
async fn a_commit_that_fails_tells_nothing_and_is_done_again() {
    let (_folder, store) = store_with_ticket().await;
    let active = active(POLICY);
    let failing = Arc::clone(&active);
    let failed: Result<usize, StoreError> = store
        .write(move |tx: &mut Transaction<'_>| {
            look(tx, &failing, minute(70))?;
            Err(StoreError::Closed)
        })
        .await;
    assert!(failed.is_err());
    assert_eq!((mails(&store), said(&store), thread(&store)), (vec![], vec![], vec![]));
    assert_eq!(look_once(&store, &active, minute(70)).await, 2);
    // The breach says it all: its mails are the only ones.
    assert_eq!(mails(&store).len(), 2);
    assert_eq!(thread(&store).len(), 2);
}

#[tokio::test]
async fn replies_waiting_and_the_end_move_the_clocks() {
    let (_folder, store) = store_with_ticket().await;
    let active = active(POLICY);
    write(&store, |tx| {
        tickets::put(tx, &Ticket { status: Status::Pending { until: None }, updated: minute(10), ..ticket() })
    })
    .await;
    look_once(&store, &active, minute(10)).await;
    assert_eq!((clocks::next_look(&store).unwrap(), clocks::by_due(&store, None, 9).unwrap()), (None, vec![]));
    write(&store, |tx| tickets::put(tx, &Ticket { status: Status::Open, updated: minute(100), ..ticket() })).await;
    look_once(&store, &active, minute(100)).await;
    assert_eq!(clocks::next_look(&store).unwrap(), Some(minute(138)));
    write(&store, |tx| entries::put(tx, TICKET, &comment(agent(), minute(110)))).await;
    look_once(&store, &active, minute(110)).await;
    assert_eq!(clocks::next_look(&store).unwrap(), None);
    // A vacation notice asks for no answer, a person does.
    let notice = Entry { automatic: true, number: EntryNumber(3), ..comment(customer(), minute(111)) };
    write(&store, move |tx| entries::put(tx, TICKET, &notice)).await;
    assert_eq!(clocks::next_look(&store).unwrap(), None);
    let asks = Entry { number: EntryNumber(4), ..comment(customer(), minute(120)) };
    write(&store, move |tx| entries::put(tx, TICKET, &asks)).await;
    look_once(&store, &active, minute(120)).await;
    assert_eq!(clocks::next_look(&store).unwrap(), Some(minute(168)));
    write(&store, |tx| {
        tickets::put(tx, &Ticket { status: Status::Resolved { at: minute(130) }, updated: minute(130), ..ticket() })
    })
    .await;
    assert_eq!(look_once(&store, &active, minute(500)).await, 0);
    assert_eq!(said(&store), [] as [&str; 0]);
}

#[tokio::test]
async fn where_nothing_is_promised_a_new_ticket_has_no_clocks_until_something_is() {
    let (_folder, store) = store_with_ticket().await;
    let (none, all) = (active(""), active(POLICY));
    look_at_all(&store, &none).await.unwrap();
    look_once(&store, &none, minute(1)).await;
    let number = maildesk_core::ids::TicketNumber(9);
    write(&store, move |tx| tickets::add(tx, &Ticket { number, ..ticket() })).await;
    assert_eq!((clocks::get(&store, number).unwrap(), clocks::next_look(&store).unwrap()), (None, None));
    look_at_all(&store, &all).await.unwrap();
    look_once(&store, &all, minute(5)).await;
    assert!(clocks::by_due(&store, None, 9).unwrap().contains(&number));
}

#[tokio::test]
async fn other_policies_count_for_open_tickets_also_for_those_without_a_history() {
    let (_folder, store) = store_with_ticket().await;
    let (none, all) = (active(""), active(POLICY));
    look_at_all(&store, &none).await.unwrap();
    look_once(&store, &none, minute(5)).await;
    assert_eq!(clocks::next_look(&store).unwrap(), None, "no policy, no clocks");
    // As in a store from before clocks were kept, with an answer in the thread.
    write(&store, |tx| {
        entries::put(tx, TICKET, &comment(agent(), minute(10)))?;
        let asks = Entry { number: EntryNumber(3), ..comment(customer(), minute(20)) };
        entries::put(tx, TICKET, &asks)?;
        clocks::forget(tx, TICKET)
    })
    .await;
    look_at_all(&store, &all).await.unwrap();
    look_once(&store, &all, minute(30)).await;
    assert_eq!(clocks::next_look(&store).unwrap(), Some(minute(68)), "the next response is due");
    // The same policies once more ask for no look.
    look_at_all(&store, &all).await.unwrap();
    assert_eq!(clocks::to_look_at(&store, minute(30), 9).unwrap(), []);
    look_at_all(&store, &none).await.unwrap();
    look_once(&store, &none, minute(100)).await;
    assert_eq!((clocks::next_look(&store).unwrap(), said(&store)), (None, vec![]));
}

#[tokio::test]
async fn who_wants_it_is_reminded_once_of_what_waited_with_what_was_written_last() {
    let (folder, store) = store_with_ticket().await;
    let reminding = active("").settings.clone();
    let mut settings = reminding;
    settings.agents[1].notify.push(AgentNotice::Reminder);
    let reminding = Arc::new(active("").with_settings(Revision(2), settings));
    write(&store, |tx| {
        let waits = Ticket { status: Status::Pending { until: Some(minute(30)) }, updated: minute(10), ..ticket() };
        tickets::put(tx, &waits)?;
        let note = Entry::new(agent(), EntryKind::Note, "Ask the supplier again.".into(), minute(10));
        add_entry(tx, &waits, note, minute(10))
    })
    .await;
    look_once(&store, &reminding, minute(29)).await;
    assert_eq!(mails(&store), []);
    look_once(&store, &reminding, minute(31)).await;
    drop(store);
    let store = open(&folder);
    look_once(&store, &reminding, minute(40)).await;
    assert_eq!(mails(&store), [(Kind::AgentReminder, "bob@staff.example".into())]);
    let mime = outbox::message(&store, maildesk_core::ids::OutboxId(1)).unwrap().unwrap();
    assert!(String::from_utf8(mime).unwrap().contains("Ask the supplier again."));
}

#[tokio::test]
async fn what_waits_until_a_time_opens_and_what_is_resolved_closes_by_itself() {
    let (folder, store) = store_with_ticket().await;
    let closing = active("[desk]\nclose_days = 1\n");
    let status = |status, at| Ticket { status, updated: minute(at), ..ticket() };
    write(&store, move |tx| tickets::put(tx, &status(Status::Pending { until: Some(minute(30)) }, 10))).await;
    look_once(&store, &closing, minute(10)).await;
    assert_eq!(clocks::next_look(&store).unwrap(), Some(minute(30)));
    write(&store, move |tx| tickets::put(tx, &status(Status::Pending { until: Some(minute(60)) }, 11))).await;
    look_once(&store, &closing, minute(30)).await;
    drop(store);
    let store = open(&folder);
    let now_is = || tickets::get(&store, TICKET).unwrap().unwrap().status.word();
    assert_eq!((now_is(), clocks::next_look(&store).unwrap()), ("pending", Some(minute(60))), "it waits longer");
    assert_eq!(mails(&store), [], "nobody asked for a reminder");
    look_once(&store, &closing, minute(61)).await;
    assert_eq!((now_is(), clocks::next_look(&store).unwrap()), ("open", None));
    write(&store, move |tx| tickets::put(tx, &status(Status::Resolved { at: minute(70) }, 70))).await;
    look_once(&store, &closing, minute(70)).await;
    assert_eq!(clocks::next_look(&store).unwrap(), Some(minute(70 + 24 * 60)));
    look_once(&store, &closing, minute(70 + 24 * 60)).await;
    assert_eq!((now_is(), said(&store)), ("closed", vec!["status_changed".to_owned(), "status_changed".to_owned()]));
    assert_eq!(clocks::next_look(&store).unwrap(), None);
}
