//! Finding groups of long, parallel bars of ink: what the lines of a machine-readable zone look like from
//! afar. No letter is read here, and text in paragraphs looks much alike; reading decides.

use crate::morph::{brightest, closed, darkest};
use crate::raster::Grey;

/// Pixels of the longer side of the largest picture looked at. The capitals of a zone that takes a sixth of
/// the longer side are 6 pixels high on it.
pub(super) const LARGEST: usize = 1600;
/// How often it is halved: capitals of 6 to 13 pixels are looked for on each size.
const HALVINGS: usize = 2;
/// Side of the window that strokes disappear in, in pixels.
const STROKES: usize = 7;
/// Gaps inside and between letters that are closed, in pixels.
const GAP: usize = 13;
/// Bars shorter than this are none, in pixels.
const SHORTEST: usize = 45;
/// How dark ink is against the paper around it, in hundredths: once for pale print and once for strong print
/// on a busy background.
const CONTRASTS: [u32; 2] = [18, 40];
/// Beyond this many bars on a picture it is a page of text or noise.
const MOST_BARS: usize = 400;
/// Groups given for reading.
const MOST_GROUPS: usize = 60;

/// A long strip of ink, in pixels of the picture that lies with its lines level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bar {
    /// Its middle.
    pub(super) x: f32,
    pub(super) y: f32,
    /// Its direction as rise over run; downwards is positive.
    pub(super) slope: f32,
    pub(super) length: f32,
    /// About the height of its letters.
    pub(super) thickness: f32,
}

impl Bar {
    pub(super) fn left(&self) -> f32 {
        self.x - self.length / 2.0 / self.slope.hypot(1.0)
    }

    pub(super) fn right(&self) -> f32 {
        self.x + self.length / 2.0 / self.slope.hypot(1.0)
    }

    /// Height of its middle line at `x`.
    pub(super) fn at(&self, x: f32) -> f32 {
        self.y + (x - self.x) * self.slope
    }

    pub(super) fn scaled(self, by: f32) -> Self {
        Self {
            x: self.x * by,
            y: self.y * by,
            length: self.length * by,
            thickness: self.thickness * by,
            ..self
        }
    }
}

/// Lines that may be a zone, from the top.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) bars: Vec<Bar>,
    /// Share of the extents that its lines have in common.
    alike: f32,
}

impl Group {
    /// Of level bars, each as its left end, its middle line and its length, all as high as `height`.
    #[cfg(test)]
    pub(super) fn level(bars: &[(f32, f32, f32)], height: f32) -> Self {
        let bar = |&(left, y, length): &(f32, f32, f32)| Bar {
            x: left + length / 2.0,
            y,
            slope: 0.0,
            length,
            thickness: height,
        };
        Self { bars: bars.iter().map(bar).collect(), alike: 1.0 }
    }

    pub(super) fn left(&self) -> f32 {
        self.bars.iter().map(Bar::left).fold(f32::MAX, f32::min)
    }

    pub(super) fn right(&self) -> f32 {
        self.bars.iter().map(Bar::right).fold(f32::MIN, f32::max)
    }

    /// True when both claim some of the same ink.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.bars.iter().any(|a| {
            other.bars.iter().any(|b| {
                let (left, right) = (a.left().max(b.left()), a.right().min(b.right()));
                let middle = f32::midpoint(left, right);
                right > left && (a.at(middle) - b.at(middle)).abs() < a.thickness.max(b.thickness) * 0.7
            })
        })
    }
}

