//! The calendar words of a text: dates, months, years and day numbers, in order, with the words between.
//!
//! Dates and periods are both read off these items, so that the month of a date is never taken for a
//! period, nor the two ends of a period for unrelated months.

use std::ops::Range;
use std::sync::LazyLock;

use complet_model::{Date, Month};
use regex::Regex;

use super::confusion::digit_for;
use super::month_names::{self, MonthWord};
use super::{char_at, char_before, number_words};

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

const REPAIRED: f32 = 0.55;
const GUESSED_CENTURY: f32 = 0.55;

macro_rules! regex {
    ($pattern:expr) => {
        LazyLock::new(|| Regex::new($pattern).unwrap_or_else(|e| unreachable!("built-in pattern: {e}")))
    };
}

static DAY_MONTH_YEAR: LazyLock<Regex> =
    regex!(r"^([0-9OIL]{1,2})\s?([/.-])\s?([0-9OIL]{1,2})\s?([/.-])\s?([0-9OIL]{4}|[0-9OIL]{2})");
static SPACED: LazyLock<Regex> = regex!(r"^([0-9]{1,2})( )([0-9]{1,2})( )((?:18|19|20)[0-9]{2})");
static YEAR_MONTH_DAY: LazyLock<Regex> =
    regex!(r"^((?:18|19|20)[0-9]{2})(\s?[/.-]\s?| )([0-9]{1,2})(\s?[/.-]\s?| )([0-9]{1,2})");
static MONTH_SLASH_YEAR: LazyLock<Regex> = regex!(r"^(0?[1-9]|1[0-2])\s?([/.-])\s?((?:19|20)[0-9]{2})");
static YEAR_DASH_MONTH: LazyLock<Regex> = regex!(r"^((?:19|20)[0-9]{2})(-)(0[1-9]|1[0-2])");
static DAY_SLASH_MONTH: LazyLock<Regex> = regex!(r"^([0-9]{1,2})(/)([0-9]{1,2})");
static ORDINAL: LazyLock<Regex> = regex!(r"^(?:([0-9]{1,2})\s?(?:ER|ERE|RE|E|EME|ND|ST|RD|TH|O|°)|[LI]ER)$");

struct Lexer<'a> {
    text: &'a str,
    reading: Reading,
}

