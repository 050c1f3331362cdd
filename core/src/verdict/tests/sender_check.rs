//! What signatures and DNS come to.

use super::super::{Finding, LookedUp, SenderCheck, SignatureFound, look_up};
use crate::address::Domain;
use crate::doctor::{Answer, Answers, Published, Record};
use Finding::{Fail, Neutral, None as Nothing, Pass, PermError, TempError};

fn signature(domain: &str, finding: Finding) -> SignatureFound {
    SignatureFound { domain: domain.into(), finding, why: (finding != Pass).then(|| "it is odd".into()) }
}

fn policy(strict: bool) -> Result<Option<Published>, String> {
    Ok(Some(Published { organisation: "example.org".into(), strict }))
}

#[test]
fn only_a_good_signature_of_its_own_proves_an_author() {
    let silent = || Err("refused".to_owned());
    for (signatures, published, dkim, dmarc, proven) in [
        (vec![("mail.example.org", Pass)], policy(true), Pass, Pass, true),
        (vec![("example.org", Pass)], policy(false), Pass, Pass, true),
        (vec![("other.example.org", Pass)], policy(false), Pass, Pass, true),
        (vec![("other.example.org", Pass)], policy(true), Pass, Neutral, false),
        (vec![("badexample.org", Pass)], policy(false), Pass, Neutral, false),
        (vec![("org", Pass)], policy(false), Pass, Neutral, false),
        // Nothing is published: the very same name alone.
        (vec![("mail.example.org", Pass)], Ok(None), Pass, Nothing, true),
        (vec![("example.org", Pass)], Ok(None), Pass, Nothing, false),
        // One that is good is enough, and somebody else's is none of the author's.
        (vec![("mail.example.org", Fail), ("example.org", Pass)], policy(false), Pass, Pass, true),
        (vec![("mail.example.org", Fail), ("list.example", Pass)], policy(false), Pass, Neutral, false),
        (vec![("mail.example.org", PermError)], policy(false), PermError, Neutral, false),
        (vec![], policy(false), Nothing, Neutral, false),
        (vec![], Ok(None), Nothing, Nothing, false),
        // Where DNS did not answer, nothing is said.
        (vec![("mail.example.org", TempError)], policy(false), TempError, TempError, false),
        (vec![("list.example", TempError)], policy(false), TempError, Neutral, false),
        (vec![("mail.example.org", Pass)], silent(), Pass, TempError, true),
        (vec![("example.org", Pass)], silent(), Pass, TempError, false),
        (vec![], silent(), Nothing, TempError, false),
    ] {
        let from = Domain::parse("mail.example.org").unwrap();
        let found: Vec<_> = signatures.iter().map(|(domain, finding)| signature(domain, *finding)).collect();
        let check = SenderCheck::of(Some(&from), &found, published.clone());
        assert_eq!((check.dkim, check.dmarc), (dkim, dmarc), "{signatures:?} {published:?}");
        let want = proven.then_some("mail.example.org");
        assert_eq!(check.proven.as_deref(), want, "{signatures:?} {published:?}: {}", check.why);
    }
    let nobody = SenderCheck::of(None, &[signature("example.org", Pass)], policy(false));
    assert_eq!((nobody.proven, nobody.why.as_str()), (None, "From does not name one author"));
}

#[test]
fn a_sentence_says_what_is_wrong() {
    let from = Domain::parse("example.org").unwrap();
    let check = |signatures: &[SignatureFound]| SenderCheck::of(Some(&from), signatures, policy(false)).sentence();
    assert_eq!(check(&[signature("example.org", Pass)]), "checked here: dkim pass, dmarc pass (signed by example.org)");
    let wrong =
        "checked here: dkim fail, dmarc neutral (signature of example.org: it is odd; SPF is not looked at here)";
    assert_eq!(check(&[signature("example.org", Fail)]), wrong);
    assert!(check(&[]).ends_with("(no signature of example.org; SPF is not looked at here)"));
}

#[test]
fn keys_and_policy_are_asked_for_together() {
    let mut answers = Answers::default();
    let (keys, from) = (["s1._domainkey.example.org".to_owned()], Domain::parse("example.org").unwrap());
    look_up(&answers, &keys, Some(&from));
    let names: Vec<String> = answers.open().into_iter().map(|question| question.name).collect();
    assert_eq!(names, ["_dmarc.example.org", "s1._domainkey.example.org"]);
    for question in answers.open() {
        answers.insert(question, Answer::Found(vec![Record::Text("p=x".into())]));
    }
    let found = look_up(&answers, &keys, Some(&from));
    assert_eq!(found.keys.iter().flat_map(LookedUp::texts).collect::<Vec<_>>(), ["p=x"]);
    assert_eq!(found.published, Ok(None), "that record is none of DMARC's");
}
