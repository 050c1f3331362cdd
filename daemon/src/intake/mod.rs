//! One mailbox's worker: fetch, parse, plan, blobs, commit, flag.
