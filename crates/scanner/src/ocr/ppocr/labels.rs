//! Labels of identity documents in print too small to be read letter by letter: of the labels there are, the one that
//! fits what the recogniser saw.

use super::alphabet::{Alphabet, BLANK};
use super::line::Seen;
use crate::ocr::labels;

/// Ways to part a label from its translation.
const SLASHES: [&str; 4] = [" / ", "/", "/ ", " /"];
/// Characters' widths between a label and its translation, with some to spare.
const SLASH: usize = 5;
/// Characters of a label under which it is told together with its translation only.
const SHORT: usize = 6;
/// Nats a character by which the likeliest reading of the place may be likelier than a label that stands there. On
/// small print, labels that are there come to 0.9 at most, others to 2 and more but for those that have half their
/// words in common with the one that is there (docs/reading.md).
const MOST_COST: f32 = 0.9;
/// Nats a character up to which a label is tried with its translation.
const MAY_BE: f32 = 2.0;
/// Nats by which a label must be likelier than one that says something else.
const MARGIN: f32 = 3.0;
/// Labels in a line at most.
const MOST_LABELS: usize = 3;
/// The least likelihood that is told from none.
const NEVER: f32 = 1e-12;

/// Labels as places in a row of the recogniser's answer.
pub(super) struct Labels {
    rows: Vec<Row>,
    slashes: Vec<Text>,
    /// Classes of a row of the answer.
    classes: usize,
}

/// A label and, for most, its translation: each as it is and in capitals.
type Row = Vec<[Text; 2]>;

/// A text the recogniser may see.
#[derive(Debug, Clone, Default, PartialEq)]
struct Text {
    chars: Vec<char>,
    /// Places of the characters in a row of the answer.
    classes: Vec<usize>,
}

impl Text {
    /// `None` when the alphabet lacks a character.
    fn new(text: &str, alphabet: &Alphabet) -> Option<Self> {
        // The blank comes before the alphabet.
        let class = |c: char| alphabet.classes.iter().position(|&(_, known)| known == c).map(|at| at + 1);
        Some(Self { chars: text.chars().collect(), classes: text.chars().map(class).collect::<Option<_>>()? })
    }

    fn joined(parts: [&Self; 3]) -> Self {
        Self {
            chars: parts.iter().flat_map(|p| p.chars.iter().copied()).collect(),
            classes: parts.iter().flat_map(|p| p.classes.iter().copied()).collect(),
        }
    }

    /// Its letters without spaces and signs, all small.
    fn bare(&self) -> String {
        self.chars.iter().filter(|c| c.is_alphanumeric()).flat_map(|c| c.to_lowercase()).collect()
    }
}

/// A line with its labels.
pub(super) struct Mended {
    pub(super) seen: Vec<Seen>,
    /// Characters of the labels, or of all of a sure line.
    pub(super) letters: usize,
    /// By how much of its width the line is too short for the translation of a label that stands alone.
    pub(super) lacks: f32,
    /// Where the last label ends, as a share of the line's width.
    pub(super) end: f32,
}

impl Mended {
    /// A line without a label that would have to be made out: all of it is sure.
    pub(super) fn sure(seen: Vec<Seen>) -> Self {
        Self { letters: seen.len(), seen, lacks: 0.0, end: 1.0 }
    }
}

/// A label where it fits a line best.
struct Found {
    text: Text,
    /// Its row in the list.
    row: usize,
    way: Way,
}

impl Found {
    /// What is for it, over what is against it.
    fn gain(&self) -> f32 {
        self.text.chars.len() as f32 * MOST_COST - self.way.cost
    }

    fn cost_of_character(&self) -> f32 {
        self.way.cost / self.text.chars.len().max(1) as f32
    }

    /// True when the other stands there as well and says something else.
    fn is_rival(&self, other: &Self) -> bool {
        let (a, b) = (&self.way, &other.way);
        let (one, two) = (self.text.bare(), other.text.bare());
        let overlaps = a.first() <= b.last && b.first() <= a.last;
        overlaps && self.row != other.row && !one.contains(&two) && !two.contains(&one)
    }
}

