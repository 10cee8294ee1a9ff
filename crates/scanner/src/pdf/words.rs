use std::collections::HashMap;

use hayro::hayro_interpret::hayro_cmap::BfString;

use crate::area::Area;
use crate::layout::{Line, Token, median};
use crate::pdf::content::Glyph;

/// Writing directions followed on one page: a text set along a circle has one a letter.
const MAX_DIRECTIONS: usize = 64;

/// Glyphs at one place that are compared: more are no text.
const MAX_CLOSE: usize = 32;

/// A glyph in the frame of its own baseline: `along` runs with the text, `across` downwards from it.
#[derive(Debug, Clone)]
struct Placed<'g> {
    glyph: &'g Glyph,
    start: f64,
    end: f64,
    across: f64,
    space: bool,
}

/// Builds lines of words from the glyphs of a page, in the order of the page for each writing direction.
/// Glyphs without Unicode stand as `�`.
pub(crate) fn lines(glyphs: &[Glyph]) -> Vec<Line> {
    let mut directions: Vec<(i32, Vec<&Glyph>)> = Vec::new();
    for glyph in without_doubles(glyphs) {
        let angle = degrees(glyph);
        let near = |a: i32| (a - angle).rem_euclid(360).min((angle - a).rem_euclid(360)) <= 3;
        let known = directions.iter().position(|(a, _)| near(*a));
        if known.is_none() && directions.len() < MAX_DIRECTIONS {
            directions.push((angle, vec![glyph]));
        } else if let Some((_, group)) = known.and_then(|i| directions.get_mut(i)) {
            group.push(glyph);
        }
    }
    directions.iter().flat_map(|(angle, group)| lines_of(group, f64::from(*angle).to_radians())).collect()
}

fn degrees(glyph: &Glyph) -> i32 {
    let (dx, dy) = (glyph.end.x - glyph.start.x, glyph.end.y - glyph.start.y);
    if dx.abs() + dy.abs() < 1e-6 { 0 } else { dy.atan2(dx).to_degrees().round() as i32 }
}

fn lines_of(glyphs: &[&Glyph], angle: f64) -> Vec<Line> {
    let (sin, cos) = angle.sin_cos();
    let placed = glyphs.iter().map(|g| {
        let along = |x: f64, y: f64| x * cos + y * sin;
        Placed {
            glyph: g,
            start: along(g.start.x, g.start.y),
            end: along(g.end.x, g.end.y),
            across: g.start.y * cos - g.start.x * sin,
            space: is_space(g),
        }
    });
    let mut out = Vec::new();
    for row in join(runs(placed)) {
        let tokens = words(&row);
        // Turned text keeps its own order; its words cannot be sorted by their left edges.
        out.extend(if angle == 0.0 { Line::new(tokens) } else { Line::in_order(tokens) });
    }
    out
}

fn is_space(glyph: &Glyph) -> bool {
    let blank = |c: char| c.is_whitespace() || c.is_control() || is_mute(c);
    match &glyph.text {
        Some(BfString::Char(c)) => blank(*c),
        Some(BfString::String(s)) => s.chars().all(blank),
        None => !glyph.inked,
    }
}

/// True for characters that only tell how others are set: joiners, directions, places to break.
fn is_mute(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Glyphs that follow each other on one baseline, in the order they are drawn.
fn runs<'g>(placed: impl Iterator<Item = Placed<'g>>) -> Vec<Vec<Placed<'g>>> {
    let mut runs: Vec<Vec<Placed<'g>>> = Vec::new();
    for glyph in placed {
        let follows = runs.last().and_then(|run| run.last()).is_some_and(|last| {
            let em = last.glyph.size.min(glyph.glyph.size);
            let gap = glyph.start - last.end;
            (glyph.across - last.across).abs() < em * 0.15 && gap > -0.4 * em && gap < em
        });
        match runs.last_mut() {
            Some(run) if follows => run.push(glyph),
            _ => runs.push(vec![glyph]),
        }
    }
    runs
}

