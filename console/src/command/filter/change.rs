//! Changing the rules within the settings, under the revision that was read.

use super::list::{add_warnings, shadowed_words};
use super::{Session, editor, filter_name, not_there, read};
use crate::client::Client;
use crate::command::editor::Edited;
use crate::failure::Failure;
use crate::output::{Page, Span};
use clap::Args;
use maildesk_core::filter::arrange::{self, ArrangeError, Place};
use maildesk_core::filter::{Filter, shadowed, to_toml};
use maildesk_core::rpc::SettingsView;
use maildesk_core::settings::{FieldProblem, FilterName, filters_from_toml};
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct Add {
    /// A document with [[filter]] sections, or - for standard input
    file: PathBuf,
    #[command(flatten)]
    at: At,
}

#[derive(Debug, Args)]
pub struct Move {
    /// Name of the filter
    #[arg(value_parser = filter_name)]
    name: FilterName,
    #[command(flatten)]
    at: At,
}

/// A place in the order.
#[derive(Debug, Clone, Default, Args)]
#[group(multiple = false)]
pub struct At {
    /// Before all others
    #[arg(long)]
    first: bool,
    /// Behind all others
    #[arg(long)]
    last: bool,
    /// Before this filter
    #[arg(long, value_name = "NAME", value_parser = filter_name)]
    before: Option<FilterName>,
    /// Behind this filter
    #[arg(long, value_name = "NAME", value_parser = filter_name)]
    after: Option<FilterName>,
}

impl At {
    /// The place that is given, if one is.
    fn place(&self) -> Option<Place> {
        let given = self.before.clone().map(Place::Before).or(self.after.clone().map(Place::After));
        given.or(self.first.then_some(Place::First)).or(self.last.then_some(Place::Last))
    }
}

#[derive(Serialize)]
struct Changed {
    /// Of the settings as they now are.
    revision: maildesk_core::ids::Revision,
    /// Names of all rules in their order.
    filters: Vec<FilterName>,
}

pub(super) async fn add(add: Add, session: &mut Session<'_>) -> Result<(), Failure> {
    let rules = read(&add.file).await?;
    add_all(rules, &add.at, session).await
}

/// Adds rules at one place, in their order.
pub(super) async fn add_all(rules: Vec<Filter>, at: &At, session: &mut Session<'_>) -> Result<(), Failure> {
    let (client, mut view) = begin(session).await?;
    let mut place = at.place().unwrap_or(Place::Last);
    let names: Vec<String> = rules.iter().map(|rule| rule.name.to_string()).collect();
    for rule in rules {
        let behind = Place::After(rule.name.clone());
        arrange::add(&mut view.settings.filter, rule, &place).map_err(refused)?;
        place = behind;
    }
    save(&client, view, &format!("added {}", names.join(", ")), session).await
}

pub(super) async fn edit(name: &FilterName, file: Option<&Path>, session: &mut Session<'_>) -> Result<(), Failure> {
    let (client, mut view) = begin(session).await?;
    let known = view.settings.filter.iter().find(|rule| rule.name == *name).ok_or_else(|| not_there(name))?;
    let rules = match file {
        Some(file) => read(file).await?,
        None => match editor::edit(name.as_str(), "toml", to_toml(std::slice::from_ref(known))).await? {
            Some(edited) => rules_of(name, edited)?,
            None => return said("nothing was changed", session),
        },
    };
    let [rule]: [Filter; 1] = rules.try_into().map_err(|rules: Vec<Filter>| {
        Failure::Usage(format!("the document holds {} rules: give one [[filter]]", rules.len()))
    })?;
    arrange::replace(&mut view.settings.filter, name, rule).map_err(refused)?;
    save(&client, view, &format!("changed {name}"), session).await
}

/// What does not check stays in its file, which the error names.
fn rules_of(name: &FilterName, edited: Edited) -> Result<Vec<Filter>, Failure> {
    let rules = filters_from_toml(&edited.text).map_err(|mut problems| {
        let file = edited.file.display();
        let problem = format!("was kept as {file}");
        let remedy = format!("set it right: maildesk filter edit {name} --file {file}");
        problems.push(FieldProblem { field: "the text".into(), problem, remedy });
        Failure::Invalid { what: "the rule".into(), problems }
    })?;
    edited.done();
    Ok(rules)
}

pub(super) async fn remove(names: &[FilterName], session: &mut Session<'_>) -> Result<(), Failure> {
    let (client, mut view) = begin(session).await?;
    for name in names {
        arrange::remove(&mut view.settings.filter, name).map_err(refused)?;
    }
    save(&client, view, &format!("removed {}", joined(names)), session).await
}

pub(super) async fn move_to(moved: Move, session: &mut Session<'_>) -> Result<(), Failure> {
    let Some(place) = moved.at.place() else {
        return Err(Failure::Usage("say where: --first, --last, --before NAME or --after NAME".into()));
    };
    let (client, mut view) = begin(session).await?;
    arrange::move_to(&mut view.settings.filter, &moved.name, &place).map_err(refused)?;
    save(&client, view, &format!("moved {}", moved.name), session).await
}

pub(super) async fn enable(names: &[FilterName], on: bool, session: &mut Session<'_>) -> Result<(), Failure> {
    let (client, mut view) = begin(session).await?;
    for name in names {
        arrange::enable(&mut view.settings.filter, name, on).map_err(refused)?;
    }
    let done = if on { "enabled" } else { "disabled" };
    save(&client, view, &format!("{done} {}", joined(names)), session).await
}

async fn begin(session: &Session<'_>) -> Result<(Client, SettingsView), Failure> {
    let client = session.client().await?;
    let view = client.settings().await?;
    Ok((client, view))
}

fn joined(names: &[FilterName]) -> String {
    names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ")
}

fn refused(error: ArrangeError) -> Failure {
    match error {
        ArrangeError::NotThere(name) => not_there(&name),
        ArrangeError::Taken(name) => Failure::Invalid {
            what: "the rule".into(),
            problems: vec![FieldProblem {
                field: format!("filter \"{name}\": name"),
                problem: "is taken".into(),
                remedy: "give another name, or change that one with maildesk filter edit".into(),
            }],
        },
    }
}

/// Applies the settings if they are still as they were read.
async fn save(client: &Client, view: SettingsView, done: &str, session: &mut Session<'_>) -> Result<(), Failure> {
    let filters = view.settings.filter.clone();
    let applied = client.settings_apply(view.settings, view.revision).await?;
    let warnings: Vec<String> = shadowed(&filters).iter().map(shadowed_words).collect();
    if session.output.json() {
        let names = filters.into_iter().map(|filter| filter.name).collect();
        let changed = Changed { revision: applied.revision, filters: names };
        return session.output.answer_with("maildesk.filter.change/1", &changed, None, &warnings);
    }
    let mut page = Page::default();
    let words = match applied.changes.is_empty() {
        true => format!("nothing changes; the settings are revision {}", applied.revision),
        false => format!("{done}; the settings now are revision {}", applied.revision),
    };
    page.line([Span::plain(words)]);
    add_warnings(&mut page, &warnings);
    session.output.page(&page)
}

fn said(text: &str, session: &mut Session<'_>) -> Result<(), Failure> {
    let mut page = Page::default();
    page.line([Span::dim(text)]);
    session.output.page(&page)
}
