//! The second engine and what becomes of two readings. Skipped where the models are not installed.

use camino::Utf8Path;
use complet_model::{Page, TextSource};
use complet_scanner::{
    Closer, EngineChoice, PageRequest, Ppocr, Reader, ScanError, Settings, Stage, scan_files,
};
use image::{ImageFormat, imageops};

use crate::make::{Dossier, encode, image, letter, lines, scanned, text};

/// A page as an engine reads it; `None` without the models.
fn read(
    picture: &image::DynamicImage,
    engine: EngineChoice,
    closer: bool,
    without: &[Stage],
) -> Option<Page> {
    read_again(picture, engine, without, closer.then(Closer::default))
}

/// The same when it was read before.
fn read_again(
    picture: &image::DynamicImage,
    engine: EngineChoice,
    without: &[Stage],
    closer: Option<Closer>,
) -> Option<Page> {
    if Ppocr::new(None, true).is_err() {
        eprintln!("skipped: the models of the second engine are missing (./dev models)");
        return None;
    }
    let dossier = Dossier::new();
    let path = dossier.add("page.png", &encode(picture, ImageFormat::Png)).into_std_path_buf();
    let settings = Settings { engine, without: without.iter().copied().collect(), ..Settings::default() };
    Some(Reader::new().read(&PageRequest { closer, ..PageRequest::new(path, 1, settings) }))
}

/// A closer look at all of a page that was read before.
fn anywhere(page: &Page) -> Closer {
    Closer { earlier: Some(Box::new(page.clone())), places: Vec::new() }
}

fn has_the_letter(page: &Page) {
    assert_eq!(page.text_source, TextSource::Ocr);
    for wanted in ["Quittance", "septembre", "2026", "Exemple", "quittance", "87000"] {
        let word = page.words.iter().find(|w| w.text.contains(wanted));
        assert!(word.is_some_and(|w| w.confidence > 0.6), "{wanted} in {}", text(page));
    }
    let title = page.words[0].bbox;
    assert!(title.bottom < 0.2 && title.left < 0.2 && title.right > title.left + 0.05, "{title:?}");
}

#[test]
fn ppocr_alone_reads_a_page_whichever_way_it_lies() {
    let page = image(&scanned(&letter(), 150.0));
    let upside_down = image::DynamicImage::from(imageops::rotate180(&page));
    let on_its_side = image::DynamicImage::from(imageops::rotate90(&page));
    for (picture, turned) in [(&page, 0), (&upside_down, 180), (&on_its_side, 270)] {
        let Some(read) = read(picture, EngineChoice::Ppocr, false, &[]) else { return };
        assert_eq!(read.turned, turned);
        has_the_letter(&read);
        assert!(read.second_reading.is_empty());
    }
}

#[test]
fn a_clean_scan_is_read_once_and_closer_by_both() {
    let page = image(&scanned(&letter(), 200.0));
    let Some(once) = read(&page, EngineChoice::Auto, false, &[]) else { return };
    has_the_letter(&once);
    assert!(once.second_reading.is_empty(), "a clean page is not doubtful");
    let Some(both) = read(&page, EngineChoice::Auto, true, &[]) else { return };
    has_the_letter(&both);
    let second: Vec<&str> = both.second_reading.iter().map(|w| w.text.as_str()).collect();
    assert!(second.contains(&"Quittance"), "{second:?}");
    assert_eq!(lines(&once), lines(&both));
    // Both engines agree: each word is surer than it was.
    let title = |page: &Page| page.words.iter().find(|w| w.text.contains("Quittance")).map(|w| w.confidence);
    assert!(title(&both) >= title(&once) && title(&both).is_some());
    let Some(off) = read(&page, EngineChoice::Auto, true, &[Stage::Second]) else { return };
    assert!(off.second_reading.is_empty());
}

