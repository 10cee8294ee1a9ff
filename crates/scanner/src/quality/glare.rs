//! Light that a page throws back into the lens.

use crate::area::{Area, cluster};
use crate::layout::median;
use crate::raster::Grey;

/// Cells along the longer side of a page.
const CELLS: usize = 160;
/// The shade from which nothing is left of what was there.
const BLOWN_OUT: u8 = 250;
/// The usual shade of a page up to which blown-out places stand out from it.
const GREYER: f32 = 236.0;
/// Share of a page from which a blown-out place matters.
const LEAST: f32 = 0.004;
/// Rows of text that break off at it.
const ROWS: usize = 2;

/// The blown-out place at which text breaks off, in pixels of the upright picture; `letter` is the height
/// of letters.
pub(super) fn glare(grey: &Grey, words: &[Area], letter: f32) -> Option<Area> {
    let step = grey.long_edge().div_ceil(CELLS).max(1);
    let mut shades = Vec::new();
    let mut blown = Vec::new();
    for y in (0..grey.height.saturating_sub(step)).step_by(step) {
        for x in (0..grey.width.saturating_sub(step)).step_by(step) {
            // The darkest of a few pixels: print in a cell shows that it is not blown out.
            let darkest =
                [(0, 0), (1, 2), (2, 1), (3, 3)].map(|(i, j)| grey.at(x + i * step / 4, y + j * step / 4));
            let darkest = darkest.into_iter().min().unwrap_or(0);
            shades.push(f32::from(darkest));
            if darkest >= BLOWN_OUT {
                let (x, y, side) = (x as f32, y as f32, step as f32);
                blown.push(Area::new(x, y, x + side, y + side));
            }
        }
    }
    let cells = shades.len() as f32;
    if median(shades)? > GREYER || (blown.len() as f32) < cells * LEAST {
        return None;
    }
    let spots = cluster(blown, 1.0);
    let page = (grey.width * grey.height) as f32;
    let mut spots: Vec<Area> =
        spots.into_iter().filter(|s| s.size() > page * LEAST && s.width() > letter * 3.0).collect();
    spots.retain(|spot| !is_around(*spot, (grey.width as f32, grey.height as f32), step as f32));
    spots.sort_by(|a, b| b.size().total_cmp(&a.size()));
    spots.into_iter().find(|spot| broken_rows(*spot, words, letter) >= ROWS)
}

/// True for what takes up half a side of the picture: the scanner's white lid around a card, not a lamp.
fn is_around(spot: Area, (width, height): (f32, f32), rim: f32) -> bool {
    let rim = rim * 2.0;
    let beside = spot.left < rim || spot.right > width - rim;
    let above = spot.top < rim || spot.bottom > height - rim;
    (beside && spot.height() > height / 2.0) || (above && spot.width() > width / 2.0)
}

/// Rows of text that end just before a place, or go on behind it.
fn broken_rows(spot: Area, words: &[Area], letter: f32) -> usize {
    let core = spot.grown(-spot.width().min(spot.height()) * 0.15);
    if words.iter().filter(|w| w.shared(core) > w.size() * 0.8).count() > ROWS {
        return 0;
    }
    let beside = |w: &&Area| {
        let middle = w.middle().1;
        let level = middle > spot.top && middle < spot.bottom;
        // The rim of a blown-out place is too faint to read, too.
        let near = |gap: f32| gap.abs() < letter * 4.0;
        level && (near(spot.left - w.right) || near(w.left - spot.right))
    };
    let mut rows: Vec<f32> = words.iter().filter(beside).map(|w| w.middle().1).collect();
    rows.sort_by(f32::total_cmp);
    rows.dedup_by(|a, b| (*a - *b).abs() < letter);
    rows.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of words on grey paper, broken off around the middle.
    fn page(paper: u8) -> (Grey, Vec<Area>) {
        let mut grey = Grey::filled(640, 640, paper);
        let mut words = Vec::new();
        for row in 0..20 {
            for column in 0..10 {
                let (x, y) = (column * 60 + 20, row * 30 + 20);
                let hidden = (200..400).contains(&x) && (200..400).contains(&y);
                if !hidden {
                    grey.paint(x, y, x + 45, y + 14, 40);
                    words.push(Area::new(x as f32, y as f32, x as f32 + 45.0, y as f32 + 14.0));
                }
            }
        }
        (grey, words)
    }

    #[test]
    fn a_blown_out_place_where_rows_break_off_is_glare() {
        let (mut grey, words) = page(180);
        assert_eq!(glare(&grey, &words, 14.0), None);
        grey.paint(200, 200, 370, 380, 255);
        let found = glare(&grey, &words, 14.0);
        assert!(
            found.is_some_and(|f| f.shared(Area::new(200.0, 200.0, 370.0, 380.0)) > 20_000.0),
            "{found:?}"
        );
    }

    #[test]
    fn the_lid_around_a_card_is_no_glare() {
        let (grey, words) = page(180);
        let mut scan = Grey::filled(900, 900, 255);
        for y in 0..640 {
            for x in 0..640 {
                scan.paint(x + 20, y + 20, x + 21, y + 21, grey.at(x, y));
            }
        }
        let words: Vec<Area> = words
            .iter()
            .map(|w| Area::new(w.left + 20.0, w.top + 20.0, w.right + 20.0, w.bottom + 20.0))
            .collect();
        assert_eq!(glare(&scan, &words, 14.0), None);
    }

    #[test]
    fn white_paper_is_no_glare() {
        let (mut grey, words) = page(255);
        grey.paint(200, 200, 370, 380, 255);
        assert_eq!(glare(&grey, &words, 14.0), None);
    }
}
