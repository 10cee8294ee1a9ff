//! Pictures of what was found on a page, for people who look into how it was read.
//!
//! They are drawn after the fact from the file and the finished page: the steps themselves know nothing of
//! them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter};
use std::path::Path;

use camino::Utf8Path;
use complet_model::{BBox, Mark, MarkKind, Page, TextSource};
use image::{ImageFormat, Rgb as Colour, RgbImage};
use imageproc::drawing::draw_filled_rect_mut;
use imageproc::rect::Rect;

use crate::private;
use crate::raster::Rgb;
use crate::render::{lying, straight, upright};
use crate::settings::PageRequest;

/// Resolution a PDF page is drawn at, in pixels per inch.
const DPI: f32 = 200.0;
const PINK: Colour<u8> = Colour([255, 0, 200]);
const BLUE: Colour<u8> = Colour([40, 90, 255]);
const ORANGE: Colour<u8> = Colour([255, 130, 0]);
const VIOLET: Colour<u8> = Colour([140, 0, 220]);
const BROWN: Colour<u8> = Colour([130, 80, 20]);

/// Writes the pictures of a page that was read off a picture; a page with its own text has none.
///
/// `1-corners` is the page as it lies with the corners of the sheet, `2-page` the straightened page, and
/// `3-words` the same with everything that was found on it.
///
/// # Errors
/// Why a picture could not be made or written.
pub(crate) fn write(folder: &Utf8Path, request: &PageRequest, page: &Page) -> Result<(), String> {
    if page.text_source != TextSource::Ocr {
        return Ok(());
    }
    let picture = lying(&request.path, page.number, DPI, &request.settings.limits)
        .map_err(|message| format!("the page cannot be shown: {}", message.code))?;
    let name = name(&request.path, page.number);
    let save = |image: &RgbImage, step: &str| {
        let path = folder.join(format!("{name}-{step}.png"));
        save(image, path.as_std_path()).map_err(|error| format!("{path}: {error}"))
    };
    private::create(folder.as_std_path()).map_err(|error| format!("{folder}: {error}"))?;
    if let Some(corners) = page.sheet {
        save(&Canvas::new(&picture)?.with_corners(&corners).image, "1-corners")?;
    }
    let picture = upright(straight(picture, page.sheet), page.turned);
    let canvas = Canvas::new(&picture)?;
    save(&canvas.image, "2-page")?;
    save(&canvas.with_findings(page).image, "3-words")
}

/// A name of its own for each page, which cannot lead out of the folder.
fn name(path: &Path, page: u32) -> String {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let plain = file.chars().map(|c| if c.is_alphanumeric() || ".-_".contains(c) { c } else { '_' });
    let plain: String = plain.take(60).collect();
    // Files of one name may lie in different folders.
    let hash = blake3::hash(path.as_os_str().as_encoded_bytes()).to_hex();
    format!("{plain}-{}-p{page}", hash.get(..6).unwrap_or_default())
}

fn save(image: &RgbImage, path: &Path) -> io::Result<()> {
    let mut file = BufWriter::new(private(path)?);
    image.write_to(&mut file, ImageFormat::Png).map_err(io::Error::other)
}

