//! An ellipse and how it is fitted to points.

use super::points::Point;
use crate::area::Area;

/// An ellipse in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ellipse {
    pub(super) x: f32,
    pub(super) y: f32,
    /// Half of the axis that points in the direction `turn`.
    pub(super) a: f32,
    /// Half of the other axis.
    pub(super) b: f32,
    /// Radians, clockwise on the picture, from the x axis; within a quarter turn either way.
    pub(super) turn: f32,
}

impl Ellipse {
    /// The place at an angle (of the parameter) on the ellipse shrunk or grown `share` times.
    pub(super) fn at(&self, angle: f32, share: f32) -> (f32, f32) {
        let (dx, dy) = (self.a * share * angle.cos(), self.b * share * angle.sin());
        let (sin, cos) = self.turn.sin_cos();
        (self.x + dx * cos - dy * sin, self.y + dx * sin + dy * cos)
    }

    /// How far from the middle a place lies (1 on the line), and at which angle of the parameter.
    pub(super) fn place(&self, x: f32, y: f32) -> (f32, f32) {
        let (dx, dy) = (x - self.x, y - self.y);
        let (sin, cos) = self.turn.sin_cos();
        let (u, v) = ((dx * cos + dy * sin) / self.a, (dy * cos - dx * sin) / self.b);
        (u.hypot(v), v.atan2(u))
    }

    /// Pixels between a point and the line, and how well their directions agree (1: the same).
    pub(super) fn distance(&self, point: &Point) -> (f32, f32) {
        let (dx, dy) = (point.x - self.x, point.y - self.y);
        let (sin, cos) = self.turn.sin_cos();
        let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
        let share = (u / self.a).hypot(v / self.b).max(1e-3);
        let far = (share - 1.0) / share * dx.hypot(dy);
        let (gu, gv) = (u / (self.a * self.a), v / (self.b * self.b));
        let length = gu.hypot(gv).max(1e-9);
        let (gx, gy) = ((gu * cos - gv * sin) / length, (gu * sin + gv * cos) / length);
        (far, (gx * point.nx + gy * point.ny).abs())
    }

    /// The smallest upright box round it.
    pub(super) fn area(&self) -> Area {
        let (sin, cos) = self.turn.sin_cos();
        let (w, h) = ((self.a * cos).hypot(self.b * sin), (self.a * sin).hypot(self.b * cos));
        Area::new(self.x - w, self.y - h, self.x + w, self.y + h)
    }

    /// The longer half axis.
    pub(super) fn long(&self) -> f32 {
        self.a.max(self.b)
    }

    /// The shorter half axis.
    pub(super) fn short(&self) -> f32 {
        self.a.min(self.b)
    }

    /// The same on a picture `factor` times as large.
    pub(super) fn scaled(&self, factor: f32) -> Self {
        Self { x: self.x * factor, y: self.y * factor, a: self.a * factor, b: self.b * factor, ..*self }
    }

    /// The line that runs `by` pixels further in; rings and words of an oval keep their distance.
    pub(super) fn inset(&self, by: f32) -> Self {
        Self { a: (self.a - by).max(1.0), b: (self.b - by).max(1.0), ..*self }
    }

    pub(super) fn moved(&self, x: f32, y: f32) -> Self {
        Self { x: self.x + x, y: self.y + y, ..*self }
    }

    /// The ellipse that comes nearest to the points, by least squares of its equation; `None` when that
    /// is no ellipse.
    pub(super) fn fitted(points: &[Point]) -> Option<Self> {
        let count = points.len() as f64;
        if points.len() < 20 {
            return None;
        }
        let mean = |f: &dyn Fn(&Point) -> f32| points.iter().map(|p| f64::from(f(p))).sum::<f64>() / count;
        let (mx, my) = (mean(&|p| p.x), mean(&|p| p.y));
        let spread =
            points.iter().map(|p| (f64::from(p.x) - mx).powi(2) + (f64::from(p.y) - my).powi(2)).sum::<f64>();
        let size = (spread / count).sqrt().max(1.0);
        // A x² + B x y + C y² + D x + E y = 1, of which the sums of products are solved.
        let mut sums = [[0.0f64; 6]; 5];
        for point in points {
            let (x, y) = ((f64::from(point.x) - mx) / size, (f64::from(point.y) - my) / size);
            let row = [x * x, x * y, y * y, x, y, 1.0];
            for (sum, &v) in sums.iter_mut().zip(&row) {
                for (s, &w) in sum.iter_mut().zip(&row) {
                    *s += v * w;
                }
            }
        }
        let [xx, xy, yy, along, down] = solve(sums)?;
        let det = 4.0 * xx * yy - xy * xy;
        if det <= 1e-9 {
            return None;
        }
        let (x, y) = ((xy * down - 2.0 * yy * along) / det, (xy * along - 2.0 * xx * down) / det);
        let level = 1.0 - (xx * x * x + xy * x * y + yy * y * y + along * x + down * y);
        let mid = f64::midpoint(xx, yy);
        let half = ((xx - yy) / 2.0).hypot(xy / 2.0);
        let (one, two) = (level / (mid - half), level / (mid + half));
        if one <= 0.0 || two <= 0.0 {
            return None;
        }
        // The long axis lies across the direction in which the equation grows the fastest.
        let mut turn = (xy.atan2(xx - yy) / 2.0) + std::f64::consts::FRAC_PI_2;
        let (mut long, mut short) = (one.sqrt(), two.sqrt());
        while turn > std::f64::consts::FRAC_PI_2 {
            turn -= std::f64::consts::PI;
        }
        // Angles stay small where there is a choice, so that "up" is about up.
        if turn.abs() > std::f64::consts::FRAC_PI_4 {
            turn -= turn.signum() * std::f64::consts::FRAC_PI_2;
            std::mem::swap(&mut long, &mut short);
        }
        let found = Self {
            x: (x * size + mx) as f32,
            y: (y * size + my) as f32,
            a: (long * size) as f32,
            b: (short * size) as f32,
            turn: turn as f32,
        };
        [found.x, found.y, found.a, found.b, found.turn].iter().all(|v| v.is_finite()).then_some(found)
    }
}

/// Solves five linear equations by elimination.
fn solve(mut rows: [[f64; 6]; 5]) -> Option<[f64; 5]> {
    for column in 0..5 {
        let pivot = (column..5).max_by(|&i, &j| {
            let size = |k: usize| rows.get(k).and_then(|r| r.get(column)).map_or(0.0, |v| v.abs());
            size(i).total_cmp(&size(j))
        })?;
        rows.swap(column, pivot);
        let row = *rows.get(column)?;
        let lead = *row.get(column)?;
        if lead.abs() < 1e-12 {
            return None;
        }
        for (index, other) in rows.iter_mut().enumerate() {
            if index == column {
                for v in other.iter_mut() {
                    *v /= lead;
                }
            } else {
                let factor = *other.get(column)? / lead;
                for (v, w) in other.iter_mut().zip(row) {
                    *v -= factor * w;
                }
            }
        }
    }
    Some(rows.map(|[.., last]| last))
}
