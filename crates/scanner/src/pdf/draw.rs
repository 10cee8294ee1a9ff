use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

use crate::pdf::annotations::shown;
use crate::raster::Rgb;

/// Pixels of the longer side beyond which no page is drawn.
const MAX_EDGE: f32 = 6000.0;

/// Draws the upright page on white at `dpi` pixels per inch, or less where that would be too large.
pub(crate) fn draw<'a>(page: &'a Page<'a>, dpi: f32) -> Option<Rgb> {
    let (width, height) = page.render_dimensions();
    let long = width.max(height);
    if !long.is_finite() || long <= 0.0 {
        return None;
    }
    let scale = (dpi / 72.0).min(MAX_EDGE / long);
    // hayro cuts to whole pixels and cannot draw an empty picture.
    let side = |points: f32| (points * scale).round().max(1.0);
    let settings = PixmapSettings {
        x_scale: (side(width) + 0.01) / width,
        y_scale: (side(height) + 0.01) / height,
        bg_color: WHITE,
    };
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings { render_content: shown(page), ..InterpreterSettings::default() },
        &RenderSettings::default(),
        &settings,
    );
    // The paper is opaque, so no pixel is premultiplied.
    let rgb = pixmap.data().iter().flat_map(|p| [p.r, p.g, p.b]).collect();
    Rgb::new(usize::from(pixmap.width()), usize::from(pixmap.height()), rgb)
}
