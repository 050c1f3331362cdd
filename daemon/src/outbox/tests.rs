//! Verdicts and verbs on a real store: what the ticket hears, whose turn it is next.

use super::judge::{Judgement, Verdict, Words, judge};
use super::settle::write_verdict;
use super::{ActError, Actor, Sending, act, expiry, write_bounce};
use crate::smtp::SmtpError;
use crate::store::kv::{Options, Transaction};
use crate::store::{Store, StoreError, entries, events, outbox, sent_copies, suppressions, tickets};
use jiff::{SignedDuration, Timestamp};
use maildesk_core::address::Address;
use maildesk_core::diagnosis::{Fault, FaultKind, Protocol, Step};
use maildesk_core::ids::{ContactId, EventSeq, OutboxId, TicketNumber};
use maildesk_core::notification::Kind;
use maildesk_core::outbox::schedule::reconnect_pause;
use maildesk_core::outbox::{HoldReason, OutboxAction, OutboxEntry, OutboxState, Suppression, Told};
use maildesk_core::route::NotedBounce;
use maildesk_core::settings::connection::{Encryption, ServerAddress};
use maildesk_core::settings::{MailboxName, SenderName, Silent};
use maildesk_core::ticket::{EntryKind, Moves, Status, Ticket};
use tempfile::TempDir;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
pub(super) const TICKET: TicketNumber = TicketNumber(1);

fn later(minutes: i64) -> Timestamp {
    NOW + SignedDuration::from_mins(minutes)
}

pub(super) fn mail(id: u64, state: OutboxState) -> OutboxEntry {
    OutboxEntry {
        ticket: Some(TICKET),
        state,
        ..OutboxEntry::begun(
            OutboxId(id),
            Kind::AgentReply,
            SenderName::parse("main").unwrap(),
            Address::parse("desk@example.org").unwrap(),
            Address::parse("ann@acme.example").unwrap(),
            format!("{id}@example.org"),
            NOW,
        )
    }
}

/// Of the same ticket to somebody else, so that it waits for no other.
pub(super) fn to_another(mail: OutboxEntry) -> OutboxEntry {
    let to = format!("bob{}@acme.example", mail.id);
    OutboxEntry { to: Address::parse(&to).unwrap(), ..mail }
}

pub(super) async fn store_with(mails: Vec<OutboxEntry>) -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { min_free_bytes: 1 << 20, ..Options::new(&folder.path().join("store")) };
    let store = Store::open(&options).unwrap();
    let ticket = Ticket {
        status: Status::Open,
        assignee: Some("bob".into()),
        ..Ticket::begun(TICKET, String::new(), ContactId(1), MailboxName::parse("support").unwrap(), NOW)
    };
    write(&store, move |tx| {
        tickets::put(tx, &ticket)?;
        mails.iter().try_for_each(|mail| {
            outbox::put(tx, mail).and_then(|()| outbox::put_message(tx, mail.id, b"To: ann@acme.example\r\n\r\nx"))
        })
    })
    .await;
    (folder, store)
}

async fn write<T: Send + 'static>(
    store: &Store,
    job: impl FnOnce(&mut Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
) -> T {
    store.write(job).await.unwrap()
}

async fn settled(store: &Store, id: u64, verdict: Verdict, at: Timestamp) -> OutboxEntry {
    write(store, move |tx| write_verdict(tx, OutboxId(id), verdict, true, at, 0.0)).await;
    outbox::get(store, OutboxId(id)).unwrap().unwrap()
}

async fn done(store: &Store, id: u64, action: OutboxAction) -> Result<OutboxEntry, String> {
    let job = move |tx: &mut Transaction<'_>| -> Result<OutboxEntry, ActError> {
        let silent = Silent { allow: vec!["@acme.example".into()] };
        let actor = Actor { by: "bob", now: later(1), silent: Some(&silent), sending: &Sending::default() };
        act(tx, OutboxId(id), &action, &actor).map(|(mail, _)| mail)
    };
    store.write(job).await.map_err(|error: ActError| error.to_string())
}

fn refusal() -> Words {
    Words { said: "451 later".into(), meaning: Some("m".into()), remedy: None }
}

