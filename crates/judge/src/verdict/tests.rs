//! Verdicts on documents made by hand: what each rule must say, without any reading.

use std::collections::BTreeMap;

use complet_model::{
    BBox, Classified, Document, Evidence, Field, FieldValue, Month, Status, TextSource, Verdict,
};
use complet_rules::RuleSet;
use jiff::civil::{Date, date};

use super::{Bench, applicant};
use crate::{Applicant, Case};

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
    verdicts_with(documents, unread, Vec::new(), as_of, "employee")
}

fn verdicts_with(
    documents: &[Document],
    unread: &[&str],
    doubts: Vec<(String, complet_model::Finding)>,
    as_of: Date,
    profile: &str,
) -> Vec<Verdict> {
    let rules = RuleSet::load(None).unwrap();
    let list = rules.list("cpam-guide").unwrap().clone();
    let case = Case {
        as_of,
        profile: Some(profile.to_owned()),
        children: 0,
        applicant: Applicant::default(),
        options: BTreeMap::new(),
    };
    let bench = Bench {
        rules: &rules,
        case: &case,
        documents,
        applicant: applicant(documents, &rules, &case),
        unread: unread.iter().map(|s| (*s).to_owned()).collect(),
        doubts,
    };
    bench.verdicts(&list, profile)
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
        let verdicts = verdicts_with(&documents, &[], doubts, AS_OF, "employee");
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
fn another_home_is_told_and_decides_nothing() {
    let bill = |address: &str| {
        let fields =
            [("holder", "NGUYEN Thi Mai"), ("address", address)].map(|(name, value)| (name, text(value)));
        document("bill", "utility_bill", &[&fields[..], &[("issue_date", day(2026, 10, 2))]].concat())
    };
    let judged = |address: &str| {
        let mut documents = receipts(&["2026-08", "2026-09", "2026-10"]);
        for receipt in &mut documents[1..] {
            receipt.fields.insert("address".to_owned(), text("14 rue des Lilas 69003 LYON"));
        }
        documents.push(bill(address));
        judged_as(&documents, "resident", "same_person")
    };
    assert_eq!(judged("14 R DES LILAS APPT 3 69003 LYON"), (Status::Met, vec![]));
    let (status, codes) = judged("7 rue Paradis 13001 MARSEILLE");
    assert_eq!((status, codes), (Status::Met, vec!["address-differs".to_owned()]));
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
            ("signed", field(FieldValue::Bool(true))),
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
    // A letter that announces one is none, however well it is signed.
    let mut promised = contract("cdi", None);
    promised.fields.insert("promised".to_owned(), field(FieldValue::Bool(true)));
    assert_eq!(
        judged(&[passport(), promised], "professional_status"),
        (Status::Invalid, vec!["contract-promised".to_owned()])
    );
    // By one of the two only, or by nobody that was seen.
    let mut unsigned = contract("cdi", None);
    unsigned.fields.insert("signed".to_owned(), field(FieldValue::Bool(false)));
    let review = (Status::Review, vec!["contract-unsigned".to_owned()]);
    assert_eq!(judged(&[passport(), unsigned.clone()], "professional_status"), review);
    unsigned.fields.remove("signed");
    assert_eq!(judged(&[passport(), unsigned], "professional_status"), review);
}

#[test]
fn a_business_that_has_ended_proves_no_activity() {
    let notice = |ended: &[(&str, Field)]| {
        let mut notice = document("sirene", "self_employment_proof", &[("holder", text("NGUYEN Thi Mai"))]);
        notice.fields.extend(ended.iter().map(|(name, field)| ((*name).to_owned(), field.clone())));
        judged_as(&[passport(), notice], "self_employed", "professional_status")
    };
    assert_eq!(notice(&[]).0, Status::Met);
    let ended = field(FieldValue::Bool(true));
    let unsure = Field { confidence: 0.4, ..ended.clone() };
    assert_eq!(notice(&[("ended", ended)]), (Status::Invalid, vec!["self-employment-ended".to_owned()]));
    assert_eq!(notice(&[("ended", unsure)]).0, Status::Review);
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
        (
            Status::Invalid,
            vec!["translation-not-sworn".to_owned(), "translation-official-practice".to_owned()]
        )
    );
}

