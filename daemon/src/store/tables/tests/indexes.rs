//! Indexes follow their records: statuses, due times, states, quarantine, marks, requests.

use super::samples::*;
use super::{store, write};
use crate::store::*;
use maildesk_core::ids::*;
use maildesk_core::outbox::{OutboxEntry, OutboxState};
use maildesk_core::route::Outcome;
use maildesk_core::rpc::RequestKey;
use maildesk_core::settings::{MailboxName, SenderName};
use maildesk_core::ticket::Status;

#[tokio::test]
async fn a_ticket_is_listed_under_its_present_status_only() {
    let (_folder, store) = store();
    let listed = |word| tickets::list(&store, Some(word), None, 9).unwrap().len();
    for status in statuses() {
        write(&store, move |tx| tickets::put(tx, &ticket(1, status))).await;
        let words = ["new", "open", "pending", "resolved", "closed"];
        let found: Vec<&str> = words.into_iter().filter(|word| listed(word) > 0).collect();
        assert_eq!(found, [status.word()]);
    }
    assert_eq!(listed("no such status"), 0);
    assert_eq!(counters::read(&store).unwrap().tickets, 1);
}

#[tokio::test]
async fn due_mails_move_with_their_time_and_leave_when_settled() {
    let (_folder, store) = store();
    let ids = |until| outbox::due(&store, &sender(), at(until), 9).unwrap().iter().map(|id| id.0).collect::<Vec<_>>();
    let put = |id, state| write(&store, move |tx| outbox::put(tx, &outbox_entry(id, state)));
    put(1, OutboxState::Due { at: at(30) }).await;
    put(2, OutboxState::Due { at: at(10) }).await;
    put(3, OutboxState::Due { at: at(20) }).await;
    assert_eq!(ids(20), [2, 3]);
    assert_eq!(ids(9), [0; 0]);
    put(2, OutboxState::Due { at: at(40) }).await;
    assert_eq!(ids(99), [3, 1, 2]);
    assert_eq!(outbox::due(&store, &sender(), at(99), 2).unwrap().len(), 2);
    let next = outbox::next_due(&store, &sender()).unwrap().unwrap();
    assert_eq!(next.as_millisecond(), at(20).as_millisecond());
    put(3, OutboxState::Sent { at: at(21), server_said: "250".into() }).await;
    put(1, OutboxState::Cancelled { at: at(21), by: "ann".into() }).await;
    assert_eq!(ids(99), [2]);
    put(2, OutboxState::Failed { at: at(41), reason: "550".into() }).await;
    assert_eq!(outbox::next_due(&store, &sender()).unwrap(), None);
    let states = ["due", "sent", "failed", "cancelled", "unknown"];
    assert_eq!(
        states.map(|word| outbox::list(&store, &of_state(Some(word)), None, 9, at(99)).unwrap().len()),
        [0, 1, 1, 1, 0]
    );
    let counts = counters::read(&store).unwrap();
    assert_eq!([counts.outbox_due, counts.outbox_sent, counts.outbox_failed, counts.outbox_cancelled], [0, 1, 1, 1]);
}

#[tokio::test]
async fn one_senders_due_mails_are_not_anothers() {
    let (_folder, store) = store();
    let other = SenderName::parse("zz-other").unwrap();
    let theirs = other.clone();
    write(&store, move |tx| {
        outbox::put(tx, &outbox_entry(1, OutboxState::Due { at: at(1) }))?;
        let entry = outbox_entry(2, OutboxState::Due { at: at(1) });
        outbox::put(tx, &OutboxEntry { sender: theirs, ..entry })
    })
    .await;
    let ids = |name| outbox::due(&store, name, at(9), 9).unwrap().iter().map(|id| id.0).collect::<Vec<_>>();
    assert_eq!((ids(&sender()), ids(&other)), (vec![1], vec![2]));
}

#[tokio::test]
async fn what_a_sender_sent_is_found_among_what_others_sent_since() {
    let (_folder, store) = store();
    let other = SenderName::parse("zz-other").unwrap();
    let sent = |second| OutboxState::Sent { at: at(second), server_said: "250".into() };
    write(&store, move |tx| {
        // The first queued went last: it was deferred.
        for (id, second) in [(1, 90), (2, 10), (3, 20)] {
            outbox::put(tx, &outbox_entry(id, sent(second)))?;
        }
        (4..700)
            .try_for_each(|id| outbox::put(tx, &OutboxEntry { sender: other.clone(), ..outbox_entry(id, sent(30)) }))
    })
    .await;
    let since = |second, limit| outbox::sent_since(&store, &sender(), at(second), limit).unwrap();
    assert_eq!(since(15, 9), [at(90), at(20)]);
    assert_eq!(since(0, 2), [at(90), at(20)]);
    assert_eq!(since(90, 9), []);
    // What came back was sent all the same, what was refused was not.
    write(&store, |tx| {
        let failed = |id| outbox_entry(id, OutboxState::Failed { at: at(95), reason: "550".into() });
        outbox::put(tx, &OutboxEntry { came_back_after: Some(at(50)), ..failed(701) })?;
        outbox::put(tx, &failed(702))
    })
    .await;
    assert_eq!(since(15, 9), [at(90), at(50), at(20)]);
}

