//! From a map of how likely each pixel belongs to text to boxes around lines.

use crate::area::Area;
use crate::layout::median;

/// Probability from which a pixel belongs to text.
const TEXT: f32 = 0.3;
/// Mean probability a line needs.
const LINE: f32 = 0.5;
/// The network marks lines shrunk: by how much of their size they are grown again.
const UNCLIP: f32 = 1.5;
/// Pixels of the map a line is at least high.
const THIN: f32 = 2.5;
/// Lines beyond which the map shows no page.
const MOST_LINES: usize = 1_500;
/// How much longer than high a box must be for its own direction to be believed.
const LONG: f32 = 3.0;

/// A box around a line, which may lie at an angle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slanted {
    /// Its middle in pixels.
    pub(super) middle: (f32, f32),
    /// Along its direction.
    pub(super) width: f32,
    /// Across.
    pub(super) height: f32,
    /// Direction, radians clockwise from level, between -45 and 45 degrees.
    pub(super) angle: f32,
}

impl Slanted {
    /// A level line with the given box.
    pub(super) fn around(area: Area) -> Self {
        Self { middle: area.middle(), width: area.width(), height: area.height(), angle: 0.0 }
    }

    /// The level box around it.
    pub(super) fn area(&self) -> Area {
        let between = |(x0, y0): (f32, f32), (x1, y1): (f32, f32)| Area::new(x0, y0, x1, y1);
        let (down, up) =
            (between(self.at(0.0, 0.0), self.at(1.0, 1.0)), between(self.at(0.0, 1.0), self.at(1.0, 0.0)));
        down.union(up)
    }

    /// The place at shares of its width and height from its upper left corner.
    pub(super) fn at(&self, x: f32, y: f32) -> (f32, f32) {
        let (along, across) = ((x - 0.5) * self.width, (y - 0.5) * self.height);
        let (sin, cos) = self.angle.sin_cos();
        (self.middle.0 + along * cos - across * sin, self.middle.1 + along * sin + across * cos)
    }

    /// The same line with its sizes in another unit.
    pub(super) fn scaled(self, by: f32) -> Self {
        Self {
            middle: (self.middle.0 * by, self.middle.1 * by),
            width: self.width * by,
            height: self.height * by,
            angle: self.angle,
        }
    }

    /// What lies between two shares of a line's width.
    pub(super) fn part(&self, from: f32, to: f32) -> Self {
        Self { middle: self.at(f32::midpoint(from, to), 0.5), width: self.width * (to - from), ..*self }
    }

    /// The same line further to the right and down.
    pub(super) fn moved(self, across: f32, down: f32) -> Self {
        Self { middle: (self.middle.0 + across, self.middle.1 + down), ..self }
    }

    /// True for text that runs upwards or downwards.
    pub(super) fn is_upright(&self) -> bool {
        self.height > self.width * 1.5
    }
}

/// Lines on a map of probabilities, rows from the top, in pixels of the map.
pub(super) fn lines(map: &[f32], width: usize) -> Vec<Slanted> {
    let regions: Vec<Region> = regions(map, width).into_iter().filter(|r| r.mean >= LINE).collect();
    let boxes: Vec<Slanted> = regions.iter().filter_map(|r| smallest_box(&r.hull)).collect();
    let long = |b: &&Slanted| b.width > b.height * LONG || b.height > b.width * LONG;
    let common = median(boxes.iter().filter(long).map(|b| b.angle)).unwrap_or(0.0);
    boxes
        .iter()
        .zip(regions.iter().filter(|r| r.hull.len() > 2))
        .map(|(b, region)| {
            // The direction of a short word is chance: it lies like the lines around it.
            if long(&b) { *b } else { box_at(&region.hull, common) }
        })
        .filter(|b| b.width.min(b.height) >= THIN)
        .map(|b| {
            let grow = b.width * b.height * UNCLIP / (b.width + b.height);
            Slanted { width: b.width + grow, height: b.height + grow, ..b }
        })
        .collect()
}

/// Pixels of text that hang together.
struct Region {
    /// Convex, three corners or more.
    hull: Vec<(f32, f32)>,
    /// Mean probability.
    mean: f32,
}