/// A new file for its owner alone, in place of an older one.
fn private(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A picture that is drawn on.
struct Canvas {
    image: RgbImage,
    /// Width of a stroke in pixels.
    stroke: i32,
}

impl Canvas {
    fn new(picture: &Rgb) -> Result<Self, String> {
        let image = RgbImage::from_raw(picture.width as u32, picture.height as u32, picture.pixels.clone())
            .ok_or("the picture has no size")?;
        let stroke = (image.width().max(image.height()) / 900).clamp(1, 8) as i32;
        Ok(Self { image, stroke })
    }

    fn with_corners(mut self, corners: &[(f32, f32); 4]) -> Self {
        let (w, h) = (self.image.width() as f32, self.image.height() as f32);
        let next = corners.iter().cycle().skip(1);
        for ((ax, ay), (bx, by)) in corners.iter().zip(next) {
            self.line((ax * w, ay * h), (bx * w, by * h), PINK);
        }
        for (i, (x, y)) in corners.iter().enumerate() {
            self.label(&(i + 1).to_string(), (x * w) as i32, (y * h) as i32, PINK);
        }
        self
    }

    fn with_findings(mut self, page: &Page) -> Self {
        for word in &page.second_reading {
            self.frame(page.as_seen(word.bbox), 3, BLUE);
        }
        for word in &page.words {
            self.frame(page.as_seen(word.bbox), 0, shade(word.confidence));
        }
        for zone in &page.zones {
            if let Some(whole) = zone.lines.iter().copied().reduce(BBox::union) {
                self.named(page.as_seen(whole), "MRZ", VIOLET);
            }
        }
        for Mark { kind, bbox, .. } in &page.marks {
            let (name, colour) = match kind {
                MarkKind::Stamp => ("STAMP", VIOLET),
                MarkKind::Signature => ("SIGNATURE", ORANGE),
                MarkKind::Picture => ("PICTURE", BROWN),
                MarkKind::Ink => ("INK", BROWN),
            };
            self.named(page.as_seen(*bbox), name, colour);
        }
        for problem in &page.problems {
            let name = problem.message.code.to_uppercase();
            self.named(problem.bbox.unwrap_or(BBox::PAGE), &name, ORANGE);
        }
        self
    }

    fn named(&mut self, bbox: BBox, name: &str, colour: Colour<u8>) {
        self.frame(bbox, 2, colour);
        self.frame(bbox, 3, colour);
        let (x, y) = self.place(bbox.left, bbox.top);
        self.label(name, x, y, colour);
    }

    fn place(&self, x: f32, y: f32) -> (i32, i32) {
        ((x * self.image.width() as f32) as i32, (y * self.image.height() as f32) as i32)
    }

    /// Frames a box, `around` strokes outside of it.
    fn frame(&mut self, bbox: BBox, around: i32, colour: Colour<u8>) {
        let grow = around * self.stroke;
        let (left, top) = self.place(bbox.left, bbox.top);
        let (right, bottom) = self.place(bbox.right, bbox.bottom);
        let (left, top) = ((left - grow).max(0), (top - grow).max(0));
        let right = (right + grow).min(self.image.width() as i32 - self.stroke).max(left);
        let bottom = (bottom + grow).min(self.image.height() as i32 - self.stroke).max(top);
        self.fill(left, top, right - left + self.stroke, self.stroke, colour);
        self.fill(left, bottom, right - left + self.stroke, self.stroke, colour);
        self.fill(left, top, self.stroke, bottom - top, colour);
        self.fill(right, top, self.stroke, bottom - top, colour);
    }

    fn fill(&mut self, x: i32, y: i32, width: i32, height: i32, colour: Colour<u8>) {
        if width > 0 && height > 0 {
            let rect = Rect::at(x, y).of_size(width as u32, height as u32);
            draw_filled_rect_mut(&mut self.image, rect, colour);
        }
    }

    fn line(&mut self, (ax, ay): (f32, f32), (bx, by): (f32, f32), colour: Colour<u8>) {
        let steps = (bx - ax).abs().max((by - ay).abs()).max(1.0) as i32;
        let wide = self.stroke * 2;
        for i in 0..=steps {
            let t = i as f32 / steps as f32;
            let (x, y) = ((ax + (bx - ax) * t) as i32, (ay + (by - ay) * t) as i32);
            self.fill(x - wide / 2, y - wide / 2, wide, wide, colour);
        }
    }

    /// Writes in white on a ground of the colour, inside the picture.
    fn label(&mut self, text: &str, x: i32, y: i32, colour: Colour<u8>) {
        let dot = self.stroke * 2;
        let (width, height) = (text.chars().count() as i32 * 4 * dot + dot, 7 * dot);
        let x = x.min(self.image.width() as i32 - width).max(0);
        let y = y.min(self.image.height() as i32 - height).max(0);
        self.fill(x, y, width, height, colour);
        for (i, letter) in text.chars().enumerate() {
            let left = x + dot + i as i32 * 4 * dot;
            for (row, bits) in glyph(letter).into_iter().enumerate() {
                for column in 0..3 {
                    if bits >> (2 - column) & 1 == 1 {
                        let top = y + dot + row as i32 * dot;
                        self.fill(left + column * dot, top, dot, dot, Colour([255; 3]));
                    }
                }
            }
        }
    }
}

/// Green for what was read surely, through yellow to red.
fn shade(confidence: f32) -> Colour<u8> {
    let sure = ((confidence - 0.3) / 0.6).clamp(0.0, 1.0);
    let part = |v: f32| (v.clamp(0.0, 1.0) * 220.0) as u8;
    Colour([part(2.0 - 2.0 * sure), part(2.0 * sure), 0])
}

/// A letter of three by five dots, its rows from the top, the left dot the highest bit.
fn glyph(letter: char) -> [u8; 5] {
    match letter {
        'A' => [2, 5, 7, 5, 5],
        'B' => [6, 5, 6, 5, 6],
        'C' => [3, 4, 4, 4, 3],
        'D' => [6, 5, 5, 5, 6],
        'E' => [7, 4, 6, 4, 7],
        'F' => [7, 4, 6, 4, 4],
        'G' => [3, 4, 5, 5, 3],
        'H' => [5, 5, 7, 5, 5],
        'I' => [7, 2, 2, 2, 7],
        'J' => [1, 1, 1, 5, 2],
        'K' => [5, 5, 6, 5, 5],
        'L' => [4, 4, 4, 4, 7],
        'M' => [5, 7, 7, 5, 5],
        'N' => [6, 5, 5, 5, 5],
        'O' | '0' => [7, 5, 5, 5, 7],
        'P' => [7, 5, 7, 4, 4],
        'Q' => [7, 5, 5, 7, 1],
        'R' => [6, 5, 6, 5, 5],
        'S' | '5' => [7, 4, 7, 1, 7],
        'T' => [7, 2, 2, 2, 2],
        'U' => [5, 5, 5, 5, 7],
        'V' => [5, 5, 5, 5, 2],
        'W' => [5, 5, 7, 7, 5],
        'X' => [5, 5, 2, 5, 5],
        'Y' => [5, 5, 2, 2, 2],
        'Z' => [7, 1, 2, 4, 7],
        '1' => [2, 6, 2, 2, 7],
        '2' => [7, 1, 7, 4, 7],
        '3' => [7, 1, 3, 1, 7],
        '4' => [5, 5, 7, 1, 1],
        '-' => [0, 0, 7, 0, 0],
        _ => [0; 5],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn names_stay_in_the_folder_and_apart() {
        let one = name(Path::new("/a/../Pièce d’identité.jpg"), 2);
        assert!(one.starts_with("Pièce_d_identité.jpg-") && one.ends_with("-p2"), "{one}");
        assert_ne!(one, name(Path::new("/b/Pièce d’identité.jpg"), 2));
        assert!(!name(Path::new(".."), 1).contains('/'));
    }

    #[test]
    fn frames_and_labels_stay_on_small_pictures() {
        let picture = Rgb { width: 5, height: 4, pixels: vec![9; 60] };
        let page = Page {
            marks: vec![
                Mark::new(MarkKind::Stamp, BBox::PAGE),
                Mark::new(MarkKind::Ink, BBox::new(0.9, 0.9, 1.0, 1.0)),
            ],
            ..Page::empty(1, 5.0, 4.0)
        };
        let canvas =
            Canvas::new(&picture).unwrap().with_corners(&[(-0.5, 0.0), (2.0, 0.0), (1.0, 1.0), (0.0, 1.0)]);
        let drawn = canvas.with_findings(&page).image;
        assert_eq!(drawn.dimensions(), (5, 4));
        assert_ne!(drawn.into_raw(), picture.pixels);
    }
}
