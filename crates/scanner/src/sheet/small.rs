//! A small copy of a picture in which print is gone and the edges of things are left.

use crate::morph::closed;
use crate::raster::{Grey, Rgb};

/// Longer side aimed at, in pixels: letters of a page are a pixel or two then, and a sheet's edges are as
/// clear as ever.
const EDGE: f32 = 560.0;
/// How far a dark stroke is closed over, in pixels: half the width of what is taken for print.
const REACH: usize = 4;

/// A small copy of a picture.
#[derive(Debug)]
pub(super) struct Small {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Pixels of the picture to one of the copy.
    pub(super) step: usize,
    /// Red, green and blue with dark strokes closed over.
    pub(super) closed: [Grey; 3],
    /// How much darker than its surroundings a pixel was: print, grain, thread.
    pub(super) strokes: Grey,
}

impl Small {
    pub(super) fn of(picture: &Rgb) -> Self {
        let step = ((picture.width.max(picture.height) as f32 / EDGE).round() as usize).max(1);
        let planes = shrink(picture, step);
        let closed = planes.each_ref().map(|p| blurred(&closed(p, REACH * 2 + 1)));
        let mut strokes = planes[1].clone();
        for (pixel, paper) in strokes.pixels.iter_mut().zip(&closed[1].pixels) {
            *pixel = paper.saturating_sub(*pixel);
        }
        Self { width: strokes.width, height: strokes.height, step, closed, strokes }
    }

    /// The colour at a place, `None` outside.
    pub(super) fn colour(&self, x: f32, y: f32) -> Option<[f32; 3]> {
        if x < 0.0 || y < 0.0 {
            return None;
        }
        let (x, y) = (x as usize, y as usize);
        (x < self.width && y < self.height).then(|| self.closed.each_ref().map(|p| f32::from(p.at(x, y))))
    }
}

/// Each plane shrunk `step` times; of large blocks a few pixels stand for all.
fn shrink(picture: &Rgb, step: usize) -> [Grey; 3] {
    let (width, height) = (picture.width / step, picture.height / step);
    let stride = (step / 3).max(1);
    let mut planes = [(); 3].map(|()| Vec::with_capacity(width * height));
    let mut sums = vec![[0u32; 3]; width];
    for band in picture.pixels.chunks_exact((picture.width * 3 * step).max(1)) {
        sums.fill([0; 3]);
        let mut count = 0;
        for row in band.chunks_exact((picture.width * 3).max(1)).step_by(stride) {
            for (sum, block) in sums.iter_mut().zip(row.chunks_exact(step * 3)) {
                for pixel in block.as_chunks::<3>().0.iter().step_by(stride) {
                    for (s, p) in sum.iter_mut().zip(pixel) {
                        *s += u32::from(*p);
                    }
                }
            }
            count += step.div_ceil(stride) as u32;
        }
        for sum in &sums {
            for (plane, s) in planes.iter_mut().zip(sum) {
                plane.push((s / count.max(1)).min(255) as u8);
            }
        }
    }
    planes.map(|pixels| {
        let height = pixels.len().checked_div(width).unwrap_or(0);
        Grey { width, height, pixels }
    })
}

/// The mean of each pixel and its neighbours, nearer ones counting double.
fn blurred(grey: &Grey) -> Grey {
    let mean = |a: u8, b: u8, c: u8| ((u16::from(a) + 2 * u16::from(b) + u16::from(c) + 2) / 4) as u8;
    let mut level = Vec::with_capacity(grey.pixels.len());
    for row in grey.rows() {
        let (Some(&first), Some(&last)) = (row.first(), row.last()) else { continue };
        let before = std::iter::once(&first).chain(row);
        let after = row.iter().skip(1).chain(std::iter::once(&last));
        level.extend(before.zip(row).zip(after).map(|((a, b), c)| mean(*a, *b, *c)));
    }
    let level = Grey { width: grey.width, height: grey.height, pixels: level };
    let mut pixels = Vec::with_capacity(grey.pixels.len());
    let last = grey.height.saturating_sub(1);
    for y in 0..grey.height {
        let rows = (level.row(y.saturating_sub(1)), level.row(y), level.row((y + 1).min(last)));
        pixels.extend(rows.0.iter().zip(rows.1).zip(rows.2).map(|((a, b), c)| mean(*a, *b, *c)));
    }
    Grey { width: grey.width, height: grey.height, pixels }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn print_goes_and_the_edge_of_a_sheet_stays() {
        let mut pixels = vec![60u8; 600 * 400 * 3];
        for (i, pixel) in pixels.chunks_exact_mut(3).enumerate() {
            let (x, y) = (i % 600, i / 600);
            if (100..500).contains(&x) && (80..320).contains(&y) {
                let letter = (150..450).contains(&x) && y % 12 < 3 && x % 6 < 4 && (120..280).contains(&y);
                pixel.fill(if letter { 20 } else { 230 });
            }
        }
        let small = Small::of(&Rgb { width: 600, height: 400, pixels });
        assert_eq!((small.width, small.height, small.step), (600, 400, 1));
        let paper = |x, y| small.closed.iter().all(|p| p.at(x, y) > 220);
        assert!(paper(200, 121) && paper(300, 200) && paper(110, 90));
        assert!(!paper(90, 200) && !paper(300, 70));
        assert!(small.strokes.at(200, 121) > 150 && small.strokes.at(110, 90) < 10);
    }
}