/// Joins runs that stand close beside each other on one row, whatever order they were drawn in.
fn join(runs: Vec<Vec<Placed<'_>>>) -> Vec<Vec<Placed<'_>>> {
    struct Row<'g> {
        glyphs: Vec<Placed<'g>>,
        start: f64,
        end: f64,
        across: f64,
        size: f64,
    }
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut pending: Vec<Row<'_>> = runs
        .into_iter()
        .filter_map(|mut run| {
            // Spaces at the ends say nothing and would bridge columns.
            let last = run.iter().rposition(|g| !g.space)?;
            run.truncate(last + 1);
            let first = run.iter().position(|g| !g.space)?;
            run.drain(..first);
            Some(Row {
                start: run.first()?.start,
                end: run.iter().map(|g| g.end).fold(f64::MIN, f64::max),
                across: median(run.iter().map(|g| g.across as f32)).map(f64::from)?,
                size: median(run.iter().map(|g| g.glyph.size as f32)).map(f64::from)?,
                glyphs: run,
            })
        })
        .collect();
    // Rows from the top, and from the left within what can be the same row.
    pending.sort_by(|a, b| a.across.total_cmp(&b.across).then(a.start.total_cmp(&b.start)));
    for run in pending {
        let near = |row: &&mut Row<'_>| {
            let em = row.size.min(run.size);
            let larger = row.size.max(run.size);
            // A raised or lowered small letter belongs to the line of the large ones.
            let level = if larger > em * 1.2 { larger * 0.45 } else { em * 0.3 };
            let gap = (run.start - row.end).max(row.start - run.end);
            (run.across - row.across).abs() < level && gap < larger && gap > -larger * 0.35
        };
        // Runs are sorted across the text: only the rows just above can be near.
        match rows.iter_mut().rev().take(24).find(near) {
            Some(row) => {
                if run.size > row.size {
                    (row.across, row.size) = (run.across, run.size);
                }
                row.start = row.start.min(run.start);
                row.end = row.end.max(run.end);
                row.glyphs.extend(run.glyphs);
            }
            None => rows.push(run),
        }
    }
    // A run may have closed the gap between two rows already there.
    let mut merged: Vec<Row<'_>> = Vec::new();
    for row in rows {
        let twin = merged.iter_mut().rev().take(24).find(|m| {
            let em = m.size.min(row.size);
            let gap = (row.start - m.end).max(m.start - row.end);
            (m.across - row.across).abs() < em * 0.3 && gap < em && gap > -em * 0.35
        });
        match twin {
            Some(m) => {
                m.start = m.start.min(row.start);
                m.end = m.end.max(row.end);
                m.glyphs.extend(row.glyphs);
            }
            None => merged.push(row),
        }
    }
    merged
        .into_iter()
        .map(|mut row| {
            row.glyphs.sort_by(|a, b| a.start.total_cmp(&b.start));
            row.glyphs
        })
        .collect()
}

/// Leaves out glyphs drawn twice at one place, as some programs do to make them bold.
fn without_doubles(glyphs: &[Glyph]) -> Vec<&Glyph> {
    const CELL: f64 = 4.0;
    let cell = |v: f64| (v / CELL).floor() as i64;
    let mut kept: HashMap<(i64, i64), Vec<&Glyph>> = HashMap::new();
    let mut out = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        let width = glyph.start.distance(glyph.end).max(glyph.size * 0.1);
        let (x, y) = (cell(glyph.start.x), cell(glyph.start.y));
        let near = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy)));
        let close = near.filter_map(|place| kept.get(&place)).flat_map(|k| k.iter().rev().take(MAX_CLOSE));
        let double = close.into_iter().any(|other| {
            let apart = other.start.distance(glyph.start);
            other.text == glyph.text && apart < (width * 0.3).min(glyph.size * 0.15)
        });
        if !double {
            kept.entry((x, y)).or_default().push(glyph);
            out.push(glyph);
        }
    }
    out
}

