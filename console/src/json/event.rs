//! Events for scripts: one flat object on each line.

use super::mail::Verdict;
use maildesk_core::event::{DomainEvent, Event};
use maildesk_core::ids::EventSeq;
use serde_json::{Map, Value, json};

/// `{schema, seq, at, event, ...}`: the fields of the event beside its name.
pub fn event(event: &Event) -> Value {
    let mut line = Map::new();
    line.insert("schema".into(), "maildesk.event/1".into());
    line.insert("seq".into(), json!(event.seq));
    line.insert("at".into(), json!(event.at));
    line.insert("event".into(), event.what.name().into());
    // An event is written as `{name: {fields}}`, or as its name alone where it has none.
    if let Ok(Value::Object(named)) = serde_json::to_value(&event.what) {
        for fields in named.into_iter().filter_map(|(_, fields)| as_object(fields)) {
            line.extend(fields);
        }
    }
    if let DomainEvent::MailJudged { outcome, .. } = &event.what
        && let Ok(Value::Object(verdict)) = serde_json::to_value(Verdict::from(outcome))
    {
        line.extend(verdict);
    }
    Value::Object(line)
}

/// Says that events behind `after` are no longer kept.
pub fn gap(after: EventSeq) -> Value {
    json!({"schema": "maildesk.event/1", "seq": null, "at": null, "event": "gap", "after": after})
}

fn as_object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maildesk_core::ids::{MailId, TicketNumber};
    use maildesk_core::route::Outcome;
    use maildesk_core::settings::MailboxName;

    #[test]
    fn events_are_flat() {
        let what = DomainEvent::MailJudged {
            mail: MailId(4),
            mailbox: MailboxName::parse("support").unwrap(),
            from: "ann@acme.example".into(),
            subject: "fire".into(),
            outcome: Outcome::NewTicket { ticket: TicketNumber(7) },
            acknowledgement: None,
        };
        let line = event(&Event { seq: EventSeq(9), at: jiff::Timestamp::UNIX_EPOCH, what });
        let want = json!({"schema": "maildesk.event/1", "seq": 9, "at": "1970-01-01T00:00:00Z",
            "event": "mail_judged", "mail": 4, "mailbox": "support", "from": "ann@acme.example", "subject": "fire",
            "outcome": "new_ticket", "ticket": 7, "entry": null, "reason": null, "acknowledgement": null});
        assert_eq!(line, want);
        let line =
            event(&Event { seq: EventSeq(1), at: jiff::Timestamp::UNIX_EPOCH, what: DomainEvent::StorageRecovered });
        assert_eq!(line["event"], "storage_recovered");
    }
}
