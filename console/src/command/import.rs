//! Lists of contacts and customers from CSV files: every problem by line first, then rows in batches.

use super::{Session, cells, input};
use crate::client::ClientError;
use crate::failure::Failure;
use crate::json::directory;
use crate::output::progress::Progress;
use crate::output::{Page, Span};
use clap::Args;
use maildesk_core::address::Address;
use maildesk_core::directory::DomainPattern;
use maildesk_core::rpc::{ContactImport, CustomerImport, Imported, RpcError};
use maildesk_core::settings::FieldProblem;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct Import {
    /// A CSV file (UTF-8, commas) with a header row, or - for standard input
    pub file: PathBuf,
    /// Check every row and say what would change
    #[arg(long)]
    pub dry_run: bool,
}

/// Rows in one call.
const BATCH: usize = 200;

/// Problems listed at the most: the first show what is wrong with the rest.
const PROBLEMS_SHOWN: usize = 20;

/// The rows of a file that can be read, and what is wrong with the others.
#[derive(Debug)]
pub(crate) struct Parsed<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) problems: Vec<FieldProblem>,
}

/// Reads a file and its rows; with one problem nothing is to be taken.
pub(super) async fn read<T>(file: &Path, rows: fn(&str) -> Parsed<T>) -> Result<Parsed<T>, Failure> {
    Ok(rows(&input::read_text(file).await?))
}

/// What is wrong with a file, in the order of its lines.
pub(super) fn refused(file: &Path, mut problems: Vec<FieldProblem>) -> Failure {
    problems.sort_by_key(|problem| {
        let number = problem.field.strip_prefix("line ").and_then(|rest| rest.split(':').next());
        number.and_then(|number| number.parse::<u32>().ok()).unwrap_or(0)
    });
    if let Some(more) = problems.len().checked_sub(PROBLEMS_SHOWN).filter(|more| *more > 0) {
        problems.truncate(PROBLEMS_SHOWN);
        problems.push(problem("file", format!("{more} more problems are not shown"), "set these right first"));
    }
    Failure::Invalid { what: input::name(file), problems }
}

/// What the daemon has against rows that could be read; nothing is changed. Where it cannot be asked, nothing.
pub(super) async fn objections<T>(
    rows: Vec<T>,
    dry_run: impl AsyncFn(Vec<T>) -> Result<Imported, ClientError>,
) -> Vec<FieldProblem> {
    match send_all(rows, true, dry_run).await {
        Err(Failure::Client(ClientError::Refused(RpcError::Invalid(problems)))) => problems,
        _ => Vec::new(),
    }
}

/// Contacts: `name,addresses,customer`.
pub(super) fn contact_rows(text: &str) -> Parsed<ContactImport> {
    records(text, ["name", "addresses", "customer"], |line, [name, addresses, customer], problems| {
        let addresses = words(addresses);
        if addresses.is_empty() {
            problems.push(at(line, "addresses", "are empty", "give at least one address"));
        }
        for address in &addresses {
            if let Err(error) = Address::parse(address) {
                problems.push(at(
                    line,
                    "addresses",
                    &format!("{address} {error}"),
                    "use addresses such as ann@example.org",
                ));
            }
        }
        ContactImport { line, name: name.to_owned(), addresses, customer: customer.to_owned() }
    })
}

/// Customers: `name,domains`.
pub(super) fn customer_rows(text: &str) -> Parsed<CustomerImport> {
    records(text, ["name", "domains"], |line, [name, domains], problems| {
        if name.is_empty() {
            problems.push(at(line, "name", "is empty", "give the customer's name"));
        }
        let domains = words(domains);
        for domain in domains.iter().filter(|domain| DomainPattern::parse(domain).is_err()) {
            problems.push(at(
                line,
                "domains",
                &format!("{domain} is not a domain"),
                "use domains such as example.org, or *.example.org for all below it too",
            ));
        }
        CustomerImport { line, name: name.to_owned(), domains }
    })
}

