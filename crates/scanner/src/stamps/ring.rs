//! Round and oval stamps: rings of ink with text in them.

use std::f32::consts::{PI, TAU};

use super::ellipse::Ellipse;
use super::mask::Mask;
use super::points::{Point, points};
use crate::ocr::binary::{Ink, components};

/// Half of a stamp's shorter axis at least, and of its longer at most, as shares of the page's longer
/// side: 7.4 and 37 mm of A4.
const SHORTEST: f32 = 0.025;
const LONGEST: f32 = 0.125;
/// How much longer than high an oval may be.
const FLATTEST: f32 = 2.0;
/// How often wider than high the ovals are that are looked for; others are near enough to one of them.
const STRETCHES: [f32; 4] = [1.0, 1.28, 1.6, 0.8];
/// Middles looked at for each stretch.
const PEAKS: usize = 10;
/// Votes up to which a place is no middle.
const FEWEST_VOTES: u32 = 20;
/// Points that vote for middles.
const VOTERS: usize = 12_000;
/// Pixels of a cell of votes.
const CELL: f32 = 2.0;
/// Parts of a ring that are seen to be there or not.
const SECTORS: usize = 72;

/// A ring that was found, in pixels of the mask.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ring {
    pub(super) ellipse: Ellipse,
    /// Share of the ring on which there is ink.
    pub(super) cover: f32,
}

/// The stamps' outer rings on a page.
pub(super) fn rings(mask: &Mask) -> Vec<Ring> {
    let points = points(&mask.curves);
    let mut found: Vec<Ring> = Vec::new();
    for stretch in STRETCHES {
        for (x, y) in middles(mask, &points, stretch) {
            let near = radii(mask, &points, (x, y), stretch);
            found.extend(judged(mask, &points, near));
        }
    }
    outermost(found)
}

/// The ring about a place that is nearly known, in a mask of a stamp alone.
pub(super) fn refined(ink: &Ink, near: Ellipse) -> Option<Ellipse> {
    fit(&points(ink), near, near.short() * 0.12)
}

/// Of rings about the same middle, the largest.
fn outermost(mut found: Vec<Ring>) -> Vec<Ring> {
    found.sort_by(|a, b| (b.ellipse.a * b.ellipse.b).total_cmp(&(a.ellipse.a * a.ellipse.b)));
    let mut kept: Vec<Ring> = Vec::new();
    for ring in found {
        let inside = |k: &Ring| k.ellipse.place(ring.ellipse.x, ring.ellipse.y).0 < 0.8;
        match kept.iter_mut().find(|k| inside(k)) {
            // Two fits of one line: the better.
            Some(k) if ring.ellipse.short() > k.ellipse.short() * 0.93 && ring.cover > k.cover + 0.05 => {
                *k = ring;
            }
            Some(_) => {}
            None => kept.push(ring),
        }
    }
    kept
}

/// The likeliest middles of rings: each point of a line votes for the places at right angles to it.
fn middles(mask: &Mask, points: &[Point], stretch: f32) -> Vec<(f32, f32)> {
    let long = mask.long();
    let (least, most) = (SHORTEST * long, LONGEST * long / stretch.max(1.0));
    // Middles may lie outside: stamps are cut by the edge of the page.
    let pad = SHORTEST * long;
    let columns = ((mask.ink.width as f32 / stretch + 2.0 * pad) / CELL) as usize + 1;
    let rows = ((mask.ink.height as f32 + 2.0 * pad) / CELL) as usize + 1;
    let mut votes = vec![0u16; columns * rows];
    let skip = points.len().div_ceil(VOTERS).max(1);
    for point in points.iter().step_by(skip) {
        let (nx, ny) = (point.nx * stretch, point.ny);
        let length = nx.hypot(ny);
        let (nx, ny) = (nx / length, ny / length);
        let (x, y) = ((point.x / stretch + pad) / CELL, (point.y + pad) / CELL);
        for way in [1.0, -1.0] {
            let mut radius = least / CELL;
            while radius <= most / CELL {
                let (cx, cy) = (x + way * nx * radius, y + way * ny * radius);
                if cx >= 0.0
                    && cy >= 0.0
                    && (cx as usize) < columns
                    && let Some(vote) = votes.get_mut(cy as usize * columns + cx as usize)
                {
                    *vote = vote.saturating_add(1);
                }
                radius += 1.0;
            }
        }
    }
    let smooth = smoothed(&votes, columns);
    peaks(&smooth, columns, least / CELL * 0.6)
        .into_iter()
        .map(|(x, y)| (((x as f32 + 0.5) * CELL - pad) * stretch, (y as f32 + 0.5) * CELL - pad))
        .collect()
}

