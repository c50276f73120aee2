//! A form to fill in with a spreadsheet: one row for each unit, locked except where figures go, so that it comes back in
//! as it went out.

use rust_xlsxwriter::{DataValidation, DataValidationRule, Format, FormatAlign, FormatBorder, Workbook, XlsxError};

use super::workbook::{A4, sheet_name};

/// A form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Name of the sheet.
    pub sheet: String,
    /// The title.
    pub title: String,
    /// "Số liệu tính đến ngày 21/11/2026": may be changed by whoever fills it in.
    pub as_of: String,
    /// How to fill it in.
    pub note: String,
    /// Headings of the columns that are locked: number, code and name of the unit.
    pub fixed: [String; 3],
    /// Headings of the columns to fill in.
    pub counts: Vec<String>,
    /// What precedes the same headings over last time's figures.
    pub last_time: String,
    /// Said where something else than a whole number is typed: a title and a sentence.
    pub refusal: (String, String),
    /// A row for each unit.
    pub rows: Vec<FormRow>,
}

/// The row of one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormRow {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Last time's figures, as many as there are columns to fill in.
    pub last: Vec<Option<i64>>,
}

/// Where the header stands, from 0: under the title, the day and the note.
const HEADER: u32 = 3;
/// Excel takes no longer title and sentence for what it says of a wrong value.
const LONGEST_TITLE: usize = 32;
const LONGEST_SENTENCE: usize = 255;

impl Form {
    /// The form as a workbook.
    pub fn to_workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(&self.sheet))?;
        let framed = Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter);
        let head =
            framed.clone().set_bold().set_text_wrap().set_align(FormatAlign::Center).set_background_color(0x00E8_EEF3);
        let locked = framed.clone().set_background_color(0x00F3_F2F1);
        let past = locked.clone().set_num_format("#,##0").set_font_color(0x0050_5A5F);
        let open = framed.set_unlocked().set_num_format("#,##0");
        sheet.write_string_with_format(0, 0, &self.title, &Format::new().set_bold())?;
        sheet.write_string_with_format(1, 0, &self.as_of, &Format::new().set_unlocked().set_bold())?;
        sheet.write_string_with_format(2, 0, &self.note, &Format::new().set_italic())?;
        let last_time = self.counts.iter().map(|heading| format!("{} {heading}", self.last_time));
        let headings = self.fixed.iter().cloned().chain(self.counts.iter().cloned()).chain(last_time);
        for (column, heading) in (0..).zip(headings) {
            sheet.write_string_with_format(HEADER, column, heading, &head)?;
            sheet.set_column_width(column, if column == 2 { 40.0 } else { 13.0 })?;
        }
        sheet.set_column_width(0, 6.0)?.set_row_height(HEADER, 48.0)?;
        let first_count: u16 = 3;
        for ((row, number), unit) in (HEADER + 1..).zip(1_u32..).zip(&self.rows) {
            sheet.write_number_with_format(row, 0, number, &locked)?;
            sheet.write_string_with_format(row, 1, &unit.code, &locked)?;
            sheet.write_string_with_format(row, 2, &unit.name, &locked)?;
            let mut column = first_count;
            for _ in &self.counts {
                sheet.write_blank(row, column, &open)?;
                column += 1;
            }
            for last in &unit.last {
                match last {
                    #[expect(clippy::cast_precision_loss, reason = "no count of people reaches 2^53")]
                    Some(count) => sheet.write_number_with_format(row, column, *count as f64, &past)?,
                    None => sheet.write_blank(row, column, &past)?,
                };
                column += 1;
            }
        }
        if let (Ok(rows @ 1..), Ok(counts @ 1..)) = (u32::try_from(self.rows.len()), u16::try_from(self.counts.len())) {
            let cut = |text: &str, most| text.chars().take(most).collect::<String>();
            let whole = DataValidation::new()
                .allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0))
                .set_error_title(cut(&self.refusal.0, LONGEST_TITLE))?
                .set_error_message(cut(&self.refusal.1, LONGEST_SENTENCE))?;
            sheet.add_data_validation(HEADER + 1, first_count, HEADER + rows, first_count + counts - 1, &whole)?;
        }
        sheet.protect().set_freeze_panes(HEADER + 1, first_count)?.set_repeat_rows(HEADER, HEADER)?;
        sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        workbook.save_to_buffer()
    }
}
