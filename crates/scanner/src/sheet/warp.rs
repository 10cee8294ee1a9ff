//! A sheet seen from aside, straightened.

use image::RgbImage;
use imageproc::geometric_transformations::{Border, Interpolation, Projection, warp_into};

use super::Sheet;
use super::quad::{Corner, distance};
use crate::raster::Rgb;

/// Forms of paper and cards, as the longer side's share of the shorter: ID-1 cards, A4, passport pages and
/// old cards (ID-2 and ID-3), US letter.
const FORMS: [f32; 4] = [1.586, 1.414, 1.42, 1.294];
/// How near a form's ratio must come to be it.
const NEAR: f32 = 0.05;
/// Distance of the eye from the picture in units of its longer side, where the corners do not tell it: the
/// usual lens of a telephone.
const USUAL_LENS: f32 = 0.8;
/// The longest side made, in pixels.
const LONGEST: f32 = 6000.0;

/// The sheet cut out and straightened, at the resolution at which it was photographed.
pub(crate) fn straighten(picture: &Rgb, sheet: &Sheet) -> Rgb {
    let (width, height) = size(sheet, (picture.width as f32, picture.height as f32));
    let to = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
    // Corners are given in middles of pixels, the new picture's in its edges.
    let from = sheet.corners;
    let to = to.map(|(x, y): Corner| (x - 0.5, y - 0.5));
    let (Some(source), Some(projection)) = (
        RgbImage::from_raw(picture.width as u32, picture.height as u32, picture.pixels.clone()),
        Projection::from_control_points(from, to),
    ) else {
        return picture.clone();
    };
    let mut straight = RgbImage::new(width as u32, height as u32);
    let outside = image::Rgb([255; 3]);
    warp_into(&source, projection, Interpolation::Bilinear, Border::Constant(outside), &mut straight);
    Rgb::of(straight)
}

/// Width and height, in whole pixels, of the straightened sheet.
fn size(sheet: &Sheet, picture: (f32, f32)) -> (f32, f32) {
    let [a, b, c, d] = sheet.corners;
    let (across, down) = (distance(a, b).max(distance(d, c)), distance(a, d).max(distance(b, c)));
    let ratio = ratio(&sheet.corners, picture);
    let (width, height) = if across / down > ratio { (across, across / ratio) } else { (down * ratio, down) };
    let shrink = (LONGEST / width.max(height)).min(1.0);
    ((width * shrink).round().max(1.0), (height * shrink).round().max(1.0))
}

/// Width over height of the sheet itself, from how its corners lie on the picture.
pub(super) fn ratio(corners: &[Corner; 4], picture: (f32, f32)) -> f32 {
    let [a, b, c, d] = *corners;
    let mean = (distance(a, b) + distance(d, c)) / (distance(a, d) + distance(b, c)).max(1.0);
    let seen = through_lens(corners, picture).filter(|r| (0.6..1.7).contains(&(r / mean))).unwrap_or(mean);
    let form = |ratio: f32| {
        let long = ratio.max(ratio.recip());
        let near = FORMS.iter().map(|f| (*f, (f / long).ln().abs()));
        near.min_by(|x, y| x.1.total_cmp(&y.1)).filter(|(_, off)| *off < NEAR).map(|(f, _)| f)
    };
    match form(seen).or_else(|| form(mean)) {
        Some(form) if mean >= 1.0 => form,
        Some(form) => form.recip(),
        None => seen,
    }
}

/// The ratio as seen through a lens whose axis meets the middle of the picture (Zhang and He, "Whiteboard
/// scanning and image enhancement", 2007).
fn through_lens(corners: &[Corner; 4], (width, height): (f32, f32)) -> Option<f32> {
    let long = width.max(height);
    let [a, b, c, d] = corners.map(|(x, y)| [(x - width / 2.0) / long, (y - height / 2.0) / long, 1.0]);
    let (m1, m2, m3, m4) = (a, b, d, c);
    let k2 = dot(cross(m1, m4), m3) / nonzero(dot(cross(m2, m4), m3))?;
    let k3 = dot(cross(m1, m4), m2) / nonzero(dot(cross(m3, m4), m2))?;
    let edge = |k: f32, m: [f32; 3]| [k * m[0] - m1[0], k * m[1] - m1[1], k * m[2] - m1[2]];
    let (n2, n3) = (edge(k2, m2), edge(k3, m3));
    let depth = n2[2] * n3[2];
    let told = (depth.abs() > 0.004).then(|| -(n2[0] * n3[0] + n2[1] * n3[1]) / depth);
    let lens = told.filter(|f| (0.3..4.0).contains(f)).unwrap_or(USUAL_LENS * USUAL_LENS);
    let length = |n: [f32; 3]| ((n[0] * n[0] + n[1] * n[1]) / lens + n[2] * n[2]).sqrt();
    Some(length(n2) / nonzero(length(n3))?)
}

fn nonzero(value: f32) -> Option<f32> {
    (value.abs() > 1e-6 && value.is_finite()).then_some(value)
}

fn cross(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Corners of a flat sheet seen through a lens, the sheet tilted by so many degrees about both axes.
    fn seen(ratio: f32, about_x: f32, about_y: f32) -> [Corner; 4] {
        let ((sx, cx), (sy, cy)) = (about_x.to_radians().sin_cos(), about_y.to_radians().sin_cos());
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(u, v)| {
            let (x, y) = (u * ratio / 2.0, v / 2.0);
            let (y, z) = (y * cx, y * sx);
            let (x, z) = (x * cy + z * sy, -x * sy + z * cy + 2.4);
            (2000.0 + 4000.0 * 0.8 * x / z, 1500.0 + 4000.0 * 0.8 * y / z)
        })
    }

    #[test]
    fn a_sheets_form_is_told_from_aside() {
        for (wanted, about_x, about_y) in [
            (0.707, 25.0, 0.0),
            (0.707, 30.0, 12.0),
            (1.586, -20.0, 15.0),
            (1.0, 28.0, 10.0),
            (2.2, 15.0, 15.0),
        ] {
            let found = ratio(&seen(wanted, about_x, about_y), (4000.0, 3000.0));
            assert!((found / wanted - 1.0).abs() < 0.02, "{wanted}: {found}");
        }
    }
}
