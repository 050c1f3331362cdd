//! The outbox on real servers: what is sent, held, refused or put off, how fast, what comes back, and what people hear.

mod bounces;
mod cut;
mod desk;
mod golden;
mod greylist;
mod holding;
mod interrupted;
mod modes;
mod refusals;
mod restraint;
mod signed;
mod trouble;
