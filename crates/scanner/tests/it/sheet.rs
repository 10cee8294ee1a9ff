//! Sheets on made photos, and pages that are to be left alone.

use std::path::Path;

use complet_model::Page;
use complet_scanner::{
    Engine, Grey, Layout, Limits, OcrWord, PageRequest, Reader, Settings, Turn, render_page,
};
use image::{Rgb, RgbImage};

use crate::make::Dossier;
use crate::photo::{Scene, Shot, Table, page, take};

/// An engine that reads nothing: where the sheet lies is known without it.
struct Blind;

impl Engine for Blind {
    fn recognise(&mut self, _: &Grey, _: u32, _: Layout) -> Result<Vec<OcrWord>, String> {
        Ok(Vec::new())
    }
    fn turn(&mut self, _: &Grey, _: u32) -> Option<Turn> {
        None
    }
}

fn read(path: &Path, settings: Settings) -> Page {
    let request = PageRequest::new(path, 1, settings);
    Reader::with_engine(Box::new(Blind)).read(&request)
}

fn page_of(picture: &RgbImage) -> Page {
    let dossier = Dossier::new();
    let path = dossier.path().join("picture.png");
    picture.save(&path).unwrap();
    read(path.as_std_path(), Settings::default())
}

/// How far the worst corner is off, in thousandths of the picture's longer side.
fn off(shot: &Shot) -> Option<f32> {
    let (w, h) = (shot.picture.width() as f32, shot.picture.height() as f32);
    let found = page_of(&shot.picture).sheet?;
    let pairs = found.iter().zip(shot.corners);
    let errors = pairs.map(|((x, y), (tx, ty))| (x * w - tx).hypot(y * h - ty) / w.max(h) * 1000.0);
    Some(errors.fold(0.0, f32::max))
}

fn paper() -> RgbImage {
    page(1000, 1414, [246, 246, 243])
}

#[test]
fn a_sheets_corners_are_found_to_a_pixel_or_two() {
    let usual = Scene { long: 1200, ..Scene::default() };
    let scenes = [
        usual,
        Scene { table: Table::Light, ..usual },
        Scene { table: Table::Dark, ..usual },
        Scene { table: Table::Stone, askew: 20.0, size: 0.75, ..usual },
        Scene { tilt: 30.0, size: 0.78, ..usual },
        Scene { fingers: true, ..usual },
    ];
    for (seed, scene) in scenes.into_iter().enumerate() {
        let off = off(&take(&paper(), scene, seed as u64 + 40));
        assert!(off.is_some_and(|o| o < 2.5), "{scene:?}: {off:?}");
    }
}

#[test]
fn a_card_on_a_table_is_found() {
    let card = page(1011, 638, [214, 226, 236]);
    let scene = Scene { long: 1200, size: 0.6, wide: true, ..Scene::default() };
    let off = off(&take(&card, scene, 7));
    assert!(off.is_some_and(|o| o < 2.5), "{off:?}");
}

#[test]
fn scans_and_drawn_pages_are_left_alone() {
    let framed = |margin: u32, shade: [u8; 3]| {
        let mut scan = RgbImage::from_pixel(1000 + margin * 2, 1414 + margin * 2, Rgb(shade));
        image::imageops::replace(&mut scan, &paper(), i64::from(margin), i64::from(margin));
        scan
    };
    let mut boxed = paper();
    for (x, y, pixel) in boxed.enumerate_pixels_mut() {
        let [r, g, b] = pixel.0;
        if (120..880).contains(&x) && (300..1000).contains(&y) && r > 200 {
            *pixel = Rgb([r - 30, g - 8, b - 25]);
        }
    }
    let cases = [
        ("plain", paper()),
        ("grey margin", framed(60, [120, 120, 122])),
        ("black margin", framed(40, [4, 4, 4])),
        ("white margin", framed(80, [255, 255, 255])),
        ("box", boxed),
        ("card", page(1011, 638, [214, 226, 236])),
    ];
    for (name, scan) in cases {
        assert_eq!(page_of(&scan).sheet, None, "{name}");
    }
}

/// A page one corner of which lies outside, with a large coloured field on it: the field is no sheet.
#[test]
fn a_field_on_a_page_is_no_sheet() {
    let mut field = paper();
    for (x, y, pixel) in field.enumerate_pixels_mut() {
        if (120..880).contains(&x) && (110..900).contains(&y) && pixel.0[0] > 200 {
            *pixel = Rgb([206, 216, 196]);
        }
    }
    for seed in 1..4 {
        let scene = Scene { long: 1200, size: 0.98, off: (0.12, 0.06), ..Scene::default() };
        let shot = take(&field, scene, seed);
        if let Some(off) = off(&shot) {
            assert!(off < 6.0, "cut to something else, {off} off");
        }
    }
}

#[test]
fn what_is_shown_is_the_page_its_boxes_mean() {
    let shot = take(&paper(), Scene { long: 1200, tilt: 24.0, size: 0.8, ..Scene::default() }, 11);
    let dossier = Dossier::new();
    let path = dossier.path().join("photo.png");
    shot.picture.save(&path).unwrap();
    let mut page = read(path.as_std_path(), Settings::default());
    assert!(page.sheet.is_some());
    let shown = render_page(path.as_std_path(), &page, 200.0, &Limits::default()).unwrap();
    let ratio = shown.width as f32 / shown.height as f32;
    assert!((ratio - 0.707).abs() < 0.01, "{ratio}");
    assert!((shown.width as f32 / page.width - 1.0).abs() < 0.01);
    // The dark bar under the title, a seventh down the page, is there and nothing of the table is left.
    let at = |x: f32, y: f32| {
        let (x, y) = ((x * shown.width as f32) as usize, (y * shown.height as f32) as usize);
        i32::from(shown.pixels[(y * shown.width + x) * 3])
    };
    assert!(at(0.5, 0.158) + 60 < at(0.5, 0.05));
    for (x, y) in [(0.01, 0.01), (0.99, 0.01), (0.99, 0.99), (0.01, 0.99)] {
        assert!(at(x, y) > at(0.5, 0.158) + 20, "table at {x} {y}");
    }
    page.turned = 90;
    let turned = render_page(path.as_std_path(), &page, 200.0, &Limits::default()).unwrap();
    assert_eq!((turned.width, turned.height), (shown.height, shown.width));
}

#[test]
fn debug_pictures_are_for_their_owner_alone() {
    let shot = take(&paper(), Scene { long: 1000, ..Scene::default() }, 3);
    let dossier = Dossier::new();
    let path = dossier.path().join("photo.png");
    shot.picture.save(&path).unwrap();
    let folder = dossier.path().join("deep/steps");
    let settings = Settings { debug_images: Some(folder.clone()), ..Settings::default() };
    read(path.as_std_path(), settings.clone());
    // A second run replaces the pictures of the first.
    read(path.as_std_path(), settings);
    let mut names: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let entry = entry.unwrap();
        names.push(entry.file_name().into_string().unwrap());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert!(image::open(entry.path()).is_ok());
    }
    names.sort();
    let steps: Vec<&str> = names.iter().filter_map(|n| n.rsplit_once("-p1-").map(|(_, s)| s)).collect();
    assert_eq!(steps, ["1-corners.png", "2-page.png", "3-words.png"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

#[test]
fn debug_pictures_that_cannot_be_written_stop_nothing() {
    let dossier = Dossier::new();
    let path = dossier.path().join("page.png");
    paper().save(&path).unwrap();
    let file = dossier.add("file", b"not a folder");
    let page = read(path.as_std_path(), Settings { debug_images: Some(file), ..Settings::default() });
    assert!(page.width > 0.0);
}
