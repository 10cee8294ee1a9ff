//! One zone out of what several readers made of it.
//!
//! Check digits are sums modulo 10: one misreading in ten passes. So a right zone is relied on only where a
//! second reader saw the same, or where the first was certain of every letter. What no digit covers (names,
//! nationality, sex) always needs that.

use std::collections::BTreeSet;

use complet_model::{Date, ZoneReading};

use super::layout::{LAYOUTS, Layout, Span};
use super::{Mrz, Support, find_mrz};

/// Mean certainty from which a reader is believed alone, when nothing had to be repaired.
const CERTAIN: f32 = 0.985;
/// Zones put together from parts of two readings that are tried.
const MOST_MIXED: usize = 64;

/// Height of a capital in pixels under which readers make the same mistakes, `D` for `O` above all, so that
/// they are no witnesses of each other for what no digit covers.
const LEGIBLE: f32 = 9.0;

/// The zone that several readings of the same lines make, with capitals of a height in pixels; `None` when
/// they make none. The first reading is that of the reader to trust most.
pub fn read_zone(readings: &[ZoneReading], capital: f32, as_of: Date) -> Option<Mrz> {
    let parsed: Vec<Option<Mrz>> = readings.iter().map(|reading| parse(&reading.lines, as_of)).collect();
    let (best, mut zone) = best(&parsed)?;
    if let Some(better) = lettered(&zone, readings, best, as_of) {
        zone = better;
    }
    let others = || readings.iter().enumerate().filter(|(i, _)| *i != best).map(|(_, r)| r);
    if !zone.valid {
        if let Some(mixed) = mixed(&parsed, as_of) {
            zone = mixed;
        } else {
            // Two that read the same wrong digits read what is printed.
            let same = parsed.iter().flatten().filter(|other| other.text == zone.text && !other.repaired);
            zone.support.misprinted = !zone.repaired && same.count() > 1;
        }
    }
    // A zone that is right and says something else leaves none to rely on.
    let rivals = parsed.iter().flatten().any(|other| other.valid && !same_data(other, &zone));
    let certain = readings.get(best).is_some_and(|r| r.confidence >= CERTAIN) && !zone.repaired && zone.valid;
    let layout = LAYOUTS.iter().find(|layout| layout.format == zone.format)?;
    let seen = |parts: &[String]| {
        parts
            .iter()
            .all(|part| others().any(|reading| reading.lines.iter().any(|line| line.contains(part.as_str()))))
    };
    zone.support.data = !rivals && (certain || seen(&data(&zone, layout)));
    zone.support.legible = capital >= LEGIBLE;
    let legible = zone.support.legible;
    let witnessed = |seen: bool| !rivals && legible && (certain || seen);
    zone.support.names = witnessed(others().any(|reading| names_in(reading, &zone, layout)));
    zone.support.nationality = witnessed(seen(&[nationality(&zone, layout)]));
    Some(zone)
}

fn parse(lines: &[String], as_of: Date) -> Option<Mrz> {
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    find_mrz(&lines, as_of).into_iter().next()
}

/// The reading to go by: a right one, if possible as it was read; else the first.
fn best(parsed: &[Option<Mrz>]) -> Option<(usize, Mrz)> {
    let known = || parsed.iter().enumerate().filter_map(|(i, mrz)| Some((i, mrz.as_ref()?)));
    let right = known().filter(|(_, mrz)| mrz.valid).min_by_key(|(i, mrz)| (mrz.repaired, *i));
    right.or_else(|| known().next()).map(|(i, mrz)| (i, mrz.clone()))
}

/// The zone with another reader's letters where the best one read digits among the names: what such a digit
/// stands for is a guess (0 for O or for D), a letter was seen.
fn lettered(zone: &Mrz, readings: &[ZoneReading], best: usize, as_of: Date) -> Option<Mrz> {
    let layout = LAYOUTS.iter().find(|layout| layout.format == zone.format)?;
    let mut lines = readings.get(best)?.lines.clone();
    let mut mended = false;
    for span in [layout.names, layout.given].into_iter().filter(|span| !span.is_none()) {
        let own = lines.get(span.line)?.get(span.from..span.to)?.to_owned();
        let fits = |other: &&str| {
            own.contains(|c: char| c.is_ascii_digit())
                && own
                    .chars()
                    .zip(other.chars())
                    .all(|(a, b)| a == b || a.is_ascii_digit() && b.is_ascii_uppercase())
        };
        let others = readings
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != best)
            .filter_map(|(_, r)| r.lines.get(span.line));
        let mut others = others.filter_map(|line| line.get(span.from..span.to)).filter(fits);
        let Some(other) = others.next() else { continue };
        // Two that saw different letters there are none.
        if others.all(|more| more == other) {
            lines.get_mut(span.line)?.replace_range(span.from..span.to, other);
            mended = true;
        }
    }
    let better = parse(&lines, as_of).filter(|better| mended && same_data(better, zone));
    better.map(|better| Mrz { repaired: zone.repaired, ..better })
}

