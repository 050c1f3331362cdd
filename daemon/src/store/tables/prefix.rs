//! Every key of the store, in one place.
//!
//! A key begins with one byte for its table. Numbers are big-endian, so that key order is number order. Times are
//! milliseconds since 1970, as a signed number whose sign bit is turned, big-endian for the same reason. `NAME 0`
//! is a name (which never holds a zero byte) and its end.
//!
//! | table | key after the byte | value |
//! |---|---|---|
//! | `sequences` | counter byte | last number given, 8 bytes |
//! | `tallies` | tally byte | how many there are, 8 bytes |
//! | `tickets` | ticket 8 | record |
//! | `tickets by status` | status byte, ticket 8 | - |
//! | `entries` | ticket 8, entry 4 | record |
//! | `threads` | SHA-256 of a Message-ID 32, ticket 8 | - |
//! | `entry bodies` | ticket 8, entry 4 | ticket 8, entry 4 |
//! | `entry homes` | ticket 8, entry 4 | ticket 8, entry 4 |
//! | `entry order` | ticket 8, time 8, entry 4 | ticket 8, entry 4 |
//! | `clocks` | ticket 8 | record |
//! | `clocks to look at` | time 8, ticket 8 | - |
//! | `clocks due` | time 8, ticket 8 | - |
//! | `clocks plans` | - | SHA-256 32 |
//! | `contacts` | contact 8 | record |
//! | `contacts by address` | `Address::key()` | contact 8 |
//! | `contacts merged` | contact 8 | contact 8 |
//! | `blocks` | `Blocked::key()` | record |
//! | `customers` | customer 8 | record |
//! | `customers by domain` | domain, or `*.` and domain | customer 8 |
//! | `customers by name` | SHA-256 of the name in lower case 32, customer 8 | - |
//! | `invitations` | invitation 8 | record |
//! | `outbox` | mail 8 | record |
//! | `outbox due` | sender 0, time 8, mail 8 | - |
//! | `outbox by state` | state byte, mail 8 | - |
//! | `outbox messages` | mail 8 | MIME bytes |
//! | `outbox waiting` | ticket 8, mail 8 | - |
//! | `outbox unreadable` | mail 8 | a record that could not be read, as it was |
//! | `sent copies` | sender 0, mail 8 | - |
//! | `suppressions` | `Address::key()` | record |
//! | `automatic to address` | `Address::key()` | record |
//! | `automatic on ticket` | ticket 8 | record |
//! | `processed` | mailbox 0, UIDVALIDITY 4, UID 4 | mail 8 |
//! | `contents` | mailbox 0, SHA-256 32 | mail 8 |
//! | `mails` | mail 8 | record |
//! | `mails quarantined` | mail 8 | - |
//! | `mails raw alone` | mail 8 | - |
//! | `mailboxes` | mailbox | record |
//! | `filter hits` | filter | record |
//! | `events` | event 8 | record |
//! | `blobs` | SHA-256 32 | record |
//! | `blob bytes` | number 8 | the bytes |
//! | `uploads` | SHA-256 32 | - |
//! | `settings` | - | record |
//! | `secrets` | path of the setting | sealed bytes |
//! | `install` | - | record |
//! | `clean-ups` | - | record |
//! | `requests` | request key 16 | time 8, answer |
//! | `requests by time` | time 8, request key 16 | - |
//! | `audit` | number 8 | record |
//! | `templates` | kind 0, language 0, revision 8 | record |
//! | `template drafts` | kind 0, language 0 | record |
//! | `macros` | macro | record |
//!
//! A byte that was released is never used for another table.

use jiff::Timestamp;
use maildesk_core::settings::MailboxName;

/// A table: its byte, and its name for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Table {
    byte: u8,
    pub(in crate::store) name: &'static str,
}

macro_rules! tables {
    ($($constant:ident = $byte:literal, $name:literal;)*) => {
        $(pub(in crate::store) const $constant: Table = Table { byte: $byte, name: $name };)*
        #[cfg(test)]
        pub(in crate::store) const ALL: &[Table] = &[$($constant),*];
    };
}