/// Sums of 3 x 3 votes: directions are not exact.
fn smoothed(votes: &[u16], columns: usize) -> Vec<u32> {
    let mut level = Vec::with_capacity(votes.len());
    for row in votes.chunks(columns.max(1)) {
        let sum = |near: &[u16]| near.iter().map(|&v| u32::from(v)).sum::<u32>();
        let ends = row.len().min(2);
        level.extend(row.get(..ends).map(sum));
        level.extend(row.windows(3).map(sum));
        level.extend(row.get(row.len() - ends..).filter(|_| row.len() > 1).map(sum));
    }
    let rows: Vec<&[u32]> = level.chunks(columns.max(1)).collect();
    let mut sums = level.clone();
    for (y, sums) in sums.chunks_mut(columns.max(1)).enumerate() {
        let above = y.checked_sub(1).and_then(|y| rows.get(y));
        for row in above.into_iter().chain(rows.get(y + 1)) {
            for (sum, more) in sums.iter_mut().zip(*row) {
                *sum += more;
            }
        }
    }
    sums
}

/// The highest places, no two of them nearer than `apart`.
fn peaks(votes: &[u32], columns: usize, apart: f32) -> Vec<(usize, usize)> {
    // The best of each block, then the best of those.
    let block = (apart as usize).max(2);
    let across = columns.div_ceil(block);
    let mut best = vec![(FEWEST_VOTES, 0, 0); across * votes.len().div_ceil(columns.max(1)).div_ceil(block)];
    for (y, row) in votes.chunks(columns.max(1)).enumerate() {
        let of_row = best.get_mut(y / block * across..).unwrap_or_default();
        for (index, (slot, part)) in of_row.iter_mut().zip(row.chunks(block)).enumerate() {
            let most = part.iter().copied().max().unwrap_or(0);
            if most > slot.0
                && let Some(x) = part.iter().position(|&v| v == most)
            {
                *slot = (most, index * block + x, y);
            }
        }
    }
    let mut all: Vec<(u32, usize, usize)> = best.into_iter().filter(|b| b.0 > FEWEST_VOTES).collect();
    all.sort_unstable_by(|a, b| b.cmp(a));
    let mut kept: Vec<(usize, usize)> = Vec::new();
    for (_, x, y) in all {
        if kept.len() >= PEAKS {
            break;
        }
        let near = |&(kx, ky): &(usize, usize)| (kx as f32 - x as f32).hypot(ky as f32 - y as f32) < apart;
        if !kept.iter().any(near) {
            kept.push((x, y));
        }
    }
    kept
}

/// The largest ring about a middle that is there for a good part.
fn radii(mask: &Mask, points: &[Point], (x, y): (f32, f32), stretch: f32) -> Vec<Ellipse> {
    let long = mask.long();
    let most = (LONGEST * long / stretch.max(1.0)) as usize;
    let least = (SHORTEST * long) as usize;
    let within = (least as f32 * 0.9).powi(2)..(most as f32 + 2.0).powi(2);
    let mut seen = vec![0u128; most + 4];
    for point in points {
        let (dx, dy) = ((point.x - x) / stretch, point.y - y);
        // Most points lie elsewhere.
        let square = dx * dx + dy * dy;
        if square < within.start || square >= within.end {
            continue;
        }
        let radius = square.sqrt();
        let (nx, ny) = (point.nx * stretch, point.ny);
        if (nx * dx + ny * dy).abs() > 0.93 * radius * nx.hypot(ny)
            && let Some(sectors) = seen.get_mut(radius as usize)
        {
            *sectors |= 1 << sector(dy.atan2(dx));
        }
    }
    let cover = |r: usize| {
        let from = r.saturating_sub(3);
        seen.get(from..=r + 3).unwrap_or_default().iter().fold(0u128, |all, s| all | s).count_ones()
    };
    let mut best: Vec<(u32, usize)> = (least..=most).map(|r| (cover(r), r)).collect();
    best.retain(|(c, _)| *c as usize * 10 >= SECTORS * 4);
    best.sort_unstable_by(|a, b| b.cmp(a));
    let mut radii: Vec<usize> = Vec::new();
    for (_, r) in best {
        if radii.len() >= 4 {
            break;
        }
        if radii.iter().all(|k| k.abs_diff(r) > 4) {
            radii.push(r);
        }
    }
    let made = |r: usize| Ellipse { x, y, a: r as f32 * stretch, b: r as f32, turn: 0.0 };
    radii.into_iter().map(made).collect()
}

fn sector(angle: f32) -> usize {
    (((angle / TAU + 0.5) * SECTORS as f32) as usize).min(SECTORS - 1)
}

/// Moves an ellipse onto the points near it, in smaller and smaller steps.
fn fit(points: &[Point], near: Ellipse, reach: f32) -> Option<Ellipse> {
    let mut ellipse = near;
    for share in [1.0, 0.6, 0.4, 0.3] {
        let reach = (reach * share).max(1.8);
        let close: Vec<Point> = points
            .iter()
            .filter(|p| {
                (p.x - ellipse.x).abs() < ellipse.long() + reach
                    && (p.y - ellipse.y).abs() < ellipse.long() + reach
            })
            .filter(|p| {
                let (far, agree) = ellipse.distance(p);
                far.abs() < reach && agree > 0.93
            })
            .copied()
            .collect();
        ellipse = Ellipse::fitted(&close)?;
    }
    Some(ellipse)
}