impl Lexer<'_> {
    fn tokens(&self) -> Vec<Item> {
        let mut tokens: Vec<Item> = Vec::new();
        let mut at = 0;
        while let Some(c) = char_at(self.text, at) {
            if c.is_whitespace() {
                at += c.len_utf8();
                continue;
            }
            let token = self.token(at, c, tokens.last());
            // Every token takes at least the character it starts with.
            at = token.range.end.max(at + c.len_utf8());
            tokens.push(token);
        }
        tokens
    }

    fn token(&self, at: usize, c: char, previous: Option<&Item>) -> Item {
        if !c.is_alphanumeric() {
            return Item { range: at..at + c.len_utf8(), kind: Kind::Symbol(c), certainty: 1.0 };
        }
        if let Some(token) = self.figures(at, c, previous) {
            return token;
        }
        let spelled = if c.is_alphabetic() { self.spelled_number(at) } else { None };
        spelled.unwrap_or_else(|| self.run(at))
    }

    /// A date or month in figures.
    fn figures(&self, at: usize, c: char, previous: Option<&Item>) -> Option<Item> {
        if !(c.is_ascii_digit() || matches!(c, 'O' | 'I' | 'L')) {
            return None;
        }
        self.year_month_day(at, previous)
            .or_else(|| self.day_month_year(at))
            .or_else(|| self.spaced_date(at, previous))
            .or_else(|| self.month_of_year(at))
            .or_else(|| self.day_of_month(at))
    }

    fn day_month_year(&self, at: usize) -> Option<Item> {
        let (range, parts) = self.capture(&DAY_MONTH_YEAR, at)?;
        let [first, separator, second, separator_2, year] = parts;
        let letters =
            [first, second, year].iter().flat_map(|p| p.chars()).filter(char::is_ascii_alphabetic).count();
        if separator != separator_2 || letters > 2 || !self.stands_alone(&range, separator) {
            return None;
        }
        let repaired = if letters > 0 { REPAIRED } else { 1.0 };
        let (first, second) = (figures_of(first)?, figures_of(second)?);
        let short = year.len() == 2;
        let year = figures_of(year)?;
        let (year, century) = if short { self.reading.full_year(year)? } else { (year, 1.0) };
        let (date, order) = self.in_order(first, second, year);
        Some(dated(range, date, order * century * repaired))
    }

    fn spaced_date(&self, at: usize, previous: Option<&Item>) -> Option<Item> {
        let (range, [first, _, second, _, year]) = self.capture(&SPACED, at)?;
        if !self.stands_alone(&range, " ") || self.in_a_row_of_numbers(&range, previous) {
            return None;
        }
        let (date, certainty) = self.in_order(figures_of(first)?, figures_of(second)?, figures_of(year)?);
        // Three numbers in a row need not be a date: only believed when the calendar has it.
        date.map(|date| dated(range, Some(date), certainty * 0.9))
    }

    fn year_month_day(&self, at: usize, previous: Option<&Item>) -> Option<Item> {
        let (range, [year, separator, month, separator_2, day]) = self.capture(&YEAR_MONTH_DAY, at)?;
        let (separator, spaced) = (separator.trim(), separator == " ");
        if separator != separator_2.trim() {
            return None;
        }
        // A time of day may follow: 2026-05-01T12:00.
        let end_is_time = char_at(self.text, range.end) == Some('T')
            && char_at(self.text, range.end + 1).is_some_and(|c| c.is_ascii_digit());
        if !end_is_time && !self.stands_alone(&range, if spaced { " " } else { separator }) {
            return None;
        }
        if spaced && self.in_a_row_of_numbers(&range, previous) {
            return None;
        }
        let date = calendar_date(figures_of(year)?, figures_of(month)?, figures_of(day)?);
        if spaced && date.is_none() {
            return None;
        }
        Some(dated(range, date, if spaced { 0.9 } else { 1.0 }))
    }

    fn month_of_year(&self, at: usize) -> Option<Item> {
        let (range, month, year, separator) =
            if let Some((range, [m, s, y])) = self.capture(&MONTH_SLASH_YEAR, at) {
                (range, m, y, s)
            } else {
                let (range, [y, s, m]) = self.capture(&YEAR_DASH_MONTH, at)?;
                (range, m, y, s)
            };
        if !self.stands_alone(&range, separator) {
            return None;
        }
        let month = Month::new(figures_of(year)?, i8::try_from(figures_of(month)?).ok()?)?;
        let reference = self.follows_number_sign(at);
        let certainty = match separator {
            _ if reference => 0.3,
            "/" => 0.9,
            _ => 0.7,
        };
        Some(Item { range, kind: Kind::MonthYear(month), certainty })
    }

    fn day_of_month(&self, at: usize) -> Option<Item> {
        let (range, [first, separator, second]) = self.capture(&DAY_SLASH_MONTH, at)?;
        if !self.stands_alone(&range, separator) {
            return None;
        }
        let (first, second) = (figures_of(first)?, figures_of(second)?);
        let (day, month) = match self.reading.order {
            DateOrder::DayFirst => (first, second),
            DateOrder::MonthFirst => (second, first),
        };
        // 2024 has every day that any year has.
        calendar_date(2024, month, day)?;
        let kind = Kind::DayMonth { day: i8::try_from(day).ok()?, month: i8::try_from(month).ok()? };
        Some(Item { range, kind, certainty: 0.7 })
    }

    /// The groups of `regex` at `at`, provided nothing that belongs to them stands before.
    fn capture<const N: usize>(&self, regex: &Regex, at: usize) -> Option<(Range<usize>, [&str; N])> {
        if char_before(self.text, at).is_some_and(char::is_alphanumeric) && !self.follows_small_word(at) {
            return None;
        }
        let captures = regex.captures(self.text.get(at..)?)?;
        let range = at..at + captures.get(0)?.end();
        let mut groups = captures.iter().skip(1).map(|group| group.map_or("", |g| g.as_str()));
        Some((range, std::array::from_fn(|_| groups.next().unwrap_or_default())))
    }

    /// `AU31/08/2026`: the space after a small word is often lost.
    fn follows_small_word(&self, at: usize) -> bool {
        self.text.get(..at).is_some_and(|before| {
            let word_start = before.rfind(|c: char| !c.is_alphanumeric()).map_or(0, |i| i + 1);
            matches!(before.get(word_start..), Some("AU" | "DU" | "LE"))
        })
    }

    /// True when neither end goes on as a longer number: a phone number, a version, a reference.
    fn stands_alone(&self, range: &Range<usize>, separator: &str) -> bool {
        let separator = separator.chars().next();
        let before = char_before(self.text, range.start);
        let before_that = before.and_then(|c| char_before(self.text, range.start - c.len_utf8()));
        let goes_back = before.is_some()
            && separator != Some(' ')
            && before == separator
            && before_that.is_some_and(|c| c.is_ascii_digit());
        let after = char_at(self.text, range.end);
        let after_that = after.and_then(|c| char_at(self.text, range.end + c.len_utf8()));
        let goes_on = after.is_some_and(char::is_alphanumeric)
            || (after
                .is_some_and(|c| matches!(c, '/' | '.' | ',' | '-') && Some(c) == separator || c == ',')
                && after_that.is_some_and(|c| c.is_ascii_digit()));
        !goes_back && !goes_on
    }

    /// True when a number stands a space before or after.
    fn in_a_row_of_numbers(&self, range: &Range<usize>, previous: Option<&Item>) -> bool {
        let before = previous.is_some_and(|item| {
            item.range.end + 1 == range.start
                && self
                    .text
                    .get(item.range.clone())
                    .is_some_and(|t| t.ends_with(|c: char| c.is_ascii_digit()))
        });
        let after = self.text.get(range.end..).is_some_and(|rest| {
            rest.strip_prefix(' ').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        });
        before || after
    }

    fn follows_number_sign(&self, at: usize) -> bool {
        self.text.get(..at).is_some_and(|before| is_number_sign(before.trim_end_matches([' ', ':'])))
    }

    fn in_order(&self, first: i16, second: i16, year: i16) -> (Option<Date>, f32) {
        match self.reading.order {
            DateOrder::DayFirst => (calendar_date(year, second, first), 1.0),
            DateOrder::MonthFirst if first > 12 => (calendar_date(year, second, first), 0.8),
            DateOrder::MonthFirst => {
                let ambiguous = second <= 12 && second != first;
                (calendar_date(year, first, second), if ambiguous { 0.5 } else { 1.0 })
            }
        }
    }

    fn spelled_number(&self, at: usize) -> Option<Item> {
        let rest = self.text.get(at..)?;
        let spelled = number_words::leading(rest)?;
        let length = spelled.length;
        // SEPT is both seven and September's abbreviation: it is seven when a month follows.
        if rest.get(..length) == Some("SEPT") {
            let next = rest.get(length..)?.trim_start().split(|c: char| !c.is_alphabetic()).next()?;
            month_names::exact(next)?;
        }
        let number = Number { value: spelled.value, figures: 0, ordinal: spelled.ordinal, glued: false };
        let certainty = if spelled.repaired { 0.8 } else { 1.0 };
        Some(Item { range: at..at + length, kind: Kind::Number(number), certainty })
    }

    /// A run of letters and digits: a number, a month, or any word.
    fn run(&self, at: usize) -> Item {
        let rest = self.text.get(at..).unwrap_or_default();
        let mut length = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        // A bar or an exclamation mark between letters is a misread letter.
        while rest.get(length..).is_some_and(|r| r.starts_with(['|', '!']))
            && char_at(rest, length + 1).is_some_and(char::is_alphabetic)
            && char_before(rest, length).is_some_and(char::is_alphabetic)
        {
            let tail = rest.get(length + 1..).unwrap_or_default();
            length += 1 + tail.find(|c: char| !c.is_alphanumeric()).unwrap_or(tail.len());
        }
        let mut word = rest.get(..length).unwrap_or_default();
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            word = head_of_glued_date(word);
        } else if let Some(head) = word.get(..2).filter(|head| matches!(*head, "AU" | "DU" | "LE")) {
            if char_at(word, 2).is_some_and(|c| c.is_ascii_digit()) {
                word = head;
            }
        } else if let Some(month) = head_of_month_and_year(word) {
            word = month;
        }
        let range = at..at + word.len();
        if let Some(number) = self.number(&range, word) {
            return number;
        }
        match month_names::exact(word) {
            Some(MonthWord { month, certainty, .. }) => {
                Item { range, kind: Kind::MonthName(month), certainty }
            }
            None => Item { range, kind: Kind::Word, certainty: 1.0 },
        }
    }

    fn number(&self, range: &Range<usize>, word: &str) -> Option<Item> {
        let glued = self.is_part_of_a_longer_number(range);
        let figures = if word.len() <= 9 && word.bytes().all(|b| b.is_ascii_digit()) {
            Some((word.parse().ok()?, word.len(), false, 1.0, range.end))
        } else {
            None
        };
        let (value, figures, ordinal, certainty, end) = figures
            .and_then(|plain| self.spaced_ordinal(range).or(Some(plain)))
            .or_else(|| ordinal(word).map(|(value, certainty)| (value, 2, true, certainty, range.end)))?;
        let number = Number { value, figures, ordinal, glued };
        Some(Item { range: range.start..end, kind: Kind::Number(number), certainty })
    }

    /// `1 ER`, `1°`, `2 EME`.
    fn spaced_ordinal(&self, range: &Range<usize>) -> Option<(u32, usize, bool, f32, usize)> {
        let rest = self.text.get(range.end..)?;
        let gap = usize::from(rest.starts_with(' '));
        let suffix = rest.get(gap..)?;
        let suffix = if suffix.starts_with('°') {
            "°"
        } else {
            suffix.get(..suffix.find(|c: char| !c.is_alphanumeric()).unwrap_or(suffix.len()))?
        };
        if !matches!(suffix, "ER" | "ERE" | "EME" | "°") {
            return None;
        }
        let (value, certainty) = ordinal(&format!("{}{suffix}", self.text.get(range.clone())?))?;
        Some((value, 2, true, certainty, range.end + gap + suffix.len()))
    }

    fn is_part_of_a_longer_number(&self, range: &Range<usize>) -> bool {
        let joins = |c: char| matches!(c, '.' | ',' | '/' | '-' | ':');
        let before = char_before(self.text, range.start).filter(|c| joins(*c)).is_some_and(|c| {
            char_before(self.text, range.start - c.len_utf8()).is_some_and(|c| c.is_ascii_digit())
        });
        let after = char_at(self.text, range.end).filter(|c| joins(*c)).is_some_and(|c| {
            char_at(self.text, range.end + c.len_utf8()).is_some_and(|c| c.is_ascii_digit())
        });
        before || after
    }
}

