//! Photos of sheets and cards whose corners are known: a table, a lens, light, and what goes wrong.

#![allow(clippy::many_single_char_names)] // corners and coordinates

use image::{Rgb, RgbImage};
use imageproc::drawing::draw_filled_ellipse_mut;
use imageproc::filter::gaussian_blur_f32;
use imageproc::geometric_transformations::{Border, Interpolation, Projection, warp_into};

/// What a sheet lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code)] // the measurement takes photos on all of them, the tests on some
pub(crate) enum Table {
    Wood,
    Light,
    Dark,
    Checks,
    Stripes,
    Stone,
}

#[allow(dead_code)]
impl Table {
    pub(crate) const ALL: [Self; 6] =
        [Self::Wood, Self::Light, Self::Dark, Self::Checks, Self::Stripes, Self::Stone];
}

/// How a photo is taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene {
    pub(crate) table: Table,
    /// Longer side of the picture in pixels.
    pub(crate) long: u32,
    /// The most the eye is tilted, in degrees.
    pub(crate) tilt: f32,
    /// The most the sheet lies askew, in degrees.
    pub(crate) askew: f32,
    /// Share of the picture's longer side that the sheet's takes.
    pub(crate) size: f32,
    /// Shares of the picture by which the sheet lies off its middle.
    pub(crate) off: (f32, f32),
    /// Fingers over an edge.
    pub(crate) fingers: bool,
    /// Part of another sheet beside it.
    pub(crate) another: bool,
    /// The picture lies on its side.
    pub(crate) wide: bool,
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            table: Table::Wood,
            long: 2000,
            tilt: 18.0,
            askew: 6.0,
            size: 0.85,
            off: (0.0, 0.0),
            fingers: false,
            another: false,
            wide: false,
        }
    }
}

/// A photo.
pub(crate) struct Shot {
    pub(crate) picture: RgbImage,
    /// Where the sheet's corners lie, from its upper left clockwise, in pixels.
    pub(crate) corners: [(f32, f32); 4],
}

/// Numbers that look random and are the same in every run.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d)
    }

    pub(crate) fn unit(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1u64 << 24) as f32
    }

    pub(crate) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }
}

/// A page of grey bars for words, with a title and a filled box.
pub(crate) fn page(width: u32, height: u32, paper: [u8; 3]) -> RgbImage {
    let mut page = RgbImage::from_pixel(width, height, Rgb(paper));
    let mut numbers = Numbers::new(u64::from(width * 31 + height));
    let (left, right) = (width / 10, width * 9 / 10);
    let mut fill = |x: u32, y: u32, w: u32, h: u32, shade: [u8; 3]| {
        for y in y..(y + h).min(height) {
            for x in x..(x + w).min(width) {
                page.put_pixel(x, y, Rgb(shade));
            }
        }
    };
    fill(left, height / 14, width / 3, height / 50, [40, 60, 120]);
    fill(left, height / 7, right - left, height / 30, [60, 80, 140]);
    let line = (height / 60).max(6);
    let mut y = height / 4;
    while y < height * 4 / 5 {
        let mut x = left;
        while x < right {
            let word = numbers.between(line as f32, line as f32 * 5.0) as u32;
            // Letters: a bar of strokes.
            for stroke in (x..(x + word).min(right)).step_by((line as usize / 3).max(2)) {
                fill(stroke, y, (line / 6).max(1), line / 2, [45, 45, 50]);
            }
            x += word + line / 2;
        }
        y += line;
    }
    page
}

