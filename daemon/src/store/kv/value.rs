//! The stored form of keys and values: inline or in chunks, so that no stored value exceeds 4096 bytes.
//!
//! A leaf of sled above 128 KiB goes to a file that sled never makes durable; small values keep leaves small.

use super::engine::Bytes;

/// Largest value in bytes.
pub const MAX_VALUE_BYTES: usize = 8 << 20;
/// Largest value sled ever gets.
pub(super) const MAX_STORED_BYTES: usize = 4096;

const SPACE_META: u8 = b'm';
const SPACE_VALUE: u8 = b'v';
const SPACE_CHUNK: u8 = b'c';
const FORM_INLINE: u8 = 0;
const FORM_CHUNKED: u8 = 1;
const HEAD_BYTES: usize = 9;

/// What a stored value says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Form<'a> {
    /// The value itself.
    Inline(&'a [u8]),
    /// The value lies in chunks.
    Chunked(Head),
}

/// Describes a value that lies in chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// Length of the value in bytes.
    pub(super) length: u32,
    /// CRC-32 of the value.
    pub(super) crc: u32,
}

impl Head {
    pub(super) fn of(value: &[u8]) -> Head {
        // Callers have checked the length against MAX_VALUE_BYTES.
        Head { length: u32::try_from(value.len()).unwrap_or(u32::MAX), crc: crc32fast::hash(value) }
    }

    /// How many chunks the value has.
    pub(super) fn chunks(self) -> u32 {
        self.length.div_ceil(MAX_STORED_BYTES as u32)
    }

    pub(super) fn encode(self) -> Bytes {
        let mut stored = vec![FORM_CHUNKED];
        stored.extend_from_slice(&self.length.to_be_bytes());
        stored.extend_from_slice(&self.crc.to_be_bytes());
        stored.into()
    }
}

/// Whether the value is stored in its own record.
pub(super) fn fits_inline(value: &[u8]) -> bool {
    value.len() < MAX_STORED_BYTES
}

pub(super) fn encode_inline(value: &[u8]) -> Bytes {
    let mut stored = Vec::with_capacity(value.len() + 1);
    stored.push(FORM_INLINE);
    stored.extend_from_slice(value);
    stored.into()
}

/// Reads a stored record; the error says what does not fit.
pub(super) fn decode(stored: &[u8]) -> Result<Form<'_>, &'static str> {
    match stored.split_first() {
        Some((&FORM_INLINE, value)) => Ok(Form::Inline(value)),
        Some((&FORM_CHUNKED, _)) if stored.len() == HEAD_BYTES => {
            let (_, numbers) = stored.split_at(1);
            let (length, crc) = numbers.split_at(4);
            let number = |bytes: &[u8]| bytes.iter().fold(0u32, |sum, byte| (sum << 8) | u32::from(*byte));
            let head = Head { length: number(length), crc: number(crc) };
            match usize::try_from(head.length) {
                Ok(length) if length <= MAX_VALUE_BYTES => Ok(Form::Chunked(head)),
                _ => Err("its length is out of range"),
            }
        }
        _ => Err("its form is unknown"),
    }
}

/// Stored key of a value.
pub(super) fn value_key(key: &[u8]) -> Vec<u8> {
    with_space(SPACE_VALUE, key)
}

/// The caller's key of a stored key in the value space.
pub(super) fn caller_key(stored_key: &[u8]) -> Vec<u8> {
    stored_key.get(1..).unwrap_or_default().to_vec()
}

/// Stored key of one chunk. The number has a fixed width, so that chunks of different keys never meet.
pub(super) fn chunk_key(key: &[u8], number: u32) -> Vec<u8> {
    let mut stored = with_space(SPACE_CHUNK, key);
    stored.extend_from_slice(&number.to_be_bytes());
    stored
}

/// Stored key of something the store knows about itself.
pub(super) fn meta_key(name: &str) -> Vec<u8> {
    with_space(SPACE_META, name.as_bytes())
}

/// The first stored key of the value space behind all keys with `prefix`.
pub(super) fn end_of_prefix(prefix: &[u8]) -> Vec<u8> {
    let mut end = value_key(prefix);
    while end.last() == Some(&u8::MAX) {
        end.pop();
    }
    // The space byte is below 255, so at least that one is left.
    if let Some(last) = end.last_mut() {
        *last += 1;
    }
    end
}

fn with_space(space: u8, key: &[u8]) -> Vec<u8> {
    let mut stored = Vec::with_capacity(key.len() + 5);
    stored.push(space);
    stored.extend_from_slice(key);
    stored
}
