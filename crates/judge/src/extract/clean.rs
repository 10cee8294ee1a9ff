//! Names and addresses: values without a form of their own, cut where other text begins.

use std::ops::Range;
use std::sync::LazyLock;

use complet_model::FieldValue;
use complet_rules::Kind;
use regex::Regex;

use super::Subject;
use super::candidate::Candidate;
use super::label_words::{has_label_word, is_of_label_words};
use super::value::Value;
use crate::seen::ReadPage;
use crate::values::{DateOrder, find_dates};

/// Where a name ends: what is said of the person, or another label.
static NAME_END: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        \b(?:NEE?\ (?:LE|EN|A)\b | NEE?\(E\) | DEMEURANT | DOMICILIEE? | RESIDANT | HABITANT | ADRESSE | AGISSANT | AGEE?\ DE
        | PROPRIETAIRE | LOCATAIRE | BAILLEUR | CI-APRES | DENOMMEE? | DE\ NATIONALITE | NATIONALITE | LA\ SOMME | AU\ TITRE
        | DATE\ DE | DATE\ OF | N[°O]\ | NUMERO | MATRICULE | TEL\b | TELEPHONE | EMAIL | E-MAIL | COURRIEL | SIRET | SIREN
        | BORN\ | EN\ QUALITE | REPRESENTEE? | GERANTE?\b | SEXE\b | PROFESSION | EMPLOI | QUALIFICATION | CODE\b
        | SUSNOMME | DESIGNEE? | OCCUPE | PERE\b | MERE\b | FILS\b | FILLE\b | DOMICILE | REGIME | D'AUTRE\ PART | D'UNE\ PART
        | ET\ DE\b | DONT\b | TITULAIRE\b | IBAN\b | BIC\b | DU\ COMPTE | PRENOMS?\b | NOM\b | PERIODE | BAIL\b
        | AP?PT\b | CHEZ\b | C/O\b | APPARTEMENT\b | PATRONYME\b | PATRONYMIC\b | ПО\ БАТЬКОВІ | ГРОМАДЯН | ГРАЖДАН
        | الاسم | اللقب | الجنس | المولوده? | المزداده?)
        | \s\(  | ; | : | \| | \s-\s | \b\d | ,?\ [^\ ]*@",
    )
    .ok()
});
/// The end of a sentence within a name: titles and initials that end with a full stop are shorter.
static FULL_STOP: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[A-Z]{4,}(?<stop>\. )").ok());
static POSTCODE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b\d{2} ?\d{3}\b,? ?[A-Z][A-Z' -]*(?: CEDEX)?(?: \d{1,2}\b)?").ok());

/// What parts the names of several people in one line. Between given names of a couple (`Kwame et Abena
/// OWUSU`) it does not: both sides must be whole names.
static AND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r",? (?:ET DE|ET D'|ET|AND OF|AND|Y DE|Y|E DE|E DI|E|ED|UND|VE|I) |\s*[;/]\s*").ok()
});

/// Reads a name, a text or an address. With `many`, every name of a line that has several.
pub(crate) fn read(
    subject: &Subject,
    page: &ReadPage,
    candidate: &Candidate,
    kind: Kind,
    many: bool,
) -> Vec<Value> {
    match kind {
        Kind::Address => address(subject, page, candidate).into_iter().collect(),
        Kind::Persons if candidate.is_one_name => stacked(subject, page, candidate).into_iter().collect(),
        Kind::Persons if candidate.parts.len() > 1 => persons(subject, page, candidate).into_iter().collect(),
        Kind::Persons if many => apart(subject, page, candidate),
        Kind::Person if candidate.parts.len() > 1 => stacked(subject, page, candidate).into_iter().collect(),
        _ => candidate.parts.first().and_then(|part| one(subject, page, part, kind)).into_iter().collect(),
    }
}

