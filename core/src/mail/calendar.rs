//! What an invitation says, in a few lines (RFC 5545, RFC 5546).

use crate::text::{clean_line, shorten};

/// Lines of a calendar that are read.
const MOST_LINES: usize = 20_000;
/// Events of one calendar that are told.
const MOST_EVENTS: usize = 5;

#[derive(Default)]
struct Event {
    summary: String,
    start: Option<String>,
    end: Option<String>,
    place: String,
    organiser: String,
    answer: Option<String>,
    repeats: bool,
}

/// What, when, where and by whom, a paragraph for each event. `None` if it holds no event.
pub(super) fn told(calendar: &str) -> Option<String> {
    let (mut method, mut events, mut open): (String, Vec<Event>, Vec<String>) = Default::default();
    for line in unfolded(calendar) {
        let Some(field) = Field::of(&line) else { continue };
        match (field.name.as_str(), field.value) {
            ("BEGIN", value) => {
                if value.eq_ignore_ascii_case("VEVENT") {
                    if events.len() == MOST_EVENTS {
                        break;
                    }
                    events.push(Event::default());
                }
                if open.len() < 20 {
                    open.push(value.to_ascii_uppercase());
                }
            }
            ("END", value) if open.last().is_some_and(|last| last.eq_ignore_ascii_case(value)) => {
                open.pop();
            }
            ("METHOD", value) if open.len() <= 1 => method = value.trim().to_ascii_uppercase(),
            _ if open.last().is_some_and(|part| part == "VEVENT") => {
                if let Some(event) = events.last_mut() {
                    event.take(&field);
                }
            }
            _ => {}
        }
    }
    let told: Vec<String> = events.iter().filter_map(|event| event.told(&method)).collect();
    (!told.is_empty()).then(|| told.join("\n\n"))
}

impl Event {
    fn take(&mut self, field: &Field<'_>) {
        match field.name.as_str() {
            "SUMMARY" => self.summary = plain(field.value),
            "LOCATION" => self.place = plain(field.value),
            "DTSTART" => self.start = moment(field),
            "DTEND" => self.end = moment(field),
            "RRULE" => self.repeats = true,
            "ORGANIZER" => self.organiser = person(field),
            "ATTENDEE" if self.answer.is_none() => {
                self.answer = field.parameter("PARTSTAT").filter(|status| *status != "NEEDS-ACTION").map(|status| {
                    let status = clean_line(&status.to_ascii_lowercase().replace('-', " "));
                    format!("{}: {}", person(field), shorten(&status, 40))
                });
            }
            _ => {}
        }
    }

    fn told(&self, method: &str) -> Option<String> {
        let start = self.start.as_ref()?;
        let what = match method {
            "REQUEST" => "Invitation",
            "CANCEL" => "Cancelled",
            "REPLY" => "Answer to an invitation",
            "COUNTER" => "Another time is proposed",
            _ => "Event",
        };
        let mut lines = vec![format!("{what}: {}", if self.summary.is_empty() { "(untitled)" } else { &self.summary })];
        let end = self.end.as_ref().filter(|end| *end != start).map(|end| format!(" to {end}")).unwrap_or_default();
        let repeats = if self.repeats { ", repeated" } else { "" };
        lines.push(format!("When: {start}{end}{repeats}"));
        if !self.place.is_empty() {
            lines.push(format!("Where: {}", self.place));
        }
        if !self.organiser.is_empty() {
            lines.push(format!("Organiser: {}", self.organiser));
        }
        if let Some(answer) = self.answer.as_ref().filter(|_| method == "REPLY") {
            lines.push(format!("Answer: {answer}"));
        }
        Some(lines.join("\n"))
    }
}

/// Lines that were folded are joined; both kinds of line ends.
pub(crate) fn unfolded(calendar: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in calendar.lines().take(MOST_LINES) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(last)) if last.len() < 10_000 => last.push_str(rest),
            (Some(_), _) => {}
            (None, _) => lines.push(line.to_owned()),
        }
    }
    lines
}

/// One line of a calendar.
pub(crate) struct Field<'a> {
    /// In capitals.
    pub(crate) name: String,
    parameters: Vec<&'a str>,
    pub(crate) value: &'a str,
}

impl<'a> Field<'a> {
    /// `NAME;PARAMETER=x;OTHER="a:b":value`.
    pub(crate) fn of(line: &'a str) -> Option<Self> {
        let mut quoted = false;
        let colon = line.bytes().position(|byte| {
            quoted ^= byte == b'"';
            byte == b':' && !quoted
        })?;
        let (head, value) = line.split_at_checked(colon)?;
        let mut parts = head.split(';');
        let name = parts.next()?.trim().to_ascii_uppercase();
        Some(Self { name, parameters: parts.take(20).collect(), value: value.strip_prefix(':')? })
    }

