//! Commands as tables: what is a command, what it does, what is wrong with it. Whatever stands behind is untouched.

use super::*;
use crate::address::Address;
use crate::language::Language;
use crate::mail::{Body, Section, SectionKind};
use crate::settings::Agent;
use crate::ticket::{Priority, Status, TicketAction};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

fn new(text: &str) -> Body {
    Body { sections: vec![Section { kind: SectionKind::New, range: 0..text.len() }], says_nothing: false }
}

fn agents() -> Vec<Agent> {
    let agent = |name: &str| Agent::new(name, vec![Address::parse(&format!("{name}@desk.example")).unwrap()]);
    vec![agent("bob"), agent("ann")]
}

fn asked(lines: &[&str], has_text: bool) -> Result<Orders, Vec<Slip>> {
    let agents = agents();
    let zone = TimeZone::fixed(jiff::tz::offset(1));
    let now: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
    let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    read(&lines, &Asked { agent: &agents[0], agents: &agents, zone: &zone, now, has_text })
}

#[test]
fn commands_are_lines_at_the_head_alone() {
    let check = |text: &str, lines: &[&str], rest: &str| {
        let found = leading(text, &new(text));
        assert_eq!(
            (found.lines.as_slice(), found.rest.as_str()),
            (&lines.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>()[..], rest),
            "{text:?}"
        );
    };
    check("#resolve\n\nAll is well.\n", &["#resolve"], "All is well.");
    check("\n  #tag a b  \n\n#take\nDear Ann,\n#close\n", &["#tag a b", "#take"], "Dear Ann,\n#close");
    check("Hello\n#resolve\n", &[], "Hello\n#resolve");
    check("#resolve", &["#resolve"], "");
    for text in ["#7 is broken", "# Plan", "## x", "#", "#-x", "#é", ""] {
        check(text, &[], text);
    }
    check(&format!("#{}\nhi", "x".repeat(400)), &[], &format!("#{}\nhi", "x".repeat(400)));
}

#[test]
fn commands_below_a_quote_are_folded_where_they_stand() {
    let text = "> old\n#resolve\nDone.\n> older\n";
    let section = |kind, range| Section { kind, range };
    let body = Body {
        sections: vec![
            section(SectionKind::Quoted, 0..6),
            section(SectionKind::New, 6..21),
            section(SectionKind::Quoted, 21..29),
        ],
        says_nothing: false,
    };
    let found = leading(text, &body);
    assert_eq!((found.lines.as_slice(), found.rest.as_str()), (&["#resolve".to_owned()][..], "Done."));
    let folded = found.folds[0].start as usize..found.folds[0].end as usize;
    assert_eq!(text.get(folded), Some("#resolve\n"));
    let quoted = Body { sections: vec![section(SectionKind::Quoted, 0..text.len())], says_nothing: false };
    assert_eq!(leading(text, &quoted), Leading::default());
}

#[test]
fn what_each_command_does() {
    let check = |line: &str, want: &[TicketAction]| {
        let orders = asked(&[line], true).unwrap();
        assert_eq!(orders.actions.into_iter().map(|(_, action)| action).collect::<Vec<_>>(), want, "{line}");
    };
    let to = |name: &str| TicketAction::Assign { to: Some(name.into()) };
    let until = |text: &str| TicketAction::Pend { until: Some(text.parse().unwrap()) };
    check("#resolve", &[TicketAction::Resolve { tell: true }]);
    check("#RESOLVE", &[TicketAction::Resolve { tell: true }]);
    check("#close", &[TicketAction::Close]);
    check("#reopen", &[TicketAction::Reopen]);
    check("#take", &[to("bob")]);
    check("#assign me", &[to("bob")]);
    check("#assign Ann", &[to("ann")]);
    check("#assign <ANN@desk.example>", &[to("ann")]);
    check("#assign nobody", &[TicketAction::Assign { to: None }]);
    check("#priority High", &[TicketAction::Prioritise { priority: Priority::High }]);
    check("#pending", &[TicketAction::Pend { until: None }]);
    for days in ["#pending 3", "#pending 3d", "#pending 3 days"] {
        check(days, &[until("2026-11-26T09:00:00Z")]);
    }
    check("#pending 2026-12-01", &[until("2026-11-30T23:00:00Z")]);
    check("#tag a b", &[TicketAction::AddTag { tag: "a".into() }, TicketAction::AddTag { tag: "b".into() }]);
    check("#untag a", &[TicketAction::RemoveTag { tag: "a".into() }]);
    check("#note", &[]);
    assert!(asked(&["#note"], true).unwrap().note);
}

