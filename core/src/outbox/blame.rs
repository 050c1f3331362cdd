//! Whose fault a refusal is: the mail's own, or the account's that would meet every mail.
//!
//! What the account or the server is guilty of pauses the sender and is not counted against its mails. Some refusals
//! look like the account's but may be one mail's (relaying to one domain, a busy recipient): then the other mails are
//! asked. If they pass, the refused one is guilty; one bad recipient blocks nobody else.

use crate::diagnosis::{FaultKind, Step};

/// Who is to blame for a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    Mail,
    /// The account, unless other mails pass.
    AccountUnlessOthersPass,
    Account,
}

/// Mails refused one after the other, none passing between, that convict the account.
pub const ENOUGH_REFUSED: usize = 3;

/// Judges a refusal by the step it came at and what it means.
pub fn blame(step: Step, kind: &FaultKind) -> Blame {
    match kind {
        FaultKind::ServerBye
        | FaultKind::ConnectionLost
        | FaultKind::AuthenticationRequired
        | FaultKind::AuthenticationRejected
        | FaultKind::AppPasswordNeeded
        | FaultKind::BasicAuthenticationOff
        | FaultKind::AuthenticationNotOffered
        | FaultKind::TlsNotOffered => Blame::Account,
        FaultKind::RelayDenied | FaultKind::SenderRefused | FaultKind::Throttled => Blame::AccountUnlessOthersPass,
        // "Insufficient system storage" and the like before a recipient was named; later it may be this recipient.
        FaultKind::ServerUnavailable | FaultKind::CommandRefused if step == Step::Sender => {
            Blame::AccountUnlessOthersPass
        }
        _ => Blame::Mail,
    }
}

/// Collects refusals that may be the account's until it is known whose they are.
#[derive(Debug)]
pub struct Suspects<T> {
    waiting: Vec<(T, bool)>,
    passed: bool,
}

/// What became of the suspects at the end.
#[derive(Debug, PartialEq, Eq)]
pub struct Judged<T> {
    /// Refused for their own sake: settle them.
    pub own: Vec<T>,
    /// Refused for the account's sake: they stay due and the sender pauses.
    pub account: Vec<T>,
}

impl<T> Default for Suspects<T> {
    fn default() -> Self {
        Self { waiting: Vec::new(), passed: false }
    }
}

impl<T> Suspects<T> {
    /// A refusal that may be the account's. True where the account is convicted and sending stops.
    pub fn refused(&mut self, mail: T, transient: bool) -> bool {
        self.waiting.push((mail, transient));
        self.waiting.len() >= ENOUGH_REFUSED
    }

    /// Another mail passed: those before it were refused for their own sake.
    pub fn passed(&mut self) -> Vec<T> {
        self.passed = true;
        self.waiting.drain(..).map(|(mail, _)| mail).collect()
    }

    /// There are no more mails to ask. A lasting refusal is a mail's own if any other passed a moment ago; a
    /// temporary one may have begun just now and is put down to the server, which costs no mail anything.
    pub fn end(self) -> Judged<T> {
        let convicted = self.waiting.len() >= ENOUGH_REFUSED;
        let mut judged = Judged { own: Vec::new(), account: Vec::new() };
        for (mail, transient) in self.waiting {
            if self.passed && !transient && !convicted {
                judged.own.push(mail);
            } else {
                judged.account.push(mail);
            }
        }
        judged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_fault_a_refusal_is() {
        let check = |step, kind: FaultKind, want| assert_eq!(blame(step, &kind), want, "{step:?} {kind:?}");
        check(Step::Recipient, FaultKind::RecipientRefused, Blame::Mail);
        check(Step::Recipient, FaultKind::ServerUnavailable, Blame::Mail);
        check(Step::Recipient, FaultKind::Greylisted, Blame::Mail);
        check(Step::Recipient, FaultKind::OverQuota, Blame::Mail);
        check(Step::Content, FaultKind::PolicyRefused, Blame::Mail);
        check(Step::Content, FaultKind::TooLarge, Blame::Mail);
        check(Step::Sender, FaultKind::ServerUnavailable, Blame::AccountUnlessOthersPass);
        check(Step::Sender, FaultKind::SenderRefused, Blame::AccountUnlessOthersPass);
        check(Step::Recipient, FaultKind::RelayDenied, Blame::AccountUnlessOthersPass);
        check(Step::Recipient, FaultKind::Throttled, Blame::AccountUnlessOthersPass);
        check(Step::Recipient, FaultKind::AuthenticationRequired, Blame::Account);
        check(Step::Login, FaultKind::AuthenticationRejected, Blame::Account);
        check(Step::Sender, FaultKind::ServerBye, Blame::Account);
    }

    #[test]
    fn alone_it_is_the_accounts_fault() {
        let mut suspects = Suspects::default();
        assert!(!suspects.refused(1, false));
        assert_eq!(suspects.end(), Judged { own: vec![], account: vec![1] });
    }

    #[test]
    fn beside_mails_that_pass_it_is_the_mails() {
        let mut suspects = Suspects::default();
        assert!(!suspects.refused(1, true));
        assert_eq!(suspects.passed(), [1]);
        assert!(!suspects.refused(2, false));
        assert!(!suspects.refused(3, true));
        assert_eq!(suspects.end(), Judged { own: vec![2], account: vec![3] });
    }

    #[test]
    fn three_in_a_row_convict_the_account() {
        let mut suspects = Suspects::default();
        assert_eq!(suspects.passed(), [0; 0]);
        assert_eq!([1, 2, 3].map(|mail| suspects.refused(mail, false)), [false, false, true]);
        assert_eq!(suspects.end(), Judged { own: vec![], account: vec![1, 2, 3] });
    }
}
