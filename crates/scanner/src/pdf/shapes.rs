//! The shapes of letters. Letters that were read surely show what each letter looks like on this page;
//! others are compared with them. That costs a hundredth of reading them, and a letter that claims to be
//! another than its shape says is found out.

use crate::area::Area;
use crate::layout::{Token, median};
use crate::ocr::binary::{Component, Ink};

/// Sides of the picture a letter is reduced to.
const COLUMNS: usize = 12;
const ROWS: usize = 16;
/// How much the sides of two pictures of one letter may differ.
const SIDES: f32 = 0.18;
/// How far apart they may sit above the feet of their words, in their own heights.
const LEVEL: f32 = 0.2;
/// Points of the reduced pictures in which two of one letter may differ at most.
const MOST_APART: u32 = 36;
/// The least that is allowed: even a perfect scan has rough edges.
const LEAST_APART: u32 = 20;

/// A letter on the picture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    pub(crate) label: char,
    width: f32,
    pub(crate) height: f32,
    /// How high its middle sits above the feet of its word.
    level: f32,
    bits: [u64; 3],
}

impl Cell {
    /// True when both may be the same letter in the same type.
    fn comparable(&self, other: &Self) -> bool {
        let near = |a: f32, b: f32| (a - b).abs() <= (a.max(b) * SIDES).max(1.5);
        near(self.height, other.height)
            && near(self.width, other.width)
            && (self.level - other.level).abs() <= (self.height * LEVEL).max(2.5)
    }

    fn apart(&self, other: &Self) -> u32 {
        self.bits.iter().zip(other.bits).map(|(a, b)| (a ^ b).count_ones()).sum()
    }
}

/// The components of a page by place.
pub(crate) struct Components<'a> {
    ink: &'a Ink,
    /// By their left edges.
    sorted: Vec<Component>,
    widest: f32,
}

impl<'a> Components<'a> {
    pub(crate) fn new(ink: &'a Ink, found: &[Component]) -> Self {
        let long = ink.long_edge() as f32;
        // Rules, frames and pictures are no letters.
        let mut sorted: Vec<Component> = found
            .iter()
            .filter(|c| c.pixels >= 3 && c.area.width() < long * 0.06 && c.area.height() < long * 0.06)
            .copied()
            .collect();
        sorted.sort_by(|a, b| a.area.left.total_cmp(&b.area.left));
        let widest = sorted.iter().map(|c| c.area.width()).fold(0.0, f32::max);
        Self { ink, sorted, widest }
    }

    /// Those whose middle lies in a box.
    pub(crate) fn within(&self, area: Area) -> impl Iterator<Item = &Component> {
        let from = self.sorted.partition_point(|c| c.area.left < area.left - self.widest);
        let to = self.sorted.partition_point(|c| c.area.left <= area.right);
        self.sorted.get(from..to).unwrap_or_default().iter().filter(move |c| area.holds(c.area.middle()))
    }

    /// The letters of a word, when there are as many shapes as letters.
    pub(crate) fn cells(&self, token: &Token) -> Option<Vec<Cell>> {
        let height = token.area.height();
        let mut area = token.area;
        (area.top, area.bottom) = (area.top - height * 0.2, area.bottom + height * 0.3);
        let mut boxes: Vec<Area> = Vec::new();
        for component in self.within(area) {
            // Dots and accents stand over their letters.
            let over = |b: &Area| {
                let shared = b.right.min(component.area.right) - b.left.max(component.area.left);
                shared > b.width().min(component.area.width()) * 0.5
            };
            match boxes.last_mut().filter(|b| over(b)) {
                Some(last) => *last = last.union(component.area),
                None => boxes.push(component.area),
            }
        }
        let labels: Vec<char> = token.text.chars().collect();
        if labels.len() != boxes.len() {
            return None;
        }
        let feet = median(boxes.iter().map(|b| b.bottom))?;
        let cell = |(label, area): (&char, &Area)| Cell {
            label: *label,
            width: area.width(),
            height: area.height(),
            level: feet - area.middle().1,
            bits: self.bits(*area),
        };
        Some(labels.iter().zip(&boxes).map(cell).collect())
    }

