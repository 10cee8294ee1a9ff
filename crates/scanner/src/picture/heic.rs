use heic_decoder::HeifError;

use super::{Failure, Picture, check};
use crate::settings::Limits;

fn failure(error: &HeifError) -> Failure {
    match error {
        HeifError::Unsupported(_) => Failure::Variant(error.to_string()),
        _ => Failure::Damaged(error.to_string()),
    }
}

/// Checks the size a file declares, without decoding it.
pub(super) fn check_size(bytes: &[u8], limits: &Limits) -> Result<(), Failure> {
    let info = heic_decoder::probe(bytes).map_err(|e| failure(&e))?;
    check(info.coded_width as u64, info.coded_height as u64, limits)
}

/// Decodes the file's main picture; the container's own rotation is applied.
pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture, Failure> {
    check_size(bytes, limits)?;
    let image = heic_decoder::decode(bytes).map_err(|e| failure(&e))?;
    let rgb = image.to_rgb8().map_err(|e| failure(&e))?;
    let image = image::RgbImage::from_raw(rgb.width as u32, rgb.height as u32, rgb.data)
        .ok_or_else(|| Failure::Damaged("short data".to_owned()))?;
    Ok(Picture { image, missing: 0.0 })
}
