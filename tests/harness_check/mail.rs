//! Dovecot and Postfix: TLS modes, bad certificates, logins, delivery, refusals, bounces, restarts.

use anyhow::Result;
use maildesk_tests::dovecot::{ALL_MODES, EXPIRED_CERTIFICATE, TLS_REQUIRED, WRONG_CERTIFICATE};
use maildesk_tests::imap::Imap;
use maildesk_tests::mailbox::Counts;
use maildesk_tests::smtp::{Client, Protocol};
use maildesk_tests::{Letter, Testbed, eventually};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(10);

fn said(result: Result<impl Sized>) -> String {
    format!("{:#}", result.err().expect("an error"))
}

#[tokio::test]
async fn every_address_has_its_mode() {
    let bed = Testbed::start().await.unwrap();
    let (imap, imaps, tls) = (bed.dovecot.imap_port(), bed.dovecot.imaps_port(), &bed.certificates);

    Imap::plain(ALL_MODES, imap).await.unwrap().login("desk").await.unwrap();
    Imap::tls(ALL_MODES, imaps, tls).await.unwrap().login("desk").await.unwrap();
    Imap::starttls(ALL_MODES, imap, tls).await.unwrap().login("desk").await.unwrap();

    let mut before_tls = Imap::plain(TLS_REQUIRED, imap).await.unwrap();
    assert!(before_tls.command("CAPABILITY").await.unwrap()[0].contains("LOGINDISABLED"));
    assert!(said(before_tls.login("desk").await).contains("PRIVACYREQUIRED"));
    Imap::starttls(TLS_REQUIRED, imap, tls).await.unwrap().login("desk").await.unwrap();

    let expired = said(Imap::tls(EXPIRED_CERTIFICATE, imaps, tls).await);
    assert!(expired.contains("expired"), "{expired}");
    let wrong = said(Imap::tls(WRONG_CERTIFICATE, imaps, tls).await);
    assert!(wrong.contains("not valid for name"), "{wrong}");
}

#[tokio::test]
async fn a_wrong_password_is_refused_at_once_and_the_right_one_then_works() {
    let bed = Testbed::start().await.unwrap();
    let mut imap = Imap::plain(ALL_MODES, bed.dovecot.imap_port()).await.unwrap();
    for _ in 0..3 {
        let no = said(imap.command("LOGIN desk@desk.test nope").await);
        assert!(no.contains("AUTHENTICATIONFAILED"), "{no}");
    }
    // No penalty for the address afterwards: a later test would wait for up to 15 s.
    let start = std::time::Instant::now();
    Imap::plain(ALL_MODES, bed.dovecot.imap_port()).await.unwrap().login("desk").await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

#[tokio::test]
async fn mail_from_outside_arrives_and_seen_is_counted() {
    let bed = Testbed::start().await.unwrap();
    let desk = bed.mailbox("desk");
    let letter = Letter::from("Zoë <zoe@world.test>").to("desk@desk.test").subject("Printer on fire");
    bed.post(&letter, "zoe@world.test", "desk@desk.test").await.unwrap();
    let mail = desk.wait_for(SOON, "the letter", |mail| mail.text().contains("Printer on fire")).await.unwrap();
    assert_eq!(mail.header("message-id").as_deref(), Some(letter.id()));
    assert!(!mail.seen);
    desk.deliver("bob@world.test", &Letter::from("bob@world.test").to("desk@desk.test").bytes()).await.unwrap();

    eventually(SOON, "two unseen mails", async || {
        desk.counts().await.map(|counts| counts == Counts { messages: 2, unseen: 2 })
    })
    .await
    .unwrap();
    desk.imap().await.unwrap().command("STORE 1 FLAGS (\\Seen)").await.unwrap();
    assert_eq!(desk.counts().await.unwrap(), Counts { messages: 2, unseen: 1 });
    assert_eq!(desk.mails().unwrap().iter().filter(|mail| mail.seen).count(), 1);
    desk.forget_flags().await.unwrap();
    assert_eq!(desk.counts().await.unwrap().unseen, 2);
}

#[tokio::test]
async fn submission_needs_tls_and_login_and_delivers_both_ways() {
    let bed = Testbed::start().await.unwrap();
    let mut plain = Client::connect(Protocol::Smtp, bed.postfix.submission_port()).await.unwrap();
    let refused = said(plain.send("desk@desk.test", &["alice@desk.test"], b"x\n").await);
    assert!(refused.contains("530"), "{refused}");

    let starttls = submit(&bed, false, "secret", "alice@desk.test").await;
    let smtps = submit(&bed, true, "secret", "alice@desk.test").await;
    starttls.unwrap();
    smtps.unwrap();
    let alice = bed.mailbox("alice");
    eventually(SOON, "two mails for alice", async || alice.mails().map(|mails| mails.len() == 2)).await.unwrap();

    let wrong = submit(&bed, true, "nope", "alice@desk.test").await.unwrap_err();
    assert!(wrong.contains("535"), "{wrong}");
}

#[tokio::test]
async fn refusals_are_permanent_or_temporary_as_named() {
    let bed = Testbed::start().await.unwrap();
    for (recipient, code) in [("reject@desk.test", "550"), ("tempfail@desk.test", "451"), ("reject@out.test", "550")] {
        let refused = submit(&bed, true, "secret", recipient).await.unwrap_err();
        assert!(refused.contains(code), "{recipient}: {refused}");
    }
    let relayed = said(bed.postfix.receive("a@world.test", &["b@out.test"], b"x\n").await);
    assert!(relayed.contains("Relay access denied"), "{relayed}");
}

#[tokio::test]
async fn mail_for_the_world_reaches_the_sink_over_the_plain_relay() {
    let bed = Testbed::start().await.unwrap();
    let letter = Letter::from("desk@desk.test").to("who@out.test").subject("Out we go").bytes();
    let mut relay = Client::connect(Protocol::Smtp, bed.postfix.relay_port()).await.unwrap();
    relay.send("desk@desk.test", &["who@out.test"], &letter).await.unwrap();
    let mails = eventually(SOON, "one mail outside", async || {
        bed.outside.mails().map(|mails| mails.iter().any(|mail| mail.contains("Out we go")).then_some(mails))
    })
    .await
    .unwrap();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("X-Rcpt-Args: <who@out.test>"), "{}", mails[0]);
}

