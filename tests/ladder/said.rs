//! What people read when a check fails, as snapshots: `said/senders.txt` and `said/mailboxes.txt`.
//!
//! `MAILDESK_BLESS=1` writes them anew; read the difference before you commit it.

mod mailboxes;
mod senders;

use crate::bench::Bench;
use anyhow::{Context, Result, ensure};
use maildesk_tests::settings::DeskSettings;
use std::path::{Path, PathBuf};

/// One file of snapshots under construction.
struct Said {
    file: PathBuf,
    text: String,
}

impl Said {
    fn new(name: &str) -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("ladder/said").join(name);
        Self { file, text: String::new() }
    }

    /// Checks a channel that is not saved, and adds what the person sees from the first rung that failed.
    async fn add(
        &mut self,
        bench: &Bench,
        title: &str,
        (noun, name): (&str, &str),
        document: &DeskSettings,
        more: &[&str],
    ) -> Result<()> {
        let file = bench.bed.scratch.dir("unsaved")?.join("said.toml");
        std::fs::write(&file, document.text())?;
        let arguments = [&[noun, "test", name, "--file", file.to_str().context("a path")?], more].concat();
        let printed = bench.cli.run(&arguments).await?;
        ensure!(printed.code == 6, "{title}: exit code {}\n{}{}", printed.code, printed.stdout, printed.stderr);
        let from = printed.stdout.lines().skip_while(|line| !line.starts_with(['✖', '!']));
        self.text.push_str(&format!("== {title}\n"));
        for line in from.filter(|line| !line.starts_with("- ")) {
            self.text.push_str(masked(line, bench).trim_end());
            self.text.push('\n');
        }
        self.text.push('\n');
        Ok(())
    }

    /// Compares with the file, or writes it.
    fn compare(&self) -> Result<()> {
        if std::env::var_os("MAILDESK_BLESS").is_some() {
            std::fs::create_dir_all(self.file.parent().context("a folder")?)?;
            return Ok(std::fs::write(&self.file, &self.text)?);
        }
        let want = std::fs::read_to_string(&self.file).with_context(|| self.file.display().to_string())?;
        let differs = self.text.lines().zip(want.lines()).find(|(found, want)| found != want);
        if let Some((found, want)) = differs {
            anyhow::bail!("{}\nhas   {want}\nfound {found}\n\n{}", self.file.display(), self.text);
        }
        ensure!(self.text == want, "{} differs in length:\n{}", self.file.display(), self.text);
        Ok(())
    }
}

/// Without what differs from run to run: ports, times, ages, fingerprints.
fn masked(line: &str, bench: &Bench) -> String {
    let (postfix, dovecot) = (&bench.bed.postfix, &bench.bed.dovecot);
    let ports = [
        postfix.smtp_port(),
        postfix.submission_port(),
        postfix.smtps_port(),
        postfix.relay_port(),
        dovecot.imap_port(),
        dovecot.imaps_port(),
    ];
    let mut words: Vec<String> = Vec::new();
    let mut all = line.split(' ').peekable();
    while let Some(word) = all.next() {
        let bare = word.trim_end_matches([',', '.', ':', ';', '"']).trim_start_matches(['"', '(']);
        let number = bare.parse::<f64>().is_ok();
        let is_port = bare.parse().is_ok_and(|port: u16| ports.contains(&port) || port >= 20_000);
        let fingerprint = bare.len() == 64 && bare.bytes().all(|byte| byte.is_ascii_hexdigit());
        let mask = if fingerprint {
            Some("FINGERPRINT")
        } else if is_port {
            Some("PORT")
        } else {
            number.then_some("N")
        };
        // What people are told to enter stays: the usual ports. A time may be the same number.
        let time = all.peek() == Some(&"ms");
        let usual = !time && ["25", "143", "465", "587", "993", "365", "220"].contains(&bare);
        match mask.filter(|_| !usual) {
            Some(mask) => words.push(word.replace(bare, mask)),
            None => words.push(word.to_owned()),
        }
    }
    // The column of milliseconds is as wide as its number.
    let line = words.join(" ");
    match line.split_once(" N ms") {
        Some((before, behind)) => format!("{} N ms{behind}", before.trim_end()),
        None => line,
    }
}
