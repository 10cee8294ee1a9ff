//! Verdicts on documents made by hand: what each rule must say, without any reading.

use std::collections::BTreeMap;

use complet_model::{
    BBox, Classified, Document, Evidence, Field, FieldValue, Month, Status, TextSource, Verdict,
};
use complet_rules::RuleSet;
use jiff::civil::{Date, date};

use super::{Bench, applicant};
use crate::{Applicant, Case, Stance};

fn field(value: FieldValue) -> Field {
    let evidence =
        Evidence { document: "d0".to_owned(), page: 1, bbox: BBox::PAGE, text: "as printed".to_owned() };
    Field { value, raw: "as printed".to_owned(), confidence: 0.95, valid: true, evidence: vec![evidence] }
}

fn text(value: &str) -> Field {
    field(FieldValue::Text(value.to_owned()))
}

fn months(list: &[&str]) -> Field {
    field(FieldValue::Months(list.iter().map(|m| m.parse().unwrap()).collect()))
}

fn document(id: &str, doc_type: &str, fields: &[(&str, Field)]) -> Document {
    Document {
        id: id.to_owned(),
        file: format!("{id}.pdf"),
        pages: vec![1],
        text_source: TextSource::TextLayer,
        classified: Classified {
            doc_type: doc_type.to_owned(),
            confidence: 0.95,
            runner_up: None,
            evidence: Vec::new(),
        },
        fields: fields.iter().map(|(n, f)| ((*n).to_owned(), f.clone())).collect::<BTreeMap<_, _>>(),
        findings: Vec::new(),
    }
}

fn passport() -> Document {
    document(
        "passport",
        "passport",
        &[
            ("family_name", text("NGUYEN")),
            ("given_names", text("THI MAI")),
            ("nationality", text("VNM")),
            ("mrz", field(FieldValue::List(vec!["P<VNM".to_owned()]))),
            ("birth_date", field(FieldValue::Date(date(1992, 3, 4)))),
            ("expiry_date", field(FieldValue::Date(date(2030, 1, 1)))),
        ],
    )
}

fn receipt(id: &str, tenant: &str, list: &[&str]) -> Document {
    document(
        id,
        "rent_receipt",
        &[
            ("tenant", text(tenant)),
            ("period", months(list)),
            ("address", text("41 rue Crébillon 44000 NANTES")),
        ],
    )
}

const AS_OF: Date = date(2026, 11, 15);

fn verdicts_as_of(documents: &[Document], unread: &[&str], as_of: Date) -> Vec<Verdict> {
    verdicts_with(documents, unread, Vec::new(), as_of)
}

fn verdicts_with(
    documents: &[Document],
    unread: &[&str],
    doubts: Vec<(String, complet_model::Finding)>,
    as_of: Date,
) -> Vec<Verdict> {
    let rules = RuleSet::load(None).unwrap();
    let list = rules.list("cpam-guide").unwrap().clone();
    let case = Case {
        as_of,
        profile: Some("employee".to_owned()),
        children: 0,
        applicant: Applicant::default(),
        apostille: Stance::Advised,
    };
    let bench = Bench {
        rules: &rules,
        case: &case,
        documents,
        applicant: applicant(documents, &rules, &case),
        unread: unread.iter().map(|s| (*s).to_owned()).collect(),
        doubts,
    };
    bench.verdicts(&list, "employee")
}

/// Status and codes of one requirement.
fn judged(documents: &[Document], id: &str) -> (Status, Vec<String>) {
    judged_with(documents, &[], id, AS_OF)
}

/// A spoilt page is looked at by a person, however well its values fit.
#[test]
fn a_blurred_photo_is_never_met() {
    let documents = receipts(&["2026-08", "2026-09", "2026-10"]);
    let mut page = complet_model::Page::empty(1, 100.0, 141.0);
    let file = |page: &complet_model::Page| complet_model::ScannedFile {
        path: "r1.pdf".to_owned(),
        hash: None,
        status: complet_model::FileStatus::Read,
        reason: None,
        pages: vec![page.clone()],
    };
    assert!(super::doubts(&[file(&page)], &documents).is_empty());
    for code in ["photo-blurred", "photo-cut-off", "photo-dark", "photo-glare", "photo-low-resolution"] {
        let message = complet_model::Message::new(code);
        page.problems = vec![complet_model::Problem { unreadable: false, message, bbox: None }];
        let doubts = super::doubts(&[file(&page)], &documents);
        let verdicts = verdicts_with(&documents, &[], doubts, AS_OF);
        let verdict = verdicts.iter().find(|v| v.id == "proof_of_residence").unwrap();
        let expected = if code == "photo-low-resolution" { Status::Met } else { Status::Review };
        assert_eq!(verdict.status, expected, "{code}");
        assert_eq!(verdict.findings.iter().any(|f| f.message.code == code), expected == Status::Review);
    }
}

