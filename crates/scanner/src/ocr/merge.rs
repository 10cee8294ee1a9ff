//! One reading made of two: each word from the engine that is likelier right about it.

use crate::area::Area;
use crate::layout::{Line, Token, join_close};
use crate::ocr::read::is_readable;

/// Share of the smaller box that words at the same place share, on each axis.
const SAME_PLACE: f32 = 0.4;
/// How much higher than the other a box may be to be the same words'.
const SAME_HEIGHT: f32 = 2.6;
/// The most that may be sure of a word on whose figures the engines differ.
const DISPUTED: f32 = 0.55;
/// The most two engines that agree are sure of.
const AGREED: f32 = 0.99;
/// Certainty a word needs that only the first or the second engine saw.
const ALONE: (f32, f32) = (0.6, 0.5);
/// How much more the second engine must have read for its lines to be the page's.
const MORE_READ: f32 = 1.05;
/// Words beyond which a page is no page.
const MOST_WORDS: usize = 8_000;

/// Which reading a merged one keeps the lines of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    First,
    Second,
}

/// A reading made of two.
pub(crate) struct Merged {
    pub(crate) lines: Vec<Line>,
    /// Its lines are these engine's; its words are both's.
    pub(crate) base: Base,
}

/// Merges the readings of one picture by Tesseract and by PP-OCR, in the same units.
pub(crate) fn merge(first: Vec<Line>, second: Vec<Line>) -> Merged {
    let base = if read_by(&second) > read_by(&first) * MORE_READ { Base::Second } else { Base::First };
    let words = numbered(first, second);
    if words.len() > MOST_WORDS {
        let lines = in_lines(words.into_iter().filter(|w| w.base() == base).collect(), base);
        return Merged { lines, base };
    }
    let chosen = groups(&words).into_iter().flat_map(|group| choose(group, base)).collect();
    Merged { lines: in_lines(chosen, base), base }
}

/// How much a reading holds, by letters and certainty.
fn read_by(lines: &[Line]) -> f32 {
    let readable = lines.iter().flat_map(|l| &l.tokens).filter(|t| is_readable(&t.text, t.confidence));
    readable.map(|t| t.text.chars().count() as f32 * t.confidence).sum()
}

/// A word with its reader and its line there.
#[derive(Debug, Clone)]
struct Word {
    token: Token,
    is_second: bool,
    line: usize,
}

impl Word {
    fn base(&self) -> Base {
        if self.is_second { Base::Second } else { Base::First }
    }
}

fn numbered(first: Vec<Line>, second: Vec<Line>) -> Vec<Word> {
    let words = |lines: Vec<Line>, is_second| {
        lines
            .into_iter()
            .enumerate()
            .flat_map(move |(line, l)| l.tokens.into_iter().map(move |token| Word { token, is_second, line }))
    };
    words(first, false).chain(words(second, true)).collect()
}

/// What both engines have at one place, from left to right.
#[derive(Default)]
struct Group {
    first: Vec<Word>,
    second: Vec<Word>,
}

/// Puts words of both readings that lie on each other together, over several words where their
/// spaces differ.
fn groups(words: &[Word]) -> Vec<Group> {
    fn root(parents: &mut [usize], mut i: usize) -> usize {
        while let Some(&parent) = parents.get(i)
            && parent != i
        {
            let above = parents.get(parent).copied().unwrap_or(parent);
            if let Some(slot) = parents.get_mut(i) {
                *slot = above;
            }
            i = above;
        }
        i
    }
    let mut parents: Vec<usize> = (0..words.len()).collect();
    let split = words.partition_point(|w| !w.is_second);
    let (first, second) = words.split_at(split);
    for (i, a) in first.iter().enumerate() {
        for (j, b) in second.iter().enumerate() {
            if at_same_place(a.token.area, b.token.area) {
                let (one, two) = (root(&mut parents, i), root(&mut parents, split + j));
                if let Some(slot) = parents.get_mut(one.max(two)) {
                    *slot = one.min(two);
                }
            }
        }
    }
    let mut place = vec![usize::MAX; words.len()];
    let mut groups: Vec<Group> = Vec::new();
    for (i, word) in words.iter().enumerate() {
        let home = root(&mut parents, i);
        let Some(slot) = place.get_mut(home) else { continue };
        if *slot == usize::MAX {
            *slot = groups.len();
            groups.push(Group::default());
        }
        if let Some(group) = groups.get_mut(*slot) {
            if word.is_second { &mut group.second } else { &mut group.first }.push(word.clone());
        }
    }
    for group in &mut groups {
        for side in [&mut group.first, &mut group.second] {
            side.sort_by(|a, b| a.token.area.left.total_cmp(&b.token.area.left));
        }
    }
    groups
}

