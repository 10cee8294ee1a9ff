use complet_model::{Word, is_right_to_left, runs_right_to_left};

use crate::area::Area;

/// A word in the units of its page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) area: Area,
    /// From 0 to 1.
    pub(crate) confidence: f32,
}

/// Words that stand beside each other on one row, from left to right. Never empty.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) tokens: Vec<Token>,
    pub(crate) area: Area,
}

impl Line {
    pub(crate) fn new(mut tokens: Vec<Token>) -> Option<Self> {
        tokens.sort_by(|a, b| a.area.left.total_cmp(&b.area.left));
        let area = Area::around(tokens.iter().map(|t| t.area))?;
        Some(Self { tokens, area })
    }

    /// A line whose order is already right: text that runs upwards, for one.
    pub(crate) fn in_order(tokens: Vec<Token>) -> Option<Self> {
        let area = Area::around(tokens.iter().map(|t| t.area))?;
        Some(Self { tokens, area })
    }

    /// Height of a common letter: the median of the words' heights.
    fn letter_height(&self) -> f32 {
        median(self.tokens.iter().map(|t| t.area.height())).unwrap_or(self.area.height())
    }

    /// True when it reads like the value of a table's cell: an amount, a date, a number.
    fn is_value(&self) -> bool {
        let (digits, letters) = self.tokens.iter().flat_map(|t| t.text.chars()).fold((0, 0), |(d, l), c| {
            (d + usize::from(c.is_ascii_digit()), l + usize::from(c.is_alphabetic()))
        });
        digits > letters
    }

    fn ends_with_colon(&self) -> bool {
        self.tokens.last().is_some_and(|t| t.text.ends_with(':'))
    }
}

pub(crate) fn median(values: impl IntoIterator<Item = f32>) -> Option<f32> {
    let mut values: Vec<f32> = values.into_iter().collect();
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Parts lines at gaps wider than a word space can be: columns and the cells of tables.
pub(crate) fn split_wide(lines: Vec<Line>) -> Vec<Line> {
    let mut parts = Vec::with_capacity(lines.len());
    for line in lines {
        let limit = line.letter_height() * 2.2;
        let mut tokens: Vec<Token> = Vec::new();
        for token in line.tokens {
            let gap = tokens.last().map_or(0.0, |last| token.area.left - last.area.right);
            if gap > limit {
                parts.extend(Line::in_order(std::mem::take(&mut tokens)));
            }
            tokens.push(token);
        }
        parts.extend(Line::in_order(tokens));
    }
    parts
}

/// Lines of a page beyond which they are left as they are.
const MAX_JOINED: usize = 3_000;

/// Joins lines that stand close beside each other on one row: parts of one line that come from
/// different readers.
pub(crate) fn join_close(mut lines: Vec<Line>) -> Vec<Line> {
    if lines.len() > MAX_JOINED {
        return lines;
    }
    lines.sort_by(|a, b| a.area.left.total_cmp(&b.area.left));
    let mut joined: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        let middle = line.area.middle().1;
        let home = joined.iter_mut().find(|j| {
            let gap = line.area.left - j.area.right;
            let height = j.letter_height().max(line.letter_height());
            let level = (j.area.middle().1 - middle).abs() < height * 0.5;
            level && gap > -height * 0.3 && gap < height * 1.5 && j.area.height() < height * 2.0
        });
        match home {
            Some(j) => {
                j.area = j.area.union(line.area);
                j.tokens.extend(line.tokens);
            }
            None => joined.push(line),
        }
    }
    joined
}

/// Puts lines into reading order: rows from the top, but blocks that stand side by side one after the
/// other. The rows of a table stay rows.
pub(crate) fn reading_order(lines: Vec<Line>) -> Vec<Line> {
    order(lines, 0)
}

const MAX_DEPTH: usize = 6;

