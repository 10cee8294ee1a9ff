use crate::layout::median;
use crate::raster::{Grey, histogram};

/// Side of the squares the paper's brightness is sampled in, in pixels.
const CELL: usize = 16;
/// How far a sample is averaged with its neighbours, in cells.
const REACH: usize = 3;
/// Paper is never taken for darker than this share of the brightest paper: large dark areas stay dark.
const DARKEST_PAPER: f32 = 0.45;

/// Divides the picture by the brightness of its paper: shadows and yellow paper become white.
pub(crate) fn flatten(grey: &Grey) -> Grey {
    Light::of(grey).map_or_else(|| grey.clone(), |light| light.flattened(grey))
}

/// How bright the paper of a picture is in each square of it.
pub(crate) struct Light {
    paper: Vec<u8>,
    columns: usize,
    rows: usize,
}

impl Light {
    /// `None` for a picture that is too small.
    pub(crate) fn of(grey: &Grey) -> Option<Self> {
        if grey.width < CELL * 2 || grey.height < CELL * 2 {
            return None;
        }
        let (columns, rows) = (grey.width.div_ceil(CELL), grey.height.div_ceil(CELL));
        Some(Self { paper: brightest(grey, columns, rows), columns, rows })
    }

    /// How uneven it is: 0 for a scan, up to 1. The darker parts are compared with the brightest, dark areas of
    /// print left out as far as they cover less than a third.
    pub(crate) fn unevenness(&self) -> f32 {
        let bright = f32::from(percentile(&self.paper, 0.95));
        let dim = f32::from(percentile(&self.paper, 0.35));
        (1.0 - dim / bright.max(1.0)).max(0.0)
    }

    /// The picture divided by it.
    pub(crate) fn flattened(&self, grey: &Grey) -> Grey {
        let floor = (f32::from(percentile(&self.paper, 0.95)) * DARKEST_PAPER) as u8;
        let paper: Vec<u8> = self.paper.iter().map(|&cell| cell.max(floor)).collect();
        let blurred = blur(&paper, self.columns, self.rows, true);
        divided(grey, &blur(&blurred, self.columns, self.rows, false), self.columns, self.rows)
    }
}

/// Divides the picture by a brightness for each of its squares.
fn divided(grey: &Grey, paper: &[u8], columns: usize, rows: usize) -> Grey {
    // One factor a cell corner in 1/256, interpolated over the pixels between.
    let factors: Vec<u32> = paper.iter().map(|&p| 255 * 256 / u32::from(p.max(1))).collect();
    let factor = |x: usize, y: usize| {
        let index = y.min(rows - 1) * columns + x.min(columns - 1);
        factors.get(index).copied().unwrap_or(256)
    };
    let mut pixels = Vec::with_capacity(grey.pixels.len());
    let mut row_factors = vec![0u32; columns + 1];
    for (y, row) in grey.rows().enumerate() {
        let (cell_y, part_y) = position(y);
        for (x, f) in row_factors.iter_mut().enumerate() {
            *f = (factor(x, cell_y) * (256 - part_y) + factor(x, cell_y + 1) * part_y) >> 8;
        }
        let mut cells = row_factors.windows(2);
        let mut pair = cells.next();
        // Pixels before the middle of the first cell take its factor alone.
        let (head, tail) = row.split_at(row.len().min(CELL / 2));
        let first = row_factors.first().copied().unwrap_or(256);
        pixels.extend(head.iter().map(|&p| scale(p, first)));
        for span in tail.chunks(CELL) {
            let (from, to) = match pair {
                Some([a, b]) => (*a, *b),
                _ => (256, 256),
            };
            pair = cells.next().or(pair);
            let step = (i64::from(to) - i64::from(from)) / CELL as i64;
            let mut f = i64::from(from);
            for &p in span {
                pixels.push(scale(p, f as u32));
                f += step;
            }
        }
    }
    Grey { width: grey.width, height: grey.height, pixels }
}

/// How far the shades of the paper lie apart, in shades: the grain of a scanner or a camera.
pub(crate) fn grain(grey: &Grey) -> f32 {
    let mut spreads = Vec::new();
    // One square of nine tells as much.
    for band in grey.pixels.chunks_exact((grey.width * CELL).max(1)).step_by(3) {
        for column in (0..grey.width.saturating_sub(CELL)).step_by(CELL * 3) {
            let rows = band.chunks_exact(grey.width);
            let mut cell: Vec<u8> =
                rows.filter_map(|row| row.get(column..column + CELL)).flatten().copied().collect();
            cell.sort_unstable();
            let at = |quarter: usize| f32::from(cell.get(cell.len() * quarter / 4).copied().unwrap_or(0));
            spreads.push(at(3) - at(1));
        }
    }
    median(spreads).unwrap_or(0.0)
}