fn same_data(a: &Mrz, b: &Mrz) -> bool {
    let key = |m: &Mrz| (m.format, m.number.clone(), m.birth_date, m.expiry_date);
    key(a) == key(b)
}

/// The parts of a zone that have a check digit, each with it.
fn data(zone: &Mrz, layout: &Layout) -> Vec<String> {
    let pairs = [
        (layout.number, layout.number_check),
        (layout.birth, layout.birth_check),
        (layout.expiry, layout.expiry_check),
    ];
    let with_check = |(span, check): (Span, Span)| format!("{}{}", zone.cell(span), zone.cell(check));
    pairs.into_iter().filter(|(span, _)| !span.is_none()).map(with_check).collect()
}

/// The nationality with what stands beside it.
fn nationality(zone: &Mrz, layout: &Layout) -> String {
    let span = layout.nationality;
    // Between the number's digit and the birth date, or after the expiry date's digit.
    let beside = if span.to == layout.birth.from && span.line == layout.birth.line {
        Span { to: layout.birth.to, ..span }
    } else {
        Span { from: span.from.saturating_sub(2), ..span }
    };
    zone.cell(beside).to_owned()
}

/// True when a reading has the names, however many fillers it counted between them.
fn names_in(reading: &ZoneReading, zone: &Mrz, layout: &Layout) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split('<').filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let holds = |span: Span| {
        let own = words(zone.cell(span));
        // The first word may follow the code without a filler.
        reading.lines.iter().any(|line| {
            let read = words(line);
            !own.is_empty()
                && read.windows(own.len()).any(|part| {
                    let mut pairs = part.iter().zip(&own);
                    pairs.next().is_some_and(|(a, b)| a.ends_with(b.as_str())) && pairs.all(|(a, b)| a == b)
                })
        })
    };
    [layout.names, layout.given].into_iter().filter(|span| !span.is_none()).all(holds)
}

/// The one right zone that parts of two readings make: each has a part that its check digit proves.
fn mixed(parsed: &[Option<Mrz>], as_of: Date) -> Option<Mrz> {
    let known: Vec<&Mrz> = parsed.iter().flatten().collect();
    let (first, rest) = known.split_first()?;
    let layout = LAYOUTS.iter().find(|layout| layout.format == first.format)?;
    let mut found: BTreeSet<Vec<String>> = BTreeSet::new();
    for other in rest.iter().filter(|other| other.format == first.format) {
        let parts = layout.parts();
        let differing: Vec<&Vec<Span>> =
            parts.iter().filter(|part| part.iter().any(|s| first.cell(*s) != other.cell(*s))).collect();
        if differing.len() > 6 {
            continue;
        }
        for choice in (1..1usize << differing.len()).take(MOST_MIXED) {
            let mut text = first.text.clone();
            for (_, part) in differing.iter().enumerate().filter(|(i, _)| choice >> i & 1 == 1) {
                for span in *part {
                    if let Some(line) = text.get_mut(span.line).filter(|l| l.is_char_boundary(span.to)) {
                        line.replace_range(span.from..span.to, other.cell(*span));
                    }
                }
            }
            let lines: Vec<&str> = text.iter().map(String::as_str).collect();
            let right = find_mrz(&lines, as_of).into_iter().next();
            if right.is_some_and(|mrz| mrz.valid && !mrz.repaired) {
                found.insert(text);
            }
        }
    }
    // Names may differ as well; what is proven must not.
    let mut zones = found.into_iter().filter_map(|text| parse(&text, as_of));
    let one = zones.next()?;
    zones.all(|other| same_data(&one, &other)).then_some(Mrz {
        repaired: true,
        support: Support::default(),
        ..one
    })
}
