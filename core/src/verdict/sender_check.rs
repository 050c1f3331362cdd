//! What maildesk finds out itself about the author of a mail: DKIM signatures (RFC 6376), and whether a good one is the
//! author's own, as DMARC asks (RFC 9989). The daemon verifies signatures and asks DNS; here it is decided what that
//! comes to.
//!
//! SPF is left out: it judges the address of the server that delivered the mail, and behind IMAP nobody says that one
//! with certainty. So DMARC never fails here: SPF may have vouched where no signature does.

use super::Finding;
use crate::address::{Domain, is_within};
use crate::doctor::{Answer, Answers, Published, QuestionKind, Record, published};
use serde::{Deserialize, Serialize};

/// What the daemon found out about a mail by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderCheck {
    /// The best of its signatures, whoever signed.
    pub dkim: Finding,
    pub dmarc: Finding,
    /// Present: a good signature proves that From's address is of this domain.
    pub proven: Option<String>,
    /// The reason, for people.
    pub why: String,
}

/// What came of one signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureFound {
    /// Who signed (`d=`).
    pub domain: String,
    pub finding: Finding,
    /// What is wrong with it.
    pub why: Option<String>,
}

/// What DNS says of one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedUp {
    /// The TXT records of each key, as asked for.
    pub keys: Vec<Answer>,
    /// What From's domain publishes for DMARC, or why that is not known.
    pub published: Result<Option<Published>, String>,
}

/// Asks for the keys of signatures, by their names in DNS, and for what From's domain publishes.
pub fn look_up(answers: &Answers, keys: &[String], from: Option<&Domain>) -> LookedUp {
    LookedUp {
        keys: keys.iter().map(|name| answers.ask(QuestionKind::Text, name)).collect(),
        published: from.map_or(Ok(None), |from| published(answers, from.as_str())),
    }
}

impl LookedUp {
    /// The texts of a key's records.
    pub fn texts(answer: &Answer) -> impl Iterator<Item = &str> {
        let records = if let Answer::Found(records) = answer { records.as_slice() } else { &[] };
        records.iter().filter_map(|record| if let Record::Text(text) = record { Some(text.as_str()) } else { None })
    }
}

impl SenderCheck {
    /// Judges a mail whose author is of this domain; none: From does not name one author.
    pub fn of(
        from: Option<&Domain>,
        signatures: &[SignatureFound],
        published: Result<Option<Published>, String>,
    ) -> Self {
        let dkim = best(signatures);
        let check = |dmarc, proven: Option<&Domain>, why: String| Self {
            dkim,
            dmarc,
            proven: proven.map(|domain| domain.as_str().to_owned()),
            why,
        };
        let Some(from) = from else {
            return check(Finding::None, None, "From does not name one author".into());
        };
        let policy = published.as_ref().ok().and_then(Option::as_ref);
        let own = |one: &&SignatureFound| is_own(&one.domain, from.as_str(), policy);
        if let Some(good) = signatures.iter().filter(own).find(|one| one.finding == Finding::Pass) {
            let signed = format!("signed by {}", good.domain);
            return match &published {
                Ok(Some(_)) => check(Finding::Pass, Some(from), signed),
                Ok(None) => check(Finding::None, Some(from), format!("{signed}; {from} publishes no DMARC record")),
                Err(why) => check(Finding::TempError, Some(from), format!("{signed}; DMARC was not looked up: {why}")),
            };
        }
        if let Some(open) = signatures.iter().filter(own).find(|one| one.finding == Finding::TempError) {
            let why = open.why.as_deref().unwrap_or("its key could not be looked up");
            return check(Finding::TempError, None, format!("signature of {}: {why}", open.domain));
        }
        let why = match (signatures.iter().find(own), &published) {
            (_, Err(why)) => return check(Finding::TempError, None, format!("DNS did not answer: {why}")),
            (Some(bad), _) => {
                let why = bad.why.as_deref().unwrap_or("it does not hold");
                format!("signature of {}: {why}", bad.domain)
            }
            (None, _) => format!("no signature of {from}"),
        };
        let dmarc = if policy.is_some() { Finding::Neutral } else { Finding::None };
        check(dmarc, None, format!("{why}; SPF is not looked at here"))
    }

    /// Of a mail that was not looked at, for this reason.
    pub fn unchecked(why: impl Into<String>) -> Self {
        Self { dkim: Finding::None, dmarc: Finding::None, proven: None, why: why.into() }
    }

    /// In one line: `checked here: dkim pass, dmarc pass (signed by example.org)`.
    pub fn sentence(&self) -> String {
        format!("checked here: dkim {}, dmarc {} ({})", self.dkim.word(), self.dmarc.word(), self.why)
    }
}

/// One signature that is good is enough (RFC 6376 §6.1).
fn best(signatures: &[SignatureFound]) -> Finding {
    let order = [Finding::Pass, Finding::TempError, Finding::Fail, Finding::PermError, Finding::Neutral];
    let found = |wanted: &Finding| signatures.iter().any(|one| one.finding == *wanted);
    order.into_iter().find(found).unwrap_or(Finding::None)
}

/// Whether who signed speaks for From's domain: the same name, or one below the organisation's where it does not ask
/// for the same name.
fn is_own(signed_by: &str, from: &str, policy: Option<&Published>) -> bool {
    signed_by == from || policy.is_some_and(|policy| !policy.strict && is_within(signed_by, &policy.organisation))
}
