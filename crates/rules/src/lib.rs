//! Document types and requirement lists: the embedded TOML, the user's own, and their lint.

use camino::Utf8Path;
use complet_model::{Catalog, Localized};

/// What tells a document type and what is read off it: one TOML file.
#[derive(Debug, Clone)]
pub struct DocType {
    /// `rent_receipt`.
    pub id: String,
    /// For people.
    pub label: Localized,
}

/// What a dossier must hold: one TOML file.
#[derive(Debug, Clone)]
pub struct RequirementList {
    /// `cpam-guide`.
    pub id: String,
    /// For people.
    pub label: Localized,
    /// Ids of the profiles it knows, in order.
    pub profiles: Vec<String>,
}

/// Everything in force.
#[derive(Debug, Clone)]
pub struct RuleSet {
    /// The document types, by id order.
    pub doc_types: Vec<DocType>,
    /// The requirement lists, by id order.
    pub lists: Vec<RequirementList>,
    /// The texts for people.
    pub catalog: Catalog,
}

/// What is wrong with rules files; displays every error with its file, line and field.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RuleErrors(pub String);

impl RuleSet {
    /// The embedded rules, with files of `user` (a folder with `doctypes/`, `requirements/` and
    /// `messages/`, or none) replacing whole files by id.
    ///
    /// # Errors
    /// Every error of every file, each with file, line and field.
    pub fn load(_user: Option<&Utf8Path>) -> Result<Self, RuleErrors> {
        Ok(Self { doc_types: Vec::new(), lists: Vec::new(), catalog: Catalog::default() })
    }

    /// The requirement list with this id.
    pub fn list(&self, id: &str) -> Option<&RequirementList> {
        self.lists.iter().find(|l| l.id == id)
    }

    /// The document type with this id.
    pub fn doc_type(&self, id: &str) -> Option<&DocType> {
        self.doc_types.iter().find(|t| t.id == id)
    }
}
