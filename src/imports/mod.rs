//! Files that people send, from bytes to figures: encodings, workbooks, headers, spellings of numbers and dates, names.

mod archive;
mod biff;
mod delimited;
mod encoding;
mod facts;
pub mod grid;
mod html;
pub mod legacy;
mod ods;
pub mod outlines;
pub mod read;
mod rows;
mod sniff;
mod tcvn3;
mod vietnamese;
mod vni;
mod xls;
mod xlsb;
mod xlsx;
mod xlsx_facts;
