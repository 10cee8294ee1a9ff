use crate::area::Area;

/// A picture in colour: red, green and blue, one byte each, rows from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rgb {
    /// Pixels a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height * 3` bytes.
    pub pixels: Vec<u8>,
}

impl Rgb {
    /// A picture from its bytes; `None` unless there are `width * height * 3` of them.
    pub fn new(width: usize, height: usize, pixels: Vec<u8>) -> Option<Self> {
        let bytes = width.checked_mul(height)?.checked_mul(3)?;
        (bytes == pixels.len()).then_some(Self { width, height, pixels })
    }

    /// The pixels of a decoded picture.
    pub(crate) fn of(image: image::RgbImage) -> Self {
        Self { width: image.width() as usize, height: image.height() as usize, pixels: image.into_raw() }
    }

    /// The same without colour.
    pub fn grey(&self) -> Grey {
        let luma = |p: &[u8]| match *p {
            [r, g, b] => ((u32::from(r) * 77 + u32::from(g) * 150 + u32::from(b) * 29) >> 8) as u8,
            _ => 255,
        };
        let pixels = self.pixels.chunks_exact(3).map(luma).collect();
        Grey { width: self.width, height: self.height, pixels }
    }
}

/// How often each value occurs.
pub(crate) fn histogram<'v>(values: impl IntoIterator<Item = &'v u8>) -> [u64; 256] {
    let mut counts = [0; 256];
    values.into_iter().for_each(|&value| {
        if let Some(count) = counts.get_mut(usize::from(value)) {
            *count += 1;
        }
    });
    counts
}

/// A grey picture: one byte a pixel, rows from the top, 0 black and 255 white.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grey {
    /// Pixels a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height` bytes.
    pub pixels: Vec<u8>,
}

impl Grey {
    /// A picture of one shade.
    #[cfg(test)]
    pub(crate) fn filled(width: usize, height: usize, shade: u8) -> Self {
        Self { width, height, pixels: vec![shade; width * height] }
    }

    /// A picture from its bytes; `None` unless there are `width * height` of them.
    pub fn new(width: usize, height: usize, pixels: Vec<u8>) -> Option<Self> {
        (width.checked_mul(height)? == pixels.len()).then_some(Self { width, height, pixels })
    }

    /// The rows, from the top.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.width.max(1))
    }

    /// One row; empty outside.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        self.pixels.get(y * self.width..(y + 1) * self.width).unwrap_or_default()
    }

    /// One pixel; white outside.
    pub(crate) fn at(&self, x: usize, y: usize) -> u8 {
        self.row(y).get(x).copied().unwrap_or(255)
    }

    /// The shade at a place, interpolated between the middles of the pixels; beyond the edge that of the edge.
    pub(crate) fn shade(&self, x: f32, y: f32) -> f32 {
        let last = |side: usize| side.saturating_sub(1);
        let x = (x - 0.5).clamp(0.0, last(self.width) as f32);
        let y = (y - 0.5).clamp(0.0, last(self.height) as f32);
        let (left, top) = (x as usize, y as usize);
        let (fx, fy) = (x - left as f32, y - top as f32);
        let right = (left + 1).min(last(self.width));
        let mix = |row: &[u8]| {
            let at = |x: usize| f32::from(row.get(x).copied().unwrap_or(255));
            at(left) * (1.0 - fx) + at(right) * fx
        };
        mix(self.row(top)) * (1.0 - fy) + mix(self.row((top + 1).min(last(self.height)))) * fy
    }

    /// The longer side in pixels.
    pub(crate) fn long_edge(&self) -> usize {
        self.width.max(self.height)
    }

    /// The picture shrunk to `width` x `height`, each pixel the mean of those it covers.
    pub(crate) fn shrunk(&self, width: usize, height: usize) -> Self {
        if width >= self.width || height >= self.height || width == 0 || height == 0 {
            return self.clone();
        }
        let columns = spans(self.width, width);
        let rows = spans(self.height, height);
        let mut pixels = Vec::with_capacity(width * height);
        // Sums of one output row: weights have 8 fractional bits on each axis.
        let mut sums = vec![0u32; self.width];
        for row in &rows {
            sums.fill(0);
            for (y, weight) in row.pixels() {
                for (sum, &p) in sums.iter_mut().zip(self.row(y)) {
                    *sum += u32::from(p) * weight;
                }
            }
            for column in &columns {
                let mut total = 0u64;
                for (x, weight) in column.pixels() {
                    total += u64::from(sums.get(x).copied().unwrap_or(0)) * u64::from(weight);
                }
                let area = u64::from(row.weight()) * u64::from(column.weight());
                pixels.push((total / area.max(1)).min(255) as u8);
            }
        }
        Self { width, height, pixels }
    }

    /// The picture with its longer side shrunk to at most `edge` pixels.
    pub(crate) fn capped(self, edge: usize) -> Self {
        let long = self.long_edge();
        if long <= edge || edge == 0 {
            return self;
        }
        let scale = |side: usize| (side * edge).div_ceil(long).max(1);
        self.shrunk(scale(self.width), scale(self.height))
    }

    /// The picture enlarged `factor` times, shades interpolated.
    pub(crate) fn enlarged(&self, factor: usize) -> Self {
        let (width, height) = (self.width * factor, self.height * factor);
        // Places on the source in 1/256 of a pixel, between its first and its last.
        let place = |i: usize, side: usize| {
            let at = ((i * 2 + 1) * 128 / factor).saturating_sub(128).min(side.saturating_sub(1) * 256);
            (at / 256, (at % 256) as u32)
        };
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            let (top, lower) = place(y, self.height);
            let (above, below) = (self.row(top), self.row((top + 1).min(self.height.saturating_sub(1))));
            for x in 0..width {
                let (left, right) = place(x, self.width);
                let next = (left + 1).min(self.width.saturating_sub(1));
                let at = |row: &[u8], x: usize| u32::from(row.get(x).copied().unwrap_or(255));
                let mix = |row| at(row, left) * (256 - right) + at(row, next) * right;
                pixels.push(((mix(above) * (256 - lower) + mix(below) * lower) >> 16) as u8);
            }
        }
        Self { width, height, pixels }
    }

    /// The picture turned clockwise by `degrees`: 90, 180 or 270; anything else leaves it.
    pub(crate) fn turned(&self, degrees: u16) -> Self {
        let (w, h) = (self.width, self.height);
        match degrees {
            90 | 270 => {
                let mut pixels = Vec::with_capacity(self.pixels.len());
                for x in 0..w {
                    let source = if degrees == 90 { x } else { w - 1 - x };
                    let column = self.pixels.iter().skip(source).step_by(w.max(1)).copied();
                    let start = pixels.len();
                    pixels.extend(column);
                    if degrees == 90
                        && let Some(row) = pixels.get_mut(start..)
                    {
                        row.reverse();
                    }
                }
                Self { width: h, height: w, pixels }
            }
            180 => Self { width: w, height: h, pixels: self.pixels.iter().rev().copied().collect() },
            _ => self.clone(),
        }
    }

    /// The rectangle cut out, clamped to the picture; `None` when nothing is left.
    pub(crate) fn cropped(&self, left: usize, top: usize, right: usize, bottom: usize) -> Option<Self> {
        let (right, bottom) = (right.min(self.width), bottom.min(self.height));
        if left >= right || top >= bottom {
            return None;
        }
        let mut pixels = Vec::with_capacity((right - left) * (bottom - top));
        for y in top..bottom {
            pixels.extend_from_slice(self.row(y).get(left..right)?);
        }
        Some(Self { width: right - left, height: bottom - top, pixels })
    }

    /// The part in a box, clamped to the picture; `None` when nothing is left.
    pub(crate) fn part(&self, area: Area) -> Option<Self> {
        let edge = |v: f32| v.max(0.0) as usize;
        self.cropped(edge(area.left), edge(area.top), edge(area.right), edge(area.bottom))
    }

    /// Paints a rectangle, clamped to the picture.
    pub(crate) fn paint(&mut self, left: usize, top: usize, right: usize, bottom: usize, shade: u8) {
        let (right, bottom) = (right.min(self.width), bottom.min(self.height));
        for y in top..bottom {
            if let Some(row) = self.pixels.get_mut(y * self.width + left.min(right)..y * self.width + right) {
                row.fill(shade);
            }
        }
    }
}