/// Cuts a row into words, at spaces and at gaps that mean one.
fn words(row: &[Placed<'_>]) -> Vec<Token> {
    let limit = word_gap(row);
    let lone = spaced_letters(row, limit);
    let mut tokens = Vec::new();
    let mut word: Vec<&Placed<'_>> = Vec::new();
    let mut space = false;
    for glyph in row {
        if glyph.space {
            space = true;
            continue;
        }
        if let Some(last) = word.last() {
            let gap = (glyph.start - last.end) / last.glyph.size.min(glyph.glyph.size).max(1e-6);
            let apart = match lone {
                Some(step) => (glyph.start - last.end) > step,
                None => space || gap > limit,
            };
            if apart {
                tokens.extend(token(&word));
                word.clear();
            }
        }
        space = false;
        word.push(glyph);
    }
    tokens.extend(token(&word));
    tokens
}

/// The gap, in ems, from which two letters belong to two words. Letters that are spaced out evenly
/// raise it.
fn word_gap(row: &[Placed<'_>]) -> f64 {
    const USUAL: f64 = 0.17;
    let gaps = row.windows(2).filter_map(|pair| match pair {
        [a, b] if !a.space && !b.space => Some(((b.start - a.end) / a.glyph.size.max(1e-6)) as f32),
        _ => None,
    });
    let mut gaps: Vec<f32> = gaps.collect();
    gaps.sort_by(f32::total_cmp);
    // Where letters are spaced out, even the narrow gaps are wide.
    let narrow = f64::from(gaps.get(gaps.len() / 5).copied().unwrap_or(0.0));
    if gaps.len() >= 3 && narrow > 0.08 { narrow * 1.5 + 0.1 } else { USUAL }
}

/// For a title set as `Q U I T T A N C E   D E   L O Y E R`, with a space between all letters: the
/// distance from which words part.
fn spaced_letters(row: &[Placed<'_>], limit: f64) -> Option<f64> {
    let mut lengths = vec![0usize];
    let mut steps = Vec::new();
    let mut last: Option<&Placed<'_>> = None;
    for glyph in row.iter().filter(|g| !g.space) {
        if let Some(before) = last {
            let gap = glyph.start - before.end;
            if gap > limit * before.glyph.size {
                lengths.push(0);
                steps.push(gap as f32);
            }
        }
        if let Some(length) = lengths.last_mut() {
            *length += 1;
        }
        last = Some(glyph);
    }
    let letters = row.iter().filter(|g| !g.space && is_letter(g.glyph)).count();
    let single = lengths.iter().filter(|&&l| l == 1).count();
    let spaced = lengths.len() >= 5 && single * 10 >= lengths.len() * 9 && letters * 10 >= single * 8;
    let step = f64::from(median(steps)?);
    spaced.then_some(step * 1.6)
}

fn is_letter(glyph: &Glyph) -> bool {
    matches!(&glyph.text, Some(BfString::Char(c)) if c.is_alphabetic())
}

fn token(word: &[&Placed<'_>]) -> Option<Token> {
    let area = Area::around(word.iter().map(|p| p.glyph.area))?;
    let mut text = String::new();
    for glyph in in_speech(word) {
        match &glyph.glyph.text {
            Some(BfString::Char('\u{ad}')) if !glyph.glyph.inked => {}
            Some(BfString::Char(c)) => push(&mut text, *c),
            Some(BfString::String(s)) => s.chars().for_each(|c| push(&mut text, c)),
            None => text.push('\u{fffd}'),
        }
    }
    (!text.is_empty()).then_some(Token { text, area, confidence: 1.0 })
}

/// The glyphs of a word in the order they are read: Arabic and Hebrew from the right, but the numbers in
/// them from the left.
fn in_speech<'a, 'g>(word: &'a [&'a Placed<'g>]) -> Vec<&'a Placed<'g>> {
    let first = |p: &Placed<'_>| match &p.glyph.text {
        Some(BfString::Char(c)) => Some(*c),
        Some(BfString::String(s)) => s.chars().next(),
        None => None,
    };
    let is_leftward =
        |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    let is_number = |c: char| c.is_numeric() || c.is_ascii();
    if !word.iter().any(|p| first(p).is_some_and(|c| is_leftward(c) && !is_number(c))) {
        return word.to_vec();
    }
    let mut order: Vec<&Placed<'_>> = word.iter().rev().copied().collect();
    let kind = |p: &&Placed<'_>| first(p).is_some_and(is_number);
    order.chunk_by_mut(|a, b| kind(a) && kind(b)).for_each(<[_]>::reverse);
    order
}

/// Appends a character as it would be typed: ligatures are taken apart.
fn push(text: &mut String, c: char) {
    match c {
        '\u{fb00}' => text.push_str("ff"),
        '\u{fb01}' => text.push_str("fi"),
        '\u{fb02}' => text.push_str("fl"),
        '\u{fb03}' => text.push_str("ffi"),
        '\u{fb04}' => text.push_str("ffl"),
        '\u{fb05}' | '\u{fb06}' => text.push_str("st"),
        '\u{ad}' => text.push('-'),
        // Private use: what the glyph stands for is known to its font alone.
        '\u{e000}'..='\u{f8ff}' => text.push('\u{fffd}'),
        c if c.is_whitespace() || c.is_control() || is_mute(c) => {}
        c => text.push(c),
    }
}

#[cfg(test)]
mod tests {
    use hayro::kurbo::Point;

    use super::*;

    /// Glyphs of a ten-point fixed-width font.
    fn typed(text: &str, x: f64, y: f64, step: f64) -> Vec<Glyph> {
        text.chars()
            .enumerate()
            .map(|(i, c)| {
                let left = x + i as f64 * step;
                Glyph {
                    text: Some(BfString::Char(c)),
                    start: Point::new(left, y),
                    end: Point::new(left + 6.0, y),
                    size: 10.0,
                    area: Area::new(left as f32, y as f32 - 7.0, left as f32 + 6.0, y as f32),
                    visible: true,
                    unsure: false,
                    colour: Some([0; 3]),
                    time: 0,
                    annotation: false,
                    inked: c != ' ',
                }
            })
            .collect()
    }

    fn read(glyphs: &[Glyph]) -> Vec<Vec<String>> {
        lines(glyphs).into_iter().map(|l| l.tokens.into_iter().map(|t| t.text).collect()).collect()
    }

    #[test]
    fn letters_spaced_out_are_one_word() {
        assert_eq!(read(&typed("QUITTANCE DE LOYER", 0.0, 0.0, 9.0)), [["QUITTANCE", "DE", "LOYER"]]);
        assert_eq!(
            read(&typed("Q U I T T A N C E   D E   L O Y E R", 0.0, 0.0, 6.0)),
            [["QUITTANCE", "DE", "LOYER"]]
        );
    }

    #[test]
    fn gaps_are_spaces_and_the_order_of_drawing_is_not_the_order_of_reading() {
        let mut glyphs = typed("2026", 64.0, 0.2, 6.0);
        glyphs.extend(typed("août", 38.0, 0.0, 6.0));
        glyphs.extend(typed("Période", -10.0, 0.0, 6.0));
        assert_eq!(read(&glyphs), [["Période", "août", "2026"]]);
    }

    #[test]
    fn short_words_are_not_letters_spaced_out() {
        let mut glyphs = typed("Lot", 0.0, 0.0, 6.0);
        for (word, x) in [("n°", 21.0), ("3", 36.0), ("-", 45.0), ("T2", 54.0)] {
            glyphs.extend(typed(word, x, 0.0, 6.0));
        }
        assert_eq!(read(&glyphs), [["Lot", "n°", "3", "-", "T2"]]);
    }

    #[test]
    fn bold_by_double_strike_is_read_once() {
        let mut glyphs = typed("NET", 0.0, 0.0, 6.0);
        glyphs.extend(typed("NET", 0.3, 0.0, 6.0));
        assert_eq!(read(&glyphs), [["NET"]]);
    }

    #[test]
    fn ligatures_are_taken_apart_and_unknown_glyphs_show() {
        let mut glyphs = typed("oﬃce", 0.0, 0.0, 6.0);
        if let Some(last) = glyphs.last_mut() {
            last.text = None;
        }
        assert_eq!(read(&glyphs), [["office".replace('e', "\u{fffd}")]]);
    }

    #[test]
    fn columns_are_not_joined() {
        let mut glyphs = typed("Net", 0.0, 0.0, 6.0);
        glyphs.extend(typed("1 234,56", 90.0, 0.0, 6.0));
        assert_eq!(read(&glyphs), [vec!["Net"], vec!["1", "234,56"]]);
    }
}
