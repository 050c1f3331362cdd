//! MX (RFC 5321 §5.1, RFC 7505): whether answers and bounces can reach the From domain.

use super::dns::Answers;
use super::spf::mail_hosts;
use super::{Check, Finding, Verdict};

pub(super) fn judge(answers: &Answers, domain: &str) -> Finding {
    let finding = |verdict, meaning: String| Finding::new(Check::Mx, verdict, domain, meaning);
    let unknown = |name: &str, why: &str| finding(Verdict::Unknown, format!("{name} could not be looked up: {why}"));
    let hosts = match mail_hosts(answers, domain) {
        Ok(hosts) => hosts,
        Err(why) => return unknown(domain, &why),
    };
    let shown: Vec<String> = hosts.iter().map(|(preference, host)| format!("{preference} {host}.")).collect();
    let finding = |verdict, meaning| finding(verdict, meaning).found(shown.iter().map(String::as_str));
    if hosts.is_empty() {
        return match answers.addresses(domain) {
            Err(why) => unknown(domain, &why),
            Ok(addresses) if addresses.is_empty() => {
                finding(Verdict::Bad, "nothing takes mail for this domain: many receivers refuse mail from it".into())
                    .remedy("Publish an MX record that names the server of the mailbox.")
            }
            Ok(_) => finding(Verdict::Warning, "there is no MX record; mail goes to the domain's own address".into())
                .remedy("Publish an MX record that names the server of the mailbox."),
        };
    }
    if hosts.iter().any(|(_, host)| host.is_empty()) {
        return finding(
            Verdict::Bad,
            "the null MX says that this domain takes no mail: receivers refuse what it sends".into(),
        )
        .remedy("Publish an MX record that names the server of the mailbox.");
    }
    let mut dead = Vec::new();
    for (_, host) in hosts.iter().take(20) {
        if host.parse::<std::net::IpAddr>().is_ok() {
            return finding(Verdict::Bad, format!("the MX names the address {host}; it must name a host"))
                .remedy("Name a host that has this address.");
        }
        match answers.addresses(host) {
            Err(why) => return unknown(host, &why),
            Ok(addresses) if addresses.is_empty() => dead.push(host.as_str()),
            Ok(_) => {}
        }
    }
    match dead.len() {
        0 => finding(Verdict::Good, "mail to this domain has a place to go".into()),
        some if some == hosts.len() => finding(Verdict::Bad, format!("no MX host has an address: {}", dead.join(", ")))
            .remedy("Correct the names or their A and AAAA records."),
        _ => finding(Verdict::Warning, format!("some MX hosts have no address: {}", dead.join(", ")))
            .remedy("Correct the names or their A and AAAA records."),
    }
}
