//! A sender goes on where the store does not give back one of its mails.

use super::Sending;
use super::files::Files;
use super::lane::{Lane, LaneEnd};
use super::tests::{TICKET, mail, problems, store_with, to_another};
use super::worker::OutboxParts;
use crate::auth::{Sealer, Secrets};
use crate::blob::{BlobFiles, BlobReader};
use crate::clock::Clock;
use crate::events::EventHub;
use crate::net::testing::connectors;
use crate::store::kv::Transaction;
use crate::store::{Store, counters, events, outbox, outbox_repair};
use jiff::Timestamp;
use maildesk_core::address::Address;
use maildesk_core::ids::{EventSeq, OutboxId};
use maildesk_core::outbox::OutboxState;
use maildesk_core::rpc::{SenderStatus, WorkState};
use maildesk_core::settings::{Sender, SenderName, WayOut};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

fn lane(store: &Store, folder: &Path) -> Lane {
    let name = SenderName::parse("main").unwrap();
    let files = BlobFiles::open(folder).unwrap();
    let parts = OutboxParts {
        store: store.clone(),
        hub: EventHub::new(EventSeq(0)),
        clock: Clock,
        secrets: Secrets::new(Sealer::new(&[1; 32]), None),
        tls: Arc::new(connectors()),
        sending: Sending::default(),
        silent: None,
        copies: None,
        files: Files { reader: BlobReader::new(store.clone(), files), bucket: None },
    };
    let sender = Sender {
        name: name.clone(),
        from: Address::parse("desk@example.org").unwrap(),
        display_name: None,
        reply_to: None,
        plus_address: false,
        sender_header: None,
        dkim: None,
        sent_copy: None,
        per_minute: 0,
        per_hour: 0,
        way: WayOut::Folder { path: folder.to_owned() },
    };
    let status = SenderStatus { name, state: WorkState::Working, sent: 0, size_limit: None };
    Lane::new(parts, Arc::new(sender), Arc::new(watch::Sender::new(status)))
}

#[tokio::test]
async fn a_mail_that_cannot_be_read_ends_with_its_reason_and_the_others_go() {
    let due = || OutboxState::Due { at: Timestamp::UNIX_EPOCH };
    for (broken, reason) in [
        ("no record", "its record is missing from the store"),
        ("odd record", "the record 0\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02 of outbox cannot be used"),
        ("no text", "its text is missing from the store"),
    ] {
        let others = [3, 4].map(|id| to_another(mail(id, due())));
        let [third, fourth] = others;
        let (folder, store) = store_with(vec![mail(1, due()), mail(2, due()), third, fourth]).await;
        let id = OutboxId(2);
        let break_it = move |tx: &mut Transaction<'_>| match broken {
            "no record" => outbox_repair::damage(tx, id, None),
            "odd record" => outbox_repair::damage(tx, id, Some(b"{\"v\":")),
            _ => outbox_repair::lose_message(tx, id),
        };
        store.write(break_it).await.unwrap();
        let mut lane = lane(&store, &folder.path().join("out"));
        let now = Clock.now();
        loop {
            let due = outbox::due(&store, &SenderName::parse("main").unwrap(), now, 99).unwrap();
            if due.is_empty() {
                break;
            }
            let end = lane.send(due, usize::MAX, &CancellationToken::new()).await;
            assert!(matches!(end, LaneEnd::Sent | LaneEnd::PutAside), "{broken}");
        }
        let state = |id| outbox::get(&store, OutboxId(id)).unwrap().unwrap().state;
        for id in [1, 3, 4] {
            assert_eq!(state(id).word(), "sent", "{broken}: {id}");
        }
        let OutboxState::Failed { reason: said, .. } = state(2) else { panic!("{broken}: {:?}", state(2)) };
        assert!(said.starts_with("it cannot be sent: ") && said.contains(reason), "{broken}: {said}");
        let told = problems(&store);
        assert!(told.len() == 1 && told[0].contains(reason), "{broken}: #{TICKET} says {told:?}");
        let (events, _) = events::after(&store, EventSeq(0), 99).unwrap();
        assert_eq!(events.iter().filter(|event| event.what.name() == "mail_failed").count(), 1);
        let counts = counters::read(&store).unwrap();
        assert_eq!((counts.outbox_due, counts.outbox_sent, counts.outbox_failed), (0, 3, 1), "{broken}");
    }
}
