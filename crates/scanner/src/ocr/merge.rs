//! One reading made of two: each word from the engine that is likelier right about it.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::LazyLock;

use complet_model::{are_in_other_letters, fold};

use crate::area::Area;
use crate::layout::{Line, Token, join_close};
use crate::ocr::read::{is_readable, token};
use crate::ocr::{OcrWord, labels};

/// Share of the smaller box that words at the same place share, on each axis.
const SAME_PLACE: f32 = 0.4;
/// How much higher than the second's word a scrap of the first may be to be the same.
const SAME_HEIGHT: f32 = 2.6;
/// How much higher a box is than another when it reaches over two rows.
const TWO_ROWS: f32 = 1.8;
/// The same when the lower box lies so far off the middle of the higher, in heights of this.
const HIGHER: f32 = 1.4;
const OFF_MIDDLE: f32 = 0.18;
/// Letters and figures of a word whose row can be told by its height.
const WORD: usize = 2;
/// The most that may be sure of a word on whose figures the engines differ.
const DISPUTED: f32 = 0.55;
/// Certainty over and under which one engine is plainly right and the other wrong.
const CLEARLY_SURE: f32 = 0.95;
const CLEARLY_UNSURE: f32 = 0.5;
/// How much less sure than such a word a familiar one may be.
const MOST_BEHIND: f32 = 0.3;
/// How much wider one reading's box is when the other saw only a part of the word.
const PART_SEEN: f32 = 1.25;
/// The most two engines that agree are sure of.
const AGREED: f32 = 0.99;
/// Certainty a word needs that only the first or the second engine saw.
const ALONE: (f32, f32) = (0.6, 0.5);
/// The same for a sign that only the first saw.
const ALONE_SIGN: f32 = 0.8;
/// Certainty from which the first engine is believed where the second is known to be weak, and where it
/// is so in few cases only.
const MENDS: f32 = 0.5;
const MENDS_RARE: f32 = 0.8;
/// The same for accented letters that the second left out: it knows those of western Europe alone.
const MENDS_LEFT_OUT: f32 = 0.3;
/// Certainty of the second engine from which it is right in such cases.
const NEEDS_NO_MENDING: f32 = 0.99;
/// How much likelier the second engine is right at the same certainty.
const SECOND_BONUS: f32 = 0.15;
/// How much more the second engine must have read for its lines to be the page's.
const MORE_READ: f32 = 1.05;
/// Words beyond which a page is no page.
const MOST_WORDS: usize = 8_000;

/// One of the two readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    First,
    Second,
}

/// A reading made of two.
pub(crate) struct Merged {
    /// One engine's lines with the words of both.
    pub(crate) lines: Vec<Line>,
    /// The other engine's reading alone. Where that read only a part of the page, the words that were known
    /// stand in it as well.
    pub(crate) other: Vec<Line>,
}

/// Merges the readings of one picture by Tesseract and by PP-OCR, in the same units. When the second left
/// out what the first was sure of, `known` holds the boxes of those words.
pub(crate) fn merge(first: Vec<Line>, second: Vec<Line>, known: Option<Vec<Area>>) -> Merged {
    let second = match known {
        Some(known) => completed(second, &first, &known),
        None => second,
    };
    let base = if read_by(&second) > read_by(&first) * MORE_READ { Side::Second } else { Side::First };
    let other = if base == Side::First { second.clone() } else { first.clone() };
    let words = numbered(first, second);
    if words.len() > MOST_WORDS {
        let lines = in_lines(words.into_iter().filter(|w| w.side() == base).collect(), base);
        return Merged { lines, other };
    }
    let groups = groups(&words);
    let familiar = familiar_words(&groups);
    let chosen = groups.into_iter().flat_map(|group| choose(group, base, &familiar)).collect();
    Merged { lines: in_lines(chosen, base), other }
}

