//! From pages of words to verdicts: classify, extract, validate.
//!
//! Pure: a function of pages, rules and a date. No clock, no files, no environment.

mod cards;
mod classify;
mod documents;
mod doubt;
mod duplicates;
mod examples;
mod extract;
mod layout;
mod named;
mod parts;
mod phrase;
mod seen;
mod stacked;
pub mod values;
mod verdict;

pub use doubt::doubtful_pages;
pub use examples::check_examples;

use std::collections::BTreeMap;

use complet_model::{Date, Document, ProfileChoice, Report, ScannedFile};
use complet_rules::{RequirementList, RuleSet, Stance};

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
    /// What the person in charge takes requirements for that depend on the office, by their option.
    pub options: BTreeMap<String, Stance>,
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
    let mut documents = recognise(&files, rules, case.as_of);
    duplicates::tell(&mut documents, &files);
    let profile = profile(&documents, list, case);
    let mut applicant = verdict::applicant(&documents, rules, case);
    if let Some(applicant) = &mut applicant {
        named::complete(&mut documents, &files, rules, applicant);
        verdict::learn_names(applicant, &documents, rules);
    }
    let bench = Bench {
        rules,
        case,
        documents: &documents,
        applicant,
        unread: verdict::unread(&files, &documents),
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
        return ProfileChoice { id: id.clone(), inferred: false, from: Vec::new() };
    }
    let witnesses = |types: &[String]| -> Vec<String> {
        let told = documents.iter().filter(|d| types.contains(&d.classified.doc_type));
        told.map(|d| d.id.clone()).collect()
    };
    let mut told = list.profiles.iter().map(|p| (p, witnesses(&p.inferred_from)));
    let (profile, from) = match told.find(|(_, from)| !from.is_empty()) {
        Some((profile, from)) => (Some(profile), from),
        None => (list.default_profile(), Vec::new()),
    };
    ProfileChoice { id: profile.map(|p| p.id.clone()).unwrap_or_default(), inferred: true, from }
}
