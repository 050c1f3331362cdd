//! The texts of maildeskd.toml and desk.toml. The only file of the harness that knows their field names.

use crate::daemon::DaemonOptions;
use crate::dovecot::ALL_MODES;
use crate::object_store::ObjectStore;
use crate::{DOMAIN, PASSWORD, Testbed};
use std::path::Path;

/// maildeskd.toml: what the daemon needs to start.
pub fn bootstrap(home: &Path, socket: &Path, options: &DaemonOptions) -> String {
    let mut text = format!(
        "state_dir = {}\nsocket = {}\n\n[log]\nlevel = {}\ndir = {}\n",
        quoted(home.join("state").to_string_lossy()),
        quoted(socket.to_string_lossy()),
        quoted(&options.log_level),
        quoted(home.join("log").to_string_lossy()),
    );
    if let Some(file) = &options.ca_file {
        text.push_str(&format!("\n[tls]\nca_file = {}\n", quoted(file.to_string_lossy())));
    }
    if let Some(file) = &options.key_file {
        text.push_str(&format!("\n[key]\nfile = {}\n", quoted(file.to_string_lossy())));
    }
    if !options.dns_servers.is_empty() {
        let servers: Vec<String> = options.dns_servers.iter().map(quoted).collect();
        text.push_str(&format!("\n[dns]\nservers = [{}]\n", servers.join(", ")));
    }
    text
}

/// desk.toml with one mailbox and one sender called `desk` over TLS, polled every second, taking what is unread.
/// More mailboxes, senders and a storage are added by the methods.
pub fn desk_settings(bed: &Testbed) -> DeskSettings {
    DeskSettings::empty().undo_seconds(0).sender(&Sender::tls(bed, "desk")).mailbox(&Mailbox::tls(bed, "desk"))
}

/// desk.toml under construction.
#[derive(Debug, Clone, Default)]
pub struct DeskSettings {
    text: String,
}

/// One mailbox to poll. Fields may be changed before it is added.
#[derive(Debug, Clone)]
pub struct Mailbox {
    pub name: String,
    pub host: String,
    pub port: u16,
    /// tls, starttls or plain.
    pub encryption: String,
    pub user: String,
    pub password: String,
    pub folder: String,
    pub poll_seconds: u32,
    /// As TOML: `"from_now"`, `"unread"` or `{ since = "2026-01-31" }`.
    pub first_import: String,
    pub sender: String,
}

/// One outbound identity. Fields may be changed before it is added.
#[derive(Debug, Clone)]
pub struct Sender {
    pub name: String,
    pub host: String,
    pub port: u16,
    /// tls, starttls or plain.
    pub encryption: String,
    /// None: no login.
    pub user: Option<String>,
    pub password: String,
    pub address: String,
    pub display_name: String,
}

impl Mailbox {
    /// `user@desk.test` over implicit TLS, answered by the sender of the same name.
    pub fn tls(bed: &Testbed, user: &str) -> Self {
        Self {
            name: user.into(),
            host: ALL_MODES.into(),
            port: bed.dovecot.imaps_port(),
            encryption: "tls".into(),
            user: format!("{user}@{DOMAIN}"),
            password: PASSWORD.into(),
            folder: "INBOX".into(),
            poll_seconds: 1,
            first_import: "\"unread\"".into(),
            sender: user.into(),
        }
    }
}

impl Sender {
    /// `user@desk.test` over implicit TLS.
    pub fn tls(bed: &Testbed, user: &str) -> Self {
        Self {
            name: user.into(),
            host: ALL_MODES.into(),
            port: bed.postfix.smtps_port(),
            encryption: "tls".into(),
            user: Some(format!("{user}@{DOMAIN}")),
            password: PASSWORD.into(),
            address: format!("{user}@{DOMAIN}"),
            display_name: format!("The {user} team"),
        }
    }
}

impl DeskSettings {
    /// Nothing yet.
    pub fn empty() -> Self {
        Self::default()
    }

    /// How long an agent's answer can be taken back; comes first, before anything that has a section.
    #[must_use]
    pub fn undo_seconds(self, seconds: u32) -> Self {
        self.lines(&format!("[desk]\nundo_seconds = {seconds}\n"))
    }

    /// Only mail to this address leaves.
    #[must_use]
    pub fn silent(mut self, allowed: &str) -> Self {
        let line = format!("[desk]\nsilent = {{ allow = [\"{allowed}\"] }}\n");
        self.text = self.text.replacen("[desk]\n", &line, 1);
        self
    }

    /// Any number of automatic mails may go to one address: a few senders stand for many.
    #[must_use]
    pub fn without_loop_guard(self) -> Self {
        self.lines("[loops]\nwindows = []\nsame_subject = 0\n")
    }

    #[must_use]
    pub fn mailbox(mut self, mailbox: &Mailbox) -> Self {
        let host = server(&mailbox.host, mailbox.port, &mailbox.encryption);
        self.text.push_str(&format!(
            "[[mailbox]]\nname = {}\naddress = {}\n{host}\n{}\nfolder = {}\npoll_seconds = {}\n\
             first_import = {}\nsender = {}\n\n",
            quoted(&mailbox.name),
            quoted(&mailbox.user),
            login(&mailbox.user, &mailbox.password),
            quoted(&mailbox.folder),
            mailbox.poll_seconds,
            mailbox.first_import,
            quoted(&mailbox.sender),
        ));
        self
    }

    #[must_use]
    pub fn sender(mut self, sender: &Sender) -> Self {
        self.text.push_str(&format!(
            "[[sender]]\nname = {}\nfrom = {}\ndisplay_name = {}\n{}\n",
            quoted(&sender.name),
            quoted(&sender.address),
            quoted(&sender.display_name),
            server(&sender.host, sender.port, &sender.encryption),
        ));
        if let Some(user) = &sender.user {
            self.text.push_str(&login(user, &sender.password));
            self.text.push('\n');
        }
        self.text.push('\n');
        self
    }

    /// Attachments go to this S3 server.
    #[must_use]
    pub fn storage(mut self, store: &ObjectStore) -> Self {
        self.text.push_str(&format!(
            "[storage.s3]\nendpoint = {}\nregion = {}\nbucket = {}\naccess_key = {}\nsecret_key = {{ value = {} }}\n\n",
            quoted(store.endpoint()),
            quoted(crate::object_store::REGION),
            quoted(crate::object_store::BUCKET),
            quoted(crate::object_store::ACCESS_KEY),
            quoted(crate::object_store::SECRET_KEY),
        ));
        self
    }

    /// More lines, as they stand.
    #[must_use]
    pub fn lines(mut self, lines: &str) -> Self {
        self.text.push_str(lines);
        self.text.push('\n');
        self
    }

    /// The text of desk.toml.
    pub fn text(&self) -> &str {
        &self.text
    }
}

fn server(host: &str, port: u16, encryption: &str) -> String {
    format!("server = {{ host = {}, port = {port}, encryption = {} }}", quoted(host), quoted(encryption))
}

fn login(user: &str, password: &str) -> String {
    format!("login = {{ username = {}, password = {{ value = {} }} }}", quoted(user), quoted(password))
}

/// A TOML string.
fn quoted(text: impl AsRef<str>) -> String {
    toml::Value::String(text.as_ref().to_owned()).to_string()
}
