//! Makes the files the tests read.

use std::io::Cursor;
use std::path::PathBuf;

use camino::{Utf8Path, Utf8PathBuf};
use complet_model::{Page, ScannedFile};
use complet_scanner::{Grey, Limits, Settings, render_page, scan};
use image::{DynamicImage, GrayImage, ImageFormat};
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, Stream, StringFormat, dictionary};
use tempfile::TempDir;

/// A folder that goes when the test ends.
pub(crate) struct Dossier {
    pub(crate) folder: TempDir,
}

impl Dossier {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Utf8Path {
        Utf8Path::from_path(self.folder.path()).unwrap()
    }

    pub(crate) fn add(&self, name: &str, bytes: &[u8]) -> Utf8PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn scan(&self) -> Vec<ScannedFile> {
        self.scan_with(&Settings::default())
    }

    pub(crate) fn scan_with(&self, settings: &Settings) -> Vec<ScannedFile> {
        scan(self.path(), settings, &|_| {}).unwrap().files
    }
}

/// What became of a single file.
pub(crate) fn scan_one(name: &str, bytes: &[u8]) -> ScannedFile {
    scan_one_with(name, bytes, &Settings::default())
}

pub(crate) fn scan_one_with(name: &str, bytes: &[u8], settings: &Settings) -> ScannedFile {
    let dossier = Dossier::new();
    dossier.add(name, bytes);
    let mut files = dossier.scan_with(settings);
    assert_eq!(files.len(), 1);
    files.remove(0)
}

pub(crate) fn reason(file: &ScannedFile) -> &str {
    file.reason.as_ref().map_or("", |r| r.code.as_str())
}

pub(crate) fn codes(page: &Page) -> Vec<&str> {
    page.problems.iter().map(|p| p.message.code.as_str()).collect()
}

/// The lines of a page as text.
pub(crate) fn lines(page: &Page) -> Vec<String> {
    page.words
        .chunk_by(|a, b| a.line == b.line)
        .map(|line| line.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" "))
        .collect()
}

pub(crate) fn text(page: &Page) -> String {
    lines(page).join("\n")
}

/// A page of text in the making: A4, Helvetica, y from the top.
#[derive(Clone, Default)]
pub(crate) struct Sheet {
    operations: Vec<Operation>,
    pictures: Vec<(String, Stream)>,
    pub(crate) rotate: i64,
    pub(crate) annotations: Vec<Dictionary>,
}

pub(crate) const WIDTH: f32 = 595.0;
pub(crate) const HEIGHT: f32 = 842.0;

fn op(operator: &str, operands: Vec<Object>) -> Operation {
    Operation::new(operator, operands)
}

fn reals(values: &[f32]) -> Vec<Object> {
    values.iter().map(|&v| Object::Real(v)).collect()
}

impl Sheet {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn text(self, x: f32, y: f32, size: f32, text: &str) -> Self {
        self.text_mode(x, y, size, 0, text)
    }

    /// Text in a rendering mode: 3 is invisible.
    pub(crate) fn text_mode(mut self, x: f32, y: f32, size: f32, mode: i64, text: &str) -> Self {
        let latin = text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect();
        self.operations.extend([
            op("BT", vec![]),
            op("Tf", vec![Object::Name(b"F1".to_vec()), Object::Real(size)]),
            op("Tr", vec![Object::Integer(mode)]),
            op("Td", reals(&[x, HEIGHT - y])),
            op("Tj", vec![Object::String(latin, StringFormat::Literal)]),
            op("ET", vec![]),
        ]);
        self
    }

    /// Drawing in PDF's own words.
    pub(crate) fn raw(mut self, content: &str) -> Self {
        self.operations.extend(Content::decode(content.as_bytes()).unwrap().operations);
        self
    }

    /// The text of another sheet, invisible.
    pub(crate) fn behind(mut self, other: &Self) -> Self {
        self.operations.extend(other.operations.iter().map(|o| match o.operator.as_str() {
            "Tr" => op("Tr", vec![Object::Integer(3)]),
            _ => o.clone(),
        }));
        self
    }

    /// A pen stroke through points.
    pub(crate) fn scribble(mut self, x: f32, y: f32) -> Self {
        self.operations.push(op("m", reals(&[x, HEIGHT - y])));
        for i in 0..8u8 {
            let (at, up) = (x + f32::from(i) * 15.0, if i % 2 == 0 { 20.0 } else { -20.0 });
            let y = HEIGHT - y;
            self.operations.push(op("c", reals(&[at + 5.0, y + up, at + 10.0, y + up, at + 15.0, y])));
        }
        self.operations.push(op("S", vec![]));
        self
    }

