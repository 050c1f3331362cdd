//! What a template makes, on the terminal or in somebody's mailbox.

use super::change::warnings;
use super::{Which, parse, read, refused, version};
use crate::command::Session;
use crate::failure::Failure;
use crate::output::{Page, Span, Style, size};
use clap::{Args, ValueEnum};
use maildesk_core::address::Address;
use maildesk_core::ids::TicketNumber;
use maildesk_core::notification::DocumentLines;
use maildesk_core::rpc::{TemplateData, TemplateVersion};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Render {
    #[command(flatten)]
    which: Which,
    /// current, builtin, draft, or the number of a saved version
    #[arg(long = "version-of", value_name = "VERSION", default_value = "current", value_parser = version)]
    version: TemplateVersion,
    /// A document that is not saved, or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "version")]
    file: Option<PathBuf>,
    /// Fill it with this ticket instead of examples
    #[arg(long, value_name = "NUMBER")]
    ticket: Option<u64>,
    /// What to show
    #[arg(long, value_enum, default_value_t = Shown::All)]
    part: Shown,
    /// Also send it to this address
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    send_to: Option<Address>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Shown {
    /// Subject, the HTML as text, the text part, the size
    All,
    /// The text part
    Text,
    /// The HTML as a mail program without HTML shows it
    HtmlAsText,
    /// The HTML itself
    Html,
    Subject,
}

fn address(text: &str) -> Result<Address, String> {
    Address::parse(text).map_err(|problem| format!("the address {problem}"))
}

pub(super) async fn render(given: Render, session: &mut Session<'_>) -> Result<(), Failure> {
    let Render { which, version, file, ticket, part, send_to } = given;
    let (version, lines) = match &file {
        Some(file) => {
            let (source, lines) = read(file).await?;
            (TemplateVersion::Given(source), Some(lines))
        }
        None => (version, None),
    };
    let data = ticket.map_or(TemplateData::Sample, |number| TemplateData::Ticket(TicketNumber(number)));
    let client = session.client().await?;
    let preview = client.template_render(which.kind, which.language, version.clone(), data).await?;
    let lines = match lines {
        Some(lines) => lines,
        None => {
            let source = client.template_source(which.kind, which.language, version.clone()).await?;
            parse("the template", &source.to_document()).map_or(DocumentLines::default(), |(_, lines)| lines)
        }
    };
    let words = warnings(&preview.checked, lines);
    let Some(mail) = &preview.mail else {
        return Err(refused(format!("the template {which}"), &preview.checked.problems, lines));
    };
    let queued = match send_to {
        Some(to) => Some(client.template_send(which.kind, which.language, version, data, to).await?),
        None => None,
    };
    if session.output.json() {
        return session.output.answer_with("maildesk.template.render/1", mail, None, &words);
    }
    match part {
        Shown::All => {}
        Shown::Text => return session.output.bytes(mail.text.as_bytes()),
        Shown::HtmlAsText => return session.output.bytes(mail.html_as_text.as_bytes()),
        Shown::Html => return session.output.bytes(mail.html.as_bytes()),
        Shown::Subject => return session.output.bytes(format!("{}\n", mail.subject).as_bytes()),
    }
    let mut page = Page::default();
    page.line([Span::dim("Subject:"), Span::strong(&mail.subject)]);
    for (heading, text) in [("── HTML as text", &mail.html_as_text), ("── text part", &mail.text)] {
        page.empty_line();
        page.line([Span::dim(heading)]);
        text.trim_matches('\n').lines().for_each(|line| page.indented(2, [Span::exact(Style::Plain, line)]));
    }
    page.empty_line();
    page.line([Span::dim(format!("the whole mail has {}", size::bytes(mail.size)))]);
    for warning in &words {
        page.line([Span::new(Style::Attention, format!("! {warning}"))]);
    }
    if let Some(id) = queued {
        page.line([Span::plain(format!("queued as mail {id}; watch: maildesk outbox show {id}"))]);
    }
    session.output.page(&page)
}
