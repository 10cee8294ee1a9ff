//! Machine-readable zones of passports, visas and cards (ICAO 9303).
//!
//! `bands` looks for groups of long, parallel, regular bars of ink on a small copy of the picture; `strip`
//! follows each line on the picture itself and cuts it out level; `net` reads it. A group is a zone when what
//! was read has the length and the look of one. What is in it is for the judge to say.

mod bands;
mod net;
mod page;
mod strip;

use complet_model::ZoneReading;

use crate::area::Area;
use crate::ocr::{LineReader, LineReading};
use crate::raster::Grey;
use crate::upright::LyingLine;
use bands::{Bar, Group};
use strip::{Baseline, Lying};

pub(crate) use net::ZoneReader;
pub(crate) use page::{onto_page, way_up};

/// A zone on a picture.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FoundZone {
    /// Its lines in pixels of the picture, the first first. On a picture that does not lie upright they
    /// are boxes around lines that run upwards, downwards or backwards.
    pub(crate) lines: Vec<Area>,
    /// Degrees to turn the picture clockwise so that the zone is upright: 0, 90, 180 or 270.
    pub(crate) turn: u16,
    /// Height of its capitals in pixels of the picture.
    pub(crate) capital: f32,
    /// What each reader made of it.
    pub(crate) readings: Vec<ZoneReading>,
}

impl FoundZone {
    /// True when our own reader is sure of it.
    pub(crate) fn is_sure(&self) -> bool {
        self.readings.first().is_some_and(|r| r.confidence >= SURE)
    }

    /// True when it is sure and another reader read the very same: a third one has nothing to settle.
    pub(crate) fn is_settled(&self) -> bool {
        let [own, others @ ..] = self.readings.as_slice() else { return false };
        self.is_sure() && !others.is_empty() && others.iter().all(|other| other.lines == own.lines)
    }

    /// Its lines, the first first.
    pub(crate) fn lying(&self) -> impl Iterator<Item = LyingLine> {
        self.lines.iter().map(|&area| LyingLine { area, capital: self.capital, turn: self.turn })
    }
}

/// Mean certainty from which a zone is sure, and tells how its page lies.
const SURE: f32 = 0.85;
/// Letters of a machine stand this regularly.
const REGULAR: f32 = 0.16;
/// Groups read on one picture before the search is given up.
const MOST_TRIES: usize = 4;
/// Groups whose lines are followed before it is.
const MOST_LOOKS: usize = 10;
/// Lengths of bars over their thickness that a zone of 30 to 44 letters may show, the first and the last lost.
const MAYBE_CELLS: std::ops::Range<f32> = 18.0..80.0;
/// Places looked at along a line, and how many of them lie on ordinary words when it is a line of text.
const SAMPLES: usize = 24;
const TEXT_SAMPLES: usize = 6;
/// Certainty of a part of a line under which the rest is not read.
const PROMISING: f32 = 0.55;
/// Zones of one picture: both sides of several cards.
const MOST_ZONES: usize = 8;
/// What is cut out beyond the first and the last letter, in heights of a letter.
const MARGIN: f32 = 1.1;
/// Mean certainty under which the network reads something else than letters it knows.
const CERTAIN: f32 = 0.72;
/// Rows and rows of a letter of the pictures that a second reader is given.
const SECOND_ROWS: usize = 48;
const SECOND_LETTERS: f32 = 26.0;

