mod abroad;

use abroad::InScript;
use complet_model::{BBox, Word};

use crate::area::Area;
use crate::layout::{Line, Token, join_close, median, reading_order, split_wide};
use crate::ocr::bars::{bars, lighten};
use crate::ocr::binary::{Component, Ink, components, ink};
use crate::ocr::flatten::{Light, grain};
use crate::ocr::merge::merge;
use crate::ocr::rest::{self, CLEAN, Known, Search, outside};
use crate::ocr::skew::{Straightened, letters, lies_on_side, skew, straighten, unturned};
use crate::ocr::{Engine, Layout, OcrWord, Rest, Script, Turn, accents};
use crate::raster::Grey;
use crate::settings::{EngineChoice, Settings, Stage};
use crate::upright::{LyingLine, Upright};

/// Pixels of the longer side beyond which a page is shrunk before it is read: A4 at 200 dpi.
pub(crate) const MAX_EDGE: usize = 2339;
/// The same for a page in small print: A4 at 300 dpi.
const MOST_EDGE: usize = 3508;
/// The most pixels of the longer side a picture is enlarged to. Enlarging a scan of 150 dpi brings nothing.
const ENLARGED_EDGE: usize = 2600;
/// The most a picture is enlarged.
const MOST_ENLARGED: usize = 3;
/// Pixels of the longer side down to which a picture with large letters is shrunk.
const LEAST_EDGE: usize = 1000;
/// Height in pixels of common letters (most of them small, as high as an x) that is read well: it is that
/// of 10 points at 200 dpi. Under the second letters are lost; over the third, pixels are wasted and
/// letters taken for pictures; they are then shrunk to the last.
const GOOD_HEIGHT: f32 = 14.0;
const SMALL_HEIGHT: f32 = 11.0;
const LARGE_HEIGHT: f32 = 60.0;
const FULL_HEIGHT: f32 = 30.0;

/// Mean confidence under which the page may be upside down.
const DOUBTFUL_WAY_UP: f32 = 0.60;
/// The engine's confidence from which its word on the way up is taken alone.
const SURE_WAY_UP: f32 = 1.0;
/// Readable words under which a picture may lie any way up.
const FEW_READABLE: usize = 12;
/// How much more must be read the other way up: what is read off noise differs by chance.
const CLEARLY_BETTER: f32 = 1.3;
/// How good the reading of a page must be, against one whose lines ran upwards, to be the right way up.
const NEARLY_AS_GOOD: f32 = 0.8;
/// Share of letters no word accounts for from which a second reading is tried.
const MANY_DROPPED: f32 = 0.15;
/// Spread of the paper's brightness from which a picture is a photo.
const UNEVEN: f32 = 0.12;
/// The same up to which a scan is lit evenly, and the grain of the paper under which it is clean: the shades of
/// such a page need no mending.
const EVEN: f32 = 0.05;
const SMOOTH: f32 = 5.0;
/// Mean confidence under which a page is read by both engines.
const SURE: f32 = 0.90;
/// The same for the share of letters in no word.
const SOME_DROPPED: f32 = 0.06;
/// The same for the share of words that look like none.
const SOME_WRECKS: f32 = 0.11;
/// Certainty the second engine needs of a word on a page that is otherwise read well.
const SURE_IN_PLACES: f32 = 0.8;
/// Heights of common letters from which ink that hangs together is no letter, and shares of the page's sides
/// from which it is a frame.
const BLOT: f32 = 4.0;
const BLOT_SHARE: f32 = 0.45;
/// Words and share of letters in no word of a page of which everything is known.
const SOUND_WORDS: usize = 30;
const SOUND_DROPPED: f32 = 0.03;
/// Small letters of a word that is none of a machine-readable zone, however that may be misread.
const SMALL_LETTERS: usize = 3;
/// Certainty and letters of a word without small letters from which it is none either: of the long rows of a
/// zone the engine is not that sure, and it does not part them.
const SURE_CAPITALS: f32 = 0.96;
const SHORT_WORD: usize = 3;
/// Letters of a word that is longer than those of languages are, when the engine is not sure of it.
const ODD_LENGTH: usize = 14;
/// Components of a few pixels from which they are dirt rather than dots.
const MANY_SPECKS: usize = 6_000;
/// Components left after cleaning that no page of text has.
const TOO_MANY: usize = 40_000;
/// Share of ink that no page of text has.
const TOO_DARK: f32 = 0.45;
/// Components of the size of letters under which there is no text.
const MIN_LETTERS: usize = 3;

/// How hard a picture is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// A page: other ways up and other layouts are tried when it is read badly.
    Full,
    /// The same of a page that must be turned clockwise by so many degrees, which is known.
    Turned(u16),
    /// A part of a page that is upright and mostly read already.
    Once,
}

/// What the second engine reads of a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Again<'a> {
    /// Of a doubtful one what the first is not sure of; all of it on a photo.
    Doubtful,
    /// What the first is not sure of in the rows of these places on the upright picture, or anywhere when there
    /// are none: something was missing.
    Rest(&'a [BBox]),
    /// All of it: a photo.
    Whole,
}

