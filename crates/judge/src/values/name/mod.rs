//! Comparison of people's names across documents.

mod alphabets;
mod holder;
mod spelling;

use complet_model::{are_mostly, is_latin};
use holder::Holder;
use spelling::{Token, joined, joined_near, minus, same_words, without_particles};

/// A name as printed, not folded: capitals may tell the family name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonName {
    /// Family name, or several (`DUPONT épouse MARTIN`).
    pub family: Option<String>,
    /// Given names.
    pub given: Option<String>,
    /// The whole name when it is not known which part is which; may name several people.
    pub full: Option<String>,
}

/// How two names compare, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameMatch {
    /// The same names, however written.
    Same,
    /// The same person, of whom one document prints fewer names: given names left out or cut off, a married
    /// name beside the birth name, one of two family names, family and given name changed about.
    Compatible,
    /// Cannot be told: a letter differs in a long name, or too little is printed.
    Doubtful,
    /// Two people.
    Different,
}

/// Compares two names. Titles, accents, hyphens, apostrophes, particles and the order of names do not count,
/// nor whether an umlaut is written as a passport's zone does. Of several holders the best match counts.
pub fn compare_names(a: &PersonName, b: &PersonName) -> NameMatch {
    // Arabic has no vowels to compare by, Chinese no letters, and what else there is, nobody has sorted out.
    if is_in_other_letters(a) != is_in_other_letters(b) {
        return NameMatch::Doubtful;
    }
    let ways = |name: &PersonName| -> Vec<Holder> {
        let all = Holder::all(name);
        let single: Vec<Holder> = all.iter().filter_map(Holder::without_repeats).collect();
        all.into_iter().chain(single).collect()
    };
    let (a, b) = (ways(a), ways(b));
    let pairs = a.iter().flat_map(|a| b.iter().map(move |b| compare(a, b)));
    // Nothing to compare is no difference.
    pairs.min().unwrap_or(NameMatch::Doubtful)
}

/// True for a name most letters of which are neither Latin nor of an alphabet that is written in Latin ones letter by letter.
fn is_in_other_letters(name: &PersonName) -> bool {
    let parts = [&name.family, &name.given, &name.full];
    let chars = parts.into_iter().flatten().flat_map(|part| part.chars());
    are_mostly(chars, |c| !is_latin(c) && !alphabets::is_letter(c))
}

/// The family names that a document prints of a person beside the known one: MARTIN of `Sophie DUPONT épouse
/// MARTIN`. None where it names several people.
pub fn other_families(known: &PersonName, printed: &PersonName) -> Vec<String> {
    let (known, printed) = (Holder::all(known), Holder::all(printed));
    let ([known], [printed]) = (known.as_slice(), printed.as_slice()) else { return Vec::new() };
    let is_known =
        |family: &[Token]| known.families.iter().any(|own| family_names(own, family) <= Part::Fewer);
    if !printed.families.iter().any(|family| is_known(family)) {
        return Vec::new();
    }
    let others = printed.families.iter().filter(|family| !is_known(family));
    others.map(|family| family.iter().map(Token::word).collect::<Vec<_>>().join(" ")).collect()
}

/// True when two names may be the same one, several letters of it misread: each word of the shorter has one
/// much like it in the other, and a longer one is there as it is.
pub fn may_be_misread(a: &PersonName, b: &PersonName) -> bool {
    let (a, b) = (words_of_all(a), words_of_all(b));
    a.iter().any(|a| b.iter().any(|b| if a.len() <= b.len() { misread(a, b) } else { misread(b, a) }))
}

/// True when two names are the same but for letters that look alike, as FVENTE and FUENTE do: what a reader
/// makes of print or handwriting. Neither may have a word more: that `THI MAI` lacks its family name is no matter
/// of looks.
pub fn looks_the_same(a: &PersonName, b: &PersonName) -> bool {
    let (a, b) = (words_of_all(a), words_of_all(b));
    let same = |one: &[Token], other: &[Token]| {
        let mut rest = other.to_vec();
        one.len() > 1
            && one.len() == other.len()
            && one.iter().all(|word| {
                let at = rest.iter().position(|other| other.same(word) || other.looks_like(word));
                at.map(|at| rest.remove(at)).is_some()
            })
    };
    a.iter().any(|a| b.iter().any(|b| same(a, b)))
}

