//! One line: cutting it out, and from the recogniser's answer to words.

use super::alphabet::Alphabet;
use super::detect::Slanted;
use crate::ocr::LineReading;
use crate::ocr::binary::ink;
use crate::raster::Grey;

/// Rows of a line as the recogniser takes it.
pub(super) const HEIGHT: usize = 48;
/// Columns of a line beyond which it is squeezed; more take too long.
const MOST_COLUMNS: usize = 3_200;
/// Columns a line has at least.
const LEAST_COLUMNS: usize = 16;

/// Cuts a line out and lays it level, `HEIGHT` rows high. Upright text is turned to run from left to
/// right: as it runs upwards, or downwards when `downwards`.
pub(super) fn cut(picture: &Grey, line: &Slanted, downwards: bool) -> Grey {
    let upright = line.is_upright();
    let (length, tall) = if upright { (line.height, line.width) } else { (line.width, line.height) };
    // Text larger than needed is cut out as it is and then shrunk, so that every pixel counts.
    let rows = (tall.round() as usize).clamp(HEIGHT, 2_000);
    let wide = |rows: usize| {
        let columns = (length / tall.max(1.0) * rows as f32).round() as usize;
        columns.clamp(LEAST_COLUMNS * rows / HEIGHT, MOST_COLUMNS * rows / HEIGHT)
    };
    let columns = wide(rows);
    let (dx, dy) = (1.0 / columns as f32, 1.0 / rows as f32);
    let mut pixels = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = ((column as f32 + 0.5) * dx, (row as f32 + 0.5) * dy);
            let (x, y) = line.at_reading(x, y, downwards);
            pixels.push((picture.shade(x, y) + 0.5) as u8);
        }
    }
    Grey { width: columns, height: rows, pixels }.shrunk(wide(HEIGHT), HEIGHT)
}

impl Slanted {
    /// The place at shares along and across the text, whichever way it runs.
    pub(super) fn at_reading(&self, along: f32, across: f32, downwards: bool) -> (f32, f32) {
        match (self.is_upright(), downwards) {
            (false, _) => self.at(along, across),
            (true, false) => self.at(across, 1.0 - along),
            (true, true) => self.at(1.0 - across, along),
        }
    }
}

/// A character as the recogniser sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seen {
    pub(super) c: char,
    /// From 0 to 1.
    pub(super) confidence: f32,
    /// Where it stands, as a share of the line's width.
    pub(super) place: f32,
}

/// Reads the recogniser's answer: rows of probabilities, of the blank and of each character of the alphabet,
/// from left to right. Steps that see the same character are one character.
pub(super) fn decode(answer: &[f32], alphabet: &Alphabet) -> Vec<Seen> {
    let rows = answer.chunks_exact(alphabet.classes.len() + 1);
    let steps = rows.len();
    let mut seen: Vec<Seen> = Vec::new();
    let mut last = None;
    let mut first_step = 0;
    for (step, row) in rows.enumerate() {
        let Some((blank, row)) = row.split_first() else { continue };
        let best = row
            .iter()
            .zip(&alphabet.classes)
            .fold((*blank, None), |best, (&p, &(_, c))| if p > best.0 { (p, Some(c)) } else { best });
        if let (confidence, Some(c)) = best {
            if last != Some(c) {
                first_step = step;
                seen.push(Seen { c, confidence, place: 0.0 });
            }
            if let Some(now) = seen.last_mut() {
                now.confidence = now.confidence.max(confidence);
                now.place = ((first_step + step) as f32 * 0.5 + 0.5) / steps.max(1) as f32;
            }
        }
        last = best.1;
    }
    let first = seen.iter().position(|s| s.c != ' ').unwrap_or(seen.len());
    seen.drain(..first);
    while seen.last().is_some_and(|s| s.c == ' ') {
        seen.pop();
    }
    seen
}

/// The text with a certainty for each character.
pub(super) fn reading(seen: &[Seen]) -> LineReading {
    LineReading {
        text: seen.iter().map(|s| s.c).collect(),
        confidences: seen.iter().map(|s| s.confidence).collect(),
    }
}

/// A word of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    pub(super) text: String,
    /// The least and the mean of its characters' certainties, mixed.
    pub(super) confidence: f32,
    /// Where it begins and ends, as shares of the line's width.
    pub(super) from: f32,
    pub(super) to: f32,
}