/// Finds and reads the zones of a picture, which may lie any way up. `second` reads each line as well. At the
/// places in `text`, in pixels of the picture, there stand words that are none of a zone's.
pub(crate) fn zones(
    picture: &Grey,
    text: &[Area],
    reader: &mut ZoneReader,
    mut second: Option<&mut dyn LineReader>,
) -> Vec<FoundZone> {
    let mut found: Vec<FoundZone> = Vec::new();
    let long = picture.long_edge().max(1);
    let (w, h) = (picture.width * bands::LARGEST / long, picture.height * bands::LARGEST / long);
    let small = if long > bands::LARGEST { picture.shrunk(w.max(1), h.max(1)) } else { picture.clone() };
    let scale = picture.width as f32 / small.width.max(1) as f32;
    for turn in [0, 90] {
        let level = if turn == 0 { small.clone() } else { small.turned(turn) };
        let lying_small = Lying { picture: &small, turn };
        let lying = Lying { picture, turn };
        let mut candidates: Vec<(f32, Group)> = bands::groups(&level)
            .into_iter()
            .filter(|group| may_be_shaped(group) && !is_text(group, lying_small, scale, text))
            .filter_map(|group| Some((regularity(&group, lying_small)?, group)))
            .collect();
        tracing::debug!(turn, candidates = candidates.len(), "bars that may be zones");
        candidates.sort_by(|(a, x), (b, y)| {
            let key = |r: f32, g: &Group| r * g.bars.len() as f32;
            key(*b, y).total_cmp(&key(*a, x))
        });
        let mut taken: Vec<Group> = Vec::new();
        let (mut looks, mut tries) = (0, 0);
        for (_, group) in candidates {
            if looks >= MOST_LOOKS || tries >= MOST_TRIES || found.len() >= MOST_ZONES {
                break;
            }
            if taken.iter().any(|t| t.overlaps(&group)) {
                continue;
            }
            looks += 1;
            let lines = refined(&group, lying, scale);
            if !is_shaped(&lines) {
                continue;
            }
            tries += 1;
            let second: Option<&mut (dyn LineReader + '_)> = match &mut second {
                Some(second) => Some(&mut **second),
                None => None,
            };
            let zone = read(&lines, lying, reader, second);
            if let Some(zone) = zone {
                found.push(zone);
                taken.push(group);
                (looks, tries) = (0, 0);
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

/// Degrees a picture must be turned clockwise for each of its machine-readable zones, and what our own reader
/// made of it: to measure that alone.
///
/// # Errors
/// When the reader does not start.
pub fn find_zones(picture: &Grey) -> Result<Vec<(u16, ZoneReading)>, String> {
    let found = zones(picture, &[], &mut ZoneReader::new()?, None);
    Ok(found.into_iter().filter_map(|z| Some((z.turn, z.readings.into_iter().next()?))).collect())
}

/// The regularity of the least regular line; `None` under [`REGULAR`].
fn regularity(group: &Group, lying: Lying) -> Option<f32> {
    let (left, right) = (group.left(), group.right());
    let mut least = f32::MAX;
    for bar in &group.bars {
        let regular = Baseline::new(bar, left, right).regularity(lying);
        if regular < REGULAR {
            return None;
        }
        least = least.min(regular);
    }
    Some(least)
}

/// The lines of a group followed on the picture itself, with extents and size that they share.
fn refined(group: &Group, lying: Lying, scale: f32) -> Vec<Baseline> {
    let (left, right) = (group.left() * scale, group.right() * scale);
    let mut lines: Vec<Baseline> =
        group.bars.iter().map(|bar| Baseline::new(&bar.scaled(scale), left, right).refined(lying)).collect();
    share(&mut lines);
    lines
}

/// True when the lines are as long and as far apart, by the height of their letters, as those of a zone.
fn is_shaped(lines: &[Baseline]) -> bool {
    let Some(first) = lines.first() else { return false };
    let middle = f32::midpoint(first.left, first.right);
    let cells = (first.right - first.left) / first.cap.max(1.0) - 2.0 * MARGIN;
    let apart = |pair: &[Baseline]| match pair {
        [a, b] => (1.4..4.2).contains(&((b.middle(middle) - a.middle(middle)) / first.cap.max(1.0))),
        _ => false,
    };
    (22.0..66.0).contains(&cells) && lines.windows(2).all(apart)
}

/// False when bars, whose thickness is about the height of their letters, cannot be [shaped](is_shaped) like a
/// zone: measuring how regular they are costs more than all else.
fn may_be_shaped(group: &Group) -> bool {
    let cap = crate::layout::median(group.bars.iter().map(|b| b.thickness)).unwrap_or(1.0);
    let cells = (group.right() - group.left()) / cap.max(1.0);
    MAYBE_CELLS.contains(&cells)
}

/// True when ordinary words stand along all of a group's lines.
fn is_text(group: &Group, lying: Lying, scale: f32, text: &[Area]) -> bool {
    let on_words = |bar: &Bar| {
        let places = (0..SAMPLES).map(|i| {
            let x = bar.left() + (bar.right() - bar.left()) * (i as f32 + 0.5) / SAMPLES as f32;
            let (x, y) = lying.back(x, bar.at(x));
            (x * scale, y * scale)
        });
        places.filter(|place| text.iter().any(|a| a.holds(*place))).count() >= TEXT_SAMPLES
    };
    group.bars.iter().all(on_words)
}

/// Gives the lines of a zone one height of letters, and room at their ends.
fn share(lines: &mut [Baseline]) {
    let cap = crate::layout::median(lines.iter().map(|l| l.cap)).unwrap_or(1.0);
    for line in lines {
        *line = line.widened(cap * MARGIN);
        line.cap = cap;
    }
}

/// What was read of a group that way up which makes a zone of it.
fn read(
    lines: &[Baseline],
    lying: Lying,
    reader: &mut ZoneReader,
    second: Option<&mut (dyn LineReader + '_)>,
) -> Option<FoundZone> {
    // A third of a line tells letters of another kind from those of a zone.
    let probe = |line: &Baseline, lying: Lying, reader: &mut ZoneReader| {
        let part = line.cut(lying, net::HEIGHT, net::LETTERS);
        let part = part.cropped(part.width / 3, 0, part.width * 2 / 3, part.height);
        part.and_then(|part| reader.read_line(&part).ok()).map_or(0.0, |r| r.confidence())
    };
    let turned = Lying { turn: lying.turn + 180, ..lying };
    let flipped: Vec<Baseline> = lines.iter().rev().map(|line| line.half_turned(lying)).collect();
    let ways = [(lying, lines.to_vec()), (turned, flipped)];
    let (_, lying, lines, read) = ways
        .into_iter()
        .filter_map(|(lying, lines)| {
            if lines.first().is_none_or(|line| probe(line, lying, reader) < PROMISING) {
                return None;
            }
            let read = read_lines(&lines, lying, reader);
            let (lines, read) = completed(lines, read, lying, reader);
            plausible(&read).map(|score| (score, lying, lines, read))
        })
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    let mut readings = vec![reading(reader.name(), &read)];
    if let Some(second) = second {
        let read: Result<Vec<LineReading>, String> = lines
            .iter()
            .map(|line| second.read_line(&whitened(&line.cut(lying, SECOND_ROWS, SECOND_LETTERS))))
            .collect();
        match read {
            Ok(read) => readings.push(reading(second.name(), &read)),
            Err(error) => tracing::warn!(error, "the second reader failed on a machine-readable zone"),
        }
    }
    let capital = lines.first().map_or(0.0, |line| line.cap);
    let lines = lines.iter().map(|line| line.area(lying)).collect();
    Some(FoundZone { lines, turn: lying.turn, capital, readings })
}

fn read_lines(lines: &[Baseline], lying: Lying, reader: &mut ZoneReader) -> Vec<LineReading> {
    let read = |line: &Baseline| reader.read_line(&line.cut(lying, net::HEIGHT, net::LETTERS));
    lines.iter().map(read).map(Result::unwrap_or_default).collect()
}

/// Lines that are none left out, and a line that the search missed added: cards have three.
fn completed(
    mut lines: Vec<Baseline>,
    mut read: Vec<LineReading>,
    lying: Lying,
    reader: &mut ZoneReader,
) -> (Vec<Baseline>, Vec<LineReading>) {
    if read.len() == 3 && plausible(&read).is_none() {
        // A row of something else stood above or below.
        for drop in [0, 2] {
            let rest: Vec<LineReading> =
                read.iter().enumerate().filter(|(i, _)| *i != drop).map(|(_, r)| r.clone()).collect();
            if plausible(&rest).is_some() {
                lines.remove(drop);
                return (lines, rest);
            }
        }
    }
    let cells = |r: &LineReading| r.text.len();
    let short = read.len() == 2 && read.iter().any(|r| (26..=33).contains(&cells(r)));
    if let ([a, b], true) = (lines.as_slice(), short) {
        let middle = f32::midpoint(a.left, a.right);
        let apart = b.middle(middle) - a.middle(middle);
        for (line, first) in [(b.moved(apart), false), (a.moved(-apart), true)] {
            let line = line.refined(lying);
            let Some(more) = read_lines(&[line], lying, reader).into_iter().next() else { continue };
            if (24..=34).contains(&cells(&more)) && more.confidence() > CERTAIN {
                let at = if first { 0 } else { 2 };
                lines.insert(at, line);
                read.insert(at, more);
                break;
            }
        }
    }
    (lines, read)
}

/// How much what was read is like a zone; `None` when it is none.
fn plausible(read: &[LineReading]) -> Option<f32> {
    let width = match read {
        [_, _, _] => 30,
        [a, b] if a.text.len() + b.text.len() > 79 => 44,
        [_, _] => 36,
        _ => return None,
    };
    let lengths = read.iter().all(|r| r.text.len() + 6 >= width && r.text.len() <= width + 5);
    let fillers = read.iter().flat_map(|r| r.text.chars()).filter(|c| *c == '<').count();
    let digits = read.get(1).map_or(0, |r| r.text.chars().filter(char::is_ascii_digit).count());
    let code = read.first().and_then(|r| r.text.get(..3));
    let begins = code.is_some_and(|c| c.contains(['P', 'V', 'I', 'A', 'C', '1']));
    let names = read.iter().any(|r| r.text.contains("<<"));
    let certain = read.iter().map(LineReading::confidence).sum::<f32>() / read.len() as f32;
    let fits = lengths && fillers >= 3 && names && begins && digits >= 9 && certain > CERTAIN;
    fits.then_some(certain)
}

fn reading(name: &str, lines: &[LineReading]) -> ZoneReading {
    let all: Vec<f32> = lines.iter().flat_map(|l| l.confidences.iter().copied()).collect();
    ZoneReading {
        reader: name.to_owned(),
        lines: lines.iter().map(|l| cells(&l.text)).collect(),
        confidence: all.iter().sum::<f32>() / all.len().max(1) as f32,
    }
}

/// What can stand in a zone, of what a reader of any text read.
fn cells(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '«' | '《' => out.push_str("<<"),
            '<' | '‹' | '〈' | '＜' => out.push('<'),
            c if c.is_ascii_alphanumeric() => out.push(c.to_ascii_uppercase()),
            _ => {}
        }
    }
    out
}

/// The strip divided by the brightness of its paper.
fn whitened(strip: &Grey) -> Grey {
    let paper = net::paper(strip);
    let mut pixels = Vec::with_capacity(strip.pixels.len());
    for row in strip.rows() {
        pixels.extend(
            row.iter().zip(&paper).map(|(&p, paper)| (f32::from(p) / paper * 235.0).min(255.0) as u8),
        );
    }
    Grey { width: strip.width, height: strip.height, pixels }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str], certain: f32) -> Vec<LineReading> {
        let reading = |t: &&str| LineReading { text: (*t).to_owned(), confidences: vec![certain; t.len()] };
        lines.iter().map(reading).collect()
    }

    #[test]
    fn only_what_looks_like_a_zone_is_one() {
        let zone =
            ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];
        assert!(plausible(&read(&zone, 0.9)).is_some());
        assert!(plausible(&read(&zone, 0.5)).is_none());
        let card = [
            "I<UTOD231458907<<<<<<<<<<<<<<<",
            "7408122F1204159UTO<<<<<<<<<<<6",
            "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
        ];
        assert!(plausible(&read(&card, 0.9)).is_some());
        assert!(plausible(&read(&card[..1], 0.9)).is_none());
        for text in [
            ["PAYEZCONTRECECHEQUEMILLECENTEUROSETZEROCTS", "FR7630006000011234567890189AGRIFRPPXXX123456"],
            ["0000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000"],
        ] {
            assert!(plausible(&read(&text, 0.95)).is_none(), "{text:?}");
        }
    }

    #[test]
    fn blank_and_tiny_pictures_have_no_zone() {
        let mut reader = ZoneReader::new().unwrap_or_else(|error| unreachable!("{error}"));
        for (w, h) in [(0, 0), (1, 1), (5000, 3), (800, 600)] {
            assert!(zones(&Grey::filled(w, h, 200), &[], &mut reader, None).is_empty(), "{w} {h}");
        }
    }

    #[test]
    fn lines_of_words_are_no_zone() {
        let picture = Grey::filled(500, 400, 255);
        let group = Group::level(&[(50.0, 100.0, 400.0), (50.0, 125.0, 400.0)], 12.0);
        let lying = |turn| Lying { picture: &picture, turn };
        let words = |y: f32| {
            (0..5).map(move |i| 120.0 + i as f32 * 160.0).map(move |x| Area::new(x, y, x + 120.0, y + 30.0))
        };
        // In pixels of a picture twice as large.
        let one: Vec<Area> = words(185.0).collect();
        let both: Vec<Area> = words(185.0).chain(words(235.0)).collect();
        assert!(is_text(&group, lying(0), 2.0, &both));
        // The other may be all that was found of a zone.
        assert!(!is_text(&group, lying(0), 2.0, &one) && !is_text(&group, lying(0), 2.0, &[]));
        assert!(!is_text(&group, lying(90), 2.0, &both));
        assert!(may_be_shaped(&group));
        assert!(!may_be_shaped(&Group::level(&[(50.0, 100.0, 120.0)], 12.0)));
    }
}
