use hayro::hayro_interpret::hayro_cmap::BfString;

use crate::area::{Area, cluster};
use crate::layout::Line;
use crate::pdf::content::{Content, Glyph};

/// Glyphs without which a page has no text of its own.
const MIN_GLYPHS: usize = 20;
/// Share of the page that pictures cover in a scan.
const SCAN_COVER: f32 = 0.85;
/// Glyphs under which the text on a scan is a program's stamp or footer.
const FEW_GLYPHS: usize = 200;
/// Glyphs without Unicode from which single places are not worth looking for.
const MOST_UNKNOWN: usize = 3_000;
/// Share of glyphs without Unicode from which the whole page is read off its picture.
const MANY_UNKNOWN: f32 = 0.30;
/// Share of glyphs without Unicode from which their places are read off the picture.
const SOME_UNKNOWN: f32 = 0.02;

/// Whether a page's own text can be believed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Trust {
    /// It can, but for these places, whose glyphs have no Unicode.
    Yes(Vec<Area>),
    /// It cannot: the page must be read off its picture.
    No,
}

/// Judges the text of a page. `lines` are made of its visible glyphs.
pub(crate) fn trust(content: &Content, lines: &[Line]) -> Trust {
    let inked: Vec<&Glyph> = content.glyphs.iter().filter(|g| g.inked).collect();
    let visible = inked.iter().filter(|g| g.visible).count();
    let invisible = inked.len() - visible;
    if visible < MIN_GLYPHS {
        return Trust::No;
    }
    let scan = cover(content) > SCAN_COVER;
    if scan && (invisible > visible || visible < FEW_GLYPHS) {
        return Trust::No;
    }
    let unknown: Vec<&&Glyph> = inked.iter().filter(|g| g.visible && is_unknown(g)).collect();
    let share = unknown.len() as f32 / visible as f32;
    if share > MANY_UNKNOWN || unknown.len() > MOST_UNKNOWN || is_cipher(lines) {
        return Trust::No;
    }
    if share > SOME_UNKNOWN {
        let size = unknown.iter().map(|g| g.size as f32).fold(0.0, f32::max);
        return Trust::Yes(cluster(unknown.iter().map(|g| g.area).collect(), size * 0.6));
    }
    Trust::Yes(Vec::new())
}

fn is_unknown(glyph: &Glyph) -> bool {
    match &glyph.text {
        None => true,
        // Private use says as little as nothing.
        Some(BfString::Char(c)) => matches!(*c, '\u{e000}'..='\u{f8ff}' | '\u{fffd}' | '\0'),
        Some(BfString::String(s)) => s.is_empty(),
    }
}

/// Share of the page under pictures, those on top of each other counted once.
fn cover(content: &Content) -> f32 {
    const GRID: usize = 32;
    let cell = (content.width / GRID as f32, content.height / GRID as f32);
    let covered = (0..GRID * GRID)
        .filter(|i| {
            let x = ((i % GRID) as f32 + 0.5) * cell.0;
            let y = ((i / GRID) as f32 + 0.5) * cell.1;
            content.pictures.iter().any(|p| p.area.holds((x, y)))
        })
        .count();
    covered as f32 / (GRID * GRID) as f32
}

/// True when the text cannot be a language written in Latin letters although its letters are: a font
/// whose Unicode map is wrong.
fn is_cipher(lines: &[Line]) -> bool {
    const STOP_WORDS: &[&str] = &[
        "a", "au", "aux", "ce", "d", "dans", "de", "des", "du", "en", "est", "et", "la", "le", "les", "l",
        "n", "ou", "par", "pas", "pour", "que", "qui", "sa", "son", "sur", "un", "une", "the", "of", "to",
        "and", "in", "is", "for", "by", "on", "or", "el", "los", "las", "del", "y", "con", "no", "por",
        "date", "nom",
    ];
    let (mut words, mut stops, mut letters, mut vowels) = (0usize, 0usize, 0usize, 0usize);
    for token in lines.iter().flat_map(|l| &l.tokens) {
        let latin = token.text.chars().filter(char::is_ascii_alphabetic).count();
        if latin * 2 < token.text.chars().count() {
            continue;
        }
        words += 1;
        let lower = token.text.to_lowercase();
        stops += usize::from(
            lower
                .split(|c: char| !c.is_alphabetic())
                .filter(|part| !part.is_empty())
                .take(2)
                .any(|part| STOP_WORDS.contains(&part)),
        );
        letters += latin;
        vowels += lower.chars().filter(|c| "aeiouyéèêàâîïôùû".contains(*c)).count();
    }
    words >= 30 && stops * 100 < words * 3 && vowels * 100 < letters * 32
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::layout::Token;

    fn lines(text: &str) -> Vec<Line> {
        let token =
            |t: &str| Token { text: t.to_owned(), area: Area::new(0.0, 0.0, 1.0, 1.0), confidence: 1.0 };
        vec![Line::in_order(text.split_whitespace().map(token).collect()).unwrap()]
    }

    #[test]
    fn a_wrong_unicode_map_shows() {
        let french = "Je soussigné Martin Exemple propriétaire du logement désigné ci-dessus déclare avoir reçu \
                      de Madame Fictive la somme de six cents euros au titre du paiement du loyer et des charges \
                      pour la période du premier au trente septembre et lui en donne quittance";
        assert!(!is_cipher(&lines(french)));
        let shifted: String = french
            .chars()
            .map(|c| if c.is_ascii_lowercase() { char::from(b'a' + (c as u8 - b'a' + 13) % 26) } else { c })
            .collect();
        assert!(is_cipher(&lines(&shifted)));
    }
}
