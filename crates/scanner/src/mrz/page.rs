//! Putting the zones of a picture onto the page that was read off it.

use complet_model::{Zone, ZoneReading};

use super::{FoundZone, cells};
use crate::area::Area;
use crate::layout::{Line, Token};
use crate::upright::Upright;

/// Share of the picture's side that such a zone takes: a copy of a card may lie on a page any way up.
const LARGE: f32 = 0.4;
/// Share of a word inside a line of the zone from which it is a part of it.
const INSIDE: f32 = 0.55;
/// Fillers from which a word is a line of a zone, or most of one.
const FILLERS: usize = 4;

/// Degrees to turn a picture of this size clockwise, when its zones tell that better than its words do.
pub(crate) fn way_up(zones: &[FoundZone], (width, height): (f32, f32)) -> Option<u16> {
    let sure = |zone: &&FoundZone| {
        let around = Area::around(zone.lines.iter().copied());
        let share = around.map_or(0.0, |a| {
            if zone.turn.is_multiple_of(180) { a.width() / width } else { a.height() / height }
        });
        zone.is_sure() && share >= LARGE
    };
    let mut turns = zones.iter().filter(sure).map(|zone| zone.turn);
    let first = turns.next()?;
    turns.all(|turn| turn == first).then_some(first)
}

/// The zones in fractions of the page. Words that lie in a zone give way to its lines, one word each; what
/// they said goes among the zone's readings.
pub(crate) fn onto_page(lines: &mut Vec<Line>, zones: &[FoundZone], upright: Upright) -> Vec<Zone> {
    zones.iter().map(|zone| put(lines, zone, upright)).collect()
}

fn put(lines: &mut Vec<Line>, zone: &FoundZone, upright: Upright) -> Zone {
    let areas: Vec<Area> = zone.lying().map(|line| upright.line(line)).collect();
    let level = zone.turn == upright.turned;
    let mut taken: Vec<Vec<Token>> = vec![Vec::new(); areas.len()];
    for line in std::mem::take(lines) {
        let mut rest = Vec::with_capacity(line.tokens.len());
        for token in line.tokens {
            // The box of a whole line that lies askew reaches over those above and below it.
            let is_line = token.text.matches('<').count() >= FILLERS;
            let inside = |area: &Area| {
                let size = if is_line { token.area.size().min(area.size()) } else { token.area.size() };
                token.area.shared(area.grown(area.height() * 0.15)) / size.max(1.0)
            };
            let away = |area: &Area| (area.middle().1 - token.area.middle().1).abs();
            let shares = areas.iter().enumerate().filter(|(_, area)| inside(area) > INSIDE);
            let best = shares.min_by(|(_, a), (_, b)| away(a).total_cmp(&away(b)));
            match best.and_then(|(i, _)| taken.get_mut(i)) {
                Some(own) => own.push(token),
                None => rest.push(token),
            }
        }
        lines.extend(Line::in_order(rest));
    }
    let mut readings = zone.readings.clone();
    if level {
        readings.extend(of_words(taken));
    }
    let best = zone.readings.first();
    for (text, area) in best.iter().flat_map(|r| &r.lines).zip(&areas) {
        let confidence = best.map_or(0.0, |r| r.confidence);
        lines.extend(Line::in_order(vec![Token { text: text.clone(), area: *area, confidence }]));
    }
    Zone {
        lines: areas.iter().map(|a| a.of_page(upright.page.0, upright.page.1)).collect(),
        capital: zone.capital,
        readings,
    }
}

/// What the words of the page said.
fn of_words(taken: Vec<Vec<Token>>) -> Option<ZoneReading> {
    let confidences: Vec<f32> = taken.iter().flatten().map(|t| t.confidence).collect();
    let lines: Vec<String> = taken
        .into_iter()
        .map(|mut line| {
            line.sort_by(|a, b| a.area.left.total_cmp(&b.area.left));
            line.iter().map(|t| cells(&t.text)).collect()
        })
        .collect();
    let confidence = confidences.iter().sum::<f32>() / confidences.len().max(1) as f32;
    lines.iter().any(|line| !line.is_empty()).then(|| ZoneReading {
        reader: "page".to_owned(),
        lines,
        confidence,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn zone(area: Area, turn: u16) -> FoundZone {
        let reading =
            ZoneReading { reader: "ocrb".to_owned(), lines: vec!["P<UTO".to_owned()], confidence: 0.9 };
        FoundZone { lines: vec![area], turn, capital: 18.0, readings: vec![reading] }
    }

    #[test]
    fn words_give_way_to_the_zone() {
        let token = |text: &str, x: f32, y: f32| Token {
            text: text.to_owned(),
            area: Area::new(x, y, x + 10.0, y + 5.0),
            confidence: 0.5,
        };
        let mut lines = vec![
            Line::new(vec![token("NAME", 10.0, 10.0)]).unwrap(),
            Line::new(vec![token("«UTO", 20.0, 90.0), token("P", 9.0, 90.0)]).unwrap(),
        ];
        let upright = Upright { turned: 0, picture: (200.0, 200.0), page: (100.0, 100.0), skew: 0.0 };
        let zones = onto_page(&mut lines, &[zone(Area::new(10.0, 176.0, 80.0, 192.0), 0)], upright);
        let texts: Vec<&str> = lines.iter().flat_map(|l| &l.tokens).map(|t| t.text.as_str()).collect();
        assert_eq!(texts, ["NAME", "P<UTO"]);
        assert_eq!(zones[0].readings[1].lines, ["P<<UTO"]);
        assert!((zones[0].lines[0].top - 0.88).abs() < 1e-4);
    }

    #[test]
    fn only_a_large_zone_tells_the_way_up() {
        let wide = Area::new(10.0, 20.0, 190.0, 30.0);
        assert_eq!(way_up(&[zone(wide, 180)], (200.0, 200.0)), Some(180));
        assert_eq!(way_up(&[zone(wide, 180)], (800.0, 800.0)), None);
        assert_eq!(way_up(&[zone(wide, 180), zone(wide, 0)], (200.0, 200.0)), None);
        assert_eq!(way_up(&[], (200.0, 200.0)), None);
    }
}
