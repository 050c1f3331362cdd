//! SPF (RFC 7208): one record, its syntax, its cost, its end, and whether our server may send by it.

mod parse;
#[cfg(test)]
mod tests;
mod walk;

#[cfg(test)]
pub(super) use tests::{settle, zone};

use super::dns::{Answer, Answers, QuestionKind, Record};
use super::{Check, Finding, Publish, Subject, Verdict, provider};
use parse::{Mechanism, Qualifier, SpfRecord};
use std::net::IpAddr;
use walk::{Conclusion, Cost, MAX_LOOKUPS};

/// Judges the SPF record of the From domain, which is also the envelope's.
pub(super) fn judge(answers: &Answers, domain: &str, subject: &Subject<'_>) -> Vec<Finding> {
    let finding = |verdict, meaning: String| Finding::new(Check::Spf, verdict, domain, meaning);
    let term = provider::spf_term(subject.server_host);
    let local = is_local(answers, subject.server_host);
    let fresh = Publish::txt(domain, if local { "v=spf1 mx ~all".into() } else { format!("v=spf1 mx {term} ~all") });
    let records = match answers.texts(domain, "v=spf1") {
        Ok(records) => records,
        Err(why) => return vec![finding(Verdict::Unknown, format!("the SPF record could not be looked up: {why}"))],
    };
    let [text] = records.as_slice() else {
        let found = finding(Verdict::Bad, String::new()).found(records.iter().map(String::as_str));
        return vec![if records.is_empty() {
            Finding {
                meaning: "there is no SPF record: receivers cannot tell our mail from a forger's".into(),
                ..found
            }
            .remedy("Publish this record, adding whatever else sends mail for the domain.")
            .publish(fresh)
        } else {
            Finding {
                meaning: format!("there are {} SPF records: receivers reject all of them", records.len()),
                ..found
            }
            .remedy("Merge them into one TXT record.")
        }];
    };
    let record = match parse::parse(text) {
        Ok(record) => record,
        Err(why) => {
            return vec![
                finding(Verdict::Bad, format!("the SPF record is broken and receivers ignore it: {why}"))
                    .found([text.as_str()])
                    .remedy("Correct this term; a record that would do is below.")
                    .publish(fresh),
            ];
        }
    };
    let mut findings = vec![record_itself(answers, domain, text, &record)];
    findings.extend(server(answers, domain, text, &record, subject, &term));
    findings
}

fn record_itself(answers: &Answers, domain: &str, text: &str, record: &SpfRecord) -> Finding {
    let mut spent = Cost::default();
    walk::cost(answers, record, &mut spent);
    let finding = |verdict, meaning: String| Finding::new(Check::Spf, verdict, domain, meaning).found([text]);
    let used = spent.lookups;
    if used > MAX_LOOKUPS {
        let many = if used >= 40 { "40 or more".to_owned() } else { used.to_string() };
        return finding(Verdict::Bad, format!("the record costs {many} look-ups; receivers stop at 10 and reject it"))
            .remedy("Take out includes that are not needed, or replace them by ip4: and ip6: terms.");
    }
    if let Some(fault) = spent.faults.first() {
        return finding(Verdict::Bad, format!("receivers reject the record: {fault}"))
            .remedy("Correct or take out that term.");
    }
    if let Some(name) = spent.unanswered.first() {
        return finding(Verdict::Unknown, format!("it could not be followed to its end: {name} has no answer"));
    }
    let all = record.directives.iter().position(|(_, mechanism)| *mechanism == Mechanism::All);
    let behind = all.map_or(0, |at| record.directives.len() - at - 1);
    let ending = all.and_then(|at| record.directives.get(at)).map(|(qualifier, _)| *qualifier);
    let strict = |end: &str| Publish::txt(domain, with_end(text, end));
    match ending {
        Some(Qualifier::Pass) => finding(Verdict::Bad, "+all lets the whole world send as this domain".into())
            .remedy("End the record in ~all or -all.")
            .publish(strict("~all")),
        Some(Qualifier::Neutral) => finding(Verdict::Warning, "?all says nothing about foreign servers".into())
            .remedy("End the record in ~all or -all.")
            .publish(strict("~all")),
        None if record.redirect.is_none() => {
            finding(Verdict::Warning, "the record has no end: it says nothing about foreign servers".into())
                .remedy("End the record in ~all or -all.")
                .publish(strict("~all"))
        }
        _ if behind > 0 => finding(Verdict::Warning, "what stands behind \"all\" is never looked at".into())
            .remedy("Move \"all\" to the end."),
        _ if spent.uses_ptr => finding(Verdict::Warning, "the ptr mechanism is slow and receivers may skip it".into())
            .remedy("Replace ptr by ip4: and ip6: terms."),
        _ => finding(Verdict::Good, format!("one record, {used} of 10 look-ups, and it has an end")),
    }
}

