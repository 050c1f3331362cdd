//! A ticket's clocks after a change of the ticket, or of the policies.

use super::rules::Policy;
use super::{Clock, SlaRules, Target};
use crate::ticket::{Status, Ticket};
use jiff::{SignedDuration, Timestamp};

/// Brings the clocks in line with the ticket as it is since `now`. Called again with nothing changed, it changes
/// nothing. A clock that is found for the first time after its time has passed is broken, but nobody is told: a policy
/// that is new to a desk does not wake everybody up for old tickets.
pub fn follow(ticket: &mut Ticket, customer: Option<&str>, rules: &SlaRules, now: Timestamp) {
    let policy = rules.policy(ticket, customer);
    ticket.clocks.policy = policy.map(|policy| policy.settings.name.clone());
    let before = std::mem::take(&mut ticket.clocks.running);
    if let Some(policy) = policy {
        let clocks = Target::ALL.into_iter().filter_map(|target| {
            let old = before.iter().find(|clock| clock.target == target);
            one(ticket, policy, target, old, now)
        });
        ticket.clocks.running = clocks.collect();
    }
    ticket.clocks.wake = wake(ticket, rules);
}

/// What a clock is to do now.
enum Wanted {
    Run,
    Rest,
    /// The promise was kept then, or need not be kept any more.
    End(Timestamp),
}

fn one(ticket: &Ticket, policy: &Policy, target: Target, old: Option<&Clock>, now: Timestamp) -> Option<Clock> {
    let limit = policy.limit(target)?;
    let started = match target {
        Target::FirstResponse | Target::Resolution => ticket.created,
        // Nobody waits: the last round stays as it ended.
        Target::NextResponse => match (ticket.clocks.answered, ticket.clocks.waiting_since) {
            (Some(_), Some(since)) => since,
            _ => return old.cloned().map(|clock| ended(clock, policy, now)),
        },
    };
    let fresh = || Clock {
        target,
        started,
        used: SignedDuration::ZERO,
        since: None,
        due: None,
        warn_at: None,
        warned: None,
        breached: None,
        met: None,
    };
    let known = old.filter(|clock| clock.started == started);
    let is_new = known.is_none();
    let mut clock = known.cloned().unwrap_or_else(fresh);
    match wanted(ticket, policy, target) {
        Wanted::End(at) => return Some(if clock.met.is_some() { clock } else { ended(clock, policy, at) }),
        Wanted::Rest => {
            clock.met = None;
            return Some(rested(clock, policy, now));
        }
        Wanted::Run => clock.met = None,
    }
    let since = *clock.since.get_or_insert(if is_new { started } else { now });
    let left = limit - clock.used;
    clock.due = policy.after(since, left);
    clock.warn_at = policy.warn_before().and_then(|before| policy.after(since, left - before)).filter(|at| {
        // A promise shorter than the warning would warn of itself when it is made.
        *at > since || clock.used > SignedDuration::ZERO
    });
    if is_new && clock.due.is_some_and(|due| due <= now) && started < now {
        (clock.warned, clock.breached) = (Some(now), Some(now));
    }
    Some(clock)
}

fn wanted(ticket: &Ticket, policy: &Policy, target: Target) -> Wanted {
    let answered = ticket.clocks.answered.filter(|_| target == Target::FirstResponse);
    match (answered, ticket.status) {
        (Some(at), _) => Wanted::End(at),
        (None, Status::Resolved { at } | Status::Closed { at }) => Wanted::End(at),
        (None, Status::Pending { .. }) if policy.settings.pause_pending => Wanted::Rest,
        (None, Status::New | Status::Open | Status::Pending { .. }) => Wanted::Run,
    }
}

fn rested(mut clock: Clock, policy: &Policy, now: Timestamp) -> Clock {
    if let Some(since) = clock.since.take() {
        clock.used += policy.worked(since, now);
    }
    (clock.due, clock.warn_at) = (None, None);
    clock
}

fn ended(clock: Clock, policy: &Policy, at: Timestamp) -> Clock {
    let met = clock.met.or(Some(at));
    Clock { met, ..rested(clock, policy, at) }
}

fn wake(ticket: &Ticket, rules: &SlaRules) -> Option<Timestamp> {
    let by_status = match ticket.status {
        Status::Pending { until } => until,
        Status::Resolved { at } => rules.close_after().and_then(|after| at.checked_add(after).ok()),
        Status::New | Status::Open | Status::Closed { .. } => None,
    };
    ticket.clocks.running.iter().filter_map(Clock::wake).chain(by_status).min()
}
