//! Routing as tables: who gets in by which token, what is answered, what is dropped.

mod agents;
mod held;
mod threading;

use super::token::{TokenKeys, message_id};
use super::*;
use crate::address::{Address, Domain};
use crate::directory::{Contact, forwarded_author};
use crate::filter::{CompiledFilters, Condition, Field, Filter, FilterName, Filtering, Matching, Then, compile};
use crate::ids::*;
use crate::mail::{InboundMail, Limits, Parsed, parse};
use crate::notification::Kind;
use crate::outbox::{OutboxEntry, OutboxState};
use crate::settings::{Agent, MailboxName, SenderName, ZoneName};
use crate::ticket::{EntryKind, Priority, Status, Ticket};
use crate::verdict::{Authentication, Finding, OwnIdentity, SenderCheck, facts};
use jiff::Timestamp;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

struct Desk {
    key: TokenKeys,
    found: Lookups,
    old: bool,
    acknowledge: bool,
    released: bool,
    agents: Vec<Agent>,
    /// What maildesk found out about the sender itself.
    checked: Option<SenderCheck>,
    now: Timestamp,
}

fn desk() -> Desk {
    let agents = vec![Agent::new("bob", vec![address("bob@desk.example")])];
    Desk {
        key: TokenKeys::new([7; 32]),
        found: Lookups::default(),
        old: false,
        acknowledge: true,
        released: false,
        agents,
        checked: None,
        now: NOW,
    }
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn ticket(status: Status) -> Ticket {
    Ticket {
        status,
        entries: 1,
        ..Ticket::begun(TicketNumber(42), "printer".into(), ContactId(1), MailboxName::parse("support").unwrap(), NOW)
    }
}

fn contact(addresses: &[&str]) -> Contact {
    let addresses = addresses.iter().map(|text| address(text)).collect();
    let (name, customer, language, confirmed) = (Some("Ann".into()), None, None, None);
    Contact { id: ContactId(1), name, addresses, customer, language, confirmed, created: NOW }
}

/// The mail that [`Desk::token`] belongs to.
fn sent() -> OutboxEntry {
    OutboxEntry {
        ticket: Some(TicketNumber(42)),
        entry: Some(EntryNumber(1)),
        state: OutboxState::Sent { at: NOW, server_said: "250 ok".into() },
        ..OutboxEntry::begun(
            OutboxId(5),
            Kind::AgentReply,
            SenderName::parse("main").unwrap(),
            address("support@desk.example"),
            address("ann@acme.example"),
            String::new(),
            NOW,
        )
    }
}

impl Desk {
    fn token(&self) -> String {
        self.token_for("ann@acme.example")
    }

    fn token_for(&self, recipient: &str) -> String {
        let domain = Domain::parse("desk.example").unwrap();
        message_id(&self.key, TicketNumber(42), EntryNumber(1), OutboxId(5), &address(recipient), &domain)
    }

    fn filters(&self) -> CompiledFilters {
        let filter = |name: &str, then| Filter {
            name: FilterName::parse(name).unwrap(),
            enabled: true,
            matching: Matching::All,
            when: vec![Condition { contains: Some(name.into()), ..Condition::on(Field::Subject) }],
            then,
        };
        let marked = Then {
            priority: Some(Priority::High),
            tags: vec!["vip".into()],
            assign: Some("ann".into()),
            no_acknowledgement: true,
            ..Then::default()
        };
        compile(&[
            filter("spam", Then { drop: true, ..Then::default() }),
            filter("odd", Then { quarantine: true, ..Then::default() }),
            filter("marked", marked),
            Filter {
                when: vec![
                    Condition { contains: Some("answer".into()), ..Condition::on(Field::Subject) },
                    Condition { equals: Some("reply".into()), ..Condition::on(Field::Fact) },
                ],
                ..filter("answers", Then { drop: true, ..Then::default() })
            },
        ])
        .unwrap()
    }

    fn plan(&self, mail: &str) -> Plan {
        let mail = mail_of(mail);
        let own = OwnIdentity {
            addresses: vec!["support@desk.example".into()],
            message_id_domains: vec![],
            loop_header_value: "loop1".into(),
            authserv_ids: vec!["mx.desk.example".into()],
        };
        let mut facts = facts(&mail, &own);
        facts.authentication.own = self.checked.clone();
        let zone = ZoneName::default();
        let (keys, agents) = (&self.key, &self.agents);
        let rules = DeskRules { keys, own: &own.addresses, agents, reopen_days: 14, zone: &zone };
        let skip = |address: &Address| own.addresses.contains(&address.key()) || rules.agent_of(address).is_some();
        let wanted = wanted(&mail, &facts, &rules, forwarded_author(&mail, skip));
        let wanted = if self.released { wanted.let_through(&mail) } else { wanted };
        let mut found = self.found.clone();
        found.claimed = wanted
            .claims
            .iter()
            .filter(|claim| claim.ticket == TicketNumber(42))
            .map(|claim| ClaimedTicket {
                claim: claim.clone(),
                ticket: ticket(Status::Resolved { at: NOW }),
                formerly: Vec::new(),
                recipient: Some(address("ann@acme.example")),
                redirected_to: None,
            })
            .collect();
        found.returned = wanted
            .returned
            .clone()
            .filter(|claim| claim.ticket == TicketNumber(42))
            .map(|claim| ReturnedMail { claim, outbox: sent(), ticket: ticket(Status::Open) });
        let origin = Origin {
            mailbox: MailboxName::parse("support").unwrap(),
            uid_validity: UidValidity(1),
            uid: Uid(9),
            received: None,
            old: self.old,
            acknowledge: self.acknowledge,
            released: self.released,
            size: 100,
            raw: None,
        };
        let fresh = Fresh { mail: MailId(3), contact: ContactId(8), ticket: TicketNumber(50) };
        let filters = self.filters();
        let by = |filtering| {
            plan(&mail, &facts, &origin, &wanted, &found, &Kept::default(), filtering, &rules, fresh, self.now)
        };
        let plan = by(Filtering::Rules(&filters));
        if !origin.released {
            let ahead = filters.run_ahead(&mail, &facts, &origin.mailbox, origin.size);
            assert_eq!(by(Filtering::Ahead(&ahead)), plan, "whether the rules run before or now");
        }
        plan
    }
}

fn mail_of(text: &str) -> InboundMail {
    match parse(text.replace('\n', "\r\n").as_bytes(), &Limits::default()) {
        Parsed::Mail(mail) => *mail,
        Parsed::Refused(poison) => panic!("{poison:?}"),
    }
}

fn letter(from: &str, more: &str) -> String {
    format!("From: {from}\nTo: support@desk.example\nSubject: Help\nMessage-ID: <m1@acme.example>\n{more}\nIt broke.\n")
}

#[test]
fn a_first_mail_is_a_ticket_with_an_acknowledgement() {
    let plan = desk().plan(&letter("Ann <ann@acme.example>", ""));
    assert_eq!(plan.judged.outcome, Outcome::NewTicket { ticket: TicketNumber(50) });
    assert_eq!(plan.acknowledge_to, Some(address("ann@acme.example")));
    assert_eq!(plan.contact.unwrap().name.as_deref(), Some("Ann"));
    let planned = plan.ticket.unwrap();
    assert_eq!((planned.ticket.status, planned.entries[0].kind), (Status::New, EntryKind::Comment));
}

#[test]
fn a_token_admits_whom_it_was_made_for() {
    let desk = desk();
    let reply = format!("In-Reply-To: <{}>\n", desk.token());
    let plan = desk.plan(&letter("ann@acme.example", &reply));
    assert_eq!(plan.judged.outcome, Outcome::Comment { ticket: TicketNumber(42), entry: EntryNumber(2) });
    assert_eq!(plan.ticket.unwrap().ticket.status, Status::Open, "a resolved ticket reopens");
    assert_eq!(plan.acknowledge_to, None);
}

#[test]
fn another_address_of_the_same_contact_is_admitted() {
    let mut desk = desk();
    desk.found.contact = Some(contact(&["ann@home.example", "ann@acme.example"]));
    let reply = format!("References: <x@y> <{}>\n", desk.token());
    let plan = desk.plan(&letter("ann@home.example", &reply));
    assert!(matches!(plan.judged.outcome, Outcome::Comment { .. }), "{:?}", plan.judged);
    assert_eq!(plan.contact, None, "a known contact is not written again");
}

#[test]
fn a_stranger_with_a_genuine_token_writes_an_unverified_note() {
    let desk = desk();
    let plan = desk.plan(&letter("eve@evil.example", &format!("In-Reply-To: <{}>\n", desk.token())));
    assert_eq!(plan.judged.outcome, Outcome::UnverifiedNote { ticket: TicketNumber(42), entry: EntryNumber(2) });
    let planned = plan.ticket.unwrap();
    assert_eq!((planned.ticket.status, planned.ticket.contact), (Status::Resolved { at: NOW }, ContactId(1)));
}

#[test]
fn a_forged_token_is_a_new_ticket() {
    let desk = desk();
    let forged = desk.token().replacen(".1.5.", ".1.6.", 1);
    let plan = desk.plan(&letter("ann@acme.example", &format!("In-Reply-To: <{forged}>\n")));
    assert_eq!(plan.judged.outcome, Outcome::NewTicket { ticket: TicketNumber(50) });
}

#[test]
fn a_vacation_notice_is_a_comment_that_reopens_nothing() {
    let desk = desk();
    let headers = format!("In-Reply-To: <{}>\nAuto-Submitted: auto-replied\n", desk.token());
    let plan = desk.plan(&letter("ann@acme.example", &headers));
    assert!(matches!(plan.judged.outcome, Outcome::Comment { .. }));
    assert!(matches!(plan.ticket.unwrap().ticket.status, Status::Resolved { .. }));
}

#[test]
fn automatic_old_and_silenced_mail_is_imported_but_not_answered() {
    let quiet = |desk: Desk, headers: &str| {
        let plan = desk.plan(&letter("ann@acme.example", headers));
        assert!(matches!(plan.judged.outcome, Outcome::NewTicket { .. }));
        plan.acknowledge_to
    };
    assert_eq!(quiet(desk(), "Auto-Submitted: auto-generated\n"), None);
    assert_eq!(quiet(desk(), "Precedence: bulk\n"), None);
    assert_eq!(quiet(Desk { old: true, ..desk() }, ""), None);
    assert_eq!(quiet(Desk { acknowledge: false, ..desk() }, ""), None);
    assert!(quiet(desk(), "Auto-Submitted: no\n").is_some());
}

#[test]
fn our_own_mail_and_repeats_are_dropped_and_senderless_mail_is_kept() {
    let outcome = |desk: Desk, mail: &str| desk.plan(mail).judged.outcome;
    let own = outcome(desk(), &letter("a@b.example", "X-Maildesk-Loop: loop1\n"));
    assert!(matches!(own, Outcome::Dropped { .. }), "{own:?}");
    let mut repeated = desk();
    repeated.found.duplicate_of = Some(MailId(1));
    assert_eq!(outcome(repeated, &letter("a@b.example", "")), Outcome::Dropped { rule: "repeats mail 1".into() });
    let nobody = outcome(desk(), "Subject: hi\n\ntext\n");
    assert!(matches!(nobody, Outcome::Quarantined { .. }), "{nobody:?}");
}

#[test]
fn filters_drop_quarantine_and_set_what_a_ticket_begins_with() {
    let plan = |subject: &str| desk().plan(&letter("ann@acme.example", "").replace("Help", subject));
    assert_eq!(plan("spam here").judged.outcome, Outcome::Dropped { rule: "filter spam".into() });
    assert_eq!(plan("odd one").judged.outcome, Outcome::Quarantined { reason: "filter odd".into() });
    let marked = plan("marked");
    let ticket = marked.ticket.unwrap().ticket;
    assert_eq!((ticket.priority, ticket.assignee.as_deref()), (Priority::High, Some("ann")));
    assert_eq!((ticket.tags, marked.acknowledge_to), (vec!["vip".to_owned()], None));
    assert!(marked.judged.trace.iter().any(|step| step.step == "filter" && step.said.contains("marked matches")));
}

#[test]
fn only_a_genuine_token_makes_a_mail_a_reply_for_filters() {
    let desk = desk();
    let token = desk.token();
    let forged = token.replacen(".1.5.", ".1.6.", 1);
    let outcome = |id: &str| {
        let mail = letter("ann@acme.example", &format!("In-Reply-To: <{id}>\n")).replace("Help", "answer");
        desk.plan(&mail).judged.outcome
    };
    assert_eq!(outcome(&token), Outcome::Dropped { rule: "filter answers".into() });
    for other in [forged.as_str(), "somebody@else.example"] {
        assert_eq!(outcome(other), Outcome::NewTicket { ticket: TicketNumber(50) }, "{other}");
    }
}

/// A delivery report as Postfix writes it.
fn report(action: &str, status: &str, recipient: &str, returned: &str, more: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example (Mail Delivery System)\nTo: support@desk.example\nSubject: Undelivered Mail\n\
         Message-ID: <b1@mx.example>\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\n\n\
         I'm sorry to have to inform you.\n\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.example\n{more}\nFinal-Recipient: rfc822; {recipient}\nAction: {action}\n\
         Status: {status}\nDiagnostic-Code: smtp; 550 {status} no such person here\n\n--b\n\
         Content-Type: text/rfc822-headers\n\nMessage-ID: <{returned}>\nSubject: Re: printer\n\n--b--\n"
    )
}

