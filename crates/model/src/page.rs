use serde::{Deserialize, Serialize};

use crate::{BBox, Message};

/// One word as it stands on the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// The word as printed, without white space around or inside it.
    pub text: String,
    /// Where it stands on the upright page.
    pub bbox: BBox,
    /// How sure the reader is, from 0 to 1; 1 for a trusted text layer.
    pub confidence: f32,
    /// Index of the line of text the reader put the word in. Words of one line follow each other.
    pub line: u32,
}

/// Where the words of a page come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSource {
    /// The page's own text.
    TextLayer,
    /// Read off the picture of the page.
    Ocr,
    /// The page's own text, with regions of the page read off their picture.
    Mixed,
}

/// A page on which something was missing or unsure, and which is worth another reading.
#[derive(Debug, Clone, PartialEq)]
pub struct PageInDoubt {
    /// Index of its file among those scanned.
    pub file: usize,
    /// Its number, from 1.
    pub page: u32,
    /// Where on the page as people see it the things stand that are in doubt; empty when they may be anywhere.
    pub places: Vec<BBox>,
}

/// How the page came into the dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capture {
    /// Made by a program: the page has its own text.
    BornDigital,
    /// A picture of the page: a scanner's, a screenshot or a photo.
    Picture,
}

/// Something on a page that is no word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// What it is.
    pub kind: MarkKind,
    /// Where it stands on the upright page.
    pub bbox: BBox,
    /// What could be read on it: the words around a round stamp, say.
    #[serde(default)]
    pub text: String,
}

impl Mark {
    /// A mark on which nothing was read.
    pub fn new(kind: MarkKind, bbox: BBox) -> Self {
        Self { kind, bbox, text: String::new() }
    }
}

/// The kinds of [`Mark`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// An ink stamp or a seal.
    Stamp,
    /// A long thin stroke as of a hand that signs, or a digital signature field that is signed.
    Signature,
    /// A picture placed on a page that has its own text.
    Picture,
    /// Ink that no word accounts for: handwriting, a stamp, a drawing.
    Ink,
}

/// Something that went wrong, or is doubtful, with a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// True when nothing, or not enough, could be read: what the page holds is not known.
    pub unreadable: bool,
    /// What is wrong, for people.
    pub message: Message,
    /// The part of the upright page it is about; the whole page when `None`.
    #[serde(default)]
    pub bbox: Option<BBox>,
}

/// A machine-readable zone (ICAO 9303) found on a page, as several readers read it.
///
/// Check digits alone do not prove a reading: they are sums modulo 10. Whoever uses a zone compares the
/// readings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Zone {
    /// Where its lines stand on the upright page, from the top.
    pub lines: Vec<BBox>,
    /// Height of its capitals in pixels of the picture it was read off.
    pub capital: f32,
    /// What each reader made of it, the most trusted reader first.
    pub readings: Vec<ZoneReading>,
}

/// What one reader made of a machine-readable zone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ZoneReading {
    /// Name of the reader.
    pub reader: String,
    /// As many as the zone has lines: capital letters, digits and `<`, neither repaired nor padded.
    pub lines: Vec<String>,
    /// Mean certainty of its characters, from 0 to 1.
    pub confidence: f32,
}

/// One page, upright.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Number of the page in its file, from 1.
    pub number: u32,
    /// Width of the upright page in PDF points (1/72 inch); for a picture without a resolution, its
    /// pixels as points: only the ratio to the height has a meaning then.
    pub width: f32,
    /// Height of the upright page in PDF points.
    pub height: f32,
    /// Degrees, clockwise, by which the page was turned to read it upright: 0, 90, 180 or 270.
    pub turned: u16,
    /// Degrees, counter-clockwise, by which a page that lay askew was turned about its middle so that its lines are
    /// level. The boxes of its words, zones and marks are those of the level page: they stand on the page as people see
    /// it where [`Page::as_seen`] says.
    #[serde(default)]
    pub skew: f32,
    /// How the page came into the dossier.
    pub capture: Capture,
    /// Where its words come from.
    pub text_source: TextSource,
    /// The words in reading order.
    pub words: Vec<Word>,
    /// What another engine read on the same page, in reading order; empty when it was read once. The
    /// better of both readings, mended with the other, stands in `words`.
    #[serde(default)]
    pub second_reading: Vec<Word>,
    /// Machine-readable zones found by their look. Their best reading stands in `words` as well.
    #[serde(default)]
    pub zones: Vec<Zone>,
    /// Corners of the sheet or card that was cut out of a photo and straightened, from the upper left
    /// clockwise, as fractions of the picture as it lies in its file; `None` when all of it is the page.
    #[serde(default)]
    pub sheet: Option<[(f32, f32); 4]>,
    /// What else was seen on it.
    pub marks: Vec<Mark>,
    /// What went wrong or is doubtful.
    pub problems: Vec<Problem>,
}

impl Page {
    /// A page of the given size in points with nothing on it.
    pub fn empty(number: u32, width: f32, height: f32) -> Self {
        Self {
            number,
            width,
            height,
            turned: 0,
            skew: 0.0,
            capture: Capture::BornDigital,
            text_source: TextSource::TextLayer,
            words: Vec::new(),
            second_reading: Vec::new(),
            zones: Vec::new(),
            sheet: None,
            marks: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// A page of which nothing is known but why it could not be read.
    pub fn unreadable(number: u32, message: Message) -> Self {
        Self {
            capture: Capture::Picture,
            text_source: TextSource::Ocr,
            problems: vec![Problem { unreadable: true, message, bbox: None }],
            ..Self::empty(number, 0.0, 0.0)
        }
    }

    /// About where a box of the level page stands on the page as people see it: as large, its middle moved.
    pub fn as_seen(&self, bbox: BBox) -> BBox {
        bbox.turned(self.skew, self.width, self.height)
    }

    /// True when what the page holds is not known.
    pub fn is_unreadable(&self) -> bool {
        self.problems.iter().any(|p| p.unreadable)
    }
}

/// What became of a file of the dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileStatus {
    /// Read; single pages may still have problems.
    Read,
    /// Damaged, empty, over a limit, or impossible to open.
    Unreadable,
    /// Needs a password.
    Encrypted,
    /// A kind of file that complet does not read.
    Unsupported,
    /// Left out on purpose: hidden files, the dossier's own settings.
    Skipped,
}

/// One file of the dossier with its pages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScannedFile {
    /// Path relative to the dossier, `/` between folders; bytes that are no UTF-8 are replaced.
    pub path: String,
    /// BLAKE3 hash of the content in hexadecimal; `None` when it could not be read.
    pub hash: Option<String>,
    /// What became of it.
    pub status: FileStatus,
    /// Why, when it was not read.
    pub reason: Option<Message>,
    /// Its pages, in order; empty unless it was read.
    pub pages: Vec<Page>,
}
