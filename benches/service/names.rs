//! Names resolved a second, after the register is read: every place of the country in four spellings, nationwide and in
//! its own district.

use std::time::Instant;

use vungxanh::{
    domain::names::{Context, Match, Wanted},
    usecases::match_units::{match_unit, seeded_gazetteer},
};

use crate::{
    Options, Outcome,
    table::{Must, heading, median, reach},
};

pub fn measure(options: &Options) -> Outcome<()> {
    heading("names: written names resolved to units");
    let gazetteer = seeded_gazetteer()?;
    let mut names = Vec::new();
    for row in csv::Reader::from_path("seed/units/vietnam-2021.csv")?.records() {
        let row = row?;
        let (name, parent) = (row[3].to_owned(), row[4].to_owned());
        let plain = vungxanh::domain::text::search_key(&name);
        names.extend([name.to_uppercase(), format!("1. {name};"), plain, name].map(|name| (name, parent.clone())));
    }
    for (title, is_nationwide) in [("in the unit above", false), ("in the whole country", true)] {
        let mut rates = Vec::new();
        for round in 0..=options.rounds {
            let start = Instant::now();
            let mut known = 0;
            for (name, parent) in &names {
                let scope = if is_nationwide { "" } else { parent };
                let context = Context::new(&gazetteer, scope, Wanted::Places).ok_or("a scope is missing")?;
                known += usize::from(match_unit(&gazetteer, name, &context) != Match::Unknown);
            }
            let rate = f64::from(u32::try_from(names.len())?) / start.elapsed().as_secs_f64() / 1000.0;
            if known * 100 < names.len() * 99 {
                return Err(format!("only {known} of {} names were known", names.len()).into());
            }
            // The first round is not counted.
            if round > 0 {
                rates.push(rate);
            }
        }
        reach(&format!("names resolved {title}"), &Must::AtLeast(200.0), median(rates), "1000/s");
    }
    Ok(())
}
