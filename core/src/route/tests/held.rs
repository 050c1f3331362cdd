//! What a person lets through.

use super::*;

#[test]
fn what_a_person_releases_no_rule_holds_back() {
    let released = || Desk { released: true, ..desk() };
    for subject in ["odd one", "spam"] {
        let plan = released().plan(&letter("ann@acme.example", "").replace("Help", subject));
        assert_eq!(plan.judged.outcome, Outcome::NewTicket { ticket: TicketNumber(50) }, "{subject}");
        assert!(plan.judged.trace.iter().any(|step| step.said.contains("matches: subject contains")), "{subject}");
    }
    let both = released().plan(&letter("ann@acme.example", "").replace("Help", "odd but marked"));
    assert_eq!(both.ticket.unwrap().ticket.assignee.as_deref(), Some("ann"), "later rules still count");
    // Our own mail stays what it is: no person makes it a ticket.
    let own = released().plan(&letter("a@b.example", "X-Maildesk-Loop: loop1\n"));
    assert!(own.ticket.is_none(), "{:?}", own.judged.outcome);
}

#[test]
fn a_mail_that_names_nobody_is_a_ticket_once_a_person_wants_it() {
    let released = || Desk { released: true, ..desk() };
    let nameless = |more: &str| format!("Subject: Help\nMessage-ID: <m1@acme.example>\n{more}\nIt broke.\n");
    let held = desk().plan(&nameless("Return-Path: <ann@acme.example>\n"));
    assert_eq!(held.judged.outcome, Outcome::Quarantined { reason: "no usable sender address".into() });
    let own = format!("In-Reply-To: <{}>\n", desk().token());
    for (more, sender, name) in [
        ("Return-Path: <eve@world.example>\n", "eve@world.example", None),
        ("Return-Path: <>\n", "unknown-sender@sender.invalid", Some("Unknown sender")),
        ("", "unknown-sender@sender.invalid", Some("Unknown sender")),
        // Nobody has a part in any ticket, whatever the mail holds.
        (own.as_str(), "unknown-sender@sender.invalid", Some("Unknown sender")),
    ] {
        let plan = released().plan(&nameless(more));
        assert_eq!(plan.judged.outcome, Outcome::NewTicket { ticket: TicketNumber(50) }, "{more}");
        let contact = plan.contact.unwrap();
        assert_eq!((contact.addresses, contact.name.as_deref()), (vec![address(sender)], name), "{more}");
        assert_eq!(plan.acknowledge_to, None, "{more}");
    }
}