pub(super) fn problems(store: &Store) -> Vec<String> {
    let thread = entries::list(store, TICKET, None, 99).unwrap();
    thread.into_iter().filter(|entry| entry.kind == EntryKind::DeliveryProblem).map(|entry| entry.text).collect()
}

#[tokio::test]
async fn the_third_deferral_and_the_failure_are_told_once_each() {
    let (_folder, store) = store_with(vec![mail(1, OutboxState::Due { at: NOW })]).await;
    for (minute, waits) in [(0, 1), (1, 2), (3, 4), (7, 8), (15, 16)] {
        let mail = settled(&store, 1, Verdict::Deferred(refusal()), later(minute)).await;
        assert_eq!(mail.state, OutboxState::Due { at: later(minute + waits) });
    }
    assert_eq!(problems(&store).len(), 1);
    let failed = settled(&store, 1, Verdict::Refused(refusal()), later(40)).await;
    assert_eq!((failed.state.word(), failed.attempts.len(), failed.told), ("failed", 6, Told::Failed));
    assert_eq!(problems(&store).len(), 2);
    let (events, _) = events::after(&store, EventSeq(0), 99).unwrap();
    let told = events.iter().filter(|event| event.what.name() == "delivery_problem").count();
    assert_eq!(told, 2);
    assert!(events.iter().any(|event| event.what.sentence().starts_with("#1 (bob): mail 1 does not reach")));
}

#[tokio::test]
async fn what_is_out_of_the_way_frees_the_next() {
    let behind = OutboxEntry { waits_for: Some(OutboxId(1)), ..mail(2, OutboxState::Due { at: later(10) }) };
    for end in ["sent", "cancelled", "redirected"] {
        let (_folder, store) = store_with(vec![mail(1, OutboxState::Due { at: NOW }), behind.clone()]).await;
        match end {
            "sent" => {
                let sent = settled(&store, 1, Verdict::Accepted { said: "250".into() }, later(1)).await;
                assert_eq!(sent_copies::next(&store, &sent.sender, None, 9).unwrap(), [OutboxId(1)]);
            }
            "cancelled" => drop(done(&store, 1, OutboxAction::Cancel).await.unwrap()),
            _ => {
                let to = Address::parse("new@acme.example").unwrap();
                drop(done(&store, 1, OutboxAction::Redirect { to }).await.unwrap());
            }
        }
        let next = outbox::get(&store, OutboxId(2)).unwrap().unwrap();
        assert_eq!((next.state, next.waits_for), (OutboxState::Due { at: later(1) }, None), "{end}");
    }
}

#[tokio::test]
async fn a_redirected_mail_keeps_its_id_and_knows_its_first_recipient() {
    let (_folder, store) = store_with(vec![mail(1, OutboxState::Failed { at: NOW, reason: String::new() })]).await;
    let to = Address::parse("new@acme.example").unwrap();
    let moved = done(&store, 1, OutboxAction::Redirect { to: to.clone() }).await.unwrap();
    assert_eq!((moved.to, moved.message_id.as_str(), moved.state.word()), (to, "1@example.org", "due"));
    assert_eq!(moved.first_to.unwrap().as_str(), "ann@acme.example");
    assert_eq!(outbox::message(&store, OutboxId(1)).unwrap().unwrap(), b"To: new@acme.example\r\n\r\nx");
}

#[tokio::test]
async fn silence_and_suppression_hold_against_a_persons_verbs() {
    let held = OutboxState::Held { since: NOW, until: None, reason: HoldReason::Silent };
    let elsewhere = Address::parse("x@elsewhere.example").unwrap();
    let failed = mail(2, OutboxState::Failed { at: NOW, reason: String::new() });
    let (_folder, store) = store_with(vec![OutboxEntry { to: elsewhere, ..mail(1, held) }, failed]).await;
    let refused = done(&store, 1, OutboxAction::Release).await.unwrap_err();
    assert!(refused.starts_with("silent mode holds mail to x@elsewhere.example"), "{refused}");
    let address = Address::parse("Ann@acme.example").unwrap();
    let full = Suppression { address, reason: "full".into(), since: NOW, expires: None };
    write(&store, move |tx| suppressions::put(tx, &full)).await;
    let refused = done(&store, 2, OutboxAction::Retry { even_if_suppressed: false }).await.unwrap_err();
    assert!(refused.contains("is suppressed: full"), "{refused}");
    let sent = done(&store, 2, OutboxAction::Retry { even_if_suppressed: true }).await.unwrap();
    assert_eq!((sent.state.word(), sent.even_if_suppressed), ("due", true));
}

