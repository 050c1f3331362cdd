//! What a domain publishes for DMARC, as a receiver reads it (RFC 9989 §4.10).

use super::dns::Answers;
use super::tags::{tags, value};

/// Names looked at above a domain.
const STEPS: usize = 5;

/// The policy that counts for a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The organisation's domain: what signs below it speaks for it.
    pub organisation: String,
    /// Only signatures of the very same name count (`adkim=s`).
    pub strict: bool,
}

/// The records at a domain and above it; none: nothing is published.
///
/// # Errors
/// A name server did not answer.
pub fn published(answers: &Answers, domain: &str) -> Result<Option<Published>, String> {
    let mut names: Vec<&str> = std::iter::successors(Some(domain), |at: &&str| above(at)).collect();
    // Of a deep name the last ones, so that its organisation's is among them.
    let skipped = names.len().saturating_sub(STEPS + 1);
    names.drain(1..=skipped);
    // All are asked for at once.
    let asked: Vec<_> = names.iter().map(|at| answers.texts(&format!("_dmarc.{at}"), "v=DMARC1")).collect();
    let mut found = Vec::new();
    for (place, texts) in asked.into_iter().enumerate() {
        // Of several records none counts, and one that cannot be read is none.
        if let [text] = texts?.as_slice()
            && let Ok(list) = tags(text)
            && list.first().is_some_and(|(name, version)| name == "v" && version == "DMARC1")
        {
            found.push((place, list));
        }
    }
    let Some((_, nearest)) = found.first() else { return Ok(None) };
    let is =
        |list: &[(String, String)], name, word: &str| value(list, name).is_some_and(|v| v.eq_ignore_ascii_case(word));
    let strict = is(nearest, "adkim", "s");
    let organisation = found.iter().find_map(|(place, list)| match place {
        _ if is(list, "psd", "n") => Some(*place),
        // A registry's record: the organisation is one name below it.
        1.. if is(list, "psd", "y") => Some(place - 1),
        _ => None,
    });
    let place = organisation.or(found.last().map(|(place, _)| *place)).unwrap_or_default();
    let organisation = names.get(place).copied().unwrap_or(domain).to_owned();
    Ok(Some(Published { organisation, strict }))
}

/// The name above, never one of a single label.
fn above(name: &str) -> Option<&str> {
    name.split_once('.').map(|(_, above)| above).filter(|above| above.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::super::{Answer, Question, QuestionKind, Record};
    use super::*;

    fn check(domain: &str, records: &[(&str, &str)], want: Option<(&str, bool)>) {
        let mut answers = Answers::default();
        let found = published(&answers, domain);
        assert!(found.is_err(), "nothing is known yet");
        for question in answers.open() {
            let name = question.name.strip_prefix("_dmarc.").unwrap_or_default().to_owned();
            let of_name = records.iter().filter(|(at, _)| *at == name);
            let texts: Vec<_> = of_name.map(|(_, text)| Record::Text((*text).to_owned())).collect();
            answers.insert(question, if texts.is_empty() { Answer::Absent } else { Answer::Found(texts) });
        }
        let found = published(&answers, domain).unwrap();
        assert_eq!(found.as_ref().map(|one| (one.organisation.as_str(), one.strict)), want, "{domain} {records:?}");
        assert_eq!(answers.open(), [], "one round is enough");
    }

    #[test]
    fn the_organisation_is_where_the_highest_record_stands() {
        let plain = "v=DMARC1; p=reject";
        check("example.org", &[], None);
        check("example.org", &[("example.org", plain)], Some(("example.org", false)));
        check("a.b.example.org", &[("example.org", plain)], Some(("example.org", false)));
        check(
            "a.example.org",
            &[("a.example.org", "v=DMARC1; adkim=s"), ("example.org", plain)],
            Some(("example.org", true)),
        );
        check(
            "a.example.org",
            &[("a.example.org", "v=DMARC1; psd=n"), ("example.org", plain)],
            Some(("a.example.org", false)),
        );
        check("a.b.gov.example", &[("gov.example", "v=DMARC1; psd=y")], Some(("b.gov.example", false)));
        check("1.2.3.4.5.6.7.example.org", &[("example.org", plain)], Some(("example.org", false)));
        // Two records are none, and so is what cannot be read.
        check("example.org", &[("example.org", plain), ("example.org", plain)], None);
        check("example.org", &[("example.org", "v=DMARC1; p")], None);
    }

    #[test]
    fn no_answer_is_not_no_record() {
        let mut answers = Answers::default();
        let question = Question { kind: QuestionKind::Text, name: "_dmarc.example.org".into() };
        answers.insert(question, Answer::Failed("refused".into()));
        assert_eq!(published(&answers, "example.org"), Err("refused".into()));
    }
}
