use std::cell::OnceCell;
use std::path::PathBuf;

use camino::Utf8Path;
use tesseract_rs::{TessPageSegMode, TesseractAPI};

use crate::error::ScanError;
use crate::ocr::{Engine, Layout, OcrWord, Turn, native};
use crate::raster::Grey;

/// Where distributions keep the language data.
const USUAL_FOLDERS: [&str; 6] = [
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
    "/usr/share/tesseract/tessdata",
];

/// Tesseract on the thread that made it. Its engines are costly to start (0.2 s): keep it.
pub struct Tesseract {
    folder: PathBuf,
    reader: TesseractAPI,
    /// Tells the orientation; made when it is first needed.
    orienter: OnceCell<Option<TesseractAPI>>,
}

impl Tesseract {
    /// Starts the engine for languages joined with `+`, with data from `tessdata` or the usual folders.
    ///
    /// # Errors
    /// [`ScanError::NoLanguage`] when data is missing, [`ScanError::Engine`] when it does not start.
    pub fn new(languages: &str, tessdata: Option<&Utf8Path>) -> Result<Self, ScanError> {
        let folder = check_languages(languages, tessdata)?;
        native::stay_on_this_thread();
        native::be_quiet();
        let reader = start(&folder, languages)?;
        Ok(Self { folder, reader, orienter: OnceCell::new() })
    }
}

fn start(folder: &std::path::Path, languages: &str) -> Result<TesseractAPI, ScanError> {
    let text = folder.to_str().filter(|t| !t.contains('\0')).ok_or_else(|| {
        ScanError::Engine(format!("the path of its data is not Unicode: {}", folder.display()))
    })?;
    let engine = TesseractAPI::new();
    engine.init(text, languages).map_err(|e| ScanError::Engine(e.to_string()))?;
    // Its messages about odd pages are no news for people.
    engine.set_variable("debug_file", "/dev/null").map_err(|e| ScanError::Engine(e.to_string()))?;
    Ok(engine)
}

/// Finds the folder that holds the data of all languages.
pub(crate) fn check_languages(languages: &str, tessdata: Option<&Utf8Path>) -> Result<PathBuf, ScanError> {
    let folders: Vec<PathBuf> = match tessdata {
        Some(folder) => vec![folder.as_std_path().to_owned()],
        None => std::env::var_os("TESSDATA_PREFIX")
            .map(PathBuf::from)
            .into_iter()
            .chain(USUAL_FOLDERS.into_iter().map(PathBuf::from))
            .collect(),
    };
    let known = |l: &str| !l.is_empty() && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let missing = |folder: &PathBuf| {
        languages
            .split('+')
            .find(|l| !known(l) || !folder.join(format!("{l}.traineddata")).is_file())
            .map(str::to_owned)
    };
    let mut lacking = None;
    for folder in &folders {
        match missing(folder) {
            None => return Ok(folder.clone()),
            // The folder that is there is the one to speak of.
            Some(language) if lacking.is_none() && folder.is_dir() => lacking = Some((language, folder)),
            Some(_) => {}
        }
    }
    let (language, searched) = match lacking {
        Some((language, folder)) => (language, format!("looked in {}", folder.display())),
        None => (
            languages.split('+').next().unwrap_or_default().to_owned(),
            match tessdata {
                Some(folder) => format!("there is no folder {folder}"),
                None => "no folder of Tesseract data found".to_owned(),
            },
        ),
    };
    let package = language.replace('_', "-");
    Err(ScanError::NoLanguage { language, searched, package })
}

/// Every file of data it reads with.
pub(crate) fn files(languages: &str, tessdata: Option<&Utf8Path>) -> Vec<PathBuf> {
    let Ok(folder) = check_languages(languages, tessdata) else { return Vec::new() };
    let data = languages.split('+').chain(["osd"]);
    data.map(|name| folder.join(format!("{name}.traineddata"))).collect()
}

/// The version of the library.
pub(crate) fn version() -> String {
    TesseractAPI::version()
}

