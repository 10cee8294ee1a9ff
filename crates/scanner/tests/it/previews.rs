//! Small pictures of pages.

use complet_scanner::{Grey, Isolation, Preview, PreviewRequest, Scanner, Settings};
use image::ImageFormat;

use crate::make::{Dossier, encode, image, letter, pdf};

fn request(file: usize, page: u32, long_edge: u32) -> PreviewRequest {
    PreviewRequest { file, page, long_edge, quality: 60 }
}

#[test]
fn pages_are_drawn_as_large_as_asked_and_upright() {
    let dossier = Dossier::new();
    dossier.add("a.pdf", &pdf(&[letter(), letter()]));
    let scanner = Scanner::new(Settings::default(), Isolation::None).unwrap();
    let mut scan = scanner.folder(dossier.path(), &|_| {}).unwrap();
    let mut files = std::mem::take(&mut scan.files);
    files[0].pages[1].turned = 90;
    let wanted = [request(0, 1, 800), request(0, 2, 200)];
    let previews = scanner.previews(&scan, &files, &wanted).unwrap();
    let sizes: Vec<_> = previews.iter().flatten().map(|p| (p.width, p.height)).collect();
    assert_eq!(sizes, [(565, 800), (200, 141)]);
    for Preview { width, height, jpeg, .. } in previews.iter().flatten() {
        let shown = ::image::load_from_memory(jpeg).unwrap();
        assert_eq!((shown.width(), shown.height()), (*width, *height));
    }
}

#[test]
fn a_picture_is_shrunk_and_never_enlarged() {
    let dossier = Dossier::new();
    dossier.add("a.png", &encode(&image(&Grey::new(300, 200, vec![255; 60_000]).unwrap()), ImageFormat::Png));
    let scanner = Scanner::new(Settings::default(), Isolation::None).unwrap();
    let mut scan = scanner.folder(dossier.path(), &|_| {}).unwrap();
    let files = std::mem::take(&mut scan.files);
    let wanted = [request(0, 1, 1000), request(0, 1, 150)];
    let previews = scanner.previews(&scan, &files, &wanted).unwrap();
    let sizes: Vec<_> = previews.iter().flatten().map(|p| (p.width, p.height)).collect();
    assert_eq!(sizes, [(300, 200), (150, 100)]);
}

#[test]
fn a_page_that_cannot_be_shown_leaves_the_others() {
    let dossier = Dossier::new();
    // The file read last is still open.
    let gone = dossier.add("a.pdf", &pdf(&[letter()]));
    dossier.add("b.pdf", &pdf(&[letter()]));
    let scanner = Scanner::new(Settings { jobs: Some(1), ..Settings::default() }, Isolation::None).unwrap();
    let mut scan = scanner.folder(dossier.path(), &|_| {}).unwrap();
    let files = std::mem::take(&mut scan.files);
    std::fs::remove_file(gone).unwrap();
    let wanted = [request(0, 1, 200), request(1, 7, 200), request(9, 1, 200), request(1, 1, 200)];
    let previews = scanner.previews(&scan, &files, &wanted).unwrap();
    let drawn: Vec<bool> = previews.iter().map(Option::is_some).collect();
    assert_eq!(drawn, [false, false, false, true]);
}
