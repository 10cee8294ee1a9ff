//! What stands on a stamp: round its edge, unrolled into a level strip, and inside.

use std::f32::consts::{PI, TAU};

use super::ellipse::Ellipse;
use super::mask::without_print;
use super::ring;
use crate::area::Area;
use crate::ocr::binary::{Ink, ink};
use crate::ocr::flatten::flatten;
use crate::ocr::read::is_readable;
use crate::ocr::skew::straighten;
use crate::ocr::{Layout, OcrWord};
use crate::raster::{Grey, Rgb};

/// Reads a small picture of level text.
pub(crate) type ReadText<'r> = dyn FnMut(&Grey, Layout) -> Vec<OcrWord> + 'r;

/// A page as it lies, and how to look at a stamp on it.
#[derive(Clone, Copy)]
pub(super) struct Page<'a> {
    pub(super) picture: &'a Rgb,
    /// Degrees, clockwise, by which it must be turned.
    pub(super) turned: u16,
    /// The stamp is told from print by its colour.
    pub(super) coloured: bool,
}

/// Height of a strip in pixels: its letters are about as high as those of a page at 300 dpi.
const STRIP: usize = 44;
/// White around what is read: the engine drops text at the edge.
const MARGIN: usize = 16;
/// Share of a strip's height from which a gap parts two texts: words stand nearer together.
const GAP: f32 = 0.95;
/// Share of ink along a circle from which it is a ring.
const RING: f32 = 0.55;
/// Letters are worth reading from so many pixels of a band on.
const LOWEST_BAND: f32 = 7.0;

/// A part of a page, upright, and where its corner lies on the page.
struct Cut {
    grey: Grey,
    left: f32,
    top: f32,
}

/// The part of the page around an area given in pixels of the upright page.
fn cut(page: Page, area: Area) -> Option<Cut> {
    let Page { picture, turned, coloured } = page;
    let (w, h) = (picture.width as f32, picture.height as f32);
    let (width, height) = if matches!(turned, 90 | 270) { (h, w) } else { (w, h) };
    let area = area.clipped(Area::new(0.0, 0.0, width, height))?;
    let whole = Area::new(area.left.floor(), area.top.floor(), area.right.ceil(), area.bottom.ceil());
    // Where it lies on the picture before it is turned.
    let lying = whole.turned((360 - turned) % 360, (width, height));
    let edge = |v: f32| v.max(0.0) as usize;
    let (from, to) = (edge(lying.left), edge(lying.right).min(picture.width));
    let mut pixels = Vec::new();
    for y in edge(lying.top)..edge(lying.bottom).min(picture.height) {
        let row = picture.pixels.get((y * picture.width + from) * 3..(y * picture.width + to) * 3)?;
        pixels.extend_from_slice(row);
    }
    let columns = to.checked_sub(from).filter(|c| *c > 0)?;
    let part = Rgb::new(columns, pixels.len() / 3 / columns, pixels)?;
    let grey = if coloured { without_print(&part) } else { part.grey() };
    Some(Cut { grey: flatten(&grey.turned(turned)), left: whole.left, top: whole.top })
}

/// What stands on a round stamp. `ellipse` is its outer ring in pixels of the upright page.
pub(super) fn of_ring(page: Page, ellipse: Ellipse, read: &mut ReadText) -> String {
    let area = ellipse.area();
    let Some(cut) = cut(page, area.grown(ellipse.long() * 0.12)) else { return String::new() };
    let near = ellipse.moved(-cut.left, -cut.top);
    let dark = ink(&cut.grey);
    let ellipse = ring::refined(&dark, near)
        .filter(|e| (e.x - near.x).hypot(e.y - near.y) < near.short() * 0.15)
        .filter(|e| (0.85..1.18).contains(&(e.short() / near.short())))
        .unwrap_or(near);
    let (outer, inner) = band(&dark, ellipse);
    let mut words: Vec<String> = Vec::new();
    // Degrees by which the stamp is turned, and the words that say so.
    let mut turn = (0.0f32, 0usize);
    if inner - outer >= LOWEST_BAND {
        let strip = unrolled(&cut.grey, ellipse, outer, inner);
        for piece in pieces(&strip) {
            let (found, outwards) = better_way_up(&piece.strip, read);
            // The middle of the upper arc is the top of the stamp, that of the lower one its bottom.
            if found.len() > turn.1 {
                let middle = if outwards { 0.25 } else { 0.75 };
                let off = (piece.middle - middle) * 360.0;
                turn = (off - (off / 360.0).round() * 360.0, found.len());
            }
            words.extend(found);
        }
    }
    // Words all the way round have no middle.
    let lean = if turn.0.abs() < 50.0 { turn.0 } else { 0.0 };
    if let Some(part) = inside(&cut.grey, ellipse.inset(inner + 1.0)) {
        let level = if lean.abs() > 1.0 { straighten(&part, lean).picture } else { part };
        words.extend(words_of(&level, Layout::Block, read).0);
    }
    words.join(" ")
}

