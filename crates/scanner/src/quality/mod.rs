//! What is wrong with a photo or a scan, in the words of whoever should take it again.

mod focus;
mod glare;

use complet_model::{Arg, BBox, Message, Problem};

use crate::area::Area;
use crate::layout::median;
use crate::ocr::read::{Outcome, ReadIn, Reading, is_readable};
use crate::ocr::tesseract_package;
use crate::problem;
use crate::raster::Rgb;
use crate::sheet::Sheet;
use focus::Focus;

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

/// Mean confidence from which a page was read well, whatever it looks like.
const UNDISTURBED: f32 = 0.80;
/// Mean confidence under which it is asked why. Patterned cards are read at 60 % and more.
const POOR: f32 = 0.60;
/// Brightness of the paper beside letters under which a photo is too dark, of 255.
const DARK: f32 = 70.0;
/// Difference between paper and ink under which print is too faint, as a share of the paper's brightness.
const FAINT: f32 = 0.20;
/// Pixels from paper to ink from which letters are blurred. Sharp ones take 1.1 to 3.
const BLURRED: f32 = 3.6;
/// The same as a share of the page's longer side: large photos need not be sharp to the pixel.
const BLURRED_SHARE: f32 = 0.0016;
/// Height of letters, in pixels, under which a page read badly was too small.
const SMALL_LETTER: f32 = 10.5;
/// The same on a small picture, where only the largest letters could be read.
const SMALL_ON_SMALL: f32 = 13.0;
/// Longer side of a small picture in pixels.
const SMALL_PAGE: f32 = 700.0;
/// Height of letters to ask for: 8 points at 200 dpi.
const NEEDED_LETTER: f32 = 16.0;
/// How near to the picture's edge a word ends that may be cut, in heights of its letters.
const TOUCHING: f32 = 0.2;
/// Words at one edge of the picture from which the page is cut off.
const CUT_WORDS: usize = 3;
/// Share of the picture by which a corner of the sheet lies outside of it when it is cut off.
const CORNER_OUTSIDE: f32 = 0.01;

/// What is to be said of how well a page was read.
pub(crate) fn of_reading(reading: &Reading) -> Vec<Problem> {
    let words = reading.readable();
    let inked = reading.letters >= MANY_LETTERS;
    let few = inked && words < FEW_WORDS;
    // Patterned paper yields words that are none; the good ones among them still count.
    let poor = inked && words < SOME_WORDS && reading.confidence < ILLEGIBLE;
    // Print in an alphabet that is not read, or handwriting.
    let unread = inked && reading.is_mostly_unread();
    // What is in Latin letters after all was read.
    if let (ReadIn::Lacking(script), true) = (reading.read_in, few || poor || unread) {
        let language = script.languages.first().copied().unwrap_or_default();
        let message = Message::new("page-other-script")
            .text("language", language)
            .text("package", tesseract_package(language));
        return vec![if few || poor { problem::unreadable(message) } else { problem::doubtful(message) }];
    }
    let message = match reading.outcome {
        Outcome::Blank => return vec![problem::doubtful(Message::new("page-blank"))],
        Outcome::Illegible => return vec![problem::unreadable(Message::new("page-illegible"))],
        Outcome::Read if few || poor => return vec![problem::unreadable(Message::new("page-illegible"))],
        Outcome::Read if words > 0 && unread => Message::new("page-mostly-unread"),
        Outcome::Read if words > 0 && reading.confidence < DOUBTFUL => {
            Message::new("page-doubtful").with("percent", problem::percent(reading.confidence))
        }
        // A picture of something: a photo, or a page too blurred to be told from one.
        Outcome::Read if words == 0 => return vec![problem::unreadable(Message::new("page-no-text"))],
        Outcome::Read => return Vec::new(),
    };
    vec![problem::doubtful(message)]
}

