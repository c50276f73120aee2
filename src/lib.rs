//! Vùng Xanh: per agency and per commune, how many have installed or declared, against the target of their plan;
//! which places are green and which are red; shown, charted and exported.
//!
//! A house of floors; a floor may use those below it, never one above (`tests/it/architecture.rs` checks):
//!
//! ```text
//!   cli          web            how people and programs come in
//!        usecases               what a person can do: one file per verb
//!   store  imports  charts  documents   the database · files in · pictures out · files out
//!          domain               the rules, pure
//! ```

rust_i18n::i18n!("dashboards/locales", fallback = "vi");

/// glibc keeps memory apart for each thread and gives little of it back: a small machine runs out of it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod charts;
pub mod cli;
pub mod clock;
pub mod config;
pub mod documents;
pub mod domain;
pub mod imports;
pub mod passwords;
pub mod store;
pub mod usecases;
pub mod web;
