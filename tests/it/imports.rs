//! Files that offices send: which table, which rows, which verdicts.

mod committing;
mod layouts;
pub mod names_in_files;
mod pages_of_tables;
mod previewing;
mod samples;
mod sending;
mod spellings;
mod support;
mod uploading;

pub use uploading::asset;
