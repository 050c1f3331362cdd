//! Agents by mail: their answers with a token, mail that only says it is theirs, customers' mail they pass on.

use super::*;

const NOTE: Outcome = Outcome::UnverifiedNote { ticket: TicketNumber(42), entry: EntryNumber(2) };

fn from_agent(desk: &Desk, headers: &str) -> Plan {
    desk.plan(&letter("Bob <bob@desk.example>", headers))
}

fn answer(recipient: &str) -> String {
    format!("In-Reply-To: <{}>\n", desk().token_for(recipient))
}

#[test]
fn an_agents_answer_goes_on_without_what_it_quotes() {
    let mail = letter("Bob <bob@desk.example>", &answer("bob@desk.example"));
    let mail = format!("{mail}\nOn Monday, Desk wrote:\n> the printer is on fire\n");
    let plan = desk().plan(&mail);
    assert_eq!(plan.judged.outcome, Outcome::AgentReply { ticket: TicketNumber(42), entry: EntryNumber(2) });
    let reply = plan.agent_reply.unwrap();
    let text = reply.text.unwrap();
    assert_eq!((reply.agent.as_str(), text.contains("It broke."), text.contains("on fire")), ("bob", true, false));
    let planned = plan.ticket.unwrap();
    assert_eq!(planned.entries[0].author, crate::ticket::Author::Agent { name: "bob".into() });
    assert!(planned.entries[0].text.contains("on fire"), "nothing is cut from what is kept");
    assert_eq!((planned.entries[0].kind, planned.ticket.contact), (EntryKind::Comment, ContactId(1)));
    assert_eq!((plan.contact, plan.acknowledge_to), (None, None), "an agent is no contact");
}

#[test]
fn an_agents_address_alone_proves_nothing() {
    let forged = answer("bob@desk.example").replacen(".1.5.", ".1.6.", 1);
    for headers in [answer("ann@acme.example"), answer("eve@world.example"), forged] {
        let plan = from_agent(&desk(), &headers);
        assert_eq!((plan.judged.outcome, plan.agent_reply), (NOTE, None), "{headers}");
        assert_eq!(plan.ticket.unwrap().entries[0].kind, EntryKind::UnverifiedNote);
    }
    for by in [Pointer::MessageId, Pointer::Number] {
        let mut desk = desk();
        desk.found.named =
            vec![NamedTicket { ticket: ticket(Status::Open), pointed: TicketNumber(42), by, writers: vec![] }];
        let plan = from_agent(&desk, "");
        assert_eq!((plan.judged.outcome, plan.agent_reply), (NOTE, None), "{by:?}");
    }
}

/// A sender whom nobody has looked into.
fn by(address: &Address) -> (&Address, &Authentication) {
    const NOBODY: &Authentication =
        &Authentication { server: None, spf: None, dkim: None, dmarc: None, not_believed: Vec::new(), own: None };
    (address, NOBODY)
}

#[test]
fn an_agent_who_is_looked_into_and_not_proven_writes_a_note() {
    let answer = answer("bob@desk.example");
    let check = |dmarc, proven: Option<&str>| {
        let (dkim, why) = (dmarc, "because".to_owned());
        Some(SenderCheck { dkim, dmarc, proven: proven.map(str::to_owned), why })
    };
    let said = |dmarc: &str| format!("{answer}Authentication-Results: mx.desk.example; dmarc={dmarc}\n");
    for (own, headers, genuine) in [
        (check(Finding::Pass, Some("desk.example")), answer.clone(), true),
        (check(Finding::None, Some("desk.example")), answer.clone(), true),
        (check(Finding::Neutral, None), answer.clone(), false),
        (check(Finding::TempError, None), answer.clone(), false),
        (check(Finding::Pass, Some("world.example")), answer.clone(), false),
        // A server that is believed saw more.
        (check(Finding::Neutral, None), said("pass"), true),
        (check(Finding::Pass, Some("desk.example")), said("fail"), false),
        (check(Finding::Neutral, None), said("none"), false),
        (None, said("none"), true),
        (None, said("fail"), false),
    ] {
        let plan = from_agent(&Desk { checked: own.clone(), ..desk() }, &headers);
        let trace = format!("{:?}", plan.judged.trace);
        assert_eq!(plan.judged.outcome == NOTE, !genuine, "{own:?} {headers}");
        let reply = plan.agent_reply.unwrap();
        assert_eq!((reply.text.is_some(), reply.slips.len()), (genuine, usize::from(!genuine)), "{own:?} {headers}");
        assert_eq!(trace.contains("bob@desk.example is not proven to have written this"), !genuine, "{trace}");
        assert_eq!(trace.contains("checked here"), own.is_some(), "{trace}");
        let remarks = &plan.ticket.unwrap().entries[0].remarks;
        assert_eq!(remarks.iter().any(|said| said.starts_with("checked here")), own.is_some(), "{remarks:?}");
        assert_eq!(plan.judged.checked, own, "kept for when the mail is judged anew");
    }
}

