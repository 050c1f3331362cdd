//! Which ticket a mail belongs to: tokens, plus addresses, known mails, numbers; late answers; the block list.

use super::*;
use crate::directory::{Block, Blocked};

/// Ticket 42 of contact 1, as a Message-ID or a number points to it.
fn named(by: Pointer, status: Status) -> NamedTicket {
    NamedTicket {
        ticket: ticket(status),
        pointed: TicketNumber(42),
        by,
        writers: vec![(ContactId(7), address("carl@other.example"))],
    }
}

fn pointed(by: Pointer, sender: &str, contact: Option<Contact>) -> Plan {
    let mut desk = desk();
    desk.found.named = vec![named(by, Status::Open)];
    desk.found.contact = contact;
    desk.plan(&letter(sender, "In-Reply-To: <known@world.example>\n"))
}

const COMMENT: Outcome = Outcome::Comment { ticket: TicketNumber(42), entry: EntryNumber(2) };
const NEW: Outcome = Outcome::NewTicket { ticket: TicketNumber(50) };

#[test]
fn participants_alone_get_in_without_a_token() {
    let ann = || Some(contact(&["ann@acme.example"]));
    let carl = || Some(Contact { id: ContactId(7), ..contact(&["carl@home.example", "carl@other.example"]) });
    let eve = || Some(Contact { id: ContactId(9), ..contact(&["eve@world.example"]) });
    for by in [Pointer::MessageId, Pointer::Number] {
        for (sender, contact, want) in [
            ("ann@acme.example", ann(), COMMENT),
            ("carl@home.example", carl(), COMMENT),
            ("carl@other.example", None, COMMENT),
            ("eve@world.example", eve(), NEW),
            ("eve@world.example", None, NEW),
        ] {
            let plan = pointed(by, sender, contact);
            assert_eq!(plan.judged.outcome, want, "{by:?} {sender}");
            assert_eq!(plan.linked, None, "nobody writes on a ticket without a part in it");
        }
    }
}

#[test]
fn a_strangers_answer_to_a_known_mail_names_its_ticket_and_a_guessed_number_does_not() {
    let planned = pointed(Pointer::MessageId, "eve@world.example", None);
    assert!(planned.acknowledge_to.is_some(), "the stranger has a ticket like anybody");
    let planned = planned.ticket.unwrap();
    assert_eq!((planned.ticket.related, planned.ticket.entries), (vec![TicketNumber(42)], 2));
    assert_eq!((planned.entries[1].number, planned.entries[1].kind), (EntryNumber(2), EntryKind::Note));
    assert!(planned.entries[1].text.contains("answers a mail of #42, in which eve@world.example has no part"));
    let guessed = pointed(Pointer::Number, "eve@world.example", None);
    let said = "[#42] in the subject counts from people of that ticket only: a new ticket";
    assert!(guessed.judged.trace.iter().any(|step| step.said == said), "{:?}", guessed.judged.trace);
    let planned = guessed.ticket.unwrap();
    assert_eq!((planned.ticket.related, planned.entries.len()), (vec![], 1));
}

#[test]
fn a_token_counts_before_all_else() {
    let mut desk = desk();
    let other = Ticket { number: TicketNumber(41), ..ticket(Status::Open) };
    desk.found.named = vec![NamedTicket { ticket: other, ..named(Pointer::MessageId, Status::Open) }];
    let plan = desk.plan(&letter("ann@acme.example", &format!("In-Reply-To: <{}>\n", desk.token())));
    assert!(matches!(plan.judged.outcome, Outcome::Comment { ticket: TicketNumber(42), .. }), "{:?}", plan.judged);
}