#[tokio::test]
async fn a_verdict_on_a_mail_that_was_cancelled_or_held_meanwhile_changes_nothing_but_a_sending() {
    let held = OutboxState::Held { since: NOW, until: None, reason: HoldReason::ByPerson { by: "bob".into() } };
    let (_folder, store) = store_with(vec![mail(1, held.clone())]).await;
    assert_eq!(settled(&store, 1, Verdict::Refused(refusal()), NOW).await.state, held);
    assert_eq!(settled(&store, 1, Verdict::Accepted { said: "250".into() }, NOW).await.state.word(), "sent");
}

#[tokio::test]
async fn what_a_person_sends_off_anew_has_its_five_days_once_more() {
    let days = |days: i64| NOW + SignedDuration::from_hours(24 * days);
    let given_up = OutboxState::Failed { at: days(5), reason: String::new() };
    let held = OutboxState::Held { since: NOW, until: None, reason: HoldReason::ByPerson { by: "bob".into() } };
    let old = |id, state| OutboxEntry { deferrals: 40, ..mail(id, state) };
    let other = Address::parse("new@acme.example").unwrap();
    for (action, state) in [
        (OutboxAction::Retry { even_if_suppressed: false }, given_up.clone()),
        (OutboxAction::Redirect { to: other }, given_up),
        (OutboxAction::Release, held),
    ] {
        let (_folder, store) = store_with(vec![old(1, state)]).await;
        let job = move |tx: &mut Transaction<'_>| -> Result<OutboxEntry, ActError> {
            let actor = Actor { by: "bob", now: days(9), silent: None, sending: &Sending::default() };
            act(tx, OutboxId(1), &action, &actor).map(|(mail, _)| mail)
        };
        store.write(job).await.map_err(|error: ActError| error.to_string()).unwrap();
        let first = settled(&store, 1, Verdict::Deferred(refusal()), days(9)).await;
        assert_eq!(
            (first.state, first.deferrals),
            (OutboxState::Due { at: days(9) + SignedDuration::from_mins(1) }, 1)
        );
        let last = settled(&store, 1, Verdict::Deferred(refusal()), days(14)).await;
        assert_eq!(last.state.word(), "failed", "and no more than five");
    }
    // A retry of what is still tried changes nothing about its days.
    let (_folder, store) = store_with(vec![mail(1, OutboxState::Due { at: days(4) })]).await;
    let mail = done(&store, 1, OutboxAction::Retry { even_if_suppressed: false }).await.unwrap();
    assert_eq!(mail.tried_since, None);
}

fn bounced(id: u64, reason: &str, expires: Option<Timestamp>) -> NotedBounce {
    let address = Address::parse("ann@acme.example").unwrap();
    NotedBounce {
        outbox: mail(id, OutboxState::Failed { at: later(1), reason: reason.into() }),
        suppression: Some(Suppression { address, reason: reason.into(), since: later(1), expires }),
        failed: Some(reason.into()),
    }
}

#[tokio::test]
async fn a_bounce_suppresses_unless_a_person_or_an_earlier_one_does_so_for_longer_and_time_ends_it() {
    let sent = || mail(1, OutboxState::Sent { at: NOW, server_said: "250".into() });
    let address = Address::parse("ann@acme.example").unwrap();
    let until = |minutes| Some(later(minutes));
    for (before, want) in [
        (None, "it came back"),
        (Some(until(5)), "it came back"),
        (Some(until(99)), "a person said so"),
        (Some(None), "a person said so"),
    ] {
        let (_folder, store) = store_with(vec![sent()]).await;
        if let Some(expires) = before {
            let reason = "a person said so".to_owned();
            let known = Suppression { address: address.clone(), reason, since: NOW, expires };
            write(&store, move |tx| suppressions::put(tx, &known)).await;
        }
        write(&store, move |tx| write_bounce(tx, &bounced(1, "it came back", until(50)), later(1))).await;
        assert_eq!(suppressions::get(&store, &address).unwrap().unwrap().reason, want);
        assert_eq!(outbox::get(&store, OutboxId(1)).unwrap().unwrap().state.word(), "failed");
        let (events, _) = events::after(&store, EventSeq(0), 99).unwrap();
        assert!(
            events
                .iter()
                .any(|event| event.what.sentence() == "#1 (bob): mail 1 does not reach ann@acme.example: it came back")
        );
    }
    let (_folder, store) = store_with(vec![sent()]).await;
    write(&store, move |tx| write_bounce(tx, &bounced(1, "it came back", until(50)), later(1))).await;
    assert_eq!(expiry::forget_expired(&store, later(49)).await.unwrap(), 0);
    assert_eq!(expiry::forget_expired(&store, later(50)).await.unwrap(), 1);
    assert_eq!(suppressions::get(&store, &address).unwrap(), None);
}

