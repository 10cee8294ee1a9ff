use hayro::hayro_syntax::object::{Array, Dict, Name, Object, String as PdfString};
use hayro::hayro_syntax::page::Page;

use crate::area::Area;
use crate::layout::{Line, Token};
use crate::pdf::annotations::{has_look, place, visible};
use crate::pdf::content::Content;
use crate::pdf::sight::is_blank;

/// What a form field of a page holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// Text that was typed or chosen.
    Text(String),
    /// A box or a radio button that is ticked.
    Ticked,
    /// A digital signature.
    Signed,
}

/// A filled field with its place on the upright page, in points.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) value: Value,
    pub(crate) area: Area,
    /// True when each letter stands in a box of its own.
    pub(crate) comb: bool,
}

const MAX_PARENTS: usize = 16;
const MAX_TEXT: usize = 20_000;
const PUSH_BUTTON: u32 = 1 << 16;
const PASSWORD: u32 = 1 << 13;
const COMB: u32 = 1 << 24;

/// The form fields of a page that hold something, whether a viewer has drawn them or not.
///
/// `content` is what the page shows: a text field that brings its look along is read off it, since a
/// viewer shows that look whatever the field's value says.
pub(crate) fn fields(page: &Page<'_>, content: &Content) -> Vec<Field> {
    let drawn: Vec<Area> = content
        .glyphs
        .iter()
        .filter(|g| g.annotation && g.visible && g.inked && !is_blank(g))
        .map(|g| g.area)
        .collect();
    let shows = |area: Area| drawn.iter().any(|g| area.holds(g.middle()));
    visible(page)
        .filter(|a| a.get::<Name<'_>>("Subtype").is_some_and(|n| n.as_str() == "Widget"))
        .filter_map(|widget| {
            let value = value(&widget)?;
            let area = place(page, &widget)?;
            let comb = matches!(value, Value::Text(_)) && flags(&widget) & COMB != 0;
            // Letters in boxes of their own are set together again.
            let drawn = matches!(value, Value::Text(_)) && !comb && has_look(&widget) && shows(area);
            (!drawn).then_some(Field { value, area, comb })
        })
        .collect()
}

fn flags(widget: &Dict<'_>) -> u32 {
    inherited::<u32>(widget, "Ff").unwrap_or(0)
}

fn value(widget: &Dict<'_>) -> Option<Value> {
    match inherited::<Name<'_>>(widget, "FT")?.as_str() {
        // A password shows as stars.
        "Tx" if flags(widget) & PASSWORD != 0 => None,
        kind @ ("Tx" | "Ch") => {
            let mut text = text(&inherited::<Object<'_>>(widget, "V")?)?;
            if kind == "Ch" {
                text = choice(widget, &text).unwrap_or(text);
            }
            (!text.trim().is_empty()).then_some(Value::Text(text))
        }
        "Btn" if flags(widget) & PUSH_BUTTON == 0 => {
            let state = widget.get::<Name<'_>>("AS").or_else(|| inherited::<Name<'_>>(widget, "V"))?;
            (state.as_str() != "Off" && has_state(widget, &state)).then_some(Value::Ticked)
        }
        "Sig" => inherited::<Dict<'_>>(widget, "V").map(|_| Value::Signed),
        _ => None,
    }
}

/// What a list shows for a value that is kept under another name.
fn choice(widget: &Dict<'_>, value: &str) -> Option<String> {
    let options = inherited::<Array<'_>>(widget, "Opt")?;
    options.iter::<Object<'_>>().take(1_000).find_map(|option| {
        let Object::Array(pair) = option else { return None };
        let mut parts = pair.iter::<PdfString<'_>>();
        let (kept, shown) = (parts.next()?, parts.next()?);
        (decode(kept.as_bytes()) == value).then(|| decode(shown.as_bytes()))
    })
}

/// True unless the widget's appearances are listed without this one: a radio button's group has a value
/// that only one of its buttons shows.
fn has_state(widget: &Dict<'_>, state: &Name<'_>) -> bool {
    widget
        .get::<Dict<'_>>("AP")
        .and_then(|ap| ap.get::<Dict<'_>>("N"))
        .is_none_or(|states| states.contains_key(state.as_str().as_bytes()))
}

/// An entry of the field or of the fields it belongs to.
fn inherited<'a, T>(widget: &Dict<'a>, key: &str) -> Option<T>
where
    T: TryFrom<Object<'a>>,
{
    let mut field = widget.clone();
    for _ in 0..MAX_PARENTS {
        if let Some(found) = field.get::<Object<'a>>(key) {
            return T::try_from(found).ok();
        }
        field = field.get::<Dict<'a>>("Parent")?;
    }
    None
}

fn text(value: &Object<'_>) -> Option<String> {
    let mut text = match value {
        Object::String(s) => decode(s.as_bytes()),
        Object::Name(n) => n.as_str().to_owned(),
        Object::Stream(s) => decode(&s.decoded_data().ok()?),
        Object::Array(list) => list
            .iter::<PdfString<'_>>()
            .take(100)
            .map(|s| decode(s.as_bytes()))
            .collect::<Vec<_>>()
            .join("\n"),
        _ => return None,
    };
    if let Some((end, _)) = text.char_indices().nth(MAX_TEXT) {
        text.truncate(end);
    }
    Some(text)
}

/// Text of a PDF string: UTF-16 or UTF-8 with a byte order mark, else PDF's own encoding.
pub(crate) fn decode(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|&b| doc_encoding(b)).collect(),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok()).map(unit);
    char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect()
}

