//! Files that people send, from bytes to figures: encodings, workbooks, headers, spellings of numbers and dates, names.
//!
//! [`read`] makes a [`grid::Book`] of any file; [`counts`] and [`zones`] find its [`table`] and judge each row.

mod archive;
mod biff;
pub mod columns;
pub mod count;
pub mod counts;
pub mod date;
mod delimited;
mod encoding;
mod facts;
pub mod grid;
pub mod header;
mod html;
pub mod label;
pub mod legacy;
pub mod lines;
pub mod mapping;
mod ods;
pub mod outlines;
pub mod read;
pub mod register;
mod rows;
mod sniff;
mod sums;
pub mod table;
mod tcvn3;
pub mod verdict;
mod vietnamese;
mod vni;
mod xls;
mod xlsb;
mod xlsx;
mod xlsx_facts;
pub mod zones;
