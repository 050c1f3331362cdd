//! What a record does: look-ups it costs, and whether it allows an address (RFC 7208 §4.6.4, §5).

use super::parse::{Mechanism, Qualifier, SpfRecord, has_macro, parse};
use crate::doctor::dns::{Answer, Answers, QuestionKind, Record};
use std::net::IpAddr;

/// Look-ups after which receivers give up (RFC 7208 §4.6.4).
pub(crate) const MAX_LOOKUPS: u32 = 10;
/// Where counting stops: far enough to tell how far beyond the limit a record is, and where loops end.
const COUNTED: u32 = 40;

/// Everything said while following a record and what it includes.
#[derive(Debug, Default)]
pub(crate) struct Cost {
    pub(crate) lookups: u32,
    /// What makes receivers reject the whole record.
    pub(crate) faults: Vec<String>,
    /// Names that have no answer; the outcome is open then.
    pub(crate) unanswered: Vec<String>,
    pub(crate) uses_ptr: bool,
}

/// Follows every term, whether or not an earlier one would match: the worst that can happen at a receiver.
pub(crate) fn cost(answers: &Answers, record: &SpfRecord, cost: &mut Cost) {
    let domains = record.directives.iter().filter_map(|(_, mechanism)| match mechanism {
        Mechanism::Include(domain) => Some(Some(domain)),
        Mechanism::A(..) | Mechanism::Mx(..) | Mechanism::Exists(_) => Some(None),
        Mechanism::Ptr => {
            cost.uses_ptr = true;
            Some(None)
        }
        Mechanism::All | Mechanism::Ip(..) => None,
    });
    // `redirect` counts only where nothing matches for certain.
    let redirect = record.redirect.as_ref().filter(|_| !ends_with_all(record)).map(Some);
    for follow in domains.collect::<Vec<_>>().into_iter().chain(redirect) {
        cost.lookups += 1;
        if cost.lookups >= COUNTED {
            return;
        }
        let Some(domain) = follow.filter(|domain| !has_macro(domain)) else { continue };
        match fetch(answers, domain) {
            Ok(inner) => self::cost(answers, &inner, cost),
            Err(Missing::Fault(why)) if cost.faults.len() < 5 => cost.faults.push(why),
            Err(Missing::Fault(_)) => {}
            Err(Missing::Unanswered(name)) => cost.unanswered.push(name),
        }
    }
}

pub(crate) fn ends_with_all(record: &SpfRecord) -> bool {
    record.directives.iter().any(|(_, mechanism)| *mechanism == Mechanism::All)
}

#[derive(Debug)]
enum Missing {
    Fault(String),
    Unanswered(String),
}

fn fetch(answers: &Answers, domain: &str) -> Result<SpfRecord, Missing> {
    let records = answers.texts(domain, "v=spf1").map_err(|_| Missing::Unanswered(domain.to_owned()))?;
    match records.as_slice() {
        [one] => parse(one).map_err(|why| Missing::Fault(format!("the SPF record of {domain} is broken: {why}"))),
        [] => Err(Missing::Fault(format!("{domain} is included and has no SPF record"))),
        _ => Err(Missing::Fault(format!("{domain} is included and has several SPF records"))),
    }
}

/// What a receiver concludes about an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conclusion {
    Is(Qualifier),
    /// A term could not be followed: no answer, or a macro.
    Open,
    /// Receivers reject the record itself.
    Rejected,
}

/// Judges one address by a record of `domain`, in the order of its terms.
pub(crate) fn conclude(answers: &Answers, domain: &str, record: &SpfRecord, address: IpAddr) -> Conclusion {
    check(answers, domain, record, address, &mut 0)
}

fn check(answers: &Answers, domain: &str, record: &SpfRecord, address: IpAddr, spent: &mut u32) -> Conclusion {
    let mut open = false;
    for (qualifier, mechanism) in &record.directives {
        match matches(answers, domain, mechanism, address, spent) {
            Match::Yes if open => return Conclusion::Open,
            Match::Yes => return Conclusion::Is(*qualifier),
            Match::No => {}
            Match::Open => open = true,
            Match::Rejected => return Conclusion::Rejected,
        }
    }
    if open {
        return Conclusion::Open;
    }
    match &record.redirect {
        None => Conclusion::Is(Qualifier::Neutral),
        Some(to) if has_macro(to) => Conclusion::Open,
        Some(to) => follow(answers, to, address, spent),
    }
}

