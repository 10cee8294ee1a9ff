use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use complet_model::{Capture, Mark, MarkKind, Message, Page, Problem, TextSource};

use crate::area::Area;
use crate::error::ScanError;
use crate::kind::{Kind, sniff};
use crate::layout::{Line, into_words, join_close, reading_order, split_wide};
use crate::marks::{self, Thumbnail};
use crate::ocr::read::{Effort, MAX_EDGE, Outcome, Reading, is_readable, read};
use crate::ocr::{Engine, Tesseract};
use crate::pdf::content::{Content, content};
use crate::pdf::draw::draw;
use crate::pdf::fields::{Field, Value, add_to, fields};
use crate::pdf::trust::{Trust, trust};
use crate::pdf::{self, words};
use crate::picture;
use crate::problem;
use crate::raster::{Grey, Rgb};
use crate::settings::{PageRequest, Settings};

/// Resolution a page is drawn at to be read, in pixels per inch.
const DPI: f32 = 200.0;
/// Share of a page from which the text in a picture on it is read.
const LARGE_PICTURE: f32 = 0.05;
/// Mean confidence under which a page is doubtful.
const DOUBTFUL: f32 = 0.65;
/// Mean confidence under which a page is as good as not read.
const ILLEGIBLE: f32 = 0.40;
/// Readable words under which a page with ink counts as not read.
const FEW_WORDS: usize = 5;
/// Readable words from which a page counts as read, however much noise is among them.
const SOME_WORDS: usize = 12;
/// Letters from which a page has ink enough to expect words.
const MANY_LETTERS: usize = 60;

/// What one worker keeps between pages: its OCR engine and the file it read last.
///
/// It holds nothing a page's result depends on, so any reader gives the same page.
#[derive(Default)]
pub struct Reader {
    engine: Option<Box<dyn Engine>>,
    /// Languages and data folder the engine was started with.
    started: Option<(String, Option<camino::Utf8PathBuf>)>,
    last: Option<(PathBuf, Open)>,
}

enum Open {
    Pdf(pdf::File),
    Picture(Kind, Arc<Vec<u8>>),
}

impl Reader {
    /// A reader that starts Tesseract when a page first needs it.
    pub fn new() -> Self {
        Self::default()
    }

    /// A reader with another OCR engine.
    pub fn with_engine(engine: Box<dyn Engine>) -> Self {
        Self { engine: Some(engine), started: None, last: None }
    }

    /// Reads one page. Whatever goes wrong stands in the page's problems.
    pub fn read(&mut self, request: &PageRequest) -> Page {
        // The decoders are fuzzed and return errors; this is the last line, for what was overlooked.
        catch_unwind(AssertUnwindSafe(|| self.page(request))).unwrap_or_else(|panic| {
            // The engine may be in the middle of a page.
            *self = Self::default();
            tracing::error!(path = %request.path.display(), page = request.page, "panic while reading");
            Page::unreadable(request.page, problem::damaged(Kind::Pdf, panic_text(panic.as_ref())))
        })
    }

    fn page(&mut self, request: &PageRequest) -> Page {
        let number = request.page;
        // Taken out so that the engine can be borrowed beside it.
        let opened = match self.last.take() {
            Some((path, open)) if path == request.path => Ok(open),
            _ => open(&request.path, &request.settings),
        };
        match opened {
            Ok(open) => {
                let page = match &open {
                    Open::Pdf(file) => self.pdf_page(file, number, &request.settings),
                    Open::Picture(kind, bytes) => self.picture_page(*kind, bytes, number, &request.settings),
                };
                self.last = Some((request.path.clone(), open));
                page.unwrap_or_else(|message| Page::unreadable(number, message))
            }
            Err(message) => Page::unreadable(number, message),
        }
    }

