//! Small pictures of pages, for reports that show them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use complet_model::{Page, ScannedFile};
use image::{RgbImage, imageops};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::error::ScanError;
use crate::folder::read_file;
use crate::kind::{Kind, sniff};
use crate::pdf::{self, draw::draw};
use crate::picture;
use crate::raster::Rgb;
use crate::render::{straight, upright};
use crate::scan::{Scan, pool, run};
use crate::settings::{Limits, Settings};

/// Asks for a small picture of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreviewRequest {
    /// Index of the file in the scan.
    pub file: usize,
    /// Number of the page, from 1.
    pub page: u32,
    /// Pixels of the longer side; a picture that has less is not enlarged.
    pub long_edge: u32,
}

/// A small picture of a page as its boxes mean it: straightened and upright.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// The picture as a JPEG file.
    pub jpeg: Vec<u8>,
}

/// JPEG's quality: letters stay legible, and a page takes some ten kilobytes.
const QUALITY: u8 = 50;
/// Channels may differ by this much in a picture that is shown without colour.
const GREYISH: u8 = 10;

impl Scan {
    /// Draws pages of the files that were scanned. `files` are the scan's own, which the judge may have
    /// been given meanwhile. A page that cannot be shown is `None`.
    ///
    /// # Errors
    /// When no threads can be started.
    pub fn previews(
        &self,
        files: &[ScannedFile],
        wanted: &[PreviewRequest],
        settings: &Settings,
    ) -> Result<Vec<Option<Preview>>, ScanError> {
        let previews = run(&pool(settings)?, wanted.len(), |last: &mut Option<Opened>, i| {
            let request = wanted.get(i)?;
            let page = files.get(request.file)?.pages.iter().find(|p| p.number == request.page)?;
            let path = self.source(request.file)?;
            // As in the reader: the last line, for what the decoders overlook.
            catch_unwind(AssertUnwindSafe(|| preview(path, request, page, &settings.limits, last)))
                .ok()
                .flatten()
        });
        Ok(previews)
    }
}

/// The file that a thread drew a page of last.
struct Opened {
    file: usize,
    content: Content,
}

enum Content {
    Pdf(pdf::File),
    Picture(Kind, Vec<u8>),
}

fn preview(
    path: &Path,
    request: &PreviewRequest,
    page: &Page,
    limits: &Limits,
    last: &mut Option<Opened>,
) -> Option<Preview> {
    if last.as_ref().is_none_or(|opened| opened.file != request.file) {
        *last = None;
        *last = Some(Opened { file: request.file, content: open(path, limits)? });
    }
    let edge = request.long_edge.max(1);
    let picture = match &last.as_ref()?.content {
        Content::Pdf(file) => {
            let page = file.page(request.page)?;
            let (width, height) = page.render_dimensions();
            draw(page, edge as f32 * 72.0 / width.max(height))?
        }
        Content::Picture(kind, bytes) => {
            let image = picture::decode(*kind, bytes, request.page, limits).ok()?.image;
            // Straightening costs by the pixel, and the sheet is a part of the picture.
            let factor = if page.sheet.is_some() { 2 } else { 1 };
            Rgb::of(shrunk(image, edge.saturating_mul(factor)))
        }
    };
    let Rgb { width, height, pixels } = upright(straight(picture, page), page.turned);
    encode(&shrunk(RgbImage::from_raw(width as u32, height as u32, pixels)?, edge))
}

fn open(path: &Path, limits: &Limits) -> Option<Content> {
    let bytes = read_file(path, limits).ok()?;
    match sniff(&bytes) {
        Kind::Pdf => pdf::File::open(Arc::new(bytes)).ok().map(Content::Pdf),
        Kind::Other(_) => None,
        kind => Some(Content::Picture(kind, bytes)),
    }
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

fn encode(image: &RgbImage) -> Option<Preview> {
    let (width, height) = image.dimensions();
    let (columns, rows) = (u16::try_from(width).ok()?, u16::try_from(height).ok()?);
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    let is_grey =
        image.pixels().all(|p| p.0.iter().max().zip(p.0.iter().min()).is_some_and(|(a, b)| a - b <= GREYISH));
    let encoded = if is_grey {
        let grey: Vec<u8> = image.pixels().map(|p| p.0[1]).collect();
        encoder.encode(&grey, columns, rows, ColorType::Luma)
    } else {
        encoder.encode(image.as_raw(), columns, rows, ColorType::Rgb)
    };
    encoded.ok().map(|()| Preview { width, height, jpeg })
}
