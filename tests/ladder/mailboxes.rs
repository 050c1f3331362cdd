//! Mailboxes on a real Dovecot.

use crate::bench::{Bench, WRONG};
use anyhow::{Result, ensure};
use maildesk_tests::dovecot::{EXPIRED_CERTIFICATE, TLS_REQUIRED, WRONG_CERTIFICATE};
use maildesk_tests::imap::Imap;
use maildesk_tests::letter::Letter;
use maildesk_tests::settings::Mailbox;

#[tokio::test]
async fn a_mailbox_is_looked_at_and_left_as_it_was() -> Result<()> {
    let bench = Bench::start().await?;
    let inbox = bench.bed.mailbox("desk");
    for number in 1..=3 {
        let letter = Letter::from("alice@desk.test").to("desk@desk.test").subject(&format!("no {number}"));
        inbox.deliver("alice@desk.test", &letter.bytes()).await?;
    }
    let good = Mailbox::tls(&bench.bed, "desk");
    let before = state(&bench).await?;
    let starttls = Mailbox { port: bench.bed.dovecot.imap_port(), encryption: "starttls".into(), ..good.clone() };
    let plain = Mailbox { encryption: "plain".into(), ..starttls.clone() };
    let greeting_first = ["resolve", "connect", "greeting", "tls", "offers"];
    for (mailbox, start) in [
        (&good, &["resolve", "connect", "tls", "greeting", "offers"][..]),
        (&starttls, &greeting_first[..]),
        (&plain, &["resolve", "connect", "greeting", "offers"][..]),
    ] {
        let checked = bench.mailbox(mailbox).await?;
        checked.passes()?;
        let mut want: Vec<String> = start.iter().map(|step| format!("{step} passed")).collect();
        // Dovecot names no permanent flags to readers and these users have no access control lists.
        want.extend(
            ["login passed", "folder passed", "idle passed", "flag_and_move skipped", "next_poll passed"]
                .map(str::to_owned),
        );
        assert_eq!(checked.steps(), want, "{}", checked.text);
        assert_eq!((checked.found("folder", "mails"), checked.found("folder", "unread")), ("3".into(), "3".into()));
        assert!(checked.found("offers", "offers").contains("IMAP4REV1"), "{}", checked.text);
        assert!(checked.found("flag_and_move", "moving").starts_with("MOVE is offered"), "{}", checked.text);
        assert_eq!(checked.found("next_poll", "mails"), "3");
        assert_eq!(checked.found("next_poll", "first import"), "all unread mail");
        assert!(!checked.found("next_poll", "oldest").is_empty(), "{}", checked.text);
        let transcript = checked.transcript().join("\n");
        assert!(transcript.contains("EXAMINE \"INBOX\"") && transcript.contains("LOGIN [redacted]"), "{transcript}");
        let ours: Vec<&str> = transcript.lines().filter(|line| line.starts_with("C: ")).collect();
        let writes = |line: &&str| ["SELECT", "STORE", "BODY", "MOVE", "COPY"].iter().any(|word| line.contains(word));
        assert!(ours.len() >= 5 && !ours.iter().any(writes), "{ours:?}");
        assert_eq!(checked.found("tls", "protocol").is_empty(), mailbox.encryption == "plain");
    }
    let from_now = Mailbox { first_import: "\"from_now\"".into(), ..good.clone() };
    for _ in 0..2 {
        // The second time is still a first contact: nothing was noted.
        let checked = bench.mailbox(&from_now).await?;
        assert_eq!(checked.found("next_poll", "mails"), "0", "{}", checked.text);
        assert_eq!(checked.found("next_poll", "first import"), "only mail that arrives from now on");
    }
    assert_eq!(state(&bench).await?, before);
    let status = bench.cli.json(&["status"]).await?;
    ensure!(status["data"]["counts"]["mails"] == 0, "{status}");
    Ok(())
}

/// All flags of all mails, and what the next \Recent session would see.
async fn state(bench: &Bench) -> Result<Vec<String>> {
    let mut imap = Imap::plain("127.0.0.1", bench.bed.dovecot.imap_port()).await?;
    imap.login("desk").await?;
    imap.command("STATUS INBOX (MESSAGES UNSEEN RECENT UIDNEXT)").await
}

#[tokio::test]
async fn an_unknown_folder_offers_the_nearest() -> Result<()> {
    let bench = Bench::start().await?;
    let mut imap = Imap::plain("127.0.0.1", bench.bed.dovecot.imap_port()).await?;
    imap.login("desk").await?;
    // "Обработано" in modified UTF-7.
    imap.command("CREATE &BB4EMQRABDAEMQQ+BEIEMAQ9BD4-").await?;
    let mailbox = Mailbox { folder: "Обработанно".into(), ..Mailbox::tls(&bench.bed, "desk") };
    let checked = bench.mailbox(&mailbox).await?;
    checked.fails("folder", "does not open this folder", "folders that the server lists")?;
    assert_eq!(checked.found("folder", "perhaps"), "Обработано");
    assert!(checked.found("folder", "folders").contains("Archive"), "{}", checked.text);
    assert!(checked.said("folder").contains("doesn't exist"), "{}", checked.text);
    Ok(())
}

#[tokio::test]
async fn refusals_and_certificates_are_explained() -> Result<()> {
    let bench = Bench::start().await?;
    let good = Mailbox::tls(&bench.bed, "desk");
    let checked = bench.mailbox(&Mailbox { password: WRONG.into(), ..good.clone() }).await?;
    checked.fails("login", "does not accept this user name and password", "full mail address")?;
    let checked = bench.mailbox(&Mailbox { password: "päß wörd".into(), ..good.clone() }).await?;
    checked.fails("login", "does not accept this user name and password", "Check both")?;
    assert!(checked.transcript().contains(&"C: m1 AUTHENTICATE PLAIN [redacted]".to_owned()), "{}", checked.text);

    let expired = bench.mailbox(&Mailbox { host: EXPIRED_CERTIFICATE.into(), ..good.clone() }).await?;
    expired.fails("tls", "has expired", "Renew it")?;
    assert!(expired.found("tls", "valid until").starts_with("2021-01-01, ended "), "{}", expired.text);
    let wrong = bench.mailbox(&Mailbox { host: WRONG_CERTIFICATE.into(), ..good.clone() }).await?;
    wrong.fails("tls", "the certificate is for other.invalid, not for 127.0.0.4", "by a name its certificate holds")?;

    let imap_port = bench.bed.dovecot.imap_port();
    let disabled = Mailbox { host: TLS_REQUIRED.into(), port: imap_port, encryption: "plain".into(), ..good.clone() };
    bench.mailbox(&disabled).await?.fails("login", "allows no login on this connection", "starttls")?;

    let tls_on_plain = Mailbox { name: "a".into(), port: imap_port, ..good.clone() };
    let plain_on_tls = Mailbox { name: "b".into(), encryption: "starttls".into(), ..good.clone() };
    let (tls_on_plain, plain_on_tls) = tokio::try_join!(bench.mailbox(&tls_on_plain), bench.mailbox(&plain_on_tls))?;
    tls_on_plain.fails("tls", "speaks plain text at first", "Set encryption to \"starttls\"")?;
    plain_on_tls.fails("greeting", "seems to want TLS from the first byte", "Set encryption to \"tls\"")
}
