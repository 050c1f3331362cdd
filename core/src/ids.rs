//! Newtypes for identities, so that no number is taken for another.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id!(
    /// A ticket's number: its identity and what people quote. Counted from 1 in each install.
    TicketNumber(u64)
);
number_id!(
    /// Position of an entry in its ticket's thread, from 1.
    EntryNumber(u32)
);
number_id!(ContactId(u64));
number_id!(CustomerId(u64));
number_id!(OutboxId(u64));
number_id!(InvitationId(u64));
number_id!(
    /// One inbound mail as judged: the key of the verdict log.
    MailId(u64)
);
number_id!(
    /// Position of an event in the stream of all events, from 1.
    EventSeq(u64)
);
number_id!(
    /// IMAP unique identifier of a message (RFC 3501 §2.3.1.1), meaningful only beside its UIDVALIDITY.
    Uid(u32)
);
number_id!(
    /// IMAP UIDVALIDITY of a folder (RFC 3501 §2.3.1.1).
    UidValidity(u32)
);
number_id!(
    /// Counts the changes of a record; a write names the revision it saw.
    Revision(u64)
);

/// SHA-256 of some bytes: the name of a blob.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobHash(pub [u8; 32]);

impl BlobHash {
    /// The name of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest;
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// Reads 64 hexadecimal digits; anything else is `None`.
    pub fn parse(hex: &str) -> Option<Self> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

impl fmt::Display for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobHash({self})")
    }
}

impl Serialize for BlobHash {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BlobHash {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not 64 hexadecimal digits"))
    }
}
