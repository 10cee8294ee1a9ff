//! Reading a page that is one picture: a scan, a photo, a screenshot.

use complet_model::{Capture, Mark, Message, Page, TextSource};

use crate::error::ScanError;
use crate::layout::{into_words, join_close, reading_order};
use crate::marks;
use crate::mrz::{self, FoundZone, ZoneReader};
use crate::ocr::read::{Effort, MAX_EDGE, Reading, read};
use crate::ocr::{Engine, Tesseract};
use crate::pdf::fields::{Field, add_to};
use crate::quality;
use crate::raster::{Grey, Rgb};
use crate::settings::{PageRequest, Settings, Stage};
use crate::sheet::{self, Sheet};
use crate::stamps;

/// What reads, kept from page to page because it is slow to start.
#[derive(Default)]
pub(crate) struct Tools {
    first: Option<Box<dyn Engine>>,
    /// Languages and data folder the first engine was started with.
    started: Option<(String, Option<camino::Utf8PathBuf>)>,
    zones: Option<ZoneReader>,
}

impl Tools {
    pub(crate) fn with_engine(engine: Box<dyn Engine>) -> Self {
        Self { first: Some(engine), ..Self::default() }
    }

    fn engine(&mut self, settings: &Settings) -> Result<&mut dyn Engine, Message> {
        let wanted = (settings.languages.clone(), settings.tessdata.clone());
        let stale = self.started.as_ref().is_some_and(|s| *s != wanted);
        if self.first.is_none() || stale {
            let engine = Tesseract::new(&settings.languages, settings.tessdata.as_deref())
                .map_err(|error| engine_failed(&error))?;
            self.started = Some(wanted);
            self.first = Some(Box::new(engine));
        }
        match &mut self.first {
            Some(engine) => Ok(engine.as_mut()),
            None => Err(Message::new("ocr-failed").text("detail", "no engine")),
        }
    }

    /// Reads the words of a picture or a part of one.
    pub(crate) fn read(
        &mut self,
        grey: Grey,
        dpi: u32,
        effort: Effort,
        settings: &Settings,
    ) -> Result<Reading, Message> {
        let engine = self.engine(settings)?;
        read(engine, grey.capped(MAX_EDGE), dpi, effort, settings)
            .map_err(|detail| Message::new("ocr-failed").text("detail", detail))
    }

    /// Finds and reads machine-readable zones; boxes in pixels of `grey`.
    fn zones(&mut self, grey: &Grey, settings: &Settings) -> Vec<FoundZone> {
        if !settings.has(Stage::Mrz) {
            return Vec::new();
        }
        if self.zones.is_none() {
            match ZoneReader::new() {
                Ok(reader) => self.zones = Some(reader),
                Err(error) => tracing::error!(error, "the reader of machine-readable zones does not start"),
            }
        }
        self.zones.as_mut().map(|reader| mrz::zones(grey, reader, None)).unwrap_or_default()
    }
}

fn engine_failed(error: &ScanError) -> Message {
    Message::new("ocr-failed").text("detail", error.to_string())
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
        let found = (self.is_picture && self.layer.is_none() && settings.has(Stage::Rectify))
            .then(|| sheet::find(&picture))
            .flatten();
        let lying = (picture.width as f32, picture.height as f32);
        let (picture, mut size) = match &found {
            Some(sheet) => {
                let straight = sheet::straighten(&picture, sheet);
                let size = (straight.width as f32, straight.height as f32);
                (straight, size)
            }
            None => (picture, self.size),
        };
        let grey = picture.grey();
        let zones = tools.zones(&grey, settings);
        let reading = match &self.layer {
            Some((layer, _)) => Reading::clone(layer),
            None => tools.read(grey, self.dpi, Effort::Full, settings)?,
        };
        if matches!(reading.turned, 90 | 270) {
            size = (size.1, size.0);
        }
        let mut marks = marks::unread_ink(&reading);
        if settings.has(Stage::Stamps) {
            marks.extend(stamps::find(&picture, &reading));
        }
        let mut problems = quality::of_reading(&reading);
        if settings.has(Stage::Quality) && self.is_picture {
            problems.extend(quality::of_picture(&picture, &reading, found.as_ref()));
        }
        Ok(self.page(reading, size, found.as_ref().map(|s| s.shares(lying)), &zones, marks, problems))
    }

    fn page(
        &self,
        reading: Reading,
        (width, height): (f32, f32),
        sheet: Option<[(f32, f32); 4]>,
        zones: &[FoundZone],
        marks: Vec<Mark>,
        problems: Vec<complet_model::Problem>,
    ) -> Page {
        let (turned, units) = (reading.turned, (reading.width, reading.height));
        let mut lines = reading.lines;
        if turned == 0 && sheet.is_none() && !self.fields.is_empty() {
            // Values of a form over a scan: in the units of the reading.
            let (x, y) = (units.0 / width, units.1 / height);
            let scaled: Vec<Field> =
                self.fields.iter().map(|f| Field { area: f.area.scaled(x, y), ..f.clone() }).collect();
            add_to(&mut lines, &scaled);
            lines = reading_order(join_close(lines));
        }
        let _ = zones;
        Page {
            turned,
            capture: if self.is_picture { Capture::Picture } else { Capture::BornDigital },
            text_source: match &self.layer {
                Some((_, true)) => TextSource::Mixed,
                Some((_, false)) => TextSource::TextLayer,
                None => TextSource::Ocr,
            },
            words: into_words(lines, units.0, units.1),
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
