//! What was found out about a mail's sender: by the desk's own mail server, as `Authentication-Results` (RFC 8601)
//! says, and by maildesk itself where its settings ask for that.
//!
//! Anybody can write that field. It is believed only where it begins with the authserv-id of a server that the
//! settings name, and of several results of one method the topmost counts: servers put theirs on top.

use super::SenderCheck;
use crate::address::Address;
use crate::mail::InboundMail;
use crate::text::shorten;
use serde::{Deserialize, Serialize};

/// Fields that are looked at; servers write a handful.
const MOST_FIELDS: usize = 50;

/// What the methods came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Authentication {
    /// The server that vouches for this, as it names itself; none: no field was believed.
    pub server: Option<String>,
    pub spf: Option<Finding>,
    /// As the server says; what counts is [`Self::dkim()`].
    pub dkim: Option<Finding>,
    /// As the server says; what counts is [`Self::dmarc()`].
    pub dmarc: Option<Finding>,
    /// Servers that were not believed, each once.
    pub not_believed: Vec<String>,
    /// What maildesk found out itself, where its settings ask for that.
    pub own: Option<SenderCheck>,
}

/// The result of a method (RFC 8601 §2.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    Pass,
    Fail,
    SoftFail,
    Neutral,
    None,
    Policy,
    /// The check could not be made now.
    TempError,
    /// The sender's records or signature cannot be read.
    PermError,
}

impl Finding {
    /// As the field writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::SoftFail => "softfail",
            Self::Neutral => "neutral",
            Self::None => "none",
            Self::Policy => "policy",
            Self::TempError => "temperror",
            Self::PermError => "permerror",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "pass" => Some(Self::Pass),
            // "hardfail" is what some servers write, against the RFC.
            "fail" | "hardfail" => Some(Self::Fail),
            "softfail" => Some(Self::SoftFail),
            "neutral" => Some(Self::Neutral),
            "none" => Some(Self::None),
            "policy" => Some(Self::Policy),
            "temperror" | "error" => Some(Self::TempError),
            "permerror" | "unknown" => Some(Self::PermError),
            _ => None,
        }
    }
}

impl Authentication {
    /// Reads the mail's fields; those of servers other than `trusted` are only named.
    pub(super) fn of(mail: &InboundMail, trusted: &[String]) -> Self {
        let mut found = Self::default();
        for value in mail.headers_named("Authentication-Results").take(MOST_FIELDS) {
            let plain = without_comments(value);
            let mut parts = split(&plain).into_iter();
            // `authserv-id` and, behind white space, the version of the format.
            let server = parts.next().unwrap_or_default().split_whitespace().next().unwrap_or_default().to_owned();
            if !trusted.iter().any(|one| one.eq_ignore_ascii_case(&server)) {
                let server = if server.is_empty() { "nobody".to_owned() } else { shorten(&server, 80) };
                if !found.not_believed.contains(&server) {
                    found.not_believed.push(server);
                }
                continue;
            }
            let mut results = Self::default();
            parts.for_each(|part| results.note(&part));
            found.spf = found.spf.or(results.spf);
            found.dkim = found.dkim.or(results.dkim);
            found.dmarc = found.dmarc.or(results.dmarc);
            found.server.get_or_insert(server);
        }
        found
    }

    /// Notes `method[/version]=result ...`. One signature that is good is enough (RFC 6376 §6.1).
    fn note(&mut self, part: &str) {
        let Some((method, rest)) = part.split_once('=') else { return };
        let method = method.split('/').next().unwrap_or_default().trim().to_ascii_lowercase();
        let Some(finding) = rest.split_whitespace().next().and_then(Finding::parse) else { return };
        match method.as_str() {
            "spf" => self.spf = self.spf.or(Some(finding)),
            "dmarc" => self.dmarc = self.dmarc.or(Some(finding)),
            "dkim" if finding == Finding::Pass => self.dkim = Some(finding),
            "dkim" => self.dkim = self.dkim.or(Some(finding)),
            _ => {}
        }
    }

    /// What counts of DKIM: see [`Self::dmarc`].
    pub fn dkim(&self) -> Option<Finding> {
        self.counts().map_or(self.dkim, |own| Some(own.dkim))
    }

    /// What counts of DMARC: the word of a server that is believed where it says pass or fail, since it saw who
    /// delivered the mail; else what maildesk found out itself.
    pub fn dmarc(&self) -> Option<Finding> {
        self.counts().map_or(self.dmarc, |own| Some(own.dmarc))
    }

    /// Whether this address is its author's: proven, or not; none where nobody has looked.
    pub fn is_genuine(&self, address: &Address) -> Option<bool> {
        match (self.counts(), self.dmarc) {
            (Some(own), _) => Some(own.proven.as_deref() == Some(address.domain())),
            (None, Some(Finding::Pass)) => Some(true),
            (None, Some(Finding::Fail)) => Some(false),
            (None, _) => None,
        }
    }

    fn counts(&self) -> Option<&SenderCheck> {
        self.own.as_ref().filter(|_| !matches!(self.dmarc, Some(Finding::Pass | Finding::Fail)))
    }

    /// What was found, in one line: `mx.example.org says spf pass, dkim none, dmarc fail`.
    pub fn sentence(&self) -> Option<String> {
        let server = self.server.as_ref()?;
        let methods = [("spf", self.spf), ("dkim", self.dkim), ("dmarc", self.dmarc)];
        let said: Vec<String> =
            methods.iter().filter_map(|(name, found)| Some(format!("{name} {}", found.as_ref()?.word()))).collect();
        let said = if said.is_empty() { "nothing of spf, dkim and dmarc".to_owned() } else { said.join(", ") };
        Some(format!("{server} says {said}"))
    }

    /// Who was not believed, in one line.
    pub fn doubt(&self) -> Option<String> {
        let named = "not believed, judging.trusted_authserv_ids does not name it";
        (!self.not_believed.is_empty())
            .then(|| format!("Authentication-Results of {}: {named}", self.not_believed.join(", ")))
    }
}

/// Without comments in parentheses, which nest (RFC 5322 §3.2.2); what is quoted stays.
fn without_comments(value: &str) -> String {
    let (mut plain, mut depth, mut quoted, mut escaped) = (String::with_capacity(value.len()), 0usize, false, false);
    for c in value.chars() {
        let taken = std::mem::take(&mut escaped);
        match c {
            '\\' if !taken => escaped = true,
            '"' if !taken && depth == 0 => quoted = !quoted,
            '(' if !taken && !quoted => depth += 1,
            ')' if !taken && depth > 0 => {
                depth -= 1;
                plain.push(' ');
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            plain.push(c);
        }
    }
    plain
}

/// The parts between semicolons that are not quoted.
fn split(value: &str) -> Vec<String> {
    let (mut parts, mut quoted) = (vec![String::new()], false);
    for c in value.chars() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => parts.push(String::new()),
            c => parts.last_mut().into_iter().for_each(|part| part.push(c)),
        }
    }
    parts
}
