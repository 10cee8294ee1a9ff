//! Pages that are pictures.

use complet_model::{BBox, Capture, FileStatus, MarkKind, Page, TextSource};
use image::{ImageFormat, imageops};

use crate::make::{Sheet, codes, encode, image, letter, pdf, scan_one, scanned, text};

fn is_read(page: &Page) {
    assert_eq!((page.text_source, page.capture), (TextSource::Ocr, Capture::Picture));
    for wanted in ["Quittance", "septembre", "2026", "Exemple", "quittance", "87000"] {
        assert!(page.words.iter().any(|w| w.text.contains(wanted)), "{wanted} in {}", text(page));
    }
    assert_eq!(page.problems, []);
    // The title is the first line whichever way the page lay.
    assert!(page.words[0].bbox.bottom < 0.2 && page.words[0].bbox.left < 0.2, "{:?}", page.words[0]);
}

#[test]
fn pictures_of_every_format_are_read() {
    let page = image(&scanned(&letter(), 150.0));
    let colour = image::DynamicImage::ImageRgb8(page.to_rgb8());
    for (format, picture) in [
        (ImageFormat::Png, &page),
        (ImageFormat::Jpeg, &page),
        (ImageFormat::Bmp, &colour),
        (ImageFormat::WebP, &colour),
        (ImageFormat::Gif, &colour),
    ] {
        // The name is wrong on purpose.
        let file = scan_one("page.docx", &encode(picture, format));
        assert_eq!((file.status, file.pages.len()), (FileStatus::Read, 1), "{format:?}");
        is_read(&file.pages[0]);
    }
}

#[test]
fn pages_on_their_side_or_head_are_read_upright() {
    let page = image(&scanned(&letter(), 150.0));
    for (picture, turned) in [
        (image::DynamicImage::from(imageops::rotate90(&page)), 270),
        (image::DynamicImage::from(imageops::rotate180(&page)), 180),
        (image::DynamicImage::from(imageops::rotate270(&page)), 90),
    ] {
        let file = scan_one("page.png", &encode(&picture, ImageFormat::Png));
        let page = &file.pages[0];
        assert_eq!(page.turned, turned);
        assert!(page.height > page.width);
        is_read(page);
    }
}

#[test]
fn the_camera_s_orientation_is_honoured() {
    // Exif says 6: to be turned 90 degrees clockwise; the pixels lie the other way.
    let exif = [
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".as_slice(), //
    ]
    .concat();
    let page = image(&scanned(&letter(), 150.0));
    let jpeg = encode(&imageops::rotate270(&page.to_rgb8()).into(), ImageFormat::Jpeg);
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&jpeg[2..]);
    let file = scan_one("photo.jpg", &bytes);
    assert_eq!(file.pages[0].turned, 0);
    assert!(file.pages[0].height > file.pages[0].width);
    is_read(&file.pages[0]);
}

#[test]
fn a_skewed_grey_page_is_read() {
    let page = scanned(&letter(), 150.0);
    // A shear of two degrees, on paper that darkens to the right.
    let mut skewed = page.clone();
    for y in 0..page.height {
        for x in 0..page.width {
            let from = (y as f32 - x as f32 * 0.035 + 20.0).clamp(0.0, page.height as f32 - 1.0) as usize;
            let paper = 0.95 - 0.5 * x as f32 / page.width as f32;
            skewed.pixels[y * page.width + x] = (f32::from(page.pixels[from * page.width + x]) * paper) as u8;
        }
    }
    let file = scan_one("page.png", &encode(&image(&skewed), ImageFormat::Png));
    is_read(&file.pages[0]);
    // After straightening the words of a line share their row.
    let page = &file.pages[0];
    let line: Vec<_> = page.words.iter().filter(|w| w.line == page.words[0].line).collect();
    assert!(line.len() >= 5);
    assert!(line.iter().all(|w| w.bbox.row_overlap(line[0].bbox) > 0.5), "{line:?}");
}

#[test]
fn tiff_pages_are_pages() {
    use tiff::encoder::{TiffEncoder, colortype};
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut file = TiffEncoder::new(&mut bytes).unwrap();
    for sheet in [letter(), Sheet::new(), letter()] {
        let page = scanned(&sheet, 150.0);
        file.write_image::<colortype::Gray8>(page.width as u32, page.height as u32, &page.pixels).unwrap();
    }
    let file = scan_one("fax.tif", &bytes.into_inner());
    assert_eq!((file.status, file.pages.len()), (FileStatus::Read, 3));
    is_read(&file.pages[0]);
    assert_eq!(codes(&file.pages[1]), ["page-blank"]);
    is_read(&file.pages[2]);
    assert_eq!(file.pages.iter().map(|p| p.number).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn the_first_picture_of_an_animation_is_its_page() {
    let page = image::DynamicImage::ImageRgb8(image(&scanned(&letter(), 150.0)).to_rgb8()).to_rgba8();
    let mut bytes = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
        let blank = image::RgbaImage::from_pixel(page.width(), page.height(), image::Rgba([255; 4]));
        encoder.encode_frame(image::Frame::new(page)).unwrap();
        encoder.encode_frame(image::Frame::new(blank)).unwrap();
    }
    let file = scan_one("a.gif", &bytes);
    assert_eq!(file.pages.len(), 1);
    is_read(&file.pages[0]);
}

#[test]
fn a_scan_in_a_pdf_is_read_with_its_place() {
    let scan = scanned(&letter(), 150.0);
    let file = scan_one("scan.pdf", &pdf(&[Sheet::new().picture(0.0, 0.0, 595.0, 842.0, &scan)]));
    let page = &file.pages[0];
    is_read(page);
    assert!((page.width - 595.0).abs() < 1.0 && (page.height - 842.0).abs() < 1.0);
    let word = page.words.iter().find(|w| w.text == "Adresse").unwrap();
    assert!((word.bbox.bottom - 360.0 / 842.0).abs() < 0.006, "{:?}", word.bbox);
    assert!((word.bbox.left - 60.0 / 595.0).abs() < 0.006, "{:?}", word.bbox);
}

#[test]
fn pen_strokes_beside_the_words_are_marks() {
    let scan = scanned(&letter().scribble(330.0, 620.0), 150.0);
    let file = scan_one("scan.png", &encode(&image(&scan), ImageFormat::Png));
    let page = &file.pages[0];
    // Ink that no word accounts for, and written by hand by its strokes.
    let kinds: Vec<_> = page.marks.iter().map(|m| m.kind).collect();
    assert_eq!(kinds, [MarkKind::Signature, MarkKind::Ink]);
    let there = |b: BBox| (b.middle() - 620.0 / 842.0).abs() < 0.02 && b.left > 0.5;
    assert!(page.marks.iter().all(|m| there(m.bbox)), "{:?}", page.marks);
}
