//! What a person sees of the text a page draws. Text in the colour of its paper, or with something drawn
//! over it, is in the file but not on the page: it must not be read as if it were.

use hayro::hayro_interpret::hayro_cmap::BfString;

use crate::area::Area;
use crate::pdf::content::Glyph;
use crate::raster::Rgb;

/// Cells along the longer side of the canvas: 1.6 points each on A4.
const CELLS: f32 = 512.0;
/// The most by which a colour may differ from another, of 255 in its most different part, for a person
/// to see no difference.
const ALIKE: u8 = 31;
/// Part of a glyph's box left out on each side when the paper behind it is looked at.
const INSET: f32 = 0.2;
/// Glyphs looked at together when the drawn page decides.
const LONGEST_WORD: usize = 24;
/// Resolution at which the drawn page decides, in pixels per inch.
pub(crate) const SIGHT_DPI: f32 = 100.0;

/// A colour: red, green and blue.
pub(crate) type Colour = [u8; 3];

const PAPER: Colour = [255; 3];

/// How surely something painted hides what is under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cover {
    /// All of it, in one colour.
    Plain(Colour),
    /// All of it, in colours not known: a picture.
    Whole,
    /// Parts of it, or it shines through.
    Partly,
}

/// One place of the page.
#[derive(Debug, Clone, Copy)]
struct Cell {
    /// Its colour; `None` when only the drawn page can tell.
    colour: Option<Colour>,
    /// When it was last surely covered.
    covered: u32,
    /// When it was last covered in parts.
    touched: u32,
}

/// A coarse map of what is painted on a page, and when.
#[derive(Debug)]
pub(crate) struct Canvas {
    width: f32,
    height: f32,
    columns: usize,
    rows: usize,
    /// Empty until something is painted: most pages hold text alone.
    cells: Vec<Cell>,
    /// What was drawn so far.
    time: u32,
    /// Cells that may still be painted: a page can ask for more than anybody waits for.
    left: usize,
}

impl Canvas {
    /// A white page of this size in points.
    pub(crate) fn new(width: f32, height: f32) -> Self {
        let scale = CELLS / width.max(height).max(1.0);
        let side = |v: f32| ((v * scale).ceil().max(1.0) as usize).min(CELLS as usize);
        Self {
            width: width.max(1.0),
            height: height.max(1.0),
            columns: side(width),
            rows: side(height),
            cells: Vec::new(),
            time: 0,
            left: 50_000_000,
        }
    }

    /// The time of what is drawn next.
    pub(crate) fn tick(&mut self) -> u32 {
        self.time = self.time.saturating_add(1);
        self.time
    }

    fn column(&self, x: f32) -> f32 {
        x / self.width * self.columns as f32
    }

    fn row(&self, y: f32) -> f32 {
        y / self.height * self.rows as f32
    }

    /// Something painted over a box.
    pub(crate) fn paint(&mut self, area: Area, cover: Cover) {
        let time = self.tick();
        // A cell counts when its middle is inside.
        let edge = |v: f32, most: usize| (v - 0.5).ceil().clamp(0.0, most as f32) as usize;
        let (left, right) =
            (edge(self.column(area.left), self.columns), edge(self.column(area.right), self.columns));
        let (top, bottom) = (edge(self.row(area.top), self.rows), edge(self.row(area.bottom), self.rows));
        let wanted = right.saturating_sub(left) * bottom.saturating_sub(top);
        if wanted == 0 || wanted > self.left {
            return;
        }
        self.left -= wanted;
        if self.cells.is_empty() {
            let blank = Cell { colour: Some(PAPER), covered: 0, touched: 0 };
            self.cells = vec![blank; self.columns * self.rows];
        }
        for y in top..bottom {
            let row = y * self.columns;
            for cell in self.cells.get_mut(row + left..row + right).unwrap_or_default() {
                match cover {
                    Cover::Plain(colour) => {
                        *cell = Cell { colour: Some(colour), covered: time, touched: time }
                    }
                    Cover::Whole => *cell = Cell { colour: None, covered: time, touched: time },
                    Cover::Partly => (cell.colour, cell.touched) = (None, time),
                }
            }
        }
    }

