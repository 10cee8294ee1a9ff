use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use camino::Utf8Path;
use complet_model::is_gapless;
use tesseract_rs::{TessPageSegMode, TesseractAPI};

use crate::area::Area;
use crate::error::ScanError;
use crate::ocr::{Engine, Layout, OcrWord, Script, Turn, accents, native};
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
    /// Readers of other languages, made when they are first needed; nothing where data is missing.
    others: HashMap<&'static str, Option<Other>>,
}

impl Tesseract {
    /// Starts the engine for languages joined with `+`, with data from `tessdata` or the usual folders.
    /// Languages after the first that have no data are left out.
    ///
    /// # Errors
    /// [`ScanError::NoLanguage`] when the data of the first is missing, [`ScanError::Engine`] when it does
    /// not start.
    pub fn new(languages: &str, tessdata: Option<&Utf8Path>) -> Result<Self, ScanError> {
        let Data { folder, languages, .. } = find_data(languages, tessdata)?;
        native::stay_on_this_thread();
        native::be_quiet();
        let reader = start(&folder, &languages)?;
        Ok(Self { folder, reader, orienter: OnceCell::new(), others: HashMap::new() })
    }
}

fn start(folder: &Path, languages: &str) -> Result<TesseractAPI, ScanError> {
    let text = folder.to_str().filter(|t| !t.contains('\0')).ok_or_else(|| {
        ScanError::Engine(format!("the path of its data is not Unicode: {}", folder.display()))
    })?;
    let engine = TesseractAPI::new();
    engine.init(text, languages).map_err(|e| ScanError::Engine(e.to_string()))?;
    // Its messages about odd pages are no news for people.
    engine.set_variable("debug_file", "/dev/null").map_err(|e| ScanError::Engine(e.to_string()))?;
    Ok(engine)
}

/// The language data that is there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Data {
    folder: PathBuf,
    /// Those asked for that are in the folder, joined with `+`.
    languages: String,
    /// The others.
    pub(crate) missing: Vec<String>,
}

/// Finds the folder that holds the data of the first of some languages joined with `+`.
///
/// # Errors
/// [`ScanError::NoLanguage`] when no folder holds the first.
pub(crate) fn find_data(languages: &str, tessdata: Option<&Utf8Path>) -> Result<Data, ScanError> {
    let folders: Vec<PathBuf> = match tessdata {
        Some(folder) => vec![folder.as_std_path().to_owned()],
        None => std::env::var_os("TESSDATA_PREFIX")
            .map(PathBuf::from)
            .into_iter()
            .chain(USUAL_FOLDERS.into_iter().map(PathBuf::from))
            .collect(),
    };
    let known = |l: &str| !l.is_empty() && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let needed = languages.split('+').next().unwrap_or_default();
    let data_in = |folder: &PathBuf| {
        let is_there = |l: &&str| known(l) && data_file(folder, l).is_file();
        let (there, missing): (Vec<&str>, Vec<&str>) = languages.split('+').partition(is_there);
        there.contains(&needed).then(|| Data {
            folder: folder.clone(),
            languages: there.join("+"),
            missing: missing.into_iter().map(str::to_owned).collect(),
        })
    };
    folders.iter().find_map(data_in).ok_or_else(|| {
        // The folder that is there is the one to speak of.
        let searched = match (folders.iter().find(|f| f.is_dir()), tessdata) {
            (Some(folder), _) => format!("looked in {}", folder.display()),
            (None, Some(folder)) => format!("there is no folder {folder}"),
            (None, None) => "no folder of Tesseract data found".to_owned(),
        };
        ScanError::NoLanguage { language: needed.to_owned(), searched, package: package(needed) }
    })
}

/// The Debian package of a language's data.
pub(crate) fn package(language: &str) -> String {
    format!("tesseract-ocr-{}", language.replace('_', "-"))
}

/// Every file of data it reads with.
pub(crate) fn files(languages: &str, tessdata: Option<&Utf8Path>) -> Vec<PathBuf> {
    let Ok(Data { folder, languages, .. }) = find_data(languages, tessdata) else { return Vec::new() };
    let own = languages.split('+').chain(["osd"]).map(|name| data_file(&folder, name));
    // Scripts share languages, and names may have accents of one that all pages are read in.
    let others: BTreeSet<&str> = Script::all_languages().chain(accents::all_languages()).collect();
    let others = others.into_iter().filter(|name| !languages.split('+').any(|own| own == *name));
    own.chain(others.map(|name| data_file(&folder, name)).filter(|file| file.is_file())).collect()
}

fn data_file(folder: &Path, language: &str) -> PathBuf {
    folder.join(format!("{language}.traineddata"))
}

/// A reader of another language than that of the first readings.
struct Other(TesseractAPI);

