//! What was answered so far, and the settings that it makes. Nothing here draws or asks the daemon.

use super::start;
use super::step::Step;
use crate::screen::channels::{Field, Form, Kind, Noun, SOURCE, Sheet, serve};
use maildesk_core::address::Address;
use maildesk_core::language::Language;
use maildesk_core::rpc::SettingsView;
use maildesk_core::settings::proposal::{Proposal, Proposed, propose, short_name};
use maildesk_core::settings::{FieldProblem, Settings, ZoneName};
use serde_json::{Value, json};

#[derive(Debug)]
pub struct Wizard {
    pub step: Step,
    pub desk: Sheet,
    pub inbound: Option<Form>,
    pub start: Sheet,
    pub outbound: Option<Form>,
    /// The address that both forms were begun for.
    begun_for: String,
    /// What the servers in the forms were taken from, unless a person changed them.
    pub proposed: Option<Proposal>,
}

const INBOUND: &[&str] = &[
    "server.host",
    "server.port",
    "server.encryption",
    "login.username",
    SOURCE,
    "login.password",
    "login.mechanism",
    "folder",
    "server.ca_file",
    "server.pin_sha256",
];
const LOGIN: &[&str] = &["login.username", SOURCE, "login.password", "login.mechanism"];
const OUTBOUND: &[&str] =
    &["", "server.host", "server.port", "server.encryption", "ehlo_name", "server.ca_file", "server.pin_sha256"];

impl Wizard {
    /// On the settings as they are.
    pub fn on(view: &SettingsView) -> Self {
        let settings = &view.settings;
        let mailbox = settings.mailbox.first();
        let mut desk = Sheet::new(desk_fields());
        desk.set("desk.name", &settings.desk.name);
        desk.set("address", &mailbox.map(|mailbox| mailbox.address.to_string()).unwrap_or_default());
        let shown = settings.sender.first().and_then(|sender| sender.display_name.clone());
        desk.set("display_name", &shown.unwrap_or_default());
        desk.set("desk.language", settings.desk.language.tag());
        desk.set("desk.time_zone", &settings.desk.time_zone.to_string());
        let start = start::sheet(mailbox);
        Self { step: Step::Desk, desk, inbound: None, start, outbound: None, begun_for: String::new(), proposed: None }
    }

    pub fn address(&self) -> Option<Address> {
        Address::parse(&self.desk.text("address")).ok()
    }

    /// The fields of this step, where it has some.
    pub fn sheet(&self) -> Option<&Sheet> {
        match self.step {
            Step::Desk => Some(&self.desk),
            Step::Inbound => self.inbound.as_ref().map(|form| &form.sheet),
            Step::Start => Some(&self.start),
            Step::Outbound => self.outbound.as_ref().map(|form| &form.sheet),
            Step::Save | Step::FirstMail => None,
        }
    }

    pub fn sheet_mut(&mut self) -> Option<&mut Sheet> {
        match self.step {
            Step::Desk => Some(&mut self.desk),
            Step::Inbound => self.inbound.as_mut().map(|form| &mut form.sheet),
            Step::Start => Some(&mut self.start),
            Step::Outbound => self.outbound.as_mut().map(|form| &mut form.sheet),
            Step::Save | Step::FirstMail => None,
        }
    }

