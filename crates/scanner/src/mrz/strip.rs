//! Cutting single lines out of a picture, level, at a height a reader knows.

use super::bands::Bar;
use crate::area::Area;
use crate::raster::Grey;

/// A picture and how it is turned before anything is looked for: 0 or 90 degrees, 180 or 270 for what lies
/// upside down. Coordinates are those of the turned picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lying<'p> {
    pub(super) picture: &'p Grey,
    pub(super) turn: u16,
}

impl Lying<'_> {
    /// A place on the picture as it lies in its file.
    pub(super) fn back(&self, x: f32, y: f32) -> (f32, f32) {
        let (w, h) = (self.picture.width as f32, self.picture.height as f32);
        match self.turn {
            90 => (y, h - x),
            180 => (w - x, h - y),
            270 => (w - y, x),
            _ => (x, y),
        }
    }

    /// A place on it, turned by another half.
    pub(super) fn half_turned(&self, x: f32, y: f32) -> (f32, f32) {
        let (w, h) = (self.picture.width as f32, self.picture.height as f32);
        let (w, h) = if matches!(self.turn, 90 | 270) { (h, w) } else { (w, h) };
        (w - x, h - y)
    }

    /// The shade at a place, interpolated; beyond the edge that of the edge.
    fn at(&self, x: f32, y: f32) -> f32 {
        let (x, y) = self.back(x, y);
        self.picture.shade(x, y)
    }
}

/// The middle of a line of letters and their height, in pixels of the turned picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Baseline {
    /// Ends of what is cut out.
    pub(super) left: f32,
    pub(super) right: f32,
    /// Middle of the letters: `a + b u + c u²` with u from -1 at the left end to 1 at the right.
    curve: [f32; 3],
    /// Height of a capital.
    pub(super) cap: f32,
}

/// Columns a line is parted into to follow its middle.
const PARTS: usize = 14;
/// Rows of the strip that is looked at to do so, and how many heights of a letter they show.
const LOOK: usize = 44;
const LOOK_HEIGHTS: f32 = 3.4;
/// Widest strip, in pixels.
const WIDEST: usize = 2400;

impl Baseline {
    pub(super) fn new(bar: &Bar, left: f32, right: f32) -> Self {
        let half = (right - left) / 2.0;
        let curve = [bar.at(f32::midpoint(left, right)), bar.slope * half, 0.0];
        Self { left, right, curve, cap: bar.thickness }
    }

    fn u(&self, x: f32) -> f32 {
        (x - f32::midpoint(self.left, self.right)) / ((self.right - self.left) / 2.0).max(1.0)
    }

    /// Middle of the letters at `x`.
    pub(super) fn middle(&self, x: f32) -> f32 {
        let [a, b, c] = self.curve;
        let along = self.u(x);
        a + b * along + c * along * along
    }

    fn slope(&self, x: f32) -> f32 {
        let [_, b, c] = self.curve;
        (b + 2.0 * c * self.u(x)) / ((self.right - self.left) / 2.0).max(1.0)
    }

    /// The line moved along the page by `by` heights of its letters; its twin above or below.
    pub(super) fn moved(&self, by: f32) -> Self {
        let [a, b, c] = self.curve;
        Self { curve: [a + by, b, c], ..*self }
    }

    /// The line with `by` more pixels at both ends.
    pub(super) fn widened(&self, by: f32) -> Self {
        let (old, [a, b, c]) = ((self.right - self.left) / 2.0, self.curve);
        let grow = (old + by) / old.max(1.0);
        Self { left: self.left - by, right: self.right + by, curve: [a, b * grow, c * grow * grow], ..*self }
    }

    /// The box around its letters, in pixels of the picture as it lies in its file.
    pub(super) fn area(&self, lying: Lying) -> Area {
        let ends = (0..=8).flat_map(|i| {
            let x = self.left + (self.right - self.left) * i as f32 / 8.0;
            [-0.6, 0.6].map(|away| lying.back(x, self.middle(x) + away * self.cap))
        });
        let points: Vec<Area> = ends.map(|(x, y)| Area::new(x, y, x, y)).collect();
        let frame = Area::new(0.0, 0.0, lying.picture.width as f32, lying.picture.height as f32);
        let around = Area::around(points).unwrap_or(frame);
        around.clipped(frame).unwrap_or(around)
    }

    /// The line seen after half a turn of the picture.
    pub(super) fn half_turned(&self, lying: Lying) -> Self {
        let (right, _) = lying.half_turned(self.left, 0.0);
        let (left, _) = lying.half_turned(self.right, 0.0);
        let [a, b, c] = self.curve;
        let (_, a) = lying.half_turned(0.0, a);
        Self { left, right, curve: [a, b, -c], cap: self.cap }
    }

