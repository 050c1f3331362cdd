//! Faults of mailboxes, senders and storage, told to people.

use crate::clock::Clock;
use crate::json::status::state_word;
use crate::output::time::{both, relative};
use crate::output::{Page, Span, Style};
use maildesk_core::rpc::WorkState;

/// How a state stands out in a table.
pub(crate) fn style(state: &WorkState) -> Style {
    match state {
        WorkState::Working => Style::Plain,
        WorkState::Starting | WorkState::Disabled => Style::Dim,
        WorkState::RateLimited { .. } => Style::Attention,
        WorkState::Faulty { .. } => Style::Bad,
    }
}

/// A state as people read it.
pub(crate) fn word(state: &WorkState) -> &'static str {
    match state {
        WorkState::RateLimited { .. } => "rate limited",
        other => state_word(other),
    }
}

/// What is wrong, the server's words, and what to try; nothing for what works.
pub(crate) fn explain(page: &mut Page, what: &str, state: &WorkState, clock: &Clock) {
    if let WorkState::RateLimited { until } = state {
        page.empty_line();
        page.line([
            Span::strong(what),
            Span::plain(format!("waiting for its rate limit until {}", both(*until, clock))),
        ]);
    }
    let WorkState::Faulty { since, next_try, diagnosis } = state else { return };
    let next = next_try.map(|at| format!(", next try {}", relative(at, clock))).unwrap_or_default();
    page.empty_line();
    page.line([
        Span::new(Style::Bad, "faulty"),
        Span::strong(what),
        Span::dim(format!("(first seen {}{next})", relative(*since, clock))),
    ]);
    page.indented(2, [Span::plain(&diagnosis.meaning)]);
    if let Some(words) = &diagnosis.server_said {
        page.indented(2, [Span::dim("the server said:"), Span::plain(words)]);
    }
    page.indented(2, [Span::dim("try:"), Span::plain(&diagnosis.remedy)]);
}
