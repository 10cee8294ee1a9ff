//! What stands on a stamp: round its edge, unrolled into a level strip, and inside.

use std::f32::consts::{PI, TAU};

use super::ellipse::Ellipse;
use super::ring;
use crate::area::Area;
use crate::ocr::binary::{Ink, ink};
use crate::ocr::flatten::flatten;
use crate::ocr::read::{Reading, is_readable};
use crate::raster::{Grey, Rgb};

/// Reads a small picture of level text.
pub(crate) type ReadText<'r> = dyn FnMut(Grey) -> Option<Reading> + 'r;

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
fn cut(picture: &Rgb, turned: u16, area: Area) -> Option<Cut> {
    let (w, h) = (picture.width as f32, picture.height as f32);
    let (width, height) = if matches!(turned, 90 | 270) { (h, w) } else { (w, h) };
    let area = area.clipped(Area::new(0.0, 0.0, width, height))?;
    let (left, top) = (area.left.floor(), area.top.floor());
    let (right, bottom) = (area.right.ceil(), area.bottom.ceil());
    // Where it lies on the picture before it is turned.
    let lying = match turned {
        90 => Area::new(top, h - right, bottom, h - left),
        180 => Area::new(w - right, h - bottom, w - left, h - top),
        270 => Area::new(w - bottom, left, w - top, right),
        _ => Area::new(left, top, right, bottom),
    };
    let edge = |v: f32| v.max(0.0) as usize;
    let (from, to) = (edge(lying.left), edge(lying.right).min(picture.width));
    let mut pixels = Vec::new();
    for y in edge(lying.top)..edge(lying.bottom).min(picture.height) {
        let row = picture.pixels.get((y * picture.width + from) * 3..(y * picture.width + to) * 3)?;
        pixels.extend_from_slice(row);
    }
    let columns = to.checked_sub(from).filter(|c| *c > 0)?;
    let part = Rgb::new(columns, pixels.len() / 3 / columns, pixels)?;
    Some(Cut { grey: flatten(&part.grey().turned(turned)), left, top })
}

/// What stands on a round stamp. `ellipse` is its outer ring in pixels of the upright page.
pub(super) fn of_ring(picture: &Rgb, turned: u16, ellipse: Ellipse, read: &mut ReadText) -> String {
    let area = ellipse.area();
    let Some(cut) = cut(picture, turned, area.grown(ellipse.long() * 0.12)) else { return String::new() };
    let near = ellipse.moved(-cut.left, -cut.top);
    let dark = ink(&cut.grey);
    let ellipse = ring::refined(&dark, near)
        .filter(|e| (e.x - near.x).hypot(e.y - near.y) < near.short() * 0.15)
        .filter(|e| (0.85..1.18).contains(&(e.short() / near.short())))
        .unwrap_or(near);
    let (inner, outer) = band(&dark, ellipse);
    let mut words = Vec::new();
    if (outer - inner) * ellipse.short() >= LOWEST_BAND {
        let strip = unrolled(&cut.grey, ellipse, inner, outer);
        for piece in pieces(&strip) {
            words.extend(better_way_up(&piece, read));
        }
    }
    words.extend(inside(&cut.grey, ellipse, inner).map(|part| words_of(&part, read).0).unwrap_or_default());
    words.join(" ")
}

/// What stands in a frame whose corners, from the upper left clockwise, are given in pixels of the
/// upright page.
pub(super) fn of_frame(picture: &Rgb, turned: u16, corners: [(f32, f32); 4], read: &mut ReadText) -> String {
    let of = |(x, y): (f32, f32)| Area::new(x, y, x, y);
    let Some(area) = Area::around(corners.map(of)) else { return String::new() };
    let Some(cut) = cut(picture, turned, area.grown(4.0)) else { return String::new() };
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
    words_of(&framed(&level), read).0.join(" ")
}

