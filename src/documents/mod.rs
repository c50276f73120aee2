//! Files for people: a value in, a file out.

pub mod csv;
mod docx;
pub mod form;
pub mod official;
pub mod workbook;

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The workbook could not be written.
    #[error("the workbook could not be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The parts of the Word file could not be put together.
    #[error("the Word file could not be put together: {0}")]
    Package(#[from] zip::result::ZipError),
    /// A picture could not be drawn.
    #[error(transparent)]
    Picture(#[from] crate::charts::ChartError),
    /// The parts could not be written.
    #[error("the file could not be written: {0}")]
    Writing(#[from] std::io::Error),
}
