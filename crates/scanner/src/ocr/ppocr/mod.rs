//! PP-OCR: a network that finds lines and one that reads them, run in Rust.

mod alphabet;
mod detect;
mod labels;
mod line;
mod models;
mod recogniser;

use std::path::PathBuf;
use std::sync::Arc;

use camino::Utf8Path;
use rten::{Model, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::NdTensor;
use rten_tensor::{AsView as _, Layout as _};

use self::detect::Slanted;
use self::labels::Mended;
use self::line::Seen;
use self::models::Models;
pub(crate) use self::models::{COMMAND, files, folder};
use crate::area::Area;
use crate::error::ScanError;
use crate::ocr::flatten::percentile;
use crate::ocr::{Engine, Layout, LineReader, LineReading, OcrWord, Rest, Turn};
use crate::raster::Grey;

/// Pixels of the longer side of a picture in which lines are looked for.
const LONG_SIDE: usize = 1280;
/// The longer side up to which a picture is enlarged for that.
const SMALL_SIDE: usize = 736;
/// The network halves its picture five times.
const STEP: usize = 32;
/// Where between the darkest ink of a scan and white the shades begin and end that are told apart when its lines
/// are looked for: pale print is missed otherwise. On photos, grain would become ink.
const SCAN_SHADES: (f32, f32) = (0.47, 0.86);
/// Share of a scan's pixels that are its darkest ink.
const DARKEST: f32 = 0.003;
/// Every shade.
const ALL_SHADES: (f32, f32) = (0.0, 255.0);
/// Mean and spread of shades the detector was trained with, for each of its three colours.
const DETECTOR_SHADES: [(f32, f32); 3] = [(0.485, 0.229), (0.456, 0.224), (0.406, 0.225)];
/// Certainty of an upright line under which it is read the other way round, too.
const UNSURE: f32 = 0.85;
/// Lines read to tell which way up a page lies.
const TRIED_LINES: usize = 6;
/// Radians from level within which a line's words lie on it as the page's boxes say.
const LEVEL: f32 = 0.03;
/// How far from a line's middle its words' middles lie at most, as a share of its height.
const SAME_ROW: f32 = 0.3;
/// Widest gap between words, in heights of the line, that holds no word that was missed.
const FILLED: f32 = 0.5;
/// How far from a line's middle its letters reach, as a share of its height: a line of which the edge of a band
/// shows less is cut.
const CUT: f32 = 0.45;
/// Share of a place to be read that a line found there covers when it holds what is there.
const HELD: f32 = 0.4;
/// Mean certainty of a line's characters under which it is no text.
const NO_TEXT: f32 = 0.35;
/// The same from which labels in small print are not looked for.
const SURE_LINE: f32 = 0.93;

/// PP-OCR on the thread that uses it. Its models are loaded when it first reads, and shared.
pub struct Ppocr {
    folder: PathBuf,
    models: Option<Arc<Models>>,
    /// A thread of its own: the runtime's default would take all cores for each of the workers.
    pool: Option<Arc<ThreadPool>>,
    /// Labels of identity documents are looked for in lines that are not sure.
    labels: bool,
}

/// The engine with its models loaded.
struct Started {
    models: Arc<Models>,
    options: RunOptions,
    labels: bool,
}

impl Ppocr {
    /// The engine with the models in a folder, or in the usual ones, that looks for labels of identity documents in
    /// lines it is not sure of, or does not.
    ///
    /// # Errors
    /// [`ScanError::NoModels`] when they are not there.
    pub fn new(models: Option<&Utf8Path>, labels: bool) -> Result<Self, ScanError> {
        let folder = folder(models).ok_or_else(|| ScanError::NoModels {
            folder: models.map(Utf8Path::to_owned),
            command: COMMAND,
        })?;
        Ok(Self { folder, models: None, pool: None, labels })
    }

    fn start(&mut self) -> Result<Started, String> {
        let models = match &self.models {
            Some(models) => Arc::clone(models),
            None => Arc::clone(self.models.insert(models::load(&self.folder)?)),
        };
        let pool = self.pool.get_or_insert_with(|| Arc::new(ThreadPool::with_num_threads(1)));
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(pool)));
        Ok(Started { models, options, labels: self.labels })
    }
}

