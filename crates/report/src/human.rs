//! The report for people, on a terminal or in a text file.

mod files;
mod inspection;
mod report;
mod screen;

pub use inspection::inspection;
pub use report::report;

/// How a report for people is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Use the terminal's colours.
    pub color: bool,
    /// Columns of a line.
    pub width: u16,
}