/// One name over several lines, as cards print it; lines that are none are left out.
fn stacked(subject: &Subject, page: &ReadPage, candidate: &Candidate) -> Option<Value> {
    let lines = candidate.parts.iter().filter_map(|part| one(subject, page, part, Kind::Person));
    lines.reduce(|name, line| {
        let text = |value: &Value| value.content.as_text().unwrap_or_default().to_owned();
        let whole = format!("{} {}", text(&name), text(&line));
        Value::plain(FieldValue::Text(whole), [name.places, line.places].concat())
    })
}

/// The names of one line, each a value.
fn apart(subject: &Subject, page: &ReadPage, candidate: &Candidate) -> Vec<Value> {
    let Some(part) = candidate.parts.first() else { return Vec::new() };
    let text = page.text.slice(part);
    let mut pieces = Vec::new();
    let mut start = 0;
    for found in AND.iter().flat_map(|r| r.find_iter(text)) {
        let is_whole = |piece: Option<&str>| piece.is_some_and(|p| p.split_whitespace().count() >= 2);
        if is_whole(text.get(start..found.start())) && is_whole(text.get(found.end()..)) {
            pieces.push(start..found.start());
            start = found.end();
        }
    }
    pieces.push(start..text.len());
    // In prose a comma ends the name: what follows is age, profession, birth.
    let name_of = |piece: &Range<usize>| {
        let end =
            text.get(piece.clone()).and_then(|t| t.find(',')).map_or(piece.end, |comma| piece.start + comma);
        part.start + piece.start..part.start + end
    };
    let ranges = pieces.iter().map(name_of);
    ranges.filter_map(|range| one(subject, page, &range, Kind::Persons)).collect()
}

fn one(subject: &Subject, page: &ReadPage, part: &Range<usize>, kind: Kind) -> Option<Value> {
    let range = ended(page.text.slice(part), part.clone(), kind);
    let folded = page.text.slice(&range);
    let raw = page.text.raw(&range);
    if subject.labels.is_label(folded) || !fits(folded, kind) || !is_capitalised(&raw, kind) {
        return None;
    }
    let text = if matches!(kind, Kind::Person | Kind::Persons) { name(&raw) } else { tidy(&raw) };
    Some(Value::plain(FieldValue::Text(text), vec![range]))
}

/// Cuts a range where its kind ends.
fn ended(text: &str, range: Range<usize>, kind: Kind) -> Range<usize> {
    let mut end = text.len();
    if matches!(kind, Kind::Person | Kind::Persons | Kind::Organisation)
        && let Some(found) = NAME_END.as_ref().and_then(|r| r.find(text)).filter(|m| m.start() > 1)
        && (kind != Kind::Organisation || !found.as_str().starts_with(|c: char| c.is_ascii_digit()))
    {
        end = found.start();
    }
    if matches!(kind, Kind::Person | Kind::Persons) {
        let stop = FULL_STOP.as_ref().and_then(|r| r.captures(text)).and_then(|c| c.name("stop"));
        end = end.min(stop.map_or(end, |stop| stop.start()));
    }
    // The address of an office follows its name behind a comma.
    if kind == Kind::Organisation {
        let number = |rest: &str| rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
        let comma = text.match_indices(',').find(|(at, _)| text.get(at + 1..).is_some_and(number));
        end = end.min(comma.map_or(end, |(at, _)| at));
    }
    let kept = text
        .get(..end)
        .unwrap_or(text)
        .trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')' && c != '.');
    range.start..range.start + kept.len()
}

/// True when a text can be a value of its kind.
fn fits(text: &str, kind: Kind) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let words = text.split_whitespace().count();
    match kind {
        Kind::Person | Kind::Persons => {
            let digits = text.chars().any(|c| c.is_ascii_digit());
            let named = text
                .split_whitespace()
                .any(|w| w.chars().filter(|c| c.is_alphabetic()).count() >= 2 && !is_title(w));
            letters >= 2
                && words <= 8
                && !digits
                && named
                && !is_of_label_words(text)
                && !has_label_word(text)
                && !is_sentence(text)
        }
        Kind::Organisation => letters >= 2 && words <= 10,
        _ => letters + text.chars().filter(char::is_ascii_digit).count() >= 2,
    }
}

