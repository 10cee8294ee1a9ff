//! The sheet of paper or the card on a photo.
//!
//! Its four sides are straight edges that are found on a small copy of the picture from which print is
//! gone. Of all quadrilaterals that such edges make, the one counts whose sides have an edge along most of
//! their length and another colour outside than inside. Cutting away what belongs to a page is worse than
//! leaving the table around it: whatever is doubtful is left alone.

mod lines;
mod quad;
mod refine;
mod small;
mod warp;

use crate::raster::Rgb;
use quad::{Quad, Rated};
use small::Small;

pub(crate) use warp::straighten;

/// Shorter side under which a picture shows nothing around a page, in pixels.
const SMALL: usize = 240;
/// How sure the sides must be.
const SURE: f32 = 0.85;
/// By how much less sure a larger sheet may be than one inside of it.
const LARGER: f32 = 0.88;
/// Corners that differ less from right angles are those of a page nobody looked at from aside, in degrees.
const STRAIGHT: f32 = 0.5;
/// What a page may lie askew on a scanner, in degrees.
const LEVEL: f32 = 3.0;
/// Share of the places beside a side that look like the sheet's paper when it is paper that lies there.
const PAPER_BESIDE: f32 = 0.75;
/// Share of the picture's rim that must look like what lies beside the sheet.
const SAME_GROUND: f32 = 0.6;
/// How much darker than its ground a stroke is.
const STROKE: u8 = 30;
/// How far from a sheet its shadow and the blur of its edge reach, in pixels of the small copy.
const BESIDE: f32 = 6.0;
/// Share of the places around a sheet on which there is print when it is part of a page.
const PRINT: f32 = 0.02;
/// The same on a ground of another colour.
const LIGHT_PRINT: f32 = 0.025;
/// Share of the places around a portrait that are strokes of the card it is on.
const STROKES: f32 = 0.10;
/// Share of the picture under which a sheet may be part of something larger.
const FAR_AWAY: f32 = 0.35;
/// Longer side of cards and passports over the shorter.
const CARDS: std::ops::Range<f32> = 1.3..1.75;

/// A sheet or card found on a picture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sheet {
    /// Its corners in pixels: upper left, upper right, lower right, lower left, as it lies.
    pub(crate) corners: [(f32, f32); 4],
    /// From 0 to 1.
    pub(crate) confidence: f32,
    /// By what share of the picture's sides each corner lies outside of it.
    pub(crate) outside: [f32; 4],
}

impl Sheet {
    pub(crate) fn new(corners: [(f32, f32); 4], confidence: f32, (width, height): (f32, f32)) -> Self {
        let over = |v: f32, side: f32| (-v).max(v - side).max(0.0) / side.max(1.0);
        let outside = corners.map(|(x, y)| over(x, width).max(over(y, height)));
        Self { corners, confidence, outside }
    }
}

/// Finds the sheet or card that the picture was taken of; `None` when the picture shows nothing else, or
/// it is not sure.
pub(crate) fn find(picture: &Rgb) -> Option<Sheet> {
    if picture.width.min(picture.height) < SMALL {
        return None;
    }
    let small = Small::of(picture);
    let best = choose(&small)?;
    let corners = refine::corners(picture, &best.quad, &small)?;
    let sheet = Sheet::new(corners, best.confidence, (picture.width as f32, picture.height as f32));
    let form = warp::ratio(&corners, (picture.width as f32, picture.height as f32));
    let leave = reason_to_leave(&best, form, &small);
    if let Some(reason) = leave {
        tracing::debug!(reason, confidence = best.confidence, "a sheet is left alone");
    }
    leave.is_none().then_some(sheet)
}

/// The largest of the quadrilaterals that are about as sure as the surest.
fn choose(small: &Small) -> Option<Rated> {
    let edges = lines::edges(small);
    let rated: Vec<Rated> =
        quad::candidates(&edges, small).into_iter().filter_map(|q| quad::rate(q, small)).collect();
    let surest = rated.iter().map(|r| r.confidence).fold(0.0, f32::max);
    rated
        .into_iter()
        .filter(|r| r.confidence >= surest * LARGER)
        .max_by(|a, b| (a.quad.area() * a.confidence).total_cmp(&(b.quad.area() * b.confidence)))
}

