//! A page as text that can be searched, with the way back to its words.

use std::ops::Range;

use complet_model::{BBox, Capture, Page, TextSource, Word, fold, is_gapless};

/// The cells of a line are parted by gaps wider than this many line heights.
const CELL_GAP: f32 = 1.6;

/// A run of words of one line without a wide gap: a phrase, a label, the cell of a table.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    /// Indexes of its words in the page.
    pub(crate) words: Range<usize>,
    /// Its bytes in [`PageText::flow`].
    pub(crate) text: Range<usize>,
    /// Where it stands.
    pub(crate) bbox: BBox,
}

/// The folded text of a page.
#[derive(Debug)]
pub(crate) struct PageText<'a> {
    pub(crate) page: &'a Page,
    /// The words it is made of: one of the page's readings.
    reading: &'a [Word],
    /// The folded words in reading order, joined by single spaces where their script has any.
    pub(crate) flow: String,
    /// For each word, its bytes in `flow`; empty for a word that folds to nothing.
    spans: Vec<Range<usize>>,
    pub(crate) segments: Vec<Segment>,
    /// Height of the middle word by height, as a fraction of the page's height.
    pub(crate) median_height: f32,
}

impl<'a> PageText<'a> {
    /// The text of the page's best reading.
    pub(crate) fn new(page: &'a Page) -> Self {
        Self::of(page, &page.words)
    }

    /// The text of the page's other reading; `None` when it was read once.
    pub(crate) fn other(&self) -> Option<Self> {
        let page = self.page;
        let second = std::ptr::eq(self.reading, page.second_reading.as_slice());
        let other = if second { &page.words } else { &page.second_reading };
        (!other.is_empty()).then(|| Self::of(page, other))
    }

    fn of(page: &'a Page, reading: &'a [Word]) -> Self {
        let mut flow = String::with_capacity(reading.iter().map(|w| w.text.len() + 1).sum());
        let mut spans = Vec::with_capacity(reading.len());
        for word in reading {
            let folded = fold(&word.text);
            // Chinese and Japanese have no gaps between words: those of a page only set titles wide.
            let meet = flow.chars().next_back().zip(folded.chars().next());
            if meet.is_some_and(|(a, b)| !is_gapless(a) || !is_gapless(b)) {
                flow.push(' ');
            }
            let start = flow.len();
            flow.push_str(&folded);
            spans.push(start..flow.len());
        }
        let segments = segments(page, reading, &spans);
        Self { page, reading, flow, spans, segments, median_height: median_height(reading) }
    }

    /// Indexes of the words that a range of `flow` touches.
    pub(crate) fn words_at(&self, range: &Range<usize>) -> Range<usize> {
        let first = self.spans.partition_point(|s| s.end <= range.start);
        let last = self.spans.partition_point(|s| s.start < range.end);
        first..last.max(first)
    }

    /// The bytes of `flow` that a run of words takes.
    pub(crate) fn flow_of(&self, words: &Range<usize>) -> Range<usize> {
        let spans = self.spans.get(words.clone()).unwrap_or_default();
        match (spans.first(), spans.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }

    /// The words of `words`, as printed.
    pub(crate) fn words(&self, words: Range<usize>) -> &'a [Word] {
        self.reading.get(words).unwrap_or_default()
    }

