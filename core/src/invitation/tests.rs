//! Whose answer counts, when, and once.

use super::*;
use crate::address::Domain;
use crate::ids::{EntryNumber, TicketNumber};
use crate::notification::Reader;
use crate::route::token::{TokenKeys, message_id, read_claim};
use crate::settings::from_toml;
use jiff::SignedDuration;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn invitation() -> Invitation {
    Invitation {
        id: InvitationId(3),
        to: address("Zoe@home.example"),
        name: Some("Zoë".into()),
        role: InvitedAs::Agent { name: "zoe".into(), notify: vec![AgentNotice::NewTicket] },
        language: Some(Language::Fr),
        sender: SenderName::parse("main").unwrap(),
        by: "ann".into(),
        created: NOW,
        sendings: 2,
        sent: NOW,
        expires: NOW + SignedDuration::from_hours(1),
        outbox: OutboxId(9),
        end: None,
    }
}

fn keys() -> TokenKeys {
    TokenKeys::new([7; 32])
}

fn token(sending: u32) -> InvitationToken {
    read_token(&token_of(&keys(), InvitationId(3), sending, &address("zoe@home.example"))).unwrap()
}

#[test]
fn an_answer_counts_from_the_invited_person_in_time_and_once() {
    let check = |given: &Invitation, token: &InvitationToken, from: &str, automatic, now, want: Option<&str>| {
        let said = examine_mail(given, token, &keys(), (&address(from), automatic), now).err();
        let said = said.map(|refusal| refusal.to_string());
        assert_eq!(said.as_deref().map(|said| said.split(':').next().unwrap()), want, "{from} {now}");
    };
    let zoe = "ZOE@home.example";
    let ended = |end| Invitation { end: Some(end), ..invitation() };
    let later = NOW + SignedDuration::from_hours(1);
    check(&invitation(), &token(2), zoe, false, NOW, None);
    check(
        &invitation(),
        &token(2),
        "eve@home.example",
        false,
        NOW,
        Some("somebody else than the invited person answered"),
    );
    check(&invitation(), &token(2), zoe, true, NOW, Some("a machine answered, not the invited person"));
    check(&invitation(), &token(1), zoe, false, NOW, Some("a newer mail of this invitation was sent at 1970-01-01T00"));
    check(&invitation(), &token(2), zoe, false, later, Some("it has expired at 1970-01-01T01"));
    let accepted = ended(InvitationEnd::Accepted { at: NOW });
    check(&accepted, &token(2), zoe, false, NOW, Some("it was accepted already, at 1970-01-01T00"));
    let revoked = ended(InvitationEnd::Revoked { at: NOW, by: "ann".into() });
    check(&revoked, &token(2), zoe, false, NOW, Some("it was revoked by ann"));
    let other = Invitation { to: address("bob@home.example"), ..invitation() };
    check(
        &other,
        &token(2),
        "bob@home.example",
        false,
        NOW,
        Some("the token was not made by this desk for this invitation"),
    );
    assert_eq!(examine(&invitation(), &token(2), &TokenKeys::new([8; 32]), NOW), Err(Refusal::Forged));
    let rotated = TokenKeys::new([8; 32]).with_older(vec![[7; 32]]);
    assert_eq!(examine(&invitation(), &token(2), &rotated, NOW), Ok(()), "an older key still verifies");
}

#[test]
fn no_token_is_one_of_another_kind() {
    let made = token_of(&keys(), InvitationId(3), 2, &address("zoe@home.example"));
    assert_eq!(read_claim(&format!("{made}@desk.example")), None);
    let domain = Domain::parse("desk.example").unwrap();
    let reply =
        message_id(&keys(), TicketNumber(3), EntryNumber(2), OutboxId(2), &address("zoe@home.example"), &domain);
    assert_eq!(read_token(&reply), None);
    // The signature of a reply token under an invitation's name.
    let signature = reply.split(['.', '@']).nth(4).unwrap();
    let grafted = read_token(&format!("mdi.3.2.{signature}")).unwrap();
    assert_eq!(examine(&invitation(), &grafted, &keys(), NOW), Err(Refusal::Forged));
    for text in [made.clone(), made.to_uppercase(), format!("<{made}@desk.example>"), format!(" {made}\n")] {
        assert_eq!(read_token(&text), Some(token(2)), "{text}");
    }
    for text in ["", "mdi", "mdi.3.2", "mdi.3.2.", "mdi.x.2.a", "mdi.3.2.a.b", "md.3.2.1.aaaaaaaaaaaaaaaaaaaaaaaa"] {
        assert_eq!(read_token(text), None, "{text}");
    }
}

#[test]
fn the_accepted_agent_stands_in_the_settings() {
    let settings = from_toml("[[agents]]\nname = \"ann\"\naddresses = [\"ann@desk.example\"]\n").unwrap();
    let accepted = invitation().accepted_in(&settings).unwrap();
    let zoe = accepted.agent("zoe").unwrap();
    assert_eq!((zoe.display(), zoe.language, zoe.wants(AgentNotice::NewTicket)), ("Zoë", Some(Language::Fr), true));
    let problems = invitation().accepted_in(&accepted).unwrap_err();
    assert!(problems.iter().any(|problem| problem.to_string().contains("is given twice")), "{problems:?}");
    let contact = Invitation { role: InvitedAs::Contact { customer: None }, ..invitation() };
    assert_eq!(contact.accepted_in(&settings).unwrap(), settings);
}

#[test]
fn every_reason_is_told_in_every_language() {
    let all = [
        Refusal::Accepted { at: NOW },
        Refusal::Revoked { by: "ann".into() },
        Refusal::Expired { id: InvitationId(3), at: NOW },
        Refusal::Replaced { sent: NOW },
        Refusal::Impossible("x".into()),
    ];
    for refusal in all {
        assert!(refusal.is_told());
        let reasons = Language::ALL.map(|language| refusal.reason(&Reader { language, ..Reader::default() }));
        assert!(
            reasons.iter().all(|reason| reasons.iter().filter(|other| *other == reason).count() == 1),
            "{reasons:?}"
        );
    }
}
