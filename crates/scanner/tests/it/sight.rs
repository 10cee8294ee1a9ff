//! What a page draws and what a person sees of it.

use complet_model::{MarkKind, Page, TextSource};
use complet_scanner::Grey;
use lopdf::{Dictionary, Document, Object, Stream, dictionary, text_string};

use crate::make::{Sheet, bytes, document, letter, lines, pdf, scan_one, text};

const SECRET: &str = "SALAIRE 9999 EUR";

fn read(sheet: Sheet) -> Page {
    scan_one("a.pdf", &pdf(&[sheet])).pages.remove(0)
}

/// The page of [`letter`] with more drawn on it, in PDF's own words.
fn drawn(more: &str) -> Page {
    read(letter().raw(more))
}

fn shows(page: &Page) -> bool {
    assert!(text(page).contains("Quittance de loyer du mois de septembre 2026"), "{}", text(page));
    text(page).contains("9999")
}

fn secret(before: &str) -> String {
    format!("q {before} BT /F1 12 Tf 60 300 Td ({SECRET}) Tj ET Q")
}

#[test]
fn text_in_the_colour_of_its_paper_is_not_read() {
    assert!(shows(&drawn(&secret("0 g"))));
    // Colours that a person tells from white and from each other.
    for colour in ["0.5 g", "1 0 0 rg", "0 0 0 0.6 k", "0.2 0.2 0.7 rg"] {
        assert!(shows(&drawn(&secret(colour))), "{colour}");
    }
    for colour in ["1 g", "0.97 g", "1 1 1 rg", "0 0 0 0 k", "1 1 0.95 rg"] {
        assert!(!shows(&drawn(&secret(colour))), "{colour}");
    }
    // On a dark band it is the other way round.
    let band = "0 0.1 0.4 rg 40 280 400 40 re f";
    assert!(shows(&drawn(&secret(&format!("{band} 1 g")))));
    assert!(!shows(&drawn(&secret(&format!("{band} 0 0.12 0.42 rg")))));
    // A band with round corners: only the drawn page tells.
    let band = "0 0.1 0.4 rg 50 280 m 430 280 l 450 280 450 320 430 320 c 50 320 l 30 320 30 280 50 280 c f";
    assert!(shows(&drawn(&secret(&format!("{band} 1 g")))));
    assert!(!shows(&drawn(&secret(&format!("{band} 0 0.12 0.42 rg")))));
}

#[test]
fn covered_text_is_not_read() {
    let written = secret("0 g");
    assert!(!shows(&drawn(&format!("{written} 1 g 40 280 400 40 re f"))));
    assert!(!shows(&drawn(&format!("{written} 0.3 g 40 280 400 40 re f"))));
    // What is written over the cover is.
    let page = drawn(&format!(
        "{written} 1 g 40 280 400 40 re f 0 g BT /F1 12 Tf 60 300 Td (SALAIRE 1200 EUR) Tj ET"
    ));
    assert!(!shows(&page) && text(&page).contains("SALAIRE 1200 EUR"), "{}", text(&page));
    // A frame or a line around it covers nothing.
    assert!(shows(&drawn(&format!("{written} 0 G 40 280 400 40 re S 40 296 m 400 296 l S"))));
    let white = Grey::new(8, 8, vec![255; 64]).unwrap();
    let under = letter().raw(&written).picture(40.0, 520.0, 300.0, 40.0, &white);
    assert!(!shows(&read(under)));
    let over = letter().picture(40.0, 520.0, 300.0, 40.0, &white);
    assert!(shows(&read(over.clone().raw(&written))));
    // White on a white picture: nobody knows the picture's colour without drawing it.
    assert!(!shows(&read(over.raw(&secret("1 g")))));
}

#[test]
fn text_clipped_away_or_outside_the_page_is_not_read() {
    assert!(!shows(&drawn(&secret("400 400 50 50 re W n"))));
    assert!(!shows(&drawn(&secret("60 295 400 4 re W n"))), "a sliver of it");
    assert!(shows(&drawn(&secret("50 290 400 30 re W n"))));
    // A clip that is no rectangle, around the text and beside it.
    assert!(shows(&drawn(&secret("40 280 m 500 280 l 500 330 l 300 340 l 40 330 l h W n"))));
    assert!(!shows(&drawn(&secret("40 340 m 500 340 l 500 280 l 495 280 l 495 335 l 40 335 l h W n"))));
    assert!(!shows(&drawn("BT /F1 12 Tf 60 -40 Td (SALAIRE 9999 EUR) Tj ET")));
    assert!(!shows(&drawn("BT /F1 12 Tf 7 Tr 60 300 Td (SALAIRE 9999 EUR) Tj ET")));
    assert!(!shows(&drawn("BT /F1 12 Tf 3 Tr 60 300 Td (SALAIRE 9999 EUR) Tj ET")));
    // A crop box that leaves the lower half out.
    let mut file = document(&[letter().raw(&secret("0 g"))]);
    let page = file.get_pages()[&1];
    let half: Vec<Object> = vec![0.into(), 400.into(), 595.into(), 842.into()];
    file.get_dictionary_mut(page).unwrap().set("CropBox", half);
    assert!(!shows(&scan_one("a.pdf", &bytes(&mut file)).pages[0]));
}