/// `03DEC1985` and `12MARS`: the day, when a month as printed follows; else the whole word.
fn head_of_glued_date(word: &str) -> &str {
    let digits = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let tail = word.get(digits..).unwrap_or_default();
    let month = tail.get(..tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len())).unwrap_or_default();
    if digits <= 2 && month_names::exact(month).is_some() { word.get(..digits).unwrap_or(word) } else { word }
}

/// `DEC1985`: the month, when a year follows.
fn head_of_month_and_year(word: &str) -> Option<&str> {
    let letters = word.find(|c: char| c.is_ascii_digit())?;
    let (month, year) = word.split_at_checked(letters)?;
    let is_year = matches!(year.len(), 2 | 4) && year.bytes().all(|b| b.is_ascii_digit());
    (is_year && month_names::exact(month).is_some()).then_some(month)
}

fn ordinal(word: &str) -> Option<(u32, f32)> {
    let captures = ORDINAL.captures(word)?;
    match captures.get(1) {
        Some(figures) => Some((figures.as_str().parse().ok()?, 1.0)),
        // LER, IER: a misread 1ER.
        None => Some((1, 0.8)),
    }
}

fn figures_of(text: &str) -> Option<i16> {
    text.chars().map(digit_for).collect::<Option<String>>()?.parse().ok()
}

