//! `vungxanh demo`

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::{
    CliError, open, say, seed,
    serve::{log, serve, write_private},
};
use crate::{
    config::{Keeping, Serving},
    domain::actor::Role,
    passwords,
    store::{StoreError, plans},
    usecases::{
        UseCaseError,
        make_demo::make_demo,
        manage_accounts::{NewAccount, add_account},
    },
};

/// Run the service with real seed data and made-up counts, to try it out
#[derive(Debug, Args)]
pub struct Demo {
    #[command(flatten)]
    keeping: Keeping,
    #[command(flatten)]
    serving: Serving,
}

/// The plan made-up counts are for.
const PLAN: &str = "cho-moi-1677";

/// One account for each role, and a second focal point, of a commune with hamlets.
const ACCOUNTS: [(Role, &str, &str, &str); 6] = [
    (Role::Committee, "bcd", "Ban Chỉ đạo huyện", "893"),
    (Role::Consolidator, "vhtt", "Phòng Văn hóa và Thông tin", "893"),
    (Role::FocalPoint, "yte", "Đầu mối Phòng Y tế", "CM-P-YTE"),
    (Role::HealthStaff, "ttyt", "Trung tâm Y tế huyện", "893"),
    (Role::Administrator, "quantri", "Quản trị", "893"),
    (Role::FocalPoint, "kienan", "Đầu mối xã Kiến An", "30634"),
];

#[derive(Serialize)]
struct DemoAccount {
    role: Role,
    username: &'static str,
    password: String,
    unit: &'static str,
}

impl Demo {
    pub(super) fn run(self) -> Result<ExitCode, CliError> {
        log(self.serving.log_json);
        let (store, clock) = open(&self.keeping)?;
        let is_new = store.read_now(plans::all)?.is_empty();
        if is_new {
            seed::load(&store, clock)?;
            say("Đang tạo sáu tuần số liệu minh họa …");
            let now = clock.now();
            let made = store.write_now(move |conn| {
                let plan = plans::all(conn)?
                    .into_iter()
                    .find(|stored| stored.plan.code == PLAN)
                    .ok_or(StoreError::NotFound)?;
                make_demo(conn, &plan, now)
            })?;
            say(format!("Đã tạo {made} báo cáo minh họa (không phải số liệu thật)."));
            let accounts = ACCOUNTS.map(|(role, username, _, unit)| DemoAccount {
                role,
                username,
                password: passwords::random(),
                unit,
            });
            let new = accounts
                .iter()
                .zip(ACCOUNTS)
                .map(|(account, (role, username, name, unit))| {
                    let password_hash = passwords::hash(&account.password).map_err(CliError::Said)?;
                    let (username, display_name, unit) = (username.to_owned(), name.to_owned(), unit.to_owned());
                    Ok(NewAccount { username, display_name, password_hash, role, unit })
                })
                .collect::<Result<Vec<_>, CliError>>()?;
            store.write_now(move |conn| {
                new.iter()
                    .try_for_each(|account| add_account(conn, account, now).map(|_| ()))
                    .map_err(|e: UseCaseError| e)
            })?;
            let file = self.keeping.data_dir.join("demo-accounts.json");
            let json = serde_json::to_string_pretty(&accounts).map_err(|e| CliError::Said(e.to_string()))?;
            write_private(&file, &json)?;
            say("");
            say("Tài khoản dùng thử (mật khẩu chỉ hiện một lần này):");
            for (account, (_, _, name, _)) in accounts.iter().zip(ACCOUNTS) {
                say(format!("  {:<14} {:<9} {}   {}", account.role.code(), account.username, account.password, name));
            }
            say(format!("  (cũng ghi trong {})", file.display()));
            say("");
        } else {
            say(format!("Dùng lại số liệu trong {}.", self.keeping.data_dir.display()));
        }
        serve(store, clock, &self.keeping.data_dir, &self.serving, None)
    }
}
