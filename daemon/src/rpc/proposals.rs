//! Servers that an address likely has, to begin a form with. Changes nothing.

use super::parts::RpcParts;
use maildesk_core::address::Address;
use maildesk_core::settings::proposal::{Proposal, discover, propose};
use std::time::Duration;

/// A person waits for it: name servers that need longer are done without.
const LIMIT: Duration = Duration::from_secs(10);

/// By what the name servers say; without any, by what is known of providers and usual.
pub(super) async fn servers(parts: &RpcParts, address: &Address) -> Proposal {
    match &parts.dns {
        Some(dns) => dns.settle_within(LIMIT, |answers| discover(answers, address)).await,
        None => propose(address),
    }
}
