use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Month;

/// A language complet speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// French.
    Fr,
    /// English.
    En,
}

impl Lang {
    /// Its code of two letters.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }
}

/// A text in every language complet speaks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localized {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

impl Localized {
    /// The text in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }
}

/// A value put into a message, worded for the reader's language when the message is written out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    /// Text that is the same in every language: a name, a number, a file.
    Text(String),
    /// A day.
    Date(Date),
    /// Months, worded as a list.
    Months(Vec<Month>),
    /// A document type, by its id.
    DocType(String),
    /// A field, by its id.
    Field(String),
    /// A count.
    Count(i64),
}

/// Something to tell people, independent of their language: a code that the [`Catalog`] holds, and
/// what to put into it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Stable code, `rent-gap`.
    pub code: String,
    /// Values for the `{name}` places of the text.
    pub args: BTreeMap<String, Arg>,
}

impl Message {
    /// A message without values.
    pub fn new(code: impl Into<String>) -> Self {
        Self { code: code.into(), args: BTreeMap::new() }
    }

    /// The same with `value` for `{name}`.
    #[must_use]
    pub fn with(mut self, name: &str, value: Arg) -> Self {
        self.args.insert(name.to_owned(), value);
        self
    }

    /// The same with the text `value` for `{name}`.
    #[must_use]
    pub fn text(self, name: &str, value: impl Into<String>) -> Self {
        self.with(name, Arg::Text(value.into()))
    }
}

/// The texts of one code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What is the matter.
    pub message: Localized,
    /// What to ask the client for, or to do; empty when there is nothing to do.
    #[serde(default)]
    pub help: Localized,
    /// What to tell the client of it, in a letter; empty for what concerns only whoever checks the dossier.
    #[serde(default)]
    pub letter: Localized,
}

/// The texts for every code, type and field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    /// Texts by code.
    pub entries: BTreeMap<String, Entry>,
    /// Labels of the document types by id.
    pub doc_types: BTreeMap<String, Localized>,
    /// Labels of the fields by id.
    pub fields: BTreeMap<String, Localized>,
}

impl Catalog {
    /// What `message` says in `lang`. A code that the catalogue lacks is written as it is.
    pub fn message(&self, message: &Message, lang: Lang) -> String {
        match self.entries.get(&message.code) {
            Some(entry) => self.fill(entry.message.get(lang), message, lang),
            None => message.code.clone(),
        }
    }

    /// What to do about `message`, in `lang`; `None` when there is nothing to do.
    pub fn help(&self, message: &Message, lang: Lang) -> Option<String> {
        let text = self.entries.get(&message.code)?.help.get(lang);
        (!text.is_empty()).then(|| self.fill(text, message, lang))
    }

    /// What to tell the client about `message`, in `lang`; `None` for what is no matter of theirs.
    pub fn letter(&self, message: &Message, lang: Lang) -> Option<String> {
        let text = self.entries.get(&message.code)?.letter.get(lang);
        (!text.is_empty()).then(|| self.fill(text, message, lang))
    }

    /// The label of a document type, or its id when the catalogue lacks it.
    pub fn doc_type<'a>(&'a self, id: &'a str, lang: Lang) -> &'a str {
        self.doc_types.get(id).map_or(id, |label| label.get(lang))
    }

    /// The label of a field, or its id when the catalogue lacks it.
    pub fn field<'a>(&'a self, id: &'a str, lang: Lang) -> &'a str {
        self.fields.get(id).map_or(id, |label| label.get(lang))
    }

    fn fill(&self, template: &str, message: &Message, lang: Lang) -> String {
        let mut out = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            let (before, after) = rest.split_at(open);
            out.push_str(before);
            let Some(close) = after.find('}') else {
                rest = after;
                break;
            };
            let name = after.get(1..close).unwrap_or_default();
            match message.args.get(name) {
                Some(arg) => self.write(arg, lang, &mut out),
                None => out.push('…'),
            }
            rest = after.get(close + 1..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }

    fn write(&self, arg: &Arg, lang: Lang, out: &mut String) {
        // Writing to a String cannot fail.
        let _ = match arg {
            Arg::Text(text) => out.write_str(text),
            Arg::Date(date) => out.write_str(&date_words(*date, lang)),
            Arg::Months(months) => out.write_str(&month_list(months, lang)),
            Arg::DocType(id) => out.write_str(self.doc_type(id, lang)),
            Arg::Field(id) => out.write_str(self.field(id, lang)),
            Arg::Count(n) => write!(out, "{n}"),
        };
    }
}

const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The name of a month of the year, 1 to 12, as it stands in running text.
pub fn month_name(month: i8, lang: Lang) -> &'static str {
    let names = match lang {
        Lang::Fr => &MONTHS_FR,
        Lang::En => &MONTHS_EN,
    };
    usize::try_from(month - 1).ok().and_then(|i| names.get(i)).copied().unwrap_or("?")
}

/// A day in words: `1er août 2026`, `1 August 2026`.
pub fn date_words(date: Date, lang: Lang) -> String {
    let first = if lang == Lang::Fr && date.day() == 1 { "er" } else { "" };
    format!("{}{first} {} {}", date.day(), month_name(date.month(), lang), date.year())
}

fn month_list(months: &[Month], lang: Lang) -> String {
    let and = match lang {
        Lang::Fr => " et ",
        Lang::En => " and ",
    };
    let mut out = String::new();
    for (i, month) in months.iter().enumerate() {
        if i > 0 {
            out.push_str(if i + 1 == months.len() { and } else { ", " });
        }
        out.push_str(month_name(month.month(), lang));
        out.push(' ');
        out.push_str(&month.year().to_string());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(fr: &str, en: &str) -> Localized {
        Localized { fr: fr.to_owned(), en: en.to_owned() }
    }

    #[test]
    fn values_are_worded_in_the_readers_language() {
        let mut catalog = Catalog::default();
        catalog.entries.insert(
            "rent-gap".to_owned(),
            Entry {
                message: both("il manque {months} ({kind})", "{months} missing ({kind})"),
                help: Localized::default(),
                letter: Localized::default(),
            },
        );
        catalog.doc_types.insert("rent_receipt".to_owned(), both("quittance de loyer", "rent receipt"));
        let months = ["2025-12", "2026-01", "2026-02"].map(|m| m.parse().unwrap()).to_vec();
        let message = Message::new("rent-gap")
            .with("months", Arg::Months(months))
            .with("kind", Arg::DocType("rent_receipt".to_owned()));
        assert_eq!(
            catalog.message(&message, Lang::Fr),
            "il manque décembre 2025, janvier 2026 et février 2026 (quittance de loyer)"
        );
        assert_eq!(
            catalog.message(&message, Lang::En),
            "December 2025, January 2026 and February 2026 missing (rent receipt)"
        );
        assert_eq!(catalog.help(&message, Lang::Fr), None);
    }

    #[test]
    fn a_missing_value_and_a_stray_brace_do_no_harm() {
        let mut catalog = Catalog::default();
        catalog.entries.insert("x".to_owned(), Entry { message: both("a {b} {c", "a"), ..Entry::default() });
        assert_eq!(catalog.message(&Message::new("x"), Lang::Fr), "a … {c");
    }
}
