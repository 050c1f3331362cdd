//! A desk without settings, and checks of values that were never saved.

use anyhow::{Context, Result, ensure};
use maildesk_tests::cli::Cli;
use maildesk_tests::daemon::{Daemon, DaemonOptions};
use maildesk_tests::settings::{DeskSettings, Mailbox, Sender};
use maildesk_tests::{DOMAIN, PASSWORD, Testbed};
use serde_json::Value;

/// A password that no server takes; it would be seen in any form.
pub(crate) const WRONG: &str = "Tr0ub4dor&3\\\"x";
const WRONG_BASE64: &str = "VHIwdWI0ZG9yJjNcIng";

pub(crate) struct Bench {
    pub(crate) bed: Testbed,
    pub(crate) cli: Cli,
    _daemon: Daemon,
}

/// A check as scripts and as people see it.
pub(crate) struct Checked {
    pub(crate) code: i32,
    data: Value,
    pub(crate) text: String,
}

impl Bench {
    pub(crate) async fn start() -> Result<Self> {
        let bed = Testbed::start().await?;
        let daemon = bed.daemon().await?;
        Ok(Self { cli: daemon.cli(), bed, _daemon: daemon })
    }

    /// The daemon does not know the authority of the test servers.
    pub(crate) async fn without_authority() -> Result<Self> {
        let bed = Testbed::start().await?;
        let daemon = Daemon::start(&bed.scratch, DaemonOptions::default()).await?;
        Ok(Self { cli: daemon.cli(), bed, _daemon: daemon })
    }

    pub(crate) async fn sender(&self, sender: &Sender, to: Option<&str>) -> Result<Checked> {
        let document = DeskSettings::empty().sender(sender);
        let to = to.map(|to| vec!["--to", to]).unwrap_or_default();
        self.check("sender", &sender.name, &document, &to).await
    }

    pub(crate) async fn mailbox(&self, mailbox: &Mailbox) -> Result<Checked> {
        let document = DeskSettings::empty().mailbox(mailbox).sender(&Sender::tls(&self.bed, &mailbox.sender));
        self.check("mailbox", &mailbox.name, &document, &[]).await
    }

    pub(crate) async fn check(
        &self,
        noun: &str,
        name: &str,
        document: &DeskSettings,
        more: &[&str],
    ) -> Result<Checked> {
        let file = self.bed.scratch.dir("unsaved")?.join(format!("{noun}-{name}.toml"));
        std::fs::write(&file, document.text())?;
        let file = file.to_string_lossy().into_owned();
        let arguments = [&[noun, "test", name, "--file", &file, "--transcript"], more].concat();
        let printed = self.cli.run(&[&arguments[..], &["--json"]].concat()).await?;
        let answer: Value =
            serde_json::from_str(&printed.stdout).with_context(|| format!("{}{}", printed.stdout, printed.stderr))?;
        let text = serde_json::to_string_pretty(&answer)?;
        no_secret_in(&text)?;
        Ok(Checked { code: printed.code, data: answer["data"].clone(), text })
    }
}

/// No form of any password of these tests.
pub(crate) fn no_secret_in(text: &str) -> Result<()> {
    let token = |user: &str| data_encoding::BASE64.encode(format!("\0{user}@{DOMAIN}\0{PASSWORD}").as_bytes());
    let secret = data_encoding::BASE64.encode(PASSWORD.as_bytes());
    for form in [WRONG, "Tr0ub4dor", WRONG_BASE64, &secret, &token("desk"), &format!("\"{PASSWORD}\"")] {
        ensure!(!text.contains(form), "{form} stands in\n{text}");
    }
    Ok(())
}

impl Checked {
    /// The outcome of each step, in order: `connect passed`.
    pub(crate) fn steps(&self) -> Vec<String> {
        let steps = self.data["steps"].as_array().cloned().unwrap_or_default();
        steps.iter().map(|step| format!("{} {}", text(&step["step"]), text(&step["outcome"]))).collect()
    }

    /// What a step found under this label; empty where nothing.
    pub(crate) fn found(&self, step: &str, label: &str) -> String {
        let found = self.step(step)["found"].as_array().cloned().unwrap_or_default();
        found.iter().find(|pair| pair["label"] == label).map(|pair| text(&pair["value"])).unwrap_or_default()
    }

    pub(crate) fn said(&self, step: &str) -> String {
        text(&self.step(step)["server_said"])
    }

    /// Wants this step to be the one that failed, with these words in meaning and remedy.
    pub(crate) fn fails(&self, step: &str, meaning: &str, remedy: &str) -> Result<()> {
        let failed = self.step(step);
        ensure!(self.code == 6, "exit code {}\n{}", self.code, self.text);
        ensure!(failed["outcome"] == "failed", "{step}\n{}", self.text);
        ensure!(text(&failed["meaning"]).contains(meaning), "{meaning}: {}", failed["meaning"]);
        ensure!(text(&failed["remedy"]).contains(remedy), "{remedy}: {}", failed["remedy"]);
        ensure!(self.data["outcome"] == "failed", "{}", self.text);
        Ok(())
    }

    pub(crate) fn passes(&self) -> Result<()> {
        ensure!(self.code == 0 && self.data["outcome"] == "passed", "exit code {}\n{}", self.code, self.text);
        Ok(())
    }

    pub(crate) fn transcript(&self) -> Vec<String> {
        self.data["transcript"].as_array().cloned().unwrap_or_default().iter().map(text).collect()
    }

    pub(crate) fn sentence(&self) -> String {
        text(&self.data["sentence"])
    }

    /// Of several steps of one name, the last.
    fn step(&self, name: &str) -> Value {
        let steps = self.data["steps"].as_array().cloned().unwrap_or_default();
        steps.into_iter().rfind(|step| step["step"] == name).unwrap_or_default()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
