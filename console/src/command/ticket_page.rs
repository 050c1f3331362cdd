//! A ticket as a person reads it: header, then the thread.

use super::ticket::{status_words, subject};
use crate::clock::Clock;
use crate::output::time::{both, relative, short};
use crate::output::wrap::wrap;
use crate::output::{Page, Span, Style, size};
use maildesk_core::rpc::{EntryView, SlaBrief, TicketView};
use maildesk_core::ticket::{Author, EntryKind, Fold, Status};

/// Lays the ticket out; long lines are broken at `width` columns where there is a width. `unfold` says how folded lines
/// are shown.
pub(crate) fn page(
    view: &TicketView,
    entries: &[EntryView],
    quotes: bool,
    width: Option<usize>,
    clock: &Clock,
    unfold: &str,
) -> Page {
    let mut page = Page::default();
    header(&mut page, view, clock);
    for entry in entries {
        page.empty_line();
        heading(&mut page, entry, clock);
        if entry.kind == EntryKind::StatusChange {
            page.indented(INDENT, [Span::dim(&entry.text)]);
            continue;
        }
        body(&mut page, entry, quotes, width, unfold);
        for attachment in &entry.attachments {
            let what = format!("{}, {}", size::bytes(attachment.size), attachment.content_type);
            page.indented(INDENT, [Span::dim("+"), Span::strong(&attachment.name), Span::dim(what)]);
        }
        for remark in &entry.remarks {
            page.indented(INDENT, [Span::dim("!"), Span::dim(remark)]);
        }
    }
    if let Some(entry) = entries.iter().rfind(|entry| !entry.attachments.is_empty()) {
        page.empty_line();
        // A command to copy holds no text of a mail: a file name could carry a second command.
        let command = format!("maildesk attachment save {} {} --all -o .", view.row.number, entry.number);
        page.line([Span::dim("save:"), Span::dim(command)]);
    }
    page
}

const INDENT: usize = 2;

fn header(page: &mut Page, view: &TicketView, clock: &Clock) {
    let row = &view.row;
    page.line([Span::strong(format!("#{} {}", row.number, subject(&row.subject)))]);
    let since = match row.status {
        Status::New | Status::Open | Status::Pending { until: None } => String::new(),
        Status::Pending { until: Some(until) } => format!(" until {}", both(until, clock)),
        Status::Resolved { at } | Status::Closed { at } => format!(" since {}", both(at, clock)),
    };
    let names = view.contact.name.as_deref().map_or(String::new(), |name| format!("{name} "));
    let addresses = view.contact.addresses.iter().map(|address| format!("<{address}>")).collect::<Vec<_>>().join(" ");
    let related: Vec<String> = view.related.iter().map(|number| format!("#{number}")).collect();
    page.fields([
        ("status", Some(format!("{}{since}", status_words(row)))),
        ("contact", Some(format!("{names}{addresses}"))),
        ("customer", row.customer.clone()),
        ("assignee", view.assignee.clone()),
        ("merged into", view.merged_into.map(|into| format!("#{into}: there it goes on"))),
        ("related", Some(related.join(", ")).filter(|related| !related.is_empty())),
        ("tags", Some(view.tags.join(", ")).filter(|tags| !tags.is_empty())),
        ("mailbox", Some(row.mailbox.to_string())),
        ("due", row.sla.as_ref().map(|brief| due(brief, clock))),
        ("created", Some(both(row.created, clock))),
        ("updated", Some(both(row.updated, clock)).filter(|_| row.updated != row.created)),
    ]);
}

/// `first response 2026-11-22 20:17:12 CET (in 2 h)`, with the policy.
fn due(brief: &SlaBrief, clock: &Clock) -> String {
    let when = brief.due.map_or_else(|| "paused".into(), |due| both(due, clock));
    format!("{} {when}, policy {}", brief.target.words(), brief.policy)
}

