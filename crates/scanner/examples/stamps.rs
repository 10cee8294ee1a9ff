//! Measures how stamps are seen and read.
//!
//! `stamps DIR` reads the pages that `fixtures stamps` made into DIR and compares with their truth (with
//! `--words`, prints what was read); `stamps --list PATH...` prints the stamps seen on other files.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use complet_model::{BBox, MarkKind, ScannedFile, fold};
use complet_scanner::{Settings, scan, scan_files};
use serde_json::Value;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut paths, mut list, mut words) = (Vec::new(), false, false);
    let mut settings = Settings::default();
    for arg in std::env::args().skip(1) {
        match arg.as_str() {
            "--list" => list = true,
            "--one" => settings.jobs = Some(1),
            "--words" => words = true,
            _ => paths.push(Utf8PathBuf::from(arg)),
        }
    }
    if list {
        for path in paths {
            let all = if path.is_dir() {
                scan(&path, &settings, &|_| {})?
            } else {
                scan_files(std::slice::from_ref(&path), &settings, &|_| {})?
            };
            show(&path, &all.files);
        }
        return Ok(());
    }
    for dir in paths {
        let truths: Vec<Value> = serde_json::from_slice(&std::fs::read(dir.join("truth.json"))?)?;
        let files: Vec<Utf8PathBuf> =
            truths.iter().filter_map(|t| t["file"].as_str().map(|f| dir.join(f))).collect();
        let read = scan_files(&files, &settings, &|_| {})?;
        compare(&truths, &read.files, words);
    }
    Ok(())
}

fn show(folder: &Utf8PathBuf, all: &[ScannedFile]) {
    for file in all {
        for page in &file.pages {
            let marks: Vec<_> = page.marks.iter().filter(|m| m.kind == MarkKind::Stamp).collect();
            println!(
                "{folder}/{} page {} {:?}: {} stamps",
                file.path,
                page.number,
                page.text_source,
                marks.len()
            );
            for mark in marks {
                let b = mark.bbox;
                println!("    [{:.3} {:.3} {:.3} {:.3}] {}", b.left, b.top, b.right, b.bottom, mark.text);
            }
        }
    }
}

#[derive(Default)]
struct Row {
    pages: usize,
    seen: usize,
    extra: usize,
    words: usize,
    read: usize,
}

fn compare(truths: &[Value], read: &[ScannedFile], print_words: bool) {
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for truth in truths {
        let name = truth["file"].as_str().unwrap_or_default();
        let Some(file) = read.iter().find(|f| f.path.ends_with(name)) else { continue };
        let marks: Vec<_> =
            file.pages.iter().flat_map(|p| &p.marks).filter(|m| m.kind == MarkKind::Stamp).collect();
        let shape = truth["shape"].as_str().unwrap_or_default();
        let capture = truth["capture"].as_str().unwrap_or_default();
        let bbox: Vec<f32> = truth["bbox"]
            .as_array()
            .map(|v| v.iter().filter_map(|n| n.as_f64().map(|n| n as f32)).collect())
            .unwrap_or_default();
        let place = match bbox.as_slice() {
            [l, t, r, b] => Some(BBox::new(*l, *t, *r, *b)),
            _ => None,
        };
        let hit = place.and_then(|p| marks.iter().find(|m| share(m.bbox, p) > 0.3));
        let extra = marks.len() - usize::from(hit.is_some());
        let words: Vec<String> =
            truth["text"].as_str().unwrap_or_default().split(' ').filter(|w| w.len() > 2).map(fold).collect();
        let text = hit.map(|m| fold(&m.text)).unwrap_or_default();
        let found = words.iter().filter(|w| text.contains(w.as_str())).count();
        let mut keys = vec![format!("capture {capture}")];
        if shape != "none" {
            keys.push(format!("shape {shape}"));
            keys.push(format!("ink {}", truth["ink"].as_str().unwrap_or_default()));
            for damage in truth["damage"].as_array().into_iter().flatten() {
                keys.push(format!("damage {}", damage.as_str().unwrap_or_default()));
            }
            keys.push("all".to_owned());
        }
        for key in keys {
            let row = rows.entry(key).or_default();
            row.pages += usize::from(shape != "none");
            row.seen += usize::from(hit.is_some());
            row.extra += extra;
            row.words += words.len();
            row.read += found;
        }
        if (shape != "none" && hit.is_none()) || extra > 0 {
            println!(
                "{name}: {shape} {} {} seen {} extra {extra}",
                truth["ink"],
                truth["damage"],
                hit.is_some()
            );
            for m in &marks {
                println!("    {:?} {}", m.bbox, m.text);
            }
        }
        if let Some(mark) = hit
            && print_words
        {
            println!("{name} {} -> {}", truth["text"], mark.text);
        }
    }
    for (key, row) in rows {
        println!(
            "{key:24} {:3} of {:3} seen, {:2} false, words {} of {}",
            row.seen, row.pages, row.extra, row.read, row.words
        );
    }
}

fn share(a: BBox, b: BBox) -> f32 {
    let width = (a.right.min(b.right) - a.left.max(b.left)).max(0.0);
    let height = (a.bottom.min(b.bottom) - a.top.max(b.top)).max(0.0);
    let size = |b: BBox| (b.right - b.left) * (b.bottom - b.top);
    width * height / (size(a) + size(b) - width * height).max(f32::MIN_POSITIVE)
}
