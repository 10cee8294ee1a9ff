//! Everything that takes in what strangers made, as functions of bytes: the fuzz targets call them, and a
//! test calls them with inputs made from a seed, so that both guard the same.
//!
//! Besides panics they look for results that cannot be: places outside of the text, say.

use std::ops::Range;
use std::sync::LazyLock;

use complet_judge::values::{
    DateOrder, Found, PersonName, compare_addresses, compare_names, find_amounts, find_amounts_loose,
    find_bics, find_dates, find_ibans, find_mrz, find_nirs, find_periods, find_postcodes, find_ribs,
    find_sirets, may_be_misread, nationality_from_words, read_zone,
};
use complet_judge::{Applicant, Case};
use complet_model::{BBox, Date, FileStatus, Lang, Page, ScannedFile, Word, ZoneReading, fold};
use complet_report::html::Pictures;
use complet_report::{Subject, Wording, github, html, human, json, junit, letter, markdown, redact};
use complet_rules::RuleSet;
use complet_scanner::fuzzing as scanner;
#[cfg(unix)]
pub use complet_scanner::fuzzing::worker_answers;
pub use complet_scanner::fuzzing::{cache_entry, kind};

use crate::config;

/// A function of bytes, with its name.
pub type Door = (&'static str, fn(&[u8]));

/// All of them.
#[cfg(unix)]
pub const DOORS: [Door; 17] = [
    ("kind", kind),
    ("pdf_text", pdf_text),
    ("cache_entry", cache_entry),
    ("worker_answers", worker_answers),
    ("mrz", mrz),
    ("dates", dates),
    ("amounts", amounts),
    ("ibans", ibans),
    ("numbers", numbers),
    ("names", names),
    ("addresses", addresses),
    ("dossier_toml", dossier_toml),
    ("doctype_toml", doctype_toml),
    ("requirements_toml", requirements_toml),
    ("messages_toml", messages_toml),
    ("judged_text", judged_text),
    ("judged_page", judged_page),
];

const AS_OF: Date = Date::constant(2026, 11, 15);

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::load(None).unwrap_or_default());

/// The text in both of the forms that readers get.
fn texts(bytes: &[u8]) -> [String; 2] {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let folded = fold(&text);
    [text, folded]
}

/// What was found must stand in the text, and be as sure as can be.
#[track_caller]
fn within<T>(text: &str, found: &[Found<T>]) {
    for Found { range, certainty, .. } in found {
        let Range { start, end } = range.clone();
        assert!(start < end && text.get(start..end).is_some(), "{start}..{end} is no part of the text");
        assert!((0.0..=1.0).contains(certainty), "{certainty} is no certainty");
    }
}

/// The text of PDF files, and documents told by it.
pub fn pdf_text(bytes: &[u8]) {
    for page in scanner::pdf_text(bytes) {
        assert!(page.words.iter().all(|word| !word.text.is_empty()), "a word without letters");
    }
}

/// Machine-readable zones: the lines of one reader, and what several made of them.
pub fn mrz(bytes: &[u8]) {
    for text in texts(bytes) {
        let lines: Vec<&str> = text.lines().collect();
        for zone in find_mrz(&lines, AS_OF) {
            assert!(zone.lines.iter().all(|&line| line < lines.len()), "lines that are not there");
        }
        let readings: Vec<ZoneReading> = lines
            .chunks(2)
            .map(|lines| ZoneReading {
                reader: "fuzzer".to_owned(),
                lines: lines.iter().map(|&line| line.to_owned()).collect(),
                confidence: 0.9,
            })
            .collect();
        let _ = read_zone(&readings, 20.0, AS_OF);
    }
}

/// Dates and periods.
pub fn dates(bytes: &[u8]) {
    for text in texts(bytes) {
        for order in [DateOrder::DayFirst, DateOrder::MonthFirst] {
            within(&text, &find_dates(&text, order, AS_OF));
        }
        for year in [None, Some(2026)] {
            let periods = find_periods(&text, year);
            within(&text, &periods);
            for period in periods {
                let months = period.value.months();
                assert!(months.iter().all(|&m| (0.0..=1.0).contains(&period.value.coverage(m))));
            }
        }
    }
}

/// Amounts of money.
pub fn amounts(bytes: &[u8]) {
    for text in texts(bytes) {
        within(&text, &find_amounts(&text));
        within(&text, &find_amounts_loose(&text));
    }
}

/// Account numbers.
pub fn ibans(bytes: &[u8]) {
    for text in texts(bytes) {
        for born_digital in [true, false] {
            within(&text, &find_ibans(&text, born_digital));
        }
        within(&text, &find_bics(&text));
        let ribs = find_ribs(&text);
        within(&text, &ribs);
        for rib in ribs {
            let _ = rib.value.iban();
        }
    }
}