    fn parameter(&self, name: &str) -> Option<&'a str> {
        let found = self.parameters.iter().filter_map(|parameter| parameter.split_once('='));
        found.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim_matches('"'))
    }
}

/// A text value on one line, without its escapes.
pub(crate) fn plain(value: &str) -> String {
    let mut out = String::with_capacity(value.len().min(1_000));
    let mut chars = value.chars().take(2_000);
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push(' '),
                Some(other) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    shorten(&clean_line(&out), 300)
}

/// `Name <address>`, as far as known.
fn person(field: &Field<'_>) -> String {
    let value = field.value.trim();
    let address = value.split_once(':').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("mailto"));
    let address = shorten(&clean_line(address.map_or(value, |(_, address)| address)), 320);
    match field.parameter("CN").map(plain).filter(|name| !name.is_empty() && *name != address) {
        Some(name) => format!("{name} <{address}>"),
        None => address,
    }
}

/// `2024-05-06 10:00 (Europe/Berlin)`, `2024-05-06 10:00 UTC` or, for a whole day, `2024-05-06`.
fn moment(field: &Field<'_>) -> Option<String> {
    let value = field.value.trim();
    let digits =
        |range: std::ops::Range<usize>| value.get(range).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let day = format!("{}-{}-{}", digits(0..4)?, digits(4..6)?, digits(6..8)?);
    if value.len() == 8 {
        return Some(day);
    }
    if value.get(8..9)? != "T" {
        return None;
    }
    let time = format!("{day} {}:{}", digits(9..11)?, digits(11..13)?);
    match field.parameter("TZID").map(plain) {
        _ if value.ends_with(['Z', 'z']) => Some(format!("{time} UTC")),
        Some(zone) => Some(format!("{time} ({})", shorten(&zone, 60))),
        None => Some(time),
    }
}

#[cfg(test)]
mod tests {
    use super::told;

    const HEAD: &str = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n";

    #[test]
    fn an_invitation_says_what_when_where_and_by_whom() {
        let calendar = format!(
            "{HEAD}SUMMARY:Printer\\, floor\r\n  3\r\nDTSTART;TZID=\"Europe/Berlin\":20240506T100000\r\n\
             DTEND;TZID=Europe/Berlin:20240506T110000\r\nLOCATION:Room 1\\nhouse B\r\n\
             ORGANIZER;CN=\"B: C\":MAILTO:b@x.example\r\nBEGIN:VALARM\r\nSUMMARY:no\r\nEND:VALARM\r\nEND:VEVENT\r\n"
        );
        assert_eq!(
            told(&calendar).unwrap(),
            "Invitation: Printer, floor 3\nWhen: 2024-05-06 10:00 (Europe/Berlin) to 2024-05-06 11:00 \
             (Europe/Berlin)\nWhere: Room 1 house B\nOrganiser: B: C <b@x.example>"
        );
    }

    #[test]
    fn methods_days_and_zones_are_told_apart() {
        let event = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20240506\nEND:VEVENT";
        assert_eq!(told(&format!("METHOD:CANCEL\n{event}")).unwrap(), "Cancelled: (untitled)\nWhen: 2024-05-06");
        assert!(told(event).unwrap().starts_with("Event: "));
        assert!(told("BEGIN:VEVENT\nDTSTART:20240506T100000Z\n").unwrap().ends_with("10:00 UTC"));
        let answer = "METHOD:REPLY\nBEGIN:VEVENT\nDTSTART:20240506T100000Z\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@x\n";
        assert!(told(answer).unwrap().ends_with("Answer: a@x: accepted"));
    }

    #[test]
    fn what_is_no_event_is_not_told_and_nothing_panics() {
        for text in
            ["", "BEGIN:VEVENT\nSUMMARY:x\n", "BEGIN:VTODO\nDTSTART:20240506\n", "BEGIN:VEVENT\nDTSTART:2024é506"]
        {
            assert_eq!(told(text), None, "{text}");
        }
        let whole = format!("{HEAD}DTSTART;TZID=Ä:20240506T100000\nORGANIZER;CN=é:mailto:ü\nATTENDEE;PARTSTAT=é:x");
        for cut in (0..whole.len()).filter_map(|end| whole.get(..end)) {
            let _ = told(cut);
        }
        assert!(told(&"BEGIN:VEVENT\nDTSTART:20240506\n".repeat(10_000)).unwrap().len() < 1_000);
    }
}