    /// The text of a range of `flow` as printed. A range that begins or ends inside a word takes just
    /// that part of the word.
    pub(crate) fn raw(&self, range: &Range<usize>) -> String {
        let mut out = String::new();
        for index in self.words_at(range) {
            let (Some(word), Some(span)) = (self.reading.get(index), self.spans.get(index)) else {
                continue;
            };
            let from = range.start.saturating_sub(span.start);
            let to = range.end.min(span.end).saturating_sub(span.start);
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&raw_part(&word.text, from, to, span.len()));
        }
        out
    }

    /// The smallest box round a range of `flow`.
    pub(crate) fn bbox(&self, range: &Range<usize>) -> Option<BBox> {
        BBox::around(self.words(self.words_at(range)).iter().map(|w| w.bbox))
    }

    /// The lowest confidence among the words of a range of `flow`: a value is as sure as its worst word.
    pub(crate) fn confidence(&self, range: &Range<usize>) -> f32 {
        self.words(self.words_at(range)).iter().map(|w| w.confidence).fold(1.0, f32::min)
    }

    /// The segment that holds a byte of `flow`.
    pub(crate) fn segment_at(&self, byte: usize) -> Option<&Segment> {
        let index = self.segments.partition_point(|s| s.text.end <= byte);
        self.segments.get(index).filter(|s| s.text.start <= byte)
    }

    /// A part of `flow`; empty when the range is no range of it.
    pub(crate) fn slice(&self, range: &Range<usize>) -> &str {
        self.flow.get(range.clone()).unwrap_or_default()
    }

    /// True when the words were read off a picture, at least in part: letters may be misread. The text a
    /// scanner put behind its picture was read off it, too.
    pub(crate) fn is_ocr(&self) -> bool {
        self.page.capture == Capture::Picture || self.page.text_source != TextSource::TextLayer
    }

    /// How many words there are.
    pub(crate) fn len(&self) -> usize {
        self.reading.len()
    }

    /// How far the text as a whole can be relied on, from 0 to 1: what is not found in it is not there.
    pub(crate) fn reliability(&self) -> f32 {
        if !self.is_ocr() {
            return 1.0;
        }
        let (sum, letters) = self.reading.iter().fold((0.0, 0.0), |(sum, letters), w| {
            let len = w.text.chars().count() as f32;
            (sum + w.confidence * len, letters + len)
        });
        if letters > 0.0 { sum / letters } else { 0.0 }
    }

    /// The lines as printed, in order, for readers that work line by line.
    pub(crate) fn raw_lines(&self) -> Vec<(String, Range<usize>)> {
        let mut lines: Vec<(String, Range<usize>)> = Vec::new();
        let mut last = None;
        for (index, word) in self.reading.iter().enumerate() {
            match lines.last_mut().filter(|_| last == Some(word.line)) {
                Some((text, words)) => {
                    text.push(' ');
                    text.push_str(&word.text);
                    words.end = index + 1;
                }
                None => lines.push((word.text.clone(), index..index + 1)),
            }
            last = Some(word.line);
        }
        lines
    }
}

/// The characters of `word` that fold to the bytes `from..to` of its folded form.
fn raw_part(word: &str, from: usize, to: usize, folded_len: usize) -> String {
    if from == 0 && to >= folded_len {
        return word.to_owned();
    }
    let mut at = 0;
    let mut out = String::new();
    let mut buffer = [0; 4];
    for c in word.chars() {
        let len = fold(c.encode_utf8(&mut buffer)).len();
        let inside = if len == 0 { !out.is_empty() && at < to } else { at >= from && at + len <= to };
        if inside {
            out.push(c);
        }
        at += len;
    }
    out
}

fn median_height(words: &[Word]) -> f32 {
    let mut heights: Vec<f32> = words.iter().map(|w| w.bbox.height()).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() / 2).copied().unwrap_or(0.0)
}

fn segments(page: &Page, reading: &[Word], spans: &[Range<usize>]) -> Vec<Segment> {
    // Boxes are fractions of each side: gaps are compared with heights in units of the page's height.
    let aspect = if page.height > 0.0 { page.width / page.height } else { 1.0 };
    let mut segments: Vec<Segment> = Vec::new();
    let mut last: Option<&Word> = None;
    for (index, (word, span)) in reading.iter().zip(spans).enumerate() {
        if span.is_empty() {
            continue;
        }
        let joins = last.is_some_and(|l| {
            // The next word stands to the left where text runs from the right.
            let gap = (word.bbox.left - l.bbox.right).max(l.bbox.left - word.bbox.right) * aspect;
            l.line == word.line && gap < CELL_GAP * l.bbox.height().max(word.bbox.height())
        });
        match segments.last_mut().filter(|_| joins) {
            Some(segment) => {
                segment.words.end = index + 1;
                segment.text.end = span.end;
                segment.bbox = segment.bbox.union(word.bbox);
            }
            None => segments.push(Segment { words: index..index + 1, text: span.clone(), bbox: word.bbox }),
        }
        last = Some(word);
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::page_of;

    #[test]
    fn folded_text_leads_back_to_the_words() {
        let page = page_of("Nom :    NGUYỄN, Thị\nÂge : 7");
        let text = PageText::new(&page);
        assert_eq!(text.flow, "NOM : NGUYEN, THI AGE : 7");
        let at = text.flow.find("NGUYEN").unwrap();
        assert_eq!(text.raw(&(at..at + 6)), "NGUYỄN");
        assert_eq!(text.raw(&(at..at + 11)), "NGUYỄN, Thị");
        assert_eq!(text.segments.len(), 3);
        assert_eq!(text.slice(&text.segments[1].text), "NGUYEN, THI");
        assert_eq!(text.raw_lines().len(), 2);
    }
}