/// Who reads.
pub(crate) struct Readers<'a> {
    /// Reads every picture.
    pub(crate) first: &'a mut dyn Engine,
    /// Reads the doubtful ones again.
    pub(crate) second: Option<&'a mut dyn Engine>,
    pub(crate) again: Again<'a>,
}

/// Where the first reading comes from.
pub(crate) enum First<'a> {
    Engine(&'a mut dyn Engine),
    /// The words that the first engine read off the same upright picture before.
    Earlier(&'a [Word]),
}

/// A picture as the first engine reads it the way it lies.
pub(crate) struct Draft {
    flat: Grey,
    /// The same with its shades as they were, when it is lit evenly.
    plain: Option<Grey>,
    uneven: f32,
    /// Pixels per inch of `flat`.
    dpi: u32,
    /// Nothing when there is nothing to read.
    read: Result<Attempt, Box<Reading>>,
    /// Lines of `flat` that are no matter for the second engine.
    apart: Vec<LyingLine>,
}

/// The words of an earlier reading in place of an engine.
struct Recalled<'a> {
    words: &'a [Word],
    /// Size in pixels of the upright picture, before it is straightened.
    page: (f32, f32),
}

impl Engine for Recalled<'_> {
    fn recognise(&mut self, picture: &Grey, _dpi: u32, _layout: Layout) -> Result<Vec<OcrWord>, String> {
        let (width, height) = self.page;
        // Straightening turns a picture about its middle, and the boxes of words are those of the straight one.
        let (x, y) = ((picture.width as f32 - width) / 2.0, (picture.height as f32 - height) / 2.0);
        let word = |w: &Word| OcrWord {
            text: w.text.clone(),
            left: w.bbox.left * width + x,
            top: w.bbox.top * height + y,
            right: w.bbox.right * width + x,
            bottom: w.bbox.bottom * height + y,
            confidence: w.confidence,
            line: w.line,
        };
        Ok(self.words.iter().map(word).collect())
    }

    fn turn(&mut self, _picture: &Grey, _dpi: u32) -> Option<Turn> {
        None
    }
}

/// What became of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was read; how well, the words tell.
    Read,
    /// There is no ink on it.
    Blank,
    /// It is noise, or too dark.
    Illegible,
}

/// What letters a picture was read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadIn {
    Latin,
    /// Most of them in another script, whose letters are in more or fewer pieces than Latin ones.
    Other,
    /// In Latin ones, although most of its text is in a script for which there is no data.
    Lacking(&'static Script),
}

/// The words of a picture.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) outcome: Outcome,
    /// In reading order, in pixels of the upright picture.
    pub(crate) lines: Vec<Line>,
    /// What another engine read, alone and in order; empty when there was one reading.
    pub(crate) second: Vec<Line>,
    /// Size of the upright picture in pixels.
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// Degrees it was turned clockwise.
    pub(crate) turned: u16,
    /// Mean confidence of the letters read, 0 when there are none.
    pub(crate) confidence: f32,
    /// Letters on the picture, whether read or not.
    pub(crate) letters: usize,
    pub(crate) read_in: ReadIn,
    /// The ink of the straightened picture, to look for what is no word.
    pub(crate) ink: Option<Ink>,
    /// Where the picture's corner lies on `ink`.
    pub(crate) offset: (f32, f32),
    /// Degrees by which the picture was turned counter-clockwise so that its lines are level.
    pub(crate) skew: f32,
}

impl Reading {
    /// Of a picture of this size on which no word was read.
    pub(crate) fn nothing(outcome: Outcome, (width, height): (f32, f32), ink: Option<Ink>) -> Self {
        Self {
            outcome,
            lines: Vec::new(),
            second: Vec::new(),
            width,
            height,
            turned: 0,
            confidence: 0.0,
            letters: 0,
            read_in: ReadIn::Latin,
            ink,
            offset: (0.0, 0.0),
            skew: 0.0,
        }
    }

    /// The words.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = &Token> {
        self.lines.iter().flat_map(|l| &l.tokens)
    }

    /// Words that can be read by a person, too.
    pub(crate) fn readable(&self) -> usize {
        self.tokens().filter(|t| is_readable(&t.text, t.confidence)).count()
    }

    /// True when most of the letters are in no word that can be read.
    pub(crate) fn is_mostly_unread(&self) -> bool {
        self.read_in != ReadIn::Other
            && mostly_unread(self.tokens().map(|t| (t.text.as_str(), t.confidence)), self.letters)
    }
}

