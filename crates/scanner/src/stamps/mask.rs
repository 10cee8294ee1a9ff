//! The ink in which stamps are looked for, at about 100 pixels per inch of an A4 page.

use crate::area::Area;
use crate::marks;
use crate::ocr::binary::{Ink, components};
use crate::ocr::read::Reading;
use crate::raster::Rgb;

/// Longer side, in pixels, that masks have about: lines of a stamp are two or three pixels thick then.
const EDGE: f32 = 1170.0;

/// Ink of a page that may be a stamp's.
pub(super) struct Mask {
    /// Ink no sure word accounts for.
    pub(super) ink: Ink,
    /// The same without long level and upright lines.
    pub(super) curves: Ink,
    /// All ink, to see whether there is text in a stamp.
    pub(super) all: Ink,
    /// Pixels of the page for a pixel of the mask.
    step: f32,
    /// Where the page's corner lies on the mask, in pixels of the page.
    offset: (f32, f32),
    /// Size of the page in its pixels.
    page: (f32, f32),
    /// Holds ink in colour only.
    pub(super) coloured: bool,
}

impl Mask {
    /// A box in pixels of the mask as shares of the upright page, level or not as the mask is.
    pub(super) fn of_page(&self, area: Area) -> complet_model::BBox {
        area.scaled(self.step, self.step)
            .moved(-self.offset.0, -self.offset.1)
            .of_page(self.page.0, self.page.1)
    }

    /// How a place in pixels of the mask is found on an upright page of the given width: times the
    /// first, then moved by the second.
    pub(super) fn to_page(&self, width: f32) -> (f32, (f32, f32)) {
        let scale = width / self.page.0.max(1.0);
        (self.step * scale, (-self.offset.0 * scale, -self.offset.1 * scale))
    }

    /// The longer side in pixels.
    pub(super) fn long(&self) -> f32 {
        self.ink.long_edge() as f32
    }

    /// The ink of the page as it was read, whatever its colour.
    pub(super) fn dark(reading: &Reading) -> Option<Self> {
        let ink = reading.ink.as_ref()?;
        let mut step = 2.0;
        let mut all = marks::halved(ink);
        while all.long_edge() as f32 > EDGE * 1.6 {
            all = marks::halved(&all);
            step *= 2.0;
        }
        let words: Vec<Area> = reading
            .tokens()
            .filter(|t| t.confidence > 0.5)
            .map(|t| t.area.moved(reading.offset.0, reading.offset.1).scaled(1.0 / step, 1.0 / step))
            .collect();
        let ink = without_words(&all, &words);
        let curves = without_rules(&ink);
        let page = (reading.width, reading.height);
        Some(Self { ink, curves, all, step, offset: reading.offset, page, coloured: false })
    }

    /// The ink in the colours of stamp pads; `None` when there is hardly any.
    pub(super) fn coloured(picture: &Rgb, turned: u16) -> Option<Self> {
        let step = (picture.width.max(picture.height) as f32 / EDGE).round().max(1.0);
        let ink = coloured_ink(picture, step as usize).turned(turned);
        if ink.pixels.iter().filter(|&&p| p != 0).count() < 80 {
            return None;
        }
        let curves = without_rules(&ink);
        let (width, height) = (picture.width as f32, picture.height as f32);
        let page = if matches!(turned, 90 | 270) { (height, width) } else { (width, height) };
        let all = ink.clone();
        Some(Self { ink, curves, all, step, offset: (0.0, 0.0), page, coloured: true })
    }
}

/// Takes the letters of words out. Ink that reaches beyond a word, as the ring of a stamp over it does,
/// stays.
fn without_words(all: &Ink, words: &[Area]) -> Ink {
    let mut covered = Ink { width: all.width, height: all.height, pixels: vec![0; all.pixels.len()] };
    let edge = |v: f32| v.max(0.0) as usize;
    for word in words {
        let a = word.grown(1.0);
        covered.paint(edge(a.left), edge(a.top), edge(a.right.ceil()), edge(a.bottom.ceil()), 1);
    }
    let tallest = crate::layout::median(words.iter().map(|w| w.height())).unwrap_or(12.0) * 1.6;
    let mut ink = all.clone();
    for part in components(all).unwrap_or_default() {
        let (x, y) = part.area.middle();
        // Letters that touch each other make low components.
        let is_small = part.area.height() <= tallest;
        if is_small && covered.at(edge(x), edge(y)) == 1 {
            let a = part.area;
            ink.paint(edge(a.left), edge(a.top), edge(a.right), edge(a.bottom), 0);
        }
    }
    ink
}

fn without_rules(ink: &Ink) -> Ink {
    let mut ink = ink.clone();
    marks::erase_rules(&mut ink);
    let mut turned = ink.turned(90);
    marks::erase_rules(&mut turned);
    turned.turned(270)
}

/// Side of the squares in which the paper's colour is sampled, in pixels.
const TILE: usize = 48;

