//! Mails at which the connection ended. The server may be down, or this one mail may break it: so it goes last the next
//! time, and where others pass and it ends the connection once more, it is put off by its own schedule. One bad mail stops
//! no sender.

use super::judge::Words;
use maildesk_core::diagnosis::Diagnosis;
use maildesk_core::ids::OutboxId;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// Mails remembered at the most.
const REMEMBERED: usize = 1000;

/// Kept by the process: after a restart it begins anew.
#[derive(Debug, Default)]
pub(super) struct CutOff(Mutex<HashMap<OutboxId, Blame>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blame {
    /// It may be the server.
    Open,
    /// Others passed when it did not.
    OfTheMail,
}

impl CutOff {
    /// These mails in their order, those at which a connection ended behind all others.
    pub(super) fn last(&self, mut due: Vec<OutboxId>) -> VecDeque<OutboxId> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        due.sort_by_key(|id| known.contains_key(id));
        due.into()
    }

    /// The connection ended at this mail; `others_pass` says whether the server took another one lately. Gives why the
    /// mail is put off, or nothing where the server is to blame as far as is known.
    pub(super) fn at(&self, id: OutboxId, others_pass: bool, diagnosis: &Diagnosis) -> Option<Words> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = known.get(&id).copied();
        if before.is_none() && known.len() >= REMEMBERED {
            known.clear();
        }
        let of_the_mail = before == Some(Blame::OfTheMail) || (before.is_some() && others_pass);
        known.insert(id, if of_the_mail { Blame::OfTheMail } else { Blame::Open });
        of_the_mail.then(|| Words {
            said: diagnosis.server_said.clone().unwrap_or_else(|| diagnosis.meaning.clone()),
            meaning: Some("the connection ends whenever this mail is sent, and others pass".into()),
            remedy: Some("Look at what filters the mail at the server; else cancel it and write it anew.".into()),
        })
    }

    /// The server has said what becomes of it.
    pub(super) fn settled(&self, id: OutboxId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maildesk_core::diagnosis::Step;

    #[test]
    fn a_mail_is_to_blame_only_where_others_pass() {
        let (cut_off, lost) = (CutOff::default(), Diagnosis::of_our_own(Step::Content, "lost", "wait"));
        let at = |id, others_pass| cut_off.at(OutboxId(id), others_pass, &lost).is_some();
        assert!(!at(1, true), "once is no proof");
        assert!(!at(1, false) && !at(2, false), "the server may be down");
        let order = |ids: &[u64]| cut_off.last(ids.iter().copied().map(OutboxId).collect());
        assert_eq!(order(&[1, 2, 3, 4]), [3, 4, 1, 2].map(OutboxId));
        assert!(at(1, true));
        assert!(at(1, false), "known once, it pauses no sender any more");
        cut_off.settled(OutboxId(1));
        assert_eq!(order(&[1, 2, 3]), [1, 3, 2].map(OutboxId));
        assert!(!at(1, true));
    }
}