/// The shares of the ellipse between which the words round the edge stand.
fn band(dark: &Ink, ellipse: Ellipse) -> (f32, f32) {
    let step = (1.0 / ellipse.short()).max(0.004);
    let mut inner: f32 = 0.0;
    let mut outer: f32 = 1.0;
    let mut share = 0.45f32;
    while share < 1.0 - 3.0 * step {
        if ring::along(dark, ellipse, share).0 > RING {
            if share < 0.86 {
                inner = share;
            } else {
                outer = outer.min(share);
            }
        }
        share += step;
    }
    let rim = (2.0 * step).max(0.02);
    // Without an inner ring the words reach as far in as they like.
    (if inner > 0.0 { inner + rim } else { 0.62 }, outer - rim * 1.5)
}

/// The band between two shares of an ellipse as a level strip, clockwise from the left, its outer side
/// up.
fn unrolled(grey: &Grey, ellipse: Ellipse, inner: f32, outer: f32) -> Grey {
    let middle = f32::midpoint(inner, outer);
    let speed = |angle: f32| (ellipse.a * middle * angle.sin()).hypot(ellipse.b * middle * angle.cos());
    let steps = 720;
    let around: f32 = (0..steps).map(|i| speed(i as f32 / steps as f32 * TAU) * TAU / steps as f32).sum();
    let scale = STRIP as f32 / ((outer - inner) * ellipse.short());
    let columns = ((around * scale) as usize).clamp(40, 3000);
    let mut angles = Vec::with_capacity(columns);
    let mut angle = PI;
    for _ in 0..columns {
        angles.push(angle);
        // Steps of the same length, in pixels.
        angle += around / columns as f32 / speed(angle).max(1.0);
    }
    let mut pixels = Vec::with_capacity(columns * STRIP);
    for row in 0..STRIP {
        let share = outer - (outer - inner) * (row as f32 + 0.5) / STRIP as f32;
        for &angle in &angles {
            let (x, y) = ellipse.at(angle, share);
            pixels.push(shade(grey, x, y));
        }
    }
    Grey { width: columns, height: STRIP, pixels }
}

/// The texts of a strip that closes upon itself, parted at wide gaps.
fn pieces(strip: &Grey) -> Vec<Grey> {
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
            Grey { width: columns, height: STRIP, pixels }
        })
        .collect()
}

/// The words of a piece of a strip: letters stand outwards on the upper arc, inwards on the lower.
fn better_way_up(piece: &Grey, read: &mut ReadText) -> Vec<String> {
    let (up, down) = (words_of(&framed(piece), read), words_of(&framed(&piece.turned(180)), read));
    if down.1 > up.1 { down.0 } else { up.0 }
}

/// The inside of a round stamp; `None` when there is no room for words.
fn inside(grey: &Grey, ellipse: Ellipse, inner: f32) -> Option<Grey> {
    let share = (inner - 0.05).max(0.3);
    let area = Ellipse { a: ellipse.a * share, b: ellipse.b * share, ..ellipse }.area();
    let edge = |v: f32| v.max(0.0) as usize;
    let (left, top) = (edge(area.left), edge(area.top));
    let mut part = grey.cropped(left, top, edge(area.right), edge(area.bottom))?;
    let width = part.width;
    for (i, p) in part.pixels.iter_mut().enumerate() {
        let (x, y) = ((left + i % width) as f32 + 0.5, (top + i / width) as f32 + 0.5);
        if ellipse.place(x, y).0 > share {
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
fn words_of(grey: &Grey, read: &mut ReadText) -> (Vec<String>, f32) {
    let Some(reading) = read(grey.clone()) else { return (Vec::new(), 0.0) };
    let sure = reading.tokens().filter(|t| is_readable(&t.text, t.confidence));
    sure.fold((Vec::new(), 0.0), |(mut words, score), token| {
        words.push(token.text.clone());
        (words, score + token.text.chars().count() as f32 * token.confidence)
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
