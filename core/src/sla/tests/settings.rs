//! Policies and calendars as people write them: read whole or refused whole, with every field named.

use super::{calendar, settings};
use crate::settings::{diff, from_toml, to_toml};

const GOOD: &str = r#"
[[sla.calendar]]
name = "office"
time_zone = "Europe/Berlin"
hours = ["mon-fri 09:00-17:00", "sat 10:00-14:00"]
holidays = ["*-12-25 Christmas Day", "2026-04-03 Good Friday"]

[[sla.policy]]
name = "gold"
when = { priority = ["high", "urgent"], customer = ["Acme Ltd"], mailbox = ["support"], tag = ["vip"] }
calendar = "office"
first_response = 60
next_response = 120
resolution = 480
warn = ["50%", "30m"]
tell_hours = "office"
pause_pending = false

[[sla.policy]]
name = "default"
first_response = 240
"#;

#[test]
fn service_levels_are_read_and_exported() {
    let read = settings(GOOD).unwrap();
    assert_eq!(from_toml(&to_toml(&read).unwrap()).unwrap(), read);
    assert!(read.sla.policy[1].pause_pending && read.sla.policy[1].warn[0].to_string() == "80%");
    let none = settings("").unwrap();
    assert_eq!(from_toml(&to_toml(&none).unwrap()).unwrap(), none);
    let changes = format!("{:?}", diff(&none, &read));
    for field in ["sla.policy.gold.first_response", "sla.calendar.office.holidays.1", "sla.policy.gold.when.tag.0"] {
        assert!(changes.contains(field), "{changes}");
    }
    let mut turned = read.clone();
    turned.sla.policy.swap(0, 1);
    assert!(diff(&read, &turned).iter().any(|change| change.field == "sla.policy: order"));
}

#[test]
fn a_wrong_field_is_named() {
    let (gold, office) = ("sla.policy \"gold\": ", "sla.calendar \"office\": ");
    for (from, to, want) in [
        ("Europe/Berlin", "Europe/Atlantis", "sla.calendar \"office\": ".into()),
        (
            "\"mon-fri 09:00-17:00\", \"sat 10:00-14:00\"",
            "",
            format!("{office}hours: is never open; give hours such as"),
        ),
        ("mon-fri 09:00-17:00", "mon-fri 9-17", "is not open hours; write mon-fri 09:00-17:00".into()),
        ("2026-04-03", "2026-04-31", "is not a holiday; write 2026-04-03".into()),
        ("time_zone =", "zone =", "sla.calendar \"office\": ".into()),
        ("calendar = \"office\"", "calendar = \"shop\"", format!("{gold}calendar: no calendar is named \"shop\"")),
        ("tell_hours = \"office\"", "tell_hours = \"shop\"", format!("{gold}tell_hours: no calendar")),
        ("first_response = 60", "first_response = 0", format!("{gold}first_response: is out of range")),
        ("resolution = 480", "resolution = 600000", format!("{gold}resolution: is out of range; use 1 to 525600")),
        ("\"30m\"", "\"60m\"", format!("{gold}warn: 1h is not before the end of the shortest target, 60 minutes")),
        ("\"30m\"", "\"soon\"", "is not the time of a warning; write 80%".into()),
        ("\"30m\"", "\"50%\"", format!("{gold}warn: is too long or names one twice")),
        ("mailbox = [\"support\"]", "mailbox = [\"x\"]", format!("{gold}when.mailbox: no mailbox is named \"x\"")),
        ("tag = [\"vip\"]", "tag = [\" \"]", format!("{gold}when.tag: holds an empty text")),
        ("name = \"default\"", "name = \"gold\"", format!("{gold}name: is given twice")),
        ("first_response = 240", "", "sla.policy \"default\": first_response: no target is given".into()),
        ("[[sla.policy]]\nname = \"default\"", "[[sla.plan]]\nname = \"default\"", "sla.plan: is not a section".into()),
        ("priority = [\"high\"", "priority = [\"huge\"", gold.into()),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let found = settings(&GOOD.replacen(from, to, 1)).unwrap_err();
        assert!(found.iter().any(|problem| problem.contains(&want)), "{want}: {found:?}");
    }
    let behind = settings(&format!("{GOOD}\n[[sla.policy]]\nname = \"never\"\nresolution = 9\n")).unwrap_err();
    assert!(behind[0].contains("sla.policy \"never\": when: no ticket ever comes to it: \"default\""), "{behind:?}");
}

#[test]
fn holidays_that_close_every_day_are_refused() {
    let days: Vec<String> =
        (1..=12).flat_map(|month| (1..=31).map(move |day| format!("\"*-{month:02}-{day:02}\""))).collect();
    let real: Vec<String> =
        days.into_iter().filter(|day| crate::sla::Holiday::parse(day.trim_matches('"')).is_ok()).collect();
    let closed = GOOD.replace("\"*-12-25 Christmas Day\", \"2026-04-03 Good Friday\"", &real.join(", "));
    let found = settings(&closed).unwrap_err();
    assert!(found[0].contains("sla.calendar \"office\": hours: is never open"), "{found:?}");
    // One open day in the year is a calendar.
    let one = real.iter().filter(|day| !day.contains("*-06-15")).map(|day| day.trim_matches('"')).collect::<Vec<_>>();
    assert!(calendar("UTC", &["daily 09:00-10:00"], &one).next_open(super::at("2026-01-01 00:00")).is_some());
}