#[test]
fn a_bounce_is_noted_on_its_ticket_and_silences_its_address() {
    let desk = desk();
    let plan = desk.plan(&report("failed", "5.1.1", "ann@acme.example", &desk.token(), ""));
    let want = Outcome::BounceNote { ticket: TicketNumber(42), entry: EntryNumber(2), outbox: OutboxId(5) };
    assert_eq!((plan.judged.outcome, plan.acknowledge_to, plan.contact), (want, None, None));
    let planned = plan.ticket.unwrap();
    assert_eq!((planned.ticket.status, planned.entries[0].kind), (Status::Open, EntryKind::DeliveryProblem));
    assert_eq!(
        planned.entries[0].text,
        "mail 5 to ann@acme.example came back: 550 5.1.1 no such person here. The address is not written to until \
         1970-03-02T00:00:00Z (maildesk suppression list)"
    );
    let noted = plan.bounce.unwrap();
    assert_eq!(noted.outbox.state.word(), "failed");
    assert_eq!(noted.outbox.attempts[0].said, "550 5.1.1 no such person here");
    let suppression = noted.suppression.unwrap();
    assert_eq!((suppression.address.as_str(), suppression.expires), ("ann@acme.example", Some(NOW + SUPPRESSED_FOR)));
    assert_eq!(suppression.reason, "mail 5 came back: 550 5.1.1 no such person here");
}

