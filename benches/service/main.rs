//! Measures what the service promises. Every promise is a ratio inside one run or a bound that a busy machine keeps;
//! nothing here fails a build. `benches/README.md` says how to read it.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

mod bulk;
mod chase;
mod client;
mod databases;
mod disk;
mod footprint;
mod imports;
mod names;
mod overview;
mod pgbench;
mod pictures;
mod posts;
mod reports;
mod round;
mod statements;
mod table;
mod zones;

use std::process::ExitCode;

use clap::Parser;

/// Whatever stopped a measurement.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What to measure and how long.
#[derive(Debug, Clone, Parser)]
pub struct Options {
    /// Only these: posts, overview, zones, chase, pictures, footprint, names, imports, reports, statements [default: all but statements]
    names: Vec<String>,

    /// PostgreSQL server with a database to connect to; scratch databases are made beside it and dropped
    #[arg(long, env = "VUNGXANH_TEST_POSTGRES", value_name = "URL", hide_env_values = true)]
    postgres: Option<String>,

    /// Rounds; the median is taken
    #[arg(long, default_value_t = 7, value_name = "N")]
    rounds: usize,

    /// Seconds of each side of a round
    #[arg(long, default_value_t = 2.0, value_name = "S")]
    seconds: f64,

    /// Days of reports each unit has in `overview`
    #[arg(long, default_value_t = 400, value_name = "N")]
    days: i64,

    /// Says that this process runs with a slow sync already, of so many milliseconds
    #[arg(long, hide = true)]
    slow_sync: Option<u64>,

    /// Cargo says so to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let asked = |name: &str| options.names.iter().any(|asked| asked == name);
    let by_default = |name: &str| options.names.is_empty() || asked(name);
    let mut is_broken = false;
    let mut run = |name: &str, is_wanted: bool, measure: fn(&Options) -> Outcome<()>| {
        if is_wanted && let Err(error) = measure(&options) {
            println!("{name} could not be measured: {error}");
            is_broken = true;
        }
    };
    run("posts", by_default("posts"), posts::measure);
    run("overview", by_default("overview"), overview::measure);
    run("zones", by_default("zones"), zones::measure);
    run("chase", by_default("chase"), chase::measure);
    run("pictures", by_default("pictures"), pictures::measure);
    run("footprint", by_default("footprint"), footprint::measure);
    run("names", by_default("names"), names::measure);
    run("imports", by_default("imports"), imports::measure);
    run("reports", by_default("reports"), reports::measure);
    run("statements", asked("statements"), statements::measure);
    if is_broken { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