    fn engine(&mut self, settings: &Settings) -> Result<&mut dyn Engine, Message> {
        let wanted = (settings.languages.clone(), settings.tessdata.clone());
        let stale = self.started.as_ref().is_some_and(|s| *s != wanted);
        if self.engine.is_none() || stale {
            let engine = Tesseract::new(&settings.languages, settings.tessdata.as_deref())
                .map_err(|error| engine_failed(&error))?;
            self.started = Some(wanted);
            self.engine = Some(Box::new(engine));
        }
        match &mut self.engine {
            Some(engine) => Ok(engine.as_mut()),
            None => Err(Message::new("ocr-failed").text("detail", "no engine")),
        }
    }

    fn pdf_page(&mut self, file: &pdf::File, number: u32, settings: &Settings) -> Result<Page, Message> {
        let page = file.page(number).ok_or_else(|| Message::new("page-not-there"))?;
        let content = content(page);
        let fields = fields(page);
        let visible: Vec<_> = content.glyphs.iter().filter(|g| g.visible).cloned().collect();
        let mut lines = words::lines(&visible);
        let trust = trust(&content, &lines);

        let mut result = match trust {
            Trust::Yes(unknown) => {
                let mut source = TextSource::TextLayer;
                let regions = regions(&content, &unknown);
                add_to(&mut lines, &fields);
                if !regions.is_empty()
                    && let Some(drawn) = draw(page, DPI)
                {
                    let found = self.regions(&drawn, &content, &regions, &lines, settings)?;
                    if !found.is_empty() {
                        source = TextSource::Mixed;
                        replace_unknown(&mut lines, &found);
                        lines.extend(found);
                    }
                }
                drop_unknown(&mut lines);
                if !fields.is_empty() || source == TextSource::Mixed {
                    lines = join_close(lines);
                }
                let lines = reading_order(split_wide(lines));
                Page {
                    number,
                    width: content.width,
                    height: content.height,
                    turned: 0,
                    capture: Capture::BornDigital,
                    text_source: source,
                    words: into_words(lines, content.width, content.height),
                    marks: marks::of_content(&content),
                    problems: Vec::new(),
                }
            }
            Trust::No if content.is_empty() && fields.is_empty() => {
                blank(number, content.width, content.height)
            }
            Trust::No => {
                let drawn = draw(page, drawing_resolution(&content))
                    .ok_or_else(|| problem::damaged(Kind::Pdf, "the page has no size"))?;
                let thumbnail = Thumbnail::of(&drawn);
                let dpi = drawn.width as f32 / content.width * 72.0;
                let reading = self.read_picture(drawn.grey(), dpi as u32, Effort::Full, settings)?;
                let capture =
                    if content.pictures.is_empty() { Capture::BornDigital } else { Capture::Picture };
                let size = Size::Points(content.width, content.height);
                page_of(number, size, capture, reading, &thumbnail, &fields)
            }
        };
        let signed = fields
            .iter()
            .filter(|f| f.value == Value::Signed)
            .map(|f| Mark { kind: MarkKind::Signature, bbox: f.area.of_page(content.width, content.height) });
        if result.turned == 0 {
            result.marks.extend(signed);
        }
        Ok(result)
    }

    fn picture_page(
        &mut self,
        kind: Kind,
        bytes: &[u8],
        number: u32,
        settings: &Settings,
    ) -> Result<Page, Message> {
        let picture = picture::decode(kind, bytes, number, &settings.limits)
            .map_err(|failure| problem::of_picture(kind, failure))?;
        let missing = picture.missing;
        let image = Rgb::of(picture.image);
        let size = Size::Pixels(image.width as f32, image.height as f32);
        let thumbnail = Thumbnail::of(&image);
        let grey = image.grey();
        drop(image);
        let grey = grey.capped(MAX_EDGE);
        // Without a better hint the picture is taken for a whole A4 page.
        let dpi = (grey.long_edge() as f32 / 11.7) as u32;
        let reading = self.read_picture(grey, dpi, Effort::Full, settings)?;
        let mut page = page_of(number, size, Capture::Picture, reading, &thumbnail, &[]);
        if missing > 0.0 {
            let message = Message::new("picture-cut").with("percent", problem::percent(missing));
            page.problems.push(Problem { unreadable: missing > 0.6, message });
        }
        Ok(page)
    }

