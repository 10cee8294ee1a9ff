//! Dates as acts, forms and passports print them.

use std::sync::LazyLock;

use complet_model::Date;
use regex::Regex;

pub use super::calendar::DateOrder;
use super::calendar::{Kind, Reading, items};
use super::confusion::digit_for;
use super::{Found, overlap};

/// The dates in a folded text: `01/08/2026`, `1.8.26`, `2026-08-01`, `2003 09 17`, `1ER AOUT 2026`,
/// `03 DEC 1985`, `12 MAR/MARS 2021`, `SEPTEMBER 17TH, 2003`, `LE TROIS MAI DEUX MILLE TROIS`; month names
/// in French, English, Spanish, Portuguese, Italian, German and Dutch.
///
/// A two-digit year is the last one that is at most ten years after `as_of`, which leaves room for an expiry
/// date. A day that no calendar has is no date, and is never moved to one. Certainty is under 1 when the
/// order of day and month, the century, or a misread character leaves a doubt.
pub fn find_dates(text: &str, order: DateOrder, as_of: Date) -> Vec<Found<Date>> {
    let mut dates = in_boxes(text);
    let items =
        items(text, Reading { order, latest_year: as_of.year().saturating_add(10), this_year: as_of.year() });
    for item in items {
        let Kind::Date(date) = item.kind else { continue };
        // The last four boxes of a date are no year of their own.
        if !dates.iter().any(|boxed| overlap(&boxed.range, &item.range)) {
            dates.push(Found::new(item.range, date, item.certainty));
        }
    }
    dates.sort_by_key(|date| date.range.start);
    dates
}

/// Gaps between the eight digits of a date from which they stand in boxes.
const MANY_GAPS: usize = 5;