/// Groups of lines on a picture whose lines run level or nearly so, the likeliest first. Of a large picture
/// a copy with a long side of [`LARGEST`] tells as much.
pub(super) fn groups(grey: &Grey) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    let mut halved = None;
    for halving in 0..=HALVINGS {
        let level: &Grey = halved.as_ref().unwrap_or(grey);
        if level.width < SHORTEST * 2 || level.height < 16 {
            break;
        }
        let scale = (1usize << halving) as f32;
        let closed = closed(level, STROKES);
        for contrast in CONTRASTS {
            let bars = bars(level, &closed, contrast);
            for group in grouped(&bars) {
                let bars = group.bars.iter().map(|b| b.scaled(scale)).collect();
                found.push(Group { bars, ..group });
            }
        }
        halved = Some(level.shrunk(level.width / 2, level.height / 2));
    }
    // The same lines are found on two sizes or at two contrasts: three lines first, then the longest.
    found.sort_by(|a, b| {
        let key = |g: &Group| g.alike * (g.right() - g.left());
        b.bars.len().cmp(&a.bars.len()).then(key(b).total_cmp(&key(a)))
    });
    found.truncate(MOST_GROUPS);
    found
}

/// The bars of ink at one size of the picture.
fn bars(level: &Grey, closed: &Grey, contrast: u32) -> Vec<Bar> {
    let ink = |(&paper, &p): (&u8, &u8)| {
        let depth = u32::from(paper.saturating_sub(p));
        if depth >= 12 && depth * 100 >= u32::from(paper) * contrast { 255 } else { 0 }
    };
    let pixels = closed.pixels.iter().zip(&level.pixels).map(ink).collect();
    let mask = Grey { width: level.width, height: level.height, pixels };
    let joined = darkest(&brightest(&mask, GAP, 1), GAP, 1);
    // Only what is long stays, and of that what is no thin rule.
    let long = brightest(&darkest(&joined, SHORTEST, 1), SHORTEST, 1);
    let thick = brightest(&darkest(&long, 1, 3), 1, 3);
    let mut bars: Vec<Bar> = strips(&thick).into_iter().filter_map(Strip::bar).collect();
    if bars.len() > MOST_BARS {
        return Vec::new();
    }
    join(&mut bars);
    bars
}

/// Sums over the pixels of a connected strip.
#[derive(Debug, Clone, Copy)]
struct Strip {
    n: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
    /// Its first column and the one after its last.
    left: f64,
    right: f64,
}

impl Strip {
    /// Pixels `start..end` of a row.
    fn run(start: usize, end: usize, row: usize) -> Self {
        let (n, y) = ((end - start) as f64, row as f64);
        let (first, last) = (start as f64, end as f64 - 1.0);
        let x = n * f64::midpoint(first, last);
        let squares = |v: f64| v * (v + 1.0) * (2.0 * v + 1.0) / 6.0;
        Self {
            n,
            x,
            y: n * y,
            xx: squares(last) - squares(first - 1.0),
            xy: x * y,
            yy: n * y * y,
            left: first,
            right: last + 1.0,
        }
    }

    /// Of no pixels.
    const NONE: Self =
        Self { n: 0.0, x: 0.0, y: 0.0, xx: 0.0, xy: 0.0, yy: 0.0, left: f64::MAX, right: f64::MIN };

    fn plus(self, o: Self) -> Self {
        Self {
            n: self.n + o.n,
            x: self.x + o.x,
            y: self.y + o.y,
            xx: self.xx + o.xx,
            xy: self.xy + o.xy,
            yy: self.yy + o.yy,
            left: self.left.min(o.left),
            right: self.right.max(o.right),
        }
    }

    /// The rectangle with the same moments, when it is long, about level and well filled.
    fn bar(self) -> Option<Bar> {
        if self.n < 150.0 {
            return None;
        }
        let (x, y) = (self.x / self.n, self.y / self.n);
        let (xx, xy, yy) = (self.xx / self.n - x * x, self.xy / self.n - x * y, self.yy / self.n - y * y);
        let spread = ((xx - yy) / 2.0).hypot(xy);
        let (long, short) = (f64::midpoint(xx, yy) + spread, (f64::midpoint(xx, yy) - spread).max(0.0));
        let slope = (0.5 * (2.0 * xy).atan2(xx - yy)).tan();
        let (length, thickness) = ((12.0 * long).sqrt(), (12.0 * short).sqrt().max(1.0));
        let filled = self.n / (length * thickness);
        let fits = slope.abs() < 0.27 && (3.5..=20.0).contains(&thickness) && length > thickness * 6.0;
        // The ends hold less ink: the moments see the bar shorter than it is. Much longer is something else.
        let (left, right) = (self.left.max(x - length * 0.58), self.right.min(x + length * 0.58));
        let middle = f64::midpoint(left, right);
        (fits && filled > 0.55).then_some(Bar {
            x: middle as f32,
            y: (y + (middle - x) * slope) as f32,
            slope: slope as f32,
            length: ((right - left) * slope.hypot(1.0)) as f32,
            thickness: thickness as f32,
        })
    }
}

