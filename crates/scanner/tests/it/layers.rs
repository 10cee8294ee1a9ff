//! Pages with text of their own.

use complet_model::{Capture, FileStatus, MarkKind, TextSource};
use complet_scanner::Grey;
use lopdf::{Dictionary, Object, dictionary, text_string};

use crate::make::{Sheet, codes, letter, lines, pdf, scan_one, scanned, text};

#[test]
fn a_page_of_text_is_read_from_its_layer() {
    let file = scan_one("a.pdf", &pdf(&[letter().scribble(300.0, 600.0)]));
    let page = &file.pages[0];
    assert_eq!((page.text_source, page.capture), (TextSource::TextLayer, Capture::BornDigital));
    assert_eq!(lines(page)[0], "Quittance de loyer du mois de septembre 2026");
    assert!(page.words.iter().all(|w| (w.confidence - 1.0).abs() < f32::EPSILON));
    let first = &page.words[0];
    // 60 points from the left, the baseline 120 from the top, letters of 14 points.
    assert!((first.bbox.left - 60.0 / 595.0).abs() < 0.005, "{:?}", first.bbox);
    assert!(first.bbox.top > 105.0 / 842.0 && first.bbox.bottom < 125.0 / 842.0, "{:?}", first.bbox);
    let ink: Vec<_> = page.marks.iter().filter(|m| m.kind == MarkKind::Ink).collect();
    assert_eq!(ink.len(), 1);
    assert!((ink[0].bbox.middle() - 600.0 / 842.0).abs() < 0.01, "{:?}", ink[0].bbox);
}

#[test]
fn a_page_turned_by_its_file_is_upright() {
    for rotate in [90, 180, 270] {
        let mut sheet = letter();
        sheet.rotate = rotate;
        let page = &scan_one("a.pdf", &pdf(&[sheet])).pages[0];
        // The writer turned the page away from its text: it must come out as the file says.
        assert_eq!(page.width > page.height, rotate != 180);
        assert!(text(page).contains("septembre"), "{rotate}: {}", text(page));
        assert_eq!(page.text_source, TextSource::TextLayer);
    }
}

#[test]
fn blocks_side_by_side_are_not_mixed() {
    let mut sheet = letter();
    for (i, (left, right)) in
        [("BAILLEUR", "LOCATAIRE"), ("Martin Fictif", "Anne Exemple"), ("3 place Haute", "12 rue des Lilas")]
            .into_iter()
            .enumerate()
    {
        let y = 500.0 + i as f32 * 16.0;
        sheet = sheet.text(60.0, y, 11.0, left).text(340.0, y, 11.0, right);
    }
    let read = lines(&scan_one("a.pdf", &pdf(&[sheet])).pages[0]);
    let at =
        |wanted: &str| read.iter().position(|l| l == wanted).unwrap_or_else(|| panic!("{wanted}: {read:?}"));
    assert!(at("BAILLEUR") < at("3 place Haute") && at("3 place Haute") < at("LOCATAIRE"), "{read:?}");
}

#[test]
fn an_invisible_layer_over_a_scan_is_not_believed() {
    let scan = scanned(&letter(), 150.0);
    let mut sheet = Sheet::new().picture(0.0, 0.0, 595.0, 842.0, &scan);
    for i in 0..10u8 {
        sheet = sheet.text_mode(
            60.0,
            100.0 + f32::from(i) * 20.0,
            12.0,
            3,
            "Texte faux pose par un vieux programme",
        );
    }
    let page = &scan_one("a.pdf", &pdf(&[sheet])).pages[0];
    assert_eq!((page.text_source, page.capture), (TextSource::Ocr, Capture::Picture));
    assert!(text(page).contains("septembre 2026") && !text(page).contains("vieux"), "{}", text(page));
}