/// Dates on forms with a box for each digit: `1 9 0 7 1 9 9 6` is 19 July 1996. The boxes' sides may be read
/// as strokes, some of them lost; without gaps or strokes, eight digits are a date only where nothing else stands.
fn in_boxes<'t>(text: &'t str) -> Vec<Found<Date>> {
    static BOXES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^ ?(?<w>[0-3][0-9]{3}[12][0-9]{3})(?: ?$| SEXE?\b)|(?:^|[^0-9 |] ?)(?<d>[0-3ODI](?:[ |]{1,3}[0-9ODIBSZ]){3}[ |]{1,3}[12IZ](?:[ |]{1,3}[0-9ODIBSZ]){3})(?: ?[^0-9 |]| ?$)|(?:^|[^0-9])(?<s>[0-3] ?[0-9] ?/ ?[01] ?[0-9] ?/ ?[12](?: ?[0-9]){3})(?:[^0-9]|$)|(?:^|[^0-9])(?<p>[0-3OD](?:[ |\[\]]{0,3}[0-9ODIBSZ]){7})(?:[^0-9]|$)").ok()
    });
    // Strokes between some digits are enough, or gaps between most; but they must be there: `33 010 619` is no date.
    let parted = |m: &regex::Match| {
        let text = m.as_str();
        text.contains(['|', '[', ']']) || text.matches(' ').count() >= MANY_GAPS
    };
    // By hand, digits stand apart: `11/1 0/1 954`.
    let torn = |m: &regex::Match| {
        let mut pairs = m.as_str().as_bytes().windows(3);
        pairs.any(|w| matches!(w, [a, b' ', b] if a.is_ascii_digit() && b.is_ascii_digit()))
    };
    let boxes = |c: regex::Captures<'t>| {
        c.name("d")
            .or_else(|| c.name("w"))
            .or_else(|| c.name("s").filter(torn))
            .or_else(|| c.name("p").filter(parted))
            .map(|m| (m.range(), m.as_str()))
    };
    let found = BOXES.iter().flat_map(|r| r.captures_iter(text)).filter_map(boxes);
    found
        .filter_map(|(range, text)| {
            // A box holds one digit, whatever it was read as.
            let boxes = text.chars().filter(char::is_ascii_alphanumeric);
            let digits: String = boxes.map(digit_for).collect::<Option<_>>()?;
            let certainty = if text.contains(char::is_alphabetic) { 0.75 } else { 0.9 };
            let part = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i16>().ok();
            let (day, month, year) = (part(0..2)?, part(2..4)?, part(4..8)?);
            let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
            Some(Found::new(range, date, certainty))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use proptest::prelude::*;

    use super::*;

    const AS_OF: Date = Date::constant(2026, 11, 15);

    fn read(text: &str) -> Vec<String> {
        find_dates(text, DateOrder::DayFirst, AS_OF).iter().map(|found| found.value.to_string()).collect()
    }

    #[test]
    fn every_form() {
        for (text, expected) in [
            ("LE 01/08/2026", "2026-08-01"),
            ("NEE LE 1 9 0 7 1 9 9 6 A LYON", "1996-07-19"),
            ("1 | 9 | 0 | 7 | 1 | 9 | 9 | 6", "1996-07-19"),
            ("19071996", "1996-07-19"),
            // By hand, some of the boxes' sides lost.
            ("FAIT A LYON LE [0|3|1|1|2|0|2|6|", "2026-11-03"),
            ("LE|0|911|2|0|26", "2026-11-09"),
            ("LE 081|120|26", "2026-11-08"),
            ("FAIT LE 1 0 1 1 2 0 2 6 ", "2026-11-10"),
            ("DATE OF BIRTH\nO 9 0 9 1 9 9 2", "1992-09-09"),
            ("LE 0 51 1 2 0 2 6", "2026-11-05"),
            ("DATE DE NAISSANCE 11/1 0/1 954 SEXE", "1954-10-11"),
            ("ON 09/11/2 026", "2026-11-09"),
            ("1.8.2026", "2026-08-01"),
            ("31-12-2026", "2026-12-31"),
            ("01 / 08 / 2026", "2026-08-01"),
            ("05-02-25", "2025-02-05"),
            ("23 11 1988", "1988-11-23"),
            ("2026-08-01", "2026-08-01"),
            ("2026/08/01", "2026-08-01"),
            ("2025-05-01T12:30:00", "2025-05-01"),
            ("2003 09 17", "2003-09-17"),
            ("1ER AOUT 2026", "2026-08-01"),
            ("1 ER AOUT 2026", "2026-08-01"),
            ("1° AOUT 2026", "2026-08-01"),
            ("LER AOUT 2026", "2026-08-01"),
            ("5 SEPTEMBRE 2026", "2026-09-05"),
            ("5 SEPT. 2026", "2026-09-05"),
            ("7 FEVR 2026", "2026-02-07"),
            ("3 FEVRIER 2000", "2000-02-03"),
            ("03 DEC 1985", "1985-12-03"),
            ("03DEC1985", "1985-12-03"),
            ("03 DEC/DEC 85", "1985-12-03"),
            ("12 MAR/MARS 2021", "2021-03-12"),
            ("12 STY/JAN 2021", "2021-01-12"),
            ("12 MAI /MAY 2021", "2021-05-12"),
            ("17 DE SEPTIEMBRE DE 2003", "2003-09-17"),
            ("17 DE SETEMBRO DE 2003", "2003-09-17"),
            ("17 DEL MES DE MAYO DEL ANO 2003", "2003-05-17"),
            ("3. MARZ 1990", "1990-03-03"),
            ("8 MAART 1990", "1990-03-08"),
            ("4 LUGLIO 1990", "1990-07-04"),
            ("SEPTEMBER 17TH, 2003", "2003-09-17"),
            ("MAY 3, 1990", "1990-05-03"),
            ("3RD OF MAY 1990", "1990-05-03"),
            ("LE VINGT-TROIS NOVEMBRE MIL NEUF CENT QUATRE-VINGT-HUIT", "1988-11-23"),
            ("LE TROIS MAI DEUX MILLE TROIS A DIX HEURES", "2003-05-03"),
            ("LE SEPT MAI DEUX MIL VINGT-CINQ", "2025-05-07"),
            ("LE PREMIER JANVIER DEUX MILLE", "2000-01-01"),
            ("L'AN DEUX MILLE TROIS ET LE QUATRE FEVRIER", "2003-02-04"),
            ("LE 3 A0UT 2025", "2025-08-03"),
            ("LE 3 AQUT 2025", "2025-08-03"),
            ("LE 3 FEVRLER 2025", "2025-02-03"),
            ("LE 3 JUI1LET 2025", "2025-07-03"),
            ("LE 3 JU|LLET 2025", "2025-07-03"),
            ("O1/08/2026", "2026-08-01"),
            ("NE LE\n23 NOVEMBRE\n1988", "1988-11-23"),
        ] {
            assert_eq!(read(text), [expected], "{text}");
        }
    }

    #[test]
    fn not_dates() {
        for text in [
            "31/02/2026",
            "31 FEVRIER 2026",
            "29/02/2025",
            "12/25/2026",
            "00/01/2026",
            "06 12 19 85 21",
            "06.12.19.85.21",
            "01-02-03-04-05",
            "FR76 3000 1000 6449 1900 9562 088",
            "20041 01005 0500013M026 06",
            "1 94 11 99 351 207 63",
            "79345678100015",
            "192.168.10.12",
            "VERSION 1.2.3",
            "ANNEE 2025-2026",
            "FEV 20 AVR 20 JUIN 20 AOU 20",
            "5 MARS 14 500,00",
            "LOI N° 89-462 DU",
            "1 250,00 MARS",
            "SEPTEMBRE 2026",
            "",
        ] {
            assert_eq!(read(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_range_holds_two_dates_and_their_places() {
        let text = "DU 01/08/2026-31/08/2026";
        let found = find_dates(text, DateOrder::DayFirst, AS_OF);
        let texts: Vec<_> = found.iter().map(|f| &text[f.range.clone()]).collect();
        assert_eq!(texts, ["01/08/2026", "31/08/2026"]);
    }

    #[test]
    fn the_order_is_doubtful_on_english_acts_only() {
        let certainty = |text, order| find_dates(text, order, AS_OF)[0].certainty;
        assert!(certainty("04/05/2001", DateOrder::MonthFirst) < 0.6);
        assert!((certainty("04/25/2001", DateOrder::MonthFirst) - 1.0).abs() < 1e-6);
        assert!((certainty("04/05/2001", DateOrder::DayFirst) - 1.0).abs() < 1e-6);
        assert!(certainty("04 A0UT 2001", DateOrder::DayFirst) < 1.0);
        let found = find_dates("04/25/2001", DateOrder::MonthFirst, AS_OF);
        assert_eq!(found[0].value.to_string(), "2001-04-25");
    }

    #[test]
    fn the_century_of_two_figures() {
        let read = |text| {
            let found = &find_dates(text, DateOrder::DayFirst, AS_OF)[0];
            (found.value.year(), found.certainty < 0.6)
        };
        assert_eq!(read("01/02/37"), (1937, false));
        assert_eq!(read("01/02/25"), (2025, false));
        // The expiry of a document, or a birth ninety-five years ago?
        assert_eq!(read("01/02/31"), (2031, true));
    }

    fn days() -> impl Strategy<Value = Date> {
        (1930i16..2030, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| Date::constant(year, month, day))
    }

    const NAMES: [&str; 12] = [
        "JANVIER",
        "FEVRIER",
        "MARS",
        "AVRIL",
        "MAI",
        "JUIN",
        "JUILLET",
        "AOUT",
        "SEPTEMBRE",
        "OCTOBRE",
        "NOVEMBRE",
        "DECEMBRE",
    ];

    proptest! {
        #[test]
        fn a_printed_date_is_read_back(date in days(), form in 0usize..9) {
            let (y, m, d) = (date.year(), date.month(), date.day());
            let name = NAMES[usize::try_from(m - 1).unwrap()];
            let printed = [
                format!("{d:02}/{m:02}/{y}"),
                format!("{d}.{m}.{y}"),
                format!("{d:02}-{m:02}-{y}"),
                format!("{d:02} {m:02} {y}"),
                format!("{y}-{m:02}-{d:02}"),
                format!("{y} {m:02} {d:02}"),
                format!("{d} {name} {y}"),
                format!("{name} {d}, {y}"),
                format!("{d:02}{name}{y}"),
            ];
            prop_assert_eq!(read(&format!("NE LE {}, A PARIS", printed[form])), [date.to_string()]);
        }

        #[test]
        fn only_days_of_the_calendar_are_read(day in 1i8..40, month in 1i8..20, year in 1900i16..2100) {
            let exists = Date::new(year, month, day).is_ok();
            prop_assert_eq!(read(&format!("{day:02}/{month:02}/{year}")).len(), usize::from(exists));
        }

        #[test]
        fn any_text_is_survived(text in "[0-9A-Z /.,'°|!-]{0,60}|\\PC{0,40}") {
            for found in find_dates(&text, DateOrder::MonthFirst, AS_OF) {
                prop_assert!(text.get(found.range).is_some());
            }
        }
    }
}
