//! A report without what tells who it is about.
//!
//! What is known to be harmless is kept and everything else is masked, so that a field or a message that is
//! added later is masked until somebody says that it is harmless.

use std::collections::{BTreeMap, BTreeSet};

use complet_model::{
    Arg, Catalog, Date, Document, Evidence, Field, FieldValue, Finding, Lang, Message, Report, ScannedFile,
    fold, month_name,
};

use crate::Subject;

/// What stands in place of what was masked.
pub const MASK: &str = "▒▒▒";

/// Fields whose values tell nobody's name, number or birth.
const HARMLESS_FIELDS: [&str; 20] = [
    "academic_year",
    "category",
    "certified",
    "cerfa",
    "contract_type",
    "country",
    "end_date",
    "expiry_date",
    "filiation",
    "form",
    "income_year",
    "issue_date",
    "language",
    "payment_date",
    "signed",
    "source_language",
    "start_date",
    "target_language",
    "translated_type",
    "valid_from",
];
/// Fields that hold names of people.
const NAME_FIELDS: [&str; 15] = [
    "employee",
    "employer",
    "family_name",
    "full_name",
    "given_names",
    "guest",
    "holder",
    "host",
    "landlord",
    "parent",
    "parents",
    "signed_by",
    "spouses",
    "student",
    "tenant",
];
/// Values of messages that tell nobody's name, number or birth.
const HARMLESS_ARGS: [&str; 8] =
    ["height", "kind", "limit", "megabytes", "needed", "percent", "pixels", "width"];
/// Values of messages that are names of files.
const FILE_ARGS: [&str; 3] = ["file", "files", "other"];
/// Words that file names are made of, beside those of the documents' labels.
const FILE_WORDS: &str = "AVI BIS CLIENT CLIENTS COMPLET COPIE COPY DOC DOCUMENT DOCUMENTS DOSSIER DOSSIERS \
    DS_STORE FICHE FILE FILES FIXTURES GAPS GIF HEIC IMAGE IMAGES IMG JOINTE JPEG JPG LOGEMENT OLD P PAGE PAGES \
    PDF PHOTO PHOTOS PIECE PNG RECTO SCAN SCANS SCREENSHOT TIF TIFF TOML TXT VERSO WEBP XLSX DOCX ZIP";

/// The report and its subject with names, numbers and dates of birth masked.
pub fn report(report: Report, subject: Subject, catalog: &Catalog) -> (Report, Subject) {
    let told = subject.applicant.as_deref();
    let redactor = Redactor::new(&report.documents, told, catalog);
    let mut report = report;
    for verdict in &mut report.verdicts {
        verdict.findings.iter_mut().for_each(|finding| redactor.finding(finding));
    }
    report.findings.iter_mut().for_each(|finding| redactor.finding(finding));
    redactor.all(&mut report.documents, &mut report.files);
    let subject = Subject {
        name: redactor.name(&subject.name),
        path: redactor.name(&subject.path),
        applicant: subject.applicant.map(|_| MASK.to_owned()),
        profile: subject.profile,
    };
    (report, subject)
}

/// Documents and files with names, numbers and dates of birth masked.
pub fn inspection(documents: &mut [Document], files: &mut [ScannedFile], catalog: &Catalog) {
    Redactor::new(documents, None, catalog).all(documents, files);
}

struct Redactor {
    /// Words that may stand in the name of a file, folded.
    harmless: BTreeSet<String>,
    /// Words of names of people, folded: they are masked even when they are words of the language.
    names: BTreeSet<String>,
    births: BTreeSet<Date>,
}

impl Redactor {
    fn new(documents: &[Document], applicant: Option<&str>, catalog: &Catalog) -> Self {
        let mut harmless: BTreeSet<String> = words(FILE_WORDS).collect();
        let labels = catalog.doc_types.values().chain(catalog.fields.values());
        harmless
            .extend(labels.flat_map(|label| words(&label.fr).chain(words(&label.en)).collect::<Vec<_>>()));
        for lang in [Lang::Fr, Lang::En] {
            harmless.extend((1..=12).flat_map(|month| words(month_name(month, lang)).collect::<Vec<_>>()));
        }
        let mut names: BTreeSet<String> = applicant.into_iter().flat_map(words).collect();
        let mut births = BTreeSet::new();
        for (name, field) in documents.iter().flat_map(|d| &d.fields) {
            if NAME_FIELDS.contains(&name.as_str()) {
                names.extend(field.value.texts().iter().flat_map(|text| words(text).collect::<Vec<_>>()));
            }
            if name == "birth_date" {
                births.extend(field.value.as_date());
            }
        }
        Self { harmless, names, births }
    }

    fn all(&self, documents: &mut [Document], files: &mut [ScannedFile]) {
        for document in documents {
            document.file = self.name(&document.file);
            document.findings.iter_mut().for_each(|finding| self.finding(finding));
            document.classified.evidence.iter_mut().for_each(quiet);
            for (name, field) in &mut document.fields {
                self.field(name, field);
            }
        }
        for file in files {
            file.path = self.name(&file.path);
            if let Some(reason) = &mut file.reason {
                self.message(reason);
            }
            for page in &mut file.pages {
                page.words.clear();
                page.second_reading.clear();
                page.zones.clear();
                page.marks.iter_mut().for_each(|mark| mark.text.clear());
                page.problems.iter_mut().for_each(|problem| self.message(&mut problem.message));
            }
        }
    }

