//! Tickets that are one matter become one; one that is two matters becomes two. Each is one commit.

mod merge;
mod split;
#[cfg(test)]
mod tests;

use super::fault::Fault;
use super::once::once;
use super::parts::RpcParts;
use super::rehearsal::rehearse;
use crate::store::events;
use crate::store::kv::Transaction;
use maildesk_core::rpc::{MovedTickets, RequestKey, TicketMove};
use merge::write_merge;
use split::write_split;

pub(super) async fn carry_out(
    parts: &RpcParts,
    user: String,
    wanted: TicketMove,
    dry_run: bool,
    key: RequestKey,
) -> Result<MovedTickets, Fault> {
    let now = parts.clock.now();
    let work = move |tx: &mut Transaction<'_>| match wanted {
        TicketMove::Merge { source, target } => {
            Ok(MovedTickets::Merged(Box::new(write_merge(tx, &user, source, target, now)?)))
        }
        TicketMove::Split { ticket, entries, subject } => {
            Ok(MovedTickets::Split(Box::new(write_split(tx, &user, ticket, &entries, subject, now)?)))
        }
    };
    if dry_run {
        return rehearse(&parts.store, work).await;
    }
    let answer = parts.store.write(move |tx: &mut Transaction<'_>| once(tx, &key, now, work)).await?;
    parts.hub.publish(events::newest(&parts.store)?);
    Ok(answer)
}
