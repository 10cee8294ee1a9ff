//! Rectangular stamps: frames of ink that lie askew on the page, with text in them.

use super::mask::Mask;
use super::points::{Point, points};
use crate::area::Area;
use crate::ocr::binary::Ink;

/// The longer side of a stamp, as shares of the page's longer side: 22 to 105 mm of A4.
const SHORTEST: f32 = 0.075;
const LONGEST: f32 = 0.355;
/// The shorter side at least: 6 mm.
const LOWEST: f32 = 0.02;
/// The most a stamp is turned, in degrees.
const MOST: f32 = 15.0;
/// Degrees under which a frame may be one of the page's own.
const LEVEL: f32 = 1.0;
/// Degrees of a bin of directions.
const BIN: f32 = 0.5;

/// A frame that was found, in pixels of the mask: corners from the upper left, clockwise.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) corners: [(f32, f32); 4],
}

impl Frame {
    pub(super) fn area(&self) -> Area {
        let of = |(x, y): (f32, f32)| Area::new(x, y, x, y);
        let [first, ..] = self.corners;
        self.corners.iter().fold(of(first), |all, &c| all.union(of(c)))
    }
}

/// A straight piece of line.
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// Degrees.
    turn: f32,
    from: (f32, f32),
    to: (f32, f32),
}

impl Piece {
    fn length(&self) -> f32 {
        (self.to.0 - self.from.0).hypot(self.to.1 - self.from.1)
    }
}

/// Frames of stamps. `level` tells how far rows of text slope at a height of the page (0 to 1), in
/// degrees.
pub(super) fn frames(mask: &Mask, level: &dyn Fn(f32) -> f32) -> Vec<Frame> {
    let long = mask.long();
    let mut points = points(&without_long_runs(&mask.ink));
    points.retain(|p| {
        let slope = p.nx.abs().atan2(p.ny.abs()).to_degrees();
        slope <= MOST + 2.0
    });
    let pieces = pieces(&points, mask, level);
    let mut found: Vec<Frame> = Vec::new();
    for (index, one) in pieces.iter().enumerate() {
        for two in pieces.iter().skip(index + 1) {
            let (upper, lower) = if one.from.1 <= two.from.1 { (one, two) } else { (two, one) };
            if let Some(frame) = joined(mask, upper, lower, long) {
                found.push(frame);
            }
        }
    }
    // A side that is broken or crossed is no piece: look for it across from one that is.
    for piece in &pieces {
        found.extend(completed(mask, piece, long));
    }
    // The largest of those that lie in each other.
    found.sort_by(|a, b| b.area().size().total_cmp(&a.area().size()));
    let mut kept: Vec<Frame> = Vec::new();
    for frame in found {
        if kept.iter().all(|k| k.area().shared(frame.area()) < frame.area().size() * 0.3) {
            kept.push(frame);
        }
    }
    kept
}

/// Takes out the page's own level lines, whose ink runs along a row for long: the sides of a frame that
/// lies askew do not.
fn without_long_runs(ink: &Ink) -> Ink {
    let longest = ink.long_edge() / 10;
    let mut ink = ink.clone();
    let width = ink.width.max(1);
    for row in ink.pixels.chunks_mut(width) {
        for run in row.chunk_by_mut(|a, b| (*a == 0) == (*b == 0)) {
            if run.len() > longest {
                run.fill(0);
            }
        }
    }
    ink
}

