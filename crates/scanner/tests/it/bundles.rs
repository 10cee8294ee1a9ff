//! PDF files put together from pages of others.

use std::collections::BTreeSet;

use complet_scanner::{Isolation, PageOf, Scan, Scanner, Settings, TextLine, text_sheet};
use lopdf::{Document, Object, dictionary};

use crate::make::{Dossier, Sheet, bytes, document, encode, image, letter, pdf, scanned, text};

struct Read {
    scanner: Scanner,
    scan: Scan,
    files: Vec<complet_model::ScannedFile>,
}

impl Read {
    fn new(dossier: &Dossier) -> Self {
        let scanner = Scanner::new(Settings::default(), Isolation::None).unwrap();
        let mut scan = scanner.folder(dossier.path(), &|_| {}).unwrap();
        let files = std::mem::take(&mut scan.files);
        Self { scanner, scan, files }
    }

    fn bundle(&self, pages: &[PageOf]) -> Option<Vec<u8>> {
        self.scanner.bundle(&self.scan, &self.files, pages).unwrap().pdf
    }
}

/// The pages of a made file, read again.
fn pages(bundle: &[u8]) -> Vec<complet_model::Page> {
    let dossier = Dossier::new();
    dossier.add("bundle.pdf", bundle);
    dossier.scan().remove(0).pages
}

#[test]
fn pages_of_several_files_are_joined_in_order_and_upright() {
    let dossier = Dossier::new();
    let other =
        Sheet::new().text(60.0, 100.0, 14.0, "Une autre page avec assez de mots pour que son texte soit lu");
    dossier.add("a.pdf", &pdf(&[letter(), other.clone()]));
    dossier.add("b.png", &encode(&image(&scanned(&letter(), 150.0)), ::image::ImageFormat::Png));
    let mut read = Read::new(&dossier);
    read.files[0].pages[1].turned = 90;
    let wanted = [(0, 2), (1, 1), (0, 1)].map(|(file, page)| PageOf { file, page });
    let bundle = read.bundle(&wanted).unwrap();

    let parsed = Document::load_mem(&bundle).unwrap();
    let turns: Vec<i64> = parsed
        .page_iter()
        .map(|id| parsed.get_dictionary(id).unwrap().get(b"Rotate").and_then(Object::as_i64).unwrap_or(0))
        .collect();
    assert_eq!(turns, [90, 0, 0]);
    let shown = pages(&bundle);
    assert!(
        text(&shown[2]).contains(text(&read.files[0].pages[0]).lines().next().unwrap()),
        "{}",
        text(&shown[2])
    );
    assert!(!shown[1].words.is_empty(), "the picture is shown");
    assert!(shown[0].width > shown[0].height, "turned");
}

#[test]
fn a_page_brings_no_other_page_along() {
    let mut made = document(&[letter(), Sheet::new().text(60.0, 100.0, 12.0, "Le secret de la page deux")]);
    let ids: Vec<_> = made.page_iter().collect();
    let link = dictionary! {
        "Type" => "Annot", "Subtype" => "Link", "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()],
        "P" => ids[0], "Dest" => vec![ids[1].into(), "Fit".into()],
    };
    let link = made.add_object(link);
    made.get_dictionary_mut(ids[0]).unwrap().set("Annots", vec![link.into()]);
    let dossier = Dossier::new();
    dossier.add("a.pdf", &bytes(&mut made));
    let read = Read::new(&dossier);
    let bundle = read.bundle(&[PageOf { file: 0, page: 1 }]).unwrap();
    let parsed = Document::load_mem(&bundle).unwrap();
    let pages = parsed.objects.values().filter(|o| o.as_dict().is_ok_and(|d| d.has_type(b"Page"))).count();
    assert_eq!(pages, 1);
    let one = read.bundle(&[PageOf { file: 0, page: 2 }]).unwrap();
    assert!(bundle.len() < 2 * one.len() + 4_000, "{} and {}", bundle.len(), one.len());
}

#[test]
fn a_page_that_is_not_there_makes_no_bundle() {
    let dossier = Dossier::new();
    dossier.add("a.pdf", &pdf(&[letter()]));
    let read = Read::new(&dossier);
    for (file, page) in [(0, 9), (7, 1)] {
        assert_eq!(read.bundle(&[PageOf { file, page }]), None);
    }
    // The others are put together without it.
    let wanted = [(0, 9), (7, 1), (0, 1)].map(|(file, page)| PageOf { file, page });
    let bundled = read.scanner.bundle(&read.scan, &read.files, &wanted).unwrap();
    assert_eq!((bundled.pdf, bundled.left_out), (None, BTreeSet::from([0, 7])));
    let bundled = read.scanner.bundle(&read.scan, &read.files, &wanted[1..]).unwrap();
    assert_eq!(pages(&bundled.pdf.unwrap()).len(), 1);
    assert_eq!(bundled.left_out, BTreeSet::from([7]));
}

#[test]
fn a_sheet_of_text_is_read_as_it_was_written_but_for_strange_accents() {
    let line = |text: &str, heading| TextLine { text: text.to_owned(), heading };
    let mut lines = vec![line("Relevé (été) \\ œuvre — 2026", true), line("Nguyễn Łukasz", false)];
    lines.extend((0..80).map(|i| line(&format!("ligne numéro {i} d'un long bordereau"), false)));
    let read = pages(&text_sheet(&lines).unwrap());
    assert_eq!(read.len(), 2);
    let first = text(&read[0]);
    assert!(first.contains("Relevé (été) \\ œuvre — 2026"), "{first}");
    assert!(first.contains("Nguyen Lukasz"), "{first}");
    assert!(text(&read[1]).contains("ligne numéro 79"));
}
