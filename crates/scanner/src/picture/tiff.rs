use std::io::Cursor;

use tiff::decoder::{Decoder, DecodingResult, Limits as Bounds};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::{BYTES_PER_PIXEL, Failure, Picture, check};
use crate::settings::Limits;

type File<'b> = Decoder<Cursor<&'b [u8]>>;

fn failure(error: &TiffError) -> Failure {
    match error {
        TiffError::UnsupportedError(_) => Failure::Variant(error.to_string()),
        _ => Failure::Damaged(error.to_string()),
    }
}

fn open<'b>(bytes: &'b [u8], limits: &Limits) -> Result<File<'b>, Failure> {
    let decoder = Decoder::new(Cursor::new(bytes)).map_err(|e| failure(&e))?;
    let mut bounds = Bounds::default();
    let most = limits.pixels_per_page.saturating_mul(BYTES_PER_PIXEL);
    bounds.decoding_buffer_size = usize::try_from(most).unwrap_or(usize::MAX);
    bounds.intermediate_buffer_size = bounds.decoding_buffer_size;
    Ok(decoder.with_limits(bounds))
}

/// Counts the pages. A chain of pages that is broken ends with the last good one.
pub(super) fn pages(bytes: &[u8], limits: &Limits) -> Result<usize, Failure> {
    let mut file = open(bytes, limits)?;
    let mut count = 1;
    // One more than allowed is enough to know that they are too many.
    while file.more_images() && count <= limits.pages_per_file && file.next_image().is_ok() {
        count += 1;
    }
    Ok(count)
}

pub(super) fn decode(bytes: &[u8], page: u32, limits: &Limits) -> Result<Picture, Failure> {
    let mut file = open(bytes, limits)?;
    for _ in 1..page {
        file.next_image().map_err(|e| failure(&e))?;
    }
    let (width, height) = file.dimensions().map_err(|e| failure(&e))?;
    check(width.into(), height.into(), limits)?;
    let colour = file.colortype().map_err(|e| failure(&e))?;
    let orientation = file.find_tag_unsigned::<u8>(Tag::Orientation).ok().flatten();
    let data = file.read_image().map_err(|e| failure(&e))?;
    let samples: Vec<u8> = match data {
        DecodingResult::U8(samples) => samples,
        DecodingResult::U16(samples) => samples.into_iter().map(|s| (s >> 8) as u8).collect(),
        _ => return Err(Failure::Variant(format!("{colour:?}"))),
    };
    let (width, height) = (width as usize, height as usize);
    let rgb = to_rgb(colour, &samples, width).ok_or_else(|| Failure::Variant(format!("{colour:?}")))?;
    let image = image::RgbImage::from_raw(width as u32, height as u32, rgb)
        .ok_or_else(|| Failure::Damaged("short data".to_owned()))?;
    let mut image = image::DynamicImage::ImageRgb8(image);
    if let Some(orientation) = orientation.and_then(image::metadata::Orientation::from_exif) {
        image.apply_orientation(orientation);
    }
    Ok(Picture { image: image.into_rgb8(), missing: 0.0 })
}

fn to_rgb(colour: ColorType, samples: &[u8], width: usize) -> Option<Vec<u8>> {
    Some(match colour {
        ColorType::Gray(1) => {
            let row = width.div_ceil(8);
            let bit = |row: &[u8], x: usize| row.get(x / 8).is_some_and(|b| b >> (7 - x % 8) & 1 == 1);
            let pixels = samples.chunks(row.max(1)).flat_map(|r| (0..width).map(move |x| bit(r, x)));
            pixels.flat_map(|white| [if white { 255 } else { 0 }; 3]).collect()
        }
        ColorType::Gray(8 | 16) => samples.iter().flat_map(|&g| [g; 3]).collect(),
        ColorType::GrayA(8 | 16) => {
            samples.chunks_exact(2).filter_map(|p| p.first()).flat_map(|&g| [g; 3]).collect()
        }
        ColorType::RGB(8 | 16) => samples.to_vec(),
        ColorType::RGBA(8 | 16) => {
            samples.chunks_exact(4).filter_map(|p| p.first_chunk::<3>()).flatten().copied().collect()
        }
        ColorType::CMYK(8 | 16) => samples
            .chunks_exact(4)
            .flat_map(|p| match *p {
                [c, m, y, k] => {
                    let ink = |v: u8| (u32::from(255 - v) * u32::from(255 - k) / 255) as u8;
                    [ink(c), ink(m), ink(y)]
                }
                _ => [255; 3],
            })
            .collect(),
        _ => return None,
    })
}
