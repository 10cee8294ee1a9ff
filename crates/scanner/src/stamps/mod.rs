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
/// portraits and security print that look like one.
pub(crate) fn find(picture: &Rgb, reading: &Reading, read: &mut ReadText) -> Vec<Mark> {
    if is_identity(reading) {
        return Vec::new();
    }
    let is_text = reading.readable() >= TEXT;
    let marks = seen(picture, reading).into_iter().map(|(stamp, bbox)| {
        let page = text::Page { picture, turned: reading.turned, coloured: stamp.coloured };
        let text = match stamp.shape {
            Shape::Ring(ellipse) => text::of_ring(page, ellipse, read),
            Shape::Frame(corners) => text::of_frame(page, corners, read),
        };
        Mark { text, ..Mark::new(MarkKind::Stamp, bbox) }
    });
    let letters = |m: &Mark| m.text.chars().filter(|c| c.is_alphanumeric()).count();
    marks.filter(|m| is_text || letters(m) >= TELLING).collect()
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
    let t0 = std::time::Instant::now();
    let masks = [Mask::coloured(picture, reading.turned), Mask::dark(reading)];
    let mut found: Vec<(Stamp, BBox)> = Vec::new();
    if std::env::var_os("STAMPTIME").is_some() {
        eprintln!("masks {:?}", t0.elapsed());
    }
    for mask in masks.iter().flatten() {
        let (scale, (dx, dy)) = mask.to_page(upright.0);
        let ring = |e: Ellipse| (Shape::Ring(e.scaled(scale).moved(dx, dy)), mask.of_page(e.area()));
        let rings = ring::rings(mask).into_iter().map(|r| ring(r.ellipse));
        let frames = frame::frames(mask, &|_| 0.0).into_iter().map(|f| {
            let corners = f.corners.map(|(x, y)| (x * scale + dx, y * scale + dy));
            (Shape::Frame(corners), mask.of_page(f.area()))
        });
        if std::env::var_os("STAMPTIME").is_some() {
            eprintln!("ready {:?}", t0.elapsed());
        }
        for (shape, bbox) in rings.chain(frames) {
            if !found.iter().any(|(_, k)| share(*k, bbox) > 0.4) {
                found.push((Stamp { shape, coloured: mask.coloured }, bbox));
            }
        }
    }
    if std::env::var_os("STAMPTIME").is_some() {
        eprintln!("all {:?}", t0.elapsed());
    }
    found
}

/// The part of the smaller of two boxes that lies in the other.
fn share(one: BBox, two: BBox) -> f32 {
    let area = |b: BBox| Area::new(b.left, b.top, b.right, b.bottom);
    let (one, two) = (area(one), area(two));
    one.shared(two) / one.size().min(two.size()).max(f32::MIN_POSITIVE)
}
