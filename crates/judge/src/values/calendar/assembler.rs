//! From tokens to dates and months.

use complet_model::{Date, Month};

use super::lexer::is_number_sign;
use super::{Item, Kind, Number, Reading};
use crate::values::month_names::{self, MonthWord};

/// Puts tokens together: a day, a month and a year make a date.
pub(super) struct Assembler<'a> {
    pub(super) text: &'a str,
    pub(super) reading: Reading,
    pub(super) tokens: &'a [Item],
}

/// A part of a date with the index of the token after it.
struct Part<T> {
    value: T,
    certainty: f32,
    next: usize,
}

impl Assembler<'_> {
    pub(super) fn items(&self) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::with_capacity(self.tokens.len());
        let mut at = 0;
        while let Some(token) = self.tokens.get(at) {
            if let Some((item, next)) = self.assembled(at) {
                items.push(item);
                at = next.max(at + 1);
            } else {
                items.push(token.clone());
                at += 1;
            }
        }
        items
    }

    fn assembled(&self, at: usize) -> Option<(Item, usize)> {
        self.day_first(at).or_else(|| self.month_first(at)).or_else(|| self.month_and_year(at))
    }

    /// `1ER AOUT 2026`, `17 DE SEPTIEMBRE DE 2003`, `12 MAR/MARS 2021`, `LE TROIS MAI DEUX MILLE`.
    fn day_first(&self, at: usize) -> Option<(Item, usize)> {
        let day = self.number(at)?.day()?;
        let start = self.tokens.get(at)?;
        if self.text.get(..start.range.start).is_some_and(|before| is_number_sign(before.trim_end())) {
            return None;
        }
        let month = self.month(self.skip(at + 1, DAY_TO_MONTH), true)?;
        let certainty = start.certainty.min(month.certainty);
        let year = self.year(at, &month).or_else(|| self.year_before(at, month.next));
        let Some(year) = year else {
            let kind = Kind::DayMonth { day, month: month.value.month };
            let exact_month = month.certainty >= 1.0;
            return exact_month.then(|| (self.item(at, month.next, kind, certainty), month.next));
        };
        let date = Date::new(year.value, month.value.month, day).ok();
        let kind = date.map_or(Kind::Impossible, Kind::Date);
        Some((self.item(at, year.next, kind, certainty.min(year.certainty)), year.next))
    }

    /// `SEPTEMBER 17TH, 2003`.
    fn month_first(&self, at: usize) -> Option<(Item, usize)> {
        let month = self.month(at, false)?;
        let day = self.number(month.next)?;
        if day.figures == 0 {
            return None;
        }
        let day = day.day()?;
        let year_at = self.skip(month.next + 1, &[","]);
        let year = self.number(year_at)?.full_year()?;
        let kind = Date::new(year, month.value.month, day).map_or(Kind::Impossible, Kind::Date);
        Some((self.item(at, year_at + 1, kind, month.certainty), year_at + 1))
    }

    fn month_and_year(&self, at: usize) -> Option<(Item, usize)> {
        let month = self.month(at, false)?;
        let year_at = self.skip(month.next, MONTH_TO_YEAR);
        let year = self.number(year_at)?.full_year()?;
        let kind = Kind::MonthYear(Month::new(year, month.value.month)?);
        Some((self.item(at, year_at + 1, kind, month.certainty), year_at + 1))
    }

    fn item(&self, at: usize, next: usize, kind: Kind, certainty: f32) -> Item {
        let start = self.tokens.get(at).map_or(0, |t| t.range.start);
        let end = next.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |t| t.range.end);
        Item { range: start..end, kind, certainty }
    }

    fn number(&self, at: usize) -> Option<Number> {
        if let Kind::Number(number) = self.tokens.get(at)?.kind { Some(number) } else { None }
    }

    fn word(&self, at: usize) -> Option<&str> {
        let token = self.tokens.get(at)?;
        matches!(token.kind, Kind::Word | Kind::MonthName(_) | Kind::Symbol(_))
            .then(|| self.text.get(token.range.clone()))?
    }

    /// The index after the words of `fillers` that stand at `at`; three at most.
    fn skip(&self, at: usize, fillers: &[&str]) -> usize {
        let fits = |at: &usize| self.word(*at).is_some_and(|word| fillers.contains(&word));
        (at..at + 3).take_while(fits).last().map_or(at, |last| last + 1)
    }

    /// A month name, or the same month in two languages: `MAR/MARS`, `STY/JAN`.
    fn month(&self, at: usize, after_day: bool) -> Option<Part<MonthWord>> {
        let first = self.month_word(at, after_day);
        if self.word(at + 1) == Some("/") {
            if let Some(second) = self.month_word(at + 2, false) {
                return match first {
                    Some(first) if first.certainty >= 1.0 => (first.month == second.month).then_some(Part {
                        value: first,
                        certainty: 1.0,
                        next: at + 3,
                    }),
                    _ if after_day && self.word(at)?.chars().count() <= 10 => {
                        Some(Part { value: second, certainty: second.certainty, next: at + 3 })
                    }
                    _ => None,
                };
            }
            // MAR/ΜΑΡ, DEC/ГРУ: the second language is not known.
            if first.is_some() && after_day && self.word(at + 2).is_some() && self.number(at + 3).is_some() {
                return first.map(|first| Part { value: first, certainty: first.certainty, next: at + 3 });
            }
        }
        first.map(|first| Part { value: first, certainty: first.certainty, next: at + 1 })
    }

    fn month_word(&self, at: usize, after_day: bool) -> Option<MonthWord> {
        let word = self.word(at)?;
        if let Some(month) = month_names::exact(word) {
            return Some(month);
        }
        // Too many words are a letter away from a month: only where a year follows.
        let year_at = self.skip(at + 1, MONTH_TO_YEAR);
        let year_follows = self.number(year_at).is_some_and(|n| n.full_year().is_some());
        if after_day && year_follows { month_names::misread(word) } else { None }
    }

    fn year(&self, day_at: usize, month: &Part<MonthWord>) -> Option<Part<i16>> {
        let at = self.skip(month.next, MONTH_TO_YEAR);
        let number = self.number(at)?;
        let certainty = self.tokens.get(at)?.certainty;
        if let Some(year) = number.full_year() {
            return Some(Part { value: year, certainty, next: at + 1 });
        }
        let (year, century) = number.short_year(self.reading)?;
        // `5 MARS 14 RUE DU PORT` is no date of 2014.
        let joined = at > month.next || month.value.abbreviated;
        let number_follows =
            self.number(at + 1).is_some() || matches!(self.word(at + 1), Some("€" | "%" | "EUR"));
        // The months of a chart, `FEV 20 AVR 20 JUIN 20`, each with its year.
        let is_month = |at: usize| self.tokens.get(at).is_some_and(|t| matches!(t.kind, Kind::MonthName(_)));
        let in_a_row = is_month(at + 1) || day_at.checked_sub(1).is_some_and(is_month);
        (!number_follows && !in_a_row).then_some(Part {
            value: year,
            certainty: century * if joined { 0.8 } else { 0.55 },
            next: at + 1,
        })
    }

    /// `L'AN DEUX MILLE TROIS ET LE QUATRE FEVRIER`: the year stands before the day.
    fn year_before(&self, at: usize, next: usize) -> Option<Part<i16>> {
        let is_filler = |at: &usize| matches!(self.word(*at), Some("," | "ET" | "LE" | "DU"));
        let before = (at.saturating_sub(4)..at).rev().find(|at| !is_filler(at))?;
        let year = self.number(before)?.full_year()?;
        let an = before.checked_sub(1).and_then(|an| self.word(an))?;
        matches!(an, "AN" | "ANNEE").then_some(Part { value: year, certainty: 1.0, next })
    }
}

// «30» апреля: the boxes for the day and the month of a form.
const DAY_TO_MONTH: &[&str] = &["\"", ".", "-", "/", ",", "DE", "DEL", "DO", "OF", "MES"];
const MONTH_TO_YEAR: &[&str] = &[".", "-", "/", ",", "DE", "DEL", "DO", "OF", "ANO", "'"];