/// True when a printed name may be a known one of which the family name or the given names were misread: the others
/// stand there as they are, and each word of these has one much like it.
pub fn is_misread_of(known: &PersonName, printed: &PersonName) -> bool {
    let is_one = |known: &Holder, printed: &[Token]| {
        let as_it_is = |part: &[Token]| minus(printed, part).filter(|_| !part.is_empty());
        let alike = |part: &[Token], rest: &[Token], least: f64| {
            let is_there = |word: &Token| rest.iter().any(|other| other.likeness(word) >= least);
            !part.is_empty() && part.iter().all(is_there)
        };
        known.families.iter().any(|family| {
            let family_alike = |rest: Vec<Token>| alike(&without_particles(family), &rest, MISREAD);
            let given_alike = |rest: Vec<Token>| alike(&known.given, &rest, MISREAD_GIVEN);
            as_it_is(&known.given).is_some_and(family_alike) || as_it_is(family).is_some_and(given_alike)
        })
    };
    let printed = words_of_all(printed);
    Holder::all(known).iter().any(|known| printed.iter().any(|printed| is_one(known, printed)))
}

/// The words of each person that a name stands for.
fn words_of_all(name: &PersonName) -> Vec<Vec<Token>> {
    Holder::all(name).iter().map(Holder::words).collect()
}

fn misread(few: &[Token], many: &[Token]) -> bool {
    let mut rest = many.to_vec();
    let mut anchored = false;
    for word in few {
        let Some((at, likeness)) = rest
            .iter()
            .enumerate()
            .map(|(i, other)| (i, word.likeness(other)))
            .max_by(|(_, x), (_, y)| x.total_cmp(y))
        else {
            return false;
        };
        if likeness < MISREAD {
            return false;
        }
        anchored |= likeness >= 1.0 && !word.is_particle();
        rest.remove(at);
    }
    anchored
}

/// How alike a word and its misreading are at least, from 0 to 1.
const MISREAD: f64 = 0.65;
/// The same for given names beside the right family name, which brothers and sisters have as well.
const MISREAD_GIVEN: f64 = 0.75;

/// How two parts of a name compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Same,
    /// One has more words, or was cut off.
    Fewer,
    /// One has only the first or only the last of several family names, as Spanish and Portuguese names are
    /// shortened.
    OneOfSeveral,
    /// One letter apart.
    Near,
    /// Something in common, or an initial.
    Weak,
    Missing,
    Other,
}

fn compare(a: &Holder, b: &Holder) -> NameMatch {
    let by_parts = match (is_split(a), is_split(b)) {
        (true, true) => split_with_split(a, b),
        (true, false) => split_with_loose(a, b),
        (false, true) => split_with_loose(b, a),
        (false, false) => loose_with_loose(a, b),
    };
    // The same words are the same person even where they were sorted into parts another way.
    let (words_a, words_b) = (a.words(), b.words());
    let same_in_all = same_words(&words_a, &words_b) && words_a.len().max(words_b.len()) > 1;
    if same_in_all { by_parts.min(NameMatch::Compatible) } else { by_parts }
}

fn is_split(holder: &Holder) -> bool {
    holder.loose.is_empty()
}

fn split_with_split(a: &Holder, b: &Holder) -> NameMatch {
    let given = given_names(&a.given, &b.given, is_cut_off(a) || is_cut_off(b));
    let families = a.families.iter().flat_map(|fa| b.families.iter().map(move |fb| family_names(fa, fb)));
    let family = families.min().unwrap_or(Part::Missing);
    let several = a.families.len() > 1 || b.families.len() > 1;
    verdict(family, given, several)
}

