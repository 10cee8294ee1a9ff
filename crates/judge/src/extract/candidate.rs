//! Where a value may stand: after, beside or under a label, in a pattern, or anywhere.

use std::ops::Range;

use complet_model::{BBox, MarkKind, Word, fold, runs_right_to_left};
use complet_rules::{DocType, Find, Kind, Side, TableFind};

use super::label_words::is_of_label_words;
use super::labels_of;
use crate::layout::{PageText, Segment};
use crate::phrase::Phrases;

/// A value below its label stands within this many line heights of it.
const BELOW: f32 = 3.2;
/// Lines of one block follow each other within this many line heights.
const NEXT_LINE: f32 = 2.2;
/// A label of several words that is at least so long is one wherever it stands: others are words of
/// running text as well.
const LONG_LABEL: usize = 9;

/// Boxes of a row that may hold one value together: an IBAN has 27 characters.
const BOXES: usize = 30;

/// A place where a value may stand: one or several runs of the page's text, in order.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) parts: Vec<Range<usize>>,
    /// The parts are those of one name.
    pub(crate) is_one_name: bool,
}

impl Candidate {
    fn of(range: Range<usize>) -> Self {
        Self::of_parts(std::iter::once(range).collect())
    }

    fn of_parts(parts: Vec<Range<usize>>) -> Self {
        Self { parts, is_one_name: false }
    }

    /// Its text, the parts joined by a space.
    pub(crate) fn text(&self, page: &PageText) -> String {
        self.parts.iter().map(|p| page.slice(p)).collect::<Vec<_>>().join(" ")
    }
}

/// The labels of a document type: what they say is no value.
pub(crate) struct Labels {
    folded: Vec<String>,
    phrases: Phrases,
}

impl Labels {
    pub(crate) fn new(doc_type: &DocType) -> Self {
        let folded = labels_of(doc_type);
        Self { phrases: Phrases::new(folded.clone()), folded }
    }

    /// True when a text is a label, which forms number, and nothing else.
    pub(crate) fn is_label(&self, text: &str) -> bool {
        let bare = text.trim_start_matches(|c: char| !c.is_alphabetic());
        let bare = bare.trim_end_matches(|c: char| !c.is_alphanumeric());
        text.trim_end().ends_with(':') || self.folded.iter().any(|l| l == bare) || is_of_label_words(bare)
    }

    /// Where the labels of the type stand on a page.
    pub(crate) fn on(&self, text: &PageText) -> LabelsOnPage {
        let places = find_labels(text, &self.phrases);
        let under_values = self.are_under_values(text, &places);
        LabelsOnPage { places, under_values }
    }

    /// True for a form that prints what was written over lines, and under them in small print what it is: labels that
    /// are a cell of their own, beside none but other labels, stand much nearer to the cell above, which is none, than
    /// to that below.
    fn are_under_values(&self, text: &PageText, places: &[Range<usize>]) -> bool {
        /// How much nearer.
        const NEARER: f32 = 0.75;
        /// So many of them, and so many times more than stand over what they name.
        const MANY: usize = 4;
        let cells = places.iter().filter_map(|place| text.segment_at(place.start));
        let is_label = |cell: &Segment| self.is_label(text.slice(&cell.text));
        let in_row = |cell: &Segment| {
            text.segments.iter().filter(|s| s.bbox.row_overlap(cell.bbox) > 0.5).all(&is_label)
        };
        let alone = cells.filter(|cell| !text.slice(&cell.text).trim_end().ends_with(':') && in_row(cell));
        let (mut under, mut over) = (0, 0);
        for cell in alone {
            let aligned = text.segments.iter().filter(|s| is_aligned(s.bbox, cell.bbox));
            let (mut above, mut below) = ((f32::MAX, true), f32::MAX);
            for other in aligned {
                if other.bbox.bottom < cell.bbox.middle() {
                    let gap = (cell.bbox.top - other.bbox.bottom).max(0.0);
                    above = if gap < above.0 { (gap, is_label(other)) } else { above };
                } else if other.bbox.top > cell.bbox.middle() {
                    below = below.min((other.bbox.top - cell.bbox.bottom).max(0.0));
                }
            }
            under += usize::from(above.0 < NEARER * below && !above.1);
            over += usize::from(below < NEARER * above.0);
        }
        under >= MANY && under >= MANY * over
    }
}

