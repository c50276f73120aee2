//! A file's bytes to its rows, whatever it is and whatever its name says.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{
    delimited, encoding,
    grid::{Book, Format},
    html, ods,
    sniff::{Kind, kind_of},
    xls, xlsb, xlsx,
};

/// What a file may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Rows that hold anything, in one sheet.
    pub rows: usize,
    /// Cells that hold anything, in one sheet.
    pub cells: usize,
    /// Bytes that a packed workbook may unpack to, whatever its size.
    pub unpacked: u64,
}

impl Limits {
    /// A file sent through the browser (ui.md §4.8).
    pub const WEB: Self = Self { bytes: 10 << 20, rows: 20_000, cells: 1_000_000, unpacked: 256 << 20 };
    /// A file of whoever runs the server: bound by memory in proportion to its size only.
    pub const COMMAND_LINE: Self = Self { bytes: usize::MAX, rows: usize::MAX, cells: usize::MAX, unpacked: 4 << 30 };
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It holds no byte.
    #[error("the file is empty")]
    Empty,
    /// It is larger than the limit, packed or unpacked.
    #[error("the file is too large")]
    TooLarge,
    /// A sheet has more rows than the limit.
    #[error("a sheet has more than {most} rows")]
    TooManyRows {
        /// The limit.
        most: usize,
    },
    /// A row has more columns than any table.
    #[error("a row has more than 1024 columns")]
    TooManyColumns,
    /// A cell holds more letters than Excel lets one hold.
    #[error("a cell has more than 32767 letters")]
    CellTooLong,
    /// It opens only with a password.
    #[error("the file is protected with a password")]
    Protected,
    /// It is something else than a table: the usual name of its kind (`pdf`, `docx`, `image`).
    #[error("the file is no table but {0}")]
    OtherKind(&'static str),
    /// It is cut short or damaged.
    #[error("the file is damaged: {0}")]
    Damaged(String),
}

impl Unreadable {
    /// The stable word for programs and locales.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too_large",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::TooManyColumns => "too_many_columns",
            Self::CellTooLong => "cell_too_long",
            Self::Protected => "protected",
            Self::OtherKind(_) => "other_kind",
            Self::Damaged(_) => "damaged",
        }
    }

    /// Damage as another library tells it.
    pub(super) fn damaged(error: &dyn std::fmt::Display) -> Self {
        Self::Damaged(error.to_string())
    }
}

/// Reads a file by its content.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Book, Unreadable> {
    if bytes.len() > limits.bytes {
        return Err(Unreadable::TooLarge);
    }
    match kind_of(bytes)? {
        Kind::Xlsx => guarded(|| xlsx::read(bytes, limits)),
        Kind::Xlsb => guarded(|| xlsb::read(bytes, limits)),
        Kind::Xls => guarded(|| xls::read(bytes, limits)),
        Kind::Ods => ods::read(bytes, limits),
        Kind::Text => {
            let (text, encoding) = encoding::decode(bytes);
            if html::is_html(&text) {
                return html::read(&text, encoding, limits);
            }
            let book = delimited::read(&text, encoding, limits)?;
            debug_assert_eq!(book.format, Format::Text);
            Ok(book)
        }
    }
}

/// The workbook library indexes into what a file says about itself: of a hostile file that is a panic in there, and a
/// damaged file out here. Nothing of it survives the unwinding but the error.
fn guarded(read: impl FnOnce() -> Result<Book, Unreadable>) -> Result<Book, Unreadable> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(Unreadable::Damaged("its parts disagree".to_owned())))
}
