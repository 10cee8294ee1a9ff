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

/// A stamp on the upright page, in pixels of the picture.
#[derive(Debug, Clone, Copy)]
enum Stamp {
    Ring(Ellipse),
    /// Its corners from the upper left clockwise.
    Frame([(f32, f32); 4]),
}

/// The stamps on a page, and what stands on them. `picture` is the page as it lies, `reading` tells how
/// it must be turned, `read` reads small pictures of level text.
pub(crate) fn find(picture: &Rgb, reading: &Reading, read: &mut ReadText) -> Vec<Mark> {
    let marks = seen(picture, reading).into_iter().map(|(stamp, bbox)| {
        let text = match stamp {
            Stamp::Ring(ellipse) => text::of_ring(picture, reading.turned, ellipse, read),
            Stamp::Frame(corners) => text::of_frame(picture, reading.turned, corners, read),
        };
        Mark { text, ..Mark::new(MarkKind::Stamp, bbox) }
    });
    marks.collect()
}

fn seen(picture: &Rgb, reading: &Reading) -> Vec<(Stamp, BBox)> {
    let (width, height) = (picture.width as f32, picture.height as f32);
    let upright = if matches!(reading.turned, 90 | 270) { (height, width) } else { (width, height) };
    let masks = [Mask::coloured(picture, reading.turned), Mask::dark(reading)];
    let mut found: Vec<(Stamp, BBox)> = Vec::new();
    for mask in masks.iter().flatten() {
        let (scale, (dx, dy)) = mask.to_page(upright.0);
        let ring = |e: Ellipse| (Stamp::Ring(e.scaled(scale).moved(dx, dy)), mask.of_page(e.area()));
        let rings = ring::rings(mask).into_iter().map(|r| ring(r.ellipse));
        let frames = frame::frames(mask, &|_| 0.0).into_iter().map(|f| {
            let corners = f.corners.map(|(x, y)| (x * scale + dx, y * scale + dy));
            (Stamp::Frame(corners), mask.of_page(f.area()))
        });
        for (stamp, bbox) in rings.chain(frames) {
            if !found.iter().any(|(_, k)| share(*k, bbox) > 0.4) {
                found.push((stamp, bbox));
            }
        }
    }
    found
}

/// The part of the smaller of two boxes that lies in the other.
fn share(one: BBox, two: BBox) -> f32 {
    let area = |b: BBox| Area::new(b.left, b.top, b.right, b.bottom);
    let (one, two) = (area(one), area(two));
    one.shared(two) / one.size().min(two.size()).max(f32::MIN_POSITIVE)
}
