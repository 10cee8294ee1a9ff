use std::path::Path;
use std::sync::Arc;

use complet_model::Message;

use crate::folder::read_file;
use crate::kind::{Kind, sniff};
use crate::pdf::{self, draw::draw};
use crate::picture;
use crate::problem;
use crate::raster::Rgb;
use crate::settings::Limits;

/// Shows a page as it lies in its file, with the rotation the file asks for: turn it clockwise by
/// [`complet_model::Page::turned`] to have it as it was read.
///
/// A PDF page is drawn at `dpi` pixels per inch, less when its longer side would pass 6000 pixels. A
/// picture comes in its own pixels.
///
/// # Errors
/// Why the page cannot be shown.
pub fn render_page(path: &Path, page: u32, dpi: f32, limits: &Limits) -> Result<Rgb, Message> {
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