    fn read_picture(
        &mut self,
        grey: Grey,
        dpi: u32,
        effort: Effort,
        settings: &Settings,
    ) -> Result<Reading, Message> {
        let engine = self.engine(settings)?;
        read(engine, grey.capped(MAX_EDGE), dpi, effort)
            .map_err(|detail| Message::new("ocr-failed").text("detail", detail))
    }

    /// Reads the text in parts of a page that has its own text, leaving out what is known already.
    fn regions(
        &mut self,
        drawn: &Rgb,
        content: &Content,
        regions: &[Area],
        lines: &[Line],
        settings: &Settings,
    ) -> Result<Vec<Line>, Message> {
        let scale = drawn.width as f32 / content.width;
        let mut grey = drawn.grey();
        let edge = |v: f32| v.max(0.0) as usize;
        for token in lines.iter().flat_map(|l| &l.tokens).filter(|t| !t.text.contains('\u{fffd}')) {
            let a = token.area.scaled(scale, scale).grown(1.0);
            let shade = grey.at(edge(a.left), edge(a.top)).max(grey.at(edge(a.right), edge(a.bottom)));
            grey.paint(edge(a.left), edge(a.top), edge(a.right), edge(a.bottom), shade);
        }
        let mut found = Vec::new();
        for region in regions {
            let a = region.scaled(scale, scale).grown(2.0);
            let Some(part) = grey.cropped(edge(a.left), edge(a.top), edge(a.right), edge(a.bottom)) else {
                continue;
            };
            let offset = (edge(a.left) as f32, edge(a.top) as f32);
            let width = part.width as f32;
            let reading = self.read_picture(part, DPI as u32, Effort::Once, settings)?;
            let shrink = width / reading.width;
            if reading.outcome != Outcome::Read {
                continue;
            }
            for line in reading.lines {
                let tokens = line.tokens.into_iter().filter(|t| is_readable(&t.text, t.confidence));
                let tokens = tokens.map(|mut t| {
                    let area = t.area.scaled(shrink, shrink).moved(offset.0, offset.1);
                    t.area = area.scaled(scale.recip(), scale.recip());
                    t
                });
                found.extend(Line::new(tokens.collect()));
            }
        }
        Ok(found)
    }
}

/// Reads one page with a reader of the caller's.
pub fn read_page(reader: &mut Reader, request: &PageRequest) -> Page {
    reader.read(request)
}

fn open(path: &Path, settings: &Settings) -> Result<Open, Message> {
    let bytes = crate::folder::read_file(path, &settings.limits)?;
    match sniff(&bytes) {
        Kind::Pdf => pdf::File::open(Arc::new(bytes)).map(Open::Pdf).map_err(problem::of_pdf),
        Kind::Other(code) => Err(Message::new(code)),
        kind => Ok(Open::Picture(kind, Arc::new(bytes))),
    }
}

pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|t| (*t).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "internal error".to_owned())
}

fn engine_failed(error: &ScanError) -> Message {
    Message::new("ocr-failed").text("detail", error.to_string())
}

impl Content {
    fn is_empty(&self) -> bool {
        self.glyphs.is_empty() && self.pictures.is_empty() && self.paths == 0
    }
}

/// Resolution to draw a page at: that of its picture, or less, since enlarging brings nothing.
fn drawing_resolution(content: &Content) -> f32 {
    let largest = content.pictures.iter().max_by(|a, b| a.area.size().total_cmp(&b.area.size()));
    let whole = content.width * content.height;
    match largest {
        Some(p) if p.area.size() > whole * 0.5 && content.glyphs.iter().all(|g| !g.visible) => {
            p.resolution.clamp(100.0, DPI)
        }
        _ => DPI,
    }
}

