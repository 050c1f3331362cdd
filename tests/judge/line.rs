//! One mail as a line for the scorer of the corpora.

use maildesk_core::mail::{Limits, Parsed, parse};
use maildesk_core::verdict::{OwnIdentity, facts};
use serde_json::{Value, json};

/// What maildesk reads in a mail, and what it takes the mail for.
pub fn judged(name: &str, raw: &[u8]) -> Value {
    let mail = match parse(raw, &Limits::default()) {
        Parsed::Mail(mail) => mail,
        Parsed::Refused(poison) => return json!({"file": name, "ok": false, "error": poison.to_string()}),
    };
    let facts = facts(&mail, &OwnIdentity::default());
    let attachments: Vec<Value> = mail
        .attachments
        .iter()
        .map(|a| json!({"name": a.name, "size": a.content.len(), "content_type": a.content_type, "inline": a.inline}))
        .collect();
    json!({
        "file": name,
        "ok": true,
        "subject": mail.subject,
        "from": mail.from.as_ref().map(|from| &from.address),
        "from_name": mail.from.as_ref().and_then(|from| from.name.as_ref()),
        "text": mail.text,
        "reply_text": mail.new_text(),
        "html": mail.html.as_ref().map(|html| html.sanitised()),
        "attachments": attachments,
        "auto_reply": facts.automatic.is_some() && facts.bounce.is_none(),
        "bounce": facts.bounce.is_some(),
        "suppress": facts.suppress_answer.is_some(),
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": mail.references,
    })
}