#[test]
fn a_plus_address_is_read_wherever_servers_keep_it() {
    let desk = desk();
    let base = address("support@desk.example");
    let plus = super::super::token::plus_address(&base, &desk.token()).unwrap();
    for header in ["Cc", "Delivered-To", "X-Original-To"] {
        let plan = desk.plan(&letter("ann@acme.example", &format!("{header}: {plus}\n")));
        assert_eq!(plan.judged.outcome, COMMENT, "{header}");
    }
    let to = letter("ann@acme.example", "").replace("support@desk.example", &format!("Desk <{plus}>"));
    assert_eq!(desk.plan(&to).judged.outcome, COMMENT);
    let theirs = desk.plan(&letter("eve@world.example", &format!("Cc: {plus}\n")));
    assert!(matches!(theirs.judged.outcome, Outcome::UnverifiedNote { .. }));
    let forged = plus.to_string().replacen(".1.5.", ".1.6.", 1);
    assert_eq!(desk.plan(&letter("ann@acme.example", &format!("Cc: {forged}\n"))).judged.outcome, NEW);
}

#[test]
fn a_tag_behind_a_plus_is_the_same_recipient() {
    let desk = desk();
    let plan = desk.plan(&letter("Ann+shop@acme.example", &format!("In-Reply-To: <{}>\n", desk.token())));
    assert!(matches!(plan.judged.outcome, Outcome::Comment { .. }), "{:?}", plan.judged);
}

#[test]
fn an_older_key_still_opens_and_a_forgotten_one_does_not() {
    let old = desk();
    let headers = format!("In-Reply-To: <{}>\n", old.token());
    let outcome = |keys| Desk { key: keys, ..desk() }.plan(&letter("ann@acme.example", &headers)).judged.outcome;
    assert_eq!(outcome(TokenKeys::new([8; 32]).with_older(vec![[7; 32]])), COMMENT);
    assert_eq!(outcome(TokenKeys::new([8; 32])), NEW);
}

fn days(days: i64) -> Timestamp {
    NOW + jiff::SignedDuration::from_hours(24 * days)
}

#[test]
fn an_answer_reopens_for_a_time_and_is_a_linked_ticket_later() {
    let plan_at = |now, more: &str| {
        let desk = Desk { now, ..desk() };
        desk.plan(&letter("ann@acme.example", &format!("In-Reply-To: <{}>\n{more}", desk.token())))
    };
    let early = plan_at(days(13), "");
    assert_eq!((early.judged.outcome, early.ticket.unwrap().ticket.status), (COMMENT, Status::Open));
    let late = plan_at(days(14), "");
    assert_eq!((late.judged.outcome, late.acknowledge_to), (NEW, Some(address("ann@acme.example"))));
    let (new, old) = (late.ticket.unwrap(), late.linked.unwrap());
    assert_eq!((new.ticket.related, old.ticket.related), (vec![TicketNumber(42)], vec![TicketNumber(50)]));
    assert_eq!(new.entries[1].text, "follows #42, which was done at 1970-01-01T00:00:00Z");
    assert!(old.entries[0].text.ends_with("it goes on in #50"), "{}", old.entries[0].text);
    assert_eq!((old.ticket.status, old.entries[0].kind), (Status::Resolved { at: NOW }, EntryKind::Note));
    // An absence notice neither reopens nor begins anything.
    let notice = plan_at(days(400), "Auto-Submitted: auto-replied\n");
    assert_eq!((notice.judged.outcome, notice.linked), (COMMENT, None));
    assert!(matches!(notice.ticket.unwrap().ticket.status, Status::Resolved { .. }));
}

#[test]
fn our_own_mail_is_known_by_its_signed_message_id_too() {
    let outcome = |id: &str| {
        let mut desk = desk();
        desk.found.own_recipient = Some(address("ann@acme.example"));
        desk.plan(&letter("ann@acme.example", "").replace("m1@acme.example", id)).judged.outcome
    };
    let token = desk().token();
    assert_eq!(outcome(&token), Outcome::Dropped { rule: "our own mail come back".into() });
    assert_eq!(outcome(&token.replacen(".1.5.", ".1.6.", 1)), NEW);
}