/// Reads a picture taken at about `dpi` pixels per inch once, as it lies.
///
/// # Errors
/// What the engine says when it fails.
pub(crate) fn draft(first: First<'_>, picture: Grey, dpi: u32, settings: &Settings) -> Result<Draft, String> {
    let fitted = fit(picture, settings);
    let dpi = (dpi as f32 * fitted.scale) as u32;
    let (flat, plain, uneven) = (fitted.flat, fitted.plain, fitted.uneven);
    let size = (flat.width as f32, flat.height as f32);
    let read = match fitted.page {
        None => Err(Box::new(Reading::nothing(Outcome::Illegible, size, None))),
        Some(page) if page.letters.len() < MIN_LETTERS => {
            let outcome = if page.inked > 0.000_2 { Outcome::Read } else { Outcome::Blank };
            Err(Box::new(Reading::nothing(outcome, size, Some(page.ink))))
        }
        Some(page) => Ok(match first {
            First::Engine(engine) => attempt(engine, &flat, page, dpi, Layout::Page, settings)?,
            First::Earlier(words) => {
                let engine = &mut Recalled { words, page: size };
                attempt(engine, &flat, page, dpi, Layout::Page, settings)?
            }
        }),
    };
    Ok(Draft { flat, plain, uneven, dpi, read, apart: Vec::new() })
}

impl Draft {
    /// True when the picture is text that was read so well that nothing else, such as a machine-readable
    /// zone, can stand on it.
    pub(crate) fn is_sound(&self) -> bool {
        let Ok(read) = &self.read else { return false };
        let odd = |w: &OcrWord| {
            let is_long = w.text.chars().count() >= ODD_LENGTH && w.text.chars().any(char::is_alphabetic);
            has_filler(w) || (is_long && !has_small_letters(w) && w.confidence < SURE)
        };
        read.confidence() >= CLEAN
            && read.words.len() >= SOUND_WORDS
            && !read.words.iter().any(odd)
            && read.dropped() <= SOUND_DROPPED
    }

    /// Where words stand that were surely read and are none of a machine-readable zone: they have small letters,
    /// or are short without being made of fillers. In pixels of the picture at a width of `width`; nearly so on
    /// one that lay askew.
    pub(crate) fn text(&self, width: f32) -> Vec<Area> {
        let Ok(read) = &self.read else { return Vec::new() };
        let is_text = |w: &&OcrWord| {
            let is_short = (SHORT_WORD..ODD_LENGTH).contains(&w.text.chars().count());
            let is_plain = w.confidence >= SURE_CAPITALS && is_short && !has_filler(w);
            is_plain || (w.confidence >= SURE && has_small_letters(w))
        };
        let scale = width / self.flat.width.max(1) as f32;
        read.words.iter().filter(is_text).map(|w| read.lying(w.area()).scaled(scale, scale)).collect()
    }

    /// Leaves these lines, in pixels of the picture at a width of `width`, out of what the second engine reads, unless
    /// it reads all: readers of their own agree on them.
    pub(crate) fn set_apart(&mut self, lines: impl Iterator<Item = LyingLine>, width: f32) {
        let scale = self.flat.width as f32 / width.max(1.0);
        self.apart = lines.map(|line| line.scaled(scale)).collect();
    }
}

fn has_filler(word: &OcrWord) -> bool {
    word.text.contains(['<', '«', '>'])
}

fn has_small_letters(word: &OcrWord) -> bool {
    word.text.chars().filter(|c| c.is_lowercase()).count() >= SMALL_LETTERS
}

/// Reads a picture on from its draft.
///
/// # Errors
/// What the engine says when it fails.
pub(crate) fn read(
    readers: Readers<'_>,
    draft: Draft,
    effort: Effort,
    settings: &Settings,
) -> Result<Reading, String> {
    let Draft { flat, plain, uneven, dpi, read, apart } = draft;
    let best = match read {
        Ok(read) => read,
        Err(nothing) => return Ok(*nothing),
    };
    let (mut best, flat) = upright(readers.first, best, flat, dpi, effort, settings)?;
    let mut read_in = ReadIn::Latin;
    if effort == Effort::Full && settings.has(Stage::Scripts) && best.may_be_foreign() {
        match best.in_its_script(readers.first, &flat, dpi, settings)? {
            InScript::Latin => {}
            InScript::Other(read) => return Ok(read.finish_in(ReadIn::Other)),
            InScript::Lacking(script) => read_in = ReadIn::Lacking(script),
        }
    }
    let foreign = if effort != Effort::Once && settings.has(Stage::Accents) {
        best.with_accents(readers.first, &flat, dpi, settings)?
    } else {
        Vec::new()
    };
    let page = ReadOnce { best, flat, plain, uneven, dpi, apart };
    let mut reading = Reading { read_in, ..read_again(readers, page, effort, settings)? };
    accents::take(&mut reading.lines, &foreign);
    Ok(reading)
}

