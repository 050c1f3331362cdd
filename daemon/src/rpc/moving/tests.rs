//! Merging and splitting on a real store.

use super::super::fault::Fault;
use super::merge::write_merge;
use super::split::write_split;
use crate::store::counters::{self, Counter};
use crate::store::kv::{Options, Transaction};
use crate::store::{Store, clocks, contacts, entries, places, threads, tickets};
use jiff::{SignedDuration, Timestamp};
use maildesk_core::address::Address;
use maildesk_core::directory::Contact;
use maildesk_core::ids::{ContactId, EntryNumber, TicketNumber};
use maildesk_core::rpc::{MergeView, RpcError, SplitView};
use maildesk_core::settings::MailboxName;
use maildesk_core::sla::What;
use maildesk_core::ticket::{Author, Command, Entry, EntryKind, EntryPlace, Status, Ticket, apply};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn at(minute: u32) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute.into())
}

fn author(id: u64) -> Author {
    let address = Address::parse(&format!("c{id}@world.test")).unwrap();
    Author::Contact { id: ContactId(id), address, name: None }
}

fn comment(by: Author, text: &str, minute: u32) -> Entry {
    let message_id = Some(format!("{text}@world.test"));
    Entry { message_id, ..Entry::new(by, EntryKind::Comment, text.into(), at(minute)) }
}

struct Bench {
    _folder: tempfile::TempDir,
    store: Store,
    minute: u32,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { min_free_bytes: 1 << 20, ..Options::new(&folder.path().join("store")) };
        Self { store: Store::open(&options).unwrap(), _folder: folder, minute: 0 }
    }

    async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Transaction<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.store.write(job).await
    }

    /// A ticket of a contact of the same number, with one comment.
    async fn ticket(&mut self) -> u64 {
        self.minute += 1;
        let minute = self.minute;
        let job = move |tx: &mut Transaction<'_>| {
            let number = counters::next(tx, Counter::Ticket)?;
            let addresses = vec![Address::parse(&format!("c{number}@world.test")).unwrap()];
            let contact = ContactId(number);
            contacts::put(
                tx,
                &Contact {
                    id: contact,
                    name: None,
                    addresses,
                    customer: None,
                    language: None,
                    created: at(0),
                    confirmed: None,
                },
            )?;
            let ticket = Ticket {
                tags: vec![format!("tag{number}")],
                entries: 1,
                ..Ticket::begun(
                    TicketNumber(number),
                    format!("matter {number}"),
                    contact,
                    MailboxName::parse("desk").unwrap(),
                    at(minute),
                )
            };
            tickets::put(tx, &ticket)?;
            let first = comment(author(number), &format!("opening-{number}"), minute);
            entries::put(tx, ticket.number, &Entry { number: EntryNumber(1), ..first })?;
            Ok(number)
        };
        self.write(job).await.unwrap()
    }

    /// One more comment, by the contact of that number.
    async fn says(&mut self, ticket: u64, by: u64, text: &str) -> Result<(), Fault> {
        self.minute += 1;
        let (entry, now) = (comment(author(by), text, self.minute), at(self.minute));
        self.write(move |tx| {
            let ticket = tickets::get(tx, TicketNumber(ticket))?.unwrap();
            let applied = apply(&ticket, Command::Comment { entry, automatic: false }, now)?;
            tickets::put(tx, &applied.ticket)?;
            applied.entries.iter().try_for_each(|entry| entries::put(tx, ticket.number, entry))?;
            Ok(())
        })
        .await
    }

    async fn merge(&mut self, target: u64, source: u64) -> Result<MergeView, Fault> {
        self.minute += 1;
        let now = at(self.minute);
        self.write(move |tx| write_merge(tx, "ann", TicketNumber(source), TicketNumber(target), now)).await
    }

    async fn split(&mut self, ticket: u64, numbers: &[u32]) -> Result<SplitView, Fault> {
        self.minute += 1;
        let (now, numbers) = (at(self.minute), numbers.iter().copied().map(EntryNumber).collect::<Vec<_>>());
        self.write(move |tx| write_split(tx, "ann", TicketNumber(ticket), &numbers, None, now)).await
    }

    fn get(&self, ticket: u64) -> Ticket {
        tickets::get(&self.store, TicketNumber(ticket)).unwrap().unwrap()
    }

    /// The whole thread, read in windows of this size.
    fn thread(&self, ticket: u64, window: usize) -> Vec<Entry> {
        let (ticket, mut found, mut after) = (self.get(ticket), Vec::<Entry>::new(), None);
        loop {
            let part = entries::thread(&self.store, &ticket, after, window).unwrap();
            after = part.last().map(|entry| entry.number);
            found.extend(part.iter().cloned());
            if part.len() < window {
                return found;
            }
        }
    }

    /// What was said in a thread.
    fn said(&self, ticket: u64) -> Vec<String> {
        let comments = self.thread(ticket, 2).into_iter().filter(|entry| entry.kind == EntryKind::Comment);
        comments.map(|entry| entry.text).collect()
    }

    /// The ticket that mail to this entry belongs to.
    fn reached(&self, ticket: u64, entry: u32) -> u64 {
        places::reach(&self.store, self.get(ticket), Some(EntryNumber(entry))).unwrap().ticket.number.0
    }
}

