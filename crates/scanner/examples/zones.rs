//! What our reader of machine-readable zones makes of pictures, and how long it takes: `zones PICTURE...`, or
//! `zones` alone for the shared samples, whose truth is known.
#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use complet_scanner::{Rgb, find_zones};
use serde_json::Value;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let given: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if !given.is_empty() {
        for path in given {
            show(&path, None)?;
        }
        return Ok(());
    }
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    let manifest: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(samples.join("manifest.json"))?)?;
    let (mut right, mut all) = (0, 0);
    for sample in &manifest {
        let (Some(file), Some(lines)) = (
            sample.get("file").and_then(Value::as_str),
            sample.pointer("/fields/mrz").and_then(Value::as_array),
        ) else {
            continue;
        };
        if sample.get("mirrored").and_then(Value::as_bool) == Some(true) {
            continue;
        }
        let truth: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
        all += 1;
        right += usize::from(show(&samples.join(file), Some(&truth))?);
    }
    println!("read without a fault: {right} of {all}");
    Ok(())
}

fn show(path: &Path, truth: Option<&[&str]>) -> Result<bool, Box<dyn std::error::Error>> {
    let picture = image::ImageReader::open(path)?.with_guessed_format()?.decode()?.into_rgb8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let grey = Rgb::new(width, height, picture.into_raw()).ok_or("size")?.grey();
    let begun = Instant::now();
    let zones = find_zones(&grey)?;
    let took = begun.elapsed().as_millis();
    let right = truth.is_some_and(|truth| zones.iter().any(|(_, zone)| zone.lines == truth));
    println!("{} {width}x{height} {took} ms {}", path.display(), if right { "right" } else { "" });
    if !right {
        for (turn, zone) in &zones {
            println!("  turn {turn} certain {:.3}", zone.confidence);
            for line in &zone.lines {
                println!("    {line}");
            }
        }
        for line in truth.unwrap_or_default() {
            println!("  = {line}");
        }
    }
    Ok(right)
}