/// The cell whose middle lies before a pixel, and how far the pixel is on the way to the next, in 1/256.
fn position(pixel: usize) -> (usize, u32) {
    let shifted = pixel.saturating_sub(CELL / 2);
    (shifted / CELL, (shifted % CELL * 256 / CELL) as u32)
}

fn scale(pixel: u8, factor: u32) -> u8 {
    ((u32::from(pixel) * factor) >> 8).min(255) as u8
}

/// The paper's brightness in each cell: its brightest pixels, single ones left out.
fn brightest(grey: &Grey, columns: usize, rows: usize) -> Vec<u8> {
    let mut cells = Vec::with_capacity(columns * rows);
    let mut counts = vec![[0u16; 32]; columns];
    for band in 0..rows {
        counts.fill([0; 32]);
        for y in band * CELL..((band + 1) * CELL).min(grey.height) {
            for (cell, span) in counts.iter_mut().zip(grey.row(y).chunks(CELL)) {
                for &p in span {
                    if let Some(count) = cell.get_mut(usize::from(p >> 3)) {
                        *count += 1;
                    }
                }
            }
        }
        for cell in &counts {
            let total: u16 = cell.iter().sum();
            let mut left = total / 12;
            let level = cell.iter().enumerate().rev().find(|(_, c)| {
                let enough = **c > left;
                left = left.saturating_sub(**c);
                enough
            });
            cells.push(level.map_or(255, |(i, _)| (i * 8 + 7) as u8));
        }
    }
    cells
}

/// The value that a share of all are under.
pub(crate) fn percentile(values: &[u8], share: f32) -> u8 {
    let counts = histogram(values);
    let mut left = (values.len().saturating_sub(1) as f32 * share) as u64;
    let level = counts.iter().position(|count| {
        let reached = left < *count;
        left = left.saturating_sub(*count);
        reached
    });
    level.map_or(255, |level| level as u8)
}

/// The mean over `REACH` cells on both sides along one axis.
fn blur(cells: &[u8], columns: usize, rows: usize, along_rows: bool) -> Vec<u8> {
    let at = |x: usize, y: usize| u32::from(cells.get(y * columns + x).copied().unwrap_or(255));
    let mut out = Vec::with_capacity(cells.len());
    for y in 0..rows {
        for x in 0..columns {
            let (place, end) = if along_rows { (x, columns) } else { (y, rows) };
            let range = place.saturating_sub(REACH)..(place + REACH + 1).min(end);
            let count = range.len() as u32;
            let sum: u32 = range.map(|i| if along_rows { at(i, y) } else { at(x, i) }).sum();
            out.push((sum / count.max(1)) as u8);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grain_is_that_of_the_paper() {
        let mut grey = Grey::filled(400, 300, 240);
        grey.paint(100, 100, 200, 130, 20);
        assert!(grain(&grey) < 1.0, "{}", grain(&grey));
        for (i, pixel) in grey.pixels.iter_mut().enumerate() {
            *pixel = pixel.saturating_sub((i * 7 % 20) as u8);
        }
        assert!((8.0..13.0).contains(&grain(&grey)), "{}", grain(&grey));
        assert!(grain(&Grey::filled(3, 3, 0)) < 1.0);
    }

    #[test]
    fn a_shadow_goes_and_ink_stays() {
        let (width, height) = (400, 300);
        let mut grey = Grey::filled(width, height, 0);
        for y in 0..height {
            for x in 0..width {
                // Paper that darkens from 240 to 120 from left to right, with a stroke of ink in it.
                let paper = 240.0 - 120.0 * x as f32 / width as f32;
                let ink = (100..104).contains(&y) && x % 20 < 14;
                let shade = if ink { paper * 0.3 } else { paper };
                grey.paint(x, y, x + 1, y + 1, shade as u8);
            }
        }
        let flat = flatten(&grey);
        assert_eq!((flat.width, flat.height, flat.pixels.len()), (width, height, width * height));
        for x in [5, 150, 250, 394] {
            assert!(flat.at(x, 50) > 225, "paper at {x}: {}", flat.at(x, 50));
            let ink = flat.at(x / 20 * 20 + 2, 102);
            assert!(ink < 100, "ink at {x}: {ink}");
        }
    }
}
