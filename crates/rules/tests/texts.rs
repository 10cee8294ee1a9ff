//! Every text is there in both languages and fills the same places, and no gap is left without words for the
//! client.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use complet_model::{Lang, Localized};
use complet_rules::{Check, RuleSet};

/// The `{name}` places of a text.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

fn check(what: &str, text: &Localized, wrong: &mut Vec<String>) {
    let [fr, en] = [Lang::Fr, Lang::En].map(|lang| text.get(lang));
    if fr.trim().is_empty() != en.trim().is_empty() {
        wrong.push(format!("{what}: one language only"));
    }
    if places(fr) != places(en) {
        wrong.push(format!("{what}: {:?} in French, {:?} in English", places(fr), places(en)));
    }
}

#[test]
fn both_languages_say_it_with_the_same_places() {
    let rules = RuleSet::load(None).unwrap();
    let mut wrong = Vec::new();
    for (code, entry) in &rules.catalog.entries {
        check(&format!("{code}: message"), &entry.message, &mut wrong);
        check(&format!("{code}: help"), &entry.help, &mut wrong);
        check(&format!("{code}: letter"), &entry.letter, &mut wrong);
        if entry.message.fr.is_empty() {
            wrong.push(format!("{code}: no message"));
        }
        let known: BTreeSet<&str> =
            places(&entry.message.fr).union(&places(&entry.help.fr)).copied().collect();
        for place in places(&entry.letter.fr).difference(&known) {
            wrong.push(format!("{code}: the letter has {{{place}}}, which the message and the help lack"));
        }
    }
    let labels = rules.catalog.doc_types.iter().chain(&rules.catalog.fields);
    let labels = labels.map(|(id, label)| (id.clone(), label));
    let lists = rules.lists.iter().flat_map(|list| {
        let own = [(list.id.clone(), &list.label)].into_iter();
        let profiles = list.profiles.iter().map(|p| (p.id.clone(), &p.label));
        let requirements = list.requirements.iter().map(|r| (r.id.clone(), &r.label));
        let steps =
            list.next_steps.iter().enumerate().map(|(i, step)| (format!("{} step {i}", list.id), step));
        own.chain(profiles).chain(requirements).chain(steps)
    });
    for (id, text) in labels.chain(lists) {
        check(&id, text, &mut wrong);
        if text.fr.is_empty() {
            wrong.push(format!("{id}: no text"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_gap_has_words_for_the_client() {
    let rules = RuleSet::load(None).unwrap();
    let mut silent = BTreeSet::new();
    let mut need = |code: &str| {
        let entry = rules.catalog.entries.get(code);
        if entry.is_none_or(|e| e.letter.fr.is_empty()) {
            silent.insert(code.to_owned());
        }
    };
    for requirement in rules.lists.iter().flat_map(|l| &l.requirements) {
        if !requirement.accept.is_empty() {
            need(&requirement.missing_code());
        }
        requirement.reject.iter().for_each(|reject| need(&reject.code));
        requirement.accept.iter().flat_map(|a| &a.checks).map(Check::code).for_each(&mut need);
    }
    assert!(silent.is_empty(), "nothing to tell the client: {silent:?}");
}

/// The Rust files under a folder.
fn sources(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in folder.read_dir().unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|e| e == "rs") {
            found.push(entry);
        }
    }
}

#[test]
fn every_code_that_the_program_says_has_a_text() {
    let rules = RuleSet::load(None).unwrap();
    let mut files = Vec::new();
    for part in ["complet", "judge", "report", "scanner"] {
        sources(
            &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(part).join("src"),
            &mut files,
        );
    }
    let (mut count, mut wordless) = (0, Vec::new());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        // Tests make codes up, and stand last in their file.
        let text = text.split("#[cfg(test)]").next().unwrap();
        if file.ends_with("tests.rs") {
            continue;
        }
        for code in text.split("Message::new(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            count += 1;
            if !rules.catalog.entries.contains_key(code) {
                wordless.push(format!("{}: {code}", file.display()));
            }
        }
    }
    assert!(count > 60, "only {count} codes were found");
    assert!(wordless.is_empty(), "no text in crates/rules/data/messages: {wordless:#?}");
}
