//! Macros on a real store: revisions, and one application as one commit.

use super::super::fault::Fault;
use super::super::parts::Boards;
use super::apply::write_application;
use super::change::one;
use crate::active::{Active, Identity};
use crate::store::kv::{Options, Transaction};
use crate::store::{Store, contacts, entries, macros, outbox, tickets};
use crate::template_book::TemplateBook;
use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::directory::Contact;
use maildesk_core::ids::{ContactId, EntryNumber, OutboxId, Revision, TicketNumber};
use maildesk_core::macros::{Macro, MacroName, MacroStatus};
use maildesk_core::notification::CompiledTemplates;
use maildesk_core::route::token::TokenKeys;
use maildesk_core::rpc::{MacroCall, MacroChange, MacroChanged, MacroFate, MacroOutcome, RpcError};
use maildesk_core::settings::{MailboxName, from_toml};
use maildesk_core::ticket::{Author, Entry, EntryKind, Priority, Status, Ticket};
use std::sync::Arc;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn name() -> MacroName {
    MacroName::parse("shipped").unwrap()
}

fn shipped() -> Macro {
    Macro {
        reply: Some(
            "Hello ${contact.name | default: \"there\"},\n\n#$ticket.number is on its way.\n\n$agent.name".into(),
        ),
        note: Some("told $contact.address".into()),
        status: Some(MacroStatus::Resolved),
        priority: Some(Priority::Low),
        add_tags: vec!["shipped".into()],
        assign: Some("me".into()),
        ..Macro::new(name())
    }
}

async fn store(status: Status) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { min_free_bytes: 1 << 20, ..Options::new(&folder.path().join("store")) };
    let store = Store::open(&options).unwrap();
    let job = move |tx: &mut Transaction<'_>| -> Result<(), Fault> {
        let addresses = vec![Address::parse("ann@acme.example").unwrap()];
        let ann = Contact {
            id: ContactId(1),
            name: None,
            addresses,
            customer: None,
            language: None,
            created: NOW,
            confirmed: None,
        };
        contacts::put(tx, &ann)?;
        let ticket = Ticket {
            status,
            entries: 1,
            ..Ticket::begun(TicketNumber(1), "my parcel".into(), ContactId(1), MailboxName::parse("desk").unwrap(), NOW)
        };
        tickets::put(tx, &ticket)?;
        let author = Author::Contact { id: ContactId(1), address: ann.addresses[0].clone(), name: None };
        let first = Entry::new(author, EntryKind::Comment, "where is it?".into(), NOW);
        Ok(entries::put(tx, ticket.number, &Entry { number: EntryNumber(1), ..first })?)
    };
    store.write(job).await.unwrap();
    (folder, store)
}

fn active() -> Active {
    let settings = from_toml(
        "[[sender]]\nname = \"main\"\nfrom = \"desk@example.org\"\n\
         server = { host = \"127.0.0.1\", port = 25, encryption = \"plain\" }\n",
    )
    .unwrap();
    let identity = Identity { install: "x".into(), keys: TokenKeys::new([7; 32]) };
    let book = TemplateBook::new(CompiledTemplates::builtin());
    Active::new(Revision(1), settings, identity, Arc::new(book))
}

