use complet_model::{Lang, Report};
use complet_report::Wording;
use complet_report::human::{self, Look};

use crate::sample::{catalog, complete, report, subject};

const PLAIN: Look = Look { color: false, width: 80 };

#[test]
fn human_french() {
    let catalog = catalog();
    let wording = Wording { catalog: &catalog, lang: Lang::Fr };
    insta::assert_snapshot!(human::report(&report(), &subject(), wording, PLAIN));
}

#[test]
fn human_english_complete() {
    let catalog = catalog();
    let wording = Wording { catalog: &catalog, lang: Lang::En };
    insta::assert_snapshot!(human::report(&complete(), &subject(), wording, PLAIN));
}

#[test]
fn human_inspection() {
    let catalog = catalog();
    let wording = Wording { catalog: &catalog, lang: Lang::Fr };
    let Report { documents, files, .. } = report();
    insta::assert_snapshot!(human::inspection(&documents, &files, wording, PLAIN));
}

#[test]
fn colours_change_no_word() {
    let catalog = catalog();
    let wording = Wording { catalog: &catalog, lang: Lang::Fr };
    let colored = human::report(&report(), &subject(), wording, Look { color: true, ..PLAIN });
    assert!(colored.contains('\u{1b}'));
    // Every sequence begins with ESC and ends with the letter m.
    let plain: String = colored
        .split('\u{1b}')
        .enumerate()
        .map(|(i, part)| if i == 0 { part } else { part.split_once('m').map_or("", |(_, rest)| rest) })
        .collect();
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&plain), words(&human::report(&report(), &subject(), wording, PLAIN)));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let catalog = catalog();
    for lang in [Lang::Fr, Lang::En] {
        let wording = Wording { catalog: &catalog, lang };
        for width in [50, 80, 100] {
            let text = human::report(&report(), &subject(), wording, Look { color: false, width });
            let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= usize::from(width), "{widest} columns in {width}:\n{text}");
        }
    }
}

#[test]
fn a_finding_told_with_its_requirement_is_not_told_twice() {
    let catalog = catalog();
    let wording = Wording { catalog: &catalog, lang: Lang::Fr };
    let mut report = report();
    let finding = report.verdicts[2].findings[0].clone();
    report.documents[1].findings.push(finding);
    let text = human::report(&report, &subject(), wording, PLAIN);
    assert_eq!(text.matches("il manque la quittance").count(), 1, "{text}");
}