/// The labels of a document type on a page.
#[derive(Debug, Default)]
pub(crate) struct LabelsOnPage {
    /// Where they stand.
    places: Vec<Range<usize>>,
    /// They stand under what they name.
    under_values: bool,
}

/// The places where `find` says that values may stand: for each label or match the alternatives of one
/// value, the likeliest first. `on_page` are all labels of the type on the page.
pub(crate) fn candidates(
    text: &PageText,
    find: &Find,
    kind: Kind,
    labels: &Labels,
    on_page: &LabelsOnPage,
) -> Vec<Vec<Candidate>> {
    if let Some(regex) = find.pattern.as_ref().and_then(|p| p.regex()) {
        return regex
            .captures_iter(&text.flow)
            .flat_map(|c| {
                let second = c.name("w").map(|m| m.range());
                let first = c.name("v").or_else(|| c.get(0)).map(|m| m.range());
                [first, second]
            })
            .flatten()
            .map(|range| vec![Candidate::of(range)])
            .collect();
    }
    if find.anywhere {
        return vec![vec![Candidate::of(0..text.flow.len())]];
    }
    if let Some(table) = &find.table {
        return in_table(text, table, labels).into_iter().map(|name| vec![name]).collect();
    }
    if find.label.is_empty() {
        return Vec::new();
    }
    let places = label_places(text, &find.label);
    // A label inside a longer one (`nom` in `nom et prénoms`) is not that label.
    let inside_longer = |place: &Range<usize>| {
        on_page.places.iter().any(|p| p.start <= place.start && place.end <= p.end && p.len() > place.len())
    };
    // In the order in which the labels are given: the most telling first.
    places
        .iter()
        .filter(|place| stands_as_label(text, place) && !inside_longer(place))
        .map(|place| beside_label(text, place, find, kind, labels, on_page))
        .collect()
}

/// The places of labels on a page, those of the first label first. A label stands in one cell: words of two cells that
/// happen to follow each other are none.
fn find_labels(text: &PageText, labels: &Phrases) -> Vec<Range<usize>> {
    let in_one_cell =
        |place: &Range<usize>| text.segment_at(place.start).is_some_and(|s| place.end <= s.text.end);
    labels.find(&text.flow, text.is_ocr()).into_iter().flatten().filter(in_one_cell).collect()
}

/// The same of labels as they are printed.
fn label_places(text: &PageText, labels: &[String]) -> Vec<Range<usize>> {
    find_labels(text, &Phrases::new(labels.iter().map(|l| fold(l)).collect()))
}

/// True when a phrase stands where labels stand: at the beginning of its cell, or followed by a colon,
/// or, when it is long enough to be no chance, anywhere.
fn stands_as_label(text: &PageText, place: &Range<usize>) -> bool {
    let Some(segment) = text.segment_at(place.start) else { return false };
    if place.len() >= LONG_LABEL && text.slice(place).contains(' ') {
        return true;
    }
    let before = text.slice(&(segment.text.start..place.start));
    // A form in two languages has the label in both: `Nazwisko / Nom`.
    let begins = before.chars().filter(|c| c.is_alphabetic()).count() <= 2
        || before.trim_end().ends_with('/')
        || is_of_label_words(before.trim_start_matches(|c: char| !c.is_alphabetic()));
    let rest = after_note(text, place.end..segment.text.end);
    begins || text.slice(&rest).trim_start().starts_with(':')
}

