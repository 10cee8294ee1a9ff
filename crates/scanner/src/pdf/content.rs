use std::collections::HashMap;

use hayro::hayro_interpret::font::{Glyph as PdfGlyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, Paint, RenderContent, SoftMask, TransformExt as _, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape as _};

use crate::area::Area;
use crate::pdf::annotations::shown;
use crate::pdf::draw::draw;
use crate::pdf::sight::{self, Canvas, Colour, Cover, SIGHT_DPI, Sight};

/// Opacity under which nobody sees anything.
const FAINT: f32 = 0.12;
/// Opacity from which nothing shines through.
const OPAQUE: f32 = 0.97;
/// Share of a glyph's box that must be left by clips for it to be read.
const CUT: f64 = 0.35;

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
    /// False for what nobody sees: text that is there only to be searched, in the colour of its paper, or
    /// under something else.
    pub(crate) visible: bool,
    /// True when only the drawn page tells whether it is seen.
    pub(crate) unsure: bool,
    /// Its colour, when it has one that is known.
    pub(crate) colour: Option<Colour>,
    /// When it was drawn.
    pub(crate) time: u32,
    /// True when an annotation or a form field shows it.
    pub(crate) annotation: bool,
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
    let mut collector = Collector {
        content: Content { width, height, ..Content::default() },
        ink: HashMap::new(),
        clips: vec![Clip { bounds: frame, exact: true }],
        groups: Vec::new(),
        canvas: Canvas::new(width, height),
        annotation: false,
    };
    let shown = shown(page);
    for (part, annotation) in [(RenderContent::PAGE, false), (RenderContent::ANNOTATIONS, true)] {
        let settings = InterpreterSettings { render_content: shown & part, ..InterpreterSettings::default() };
        let mut context = Context::new(transform, frame, &cache, page.xref(), settings);
        collector.annotation = annotation;
        interpret_page(page, &mut context, &mut collector);
    }
    let Collector { mut content, canvas, .. } = collector;
    for glyph in content.glyphs.iter_mut().filter(|g| g.visible) {
        match canvas.remains(glyph.area, glyph.time) {
            Sight::Hidden => glyph.visible = false,
            Sight::Unsure => glyph.unsure = true,
            Sight::Seen => {}
        }
    }
    sight::hide_inkless(&mut content.glyphs);
    if content.glyphs.iter().any(|g| g.visible && g.unsure && g.inked)
        && let Some(drawn) = draw(page, SIGHT_DPI)
    {
        sight::settle(&mut content.glyphs, &drawn, drawn.width as f32 / width);
    }
    content
}

/// A clip in force.
#[derive(Debug, Clone, Copy)]
struct Clip {
    /// Its box, cut by those around it.
    bounds: Rect,
    /// False when something inside the box is clipped away, too.
    exact: bool,
}

/// A group drawn as one.
#[derive(Debug, Clone, Copy)]
struct Group {
    opacity: f32,
    /// True when it is simply put on top: no mask, no blending.
    plain: bool,
}

struct Collector {
    content: Content,
    /// Boxes of outlines by glyph, in glyph units; `None` for glyphs without ink.
    ink: HashMap<u128, Option<Rect>>,
    /// The clips in force, the innermost last.
    clips: Vec<Clip>,
    /// The groups in force, the innermost last.
    groups: Vec<Group>,
    /// What lies where.
    canvas: Canvas,
    /// True while annotations are drawn.
    annotation: bool,
}

impl Collector {
    fn clip(&self) -> Rect {
        self.clips.last().map(|c| c.bounds).unwrap_or_default()
    }

    fn push(&mut self, bounds: Rect, exact: bool) {
        let exact = exact && self.clips.last().is_none_or(|c| c.exact);
        self.clips.push(Clip { bounds: bounds.intersect(self.clip()), exact });
    }

    /// The part of a box that is not clipped away.
    fn seen(&self, rect: Rect) -> Option<Area> {
        let cut = rect.intersect(self.clip());
        (cut.width() > 0.0 || cut.height() > 0.0)
            .then(|| Area::new(cut.x0 as f32, cut.y0 as f32, cut.x1 as f32, cut.y1 as f32))
            .filter(|_| rect.overlaps(self.clip()) || rect.area() == 0.0)
    }

    /// Opacity of what is drawn now, and whether it is simply put on top.
    fn around(&self) -> Group {
        self.groups.iter().fold(Group { opacity: 1.0, plain: true }, |all, group| Group {
            opacity: all.opacity * group.opacity,
            plain: all.plain && group.plain,
        })
    }

