//! UID sets as IMAP writes them (RFC 3501 §9, sequence-set): `1:5,7`, cut into commands of bounded length.

use maildesk_core::ids::Uid;
use std::fmt::Write;

/// Longest set in one command, in characters. Servers read lines of at least 8 kB (RFC 7162 §4).
const SET_MAX: usize = 7000;

/// Sets that hold these UIDs in ascending order, each at most `count` UIDs.
pub(super) fn uid_sets(uids: &[Uid], count: usize) -> Vec<String> {
    let mut sorted: Vec<u32> = uids.iter().map(|uid| uid.0).collect();
    sorted.sort_unstable();
    sorted.dedup();
    let mut sets = Vec::new();
    let mut set = String::new();
    for part in sorted.chunks(count.max(1)) {
        for (first, last) in runs(part) {
            // A range has at most two numbers of ten digits, a colon and a comma.
            if set.len() + 22 > SET_MAX {
                sets.push(std::mem::take(&mut set));
            }
            push_range(&mut set, first, last);
        }
        sets.push(std::mem::take(&mut set));
    }
    sets
}

fn push_range(set: &mut String, first: u32, last: u32) {
    if !set.is_empty() {
        set.push(',');
    }
    // Writing into a String cannot fail.
    let written = if first == last { write!(set, "{first}") } else { write!(set, "{first}:{last}") };
    debug_assert!(written.is_ok(), "a String takes all");
}

/// Runs of consecutive numbers.
fn runs(sorted: &[u32]) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in sorted {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*number) => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(uids: &[u32], count: usize) -> Vec<String> {
        uid_sets(&uids.iter().copied().map(Uid).collect::<Vec<_>>(), count)
    }

    #[test]
    fn consecutive_uids_become_ranges() {
        for (uids, count, want) in [
            (&[][..], 10, &[][..]),
            (&[7], 10, &["7"]),
            (&[5, 1, 2, 3, 4, 7, 7], 10, &["1:5,7"]),
            (&[1, 2, 3, 4], 2, &["1:2", "3:4"]),
            (&[4_294_967_294, 4_294_967_295], 9, &["4294967294:4294967295"]),
        ] {
            assert_eq!(sets(uids, count), want, "{uids:?}");
        }
    }

    #[test]
    fn no_command_is_longer_than_servers_read() {
        let scattered: Vec<u32> = (0..5000).map(|n| 4_000_000_000 + n * 2).collect();
        let sets = sets(&scattered, usize::MAX);
        assert!(sets.len() > 1 && sets.iter().all(|set| set.len() <= SET_MAX));
        assert_eq!(sets.join(",").split(',').count(), 5000);
    }
}
