//! The variables of each kind: one table for the editor, the checks and the samples.

use super::Kind;
use super::template::{Variable, VariableKind};

const fn variable(kind: VariableKind, name: &'static str, meaning: &'static str, example: &'static str) -> Variable {
    Variable { name, meaning, example, may_be_empty: false, kind }
}

const fn line(name: &'static str, meaning: &'static str, example: &'static str) -> Variable {
    variable(VariableKind::Line, name, meaning, example)
}

const fn time(name: &'static str, meaning: &'static str, example: &'static str) -> Variable {
    variable(VariableKind::Time, name, meaning, example)
}

const fn list(name: &'static str, meaning: &'static str, example: &'static str) -> Variable {
    variable(VariableKind::List, name, meaning, example)
}

const fn optional(variable: Variable) -> Variable {
    Variable { may_be_empty: true, ..variable }
}

const NUMBER: Variable = line("ticket.number", "the ticket's number", "1042");
const SUBJECT: Variable =
    optional(line("ticket.subject", "the ticket's subject", "The printer on the 2nd floor is on fire"));
const STATUS: Variable = line("ticket.status", "the ticket's status", "open");
const PRIORITY: Variable = line("ticket.priority", "the ticket's priority", "normal");
const CREATED: Variable = time("ticket.created", "when the ticket began", "2026-11-23T09:12:00Z");
const CONTACT_NAME: Variable = optional(line("contact.name", "the contact's name", "Ada Lovelace"));
const CONTACT_ADDRESS: Variable = line("contact.address", "the contact's mail address", "ada@example.org");
const CUSTOMER: Variable =
    optional(line("customer.name", "the organisation the contact belongs to", "Analytical Engines Ltd"));
const DESK: Variable = line("desk.name", "the name of this desk", "Example Support");
const AUTHOR: Variable = optional(line("agent.name", "the agent who writes", "Grace Hopper"));
const ASSIGNEE: Variable = optional(line("agent.name", "the agent in charge", "Grace Hopper"));
const READER: Variable = line("reader.name", "the agent who reads this mail", "Grace Hopper");
const ACTOR: Variable = optional(line("actor.name", "the agent who did it", "Alan Turing"));
const TARGET: Variable =
    line("sla.target", "what is due: first response, next response or resolution", "first response");
const DUE: Variable = time("sla.due", "when it is due", "2026-11-23T10:00:00Z");
const POLICY: Variable = line("sla.policy", "the name of the SLA policy", "gold");

const fn block(meaning: &'static str, example: &'static str) -> Variable {
    variable(VariableKind::Block, "message", meaning, example)
}

const RECEIVED: Variable =
    block("what the customer wrote, without quotes", "Hello,\n\nit is on fire. Please hurry!\n\nAda");
const ANSWER: Variable = block("the agent's text, with its paragraphs", "Hello Ada,\n\nwe have put it out.");
const ATTACHMENTS: Variable = Variable {
    name: "attachments",
    meaning: "names of the attached files, for {% for %}",
    example: "report.pdf, photo.jpg",
    may_be_empty: true,
    kind: VariableKind::List,
};

/// What every mail about a ticket knows, and then what one kind knows beside it.
macro_rules! about_ticket {
    ($($more:expr),* $(,)?) => {
        &[
            NUMBER, SUBJECT, STATUS, PRIORITY, CREATED, CONTACT_NAME, CONTACT_ADDRESS, CUSTOMER, DESK, $($more),*
        ]
    };
}

static ACKNOWLEDGEMENT: &[Variable] = about_ticket![optional(RECEIVED)];
static REPLY: &[Variable] = about_ticket![AUTHOR, ANSWER, ATTACHMENTS];
/// A macro's text is the message itself.
static MACRO: &[Variable] = about_ticket![AUTHOR];
static RESOLVED: &[Variable] = about_ticket![AUTHOR, optional(ANSWER)];
static SLA: &[Variable] = about_ticket![READER, ASSIGNEE, TARGET, DUE, POLICY];
const INVITED: Variable = optional(line("agent.name", "the invited person", "Grace Hopper"));
const ACCOUNT: Variable = optional(line("account", "the user name of an invited agent; empty for a contact", "grace"));
static INVITATION: &[Variable] = &[
    DESK,
    INVITED,
    ACTOR,
    ACCOUNT,
    CUSTOMER,
    line("invitation.code", "what the invited person may type to join", "mdi.3.1.3oottdcmu4emc63lnxhsisej"),
    time("invitation.expires", "when the invitation ends", "2026-11-29T12:00:00Z"),
];
static INVITATION_ANSWER: &[Variable] = &[
    DESK,
    INVITED,
    ACTOR,
    ACCOUNT,
    CUSTOMER,
    optional(line(
        "reason",
        "why the answer does not count; empty where it does",
        "it has expired on 29 November 2026",
    )),
];
static REFUSED: &[Variable] = about_ticket![
    READER,
    list("problems", "what is wrong with the commands, for {% for %}", "#resolv: there is no such command"),
    list("commands", "what is allowed now, for {% for %}", "#resolve, #note"),
    optional(block("what the agent wrote", "#resolv\n\nHello Ada,\n\nwe have put it out.")),
];
static REMINDER: &[Variable] = about_ticket![
    READER,
    ASSIGNEE,
    optional(block("what was written last, without quotes", "The part is ordered, ask again on Monday.")),
];
static AGENT_NOTICE: &[Variable] = about_ticket![READER, ASSIGNEE, ACTOR, optional(RECEIVED)];

/// The variables that a macro's answer and note may use: those of an agent's reply, without what the reply carries.
pub fn macro_variables() -> &'static [Variable] {
    MACRO
}

/// The variables that templates of this kind may use.
pub fn variables(kind: Kind) -> &'static [Variable] {
    match kind {
        Kind::TicketAcknowledgement => ACKNOWLEDGEMENT,
        Kind::AgentReply => REPLY,
        Kind::TicketResolved => RESOLVED,
        Kind::SlaWarning | Kind::SlaBreached => SLA,
        Kind::Invitation => INVITATION,
        Kind::CommandRefused => REFUSED,
        Kind::InvitationAnswer => INVITATION_ANSWER,
        Kind::AgentReminder => REMINDER,
        Kind::AgentNewTicket | Kind::AgentCustomerReplied | Kind::AgentAssigned => AGENT_NOTICE,
    }
}