fn follow(answers: &Answers, domain: &str, address: IpAddr, spent: &mut u32) -> Conclusion {
    if !may_spend(spent) {
        return Conclusion::Rejected;
    }
    match fetch(answers, domain) {
        Ok(inner) => check(answers, domain, &inner, address, spent),
        Err(Missing::Unanswered(_)) => Conclusion::Open,
        Err(Missing::Fault(_)) => Conclusion::Rejected,
    }
}

fn may_spend(spent: &mut u32) -> bool {
    *spent += 1;
    *spent <= MAX_LOOKUPS
}

#[derive(Debug, PartialEq, Eq)]
enum Match {
    Yes,
    No,
    Open,
    Rejected,
}

fn matches(answers: &Answers, domain: &str, mechanism: &Mechanism, address: IpAddr, spent: &mut u32) -> Match {
    let of = |hit: bool| if hit { Match::Yes } else { Match::No };
    match mechanism {
        Mechanism::All => Match::Yes,
        Mechanism::Ip(network, length) => of(within(address, *network, *length)),
        Mechanism::Include(to) if has_macro(to) => Match::Open,
        Mechanism::Include(to) => match follow(answers, to, address, spent) {
            Conclusion::Is(Qualifier::Pass) => Match::Yes,
            Conclusion::Is(_) => Match::No,
            Conclusion::Open => Match::Open,
            Conclusion::Rejected => Match::Rejected,
        },
        Mechanism::A(of_domain, v4, v6) => {
            hosts(answers, of_domain.as_deref().unwrap_or(domain), address, *v4, *v6, spent)
        }
        Mechanism::Mx(of_domain, v4, v6) => {
            mail_hosts(answers, of_domain.as_deref().unwrap_or(domain), address, *v4, *v6, spent)
        }
        // Both depend on the mail or on reverse look-ups that receivers are told not to make.
        Mechanism::Ptr | Mechanism::Exists(_) if may_spend(spent) => Match::Open,
        Mechanism::Ptr | Mechanism::Exists(_) => Match::Rejected,
    }
}

fn hosts(answers: &Answers, host: &str, address: IpAddr, v4: u8, v6: u8, spent: &mut u32) -> Match {
    if !may_spend(spent) {
        return Match::Rejected;
    }
    one_host(answers, host, address, v4, v6)
}

fn one_host(answers: &Answers, host: &str, address: IpAddr, v4: u8, v6: u8) -> Match {
    if has_macro(host) {
        return Match::Open;
    }
    let length = if address.is_ipv4() { v4 } else { v6 };
    match answers.addresses(host) {
        Ok(found) if found.iter().any(|known| within(address, *known, length)) => Match::Yes,
        Ok(_) => Match::No,
        Err(_) => Match::Open,
    }
}

fn mail_hosts(answers: &Answers, domain: &str, address: IpAddr, v4: u8, v6: u8, spent: &mut u32) -> Match {
    if !may_spend(spent) {
        return Match::Rejected;
    }
    if has_macro(domain) {
        return Match::Open;
    }
    let records = match answers.ask(QuestionKind::Mx, domain) {
        Answer::Found(records) => records,
        Answer::Absent => return Match::No,
        Answer::Failed(_) => return Match::Open,
    };
    let mut outcome = Match::No;
    // More than ten mail hosts are an error of the record (RFC 7208 §4.6.4).
    for record in records.iter().take(10) {
        if let Record::Mx { host, .. } = record {
            match one_host(answers, host, address, v4, v6) {
                Match::Yes => return Match::Yes,
                Match::Open => outcome = Match::Open,
                Match::No | Match::Rejected => {}
            }
        }
    }
    outcome
}

/// Whether the first `length` bits are the same.
pub(crate) fn within(address: IpAddr, network: IpAddr, length: u8) -> bool {
    match (address.to_canonical(), network.to_canonical()) {
        (IpAddr::V4(a), IpAddr::V4(b)) => {
            let differ = u32::from(a) ^ u32::from(b);
            differ.checked_shr(32_u32.saturating_sub(length.into())).unwrap_or(0) == 0
        }
        (IpAddr::V6(a), IpAddr::V6(b)) => {
            let differ = u128::from(a) ^ u128::from(b);
            differ.checked_shr(128_u32.saturating_sub(length.into())).unwrap_or(0) == 0
        }
        _ => false,
    }
}
