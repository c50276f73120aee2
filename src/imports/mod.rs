//! Files that people send, from bytes to figures: encodings, workbooks, headers, spellings of numbers and dates, names.

pub mod columns;
pub mod count;
pub mod counts;
pub mod date;
pub mod grid;
pub mod header;
pub mod label;
pub mod lines;
pub mod register;
mod sums;
pub mod table;
pub mod verdict;
