use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

use crate::raster::Grey;

/// Pixels of the longer side beyond which no page is drawn.
const MAX_EDGE: f32 = 6000.0;

/// A page as it looks, three bytes a pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drawn {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) rgb: Vec<u8>,
}

/// Draws the upright page on white at `dpi` pixels per inch, or less where that would be too large.
pub(crate) fn draw<'a>(page: &'a Page<'a>, dpi: f32) -> Option<Drawn> {
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
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    );
    let rgb = pixmap.data().iter().flat_map(|p| [p.r, p.g, p.b]).collect();
    Some(Drawn { width: usize::from(pixmap.width()), height: usize::from(pixmap.height()), rgb })
}

impl Drawn {
    /// The same in grey.
    pub(crate) fn grey(&self) -> Grey {
        Grey { width: self.width, height: self.height, pixels: grey_of(&self.rgb) }
    }
}

/// Luma of pixels of three bytes.
pub(crate) fn grey_of(rgb: &[u8]) -> Vec<u8> {
    rgb.chunks_exact(3)
        .map(|p| match p {
            [r, g, b] => ((u32::from(*r) * 77 + u32::from(*g) * 150 + u32::from(*b) * 29) >> 8) as u8,
            _ => 255,
        })
        .collect()
}
