//! Ink stamps and seals: rings and askew frames with text in them, in colour or not.

mod ellipse;
mod frame;
mod mask;
mod points;
mod ring;
mod text;

use complet_model::{BBox, Mark, MarkKind};

use crate::area::Area;
use crate::ocr::read::Reading;
use crate::ocr::skew::unturned;
use crate::raster::Rgb;
use ellipse::Ellipse;
use mask::Mask;
pub(crate) use text::ReadText;

/// Resolution, in pixels per inch, at which letters are as high as those on the pictures of stamps'
/// texts.
pub(crate) const DPI: u32 = 300;

/// Readable words from which a page is one of text.
const TEXT: usize = 50;
/// Letters from which the words on a stamp show that it is one.
const TELLING: usize = 5;

/// A stamp on the upright page, in pixels of the picture.
#[derive(Debug, Clone, Copy)]
struct Stamp {
    shape: Shape,
    /// It was found by its colour: print can be told from it.
    coloured: bool,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    /// Its outer ring.
    Ring(Ellipse),
    /// Its corners from the upper left clockwise.
    Frame([(f32, f32); 4]),
}

/// The stamps on a page, and what stands on them. `picture` is the page as it lies, `reading` tells how
/// it must be turned, `read` reads small pictures of level text.
///
/// A ring on which nothing can be read is a stamp on a page of text only: identity documents have emblems,
/// portraits and security print that look like one. A frame is one only when its words can be read.
pub(crate) fn find(picture: &Rgb, reading: &Reading, read: &mut ReadText) -> Vec<Mark> {
    if is_identity(reading) {
        return Vec::new();
    }
    let is_text = reading.readable() >= TEXT;
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let marks = seen(picture, reading).into_iter().filter_map(|(stamp, bbox)| {
        let page = text::Page { picture, turned: reading.turned, coloured: stamp.coloured };
        let text = match stamp.shape {
            Shape::Ring(ellipse) => text::of_ring(page, ellipse, read),
            Shape::Frame(corners) => text::of_frame(page, corners, read),
        };
        let is_ring = matches!(stamp.shape, Shape::Ring(_));
        let is_stamp = letters(&text) >= TELLING || (is_text && is_ring);
        is_stamp.then(|| Mark { text, ..Mark::new(MarkKind::Stamp, bbox) })
    });
    marks.collect()
}

/// True for a page with a machine-readable zone.
fn is_identity(reading: &Reading) -> bool {
    reading.lines.iter().any(|line| {
        let (signs, fillers) = line
            .tokens
            .iter()
            .flat_map(|t| t.text.chars())
            .fold((0, 0), |(all, fillers), c| (all + 1, fillers + usize::from(matches!(c, '<' | '«'))));
        signs >= 20 && fillers >= 3
    })
}

fn seen(picture: &Rgb, reading: &Reading) -> Vec<(Stamp, BBox)> {
    let (width, height) = (picture.width as f32, picture.height as f32);
    let upright = if matches!(reading.turned, 90 | 270) { (height, width) } else { (width, height) };
    let masks = [Mask::coloured(picture, reading.turned), Mask::dark(reading)];
    let mut found: Vec<(Stamp, BBox)> = Vec::new();
    for mask in masks.iter().flatten() {
        let (scale, (dx, dy)) = mask.to_page(upright.0);
        // Colours are looked for on the picture as it lies, all ink on the one that was made level for its words.
        let (to_picture, to_level) = if mask.coloured { (0.0, -reading.skew) } else { (reading.skew, 0.0) };
        let lying = |(x, y): (f32, f32)| unturned(Area::new(x, y, x, y), to_picture, upright).middle();
        let level = |area: Area| mask.of_page(area).turned(to_level, upright.0, upright.1);
        let ring = |e: Ellipse| {
            let ring = e.scaled(scale).moved(dx, dy);
            let ((x, y), turn) = (lying((ring.x, ring.y)), ring.turn + to_picture.to_radians());
            (Shape::Ring(Ellipse { x, y, turn, ..ring }), level(e.area()))
        };
        let rings = ring::rings(mask).into_iter().map(|r| ring(r.ellipse));
        let frames = frame::frames(mask, &|_| 0.0).into_iter().map(|f| {
            let corners = f.corners.map(|(x, y)| lying((x * scale + dx, y * scale + dy)));
            (Shape::Frame(corners), level(f.area()))
        });
        for (shape, bbox) in rings.chain(frames) {
            if !found.iter().any(|(_, k)| share(*k, bbox) > 0.4) {
                found.push((Stamp { shape, coloured: mask.coloured }, bbox));
            }
        }
    }
    found
}

