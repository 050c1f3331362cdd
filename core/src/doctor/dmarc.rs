//! DMARC (RFC 7489, with the tree walk of its successor): present, readable, and what it asks of receivers.

use super::dns::Answers;
use super::tags::{tags, value};
use super::{Check, Finding, Publish, Verdict};

/// Names looked at above the From domain.
const STEPS: usize = 5;

pub(super) fn judge(answers: &Answers, domain: &str) -> Finding {
    let own = format!("_dmarc.{domain}");
    let fresh = Publish::txt(&own, format!("v=DMARC1; p=none; rua=mailto:postmaster@{domain}"));
    let (at, texts) = match find(answers, domain) {
        Ok(found) => found,
        Err(why) => {
            let meaning = format!("the DMARC record could not be looked up: {why}");
            return Finding::new(Check::Dmarc, Verdict::Unknown, own, meaning);
        }
    };
    let name = format!("_dmarc.{at}");
    let finding = |verdict, meaning: String| Finding::new(Check::Dmarc, verdict, &name, meaning);
    let [text] = texts.as_slice() else {
        let found = finding(Verdict::Bad, String::new()).found(texts.iter().map(String::as_str));
        return if texts.is_empty() {
            let meaning = "there is no DMARC record; large providers want one from everybody who sends much".to_owned();
            Finding { meaning, verdict: Verdict::Warning, subject: own, ..found }
                .remedy("Publish this record; it asks for reports and changes nothing else. Tighten it once they look right.")
                .publish(fresh)
        } else {
            Finding {
                meaning: format!("there are {} DMARC records: receivers ignore all of them", texts.len()),
                ..found
            }
            .remedy("Leave only one.")
        };
    };
    let broken = |why: String| {
        finding(Verdict::Bad, format!("the DMARC record cannot be used: {why}"))
            .found([text.as_str()])
            .remedy("Correct it; a record that would do is below.")
            .publish(fresh.clone())
    };
    let list = match tags(text) {
        Ok(list) => list,
        Err(why) => return broken(why),
    };
    if list.first().is_none_or(|(name, version)| name != "v" || version != "DMARC1") {
        return broken("it must begin with v=DMARC1, in capitals".into());
    }
    let own_policy = if at == domain { value(&list, "p") } else { value(&list, "sp").or_else(|| value(&list, "p")) };
    let policy = own_policy.unwrap_or_default().to_ascii_lowercase();
    let reports = value(&list, "rua").unwrap_or_default();
    if !reports.is_empty() && !reports.split(',').all(|uri| uri.trim().to_ascii_lowercase().starts_with("mailto:")) {
        return broken("rua= must name mailto: addresses".into());
    }
    let finding = |verdict, meaning: &str| finding(verdict, meaning.to_owned()).found([text.as_str()]);
    match (policy.as_str(), reports.is_empty()) {
        ("none", true) => finding(Verdict::Warning, "p=none without rua= neither protects nor reports")
            .remedy("Add rua=, read the reports for some weeks, then go to p=quarantine.")
            .publish(Publish::txt(&name, format!("{}; rua=mailto:postmaster@{at}", text.trim_end_matches([' ', ';'])))),
        ("none", false) => {
            finding(Verdict::Good, "receivers report and do nothing else; p=quarantine would protect the domain")
        }
        ("quarantine", _) => finding(Verdict::Good, "mail that fails SPF and DKIM goes to spam"),
        ("reject", _) => finding(Verdict::Good, "mail that fails SPF and DKIM is refused"),
        ("", _) => broken("p= is missing".into()),
        _ => broken(format!("p={} is no policy", crate::text::shorten(&policy, 20))),
    }
}

/// The nearest record at the domain or above it, never at a name of one label.
fn find(answers: &Answers, domain: &str) -> Result<(String, Vec<String>), String> {
    let mut at = domain;
    for _ in 0..STEPS {
        let texts = answers.texts(&format!("_dmarc.{at}"), "v=DMARC1")?;
        if !texts.is_empty() {
            return Ok((at.to_owned(), texts));
        }
        match at.split_once('.') {
            Some((_, above)) if above.contains('.') => at = above,
            _ => break,
        }
    }
    Ok((domain.to_owned(), Vec::new()))
}