pub(crate) fn take(page: &RgbImage, scene: Scene, seed: u64) -> Shot {
    let mut numbers = Numbers::new(seed);
    let (width, height) =
        if scene.wide { (scene.long, scene.long * 3 / 4) } else { (scene.long * 3 / 4, scene.long) };
    let corners = corners(page, scene, (width as f32, height as f32), &mut numbers);
    let mut picture = ground(scene.table, width, height, &mut numbers);
    if scene.another {
        let beside = corners.map(|(x, y)| (x + width as f32 * 0.72, y + height as f32 * 0.05));
        lay(page, beside, &mut picture);
    }
    shade(&corners, &mut picture);
    lay(page, corners, &mut picture);
    if scene.fingers {
        let (from, to) = (corners[3], corners[2]);
        for (i, at) in [0.25f32, 0.38].into_iter().enumerate() {
            let x = (from.0 + (to.0 - from.0) * at) as i32;
            let y = (from.1 + (to.1 - from.1) * at) as i32 + height as i32 / 40 * i as i32;
            let tone = Rgb([196 - 8 * i as u8, 148, 124]);
            draw_filled_ellipse_mut(&mut picture, (x, y), width as i32 / 28, height as i32 / 18, tone);
        }
    }
    let mut picture = gaussian_blur_f32(&picture, scene.long as f32 / 2600.0);
    light(&mut picture, &mut numbers);
    Shot { picture, corners }
}

/// The corners of a sheet that lies askew, seen through the lens of a telephone held at an angle.
fn corners(page: &RgbImage, scene: Scene, (w, h): (f32, f32), numbers: &mut Numbers) -> [(f32, f32); 4] {
    let mut most = |v: f32| numbers.between(-v, v).to_radians();
    let (roll, pitch, yaw) = (most(scene.askew), most(scene.tilt), most(scene.tilt * 0.6));
    let long = w.max(h);
    let lens = long * 0.8;
    let scale = scene.size * long / page.width().max(page.height()) as f32;
    let (half_w, half_h) = (page.width() as f32 / 2.0 * scale, page.height() as f32 / 2.0 * scale);
    [(-1.0f32, -1.0f32), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(u, v)| {
        let (x, y) = (u * half_w, v * half_h);
        let (x, y) = (x * roll.cos() - y * roll.sin(), x * roll.sin() + y * roll.cos());
        let (y, z) = (y * pitch.cos(), y * pitch.sin());
        let (x, z) = (x * yaw.cos() + z * yaw.sin(), z * yaw.cos() - x * yaw.sin());
        let depth = lens / (lens + z);
        (w * (0.5 + scene.off.0) + x * depth, h * (0.5 + scene.off.1) + y * depth)
    })
}

/// Puts a sheet onto the picture.
fn lay(page: &RgbImage, corners: [(f32, f32); 4], picture: &mut RgbImage) {
    let (w, h) = (page.width() as f32, page.height() as f32);
    let from = [(-0.5, -0.5), (w - 0.5, -0.5), (w - 0.5, h - 0.5), (-0.5, h - 0.5)];
    let Some(projection) = Projection::from_control_points(from, corners) else { return };
    let inverse = projection.invert();
    // Shrunk first where the picture is coarser than the page, so that print does not flicker.
    let mut flat = RgbImage::new(picture.width(), picture.height());
    let ratio = w / ((corners[1].0 - corners[0].0).hypot(corners[1].1 - corners[0].1)).max(1.0);
    let source = if ratio > 1.3 { gaussian_blur_f32(page, ratio * 0.4) } else { page.clone() };
    warp_into(&source, projection, Interpolation::Bilinear, Border::Replicate, &mut flat);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (u, v) = inverse * (x as f32, y as f32);
        if (-0.5..w - 0.5).contains(&u) && (-0.5..h - 0.5).contains(&v) {
            *pixel = *flat.get_pixel(x, y);
        }
    }
}

