//! How sharp the letters of a page are.

use crate::area::Area;
use crate::layout::median;
use crate::raster::Grey;

/// Words looked at.
const WORDS: usize = 120;
/// Rows of a word looked at, as shares of its height.
const ROWS: [f32; 4] = [0.3, 0.45, 0.6, 0.75];
/// Difference of shades under which a row shows no ink.
const LEAST_CONTRAST: u8 = 24;
/// Edges needed to tell.
const ENOUGH: usize = 30;

/// What the edges of letters tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Focus {
    /// How many pixels the change from paper to ink takes, on the median.
    pub(super) width: f32,
    /// Difference between paper and ink, 0 to 255, on the median.
    pub(super) contrast: f32,
    /// Brightness of the paper beside the ink, 0 to 255, on the median.
    pub(super) paper: f32,
}

/// Looks at the letters in some of the words, spread over the page.
pub(super) fn focus(grey: &Grey, words: &[Area]) -> Option<Focus> {
    let (mut widths, mut contrasts, mut papers) = (Vec::new(), Vec::new(), Vec::new());
    for word in words.iter().step_by(words.len().div_ceil(WORDS).max(1)) {
        let aside = word.height() * 0.2;
        let edge = |v: f32| v.max(0.0) as usize;
        let (left, right) = (edge(word.left - aside), edge(word.right + aside).min(grey.width));
        for share in ROWS {
            let row = grey.row(edge(word.top + word.height() * share));
            let Some(row) = row.get(left..right) else { continue };
            let (Some(&low), Some(&high)) = (row.iter().min(), row.iter().max()) else { continue };
            if high - low < LEAST_CONTRAST {
                continue;
            }
            contrasts.push(f32::from(high - low));
            papers.push(f32::from(high));
            edges(row, (high - low) / 2, &mut widths);
        }
    }
    if widths.len() < ENOUGH {
        return None;
    }
    Some(Focus { width: median(widths)?, contrast: median(contrasts)?, paper: median(papers)? })
}

/// Looks all over a page on which too few words were read.
pub(super) fn of_page(grey: &Grey) -> Option<Focus> {
    let (width, height) = (grey.width as f32, grey.height as f32);
    let side = (width.max(height) / 12.0).max(20.0);
    let (columns, rows) = ((width / side) as usize, (height / 24.0) as usize);
    let parts: Vec<Area> = (0..rows)
        .flat_map(|y| (0..columns).map(move |x| (x as f32 * side, y as f32 * 24.0)))
        .map(|(x, y)| Area::new(x, y, x + side, y + 20.0))
        .collect();
    focus(grey, &parts)
}

/// The widths, in pixels, of the changes of shade that are at least `least` high.
fn edges(row: &[u8], least: u8, widths: &mut Vec<f32>) {
    let (mut start, mut last, mut steepest) = (None, None, 0u8);
    let mut rising = false;
    for &shade in row {
        let (Some(from), Some(before)) = (start, last) else {
            (start, last) = (Some(shade), Some(shade));
            continue;
        };
        let goes_on = shade == before || (shade > before) == rising;
        if !goes_on {
            add(from, before, steepest, least, widths);
            (start, steepest, rising) = (Some(before), 0, shade > before);
        }
        steepest = steepest.max(shade.abs_diff(before));
        last = Some(shade);
    }
    if let (Some(from), Some(to)) = (start, last) {
        add(from, to, steepest, least, widths);
    }
}

fn add(from: u8, to: u8, steepest: u8, least: u8, widths: &mut Vec<f32>) {
    let height = from.abs_diff(to);
    if height >= least && steepest > 0 {
        widths.push(f32::from(height) / f32::from(steepest));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Strokes whose shade changes over so many pixels, and where the words stand.
    fn strokes(soft: usize) -> (Grey, Vec<Area>) {
        let shade = |x: usize| {
            let off = (x % 24).abs_diff(12) as f32;
            let part = ((off - 5.0) / soft as f32 + 0.5).clamp(0.0, 1.0);
            (40.0 + 180.0 * part) as u8
        };
        let row: Vec<u8> = (0..480).map(shade).collect();
        let pixels = row.iter().copied().cycle().take(480 * 40).collect();
        let words = (0..4).map(|i| Area::new(i as f32 * 120.0, 5.0, i as f32 * 120.0 + 110.0, 35.0));
        (Grey::new(480, 40, pixels).unwrap(), words.collect())
    }

    #[test]
    fn soft_letters_are_told_from_sharp_ones() {
        for soft in [2usize, 4, 8] {
            let (grey, words) = strokes(soft);
            let focus = focus(&grey, &words).unwrap();
            assert!((focus.width - soft as f32).abs() < 1.1, "{soft}: {focus:?}");
            assert!(focus.contrast > 170.0 && focus.paper > 210.0, "{focus:?}");
        }
    }

    #[test]
    fn blank_paper_tells_nothing() {
        let grey = Grey::filled(400, 60, 240);
        assert_eq!(focus(&grey, &[Area::new(10.0, 10.0, 300.0, 40.0)]), None);
        assert_eq!(of_page(&Grey::filled(10, 10, 240)), None);
    }
}
