//! Files that offices send: which table, which rows, which verdicts.

mod committing;
mod layouts;
mod pages_of_tables;
mod samples;
mod sending;
mod spellings;
mod support;
mod uploading;
