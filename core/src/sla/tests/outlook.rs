//! What is told when, once each; policies by ticket, and policies that change.

use super::super::{Kept, Outlook, Plan, Plans, What, outlook, view};
use super::{at, choose, kept, only, plans, said};
use crate::ticket::Priority;
use jiff::Timestamp;

const SIMPLE: &str = "[[sla.policy]]\nname = \"all\"\nfirst_response = 60\nnext_response = 30\n";
const OFFICE: &str = "[[sla.calendar]]\nname = \"office\"\ntime_zone = \"Europe/Berlin\"\n\
    hours = [\"mon-fri 09:00-17:00\"]\n\n";

fn opened() -> Kept {
    kept(&[("2026-11-23 10:00", What::Opened)])
}

fn look(plans: &Plans, kept: &Kept, now: &str) -> Outlook {
    outlook(Some(only(plans)), kept.clone(), at(now))
}

#[test]
fn a_warning_and_a_breach_come_once_and_in_their_time() {
    let plans = plans(SIMPLE);
    let first = look(&plans, &opened(), "2026-11-23 10:00");
    assert_eq!((said(&first), first.kept.look_at), (vec![], Some(at("2026-11-23 10:48"))));
    assert_eq!(first.kept.nearest.as_ref().unwrap().due, Some(at("2026-11-23 11:00")));
    let warned = look(&plans, &first.kept, "2026-11-23 10:48");
    assert_eq!(
        (said(&warned), warned.kept.look_at),
        (vec!["first response warning 80% mail".into()], Some(at("2026-11-23 11:00")))
    );
    assert_eq!(said(&look(&plans, &warned.kept, "2026-11-23 10:59")), [] as [&str; 0]);
    let broken = look(&plans, &warned.kept, "2026-11-23 11:00");
    assert_eq!((said(&broken), broken.kept.look_at), (vec!["first response breach mail".into()], None));
    assert_eq!(said(&look(&plans, &broken.kept, "2027-11-23 11:00")), [] as [&str; 0]);
}

#[test]
fn a_clock_that_is_set_repeats_and_skips_nothing() {
    let plans = plans(SIMPLE);
    // An hour ahead for a while: the warning comes too early, but once.
    let ahead = look(&plans, &opened(), "2026-11-23 11:30");
    assert_eq!(said(&ahead), ["first response warning 80%", "first response breach mail"], "one mail says it");
    let back = look(&plans, &ahead.kept, "2026-11-23 10:30");
    assert_eq!((said(&back), back.kept.look_at), (vec![], None));
    // Behind for a while: it comes when its time comes.
    let behind = look(&plans, &opened(), "2026-11-22 10:00");
    assert_eq!((said(&behind), behind.kept.look_at), (vec![], Some(at("2026-11-23 10:48"))));
    assert_eq!(said(&look(&plans, &behind.kept, "2026-11-23 10:50")), ["first response warning 80% mail"]);
}

#[test]
fn what_is_over_is_kept_but_bothers_nobody() {
    let plans = plans(SIMPLE);
    let late = kept(&[("2026-11-23 10:00", What::Opened), ("2026-11-23 11:10", What::Replied)]);
    let found = look(&plans, &late, "2026-11-23 11:20");
    assert_eq!(said(&found), ["first response warning 80%", "first response breach"]);
    assert!(found.tellings.iter().all(|telling| telling.over));
    let answered = kept(&[("2026-11-23 10:00", What::Opened), ("2026-11-23 10:10", What::Replied)]);
    assert_eq!(said(&look(&plans, &answered, "2026-11-24 00:00")), [] as [&str; 0]);
}

#[test]
fn each_round_of_waiting_for_a_reply_is_told_by_itself() {
    let plans = plans(SIMPLE);
    let mut ticket = kept(&[("2026-11-23 10:00", What::Opened), ("2026-11-23 10:10", What::Replied)]);
    for (round, hour) in [(1, 11), (2, 13)] {
        ticket.history.add(at(&format!("2026-11-23 {hour}:00")), What::Spoke);
        let warned = look(&plans, &ticket, &format!("2026-11-23 {hour}:24"));
        assert_eq!(said(&warned), [format!("next response {round} warning 80% mail")]);
        let broken = look(&plans, &warned.kept, &format!("2026-11-23 {hour}:31"));
        assert_eq!(said(&broken), [format!("next response {round} breach mail")]);
        ticket = broken.kept;
        ticket.history.add(at(&format!("2026-11-23 {hour}:40")), What::Replied);
    }
    // Reopened: a third round.
    ticket.history.add(at("2026-11-23 14:00"), What::Done);
    ticket.history.add(at("2026-11-30 09:00"), What::Working);
    ticket.history.add(at("2026-11-30 09:00"), What::Spoke);
    assert_eq!(said(&look(&plans, &ticket, "2026-11-30 09:24")), ["next response 3 warning 80% mail"]);
}

#[test]
fn waiting_for_the_customer_puts_warnings_off() {
    let plans = plans(SIMPLE);
    let mut ticket = opened();
    ticket.history.add(at("2026-11-23 10:30"), What::Pending);
    let waits = look(&plans, &ticket, "2026-11-23 12:00");
    assert_eq!((said(&waits), waits.kept.look_at), (vec![], None));
    assert_eq!(waits.kept.nearest.clone().unwrap().due, None, "paused");
    ticket = waits.kept;
    ticket.history.add(at("2026-11-24 10:00"), What::Working);
    assert_eq!(look(&plans, &ticket, "2026-11-24 10:00").kept.look_at, Some(at("2026-11-24 10:18")));
}

