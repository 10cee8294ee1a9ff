//! Dates as they are written in China, Japan, Korea and Mongolia: `1991年5月8日`, `一九九一年五月八日`, `平成三年七月二日`,
//! `1993년 04월 21일`, `2004 оны 07 сарын 02`.

use std::sync::LazyLock;

use regex::Regex;

/// A year, a month and a day with their signs behind them, in folded text: Korean syllables in their letters.
static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(明治|大正|昭和|平成|令和)?\ ?([0-9]{1,4}|元|[〇○零一二三四五六七八九十]{1,6})\ ?(?:年|\u{1102}\u{1167}\u{11ab})
        \ ?([0-9]{1,2}|[一二三四五六七八九十]{1,3})\ ?(?:月|\u{110b}\u{116f}\u{11af})
        \ ?([0-9]{1,2}|[一二三四五六七八九十廿]{1,3})\ ?(?:[日号]|\u{110b}\u{1175}\u{11af})",
    )
    .ok()
});

/// The same in Mongolian, where the day needs no word behind it.
static MONGOLIAN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^([0-9]{4}) ?ОНЫ ([0-9]{1,2})(?: ?-Р| ДУГААР)? ?САРЫН ([0-9]{1,2})").ok());

/// The first years of the Japanese eras that people alive were born in (元号法, and the laws before it).
const ERAS: [(&str, i16); 5] =
    [("明治", 1868), ("大正", 1912), ("昭和", 1926), ("平成", 1989), ("令和", 2019)];

/// Characters up to the sign for the year.
const LONGEST_YEAR: usize = 12;

/// The year, month and day that a text begins with, and its length in bytes.
pub(super) fn begins(text: &str) -> Option<(usize, [i16; 3])> {
    if text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().take(LONGEST_YEAR).any(|c| c == 'О') {
        let found = MONGOLIAN.as_ref()?.captures(text)?;
        let part = |index: usize| found.get(index).and_then(|m| m.as_str().parse().ok());
        return Some((found.get(0)?.end(), [part(1)?, part(2)?, part(3)?]));
    }
    // Far cheaper than the expression, and most texts have no such sign.
    if !text.chars().take(LONGEST_YEAR).any(|c| matches!(c, '年' | '\u{1167}')) {
        return None;
    }
    let found = DATE.as_ref()?.captures(text)?;
    let part = |index: usize| found.get(index).map(|m| m.as_str());
    let year = part(2)?;
    let year = match part(1) {
        Some(era) => {
            let (_, first) = ERAS.iter().find(|(name, _)| *name == era)?;
            first + if year == "元" { 0 } else { number(year)? - 1 }
        }
        None => digits(year)?,
    };
    Some((found.get(0)?.end(), [year, number(part(3)?)?, number(part(4)?)?]))
}

fn digit(c: char) -> Option<i16> {
    match c {
        '〇' | '○' | '零' => Some(0),
        '0'..='9' => c.to_digit(10).and_then(|d| i16::try_from(d).ok()),
        _ => "一二三四五六七八九".chars().zip(1..).find(|(sign, _)| *sign == c).map(|(_, value)| value),
    }
}

/// Four figures one after the other: `一九九一`.
fn digits(text: &str) -> Option<i16> {
    if text.chars().count() != 4 {
        return None;
    }
    text.chars().try_fold(0, |sum, c| Some(sum * 10 + digit(c)?))
}

/// A number up to 99: `二十一`, `21`.
fn number(text: &str) -> Option<i16> {
    let text = text.replace('廿', "二十");
    match text.split_once('十') {
        Some((tens, ones)) => {
            let part = |text: &str, none: i16| match text.chars().next() {
                None => Some(none),
                Some(c) if text.chars().count() == 1 => digit(c),
                Some(_) => None,
            };
            Some(part(tens, 1)? * 10 + part(ones, 0)?)
        }
        None if text.chars().count() <= 2 => text.chars().try_fold(0, |sum, c| Some(sum * 10 + digit(c)?)),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use complet_model::fold;

    use super::*;

    #[test]
    fn dates_are_read_in_figures_in_signs_and_by_eras() {
        for (text, date) in [
            ("1991年5月8日出生", [1991, 5, 8]),
            ("2004 оны 07 сарын 02", [2004, 7, 2]),
            ("1998 оны 12 дугаар сарын 5-ны өдөр", [1998, 12, 5]),
            ("一九九一年五月八日", [1991, 5, 8]),
            ("二〇〇六年十二月二十三日", [2006, 12, 23]),
            ("平成三年七月二日", [1991, 7, 2]),
            ("平成9年11月23日", [1997, 11, 23]),
            ("令和元年十月十日", [2019, 10, 10]),
            ("昭和 63 年 1 月 30 日", [1988, 1, 30]),
            ("1993년 04월 21일", [1993, 4, 21]),
        ] {
            assert_eq!(begins(&fold(text)).map(|(_, date)| date), Some(date), "{text}");
        }
        for text in ["91年5月8日", "出生1991年5月8日", "1991 5 8", "三年"] {
            assert_eq!(begins(text), None, "{text}");
        }
    }
}
