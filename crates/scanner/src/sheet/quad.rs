//! Four edges that may be the sides of a sheet, and how sure it is that they are.

use super::lines::Edge;
use super::small::Small;

/// A corner of a picture.
pub(super) type Corner = (f32, f32);

/// Share of the picture that a sheet covers at least.
const LEAST_AREA: f32 = 0.11;
/// Share of the picture's sides by which a corner may lie outside of it.
const OUTSIDE: f32 = 0.12;
/// Share of a side that must be in the picture.
const IN_PICTURE: f32 = 0.7;
/// Share of a side on which there must be an edge at all.
const LEAST_SUPPORT: f32 = 0.35;
/// The same of all sides together.
const MEAN_SUPPORT: f32 = 0.62;
/// What a side counts on which the sheet is darker than its table although it is brighter on most others.
const OTHER_WAY: f32 = 0.9;
/// The sharpest corner of a sheet seen from aside, as a cosine.
const SHARPEST: f32 = 0.5;
/// Candidates that are looked at closely.
const CANDIDATES: usize = 40;
/// Places along a side at which its colours are compared.
const PLACES: usize = 40;
/// How far from a side its colours are taken, in pixels: beyond the blur of the edge.
const ASIDE: f32 = 5.0;
/// The least difference between the colours on both sides of an edge.
const CONTRAST: f32 = 8.0;

/// Four corners, clockwise from the upper left, in pixels of the small copy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quad {
    pub(super) corners: [Corner; 4],
    /// Share of the sides on which there is an edge.
    support: f32,
    /// Share of the side that has the least of it.
    weakest: f32,
}

impl Quad {
    /// The corners in order: clockwise, the one nearest the upper left of the picture first.
    pub(super) fn ordered(mut corners: [Corner; 4]) -> [Corner; 4] {
        let (mx, my) = corners.iter().fold((0.0, 0.0), |m, c| (m.0 + c.0 / 4.0, m.1 + c.1 / 4.0));
        corners.sort_by(|a, b| (a.1 - my).atan2(a.0 - mx).total_cmp(&(b.1 - my).atan2(b.0 - mx)));
        let first = corners.iter().enumerate().min_by(|a, b| (a.1.0 + a.1.1).total_cmp(&(b.1.0 + b.1.1)));
        let first = first.map_or(0, |(i, _)| i);
        corners.rotate_left(first);
        corners
    }

    /// The sides: upper, right, lower, left.
    pub(super) fn sides(&self) -> [(Corner, Corner); 4] {
        let [a, b, c, d] = self.corners;
        [(a, b), (b, c), (c, d), (d, a)]
    }

    pub(super) fn area(&self) -> f32 {
        area(&self.corners)
    }

    /// True for a place inside, or no further outside than `margin`.
    pub(super) fn holds(&self, (x, y): Corner, margin: f32) -> bool {
        self.sides()
            .iter()
            .all(|&(a, b)| (b.0 - a.0) * (y - a.1) - (b.1 - a.1) * (x - a.0) >= -margin * distance(a, b))
    }

    /// Cosines of the corners.
    fn cosines(&self) -> [f32; 4] {
        let [a, b, c, d] = self.corners;
        [(d, a, b), (a, b, c), (b, c, d), (c, d, a)].map(|(before, at, after)| {
            let back = (before.0 - at.0, before.1 - at.1);
            let on = (after.0 - at.0, after.1 - at.1);
            (back.0 * on.0 + back.1 * on.1) / (back.0.hypot(back.1) * on.0.hypot(on.1)).max(1e-6)
        })
    }

    /// By how many degrees its corners differ from right angles, the worst of them.
    pub(super) fn bent(&self) -> f32 {
        self.cosines().iter().map(|c| c.abs().min(1.0).asin().to_degrees()).fold(0.0, f32::max)
    }

