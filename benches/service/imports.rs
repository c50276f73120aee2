//! Files of counts: a national one previewed and recorded, previews of growing files, a workbook against pandas, and the
//! memory hostile files take.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use chrono::{Days, NaiveDate};
use rust_xlsxwriter::Workbook;
use vungxanh::{
    clock::Clock,
    domain::names::Gazetteer,
    imports::read::Limits,
    store::{Store, Tuning, plans, plans::StoredPlan},
    usecases::{
        UseCaseError,
        act_locally::{local_actor, local_reader},
        import_counts::{self, GivenFile},
        match_units::gazetteer,
    },
};

use crate::{
    Options, Outcome,
    databases::Database,
    table::{Must, heading, median, reach},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_vungxanh");
const PLAN: &str = "theo-doi-chung";
const HEADER: &str = "Tỉnh;Huyện;Xã;Ngày;Dân số;Smartphone;Bluezone;NCOVI;Đã khai báo";
const MEGABYTE: f64 = 1_048_576.0;

pub fn measure(options: &Options) -> Outcome<()> {
    heading("imports: files of counts, SQLite");
    let places = places()?;
    national(options, &places)?;
    growing(&places)?;
    against_pandas(options, &places)?;
    hostile()
}

/// Province, district and commune of every commune, by their full names.
fn places() -> Outcome<Vec<[String; 3]>> {
    let mut names: HashMap<String, (String, String)> = HashMap::new();
    let mut communes = Vec::new();
    for row in csv::Reader::from_path("seed/units/vietnam-2021.csv")?.records() {
        let row = row?;
        names.insert(row[0].to_owned(), (row[3].to_owned(), row[4].to_owned()));
        if &row[1] == "commune" {
            communes.push(row[0].to_owned());
        }
    }
    let place = |code: &String| {
        let (commune, district) = names.get(code)?;
        let (district, province) = names.get(district)?;
        Some([names.get(province)?.0.clone(), district.clone(), commune.clone()])
    };
    communes.iter().map(place).collect::<Option<_>>().ok_or_else(|| "a commune stands nowhere".into())
}

/// So many rows: every commune of the country on as many days as it takes.
fn rows(places: &[[String; 3]], count: usize) -> impl Iterator<Item = (usize, &[String; 3], NaiveDate)> {
    let first = NaiveDate::from_ymd_opt(2020, 8, 20).unwrap_or_default();
    (0..count).map(move |at| {
        let days = u64::try_from(at / places.len()).unwrap_or_default();
        (at, &places[at % places.len()], first + Days::new(days))
    })
}

fn counts(at: usize) -> [usize; 5] {
    let total = 2000 + at * 37 % 9000;
    let users = total * 7 / 10;
    [total, users, users / 2 + at % 90, users / 3, users / 4]
}

fn text(places: &[[String; 3]], count: usize) -> String {
    let mut text = format!("{HEADER}\n");
    for (at, [province, district, commune], day) in rows(places, count) {
        let [total, users, bluezone, ncovi, declared] = counts(at);
        let day = day.format("%d/%m/%Y");
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{province};{district};{commune};{day};{total};{users};{bluezone};{ncovi};{declared}");
    }
    text
}

fn file(bytes: Vec<u8>) -> GivenFile {
    GivenFile {
        name: "ca-nuoc.csv".to_owned(),
        bytes,
        limits: Limits::COMMAND_LINE,
        scope: None,
        cohort: "residents".to_owned(),
        as_of: None,
        sheet: None,
        mapping: BTreeMap::new(),
        aliases: HashMap::new(),
    }
}

fn prepared(database: &Database) -> Outcome<(Store, Gazetteer, StoredPlan)> {
    let store = database.open(Tuning::default())?;
    let (names, plans) = store.read_now(|conn| Ok::<_, UseCaseError>((gazetteer(conn)?, plans::all(conn)?)))?;
    let plan = plans.into_iter().find(|stored| stored.plan.code == PLAN).ok_or("there is no general plan")?;
    Ok((store, names, plan))
}

#[expect(clippy::cast_precision_loss, reason = "rows are far below 2^53")]
fn per_second(rows: usize, taken: Duration) -> f64 {
    rows as f64 / taken.as_secs_f64()
}

/// Every commune once: read, matched nationwide, weighed against the record, shown, then recorded.
fn national(options: &Options, places: &[[String; 3]]) -> Outcome<()> {
    let now = Clock::System.now();
    let (mut whole, mut looked) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds.min(3) {
        let database = Database::sqlite()?;
        let (store, names, plan) = prepared(&database)?;
        let file = file(text(places, places.len()).into_bytes());
        let start = Instant::now();
        let read = import_counts::read_file(&names, &plan, &file, now)?;
        let preview = store.read_now(|conn| {
            let actor = local_reader(conn, None)?;
            import_counts::preview(conn, &actor, &plan, &file, &read, None, now)
        })?;
        let shown = preview.report();
        looked.push(per_second(places.len(), start.elapsed()));
        let recorded = store.write_now(move |conn| {
            let actor = local_actor(conn, None, now)?;
            import_counts::commit(conn, &actor, &plan, &file, &read, &preview, "")
        })?;
        whole.push(per_second(places.len(), start.elapsed()));
        if (shown.counts.accepted, recorded.counts.accepted) != (places.len(), places.len()) {
            return Err(format!("only {:?} were taken in", recorded.counts).into());
        }
    }
    println!("  {} rows, names resolved nationwide; preview alone {:.0} rows/s", places.len(), median(looked));
    reach("national file previewed and recorded", &Must::AtLeast(20_000.0), median(whole), "rows/s");
    Ok(())
}

/// Ten times the rows, not much more than ten times the time.
fn growing(places: &[[String; 3]]) -> Outcome<()> {
    let now = Clock::System.now();
    let database = Database::sqlite()?;
    let (store, names, plan) = prepared(&database)?;
    let mut before: Option<f64> = None;
    for (count, rounds) in [(1_000, 5), (10_000, 5), (100_000, 3), (1_000_000, 3)] {
        let file = file(text(places, count).into_bytes());
        let mut times = Vec::new();
        for _ in 0..rounds {
            let start = Instant::now();
            let read = import_counts::read_file(&names, &plan, &file, now)?;
            let preview = store.read_now(|conn| {
                let actor = local_reader(conn, None)?;
                import_counts::preview(conn, &actor, &plan, &file, &read, None, now)
            })?;
            let shown = preview.report();
            times.push(start.elapsed().as_secs_f64() * 1000.0);
            if shown.counts.accepted != count {
                return Err(format!("only {:?} of {count} rows are right", shown.counts).into());
            }
        }
        let time = median(times);
        println!("  preview of {count} rows: {time:.0} ms");
        if let Some(before) = before {
            reach(&format!("time of {count} rows to that of a tenth"), &Must::AtMost(11.0), time / before, "×");
        }
        before = Some(time);
    }
    Ok(())
}

/// A workbook of 10,000 rows read and matched, beside pandas only reading it.
fn against_pandas(options: &Options, places: &[[String; 3]]) -> Outcome<()> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, heading) in (0..).zip(HEADER.split(';')) {
        sheet.write_string(0, column, heading)?;
    }
    for (at, place, day) in rows(places, 10_000) {
        let row = u32::try_from(at + 1)?;
        for (column, name) in (0..).zip(place) {
            sheet.write_string(row, column, name)?;
        }
        sheet.write_string(row, 3, day.format("%d/%m/%Y").to_string())?;
        for (column, count) in (4..).zip(counts(at)) {
            sheet.write_number(row, column, f64::from(u32::try_from(count)?))?;
        }
    }
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("10000.xlsx");
    workbook.save(&path)?;
    let now = Clock::System.now();
    let (_, names, plan) = prepared(&Database::sqlite()?)?;
    let file = file(fs::read(&path)?);
    let mut ours = Vec::new();
    for _ in 0..options.rounds {
        let start = Instant::now();
        let read = import_counts::read_file(&names, &plan, &file, now)?;
        ours.push(start.elapsed().as_secs_f64());
        if read.rows.verdicts.accept.len() != 10_000 {
            return Err("a row of the workbook was not taken".into());
        }
    }
    let ours = median(ours);
    println!("  workbook of 10,000 rows read and matched in {:.0} ms", ours * 1000.0);
    match pandas(&path) {
        Some(theirs) => reach("pandas with openpyxl to ours", &Must::AtLeast(5.0), theirs / ours, "×"),
        None => println!("  pandas with openpyxl is not here: not compared"),
    }
    Ok(())
}

