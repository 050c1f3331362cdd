//! Mails at which their server or the virus scanner failed: which they are, and when enough was tried.
//!
//! What ends a connection is met again by every poll, and nobody says which mail it was. So all that were asked for and
//! did not come are in doubt: they are taken last and one by one, behind all others. What fails alone, too, is counted,
//! and set aside in the end. Kept by the process: after a restart the counting begins anew.

use maildesk_core::ids::{Uid, UidValidity};
use std::collections::BTreeMap;

/// Failures at one mail that set it aside, where the server hands out other mails meanwhile.
const ENOUGH: u32 = 3;
/// As [`ENOUGH`], where no other mail came that would show that the server works.
const ENOUGH_UNPROVED: u32 = 5;

/// The mails in doubt of one mailbox.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    uid_validity: Option<UidValidity>,
    mails: BTreeMap<Uid, Doubt>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Doubt {
    /// Looks at it alone, however they ended.
    looks: u32,
    /// The connection ended at it, while it was asked for alone.
    lost: u32,
    /// Another mail came since.
    others_came: bool,
    /// The scanner failed at it, right after it had done another.
    unscanned: u32,
}

/// Unread mails told apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parted {
    pub(super) sound: Vec<Uid>,
    /// To be taken last and one by one, those first that were looked at least.
    pub(super) doubtful: Vec<Uid>,
}

/// What is to be done about a mail after one more failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    TryAgain,
    /// So many tries were enough.
    SetAside {
        tries: u32,
    },
}

impl Doubts {
    /// Tells the unread mails of a folder apart, and forgets those that are unread no more.
    pub(super) fn part(&mut self, uid_validity: UidValidity, unread: Vec<Uid>) -> Parted {
        if self.uid_validity.replace(uid_validity) != Some(uid_validity) {
            self.mails.clear();
        }
        let (doubtful, sound): (Vec<Uid>, Vec<Uid>) = unread.into_iter().partition(|uid| self.mails.contains_key(uid));
        self.mails.retain(|uid, _| doubtful.contains(uid));
        let mut doubtful = doubtful;
        doubtful.sort_by_key(|uid| (self.mails.get(uid).map(|doubt| doubt.looks), *uid));
        Parted { sound, doubtful }
    }

    /// These did not come, and it may be their own fault.
    pub(super) fn suspect(&mut self, uids: impl IntoIterator<Item = Uid>) {
        for uid in uids {
            self.mails.entry(uid).or_default();
        }
    }

    /// Mails came in: the server works.
    pub(super) fn others_came(&mut self) {
        self.mails.values_mut().for_each(|doubt| doubt.others_came = true);
    }

    /// Whether other mails came since this one is in doubt.
    pub(super) fn others_came_since(&self, uid: Uid) -> bool {
        self.mails.get(&uid).is_some_and(|doubt| doubt.others_came)
    }

    /// Begins a look at one mail alone.
    pub(super) fn look(&mut self, uid: Uid) {
        self.mails.entry(uid).or_default().looks += 1;
    }

    /// The connection ended while it alone was asked for.
    pub(super) fn lost_at(&mut self, uid: Uid) -> Next {
        let doubt = self.mails.entry(uid).or_default();
        doubt.lost += 1;
        next(doubt.lost, if doubt.others_came { ENOUGH } else { ENOUGH_UNPROVED })
    }

    /// The scanner failed at it, right after it had done another.
    pub(super) fn unscanned(&mut self, uid: Uid) -> Next {
        let doubt = self.mails.entry(uid).or_default();
        doubt.unscanned += 1;
        next(doubt.unscanned, ENOUGH)
    }

    /// It was taken in, or is there no more.
    pub(super) fn clear(&mut self, uid: Uid) {
        self.mails.remove(&uid);
    }
}

fn next(tries: u32, enough: u32) -> Next {
    if tries < enough { Next::TryAgain } else { Next::SetAside { tries } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uids(numbers: &[u32]) -> Vec<Uid> {
        numbers.iter().copied().map(Uid).collect()
    }

    #[test]
    fn what_did_not_come_is_taken_last_and_what_was_looked_at_least_first() {
        let mut doubts = Doubts::default();
        assert_eq!(doubts.part(UidValidity(1), uids(&[1, 2, 3])), Parted { sound: uids(&[1, 2, 3]), doubtful: vec![] });
        doubts.suspect(uids(&[2, 3]));
        doubts.look(Uid(2));
        let parted = doubts.part(UidValidity(1), uids(&[1, 2, 3, 4]));
        assert_eq!(parted, Parted { sound: uids(&[1, 4]), doubtful: uids(&[3, 2]) });
        doubts.clear(Uid(3));
        assert_eq!(doubts.part(UidValidity(1), uids(&[2, 3])).doubtful, uids(&[2]));
        assert_eq!(doubts.part(UidValidity(1), uids(&[3])).doubtful, uids(&[]), "2 was read elsewhere");
        assert_eq!(doubts.part(UidValidity(1), uids(&[2])).doubtful, uids(&[]), "and is a mail like others again");
        doubts.suspect(uids(&[2]));
        assert_eq!(doubts.part(UidValidity(2), uids(&[2])).sound, uids(&[2]), "2 is another mail in another folder");
    }

    #[test]
    fn a_mail_is_set_aside_after_three_failures_where_others_come_and_later_where_none_does() {
        for (others_come, enough) in [(true, 3), (false, 5)] {
            let mut doubts = Doubts::default();
            doubts.suspect(uids(&[7]));
            if others_come {
                doubts.others_came();
            }
            let tries = (1..=enough).map(|_| doubts.lost_at(Uid(7))).collect::<Vec<_>>();
            let (last, before) = tries.split_last().unwrap();
            assert!(before.iter().all(|next| *next == Next::TryAgain), "{tries:?}");
            assert_eq!(*last, Next::SetAside { tries: enough });
        }
    }

    #[test]
    fn failures_of_the_scanner_are_counted_apart() {
        let mut doubts = Doubts::default();
        doubts.lost_at(Uid(7));
        assert_eq!(
            [(); 3].map(|()| doubts.unscanned(Uid(7))),
            [Next::TryAgain, Next::TryAgain, Next::SetAside { tries: 3 }]
        );
    }
}
