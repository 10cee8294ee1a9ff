//! Amounts of money.

use std::ops::Range;
use std::str::FromStr as _;
use std::sync::LazyLock;

use complet_model::Decimal;
use regex::Regex;

use super::calendar::{DateOrder, Kind, Reading, items};
use super::{Found, char_at, char_before, overlap};

/// An amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// How much, in units of the currency.
    pub value: Decimal,
    /// ISO 4217 code of the currency printed beside it, or `CFA` for a franc that may be either of the two.
    pub currency: Option<&'static str>,
}

/// The amounts in a folded text: `1 095,00 €`, `1.095,00`, `9,031.20 MAD`, `520 EUROS`, `€ 12`, `730.0`.
///
/// A whole number counts only beside a currency. Percentages, quantities with a unit, and the figures of
/// dates, telephone and account numbers are no amounts.
pub fn find_amounts(text: &str) -> Vec<Found<Amount>> {
    read(text, false)
}

/// As [`find_amounts`], with the whole numbers that no currency stands beside; for places where nothing but
/// an amount can stand.
pub fn find_amounts_loose(text: &str) -> Vec<Found<Amount>> {
    read(text, true)
}

/// Longer words come before their beginnings.
const CURRENCIES: &[(&str, &str)] = &[
    ("EUROS", "EUR"),
    ("EURO", "EUR"),
    ("EUR", "EUR"),
    ("€", "EUR"),
    ("US$", "USD"),
    ("USD", "USD"),
    ("CAD", "CAD"),
    ("$", "USD"),
    ("GBP", "GBP"),
    ("£", "GBP"),
    ("CHF", "CHF"),
    ("DIRHAMS", "MAD"),
    ("DIRHAM", "MAD"),
    ("MAD", "MAD"),
    ("DHS", "MAD"),
    ("DH", "MAD"),
    ("DINARS ALGERIENS", "DZD"),
    ("DZD", "DZD"),
    ("DA", "DZD"),
    ("TND", "TND"),
    ("DT", "TND"),
    ("FRANCS CFA", "CFA"),
    ("F CFA", "CFA"),
    ("FCFA", "CFA"),
    ("CFA", "CFA"),
    ("XOF", "XOF"),
    ("XAF", "XAF"),
    ("XPF", "XPF"),
    ("GNF", "GNF"),
    ("CDF", "CDF"),
    ("HTG", "HTG"),
    ("NGN", "NGN"),
    ("EGP", "EGP"),
    ("TRY", "TRY"),
    ("PLN", "PLN"),
    ("RON", "RON"),
    ("BRL", "BRL"),
    ("INR", "INR"),
    ("CNY", "CNY"),
    ("JPY", "JPY"),
    ("VND", "VND"),
    ("RUB", "RUB"),
    ("UAH", "UAH"),
];

/// What a number counts when it is no money.
const UNITS: &[&str] = &[
    "%", "°", "M2", "M3", "KWH", "KW", "KVA", "KM", "CM", "MM", "KG", "GO", "MO", "MIN", "H", "HEURES",
    "HEURE", "JOURS", "JOUR", "J", "MOIS", "ANS", "AN", "PIECES", "PARTS", "ETAGE", "X",
];

/// Hundreds in groups of three, or not at all; decimals after a comma or a point.
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[1-9][0-9]{0,2}(?:[ .,'/][0-9]{3}\b)+(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)?").ok()
});
static NOT_MONEY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"\b0[1-9](?:[ .-]?[0-9]{2}){4}\b",                    // telephone
        r"|\+ ?[0-9]{2,3} ?[0-9](?:[ .-]?[0-9]{2}){4}\b",      // telephone abroad
        r"|\b[A-Z]{2}[0-9]{2}(?:[ |.]{0,3}[0-9A-Z]{2,5}){3,}", // IBAN
        r"|\b[0-9]{5}[ |]{1,3}[0-9]{5}[ |]{1,3}[0-9A-Z]{11}[ |]{1,3}[0-9]{2}\b", // RIB
        r"|\b[1-478] ?[0-9]{2} ?[0-9]{2} ?[0-9][0-9AB] ?[0-9]{3} ?[0-9]{3}(?: ?[0-9]{2})?\b", // NIR
        r"|\b[0-9]{3} ?[0-9]{3} ?[0-9]{3} ?[0-9]{5}\b",        // SIRET
    ))
    .ok()
});

