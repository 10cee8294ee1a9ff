//! The calendar words of a text: dates, months, years and day numbers, in order, with the words between.
//!
//! Dates and periods are both read off these items, so that the month of a date is never taken for a
//! period, nor the two ends of a period for unrelated months.

mod assembler;
mod east_asian;
mod lexer;

use std::ops::Range;

use complet_model::{Date, Month};

use assembler::Assembler;
use lexer::Lexer;

/// Which of two numbers is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// 31/12/2026, as everywhere but on acts of English-speaking countries.
    DayFirst,
    /// 12/31/2026.
    MonthFirst,
}

/// How figures are to be understood.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) order: DateOrder,
    /// A two-digit year is the last one that is not after this one.
    pub(super) latest_year: i16,
    /// A two-digit year after this one may be of the century before.
    pub(super) this_year: i16,
}

/// Something that a calendar reader may care about.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
    pub(super) certainty: f32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Date(Date),
    /// A day and a month without a year; the day may not exist in every year.
    DayMonth {
        day: i8,
        month: i8,
    },
    MonthYear(Month),
    MonthName(i8),
    Number(Number),
    Word,
    Symbol(char),
    /// Looks like a date that no calendar has.
    Impossible,
}

/// A number in figures or in words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    value: u32,
    /// Figures printed; 0 for a number in words.
    figures: usize,
    pub(super) ordinal: bool,
    /// Part of a longer number, an amount or a reference.
    glued: bool,
}

impl Number {
    /// The day of a month it can be.
    pub(super) fn day(self) -> Option<i8> {
        let day = i8::try_from(self.value).ok().filter(|day| (1..=31).contains(day))?;
        (!self.glued && self.figures <= 2).then_some(day)
    }

    /// The year it can be, when all its figures are there.
    pub(super) fn full_year(self) -> Option<i16> {
        let year = i16::try_from(self.value).ok().filter(|year| (1800..2200).contains(year))?;
        (!self.glued && matches!(self.figures, 0 | 4)).then_some(year)
    }

    fn short_year(self, reading: Reading) -> Option<(i16, f32)> {
        (!self.glued && !self.ordinal && self.figures == 2)
            .then(|| reading.full_year(i16::try_from(self.value).ok()?))?
    }

    /// Its value, when it may be the ordinal of a quarter or a fortnight.
    pub(super) fn small(self) -> Option<u32> {
        (!self.glued && self.value <= 31 && self.figures <= 2).then_some(self.value)
    }
}

impl Reading {
    /// The last year ending in `figures` that is not too late, with how sure its century is.
    fn full_year(self, figures: i16) -> Option<(i16, f32)> {
        let century = self.latest_year - self.latest_year.rem_euclid(100);
        let year = if century + figures > self.latest_year { century - 100 } else { century } + figures;
        let certainty = if year > self.this_year { GUESSED_CENTURY } else { 1.0 };
        (year >= 1).then_some((year, certainty))
    }
}

/// The items of a folded text, in order.
pub(super) fn items(text: &str, reading: Reading) -> Vec<Item> {
    let tokens = Lexer { text, reading }.tokens();
    Assembler { text, reading, tokens: &tokens }.items()
}

/// Certainty of a two-digit year that may be of this century or the last.
const GUESSED_CENTURY: f32 = 0.55;
