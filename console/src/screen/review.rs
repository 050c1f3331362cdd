//! Old and new, before anything is saved.

use crate::output::{Page, Span, Style};
use maildesk_core::rpc::SettingsDiff;

/// What would change, field by field.
pub(crate) fn changes(diff: &SettingsDiff) -> Page {
    let mut page = Page::default();
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "not set".into());
    for change in &diff.changes {
        page.line([Span::strong(&change.field)]);
        page.indented(2, [Span::dim("old"), Span::plain(value(&change.old))]);
        page.indented(2, [Span::dim("new"), Span::new(Style::Good, value(&change.new))]);
    }
    if diff.changes.is_empty() {
        page.line([Span::plain("Nothing would change but a secret that is typed anew.")]);
    }
    page
}
