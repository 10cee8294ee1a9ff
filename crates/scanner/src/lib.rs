//! From a folder of PDFs and pictures to pages of words.
//!
//! [`scan`] reads a folder; [`read_page`] reads one page with plain data in and out, so that it can run in
//! another process or behind a cache. Every word keeps its box and how sure its reader is.
//!
//! What is wrong with a file or a page is part of the result; only what stops everything is an error.

mod area;
mod debug;
mod error;
mod folder;
mod kind;
mod layout;
mod marks;
mod morph;
mod mrz;
mod ocr;
mod pdf;
mod picture;
mod preview;
mod problem;
mod quality;
mod raster;
mod reader;
mod render;
mod scan;
mod settings;
mod sheet;
mod stamps;
mod whole;

pub use error::ScanError;
pub use mrz::find_zones;
pub use ocr::{Engine, Layout, LineReader, LineReading, OcrWord, Ppocr, Tesseract, Turn};
pub use preview::{Preview, PreviewRequest};
pub use raster::{Grey, Rgb};
pub use reader::{Reader, read_page};
pub use render::render_page;
pub use scan::{Progress, Scan, scan, scan_files};
pub use settings::{EngineChoice, Limits, PageRequest, Settings, Stage};