/// Seconds pandas takes to read a workbook, the best of three; none where it is not installed.
fn pandas(path: &Path) -> Option<f64> {
    const READ: &str = "import sys, time, pandas as p\nbest = 1e9\nfor _ in range(3):\n    t = time.perf_counter()\n    \
                        p.read_excel(sys.argv[1], engine='openpyxl')\n    best = min(best, time.perf_counter() - t)\n\
                        print(best)";
    let out = Command::new("python3").args(["-c", READ]).arg(path).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(out.stdout).ok()?.trim().parse().ok()
}

/// Files made to take memory: how much the program has at most, and that it ends.
fn hostile() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let seeded = Command::new(PROGRAM).args(["seed", "--data-dir"]).arg(&data).stdout(Stdio::null()).status()?;
    if !seeded.success() {
        return Err("the seed was not loaded".into());
    }
    let wide = format!("Tên đơn vị{}\n", ";x".repeat(1_000_000));
    let long = format!("Tên đơn vị;Dân số;Bluezone\n{};1;1\n", "ấ".repeat(3_000_000));
    let files = [
        ("bomb.xlsx", bomb()?),
        ("wide.csv", wide.into_bytes()),
        ("long.csv", long.into_bytes()),
        ("nulls.csv", vec![0; 10 << 20]),
    ];
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::write(&path, bytes)?;
        let (peak, seconds) = peak(&path, &data)?;
        reach(&format!("memory for {name} ({seconds:.1} s)"), &Must::AtMost(200.0), peak, "MB");
    }
    Ok(())
}