fn words(cell: &str) -> Vec<String> {
    cell.split(|c: char| c.is_whitespace() || c == ';').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn records<T, const COLUMNS: usize>(
    text: &str,
    columns: [&str; COLUMNS],
    convert: impl Fn(u32, [&str; COLUMNS], &mut Vec<FieldProblem>) -> T,
) -> Parsed<T> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let none = |problem| Parsed { rows: Vec::new(), problems: vec![problem] };
    let header = match reader.headers() {
        Ok(header) => header,
        Err(error) => return none(unreadable(&error)),
    };
    let found: Vec<String> = header.iter().map(|name| name.trim_start_matches('\u{feff}').to_lowercase()).collect();
    if found != columns {
        let remedy = match found.first() {
            Some(first) if first.contains(';') || first.contains('\t') => "separate the columns by commas".to_owned(),
            _ => format!("the first line must be {}", columns.join(",")),
        };
        return none(problem("line 1", format!("the columns are {}", found.join(",")), &remedy));
    }
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.push(unreadable(&error));
                continue;
            }
        };
        let line = record.position().map_or(0, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        let cells = std::array::from_fn(|position| cells::imported(record.get(position).unwrap_or_default()));
        let before = problems.len();
        let row = convert(line, cells, &mut problems);
        if problems.len() == before {
            rows.push(row);
        }
    }
    if rows.is_empty() && problems.is_empty() {
        problems.push(problem("file", "holds no rows".into(), "put one row for each below the header"));
    }
    Parsed { rows, problems }
}

fn unreadable(error: &csv::Error) -> FieldProblem {
    let line = error.position().map_or_else(|| "file".to_owned(), |position| format!("line {}", position.line()));
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            let said = format!("has {len} columns instead of {expected_len}");
            problem(&line, said, "put texts that hold commas into double quotes")
        }
        _ => problem(&line, error.to_string(), "the file must be CSV in UTF-8"),
    }
}

fn at(line: u32, column: &str, said: &str, remedy: &str) -> FieldProblem {
    problem(&format!("line {line}: {column}"), said.to_owned(), remedy)
}

fn problem(field: &str, said: String, remedy: &str) -> FieldProblem {
    FieldProblem { field: field.to_owned(), problem: said, remedy: remedy.to_owned() }
}

/// Sends the rows in batches, one after the other. Where one is refused, says how many rows are in already; a dry run
/// goes on, and says what is wrong with all of them.
pub(super) async fn send_all<T>(
    rows: Vec<T>,
    dry_run: bool,
    send: impl AsyncFn(Vec<T>) -> Result<Imported, ClientError>,
) -> Result<directory::Import, Failure> {
    let total = rows.len();
    let mut progress = Progress::start();
    let (mut sum, mut done, mut refused) = (Imported::default(), 0, Vec::new());
    let mut rows = rows.into_iter();
    loop {
        let batch: Vec<T> = rows.by_ref().take(BATCH).collect();
        if batch.is_empty() && !refused.is_empty() {
            return Err(ClientError::Refused(RpcError::Invalid(refused)).into());
        }
        if batch.is_empty() {
            return Ok(directory::Import::of(sum, total, dry_run));
        }
        let size = batch.len();
        match send(batch).await {
            Ok(part) => {
                sum.added += part.added;
                sum.changed += part.changed;
                sum.unchanged += part.unchanged;
            }
            Err(ClientError::Refused(RpcError::Invalid(problems))) if dry_run => refused.extend(problems),
            Err(error) if done > 0 && !dry_run => {
                return Err(Failure::ImportStopped { done, cause: Box::new(error.into()) });
            }
            Err(error) => return Err(error.into()),
        }
        done += size;
        progress.say(&format!("{done} of {total} rows"));
    }
}

pub(super) fn show(
    done: &directory::Import,
    what: &str,
    schema: &'static str,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    if session.output.json() {
        return session.output.answer(schema, done, None);
    }
    let mut page = Page::default();
    let counts = format!("{} added, {} changed, {} unchanged", done.added, done.changed, done.unchanged);
    page.line([Span::strong(format!("{what}:")), Span::plain(counts)]);
    if done.dry_run {
        page.line([Span::dim("a dry run: nothing was changed")]);
    }
    session.output.page(&page)
}
