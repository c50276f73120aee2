//! Files that people send, from bytes to figures: encodings, workbooks, headers, spellings of numbers and dates, names.

pub mod grid;
pub mod legacy;
mod tcvn3;
#[cfg(test)]
mod vietnamese;
mod vni;
