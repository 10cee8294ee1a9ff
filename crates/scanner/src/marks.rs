//! What stands on a page beside its words.

use complet_model::{Mark, MarkKind};

use crate::area::{Area, cluster};
use crate::layout::{Line, Token};
use crate::ocr::binary::{Component, Ink, components};
use crate::ocr::read::Reading;
use crate::pdf::content::Content;
use crate::raster::Grey;

/// The smallest mark worth telling of, as a share of the page's sides.
const SMALLEST: f32 = 0.015;

/// Pictures and pen strokes of a page that has its own text.
pub(crate) fn of_content(content: &Content) -> Vec<Mark> {
    let (width, height) = (content.width, content.height);
    let large = |a: &Area, share: f32| a.width() > width * share && a.height() > height * share;
    let pictures = content
        .pictures
        .iter()
        .filter(|p| large(&p.area, 0.01))
        .map(|p| Mark::new(MarkKind::Picture, p.area.of_page(width, height)));
    let strokes = cluster(content.scribbles.clone(), width * 0.01);
    let strokes = strokes
        .iter()
        .filter(|a| large(a, SMALLEST * 0.66))
        .map(|a| Mark::new(MarkKind::Ink, a.of_page(width, height)));
    pictures.chain(strokes).collect()
}

/// Ink of a picture that no sure word accounts for: handwriting, stamps, drawings. Lines and frames of
/// forms, and shadows at the margin, are left out.
pub(crate) fn unread_ink(reading: &Reading) -> Vec<Mark> {
    let Some(ink) = &reading.ink else { return Vec::new() };
    let mut rest = halved(ink);
    let half = |v: f32| (v.max(0.0) / 2.0) as usize;
    for token in reading.tokens().filter(|t| t.confidence > 0.5 && !is_stretched(t)) {
        let area = token.area.moved(reading.offset.0, reading.offset.1).grown(3.0);
        rest.paint(half(area.left), half(area.top), half(area.right) + 1, half(area.bottom) + 1, 0);
    }
    erase_rules(&mut rest);
    let turned = {
        let mut turned = rest.turned(90);
        erase_rules(&mut turned);
        turned.turned(270)
    };
    let letter = crate::layout::median(reading.tokens().map(|t| t.area.height() / 2.0)).unwrap_or(LETTER);
    let written = handwriting(&turned, letter).into_iter().map(|a| (MarkKind::Signature, a));
    let ink = clusters(&turned).into_iter().map(|a| (MarkKind::Ink, a));
    written
        .chain(ink)
        .map(|(kind, a)| (kind, a.scaled(2.0, 2.0).moved(-reading.offset.0, -reading.offset.1)))
        .map(|(kind, a)| Mark::new(kind, a.of_page(reading.width, reading.height)))
        .collect()
}

/// Letters and signs that engines make of the strokes of a signature, and the most of them.
const STROKES: &str = "wWmMnNvVuUiIlLr&`'~^/\\|,.-—";
const MOST_STROKES: usize = 4;

/// Takes the words out that were made of the strokes of signatures.
pub(crate) fn drop_scribbles(reading: &mut Reading, marks: &[Mark]) {
    let (width, height) = (reading.width, reading.height);
    let signatures = marks.iter().filter(|m| m.kind == MarkKind::Signature).map(|m| m.bbox);
    let signatures: Vec<Area> =
        signatures.map(|b| Area::new(b.left, b.top, b.right, b.bottom).scaled(width, height)).collect();
    if signatures.is_empty() {
        return;
    }
    let is_word = |t: &Token| {
        let is_long = t.text.chars().count() > MOST_STROKES;
        let is_beside = || !signatures.iter().any(|s| s.holds(t.area.middle()));
        is_long || t.text.chars().any(|c| !STROKES.contains(c)) || is_beside()
    };
    for lines in [&mut reading.lines, &mut reading.second] {
        let kept = std::mem::take(lines).into_iter();
        let kept = kept.filter_map(|l| Line::in_order(l.tokens.into_iter().filter(is_word).collect()));
        *lines = kept.collect();
    }
}

/// True for a "word" far too long for its letters: a pen stroke of which the reader made some.
fn is_stretched(token: &Token) -> bool {
    let letters = token.text.chars().filter(|c| c.is_alphanumeric()).count();
    let all = token.text.chars().count();
    // The widest letters are as wide as they are high. Dashes and leaders are no letters.
    letters * 2 > all && token.area.width() > token.area.height() * 1.7 * all as f32
}

/// Height of a word in pixels where none was read: 10 points at 100 pixels per inch.
const LETTER: f32 = 14.0;

