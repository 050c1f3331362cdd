//! What `maildesk contact` and `maildesk customer` share: list, show, import and export of one kind of record.

use super::import::Parsed;
use super::listing::{Listing, collect, mention_rest};
use super::saving::NewFile;
use super::{Session, cells, import};
use crate::client::{Client, ClientError};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::json::directory::Export;
use crate::output::time::{both, relative};
use crate::output::{Column, Page, Span, Style, Table};
use clap::Args;
use jiff::Timestamp;
use maildesk_core::rpc::{Imported, Rows, Window};
use serde::Serialize;
use std::path::PathBuf;

/// A kind of record that is listed, shown, imported and exported.
pub(crate) trait Record: Sized {
    type Json: From<Self> + Serialize;
    type Import;

    /// `contacts`.
    const PLURAL: &'static str;
    /// Names of the JSON documents: list, show, import, export.
    const SCHEMAS: [&'static str; 4];
    /// Said where there is none.
    const NONE_YET: &'static str;
    /// First line of the CSV file.
    const CSV: &'static [&'static str];

    async fn window(client: &Client, window: Window) -> Result<Rows<Self>, ClientError>;
    async fn send(client: &Client, rows: Vec<Self::Import>, dry_run: bool) -> Result<Imported, ClientError>;
    fn read_csv(text: &str) -> Parsed<Self::Import>;

    /// Of the table, between number and age.
    fn columns() -> Vec<Column>;
    fn cells(&self) -> Vec<String>;
    /// Fields of a CSV row, in the order of [`CSV`](Record::CSV).
    fn csv(&self) -> Vec<String>;
    /// What it is called, and its name.
    fn title(&self) -> [String; 2];
    fn fields(&self) -> Vec<(&'static str, Option<String>)>;
    fn number(&self) -> u64;
    fn created(&self) -> jiff::Timestamp;
}

#[derive(Debug, Args)]
pub struct ExportTo {
    /// The file to write; without it, standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long, requires = "output")]
    pub force: bool,
    /// Say how many rows there are, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

pub(super) async fn list<R: Record>(listing: &Listing, session: &mut Session<'_>) -> Result<(), Failure> {
    let client = session.client().await?;
    let rows = collect(listing, async |window| R::window(&client, window).await).await?;
    if session.output.json() {
        let json: Vec<R::Json> = rows.rows.into_iter().map(R::Json::from).collect();
        return session.output.answer(R::SCHEMAS[0], &json, rows.next);
    }
    let clock = session.output.clock().clone();
    let table = table(&rows.rows, &|at| relative(at, &clock));
    session.output.table(&table, R::NONE_YET)?;
    mention_rest(&rows);
    Ok(())
}

/// The list as people read it; `when` says how its times are told.
pub(crate) fn table<R: Record>(rows: &[R], when: &dyn Fn(Timestamp) -> String) -> Table {
    let columns = std::iter::once(Column::Number("Id")).chain(R::columns()).chain([Column::Word("Since")]);
    let mut table = Table::new(columns);
    for row in rows {
        let age = when(row.created());
        table.row(Style::Plain, std::iter::once(row.number().to_string()).chain(row.cells()).chain([age]));
    }
    table
}

pub(super) fn show<R: Record>(record: R, schema: &'static str, session: &mut Session<'_>) -> Result<(), Failure> {
    if session.output.json() {
        return session.output.answer(schema, &R::Json::from(record), None);
    }
    let page = page_of(&record, session.output.clock());
    session.output.page(&page)
}

/// One record as people read it.
pub(crate) fn page_of<R: Record>(record: &R, clock: &Clock) -> Page {
    let mut page = Page::default();
    page.line(record.title().map(Span::strong));
    page.fields(record.fields().into_iter().chain([("created", Some(both(record.created(), clock)))]));
    page
}

pub(super) async fn import<R: Record>(arguments: &import::Import, session: &mut Session<'_>) -> Result<(), Failure> {
    let Parsed { rows, mut problems } = import::read(&arguments.file, R::read_csv).await?;
    if !problems.is_empty() {
        // All mistakes at once, also those that the daemon alone can see.
        if !rows.is_empty()
            && let Ok(client) = session.client().await
        {
            problems.extend(import::objections(rows, async |batch| R::send(&client, batch, true).await).await);
        }
        return Err(import::refused(&arguments.file, problems));
    }
    let client = session.client().await?;
    let send = async |batch| R::send(&client, batch, arguments.dry_run).await;
    let done = import::send_all(rows, arguments.dry_run, send).await?;
    import::show(&done, R::PLURAL, R::SCHEMAS[2], session)
}

/// Every record as CSV that [`import`] reads back without a change.
pub(super) async fn export<R: Record>(to: &ExportTo, session: &mut Session<'_>) -> Result<(), Failure> {
    if session.output.json() && to.output.is_none() && !to.dry_run {
        return Err(Failure::Usage("the rows are CSV: with --json give -o FILE, or --dry-run".into()));
    }
    let client = session.client().await?;
    let everything = Listing { limit: 1, all: true, after: None };
    let rows = collect(&everything, async |window| R::window(&client, window).await).await?.rows;
    let export = Export { dry_run: to.dry_run, rows: rows.len(), file: to.output.clone() };
    if !to.dry_run {
        let text = csv_text(&rows)?;
        match &to.output {
            None => return session.output.bytes(&text),
            Some(place) => {
                let mut file = NewFile::begin(place, to.force)?;
                file.write(&text)?;
                file.keep()?;
            }
        }
    }
    if session.output.json() {
        return session.output.answer(R::SCHEMAS[3], &export, None);
    }
    let mut page = Page::default();
    page.line([Span::strong(format!("{}:", R::PLURAL)), Span::plain(format!("{} exported", export.rows))]);
    if to.dry_run {
        page.line([Span::dim("a dry run: nothing was written")]);
    }
    session.output.page(&page)
}

fn csv_text<R: Record>(rows: &[R]) -> Result<Vec<u8>, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let write = |writer: &mut csv::Writer<Vec<u8>>| -> Result<(), csv::Error> {
        writer.write_record(R::CSV)?;
        rows.iter().try_for_each(|row| writer.write_record(row.csv().into_iter().map(cells::exported)))
    };
    write(&mut writer).map_err(|error| Failure::Output(std::io::Error::other(error)))?;
    writer.into_inner().map_err(|error| Failure::Output(error.into_error()))
}
