use std::collections::BTreeMap;
use std::fmt::Write as _;

use camino::Utf8Path;
use complet_model::{Entry, Localized};
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::known::did_you_mean_in;
use crate::languages::Languages;
use crate::{DocType, Problem, ProblemLevel, RequirementList, RuleSet};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data");

/// A rules file as it was read.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its path; relative to the embedded rules when it is one of them.
    pub path: String,
    /// Its text.
    pub text: String,
    /// True when it belongs to complet itself.
    pub embedded: bool,
}

/// What is wrong with rules files: displays every error with its file, line and field.
#[derive(Debug, thiserror::Error)]
pub struct RuleErrors(pub Vec<String>);

impl std::fmt::Display for RuleErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldLabels {
    fields: BTreeMap<String, Localized>,
}

struct Loader {
    rules: RuleSet,
    errors: Vec<String>,
}

pub(crate) fn load(user: Option<&Utf8Path>) -> Result<RuleSet, RuleErrors> {
    let mut loader = Loader { rules: RuleSet::default(), errors: Vec::new() };
    for (folder, add) in FOLDERS {
        for file in EMBEDDED.get_dir(folder).into_iter().flat_map(Dir::files) {
            let path = file.path().to_string_lossy().into_owned();
            let Some(text) = file.contents_utf8() else { continue };
            add(&mut loader, &Source { path, text: text.to_owned(), embedded: true });
        }
    }
    for (name, add) in EMBEDDED_FILES {
        if let Some(text) = EMBEDDED.get_file(name).and_then(|f| f.contents_utf8()) {
            add(&mut loader, &Source { path: name.to_owned(), text: text.to_owned(), embedded: true });
        }
    }
    if let Some(folder) = user {
        loader.add_user(folder);
    }
    loader.finish(user.is_some())
}

/// Reads one file as if it lay in this folder of a rules directory, and nothing else.
pub(crate) fn alone(folder: &str, text: &str) -> Result<RuleSet, RuleErrors> {
    let mut loader = Loader { rules: RuleSet::default(), errors: Vec::new() };
    let path = format!("{folder}/alone.toml");
    for (_, add) in FOLDERS.into_iter().filter(|(name, _)| *name == folder) {
        add(&mut loader, &Source { path: path.clone(), text: text.to_owned(), embedded: false });
    }
    loader.finish(true)
}

type Add = fn(&mut Loader, &Source);

/// What each folder of a rules directory holds.
const FOLDERS: [(&str, Add); 3] = [
    ("doctypes", Loader::add_doc_type),
    ("requirements", Loader::add_list),
    ("messages", Loader::add_messages),
];

const EMBEDDED_FILES: [(&str, Add); 2] =
    [("languages.toml", Loader::add_languages), ("fields.toml", Loader::add_field_labels)];

impl Loader {
    fn add_user(&mut self, root: &Utf8Path) {
        let mut found = false;
        for (folder, add) in FOLDERS {
            let dir = root.join(folder);
            if !dir.is_dir() {
                continue;
            }
            found = true;
            let entries = match dir.read_dir_utf8() {
                Ok(entries) => entries,
                Err(error) => {
                    self.errors.push(format!("{dir}: cannot be listed: {error}"));
                    continue;
                }
            };
            let mut paths: Vec<_> = entries.flatten().map(|e| e.path().to_owned()).collect();
            paths.sort();
            for path in paths.into_iter().filter(|p| p.extension() == Some("toml")) {
                match std::fs::read_to_string(&path) {
                    Ok(text) => add(self, &Source { path: path.into_string(), text, embedded: false }),
                    Err(error) => self.errors.push(format!("{path}: cannot be read: {error}")),
                }
            }
        }
        if !found {
            self.errors.push(format!(
                "{root}: no rules here: put document types into `{root}/doctypes/`, requirement lists into \
                 `{root}/requirements/` and texts into `{root}/messages/`, as .toml files"
            ));
        }
    }

    fn parse<T: DeserializeOwned>(&mut self, source: &Source) -> Option<T> {
        match toml::from_str(&source.text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.errors.push(parse_error(source, &error));
                None
            }
        }
    }

    fn add_doc_type(&mut self, source: &Source) {
        let Some(doc_type) = self.parse::<DocType>(source) else { return };
        self.rules.sources.insert(doc_type.id.clone(), source.clone());
        self.rules.doc_types.retain(|t| t.id != doc_type.id);
        self.rules.doc_types.push(doc_type);
    }

    fn add_list(&mut self, source: &Source) {
        let Some(list) = self.parse::<RequirementList>(source) else { return };
        self.rules.sources.insert(list.id.clone(), source.clone());
        self.rules.lists.retain(|l| l.id != list.id);
        self.rules.lists.push(list);
    }

    fn add_messages(&mut self, source: &Source) {
        let Some(entries) = self.parse::<BTreeMap<String, Entry>>(source) else { return };
        self.rules.catalog.entries.extend(entries);
    }

    fn add_languages(&mut self, source: &Source) {
        let Some(file) = self.parse::<Languages>(source) else { return };
        self.rules.languages = file.languages;
    }

    fn add_field_labels(&mut self, source: &Source) {
        let Some(file) = self.parse::<FieldLabels>(source) else { return };
        self.rules.catalog.fields.extend(file.fields);
    }

    /// Puts everything in order. A user's rules are linted at once, so that a broken pattern is an error
    /// and not a type that is never recognised; the embedded ones are linted by a test.
    fn finish(self, lint: bool) -> Result<RuleSet, RuleErrors> {
        let Self { mut rules, mut errors } = self;
        rules.doc_types.sort_by(|a, b| a.id.cmp(&b.id));
        rules.lists.sort_by(|a, b| a.id.cmp(&b.id));
        rules.catalog.doc_types = rules.doc_types.iter().map(|t| (t.id.clone(), t.label.clone())).collect();
        if lint && errors.is_empty() {
            errors = rules
                .lint()
                .iter()
                .filter(|p| p.level == ProblemLevel::Error)
                .map(Problem::to_string)
                .collect();
        }
        if errors.is_empty() { Ok(rules) } else { Err(RuleErrors(errors)) }
    }
}

/// Names file, line and column, then what the parser says with the line it stands on.
fn parse_error(source: &Source, error: &toml::de::Error) -> String {
    let (line, column) = error.span().map_or((1, 1), |span| position(&source.text, span.start));
    let mut out = format!("{}:{line}:{column}: {}", source.path, error.message());
    if let Some(hint) = did_you_mean_in(error.message()) {
        let _ = write!(out, ": {hint}");
    }
    if let Some(shown) = source.text.lines().nth(line - 1) {
        let _ = write!(out, "\n    {}", shown.trim());
    }
    out
}

/// Line and column, both from 1, of a byte of a text.
pub(crate) fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
    (line, column)
}
