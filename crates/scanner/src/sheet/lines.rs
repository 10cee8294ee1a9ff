//! Straight edges on the small copy of a picture.

use super::small::Small;

/// Change of shade from a pixel to the next from which there is an edge.
const STEP: f32 = 3.0;
/// Lines looked at, the longest first.
const LINES: usize = 34;
/// Directions lines are sought in.
const ANGLES: usize = 180;
/// How far an edge may lie off its line, in pixels: sheets are never quite flat.
const OFF: f32 = 2.0;
/// How well an edge's direction must agree with its line's, as a cosine.
const ALIGNED: f32 = 0.9;

/// A straight line: the places where `x * nx + y * ny == c`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub(super) nx: f32,
    pub(super) ny: f32,
    pub(super) c: f32,
}

impl Line {
    /// The line through the places, weighted alike; `None` when they are no line.
    pub(super) fn through(points: &[(f32, f32)]) -> Option<Self> {
        let count = points.len() as f32;
        if points.len() < 2 {
            return None;
        }
        let (mx, my) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / count, y + p.1 / count));
        let (mut xx, mut xy, mut yy) = (0.0f32, 0.0f32, 0.0f32);
        for (x, y) in points {
            let (dx, dy) = (x - mx, y - my);
            xx += dx * dx;
            xy += dx * dy;
            yy += dy * dy;
        }
        let along = 0.5 * (2.0 * xy).atan2(xx - yy);
        let (ny, nx) = (along + std::f32::consts::FRAC_PI_2).sin_cos();
        (xx + yy > 0.0).then_some(Self { nx, ny, c: mx * nx + my * ny })
    }

    /// How far a place lies from it, on the side its normal points to when positive.
    pub(super) fn off(&self, (x, y): (f32, f32)) -> f32 {
        x * self.nx + y * self.ny - self.c
    }

    pub(super) fn crossing(&self, other: &Self) -> Option<(f32, f32)> {
        let det = self.nx * other.ny - self.ny * other.nx;
        if det.abs() < 0.05 {
            return None;
        }
        Some(((self.c * other.ny - other.c * self.ny) / det, (other.c * self.nx - self.c * other.nx) / det))
    }

    /// How far along the line a place lies.
    pub(super) fn along(&self, (x, y): (f32, f32)) -> f32 {
        y * self.nx - x * self.ny
    }

    /// The place so far along the line.
    pub(super) fn at(&self, along: f32) -> (f32, f32) {
        (self.nx * self.c - self.ny * along, self.ny * self.c + self.nx * along)
    }
}

/// A line with what stands on it.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) line: Line,
    /// For each pixel along the line from `first`, how many before it are in the picture, brighter on the
    /// normal's side, and darker there.
    counts: Vec<[u32; 3]>,
    first: i32,
}

impl Edge {
    /// Between two places along the line: pixels in the picture, shares of them where it gets brighter
    /// to the normal's side, and darker.
    pub(super) fn support(&self, from: f32, to: f32) -> (f32, f32, f32) {
        let at = |along: f32| {
            let index = (along.round() as i32 - self.first).max(0) as usize;
            self.counts.get(index.min(self.counts.len().saturating_sub(1))).copied().unwrap_or_default()
        };
        let (a, b) = (at(from.min(to)), at(from.max(to)));
        let [seen, brighter, darker] = [0, 1, 2].map(|i| {
            let count = |c: [u32; 3]| c.get(i).copied().unwrap_or(0);
            count(b).saturating_sub(count(a)) as f32
        });
        (seen, brighter / seen.max(1.0), darker / seen.max(1.0))
    }
}

fn square((across, down): (f32, f32)) -> f32 {
    across * across + down * down
}

/// How shades change around each pixel, in the colour in which they change most.
struct Slopes {
    width: usize,
    height: usize,
    /// To the right and downwards.
    changes: Vec<(f32, f32)>,
}

impl Slopes {
    fn of(small: &Small) -> Self {
        let (width, height) = (small.width, small.height);
        let mut slopes = vec![(0.0f32, 0.0f32); width * height];
        for plane in &small.closed {
            for y in 1..height.saturating_sub(1) {
                let rows = [y - 1, y, y + 1].map(|y| plane.row(y));
                let at = |row: usize, x: usize| {
                    rows.get(row).and_then(|r| r.get(x)).map_or(0.0, |&p| f32::from(p))
                };
                for x in 1..width.saturating_sub(1) {
                    let across = (at(1, x + 1) - at(1, x - 1)) / 2.0;
                    let down = (at(2, x) - at(0, x)) / 2.0;
                    if let Some(slope) = slopes.get_mut(y * width + x)
                        && square((across, down)) > square(*slope)
                    {
                        *slope = (across, down);
                    }
                }
            }
        }
        Self { width, height, changes: slopes }
    }

    fn at(&self, x: i32, y: i32) -> Option<(f32, f32)> {
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        if x >= self.width || y >= self.height {
            return None;
        }
        self.changes.get(y * self.width + x).copied()
    }

    /// The pixels where shades change more than before and behind.
    fn crests(&self) -> Vec<Crest> {
        let mut crests = Vec::new();
        for y in 1..self.height.saturating_sub(1) as i32 {
            for x in 1..self.width.saturating_sub(1) as i32 {
                let Some((dx, dy)) = self.at(x, y) else { continue };
                let square_here = square((dx, dy));
                if square_here < STEP * STEP {
                    continue;
                }
                let steep = square_here.sqrt();
                let side = |v: f32| i32::from(v > steep * 0.38) - i32::from(v < -steep * 0.38);
                let (sx, sy) = (side(dx), side(dy));
                let near = |x, y| self.at(x, y).map_or(0.0, square);
                if square_here >= near(x - sx, y - sy) && square_here > near(x + sx, y + sy) {
                    crests.push(Crest { x: x as f32, y: y as f32, nx: dx / steep, ny: dy / steep });
                }
            }
        }
        crests
    }

