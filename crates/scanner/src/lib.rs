//! From a folder of PDFs and pictures to pages of words.
//!
//! A [`Scanner`] reads folders, in processes of their own when it is told to; [`read_page`] reads one page
//! with plain data in and out. Every word keeps its box and how sure its reader is.
//!
//! What is wrong with a file or a page is part of the result; only what stops everything is an error.

mod area;
mod ask;
mod bundle;
mod cache;
mod crew;
mod debug;
mod error;
mod folder;
#[doc(hidden)]
pub mod fuzzing;
mod kind;
mod layout;
mod marks;
mod morph;
mod mrz;
mod ocr;
mod pdf;
mod picture;
mod preview;
mod private;
mod problem;
mod quality;
mod raster;
mod reader;
mod render;
mod scan;
mod settings;
mod sheet;
mod stamps;
mod upright;
mod whole;

pub use bundle::{Bundled, PageOf, TextLine, text_sheet};
pub use cache::{Cache, CacheError, CacheInfo};
pub use crew::Isolation;
#[cfg(unix)]
pub use crew::{WorkerLog, Workers, serve};
pub use error::ScanError;
pub use folder::{folder_state, program_state};
pub use mrz::find_zones;
pub use ocr::{Engine, Layout, LineReader, LineReading, OcrWord, Ppocr, Script, Tesseract, Turn};
pub use preview::{Preview, PreviewRequest};
pub use private::create as create_private_folder;
pub use raster::{Grey, Rgb};
pub use reader::{Reader, read_page};
pub use render::render_page;
pub use scan::{Progress, Question, Scan, Scanner, scan, scan_files};
pub use settings::{Closer, EngineChoice, Limit, Limits, PageRequest, Settings, Stage};