fn regions(map: &[f32], width: usize) -> Vec<Region> {
    let mut open: Vec<bool> = map.iter().map(|&p| p > TEXT).collect();
    let mut found = Vec::new();
    let mut stack = Vec::new();
    // Leftmost and rightmost pixel of each row, numbered from the region's first row, the topmost.
    let mut rows: Vec<(usize, usize)> = Vec::new();
    for start in 0..open.len() {
        if !std::mem::take(open.get_mut(start).unwrap_or(&mut false)) {
            continue;
        }
        rows.clear();
        stack.push(start);
        let (first_row, mut sum, mut count) = (start / width, 0.0f32, 0usize);
        while let Some(index) = stack.pop() {
            let (x, y) = (index % width, index / width);
            sum += map.get(index).copied().unwrap_or(0.0);
            count += 1;
            let row = y - first_row;
            if row >= rows.len() {
                rows.resize(row + 1, (usize::MAX, 0));
            }
            if let Some((left, right)) = rows.get_mut(row) {
                (*left, *right) = ((*left).min(x), (*right).max(x));
            }
            for ny in y.saturating_sub(1)..=y + 1 {
                for nx in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                    let next = ny * width + nx;
                    if std::mem::take(open.get_mut(next).unwrap_or(&mut false)) {
                        stack.push(next);
                    }
                }
            }
        }
        let points = rows.iter().enumerate().filter(|(_, (left, right))| left <= right).flat_map(
            |(row, &(left, right))| {
                let (top, left, right) = ((first_row + row) as f32, left as f32, right as f32 + 1.0);
                [(left, top), (right, top), (left, top + 1.0), (right, top + 1.0)]
            },
        );
        let hull = hull(points.collect());
        if hull.len() > 2 {
            found.push(Region { hull, mean: sum / count.max(1) as f32 });
        }
        if found.len() >= MOST_LINES {
            break;
        }
    }
    found
}

/// The convex hull (monotone chain).
fn hull(mut points: Vec<(f32, f32)>) -> Vec<(f32, f32)> {
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    points.dedup();
    let half = |points: &mut dyn Iterator<Item = (f32, f32)>| {
        let mut chain: Vec<(f32, f32)> = Vec::new();
        for p in points {
            while let [.., a, b] = *chain.as_slice() {
                if (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0) > 0.0 {
                    break;
                }
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut all = half(&mut points.iter().copied());
    all.extend(half(&mut points.iter().rev().copied()));
    all
}

/// The box of the least size around a hull: one of its sides lies along one of the hull's.
fn smallest_box(hull: &[(f32, f32)]) -> Option<Slanted> {
    let next = hull.iter().cycle().skip(1);
    hull.iter()
        .zip(next)
        .map(|(a, b)| {
            let quarter = std::f32::consts::FRAC_PI_2;
            let angle = (b.1 - a.1).atan2(b.0 - a.0);
            box_at(hull, angle - (angle / quarter).round() * quarter)
        })
        .min_by(|a, b| (a.width * a.height).total_cmp(&(b.width * b.height)))
}

/// The box around a hull in a direction.
fn box_at(hull: &[(f32, f32)], angle: f32) -> Slanted {
    let (sin, cos) = angle.sin_cos();
    let start = (f32::MAX, f32::MIN, f32::MAX, f32::MIN);
    let (left, right, top, bottom) = hull.iter().fold(start, |(l, r, t, b), &(x, y)| {
        let (along, across) = (x * cos + y * sin, y * cos - x * sin);
        (l.min(along), r.max(along), t.min(across), b.max(across))
    });
    let (along, across) = (f32::midpoint(left, right), f32::midpoint(top, bottom));
    Slanted {
        middle: (along * cos - across * sin, along * sin + across * cos),
        width: right - left,
        height: bottom - top,
        angle,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A map with a bar of text at an angle.
    fn map(degrees: f32) -> Vec<f32> {
        let (sin, cos) = degrees.to_radians().sin_cos();
        (0..120 * 200)
            .map(|i| {
                let (x, y) = ((i % 200) as f32 - 100.0, (i / 200) as f32 - 60.0);
                let (along, across) = (x * cos + y * sin, y * cos - x * sin);
                if along.abs() < 60.0 && across.abs() < 5.0 { 0.9 } else { 0.05 }
            })
            .collect()
    }

    #[test]
    fn a_line_at_an_angle_is_boxed_and_grown() {
        for degrees in [0.0, 12.0, -25.0] {
            let found = lines(&map(degrees), 200);
            assert_eq!(found.len(), 1);
            for line in found {
                assert!((line.angle.to_degrees() - degrees).abs() < 1.0, "{degrees}: {line:?}");
                assert!((line.middle.0 - 100.0).abs() < 1.0 && (line.middle.1 - 60.0).abs() < 1.0);
                // 120 by 10, grown by 120 * 10 * 1.5 / 130 on both axes.
                assert!((line.width - 134.0).abs() < 3.5 && (line.height - 24.0).abs() < 3.0, "{line:?}");
                let corner = line.at(0.0, 0.0);
                assert!(corner.0 < 50.0 && !line.is_upright());
            }
        }
    }

    #[test]
    fn an_upright_line_stays_upright_and_faint_ones_go() {
        let upright: Vec<f32> = (0..100 * 60)
            .map(|i| if (25..33).contains(&(i % 60)) && (10..90).contains(&(i / 60)) { 0.9 } else { 0.0 })
            .collect();
        assert!(matches!(lines(&upright, 60).as_slice(), [line] if line.is_upright()));
        let faint: Vec<f32> = upright.iter().map(|p| p * 0.4).collect();
        assert_eq!(lines(&faint, 60), []);
    }
}
