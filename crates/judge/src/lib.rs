//! From pages of words to verdicts: classify, extract, validate.
//!
//! Pure: a function of pages, rules and a date. No clock, no files, no environment.

use complet_model::{Date, Document, ProfileChoice, Report, ScannedFile};
use complet_rules::{RequirementList, RuleSet};

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

/// Tells the documents in the files and reads their fields.
pub fn recognise(_files: &[ScannedFile], _rules: &RuleSet, _as_of: Date) -> Vec<Document> {
    Vec::new()
}

/// Judges a dossier against a requirement list.
pub fn judge(files: Vec<ScannedFile>, rules: &RuleSet, _list: &RequirementList, case: &Case) -> Report {
    let documents = recognise(&files, rules, case.as_of);
    Report {
        as_of: case.as_of,
        profile: ProfileChoice { id: case.profile.clone().unwrap_or_default(), inferred: case.profile.is_none() },
        verdicts: Vec::new(),
        findings: Vec::new(),
        documents,
        files,
        next_steps: Vec::new(),
    }
}
