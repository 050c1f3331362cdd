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
    assert_eq!((reply.agent.as_str(), reply.text.contains("on fire")), ("bob", false), "{reply:?}");
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
    let rules = DeskRules { keys: &desk.key, own: &[], agents: &desk.agents, reopen_days: 14 };
    let admitted = super::super::admission::admit(&desk.found, &address("eve@world.example"), &rules).unwrap();
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
    let rules = DeskRules { keys: &desk.key, own: &[], agents: &desk.agents, reopen_days: 14 };
    for (formerly, agent) in [(vec![ContactId(8)], false), (Vec::new(), true)] {
        let found = Lookups { claimed: vec![claimed(formerly)], ..desk.found.clone() };
        let admitted = super::super::admission::admit(&found, &address("bob@desk.example"), &rules).unwrap();
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