impl Labels {
    pub(super) fn new(alphabet: &Alphabet) -> Self {
        let text = |text: &str| Text::new(text, alphabet);
        let side = |side: &str| Some([text(side)?, text(&side.to_uppercase())?]);
        Self {
            rows: labels::rows().filter_map(|row| row.into_iter().map(side).collect()).collect(),
            slashes: SLASHES.iter().filter_map(|slash| text(slash)).collect(),
            classes: alphabet.classes.len() + 1,
        }
    }

    /// The characters of a line with labels in place of what was seen where they stand. `answer` has a row for each
    /// step: how likely the blank and each character of the alphabet are.
    pub(super) fn mended(&self, mut seen: Vec<Seen>, answer: &[f32]) -> Mended {
        let costs: Vec<Vec<f32>> = answer.chunks_exact(self.classes).map(costs_of).collect();
        let wide = costs.len().max(1) as f32;
        let (mut letters, mut reach, mut end) = (0, 0.0f32, 0.0f32);
        // A part of the line, from a step to another, with the label on it.
        let part = |from: usize, to: usize| {
            let found = self.best(costs.get(from..to)?)?;
            Some((from, to, Found { way: found.way.moved(from), ..found }))
        };
        let mut open: Vec<(usize, usize, Found)> = part(0, costs.len()).into_iter().collect();
        for _ in 0..MOST_LABELS {
            let gain = |at: &usize| open.get(*at).map_or(f32::MIN, |part| part.2.gain());
            let best = (0..open.len()).max_by(|a, b| gain(a).total_cmp(&gain(b)));
            let Some((from, to, found)) = best.map(|at| open.swap_remove(at)) else { break };
            let (first, after) = (found.way.first(), found.way.last + 1);
            open.extend([part(from, first), part(after, to)].into_iter().flatten());
            put(&mut seen, &found, costs.len());
            letters += found.text.chars.len();
            end = end.max(after as f32 / wide);
            let width = (after - first) as f32 / found.text.chars.len().max(1) as f32;
            reach = reach.max(after as f32 + self.translation(&found.text).unwrap_or(0) as f32 * width);
        }
        Mended { seen, letters, lacks: (reach / wide - 1.0).max(0.0), end }
    }

    /// The label that is on a part of a line, if one is.
    fn best(&self, costs: &[Vec<f32>]) -> Option<Found> {
        // What each class costs where it is likeliest: no text is cheaper than its characters there.
        let least: Vec<f32> = (0..self.classes).map(|class| least_cost(class, costs)).collect();
        let fit = |text: Text, row: usize| {
            let bound: f32 = text.classes.iter().filter_map(|class| least.get(*class)).sum();
            let may_be = bound < MAY_BE * text.chars.len() as f32;
            let way = may_be.then(|| Way::cheapest(&text.classes, costs))??;
            Some(Found { text, row, way })
        };
        let mut all: Vec<Found> = Vec::new();
        for (number, row) in self.rows.iter().enumerate() {
            let alone: Vec<Found> =
                row.iter().flatten().filter_map(|text| fit(text.clone(), number)).collect();
            let may_be = alone.iter().any(|found| found.cost_of_character() < MAY_BE);
            if let ([one, two], true) = (row.as_slice(), may_be) {
                for (a, b) in one.iter().flat_map(|a| two.iter().map(move |b| (a, b))) {
                    for slash in &self.slashes {
                        let both = [[a, slash, b], [b, slash, a]].map(Text::joined);
                        all.extend(both.into_iter().filter_map(|text| fit(text, number)));
                    }
                }
            }
            all.extend(alone.into_iter().filter(|found| found.text.chars.len() >= SHORT));
        }
        let gain = |at: &usize| all.get(*at).map_or(f32::MIN, Found::gain);
        let at = (0..all.len()).max_by(|a, b| gain(a).total_cmp(&gain(b)))?;
        let best = all.swap_remove(at);
        let rivals = all.iter().filter(|other| best.is_rival(other));
        let rival = rivals.map(Found::gain).fold(f32::MIN, f32::max);
        (best.gain() >= 0.0 && best.gain() >= rival + MARGIN).then_some(best)
    }

