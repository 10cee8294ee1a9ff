//! Morphology on bytes with windows of any size, a few simple passes each.

use crate::raster::Grey;

/// The brightest pixel of a window `width` x `height` around each.
pub(super) fn brightest(grey: &Grey, width: usize, height: usize) -> Grey {
    window(grey, width, height, u8::max)
}

/// The darkest pixel of a window `width` x `height` around each.
pub(super) fn darkest(grey: &Grey, width: usize, height: usize) -> Grey {
    window(grey, width, height, u8::min)
}

fn window(grey: &Grey, width: usize, height: usize, pick: impl Fn(u8, u8) -> u8 + Copy) -> Grey {
    let mut out = grey.clone();
    if grey.width == 0 || grey.height == 0 {
        return out;
    }
    if width > 1 {
        let mut other = vec![0u8; grey.width];
        for row in out.pixels.chunks_exact_mut(grey.width) {
            for step in steps(width) {
                let far = row.get(step..).unwrap_or_default();
                for ((to, a), b) in other.iter_mut().zip(row.iter()).zip(far) {
                    *to = pick(*a, *b);
                }
                // Windows that leave the row end with it.
                let tail = far.len();
                if let Some((to, from)) = other.get_mut(tail..).zip(row.get(tail..)) {
                    to.copy_from_slice(from);
                }
                row.copy_from_slice(&other);
            }
            shift(row, width / 2);
        }
    }
    if height > 1 {
        let row = grey.width;
        let mut other = out.pixels.clone();
        for step in steps(height) {
            let far = out.pixels.get(step * row..).unwrap_or_default();
            for ((to, a), b) in other.iter_mut().zip(&out.pixels).zip(far) {
                *to = pick(*a, *b);
            }
            let tail = far.len();
            if let Some((to, from)) = other.get_mut(tail..).zip(out.pixels.get(tail..)) {
                to.copy_from_slice(from);
            }
            std::mem::swap(&mut out.pixels, &mut other);
        }
        let by = (height / 2).min(grey.height - 1);
        let first = out.pixels.get(..row).map(<[u8]>::to_vec).unwrap_or_default();
        out.pixels.copy_within(..(grey.height - by) * row, by * row);
        for top in out.pixels.chunks_exact_mut(row).take(by) {
            top.copy_from_slice(&first);
        }
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

/// Moves a row to the right by `by`; what comes in is like the first pixel.
fn shift(row: &mut [u8], by: usize) {
    let by = by.min(row.len().saturating_sub(1));
    let first = row.first().copied().unwrap_or_default();
    row.copy_within(..row.len() - by, by);
    for p in row.iter_mut().take(by) {
        *p = first;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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
}
