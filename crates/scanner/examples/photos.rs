//! Takes made photos of pages and tells how well their sheets are found:
//! `photos OUT_DIR PAGE.png...` writes the photos with the corners found, green when they are right.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use complet_scanner::{Engine, Grey, Layout, OcrWord, PageRequest, Reader, Settings, Turn};
use image::{Rgb, RgbImage};
use imageproc::drawing::draw_line_segment_mut;

#[path = "../tests/it/photo.rs"]
#[allow(dead_code, unreachable_pub)]
mod photo;

use photo::{Scene, Table, take};

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

fn scenes(is_card: bool) -> Vec<(&'static str, Scene)> {
    let usual = if is_card { Scene { size: 0.6, askew: 12.0, ..Scene::default() } } else { Scene::default() };
    let mut scenes: Vec<(&'static str, Scene)> = Vec::new();
    for table in Table::ALL {
        let name = match table {
            Table::Wood => "wood",
            Table::Light => "light",
            Table::Dark => "dark",
            Table::Checks => "checks",
            Table::Stripes => "stripes",
            Table::Stone => "stone",
        };
        scenes.push((name, Scene { table, ..usual }));
    }
    scenes.push(("tilted", Scene { tilt: 32.0, size: usual.size * 0.9, ..usual }));
    scenes.push(("askew", Scene { askew: 40.0, size: usual.size * 0.75, table: Table::Stone, ..usual }));
    scenes.push(("fingers", Scene { fingers: true, ..usual }));
    scenes.push(("fingers-light", Scene { fingers: true, table: Table::Light, ..usual }));
    scenes.push(("small", Scene { size: 0.45, ..usual }));
    scenes.push(("cut-corner", Scene { size: 0.96, askew: 8.0, off: (0.03, 0.03), ..usual }));
    scenes.push(("cut-side", Scene { off: (0.25, 0.0), ..usual }));
    scenes.push((
        "two",
        Scene { another: true, size: usual.size * 0.7, off: (-0.2, 0.0), wide: true, ..usual },
    ));
    scenes.push(("large", Scene { long: 4000, table: Table::Stone, ..usual }));
    scenes
}

fn main() {
    let mut args = std::env::args().skip(1);
    let out = std::path::PathBuf::from(args.next().unwrap());
    std::fs::create_dir_all(&out).unwrap();
    let pages: Vec<String> = args.collect();
    let mut reader = Reader::with_engine(Box::new(Blind));
    let names: Vec<&str> = scenes(false).iter().map(|s| s.0).collect();
    // Found right, found wrong, not found; errors in pixels of a picture 1000 pixels long.
    let mut table = vec![(0, 0, 0, Vec::new()); names.len()];
    for (p, page) in pages.iter().enumerate() {
        let image = image::open(page).unwrap().to_rgb8();
        let is_card = image.width() > image.height();
        for (s, (name, scene)) in scenes(is_card).into_iter().enumerate() {
            let shot = take(&image, Scene { wide: scene.wide || is_card, ..scene }, (p * 100 + s) as u64);
            let path = out.join(format!("{name}-{p}.jpg"));
            shot.picture.save(&path).unwrap();
            let request = PageRequest::new(&path, 1, Settings::default());
            let found = reader.read(&request).sheet;
            let (w, h) = (shot.picture.width() as f32, shot.picture.height() as f32);
            let mut drawn = shot.picture.clone();
            match found {
                None => table[s].2 += 1,
                Some(corners) => {
                    let corners = corners.map(|(x, y)| (x * w, y * h));
                    let off = (0..4).map(|r| {
                        let errors = (0..4).map(|i| {
                            let (a, b) = (corners[(i + r) % 4], shot.corners[i]);
                            (a.0 - b.0).hypot(a.1 - b.1) / w.max(h) * 1000.0
                        });
                        errors.fold(0.0, f32::max)
                    });
                    let off = off.fold(f32::MAX, f32::min);
                    if off < 10.0 {
                        table[s].0 += 1;
                        table[s].3.push(off);
                    } else {
                        table[s].1 += 1;
                        println!("wrong: {name}-{p} by {off:.0}");
                    }
                    draw(&mut drawn, &corners, if off < 10.0 { [0, 255, 0] } else { [255, 0, 255] });
                }
            }
            let small =
                image::imageops::thumbnail(&drawn, (drawn.width() / 6).max(1), (drawn.height() / 6).max(1));
            small.save(out.join(format!("{name}-{p}.png"))).unwrap();
        }
    }
    for (name, (right, wrong, none, mut errors)) in names.iter().zip(table) {
        errors.sort_by(f32::total_cmp);
        let median = errors.get(errors.len() / 2).copied().unwrap_or(0.0);
        let worst = errors.last().copied().unwrap_or(0.0);
        println!(
            "{name:14} right {right:2} wrong {wrong:2} left {none:2}  corner off: median {median:.2} worst {worst:.2}"
        );
    }
}

fn draw(picture: &mut RgbImage, corners: &[(f32, f32); 4], colour: [u8; 3]) {
    for i in 0..4 {
        for t in -8..=8 {
            let (a, b) = (corners[i], corners[(i + 1) % 4]);
            let t = t as f32;
            draw_line_segment_mut(picture, (a.0 + t, a.1), (b.0 + t, b.1), Rgb(colour));
            draw_line_segment_mut(picture, (a.0, a.1 + t), (b.0, b.1 + t), Rgb(colour));
        }
    }
}
