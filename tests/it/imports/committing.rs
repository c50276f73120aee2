//! Taking a file in: what it records is what typing its rows one by one would have recorded.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use chrono::{Days, Duration, NaiveDate};
use proptest::{collection::vec, prelude::*, test_runner::Config, test_runner::TestRunner};
use vungxanh::{
    domain::{
        actor::{Actor, Role},
        calendar::{self, Instant},
        names::Gazetteer,
        review::Outcome,
    },
    imports::{counts::Counts, read::Limits},
    store::{Conn, Failure, Store, StoreError, plans::StoredPlan, series, tallies},
    usecases::{
        UseCaseError,
        import_counts::{self, GivenFile, ReadFile, read_file},
        import_report::{CountRow, FileReport},
        match_units::gazetteer,
        record_report::record_report,
        review_report::review_report,
        see_history::see_history,
        verify::verify,
    },
};

use crate::harness::{
    NOW, TestDatabase, database_tests, instant, plan,
    reporting::{actor, staff, submission},
};

/// Bodies as files name them, as they are recorded, and their cohort.
const BODIES: [(&str, &str, &str); 3] = [
    ("Phòng Y tế", "CM-P-YTE", "staff_b"),
    ("Xã Kiến An", "CM-X-30634", "staff_d"),
    ("Hội An", "CM-X-30673", "staff_d"),
];

/// Which body, how many days ago, and its figures.
pub type Step = (usize, u64, [i64; 4]);

fn day(days_ago: u64) -> NaiveDate {
    calendar::day(instant(NOW)) - Days::new(days_ago)
}

/// When a row of a day is true: in its last minute, or now.
fn at(days_ago: u64) -> Instant {
    (calendar::end_of(day(days_ago)) - Duration::minutes(1)).min(instant(NOW))
}

pub fn csv(rows: &[Step]) -> String {
    let mut text = "Đơn vị;Ngày;Tổng số;Số người dùng smartphone;Đã cài Bluezone;Đã khai báo y tế\n".to_owned();
    for (body, days_ago, [a, b, c, d]) in rows {
        writeln!(text, "{};{};{a};{b};{c};{d}", BODIES[*body].0, day(*days_ago).format("%d/%m/%Y")).unwrap();
    }
    text
}

pub fn file(name: &str, bytes: Vec<u8>, cohort: &str, scope: &str, as_of: Option<NaiveDate>) -> GivenFile {
    GivenFile {
        name: name.to_owned(),
        bytes,
        limits: Limits::WEB,
        scope: Some(scope.to_owned()),
        cohort: cohort.to_owned(),
        as_of,
        sheet: None,
        mapping: BTreeMap::default(),
        aliases: std::collections::HashMap::default(),
    }
}

/// A file that was read, and everything needed to take it in.
#[derive(Clone)]
pub struct Desk {
    pub who: Actor,
    pub plan: StoredPlan,
    names: std::sync::Arc<Gazetteer>,
}

impl Desk {
    pub fn new(store: &Store, who: Actor, plan: StoredPlan) -> Self {
        let names: Result<Gazetteer, UseCaseError> = store.read_now(gazetteer);
        Self { who, plan, names: std::sync::Arc::new(names.unwrap()) }
    }

    pub fn read(&self, file: &GivenFile) -> ReadFile<Counts> {
        read_file(&self.names, &self.plan, file, instant(NOW)).unwrap()
    }

    fn commit(&self, conn: &mut Conn, file: &GivenFile) -> Result<FileReport<CountRow>, UseCaseError> {
        self.commit_for(conn, file, "thử")
    }

    fn commit_for(
        &self,
        conn: &mut Conn,
        file: &GivenFile,
        reason: &str,
    ) -> Result<FileReport<CountRow>, UseCaseError> {
        let read = self.read(file);
        let preview = import_counts::preview(conn, &self.who, &self.plan, file, &read, None, instant(NOW))?;
        import_counts::commit(conn, &self.who, &self.plan, file, &read, &preview, reason)
    }

    fn preview(&self, conn: &mut Conn, file: &GivenFile) -> Result<FileReport<CountRow>, UseCaseError> {
        let read = self.read(file);
        let preview = import_counts::preview(conn, &self.who, &self.plan, file, &read, None, instant(NOW))?;
        Ok(preview.report())
    }

    pub fn post(&self, conn: &mut Conn, (body, days_ago, [a, b, c, d]): &Step) -> Result<i64, UseCaseError> {
        let (_, code, cohort) = BODIES[*body];
        let report = submission(code, at(*days_ago), &[(cohort, &staff(*a, *b, *c, *d))]);
        Ok(record_report(conn, &self.who, &self.plan, &report, instant(NOW))?.reports[0].report)
    }