/// `known` tells family from given names, the words of `bag` may be either.
fn split_with_loose(known: &Holder, bag: &Holder) -> NameMatch {
    let words = &bag.loose;
    let cut_off = is_cut_off(known);
    let mut best = NameMatch::Different;
    for family in &known.families {
        let several = known.families.len() > 1 || !bag.families.is_empty();
        for (found, rest) in found_in(family, words) {
            let others = known.families.iter().filter(|f| *f != family);
            // The other family name of the person may be printed as well.
            let rest = others.fold(rest, |rest, other| minus(&rest, other).unwrap_or(rest));
            best = best.min(verdict(found, given_names(&known.given, &rest, cut_off), several));
        }
        for other in &bag.families {
            let found = family_names(family, other);
            let given = given_names(&known.given, words, cut_off);
            let with_second_name =
                words.iter().map(|w| given_names(&known.given, &leave_out(words, w), cut_off));
            best = best.min(verdict(found, with_second_name.fold(given, Part::min), true));
        }
    }
    if known.families.is_empty() { best.min(NameMatch::Doubtful) } else { best }
}

fn leave_out(words: &[Token], word: &Token) -> Vec<Token> {
    words.iter().filter(|w| *w != word).cloned().collect()
}

/// The ways in which a family name is among words, with the words that are left.
fn found_in(family: &[Token], words: &[Token]) -> Vec<(Part, Vec<Token>)> {
    let bare = without_particles(family);
    if let Some(rest) = minus(words, family).or_else(|| minus(words, &bare)) {
        return vec![(Part::Same, rest)];
    }
    let target = joined(family);
    // In one piece here and in several there.
    for start in 0..words.len() {
        for end in start + 1..=words.len() {
            if words.get(start..end).is_some_and(|run| joined(run) == target) {
                let rest = words
                    .iter()
                    .enumerate()
                    .filter(|(i, _)| !(start..end).contains(i))
                    .map(|(_, t)| t.clone());
                return vec![(Part::Same, rest.collect())];
            }
        }
    }
    let near = words.iter().filter(|word| bare.iter().any(|f| f.near(word)) && bare.len() == 1);
    let part = words.iter().filter(|word| bare.len() > 1 && bare.iter().any(|f| f.same(word)));
    let kept = |word: &Token| if is_outer(word, &bare) { Part::OneOfSeveral } else { Part::Weak };
    near.map(|w| (Part::Near, leave_out(words, w)))
        .chain(part.map(|w| (kept(w), leave_out(words, w))))
        .collect()
}

fn loose_with_loose(a: &Holder, b: &Holder) -> NameMatch {
    let with_families = |holder: &Holder| {
        let mut bags = vec![holder.loose.clone()];
        bags.extend(holder.families.iter().map(|f| f.iter().chain(&holder.loose).cloned().collect()));
        bags
    };
    let (bags_a, bags_b) = (with_families(a), with_families(b));
    let pairs = bags_a.iter().flat_map(|x| bags_b.iter().map(move |y| bags(x, y)));
    pairs.min().unwrap_or(NameMatch::Doubtful)
}

/// Compares words of which nothing more is known.
fn bags(a: &[Token], b: &[Token]) -> NameMatch {
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if few.is_empty() {
        return NameMatch::Doubtful;
    }
    if same_words(a, b) {
        return if many.len() > 1 { NameMatch::Same } else { NameMatch::Doubtful };
    }
    let (bare_a, bare_b) = (without_particles(a), without_particles(b));
    if bare_a.len() > 1 && same_words(&bare_a, &bare_b) {
        return NameMatch::Compatible;
    }
    // The family name may be the word that is not there.
    if minus(many, few).is_some() {
        return NameMatch::Doubtful;
    }
    // Of two as long, either may be the one with a word twice.
    let apart = one_apart(few, many) || (few.len() == many.len() && one_apart(many, few));
    if apart { NameMatch::Doubtful } else { NameMatch::Different }
}

/// All words but one are there, and that one is nearly.
fn one_apart(few: &[Token], many: &[Token]) -> bool {
    let common = few.iter().filter(|w| many.iter().any(|m| m.same(w))).count();
    let alike = few.iter().filter(|w| many.iter().any(|m| m.near(w) || m.abbreviates(w))).count();
    common + 1 >= few.len() && common > 0 && alike > 0
}

