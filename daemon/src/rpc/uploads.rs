//! Files that are on their way to an answer: kept in memory, a few at a time and not for long.

use super::fault::Fault;
use jiff::{SignedDuration, Timestamp};
use maildesk_core::rpc::{MAX_PIECE, MOST_FILE_BYTES, RequestKey, RpcError};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes of all of them together at the most.
const MOST_BYTES: u64 = 3 * MOST_FILE_BYTES;
/// How long one is kept behind its last piece.
const KEPT: SignedDuration = SignedDuration::from_mins(10);

/// All uploads of all users.
#[derive(Debug, Default)]
pub struct Uploads(Mutex<BTreeMap<[u8; 16], Upload>>);

#[derive(Debug)]
struct Upload {
    user: String,
    bytes: Vec<u8>,
    last: Timestamp,
}

impl Uploads {
    /// Adds a piece; one that was added before is passed over. Gives how many bytes are there.
    pub(super) fn add(
        &self,
        user: String,
        upload: RequestKey,
        offset: u64,
        piece: &[u8],
        now: Timestamp,
    ) -> Result<u64, Fault> {
        let mut uploads = self.lock();
        uploads.retain(|_, upload| now.duration_since(upload.last) < KEPT);
        let together: u64 = uploads.values().map(|upload| upload.bytes.len() as u64).sum();
        let known =
            uploads.entry(upload.0).or_insert_with(|| Upload { user: user.clone(), bytes: Vec::new(), last: now });
        let there = known.bytes.len() as u64;
        let size = offset.saturating_add(piece.len() as u64);
        let refused = if known.user != user || piece.len() > MAX_PIECE as usize || offset > there {
            Some("this piece does not go on where the last one ended: give the file once more".to_owned())
        } else if size > MOST_FILE_BYTES {
            Some(format!("a file has {MOST_FILE_BYTES} bytes at the most"))
        } else if together + piece.len() as u64 > MOST_BYTES {
            Some("too many files are being given at this moment: try again in a minute".to_owned())
        } else {
            None
        };
        if let Some(refused) = refused {
            if there == 0 {
                uploads.remove(&upload.0);
            }
            return Err(RpcError::Rejected(refused).into());
        }
        if size > there {
            let new = piece.len() - usize::try_from(size - there).unwrap_or_default();
            known.bytes.extend_from_slice(piece.get(new..).unwrap_or_default());
        }
        known.last = now;
        Ok(known.bytes.len() as u64)
    }

    /// The bytes of a whole upload of this user's.
    pub(super) fn bytes(&self, user: &str, upload: RequestKey, size: u64) -> Option<Vec<u8>> {
        let uploads = self.lock();
        let found = uploads.get(&upload.0).filter(|found| found.user == user);
        match found {
            Some(found) => Some(found.bytes.clone()).filter(|bytes| bytes.len() as u64 == size),
            // Nothing was given of a file without bytes.
            None => (size == 0).then(Vec::new),
        }
    }

    /// What went on its way is not kept.
    pub(super) fn forget(&self, upload: RequestKey) {
        self.lock().remove(&upload.0);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<[u8; 16], Upload>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: RequestKey = RequestKey([1; 16]);

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn pieces_come_in_order_and_one_that_comes_again_changes_nothing() {
        let uploads = Uploads::default();
        let add = |offset, piece: &[u8]| uploads.add("ann".into(), ONE, offset, piece, at(0)).map_err(drop);
        assert_eq!(add(0, b"abc"), Ok(3));
        assert_eq!(add(0, b"abc"), Ok(3));
        assert_eq!(add(3, b"def"), Ok(6));
        assert_eq!(add(2, b"cdefg"), Ok(7));
        assert_eq!(add(9, b"x"), Err(()), "one is missing");
        assert_eq!(uploads.bytes("ann", ONE, 7).as_deref(), Some(&b"abcdefg"[..]));
        assert_eq!(uploads.bytes("ann", ONE, 8), None, "it is not whole");
        assert_eq!(uploads.bytes("bob", ONE, 7), None, "it is somebody else's");
        uploads.forget(ONE);
        assert_eq!(uploads.bytes("ann", ONE, 7), None);
    }

    #[test]
    fn what_is_too_large_too_much_or_left_lying_is_not_kept() {
        let uploads = Uploads::default();
        let piece = vec![0; MAX_PIECE as usize];
        let mut key = 0;
        let mut fill = |at: Timestamp| {
            key += 1;
            let mut there = 0;
            while let Ok(now) = uploads.add("ann".into(), RequestKey([key; 16]), there, &piece, at) {
                there = now;
            }
            there
        };
        let sizes: Vec<u64> = (0..4).map(|_| fill(at(0))).collect();
        assert_eq!(sizes, [MOST_FILE_BYTES, MOST_FILE_BYTES, MOST_FILE_BYTES, 0]);
        assert_eq!(fill(at(11)), MOST_FILE_BYTES, "the others are forgotten");
    }
}