    /// What was known before a file came: reports, some of which were returned.
    fn post_known(&self, conn: &mut Conn, office: &Actor, known: &[(Step, bool)]) -> Result<(), UseCaseError> {
        let posted: Vec<i64> =
            known.iter().map(|(step, _)| self.post(conn, step)).collect::<Result<_, UseCaseError>>()?;
        let returned = posted.into_iter().zip(known).filter(|(_, (_, is_returned))| *is_returned);
        for (report, _) in returned {
            review_report(conn, office, &self.plan, (report, Outcome::Returned, "sai"), instant(NOW))?;
        }
        Ok(())
    }
}

/// Everything that figures are shown from, with reports numbered from 0 by unit: no unit's stand on another's.
fn state(conn: &mut Conn) -> Result<String, UseCaseError> {
    if let Some(difference) = verify(conn)?.difference {
        return Ok(format!("not verified: {difference}"));
    }
    let (figures, latest) = (series::every_figure(conn)?, series::every_latest(conn)?);
    let numbers: BTreeSet<(i64, i64)> = figures.iter().map(|figure| (figure.unit_id, figure.report_id)).collect();
    let numbers: BTreeMap<i64, usize> = numbers.into_iter().enumerate().map(|(at, (_, id))| (id, at)).collect();
    let mut text = String::new();
    for (name, list) in [("figure", figures), ("latest", latest)] {
        for f in list {
            let (at, value, report) = (f.as_of(), f.value(), numbers[&f.report_id]);
            writeln!(text, "{name} {} {} {report} {at} {value:?}", f.unit_id, f.indicator_id).unwrap();
        }
    }
    for (key, amount) in tallies::everything(conn)?.into_iter().filter(|(_, amount)| !amount.is_zero()) {
        writeln!(text, "tally {key:?} {amount:?}").unwrap();
    }
    Ok(text)
}

/// Ends a case with what it saw, and undoes it.
enum Seen {
    State(String, Vec<usize>),
    Failed(UseCaseError),
}

impl From<StoreError> for Seen {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<UseCaseError> for Seen {
    fn from(error: UseCaseError) -> Self {
        Self::Failed(error)
    }
}

impl Failure for Seen {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Failed(error) => error.store_error(),
            Self::State(..) => None,
        }
    }
}

fn seen(store: &Store, work: impl Fn(&mut Conn) -> Result<Vec<usize>, Seen> + Send + 'static) -> (String, Vec<usize>) {
    let outcome: Result<(), Seen> = store.write_now(move |conn| {
        let unchanged = work(conn)?;
        Err(Seen::State(state(conn)?, unchanged))
    });
    match outcome {
        Err(Seen::State(state, unchanged)) => (state, unchanged),
        Err(Seen::Failed(error)) => panic!("{error}: {error:?}"),
        Ok(()) => panic!("nothing was undone"),
    }
}

fn a_file_records_what_its_rows_one_by_one_would(database: &TestDatabase) {
    let store = database.store();
    let desk = Desk::new(&store, actor(&store, Role::FocalPoint, "893"), plan(&store));
    let figures = (0..60_i64, 0..60_i64, 0..60_i64, 0..60_i64).prop_map(|(a, b, c, d)| {
        let phones = b.min(a);
        [a, phones, c.min(phones), d.min(a)]
    });
    let step = (0..BODIES.len(), 0..12_u64, figures);
    let office = actor(&store, Role::Consolidator, "893");
    let strategy = (vec((step.clone(), prop::bool::weighted(0.25)), 0..8), vec(step, 1..12));
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&strategy, |(known, rows)| {
        // One row for a body and day: others are refused as repeats.
        let mut once = BTreeSet::new();
        let rows: Vec<Step> = rows.into_iter().filter(|(body, days, _)| once.insert((*body, *days))).collect();
        let given = file("báo cáo.csv", csv(&rows).into_bytes(), "staff", "893", None);
        let (of_desk, of_office, of_known) = (desk.clone(), office.clone(), known.clone());
        let (of_file, unchanged) = seen(&store, move |conn| {
            of_desk.post_known(conn, &of_office, &of_known)?;
            let report = of_desk.commit(conn, &given)?;
            assert_eq!(report.counts.refused, 0, "{:?}", report.refuse);
            Ok(report.unchanged)
        });
        let mut typed: Vec<(Instant, usize, Step)> =
            rows.iter().enumerate().map(|(at_row, step)| (at(step.1), at_row + 2, *step)).collect();
        typed.sort_by_key(|(at, row, _)| (*at, *row));
        let (of_desk, of_office, of_known) = (desk.clone(), office.clone(), known);
        let (of_typing, _) = seen(&store, move |conn| {
            of_desk.post_known(conn, &of_office, &of_known)?;
            let new = typed.iter().filter(|(_, row, _)| !unchanged.contains(row));
            new.map(|(.., step)| step).try_for_each(|step| of_desk.post(conn, step).map(drop))?;
            Ok(Vec::new())
        });
        prop_assert_eq!(of_file, of_typing);
        Ok(())
    });
    outcome.unwrap_or_else(|e| panic!("{e}"));
}