fn read(text: &str, loose: bool) -> Vec<Found<Amount>> {
    let masked = masked(text);
    let Some(number) = NUMBER.as_ref() else { return Vec::new() };
    let mut found: Vec<Found<Amount>> = Vec::new();
    for matched in number.find_iter(text) {
        let range = matched.range();
        let taken = found.last().is_some_and(|f| overlap(&f.range, &range));
        // The first mask that does not end before: masks are in order.
        let mask = masked.get(masked.partition_point(|mask| mask.end <= range.start));
        if !taken && !mask.is_some_and(|mask| overlap(mask, &range)) {
            found.extend(amount(text, &range, loose));
        }
    }
    found
}

/// The places of dates and of numbers that are no money, in order and apart.
fn masked(text: &str) -> Vec<Range<usize>> {
    let reading = Reading { order: DateOrder::DayFirst, latest_year: 2079, this_year: 2079 };
    let dates = items(text, reading).into_iter().filter(|item| {
        matches!(item.kind, Kind::Date(_) | Kind::MonthYear(_) | Kind::DayMonth { .. } | Kind::Impossible)
    });
    let numbers = NOT_MONEY.iter().flat_map(|regex| regex.find_iter(text)).map(|m| m.range());
    let mut places: Vec<Range<usize>> = dates.map(|item| item.range).chain(numbers).collect();
    places.sort_by_key(|place| place.start);
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(places.len());
    for place in places {
        match apart.last_mut().filter(|last| place.start < last.end) {
            Some(last) => last.end = last.end.max(place.end),
            None => apart.push(place),
        }
    }
    apart
}

fn amount(text: &str, range: &Range<usize>, loose: bool) -> Option<Found<Amount>> {
    if is_part_of_something_else(text, range) {
        return None;
    }
    let printed = text.get(range.clone())?;
    let figures = Figures::read(printed)?;
    let before = currency_before(text, range.start);
    let after = currency_after(text, range.end);
    let glued_cents = after.and_then(|(_, end)| cents(text, end, figures.decimals));
    let (currency, mut end, mut certainty): (_, _, f32) = match (before, after) {
        (_, Some((currency, end))) => (Some(currency), end, 1.0),
        (Some((currency, _)), None) => (Some(currency), range.end, 1.0),
        (None, None) if misread_euro(text, range.end, figures.decimals) => (Some("EUR"), range.end, 0.7),
        (None, None) => (None, range.end, 0.9),
    };
    let start = before.filter(|_| after.is_none()).map_or(range.start, |(_, start)| start);
    if currency.is_none() {
        certainty = certainty.min(match figures.decimals {
            2 => 0.9,
            1 if figures.whole >= 3 => 0.7,
            1 => 0.5,
            0 if loose && !figures.doubtful => 0.6,
            _ => return None,
        });
    }
    if figures.doubtful {
        certainty = certainty.min(0.55);
    }
    let mut value = figures.value;
    if let Some((cents, cents_end)) = glued_cents {
        value += Decimal::new(cents, 2);
        end = cents_end;
    }
    if is_negative(text, start) {
        value = -value;
    }
    Some(Found::new(start..end, Amount { value, currency }, certainty))
}

/// True when the number goes on in letters or figures, or counts something other than money.
fn is_part_of_something_else(text: &str, range: &Range<usize>) -> bool {
    let before = char_before(text, range.start);
    if let Some(c) = before {
        let currency = currency_before(text, range.start).is_some();
        let inner = char_before(text, range.start - c.len_utf8()).is_some_and(char::is_alphanumeric);
        if (c.is_alphanumeric() && !currency)
            || (matches!(c, '.' | ',' | '/' | '-' | '\'' | ':' | '*') && inner)
        {
            return true;
        }
    }
    let rest = text.get(range.end..).unwrap_or_default();
    let next = rest.chars().next();
    let goes_on = next.is_some_and(|c| matches!(c, '.' | ',' | '/' | '-' | ':' | '\''))
        && char_at(rest, 1).is_some_and(|c| c.is_ascii_digit());
    goes_on || glued_to_a_word(rest) || counts_units(rest)
}

fn glued_to_a_word(rest: &str) -> bool {
    rest.starts_with(char::is_alphanumeric)
        && leading_currency(rest).is_none()
        && !rest.starts_with("E ")
        && rest != "E"
}

fn counts_units(rest: &str) -> bool {
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    UNITS.iter().any(|unit| {
        rest.strip_prefix(unit).is_some_and(|after| {
            !unit.ends_with(char::is_alphanumeric) || !after.starts_with(char::is_alphanumeric)
        })
    })
}

/// A number taken apart.
struct Figures {
    value: Decimal,
    /// How many figures before the decimal separator.
    whole: usize,
    decimals: usize,
    /// A separator could be read two ways.
    doubtful: bool,
}

