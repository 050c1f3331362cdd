//! Windows over long lists: how much a person asked for, and fetching it in pieces.

use crate::client::ClientError;
use crate::output::progress::Progress;
use clap::Args;
use maildesk_core::rpc::{MAX_ROWS, Rows, Window};

#[derive(Debug, Clone, Args)]
pub struct Listing {
    /// Rows at the most
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..), value_name = "N")]
    pub limit: u32,
    /// Every row
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
    /// Go on behind this cursor: `next` of the JSON before
    #[arg(long, value_name = "CURSOR")]
    pub after: Option<u64>,
}

/// Fetches what was asked for. Also says where the rest begins.
pub(super) async fn collect<T>(
    listing: &Listing,
    fetch: impl AsyncFn(Window) -> Result<Rows<T>, ClientError>,
) -> Result<Rows<T>, ClientError> {
    let wanted = if listing.all { usize::MAX } else { usize::try_from(listing.limit).unwrap_or(usize::MAX) };
    let mut progress = Progress::start();
    let mut collected = Rows { rows: Vec::new(), next: listing.after };
    loop {
        let missing = u32::try_from(wanted - collected.rows.len()).unwrap_or(u32::MAX);
        let part = fetch(Window { after: collected.next, limit: missing.min(MAX_ROWS) }).await?;
        // A list that hands out the cursor that it was given must not keep us here. No rows and another cursor: the
        // daemon looked through a part and found nothing in it.
        let ended = part.next.is_none() || part.next == collected.next;
        collected.rows.extend(part.rows);
        collected.next = part.next;
        if ended || collected.rows.len() >= wanted {
            return Ok(collected);
        }
        progress.say(&format!("{} rows so far", collected.rows.len()));
    }
}

/// Tells a person that the list goes on.
pub(super) fn mention_rest<T>(rows: &Rows<T>) {
    if rows.next.is_some() {
        crate::output::notice(&format!("{} rows; --all shows every one, --limit N more", rows.rows.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn collected(listing: Listing) -> Rows<u64> {
        let fetch = async |window: Window| {
            let from = window.after.unwrap_or(0);
            let rows: Vec<u64> = (from + 1..=1200).take(window.limit as usize).collect();
            let next = rows.last().copied().filter(|last| *last < 1200);
            Ok(Rows { rows, next })
        };
        collect(&listing, fetch).await.unwrap()
    }

    #[tokio::test]
    async fn windows_are_joined() {
        let some = collected(Listing { limit: 700, all: false, after: None }).await;
        assert_eq!((some.rows.len(), some.next), (700, Some(700)));
        let rest = collected(Listing { limit: 700, all: false, after: some.next }).await;
        assert_eq!((rest.rows.first(), rest.rows.len(), rest.next), (Some(&701), 500, None));
        let all = collected(Listing { limit: 50, all: true, after: None }).await;
        assert_eq!((all.rows.len(), all.next), (1200, None));
    }

    #[tokio::test]
    async fn a_cursor_that_leads_nowhere_ends_the_list() {
        let listing = Listing { limit: 50, all: true, after: None };
        let stuck = collect(&listing, async |_| Ok(Rows::<u8> { rows: vec![1], next: Some(3) })).await.unwrap();
        assert_eq!(stuck.rows.len(), 2);
        let parts = async |window: Window| {
            let rows = if window.after == Some(2) { vec![9] } else { Vec::new() };
            Ok(Rows { rows, next: window.after.map_or(Some(1), |after| (after < 4).then_some(after + 1)) })
        };
        assert_eq!(collect(&listing, parts).await.unwrap().rows, [9], "empty parts are gone through");
    }
}