fn asset(name: &str) -> Vec<u8> {
    std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/assets/imports").join(name)).unwrap()
}

fn general(store: &Store) -> StoredPlan {
    let plans: Result<_, StoreError> = store.read_now(vungxanh::store::plans::all);
    plans.unwrap().into_iter().find(|stored| stored.plan.code == "theo-doi-chung").unwrap()
}

pub fn write<T: Send + 'static>(
    store: &Store,
    work: impl Fn(&mut Conn) -> Result<T, UseCaseError> + Send + 'static,
) -> Result<T, UseCaseError> {
    store.write_now(work)
}

fn each_sample_goes_in_once_and_its_figures_say_where_they_come_from(database: &TestDatabase) {
    let store = database.store();
    let (cho_moi, soc_trang) = (actor(&store, Role::FocalPoint, "893"), actor(&store, Role::FocalPoint, "94"));
    for (name, cohort, scope, as_of, accepted) in [
        ("01_chomoi_utf8_bom_semicolon.csv", "residents", "893", (2020, 8, 20), 17),
        ("03_chomoi_merged_title_two_row_header.xlsx", "staff", "893", (2020, 8, 20), 18),
        ("09_chomoi_numbers_as_text.xlsx", "residents", "893", (2020, 8, 27), 10),
        ("11_soctrang_sections.xlsx", "residents", "94", (2020, 8, 31), 49),
    ] {
        let (who, plan) = if scope == "94" { (&soc_trang, general(&store)) } else { (&cho_moi, plan(&store)) };
        let desk = Desk::new(&store, who.clone(), plan);
        let as_of = NaiveDate::from_ymd_opt(as_of.0, as_of.1, as_of.2);
        let given = file(name, asset(name), cohort, scope, as_of);
        let before = state_of(&store);
        let (of_desk, of_file) = (desk.clone(), given.clone());
        let preview = store.read_now(move |conn| of_desk.preview(conn, &of_file)).unwrap();
        assert_eq!(state_of(&store), before, "{name}: a preview writes nothing");
        let (of_desk, of_file) = (desk.clone(), given.clone());
        let report = write(&store, move |conn| of_desk.commit(conn, &of_file)).unwrap();
        assert_eq!((preview.counts, &preview.accept), (report.counts, &report.accept), "{name}");
        assert_eq!(report.counts.accepted, accepted, "{name}: {:?}", report.refuse);
        let counts = report.counts;
        assert_eq!(counts.read, counts.accepted + counts.unchanged + counts.refused + counts.skipped, "{name}");
        let (of_desk, of_file) = (desk.clone(), given.clone());
        let again = write(&store, move |conn| of_desk.commit(conn, &of_file)).unwrap();
        assert_eq!((again.counts.accepted, again.counts.unchanged, again.import), (0, accepted, None), "{name}");
    }
    assert!(state_of(&store).starts_with("figure "));
    let desk = Desk::new(&store, cho_moi, plan(&store));
    let history = store
        .read_now(|conn| see_history(conn, &desk.who, &desk.plan, "CM-X-30634", "staff_d", "bluezone_installed"))
        .unwrap();
    let origin = history.versions[0].origin.as_ref().unwrap();
    let name = "03_chomoi_merged_title_two_row_header.xlsx";
    let hash = file(name, asset(name), "staff", "893", None).hash();
    assert_eq!((origin.row, origin.sheet.as_str(), origin.file_name.as_str()), (9, "Bao cao", name));
    assert_eq!((history.versions[0].channel.as_str(), &origin.file_hash), ("file", &hash));
    assert_eq!(history.versions[0].new, 44);
}

fn state_of(store: &Store) -> String {
    store.read_now(state).unwrap()
}

fn a_fall_needs_a_reason_and_an_older_day_changes_only_the_history(database: &TestDatabase) {
    let store = database.store();
    let desk = Desk::new(&store, actor(&store, Role::FocalPoint, "893"), plan(&store));
    let steps: [Step; 3] = [(0, 5, [20, 18, 16, 15]), (0, 2, [20, 18, 9, 15]), (0, 9, [20, 18, 3, 2])];
    for (step, unexplained) in steps.into_iter().zip([true, false, true]) {
        let given = file("a.csv", csv(&[step]).into_bytes(), "staff", "893", None);
        let of_desk = desk.clone();
        let outcome = write(&store, move |conn| of_desk.commit_for(conn, &given, ""));
        assert_eq!(outcome.is_ok(), unexplained, "{outcome:?}");
        if let Ok(report) = outcome {
            assert_eq!(report.older, if step.1 == 9 { vec![2] } else { vec![] });
        }
    }
    let history = store
        .read_now(|conn| see_history(conn, &desk.who, &desk.plan, "CM-P-YTE", "staff_b", "bluezone_installed"))
        .unwrap();
    let in_force: Vec<i64> = history.versions.iter().filter(|v| v.is_in_force).map(|v| v.new).collect();
    assert_eq!((history.versions.len(), in_force), (2, vec![16]));
}

