//! The entry sheet as forms: one for each body, one grid for the areas; what was typed is kept as it was typed.

use std::collections::BTreeMap;

use super::parts::{Link, words};
use crate::{
    domain::calendar,
    usecases::{
        enter_figures::{EntryField, EntryForm, EntrySection, EntrySheet},
        see_unit::ReportView,
    },
    web::{links, words::Lang},
};

/// Name of the form that holds the areas; the others are named by their unit.
pub const AREAS: &str = "khu-vuc";

/// What was posted, by input name.
pub type Posted = BTreeMap<String, String>;

/// What the forms are filled with.
pub struct Filling<'a> {
    pub lang: Lang,
    /// Which form was posted, and what was typed into it.
    pub posted: Option<(&'a str, &'a Posted)>,
    /// What is wrong, by input name.
    pub errors: &'a BTreeMap<String, String>,
    /// Whether a reason is asked for.
    pub asks_reason: bool,
    /// The report that is being corrected.
    pub corrected: Option<&'a ReportView>,
    pub now: calendar::Instant,
    /// The operation's id.
    pub op_id: String,
}

/// What every form has besides its figures.
pub struct Common {
    /// Its name, part of every id.
    pub key: String,
    pub op_id: String,
    pub day: String,
    pub time: String,
    pub day_error: Option<String>,
    pub time_error: Option<String>,
    /// The moment of the report being corrected: it cannot be changed.
    pub fixed: Option<String>,
    pub corrects: String,
    pub asks_reason: bool,
    pub reason: String,
    pub reason_error: Option<String>,
}

/// The form of one body.
pub struct BodyForm {
    pub common: Common,
    pub unit: Link,
    pub last: String,
    pub sections: Vec<Section>,
    /// What the plan asks without a target, folded away.
    pub optional: Vec<Section>,
    pub is_open: bool,
}

/// The figures of one cohort.
pub struct Section {
    pub id: String,
    pub name: String,
    pub clause: String,
    pub fields: Vec<Field>,
    /// Figures one may leave out, folded away.
    pub more: Vec<Field>,
    pub is_open: bool,
}

/// One input.
pub struct Field {
    pub id: String,
    pub name: String,
    pub label: String,
    pub hint: String,
    pub value: String,
    pub previous: String,
    pub error: Option<String>,
}

/// The form of all areas.
pub struct AreaForm {
    pub common: Common,
    pub grids: Vec<Grid>,
}

/// The areas of one cohort: a row each.
pub struct Grid {
    pub id: String,
    pub name: String,
    pub columns: Vec<Column>,
    pub rows: Vec<GridRow>,
}

/// A figure of the grid.
pub struct Column {
    pub id: String,
    pub label: String,
}

/// An area of the grid.
pub struct GridRow {
    pub id: String,
    pub unit: String,
    pub cells: Vec<Cell>,
}

/// An input of the grid with its column.
pub struct Cell {
    pub column: String,
    pub label: String,
    pub field: Field,
}

/// The name of an input.
pub fn input_name(unit: &str, cohort: &str, measure: &str) -> String {
    format!("{unit}.{cohort}.{measure}")
}

/// The id of an input.
pub fn input_id(name: &str) -> String {
    format!("f-{}", name.replace('.', "-"))
}

