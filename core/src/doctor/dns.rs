//! Questions to DNS and their answers, as data.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Bytes of a TXT record that are judged; what is longer is no record of mail authentication.
pub const MAX_TEXT: usize = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum QuestionKind {
    /// TXT.
    Text,
    /// A and AAAA together.
    Address,
    Mx,
    /// PTR; the name is the address itself, such as `192.0.2.1`.
    Reverse,
    /// SRV (RFC 2782): where a service is.
    Service,
}

/// One thing to look up. Names are lower case and have no dot at the end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    pub kind: QuestionKind,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// The strings of a TXT record joined (RFC 7208 §3.3).
    Text(String),
    Address(IpAddr),
    Mx {
        preference: u16,
        /// Without the dot at the end; empty for the null MX (RFC 7505).
        host: String,
    },
    /// Target of a PTR record.
    Name(String),
    /// Of an SRV record; an empty host says that there is no such service.
    Service {
        priority: u16,
        weight: u16,
        port: u16,
        host: String,
    },
}

/// What name servers said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Found(Vec<Record>),
    /// They answered: there is no such record.
    Absent,
    /// They did not answer, or with an error.
    Failed(String),
}

/// The answers so far, noting what is asked and not known yet.
#[derive(Debug, Default)]
pub struct Answers {
    known: BTreeMap<Question, Answer>,
    open: RefCell<BTreeSet<Question>>,
}

/// Stands for an answer that is still to come.
const PENDING: &str = "not looked up yet";

impl Answers {
    pub fn insert(&mut self, question: Question, answer: Answer) {
        self.open.borrow_mut().remove(&question);
        self.known.insert(question, answer);
    }

    /// The questions asked so far without an answer.
    pub fn open(&self) -> Vec<Question> {
        self.open.borrow().iter().cloned().collect()
    }

    /// How many questions have an answer.
    pub fn count(&self) -> usize {
        self.known.len()
    }

    /// True where something was asked and no name server answered anything.
    pub fn none_answered(&self) -> bool {
        !self.known.is_empty() && self.known.values().all(|answer| matches!(answer, Answer::Failed(_)))
    }

    pub(crate) fn ask(&self, kind: QuestionKind, name: &str) -> Answer {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        let fits = name.len() <= 253
            && !name.is_empty()
            && name.split('.').all(|label| (1..=63).contains(&label.len()) || kind == QuestionKind::Reverse)
            && name.bytes().all(|b| b.is_ascii_graphic());
        if !fits {
            return Answer::Absent;
        }
        let question = Question { kind, name };
        match self.known.get(&question) {
            Some(answer) => answer.clone(),
            None => {
                self.open.borrow_mut().insert(question);
                Answer::Failed(PENDING.into())
            }
        }
    }

    /// The TXT records of this name that begin with `tag` followed by the end, white space or `;`.
    pub(super) fn texts(&self, name: &str, tag: &str) -> Result<Vec<String>, String> {
        let records = match self.ask(QuestionKind::Text, name) {
            Answer::Found(records) => records,
            Answer::Absent => Vec::new(),
            Answer::Failed(why) => return Err(why),
        };
        let wanted = |record: Record| match record {
            Record::Text(text) => Some(text).filter(|text| begins_with_tag(text, tag)),
            _ => None,
        };
        Ok(records.into_iter().filter_map(wanted).collect())
    }

    /// Addresses of a host; an address stands for itself.
    pub(crate) fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, String> {
        if let Ok(address) = host.parse() {
            return Ok(vec![address]);
        }
        let address = |record: Record| match record {
            Record::Address(address) => Some(address),
            _ => None,
        };
        match self.ask(QuestionKind::Address, host) {
            Answer::Found(records) => Ok(records.into_iter().filter_map(address).collect()),
            Answer::Absent => Ok(Vec::new()),
            Answer::Failed(why) => Err(why),
        }
    }
}

/// An empty tag takes every text.
fn begins_with_tag(text: &str, tag: &str) -> bool {
    if tag.is_empty() {
        return true;
    }
    let mut rest = text.trim_start().chars();
    let same = tag.chars().all(|want| rest.next().is_some_and(|c| c.eq_ignore_ascii_case(&want)));
    same && rest.next().is_none_or(|c| c == ';' || c.is_ascii_whitespace())
}
