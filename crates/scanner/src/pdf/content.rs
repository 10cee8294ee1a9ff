use std::collections::HashMap;

use hayro::hayro_interpret::font::{Glyph as PdfGlyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, TransformExt as _, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape as _};

use crate::area::Area;

/// Glyphs kept of one page: beyond this it is no page of text.
const MAX_GLYPHS: usize = 100_000;
/// Pictures and strokes kept of one page.
const MAX_SHAPES: usize = 4_000;

/// One glyph on the upright page, in points.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Glyph {
    /// What it stands for; `None` when the font does not tell.
    pub(crate) text: Option<BfString>,
    /// Where it starts on its baseline.
    pub(crate) start: Point,
    /// Where it ends on its baseline.
    pub(crate) end: Point,
    /// Height of the em square.
    pub(crate) size: f64,
    /// Box of its ink, or the usual one of a letter when that is unknown.
    pub(crate) area: Area,
    /// False for text that is there only to be searched.
    pub(crate) visible: bool,
    /// True when it leaves ink.
    pub(crate) inked: bool,
}

/// A picture placed on the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placed {
    /// Where, in points.
    pub(crate) area: Area,
    /// Its own resolution in pixels per inch, the higher of both axes.
    pub(crate) resolution: f32,
}

/// What is drawn on a page, in points of the upright page.
#[derive(Debug, Default)]
pub(crate) struct Content {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) pictures: Vec<Placed>,
    /// Boxes of curved strokes: handwriting drawn with a pen or a mouse.
    pub(crate) scribbles: Vec<Area>,
    /// Filled or stroked paths.
    pub(crate) paths: usize,
}

/// Runs the page's drawing instructions and keeps what they draw.
pub(crate) fn content<'a>(page: &'a Page<'a>) -> Content {
    let (width, height) = page.render_dimensions();
    let transform = page.initial_transform(true).to_kurbo();
    let cache = InterpreterCache::new();
    let frame = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let mut context = Context::new(transform, frame, &cache, page.xref(), InterpreterSettings::default());
    let mut collector = Collector {
        content: Content { width, height, ..Content::default() },
        ink: HashMap::new(),
        clips: vec![frame],
    };
    interpret_page(page, &mut context, &mut collector);
    collector.content
}

struct Collector {
    content: Content,
    /// Boxes of outlines by glyph, in glyph units; `None` for glyphs without ink.
    ink: HashMap<u128, Option<Rect>>,
    /// Boxes of the clips in force, the innermost last.
    clips: Vec<Rect>,
}

impl Collector {
    fn clip(&self) -> Rect {
        self.clips.last().copied().unwrap_or_default()
    }

    /// The part of a box that is not clipped away.
    fn seen(&self, rect: Rect) -> Option<Area> {
        let cut = rect.intersect(self.clip());
        (cut.width() > 0.0 || cut.height() > 0.0)
            .then(|| Area::new(cut.x0 as f32, cut.y0 as f32, cut.x1 as f32, cut.y1 as f32))
            .filter(|_| rect.overlaps(self.clip()) || rect.area() == 0.0)
    }
}

fn length(vector: Point) -> f64 {
    vector.to_vec2().hypot()
}

/// A vector after a transform: the place it is put at does not matter.
fn direction(transform: Affine, x: f64, y: f64) -> Point {
    (transform * Point::new(x, y) - transform * Point::ZERO).to_point()
}

impl<'a> Device<'a> for Collector {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.content.paths += 1;
        if !matches!(mode, DrawMode::Stroke(_)) || self.content.scribbles.len() >= MAX_SHAPES {
            return;
        }
        let (curves, lines) = path.elements().iter().fold((0, 0), |(c, l), element| match element {
            PathEl::CurveTo(..) | PathEl::QuadTo(..) => (c + 1, l),
            PathEl::LineTo(..) => (c, l + 1),
            _ => (c, l),
        });
        // A frame with rounded corners has four curves and four lines; a polyline of many short
        // pieces is how some programs draw what a mouse wrote.
        if curves > lines.max(1) || (curves == 0 && lines >= 12) {
            let bounds = props.transform.transform_rect_bbox(path.bounding_box());
            let scribble = self.seen(bounds);
            self.content.scribbles.extend(scribble);
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        let bounds = clip.path.bounding_box().intersect(self.clip());
        self.clips.push(bounds);
    }

    fn pop_clip(&mut self) {
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn pop_transparency_group(&mut self) {}

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        if self.content.pictures.len() >= MAX_SHAPES {
            return;
        }
        let (columns, rows) = (f64::from(image.width()), f64::from(image.height()));
        let bounds = props.transform.transform_rect_bbox(Rect::new(0.0, 0.0, columns, rows));
        let per_inch = |vector: Point| 72.0 / length(vector).max(1e-6);
        let resolution = per_inch(direction(props.transform, 1.0, 0.0)).max(per_inch(direction(
            props.transform,
            0.0,
            1.0,
        )));
        if let Some(area) = self.seen(bounds) {
            self.content.pictures.push(Placed { area, resolution: resolution as f32 });
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let visible = !matches!(mode, DrawMode::Invisible);
        // A substitute font is stretched glyph by glyph to the widths the PDF gives. These widths hold
        // already, so they must not be stretched again: only a stretch common to the run counts.
        let ratio = |t: Affine| length(direction(t, 1.0, 0.0)) / length(direction(t, 0.0, 1.0)).max(1e-9);
        let mut ratios = run.glyphs().iter().map(|g| ratio(g.transform()));
        let first = ratios.next().unwrap_or(1.0);
        let stretched = ratios.any(|r| (r - first).abs() > 1e-3);

        for glyph in run.glyphs() {
            if self.content.glyphs.len() >= MAX_GLYPHS {
                return;
            }
            let transform = props.transform * glyph.transform();
            let start = transform * Point::ZERO;
            let size = length(direction(transform, 0.0, 1000.0));
            if !start.is_finite() || !size.is_finite() || size < 0.1 {
                continue;
            }
            let (advance, ink) = match &**glyph {
                PdfGlyph::Outline(outline) => {
                    let ink = *self.ink.entry(outline.identifier().cache_key()).or_insert_with(|| {
                        let path = outline.outline();
                        path.segments().next().is_some().then(|| path.bounding_box())
                    });
                    (outline.advance_width(), ink)
                }
                PdfGlyph::Type3(glyph) => (glyph.advance_width(), Some(Rect::new(0.0, 0.0, 600.0, 700.0))),
            };
            let mut advance = f64::from(advance.unwrap_or(0.0));
            if advance <= 0.0 {
                advance = ink.map_or(0.0, |r| r.x1);
            }
            if stretched {
                advance /= ratio(glyph.transform()).max(1e-3);
            }
            let end = transform * Point::new(advance, 0.0);
            let usual = Rect::new(0.0, 0.0, advance.max(1.0), 700.0);
            let bounds = transform.transform_rect_bbox(ink.unwrap_or(usual));
            let Some(area) = self.seen(bounds) else { continue };
            self.content.glyphs.push(Glyph {
                text: glyph.as_unicode(),
                start,
                end,
                size,
                area,
                visible,
                inked: ink.is_some(),
            });
        }
    }
}