fn beside_label(
    text: &PageText,
    label: &Range<usize>,
    find: &Find,
    kind: Kind,
    labels: &Labels,
    on_page: &LabelsOnPage,
) -> Vec<Candidate> {
    let Some(segment) = text.segment_at(label.start) else { return Vec::new() };
    let lines = usize::from(find.lines.unwrap_or(1)).max(1);
    let block = |cell: &Segment| {
        let mut parts = vec![trimmed(text, cell.text.clone())];
        parts.extend(block_below(text, cell, lines - 1));
        Candidate::of_parts(parts)
    };
    let is_label = |cell: &&Segment| labels.is_label(text.slice(&cell.text));
    // A text without a form of its own takes the nearest cell that is no label; numbers and days may
    // stand further right, in a table.
    let reach = if has_form(kind) { 6 } else { 1 };
    let right = |cell: &Segment| -> Vec<Candidate> {
        let mut cells: Vec<Candidate> =
            right_of(text, cell).filter(|c| !is_label(c)).take(reach).map(block).collect();
        if cells.is_empty() {
            cells.extend(raised(text, cell, &is_label).map(block));
        }
        // Forms have a cell for each digit: what no cell holds alone, the row may hold together.
        if has_form(kind) {
            let row = right_of(text, cell).take(BOXES).map(|c| c.text.clone()).collect();
            cells.push(Candidate::of_parts(row));
        }
        cells
    };
    let mut out = Vec::new();
    let rest = trimmed(text, after_note(text, label.end..segment.text.end));
    let label_box = text.bbox(label).unwrap_or(segment.bbox);
    let is_under = on_page.under_values && rest.is_empty() && find.side != Side::Right;
    if find.side == Side::Above || is_under {
        let parts = block_above(text, label_box, lines);
        return if parts.is_empty() { out } else { vec![Candidate::of_parts(parts)] };
    }
    if find.side != Side::Below {
        if !rest.is_empty() {
            let mut parts = vec![rest.clone()];
            parts.extend(block_below(text, segment, lines - 1));
            out.push(Candidate::of_parts(parts));
        }
        out.extend(right(segment));
    }
    if find.side != Side::Right {
        for below in below(text, label_box).into_iter().take(2) {
            if is_label(&below) {
                // A heading over a row of label and value.
                out.extend(right(below));
            } else {
                out.push(block(below));
            }
        }
    }
    out
}

/// The names of a table, each in its column under its head, the parts from the top. A column whose cells are not each in
/// the row of its label has none.
fn in_table(text: &PageText, table: &TableFind, labels: &Labels) -> Vec<Candidate> {
    /// How far a head, or the label of a row, is from being level with what belongs to it, and how far under the heads
    /// the names end, in heights of common letters.
    const LEVEL: f32 = 2.0;
    const DEPTH: f32 = 14.0;
    let unit = text.median_height;
    let boxes = |labels: &Vec<String>| places_of(text, labels);
    let is_level = |a: &BBox, b: &BBox| (a.middle() - b.middle()).abs() < LEVEL * unit;
    let center = |b: &BBox| f32::midpoint(b.left, b.right);
    let Some((first, others)) = table.heads.split_first() else { return Vec::new() };
    let others: Vec<Vec<BBox>> = others.iter().map(boxes).collect();
    let heads = boxes(first).into_iter().find_map(|first| {
        let mut heads = vec![first];
        for places in &others {
            let last = *heads.last()?;
            let right = places.iter().filter(|p| is_level(p, &first) && p.left > last.right);
            heads.push(*right.min_by(|a, b| a.left.total_cmp(&b.left))?);
        }
        Some(heads)
    });
    let Some([one, two]) = heads.as_ref().and_then(|heads| heads.first_chunk()) else { return Vec::new() };
    let half = (center(two) - center(one)) / 2.0;
    let rows: Vec<Vec<BBox>> = table.rows.iter().map(boxes).collect();
    let name_under = |head: &BBox| {
        let column = center(head) - half..center(head) + half;
        let under = text.segments.iter().filter(|s| {
            column.contains(&s.bbox.left)
                && s.bbox.middle() > head.bottom
                && s.bbox.top < head.bottom + DEPTH * unit
                && !labels.is_label(text.slice(&s.text))
        });
        let mut cells: Vec<&Segment> = under.collect();
        cells.sort_by(|a, b| a.bbox.top.total_cmp(&b.bbox.top));
        cells.truncate(rows.len());
        let is_labelled = |(cell, labels): (&&Segment, &Vec<BBox>)| {
            labels.iter().any(|label| label.right < column.start && is_level(label, &cell.bbox))
        };
        let is_whole = cells.len() == rows.len() && cells.iter().zip(&rows).all(is_labelled);
        is_whole.then(|| Candidate {
            parts: cells.iter().map(|cell| trimmed(text, cell.text.clone())).collect(),
            is_one_name: true,
        })
    };
    heads.iter().flatten().filter_map(name_under).collect()
}

