//! Pages of picture files.

mod cut;
mod heic;
pub(crate) mod screen;
mod tiff;

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, RgbImage};

use crate::kind::Kind;
use crate::settings::Limits;

/// A decoded page, upright as its file says.
pub(crate) struct Picture {
    pub(crate) image: RgbImage,
    /// Share of the page that is missing at its lower end, because the file was cut off.
    pub(crate) missing: f32,
}

/// Why a picture cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// More pixels than the limit.
    TooLarge { width: u64, height: u64, limit: u64 },
    /// It does not decode; what the decoder says.
    Damaged(String),
    /// A variant of its format that is not known; what the decoder says.
    Variant(String),
}

/// Bytes a decoder may allocate for a pixel the limit lets through: 16-bit colour with transparency.
const BYTES_PER_PIXEL: u64 = 8;

fn check(width: u64, height: u64, limits: &Limits) -> Result<(), Failure> {
    let pixels = width.saturating_mul(height);
    if pixels > limits.pixels_per_page {
        return Err(Failure::TooLarge { width, height, limit: limits.pixels_per_page });
    }
    if pixels == 0 { Err(Failure::Damaged("0 pixels".to_owned())) } else { Ok(()) }
}

fn format(kind: Kind) -> Option<ImageFormat> {
    Some(match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        Kind::WebP => ImageFormat::WebP,
        Kind::Gif => ImageFormat::Gif,
        Kind::Bmp => ImageFormat::Bmp,
        _ => return None,
    })
}

fn damaged(error: &image::ImageError) -> Failure {
    match error {
        image::ImageError::Unsupported(_) => Failure::Variant(error.to_string()),
        _ => Failure::Damaged(error.to_string()),
    }
}

/// Number of pages, from the headers alone.
pub(crate) fn pages(kind: Kind, bytes: &[u8], limits: &Limits) -> Result<usize, Failure> {
    match kind {
        Kind::Tiff => tiff::pages(bytes, limits),
        Kind::Heic => heic::check_size(bytes, limits).map(|()| 1),
        _ => {
            let format = format(kind).ok_or_else(|| Failure::Variant(kind.to_string()))?;
            let (width, height) = ImageReader::with_format(Cursor::new(bytes), format)
                .into_dimensions()
                .map_err(|e| damaged(&e))?;
            check(width.into(), height.into(), limits).map(|()| 1)
        }
    }
}

/// Decodes one page, from 1. An animation's first picture is its page.
pub(crate) fn decode(kind: Kind, bytes: &[u8], page: u32, limits: &Limits) -> Result<Picture, Failure> {
    match kind {
        Kind::Tiff => tiff::decode(bytes, page, limits),
        Kind::Heic => heic::decode(bytes, limits),
        _ => common(kind, bytes, limits),
    }
}

fn common(kind: Kind, bytes: &[u8], limits: &Limits) -> Result<Picture, Failure> {
    let format = format(kind).ok_or_else(|| Failure::Variant(kind.to_string()))?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut bounds = image::Limits::no_limits();
    bounds.max_alloc = Some(limits.pixels_per_page.saturating_mul(BYTES_PER_PIXEL));
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(|e| damaged(&e))?;
    let (width, height) = decoder.dimensions();
    // The decoder does not count the picture itself towards its limit.
    check(width.into(), height.into(), limits)?;
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(|e| damaged(&e))?;
    let missing = if kind == Kind::Jpeg { cut::missing(bytes, &image) } else { 0.0 };
    Ok(Picture { image: on_white(image, orientation), missing })
}

/// The picture upright, with what is transparent shown on white paper.
fn on_white(mut image: DynamicImage, orientation: image::metadata::Orientation) -> RgbImage {
    image.apply_orientation(orientation);
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let rgba = image.into_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let image::Rgba([r, g, b, a]) = *rgba.get_pixel(x, y);
        let over = |c: u8| ((u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a))) / 255) as u8;
        image::Rgb([over(r), over(g), over(b)])
    })
}