#[test]
fn that_a_customer_signs_nothing_is_not_said_on_the_ticket() {
    for (dkim, said) in
        [(Finding::None, false), (Finding::Fail, true), (Finding::TempError, true), (Finding::Pass, true)]
    {
        let checked = Some(SenderCheck { dkim, ..SenderCheck::unchecked("because") });
        let plan = Desk { checked, ..desk() }.plan(&letter("ann@acme.example", ""));
        assert_eq!(!plan.ticket.unwrap().entries[0].remarks.is_empty(), said, "{dkim:?}");
        assert!(plan.judged.trace.iter().any(|step| step.step == "sender"), "the trace always says it");
    }
}

#[test]
fn somebody_else_with_an_agents_token_is_an_unverified_note() {
    let mut desk = desk();
    let plan = desk.plan(&letter("eve@world.example", &answer("bob@desk.example")));
    assert_eq!(plan.agent_reply, None);
    // The test's look-ups know Ann's mail only; with the agent's mail known the token is genuine, and still not hers.
    assert!(matches!(plan.judged.outcome, Outcome::NewTicket { .. }));
    let claim = super::super::token::read_claim(&desk.token_for("bob@desk.example")).unwrap();
    desk.found.claimed = vec![ClaimedTicket {
        claim,
        ticket: ticket(Status::Open),
        formerly: Vec::new(),
        recipient: Some(address("bob@desk.example")),
        redirected_to: None,
    }];
    let zone = ZoneName::default();
    let rules = DeskRules { keys: &desk.key, own: &[], agents: &desk.agents, reopen_days: 14, zone: &zone };
    let admitted = super::super::admission::admit(&desk.found, by(&address("eve@world.example")), &rules).unwrap();
    assert_eq!(admitted.role, super::super::admission::Role::Unverified);
}

#[test]
fn an_agent_who_asked_in_a_merged_ticket_speaks_as_who_asked() {
    // A token that was made for bob the requester; now the ticket belongs to Ann's, and bob is an agent besides.
    let mut desk = desk();
    desk.found.contact = Some(Contact { id: ContactId(8), ..contact(&["bob@desk.example"]) });
    let claim = super::super::token::read_claim(&desk.token_for("bob@desk.example")).unwrap();
    let claimed = |formerly| ClaimedTicket {
        claim: claim.clone(),
        ticket: ticket(Status::Open),
        formerly,
        recipient: Some(address("bob@desk.example")),
        redirected_to: None,
    };
    let zone = ZoneName::default();
    let rules = DeskRules { keys: &desk.key, own: &[], agents: &desk.agents, reopen_days: 14, zone: &zone };
    for (formerly, agent) in [(vec![ContactId(8)], false), (Vec::new(), true)] {
        let found = Lookups { claimed: vec![claimed(formerly)], ..desk.found.clone() };
        let admitted = super::super::admission::admit(&found, by(&address("bob@desk.example")), &rules).unwrap();
        assert_eq!(matches!(admitted.role, super::super::admission::Role::Agent(_)), agent);
    }
}

#[test]
fn an_agents_machine_says_nothing_to_customers() {
    let plan = from_agent(&desk(), &format!("{}Auto-Submitted: auto-replied\n", answer("bob@desk.example")));
    assert_eq!(plan.judged.outcome, Outcome::Dropped { rule: "automatic mail of agent bob".into() });
    assert_eq!((plan.agent_reply, plan.ticket), (None, None));
}

#[test]
fn an_answer_that_says_nothing_new_is_not_sent_on() {
    let mail = letter("bob@desk.example", &answer("bob@desk.example"));
    let mail = mail.rsplit_once("\n\n").unwrap().0.to_owned()
        + "\n\nOn Mon, 1 Jun 2026 at 10:00, Desk <support@desk.example> wrote:\n> the printer is on fire\n";
    let plan = desk().plan(&mail);
    assert_eq!((plan.agent_reply, plan.ticket.unwrap().entries[0].kind), (None, EntryKind::Note));
}

#[test]
fn an_agent_is_a_customer_on_a_ticket_of_their_own() {
    let mut desk = desk();
    desk.found.contact = Some(contact(&["bob@desk.example"]));
    let plan = from_agent(&desk, &answer("bob@desk.example"));
    assert_eq!(plan.judged.outcome, Outcome::Comment { ticket: TicketNumber(42), entry: EntryNumber(2) });
    assert_eq!(plan.agent_reply, None);
}

