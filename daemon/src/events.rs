//! The hub: publishes after commit, keeps a short ring, wakes long polls.
