//! The first run line by line: the same steps, fields and draft as on the screens.

use super::Plain;
use crate::client::Client;
use crate::command::ladder;
use crate::command::mailbox::server_words;
use crate::failure::Failure;
use crate::output::Style;
use crate::screen::channels::{Field, Kind};
use crate::screen::review::changes;
use crate::screen::setup::{Counts, Step, Wizard, draft};
use crate::terminal::Drafts;
use maildesk_core::address::Address;
use maildesk_core::check::{CheckReport, Outcome};
use maildesk_core::event::DomainEvent;
use maildesk_core::rpc::SettingsView;
use std::time::Duration;

/// How long one question for events waits.
const WAIT: Duration = Duration::from_secs(2);

/// What a person wants after a test or a mistake.
enum Then {
    On,
    Again,
    Leave,
}

pub(super) async fn run(plain: &mut Plain) -> Result<(), Failure> {
    let client = Client::connect(&plain.global.socket(), plain.global.timeout).await?;
    let view = client.settings().await?;
    let drafts = Drafts::of_process(&plain.global.socket());
    let mut wizard = Wizard::on(&view);
    if let Some(text) = drafts.as_ref().and_then(|drafts| drafts.load(draft::NAME)) {
        draft::go_on(&mut wizard, &text, &view);
        plain.talk.say("This goes on where it was left; passwords are asked for anew.");
    }
    plain.talk.say("Empty keeps what is in brackets, ? explains, Ctrl-D leaves and keeps your answers.");
    let mut counts = Counts::default();
    loop {
        let step = wizard.step;
        plain.talk.say(&format!("\nStep {} of {}: {}", step.number(), Step::ALL.len(), step.title()));
        let then = match step {
            Step::Save => save(plain, &client, &mut wizard, &view).await?,
            Step::FirstMail => {
                wait(plain, &client, &wizard).await?;
                Then::Leave
            }
            _ => match fields(plain, &mut wizard).await {
                true => tested(plain, &client, &mut wizard, &view, &mut counts).await?,
                false => Then::Leave,
            },
        };
        match then {
            Then::On => {
                wizard.step = step.next();
                wizard.begin_forms(&view);
                if step == Step::Desk {
                    look_for_servers(plain, &client, &mut wizard).await;
                }
            }
            Then::Again => {}
            Then::Leave => return Ok(()),
        }
        if let Some(Err(error)) = drafts.as_ref().map(|drafts| drafts.keep(draft::NAME, &draft::text(&wizard))) {
            plain.talk.say(&format!("Your answers cannot be kept: {error}"));
        }
    }
}

/// Asks DNS for the servers of the address; without an answer the usual names stay.
async fn look_for_servers(plain: &mut Plain, client: &Client, wizard: &mut Wizard) {
    let Some(address) = wizard.address() else { return };
    plain.talk.say(&format!("Asking DNS for the servers of {}.", address.domain()));
    if let Ok(found) = client.servers(address.clone()).await {
        for proposed in [&found.imap, &found.smtp] {
            plain.talk.say(&server_words(proposed));
        }
        wizard.learn(&address, found);
    }
}

/// Asks for every field of the step; false where the person left.
async fn fields(plain: &mut Plain, wizard: &mut Wizard) -> bool {
    let mut at = 0;
    loop {
        wizard.follow_choices();
        let Some(sheet) = wizard.sheet_mut() else { return true };
        let Some(field) = sheet.fields.get_mut(at) else { return true };
        at += 1;
        if field.hidden {
            continue;
        }
        if !one(plain, field).await {
            return false;
        }
    }
}

async fn one(plain: &mut Plain, field: &mut Field) -> bool {
    loop {
        let now = match (&field.kind, field.text().as_str()) {
            (Kind::Secret, "") => "unchanged".to_owned(),
            (Kind::Secret, _) => "as typed".to_owned(),
            (Kind::Toggle, text) => if text == "true" { "yes" } else { "no" }.to_owned(),
            (_, text) => text.to_owned(),
        };
        let choices = match &field.kind {
            Kind::Choice(words) => format!(" ({})", words.join(", ")),
            Kind::Toggle => " (yes, no)".into(),
            _ => String::new(),
        };
        let question = format!("{}{choices} [{now}]", field.label);
        let answer = match field.kind {
            Kind::Secret => plain.talk.ask_secret(&question).await,
            _ => plain.talk.ask(&question).await,
        };
        let Some(answer) = answer else { return false };
        let typed = match (&field.kind, answer.as_str()) {
            (_, "?") => {
                plain.talk.say(field.help);
                continue;
            }
            (_, "") => None,
            (Kind::Toggle, "yes" | "y" | "true") => Some("true"),
            (Kind::Toggle, "no" | "n" | "false") => Some("false"),
            (Kind::Choice(words), word) if !words.iter().any(|known| known == word) => {
                plain.talk.say(&format!("It must be one of: {}", words.join(", ")));
                continue;
            }
            (_, text) => Some(text),
        };
        if let Some(text) = typed {
            field.input = crate::app::text::EditedText::line(text);
        }
        field.check();
        match field.problem.take() {
            Some(problem) => plain.talk.say(&format!("{} {problem}", field.label)),
            None => return true,
        }
    }
}