/// The connected strips of a mask.
fn strips(mask: &Grey) -> Vec<Strip> {
    struct Run {
        start: usize,
        end: usize,
        strip: usize,
    }
    let mut strips: Vec<Strip> = Vec::new();
    // Strips that turned out to be one point at the one they were joined to.
    let mut home: Vec<usize> = Vec::new();
    let root = |home: &[usize], mut i: usize| {
        while let Some(&next) = home.get(i)
            && next != i
        {
            i = next;
        }
        i
    };
    let mut above: Vec<Run> = Vec::new();
    for (y, row) in mask.rows().enumerate() {
        let mut here: Vec<Run> = Vec::new();
        let mut x = 0;
        while let Some(start) =
            row.get(x..).and_then(|rest| rest.iter().position(|&p| p != 0)).map(|at| x + at)
        {
            let end = row
                .get(start..)
                .and_then(|rest| rest.iter().position(|&p| p == 0))
                .map_or(row.len(), |at| start + at);
            let sums = Strip::run(start, end, y);
            let mut strip = None;
            for over in above.iter().filter(|o| o.start < end && start < o.end) {
                let other = root(&home, over.strip);
                match strip {
                    None => strip = Some(other),
                    Some(mine) if mine != other => {
                        let moved = strips.get(other).copied().unwrap_or(Strip::NONE);
                        if let (Some(s), Some(h)) = (strips.get_mut(mine), home.get_mut(other)) {
                            *s = s.plus(moved);
                            *h = mine;
                        }
                    }
                    Some(_) => {}
                }
            }
            let strip = strip.unwrap_or_else(|| {
                strips.push(Strip::NONE);
                home.push(home.len());
                home.len() - 1
            });
            if let Some(s) = strips.get_mut(strip) {
                *s = s.plus(sums);
            }
            here.push(Run { start, end, strip });
            x = end;
        }
        above = here;
    }
    strips.iter().zip(&home).enumerate().filter(|(i, (_, h))| **h == *i).map(|(_, (s, _))| *s).collect()
}

/// Joins bars that go on in each other: glare or a pale print broke the line.
fn join(bars: &mut Vec<Bar>) {
    bars.sort_by(|a, b| a.x.total_cmp(&b.x));
    let mut i = 0;
    while let Some(&a) = bars.get(i) {
        let next = bars.iter().enumerate().skip(i + 1).find(|(_, b)| {
            let gap = b.left() - a.right();
            let size = a.thickness.max(b.thickness);
            let middle = f32::midpoint(a.right(), b.left());
            gap > -size
                && gap < size * 7.0
                && size < a.thickness.min(b.thickness) * 1.6
                && (a.slope - b.slope).abs() < 0.06
                && (a.at(middle) - b.at(middle)).abs() < size * 0.45
        });
        let Some((j, &b)) = next else {
            i += 1;
            continue;
        };
        let (left, right) = (a.left().min(b.left()), a.right().max(b.right()));
        let slope = (b.y - a.y) / (b.x - a.x).max(1.0);
        let x = f32::midpoint(left, right);
        let joined = Bar {
            x,
            y: a.y + (x - a.x) * slope,
            slope,
            length: (right - left) * slope.hypot(1.0),
            thickness: (a.thickness * a.length + b.thickness * b.length) / (a.length + b.length),
        };
        bars.remove(j);
        if let Some(bar) = bars.get_mut(i) {
            *bar = joined;
        }
    }
}