/// Places that look as if they were written by hand: one stroke that hangs together, thin, much wider than
/// a letter and taller than print. `letter` is the height of the printed words in pixels of `ink`.
///
/// Words of print that were not read are rows of small pieces, frames have all their ink at their edge,
/// logos and pictures are dense.
fn handwriting(ink: &Ink, letter: f32) -> Vec<Area> {
    let (width, height) = (ink.width as f32, ink.height as f32);
    let is_stroke = |c: &&Component| {
        let (w, h) = (c.area.width(), c.area.height());
        let filled = c.pixels as f32 / c.area.size().max(1.0);
        let size = w >= letter * 2.2 && h >= letter * 1.2 && h <= letter * 10.0 && w <= letter * 30.0;
        size && (0.02..0.36).contains(&filled)
            && !at_margin(c.area, width, height)
            && !is_outline(ink, c.area)
    };
    let found = components(ink).unwrap_or_default();
    let strokes: Vec<Area> = found.iter().filter(is_stroke).map(|c| c.area).collect();
    cluster(strokes, letter)
}

/// True for a frame, an ellipse or the corner of one: nearly all of the ink lies along the edge of its
/// box.
fn is_outline(ink: &Ink, area: Area) -> bool {
    let Area { left, top, right, bottom } = area;
    let depth = (area.width().min(area.height()) * 0.14).max(2.0);
    let all = count(ink, area);
    let inside = count(
        ink,
        Area { left: left + depth, top: top + depth, right: right - depth, bottom: bottom - depth },
    );
    inside * 5 < all
}

/// Pixels of ink in an area.
fn count(ink: &Ink, area: Area) -> usize {
    let edge = |v: f32| v.max(0.0) as usize;
    let columns = edge(area.left)..edge(area.right).min(ink.width);
    let rows = edge(area.top)..edge(area.bottom).min(ink.height);
    rows.map(|y| ink.row(y).get(columns.clone()).unwrap_or_default().iter().filter(|&&p| p != 0).count())
        .sum()
}

/// Half the size; a pixel is ink, which is 1, when one of its four is.
pub(crate) fn halved(ink: &Ink) -> Ink {
    let (width, height) = (ink.width.div_ceil(2), ink.height.div_ceil(2));
    let mut pixels = Vec::with_capacity(width * height);
    // The row that the last one of an odd number lacks.
    let none = vec![0; ink.width];
    for y in 0..height {
        let upper = ink.row(y * 2);
        let lower = if y * 2 + 1 < ink.height { ink.row(y * 2 + 1) } else { &none };
        let (upper, upper_end) = upper.as_chunks::<2>();
        let (lower, lower_end) = lower.as_chunks::<2>();
        pixels.extend(upper.iter().zip(lower).map(|([a, b], [c, d])| a | b | c | d));
        pixels.extend(upper_end.iter().zip(lower_end).map(|(a, c)| a | c));
    }
    Ink { width, height, pixels }
}

/// Erases long thin horizontal lines.
pub(crate) fn erase_rules(ink: &mut Ink) {
    let long = ink.width.max(ink.height) / 30;
    let thick = (ink.long_edge() / 250).max(3);
    let mut rules: Vec<(usize, usize, usize)> = Vec::new();
    for y in 0..ink.height {
        let row = ink.row(y);
        let mut x = 0;
        while let Some(offset) = row.get(x..).and_then(|rest| rest.iter().position(|&p| p != 0)) {
            let start = x + offset;
            let length = row.get(start..).and_then(|rest| rest.iter().position(|&p| p == 0));
            let end = length.map_or(row.len(), |l| start + l);
            if end - start >= long && is_thin(ink, start, end, y, thick) {
                rules.push((start, end, y));
            }
            x = end;
        }
    }
    for (start, end, y) in rules {
        ink.paint(start.saturating_sub(1), y, end + 1, y + 1, 0);
    }
}

/// True when most places of a run of ink are no thicker than `thick`.
fn is_thin(ink: &Ink, start: usize, end: usize, y: usize, thick: usize) -> bool {
    const PLACES: usize = 9;
    let is_ink = |x: usize, y: usize| y < ink.height && ink.at(x, y) == 1;
    let thin = (1..=PLACES)
        .filter(|i| {
            let x = start + (end - start) * i / (PLACES + 1);
            let up = (1..=thick).take_while(|d| y >= *d && is_ink(x, y - d)).count();
            let down = (1..=thick).take_while(|d| is_ink(x, y + d)).count();
            up + down < thick
        })
        .count();
    thin * 3 > PLACES * 2
}

/// Groups of ink near each other, of a size worth telling of, in pixels of `ink`.
fn clusters(ink: &Ink) -> Vec<Area> {
    let cell = (ink.long_edge() / 170).max(2);
    let (columns, rows) = (ink.width.div_ceil(cell), ink.height.div_ceil(cell));
    let mut counts = vec![0u32; columns * rows];
    for (y, row) in ink.rows().enumerate() {
        for (x, span) in row.chunks(cell).enumerate() {
            if let Some(count) = counts.get_mut(y / cell * columns + x) {
                *count += span.iter().map(|&p| u32::from(p)).sum::<u32>();
            }
        }
    }
    // A cell counts when a stroke crosses it, not a speck.
    let enough = (cell / 2) as u32;
    let cells = Grey {
        width: columns,
        height: rows,
        pixels: counts.iter().map(|&c| u8::from(c >= enough)).collect(),
    };
    let found = components(&cells).unwrap_or_default();
    let (width, height) = (columns as f32, rows as f32);
    let found = cluster(found.iter().map(|c| c.area).collect(), 1.0);
    found
        .into_iter()
        .filter(|a| a.width() > width * SMALLEST && a.height() > height * SMALLEST)
        .filter(|a| !at_margin(*a, width, height))
        .map(|a| a.scaled(cell as f32, cell as f32))
        .filter(|a| !is_form(ink, *a, cell as f32))
        .collect()
}