/// The first of the ellipses that is a stamp's ring.
fn judged(mask: &Mask, points: &[Point], candidates: Vec<Ellipse>) -> Option<Ring> {
    let mut good: Vec<Ring> = candidates
        .into_iter()
        .filter_map(|near| {
            let ellipse = fit(points, near, (near.short() * 0.1).max(4.0))?;
            let cover = cover(mask, points, ellipse)?;
            is_stamp(mask, ellipse, cover).then_some(Ring { ellipse, cover })
        })
        .collect();
    good.sort_by(|a, b| b.ellipse.short().total_cmp(&a.ellipse.short()));
    good.into_iter().next()
}

/// Share of the ring, as far as it lies on the page, on which lines run along it; `None` when it is not
/// of a stamp's size.
fn cover(mask: &Mask, points: &[Point], ellipse: Ellipse) -> Option<f32> {
    let long = mask.long();
    if ellipse.short() < SHORTEST * long
        || ellipse.long() > LONGEST * long
        || ellipse.long() > ellipse.short() * FLATTEST
    {
        return None;
    }
    let band = (ellipse.short() * 0.03).max(2.2);
    let mut seen = 0u128;
    for point in points {
        if (point.x - ellipse.x).abs() > ellipse.long() + band
            || (point.y - ellipse.y).abs() > ellipse.long() + band
        {
            continue;
        }
        let (far, agree) = ellipse.distance(point);
        if far.abs() < band && agree > 0.9 {
            seen |= 1 << sector(ellipse.place(point.x, point.y).1);
        }
    }
    let (width, height) = (mask.ink.width as f32, mask.ink.height as f32);
    let on_page = (0..SECTORS)
        .filter(|&i| {
            let (x, y) = ellipse.at((i as f32 + 0.5) / SECTORS as f32 * TAU - PI, 1.0);
            x > 4.0 && y > 4.0 && x < width - 4.0 && y < height - 4.0
        })
        .count();
    // Half of it at least must be there.
    (on_page * 10 >= SECTORS * 5).then(|| seen.count_ones() as f32 / on_page as f32)
}

/// True for a ring with free paper about it and text in it.
fn is_stamp(mask: &Mask, ellipse: Ellipse, cover: f32) -> bool {
    if cover < 0.6 {
        return false;
    }
    let short = ellipse.short();
    // Just outside: most of it is paper, or print that was taken out.
    let outside: Vec<f32> = [1.0 + 4.0 / short, 1.08, 1.12, 1.16]
        .iter()
        .map(|&share| along(&mask.curves, ellipse, share).0)
        .collect();
    let outside = outside.iter().sum::<f32>() / outside.len() as f32;
    if outside > 0.22 {
        return false;
    }
    let wide = [0.7, 0.74, 0.78, 0.82, 0.86, 0.9];
    let circles: Vec<(f32, usize)> = wide.iter().map(|&share| along(&mask.all, ellipse, share)).collect();
    // Letters cross two of these circles at least; the jagged inner side of a thick ring crosses one.
    let mut changes: Vec<usize> = circles.iter().map(|c| c.1).collect();
    changes.sort_unstable_by(|a, b| b.cmp(a));
    let changes = changes.get(1).copied().unwrap_or(0);
    let filled = circles.iter().map(|c| c.0).fold(1.0, f32::min);
    if filled > 0.55 {
        return false;
    }
    let edge_text = changes >= 20;
    edge_text || letters_inside(&mask.all, ellipse) >= 6
}

/// Share of ink along a smaller or larger ellipse, and how often ink begins.
pub(super) fn along(ink: &Ink, ellipse: Ellipse, share: f32) -> (f32, usize) {
    let steps = (TAU * ellipse.long() * share) as usize;
    let (mut inked, mut seen, mut begins, mut before) = (0usize, 0usize, 0usize, false);
    for i in 0..steps {
        let (x, y) = ellipse.at(i as f32 / steps as f32 * TAU, share);
        if x < 0.0 || y < 0.0 || x as usize >= ink.width || y as usize >= ink.height {
            continue;
        }
        let is_ink = ink.at(x as usize, y as usize) == 1;
        seen += 1;
        inked += usize::from(is_ink);
        begins += usize::from(is_ink && !before);
        before = is_ink;
    }
    (inked as f32 / seen.max(1) as f32, begins)
}

/// Pieces of ink of the size of letters inside.
fn letters_inside(all: &Ink, ellipse: Ellipse) -> usize {
    let area = ellipse.area();
    let Some(part) = all.part(area) else { return 0 };
    let short = ellipse.short();
    let found = components(&part).unwrap_or_default();
    found
        .iter()
        .filter(|c| {
            let (x, y) = c.area.moved(area.left.max(0.0), area.top.max(0.0)).middle();
            let tall = c.area.height();
            tall > short * 0.08
                && tall < short * 0.5
                && c.area.width() < short * 1.2
                && c.pixels > 6
                && ellipse.place(x, y).0 < 0.9
        })
        .count()
}
