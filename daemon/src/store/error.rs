//! What can go wrong when the store is opened, read or written.
//!
//! Failures of the disk or of sled are not here: they are final and end the process (see [`crate::store::kv`]).

use std::io;
use std::path::PathBuf;

use maildesk_core::address::Address;
use maildesk_core::directory::DomainPattern;
use maildesk_core::ids::{ContactId, CustomerId};

/// Why a read or a write was refused. Nothing of a refused job is stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The stored bytes do not fit together: a chunk is missing, or length or CRC-32 are wrong.
    #[error("the stored value of key {key} is damaged: {problem}")]
    Corrupt {
        /// The key with bytes outside printable ASCII escaped.
        key: String,
        /// What did not fit.
        problem: &'static str,
    },
    /// A record cannot be written or read in the form its table has.
    #[error("the record {key} of {table} cannot be used: {problem}")]
    Record {
        /// The table's name.
        table: &'static str,
        /// The key with bytes outside printable ASCII escaped.
        key: String,
        /// What does not fit, by field; never the record's content.
        problem: String,
    },
    /// A secret itself was about to be stored in the settings, where only its place may stand.
    #[error("the secret of {field} must be sealed before the settings are stored")]
    SecretInSettings {
        /// Whose secret.
        field: String,
    },
    /// A key above [`MAX_KEY_BYTES`](crate::store::kv::MAX_KEY_BYTES).
    #[error("a key of {length} bytes is longer than the store takes")]
    KeyTooLong {
        /// Length in bytes.
        length: usize,
    },
    /// A value above [`MAX_VALUE_BYTES`](crate::store::kv::MAX_VALUE_BYTES).
    #[error("a value of {length} bytes for key {key} is larger than the store takes")]
    ValueTooLarge {
        /// The key with bytes outside printable ASCII escaped.
        key: String,
        /// Length in bytes.
        length: usize,
    },
    /// One job wrote more than [`MAX_JOB_BYTES`](crate::store::kv::MAX_JOB_BYTES).
    #[error("one change of {length} bytes is larger than the store takes at once")]
    JobTooLarge {
        /// Bytes of keys and values written so far by the job.
        length: usize,
    },
    /// The job panicked; its writes were discarded and the writer went on.
    #[error("the change stopped in the middle by a fault in the program; nothing of it was stored")]
    JobPanicked,
    /// The file system is nearly full, so that no write is started which might fail half way.
    #[error("the disk is nearly full: {free_bytes} bytes free, {needed_bytes} needed to write")]
    NoRoom {
        /// Free bytes of the file system.
        free_bytes: u64,
        /// Free bytes that a write wants to see.
        needed_bytes: u64,
    },
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// Whether the same call may work later without anybody changing the program or the data.
    pub fn is_transient(&self) -> bool {
        matches!(self, StoreError::NoRoom { .. })
    }

    /// Whether it is about one value that cannot be read, and others can.
    pub fn is_damage(&self) -> bool {
        matches!(self, StoreError::Corrupt { .. } | StoreError::Record { .. })
    }

    pub(crate) fn corrupt(key: &[u8], problem: &'static str) -> StoreError {
        StoreError::Corrupt { key: key.escape_ascii().to_string(), problem }
    }
}

/// Why a contact or customer was not written. Nothing of it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    /// An address can belong to one contact only.
    #[error("the address {address} belongs to contact {owner}")]
    AddressTaken {
        /// The address asked for.
        address: Address,
        /// Who has it.
        owner: ContactId,
    },
    /// A domain can belong to one customer only.
    #[error("the domain {domain} belongs to customer {owner}")]
    DomainTaken {
        /// The domain asked for.
        domain: DomainPattern,
        /// Who has it.
        owner: CustomerId,
    },
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DirectoryError {
    /// Whether the same call may work later without anybody changing the program or the data.
    pub fn is_transient(&self) -> bool {
        match self {
            DirectoryError::AddressTaken { .. } | DirectoryError::DomainTaken { .. } => false,
            DirectoryError::Store(error) => error.is_transient(),
        }
    }
}

/// Why the store did not open. Nothing was changed unless the text says so.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process works on the store.
    #[error("the store {} is in use by process {holder} (lock file {})", store.display(), lock.display())]
    Locked {
        /// Folder of the store.
        store: PathBuf,
        /// The lock file.
        lock: PathBuf,
        /// Process id as the holder wrote it, or "unknown".
        holder: String,
    },
    /// Too little free space to open safely.
    #[error("the disk of {} has {free_bytes} bytes free, opening the store needs {needed_bytes}", store.display())]
    NoRoom {
        /// Folder of the store.
        store: PathBuf,
        /// Free bytes of the file system.
        free_bytes: u64,
        /// Free bytes needed.
        needed_bytes: u64,
    },
    /// A newer maildesk wrote this store.
    #[error("the store {} has schema {stored}, this maildeskd knows up to {known}: install the newer version again", store.display())]
    NewerSchema {
        /// Folder of the store.
        store: PathBuf,
        /// Number found in the store.
        stored: u32,
        /// Highest number this program knows.
        known: u32,
    },
    /// A store whose low-level layout this program does not know.
    #[error("the store {} has a layout this maildeskd cannot read", store.display())]
    UnknownLayout {
        /// Folder of the store.
        store: PathBuf,
    },
    /// `blobs/` holds files; sled never makes those durable, so something other than maildesk wrote here.
    #[error("the store {} has files in blobs/, which maildesk never writes: the store is not safe to use", store.display())]
    Blobs {
        /// Folder of the store.
        store: PathBuf,
    },
    /// Neither the store nor a copy without its snapshot could be opened. The original is untouched.
    #[error("the store {} is damaged ({problem}); keep it aside and put back the newest copy of this folder", store.display())]
    Damaged {
        /// Folder of the store.
        store: PathBuf,
        /// What the engine said.
        problem: String,
    },
    /// The operating system refused a step.
    #[error("{step} {}: {source}", path.display())]
    Io {
        /// What was tried, as words before the path.
        step: &'static str,
        /// On which file.
        path: PathBuf,
        /// The answer.
        source: io::Error,
    },
}