    /// Characters from the end of a label that stands alone to that of its longest translation.
    fn translation(&self, text: &Text) -> Option<usize> {
        let of_row = |row: &Row| {
            let [one, two] = row.as_slice() else { return None };
            let other = match () {
                () if one.contains(text) => two,
                () if two.contains(text) => one,
                () => return None,
            };
            other.first().map(|other| other.chars.len() + SLASH)
        };
        self.rows.iter().filter_map(of_row).max()
    }
}

/// The cost of a class at the step where it is likeliest.
fn least_cost(class: usize, costs: &[Vec<f32>]) -> f32 {
    costs.iter().filter_map(|row| row.get(class)).copied().fold(f32::INFINITY, f32::min)
}

/// How many nats less likely than the likeliest each class of a step is.
fn costs_of(row: &[f32]) -> Vec<f32> {
    let most = row.iter().copied().fold(NEVER, f32::max).ln();
    row.iter().map(|p| most - p.max(NEVER).ln()).collect()
}

/// How a text stands on a line.
#[derive(Debug, PartialEq)]
struct Way {
    /// Nats by which the line's likeliest reading is likelier.
    cost: f32,
    /// The step from which each of its characters is seen.
    steps: Vec<usize>,
    /// The last step.
    last: usize,
}

/// How a state is come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    Start,
    /// The state so many before.
    Before(usize),
}

impl Way {
    /// The cheapest way of a text through the steps of a line, by connectionist temporal classification (Graves and
    /// others, ICML 2006): each character stands on one step or more, with blanks between them where wanted, and
    /// always between two that are the same. The steps before and after the text cost nothing. `None` when the line is
    /// too short.
    fn cheapest(classes: &[usize], costs: &[Vec<f32>]) -> Option<Self> {
        // State 2 i is the character i, 2 i + 1 the blank after it.
        let states = (classes.len() * 2).checked_sub(1)?;
        let class = |state: usize| {
            if state.is_multiple_of(2) { classes.get(state / 2).copied() } else { Some(BLANK) }
        };
        let mut now = vec![f32::INFINITY; states];
        let mut ways: Vec<Vec<From>> = Vec::with_capacity(costs.len());
        let mut best = (f32::INFINITY, 0);
        for (step, row) in costs.iter().enumerate() {
            let mut next = Vec::with_capacity(states);
            let mut way = Vec::with_capacity(states);
            for state in 0..states {
                let before = |back: usize| {
                    let cost = state.checked_sub(back).and_then(|s| now.get(s)).copied();
                    (cost.unwrap_or(f32::INFINITY), From::Before(back))
                };
                let skips = state >= 2 && state.is_multiple_of(2) && class(state) != class(state - 2);
                let others = [
                    before(1),
                    before(if skips { 2 } else { 1 }),
                    (if state == 0 { 0.0 } else { f32::INFINITY }, From::Start),
                ];
                let cheaper =
                    |best: (f32, From), other: (f32, From)| if other.0 < best.0 { other } else { best };
                let (cost, from) = others.into_iter().fold(before(0), cheaper);
                let own = class(state).and_then(|class| row.get(class)).copied();
                next.push(cost + own.unwrap_or(f32::INFINITY));
                way.push(from);
            }
            now = next;
            ways.push(way);
            let end = now.last().copied().unwrap_or(f32::INFINITY);
            if end < best.0 {
                best = (end, step);
            }
        }
        let (cost, end) = best;
        if !cost.is_finite() {
            return None;
        }
        let mut steps = vec![end; classes.len()];
        let mut state = states - 1;
        for step in (0..=end).rev() {
            if state.is_multiple_of(2)
                && let Some(begun) = steps.get_mut(state / 2)
            {
                *begun = step;
            }
            match ways.get(step)?.get(state)? {
                From::Start => break,
                From::Before(back) => state = state.checked_sub(*back)?,
            }
        }
        // What is seen at the last step may stay for several.
        let seen = |row: &Vec<f32>| row.iter().position(|cost| *cost == 0.0);
        let at_end = costs.get(end).and_then(seen);
        let last = end + costs.iter().skip(end + 1).take_while(|row| seen(row) == at_end).count();
        Some(Self { cost, steps, last })
    }