#[tokio::test]
async fn an_unknown_user_and_a_full_mailbox_make_real_bounces() {
    let bed = Testbed::start().await.unwrap();
    let mut relay = Client::connect(Protocol::Smtp, bed.postfix.relay_port()).await.unwrap();
    relay.send("desk@desk.test", &["nobody-here@desk.test"], b"Subject: lost\n\nx\n").await.unwrap();
    let big = Letter::from("desk@desk.test").to("tiny@desk.test").attach(
        "x.bin",
        "application/octet-stream",
        vec![7; 200_000],
    );
    relay.send("desk@desk.test", &["tiny@desk.test"], &big.bytes()).await.unwrap();
    let desk = bed.mailbox("desk");
    for (who, why) in [("nobody-here@desk.test", "5.1.1"), ("tiny@desk.test", "uota")] {
        let bounce = desk
            .wait_for(SOON, "a bounce", |mail| {
                mail.header("content-type").is_some_and(|kind| kind.contains("multipart/report"))
                    && mail.text().contains(&format!("Final-Recipient: rfc822; {who}"))
            })
            .await
            .unwrap();
        assert!(bounce.text().contains(why), "{}", bounce.text());
    }
}

#[tokio::test]
async fn servers_come_back_on_the_same_ports_with_the_same_mail() {
    let mut bed = Testbed::start().await.unwrap();
    let desk = bed.mailbox("desk");
    let seeded =
        desk.seed((0..500).map(|n| Letter::from("a@world.test").subject(&format!("mail {n}")).bytes())).unwrap();
    assert_eq!(seeded, 500);
    assert_eq!(desk.counts().await.unwrap(), Counts { messages: 500, unseen: 500 });

    bed.dovecot.stop();
    bed.postfix.stop();
    assert!(desk.counts().await.is_err());
    assert!(bed.postfix.receive("a@world.test", &["desk@desk.test"], b"x\n").await.is_err());
    bed.dovecot.start_again().await.unwrap();
    bed.postfix.start_again().await.unwrap();
    assert_eq!(desk.counts().await.unwrap().messages, 500);
    bed.postfix.receive("a@world.test", &["desk@desk.test"], b"Subject: after\n\nx\n").await.unwrap();
    eventually(SOON, "mail 501", async || desk.counts().await.map(|counts| counts.messages == 501)).await.unwrap();
    let validity = bed.dovecot.doveadm(&["mailbox", "status", "-u", "desk@desk.test", "uidvalidity", "INBOX"]).unwrap();
    assert!(validity.contains("uidvalidity="), "{validity}");
}

/// Hands in one small mail as desk@desk.test; the error is the server's words.
async fn submit(bed: &Testbed, wrapped: bool, password: &str, to: &str) -> Result<(), String> {
    let sent = async {
        let mut client = if wrapped {
            Client::tls(bed.postfix.smtps_port(), &bed.certificates).await?
        } else {
            Client::starttls(bed.postfix.submission_port(), &bed.certificates).await?
        };
        client.login("desk@desk.test", password).await?;
        client.send("desk@desk.test", &[to], &Letter::from("desk@desk.test").to(to).bytes()).await
    };
    sent.await.map_err(|error: anyhow::Error| format!("{error:#}"))
}
