//! One dossier with a bit of everything.

use complet_model::{
    Arg, BBox, Catalog, Classified, Document, Entry, Evidence, Field, FieldValue, FileStatus, Finding,
    Localized, Message, Month, Page, Problem, ProfileChoice, Report, ScannedFile, Severity, Status,
    TextSource, Verdict,
};
use complet_report::Subject;

pub(crate) fn both(fr: &str, en: &str) -> Localized {
    Localized { fr: fr.to_owned(), en: en.to_owned() }
}

pub(crate) fn catalog() -> Catalog {
    let mut catalog = Catalog::default();
    let mut add = |code: &str, message: Localized, help: Localized| {
        catalog.entries.insert(code.to_owned(), Entry { message, help, letter: Localized::default() });
    };
    add(
        "rent-gap",
        both("il manque la quittance de {months}", "the receipt for {months} is missing"),
        both("demander la quittance de {months}", "ask for the receipt for {months}"),
    );
    add("passport-soon", both("expire le {date}", "expires on {date}"), Localized::default());
    add(
        "birth-unsure",
        both("aucun acte trouvé, mais une page est illisible", "none found, but a page cannot be read"),
        Localized::default(),
    );
    add(
        "page-illegible",
        both("page illisible", "the page cannot be read"),
        both("demander une copie nette", "ask for a sharp copy"),
    );
    add("file-empty", both("le fichier est vide", "the file is empty"), Localized::default());
    add("hidden", both("fichier caché", "hidden file"), Localized::default());
    let mut letter = |code: &str, letter: Localized| {
        catalog.entries.get_mut(code).unwrap().letter = letter;
    };
    letter(
        "rent-gap",
        both("envoyez-nous la quittance de {months} :", "please send us the receipt for {months}"),
    );
    letter("passport-soon", both("pensez à le renouveler avant le {date}", "renew it before {date}"));
    letter("page-illegible", both("renvoyez une photo nette", "please send a sharp photo"));
    catalog.doc_types.insert("rent_receipt".to_owned(), both("quittance de loyer", "rent receipt"));
    catalog.doc_types.insert("lease".to_owned(), both("bail", "lease"));
    catalog.doc_types.insert("passport".to_owned(), both("passeport", "passport"));
    catalog.fields.insert("family_name".to_owned(), both("nom", "family name"));
    catalog.fields.insert("iban".to_owned(), both("IBAN", "IBAN"));
    catalog
}

pub(crate) fn months(months: &[&str]) -> Vec<Month> {
    months.iter().map(|m| m.parse().unwrap()).collect()
}

pub(crate) fn place(document: &str, page: u32, text: &str) -> Evidence {
    let bbox = BBox { left: 0.123_456, top: 0.2, right: 0.5, bottom: 0.25 };
    Evidence { document: document.to_owned(), page, bbox, text: text.to_owned() }
}

pub(crate) fn field(value: FieldValue, confidence: f32, evidence: Vec<Evidence>) -> Field {
    let raw = evidence.iter().map(|e| e.text.clone()).collect();
    Field { value, raw, confidence, valid: true, evidence }
}

pub(crate) fn document(
    id: &str,
    file: &str,
    pages: &[u32],
    doc_type: &str,
    fields: Vec<(&str, Field)>,
) -> Document {
    Document {
        id: id.to_owned(),
        file: file.to_owned(),
        pages: pages.to_vec(),
        text_source: TextSource::Ocr,
        classified: Classified {
            doc_type: doc_type.to_owned(),
            confidence: 0.97,
            runner_up: Some("lease".to_owned()),
            evidence: Vec::new(),
        },
        fields: fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect(),
        findings: Vec::new(),
    }
}

pub(crate) fn file(path: &str, pages: u32) -> ScannedFile {
    let page = |number| Page { problems: Vec::new(), ..Page::unreadable(number, Message::new("x")) };
    ScannedFile {
        path: path.to_owned(),
        hash: Some("00ff".to_owned()),
        status: FileStatus::Read,
        reason: None,
        pages: (1..=pages).map(page).collect(),
    }
}

pub(crate) fn bad_file(path: &str, status: FileStatus, code: &str) -> ScannedFile {
    ScannedFile { status, reason: Some(Message::new(code)), hash: None, ..file(path, 0) }
}

