//! The desk that lives through the year: the daemon's own store, timers and outbox under a clock that jumps from one
//! thing that happens to the next. It is killed at any moment; what it goes on from is what its store says.

use super::story::{Act, Deed, Terms, Year, begins, terms};
use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::directory::Contact;
use maildesk_core::ids::{ContactId, EntryNumber, Revision, TicketNumber};
use maildesk_core::language::Language;
use maildesk_core::notification::{CompiledTemplate, CompiledTemplates, Kind, TemplateSource};
use maildesk_core::route::token::TokenKeys;
use maildesk_core::rpc::RequestKey;
use maildesk_core::settings::{MailboxName, from_toml};
use maildesk_core::ticket::{
    Applied, Author, Command, Entry, EntryKind, Priority, Rejected, Status, Ticket, TicketAction, act, apply,
};
use maildesk_daemon::active::{Active, Identity};
use maildesk_daemon::store::kv::{Options, Transaction};
use maildesk_daemon::store::{Store, StoreError, clocks, contacts, entries, requests, tickets};
use maildesk_daemon::template_book::TemplateBook;
use maildesk_daemon::timers::{look_at_all, look_once};
use std::path::Path;
use std::sync::Arc;

use super::story::POLICIES;

/// Where in the year the store stands: the acts that are done, beside them in one commit.
const PLACE: RequestKey = RequestKey([1; 16]);
/// Acts of one commit.
const AT_ONCE: usize = 20;
const CONTACT: ContactId = ContactId(1);

pub(crate) fn open(folder: &Path) -> Store {
    let options = Options { min_free_bytes: 16 << 20, cache_bytes: 64 << 20, ..Options::new(folder) };
    Store::open(&options).unwrap()
}

fn active() -> Arc<Active> {
    let desk = "[[sender]]\nname = \"main\"\nfrom = \"desk@example.org\"\ntransport = \"folder\"\npath = \"/eml\"\n\n\
        [[agents]]\nname = \"ann\"\naddresses = [\"ann@staff.example\"]\nnotify = [\"sla_warning\"]\n\n\
        [[agents]]\nname = \"bob\"\naddresses = [\"bob@staff.example\"]\nnotify = [\"sla_breached\"]\n\n";
    let settings = from_toml(&format!("{desk}{POLICIES}")).unwrap();
    let identity = Identity { install: "x".into(), keys: TokenKeys::new([7; 32]) };
    // Short ones: what a mail looks like is of no matter here, and there are many.
    let mut templates = CompiledTemplates::builtin();
    let source = TemplateSource { subject: "$sla.target".into(), html: "<p>$sla.due</p>".into(), text: None };
    for kind in [Kind::SlaWarning, Kind::SlaBreached] {
        templates.set(kind, Language::En, CompiledTemplate::compile(kind, &source).unwrap());
    }
    Arc::new(Active::new(Revision(1), settings, identity, Arc::new(TemplateBook::new(templates))))
}

/// How many acts are done.
pub(crate) fn done(store: &Store) -> usize {
    let kept = requests::find(store, &PLACE).unwrap();
    kept.map_or(0, |bytes| u64::from_be_bytes(bytes.try_into().unwrap()) as usize)
}

/// Lives from where the store stands to the end; says after each step how many acts are done.
pub(crate) async fn live(store: &Store, year: &Year, say: impl Fn(usize)) {
    let active = active();
    look_at_all(store, &active).await.unwrap();
    loop {
        let done = done(store);
        say(done);
        // The clock never runs back: what wants a look at once is looked at when it happened.
        let last = done.checked_sub(1).map_or(begins(), |last| year.noticed(year.acts[last].at));
        let look = clocks::next_look(store).unwrap().map(|at| year.noticed(at.max(last)));
        let happens = year.acts.get(done).map(|act| year.noticed(act.at));
        match (happens, look) {
            (Some(now), look) if look.is_none_or(|look| now <= look) => {
                let coming = year.acts[done..].iter().take_while(|act| year.noticed(act.at) == now).take(AT_ONCE);
                let acts: Vec<Act> = coming.copied().collect();
                store.write(move |tx: &mut Transaction<'_>| happen(tx, &acts, done, now)).await.unwrap();
            }
            (_, Some(now)) => assert!(look_once(store, &active, now).await.unwrap().is_some()),
            (_, None) => return,
        }
    }
}

fn happen(tx: &mut Transaction<'_>, acts: &[Act], done: usize, now: Timestamp) -> Result<(), StoreError> {
    if done == 0 {
        contacts::add(tx, &contact()).map_err(|_| StoreError::Closed)?;
    }
    for act in acts {
        let number = number(act.ticket);
        match tickets::get(tx, number)? {
            None => {
                let (ticket, opening) = opened(act.ticket, now);
                tickets::add(tx, &ticket)?;
                entries::add(tx, number, &opening)?;
            }
            // What may not be done to a ticket as it is, is not done.
            Some(ticket) => {
                let Ok(Applied { ticket, entries: written }) = carried_out(&ticket, act.deed, now) else { continue };
                tickets::put(tx, &ticket)?;
                written.iter().try_for_each(|entry| entries::put(tx, number, entry))?;
            }
        }
    }
    requests::put(tx, &PLACE, now, &((done + acts.len()) as u64).to_be_bytes())
}

fn carried_out(ticket: &Ticket, deed: Deed, now: Timestamp) -> Result<Applied, Rejected> {
    let agent = Author::Agent { name: "ann".into() };
    let action = match deed {
        Deed::Open | Deed::Speak => {
            let entry = Entry::new(customer(), EntryKind::Comment, "And now?".into(), now);
            return apply(ticket, Command::Comment { entry, automatic: false }, now);
        }
        Deed::Reply => {
            let entry = Entry::new(agent, EntryKind::Comment, "Look behind it.".into(), now);
            return apply(ticket, Command::Reply { entry }, now);
        }
        Deed::Pend { until } => TicketAction::Pend { until },
        Deed::Resolve => TicketAction::Resolve { tell: false },
        Deed::Reopen => TicketAction::Reopen,
    };
    act(ticket, &[action], &agent, now)
}

pub(crate) fn number(ticket: usize) -> TicketNumber {
    TicketNumber(ticket as u64 + 1)
}

fn opened(ticket: usize, now: Timestamp) -> (Ticket, Entry) {
    let (priority, tag) = match terms(ticket) {
        Terms::Urgent => (Priority::Urgent, None),
        Terms::Sydney => (Priority::Normal, Some("sydney")),
        Terms::Night => (Priority::Low, Some("night")),
        Terms::Default => (Priority::Normal, None),
    };
    let entry = Entry::new(customer(), EntryKind::Comment, "It prints nothing.".into(), now);
    let ticket = Ticket {
        number: number(ticket),
        subject: "Printer".into(),
        status: Status::New,
        priority,
        contact: CONTACT,
        customer: None,
        assignee: None,
        tags: tag.into_iter().map(str::to_owned).collect(),
        related: Vec::new(),
        mailbox: MailboxName::parse("support").unwrap(),
        created: now,
        updated: now,
        entries: 1,
        revision: Revision(1),
        moves: Default::default(),
    };
    (ticket, Entry { number: EntryNumber(1), ..entry })
}

fn address() -> Address {
    Address::parse("eve@acme.example").unwrap()
}

fn customer() -> Author {
    Author::Contact { id: CONTACT, address: address(), name: None }
}

fn contact() -> Contact {
    let (name, customer, language, confirmed) = (None, None, None, None);
    Contact { id: CONTACT, name, addresses: vec![address()], customer, language, confirmed, created: begins() }
}
