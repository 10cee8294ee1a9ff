//! From pages of words to verdicts: classify, extract, validate.
//!
//! Pure: a function of pages, rules and a date. No clock, no files, no environment.

mod cards;
mod classify;
mod documents;
#[cfg(test)]
mod examples;
mod extract;
mod layout;
mod phrase;
mod seen;
pub mod values;
mod verdict;

use complet_model::{Date, Document, ProfileChoice, Report, ScannedFile};
use complet_rules::{RequirementList, RuleSet};

use verdict::Bench;

/// Who the dossier is for, as far as it is known beforehand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applicant {
    /// Family name as the client writes it.
    pub family_name: Option<String>,
    /// Given names as the client writes them.
    pub given_names: Option<String>,
    /// Birth date.
    pub birth_date: Option<Date>,
    /// ICAO three-letter code of the nationality.
    pub nationality: Option<String>,
}

/// What a requirement that depends on the CPAM office is taken for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stance {
    /// Its absence is a gap.
    Required,
    /// Its absence is a warning.
    #[default]
    Advised,
    /// It is not looked for.
    Ignored,
}

/// The circumstances a dossier is judged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The day for which it is judged.
    pub as_of: Date,
    /// Id of the profile; inferred from the documents when `None`.
    pub profile: Option<String>,
    /// Minors to attach.
    pub children: u32,
    /// Who the dossier is for.
    pub applicant: Applicant,
    /// What the apostille is taken for.
    pub apostille: Stance,
}

/// Tells the documents in the files and reads their fields. `as_of` settles the century of two-digit
/// years.
pub fn recognise(files: &[ScannedFile], rules: &RuleSet, as_of: Date) -> Vec<Document> {
    let mut documents = documents::documents(files, rules, as_of);
    cards::one_side(&mut documents, files);
    documents
}

/// Judges a dossier against a requirement list.
pub fn judge(files: Vec<ScannedFile>, rules: &RuleSet, list: &RequirementList, case: &Case) -> Report {
    let documents = recognise(&files, rules, case.as_of);
    let profile = profile(&documents, list, case);
    let bench = Bench {
        rules,
        case,
        documents: &documents,
        applicant: verdict::applicant(&documents, rules, case),
        unread: verdict::unread(&files),
        doubts: verdict::doubts(&files, &documents),
    };
    let verdicts = bench.verdicts(list, &profile.id);
    Report {
        as_of: case.as_of,
        profile,
        verdicts,
        findings: Vec::new(),
        documents,
        files,
        next_steps: list.next_steps.clone(),
    }
}

/// The profile that was given, else the first of the list whose documents are there, else its default.
fn profile(documents: &[Document], list: &RequirementList, case: &Case) -> ProfileChoice {
    if let Some(id) = &case.profile {
        return ProfileChoice { id: id.clone(), inferred: false };
    }
    let there = |id: &String| documents.iter().any(|d| d.classified.doc_type == *id);
    let told = list.profiles.iter().find(|p| p.inferred_from.iter().any(there)).or(list.default_profile());
    ProfileChoice { id: told.map(|p| p.id.clone()).unwrap_or_default(), inferred: true }
}
