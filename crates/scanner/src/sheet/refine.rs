//! The corners of a sheet to the pixel, on the whole picture.

use super::lines::Line;
use super::quad::{Corner, Quad, distance};
use super::small::Small;
use crate::raster::Rgb;

/// Places along a side where the edge is looked for.
const PLACES: usize = 90;
/// How far to both sides it is looked for, in pixels of the small copy.
const REACH: f32 = 2.5;
/// Places that must agree on a line.
const AGREED: usize = 12;

/// The corners in pixels of the picture.
pub(super) fn corners(picture: &Rgb, quad: &Quad, small: &Small) -> Option<[Corner; 4]> {
    let scale = small.step as f32;
    // Pixels of the copy stand for blocks, whose middles lie half a pixel further.
    let full = |(x, y): Corner| ((x + 0.5) * scale - 0.5, (y + 0.5) * scale - 0.5);
    let sides = quad.sides().map(|(a, b)| {
        let (a, b) = (full(a), full(b));
        side(picture, a, b, scale).or_else(|| Line::through(&[a, b]))
    });
    let [Some(top), Some(right), Some(bottom), Some(left)] = sides else { return None };
    let corners = [(left, top), (top, right), (right, bottom), (bottom, left)];
    let coarse = quad.corners.map(full);
    let mut found = coarse;
    for (place, (one, other)) in found.iter_mut().zip(corners) {
        let corner = one.crossing(&other)?;
        // A fit that leads far away has followed something else.
        if distance(corner, *place) <= scale * 6.0 {
            *place = corner;
        }
    }
    Some(found)
}

/// The line along which shades change most near a side.
fn side(picture: &Rgb, a: Corner, b: Corner, scale: f32) -> Option<Line> {
    let length = distance(a, b).max(1.0);
    let (dx, dy) = ((b.0 - a.0) / length, (b.1 - a.1) / length);
    let (nx, ny) = (-dy, dx);
    let step = (scale / 3.0).max(1.0);
    let reach = (REACH * scale / step).ceil() as i32;
    let mut points = Vec::new();
    let mut profile: Vec<Option<[f32; 3]>> = Vec::new();
    for i in 0..PLACES {
        let along = length * (0.03 + 0.94 * i as f32 / (PLACES - 1) as f32);
        let (x, y) = (a.0 + dx * along, a.1 + dy * along);
        profile.clear();
        profile.extend((-reach - 1..=reach + 1).map(|off| {
            let off = off as f32 * step;
            mean_along(picture, (x + nx * off, y + ny * off), (dx, dy), step)
        }));
        let slope = |i: usize| -> f32 {
            let at = |i: usize| profile.get(i).copied().flatten();
            let (Some(before), Some(after)) = (i.checked_sub(1).and_then(at), at(i + 1)) else { return 0.0 };
            before.iter().zip(after).map(|(b, a)| (a - b).abs()).fold(0.0, f32::max)
        };
        let steepest =
            (1..profile.len().saturating_sub(1)).map(|i| (i, slope(i))).max_by(|a, b| a.1.total_cmp(&b.1));
        let Some((at, steep)) = steepest.filter(|s| s.1 >= 8.0) else { continue };
        // Between the samples, where a parabola through three slopes is highest.
        let (before, after) = (slope(at.saturating_sub(1)), slope(at + 1));
        let bend = before - 2.0 * steep + after;
        let part = if bend < -1e-3 { (0.5 * (before - after) / bend).clamp(-0.5, 0.5) } else { 0.0 };
        let off = (at as f32 + part - (reach + 1) as f32) * step;
        points.push((x + nx * off, y + ny * off));
    }
    settle(points, scale)
}

/// The mean colour of three places along a side; `None` at the picture's end.
fn mean_along(picture: &Rgb, at: Corner, (dx, dy): (f32, f32), step: f32) -> Option<[f32; 3]> {
    let mut sum = [0.0; 3];
    for t in -1..=1 {
        let (x, y) = (at.0 + dx * step * t as f32, at.1 + dy * step * t as f32);
        let pixel = between(picture, x, y)?;
        for (s, p) in sum.iter_mut().zip(pixel) {
            *s += p / 3.0;
        }
    }
    Some(sum)
}

/// The colour between the four pixels around a place; `None` outside.
pub(super) fn between(picture: &Rgb, x: f32, y: f32) -> Option<[f32; 3]> {
    if x < 0.0 || y < 0.0 {
        return None;
    }
    let (left, top) = (x as usize, y as usize);
    if left + 1 >= picture.width || top + 1 >= picture.height {
        return None;
    }
    let at = (top * picture.width + left) * 3;
    let pair = |at: usize| picture.pixels.get(at..at + 6).and_then(<[u8]>::first_chunk::<6>);
    let (upper, lower) = (pair(at)?, pair(at + picture.width * 3)?);
    let (u, v) = (x - left as f32, y - top as f32);
    let row = |[r, g, b, r2, g2, b2]: [u8; 6]| {
        [(r, r2), (g, g2), (b, b2)].map(|(a, b)| f32::from(a) + (f32::from(b) - f32::from(a)) * u)
    };
    let (upper, lower) = (row(*upper), row(*lower));
    let mut colour = upper;
    for (c, l) in colour.iter_mut().zip(lower) {
        *c += (l - *c) * v;
    }
    Some(colour)
}

/// A line through most of the points: those far off are left out, and the rest fitted again.
fn settle(mut points: Vec<Corner>, scale: f32) -> Option<Line> {
    let mut line = most_agreed(&points, scale)?;
    for bound in [1.0, 0.6, 0.4] {
        let bound = (bound * scale).max(1.0);
        points.retain(|p| line.off(*p).abs() <= bound);
        if points.len() < AGREED {
            return None;
        }
        line = Line::through(&points)?;
    }
    Some(line)
}

/// The line through two of the points near which most of them lie.
fn most_agreed(points: &[Corner], scale: f32) -> Option<Line> {
    let near = (scale * 0.5).max(1.0);
    let early = points.iter().take(points.len() / 2).step_by(3);
    let lines = early.flat_map(|a| {
        points.iter().skip(points.len() / 2).step_by(3).filter_map(|b| Line::through(&[*a, *b]))
    });
    let count = |line: &Line| points.iter().filter(|p| line.off(**p).abs() <= near).count();
    let (line, agreed) = lines.map(|l| (l, count(&l))).max_by_key(|(_, c)| *c)?;
    (agreed >= AGREED).then_some(line)
}