    fn finding(&self, finding: &mut Finding) {
        self.message(&mut finding.message);
        finding.evidence.iter_mut().for_each(quiet);
    }

    fn message(&self, message: &mut Message) {
        let args = std::mem::take(&mut message.args);
        let masked = |name: &str, arg: Arg| match arg {
            Arg::Text(text) if FILE_ARGS.contains(&name) => Arg::Text(self.name(&text)),
            Arg::Text(text) if HARMLESS_ARGS.contains(&name) => Arg::Text(text),
            Arg::Date(date) if name == "date" && !self.births.contains(&date) => Arg::Date(date),
            Arg::Text(_) | Arg::Date(_) => Arg::Text(MASK.to_owned()),
            arg @ (Arg::Months(_) | Arg::DocType(_) | Arg::Field(_) | Arg::Count(_)) => arg,
        };
        message.args = args
            .into_iter()
            .map(|(name, arg)| {
                let arg = masked(&name, arg);
                (name, arg)
            })
            .collect::<BTreeMap<_, _>>();
    }

    fn field(&self, name: &str, field: &mut Field) {
        field.evidence.iter_mut().for_each(quiet);
        MASK.clone_into(&mut field.raw);
        let is_harmless = HARMLESS_FIELDS.contains(&name);
        field.value = match std::mem::replace(&mut field.value, FieldValue::Bool(false)) {
            value @ (FieldValue::Bool(_) | FieldValue::Months(_)) => value,
            FieldValue::Date(date) if is_harmless && !self.births.contains(&date) => FieldValue::Date(date),
            FieldValue::Text(text) if is_harmless && self.is_code(&text) => FieldValue::Text(text),
            _ => FieldValue::Text(MASK.to_owned()),
        };
    }

    /// True for an id or a short code: what was read as one but is not may be anything.
    fn is_code(&self, text: &str) -> bool {
        let signs = |c: char| c.is_ascii_alphanumeric() || "_-*/".contains(c);
        text.len() <= 24
            && text.chars().all(signs)
            && text.chars().filter(char::is_ascii_digit).count() <= 8
            && !words(text).any(|word| self.names.contains(&word))
    }

    /// The name of a file or a folder: words that are not known to be harmless are masked.
    fn name(&self, name: &str) -> String {
        let mut out = String::with_capacity(name.len());
        let mut word = String::new();
        let mut before = String::new();
        for c in name.chars().chain(std::iter::once('/')) {
            if c.is_alphanumeric() {
                word.push(c);
                continue;
            }
            if !word.is_empty() {
                let folded = fold(&word);
                if self.may_stay(&folded, &before) {
                    out.push_str(&word);
                } else if !out.ends_with(MASK) {
                    out.push_str(MASK);
                }
                before = folded;
                word.clear();
            }
            if c == '/' {
                before.clear();
            }
            out.push(c);
        }
        // The separator added above.
        out.pop();
        out
    }

    /// Whether a word of a file's name may stay, after the word `before`.
    fn may_stay(&self, word: &str, before: &str) -> bool {
        if word.chars().all(|c| c.is_ascii_digit()) {
            let year = word.parse::<i16>().ok();
            let is_birth = self.births.iter().any(|birth| Some(birth.year()) == year);
            // A number in a list, a page, or a year.
            let counts = word.len() <= 2 && (before.is_empty() || before == "P" || before == "PAGE");
            return counts || (word.len() == 4 && word.starts_with("20") && !is_birth);
        }
        self.harmless.contains(word) && !self.names.contains(word)
    }
}

/// The place stays, the words that stand there go.
fn quiet(evidence: &mut Evidence) {
    evidence.text = String::new();
}

/// The words of a text, folded.
fn words(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor() -> Redactor {
        let mut catalog = Catalog::default();
        let label = |fr: &str| complet_model::Localized { fr: fr.to_owned(), en: String::new() };
        catalog.doc_types.insert("passport".to_owned(), label("Passeport"));
        let mut redactor = Redactor::new(&[], Some("Thị Mai NGUYỄN"), &catalog);
        redactor.births.insert("1992-03-14".parse().unwrap());
        redactor
    }

    #[test]
    fn file_names_keep_what_says_nothing_of_the_person() {
        let redactor = redactor();
        for (name, masked) in [
            ("02 passeport.pdf", "02 passeport.pdf"),
            ("scans/passeport Nguyen.pdf", "scans/passeport ▒▒▒.pdf"),
            ("clients/nguyễn-thi_mai/scan_2026.pdf", "clients/▒▒▒-▒▒▒_▒▒▒/scan_2026.pdf"),
            ("14-03-1992.pdf", "14-▒▒▒-▒▒▒.pdf"),
            ("FR7630811023305407974008677.pdf", "▒▒▒.pdf"),
            ("quittance mai.pdf", "▒▒▒ ▒▒▒.pdf"),
            ("passeport p. 2", "passeport p. 2"),
        ] {
            assert_eq!(redactor.name(name), masked);
        }
    }
}