fn calendar_date(year: i16, month: i16, day: i16) -> Option<Date> {
    if !(1800..2200).contains(&year) {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn dated(range: Range<usize>, date: Option<Date>, certainty: f32) -> Item {
    Item { range, kind: date.map_or(Kind::Impossible, Kind::Date), certainty }
}

fn is_number_sign(before: &str) -> bool {
    ["N°", "N*", " NO", "NUMERO", "REF", "REFERENCE", "LOT", "FACTURE", "CHAMBRE", "APPT"]
        .iter()
        .any(|sign| before.ends_with(sign))
}

/// Puts tokens together: a day, a month and a year make a date.
struct Assembler<'a> {
    text: &'a str,
    reading: Reading,
    tokens: &'a [Item],
}

/// A part of a date with the index of the token after it.
struct Part<T> {
    value: T,
    certainty: f32,
    next: usize,
}

impl Assembler<'_> {
    fn items(&self) -> Vec<Item> {
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
        let year = self.year(&month).or_else(|| self.year_before(at, month.next));
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

    fn year(&self, month: &Part<MonthWord>) -> Option<Part<i16>> {
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
        (!number_follows).then_some(Part {
            value: year,
            certainty: century * if joined { 0.8 } else { 0.55 },
            next: at + 1,
        })
    }

    /// `L'AN DEUX MILLE TROIS ET LE QUATRE FEVRIER`: the year stands before the day.
    fn year_before(&self, at: usize, next: usize) -> Option<Part<i16>> {
        let mut before = at.checked_sub(1)?;
        while matches!(self.word(before), Some("," | "ET" | "LE" | "DU")) {
            before = before.checked_sub(1)?;
        }
        let year = self.number(before)?.full_year()?;
        let an = before.checked_sub(1).and_then(|an| self.word(an))?;
        matches!(an, "AN" | "ANNEE").then_some(Part { value: year, certainty: 1.0, next })
    }
}

const DAY_TO_MONTH: &[&str] = &[".", "-", "/", ",", "DE", "DEL", "DO", "OF", "MES"];
const MONTH_TO_YEAR: &[&str] = &[".", "-", "/", ",", "DE", "DEL", "DO", "OF", "ANO", "'"];