tables! {
    SEQUENCES = 0x01, "sequences";
    TALLIES = 0x02, "tallies";
    TICKETS = 0x10, "tickets";
    TICKETS_BY_STATUS = 0x11, "tickets by status";
    ENTRIES = 0x12, "entries";
    THREADS = 0x13, "threads";
    ENTRY_BODIES = 0x14, "entry bodies";
    ENTRY_HOMES = 0x15, "entry homes";
    ENTRY_ORDER = 0x16, "entry order";
    CLOCKS = 0x18, "clocks";
    CLOCKS_TO_LOOK_AT = 0x19, "clocks to look at";
    CLOCKS_DUE = 0x1a, "clocks due";
    CLOCKS_PLANS = 0x1b, "clocks plans";
    CONTACTS = 0x20, "contacts";
    CONTACTS_BY_ADDRESS = 0x21, "contacts by address";
    CUSTOMERS = 0x22, "customers";
    CUSTOMERS_BY_DOMAIN = 0x23, "customers by domain";
    CUSTOMERS_BY_NAME = 0x24, "customers by name";
    CONTACTS_MERGED = 0x25, "contacts merged";
    BLOCKS = 0x26, "blocks";
    INVITATIONS = 0x27, "invitations";
    OUTBOX = 0x30, "outbox";
    OUTBOX_DUE = 0x31, "outbox due";
    OUTBOX_BY_STATE = 0x32, "outbox by state";
    OUTBOX_MESSAGES = 0x33, "outbox messages";
    OUTBOX_WAITING = 0x34, "outbox waiting";
    SUPPRESSIONS = 0x35, "suppressions";
    AUTOMATIC_TO_ADDRESS = 0x36, "automatic to address";
    AUTOMATIC_ON_TICKET = 0x37, "automatic on ticket";
    SENT_COPIES = 0x38, "sent copies";
    OUTBOX_UNREADABLE = 0x39, "outbox unreadable";
    PROCESSED = 0x40, "processed";
    CONTENTS = 0x41, "contents";
    MAILS = 0x42, "mails";
    MAILS_QUARANTINED = 0x43, "mails quarantined";
    MAILBOXES = 0x44, "mailboxes";
    MAILS_RAW_ALONE = 0x47, "mails raw alone";
    FILTER_HITS = 0x46, "filter hits";
    EVENTS = 0x50, "events";
    BLOBS = 0x60, "blobs";
    BLOB_BYTES = 0x61, "blob bytes";
    UPLOADS = 0x62, "uploads";
    SETTINGS = 0x70, "settings";
    SECRETS = 0x71, "secrets";
    INSTALL = 0x72, "install";
    CLEAN_UPS = 0x73, "clean-ups";
    REQUESTS = 0x80, "requests";
    REQUESTS_BY_TIME = 0x81, "requests by time";
    AUDIT = 0x82, "audit";
    TEMPLATES = 0x90, "templates";
    TEMPLATE_DRAFTS = 0x91, "template drafts";
    MACROS = 0x94, "macros";
}

impl Table {
    /// The key of these parts.
    pub(super) fn key(self, parts: &[&[u8]]) -> Vec<u8> {
        let mut key = Vec::with_capacity(1 + parts.iter().map(|part| part.len()).sum::<usize>());
        key.push(self.byte);
        for part in parts {
            key.extend_from_slice(part);
        }
        key
    }

    /// The key of a number.
    pub(super) fn number(self, number: u64) -> Vec<u8> {
        self.key(&[&number.to_be_bytes()])
    }

    /// The key of something of a mailbox.
    pub(super) fn of_mailbox(self, mailbox: &MailboxName, part: &[u8]) -> Vec<u8> {
        self.key(&[mailbox.as_str().as_bytes(), &[0], part])
    }

    /// What all keys of the table begin with.
    pub(super) fn all(self) -> [u8; 1] {
        [self.byte]
    }
}

/// A time as it stands in keys.
pub(super) fn time_bytes(at: Timestamp) -> [u8; 8] {
    (at.as_millisecond() ^ i64::MIN).to_be_bytes()
}

/// The time of [`time_bytes`]; nothing where the bytes are no time.
pub(super) fn time_of(bytes: [u8; 8]) -> Option<Timestamp> {
    let milliseconds = i64::from_be_bytes(bytes) ^ i64::MIN;
    let rest = i32::try_from(milliseconds.rem_euclid(1000)).ok()?;
    // `from_millisecond` refuses the last second that a timestamp can have.
    Timestamp::new(milliseconds.div_euclid(1000), rest * 1_000_000).ok()
}
