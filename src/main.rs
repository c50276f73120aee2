//! The program `vungxanh`; everything stands in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    vungxanh::cli::run()
}