/// Tests what was answered, shows what came of it, and asks how to go on.
async fn tested(
    plain: &mut Plain,
    client: &Client,
    wizard: &mut Wizard,
    view: &SettingsView,
    counts: &mut Counts,
) -> Result<Then, Failure> {
    let settings = &view.settings;
    let step = wizard.step;
    let name = |form: &Option<crate::screen::channels::Form>| form.as_ref().map(|form| form.name.clone());
    match step {
        Step::Desk => Ok(if wizard.with_desk(settings).is_some() { Then::On } else { mistakes(plain, wizard) }),
        Step::Inbound | Step::Start => {
            let (Some(first_import), Some(name)) = (wizard.first_import(), name(&wizard.inbound)) else {
                return Ok(mistakes(plain, wizard));
            };
            let mailbox = wizard.with_inbound(settings);
            let mailbox = mailbox.and_then(|all| all.mailbox.into_iter().find(|one| one.name.as_str() == name));
            let Some(mailbox) = mailbox else { return Ok(mistakes(plain, wizard)) };
            plain.talk.say("Testing; nothing is changed on the server.");
            let report = client.mailbox_check(mailbox).await?;
            counts.learn(&first_import, &report);
            if step == Step::Inbound {
                let then = judge(plain, &report).await;
                if let (Some(mails), Some(unread)) = (counts.in_folder, counts.unread) {
                    plain.talk.say(&format!("The folder has {mails} mails, {unread} of them unread."));
                }
                return Ok(then);
            }
            let takes = counts.of(&first_import).map_or("an unknown number of".to_owned(), |mails| mails.to_string());
            plain.talk.say(&format!("{first_import} takes {takes} mails that are there now; none is acknowledged."));
            Ok(if plain.talk.confirm("Go on with that?").await { Then::On } else { Then::Again })
        }
        _ => {
            let sender = wizard.with_outbound(settings);
            let name = name(&wizard.outbound);
            let sender = sender.and_then(|all| all.sender.into_iter().find(|one| Some(one.name.to_string()) == name));
            let Some(sender) = sender else { return Ok(mistakes(plain, wizard)) };
            let to = plain.talk.ask("Send a test mail to (an address; empty: only test)").await;
            let to = to.and_then(|to| Address::parse(&to).ok());
            let report = client.sender_check(sender, to).await?;
            Ok(judge(plain, &report).await)
        }
    }
}

/// Says what is wrong, and asks for the fields once more.
fn mistakes(plain: &mut Plain, wizard: &mut Wizard) -> Then {
    let general = [&wizard.inbound, &wizard.outbound].into_iter().flatten().filter_map(|form| form.general.clone());
    let mut said: Vec<String> = general.collect();
    let sheet = wizard.sheet().map(|sheet| sheet.fields.as_slice()).unwrap_or_default();
    said.extend(sheet.iter().filter_map(|field| Some(format!("{} {}", field.label, field.problem.as_ref()?))));
    said.iter().for_each(|line| plain.talk.say(line));
    if said.is_empty() {
        plain.talk.say("The password of the mailbox is needed once more.");
        wizard.step = Step::Inbound;
    }
    Then::Again
}

async fn judge(plain: &mut Plain, report: &CheckReport) -> Then {
    plain.talk.show(&ladder::page(report));
    if report.conclusion.outcome != Outcome::Failed {
        return Then::On;
    }
    match plain.talk.choose("What now", &["Change the answers", "Go on all the same", "Leave; answers are kept"]).await
    {
        Some(0) => Then::Again,
        Some(1) => Then::On,
        _ => Then::Leave,
    }
}

async fn save(plain: &mut Plain, client: &Client, wizard: &mut Wizard, view: &SettingsView) -> Result<Then, Failure> {
    let settings = match wizard.settings(&view.settings) {
        Ok(settings) => settings,
        Err(step) => {
            wizard.step = step;
            return Ok(mistakes(plain, wizard));
        }
    };
    plain.talk.show(&changes(&client.settings_diff(settings.clone()).await?));
    if !plain.talk.confirm("Save this? Polling begins then").await {
        plain.talk.say("Nothing was saved; your answers are kept: maildesk --plain setup goes on here.");
        return Ok(Then::Leave);
    }
    let done = client.settings_apply(settings, view.revision).await?;
    plain.talk.say(&format!("Saved: revision {}.", done.revision));
    Ok(Then::On)
}

/// Until the first ticket, or Ctrl-C.
async fn wait(plain: &mut Plain, client: &Client, wizard: &Wizard) -> Result<(), Failure> {
    let address = wizard.desk.text("address");
    plain.talk.say(&format!("Write a mail to {address} now; it shows up here. Ctrl-C leaves."));
    let mut seen = client.newest_event().await?;
    loop {
        let batch = tokio::select! {
            batch = client.events_after(seen, WAIT) => batch?,
            _ = tokio::signal::ctrl_c() => return Ok(()),
        };
        seen = batch.next;
        for event in &batch.events {
            if let DomainEvent::MailJudged { from, subject, outcome, .. } = &event.what
                && let Some(ticket) = outcome.ticket()
            {
                let mut page = crate::output::Page::default();
                let said = format!("Ticket #{ticket} from {from}: {subject}. The desk is open.");
                page.line([crate::output::Span::new(Style::Plain, said)]);
                plain.talk.show(&page);
                if let Some(drafts) = Drafts::of_process(&plain.global.socket()) {
                    drop(drafts.keep(draft::NAME, ""));
                }
                return Ok(());
            }
        }
        client.mailbox_poll(None).await?;
    }
}