/// A sheet of a gigabyte of blanks, packed to a megabyte.
fn bomb() -> Outcome<Vec<u8>> {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write_string(0, 0, "Tên đơn vị")?;
    let whole = workbook.save_to_buffer()?;
    let mut from = zip::ZipArchive::new(std::io::Cursor::new(whole))?;
    let mut to = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut part = from.by_index(at)?;
        let name = part.name()?.into_owned();
        to.start_file(name.as_str(), zip::write::SimpleFileOptions::default())?;
        if name.ends_with("sheet1.xml") {
            let blanks = vec![b' '; 1 << 20];
            for _ in 0..1024 {
                to.write_all(&blanks)?;
            }
        } else {
            std::io::copy(&mut part, &mut to)?;
        }
    }
    Ok(to.finish()?.into_inner())
}

/// Megabytes the program has at most while it reads a file, and how long that takes.
fn peak(path: &Path, data: &Path) -> Outcome<(f64, f64)> {
    let start = Instant::now();
    let mut child = Command::new(PROGRAM)
        .args(["import", "counts", "--plan", PLAN, "--cohort", "residents", "--as-of", "2020-08-20", "--json"])
        .arg("--data-dir")
        .arg(data)
        .arg(path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let mut peak: f64 = 0.0;
    while child.try_wait()?.is_none() {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        peak = peak.max(kilobytes.unwrap_or_default() * 1024.0 / MEGABYTE);
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok((peak, start.elapsed().as_secs_f64()))
}
