//! From text to tokens.

use std::ops::Range;
use std::sync::LazyLock;

use complet_model::{Date, Month};
use regex::Regex;

use super::{DateOrder, Item, Kind, Number, Reading, east_asian};
use crate::values::confusion::digit_for;
use crate::values::month_names::{self, MonthWord};
use crate::values::{char_at, char_before, number_words};

/// Certainty of a date with a letter among its figures.
const REPAIRED: f32 = 0.55;

macro_rules! regex {
    ($pattern:expr) => {
        LazyLock::new(|| Regex::new($pattern).ok())
    };
}

static DAY_MONTH_YEAR: LazyLock<Option<Regex>> =
    regex!(r"^([0-9OIL]{1,2})\s?([/.-])\s?([0-9OIL]{1,2})\s?([/.-])\s?([0-9OIL]{4}|[0-9OIL]{2})");
/// Months in Roman figures, as eastern Europe writes them: 14.IX.1987. Of strokes alone they may be Arabic ones
/// misread.
static ROMAN_MONTH: LazyLock<Option<Regex>> =
    regex!(r"^([0-9]{1,2})\s?[/.-]\s?(I{0,3}V|VI{1,3}|I?X|XI{1,2}|III)\s?[/.-]\s?((?:18|19|20)[0-9]{2})");
static SPACED: LazyLock<Option<Regex>> = regex!(r"^([0-9]{1,2})( )([0-9]{1,2})( )((?:18|19|20)[0-9]{2})");
static YEAR_MONTH_DAY: LazyLock<Option<Regex>> =
    regex!(r"^((?:18|19|20)[0-9]{2})(\s?[/.-]\s?| )([0-9]{1,2})(\s?[/.-]\s?| )([0-9]{1,2})");
static MONTH_SLASH_YEAR: LazyLock<Option<Regex>> =
    regex!(r"^(0?[1-9]|1[0-2])\s?([/.-])\s?((?:19|20)[0-9]{2})");
static YEAR_DASH_MONTH: LazyLock<Option<Regex>> = regex!(r"^((?:19|20)[0-9]{2})(-)(0[1-9]|1[0-2])");
static DAY_SLASH_MONTH: LazyLock<Option<Regex>> = regex!(r"^([0-9]{1,2})(/)([0-9]{1,2})");
static ORDINAL: LazyLock<Option<Regex>> =
    regex!(r"^(?:([0-9]{1,2})\s?(?:ER|ERE|RE|E|EME|ND|ST|RD|TH|O|°)|[LI]ER)$");

/// Cuts a text into tokens: numbers, months, words, signs, and dates written in figures.
pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) reading: Reading,
}

impl Lexer<'_> {
    pub(super) fn tokens(&self) -> Vec<Item> {
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
        if let Some((length, [year, month, day])) = self.text.get(at..).and_then(east_asian::begins) {
            return dated(at..at + length, calendar_date(year, month, day), 1.0);
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
            .or_else(|| self.roman_month(at))
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

    fn roman_month(&self, at: usize) -> Option<Item> {
        const MONTHS: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
        let (range, [day, month, year]) = self.capture(&ROMAN_MONTH, at)?;
        let month = MONTHS.iter().zip(1..).find(|(name, _)| **name == month)?.1;
        Some(dated(range, calendar_date(figures_of(year)?, month, figures_of(day)?), 1.0))
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
            // The end of a date whose day was torn off.
            _ if range.len() < 7 => 0.6,
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
    fn capture<const N: usize>(
        &self,
        regex: &LazyLock<Option<Regex>>,
        at: usize,
    ) -> Option<(Range<usize>, [&str; N])> {
        if char_before(self.text, at).is_some_and(char::is_alphanumeric) && !self.follows_small_word(at) {
            return None;
        }
        let captures = regex.as_ref()?.captures(self.text.get(at..)?)?;
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
    let captures = ORDINAL.as_ref()?.captures(word)?;
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

pub(super) fn is_number_sign(before: &str) -> bool {
    ["N°", "N*", " NO", "NUMERO", "REF", "REFERENCE", "LOT", "FACTURE", "CHAMBRE", "APPT"]
        .iter()
        .any(|sign| before.ends_with(sign))
}
