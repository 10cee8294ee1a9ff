use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use complet_model::{Mark, MarkKind, Message, Page, Problem, TextSource};

use crate::area::Area;
use crate::ask::Hash;
use crate::debug;
use crate::kind::{Kind, sniff};
use crate::layout::{Line, Token, into_words, join_close, reading_order, split_wide};
use crate::marks;
use crate::ocr::Engine;
use crate::ocr::flatten::flatten;
use crate::ocr::read::{Again, Effort, MAX_EDGE, Outcome, Reading, is_readable};
use crate::pdf::content::{Content, content};
use crate::pdf::draw::draw;
use crate::pdf::fields::{Value, add_to, fields};
use crate::pdf::hidden::{self, Belief};
use crate::pdf::trust::{Trust, trust};
use crate::pdf::{self, annotations, words};
use crate::picture;
use crate::preview::{PageShape, Preview, preview};
use crate::problem;
use crate::raster::{Grey, Rgb};
use crate::settings::{Limits, PageRequest, Settings, Stage};
use crate::whole::{Tools, Whole};

/// Resolution a page is drawn at to be read, in pixels per inch.
const DPI: f32 = 200.0;
/// Share of a page from which the text in a picture on it is read.
const LARGE_PICTURE: f32 = 0.05;
/// What one worker keeps between pages: its OCR engine and the file it read last.
///
/// It holds nothing a page's result depends on, so any reader gives the same page.
#[derive(Default)]
pub struct Reader {
    tools: Tools,
    last: Option<Opened>,
}

/// The file read last.
struct Opened {
    path: PathBuf,
    content: Hash,
    open: Open,
}

