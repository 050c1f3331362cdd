//! A real Postfix: submission with STARTTLS and SASL, implicit TLS, plain; it delivers into Dovecot's mailboxes.
//!
//! Needs root, since Postfix's master insists on it. `reject@` gets 550, `tempfail@` 451 (in desk.test and in
//! out.test); an unknown user of desk.test makes a real bounce; mail for any other domain goes to [`crate::outside`].

use crate::certificates::Certificates;
use crate::process::{self, ServerProcess};
use crate::scratch::Scratch;
use crate::wait::listening;
use crate::{DOMAIN, dovecot, smtp};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const HOST: &str = "127.0.0.1";
/// Queues that belong to the user postfix.
const QUEUES: [&str; 11] =
    ["active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace"];

/// The server; dropping it stops it.
pub struct Postfix {
    scratch: Scratch,
    config: PathBuf,
    process: Option<ServerProcess>,
}

impl Postfix {
    /// Dovecot of the same scratch directory checks its passwords and takes its mail; start that first.
    pub async fn start(scratch: &Scratch, certificates: &Certificates) -> Result<Self> {
        ensure!(rustix::process::geteuid().is_root(), "Postfix starts only as root");
        let config = configure(scratch, certificates).context("configuring Postfix")?;
        let mut postfix = Self { scratch: scratch.clone(), config, process: None };
        postfix.start_again().await?;
        Ok(postfix)
    }

    /// Plain port 25: takes mail for desk.test from anyone and relays for nobody. STARTTLS is offered.
    pub fn smtp_port(&self) -> u16 {
        self.port("smtp")
    }

    /// STARTTLS and a login are required.
    pub fn submission_port(&self) -> u16 {
        self.port("submission")
    }

    /// Implicit TLS; a login is required.
    pub fn smtps_port(&self) -> u16 {
        self.port("smtps")
    }

    /// Plain, no login, relays anything: for senders that speak plain SMTP on loopback.
    pub fn relay_port(&self) -> u16 {
        self.port("relay")
    }

    /// Hands in a mail as the outside world would: port 25, no login. Only desk.test is taken.
    pub async fn receive(&self, from: &str, to: &[&str], mail: &[u8]) -> Result<()> {
        smtp::hand_over(smtp::Protocol::Smtp, self.smtp_port(), from, to, mail).await
    }

    /// Tries everything in the queue now.
    pub fn flush(&self) -> Result<()> {
        process::run(Command::new("postqueue").arg("-c").arg(&self.config).arg("-f")).map(drop)
    }

    /// Cuts every connection and stops; the queue and the ports stay.
    pub fn stop(&mut self) {
        self.process = None;
    }

    /// Starts it on the same ports and queue; nothing happens when it runs.
    pub async fn start_again(&mut self) -> Result<()> {
        if self.process.is_some() {
            return Ok(());
        }
        let mut command = Command::new("/usr/lib/postfix/sbin/master");
        command.arg("-d").arg("-c").arg(&self.config).env("MAIL_CONFIG", &self.config);
        let mut process = ServerProcess::start(&self.scratch, "postfix", &mut command)?;
        let ports = [self.smtp_port(), self.submission_port(), self.smtps_port(), self.relay_port()];
        process
            .ready(Duration::from_secs(10), || async move {
                futures::future::join_all(ports.map(|port| listening(HOST, port))).await.iter().all(|up| *up)
            })
            .await
            .with_context(|| format!("Postfix logged:\n{}", self.log_tail(20)))?;
        self.process = Some(process);
        Ok(())
    }

    /// Starts it anew with these settings of main.cf besides, such as `message_size_limit = 9000`.
    pub async fn configure(&mut self, lines: &[&str]) -> Result<()> {
        self.stop();
        let file = self.config.join("main.cf");
        let mut text = fs::read_to_string(&file)?;
        for line in lines {
            // The last one of a name counts; Postfix warns of two.
            let name = line.split('=').next().unwrap_or_default().trim_end();
            text = text
                .lines()
                .filter(|old| old.split('=').next().unwrap_or_default().trim_end() != name)
                .fold(String::new(), |text, old| text + old + "\n");
            text.push_str(&format!("{line}\n"));
        }
        fs::write(&file, text)?;
        process::run(Command::new("touch").args(["-d", "1 hour ago"]).arg(&file))?;
        self.start_again().await
    }

    /// The last lines of Postfix's mail log.
    pub fn log_tail(&self, lines: usize) -> String {
        process::tail(&self.scratch.log_file("postfix-mail"), lines)
    }

    fn port(&self, name: &str) -> u16 {
        self.scratch.port(name).expect("configure() has chosen it")
    }
}

fn configure(scratch: &Scratch, certificates: &Certificates) -> Result<PathBuf> {
    let config = scratch.dir("postfix/etc")?;
    let data = scratch.dir("postfix/data")?;
    let queue = scratch.dir("postfix/queue")?;
    let good = certificates.good();
    let replacements = [
        ("QUEUE", queue.display().to_string()),
        ("DATA", data.display().to_string()),
        ("LOG", scratch.log_file("postfix-mail").display().to_string()),
        ("ROOT", scratch.path().display().to_string()),
        ("CERT", good.certificate.display().to_string()),
        ("KEY", good.key.display().to_string()),
        ("SASL", dovecot::sasl_socket(scratch).display().to_string()),
        ("DOMAIN", DOMAIN.to_owned()),
        ("LMTP_PORT", scratch.port("lmtp")?.to_string()),
        ("OUTSIDE_PORT", scratch.port("outside")?.to_string()),
        ("SMTP_PORT", scratch.port("smtp")?.to_string()),
        ("SUBMISSION_PORT", scratch.port("submission")?.to_string()),
        ("SMTPS_PORT", scratch.port("smtps")?.to_string()),
        ("RELAY_PORT", scratch.port("relay")?.to_string()),
    ];
    for (name, text) in [("main.cf", include_str!("postfix-main.cf")), ("master.cf", include_str!("postfix-master.cf"))]
    {
        let file = config.join(name);
        fs::write(&file, dovecot::fill(text, &replacements))?;
        // Postfix waits until a young main.cf has settled: 2 s on every start, unless it looks old.
        process::run(Command::new("touch").args(["-d", "1 hour ago"]).arg(&file))?;
    }
    let (postfix, _) = process::account("postfix")?;
    let postdrop = group("postdrop")?;
    for name in QUEUES {
        own(&queue.join(name), postfix, 0, 0o700)?;
    }
    own(&queue.join("pid"), 0, 0, 0o755)?;
    own(&queue.join("public"), postfix, postdrop, 0o710)?;
    own(&queue.join("maildrop"), postfix, postdrop, 0o730)?;
    own(&data, postfix, 0, 0o700)?;
    Ok(config)
}

fn own(dir: &Path, user: u32, group: u32, mode: u32) -> Result<()> {
    fs::create_dir_all(dir)?;
    chown(dir, Some(user), Some(group))?;
    Ok(fs::set_permissions(dir, fs::Permissions::from_mode(mode))?)
}

fn group(name: &str) -> Result<u32> {
    let groups = fs::read_to_string("/etc/group")?;
    let line = groups.lines().find(|line| line.split(':').next() == Some(name));
    Ok(line.and_then(|line| line.split(':').nth(2)).with_context(|| format!("no group {name} here"))?.parse()?)
}