/// Straight nearly level pieces of line that are not quite level.
fn pieces(points: &[Point], mask: &Mask, level: &dyn Fn(f32) -> f32) -> Vec<Piece> {
    let long = mask.long();
    let bins = (2.0 * MOST / BIN) as usize + 1;
    let height = mask.ink.height as f32;
    // Lines are told by where they cross the middle of the page.
    let middle = mask.ink.width as f32 / 2.0;
    let reach = middle * MOST.to_radians().tan();
    let rows = (height + 2.0 * reach) as usize + 1;
    let mut votes = vec![0u16; bins * rows];
    let steep: Vec<f32> = (0..bins).map(|bin| (bin as f32 * BIN - MOST).to_radians().tan()).collect();
    let crossing =
        |p: &Point, bin: usize| p.y + (middle - p.x) * steep.get(bin).copied().unwrap_or(0.0) + reach;
    let slopes: Vec<(f32, &Point)> = points
        .iter()
        .map(|p| {
            // Lines run across their normal.
            let (nx, ny) = if p.ny < 0.0 { (-p.nx, -p.ny) } else { (p.nx, p.ny) };
            ((-nx).atan2(ny).to_degrees(), p)
        })
        .filter(|(slope, _)| slope.abs() <= MOST + 2.0)
        .collect();
    for (slope, point) in &slopes {
        // Directions of short pieces are known to some degrees.
        for off in -8i32..=8 {
            let turn = ((slope / BIN).round() + off as f32) * BIN;
            let bin = (turn + MOST) / BIN;
            if bin < 0.0 || bin as usize >= bins {
                continue;
            }
            let row = crossing(point, bin as usize);
            if row >= 0.0
                && (row as usize) < rows
                && let Some(vote) = votes.get_mut(bin as usize * rows + row as usize)
            {
                *vote = vote.saturating_add(1);
            }
        }
    }
    let needed = (SHORTEST * long * 0.6) as u16;
    let at = |bin: usize, row: usize| votes.get(bin * rows + row).copied().unwrap_or(0);
    let mut best: Vec<(u16, usize, usize)> = Vec::new();
    for bin in 0..bins {
        // The bins of the page's own lines are full.
        if (bin as f32 * BIN - MOST - level(0.5)).abs() < LEVEL {
            continue;
        }
        for row in 1..rows.saturating_sub(1) {
            let v = at(bin, row);
            let around = [
                at(bin, row - 1),
                at(bin, row + 1),
                if bin > 0 { at(bin - 1, row) } else { 0 },
                if bin + 1 < bins { at(bin + 1, row) } else { 0 },
            ];
            if v >= needed && around.iter().all(|&n| n <= v) {
                best.push((v, bin, row));
            }
        }
    }
    best.sort_unstable_by(|a, b| b.cmp(a));
    best.truncate(200);
    let mut found: Vec<Piece> = Vec::new();
    for (_, bin, row) in best {
        let turn = bin as f32 * BIN - MOST;
        let mut on: Vec<(f32, f32)> = slopes
            .iter()
            .filter(|(slope, p)| {
                (slope - turn).abs() < 6.0 && (crossing(p, bin) - row as f32 - 0.5).abs() < 1.8
            })
            .map(|(_, p)| (p.x, p.y))
            .collect();
        on.sort_by(|a, b| a.0.total_cmp(&b.0));
        for run in on.chunk_by(|a, b| b.0 - a.0 < 9.0) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            let Some((slope, offset)) = line(run) else { continue };
            let piece = Piece {
                turn: slope.atan().to_degrees(),
                from: (first.0, offset + slope * first.0),
                to: (last.0, offset + slope * last.0),
            };
            let length = piece.length();
            let mut columns: Vec<i32> = run.iter().map(|p| p.0 as i32).collect();
            columns.dedup();
            let whole = columns.len() as f32 > length * 0.5;
            let askew = (piece.turn - level(first.1 / height.max(1.0))).abs();
            if (SHORTEST * long..LONGEST * long).contains(&length) && whole && askew >= LEVEL {
                found.push(piece);
            }
        }
    }
    // Bins beside each other find the same line.
    let mut kept: Vec<Piece> = Vec::new();
    for piece in found {
        let near = |a: (f32, f32), b: (f32, f32)| (a.0 - b.0).abs() < 5.0 && (a.1 - b.1).abs() < 3.0;
        if kept.len() < 120 && !kept.iter().any(|k| near(k.from, piece.from) && near(k.to, piece.to)) {
            kept.push(piece);
        }
    }
    kept
}

/// Slope and offset of the straight line nearest to some places.
fn line(run: &[(f32, f32)]) -> Option<(f32, f32)> {
    let count = run.len() as f32;
    if run.len() < 10 {
        return None;
    }
    let (mx, my) = run.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / count, y + p.1 / count));
    let (xx, xy) = run
        .iter()
        .fold((0.0, 0.0), |(xx, xy), p| (xx + (p.0 - mx) * (p.0 - mx), xy + (p.0 - mx) * (p.1 - my)));
    (xx > 1.0).then(|| (xy / xx, my - xy / xx * mx))
}

