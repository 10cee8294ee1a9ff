//! Light print on dark bars, as the heads of tables and the titles of forms have it.
//!
//! The first engine leaves most of it out, and to everything that looks for ink it is one blot. Turned into
//! dark print on paper, it is read like the rest.

use crate::area::Area;
use crate::ocr::binary::{Ink, components};
use crate::ocr::flatten::percentile;
use crate::raster::Grey;

/// Side of the squares of pixels that are looked at as one.
const CELL: usize = 4;
/// Share of ink of a square, its neighbours included, from which it belongs to a bar. Bold capitals reach
/// a half.
const DARK: f32 = 0.62;
/// Share of a bar's box that such squares fill: it is no frame.
const FILLED: f32 = 0.75;
/// The shorter side of a bar in heights of common letters, the longer by the shorter.
const SHORT: std::ops::Range<f32> = 1.3..7.0;
const LONG: f32 = 1.6;
/// Share of ink of a row or column within a bar.
const SOLID: f32 = 0.5;
/// Share of light pixels that a bar with print on it has.
const PRINT: std::ops::Range<f32> = 0.03..0.45;
/// Most ink on the paper beyond a bar's end.
const PAPER: f32 = 0.25;
/// Pixels at a bar's edge that are neither one nor the other.
const RIM: usize = 2;

/// The dark bars with print on them. `letter` is the height of common letters in pixels.
pub(crate) fn bars(ink: &Ink, letter: f32) -> Vec<Area> {
    let (columns, rows) = (ink.width / CELL, ink.height / CELL);
    if columns < 3 || rows < 3 {
        return Vec::new();
    }
    let mut counts = vec![0u16; columns * rows];
    for (y, row) in ink.rows().take(rows * CELL).enumerate() {
        let line = counts.get_mut(y / CELL * columns..).unwrap_or_default();
        for (count, cell) in line.iter_mut().zip(row.chunks_exact(CELL)) {
            *count += cell.iter().map(|&p| u16::from(p)).sum::<u16>();
        }
    }
    let summed = |values: &[u16], step: usize| -> Vec<u16> {
        let at = |i: Option<usize>| i.and_then(|i| values.get(i)).copied().unwrap_or(0);
        (0..values.len()).map(|i| at(i.checked_sub(step)) + at(Some(i)) + at(Some(i + step))).collect()
    };
    let around = summed(&summed(&counts, 1), columns);
    let limit = (DARK * (9 * CELL * CELL) as f32) as u16;
    let pixels = around.iter().map(|&n| u8::from(n >= limit)).collect();
    let dark = Ink { width: columns, height: rows, pixels };
    let by = CELL as f32;
    let shaped = |area: &Area| {
        let (short, long) = (area.width().min(area.height()), area.width().max(area.height()));
        SHORT.contains(&(short / letter.max(1.0))) && long >= short * LONG
    };
    components(&dark)
        .unwrap_or_default()
        .iter()
        .filter(|c| c.pixels as f32 >= c.area.size() * FILLED)
        .map(|c| fitted(ink, c.area.scaled(by, by)))
        .filter(|area| shaped(area) && PRINT.contains(&(1.0 - share(ink, *area))))
        .filter(|area| ends(ink, *area, letter))
        .collect()
}

/// True when there is paper beyond both short sides of a bar: what ends elsewhere is a part of one, and would
/// be cut through its letters.
fn ends(ink: &Ink, bar: Area, letter: f32) -> bool {
    let beyond = if bar.width() >= bar.height() {
        [
            Area { right: bar.left, left: bar.left - letter, ..bar },
            Area { left: bar.right, right: bar.right + letter, ..bar },
        ]
    } else {
        [
            Area { bottom: bar.top, top: bar.top - letter, ..bar },
            Area { top: bar.bottom, bottom: bar.bottom + letter, ..bar },
        ]
    };
    beyond.into_iter().all(|strip| share(ink, strip) <= PAPER)
}

