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
        '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
        c if is_combining_mark(c) => {}
        c => out.extend(c.to_uppercase()),
    }
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
    }
}