    /// What stands on a line.
    fn edge(&self, line: Line) -> Edge {
        let reach = (self.width as f32).hypot(self.height as f32);
        let first = -(reach as i32);
        let mut counts = Vec::with_capacity(reach as usize * 2 + 1);
        let mut total = [0u32; 3];
        for along in first..=reach as i32 {
            counts.push(total);
            let (x, y) = line.at(along as f32);
            if self.at(x.round() as i32, y.round() as i32).is_none() {
                continue;
            }
            let mut best = 0.0f32;
            for off in -(OFF as i32)..=OFF as i32 {
                let place = (x + line.nx * off as f32, y + line.ny * off as f32);
                let Some((dx, dy)) = self.at(place.0.round() as i32, place.1.round() as i32) else {
                    continue;
                };
                let (steep, across) = (square((dx, dy)), dx * line.nx + dy * line.ny);
                let aligned = across * across >= steep * ALIGNED * ALIGNED;
                if steep >= STEP * STEP && aligned && across.abs() > best.abs() {
                    best = across;
                }
            }
            total = [total[0] + 1, total[1] + u32::from(best > 0.0), total[2] + u32::from(best < 0.0)];
        }
        counts.push(total);
        Edge { line, counts, first }
    }
}

/// A pixel on an edge and the direction in which it gets brighter.
struct Crest {
    x: f32,
    y: f32,
    nx: f32,
    ny: f32,
}

impl Crest {
    fn is_on(&self, line: &Line) -> bool {
        line.off((self.x, self.y)).abs() <= OFF && (self.nx * line.nx + self.ny * line.ny).abs() >= ALIGNED
    }
}

/// The longest straight edges.
pub(super) fn edges(small: &Small) -> Vec<Edge> {
    let slopes = Slopes::of(small);
    let mut crests = slopes.crests();
    let mut votes = Votes::new(small.width, small.height);
    for crest in &crests {
        votes.add(crest, 1);
    }
    let least = small.width.min(small.height) as i32 / 8;
    let mut edges = Vec::new();
    while edges.len() < LINES
        && let Some((line, count)) = votes.most()
        && count >= least
    {
        let mut line = line;
        for _ in 0..2 {
            let on: Vec<(f32, f32)> = crests.iter().filter(|c| c.is_on(&line)).map(|c| (c.x, c.y)).collect();
            line = Line::through(&on).unwrap_or(line);
        }
        let before = crests.len();
        crests.retain(|crest| {
            let on = crest.is_on(&line);
            if on {
                votes.add(crest, -1);
            }
            !on
        });
        if before == crests.len() {
            // The fit has left its voters: they are not to be found again.
            votes.forget();
            continue;
        }
        edges.push(slopes.edge(line));
    }
    edges
}

/// How many crests lie on each line.
struct Votes {
    /// Distances from the origin counted, on both sides.
    reach: i32,
    counts: Vec<i32>,
    last: usize,
    normals: Vec<(f32, f32)>,
}

impl Votes {
    fn new(width: usize, height: usize) -> Self {
        let reach = (width as f32).hypot(height as f32) as i32 / 2 + 2;
        let normals = (0..ANGLES)
            .map(|i| (i as f32 * std::f32::consts::PI / ANGLES as f32).sin_cos())
            .map(|(sin, cos)| (cos, sin))
            .collect();
        Self { reach, counts: vec![0; ANGLES * (reach as usize * 2 + 1)], last: 0, normals }
    }

    fn row(&self) -> usize {
        self.reach as usize * 2 + 1
    }

    /// Distances are counted in steps of two pixels, and the neighbours take part.
    fn add(&mut self, crest: &Crest, vote: i32) {
        let angle = crest.ny.atan2(crest.nx) * ANGLES as f32 / std::f32::consts::PI;
        for turn in -3..=3 {
            let index = (angle.round() as i32 + turn).rem_euclid(ANGLES as i32) as usize;
            let Some((nx, ny)) = self.normals.get(index) else { continue };
            let c = ((crest.x * nx + crest.y * ny) * 0.5).round() as i32 + self.reach;
            for c in c - 1..=c + 1 {
                let place = index * self.row() + c.clamp(0, self.reach * 2) as usize;
                if let Some(count) = self.counts.get_mut(place) {
                    *count += vote;
                }
            }
        }
    }

    fn most(&mut self) -> Option<(Line, i32)> {
        let (place, &count) = self.counts.iter().enumerate().max_by_key(|(_, c)| **c)?;
        self.last = place;
        let (nx, ny) = *self.normals.get(place / self.row())?;
        let c = ((place % self.row()) as i32 - self.reach) as f32 * 2.0;
        Some((Line { nx, ny, c }, count))
    }

    fn forget(&mut self) {
        if let Some(count) = self.counts.get_mut(self.last) {
            *count = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_line_goes_through_its_points_and_crosses_others() {
        let slope = Line::through(&[(0.0, 1.0), (2.0, 2.0), (4.0, 3.0)]).unwrap();
        assert!(slope.off((6.0, 4.0)).abs() < 1e-4);
        let upright = Line::through(&[(2.0, 0.0), (2.0, 9.0)]).unwrap();
        let (x, y) = slope.crossing(&upright).unwrap();
        assert!((x - 2.0).abs() < 1e-4 && (y - 2.0).abs() < 1e-4);
        let along = slope.along((4.0, 3.0));
        let (x, y) = slope.at(along);
        assert!((x - 4.0).abs() < 1e-4 && (y - 3.0).abs() < 1e-4);
        assert!(slope.crossing(&slope).is_none());
    }
}
