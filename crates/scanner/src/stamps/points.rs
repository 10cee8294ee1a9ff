//! Places on lines, with the direction across them.

use crate::ocr::binary::Ink;

/// A pixel of ink on a line, and the unit vector across the line; its sign means nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) nx: f32,
    pub(super) ny: f32,
}

/// Points looked at: a page full of patterns has more.
const MOST: usize = 60_000;
/// How much a place must look like a line, 0 to 1: corners and blots do not.
const LINE_LIKE: f32 = 0.55;

/// The places of a picture where ink forms a line.
pub(super) fn points(ink: &Ink) -> Vec<Point> {
    let (width, height) = (ink.width, ink.height);
    let steep = Gradients::of(ink);
    let count = ink.pixels.iter().filter(|&&p| p != 0).count();
    let skip = count.div_ceil(MOST).max(1);
    let mut found = Vec::with_capacity(count.min(MOST));
    let mut nth = 0usize;
    for y in 3..height.saturating_sub(3) {
        for (x, _) in ink.row(y).iter().enumerate().filter(|(_, p)| **p != 0) {
            nth += 1;
            if !nth.is_multiple_of(skip) || x < 3 || x + 3 >= width {
                continue;
            }
            if let Some((nx, ny)) = steep.across(x, y) {
                found.push(Point { x: x as f32 + 0.5, y: y as f32 + 0.5, nx, ny });
            }
        }
    }
    found
}

/// The slopes of a picture, row by row.
struct Gradients {
    width: usize,
    slopes: Vec<(i8, i8)>,
}

impl Gradients {
    fn of(ink: &Ink) -> Self {
        let (width, height) = (ink.width, ink.height);
        let mut slopes = vec![(0i8, 0i8); width * height];
        for y in 1..height.saturating_sub(1) {
            let rows = [ink.row(y - 1), ink.row(y), ink.row(y + 1)];
            let Some(out) = slopes.get_mut(y * width + 1..(y + 1) * width) else { continue };
            let [a, b, c] = rows.map(|r| r.windows(3));
            for (slope, ((a, b), c)) in out.iter_mut().zip(a.zip(b).zip(c)) {
                if let ([a0, a1, a2], [b0, _, b2], [c0, c1, c2]) = (a, b, c) {
                    let v = |p: &u8| *p as i8;
                    *slope = (
                        v(a2) + 2 * v(b2) + v(c2) - v(a0) - 2 * v(b0) - v(c0),
                        v(c0) + 2 * v(c1) + v(c2) - v(a0) - 2 * v(a1) - v(a2),
                    );
                }
            }
        }
        Self { width, slopes }
    }

    /// The direction across the line at a place; `None` when there is no line.
    fn across(&self, x: usize, y: usize) -> Option<(f32, f32)> {
        let (mut xx, mut yy, mut xy) = (0i32, 0i32, 0i32);
        for row in y - 2..=y + 2 {
            let start = row * self.width + x - 2;
            for &(gx, gy) in self.slopes.get(start..start + 5)? {
                let (gx, gy) = (i32::from(gx), i32::from(gy));
                xx += gx * gx;
                yy += gy * gy;
                xy += gx * gy;
            }
        }
        let (sum, difference, cross) = ((xx + yy) as f32, (xx - yy) as f32, 2.0 * xy as f32);
        if sum <= 0.0 || difference.hypot(cross) < sum * LINE_LIKE {
            return None;
        }
        let (sin, cos) = (cross.atan2(difference) / 2.0).sin_cos();
        Some((cos, sin))
    }
}