#[test]
fn people_are_told_within_the_hours_of_the_policy() {
    let plans = plans(&format!("{OFFICE}{SIMPLE}tell_hours = \"office\"\n"));
    // Counts day and night, but nobody is woken: in the morning one mail says it.
    let night = kept(&[("2026-11-23 20:00 Europe/Berlin", What::Opened)]);
    for time in ["2026-11-23 20:48 Europe/Berlin", "2026-11-23 23:00 Europe/Berlin", "2026-11-24 08:59 Europe/Berlin"] {
        let found = look(&plans, &night, time);
        assert_eq!((said(&found), found.kept.look_at), (vec![], Some(at("2026-11-24 09:00 Europe/Berlin"))), "{time}");
    }
    let morning = look(&plans, &night, "2026-11-24 09:00 Europe/Berlin");
    assert_eq!(said(&morning), ["first response warning 80%", "first response breach mail"]);
    // What comes as the office closes is told then; what is found out at night only waits for the morning.
    let evening = kept(&[("2026-11-23 16:00 Europe/Berlin", What::Opened)]);
    assert_eq!(said(&look(&plans, &evening, "2026-11-23 17:00:01 Europe/Berlin")).len(), 2);
    let late = look(&plans, &evening, "2026-11-24 02:00 Europe/Berlin");
    assert_eq!((said(&late), late.kept.look_at), (vec![], Some(at("2026-11-24 09:00 Europe/Berlin"))));
}

#[test]
fn a_policy_that_changes_counts_from_the_beginning_of_the_ticket() {
    let (short, long) = (plans(SIMPLE), plans(&SIMPLE.replace("= 60", "= 600")));
    let warned = look(&short, &opened(), "2026-11-23 10:50");
    assert_eq!(said(&warned), ["first response warning 80% mail"]);
    // Longer: the warning is still to come.
    let longer = look(&long, &warned.kept, "2026-11-23 10:55");
    assert_eq!((said(&longer), longer.kept.look_at), (vec![], Some(at("2026-11-23 18:00"))));
    assert_eq!(longer.kept.nearest.as_ref().unwrap().due, Some(at("2026-11-23 20:00")));
    // Back again: what was told is not told again, but the breach is new.
    let back = look(&short, &longer.kept, "2026-11-23 11:05");
    assert_eq!(said(&back), ["first response breach mail"]);
    // Longer once more: breached under the old terms only, so the new ones are still to come, once.
    let again = look(&long, &back.kept, "2026-11-23 18:30");
    assert_eq!(said(&again), ["first response warning 80% mail"]);
    assert_eq!(said(&look(&long, &again.kept, "2026-11-23 20:30")), ["first response breach mail"]);
    // Without a policy nothing is due, and what was told is remembered.
    let none = outlook(None, again.kept.clone(), at("2026-11-23 21:00"));
    assert_eq!((none.tellings.len(), none.kept.look_at, none.kept.nearest), (0, None, None));
    assert_eq!(none.kept.told, again.kept.told);
}

#[test]
fn a_first_policy_does_not_flood_people_with_what_is_long_past() {
    let plans = plans(SIMPLE);
    let old = look(&plans, &opened(), "2026-12-23 10:00");
    assert_eq!(said(&old), ["first response warning 80%", "first response breach"], "told, but without a mail");
    // After an outage of the same length it is a mail: nothing is passed over.
    let known = look(&plans, &opened(), "2026-11-23 10:00").kept;
    assert_eq!(
        said(&look(&plans, &known, "2026-12-23 10:00")),
        ["first response warning 80%", "first response breach mail"]
    );
}

#[test]
fn the_first_policy_that_takes_the_ticket_counts() {
    let text = "[[sla.policy]]\nname = \"gold\"\nwhen = { customer = [\"ACME Ltd\"], priority = [\"high\", \"urgent\"] }\n\
        first_response = 5\nwarn = []\n\n[[sla.policy]]\nname = \"vip\"\nwhen = { tag = [\"vip\"] }\nresolution = 9\n\n\
        [[sla.policy]]\nname = \"here\"\nwhen = { mailbox = [\"support\"], priority = [\"low\"] }\nfirst_response = 7\n\n";
    let check = |text: &str, priority, customer, tags: &[&str], want: Option<&str>| {
        let plans = plans(text);
        assert_eq!(choose(&plans, priority, customer, tags).map(|plan: &Plan| plan.name.as_str()), want);
    };
    check(text, Priority::Urgent, Some("acme ltd"), &["vip"], Some("gold"));
    check(text, Priority::Normal, Some("acme ltd"), &["x", "VIP"], Some("vip"));
    check(text, Priority::Low, None, &[], Some("here"));
    check(text, Priority::Normal, Some("Other"), &[], None);
    check(&format!("{text}{SIMPLE}"), Priority::Normal, None, &[], Some("all"));
}

#[test]
fn a_view_says_what_is_used_and_what_was_told() {
    let plans = plans(SIMPLE);
    let warned = look(&plans, &opened(), "2026-11-23 10:50").kept;
    let clocks = view(only(&plans), &warned, at("2026-11-23 10:50"));
    assert_eq!(clocks.len(), 1, "no resolution is promised");
    assert_eq!((clocks[0].minutes, clocks[0].used_minutes, clocks[0].due), (60, 50, Some(at("2026-11-23 11:00"))));
    assert_eq!(clocks[0].told.iter().map(|(_, at)| *at).collect::<Vec<Timestamp>>(), [at("2026-11-23 10:50")]);
    let read: Kept = serde_json::from_str(&serde_json::to_string(&warned).unwrap()).unwrap();
    assert_eq!(read, warned);
}