/// The shadow a sheet casts on the table beside it.
fn shade(corners: &[(f32, f32); 4], picture: &mut RgbImage) {
    let reach = picture.width() as f32 * 0.006;
    let edge = |a: (f32, f32), b: (f32, f32), x: f32, y: f32| {
        ((b.0 - a.0) * (y - a.1) - (b.1 - a.1) * (x - a.0)) / (b.0 - a.0).hypot(b.1 - a.1).max(1.0)
    };
    let [a, b, c, d] = *corners;
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (x, y) = (x as f32 - reach / 2.0, y as f32 - reach / 2.0);
        let inside = [(a, b), (b, c), (c, d), (d, a)].map(|(p, q)| edge(p, q, x, y));
        let far = inside.iter().copied().fold(f32::MAX, f32::min);
        let dark = (1.0 - (-far / reach).clamp(0.0, 1.0)) * 0.25;
        for value in &mut pixel.0 {
            *value = (f32::from(*value) * (1.0 - dark)) as u8;
        }
    }
}

fn ground(table: Table, width: u32, height: u32, numbers: &mut Numbers) -> RgbImage {
    let phase = numbers.between(0.0, 6.0);
    let turn = numbers.between(0.0, 1.5);
    let (sin, cos) = turn.sin_cos();
    let cell = width as f32 / numbers.between(14.0, 30.0);
    RgbImage::from_fn(width, height, |x, y| {
        let noise = numbers.between(-4.0, 4.0) + numbers.between(-4.0, 4.0);
        let (x, y) = (x as f32, y as f32);
        let (u, v) = (x * cos + y * sin, y * cos - x * sin);
        let even = |v: f32| (v / cell).rem_euclid(2.0) < 1.0;
        let wave = (x / width as f32 * 5.0 + phase).sin() + (y / width as f32 * 7.0).cos();
        let (base, grain) = match table {
            Table::Wood => {
                let ring = v / width as f32 * 40.0 + (u / width as f32 * 9.0).sin() * 0.6 + phase;
                ([122.0, 88.0, 60.0], ring.sin() * 14.0 + (ring * 5.3).sin() * 6.0)
            }
            Table::Light => ([212.0, 211.0, 206.0], wave * 3.0),
            Table::Dark => ([48.0, 48.0, 54.0], wave * 5.0),
            Table::Checks => match (even(u), even(v)) {
                (true, true) => ([170.0, 40.0, 44.0], 0.0),
                (false, false) => ([226.0, 220.0, 212.0], 0.0),
                _ => ([204.0, 120.0, 120.0], 0.0),
            },
            Table::Stripes => {
                (if even(u * 2.0) { [70.0, 96.0, 140.0] } else { [180.0, 186.0, 196.0] }, wave * 4.0)
            }
            Table::Stone => {
                let joint =
                    (u / cell / 4.0).rem_euclid(1.0) < 0.02 || (v / cell / 4.0).rem_euclid(1.0) < 0.02;
                ([178.0, 170.0, 156.0], wave * 9.0 - if joint { 60.0 } else { 0.0 })
            }
        };
        Rgb(base.map(|b| (b + grain + noise).clamp(0.0, 255.0) as u8))
    })
}

/// Light from one side, and the shadow of a hand across.
fn light(picture: &mut RgbImage, numbers: &mut Numbers) {
    let (w, h) = (picture.width() as f32, picture.height() as f32);
    let (dark, slope, at) =
        (numbers.between(0.1, 0.4), numbers.between(-0.8, 0.8), numbers.between(0.2, 0.8));
    let (left, shadow) = (numbers.unit(), numbers.between(0.0, 0.35));
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (u, v) = (x as f32 / w, y as f32 / h);
        let away = 1.0 - dark * (left * u + (1.0 - left) * v);
        let across = (((u - 0.5) * slope + v - at) * 12.0).clamp(-1.0, 1.0);
        let bright = away * (1.0 - shadow * (1.0 + across) / 2.0);
        let noise = numbers.between(-3.0, 3.0) + numbers.between(-3.0, 3.0);
        for (value, tint) in pixel.0.iter_mut().zip([1.0, 0.98, 0.94]) {
            *value = (f32::from(*value) * bright * tint + noise).clamp(0.0, 255.0) as u8;
        }
    }
}
