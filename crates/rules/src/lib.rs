//! Document types and requirement lists: the embedded TOML, the user's own, and their lint.
//!
//! A document type is one file under `doctypes/`, a requirement list one file under `requirements/`, and
//! the texts for people stand under `messages/`. A new type or list needs no Rust: only a new form of
//! value ([`Kind`]) or a new check ([`Check`]) does.

mod anchor;
mod doctype;
mod known;
mod languages;
mod lint;
mod load;
mod pattern;
mod requirements;

pub use anchor::{Anchor, Anchors, Role, Seen};
pub use doctype::{
    Choice, CounterExample, DocType, Example, FieldSpec, Find, Holder, Kind, MrzField, Pages, Pick, Side,
    StampFind, TableFind,
};
pub use known::{Unknown, check_known, check_profile, did_you_mean, did_you_mean_in};
pub use languages::Language;
pub use lint::{Problem, ProblemLevel};
pub use load::{RuleErrors, Source};
pub use pattern::Pattern;
pub use requirements::{
    Accept, Agreement, Check, DocumentWith, FieldIs, FieldNotIn, Need, Note, Older, Otherwise, Profile,
    Reject, Requirement, RequirementList, Series, Spread, Stance, When,
};

use std::collections::BTreeMap;

use camino::Utf8Path;
use complet_model::Catalog;

/// Everything in force.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    /// The document types, in the order of their ids.
    pub doc_types: Vec<DocType>,
    /// The requirement lists, in the order of their ids.
    pub lists: Vec<RequirementList>,
    /// The languages that can be told.
    pub languages: Vec<Language>,
    /// The texts for people.
    pub catalog: Catalog,
    sources: BTreeMap<String, Source>,
}

impl RuleSet {
    /// The embedded rules. Files of `user` (a folder with `doctypes/`, `requirements/` and `messages/`)
    /// replace whole files by id, or add to them.
    ///
    /// # Errors
    /// Every error of every file, each with file, line and field.
    pub fn load(user: Option<&Utf8Path>) -> Result<Self, RuleErrors> {
        load::load(user)
    }

    /// The rules of a single file, with nothing else in force, as fuzzers try them.
    ///
    /// # Errors
    /// As [`RuleSet::load`].
    #[doc(hidden)]
    pub fn alone(folder: &str, text: &str) -> Result<Self, RuleErrors> {
        load::alone(folder, text)
    }

    /// The requirement list with this id.
    pub fn list(&self, id: &str) -> Option<&RequirementList> {
        self.lists.iter().find(|l| l.id == id)
    }

    /// The document type with this id.
    pub fn doc_type(&self, id: &str) -> Option<&DocType> {
        self.doc_types.iter().find(|t| t.id == id)
    }

    /// The file that a document type or a requirement list was read from.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.get(id)
    }

    /// What is wrong or doubtful about the rules in force: broken patterns, references to what is not
    /// there, anchors that can never count.
    pub fn lint(&self) -> Vec<Problem> {
        lint::lint(self)
    }
}