    /// By how many degrees its sides lie askew, on the mean.
    pub(super) fn tilt(&self) -> f32 {
        let tilts = self.sides().map(|(a, b)| {
            let angle = (b.1 - a.1).atan2(b.0 - a.0).to_degrees();
            angle - (angle / 90.0).round() * 90.0
        });
        (tilts.iter().sum::<f32>() / 4.0).abs()
    }
}

fn area(corners: &[Corner; 4]) -> f32 {
    let [a, b, c, d] = corners;
    ((c.0 - a.0) * (d.1 - b.1) - (d.0 - b.0) * (c.1 - a.1)).abs() / 2.0
}

pub(super) fn distance(a: Corner, b: Corner) -> f32 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// The likeliest sheets by their edges alone.
pub(super) fn candidates(edges: &[Edge], small: &Small) -> Vec<Quad> {
    let pairs = opposite(edges);
    let mut quads = Vec::new();
    for (i, &(a, b)) in pairs.iter().enumerate() {
        for &(c, d) in pairs.get(i + 1..).unwrap_or_default() {
            let across = (a.line.nx * c.line.nx + a.line.ny * c.line.ny).abs();
            if across < 0.6
                && let Some(quad) = quad([a, c, b, d], small)
            {
                quads.push(quad);
            }
        }
    }
    let rank = |q: &Quad| q.support * q.support * q.weakest.sqrt() * q.area().powf(0.25);
    quads.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    quads.truncate(CANDIDATES);
    quads
}

/// Edges that may be opposite sides of a sheet.
fn opposite(edges: &[Edge]) -> Vec<(&Edge, &Edge)> {
    let mut pairs = Vec::new();
    for (i, a) in edges.iter().enumerate() {
        for b in edges.get(i + 1..).unwrap_or_default() {
            if (a.line.nx * b.line.nx + a.line.ny * b.line.ny).abs() > 0.85 {
                pairs.push((a, b));
            }
        }
    }
    pairs
}

/// The quadrilateral of four edges in turn; `None` when it cannot be a sheet.
fn quad([a, b, c, d]: [&Edge; 4], small: &Small) -> Option<Quad> {
    let turn = [(d, a), (a, b), (b, c), (c, d)];
    let mut corners = [(0.0, 0.0); 4];
    let (width, height) = (small.width as f32, small.height as f32);
    for (corner, (one, other)) in corners.iter_mut().zip(turn) {
        *corner = one.line.crossing(&other.line)?;
        let out = |v: f32, side: f32| v < -side * OUTSIDE || v > side * (1.0 + OUTSIDE);
        if out(corner.0, width) || out(corner.1, height) {
            return None;
        }
    }
    if area(&corners) < width * height * LEAST_AREA {
        return None;
    }
    let middle = corners.iter().fold((0.0, 0.0), |m, c| (m.0 + c.0 / 4.0, m.1 + c.1 / 4.0));
    // Shares of each side where it is brighter inside, and darker.
    let mut shares = [(0.0f32, 0.0f32); 4];
    for (share, (edge, (from, to))) in shares.iter_mut().zip([
        (a, (corners[0], corners[1])),
        (b, (corners[1], corners[2])),
        (c, (corners[2], corners[3])),
        (d, (corners[3], corners[0])),
    ]) {
        let (from, to) = (edge.line.along(from), edge.line.along(to));
        let length = (to - from).abs();
        let (seen, brighter, darker) = edge.support(from, to);
        if seen < length * IN_PICTURE || length < 40.0 {
            return None;
        }
        *share = if edge.line.off(middle) > 0.0 { (brighter, darker) } else { (darker, brighter) };
    }
    let bright: f32 = shares.iter().map(|s| s.0).sum();
    let dark: f32 = shares.iter().map(|s| s.1).sum();
    // A sheet is brighter than what it lies on, or darker. A card may be both: many have a dark band along
    // one side, which is not to be cut off.
    let good = shares.map(|(b, d)| {
        let other = if bright >= dark { d > b } else { b > d };
        (b.max(d) + b.min(d) * 0.4) * if other { OTHER_WAY } else { 1.0 }
    });
    let support = good.iter().sum::<f32>() / 4.0;
    let weakest = good.iter().copied().fold(1.0, f32::min);
    let quad = Quad { corners: Quad::ordered(corners), support, weakest };
    let convex = quad.cosines().iter().all(|c| c.abs() < SHARPEST) && quad.holds(middle, 0.0);
    (support >= MEAN_SUPPORT && weakest >= LEAST_SUPPORT && convex).then_some(quad)
}

