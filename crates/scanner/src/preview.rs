//! Small pictures of pages, for reports that show them.

use complet_model::Page;
use image::{RgbImage, imageops};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use serde::{Deserialize, Serialize};

use crate::pdf::draw::draw;
use crate::picture;
use crate::raster::Rgb;
use crate::reader::Open;
use crate::render::{straight, upright};
use crate::settings::Limits;

/// Asks for a small picture of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreviewRequest {
    /// Index of the file in the scan.
    pub file: usize,
    /// Number of the page, from 1.
    pub page: u32,
    /// Pixels of the longer side; a picture that has less is not enlarged.
    pub long_edge: u32,
    /// JPEG's quality, 1 to 100.
    pub quality: u8,
}

/// A small picture of a page as its boxes mean it: straightened and upright.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// The picture as a JPEG file.
    pub jpeg: Vec<u8>,
    /// True when it has no colours.
    pub grey: bool,
}

/// Channels may differ by this much in a picture that is shown without colour.
const GREYISH: u8 = 10;

/// What of a page its picture depends on.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct PageShape {
    pub(crate) number: u32,
    pub(crate) turned: u16,
    pub(crate) sheet: Option<[(f32, f32); 4]>,
}

impl PageShape {
    pub(crate) fn of(page: &Page) -> Self {
        Self { number: page.number, turned: page.turned, sheet: page.sheet }
    }
}

/// Draws a page of an open file; `None` when that cannot be done.
pub(crate) fn preview(
    open: &Open,
    page: &PageShape,
    limits: &Limits,
    (long_edge, quality): (u32, u8),
) -> Option<Preview> {
    let edge = long_edge.max(1);
    let picture = match open {
        Open::Pdf(file) => {
            let page = file.page(page.number)?;
            let (width, height) = page.render_dimensions();
            draw(page, edge as f32 * 72.0 / width.max(height))?
        }
        Open::Picture(kind, bytes) => {
            let image = picture::decode(*kind, bytes, page.number, limits).ok()?.image;
            // Straightening costs by the pixel, and the sheet is a part of the picture.
            let factor = if page.sheet.is_some() { 2 } else { 1 };
            Rgb::of(shrunk(image, edge.saturating_mul(factor)))
        }
    };
    let Rgb { width, height, pixels } = upright(straight(picture, page.sheet), page.turned);
    encode(&shrunk(RgbImage::from_raw(width as u32, height as u32, pixels)?, edge), quality)
}

fn shrunk(image: RgbImage, edge: u32) -> RgbImage {
    let (width, height) = image.dimensions();
    let long = width.max(height);
    if long <= edge {
        return image;
    }
    let side = |side: u32| (u64::from(side) * u64::from(edge) / u64::from(long)).max(1) as u32;
    imageops::thumbnail(&image, side(width), side(height))
}

fn encode(image: &RgbImage, quality: u8) -> Option<Preview> {
    let (width, height) = image.dimensions();
    let (columns, rows) = (u16::try_from(width).ok()?, u16::try_from(height).ok()?);
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, quality);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    let is_grey =
        image.pixels().all(|p| p.0.iter().max().zip(p.0.iter().min()).is_some_and(|(a, b)| a - b <= GREYISH));
    let encoded = if is_grey {
        let grey: Vec<u8> = image.pixels().map(|p| p.0[1]).collect();
        encoder.encode(&grey, columns, rows, ColorType::Luma)
    } else {
        encoder.encode(image.as_raw(), columns, rows, ColorType::Rgb)
    };
    encoded.ok().map(|()| Preview { width, height, jpeg, grey: is_grey })
}