impl Engine for Ppocr {
    fn recognise(&mut self, picture: &Grey, _dpi: u32, _layout: Layout) -> Result<Vec<OcrWord>, String> {
        let started = self.start()?;
        let lines = find(&started, picture, scale(picture), ALL_SHADES)?;
        read(&started, picture, lines)
    }

    fn recognise_rest(&mut self, picture: &Grey, _dpi: u32, rest: &Rest) -> Result<Vec<OcrWord>, String> {
        // Loading the models takes longer than reading a line.
        if rest.is_empty() {
            return Ok(Vec::new());
        }
        let started = self.start()?;
        // Places are read without looking for lines.
        let shades = if rest.bands.is_empty() { ALL_SHADES } else { shades_of_scan(picture) };
        let (left, right) =
            (rest.sides.0.max(0.0) as usize, (rest.sides.1.max(0.0) as usize).min(picture.width));
        let mut lines = Vec::new();
        for &(top, bottom) in &rest.bands {
            let (top, bottom) = (top.max(0.0) as usize, (bottom.max(0.0) as usize).min(picture.height));
            let Some(band) = picture.cropped(left, top, right, bottom) else { continue };
            let found = find(&started, &band, scale(picture), shades)?;
            // A line at the edge of the band is cut, and is none of those it was made for.
            let whole = |line: &Slanted| {
                let reach = line.height.min(line.width) * CUT;
                let (above, below) = (line.middle.1 - reach, line.middle.1 + reach);
                (top == 0 || above > 0.0) && (bottom == picture.height || below < band.height as f32)
            };
            lines.extend(found.into_iter().filter(whole).map(|l| l.moved(left as f32, top as f32)));
        }
        // Reading a line costs several times what finding it does.
        let mut parts: Vec<Slanted> =
            lines.into_iter().flat_map(|line| unknown_parts(line, &rest.known)).collect();
        // What stands at the edge of a band may have been found with it.
        let found: Vec<Area> = parts.iter().map(Slanted::area).collect();
        let is_new = |place: &&Area| found.iter().all(|f| f.shared(**place) < place.size() * HELD);
        parts.extend(rest.places.iter().filter(is_new).map(|place| Slanted::around(*place)));
        tracing::debug!(
            bands = rest.bands.len(),
            rows = rest.bands.iter().map(|(top, bottom)| bottom - top).sum::<f32>(),
            places = rest.places.len(),
            parts = parts.len(),
            "what is left is read"
        );
        read(&started, picture, parts)
    }

    fn turn(&mut self, picture: &Grey, _dpi: u32) -> Option<Turn> {
        let started = self.start().ok()?;
        let mut lines = find(&started, picture, scale(picture), ALL_SHADES).ok()?;
        let length = |l: &Slanted| l.width.max(l.height) / l.width.min(l.height).max(1.0);
        let upright = lines.iter().filter(|l| l.is_upright() && length(l) > 3.0).count();
        let level = lines.iter().filter(|l| !l.is_upright() && length(l) > 3.0).count();
        let on_side = upright > level;
        // Lines of middling length say enough and cost little.
        lines.retain(|l| l.is_upright() == on_side && (3.0..14.0).contains(&length(l)));
        lines.sort_by(|a, b| length(b).total_cmp(&length(a)));
        let (mut right, mut wrong) = (0.0, 0.0);
        for line in lines.iter().take(TRIED_LINES) {
            let mut cut = line::cut(picture, line, false);
            let sure = |cut: &Grey| recognise(&started, cut).map(|seen| line::reading(&seen).confidence());
            right += sure(&cut).ok()?;
            cut = cut.turned(180);
            wrong += sure(&cut).ok()?;
        }
        // Text that runs upwards is righted by a clockwise quarter.
        let degrees = match (on_side, right >= wrong) {
            (false, true) => 0,
            (false, false) => 180,
            (true, true) => 90,
            (true, false) => 270,
        };
        let tried = lines.len().clamp(1, TRIED_LINES) as f32;
        // A tenth of certainty a line is plain: wrong ways read at a half or two thirds.
        Some(Turn { degrees, confidence: (right - wrong).abs() / tried * 10.0, script: None })
    }
}

