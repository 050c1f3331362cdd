//! Delivery status notifications (RFC 3464): blocks of fields.

use super::{Bounce, BounceAction};
use crate::text::clean_line;

/// Reads `message/delivery-status`. `None` if there is no recipient block. Of several, the first that failed counts.
pub(super) fn delivery_status(content: &[u8]) -> Option<Bounce> {
    let text = String::from_utf8_lossy(content);
    let mut found: Option<Bounce> = None;
    let mut envelope_id = None;
    for block in blocks(&text) {
        let field = |name: &str| block.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str());
        envelope_id = envelope_id.or_else(|| field("Original-Envelope-Id").map(str::to_owned));
        if field("Final-Recipient").is_none() && field("Original-Recipient").is_none() && field("Action").is_none() {
            continue;
        }
        let recipient = [field("Final-Recipient"), field("Original-Recipient")].into_iter().flatten().find_map(address);
        let status = field("Status").and_then(status_code);
        let action = field("Action").and_then(action).unwrap_or(match status.as_deref() {
            Some(code) if code.starts_with('2') => BounceAction::Delivered,
            Some(code) if code.starts_with('4') => BounceAction::Delayed,
            _ => BounceAction::Failed,
        });
        let diagnostic = field("Diagnostic-Code").and_then(diagnostic);
        let bounce = Bounce { failed_recipient: recipient, status, action, diagnostic, ..Bounce::default() };
        if found.as_ref().is_none_or(|f| f.action != BounceAction::Failed && action == BounceAction::Failed) {
            found = Some(bounce);
        }
    }
    found.map(|bounce| Bounce { envelope_id, ..bounce })
}

/// Fields of each block, unfolded. Blocks are apart by blank lines; at most 200 are read.
fn blocks(text: &str) -> Vec<Vec<(String, String)>> {
    let mut blocks = vec![Vec::new()];
    for line in text.lines().take(5_000) {
        if line.trim().is_empty() {
            if blocks.last().is_some_and(|b: &Vec<_>| !b.is_empty()) && blocks.len() < 200 {
                blocks.push(Vec::new());
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = blocks.last_mut().and_then(|b: &mut Vec<(String, String)>| b.last_mut()) {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let (Some(block), Some((name, value))) = (blocks.last_mut(), line.split_once(':')) {
            block.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    blocks
}

/// `rfc822; <a@b>` or a bare address.
fn address(value: &str) -> Option<String> {
    let value = value.split_once(';').map_or(value, |(_, address)| address);
    let plain = clean_line(value);
    let plain = plain.split_whitespace().find(|word| word.contains('@')).unwrap_or(plain.trim());
    let plain = plain.trim_matches(['<', '>', '"', '\'', ',']);
    (!plain.is_empty() && plain.len() <= 320).then(|| plain.to_owned())
}

/// `smtp; 550 5.1.1 no such user` without the type, one clean line.
fn diagnostic(value: &str) -> Option<String> {
    let said = clean_line(value.split_once(';').map_or(value, |(_, said)| said));
    let said = said.trim();
    (!said.is_empty()).then(|| said.to_owned())
}

/// The first `d.d.d` of a value (RFC 3463 §2).
pub(super) fn status_code(value: &str) -> Option<String> {
    value.split(|c: char| !c.is_ascii_digit() && c != '.').find(|word| is_status(word)).map(str::to_owned)
}

fn is_status(word: &str) -> bool {
    let mut parts = word.split('.');
    let class = parts.next().is_some_and(|c| matches!(c, "2" | "4" | "5"));
    let small = |part: Option<&str>| {
        part.is_some_and(|p| !p.is_empty() && p.len() <= 3 && p.bytes().all(|b| b.is_ascii_digit()))
    };
    class && small(parts.next()) && small(parts.next()) && parts.next().is_none()
}

fn action(value: &str) -> Option<BounceAction> {
    let word = value.split([' ', ';', '(']).next().unwrap_or_default().to_ascii_lowercase();
    match word.as_str() {
        "failed" | "failure" => Some(BounceAction::Failed),
        "delayed" => Some(BounceAction::Delayed),
        "delivered" => Some(BounceAction::Delivered),
        "relayed" => Some(BounceAction::Relayed),
        "expanded" => Some(BounceAction::Expanded),
        _ => None,
    }
}

/// The message id in the header of a returned mail.
pub(super) fn message_id_of(returned: &[u8]) -> Option<String> {
    let head = returned.get(..64 << 10).unwrap_or(returned);
    let text = String::from_utf8_lossy(head);
    let (mut lines, mut value) = (text.lines(), None);
    while let Some(line) = lines.next() {
        if let Some((name, rest)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("message-id")
        {
            // A long id stands folded on the next line.
            value = Some(if rest.trim().is_empty() { lines.next().unwrap_or_default() } else { rest }.to_owned());
            break;
        }
    }
    let id = value?;
    let id = id.trim().trim_start_matches('<');
    let id = id.split(['>', ' ']).next().unwrap_or_default();
    (id.contains('@') && id.len() <= 998).then(|| clean_line(id))
}