fn at_same_place(a: Area, b: Area) -> bool {
    let share = |low: f32, high: f32, a: f32, b: f32| (high - low) / a.min(b).max(1.0);
    let across = share(a.top.max(b.top), a.bottom.min(b.bottom), a.height(), b.height());
    let along = share(a.left.max(b.left), a.right.min(b.right), a.width(), b.width());
    let heights = a.height().max(b.height()) / a.height().min(b.height()).max(1.0);
    along > SAME_PLACE && across > SAME_PLACE && heights < SAME_HEIGHT
}

/// The words to keep of those at one place.
fn choose(group: Group, base: Base) -> Vec<Word> {
    let Group { first, second } = group;
    if second.is_empty() || first.is_empty() {
        let limit = if second.is_empty() { ALONE.0 } else { ALONE.1 };
        // Short scraps between words are dirt and edges more often than text.
        let kept = |w: &Word| w.token.confidence >= limit && plausible(&w.token.text) >= 0.0;
        return first.into_iter().chain(second).filter(kept).collect();
    }
    let (one, two) = (text(&first), text(&second));
    let sure = (confidence(&first), confidence(&second));
    if one == two {
        let agreed = (1.0 - (1.0 - sure.0) * (1.0 - sure.1)).min(AGREED);
        return settle(
            first,
            second,
            base,
            if first_spaces() { Pick::First } else { Pick::Second },
            None,
            agreed,
        );
    }
    if let Some(mended) = mended(&one, &two) {
        let pick = if first.len() == 1 { Pick::First } else { Pick::Second };
        return settle(first, second, base, pick, Some(mended), sure.0.max(sure.1));
    }
    let pick =
        if likely(&one, sure.0, false) >= likely(&two, sure.1, true) { Pick::First } else { Pick::Second };
    let chosen = if pick == Pick::First { sure.0 } else { sure.1 };
    let (plain, other) = if pick == Pick::First { (&one, &two) } else { (&two, &one) };
    let disputed = figures(&one) != figures(&two) && !is_wreck(other, plain);
    let certainty = if disputed { chosen.min(sure.0.min(sure.1)).min(DISPUTED) } else { chosen };
    settle(first, second, base, pick, None, certainty)
}

/// Spaces between words are the first engine's strength: the second was made for Chinese.
const fn first_spaces() -> bool {
    true
}

/// Whose words are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pick {
    First,
    Second,
}

/// The words picked, in the line of the page's reading, none surer than `limit` allows.
fn settle(
    first: Vec<Word>,
    second: Vec<Word>,
    base: Base,
    pick: Pick,
    mended: Option<String>,
    certainty: f32,
) -> Vec<Word> {
    let home = match base {
        Base::First => first.first().map(|w| w.line),
        Base::Second => second.first().map(|w| w.line),
    };
    let agrees = text(&first) == text(&second);
    let mut words = if pick == Pick::First { first } else { second };
    let single = words.len() == 1;
    for word in &mut words {
        if let Some(line) = home {
            word.line = line;
        }
        word.is_second = base == Base::Second;
        let own = word.token.confidence;
        word.token.confidence = if single || agrees { certainty } else { own.min(certainty) };
    }
    if let (Some(text), [word]) = (mended, words.as_mut_slice()) {
        word.token.text = text;
    }
    words
}

fn text(words: &[Word]) -> String {
    words.iter().map(|w| w.token.text.as_str()).collect()
}

/// Mean certainty, by letters.
fn confidence(words: &[Word]) -> f32 {
    let (sum, count) = words.iter().fold((0.0, 0.0), |(sum, count), w| {
        let letters = w.token.text.chars().count() as f32;
        (sum + letters * w.token.confidence, count + letters)
    });
    if count > 0.0 { sum / count } else { 0.0 }
}