impl LineReader for Ppocr {
    fn name(&self) -> &'static str {
        "ppocr"
    }

    fn read_line(&mut self, line: &Grey) -> Result<LineReading, String> {
        let started = self.start()?;
        let whole = Slanted::around(Area::new(0.0, 0.0, line.width as f32, line.height as f32));
        if whole.is_upright() || line.pixels.is_empty() {
            return Ok(LineReading::default());
        }
        Ok(line::reading(&recognise(&started, &line::cut(line, &whole, false))?))
    }
}

/// The parts of a line that known words do not fill; all of one that is not level.
fn unknown_parts(line: Slanted, known: &[Area]) -> Vec<Slanted> {
    if line.is_upright() || line.angle.abs() > LEVEL {
        return vec![line];
    }
    let (from, to) = (line.at(0.0, 0.5).0, line.at(1.0, 0.5).0);
    let on_it = |a: &&Area| {
        let (x, y) = a.middle();
        let feet = line.middle.1 + (x - line.middle.0) * line.angle.tan();
        from < x && x < to && (y - feet).abs() < line.height * SAME_ROW
    };
    let mut words: Vec<&Area> = known.iter().filter(on_it).collect();
    if words.is_empty() {
        return vec![line];
    }
    words.sort_by(|a, b| a.left.total_cmp(&b.left));
    let mut parts = Vec::new();
    let mut start = from;
    let ends = words.iter().map(|w| (w.left, w.right)).chain([(to, to)]);
    for (end, next) in ends {
        // The line's box stands off its ends, and words off each other, by a third of its height or so.
        if end - start > line.height * FILLED {
            let share = |x: f32| ((x - from) / (to - from).max(1.0)).clamp(0.0, 1.0);
            parts.push(line.part(share(start), share(end)));
        }
        start = start.max(next);
    }
    parts
}

/// The box of a line stands off its letters; words get boxes like those of the first engine.
fn trimmed(across: f32) -> f32 {
    0.5 + (across - 0.5) * 0.72
}

fn ends(values: [f32; 4], side: usize) -> (f32, f32) {
    let limit = side as f32;
    let low = values.iter().copied().fold(limit, f32::min).clamp(0.0, limit);
    let high = values.iter().copied().fold(0.0, f32::max).clamp(0.0, limit);
    (low, high)
}

/// Reads lines of a picture.
fn read(started: &Started, picture: &Grey, lines: Vec<Slanted>) -> Result<Vec<OcrWord>, String> {
    let mut words = Vec::new();
    let mut added: Vec<(u32, Area)> = Vec::new();
    let mut number = 0;
    for line in lines {
        let read = if line.is_upright() {
            read_upright(started, picture, line)?
        } else {
            read_level(started, picture, line)?
        };
        if line::reading(&read.seen).confidence() < NO_TEXT {
            continue;
        }
        for part in line::words(&read.seen, &read.cut) {
            let corners = [(part.from, 0.0), (part.to, 0.0), (part.from, 1.0), (part.to, 1.0)]
                .map(|(along, across)| read.line.at_reading(along, trimmed(across), read.downwards));
            let (left, right) = ends(corners.map(|c| c.0), picture.width);
            let (top, bottom) = ends(corners.map(|c| c.1), picture.height);
            let (text, confidence) = (part.text, part.confidence);
            words.push(OcrWord { text, left, top, right, bottom, confidence, line: number });
        }
        added.extend(read.added.map(|area| (number, area)));
        number += 1;
    }
    // What a line was made longer by may have been found by itself.
    let is_twice = |w: &OcrWord| {
        let (line, place) = (w.line, w.area().middle());
        added.iter().any(|(own, area)| *own != line && area.holds(place))
    };
    words.retain(|w| !is_twice(w));
    Ok(words)
}

