//! All checks of one sender, by the answers at hand.

use super::dkim::Signing;
use super::dns::Answers;
use super::{Check, Finding, Verdict, dkim, dmarc, mx, reverse, spf};
use crate::address::Domain;

/// A sender as the doctor sees it.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// Domain of the From address; absent for an address literal.
    pub from_domain: Option<&'a Domain>,
    /// Name or address of the SMTP server.
    pub server_host: &'a str,
    /// Absent: this sender's mail is not signed here.
    pub signing: Option<&'a Signing>,
}

/// Judges by the answers at hand. What is still to be looked up stands in [`Answers::open`] afterwards; while that is
/// not empty the findings are not final.
pub fn examine(answers: &Answers, subject: &Subject<'_>) -> Vec<Finding> {
    let Some(domain) = subject.from_domain.map(Domain::as_str) else {
        let meaning = "the From address has no domain: nothing in DNS vouches for it, and receivers distrust it";
        return vec![Finding::new(Check::Spf, Verdict::Warning, subject.server_host, meaning)];
    };
    let mut findings = spf::judge(answers, domain, subject);
    findings.extend(dkim::judge(answers, domain, subject));
    findings.push(dmarc::judge(answers, domain));
    findings.push(mx::judge(answers, domain));
    findings.extend(reverse::judge(answers, subject.server_host));
    if answers.none_answered() && answers.open().is_empty() {
        let meaning = "DNS does not answer: nothing was judged";
        return vec![
            Finding::new(Check::Dns, Verdict::Unknown, domain, meaning)
                .remedy("Check this machine's network and /etc/resolv.conf, or [dns] servers in maildeskd.toml."),
        ];
    }
    findings
}