    /// The line cut out `rows` high, its letters `letters` of them.
    pub(super) fn cut(&self, lying: Lying, rows: usize, letters: f32) -> Grey {
        let scale = (self.cap / letters).max(0.02);
        let width = (((self.right - self.left) / scale) as usize).clamp(1, WIDEST);
        let step = (self.right - self.left) / width as f32;
        let tries = (scale.ceil() as usize).clamp(1, 4);
        let part = |i: usize| (i as f32 + 0.5) / tries as f32;
        // Where each column, in as many parts as are averaged, crosses the middle of the line, and its lean.
        let columns: Vec<(f32, f32, f32)> = (0..width * tries)
            .map(|i| self.left + (i as f32 + 0.5) / tries as f32 * step)
            .map(|x| (x, self.middle(x), self.slope(x)))
            .collect();
        let mut pixels = Vec::with_capacity(width * rows);
        for row in 0..rows {
            for column in columns.chunks_exact(tries) {
                let mut sum = 0.0;
                for dy in 0..tries {
                    let away = (row as f32 + part(dy) - rows as f32 / 2.0) * scale;
                    for (x, middle, slope) in column {
                        sum += lying.at(x - away * slope, middle + away);
                    }
                }
                pixels.push((sum / (tries * tries) as f32 + 0.5) as u8);
            }
        }
        Grey { width, height: rows, pixels }
    }

    /// The same line with its middle followed and its letters measured on the picture.
    pub(super) fn refined(&self, lying: Lying) -> Self {
        let mut line = *self;
        for round in 0..2 {
            let letters = LOOK as f32 / LOOK_HEIGHTS;
            let ink = ink(&line.cut(lying, LOOK, letters));
            let scale = line.cap / letters;
            let reach = letters * if round == 0 { 0.95 } else { 0.75 };
            line.follow(&ink, reach, scale);
            line.measure(lying, letters);
        }
        line
    }

    /// Moves the curve to where the ink is.
    fn follow(&mut self, ink: &Grey, reach: f32, scale: f32) {
        let mut places: Vec<(f32, f32, f32)> = Vec::with_capacity(PARTS);
        let middle = ink.height as f32 / 2.0;
        for part in 0..PARTS {
            let (from, to) = (part * ink.width / PARTS, (part + 1) * ink.width / PARTS);
            let (mut n, mut sum) = (0.0f32, 0.0f32);
            for (y, row) in ink.rows().enumerate() {
                let away = y as f32 + 0.5 - middle;
                if away.abs() > reach {
                    continue;
                }
                let count: u32 = row.get(from..to).unwrap_or_default().iter().map(|&p| u32::from(p)).sum();
                n += count as f32;
                sum += count as f32 * away;
            }
            if n > 0.0 {
                let u = (part as f32 + 0.5) / PARTS as f32 * 2.0 - 1.0;
                places.push((u, sum / n * scale, n));
            }
        }
        let most = places.iter().map(|p| p.2).fold(0.0, f32::max);
        // Columns with little ink in them say little.
        places.retain(|p| p.2 > most * 0.15);
        if let Some(fit) = parabola(&places)
            && fit.iter().all(|v| v.is_finite() && v.abs() < self.cap * 3.0)
        {
            for (mine, more) in self.curve.iter_mut().zip(fit) {
                *mine += more;
            }
        }
    }

    /// Takes the height of the letters from the rows that have ink.
    fn measure(&mut self, lying: Lying, letters: f32) {
        let ink = ink(&self.cut(lying, LOOK, letters));
        let rows: Vec<f32> = ink.rows().map(|row| row.iter().map(|&p| f32::from(p)).sum::<f32>()).collect();
        let middle = LOOK / 2;
        let near = rows.get(middle.saturating_sub(8)..middle + 8).unwrap_or_default();
        let mut sorted = near.to_vec();
        sorted.sort_by(f32::total_cmp);
        let limit = sorted.get(sorted.len() * 3 / 4).copied().unwrap_or_default() * 0.35;
        if limit <= 0.0 {
            return;
        }
        let below = rows.iter().skip(middle).position(|&r| r < limit).unwrap_or(LOOK - middle);
        let above = rows.iter().take(middle).rev().position(|&r| r < limit).unwrap_or(middle);
        let (height, off) = ((above + below) as f32, (below as f32 - above as f32) / 2.0);
        let scale = self.cap / letters;
        if (letters * 0.5..letters * 1.9).contains(&height) {
            if let Some(a) = self.curve.first_mut() {
                *a += off * scale;
            }
            self.cap = height * scale;
        }
    }

