//! The hidden text of a scan: what the scanner's own program read, put behind the picture to be searched.
//!
//! It is believed only as far as the picture says the same. Some lines of it are read again; their
//! letters show what each letter looks like on this page, and the shapes of all other words are compared
//! with them. What shapes cannot tell, and ink without words, is read again as well. So nothing is taken
//! that the picture does not show, whoever wrote it.

use std::collections::{HashMap, HashSet};

use complet_model::{Message, Word};

use crate::area::Area;
use crate::layout::{Line, Token, join_close, reading_order, split_wide};
use crate::ocr::binary::{components, ink};
use crate::ocr::read::{Outcome, ReadIn, Reading};
use crate::ocr::skew::{letters, skew};
use crate::pdf::content::{Content, Glyph};
use crate::pdf::shapes::{Alphabet, Cell, Components, Says};
use crate::pdf::sight::is_blank;
use crate::pdf::words;
use crate::raster::Grey;

/// Glyphs without which a layer is not worth looking at.
const MIN_GLYPHS: usize = 60;
/// Share of the words that must lie on ink.
const ON_INK: f32 = 0.93;
/// Share of the ink that must lie under words.
const UNDER_WORDS: f32 = 0.75;
/// Lines read again: at least, and at most.
const LINES: (usize, usize) = (4, 12);
/// Letters of the lines read again that must agree.
const AGREEMENT: f32 = 0.96;
/// Share of words that may look like others.
const LOOK_WRONG: f32 = 0.06;
/// Certainty from which what was read again counts against the layer.
const SURE: f32 = 0.8;
/// The most a word of such a layer is relied on.
const MOST_SURE: f32 = 0.97;
/// How far letters reach above and below their baseline, in ems.
const ABOVE: f64 = 0.72;
const BELOW: f64 = 0.2;
/// Words of one page compared with each other.
const MAX_WORDS: usize = 3_000;

/// The text of a page that nobody sees, in points; `None` when there is not enough for a page, or it does
/// not run level.
pub(crate) fn layer(content: &Content) -> Option<Vec<Line>> {
    let text = |g: &&Glyph| g.text.is_some() && !is_blank(g);
    let hidden = content.glyphs.iter().filter(|g| !g.visible).filter(text).count();
    let seen = content.glyphs.iter().filter(|g| g.visible).filter(text).count();
    if hidden < MIN_GLYPHS || hidden < seen {
        return None;
    }
    let level = |g: &&Glyph| {
        let (dx, dy) = (g.end.x - g.start.x, g.end.y - g.start.y);
        dx >= 0.0 && dy.abs() <= dx * 0.04
    };
    let askew = content.glyphs.iter().filter(text).filter(|g| !level(g)).count();
    if askew * 20 > hidden {
        return None;
    }
    // Its letters are as wide as their step: the font is a stand-in, its outlines say nothing.
    let wide: Vec<Glyph> = content
        .glyphs
        .iter()
        .map(|g| {
            let (y, size) = (g.start.y, g.size);
            let area = Area::new(
                g.start.x as f32,
                (y - size * ABOVE) as f32,
                g.end.x as f32,
                (y + size * BELOW) as f32,
            );
            Glyph { area: if g.visible { g.area } else { area }, ..g.clone() }
        })
        .collect();
    let lines = words::lines(&wide);
    (lines.iter().map(|l| l.tokens.len()).sum::<usize>() <= MAX_WORDS).then_some(lines)
}

/// What became of a word of the layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing is known yet.
    Open,
    /// It was read again and says the same, or its shapes do.
    Good,
    /// The picture says something else there, or nothing.
    Bad,
}

struct Entry {
    token: Token,
    line: usize,
    state: State,
    cells: Option<Vec<Cell>>,
}