/// What stands in a frame whose corners, from the upper left clockwise, are given in pixels of the
/// upright page.
pub(super) fn of_frame(page: Page, corners: [(f32, f32); 4], read: &mut ReadText) -> String {
    let of = |(x, y): (f32, f32)| Area::new(x, y, x, y);
    let Some(area) = Area::around(corners.map(of)) else { return String::new() };
    let Some(cut) = cut(page, area.grown(4.0)) else { return String::new() };
    let [one, two, _, four] = corners.map(|(x, y)| (x - cut.left, y - cut.top));
    let width = (two.0 - one.0).hypot(two.1 - one.1);
    let height = (four.0 - one.0).hypot(four.1 - one.1);
    if width < 20.0 || height < 10.0 {
        return String::new();
    }
    // The frame itself is left out.
    let rim = (height * 0.05).max(3.0);
    let (columns, rows) = ((width - 2.0 * rim) as usize, (height - 2.0 * rim) as usize);
    let mut pixels = Vec::with_capacity(columns * rows);
    for y in 0..rows {
        let v = (y as f32 + rim) / height;
        for x in 0..columns {
            let u = (x as f32 + rim) / width;
            let place = |o: f32, a: f32, b: f32| o + (a - o) * u + (b - o) * v;
            pixels.push(shade(&cut.grey, place(one.0, two.0, four.0), place(one.1, two.1, four.1)));
        }
    }
    let level = Grey { width: columns, height: rows, pixels };
    words_of(&framed(&level), Layout::Block, read).0.join(" ")
}

/// How far in from the outer ring, in pixels, the band of words begins and ends.
fn band(dark: &Ink, ellipse: Ellipse) -> (f32, f32) {
    let short = ellipse.short();
    let mut outer: f32 = 0.0;
    let mut inner: Option<f32> = None;
    let mut by = 0.0f32;
    while by < short * 0.6 {
        if ring::along(dark, ellipse.inset(by), 1.0).0 > RING {
            // Two lines close to each other are the edge.
            if by < short * 0.15 {
                outer = by;
            } else {
                inner.get_or_insert(by);
            }
        }
        by += 0.5;
    }
    let rim = (short * 0.02).max(1.0);
    // Without an inner ring the words reach as far in as they like.
    (outer + rim, inner.map_or(short * 0.36, |i| i - rim))
}

/// The band between two distances from an ellipse as a level strip, clockwise from the left, its outer
/// side up.
fn unrolled(grey: &Grey, ellipse: Ellipse, outer: f32, inner: f32) -> Grey {
    let middle = ellipse.inset(f32::midpoint(inner, outer));
    let speed = |angle: f32| (middle.a * angle.sin()).hypot(middle.b * angle.cos());
    let steps = 720;
    let around: f32 = (0..steps).map(|i| speed(i as f32 / steps as f32 * TAU) * TAU / steps as f32).sum();
    let columns = ((around * STRIP as f32 / (inner - outer)) as usize).clamp(40, 3000);
    let mut angles = Vec::with_capacity(columns);
    let mut angle = PI;
    for _ in 0..columns {
        angles.push(angle);
        // Steps of the same length, in pixels.
        angle += around / columns as f32 / speed(angle).max(1.0);
    }
    let mut pixels = Vec::with_capacity(columns * STRIP);
    for row in 0..STRIP {
        let line = ellipse.inset(outer + (inner - outer) * (row as f32 + 0.5) / STRIP as f32);
        for &angle in &angles {
            let (x, y) = line.at(angle, 1.0);
            pixels.push(shade(grey, x, y));
        }
    }
    Grey { width: columns, height: STRIP, pixels }
}

/// A text on a strip.
struct Piece {
    strip: Grey,
    /// Where its middle lies, as a share of the way round from the left, clockwise.
    middle: f32,
}