    /// How regular its letters stand, from 0 to 1: those of a machine stand alike.
    pub(super) fn regularity(&self, lying: Lying) -> f32 {
        let ink = ink(&self.cut(lying, 20, 17.0));
        let mut columns = vec![0.0f32; ink.width];
        for row in ink.rows() {
            for (sum, &p) in columns.iter_mut().zip(row) {
                *sum += f32::from(p);
            }
        }
        let mean = columns.iter().sum::<f32>() / columns.len().max(1) as f32;
        for c in &mut columns {
            *c -= mean;
        }
        let own: f32 = columns.iter().map(|c| c * c).sum();
        let at =
            |lag: usize| -> f32 { columns.iter().zip(columns.iter().skip(lag)).map(|(a, b)| a * b).sum() };
        (13..=26).map(at).fold(0.0, f32::max) / own.max(1.0)
    }
}

/// 1 where it is darker than the paper around.
fn ink(strip: &Grey) -> Grey {
    let paper = super::net::paper(strip);
    let mut pixels = Vec::with_capacity(strip.pixels.len());
    for row in strip.rows() {
        pixels.extend(row.iter().zip(&paper).map(|(&p, &paper)| u8::from(f32::from(p) < paper * 0.74)));
    }
    Grey { width: strip.width, height: strip.height, pixels }
}

/// The parabola through weighted points, by least squares.
fn parabola(points: &[(f32, f32, f32)]) -> Option<[f32; 3]> {
    if points.len() < 5 {
        return None;
    }
    let moment = |p: i32| points.iter().map(|(u, _, n)| f64::from(u.powi(p) * n)).sum::<f64>();
    let towards = |p: i32| points.iter().map(|(u, v, n)| f64::from(u.powi(p) * v * n)).sum::<f64>();
    let [m0, m1, m2, m3, m4] = [moment(0), moment(1), moment(2), moment(3), moment(4)];
    let [t0, t1, t2] = [towards(0), towards(1), towards(2)];
    let det = |a: [f64; 3], b: [f64; 3], c: [f64; 3]| {
        let ([a0, a1, a2], [b0, b1, b2], [c0, c1, c2]) = (a, b, c);
        a0 * (b1 * c2 - b2 * c1) - a1 * (b0 * c2 - b2 * c0) + a2 * (b0 * c1 - b1 * c0)
    };
    let whole = det([m0, m1, m2], [m1, m2, m3], [m2, m3, m4]);
    if whole.abs() < 1e-9 {
        return None;
    }
    let a = det([t0, m1, m2], [t1, m2, m3], [t2, m3, m4]) / whole;
    let b = det([m0, t0, m2], [m1, t1, m3], [m2, t2, m4]) / whole;
    let c = det([m0, m1, t0], [m1, m2, t1], [m2, m3, t2]) / whole;
    Some([a as f32, b as f32, c as f32])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn turns_agree_with_those_of_pictures() {
        let picture = Grey::new(3, 2, vec![10, 20, 30, 40, 50, 60]).unwrap();
        for turn in [0, 90, 180, 270] {
            let turned = picture.turned(turn);
            let lying = Lying { picture: &picture, turn };
            for y in 0..turned.height {
                for x in 0..turned.width {
                    let seen = lying.at(x as f32 + 0.5, y as f32 + 0.5);
                    assert_eq!(seen as u8, turned.at(x, y), "{turn} {x} {y}");
                }
            }
        }
    }

    #[test]
    fn a_bent_line_is_followed() {
        let mut picture = Grey::filled(700, 120, 220);
        let bend = |x: f32| 60.0 + (x - 350.0) * 0.03 + (x - 350.0).powi(2) * 0.000_06;
        for cell in 0..44 {
            let x = 20 + cell * 15;
            let y = bend(x as f32 + 5.0);
            picture.paint(x, (y - 7.0) as usize, x + 9, (y + 7.0) as usize, 40);
        }
        let bar = Bar { x: 350.0, y: 63.0, slope: 0.03, length: 660.0, thickness: 17.0 };
        let line = Baseline::new(&bar, 20.0, 680.0).refined(Lying { picture: &picture, turn: 0 });
        for x in [40.0, 350.0, 650.0] {
            assert!((line.middle(x) - bend(x)).abs() < 1.6, "{x}: {} {}", line.middle(x), bend(x));
        }
        assert!((line.cap - 14.0).abs() < 2.5, "{}", line.cap);
        assert!(line.regularity(Lying { picture: &picture, turn: 0 }) > 0.5);
    }

    #[test]
    fn a_parabola_goes_through_its_points() {
        let points: Vec<_> =
            (-3..=3).map(|i| (i as f32, 1.0 + 2.0 * i as f32 - 0.5 * (i * i) as f32, 1.0)).collect();
        let fit = parabola(&points).unwrap();
        assert!(fit.iter().zip([1.0, 2.0, -0.5]).all(|(a, b)| (a - b).abs() < 1e-3), "{fit:?}");
        assert!(parabola(&points[..3]).is_none());
    }
}