    fn first(&self) -> usize {
        self.steps.first().copied().unwrap_or(self.last)
    }

    /// The same in a line that begins so many steps before.
    fn moved(self, by: usize) -> Self {
        let steps = self.steps.into_iter().map(|step| step + by).collect();
        Self { steps, last: self.last + by, ..self }
    }
}

/// Puts a label in place of what was seen there, on a line of so many steps.
fn put(seen: &mut Vec<Seen>, label: &Found, steps: usize) {
    let share = |step: f32| step / steps.max(1) as f32;
    let (start, end) = (share(label.way.first() as f32), share(label.way.last as f32 + 1.0));
    // Less speaks against it than its cost says: such labels are nearly always there.
    let confidence = (-0.5 * label.cost_of_character()).exp();
    let characters = label.text.chars.iter().zip(&label.way.steps);
    let characters = characters.map(|(&c, &step)| Seen { c, confidence, place: share(step as f32 + 0.5) });
    let from = seen.iter().position(|s| s.place >= start).unwrap_or(seen.len());
    let to = seen.iter().rposition(|s| s.place < end).map_or(from, |at| at + 1).max(from);
    seen.splice(from..to, characters);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::line::{decode, reading};
    use super::*;

    /// Two steps for each character: the one that is seen, and, nearly as likely, the one that is there; a blank where
    /// the two texts have none.
    fn read(seen: &str, there: &str) -> (String, Mended) {
        let letters: Vec<char> = (' '..='~').chain("éÉ°".chars()).collect();
        // The space comes last in an alphabet.
        let lines: Vec<String> = letters.iter().skip(1).map(char::to_string).collect();
        let alphabet = Alphabet::new(&lines.join("\n"));
        let class = |c: char| alphabet.classes.iter().position(|&(_, known)| known == c).unwrap() + 1;
        let mut answer = Vec::new();
        for (s, t) in seen.chars().zip(there.chars()) {
            let mut row = vec![1e-6; alphabet.classes.len() + 1];
            row[class(t)] = 0.4;
            row[class(s)] = 0.5;
            answer.extend(row.repeat(2));
            let mut blank = vec![1e-6; alphabet.classes.len() + 1];
            blank[BLANK] = 0.9;
            answer.extend(blank);
        }
        let before = decode(&answer, &alphabet);
        let text = reading(&before).text;
        (text, Labels::new(&alphabet).mended(before, &answer))
    }

    fn mended(seen: &str, there: &str) -> String {
        let (text, mended) = read(seen, there);
        assert_eq!(text, seen);
        reading(&mended.seen).text
    }

    #[test]
    fn a_label_stands_where_the_letters_may_be_its() {
        assert_eq!(mended("Dale oi bjrth", "Date of birth"), "Date of birth");
        assert_eq!(
            mended("4. Dale de naissanee / Dase of blrth (4)", "4. Date de naissance / Date of birth (4)"),
            "4. Date de naissance / Date of birth (4)"
        );
        // Letters that follow each other twice.
        assert_eq!(mended("Adress: Addross", "Adresse Address"), "Adresse Address");
        // Too short to be told alone.
        assert_eq!(mended("Nam", "Nom"), "Nam");
        assert_eq!(mended("Nam / Sumame", "Nom / Surname"), "Nom / Surname");
    }

    #[test]
    fn other_text_stays_as_it_was_seen() {
        for text in ["Salaire net", "MARTIN", "Sexe masculin", "12.04.1990", ""] {
            assert_eq!(mended(text, text), text);
        }
        // Either of two labels.
        assert_eq!(mended("Date of issue", "Date of birth"), "Date of issue");
    }

    #[test]
    fn a_line_may_lack_the_translation() {
        let (_, alone) = read("Date of blrth", "Date of birth");
        assert!(alone.letters == 13 && alone.end > 0.95);
        assert!((1.0..2.0).contains(&alone.lacks), "{}", alone.lacks);
        let (_, both) = read("Nationalilé / Natlonality", "Nationalité / Nationality");
        assert_eq!((both.letters, both.lacks), (25, 0.0));
    }
}
