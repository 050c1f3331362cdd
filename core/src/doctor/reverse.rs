//! Reverse DNS of the addresses mail is sent from: a PTR name, and that name leading back (RFC 1912 §2.1).

use super::dns::{Answer, Answers, QuestionKind, Record};
use super::spf::is_public;
use super::{Check, Finding, Publish, Verdict};
use std::net::IpAddr;

/// One finding for each public address of the SMTP server; none where no address is known.
pub(super) fn judge(answers: &Answers, host: &str) -> Vec<Finding> {
    let addresses = answers.addresses(host).unwrap_or_default();
    addresses
        .into_iter()
        .filter(|address| is_public(*address))
        .take(8)
        .map(|address| one(answers, address, host))
        .collect()
}

fn one(answers: &Answers, address: IpAddr, host: &str) -> Finding {
    let finding =
        |verdict, meaning: String| Finding::new(Check::ReverseDns, verdict, format!("{address} ({host})"), meaning);
    let names: Vec<String> = match answers.ask(QuestionKind::Reverse, &address.to_string()) {
        Answer::Failed(why) => return finding(Verdict::Unknown, format!("{address} could not be looked up: {why}")),
        Answer::Absent => Vec::new(),
        Answer::Found(records) => {
            let name = |record| if let Record::Name(name) = record { Some(name) } else { None };
            records.into_iter().filter_map(name).take(10).collect()
        }
    };
    let wanted = Publish { name: address.to_string(), kind: "PTR".into(), value: format!("{host}.") };
    let remedy = "If mail goes out from this address, have whoever owns it (the hosting provider) set its PTR record.";
    if names.is_empty() {
        return finding(Verdict::Warning, "the address has no name: many receivers refuse mail from it".into())
            .remedy(remedy)
            .publish(wanted);
    }
    let finding = |verdict, meaning| finding(verdict, meaning).found(names.iter().map(String::as_str));
    let mut unanswered = None;
    for name in &names {
        match answers.addresses(name) {
            Ok(back) if back.contains(&address) => {
                return finding(Verdict::Good, format!("it is called {name}, and that name leads back to it"));
            }
            Ok(_) => {}
            Err(why) => unanswered = Some(why),
        }
    }
    match unanswered {
        Some(why) => finding(Verdict::Unknown, format!("its name could not be looked up: {why}")),
        None => finding(Verdict::Warning, "its name does not lead back to it: receivers distrust such servers".into())
            .remedy(remedy)
            .publish(wanted),
    }
}