/// Turns a picture the right way up and reads it so.
fn upright(
    engine: &mut dyn Engine,
    mut best: Attempt,
    mut flat: Grey,
    dpi: u32,
    effort: Effort,
    settings: &Settings,
) -> Result<(Attempt, Grey), String> {
    if let Effort::Turned(degrees) = effort
        && degrees != 0
    {
        flat = flat.turned(degrees);
        best = attempt(engine, &flat, look(&flat, degrees), dpi, Layout::Page, settings)?;
    }
    if effort == Effort::Full && settings.has(Stage::Turn) && best.lies_askew() {
        let lying = flat.clone();
        // Lines that run upwards are read as well as level ones: their page is turned all the same, and
        // only reading tells which way.
        let sideways = best.is_sideways();
        for degrees in ways_up(engine, &lying, dpi, &best) {
            if degrees == 0 || (best.page.turned != 0 && !sideways) {
                break;
            }
            let turned = lying.turned(degrees);
            let other = attempt(engine, &turned, look(&turned, degrees), dpi, Layout::Page, settings)?;
            let needed = match (best.page.turned, sideways && !other.is_sideways()) {
                (0, false) => CLEARLY_BETTER,
                (0, true) => NEARLY_AS_GOOD,
                _ => 1.0,
            };
            if other.score() > best.score() * needed {
                (best, flat) = (other, turned);
            }
        }
    }
    Ok((best, flat))
}

/// A picture the right way up, read once.
struct ReadOnce {
    best: Attempt,
    flat: Grey,
    plain: Option<Grey>,
    uneven: f32,
    dpi: u32,
    /// Lines that are no matter for the second engine, on the picture before it was turned.
    apart: Vec<LyingLine>,
}

/// Reads again what is doubtful of a page.
fn read_again(
    readers: Readers<'_>,
    page: ReadOnce,
    effort: Effort,
    settings: &Settings,
) -> Result<Reading, String> {
    let Readers { first: engine, second, again } = readers;
    let ReadOnce { mut best, mut flat, plain, uneven, dpi, apart } = page;
    let mut doubt = Doubt::of(&best, uneven);
    // Making the paper even brings patterns out as well, those of passports for one, and spoils words that stand on
    // them. To PP-OCR they are nothing, and a page of it takes seconds. Of letters that are in no word, as those of
    // stamps, the page as it was has no more.
    let is_cheap = settings.engine != EngineChoice::Ppocr && effort != Effort::Once;
    if doubt.is_some_and(|doubt| doubt != Doubt::Dropped)
        && is_cheap
        && again == Again::Doubtful
        && let Some(mut plain) = plain.filter(|plain| grain(plain) < SMOOTH)
    {
        let turned = best.page.turned;
        plain = plain.turned(turned);
        let page = look(&plain, turned);
        let page = without_bars(&mut plain, page, settings);
        let other = attempt(engine, &plain, page, dpi, Layout::Page, settings)?;
        tracing::debug!(flat = best.score(), plain = other.score(), "read with its shades as they were");
        if other.score() > best.score() {
            (best, flat) = (other, plain);
            doubt = Doubt::of(&best, uneven);
        }
    }
    tracing::debug!(
        confidence = best.confidence(),
        dropped = best.dropped(),
        wrecks = best.wrecks(),
        uneven,
        ?doubt,
        "first reading"
    );
    let in_part = settings.has(Stage::Known);
    let doubtful = again != Again::Doubtful || (effort != Effort::Once && doubt.is_some());
    // A page that reads well as a whole may have single words that do not: they are read again, and the page
    // counts as read once.
    let in_places = !doubtful && effort != Effort::Once && in_part;
    if let Some(second) = second.filter(|_| (doubtful || in_places) && settings.has(Stage::Second)) {
        // Reading a photo in parts was measured to double the wrong letters, which that of scans does not.
        let is_photo = again == Again::Whole || doubt == Some(Doubt::Photo);
        let wanted = if let Again::Rest(places) = again { places } else { &[] };
        let confidence = best.confidence();
        if again == Again::Doubtful && !is_photo {
            best.leave_out(&apart);
        }
        let rest = (in_part && !is_photo).then(|| best.rest(confidence, in_places, wanted));
        if in_places && rest.as_ref().is_none_or(Rest::is_empty) {
            return Ok(best.finish());
        }
        let straight = best.straight.take();
        let upright = straight.as_ref().unwrap_or(&flat);
        let read = match &rest {
            Some(rest) => second.recognise_rest(upright, dpi, rest),
            None => second.recognise(upright, dpi, Layout::Page),
        };
        return match read {
            Ok(mut words) if in_places => {
                // What is no word yet may be a signature, of which words are made with little certainty, and
                // which must stay ink.
                words.retain(|w| w.confidence >= SURE_IN_PLACES || best.has_most_of(w));
                Ok(Reading { second: Vec::new(), ..best.merged(words, rest) })
            }
            Ok(words) => Ok(best.merged(words, rest)),
            Err(error) => {
                // The page was read once: that stands.
                tracing::error!(error, "the second engine failed");
                Ok(best.finish())
            }
        };
    }
    // Not after the second engine, which finds text of its own: whether this would add to it is not measured.
    let doubtful = best.dropped() > MANY_DROPPED || best.confidence() < DOUBTFUL_WAY_UP;
    if effort != Effort::Once && settings.has(Stage::Sparse) && doubtful {
        let page = look(&flat, best.page.turned);
        let sparse = attempt(engine, &flat, page, dpi, Layout::Sparse, settings)?;
        best = if sparse.score() > best.score() { sparse.with(best) } else { best.with(sparse) };
    }
    Ok(best.finish())
}

