//! What is to be told of a ticket's clocks at a moment, and when to look again.
//!
//! Each warning and each breach is told once. What was told is kept as a mark beside the history, so neither a restart
//! nor a clock that is set makes anything come twice; and because the past is reckoned from the history, nothing that
//! came due while nobody looked is passed over.

use super::{Clock, ClockId, ClockState, History, Lead, Plan, Target, WorkingHours, clocks};
use crate::settings::PolicyName;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What a mark is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    Warning(Lead),
    Breach,
}

/// One warning or the breach of one clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Mark {
    pub clock: ClockId,
    pub sign: Sign,
}

/// A mark that was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub mark: Mark,
    pub at: Timestamp,
    /// Under which terms it had come.
    pub terms: u64,
}

/// The clock that a ticket is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest {
    pub target: Target,
    /// Absent while the clock is paused.
    pub due: Option<Timestamp>,
}

/// What is kept of a ticket's clocks. Due times are kept for lists; they are always reckoned anew.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Kept {
    pub history: History,
    pub told: Vec<Told>,
    /// The policy that counted at the last look, and its terms.
    pub policy: Option<PolicyName>,
    pub terms: Option<u64>,
    pub nearest: Option<Nearest>,
    /// When something may be to be told.
    pub look_at: Option<Timestamp>,
}

/// Something to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    pub mark: Mark,
    /// When the clock came there.
    pub came: Timestamp,
    /// When the clock's target is used up; absent while it is paused.
    pub due: Option<Timestamp>,
    /// Whether what the clock counts to has happened meanwhile.
    pub over: bool,
    /// Whether people should get a mail: there is still something to do, and nothing newer is told of this clock.
    pub mail: bool,
}

/// What follows from a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// In the order in which they came.
    pub tellings: Vec<Telling>,
    /// To be kept, with all tellings as told.
    pub kept: Kept,
}

/// What comes this much later than it should is late: then the hours of now count.
const ON_TIME: SignedDuration = SignedDuration::from_mins(10);
/// Under a new policy, what would have come longer ago gets no mail.
const LONG_AGO: SignedDuration = SignedDuration::from_hours(24);

/// Looks at a ticket's clocks under a policy, or none.
pub fn outlook(plan: Option<&Plan>, mut kept: Kept, now: Timestamp) -> Outlook {
    let Some(plan) = plan else {
        (kept.policy, kept.terms, kept.nearest, kept.look_at) = (None, None, None, None);
        return Outlook { tellings: Vec::new(), kept };
    };
    let new_terms = kept.terms != Some(plan.terms);
    let (mut tellings, mut look_at, mut nearest) = (Vec::new(), None, None);
    for clock in clocks(&kept.history, plan.pauses) {
        let Some(whole) = plan.whole(clock.id.target) else { continue };
        let due = clock.reaches(&plan.hours, whole);
        nearest = nearer(nearest, &clock, due);
        let mut to_tell: Vec<(Sign, Timestamp, Timestamp)> = Vec::new();
        for (sign, after) in signs(plan, clock.id.target, whole) {
            let came = clock.reaches(&plan.hours, after);
            if was_told(&kept.told, Mark { clock: clock.id, sign }, came, plan.terms) {
                continue;
            }
            let at = came.and_then(|came| when_to_tell(plan.tell_hours.as_deref(), came, now));
            to_tell.extend(came.zip(at).map(|(came, at)| (sign, came, at)));
        }
        // What is told now takes all before it along, so that no warning follows its breach; one mail says it all.
        let now_or_before = to_tell.iter().rposition(|(_, _, at)| *at <= now).map_or(0, |last| last + 1);
        for (position, (sign, came, at)) in to_tell.into_iter().enumerate() {
            if position < now_or_before {
                let over = matches!(clock.state(), ClockState::Ended { .. });
                let flood = new_terms && now.duration_since(came) > LONG_AGO;
                let mail = position + 1 == now_or_before && !over && !flood;
                tellings.push(Telling { mark: Mark { clock: clock.id, sign }, came, due, over, mail });
            } else {
                look_at = Some(look_at.map_or(at, |sooner: Timestamp| sooner.min(at)));
            }
        }
    }
    tellings.sort_by_key(|telling| telling.came);
    kept.told.extend(tellings.iter().map(|telling| Told { mark: telling.mark, at: now, terms: plan.terms }));
    (kept.policy, kept.terms) = (Some(plan.name.clone()), Some(plan.terms));
    (kept.nearest, kept.look_at) = (nearest, look_at);
    Outlook { tellings, kept }
}

