//! Sending decisions on a real store.