#[test]
fn what_an_agent_passes_on_is_its_authors_ticket() {
    let block = "\n---------- Forwarded message ---------\nFrom: Zoë <zoe@acme.example>\nDate: Monday\nSubject: help\n\
        To: Bob\n\nhelp!\n";
    let mail = letter("Bob <bob@desk.example>", "") + block;
    let plan = desk().plan(&mail);
    assert_eq!(plan.judged.outcome, Outcome::NewTicket { ticket: TicketNumber(50) });
    let made = plan.contact.unwrap();
    assert_eq!((made.name.as_deref(), made.addresses), (Some("Zoë"), vec![address("zoe@acme.example")]));
    assert_eq!(plan.acknowledge_to, None, "Zoë did not write here");
    assert_eq!(plan.ticket.unwrap().entries[1].text, "agent bob passed on what Zoë wrote");
    // A customer who forwards something is the one who asks.
    let mail = letter("Ann <ann@acme.example>", "") + block;
    assert_eq!(desk().plan(&mail).contact.unwrap().addresses, vec![address("ann@acme.example")]);
}

/// Bob's mail with this text, on ticket 42, which is resolved.
fn by_bob(text: &str) -> Plan {
    desk().plan(&letter("Bob <bob@desk.example>", &answer("bob@desk.example")).replace("It broke.", text))
}

#[test]
fn commands_are_done_with_the_answer_and_never_go_on() {
    let plan = by_bob("#reopen\n#tag vip\n\nHello Ann,\n#not a command any more");
    let reply = plan.agent_reply.unwrap();
    assert_eq!(reply.text.as_deref(), Some("Hello Ann,\n#not a command any more"));
    assert_eq!((reply.actions.len(), reply.slips.len(), reply.from), (2, 0, address("bob@desk.example")));
    let planned = plan.ticket.unwrap();
    assert_eq!((planned.ticket.status, planned.ticket.tags.as_slice()), (Status::Open, &["vip".to_owned()][..]));
    let kinds: Vec<EntryKind> = planned.entries.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [EntryKind::Comment, EntryKind::StatusChange, EntryKind::StatusChange]);
    assert_eq!(planned.entries[0].new_text(), reply.text.unwrap(), "the commands are folded");
    assert!(planned.entries[0].text.starts_with("#reopen"), "and kept");
    assert_eq!((planned.ticket.entries, planned.ticket.revision), (4, Revision(2)));
    assert!(plan.judged.trace.iter().any(|step| step.said == "done: #reopen, #tag vip"), "{:?}", plan.judged.trace);
}

#[test]
fn commands_alone_send_nothing_and_a_note_stays_inside() {
    let plan = by_bob("#reopen");
    let reply = plan.agent_reply.unwrap();
    assert_eq!((reply.text, reply.actions.len()), (None, 1));
    let planned = plan.ticket.unwrap();
    assert_eq!((planned.entries.len(), planned.entries[0].kind), (1, EntryKind::StatusChange));
    let plan = by_bob("#note\n#priority high\nHe calls every day.");
    assert_eq!(plan.agent_reply.unwrap().text, None);
    let planned = plan.ticket.unwrap();
    assert_eq!((planned.entries[0].kind, planned.ticket.priority), (EntryKind::Note, Priority::High));
    assert_eq!(planned.entries[0].new_text(), "He calls every day.");
}

#[test]
fn one_command_that_cannot_be_done_stops_everything() {
    use crate::mail_command::Problem;
    for (text, line, problem) in [
        ("#tag vip\n#resolv\n\nHello", "#resolv", Problem::Unknown),
        ("#tag vip\n#resolve\n\nHello", "#resolve", Problem::NotNow(Status::Resolved { at: NOW })),
        ("#tag a,b\n\nHello", "#tag a,b", Problem::BadTag),
        ("#reopen\n#pending 1969-12-01\nHello", "#pending 1969-12-01", Problem::Past),
    ] {
        let plan = by_bob(text);
        let reply = plan.agent_reply.unwrap();
        assert_eq!((reply.text, reply.actions.len()), (None, 0), "{text}");
        assert_eq!((reply.slips[0].line.as_str(), &reply.slips[0].problem), (line, &problem));
        let planned = plan.ticket.unwrap();
        assert_eq!((planned.ticket.status, planned.ticket.tags.len()), (Status::Resolved { at: NOW }, 0));
        assert_eq!((planned.entries.len(), planned.entries[0].kind), (1, EntryKind::Note));
        assert_eq!(planned.entries[0].new_text(), text, "nothing of it is lost");
    }
}

#[test]
fn a_customers_command_is_plain_text() {
    let desk = desk();
    let mail = letter("ann@acme.example", &format!("In-Reply-To: <{}>\n", desk.token()));
    let plan = desk.plan(&mail.replace("It broke.", "#close"));
    assert_eq!((plan.agent_reply, plan.ticket.unwrap().entries[0].new_text()), (None, "#close".to_owned()));
}