/// The words of a line, with their edges where the ink of the cut-out line ends.
pub(super) fn words(seen: &[Seen], line: &Grey) -> Vec<Part> {
    let columns = ink_columns(line);
    let width = line.width.max(1) as f32;
    let mut words: Vec<Part> = Vec::new();
    // The ink's left and right end.
    let first = columns.iter().position(|&c| c).unwrap_or(0) as f32 / width;
    let last = columns.iter().rposition(|&c| c).map_or(1.0, |x| (x + 1) as f32 / width);
    let mut from = first;
    let mut rest = seen.split(|s| s.c == ' ').filter(|w| !w.is_empty()).peekable();
    while let Some(word) = rest.next() {
        let end = word.last().map_or(1.0, |s| s.place);
        let (to, next) = match rest.peek().and_then(|w| w.first()) {
            Some(next) => widest_gap(&columns, end, next.place),
            None => (last.max(end), 1.0),
        };
        let sum: f32 = word.iter().map(|s| s.confidence).sum();
        let least = word.iter().map(|s| s.confidence).fold(1.0, f32::min);
        words.push(Part {
            text: word.iter().map(|s| s.c).collect(),
            confidence: (sum / word.len() as f32 + least) * 0.5,
            from: from.min(word.first().map_or(from, |s| s.place)),
            to,
        });
        from = next;
    }
    words
}

/// Which columns of a line have ink.
fn ink_columns(line: &Grey) -> Vec<bool> {
    let ink = ink(line);
    let mut columns = vec![0usize; ink.width];
    // Rows at the edges show feet and heads of the lines beside.
    let margin = ink.height / 8;
    for row in ink.rows().skip(margin).take(ink.height - 2 * margin) {
        for (count, &p) in columns.iter_mut().zip(row) {
            *count += usize::from(p);
        }
    }
    columns.iter().map(|&count| count > 0).collect()
}

/// Start and end, as shares of the line, of the widest stretch without ink between two places; both in
/// the middle when there is none.
fn widest_gap(columns: &[bool], from: f32, to: f32) -> (f32, f32) {
    let width = columns.len().max(1) as f32;
    let (start, end) = ((from * width) as usize, ((to * width) as usize).min(columns.len()));
    let (mut best, mut run) = ((0, 0), 0);
    for (x, &inked) in columns.iter().enumerate().take(end).skip(start) {
        run = if inked { 0 } else { run + 1 };
        if run > best.1 - best.0 {
            best = (x + 1 - run, x + 1);
        }
    }
    if best.1 == 0 {
        let middle = f32::midpoint(from, to);
        return (middle, middle);
    }
    (best.0 as f32 / width, best.1 as f32 / width)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn repeated_steps_are_one_character() {
        // The Chinese sign is none of the alphabet.
        let alphabet = Alphabet::new("a\n中\nb\n");
        // Of the blank, `a`, `b` and the space.
        let step = |class: usize| {
            let mut row = [0.02f32; 4];
            row[class] = 0.8;
            row
        };
        let answer: Vec<f32> = [1, 1, 0, 1, 0, 3, 2, 2, 3].into_iter().flat_map(step).collect();
        let seen = decode(&answer, &alphabet);
        assert_eq!(reading(&seen).text, "aa b");
        assert!(seen.iter().all(|s| (s.confidence - 0.8).abs() < 1e-6));
        assert!((seen[0].place - 1.0 / 9.0).abs() < 1e-6, "{seen:?}");
    }

    #[test]
    fn words_end_where_their_ink_does() {
        let mut line = Grey::filled(200, HEIGHT, 250);
        line.paint(10, 15, 80, 35, 20);
        line.paint(110, 15, 190, 35, 20);
        let at = |c, place| Seen { c, confidence: 0.9, place };
        let found = words(&[at('a', 0.1), at('b', 0.35), at(' ', 0.45), at('c', 0.6), at('d', 0.9)], &line);
        let got: Vec<_> = found.iter().map(|w| (w.text.as_str(), w.from, w.to)).collect();
        assert_eq!(got, [("ab", 0.05, 0.4), ("cd", 0.55, 0.95)]);
    }

    #[test]
    fn an_upright_line_is_turned_by_the_way_it_runs() {
        let mut picture = Grey::filled(60, 200, 250);
        // Ink at the foot: the beginning of text that runs upwards.
        picture.paint(20, 150, 40, 190, 20);
        let line = Slanted { middle: (30.0, 100.0), width: 30.0, height: 196.0, angle: 0.0 };
        let up = cut(&picture, &line, false);
        assert!(up.width > up.height * 4 && up.height == HEIGHT);
        let third = up.width / 6;
        assert!(up.at(third, HEIGHT / 2) < 60 && up.at(up.width - third, HEIGHT / 2) > 200);
        let down = cut(&picture, &line, true);
        assert!(down.at(third, HEIGHT / 2) > 200 && down.at(down.width - third, HEIGHT / 2) < 60);
    }
}