fn layer(file: &mut Document, on: bool) -> Object {
    let layer = file.add_object(dictionary! { "Type" => "OCG", "Name" => text_string("calque") });
    let mut start = Dictionary::new();
    start.set(if on { "ON" } else { "OFF" }, vec![Object::from(layer)]);
    let properties = dictionary! { "OCGs" => vec![Object::from(layer)], "D" => start };
    let catalog = file.trailer.get(b"Root").unwrap().as_reference().unwrap();
    file.get_dictionary_mut(catalog).unwrap().set("OCProperties", properties);
    layer.into()
}

#[test]
fn layers_that_are_off_are_not_read() {
    for on in [true, false] {
        let mut file = document(&[letter().raw(&format!("/OC /L1 BDC {} EMC", secret("0 g")))]);
        let layer = layer(&mut file, on);
        let page = file.get_pages()[&1];
        let page = file.get_dictionary_mut(page).unwrap();
        let resources = page.get_mut(b"Resources").unwrap().as_dict_mut().unwrap();
        resources.set("Properties", dictionary! { "L1" => layer });
        assert_eq!(shows(&scan_one("a.pdf", &bytes(&mut file)).pages[0]), on);
    }
}

/// An appearance that shows this text, and other drawing.
fn look(file: &mut Document, content: &str) -> Object {
    let font = dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding",
    };
    let form = dictionary! {
        "Type" => "XObject", "Subtype" => "Form",
        "BBox" => vec![0.into(), 0.into(), 200.into(), 40.into()],
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
    };
    file.add_object(Stream::new(form, content.as_bytes().to_vec())).into()
}

fn annotated(kind: &str, shown: Option<&str>, layer_on: Option<bool>, entries: &Dictionary) -> Page {
    let mut file = document(&[letter()]);
    let rect: Vec<Object> = [60, 100, 260, 140].map(Object::from).to_vec();
    let mut annotation = dictionary! { "Type" => "Annot", "Rect" => rect, "F" => 4 };
    annotation.set("Subtype", Object::Name(kind.into()));
    if let Some(shown) = shown {
        let look = look(&mut file, shown);
        annotation.set("AP", dictionary! { "N" => look });
    }
    if let Some(on) = layer_on {
        annotation.set("OC", layer(&mut file, on));
    }
    for (key, value) in entries {
        annotation.set(key.clone(), value.clone());
    }
    let annotation = file.add_object(annotation);
    let page = file.get_pages()[&1];
    file.get_dictionary_mut(page).unwrap().set("Annots", vec![Object::from(annotation)]);
    scan_one("a.pdf", &bytes(&mut file)).pages.remove(0)
}

const LOOK: &str = "BT /F1 12 Tf 5 15 Td (CERTIFIE 9999) Tj ET";

#[test]
fn annotations_are_read_as_viewers_show_them() {
    let none = Dictionary::new();
    let stamp = annotated("Stamp", Some(LOOK), None, &none);
    assert!(shows(&stamp));
    let marks: Vec<_> = stamp.marks.iter().filter(|m| m.kind == MarkKind::Stamp).collect();
    assert_eq!(marks.len(), 1);
    assert!((marks[0].bbox.middle() - 722.0 / 842.0).abs() < 0.01, "{:?}", marks[0].bbox);

    let typed = dictionary! { "Contents" => text_string("payé 9999") };
    assert!(shows(&annotated("FreeText", Some(LOOK), None, &none)));
    assert!(text(&annotated("FreeText", None, None, &typed)).contains("payé 9999"));
    // The text of a note that pops up is not on the page.
    assert!(!shows(&annotated("Text", None, None, &typed)));

    let strokes = dictionary! { "InkList" => vec![Object::from(vec![Object::from(60), 100.into()])] };
    let inked = annotated("Ink", None, None, &strokes);
    assert_eq!(inked.marks.iter().filter(|m| m.kind == MarkKind::Ink).count(), 1);

    for flag in [2, 32] {
        let hidden = dictionary! { "F" => flag, "Contents" => text_string("payé 9999") };
        for kind in ["Stamp", "FreeText", "Ink"] {
            let page = annotated(kind, Some(LOOK), None, &hidden);
            assert!(!shows(&page) && page.marks.is_empty(), "{kind} {flag}: {:?}", page.marks);
        }
        assert!(!shows(&annotated("FreeText", None, None, &hidden)));
    }
    assert!(shows(&annotated("Stamp", Some(LOOK), Some(true), &none)));
    let off = annotated("Stamp", Some(LOOK), Some(false), &none);
    assert!(!shows(&off) && off.marks.is_empty(), "{:?}", off.marks);
}

