//! What is wrong with a photo or a scan, in the words of whoever should take it again.

use complet_model::{Message, Problem};

use crate::ocr::read::{Outcome, Reading};
use crate::problem;
use crate::raster::Rgb;
use crate::sheet::Sheet;

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

/// What is to be said of how well a page was read.
pub(crate) fn of_reading(reading: &Reading) -> Vec<Problem> {
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

/// What is to be said of the photo or scan itself. `picture` is the straightened page as it lies,
/// `reading` tells how it must be turned.
pub(crate) fn of_picture(_picture: &Rgb, _reading: &Reading, _sheet: Option<&Sheet>) -> Vec<Problem> {
    Vec::new()
}