/// A reading of a part of the page with another's words at the places `known` put in where it has nothing.
fn completed(part: Vec<Line>, with: &[Line], known: &[Area]) -> Vec<Line> {
    let held: Vec<Area> = part.iter().flat_map(|l| &l.tokens).map(|t| t.area).collect();
    let is_free =
        |t: &Token| held.iter().all(|h| h.shared(t.area) < t.area.size().min(h.size()) * SAME_PLACE);
    let known = with.iter().filter_map(|line| {
        let tokens = line.tokens.iter().filter(|t| known.contains(&t.area) && is_free(t));
        Line::new(tokens.cloned().collect())
    });
    let words = numbered(known.collect(), part);
    in_lines(words, Side::Second)
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
    fn side(&self) -> Side {
        if self.is_second { Side::Second } else { Side::First }
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

/// What two readings of a picture have at each place where one of them has words, from left to right.
pub(crate) fn at_one_place(one: &[OcrWord], two: &[OcrWord]) -> Vec<[Vec<OcrWord>; 2]> {
    let word = |w: &OcrWord, is_second: bool| Word {
        token: token(w.clone(), (0.0, 0.0)),
        is_second,
        line: w.line as usize,
    };
    let ocr_word = |Word { token: Token { text, area, confidence }, line, .. }| {
        let Area { left, top, right, bottom } = area;
        OcrWord { text, left, top, right, bottom, confidence, line: line as u32 }
    };
    let words: Vec<Word> =
        one.iter().map(|w| word(w, false)).chain(two.iter().map(|w| word(w, true))).collect();
    let pair = |group: Group| {
        let side = |words: Vec<Word>| words.into_iter().map(ocr_word).collect();
        [group.first, group.second].map(side)
    };
    groups(&words).into_iter().map(pair).collect()
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
            if at_same_place(&a.token, &b.token) {
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

fn at_same_place(one: &Token, two: &Token) -> bool {
    let (a, b) = (one.area, two.area);
    // A border or fold that the first engine takes for a letter would hold many lines together.
    let scrap = a.height() > b.height().max(1.0) * SAME_HEIGHT && one.text.chars().nth(2).is_none();
    if scrap {
        return false;
    }
    // A box that is two rows high holds a label besides the value that was read, or the other way round.
    let (low, high) = (a.height().min(b.height()), a.height().max(b.height()));
    let is_one_of_two = high > low * HIGHER && (a.middle().1 - b.middle().1).abs() > high * OFF_MIDDLE;
    if high > low * TWO_ROWS && figures(&one.text).is_empty() != figures(&two.text).is_empty() {
        return false;
    }
    // Signs are as high as they are.
    let are_words = [one, two].iter().all(|t| t.text.chars().filter(|c| c.is_alphanumeric()).count() >= WORD);
    if are_words && (high > low * TWO_ROWS || is_one_of_two) && !are_alike(&one.text, &two.text) {
        return false;
    }
    let share = |low: f32, high: f32, a: f32, b: f32| (high - low) / a.min(b).max(1.0);
    let across = share(a.top.max(b.top), a.bottom.min(b.bottom), a.height(), b.height());
    let along = share(a.left.max(b.left), a.right.min(b.right), a.width(), b.width());
    along > SAME_PLACE && across > SAME_PLACE
}

/// True when half of the characters of the shorter of two texts are in the other.
fn are_alike(one: &str, two: &str) -> bool {
    let (one, two) = (fold(one), fold(two));
    let mut rest: Vec<char> = two.chars().collect();
    let take = |c: char| rest.iter().position(|other| *other == c).map(|at| rest.swap_remove(at));
    let (all, shared) = (one.chars().count().min(two.chars().count()), one.chars().filter_map(take).count());
    shared * 2 >= all
}

/// The words to keep of those at one place.
fn choose(group: Group, base: Side, familiar: &HashSet<String>) -> Vec<Word> {
    let Group { first, second } = group;
    if second.is_empty() || first.is_empty() {
        return first.into_iter().chain(second).filter(is_believed).collect();
    }
    let (one, two) = (text(&first), text(&second));
    let sure = (confidence(&first), confidence(&second));
    // The second has Latin letters only.
    if are_in_other_letters(one.chars()) {
        return settle(first, second, base, Side::First, None, sure.0);
    }
    if one == two {
        // What stands at the very same place to the last bit was seen by one of them alone.
        let is_copy = |w: &Word| first.iter().any(|f| f.token.area == w.token.area);
        let both = 1.0 - (1.0 - sure.0) * (1.0 - sure.1);
        let agreed = if second.iter().all(is_copy) { sure.0 } else { both.min(AGREED) };
        let pick = in_one_row(&first, &second).unwrap_or_else(|| better_spaced(&first, &second));
        return settle(first, second, base, pick, None, agreed);
    }
    if let Some(mended) = mended(&one, &two, sure) {
        // The text must fit the words it is put into.
        let pick = if second.len() == 1 { Side::Second } else { Side::First };
        return settle(first, second, base, pick, Some(mended), sure.0.max(sure.1));
    }
    if let Some(pick) = cut_short((&one, &first), (&two, &second)) {
        let certainty = if pick == Side::First { sure.0 } else { sure.1 };
        return settle(first, second, base, pick, None, certainty);
    }
    // A familiar word is no better than a sure one that it may be a misreading of.
    let is_familiar = |words: &[Word], own: f32, other: f32| {
        let is_beaten = other > CLEARLY_SURE && own < other - MOST_BEHIND;
        !is_beaten && words.iter().all(|w| familiar.contains(&bare(&w.token.text)))
    };
    let by_words = (figures(&one) == figures(&two))
        .then(|| is_familiar(&first, sure.0, sure.1).cmp(&is_familiar(&second, sure.1, sure.0)));
    let pick = match by_words.unwrap_or(Ordering::Equal) {
        Ordering::Greater => Side::First,
        Ordering::Equal if likely(&one, sure.0, false) >= likely(&two, sure.1, true) => Side::First,
        Ordering::Less | Ordering::Equal => Side::Second,
    };
    let chosen = if pick == Side::First { sure.0 } else { sure.1 };
    let (plain, other) = if pick == Side::First { (&one, &two) } else { (&two, &one) };
    let overruled = chosen > CLEARLY_SURE && sure.0.min(sure.1) < CLEARLY_UNSURE;
    let disputed = figures(&one) != figures(&two) && !is_wreck(other, plain) && !overruled;
    let certainty = if disputed { chosen.min(sure.0.min(sure.1)).min(DISPUTED) } else { chosen };
    settle(first, second, base, pick, None, certainty)
}
/// Words that are likelier than others: common ones, and those both engines read somewhere on the page.
fn familiar_words(groups: &[Group]) -> HashSet<String> {
    let agreed = groups.iter().filter_map(|group| match (group.first.as_slice(), group.second.as_slice()) {
        ([one], [two]) if one.token.text == two.token.text => Some(bare(&one.token.text)),
        _ => None,
    });
    common_words().iter().cloned().chain(agreed.filter(|w| !w.is_empty())).collect()
}

/// Words that are common on documents, and those of their labels, as [`bare`] gives them.
fn common_words() -> &'static HashSet<String> {
    static WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let labels = labels::rows().flatten().flat_map(str::split_whitespace);
        COMMON.split_whitespace().chain(labels).map(bare).collect()
    });
    &WORDS
}

/// True for a word that is common on documents.
pub(crate) fn is_common(word: &str) -> bool {
    common_words().contains(&bare(word))
}

/// A word without the signs around it, in small letters.
fn bare(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// Words that are common on documents and often misread by one letter.
const COMMON: &str = "le la les l de des du d un une et ou où en à au aux ce cette ces il elle je nous vous \
    sa son ses notre votre par pour sur sous avec sans dans entre est sont a ont été être n'est que qui dont \
    si se ne pas plus mois jour jours an ans année date lieu né née nom noms nom(s) prénom prénoms prénom(s) \
    mère père sexe fils fille épouse époux mariage naissance naissances acte extrait copie mairie commune \
    état civil officier préfecture république française france nationalité adresse rue avenue boulevard \
    place chemin allée impasse code postal ville résidence appartement étage bâtiment téléphone courriel \
    monsieur madame mademoiselle mme mlle société entreprise employeur salarié salaire brut net bulletin \
    paie paiement période emploi contrat travail durée heures taux base montant total somme euro euros \
    payé payer loyer loyers charges quittance locataire bailleur propriétaire logement terme reçu facture \
    client compte bancaire banque agence titulaire domiciliation identifiant national international clé \
    guichet établissement numéro n° référence signature signé fait le soussigné soussignée déclare \
    certifie certifié conforme traduction traducteur traductrice original expert cour appel document pièce \
    identité carte passeport titre séjour délivré délivrée validité valable jusqu'au janvier février mars \
    avril mai juin juillet août septembre octobre novembre décembre caisse sécurité sociale assurance \
    maladie demande formulaire cadre réservé destinataire impôt impôts avis revenu revenus foyer fiscal eau \
    électricité gaz consommation abonnement tva ttc ht";

/// True for a word that only one engine saw and that is likely there.
fn is_believed(word: &Word) -> bool {
    let Token { text, confidence, .. } = &word.token;
    // The first engine takes edges, folds and dirt for signs.
    let is_sign = !text.chars().any(char::is_alphanumeric);
    match (word.is_second, is_sign) {
        (true, _) => *confidence >= ALONE.1,
        (false, false) => *confidence >= ALONE.0 && plausible(text) >= 0.0,
        (false, true) => *confidence >= ALONE_SIGN && !text.contains('|'),
    }
}

/// The words picked, in the line of the page's reading, none surer than `limit` allows.
fn settle(
    first: Vec<Word>,
    second: Vec<Word>,
    base: Side,
    pick: Side,
    mended: Option<String>,
    certainty: f32,
) -> Vec<Word> {
    // Words of the base keep their lines; others go where those they replace stood.
    let home = match (base, pick) {
        (Side::First, Side::Second) => first.first().map(|w| w.line),
        (Side::Second, Side::First) => second.first().map(|w| w.line),
        _ => None,
    };
    let agrees = text(&first) == text(&second);
    let mut words = if pick == Side::First { first } else { second };
    let single = words.len() == 1;
    for word in &mut words {
        if let Some(line) = home {
            word.line = line;
        }
        word.is_second = base == Side::Second;
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

fn confidence(words: &[Word]) -> f32 {
    certainty(words.iter().map(|w| (w.token.text.as_str(), w.token.confidence)))
}

/// Mean certainty of words, by their characters, 0 when there are none.
pub(crate) fn certainty<'t>(words: impl Iterator<Item = (&'t str, f32)>) -> f32 {
    let (sum, count) = words.fold((0.0, 0.0), |(sum, count), (text, confidence)| {
        let letters = text.chars().count() as f32;
        (sum + letters * confidence, count + letters)
    });
    if count > 0.0 { sum / count } else { 0.0 }
}

/// The digits of a text.
pub(crate) fn figures(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Who saw the words in one row when the other's boxes are two rows high.
fn in_one_row(first: &[Word], second: &[Word]) -> Option<Side> {
    let tallest = |words: &[Word]| words.iter().map(|w| w.token.area.height()).fold(0.0, f32::max);
    let (one, two) = (tallest(first), tallest(second));
    match () {
        () if one > two * TWO_ROWS => Some(Side::Second),
        () if two > one * TWO_ROWS => Some(Side::First),
        () => None,
    }
}

/// Whose spaces are right when the letters are the same: each engine rather drops a space than makes one
/// up, save within a number.
fn better_spaced(first: &[Word], second: &[Word]) -> Side {
    let torn = |words: &[Word]| {
        let text = |w: Option<&Word>| w.map(|w| w.token.text.clone()).unwrap_or_default();
        words.windows(2).any(|pair| {
            let (before, after) = (text(pair.first()), text(pair.last()));
            let number = before.chars().rev().nth(1).is_some_and(|c| c.is_ascii_digit());
            number && before.ends_with([',', '.']) && after.starts_with(|c: char| c.is_ascii_digit())
        })
    };
    match (torn(first), torn(second)) {
        (true, false) => Side::Second,
        (false, true) => Side::First,
        _ if second.len() > first.len() => Side::Second,
        _ => Side::First,
    }
}

/// The reading of the whole word when the other saw only its beginning or end: where a stamp or a fold
/// crosses a line, it is cut.
fn cut_short(one: (&str, &[Word]), two: (&str, &[Word])) -> Option<Side> {
    let wide = |words: &[Word]| Area::around(words.iter().map(|w| w.token.area)).map_or(0.0, Area::width);
    let is_part = |part: (&str, &[Word]), whole: (&str, &[Word])| {
        let within = whole.0.starts_with(part.0) || whole.0.ends_with(part.0);
        within && wide(whole.1) > wide(part.1) * PART_SEEN && confidence(whole.1) >= ALONE.0
    };
    match (is_part(two, one), is_part(one, two)) {
        (true, false) => Some(Side::First),
        (false, true) => Some(Side::Second),
        _ => None,
    }
}

/// Where the second engine's known weaknesses tell what a word must be: it leaves letters out that its
/// alphabet does not have, drops accents, of capitals above all, and all but one of repeated characters,
/// takes the comma of an amount for a point and a small l for a capital I.
fn mended(one: &str, two: &str, sure: (f32, f32)) -> Option<String> {
    if left_out(one, two).is_some_and(|letters| {
        let accented = letters.iter().all(|c| !c.is_ascii());
        letters.iter().copied().all(is_vowel) && sure.0 >= if accented { MENDS_LEFT_OUT } else { MENDS }
    }) {
        return Some(one.to_owned());
    }
    if sure.0 < MENDS {
        return None;
    }
    // Letters with two accents, which Vietnamese has, are not in the second engine's alphabet.
    let has_two = |c: char| ('\u{1ea0}'..='\u{1ef9}').contains(&c);
    if one.contains(has_two) && fold(one) == fold(two) {
        return Some(one.to_owned());
    }
    let small = one.chars().any(char::is_lowercase);
    let rare = sure.0 >= MENDS_RARE && sure.1 < NEEDS_NO_MENDING;
    if one.chars().count() == two.chars().count() {
        let in_number = |i: usize| {
            let around = [i.wrapping_sub(1), i + 1].map(|i| one.chars().nth(i));
            around.iter().all(|c| c.is_some_and(|c| c.is_ascii_digit()))
        };
        // No word begins with an l before a consonant.
        let small_l = |i: usize| {
            small && (i > 0 || one.chars().nth(1).is_some_and(|c| !c.is_alphabetic() || is_vowel(c)))
        };
        let alike = |(i, (a, b)): (usize, (char, char))| {
            let accent = without_accent(a) == b && (rare || a.is_uppercase() && sure.0 >= MENDS_RARE);
            a == b || accent || (a == ',' && b == '.' && in_number(i)) || (a == 'l' && b == 'I' && small_l(i))
        };
        let fits = one.chars().zip(two.chars()).enumerate().all(alike);
        return fits.then(|| one.to_owned());
    }
    let squeezed = |text: &str| {
        let mut chars: Vec<char> = text.chars().collect();
        chars.dedup();
        chars
    };
    // Figures are left alone: either engine may be the one that is wrong.
    let fits = one.chars().count() > two.chars().count()
        && squeezed(one) == squeezed(two)
        && figures(one) == figures(two);
    fits.then(|| one.to_owned())
}

/// The letters of a word that the other reading of it lacks, when that lacks one or two and is the same
/// otherwise.
fn left_out(whole: &str, part: &str) -> Option<Vec<char>> {
    let mut rest = part.chars().peekable();
    let missing: Vec<char> = whole.chars().filter(|c| rest.next_if_eq(c).is_none()).collect();
    let is_rest = rest.peek().is_none() && part.chars().nth(1).is_some();
    (is_rest && (1..=2).contains(&missing.len())).then_some(missing)
}

fn is_vowel(c: char) -> bool {
    matches!(without_accent(c).to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'œ' | 'æ')
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
    let bonus = if is_second { SECOND_BONUS } else { 0.0 };
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
    if small > 3 && digits == 0 && !chars.iter().copied().any(is_vowel) {
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
fn in_lines(words: Vec<Word>, base: Side) -> Vec<Line> {
    let (own, added): (Vec<Word>, Vec<Word>) = words.into_iter().partition(|w| w.side() == base);
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
    let mut apart: Vec<Line> = Vec::new();
    for line in by_line(added) {
        let mut left = Vec::new();
        for token in line.tokens {
            match lines.iter_mut().find(|l| holds(l, &token)) {
                Some(home) => {
                    home.area = home.area.union(token.area);
                    home.tokens.push(token);
                }
                None => left.push(token),
            }
        }
        apart.extend(Line::new(left));
    }
    for line in &mut lines {
        line.tokens.sort_by(|a, b| a.area.left.total_cmp(&b.area.left));
    }
    if apart.is_empty() {
        return lines;
    }
    lines.extend(apart);
    join_close(lines)
}

/// True when the word stands on a line's row, within it or a space away from its ends.
fn holds(line: &Line, token: &Token) -> bool {
    let (x, y) = token.area.middle();
    // Rows slant: what counts is how the words beside lie.
    let beside = line.tokens.iter().min_by(|a, b| {
        let gap = |t: &Token| (t.area.left - x).max(x - t.area.right);
        gap(a).total_cmp(&gap(b))
    });
    beside.is_some_and(|t| {
        let height = t.area.height();
        let gap = (t.area.left - token.area.right).max(token.area.left - t.area.right);
        (t.area.middle().1 - y).abs() < height * 0.4 && gap < height
    })
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
        let lines = merge(vec![line(50.0, 100.0, first)], vec![line(51.0, 98.0, second)], None).lines;
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
    fn a_label_does_not_stand_for_the_number_below_it() {
        let mut tall = line(50.0, 100.0, &[("17.06.1991", 0.96)]);
        for token in &mut tall.tokens {
            token.area.bottom += 20.0;
        }
        let second = vec![line(50.0, 98.0, &[("Date", 0.9), ("of", 0.9), ("birth", 0.9)])];
        let lines = merge(vec![tall], second, None).lines;
        let words: Vec<&str> = lines.iter().flat_map(|l| &l.tokens).map(|t| t.text.as_str()).collect();
        assert!(words.contains(&"17.06.1991") && words.contains(&"birth"), "{words:?}");
    }

    #[test]
    fn a_box_of_two_rows_is_not_both_of_them() {
        let rows = |tall: &str| {
            let mut first = line(50.0, 100.0, &[(tall, 0.9)]);
            first.tokens[0].area.bottom += 18.0;
            let second =
                vec![line(50.0, 100.0, &[("Nationality", 0.8)]), line(50.0, 122.0, &[("DEUTSCH", 0.99)])];
            let lines = merge(vec![first], second, None).lines;
            lines.iter().flat_map(|l| &l.tokens).map(|t| (t.text.clone(), t.confidence)).collect::<Vec<_>>()
        };
        // The value is as sure as ever, whatever stands for the label.
        for tall in ["Nat1onaiity", "DEUTSCH"] {
            let words = rows(tall);
            assert!(words.iter().any(|(text, sure)| text == "DEUTSCH" && *sure >= 0.9), "{words:?}");
            assert!(words.iter().any(|(text, _)| text == "Nationality"), "{words:?}");
        }
    }

    #[test]
    fn a_dot_and_a_colon_are_one_sign() {
        let mut dot = line(50.0, 100.0, &[("contrat", 0.9), ("·", 0.93)]);
        dot.tokens[1].area.top += 8.0;
        dot.tokens[1].area.bottom -= 8.0;
        let lines = merge(vec![dot], vec![line(50.0, 100.0, &[("contrat", 0.9), (":", 0.99)])], None).lines;
        assert_eq!(lines[0].tokens.len(), 2, "{lines:?}");
    }

    #[test]
    fn the_lower_of_two_boxes_of_a_word_is_taken() {
        let mut first = line(50.0, 100.0, &[("35000", 0.9)]);
        first.tokens[0].area.top -= 25.0;
        let lines = merge(vec![first], vec![line(50.0, 101.0, &[("35000", 0.9)])], None).lines;
        assert!(lines[0].tokens[0].area.height() < 21.0, "{lines:?}");
    }

    #[test]
    fn words_of_other_scripts_stay() {
        let words = merged(&[("ROYAUME", 0.9), ("المملكة", 0.7)], &[("ROYAUME", 0.9), ("aSuool", 0.95)]);
        assert_eq!(texts(&words), ["ROYAUME", "المملكة"]);
    }

    #[test]
    fn a_familiar_word_does_not_beat_a_sure_one() {
        assert_eq!(texts(&merged(&[("UNION", 0.6)], &[("UNIÓN", 0.99)])), ["UNIÓN"]);
        assert_eq!(texts(&merged(&[("de", 0.5)], &[("da", 0.8)])), ["de"]);
    }

    #[test]
    fn known_weaknesses_are_mended() {
        let words = merged(&[("NÉE", 0.8), ("BNPAFRPPXXX", 0.7)], &[("NEE", 0.95), ("BNPAFRPPX", 0.97)]);
        assert_eq!(texts(&words), ["NÉE", "BNPAFRPPXXX"]);
        // A letter of another alphabet is left out by the second, and taken for its nearest by the first.
        let words = merged(&[("Nguyên", 0.4), ("Viêt", 0.6)], &[("Nguyn", 1.0), ("Vit", 1.0)]);
        assert_eq!(texts(&words), ["Nguyên", "Viêt"]);
        // A consonant or a plain letter that the first is unsure of may be its own invention.
        let words = merged(&[("Martlin", 0.6), ("Duraind", 0.4)], &[("Martin", 0.97), ("Durand", 0.97)]);
        assert_eq!(texts(&words), ["Martin", "Durand"]);
        // Letters with two accents are none of the second's; what is no accent is in dispute as ever.
        let words = merged(
            &[("Nguyễn", 0.6), ("Thị", 0.6), ("Hươg", 0.6)],
            &[("Nguyěn", 0.98), ("Thi", 0.98), ("Hung", 0.98)],
        );
        assert_eq!(texts(&words), ["Nguyễn", "Thị", "Hung"]);
        // A small l may begin a word, but not before a consonant.
        let words = merged(&[("lnês", 0.7), ("l'avis", 0.7)], &[("Inês", 0.9), ("I'avis", 0.9)]);
        assert_eq!(texts(&words), ["Inês", "l'avis"]);
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
        let lines = merge(first, vec![whole, line(50.0, 300.0, &[("Nantes", 0.9)])], None).lines;
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
    fn words_left_out_are_no_agreement() {
        let first = line(50.0, 100.0, &[("Loyer", 0.93), ("8O,00", 0.4), ("euros", 0.94)]);
        let known = vec![first.tokens[0].area, first.tokens[2].area];
        let part = line(118.0, 101.0, &[("80,00", 0.97)]);
        let merged = merge(vec![first], vec![part], Some(known));
        let words = |lines: &[Line]| -> Vec<(String, f32)> {
            lines.iter().flat_map(|l| &l.tokens).map(|t| (t.text.clone(), t.confidence)).collect()
        };
        let found = words(&merged.lines);
        assert_eq!(texts(&found), ["Loyer", "80,00", "euros"]);
        assert!(found[0].1 < 0.931 && found[2].1 < 0.941, "{found:?}");
        // The other reading is of the whole page, whoever saw its words.
        let other = words(&merged.other);
        assert_eq!(other.len(), 3, "{other:?}");
    }

    #[test]
    fn spaces_come_from_the_first() {
        let mut glued = line(50.0, 100.0, &[("Montantdû", 0.95)]);
        glued.tokens[0].area.right += 8.0;
        glued.area.right += 8.0;
        let lines = merge(vec![line(50.0, 100.0, &[("Montant", 0.9), ("dû", 0.9)])], vec![glued], None).lines;
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