/// Warnings in their order, then the breach, each with the working time after which it comes.
fn signs(plan: &Plan, target: Target, whole: SignedDuration) -> Vec<(Sign, SignedDuration)> {
    let minutes = plan.minutes(target).unwrap_or_default();
    let warning = |lead: &Lead| Some((Sign::Warning(*lead), SignedDuration::from_millis(lead.after(minutes)?)));
    let mut signs: Vec<(Sign, SignedDuration)> = plan.warn.iter().filter_map(warning).collect();
    signs.sort_by_key(|(_, after)| *after);
    signs.push((Sign::Breach, whole));
    signs
}

/// Whether a mark was told. Told under other terms, it counts only if it had come by then under these as well:
/// otherwise it is still to come. What was told is never forgotten, so terms that come back repeat nothing.
fn was_told(told: &[Told], mark: Mark, came: Option<Timestamp>, terms: u64) -> bool {
    let had_come = |by: Timestamp| came.is_some_and(|came| came <= by);
    told.iter().any(|told| told.mark == mark && (told.terms == terms || had_come(told.at)))
}

/// When people are told of something that came, or will come, at a moment.
fn when_to_tell(hours: Option<&WorkingHours>, came: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let Some(hours) = hours else { return Some(came) };
    let millisecond = SignedDuration::from_millis(1);
    // What comes in the moment of closing is told before people go.
    let in_hours = hours.is_open(came) || came.checked_sub(millisecond).is_ok_and(|before| hours.is_open(before));
    if in_hours && now.duration_since(came) <= ON_TIME { Some(came) } else { hours.next_open(came.max(now)) }
}

/// The running clock that is due first; a paused one only where none runs.
fn nearer(nearest: Option<Nearest>, clock: &Clock, due: Option<Timestamp>) -> Option<Nearest> {
    let this = match clock.state() {
        ClockState::Ended { .. } => return nearest,
        ClockState::Paused => Nearest { target: clock.id.target, due: None },
        ClockState::Running => Nearest { target: clock.id.target, due },
    };
    match nearest {
        None => Some(this),
        Some(other) => {
            let later = |due: Option<Timestamp>| due.unwrap_or(Timestamp::MAX);
            Some(if later(this.due) < later(other.due) { this } else { other })
        }
    }
}

/// How a clock stands, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockView {
    pub clock: ClockId,
    pub state: ClockState,
    /// Of the target.
    pub minutes: u32,
    /// Working time on the clock.
    pub used_minutes: u32,
    /// When the target is or was used up; absent where it is not: paused, or ended in time.
    pub due: Option<Timestamp>,
    /// Warnings and the breach that were told, with their times.
    pub told: Vec<(Sign, Timestamp)>,
}

/// All clocks of a ticket under a policy.
pub fn view(plan: &Plan, kept: &Kept, now: Timestamp) -> Vec<ClockView> {
    let view = |clock: Clock| {
        let whole = plan.whole(clock.id.target)?;
        let used = clock.elapsed(&plan.hours, now).as_mins();
        let told = kept.told.iter().filter(|told| told.mark.clock == clock.id);
        Some(ClockView {
            clock: clock.id,
            state: clock.state(),
            minutes: plan.minutes(clock.id.target).unwrap_or_default(),
            used_minutes: u32::try_from(used).unwrap_or(u32::MAX),
            due: clock.reaches(&plan.hours, whole),
            told: told.map(|told| (told.mark.sign, told.at)).collect(),
        })
    };
    clocks(&kept.history, plan.pauses).into_iter().filter_map(view).collect()
}