    /// Begins the forms, with the servers that the address most likely has. Forms of another address are begun anew.
    pub fn begin_forms(&mut self, view: &SettingsView) {
        let Some(address) = self.address() else { return };
        if self.begun_for == address.to_string() && self.inbound.is_some() {
            return;
        }
        let proposal = propose(&address);
        let settings = &view.settings;
        let known = settings.mailbox.iter().find(|mailbox| mailbox.address == address);
        let name = known.map_or_else(|| free_name(&short_name(&address), settings), |mailbox| mailbox.name.to_string());
        let mut inbound = Form::open(Noun::Mailbox, &name, view);
        let sender = known
            .and_then(|mailbox| settings.sender_for(mailbox))
            .or_else(|| settings.sender.iter().find(|sender| sender.from == address && sender.way.smtp().is_some()));
        let name = sender.map_or(name, |sender| sender.name.to_string());
        let mut outbound = Form::open(Noun::Sender, &name, view);
        outbound.sheet.fields.insert(0, same_login());
        if inbound.is_new {
            serve(&mut inbound.sheet, &proposal.imap.server);
            inbound.sheet.set("login.username", address.as_str());
        }
        if outbound.is_new {
            serve(&mut outbound.sheet, &proposal.smtp.server);
            outbound.sheet.set("", "true");
            outbound.sheet.set("login.username", address.as_str());
        }
        inbound.sheet.show_only(INBOUND);
        (self.inbound, self.outbound, self.begun_for) = (Some(inbound), Some(outbound), address.to_string());
        self.proposed = Some(proposal);
        self.follow_choices();
    }

    /// Takes what the daemon found for an address, where a person has not chosen otherwise meanwhile.
    pub fn learn(&mut self, address: &Address, found: Proposal) {
        if self.begun_for != address.as_str() {
            return;
        }
        let before = self.proposed.take();
        let untouched = |sheet: &Sheet, of: Option<&Proposed>| {
            let of = of.map(|proposed| (proposed.server.host.clone(), proposed.server.port.to_string()));
            of.is_some_and(|(host, port)| sheet.text("server.host") == host && sheet.text("server.port") == port)
        };
        let (imap, smtp) = before.map(|before| (before.imap, before.smtp)).unzip();
        for (form, was, is) in [(&mut self.inbound, imap, &found.imap), (&mut self.outbound, smtp, &found.smtp)] {
            if let Some(form) = form
                && form.is_new
                && untouched(&form.sheet, was.as_ref())
            {
                serve(&mut form.sheet, &is.server);
            }
        }
        self.proposed = Some(found);
    }

    /// How the server of this step is known, where it stands as it was proposed.
    pub fn source(&self) -> Option<String> {
        let proposal = self.proposed.as_ref()?;
        let (form, proposed) = match self.step {
            Step::Inbound => (self.inbound.as_ref()?, &proposal.imap),
            Step::Outbound => (self.outbound.as_ref()?, &proposal.smtp),
            _ => return None,
        };
        let stands = form.is_new && form.sheet.text("server.host") == proposed.server.host;
        stands.then(|| format!("{}: {}", proposed.server.host, proposed.source.words()))
    }

    /// Shows the fields that the choices made want, and no others.
    pub fn follow_choices(&mut self) {
        let since = self.start.text("choice") == "since";
        self.start.fields.iter_mut().filter(|field| field.path == "day").for_each(|field| field.hidden = !since);
        if let Some(inbound) = &mut self.inbound {
            inbound.sheet.follow_secret();
        }
        if let Some(outbound) = &mut self.outbound {
            let focus = outbound.sheet.focus;
            let shown = [OUTBOUND, if outbound.sheet.text("") == "true" { &[] } else { LOGIN }].concat();
            outbound.sheet.show_only(&shown);
            outbound.sheet.follow_secret();
            if outbound.sheet.fields.get(focus).is_some_and(|field| !field.hidden) {
                outbound.sheet.focus = focus;
            }
        }
    }

    /// What the first poll takes, as it stands in the settings.
    pub fn first_import(&mut self) -> Option<String> {
        start::first_import(&mut self.start)
    }

    /// The settings with desk and mailbox as answered, for a test; whether there is a sender does not matter yet.
    pub fn with_inbound(&mut self, now: &Settings) -> Option<Settings> {
        let settings = self.with_desk(now)?;
        let (address, first_import) = (self.desk.text("address"), self.first_import()?);
        let sender = self.outbound.as_ref().map(|form| form.name.clone()).unwrap_or_default();
        let form = self.inbound.as_mut()?;
        form.sheet.set("address", address.trim());
        if form.is_new && !now.sender.is_empty() {
            form.sheet.set("sender", &sender);
        }
        form.sheet.set("first_import", &first_import);
        let own = format!("mailbox \"{}\": ", form.name);
        let counts = |problem: &FieldProblem| problem.field.strip_prefix(&own).is_some_and(|path| path != "sender");
        form.laid_upon(&settings, &[], counts)
    }