/// A word as a key to compare by: signs that readers mix up are one.
fn plain(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{2032}' | '`' | '\u{b4}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2022}' | '\u{b7}' | '\u{25cf}' => '•',
        c => c,
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Whether a hidden text can be used, and the page as it is then read.
pub(crate) enum Belief {
    /// The page; true when parts of it were read off the picture.
    Yes(Box<Reading>, bool),
    /// It cannot be believed.
    No,
}

/// Compares a layer with the picture it lies behind. `layer` is in pixels of `flat`, the page with its
/// paper made white. `read` reads a picture of the same size and gives lines in its pixels.
///
/// # Errors
/// What `read` says when it fails.
pub(crate) fn check(
    layer: &[Line],
    flat: &Grey,
    read: &mut dyn FnMut(Grey) -> Result<Vec<Line>, Message>,
) -> Result<Belief, Message> {
    let dark = ink(flat);
    let Some(found) = components(&dark) else { return Ok(Belief::No) };
    let shapes = letters(&found, &dark);
    if shapes.len() < 20 || skew(&shapes) != 0.0 {
        return Ok(Belief::No);
    }
    let parts = Components::new(&dark, &found);
    let mut entries: Vec<Entry> = Vec::new();
    for (line, tokens) in layer.iter().enumerate() {
        for token in &tokens.tokens {
            let cells = parts.cells(token);
            // Its place is that of its ink.
            let own = parts.within(token.area).map(|c| c.area);
            let area = Area::around(own.filter(|a| a.height() < token.area.height() * 2.0));
            let state = if area.is_some() { State::Open } else { State::Bad };
            let token = Token { area: area.unwrap_or(token.area), ..token.clone() };
            entries.push(Entry { token, line, state, cells });
        }
    }
    // Words against the ink.
    let on_ink = entries.iter().filter(|e| e.state == State::Open).count();
    let boxes: Vec<Area> =
        layer.iter().flat_map(|l| &l.tokens).map(|t| t.area.grown(t.area.height() * 0.2)).collect();
    let bare: Vec<Area> =
        shapes.iter().map(|c| c.area).filter(|a| !boxes.iter().any(|b| b.holds(a.middle()))).collect();
    let under = 1.0 - bare.len() as f32 / shapes.len() as f32;
    tracing::debug!(words = entries.len(), on_ink, under, "hidden text against the ink");
    if (on_ink as f32) < entries.len() as f32 * ON_INK || under < UNDER_WORDS {
        return Ok(Belief::No);
    }

    // Some lines are read again.
    let sample = choose(&entries, flat.height as f32);
    let mut picture = Grey { pixels: vec![255; flat.pixels.len()], ..*flat };
    for entry in entries.iter().filter(|e| sample.contains(&e.line)) {
        copy(flat, &mut picture, entry.token.area);
    }
    let again = read_rest(&picture, read)?;
    let (mut all, mut same, mut wrong) = (0usize, 0usize, 0usize);
    for line in &sample {
        let (letters, agreeing, digits_wrong) = compare(&mut entries, |e| e.line == *line, &again);
        all += letters;
        same += agreeing;
        wrong += digits_wrong;
    }
    let agreement = same as f32 / all.max(1) as f32;
    tracing::debug!(lines = sample.len(), all, agreement, wrong, "hidden text read again");
    if all < MIN_GLYPHS / 2 || agreement < AGREEMENT || wrong > 0 {
        return Ok(Belief::No);
    }

    // The shapes of all others are compared with theirs.
    let sure = entries.iter().filter(|e| e.state == State::Good);
    let alphabet = Alphabet::new(sure.filter_map(|e| e.cells.clone()).flatten().collect());
    let mut odd = 0usize;
    let mut open = 0usize;
    for entry in entries.iter_mut().filter(|e| e.state == State::Open) {
        open += 1;
        match entry.cells.as_deref().map(|cells| alphabet.word(cells)) {
            Some(Says::Same) => entry.state = State::Good,
            Some(Says::Other) => odd += 1,
            Some(Says::Nothing) | None => {}
        }
    }
    tracing::debug!(
        open,
        odd,
        good = entries.iter().filter(|e| e.state == State::Good).count(),
        cut = entries.iter().filter(|e| e.cells.is_some()).count(),
        "hidden text by its shapes"
    );
    if odd as f32 > (open as f32 * LOOK_WRONG).max(4.0) {
        return Ok(Belief::No);
    }

    // The rest is read again, and what no word accounts for.
    let mut added: Vec<Line> = Vec::new();
    if bare.len() >= 3 || entries.iter().any(|e| e.state != State::Good) {
        // Words are read better in their line than alone.
        let unclear: HashSet<usize> =
            entries.iter().filter(|e| e.state != State::Good).map(|e| e.line).collect();
        let mut picture = flat.clone();
        for entry in entries.iter().filter(|e| !unclear.contains(&e.line)) {
            for part in parts.within(entry.token.area.grown(entry.token.area.height() * 0.25)) {
                blot(&mut picture, part.area.grown(1.0));
            }
            blot(&mut picture, entry.token.area);
        }
        added = read_rest(&picture, read)?;
        let mut wrong = 0usize;
        for line in 0..layer.len() {
            if unclear.contains(&line) {
                wrong += compare(&mut entries, |e| e.line == line, &added).2;
            }
        }
        tracing::debug!(wrong, "hidden text, the rest");
        if wrong > 0 {
            return Ok(Belief::No);
        }
        // What agreed with the layer stands there already.
        let good: Vec<Area> =
            entries.iter().filter(|e| e.state == State::Good).map(|e| e.token.area).collect();
        for line in &mut added {
            line.tokens.retain(|t| good.iter().all(|g| g.shared(t.area) < t.area.size().min(g.size()) * 0.3));
        }
        added = added.into_iter().filter_map(|l| Line::new(l.tokens)).collect();
    }
    Ok(Belief::Yes(
        Box::new(result(flat, dark, &entries, added.clone(), agreement, shapes.len())),
        !added.is_empty(),
    ))
}

/// The page made of the good words and what was read beside them.
fn result(
    flat: &Grey,
    dark: Grey,
    entries: &[Entry],
    added: Vec<Line>,
    agreement: f32,
    letters: usize,
) -> Reading {
    let mut lines: Vec<Line> = entries
        .chunk_by(|a, b| a.line == b.line)
        .filter_map(|line| {
            let good = line.iter().filter(|e| e.state == State::Good);
            Line::new(
                good.map(|e| Token { confidence: agreement.min(MOST_SURE), ..e.token.clone() }).collect(),
            )
        })
        .collect();
    let mixed = !added.is_empty();
    lines.extend(added);
    if mixed {
        lines = join_close(lines);
    }
    let lines = reading_order(split_wide(lines));
    let (sum, count) = lines
        .iter()
        .flat_map(|l| &l.tokens)
        .map(|t| (t.confidence, t.text.chars().count() as f32))
        .fold((0.0, 0.0), |(sum, count), (c, n)| (sum + c * n, count + n));
    Reading {
        outcome: Outcome::Read,
        second: Vec::new(),
        lines,
        width: flat.width as f32,
        height: flat.height as f32,
        turned: 0,
        confidence: sum / f32::max(count, 1.0),
        letters,
        read_in: ReadIn::Latin,
        ink: Some(dark),
        offset: (0.0, 0.0),
        skew: 0.0,
    }
}

/// The lines to be read again: those that show the most letters not shown yet, digits and capitals before
/// others, from all parts of the page.
fn choose(entries: &[Entry], height: f32) -> HashSet<usize> {
    let mut lines: HashMap<usize, Vec<(char, u8)>> = HashMap::new();
    let mut thirds: HashMap<usize, u8> = HashMap::new();
    for entry in entries {
        // Letters of about one size are one kind.
        let size = (entry.token.area.height().max(1.0).ln() * 4.0) as u8;
        lines.entry(entry.line).or_default().extend(entry.token.text.chars().map(|c| (c, size)));
        thirds.insert(entry.line, (entry.token.area.middle().1 / height.max(1.0) * 3.0) as u8);
    }
    let most = (lines.len() / 4).clamp(LINES.0, LINES.1);
    let (mut shown, mut parts): (HashMap<(char, u8), u8>, HashSet<u8>) = (HashMap::new(), HashSet::new());
    let mut chosen = HashSet::new();
    while chosen.len() < most {
        let gain = |line: &usize, kinds: &[(char, u8)]| {
            let mut new: HashSet<(char, u8)> = HashSet::new();
            let letters: u32 = kinds
                .iter()
                .filter(|k| shown.get(k).is_none_or(|&n| n < 2) && new.insert(**k))
                .map(|(c, _)| match c {
                    '0'..='9' => 4,
                    c if c.is_uppercase() => 2,
                    c if c.is_alphabetic() => 2,
                    _ => 1,
                })
                .sum();
            let elsewhere = thirds.get(line).is_some_and(|t| !parts.contains(t));
            letters * if elsewhere { 2 } else { 1 }
        };
        // Of equals the first, so that a page is always read alike.
        let best = lines
            .iter()
            .filter(|(line, _)| !chosen.contains(*line))
            .map(|(line, kinds)| (gain(line, kinds), std::cmp::Reverse(*line)))
            .max();
        let Some((gain, std::cmp::Reverse(line))) = best else { break };
        if gain == 0 && chosen.len() >= LINES.0 {
            break;
        }
        for kind in lines.get(&line).into_iter().flatten() {
            let count = shown.entry(*kind).or_default();
            *count = count.saturating_add(1);
        }
        parts.extend(thirds.get(&line));
        chosen.insert(line);
    }
    chosen
}

/// Compares words of one line with what was read at their place, and marks those that agree. Gives the
/// letters compared, those that agree, and the words whose digits surely differ.
fn compare(entries: &mut [Entry], of_line: impl Fn(&Entry) -> bool, read: &[Line]) -> (usize, usize, usize) {
    let picked: Vec<usize> = entries.iter().enumerate().filter(|(_, e)| of_line(e)).map(|(i, _)| i).collect();
    let area = |i: &usize| entries.get(*i).map(|e| e.token.area);
    let Some(whole) = Area::around(picked.iter().filter_map(area)) else { return (0, 0, 0) };
    let reach = whole.grown(whole.height() * 0.25);
    let mut there: Vec<&Token> = read
        .iter()
        .flat_map(|l| &l.tokens)
        .filter(|t| {
            let own = picked.iter().filter_map(area).any(|a| a.grown(a.height() * 0.4).shared(t.area) > 0.0);
            own && reach.holds(t.area.middle())
        })
        .collect();
    there.sort_by(|a, b| a.area.left.total_cmp(&b.area.left));
    let mine: Vec<(char, usize)> = picked
        .iter()
        .filter_map(|&i| entries.get(i).map(|e| (i, e)))
        .flat_map(|(i, e)| e.token.text.chars().map(move |c| (plain(c), i)))
        .collect();
    let theirs: Vec<(char, f32)> =
        there.iter().flat_map(|t| t.text.chars().map(|c| (plain(c), t.confidence))).collect();
    let pairs = align(&mine, &theirs);
    let mut same = 0usize;
    let mut differing: HashSet<usize> = HashSet::new();
    let mut digits_differ: HashSet<usize> = HashSet::new();
    for ((c, word), partner) in mine.iter().zip(&pairs) {
        match partner.and_then(|p| theirs.get(p)) {
            Some((t, _)) if t == c => same += 1,
            Some((t, confidence)) => {
                differing.insert(*word);
                if c.is_ascii_digit() && t.is_ascii_digit() {
                    // However unsure: shapes are not asked about a number that was read otherwise.
                    if let Some(entry) = entries.get_mut(*word) {
                        entry.state = State::Bad;
                    }
                    if *confidence >= SURE {
                        digits_differ.insert(*word);
                    }
                }
            }
            None => {
                differing.insert(*word);
            }
        }
    }
    // What was read between the letters of a word is part of it.
    let used: HashSet<usize> = pairs.iter().flatten().copied().collect();
    let mut last = None;
    let mut extra: HashSet<usize> = HashSet::new();
    for ((_, word), partner) in mine.iter().zip(&pairs) {
        if let (Some((before, from)), Some(to)) = (last, *partner)
            && before == *word
            && (from + 1..to).any(|i| !used.contains(&i))
        {
            extra.insert(*word);
        }
        if let Some(to) = *partner {
            last = Some((*word, to));
        }
    }
    for &word in &picked {
        if let Some(entry) = entries.get_mut(word).filter(|e| e.state == State::Open)
            && !differing.contains(&word)
            && !extra.contains(&word)
        {
            entry.state = State::Good;
        }
    }
    (mine.len(), same, digits_differ.len())
}

/// The partner of each letter of `mine` among `theirs`, by the fewest changes between both.
fn align(mine: &[(char, usize)], theirs: &[(char, f32)]) -> Vec<Option<usize>> {
    const MOST: usize = 400;
    let (rows, columns) = (mine.len(), theirs.len());
    if rows > MOST || columns > MOST {
        return vec![None; rows];
    }
    let width = columns + 1;
    let mut costs = vec![0u32; (rows + 1) * width];
    let at = |costs: &[u32], r: usize, c: usize| costs.get(r * width + c).copied().unwrap_or(u32::MAX / 2);
    let step = |r: usize, c: usize| {
        let (a, b) = (mine.get(r).map(|m| m.0), theirs.get(c).map(|t| t.0));
        u32::from(a != b)
    };
    for r in 0..=rows {
        for c in 0..=columns {
            let cost = match (r, c) {
                (0, _) => c as u32,
                (_, 0) => r as u32,
                _ => (at(&costs, r - 1, c - 1) + step(r - 1, c - 1))
                    .min(at(&costs, r - 1, c) + 1)
                    .min(at(&costs, r, c - 1) + 1),
            };
            if let Some(slot) = costs.get_mut(r * width + c) {
                *slot = cost;
            }
        }
    }
    let mut partners = vec![None; rows];
    let (mut r, mut c) = (rows, columns);
    while r > 0 && c > 0 {
        let here = at(&costs, r, c);
        if here == at(&costs, r - 1, c - 1) + step(r - 1, c - 1) {
            (r, c) = (r - 1, c - 1);
            if let Some(slot) = partners.get_mut(r) {
                *slot = Some(c);
            }
        } else if here == at(&costs, r - 1, c) + 1 {
            r -= 1;
        } else {
            c -= 1;
        }
    }
    partners
}

/// Copies the surroundings of a word.
fn copy(from: &Grey, to: &mut Grey, area: Area) {
    let edge = |v: f32| v.max(0.0) as usize;
    let (up, beside) = (area.height() * 0.3, area.height() * 0.15);
    let (left, right) = (edge(area.left - beside), edge(area.right + beside).min(from.width));
    for y in edge(area.top - up)..edge(area.bottom + up).min(from.height) {
        let range = y * from.width + left.min(right)..y * from.width + right;
        if let (Some(source), Some(target)) = (from.pixels.get(range.clone()), to.pixels.get_mut(range)) {
            target.copy_from_slice(source);
        }
    }
}

/// White rows left where more are taken out.
const GAP: usize = 24;

/// A picture of little text without its white rows and margins, and how to get back. Looking over white
/// paper costs an engine a third of reading a page.
fn squeezed(picture: &Grey) -> Option<(Grey, impl Fn(Area) -> Area + use<>)> {
    let limit = 190;
    let inked: Vec<bool> = picture.rows().map(|row| row.iter().any(|&p| p < limit)).collect();
    let left = picture.rows().filter_map(|row| row.iter().position(|&p| p < limit)).min()?;
    let right = picture.rows().filter_map(|row| row.iter().rposition(|&p| p < limit)).max()?;
    let (left, right) = (left.saturating_sub(GAP), (right + GAP).min(picture.width));
    let near = |y: usize| {
        let span = inked.get(y.saturating_sub(GAP / 2)..(y + GAP / 2).min(inked.len()));
        span.unwrap_or_default().contains(&true)
    };
    let rows: Vec<usize> = (0..picture.height).filter(|&y| near(y)).collect();
    let mut pixels = Vec::with_capacity(rows.len() * (right - left));
    for &y in &rows {
        pixels.extend_from_slice(picture.row(y).get(left..right)?);
    }
    let small = Grey::new(right - left, rows.len(), pixels)?;
    let back = move |area: Area| {
        let (x, y) = (left as f32, area.middle().1.max(0.0) as usize);
        let shift = rows.get(y).or(rows.last()).map_or(0.0, |&from| from as f32 - y as f32);
        area.moved(x, shift)
    };
    Some((small, back))
}

/// Reads what is left on a picture.
fn read_rest(
    picture: &Grey,
    read: &mut dyn FnMut(Grey) -> Result<Vec<Line>, Message>,
) -> Result<Vec<Line>, Message> {
    let Some((small, back)) = squeezed(picture) else { return Ok(Vec::new()) };
    let mut lines = read(small)?;
    for line in &mut lines {
        line.tokens.iter_mut().for_each(|t| t.area = back(t.area));
        line.area = back(line.area);
    }
    Ok(lines)
}

/// Paints a box white.
fn blot(picture: &mut Grey, area: Area) {
    let edge = |v: f32| v.max(0.0) as usize;
    picture.paint(edge(area.left), edge(area.top), edge(area.right.ceil()), edge(area.bottom.ceil()), 255);
}

/// True when a layer that is not believed says something else than what was read off the picture, rather
/// than the same badly. `words` were read off the upright page; the layer is in fractions of it.
///
/// `aligned` is true when both stand in one frame: single words can be compared by their place then.
pub(crate) fn differs(layer: &[Word], words: &[Word], aligned: bool) -> bool {
    /// Words of both from which they can be compared.
    const ENOUGH: usize = 12;
    /// Share of words that are nothing like any word read: another text.
    const ALIEN: f32 = 0.35;
    /// Share of words without digits that agree, from which others were changed on purpose: a program that
    /// reads badly errs everywhere.
    const OTHERWISE_PERFECT: f32 = 0.94;
    /// Certainty of a word read from which it tells that another is false.
    const CERTAIN: f32 = 0.88;
    let key = |w: &Word| -> String {
        w.text.chars().map(plain).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let read: HashSet<String> = words.iter().map(key).filter(|k| k.len() > 1).collect();
    let sure = words.iter().filter(|w| w.confidence >= SURE).count();
    let layer: Vec<(&Word, String)> =
        layer.iter().map(|w| (w, key(w))).filter(|(_, k)| k.chars().count() >= 3).take(MAX_WORDS).collect();
    if layer.len() < ENOUGH || sure < ENOUGH {
        return false;
    }
    let joined: String = words.iter().map(key).collect();
    let found = |k: &String| read.contains(k) || (k.chars().count() >= 5 && joined.contains(k.as_str()));
    let missing: Vec<&(&Word, String)> = layer.iter().filter(|(_, k)| !found(k)).collect();
    let alien = missing.iter().filter(|(_, k)| !read.iter().any(|r| is_near(k, r))).count();
    if alien as f32 > layer.len() as f32 * ALIEN {
        return true;
    }
    if !aligned {
        return false;
    }
    let (mut texts, mut same, mut changed) = (0usize, 0usize, 0usize);
    for (word, k) in &layer {
        let there = words.iter().filter(|w| w.confidence >= CERTAIN && overlap(w, word)).map(key);
        let Some(other) = there.max_by_key(|o| o.chars().count()) else { continue };
        let numbers = (digits(k), digits(&other));
        if numbers.0.is_empty() && numbers.1.is_empty() {
            texts += 1;
            same += usize::from(*k == other);
            let long = k.chars().count() >= 4 && other.chars().count() >= 4;
            changed += usize::from(long && !is_near(k, &other) && !found(k));
        } else {
            changed += usize::from(numbers.0.len() == numbers.1.len() && numbers.0 != numbers.1);
        }
    }
    changed > 0 && texts >= ENOUGH && same as f32 >= texts as f32 * OTHERWISE_PERFECT
}

/// True when two words stand at one place.
fn overlap(a: &Word, b: &Word) -> bool {
    a.bbox.left < b.bbox.right && b.bbox.left < a.bbox.right && a.bbox.row_overlap(b.bbox) > 0.5
}

/// True when at least six in ten letters of two words agree.
fn is_near(a: &str, b: &str) -> bool {
    let (long, short) = (a.chars().count().max(b.chars().count()), a.chars().count().min(b.chars().count()));
    if short * 10 < long * 6 {
        return false;
    }
    let mine: Vec<(char, usize)> = a.chars().map(|c| (c, 0)).collect();
    let theirs: Vec<(char, f32)> = b.chars().map(|c| (c, 1.0)).collect();
    let same = align(&mine, &theirs)
        .iter()
        .zip(&mine)
        .filter(|(p, (c, _))| p.and_then(|p| theirs.get(p)).is_some_and(|(t, _)| t == c))
        .count();
    same * 10 >= long * 6
}