/// The texts of a strip that closes upon itself, parted at wide gaps.
fn pieces(strip: &Grey) -> Vec<Piece> {
    let dark = ink(strip);
    let width = strip.width;
    let inked: Vec<bool> =
        (0..width).map(|x| (0..STRIP).filter(|&y| dark.at(x, y) == 1).count() > STRIP / 14).collect();
    let is_ink = |x: usize| inked.get(x % width.max(1)).copied().unwrap_or(false);
    let gap = (STRIP as f32 * GAP) as usize;
    // Begin after the longest gap.
    let mut best = (0usize, 0usize);
    let mut free = 0usize;
    for x in 0..width * 2 {
        if is_ink(x) {
            if free > best.0 {
                best = (free, x);
            }
            free = 0;
        } else {
            free += 1;
        }
    }
    let start = best.1;
    let mut found = Vec::new();
    let (mut from, mut last) = (None::<usize>, 0usize);
    for offset in 0..=width {
        if offset < width && is_ink(start + offset) {
            from.get_or_insert(offset);
            last = offset;
        } else if let Some(first) = from
            && (offset - last > gap || offset == width)
        {
            found.push((first, last + 1));
            from = None;
        }
    }
    found
        .into_iter()
        .filter(|(from, to)| to - from > STRIP)
        .map(|(from, to)| {
            let columns = to - from;
            let mut pixels = Vec::with_capacity(columns * STRIP);
            for y in 0..STRIP {
                pixels.extend((from..to).map(|x| strip.at((start + x) % width.max(1), y)));
            }
            let middle = (start + from) as f32 + columns as f32 / 2.0;
            Piece {
                strip: Grey { width: columns, height: STRIP, pixels },
                middle: (middle / width as f32).fract(),
            }
        })
        .collect()
}

/// The words of a piece of a strip, and whether its letters stand outwards, as on the upper arc.
fn better_way_up(piece: &Grey, read: &mut ReadText) -> (Vec<String>, bool) {
    let up = words_of(&framed(piece), Layout::Line, read);
    let down = words_of(&framed(&piece.turned(180)), Layout::Line, read);
    if down.1 > up.1 { (down.0, false) } else { (up.0, true) }
}

/// The inside of a round stamp; `None` when there is no room for words.
fn inside(grey: &Grey, edge: Ellipse) -> Option<Grey> {
    let area = edge.area();
    let start = |v: f32| v.max(0.0) as usize;
    let (left, top) = (start(area.left), start(area.top));
    let mut part = grey.cropped(left, top, start(area.right), start(area.bottom))?;
    let width = part.width;
    for (i, p) in part.pixels.iter_mut().enumerate() {
        let (x, y) = ((left + i % width) as f32 + 0.5, (top + i / width) as f32 + 0.5);
        if edge.place(x, y).0 > 1.0 {
            *p = 255;
        }
    }
    (part.width > 24 && part.height > 16).then(|| framed(&part))
}

/// The same with white around it.
fn framed(grey: &Grey) -> Grey {
    let width = grey.width + 2 * MARGIN;
    let mut pixels = vec![255; width * MARGIN];
    for row in grey.rows() {
        pixels.extend_from_slice(&[255; MARGIN]);
        pixels.extend_from_slice(row);
        pixels.extend_from_slice(&[255; MARGIN]);
    }
    pixels.resize(pixels.len() + width * MARGIN, 255);
    Grey { width, height: grey.height + 2 * MARGIN, pixels }
}

/// The sure words of a picture, and how much they are: letters times certainty.
fn words_of(grey: &Grey, layout: Layout, read: &mut ReadText) -> (Vec<String>, f32) {
    let found = read(grey, layout);
    let sure = found.into_iter().filter(|w| is_readable(&w.text, w.confidence));
    sure.fold((Vec::new(), 0.0), |(mut words, score), word| {
        let score = score + word.text.chars().count() as f32 * word.confidence;
        words.push(word.text);
        (words, score)
    })
}

/// The shade between the four pixels around a place; white outside.
fn shade(grey: &Grey, x: f32, y: f32) -> u8 {
    let (x, y) = (x - 0.5, y - 0.5);
    if x < 0.0 || y < 0.0 {
        return 255;
    }
    let (left, top) = (x as usize, y as usize);
    let (u, v) = (x - left as f32, y - top as f32);
    let at = |x: usize, y: usize| f32::from(grey.at(x, y));
    let upper = at(left, top) * (1.0 - u) + at(left + 1, top) * u;
    let lower = at(left, top + 1) * (1.0 - u) + at(left + 1, top + 1) * u;
    (upper * (1.0 - v) + lower * v) as u8
}