    /// The cells under nine places inside a box.
    fn under(&self, area: Area) -> impl Iterator<Item = &Cell> {
        let share = |from: f32, to: f32, i: u8| {
            let at = INSET + (1.0 - 2.0 * INSET) * f32::from(i) / 2.0;
            from + (to - from) * at
        };
        (0..9u8).filter_map(move |i| {
            let x = self.column(share(area.left, area.right, i % 3)).max(0.0) as usize;
            let y = self.row(share(area.top, area.bottom, i / 3)).max(0.0) as usize;
            self.cells.get(y.min(self.rows - 1) * self.columns + x.min(self.columns - 1))
        })
    }

    /// Whether something of this colour shows on what is painted so far.
    pub(crate) fn shows(&self, area: Area, colour: Colour) -> Sight {
        if self.cells.is_empty() {
            return if alike(colour, PAPER) { Sight::Hidden } else { Sight::Seen };
        }
        let (mut plain, mut unknown) = (0, 0);
        for cell in self.under(area) {
            match cell.colour {
                Some(paper) => plain += usize::from(!alike(colour, paper)),
                None => unknown += 1,
            }
        }
        match (plain, unknown) {
            (0, 0) => Sight::Hidden,
            // A third of it on another colour is what a person reads.
            (3.., _) => Sight::Seen,
            _ => Sight::Unsure,
        }
    }

    /// Whether what was drawn at `time` still shows.
    pub(crate) fn remains(&self, area: Area, time: u32) -> Sight {
        let (mut all, mut covered, mut touched) = (0, 0, 0);
        for cell in self.under(area) {
            all += 1;
            covered += usize::from(cell.covered > time);
            touched += usize::from(cell.touched > time);
        }
        match () {
            () if all > 0 && covered * 10 >= all * 7 => Sight::Hidden,
            () if touched * 3 >= all && touched > 0 => Sight::Unsure,
            () => Sight::Seen,
        }
    }
}

/// Whether a person sees something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    Seen,
    Hidden,
    /// Only the drawn page can tell.
    Unsure,
}

/// True when a person sees no difference between two colours.
pub(crate) fn alike(a: Colour, b: Colour) -> bool {
    a.iter().zip(b).all(|(&a, b)| a.abs_diff(b) <= ALIKE)
}

/// Glyphs drawn one after the other as one word, by their indices.
fn groups(glyphs: &[Glyph]) -> Vec<std::ops::Range<usize>> {
    let mut out: Vec<std::ops::Range<usize>> = Vec::new();
    let mut last: Option<&Glyph> = None;
    for (i, glyph) in glyphs.iter().enumerate() {
        let follows = last.is_some_and(|l| {
            let em = l.size.min(glyph.size);
            l.visible == glyph.visible
                && l.unsure == glyph.unsure
                && l.colour == glyph.colour
                && l.end.distance(glyph.start) < em * 0.5
                && !is_blank(l)
        });
        match out.last_mut() {
            Some(group) if follows && group.len() < LONGEST_WORD => group.end = i + 1,
            _ => out.push(i..i + 1),
        }
        last = Some(glyph);
    }
    out
}

/// True for a space.
pub(crate) fn is_blank(glyph: &Glyph) -> bool {
    match &glyph.text {
        Some(BfString::Char(c)) => c.is_whitespace() || c.is_control(),
        Some(BfString::String(s)) => s.chars().all(|c| c.is_whitespace() || c.is_control()),
        None => !glyph.inked,
    }
}

/// Words of a font without outlines leave nothing on the page. A single sign that a substitute font lacks
/// stays.
pub(crate) fn hide_inkless(glyphs: &mut [Glyph]) {
    for group in groups(glyphs) {
        let Some(word) = glyphs.get_mut(group) else { continue };
        if word.iter().all(|g| !g.inked) && word.iter().any(|g| !is_blank(g)) {
            for glyph in word {
                glyph.visible = false;
            }
        }
    }
}