#[tokio::test]
async fn due_times_before_1970_come_first() {
    let (_folder, store) = store();
    let early = jiff::Timestamp::from_second(-5).unwrap();
    write(&store, move |tx| {
        outbox::put(tx, &outbox_entry(1, OutboxState::Due { at: at(1) }))?;
        outbox::put(tx, &outbox_entry(2, OutboxState::Due { at: early }))
    })
    .await;
    assert_eq!(outbox::next_due(&store, &sender()).unwrap(), Some(early));
}

#[tokio::test]
async fn a_mail_leaves_quarantine_when_judged_again() {
    let (_folder, store) = store();
    let reason = || Outcome::Quarantined { reason: "r".into() };
    write(&store, move |tx| mails::put(tx, &judged(1, reason())).and_then(|()| mails::put(tx, &judged(2, reason()))))
        .await;
    assert_eq!(mails::list(&store, true, None, 9).unwrap().len(), 2);
    write(&store, |tx| mails::put(tx, &judged(2, Outcome::NewTicket { ticket: TicketNumber(1) }))).await;
    assert_eq!(mails::list(&store, true, None, 9).unwrap(), [judged(1, reason())]);
    let counts = counters::read(&store).unwrap();
    assert_eq!((counts.mails, counts.quarantined), (2, 1));
}

#[tokio::test]
async fn marks_hold_for_their_mailbox_only() {
    let (_folder, store) = store();
    let other = MailboxName::parse("support2").unwrap();
    let content = [7; 32];
    write(&store, move |tx| {
        processed::put(tx, &mailbox(), UidValidity(1), Uid(2), MailId(3))?;
        contents::put(tx, &mailbox(), &content, MailId(4))
    })
    .await;
    let own = mailbox();
    let found =
        |name: &MailboxName, validity, uid| processed::find(&store, name, UidValidity(validity), Uid(uid)).unwrap();
    assert_eq!(found(&own, 1, 2), Some(MailId(3)));
    assert_eq!([found(&own, 2, 2), found(&own, 1, 1), found(&other, 1, 2)], [None; 3]);
    assert_eq!(contents::find(&store, &mailbox(), &content).unwrap(), Some(MailId(4)));
    assert_eq!(contents::find(&store, &other, &content).unwrap(), None);
}

#[tokio::test]
async fn old_requests_are_forgotten_and_no_others() {
    let (_folder, store) = store();
    let key = |byte| RequestKey([byte; 16]);
    write(&store, move |tx| {
        requests::put(tx, &key(1), at(1), b"one")?;
        requests::put(tx, &key(2), at(2), b"")?;
        requests::put(tx, &key(3), at(3), b"three")?;
        requests::put(tx, &key(1), at(9), b"one again")
    })
    .await;
    assert_eq!(write(&store, |tx| requests::prune(tx, at(3), 9)).await, 1);
    let found = [1, 2, 3].map(|byte| requests::find(&store, &key(byte)).unwrap());
    assert_eq!(found, [Some(b"one again".to_vec()), None, Some(b"three".to_vec())]);
    assert_eq!(write(&store, |tx| requests::prune(tx, at(99), 1)).await, 1);
    assert_eq!(write(&store, |tx| requests::prune(tx, at(99), 9)).await, 1);
}

#[tokio::test]
async fn a_status_that_moved_within_the_job_is_seen_in_the_job() {
    let (_folder, store) = store();
    let seen = write(&store, |tx| {
        tickets::put(tx, &ticket(1, Status::New))?;
        tickets::put(tx, &ticket(1, Status::Open))?;
        Ok((tickets::list(tx, Some("new"), None, 9)?.len(), tickets::list(tx, Some("open"), None, 9)?.len()))
    })
    .await;
    assert_eq!(seen, (0, 1));
}

#[tokio::test]
async fn copies_wait_by_sender() {
    let (_folder, store) = store();
    let name = |text| SenderName::parse(text).unwrap();
    write(&store, move |tx| {
        for (sender, id) in [("a", 2), ("a", 300), ("a-b", 1), ("ab", 7), ("a", 2), ("b", 4)] {
            sent_copies::put(tx, &name(sender), OutboxId(id))?;
        }
        sent_copies::delete(tx, &name("b"), OutboxId(4))?;
        sent_copies::delete(tx, &name("b"), OutboxId(5))
    })
    .await;
    assert_eq!(sent_copies::senders(&store).unwrap(), [name("a"), name("a-b"), name("ab")]);
    assert_eq!(sent_copies::next(&store, &name("a"), None, 9).unwrap(), [OutboxId(2), OutboxId(300)]);
    assert_eq!(sent_copies::next(&store, &name("a"), Some(OutboxId(2)), 9).unwrap(), [OutboxId(300)]);
    assert_eq!(sent_copies::next(&store, &name("a"), None, 1).unwrap(), [OutboxId(2)]);
    assert!(sent_copies::next(&store, &name("b"), None, 9).unwrap().is_empty());
}