/// A picture made ready to be read.
struct Fitted {
    /// At the size it is read at, divided by the paper's brightness, specks taken out.
    flat: Grey,
    /// At that size, its shades as they were; of one that is lit evenly.
    plain: Option<Grey>,
    /// `None` when it is noise.
    page: Option<Look>,
    /// Its size over that of the picture it was made of.
    scale: f32,
    /// How unevenly the paper is lit.
    uneven: f32,
}

/// Brings a picture to the size at which its letters are read best.
fn fit(picture: Grey, settings: &Settings) -> Fitted {
    let ready = |sized: Grey, scale: f32| {
        let light = Light::of(&sized);
        let uneven = light.as_ref().map_or(0.0, Light::unevenness);
        let light = light.filter(|_| settings.has(Stage::Flatten));
        let mut flat = light.as_ref().map_or_else(|| sized.clone(), |light| light.flattened(&sized));
        let page = clean(&mut flat).map(|page| without_bars(&mut flat, page, settings));
        let plain = (light.is_some() && uneven < EVEN).then_some(sized);
        Fitted { flat, plain, page, scale, uneven }
    };
    let full = picture.long_edge().max(1);
    let edge = full.min(MAX_EDGE);
    let scale = |edge: usize| edge as f32 / full as f32;
    // The picture as it is is kept for when more of its pixels are needed.
    let first = ready(picture.clone().capped(MAX_EDGE), scale(edge));
    let letters = first.page.as_ref().map_or(&[] as &[_], |p| &p.letters);
    if !settings.has(Stage::Resolution) || letters.len() < MIN_LETTERS {
        return first;
    }
    let height = common_height(letters);
    if height < SMALL_HEIGHT && full > edge {
        let wanted = (edge as f32 * GOOD_HEIGHT / height) as usize;
        let wanted = wanted.min(full).min(MOST_EDGE);
        return ready(picture.capped(wanted), scale(wanted));
    }
    let factor = (GOOD_HEIGHT / height).round() as usize;
    let factor = factor.min(ENLARGED_EDGE / full).clamp(1, MOST_ENLARGED);
    if height < SMALL_HEIGHT && factor > 1 {
        return ready(picture.enlarged(factor), factor as f32);
    }
    if height > LARGE_HEIGHT {
        let wanted = ((edge as f32 * FULL_HEIGHT / height) as usize).max(LEAST_EDGE.min(edge));
        return ready(picture.capped(wanted), scale(wanted));
    }
    first
}

/// Why a page is read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// Light and shadow lie on it.
    Photo,
    /// The engine is not sure of its words.
    Unsure,
    /// Letters lie in no word.
    Dropped,
    /// Words look like none.
    Wrecks,
}

impl Doubt {
    fn of(read: &Attempt, uneven: f32) -> Option<Self> {
        match () {
            () if uneven > UNEVEN => Some(Self::Photo),
            () if read.confidence() < SURE => Some(Self::Unsure),
            () if read.dropped() > SOME_DROPPED => Some(Self::Dropped),
            () if read.wrecks() > SOME_WRECKS => Some(Self::Wrecks),
            () => None,
        }
    }
}

/// What is known of a picture before it is read.
struct Look {
    ink: Ink,
    letters: Vec<Component>,
    /// What hangs together and is much larger than a letter, both ways, but not as large as a page's frame:
    /// stamps, pictures, logos.
    blots: Vec<Area>,
    /// Lines that were read by a reader of their own, whose letters are left out.
    apart: Vec<Area>,
    /// Share of ink.
    inked: f32,
    turned: u16,
}

/// What is known of a picture that was turned clockwise by so many degrees.
fn look(flat: &Grey, turned: u16) -> Look {
    let ink = ink(flat);
    let found = components(&ink).unwrap_or_default();
    Look { turned, ..Look::new(ink, &found) }
}

impl Look {
    fn new(ink: Ink, found: &[Component]) -> Self {
        let letters = letters(found, &ink);
        let pixels: u64 = found.iter().map(|c| u64::from(c.pixels)).sum();
        let inked = pixels as f32 / ink.pixels.len().max(1) as f32;
        let least = common_height(&letters) * BLOT;
        let most = (ink.width as f32 * BLOT_SHARE, ink.height as f32 * BLOT_SHARE);
        let is_blot =
            |a: &Area| (least..most.0).contains(&a.width()) && (least..most.1).contains(&a.height());
        let blots = found.iter().map(|c| c.area).filter(is_blot).collect();
        Self { ink, letters, blots, apart: Vec::new(), inked, turned: 0 }
    }
}

