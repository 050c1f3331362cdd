//! `maildesk dkim`: makes a key that signs mail, here and without the daemon.

use super::Session;
use crate::failure::Failure;
use clap::{Subcommand, ValueEnum};
use data_encoding::BASE64;
use maildesk_core::address::Domain;
use maildesk_core::doctor::dkim::record_value;
use maildesk_core::settings::DkimAlgorithm;
use maildesk_core::settings::dkim::selector_fits;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde::Serialize;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Make a key; prints the DNS record to publish and the lines for the settings
    Generate {
        /// Domain of the From address
        #[arg(long, value_parser = domain)]
        domain: Domain,
        /// Name of the key in DNS, such as 2026a; a new one for each new key
        #[arg(long, value_parser = selector)]
        selector: String,
        /// ed25519 is made here; for rsa (which every receiver checks) the OpenSSL commands are printed
        #[arg(long, value_enum, default_value_t = Algorithm::Rsa)]
        algorithm: Algorithm,
        /// File for the private key [default: SELECTOR.DOMAIN.pem]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Algorithm {
    Rsa,
    Ed25519,
}

fn domain(text: &str) -> Result<Domain, String> {
    Domain::parse(text).map_err(|error| error.to_string())
}

fn selector(text: &str) -> Result<String, String> {
    if selector_fits(text) { Ok(text.to_owned()) } else { Err("use letters, digits and '-', such as 2026a".into()) }
}

/// What was made, without the key itself.
#[derive(Serialize)]
struct Made {
    algorithm: &'static str,
    /// Where the private key is, or is to be written by the commands.
    file: PathBuf,
    record_name: String,
    /// Absent for RSA: the commands print it.
    record: Option<String>,
    /// For RSA: what to run.
    commands: Vec<String>,
    settings: String,
}

pub(super) fn run(verb: Verb, session: &mut Session<'_>) -> Result<(), Failure> {
    let Verb::Generate { domain, selector, algorithm, out } = verb;
    let file = out.unwrap_or_else(|| PathBuf::from(format!("{selector}.{domain}.pem")));
    let record_name = format!("{selector}._domainkey.{domain}");
    let (word, record, commands) = match algorithm {
        Algorithm::Ed25519 => ("ed25519", Some(ed25519(&file)?), Vec::new()),
        Algorithm::Rsa => ("rsa", None, openssl(&file)),
    };
    let settings = format!(
        "dkim = {{ domain = \"{domain}\", selector = \"{selector}\", algorithm = \"{word}\", \
         key = {{ credential = \"dkim-{selector}\" }} }}"
    );
    let made = Made { algorithm: word, file, record_name, record, commands, settings };
    if session.output.json() {
        return session.output.answer("maildesk.dkim.generate/1", &made, None);
    }
    session.output.own_text(&told(&made, &selector))
}

/// Writes a new key and returns the value of its record.
fn ed25519(file: &Path) -> Result<String, Failure> {
    let failed = |_| Failure::Runtime(std::io::Error::other("no randomness for a key"));
    let key = Ed25519KeyPair::generate_pkcs8(&ring::rand::SystemRandom::new()).map_err(failed)?;
    let pair = Ed25519KeyPair::from_pkcs8(key.as_ref())
        .map_err(|_| Failure::Runtime(std::io::Error::other("the new key cannot be read")))?;
    let pem =
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", wrapped(&BASE64.encode(key.as_ref())));
    // Never over another key: mail signed with it is still on its way.
    let written = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).and_then(|mut to| {
        to.write_all(pem.as_bytes())?;
        to.sync_all()
    });
    written.map_err(|source| match source.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::Exists { path: file.to_owned() },
        _ => Failure::Unwritable { path: file.to_owned(), source },
    })?;
    Ok(record_value(DkimAlgorithm::Ed25519, &BASE64.encode(pair.public_key().as_ref())))
}

/// RFC 7468 §2: lines of 64 characters.
fn wrapped(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(64).map(|line| line.iter().collect::<String>()).collect::<Vec<_>>().join("\n")
}

fn openssl(file: &Path) -> Vec<String> {
    let file = format!("'{}'", file.display().to_string().replace('\'', "'\\''"));
    vec![
        format!("(umask 077; openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out {file})"),
        format!("echo \"v=DKIM1; k=rsa; p=$(openssl pkey -in {file} -pubout -outform DER | openssl base64 -A)\""),
    ]
}

fn told(made: &Made, selector: &str) -> String {
    let file = made.file.display();
    let mut text = match &made.record {
        Some(record) => format!(
            "The private key is in {file} (mode 0600).\n\nPublish this TXT record:\n  {}\n  {record}\n",
            made.record_name
        ),
        None => format!(
            "RSA keys are made with OpenSSL. Run:\n  {}\n\nThe second command prints the value of this TXT record:\n  {}\n",
            made.commands.join("\n  "),
            made.record_name
        ),
    };
    text.push_str(&format!(
        "\nHand the key to the daemon (systemctl edit maildeskd):\n  [Service]\n  LoadCredential=dkim-{selector}:/etc/maildesk/{}\n\n\
         Put this into the sender's section of the settings, once the record is published:\n  {}\n\n\
         Then see whether it fits: maildesk doctor\n",
        made.file.file_name().unwrap_or_default().to_string_lossy(),
        made.settings
    ));
    text
}