#[test]
fn a_page_that_was_read_before_is_read_on_from_there() {
    let page = image(&scanned(&letter(), 200.0));
    // Askew and upside down, so that its words stand elsewhere on the picture than on the page.
    let level = page.to_luma8();
    let mut askew = level.clone();
    for (x, y, pixel) in askew.enumerate_pixels_mut() {
        let above = y.checked_sub(x / 40).map_or(255, |y| level.get_pixel(x, y).0[0]);
        pixel.0[0] = above;
    }
    let page = image::DynamicImage::from(imageops::rotate180(&askew));
    let Some(once) = read(&page, EngineChoice::Auto, false, &[Stage::Second]) else { return };
    assert_eq!((once.turned, once.second_reading.len()), (180, 0));
    let Some(both) = read(&page, EngineChoice::Auto, true, &[]) else { return };
    let Some(on) = read_again(&page, EngineChoice::Auto, &[], Some(anywhere(&once))) else { return };
    assert_eq!((on.turned, lines(&on)), (180, lines(&both)));
    for (a, b) in on.words.iter().zip(&both.words) {
        let off = (a.bbox.left - b.bbox.left).abs() + (a.bbox.bottom - b.bbox.bottom).abs();
        assert!(off < 0.002, "{a:?} {b:?}");
    }
    assert_eq!(on.second_reading.len(), both.second_reading.len());
    // Of a place that is in doubt, nothing else is read again.
    let mut unsure = once.clone();
    for word in &mut unsure.words {
        if word.text == "septembre" || word.text == "quittance" {
            (word.text, word.confidence) = (word.text.to_uppercase(), 0.4);
        }
    }
    let place = unsure.words.iter().find(|w| w.text == "SEPTEMBRE").expect("the month").bbox;
    let closer = |places| Some(Closer { earlier: Some(Box::new(unsure.clone())), places });
    let Some(all) = read_again(&page, EngineChoice::Auto, &[], closer(Vec::new())) else { return };
    let Some(some) = read_again(&page, EngineChoice::Auto, &[], closer(vec![place])) else { return };
    assert!(text(&all).contains("septembre") && text(&all).contains("quittance"), "{}", text(&all));
    assert!(text(&some).contains("septembre") && text(&some).contains("QUITTANCE"), "{}", text(&some));
    // What was read before is believed, not read again.
    let mut other = once.clone();
    let word = other.words.iter_mut().find(|w| w.text == "septembre");
    let word = word.expect("the month");
    (word.text, word.confidence) = ("octobre".to_owned(), 0.97);
    let Some(on) = read_again(&page, EngineChoice::Auto, &[], Some(anywhere(&other))) else { return };
    assert!(text(&on).contains("octobre"), "{}", text(&on));
}

#[test]
fn light_print_on_a_dark_bar_is_read_by_the_first_engine() {
    let mut page = image(&scanned(&letter(), 200.0)).to_luma8();
    let (width, height) = page.dimensions();
    // The title's row, light on dark.
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        if (width / 20..width * 19 / 20).contains(&x) && (height * 12 / 100..height * 16 / 100).contains(&y) {
            pixel.0[0] = 255 - pixel.0[0].saturating_sub(70);
        }
    }
    let Some(read) = read(&page.into(), EngineChoice::Tesseract, false, &[]) else { return };
    has_the_letter(&read);
}

#[test]
fn a_shadow_makes_a_page_doubtful() {
    let mut page = image(&scanned(&letter(), 150.0)).to_luma8();
    let width = page.width() as f32;
    for (x, _, pixel) in page.enumerate_pixels_mut() {
        pixel.0[0] = (f32::from(pixel.0[0]) * (1.0 - 0.5 * x as f32 / width)) as u8;
    }
    let Some(read) = read(&page.into(), EngineChoice::Auto, false, &[]) else { return };
    assert!(!read.second_reading.is_empty());
    has_the_letter(&read);
}

#[test]
fn ppocr_without_its_models_is_an_error_with_the_command() {
    let dossier = Dossier::new();
    let path = dossier.add("page.png", &encode(&image(&scanned(&letter(), 100.0)), ImageFormat::Png));
    let models = Some(dossier.path().to_owned());
    let settings = Settings { engine: EngineChoice::Ppocr, models: models.clone(), ..Settings::default() };
    let error = scan_files(&[&path], &settings, &|_| {}).unwrap_err();
    assert!(matches!(error, ScanError::NoModels { .. }));
    assert!(error.to_string().contains("./dev models"), "{error}");
    assert!(Ppocr::new(Some(Utf8Path::new("/nowhere")), true).is_err());
    // The other engine reads without them.
    let settings = Settings { models, ..Settings::default() };
    let file = scan_files(&[&path], &settings, &|_| {}).unwrap().files.remove(0);
    assert!(!file.pages[0].words.is_empty() && file.pages[0].second_reading.is_empty());
}