impl Figures {
    fn read(printed: &str) -> Option<Self> {
        let is_separator = |c: char| matches!(c, ' ' | '.' | ',' | '\'' | '/');
        let groups: Vec<&str> = printed.split(is_separator).collect();
        let separators: Vec<char> = printed.chars().filter(|c| is_separator(*c)).collect();
        let tail = groups.last().map_or(0, |g| g.len());
        let thousands =
            |separators: &[char]| separators.windows(2).all(|pair| matches!(pair, [a, b] if a == b));
        let last = separators.last().copied();
        // The last separator begins decimals unless three figures follow it.
        let decimal = matches!(last, Some('.' | ',')) && tail != 3;
        let (grouping, decimals) = if decimal {
            (separators.get(..separators.len() - 1)?, tail)
        } else {
            (separators.as_slice(), 0)
        };
        let same_as_decimal = decimal && grouping.first().is_some_and(|g| Some(*g) == last);
        if decimals > 2 || same_as_decimal || !thousands(grouping) {
            return None;
        }
        // A slash for a space is a slip that only a decimal comma gives away.
        let slash = grouping.contains(&'/');
        if slash && decimals != 2 {
            return None;
        }
        let whole: String = groups.get(..groups.len() - usize::from(decimal))?.concat();
        if whole.len() > 1 && whole.starts_with('0') || whole.len() > 12 {
            return None;
        }
        let digits = if decimal { format!("{whole}.{}", groups.last()?) } else { whole.clone() };
        let value = Decimal::from_str(&digits).ok()?;
        // `1.095` and `1,095` may have three decimals.
        let three = decimals == 0 && matches!(grouping, ['.' | ',']);
        Some(Self { value, whole: whole.len(), decimals, doubtful: slash || three })
    }
}

fn leading_currency(text: &str) -> Option<(&'static str, usize)> {
    CURRENCIES.iter().find_map(|(word, code)| {
        let after = text.strip_prefix(word)?;
        let ends = !word.ends_with(char::is_alphabetic) || !after.starts_with(char::is_alphabetic);
        ends.then_some((*code, word.len()))
    })
}

/// The currency right after byte `at`, and where it ends.
fn currency_after(text: &str, at: usize) -> Option<(&'static str, usize)> {
    let rest = text.get(at..)?;
    let gap = rest.len() - rest.trim_start_matches([' ', '\n']).len();
    let (code, length) = leading_currency(rest.get(gap.min(1)..)?)?;
    Some((code, at + gap.min(1) + length))
}

/// The currency right before byte `at`, and where it starts.
fn currency_before(text: &str, at: usize) -> Option<(&'static str, usize)> {
    let before = text.get(..at)?;
    let before = before.strip_suffix(' ').unwrap_or(before);
    CURRENCIES.iter().find_map(|(word, code)| {
        let head = before.strip_suffix(word)?;
        // `1 200 € 300`: the sign belongs to the number before.
        let belongs_before = head.trim_end().ends_with(|c: char| c.is_ascii_digit());
        let begins = !word.starts_with(char::is_alphabetic) || !head.ends_with(char::is_alphanumeric);
        (begins && !belongs_before).then_some((*code, head.len()))
    })
}

/// `12€50`, `520 EUROS ET 30 CENTIMES`: the cents after byte `at`, and where they end.
fn cents(text: &str, at: usize, decimals: usize) -> Option<(i64, usize)> {
    static GLUED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^([0-9]{2})\b").ok());
    static WORDED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^ (?:ET )?([0-9]{1,2}) ?(?:CENTIMES?|CTS?)\b").ok());
    if decimals > 0 {
        return None;
    }
    let rest = text.get(at..)?;
    let glued = GLUED.as_ref().filter(|_| text.get(..at).is_some_and(|t| t.ends_with('€')));
    let captures = glued.and_then(|r| r.captures(rest)).or_else(|| WORDED.as_ref()?.captures(rest))?;
    Some((captures.get(1)?.as_str().parse().ok()?, at + captures.get(0)?.end()))
}

/// `1 095,00 E`: a euro sign that was read as a letter.
fn misread_euro(text: &str, at: usize, decimals: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    decimals == 2 && rest.strip_prefix('E').is_some_and(|after| !after.starts_with(char::is_alphanumeric))
}

