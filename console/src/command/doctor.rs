//! `maildesk doctor`: why mail lands in spam or does not go out, made to paste.

use super::{Finished, Session};
use crate::failure::Failure;
use crate::output::{Page, Span, Style};
use clap::Args;
use maildesk_core::doctor::{Check, Finding, Report, Verdict};
use maildesk_core::settings::SenderName;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Name of the sender; absent: all
    #[arg(value_parser = sender_name)]
    sender: Option<SenderName>,
}

fn sender_name(text: &str) -> Result<SenderName, String> {
    SenderName::parse(text).map_err(|error| error.to_string())
}

pub(super) async fn run(arguments: Arguments, session: &mut Session<'_>) -> Result<Finished, Failure> {
    let report = session.client().await?.doctor(arguments.sender).await?;
    if session.output.json() {
        session.output.answer("maildesk.doctor/1", &report, None)?;
    } else {
        session.output.page(&page(&report))?;
    }
    Ok(if report.has_problems() { Finished::WithFindings } else { Finished::Well })
}

/// Every finding.
pub(crate) fn page(report: &Report) -> Page {
    let mut page = Page::default();
    page.line([Span::strong(format!("maildesk doctor, maildeskd {}, {}", report.version, report.at))]);
    page.empty_line();
    page.line([Span::strong("desk")]);
    report.desk.iter().for_each(|finding| one(&mut page, finding));
    for sender in &report.senders {
        page.empty_line();
        page.line([Span::strong(format!("sender {}", sender.name)), Span::dim(format!("({})", sender.from))]);
        sender.findings.iter().for_each(|finding| one(&mut page, finding));
    }
    page.empty_line();
    let count = |verdict| report.findings().filter(|finding| finding.verdict == verdict).count();
    page.line([Span::plain(format!(
        "{} good, {} warnings, {} bad, {} not judged",
        count(Verdict::Good),
        count(Verdict::Warning),
        count(Verdict::Bad),
        count(Verdict::Unknown),
    ))]);
    page
}

fn one(page: &mut Page, finding: &Finding) {
    let (style, word) = match finding.verdict {
        Verdict::Good => (Style::Good, "good"),
        Verdict::Unknown => (Style::Dim, "unknown"),
        Verdict::Warning => (Style::Attention, "warning"),
        Verdict::Bad => (Style::Bad, "bad"),
    };
    page.indented(
        2,
        [
            Span::exact(style, &format!("{word:7}")),
            Span::exact(Style::Plain, &format!("{:11}", name(finding.check))),
            Span::plain(format!("{}: {}", finding.subject, finding.meaning)),
        ],
    );
    for record in &finding.found {
        page.indented(10, [Span::dim("found:"), Span::plain(record)]);
    }
    if let Some(remedy) = &finding.remedy {
        page.indented(10, [Span::dim("try:"), Span::plain(remedy)]);
    }
    if let Some(record) = &finding.publish {
        page.indented(
            10,
            [Span::dim("publish:"), Span::plain(format!("{} {} {}", record.name, record.kind, record.value))],
        );
    }
}

fn name(check: Check) -> &'static str {
    match check {
        Check::Dns => "DNS",
        Check::Spf => "SPF",
        Check::Dkim => "DKIM",
        Check::Dmarc => "DMARC",
        Check::Mx => "MX",
        Check::ReverseDns => "reverse DNS",
        Check::Queue => "queue",
        Check::Clock => "clock",
        Check::Disk => "disk",
        Check::Secrets => "secrets",
        Check::Connection => "connection",
        Check::Certificate => "certificate",
    }
}
