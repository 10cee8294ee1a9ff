use std::collections::BTreeSet;
use std::path::PathBuf;

use camino::Utf8PathBuf;
use complet_model::{BBox, Page};
use serde::{Deserialize, Serialize};

use crate::ocr::read::Again;

/// Which OCR engine reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngineChoice {
    /// Tesseract reads every page, PP-OCR the doubtful ones again.
    #[default]
    Auto,
    /// Tesseract alone.
    Tesseract,
    /// PP-OCR alone.
    Ppocr,
}

/// A step of reading that can be left out, to measure what it brings and costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Cutting the sheet or card out of a photo and straightening its perspective.
    Rectify,
    /// Dividing by the brightness of the paper.
    Flatten,
    /// Turning light print on dark bars into dark print.
    Bars,
    /// Taking out a slight skew.
    Deskew,
    /// Finding out which way up a page lies.
    Turn,
    /// Choosing the resolution by the height of the letters.
    Resolution,
    /// Reading pages in other scripts in the script they are in.
    Scripts,
    /// Reading names again in the language that a page speaks of, for their accents.
    Accents,
    /// Reading as scattered text what was dropped.
    Sparse,
    /// Reading doubtful pages again with the second engine.
    Second,
    /// Leaving out of that what the first engine is sure of.
    Known,
    /// Looking for labels of identity documents in small print that the second engine is not sure of.
    Labels,
    /// Finding and reading machine-readable zones.
    Mrz,
    /// Finding stamps and reading round them.
    Stamps,
    /// Telling what is wrong with a photo or scan.
    Quality,
    /// Believing the hidden text of a scan when it agrees with the picture.
    HiddenText,
}

impl Stage {
    /// All of them, in the order in which a page meets them.
    pub const ALL: [Self; 16] = [
        Self::HiddenText,
        Self::Rectify,
        Self::Flatten,
        Self::Bars,
        Self::Deskew,
        Self::Turn,
        Self::Resolution,
        Self::Scripts,
        Self::Accents,
        Self::Sparse,
        Self::Second,
        Self::Known,
        Self::Labels,
        Self::Mrz,
        Self::Stamps,
        Self::Quality,
    ];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rectify => "rectify",
            Self::Flatten => "flatten",
            Self::Bars => "bars",
            Self::Deskew => "deskew",
            Self::Turn => "turn",
            Self::Resolution => "resolution",
            Self::Scripts => "scripts",
            Self::Accents => "accents",
            Self::Sparse => "sparse",
            Self::Second => "second",
            Self::Known => "known",
            Self::Labels => "labels",
            Self::Mrz => "mrz",
            Self::Stamps => "stamps",
            Self::Quality => "quality",
            Self::HiddenText => "hidden-text",
        }
    }
}

/// Read together with French, another language makes every page dearer; the pages that need one are read again
/// (`ocr::accents`).
const LANGUAGES: &str = "fra";

/// How files are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Languages of the OCR engine, by Tesseract's names joined with `+`. Those after the first are left out
    /// where their data is missing.
    pub languages: String,
    /// Folder of Tesseract's `*.traineddata`; looked for in the usual places when `None`.
    pub tessdata: Option<Utf8PathBuf>,
    /// Which engine reads.
    pub engine: EngineChoice,
    /// Folder of PP-OCR's models; looked for in the usual places when `None`.
    pub models: Option<Utf8PathBuf>,
    /// Steps left out.
    pub without: BTreeSet<Stage>,
    /// Folder to put pictures of the steps into: they show the documents.
    pub debug_images: Option<Utf8PathBuf>,
    /// What is refused.
    pub limits: Limits,
    /// Pages read at the same time; one a processor core when `None`.
    pub jobs: Option<usize>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            languages: LANGUAGES.to_owned(),
            tessdata: None,
            engine: EngineChoice::default(),
            models: None,
            without: BTreeSet::new(),
            debug_images: None,
            limits: Limits::default(),
            jobs: None,
        }
    }
}

impl Settings {
    /// True unless the step is left out.
    pub(crate) fn has(&self, stage: Stage) -> bool {
        !self.without.contains(&stage)
    }
}

/// What is refused or given up, so that no file can take all the memory or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Files of one dossier, folders and hidden files included.
    pub files: usize,
    /// Folders within folders.
    pub depth: usize,
    /// Bytes of one file.
    pub bytes_per_file: u64,
    /// Pages of one file.
    pub pages_per_file: usize,
    /// Pixels of one picture, as its header declares them.
    pub pixels_per_page: u64,
    /// Seconds of computing for one page, or to open one file; twice as many by the clock. For workers only.
    pub page_seconds: u64,
    /// Seconds for the pages of one dossier, by the clock.
    pub dossier_seconds: u64,
    /// Bytes of memory of one worker.
    pub worker_memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            files: 5_000,
            depth: 32,
            bytes_per_file: 200_000_000,
            pages_per_file: 500,
            pixels_per_page: 100_000_000,
            page_seconds: 60,
            dossier_seconds: 3_600,
            worker_memory: 3_000_000_000,
        }
    }
}

