//! A filter on disk.

use super::ticket::PriorityRecord;
use jiff::Timestamp;
use maildesk_core::filter::{Condition, Field, Filter, FilterName, Matching, Then};
use maildesk_core::ids::MailId;
use maildesk_core::rpc::FilterHits;
use maildesk_core::ticket::Priority;
use serde::{Deserialize, Serialize};

/// [`Filter`].
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store) struct FilterRecord {
    name: FilterName,
    enabled: bool,
    matching: MatchingRecord,
    when: Vec<ConditionRecord>,
    then: ThenRecord,
}

impl From<Filter> for FilterRecord {
    fn from(filter: Filter) -> FilterRecord {
        let Filter { name, enabled, matching, when, then } = filter;
        let when = when.into_iter().map(ConditionRecord::from).collect();
        FilterRecord { name, enabled, matching: matching.into(), when, then: then.into() }
    }
}

impl From<FilterRecord> for Filter {
    fn from(record: FilterRecord) -> Filter {
        let FilterRecord { name, enabled, matching, when, then } = record;
        let when = when.into_iter().map(Condition::from).collect();
        Filter { name, enabled, matching: matching.into(), when, then: then.into() }
    }
}

same_word!(MatchingRecord = Matching { All, Any });

same_word!(
    FieldRecord =
        Field { Subject, From, FromDomain, To, Header, Body, Size, AttachmentName, AttachmentType, Fact, Mailbox }
);

same_struct!(ConditionRecord = Condition {
    field: FieldRecord,
    header: Option<String>,
    contains: Option<String>,
    equals: Option<String>,
    wildcard: Option<String>,
    regex: Option<String>,
    above: Option<u64>,
    below: Option<u64>,
    not: bool,
});

/// [`Then`].
#[derive(Debug, Serialize, Deserialize)]
struct ThenRecord {
    drop: bool,
    quarantine: bool,
    priority: Option<PriorityRecord>,
    tags: Vec<String>,
    assign: Option<String>,
    no_acknowledgement: bool,
    stop: bool,
}

impl From<Then> for ThenRecord {
    fn from(then: Then) -> ThenRecord {
        let Then { drop, quarantine, priority, tags, assign, no_acknowledgement, stop } = then;
        let priority = priority.map(PriorityRecord::from);
        ThenRecord { drop, quarantine, priority, tags, assign, no_acknowledgement, stop }
    }
}

impl From<ThenRecord> for Then {
    fn from(record: ThenRecord) -> Then {
        let ThenRecord { drop, quarantine, priority, tags, assign, no_acknowledgement, stop } = record;
        let priority = priority.map(Priority::from);
        Then { drop, quarantine, priority, tags, assign, no_acknowledgement, stop }
    }
}

same_struct!(FilterHitsRecord = FilterHits { count: u64, last: Option<Timestamp>, mail: Option<MailId> });