/// True for what belongs to a form: a filled band, or a rectangle with nothing inside, whose lines are
/// dashed or dotted. A stamp or a signature leaves the corners of its box free.
fn is_form(ink: &Ink, area: Area, cell: f32) -> bool {
    let depth = (area.width().min(area.height()) * 0.25).max(cell);
    let count = |left: f32, top: f32, right: f32, bottom: f32| count(ink, Area { left, top, right, bottom });
    let Area { left, top, right, bottom } = area;
    let all = count(left, top, right, bottom);
    let inside = count(left + depth, top + depth, right - depth, bottom - depth);
    let corners = [
        count(left, top, left + depth, top + depth),
        count(right - depth, top, right, top + depth),
        count(left, bottom - depth, left + depth, bottom),
        count(right - depth, bottom - depth, right, bottom),
    ];
    let band = area.width() > area.height() * 6.0 && all as f32 > area.size() * 0.45;
    band || (inside * 50 <= all && corners.iter().all(|&c| c > 0))
}

/// True for what lies along an edge of the page: shadows, punch holes, the end of the sheet.
fn at_margin(area: Area, width: f32, height: f32) -> bool {
    let (x, y) = (width * 0.01, height * 0.01);
    let touches = area.left <= x || area.top <= y || area.right >= width - x || area.bottom >= height - y;
    let thin = area.width() < width * 0.06 || area.height() < height * 0.06;
    let frame = area.width() > width * 0.9 && area.height() > height * 0.9;
    touches && (thin || frame)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::read::Outcome;

    fn reading(ink: Ink) -> Reading {
        let size = (ink.width as f32, ink.height as f32);
        Reading::nothing(Outcome::Read, size, Some(ink))
    }

    #[test]
    fn handwriting_is_a_mark_and_the_form_is_not() {
        let mut ink = Ink::filled(1600, 2200, 0);
        // A frame and a rule of the form, and a shadow along the edge.
        for y in [300, 900] {
            ink.paint(100, y, 1500, y + 4, 1);
        }
        for x in [100, 1496] {
            ink.paint(x, 300, x + 4, 904, 1);
        }
        ink.paint(0, 0, 40, 2200, 1);
        assert_eq!(unread_ink(&reading(ink.clone())), []);
        // A filled band and a frame of dashes.
        ink.paint(200, 1000, 1400, 1050, 1);
        for x in (200..1300).step_by(14) {
            ink.paint(x, 1200, x + 8, 1203, 1);
            ink.paint(x, 1280, x + 8, 1283, 1);
        }
        for y in (1200..1280).step_by(14) {
            ink.paint(200, y, 203, y + 8, 1);
            ink.paint(1305, y, 1308, y + 8, 1);
        }
        assert_eq!(unread_ink(&reading(ink.clone())), []);
        // A zigzag as of a pen.
        for i in 0..300usize {
            let y = 1500 + if i / 30 % 2 == 0 { i % 30 * 4 } else { 120 - i % 30 * 4 };
            ink.paint(700 + i, y, 704 + i, y + 6, 1);
        }
        let marks = unread_ink(&reading(ink));
        let kinds: Vec<MarkKind> = marks.iter().map(|m| m.kind).collect();
        assert_eq!(kinds, [MarkKind::Signature, MarkKind::Ink]);
        let bbox = marks.first().map_or(complet_model::BBox::PAGE, |m| m.bbox);
        assert!(bbox.left > 0.42 && bbox.right < 0.65 && bbox.top > 0.66 && bbox.bottom < 0.76, "{bbox:?}");
    }

    #[test]
    fn what_was_made_of_a_signature_is_no_word() {
        let word = |text: &str, left: f32, top: f32| Token {
            text: text.to_owned(),
            area: Area::new(left, top, left + 30.0, top + 15.0),
            confidence: 0.9,
        };
        let mut page = reading(Ink::filled(1000, 1000, 0));
        let lines =
            [vec![word("Wm", 510.0, 520.0), word("Lyon", 550.0, 520.0)], vec![word("mn", 100.0, 100.0)]];
        page.lines = lines.into_iter().filter_map(Line::new).collect();
        let signature = Mark::new(MarkKind::Signature, complet_model::BBox::new(0.5, 0.5, 0.6, 0.56));
        drop_scribbles(&mut page, &[signature]);
        let left: Vec<&str> = page.tokens().map(|t| t.text.as_str()).collect();
        assert_eq!(left, ["Lyon", "mn"]);
    }
}
