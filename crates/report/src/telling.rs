//! What every report for people says in the same words, whatever its form.

use complet_model::{
    Classified, Document, Evidence, FieldValue, Finding, Report, Status, Verdict, date_words,
};

use crate::places::{place, places};
use crate::text::shorten;
use crate::{Subject, Wording, applicant, ui};

/// A finding in the reader's language.
#[derive(Debug)]
pub(crate) struct Told<'a> {
    pub(crate) finding: &'a Finding,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// A report, with the words to tell it in.
#[derive(Clone, Copy)]
pub(crate) struct Telling<'a> {
    pub(crate) report: &'a Report,
    pub(crate) subject: &'a Subject,
    pub(crate) wording: Wording<'a>,
}

impl<'a> Telling<'a> {
    /// `Dossier nguyen — Thị Mai NGUYỄN`.
    pub(crate) fn title(self) -> String {
        let who = applicant(self.report, self.subject).map(|who| format!(" — {who}")).unwrap_or_default();
        format!("{} {}{who}", ui::DOSSIER.get(self.wording.lang), self.subject.name)
    }

    /// For which day it was judged.
    pub(crate) fn as_of(self) -> String {
        let lang = self.wording.lang;
        ui::AS_OF.fill(lang, &[&date_words(self.report.as_of, lang)])
    }

    /// The person's profile, and how it is known.
    pub(crate) fn profile(self) -> String {
        let (report, lang) = (self.report, self.wording.lang);
        let label = self.subject.profile.get(lang);
        let profile = if label.is_empty() { report.profile.id.as_str() } else { label };
        let witness = report.documents.iter().find(|d| report.profile.from.contains(&d.id));
        match (report.profile.inferred, witness) {
            (true, Some(document)) => ui::PROFILE_INFERRED.fill(lang, &[profile, &document.file]),
            (true, None) => ui::PROFILE_ASSUMED.fill(lang, &[profile]),
            (false, _) => ui::PROFILE.fill(lang, &[profile]),
        }
    }

    /// The verdict on the dossier, as a sentence; how it stands as a whole is shown as for one requirement:
    /// met, for review, or refused when anything is missing.
    pub(crate) fn outcome(self) -> (Status, String) {
        let lang = self.wording.lang;
        let settle = self.count(&[Status::Missing, Status::Invalid]);
        let check = self.count(&[Status::Review]);
        let to_check = ui::TO_CHECK.get(lang, check);
        if self.report.is_complete() {
            (Status::Met, ui::COMPLETE.get(lang).to_owned())
        } else if settle == 0 {
            (Status::Review, ui::UNDECIDED.fill(lang, &[&to_check]))
        } else {
            let mut what = ui::TO_SETTLE.get(lang, settle);
            if check > 0 {
                what = format!("{what}, {to_check}");
            }
            (Status::Invalid, ui::INCOMPLETE.fill(lang, &[&what]))
        }
    }

    /// How many requirements have one of these statuses.
    pub(crate) fn count(self, wanted: &[Status]) -> usize {
        self.report.verdicts.iter().filter(|v| wanted.contains(&v.status)).count()
    }

    /// The finding in the reader's language.
    pub(crate) fn told(self, finding: &'a Finding) -> Told<'a> {
        let Wording { catalog, lang } = self.wording;
        Told {
            finding,
            message: catalog.message(&finding.message, lang),
            help: catalog.help(&finding.message, lang),
        }
    }

    /// What there is to say of a requirement, the gravest first. Help that several findings share is said
    /// once.
    pub(crate) fn findings(self, verdict: &'a Verdict) -> Vec<Told<'a>> {
        let mut findings: Vec<&Finding> = verdict.findings.iter().collect();
        findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
        let mut told: Vec<Told<'a>> = Vec::new();
        for finding in findings {
            let mut one = self.told(finding);
            if told.iter().any(|other| other.help == one.help) {
                one.help = None;
            }
            told.push(one);
        }
        told
    }

    /// The documents that serve no requirement.
    pub(crate) fn unused(self) -> impl Iterator<Item = &'a Document> {
        let verdicts = &self.report.verdicts;
        let is_used = move |id: &String| verdicts.iter().any(|v| v.documents.contains(id));
        self.report.documents.iter().filter(move |d| !is_used(&d.id))
    }

    /// The document with this id.
    pub(crate) fn document(self, id: &str) -> Option<&'a Document> {
        self.report.documents.iter().find(|d| d.id == id)
    }

    /// Where documents stand, one place a file.
    pub(crate) fn places(self, ids: &[String]) -> Vec<String> {
        places(self.report.documents.iter().filter(|d| ids.contains(&d.id)), &self.report.files)
    }

    /// Where a document stands.
    pub(crate) fn place_of(self, document: &Document) -> String {
        place(&document.file, &document.pages, &self.report.files)
    }

    /// A place on a page with the words that stand there.
    pub(crate) fn quote(self, evidence: &Evidence) -> String {
        let file = self.document(&evidence.document).map_or("", |d| &d.file);
        let place = place(file, &[evidence.page], &self.report.files);
        if evidence.text.trim().is_empty() {
            return place;
        }
        ui::QUOTE.fill(self.wording.lang, &[&place, &shorten(&evidence.text)])
    }
}

impl Wording<'_> {
    /// The name of a document's type, with what is doubtful about it.
    pub(crate) fn doc_type(self, classified: &Classified) -> String {
        let Self { catalog, lang } = self;
        let mut doubts = Vec::new();
        // What is not known has no file of its own that could name it.
        let name = if classified.doc_type == Classified::OTHER {
            if let Some(nearest) = &classified.runner_up {
                doubts.push(ui::NEAREST.fill(lang, &[catalog.doc_type(nearest, lang)]));
            }
            ui::OTHER.get(lang)
        } else {
            if classified.confidence < Classified::SURE {
                doubts.push(ui::UNSURE.get(lang).to_owned());
            }
            catalog.doc_type(&classified.doc_type, lang)
        };
        if doubts.is_empty() { name.to_owned() } else { format!("{name} ({})", doubts.join(", ")) }
    }

    /// A value that was read.
    pub(crate) fn value(self, value: &FieldValue) -> String {
        let lang = self.lang;
        match value {
            FieldValue::Bool(true) => ui::YES.get(lang).to_owned(),
            FieldValue::Bool(false) => ui::NO.get(lang).to_owned(),
            FieldValue::Date(date) => date.to_string(),
            FieldValue::Months(months) => {
                months.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            }
            FieldValue::Amount(amount) => amount.to_string(),
            FieldValue::List(list) => list.join(", "),
            FieldValue::Text(text) => text.clone(),
        }
    }
}

/// How sure something is.
pub(crate) fn percent(fraction: f32) -> String {
    format!("{:.0}\u{a0}%", fraction * 100.0)
}
