//! Reading a page that is one picture: a scan, a photo, a screenshot.

use camino::Utf8PathBuf;
use complet_model::{Capture, Mark, MarkKind, Message, Page, TextSource, are_in_other_letters};

use crate::area::Area;
use crate::error::ScanError;
use crate::layout::{into_words, join_close, reading_order};
use crate::marks;
use crate::mrz::{self, FoundZone, ZoneReader};
use crate::ocr::read::{Again, Draft, Effort, First, Readers, Reading, draft, read};
use crate::ocr::{Engine, Layout, LineReader, OcrWord, Ppocr, Tesseract};
use crate::pdf::fields::{Field, add_to};
use crate::picture::screen;
use crate::quality;
use crate::raster::{Grey, Rgb};
use crate::settings::{EngineChoice, PageRequest, Settings, Stage};
use crate::sheet::{self, Sheet};
use crate::stamps;
use crate::upright::Upright;

/// What reads, kept from page to page because it is slow to start.
#[derive(Default)]
pub(crate) struct Tools {
    first: Option<Box<dyn Engine>>,
    second: Option<Ppocr>,
    /// What they were started with.
    started: Option<Engines>,
    zones: Option<ZoneReader>,
}

/// What the engines depend on in the settings.
#[derive(PartialEq)]
struct Engines {
    choice: EngineChoice,
    languages: String,
    tessdata: Option<Utf8PathBuf>,
    models: Option<Utf8PathBuf>,
    two: bool,
    labels: bool,
}

impl Engines {
    fn of(settings: &Settings) -> Self {
        Self {
            choice: settings.engine,
            languages: settings.languages.clone(),
            tessdata: settings.tessdata.clone(),
            models: settings.models.clone(),
            two: settings.engine == EngineChoice::Auto && settings.has(Stage::Second),
            labels: settings.has(Stage::Labels),
        }
    }
}

impl Tools {
    pub(crate) fn with_engine(engine: Box<dyn Engine>) -> Self {
        Self { first: Some(engine), ..Self::default() }
    }

    /// Starts what the settings ask for.
    fn start(&mut self, settings: &Settings) -> Result<(), Message> {
        let wanted = Engines::of(settings);
        if self.first.is_some() && self.started.as_ref().is_none_or(|s| *s == wanted) {
            return Ok(());
        }
        let ppocr = || Ppocr::new(settings.models.as_deref(), wanted.labels);
        let failed = |error: ScanError| ocr_failed(error.to_string());
        (self.first, self.second) = (None, None);
        self.first = Some(match settings.engine {
            EngineChoice::Ppocr => Box::new(ppocr().map_err(failed)?),
            EngineChoice::Auto | EngineChoice::Tesseract => {
                let tessdata = settings.tessdata.as_deref();
                Box::new(Tesseract::new(&settings.languages, tessdata).map_err(failed)?)
            }
        });
        if wanted.two {
            // Without its models the first engine reads alone, which was said when the scan began.
            self.second = ppocr().ok();
        }
        self.started = Some(wanted);
        Ok(())
    }

    /// Reads the words of a picture or a part of one.
    pub(crate) fn read(
        &mut self,
        grey: Grey,
        dpi: u32,
        effort: Effort,
        again: Again,
        settings: &Settings,
    ) -> Result<Reading, Message> {
        let draft = self.draft(grey, dpi, None, settings)?;
        self.read_on(draft, effort, again, settings)
    }

    /// The first reading of a picture as it lies; of an upright one that was read before, that reading.
    fn draft(
        &mut self,
        grey: Grey,
        dpi: u32,
        earlier: Option<&Page>,
        settings: &Settings,
    ) -> Result<Draft, Message> {
        self.start(settings)?;
        let first = match (earlier, self.first.as_deref_mut()) {
            (Some(page), _) => First::Earlier(&page.words),
            (None, Some(engine)) => First::Engine(engine),
            (None, None) => return Err(ocr_failed("no engine".to_owned())),
        };
        draft(first, grey, dpi, settings).map_err(ocr_failed)
    }

    /// Reads a picture on from there.
    fn read_on(
        &mut self,
        draft: Draft,
        effort: Effort,
        again: Again,
        settings: &Settings,
    ) -> Result<Reading, Message> {
        let first = self.first.as_deref_mut().ok_or_else(|| ocr_failed("no engine".to_owned()))?;
        let second = self.second.as_mut().map(|e| e as &mut dyn Engine);
        read(Readers { first, second, again }, draft, effort, settings).map_err(ocr_failed)
    }

