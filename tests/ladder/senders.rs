//! Senders on a real Postfix.

use crate::bench::{Bench, WRONG};
use anyhow::Result;
use maildesk_tests::settings::Sender;
use std::time::Duration;

#[tokio::test]
async fn each_mode_of_encryption_is_climbed_to_the_top() -> Result<()> {
    let bench = Bench::start().await?;
    let tls = Sender::tls(&bench.bed, "desk");

    let checked = bench.sender(&tls, None).await?;
    checked.passes()?;
    let want = ["resolve", "connect", "tls", "greeting", "offers", "login", "mail_from", "rcpt_to"];
    assert_eq!(checked.steps(), want.map(|step| format!("{step} passed")), "{}", checked.text);
    assert_eq!(checked.found("tls", "protocol"), "TLSv1.3");
    assert_eq!(checked.found("tls", "certificate"), "maildesk test good");
    assert_eq!(checked.found("tls", "issuer"), "maildesk test authority");
    assert!(checked.found("tls", "names").contains("mail.desk.test"), "{}", checked.text);
    assert!(checked.found("tls", "valid until").starts_with("2049-01-01, "), "{}", checked.text);
    for offer in ["SIZE 41943040", "PIPELINING", "8BITMIME", "SMTPUTF8", "AUTH PLAIN LOGIN"] {
        assert!(checked.found("offers", "offers").contains(offer), "{offer}: {}", checked.found("offers", "offers"));
    }
    assert!(checked.said("greeting").contains("mail.desk.test ESMTP"), "{}", checked.text);
    let transcript = checked.transcript();
    assert!(transcript.contains(&"C: AUTH PLAIN [redacted]".to_owned()), "{transcript:?}");
    assert!(transcript.contains(&"C: RCPT TO:<desk@desk.test>".to_owned()), "{transcript:?}");
    assert!(!transcript.iter().any(|line| line.contains("C: DATA")), "{transcript:?}");

    let starttls = Sender { port: bench.bed.postfix.submission_port(), encryption: "starttls".into(), ..tls.clone() };
    let checked = bench.sender(&starttls, None).await?;
    checked.passes()?;
    let want = ["resolve", "connect", "greeting", "offers", "tls", "offers", "login", "mail_from", "rcpt_to"];
    assert_eq!(checked.steps(), want.map(|step| format!("{step} passed")), "{}", checked.text);

    let plain = Sender { port: bench.bed.postfix.relay_port(), encryption: "plain".into(), user: None, ..tls.clone() };
    let checked = bench.sender(&plain, None).await?;
    checked.passes()?;
    let want = ["resolve", "connect", "greeting", "offers", "mail_from", "rcpt_to"];
    assert_eq!(checked.steps(), want.map(|step| format!("{step} passed")), "{}", checked.text);
    // None of the three has sent anything.
    let checked = bench.sender(&tls, Some("alice@desk.test")).await?;
    checked.passes()?;
    let queue_id = checked.found("test_mail", "queue id");
    assert!(queue_id.len() > 8 && checked.said("test_mail").contains(&queue_id), "{}", checked.text);
    assert_eq!(checked.sentence(), "the server took a test mail to alice@desk.test");
    let soon = Duration::from_secs(20);
    let mail =
        bench.bed.mailbox("alice").wait_for(soon, "the test mail", |mail| mail.text().contains("test mail")).await?;
    assert!(mail.text().contains("X-Maildesk-Check: ") && mail.text().contains("Auto-Submitted: auto-generated"));
    assert_eq!(bench.bed.mailbox("desk").mails()?.len(), 0, "a check without --to sends nothing");
    Ok(())
}

#[tokio::test]
async fn refusals_are_explained() -> Result<()> {
    let bench = Bench::start().await?;
    let good = Sender::tls(&bench.bed, "desk");
    let wrong = Sender { password: WRONG.into(), ..good.clone() };
    let checked = bench.sender(&wrong, None).await?;
    checked.fails("login", "does not accept this user name and password", "app password")?;
    assert!(checked.said("login").contains("authentication failed"), "{}", checked.text);
    assert_eq!(checked.steps().last().map(String::as_str), Some("rcpt_to skipped"));

    let checked = bench.sender(&good, Some("reject@desk.test")).await?;
    checked.fails("rcpt_to", "does not accept this recipient", "spelling")?;
    assert!(checked.said("rcpt_to").contains("no such person"), "{}", checked.text);
    assert_eq!(checked.steps().last().map(String::as_str), Some("test_mail skipped"));

    let port25 = bench.bed.postfix.smtp_port();
    let nobody = Sender { port: port25, encryption: "starttls".into(), user: None, ..good.clone() };
    let checked = bench.sender(&nobody, Some("somebody@elsewhere.test")).await?;
    checked.fails("rcpt_to", "does not send mail to the outside for us", "Enter user name and password")?;

    let no_login = Sender { user: None, ..good.clone() };
    let checked = bench.sender(&no_login, None).await?;
    checked.fails("rcpt_to", "", "user name and password")?;

    let unknown = Sender { host: "smtp.nowhere.invalid".into(), ..good.clone() };
    let checked = bench.sender(&unknown, None).await?;
    assert!(checked.steps()[0] == "resolve failed" && checked.steps()[1] == "connect skipped", "{}", checked.text);
    Ok(())
}

#[tokio::test]
async fn the_wrong_encryption_for_a_port_is_recognised() -> Result<()> {
    let bench = Bench::start().await?;
    let good = Sender::tls(&bench.bed, "desk");
    let tls_on_plain = Sender { name: "a".into(), port: bench.bed.postfix.submission_port(), ..good.clone() };
    let plain_on_tls = Sender { name: "b".into(), encryption: "starttls".into(), ..good.clone() };
    let (tls_on_plain, plain_on_tls) =
        tokio::try_join!(bench.sender(&tls_on_plain, None), bench.sender(&plain_on_tls, None))?;
    tls_on_plain.fails("tls", "speaks plain text at first", "Set encryption to \"starttls\"")?;
    plain_on_tls.fails("greeting", "seems to want TLS from the first byte", "Set encryption to \"tls\"")
}

#[tokio::test]
async fn an_unknown_authority_is_named_and_its_certificate_shown() -> Result<()> {
    let bench = Bench::without_authority().await?;
    let checked = bench.sender(&Sender::tls(&bench.bed, "desk"), None).await?;
    checked.fails("tls", "signed by an authority that this machine does not know", "CA file")?;
    assert_eq!(checked.found("tls", "issuer"), "maildesk test authority");
    assert_eq!(checked.found("tls", "SHA-256").len(), 64, "{}", checked.text);
    let mailbox = maildesk_tests::settings::Mailbox::tls(&bench.bed, "desk");
    bench.mailbox(&mailbox).await?.fails("tls", "an authority that this machine does not know", "CA file")
}
