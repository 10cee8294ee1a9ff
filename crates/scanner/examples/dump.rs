//! Prints what is read off files or folders: `dump [--text] [--lang fra+eng]
//! [--engine auto|tesseract|ppocr] [--without STEP] [--jobs N] PATH...`
//!
//! JSON by default; `--text` prints the lines of each page instead.
#![allow(clippy::print_stdout)]

use camino::Utf8PathBuf;
use complet_model::ScannedFile;
use complet_scanner::{EngineChoice, Settings, Stage, scan, scan_files};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut settings = Settings::default();
    let (mut text, mut paths) = (false, Vec::new());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--text" => text = true,
            "--engine" => {
                settings.engine = match args.next().as_deref() {
                    Some("tesseract") => EngineChoice::Tesseract,
                    Some("ppocr") => EngineChoice::Ppocr,
                    _ => EngineChoice::Auto,
                }
            }
            "--lang" => settings.languages = args.next().unwrap_or_default(),
            "--without" => {
                let name = args.next().unwrap_or_default();
                settings.without.extend(Stage::ALL.into_iter().find(|s| s.name() == name));
            }
            "--jobs" => settings.jobs = args.next().and_then(|n| n.parse().ok()),
            _ => paths.push(Utf8PathBuf::from(arg)),
        }
    }
    let (folders, files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|p| p.is_dir());
    let mut all = scan_files(&files, &settings, &|_| {})?.files;
    for folder in folders {
        all.extend(scan(&folder, &settings, &|_| {})?.files);
    }
    if text {
        all.iter().for_each(print);
    } else {
        println!("{}", serde_json::to_string(&all)?);
    }
    Ok(())
}

fn print(file: &ScannedFile) {
    println!("=== {} {:?} {:?}", file.path, file.status, file.reason.as_ref().map(|r| &r.code));
    for page in &file.pages {
        let problems: Vec<_> = page.problems.iter().map(|p| p.message.code.as_str()).collect();
        println!(
            "--- page {} {}x{} turned {} {:?} {:?} {problems:?}",
            page.number, page.width, page.height, page.turned, page.capture, page.text_source
        );
        for mark in &page.marks {
            let b = mark.bbox;
            println!("    {:?} [{:.3} {:.3} {:.3} {:.3}]", mark.kind, b.left, b.top, b.right, b.bottom);
        }
        for line in page.words.chunk_by(|a, b| a.line == b.line) {
            let words: Vec<_> = line.iter().map(|w| w.text.as_str()).collect();
            println!("{}", words.join(" "));
        }
    }
}
