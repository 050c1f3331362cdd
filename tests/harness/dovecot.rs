//! A real Dovecot, unprivileged, with one address for each thing that can be wrong with a server.

use crate::certificates::Certificates;
use crate::mailbox::Mailbox;
use crate::process::{self, ServerProcess, unprivileged};
use crate::scratch::Scratch;
use crate::token;
use crate::wait::listening;
use crate::{DOMAIN, PASSWORD};
use anyhow::{Context, Result};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

/// Takes every mode: plain, STARTTLS, TLS.
pub const ALL_MODES: &str = "127.0.0.1";
/// Refuses a login before TLS (LOGINDISABLED).
pub const TLS_REQUIRED: &str = "127.0.0.2";
/// Shows a certificate that ended in 2021.
pub const EXPIRED_CERTIFICATE: &str = "127.0.0.3";
/// Shows a certificate for another name.
pub const WRONG_CERTIFICATE: &str = "127.0.0.4";

/// Who has a mailbox here, each `NAME@desk.test` with password "secret". `tiny` holds 64 kB.
pub const USERS: [&str; 7] = ["desk", "sales", "agent", "alice", "bob", "carol", "tiny"];

/// The server; dropping it stops it.
pub struct Dovecot {
    scratch: Scratch,
    config: PathBuf,
    process: Option<ServerProcess>,
}

impl Dovecot {
    pub async fn start(scratch: &Scratch, certificates: &Certificates) -> Result<Self> {
        let config = configure(scratch, certificates)?;
        let mut dovecot = Self { scratch: scratch.clone(), config, process: None };
        dovecot.start_again().await?;
        Ok(dovecot)
    }

    /// Port of plain and STARTTLS.
    pub fn imap_port(&self) -> u16 {
        self.port("imap")
    }

    /// Port of implicit TLS.
    pub fn imaps_port(&self) -> u16 {
        self.port("imaps")
    }

    /// Port that takes mail for delivery (RFC 2033).
    pub fn lmtp_port(&self) -> u16 {
        self.port("lmtp")
    }

    /// The INBOX of a user, seen without maildesk.
    pub fn mailbox(&self, user: &str) -> Mailbox {
        let folder = self.scratch.path().join("mail").join(user).join("maildir");
        Mailbox::new(user, folder, self.imap_port(), self.lmtp_port())
    }

    /// Runs doveadm on this server: `quota get`, `mailbox update --uid-validity`, `kick` and the like.
    pub fn doveadm(&self, arguments: &[&str]) -> Result<String> {
        process::run(unprivileged("doveadm")?.arg("-c").arg(&self.config).args(arguments))
    }

    /// Stops it; connections are cut. Mailboxes and ports stay.
    pub fn stop(&mut self) {
        // Sessions and delivery end at TERM and are waited for. The master then lingers for seconds beside its
        // log process, with nothing left to do.
        if let Some(mut process) = self.process.take()
            && let Err(error) = process.terminate_group(2)
        {
            eprintln!("harness: stopping Dovecot: {error:#}");
        }
    }

    /// Starts it on the same ports and mailboxes; nothing happens when it runs.
    pub async fn start_again(&mut self) -> Result<()> {
        if self.process.is_some() {
            return Ok(());
        }
        // Nothing of ours runs in there now. Dovecot would take a zombie, which a killed one may still be, for itself.
        fs::remove_file(self.scratch.path().join("dovecot/run/master.pid")).ok();
        let mut command = unprivileged("dovecot")?;
        command.arg("-F").arg("-c").arg(&self.config);
        let mut process = ServerProcess::start(&self.scratch, "dovecot", &mut command)?;
        let (imap, imaps, lmtp) = (self.imap_port(), self.imaps_port(), self.lmtp_port());
        process
            .ready(Duration::from_secs(10), || async move {
                listening(ALL_MODES, imap).await
                    && listening(ALL_MODES, imaps).await
                    && listening(ALL_MODES, lmtp).await
            })
            .await?;
        self.process = Some(process);
        Ok(())
    }

    pub fn log_tail(&self, lines: usize) -> String {
        process::tail(&self.scratch.log_file("dovecot"), lines)
    }

