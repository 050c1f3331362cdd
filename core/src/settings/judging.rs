//! How inbound mail is judged: whom sender checks are believed from, which attachments stay out of
//! tickets, and who scans for viruses.

use super::{FieldProblem, VirusScan, virus_scan};
use crate::mail::BlockList;
use serde::{Deserialize, Serialize};

/// How inbound mail is judged.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Judging {
    /// Names (authserv-id, RFC 8601 §2.5) of the desk's own mail servers: only their `Authentication-Results` count.
    pub trusted_authserv_ids: Vec<String>,
    /// Present: such attachments stay in the raw mail and out of the ticket.
    pub blocked_attachments: Option<BlockList>,
    /// Present: every mail is shown to this scanner first.
    pub virus_scan: Option<VirusScan>,
}

pub(super) fn validate(judging: &Judging, found: &mut Vec<FieldProblem>) {
    let unusable =
        |id: &&String| id.trim().is_empty() || id.chars().any(|c| c.is_whitespace() || matches!(c, ';' | '('));
    if let Some(id) = judging.trusted_authserv_ids.iter().find(unusable) {
        found.push(FieldProblem::new(
            "judging: trusted_authserv_ids",
            format!("\"{}\" is no name of a server", crate::text::clean_line(id)),
            "write what stands first in your server's Authentication-Results, such as mx.example.org",
        ));
    }
    if let Some(scan) = &judging.virus_scan {
        virus_scan::validate(scan, found);
    }
    let Some(blocked) = &judging.blocked_attachments else { return };
    let plain = |word: &str| !word.is_empty() && !word.chars().any(|c| c.is_whitespace() || c.is_uppercase());
    if let Some(wrong) = blocked.extensions.iter().find(|word| !plain(word) || word.contains('.')) {
        found.push(FieldProblem::new(
            "judging: blocked_attachments.extensions",
            format!("\"{}\" is no extension", crate::text::clean_line(wrong)),
            "write the last extension in lower case without its dot, such as exe",
        ));
    }
    if let Some(wrong) = blocked.content_types.iter().find(|word| !plain(word) || word.matches('/').count() != 1) {
        found.push(FieldProblem::new(
            "judging: blocked_attachments.content_types",
            format!("\"{}\" is no type", crate::text::clean_line(wrong)),
            "write it whole and in lower case, such as application/x-sh",
        ));
    }
}
