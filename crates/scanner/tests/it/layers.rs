//! Pages with text of their own.

use complet_model::{Capture, FileStatus, MarkKind, TextSource};
use complet_scanner::{Grey, Settings, Stage};
use lopdf::{Dictionary, Object, dictionary, text_string};

use crate::make::{Sheet, codes, letter, lines, pdf, scan_one, scan_one_with, scanned, text};

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

/// A scan of `shown` with the text of `hidden` behind it.
fn layered(shown: &Sheet, hidden: &Sheet) -> Vec<u8> {
    let scan = scanned(shown, 200.0);
    pdf(&[Sheet::new().picture(0.0, 0.0, 595.0, 842.0, &scan).behind(hidden)])
}

const LETTER: [&str; 8] = [
    "Attestation de versement pour les mois de janvier, mars et mai 2026",
    "Je soussigne Martin Fictif, 47 boulevard Exemple, 87000 Limoges,",
    "declare avoir verse a Madame Anne Exemple, nee le 18 avril 1963,",
    "au titre du dossier 205 914 et pour la periode du premier au trente,",
    "la somme de 1 742,60 EUR le 9 janvier, puis 835,20 EUR le 14 mars",
    "et encore 1 742,60 EUR le 26 mai, sous reserve de tous mes droits.",
    "Cette attestation est etablie en deux exemplaires originaux,",
    "Fait a Limoges, le 30 juin 2026, pour servir et valoir ce que de droit",
];

fn written(change: impl Fn(&str) -> String) -> Sheet {
    LETTER
        .iter()
        .enumerate()
        .fold(Sheet::new(), |sheet, (i, line)| sheet.text(60.0, 120.0 + i as f32 * 36.0, 13.0, &change(line)))
}

#[test]
fn a_hidden_text_that_agrees_with_its_picture_is_used() {
    let as_shown = written(str::to_owned);
    let file = scan_one("a.pdf", &layered(&as_shown, &as_shown));
    let page = &file.pages[0];
    assert_ne!(page.text_source, TextSource::Ocr);
    assert_eq!(page.capture, Capture::Picture);
    assert_eq!(lines(page), LETTER);
    assert!(page.words.iter().all(|w| w.confidence < 0.98 && w.confidence > 0.5));
    assert!(codes(page).is_empty(), "{:?}", codes(page));
    let without = Settings { without: [Stage::HiddenText].into(), ..Settings::default() };
    let page = &scan_one_with("a.pdf", &layered(&as_shown, &as_shown), &without).pages[0];
    assert_eq!(page.text_source, TextSource::Ocr);
}

#[test]
fn a_hidden_text_never_says_what_its_picture_does_not() {
    let as_shown = written(str::to_owned);
    for (shown, forged) in [
        ("1 742,60 EUR le 26", "9 742,60 EUR le 26"),
        ("1 742,60", "1 942,60"),
        ("835,20", "885,20"),
        ("14 mars", "14 juin"),
        ("14 mars", "19 mars"),
        ("Anne Exemple", "Zoé Imitatrix"),
        ("1963", "1968"),
        ("Attestation de versement", "Certificat de naissance"),
    ] {
        let hidden = written(|line| line.replace(shown, forged));
        let page = &scan_one("a.pdf", &layered(&as_shown, &hidden)).pages[0];
        let read = text(page).to_lowercase();
        assert!(read.contains(&shown.to_lowercase()), "{shown} {:?}: {read}", page.text_source);
        assert!(!read.contains(&forged.to_lowercase()), "{forged} {:?}: {read}", page.text_source);
    }
}

#[test]
fn single_values_changed_behind_a_picture_are_told() {
    let as_shown = written(str::to_owned);
    for (shown, forged) in [("742", "942"), ("87000", "75000")] {
        let hidden = written(|line| line.replace(shown, forged));
        let page = &scan_one("a.pdf", &layered(&as_shown, &hidden)).pages[0];
        assert!(text(page).contains(shown) && !text(page).contains(forged));
        // A number that is not taken and not told stands in a part that was read again.
        assert_eq!(page.text_source == TextSource::Ocr, codes(page) == ["text-layer-differs"], "{forged}");
    }
}

#[test]
fn another_page_behind_a_picture_is_told() {
    let page = &scan_one("a.pdf", &layered(&letter(), &written(str::to_owned))).pages[0];
    assert_eq!((page.text_source, codes(page)), (TextSource::Ocr, vec!["text-layer-differs"]));
    assert!(text(page).contains("Quittance de loyer") && !text(page).contains("versement"));
    // Most of the page without words: read off the picture, and nothing to tell.
    let part = Sheet::new().text(60.0, 120.0, 14.0, "Quittance de loyer du mois de septembre 2026").text(
        60.0,
        160.0,
        14.0,
        "Je soussigne Martin Fictif, proprietaire du logement designe",
    );
    let page = &scan_one("a.pdf", &layered(&letter(), &part)).pages[0];
    assert!(text(page).contains("3 octobre 2026"), "{}", text(page));
    assert!(codes(page).is_empty());
}

#[test]
fn white_text_over_a_scan_is_no_text_of_the_page() {
    let scan = scanned(&letter(), 200.0);
    let mut sheet = Sheet::new().picture(0.0, 0.0, 595.0, 842.0, &scan).raw("1 g");
    for i in 0..10u8 {
        sheet = sheet.text(60.0, 130.0 + f32::from(i) * 24.0, 12.0, "Texte faux pose en blanc par-dessus");
    }
    let page = &scan_one("a.pdf", &pdf(&[sheet])).pages[0];
    assert_eq!((page.text_source, page.capture), (TextSource::Ocr, Capture::Picture));
    assert!(text(page).contains("septembre 2026") && !text(page).contains("faux"), "{}", text(page));
}

#[test]
fn words_from_right_to_left_stand_beside_others() {
    let page = crate::sight::arabic();
    let read = lines(&page);
    assert!(read.contains(&"Nom : Exemple".to_owned()) && read.contains(&"محمد".to_owned()), "{read:?}");
    assert!(text(&page).contains("Quittance de loyer du mois de septembre 2026"));
}