    /// The words of a small picture of level text, as the first engine reads them; none when it fails.
    fn words(&mut self, part: &Grey, dpi: u32, layout: Layout) -> Vec<OcrWord> {
        let read = self.first.as_mut().and_then(|engine| engine.recognise(part, dpi, layout).ok());
        read.unwrap_or_default()
    }

    /// Finds and reads machine-readable zones, which stand at none of the places in `text`; boxes in pixels of
    /// `grey`.
    fn zones(&mut self, grey: &Grey, text: &[Area], settings: &Settings) -> Vec<FoundZone> {
        if !settings.has(Stage::Mrz) {
            return Vec::new();
        }
        if self.zones.is_none() {
            match ZoneReader::new() {
                Ok(reader) => self.zones = Some(reader),
                Err(error) => tracing::error!(error, "the reader of machine-readable zones does not start"),
            }
        }
        let second = self.second.as_mut().map(|e| e as &mut dyn LineReader);
        self.zones.as_mut().map(|reader| mrz::zones(grey, text, reader, second)).unwrap_or_default()
    }
}

/// True for a page most letters of which are of other scripts than the Latin one.
fn is_in_other_letters(page: &Page) -> bool {
    are_in_other_letters(page.words.iter().flat_map(|w| w.text.chars()))
}

fn ocr_failed(detail: String) -> Message {
    Message::new("ocr-failed").text("detail", detail)
}

/// A page that is one picture, before it is read.
pub(crate) struct Whole<'a> {
    pub(crate) number: u32,
    /// Width and height in points or, for a picture without a resolution, its pixels as points; as it
    /// lies in its file.
    pub(crate) size: (f32, f32),
    /// Pixels per inch, as far as is known.
    pub(crate) dpi: u32,
    /// A scan or a photo rather than a page that a program drew.
    pub(crate) is_picture: bool,
    /// Values of a form over it.
    pub(crate) fields: &'a [Field],
    /// The hidden text of a scan that agrees with its picture, in place of a reading; true when parts of it
    /// were read off the picture all the same.
    pub(crate) layer: Option<(Box<Reading>, bool)>,
}