fn family_names(a: &[Token], b: &[Token]) -> Part {
    if a.is_empty() || b.is_empty() {
        return Part::Missing;
    }
    let (bare_a, bare_b) = (without_particles(a), without_particles(b));
    if same_words(a, b) || same_words(&bare_a, &bare_b) {
        return Part::Same;
    }
    let (few, many) = if bare_a.len() <= bare_b.len() { (&bare_a, &bare_b) } else { (&bare_b, &bare_a) };
    if is_full(a, FAMILY_FIELD) && joined(b).starts_with(&joined(a))
        || is_full(b, FAMILY_FIELD) && joined(a).starts_with(&joined(b))
    {
        return Part::Fewer;
    }
    if joined_near(&bare_a, &bare_b) {
        return Part::Near;
    }
    match minus(many, few) {
        Some(_) if few.iter().all(|name| is_outer(name, many)) => Part::OneOfSeveral,
        Some(_) => Part::Weak,
        None => Part::Other,
    }
}

/// True for the first or the last of several family names: the one that is kept of them.
fn is_outer(name: &Token, names: &[Token]) -> bool {
    [names.first(), names.last()].into_iter().flatten().any(|outer| outer.same(name))
}

fn given_names(a: &[Token], b: &[Token], cut_off: bool) -> Part {
    if a.is_empty() || b.is_empty() {
        return Part::Missing;
    }
    if same_words(a, b) || same_words(&without_particles(a), &without_particles(b)) {
        return Part::Same;
    }
    let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    // A particle may have gone to the family name, or have been cut off from what followed it.
    let (bare_a, bare_b) = (without_particles(a), without_particles(b));
    let within = || minus(&bare_a, &bare_b).or_else(|| minus(&bare_b, &bare_a)).is_some();
    if begin_alike(a, b) && (within() || leads(few, many) || leads(many, few)) {
        return Part::Fewer;
    }
    if cut_short(a, b, if cut_off { 1 } else { 2 }) {
        return if cut_off { Part::Fewer } else { Part::Weak };
    }
    if joined_near(a, b) || first_is_near(a, b) {
        return Part::Near;
    }
    let abbreviated = a.iter().zip(b).all(|(x, y)| x.same(y) || x.abbreviates(y));
    let in_common = a.iter().any(|x| !x.is_particle() && b.iter().any(|y| x.same(y)));
    if abbreviated || in_common { Part::Weak } else { Part::Other }
}

/// The first given name is the same, be it in one word or in two.
fn begin_alike(a: &[Token], b: &[Token]) -> bool {
    a.first().zip(b.first()).is_some_and(|(x, y)| x.same(y)) || leads(a, b) || leads(b, a)
}

/// All of `few`, in one piece, is what `many` begins with.
fn leads(few: &[Token], many: &[Token]) -> bool {
    let target = joined(few);
    (1..=many.len()).any(|count| many.get(..count).is_some_and(|head| joined(head) == target))
}

/// All words are the same but the last of one, of which `letters` are left at least: they begin the other's.
fn cut_short(a: &[Token], b: &[Token], letters: usize) -> bool {
    let shared = a.len().min(b.len());
    let (Some(head_a), Some(head_b)) = (a.get(..shared - 1), b.get(..shared - 1)) else { return false };
    let heads = head_a.iter().zip(head_b).all(|(x, y)| x.same(y));
    let lasts = a.get(shared - 1).zip(b.get(shared - 1));
    heads && lasts.is_some_and(|(x, y)| x.begins(y) && x.word().len().min(y.word().len()) >= letters)
}

fn first_is_near(a: &[Token], b: &[Token]) -> bool {
    let (Some((first_a, rest_a)), Some((first_b, rest_b))) = (a.split_first(), b.split_first()) else {
        return false;
    };
    let (few, many) = if rest_a.len() <= rest_b.len() { (rest_a, rest_b) } else { (rest_b, rest_a) };
    first_a.near(first_b) && minus(many, few).is_some()
}

