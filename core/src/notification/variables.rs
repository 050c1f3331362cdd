//! The variables of each kind.

use super::Kind;
use super::template::{Variable, VariableKind};

const fn line(name: &'static str, meaning: &'static str, example: &'static str) -> Variable {
    Variable { name, meaning, example, may_be_empty: false, kind: VariableKind::Line }
}

const fn optional(name: &'static str, meaning: &'static str, example: &'static str) -> Variable {
    Variable { name, meaning, example, may_be_empty: true, kind: VariableKind::Line }
}

const NUMBER: Variable = line("ticket.number", "the ticket's number", "1042");
const SUBJECT: Variable = optional("ticket.subject", "the ticket's subject", "The printer on the 2nd floor is on fire");
const STATUS: Variable = line("ticket.status", "the ticket's status", "open");
const PRIORITY: Variable = line("ticket.priority", "the ticket's priority", "normal");
const CONTACT_NAME: Variable = optional("contact.name", "the contact's name", "Ada Lovelace");
const CONTACT_ADDRESS: Variable = line("contact.address", "the contact's mail address", "ada@example.org");
const CUSTOMER: Variable =
    optional("customer.name", "the organisation the contact belongs to", "Analytical Engines Ltd");
const DESK: Variable = line("desk.name", "the name of this desk", "Example Support");
const AGENT: Variable = optional("agent.name", "the agent's name", "Grace Hopper");
const MESSAGE: Variable = Variable {
    name: "message",
    meaning: "the text, with its paragraphs",
    example: "Hello Ada,\n\nwe have put it out.",
    may_be_empty: true,
    kind: VariableKind::Block,
};
const ATTACHMENTS: Variable = Variable {
    name: "attachments",
    meaning: "names of the attached files, for {% for %}",
    example: "report.pdf, photo.jpg",
    may_be_empty: true,
    kind: VariableKind::List,
};
const TARGET: Variable = line("sla.target", "what is due: the first reply or the resolution", "first reply");
const DUE: Variable = line("sla.due", "when it is due", "2026-11-23 10:00");

static ACKNOWLEDGEMENT: [Variable; 9] =
    [NUMBER, SUBJECT, STATUS, PRIORITY, CONTACT_NAME, CONTACT_ADDRESS, CUSTOMER, DESK, MESSAGE];
static REPLY: [Variable; 11] =
    [NUMBER, SUBJECT, STATUS, PRIORITY, CONTACT_NAME, CONTACT_ADDRESS, CUSTOMER, DESK, AGENT, MESSAGE, ATTACHMENTS];
static RESOLVED: [Variable; 10] =
    [NUMBER, SUBJECT, STATUS, PRIORITY, CONTACT_NAME, CONTACT_ADDRESS, CUSTOMER, DESK, AGENT, MESSAGE];
static SLA: [Variable; 11] =
    [NUMBER, SUBJECT, STATUS, PRIORITY, CONTACT_NAME, CONTACT_ADDRESS, CUSTOMER, DESK, AGENT, TARGET, DUE];
static INVITATION: [Variable; 4] = [
    DESK,
    AGENT,
    line("invitation.code", "what the invited person types to join", "K7QF-2M9X"),
    line("invitation.expires", "when the invitation ends", "2026-11-29"),
];

/// The variables that templates of this kind may use.
pub fn variables(kind: Kind) -> &'static [Variable] {
    match kind {
        Kind::TicketAcknowledgement => &ACKNOWLEDGEMENT,
        Kind::AgentReply => &REPLY,
        Kind::TicketResolved => &RESOLVED,
        Kind::SlaWarning | Kind::SlaBreached => &SLA,
        Kind::Invitation => &INVITATION,
    }
}