/// Twos and threes of parallel bars of like length.
fn grouped(bars: &[Bar]) -> Vec<Group> {
    let mut sorted = bars.to_vec();
    sorted.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut out = Vec::new();
    for (i, a) in sorted.iter().enumerate() {
        let near = |from: &Bar, skip: usize| {
            let from = *from;
            sorted
                .iter()
                .enumerate()
                .skip(skip)
                .take_while(move |(_, b)| b.y < from.y + from.thickness * 8.0 + from.length * 0.3)
                .filter_map(move |(j, b)| Some((j, *b, apart(&from, b)?)))
        };
        for (j, b, first) in near(a, i + 1) {
            if let Some(pair) = group(vec![*a, b]) {
                out.push(pair);
            }
            for (_, c, second) in near(&b, j + 1) {
                if (first / second - 1.0).abs() < 0.3
                    && let Some(three) = group(vec![*a, b, c])
                {
                    out.push(three);
                }
            }
        }
    }
    out
}

/// How far the middle lines of two bars are apart, when they may be neighbours in a zone.
fn apart(a: &Bar, b: &Bar) -> Option<f32> {
    let size = f32::midpoint(a.thickness, b.thickness);
    let (left, right) = (a.left().max(b.left()), a.right().min(b.right()));
    let middle = f32::midpoint(left, right);
    let distance = b.at(middle) - a.at(middle);
    let close = distance > size * 1.1 && distance < size * 4.5;
    let parallel = (a.slope - b.slope).abs() < 0.05;
    let alike = a.thickness.max(b.thickness) < a.thickness.min(b.thickness) * 2.0;
    let shared = (right - left) > a.length.min(b.length) * 0.6;
    (close && parallel && alike && shared).then_some(distance)
}

fn group(bars: Vec<Bar>) -> Option<Group> {
    let mut group = Group { bars, alike: 0.0 };
    let length = group.right() - group.left();
    let longest = group.bars.iter().map(|b| b.length).fold(0.0, f32::max);
    let shortest = group.bars.iter().map(|b| b.length).fold(f32::MAX, f32::min);
    let size = group.bars.iter().map(|b| b.thickness).fold(f32::MAX, f32::min);
    group.alike = shortest / longest.max(1.0);
    // 30 cells are at least 22 times as long as high, 44 at most 70 times where the mask is thin.
    let fits = length > size * 14.0 && length < size * 80.0 && group.alike > 0.35 && length < longest * 1.35;
    fits.then_some(group)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    /// A picture with rows of blocks, `pitch` apart and as high.
    fn rows(picture: &mut Grey, left: usize, top: usize, pitch: usize, cells: usize, lines: usize) {
        for line in 0..lines {
            for cell in 0..cells {
                let (x, y) = (left + cell * pitch, top + line * pitch * 5 / 2);
                picture.paint(x, y, x + pitch * 2 / 3, y + pitch, 30);
            }
        }
    }

    #[test]
    fn bands_are_found_at_several_sizes() {
        for (pitch, cells, lines) in [(8, 44, 2), (20, 36, 2), (30, 30, 3)] {
            let mut picture = Grey::filled(1400, 1000, 230);
            rows(&mut picture, 100, 500, pitch, cells, lines);
            let found = groups(&picture);
            let best = found.first().unwrap();
            assert_eq!(best.bars.len(), lines, "{pitch}");
            let length = (cells * pitch) as f32;
            assert!((best.left() - 100.0).abs() < pitch as f32 * 1.5, "{} {}", best.left(), pitch);
            assert!((best.right() - best.left() - length).abs() < pitch as f32 * 2.5);
            assert!((best.bars[0].y - 500.0 - pitch as f32 / 2.0).abs() < pitch as f32 * 0.3);
        }
    }

    #[test]
    fn nothing_is_found_on_blank_paper_or_a_rule() {
        let mut picture = Grey::filled(1400, 1000, 230);
        assert!(groups(&picture).is_empty());
        picture.paint(50, 300, 1300, 303, 20);
        picture.paint(50, 330, 1300, 333, 20);
        assert!(groups(&picture).is_empty());
        assert!(groups(&Grey::filled(3, 3, 0)).is_empty());
        assert!(groups(&Grey::filled(0, 0, 0)).is_empty());
    }
}
