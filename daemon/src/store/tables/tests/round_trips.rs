//! What is written is read back equal: every record, every variant.

use jiff::Timestamp;
use maildesk_core::address::Domain;
use maildesk_core::filter::{Condition, Field, Filter, FilterName, Matching, Then};
use maildesk_core::ids::*;
use maildesk_core::language::Language;
use maildesk_core::mail::BlockList;
use maildesk_core::notification::{Kind, SavedTemplate, TemplateDraft, TemplateSource};
use maildesk_core::outbox::LoopGuard;
use maildesk_core::secret::SecretText;
use maildesk_core::settings::connection::{Encryption, ServerAddress};
use maildesk_core::settings::*;
use maildesk_core::sla::{ClockId, History, Kept, Lead, Mark, Nearest, Sign, Sla, Target, Told, What};
use maildesk_core::ticket::Priority;

use super::samples::*;
use super::{store, write};
use crate::store::blobs::{BlobPlace, BlobRecord};
use crate::store::install::{Install, OlderKey};
use crate::store::kv::Transaction;
use crate::store::mailboxes::MailboxState;
use crate::store::*;

#[tokio::test]
async fn tickets_entries_outbox_and_mails() {
    let (_folder, store) = store();
    write(&store, |tx| {
        tickets().iter().try_for_each(|ticket| tickets::put(tx, ticket))?;
        entries().iter().try_for_each(|entry| entries::put(tx, TicketNumber(1), entry))?;
        outbox_entries().iter().try_for_each(|entry| outbox::put(tx, entry))?;
        mails().iter().try_for_each(|mail| mails::put(tx, mail))
    })
    .await;
    for ticket in tickets() {
        assert_eq!(tickets::get(&store, ticket.number).unwrap(), Some(ticket));
    }
    for entry in entries() {
        assert_eq!(entries::get(&store, TicketNumber(1), entry.number).unwrap(), Some(entry));
    }
    for entry in outbox_entries() {
        assert_eq!(outbox::get(&store, entry.id).unwrap(), Some(entry));
    }
    for mail in mails() {
        assert_eq!(mails::get(&store, mail.id).unwrap(), Some(mail));
    }
}

#[tokio::test]
async fn events() {
    let (_folder, store) = store();
    write(&store, |tx| happenings().into_iter().try_for_each(|what| events::append(tx, at(1), what).map(drop))).await;
    let (events, gap) = events::after(&store, EventSeq(0), 100).unwrap();
    assert!(!gap);
    assert!(events.iter().all(|event| event.at == at(1)));
    assert_eq!(events.into_iter().map(|event| event.what).collect::<Vec<_>>(), happenings());
}

#[tokio::test]
async fn templates_keep_every_version_apart_from_other_kinds_and_languages() {
    let (_folder, store) = store();
    let source =
        |text: Option<&str>| TemplateSource { subject: "s".into(), html: "h".into(), text: text.map(str::to_owned) };
    let saved = |revision, source| SavedTemplate {
        revision: Revision(revision),
        at: at(1),
        by: "ann".into(),
        source,
        builtin: "mark".into(),
    };
    let versions = [saved(1, Some(source(None))), saved(2, None), saved(3, Some(source(Some("t"))))];
    let (kind, de) = (Kind::AgentReply, Language::De);
    let draft = TemplateDraft { at: at(2), by: "bob".into(), source: source(None) };
    let (written, kept) = (versions.clone(), draft.clone());
    write(&store, move |tx| {
        written.iter().try_for_each(|version| templates::put(tx, kind, de, version))?;
        templates::put(tx, kind, Language::En, &written[0])?;
        templates::put_draft(tx, kind, de, Some(&kept))
    })
    .await;
    let [first, second, third] = versions;
    assert_eq!(templates::history(&store, kind, de, 2).unwrap(), [third, second.clone()]);
    assert_eq!(templates::history(&store, kind, Language::En, 9).unwrap(), [first]);
    assert_eq!(templates::version(&store, kind, de, Revision(2)).unwrap(), Some(second));
    assert_eq!(templates::draft(&store, kind, de).unwrap(), Some(draft));
    assert_eq!(templates::draft(&store, kind, Language::Fr).unwrap(), None);
    write(&store, move |tx| templates::put_draft(tx, kind, de, None)).await;
    assert_eq!(templates::draft(&store, kind, de).unwrap(), None);
}

