//! Morphology on bytes with windows of any size, a few simple passes each.

use crate::raster::Grey;

/// The brightest pixel of a window `width` x `height` around each.
pub(crate) fn brightest(grey: &Grey, width: usize, height: usize) -> Grey {
    window(grey, width, height, u8::max)
}

/// The darkest pixel of a window `width` x `height` around each.
pub(crate) fn darkest(grey: &Grey, width: usize, height: usize) -> Grey {
    window(grey, width, height, u8::min)
}

/// Dark strokes less than `size` pixels thick taken out: the brightest around each pixel, then the darkest of
/// these.
pub(crate) fn closed(grey: &Grey, size: usize) -> Grey {
    darkest(&brightest(grey, size, size), size, size)
}

fn window(grey: &Grey, width: usize, height: usize, pick: impl Fn(u8, u8) -> u8 + Copy) -> Grey {
    let mut out = grey.clone();
    if grey.width == 0 || grey.height == 0 {
        return out;
    }
    if width > 1 {
        // Room for the windows that begin before the row: they see its first pixel again.
        let by = width / 2;
        let mut row = vec![0u8; grey.width + by];
        let mut other = row.clone();
        for line in out.pixels.chunks_exact_mut(grey.width) {
            let (edge, rest) = row.split_at_mut(by);
            edge.fill(line.first().copied().unwrap_or_default());
            rest.copy_from_slice(line);
            for step in steps(width) {
                combine(&row, &mut other, step, pick);
                std::mem::swap(&mut row, &mut other);
            }
            line.copy_from_slice(row.get(..line.len()).unwrap_or_default());
        }
    }
    if height > 1 {
        let above = height / 2;
        let first = out.pixels.get(..grey.width).unwrap_or_default();
        let mut rows = first.repeat(above);
        rows.extend_from_slice(&out.pixels);
        let mut other = rows.clone();
        for step in steps(height) {
            combine(&rows, &mut other, step * grey.width, pick);
            std::mem::swap(&mut rows, &mut other);
        }
        rows.truncate(out.pixels.len());
        out.pixels = rows;
    }
    out
}

/// Distances at which to combine, one after the other, so that each pixel has seen `size` from itself on.
fn steps(size: usize) -> impl Iterator<Item = usize> {
    let mut seen = 1;
    std::iter::from_fn(move || {
        let step = seen.min(size - seen);
        seen += step;
        (step > 0).then_some(step)
    })
}

/// Each pixel with the one `step` further on; what has none is left.
fn combine(from: &[u8], to: &mut [u8], step: usize, pick: impl Fn(u8, u8) -> u8) {
    let far = from.get(step..).unwrap_or_default();
    for ((to, a), b) in to.iter_mut().zip(from).zip(far) {
        *to = pick(*a, *b);
    }
    if let Some((to, from)) = to.get_mut(far.len()..).zip(from.get(far.len()..)) {
        to.copy_from_slice(from);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn windows_are_centred() {
        let row = Grey::new(9, 1, vec![9, 9, 9, 9, 0, 9, 9, 9, 9]).unwrap();
        assert_eq!(darkest(&row, 3, 1).pixels, vec![9, 9, 9, 0, 0, 0, 9, 9, 9]);
        assert_eq!(brightest(&darkest(&row, 5, 1), 5, 1).pixels, row.pixels);
        let column = Grey::new(1, 9, row.pixels.clone()).unwrap();
        assert_eq!(darkest(&column, 1, 3).pixels, vec![9, 9, 9, 0, 0, 0, 9, 9, 9]);
        assert_eq!(darkest(&column, 1, 40).height, 9);
        assert_eq!(darkest(&row, 40, 1).pixels, vec![0; 9]);
    }

    #[test]
    fn each_pixel_has_the_extreme_of_all_around_it() {
        let (width, height) = (23usize, 17usize);
        let pixels = (0..width * height).map(|i| (i * 7919 % 251) as u8).collect();
        let grey = Grey::new(width, height, pixels).unwrap();
        let (bright, dark) = (brightest(&grey, 9, 5), darkest(&grey, 9, 5));
        for y in 0..height {
            for x in 0..width {
                let rows = y.saturating_sub(2)..(y + 3).min(height);
                let around = rows.flat_map(|y| grey.row(y)[x.saturating_sub(4)..(x + 5).min(width)].iter());
                let (least, most) = (around.clone().min().unwrap(), around.max().unwrap());
                assert_eq!((dark.at(x, y), bright.at(x, y)), (*least, *most), "{x} {y}");
            }
        }
    }
}