/// Share of ink in a box.
fn share(ink: &Ink, area: Area) -> f32 {
    ink.part(area).map_or(0.0, |part| {
        let dark = part.pixels.iter().filter(|&&p| p != 0).count();
        dark as f32 / part.pixels.len() as f32
    })
}

/// The box with its sides moved to where the ink begins.
fn fitted(ink: &Ink, mut area: Area) -> Area {
    let reach = 3 * CELL;
    let (width, height) = (ink.width as f32, ink.height as f32);
    let solid = |a: Area| share(ink, a) >= SOLID;
    for _ in 0..reach {
        if area.top >= 1.0 && solid(Area { bottom: area.top, top: area.top - 1.0, ..area }) {
            area.top -= 1.0;
        }
        if area.bottom < height && solid(Area { top: area.bottom, bottom: area.bottom + 1.0, ..area }) {
            area.bottom += 1.0;
        }
        if area.left >= 1.0 && solid(Area { right: area.left, left: area.left - 1.0, ..area }) {
            area.left -= 1.0;
        }
        if area.right < width && solid(Area { left: area.right, right: area.right + 1.0, ..area }) {
            area.right += 1.0;
        }
    }
    area
}

/// Turns the print on bars dark and the bars into paper.
pub(crate) fn lighten(picture: &mut Grey, bars: &[Area]) {
    for bar in bars {
        let Some(part) = picture.part(*bar) else { continue };
        // Most of a bar is its own shade; the lightest of it is print.
        let (dark, light) = (percentile(&part.pixels, 0.35), percentile(&part.pixels, 0.99));
        let (dark, light) = (i32::from(dark), i32::from(light));
        if light - dark < 40 {
            continue;
        }
        let turned: [u8; 256] =
            std::array::from_fn(|p| ((light - p as i32) * 255 / (light - dark)).clamp(0, 255) as u8);
        let (left, top) = (bar.left.max(0.0) as usize, bar.top.max(0.0) as usize);
        let width = picture.width;
        for y in 0..part.height {
            let start = (top + y) * width + left;
            let Some(row) = picture.pixels.get_mut(start..start + part.width) else { continue };
            let rim = y < RIM || y + RIM >= part.height;
            for (x, p) in row.iter_mut().enumerate() {
                let edge = rim || x < RIM || x + RIM >= part.width;
                *p = if edge { 255 } else { turned.get(usize::from(*p)).copied().unwrap_or(255) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::binary::ink;

    /// A page with a line of dark print, and a bar with light print.
    fn page() -> Grey {
        let mut page = Grey::filled(600, 300, 250);
        page.paint(40, 100, 560, 140, 60);
        for x in (60..500).step_by(20) {
            page.paint(x, 113, x + 10, 127, 245);
            page.paint(x, 213, x + 10, 227, 30);
        }
        page
    }

    #[test]
    fn a_bar_with_print_is_found_and_turned_light() {
        let mut page = page();
        let found = bars(&ink(&page), 14.0);
        assert_eq!(found, [Area::new(40.0, 100.0, 560.0, 140.0)]);
        lighten(&mut page, &found);
        assert!(page.at(65, 120) < 30 && page.at(75, 120) > 240 && page.at(41, 101) > 240);
        // The other print stays as it is.
        assert_eq!((page.at(65, 220), page.at(75, 220)), (30, 250));
        assert_eq!(bars(&ink(&page), 14.0), []);
    }

    #[test]
    fn rules_blots_and_bold_print_are_no_bars() {
        let mut page = Grey::filled(600, 400, 250);
        page.paint(40, 20, 560, 26, 30);
        // Without print.
        page.paint(40, 60, 560, 100, 30);
        // Parts of a bar that a wide letter parts.
        page.paint(40, 320, 560, 360, 30);
        page.paint(280, 320, 290, 360, 245);
        page.paint(60, 333, 100, 347, 245);
        page.paint(400, 333, 440, 347, 245);
        // A portrait.
        page.paint(40, 120, 160, 290, 40);
        for x in (200..500).step_by(20) {
            page.paint(x, 150, x + 9, 180, 30);
        }
        assert_eq!(bars(&ink(&page), 14.0), []);
    }
}
