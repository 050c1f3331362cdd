//! What one commit says happened: numbered events, streamed to consoles.
