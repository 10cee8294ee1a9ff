use hayro::hayro_interpret::TransformExt as _;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Rect, String as PdfString};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo;

use crate::area::Area;
use crate::layout::{Line, Token};

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
}

const MAX_PARENTS: usize = 16;
const MAX_WIDGETS: usize = 5_000;
const MAX_TEXT: usize = 20_000;
const HIDDEN: u32 = 1 << 1 | 1 << 5;
const PUSH_BUTTON: u32 = 1 << 16;

/// The form fields of a page that hold something, whether a viewer has drawn them or not.
pub(crate) fn fields(page: &Page<'_>) -> Vec<Field> {
    let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else { return Vec::new() };
    let transform = page.initial_transform(true).to_kurbo();
    let (width, height) = page.render_dimensions();
    let frame = Area::new(0.0, 0.0, width, height);
    annotations
        .iter::<Dict<'_>>()
        .take(MAX_WIDGETS)
        .filter(|a| a.get::<Name<'_>>("Subtype").is_some_and(|n| n.as_str() == "Widget"))
        .filter(|a| a.get::<u32>("F").unwrap_or(0) & HIDDEN == 0)
        .filter_map(|widget| {
            let value = value(&widget)?;
            let rect = widget.get::<Rect>("Rect")?;
            let rect = kurbo::Rect::new(rect.x0, rect.y0, rect.x1, rect.y1);
            let rect = transform.transform_rect_bbox(rect);
            let area = Area::new(rect.x0 as f32, rect.y0 as f32, rect.x1 as f32, rect.y1 as f32);
            Some(Field { value, area: area.clipped(frame)? })
        })
        .collect()
}

fn value(widget: &Dict<'_>) -> Option<Value> {
    match inherited::<Name<'_>>(widget, "FT")?.as_str() {
        "Tx" | "Ch" => {
            let text = text(&inherited::<Object<'_>>(widget, "V")?)?;
            (!text.trim().is_empty()).then_some(Value::Text(text))
        }
        "Btn" if inherited::<u32>(widget, "Ff").unwrap_or(0) & PUSH_BUTTON == 0 => {
            let state = widget.get::<Name<'_>>("AS").or_else(|| inherited::<Name<'_>>(widget, "V"))?;
            (state.as_str() != "Off" && has_state(widget, &state)).then_some(Value::Ticked)
        }
        "Sig" => inherited::<Dict<'_>>(widget, "V").map(|_| Value::Signed),
        _ => None,
    }
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
fn decode(bytes: &[u8]) -> String {
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
    let (x, y) = token.area.middle();
    area.left <= x && x <= area.right && area.top <= y && y <= area.bottom
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
        let field = Field { value: Value::Text("Anne Marie".to_owned()), area };
        let mut lines = Vec::new();
        add_to(&mut lines, std::slice::from_ref(&field));
        add_to(&mut lines, &[field]);
        let texts: Vec<&str> = lines.iter().flat_map(|l| &l.tokens).map(|t| t.text.as_str()).collect();
        assert_eq!(texts, ["Anne", "Marie"]);
        assert!(lines.iter().all(|l| l.area.clipped(area) == Some(l.area)));
    }
}