    /// The settings with everything as answered.
    pub fn with_outbound(&mut self, now: &Settings) -> Option<Settings> {
        let settings = self.with_inbound(now)?;
        let login = self.borrowed_login();
        let (address, shown) = (self.desk.text("address"), self.desk.text("display_name"));
        let form = self.outbound.as_mut()?;
        form.sheet.set("from", address.trim());
        form.sheet.set("display_name", shown.trim());
        form.laid_upon(&settings, &login, |_| true)
    }

    /// All settings, or the first step that something is wrong with.
    pub fn settings(&mut self, now: &Settings) -> Result<Settings, Step> {
        if self.with_desk(now).is_none() || self.inbound.is_none() {
            return Err(Step::Desk);
        }
        if self.first_import().is_none() {
            return Err(Step::Start);
        }
        if self.with_inbound(now).is_none() {
            return Err(Step::Inbound);
        }
        self.with_outbound(now).ok_or(Step::Outbound)
    }

    /// The settings with the desk as answered; fields say what is wrong.
    pub fn with_desk(&mut self, now: &Settings) -> Option<Settings> {
        self.desk.check();
        let zone = ZoneName::parse(self.desk.text("desk.time_zone").trim());
        if let Err(problem) = &zone {
            self.desk.note("desk.time_zone", problem.to_string());
        }
        let (true, Ok(time_zone)) = (self.desk.errors() == 0, zone) else { return None };
        let tag = self.desk.text("desk.language");
        let language = Language::ALL.into_iter().find(|language| language.tag() == tag).unwrap_or_default();
        let mut settings = now.clone();
        settings.desk.name = self.desk.text("desk.name").trim().to_owned();
        (settings.desk.language, settings.desk.time_zone) = (language, time_zone);
        Some(settings)
    }

    /// The login of the mailbox for its sender, where they have one. A secret that is sealed already cannot be had.
    fn borrowed_login(&self) -> Vec<(&'static str, Value)> {
        let (Some(inbound), Some(outbound)) = (&self.inbound, &self.outbound) else { return Vec::new() };
        if outbound.sheet.text("") != "true" {
            return Vec::new();
        }
        let mut login = vec![("login.username", json!(inbound.sheet.text("login.username").trim()))];
        login.push(("login.mechanism", json!(inbound.sheet.text("login.mechanism"))));
        login.extend(inbound.secret().map(|secret| ("login.password", secret)));
        login
    }
}

/// A name that no other mailbox or sender has.
fn free_name(wanted: &str, settings: &Settings) -> String {
    let taken = |name: &str| {
        settings.mailbox.iter().any(|one| one.name.as_str() == name)
            || settings.sender.iter().any(|one| one.name.as_str() == name)
    };
    let more = (2_u32..).map(|count| format!("{}-{count}", maildesk_core::text::shorten(wanted, 30)));
    std::iter::once(wanted.to_owned()).chain(more).find(|name| !taken(name)).unwrap_or_default()
}

fn same_login() -> Field {
    let help = "Whether the server takes the user name and password of the mailbox; most do. Enter switches.";
    Field::new("", "Same login", Kind::Toggle, help)
}

fn desk_fields() -> Vec<Field> {
    let languages = Kind::Choice(Language::ALL.iter().map(|language| language.tag().to_owned()).collect());
    vec![
        Field::new("desk.name", "Desk", Kind::Text, "The name that customers know; it stands under every mail.")
            .required(),
        Field::new("address", "Address", Kind::Address, "What people write to, such as support@example.org.")
            .required(),
        Field::new("display_name", "Shown as", Kind::Text, "Stands before the address in answers. Empty: nothing."),
        Field::new("desk.language", "Language", languages, "Of mails that maildesk writes by itself. Enter: next."),
        Field::new("desk.time_zone", "Time zone", Kind::Text, "Of times in mails, such as Europe/Berlin.").required(),
    ]
}