#[test]
fn the_envelope_id_alone_finds_the_mail_too() {
    let desk = desk();
    let more = format!("Original-Envelope-Id: {}\n", desk.token());
    let plan = desk.plan(&report("failed", "5.1.1", "ann@acme.example", "x@y.example", &more));
    assert!(matches!(plan.judged.outcome, Outcome::BounceNote { .. }), "{:?}", plan.judged);
}

#[test]
fn what_is_late_or_about_this_mail_alone_silences_nobody() {
    let desk = desk();
    for (action, status, kind, state) in [
        ("delayed", "4.4.7", EntryKind::Note, "sent"),
        ("failed", "4.4.7", EntryKind::DeliveryProblem, "failed"),
        ("failed", "5.3.4", EntryKind::DeliveryProblem, "failed"),
        ("failed", "5.7.1", EntryKind::DeliveryProblem, "failed"),
    ] {
        let plan = desk.plan(&report(action, status, "ann@elsewhere.example", &desk.token(), ""));
        let noted = plan.bounce.unwrap();
        assert_eq!((noted.suppression, noted.outbox.state.word()), (None, state), "{status}");
        let entry = &plan.ticket.unwrap().entries[0];
        assert_eq!(entry.kind, kind, "{status}");
        assert!(entry.text.contains("ann@elsewhere.example (by way of ann@acme.example)"), "{}", entry.text);
    }
}