/// What follows a note in brackets that explains the label: `Prénom(s) (dans l'ordre de l'état civil) : Rui`.
fn after_note(text: &PageText, rest: Range<usize>) -> Range<usize> {
    let slice = text.slice(&rest);
    let note = slice.trim_start().strip_prefix('(').and_then(|note| note.split_once(')'));
    note.map_or(rest.clone(), |(_, after)| rest.end - after.len()..rest.end)
}

/// True for values that can be told from other text by their form.
fn has_form(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Text | Kind::Person | Kind::Persons | Kind::Organisation | Kind::Address | Kind::Flag
    )
}

/// Leaves out the punctuation between a label and its value.
fn trimmed(text: &PageText, range: Range<usize>) -> Range<usize> {
    let slice = text.slice(&range);
    let is_filler = |c: char| {
        c.is_whitespace()
            || matches!(c, ':' | '.' | '-' | '_' | '=' | '|' | ')' | '/' | '*' | ';' | ',' | '>')
    };
    let start = range.start + (slice.len() - slice.trim_start_matches(is_filler).len());
    let end = range.start
        + slice.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '_' | '|' | ';')).len();
    start..end.max(start)
}

/// The cells right of a cell in the same row, the nearest first; left of one whose text runs from the right.
fn right_of<'t>(text: &'t PageText, cell: &Segment) -> impl Iterator<Item = &'t Segment> {
    let bbox = cell.bbox;
    let leftwards = runs_right_to_left(text.slice(&cell.text));
    let gap = |s: &Segment| if leftwards { bbox.left - s.bbox.right } else { s.bbox.left - bbox.right };
    let mut cells: Vec<&Segment> =
        text.segments.iter().filter(|s| gap(s) >= -0.002 && s.bbox.row_overlap(bbox) > 0.5).collect();
    cells.sort_by(|a, b| gap(a).total_cmp(&gap(b)));
    cells.into_iter()
}

/// The cell beside a label that stands a little higher: what is written on a dotted line stands above it, its label
/// on it. None that another label stands level with.
fn raised<'t>(
    text: &'t PageText,
    label: &Segment,
    is_label: &dyn Fn(&&Segment) -> bool,
) -> Option<&'t Segment> {
    /// Widest gap to it, in heights of the label.
    const GAP: f32 = 6.0;
    let bbox = label.bbox;
    let is_beside = |s: &&Segment| {
        let gap = s.bbox.left - bbox.right;
        (-0.002..GAP * bbox.height()).contains(&gap)
            && (0.2..=0.5).contains(&s.bbox.row_overlap(bbox))
            && s.bbox.middle() < bbox.middle()
    };
    let has_its_own = |s: &&Segment| {
        text.segments.iter().any(|other| {
            is_label(&other) && other.bbox.right <= s.bbox.left && other.bbox.row_overlap(s.bbox) > 0.5
        })
    };
    let beside = text.segments.iter().filter(|s| is_beside(s) && !is_label(s) && !has_its_own(s));
    beside.min_by(|a, b| a.bbox.left.total_cmp(&b.bbox.left))
}

/// True for cells of one column.
fn is_aligned(a: BBox, b: BBox) -> bool {
    a.column_overlap(b) > 0.3 || (a.left - b.left).abs() < 0.02
}

