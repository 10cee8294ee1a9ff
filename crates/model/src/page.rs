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
}

/// The kinds of [`Mark`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// An ink stamp or a seal.
    Stamp,
    /// Handwriting where a signature is expected, or a digital signature field that is signed.
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
    /// How the page came into the dossier.
    pub capture: Capture,
    /// Where its words come from.
    pub text_source: TextSource,
    /// The words in reading order.
    pub words: Vec<Word>,
    /// What else was seen on it.
    pub marks: Vec<Mark>,
    /// What went wrong or is doubtful.
    pub problems: Vec<Problem>,
}

impl Page {
    /// A page of which nothing is known but why it could not be read.
    pub fn unreadable(number: u32, message: Message) -> Self {
        Self {
            number,
            width: 0.0,
            height: 0.0,
            turned: 0,
            capture: Capture::Picture,
            text_source: TextSource::Ocr,
            words: Vec::new(),
            marks: Vec::new(),
            problems: vec![Problem { unreadable: true, message }],
        }
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
