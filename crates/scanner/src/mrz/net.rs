//! The recogniser of lines in OCR-B: a small network of our own, trained on synthetic lines (docs/mrz.md).

use std::sync::Arc;

use rten::{Model, RunOptions, ThreadPool};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};

use crate::ocr::{LineReader, LineReading};
use crate::raster::Grey;

/// Rows of the picture of a line.
pub(super) const HEIGHT: usize = 32;
/// Rows that a capital should take.
pub(super) const LETTERS: f32 = 17.0;
/// Class 0 is the blank.
const CLASSES: &[u8; 37] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";
const WEIGHTS: &[u8] = include_bytes!("../../models/ocrb.rten");

/// The recogniser of lines in OCR-B.
pub(crate) struct ZoneReader {
    model: Model,
    /// One thread: pages are read side by side.
    threads: Arc<ThreadPool>,
}

impl ZoneReader {
    /// Loads the network, which is part of the program.
    ///
    /// # Errors
    /// When the weights do not fit the library that runs them.
    pub(crate) fn new() -> Result<Self, String> {
        let model = Model::load_static_slice(WEIGHTS).map_err(|e| e.to_string())?;
        Ok(Self { model, threads: Arc::new(ThreadPool::with_num_threads(1)) })
    }
}

impl LineReader for ZoneReader {
    fn name(&self) -> &'static str {
        "ocrb"
    }

    fn read_line(&mut self, line: &Grey) -> Result<LineReading, String> {
        let width = (line.width * HEIGHT).div_ceil(line.height.max(1));
        let sized;
        let line = if line.height == HEIGHT {
            line
        } else {
            sized = line.shrunk(width, HEIGHT);
            &sized
        };
        if line.height != HEIGHT || line.width < 8 {
            return Ok(LineReading::default());
        }
        let ink = prepared(line);
        let input = NdTensorView::from_data([1, 1, HEIGHT, line.width], ink.as_slice());
        let options = RunOptions::default().with_thread_pool(Some(self.threads.clone()));
        let output = self.model.run_one(input.into(), Some(options)).map_err(|e| e.to_string())?;
        let scores: NdTensor<f32, 4> = output.try_into().map_err(|_| "not a tensor of scores".to_owned())?;
        Ok(decoded(&scores))
    }
}

/// The likeliest class of each step, repeats and blanks taken out.
fn decoded(scores: &NdTensor<f32, 4>) -> LineReading {
    let steps = scores.size(3);
    let classes = scores.size(1);
    let mut reading = LineReading::default();
    let mut last = 0usize;
    for step in 0..steps {
        let score = |class: usize| scores.get([0, class, 0, step]).copied().unwrap_or(f32::MIN);
        let (best, top) = (0..classes)
            .map(|class| (class, score(class)))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap_or((0, 0.0));
        let sum: f32 = (0..classes).map(|class| (score(class) - top).exp()).sum();
        let certainty = 1.0 / sum.max(1.0);
        if best != 0
            && best == last
            && let Some(known) = reading.confidences.last_mut()
        {
            *known = known.max(certainty);
        } else if best != 0
            && let Some(&letter) = CLASSES.get(best - 1)
        {
            reading.text.push(char::from(letter));
            reading.confidences.push(certainty);
        }
        last = best;
    }
    reading
}

/// Brightness of the paper at each column: in each square of the strip its brighter pixels, interpolated.
pub(super) fn paper(strip: &Grey) -> Vec<f32> {
    let blocks = ((strip.width + strip.height / 2) / strip.height.max(1)).max(1);
    let edge = |i: usize| i * strip.width / blocks;
    let mut centres: Vec<(f32, f32)> = Vec::with_capacity(blocks);
    for i in 0..blocks {
        let (from, to) = (edge(i), edge(i + 1));
        let mut shades: Vec<u8> =
            strip.rows().flat_map(|row| row.get(from..to).unwrap_or_default()).copied().collect();
        shades.sort_unstable();
        let at = (shades.len().saturating_sub(1)) as f32 * 0.8;
        let shade = shades.get(at as usize).copied().unwrap_or(255);
        centres.push((f32::midpoint(from as f32, to as f32), f32::from(shade).max(8.0)));
    }
    let mut out = Vec::with_capacity(strip.width);
    let mut next = 0;
    for x in 0..strip.width {
        let x = x as f32;
        while centres.get(next).is_some_and(|(c, _)| *c <= x) {
            next += 1;
        }
        let after = centres.get(next).copied();
        let before = next.checked_sub(1).and_then(|i| centres.get(i)).copied();
        out.push(match (before, after) {
            (Some((a, from)), Some((b, to))) => from + (to - from) * (x - a) / (b - a).max(1.0),
            (Some((_, only)), None) | (None, Some((_, only))) => only,
            (None, None) => 255.0,
        });
    }
    out
}

/// Ink from 0 to 1: divided by the brightness of the paper around, stretched by the darkest there is. The
/// same as `prepared` in tools/ocrb/lines.py.
fn prepared(line: &Grey) -> Vec<f32> {
    let paper = paper(line);
    let mut ratios: Vec<f32> = Vec::with_capacity(line.pixels.len());
    for row in line.rows() {
        ratios.extend(row.iter().zip(&paper).map(|(&p, paper)| f32::from(p) / paper));
    }
    let mut sorted = ratios.clone();
    sorted.sort_unstable_by(f32::total_cmp);
    let dark = sorted.get((sorted.len().saturating_sub(1)) * 3 / 100).copied().unwrap_or(0.0);
    let depth = (1.0 - dark).max(0.08);
    for ratio in &mut ratios {
        *ratio = ((1.0 - *ratio) / depth).clamp(-0.5, 1.5);
    }
    ratios
}