#[tokio::test]
async fn a_server_that_is_down_for_an_hour_costs_no_mail_an_attempt() {
    let mails: Vec<OutboxEntry> = (1..=30).map(|id| mail(id, OutboxState::Due { at: NOW })).collect();
    let (_folder, store) = store_with(mails.clone()).await;
    let sender = SenderName::parse("main").unwrap();
    let due = |now| {
        let ids = outbox::due(&store, &sender, now, 500).unwrap();
        ids.into_iter().map(|id| outbox::get(&store, id).unwrap().unwrap()).collect::<Vec<_>>()
    };
    let server = ServerAddress {
        host: "mx.example".into(),
        port: 465,
        encryption: Encryption::Tls,
        ca_file: None,
        pin_sha256: None,
    };
    let (mut now, mut looks) = (NOW, 0);
    while now < later(60) {
        assert_eq!(due(now), mails);
        let kind = FaultKind::Refused;
        let fault =
            Fault { protocol: Protocol::Smtp, server: server.clone(), step: Step::Connect, kind, server_said: None };
        assert!(matches!(judge(Err(SmtpError::Connection(Box::new(fault))), &server), Judgement::Account(_)));
        looks += 1;
        now += SignedDuration::try_from(reconnect_pause(looks, 0.5)).unwrap();
    }
    assert!((8..=14).contains(&looks), "{looks} connections tried in an hour");
    assert!(now < later(75), "it is found to be back within a quarter of an hour");
    for (mail, at) in due(now).into_iter().zip(60..) {
        let sent = settled(&store, mail.id.0, Verdict::Accepted { said: "250".into() }, later(at)).await;
        assert_eq!((sent.state.word(), sent.attempts.len(), sent.deferrals), ("sent", 1, 0));
    }
    assert_eq!(outbox::next_due(&store, &sender).unwrap(), None);
}

#[tokio::test]
async fn trouble_with_a_mail_of_a_merged_ticket_is_told_where_it_goes_on() {
    let (_folder, store) = store_with(vec![mail(1, OutboxState::Due { at: NOW })]).await;
    write(&store, |tx| {
        let first = tickets::get(tx, TICKET)?.unwrap();
        tickets::put(tx, &Ticket { number: TicketNumber(2), assignee: Some("ann".into()), ..first.clone() })?;
        let moves = Moves { merged_into: Some(TicketNumber(2)), arranged: 0, gone: 0 };
        tickets::put(tx, &Ticket { status: Status::Closed { at: NOW }, moves, ..first })
    })
    .await;
    settled(&store, 1, Verdict::Refused(refusal()), later(1)).await;
    assert!(problems(&store).is_empty(), "the merged ticket hears nothing any more");
    let told = entries::list(&store, TicketNumber(2), None, 9).unwrap();
    assert_eq!(told.len(), 1);
    assert!(told[0].text.ends_with("the server refused: 451 later (it was written on #1)"), "{}", told[0].text);
    let (events, _) = events::after(&store, EventSeq(0), 99).unwrap();
    assert!(events.iter().any(|event| event.what.sentence().starts_with("#2 (ann): mail 1 does not reach")));
    // A bounce of it, too.
    write(&store, |tx| write_bounce(tx, &bounced(1, "gone", None), later(2))).await;
    let (events, _) = events::after(&store, EventSeq(0), 99).unwrap();
    assert!(
        events.iter().any(|event| event.what.sentence() == "#2 (ann): mail 1 does not reach ann@acme.example: gone")
    );
}