/// An open file.
pub(crate) enum Open {
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
        Self { tools: Tools::with_engine(engine), last: None }
    }

    /// Reads one page. Whatever goes wrong stands in the page's problems.
    pub fn read(&mut self, request: &PageRequest) -> Page {
        self.read_version(request, None)
    }

    /// Reads one page of the file as it was when its content had this hash.
    pub(crate) fn read_version(&mut self, request: &PageRequest, content: Option<&Hash>) -> Page {
        // The decoders are fuzzed and return errors; this is the last line, for what was overlooked.
        catch_unwind(AssertUnwindSafe(|| {
            let page = self.page(request, content);
            if let Some(folder) = &request.settings.debug_images
                && let Err(error) = debug::write(folder, request, &page)
            {
                tracing::error!(page = request.page, error, "a picture of the steps could not be written");
            }
            page
        }))
        .unwrap_or_else(|panic| {
            // The engine may be in the middle of a page.
            *self = Self::default();
            tracing::error!(path = %request.path.display(), page = request.page, "panic while reading");
            Page::unreadable(request.page, problem::damaged(Kind::Pdf, panic_text(panic.as_ref())))
        })
    }

    /// The file read last when it is the one wanted, else that one opened anew; it must have this content.
    fn take(&mut self, path: &Path, limits: &Limits, content: Option<&Hash>) -> Result<Opened, Message> {
        let is_wanted = |opened: &Opened| content.is_none_or(|c| *c == opened.content);
        match self.last.take() {
            Some(last) if last.path == path && is_wanted(&last) => Ok(last),
            _ => Some(open(path, limits)?).filter(is_wanted).ok_or_else(|| Message::new("file-changed")),
        }
    }

    /// Draws a page of the file that has this content; `None` when that cannot be done.
    pub(crate) fn preview(
        &mut self,
        path: &Path,
        content: &Hash,
        limits: &Limits,
        shape: &PageShape,
        size_and_quality: (u32, u8),
    ) -> Option<Preview> {
        let opened = self.take(path, limits, Some(content)).ok()?;
        // As when reading: the last line, for what the decoders overlook.
        let drawn = catch_unwind(AssertUnwindSafe(|| preview(&opened.open, shape, limits, size_and_quality)));
        self.last = Some(opened);
        drawn.ok().flatten()
    }

    fn page(&mut self, request: &PageRequest, content: Option<&Hash>) -> Page {
        let number = request.page;
        // Taken out so that the engine can be borrowed beside it.
        match self.take(&request.path, &request.settings.limits, content) {
            Ok(opened) => {
                let page = match &opened.open {
                    Open::Pdf(file) => self.pdf_page(file, request),
                    Open::Picture(kind, bytes) => self.picture_page(*kind, bytes, request),
                };
                self.last = Some(opened);
                page.unwrap_or_else(|message| Page::unreadable(number, message))
            }
            Err(message) => Page::unreadable(number, message),
        }
    }

    fn pdf_page(&mut self, file: &pdf::File, request: &PageRequest) -> Result<Page, Message> {
        let (number, settings) = (request.page, &request.settings);
        let page = file.page(number).ok_or_else(|| Message::new("page-not-there"))?;
        let content = content(page);
        let mut fields = fields(page, &content);
        fields.extend(annotations::notes(page));
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
                    let found = self.regions(&drawn, &content, &regions, &lines, request)?;
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
                    text_source: source,
                    words: into_words(lines, content.width, content.height),
                    marks: marks_of(page, &content),
                    ..Page::empty(number, content.width, content.height)
                }
            }
            Trust::No if content.is_empty() && fields.is_empty() => {
                blank(number, content.width, content.height)
            }
            Trust::No => {
                let drawn = draw(page, drawing_resolution(&content))
                    .ok_or_else(|| problem::damaged(Kind::Pdf, "the page has no size"))?;
                let dpi = drawn.width as f32 / content.width * 72.0;
                let layer = (settings.has(Stage::HiddenText) && !content.pictures.is_empty())
                    .then(|| hidden::layer(&content))
                    .flatten();
                let mut believed = match layer.as_ref().filter(|_| request.closer.is_none()) {
                    Some(lines) => self.believe(lines, &drawn, &content, dpi as u32, settings)?,
                    None => None,
                };
                let hidden = layer.map(|lines| into_words(lines, content.width, content.height));
                // A layer with a word changed on purpose is not used for the others either.
                believed = believed.filter(|(reading, _)| {
                    let read = into_words(reading.lines.clone(), reading.width, reading.height);
                    !hidden.as_ref().is_some_and(|hidden| hidden::differs(hidden, &read, true))
                });
                let whole = Whole {
                    number,
                    size: (content.width, content.height),
                    dpi: dpi as u32,
                    // A page that a program drew is no photo.
                    is_picture: !content.pictures.is_empty(),
                    fields: &fields,
                    layer: believed,
                };
                let mut read = whole.read(&mut self.tools, drawn, request)?;
                if let Some(hidden) = hidden.filter(|_| whole.layer.is_none()) {
                    let aligned = read.turned == 0 && read.sheet.is_none();
                    if hidden::differs(&hidden, &read.words, aligned) {
                        read.problems.push(problem::doubtful(Message::new("text-layer-differs")));
                    }
                }
                if read.turned == 0 && read.sheet.is_none() {
                    // Those of an earlier look may be among them.
                    let more = annotations::marks(page).into_iter().filter(|m| !read.marks.contains(m));
                    read.marks.extend(more.collect::<Vec<_>>());
                }
                read
            }
        };
        let signed = fields
            .iter()
            .filter(|f| f.value == Value::Signed)
            .map(|f| Mark::new(MarkKind::Signature, f.area.of_page(content.width, content.height)));
        if result.turned == 0 {
            result.marks.extend(signed);
        }
        Ok(result)
    }

    /// The page as its hidden text has it, when its picture says the same.
    fn believe(
        &mut self,
        lines: &[Line],
        drawn: &Rgb,
        content: &Content,
        dpi: u32,
        settings: &Settings,
    ) -> Result<Option<(Box<Reading>, bool)>, Message> {
        let grey = drawn.grey().capped(MAX_EDGE);
        let flat = if settings.has(Stage::Flatten) { flatten(&grey) } else { grey };
        let (x, y) = (flat.width as f32 / content.width, flat.height as f32 / content.height);
        let scaled: Vec<Line> = lines
            .iter()
            .filter_map(|line| {
                let scaled = |t: &Token| Token { area: t.area.scaled(x, y), ..t.clone() };
                Line::in_order(line.tokens.iter().map(scaled).collect())
            })
            .collect();
        // The places of what is read again must hold.
        let mut plain = settings.clone();
        plain.without.insert(Stage::Deskew);
        let mut read = |picture: Grey| {
            let width = picture.width as f32;
            let reading = self.tools.read(picture, dpi, Effort::Once, Again::Doubtful, &plain)?;
            let scale = width / reading.width.max(1.0);
            let scaled = |t: Token| Token { area: t.area.scaled(scale, scale), ..t };
            let lines = reading.lines.into_iter();
            Ok(lines.filter_map(|l| Line::in_order(l.tokens.into_iter().map(scaled).collect())).collect())
        };
        Ok(match hidden::check(&scaled, &flat, &mut read)? {
            Belief::Yes(reading, mixed) => Some((reading, mixed)),
            Belief::No => None,
        })
    }

    fn picture_page(&mut self, kind: Kind, bytes: &[u8], request: &PageRequest) -> Result<Page, Message> {
        let (number, settings) = (request.page, &request.settings);
        let picture = picture::decode(kind, bytes, number, &settings.limits)
            .map_err(|failure| problem::of_picture(kind, failure))?;
        let missing = picture.missing;
        let image = Rgb::of(picture.image);
        let size = (image.width as f32, image.height as f32);
        // Without a better hint the picture is taken for a whole A4 page.
        let dpi = (image.width.max(image.height) as f32 / 11.7) as u32;
        let whole = Whole { number, size, dpi, is_picture: true, fields: &[], layer: None };
        let mut page = whole.read(&mut self.tools, image, request)?;
        if missing > 0.0 {
            let message = Message::new("picture-cut").with("percent", problem::percent(missing));
            page.problems.push(Problem { unreadable: missing > 0.6, message, bbox: None });
        }
        Ok(page)
    }

    /// Reads the text in parts of a page that has its own text, leaving out what is known already.
    fn regions(
        &mut self,
        drawn: &Rgb,
        content: &Content,
        regions: &[Area],
        lines: &[Line],
        request: &PageRequest,
    ) -> Result<Vec<Line>, Message> {
        let scale = drawn.width as f32 / content.width;
        let again = match request.again() {
            // The places are those of the page.
            Again::Rest(_) => Again::Rest(&[]),
            again => again,
        };
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
            let Some(part) = grey.part(a) else { continue };
            let offset = (edge(a.left) as f32, edge(a.top) as f32);
            let width = part.width as f32;
            let reading = self.tools.read(part, DPI as u32, Effort::Once, again, &request.settings)?;
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

fn open(path: &Path, limits: &Limits) -> Result<Opened, Message> {
    let bytes = crate::folder::read_file(path, limits)?;
    let content = blake3::hash(&bytes).into();
    let open = match sniff(&bytes) {
        Kind::Pdf => pdf::File::open(Arc::new(bytes)).map(Open::Pdf).map_err(problem::of_pdf)?,
        Kind::Other(code) => return Err(Message::new(code)),
        kind => Open::Picture(kind, Arc::new(bytes)),
    };
    Ok(Opened { path: path.to_owned(), content, open })
}

pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|t| (*t).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "internal error".to_owned())
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

/// Marks of a page that has its own text. An annotation's own box replaces what its look is made of.
fn marks_of(page: &hayro::hayro_syntax::page::Page<'_>, content: &Content) -> Vec<Mark> {
    let annotated = annotations::marks(page);
    let mut marks = marks::of_content(content);
    let inside = |m: &Mark, a: &Mark| {
        let (x, y) = (f32::midpoint(m.bbox.left, m.bbox.right), m.bbox.middle());
        a.bbox.left <= x && x <= a.bbox.right && a.bbox.top <= y && y <= a.bbox.bottom
    };
    marks.retain(|m| m.kind == MarkKind::Picture || !annotated.iter().any(|a| inside(m, a)));
    marks.extend(annotated);
    marks
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

fn blank(number: u32, width: f32, height: f32) -> Page {
    let problems = vec![problem::doubtful(Message::new("page-blank"))];
    Page { problems, ..Page::empty(number, width, height) }
}
