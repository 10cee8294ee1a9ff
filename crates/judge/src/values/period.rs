//! Periods as receipts and payslips print them.

use std::ops::Range;
use std::sync::LazyLock;

use complet_model::{Date, Month};
use jiff::ToSpan as _;
use regex::Regex;

use super::Found;
use super::calendar::{DateOrder, Item, Kind, Reading, items};

/// A run of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub start: Date,
    /// Last day; never before the first.
    pub end: Date,
}

impl Period {
    /// Longer periods than this many months are no rent or pay.
    const LONGEST: i32 = 120;

    fn new(start: Date, end: Date) -> Option<Self> {
        let months = Month::of(end).index() - Month::of(start).index();
        (start <= end && months <= Self::LONGEST).then_some(Self { start, end })
    }

    fn of_months(first: Month, last: Month) -> Option<Self> {
        Self::new(first.first_day(), last.last_day())
    }

    /// The months it stands for, in order.
    ///
    /// A term counted from a day to the same day of a later month stands for the months it begins in:
    /// 5 July to 5 August, and 15 July to 14 August, are July's rent. Otherwise a period stands for the months
    /// of which it covers half or more, and when there is none, for that of which it covers the most:
    /// [`Period::coverage`] tells how much.
    pub fn months(self) -> Vec<Month> {
        let first = Month::of(self.start);
        if let Some(count) = self.whole_terms() {
            return (0..count).map(|i| first.plus(i)).collect();
        }
        let span = Month::of(self.end).index() - first.index();
        let touched: Vec<Month> = (0..=span.min(Self::LONGEST)).map(|i| first.plus(i)).collect();
        let most = touched.iter().map(|month| self.coverage(*month)).fold(0.0, f32::max);
        touched.into_iter().filter(|month| self.coverage(*month) >= most.min(0.5)).collect()
    }

    /// The part of a month's days that it covers, from 0 to 1.
    pub fn coverage(self, month: Month) -> f32 {
        let (first, last) = (month.first_day().max(self.start), month.last_day().min(self.end));
        if first > last {
            return 0.0;
        }
        f32::from(last.day() - first.day() + 1) / f32::from(month.last_day().day())
    }

    /// How many months lie between its first day and the same day, or the day before it, at its end.
    fn whole_terms(self) -> Option<i32> {
        let nearest = Month::of(self.end).index() - Month::of(self.start).index();
        (nearest.max(1)..=nearest + 1).find(|count| {
            let anniversary = self.start.saturating_add(count.months());
            self.end == anniversary || anniversary.yesterday().is_ok_and(|eve| eve == self.end)
        })
    }
}

/// The periods in a folded text: `DU 01/08/2026 AU 31/08/2026`, `DU 1ER AU 31 MARS 2026`, `SEPTEMBRE 2026`,
/// `09/2026`, `DE JUILLET A SEPTEMBRE 2026`, `DECEMBRE 2025 ET JANVIER 2026`, `3E TRIMESTRE 2026`,
/// `1ERE QUINZAINE D'AOUT 2026`. A single day is no period.
///
/// `context_year` is the year of a period that prints none; without it such a period is left out. Certainty
/// is 1 where the words before say that a period follows, and 0.5 or less when the year is not printed.
pub fn find_periods(text: &str, context_year: Option<i16>) -> Vec<Found<Period>> {
    let latest_year = context_year.map_or(2079, |year| year.clamp(1000, 9000) + 10);
    let reading = Reading { order: DateOrder::DayFirst, latest_year, this_year: latest_year };
    let items = items(text, reading);
    Reader { text, items: &items, context_year }.periods()
}

/// What stands at an end of a period.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Point {
    Date(Date),
    DayMonth { day: i8, month: i8 },
    Day(i8),
    Month(Month),
    MonthName(i8),
}

/// Words between `PERIODE` or `AU` and what they announce.
const FILLERS: &[&str] =
    &["DE", "DU", "D", "'", ":", ".", "LE", "L", "LA", "MOIS", "AU", "POUR", "LOCATION", "="];
/// Words that announce a period.
const TRIGGERS: &[&str] =
    &["MOIS", "TERME", "LOYER", "QUITTANCE", "PERIODE", "PAIE", "PAYE", "ECHEANCE", "BULLETIN"];
const LINKS: &[&str] = &["AU", "A", "JUSQU", "TO", "UNTIL", "BIS", "AL", "TOT", "ATE", "-", ">"];
const LIST_LINKS: &[&str] = &[",", "ET", "&", "+", "/", "AND"];

