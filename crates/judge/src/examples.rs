//! Runs the examples and counter examples that the document types bring along.

use complet_model::{Document, FieldValue, FileStatus, ScannedFile};
use complet_rules::RuleSet;

use crate::layout::tests::page_of;
use crate::recognise;

/// The day for which the examples are read.
const AS_OF: complet_model::Date = jiff::civil::date(2026, 11, 15);

fn document_of(text: &str, rules: &RuleSet) -> Document {
    let file = ScannedFile {
        path: "example".to_owned(),
        hash: None,
        status: FileStatus::Read,
        reason: None,
        pages: vec![page_of(text.trim())],
    };
    recognise(&[file], rules, AS_OF).remove(0)
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

#[test]
fn doc_type_examples() {
    let rules = RuleSet::load(None).unwrap();
    let mut wrong = Vec::new();
    for doc_type in &rules.doc_types {
        for (number, example) in doc_type.examples.iter().enumerate() {
            let document = document_of(&example.text, &rules);
            let told = &document.classified;
            let name = format!("{} example {}", doc_type.id, number + 1);
            if told.doc_type != doc_type.id {
                wrong.push(format!("{name}: is {} ({:?})", told.doc_type, told.runner_up));
                continue;
            }
            for (field, expected) in &example.fields {
                let found = document.fields.get(field).map(|f| written(&f.value));
                if found.as_deref() != Some(expected) {
                    wrong.push(format!("{name}: {field} is {found:?}, not {expected:?}"));
                }
            }
        }
        for (number, example) in doc_type.counter_examples.iter().enumerate() {
            let told = document_of(&example.text, &rules).classified;
            let fits = match &example.is {
                Some(is) => told.doc_type == *is,
                None => told.doc_type != doc_type.id,
            };
            if !fits {
                let wanted = example.is.as_deref().unwrap_or("anything else");
                wrong.push(format!(
                    "{} counter example {}: is {}, not {wanted}",
                    doc_type.id,
                    number + 1,
                    told.doc_type
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} examples fail:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn embedded_rules_are_sound() {
    let rules = RuleSet::load(None).unwrap();
    let problems: Vec<String> = rules.lint().iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
