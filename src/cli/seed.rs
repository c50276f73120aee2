//! `vungxanh seed`

use std::process::ExitCode;

use clap::Args;

use super::{CliError, open, say};
use crate::{
    clock::Clock,
    config::Keeping,
    store::Store,
    usecases::load_seed::{Loaded, load_seed},
};

/// Load units, population, plans and known zone decisions
#[derive(Debug, Args)]
pub struct Seed {
    #[command(flatten)]
    keeping: Keeping,
}

impl Seed {
    pub(super) fn run(self) -> Result<ExitCode, CliError> {
        let (store, clock) = open(&self.keeping)?;
        load(&store, clock)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Loads the seed and says what was new.
pub(super) fn load(store: &Store, clock: Clock) -> Result<(), CliError> {
    say("Đang nạp danh mục đơn vị, dân số, kế hoạch, phân vùng …");
    let now = clock.now();
    let loaded = store.write_now(move |conn| load_seed(conn, now))?;
    let Loaded { units, populations, assignments, zones, .. } = loaded;
    say(format!(
        "Đã nạp: {units} đơn vị, {populations} số liệu dân số, {assignments} nhiệm vụ báo cáo, {zones} quyết định phân vùng (mới)."
    ));
    Ok(())
}
