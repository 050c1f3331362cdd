//! The frame around every screen: context, screens, message row, footer.

use super::{footer, overlay, trouble};
use crate::app::Model;
use crate::app::desk::{Desk, Link};
use crate::app::place::Place;
use crate::output::{Span, Style};
use crate::widget::canvas::{Canvas, row};
use crate::widget::fit;
use maildesk_core::rpc::Access;
use ratatui::layout::Rect;

pub(super) fn draw(model: &Model, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let desk = &model.desk;
    header(desk, row(area, 0), canvas);
    screens(desk, row(area, 1), canvas);
    let height = usize::from(area.height);
    let mut body = Rect { y: area.y + 2, height: area.height - 4, ..area };
    if let Link::Down { .. } = &desk.link {
        body = trouble::banner(desk, body, canvas);
    }
    super::draw_body(model, body, canvas);
    message(desk, row(area, height - 2), canvas);
    match &desk.overlay {
        Some(open) => {
            overlay::draw(open, desk, area, canvas);
            canvas.line(row(area, height - 1), &[Span::exact(Style::Dim, &format!(" {}", overlay::keys(open)))]);
        }
        None => footer::draw(model, row(area, height - 1), canvas),
    }
}

fn header(desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let mut left = vec![Span::strong("maildesk"), Span::exact(Style::Plain, &format!("  {}", desk.host))];
    let bar = || Span::exact(Style::Dim, " | ");
    match (&desk.link, &desk.status.value) {
        (Link::Connecting, _) => left.extend([bar(), Span::plain("connecting")]),
        (Link::Down { .. }, None) => left.extend([bar(), Span::new(Style::Bad, "NO CONNECTION")]),
        (Link::Down { since, .. }, Some(_)) => {
            left.extend([bar(), Span::new(Style::Bad, format!("NO CONNECTION, data from {}", desk.exact(*since)))]);
        }
        (Link::Up, status) => {
            if let Some(status) = status {
                let up = uptime(desk.now().duration_since(status.started).as_secs());
                left.extend([bar(), Span::plain(format!("maildeskd {} up {up}", status.version))]);
            }
            if let Some(welcome) = &desk.welcome {
                let (style, may) = match welcome.access {
                    Access::Write => (Style::Plain, "RW"),
                    Access::Read => (Style::Attention, "READ ONLY"),
                };
                left.extend([bar(), Span::new(style, format!("{may} {}", welcome.user))]);
            }
        }
    }
    let wall = desk.wall();
    let width = u16::try_from(fit::width(&wall)).unwrap_or(0);
    let x = area.right().saturating_sub(width + 1);
    let room = Rect { x: area.x + 1, width: x.saturating_sub(area.x + 2), ..area };
    canvas.line(room, &left);
    canvas.text(Rect { x, width, ..area }, Style::Plain, &wall);
}

fn uptime(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{}s", seconds.max(0)),
        60..3600 => format!("{}m", seconds / 60),
        3600..86_400 => format!("{}h{:02}", seconds / 3600, seconds / 60 % 60),
        _ => format!("{}d{:02}h", seconds / 86_400, seconds / 3600 % 24),
    }
}

fn screens(desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let mut spans = Vec::new();
    let room = usize::from(area.width);
    let taken = |blanks: usize| -> usize {
        Place::ALL.map(|place| place.name().len() + badge(place, desk).len() + 2 + blanks).iter().sum()
    };
    // Where there is no room for two blanks between them, one must do, and then shorter names.
    let (tight, short) = (taken(2) > room, taken(1) + 1 > room);
    for place in Place::ALL {
        let shown = if short { place.short_name() } else { place.name() };
        let name = format!("{} {shown}{}", place.digit(), badge(place, desk));
        spans.push(match place == desk.place {
            true if tight => Span::exact(Style::Strong, &format!("[{name}] ")),
            true => Span::exact(Style::Strong, &format!("[{name}]")),
            false if tight => Span::exact(Style::Plain, &format!("{name} ")),
            false => Span::exact(Style::Plain, &format!(" {name} ")),
        });
    }
    canvas.line(area, &spans);
}

/// What waits for a person behind a screen.
fn badge(place: Place, desk: &Desk) -> String {
    let counts = desk.status.value.as_ref().map(|status| status.counts).unwrap_or_default();
    let count = match place {
        Place::Home => super::home::attention(desk).len(),
        Place::Queues => usize::try_from(counts.outbox_failed + counts.quarantined).unwrap_or(usize::MAX),
        Place::Live
        | Place::Tickets
        | Place::Inbound
        | Place::Outbound
        | Place::Filters
        | Place::Templates
        | Place::Setup
        | Place::More => 0,
    };
    if count == 0 { String::new() } else { format!("!{count}") }
}

fn message(desk: &Desk, area: Rect, canvas: &mut Canvas<'_, '_>) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
    if let Some(toast) = &desk.toast {
        canvas.text(area, toast.style, &toast.text);
    } else if let Some(undo) = &desk.undo {
        let left = undo.until.duration_since(desk.now()).as_secs().max(0);
        let text = format!("the answer to #{} goes in {left} s, u takes it back", undo.ticket);
        canvas.text(area, Style::Good, &text);
    }
}
