//! Pages of PDF files. hayro does all the reading, form values included: two parsers that disagree on
//! a damaged file would be worse than one.

pub(crate) mod annotations;
pub(crate) mod content;
pub(crate) mod draw;
pub(crate) mod fields;
pub(crate) mod hidden;
pub(crate) mod shapes;
pub(crate) mod sight;
pub(crate) mod trust;
pub(crate) mod words;

use std::sync::Arc;

use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

/// Why a PDF file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Needs a password to open.
    Encrypted,
    /// Protected in a way that is not known.
    Protection,
    /// No PDF structure could be found.
    Damaged,
    /// It has no pages.
    NoPages,
}

/// An open PDF file.
pub(crate) struct File {
    pdf: Pdf,
}

impl File {
    pub(crate) fn open(bytes: Arc<Vec<u8>>) -> Result<Self, Failure> {
        let pdf = Pdf::new(bytes).map_err(|error| match error {
            LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Failure::Encrypted,
            LoadPdfError::Decryption(_) => Failure::Protection,
            LoadPdfError::Invalid => Failure::Damaged,
        })?;
        if pdf.pages().is_empty() { Err(Failure::NoPages) } else { Ok(Self { pdf }) }
    }

    pub(crate) fn pages(&self) -> usize {
        self.pdf.pages().len()
    }

    /// The page with this number, from 1.
    pub(crate) fn page(&self, number: u32) -> Option<&Page<'_>> {
        self.pdf.pages().get((number as usize).checked_sub(1)?)
    }
}