fn judged_with(documents: &[Document], unread: &[&str], id: &str, as_of: Date) -> (Status, Vec<String>) {
    let verdicts = verdicts_as_of(documents, unread, as_of);
    let verdict = verdicts.into_iter().find(|v| v.id == id).unwrap();
    (verdict.status, verdict.findings.into_iter().map(|f| f.message.code).collect())
}

fn receipts(list: &[&str]) -> Vec<Document> {
    let mut documents = vec![passport()];
    documents
        .extend(list.iter().enumerate().map(|(i, m)| receipt(&format!("r{i}"), "Mme NGUYEN Thi Mai", &[*m])));
    documents
}

#[test]
fn three_consecutive_receipts_are_met() {
    assert_eq!(
        judged(&receipts(&["2026-08", "2026-09", "2026-10"]), "proof_of_residence"),
        (Status::Met, vec![])
    );
}

#[test]
fn a_missing_month_is_named() {
    let documents = receipts(&["2026-08", "2026-10"]);
    let verdicts = verdicts_as_of(&documents, &[], AS_OF);
    let verdict = verdicts.iter().find(|v| v.id == "proof_of_residence").unwrap();
    assert_eq!(verdict.status, Status::Invalid);
    let finding = &verdict.findings[0];
    assert_eq!(finding.message.code, "rent-gap");
    let months: Vec<Month> = vec!["2026-09".parse().unwrap()];
    assert_eq!(finding.message.args["months"], complet_model::Arg::Months(months));
}

#[test]
fn a_gap_among_many_is_a_gap() {
    let documents = receipts(&["2026-06", "2026-07", "2026-09", "2026-10"]);
    assert_eq!(judged(&documents, "proof_of_residence"), (Status::Invalid, vec!["rent-gap".to_owned()]));
}

#[test]
fn too_few_and_too_old_receipts_do_not_count() {
    assert_eq!(
        judged(&receipts(&["2026-09", "2026-10"]), "proof_of_residence"),
        (Status::Invalid, vec!["rent-too-few".to_owned()])
    );
    assert_eq!(
        judged(&receipts(&["2026-03", "2026-04", "2026-05"]), "proof_of_residence"),
        (Status::Invalid, vec!["rent-stale".to_owned()])
    );
    assert_eq!(
        judged(&receipts(&["2026-06", "2026-07", "2026-08"]), "proof_of_residence"),
        (Status::Met, vec!["rent-rather-old".to_owned()])
    );
}

#[test]
fn the_year_turns() {
    let documents = receipts(&["2025-11", "2025-12", "2026-01"]);
    assert_eq!(judged_with(&documents, &[], "proof_of_residence", date(2026, 2, 10)).0, Status::Met);
}

#[test]
fn a_duplicate_counts_once() {
    let (status, codes) = judged(&receipts(&["2026-09", "2026-10", "2026-10"]), "proof_of_residence");
    assert_eq!((status, codes), (Status::Invalid, vec!["rent-too-few".to_owned()]));
    let (status, codes) =
        judged(&receipts(&["2026-08", "2026-09", "2026-10", "2026-10"]), "proof_of_residence");
    assert_eq!((status, codes), (Status::Met, vec!["rent-twice".to_owned()]));
}

#[test]
fn one_receipt_may_cover_several_months() {
    let documents = vec![passport(), receipt("r", "NGUYEN Thi Mai", &["2026-08", "2026-09", "2026-10"])];
    assert_eq!(judged(&documents, "proof_of_residence").0, Status::Met);
}

#[test]
fn receipts_in_another_name_do_not_count() {
    let mut documents = receipts(&["2026-08", "2026-09"]);
    documents.push(receipt("other", "M. Paul MARTIN", &["2026-10"]));
    let (status, codes) = judged(&documents, "proof_of_residence");
    assert_eq!(status, Status::Invalid);
    assert!(codes.contains(&"rent-other-tenant".to_owned()), "{codes:?}");
}

#[test]
fn receipts_for_two_homes_do_not_make_one_run() {
    let mut documents = receipts(&["2026-08", "2026-09"]);
    let mut other = receipt("other", "NGUYEN Thi Mai", &["2026-10"]);
    other.fields.insert("address".to_owned(), text("7 rue Paradis 13001 MARSEILLE"));
    documents.push(other);
    assert_eq!(judged(&documents, "proof_of_residence").0, Status::Invalid);
}

#[test]
fn a_month_read_in_doubt_is_not_counted_as_met() {
    let mut documents = receipts(&["2026-08", "2026-09", "2026-10"]);
    documents[2].fields.get_mut("period").unwrap().confidence = 0.4;
    assert_eq!(judged(&documents, "proof_of_residence").0, Status::Review);
    documents[2].fields.remove("period");
    assert_eq!(judged(&documents, "proof_of_residence").0, Status::Review);
}