const NO_TRIGGER: f32 = 0.8;
const YEAR_FROM_CONTEXT: f32 = 0.5;
/// A remark between the two ends of a period, `(DEBUT DE LA MENSUALITE)`, is no longer than this.
const REMARK: usize = 10;

static QUARTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[TQ]([1-4])[ /'-]{0,3}((?:19|20)\d\d)|((?:19|20)\d\d)[ /-]{0,3}[TQ]([1-4]))\b").ok()
});

struct Reader<'a> {
    text: &'a str,
    items: &'a [Item],
    context_year: Option<i16>,
}

/// Periods that were read together, with the index of the item after them.
struct Read {
    periods: Vec<Period>,
    certainty: f32,
    next: usize,
}

impl Reader<'_> {
    fn periods(&self) -> Vec<Found<Period>> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.items.len() {
            let read = self
                .span(at)
                .or_else(|| self.quarter_code(at))
                .or_else(|| self.part_of_year(at))
                .or_else(|| self.months(at));
            let Some(read) = read else {
                at += 1;
                continue;
            };
            let next = read.next.max(at + 1);
            let range = self.range(at, next);
            found.extend(read.periods.iter().map(|p| Found::new(range.clone(), *p, read.certainty)));
            at = next;
        }
        found
    }

    fn range(&self, at: usize, next: usize) -> Range<usize> {
        let start = self.items.get(at).map_or(0, |item| item.range.start);
        start..self.items.get(next - 1).map_or(start, |item| item.range.end)
    }

    fn word(&self, at: usize) -> Option<&str> {
        let item = self.items.get(at)?;
        matches!(item.kind, Kind::Word | Kind::Symbol(_)).then(|| self.text.get(item.range.clone()))?
    }

    fn is_word(&self, at: usize, words: &[&str]) -> bool {
        self.word(at).is_some_and(|word| words.contains(&word))
    }

    fn skip(&self, mut at: usize, fillers: &[&str]) -> usize {
        while self.is_word(at, fillers) {
            at += 1;
        }
        at
    }

    /// True when the words before announce a period.
    fn is_announced(&self, at: usize) -> bool {
        let before = (at.saturating_sub(6)..at).rev();
        before
            .take_while(|i| self.is_word(*i, FILLERS) || self.is_word(*i, TRIGGERS))
            .any(|i| self.is_word(i, TRIGGERS))
    }

    fn certainty(&self, at: usize) -> f32 {
        self.items.get(at).map_or(0.0, |item| item.certainty)
    }

    fn point(&self, at: usize) -> Option<Point> {
        Some(match self.items.get(at)?.kind {
            Kind::Date(date) => Point::Date(date),
            Kind::DayMonth { day, month } => Point::DayMonth { day, month },
            Kind::MonthYear(month) => Point::Month(month),
            Kind::MonthName(month) => Point::MonthName(month),
            Kind::Number(number) => Point::Day(number.day()?),
            _ => return None,
        })
    }

    /// From one day or month to another.
    fn span(&self, at: usize) -> Option<Read> {
        let start = self.point(at)?;
        let before = at.checked_sub(1);
        if matches!(start, Point::Day(_)) && !before.is_some_and(|b| self.is_word(b, &["DU", "DE", "FROM"])) {
            return None;
        }
        let (end_at, dash) = self.linked(at + 1)?;
        let end = self.point(end_at)?;
        let (start, end, year_printed) = self.resolved(start, end, dash)?;
        let period = Period::new(start, end)?;
        let certainty = self.certainty(at).min(self.certainty(end_at));
        let year = if year_printed { 1.0 } else { YEAR_FROM_CONTEXT };
        Some(Read { periods: vec![period], certainty: certainty * year, next: end_at + 1 })
    }

    /// The index of what a link (`AU`, `-`) leads to, and whether the link is but a dash.
    fn linked(&self, at: usize) -> Option<(usize, bool)> {
        let at = self.after_remark(at);
        if !self.is_word(at, LINKS) {
            return None;
        }
        let dash = self.is_word(at, &["-"]);
        // JUSQU'AU, ->
        let mut next = self.skip(at, LINKS);
        if self.is_word(next, &["'"]) {
            next = self.skip(next + 1, LINKS);
        }
        Some((self.skip(next, FILLERS), dash))
    }

    fn after_remark(&self, at: usize) -> usize {
        if !self.is_word(at, &["("]) {
            return at;
        }
        let close = (at..at + REMARK).find(|i| self.is_word(*i, &[")"]));
        close.map_or(at, |close| close + 1)
    }

    /// First and last day, with years that are not printed filled in, and whether one was printed at all.
    fn resolved(&self, start: Point, end: Point, dash: bool) -> Option<(Date, Date, bool)> {
        let day_in = |year, month, day| Date::new(year, month, day).ok();
        match (start, end) {
            (Point::Date(start), Point::Date(end)) => Some((start, end, true)),
            (Point::DayMonth { day, month }, Point::Date(end)) => {
                let start = day_in(end.year(), month, day).filter(|start| *start <= end);
                Some((start.or_else(|| day_in(end.year() - 1, month, day))?, end, true))
            }
            (Point::Day(day), Point::Date(end)) if !dash => {
                Some((day_in(end.year(), end.month(), day)?, end, true))
            }
            (Point::Date(start), Point::DayMonth { day, month }) => {
                let end = day_in(start.year(), month, day).filter(|end| *end >= start);
                Some((start, end.or_else(|| day_in(start.year() + 1, month, day))?, true))
            }
            (Point::DayMonth { day, month }, Point::DayMonth { day: end_day, month: end_month }) if !dash => {
                let end = day_in(self.context_year?, end_month, end_day)?;
                let start = day_in(end.year(), month, day).filter(|start| *start <= end);
                Some((start.or_else(|| day_in(end.year() - 1, month, day))?, end, false))
            }
            (Point::Day(day), Point::DayMonth { day: end_day, month }) if !dash => {
                let year = self.context_year?;
                Some((day_in(year, month, day)?, day_in(year, month, end_day)?, false))
            }
            (Point::Month(first), Point::Month(last)) => Some((first.first_day(), last.last_day(), true)),
            (Point::MonthName(first), Point::Month(last)) => {
                let first = before_or_in(first, last)?;
                Some((first.first_day(), last.last_day(), true))
            }
            (Point::Month(first), Point::MonthName(last)) => {
                let last = after_or_in(last, first)?;
                Some((first.first_day(), last.last_day(), true))
            }
            _ => None,
        }
    }

    /// `T3 2026`, `2026-Q3`.
    fn quarter_code(&self, at: usize) -> Option<Read> {
        let range = self.items.get(at)?.range.clone();
        let captures = QUARTER.as_ref()?.captures(self.text.get(range.start..)?)?;
        let group = |i| captures.get(i).map(|m| m.as_str());
        let quarter: u32 = group(1).or(group(4))?.parse().ok()?;
        let year: i16 = group(2).or(group(3))?.parse().ok()?;
        let end = range.start + captures.get(0)?.end();
        let next = (at + 1..self.items.len())
            .find(|i| self.items.get(*i).is_some_and(|item| item.range.start >= end));
        let next = next.unwrap_or(self.items.len());
        Some(Read { periods: vec![quarter_of(quarter, year)?], certainty: 0.9, next })
    }

    /// `3E TRIMESTRE 2026`, `TRIMESTRE 3 2026`, `2E QUINZAINE DE MARS 2026`.
    fn part_of_year(&self, at: usize) -> Option<Read> {
        let number = |at: usize| match self.items.get(at)?.kind {
            Kind::Number(number) => Some(number),
            _ => None,
        };
        let (ordinal, unit_at, next) = if self.is_word(at, &["TRIMESTRE"]) {
            (number(at + 1)?.small()?, at, at + 2)
        } else {
            (number(at)?.small()?, at + 1, at + 2)
        };
        let next = self.skip(next, &[".", ",", "DE", "D", "'", "DU", "MOIS", "L", "ANNEE", "-", "/"]);
        let period = if self.is_word(unit_at, &["TRIMESTRE", "TRIM"]) {
            quarter_of(ordinal, number(next)?.full_year()?)?
        } else if self.is_word(unit_at, &["QUINZAINE"]) {
            let Point::Month(month) = self.point(next)? else { return None };
            fortnight_of(ordinal, month)?
        } else {
            return None;
        };
        Some(Read { periods: vec![period], certainty: 1.0, next: next + 1 })
    }

    /// One month, or several in a list.
    fn months(&self, at: usize) -> Option<Read> {
        let mut months = vec![self.month(at)?];
        let mut certainty = self.certainty(at);
        let mut next = at + 1;
        loop {
            let after = self.skip(next, LIST_LINKS);
            let link_is_there = after > next;
            // `JUILLET, AOUT ET DE SEPTEMBRE`
            let after = if link_is_there { self.skip(after, FILLERS) } else { after };
            let Some(month) = self.month(after).filter(|_| link_is_there) else { break };
            months.push(month);
            certainty = certainty.min(self.certainty(after));
            next = after + 1;
        }
        let announced = self.is_announced(at);
        let year_printed = months.iter().any(|(_, year)| year.is_some());
        if !year_printed {
            let year = self.context_year.filter(|_| announced)?;
            if let Some(last) = months.last_mut() {
                last.1 = Some(year);
            }
        }
        let trigger = if announced { 1.0 } else { NO_TRIGGER };
        let year = if year_printed { 1.0 } else { YEAR_FROM_CONTEXT };
        let periods = runs(&dated(&months)?);
        Some(Read { periods, certainty: certainty * trigger * year, next })
    }

    fn month(&self, at: usize) -> Option<(i8, Option<i16>)> {
        match self.point(at)? {
            Point::Month(month) => Some((month.month(), Some(month.year()))),
            Point::MonthName(month) => Some((month, None)),
            _ => None,
        }
    }
}