/// What is to be said of the photo or scan itself. `picture` is the straightened page as it lies,
/// `reading` tells how it must be turned.
///
/// What is blurred, dark or small is only told of a page that was read badly: who takes a photo again is
/// not to be asked for nothing.
pub(crate) fn of_picture(picture: &Rgb, reading: &Reading, sheet: Option<&Sheet>) -> Vec<Problem> {
    let grey = picture.grey().turned(reading.turned);
    let page = (grey.width as f32, grey.height as f32);
    let scale = page.0 / reading.width.max(1.0);
    let words: Vec<Word> = reading
        .tokens()
        .filter(|t| t.confidence > 0.3 && t.text.chars().filter(|c| c.is_alphanumeric()).count() >= 2)
        .map(|t| Word { area: t.area.scaled(scale, scale), readable: is_readable(&t.text, t.confidence) })
        .collect();
    let areas: Vec<Area> = words.iter().map(|w| w.area).collect();
    let letter = median(areas.iter().map(|w| w.height())).unwrap_or(0.0);
    let mut problems = Vec::new();
    if reading.outcome != Outcome::Blank {
        let few = reading.readable() < SOME_WORDS && reading.confidence < DOUBTFUL;
        let told = focus::focus(&grey, &areas).or_else(|| few.then(|| focus::of_page(&grey)).flatten());
        problems.extend(told.and_then(|focus| of_focus(&focus, reading, letter, page)));
    }
    problems.extend(cut_off(&words, sheet, reading.turned, page));
    if let Some(spot) = glare::glare(&grey, &areas, letter) {
        problems.push(at(Message::new("photo-glare"), spot.of_page(page.0, page.1)));
    }
    problems
}

struct Word {
    area: Area,
    readable: bool,
}

/// Why a page was read badly, as far as its letters tell.
fn of_focus(focus: &Focus, reading: &Reading, letter: f32, page: (f32, f32)) -> Option<Problem> {
    let long = page.0.max(page.1);
    if reading.confidence >= UNDISTURBED {
        return None;
    }
    if focus.paper < DARK || focus.contrast < focus.paper * FAINT {
        return Some(problem::doubtful(Message::new("photo-dark")));
    }
    if reading.confidence >= POOR {
        return None;
    }
    if focus.width >= BLURRED && focus.width >= long * BLURRED_SHARE {
        let pixels = Arg::Count(focus.width.round() as i64);
        return Some(problem::doubtful(Message::new("photo-blurred").with("pixels", pixels)));
    }
    let small = letter < SMALL_LETTER || (letter < SMALL_ON_SMALL && long < SMALL_PAGE);
    (small && letter > 0.0).then(|| {
        let count = |v: f32| Arg::Count(v.round() as i64);
        let message = Message::new("photo-low-resolution")
            .with("pixels", count(letter))
            .with("needed", count(NEEDED_LETTER))
            .with("width", count(page.0))
            .with("height", count(page.1));
        problem::doubtful(message)
    })
}

/// Text or a sheet that runs out of the picture.
fn cut_off(words: &[Word], sheet: Option<&Sheet>, turned: u16, page: (f32, f32)) -> Option<Problem> {
    if let Some(sheet) = sheet {
        // Print may run to the edge of a sheet, but no corner of it lies outside of a good photo.
        let corner = sheet.outside.iter().position(|share| *share > CORNER_OUTSIDE)?;
        let (x, y) = *[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].get(corner)?;
        let (x, y) = Area::new(x, y, x, y).turned(turned, (1.0, 1.0)).middle();
        let part = BBox::new(x - 0.2, y - 0.2, x + 0.2, y + 0.2);
        return Some(at(Message::new("photo-cut-off"), part));
    }
    let whole = Area::new(0.0, 0.0, page.0, page.1);
    let sides: [fn(Area, Area) -> f32; 4] =
        [|w, p| w.left - p.left, |w, p| w.top - p.top, |w, p| p.right - w.right, |w, p| p.bottom - w.bottom];
    let touching = sides.map(|gap| {
        let touches = |w: &&Word| w.readable && gap(w.area, whole) < w.area.height() * TOUCHING;
        words.iter().filter(touches).map(|w| w.area).collect::<Vec<_>>()
    });
    let most = touching.into_iter().max_by_key(Vec::len).filter(|t| t.len() >= CUT_WORDS)?;
    let part = Area::around(most)?.of_page(page.0, page.1);
    Some(at(Message::new("photo-cut-off"), part))
}

fn at(message: Message, part: BBox) -> Problem {
    Problem { bbox: Some(part), ..problem::doubtful(message) }
}
