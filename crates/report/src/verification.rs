//! How dossiers with a known outcome were judged: for CI over sets of them.

use std::fmt::Write as _;

use complet_model::{Lang, Status};
use quick_junit::{NonSuccessKind, SerializeError, TestCase, TestCaseStatus, TestSuite};

use crate::text::clean;
use crate::ui;

/// What became of one dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Its folder, below the one that was asked for.
    pub name: String,
    /// How it was judged otherwise than expected; empty when it was not.
    pub differences: Vec<Difference>,
}

/// Something that was expected otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// Whether the dossier is complete.
    Complete {
        /// As expected.
        expected: bool,
    },
    /// The status of a requirement.
    Status {
        /// Id of the requirement.
        requirement: String,
        /// Any of these is right.
        expected: Vec<Status>,
        /// As judged.
        found: Status,
        /// What was said of it.
        why: Vec<String>,
    },
    /// A finding that was expected and is not there.
    NoFinding {
        /// Its code.
        code: String,
    },
    /// A finding that must not be there.
    Finding {
        /// Its code.
        code: String,
        /// What it says.
        message: String,
    },
    /// The types of the documents of a file.
    Types {
        /// The file.
        file: String,
        /// Ids of the expected types, in the order of the pages.
        expected: Vec<String>,
        /// Ids of the types it was taken for.
        found: Vec<String>,
    },
}

impl Difference {
    /// The difference in a sentence, and what explains it.
    fn lines(&self, lang: Lang) -> Vec<String> {
        match self {
            Self::Complete { expected: true } => vec![ui::EXPECTED_COMPLETE.get(lang).to_owned()],
            Self::Complete { expected: false } => vec![ui::EXPECTED_GAPS.get(lang).to_owned()],
            Self::Status { requirement, expected, found, why } => {
                let expected: Vec<&str> = expected.iter().map(|s| s.id()).collect();
                let first =
                    ui::EXPECTED_INSTEAD.fill(lang, &[requirement, &expected.join(" | "), found.id()]);
                std::iter::once(first).chain(why.iter().map(|why| format!("  {why}"))).collect()
            }
            Self::NoFinding { code } => vec![ui::EXPECTED_FINDING.fill(lang, &[code])],
            Self::Finding { code, message } => {
                vec![ui::UNEXPECTED_FINDING.fill(lang, &[code]), format!("  {message}")]
            }
            Self::Types { file, expected, found } => {
                let list = |ids: &[String]| if ids.is_empty() { "–".to_owned() } else { ids.join(", ") };
                vec![ui::EXPECTED_INSTEAD.fill(lang, &[file, &list(expected), &list(found)])]
            }
        }
    }
}

/// The outcomes as text: a line a dossier, and below it what is otherwise than expected.
pub fn text(all: &[Verified], lang: Lang) -> String {
    let mut out = String::new();
    for one in all {
        let sign = if one.differences.is_empty() { "✓" } else { "✗" };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{sign} {}", clean(&one.name));
        for line in one.differences.iter().flat_map(|d| d.lines(lang)) {
            let _ = writeln!(out, "    {}", clean(&line));
        }
    }
    let failed = all.iter().filter(|one| !one.differences.is_empty()).count();
    let dossiers = ui::DOSSIERS.get(lang, all.len());
    out.push('\n');
    if failed == 0 {
        out.push_str(&ui::AS_EXPECTED.fill(lang, &[&dossiers]));
    } else {
        out.push_str(&ui::NOT_AS_EXPECTED.fill(lang, &[&dossiers, &failed.to_string()]));
    }
    out.push('\n');
    out
}

/// The outcomes as JUnit XML: a case a dossier.
///
/// # Errors
/// None is known: whatever XML cannot hold is left out of the texts.
pub fn junit(all: &[Verified], lang: Lang) -> Result<String, SerializeError> {
    let mut suite = TestSuite::new("complet verify");
    for one in all {
        let lines: Vec<String> =
            one.differences.iter().flat_map(|d| d.lines(lang)).map(|line| clean(&line)).collect();
        let status = match lines.first() {
            None => TestCaseStatus::success(),
            Some(first) => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_type("difference").set_message(first.clone());
                status.set_description(lines.join("\n"));
                status
            }
        };
        let mut case = TestCase::new(clean(&one.name), status);
        case.set_classname("complet verify");
        suite.add_test_case(case);
    }
    let mut report = quick_junit::Report::new("complet");
    report.add_test_suite(suite);
    report.to_string()
}