/// Of an act in other letters, the translation and the birth date tell whose it is.
#[test]
fn a_translation_names_the_holder_of_an_act_in_other_letters() {
    let dossier = |born: Option<Date>, translated: &str, of: &str| {
        let mut act = birth("ar");
        act.fields.insert("family_name".to_owned(), text("العمراني"));
        act.fields.insert("given_names".to_owned(), text("سلمى"));
        act.fields.remove("birth_date");
        act.fields.extend(born.map(|day| ("birth_date".to_owned(), field(FieldValue::Date(day)))));
        let translation = document(
            "translation",
            "sworn_translation",
            &[
                ("family_name", text("Nguyễn")),
                ("given_names", text(of)),
                ("birth_date", day(1992, 3, 4)),
                ("translated_type", text(translated)),
            ],
        );
        let documents = [passport(), act, translation];
        (judged(&documents, "birth_certificate"), judged(&documents, "same_person").0)
    };
    let own = Some(date(1992, 3, 4));
    let (act, everywhere) = dossier(own, "birth_certificate", "Thị Mai");
    assert_eq!(act.0, Status::Met);
    assert!(act.1.contains(&"holder-by-translation".to_owned()), "{act:?}");
    assert_eq!(everywhere, Status::Met);
    for (born, translated, of) in [
        (None, "birth_certificate", "Thị Mai"),
        (Some(date(2024, 3, 4)), "birth_certificate", "Thị Mai"),
        (own, "marriage_certificate", "Thị Mai"),
        (own, "birth_certificate", "Văn Hùng"),
    ] {
        let (act, everywhere) = dossier(born, translated, of);
        assert_eq!(act.0, Status::Review, "{born:?} {translated} {of}");
        assert_ne!(everywhere, Status::Met, "{born:?} {translated} {of}");
    }
}