/// A line as it was read.
struct ReadLine {
    line: Slanted,
    cut: Grey,
    seen: Vec<Seen>,
    /// It is upright, and runs downwards.
    downwards: bool,
    /// The part by which it was made longer than it was found.
    added: Option<Area>,
}

/// Reads a level line, and its labels: made longer when one of them is not whole.
fn read_level(started: &Started, picture: &Grey, line: Slanted) -> Result<ReadLine, String> {
    let cut = line::cut(picture, &line, false);
    let Mended { seen, letters, lacks, .. } = recognise_labels(started, &cut)?;
    if lacks > 0.0 {
        let longer = line.part(0.0, 1.0 + lacks);
        let cut = line::cut(picture, &longer, false);
        let mut other = recognise_labels(started, &cut)?;
        if other.letters > letters {
            // Beyond the label is another column.
            let was = 1.0 / (1.0 + lacks);
            let end = other.end.max(was);
            other.seen.retain(|s| s.place <= end);
            let added = Some(longer.part(was, end).area());
            return Ok(ReadLine { line: longer, cut, seen: other.seen, downwards: false, added });
        }
    }
    Ok(ReadLine { line, cut, seen, downwards: false, added: None })
}

/// Reads an upright line; the other way round, too, when it is not sure.
fn read_upright(started: &Started, picture: &Grey, line: Slanted) -> Result<ReadLine, String> {
    let way = |downwards: bool| -> Result<ReadLine, String> {
        let cut = line::cut(picture, &line, downwards);
        Ok(ReadLine { line, seen: recognise(started, &cut)?, cut, downwards, added: None })
    };
    let sure = |read: &ReadLine| line::reading(&read.seen).confidence();
    let up = way(false)?;
    if sure(&up) >= UNSURE {
        return Ok(up);
    }
    let down = way(true)?;
    Ok(if sure(&down) > sure(&up) { down } else { up })
}

/// The shades of a flat scan between which its lines are looked for.
fn shades_of_scan(picture: &Grey) -> (f32, f32) {
    let darkest = f32::from(percentile(&picture.pixels, DARKEST));
    let between = |share: f32| darkest + (255.0 - darkest) * share;
    (between(SCAN_SHADES.0), between(SCAN_SHADES.1))
}

/// The size a picture is brought to for its lines to be found, over its own.
fn scale(picture: &Grey) -> f32 {
    if picture.long_edge() < SMALL_SIDE / 2 {
        return 2.0;
    }
    (LONG_SIDE as f32 / picture.long_edge() as f32).min(1.0)
}

/// Finds the lines of a picture, in its pixels, from the top, on a copy of it `scale` times its size on which
/// the shades from `ink` to `paper` are all there are.
fn find(
    started: &Started,
    picture: &Grey,
    scale: f32,
    (ink, paper): (f32, f32),
) -> Result<Vec<Slanted>, String> {
    if picture.width < 4 || picture.height < 4 {
        return Ok(Vec::new());
    }
    let side = (picture.long_edge() as f32 * scale).round() as usize;
    let small = if scale > 1.0 { picture.enlarged(scale as usize) } else { picture.clone().capped(side) };
    let scale = picture.width as f32 / small.width as f32;
    let (width, height) = (small.width.next_multiple_of(STEP), small.height.next_multiple_of(STEP));
    let mut pixels = Vec::with_capacity(3 * width * height);
    for (mean, spread) in DETECTOR_SHADES {
        let between = |p: u8| ((f32::from(p) - ink) / (paper - ink).max(1.0)).clamp(0.0, 1.0);
        let shades: Vec<f32> = (0..=255u8).map(|p| (between(p) - mean) / spread).collect();
        let shade = |p: u8| shades.get(usize::from(p)).copied().unwrap_or(0.0);
        for y in 0..height {
            // What is added to fill up repeats the edge: a new edge would look like a frame.
            let row = small.row(y.min(small.height - 1));
            let last = row.last().copied().unwrap_or(255);
            pixels.extend(row.iter().copied().map(shade));
            pixels.extend(std::iter::repeat_n(shade(last), width - small.width));
        }
    }
    let map: NdTensor<f32, 4> =
        run(&started.models.detector, pixels, [1, 3, height, width], None, &started.options)?
            .try_into()
            .map_err(|e| format!("the detector answers otherwise than expected: {e}"))?;
    let [.., map_height, map_width] = map.shape();
    if map_width == 0 || map_height == 0 {
        return Ok(Vec::new());
    }
    let shrink = width as f32 / map_width as f32;
    let mut lines = detect::lines(&map.to_vec(), map_width);
    for line in &mut lines {
        *line = line.scaled(scale * shrink);
    }
    lines.sort_by(|a, b| a.middle.1.total_cmp(&b.middle.1));
    Ok(lines)
}