fn nobody_is_counted_in_a_commune_and_again_in_its_hamlets(database: &TestDatabase) {
    let store = database.store();
    let desk = Desk::new(&store, actor(&store, Role::FocalPoint, "893"), plan(&store));
    let text =
        "Đơn vị;Dân số;Số người dùng smartphone;Đã cài Bluezone\nXã Kiến An;900;500;300\nXã Hội An;800;500;200\n";
    let given = file("a.csv", text.into(), "residents", "893", Some(day(3)));
    let hamlet = |conn: &mut Conn, desk: &Desk| {
        let figures = [("population", 90), ("bluezone_installed", 30), ("ncovi_declared", 20)];
        let report = submission("30634-01", at(2), &[("residents", &figures)]);
        record_report(conn, &desk.who, &desk.plan, &report, instant(NOW)).map(drop)
    };
    // The hamlet first: the commune's row is refused. The commune first: the hamlet's report is.
    let (of_desk, of_file) = (desk.clone(), given.clone());
    let outcome: Result<(), Seen> = store.write_now(move |conn| {
        hamlet(conn, &of_desk)?;
        let report = of_desk.commit(conn, &of_file)?;
        let refused: Vec<_> = report.refuse.iter().map(|row| (row.row, row.reason)).collect();
        assert_eq!((refused, report.counts.accepted), (vec![(2, "counted_twice")], 1));
        Err(Seen::State(String::new(), Vec::new()))
    });
    assert!(matches!(outcome, Err(Seen::State(..))));
    let (of_desk, of_file) = (desk.clone(), given.clone());
    let report = write(&store, move |conn| of_desk.commit(conn, &of_file)).unwrap();
    assert_eq!(report.counts.accepted, 2, "{:?}", report.refuse);
    let of_desk = desk.clone();
    let refused = write(&store, move |conn| hamlet(conn, &of_desk)).unwrap_err();
    let UseCaseError::Invalid(faults) = refused else { panic!("{refused}") };
    assert_eq!((faults.len(), faults[0].rule.code()), (1, "counted_twice"));
    assert!(store.read_now(verify).unwrap().difference.is_none());
}

fn rows_of_other_units_than_ones_own_are_refused(database: &TestDatabase) {
    let store = database.store();
    let desk = Desk::new(&store, actor(&store, Role::FocalPoint, "CM-X-30634"), plan(&store));
    let rows: [Step; 2] = [(1, 3, [20, 18, 16, 15]), (2, 3, [20, 18, 16, 15])];
    let given = file("a.csv", csv(&rows).into_bytes(), "staff", "893", None);
    let of_desk = desk.clone();
    let report = write(&store, move |conn| of_desk.commit(conn, &given)).unwrap();
    let refused: Vec<_> = report.refuse.iter().map(|row| (row.row, row.reason)).collect();
    assert_eq!((report.counts.accepted, refused), (1, vec![(3, "not_allowed")]));
}

fn a_figure_of_a_file_that_is_altered_is_noticed(database: &TestDatabase) {
    let store = database.store();
    let desk = Desk::new(&store, actor(&store, Role::FocalPoint, "893"), plan(&store));
    let given = file("a.csv", csv(&[(0, 3, [20, 18, 16, 15])]).into_bytes(), "staff", "893", None);
    let of_desk = desk.clone();
    write(&store, move |conn| of_desk.commit(conn, &given)).unwrap();
    assert!(store.read_now(verify).unwrap().difference.is_none());
    database.tamper("UPDATE report SET import_row = import_row + 1");
    let difference = store.read_now(verify).unwrap().difference.unwrap();
    assert!(difference.starts_with("import "), "{difference}");
}

database_tests!(
    a_file_records_what_its_rows_one_by_one_would,
    each_sample_goes_in_once_and_its_figures_say_where_they_come_from,
    a_fall_needs_a_reason_and_an_older_day_changes_only_the_history,
    nobody_is_counted_in_a_commune_and_again_in_its_hamlets,
    rows_of_other_units_than_ones_own_are_refused,
    a_figure_of_a_file_that_is_altered_is_noticed,
);
