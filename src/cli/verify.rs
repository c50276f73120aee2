//! `vungxanh verify`

use std::process::ExitCode;

use clap::Args;

use super::{CliError, open, say};
use crate::{config::Keeping, usecases::verify::verify};

/// Recompute everything from the reports and check the audit trail
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    keeping: Keeping,
}

impl Verify {
    pub(super) fn run(self) -> Result<ExitCode, CliError> {
        if !self.keeping.exists() {
            let place = self.keeping.data_dir.display();
            return Err(CliError::Said(format!(
                "there is no database in {place}; --data-dir or --database says where it is"
            )));
        }
        let (store, _) = open(&self.keeping)?;
        // In a write transaction nothing changes while it is being compared.
        let found = store.write_now(verify)?;
        say(format!(
            "{} báo cáo, {} số liệu, {} dòng sổ cộng dồn, {} sự kiện nhật ký.",
            found.reports, found.figures, found.ledger_rows, found.events
        ));
        Ok(match found.difference {
            None => {
                say("Khớp: mọi con số tính lại đều bằng con số đang lưu.");
                ExitCode::SUCCESS
            }
            Some(difference) => {
                say(format!("SAI LỆCH: {difference}"));
                ExitCode::FAILURE
            }
        })
    }
}
