//! Scratch databases with the program's own seed data, gone when dropped.

use diesel::{Connection, PgConnection, RunQueryDsl};
use tempfile::TempDir;
use vungxanh::{
    clock::Clock,
    domain::actor::Role,
    passwords,
    store::{Address, Store, Tuning, plans, plans::StoredPlan},
    usecases::{
        load_seed::load_seed,
        manage_accounts::{NewAccount, add_account},
    },
};

use crate::Outcome;

/// The plan reported on, and the district it is for.
pub const PLAN: &str = "cho-moi-1677";
/// The unit the benchmark's account may report for.
pub const DISTRICT: &str = "893";
/// The benchmark's account.
pub const USERNAME: &str = "bench";
/// Its password.
pub const PASSWORD: &str = "bench password";

/// Where a scratch database lives.
enum Place {
    File(#[expect(dead_code, reason = "removed when dropped")] TempDir),
    Server { server: String, name: String },
}

/// A scratch database.
pub struct Database {
    /// How the program calls it.
    pub address: Address,
    /// Its file or URL.
    pub target: String,
    place: Place,
}

impl Database {
    /// A new SQLite file under Cargo's target directory: on a real disk, which `/tmp` may not be.
    pub fn sqlite() -> Outcome<Self> {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
        let target = folder.path().join("bench.db").display().to_string();
        Ok(Self { address: Address::Sqlite(target.clone()), target, place: Place::File(folder) })
    }

    /// A new database on the server of `url`.
    pub fn postgres(url: &str) -> Outcome<Self> {
        let name = format!("vungxanh_bench_{:08x}", rand::random::<u32>());
        let mut server = PgConnection::establish(url)?;
        diesel::sql_query(format!("CREATE DATABASE {name}")).execute(&mut server)?;
        let (before, _) = url.rsplit_once('/').ok_or("the URL names no database")?;
        let target = format!("{before}/{name}");
        let place = Place::Server { server: url.to_owned(), name };
        Ok(Self { address: Address::parse(&target)?, target, place })
    }

    /// Opens it with the seed data and the account.
    pub fn open(&self, tuning: Tuning) -> Outcome<Store> {
        let store = Store::open_with(&self.address, tuning)?;
        let now = Clock::System.now();
        let password_hash = passwords::hash(PASSWORD)?;
        let account = NewAccount {
            username: USERNAME.to_owned(),
            display_name: "Đầu mối đo tải".to_owned(),
            password_hash,
            role: Role::FocalPoint,
            unit: DISTRICT.to_owned(),
        };
        store.write_now(move |conn| {
            load_seed(conn, now)?;
            add_account(conn, &account, now)
        })?;
        Ok(store)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Place::Server { server, name } = &self.place {
            let dropped = PgConnection::establish(server)
                .map(|mut server| diesel::sql_query(format!("DROP DATABASE {name} WITH (FORCE)")).execute(&mut server));
            if !matches!(dropped, Ok(Ok(_))) {
                println!("the database {name} is left over");
            }
        }
    }
}

/// A body that reports its staff.
#[derive(Debug, Clone)]
pub struct Body {
    /// Identity.
    pub id: i64,
    /// Code.
    pub code: String,
    /// Its staff cohort.
    pub cohort: String,
    /// Itself and its ancestors.
    pub lineage: Vec<i64>,
}

/// The plan, and the bodies with a staff cohort in it.
pub fn bodies(store: &Store) -> Outcome<(StoredPlan, Vec<Body>)> {
    let found = store.read_now(|conn| {
        let plan = plans::all(conn)?.into_iter().find(|stored| stored.plan.code == PLAN);
        let plan = plan.ok_or(vungxanh::store::StoreError::NotFound)?;
        let mut bodies = Vec::new();
        let area = plan.area.ok_or(vungxanh::store::StoreError::NotFound)?;
        for obliged in plans::obliged(conn, plan.id, area)?.iter() {
            if let Some((_, cohort)) = obliged.cohorts.iter().find(|(_, cohort)| cohort.starts_with("staff_")) {
                let lineage = vungxanh::store::units::lineage(conn, &obliged.unit.code)?;
                bodies.push(Body {
                    id: obliged.unit.id.0,
                    code: obliged.unit.code.clone(),
                    cohort: cohort.clone(),
                    lineage: lineage.iter().map(|unit| unit.id.0).collect(),
                });
            }
        }
        Ok::<_, vungxanh::store::StoreError>((plan, bodies))
    })?;
    Ok(found)
}