    /// A grey picture over the rectangle from (x, y) of this size.
    pub(crate) fn picture(mut self, x: f32, y: f32, width: f32, height: f32, picture: &Grey) -> Self {
        let name = format!("I{}", self.pictures.len());
        let dictionary = dictionary! {
            "Type" => "XObject",
            "Subtype" => "Image",
            "Width" => picture.width as i64,
            "Height" => picture.height as i64,
            "ColorSpace" => "DeviceGray",
            "BitsPerComponent" => 8,
        };
        self.operations.extend([
            op("q", vec![]),
            op("cm", reals(&[width, 0.0, 0.0, height, x, HEIGHT - y - height])),
            op("Do", vec![Object::Name(name.clone().into_bytes())]),
            op("Q", vec![]),
        ]);
        let mut stream = Stream::new(dictionary, picture.pixels.clone());
        stream.compress().unwrap();
        self.pictures.push((name, stream));
        self
    }
}

/// A PDF document of these pages.
pub(crate) fn document(sheets: &[Sheet]) -> Document {
    let mut document = Document::with_version("1.6");
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding",
    });
    let pages = document.new_object_id();
    let mut kids: Vec<Object> = Vec::new();
    for sheet in sheets {
        let mut pictures = Dictionary::new();
        for (name, stream) in &sheet.pictures {
            let id = document.add_object(stream.clone());
            pictures.set(name.as_bytes().to_vec(), id);
        }
        let content = Content { operations: sheet.operations.clone() }.encode().unwrap();
        let content = document.add_object(Stream::new(Dictionary::new(), content));
        let annotations: Vec<Object> =
            sheet.annotations.iter().map(|a| document.add_object(a.clone()).into()).collect();
        let page = document.add_object(dictionary! {
            "Type" => "Page",
            "Parent" => pages,
            "Contents" => content,
            "Rotate" => sheet.rotate,
            "Annots" => annotations,
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font }, "XObject" => pictures },
        });
        kids.push(page.into());
    }
    let pages_dictionary = dictionary! {
        "Type" => "Pages",
        "Count" => kids.len() as i64,
        "Kids" => kids,
        "MediaBox" => vec![0.into(), 0.into(), WIDTH.into(), HEIGHT.into()],
    };
    document.objects.insert(pages, Object::Dictionary(pages_dictionary));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let id = Object::String(b"0123456789abcdef".to_vec(), StringFormat::Literal);
    document.trailer.set("ID", vec![id.clone(), id]);
    document
}

pub(crate) fn bytes(document: &mut Document) -> Vec<u8> {
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

pub(crate) fn pdf(sheets: &[Sheet]) -> Vec<u8> {
    bytes(&mut document(sheets))
}

/// A letter that every reader must read.
pub(crate) fn letter() -> Sheet {
    [
        "Quittance de loyer du mois de septembre 2026",
        "Je soussigne Martin Fictif, proprietaire du logement designe",
        "ci-dessous, declare avoir recu de Madame Anne Exemple la somme",
        "de six cent vingt euros au titre du paiement du loyer et des charges",
        "pour la periode du premier au trente septembre, et lui en donne",
        "quittance sous reserve de tous mes droits.",
        "Adresse du logement : 12 rue des Lilas, 87000 Limoges",
        "Fait a Limoges, le 3 octobre 2026",
    ]
    .iter()
    .enumerate()
    .fold(Sheet::new(), |sheet, (i, line)| sheet.text(60.0, 120.0 + i as f32 * 40.0, 14.0, line))
}

/// A sheet as a scanner would see it.
pub(crate) fn scanned(sheet: &Sheet, dpi: f32) -> Grey {
    let dossier = Dossier::new();
    let path: PathBuf = dossier.add("page.pdf", &pdf(std::slice::from_ref(sheet))).into();
    render_page(&path, &Page::empty(1, 0.0, 0.0), dpi, &Limits::default()).unwrap().grey()
}

pub(crate) fn image(grey: &Grey) -> DynamicImage {
    let image = GrayImage::from_raw(grey.width as u32, grey.height as u32, grey.pixels.clone()).unwrap();
    DynamicImage::ImageLuma8(image)
}

pub(crate) fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.write_to(&mut out, format).unwrap();
    out.into_inner()
}