/// Turns light print on dark bars dark.
fn without_bars(flat: &mut Grey, page: Look, settings: &Settings) -> Look {
    let found =
        if settings.has(Stage::Bars) { bars(&page.ink, common_height(&page.letters)) } else { Vec::new() };
    if found.is_empty() {
        return page;
    }
    lighten(flat, &found);
    look(flat, page.turned)
}

/// Height in pixels of most letters.
pub(super) fn common_height(letters: &[Component]) -> f32 {
    median(letters.iter().map(|l| l.area.height())).unwrap_or(GOOD_HEIGHT)
}

/// Takes specks out; `None` when the picture is noise, which an engine would chew on for minutes.
fn clean(flat: &mut Grey) -> Option<Look> {
    let ink = ink(flat);
    let found = components(&ink)?;
    let is_speck = |c: &&Component| c.pixels <= 6 && c.area.width() <= 4.0 && c.area.height() <= 4.0;
    let specks = found.iter().filter(is_speck).count();
    let rest = found.len() - specks;
    let page = if specks > MANY_SPECKS && specks > rest * 2 {
        for speck in found.iter().filter(is_speck) {
            let area = speck.area.grown(1.0);
            let edge = |v: f32| v.max(0.0) as usize;
            flat.paint(edge(area.left), edge(area.top), edge(area.right), edge(area.bottom), 255);
        }
        let page = look(flat, 0);
        // Under so much dirt, nothing found does not mean that nothing was there.
        (page.letters.len() >= MIN_LETTERS && rest <= TOO_MANY).then_some(page)?
    } else {
        (found.len() <= TOO_MANY).then(|| Look::new(ink, &found))?
    };
    (page.inked < TOO_DARK).then_some(page)
}

/// One reading of a picture lying one way.
struct Attempt {
    words: Vec<OcrWord>,
    /// The picture read, when it had to be straightened.
    straight: Option<Grey>,
    /// By how many degrees it was turned counter-clockwise for that.
    skew: f32,
    /// Straightened.
    page: Look,
    offset: (f32, f32),
    width: f32,
    height: f32,
}

fn attempt(
    engine: &mut dyn Engine,
    flat: &Grey,
    page: Look,
    dpi: u32,
    layout: Layout,
    settings: &Settings,
) -> Result<Attempt, String> {
    let (width, height) = (flat.width as f32, flat.height as f32);
    let angle = if settings.has(Stage::Deskew) { skew(&page.letters) } else { 0.0 };
    if angle == 0.0 {
        let words = engine.recognise(flat, dpi, layout)?;
        return Ok(Attempt { words, straight: None, skew: 0.0, page, offset: (0.0, 0.0), width, height });
    }
    let straight = straighten(flat, angle);
    let Straightened { mut picture, offset } = straight;
    // Bars that lay askew were no bars.
    let page = look(&picture, page.turned);
    let page = without_bars(&mut picture, page, settings);
    let words = engine.recognise(&picture, dpi, layout)?;
    Ok(Attempt { words, straight: Some(picture), skew: angle, page, offset, width, height })
}

impl Attempt {
    /// Mean confidence of the letters read.
    fn confidence(&self) -> f32 {
        mean_confidence(self.words.iter().map(|w| (w.text.as_str(), w.confidence)))
    }

    fn readable(&self) -> usize {
        self.words.iter().filter(|w| is_readable(&w.text, w.confidence)).count()
    }

    /// How much was read, and how surely.
    fn score(&self) -> f32 {
        let plausible =
            self.words.iter().filter(|w| is_readable(&w.text, w.confidence) && !is_upright_box(w));
        plausible.map(|w| w.text.chars().count() as f32 * w.confidence).sum()
    }

    /// True when the page seems to lie on its side or head.
    fn lies_askew(&self) -> bool {
        let read: usize = self.words.iter().map(|w| w.text.chars().count()).sum();
        let little = read * 5 < self.page.letters.len() * 2 && self.page.letters.len() >= 30;
        self.confidence() < DOUBTFUL_WAY_UP || self.is_sideways() || little
    }

    /// True when most words run upwards or downwards, or letters do that make no good words.
    fn is_sideways(&self) -> bool {
        let long: Vec<&OcrWord> = self.words.iter().filter(|w| w.text.chars().count() >= 4).collect();
        let boxes = long.iter().filter(|w| is_upright_box(w)).count() * 2 > long.len();
        boxes || (self.confidence() < DOUBTFUL_WAY_UP && lies_on_side(&self.page.letters))
    }

    /// Where a box of the picture read lies on the picture as it was before it was straightened.
    fn lying(&self, area: Area) -> Area {
        let area = area.moved(-self.offset.0, -self.offset.1);
        unturned(area, self.skew, (self.width, self.height))
    }

