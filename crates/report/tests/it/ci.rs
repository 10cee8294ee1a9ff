//! The forms that CI reads.

use complet_model::{Lang, Status};
use complet_report::{Wording, github, junit, markdown};

use crate::sample::{catalog, complete, report, subject};

#[test]
fn markdown_french() {
    let catalog = catalog();
    let wording = Wording { catalog: &catalog, lang: Lang::Fr };
    insta::assert_snapshot!(markdown::report(&report(), &subject(), wording));
}

#[test]
fn markdown_english_complete() {
    let catalog = catalog();
    let wording = Wording { catalog: &catalog, lang: Lang::En };
    insta::assert_snapshot!(markdown::report(&complete(), &subject(), wording));
}

#[test]
fn github_english() {
    let catalog = catalog();
    let wording = Wording { catalog: &catalog, lang: Lang::En };
    insta::assert_snapshot!(github::report(&report(), &subject(), wording));
}

#[test]
fn junit_english() {
    let catalog = catalog();
    let wording = Wording { catalog: &catalog, lang: Lang::En };
    insta::assert_snapshot!(junit::report(&report(), &subject(), wording).unwrap());
}

#[test]
fn each_status_ends_its_case_in_its_way() {
    let catalog = catalog();
    let wording = Wording { catalog: &catalog, lang: Lang::Fr };
    for (status, element) in [
        (Status::Met, None),
        (Status::Missing, Some("<failure ")),
        (Status::Invalid, Some("<failure ")),
        (Status::Review, Some("<error ")),
        (Status::NotApplicable, Some("<skipped ")),
    ] {
        let mut report = report();
        report.verdicts.truncate(1);
        report.verdicts[0].status = status;
        let xml = junit::report(&report, &subject(), wording).unwrap();
        for other in ["<failure ", "<error ", "<skipped "] {
            assert_eq!(xml.contains(other), element == Some(other), "{status:?}: {xml}");
        }
    }
}
