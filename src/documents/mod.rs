//! Files for people: a value in, a file out.

pub mod csv;
pub mod workbook;