fn order(mut lines: Vec<Line>, depth: usize) -> Vec<Line> {
    if lines.len() < 2 {
        return lines;
    }
    let height = median(lines.iter().map(Line::letter_height)).unwrap_or(1.0).max(f32::MIN_POSITIVE);
    lines.sort_by(|a, b| a.area.top.total_cmp(&b.area.top));
    let rows = rows(lines);
    if depth >= MAX_DEPTH {
        return rows.into_iter().flatten().collect();
    }
    let mut out = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while let Some(row) = rows.next() {
        let mut block = vec![row];
        let mut gutter = widest_gutter(&block, height);
        let mut split = None;
        // Grows the block while one gutter runs through all of its rows.
        while let (Some(current), Some(next)) = (gutter, rows.peek()) {
            let close = vertical_gap(block.last(), next) < height * 2.5;
            let narrowed = narrow(current, next, height);
            let Some(narrowed) = narrowed.filter(|_| close) else { break };
            gutter = Some(narrowed);
            split = gutter;
            block.extend(rows.next());
        }
        match split {
            Some(gutter) if !is_table(&block, gutter) => {
                let middle = f32::midpoint(gutter.0, gutter.1);
                let (left, right): (Vec<Line>, Vec<Line>) =
                    block.into_iter().flatten().partition(|l| l.area.middle().0 < middle);
                out.extend(order(left, depth + 1));
                out.extend(order(right, depth + 1));
            }
            _ => out.extend(block.into_iter().flatten()),
        }
    }
    out
}

/// Groups lines, sorted by their upper edge, into rows of lines beside each other, left to right.
fn rows(lines: Vec<Line>) -> Vec<Vec<Line>> {
    let mut rows: Vec<(Area, Vec<Line>)> = Vec::new();
    for line in lines {
        let middle = line.area.middle().1;
        let home = rows.iter_mut().rev().take(4).find(|(area, row)| {
            let first = row.first().map_or(*area, |l| l.area);
            let beside = middle < first.bottom && first.middle().1 > line.area.top;
            beside && row.iter().all(|l| l.area.right <= line.area.left || l.area.left >= line.area.right)
        });
        match home {
            Some((area, row)) => {
                *area = area.union(line.area);
                row.push(line);
            }
            None => rows.push((line.area, vec![line])),
        }
    }
    rows.sort_by(|a, b| a.0.middle().1.total_cmp(&b.0.middle().1));
    let mut rows: Vec<Vec<Line>> = rows.into_iter().map(|(_, row)| row).collect();
    for row in &mut rows {
        row.sort_by(|a, b| a.area.left.total_cmp(&b.area.left));
    }
    rows
}

fn vertical_gap(above: Option<&Vec<Line>>, below: &[Line]) -> f32 {
    let bottom = above.into_iter().flatten().map(|l| l.area.bottom).fold(f32::MIN, f32::max);
    let top = below.iter().map(|l| l.area.top).fold(f32::MAX, f32::min);
    top - bottom
}

/// The widest stretch without text between the lines of a single row, when it could part two columns.
fn widest_gutter(block: &[Vec<Line>], height: f32) -> Option<(f32, f32)> {
    let row = block.first()?;
    row.windows(2)
        .filter_map(|pair| match pair {
            [a, b] => Some((a.area.right, b.area.left)),
            _ => None,
        })
        .filter(|(start, end)| end - start > height * 1.5)
        .max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)))
}

/// What is left of a gutter when the lines of another row are taken out; `None` when too little is.
fn narrow(gutter: (f32, f32), row: &[Line], height: f32) -> Option<(f32, f32)> {
    let middle = f32::midpoint(gutter.0, gutter.1);
    let narrowed = row.iter().try_fold(gutter, |(start, end), line| {
        if line.area.left < middle && line.area.right > middle {
            return None;
        }
        Some(if line.area.right <= middle {
            (start.max(line.area.right), end)
        } else {
            (start, end.min(line.area.left))
        })
    })?;
    (narrowed.1 - narrowed.0 > height).then_some(narrowed)
}

/// True when the sides of the gutter belong together row by row: labels and values, or columns of
/// figures.
fn is_table(block: &[Vec<Line>], gutter: (f32, f32)) -> bool {
    let middle = f32::midpoint(gutter.0, gutter.1);
    let (mut both, mut tabular, mut cells) = (0usize, 0usize, 0usize);
    let (mut left_rows, mut right_rows) = (0usize, 0usize);
    for row in block {
        let (left, right): (Vec<&Line>, Vec<&Line>) = row.iter().partition(|l| l.area.middle().0 < middle);
        left_rows += usize::from(!left.is_empty());
        right_rows += usize::from(!right.is_empty());
        if let (Some(label), Some(value)) = (left.last(), right.first()) {
            both += 1;
            cells += usize::from(row.len() > 2);
            tabular += usize::from(label.ends_with_colon() || value.is_value());
        }
    }
    left_rows < 2 || right_rows < 2 || tabular * 2 >= both.max(1) || cells * 2 > both
}