    /// The ink in a box, reduced to a small picture.
    fn bits(&self, area: Area) -> [u64; 3] {
        let mut bits = [0u64; 3];
        let place = |from: f32, length: f32, i: usize, of: usize| {
            let step = length / of as f32;
            let (start, end) = (from + step * i as f32, from + step * (i + 1) as f32);
            (start as usize, (end.ceil() as usize).max(start as usize + 1))
        };
        for row in 0..ROWS {
            let (top, bottom) = place(area.top, area.height(), row, ROWS);
            for column in 0..COLUMNS {
                let (left, right) = place(area.left, area.width(), column, COLUMNS);
                let (mut all, mut dark) = (0usize, 0usize);
                for y in top..bottom {
                    let span = self.ink.row(y).get(left..right.min(self.ink.width)).unwrap_or_default();
                    all += span.len();
                    dark += span.iter().filter(|&&p| p != 0).count();
                }
                let index = row * COLUMNS + column;
                if dark * 2 > all
                    && let Some(word) = bits.get_mut(index / 64)
                {
                    *word |= 1 << (index % 64);
                }
            }
        }
        bits
    }
}

/// What a letter's shape says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Says {
    /// It is the letter it is said to be.
    Same,
    /// It looks like another.
    Other,
    /// Nothing like it was read surely.
    Nothing,
}

/// Letters that were read surely.
#[derive(Debug, Default)]
pub(crate) struct Alphabet {
    cells: Vec<Cell>,
    limit: u32,
}

impl Alphabet {
    pub(crate) fn new(cells: Vec<Cell>) -> Self {
        // How far letters of one kind are apart on this page.
        let mut nearest: Vec<u32> = Vec::new();
        for (i, cell) in cells.iter().enumerate() {
            let others = cells.iter().enumerate().filter(|(j, o)| *j != i && o.label == cell.label);
            nearest.extend(others.filter(|(_, o)| cell.comparable(o)).map(|(_, o)| cell.apart(o)).min());
        }
        nearest.sort_unstable();
        let usual = nearest.get(nearest.len() * 9 / 10).copied().unwrap_or(LEAST_APART);
        Self { cells, limit: usual.clamp(LEAST_APART, MOST_APART) }
    }

    pub(crate) fn says(&self, cell: &Cell) -> Says {
        let (mut same, mut other) = (u32::MAX, u32::MAX);
        for known in self.cells.iter().filter(|k| k.comparable(cell)) {
            let apart = known.apart(cell);
            if known.label == cell.label {
                same = same.min(apart);
            } else {
                other = other.min(apart);
            }
        }
        // A digit must be told from all others clearly.
        let margin = if cell.label.is_ascii_digit() { 4 } else { 0 };
        match (same, other) {
            (s, o) if s <= self.limit && s + margin <= o => Says::Same,
            (s, o) if o <= self.limit && o + 4 < s => Says::Other,
            _ => Says::Nothing,
        }
    }

    /// True when all ten digits were read surely in about this size: else a digit may look most like one
    /// that it is not.
    pub(crate) fn has_digits(&self, height: f32) -> bool {
        ('0'..='9').all(|d| {
            self.cells.iter().any(|c| c.label == d && (c.height - height).abs() <= (height * SIDES).max(1.5))
        })
    }

    /// What the shapes of a word say of it.
    pub(crate) fn word(&self, cells: &[Cell]) -> Says {
        let digits = cells.iter().filter(|c| c.label.is_ascii_digit());
        let told = digits.clone().all(|c| self.has_digits(c.height));
        let mut says = cells.iter().map(|c| self.says(c));
        if says.clone().any(|s| s == Says::Other) {
            Says::Other
        } else if told && says.all(|s| s == Says::Same) {
            Says::Same
        } else {
            Says::Nothing
        }
    }
}
