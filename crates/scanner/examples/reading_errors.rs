//! Measures how well pictures are read: the text of the same documents, made by a program, is the truth.
//!
//! `reading_errors [--engine auto|tesseract|ppocr] [--both] [--without STEP] [--limit N] [--words] TRUTH READ`
//!
//! TRUTH is a folder of PDFs with text, READ one with scans or photos of them under the same names (the
//! extension aside); both can be single files. For each it prints the character error, the share of the
//! truth's words found, of those with figures, of what was read that is true, and CPU seconds.
//!
//! The character error is taken line by line, each at the place of the reading where it fits best: the
//! order of lines does not count. `--words` lists the words not found, lines with
//! several errors and what was read.
#![allow(clippy::print_stdout)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use complet_model::{Page, Word};
use complet_scanner::{Closer, EngineChoice, PageRequest, Reader, Settings, Stage};

#[derive(Default)]
struct Sums {
    pages: usize,
    errors: usize,
    chars: usize,
    found: usize,
    words: usize,
    found_figures: usize,
    figures: usize,
    read: usize,
    seconds: f64,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut settings = Settings::default();
    let (mut both, mut limit, mut list, mut paths) = (false, usize::MAX, false, Vec::new());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--both" => both = true,
            "--words" => list = true,
            "--limit" => limit = args.next().and_then(|n| n.parse().ok()).unwrap_or(limit),
            "--without" => {
                let name = args.next().unwrap_or_default();
                settings.without.extend(Stage::ALL.into_iter().find(|s| s.name() == name));
            }
            "--engine" => {
                settings.engine = match args.next().as_deref() {
                    Some("tesseract") => EngineChoice::Tesseract,
                    Some("ppocr") => EngineChoice::Ppocr,
                    _ => EngineChoice::Auto,
                }
            }
            _ => paths.push(PathBuf::from(arg)),
        }
    }
    let [truth, read] = paths.as_slice() else { return Err("two paths: the truth and what is read".into()) };
    let mut reader = Reader::new();
    let mut sums = Sums::default();
    println!("{:<40} {:>6} {:>6} {:>7} {:>6} {:>6}", "file", "CER %", "words", "figures", "true", "CPU s");
    for (truth, read) in pairs(truth, read)?.into_iter().take(limit) {
        let request =
            |path: &Path, closer| PageRequest { closer, ..PageRequest::new(path, 1, settings.clone()) };
        let expected = reader.read(&request(&truth, None));
        let before = cpu_seconds();
        let page = reader.read(&request(&read, both.then(Closer::default)));
        let one = compare(&expected, &page, cpu_seconds() - before, list);
        let name = read.file_name().unwrap_or_default().to_string_lossy().into_owned();
        print(&name, &one, page.second_reading.is_empty());
        sums.add(&one);
    }
    print("all", &sums, false);
    Ok(())
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.pages += other.pages;
        self.errors += other.errors;
        self.chars += other.chars;
        self.found += other.found;
        self.words += other.words;
        self.found_figures += other.found_figures;
        self.figures += other.figures;
        self.read += other.read;
        self.seconds += other.seconds;
    }
}

fn print(name: &str, s: &Sums, once: bool) {
    let percent = |part: usize, whole: usize| part as f64 * 100.0 / whole.max(1) as f64;
    println!(
        "{name:<40} {:>6.2} {:>6.1} {:>7.1} {:>6.1} {:>6.2}{}",
        percent(s.errors, s.chars),
        percent(s.found, s.words),
        percent(s.found_figures, s.figures),
        percent(s.found, s.read),
        s.seconds / s.pages.max(1) as f64,
        if once { " once" } else { "" },
    );
}

/// Files of the same name in both folders.
fn pairs(truth: &Path, read: &Path) -> std::io::Result<Vec<(PathBuf, PathBuf)>> {
    if truth.is_file() {
        return Ok(vec![(truth.to_owned(), read.to_owned())]);
    }
    let mut pairs = Vec::new();
    for entry in std::fs::read_dir(read)? {
        let path = entry?.path();
        let name = path.file_stem().map(|s| truth.join(s).with_extension("pdf"));
        pairs.extend(name.filter(|t| t.is_file()).map(|t| (t, path)));
    }
    pairs.sort();
    Ok(pairs)
}

fn compare(truth: &Page, read: &Page, seconds: f64, list: bool) -> Sums {
    let mut sums = Sums { pages: 1, seconds, read: read.words.len(), ..Sums::default() };
    let text: Vec<char> = line_texts(&read.words).join("\n").chars().collect();
    for line in line_texts(&truth.words) {
        let line: Vec<char> = line.chars().collect();
        sums.chars += line.len();
        let errors = best_place(&line, &text);
        if list && errors > 2 {
            println!("    {errors} errors in: {}", line.iter().collect::<String>());
        }
        sums.errors += errors;
    }
    if list {
        println!("    read:\n{}", text.iter().collect::<String>());
    }
    let mut there: HashMap<&str, usize> = HashMap::new();
    for word in &read.words {
        *there.entry(&word.text).or_default() += 1;
    }
    for word in &truth.words {
        let has_figure = word.text.bytes().any(|b| b.is_ascii_digit());
        let left = there.get_mut(word.text.as_str()).filter(|n| **n > 0);
        let found = left.map(|n| *n -= 1).is_some();
        if list && !found {
            println!("    {}", word.text);
        }
        sums.words += 1;
        sums.found += usize::from(found);
        sums.figures += usize::from(has_figure);
        sums.found_figures += usize::from(has_figure && found);
    }
    sums
}

fn line_texts(words: &[Word]) -> Vec<String> {
    let line = |line: &[Word]| line.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
    words.chunk_by(|a, b| a.line == b.line).map(line).collect()
}

/// The least edits that make `line` of any part of `text`.
fn best_place(line: &[char], text: &[char]) -> usize {
    let mut row: Vec<usize> = vec![0; text.len() + 1];
    for (i, a) in line.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (slot, b) in row.iter_mut().zip(std::iter::once(None).chain(text.iter().map(Some))) {
            let above = *slot;
            let best = match b {
                None => i + 1,
                Some(b) => (diagonal + usize::from(a != b)).min(above + 1).min(left + 1),
            };
            (diagonal, left, *slot) = (above, best, best);
        }
    }
    row.into_iter().min().unwrap_or(0)
}

/// CPU seconds of this process so far, where the system tells (Linux; its unit is 1/100 s).
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = |index: usize| after.split(' ').nth(index).and_then(|t| t.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}
