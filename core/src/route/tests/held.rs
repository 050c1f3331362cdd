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
