//! To come.
use crate::{Options, Outcome};

/// To come.
pub fn measure(_: &Options) -> Outcome<()> {
    Ok(())
}