fn figures(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Where the engines' known weaknesses tell what a word must be: the second drops accents of capitals
/// and all but one of repeated characters.
fn mended(one: &str, two: &str) -> Option<String> {
    let bare: Vec<char> = one.chars().map(without_accent).collect();
    if bare.iter().copied().eq(two.chars().map(without_accent)) {
        let pairs = one.chars().zip(two.chars());
        return Some(pairs.map(|(a, b)| if without_accent(a) == a { b } else { a }).collect());
    }
    let squeezed = |text: &str| {
        let mut chars: Vec<char> = text.chars().collect();
        chars.dedup();
        chars
    };
    // Figures are left alone: either engine may be the one that is wrong.
    let longer = if one.chars().count() > two.chars().count() { one } else { return None };
    (squeezed(one) == squeezed(two) && figures(one) == figures(two)).then(|| longer.to_owned())
}

/// The letter below an accent, for those that French and its neighbours write.
fn without_accent(c: char) -> char {
    let of = |upper: char, lower: char| if c.is_uppercase() { upper } else { lower };
    match c {
        'À'..='Å' | 'à'..='å' => of('A', 'a'),
        'Ç' | 'ç' => of('C', 'c'),
        'È'..='Ë' | 'è'..='ë' => of('E', 'e'),
        'Ì'..='Ï' | 'ì'..='ï' => of('I', 'i'),
        'Ñ' | 'ñ' => of('N', 'n'),
        'Ò'..='Ö' | 'ò'..='ö' => of('O', 'o'),
        'Ù'..='Ü' | 'ù'..='ü' => of('U', 'u'),
        'Ÿ' | 'ÿ' => of('Y', 'y'),
        _ => c,
    }
}

/// How likely a reader is right about a word, on a scale on which the readers can be compared.
fn likely(text: &str, confidence: f32, is_second: bool) -> f32 {
    let bonus = if is_second { 0.05 } else { 0.0 };
    confidence + bonus + plausible(text) * 0.25
}

/// True when a word is plainly misread beside the other reading of it.
fn is_wreck(text: &str, other: &str) -> bool {
    plausible(text) + 0.5 < plausible(other)
}

/// Whether a word looks like one: from -1, a wreck, to 1.
fn plausible(text: &str) -> f32 {
    let chars: Vec<char> = text.chars().collect();
    let letters = chars.iter().filter(|c| c.is_alphabetic()).count();
    let digits = chars.iter().filter(|c| c.is_ascii_digit()).count();
    let signs = chars.len() - letters - digits;
    if letters + digits == 0 {
        return -0.5;
    }
    let mut score: f32 = 0.5;
    if signs * 2 > chars.len() {
        score -= 0.5;
    }
    // Capitals do not follow small letters within a word.
    let jumps = chars.windows(2).filter(|p| matches!(p, [a, b] if a.is_lowercase() && b.is_uppercase()));
    score -= jumps.count() as f32 * 0.4;
    // Figures and letters change sides once at most in a word, more in codes, which are in capitals.
    let kinds: Vec<bool> = chars.iter().filter(|c| c.is_alphanumeric()).map(char::is_ascii_digit).collect();
    let changes = kinds.windows(2).filter(|p| matches!(p, [a, b] if a != b)).count();
    if changes > 1 && chars.iter().any(|c| c.is_lowercase()) {
        score -= 0.3 * changes as f32;
    }
    // A word of several small letters has a vowel.
    let small = chars.iter().filter(|c| c.is_lowercase()).count();
    let vowel = |c: &char| {
        matches!(without_accent(*c).to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'œ' | 'æ')
    };
    if small > 3 && digits == 0 && !chars.iter().any(vowel) {
        score -= 0.4;
    }
    // Marks that the alphabet of documents does not know within words.
    let odd = chars
        .iter()
        .filter(|c| matches!(c, '|' | '~' | '{' | '}' | '\\' | '^' | '=' | '_' | '©' | '®' | '™'));
    score -= odd.count() as f32 * 0.4;
    score.clamp(-1.0, 1.0)
}

/// Lines of the base reading, with the words it lacked put among them or, where no line of it is, in
/// lines of their own.
fn in_lines(words: Vec<Word>, base: Base) -> Vec<Line> {
    let (own, added): (Vec<Word>, Vec<Word>) = words.into_iter().partition(|w| w.base() == base);
    let by_line = |mut words: Vec<Word>| {
        words.sort_by_key(|w| w.line);
        let mut lines = Vec::new();
        let mut rest = words.into_iter().peekable();
        while let Some(first) = rest.next() {
            let number = first.line;
            let mut tokens = vec![first.token];
            while let Some(next) = rest.next_if(|w| w.line == number) {
                tokens.push(next.token);
            }
            lines.extend(Line::new(tokens));
        }
        lines
    };
    let mut lines = by_line(own);
    let added = by_line(added);
    if added.is_empty() {
        return lines;
    }
    lines.extend(added);
    join_close(lines)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Words of a line, ten pixels a letter and twenty high, each with its certainty.
    fn line(x: f32, y: f32, words: &[(&str, f32)]) -> Line {
        let mut left = x;
        let tokens = words.iter().map(|&(text, confidence)| {
            let right = left + text.chars().count() as f32 * 10.0;
            let area = Area::new(left, y, right, y + 20.0);
            left = right + 8.0;
            Token { text: text.to_owned(), area, confidence }
        });
        Line::new(tokens.collect()).unwrap()
    }

    fn merged(first: &[(&str, f32)], second: &[(&str, f32)]) -> Vec<(String, f32)> {
        let lines = merge(vec![line(50.0, 100.0, first)], vec![line(51.0, 98.0, second)]).lines;
        lines.into_iter().flat_map(|l| l.tokens).map(|t| (t.text, t.confidence)).collect()
    }

    fn texts(words: &[(String, f32)]) -> Vec<&str> {
        words.iter().map(|(t, _)| t.as_str()).collect()
    }

    #[test]
    fn readers_that_agree_are_surer() {
        let words = merged(&[("LOYER", 0.8)], &[("LOYER", 0.9)]);
        assert_eq!(texts(&words), ["LOYER"]);
        assert!((words[0].1 - 0.98).abs() < 1e-4);
        assert!(merged(&[("LOYER", 0.99)], &[("LOYER", 0.99)])[0].1 <= AGREED);
    }

    #[test]
    fn figures_on_which_they_differ_are_not_sure() {
        let words = merged(&[("1250,00", 0.93)], &[("1260,00", 0.98)]);
        assert_eq!(words.len(), 1);
        assert!(words[0].1 <= DISPUTED, "{words:?}");
        // A letter among figures is plainly wrong and puts no doubt on the other.
        let words = merged(&[("l2b0c,00", 0.6)], &[("1260,00", 0.98)]);
        assert_eq!(words, [("1260,00".to_owned(), 0.98)]);
    }

    #[test]
    fn known_weaknesses_are_mended() {
        let words = merged(&[("NÉE", 0.8), ("BNPAFRPPXXX", 0.7)], &[("NEE", 0.95), ("BNPAFRPPX", 0.97)]);
        assert_eq!(texts(&words), ["NÉE", "BNPAFRPPXXX"]);
        // But a figure more or less is not made up.
        let words = merged(&[("10000", 0.6)], &[("1000", 0.97)]);
        assert!(words[0].1 <= DISPUTED);
    }

    #[test]
    fn what_one_dropped_comes_from_the_other_into_its_place() {
        let first =
            vec![line(50.0, 100.0, &[("Total", 0.9)]), line(50.0, 200.0, &[("|", 0.3), ("signature", 0.9)])];
        let mut whole = line(50.0, 101.0, &[("Total", 0.9), ("dû", 0.9), ("80,00", 0.9)]);
        whole.tokens[2].area = whole.tokens[2].area.moved(2.0, 0.0);
        let lines = merge(first, vec![whole, line(50.0, 300.0, &[("Nantes", 0.9)])]).lines;
        let mut rows: Vec<(i32, String)> = lines
            .iter()
            .map(|l| {
                (l.area.top as i32, l.tokens.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" "))
            })
            .collect();
        rows.sort();
        let rows: Vec<&str> = rows.iter().map(|(_, t)| t.as_str()).collect();
        assert_eq!(rows, ["Total dû 80,00", "signature", "Nantes"]);
    }

    #[test]
    fn spaces_come_from_the_first() {
        let mut glued = line(50.0, 100.0, &[("Montantdû", 0.95)]);
        glued.tokens[0].area.right += 8.0;
        glued.area.right += 8.0;
        let lines = merge(vec![line(50.0, 100.0, &[("Montant", 0.9), ("dû", 0.9)])], vec![glued]).lines;
        let words: Vec<_> = lines.iter().flat_map(|l| &l.tokens).map(|t| t.text.as_str()).collect();
        assert_eq!(words, ["Montant", "dû"]);
    }

    #[test]
    fn shapes_of_words() {
        for (good, bad) in
            [("Quittance", "Qu|ttance"), ("1 250,00", "l25O,0O"), ("Martin", "MaRtlN"), ("75011", "~7{")]
        {
            assert!(plausible(good) > plausible(bad), "{good} {bad}");
        }
    }
}
