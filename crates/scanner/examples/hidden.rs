//! Measures what is believed of the hidden text of scans: `hidden [--dpi 200] PDF...`
//!
//! Makes a scan of the first page of each file, which must have text of its own, puts its text behind the
//! picture, as it is or damaged in several ways, and reads the result.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use complet_model::{Page, Word};
use complet_scanner::{Grey, Limits, PageRequest, Reader, Settings, Stage, read_page, render_page};
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, Stream, StringFormat, dictionary};

type Failure = Box<dyn std::error::Error>;

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides.max(1)
    }
}

fn main() -> Result<(), Failure> {
    let mut dpi = 200.0;
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--dpi" => dpi = args.next().and_then(|d| d.parse().ok()).unwrap_or(dpi),
            _ => paths.push(arg.into()),
        }
    }
    let only = std::env::var("ONLY").ok();
    let folder = tempfile::tempdir()?;
    let mut reader = Reader::new();
    let mut pages = Vec::new();
    for path in &paths {
        let page = read(&mut reader, path, true);
        let picture =
            scanned(&render_page(path, &Page::empty(1, 0.0, 0.0), dpi, &Limits::default()).unwrap().grey());
        pages.push((path, page, picture));
    }
    let mut totals: HashMap<&str, [f64; 7]> = HashMap::new();
    for (i, (path, page, picture)) in pages.iter().enumerate() {
        let other = &pages.get((i + 1) % pages.len()).unwrap().1.words;
        for (name, words) in layers(&page.words, other) {
            // A reader keeps the file it read last: each needs a name of its own.
            if only.as_ref().is_some_and(|o| o != name) {
                continue;
            }
            let file = folder.path().join(format!("{i} {name}.pdf").replace(' ', "-"));
            std::fs::write(&file, pdf(page, &words, picture)?)?;
            let start = cpu();
            let with = read(&mut reader, &file, true);
            let time = cpu() - start;
            let start = cpu();
            let without = read(&mut reader, &file, false);
            let reference = cpu() - start;
            let told = with.problems.iter().any(|p| p.message.code == "text-layer-differs");
            let believed = f64::from(u8::from(with.text_source != complet_model::TextSource::Ocr));
            // Words of the layer that the page does not have, and that were read off it all the same.
            let taken = forged(&words, &page.words, &with.words);
            let row = [
                1.0,
                believed,
                f64::from(u8::from(told)),
                taken as f64,
                f1(&with.words, &page.words),
                f1(&without.words, &page.words),
                time / reference,
            ];
            println!(
                "{} {name}: {:?} told {told}, false words {taken}, F1 {:.4} (OCR {:.4}), time {time:.2} s (OCR {reference:.2} s)",
                path.file_name().unwrap().to_string_lossy(),
                with.text_source,
                row[4],
                row[5]
            );
            for (sum, v) in totals.entry(name).or_default().iter_mut().zip(row) {
                *sum += v;
            }
        }
    }
    println!("| layer | pages | believed | told | false words taken | F1 | F1 of OCR | time against OCR |");
    for name in NAMES {
        let Some([n, believed, told, taken, with, without, time]) = totals.get(name) else { continue };
        println!(
            "| {name} | {n} | {believed} | {told} | {taken} | {:.3} | {:.3} | {:.2} |",
            with / n,
            without / n,
            time / n
        );
    }
    Ok(())
}

/// Seconds of CPU this process has used.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(11).take(2);
    ticks.filter_map(|t| t.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn read(reader: &mut Reader, path: &Path, hidden: bool) -> Page {
    let mut settings = Settings::default();
    if !hidden {
        settings.without.insert(Stage::HiddenText);
    }
    read_page(reader, &PageRequest::new(path, 1, settings))
}

/// A page as a scanner sees it: a little soft and noisy.
fn scanned(page: &Grey) -> Grey {
    let mut dice = Dice(7);
    let mut pixels = Vec::with_capacity(page.pixels.len());
    let at = |x: usize, y: usize| {
        page.pixels.get(y.min(page.height - 1) * page.width + x.min(page.width - 1)).copied().unwrap_or(255)
    };
    for y in 0..page.height {
        for x in 0..page.width {
            let sum = u64::from(at(x, y)) * 4
                + u64::from(at(x + 1, y))
                + u64::from(at(x.saturating_sub(1), y))
                + u64::from(at(x, y + 1))
                + u64::from(at(x, y.saturating_sub(1)));
            pixels.push((sum / 8 * 235 / 255 + dice.roll(20)).min(255) as u8);
        }
    }
    Grey { pixels, ..*page }
}

const NAMES: [&str; 10] = [
    "perfect",
    "2 % wrong",
    "5 % wrong",
    "15 % wrong",
    "shifted",
    "other page",
    "amount",
    "month",
    "name",
    "half missing",
];

fn layers(words: &[Word], other: &[Word]) -> Vec<(&'static str, Vec<Word>)> {
    let with = |change: &mut dyn FnMut(&mut Word)| {
        let mut words = words.to_vec();
        words.iter_mut().for_each(change);
        words
    };
    let mut dice = Dice(42);
    let mut noisy = |percent: u64| {
        with(&mut |w| {
            let change = |c: char| match c {
                _ if dice.roll(100) >= percent => c,
                '0'..='9' => char::from(b'0' + dice.roll(10) as u8),
                _ => char::from(b'a' + dice.roll(26) as u8),
            };
            w.text = w.text.chars().map(change).collect();
        })
    };
    let (few, some, many) = (noisy(2), noisy(5), noisy(15));
    let shifted = with(&mut |w| {
        w.bbox.left += 0.03;
        w.bbox.right += 0.03;
        w.bbox.top += 0.012;
        w.bbox.bottom += 0.012;
    });
    // The first digit of all amounts, and of nothing else.
    let amount = with(&mut |w| {
        if w.text.contains(',') && w.text.chars().filter(char::is_ascii_digit).count() >= 3 {
            let first = w.text.bytes().position(|b| b.is_ascii_digit()).unwrap();
            let forged = if w.text.chars().nth(first) == Some('9') { "4" } else { "9" };
            w.text.replace_range(first..=first, forged);
        }
    });
    let months = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "septembre", "octobre"];
    let month = with(&mut |w| {
        if months.contains(&w.text.to_lowercase().as_str()) {
            w.text = if w.text.len() > 6 { "novembre".into() } else { "août".into() };
        }
    });
    // One surname for another of the same length.
    let name = with(&mut |w| {
        let capitals = w.text.chars().count() >= 4 && w.text.chars().all(|c| c.is_ascii_uppercase());
        if capitals {
            w.text = w.text.bytes().map(|b| char::from(b'A' + (b - b'A' + 7) % 26)).collect();
        }
    });
    let half: Vec<Word> = words.iter().filter(|w| w.bbox.top < 0.4).cloned().collect();
    NAMES
        .into_iter()
        .zip([words.to_vec(), few, some, many, shifted, other.to_vec(), amount, month, name, half])
        .filter(|(name, w)| *name == "perfect" || w != words)
        .collect()
}

