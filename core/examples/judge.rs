//! Judges mails of a corpus and prints one JSON line each, for a scorer: `judge CORPUS_DIR > out.jsonl`.
//! The directory holds `list.txt` and the mails under `mails/`.
#![allow(clippy::print_stdout, reason = "an example that writes its result to standard output")]

use maildesk_core::mail::{Limits, Parsed, parse};
use maildesk_core::verdict::{OwnIdentity, facts};
use serde_json::{Value, json};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let corpus = std::env::args().nth(1).ok_or("usage: judge CORPUS_DIR")?;
    let corpus = Path::new(&corpus);
    let list = std::fs::read_to_string(corpus.join("list.txt"))?;
    for file in list.lines().filter(|line| !line.is_empty()) {
        let raw = std::fs::read(corpus.join("mails").join(file))?;
        println!("{}", judge(file, &raw));
    }
    Ok(())
}

fn judge(file: &str, raw: &[u8]) -> Value {
    let mail = match parse(raw, &Limits::default()) {
        Parsed::Mail(mail) => mail,
        Parsed::Refused(poison) => return json!({"file": file, "ok": false, "error": poison.to_string()}),
    };
    let facts = facts(&mail, &OwnIdentity::default());
    let attachments: Vec<Value> = mail
        .attachments
        .iter()
        .map(|a| json!({"name": a.name, "size": a.content.len(), "content_type": a.content_type, "inline": a.inline}))
        .collect();
    json!({
        "file": file,
        "ok": true,
        "subject": mail.subject,
        "from": mail.from.as_ref().map(|f| f.address.clone()),
        "from_name": mail.from.as_ref().and_then(|f| f.name.clone()),
        "text": mail.text,
        "reply_text": mail.new_text(),
        "html": mail.html.as_ref().map(|h| h.sanitised()),
        "attachments": attachments,
        "auto_reply": facts.automatic.is_some() && facts.bounce.is_none(),
        "bounce": facts.bounce.is_some(),
        "suppress": facts.suppress_answer.is_some(),
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": mail.references,
    })
}
