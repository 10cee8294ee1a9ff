//! Ink stamps and seals.

use complet_model::{Mark, MarkKind};

use crate::area::{Area, cluster};
use crate::ocr::binary::{Ink, components};
use crate::ocr::read::Reading;
use crate::raster::Rgb;

/// The stamps on a page. `picture` is the straightened page as it lies, `reading` tells how it must be
/// turned.
pub(crate) fn find(picture: &Rgb, reading: &Reading) -> Vec<Mark> {
    stamps(&Thumbnail::of(picture), reading.turned)
}

/// A small colour copy of a page: enough to find stamps.
#[derive(Debug, Clone)]
struct Thumbnail {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Thumbnail {
    const EDGE: usize = 800;

    fn of(picture: &Rgb) -> Self {
        let Rgb { width, height, ref pixels } = *picture;
        let step = width.max(height).div_ceil(Self::EDGE).max(1);
        let columns = width.div_ceil(step);
        let mut rgb = Vec::with_capacity(columns * height.div_ceil(step) * 3);
        let mut best = vec![(0u8, [255u8; 3]); columns];
        for band in pixels.chunks((width * 3 * step).max(1)) {
            best.fill((0, [255; 3]));
            for row in band.chunks_exact((width * 3).max(1)) {
                for (best, block) in best.iter_mut().zip(row.chunks(step * 3)) {
                    // The most colourful pixel stands for its block: the lines of a stamp are thin.
                    for &pixel in block.as_chunks::<3>().0 {
                        let [r, g, b] = pixel;
                        let chroma = r.max(g).max(b) - r.min(g).min(b);
                        if chroma > best.0 {
                            *best = (chroma, pixel);
                        }
                    }
                }
            }
            rgb.extend(best.iter().flat_map(|(_, pixel)| *pixel));
        }
        Self { width: columns, height: height.div_ceil(step), rgb }
    }
}

/// Round stamps in coloured ink, on the page turned clockwise by `turned` degrees.
///
/// A stamp is told by its ring: coloured ink nearly all around an ellipse, and less of it inside.
fn stamps(thumbnail: &Thumbnail, turned: u16) -> Vec<Mark> {
    let coloured = thumbnail.rgb.chunks_exact(3).map(|p| match *p {
        [r, g, b] => {
            let (low, high) = (r.min(g).min(b), r.max(g).max(b));
            // Red, violet or blue ink; green and yellow are logos and security print.
            let hue =
                (r >= g && b >= g) || (b >= r) || (r > g.saturating_add(40) && r > b.saturating_add(40));
            // Thin dark lines lose most of their colour in a JPEG; black ones gain less than this.
            let chroma = u32::from(high - low);
            u8::from(chroma > 30 && chroma * 10 > u32::from(high) * 3 && low < 190 && hue)
        }
        _ => 0,
    });
    let ink =
        Ink { width: thumbnail.width, height: thumbnail.height, pixels: coloured.collect() }.turned(turned);
    let (width, height) = (ink.width as f32, ink.height as f32);
    let parts = components(&ink).unwrap_or_default();
    let parts: Vec<Area> = parts.iter().filter(|c| c.pixels > 3).map(|c| c.area).collect();
    if parts.len() > 5_000 {
        return Vec::new();
    }
    cluster(parts, ink.long_edge() as f32 * 0.006)
        .into_iter()
        .filter(|a| {
            let long = a.width().max(a.height());
            let edge = width.max(height);
            (0.04..0.35).contains(&(long / edge))
                && a.width().min(a.height()) > long * 0.55
                && has_ring(&ink, *a)
        })
        .map(|a| Mark::new(MarkKind::Stamp, a.of_page(width, height)))
        .collect()
}

fn has_ring(ink: &Ink, area: Area) -> bool {
    const SECTORS: usize = 36;
    let (cx, cy) = area.middle();
    let (rx, ry) = (area.width() / 2.0, area.height() / 2.0);
    let mut rim = [false; SECTORS];
    let (mut inner, mut inner_ink) = (0usize, 0usize);
    for y in area.top as usize..area.bottom as usize {
        for x in area.left as usize..area.right as usize {
            let (dx, dy) = ((x as f32 + 0.5 - cx) / rx, (y as f32 + 0.5 - cy) / ry);
            let radius = dx.hypot(dy);
            let coloured = ink.at(x, y) == 1;
            if radius < 0.8 {
                inner += 1;
                inner_ink += usize::from(coloured);
            } else if coloured && (0.86..=1.03).contains(&radius) {
                let turn = (dy.atan2(dx) / std::f32::consts::TAU + 0.5) * SECTORS as f32;
                if let Some(sector) = rim.get_mut((turn as usize).min(SECTORS - 1)) {
                    *sector = true;
                }
            }
        }
    }
    let closed = rim.iter().filter(|s| **s).count();
    closed * 10 >= SECTORS * 8 && inner_ink * 100 < inner * 45 && inner_ink * 500 > inner
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_a_stamp_and_a_block_is_not() {
        let (width, height) = (600usize, 800usize);
        let mut rgb = vec![255u8; width * height * 3];
        let mut blue = |x: usize, y: usize| {
            if let Some(pixel) = rgb.get_mut((y * width + x) * 3..(y * width + x) * 3 + 3) {
                pixel.copy_from_slice(&[40, 50, 170]);
            }
        };
        for y in 0..height {
            for x in 0..width {
                let radius = (x as f32 - 400.0).hypot(y as f32 - 600.0);
                let ring = (57.0..60.0).contains(&radius);
                let star = radius < 20.0 && (x + y) % 3 == 0;
                let block = (50..150).contains(&x) && (50..150).contains(&y);
                if ring || star || block {
                    blue(x, y);
                }
            }
        }
        let page = Thumbnail::of(&Rgb { width, height, pixels: rgb });
        let found = stamps(&page, 0);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found.iter().all(|m| m.bbox.left > 0.5 && m.bbox.top > 0.6));
        let turned = stamps(&page, 180);
        assert!(turned.len() == 1 && turned.iter().all(|m| m.bbox.right < 0.5 && m.bbox.bottom < 0.4));
    }
}