/// The cells under a box, the nearest first.
fn below<'t>(text: &'t PageText, bbox: BBox) -> Vec<&'t Segment> {
    let reach = BELOW * bbox.height().max(text.median_height);
    let mut cells: Vec<&Segment> = text
        .segments
        .iter()
        .filter(|s| s.bbox.top > bbox.middle() && s.bbox.top - bbox.bottom < reach)
        .filter(|s| is_aligned(s.bbox, bbox))
        .collect();
    cells.sort_by(|a, b| a.bbox.top.total_cmp(&b.bbox.top).then(a.bbox.left.total_cmp(&b.bbox.left)));
    cells
}

/// The next lines of the block that a cell begins.
fn block_below(text: &PageText, cell: &Segment, lines: usize) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut at = cell.bbox;
    for _ in 0..lines {
        let reach = NEXT_LINE * at.height().max(text.median_height);
        let next = below(text, at).into_iter().find(|s| s.bbox.top - at.bottom < reach);
        let Some(next) = next else { break };
        out.push(next.text.clone());
        at = next.bbox;
    }
    out
}

/// The lines that end over a box, from the top; the first that is too far from the next ends the block.
fn block_above(text: &PageText, bbox: BBox, lines: usize) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut at = bbox;
    for _ in 0..lines {
        let reach = NEXT_LINE * at.height().max(text.median_height);
        let above = text.segments.iter().filter(|s| {
            s.bbox.bottom < at.middle() && at.top - s.bbox.bottom < reach && is_aligned(s.bbox, at)
        });
        let Some(next) = above.max_by(|a, b| a.bbox.bottom.total_cmp(&b.bbox.bottom)) else { break };
        out.insert(0, trimmed(text, next.text.clone()));
        at = next.bbox;
    }
    out
}

/// Where labels stand.
pub(crate) fn places_of(text: &PageText, labels: &[String]) -> Vec<BBox> {
    label_places(text, labels).iter().filter_map(|place| text.bbox(place)).collect()
}

/// Ink that may be a signature, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SeenInk {
    pub(crate) bbox: BBox,
    pub(crate) confidence: f32,
}

impl SeenInk {
    /// The first of the surest.
    pub(crate) fn surer(self, other: Self) -> Self {
        if other.confidence > self.confidence { other } else { self }
    }
}

/// What looks like handwriting, a stamp or a picture of one.
const WRITTEN: f32 = 0.8;
/// A taller word that is read with less may be a signature.
const SCRIBBLE: f32 = 0.8;
/// Tall ink where a signature is expected, of which nothing is known but that no word accounts for: too
/// little to decide, since print that was not read looks the same.
const UNKNOWN: f32 = 0.55;

/// Ink, a stamp or a signature in the area that belongs to one of the labels: beside it or under it. The
/// likeliest one.
pub(crate) fn ink_near(text: &PageText, near: &[String]) -> Option<SeenInk> {
    if near.is_empty() {
        return None;
    }
    let areas = places_of(text, near).into_iter().map(|label| reach_of(label, &[]));
    written_in(text, &areas.collect::<Vec<_>>())
}

/// What a label of each group has beside it or under it: `None` when the labels do not all stand together with little
/// under them, as those of the parties do at the end of a contract.
pub(crate) fn ink_of_each(text: &PageText, groups: &[Vec<String>]) -> Option<Vec<Option<SeenInk>>> {
    /// How far apart the labels of one block stand at most, as a part of the page's height.
    const BLOCK: f32 = 0.12;
    /// Most cells of text further down than what is written under the labels.
    const LITTLE: usize = 6;
    if groups.len() < 2 {
        return None;
    }
    let last = |labels: &Vec<String>| {
        let places = label_places(text, labels).into_iter().filter(|place| stands_as_label(text, place));
        places.filter_map(|place| text.bbox(&place)).max_by(|a, b| a.top.total_cmp(&b.top))
    };
    let labels: Vec<BBox> = groups.iter().map(last).collect::<Option<_>>()?;
    let is_near =
        |a: &BBox| labels.iter().all(|b| (a.top - b.top).abs() <= BLOCK && (a == b || !overlap(*a, *b)));
    let reaches: Vec<BBox> = labels.iter().map(|&label| reach_of(label, &labels)).collect();
    let end = reaches.iter().map(|reach| reach.bottom).fold(0.0, f32::max);
    let below = text.segments.iter().filter(|s| s.bbox.top > end).count();
    if !labels.iter().all(is_near) || below > LITTLE {
        return None;
    }
    Some(reaches.iter().map(|&reach| written_in(text, &[reach])).collect())
}