#[test]
fn a_forged_bounce_silences_nobody_and_is_a_mail_like_any_other() {
    let desk = desk();
    let token = desk.token();
    let made_up = format!("md.42.1.5.{}@desk.example", "a".repeat(24));
    for returned in [made_up, token.replacen(".1.5.", ".1.6.", 1), "unsigned@desk.example".into()] {
        let plan = desk.plan(&report("failed", "5.1.1", "ann@acme.example", &returned, ""));
        assert_eq!(plan.bounce, None, "{returned}");
        assert_eq!(plan.judged.outcome, Outcome::NewTicket { ticket: TicketNumber(50) });
        assert_eq!(plan.acknowledge_to, None, "a bounce is never answered");
    }
    // Who holds a genuine token of one mail cannot silence another's address with it.
    let plan = desk.plan(&report("failed", "5.1.1", "boss@victim.example", &token, ""));
    assert_eq!(plan.bounce.unwrap().suppression.unwrap().address.as_str(), "ann@acme.example");
}

#[test]
fn a_test_mail_of_ours_is_dropped_by_its_own_rule_and_a_forged_one_is_not() {
    let outcome = |mark: &str| {
        let headers = format!("X-Maildesk-Check: {mark}\n");
        desk().plan(&letter("ann@acme.example", &headers)).judged.outcome
    };
    let mark = crate::check::mark::Mark::new([1; 10], NOW);
    let rule = crate::check::mark::RULE.to_owned();
    let own = address("support@desk.example");
    assert_eq!(outcome(&mark.sign(&desk().key, &own)), Outcome::Dropped { rule });
    let forged = outcome(&mark.sign(&TokenKeys::new([9; 32]), &own));
    assert!(matches!(forged, Outcome::NewTicket { .. }), "{forged:?}");
    let of_another = outcome(&mark.sign(&desk().key, &address("ann@acme.example")));
    assert!(matches!(of_another, Outcome::NewTicket { .. }), "whoever got a test mail hides nothing with it");
}
