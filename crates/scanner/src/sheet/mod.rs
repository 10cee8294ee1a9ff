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

use crate::area::Area;
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
/// Side of the squares beside a sheet in which print is looked for, in pixels of the small copy.
const CELL: usize = 20;
/// Share of a square that is strokes when there is print on it, and how much more that is than on the ground.
const CELL_PRINT: f32 = 0.12;
const MUCH_FULLER: f32 = 4.0;
/// Squares with print that make up a second card or sheet: photos of both sides of a card have 32 to 43, those
/// of a page beside another 19 and more, those of one sheet 3 at most, on stone and checked cloth as well.
const PRINTED_CELLS: usize = 18;
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
    // Both sides of a card next to each other: the other one would be lost.
    let printed = printed_squares(quad, small);
    tracing::debug!(printed, "squares of print beside the sheet");
    if printed >= PRINTED_CELLS {
        return Some("a second sheet");
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

/// How many [squares](CELL) of the picture outside of a sheet are printed, in one place: much fuller of strokes
/// than most of what lies around.
fn printed_squares(quad: &Quad, small: &Small) -> usize {
    let mut squares: Vec<(Area, f32)> = Vec::new();
    for top in (0..small.height.saturating_sub(CELL - 1)).step_by(CELL) {
        for left in (0..small.width.saturating_sub(CELL - 1)).step_by(CELL) {
            let (x, y, side) = (left as f32, top as f32, CELL as f32);
            let corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)];
            if corners.into_iter().any(|corner| quad.holds(corner, BESIDE)) {
                continue;
            }
            let places = (0..CELL * CELL).map(|i| (left + i % CELL, top + i / CELL));
            let strokes = places.filter(|(x, y)| small.strokes.at(*x, *y) > STROKE).count();
            squares.push((Area::new(x, y, x + side, y + side), strokes as f32 / (CELL * CELL) as f32));
        }
    }
    let usual = crate::layout::median(squares.iter().map(|(_, share)| *share)).unwrap_or(0.0);
    let least = CELL_PRINT.max(usual * MUCH_FULLER);
    let printed: Vec<Area> = squares.iter().filter(|(_, share)| *share >= least).map(|(a, _)| *a).collect();
    let places = crate::area::cluster(printed.clone(), 1.0);
    let held = |place: &Area| printed.iter().filter(|a| a.shared(*place) > 0.0).count();
    places.iter().map(held).max().unwrap_or(0)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// A photo of a table with printed cards at the given heights, each seen a little from aside.
    fn photo(cards: &[f32]) -> Rgb {
        let (width, height) = (900usize, 1200usize);
        let mut pixels = Vec::with_capacity(width * height * 3);
        for i in 0..width * height {
            let (x, y) = ((i % width) as f32, (i / width) as f32);
            let card = cards.iter().find(|top| {
                let down = y - *top - (x - 450.0) * 0.02;
                (0.0..400.0).contains(&down) && (130.0 + down * 0.05..770.0 - down * 0.05).contains(&x)
            });
            let is_print = |top: &f32| {
                let (row, along) = ((y - top) as usize, x as usize);
                (40.0..340.0).contains(&(y - top))
                    && (200..700).contains(&along)
                    && row % 24 < 8
                    && along % 10 < 5
            };
            pixels.extend(match card {
                Some(top) if is_print(top) => [40, 40, 60],
                Some(_) => [225, 230, 235],
                None => [140, 100, 60],
            });
        }
        Rgb::new(width, height, pixels).unwrap()
    }

    #[test]
    fn one_card_is_found_and_of_two_none_is_lost() {
        let found = find(&photo(&[300.0])).unwrap();
        assert!(found.corners.iter().all(|(_, y)| (290.0..720.0).contains(y)), "{found:?}");
        assert_eq!(find(&photo(&[120.0, 680.0])), None);
    }
}