#[test]
fn a_notice_is_no_receipt() {
    let mut documents = receipts(&[]);
    documents.push(document("notice", "rent_notice", &[("tenant", text("NGUYEN Thi Mai"))]));
    assert_eq!(judged(&documents, "proof_of_residence"), (Status::Invalid, vec!["rent-notice".to_owned()]));
}

#[test]
fn a_broken_iban_is_invalid_and_a_statement_is_no_rib() {
    let mut iban = text("FR7630001000644919009562089");
    iban.valid = false;
    let rib = document("rib", "rib", &[("iban", iban), ("holder", text("MME NGUYEN THI MAI"))]);
    assert_eq!(
        judged(&[passport(), rib], "bank_details"),
        (Status::Invalid, vec!["iban-invalid".to_owned()])
    );
    let statement = document("statement", "bank_statement", &[]);
    assert_eq!(
        judged(&[passport(), statement], "bank_details"),
        (Status::Invalid, vec!["rib-is-statement".to_owned()])
    );
}

#[test]
fn an_expired_passport_is_invalid_on_the_day_after() {
    let mut expired = passport();
    expired.fields.insert("expiry_date".to_owned(), field(FieldValue::Date(date(2026, 11, 14))));
    assert_eq!(
        judged(&[expired.clone()], "identity"),
        (Status::Invalid, vec!["identity-expired".to_owned()])
    );
    expired.fields.insert("expiry_date".to_owned(), field(FieldValue::Date(AS_OF)));
    assert_eq!(judged(&[expired], "identity"), (Status::Met, vec!["expires-soon".to_owned()]));
}

#[test]
fn a_contract_counts_while_it_runs() {
    let contract = |kind: &str, end: Option<Date>| {
        let mut fields = vec![
            ("employee", text("M. NGUYEN Thi Mai")),
            ("start_date", field(FieldValue::Date(date(2026, 1, 5)))),
            ("contract_type", text(kind)),
        ];
        fields.extend(end.map(|day| ("end_date", field(FieldValue::Date(day)))));
        document("contract", "employment_contract", &fields)
    };
    assert_eq!(judged(&[passport(), contract("cdi", None)], "professional_status").0, Status::Met);
    assert_eq!(judged(&[passport(), contract("cdd", None)], "professional_status").0, Status::Review);
    assert_eq!(judged(&[passport(), contract("cdd", Some(AS_OF))], "professional_status").0, Status::Met);
    assert_eq!(
        judged(&[passport(), contract("cdd", Some(date(2026, 6, 30)))], "professional_status"),
        (Status::Invalid, vec!["contract-ended".to_owned()])
    );
}

#[test]
fn what_cannot_be_read_makes_a_review_and_no_gap() {
    assert_eq!(judged_with(&[passport()], &[], "bank_details", AS_OF).0, Status::Missing);
    let (status, codes) = judged_with(&[passport()], &["flou.jpg p. 1"], "bank_details", AS_OF);
    assert_eq!(status, Status::Review);
    assert_eq!(codes[0], "maybe-unread");
}

#[test]
fn the_right_to_stay_depends_on_the_nationality() {
    assert_eq!(judged(&[passport()], "residence_right").0, Status::Missing);
    let mut portuguese = passport();
    portuguese.fields.insert("nationality".to_owned(), text("PRT"));
    assert_eq!(judged(&[portuguese], "residence_right").0, Status::NotApplicable);
    let mut unknown = passport();
    unknown.fields.remove("nationality");
    assert_eq!(judged(&[unknown], "residence_right").0, Status::Review);
}

fn birth(language: &str) -> Document {
    document(
        "birth",
        "birth_certificate",
        &[
            ("family_name", text("Nguyễn")),
            ("given_names", text("Thị Mai")),
            ("language", text(language)),
            ("filiation", field(FieldValue::Bool(true))),
        ],
    )
}

#[test]
fn a_french_act_needs_no_translation_and_a_foreign_one_does() {
    assert_eq!(judged(&[passport(), birth("fr")], "birth_translation").0, Status::NotApplicable);
    assert_eq!(judged(&[passport(), birth("vi")], "birth_translation").0, Status::Missing);
    assert_eq!(judged(&[passport()], "birth_translation").0, Status::Review);
    let notary = document("notary", "translation", &[]);
    assert_eq!(
        judged(&[passport(), birth("vi"), notary], "birth_translation"),
        (Status::Invalid, vec!["translation-not-sworn".to_owned()])
    );
}

#[test]
fn the_same_person_everywhere() {
    assert_eq!(judged(&[passport(), birth("fr")], "same_person"), (Status::Met, vec![]));
    let slip = document(
        "slip",
        "payslip",
        &[("employee", text("M. Paul MARTIN")), ("period", months(&["2026-10"])), ("country", text("FR"))],
    );
    let (status, codes) = judged(&[passport(), birth("fr"), slip], "same_person");
    assert_eq!((status, codes), (Status::Invalid, vec!["other-person".to_owned()]));
    assert_eq!(judged(&[passport()], "same_person").0, Status::Review);
}