/// One of the [`Limits`], for those who change them by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// [`Limits::files`].
    Files,
    /// [`Limits::depth`].
    Depth,
    /// [`Limits::bytes_per_file`], in millions.
    FileMegabytes,
    /// [`Limits::pages_per_file`].
    FilePages,
    /// [`Limits::pixels_per_page`], in millions.
    PageMegapixels,
    /// [`Limits::page_seconds`].
    PageSeconds,
    /// [`Limits::dossier_seconds`].
    DossierSeconds,
    /// [`Limits::worker_memory`], in millions.
    WorkerMegabytes,
}

impl Limit {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Files,
        Self::Depth,
        Self::FileMegabytes,
        Self::FilePages,
        Self::PageMegapixels,
        Self::PageSeconds,
        Self::DossierSeconds,
        Self::WorkerMegabytes,
    ];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Depth => "depth",
            Self::FileMegabytes => "file-megabytes",
            Self::FilePages => "file-pages",
            Self::PageMegapixels => "page-megapixels",
            Self::PageSeconds => "page-seconds",
            Self::DossierSeconds => "dossier-seconds",
            Self::WorkerMegabytes => "worker-megabytes",
        }
    }
}

impl Limits {
    /// Sets one of them, in the unit of its name.
    pub fn set(&mut self, limit: Limit, value: u32) {
        const MILLION: u64 = 1_000_000;
        let (many, size) = (u64::from(value), value as usize);
        match limit {
            Limit::Files => self.files = size,
            Limit::Depth => self.depth = size,
            Limit::FileMegabytes => self.bytes_per_file = many * MILLION,
            Limit::FilePages => self.pages_per_file = size,
            Limit::PageMegapixels => self.pixels_per_page = many * MILLION,
            Limit::PageSeconds => self.page_seconds = many,
            Limit::DossierSeconds => self.dossier_seconds = many,
            Limit::WorkerMegabytes => self.worker_memory = many * MILLION,
        }
    }
}

/// Asks for one page of one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageRequest {
    /// The file.
    #[serde(with = "os_path")]
    pub path: PathBuf,
    /// Number of the page, from 1.
    pub page: u32,
    /// How it is read.
    pub settings: Settings,
    /// Both engines are to read it, however well the first does: something was missing on it.
    #[serde(default)]
    pub closer: Option<Closer>,
}

/// What is known of a page that is read once more.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Closer {
    /// The page as it was read before: the first engine need not read it again.
    pub earlier: Option<Box<Page>>,
    /// Where on the upright page something was unsure; empty when what was missing may be anywhere.
    pub places: Vec<BBox>,
}

impl PageRequest {
    /// Asks for a page as if for the first time.
    pub fn new(path: impl Into<PathBuf>, page: u32, settings: Settings) -> Self {
        Self { path: path.into(), page, settings, closer: None }
    }

    pub(crate) fn again(&self) -> Again<'_> {
        self.closer.as_ref().map_or(Again::Doubtful, |closer| Again::Rest(&closer.places))
    }
}

/// Paths as bytes: a path need not be Unicode.
pub(crate) mod os_path {
    use std::path::{Path, PathBuf};

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
        path.as_os_str().as_encoded_bytes().serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
        Vec::deserialize(deserializer).map(from_bytes)
    }

    #[cfg(unix)]
    fn from_bytes(bytes: Vec<u8>) -> PathBuf {
        use std::os::unix::ffi::OsStringExt as _;
        std::ffi::OsString::from_vec(bytes).into()
    }

    #[cfg(not(unix))]
    fn from_bytes(bytes: Vec<u8>) -> PathBuf {
        String::from_utf8_lossy(&bytes).into_owned().into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_request_survives_the_way_to_another_process() {
        use std::os::unix::ffi::OsStringExt as _;
        for path in [b"plain.pdf".to_vec(), b"quittance d\xe9cembre.pdf".to_vec()] {
            let request = PageRequest {
                closer: Some(Closer {
                    earlier: Some(Box::new(Page::empty(3, 595.0, 842.0))),
                    places: vec![BBox::PAGE],
                }),
                ..PageRequest::new(std::ffi::OsString::from_vec(path), 3, Settings::default())
            };
            let bytes = postcard::to_stdvec(&request).unwrap();
            assert_eq!(postcard::from_bytes::<PageRequest>(&bytes).unwrap(), request);
        }
    }
}