#[test]
fn blocked_people_are_dropped_by_a_named_rule_as_long_as_it_holds() {
    let outcome = |now: i64| {
        let mut desk = Desk { now: days(now), ..desk() };
        let who = Blocked::parse("*.acme.example").unwrap();
        desk.found.blocks = vec![Block { who, reason: "abuse".into(), since: NOW, expires: Some(days(2)) }];
        let plan = desk.plan(&letter("ann@acme.example", &format!("In-Reply-To: <{}>\n", desk.token())));
        assert_eq!(plan.judged.trace.iter().any(|step| step.said == "blocked: abuse"), plan.ticket.is_none());
        plan.judged.outcome
    };
    assert_eq!(outcome(1), Outcome::Dropped { rule: "block list: *.acme.example".into() });
    assert_eq!(outcome(2), COMMENT);
}

#[test]
fn an_answer_to_an_invitation_is_accepted_or_an_ordinary_mail_with_a_reason() {
    use crate::invitation::{Invitation, InvitedAs, Refusal, token_of};
    let expires = NOW + jiff::SignedDuration::from_hours(1);
    let invitation = Invitation {
        id: InvitationId(3),
        to: address("zoe@home.example"),
        name: None,
        role: InvitedAs::Agent { name: "zoe".into(), notify: vec![] },
        language: None,
        sender: SenderName::parse("main").unwrap(),
        by: "bob".into(),
        created: NOW,
        sendings: 1,
        sent: NOW,
        expires,
        outbox: OutboxId(5),
        end: None,
    };
    let token = token_of(&desk().key, InvitationId(3), 1, &invitation.to);
    let plan = |from: &str, headers: &str, now, problem: Option<&str>| {
        let found = FoundInvitation { invitation: invitation.clone(), problem: problem.map(str::to_owned) };
        let mut desk = Desk { now, ..desk() };
        desk.found.invitation = Some(found);
        desk.plan(&letter(from, headers))
    };
    let answers = format!("In-Reply-To: <{token}@desk.example>\n");
    let accepted = plan("zoe@home.example", &answers, NOW, None);
    assert_eq!(accepted.judged.outcome, Outcome::InvitationAccepted { invitation: InvitationId(3) });
    assert_eq!((accepted.invitation.unwrap().refused, accepted.ticket), (None, None));
    let tagged = letter("zoe@home.example", "").replace("support@", &format!("support+{token}@"));
    let mut by_plus = desk();
    by_plus.found.invitation = Some(FoundInvitation { invitation: invitation.clone(), problem: None });
    assert!(by_plus.plan(&tagged).ticket.is_none(), "the plus address carries it, too");

    let further = format!("In-Reply-To: <x@home.example>\nReferences: <{token}@desk.example> <x@home.example>\n");
    let later = plan("zoe@home.example", &further, NOW, None);
    assert!(later.invitation.is_none() && later.acknowledge_to.is_some(), "further back in the thread");

    let expired = plan("zoe@home.example", &answers, expires, None);
    assert!(matches!(expired.judged.outcome, Outcome::NewTicket { .. }), "what was written is kept");
    let refused = expired.invitation.unwrap().refused;
    assert_eq!((refused, expired.acknowledge_to), (Some(Refusal::Expired { id: InvitationId(3), at: expires }), None));
    let taken = plan("zoe@home.example", &answers, NOW, Some("the name is taken"));
    assert_eq!(taken.invitation.unwrap().refused, Some(Refusal::Impossible("the name is taken".into())));
    for (from, headers, said) in [
        ("eve@home.example", answers.clone(), "somebody else than the invited person answered"),
        ("zoe@home.example", format!("{answers}Auto-Submitted: auto-replied\n"), "a machine answered"),
        ("zoe@home.example", answers.replace("mdi.3.1.", "mdi.3.2."), "was not made by this desk"),
        (
            "zoe@home.example",
            format!("Authentication-Results: mx.desk.example; dmarc=fail header.from=home.example\n{answers}"),
            "DMARC",
        ),
    ] {
        let plan = plan(from, &headers, NOW, None);
        assert_eq!(plan.invitation, None, "{headers}");
        assert!(matches!(plan.judged.outcome, Outcome::NewTicket { .. }));
        assert!(plan.judged.trace.iter().any(|step| step.step == "invitation" && step.said.contains(said)), "{said}");
    }
}