fn heading(page: &mut Page, entry: &EntryView, clock: &Clock) {
    let author = match &entry.author {
        Author::Contact { address, name: Some(name), .. } => format!("{name} <{address}>"),
        Author::Contact { address, name: None, .. } => format!("<{address}>"),
        Author::Agent { name } => name.clone(),
        Author::System => "maildesk".into(),
    };
    let style = match entry.kind {
        EntryKind::Comment | EntryKind::StatusChange => Style::Dim,
        EntryKind::Note | EntryKind::Sla => Style::Attention,
        EntryKind::UnverifiedNote | EntryKind::DeliveryProblem => Style::Bad,
    };
    let queued = entry.outbox.map(|outbox| format!("· mail {outbox}")).unwrap_or_default();
    let origin = entry.came_from.map(|place| format!("· from #{}", place.ticket)).unwrap_or_default();
    page.line([
        Span::dim(format!("── {} ·", entry.number)),
        Span::strong(author),
        Span::dim("·"),
        Span::new(style, entry.kind.word()),
        Span::dim(format!("· {} ({})", short(entry.at, clock), relative(entry.at, clock))),
        Span::dim(queued),
        Span::dim(origin),
    ]);
}

fn body(page: &mut Page, entry: &EntryView, quotes: bool, width: Option<usize>, unfold: &str) {
    let pieces = if quotes { vec![Piece::Shown(&entry.text)] } else { pieces(&entry.text, &entry.folds) };
    for piece in pieces {
        match piece {
            Piece::Shown(text) => text_lines(page, text, width),
            Piece::Folded(lines) => {
                let noun = if lines == 1 { "quoted line" } else { "quoted lines" };
                page.indented(INDENT, [Span::dim(format!("… {lines} {noun} ({unfold})"))]);
            }
        }
    }
}

fn text_lines(page: &mut Page, text: &str, width: Option<usize>) {
    // Cleaned as a whole: a carriage return within it must not become a line of its own, and CR LF is one end.
    let text = maildesk_core::text::clean_block(text);
    for line in text.trim_matches('\n').lines() {
        let line = line.trim_end();
        let room = width.map_or(usize::MAX, |width| width.saturating_sub(INDENT).max(20));
        for part in wrap(line, room) {
            page.indented(INDENT, [Span::exact(Style::Plain, &part)]);
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Shown(&'a str),
    /// A number of lines that are not blank.
    Folded(usize),
}

/// The text in its shown and folded pieces. Ranges that do not fit the text fold nothing; what is neither new nor
/// more than blank is left out.
fn pieces<'a>(text: &'a str, folds: &[Fold]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for fold in folds {
        let (start, end) = (fold.start as usize, fold.end as usize);
        let (Some(before), Some(folded)) = (text.get(at..start), text.get(start..end)) else { continue };
        show(&mut pieces, before);
        match folded.lines().filter(|line| !line.trim().is_empty()).count() {
            0 => {}
            lines => pieces.push(Piece::Folded(lines)),
        }
        at = end;
    }
    show(&mut pieces, text.get(at..).unwrap_or_default());
    pieces
}

fn show<'a>(pieces: &mut Vec<Piece<'a>>, text: &'a str) {
    if !text.trim().is_empty() {
        pieces.push(Piece::Shown(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_become_counts_of_lines() {
        let text = "Thanks!\n\nOn Monday ü wrote:\n> one\n>\n> two\n\nBye\n-- \nAnn";
        let quote = text.find("On Monday").unwrap()..text.find("\nBye").unwrap();
        let signature = text.find("-- ").unwrap()..text.len();
        let folds = [quote, signature].map(|range| Fold { start: range.start as u32, end: range.end as u32 });
        let want = [Piece::Shown("Thanks!\n\n"), Piece::Folded(4), Piece::Shown("\nBye\n"), Piece::Folded(2)];
        assert_eq!(pieces(text, &folds), want);
    }

    #[test]
    fn folds_that_do_not_fit_fold_nothing() {
        let wild = [Fold { start: 1, end: 2 }, Fold { start: 9, end: 90 }, Fold { start: 3, end: 1 }];
        assert_eq!(pieces("ü text", &wild), [Piece::Shown("ü text")]);
        assert_eq!(pieces("", &[]), []);
    }
}
