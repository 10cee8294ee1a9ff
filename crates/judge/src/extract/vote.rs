//! One answer out of two: the fields that two engines' readings of the same pages yield.
//!
//! Engines of different families hardly ever make the same mistake, so that agreement is worth more than
//! either's own certainty, and a disagreement about a date or an amount means that somebody has to look.

use std::collections::BTreeMap;

use complet_model::{Field, FieldValue};

use crate::values::skeleton;

/// A value that two readings see differently is not sure, whatever each of them says.
const DISPUTED: f32 = 0.55;
/// A name that both readings see with a letter or two of difference.
const NEARLY_AGREED: f32 = 0.75;
/// The most that two readings together are sure of.
const MOST: f32 = 0.98;
/// How alike two texts are that are the same print, from 0 to 1.
const SAME_PRINT: f64 = 0.75;

/// The fields that `first` and `second`, both of one document, come to.
pub(crate) fn vote(
    mut first: BTreeMap<String, Field>,
    second: BTreeMap<String, Field>,
) -> BTreeMap<String, Field> {
    for (name, other) in second {
        let agreed = match first.remove(&name) {
            Some(field) => settle(field, other),
            None => other,
        };
        first.insert(name, agreed);
    }
    first
}

fn settle(first: Field, second: Field) -> Field {
    if let (FieldValue::Bool(a), FieldValue::Bool(b)) = (&first.value, &second.value)
        && a != b
    {
        // What one of them saw is there; the other missed it.
        return if *a { first } else { second };
    }
    // What stands at the very same place to the last bit, as a signature or a machine-readable zone does, was
    // seen once, whoever read the words.
    if first.value == second.value && !first.evidence.is_empty() && first.evidence == second.evidence {
        return if second.confidence > first.confidence { second } else { first };
    }
    if same(&first.value, &second.value) {
        return agreed(first, second);
    }
    match (first.valid, second.valid) {
        (true, false) => return first,
        (false, true) => return second,
        _ => {}
    }
    let same_print = likeness(&first.value, &second.value).is_some_and(|share| share >= SAME_PRINT);
    // An engine leaves out letters that it does not know, and does not make them up.
    let length = |f: &Field| if same_print { letters(&f.value).len() } else { 0 };
    let second_is_better = (length(&second), second.confidence) > (length(&first), first.confidence);
    let (mut best, other) = if second_is_better { (second, first) } else { (first, second) };
    let limit = if same_print {
        NEARLY_AGREED
    } else if best.is_sure() && !other.is_sure() && !overlap(&best, &other) {
        // The other took something else for it, and knew that it might not be.
        best.confidence
    } else {
        DISPUTED
    };
    best.confidence = best.confidence.min(limit);
    best
}

/// Both read the same: the spelling with more accents is the print's, since an engine drops them and does
/// not make them up.
fn agreed(first: Field, second: Field) -> Field {
    let accents =
        |f: &Field| f.value.texts().iter().flat_map(|t| t.chars()).filter(|c| !c.is_ascii()).count();
    let confidence = 1.0 - (1.0 - first.confidence) * (1.0 - second.confidence);
    let confidence = confidence.min(MOST).max(first.confidence).max(second.confidence);
    let valid = first.valid || second.valid;
    let richer = accents(&second) > accents(&first);
    let better = richer || (accents(&second) == accents(&first) && second.confidence > first.confidence);
    Field { confidence, valid, ..if better { second } else { first } }
}

/// True for the same value, letters' case, accents and signs aside.
fn same(a: &FieldValue, b: &FieldValue) -> bool {
    match (a, b) {
        (FieldValue::Text(_) | FieldValue::List(_), FieldValue::Text(_) | FieldValue::List(_)) => {
            letters(a) == letters(b)
        }
        _ => a == b,
    }
}

fn letters(value: &FieldValue) -> String {
    value.texts().iter().map(|text| complet_model::letters(text)).collect()
}

/// How alike two texts without digits are, look-alike letters made equal; `None` for other values, where a
/// single character may be all the difference.
fn likeness(a: &FieldValue, b: &FieldValue) -> Option<f64> {
    let (a, b) = (letters(a), letters(b));
    let has_digit = |t: &str| t.chars().any(|c| c.is_ascii_digit());
    if a.is_empty() || b.is_empty() || has_digit(&a) || has_digit(&b) {
        return None;
    }
    let (shorter, longer) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
    // "Hu" for "Huế": the letters that an engine does not know are missing, the others stand in order.
    if shorter.len() * 3 >= longer.len() * 2 && is_left_of(shorter, longer) {
        return Some(SAME_PRINT);
    }
    Some(strsim::normalized_levenshtein(&skeleton(&a), &skeleton(&b)))
}