    fn port(&self, name: &str) -> u16 {
        self.scratch.port(name).expect("configure() has chosen it")
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        if self.process.as_ref().is_some_and(|process| !process.is_to_be_left()) {
            self.stop();
        }
    }
}

/// Where Postfix asks whether a password is right.
pub(crate) fn sasl_socket(scratch: &Scratch) -> PathBuf {
    scratch.path().join("dovecot/sasl")
}

fn configure(scratch: &Scratch, certificates: &Certificates) -> Result<PathBuf> {
    let home = scratch.dir("dovecot")?;
    let run = scratch.dir("dovecot/run")?;
    let state = scratch.dir("dovecot/state")?;
    let mail = scratch.dir("mail")?;
    let users: String = USERS
        .iter()
        .map(|user| {
            let quota = if *user == "tiny" { "userdb_quota_rule=*:storage=64K" } else { "" };
            format!("{user}@{DOMAIN}:{{PLAIN}}{PASSWORD}::::::{quota}\n")
        })
        .collect();
    fs::write(home.join("users"), users)?;
    let oauth2 = home.join("oauth2.conf");
    let keys = scratch.dir(&format!("dovecot/keys/default/{}", token::ALGORITHM))?;
    fs::write(keys.join("default"), token::key())?;
    let keys = home.join("keys").display().to_string();
    fs::write(
        &oauth2,
        format!(
            "introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={keys}/\n\
             username_attribute = sub\n"
        ),
    )?;

    let (user, group) = names_of_nobody()?;
    let (good, expired, wrong) = (certificates.good(), certificates.expired(), certificates.wrong_name());
    let replacements = [
        ("RUN", run.display().to_string()),
        ("STATE", state.display().to_string()),
        ("MAIL", mail.display().to_string()),
        ("OAUTH2", oauth2.display().to_string()),
        ("USERS", home.join("users").display().to_string()),
        ("SASL", sasl_socket(scratch).display().to_string()),
        ("LOG", "/dev/stderr".to_owned()),
        ("USER", user),
        ("GROUP", group),
        ("GOOD_CERT", good.certificate.display().to_string()),
        ("GOOD_KEY", good.key.display().to_string()),
        ("EXPIRED_CERT", expired.certificate.display().to_string()),
        ("EXPIRED_KEY", expired.key.display().to_string()),
        ("WRONG_CERT", wrong.certificate.display().to_string()),
        ("WRONG_KEY", wrong.key.display().to_string()),
        ("DOMAIN", DOMAIN.to_owned()),
        ("IMAP_PORT", scratch.port("imap")?.to_string()),
        ("IMAPS_PORT", scratch.port("imaps")?.to_string()),
        ("LMTP_PORT", scratch.port("lmtp")?.to_string()),
        ("SMTP_PORT", scratch.port("smtp")?.to_string()),
    ];
    let config = home.join("dovecot.conf");
    fs::write(&config, fill(include_str!("dovecot.conf"), &replacements))?;
    if let Some((user, group)) = process::nobody()? {
        for path in [&home, &run, &state, &mail] {
            std::os::unix::fs::chown(path, Some(user), Some(group))?;
        }
    }
    fs::set_permissions(&home, fs::Permissions::from_mode(0o755))?;
    Ok(config)
}

/// Puts values where the text says `@NAME@`.
pub(crate) fn fill(text: &str, replacements: &[(&str, String)]) -> String {
    replacements.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("@{name}@"), value))
}

/// Dovecot wants names, not numbers.
fn names_of_nobody() -> Result<(String, String)> {
    let (user, group) = match process::nobody()? {
        Some(ids) => ids,
        None => (rustix::process::getuid().as_raw(), rustix::process::getgid().as_raw()),
    };
    let name = |file: &str, id: u32| -> Result<String> {
        let text = fs::read_to_string(file)?;
        let line = text.lines().find(|line| line.split(':').nth(2) == Some(&id.to_string())).map(str::to_owned);
        let line = line.with_context(|| format!("{file} has no id {id}"))?;
        Ok(line.split(':').next().unwrap_or_default().to_owned())
    };
    Ok((name("/etc/passwd", user)?, name("/etc/group", group)?))
}