impl Other {
    /// `None` without data for the language, or when it does not start.
    fn new(language: &str, folder: &Path) -> Option<Self> {
        if !data_file(folder, language).is_file() {
            return None;
        }
        let reader = start(folder, language);
        reader.inspect_err(|error| tracing::error!(%error, language, "no reader for it")).ok().map(Self)
    }
}

impl Engine for Other {
    fn recognise(&mut self, picture: &Grey, dpi: u32, layout: Layout) -> Result<Vec<OcrWord>, String> {
        native::stay_on_this_thread();
        words(&self.0, picture, dpi, layout).map(join_gapless)
    }

    fn turn(&mut self, _picture: &Grey, _dpi: u32) -> Option<Turn> {
        None
    }
}

/// The version of the library.
pub(crate) fn version() -> String {
    TesseractAPI::version()
}

impl Engine for Tesseract {
    fn recognise(&mut self, picture: &Grey, dpi: u32, layout: Layout) -> Result<Vec<OcrWord>, String> {
        // A page may have been moved to another thread together with its reader.
        native::stay_on_this_thread();
        let mut words = words(&self.reader, picture, dpi, layout)?;
        mend_dots(&mut words);
        Ok(words)
    }

    fn speaking(&mut self, language: &'static str) -> Option<&mut dyn Engine> {
        native::stay_on_this_thread();
        let reader = self.others.entry(language).or_insert_with(|| Other::new(language, &self.folder));
        reader.as_mut().map(|reader| reader as &mut dyn Engine)
    }

    fn turn(&mut self, picture: &Grey, dpi: u32) -> Option<Turn> {
        native::stay_on_this_thread();
        let folder = &self.folder;
        let engine = self.orienter.get_or_init(|| start(folder, "osd").ok()).as_ref()?;
        engine.set_page_seg_mode(TessPageSegMode::PSM_OSD_ONLY).ok()?;
        show(engine, picture, dpi).ok()?;
        let found = engine.detect_os().ok();
        let _ = engine.clear();
        let (degrees, confidence, script, _) = found?;
        // It tells how the page lies, not how to right it.
        let degrees = u16::try_from((360 - degrees).rem_euclid(360)).ok()?;
        Some(Turn { degrees, confidence, script: Script::named(&script) })
    }
}

fn words(reader: &TesseractAPI, picture: &Grey, dpi: u32, layout: Layout) -> Result<Vec<OcrWord>, String> {
    let mode = match layout {
        Layout::Page => TessPageSegMode::PSM_AUTO,
        Layout::Sparse => TessPageSegMode::PSM_SPARSE_TEXT,
        Layout::Block => TessPageSegMode::PSM_SINGLE_BLOCK,
        Layout::Line => TessPageSegMode::PSM_SINGLE_LINE,
    };
    reader.set_page_seg_mode(mode).map_err(|e| e.to_string())?;
    // Versions before 5.3 do not know it, and read all unsure lines as negatives, too.
    let negatives = if dark_share(picture) >= DARK { "0.7" } else { "0" };
    let _ = reader.set_variable("invert_threshold", negatives);
    show(reader, picture, dpi)?;
    let table = reader.get_tsv_text(0);
    // Frees the picture; the language data stays.
    let _ = reader.clear();
    Ok(parse(&table.map_err(|e| e.to_string())?))
}

/// Share of dark squares of a picture from which light print may stand on them. Light print on bars was turned dark
/// before; other unsure lines only lose by being read as negatives.
const DARK: f32 = 0.012;
/// Side of these squares in pixels, and brightness of 255 under which one is dark: those of print are lighter.
const SQUARE: usize = 16;
const DARK_SHADE: usize = 140;

/// Share of the dark squares of a picture.
fn dark_share(picture: &Grey) -> f32 {
    let columns = picture.width / SQUARE;
    let mut dark = 0;
    let rows: Vec<&[u8]> = picture.pixels.chunks_exact(picture.width.max(1)).collect();
    for band in rows.chunks_exact(SQUARE) {
        let mut sums = vec![0usize; columns];
        for row in band {
            for (sum, square) in sums.iter_mut().zip(row.chunks_exact(SQUARE)) {
                *sum += square.iter().map(|&p| usize::from(p)).sum::<usize>();
            }
        }
        dark += sums.iter().filter(|&&sum| sum < DARK_SHADE * SQUARE * SQUARE).count();
    }
    dark as f32 / (columns * (picture.height / SQUARE)).max(1) as f32
}

/// Heights of a sign up to which two of them stand next to each other.
const NEXT: f32 = 0.6;

