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
const SURE: f32 = 0.70;
/// By how much less sure a larger sheet may be than one inside of it.
const LARGER: f32 = 0.88;

/// A sheet or card found on a picture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sheet {
    /// Its corners in pixels: upper left, upper right, lower right, lower left, as it lies.
    pub(crate) corners: [(f32, f32); 4],
    /// From 0 to 1.
    pub(crate) confidence: f32,
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
    let sheet = Sheet { corners, confidence: best.confidence };
    let leave = reason_to_leave(&best, &small);
    tracing::debug!(
        confidence = best.confidence,
        bent = best.quad.bent(),
        tilt = best.quad.tilt(),
        area = best.quad.area() / (small.width * small.height) as f32,
        paper = ?best.paper,
        table = ?best.table,
        ?leave,
        "sheet"
    );
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
        .max_by(|a, b| (a.quad.area() * a.confidence * a.confidence).total_cmp(&(b.quad.area() * b.confidence * b.confidence)))
}

/// Why a sheet that was found is not cut out.
fn reason_to_leave(rated: &Rated, small: &Small) -> Option<&'static str> {
    let quad = &rated.quad;
    if rated.confidence < SURE {
        return Some("unsure");
    }
    let around = Around::of(quad, rated.paper, small);
    tracing::debug!(?around, "around");
    // A page lying straight, with an even margin around it: a scanner's, or a drawn one.
    if quad.bent() < 0.8 && quad.tilt() < 3.0 {
        return Some("straight");
    }
    // Print on paper outside: the sheet is part of a page, or of several.
    if around.print > 0.012 {
        return Some("print around");
    }
    None
}

/// What lies around a sheet.
#[derive(Debug)]
struct Around {
    /// Share of the places around that are dark strokes on a ground like the sheet's.
    print: f32,
}

impl Around {
    fn of(quad: &Quad, paper: [f32; 3], small: &Small) -> Self {
        let (mut places, mut print) = (0u32, 0u32);
        for y in (0..small.height).step_by(2) {
            for x in (0..small.width).step_by(2) {
                let place = (x as f32, y as f32);
                if quad.holds(place) {
                    continue;
                }
                places += 1;
                let ground = small.colour(place.0, place.1);
                let on_paper = ground.is_some_and(|g| quad::is_like(g, paper) && lightness(g) > 0.8 * lightness(paper));
                print += u32::from(on_paper && small.strokes.at(x, y) > 30);
            }
        }
        Self { print: print as f32 / places.max(1) as f32 }
    }
}

fn lightness(colour: [f32; 3]) -> f32 {
    colour.iter().sum::<f32>() / 3.0
}