pub(crate) fn verdict(
    id: &str,
    label: Localized,
    status: Status,
    documents: &[&str],
    findings: Vec<Finding>,
) -> Verdict {
    let documents = documents.iter().map(|&d| d.to_owned()).collect();
    Verdict { id: id.to_owned(), label, status, documents, findings }
}

pub(crate) fn report() -> Report {
    let text = |s: &str| FieldValue::Text(s.to_owned());
    let gap = Message::new("rent-gap").with("months", Arg::Months(months(&["2026-09"])));
    let soon = Message::new("passport-soon").with("date", Arg::Date("2027-01-01".parse().unwrap()));
    let mut broken = field(text("FR7612345678901234567890123"), 0.99, vec![place("d3", 2, "FR76 1234…")]);
    broken.valid = false;
    let mut scan = file("scans/dossier.pdf", 4);
    for page in [2, 3] {
        scan.pages[page].problems.push(Problem {
            unreadable: true,
            message: Message::new("page-illegible"),
            bbox: None,
        });
    }
    Report {
        as_of: "2026-11-01".parse().unwrap(),
        profile: ProfileChoice { id: "employee".to_owned(), inferred: true, from: Vec::new() },
        verdicts: vec![
            verdict(
                "identity",
                both("Pièce d’identité en cours de validité", "Identity document in force"),
                Status::Met,
                &["d1"],
                vec![Finding { severity: Severity::Warning, ..soon.into() }],
            ),
            verdict(
                "birth_certificate",
                both("Acte de naissance avec filiation", "Birth certificate with parents"),
                Status::Review,
                &[],
                vec![Message::new("birth-unsure").into()],
            ),
            verdict(
                "proof_of_residence",
                both("Justificatif de domicile ou trois quittances de suite", "Proof of residence"),
                Status::Invalid,
                &["d2", "d3"],
                vec![Finding {
                    documents: vec!["d2".to_owned()],
                    evidence: vec![place("d2", 1, "août 2026")],
                    ..gap.into()
                }],
            ),
            verdict("apostille", both("Apostille", "Apostille"), Status::NotApplicable, &[], Vec::new()),
        ],
        findings: Vec::new(),
        documents: vec![
            document(
                "d1",
                "passeport.jpg",
                &[1],
                "passport",
                vec![
                    ("family_name", field(text("Nguyễn"), 0.98, vec![place("d1", 1, "Nguyễn")])),
                    ("given_names", field(text("Thị Mai"), 0.4, vec![place("d1", 1, "Thị Mai")])),
                    ("expiry_date", field(FieldValue::Date("2027-01-01".parse().unwrap()), 0.99, Vec::new())),
                ],
            ),
            document(
                "d2",
                "Q1.pdf",
                &[1],
                "rent_receipt",
                vec![
                    ("period", field(FieldValue::Months(months(&["2026-08"])), 0.99, Vec::new())),
                    ("total", field(FieldValue::Amount("730.50".parse().unwrap()), 0.9, Vec::new())),
                ],
            ),
            document(
                "d3",
                "scans/dossier.pdf",
                &[1, 2],
                "rent_receipt",
                vec![
                    ("iban", broken),
                    (
                        "period",
                        field(
                            FieldValue::Months(months(&["2026-10", "2026-11"])),
                            0.9,
                            vec![place("d3", 1, "octobre"), place("d3", 1, "novembre")],
                        ),
                    ),
                ],
            ),
            document("d4", "CV.pdf", &[1], "other", Vec::new()),
        ],
        files: vec![
            file("CV.pdf", 1),
            file("Q1.pdf", 1),
            file("passeport.jpg", 1),
            scan,
            bad_file("vide\u{1b}[2J.pdf", FileStatus::Unreadable, "file-empty"),
            bad_file(".DS_Store", FileStatus::Skipped, "hidden"),
        ],
        next_steps: vec![both("Prendre rendez-vous au 36 46", "Call 36 46 for an appointment")],
    }
}

pub(crate) fn subject() -> Subject {
    Subject {
        name: "nguyen".to_owned(),
        path: "clients/nguyen".to_owned(),
        applicant: None,
        profile: both("salarié", "employee"),
    }
}

/// The same dossier without its gaps.
pub(crate) fn complete() -> Report {
    let mut report = report();
    report.verdicts.retain(|v| v.status.is_fine());
    report
}
