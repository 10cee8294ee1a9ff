//! Tells which sheet is found on pictures, without reading them: `sheets [--debug DIR] PATH...`
#![allow(clippy::print_stdout)]

use std::time::Instant;

use camino::Utf8PathBuf;
use complet_scanner::{Engine, Grey, Layout, OcrWord, PageRequest, Reader, Settings, Turn};

/// An engine that reads nothing.
struct Blind;

impl Engine for Blind {
    fn recognise(&mut self, _: &Grey, _: u32, _: Layout) -> Result<Vec<OcrWord>, String> {
        Ok(Vec::new())
    }
    fn turn(&mut self, _: &Grey, _: u32) -> Option<Turn> {
        None
    }
}

fn main() {
    let mut settings = Settings::default();
    let mut reader = Reader::with_engine(Box::new(Blind));
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        if arg == "--debug" {
            settings.debug_images = args.next().map(Utf8PathBuf::from);
            continue;
        }
        let request = PageRequest::new(arg.clone(), 1, settings.clone());
        let start = Instant::now();
        let page = reader.read(&request);
        let corners = page.sheet.map(|s| s.map(|(x, y)| format!("{x:.4},{y:.4}")).join(" "));
        println!(
            "{} {:.0}x{:.0} {:.0} ms: {}",
            arg.rsplit('/').next().unwrap_or_default(),
            page.width,
            page.height,
            start.elapsed().as_secs_f32() * 1000.0,
            corners.unwrap_or_else(|| "-".to_owned())
        );
    }
}
