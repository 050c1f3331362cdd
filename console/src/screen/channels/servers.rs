//! Server, port and security for an address, asked of the daemon and put into the form that is open.

use super::noun::Noun;
use super::sheet::Sheet;
use super::state::State;
use crate::app::desk::Desk;
use crate::app::request::Request;
use crate::command::mailbox::server_words;
use crate::output::Style;
use maildesk_core::address::Address;
use maildesk_core::check::port::encryption_word;
use maildesk_core::settings::connection::ServerAddress;
use maildesk_core::settings::proposal::Proposal;

impl State {
    /// Asks for the servers of the address that stands in the form.
    pub(super) fn ask_for_servers(&mut self, desk: &mut Desk) {
        let Some(form) = &mut self.form else { return };
        let place = if form.noun == Noun::Mailbox { "address" } else { "from" };
        match Address::parse(form.sheet.text(place).trim()) {
            Ok(address) => {
                form.sheet.clear(place);
                desk.say(Style::Plain, format!("asking DNS for the servers of {}", address.domain()));
                desk.ask(form.noun.place(), Request::Servers(address));
            }
            Err(problem) => {
                form.sheet.note(place, problem.to_string());
                form.sheet.to_problem();
                desk.say(Style::Bad, "give the address first: its servers are looked for");
            }
        }
    }

    /// Puts what was found into the form; saving is another matter.
    pub(super) fn serve(&mut self, found: &Proposal, desk: &mut Desk) {
        let Some(form) = self.form.as_mut().filter(|form| !form.under_way) else { return };
        let proposed = if form.noun == Noun::Mailbox { &found.imap } else { &found.smtp };
        if form.sheet.field("server.host").is_none() {
            return;
        }
        serve(&mut form.sheet, &proposed.server);
        if form.sheet.text("login.username").trim().is_empty() {
            let address = form.sheet.text(if form.noun == Noun::Mailbox { "address" } else { "from" });
            form.sheet.set("login.username", address.trim());
        }
        self.touched(desk.now());
        desk.say(Style::Good, format!("{}. ^T tests it.", server_words(proposed)));
    }
}

/// Fills a server in.
pub(crate) fn serve(sheet: &mut Sheet, server: &ServerAddress) {
    sheet.set("server.host", &server.host);
    sheet.set("server.port", &server.port.to_string());
    sheet.set("server.encryption", encryption_word(server.encryption));
}
