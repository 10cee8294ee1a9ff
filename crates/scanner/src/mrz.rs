//! Machine-readable zones of passports, visas and cards (ICAO 9303).

use crate::area::Area;
use crate::ocr::LineReader;
use crate::raster::Grey;

/// A zone on a picture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FoundZone {
    /// Its lines in pixels of the picture, the first first. On a picture that does not lie upright they
    /// are boxes around lines that run upwards, downwards or backwards.
    pub(crate) lines: Vec<Area>,
    /// Degrees to turn the picture clockwise so that the zone is upright: 0, 90, 180 or 270.
    pub(crate) turn: u16,
    /// What each reader made of it.
    pub(crate) readings: Vec<complet_model::ZoneReading>,
}

/// The recogniser of lines in OCR-B.
pub(crate) struct ZoneReader;

impl ZoneReader {
    pub(crate) fn new() -> Result<Self, String> {
        Ok(Self)
    }
}

/// Finds and reads the zones of a picture, which may lie any way up. `second` reads each line as well.
pub(crate) fn zones(
    _picture: &Grey,
    _reader: &mut ZoneReader,
    _second: Option<&mut dyn LineReader>,
) -> Vec<FoundZone> {
    Vec::new()
}