/// Room for a family name on the old French card.
const FAMILY_FIELD: usize = 25;
/// Room for given names on the old French card.
const GIVEN_FIELD: usize = 14;
/// Room for the whole name: cards, small zones, passports, lines of a 2D-Doc.
const NAME_FIELDS: [usize; 4] = [30, 31, 38, 39];

fn printed_length(tokens: &[Token]) -> usize {
    tokens.iter().map(|t| t.word().len() + 1).sum::<usize>().saturating_sub(1)
}

fn is_full(tokens: &[Token], room: usize) -> bool {
    let length = printed_length(tokens);
    length == room || length + 1 == room
}

/// True when the name fills a field that names are cut to.
fn is_cut_off(holder: &Holder) -> bool {
    let family = holder.families.first().map_or(0, |f| printed_length(f));
    let whole = family + 2 + printed_length(&holder.given);
    is_full(&holder.given, GIVEN_FIELD) || NAME_FIELDS.iter().any(|room| whole == *room || whole + 1 == *room)
}

fn verdict(family: Part, given: Part, several_families: bool) -> NameMatch {
    let best = match (family, given) {
        (Part::Same, Part::Same) => NameMatch::Same,
        (Part::Same, Part::Fewer) | (Part::Fewer | Part::OneOfSeveral, Part::Same | Part::Fewer) => {
            NameMatch::Compatible
        }
        // Two slips are two people.
        (Part::Other, _) | (_, Part::Other) | (Part::Near, Part::Near | Part::Weak) => NameMatch::Different,
        _ => NameMatch::Doubtful,
    };
    if several_families { best.max(NameMatch::Compatible) } else { best }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn full(text: &str) -> PersonName {
        PersonName { full: Some(text.to_owned()), ..PersonName::default() }
    }

    fn split(family: &str, given: &str) -> PersonName {
        let part = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        PersonName { family: part(family), given: part(given), full: None }
    }

    fn check(a: &PersonName, b: &PersonName, expected: NameMatch) {
        assert_eq!(compare_names(a, b), expected, "{a:?} / {b:?}");
        assert_eq!(compare_names(b, a), expected, "{b:?} / {a:?}");
    }

    #[test]
    fn a_name_is_the_same_in_cyrillic_and_in_latin_letters() {
        let passport = split("MELNYCHENKO", "OKSANA");
        for (name, expected) in [
            (split("Мельниченко", "Оксана Іванівна"), NameMatch::Compatible),
            (full("Мельниченко Оксана Іванівна"), NameMatch::Compatible),
            (full("Мельничанко Оксана"), NameMatch::Doubtful),
            (split("Мельниченко", "Юлія Іванівна"), NameMatch::Different),
            (split("Коваленко", "Оксана Іванівна"), NameMatch::Different),
        ] {
            check(&passport, &name, expected);
        }
        // In the same letters they are compared as they are printed.
        check(&split("Мельниченко", "Оксана"), &split("Мельниченко", "Юлія"), NameMatch::Different);
    }

    #[test]
    fn names_in_letters_that_cannot_be_compared_are_doubtful() {
        let passport = full("SELMA BEN ROMDHANE");
        for name in ["سلمى بن رمضان", "محمد", "欧阳文静", "ΑΘΑΝΑΣΙΟΣ ΚΑΡΑΓΙΑΝΝΗΣ"]
        {
            assert_eq!(compare_names(&passport, &full(name)), NameMatch::Doubtful, "{name}");
        }
        assert_eq!(compare_names(&full("سلمى بن رمضان"), &full("سلمى بن رمضان")), NameMatch::Same);
    }

    #[test]
    fn names_that_a_zone_cut_short() {
        check(
            &split("MUNOZ GARCIA LORCA", "MARIA DEL"),
            &full("Madame María del Carmen MUÑOZ GARCÍA-LORCA"),
            NameMatch::Compatible,
        );
        check(
            &split("CASTILLO RESTREPO", "VALENTINA S"),
            &split("Castillo Restrepo", "Valentina Sofía"),
            NameMatch::Compatible,
        );
        check(&split("CASTILLO", "VALENTINA S"), &split("Castillo", "Valentina Sofía"), NameMatch::Doubtful);
    }

    #[test]
    fn the_same_person_however_written() {
        for (a, b) in [
            (split("NGUYEN", "THI MAI"), split("Nguyễn", "Thị Mai")),
            (split("NGUYEN", "THI MAI"), full("Madame Thi Mai NGUYEN")),
            (split("NGUYEN", "VAN AN"), full("M. NGUYEN VAN AN")),
            (split("KAYA", "YUSUF"), full("KAYA Yusuf")),
            (split("KAYA", "YUSUF"), full("Yusuf KAYA")),
            (split("DIALLO", "IBRAHIMA"), full("M OU MME DIALLO IBRAHIMA")),
            (split("OWUSU", "ABENA"), full("Kwame et Abena OWUSU")),
            (split("OWUSU", "KWAME"), full("Kwame et Abena OWUSU")),
            (split("POPESCU", "ANDREI"), full("Mme Ioana POPESCU; M. Andrei POPESCU")),
            (split("MUELLER", "JOERG"), split("Müller", "Jörg")),
            (split("MULLER", "JORG"), split("Müller", "Jörg")),
            (split("MAENNIK", "MARI LIIS"), split("MÄNNIK", "MARI-LIIS")),
            (split("OSPELTBECK", "MARISA"), split("OSPELT-BECK", "Marisa")),
            (split("PENA", "JOSE"), split("Peña", "José")),
            (split("PENXXA", "JOSE"), split("Peña", "José")),
            (split("OBRIEN", "SEAN"), split("O'Brien", "Seán")),
            (split("STRASSER", "GROSS"), split("Straßer", "Groß")),
            (split("SORENSEN", "AAGE"), split("Sørensen", "Åge")),
            (split("GAULLE", "CHARLES"), split("de Gaulle", "Charles")),
            (split("GARCAO DE MAGALHAES", "INES"), split("GARÇÃO DE MAGALHÃES", "INÊS")),
            (full("TORRES CASTILLO VALENTINA"), full("VALENTINA TORRES CASTILLO")),
            (split("DELMAS", "JULIEN KARIM"), full("DELMAS Julien, Karim")),
            (split("DURAND", "JEAN-PIERRE"), full("M. Jean Pierre DURAND")),
            (split("LIN", "MEI HUA"), split("LIN", "MEI-HUA")),
        ] {
            check(&a, &b, NameMatch::Same);
        }
    }

    #[test]
    fn fewer_names_of_the_same_person() {
        for (a, b) in [
            (split("FOTSO", "BRICE LANDRY"), full("M. Brice FOTSO")),
            (split("FOTSO", "BRICE LANDRY"), split("FOTSO", "BRICE")),
            (split("DLAMINI", "LINDIWE GRACE"), full("MLLE LINDIWE DLAMINI")),
            (split("DUPONT", "SOPHIE"), full("Mme Sophie MARTIN née DUPONT")),
            (split("MARTIN", "SOPHIE"), full("Mme Sophie MARTIN née DUPONT")),
            (split("DUPONT", "SOPHIE"), split("DUPONT épouse MARTIN", "Sophie")),
            (split("MARTIN", "SOPHIE"), full("DUPONT EPOUSE MARTIN SOPHIE")),
            // Cut to the thirty cells of a card.
            (split("PAPANDROPOULOU", "KONSTANTINA AL"), split("PAPANDROPOULOU", "KONSTANTINA ALEXANDRA")),
            (split("REYES", "MORALES CAMILA"), split("REYES MORALES", "CAMILA")),
            (split("JEAN", "DUPONT"), split("DUPONT", "JEAN")),
            // One of two family names, as Spanish and Portuguese names are shortened.
            (split("REYES MORALES", "CAMILA"), split("REYES", "CAMILA")),
            (split("FONSECA BARRADAS", "RUI MIGUEL"), full("M. Rui BARRADAS")),
            (split("FONSECA BARRADAS", "RUI MIGUEL"), full("MR BARRADAS RUI MIGUEL")),
        ] {
            check(&a, &b, NameMatch::Compatible);
        }
    }

    #[test]
    fn doubtful() {
        for (a, b) in [
            (split("NGUYEN", "THI MAI"), full("Mme NGUYEN")),
            (split("DUPONT", "JEAN"), full("J. DUPONT")),
            (split("SHEVCHENKO", "OLENA"), full("Mme SHEVCHENK0 Olena")),
            (split("SHEVCHENKO", "OLENA"), split("SHEVCHENKQ", "OLENA")),
            (split("COSTA FONSECA BARRADAS", "RUI"), split("FONSECA", "RUI")),
            (split("FONSECA BARRADAS", "RUI MIGUEL"), full("M. Miguel BARRADAS")),
            (split("DUPONT", "MARIE SOPHIE"), split("DUPONT", "SOPHIE")),
            (split("NGUYEN", ""), split("NGUYEN", "")),
            (full("NGUYEN"), full("NGUYEN")),
            (full("Papandropoulou"), full("PAPANDROPOULOU")),
            (full("THI MAI"), full("NGUYEN THI MAI")),
            (full("MARIE SOPHIE"), full("DUPONT MARIE SOPHIE")),
            (split("", "JEAN"), split("DUPONT", "JEAN")),
            (PersonName::default(), split("DUPONT", "JEAN")),
            (full(""), full("M.")),
        ] {
            check(&a, &b, NameMatch::Doubtful);
        }
    }

    #[test]
    fn different_people() {
        for (a, b) in [
            (full("Dupont Dean"), full("Dumont Jean")),
            (split("DUPONT", "DEAN"), split("DUMONT", "JEAN")),
            (split("DUPONT", "JEAN"), split("DUPONT", "MARIE")),
            (split("DUPONT", "JEAN"), full("M. Pierre DUPONT")),
            (split("NGUYEN", "THI MAI"), full("NGUYEN VAN HUY")),
            (full("NGUYEN THI MAI"), full("NGUYEN VAN HUY")),
            (split("NGUYEN", "THI MAI"), split("NGUYEN", "THI HOA")),
            (split("NGUYEN", "VAN AN"), split("TRAN", "VAN AN")),
            (split("KAYA", "YUSUF"), full("Kwame et Abena OWUSU")),
            (split("MARTIN", "SOPHIE"), split("DUPONT", "SOPHIE")),
            (split("LE", "THI MAI"), split("NGUYEN", "THI MAI")),
            (split("FONSECA BARRADAS", "RUI MIGUEL"), full("M. Pedro BARRADAS")),
            (full("BEN ALI MOHAMED"), full("BEN SALAH KARIM")),
        ] {
            check(&a, &b, NameMatch::Different);
        }
    }

    #[test]
    fn letters_misread_are_told_from_another_name() {
        // The whole name, and the given name once more.
        let twice = split("DANIELA IBARRA QUIÑONES", "DANIELA");
        assert_eq!(compare_names(&split("IBARRA QUINONES", "Daniela"), &twice), NameMatch::Same);
        assert_eq!(compare_names(&split("ALI HASSAN", "ALI"), &split("ALI HASSAN", "ALI")), NameMatch::Same);
        assert!(compare_names(&split("IBARRA QUINONES", "LUCIA"), &twice) > NameMatch::Compatible);
        let applicant = split("HATHERSAGE", "GRAHAM PETER");
        assert!(is_misread_of(&applicant, &split("HATHERS AGE ES", "GRAHAM PETER.")));
        assert!(is_misread_of(&split("KOVALCHUK", "OKSANA"), &split("VOvALCtuv", "OKSaNa MYKOLalVNa")));
        assert!(!is_misread_of(&split("SILVA", "MARIA JOSE"), &split("SILVA", "MARIA ANA")));
        assert!(!is_misread_of(&applicant, &split("WHITCOMB", "GRAHAM PETER")));
        assert!(!is_misread_of(&applicant, &full("GRAHAM PETER")));
        assert!(is_misread_of(&split("TRABELSI", "WAJDI"), &split("TRABELSI", "WASDI")));
        assert!(!is_misread_of(&split("TRABELSI", "WAJDI"), &split("TRABELSI", "WALID")));
        assert!(may_be_misread(&full("D'AMICO Nicolùd"), &split("D'AMICO", "NICOLO")));
        assert!(may_be_misread(&full("NDLAYE Cheikh Ahmad"), &full("Cheikh Ahmadou NDIAYE")));
        assert!(may_be_misread(&full("DANG THI NGQC HANGiói"), &split("DANG", "THI NGOC HAN")));
        assert!(!may_be_misread(&full("DUPONT Pierre"), &split("DUPONT", "JEAN")));
        assert!(!may_be_misread(&full("Dupond Jeam"), &full("Dupont Jean")));
        assert!(!may_be_misread(&full(""), &full("")));
    }

    #[test]
    fn a_married_name_is_learnt_from_the_document_that_prints_both() {
        let known = split("ETCHEVERRY", "CAMILLE INES");
        let both = full("Madame Camille ETCHEVERRY épouse LARRALDE-DUHALDE");
        assert_eq!(other_families(&known, &both), ["LARRALDE DUHALDE"]);
        assert!(other_families(&known, &full("Camille LARRALDE-DUHALDE")).is_empty());
        assert!(other_families(&known, &full("M. Jean LARRALDE et Mme Camille ETCHEVERRY")).is_empty());
    }

    #[test]
    fn letters_of_the_same_look_are_no_difference_on_a_picture() {
        assert!(looks_the_same(&full("IKER ETXANIz DE LA FVENTE"), &split("ETXANIZ DE LA FUENTE", "IKER")));
        assert!(looks_the_same(&full("XLaOMeL OÙYANG"), &split("OUYANG", "XIAOMEI")));
        assert!(!looks_the_same(&full("Maria ROSSI"), &split("ROSSI", "MARIO")));
        assert!(!looks_the_same(&full("Dupont Dean"), &split("DUMONT", "JEAN")));
        assert!(!looks_the_same(&full("NGUYEN"), &split("NGUYEN", "THI MAI")));
        assert!(!looks_the_same(&full("THI MAI"), &split("NGUYEN", "THI MAI")));
        assert!(!looks_the_same(&full("Sophie DUPONT"), &split("DUPONT", "MARIE SOPHIE")));
    }

    #[test]
    fn a_word_twice_takes_no_side() {
        let (a, b) = (full("q￠Q¡0&F"), full("a,qA,Q&"));
        assert_eq!(compare_names(&a, &b), compare_names(&b, &a));
        let (a, b) = (split("q￠Q¡0&F", "a,qA,Q&"), full("a,qA,Q&"));
        assert_eq!(compare_names(&a, &b), compare_names(&b, &a));
        let (a, b) = (split("a,qA,Q&", "q￠Q¡0&F"), split("q￠Q¡0&F", "a,qA,Q&"));
        assert_eq!(compare_names(&a, &b), compare_names(&b, &a));
    }

    #[test]
    fn never_the_same_on_one_common_word() {
        for word in ["NGUYEN", "MARTIN", "MOHAMED"] {
            for other in ["NGUYEN MARTIN MOHAMED", "MARTIN DUPONT", "MOHAMED ALI", word] {
                assert!(compare_names(&full(word), &full(other)) >= NameMatch::Doubtful);
                assert!(compare_names(&split(word, ""), &full(other)) >= NameMatch::Doubtful);
            }
        }
    }

    proptest! {
        #[test]
        fn comparison_takes_no_side_and_survives_anything(a in "\\PC{0,40}", b in "[A-Za-z .;,/&-]{0,40}") {
            for (x, y) in [(full(&a), full(&b)), (split(&a, &b), full(&b)), (split(&b, &a), split(&a, &b))] {
                prop_assert_eq!(compare_names(&x, &y), compare_names(&y, &x));
            }
        }

        #[test]
        fn titles_and_order_do_not_count(family in "[A-Z]{4,10}", first in "[A-Z][a-z]{4,8}") {
            let printed = split(&family, &first);
            for other in [format!("{family} {first}"), format!("M. {first} {family}")] {
                prop_assert_eq!(compare_names(&printed, &full(&other)), NameMatch::Same);
            }
        }
    }
}
