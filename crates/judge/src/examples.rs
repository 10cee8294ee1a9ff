//! Runs the examples and counter examples that the document types bring along.

use complet_model::{BBox, Document, FieldValue, FileStatus, Page, ScannedFile, Word};
use complet_rules::{Problem, ProblemLevel, RuleSet};

use crate::recognise;

/// The day for which the examples are read.
const AS_OF: complet_model::Date = jiff::civil::date(2026, 11, 15);

/// What is wrong with the examples of the document types: each must be of its type and show its fields, each
/// counter example must not.
pub fn check_examples(rules: &RuleSet) -> Vec<Problem> {
    let mut wrong = Vec::new();
    for doc_type in &rules.doc_types {
        let mut say = |text: &str, what: String| {
            let first = text.trim().lines().next().unwrap_or_default();
            wrong.push(rules.problem(ProblemLevel::Error, &doc_type.id, first, what));
        };
        for example in &doc_type.examples {
            // A page that was read is always some document, if only `other`.
            let Some(document) = document_of(&example.text, rules) else { continue };
            let told = &document.classified;
            if told.doc_type != doc_type.id {
                say(&example.text, format!("the example is taken for `{}`", told.doc_type));
                continue;
            }
            for (field, expected) in &example.fields {
                let found = document.fields.get(field).map(|f| written(&f.value));
                if found.as_deref() != Some(expected) {
                    let found = found.map_or("nothing".to_owned(), |f| format!("`{f}`"));
                    say(&example.text, format!("the example's `{field}` reads {found}, not `{expected}`"));
                }
            }
        }
        for example in &doc_type.counter_examples {
            let Some(document) = document_of(&example.text, rules) else { continue };
            let told = document.classified;
            let fits = match &example.is {
                Some(is) => told.doc_type == *is,
                None => told.doc_type != doc_type.id,
            };
            if !fits {
                let wanted = example.is.as_deref().map_or("anything else".to_owned(), |is| format!("`{is}`"));
                say(
                    &example.text,
                    format!("the counter example is taken for `{}`, not {wanted}", told.doc_type),
                );
            }
        }
    }
    wrong
}

/// A page made of lines of text; two spaces or more part the cells of a line.
pub(crate) fn page_of(text: &str) -> Page {
    let mut words = Vec::new();
    for (row, line) in text.lines().enumerate() {
        let top = 0.05 + row as f32 * 0.02;
        let mut column = 0;
        for piece in line.split(' ') {
            let len = piece.chars().count();
            if len > 0 {
                let left = 0.05 + column as f32 * 0.008;
                let bbox = BBox::new(left, top, left + len as f32 * 0.008, top + 0.012);
                words.push(Word { text: piece.to_owned(), bbox, confidence: 1.0, line: row as u32 });
            }
            column += len + 1;
        }
    }
    Page { words, ..Page::empty(1, 595.0, 842.0) }
}

fn document_of(text: &str, rules: &RuleSet) -> Option<Document> {
    let file = ScannedFile {
        path: "example".to_owned(),
        hash: None,
        status: FileStatus::Read,
        reason: None,
        pages: vec![page_of(text.trim())],
    };
    recognise(&[file], rules, AS_OF).into_iter().next()
}

fn written(value: &FieldValue) -> String {
    match value {
        FieldValue::Months(months) => months.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        FieldValue::List(list) => list.join("; "),
        FieldValue::Text(text) => text.clone(),
        FieldValue::Date(date) => date.to_string(),
        FieldValue::Amount(amount) => amount.to_string(),
        FieldValue::Bool(value) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn doc_type_examples() {
        let rules = RuleSet::load(None).unwrap();
        let wrong: Vec<String> = check_examples(&rules).iter().map(ToString::to_string).collect();
        assert!(wrong.is_empty(), "{} examples fail:\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn an_example_of_another_type_is_told_with_its_line() {
        let mut rules = RuleSet::load(None).unwrap();
        for doc_type in &mut rules.doc_types {
            if doc_type.id == "rent_notice" {
                doc_type.anchors.title.clear();
                doc_type.anchors.strong.clear();
            }
        }
        let wrong = check_examples(&rules);
        assert!(
            wrong.iter().any(|p| p.path.ends_with("rent_notice.toml") && p.line > 1),
            "{:?}",
            wrong.iter().map(ToString::to_string).collect::<Vec<_>>()
        );
    }

    #[test]
    fn embedded_rules_are_sound() {
        let rules = RuleSet::load(None).unwrap();
        let problems: Vec<String> = rules.lint().iter().map(ToString::to_string).collect();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}