#[test]
fn a_picture_on_a_page_of_text_is_read_too() {
    let page = Sheet::new().text(40.0, 60.0, 30.0, "CACHET 2026").text(40.0, 110.0, 30.0, "LIMOGES");
    let page = scanned(&page, 100.0);
    let (width, height) = (page.width, 200);
    let inset = Grey::new(width, height, page.pixels[..width * height].to_vec()).unwrap();
    let sheet = letter().picture(60.0, 520.0, 400.0, 110.0, &inset);
    let page = &scan_one("a.pdf", &pdf(&[sheet])).pages[0];
    assert_eq!(page.text_source, TextSource::Mixed);
    let word = page.words.iter().find(|w| w.text == "LIMOGES").unwrap_or_else(|| panic!("{}", text(page)));
    assert!(word.bbox.top > 0.6 && word.bbox.bottom < 0.76, "{:?}", word.bbox);
    assert!(page.words.iter().any(|w| w.text == "Quittance"));
    assert!(page.marks.iter().any(|m| m.kind == MarkKind::Picture));
}

#[test]
fn a_scan_with_a_line_of_text_on_it_is_a_scan() {
    let scan = scanned(&letter(), 150.0);
    let stamp = "Document signe par voie electronique le 4 octobre 2026";
    let sheet = Sheet::new().picture(0.0, 0.0, 595.0, 842.0, &scan).text(60.0, 780.0, 12.0, stamp);
    let page = &scan_one("a.pdf", &pdf(&[sheet])).pages[0];
    assert_eq!((page.text_source, page.capture), (TextSource::Ocr, Capture::Picture));
    let read = lines(page);
    assert!(
        read[0].contains("septembre 2026") && read.iter().any(|l| l.contains("electronique")),
        "{read:?}"
    );
}

#[test]
fn a_page_without_anything_is_blank() {
    let page = &scan_one("a.pdf", &pdf(&[Sheet::new()])).pages[0];
    assert_eq!(codes(page), ["page-blank"]);
    assert!(!page.is_unreadable());
}

fn widget(kind: &str, top: f32, entries: &Dictionary) -> Dictionary {
    let rect: Vec<Object> = [100.0, 842.0 - top - 16.0, 300.0, 842.0 - top].map(Object::Real).to_vec();
    let mut widget = dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => Object::Name(kind.into()), "Rect" => rect,
    };
    for (key, value) in entries {
        widget.set(key.clone(), value.clone());
    }
    widget
}

#[test]
fn form_values_show_although_no_viewer_drew_them() {
    let mut sheet = letter();
    sheet.annotations = vec![
        widget("Tx", 500.0, &dictionary! { "V" => text_string("Anne Éxemple") }),
        widget("Tx", 700.0, &dictionary! { "V" => text_string("cachée"), "F" => 2 }),
        widget("Btn", 530.0, &dictionary! { "V" => "Yes", "AS" => "Yes" }),
        widget("Btn", 560.0, &dictionary! { "V" => "Off", "AS" => "Off" }),
        widget("Sig", 600.0, &dictionary! { "V" => dictionary! { "Type" => "Sig" } }),
        widget("Sig", 650.0, &dictionary! {}),
    ];
    let file = scan_one("a.pdf", &pdf(&[sheet]));
    assert_eq!(file.status, FileStatus::Read);
    let page = &file.pages[0];
    let read = lines(page);
    assert!(read.contains(&"Anne Éxemple".to_owned()) && !text(page).contains("cachée"), "{read:?}");
    let ticks: Vec<_> = page.words.iter().filter(|w| w.text == "☒").collect();
    assert_eq!(ticks.len(), 1);
    assert!((ticks[0].bbox.middle() - 538.0 / 842.0).abs() < 0.01);
    let signed: Vec<_> = page.marks.iter().filter(|m| m.kind == MarkKind::Signature).collect();
    assert_eq!(signed.len(), 1);
    assert!((signed[0].bbox.middle() - 608.0 / 842.0).abs() < 0.01);
}