impl Filling<'_> {
    fn typed(&self, key: &str) -> Option<&Posted> {
        self.posted.filter(|(form, _)| *form == key).map(|(_, posted)| posted)
    }

    fn error(&self, key: &str, name: &str) -> Option<String> {
        self.typed(key).and_then(|_| self.errors.get(name)).cloned()
    }

    fn common(&self, key: &str) -> Common {
        let typed = |name: &str| self.typed(key).and_then(|posted| posted.get(name)).cloned();
        let lang = self.lang;
        Common {
            key: key.to_owned(),
            op_id: self.op_id.clone(),
            day: typed("ngay").unwrap_or_else(|| lang.day_to_type(calendar::day(self.now))),
            time: typed("gio").unwrap_or_else(|| lang.time(self.now)),
            day_error: self.error(key, "ngay"),
            time_error: self.error(key, "gio"),
            fixed: self.corrected.map(|report| lang.moment(report.as_of)),
            corrects: self.corrected.map(|report| report.id.to_string()).unwrap_or_default(),
            asks_reason: self.corrected.is_some() || (self.asks_reason && self.typed(key).is_some()),
            reason: typed("ly-do").unwrap_or_default(),
            reason_error: self.error(key, "ly-do"),
        }
    }

    /// The forms of bodies.
    pub fn bodies(&self, sheet: &EntrySheet) -> Vec<BodyForm> {
        sheet.bodies.iter().map(|form| self.body(form)).collect()
    }

    fn body(&self, form: &EntryForm) -> BodyForm {
        let key = form.unit.code.as_str();
        let section = |of: &EntrySection| self.section(key, form, of);
        let (asked, optional): (Vec<_>, Vec<_>) =
            form.sections.iter().partition(|section| section.cohort.target.is_some());
        // A body that is asked for nothing with a target has nothing to hide its figures behind.
        let (asked, optional) = if asked.is_empty() { (optional, asked) } else { (asked, optional) };
        let optional: Vec<Section> = optional.into_iter().map(section).collect();
        let said = |field: &Field| !field.value.is_empty() || field.error.is_some();
        BodyForm {
            common: self.common(key),
            unit: Link { href: links::unit(&form.unit), label: form.unit.name.clone() },
            last: self.last(form),
            sections: asked.into_iter().map(section).collect(),
            is_open: optional.iter().any(|section| section.fields.iter().chain(&section.more).any(said)),
            optional,
        }
    }

    fn last(&self, form: &EntryForm) -> String {
        match form.last_reported {
            Some(day) => self.lang.tr("entry.last", &[("date", &self.lang.day(day))]),
            None => self.lang.t("entry.never"),
        }
    }

    fn section(&self, key: &str, form: &EntryForm, of: &EntrySection) -> Section {
        let field = |field: &EntryField| self.field(key, form, of, field);
        let more: Vec<Field> = of.fields.iter().filter(|field| !field.is_required).map(field).collect();
        Section {
            id: format!("s-{key}-{}", of.cohort.code),
            name: words(self.lang, &of.cohort.name).to_owned(),
            clause: of.section.clone(),
            fields: of.fields.iter().filter(|field| field.is_required).map(field).collect(),
            is_open: more.iter().any(|field| !field.value.is_empty() || field.error.is_some()),
            more,
        }
    }

    fn field(&self, key: &str, form: &EntryForm, section: &EntrySection, field: &EntryField) -> Field {
        let name = input_name(&form.unit.code, &section.cohort.code, &field.measure);
        let typed = self.typed(key).map(|posted| posted.get(&name).cloned().unwrap_or_default());
        Field {
            id: input_id(&name),
            label: words(self.lang, &field.name).to_owned(),
            hint: if key == AREAS { self.short_hint(field) } else { self.hint(form, field) },
            value: typed.unwrap_or_else(|| {
                prefilled(self.corrected, section, field).map(|n| n.to_string()).unwrap_or_default()
            }),
            previous: field.previous.map(|n| n.to_string()).unwrap_or_default(),
            error: self.error(key, &name),
            name,
        }
    }

    fn hint(&self, form: &EntryForm, field: &EntryField) -> String {
        let lang = self.lang;
        let Some(previous) = field.previous else { return lang.t("entry.no_previous") };
        let key = match (form.last_reported, field.is_old) {
            (None, _) => "entry.census",
            (Some(_), true) => "entry.previous_old",
            (Some(_), false) => "entry.previous",
        };
        lang.tr(key, &[("n", &lang.number(previous))])
    }

    /// The same for a cell of the grid.
    fn short_hint(&self, field: &EntryField) -> String {
        let shown = |previous| self.lang.tr("entry.previous_short", &[("n", &self.lang.number(previous))]);
        field.previous.map(shown).unwrap_or_default()
    }

    /// The grids of areas, a grid for each cohort.
    pub fn areas(&self, sheet: &EntrySheet) -> Option<AreaForm> {
        let mut grids: Vec<Grid> = Vec::new();
        for form in &sheet.areas {
            for section in &form.sections {
                let id = format!("luoi-{}", section.cohort.code);
                if !grids.iter().any(|grid| grid.id == id) {
                    grids.push(self.grid(&id, section));
                }
                let Some(grid) = grids.iter_mut().find(|grid| grid.id == id) else { continue };
                let cells = section.fields.iter().zip(&grid.columns).map(|(field, column)| Cell {
                    column: column.id.clone(),
                    label: column.label.clone(),
                    field: self.field(AREAS, form, section, field),
                });
                let cells = cells.collect();
                grid.rows.push(GridRow { id: format!("{id}-{}", form.unit.code), unit: form.unit.name.clone(), cells });
            }
        }
        (!grids.is_empty()).then(|| AreaForm { common: self.common(AREAS), grids })
    }

    fn grid(&self, id: &str, section: &EntrySection) -> Grid {
        let column = |field: &EntryField| Column {
            id: format!("{id}-{}", field.measure),
            label: words(self.lang, &field.name).to_owned(),
        };
        Grid {
            id: id.to_owned(),
            name: words(self.lang, &section.cohort.name).to_owned(),
            columns: section.fields.iter().map(column).collect(),
            rows: Vec::new(),
        }
    }
}

/// What stands in an input before anything is typed: the corrected figure, or last time's base. Other figures are not
/// filled in, so that nobody re-sends old ones without looking.
pub fn prefilled(corrected: Option<&ReportView>, section: &EntrySection, field: &EntryField) -> Option<i64> {
    match corrected {
        Some(report) => report
            .figures
            .iter()
            .find(|figure| figure.cohort == section.cohort.code && figure.measure == field.measure)
            .map(|figure| figure.count),
        None => field.previous.filter(|_| field.is_base),
    }
}
