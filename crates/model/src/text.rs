use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The letters and digits of a text, folded: what is left when signs and spaces do not count.
pub fn letters(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Folds text for comparison: compatibility forms (ligatures, full-width letters) and accents are
/// taken apart, letters become upper case, typographic quotes, dashes and spaces become plain ones, and
/// runs of white space become one space. `Relevé d’identiﬁcation` folds to `RELEVE D'IDENTIFICATION`.
///
/// Letters of other scripts are kept.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd() {
        fold_char(c, &mut folded);
    }
    let mut out = String::with_capacity(folded.len());
    for word in folded.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Appends the folded form of one character of decomposed text.
fn fold_char(c: char, out: &mut String) {
    match c {
        'œ' | 'Œ' => out.push_str("OE"),
        'æ' | 'Æ' => out.push_str("AE"),
        'ß' | 'ẞ' => out.push_str("SS"),
        'ø' | 'Ø' => out.push('O'),
        'đ' | 'Đ' | 'ð' | 'Ð' => out.push('D'),
        'ł' | 'Ł' => out.push('L'),
        'ħ' | 'Ħ' => out.push('H'),
        'ı' => out.push('I'),
        'þ' | 'Þ' => out.push_str("TH"),
        '’' | '‘' | '´' | '`' | '′' | 'ʼ' => out.push('\''),
        '“' | '”' | '„' | '«' | '»' => out.push('"'),
        '–' | '—' | '‑' | '‐' | '−' => out.push('-'),
        // Arabic and Persian figures.
        '\u{660}'..='\u{669}' => out.extend(char::from_digit(c as u32 - 0x660, 10)),
        '\u{6f0}'..='\u{6f9}' => out.extend(char::from_digit(c as u32 - 0x6f0, 10)),
        // Letters of Arabic that are written one for the other, in Arabic and in Persian.
        'ى' | 'ی' => out.push('ي'),
        'ة' => out.push('ه'),
        'ک' => out.push('ك'),
        // The line between letters of an Arabic word says nothing either.
        '\u{640}' | '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
        c if is_combining_mark(c) => {}
        c => out.extend(c.to_uppercase()),
    }
}

/// True for letters of the Latin script, with or without accents.
pub fn is_latin(c: char) -> bool {
    c.is_alphabetic() && matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{fb00}'..='\u{fb06}')
}

/// True for signs of scripts whose gaps say nothing: Chinese and Japanese have none between words, and those of
/// Korean, whose syllables fold to their letters, are read as little surely as they are set.
pub fn is_gapless(c: char) -> bool {
    matches!(
        c,
        '\u{1100}'..='\u{11ff}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7af}'
    )
}

/// True for letters of scripts that run from right to left: Hebrew, Arabic, Syriac and Thaana, also in their
/// forms for the places in a word.
pub fn is_right_to_left(c: char) -> bool {
    c.is_alphabetic()
        && matches!(c, '\u{590}'..='\u{7bf}' | '\u{8a0}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// True when most letters of a text are of scripts that run from right to left.
pub fn runs_right_to_left(text: &str) -> bool {
    are_mostly(text.chars(), is_right_to_left)
}

/// True when most of the letters among some characters are of a kind.
pub fn are_mostly(chars: impl Iterator<Item = char>, is: impl Fn(char) -> bool) -> bool {
    let letters = chars.filter(|c| c.is_alphabetic());
    let (of_kind, all) = letters.fold((0, 0), |(of_kind, all), c| (of_kind + usize::from(is(c)), all + 1));
    of_kind * 2 > all
}

/// True when most of the letters among some characters are of other scripts than the Latin one.
pub fn are_in_other_letters(chars: impl Iterator<Item = char>) -> bool {
    are_mostly(chars, |c| !is_latin(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_what_printers_and_typographers_add() {
        assert_eq!(fold("Relevé  d’identiﬁcation\u{a0}bancaire"), "RELEVE D'IDENTIFICATION BANCAIRE");
        assert_eq!(fold("Nguyễn Thị Đào"), "NGUYEN THI DAO");
        assert_eq!(fold("Łukasz Sørensen, Œuvre"), "LUKASZ SORENSEN, OEUVRE");
        assert_eq!(fold("свидетельство о рождении"), "СВИДЕТЕЛЬСТВО О РОЖДЕНИИ");
        assert_eq!(fold("N° 12 – août"), "N° 12 - AOUT");
        assert_eq!(fold("ﻣﻀﻤﻮن الولادة ١٩٩٢"), "مضمون الولاده 1992");
    }
}