/// Decides about the glyphs that only the drawn page can tell of. `drawn` is the page at `scale` pixels
/// per point.
pub(crate) fn settle(glyphs: &mut [Glyph], drawn: &Rgb, scale: f32) {
    for group in groups(glyphs) {
        let Some(word) = glyphs.get_mut(group) else { continue };
        if !word.iter().any(|g| g.unsure && g.visible) {
            continue;
        }
        let colour = word.first().and_then(|g| g.colour);
        let inked = word.iter().filter(|g| g.inked).map(|g| g.area.scaled(scale, scale));
        let Some(area) = Area::around(inked) else { continue };
        if !shows(drawn, area, colour) {
            for glyph in word {
                glyph.visible = false;
            }
        }
    }
}

/// True when the box on the drawn page looks like text of this colour: some of it in the colour, but not
/// all of it.
fn shows(drawn: &Rgb, area: Area, colour: Option<Colour>) -> bool {
    let edge = |v: f32| v.max(0.0) as usize;
    let (left, right) = (edge(area.left.floor()), edge(area.right.ceil()).min(drawn.width));
    let (top, bottom) = (edge(area.top.floor()), edge(area.bottom.ceil()).min(drawn.height));
    let (mut all, mut same) = (0usize, 0usize);
    let (mut low, mut high) = (PAPER, [0u8; 3]);
    for y in top..bottom {
        let row = drawn.pixels.get((y * drawn.width + left) * 3..(y * drawn.width + right) * 3);
        for &pixel in row.unwrap_or_default().as_chunks::<3>().0 {
            all += 1;
            // Small letters are blurred: half of the way to their colour is enough.
            let near = |c: Colour| c.iter().zip(pixel).all(|(&c, p)| c.abs_diff(p) <= ALIKE * 3);
            same += usize::from(colour.is_none_or(near));
            for ((low, high), p) in low.iter_mut().zip(&mut high).zip(pixel) {
                (*low, *high) = ((*low).min(p), (*high).max(p));
            }
        }
    }
    let contrast = low.iter().zip(high).any(|(&l, h)| h.saturating_sub(l) > ALIKE);
    match colour {
        None => contrast,
        Some(_) => contrast && same * 50 >= all && same * 100 <= all * 66,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canvas_knows_what_lies_under_and_over() {
        let mut canvas = Canvas::new(600.0, 800.0);
        let word = Area::new(100.0, 100.0, 140.0, 108.0);
        assert_eq!(canvas.shows(word, [0; 3]), Sight::Seen);
        assert_eq!(canvas.shows(word, [250; 3]), Sight::Hidden);
        canvas.paint(Area::new(90.0, 90.0, 200.0, 120.0), Cover::Plain([0, 0, 120]));
        assert_eq!(canvas.shows(word, [255; 3]), Sight::Seen);
        assert_eq!(canvas.shows(word, [0, 0, 110]), Sight::Hidden);
        let time = canvas.tick();
        assert_eq!(canvas.remains(word, time), Sight::Seen);
        canvas.paint(Area::new(90.0, 90.0, 200.0, 104.0), Cover::Partly);
        assert_eq!(canvas.remains(word, time), Sight::Unsure);
        canvas.paint(Area::new(0.0, 0.0, 600.0, 800.0), Cover::Whole);
        assert_eq!(canvas.remains(word, time), Sight::Hidden);
        assert_eq!(canvas.shows(word, [0; 3]), Sight::Unsure);
    }

    #[test]
    fn a_box_of_one_colour_shows_nothing() {
        let (width, height) = (60usize, 20usize);
        let mut drawn = Rgb { width, height, pixels: vec![255; width * height * 3] };
        let area = Area::new(0.0, 0.0, 60.0, 20.0);
        assert!(!shows(&drawn, area, Some([255; 3])));
        // A tenth of the box in black: black text shows, white text would have to fill the rest.
        for pixel in drawn.pixels.as_chunks_mut::<3>().0.iter_mut().step_by(10) {
            *pixel = [0; 3];
        }
        assert!(shows(&drawn, area, Some([0; 3])));
        assert!(!shows(&drawn, area, Some([255; 3])));
        assert!(shows(&drawn, area, None));
    }
}