/// The part of the smaller of two boxes that lies in the other.
fn share(one: BBox, two: BBox) -> f32 {
    let area = |b: BBox| Area::new(b.left, b.top, b.right, b.bottom);
    area(one).overlap(area(two))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::OcrWord;
    use crate::ocr::binary::ink;
    use crate::ocr::read::Outcome;

    const WIDTH: usize = 1654;
    const HEIGHT: usize = 2339;

    /// A white page on which `is_ink` says where the ink is.
    fn page(colour: [u8; 3], is_ink: impl Fn(f32, f32) -> bool) -> Rgb {
        let mut pixels = Vec::with_capacity(WIDTH * HEIGHT * 3);
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                pixels.extend(if is_ink(x as f32, y as f32) { colour } else { [250; 3] });
            }
        }
        Rgb { width: WIDTH, height: HEIGHT, pixels }
    }

    fn reading(picture: &Rgb, turned: u16) -> Reading {
        let ink = ink(&picture.grey()).turned(turned);
        let size = (ink.width as f32, ink.height as f32);
        Reading { turned, ..Reading::nothing(Outcome::Read, size, Some(ink)) }
    }

    fn places(picture: &Rgb, turned: u16) -> Vec<BBox> {
        seen(picture, &reading(picture, turned)).into_iter().map(|(_, bbox)| bbox).collect()
    }

    /// Two rings with bars like letters between them, about a middle.
    fn ring(x: f32, y: f32, wide: f32) -> bool {
        let (u, v) = ((x - 1100.0) / wide, y - 1700.0);
        let (radius, angle) = (u.hypot(v), v.atan2(u));
        let letters = (96.0..118.0).contains(&radius) && (angle * 30.0).sin() > 0.2;
        (128.0..132.0).contains(&radius) || (84.0..87.0).contains(&radius) || letters
    }

    /// A frame turned by some degrees with rows of bars in it.
    fn frame(x: f32, y: f32, degrees: f32) -> bool {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (dx, dy) = (x - 700.0, y - 1200.0);
        let (u, v) = ((dx * cos + dy * sin).abs(), (dy * cos - dx * sin).abs());
        let text = u < 160.0 && v < 50.0 && v % 30.0 < 16.0 && (dx * cos + dy * sin).rem_euclid(14.0) < 5.0;
        (u < 190.0 && v < 72.0) && (u > 186.0 || v > 68.0) || text
    }

    #[test]
    fn rings_are_seen_in_any_ink_and_at_any_turn() {
        for colour in [[40, 60, 160], [190, 50, 60], [30, 30, 32], [20, 120, 80]] {
            for wide in [1.0, 1.35] {
                let picture = page(colour, |x, y| ring(x, y, wide));
                let found = places(&picture, 0);
                assert_eq!(found.len(), 1, "{colour:?} {wide} {found:?}");
                let near = |b: &BBox| {
                    (b.left - (1100.0 - 132.0 * wide) / WIDTH as f32).abs() < 0.01
                        && (b.bottom - 1832.0 / HEIGHT as f32).abs() < 0.01
                };
                assert!(found.iter().all(near), "{colour:?} {wide} {found:?}");
            }
        }
        let picture = page([40, 60, 160], |x, y| ring(x, y, 1.0));
        let turned = places(&picture, 180);
        assert_eq!(turned.len(), 1);
        assert!(turned.iter().all(|b| b.right < 0.5 && b.bottom < 0.4), "{turned:?}");
    }

    #[test]
    fn an_empty_ring_and_a_disc_are_no_stamps() {
        let empty = page([40, 60, 160], |x, y| (128.0..132.0).contains(&(x - 800.0).hypot(y - 900.0)));
        assert_eq!(places(&empty, 0), []);
        let disc = page([40, 60, 160], |x, y| (x - 800.0).hypot(y - 900.0) < 130.0);
        assert_eq!(places(&disc, 0), []);
    }

    #[test]
    fn a_frame_is_a_stamp_when_it_lies_askew() {
        let askew = page([60, 60, 62], |x, y| frame(x, y, -4.0));
        assert_eq!(places(&askew, 0).len(), 1);
        // A gap in one side, as ink leaves it.
        let broken =
            page([60, 60, 62], |x, y| frame(x, y, 5.0) && !((640.0..690.0).contains(&x) && y < 1150.0));
        assert_eq!(places(&broken, 0).len(), 1);
        // A box of the form.
        let level = page([60, 60, 62], |x, y| frame(x, y, 0.0));
        assert_eq!(places(&level, 0), []);
    }

    #[test]
    fn what_can_be_read_on_a_stamp_goes_with_it() {
        let picture = page([40, 60, 160], |x, y| ring(x, y, 1.0));
        let word = |text: &str| OcrWord {
            text: text.to_owned(),
            left: 0.0,
            top: 0.0,
            right: 9.0,
            bottom: 9.0,
            confidence: 0.9,
            line: 0,
        };
        let page = reading(&picture, 0);
        let found = find(&picture, &page, &mut |_, _| vec![word("TRADUCTEUR")]);
        assert!(found.len() == 1 && found.iter().all(|m| m.text.contains("TRADUCTEUR")), "{found:?}");
        // Nothing to read, on a page without text: an emblem as likely as a stamp.
        assert_eq!(find(&picture, &page, &mut |_, _| Vec::new()), []);
    }
}
