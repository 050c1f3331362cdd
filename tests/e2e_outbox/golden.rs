//! Every kind of mail in every language, whole, as Python's email package reads it: `tests/golden/KIND.LANGUAGE.eml`.
//! `MAILDESK_BLESS=1` writes them anew.

use anyhow::{Context, Result, ensure};
use maildesk_core::address::Address;
use maildesk_core::ids::{EntryNumber, OutboxId, TicketNumber};
use maildesk_core::language::Language;
use maildesk_core::notification::{CompiledTemplates, Kind, Reader, Rendered, Values, render, target_words, variables};
use maildesk_core::outbox::Draft;
use maildesk_core::route::token::TokenKeys;
use maildesk_core::settings::{ZoneName, from_toml};
use maildesk_core::sla::Target;
use maildesk_daemon::smtp::compose;
use maildesk_tests::process;
use std::fs;
use std::path::PathBuf;

/// Reads a mail strictly, refuses what is not as it should be, and says what it holds.
const READER: &str = r#"
import sys, json, email, email.policy
raw = sys.stdin.buffer.read()
mail = email.message_from_bytes(raw, policy=email.policy.default)
def fail(why):
    sys.exit(why)
for part in mail.walk():
    if part.defects: fail(repr(part.defects))
    for name, value in part.items():
        if value.defects: fail(name + ": " + repr(value.defects))
if max(len(line) for line in raw.split(b"\r\n")) > 998: fail("a long line")
if b"\n" in raw.replace(b"\r\n", b""): fail("a bare line feed")
if any(byte > 127 for byte in raw): fail("not ASCII")
if mail.get_content_type() != "multipart/alternative": fail(mail.get_content_type())
kinds = [part.get_content_type() for part in mail.iter_parts()]
if kinds != ["text/plain", "text/html"]: fail(repr(kinds))
text, html = [part.get_content() for part in mail.iter_parts()]
if not mail["Message-ID"] or not mail["Date"].datetime: fail("no Message-ID or Date")
print(json.dumps({"subject": str(mail["Subject"]), "to": str(mail["To"].addresses[0].addr_spec),
    "from": mail["From"].addresses[0].display_name, "automatic": mail["Auto-Submitted"],
    "precedence": mail["Precedence"], "text": text, "html": html}))
"#;

fn read_by_python(mail: &[u8]) -> Result<serde_json::Value> {
    Ok(serde_json::from_slice(&process::python(READER, mail)?)?)
}

/// The mail of a kind with its examples, in Berlin.
fn mail(kind: Kind, language: Language, templates: &CompiledTemplates) -> Result<(Rendered, Vec<u8>)> {
    let reader = Reader { language, zone: ZoneName::parse("Europe/Berlin")?.zone() };
    let values = Values::examples_for(variables(kind), reader)
        .with("ticket.subject", "Drucker №2 <brennt> & raucht")
        .with("sla.target", target_words(Target::FirstResponse, language));
    let rendered = render(kind, language, templates, &values)?;
    let settings = from_toml(
        "[[sender]]\nname = \"main\"\nfrom = \"desk@example.org\"\ndisplay_name = \"Bücher & Söhne\"\n\
         transport = \"folder\"\npath = \"/x\"\n",
    )
    .map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
    let to = Address::parse("ada@example.org")?;
    let draft = Draft {
        kind,
        about: (!matches!(kind, Kind::Invitation | Kind::InvitationAnswer))
            .then_some((TicketNumber(1042), EntryNumber(3))),
        token: None,
        to: &to,
        to_name: Some("Ada Łovelace"),
        sender: settings.sender.first().context("a sender")?,
        from_name: None,
        thread: vec!["first@example.org".into(), "second@example.org".into()],
        install: "install",
        attachments: Vec::new(),
    };
    let now = "2026-11-23T09:12:00Z".parse()?;
    let (_, mail) = draft.finish(rendered.clone(), OutboxId(7), &TokenKeys::new([7; 32]), now);
    Ok((rendered, compose(&mail)?))
}

#[test]
fn every_kind_in_every_language_is_a_mail_that_python_reads() -> Result<()> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden");
    let templates = CompiledTemplates::builtin();
    let bless = std::env::var_os("MAILDESK_BLESS").is_some();
    for (kind, language) in Kind::ALL.into_iter().flat_map(|kind| Language::ALL.map(|language| (kind, language))) {
        let (rendered, bytes) = mail(kind, language, &templates)?;
        let file = folder.join(format!("{kind}.{language}.eml"));
        if bless {
            fs::create_dir_all(&folder)?;
            fs::write(&file, &bytes)?;
        }
        let golden = fs::read(&file).with_context(|| format!("{}: MAILDESK_BLESS=1 writes it", file.display()))?;
        ensure!(golden == bytes, "{} differs; MAILDESK_BLESS=1 writes it anew", file.display());
        let read = read_by_python(&bytes).with_context(|| file.display().to_string())?;
        let same =
            |name: &str, want: &str| read[name].as_str().map(|text| text.replace("\r\n", "\n")) == Some(want.into());
        ensure!(same("subject", &rendered.subject) && same("to", "ada@example.org"), "{read}");
        ensure!(same("from", "Bücher & Söhne"), "{read}");
        ensure!(same("text", &rendered.text) && same("html", &rendered.html), "{read}");
        ensure!(rendered.html.contains(&format!("<html lang=\"{language}\">")), "{kind} {language}");
        ensure!(!rendered.html.contains("<brennt>"), "{kind} {language}");
        let automatic = read["automatic"].is_string() && read["precedence"] == "bulk";
        ensure!(automatic == (kind != Kind::AgentReply), "{kind}: {read}");
    }
    Ok(())
}