/// The frame of which two pieces are the upper and the lower side.
fn joined(mask: &Mask, upper: &Piece, lower: &Piece, long: f32) -> Option<Frame> {
    if (upper.turn - lower.turn).abs() > 1.6 {
        return None;
    }
    let turn = f32::midpoint(upper.turn, lower.turn);
    let (sin, cos) = turn.to_radians().sin_cos();
    let along = |p: (f32, f32)| p.0 * cos + p.1 * sin;
    let across = |p: (f32, f32)| p.1 * cos - p.0 * sin;
    let (left, right) = (along(upper.from) - along(lower.from), along(upper.to) - along(lower.to));
    let width = upper.length().max(lower.length());
    let slack = width * 0.05 + 5.0;
    let height = across(lower.from) - across(upper.from);
    if left.abs() > slack || right.abs() > slack {
        return None;
    }
    if height < LOWEST * long || height > width * 1.3 || width > height * 7.0 {
        return None;
    }
    let from = along(upper.from).min(along(lower.from));
    let to = along(upper.to).max(along(lower.to));
    let (top, bottom) = (
        f32::midpoint(across(upper.from), across(upper.to)),
        f32::midpoint(across(lower.from), across(lower.to)),
    );
    let place = |s: f32, d: f32| (s * cos - d * sin, s * sin + d * cos);
    let corners = [place(from, top), place(to, top), place(to, bottom), place(from, bottom)];
    let [one, two, three, four] = corners;
    let sides = covered(&mask.ink, one, four, slack).min(covered(&mask.ink, two, three, slack));
    (sides >= 0.55 && holds_text(mask, corners)).then_some(Frame { corners })
}

/// The frame of which one side is whole, and the other three are there for the most part.
fn completed(mask: &Mask, side: &Piece, long: f32) -> Option<Frame> {
    let (sin, cos) = side.turn.to_radians().sin_cos();
    let width = side.length();
    let shifted = |p: (f32, f32), d: f32| (p.0 - sin * d, p.1 + cos * d);
    let (least, most) = ((LOWEST * long).max(width / 7.0), width * 1.1);
    let mut best: Option<(f32, f32)> = None;
    let mut distance = least;
    while distance < most {
        for d in [distance, -distance] {
            let cover = covered(&mask.ink, shifted(side.from, d), shifted(side.to, d), 1.5);
            if cover >= 0.62 && best.is_none_or(|b| cover > b.0 + 0.05) {
                let sides = covered(&mask.ink, side.from, shifted(side.from, d), 6.0).min(covered(
                    &mask.ink,
                    side.to,
                    shifted(side.to, d),
                    6.0,
                ));
                if sides >= 0.72 {
                    best = Some((cover, d));
                }
            }
        }
        distance += 2.0;
    }
    let (_, d) = best?;
    let (from, to) = (shifted(side.from, d), shifted(side.to, d));
    let corners = if d > 0.0 { [side.from, side.to, to, from] } else { [from, to, side.to, side.from] };
    holds_text(mask, corners).then_some(Frame { corners })
}

/// True for a frame with text in it, not a picture and not nothing.
fn holds_text(mask: &Mask, [one, two, _, four]: [(f32, f32); 4]) -> bool {
    let width = (two.0 - one.0).hypot(two.1 - one.1);
    let height = (four.0 - one.0).hypot(four.1 - one.1);
    let place = |u: f32, v: f32| {
        let at = |o: f32, a: f32, b: f32| o + (a - o) * u + (b - o) * v;
        (at(one.0, two.0, four.0), at(one.1, two.1, four.1))
    };
    let (mut inked, mut seen) = (0usize, 0usize);
    let (mut rows_inked, mut rows) = (0usize, 0usize);
    let inner = |side: f32| (side * 0.1) as usize..(side * 0.9) as usize;
    for y in inner(height) {
        let mut any = 0usize;
        for x in inner(width) {
            let (px, py) = place(x as f32 / width, y as f32 / height);
            let is_ink = px >= 0.0 && py >= 0.0 && mask.all.at(px as usize, py as usize) == 1;
            any += usize::from(is_ink);
            seen += 1;
        }
        inked += any;
        rows += 1;
        rows_inked += usize::from(any > 2);
    }
    let dense = inked as f32 / seen.max(1) as f32;
    (0.03..0.5).contains(&dense) && rows_inked * 3 >= rows
}

/// Share of the way between two places that runs along ink, the line being looked for up to `slack`
/// beside it.
fn covered(ink: &Ink, from: (f32, f32), to: (f32, f32), slack: f32) -> f32 {
    let length = (to.0 - from.0).hypot(to.1 - from.1);
    let (ux, uy) = ((to.0 - from.0) / length, (to.1 - from.1) / length);
    let (start, end) = (length * 0.08, length * 0.92);
    let mut best = 0.0f32;
    let mut off = -slack;
    while off <= slack {
        let (mut seen, mut inked) = (0usize, 0usize);
        let mut s = start;
        while s < end {
            let hit = [-1.0, 0.0, 1.0].iter().any(|d| {
                let (x, y) = (from.0 + ux * s - uy * (off + d), from.1 + uy * s + ux * (off + d));
                x >= 0.0 && y >= 0.0 && ink.at(x as usize, y as usize) == 1
            });
            inked += usize::from(hit);
            seen += 1;
            s += 1.0;
        }
        best = best.max(inked as f32 / seen.max(1) as f32);
        off += 1.5;
    }
    best
}