    /// Leaves out what stands on these lines of the picture before it was turned.
    fn leave_out(&mut self, lines: &[LyingLine]) {
        let (turned, page) = (self.page.turned, (self.width, self.height));
        let picture = if turned.is_multiple_of(180) { page } else { (page.1, page.0) };
        let upright = Upright { turned, picture, page, skew: self.skew };
        let level = |line: &LyingLine| upright.line(*line).moved(self.offset.0, self.offset.1);
        let places: Vec<Area> = lines.iter().filter(|line| line.turn == turned).map(level).collect();
        let is_apart = |area: Area| places.iter().any(|place| place.holds(area.middle()));
        self.words.retain(|word| !is_apart(word.area()));
        self.page.letters.retain(|letter| !is_apart(letter.area));
        self.page.blots.retain(|blot| !is_apart(*blot));
        self.page.apart = places;
    }

    /// Share of the letters on the page that lie in no word.
    fn dropped(&self) -> f32 {
        outside(&self.page.letters, &self.words).count() as f32 / self.page.letters.len().max(1) as f32
    }

    /// What of the page, which was read with this mean confidence, is left to read, when only single words are to be
    /// and when all of it is doubtful; in the rows of places that are wanted, if there are any.
    fn rest(&self, confidence: f32, in_places: bool, wanted: &[BBox]) -> Rest {
        let Look { letters, blots, ink, .. } = &self.page;
        let (sure, search) = match () {
            () if in_places => (Known::PLAINLY, Search::Nowhere),
            () if confidence >= CLEAN => (Known::of_page(confidence), Search::Dropped),
            () => (Known::of_page(confidence), Search::Unsure),
        };
        // They stand where people see them.
        let level = |b: &BBox| b.turned(-self.skew, self.width, self.height);
        let row = |b: BBox| (b.top * self.height + self.offset.1, b.bottom * self.height + self.offset.1);
        let wanted: Vec<(f32, f32)> = wanted.iter().map(level).map(row).collect();
        let height = ink.height as f32;
        let mut rest = rest::Page { words: &self.words, letters, blots, height }.rest(sure, search, &wanted);
        rest.known.extend(&self.page.apart);
        rest
    }

    /// True when a word, however unsure, was read at the place of another that has most of its letters.
    fn has_most_of(&self, other: &OcrWord) -> bool {
        let (place, all) = (other.area().middle(), other.text.chars().count());
        self.words.iter().filter(|w| w.area().holds(place)).any(|w| {
            let mut letters: Vec<char> = w.text.chars().filter(|c| c.is_alphanumeric()).collect();
            let take = |c: char| letters.iter().position(|l| *l == c).map(|at| letters.swap_remove(at));
            other.text.chars().filter_map(take).count() * 2 > all
        })
    }

    /// Takes over the sure words of another reading of the same picture where this one has none.
    fn with(mut self, other: Self) -> Self {
        // Both were straightened alike, unless a skew is just at the limit.
        if self.page.ink.width != other.page.ink.width || self.page.ink.height != other.page.ink.height {
            return self;
        }
        let mine: Vec<Area> = self.words.iter().map(OcrWord::area).collect();
        let first_line = self.words.last().map_or(0, |w| w.line + 1);
        for mut word in other.words {
            let place = word.area();
            let free = mine.iter().all(|m| m.shared(place) < place.size().min(m.size()) * 0.15);
            if free && is_readable(&word.text, word.confidence) && word.confidence > 0.6 {
                word.line += first_line;
                self.words.push(word);
            }
        }
        self
    }

    /// Share of the words that look like none: scraps and signs among letters.
    fn wrecks(&self) -> f32 {
        let readable = self.readable();
        let all = self.words.iter().filter(|w| w.text.chars().count() >= 2).count();
        all.saturating_sub(readable) as f32 / all.max(1) as f32
    }

    fn finish(self) -> Reading {
        self.finish_in(ReadIn::Latin)
    }

    fn finish_in(self, read_in: ReadIn) -> Reading {
        let confidence = self.confidence();
        let mut lines = lines(self.words, self.offset);
        if read_in == ReadIn::Other {
            // Parts of them come from several readings.
            lines = join_close(lines);
        }
        Reading {
            outcome: Outcome::Read,
            lines: reading_order(split_wide(lines)),
            second: Vec::new(),
            width: self.width,
            height: self.height,
            turned: self.page.turned,
            confidence,
            letters: self.page.letters.len(),
            read_in,
            ink: Some(self.page.ink),
            offset: self.offset,
            skew: self.skew,
        }
    }

    /// The reading with what the second engine read on the same picture, or on the rest of it.
    fn merged(mut self, second: Vec<OcrWord>, rest: Option<Rest>) -> Reading {
        let offset = self.offset;
        let first = lines(std::mem::take(&mut self.words), offset);
        // Its lines end at wider gaps than words have.
        let second = join_close(lines(second, offset));
        let known = rest.map(|r| r.known.into_iter().map(|a| a.moved(-offset.0, -offset.1)).collect());
        let merged = merge(first, second, known);
        let words = merged.lines.iter().flat_map(|l| &l.tokens);
        let confidence = mean_confidence(words.map(|t| (t.text.as_str(), t.confidence)));
        Reading {
            lines: reading_order(split_wide(merged.lines)),
            second: reading_order(split_wide(merged.other)),
            confidence,
            ..self.finish()
        }
    }
}

