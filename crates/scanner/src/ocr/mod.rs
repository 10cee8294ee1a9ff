//! Reading words off pictures.

mod accents;
mod bars;
pub(crate) mod binary;
pub(crate) mod flatten;
pub(crate) mod labels;
pub(crate) mod merge;
mod native;
pub(crate) mod ppocr;
pub(crate) mod read;
mod rest;
mod script;
pub(crate) mod skew;
mod tesseract;

pub use ppocr::Ppocr;
pub use script::Script;
pub use tesseract::Tesseract;
pub(crate) use tesseract::{
    files as tesseract_files, find_data as tesseract_data, package as tesseract_package,
    version as tesseract_version,
};

use crate::area::Area;
use crate::raster::Grey;

/// How the text lies on the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Blocks, columns and lines, as on a printed page.
    Page,
    /// As much text as possible wherever it stands: photos, cards.
    Sparse,
    /// Rows of one block.
    Block,
    /// One row.
    Line,
}

/// A word an engine read.
#[derive(Debug, Clone, PartialEq)]
pub struct OcrWord {
    /// Without white space.
    pub text: String,
    /// Left edge in pixels.
    pub left: f32,
    /// Upper edge in pixels.
    pub top: f32,
    /// Right edge in pixels.
    pub right: f32,
    /// Lower edge in pixels.
    pub bottom: f32,
    /// From 0 to 1.
    pub confidence: f32,
    /// Words of one line have the same number and follow each other.
    pub line: u32,
}

impl OcrWord {
    /// Its box.
    pub(crate) fn area(&self) -> Area {
        Area::new(self.left, self.top, self.right, self.bottom)
    }

    /// False for signs alone.
    pub(crate) fn has_letters(&self) -> bool {
        self.text.chars().any(char::is_alphanumeric)
    }
}

/// What is left to read of a page, in its pixels.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rest {
    /// Boxes of the words that are known for sure: a line that holds nothing else may be left out.
    pub(crate) known: Vec<Area>,
    /// The rows in which there is something else, as upper and lower end, from the top.
    pub(crate) bands: Vec<(f32, f32)>,
    /// Between which columns they are looked through: there is no print beyond.
    pub(crate) sides: (f32, f32),
    /// Pieces of level lines that are to be read as they are: on a page that was read well it is known where
    /// the words stand.
    pub(crate) places: Vec<Area>,
}

impl Rest {
    /// True when everything is known.
    pub(crate) fn is_empty(&self) -> bool {
        self.bands.is_empty() && self.places.is_empty()
    }
}

/// A guess of how a picture lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turn {
    /// Degrees to turn it clockwise so that its text is upright: 0, 90, 180 or 270.
    pub degrees: u16,
    /// How sure the engine is, on its own scale; under 1 is a guess.
    pub confidence: f32,
    /// The script that most of its text is in, when that is told and is not the Latin one.
    pub script: Option<&'static Script>,
}

/// An OCR engine. It belongs to one thread and keeps no page.
pub trait Engine {
    /// Reads a picture taken at `dpi` pixels per inch.
    ///
    /// # Errors
    /// What the engine says when it could not read at all. No words are no error.
    fn recognise(&mut self, picture: &Grey, dpi: u32, layout: Layout) -> Result<Vec<OcrWord>, String>;

    /// Reads what is left of a page that another engine read in part. An engine that gains nothing by that
    /// reads everything.
    ///
    /// # Errors
    /// As [`Engine::recognise`].
    fn recognise_rest(&mut self, picture: &Grey, dpi: u32, rest: &Rest) -> Result<Vec<OcrWord>, String> {
        let _ = rest;
        self.recognise(picture, dpi, Layout::Page)
    }

    /// A reader of another language than the engine's own, by Tesseract's name of it; `None` when it lacks the data.
    fn speaking(&mut self, language: &'static str) -> Option<&mut dyn Engine> {
        let _ = language;
        None
    }

    /// How the picture must be turned to be upright; `None` when the engine cannot tell.
    fn turn(&mut self, picture: &Grey, dpi: u32) -> Option<Turn>;
}

/// A reader of single lines that were cut out and lie level.
pub trait LineReader {
    /// Its name, for people who compare readings.
    fn name(&self) -> &'static str;

    /// Reads the one line of text on the picture.
    ///
    /// # Errors
    /// What the reader says when it fails. No text is no error.
    fn read_line(&mut self, line: &Grey) -> Result<LineReading, String>;
}

/// What a [`LineReader`] made of a line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LineReading {
    /// The line.
    pub text: String,
    /// How sure it is of each character of `text`, from 0 to 1.
    pub confidences: Vec<f32>,
}

impl LineReading {
    /// Mean certainty of the characters; 0 when there are none.
    pub fn confidence(&self) -> f32 {
        self.confidences.iter().sum::<f32>() / self.confidences.len().max(1) as f32
    }
}