/// The pixels of the source that one pixel of the shrunk picture covers, in 1/256.
struct Span {
    first: usize,
    first_weight: u32,
    full: usize,
    last_weight: u32,
}

impl Span {
    fn pixels(&self) -> impl Iterator<Item = (usize, u32)> {
        let full = (1..=self.full).map(|i| (self.first + i, 256));
        let last = (self.last_weight > 0).then_some((self.first + self.full + 1, self.last_weight));
        std::iter::once((self.first, self.first_weight)).chain(full).chain(last)
    }

    fn weight(&self) -> u32 {
        self.first_weight + self.full as u32 * 256 + self.last_weight
    }
}

fn spans(from: usize, to: usize) -> Vec<Span> {
    let edge = |i: usize| (i as u64 * from as u64 * 256) / to as u64;
    (0..to)
        .map(|i| {
            let (start, end) = (edge(i), edge(i + 1));
            let first = start / 256;
            let first_end = ((first + 1) * 256).min(end);
            let full = (end.saturating_sub(first_end)) / 256;
            Span {
                first: first as usize,
                first_weight: (first_end - start) as u32,
                full: full as usize,
                last_weight: (end - first_end - full * 256) as u32,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn turns_are_clockwise() {
        let grey = Grey::new(3, 2, vec![1, 2, 3, 4, 5, 6]).unwrap();
        assert_eq!(grey.turned(90), Grey::new(2, 3, vec![4, 1, 5, 2, 6, 3]).unwrap());
        assert_eq!(grey.turned(180), Grey::new(3, 2, vec![6, 5, 4, 3, 2, 1]).unwrap());
        assert_eq!(grey.turned(270), Grey::new(2, 3, vec![3, 6, 2, 5, 1, 4]).unwrap());
        assert_eq!(grey.turned(90).turned(270), grey);
    }

    #[test]
    fn shrinking_takes_the_mean() {
        let grey = Grey::new(4, 2, vec![0, 100, 200, 200, 100, 200, 0, 0]).unwrap();
        assert_eq!(grey.shrunk(2, 1).pixels, vec![100, 100]);
        let flat = Grey::filled(1001, 733, 137);
        assert!(flat.clone().capped(300).pixels.iter().all(|&p| p == 137));
        assert_eq!(flat.capped(300).long_edge(), 300);
    }

    #[test]
    fn enlarging_keeps_shades_between_those_of_the_source() {
        let large = Grey::new(2, 1, vec![0, 200]).unwrap().enlarged(2);
        assert_eq!((large.width, large.height), (4, 2));
        assert_eq!(large.pixels, vec![0, 50, 150, 200, 0, 50, 150, 200]);
    }

    #[test]
    fn cutting_and_painting_stay_inside() {
        let mut grey = Grey::filled(4, 4, 255);
        grey.paint(2, 2, 90, 90, 0);
        assert_eq!(grey.cropped(2, 2, 9, 9).unwrap().pixels, vec![0; 4]);
        assert_eq!(grey.at(1, 2), 255);
        assert!(grey.cropped(4, 0, 9, 9).is_none());
    }
}
