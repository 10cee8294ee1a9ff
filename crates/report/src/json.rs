//! The JSON report, version 1.

use complet_model::{Document, Report, ScannedFile};
use schemars::generate::SchemaSettings;

use crate::{Subject, Wording, v1};

/// The report as JSON, indented, with a line end.
///
/// # Errors
/// None is known: the report holds nothing that JSON cannot say.
pub fn report(report: &Report, subject: &Subject, wording: Wording<'_>) -> serde_json::Result<String> {
    write(&v1::Report::new(report, subject, wording))
}

/// What was recognised, without a verdict, as JSON, indented, with a line end.
///
/// # Errors
/// None is known: the documents hold nothing that JSON cannot say.
pub fn inspection(
    documents: &[Document],
    files: &[ScannedFile],
    wording: Wording<'_>,
) -> serde_json::Result<String> {
    write(&v1::Inspection::new(documents, files, wording))
}

/// The JSON Schema of [`report`], with a line end.
///
/// # Errors
/// None is known: a schema is JSON.
pub fn schema() -> serde_json::Result<String> {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    write(&generator.into_root_schema_for::<v1::Report>())
}

fn write(value: &impl serde::Serialize) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(text)
}
