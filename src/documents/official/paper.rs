//! What the official report is made of, in words ready to print: a Word file and a page show the same.

use crate::domain::{calendar::Instant, letter::Signer};

/// The report, ready to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Letterhead, date, title, addressee.
    pub head: Head,
    /// Says that its figures are made up, where they are.
    pub notice: Option<String>,
    /// Its parts.
    pub blocks: Vec<Block>,
    /// Sign-off and recipients.
    pub closing: Closing,
    /// Annexes, on pages that lie on their side.
    pub annexes: Vec<Annex>,
    /// "(Kèm theo Báo cáo số …)", below the title of each.
    pub annex_of: String,
    /// What stands at the foot of the annexes: which edition it is.
    pub foot: String,
    /// When it was made: the only time in its files.
    pub made_at: Instant,
}

/// What stands above the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The body above, in capitals; may be empty.
    pub superior: String,
    /// The body that issues it, in capitals.
    pub office: String,
    /// "Số:      /BC-VHTT": the number is left empty.
    pub number: String,
    /// Quốc hiệu.
    pub nation: String,
    /// Tiêu ngữ.
    pub motto: String,
    /// "Chợ Mới, ngày 20 tháng 11 năm 2020".
    pub dated: String,
    /// "BÁO CÁO".
    pub kind: String,
    /// Trích yếu.
    pub subject: String,
    /// "Kính gửi: …".
    pub addressee: String,
}

/// What stands below the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// "Nơi nhận:".
    pub heading: String,
    /// Who gets it, a line each.
    pub recipients: Vec<String>,
    /// Who signs; the signature and the seal are left empty.
    pub signer: Signer,
}

/// An annex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annex {
    /// "Phụ lục I".
    pub number: String,
    /// What it shows.
    pub title: String,
    /// Its pieces.
    pub blocks: Vec<Block>,
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// "I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI".
    Part(String),
    /// "1. Kết quả theo cơ quan".
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// A line of a list.
    Item(String),
    /// A table.
    Table(Table),
    /// A chart, with what it shows in words.
    Picture(Picture, String),
}

/// A chart of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// The rates over time, a line a cohort.
    Trend,
    /// Every agency.
    Agencies,
    /// The committees of the communes, ranked.
    Communes,
}

/// A table whose first row is repeated on every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Its width beside the others.
    pub width: u32,
    /// Where its cells stand.
    pub align: Align,
}

/// Where text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Marks.
    Centre,
    /// Numbers.
    Right,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub kind: RowKind,
    /// Its cells; of a group one, over all columns.
    pub cells: Vec<String>,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// One of many.
    Plain,
    /// The heading of those below it.
    Group,
    /// The sum of those below it.
    Total,
}

impl Table {
    /// Where the cells of a column stand, as a word.
    pub fn align(&self, column: &usize) -> &'static str {
        match self.columns.get(*column).map(|column| column.align) {
            Some(Align::Right) => "right",
            Some(Align::Centre) => "centre",
            _ => "left",
        }
    }
}

impl Column {
    /// A column of words.
    pub fn words(title: String, width: u32) -> Self {
        Self { title, width, align: Align::Left }
    }

    /// A column of numbers.
    pub fn number(title: String, width: u32) -> Self {
        Self { title, width, align: Align::Right }
    }

    /// A column of marks.
    pub fn mark(title: String, width: u32) -> Self {
        Self { title, width, align: Align::Centre }
    }
}

impl Row {
    /// A plain row.
    pub fn plain(cells: Vec<String>) -> Self {
        Self { kind: RowKind::Plain, cells }
    }

    /// The heading of a group.
    pub fn group(title: String) -> Self {
        Self { kind: RowKind::Group, cells: vec![title] }
    }
}