/// Why a sheet that was found is not cut out.
fn reason_to_leave(rated: &Rated, form: f32, small: &Small) -> Option<&'static str> {
    let quad = &rated.quad;
    if rated.confidence < SURE {
        return Some("unsure");
    }
    // A page lying straight, with an even margin around it: a scanner's, or a drawn one.
    if quad.bent() < STRAIGHT && quad.tilt() < LEVEL {
        return Some("straight");
    }
    // Another surface further out: the sheet is a field on a page whose sides were not found.
    if !lies_on_its_ground(rated, small) {
        return Some("field");
    }
    let around = Around::of(quad, rated.paper, small);
    // Print on paper outside: the sheet is part of a page, or of several.
    if around.print > PRINT || around.light > LIGHT_PRINT {
        return Some("print around");
    }
    // A portrait on a card is a small quadrilateral, too.
    let share = quad.area() / (small.width * small.height) as f32;
    if share < FAR_AWAY && (around.strokes > STROKES || !CARDS.contains(&form.max(form.recip()))) {
        return Some("part of something");
    }
    None
}

/// True when what lies beside the sheet reaches the rim of the picture, and is the same on all sides: it is
/// what the sheet lies on.
fn lies_on_its_ground(rated: &Rated, small: &Small) -> bool {
    // Paper beside some sides and something else beside others: a field that reaches a page's edge.
    let papery = rated.outside.each_ref().map(|side| {
        let count = side.iter().filter(|c| quad::is_like(**c, rated.paper)).count();
        count as f32 / side.len().max(1) as f32
    });
    if papery.iter().any(|p| *p > PAPER_BESIDE) && papery.iter().any(|p| *p < 1.0 - PAPER_BESIDE) {
        return false;
    }
    let (right, bottom) = (small.width.saturating_sub(3), small.height.saturating_sub(3));
    let level = (2..right).step_by(4).flat_map(|x| [(x, 2), (x, bottom)]);
    let upright = (2..bottom).step_by(4).flat_map(|y| [(2, y), (right, y)]);
    let rim: Vec<[f32; 3]> = level
        .chain(upright)
        .map(|(x, y)| (x as f32, y as f32))
        .filter(|place| !rated.quad.holds(*place, BESIDE))
        .filter_map(|(x, y)| small.colour(x, y))
        .collect();
    let like = |colour: [f32; 3], others: &[[f32; 3]]| {
        others.iter().filter(|other| quad::is_like(**other, colour)).count()
    };
    let beside = rated.outside.concat();
    let of_ground = rim.iter().filter(|c| like(**c, &beside) > beside.len() / 40).count();
    // A sheet that fills the picture leaves nothing to tell.
    of_ground as f32 >= rim.len() as f32 * SAME_GROUND
}

/// What lies around a sheet, as shares of the places there.
#[derive(Debug)]
struct Around {
    /// Dark strokes on a ground like the sheet's.
    print: f32,
    /// Dark strokes on a ground as light as the sheet's, in any colour.
    light: f32,
    /// Dark strokes on any ground.
    strokes: f32,
}

impl Around {
    fn of(quad: &Quad, paper: [f32; 3], small: &Small) -> Self {
        let (mut places, mut print, mut light, mut strokes) = (0u32, 0u32, 0u32, 0u32);
        for y in (0..small.height).step_by(2) {
            for x in (0..small.width).step_by(2) {
                let place = (x as f32, y as f32);
                // Just beside the sheet, it is the sheet that darkens what lies there.
                if quad.holds(place, BESIDE) {
                    continue;
                }
                places += 1;
                if small.strokes.at(x, y) <= STROKE {
                    continue;
                }
                strokes += 1;
                let Some(ground) = small.colour(place.0, place.1) else { continue };
                let brightness = lightness(ground) / lightness(paper).max(1.0);
                print += u32::from(brightness > 0.8 && quad::is_like(ground, paper));
                light += u32::from(brightness > 0.92);
            }
        }
        let share = |count: u32| count as f32 / places.max(1) as f32;
        Self { print: share(print), light: share(light), strokes: share(strokes) }
    }
}

fn lightness(colour: [f32; 3]) -> f32 {
    colour.iter().sum::<f32>() / 3.0
}