/// Whether the server we hand mail to may send by this record.
fn server(
    answers: &Answers,
    domain: &str,
    text: &str,
    record: &SpfRecord,
    subject: &Subject<'_>,
    term: &str,
) -> Option<Finding> {
    let host = subject.server_host;
    let finding = |verdict, meaning: String| Finding::new(Check::Spf, verdict, host, meaning);
    let addresses = match answers.addresses(host) {
        Ok(addresses) if addresses.is_empty() => {
            return Some(finding(Verdict::Bad, format!("the SMTP server {host} has no address")));
        }
        Ok(addresses) => addresses,
        Err(why) => return Some(finding(Verdict::Unknown, format!("{host} could not be looked up: {why}"))),
    };
    let public: Vec<IpAddr> = addresses.into_iter().filter(|address| is_public(*address)).collect();
    if public.is_empty() {
        return Some(finding(
            Verdict::Unknown,
            format!("{host} is on a private network: from which address it sends to the world is not known here"),
        ));
    }
    // A provider that stands in the record by name sends from addresses of its own choice.
    if record
        .directives
        .iter()
        .any(|(_, mechanism)| matches!(mechanism, Mechanism::Include(to) if format!("include:{to}") == term))
    {
        return Some(finding(Verdict::Good, format!("the record allows the provider of {host} ({term})")));
    }
    let shown = |list: &[IpAddr]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let mut refused = Vec::new();
    for address in &public {
        match walk::conclude(answers, domain, record, *address) {
            Conclusion::Is(Qualifier::Pass) => {}
            Conclusion::Is(_) => refused.push(*address),
            Conclusion::Open => {
                return Some(finding(
                    Verdict::Unknown,
                    format!("whether {address} may send depends on terms that cannot be followed here"),
                ));
            }
            Conclusion::Rejected => return None,
        }
    }
    if refused.is_empty() {
        return Some(finding(Verdict::Good, format!("the record allows {host} ({})", shown(&public))));
    }
    Some(
        finding(Verdict::Warning, format!("the record does not allow {host} ({})", shown(&refused)))
            .remedy("If mail goes out from this server itself and not through another one, publish this record.")
            .publish(Publish::txt(domain, with_term(text, term))),
    )
}

/// The record with one more term before its end.
fn with_term(text: &str, term: &str) -> String {
    let mut terms: Vec<&str> = text.split_ascii_whitespace().collect();
    let end = terms.iter().position(|known| is_all(known) || known.to_ascii_lowercase().starts_with("redirect="));
    terms.insert(end.unwrap_or(terms.len()), term);
    terms.join(" ")
}

/// The record with this end in place of its own.
fn with_end(text: &str, end: &str) -> String {
    let kept = text.split_ascii_whitespace().filter(|term| !is_all(term));
    kept.chain([end]).collect::<Vec<_>>().join(" ")
}

fn is_all(term: &str) -> bool {
    term.trim_start_matches(['+', '-', '~', '?']).eq_ignore_ascii_case("all")
}

fn is_local(answers: &Answers, host: &str) -> bool {
    answers.addresses(host).is_ok_and(|addresses| !addresses.iter().any(|address| is_public(*address)))
}

/// False for addresses that no receiver on the Internet sees (RFC 6890).
pub(super) fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            let shared = a == 100 && (64..128).contains(&b);
            !(v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified() || shared)
        }
        IpAddr::V6(v6) => {
            !(v6.is_loopback() || v6.is_unspecified() || v6.is_unique_local() || v6.is_unicast_link_local())
        }
    }
}

/// The hosts that take mail for a domain, best first; the null MX as an empty name.
pub(super) fn mail_hosts(answers: &Answers, domain: &str) -> Result<Vec<(u16, String)>, String> {
    let mut hosts: Vec<(u16, String)> = match answers.ask(QuestionKind::Mx, domain) {
        Answer::Found(records) => records
            .into_iter()
            .filter_map(|record| match record {
                Record::Mx { preference, host } => Some((preference, host)),
                _ => None,
            })
            .collect(),
        Answer::Absent => Vec::new(),
        Answer::Failed(why) => return Err(why),
    };
    hosts.sort();
    Ok(hosts)
}