    /// Notes that a box was painted over. `colour` is known when all of it has one.
    fn cover(&mut self, bounds: Rect, whole: bool, colour: Option<Colour>, opacity: f32, plain: bool) {
        let Group { opacity: outer, plain: simple } = self.around();
        let opacity = opacity * outer;
        if opacity < FAINT {
            return;
        }
        let exact = self.clips.last().is_some_and(|c| c.exact);
        let cover = match colour {
            _ if !(whole && exact && plain && simple && opacity >= OPAQUE) => Cover::Partly,
            Some(colour) => Cover::Plain(colour),
            None => Cover::Whole,
        };
        if let Some(area) = self.seen(bounds) {
            self.canvas.paint(area, cover);
        }
    }

    fn fill(&mut self, bounds: Rect, whole: bool, props: &DrawProps<'_>) {
        let (colour, opacity) = match colour(&props.paint) {
            Some((colour, opacity)) => (Some(colour), opacity),
            None => (None, 1.0),
        };
        // A pattern may be full of holes.
        let whole = whole && colour.is_some();
        self.cover(bounds, whole, colour, opacity, is_plain(props));
    }
}

/// The colour of a paint, and its opacity from 0 to 1.
fn colour(paint: &Paint<'_>) -> Option<(Colour, f32)> {
    match paint {
        Paint::Color(colour) => {
            let [r, g, b, a] = colour.to_rgba().to_rgba8();
            Some(([r, g, b], f32::from(a) / 255.0))
        }
        Paint::Pattern(_) => None,
    }
}

fn is_plain(props: &DrawProps<'_>) -> bool {
    props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal
}

/// True when a transform leaves upright rectangles upright.
fn is_upright(transform: Affine) -> bool {
    let [a, b, c, d, ..] = transform.as_coeffs();
    let most = a.abs().max(b.abs()).max(c.abs()).max(d.abs()) * 1e-3;
    (b.abs() <= most && c.abs() <= most) || (a.abs() <= most && d.abs() <= most)
}

fn length(vector: Point) -> f64 {
    vector.to_vec2().hypot()
}

/// A vector after a transform: the place it is put at does not matter.
fn direction(transform: Affine, x: f64, y: f64) -> Point {
    (transform * Point::new(x, y) - transform * Point::ZERO).to_point()
}

impl<'a> Device<'a> for Collector {
    fn draw_rect(&mut self, rect: &Rect, props: DrawProps<'a>, mode: &DrawMode) {
        self.content.paths += 1;
        if matches!(mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..)) {
            let bounds = props.transform.transform_rect_bbox(*rect);
            self.fill(bounds, is_upright(props.transform), &props);
        }
    }

    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.content.paths += 1;
        if matches!(mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..)) {
            let bounds = props.transform.transform_rect_bbox(path.bounding_box());
            self.fill(bounds, false, &props);
        }
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
        self.push(clip.path.bounding_box(), false);
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.push(*rect, true);
    }

    fn pop_clip(&mut self) {
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend: BlendMode) {
        self.groups.push(Group { opacity, plain: mask.is_none() && blend == BlendMode::Normal });
    }

    fn pop_transparency_group(&mut self) {
        self.groups.pop();
    }

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
        let whole = match &image {
            Image::Raster(raster) => {
                let dictionary = raster.stream().dict();
                !dictionary.contains_key("SMask") && !dictionary.contains_key("Mask")
            }
            Image::Stencil(_) => false,
        };
        let plain = props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal;
        self.cover(bounds, whole && is_upright(props.transform), None, 1.0, plain);
        if self.around().opacity < FAINT {
            return;
        }
        if let Some(area) = self.seen(bounds) {
            self.content.pictures.push(Placed { area, resolution: resolution as f32 });
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let around = self.around();
        let paint = colour(&props.paint);
        let opacity = paint.map_or(1.0, |(_, opacity)| opacity) * around.opacity;
        let visible = !matches!(mode, DrawMode::Invisible) && opacity >= FAINT;
        let exact = self.clips.last().is_some_and(|c| c.exact);
        // Faint text, or text drawn through a mask, may show or not.
        let doubtful = !(exact && around.plain && is_plain(&props) && opacity > 0.5 && paint.is_some());
        let time = self.canvas.tick();
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
            let left = bounds.intersect(self.clip());
            let cut = ink.is_some() && left.area() < bounds.area() * CUT;
            // The drawing of a Type 3 glyph has colours of its own, or nothing in it.
            let own = matches!(&**glyph, PdfGlyph::Type3(_));
            let colour = paint.map(|(colour, _)| colour).filter(|_| !own);
            let sight = match colour {
                Some(colour) if visible && ink.is_some() => self.canvas.shows(area, colour),
                _ if own => Sight::Unsure,
                _ => Sight::Seen,
            };
            self.content.glyphs.push(Glyph {
                text: glyph.as_unicode(),
                start,
                end,
                size,
                area,
                visible: visible && !cut && sight != Sight::Hidden,
                unsure: doubtful || sight == Sight::Unsure,
                colour: colour.filter(|_| !doubtful || opacity > 0.5),
                time,
                annotation: self.annotation,
                inked: ink.is_some(),
            });
        }
    }
}