/// Gives each month of a list its year: that of the next one that has a year, the one before when the year
/// turns in between; months after the last printed year go on from it.
fn dated(months: &[(i8, Option<i16>)]) -> Option<Vec<Month>> {
    let last_dated = months.iter().rposition(|(_, year)| year.is_some())?;
    let mut out: Vec<Month> = Vec::with_capacity(months.len());
    for (month, year) in months.get(..=last_dated)?.iter().rev() {
        out.push(match year {
            Some(year) => Month::new(*year, *month)?,
            None => before_or_in(*month, *out.last()?)?,
        });
    }
    out.reverse();
    for (month, _) in months.get(last_dated + 1..)? {
        out.push(after_or_in(*month, *out.last()?)?);
    }
    out.dedup();
    Some(out)
}

/// The last month of that name that is not after `limit`.
fn before_or_in(month: i8, limit: Month) -> Option<Month> {
    Month::new(limit.year() - i16::from(month > limit.month()), month)
}

/// The first month of that name that is not before `limit`.
fn after_or_in(month: i8, limit: Month) -> Option<Month> {
    Month::new(limit.year() + i16::from(month < limit.month()), month)
}

/// Months that follow each other make one period.
fn runs(months: &[Month]) -> Vec<Period> {
    let mut runs: Vec<(Month, Month)> = Vec::new();
    for &month in months {
        match runs.last_mut() {
            Some((_, last)) if last.plus(1) == month => *last = month,
            _ => runs.push((month, month)),
        }
    }
    runs.into_iter().filter_map(|(first, last)| Period::of_months(first, last)).collect()
}

