//! The rules run over a mail before it is its turn. Patterns over a long text take their time, up to a second with hundreds
//! of them; whoever commits mails one after another should find the answer at hand.

use super::compile::{CompiledFilters, FACTS, Test};
use super::evaluate::{Judgement, Subject};
use crate::mail::InboundMail;
use crate::settings::MailboxName;
use crate::verdict::Facts;

/// What the rules come to, for both cases of the one thing that is known last: whether the mail answers a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunAhead {
    new: Judgement,
    /// `None`: the same, as no rule asks.
    reply: Option<Judgement>,
}

/// What gives the judgement on a mail.
#[derive(Debug, Clone, Copy)]
pub enum Filtering<'a> {
    /// They run now.
    Rules(&'a CompiledFilters),
    /// They ran before, over this mail as it came in.
    Ahead(&'a RunAhead),
}

impl CompiledFilters {
    /// Runs the rules over a mail of so many bytes, as it came into this mailbox.
    pub fn run_ahead(&self, mail: &InboundMail, facts: &Facts, mailbox: &MailboxName, size: u64) -> RunAhead {
        let subject = |reply| Subject { mail, facts, mailbox, size, reply };
        let reply = self.asks_for_reply().then(|| self.judge(&subject(true)));
        RunAhead { new: self.judge(&subject(false)), reply }
    }

    fn asks_for_reply(&self) -> bool {
        let reply = FACTS.iter().position(|fact| *fact == "reply");
        let asks = |test: &Test| matches!(test, Test::Fact(fact) if Some(*fact) == reply);
        self.filters.iter().flat_map(|filter| &filter.conditions).any(|condition| asks(&condition.test))
    }
}

impl Filtering<'_> {
    /// Of a mail that a person lets through no rule drops it or puts it into quarantine.
    pub(crate) fn judge(&self, subject: &Subject<'_>, released: bool) -> Judgement {
        match self {
            Self::Rules(filters) if released => filters.judge_released(subject),
            Self::Rules(filters) => filters.judge(subject),
            Self::Ahead(run) => run.reply.as_ref().filter(|_| subject.reply).unwrap_or(&run.new).clone(),
        }
    }
}