/// The words of an engine line by line. The rules of a form are none.
fn lines(words: Vec<OcrWord>, offset: (f32, f32)) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let is_rule = |w: &OcrWord| w.text.chars().all(|c| matches!(c, '|' | '_'));
    let mut rest = words.into_iter().filter(|w| !is_rule(w)).peekable();
    while let Some(first) = rest.next() {
        let number = first.line;
        let mut tokens = vec![token(first, offset)];
        while let Some(next) = rest.next_if(|w| w.line == number) {
            tokens.push(token(next, offset));
        }
        lines.extend(Line::new(tokens));
    }
    lines
}

/// By how much to try turning a picture that was read badly, the likeliest first.
fn ways_up(engine: &mut dyn Engine, flat: &Grey, dpi: u32, read: &Attempt) -> Vec<u16> {
    // The engine rights lines that run upwards or downwards, but not the page they stand on, and what it
    // says of the way up of such a page is no better than a guess.
    if read.is_sideways() {
        return vec![90, 270];
    }
    match engine.turn(flat, dpi) {
        Some(Turn { degrees, confidence, .. }) if confidence >= SURE_WAY_UP => vec![degrees],
        // Cards say too little for the engine to tell.
        _ if read.readable() < FEW_READABLE => vec![180, 90, 270],
        Some(Turn { degrees, .. }) => vec![degrees],
        None => Vec::new(),
    }
}

/// A word of a picture whose corner lies at `offset`.
pub(crate) fn token(word: OcrWord, offset: (f32, f32)) -> Token {
    let area = word.area().moved(-offset.0, -offset.1);
    Token { text: word.text, area, confidence: word.confidence.clamp(0.0, 1.0) }
}

/// True for a word of several letters whose box is taller than wide: it runs upwards or downwards.
fn is_upright_box(word: &OcrWord) -> bool {
    word.text.chars().count() >= 4 && word.bottom - word.top > word.right - word.left
}

/// True for what is likely a word: sure, of two letters or more, and not all signs.
pub(crate) fn is_readable(text: &str, confidence: f32) -> bool {
    let (all, known) = text
        .chars()
        .fold((0usize, 0usize), |(all, known), c| (all + 1, known + usize::from(c.is_alphanumeric())));
    confidence >= 0.5 && all >= 2 && known * 10 >= all * 6
}

/// True when the readable words have less than half of the letters that are on the page.
fn mostly_unread<'t>(words: impl Iterator<Item = (&'t str, f32)>, letters: usize) -> bool {
    let readable = words.filter(|(text, confidence)| is_readable(text, *confidence));
    let read: usize = readable.map(|(text, _)| text.chars().filter(|c| c.is_alphanumeric()).count()).sum();
    read * 2 < letters
}

fn mean_confidence<'t>(words: impl Iterator<Item = (&'t str, f32)>) -> f32 {
    let (sum, letters) = words.fold((0.0, 0.0), |(sum, letters), (text, confidence)| {
        let count = text.chars().filter(|c| c.is_alphanumeric()).count() as f32;
        (sum + count * confidence, letters + count)
    });
    if letters > 0.0 { sum / letters } else { 0.0 }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_another_reader_read_is_not_read_again() {
        // A row of text and, under it, one of a zone.
        let mut picture = Grey::filled(1000, 600, 255);
        for (top, letters) in [(200, 40), (400, 44)] {
            for letter in 0..letters {
                picture.paint(50 + letter * 20, top, 60 + letter * 20, top + 14, 0);
            }
        }
        let word = |text: &str, top: f32, confidence: f32, line: u32| Word {
            text: text.to_owned(),
            bbox: BBox::new(0.05, top / 600.0, 0.93, (top + 14.0) / 600.0),
            confidence,
            line,
        };
        let words = [word("Nom", 200.0, 0.95, 0), word("P<UTOERIK", 400.0, 0.3, 1)];
        let draft = draft(First::Earlier(&words), picture, 100, &Settings::default()).unwrap();
        let scale = draft.flat.width as f32 / 1000.0;
        let mut read = draft.read.ok().unwrap();
        let zone = |turn| {
            LyingLine { area: Area::new(50.0, 395.0, 930.0, 419.0), capital: 14.0, turn }.scaled(scale)
        };
        // A zone that lies another way is none of this reading's.
        read.leave_out(&[zone(90)]);
        assert_eq!(read.words.len(), 2);
        read.leave_out(&[zone(0)]);
        assert_eq!((read.words.len(), read.page.letters.len()), (1, 40));
        let rest = read.rest(0.6, false, &[]);
        let (x, y) = (500.0 * scale, 407.0 * scale);
        assert!(rest.known.iter().any(|known| known.holds((x, y))));
    }
}