/// Numbers of people and companies.
pub fn numbers(bytes: &[u8]) {
    for text in texts(bytes) {
        within(&text, &find_nirs(&text));
        within(&text, &find_sirets(&text));
    }
}

/// Names of people, compared line by line.
pub fn names(bytes: &[u8]) {
    for text in texts(bytes) {
        let name = |line: &str| {
            let (given, family) = line.split_once(',').unwrap_or(("", line));
            let some = |part: &str| (!part.is_empty()).then(|| part.to_owned());
            [
                PersonName { family: some(family), given: some(given), full: None },
                PersonName { full: some(line), ..PersonName::default() },
            ]
        };
        let names: Vec<PersonName> = text.lines().take(3).flat_map(name).collect();
        for a in &names {
            for b in &names {
                let _ = may_be_misread(a, b);
                assert_eq!(compare_names(a, b), compare_names(b, a), "{a:?} {b:?}");
            }
        }
        let _ = nationality_from_words(&text);
    }
}

/// Addresses, compared line by line.
pub fn addresses(bytes: &[u8]) {
    for text in texts(bytes) {
        within(&text, &find_postcodes(&text));
        let (a, b) = text.split_once('\n').unwrap_or((&text, ""));
        let _ = compare_addresses(a, b);
    }
}

/// The settings of a dossier, which come from the client.
pub fn dossier_toml(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Some(list) = RULES.lists.first() else { return };
    if let Err(error) = config::parse(text, "dossier.toml", list) {
        assert!(!error.to_string().is_empty(), "an error that says nothing");
    }
}

/// A document type, with its own examples.
pub fn doctype_toml(bytes: &[u8]) {
    if let Some(rules) = rules("doctypes", bytes) {
        let _ = complet_judge::check_examples(&rules);
    }
}

/// A requirement list, and a dossier judged by it.
pub fn requirements_toml(bytes: &[u8]) {
    if let Some(rules) = rules("requirements", bytes)
        && let Some(list) = rules.lists.first()
    {
        let _ = complet_judge::judge(Vec::new(), &RULES, list, &case());
    }
}

/// Texts for people.
pub fn messages_toml(bytes: &[u8]) {
    if let Some(rules) = rules("messages", bytes) {
        for code in rules.catalog.entries.keys() {
            let _ = rules.catalog.message(&complet_model::Message::new(code), Lang::Fr);
        }
    }
}

fn rules(folder: &str, bytes: &[u8]) -> Option<RuleSet> {
    RuleSet::alone(folder, std::str::from_utf8(bytes).ok()?).ok()
}

/// A dossier of one page with these lines, from the judge to every form of report.
pub fn judged_text(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut words = Vec::new();
    for (row, line) in text.lines().take(200).enumerate() {
        let top = row as f32 * 0.005;
        for (column, word) in line.split_whitespace().take(30).enumerate() {
            let left = column as f32 / 30.0;
            let bbox = BBox::new(left, top, left + 0.03, top + 0.004);
            words.push(Word { text: word.to_owned(), bbox, confidence: 0.9, line: row as u32 });
        }
    }
    judged(Page { words, ..Page::empty(1, 595.0, 842.0) });
}

/// The same with a page that a worker which was taken over might send.
pub fn judged_page(bytes: &[u8]) {
    if let Some(page) = scanner::page(bytes) {
        judged(page);
    }
}

fn judged(page: Page) {
    let Some(list) = RULES.lists.first() else { return };
    let file = ScannedFile {
        path: "page.pdf".to_owned(),
        hash: Some("0".repeat(64)),
        status: FileStatus::Read,
        reason: None,
        pages: vec![page],
    };
    let files = vec![file];
    let _ = complet_judge::doubtful_pages(&files, &RULES, list, AS_OF);
    let report = complet_judge::judge(files, &RULES, list, &case());
    let subject = Subject { name: "fuzzed".to_owned(), ..Subject::default() };
    let masked = redact::report(report.clone(), subject.clone(), &RULES.catalog);
    for (report, subject) in [(&report, &subject), (&masked.0, &masked.1)] {
        let wording = Wording { catalog: &RULES.catalog, lang: Lang::Fr };
        let look = human::Look { color: false, width: 80 };
        let _ = (human::report(report, subject, wording, look), json::report(report, subject, wording));
        let _ = (markdown::report(report, subject, wording), junit::report(report, subject, wording));
        let _ = github::report(report, subject, wording);
        let _ = html::report(report, subject, wording, &Pictures::default());
        let _ = letter::Letter::new(report, subject, wording).text();
    }
}

fn case() -> Case {
    Case {
        as_of: AS_OF,
        profile: None,
        children: 0,
        applicant: Applicant::default(),
        options: std::collections::BTreeMap::new(),
    }
}