fn key(w: &Word) -> String {
    w.text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn bag(words: &[Word]) -> HashMap<String, i64> {
    let mut bag = HashMap::new();
    for key in words.iter().map(key).filter(|k| !k.is_empty()) {
        *bag.entry(key).or_default() += 1;
    }
    bag
}

/// Words the layer has and the page has not, that were taken.
fn forged(layer: &[Word], truth: &[Word], read: &[Word]) -> usize {
    let (truth, read) = (bag(truth), bag(read));
    bag(layer).keys().filter(|k| k.len() > 2 && !truth.contains_key(*k) && read.contains_key(*k)).count()
}

fn f1(read: &[Word], truth: &[Word]) -> f64 {
    let (a, b) = (bag(read), bag(truth));
    let common: i64 = a.iter().map(|(k, n)| n.min(b.get(k).unwrap_or(&0))).sum();
    2.0 * common as f64 / (a.values().sum::<i64>() + b.values().sum::<i64>()).max(1) as f64
}

fn pdf(page: &Page, words: &[Word], picture: &Grey) -> Result<Vec<u8>, Failure> {
    let (width, height) = (page.width, page.height);
    let real = |v: f32| Object::Real(v);
    let op = |name: &str, operands: Vec<Object>| Operation::new(name, operands);
    let mut operations = vec![
        op("q", vec![]),
        op("cm", [width, 0.0, 0.0, height, 0.0, 0.0].map(real).to_vec()),
        op("Do", vec![Object::Name(b"I".to_vec())]),
        op("Q", vec![]),
        op("BT", vec![]),
        op("Tr", vec![3.into()]),
    ];
    for word in words {
        let latin: Vec<u8> = word.text.chars().map(windows).collect();
        let (wide, high) = (word.bbox.width() * width, word.bbox.height() * height);
        // Courier: each letter is 0.6 em wide.
        let size = (high * 1.2).max(1.0);
        let stretch = wide / (latin.len().max(1) as f32 * 0.6 * size) * 100.0;
        operations.extend([
            op("Tf", vec![Object::Name(b"F".to_vec()), real(size)]),
            op("Tz", vec![real(stretch)]),
            op(
                "Tm",
                [
                    1.0,
                    0.0,
                    0.0,
                    1.0,
                    word.bbox.left * width,
                    height - word.bbox.bottom * height + high * 0.15,
                ]
                .map(real)
                .to_vec(),
            ),
            op("Tj", vec![Object::String(latin, StringFormat::Literal)]),
        ]);
    }
    operations.push(op("ET", vec![]));

    let mut document = Document::with_version("1.6");
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier", "Encoding" => "WinAnsiEncoding",
    });
    let dictionary = dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "Width" => picture.width as i64,
        "Height" => picture.height as i64, "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
    };
    let image = document.add_object(Stream::new(dictionary, picture.pixels.clone()));
    let content = document.add_object(Stream::new(Dictionary::new(), Content { operations }.encode()?));
    let pages = document.new_object_id();
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content,
        "MediaBox" => vec![0.into(), 0.into(), real(width), real(height)],
        "Resources" => dictionary! {
            "Font" => dictionary! { "F" => font }, "XObject" => dictionary! { "I" => image },
        },
    });
    let kids = dictionary! { "Type" => "Pages", "Count" => 1, "Kids" => vec![Object::from(page)] };
    document.objects.insert(pages, Object::Dictionary(kids));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut out = Vec::new();
    document.save_to(&mut out)?;
    Ok(out)
}

/// A character in Windows' encoding.
fn windows(c: char) -> u8 {
    match c {
        '€' => 0x80,
        '’' => 0x92,
        '‘' => 0x91,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        'œ' => 0x9c,
        'Œ' => 0x8c,
        c => u8::try_from(u32::from(c)).unwrap_or(b'?'),
    }
}
