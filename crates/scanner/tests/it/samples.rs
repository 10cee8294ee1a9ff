//! Real layouts, where they are at hand.

use camino::Utf8PathBuf;
use complet_model::{FileStatus, ScannedFile, TextSource};
use complet_scanner::{EngineChoice, Settings, scan_files};

use crate::make::text;

fn sample(name: &str) -> Option<ScannedFile> {
    sample_with(name, &Settings::default())
}

fn sample_with(name: &str, settings: &Settings) -> Option<ScannedFile> {
    let folder = Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples/files");
    let path = folder.join(name);
    if !path.is_file() {
        eprintln!("skipped: there is no {path}");
        return None;
    }
    Some(scan_files(&[path], settings, &|_| {}).unwrap().files.remove(0))
}

#[test]
fn a_filled_lease_shows_its_values() {
    let Some(file) = sample("lease_quittancesimple_filled_acroform.pdf") else { return };
    assert_eq!((file.status, file.pages.len()), (FileStatus::Read, 8));
    let first = text(&file.pages[0]);
    assert!(first.contains("KERBRAT Solene") && first.contains("NGUYEN Thi Mai"), "{first}");
    assert!(first.contains("☒ Personne physique"), "{first}");
}

#[test]
fn a_page_upside_down_is_read() {
    let Some(file) = sample("rib_mutuelle_sections_upsidedown.jpg") else { return };
    let page = &file.pages[0];
    assert_eq!((page.turned, page.text_source), (180, TextSource::Ocr));
    assert!(text(page).contains("FR76 1027 8990 0100 0209 8760 117"), "{}", text(page));
}

#[test]
fn a_page_on_its_side_is_read() {
    let Some(file) = sample("student_certificat_fr_univ_rot270.jpg") else { return };
    assert_eq!(file.pages[0].turned, 90);
    assert!(text(&file.pages[0]).contains("2025/2026"), "{}", text(&file.pages[0]));
}

#[test]
fn the_eight_orientations_of_a_camera_give_one_page() {
    // One engine tells as much here as two.
    let settings = Settings { engine: EngineChoice::Tesseract, ..Settings::default() };
    for orientation in 1..=8 {
        let name = format!("passport_cze_2005_orient{orientation}.jpg");
        let Some(file) = sample_with(&name, &settings) else { return };
        let page = &file.pages[0];
        assert_eq!(page.turned, 0, "{orientation}");
        assert!(page.words.iter().any(|w| w.text.contains("CZE")), "{orientation}: {}", text(page));
    }
}