/// A pixel for each `step` x `step` of the picture: 1 where there is blue, violet, red or green ink.
fn coloured_ink(picture: &Rgb, step: usize) -> Ink {
    let Rgb { width, height, ref pixels } = *picture;
    let paper = Paper::of(picture);
    let columns = width.div_ceil(step);
    let mut found = Vec::with_capacity(columns * height.div_ceil(step));
    // A speck of noise is one pixel; at a step of one there is no second.
    let needed = if step > 1 { 2 } else { 1 };
    let mut counts = vec![0u8; columns];
    for (band, rows) in pixels.chunks((width * 3 * step).max(1)).enumerate() {
        counts.fill(0);
        for (row, line) in rows.chunks_exact((width * 3).max(1)).enumerate() {
            let gains = paper.gains(band * step + row);
            for (tile, span) in line.chunks(TILE * 3).enumerate() {
                let gain = gains.get(tile).copied().unwrap_or([256; 3]);
                for (x, pixel) in span.as_chunks::<3>().0.iter().enumerate() {
                    if is_coloured(*pixel, gain)
                        && let Some(count) = counts.get_mut((tile * TILE + x) / step)
                    {
                        *count = count.saturating_add(1);
                    }
                }
            }
        }
        found.extend(counts.iter().map(|&c| u8::from(c >= needed)));
    }
    Ink { width: columns, height: height.div_ceil(step), pixels: found }
}

fn is_coloured([r, g, b]: [u8; 3], gain: [u32; 3]) -> bool {
    // Most pixels are paper or print.
    let (low, high) = (r.min(g).min(b), r.max(g).max(b));
    if high - low < 14 {
        return false;
    }
    let [r, g, b] =
        [(r, gain[0]), (g, gain[1]), (b, gain[2])].map(|(v, f)| ((u32::from(v) * f) >> 8).min(255));
    let (low, high) = (r.min(g).min(b), r.max(g).max(b));
    let chroma = high - low;
    // Thin dark lines lose most of their colour in a JPEG; black ones gain less than this.
    if chroma < 32 || low > 205 || chroma * 100 < (255 - low) * 24 {
        return false;
    }
    // Orange, brown and yellow are logos, security print and coffee.
    !(r == high && g > b && (g - b) * 3 > chroma)
}

/// A picture of the coloured ink alone: print and pencil are white.
pub(super) fn without_print(picture: &Rgb) -> crate::raster::Grey {
    let paper = Paper::of(picture);
    let mut grey = picture.grey();
    let width = picture.width.max(1);
    for (y, (row, line)) in
        grey.pixels.chunks_mut(width).zip(picture.pixels.chunks_exact(width * 3)).enumerate()
    {
        let gains = paper.gains(y);
        for (x, (shade, &[r, g, b])) in row.iter_mut().zip(line.as_chunks::<3>().0).enumerate() {
            let gain = gains.get(x / TILE).copied().unwrap_or([256; 3]);
            let [r, g, b] = [(r, gain[0]), (g, gain[1]), (b, gain[2])].map(|(v, f)| (u32::from(v) * f) >> 8);
            let chroma = r.max(g).max(b) - r.min(g).min(b);
            *shade = (*shade).max(255 - (chroma * 5 / 2).min(255) as u8);
        }
    }
    grey
}

/// The colour of the paper from place to place: lamps and shadows tint it.
struct Paper {
    columns: usize,
    gains: Vec<[u32; 3]>,
}

impl Paper {
    fn of(picture: &Rgb) -> Self {
        let Rgb { width, height, ref pixels } = *picture;
        let (columns, rows) = (width.div_ceil(TILE), height.div_ceil(TILE));
        let mut samples: Vec<Vec<[u8; 3]>> = vec![Vec::with_capacity(64); columns * rows];
        for (y, line) in pixels.chunks_exact((width * 3).max(1)).enumerate().skip(2).step_by(6) {
            for (x, pixel) in line.as_chunks::<3>().0.iter().enumerate().skip(2).step_by(6) {
                if let Some(tile) = samples.get_mut(y / TILE * columns + x / TILE) {
                    tile.push(*pixel);
                }
            }
        }
        let sum = |[r, g, b]: [u8; 3]| u32::from(r) + u32::from(g) + u32::from(b);
        let gains = samples
            .into_iter()
            .map(|mut tile| {
                tile.sort_unstable_by_key(|p| sum(*p));
                // The brighter part of a tile is paper.
                let at = tile.len() * 7 / 10;
                let paper = tile.get(at).copied().unwrap_or([255; 3]);
                let brightest = paper.iter().copied().max().unwrap_or(255);
                // What is dark or strongly coloured is no paper.
                let darkest = paper.iter().copied().min().unwrap_or(255);
                if brightest < 90 || u32::from(darkest) * 3 < u32::from(brightest) * 2 {
                    let gain = 255 * 256 / u32::from(brightest.max(90));
                    return [gain; 3];
                }
                paper.map(|v| 255 * 256 / u32::from(v.max(1)))
            })
            .collect();
        Self { columns, gains }
    }

    fn gains(&self, y: usize) -> &[[u32; 3]] {
        let start = y / TILE * self.columns;
        self.gains.get(start..start + self.columns).unwrap_or_default()
    }
}