fn refusal<T: std::fmt::Debug>(outcome: Result<T, Fault>) -> String {
    match outcome {
        Err(Fault::Told(RpcError::Rejected(said))) => said,
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn a_merge_makes_one_thread_in_the_order_of_time() {
    let mut desk = Bench::new();
    let (a, b) = (desk.ticket().await, desk.ticket().await);
    desk.says(a, a, "a-more").await.unwrap();
    desk.says(b, b, "b-more").await.unwrap();
    let done = desk.merge(a, b).await.unwrap();
    assert_eq!((done.entries, done.tags.as_slice(), done.opened_from), (2, &["tag2".to_owned()][..], None));
    assert_eq!(done.other_requester.as_deref(), Some("c2@world.test"));
    assert_eq!(desk.said(a), ["opening-1", "opening-2", "a-more", "b-more"]);
    desk.says(a, b, "after").await.unwrap();
    assert_eq!(desk.said(a).last().unwrap(), "after");
    let origin = |number| desk.thread(a, 9).into_iter().find(|entry| entry.number.0 == number).unwrap().came_from;
    assert_eq!((origin(1), origin(3)), (None, Some(EntryPlace { ticket: TicketNumber(b), entry: EntryNumber(1) })));
    let source = desk.get(b);
    assert_eq!((source.status.word(), source.moves.merged_into), ("closed", Some(TicketNumber(a))));
    assert_eq!((desk.said(b), source.in_thread()), (vec![], 1));
    let last = clocks::get(&desk.store, TicketNumber(b)).unwrap().unwrap().history.moments().last().unwrap().what;
    assert_eq!(last, What::Done, "its clocks stand");
    // By its own number an entry is found as before.
    let kept = entries::get(&desk.store, TicketNumber(b), EntryNumber(2)).unwrap().unwrap();
    assert_eq!((kept.text.as_str(), desk.reached(b, 1), desk.reached(b, 2)), ("b-more", a, a));
    assert_eq!(refusal(desk.says(b, b, "x").await), "ticket 2 was merged into #1: use that one");
    let newest = entries::newest(&desk.store, &desk.get(a), 3).unwrap();
    let texts: Vec<&str> = newest.iter().map(|entry| entry.text.as_str()).collect();
    assert_eq!(texts, ["b-more", "#2 was merged into this ticket: 2 entries", "after"]);
}

#[tokio::test]
async fn chains_lead_to_their_end_and_circles_are_refused() {
    let mut desk = Bench::new();
    let (a, b, c) = (desk.ticket().await, desk.ticket().await, desk.ticket().await);
    desk.merge(a, b).await.unwrap();
    assert_eq!(desk.merge(b, c).await.unwrap().target.number.0, a, "what leads on is followed");
    assert_eq!((desk.reached(b, 1), desk.reached(c, 1)), (a, a));
    assert_eq!(refusal(desk.merge(a, a).await), "ticket 1 cannot be merged into itself");
    let circle = refusal(desk.merge(c, a).await);
    assert_eq!(circle, "ticket 3 was merged into 1 before: 1 cannot be merged into it");
    assert_eq!(refusal(desk.merge(a, b).await), "ticket 2 was merged into #1: use that one");
    let d = desk.ticket().await;
    desk.merge(d, a).await.unwrap();
    assert_eq!((desk.reached(b, 1), desk.reached(c, 1), desk.reached(a, 1)), (d, d, d));
    assert_eq!(desk.said(d), ["opening-1", "opening-2", "opening-3", "opening-4"]);
}

#[tokio::test]
async fn a_split_takes_its_mail_along_and_undoes_a_merge() {
    let mut desk = Bench::new();
    let a = desk.ticket().await;
    desk.says(a, 9, "other").await.unwrap();
    let refused = refusal(desk.split(a, &[1, 2]).await);
    assert_eq!(refused, "nothing that was said would remain in #1");
    assert!(matches!(desk.split(a, &[7]).await, Err(Fault::Told(RpcError::NotFound { .. }))));
    let done = desk.split(a, &[2, 2]).await.unwrap();
    let b = done.new.number.0;
    assert_eq!((done.entries.len(), desk.said(a), desk.said(b)), (1, vec!["opening-1".into()], vec!["other".into()]));
    assert_eq!((desk.reached(a, 1), desk.reached(a, 2)), (a, b));
    let found = threads::find(&desk.store, "other@world.test", 9).unwrap();
    assert_eq!(found.first(), Some(&TicketNumber(b)), "the newest is looked at first");
    assert_eq!(refusal(desk.split(b, &[2]).await), "entry 2 tells of #2 itself and stays with it");
    // Together again: the entry has its old number, and both names lead to it.
    desk.merge(a, b).await.unwrap();
    assert_eq!(
        (desk.said(a), desk.reached(a, 2), desk.reached(b, 1)),
        (vec!["opening-1".into(), "other".into()], a, a)
    );
    assert!(desk.thread(a, 9).iter().any(|entry| entry.text == "other" && entry.number == EntryNumber(2)));
    let again = desk.split(a, &[2]).await.unwrap().new.number.0;
    assert_eq!((desk.reached(a, 2), desk.reached(b, 1), desk.said(a).len()), (again, again, 1));
}

#[tokio::test]
async fn an_unanswered_question_opens_the_ticket_that_takes_it_in() {
    let mut desk = Bench::new();
    let (a, b) = (desk.ticket().await, desk.ticket().await);
    let resolve = |tx: &mut Transaction<'_>| {
        let ticket = tickets::get(tx, TicketNumber(1))?.unwrap();
        tickets::put(tx, &Ticket { status: Status::Resolved { at: at(9) }, updated: at(9), ..ticket })?;
        Ok(())
    };
    desk.write(resolve).await.unwrap();
    desk.minute = 10;
    let done = desk.merge(a, b).await.unwrap();
    assert_eq!((done.opened_from.as_deref(), desk.get(a).status), (Some("resolved"), Status::Open));
    let history = clocks::get(&desk.store, TicketNumber(a)).unwrap().unwrap().history;
    assert!(history.customer_waits(), "{history:?}");
}

/// What is done to tickets, by their index among those that there are.
#[derive(Debug, Clone)]
enum Step {
    Say(usize),
    Merge(usize, usize),
    Split(usize, u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..9usize).prop_map(Step::Say),
        (0..9usize, 0..9usize).prop_map(|(a, b)| Step::Merge(a, b)),
        (0..9usize, 1..32u32).prop_map(|(ticket, mask)| Step::Split(ticket, mask)),
    ];
    prop::collection::vec(step, 1..24)
}