impl Whole<'_> {
    /// Reads the picture, step by step.
    ///
    /// # Errors
    /// What the engine says when it fails.
    pub(crate) fn read(
        &self,
        tools: &mut Tools,
        picture: Rgb,
        request: &PageRequest,
    ) -> Result<Page, Message> {
        let settings = &request.settings;
        let earlier = request.closer.as_ref().and_then(|closer| closer.earlier.as_deref());
        if let Some(page) = earlier.filter(|page| is_in_other_letters(page)) {
            // The second engine knows none of them.
            return Ok(page.clone());
        }
        let earlier = earlier.filter(|e| self.is_as_read(e));
        // Where there was no sheet and no zone the first time there is none now.
        let may_be_on_table = self.is_picture && self.layer.is_none() && earlier.is_none();
        let found =
            (may_be_on_table && settings.has(Stage::Rectify)).then(|| sheet::find(&picture)).flatten();
        let lying = (picture.width as f32, picture.height as f32);
        let (mut picture, mut size) = match &found {
            Some(sheet) => {
                let straight = sheet::straighten(&picture, sheet);
                let size = (straight.width as f32, straight.height as f32);
                (straight, size)
            }
            None => (picture, self.size),
        };
        // A sheet is taken for an A4 page, as a picture without a resolution is.
        let dpi = if found.is_some() { (size.0.max(size.1) / 11.7) as u32 } else { self.dpi };
        let mut grey = picture.grey();
        let may_be_screen = self.is_picture && self.layer.is_none() && found.is_none();
        if may_be_screen && settings.has(Stage::Bars) && screen::is_light_on_dark(&grey) {
            screen::exchange(&mut picture);
            grey = picture.grey();
        }
        // Zones and stamps are read by both engines, also where a hidden text stands for the words.
        tools.start(settings)?;
        let again = if found.is_some() { Again::Whole } else { request.again() };
        let lies = (grey.width as f32, grey.height as f32);
        let (mut reading, zones) = match (&self.layer, earlier) {
            (Some((layer, _)), _) => (Reading::clone(layer), tools.zones(&grey, &[], settings)),
            (None, Some(earlier)) => {
                let draft = tools.draft(grey.turned(earlier.turned), dpi, Some(earlier), settings)?;
                let mut reading = tools.read_on(draft, Effort::Turned(0), again, settings)?;
                reading.turned = earlier.turned;
                (reading, Vec::new())
            }
            (None, None) => {
                let mut draft = tools.draft(grey.clone(), dpi, None, settings)?;
                let zones = if draft.is_sound() {
                    Vec::new()
                } else {
                    tools.zones(&grey, &draft.text(lies.0), settings)
                };
                draft.set_apart(zones.iter().filter(|z| z.is_settled()).flat_map(FoundZone::lying), lies.0);
                // A zone tells better than the words which way up the page is.
                let told = mrz::way_up(&zones, lies).filter(|_| settings.has(Stage::Turn));
                let effort = told.map_or(Effort::Full, Effort::Turned);
                (tools.read_on(draft, effort, again, settings)?, zones)
            }
        };
        if matches!(reading.turned, 90 | 270) {
            size = (size.1, size.0);
        }
        let mut marks = marks::unread_ink(&reading);
        marks::drop_scribbles(&mut reading, &marks);
        if let Some(earlier) = earlier {
            // A page that was read once was read well: no stamp hides behind words that were not.
            marks.extend(earlier.marks.iter().filter(|m| m.kind == MarkKind::Stamp).cloned());
        } else if settings.has(Stage::Stamps) {
            let mut text = |part: &Grey, layout| tools.words(part, stamps::DPI, layout);
            marks.extend(stamps::find(&picture, &reading, &mut text));
        }
        let mut problems = quality::of_reading(&reading);
        // The back of a card says little but its zone, and that was read.
        if !zones.is_empty() {
            for problem in &mut problems {
                problem.unreadable = false;
            }
        }
        if settings.has(Stage::Quality) && self.is_picture {
            problems.extend(quality::of_picture(&picture, &reading, found.as_ref()));
        }
        Ok(self.page(reading, size, found.as_ref().map(|s| s.shares(lying)), (&zones, lies), marks, problems))
    }

    /// True when the words of a page are those that the first engine read off this very picture.
    fn is_as_read(&self, earlier: &Page) -> bool {
        self.layer.is_none()
            && self.fields.is_empty()
            && earlier.text_source == TextSource::Ocr
            && earlier.second_reading.is_empty()
            && earlier.zones.is_empty()
            && earlier.sheet.is_none()
            && !earlier.words.is_empty()
    }

    fn page(
        &self,
        reading: Reading,
        (width, height): (f32, f32),
        sheet: Option<[(f32, f32); 4]>,
        (zones, lies): (&[FoundZone], (f32, f32)),
        marks: Vec<Mark>,
        problems: Vec<complet_model::Problem>,
    ) -> Page {
        let (turned, units, skew) = (reading.turned, (reading.width, reading.height), reading.skew);
        let mut lines = reading.lines;
        let second = into_words(reading.second, units.0, units.1);
        if turned == 0 && sheet.is_none() && !self.fields.is_empty() {
            // Values of a form over a scan: in the units of the reading.
            let (x, y) = (units.0 / width, units.1 / height);
            let scaled: Vec<Field> =
                self.fields.iter().map(|f| Field { area: f.area.scaled(x, y), ..f.clone() }).collect();
            add_to(&mut lines, &scaled);
            lines = reading_order(join_close(lines));
        }
        let zones = mrz::onto_page(&mut lines, zones, Upright { turned, picture: lies, page: units, skew });
        Page {
            turned,
            skew,
            capture: if self.is_picture { Capture::Picture } else { Capture::BornDigital },
            text_source: match &self.layer {
                Some((_, true)) => TextSource::Mixed,
                Some((_, false)) => TextSource::TextLayer,
                None => TextSource::Ocr,
            },
            words: into_words(lines, units.0, units.1),
            zones,
            second_reading: second,
            sheet,
            marks,
            problems,
            ..Page::empty(self.number, width, height)
        }
    }
}

impl Sheet {
    /// Its corners as shares of a picture of the given size.
    fn shares(&self, (width, height): (f32, f32)) -> [(f32, f32); 4] {
        self.corners.map(|(x, y)| (x / width.max(1.0), y / height.max(1.0)))
    }
}
