//! Files that are not what they should be.

use complet_model::{FileStatus, ScannedFile};
use complet_scanner::{Limits, Settings};
use image::ImageFormat;
use lopdf::{EncryptionState, EncryptionVersion, Permissions};

use crate::make::{
    Sheet, bytes, codes, document, encode, image, letter, pdf, reason, scan_one, scan_one_with, scanned, text,
};

fn refused(file: &ScannedFile, status: FileStatus, code: &str) {
    assert_eq!((file.status, reason(file), file.pages.len()), (status, code, 0), "{}", file.path);
}

#[test]
fn empty_and_foreign_files() {
    refused(&scan_one("vide.pdf", b""), FileStatus::Unreadable, "file-empty");
    refused(
        &scan_one("note.pdf", b"Bonjour, voici mes papiers."),
        FileStatus::Unsupported,
        "unsupported-text",
    );
    refused(
        &scan_one("bail.docx", b"PK\x03\x04 [Content_Types].xml"),
        FileStatus::Unsupported,
        "unsupported-office",
    );
    refused(&scan_one("tout.zip", b"PK\x03\x04 a.jpg"), FileStatus::Unsupported, "unsupported-archive");
    refused(&scan_one("page.htm", b"<html><body>"), FileStatus::Unsupported, "unsupported-html");
}

#[test]
fn pdfs_without_pages_or_structure() {
    refused(&scan_one("a.pdf", &pdf(&[])), FileStatus::Unreadable, "file-no-pages");
    refused(
        &scan_one("a.pdf", b"%PDF-1.7\nnothing of a PDF follows"),
        FileStatus::Unreadable,
        "file-damaged",
    );
}

/// Truncated anywhere, a file is read as far as it goes or said to be damaged; nothing panics.
#[test]
fn truncated_files() {
    let whole = pdf(&[letter(), letter()]);
    for tenth in 1..10 {
        let file = scan_one("a.pdf", &whole[..whole.len() * tenth / 10]);
        let said = file.status == FileStatus::Unreadable || !file.pages.is_empty();
        assert!(said, "{tenth}: {file:?}");
    }
    let page = image(&scanned(&letter(), 100.0));
    let png = encode(&page, ImageFormat::Png);
    refused(&scan_one("a.png", &png[..png.len() / 2]), FileStatus::Unreadable, "file-damaged");
    refused(&scan_one("a.png", &png[..20]), FileStatus::Unreadable, "file-damaged");
}

#[test]
fn a_jpeg_cut_short_is_read_and_said_to_be_cut() {
    let jpeg = encode(&image(&scanned(&letter(), 150.0)), ImageFormat::Jpeg);
    let whole = scan_one("a.jpg", &jpeg);
    assert_eq!(whole.pages[0].problems, []);
    let file = scan_one("a.jpg", &jpeg[..jpeg.len() * 6 / 10]);
    let page = &file.pages[0];
    assert_eq!(codes(page), ["picture-cut"], "{:?}", page.problems);
    assert!(text(page).contains("Quittance") && !text(page).contains("87000"), "{}", text(page));
}

#[test]
fn passwords() {
    let encrypted = |user: &str| {
        let mut document = document(&[letter()]);
        let version = EncryptionVersion::V2 {
            document: &document,
            owner_password: "owner",
            user_password: user,
            key_length: 128,
            permissions: Permissions::all(),
        };
        let state = EncryptionState::try_from(version).unwrap();
        document.encrypt(&state).unwrap();
        bytes(&mut document)
    };
    refused(&scan_one("a.pdf", &encrypted("secret")), FileStatus::Encrypted, "file-encrypted");
    let open = scan_one("a.pdf", &encrypted(""));
    assert_eq!(open.status, FileStatus::Read);
    assert!(text(&open.pages[0]).contains("septembre 2026"));
}

#[test]
fn a_huge_picture_is_refused_by_its_header() {
    // A PNG header alone: 30000 x 30000 pixels of 16-bit colour.
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    png.extend(30_000u32.to_be_bytes());
    png.extend(30_000u32.to_be_bytes());
    png.extend([16, 2, 0, 0, 0]);
    png.extend(crc(&png[12..]).to_be_bytes());
    let mut idat = b"IDAT\x78\x9c\x03\0\0\0\0\x01".to_vec();
    let sum = crc(&idat);
    png.extend(8u32.to_be_bytes());
    png.append(&mut idat);
    png.extend(sum.to_be_bytes());
    let file = scan_one("a.png", &png);
    refused(&file, FileStatus::Unreadable, "picture-too-large");
    let words = format!("{:?}", file.reason);
    assert!(words.contains("30000"), "{words}");
}

/// The checksum of PNG chunks.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
    })
}

#[test]
fn limits_hold() {
    let limits = Limits { pages_per_file: 2, bytes_per_file: 60_000, ..Limits::default() };
    let settings = Settings { limits, ..Settings::default() };
    let three = pdf(&[Sheet::new(), Sheet::new(), Sheet::new()]);
    refused(&scan_one_with("a.pdf", &three, &settings), FileStatus::Unreadable, "file-too-many-pages");
    refused(
        &scan_one_with("a.pdf", &vec![b' '; 60_001], &settings),
        FileStatus::Unreadable,
        "file-too-large",
    );
}

#[test]
fn a_giant_page_is_drawn_small() {
    let mut document = document(&[Sheet::new().text(60.0, 100.0, 40.0, "Grand")]);
    for object in document.objects.values_mut() {
        if let Ok(dictionary) = object.as_dict_mut()
            && dictionary.has(b"MediaBox")
        {
            dictionary.set("MediaBox", vec![0.into(), 0.into(), 2_000_000.into(), 2_000_000.into()]);
        }
    }
    let file = scan_one("a.pdf", &bytes(&mut document));
    assert_eq!((file.status, file.pages.len()), (FileStatus::Read, 1));
}

/// Noise must not keep the engine busy for minutes; specks must not hide the text.
#[test]
fn noise_is_illegible_and_specks_are_cleaned() {
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut noise = scanned(&letter(), 200.0);
    let mut specks = noise.clone();
    noise.pixels.iter_mut().for_each(|p| *p = (random() >> 32) as u8);
    let started = std::time::Instant::now();
    let file = scan_one("noise.png", &encode(&image(&noise), ImageFormat::Png));
    assert_eq!(codes(&file.pages[0]), ["page-illegible"]);
    assert!(file.pages[0].is_unreadable());

    specks.pixels.iter_mut().for_each(|p| {
        if random() % 100 < 3 {
            *p = 0;
        }
    });
    let file = scan_one("specks.png", &encode(&image(&specks), ImageFormat::Png));
    assert!(text(&file.pages[0]).contains("septembre"), "{}", text(&file.pages[0]));
    // Without the check Tesseract works on either for about a minute.
    assert!(started.elapsed().as_secs() < 45, "{:?}", started.elapsed());
}

#[test]
fn a_blank_page_is_blank_and_one_line_is_enough_not_to_be() {
    let page = scanned(&Sheet::new().text(60.0, 100.0, 14.0, "Page blanche ou presque"), 150.0);
    let blank = complet_scanner::Grey::new(page.width, page.height, vec![250; page.pixels.len()]).unwrap();
    let file = scan_one("blank.png", &encode(&image(&blank), ImageFormat::Png));
    assert_eq!(codes(&file.pages[0]), ["page-blank"]);
    let file = scan_one("line.png", &encode(&image(&page), ImageFormat::Png));
    assert_eq!(file.pages[0].problems, []);
}