/// What the recogniser makes of a line that was cut out.
fn answer(started: &Started, line: &Grey) -> Result<Vec<f32>, String> {
    let plane = line.pixels.iter().map(|&p| f32::from(p) / 127.5 - 1.0);
    let mut pixels = Vec::with_capacity(3 * line.pixels.len());
    for _ in 0..3 {
        pixels.extend(plane.clone());
    }
    started.models.recogniser.run(pixels, line.width, &started.options)
}

/// Reads a line that was cut out.
fn recognise(started: &Started, line: &Grey) -> Result<Vec<Seen>, String> {
    Ok(line::decode(&answer(started, line)?, started.models.recogniser.alphabet()))
}

/// The same with the labels on it, when they are looked for and it is not sure without.
fn recognise_labels(started: &Started, line: &Grey) -> Result<Mended, String> {
    let answer = answer(started, line)?;
    let seen = line::decode(&answer, started.models.recogniser.alphabet());
    if !started.labels || line::reading(&seen).confidence() >= SURE_LINE {
        return Ok(Mended::sure(seen));
    }
    Ok(started.models.labels.mended(seen, &answer))
}

/// What a network makes of a picture: what it gives, or what its layers have worked out at a node.
fn run(
    model: &Model,
    pixels: Vec<f32>,
    shape: [usize; 4],
    node: Option<NodeId>,
    options: &RunOptions,
) -> Result<Value, String> {
    let (Some(&input), Some(&output)) = (model.input_ids().first(), model.output_ids().first()) else {
        return Err("the network takes or gives nothing".to_owned());
    };
    let picture = NdTensor::try_from_data(shape, pixels).map_err(|e| e.to_string())?;
    let node = node.unwrap_or(output);
    let answer = model.run_n(vec![(input, picture.into())], [node], Some(options.clone()));
    answer.map(|[value]| value).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_line_only_what_is_not_known_is_left() {
        let line = Slanted { middle: (300.0, 50.0), width: 500.0, height: 30.0, angle: 0.0 };
        let word = |left: f32, right: f32| Area::new(left, 40.0, right, 60.0);
        let left = |known: &[Area]| -> Vec<(f32, f32)> {
            let parts = unknown_parts(line, known);
            parts.iter().map(|p| (p.at(0.0, 0.5).0.round(), p.at(1.0, 0.5).0.round())).collect()
        };
        assert_eq!(left(&[]), [(50.0, 550.0)]);
        // Spaces between words and the rim of the line's box are no words.
        assert_eq!(left(&[word(60.0, 200.0), word(208.0, 400.0), word(410.0, 540.0)]), []);
        assert_eq!(left(&[word(60.0, 200.0), word(300.0, 400.0)]), [(200.0, 300.0), (400.0, 550.0)]);
        // Words of the line below are none of this one.
        assert_eq!(left(&[word(60.0, 540.0).moved(0.0, 25.0)]), [(50.0, 550.0)]);
        // What runs upwards, or askew, is read as a whole.
        let upright = Slanted { width: 30.0, height: 500.0, ..line };
        assert_eq!(unknown_parts(upright, &[word(290.0, 310.0)]), [upright]);
        let askew = Slanted { angle: 0.2, ..line };
        assert_eq!(unknown_parts(askew, &[word(60.0, 540.0)]), [askew]);
    }
}