/// The places of a page with its own text that are read off its picture all the same.
fn regions(content: &Content, unknown: &[Area]) -> Vec<Area> {
    let whole = content.width * content.height;
    let pictures = content.pictures.iter().map(|p| p.area).filter(|a| a.size() > whole * LARGE_PICTURE);
    crate::area::cluster(pictures.chain(unknown.iter().copied()).collect(), 0.0)
}

/// Takes out words with unknown glyphs where the picture told what they are.
fn replace_unknown(lines: &mut Vec<Line>, found: &[Line]) {
    for line in lines.iter_mut() {
        line.tokens.retain(|t| {
            !t.text.contains('\u{fffd}')
                || !found.iter().flat_map(|l| &l.tokens).any(|f| f.area.shared(t.area) > t.area.size() * 0.3)
        });
    }
    lines.retain(|l| !l.tokens.is_empty());
}

/// Takes out what stands for nothing that is known: bullets and signs of fonts without Unicode.
fn drop_unknown(lines: &mut Vec<Line>) {
    for line in lines.iter_mut() {
        line.tokens.retain(|t| t.text.chars().any(|c| c != '\u{fffd}'));
    }
    lines.retain(|l| !l.tokens.is_empty());
}

/// Size of a page: in points, or in the pixels of a picture without a resolution, as it lies in its file.
#[derive(Clone, Copy)]
enum Size {
    Points(f32, f32),
    Pixels(f32, f32),
}

fn page_of(
    number: u32,
    size: Size,
    capture: Capture,
    reading: Reading,
    thumbnail: &Thumbnail,
    fields: &[Field],
) -> Page {
    let (Size::Points(width, height) | Size::Pixels(width, height)) = size;
    let sideways = matches!(reading.turned, 90 | 270);
    let (width, height) = if sideways { (height, width) } else { (width, height) };
    let mut found = marks::unread_ink(&reading);
    found.extend(marks::stamps(thumbnail, reading.turned));
    let problems = quality(&reading);
    let (turned, units) = (reading.turned, (reading.width, reading.height));
    let mut lines = reading.lines;
    if turned == 0 && !fields.is_empty() {
        // Values of a form over a scan: in the units of the reading.
        let (x, y) = (units.0 / width, units.1 / height);
        let scaled: Vec<Field> =
            fields.iter().map(|f| Field { value: f.value.clone(), area: f.area.scaled(x, y) }).collect();
        add_to(&mut lines, &scaled);
        lines = reading_order(join_close(lines));
    }
    Page {
        number,
        width,
        height,
        turned,
        capture,
        text_source: TextSource::Ocr,
        words: into_words(lines, units.0, units.1),
        marks: found,
        problems,
    }
}

fn blank(number: u32, width: f32, height: f32) -> Page {
    Page {
        number,
        width,
        height,
        turned: 0,
        capture: Capture::BornDigital,
        text_source: TextSource::TextLayer,
        words: Vec::new(),
        marks: Vec::new(),
        problems: vec![problem::doubtful(Message::new("page-blank"))],
    }
}

/// What is to be said of how well a page was read.
fn quality(reading: &Reading) -> Vec<Problem> {
    let words = reading.readable();
    let inked = reading.letters >= MANY_LETTERS;
    let few = inked && words < FEW_WORDS;
    // Patterned paper yields words that are none; the good ones among them still count.
    let poor = inked && words < SOME_WORDS && reading.confidence < ILLEGIBLE;
    let message = match reading.outcome {
        Outcome::Blank => return vec![problem::doubtful(Message::new("page-blank"))],
        Outcome::Illegible => return vec![problem::unreadable(Message::new("page-illegible"))],
        Outcome::Read if few || poor => return vec![problem::unreadable(Message::new("page-illegible"))],
        Outcome::Read if words > 0 && reading.confidence < DOUBTFUL => {
            Message::new("page-doubtful").with("percent", problem::percent(reading.confidence))
        }
        // A picture of something: a photo, or a page too blurred to be told from one.
        Outcome::Read if words == 0 => return vec![problem::unreadable(Message::new("page-no-text"))],
        Outcome::Read => return Vec::new(),
    };
    vec![problem::doubtful(message)]
}