fn quarter_of(quarter: u32, year: i16) -> Option<Period> {
    let first = Month::new(year, i8::try_from(quarter.checked_sub(1)? * 3 + 1).ok()?)?;
    Period::of_months(first, first.plus(2))
}

fn fortnight_of(half: u32, month: Month) -> Option<Period> {
    let middle = month.first_day().saturating_add(14.days());
    match half {
        1 => Period::new(month.first_day(), middle),
        2 => Period::new(middle.tomorrow().ok()?, month.last_day()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<(String, String, Vec<String>)> {
        find_periods(text, Some(2026))
            .into_iter()
            .map(|f| {
                let months = f.value.months().iter().map(ToString::to_string).collect();
                (f.value.start.to_string(), f.value.end.to_string(), months)
            })
            .collect()
    }

    #[test]
    fn every_form() {
        for (text, start, end, months) in [
            ("DU 01/08/2026 AU 31/08/2026", "2026-08-01", "2026-08-31", "2026-08"),
            ("DU 01/08/2026 AU31/08/2026", "2026-08-01", "2026-08-31", "2026-08"),
            ("DU 01/08 AU 31/08/2026", "2026-08-01", "2026-08-31", "2026-08"),
            ("PERIODE DU : 01-01-25 AU 31-01-25", "2025-01-01", "2025-01-31", "2025-01"),
            ("DU 1ER AU 31 MARS 2026", "2026-03-01", "2026-03-31", "2026-03"),
            ("DU 1ER\nOCTOBRE 2025 AU 31 OCTOBRE 2025", "2025-10-01", "2025-10-31", "2025-10"),
            ("PERIODE COUVERTE : DU 1ER AU 30 SEPTEMBRE 2024", "2024-09-01", "2024-09-30", "2024-09"),
            (
                "DU 5 JUILLET 2025 (DEBUT DE LA MENSUALITE) AU 5 AOUT 2025",
                "2025-07-05",
                "2025-08-05",
                "2025-07",
            ),
            ("DU 15 JUILLET AU 14 AOUT 2024", "2024-07-15", "2024-08-14", "2024-07"),
            ("DU 15 DECEMBRE AU 14 JANVIER 2026", "2025-12-15", "2026-01-14", "2025-12"),
            ("DU 2024-05-01 AU 2024-05-31", "2024-05-01", "2024-05-31", "2024-05"),
            ("13/01/2025 - 12/02/2025", "2025-01-13", "2025-02-12", "2025-01"),
            ("MOIS DE SEPTEMBRE 2026", "2026-09-01", "2026-09-30", "2026-09"),
            ("LOYER DU MOIS D'AOUT 2026", "2026-08-01", "2026-08-31", "2026-08"),
            ("QUITTANCE DE LOYER DU MOIS : MARS 2025", "2025-03-01", "2025-03-31", "2025-03"),
            ("SEPTEMBRE 2026", "2026-09-01", "2026-09-30", "2026-09"),
            ("PERIODE : 09/2026", "2026-09-01", "2026-09-30", "2026-09"),
            ("2026-09", "2026-09-01", "2026-09-30", "2026-09"),
            ("3E TRIMESTRE 2026", "2026-07-01", "2026-09-30", "2026-07 2026-08 2026-09"),
            ("1ER TRIM. 2026", "2026-01-01", "2026-03-31", "2026-01 2026-02 2026-03"),
            ("QUATRIEME TRIMESTRE 2025", "2025-10-01", "2025-12-31", "2025-10 2025-11 2025-12"),
            ("T3 2026", "2026-07-01", "2026-09-30", "2026-07 2026-08 2026-09"),
            ("2026-T3", "2026-07-01", "2026-09-30", "2026-07 2026-08 2026-09"),
            ("DE JUILLET A SEPTEMBRE 2026", "2026-07-01", "2026-09-30", "2026-07 2026-08 2026-09"),
            ("JUILLET, AOUT ET SEPTEMBRE 2026", "2026-07-01", "2026-09-30", "2026-07 2026-08 2026-09"),
            ("DECEMBRE 2025 ET JANVIER 2026", "2025-12-01", "2026-01-31", "2025-12 2026-01"),
            ("DECEMBRE ET JANVIER 2026", "2025-12-01", "2026-01-31", "2025-12 2026-01"),
            ("DECEMBRE 2025 ET JANVIER", "2025-12-01", "2026-01-31", "2025-12 2026-01"),
            ("NOVEMBRE 2025 A JANVIER 2026", "2025-11-01", "2026-01-31", "2025-11 2025-12 2026-01"),
            ("DE NOVEMBRE A JANVIER 2026", "2025-11-01", "2026-01-31", "2025-11 2025-12 2026-01"),
            ("08/2026 - 10/2026", "2026-08-01", "2026-10-31", "2026-08 2026-09 2026-10"),
            ("MARS/MARCH 2026", "2026-03-01", "2026-03-31", "2026-03"),
            ("1ERE QUINZAINE D'AOUT 2026", "2026-08-01", "2026-08-15", "2026-08"),
            ("2E QUINZAINE DE FEVRIER 2024", "2024-02-16", "2024-02-29", "2024-02"),
            ("DU 16/08/2026 AU 31/08/2026", "2026-08-16", "2026-08-31", "2026-08"),
            ("DU 30/08/2026 AU 30/09/2026", "2026-08-30", "2026-09-30", "2026-08"),
            ("DU 28/08/2026 AU 30/09/2026", "2026-08-28", "2026-09-30", "2026-09"),
            ("DU 01/07/2026 AU 15/08/2026", "2026-07-01", "2026-08-15", "2026-07"),
            ("DU 01/07/2026 AU 30/09/2026", "2026-07-01", "2026-09-30", "2026-07 2026-08 2026-09"),
            ("MOIS DE MARS", "2026-03-01", "2026-03-31", "2026-03"),
            ("QUITTANCE N° 9 SEPTEMBRE 2026", "2026-09-01", "2026-09-30", "2026-09"),
        ] {
            let months: Vec<_> = months.split(' ').map(str::to_owned).collect();
            assert_eq!(read(text), [(start.to_owned(), end.to_owned(), months)], "{text}");
        }
    }

    #[test]
    fn months_apart_are_periods_apart() {
        let read = read("JUILLET ET SEPTEMBRE 2026");
        assert_eq!(read.len(), 2);
        assert_eq!((read[0].0.as_str(), read[1].0.as_str()), ("2026-07-01", "2026-09-01"));
    }

    #[test]
    fn not_periods() {
        for text in [
            "LE 5 SEPTEMBRE 2026",
            "FAIT A PARIS LE 05/09/2026",
            "SEPTEMBER 5, 2026",
            "31 SEPTEMBRE 2026",
            "31/02/2026",
            "DU 31/08/2026 AU 01/08/2026",
            "MADAME THI MAI NGUYEN",
            "ANNEE UNIVERSITAIRE 2025-2026",
            "LE 01/08/2026 A PARIS, LE 31/08/2026",
            "PAGE 1/2",
            "06 12 19 85 21",
            "APPARTEMENT T2 29200 BREST",
            "DU 01/01/1950 AU 31/12/2026",
            "",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }

    #[test]
    fn sure_where_a_period_is_announced_and_unsure_without_a_year() {
        let certainty = |text| find_periods(text, Some(2026))[0].certainty;
        assert!((certainty("DU 01/08/2026 AU 31/08/2026") - 1.0).abs() < 1e-6);
        assert!((certainty("MOIS DE MARS 2026") - 1.0).abs() < 1e-6);
        assert!(certainty("MARS 2026") < 1.0);
        assert!(certainty("MOIS DE MARS") < 0.6);
        assert!(certainty("DU 1ER AU 31 MARS") < 0.6);
        assert!(find_periods("MOIS DE MARS", None).is_empty());
    }

    #[test]
    fn coverage_shows_half_months() {
        let period = find_periods("DU 16/06/2026 AU 30/06/2026", None)[0].value;
        assert!((period.coverage("2026-06".parse().unwrap()) - 0.5).abs() < 1e-6);
        assert!(period.coverage("2026-07".parse().unwrap()).abs() < 1e-6);
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

    fn name(month: Month) -> &'static str {
        NAMES[usize::try_from(month.month() - 1).unwrap()]
    }

    proptest! {
        #[test]
        fn a_run_of_months_is_read_back(year in 2015i16..2035, month in 1i8..=12, count in 1i32..=6, form in 0usize..5) {
            let first = Month::new(year, month).unwrap();
            let run: Vec<Month> = (0..count).map(|i| first.plus(i)).collect();
            let last = first.plus(count - 1);
            let list: Vec<&str> = run.iter().map(|m| name(*m)).collect();
            let term_end = first.plus(count).first_day().saturating_add(13.days());
            let day = |d: Date| format!("{:02}/{:02}/{}", d.day(), d.month(), d.year());
            let printed = [
                format!("DU {} AU {}", day(first.first_day()), day(last.last_day())),
                format!("DE {} {} A {} {}", name(first), first.year(), name(last), last.year()),
                format!("{} {}", list.join(" ET "), last.year()),
                format!("{:02}/{} - {:02}/{}", first.month(), first.year(), last.month(), last.year()),
                // From the 15th to the 14th.
                format!("DU 15/{:02}/{} AU {}", first.month(), first.year(), day(term_end)),
            ];
            let found = find_periods(&printed[form], None);
            prop_assert_eq!(found.len(), 1, "{}", printed[form]);
            prop_assert_eq!(found[0].value.months(), run, "{}", printed[form]);
        }

        #[test]
        fn months_are_in_order_each_once(from in 0i64..4000, days in 0i64..1500) {
            let start = Date::constant(2015, 1, 1).saturating_add(from.days());
            let period = Period::new(start, start.saturating_add(days.days())).unwrap();
            let months = period.months();
            prop_assert!(!months.is_empty());
            prop_assert!(months.windows(2).all(|pair| pair[0].plus(1) == pair[1]));
            prop_assert!(months.iter().all(|month| period.coverage(*month) > 0.0));
        }

        #[test]
        fn any_text_is_survived(text in "[0-9A-Z /.,'()-]{0,60}|\\PC{0,40}") {
            for found in find_periods(&text, Some(2026)) {
                prop_assert!(text.get(found.range).is_some());
                prop_assert!(found.value.start <= found.value.end);
            }
        }
    }
}
