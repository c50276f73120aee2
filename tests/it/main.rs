//! All integration tests in one program.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod access;
mod architecture;
mod browser;
mod charts;
mod chase;
mod cli;
mod consolidated;
mod counting;
mod crash;
mod dependencies;
mod files;
mod harness;
mod histories;
mod imports;
mod memo;
mod names;
mod store;
mod tampering;
mod tracing;
mod zones;
