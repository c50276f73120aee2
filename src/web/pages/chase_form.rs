//! What was typed below the chase list, what is said of it, and the list as a table.

use chrono::NaiveDate;

use super::{
    chase::Asked,
    completeness::cell_key,
    sheets::{self, moment},
    visit::given,
};
use crate::{
    documents::csv::{Cell, Table},
    domain::{
        calendar,
        report::{Fault, Rule},
    },
    usecases::see_chase::{ChaseList, ChaseRow},
    web::words::Lang,
};

/// What was typed into the form below the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub units: Vec<String>,
    pub period: String,
    pub scope: String,
    pub deed: String,
    pub again: bool,
    pub day: String,
    pub time: String,
    pub reason: String,
    pub note: String,
}

impl Typed {
    /// The fields of a form, in any order.
    pub fn of(fields: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "chon" => typed.units.push(value),
                "ky" => typed.period = value,
                "pham-vi" => typed.scope = value,
                "viec" => typed.deed = value,
                "nhac-lai" => typed.again = true,
                "ngay" => typed.day = value,
                "gio" => typed.time = value,
                "ly-do" => typed.reason = value,
                "ghi-chu" => typed.note = value,
                _ => {}
            }
        }
        typed
    }

    /// The moment more time is given until.
    pub fn until(&self) -> Result<calendar::Instant, Fault> {
        let wrong = |field: &str, given: &str| {
            Fault::of_report(field, Rule::NotADate, given, Some("16:00, 22/11/2026".to_owned()))
        };
        let day = calendar::parse_day(&self.day).ok_or_else(|| wrong("until", &self.day))?;
        let time = calendar::parse_time(&self.time).ok_or_else(|| wrong("time", &self.time))?;
        Ok(calendar::instant(day.and_time(time)))
    }
}

/// What was just done, in words.
pub fn confirmation(lang: Lang, asked: &Asked) -> Vec<String> {
    let Some(done) = given(asked.done.as_ref()).filter(|done| ["nhac", "goi", "gia-han", "lien-he"].contains(done))
    else {
        return Vec::new();
    };
    let number = |text: &Option<String>| given(text.as_ref()).and_then(|text| text.parse::<i64>().ok());
    let said = |key: &str, n: Option<i64>| n.map(|n| lang.tr(&format!("chase.done.{key}"), &[("n", &lang.number(n))]));
    [
        said(done, number(&asked.count)),
        said("da-nhac", number(&asked.already)),
        said("khong-dia-chi", number(&asked.without_address)),
        said("khong-can", number(&asked.not_late)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A row for each unit of the page.
pub fn table(view: &ChaseList) -> Table {
    let columns = vec![
        "period_from",
        "unit_code",
        "unit_name",
        "section",
        "directive",
        "state",
        "sent",
        "overdue_since",
        "days_overdue",
        "due",
        "contact",
        "email",
        "phone",
        "reminded_at",
        "reminder_state",
        "reminders",
    ];
    let blank_day = |day: Option<NaiveDate>| day.map_or(Cell::Blank, sheets::day);
    let row = |row: &ChaseRow| {
        let contact = row.contact.clone().unwrap_or_default();
        let last = row.reminded.as_ref();
        vec![
            blank_day(view.period.map(|period| period.from)),
            row.unit.code.as_str().into(),
            row.unit.name.as_str().into(),
            row.section.as_str().into(),
            row.directive.code().into(),
            row.state.code().into(),
            cell_key(&row.cell).trim_start_matches("full.").into(),
            row.overdue_since.map_or(Cell::Blank, moment),
            row.days_overdue.into(),
            moment(row.due),
            contact.name.as_str().into(),
            contact.email.as_str().into(),
            contact.phone.as_str().into(),
            last.map_or(Cell::Blank, |last| moment(last.at)),
            last.map_or(Cell::Blank, |last| last.state.code().into()),
            i64::try_from(last.map_or(0, |last| last.times)).ok().into(),
        ]
    };
    sheets::noted(Table { columns, rows: view.rows.iter().map(row).collect() }, &view.plan)
}
