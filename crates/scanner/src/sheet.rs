//! The sheet of paper or the card on a photo.

use crate::raster::Rgb;

/// A sheet or card found on a picture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sheet {
    /// Its corners in pixels: upper left, upper right, lower right, lower left, as it lies.
    pub(crate) corners: [(f32, f32); 4],
    /// From 0 to 1.
    pub(crate) confidence: f32,
}

/// Finds the sheet or card that the picture was taken of; `None` when the picture shows nothing else, or
/// it is not sure.
pub(crate) fn find(_picture: &Rgb) -> Option<Sheet> {
    None
}

/// The sheet cut out and straightened.
pub(crate) fn straighten(picture: &Rgb, _sheet: &Sheet) -> Rgb {
    picture.clone()
}
