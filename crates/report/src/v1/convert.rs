//! From the inner types to version 1.

use complet_model as model;
use complet_model::FieldValue;

use super::{
    Document, Dossier, Evidence, Field, File, FileStatus, Finding, Inspection, Problem, Profile, Report,
    Requirement, SCHEMA_VERSION, Severity, Status, TextSource, Tool, Value,
};
use crate::{Subject, Wording};

impl Report {
    /// The report in this version's form.
    pub fn new(report: &model::Report, subject: &Subject, wording: Wording<'_>) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool::this(),
            dossier: Dossier { name: subject.name.clone(), path: subject.path.clone() },
            as_of: report.as_of.to_string(),
            profile: Profile {
                id: report.profile.id.clone(),
                inferred: report.profile.inferred,
                inferred_from: report.profile.from.clone(),
            },
            complete: report.is_complete(),
            requirements: report.verdicts.iter().map(|v| wording.requirement(v)).collect(),
            findings: report.findings.iter().map(|f| wording.finding(f)).collect(),
            documents: report.documents.iter().map(|d| wording.document(d)).collect(),
            files: report.files.iter().map(|f| wording.file(f)).collect(),
            next_steps: report.next_steps.iter().map(|s| s.get(wording.lang).to_owned()).collect(),
        }
    }
}

impl Inspection {
    /// The documents and files in this version's form.
    pub fn new(documents: &[model::Document], files: &[model::ScannedFile], wording: Wording<'_>) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool::this(),
            documents: documents.iter().map(|d| wording.document(d)).collect(),
            files: files.iter().map(|f| wording.file(f)).collect(),
        }
    }
}

impl Tool {
    fn this() -> Self {
        // The crates of the workspace share one version.
        Self { name: "complet".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

impl Wording<'_> {
    fn requirement(self, verdict: &model::Verdict) -> Requirement {
        Requirement {
            id: verdict.id.clone(),
            label: verdict.label.get(self.lang).to_owned(),
            status: verdict.status.into(),
            documents: verdict.documents.clone(),
            findings: verdict.findings.iter().map(|f| self.finding(f)).collect(),
        }
    }

    fn finding(self, finding: &model::Finding) -> Finding {
        Finding {
            code: finding.message.code.clone(),
            severity: finding.severity.into(),
            message: self.catalog.message(&finding.message, self.lang),
            help: self.catalog.help(&finding.message, self.lang),
            documents: finding.documents.clone(),
            evidence: finding.evidence.iter().map(Evidence::from).collect(),
        }
    }

    fn document(self, document: &model::Document) -> Document {
        Document {
            id: document.id.clone(),
            file: document.file.clone(),
            pages: document.pages.clone(),
            doc_type: document.classified.doc_type.clone(),
            confidence: fraction(document.classified.confidence),
            runner_up: document.classified.runner_up.clone(),
            text_source: document.text_source.into(),
            fields: document.fields.iter().flat_map(|(name, field)| fields(name, field)).collect(),
            findings: document.findings.iter().map(|f| self.finding(f)).collect(),
        }
    }

    fn file(self, file: &model::ScannedFile) -> File {
        let problems = file.pages.iter().flat_map(|page| {
            page.problems.iter().map(|problem| Problem {
                page: page.number,
                code: problem.message.code.clone(),
                unreadable: problem.unreadable,
                message: self.catalog.message(&problem.message, self.lang),
                help: self.catalog.help(&problem.message, self.lang),
                bbox: problem.bbox.map(corners),
            })
        });
        File {
            path: file.path.clone(),
            status: file.status.into(),
            reason: file.reason.as_ref().map(|reason| self.catalog.message(reason, self.lang)),
            pages: u32::try_from(file.pages.len()).unwrap_or(u32::MAX),
            hash: file.hash.clone(),
            problems: problems.collect(),
        }
    }
}

/// A field under its name. Several months stand under the plural of the name as well, and the first of
/// them under the name itself, so that a reader that knows one month only still finds one.
fn fields(name: &str, field: &model::Field) -> Vec<(String, Field)> {
    let mut places = field.evidence.iter().map(Evidence::from);
    let evidence = places.next();
    let with = |value| Field {
        value,
        confidence: fraction(field.confidence),
        valid: field.valid,
        evidence: evidence.clone(),
        further_evidence: places.clone().collect(),
    };
    match &field.value {
        FieldValue::Months(months) => {
            let months: Vec<String> = months.iter().map(ToString::to_string).collect();
            let mut fields = Vec::new();
            if let Some(first) = months.first() {
                fields.push((name.to_owned(), with(Value::Text(first.clone()))));
            }
            if months.len() > 1 {
                fields.push((format!("{name}s"), with(Value::List(months))));
            }
            fields
        }
        FieldValue::Bool(flag) => vec![(name.to_owned(), with(Value::Bool(*flag)))],
        FieldValue::Date(date) => vec![(name.to_owned(), with(Value::Text(date.to_string())))],
        FieldValue::Amount(amount) => vec![(name.to_owned(), with(Value::Text(amount.to_string())))],
        FieldValue::List(list) => vec![(name.to_owned(), with(Value::List(list.clone())))],
        FieldValue::Text(text) => vec![(name.to_owned(), with(Value::Text(text.clone())))],
    }
}

/// Four decimals tell a twentieth of a millimetre on a page; more would only show the noise of `f32`.
fn fraction(value: f32) -> f64 {
    if value.is_finite() { (f64::from(value) * 10_000.0).round() / 10_000.0 } else { 0.0 }
}

impl From<&model::Evidence> for Evidence {
    fn from(evidence: &model::Evidence) -> Self {
        Self {
            document: evidence.document.clone(),
            page: evidence.page,
            bbox: corners(evidence.bbox),
            text: evidence.text.clone(),
        }
    }
}

impl From<model::Status> for Status {
    fn from(status: model::Status) -> Self {
        match status {
            model::Status::Met => Self::Met,
            model::Status::Missing => Self::Missing,
            model::Status::Invalid => Self::Invalid,
            model::Status::Review => Self::Review,
            model::Status::NotApplicable => Self::NotApplicable,
        }
    }
}

impl From<model::Severity> for Severity {
    fn from(severity: model::Severity) -> Self {
        match severity {
            model::Severity::Error => Self::Error,
            model::Severity::Warning => Self::Warning,
            model::Severity::Info => Self::Info,
        }
    }
}

impl From<model::TextSource> for TextSource {
    fn from(source: model::TextSource) -> Self {
        match source {
            model::TextSource::TextLayer => Self::TextLayer,
            model::TextSource::Ocr => Self::Ocr,
            model::TextSource::Mixed => Self::Mixed,
        }
    }
}

impl From<model::FileStatus> for FileStatus {
    fn from(status: model::FileStatus) -> Self {
        match status {
            model::FileStatus::Read => Self::Read,
            model::FileStatus::Unreadable => Self::Unreadable,
            model::FileStatus::Encrypted => Self::Encrypted,
            model::FileStatus::Unsupported => Self::Unsupported,
            model::FileStatus::Skipped => Self::Skipped,
        }
    }
}

fn corners(bbox: model::BBox) -> [f64; 4] {
    let model::BBox { left, top, right, bottom } = bbox;
    [left, top, right, bottom].map(fraction)
}