fn is_negative(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let before = before.strip_suffix(' ').unwrap_or(before);
    // Between two columns a dash stands for an empty one.
    before.strip_suffix('-').is_some_and(|head| head.is_empty() || head.ends_with(char::is_whitespace))
        && text.get(..start).is_some_and(|t| t.ends_with('-'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<String> {
        let show =
            |a: Amount| format!("{}{}", a.value, a.currency.map(|c| format!(" {c}")).unwrap_or_default());
        find_amounts(text).into_iter().map(|found| show(found.value)).collect()
    }

    #[test]
    fn every_form() {
        for (text, expected) in [
            ("TOTAL 1 095,00 €", "1095.00 EUR"),
            ("1.095,00", "1095.00"),
            ("1 095,00€", "1095.00 EUR"),
            ("972,30 EUROS", "972.30 EUR"),
            ("LA SOMME DE 520 EUROS (CINQ CENT VINGT EUROS)", "520 EUR"),
            ("730.0", "730.0"),
            ("2 100.38", "2100.38"),
            ("9,031.20 MAD", "9031.20 MAD"),
            ("€ 1,250.00", "1250.00 EUR"),
            ("EUR 12", "12 EUR"),
            ("$1,234,567.89", "1234567.89 USD"),
            ("1'234.50 CHF", "1234.50 CHF"),
            ("250 000 F CFA", "250000 CFA"),
            ("1 095,00 E", "1095.00 EUR"),
            ("+ 2 450,00 €", "2450.00 EUR"),
            ("-12,50 €", "-12.50 EUR"),
            ("12€50", "12.50 EUR"),
            ("520 EUROS ET 30 CENTIMES", "520.30 EUR"),
            ("TOTAL : 1/042,30 EUROS", "1042.30 EUR"),
            ("0,85 €", "0.85 EUR"),
            ("30,41 € TTC", "30.41 EUR"),
            ("1042,30EUROS", "1042.30 EUR"),
        ] {
            assert_eq!(read(text), [expected], "{text}");
        }
    }

    #[test]
    fn rows_of_amounts() {
        assert_eq!(read("2 450,00 € 1 935,26 € 1 894,62 €"), ["2450.00 EUR", "1935.26 EUR", "1894.62 EUR"]);
        assert_eq!(read("2 165.85 15.0000 324.88"), ["2165.85", "324.88"]);
        assert_eq!(read("LOYER 480 EUROS CHARGES 40 EUROS"), ["480 EUR", "40 EUR"]);
        assert_eq!(read("9,80 € 1.90% 46,55 €"), ["9.80 EUR", "46.55 EUR"]);
    }

    #[test]
    fn not_amounts() {
        for text in [
            "LE 01.08.2026",
            "05/09/2026",
            "09/2026",
            "06.12.19.85.21",
            "01 43 12 50 00",
            "FR76 3000 1000 6449 1900 9562 088",
            "30001 00064 49190095620 88",
            "1 94 11 99 351 207 63",
            "793 456 781 00015",
            "16,15 %",
            "7.00%",
            "64,50 M2",
            "151,67 H",
            "1 520",
            "75001 PARIS",
            "N° 12",
            "1.4.2",
            "0,0750",
            "A12,50",
            "",
        ] {
            assert_eq!(read(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn whole_numbers_are_amounts_only_where_asked() {
        let loose = find_amounts_loose("1 520");
        assert_eq!(loose.len(), 1);
        assert_eq!(loose[0].value.value.to_string(), "1520");
        assert!(loose[0].certainty <= 0.6);
    }

    #[test]
    fn a_doubtful_separator_is_told() {
        assert!(find_amounts("1.095 €")[0].certainty < 0.6);
        assert!(find_amounts("1 095 €")[0].certainty > 0.9);
        assert!(find_amounts("1/042,30 €")[0].certainty < 0.6);
    }

    /// Thousands in groups of three.
    fn grouped(whole: i64, separator: char) -> String {
        let digits = whole.to_string();
        let mut out = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(separator);
            }
            out.push(digit);
        }
        out
    }

    proptest! {
        #[test]
        fn a_printed_amount_is_read_back(cents in 0i64..1_000_000_000, form in 0usize..5) {
            let (whole, rest) = (cents / 100, cents % 100);
            let printed = [
                format!("{},{rest:02} €", grouped(whole, ' ')),
                format!("{},{rest:02}€", grouped(whole, '.')),
                format!("{}.{rest:02} EUROS", grouped(whole, ',')),
                format!("EUR {whole}.{rest:02}"),
                format!("{whole},{rest:02}"),
            ];
            let found = find_amounts(&format!("TOTAL : {} TTC", printed[form]));
            prop_assert_eq!(found.len(), 1, "{}", printed[form]);
            prop_assert_eq!(found[0].value.value, Decimal::new(cents, 2));
            prop_assert!(found[0].certainty >= 0.9);
        }

        #[test]
        fn any_text_is_survived(text in "[0-9 .,€/E-]{0,40}|\\PC{0,40}") {
            for found in find_amounts_loose(&text) {
                prop_assert!(text.get(found.range).is_some());
            }
        }
    }
}