impl Engine for Tesseract {
    fn recognise(&mut self, picture: &Grey, dpi: u32, layout: Layout) -> Result<Vec<OcrWord>, String> {
        // A page may have been moved to another thread together with its reader.
        native::stay_on_this_thread();
        let mode = match layout {
            Layout::Page => TessPageSegMode::PSM_AUTO,
            Layout::Sparse => TessPageSegMode::PSM_SPARSE_TEXT,
            Layout::Block => TessPageSegMode::PSM_SINGLE_BLOCK,
            Layout::Line => TessPageSegMode::PSM_SINGLE_LINE,
        };
        self.reader.set_page_seg_mode(mode).map_err(|e| e.to_string())?;
        show(&self.reader, picture, dpi)?;
        let table = self.reader.get_tsv_text(0);
        // Frees the picture; the language data stays.
        let _ = self.reader.clear();
        Ok(parse(&table.map_err(|e| e.to_string())?))
    }

    fn turn(&mut self, picture: &Grey, dpi: u32) -> Option<Turn> {
        native::stay_on_this_thread();
        let folder = &self.folder;
        let engine = self.orienter.get_or_init(|| start(folder, "osd").ok()).as_ref()?;
        engine.set_page_seg_mode(TessPageSegMode::PSM_OSD_ONLY).ok()?;
        show(engine, picture, dpi).ok()?;
        let found = engine.detect_os().ok();
        let _ = engine.clear();
        let (degrees, confidence, _, _) = found?;
        // It tells how the page lies, not how to right it.
        let degrees = u16::try_from((360 - degrees).rem_euclid(360)).ok()?;
        Some(Turn { degrees, confidence })
    }
}

fn show(engine: &TesseractAPI, picture: &Grey, dpi: u32) -> Result<(), String> {
    let (Ok(width), Ok(height)) = (i32::try_from(picture.width), i32::try_from(picture.height)) else {
        return Err("the picture is too large".to_owned());
    };
    engine.set_image(&picture.pixels, width, height, 1, width).map_err(|e| e.to_string())?;
    // Without a resolution it takes every picture for a screenshot of 70 dpi.
    engine.set_source_resolution(i32::try_from(dpi).unwrap_or(300).max(70)).map_err(|e| e.to_string())
}

/// Reads Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height,
/// confidence, text.
fn parse(table: &str) -> Vec<OcrWord> {
    let mut words: Vec<OcrWord> = Vec::new();
    let mut last_line = None;
    let mut line = 0;
    for row in table.lines() {
        let mut cells = row.splitn(12, '\t');
        let mut number = || cells.next().and_then(|c| c.parse::<f32>().ok());
        let (Some(level), Some(page), Some(block), Some(paragraph), Some(row_number), Some(_)) =
            (number(), number(), number(), number(), number(), number())
        else {
            continue;
        };
        let (Some(left), Some(top), Some(width), Some(height), Some(confidence)) =
            (number(), number(), number(), number(), number())
        else {
            continue;
        };
        let text: String = cells.next().unwrap_or_default().split_whitespace().collect();
        if level < 5.0 || text.is_empty() {
            continue;
        }
        let place = (page as i32, block as i32, paragraph as i32, row_number as i32);
        if last_line.is_some_and(|l| l != place) {
            line += 1;
        }
        last_line = Some(place);
        let (right, bottom) = (left + width, top + height);
        words.push(OcrWord { text, left, top, right, bottom, confidence: confidence / 100.0, line });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_parsed() {
        let table = "1\t1\t0\t0\t0\t0\t0\t0\t100\t100\t-1\t\n\
                     5\t1\t1\t1\t1\t1\t10\t20\t30\t8\t91.5\tIBAN\n\
                     5\t1\t1\t1\t1\t2\t45\t20\t30\t8\t88\tFR76\n\
                     5\t1\t2\t1\t1\t1\t10\t40\t30\t8\t12\t \n\
                     5\t1\t2\t1\t1\t2\t10\t60\t30\t8\t50\tfin";
        let words = parse(table);
        let got: Vec<_> = words.iter().map(|w| (w.text.as_str(), w.line, w.right, w.bottom)).collect();
        assert_eq!(got, [("IBAN", 0, 40.0, 28.0), ("FR76", 0, 75.0, 28.0), ("fin", 1, 40.0, 68.0)]);
    }

    #[test]
    fn a_missing_language_names_its_package() {
        let error = check_languages("xxx", None).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("apt-get install tesseract-ocr-xxx"), "{error}");
        let error = check_languages("../fra", None).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("../fra"), "{error}");
        let error =
            check_languages("fra", Some(Utf8Path::new("/nowhere"))).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("/nowhere"), "{error}");
    }
}