#[tokio::test]
async fn blobs_and_what_the_install_knows() {
    let (_folder, store) = store();
    let hash = BlobHash::of(b"x");
    let s3 = BlobPlace::S3 { bucket: "b".into(), key: "k".into() };
    for place in [BlobPlace::Store { number: 7 }, BlobPlace::File, s3] {
        let record = BlobRecord { size: 5, place, uses: 2 };
        let written = record.clone();
        write(&store, move |tx| blobs::put_record(tx, &hash, &written)).await;
        assert_eq!(blobs::get(&store, &hash).unwrap(), Some(record));
    }
    let big = vec![9u8; 200_000];
    let written = big.clone();
    let place = store.write(move |tx: &mut Transaction<'_>| blobs::put_bytes(tx, &written)).await.unwrap();
    assert_eq!(place, BlobPlace::Store { number: 1 });
    assert_eq!(blobs::bytes(&store, 1).unwrap(), Some(big));
    // Used twice, given up twice; what is in S3, or of unknown use, stays.
    let here = BlobRecord { size: 200_000, place: place.clone(), uses: 1 };
    write(&store, move |tx| blobs::put_record(tx, &hash, &here)).await;
    write(&store, move |tx| {
        let known = blobs::get(tx, &hash)?.expect("it is there");
        blobs::use_again(tx, &hash, known)
    })
    .await;
    assert_eq!(write(&store, move |tx| blobs::give_up(tx, &hash)).await, 0);
    assert_eq!(write(&store, move |tx| blobs::give_up(tx, &hash)).await, 200_000);
    assert_eq!((blobs::bytes(&store, 1).unwrap(), blobs::get(&store, &hash).unwrap()), (None, None));
    let s3 = BlobPlace::S3 { bucket: "b".into(), key: "k".into() };
    for (place, uses) in [(s3, 1), (BlobPlace::File, 0)] {
        let record = BlobRecord { size: 5, place, uses };
        let written = record.clone();
        write(&store, move |tx| blobs::put_record(tx, &hash, &written)).await;
        write(&store, move |tx| blobs::give_up(tx, &hash)).await;
        assert_eq!(blobs::get(&store, &hash).unwrap(), Some(record));
    }

    let older = |made| OlderKey { sealed: vec![1; 60], made, replaced: at(9) };
    let older_keys = vec![older(Some(at(1))), older(None)];
    let install = Install { id: "i-1".into(), sealed_token_key: vec![0, 255, 7], key_made: Some(at(2)), older_keys };
    assert_eq!(install::get(&store).unwrap(), None);
    let written = install.clone();
    write(&store, move |tx| install::put(tx, &written)).await;
    assert_eq!(install::get(&store).unwrap(), Some(install));

    for first_uid in [None, Some(Uid(9))] {
        let state = MailboxState { uid_validity: UidValidity(3), first_uid, first_contact: at(4) };
        write(&store, move |tx| mailboxes::put(tx, &mailbox(), &state)).await;
        assert_eq!(mailboxes::get(&store, &mailbox()).unwrap(), Some(state));
    }

    write(&store, |tx| secrets::put(tx, "mailbox.support.login", b"\0sealed")).await;
    assert_eq!(secrets::get(&store, "mailbox.support.login").unwrap(), Some(b"\0sealed".to_vec()));
    write(&store, |tx| secrets::delete(tx, "mailbox.support.login")).await;
    assert_eq!(secrets::get(&store, "mailbox.support.login").unwrap(), None);
}

fn sender_by(name: &str, way: WayOut) -> Sender {
    Sender {
        name: SenderName::parse(name).unwrap(),
        from: address("desk@example.org"),
        display_name: Some("Desk".into()),
        reply_to: Some(address("r@example.org")),
        plus_address: true,
        sender_header: Some(address("s@example.org")),
        dkim: Some(Dkim {
            domain: Domain::parse("example.org").unwrap(),
            selector: "s1".into(),
            algorithm: DkimAlgorithm::Ed25519,
            key: SecretSetting::Sealed,
            required: false,
        }),
        sent_copy: Some(SentCopy { mailbox: MailboxName::parse("a").unwrap(), folder: "Gesendet".into() }),
        per_minute: 3,
        per_hour: 4,
        way,
    }
}

#[tokio::test]
async fn clocks_of_tickets() {
    let (_folder, store) = store();
    let mut history = History::default();
    let every = [What::Opened, What::Spoke, What::Replied, What::Pending, What::Working, What::Done];
    every.into_iter().for_each(|what| assert!(history.add(at(1), what)));
    let targets = [Target::FirstResponse, Target::NextResponse, Target::Resolution];
    let signs = [Sign::Breach, Sign::Warning(Lead::Share(80)), Sign::Warning(Lead::Minutes(30))];
    let told = |(target, sign)| Told { mark: Mark { clock: ClockId { target, round: 2 }, sign }, at: at(3), terms: 9 };
    let kept = Kept {
        history,
        told: targets.into_iter().zip(signs).map(told).collect(),
        policy: Some(PolicyName::parse("gold").unwrap()),
        terms: Some(u64::MAX),
        nearest: Some(Nearest { target: Target::Resolution, due: Some(at(5)) }),
        look_at: Some(at(4)),
    };
    let written = kept.clone();
    write(&store, move |tx| clocks::put(tx, TicketNumber(7), &written)).await;
    assert_eq!(clocks::get(&store, TicketNumber(7)).unwrap(), Some(kept));
    assert_eq!(clocks::to_look_at(&store, at(4), 9).unwrap(), [TicketNumber(7)]);
    assert_eq!(clocks::to_look_at(&store, at(3), 9).unwrap(), []);
    assert_eq!(
        (clocks::next_look(&store).unwrap(), clocks::by_due(&store, None, 9).unwrap().len()),
        (Some(Timestamp::from_millisecond(at(4).as_millisecond()).unwrap()), 1)
    );
    write(&store, |tx| clocks::forget(tx, TicketNumber(7))).await;
    assert_eq!((clocks::next_look(&store).unwrap(), clocks::by_due(&store, None, 9).unwrap().len()), (None, 0));
    assert_eq!(clocks::get(&store, TicketNumber(7)).unwrap(), None);
}

fn service_levels() -> Sla {
    let text = "[[policy]]\nname = \"gold\"\nwhen = { priority = [\"low\", \"urgent\"], customer = [\"Acme\"], \
        mailbox = [\"a\"], tag = [\"vip\"] }\ncalendar = \"office\"\nfirst_response = 1\nnext_response = 2\n\
        resolution = 3\nwarn = [\"80%\", \"30m\"]\ntell_hours = \"office\"\npause_pending = false\n\n\
        [[calendar]]\nname = \"office\"\ntime_zone = \"Europe/Berlin\"\nhours = [\"mon-fri 09:00-17:00\"]\n\
        holidays = [\"*-12-25 Christmas\", \"2026-04-03\"]\n";
    toml::from_str(text).unwrap()
}

fn full_settings() -> Settings {
    let pin_sha256 = Some(CertificatePin::of(b"certificate"));
    let server = |encryption, ca_file| ServerAddress { host: "h".into(), port: 993, encryption, ca_file, pin_sha256 };
    let login = |password| Login { username: "u".into(), password, mechanism: Mechanism::Xoauth2 };
    let box_of = |name: &str, first_import, encryption| Mailbox {
        name: MailboxName::parse(name).unwrap(),
        server: server(encryption, None),
        login: login(SecretSetting::Sealed),
        address: address("desk@example.org"),
        folder: "Входящие".into(),
        poll_seconds: 30,
        first_import,
        sender: Some(sender()),
        acknowledge: false,
        notify_resolved: false,
        check_senders: true,
        language: Some(Language::Fr),
        max_mail_bytes: 1,
        enabled: false,
    };
    let since = FirstImport::Since(jiff::civil::date(2026, 2, 28));
    Settings {
        sla: service_levels(),
        loops: LoopGuard { same_subject: 4, ..LoopGuard::default() },
        desk: Desk {
            name: "Hilfe".into(),
            undo_seconds: 7,
            language: Language::Es,
            time_zone: ZoneName::parse("Europe/Madrid").unwrap(),
            reopen_days: 3,
            close_days: 9,
            invitation_days: 3,
            silent: Some(Silent { allow: vec!["@x.example".into()] }),
        },
        sender: vec![
            sender_by(
                "desk",
                WayOut::Smtp(Box::new(SmtpServer {
                    server: server(Encryption::Starttls, Some("/etc/ca.pem".into())),
                    login: Some(login(SecretSetting::Command(vec!["/bin/token".into(), "desk".into()]))),
                    ehlo_name: Some("h".into()),
                    connections: 2,
                })),
            ),
            sender_by("local", WayOut::Sendmail { command: vec!["/usr/sbin/sendmail".into(), "-i".into()] }),
            sender_by("kept", WayOut::Folder { path: "/var/spool/eml".into() }),
        ],
        mailbox: vec![
            box_of("a", FirstImport::FromNow, Encryption::Tls),
            box_of("b", FirstImport::Unread, Encryption::Plain),
            box_of("c", since, Encryption::Starttls),
        ],
        agents: vec![Agent {
            name: "ann".into(),
            addresses: vec![address("ann@example.org"), address("a@home.test")],
            display_name: Some("Ann".into()),
            notify: vec![AgentNotice::NewTicket, AgentNotice::SlaBreached],
            language: Some(Language::De),
            time_zone: Some(ZoneName::default()),
        }],
        filter: vec![Filter {
            name: FilterName::parse("f").unwrap(),
            enabled: false,
            matching: Matching::Any,
            when: vec![Condition { above: Some(7), not: true, ..Condition::on(Field::Size) }],
            then: Then { priority: Some(Priority::Urgent), tags: vec!["t".into()], ..Then::default() },
        }],
        retention: Retention { verdict_days: 3, raw_mail_days: 2, quarantine_days: 1 },
        judging: Judging {
            trusted_authserv_ids: vec!["mx.example.org".into()],
            blocked_attachments: Some(BlockList { extensions: vec!["exe".into()], ..BlockList::default() }),
            virus_scan: Some(VirusScan { clamd: "/c".into(), unscanned: Unscanned::Pass, timeout_seconds: 9 }),
        },
        storage: Storage {
            s3: Some(S3 {
                endpoint: "https://s3".into(),
                region: "r".into(),
                bucket: "b".into(),
                path_style: false,
                access_key: "a".into(),
                secret_key: SecretSetting::Credential("s3".into()),
                prefix: "p".into(),
            }),
        },
    }
}

#[tokio::test]
async fn settings_without_secrets() {
    let (_folder, store) = store();
    assert_eq!(settings::get(&store).unwrap(), (Revision(0), Settings::default()));
    write(&store, |tx| settings::put(tx, Revision(3), &full_settings())).await;
    assert_eq!(settings::get(&store).unwrap(), (Revision(3), full_settings()));

    let secret = || SecretSetting::Value(SecretText::new("hunter2"));
    let mut in_sender = full_settings();
    in_sender.sender[0].way.smtp_mut().unwrap().login =
        Some(Login { username: "u".into(), password: secret(), mechanism: Mechanism::Auto });
    let mut in_mailbox = full_settings();
    in_mailbox.mailbox[1].login.password = secret();
    let mut in_storage = full_settings();
    in_storage.storage.s3.as_mut().unwrap().secret_key = secret();
    for (settings, field) in [(in_sender, "sender \"desk\""), (in_mailbox, "mailbox \"b\""), (in_storage, "storage.s3")]
    {
        let refused: Result<(), StoreError> = store.write(move |tx| settings::put(tx, Revision(4), &settings)).await;
        assert_eq!(refused, Err(StoreError::SecretInSettings { field: field.into() }));
    }
    assert_eq!(settings::get(&store).unwrap().0, Revision(3));
}

#[tokio::test]
async fn invitations() {
    let (_folder, store) = store();
    let all = super::samples::invitations();
    let written = all.clone();
    write(&store, move |tx| written.iter().try_for_each(|one| crate::store::invitations::put(tx, one))).await;
    for one in &all {
        assert_eq!(crate::store::invitations::get(&store, one.id).unwrap().as_ref(), Some(one));
    }
    let newest: Vec<_> = all.iter().rev().cloned().collect();
    assert_eq!(crate::store::invitations::list(&store, None, 9).unwrap(), newest);
    let before = crate::store::invitations::list(&store, Some(InvitationId(2)), 9).unwrap();
    assert_eq!(before, newest[newest.len() - 1..]);
}