#[test]
fn a_translation_is_from_the_language_of_its_original_and_not_older() {
    let judged = |from: &str, original: Field, translated: Field| {
        let mut act = birth("es");
        act.fields.insert("issue_date".to_owned(), original);
        let translation = document(
            "translation",
            "sworn_translation",
            &[
                ("family_name", text("Nguyễn")),
                ("given_names", text("Thị Mai")),
                ("court", text("Cour d'appel de Lyon")),
                ("certified", field(FieldValue::Bool(true))),
                ("stamp", field(FieldValue::Bool(true))),
                ("target_language", text("fr")),
                ("translated_type", text("birth_certificate")),
                ("source_language", text(from)),
                ("issue_date", translated),
            ],
        );
        judged(&[passport(), act, translation], "birth_translation")
    };
    assert_eq!(judged("es", day(2026, 5, 2), day(2026, 6, 1)).0, Status::Met);
    let codes = |what: (Status, Vec<String>)| {
        (what.0, what.1.into_iter().filter(|c| c != "translation-official-practice").collect())
    };
    let found: (Status, Vec<String>) = codes(judged("pt", day(2026, 5, 2), day(2026, 6, 1)));
    assert_eq!(found, (Status::Review, vec!["translation-other-language".to_owned()]));
    let found: (Status, Vec<String>) = codes(judged("es", day(2026, 6, 2), day(2026, 6, 1)));
    assert_eq!(found, (Status::Review, vec!["translation-before-original".to_owned()]));
    // What was not read for sure is no contradiction.
    let mut unsure = day(2026, 7, 1);
    unsure.confidence = 0.4;
    assert_eq!(judged("es", unsure, day(2026, 6, 1)).0, Status::Met);
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

fn judged_as(documents: &[Document], profile: &str, id: &str) -> (Status, Vec<String>) {
    let verdict =
        verdicts_with(documents, &[], Vec::new(), AS_OF, profile).into_iter().find(|v| v.id == id).unwrap();
    (verdict.status, verdict.findings.into_iter().map(|f| f.message.code).collect())
}

fn day(year: i16, month: i8, of_month: i8) -> Field {
    field(FieldValue::Date(date(year, month, of_month)))
}

fn visa(category: &str) -> Document {
    document(
        "visa",
        "visa",
        &[
            ("family_name", text("NGUYEN")),
            ("given_names", text("THI MAI")),
            ("expiry_date", day(2027, 8, 31)),
            ("category", text(category)),
        ],
    )
}

#[test]
fn a_visa_that_serves_as_a_permit_counts_once_validated() {
    assert_eq!(judged(&[passport(), visa("vlsts")], "residence_right").0, Status::Review);
    let proof = |name: &str| {
        document(
            "proof",
            "residence_permit",
            &[("full_name", text(name)), ("category", text("vlsts_validation"))],
        )
    };
    let (status, _) = judged(&[passport(), visa("vlsts"), proof("NGUYEN Thi Mai")], "residence_right");
    assert_eq!(status, Status::Met);
    // Somebody else's proof, or one whose name could not be compared, validates nothing.
    let (status, _) = judged(&[passport(), visa("vlsts"), proof("MARTIN Paul")], "residence_right");
    assert_eq!(status, Status::Review);
    let mut nameless = proof("");
    nameless.fields.remove("full_name");
    assert_eq!(judged(&[passport(), visa("vlsts"), nameless], "residence_right").0, Status::Review);
    // A visa that only says that it is for a long stay may be one that must be validated.
    assert_eq!(judged(&[passport(), visa("long_stay")], "residence_right").0, Status::Review);
    assert_eq!(judged(&[passport(), visa("long_stay_card")], "residence_right").0, Status::Met);
    assert_eq!(judged(&[passport(), visa("short_stay")], "residence_right").0, Status::Invalid);
}

#[test]
fn three_months_of_residence_are_proven_by_a_lease_receipts_or_bills() {
    let lease = |start: Field| {
        let signed = field(FieldValue::Bool(true));
        let fields = [("tenant", text("Mme NGUYEN Thi Mai")), ("start_date", start), ("signed", signed)];
        document("lease", "lease", &fields)
    };
    let judged = |documents: &[Document]| judged_as(documents, "resident", "residence_duration");
    assert_eq!(judged(&[passport()]).0, Status::Missing);
    assert_eq!(judged(&[passport(), lease(day(2026, 8, 15))]), (Status::Met, vec![]));
    assert_eq!(
        judged(&[passport(), lease(day(2026, 8, 16))]),
        (Status::Invalid, vec!["lease-too-young".to_owned()])
    );
    // A lease that is not renewed ends at its end; others go on.
    let ended = |renewal: &[(&str, Field)]| {
        let mut lease = lease(day(2025, 9, 1));
        lease.fields.insert("end_date".to_owned(), day(2026, 9, 1));
        lease.fields.extend(renewal.iter().map(|(name, field)| ((*name).to_owned(), field.clone())));
        judged(&[passport(), lease])
    };
    assert_eq!(ended(&[]).0, Status::Met);
    assert_eq!(ended(&[("renewal", text("none"))]), (Status::Invalid, vec!["lease-ended".to_owned()]));
    assert_eq!(judged(&receipts(&["2026-08", "2026-09", "2026-10"])).0, Status::Met);
    let bill = |id: &str, issued: Field| {
        document(id, "utility_bill", &[("holder", text("NGUYEN Thi Mai")), ("issue_date", issued)])
    };
    let bills = |first: Field, second: Field| judged(&[passport(), bill("a", first), bill("b", second)]);
    assert_eq!(bills(day(2026, 8, 2), day(2026, 10, 2)), (Status::Met, vec![]));
    assert_eq!(
        bills(day(2026, 9, 2), day(2026, 10, 2)),
        (Status::Review, vec!["bills-too-short".to_owned()])
    );
    // Water is billed twice a year.
    assert_eq!(bills(day(2026, 4, 20), day(2026, 10, 19)), (Status::Met, vec![]));
    assert_eq!(bills(day(2026, 2, 2), day(2026, 10, 2)).0, Status::Invalid);
    assert_eq!(bills(day(2026, 5, 2), day(2026, 7, 2)), (Status::Invalid, vec!["bills-stale".to_owned()]));
    // The same bill twice is one bill.
    assert_eq!(bills(day(2026, 8, 20), day(2026, 8, 20)).0, Status::Invalid);
    let mut unsure = day(2026, 8, 2);
    unsure.confidence = 0.4;
    assert_eq!(bills(unsure, day(2026, 10, 2)).0, Status::Review);
    // Employees need none.
    assert_eq!(judged_as(&[passport()], "employee", "residence_duration").0, Status::NotApplicable);
}

#[test]
fn a_student_proof_is_of_the_year_that_runs_or_begins_soon() {
    let proof = |year: &str| {
        document(
            "proof",
            "student_proof",
            &[("student", text("Mme NGUYEN Thi Mai")), ("academic_year", text(year))],
        )
    };
    let judged = |year: &str| judged_as(&[passport(), proof(year)], "student", "student_status");
    for year in ["2026/2027", "2026-2027", "2026-27"] {
        assert_eq!(judged(year).0, Status::Met, "{year}");
    }
    for year in ["2025/2026", "2027/2028"] {
        let (status, codes) = judged(year);
        assert!(status == Status::Invalid && codes.contains(&"student-other-year".to_owned()), "{year}");
    }
    for year in ["2026", "2026-2028", "20x6"] {
        assert_eq!(judged(year).0, Status::Review, "{year}");
    }
}

#[test]
fn a_pension_or_a_european_form_is_one_persons() {
    let form = |kind: &str, name: &str| {
        document(
            "form",
            "eu_form",
            &[("form", text(kind)), ("family_name", text(name)), ("given_names", text("THI MAI"))],
        )
    };
    let judged = |documents: &[Document], id: &str| judged_as(documents, "retiree", id);
    assert_eq!(judged(&[passport()], "pension").0, Status::Missing);
    assert_eq!(judged(&[passport(), form("S1", "NGUYEN")], "pension").0, Status::Met);
    assert_eq!(judged(&[passport(), form("E104", "NGUYEN")], "pension").0, Status::Invalid);
    assert_eq!(judged(&[passport(), form("S1", "MARTIN")], "pension").0, Status::Invalid);
    // If applicable: its absence says nothing, a wrong one does.
    let mut portuguese = passport();
    portuguese.fields.insert("nationality".to_owned(), text("PRT"));
    assert_eq!(judged(std::slice::from_ref(&portuguese), "eu_form").0, Status::NotApplicable);
    assert_eq!(judged(&[portuguese.clone(), form("E104", "NGUYEN")], "eu_form").0, Status::Met);
    assert_eq!(judged(&[portuguese, form("S1", "MARTIN")], "eu_form").0, Status::Invalid);
    let (_, codes) = judged(&[passport(), form("S1", "NGUYEN")], "application_form");
    assert!(codes.contains(&"form-beside-s1".to_owned()), "{codes:?}");
}

#[test]
fn naturalisation_needs_the_parents_names_beside_it() {
    let certificate = document("nat", "naturalization_certificate", &[("full_name", text("Thi Mai NGUYEN"))]);
    let (status, codes) = judged(&[passport(), certificate.clone()], "birth_certificate");
    assert_eq!(status, Status::Review);
    assert!(codes.contains(&"naturalization-no-parents".to_owned()), "{codes:?}");
    let names = FieldValue::List(vec!["Van NGUYEN".to_owned(), "Lan TRAN".to_owned()]);
    let marriage = document(
        "marriage",
        "marriage_certificate",
        &[("spouses", text("NGUYEN Thi Mai")), ("parents", field(names))],
    );
    assert_eq!(judged(&[passport(), certificate, marriage], "birth_certificate").0, Status::Met);
}

#[test]
fn a_childs_form_that_is_there_is_looked_at() {
    assert_eq!(judged(&[passport()], "child_attachment").0, Status::NotApplicable);
    let form = |signed: bool| {
        document("child", "child_attachment_form", &[("signed", field(FieldValue::Bool(signed)))])
    };
    assert_eq!(judged(&[passport(), form(true)], "child_attachment").0, Status::Met);
    assert_eq!(judged(&[passport(), form(false)], "child_attachment").0, Status::Review);
}