/// Names do not begin with an article, a possessive or a preposition.
fn is_sentence(text: &str) -> bool {
    const OPENERS: [&str; 20] = [
        "LES", "VOS", "VOTRE", "NOS", "NOTRE", "CE", "CET", "CETTE", "CES", "UN", "UNE", "POUR", "MON",
        "MES", "PAR", "SUR", "DANS", "AVEC", "SOUS", "THE",
    ];
    text.split_whitespace().next().is_some_and(|w| OPENERS.contains(&w))
}

/// Names begin with a capital, or with a particle: other words beside a label are running text.
fn is_capitalised(raw: &str, kind: Kind) -> bool {
    const PARTICLES: [&str; 16] = [
        "de", "du", "des", "d", "la", "le", "van", "von", "der", "den", "di", "da", "dos", "el", "al", "ben",
    ];
    if !matches!(kind, Kind::Person | Kind::Persons) {
        return true;
    }
    let mut words = raw.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty());
    let first = words.find(|w| !PARTICLES.contains(w));
    // Georgian is written without capitals, but its letters count as small ones.
    let is_georgian = |c: char| ('\u{10d0}'..='\u{10ff}').contains(&c);
    first.is_some_and(|w| w.chars().next().is_some_and(|c| !c.is_lowercase() || is_georgian(c)))
}

fn is_title(word: &str) -> bool {
    matches!(
        word.trim_end_matches('.'),
        "M" | "MR" | "MME" | "MLLE" | "MONSIEUR" | "MADAME" | "MADEMOISELLE" | "DR" | "ME" | "OU" | "ET"
    )
}

/// Several names, one a line, until a line that is no name.
fn persons(subject: &Subject, page: &ReadPage, candidate: &Candidate) -> Option<Value> {
    let mut names = Vec::new();
    let mut places = Vec::new();
    for part in &candidate.parts {
        let text = page.text.slice(part);
        let range = ended(text, part.clone(), Kind::Persons);
        let folded = page.text.slice(&range);
        let titled = folded.split_whitespace().next().is_some_and(is_title);
        // The lines after the first are names only when they are addressed like people.
        let raw = page.text.raw(&range);
        let named = fits(folded, Kind::Persons) && is_capitalised(&raw, Kind::Persons);
        // The name of a couple goes on: `M. OU MME EXEMPLE PAUL`, `ET ANNE`.
        let goes_on = folded.starts_with("ET ") || folded.starts_with("OU ");
        if let Some(last) = names.last_mut().filter(|_| named && goes_on) {
            *last = format!("{last} {}", name(&raw));
            places.push(range);
            continue;
        }
        if subject.labels.is_label(text) || !named || (!names.is_empty() && !titled) {
            break;
        }
        names.push(name(&raw));
        places.push(range);
    }
    match names.len() {
        0 => None,
        _ => Some(Value::plain(FieldValue::Text(names.join("; ")), places)),
    }
}

/// An address up to where its sentence goes on behind the town, as in `44000 Nantes sera exigible le`: there words
/// are small that no town is named by.
fn before_running_text(page: &ReadPage, address: Range<usize>) -> Range<usize> {
    const OF_TOWNS: [&str; 18] = [
        "sur", "sous", "les", "lès", "lez", "le", "la", "de", "du", "des", "d", "l", "en", "et", "aux", "au",
        "à", "près",
    ];
    let mut end = address.start;
    let mut in_town = false;
    for index in page.text.words_at(&address) {
        let Some(word) = page.text.words(index..index + 1).first() else { break };
        let first =
            word.text.split(|c: char| !c.is_alphanumeric()).find(|part| !part.is_empty()).unwrap_or_default();
        let is_small = first.chars().next().is_some_and(char::is_lowercase);
        if in_town && is_small && !OF_TOWNS.contains(&first) {
            return address.start..end;
        }
        // Where the sentence goes on with one of these words, it does not end the town.
        if !is_small {
            end = page.text.flow_of(&(index..index + 1)).end.min(address.end);
        }
        in_town |= first.len() == 5 && first.chars().all(|c| c.is_ascii_digit());
    }
    address
}