/// One byte of `PDFDocEncoding`: Latin-1 but for a few places.
fn doc_encoding(byte: u8) -> char {
    const HIGH: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™', 'ﬁ',
        'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}', '€',
    ];
    match byte {
        0x80..=0xa0 => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or('\u{fffd}'),
        _ => char::from(byte),
    }
}

/// The sign that stands for a ticked box.
const TICK: &str = "☒";

/// Adds to `lines` what the fields hold and the page does not show.
pub(crate) fn add_to(lines: &mut Vec<Line>, fields: &[Field]) {
    for field in fields {
        match &field.value {
            Value::Text(text) if field.comb => {
                // Spread over their boxes, the letters of a word look like words.
                remove_spread(lines, field.area, text);
                if !stands_there(lines, field.area, text) {
                    lines.extend(typeset(text, field.area));
                }
            }
            Value::Text(text) if !stands_there(lines, field.area, text) => {
                lines.extend(typeset(text, field.area));
            }
            Value::Ticked => {
                // The appearance shows a tick, a cross or nothing, by the program's taste.
                remove_inside(lines, field.area);
                let token = Token { text: TICK.to_owned(), area: field.area, confidence: 1.0 };
                lines.extend(Line::in_order(vec![token]));
            }
            Value::Text(_) | Value::Signed => {}
        }
    }
}

fn inside(token: &Token, area: Area) -> bool {
    area.holds(token.area.middle())
}

/// True when at least half of the words of `text` already stand in the field.
fn stands_there(lines: &[Line], area: Area, text: &str) -> bool {
    let area = area.grown(2.0);
    let there: String =
        lines.iter().flat_map(|l| &l.tokens).filter(|t| inside(t, area)).map(|t| t.text.as_str()).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let found = words.iter().filter(|w| there.contains(**w)).count();
    found * 2 >= words.len()
}

/// Takes out letters of `text` that stand alone in the field.
fn remove_spread(lines: &mut Vec<Line>, area: Area, text: &str) {
    let wanted: String = text.split_whitespace().collect();
    let mut there: Vec<&Token> = lines.iter().flat_map(|l| &l.tokens).filter(|t| inside(t, area)).collect();
    there.sort_by(|a, b| a.area.left.total_cmp(&b.area.left));
    let joined: String = there.iter().map(|t| t.text.as_str()).collect();
    if there.len() < 2 || joined != wanted {
        return;
    }
    for line in lines.iter_mut() {
        line.tokens.retain(|t| !inside(t, area));
        if let Some(rest) = Area::around(line.tokens.iter().map(|t| t.area)) {
            line.area = rest;
        }
    }
    lines.retain(|l| !l.tokens.is_empty());
}

fn remove_inside(lines: &mut Vec<Line>, area: Area) {
    for line in lines.iter_mut() {
        if line.area.touches(area) {
            line.tokens.retain(|t| !(inside(t, area) && t.text.chars().count() <= 2));
            if let Some(rest) = Area::around(line.tokens.iter().map(|t| t.area)) {
                line.area = rest;
            }
        }
    }
    lines.retain(|l| !l.tokens.is_empty());
}

/// Sets text into a box as a viewer would: ten-point letters at most, each of half its height's width,
/// narrower when the text is too long for the box.
fn typeset(text: &str, area: Area) -> Vec<Line> {
    let rows: Vec<&str> = text.split(['\r', '\n']).filter(|row| !row.trim().is_empty()).collect();
    let pitch = (area.height() / rows.len().max(1) as f32).min(14.0);
    let size = pitch * 0.75;
    let top = if rows.len() == 1 { area.middle().1 - pitch / 2.0 } else { area.top };
    rows.iter()
        .enumerate()
        .filter_map(|(i, row)| {
            let letters = row.chars().count().max(1) as f32;
            let step = (size * 0.5).min(area.width() / letters);
            let base = top + pitch * i as f32 + (pitch - size) / 2.0;
            let mut tokens = Vec::new();
            let mut column = 0usize;
            for word in row.split(' ') {
                let length = word.chars().count();
                let left = area.left + column as f32 * step;
                if !word.trim().is_empty() {
                    let text = word.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
                    let area = Area::new(left, base, left + length as f32 * step, base + size);
                    tokens.push(Token { text, area, confidence: 1.0 });
                }
                column += length + 1;
            }
            Line::in_order(tokens)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_all_encodings() {
        assert_eq!(decode(b"\xfe\xff\x00N\x1e\xc5"), "Nễ");
        assert_eq!(decode("\u{feff}Zoë".as_bytes()), "Zoë");
        assert_eq!(decode(b"500 \xa0 \x9cuvre \xe9"), "500 € œuvre é");
    }

    #[test]
    fn a_value_is_set_into_its_box_once() {
        let area = Area::new(100.0, 50.0, 200.0, 70.0);
        let field = Field { value: Value::Text("Anne Marie".to_owned()), area, comb: false };
        let mut lines = Vec::new();
        add_to(&mut lines, std::slice::from_ref(&field));
        add_to(&mut lines, &[field]);
        let texts: Vec<&str> = lines.iter().flat_map(|l| &l.tokens).map(|t| t.text.as_str()).collect();
        assert_eq!(texts, ["Anne", "Marie"]);
        assert!(lines.iter().all(|l| l.area.clipped(area) == Some(l.area)));
    }
}
