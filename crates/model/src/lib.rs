//! The types that cross the boundaries between complet's stages.
//!
//! Folder -> [`ScannedFile`]s of [`Page`]s of [`Word`]s (the scanner), pages -> [`Document`]s with
//! [`Field`]s and [`Verdict`]s in a [`Report`] (the judge), report -> text (the renderers).
//!
//! No input or output, no clock, no environment: everything here is plain data.

mod document;
mod geometry;
mod message;
mod page;
mod report;
mod text;

pub use document::{Classified, Document, Evidence, Field, FieldValue};
pub use geometry::BBox;
pub use message::{Arg, Catalog, Entry, Lang, Localized, Message, date_words, month_name};
pub use page::{
    Capture, FileStatus, Mark, MarkKind, Page, PageInDoubt, Problem, ScannedFile, TextSource, Word, Zone,
    ZoneReading,
};
pub use report::{Finding, ProfileChoice, Report, Severity, Status, Verdict};
pub use text::{
    are_in_other_letters, are_mostly, fold, is_gapless, is_latin, is_right_to_left, letters,
    runs_right_to_left,
};

pub use jiff::civil::Date;
pub use month::Month;
pub use rust_decimal::Decimal;

mod month;