/// True when `part` is what is left of `whole` without some letters.
fn is_left_of(part: &str, whole: &str) -> bool {
    let mut letters = whole.chars();
    part.chars().all(|wanted| letters.any(|c| c == wanted))
}

/// True when both values were read off the same place.
fn overlap(a: &Field, b: &Field) -> bool {
    a.evidence.iter().any(|x| {
        b.evidence.iter().any(|y| {
            x.page == y.page && x.bbox.row_overlap(y.bbox) > 0.0 && x.bbox.column_overlap(y.bbox) > 0.0
        })
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use complet_model::{BBox, Date, Evidence};

    use super::*;

    fn field(value: FieldValue, confidence: f32, valid: bool, left: f32) -> Field {
        let bbox = BBox::new(left, 0.1, left + 0.2, 0.12);
        let evidence = Evidence { document: "d1".to_owned(), page: 1, bbox, text: String::new() };
        Field { value, raw: String::new(), confidence, valid, evidence: vec![evidence] }
    }

    fn text(value: &str, confidence: f32, valid: bool) -> Field {
        field(FieldValue::Text(value.to_owned()), confidence, valid, 0.1)
    }

    fn date(day: i8, confidence: f32, left: f32) -> Field {
        field(FieldValue::Date(Date::new(2026, 3, day).unwrap()), confidence, true, left)
    }

    #[test]
    fn agreement_is_worth_more_than_either_reading() {
        let both = settle(date(1, 0.5, 0.1), date(1, 0.55, 0.11));
        assert!(both.is_sure() && both.confidence < MOST + 0.01);
        let name = settle(text("NGUYEN Thi", 0.8, true), text("Nguyễn Thị", 0.7, true));
        assert_eq!(name.value.as_text(), Some("Nguyễn Thị"));
        assert!(name.confidence > 0.9);
    }

    #[test]
    fn what_was_seen_once_is_no_second_witness() {
        let zone = text("ERIKSSON", 0.58, true);
        assert_eq!(settle(zone.clone(), zone.clone()), zone);
        let seen = field(FieldValue::Bool(true), 0.55, true, 0.1);
        assert_eq!(settle(seen.clone(), seen.clone()), seen);
        let elsewhere = field(FieldValue::Bool(true), 0.55, true, 0.2);
        assert!(settle(seen.clone(), elsewhere).confidence > seen.confidence);
    }

    #[test]
    fn dates_in_dispute_are_not_sure() {
        assert!(!settle(date(1, 0.95, 0.1), date(7, 0.94, 0.1)).is_sure());
        // Also where one of them is less sure of what stands at the very same place.
        assert!(!settle(date(1, 0.95, 0.1), date(7, 0.4, 0.12)).is_sure());
        // A guess at another place takes nothing away.
        assert!(settle(date(1, 0.95, 0.1), date(7, 0.5, 0.6)).is_sure());
        assert!(!settle(date(1, 0.95, 0.1), date(7, 0.9, 0.6)).is_sure());
    }

    #[test]
    fn the_only_valid_number_is_taken() {
        let right = text("FR7630006000011234567890189", 0.9, true);
        let wrong = text("FR7630006000011234567890188", 0.97, false);
        assert_eq!(settle(wrong.clone(), right.clone()), right);
        assert_eq!(settle(right.clone(), wrong), right);
        // Two that validate and differ prove nothing.
        let other = text("FR1420041010050500013M02606", 0.95, true);
        assert!(!settle(right, other).is_sure());
    }

    #[test]
    fn a_letter_of_a_name_does_not_undo_it() {
        let name = settle(text("CASTILLO", 0.9, true), text("CASTlLLO", 0.8, true));
        assert!(name.is_sure());
        assert!(!settle(text("CASTILLO", 0.9, true), text("MARTIN", 0.85, true)).is_sure());
        // A letter that one engine does not know is no shorter name.
        for (whole, left) in [("Thi Lan Anh", "Th Lan Anh"), ("Hué", "Hu")] {
            let name = settle(text(whole, 0.7, true), text(left, 0.95, true));
            assert!(name.value.as_text() == Some(whole) && name.is_sure(), "{name:?}");
        }
    }

    #[test]
    fn what_one_saw_is_there() {
        let seen = field(FieldValue::Bool(true), 0.8, true, 0.1);
        let missed = field(FieldValue::Bool(false), 0.9, true, 0.1);
        assert_eq!(settle(missed, seen.clone()), seen);
        let fields = vote(BTreeMap::new(), BTreeMap::from([("signed".to_owned(), seen.clone())]));
        assert_eq!(fields.get("signed"), Some(&seen));
    }
}