/// Words from left to right in the order they are read in: those of a line of Arabic or Hebrew from the right,
/// but what stands in it from left to right.
fn as_read(mut tokens: Vec<Token>) -> Vec<Token> {
    let text: String = tokens.iter().map(|t| t.text.as_str()).collect();
    if runs_right_to_left(&text) {
        tokens.reverse();
        let is_foreign =
            |t: &Token| t.text.chars().any(char::is_alphabetic) && !t.text.chars().any(is_right_to_left);
        for run in tokens.chunk_by_mut(|a, b| is_foreign(a) && is_foreign(b)) {
            if run.len() > 1 {
                run.reverse();
            }
        }
    }
    tokens
}

/// The words of lines in the order they are read in, with their boxes as fractions of a page of this size. Lines
/// are numbered in the order given.
pub(crate) fn into_words(lines: Vec<Line>, width: f32, height: f32) -> Vec<Word> {
    let mut words = Vec::with_capacity(lines.iter().map(|l| l.tokens.len()).sum());
    for (number, line) in lines.into_iter().enumerate() {
        for token in as_read(line.tokens) {
            words.push(Word {
                text: token.text,
                bbox: token.area.of_page(width, height),
                confidence: token.confidence.clamp(0.0, 1.0),
                line: number as u32,
            });
        }
    }
    words
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// A line of ten-point letters, six points wide.
    fn line(x: f32, y: f32, text: &str) -> Line {
        let mut left = x;
        let tokens = text.split(' ').map(|word| {
            let right = left + word.chars().count() as f32 * 6.0;
            let area = Area::new(left, y, right, y + 10.0);
            left = right + 4.0;
            Token { text: word.to_owned(), area, confidence: 1.0 }
        });
        Line::new(tokens.collect()).unwrap()
    }

    fn texts(lines: &[Line]) -> Vec<String> {
        lines.iter().map(|l| l.tokens.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn blocks_side_by_side_stay_together() {
        let lines = vec![
            line(200.0, 10.0, "QUITTANCE DE LOYER"),
            line(20.0, 40.0, "BAILLEUR"),
            line(320.0, 40.0, "LOCATAIRE"),
            line(20.0, 54.0, "Anne Fictive"),
            line(320.0, 54.0, "Paul Exemple"),
            line(20.0, 68.0, "3 rue des Lilas"),
            line(320.0, 68.0, "8 avenue Foch"),
            line(20.0, 110.0, "Le bailleur déclare avoir reçu du locataire la somme de"),
        ];
        assert_eq!(
            texts(&reading_order(lines)),
            [
                "QUITTANCE DE LOYER",
                "BAILLEUR",
                "Anne Fictive",
                "3 rue des Lilas",
                "LOCATAIRE",
                "Paul Exemple",
                "8 avenue Foch",
                "Le bailleur déclare avoir reçu du locataire la somme de",
            ]
        );
    }

    #[test]
    fn rows_of_a_table_stay_rows() {
        let lines = vec![
            line(320.0, 40.0, "500,00 €"),
            line(20.0, 41.0, "Loyer"),
            line(20.0, 54.0, "Charges"),
            line(320.0, 54.0, "40,00 €"),
            line(20.0, 68.0, "Total"),
            line(320.0, 68.0, "540,00 €"),
        ];
        assert_eq!(
            texts(&reading_order(lines)),
            ["Loyer", "500,00 €", "Charges", "40,00 €", "Total", "540,00 €"]
        );
    }

    #[test]
    fn arabic_is_read_from_the_right() {
        let read = |printed: &str| -> Vec<String> {
            into_words(vec![line(20.0, 40.0, printed)], 600.0, 800.0).into_iter().map(|w| w.text).collect()
        };
        assert_eq!(read("1992 جوان 12 : الولادة تاريخ"), ["تاريخ", "الولادة", ":", "12", "جوان", "1992"]);
        // Latin words in it are read from the left, and so is a line of them with an Arabic word.
        assert_eq!(read("EL JADIDA : الازدياد مكان"), ["مكان", "الازدياد", ":", "EL", "JADIDA"]);
        assert_eq!(read("Casablanca (Maroc) فاس"), ["Casablanca", "(Maroc)", "فاس"]);
    }

    #[test]
    fn a_row_parts_at_wide_gaps() {
        let mut both = line(20.0, 40.0, "BAILLEUR :");
        both.tokens.extend(line(320.0, 40.0, "LOCATAIRE :").tokens);
        assert_eq!(texts(&split_wide(vec![both])), ["BAILLEUR :", "LOCATAIRE :"]);
    }
}
