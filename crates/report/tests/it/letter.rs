use complet_model::{Lang, Report, Status};
use complet_report::Wording;
use complet_report::letter::Letter;

use crate::sample::{catalog, complete, report, subject};

fn letter(report: &Report, lang: Lang) -> Letter {
    Letter::new(report, &subject(), Wording { catalog: &catalog(), lang })
}

#[test]
fn text_french() {
    insta::assert_snapshot!(letter(&report(), Lang::Fr).text());
}

#[test]
fn markdown_english() {
    insta::assert_snapshot!(letter(&report(), Lang::En).markdown());
}

#[test]
fn text_english_complete() {
    insta::assert_snapshot!(letter(&complete(), Lang::En).text());
}

#[test]
fn nothing_is_said_to_be_in_order_that_is_not_met() {
    for status in [Status::Missing, Status::Invalid, Status::Review, Status::NotApplicable] {
        let mut report = report();
        report.verdicts.truncate(1);
        report.verdicts[0].status = status;
        let text = letter(&report, Lang::En).text();
        assert!(!text.contains("WHAT IS IN ORDER"), "{status:?}: {text}");
        assert_eq!(text.contains("it is complete"), status.is_fine(), "{status:?}: {text}");
    }
}

#[test]
fn a_gap_without_words_for_the_client_is_still_told() {
    let mut report = report();
    let gap = &mut report.verdicts[1];
    gap.status = Status::Missing;
    let text = letter(&report, Lang::En).text();
    assert!(text.contains("1. Birth certificate with parents\n   none found"), "{text}");
}

#[test]
fn no_line_is_longer_than_an_e_mail_takes_or_begins_with_a_sign() {
    for lang in [Lang::Fr, Lang::En] {
        let text = letter(&report(), lang).text();
        for line in text.lines() {
            assert!(line.chars().count() <= 76, "{line}");
            assert!(!line.trim_start().starts_with([':', ';', '?', '!', '»']), "{line}");
        }
    }
}