#[test]
fn a_field_says_what_it_shows() {
    let field = |value: &str| dictionary! { "FT" => "Tx", "V" => text_string(value) };
    // What it shows differs from its value: a person sees the first.
    let page = annotated("Widget", Some("BT /F1 12 Tf 5 15 Td (450,00) Tj ET"), None, &field("9999"));
    assert!(!shows(&page) && text(&page).contains("450,00"), "{}", text(&page));
    assert!(shows(&annotated("Widget", None, None, &field("9999"))));
    assert!(shows(&annotated("Widget", Some(""), None, &field("9999"))), "viewers draw it anew");
    assert!(!shows(&annotated("Widget", None, Some(false), &field("9999"))));
    let mut password = field("9999");
    password.set("Ff", 1 << 13);
    assert!(!shows(&annotated("Widget", None, None, &password)));

    let mut comb = field("87000");
    comb.set("Ff", 1 << 24);
    comb.set("MaxLen", 5);
    let boxes = "BT /F1 12 Tf 15 15 Td (8) Tj 40 0 Td (7) Tj 40 0 Td (0) Tj 40 0 Td (0) Tj 40 0 Td (0) Tj ET";
    let page = annotated("Widget", Some(boxes), None, &comb);
    assert_eq!(lines(&page).iter().filter(|l| l.contains("87000")).count(), 2, "{:?}", lines(&page));

    let pair = |a: &str, b: &str| Object::from(vec![text_string(a), text_string(b)]);
    let list = dictionary! {
        "FT" => "Ch", "Ff" => 1 << 17, "V" => text_string("m9999"),
        "Opt" => vec![pair("m1200", "Madame"), pair("m9999", "Monsieur")],
    };
    let page = annotated("Widget", None, None, &list);
    assert!(!shows(&page) && text(&page).contains("Monsieur"), "{}", text(&page));
}

/// The page of [`letter`] with `more` on it, which uses a font T3 of the file. Each letter of it is drawn
/// by `draw`; `map` tells what its codes stand for, as PDF writes it.
fn own_font(more: &str, draw: &str, map: Option<&str>) -> Page {
    let mut file = document(&[letter().raw(more)]);
    let shape = file.add_object(Stream::new(Dictionary::new(), draw.as_bytes().to_vec()));
    let name = || Object::Name(b"g1".to_vec());
    let mut names = vec![Object::from(65)];
    names.extend((0..8).map(|_| name()));
    let mut font = dictionary! {
        "Type" => "Font", "Subtype" => "Type3",
        "FontBBox" => vec![0.into(), 0.into(), 1000.into(), 1000.into()],
        "FontMatrix" => vec![0.001.into(), 0.into(), 0.into(), 0.001.into(), 0.into(), 0.into()],
        "CharProcs" => dictionary! { "g1" => shape },
        "Encoding" => dictionary! { "Type" => "Encoding", "Differences" => names },
        "FirstChar" => 65, "LastChar" => 72, "Widths" => vec![Object::from(600); 8],
    };
    if let Some(map) = map {
        let count = map.lines().count();
        let map = format!(
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def \
             1 begincodespacerange <00> <ff> endcodespacerange {count} beginbfchar\n{map}\nendbfchar \
             endcmap end end"
        );
        let map = file.add_object(Stream::new(Dictionary::new(), map.into_bytes()));
        font.set("ToUnicode", map);
    }
    let font = file.add_object(font);
    let page = file.get_pages()[&1];
    let resources =
        file.get_dictionary_mut(page).unwrap().get_mut(b"Resources").unwrap().as_dict_mut().unwrap();
    resources.get_mut(b"Font").unwrap().as_dict_mut().unwrap().set("T3", font);
    scan_one("a.pdf", &bytes(&mut file)).pages.remove(0)
}

const BAR: &str = "600 0 0 0 600 700 d1 100 0 400 700 re f";

/// A page with a name in Latin and Arabic letters.
pub(crate) fn arabic() -> Page {
    let more = "BT /F1 12 Tf 60 300 Td (Nom : Exemple) Tj ET BT /T3 12 Tf 160 300 Td (DCBA) Tj ET";
    own_font(more, BAR, Some("<41> <0645>\n<42> <062D>\n<43> <0645>\n<44> <062F>"))
}

#[test]
fn a_font_that_draws_nothing_says_nothing() {
    let more = "BT /T3 12 Tf 60 300 Td (AAAA) Tj ET";
    assert!(shows(&own_font(more, BAR, Some("<41> <0039>"))));
    assert!(!shows(&own_font(more, "600 0 0 0 600 700 d1", Some("<41> <0039>"))));
    // Without a map nobody knows what it stands for.
    assert!(!shows(&own_font(more, BAR, None)));
}

#[test]
fn spaces_of_all_widths_part_words() {
    let page = drawn("BT /F1 12 Tf 60 300 Td (Net \\240: 1\\2409999,56 \\200) Tj ET");
    assert!(lines(&page).contains(&"Net : 1 9999,56 €".to_owned()), "{:?}", lines(&page));
    assert_eq!(page.text_source, TextSource::TextLayer);
}