/// Makes one word of signs that stand next to each other, in scripts whose gaps say nothing: single signs would
/// say little.
fn join_gapless(words: Vec<OcrWord>) -> Vec<OcrWord> {
    let mut joined: Vec<OcrWord> = Vec::with_capacity(words.len());
    for word in words {
        let is_next = |last: &OcrWord| {
            let gap = word.left - last.right;
            let meet = last.text.chars().next_back().zip(word.text.chars().next());
            last.line == word.line
                && meet.is_some_and(|(a, b)| is_gapless(a) && is_gapless(b))
                && gap < NEXT * word.area().height().max(last.area().height())
        };
        match joined.last_mut().filter(|last| is_next(last)) {
            Some(last) => {
                let (had, more) = (last.text.chars().count() as f32, word.text.chars().count() as f32);
                last.confidence = (last.confidence * had + word.confidence * more) / (had + more);
                let area = last.area().union(word.area());
                (last.left, last.top, last.right, last.bottom) =
                    (area.left, area.top, area.right, area.bottom);
                last.text.push_str(&word.text);
            }
            None => joined.push(word),
        }
    }
    joined
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

/// Share of the height of the word before it up to which a sign is a dot, and where on it that lies when it is
/// a middle dot, which the French data has not: it takes it for a dash or a colon, with the dot's own box.
const DOT: f32 = 0.35;
const MIDDLE: std::ops::Range<f32> = 0.3..0.7;
/// The most a dot is wider than high: it may be two or three pixels.
const ROUND: f32 = 1.6;

fn mend_dots(words: &mut [OcrWord]) {
    for line in words.chunk_by_mut(|a, b| a.line == b.line) {
        let mut before: Option<Area> = None;
        for word in line {
            let area = word.area();
            if let (Some(before), "-" | ":" | "*") = (before, word.text.as_str()) {
                let most = before.height() * DOT;
                let place = (area.middle().1 - before.top) / before.height().max(1.0);
                let is_dot = area.height() <= most && area.width() <= area.height() * ROUND;
                if is_dot && MIDDLE.contains(&place) {
                    "·".clone_into(&mut word.text);
                }
            }
            if word.has_letters() {
                before = Some(area);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dark_squares_are_told_from_print() {
        let mut page = Grey::filled(800, 1100, 250);
        // Lines of bold print, half of it ink.
        for y in (40..1000).step_by(24) {
            for x in (40..760).step_by(8) {
                page.paint(x, y, x + 4, y + 14, 20);
            }
        }
        assert!(dark_share(&page) < DARK, "{}", dark_share(&page));
        page.paint(100, 100, 260, 200, 60);
        assert!(dark_share(&page) >= DARK, "{}", dark_share(&page));
        assert!(dark_share(&Grey::filled(3, 3, 0)) < DARK);
    }

    #[test]
    fn a_dot_in_the_middle_is_no_dash_and_no_colon() {
        let word = |text: &str, left: f32, top: f32, right: f32, bottom: f32, line: u32| OcrWord {
            text: text.to_owned(),
            left,
            top,
            right,
            bottom,
            confidence: 0.9,
            line,
        };
        let mut words = [
            word("Lyon", 10.0, 100.0, 60.0, 118.0, 0),
            word(":", 66.0, 107.0, 69.0, 110.0, 0),
            word("SIRET", 75.0, 100.0, 120.0, 114.0, 0),
            word(":", 124.0, 102.0, 127.0, 114.0, 0),
            word("12", 130.0, 100.0, 150.0, 114.0, 0),
            word("-", 153.0, 107.0, 157.0, 109.0, 0),
            // At the foot of the line, and one with nothing before it.
            word("-", 163.0, 112.0, 166.0, 115.0, 0),
            word("-", 10.0, 200.0, 13.0, 203.0, 1),
        ];
        mend_dots(&mut words);
        let signs: String =
            words.iter().map(|w| w.text.as_str()).filter(|t| t.len() < 3 && *t != "12").collect();
        assert_eq!(signs, "·:---");
    }

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
        let complaint = |languages: &str, folder: Option<&str>| {
            find_data(languages, folder.map(Utf8Path::new)).map(|_| ()).unwrap_err().to_string()
        };
        let error = complaint("xxx", None);
        assert!(error.contains("apt-get install tesseract-ocr-xxx"), "{error}");
        let error = complaint("../fra", None);
        assert!(error.contains("../fra"), "{error}");
        let error = complaint("fra", Some("/nowhere"));
        assert!(error.contains("/nowhere"), "{error}");
    }

    #[test]
    fn languages_after_the_first_may_be_missing() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap();
        std::fs::write(path.join("fra.traineddata"), "").unwrap();
        let found = |languages: &str| find_data(languages, Some(path)).map(|d| (d.languages, d.missing));
        assert_eq!(found("fra+vie").unwrap(), ("fra".to_owned(), vec!["vie".to_owned()]));
        assert_eq!(found("fra").unwrap(), ("fra".to_owned(), vec![]));
        assert!(found("vie+fra").is_err());
    }
}
