//! Reports for people and for programs: one renderer a format, over the same [`Report`].
//!
//! A renderer turns values into text and does nothing else: it prints nothing, reads no clock and asks
//! no terminal.

pub mod checklist;
pub mod github;
pub mod html;
pub mod human;
pub mod json;
pub mod junit;
pub mod letter;
pub mod markdown;
mod places;
pub mod redact;
mod telling;
mod text;
mod ui;
mod unread;
pub mod v1;
pub mod verification;

use complet_model::{Catalog, Lang, Localized, Report};

/// The words of a report: the catalogue and the reader's language.
#[derive(Debug, Clone, Copy)]
pub struct Wording<'a> {
    /// The texts.
    pub catalog: &'a Catalog,
    /// The reader's language.
    pub lang: Lang,
}

/// What a report says of a dossier beside the [`Report`] itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// The dossier's name: that of its folder.
    pub name: String,
    /// The folder, as it was given.
    pub path: String,
    /// Who the dossier is for, where it was told beforehand.
    pub applicant: Option<String>,
    /// The profile's name for people.
    pub profile: Localized,
}

/// Who the dossier is for: as told beforehand, else as on the papers that prove it.
fn applicant(report: &Report, subject: &Subject) -> Option<String> {
    subject.applicant.clone().or_else(|| {
        ["identity", "residence_right"].iter().find_map(|requirement| {
            let verdict = report.verdicts.iter().find(|v| v.id == *requirement)?;
            let mut papers = report.documents.iter().filter(|d| verdict.documents.contains(&d.id));
            papers.find_map(|paper| {
                let name = |field: &str| {
                    paper.fields.get(field).filter(|f| f.is_sure()).and_then(|f| f.value.as_text())
                };
                match (name("given_names"), name("family_name")) {
                    (Some(given), Some(family)) => Some(format!("{given} {family}")),
                    (None, Some(one)) | (Some(one), None) => Some(one.to_owned()),
                    (None, None) => None,
                }
            })
        })
    })
}
