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
    let pieces = pieces(&points(&mask.ink), mask, level);
    let mut found: Vec<Frame> = Vec::new();
    for (index, one) in pieces.iter().enumerate() {
        for two in pieces.iter().skip(index + 1) {
            let (upper, lower) = if one.from.1 <= two.from.1 { (one, two) } else { (two, one) };
            if let Some(frame) = joined(mask, upper, lower, long) {
                found.push(frame);
            }
        }
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
    let crossing = |p: &Point, turn: f32| p.y + (middle - p.x) * turn.to_radians().tan() + reach;
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
            let row = crossing(point, turn);
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
    best.truncate(120);
    let mut found: Vec<Piece> = Vec::new();
    for (_, bin, row) in best {
        let turn = bin as f32 * BIN - MOST;
        let mut on: Vec<(f32, f32)> = slopes
            .iter()
            .filter(|(slope, p)| {
                (slope - turn).abs() < 6.0 && (crossing(p, turn) - row as f32 - 0.5).abs() < 1.8
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
    found.truncate(160);
    found
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
    if sides < 0.55 {
        return None;
    }
    // Text, not a picture and not nothing.
    let (mut inked, mut seen) = (0usize, 0usize);
    let (mut rows_inked, mut rows) = (0usize, 0usize);
    let mut d = top + height * 0.12;
    while d < bottom - height * 0.12 {
        let mut s = from + width * 0.06;
        let mut any = 0usize;
        while s < to - width * 0.06 {
            let (x, y) = place(s, d);
            let is_ink = x >= 0.0 && y >= 0.0 && mask.all.at(x as usize, y as usize) == 1;
            inked += usize::from(is_ink);
            any += usize::from(is_ink);
            seen += 1;
            s += 1.0;
        }
        rows += 1;
        rows_inked += usize::from(any > 2);
        d += 1.0;
    }
    let dense = inked as f32 / seen.max(1) as f32;
    let text = (0.03..0.5).contains(&dense) && rows_inked * 3 >= rows;
    text.then_some(Frame { corners })
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
