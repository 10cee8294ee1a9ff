use std::path::Path;
use std::sync::Arc;

use complet_model::{Message, Page};
use image::{RgbImage, imageops};

use crate::folder::read_file;
use crate::kind::{Kind, sniff};
use crate::pdf::{self, draw::draw};
use crate::picture;
use crate::problem;
use crate::raster::Rgb;
use crate::settings::Limits;
use crate::sheet::{self, Sheet};

/// Shows a page as its boxes mean it: the sheet cut out of a photo and straightened, and turned upright.
/// Boxes of `page` are fractions of what comes back.
///
/// A PDF page is drawn at `dpi` pixels per inch, less when its longer side would pass 6000 pixels. A
/// picture comes in its own pixels.
///
/// # Errors
/// Why the page cannot be shown.
pub fn render_page(path: &Path, page: &Page, dpi: f32, limits: &Limits) -> Result<Rgb, Message> {
    let picture = lying(path, page.number, dpi, limits)?;
    Ok(upright(straight(picture, page.sheet), page.turned))
}

/// A page as it lies in its file, with the rotation the file asks for.
pub(crate) fn lying(path: &Path, page: u32, dpi: f32, limits: &Limits) -> Result<Rgb, Message> {
    let bytes = read_file(path, limits)?;
    match sniff(&bytes) {
        Kind::Pdf => {
            let file = pdf::File::open(Arc::new(bytes)).map_err(problem::of_pdf)?;
            let page = file.page(page).ok_or_else(|| Message::new("page-not-there"))?;
            draw(page, dpi).ok_or_else(|| problem::damaged(Kind::Pdf, "the page has no size"))
        }
        Kind::Other(code) => Err(Message::new(code)),
        kind => picture::decode(kind, &bytes, page, limits)
            .map(|p| Rgb::of(p.image))
            .map_err(|failure| problem::of_picture(kind, failure)),
    }
}

/// The sheet that was found on a page cut out and straightened; the picture itself when there was none.
pub(crate) fn straight(picture: Rgb, sheet: Option<[(f32, f32); 4]>) -> Rgb {
    let Some(corners) = sheet else { return picture };
    let (width, height) = (picture.width as f32, picture.height as f32);
    let corners = corners.map(|(x, y)| (x * width, y * height));
    sheet::straighten(&picture, &Sheet::new(corners, 1.0, (width, height)))
}

/// The picture turned clockwise by `degrees`: 90, 180 or 270; anything else leaves it.
pub(crate) fn upright(picture: Rgb, degrees: u16) -> Rgb {
    let Rgb { width, height, pixels } = picture;
    // The size is that of the picture itself: the pixels always fit.
    let Some(image) = RgbImage::from_raw(width as u32, height as u32, pixels) else {
        return Rgb { width: 0, height: 0, pixels: Vec::new() };
    };
    Rgb::of(match degrees {
        90 => imageops::rotate90(&image),
        180 => imageops::rotate180(&image),
        270 => imageops::rotate270(&image),
        _ => image,
    })
}