#[test]
fn what_is_wrong_is_said_of_every_line_and_nothing_is_done() {
    for (line, want) in [
        ("#resolv", Problem::Unknown),
        ("#resolve now", Problem::TakesNothing),
        ("#take it", Problem::TakesNothing),
        ("#assign", Problem::NeedsWho),
        ("#assign ann bob", Problem::NeedsWho),
        ("#assign eve", Problem::UnknownAgent),
        ("#assign ann@elsewhere.example", Problem::UnknownAgent),
        ("#priority", Problem::NeedsPriority),
        ("#priority highest", Problem::NeedsPriority),
        ("#pending soon", Problem::NeedsTime),
        ("#pending 0", Problem::NeedsTime),
        ("#pending 99999999999999999999", Problem::NeedsTime),
        ("#pending 2026-02-30", Problem::NeedsTime),
        ("#tag", Problem::NeedsTag),
        ("#untag", Problem::NeedsTag),
    ] {
        let slips = asked(&["#take", line], true).unwrap_err();
        assert_eq!(slips, [Slip { line: line.into(), problem: want }]);
        for language in Language::ALL {
            assert!(sentence(&slips[0], language).starts_with(&format!("{line}: ")));
        }
    }
    assert_eq!(asked(&["#note"], false).unwrap_err()[0].problem, Problem::NoText);
    let many = vec!["#take"; MOST_COMMANDS + 1];
    assert_eq!(asked(&many, true).unwrap_err()[0].problem, Problem::TooMany);
    assert_eq!(asked(&["#a", "#b"], true).unwrap_err().len(), 2);
}

#[test]
fn what_is_allowed_follows_the_status() {
    let has = |status: Status, command: &str| allowed(&status, &agents()).iter().any(|line| line.starts_with(command));
    let (new, resolved) = (Status::New, Status::Resolved { at: Timestamp::UNIX_EPOCH });
    assert!(has(new, "#resolve") && !has(new, "#reopen") && has(new, "#take, #assign me"));
    assert!(!has(resolved, "#resolve") && has(resolved, "#reopen") && has(resolved, "#close"));
    assert!(!has(Status::Closed { at: Timestamp::UNIX_EPOCH }, "#close"));
}

proptest! {
    #[test]
    fn a_text_is_its_commands_and_its_rest(head in "(#[a-z]{1,9}( [a-z]{1,5})?\n){0,4}", tail in "[a-z.!]{1,20}(\n[#a-z ]{0,9}){0,5}") {
        let text = format!("{head}{tail}");
        let found = leading(&text, &new(&text));
        prop_assert_eq!(found.lines.len(), head.lines().count());
        prop_assert_eq!(found.rest, tail.trim_end());
        let folded: usize = found.folds.iter().map(|fold| (fold.end - fold.start) as usize).sum();
        prop_assert_eq!(folded, head.len());
    }

    #[test]
    fn no_text_breaks_it(text in "\\PC{0,60}", lines in proptest::collection::vec("#\\PC{0,30}", 0..5)) {
        let found = leading(&text, &new(&text));
        prop_assert!(found.lines.iter().all(|line| line.starts_with('#')));
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        drop(asked(&lines, true));
    }
}
