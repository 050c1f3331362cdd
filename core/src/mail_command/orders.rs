//! What command lines ask for, as actions on a ticket.

use super::{MOST_COMMANDS, Problem, Slip};
use crate::address::Address;
use crate::settings::Agent;
use crate::ticket::{Priority, TicketAction};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Days that `#pending` may wait at the most.
const MOST_DAYS: i64 = 3650;

/// Whose commands they are, and when.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    pub agent: &'a Agent,
    pub agents: &'a [Agent],
    /// In which a day begins.
    pub zone: &'a TimeZone,
    pub now: Timestamp,
    /// The mail says something beside its commands.
    pub has_text: bool,
}

/// What all lines of a mail ask for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Orders {
    /// In the order of the lines, each with the line that asked for it.
    pub actions: Vec<(String, TicketAction)>,
    /// The text is an internal note.
    pub note: bool,
}

/// Reads the command lines of a mail.
///
/// # Errors
/// Every line that cannot be read; nothing is to be done then.
pub fn read(lines: &[String], asked: &Asked<'_>) -> Result<Orders, Vec<Slip>> {
    let (mut orders, mut slips) = (Orders::default(), Vec::new());
    if lines.len() > MOST_COMMANDS {
        slips.push(Slip::new("", Problem::TooMany));
    }
    for line in lines {
        match one(line, asked) {
            Ok(Order::Note) => orders.note = true,
            Ok(Order::Do(actions)) => orders.actions.extend(actions.into_iter().map(|action| (line.clone(), action))),
            Err(problem) => slips.push(Slip::new(line, problem)),
        }
    }
    if slips.is_empty() { Ok(orders) } else { Err(slips) }
}

enum Order {
    Note,
    Do(Vec<TicketAction>),
}

fn one(line: &str, asked: &Asked<'_>) -> Result<Order, Problem> {
    let mut words = line.trim_start_matches('#').split_whitespace();
    let verb = words.next().unwrap_or_default().to_ascii_lowercase();
    let words: Vec<&str> = words.collect();
    let alone = |action| if words.is_empty() { Ok(Order::Do(vec![action])) } else { Err(Problem::TakesNothing) };
    let tags = |make: fn(String) -> TicketAction| {
        let tags: Vec<TicketAction> = words.iter().map(|tag| make((*tag).to_owned())).collect();
        if tags.is_empty() { Err(Problem::NeedsTag) } else { Ok(Order::Do(tags)) }
    };
    match verb.as_str() {
        "resolve" => alone(TicketAction::Resolve { tell: true }),
        "close" => alone(TicketAction::Close),
        "reopen" => alone(TicketAction::Reopen),
        "take" => alone(TicketAction::Assign { to: Some(asked.agent.name.clone()) }),
        "note" if !words.is_empty() => Err(Problem::TakesNothing),
        "note" if !asked.has_text => Err(Problem::NoText),
        "note" => Ok(Order::Note),
        "assign" => Ok(Order::Do(vec![TicketAction::Assign { to: assignee(&words, asked)? }])),
        "priority" => Ok(Order::Do(vec![TicketAction::Prioritise { priority: priority(&words)? }])),
        "pending" => Ok(Order::Do(vec![TicketAction::Pend { until: until(&words, asked)? }])),
        "tag" => tags(|tag| TicketAction::AddTag { tag }),
        "untag" => tags(|tag| TicketAction::RemoveTag { tag }),
        _ => Err(Problem::Unknown),
    }
}

/// `me`, `nobody`, or an agent by user name or address.
fn assignee(words: &[&str], asked: &Asked<'_>) -> Result<Option<String>, Problem> {
    let [who] = words else { return Err(Problem::NeedsWho) };
    let who = who.trim_matches(['<', '>']);
    if who.eq_ignore_ascii_case("me") {
        return Ok(Some(asked.agent.name.clone()));
    }
    if who.eq_ignore_ascii_case("nobody") {
        return Ok(None);
    }
    let address = Address::parse(who).ok();
    let is_meant = |agent: &&Agent| {
        agent.name.eq_ignore_ascii_case(who) || address.as_ref().is_some_and(|address| agent.owns(address))
    };
    let found = asked.agents.iter().find(is_meant).ok_or(Problem::UnknownAgent)?;
    Ok(Some(found.name.clone()))
}

fn priority(words: &[&str]) -> Result<Priority, Problem> {
    let [word] = words else { return Err(Problem::NeedsPriority) };
    let all = [Priority::Low, Priority::Normal, Priority::High, Priority::Urgent];
    all.into_iter().find(|priority| priority.word().eq_ignore_ascii_case(word)).ok_or(Problem::NeedsPriority)
}

/// Nothing: for the customer. A day: until it begins. A number of days: until then.
fn until(words: &[&str], asked: &Asked<'_>) -> Result<Option<Timestamp>, Problem> {
    let word = match words {
        [] => return Ok(None),
        [word] | [word, "d" | "day" | "days"] => *word,
        _ => return Err(Problem::NeedsTime),
    };
    let count = word.strip_suffix(['d', 'D']).unwrap_or(word);
    if let Ok(days) = count.parse::<i64>() {
        let span = (1..=MOST_DAYS).contains(&days).then(|| SignedDuration::from_hours(24 * days));
        let until = span.and_then(|span| asked.now.checked_add(span).ok());
        return until.map(Some).ok_or(Problem::NeedsTime);
    }
    let day: Date = word.parse().map_err(|_| Problem::NeedsTime)?;
    let begins = day.to_zoned(asked.zone.clone()).map_err(|_| Problem::NeedsTime)?;
    Ok(Some(begins.timestamp()))
}