/// Where each text stands: exactly once, in the order of time, and every number it ever had leads there.
fn check(desk: &Bench, known: &mut BTreeMap<EntryPlace, String>, texts: usize) -> Result<(), TestCaseError> {
    let mut stands: BTreeMap<String, u64> = BTreeMap::new();
    for ticket in tickets::list(&desk.store, None, None, 99).unwrap() {
        let thread = desk.thread(ticket.number.0, 3);
        prop_assert!(thread.is_sorted_by_key(|entry| entry.at), "{thread:?}");
        prop_assert_eq!(thread.len(), ticket.in_thread() as usize);
        prop_assert_eq!(&thread, &entries::newest(&desk.store, &ticket, 999).unwrap());
        for entry in thread.into_iter().filter(|entry| entry.kind == EntryKind::Comment) {
            let here = EntryPlace { ticket: ticket.number, entry: entry.number };
            known.insert(here, entry.text.clone());
            prop_assert_eq!(stands.insert(entry.text, ticket.number.0), None, "twice");
        }
    }
    prop_assert_eq!(stands.len(), texts, "none is lost");
    for (place, text) in known.iter() {
        prop_assert_eq!(desk.reached(place.ticket.0, place.entry.0), stands[text], "{:?} {}", place, text);
        let entry = entries::get(&desk.store, place.ticket, place.entry).unwrap().unwrap();
        prop_assert_eq!(&entry.text, text);
        // By Message-ID, as intake looks.
        let newest = threads::find(&desk.store, &format!("{text}@world.test"), 1).unwrap()[0];
        let reached = places::reach(&desk.store, desk.get(newest.0), None).unwrap().ticket;
        prop_assert_eq!(reached.number.0, stands[text]);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn no_sequence_of_merges_and_splits_loses_or_doubles_an_entry(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut desk = Bench::new();
            let (mut all, mut known, mut texts) = (vec![desk.ticket().await, desk.ticket().await], BTreeMap::new(), 2);
            for step in steps {
                match step {
                    Step::Say(ticket) => {
                        let ticket = all[ticket % all.len()];
                        texts += usize::from(desk.says(ticket, 1, &format!("text-{}", desk.minute)).await.is_ok());
                    }
                    Step::Merge(a, b) => {
                        // What is refused changes nothing, which the check sees.
                        drop(desk.merge(all[a % all.len()], all[b % all.len()]).await);
                    }
                    Step::Split(ticket, mask) => {
                        let ticket = all[ticket % all.len()];
                        let chosen = desk.thread(ticket, 9).into_iter().zip(0..5);
                        let numbers: Vec<u32> = chosen
                            .filter(|(entry, bit)| entry.kind == EntryKind::Comment && mask & (1 << bit) != 0)
                            .map(|(entry, _)| entry.number.0)
                            .collect();
                        if let Ok(done) = desk.split(ticket, &numbers).await {
                            all.push(done.new.number.0);
                        }
                    }
                }
                check(&desk, &mut known, texts)?;
            }
            Ok::<(), TestCaseError>(())
        })?;
    }
}