fn overlap(a: BBox, b: BBox) -> bool {
    a.row_overlap(b) > 0.0 && a.column_overlap(b) > 0.0
}

/// Where what belongs to a label may be written: beside it and under it, up to the other labels.
fn reach_of(label: BBox, others: &[BBox]) -> BBox {
    let mut reach = BBox::new(label.left - 0.15, label.top - 0.03, label.right + 0.35, label.bottom + 0.16);
    for other in others.iter().filter(|other| **other != label) {
        if other.row_overlap(label) > 0.3 {
            // Each has its column.
            if other.left > label.left {
                reach.right = reach.right.min(other.left - 0.01);
            } else {
                reach.left = reach.left.max(label.left - 0.01);
            }
        } else if other.top > label.top {
            reach.bottom = reach.bottom.min(other.top);
        }
    }
    reach
}

/// The likeliest ink, stamp or signature in some areas.
fn written_in(text: &PageText, areas: &[BBox]) -> Option<SeenInk> {
    let marks = text.page.marks.iter().filter(|m| areas.iter().any(|&area| is_in(m.bbox, area)));
    let seen = marks.filter_map(|mark| {
        let confidence = match mark.kind {
            MarkKind::Stamp | MarkKind::Signature => WRITTEN,
            MarkKind::Picture if is_small(mark.bbox) => WRITTEN,
            MarkKind::Ink if is_tall(mark.bbox, text) && !is_in_line(mark.bbox, text) => {
                // The pen strokes of a page that a program made are drawn, not guessed.
                if text.is_ocr() { UNKNOWN } else { WRITTEN }
            }
            _ => return None,
        };
        Some(SeenInk { bbox: mark.bbox, confidence })
    });
    // Scribbles are read as words, too.
    let is_scribble = |w: &&Word| {
        w.confidence < SCRIBBLE && is_tall(w.bbox, text) && areas.iter().any(|&area| is_in(w.bbox, area))
    };
    let words = text.words(0..text.len()).iter().filter(|_| text.is_ocr()).filter(is_scribble);
    let words = words.map(|word| SeenInk { bbox: word.bbox, confidence: UNKNOWN });
    seen.chain(words).reduce(SeenInk::surer)
}

/// Handwriting is taller than print; a lower patch is a word that was not read.
fn is_tall(mark: BBox, text: &PageText) -> bool {
    mark.height() > 1.3 * text.median_height
}

/// True for ink with words close by on both sides: a part of a printed line that was not read. What was
/// read in doubt may be the handwriting itself.
fn is_in_line(mark: BBox, text: &PageText) -> bool {
    const CLOSE: f32 = 0.03;
    let beside = |left: f32, right: f32| {
        text.words(0..text.len()).iter().any(|w| {
            w.confidence > 0.5 && w.bbox.row_overlap(mark) > 0.5 && w.bbox.right > left && w.bbox.left < right
        })
    };
    beside(mark.left - CLOSE, mark.left) && beside(mark.right, mark.right + CLOSE)
}

/// A picture that covers much of the page is its background and no signature.
pub(crate) fn is_small(bbox: BBox) -> bool {
    bbox.width() < 0.6 && bbox.height() < 0.3
}

fn is_in(mark: BBox, area: BBox) -> bool {
    let (x, y) = (f32::midpoint(mark.left, mark.right), mark.middle());
    (area.left..=area.right).contains(&x) && (area.top..=area.bottom).contains(&y)
}