/// What the colours along the sides tell.
#[derive(Debug, Clone)]
pub(super) struct Rated {
    pub(super) quad: Quad,
    /// From 0 to 1.
    pub(super) confidence: f32,
    /// The usual colour just inside.
    pub(super) paper: [f32; 3],
    /// The colours just outside of each side.
    pub(super) outside: [Vec<[f32; 3]>; 4],
}

/// Looks at the colours along the sides.
pub(super) fn rate(quad: Quad, small: &Small) -> Option<Rated> {
    let mut inside = Vec::new();
    let mut outside = [const { Vec::new() }; 4];
    // For each side, places seen, and those with a contrast.
    let mut told = [(0.0f32, 0.0f32); 4];
    for ((told, outside), (a, b)) in told.iter_mut().zip(&mut outside).zip(quad.sides()) {
        let length = distance(a, b).max(1.0);
        // Clockwise, inside lies to the right of the way: below the upper side.
        let (nx, ny) = (-(b.1 - a.1) / length, (b.0 - a.0) / length);
        for i in 0..PLACES {
            let along = 0.04 + 0.92 * i as f32 / (PLACES - 1) as f32;
            let (x, y) = (a.0 + (b.0 - a.0) * along, a.1 + (b.1 - a.1) * along);
            let near = small.colour(x + nx * ASIDE, y + ny * ASIDE);
            let far = small.colour(x - nx * ASIDE, y - ny * ASIDE);
            let Some(near) = near else { continue };
            // The table may be cut off just beside the sheet.
            let Some(far) = far.or_else(|| small.colour(x - nx * 2.5, y - ny * 2.5)) else { continue };
            told.0 += 1.0;
            told.1 += f32::from(u8::from(difference(near, far) >= CONTRAST));
            inside.push(near);
            outside.push(far);
        }
    }
    let paper = median(&inside)?;
    let shares = told.map(|(seen, good)| good / seen.max(1.0));
    let contrast = shares.iter().sum::<f32>() / 4.0;
    let least = shares.iter().copied().fold(1.0, f32::min);
    let alike = inside.iter().filter(|c| is_like(**c, paper)).count() as f32 / inside.len().max(1) as f32;
    let edges = 0.5 * quad.support + 0.5 * contrast;
    let weakest = (quad.weakest.min(least) / 0.6).min(1.0);
    let confidence = edges * (0.6 + 0.4 * weakest) * (0.7 + 0.3 * alike);
    Some(Rated { quad, confidence, paper, outside })
}

/// The largest difference in one of the three colours.
fn difference(a: [f32; 3], b: [f32; 3]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// True for a colour that is another in other light.
pub(super) fn is_like(a: [f32; 3], b: [f32; 3]) -> bool {
    let light = |c: [f32; 3]| c.iter().sum::<f32>().max(1.0);
    let ratio = light(a) / light(b);
    let tint = a.iter().zip(b).map(|(p, q)| (p / light(a) - q / light(b)).abs()).fold(0.0, f32::max);
    (0.55..1.6).contains(&ratio) && tint < 0.035
}

/// The median of each of the three colours.
fn median(colours: &[[f32; 3]]) -> Option<[f32; 3]> {
    let mut middle = [0.0; 3];
    for (i, m) in middle.iter_mut().enumerate() {
        let values = colours.iter().filter_map(|c| c.get(i).copied());
        *m = crate::layout::median(values)?;
    }
    Some(middle)
}