/// An address: the lines up to the one with the postcode and the town.
fn address(subject: &Subject, page: &ReadPage, candidate: &Candidate) -> Option<Value> {
    let postcode = POSTCODE.as_ref()?;
    let town = candidate.parts.iter().enumerate().find_map(|(index, part)| {
        let found = postcode.find(page.text.slice(part))?;
        // The town ends with its line.
        let line = page.text.segment_at(part.start + found.start()).map_or(part.end, |s| s.text.end);
        let town = part.start..(part.start + found.end()).min(line);
        Some((index, before_running_text(page, town)))
    });
    let (mut lines, certainty) = if let Some((index, last)) = town {
        let mut lines = candidate.parts.get(..index).unwrap_or_default().to_vec();
        lines.push(last);
        (lines, 1.0)
    } else {
        // Without a postcode only the first line is taken, and it is doubtful; a day is none.
        let is_day = |part: &&Range<usize>| {
            !find_dates(page.text.slice(part), DateOrder::DayFirst, subject.reading.as_of).is_empty()
        };
        (candidate.parts.first().filter(|part| !is_day(part)).into_iter().cloned().collect(), 0.6)
    };
    // Lines before the one that begins the address are the name.
    while lines.len() > 1 && lines.first().is_some_and(|line| !begins_address(page.text.slice(line))) {
        lines.remove(0);
    }
    let text = lines.iter().map(|line| tidy(&page.text.raw(line))).collect::<Vec<_>>().join(" ");
    let numbered = text.chars().any(|c| c.is_ascii_digit());
    numbered.then(|| Value { certainty, ..Value::plain(FieldValue::Text(text), lines) })
}

fn begins_address(line: &str) -> bool {
    const PLACES: [&str; 16] = [
        "APP",
        "APT",
        "BAT",
        "CHEZ",
        "RESIDENCE",
        "RES",
        "IMM",
        "STUDIO",
        "LOT",
        "ETAGE",
        "CITE",
        "FOYER",
        "LIEU",
        "ESC",
        "TOUR",
        "VILLA",
    ];
    line.chars().any(|c| c.is_ascii_digit())
        || line.split_whitespace().next().is_some_and(|w| PLACES.iter().any(|p| w.starts_with(p)))
}

/// A name as printed. Of the letters of `Mlle` readers make an i; before a single word, that is a given name.
fn name(raw: &str) -> String {
    let name = tidy(raw);
    match name.split_once(' ') {
        Some(("Mile" | "MIle" | "MlIe" | "MIIe" | "Mlie", rest)) if rest.contains(' ') => {
            format!("Mlle {rest}")
        }
        _ => name,
    }
}

/// Text as printed, without what punctuation is left at its ends.
fn tidy(raw: &str) -> String {
    raw.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ':' | ',' | ';' | '-' | '|' | '_' | '*' | '[' | ']')
    })
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_misread_title_is_mended() {
        for (read, expected) in [
            ("Mile BOUZIDI Nour El Houda", "Mlle BOUZIDI Nour El Houda"),
            ("MIle MUÑOZ María :", "Mlle MUÑOZ María"),
            ("Mile JOVANOVIĆ", "Mile JOVANOVIĆ"),
            ("Milena NOVÁK Petra", "Milena NOVÁK Petra"),
        ] {
            assert_eq!(name(read), expected, "{read}");
        }
    }
}
