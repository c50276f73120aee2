//! The program `vungxanh`; everything stands in the library.
fn main() {}