async fn change(store: &Store, to: Option<Macro>, seen: Option<u64>) -> Result<MacroChanged, Fault> {
    let change = MacroChange { name: name(), to, seen: seen.map(Revision) };
    store.write(move |tx: &mut Transaction<'_>| one(tx, "ann", change, NOW)).await
}

async fn apply(store: &Store, seen: u64) -> Result<MacroOutcome, Fault> {
    let call = MacroCall { name: name(), seen: Revision(seen), ticket: TicketNumber(1), dry_run: false };
    let job = move |tx: &mut Transaction<'_>| write_application(tx, &active(), &Boards::default(), "bob", &call, NOW);
    store.write(job).await
}

#[tokio::test]
async fn a_macro_changes_only_from_the_revision_that_was_seen() {
    let (_folder, store) = store(Status::New).await;
    let word =
        |changed: Result<MacroChanged, Fault>| changed.map(|changed| (changed.what, changed.revision.0)).unwrap();
    assert_eq!(word(change(&store, Some(shipped()), Some(0)).await), (MacroFate::Added, 1));
    assert_eq!(word(change(&store, Some(shipped()), None).await), (MacroFate::Unchanged, 1));
    let other = Macro { note: None, ..shipped() };
    let stale = change(&store, Some(other.clone()), Some(0)).await;
    assert!(matches!(stale, Err(Fault::Told(RpcError::Conflict { now: Revision(1), .. }))), "{stale:?}");
    assert_eq!(word(change(&store, Some(other.clone()), Some(1)).await), (MacroFate::Changed, 2));
    let kept = macros::get(&store, &name()).unwrap().unwrap();
    assert_eq!((kept.content, kept.by.as_str()), (other, "ann"));
    assert!(matches!(change(&store, None, Some(1)).await, Err(Fault::Told(RpcError::Conflict { .. }))));
    assert_eq!(word(change(&store, None, Some(2)).await), (MacroFate::Removed, 2));
    assert!(matches!(change(&store, None, None).await, Err(Fault::Told(RpcError::NotFound { .. }))));
    assert!(macros::list(&store, None, 9).unwrap().is_empty());
}

#[tokio::test]
async fn all_of_a_macro_is_done_in_one_commit() {
    let (_folder, store) = store(Status::New).await;
    change(&store, Some(shipped()), None).await.unwrap();
    let done = apply(&store, 1).await.unwrap();
    let reply = done.reply.unwrap();
    assert_eq!((reply.to.as_str(), reply.subject.as_str()), ("ann@acme.example", "Re: [#1] my parcel"));
    assert_eq!(reply.text, "Hello there,\n\n#1 is on its way.\n\nbob");
    assert_eq!(done.note.as_deref(), Some("told ann@acme.example"));
    let lines = ["new -> open", "tag shipped added", "priority normal -> low", "assigned to bob", "open -> resolved"];
    assert_eq!(done.changes, lines);
    let ticket = tickets::get(&store, TicketNumber(1)).unwrap().unwrap();
    assert_eq!((ticket.status.word(), ticket.assignee.as_deref()), ("resolved", Some("bob")));
    let kinds: Vec<&str> =
        entries::list(&store, ticket.number, None, 99).unwrap().iter().map(|entry| entry.kind.word()).collect();
    assert_eq!(kinds, ["comment", "comment", "note", "status", "status", "status", "status"]);
    let message = outbox::message(&store, reply.outbox).unwrap().unwrap();
    let message = String::from_utf8_lossy(&message);
    assert!(message.contains("text/html") && message.contains("#1 is on its way."), "{message}");
}

#[tokio::test]
async fn what_cannot_be_done_leaves_the_ticket_untouched() {
    let (_folder, store) = store(Status::Closed { at: NOW }).await;
    change(&store, Some(shipped()), None).await.unwrap();
    let before = tickets::get(&store, TicketNumber(1)).unwrap();
    let refused = apply(&store, 1).await.map_err(|fault| fault.to_string());
    assert_eq!(refused.err().unwrap(), "refused: ticket 1 is closed: resolve cannot be done");
    assert_eq!(tickets::get(&store, TicketNumber(1)).unwrap(), before);
    assert_eq!(entries::list(&store, TicketNumber(1), None, 9).unwrap().len(), 1);
    assert_eq!(outbox::get(&store, OutboxId(1)).unwrap(), None, "no answer was sent either");
    let stale = apply(&store, 7).await;
    assert!(matches!(stale, Err(Fault::Told(RpcError::Conflict { seen: Revision(7), now: Revision(1) }))), "{stale:?}");
}
