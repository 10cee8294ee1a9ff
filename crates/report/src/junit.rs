//! The report as JUnit XML: a suite a dossier, a case a requirement.
//!
//! Cases carry the requirement's id, so that a CI server recognises them whatever the language.

use complet_model::{Report, Status, Verdict};
use quick_junit::{NonSuccessKind, SerializeError, TestCase, TestCaseStatus, TestSuite};

use crate::telling::Telling;
use crate::text::clean;
use crate::{Subject, Wording, ui};

/// The report on one dossier. What is met passes, what is missing or refused fails, what could not be
/// decided is an error, and what does not apply is skipped.
///
/// # Errors
/// None is known: whatever XML cannot hold is left out of the texts.
pub fn report(report: &Report, subject: &Subject, wording: Wording<'_>) -> Result<String, SerializeError> {
    let telling = Telling { report, subject, wording };
    let mut suite = TestSuite::new(clean(&subject.name));
    for (name, value) in [
        ("path", subject.path.clone()),
        ("as_of", report.as_of.to_string()),
        ("profile", report.profile.id.clone()),
    ] {
        suite.add_property((name, clean(&value).as_str()));
    }
    for verdict in &report.verdicts {
        suite.add_test_case(case(telling, verdict));
    }
    let mut all = quick_junit::Report::new("complet");
    all.add_test_suite(suite);
    all.to_string()
}

fn case(telling: Telling<'_>, verdict: &Verdict) -> TestCase {
    let lang = telling.wording.lang;
    let label = verdict.label.get(lang);
    let failed = match verdict.status {
        Status::Met => None,
        Status::NotApplicable => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("{label}{}{}", ui::colon(lang), ui::NOT_APPLICABLE.get(lang)));
            return cased(telling, verdict, status);
        }
        Status::Review => Some(NonSuccessKind::Error),
        Status::Missing | Status::Invalid => Some(NonSuccessKind::Failure),
    };
    let status = match failed {
        None => TestCaseStatus::success(),
        Some(kind) => {
            let mut status = TestCaseStatus::non_success(kind);
            status.set_type(verdict.status.id());
            let findings = telling.findings(verdict);
            let first = findings.first().map_or("", |told| told.message.as_str());
            status.set_message(clean(&format!("{label}{}{first}", ui::colon(lang))));
            let mut lines = Vec::new();
            for told in &findings {
                lines.push(clean(&told.message));
                let places: Vec<String> = told.finding.evidence.iter().map(|e| telling.quote(e)).collect();
                if !places.is_empty() {
                    lines.push(clean(&ui::SEEN.fill(lang, &[&places.join(", ")])));
                }
                lines.extend(told.help.iter().map(|help| format!("→ {}", clean(help))));
            }
            status.set_description(lines.join("\n"));
            status
        }
    };
    cased(telling, verdict, status)
}

fn cased(telling: Telling<'_>, verdict: &Verdict, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(verdict.id.clone(), status);
    case.set_classname(clean(&telling.subject.name));
    let places = telling.places(&verdict.documents);
    if !places.is_empty() {
        case.set_system_out(clean(&places.join(", ")));
    }
    case
}
